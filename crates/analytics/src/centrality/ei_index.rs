//! E-I index of an account: do its ties lead out of its community or stay inside?
//!
//! # Formula
//! ei_index(v) = (E - I) / (E + I), E = neighbours of v in other communities, I = neighbours in its own.
//!
//! # Conventions
//! Communities are the column `community` of the same variant; ties are those of the simple undirected union, each neighbour once (`_weighted`: by
//! the weight of both directions). Self-loops never count. Null for an account without a neighbour.
//!
//! # Range and unit
//! Index in [-1, 1]: -1 = all ties inside (in an echo), 1 = all ties lead outside.
//!
//! # Cost
//! O(E) time, 8 bytes per node. Parallel over nodes.
//!
//! # Errors
//! `Missing` without communities; cancelled by the caller.
//!
//! # Compared with
//! NetworkX and igraph have none. UCINET's individual E-I is equal on a symmetrised network.
//!
//! # Source
//! Krackhardt and Stern, Informal networks and organizational crises, Social Psychology Quarterly 51, 1988, doi 10.2307/2786835.
//!
//! # Example
//! ```
//! use echogram_analytics::centrality::ei_index::ei_index;
//! use echogram_graph::{Graph, Partition};
//! let graph = Graph::from_arrows("0>1 1>2 3").undirected();
//! let found = ei_index(&graph, &Partition::from_labels(&[0, 0, 1, 1]), &Default::default()).unwrap();
//! assert_eq!(found[..3], [-1.0, 0.0, 1.0]);
//! assert!(found[3].is_nan());
//! ```

use crate::spec::{Kind, MetricSpec, Need, Outcome, Shape, Tier, Values, Weights};
use crate::{MetricError, Run};
use echogram_graph::{Graph, GraphView, NodeId, Partition};
use rayon::prelude::*;

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "ei_index",
    kind: Kind::Account,
    summary: "whether an account's ties lead out of its community (1) or stay inside (-1)",
    columns: &["ei_index"],
    shape: Shape::Undirected,
    other_shape: false,
    weights: Weights::Variant,
    needs: &[Need::Partition],
    parameters: &[],
    tier: Tier::Quick,
    chamber: None,
    unsteady: &[],
    source: include_str!("ei_index.rs"),
    run: |input, run| {
        let found = ei_index(input.graph, input.partition(SPEC.name)?, run)?;
        Ok(Outcome::of_columns(vec![Values::Real(found)]))
    },
};

/// The E-I index of every node of a symmetric graph; NaN = no neighbour.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn ei_index(graph: &Graph, partition: &Partition, run: &Run<'_>) -> Result<Vec<f64>, MetricError> {
    of_groups(graph, |node| Some(partition.of(node)), run)
}

/// The same by any group; who has none is passed over, and has no index.
pub(super) fn of_groups(
    graph: &Graph,
    group: impl Fn(NodeId) -> Option<u32> + Sync,
    run: &Run<'_>,
) -> Result<Vec<f64>, MetricError> {
    run.step(0, 1)?;
    let of_row = |row| {
        let node = NodeId::new(row);
        let Some(own) = group(node) else { return f64::NAN };
        let (mut outside, mut inside) = (0.0, 0.0);
        for (other, weight) in graph.out().row(node).filter(|entry| entry.0 != node) {
            match group(other) {
                Some(group) if group == own => inside += weight,
                Some(_) => outside += weight,
                None => {}
            }
        }
        (outside - inside) / (outside + inside)
    };
    Ok((0..graph.node_count()).into_par_iter().map(of_row).collect())
}

/// Checks edge by edge, each undirected tie seen once from its smaller end.
///
/// # Errors
/// The first account that differs.
pub fn verify(graph: &Graph, partition: &Partition, found: &[f64]) -> Result<(), String> {
    verify_groups(graph, |node| Some(partition.of(node)), found)
}

/// The same by any group.
pub(super) fn verify_groups(graph: &Graph, group: impl Fn(NodeId) -> Option<u32>, found: &[f64]) -> Result<(), String> {
    let n = graph.node_count();
    let (mut outside, mut total) = (vec![0.0; n], vec![0.0; n]);
    for node in (0..n).map(NodeId::new) {
        for (other, weight) in graph.out().row(node).filter(|entry| entry.0 > node) {
            if let (Some(one), Some(another)) = (group(node), group(other)) {
                for end in [node, other] {
                    outside[end.row()] += if one == another { 0.0 } else { weight };
                    total[end.row()] += weight;
                }
            }
        }
    }
    for row in 0..n {
        let wanted = 2.0 * outside[row] / total[row] - 1.0;
        if (found[row] - wanted).abs() > 1e-12 || found[row].is_nan() != wanted.is_nan() {
            return Err(format!("node {row}: got {}, counted {wanted}", found[row]));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::synthetic;

    #[test]
    fn counting_edges_agrees() {
        let labels: Vec<u32> = (0..256).map(|row| row % 5).collect();
        for graph in [synthetic::rmat(8, 6, 2), synthetic::uniform(256, 100, 3)] {
            let (union, partition) = (graph.undirected(), Partition::from_labels(&labels));
            verify(&union, &partition, &ei_index(&union, &partition, &Run::default()).unwrap()).unwrap();
        }
    }
}
