//! Louvain community: groups by the older method that Leiden improves on, for comparison with studies that used it.
//!
//! # Formula
//! As for `community`: a partition that makes modularity Q large, with `community.resolution` and `community.cpm`. Accounts move while Q
//! grows, each community becomes one node, and so on until nothing merges.
//!
//! # Conventions
//! On the simple undirected union, all ties alike (`_weighted`: weights of both directions added). **A community may fall into parts that
//! are not connected**: nothing holds together what an account that moved away later had joined. `community` has no such flaw.
//! Numbered by size, 0 = largest, ties by smallest account. Ties of gain go to the smallest label. An account without ties is alone.
//! Small networks are searched several times, as for `community`.
//!
//! # Range and unit
//! Label, 0 to number of communities - 1.
//!
//! # Cost
//! Near O(E), about half of Leiden's time; memory as in the module `leiden`. Parallel, the same labels for any number of threads.
//!
//! # Stops when
//! No community merges with another: one pass over all levels.
//!
//! # Errors
//! As for `community`.
//!
//! # Compared with
//! NetworkX `louvain_communities`, igraph `community_multilevel`, networkit `PLM` (parallel, not repeatable): the same Q, other local optima.
//!
//! # Source
//! Blondel, Guillaume, Lambiotte and Lefebvre, Fast unfolding of communities in large networks, Journal of Statistical Mechanics, 2008,
//! doi 10.1088/1742-5468/2008/10/P10008.
//!
//! # Example
//! ```
//! use echogram_analytics::leiden::{Params, louvain};
//! use echogram_graph::Graph;
//! let triangles = Graph::from_arrows("0>1 1>2 2>0 3>4 4>5 5>3 2>3").undirected();
//! let found = louvain(&triangles, &Params::default(), &Default::default()).unwrap();
//! assert_eq!(found.partition.labels(), [0, 0, 0, 1, 1, 1]);
//! ```

use crate::leiden::{CPM, Params, RESOLUTION, louvain, verify_numbers};
use crate::spec::{Kind, MetricSpec, Outcome, Shape, Tier, Values, Weights};
use echogram_graph::{Graph, GraphView, NodeId, Partition};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "community_louvain",
    kind: Kind::Account,
    summary: "community by Louvain (modularity), may be disconnected, 0 = largest",
    columns: &["community_louvain"],
    shape: Shape::Undirected,
    other_shape: false,
    weights: Weights::Variant,
    needs: &[],
    parameters: &[RESOLUTION, CPM],
    tier: Tier::Full,
    chamber: None,
    unsteady: &[],
    source: include_str!("community_louvain.rs"),
    run: |input, run| {
        let params = Params::of(input);
        let found = louvain(input.graph, &params, run)?;
        Ok(Outcome {
            columns: vec![Values::Whole(found.partition.labels().to_vec())],
            iterations: Some(found.iterations),
            stop: Some(found.stop),
            parameters: params.metadata("louvain", &found),
            partition: Some(Arc::new(found.partition)),
            ..Outcome::default()
        })
    },
};

/// Checks that no two communities of a symmetric graph would gain modularity by becoming one, pair by pair.
///
/// # Errors
/// The pair that would, or what is wrong with the numbers.
pub fn verify(graph: &Graph, partition: &Partition, resolution: f64) -> Result<(), String> {
    verify_numbers(graph, partition)?;
    let mut volume = vec![0.0; partition.count()];
    let mut between: BTreeMap<(u32, u32), f64> = BTreeMap::new();
    for node in (0..graph.node_count()).map(NodeId::new) {
        for (other, weight) in graph.out().row(node) {
            volume[partition.of(node) as usize] += weight;
            if partition.of(node) != partition.of(other) {
                *between.entry((partition.of(node), partition.of(other))).or_default() += weight;
            }
        }
    }
    let total: f64 = volume.iter().sum();
    for ((one, other), weight) in between {
        let chance = resolution * volume[one as usize] * volume[other as usize] / total;
        if weight > chance + 1e-9 * total {
            return Err(format!("communities {one} and {other} share {weight} where chance puts {chance}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Run;
    use echogram_graph::synthetic::{planted, rmat, uniform};

    #[track_caller]
    fn check(graph: &Graph) -> Partition {
        let found = louvain(graph, &Params::default(), &Run::default()).unwrap();
        verify(graph, &found.partition, 1.0).unwrap();
        found.partition
    }

    #[test]
    fn triangles_are_communities() {
        let found = check(&Graph::from_arrows("0>1 1>2 2>0 3>4 4>5 5>3 2>3 6").undirected());
        assert_eq!(found.labels(), [0, 0, 0, 1, 1, 1, 2]);
        assert_eq!(check(&Graph::from_arrows("")).count(), 0);
        assert_eq!(check(&Graph::from_arrows("2").undirected()).labels(), [0, 1, 2]);
    }

    #[test]
    fn planted_clusters_are_recovered() {
        for (groups, size) in [(10, 60), (40, 500)] {
            let truth: Vec<u32> = (0..groups * size).map(|node| node / size).collect();
            let graph = planted(groups, size, 10, 2, 7).undirected().unweighted();
            assert_eq!(check(&graph), Partition::from_labels(&truth));
        }
    }

    #[test]
    fn no_two_communities_would_gain_by_merging() {
        for seed in 0..4 {
            for graph in [rmat(8, 8, seed), uniform(300, 400, seed), planted(5, 20, 4, 2, seed)] {
                check(&graph.undirected());
                check(&graph.undirected().unweighted());
            }
        }
    }

    #[test]
    fn verify_refuses_what_could_merge() {
        let pair = Graph::from_arrows("0>1 2>3").undirected();
        assert!(verify(&pair, &Partition::from_labels(&[0, 1, 2, 2]), 1.0).is_err());
        assert!(verify(&pair, &Partition::from_labels(&[0, 0, 1, 1]), 1.0).is_ok());
    }
}
