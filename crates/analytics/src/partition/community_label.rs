//! Label community: accounts take over the label that most of their neighbours have, until nobody changes.
//!
//! # Formula
//! Every account v begins with a label of its own and moves to the label l for which sum over neighbours u with label l of w(u, v) is
//! largest; of equal ones to the one that fewest accounts have, then to the smallest. When nobody moves any more, all go on once more, now
//! with the one that most accounts have first among equals.
//!
//! # Conventions
//! On the simple undirected union, all ties alike (`_weighted`: weights of both directions added); self-loops do not count. Ties go to
//! the smaller group because a label that spreads by its number alone floods a network before groups have formed; then to the larger,
//! which joins groups that nothing but ties keeps apart. For that, the number of accounts counts a thousandth of a mean tie at most, so
//! with weights a difference below that is a tie, too. Label propagation as
//! such can leave a group in **parts that are not connected**, when those who joined them move on: such parts are communities of their
//! own here, so that every community is connected. An account without ties is alone. Numbered by size, 0 = largest, ties by smallest
//! account. There is no resolution: a network without clear groups becomes one community.
//!
//! # Range and unit
//! Label, 0 to number of communities - 1.
//!
//! # Cost
//! O(E) per sweep; only accounts whose neighbours changed are visited again, so all sweeps together are worth about three. 50 bytes per
//! node beside the graph. Parallel: accounts choose in chunks from the labels as they stood, then move one by one, each with its sums
//! brought up to date with the moves before it, and only if it still gains. The same labels for any number of threads.
//!
//! # Stops when
//! Nobody moves. The weight of the ties inside groups never falls, and at equal weight groups first grow more even and then less,
//! so that nothing oscillates, as it does when all accounts change at once.
//!
//! # Errors
//! `BadParam` for weights that are negative or whose sum is not finite, or for 2^31 accounts and more; cancelled by the caller.
//!
//! # Compared with
//! igraph `community_label_propagation`, NetworkX `asyn_lpa_communities`, networkit `PLP`: ties go by chance there, so labels differ
//! from run to run; their groups may be disconnected. networkit stops while a share of the accounts still moves.
//!
//! # Source
//! Raghavan, Albert and Kumara, Near linear time algorithm to detect community structures in large-scale networks, Physical Review E 76,
//! 2007, doi 10.1103/PhysRevE.76.036106. That it climbs the weight inside groups: Barber and Clark, Detecting network communities by
//! propagating labels under constraints, Physical Review E 80, 2009, doi 10.1103/PhysRevE.80.026129. The even-handed ties are ours.
//!
//! # Example
//! ```
//! use echogram_analytics::partition::community_label::community_label;
//! use echogram_graph::Graph;
//! let triangles = Graph::from_arrows("0>1 1>2 2>0 3>4 4>5 5>3 2>3").undirected();
//! let found = community_label(&triangles, 0, &Default::default()).unwrap();
//! assert_eq!(found.labels(), [0, 0, 0, 1, 1, 1]);
//! ```

use crate::leiden::chunk::ScratchPool;
use crate::leiden::level::Level;
use crate::leiden::mass::Members;
use crate::leiden::moving::{Communities, move_nodes};
use crate::leiden::search::order;
use crate::spec::{Kind, MetricSpec, Outcome, Shape, Tier, Values, Weights};
use crate::{MetricError, Run, leiden};
use echogram_graph::synthetic::Stream;
use echogram_graph::{Graph, GraphView, NodeId, Partition};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "community_label",
    kind: Kind::Account,
    summary: "community by label propagation, connected, 0 = largest",
    columns: &["community_label"],
    shape: Shape::Undirected,
    other_shape: false,
    weights: Weights::Variant,
    needs: &[],
    parameters: &[],
    tier: Tier::Full,
    chamber: None,
    unsteady: &[],
    source: include_str!("community_label.rs"),
    run: |input, run| {
        let partition = community_label(input.graph, input.seed, run)?;
        Ok(Outcome {
            columns: vec![Values::Whole(partition.labels().to_vec())],
            parameters: vec![("method", "label propagation".to_owned()), ("seed", input.seed.to_string())],
            partition: Some(Arc::new(partition)),
            ..Outcome::default()
        })
    },
};

/// What all accounts together count, as a share of a mean tie: enough to decide between equals.
const TIE: f64 = 1e-3;
/// What the random stream of the order is for.
const PURPOSE: u64 = 0x1ABE;
/// Progress is stated as if all moves were done after so many chunks of 4,096 nodes, or of a 64th of them.
const USUAL_CHUNKS: u64 = 1 << 10;

