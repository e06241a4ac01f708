//! Strength: how much attention one pays and gets, every mention, reply and repost counted.
//!
//! # Formula
//! in_strength(v) = sum of w(u, v) over u -> v; out_strength(v) = sum of w(v, x) over v -> x.
//!
//! # Conventions
//! w is the edge's weight: events, or the weight column's sum; a follow weighs 1; relations are added, each times its factor.
//! Self-loops are left out unless kept. In an undirected network both are equal.
//!
//! # Range and unit
//! Weight, >= 0; 0 for an account without edges that way. Without weights it equals the degree.
//!
//! # Cost
//! O(E) time, 8 bytes per node each. Parallel over nodes, each row added in its order.
//!
//! # Errors
//! Cancelled by the caller.
//!
//! # Compared with
//! NetworkX `in_degree(weight="weight")`, igraph `strength(mode="in")`: equal.
//!
//! # Source
//! Barrat, Barthélemy, Pastor-Satorras, Vespignani, The architecture of complex weighted networks, PNAS 101, 2004,
//! doi 10.1073/pnas.0400087101.
//!
//! # Example
//! ```
//! use echogram_analytics::centrality::strength::strength;
//! use echogram_graph::Graph;
//! let found = strength(&Graph::from_arrows("0>1:2 2>1:0.5"), &Default::default()).unwrap();
//! assert_eq!((found.incoming, found.outgoing), (vec![0.0, 2.5, 0.0], vec![2.0, 0.0, 0.5]));
//! ```

use crate::spec::{Kind, MetricSpec, Outcome, Shape, Tier, Values, Weights};
use crate::{MetricError, Run};
use echogram_graph::{GraphView, NodeId};
use rayon::prelude::*;

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "strength",
    kind: Kind::Account,
    summary: "weight of the attention one gets and pays",
    columns: &["in_strength", "out_strength"],
    shape: Shape::Directed,
    other_shape: false,
    weights: Weights::Always,
    needs: &[],
    parameters: &[],
    tier: Tier::Quick,
    chamber: None,
    unsteady: &[],
    source: include_str!("strength.rs"),
    run: |input, run| {
        let found = strength(input.graph, run)?;
        Ok(Outcome::of_columns([found.incoming, found.outgoing].map(Values::Real).into()))
    },
};

/// The two strengths of every node.
#[derive(Clone, Debug, PartialEq)]
pub struct Strength {
    /// Weight of incoming edges.
    pub incoming: Vec<f64>,
    /// Weight of outgoing edges.
    pub outgoing: Vec<f64>,
}

/// Adds weights row by row.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn strength<G: GraphView + ?Sized>(graph: &G, run: &Run<'_>) -> Result<Strength, MetricError> {
    run.step(0, 1)?;
    let total = |weights: Option<&[f64]>, degree: usize| weights.map_or(degree as f64, |weights| weights.iter().sum());
    let nodes = || (0..graph.node_count()).into_par_iter().map(NodeId::new);
    Ok(Strength {
        incoming: nodes().map(|node| total(graph.predecessor_weights(node), graph.in_degree(node))).collect(),
        outgoing: nodes().map(|node| total(graph.successor_weights(node), graph.out_degree(node))).collect(),
    })
}

/// Checks by pushing every edge's weight from its source, in sequence.
///
/// # Errors
/// The largest difference, in words.
pub fn verify<G: GraphView + ?Sized>(graph: &G, found: &Strength) -> Result<(), String> {
    let n = graph.node_count();
    let mut again = Strength { incoming: vec![0.0; n], outgoing: vec![0.0; n] };
    for source in (0..n).map(NodeId::new) {
        for (at, target) in graph.successors(source).iter().enumerate() {
            let weight = graph.successor_weights(source).map_or(1.0, |weights| weights[at]);
            again.incoming[target.row()] += weight;
            again.outgoing[source.row()] += weight;
        }
    }
    let gap = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| (x - y).abs() / x.abs().max(1.0)).fold(0.0, f64::max);
    let worst = gap(&again.incoming, &found.incoming).max(gap(&again.outgoing, &found.outgoing));
    if worst <= 1e-12 { Ok(()) } else { Err(format!("strengths differ from a push over all edges by {worst:e}")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::{Graph, synthetic};

    #[test]
    fn pushing_agrees() {
        let weighted = Graph::from_arrows("0>1:0.1 1>2:0.7 2>0:1e9 0>2:3 4");
        for graph in [synthetic::rmat(8, 6, 2), weighted.undirected(), weighted] {
            verify(&graph, &strength(&graph, &Run::default()).unwrap()).unwrap();
        }
    }
}
