//! Strong component: accounts among which attention can travel there and back.
//!
//! # Formula
//! u and v share a component if u reaches v and v reaches u along directed edges.
//!
//! # Conventions
//! Weights and self-loops do not matter. Numbered by size, 0 = largest, ties by smallest account. In an undirected network equal to the weak components.
//!
//! # Range and unit
//! Label, 0 to number of components - 1.
//!
//! # Cost
//! O(V + E) time, 9 bytes per node and 13 more for the accounts that are left for the second step. First, in parallel, what the best
//! connected account reaches and what of that reaches it back: in a social network the giant component. Then one serial depth-first pass
//! over the rest, where accounts that nobody points at, or that point at nobody, are set aside as they are met. A network without a giant
//! component pays for two searches more than the pass alone would.
//!
//! # Errors
//! Cancelled by the caller.
//!
//! # Compared with
//! NetworkX `strongly_connected_components`, igraph `components(mode="strong")`, SciPy: equal up to numbering.
//!
//! # Source
//! Tarjan, Depth-first search and linear graph algorithms, SIAM Journal on Computing 1, 1972, doi 10.1137/0201010; without recursion and
//! with one index array as in Pearce, A space-efficient algorithm for finding strongly connected components, 2016, doi 10.1016/j.ipl.2015.08.010;
//! there and back from one account as in Fleischer, Hendrickson, Pinar, On identifying strongly connected components in parallel, IPDPS
//! Workshops 2000, doi 10.1007/3-540-45591-4_68; searches that push and pull as in Beamer, Asanović, Patterson, Direction-optimizing
//! breadth-first search, 2012, doi 10.1109/SC.2012.50.
//!
//! # Example
//! ```
//! use echogram_analytics::partition::component_strong::component_strong;
//! use echogram_graph::Graph;
//! let found = component_strong(&Graph::from_arrows("0>1 1>2 2>1 2>3"), &Default::default()).unwrap();
//! assert_eq!(found.labels(), [1, 0, 0, 2]);
//! ```

use crate::reach::{NodeSet, Way, reach};
use crate::spec::{Kind, MetricSpec, Outcome, Shape, Tier, Values, Weights};
use crate::{MetricError, Run};
use echogram_graph::{GraphView, NodeId, Partition};
use rayon::prelude::*;
use std::cmp::Reverse;
use std::sync::Arc;

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "component_strong",
    kind: Kind::Account,
    summary: "strongly connected component, 0 = largest",
    columns: &["component_strong"],
    shape: Shape::Directed,
    other_shape: false,
    weights: Weights::Never,
    needs: &[],
    parameters: &[],
    tier: Tier::Quick,
    chamber: None,
    unsteady: &[],
    source: include_str!("component_strong.rs"),
    run: |input, run| {
        let partition = component_strong(input.graph, run)?;
        Ok(Outcome {
            columns: vec![Values::Whole(partition.labels().to_vec())],
            partition: Some(Arc::new(partition)),
            ..Outcome::default()
        })
    },
};

/// Nodes between two looks at the caller's flag.
const STEP: usize = 1 << 14;
/// Rounds over the nodes that progress is counted in: there, back, and the rest.
const PHASES: u64 = 3;
/// Not visited yet.
const NEW: u32 = 0;

/// The search's memory. `low[v]` counts up from 1 while v may still be in a component with older nodes, and holds `done - component` after.
struct Search<'a, G: ?Sized> {
    graph: &'a G,
    low: Vec<u32>,
    is_root: Vec<bool>,
    /// Nodes on the path, with the next successor to look at.
    path: Vec<(NodeId, usize)>,
    /// Visited nodes whose component is open.
    open: Vec<NodeId>,
    next_index: u32,
    next_component: u32,
}

/// The strong components of a graph.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn component_strong<G: GraphView + ?Sized>(graph: &G, run: &Run<'_>) -> Result<Partition, MetricError> {
    let giant = hub_component(graph, run)?;
    finish(graph, &giant, run)
}

/// The component of the account that has the most ties where it has fewer, out or in: in a social network the giant one. What the hub
/// reaches, and of that what reaches the hub.
fn hub_component<G: GraphView + ?Sized>(graph: &G, run: &Run<'_>) -> Result<NodeSet, MetricError> {
    let n = graph.node_count();
    let ties = |node: NodeId| graph.out_degree(node).min(graph.in_degree(node));
    let hub = (0..n).into_par_iter().with_min_len(STEP).map(NodeId::new).max_by_key(|&node| (ties(node), Reverse(node)));
    let Some(hub) = hub.filter(|&hub| ties(hub) > 0) else {
        return Ok(NodeSet::of(n, |_| false));
    };
    let (done, total) = (n as u64, PHASES * n as u64);
    let there = reach(graph, Way::Forward, vec![hub], &NodeSet::of(n, |_| true), &|seen| run.step(seen, total))?;
    reach(graph, Way::Backward, vec![hub], &there, &|seen| run.step(done + seen, total))
}

