//! Density: the share of all possible ties that exist.
//!
//! # Formula
//! density = E / (V (V - 1)); in an undirected network E / (V (V - 1) / 2).
//!
//! # Conventions
//! Distinct directed ties, isolated accounts counted in V. Self-loops are left out unless kept; then they count as ties. Null below
//! two accounts.
//!
//! # Range and unit
//! Share in [0, 1]; above 1 only where kept self-loops fill it up.
//!
//! # Cost
//! O(1).
//!
//! # Errors
//! None.
//!
//! # Compared with
//! NetworkX `density`, igraph `density`: equal on a graph without self-loops.
//!
//! # Source
//! Wasserman and Faust, Social Network Analysis, 1994, section 4.3.
//!
//! # Example
//! ```
//! use echogram_analytics::network::density::density;
//! use echogram_graph::Graph;
//! assert_eq!(density(&Graph::from_arrows("0>1 1>2 2>0")), 0.5);
//! ```

use crate::echo::mixing::GroupTies;
use crate::echo::vertex_bootstrap::{drawn, error};
use crate::spec::{Kind, MetricSpec, Outcome, Score, Shape, Tier, Weights};
use echogram_graph::{Graph, Grouping};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "density",
    kind: Kind::Network,
    summary: "share of all possible ties that exist",
    columns: &["density"],
    shape: Shape::Directed,
    other_shape: false,
    weights: Weights::Never,
    needs: &[],
    parameters: &[],
    tier: Tier::Quick,
    chamber: None,
    unsteady: &[],
    source: include_str!("density.rs"),
    run: |input, _| {
        let everyone = Grouping::from_names(&vec![Some("all"); input.graph.out().node_count()]);
        let drawn = drawn(input, &everyone, &GroupTies::count(input.graph, &everyone));
        let error = error(&drawn, |ties, sizes| ties.total() / (sizes[0] * (sizes[0] - 1.0)));
        Ok(Outcome::of_scores(vec![Score::whole(SPEC.name, density(input.graph)).with_error(error)]))
    },
};

/// Share of possible ties; NaN below two nodes. A symmetric graph holds each pair twice, so one formula serves both kinds.
pub fn density(graph: &Graph) -> f64 {
    let n = graph.out().node_count() as f64;
    if n < 2.0 {
        return f64::NAN;
    }
    graph.out().entry_count() as f64 / (n * (n - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_forms() {
        assert_eq!(density(&Graph::from_arrows("0>1 1>2 2>0").undirected()), 1.0);
        assert_eq!(density(&Graph::from_arrows("0 1")), 0.0);
        assert!(density(&Graph::from_arrows("0")).is_nan());
    }
}
