//! Leaning of whom an account follows: what it hears, on the scale of its own leaning.
//!
//! # Formula
//! x_N(v) = sum over followees u of w(v, u) x(u) / sum of w(v, u), x the leaning in the account file.
//!
//! # Conventions
//! Ties as they point: followees, not followers. Those of unknown leaning are left out. Every followee counts once (`_weighted`: by the tie's weight). Self-loops never count. Null where no followee has
//! a leaning; an account need not have one itself.
//!
//! # Range and unit
//! That of the leanings given.
//!
//! # Cost
//! O(E) time, 8 bytes per node. Parallel over nodes.
//!
//! # Errors
//! `Missing` without leanings; cancelled by the caller.
//!
//! # Compared with
//! NetworkX and igraph have none. Cinelli et al. divide by all ties, here it is by those of known leaning.
//!
//! # Source
//! Cinelli, De Francisci Morales, Galeazzi, Quattrociocchi, Starnini, The echo chamber effect on social media, PNAS 118, 2021, doi 10.1073/pnas.2023301118.
//!
//! # Example
//! ```
//! use echogram_analytics::centrality::leaning_neighbours::leaning_neighbours;
//! use echogram_graph::Graph;
//! let found = leaning_neighbours(&Graph::from_arrows("0>1 0>2 0>3 1>3"), &[0.0, 1.0, 0.5, f64::NAN], &Default::default()).unwrap();
//! assert_eq!(found[0], 0.75);
//! assert!(found[1].is_nan());
//! ```

use crate::spec::{Kind, MetricSpec, Need, Outcome, Shape, Tier, Values, Weights};
use crate::{MetricError, Run};
use echogram_graph::{Graph, GraphView, NodeId};
use rayon::prelude::*;

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "leaning_neighbours",
    kind: Kind::Account,
    summary: "mean leaning of the accounts followed",
    columns: &["leaning_neighbours"],
    shape: Shape::Directed,
    other_shape: false,
    weights: Weights::Variant,
    needs: &[Need::Leanings],
    parameters: &[],
    tier: Tier::Standard,
    chamber: None,
    unsteady: &[],
    source: include_str!("leaning_neighbours.rs"),
    run: |input, run| {
        let found = leaning_neighbours(input.graph, input.leanings(SPEC.name)?, run)?;
        Ok(Outcome::of_columns(vec![Values::Real(found)]))
    },
};

/// The mean leaning of each node's successors; NaN where none is known.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn leaning_neighbours(graph: &Graph, leanings: &[f64], run: &Run<'_>) -> Result<Vec<f64>, MetricError> {
    run.step(0, 1)?;
    let of_row = |row| {
        let node = NodeId::new(row);
        let (mut sum, mut weights) = (0.0, 0.0);
        for (other, weight) in graph.out().row(node).filter(|entry| entry.0 != node && !leanings[entry.0.row()].is_nan()) {
            sum += weight * leanings[other.row()];
            weights += weight;
        }
        sum / weights
    };
    Ok((0..graph.node_count()).into_par_iter().map(of_row).collect())
}

/// Checks by pushing every known leaning to those who follow it, in sequence.
///
/// # Errors
/// The first account that differs.
pub fn verify(graph: &Graph, leanings: &[f64], found: &[f64]) -> Result<(), String> {
    let n = graph.node_count();
    let (mut sums, mut weights) = (vec![0.0; n], vec![0.0; n]);
    for node in (0..n).map(NodeId::new).filter(|node| !leanings[node.row()].is_nan()) {
        for (follower, weight) in graph.incoming().row(node).filter(|entry| entry.0 != node) {
            sums[follower.row()] += weight * leanings[node.row()];
            weights[follower.row()] += weight;
        }
    }
    for row in 0..n {
        let wanted = sums[row] / weights[row];
        if (found[row] - wanted).abs() > 1e-9 * wanted.abs().max(1.0) || found[row].is_nan() != wanted.is_nan() {
            return Err(format!("node {row}: got {}, pushed {wanted}", found[row]));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::synthetic;

    #[test]
    fn weights_count_where_there_are_any() {
        let found = leaning_neighbours(&Graph::from_arrows("0>1:3 0>2:1 0>0:9"), &[5.0, 1.0, -1.0], &Run::default()).unwrap();
        assert_eq!(found[0], 0.5);
    }

    #[test]
    fn pushing_agrees() {
        let leanings: Vec<f64> = (0..256).map(|row| if row % 5 == 0 { f64::NAN } else { f64::from(row) / 256.0 - 0.5 }).collect();
        for graph in [synthetic::rmat(8, 6, 2), synthetic::uniform(256, 100, 3)] {
            verify(&graph, &leanings, &leaning_neighbours(&graph, &leanings, &Run::default()).unwrap()).unwrap();
        }
    }
}
