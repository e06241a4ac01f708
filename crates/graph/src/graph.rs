//! The graph that metrics read: successors and predecessors of every node, from one or several relations.

use crate::union::merge;
use crate::{Csr, NodeId};
use std::sync::Arc;

/// What a metric may ask of a graph. Rows are slices: ascending, without duplicates.
pub trait GraphView: Sync {
    /// Number of nodes, isolated ones included.
    fn node_count(&self) -> usize;
    /// Nodes that `node` points at.
    fn successors(&self, node: NodeId) -> &[NodeId];
    /// Nodes that point at `node`.
    fn predecessors(&self, node: NodeId) -> &[NodeId];
    /// Weights of [`Self::successors`], or `None` where all are 1.
    fn successor_weights(&self, node: NodeId) -> Option<&[f64]>;
    /// Weights of [`Self::predecessors`], or `None` where all are 1.
    fn predecessor_weights(&self, node: NodeId) -> Option<&[f64]>;
    /// Number of successors.
    fn out_degree(&self, node: NodeId) -> usize {
        self.successors(node).len()
    }
    /// Number of predecessors.
    fn in_degree(&self, node: NodeId) -> usize {
        self.predecessors(node).len()
    }
}

/// A graph in memory. A symmetric one (undirected) shares one adjacency for both directions.
///
/// Memory: two [`Csr`], or one where the graph is symmetric.
#[derive(Clone, Debug, PartialEq)]
pub struct Graph {
    out: Arc<Csr>,
    incoming: Arc<Csr>,
    directed: bool,
}

impl Graph {
    /// A directed graph; its predecessors are found by transposing.
    pub fn directed(out: Arc<Csr>) -> Self {
        let incoming = Arc::new(out.transposed());
        Self { out, incoming, directed: true }
    }

    /// An undirected graph from an adjacency that is its own transpose.
    pub fn symmetric(adjacency: Arc<Csr>) -> Self {
        Self { incoming: Arc::clone(&adjacency), out: adjacency, directed: false }
    }

    /// From text for tests and examples: `"0>1 1>2:2.5"` gives 0 -> 1 with weight 1 and 1 -> 2 with weight 2.5; a lone number makes sure
    /// of a node.
    ///
    /// # Panics
    /// If the text is anything else.
    pub fn from_arrows(arrows: &str) -> Self {
        let number = |text: &str| text.parse::<u32>().expect("a node number");
        let mut edges: Vec<(u32, u32, f64)> = Vec::new();
        let mut nodes = 0;
        for word in arrows.split_whitespace() {
            let (ends, weight) = word.split_once(':').map_or((word, 1.0), |(e, w)| (e, w.parse().expect("a weight")));
            match ends.split_once('>') {
                Some((source, target)) => {
                    edges.push((number(source), number(target), weight));
                    nodes = nodes.max(number(source) + 1).max(number(target) + 1);
                }
                None => nodes = nodes.max(number(ends) + 1),
            }
        }
        Self::from_edges(nodes as usize, &edges)
    }

    /// A directed graph from (source, target, weight); repeated edges are summed, self-loops kept.
    pub fn from_edges(nodes: usize, edges: &[(u32, u32, f64)]) -> Self {
        Self::directed(Self::adjacency(nodes, edges))
    }

    /// An undirected graph from ties, each of which stands once, either way round; repeated ones are summed, self-loops kept.
    pub fn from_ties(nodes: usize, ties: &[(u32, u32, f64)]) -> Self {
        let turned = ties.iter().filter(|tie| tie.0 != tie.1).map(|&(one, other, weight)| (other, one, weight));
        Self::symmetric(Self::adjacency(nodes, &ties.iter().copied().chain(turned).collect::<Vec<_>>()))
    }

    fn adjacency(nodes: usize, edges: &[(u32, u32, f64)]) -> Arc<Csr> {
        let rows = crate::EdgeRows {
            sources: edges.iter().map(|edge| NodeId(edge.0)).collect(),
            targets: edges.iter().map(|edge| NodeId(edge.1)).collect(),
            weights: Some(edges.iter().map(|edge| edge.2).collect()),
            times: None,
        };
        Arc::clone(crate::Layer::build("edge", nodes, true, vec![rows]).edges())
    }

