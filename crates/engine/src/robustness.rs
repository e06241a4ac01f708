//! Echo scores of the same network with some of its edges or accounts dropped: standard errors where a score has none of its own, and, in the full set, how far a score stands without them.
//!
//! Sides that are found are found anew each time, so that what depends on them varies with them.

use crate::compute::{ALL, Computed, EchoRow};
use crate::graphs::{Graphs, Watch};
use crate::nulls::{self, in_parallel};
use crate::scorer::{Facts, Finder, Key, Known, Scorer, by_key, relations};
use crate::sensitivity::{SensitivityRow, Varied};
use crate::watcher::Clock;
use crate::{EngineError, Study};
use echogram_analytics::registry::{Plan, Request};
use echogram_analytics::{Kind, Shape};
use echogram_graph::synthetic::Stream;
use echogram_graph::{Graph, GraphView, Grouping, NodeId};
use std::collections::BTreeMap;

/// Shares that are dropped.
const SHARES: [f64; 3] = [0.05, 0.10, 0.20];
/// The share of edges whose loss standard errors are judged by.
const OF_ERRORS: f64 = 0.10;
/// Networks for each share.
const DRAWS: u32 = 40;
/// Purpose of the streams that drop.
const PURPOSE: u64 = 0x6472_6f70;

/// What is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dropped {
    Edges,
    Accounts,
}

/// Adds standard errors to scores that have none, or whose sides are found; in the full set also rows for each share of edges and accounts.
pub(crate) fn add(
    study: &Study,
    plan: &Plan,
    graphs: &mut Graphs<'_>,
    computed: &mut Computed,
    clock: &mut Clock<'_>,
) -> Result<(), EngineError> {
    let requests: Vec<Request> = plan.requests().iter().filter(|request| request.spec.kind == Kind::Echo).cloned().collect();
    let (count, _) = nulls::replicates(study, computed.merged_edges);
    if requests.is_empty() || count == 0 {
        return Ok(());
    }
    let known = Known::of(computed, graphs.node_count());
    let is_full = study.metrics.iter().any(|metric| metric == "full");
    let watch = graphs.watch();
    clock.time("robustness", || {
        for relation in relations(&requests) {
            let facts = known.facts(relation.as_deref());
            let finder = Finder::of(study).for_sizes_of(facts.sides);
            let directed = graphs.get(relation.as_deref(), Shape::Directed, true).expect("relations were checked before");
            let of_relation = requests.iter().filter(|request| request.variant.relation == relation).collect();
            let scorer = Scorer { requests: of_relation, settings: &study.settings, seed: study.seed };
            let scorer = scorer.only(|request| !Scorer::is_costly(request));
            let task = Task { scorer, finder: &finder, directed: &directed, facts };
            let name = relation.as_deref().unwrap_or(ALL);
            for dropped in [Dropped::Edges, Dropped::Accounts] {
                for share in SHARES.into_iter().filter(|&share| is_full || (share == OF_ERRORS && dropped == Dropped::Edges)) {
                    let values = task.run(dropped, share, watch)?;
                    if share == OF_ERRORS && dropped == Dropped::Edges {
                        computed.note_errors(name, &values, finder != Finder::Given);
                    }
                    if is_full {
                        let rows = computed.dropped_rows(name, &values, dropped, share);
                        computed.sensitivity.extend(rows);
                    }
                }
            }
        }
        Ok(())
    })
}

struct Task<'a> {
    scorer: Scorer<'a>,
    finder: &'a Finder,
    directed: &'a Graph,
    facts: Facts<'a>,
}

impl Task<'_> {
    /// Values of the scores on each of the smaller networks.
    fn run(&self, dropped: Dropped, share: f64, watch: Watch<'_>) -> Result<BTreeMap<Key, Vec<f64>>, EngineError> {
        let networks = in_parallel(DRAWS, watch, |draw, run| {
            let seed = Stream::new(self.scorer.seed, PURPOSE + dropped as u64, draw).bits();
            let Left { directed, sides, leanings } = smaller(self.directed, self.facts, dropped, share, seed);
            let found = self.finder.find(&directed, seed, run)?;
            let facts = Facts { sides: found.as_ref().or(sides.as_ref()), leanings: leanings.as_deref(), ..self.facts };
            self.scorer.values(&directed, facts, seed, run)
        })?;
        Ok(by_key(networks))
    }
}

/// What is left of a network and of what is known of its accounts.
struct Left {
    directed: Graph,
    sides: Option<Grouping>,
    leanings: Option<Vec<f64>>,
}

