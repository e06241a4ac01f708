//! Degree assortativity: do much-noticed accounts attend to each other?
//!
//! # Formula
//! Pearson correlation over edges u -> v of out_degree(u) with in_degree(v).
//!
//! # Conventions
//! Distinct directed ties, self-loops only if kept. In an undirected network each pair counts both ways, with the plain degree at both ends.
//! Null where either degree does not vary over the edges.
//!
//! # Range and unit
//! Index in [-1, 1]: negative = hubs are tied to the little-noticed.
//!
//! # Cost
//! O(E) time. Parallel over blocks of rows, added in order.
//!
//! # Errors
//! None.
//!
//! # Compared with
//! NetworkX `degree_assortativity_coefficient` (x = "out", y = "in") and igraph `assortativity_degree`: equal.
//!
//! # Source
//! Newman, Mixing patterns in networks, Physical Review E 67, 2003, doi 10.1103/PhysRevE.67.026126, equation 26.
//!
//! # Example
//! ```
//! use echogram_analytics::network::assortativity_degree::assortativity_degree;
//! use echogram_graph::Graph;
//! let star = Graph::from_arrows("0>1 0>2 0>3 3>4").undirected();
//! assert!((assortativity_degree(&star) + 2.0 / 3.0).abs() < 1e-12);
//! ```

use crate::numeric::stable_sum;
use crate::spec::{Kind, MetricSpec, Outcome, Score, Shape, Tier, Weights};
use echogram_graph::{Graph, GraphView, NodeId};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "assortativity_degree",
    kind: Kind::Network,
    summary: "correlation of degrees over the ties",
    columns: &["assortativity_degree"],
    shape: Shape::Directed,
    other_shape: false,
    weights: Weights::Never,
    needs: &[],
    parameters: &[],
    tier: Tier::Quick,
    chamber: None,
    unsteady: &[],
    source: include_str!("assortativity_degree.rs"),
    run: |input, _| Ok(Outcome::of_scores(vec![Score::whole(SPEC.name, assortativity_degree(input.graph))])),
};

/// Correlation of the degrees at both ends; NaN where it is not defined.
pub fn assortativity_degree(graph: &Graph) -> f64 {
    let out = |node: NodeId| graph.out_degree(node) as f64;
    let incoming = |node: NodeId| graph.in_degree(node) as f64;
    let over_edges = |value: &(dyn Fn(NodeId, NodeId) -> f64 + Sync)| {
        stable_sum(graph.node_count(), |row| {
            let node = NodeId::new(row);
            graph.successors(node).iter().map(|&other| value(node, other)).sum()
        })
    };
    let edges = over_edges(&|_, _| 1.0);
    let (x, y) = (over_edges(&|u, _| out(u)) / edges, over_edges(&|_, v| incoming(v)) / edges);
    let covariance = over_edges(&|u, v| (out(u) - x) * (incoming(v) - y));
    let (var_x, var_y) = (over_edges(&|u, _| (out(u) - x).powi(2)), over_edges(&|_, v| (incoming(v) - y).powi(2)));
    covariance / (var_x * var_y).sqrt()
}
