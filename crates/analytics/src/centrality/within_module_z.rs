//! Within-module z: is an account better connected in its own community than the other members are?
//!
//! # Formula
//! z(i) = (k_in(i) - mean) / sd, k_in(i) = neighbours of i in its own community; mean and sd of k_in over the members of this
//! community, i included.
//!
//! # Conventions
//! Communities are the column `community` of the same variant; ties are those of the simple undirected union, each neighbour once (`_weighted`: k_in
//! by the weight of both directions). Self-loops never count. sd is that of a population (ddof 0). Where all members have the
//! same k_in (within 1e-12 of the largest), z is 0, as in bctpy and brainconn: so for an account that is alone in its community.
//!
//! # Range and unit
//! Standard deviations; mean 0 in each community. At most sqrt(n - 1) in a community of n: only those of 8 and more can have a
//! hub in the sense of `cartographic_role` (z >= 2.5).
//!
//! # Cost
//! O(E) time, 16 bytes per node. Parallel over nodes; means and deviations are summed in sequence.
//!
//! # Errors
//! `Missing` without communities; cancelled by the caller.
//!
//! # Compared with
//! bctpy and brainconn `module_degree_zscore` (flag 0): equal. The Brain Connectivity Toolbox in MATLAB divides by the sd of a
//! sample (ddof 1): its z is ours times sqrt((n - 1) / n). NetworkX and igraph have none.
//!
//! # Source
//! Guimera and Amaral, Functional cartography of complex metabolic networks, Nature 433, 2005, doi 10.1038/nature03288; paper's
//! kappa_i = k_in(i). It does not say what z is where the deviation is 0.
//!
//! # Example
//! ```
//! use echogram_analytics::centrality::within_module_z::within_module_z;
//! use echogram_graph::{Graph, Partition};
//! let star = Graph::from_arrows("0>1 0>2 0>3 0>4").undirected();
//! let found = within_module_z(&star, &Partition::from_labels(&[0; 5]), &Default::default()).unwrap();
//! assert!((found[0] - 2.0).abs() < 1e-12 && (found[1] + 0.5).abs() < 1e-12);
//! ```

use crate::centrality::participation::others;
use crate::spec::{Kind, MetricSpec, Need, Outcome, Shape, Tier, Values, Weights};
use crate::{MetricError, Run};
use echogram_graph::{Graph, GraphView, NodeId, Partition};
use rayon::prelude::*;

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "within_module_z",
    kind: Kind::Account,
    summary: "ties inside the own community, in standard deviations from its members' mean",
    columns: &["within_module_z"],
    shape: Shape::Undirected,
    other_shape: false,
    weights: Weights::Variant,
    needs: &[Need::Partition],
    parameters: &[],
    tier: Tier::Standard,
    chamber: None,
    unsteady: &[],
    source: include_str!("within_module_z.rs"),
    run: |input, run| {
        let found = within_module_z(input.graph, input.partition(SPEC.name)?, run)?;
        Ok(Outcome::of_columns(vec![Values::Real(found)]))
    },
};

/// Deviations below this share of the largest value are rounding.
const EQUAL: f64 = 1e-12;

/// The z-score of every node of a symmetric graph within its community.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn within_module_z(graph: &Graph, partition: &Partition, run: &Run<'_>) -> Result<Vec<f64>, MetricError> {
    run.step(0, 1)?;
    let inside: Vec<f64> = (0..graph.node_count())
        .into_par_iter()
        .map(|row| {
            let own = NodeId::new(row);
            others(graph, own).filter(|&(other, _)| partition.of(other) == partition.of(own)).map(|(_, weight)| weight).sum()
        })
        .collect();
    let spreads = Spread::of_communities(partition, &inside);
    Ok((0..inside.len()).into_par_iter().map(|row| spreads[partition.labels()[row] as usize].z(inside[row])).collect())
}

/// Mean and deviation of a community's members.
#[derive(Clone, Copy, Default)]
struct Spread {
    members: f64,
    mean: f64,
    sd: f64,
    largest: f64,
}

