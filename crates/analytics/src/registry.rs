//! The list of all metrics, and the words by which users name them.
//!
//! A new metric is one new file in its family's folder and one line in its family's list; a test names a file that was forgotten.

use crate::spec::{Kind, MetricSpec, Need, Shape, Tier, Weights};
use crate::{Parameter, Settings, centrality, echo, network, partition};
use std::collections::BTreeSet;

/// Graph -> a value per account; folder `centrality`.
pub const CENTRALITIES: &[&MetricSpec] = &[
    &centrality::betweenness::SPEC,
    &centrality::cartographic_role::SPEC,
    &centrality::closeness::SPEC,
    &centrality::clustering::SPEC,
    &centrality::collective_influence::SPEC,
    &centrality::community_confidence::SPEC,
    &centrality::constraint::SPEC,
    &centrality::core::SPEC,
    &centrality::dcore::SPEC,
    &centrality::degree::SPEC,
    &centrality::effective_size::SPEC,
    &centrality::ei_index::SPEC,
    &centrality::ei_index_side::SPEC,
    &centrality::eigenvector::SPEC,
    &centrality::exposure::SPEC,
    &centrality::harmonic::SPEC,
    &centrality::hits::SPEC,
    &centrality::katz::SPEC,
    &centrality::leaning_neighbours::SPEC,
    &centrality::pagerank::SPEC,
    &centrality::pagerank_personalised::SPEC,
    &centrality::participation::SPEC,
    &centrality::reciprocity::SPEC,
    &centrality::ssi::SPEC,
    &centrality::strength::SPEC,
    &centrality::triangles::SPEC,
    &centrality::within_module_z::SPEC,
];

/// Graph -> a division of all accounts; folder `partition`.
pub const PARTITIONS: &[&MetricSpec] = &[
    &partition::bowtie::SPEC,
    &partition::community::SPEC,
    &partition::community_consensus::SPEC,
    &partition::community_label::SPEC,
    &partition::community_louvain::SPEC,
    &partition::component_strong::SPEC,
    &partition::component_weak::SPEC,
];

/// Graph -> a value for the whole network; folder `network`.
pub const NETWORK: &[&MetricSpec] = &[
    &network::agreement::SPEC,
    &network::archetype::SPEC,
    &network::assortativity_degree::SPEC,
    &network::assortativity_role::SPEC,
    &network::average_clustering::SPEC,
    &network::average_distance::SPEC,
    &network::centralisation::SPEC,
    &network::components_strong::SPEC,
    &network::components_weak::SPEC,
    &network::density::SPEC,
    &network::diameter_effective::SPEC,
    &network::isolates::SPEC,
    &network::modularity::SPEC,
    &network::reciprocity::SPEC,
    &network::transitivity::SPEC,
];

/// Graph and sides -> scores of an echo chamber; folder `echo`.
pub const ECHO: &[&MetricSpec] = &[
    &echo::aei::SPEC,
    &echo::assortativity::SPEC,
    &echo::bcc::SPEC,
    &echo::boundary::SPEC,
    &echo::coleman::SPEC,
    &echo::conductance::SPEC,
    &echo::diffusion_bias::SPEC,
    &echo::dipole::SPEC,
    &echo::ei::SPEC,
    &echo::ei_rescaled::SPEC,
    &echo::exposure::SPEC,
    &echo::fj_disagreement::SPEC,
    &echo::fj_disagreement_leaning::SPEC,
    &echo::fj_polarisation::SPEC,
    &echo::fj_polarisation_leaning::SPEC,
    &echo::freeman::SPEC,
    &echo::inbreeding_homophily::SPEC,
    &echo::leaning_correlation::SPEC,
    &echo::modularity::SPEC,
    &echo::orwg::SPEC,
    &echo::rwc_adaptive::SPEC,
    &echo::rwc_hub::SPEC,
    &echo::rwc_seed::SPEC,
    &echo::ssi::SPEC,
];

/// Every metric, family by family.
pub fn all() -> impl Iterator<Item = &'static MetricSpec> {
    [PARTITIONS, CENTRALITIES, NETWORK, ECHO].into_iter().flatten().copied()
}

/// A metric in one variant: what a word such as `pagerank_weighted@mention` asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Variant {
    /// Whether `_weighted` was said.
    pub weighted: bool,
    /// The other graph, if `_undirected` or `_directed` was said.
    pub other_shape: bool,
    /// One relation alone, after `@`.
    pub relation: Option<String>,
}

