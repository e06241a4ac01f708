//! Average clustering: the clustering of the average account.
//!
//! # Formula
//! average_clustering = 1/V times the sum over v of clustering(v), clustering(v) the share of v's pairs of neighbours that are
//! tied.
//!
//! # Conventions
//! Simple undirected union of the merged relations; weights do not matter; self-loops never count. Accounts with fewer than two
//! neighbours count with 0, isolated ones too. Null for an empty network.
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
//! NetworkX `average_clustering`, igraph `transitivity_avglocal_undirected(mode="zero")`: equal on the simple undirected graph.
//! igraph's default leaves out accounts with fewer than two neighbours: larger by V over the number of the others.
//!
//! # Source
//! Watts and Strogatz, Collective dynamics of small-world networks, Nature 393, 1998, doi 10.1038/30918.
//!
//! # Example
//! ```
//! use echogram_analytics::network::average_clustering::average_clustering;
//! use echogram_graph::Graph;
//! let graph = Graph::from_arrows("0>1 1>2 2>0 3").undirected();
//! assert_eq!(average_clustering(&graph, &Default::default()).unwrap(), 0.75);
//! ```

use crate::centrality::clustering::{clustering, shares};
use crate::numeric::stable_sum;
use crate::spec::{Kind, MetricSpec, Outcome, Score, Shape, Tier, Weights};
use crate::triads::Triads;
use crate::{MetricError, Run};
use echogram_graph::{Graph, GraphView, NodeId};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "average_clustering",
    kind: Kind::Network,
    summary: "mean over all accounts of the share of their pairs of neighbours that are tied",
    columns: &["average_clustering"],
    shape: Shape::Undirected,
    other_shape: false,
    weights: Weights::Never,
    needs: &[],
    parameters: &[],
    tier: Tier::Standard,
    chamber: None,
    unsteady: &[],
    source: include_str!("average_clustering.rs"),
    run: |input, run| Ok(Outcome::of_scores(vec![Score::whole(SPEC.name, mean(&shares(&*Triads::of(input, run)?)))])),
};

/// Mean clustering of a symmetric graph without weights; NaN without nodes.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn average_clustering(graph: &Graph, run: &Run<'_>) -> Result<f64, MetricError> {
    Ok(mean(&clustering(&graph.unweighted(), run)?))
}

fn mean(shares: &[f64]) -> f64 {
    stable_sum(shares.len(), |row| shares[row]) / shares.len() as f64
}

/// Checks by counting, account by account, the ties among its neighbours.
///
/// # Errors
/// Both numbers.
pub fn verify(graph: &Graph, found: f64) -> Result<(), String> {
    let n = graph.node_count();
    let mut sum = 0.0;
    for own in (0..n).map(NodeId::new) {
        let others: Vec<NodeId> = graph.successors(own).iter().copied().filter(|&other| other != own).collect();
        let ties = |one: NodeId| others.iter().filter(|&&other| other != one && graph.out().contains(one, other)).count();
        let pairs = others.len() * others.len().saturating_sub(1);
        if pairs > 0 {
            sum += others.iter().map(|&one| ties(one)).sum::<usize>() as f64 / pairs as f64;
        }
    }
    let wanted = sum / n as f64;
    if (found.is_nan() && wanted.is_nan()) || (found - wanted).abs() <= 1e-12 {
        Ok(())
    } else {
        Err(format!("got average clustering {found}, ties among neighbours give {wanted}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(arrows: &str, expected: f64) {
        let graph = Graph::from_arrows(arrows).undirected();
        let found = average_clustering(&graph, &Run::default()).unwrap();
        verify(&graph, found).unwrap();
        assert!((found.is_nan() && expected.is_nan()) || found == expected, "got {found}, wanted {expected}");
    }

    #[test]
    fn closed_forms() {
        check("0>1 1>2 2>0 0>0", 1.0);
        check("0>1 0>2 0>3", 0.0);
        check("0>1:5 1>2 2>0 2>3 4", (1.0 + 1.0 + 1.0 / 3.0) / 5.0);
        check("", f64::NAN);
    }
}
