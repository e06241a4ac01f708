//! Echo scores and modularity beside null models: the same scores on replicates of the network in which only some facts are kept.

use crate::compute::{ALL, Computed, Graphs};
use crate::sides::SidesWord;
use crate::watcher::Clock;
use crate::{EngineError, Study};
use echogram_analytics::leiden::{Params as LeidenParams, RESOLUTION, leiden, modularity};
use echogram_analytics::null::{Comparison, Rewiring, permuted, permuted_values, rewired};
use echogram_analytics::registry::{Plan, Request};
use echogram_analytics::{Chamber, Input, Kind, MetricError, Run, Shape, Weights};
use echogram_graph::synthetic::Stream;
use echogram_graph::{Graph, Grouping};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Networks of more edges than this get no replicates unless these are asked for.
const MANY_EDGES: u64 = 1_000_000;
/// Searches for communities of a replicate. The network itself, if it is small, gets the best of up to 512 searches, which lifts its modularity a little above that of
/// one; the effect of a small network is too high by as much (not measured).
const STARTS: u64 = 1;
/// Scores that take so long that they get fewer replicates.
const SLOW: &[&str] = &["bcc", "diffusion_bias"];
/// So many at most.
const SLOW_REPLICATES: u64 = 99;
/// Purpose of the seeds of communities in replicates.
const PURPOSE: u64 = 0x6e75_6c6c;

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
}

impl NullModel {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Kept, Self::Labels, Self::Recut, Self::Reciprocity];

    /// The word in tables and options.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Labels => "labels",
            Self::Recut => "recut",
            Self::Reciprocity => "reciprocity",
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
fn replicates(study: &Study, edges: u64) -> (u32, Option<String>) {
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
        Some(SidesWord::Community) => vec![NullModel::Recut],
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
    let mut relations: Vec<Option<String>> = requests.iter().map(|request| request.variant.relation.clone()).collect();
    relations.sort();
    relations.dedup();
    clock.time("nulls", || {
        for relation in relations {
            let of_relation = |kind: Kind| -> Vec<&Request> {
                requests.iter().filter(|request| request.spec.kind == kind && request.variant.relation == relation).collect()
            };
            let scores = of_relation(Kind::Echo);
            if !scores.is_empty() {
                let nobody = || Grouping::from_names::<&str>(&vec![None; graphs.node_count()]);
                let roles = computed.roles.clone().unwrap_or_else(nobody);
                let sides = computed.sides.clone().map(|sides| sides.1);
                let leanings = computed.leanings.clone();
                let directed = graphs.get(relation.as_deref(), Shape::Directed, true).expect("relations were checked before");
                for model in models(study) {
                    let (sides, roles, leanings) = (sides.as_ref(), &roles, leanings.as_deref());
                    let task = Task { study, model, scores: &scores, directed: &directed, sides, roles, leanings };
                    let found = task.run(count, graphs)?;
                    computed.file_echo(relation.as_deref(), model, found);
                }
            }
            for request in of_relation(Kind::Network) {
                let (shape, weighted) = (request.variant.shape(request.spec), request.variant.weighted);
                let graph = graphs.get(relation.as_deref(), shape, weighted).expect("relations were checked before");
                let values = communities(study, &graph, count, graphs)?;
                computed.file_modularity(relation.as_deref(), &request.variant.score(request.spec, "modularity"), values);
            }
        }
        Ok(())
    })
}

/// Values of one replicate by score and group.
type Key = (String, Option<String>);

/// The echo scores of one relation under one null model.
struct Task<'a> {
    study: &'a Study,
    model: NullModel,
    scores: &'a [&'a Request],
    directed: &'a Graph,
    sides: Option<&'a Grouping>,
    roles: &'a Grouping,
    leanings: Option<&'a [f64]>,
}

