//! Reciprocity of the network: the share of ties that are returned.
//!
//! # Formula
//! |{(u, v) : u -> v and v -> u}| / E, u and v different.
//!
//! # Conventions
//! Distinct directed ties; self-loops do not count. 1 in an undirected network; null without ties.
//!
//! # Range and unit
//! Share in [0, 1].
//!
//! # Cost
//! O(E) time.
//!
//! # Errors
//! Cancelled by the caller.
//!
//! # Compared with
//! NetworkX `overall_reciprocity` divides by all edges, self-loops among them; igraph `reciprocity(mode="default")`: equal.
//!
//! # Source
//! Wasserman and Faust, Social Network Analysis, 1994, section 13.
//!
//! # Example
//! ```
//! use echogram_analytics::network::reciprocity::reciprocity;
//! use echogram_graph::Graph;
//! assert_eq!(reciprocity(&Graph::from_arrows("0>1 1>0 0>2 2>3")), 0.5);
//! ```

use crate::centrality::degree::common;
use crate::spec::{Kind, MetricSpec, Outcome, Score, Shape, Tier, Weights};
use echogram_graph::{Graph, GraphView, NodeId};
use rayon::prelude::*;

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "reciprocity",
    kind: Kind::Network,
    summary: "share of all ties that are returned",
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
    run: |input, _| Ok(Outcome::of_scores(vec![Score::whole(SPEC.name, reciprocity(input.graph))])),
};

/// Share of returned ties; NaN without ties.
pub fn reciprocity(graph: &Graph) -> f64 {
    let loops = graph.out().loop_count() as usize;
    let mutual: usize = (0..graph.node_count())
        .into_par_iter()
        .map(|row| common(graph.successors(NodeId::new(row)), graph.predecessors(NodeId::new(row))))
        .sum();
    (mutual - loops) as f64 / (graph.out().entry_count() - loops) as f64
}
