//! Constraint: how far an account's contacts are tied up with each other, so that it has nobody to broker between.
//!
//! # Formula
//! c(i) = sum over neighbours j of (p(i, j) + sum over q of p(i, q) p(q, j))^2 with p(i, j) = a(i, j) / sum over k of a(i, k).
//! As a is symmetric this is, with s(i, j) = sum over common neighbours q of a(i, q) a(j, q) / A(q) and A(q) the sum of q's
//! row, c(i) = sum over j of ((a(i, j) + s(i, j)) / A(i))^2; s is worked out once per tie.
//!
//! # Conventions
//! Simple undirected union of the merged relations, a = 1 for each tie; self-loops never count. `_weighted`: a is the weight of
//! both directions together. Null for an isolated account.
//!
//! # Range and unit
//! Index above 0, mostly up to 1: 1 / k for k contacts that do not know each other; 1 for a single contact; somewhat above 1 in
//! small closed groups (9/8 in a triangle).
//!
//! # Cost
//! O(E^1.5) time at worst; 12 bytes per tie (20 `_weighted`), 44 bytes per node, 4 bytes per node and thread. Parallel over
//! blocks of accounts; each tie's sum is added by one thread in the graph's order.
//!
//! # Errors
//! Cancelled by the caller.
//!
//! # Compared with
//! NetworkX `constraint` (with `weight` for the variant), igraph `constraint`: equal on the simple undirected graph. On a
//! directed graph NetworkX weighs a mutual tie twice, as the weighted variant does here; self-loops take part there.
//!
//! # Source
//! Burt, Structural Holes: The Social Structure of Competition, Harvard University Press, 1992, chapter 2; Burt, Structural
//! Holes and Good Ideas, American Journal of Sociology 110, 2004, doi 10.1086/421787.
//!
//! # Example
//! ```
//! use echogram_analytics::centrality::constraint::constraint;
//! use echogram_graph::Graph;
//! let star = Graph::from_arrows("0>1 0>2 3>0 4>0").undirected();
//! assert_eq!(constraint(&star, &Default::default()).unwrap(), [0.25, 1.0, 1.0, 1.0, 1.0]);
//! ```

use crate::spec::{Kind, MetricSpec, Outcome, Shape, Tier, Values, Weights};
use crate::triads::Shared;
use crate::{MetricError, Run};
use echogram_graph::{Graph, GraphView, NodeId};
use rayon::prelude::*;

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "constraint",
    kind: Kind::Account,
    summary: "how far an account's contacts are tied up with each other (Burt)",
    columns: &["constraint"],
    shape: Shape::Undirected,
    other_shape: false,
    weights: Weights::Variant,
    needs: &[],
    parameters: &[],
    tier: Tier::Full,
    chamber: None,
    unsteady: &[],
    source: include_str!("constraint.rs"),
    run: |input, run| Ok(Outcome::of_columns(vec![Values::Real(constraint(input.graph, run)?)])),
};

/// Constraint per node of a symmetric graph; NaN without a neighbour.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn constraint(graph: &Graph, run: &Run<'_>) -> Result<Vec<f64>, MetricError> {
    let strengths = strengths(graph);
    let shared = Shared::of(graph, |weight| weight, |node| 1.0 / strengths[node.row()], run)?;
    let squares = shared.total(|_, _, value, sum| (value + sum) * (value + sum));
    // 0 / 0, that is NaN, without a neighbour.
    Ok(squares.into_iter().zip(strengths).map(|(sum, strength)| sum / (strength * strength)).collect())
}

/// Weight of each node's ties to others.
pub(crate) fn strengths(graph: &Graph) -> Vec<f64> {
    let of_row = |row| {
        let node = NodeId::new(row);
        graph.out().row(node).filter(|&(other, _)| other != node).map(|(_, weight)| weight).sum()
    };
    (0..graph.node_count()).into_par_iter().map(of_row).collect()
}

/// Checks by the definition: proportions p, and paths of two of them through every neighbour.
///
/// # Errors
/// The first account that differs.
pub fn verify(graph: &Graph, found: &[f64]) -> Result<(), String> {
    let n = graph.node_count();
    let rows: Vec<Vec<(usize, f64)>> = (0..n)
        .map(|row| {
            let ties = || graph.out().row(NodeId::new(row)).filter(move |(other, _)| other.row() != row);
            let all: f64 = ties().map(|(_, weight)| weight).sum();
            ties().map(|(other, weight)| (other.row(), weight / all)).collect()
        })
        .collect();
    for (own, row) in rows.iter().enumerate() {
        let mut invested = vec![0.0; n];
        for &(contact, share) in row {
            invested[contact] += share;
            rows[contact].iter().for_each(|&(far, onwards)| invested[far] += share * onwards);
        }
        let wanted = if row.is_empty() { f64::NAN } else { row.iter().map(|&(contact, _)| invested[contact].powi(2)).sum() };
        let got = found[own];
        if !((got.is_nan() && wanted.is_nan()) || (got - wanted).abs() <= 1e-12) {
            return Err(format!("node {own}: got constraint {got}, paths of two give {wanted}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::synthetic;

    #[track_caller]
    fn check(graph: &Graph, expected: &[f64]) {
        let found = constraint(graph, &Run::default()).unwrap();
        verify(graph, &found).unwrap();
        for (got, wanted) in found.iter().zip(expected) {
            assert!((got.is_nan() && wanted.is_nan()) || (got - wanted).abs() < 1e-12, "{found:?}");
        }
    }

    #[test]
    fn closed_forms() {
        // In a triangle each of two contacts takes 1/2, and 1/2 of the other half.
        check(&Graph::from_arrows("0>1 1>2 2>0 3").undirected(), &[1.125, 1.125, 1.125, f64::NAN]);
        check(&Graph::from_arrows("0>1 1>2 2>3 3>0 1>1").undirected(), &[0.5; 4]);
        check(&Graph::from_arrows("0>1 2>2").undirected(), &[1.0, 1.0, f64::NAN]);
    }

    #[test]
    fn weights_are_of_both_directions() {
        // Account 0 spends 3/4 on 1 and 1/4 on 2.
        check(&Graph::from_arrows("0>1:2 1>0:1 2>0:1").undirected(), &[0.625, 1.0, 1.0]);
    }

    #[test]
    fn paths_of_two_agree() {
        let weighted =
            Graph::from_edges(50, &(0..400).map(|at| (at % 50, at * 7 % 47, f64::from(at % 9) + 0.5)).collect::<Vec<_>>());
        for graph in [synthetic::rmat(9, 6, 2), synthetic::uniform(60, 100, 3), weighted] {
            check(&graph.undirected(), &[]);
            check(&graph.undirected_unweighted(), &[]);
        }
    }
}