impl Task<'_> {
    fn run(&self, count: u32, graphs: &Graphs<'_>) -> Result<BTreeMap<Key, Vec<f64>>, EngineError> {
        let replicates = in_parallel(count, graphs, |replicate, run| self.replicate(replicate, run))?;
        let mut values: BTreeMap<Key, Vec<f64>> = BTreeMap::new();
        for (at, replicate) in replicates.into_iter().enumerate() {
            for (key, value) in replicate {
                let known = values.entry(key).or_default();
                known.resize(at, f64::NAN);
                known.push(value);
            }
        }
        values.values_mut().for_each(|known| known.resize(count as usize, f64::NAN));
        Ok(values)
    }

    fn replicate(&self, replicate: u64, run: &Run<'_>) -> Result<Vec<(Key, f64)>, MetricError> {
        let seed = self.study.seed;
        let directed = match self.model {
            NullModel::Labels => self.directed.clone(),
            NullModel::Reciprocity => rewired(self.directed, Rewiring::Reciprocity, seed, replicate).0,
            NullModel::Kept | NullModel::Recut => rewired(self.directed, Rewiring::Degrees, seed, replicate).0,
        };
        let is_dealt = self.model == NullModel::Labels;
        let sides = match (self.model, self.sides) {
            (NullModel::Labels, Some(sides)) => Some(permuted(sides, seed, replicate)),
            (NullModel::Recut, Some(_)) => Some(Grouping::from_partition(
                &leiden(&directed.undirected_unweighted(), &search(self.study, replicate), run)?.partition,
            )),
            (_, sides) => sides.cloned(),
        };
        let dealt_roles = is_dealt.then(|| permuted(self.roles, seed, replicate));
        let roles = dealt_roles.as_ref().or(Some(self.roles));
        let dealt = self.leanings.filter(|_| is_dealt).map(|leanings| permuted_values(leanings, seed, replicate));
        let leanings = dealt.as_deref().or(self.leanings);
        let mut unions: BTreeMap<bool, Graph> = BTreeMap::new();
        let mut values = Vec::new();
        for request in self.scores.iter().filter(|request| replicate < SLOW_REPLICATES || !SLOW.contains(&request.spec.name)) {
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
            let input =
                Input { sides: sides.as_ref(), roles, leanings, settings: Some(&self.study.settings), seed, ..Input::of(&graph) };
            let found = (spec.run)(&input, run)?;
            values.extend(found.scores.into_iter().map(|score| ((variant.score(spec, score.name), score.group), score.value)));
        }
        Ok(values)
    }
}

/// How communities of a replicate are found: as those of the network, with one search.
fn search(study: &Study, replicate: u64) -> LeidenParams {
    let seed = Stream::new(study.seed, PURPOSE, replicate).bits();
    LeidenParams::set_by(&study.settings, seed).with_max_starts(STARTS)
}

/// Modularity of the communities of rewired graphs, each found anew.
fn communities(study: &Study, graph: &Graph, count: u32, graphs: &Graphs<'_>) -> Result<Vec<f64>, EngineError> {
    in_parallel(count, graphs, |replicate, run| {
        let graph = rewired(graph, Rewiring::Degrees, study.seed, replicate).0;
        let found = leiden(&graph, &search(study, replicate), run)?;
        Ok(modularity(&graph, &found.partition, study.settings.get(&RESOLUTION)))
    })
}

/// One result per replicate, in order; cancellable between them.
fn in_parallel<T: Send>(
    count: u32,
    graphs: &Graphs<'_>,
    work: impl Fn(u64, &Run<'_>) -> Result<T, MetricError> + Sync,
) -> Result<Vec<T>, EngineError> {
    let (done, watch) = (AtomicU64::new(0), graphs.watch());
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
    found.map_err(|source| match source {
        MetricError::Cancelled { .. } => EngineError::Cancelled,
        source => EngineError::Analytics { metric: "nulls".to_owned(), source },
    })
}

impl Computed {
    fn file_echo(&mut self, relation: Option<&str>, model: NullModel, mut found: BTreeMap<Key, Vec<f64>>) {
        let relation = relation.unwrap_or(ALL);
        for row in self.echo.iter_mut().filter(|row| row.relation == relation) {
            // What communities are called changes from replicate to replicate.
            let is_comparable = model != NullModel::Recut || row.group.is_none();
            let Some(mut values) = found.remove(&(row.score.clone(), row.group.clone())).filter(|_| is_comparable) else {
                continue;
            };
            if SLOW.iter().any(|slow| row.score.starts_with(slow)) {
                values.truncate(SLOW_REPLICATES as usize);
            }
            let chamber = if row.chamber == Chamber::Low.as_str() { Chamber::Low } else { Chamber::High };
            let comparison = Comparison::new(row.value, known(row.error), &values, chamber);
            row.nulls.push(Arc::new(Nulls { model, values, comparison }));
        }
    }

    fn file_modularity(&mut self, relation: Option<&str>, metric: &str, values: Vec<f64>) {
        let relation = relation.unwrap_or(ALL);
        for row in self.network.iter_mut().filter(|row| row.relation == relation && row.metric == metric) {
            let comparison = Comparison::new(row.value, known(row.error), &values, Chamber::High);
            row.nulls = Some(Arc::new(Nulls { model: NullModel::Recut, values: values.clone(), comparison }));
        }
    }
}

/// A standard error, 0 where it is not known.
fn known(error: f64) -> f64 {
    if error.is_nan() { 0.0 } else { error }
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
