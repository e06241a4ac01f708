//! Core number: how deep in the densely knit middle of the network an account sits.
//!
//! # Formula
//! core(v) = the largest k such that v belongs to a set of accounts that each have at least k neighbours within the set.
//!
//! # Conventions
//! Simple undirected union of the merged relations; weights do not matter; self-loops never count. An isolated account has core number 0.
//!
//! # Range and unit
//! Neighbours, 0 to V - 1.
//!
//! # Cost
//! O(V + E) time and one scan of the remaining nodes per distinct core number; 8 bytes per node. Each level is peeled in parallel:
//! degrees fall by atomic decrements, whose result does not depend on their order, and a thread follows its own avalanche.
//!
//! # Errors
//! Cancelled by the caller.
//!
//! # Compared with
//! NetworkX `core_number` and igraph `coreness(mode="all")` on the simple graph: equal. igraph on a directed graph counts a mutual pair twice.
//!
//! # Source
//! Seidman, Network structure and minimum degree, Social Networks 5, 1983, doi 10.1016/0378-8733(83)90028-X; peeling in levels as in
//! Dasari, Ranjan, Zubair, ParK, IEEE BigData 2014, doi 10.1109/BigData.2014.7004366; with avalanches that stay with their thread as in
//! Kabir, Madduri, Parallel k-core decomposition on multicore platforms, IPDPS Workshops 2017, doi 10.1109/IPDPSW.2017.151.
//!
//! # Example
//! ```
//! use echogram_analytics::centrality::core::core;
//! use echogram_graph::Graph;
//! let graph = Graph::from_arrows("0>1 1>2 2>0 2>3 4").undirected();
//! assert_eq!(core(&graph, &Default::default()).unwrap(), [2, 2, 2, 1, 0]);
//! ```

use crate::peel::{peel, tie_counts};
use crate::spec::{Kind, MetricSpec, Outcome, Shape, Tier, Values, Weights};
use crate::{MetricError, Run};
use echogram_graph::{GraphView, NodeId};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "core",
    kind: Kind::Account,
    summary: "largest k for which an account is in the k-core",
    columns: &["core"],
    shape: Shape::Undirected,
    other_shape: false,
    weights: Weights::Never,
    needs: &[],
    parameters: &[],
    tier: Tier::Quick,
    chamber: None,
    unsteady: &[],
    source: include_str!("core.rs"),
    run: |input, run| Ok(Outcome::of_columns(vec![Values::Whole(core(input.graph, run)?)])),
};

/// Core numbers of a symmetric graph.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn core<G: GraphView + ?Sized>(graph: &G, run: &Run<'_>) -> Result<Vec<u32>, MetricError> {
    let neighbours = |node| graph.successors(node);
    let n = graph.node_count();
    peel(tie_counts(n, neighbours), neighbours, &|done| run.step(done, n as u64))
}

/// Checks by the definition: everybody has at least core(v) neighbours of at least that core, and a serial peel in buckets agrees.
///
/// # Errors
/// The first account that differs.
pub fn verify<G: GraphView + ?Sized>(graph: &G, found: &[u32]) -> Result<(), String> {
    let n = graph.node_count();
    let others = |node: NodeId| graph.successors(node).iter().copied().filter(move |&other| other != node);
    let mut degree: Vec<usize> = (0..n).map(|row| others(NodeId::new(row)).count()).collect();
    let mut buckets: Vec<Vec<usize>> = vec![Vec::new(); n + 1];
    for (row, &value) in degree.iter().enumerate() {
        buckets[value].push(row);
    }
    let (mut done, mut level, mut k) = (vec![false; n], 0, 0);
    while k <= n {
        let Some(row) = buckets[k].pop() else {
            k += 1;
            continue;
        };
        if done[row] || degree[row] != k {
            continue;
        }
        done[row] = true;
        level = level.max(k);
        if found[row] as usize != level {
            return Err(format!("node {row}: got core {}, serial peeling gives {level}", found[row]));
        }
        for other in others(NodeId::new(row)).filter(|other| !done[other.row()]) {
            degree[other.row()] -= 1;
            buckets[degree[other.row()]].push(other.row());
        }
        k = k.saturating_sub(1);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::{Graph, synthetic};

    #[test]
    fn serial_peeling_agrees() {
        for graph in [synthetic::rmat(11, 8, 2), synthetic::uniform(60, 100, 3), Graph::from_arrows("0>0 0>1 1>2 2>0 3>3 4>3")] {
            let union = graph.undirected();
            verify(&union, &core(&union, &Run::default()).unwrap()).unwrap();
        }
    }

    #[test]
    fn a_clique_is_one_core() {
        let arrows: Vec<String> = (0..6).flat_map(|a| (0..a).map(move |b| format!("{a}>{b}"))).collect();
        let graph = Graph::from_arrows(&arrows.join(" ")).undirected();
        assert_eq!(core(&graph, &Run::default()).unwrap(), [5; 6]);
    }
}
