//! Echo scores and modularity beside null models: the same scores on replicates of the network in which only some facts are kept.

use crate::compute::{ALL, Computed};
use crate::graphs::{Graphs, Watch};
use crate::scorer::{Facts, Finder, Key, Known, Scorer, by_key, known_error, relations, search};
use crate::sensitivity::{self, Base};
use crate::sides::SidesWord;
use crate::watcher::Clock;
use crate::{EngineError, Study};
use echogram_analytics::leiden::{RESOLUTION, leiden, modularity};
use echogram_analytics::network::reciprocity::reciprocity;
use echogram_analytics::null::{Across, Comparison, Mixing, Rewiring, permuted, permuted_values, rewired};
use echogram_analytics::registry::{Plan, Request};
use echogram_analytics::{Chamber, Kind, MetricError, Run, Shape};
use echogram_graph::synthetic::Stream;
use echogram_graph::{Graph, Grouping};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Networks of more edges than this get no replicates unless these are asked for.
pub(crate) const MANY_EDGES: u64 = 1_000_000;
/// Replicates of scores that cost much, at most.
const COSTLY_REPLICATES: u32 = 99;
/// A share of ties that go only in the second half of the steps from which on a rewired network has not forgotten the first.
const UNMIXED: f64 = 0.02;
/// How much lower the share of answered ties has to be in the networks of a null model for p of most scores to be too low: measured right at 0.15, small twice too often at a quarter.
const BROKEN: f64 = 0.15;
/// The same for p of [`MOVED`]: this, ...
const BROKEN_AT_ALL: f64 = 0.01;
/// ... and this divided by the root of the number of ties, as what answered ties move is held against chance (benches/echo/calibration.md).
const BROKEN_BY_ROOT: f64 = 1.5;
/// Scores that answered ties move most, as they make neighbours fewer.
const MOVED: &[&str] = &["dipole", "fj_polarisation", "fj_polarisation_leaning"];
/// Scores whose p stays right: random walks.
const UNMOVED: &str = "rwc.";
/// Purpose of the seeds of communities in replicates.
const PURPOSE: u64 = 0x6e75_6c6c;

/// Purpose of the seeds of what scores draw in replicates.
const SCORES: u64 = 0x6e73_636f;

/// What a null model keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NullModel {
    /// Degrees and sides.
    Kept,
    /// The network and the sizes of sides.
    Labels,
    /// Degrees; sides are found anew as they were found.
    Recut,
    /// Degrees of mutual and of single ties, and sides.
    Reciprocity,
    /// The number of ties, and sides; known without replicates.
    Analytic,
}

impl NullModel {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Kept, Self::Labels, Self::Recut, Self::Reciprocity, Self::Analytic];

    /// The word in tables and options.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Labels => "labels",
            Self::Recut => "recut",
            Self::Reciprocity => "reciprocity",
            Self::Analytic => "analytic",
        }
    }

    /// How it draws networks, if it rewires them.
    fn rewiring(self) -> Option<Rewiring> {
        match self {
            Self::Kept | Self::Recut => Some(Rewiring::Degrees),
            Self::Reciprocity => Some(Rewiring::Reciprocity),
            Self::Labels | Self::Analytic => None,
        }
    }
}

impl std::str::FromStr for NullModel {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.map(Self::as_str).join(", ");
        Self::ALL
            .into_iter()
            .find(|model| model.as_str() == text)
            .ok_or_else(|| format!("`{text}` is no null model; there are {known}"))
    }
}

/// A score's replicates under one null model.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Nulls {
    pub(crate) model: NullModel,
    pub(crate) values: Vec<f64>,
    pub(crate) comparison: Option<Comparison>,
}