impl Variant {
    /// The plain name's variant.
    pub const PLAIN: Self = Self { weighted: false, other_shape: false, relation: None };

    /// The graph of `spec` in this variant.
    pub fn shape(&self, spec: &MetricSpec) -> Shape {
        match (spec.shape, self.other_shape) {
            (Shape::Directed, false) | (Shape::Undirected, true) => Shape::Directed,
            _ => Shape::Undirected,
        }
    }

    /// The name of `column` of `spec` in this variant: the word that asks for it.
    pub fn column(&self, spec: &MetricSpec, column: &str) -> String {
        let mut name = self.score(spec, column);
        if let Some(relation) = &self.relation {
            name.push('@');
            name.push_str(relation);
        }
        name
    }

    /// As [`Self::column`] but without the relation, which has a column of its own in tables of scores.
    pub fn score(&self, spec: &MetricSpec, column: &str) -> String {
        let mut name = column.to_owned();
        if self.weighted {
            name.push_str("_weighted");
        }
        if self.other_shape {
            name.push_str(if spec.shape == Shape::Directed { "_undirected" } else { "_directed" });
        }
        name
    }
}

/// One metric to compute, with the columns of it that were asked for.
#[derive(Clone)]
pub struct Request {
    /// The metric.
    pub spec: &'static MetricSpec,
    /// Its variant.
    pub variant: Variant,
    /// The wanted ones of its columns, in its own order; empty where only other metrics need it.
    pub columns: Vec<&'static str>,
    /// Whether a word named it, rather than a set that holds it.
    pub is_named: bool,
}

/// A word that asks for nothing that can be computed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownMetric {
    /// Nothing has this name.
    #[error("there is no metric `{word}`{} `echogram metrics` lists all", if nearest.is_empty() { ";".to_owned() } else { format!("; did you mean `{nearest}`?") })]
    Name {
        /// The word given.
        word: String,
        /// The nearest word there is; empty where none is near.
        nearest: String,
    },
    /// The metric exists, but not in this variant.
    #[error("`{metric}` has no variant `{suffix}` (`echogram metrics {metric}` says what it has)")]
    Variant {
        /// The metric.
        metric: String,
        /// The suffix given.
        suffix: &'static str,
    },
    /// A word that ends with `@`.
    #[error("`{word}` names no relation after @")]
    NoRelation {
        /// The word given.
        word: String,
    },
    /// The metric is about something that only the user can name, and that is not named.
    #[error("`{metric}` {}", given_by(*need))]
    Needs {
        /// The metric.
        metric: String,
        /// What it needs.
        need: Need,
    },
    /// No metric goes by this number.
    #[error("there is no parameter `{word}`; did you mean `{nearest}`? (`echogram metrics NAME` lists those of a metric)")]
    Parameter {
        /// The word given.
        word: String,
        /// The nearest parameter there is.
        nearest: String,
    },
}

/// How a user gives what only users can name.
fn given_by(need: Need) -> &'static str {
    match need {
        Need::Sides => "is a score of sides: name a column of the account file (or `role`, `community`) with --sides",
        Need::Near => "starts from accounts of your choice: name them with --near",
        Need::Partition | Need::Roles | Need::Leanings => {
            "needs communities, roles or leanings, which are known only when the input is read"
        }
    }
}

/// What the user has named that some metrics cannot do without.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// Camps, with `--sides`.
    pub sides: bool,
    /// Accounts to start from, with `--near`.
    pub near: bool,
}

impl Given {
    /// What `spec` needs and nobody has given.
    fn lacks(self, spec: &MetricSpec) -> Option<Need> {
        let is_given = |need: &Need| match need {
            Need::Sides => self.sides,
            Need::Near => self.near,
            Need::Partition | Need::Roles | Need::Leanings => true,
        };
        spec.needs.iter().copied().find(|need| !is_given(need))
    }
}

/// The metrics that are to be computed, in an order in which each finds what it needs.
#[derive(Clone, Default)]
pub struct Plan {
    requests: Vec<Request>,
}

