//! Parts of a side that hang together, and the largest eigenvalue of each: what the spectral segregation index is made of.

use crate::spectral::radius::spectral_radius;
use crate::{MetricError, Run};
use echogram_graph::{Graph, GraphView, Grouping, NodeId};

/// Members of one side that ties among themselves connect, two at least.
pub(crate) struct Part {
    pub(crate) side: u32,
    /// Rows of the whole graph, ascending.
    pub(crate) members: Vec<u32>,
    /// Their shares of attention for each other.
    pub(crate) shares: Graph,
    /// The largest eigenvalue of `shares`.
    pub(crate) eigenvalue: f64,
}

/// All parts, in the order of their first members.
pub(crate) fn segregation(graph: &Graph, sides: &Grouping, run: &Run<'_>) -> Result<Vec<Part>, MetricError> {
    let n = graph.node_count();
    let is_fellow = |node: NodeId, other: NodeId| node != other && sides.of(node).is_some() && sides.of(node) == sides.of(other);
    let mut place = vec![u32::MAX; n];
    let mut parts = Vec::new();
    for start in (0..n).map(NodeId::new) {
        let Some(side) = sides.of(start).filter(|_| place[start.row()] == u32::MAX) else { continue };
        let mut members = vec![start];
        place[start.row()] = 0;
        let mut at = 0;
        while at < members.len() {
            let node = members[at];
            at += 1;
            for &other in graph.successors(node).iter().chain(graph.predecessors(node)) {
                if is_fellow(node, other) && place[other.row()] == u32::MAX {
                    place[other.row()] = 0;
                    members.push(other);
                }
            }
        }
        if members.len() < 2 {
            continue;
        }
        members.sort_unstable();
        (0..).zip(&members).for_each(|(at, node)| place[node.row()] = at);
        let mut edges = Vec::new();
        for &node in &members {
            let others = || graph.out().row(node).filter(|tie| tie.0 != node);
            let total: f64 = others().map(|tie| tie.1).sum();
            let own = others().filter(|tie| is_fellow(node, tie.0));
            edges.extend(own.map(|(other, weight)| (place[node.row()], place[other.row()], weight / total)));
        }
        let shares = Graph::from_edges(members.len(), &edges);
        let eigenvalue = spectral_radius(&shares, &Run { on_step: None, ..*run })?.value;
        parts.push(Part { side, members: members.into_iter().map(|node| node.0).collect(), shares, eigenvalue });
    }
    Ok(parts)
}
