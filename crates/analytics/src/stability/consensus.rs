//! Consensus: the partition that several runs agree on, rather than the one that scored best in one of them.
//!
//! # Formula
//! Leiden on the graph of the same ties, each weighing the share of runs in which its two ends are in one community; ties whose
//! ends never are, are left out.
//!
//! # Conventions
//! The graph must be symmetric; its own weights count only through the runs. Self-loops are left out. One round: Leiden is
//! repeatable here, so there is no need to go on until several partitions of the consensus agree.
//!
//! # Cost
//! One pass over ties and runs, 12 bytes per entry, and one Leiden.
//!
//! # Errors
//! `BadParam` without a run, or for a run of another number of accounts; those of `leiden`; cancelled by the caller.
//!
//! # Compared with
//! Lancichinetti and Fortunato join all pairs of accounts, O(N^2), and drop those below a threshold; on existing ties alone (as Tandon et
//! al. do but for a few more pairs) the result is nearly the same at the cost of the graph.
//!
//! # Source
//! Lancichinetti and Fortunato, Consensus clustering in complex networks, Scientific Reports 2, 2012, doi 10.1038/srep00336;
//! Tandon, Albeshri, Thayananthan, Alhalabi, Fortunato, Fast consensus clustering in complex networks, Physical Review E 99, 2019,
//! doi 10.1103/PhysRevE.99.042301.

use super::perturbed::filtered;
use crate::leiden::{Found, Params, leiden};
use crate::{MetricError, Run};
use echogram_graph::{Graph, GraphView, Partition};

/// The partition that `runs` agree on; its `modularity` is that of the graph of agreements.
///
/// # Errors
/// [`MetricError::BadParam`], [`MetricError::Cancelled`].
pub fn consensus(graph: &Graph, runs: &[Partition], params: &Params, run: &Run<'_>) -> Result<Found, MetricError> {
    if runs.is_empty() {
        return Err(MetricError::BadParam { name: "runs", must_be: "1 or more", got: 0.0 });
    }
    if let Some(wrong) = runs.iter().find(|found| found.labels().len() != graph.node_count()) {
        let got = wrong.labels().len() as f64;
        return Err(MetricError::BadParam { name: "accounts", must_be: "as many in each run as in the graph", got });
    }
    leiden(&agreement(graph, runs), params, run)
}

/// The ties of `graph`, each weighing the share of runs that keep its ends together.
pub fn agreement(graph: &Graph, runs: &[Partition]) -> Graph {
    filtered(graph, true, |node, other, _| {
        let together = runs.iter().filter(|found| found.of(node) == found.of(other)).count();
        (node != other && together > 0).then_some(together as f64 / runs.len() as f64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leiden;
    use crate::stability::perturbed::{self, perturbed_runs};
    use echogram_graph::NodeId;
    use echogram_graph::synthetic::{planted, uniform};

    fn partitions(labels: &[&[u32]]) -> Vec<Partition> {
        labels.iter().map(|labels| Partition::from_labels(labels)).collect()
    }

    #[test]
    fn a_tie_weighs_how_often_its_ends_agree() {
        let graph = Graph::from_arrows("0>1 1>2 2>3 1>1").undirected();
        let found = agreement(&graph, &partitions(&[&[0, 0, 1, 1], &[0, 0, 0, 1], &[0, 0, 1, 2], &[0, 1, 2, 3]]));
        assert_eq!(found, Graph::from_arrows("0>1:0.75 1>2:0.25 2>3:0.25").undirected());
    }

    #[test]
    fn runs_that_agree_are_the_consensus() {
        let graph = planted(6, 40, 10, 2, 7).undirected_unweighted();
        let truth = Partition::from_labels(&(0..240).map(|node| node / 40).collect::<Vec<_>>());
        let found = consensus(&graph, &[truth.clone(), truth.clone()], &Params::default(), &Run::default()).unwrap();
        assert_eq!(found.partition, truth);
    }

    #[test]
    fn a_single_dissent_is_outvoted() {
        let graph = Graph::from_arrows("0>1 1>2 2>0 3>4 4>5 5>3 2>3").undirected();
        let runs = partitions(&[&[0, 0, 0, 1, 1, 1], &[0, 0, 1, 1, 1, 1], &[0, 0, 0, 1, 1, 1]]);
        let found = consensus(&graph, &runs, &Params::default(), &Run::default()).unwrap();
        assert_eq!(found.partition.labels(), [0, 0, 0, 1, 1, 1]);
    }

    #[test]
    fn communities_of_a_consensus_are_connected_in_the_graph() {
        let graph = uniform(300, 500, 4).undirected_unweighted();
        let runs = perturbed_runs(&graph, &perturbed::Params::default().with_runs(4), &Run::default()).unwrap();
        let found = consensus(&graph, &runs, &Params::default(), &Run::default()).unwrap();
        leiden::verify(&graph, &found.partition).unwrap();
        let tied = |node: NodeId| graph.successors(node).is_empty();
        assert!(
            (0..300)
                .map(NodeId)
                .filter(|&node| tied(node))
                .all(|node| found.partition.sizes()[found.partition.of(node) as usize] == 1)
        );
    }

    #[test]
    fn runs_must_fit_the_graph() {
        let graph = Graph::from_arrows("0>1").undirected();
        for runs in [vec![], partitions(&[&[0, 0, 0]])] {
            let found = consensus(&graph, &runs, &Params::default(), &Run::default());
            assert!(matches!(found, Err(MetricError::BadParam { .. })));
        }
    }
}