impl Plan {
    /// Reads words such as `quick`, `pagerank` or `pagerank_weighted@mention`. Metrics that need what is not given are left out of the sets (`quick`,
    /// `standard`, `full`).
    ///
    /// # Errors
    /// [`UnknownMetric`] for the first word that names none, with the nearest name.
    pub fn from_words<S: AsRef<str>>(words: &[S], given: Given) -> Result<Self, UnknownMetric> {
        let mut plan = Self::default();
        for word in words {
            let word = word.as_ref();
            match set_of(word) {
                Some(tier) => {
                    for spec in all().filter(|spec| spec.tier <= tier && given.lacks(spec).is_none()) {
                        plan.add(spec, &Variant::PLAIN, spec.columns, false);
                    }
                }
                None => plan.add_word(word, given)?,
            }
        }
        plan.add_needs();
        plan.sort();
        Ok(plan)
    }

    /// What to compute, in order.
    pub fn requests(&self) -> &[Request] {
        &self.requests
    }

    /// Leaves out what sets hold and needs what turned out to be unknown; what was named stays, and is refused when it is computed.
    pub fn leave_out(&mut self, is_lacking: impl Fn(&MetricSpec) -> bool) {
        self.requests.retain(|request| request.is_named || !is_lacking(request.spec));
    }

    /// Adds the plain communities, and those of each relation that has scores of sides, for sides that are communities.
    pub fn require_communities(&mut self) {
        for relation in self.relations_of_sides().into_iter().chain([None]) {
            self.add(&partition::community::SPEC, &Variant { relation, ..Variant::PLAIN }, &[], false);
        }
        self.sort();
    }

    /// The relations of which echo scores of sides are asked; `None` = all of them merged.
    pub fn relations_of_sides(&self) -> BTreeSet<Option<String>> {
        let is_of_sides = |spec: &MetricSpec| spec.kind == Kind::Echo && spec.needs.contains(&Need::Sides);
        self.requests.iter().filter(|request| is_of_sides(request.spec)).map(|request| request.variant.relation.clone()).collect()
    }

    fn sort(&mut self) {
        self.requests.sort_by(|a, b| (order(a.spec), a.spec.name, &a.variant).cmp(&(order(b.spec), b.spec.name, &b.variant)));
    }

    /// Whether any metric needs sides.
    pub fn needs_sides(&self) -> bool {
        self.requests.iter().any(|request| request.spec.needs.contains(&Need::Sides))
    }

    fn add_word(&mut self, word: &str, given: Given) -> Result<(), UnknownMetric> {
        let (name, relation) = word.split_once('@').map_or((word, None), |(name, relation)| (name, Some(relation.to_owned())));
        if relation.as_deref() == Some("") {
            return Err(UnknownMetric::NoRelation { word: word.to_owned() });
        }
        let mut base = name;
        let mut shape = None;
        for (suffix, wanted) in [("_undirected", Shape::Undirected), ("_directed", Shape::Directed)] {
            if let Some(rest) = base.strip_suffix(suffix) {
                (base, shape) = (rest, Some((wanted, suffix)));
                break;
            }
        }
        let (base, weighted) = base.strip_suffix("_weighted").map_or((base, false), |rest| (rest, true));
        let named: Vec<&'static MetricSpec> = all().filter(|spec| spec.name == base || spec.columns.contains(&base)).collect();
        if named.is_empty() {
            return Err(UnknownMetric::Name { word: word.to_owned(), nearest: nearest(base) });
        }
        let mut refused = None;
        let mut is_accepted = false;
        for spec in named {
            let other_shape = shape.is_some_and(|(wanted, _)| wanted != spec.shape);
            let no_variant = |suffix| UnknownMetric::Variant { metric: base.to_owned(), suffix };
            if weighted && spec.weights != Weights::Variant {
                refused = Some(no_variant("_weighted"));
            } else if other_shape && !spec.other_shape {
                refused = shape.map(|(_, suffix)| no_variant(suffix));
            } else if let Some(need) = given.lacks(spec) {
                refused = Some(UnknownMetric::Needs { metric: base.to_owned(), need });
            } else {
                is_accepted = true;
                let columns: Vec<&'static str> = spec
                    .columns
                    .iter()
                    .copied()
                    .filter(|&column| column == base || (spec.name == base && !spec.columns.contains(&base)))
                    .collect();
                self.add(spec, &Variant { weighted, other_shape, relation: relation.clone() }, &columns, true);
            }
        }
        match refused {
            Some(error) if !is_accepted => Err(error),
            _ => Ok(()),
        }
    }

