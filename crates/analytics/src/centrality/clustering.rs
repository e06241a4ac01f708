//! Clustering: the share of an account's pairs of neighbours who know each other.
//!
//! # Formula
//! clustering(v) = t / (k (k - 1) / 2), t the triangles through v, k its neighbours.
//! `_weighted`: 1 / (k (k - 1)) times the sum over ordered pairs (u, w) of neighbours that are tied of the cube root of
//! w(v, u) w(v, w) w(u, w) / m^3, m the largest weight of the network.
//!
//! # Conventions
//! Simple undirected union of the merged relations; self-loops never count. 0 below two neighbours. The weighted union adds
//! both directions before it looks for the largest weight.
//!
//! # Range and unit
//! Share in [0, 1]. The weighted variant equals the plain one where all weights are equal, and is lower otherwise.
//!
//! # Cost
//! As `triangles`. `_weighted`: O(E^1.5) time at worst, about seven times as long; 20 bytes per tie, 4 bytes per node and
//! thread.
//!
//! # Errors
//! Cancelled by the caller.
//!
//! # Compared with
//! NetworkX `clustering` (with `weight` for the variant), igraph `transitivity_local_undirected(mode="zero")`: equal on the
//! simple undirected graph. NetworkX on a directed graph is another metric, Fagiolo's; igraph's default is NaN below two
//! neighbours; igraph's weighted one is Barrat's.
//!
//! # Source
//! Watts and Strogatz, Collective dynamics of small-world networks, Nature 393, 1998, doi 10.1038/30918. Weighted: Onnela,
//! Saramäki, Kertész, Kaski, Intensity and coherence of motifs in weighted complex networks, Physical Review E 71, 2005,
//! doi 10.1103/PhysRevE.71.065103.
//!
//! # Example
//! ```
//! use echogram_analytics::centrality::clustering::clustering;
//! use echogram_graph::Graph;
//! let graph = Graph::from_arrows("0>1 1>2 2>0 2>3").undirected();
//! assert_eq!(clustering(&graph, &Default::default()).unwrap(), [1.0, 1.0, 1.0 / 3.0, 0.0]);
//! ```

use crate::spec::{Kind, MetricSpec, Outcome, Shape, Tier, Values, Weights};
use crate::triads::{Shared, Triads, triangles_and_degrees};
use crate::{MetricError, Run};
use echogram_graph::{Graph, GraphView, NodeId};
use rayon::prelude::*;

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "clustering",
    kind: Kind::Account,
    summary: "share of an account's pairs of neighbours that are tied to each other",
    columns: &["clustering"],
    shape: Shape::Undirected,
    other_shape: false,
    weights: Weights::Variant,
    needs: &[],
    parameters: &[],
    tier: Tier::Standard,
    chamber: None,
    unsteady: &[],
    source: include_str!("clustering.rs"),
    run: |input, run| {
        let shares = if input.graph.is_weighted() { intensity(input.graph, run)? } else { shares(&*Triads::of(input, run)?) };
        Ok(Outcome::of_columns(vec![Values::Real(shares)]))
    },
};

/// Share per node of a symmetric graph; with weights their intensity.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn clustering(graph: &Graph, run: &Run<'_>) -> Result<Vec<f64>, MetricError> {
    if graph.is_weighted() {
        return intensity(graph, run);
    }
    Ok(shares(&triangles_and_degrees(graph, run)?))
}

/// The share of each account's pairs of neighbours that are tied.
pub(crate) fn shares(found: &Triads) -> Vec<f64> {
    found.triangles.iter().zip(&found.degrees).map(|(&triangles, &degree)| share(triangles as f64, degree)).collect()
}

/// `triangles` among the pairs of `degree` neighbours; 0 without a pair.
fn share(triangles: f64, degree: u32) -> f64 {
    if degree < 2 { 0.0 } else { 2.0 * triangles / (f64::from(degree) * f64::from(degree - 1)) }
}

/// The largest weight of a tie between two accounts; 0 without ties.
fn largest_weight(graph: &Graph) -> f64 {
    let of_row = |row| {
        let node = NodeId::new(row);
        graph.out().row(node).filter(|&(other, _)| other != node).map(|(_, weight)| weight).fold(0.0, f64::max)
    };
    (0..graph.node_count()).into_par_iter().map(of_row).reduce(|| 0.0, f64::max)
}

fn intensity(graph: &Graph, run: &Run<'_>) -> Result<Vec<f64>, MetricError> {
    let largest = largest_weight(graph);
    let shared = Shared::of(graph, |weight| libm::cbrt(weight / largest), |_| 1.0, run)?;
    // Each triangle is met at two of the account's ties.
    let twice = shared.total(|_, _, value, sum| value * sum);
    let degrees = shared.ranked.by_row(|rank| shared.ranked.degrees[rank]);
    Ok(twice.into_iter().zip(degrees).map(|(twice, degree)| share(twice / 2.0, degree)).collect())
}

/// Checks by the definition: every pair of neighbours of every account.
///
/// # Errors
/// The first account that differs.
pub fn verify(graph: &Graph, found: &[f64]) -> Result<(), String> {
    let largest = largest_weight(graph);
    for node in (0..graph.node_count()).map(NodeId::new) {
        let others: Vec<(NodeId, f64)> = graph.out().row(node).filter(|&(other, _)| other != node).collect();
        let mut sum = 0.0;
        for (at, (one, to_one)) in others.iter().enumerate() {
            for (other, to_other) in &others[..at] {
                if let Some((_, between)) = graph.out().row(*one).find(|(third, _)| third == other) {
                    sum += libm::cbrt(to_one * to_other * between) / largest;
                }
            }
        }
        let pairs = others.len() * others.len().saturating_sub(1) / 2;
        let wanted = if pairs == 0 { 0.0 } else { sum / pairs as f64 };
        let got = found[node.row()];
        let agrees = (got - wanted).abs() <= 1e-12;
        if !agrees {
            return Err(format!("node {}: got clustering {got}, its pairs of neighbours give {wanted}", node.0));
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
        let found = clustering(graph, &Run::default()).unwrap();
        verify(graph, &found).unwrap();
        for (got, wanted) in found.iter().zip(expected) {
            assert!((got - wanted).abs() < 1e-12, "{found:?}");
        }
    }

    #[test]
    fn closed_forms() {
        check(&Graph::from_arrows("0>1 1>2 2>0 3>0 3>1 3>2").undirected(), &[1.0; 4]);
        check(&Graph::from_arrows("0>1 0>2 0>3 1>2 1>1").undirected(), &[1.0 / 3.0, 1.0, 1.0, 0.0]);
        check(&Graph::from_arrows("0>1 1>2 4").undirected(), &[0.0; 4]);
    }

    #[test]
    fn weights_count_by_the_cube_root_of_their_product() {
        // The triangle's intensity is (1/8 * 1 * 1)^(1/3) = 1/2; the loop's weight is not the largest.
        let arrows = "0>1:0.5 1>0:0.5 1>2:8 2>0:8 2>3:2 3>3:99";
        check(&Graph::from_arrows(arrows).undirected(), &[0.5, 0.5, 0.5 / 3.0, 0.0]);
    }

    #[test]
    fn equal_weights_are_as_none() {
        let plain = synthetic::planted(4, 20, 6, 1, 5).undirected_unweighted();
        let edges: Vec<_> = (0..80)
            .flat_map(|row| plain.out().row(NodeId(row)).map(move |(to, _)| (row, to.0, 3.0)).collect::<Vec<_>>())
            .collect();
        check(&Graph::from_edges(80, &edges).undirected(), &clustering(&plain, &Run::default()).unwrap());
    }
}