/// The network without a share of its edges, or of its accounts, which then have neither ties nor a side or leaning.
fn smaller(directed: &Graph, facts: Facts<'_>, dropped: Dropped, share: f64, seed: u64) -> Left {
    let stays = |index: u64| Stream::new(seed, PURPOSE, index).unit() >= share;
    let is_directed = directed.is_directed();
    let mut edges = Vec::new();
    for source in (0..directed.node_count()).map(NodeId::new) {
        for (target, weight) in directed.out().row(source).filter(|edge| is_directed || source <= edge.0) {
            let is_kept = match dropped {
                Dropped::Edges => stays(u64::from(source.0) << 32 | u64::from(target.0)),
                Dropped::Accounts => stays(source.0.into()) && stays(target.0.into()),
            };
            if is_kept {
                edges.push((source.0, target.0, weight));
            }
        }
    }
    let make = if is_directed { Graph::from_edges } else { Graph::from_ties };
    let graph = make(directed.node_count(), &edges);
    let graph = if directed.is_weighted() { graph } else { graph.unweighted() };
    let is_left = |row: usize| dropped == Dropped::Edges || stays(row as u64);
    let sides = facts.sides.map(|sides| {
        let labels = sides.labels().iter().enumerate();
        sides.with_labels(labels.map(|(row, side)| side.filter(|_| is_left(row))).collect())
    });
    let leanings = facts.leanings.map(|leanings| {
        let known = leanings.iter().enumerate();
        known.map(|(row, &leaning)| if is_left(row) { leaning } else { f64::NAN }).collect()
    });
    Left { directed: graph, sides, leanings }
}

/// Mean and standard deviation of the values that are defined; NaN for fewer than two.
fn spread(values: &[f64]) -> (f64, f64) {
    let known: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    let count = known.len() as f64;
    let mean = known.iter().sum::<f64>() / count;
    (mean, (known.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0)).sqrt())
}

impl Computed {
    /// Standard errors by dropping edges: with a share d dropped, a score varies by sqrt((1 - d) / d) less than it does with the edges that there happen to be (the delete-d jackknife of Shao and Wu 1989).
    fn note_errors(&mut self, relation: &str, values: &BTreeMap<Key, Vec<f64>>, sides_are_found: bool) {
        for row in self.echo.iter_mut().filter(|row| row.relation == relation) {
            let is_found = sides_are_found && !row.is_of_leanings;
            // What found sides are called changes from network to network.
            let is_comparable = !is_found || row.group.is_none();
            if is_comparable
                && (row.error.is_nan() || is_found)
                && let Some(values) = values.get(&row.key())
            {
                row.error = spread(values).1 * ((1.0 - OF_ERRORS) / OF_ERRORS).sqrt();
            }
        }
    }

    fn dropped_rows(
        &self,
        relation: &str,
        values: &BTreeMap<Key, Vec<f64>>,
        dropped: Dropped,
        share: f64,
    ) -> Vec<SensitivityRow> {
        let varied = if dropped == Dropped::Edges { Varied::EdgesDropped } else { Varied::AccountsDropped };
        let rows = self.echo.iter().filter(|row| row.relation == relation && row.group.is_none());
        rows.filter_map(|row| {
            let (mean, sd) = spread(values.get(&row.key())?);
            let row = EchoRow { value: mean, error: sd, nulls: Vec::new(), ..row.clone() };
            Some(SensitivityRow { row, varied, at: format!("{share:.2}") })
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::synthetic::rmat;

    #[test]
    fn about_the_share_asked_for_goes() {
        let graph = rmat(9, 8, 1);
        let sides = Grouping::from_names(&vec![Some("a"); graph.node_count()]);
        let leanings = vec![0.5; graph.node_count()];
        let facts = Facts { sides: Some(&sides), roles: &sides, leanings: Some(&leanings) };
        let found = smaller(&graph, facts, Dropped::Edges, 0.2, 1);
        let share = found.directed.edge_count() as f64 / graph.edge_count() as f64;
        assert!((share - 0.8).abs() < 0.03, "{share}");
        assert!(found.sides.as_ref() == Some(&sides) && found.leanings.as_ref() == Some(&leanings));
        let Left { directed: found, sides: left, leanings } = smaller(&graph, facts, Dropped::Accounts, 0.2, 1);
        let (left, leanings) = (left.unwrap(), leanings.unwrap());
        let share = f64::from(left.sizes()[0]) / 512.0;
        assert!((share - 0.8).abs() < 0.06 && found.edge_count() < graph.edge_count(), "{share}");
        let gone = |row: usize| left.labels()[row].is_none();
        assert!((0..512).all(|row| leanings[row].is_nan() == gone(row)));
        assert!((0..512).filter(|&row| gone(row)).all(|row| found.out_degree(NodeId::new(row)) == 0));
    }

    #[test]
    fn what_is_not_defined_does_not_count() {
        assert_eq!(spread(&[1.0, f64::NAN, 3.0]), (2.0, 2.0_f64.sqrt()));
        assert!(spread(&[f64::NAN]).0.is_nan());
    }
}
