//! Weak component: the part of the network one can reach at all, whichever way ties point.
//!
//! # Formula
//! u and v share a component if a path joins them in the simple undirected union.
//!
//! # Conventions
//! Direction, weights and self-loops do not matter. Numbered by size, 0 = largest, ties by smallest account. An isolated account is a component of its own.
//!
//! # Range and unit
//! Label, 0 to number of components - 1.
//!
//! # Cost
//! O(V + E) time, up to 13 bytes per node. A parallel search from the account with the most ties finds the giant component without looking at
//! most of its edges; a lock-free union-find, whose result does not depend on the order, joins the rest.
//!
//! # Errors
//! Cancelled by the caller.
//!
//! # Compared with
//! NetworkX `weakly_connected_components`, igraph `components(mode="weak")`: equal up to numbering.
//!
//! # Source
//! Union-find as in Sutton, Ben-Nun, Barak, Optimizing parallel graph connectivity computation via subgraph sampling, IPDPS 2018,
//! doi 10.1109/IPDPS.2018.00012 (Afforest, whose sampled giant component the search replaces); the search as in Beamer, Asanović, Patterson,
//! Direction-optimizing breadth-first search, 2012, doi 10.1109/SC.2012.50.
//!
//! # Example
//! ```
//! use echogram_analytics::partition::component_weak::component_weak;
//! use echogram_graph::Graph;
//! let found = component_weak(&Graph::from_arrows("1>2 3>2 0"), &Default::default()).unwrap();
//! assert_eq!(found.labels(), [1, 0, 0, 0]);
//! ```

use crate::reach::{NodeSet, Way, reach};
use crate::spec::{Kind, MetricSpec, Outcome, Shape, Tier, Values, Weights};
use crate::{MetricError, Run};
use echogram_graph::{GraphView, NodeId, Partition};
use rayon::prelude::*;
use std::cmp::Reverse;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "component_weak",
    kind: Kind::Account,
    summary: "weakly connected component, 0 = largest",
    columns: &["component_weak"],
    shape: Shape::Directed,
    other_shape: false,
    weights: Weights::Never,
    needs: &[],
    parameters: &[],
    tier: Tier::Quick,
    chamber: None,
    unsteady: &[],
    source: include_str!("component_weak.rs"),
    run: |input, run| {
        let partition = component_weak(input.graph, run)?;
        Ok(Outcome {
            columns: vec![Values::Whole(partition.labels().to_vec())],
            partition: Some(Arc::new(partition)),
            ..Outcome::default()
        })
    },
};

/// Nodes per task.
const MIN_TASK: usize = 1 << 11;

/// The forest: each node's parent, never larger than the node; a root is its own parent.
pub(crate) struct Forest {
    parents: Vec<AtomicU32>,
}

impl Forest {
    /// Every node alone.
    pub(crate) fn alone(n: usize) -> Self {
        Self { parents: (0..n as u32).map(AtomicU32::new).collect() }
    }

    /// The members of `giant` below the smallest of them, all others alone.
    fn around(giant: &NodeSet, n: usize) -> Self {
        let first = (0..n).map(NodeId::new).find(|&node| giant.contains(node)).unwrap_or_default();
        let parent = |node: NodeId| if giant.contains(node) { first.0 } else { node.0 };
        let nodes = (0..n).into_par_iter().with_min_len(MIN_TASK).map(NodeId::new);
        Self { parents: nodes.map(|node| AtomicU32::new(parent(node))).collect() }
    }

    fn parent(&self, node: u32) -> u32 {
        self.parents[node as usize].load(Ordering::Relaxed)
    }

    /// Hangs the larger of two roots below the smaller; the root of a component ends up as its smallest member in any order.
    pub(crate) fn link(&self, one: u32, other: u32) {
        let (mut a, mut b) = (self.parent(one), self.parent(other));
        while a != b {
            let (high, low) = (a.max(b), a.min(b));
            let above = self.parent(high);
            if above == low {
                return;
            }
            let hang = &self.parents[high as usize];
            if above == high && hang.compare_exchange(high, low, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
                return;
            }
            a = self.parent(self.parent(high));
            b = self.parent(low);
        }
    }

    /// Lets every node point at its root.
    fn compress(&self) {
        (0..self.parents.len()).into_par_iter().with_min_len(MIN_TASK).for_each(|row| {
            let mut parent = self.parent(row as u32);
            while parent != self.parent(parent) {
                parent = self.parent(parent);
            }
            self.parents[row].store(parent, Ordering::Relaxed);
        });
    }

    /// The root of every node: the smallest member of its component.
    pub(crate) fn roots(self) -> Vec<u32> {
        self.compress();
        self.parents.into_iter().map(AtomicU32::into_inner).collect()
    }
}

/// The weak components of a graph.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn component_weak<G: GraphView + ?Sized>(graph: &G, run: &Run<'_>) -> Result<Partition, MetricError> {
    let n = graph.node_count();
    let nodes = || (0..n).into_par_iter().with_min_len(MIN_TASK).map(NodeId::new);
    let ties = |node: NodeId| graph.out_degree(node) + graph.in_degree(node);
    let hub = nodes().max_by_key(|&node| (ties(node), Reverse(node)));
    let total = 2 * n as u64;
    let everybody = NodeSet::of(n, |_| true);
    let giant = reach(graph, Way::Either, hub.into_iter().collect(), &everybody, &|seen| run.step(seen, total))?;
    run.step(n as u64, total)?;
    let forest = Forest::around(&giant, n);
    nodes().filter(|&node| !giant.contains(node)).for_each(|node| {
        graph.successors(node).iter().for_each(|other| forest.link(node.0, other.0));
    });
    Ok(Partition::from_labels(&forest.roots()))
}

/// Checks by breadth-first search, in sequence, from each account not yet seen.
///
/// # Errors
/// The first account that differs.
pub fn verify<G: GraphView + ?Sized>(graph: &G, found: &Partition) -> Result<(), String> {
    let mut seen = vec![None; graph.node_count()];
    for start in 0..graph.node_count() {
        if seen[start].is_some() {
            continue;
        }
        let mut queue = std::collections::VecDeque::from([NodeId::new(start)]);
        seen[start] = Some(start);
        while let Some(node) = queue.pop_front() {
            for &other in graph.successors(node).iter().chain(graph.predecessors(node)) {
                if seen[other.row()].is_none() {
                    seen[other.row()] = Some(start);
                    queue.push_back(other);
                }
            }
        }
    }
    let labels: Vec<u32> = seen.into_iter().map(|start| start.unwrap_or_default() as u32).collect();
    if Partition::from_labels(&labels) == *found {
        Ok(())
    } else {
        Err("components differ from a breadth-first search".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::{Graph, synthetic};

    #[test]
    fn breadth_first_search_agrees() {
        for graph in [
            synthetic::rmat(12, 2, 2),
            synthetic::uniform(3_000, 2_000, 3),
            synthetic::uniform(3_000, 1_200, 4),
            Graph::from_arrows("5>0 5>1 5>2 5>3 4>4 6>3 7"),
        ] {
            verify(&graph, &component_weak(&graph, &Run::default()).unwrap()).unwrap();
            let union = graph.undirected();
            verify(&union, &component_weak(&union, &Run::default()).unwrap()).unwrap();
        }
    }
}
