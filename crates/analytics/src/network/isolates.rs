//! Isolates: how many accounts have no tie to anybody else.
//!
//! # Formula
//! |{v : v has no neighbour other than itself}|.
//!
//! # Conventions
//! Over the merged relations, either direction; an account with only a self-loop is an isolate.
//!
//! # Range and unit
//! Accounts, 0 to V.
//!
//! # Cost
//! O(V) time.
//!
//! # Errors
//! None.
//!
//! # Compared with
//! NetworkX `number_of_isolates` does not count an account that has a self-loop.
//!
//! # Source
//! Smith, Rainie, Shneiderman, Himelboim, Mapping Twitter Topic Networks, Pew Research Center, 2014 (share of isolates).
//!
//! # Example
//! ```
//! use echogram_analytics::network::isolates::isolates;
//! use echogram_graph::Graph;
//! assert_eq!(isolates(&Graph::from_arrows("0>1 2>2 3")), 2);
//! ```

use crate::spec::{Kind, MetricSpec, Outcome, Score, Shape, Tier, Weights};
use echogram_graph::{Graph, GraphView, NodeId};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "isolates",
    kind: Kind::Network,
    summary: "number of accounts without a tie to anybody else",
    columns: &["isolates"],
    shape: Shape::Directed,
    other_shape: false,
    weights: Weights::Never,
    needs: &[],
    parameters: &[],
    tier: Tier::Quick,
    chamber: None,
    unsteady: &[],
    source: include_str!("isolates.rs"),
    run: |input, _| Ok(Outcome::of_scores(vec![Score::whole(SPEC.name, isolates(input.graph) as f64)])),
};

/// Number of nodes without another one beside them.
pub fn isolates(graph: &Graph) -> usize {
    let alone = |row: &[NodeId], node| row.iter().all(|&other| other == node);
    (0..graph.node_count())
        .map(NodeId::new)
        .filter(|&node| alone(graph.successors(node), node) && alone(graph.predecessors(node), node))
        .count()
}
