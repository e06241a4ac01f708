//! Leiden on copies of a graph from each of which a few ties are missing: what another sample of the same network might have shown.
//!
//! # Formula
//! In run r each tie {u, v} is dropped with probability `dropped`, by a random number that depends on the seed, r, u and v alone;
//! both directions stay or go together. Leiden then starts anew from single accounts, with a seed of its own per run.
//!
//! # Conventions
//! The graph must be symmetric. Ties that stay keep their weight. Leiden makes many searches of a small graph and keeps the best;
//! here all runs share that number of searches, each making at least one, so that they take about the time of `community`, or
//! `runs` times that of one search on a large graph. How far the search itself wavers is thus part of what the runs show.
//!
//! # Cost
//! `runs` times that of Leiden, beside a copy of the graph (4 bytes per entry, 12 if weighted). Runs follow each other; each is
//! parallel inside.
//!
//! # Errors
//! `BadParam` for a parameter outside its range; those of `leiden`; cancelled by the caller.
//!
//! # Source
//! Karrer, Levina, Newman, Robustness of community structure in networks, Physical Review E 77, 2008, doi
//! 10.1103/PhysRevE.77.046119. They rewire a share of ties; to leave them out asks for less: the ties that are missing in a sample.

use crate::leiden::{self, leiden};
use crate::spec::Input;
use crate::workload::{fill_rows, offsets_of};
use crate::{MetricError, Parameter, Run};
use echogram_graph::synthetic::Stream;
use echogram_graph::{Csr, Graph, GraphView, NodeId, Partition};
use rayon::prelude::*;
use std::sync::Arc;

pub(crate) const RUNS: Parameter =
    Parameter { name: "community_confidence.runs", default: 20.0, about: "perturbed runs that communities are held against" };
pub(crate) const DROPPED: Parameter =
    Parameter { name: "community_confidence.dropped", default: 0.05, about: "probability with which a run drops a tie" };

/// What the random stream of a run is for.
const RUN: u64 = 0xC0AF;
/// What that of a tie is for.
const TIE: u64 = 0xD209;

/// How runs differ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Params {
    /// Number of runs, 1 or more.
    pub runs: u32,
    /// Probability with which a tie is dropped in a run, in [0, 1).
    pub dropped: f64,
    /// How each run searches; its seed is that of everything here.
    pub leiden: leiden::Params,
}

impl Default for Params {
    fn default() -> Self {
        Self { runs: 20, dropped: 0.05, leiden: leiden::Params::default() }
    }
}

impl Params {
    /// With another number of runs.
    pub fn with_runs(self, runs: u32) -> Self {
        Self { runs, ..self }
    }

    /// With another share of ties dropped.
    pub fn with_dropped(self, dropped: f64) -> Self {
        Self { dropped, ..self }
    }

    /// With another search.
    pub fn with_leiden(self, leiden: leiden::Params) -> Self {
        Self { leiden, ..self }
    }

    /// With another seed.
    pub fn with_seed(self, seed: u64) -> Self {
        Self { leiden: self.leiden.with_seed(seed), ..self }
    }

    /// As set by the user.
    pub(crate) fn of(input: &Input<'_>) -> Self {
        Self { runs: input.setting(&RUNS) as u32, dropped: input.setting(&DROPPED), leiden: leiden::Params::of(input) }
    }

    /// For a column's metadata.
    pub(crate) fn metadata(&self) -> Vec<(&'static str, String)> {
        vec![
            ("method", "leiden".to_owned()),
            ("runs", self.runs.to_string()),
            ("dropped", self.dropped.to_string()),
            ("seed", self.leiden.seed.to_string()),
        ]
    }

    fn check(&self) -> Result<(), MetricError> {
        if self.runs == 0 {
            return Err(MetricError::BadParam { name: RUNS.name, must_be: "1 or more", got: 0.0 });
        }
        if !(0.0..1.0).contains(&self.dropped) {
            return Err(MetricError::BadParam { name: DROPPED.name, must_be: "in [0, 1)", got: self.dropped });
        }
        Ok(())
    }
}

/// Calls `visit` with the partition of each run, in the order of runs.
///
/// # Errors
/// [`MetricError::BadParam`], [`MetricError::Cancelled`].
pub fn for_each_run(graph: &Graph, params: &Params, run: &Run<'_>, mut visit: impl FnMut(Partition)) -> Result<(), MetricError> {
    params.check()?;
    let quiet = Run { on_step: None, ..*run };
    let entries = leiden::SMALL / u64::from(params.runs);
    for at in 0..params.runs {
        run.step(at.into(), params.runs.into())?;
        let seed = Stream::new(params.leiden.seed, RUN, at.into()).bits();
        let thinned = thinned(graph, params.dropped, seed);
        visit(leiden(&thinned, &params.leiden.with_seed(seed).with_effort(entries).without_joining(), &quiet)?.partition);
    }
    Ok(())
}

