//! Reciprocity: the share of one's attention that is returned.
//!
//! # Formula
//! reciprocity(v) = |{w : v -> w and w -> v}| / out_degree(v).
//!
//! # Conventions
//! Distinct directed ties; weights do not matter; self-loops do not count, even if kept in the graph. Null where v has no outgoing
//! edge to another account. 1 everywhere in an undirected network.
//!
//! # Range and unit
//! Share in [0, 1]; 0 = nobody looks back.
//!
//! # Cost
//! O(E) time (out-row and in-row merged), 8 bytes per node. Parallel over nodes.
//!
//! # Errors
//! Cancelled by the caller.
//!
//! # Compared with
//! NetworkX `reciprocity(G, nodes)` divides 2 x mutual by in + out; igraph offers the network's value only. Ours asks about the outgoing ties alone.
//!
//! # Source
//! Wasserman and Faust, Social Network Analysis, 1994, section 4.3 (mutuality of ties).
//!
//! # Example
//! ```
//! use echogram_analytics::centrality::reciprocity::reciprocity;
//! use echogram_graph::Graph;
//! let found = reciprocity(&Graph::from_arrows("0>1 1>0 0>2"), &Default::default()).unwrap();
//! assert_eq!(found[..2], [0.5, 1.0]);
//! assert!(found[2].is_nan());
//! ```

use crate::spec::{Kind, MetricSpec, Outcome, Shape, Tier, Values, Weights};
use crate::{MetricError, Run};
use echogram_graph::{GraphView, NodeId};
use rayon::prelude::*;

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "reciprocity",
    kind: Kind::Account,
    summary: "share of an account's outgoing ties that are returned",
    columns: &["reciprocity"],
    shape: Shape::Directed,
    other_shape: false,
    weights: Weights::Never,
    needs: &[],
    parameters: &[],
    tier: Tier::Quick,
    chamber: None,
    unsteady: &[],
    source: include_str!("reciprocity.rs"),
    run: |input, run| Ok(Outcome::of_columns(vec![Values::Real(reciprocity(input.graph, run)?)])),
};

/// The share of returned ties per node; NaN = no outgoing tie.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn reciprocity<G: GraphView + ?Sized>(graph: &G, run: &Run<'_>) -> Result<Vec<f64>, MetricError> {
    run.step(0, 1)?;
    Ok((0..graph.node_count())
        .into_par_iter()
        .map(|row| {
            let node = NodeId::new(row);
            let own = usize::from(graph.successors(node).binary_search(&node).is_ok());
            let mutual = super::degree::common(graph.successors(node), graph.predecessors(node)) - own;
            mutual as f64 / (graph.out_degree(node) - own) as f64
        })
        .collect())
}

/// Checks tie by tie, looking each return up in the other account's own list.
///
/// # Errors
/// The first account that differs.
pub fn verify<G: GraphView + ?Sized>(graph: &G, found: &[f64]) -> Result<(), String> {
    for node in (0..graph.node_count()).map(NodeId::new) {
        let ties: Vec<NodeId> = graph.successors(node).iter().copied().filter(|&other| other != node).collect();
        let returned = ties.iter().filter(|&&other| graph.successors(other).contains(&node)).count();
        let wanted = returned as f64 / ties.len() as f64;
        if found[node.row()].to_bits() != wanted.to_bits() && !(wanted.is_nan() && found[node.row()].is_nan()) {
            return Err(format!("node {}: got {}, looked up {wanted}", node.row(), found[node.row()]));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::{Graph, synthetic};

    #[test]
    fn looking_up_agrees() {
        for graph in [synthetic::rmat(8, 6, 2), synthetic::uniform(40, 500, 1), Graph::from_arrows("0>0 0>1 1>0 2")] {
            verify(&graph, &reciprocity(&graph, &Run::default()).unwrap()).unwrap();
        }
    }
}
