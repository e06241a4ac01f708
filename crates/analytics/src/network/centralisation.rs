//! Centralisation: whether all attention goes to one account (in), or comes from one (out).
//!
//! # Formula
//! centralisation_in = sum over v of (max kin - kin(v)) / (V - 1)^2; centralisation_out likewise with kout. In an undirected
//! network both are sum over v of (max k - k(v)) / ((V - 1)(V - 2)). The divisor is what a star of V accounts reaches.
//!
//! # Conventions
//! Distinct ties; weights do not matter; self-loops never count. Isolated accounts count in V. Null below two accounts, in an
//! undirected network below three.
//!
//! # Range and unit
//! Share in [0, 1]: 0 if all have equally many, 1 in a star whose ties all point in (in) or out (out).
//!
//! # Cost
//! O(V log k) time, no extra memory. Parallel over accounts.
//!
//! # Errors
//! Cancelled by the caller.
//!
//! # Compared with
//! igraph's `centr_degree(mode = "in", loops = FALSE)` of R: equal; with its default `loops = TRUE` lower by (V - 1) / V.
//! NetworkX has none.
//!
//! # Source
//! Freeman, Centrality in social networks: conceptual clarification, Social Networks 1, 1978, doi 10.1016/0378-8733(78)90021-7.
//!
//! # Example
//! ```
//! use echogram_analytics::network::centralisation::centralisation;
//! use echogram_graph::Graph;
//! let found = centralisation(&Graph::from_arrows("1>0 2>0 3>0"), &Default::default()).unwrap();
//! assert_eq!((found.incoming, found.outgoing), (1.0, 1.0 / 9.0));
//! ```

use crate::spec::{Kind, MetricSpec, Outcome, Score, Shape, Tier, Weights};
use crate::{MetricError, Run};
use echogram_graph::{Csr, Graph, GraphView, NodeId};
use rayon::prelude::*;

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "centralisation",
    kind: Kind::Network,
    summary: "how far attention goes to one account, or comes from one",
    columns: &["centralisation_in", "centralisation_out"],
    shape: Shape::Directed,
    other_shape: false,
    weights: Weights::Never,
    needs: &[],
    parameters: &[],
    tier: Tier::Standard,
    chamber: None,
    unsteady: &[],
    source: include_str!("centralisation.rs"),
    run: |input, run| {
        let found = centralisation(input.graph, run)?;
        let values = [found.incoming, found.outgoing];
        Ok(Outcome::of_scores(SPEC.columns.iter().zip(values).map(|(name, value)| Score::whole(name, value)).collect()))
    },
};

/// The two centralisations.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Centralisation {
    /// By incoming ties; share in [0, 1].
    pub incoming: f64,
    /// By outgoing ties; share in [0, 1].
    pub outgoing: f64,
}

/// Compares every degree with the largest.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn centralisation(graph: &Graph, run: &Run<'_>) -> Result<Centralisation, MetricError> {
    run.step(0, 1)?;
    let most = most_possible(graph);
    Ok(Centralisation { incoming: excess(graph.incoming()) as f64 / most, outgoing: excess(graph.out()) as f64 / most })
}

/// What a star reaches; NaN where there is none.
fn most_possible(graph: &Graph) -> f64 {
    let n = graph.node_count() as f64;
    let most = (n - 1.0) * if graph.is_directed() { n - 1.0 } else { n - 2.0 };
    if n >= 2.0 && most > 0.0 { most } else { f64::NAN }
}

/// Sum over all rows of what they are shorter than the longest; an entry of a row to itself does not count.
fn excess(rows: &Csr) -> u128 {
    let length = |row| {
        let node = NodeId::new(row);
        (rows.degree(node) - usize::from(rows.contains(node, node))) as u128
    };
    let nodes = || (0..rows.node_count()).into_par_iter().map(length);
    nodes().max().unwrap_or(0) * rows.node_count() as u128 - nodes().sum::<u128>()
}

/// Checks by pushing every edge from its source, in sequence, and sorting the degrees.
///
/// # Errors
/// Both pairs of numbers.
pub fn verify(graph: &Graph, found: &Centralisation) -> Result<(), String> {
    let n = graph.node_count();
    let (mut incoming, mut outgoing) = (vec![0_u64; n], vec![0_u64; n]);
    for source in (0..n).map(NodeId::new) {
        for target in graph.successors(source).iter().filter(|&&target| target != source) {
            incoming[target.row()] += 1;
            outgoing[source.row()] += 1;
        }
    }
    let of = |mut degrees: Vec<u64>| {
        degrees.sort_unstable();
        let largest = degrees.last().copied().unwrap_or(0);
        degrees.iter().map(|degree| largest - degree).sum::<u64>() as f64 / most_possible(graph)
    };
    let wanted = Centralisation { incoming: of(incoming), outgoing: of(outgoing) };
    let same = |one: f64, other: f64| (one.is_nan() && other.is_nan()) || (one - other).abs() <= 1e-12;
    if same(found.incoming, wanted.incoming) && same(found.outgoing, wanted.outgoing) {
        Ok(())
    } else {
        Err(format!("got {found:?}, pushed edges give {wanted:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(graph: &Graph, incoming: f64, outgoing: f64) {
        let found = centralisation(graph, &Run::default()).unwrap();
        verify(graph, &found).unwrap();
        assert_eq!(format!("{found:?}"), format!("{:?}", Centralisation { incoming, outgoing }));
    }

    #[test]
    fn closed_forms() {
        check(&Graph::from_arrows("0>1 1>2 2>0 0>0"), 0.0, 0.0);
        check(&Graph::from_arrows("0>1 0>2 0>3 0>4"), 1.0 / 16.0, 1.0);
        check(&Graph::from_arrows("0>1 0>2 0>3 0>4").undirected(), 1.0, 1.0);
        check(&Graph::from_arrows("0>1"), 1.0, 1.0);
        check(&Graph::from_arrows("0>1").undirected(), f64::NAN, f64::NAN);
        check(&Graph::from_arrows("0"), f64::NAN, f64::NAN);
    }
}