    /// Whether the graph was given as directed.
    pub fn is_directed(&self) -> bool {
        self.directed
    }

    /// Rows by source.
    #[inline]
    pub fn out(&self) -> &Csr {
        &self.out
    }

    /// Rows by target.
    pub fn incoming(&self) -> &Csr {
        &self.incoming
    }

    /// Number of edges; each undirected pair counts once.
    pub fn edge_count(&self) -> u64 {
        let entries = self.out.entry_count() as u64;
        if self.directed { entries } else { (entries + self.out.loop_count()) / 2 }
    }

    /// Whether weights other than 1 occur.
    pub fn is_weighted(&self) -> bool {
        self.out.weights().is_some()
    }

    /// The simple undirected union: a and b are neighbours if either points at the other; weights of both directions are added.
    /// A graph that is symmetric already is returned as it is.
    pub fn undirected(&self) -> Self {
        if !self.directed {
            return self.clone();
        }
        Self::symmetric(Arc::new(merge(&self.out, &self.incoming, true).simplified()))
    }

    /// As [`Self::undirected`] with all weights 1: a third of the memory, as no weights are added up.
    pub fn undirected_unweighted(&self) -> Self {
        if !self.directed {
            return self.unweighted();
        }
        Self::symmetric(Arc::new(merge(&self.out, &self.incoming, false)))
    }

    /// The same graph with all weights 1. Cost: none, the structure is shared.
    pub fn unweighted(&self) -> Self {
        let out = Arc::new(self.out.unweighted());
        if self.directed {
            Self { out, incoming: Arc::new(self.incoming.unweighted()), directed: true }
        } else {
            Self::symmetric(out)
        }
    }

    /// The same graph with node `v` renamed to `order[v]`.
    ///
    /// # Panics
    /// If `order` is not a permutation of the rows.
    pub fn relabelled(&self, order: &[u32]) -> Self {
        let edges: Vec<(u32, u32, f64)> = (0..self.node_count())
            .flat_map(|row| self.out.row(NodeId::new(row)).map(move |(target, weight)| (order[row], order[target.row()], weight)))
            .collect();
        let renamed = Self::from_edges(self.node_count(), &edges);
        if self.directed { renamed } else { Self::symmetric(renamed.out) }
    }
}

impl GraphView for Graph {
    fn node_count(&self) -> usize {
        self.out.node_count()
    }
    #[inline]
    fn successors(&self, node: NodeId) -> &[NodeId] {
        self.out.neighbours(node)
    }
    #[inline]
    fn predecessors(&self, node: NodeId) -> &[NodeId] {
        self.incoming.neighbours(node)
    }
    fn successor_weights(&self, node: NodeId) -> Option<&[f64]> {
        self.out.row_weights(node)
    }
    fn predecessor_weights(&self, node: NodeId) -> Option<&[f64]> {
        self.incoming.row_weights(node)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_union_adds_the_weights_of_both_directions() {
        let union = Graph::from_arrows("0>1:2 1>0:3 2>1").undirected();
        assert_eq!(union.edge_count(), 2);
        assert_eq!(union.out().row(NodeId(1)).collect::<Vec<_>>(), [(NodeId(0), 5.0), (NodeId(2), 1.0)]);
        assert_eq!(union.undirected(), union);
        let given = Graph::from_arrows("0>1:2 1>0:3 2>1");
        assert_eq!(given.undirected_unweighted(), union.unweighted());
        assert_eq!(union.undirected_unweighted(), union.unweighted());
    }

    #[test]
    fn predecessors_mirror_successors() {
        let graph = Graph::from_arrows("0>2 1>2:4 2>0 4");
        assert_eq!(graph.predecessors(NodeId(2)), [NodeId(0), NodeId(1)]);
        assert_eq!(graph.predecessor_weights(NodeId(2)), Some([1.0, 4.0].as_slice()));
        assert_eq!((graph.node_count(), graph.in_degree(NodeId(4))), (5, 0));
    }
}