impl Spread {
    fn of_communities(partition: &Partition, values: &[f64]) -> Vec<Self> {
        let mut spreads = vec![Self::default(); partition.count()];
        let members = || partition.labels().iter().zip(values);
        for (&label, &value) in members() {
            let spread = &mut spreads[label as usize];
            spread.members += 1.0;
            spread.mean += value;
            spread.largest = spread.largest.max(value);
        }
        spreads.iter_mut().for_each(|spread| spread.mean /= spread.members);
        for (&label, &value) in members() {
            let spread = &mut spreads[label as usize];
            spread.sd += (value - spread.mean) * (value - spread.mean);
        }
        spreads.iter_mut().for_each(|spread| spread.sd = (spread.sd / spread.members).sqrt());
        spreads
    }

    fn z(&self, value: f64) -> f64 {
        if self.sd <= EQUAL * self.largest { 0.0 } else { (value - self.mean) / self.sd }
    }
}

/// Checks pair by pair: the variance is the mean of all squared differences of two members, halved.
///
/// # Errors
/// The first account that differs.
pub fn verify(graph: &Graph, partition: &Partition, found: &[f64]) -> Result<(), String> {
    let n = graph.node_count();
    let mut inside = vec![0.0; n];
    for node in (0..n).map(NodeId::new) {
        for (other, weight) in graph.out().row(node).filter(|entry| entry.0 > node) {
            if partition.of(node) == partition.of(other) {
                inside[node.row()] += weight;
                inside[other.row()] += weight;
            }
        }
    }
    for own in 0..n {
        let members: Vec<f64> =
            (0..n).filter(|&row| partition.labels()[row] == partition.labels()[own]).map(|row| inside[row]).collect();
        let size = members.len() as f64;
        let pairs = members.iter().flat_map(|one| members.iter().map(move |other| (one - other) * (one - other)));
        let sd = (pairs.sum::<f64>() / 2.0).sqrt() / size;
        let ahead = members.iter().map(|other| inside[own] - other).sum::<f64>() / size;
        let largest = members.iter().copied().fold(0.0, f64::max);
        let wanted = if sd <= 1e-12 * largest { 0.0 } else { ahead / sd };
        let gap = (found[own] - wanted).abs();
        if gap.is_nan() || gap > 1e-9 * wanted.abs().max(1.0) {
            return Err(format!("node {own}: got z {}, all pairs give {wanted}", found[own]));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::synthetic;

    #[track_caller]
    fn check(arrows: &str, labels: &[u32], wanted: &[f64]) {
        let (graph, partition) = (Graph::from_arrows(arrows).undirected(), Partition::from_labels(labels));
        let found = within_module_z(&graph, &partition, &Run::default()).unwrap();
        verify(&graph, &partition, &found).unwrap();
        for (got, wanted) in found.iter().zip(wanted) {
            assert!((got - wanted).abs() < 1e-12, "{found:?}");
        }
    }

    #[test]
    fn the_middle_of_a_star_is_at_the_highest_z_there_is() {
        check("0>1 0>2 0>3 0>4", &[0; 5], &[2.0, -0.5, -0.5, -0.5, -0.5]);
        // Ties to other communities do not count.
        check("0>1 0>2 0>3 0>4 1>5 1>6", &[0, 0, 0, 0, 0, 1, 1], &[2.0, -0.5, -0.5, -0.5, -0.5, 0.0, 0.0]);
    }

    #[test]
    fn members_alike_have_0() {
        check("0>1 1>2 2>0 3 4>4", &[0, 0, 0, 1, 2], &[0.0; 5]);
        check("0>1:0.1 1>2:0.1 2>0:0.1", &[0; 3], &[0.0; 3]);
        // Added in another order these are 0.6 and 0.6000000000000001: no difference.
        check("0>1:0.1 0>2:0.2 0>3:0.3 1>3:0.2 1>2:0.3 2>3:0.1", &[0; 4], &[0.0; 4]);
    }

    #[test]
    fn weights_count() {
        // k_in is 3, 1, 2: mean 2, sd sqrt(2/3).
        let step = (1.5_f64).sqrt();
        check("0>1:1 2>0:2", &[0; 3], &[step, -step, 0.0]);
    }

    #[test]
    fn pairs_agree() {
        let labels: Vec<u32> = (0..256).map(|row| row * row % 7).collect();
        for graph in [synthetic::rmat(8, 6, 2), synthetic::uniform(256, 100, 3)] {
            let (union, partition) = (graph.undirected(), Partition::from_labels(&labels));
            verify(&union, &partition, &within_module_z(&union, &partition, &Run::default()).unwrap()).unwrap();
        }
    }
}