/// One depth-first pass over all but `giant`, which is a component or empty.
fn finish<G: GraphView + ?Sized>(graph: &G, giant: &NodeSet, run: &Run<'_>) -> Result<Partition, MetricError> {
    let n = graph.node_count();
    let low = (0..n).into_par_iter().with_min_len(STEP);
    let mut search = Search {
        graph,
        low: low.map(|row| if giant.contains(NodeId::new(row)) { u32::MAX } else { NEW }).collect(),
        is_root: vec![true; n],
        path: Vec::new(),
        open: Vec::new(),
        next_index: 1,
        next_component: u32::MAX - 1,
    };
    for row in 0..n {
        if row % STEP == 0 {
            run.step((PHASES - 1) * n as u64 + row as u64, PHASES * n as u64)?;
        }
        if search.low[row] == NEW {
            search.visit_from(NodeId::new(row));
        }
    }
    let labels: Vec<u32> = search.low.into_iter().map(|component| u32::MAX - component).collect();
    Ok(Partition::from_labels(&labels))
}

impl<G: GraphView + ?Sized> Search<'_, G> {
    fn visit_from(&mut self, start: NodeId) {
        if self.is_trivial(start) {
            return self.close_alone(start);
        }
        self.enter(start);
        while let Some(&mut (node, ref mut next)) = self.path.last_mut() {
            let Some(&other) = self.graph.successors(node).get(*next) else {
                self.leave(node);
                continue;
            };
            *next += 1;
            if self.low[other.row()] == NEW {
                if self.is_trivial(other) {
                    self.close_alone(other);
                } else {
                    self.enter(other);
                    continue;
                }
            }
            self.lower(node, self.low[other.row()]);
        }
    }

    fn is_trivial(&self, node: NodeId) -> bool {
        self.graph.out_degree(node) == 0 || self.graph.in_degree(node) == 0
    }

    fn close_alone(&mut self, node: NodeId) {
        self.low[node.row()] = self.next_component;
        self.next_component -= 1;
    }

    fn enter(&mut self, node: NodeId) {
        self.low[node.row()] = self.next_index;
        self.next_index += 1;
        self.path.push((node, 0));
    }

    /// Closed components have the highest numbers, so they never lower anybody.
    fn lower(&mut self, node: NodeId, to: u32) {
        if to < self.low[node.row()] {
            self.low[node.row()] = to;
            self.is_root[node.row()] = false;
        }
    }

    fn leave(&mut self, node: NodeId) {
        self.path.pop();
        let low = self.low[node.row()];
        if self.is_root[node.row()] {
            self.next_index -= 1;
            while let Some(&member) = self.open.last() {
                if self.low[member.row()] < low {
                    break;
                }
                self.open.pop();
                self.low[member.row()] = self.next_component;
                self.next_index -= 1;
            }
            self.low[node.row()] = self.next_component;
            self.next_component -= 1;
        } else {
            self.open.push(node);
        }
        if let Some(&(parent, _)) = self.path.last() {
            self.lower(parent, self.low[node.row()]);
        }
    }
}

/// Checks by reachability: forward and backward search from each component's smallest member meet in just that component.
///
/// # Errors
/// The first component that differs.
pub fn verify<G: GraphView + ?Sized>(graph: &G, found: &Partition) -> Result<(), String> {
    let n = graph.node_count();
    let reach = |start: NodeId, rows: &dyn Fn(NodeId) -> Vec<NodeId>| {
        let mut seen = vec![false; n];
        let mut stack = vec![start];
        seen[start.row()] = true;
        while let Some(node) = stack.pop() {
            for other in rows(node) {
                if !std::mem::replace(&mut seen[other.row()], true) {
                    stack.push(other);
                }
            }
        }
        seen
    };
    let mut checked = vec![false; found.count()];
    for start in (0..n).map(NodeId::new) {
        if std::mem::replace(&mut checked[found.of(start) as usize], true) {
            continue;
        }
        let there = reach(start, &|node| graph.successors(node).to_vec());
        let back = reach(start, &|node| graph.predecessors(node).to_vec());
        if (0..n).any(|row| (there[row] && back[row]) != (found.of(NodeId::new(row)) == found.of(start))) {
            return Err(format!("component {} is not what node {} reaches there and back", found.of(start), start.row()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::{Graph, synthetic};

    #[test]
    fn reachability_agrees() {
        for graph in [
            synthetic::rmat(8, 3, 2),
            synthetic::uniform(200, 230, 3),
            synthetic::uniform(200, 300, 5),
            Graph::from_arrows("0>1 1>0 2>2 1>3 3>4 4>5 5>3 5>6 7"),
        ] {
            verify(&graph, &component_strong(&graph, &Run::default()).unwrap()).unwrap();
        }
    }

    /// The plain serial pass, which the search from the hub must beat.
    #[test]
    fn the_serial_pass_alone_agrees() {
        for graph in [synthetic::rmat(12, 8, 2), synthetic::uniform(5_000, 9_000, 3), synthetic::planted(40, 50, 2, 1, 5)] {
            let nobody = NodeSet::of(GraphView::node_count(&graph), |_| false);
            let alone = finish(&graph, &nobody, &Run::default()).unwrap();
            assert_eq!(component_strong(&graph, &Run::default()).unwrap(), alone);
        }
    }

    #[test]
    fn a_long_chain_needs_no_recursion() {
        let edges: Vec<_> = (0..200_000).map(|row| (row, row + 1, 1.0)).chain([(200_000, 0, 1.0)]).collect();
        let ring = Graph::from_edges(200_001, &edges);
        assert_eq!(component_strong(&ring, &Run::default()).unwrap().count(), 1);
    }
}
