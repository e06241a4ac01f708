//! Effective size: how many of an account's contacts are not there already through another contact.
//!
//! # Formula
//! e(i) = sum over neighbours j of (1 - sum over q of p(i, q) m(j, q)) with p(i, q) = a(i, q) / sum over k of a(i, k) and
//! m(j, q) = a(j, q) / the largest of a(j, k). Unweighted this is k - 2t/k, k the neighbours of i and t the ties among them.
//!
//! # Conventions
//! Simple undirected union of the merged relations, a = 1 for each tie; self-loops never count. `_weighted`: a is the weight of
//! both directions together. Null for an isolated account.
//!
//! # Range and unit
//! Contacts, 1 (a closed group) to k (contacts that do not know each other).
//!
//! # Cost
//! As `triangles`. `_weighted`: O(E^1.5) time at worst, as `constraint`; 20 bytes per tie, 4 bytes per node and thread.
//!
//! # Errors
//! Cancelled by the caller.
//!
//! # Compared with
//! NetworkX `effective_size` (for the variant with `weight` and a list of `nodes`): equal on the simple undirected graph. Asked
//! for all nodes, with SciPy at hand and weights given, NetworkX 3.6 divides a(j, q) by the largest tie of q instead of j's: a
//! few per cent off either way. For a directed graph it takes the long formula, where a mutual tie weighs twice, as in the
//! weighted variant here. igraph has none.
//!
//! # Source
//! Burt, Structural Holes: The Social Structure of Competition, Harvard University Press, 1992, chapter 2; Borgatti, Structural
//! Holes: Unpacking Burt's Redundancy Measures, Connections 20, 1997, for k - 2t/k.
//!
//! # Example
//! ```
//! use echogram_analytics::centrality::effective_size::effective_size;
//! use echogram_graph::Graph;
//! let graph = Graph::from_arrows("0>1 0>2 0>3 1>2").undirected();
//! assert_eq!(effective_size(&graph, &Default::default()).unwrap(), [3.0 - 2.0 / 3.0, 1.0, 1.0, 1.0]);
//! ```

use crate::centrality::constraint::strengths;
use crate::spec::{Kind, MetricSpec, Outcome, Shape, Tier, Values, Weights};
use crate::triads::{Shared, Triads, triangles_and_degrees};
use crate::{MetricError, Run};
use echogram_graph::{Graph, GraphView, NodeId};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "effective_size",
    kind: Kind::Account,
    summary: "number of an account's contacts that are not redundant (Burt)",
    columns: &["effective_size"],
    shape: Shape::Undirected,
    other_shape: false,
    weights: Weights::Variant,
    needs: &[],
    parameters: &[],
    tier: Tier::Full,
    chamber: None,
    unsteady: &[],
    source: include_str!("effective_size.rs"),
    run: |input, run| {
        let sizes = if input.graph.is_weighted() { weighted(input.graph, run)? } else { unweighted(&*Triads::of(input, run)?) };
        Ok(Outcome::of_columns(vec![Values::Real(sizes)]))
    },
};

/// Effective size per node of a symmetric graph; NaN without a neighbour.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn effective_size(graph: &Graph, run: &Run<'_>) -> Result<Vec<f64>, MetricError> {
    if graph.is_weighted() {
        return weighted(graph, run);
    }
    Ok(unweighted(&triangles_and_degrees(graph, run)?))
}

fn unweighted(found: &Triads) -> Vec<f64> {
    let size = |(&triangles, &degree): (&u64, &u32)| f64::from(degree) - 2.0 * triangles as f64 / f64::from(degree);
    found.triangles.iter().zip(&found.degrees).map(size).collect()
}

fn weighted(graph: &Graph, run: &Run<'_>) -> Result<Vec<f64>, MetricError> {
    let shared = Shared::of(graph, |weight| weight, |_| 1.0, run)?;
    let ranked = &shared.ranked;
    let largest: Vec<f64> = ranked.order.iter().map(|&row| largest_tie(graph, NodeId(row))).collect();
    let redundant = shared.total(|_, contact, _, sum| sum / largest[contact]);
    let degrees = ranked.by_row(|rank| f64::from(ranked.degrees[rank]));
    let parts = degrees.into_iter().zip(redundant).zip(strengths(graph));
    Ok(parts.map(|((degree, redundant), strength)| degree - redundant / strength).collect())
}

/// The weight of a node's heaviest tie to another; 0 without ties.
fn largest_tie(graph: &Graph, node: NodeId) -> f64 {
    graph.out().row(node).filter(|&(other, _)| other != node).map(|(_, weight)| weight).fold(0.0, f64::max)
}

/// Checks by the definition: the redundancy of each contact, one after the other.
///
/// # Errors
/// The first account that differs.
pub fn verify(graph: &Graph, found: &[f64]) -> Result<(), String> {
    let n = graph.node_count();
    for own in (0..n).map(NodeId::new) {
        let ties = || graph.out().row(own).filter(|&(other, _)| other != own);
        let all: f64 = ties().map(|(_, weight)| weight).sum();
        let mut share = vec![0.0; n];
        ties().for_each(|(other, weight)| share[other.row()] = weight / all);
        let fresh = ties().map(|(contact, _)| {
            let theirs = graph.out().row(contact).filter(|&(other, _)| other != contact);
            1.0 - theirs.map(|(other, weight)| share[other.row()] * weight).sum::<f64>() / largest_tie(graph, contact)
        });
        let wanted = if ties().next().is_none() { f64::NAN } else { fresh.sum() };
        let got = found[own.row()];
        if !((got.is_nan() && wanted.is_nan()) || (got - wanted).abs() <= 1e-12 * wanted.abs().max(1.0)) {
            return Err(format!("node {}: got effective size {got}, contact by contact gives {wanted}", own.0));
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
        let found = effective_size(graph, &Run::default()).unwrap();
        verify(graph, &found).unwrap();
        for (got, wanted) in found.iter().zip(expected) {
            assert!((got.is_nan() && wanted.is_nan()) || (got - wanted).abs() < 1e-12, "{found:?}");
        }
    }

    #[test]
    fn closed_forms() {
        check(&Graph::from_arrows("0>1 1>2 2>0 3>0 3>1 3>2").undirected(), &[1.0; 4]);
        check(&Graph::from_arrows("0>1 0>2 0>3 0>4 5>5").undirected(), &[4.0, 1.0, 1.0, 1.0, 1.0, f64::NAN]);
    }

    #[test]
    fn weights_say_how_much_is_redundant() {
        // 0 spends 3/4 on 1 and 1/4 on 2. Of 1's heaviest tie (3) its tie to 2 is 1/3; of 2's heaviest (1) it is all.
        check(&Graph::from_arrows("0>1:3 0>2:1 1>2:1").undirected(), &[2.0 - 0.25 / 3.0 - 0.75]);
    }

    #[test]
    fn contact_by_contact_agrees() {
        let weighted =
            Graph::from_edges(50, &(0..400).map(|at| (at % 50, at * 7 % 47, f64::from(at % 9) + 0.5)).collect::<Vec<_>>());
        for graph in [synthetic::rmat(9, 6, 2), synthetic::uniform(60, 100, 3), weighted] {
            check(&graph.undirected(), &[]);
            check(&graph.undirected_unweighted(), &[]);
        }
    }
}