/// The partition of each run: 4 bytes per run and account.
///
/// # Errors
/// [`MetricError::BadParam`], [`MetricError::Cancelled`].
pub fn perturbed_runs(graph: &Graph, params: &Params, run: &Run<'_>) -> Result<Vec<Partition>, MetricError> {
    let mut found = Vec::new();
    for_each_run(graph, params, run, |partition| found.push(partition))?;
    Ok(found)
}

/// The runs of one graph, shared by what is found out from them.
pub(crate) struct Runs(pub(crate) Vec<Partition>);

impl Runs {
    pub(crate) fn find(graph: &Graph, params: &Params, run: &Run<'_>) -> Result<Self, MetricError> {
        perturbed_runs(graph, params, run).map(Self)
    }
}

/// A symmetric graph without the ties that `seed` drops.
pub fn thinned(graph: &Graph, dropped: f64, seed: u64) -> Graph {
    if dropped == 0.0 {
        return graph.clone();
    }
    filtered(graph, graph.is_weighted(), |node, other, weight| {
        let pair = u64::from(node.0.min(other.0)) << 32 | u64::from(node.0.max(other.0));
        (Stream::new(seed, TIE, pair).unit() >= dropped).then_some(weight)
    })
}

/// The entries of a symmetric graph that `keep` keeps, with the weights that it gives, or without weights; it must say the same
/// for both directions.
pub(super) fn filtered(graph: &Graph, is_weighted: bool, keep: impl Fn(NodeId, NodeId, f64) -> Option<f64> + Sync) -> Graph {
    let keep = &keep;
    let kept = |row: usize| {
        let node = NodeId::new(row);
        graph.out().row(node).filter_map(move |(other, weight)| Some((other, keep(node, other, weight)?)))
    };
    let lengths: Vec<u32> = (0..graph.node_count()).into_par_iter().map(|row| kept(row).count() as u32).collect();
    let offsets = offsets_of(lengths.into_iter());
    let targets = fill_rows(&offsets, |row, slots: &mut [NodeId]| {
        slots.iter_mut().zip(kept(row)).for_each(|(slot, entry)| *slot = entry.0);
    });
    let weights = is_weighted.then(|| {
        fill_rows(&offsets, |row, slots: &mut [f64]| {
            slots.iter_mut().zip(kept(row)).for_each(|(slot, entry)| *slot = entry.1);
        })
    });
    let offsets = offsets.into_iter().map(|offset| offset as u64).collect();
    Graph::symmetric(Arc::new(Csr::from_parts(offsets, targets, weights)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::synthetic::{planted, rmat};

    #[test]
    fn both_directions_go_together_and_about_the_share_asked_for() {
        let graph = rmat(10, 8, 3).undirected_unweighted();
        let thin = thinned(&graph, 0.2, 7);
        assert_eq!(*thin.out(), thin.out().transposed());
        let share = thin.edge_count() as f64 / graph.edge_count() as f64;
        assert!((share - 0.8).abs() < 0.02, "{share}");
        assert!((0..1 << 10).map(NodeId).all(|node| thin.successors(node).iter().all(|&to| graph.out().contains(node, to))));
        assert_eq!(thinned(&graph, 0.2, 7), thin);
        assert_ne!(thinned(&graph, 0.2, 8), thin);
        assert_eq!(thinned(&graph, 0.0, 8), graph);
    }

    #[test]
    fn ties_that_stay_keep_their_weight() {
        let edges: Vec<_> = (0..200).map(|at| (at % 20, at * 7 % 23, f64::from(at % 9) + 0.5)).collect();
        let graph = Graph::from_edges(23, &edges).undirected();
        let thin = thinned(&graph, 0.5, 1);
        for node in (0..23).map(NodeId) {
            let all: Vec<_> = graph.out().row(node).collect();
            assert!(thin.out().row(node).all(|entry| all.contains(&entry)));
        }
    }

    #[test]
    fn clear_communities_are_found_in_every_run() {
        let graph = planted(6, 40, 10, 1, 7).undirected_unweighted();
        let truth = Partition::from_labels(&(0..240).map(|node| node / 40).collect::<Vec<_>>());
        let found = perturbed_runs(&graph, &Params::default().with_runs(5), &Run::default()).unwrap();
        assert_eq!(found, vec![truth; 5]);
    }

    #[test]
    fn wrong_parameters_are_named() {
        let graph = Graph::from_arrows("0>1").undirected();
        for params in
            [Params::default().with_runs(0), Params::default().with_dropped(1.0), Params::default().with_dropped(f64::NAN)]
        {
            let found = perturbed_runs(&graph, &params, &Run::default());
            assert!(matches!(found, Err(MetricError::BadParam { name, .. }) if name.starts_with("community_confidence.")));
        }
    }
}
