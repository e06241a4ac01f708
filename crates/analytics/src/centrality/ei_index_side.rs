//! E-I index of an account by side: do its ties lead to other camps or stay in its own?
//!
//! # Formula
//! ei_index_side(v) = (E - I) / (E + I), E = neighbours of v on other sides, I = neighbours on its own.
//!
//! # Conventions
//! Sides are those of `--sides`; neighbours without a side are left out, and an account without one has no value. Ties are those of the simple undirected union, each neighbour once (`_weighted`: by the
//! weight of both directions). Self-loops never count. Null where no neighbour has a side.
//!
//! # Range and unit
//! Index in [-1, 1]: -1 = all ties stay in the account's camp, 1 = all lead to others.
//!
//! # Cost
//! O(E) time, 8 bytes per node. Parallel over nodes.
//!
//! # Errors
//! `Missing` without sides; cancelled by the caller.
//!
//! # Compared with
//! NetworkX and igraph have none. `ei_index` is the same by community.
//!
//! # Source
//! Krackhardt and Stern, Informal networks and organizational crises, Social Psychology Quarterly 51, 1988, doi 10.2307/2786835.
//!
//! # Example
//! ```
//! use echogram_analytics::centrality::ei_index_side::ei_index_side;
//! use echogram_graph::{Graph, Grouping};
//! let sides = Grouping::from_names(&[Some("a"), Some("a"), Some("b"), None]);
//! let found = ei_index_side(&Graph::from_arrows("0>1 1>2 3>0").undirected(), &sides, &Default::default()).unwrap();
//! assert_eq!(found[..3], [-1.0, 0.0, 1.0]);
//! assert!(found[3].is_nan());
//! ```

use super::ei_index;
use crate::spec::{Kind, MetricSpec, Need, Outcome, Shape, Tier, Values, Weights};
use crate::{MetricError, Run};
use echogram_graph::{Graph, Grouping};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "ei_index_side",
    kind: Kind::Account,
    summary: "whether an account's ties lead out of its side (1) or stay inside (-1)",
    columns: &["ei_index_side"],
    shape: Shape::Undirected,
    other_shape: false,
    weights: Weights::Variant,
    needs: &[Need::Sides],
    parameters: &[],
    tier: Tier::Standard,
    chamber: None,
    unsteady: &[],
    source: include_str!("ei_index_side.rs"),
    run: |input, run| {
        let found = ei_index_side(input.graph, input.sides(SPEC.name)?, run)?;
        Ok(Outcome::of_columns(vec![Values::Real(found)]))
    },
};

/// The E-I index by side of every node of a symmetric graph; NaN = no side, or no neighbour that has one.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn ei_index_side(graph: &Graph, sides: &Grouping, run: &Run<'_>) -> Result<Vec<f64>, MetricError> {
    ei_index::of_groups(graph, |node| sides.of(node), run)
}

/// Checks edge by edge, each undirected tie seen once from its smaller end.
///
/// # Errors
/// The first account that differs.
pub fn verify(graph: &Graph, sides: &Grouping, found: &[f64]) -> Result<(), String> {
    ei_index::verify_groups(graph, |node| sides.of(node), found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::synthetic;

    #[test]
    fn counting_edges_agrees() {
        let names: Vec<Option<String>> = (0..256).map(|row| (row % 7 != 0).then(|| (row % 3).to_string())).collect();
        let sides = Grouping::from_names(&names);
        for graph in [synthetic::rmat(8, 6, 2), synthetic::uniform(256, 100, 3)] {
            let union = graph.undirected();
            verify(&union, &sides, &ei_index_side(&union, &sides, &Run::default()).unwrap()).unwrap();
        }
    }
}
