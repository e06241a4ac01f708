//! petgraph's visit traits for [`Graph`], so that any algorithm of petgraph runs on it.
//!
//! A symmetric graph shows itself as a directed one that holds every pair both ways.

use crate::{Graph, GraphView, NodeId};
use petgraph::Directed;
use petgraph::Direction;
use petgraph::visit::{
    Data, EdgeCount, EdgeRef, GraphBase, GraphProp, IntoEdgeReferences, IntoEdges, IntoEdgesDirected, IntoNeighbors,
    IntoNeighborsDirected, IntoNodeIdentifiers, NodeCompactIndexable, NodeCount, NodeIndexable, VisitMap, Visitable,
};

/// An edge as petgraph sees it; (source, target) names it, as a graph holds a pair once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EdgeReference<'a> {
    source: NodeId,
    target: NodeId,
    weight: &'a f64,
}

impl EdgeRef for EdgeReference<'_> {
    type NodeId = NodeId;
    type EdgeId = (NodeId, NodeId);
    type Weight = f64;

    fn source(&self) -> NodeId {
        self.source
    }
    fn target(&self) -> NodeId {
        self.target
    }
    fn weight(&self) -> &f64 {
        self.weight
    }
    fn id(&self) -> (NodeId, NodeId) {
        (self.source, self.target)
    }
}

/// Marks visited nodes, one bit each.
#[derive(Clone, Debug, Default)]
pub struct VisitedNodes {
    words: Vec<u64>,
}

impl VisitMap<NodeId> for VisitedNodes {
    fn visit(&mut self, node: NodeId) -> bool {
        let fresh = !self.is_visited(&node);
        self.words[node.row() / 64] |= 1 << (node.row() % 64);
        fresh
    }
    fn is_visited(&self, node: &NodeId) -> bool {
        self.words[node.row() / 64] & (1 << (node.row() % 64)) != 0
    }
    fn unvisit(&mut self, node: NodeId) -> bool {
        let visited = self.is_visited(&node);
        self.words[node.row() / 64] &= !(1 << (node.row() % 64));
        visited
    }
}

impl GraphBase for Graph {
    type NodeId = NodeId;
    type EdgeId = (NodeId, NodeId);
}

impl Data for Graph {
    type NodeWeight = ();
    type EdgeWeight = f64;
}

impl GraphProp for Graph {
    type EdgeType = Directed;
}

impl NodeCount for Graph {
    fn node_count(&self) -> usize {
        GraphView::node_count(self)
    }
}

impl EdgeCount for Graph {
    fn edge_count(&self) -> usize {
        self.out().entry_count()
    }
}

impl NodeIndexable for Graph {
    fn node_bound(&self) -> usize {
        GraphView::node_count(self)
    }
    fn to_index(&self, node: NodeId) -> usize {
        node.row()
    }
    fn from_index(&self, row: usize) -> NodeId {
        NodeId::new(row)
    }
}

impl NodeCompactIndexable for Graph {}

impl Visitable for Graph {
    type Map = VisitedNodes;
    fn visit_map(&self) -> VisitedNodes {
        VisitedNodes { words: vec![0; GraphView::node_count(self).div_ceil(64)] }
    }
    fn reset_map(&self, map: &mut VisitedNodes) {
        *map = self.visit_map();
    }
}

impl IntoNodeIdentifiers for &Graph {
    type NodeIdentifiers = std::iter::Map<std::ops::Range<usize>, fn(usize) -> NodeId>;
    fn node_identifiers(self) -> Self::NodeIdentifiers {
        (0..GraphView::node_count(self)).map(NodeId::new)
    }
}

impl<'a> IntoNeighbors for &'a Graph {
    type Neighbors = std::iter::Copied<std::slice::Iter<'a, NodeId>>;
    fn neighbors(self, node: NodeId) -> Self::Neighbors {
        self.successors(node).iter().copied()
    }
}

impl<'a> IntoNeighborsDirected for &'a Graph {
    type NeighborsDirected = std::iter::Copied<std::slice::Iter<'a, NodeId>>;
    fn neighbors_directed(self, node: NodeId, direction: Direction) -> Self::NeighborsDirected {
        match direction {
            Direction::Outgoing => self.successors(node).iter().copied(),
            Direction::Incoming => self.predecessors(node).iter().copied(),
        }
    }
}

/// The edges of one node, in one direction.
#[derive(Clone, Debug)]
pub struct NodeEdges<'a> {
    node: NodeId,
    others: &'a [NodeId],
    weights: Option<&'a [f64]>,
    direction: Direction,
    next: usize,
}

impl<'a> Iterator for NodeEdges<'a> {
    type Item = EdgeReference<'a>;
    fn next(&mut self) -> Option<EdgeReference<'a>> {
        let other = *self.others.get(self.next)?;
        let weight = self.weights.map_or(&1.0, |weights| &weights[self.next]);
        self.next += 1;
        let (source, target) = match self.direction {
            Direction::Outgoing => (self.node, other),
            Direction::Incoming => (other, self.node),
        };
        Some(EdgeReference { source, target, weight })
    }
}

impl<'a> IntoEdgesDirected for &'a Graph {
    type EdgesDirected = NodeEdges<'a>;
    fn edges_directed(self, node: NodeId, direction: Direction) -> NodeEdges<'a> {
        let (others, weights) = match direction {
            Direction::Outgoing => (self.successors(node), self.successor_weights(node)),
            Direction::Incoming => (self.predecessors(node), self.predecessor_weights(node)),
        };
        NodeEdges { node, others, weights, direction, next: 0 }
    }
}

impl<'a> IntoEdges for &'a Graph {
    type Edges = NodeEdges<'a>;
    fn edges(self, node: NodeId) -> NodeEdges<'a> {
        self.edges_directed(node, Direction::Outgoing)
    }
}

/// All edges, by source and then target.
#[derive(Clone, Debug)]
pub struct AllEdges<'a> {
    graph: &'a Graph,
    row: usize,
    edges: Option<NodeEdges<'a>>,
}

impl<'a> Iterator for AllEdges<'a> {
    type Item = EdgeReference<'a>;
    fn next(&mut self) -> Option<EdgeReference<'a>> {
        loop {
            if let Some(edge) = self.edges.as_mut().and_then(Iterator::next) {
                return Some(edge);
            }
            if self.row == GraphView::node_count(self.graph) {
                return None;
            }
            self.edges = Some(self.graph.edges(NodeId::new(self.row)));
            self.row += 1;
        }
    }
}

impl<'a> IntoEdgeReferences for &'a Graph {
    type EdgeRef = EdgeReference<'a>;
    type EdgeReferences = AllEdges<'a>;
    fn edge_references(self) -> AllEdges<'a> {
        AllEdges { graph: self, row: 0, edges: None }
    }
}