/// Communities of a symmetric graph by label propagation; `seed` is that of the order in which nodes are visited.
///
/// # Errors
/// [`MetricError::BadParam`] for weights, [`MetricError::Cancelled`].
pub fn community_label(graph: &Graph, seed: u64, run: &Run<'_>) -> Result<Partition, MetricError> {
    rayon::scope(|_| {
        let (level, total) = Level::<Members>::checked(graph)?;
        let alone: Vec<u32> = (0..level.len() as u32).collect();
        if total == 0.0 {
            return Ok(Partition::from_labels(&alone));
        }
        let done = Cell::new(0);
        let step = || {
            done.set((done.get() + 1).min(USUAL_CHUNKS));
            run.step(done.get() - 1, USUAL_CHUNKS)
        };
        let pull = TIE * total / level.entries() as f64 / level.len() as f64;
        let order = order(level.len(), Stream::new(seed, PURPOSE, 0).bits());
        let mut communities = Communities::new(&level, alone);
        // Label propagation is local moving where chance does not count.
        let pool = ScratchPool::new(level.len());
        for tie in [pull, -pull] {
            move_nodes(&level, &order, &mut communities, tie, &pool, &step)?;
        }
        Ok(Partition::from_labels(&level.split(&communities.finish().0)))
    })
}

/// Checks node by node that no label is stronger among its neighbours than its own, and that communities are connected.
///
/// # Errors
/// The node that would move, or what is wrong with the communities.
pub fn verify(graph: &Graph, partition: &Partition) -> Result<(), String> {
    leiden::verify(graph, partition)?;
    let mean = graph.out().weights().map_or(1.0, |weights| weights.iter().sum::<f64>() / weights.len() as f64);
    for node in (0..graph.node_count()).map(NodeId::new) {
        let mut sums: BTreeMap<u32, f64> = BTreeMap::new();
        for (other, weight) in graph.out().row(node).filter(|entry| entry.0 != node) {
            *sums.entry(partition.of(other)).or_default() += weight;
        }
        let own = sums.get(&partition.of(node)).copied().unwrap_or_default();
        if let Some((label, sum)) = sums.into_iter().find(|&(_, sum)| sum > own + 2.0 * TIE * mean) {
            return Err(format!("node {} has {own} in its community and {sum} in {label}", node.row()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::synthetic::{planted, rmat, uniform};

    #[track_caller]
    fn check(graph: &Graph) -> Partition {
        let found = community_label(graph, 0, &Run::default()).unwrap();
        verify(graph, &found).unwrap();
        found
    }

    #[test]
    fn small_graphs_are_as_expected() {
        for (arrows, labels) in [
            ("", vec![]),
            ("2", vec![0, 1, 2]),
            ("0>0 1>1", vec![0, 1]),
            ("0>1 2", vec![0, 0, 1]),
            ("0>1 1>2 2>0 3>4 4>5 5>3 2>3 6", vec![0, 0, 0, 1, 1, 1, 2]),
            ("0>1:9 1>2 2>3:9 3>0", vec![0, 0, 1, 1]),
        ] {
            assert_eq!(check(&Graph::from_arrows(arrows).undirected()).labels(), labels, "{arrows}");
        }
    }

    #[test]
    fn planted_clusters_are_recovered() {
        for (groups, size) in [(10, 60), (40, 500)] {
            let truth: Vec<u32> = (0..groups * size).map(|node| node / size).collect();
            let graph = planted(groups, size, 10, 2, 7).undirected().unweighted();
            assert!(check(&graph) == Partition::from_labels(&truth), "{groups} groups: {:?}", check(&graph).sizes());
        }
    }

    #[test]
    fn bipartite_graphs_do_not_oscillate() {
        let star: Vec<_> = (1..200).map(|leaf| (0, leaf, 1.0)).collect();
        assert_eq!(check(&Graph::from_edges(200, &star).undirected()).count(), 1);
        let complete: Vec<_> = (0..40).flat_map(|a| (40..80).map(move |b| (a, b, 1.0))).collect();
        assert_eq!(check(&Graph::from_edges(80, &complete).undirected()).count(), 1);
    }

    #[test]
    fn nobody_would_change_and_communities_are_connected() {
        for seed in 0..4 {
            for graph in [rmat(10, 8, seed), uniform(300, 400, seed), planted(5, 20, 4, 2, seed)] {
                check(&graph.undirected());
                check(&graph.undirected().unweighted());
            }
        }
    }

    #[test]
    fn verify_refuses_who_would_move() {
        let path = Graph::from_arrows("0>1 1>2 2>0 2>3").undirected();
        assert!(verify(&path, &Partition::from_labels(&[0, 0, 1, 1])).is_err());
        assert!(verify(&path, &Partition::from_labels(&[0, 0, 0, 0])).is_ok());
    }
}
