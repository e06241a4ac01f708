//! The planned echo scores on any network, and sides that are found on it as they were found on the first.

use crate::Study;
use crate::compute::{ALL, Computed, EchoRow};
use crate::nulls::{NullModel, Nulls};
use crate::sides::SidesWord;
use echogram_analytics::cut::{IMBALANCE, Params as CutParams, cut};
use echogram_analytics::leiden::{Params as LeidenParams, leiden};
use echogram_analytics::null::Comparison;
use echogram_analytics::registry::Request;
use echogram_analytics::{Chamber, Input, Memo, MetricError, Need, Outcome, Run, Settings, Shape, Weights};
use echogram_graph::{Graph, Grouping};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Searches for communities of a replicate. The network itself, if it is small, gets the best of up to 512 searches, which lifts its modularity a little above that of
/// one; the effect of a small network is too high by as much (not measured).
const STARTS: u64 = 1;
/// Scores that cost more than all others together: they get fewer replicates.
const COSTLY: &[&str] = &["bcc", "diffusion_bias"];

/// A score and its group.
pub(crate) type Key = (String, Option<String>);

/// What is known of the accounts of a network.
#[derive(Clone, Copy)]
pub(crate) struct Facts<'a> {
    pub(crate) sides: Option<&'a Grouping>,
    pub(crate) roles: &'a Grouping,
    /// NaN where it is not known.
    pub(crate) leanings: Option<&'a [f64]>,
}

/// The facts of a run, taken out of its results so that these can be added to.
pub(crate) struct Known {
    sides: Option<Grouping>,
    own_sides: BTreeMap<String, Grouping>,
    roles: Grouping,
    leanings: Option<Vec<f64>>,
}

impl Known {
    pub(crate) fn of(computed: &Computed, accounts: usize) -> Self {
        let nobody = || Grouping::from_names::<&str>(&vec![None; accounts]);
        Self {
            sides: computed.sides.clone().map(|sides| sides.1),
            own_sides: computed.own_sides.clone(),
            roles: computed.roles.clone().unwrap_or_else(nobody),
            leanings: computed.leanings.clone(),
        }
    }

    /// What echo scores of a relation look at, or of all of them merged: sides that are found are found in the very ties that are scored, of the network as of its replicates.
    pub(crate) fn facts(&self, relation: Option<&str>) -> Facts<'_> {
        let own = relation.and_then(|relation| self.own_sides.get(relation));
        Facts { sides: own.or(self.sides.as_ref()), roles: &self.roles, leanings: self.leanings.as_deref() }
    }
}

/// The relations that metrics are asked of, each once; `None` = all of them merged.
pub(crate) fn relations(requests: &[Request]) -> BTreeSet<Option<String>> {
    requests.iter().map(|request| request.variant.relation.clone()).collect()
}

/// How sides came about, and come about anew on a network that was changed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Finder {
    /// They are known of the accounts.
    Given,
    /// They are communities.
    Communities(Settings),
    /// They are the halves of a cut, the larger of which is larger than half by this share at most.
    Cut(f64),
}

impl Finder {
    /// As the study asks; a cut by the allowed imbalance.
    pub(crate) fn of(study: &Study) -> Self {
        match study.sides.as_deref().map(SidesWord::parse) {
            Some(SidesWord::Community) => Self::Communities(study.settings.clone()),
            Some(SidesWord::Cut) => Self::Cut(study.settings.get(&IMBALANCE)),
            _ => Self::Given,
        }
    }

    /// The same, for networks whose halves shall be no more uneven than `sides` are.
    pub(crate) fn for_sizes_of(self, sides: Option<&Grouping>) -> Self {
        match (self, sides) {
            (Self::Cut(_), Some(sides)) => Self::Cut(imbalance(sides)),
            (other, _) => other,
        }
    }

    /// How sides that are given would be found, if they had to be: as a cut into halves of their sizes.
    pub(crate) fn anew(&self, sides: Option<&Grouping>) -> Self {
        match (self, sides) {
            (Self::Given, Some(sides)) => Self::Cut(imbalance(sides)),
            _ => self.clone(),
        }
    }

    /// The sides of a changed network; `None` where they are given.
    pub(crate) fn find(&self, directed: &Graph, seed: u64, run: &Run<'_>) -> Result<Option<Grouping>, MetricError> {
        match self {
            Self::Given => Ok(None),
            Self::Communities(settings) => {
                let found = leiden(&directed.undirected_unweighted(), &search(settings, seed), run)?;
                Ok(Some(Grouping::from_partition(&found.partition)))
            }
            Self::Cut(imbalance) => {
                let found = cut(&directed.undirected_unweighted(), &CutParams { imbalance: *imbalance, seed }, run)?;
                Ok(Some(found.grouping()))
            }
        }
    }
}

/// By what share the larger of the two largest sides is larger than half of both.
fn imbalance(sides: &Grouping) -> f64 {
    let mut sizes = sides.sizes();
    sizes.sort_unstable_by_key(|&size| std::cmp::Reverse(size));
    match sizes.as_slice() {
        [one, other, ..] => 2.0 * f64::from(*one) / f64::from(one + other) - 1.0,
        _ => IMBALANCE.default,
    }
}

/// How communities of a replicate are found: as those of the network, with one search.
pub(crate) fn search(settings: &Settings, seed: u64) -> LeidenParams {
    LeidenParams::set_by(settings, seed).with_max_starts(STARTS)
}