/// How many replicates a plan gets: those asked for, else by its largest set.
pub(crate) fn replicates(study: &Study, edges: u64) -> (u32, Option<String>) {
    if let Some(asked) = study.null_replicates {
        return (asked, None);
    }
    let of = |word: &str| study.metrics.iter().any(|metric| metric == word);
    let usual = if of("full") {
        999
    } else if of("quick") && !of("standard") {
        0
    } else {
        99
    };
    if usual > 0 && edges > MANY_EDGES {
        let why = format!(
            "{edges} edges: no null replicates were made, so scores say nothing of chance; ask for some with --null-replicates"
        );
        return (0, Some(why));
    }
    (usual, None)
}

/// The null models of the echo scores.
fn models(study: &Study) -> Vec<NullModel> {
    if !study.nulls.is_empty() {
        return study.nulls.clone();
    }
    match study.sides.as_deref().map(SidesWord::parse) {
        Some(word) if word.is_found() => vec![NullModel::Recut],
        _ => vec![NullModel::Kept],
    }
}

/// Adds null models to echo scores and to the modularity of communities.
pub(crate) fn add(
    study: &Study,
    plan: &Plan,
    graphs: &mut Graphs<'_>,
    computed: &mut Computed,
    clock: &mut Clock<'_>,
) -> Result<(), EngineError> {
    let (count, warning) = replicates(study, computed.merged_edges);
    let is_wanted = |request: &&Request| {
        request.spec.kind == Kind::Echo || (request.spec.kind == Kind::Network && request.spec.name == "modularity")
    };
    let requests: Vec<Request> = plan.requests().iter().filter(is_wanted).cloned().collect();
    if requests.is_empty() {
        return Ok(());
    }
    computed.warnings.extend(warning);
    if count == 0 {
        return Ok(());
    }
    let known = Known::of(computed, graphs.node_count());
    if requests.iter().any(|request| request.spec.kind == Kind::Echo) && known.facts(None).sides.is_some() {
        computed.warnings.extend(models(study).into_iter().filter_map(|model| mixed(&Finder::of(study), model)));
    }
    let drawn: Vec<NullModel> = models(study).into_iter().filter(|model| *model != NullModel::Analytic).collect();
    let watch = graphs.watch();
    clock.time("nulls", || {
        for relation in relations(&requests) {
            let facts = known.facts(relation.as_deref());
            let of_relation = |kind: Kind| -> Vec<&Request> {
                requests.iter().filter(|request| request.spec.kind == kind && request.variant.relation == relation).collect()
            };
            let scores = of_relation(Kind::Echo);
            if !scores.is_empty() {
                let directed = graphs.get(relation.as_deref(), Shape::Directed, true).expect("relations were checked before");
                let scorer = Scorer { requests: scores, settings: &study.settings, seed: study.seed };
                let finder = Finder::of(study).for_sizes_of(facts.sides);
                let varied = sensitivity::varied(study);
                let mut broken = None;
                for (at, &model) in drawn.iter().enumerate() {
                    let task = Task { model, seed: study.seed, finder: &finder, directed: &directed, facts };
                    let base = Base { study, scorer: scorer.clone(), task, replicates: count };
                    // The first model's networks serve for what is varied, too.
                    let variations = if at == 0 { base.variations(&varied) } else { Vec::new() };
                    let asked = [
                        Asked { scorer: scorer.only(|request| !Scorer::is_costly(request)), replicates: count },
                        Asked { scorer: scorer.only(Scorer::is_costly), replicates: count.min(COSTLY_REPLICATES) },
                    ];
                    let asked: Vec<Asked<'_>> = asked.into_iter().chain(base.asked(&variations)).collect();
                    let mut found = base.task.run(&asked, watch)?;
                    if let Some(first) = &found.first {
                        computed.notes.push(mixing(model, &first.mixing));
                        broken = broken.or_else(|| broken_up(relation.as_deref(), model, &directed, first, &scorer.requests));
                    }
                    let of_variations = found.values.split_off(2);
                    computed.file_echo(relation.as_deref(), model, found.values.into_iter().flatten().collect());
                    if at == 0 {
                        computed.sensitivity.extend(base.rows(&variations, of_variations, watch)?);
                        computed.sensitivity.extend(base.other_sides(watch)?);
                    }
                }
                computed.warnings.extend(broken);
                if models(study).contains(&NullModel::Analytic) {
                    computed.file_analytic(relation.as_deref(), &scorer.requests, facts.sides, graphs);
                }
            }
            for request in of_relation(Kind::Network) {
                let (shape, weighted) = (request.variant.shape(request.spec), request.variant.weighted);
                let graph = graphs.get(relation.as_deref(), shape, weighted).expect("relations were checked before");
                let values = communities(study, &graph, count, watch)?;
                computed.file_modularity(relation.as_deref(), &request.variant.score(request.spec, "modularity"), values);
            }
        }
        Ok(())
    })
}