    fn add(&mut self, spec: &'static MetricSpec, variant: &Variant, columns: &[&'static str], is_named: bool) {
        let known = self.requests.iter_mut().find(|request| request.spec == spec && request.variant == *variant);
        match known {
            Some(request) => {
                request.is_named |= is_named;
                let before = std::mem::take(&mut request.columns);
                request.columns =
                    spec.columns.iter().copied().filter(|column| before.contains(column) || columns.contains(column)).collect();
            }
            None => self.requests.push(Request { spec, variant: variant.clone(), columns: columns.to_vec(), is_named }),
        }
    }

    /// A metric of communities needs those of its own variant.
    fn add_needs(&mut self) {
        let wanted: Vec<Variant> = self
            .requests
            .iter()
            .filter(|request| request.spec.needs.contains(&Need::Partition))
            .map(|request| request.variant.clone())
            .collect();
        for variant in wanted {
            self.add(&partition::community::SPEC, &variant, &[], false);
        }
    }
}

fn set_of(word: &str) -> Option<Tier> {
    match word {
        "quick" => Some(Tier::Quick),
        "standard" => Some(Tier::Standard),
        "full" => Some(Tier::Full),
        _ => None,
    }
}

/// Partitions first, as others need them; scores last.
fn order(spec: &'static MetricSpec) -> (bool, Kind) {
    (!PARTITIONS.contains(&spec), spec.kind)
}

/// The metrics that a name stands for: by its own name or by one of its columns.
pub fn find(name: &str) -> Vec<&'static MetricSpec> {
    all().filter(|spec| spec.name == name || spec.columns.contains(&name)).collect()
}

/// The name in a word without the suffixes of a variant.
pub fn base_name(word: &str) -> &str {
    let name = word.split('@').next().unwrap_or(word);
    ["_undirected", "_directed", "_weighted"].iter().fold(name, |name, suffix| name.strip_suffix(suffix).unwrap_or(name))
}

/// Whether an echo score, in any variant, moves steadily as a chamber closes.
pub fn is_steady(score: &str) -> bool {
    let name = base_name(score);
    !ECHO.iter().any(|spec| spec.unsteady.contains(&name))
}

/// Every parameter of every metric, by name.
pub fn parameters() -> impl Iterator<Item = &'static Parameter> {
    let of_sides = std::iter::once(&crate::cut::IMBALANCE);
    let mut all: Vec<&'static Parameter> = all().flat_map(|spec| spec.parameters).chain(of_sides).collect();
    all.sort_by_key(|parameter| parameter.name);
    all.dedup_by_key(|parameter| parameter.name);
    all.into_iter()
}

/// Refuses settings of what is no parameter.
///
/// # Errors
/// [`UnknownMetric::Parameter`] with the nearest name.
pub fn check_settings(settings: &Settings) -> Result<(), UnknownMetric> {
    let known: Vec<&str> = parameters().map(|parameter| parameter.name).collect();
    match settings.names().find(|name| !known.contains(name)) {
        None => Ok(()),
        Some(word) => {
            let alike = |name: &&&str| (strsim::jaro_winkler(word, name) * 1e9) as u64;
            let nearest = known.iter().max_by_key(alike).copied().unwrap_or_default().to_owned();
            Err(UnknownMetric::Parameter { word: word.to_owned(), nearest })
        }
    }
}

/// Words less alike than this have nothing to do with each other.
const ALIKE: f64 = 0.7;