/// What all networks are scored by.
#[derive(Clone)]
pub(crate) struct Scorer<'a> {
    pub(crate) requests: Vec<&'a Request>,
    pub(crate) settings: &'a Settings,
    pub(crate) seed: u64,
}

/// The rows of an outcome; null models come later.
pub(crate) fn scored(request: &Request, outcome: Outcome) -> impl Iterator<Item = EchoRow> {
    let (spec, variant) = (request.spec, request.variant.clone());
    let common: Vec<String> = outcome.parameters.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let left_out = outcome.accounts_left_out;
    outcome.scores.into_iter().map(move |score| {
        let found = score.found.iter().map(|(key, value)| format!("{key}={value}"));
        EchoRow {
            is_of_leanings: spec.needs.contains(&Need::Leanings),
            relation: variant.relation.clone().unwrap_or_else(|| ALL.to_owned()),
            score: variant.score(spec, score.name),
            group: score.group,
            parameters: common.iter().cloned().chain(found).collect::<Vec<_>>().join(","),
            chamber: spec.chamber.map_or("", Chamber::as_str),
            value: score.value,
            as_replicate: score.as_replicate,
            error: score.error,
            accounts_left_out: left_out + score.left_out,
            nulls: Vec::new(),
        }
    })
}

impl EchoRow {
    pub(crate) fn key(&self) -> Key {
        (self.score.clone(), self.group.clone())
    }

    /// Holds it against replicates of a null model.
    pub(crate) fn beside(&mut self, model: NullModel, values: Vec<f64>) {
        let chamber = if self.chamber == Chamber::Low.as_str() { Chamber::Low } else { Chamber::High };
        let comparison = Comparison::new(self.value, known_error(self.error), self.as_replicate, &values, chamber);
        self.nulls.push(Arc::new(Nulls { model, values, comparison }));
    }
}

/// A standard error, 0 where it is not known.
pub(crate) fn known_error(error: f64) -> f64 {
    if error.is_nan() { 0.0 } else { error }
}

impl<'a> Scorer<'a> {
    /// The same with other settings.
    pub(crate) fn with_settings<'b>(&self, settings: &'b Settings) -> Scorer<'b>
    where
        'a: 'b,
    {
        Scorer { requests: self.requests.clone(), settings, seed: self.seed }
    }

    /// The same with those of its scores that are wanted.
    pub(crate) fn only(&self, is_wanted: impl Fn(&Request) -> bool) -> Self {
        Self { requests: self.requests.iter().filter(|request| is_wanted(request)).copied().collect(), ..self.clone() }
    }

    /// Whether a score costs so much that it gets fewer replicates.
    pub(crate) fn is_costly(request: &Request) -> bool {
        COSTLY.contains(&request.spec.name)
    }

    /// The values of all scores of a changed network, which draws anew where scores draw.
    pub(crate) fn values(
        &self,
        directed: &Graph,
        facts: Facts<'_>,
        seed: u64,
        run: &Run<'_>,
    ) -> Result<Vec<(Key, f64)>, MetricError> {
        let rows = Self { seed, ..self.clone() }.rows(directed, facts, false, run)?;
        Ok(rows.into_iter().map(|row| (row.key(), row.value)).collect())
    }

    /// All scores, with or without errors that cost more than the values.
    pub(crate) fn rows(
        &self,
        directed: &Graph,
        facts: Facts<'_>,
        wants_errors: bool,
        run: &Run<'_>,
    ) -> Result<Vec<EchoRow>, MetricError> {
        let mut unions: BTreeMap<bool, Graph> = BTreeMap::new();
        let mut memos: BTreeMap<(bool, bool), Memo> = BTreeMap::new();
        let mut rows = Vec::new();
        for request in &self.requests {
            let (spec, variant) = (request.spec, &request.variant);
            let weighted = variant.weighted || spec.weights == Weights::Always;
            let graph = match (variant.shape(spec), weighted) {
                (Shape::Directed, true) => directed.clone(),
                (Shape::Directed, false) => directed.unweighted(),
                (Shape::Undirected, _) => unions
                    .entry(weighted)
                    .or_insert_with(|| if weighted { directed.undirected() } else { directed.undirected_unweighted() })
                    .clone(),
            };
            let memo = memos.entry((variant.shape(spec) == Shape::Directed, weighted)).or_default();
            let input = Input {
                memo: Some(memo),
                sides: facts.sides,
                roles: Some(facts.roles),
                leanings: facts.leanings,
                settings: Some(self.settings),
                seed: self.seed,
                wants_errors,
                ..Input::of(&graph)
            };
            rows.extend(scored(request, (spec.run)(&input, run)?));
        }
        Ok(rows)
    }
}

/// Values by score and group, one for each of the networks in order; NaN where a network has none.
pub(crate) fn by_key(networks: Vec<Vec<(Key, f64)>>) -> BTreeMap<Key, Vec<f64>> {
    let count = networks.len();
    let mut values: BTreeMap<Key, Vec<f64>> = BTreeMap::new();
    for (at, network) in networks.into_iter().enumerate() {
        for (key, value) in network {
            let known = values.entry(key).or_default();
            known.resize(at, f64::NAN);
            known.push(value);
        }
    }
    values.values_mut().for_each(|known| known.resize(count, f64::NAN));
    values
}