/// Whether rewired networks have forgotten the one they came from, in words.
fn mixing(model: NullModel, found: &Mixing) -> String {
    format!(
        "null model {}: {} steps, {:.0}% of them accepted; {:.1}% of the ties are as they were, {:.1}% were half-way{}",
        model.as_str(),
        found.steps,
        found.accepted * 100.0,
        found.kept * 100.0,
        found.kept_half_way * 100.0,
        if found.kept_half_way - found.kept > UNMIXED {
            ": more steps would change more, so that effects are too small"
        } else {
            ""
        }
    )
}

/// What a reader should know of a null model whose networks have fewer answered ties than the network has.
fn broken_up(
    relation: Option<&str>,
    model: NullModel,
    directed: &Graph,
    first: &Rewired,
    requests: &[&Request],
) -> Option<String> {
    let answered = reciprocity(directed);
    // NaN without ties: nothing is lost then.
    let lost = answered - first.answered;
    let is_moved = lost >= BROKEN_AT_ALL && lost * (directed.edge_count() as f64).sqrt() >= BROKEN_BY_ROOT;
    let names: BTreeSet<&str> = requests.iter().map(|request| request.spec.name).collect();
    let moved: Vec<&str> = names.iter().copied().filter(|name| MOVED.contains(name)).collect();
    let of = match (lost >= BROKEN, moved.is_empty()) {
        (true, true) if names.iter().all(|name| name.starts_with(UNMOVED)) => return None,
        (true, true) => String::new(),
        (true, false) => format!(", of {} most of all", moved.join(" and ")),
        (false, false) if is_moved => format!(" for {}", moved.join(" and ")),
        (false, _) => return None,
    };
    let relation = relation.map(|relation| format!("relation `{relation}`: ")).unwrap_or_default();
    let remedy = match model {
        NullModel::Recut => "--null reciprocity keeps them, with sides as they are",
        _ => "--null reciprocity keeps them",
    };
    let percent = |share: f64| format!("{:.*}%", if lost < BROKEN { 1 } else { 0 }, share * 100.0);
    Some(format!(
        "{relation}{} of the ties are answered, but {} in networks of null model {}: p may be too low{of}; {remedy}",
        percent(answered),
        percent(first.answered),
        model.as_str()
    ))
}

/// What a reader should know of a null model that does not go with how sides came about.
fn mixed(finder: &Finder, model: NullModel) -> Option<String> {
    let why = match (finder, model) {
        (Finder::Given, NullModel::Recut) => {
            "--null recut: the sides were given, those of the null networks are cut: part of the effect is that a cut finds more than it is given; --null kept goes with given sides"
        }
        (Finder::Communities(_) | Finder::Cut(_), model) if model != NullModel::Recut => {
            "the sides were found in the ties, those of the null networks were not: every network that is cut in two looks like a chamber beside one that is not; --null recut goes with found sides"
        }
        _ => return None,
    };
    Some(why.to_owned())
}

/// The networks of one relation under one null model.
#[derive(Clone, Copy)]
pub(crate) struct Task<'a> {
    pub(crate) model: NullModel,
    pub(crate) seed: u64,
    pub(crate) finder: &'a Finder,
    pub(crate) directed: &'a Graph,
    pub(crate) facts: Facts<'a>,
}