/// The known word that is most like `word`; empty where none is.
pub fn nearest(word: &str) -> String {
    let words = all().flat_map(|spec| std::iter::once(spec.name).chain(spec.columns.iter().copied()));
    words
        .chain(["quick", "standard", "full"])
        .filter(|known| strsim::jaro_winkler(word, known) > ALIKE)
        .max_by(|a, b| strsim::jaro_winkler(word, a).total_cmp(&strsim::jaro_winkler(word, b)).then_with(|| b.cmp(a)))
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(folder: &str) -> Vec<String> {
        let mut stems: Vec<String> = std::fs::read_dir(format!("{}/src/{folder}", env!("CARGO_MANIFEST_DIR")))
            .unwrap()
            .filter_map(|entry| entry.unwrap().file_name().to_str()?.strip_suffix(".rs").map(str::to_owned))
            .filter(|stem| {
                stem != "mod"
                    && !(folder == "echo"
                        && ["division", "friedkin_johnsen", "mixing", "vertex_bootstrap", "walk"].contains(&stem.as_str()))
            })
            .collect();
        stems.sort();
        stems
    }

    #[test]
    fn scores_that_do_not_move_steadily_are_columns_and_keep_it_in_variants() {
        for spec in all() {
            assert!(spec.unsteady.iter().all(|name| spec.columns.contains(name) && spec.chamber.is_some()), "{}", spec.name);
        }
        for score in ["boundary_garimella", "fj_disagreement", "fj_disagreement_mean_weighted", "fj_disagreement_leaning"] {
            assert!(!is_steady(score), "{score}");
        }
        for score in ["boundary", "fj_polarisation_weighted", "rwc.hub_weighted_directed", "ei"] {
            assert!(is_steady(score), "{score}");
        }
        assert_eq!(base_name("rwc.hub_weighted_directed@reply"), "rwc.hub");
    }

    #[test]
    fn every_file_is_listed_and_every_list_is_sorted() {
        for (folder, list) in [("centrality", CENTRALITIES), ("partition", PARTITIONS), ("network", NETWORK), ("echo", ECHO)] {
            // A dot of a name is an underscore in its file's.
            let listed: Vec<String> = list.iter().map(|spec| spec.name.replace('.', "_")).collect();
            assert_eq!(listed, files(folder), "folder {folder} against its list in registry.rs");
        }
    }

    #[test]
    fn every_metric_is_documented_by_the_template() {
        for spec in all() {
            let document = spec.document();
            for heading in ["# Formula", "# Conventions", "# Range and unit", "# Cost", "# Errors", "# Compared with", "# Source"]
            {
                assert!(document.contains(heading), "{} ({:?}) lacks {heading}", spec.name, spec.kind);
            }
        }
    }

    const NOTHING: Given = Given { sides: false, near: false };
    const SIDES: Given = Given { sides: true, near: false };

    fn names(words: &[&str]) -> Vec<String> {
        let plan = Plan::from_words(words, NOTHING).unwrap();
        plan.requests().iter().flat_map(|r| r.columns.iter().map(|c| r.variant.column(r.spec, c)).collect::<Vec<_>>()).collect()
    }

    #[test]
    fn name_and_kind_are_unique() {
        for spec in all() {
            assert_eq!(all().filter(|other| *other == spec).count(), 1, "{}", spec.name);
        }
        let plan = Plan::from_words(&["standard"], SIDES).unwrap();
        assert_eq!(plan.requests().iter().filter(|request| request.spec.name == "community").count(), 1);
    }

    #[test]
    fn words_become_columns_of_the_same_name() {
        for word in ["pagerank_weighted_undirected@mention", "in_strength", "community_weighted", "core@follow", "ei_index"] {
            assert_eq!(names(&[word]), [word]);
        }
        assert_eq!(names(&["degree", "in_degree", "degree"]), ["in_degree", "degree"]);
    }

    #[test]
    fn communities_come_before_what_needs_them() {
        let plan = Plan::from_words(&["ei_index_weighted@reply"], NOTHING).unwrap();
        let found: Vec<_> = plan.requests().iter().map(|request| (request.spec.name, request.variant.weighted)).collect();
        assert_eq!(found, [("community", true), ("ei_index", true)]);
    }

    #[test]
    fn a_wrong_word_names_the_nearest() {
        let error = |word| Plan::from_words(&[word], NOTHING).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error("pagernak").contains("`pagerank`"), "{}", error("pagernak"));
        assert!(error("core_weighted").contains("no variant `_weighted`"));
    }

    #[test]
    fn echo_scores_wait_for_sides() {
        assert!(!Plan::from_words(&["quick"], NOTHING).unwrap().needs_sides());
        assert!(Plan::from_words(&["quick"], SIDES).unwrap().needs_sides());
        assert!(matches!(Plan::from_words(&["ei"], NOTHING), Err(UnknownMetric::Needs { need: Need::Sides, .. })));
        assert!(!Plan::from_words(&["modularity"], NOTHING).unwrap().needs_sides());
    }

    #[test]
    fn parameters_are_of_a_family_and_the_nearest_is_named() {
        assert!(parameters().all(|parameter| parameter.name.contains('.') && parameter.default.is_finite()));
        let mut settings = Settings::default();
        settings.set("pagerank.damping", 0.9);
        assert_eq!(check_settings(&settings), Ok(()));
        settings.set("pagerank.dampng", 0.9);
        assert!(check_settings(&settings).unwrap_err().to_string().contains("did you mean `pagerank.damping`?"));
    }
}
