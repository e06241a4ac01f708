//! Transitivity: how often two contacts of the same account are tied to each other, in the network as a whole.
//!
//! # Formula
//! transitivity = 3 T / sum over v of k (k - 1) / 2, T the triangles of the network, k the neighbours of v.
//!
//! # Conventions
//! Simple undirected union of the merged relations; weights do not matter; self-loops never count. Accounts with many
//! neighbours have many pairs, and so weigh most; `average_clustering` weighs all accounts alike. Null where nobody has two
//! neighbours.
//!
//! # Range and unit
//! Share in [0, 1].
//!
//! # Cost
//! As `triangles`.
//!
//! # Errors
//! Cancelled by the caller.
//!
//! # Compared with
//! NetworkX `transitivity`, igraph `transitivity_undirected`: equal on the simple undirected graph. Where nobody has two
//! neighbours NetworkX says 0, igraph NaN as here.
//!
//! # Source
//! Newman, Watts, Strogatz, Random graph models of social networks, PNAS 99, 2002, doi 10.1073/pnas.012582999.
//!
//! # Example
//! ```
//! use echogram_analytics::network::transitivity::transitivity;
//! use echogram_graph::Graph;
//! let graph = Graph::from_arrows("0>1 1>2 2>0 2>3").undirected();
//! assert_eq!(transitivity(&graph, &Default::default()).unwrap(), 0.6);
//! ```

use crate::spec::{Kind, MetricSpec, Outcome, Score, Shape, Tier, Weights};
use crate::triads::{Triads, triangles_and_degrees};
use crate::{MetricError, Run};
use echogram_graph::{GraphView, NodeId};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "transitivity",
    kind: Kind::Network,
    summary: "share of all pairs of contacts of an account that are tied to each other",
    columns: &["transitivity"],
    shape: Shape::Undirected,
    other_shape: false,
    weights: Weights::Never,
    needs: &[],
    parameters: &[],
    tier: Tier::Standard,
    chamber: None,
    unsteady: &[],
    source: include_str!("transitivity.rs"),
    run: |input, run| Ok(Outcome::of_scores(vec![Score::whole(SPEC.name, closed_share(&*Triads::of(input, run)?))])),
};

/// Share of closed pairs of a symmetric graph; NaN without a pair.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn transitivity<G: GraphView + ?Sized>(graph: &G, run: &Run<'_>) -> Result<f64, MetricError> {
    Ok(closed_share(&triangles_and_degrees(graph, run)?))
}

/// Share of the paths of length two that are closed.
fn closed_share(found: &Triads) -> f64 {
    let closed: u128 = found.triangles.iter().map(|&count| u128::from(count)).sum();
    let pairs: u128 = found.degrees.iter().map(|&degree| u128::from(degree) * u128::from(degree.saturating_sub(1)) / 2).sum();
    closed as f64 / pairs as f64
}

/// Checks by walking all paths of two ties and asking whether their ends are tied.
///
/// # Errors
/// Both numbers.
pub fn verify<G: GraphView + ?Sized>(graph: &G, found: f64) -> Result<(), String> {
    let (mut closed, mut paths) = (0_u64, 0_u64);
    for start in (0..graph.node_count()).map(NodeId::new) {
        for &middle in graph.successors(start).iter().filter(|&&middle| middle != start) {
            for &end in graph.successors(middle).iter().filter(|&&end| end != middle && end != start) {
                paths += 1;
                closed += u64::from(graph.successors(end).binary_search(&start).is_ok());
            }
        }
    }
    let wanted = closed as f64 / paths as f64;
    if (found.is_nan() && wanted.is_nan()) || (found - wanted).abs() <= 1e-12 {
        Ok(())
    } else {
        Err(format!("got transitivity {found}, {closed} of {paths} paths of two ties are closed"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::Graph;

    #[track_caller]
    fn check(arrows: &str, expected: f64) {
        let graph = Graph::from_arrows(arrows).undirected();
        let found = transitivity(&graph, &Run::default()).unwrap();
        verify(&graph, found).unwrap();
        assert!((found.is_nan() && expected.is_nan()) || found == expected, "got {found}, wanted {expected}");
    }

    #[test]
    fn closed_forms() {
        check("0>1 1>2 2>0 1>1", 1.0);
        check("0>1 0>2 0>3 0>4", 0.0);
        check("0>1 1>2 2>0 0>3 0>4", 3.0 / 8.0);
        check("0>1 2>2", f64::NAN);
    }
}