/// Scores, and on how many of the networks.
pub(crate) struct Asked<'a> {
    pub(crate) scorer: Scorer<'a>,
    pub(crate) replicates: u32,
}

/// What the networks gave.
pub(crate) struct Replicates {
    /// Values by score and group, for each of those that asked.
    pub(crate) values: Vec<BTreeMap<Key, Vec<f64>>>,
    /// What became of the first network, if it was rewired.
    pub(crate) first: Option<Rewired>,
}

/// What became of a network that was rewired.
pub(crate) struct Rewired {
    mixing: Mixing,
    /// Share of its ties that are answered; NaN without ties.
    answered: f64,
}

/// What one network gave each of those that asked, and what became of it.
type OfNetwork = (Vec<Vec<(Key, f64)>>, Option<Rewired>);

impl Task<'_> {
    /// The values of all that are asked, each network made once.
    pub(crate) fn run(&self, asked: &[Asked<'_>], watch: Watch<'_>) -> Result<Replicates, EngineError> {
        let wanted = asked.iter().filter(|asked| !asked.scorer.requests.is_empty());
        let count = wanted.map(|asked| asked.replicates).max().unwrap_or(0);
        let mut of_each: Vec<Vec<Vec<(Key, f64)>>> = asked.iter().map(|_| Vec::new()).collect();
        let mut first = None;
        let networks = in_parallel(count, watch, |replicate, run| {
            let of_network = asked.iter().filter(|asked| replicate < u64::from(asked.replicates));
            self.replicate(&of_network.map(|asked| &asked.scorer).collect::<Vec<_>>(), replicate, run)
        })?;
        for (replicate, (values, rewired)) in networks.into_iter().enumerate() {
            let of_network = of_each.iter_mut().zip(asked).filter(|of| replicate < of.1.replicates as usize);
            of_network.zip(values).for_each(|((known, _), values)| known.push(values));
            first = first.or(rewired);
        }
        Ok(Replicates { values: of_each.into_iter().map(by_key).collect(), first })
    }

    /// The values of each scorer on one network, and what became of it.
    fn replicate(&self, scorers: &[&Scorer<'_>], replicate: u64, run: &Run<'_>) -> Result<OfNetwork, MetricError> {
        let seed = self.seed;
        let (directed, became) = match self.model.rewiring() {
            Some(rewiring) => {
                let (directed, mixing) = rewired(self.directed, rewiring, seed, replicate);
                let answered = if replicate == 0 { reciprocity(&directed) } else { f64::NAN };
                (directed, Some(Rewired { mixing, answered }))
            }
            None => (self.directed.clone(), None),
        };
        let Facts { sides, roles, leanings } = self.facts;
        let is_dealt = self.model == NullModel::Labels;
        let found = match (self.model, sides) {
            (NullModel::Labels, Some(sides)) => Some(permuted(sides, seed, replicate)),
            (NullModel::Recut, Some(_)) => {
                let seed = Stream::new(seed, PURPOSE, replicate).bits();
                self.finder.anew(sides).find(&directed, seed, run)?
            }
            _ => None,
        };
        let dealt_roles = is_dealt.then(|| permuted(roles, seed, replicate));
        let dealt_leanings = leanings.filter(|_| is_dealt).map(|leanings| permuted_values(leanings, seed, replicate));
        let facts = Facts {
            sides: found.as_ref().or(sides),
            roles: dealt_roles.as_ref().unwrap_or(roles),
            leanings: dealt_leanings.as_deref().or(leanings),
        };
        let seed = Stream::new(seed, SCORES, replicate).bits();
        let values = scorers.iter().map(|scorer| scorer.values(&directed, facts, seed, run));
        Ok((values.collect::<Result<_, MetricError>>()?, became))
    }
}

/// Modularity of the communities of rewired graphs, each found anew.
fn communities(study: &Study, graph: &Graph, count: u32, watch: Watch<'_>) -> Result<Vec<f64>, EngineError> {
    in_parallel(count, watch, |replicate, run| {
        let graph = rewired(graph, Rewiring::Degrees, study.seed, replicate).0;
        let seed = Stream::new(study.seed, PURPOSE, replicate).bits();
        let found = leiden(&graph, &search(&study.settings, seed), run)?;
        Ok(modularity(&graph, &found.partition, study.settings.get(&RESOLUTION)))
    })
}

/// One result per replicate, in order; cancellable between them.
pub(crate) fn in_parallel<T: Send>(
    count: u32,
    watch: Watch<'_>,
    work: impl Fn(u64, &Run<'_>) -> Result<T, MetricError> + Sync,
) -> Result<Vec<T>, EngineError> {
    let done = AtomicU64::new(0);
    let found: Result<Vec<T>, MetricError> = (0..u64::from(count))
        .into_par_iter()
        .map(|replicate| {
            let run = Run { on_step: None, cancel: Some(watch.cancel) };
            run.step(0, 1)?;
            let found = work(replicate, &run)?;
            watch.watcher.step(done.fetch_add(1, Ordering::Relaxed) + 1, u64::from(count));
            Ok(found)
        })
        .collect();
    found.map_err(|source| EngineError::of_metric("nulls", source))
}

impl Computed {
    fn file_echo(&mut self, relation: Option<&str>, model: NullModel, mut found: BTreeMap<Key, Vec<f64>>) {
        let relation = relation.unwrap_or(ALL);
        for row in self.echo.iter_mut().filter(|row| row.relation == relation) {
            // What communities are called changes from replicate to replicate.
            let is_comparable = model != NullModel::Recut || row.group.is_none();
            if let Some(values) = found.remove(&row.key()).filter(|_| is_comparable) {
                row.beside(model, values);
            }
        }
    }

    /// Adds the model that needs no replicates to scores of the whole network that have one.
    fn file_analytic(
        &mut self,
        relation: Option<&str>,
        requests: &[&Request],
        sides: Option<&Grouping>,
        graphs: &mut Graphs<'_>,
    ) {
        let model = NullModel::Analytic;
        let mut is_known = false;
        for request in requests.iter().filter(|request| !request.variant.weighted) {
            let graph = graphs.get(relation, request.variant.shape(request.spec), false);
            let across = graph.zip(sides).and_then(|(graph, sides)| Across::count(&graph, sides));
            let Some((across, slope)) = across.and_then(|across| Some((across, across.slope(request.spec.name)?))) else {
                continue;
            };
            let name = request.variant.score(request.spec, request.spec.name);
            let is_wanted = |row: &&mut crate::compute::EchoRow| {
                row.relation == relation.unwrap_or(ALL) && row.score == name && row.group.is_none()
            };
            for row in self.echo.iter_mut().filter(is_wanted) {
                let comparison = across.compare(row.value, known_error(row.error), slope);
                is_known |= comparison.is_some();
                row.nulls.push(Arc::new(Nulls { model, values: Vec::new(), comparison }));
            }
        }
        if !is_known {
            self.warnings
                .push("--null analytic: none of these scores has one; ei, ei_rescaled and freeman of sides have".to_owned());
        }
    }

    fn file_modularity(&mut self, relation: Option<&str>, metric: &str, values: Vec<f64>) {
        let relation = relation.unwrap_or(ALL);
        for row in self.network.iter_mut().filter(|row| row.relation == relation && row.metric == metric) {
            let comparison = Comparison::new(row.value, known_error(row.error), row.value, &values, Chamber::High);
            row.nulls = Some(Arc::new(Nulls { model: NullModel::Recut, values: values.clone(), comparison }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_models() {
        for model in NullModel::ALL {
            assert_eq!(model.as_str().parse(), Ok(model));
        }
        assert!("keep".parse::<NullModel>().unwrap_err().contains("kept, labels"));
    }
}
