//! Participation: how evenly an account's ties are spread over the communities, from 0 (all in one) towards 1.
//!
//! # Formula
//! P(i) = 1 - sum over communities s of (k(i, s) / k(i))^2, k(i, s) = neighbours of i in community s, k(i) = all its neighbours.
//! `participation_max` is the highest P that an account with these ties could have, had each neighbour the community that suits
//! best: with C communities and k = q C + r (r < C) it is 1 - (r (q + 1)^2 + (C - r) q^2) / k^2, which is 1 - 1/k for k <= C.
//!
//! # Conventions
//! Communities are the column `community` of the same variant; ties are those of the simple undirected union, each neighbour once (`_weighted`: k by
//! the weight of both directions). Self-loops never count. Null for an account without a neighbour. C counts the communities
//! that hold an account with a tie. Where an account's ties differ in weight, the exact maximum is a partition problem;
//! `participation_max` is then a bound that need not be reached: ties heavier than an even share of what is left stand alone,
//! and the rest is spread evenly. It is reached where k <= C: 1 - sum of squared shares of the ties.
//!
//! # Range and unit
//! Index in [0, 1 - 1/k] and in [0, 1 - 1/C]: an account of few ties cannot have a high P, so compare accounts by P beside its
//! maximum, never by P alone. 0 = all ties in one community, its own or another.
//!
//! # Cost
//! O(E log k) time, 16 bytes per node. Parallel over nodes.
//!
//! # Errors
//! `Missing` without communities; cancelled by the caller.
//!
//! # Compared with
//! bctpy and brainconn `participation_coef`: equal on a symmetric matrix, but 0 where we have null. NetworkX and igraph have none.
//!
//! # Source
//! Guimera and Amaral, Functional cartography of complex metabolic networks, Nature 433, 2005, doi 10.1038/nature03288; paper's
//! kappa_is = k(i, s). The maximum is ours.
//!
//! # Example
//! ```
//! use echogram_analytics::centrality::participation::participation;
//! use echogram_graph::{Graph, Partition};
//! let graph = Graph::from_arrows("0>1 0>2 0>3 0>4").undirected();
//! let found = participation(&graph, &Partition::from_labels(&[0, 0, 0, 1, 1]), &Default::default()).unwrap();
//! assert_eq!((found.index[0], found.max[0], found.index[1]), (0.5, 0.5, 0.0));
//! ```

use crate::spec::{Kind, MetricSpec, Need, Outcome, Shape, Tier, Values, Weights};
use crate::{MetricError, Run};
use echogram_graph::{Graph, GraphView, NodeId, Partition};
use rayon::prelude::*;

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "participation",
    kind: Kind::Account,
    summary: "how evenly an account's ties are spread over communities (0 = all in one), and the most that its ties allow",
    columns: &["participation", "participation_max"],
    shape: Shape::Undirected,
    other_shape: false,
    weights: Weights::Variant,
    needs: &[Need::Partition],
    parameters: &[],
    tier: Tier::Standard,
    chamber: None,
    unsteady: &[],
    source: include_str!("participation.rs"),
    run: |input, run| {
        let found = participation(input.graph, input.partition(SPEC.name)?, run)?;
        Ok(Outcome::of_columns(vec![Values::Real(found.index), Values::Real(found.max)]))
    },
};

/// Participation of every node; NaN = no neighbour.
#[derive(Clone, Debug, PartialEq)]
pub struct Participation {
    /// P, an index in [0, 1).
    pub index: Vec<f64>,
    /// The most that P could be, in [0, 1).
    pub max: Vec<f64>,
}

/// The participation of every node of a symmetric graph.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn participation(graph: &Graph, partition: &Partition, run: &Run<'_>) -> Result<Participation, MetricError> {
    run.step(0, 1)?;
    let communities = tied_communities(graph, partition);
    let (index, max) = (0..graph.node_count())
        .into_par_iter()
        .map_init(Vec::new, |ties, row| {
            let node = NodeId::new(row);
            ties.clear();
            ties.extend(others(graph, node).map(|(other, weight)| (partition.of(other), weight)));
            of_ties(ties, communities)
        })
        .unzip();
    Ok(Participation { index, max })
}

/// Neighbours but the node itself, with weights.
pub(crate) fn others(graph: &Graph, node: NodeId) -> impl Iterator<Item = (NodeId, f64)> + '_ {
    graph.out().row(node).filter(move |entry| entry.0 != node)
}

/// Communities that hold a node with a neighbour.
fn tied_communities(graph: &Graph, partition: &Partition) -> usize {
    let mut is_tied = vec![false; partition.count()];
    for (row, &label) in partition.labels().iter().enumerate() {
        let node = NodeId::new(row);
        is_tied[label as usize] |= graph.successors(node).iter().any(|&other| other != node);
    }
    is_tied.into_iter().filter(|&is| is).count()
}

/// P and its maximum from (community, weight) of each tie.
fn of_ties(ties: &mut [(u32, f64)], communities: usize) -> (f64, f64) {
    // Stable, so that weights are added in the graph's order.
    ties.sort_by_key(|tie| tie.0);
    let (mut total, mut squares) = (0.0, 0.0);
    for group in ties.chunk_by(|one, other| one.0 == other.0) {
        let sum: f64 = group.iter().map(|tie| tie.1).sum();
        total += sum;
        squares += sum * sum;
    }
    // One division: a share such as 3/10 comes out as the number that is written 0.3.
    let index = (total * total - squares) / (total * total);
    (index, highest(ties, total, communities))
}

/// The most that P can be for ties of these weights over so many communities.
fn highest(ties: &mut [(u32, f64)], total: f64, communities: usize) -> f64 {
    let Some(&(_, first)) = ties.first() else { return f64::NAN };
    if ties.iter().all(|tie| tie.1 == first) {
        let (k, c) = (ties.len() as f64, communities as f64);
        let (each, over) = ((k / c).floor(), k % c);
        let squares = over * (each + 1.0) * (each + 1.0) + (c - over) * each * each;
        return (k * k - squares) / (k * k);
    }
    ties.sort_by(|one, other| other.1.total_cmp(&one.1));
    let (mut rest, mut left, mut squares) = (total, communities as f64, 0.0);
    for &(_, weight) in ties.iter() {
        if left <= 1.0 || weight * left < rest {
            break;
        }
        squares += weight * weight;
        rest = (rest - weight).max(0.0);
        left -= 1.0;
    }
    (1.0 - (squares + rest * rest / left) / (total * total)).max(0.0)
}

/// Checks edge by edge: sums per account and community. The maximum must be no less than P, nor than what giving each tie in turn,
/// heaviest first, to the emptiest community reaches; with ties alike, that is the maximum.
///
/// # Errors
/// The first account that differs.
pub fn verify(graph: &Graph, partition: &Partition, found: &Participation) -> Result<(), String> {
    let (n, communities) = (graph.node_count(), partition.count());
    let mut sums = vec![vec![0.0; communities]; n];
    let mut ties = vec![Vec::new(); n];
    for node in (0..n).map(NodeId::new) {
        for (other, weight) in graph.out().row(node).filter(|entry| entry.0 > node) {
            sums[node.row()][partition.of(other) as usize] += weight;
            sums[other.row()][partition.of(node) as usize] += weight;
            ties[node.row()].push(weight);
            ties[other.row()].push(weight);
        }
    }
    let reachable = (0..communities).filter(|&label| sums.iter().any(|sums| sums[label] > 0.0)).count();
    for (row, ties) in ties.iter_mut().enumerate() {
        let total: f64 = ties.iter().sum();
        let p_of = |parts: &[f64]| 1.0 - parts.iter().map(|sum| (sum / total) * (sum / total)).sum::<f64>();
        let (got, max) = (found.index[row], found.max[row]);
        if ties.is_empty() {
            if got.is_nan() && max.is_nan() {
                continue;
            }
            return Err(format!("node {row}: got {got} of {max} without a neighbour"));
        }
        let wanted = p_of(&sums[row]);
        ties.sort_by(|one, other| other.total_cmp(one));
        let mut parts = vec![0.0_f64; reachable];
        for weight in &*ties {
            let emptiest = parts.iter_mut().min_by(|one, other| one.total_cmp(other)).expect("a tie leads to a community");
            *emptiest += weight;
        }
        let (reached, is_even) = (p_of(&parts), ties[0] == ties[ties.len() - 1]);
        if (got - wanted).abs() > 1e-12 {
            return Err(format!("node {row}: got participation {got}, counted {wanted}"));
        }
        if max < got - 1e-12 || max < reached - 1e-12 || (is_even && max > reached + 1e-12) {
            return Err(format!("node {row}: got at most {max}, has {got}, spreading its ties gives {reached}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::synthetic;

    #[track_caller]
    fn check(arrows: &str, labels: &[u32], index: &[f64], max: &[f64]) {
        let (graph, partition) = (Graph::from_arrows(arrows).undirected(), Partition::from_labels(labels));
        let found = participation(&graph, &partition, &Run::default()).unwrap();
        verify(&graph, &partition, &found).unwrap();
        for (got, wanted) in found.index.iter().zip(index).chain(found.max.iter().zip(max)) {
            assert!((got.is_nan() && wanted.is_nan()) || (got - wanted).abs() < 1e-12, "{found:?}");
        }
    }

    #[test]
    fn a_star_over_three_communities() {
        // 2 + 2 + 1 of 5: (25 - 9) / 25, and no better with three communities.
        let leaf = 0.0;
        check("0>1 0>2 0>3 0>4 0>5", &[0, 0, 0, 1, 1, 2], &[0.64, leaf, leaf], &[0.64, leaf, leaf]);
    }

    #[test]
    fn few_ties_bound_it() {
        check("0>1 0>2 3 4 2>4", &[0, 0, 1, 2, 3], &[0.5, 0.0, 0.5, f64::NAN, 0.0], &[0.5, 0.0, 0.5, f64::NAN, 0.0]);
    }

    #[test]
    fn weights_count_and_loops_do_not() {
        // 3 and 1 of 4: 1 - 10/16; two ties over two communities can do no better.
        check("0>1:3 0>2:1 0>0:9", &[0, 0, 1], &[0.375, 0.0, 0.0], &[0.375, 0.0, 0.0]);
        // 4, 1, 1 over two communities: 4 stands alone, 1 + 1 go together.
        check("0>1:4 0>2:1 0>3:1", &[0, 0, 0, 1], &[10.0 / 36.0], &[1.0 - 20.0 / 36.0]);
    }

    #[test]
    fn decimal_shares_come_out_as_they_are_written() {
        let of = |sizes: &[usize]| {
            let mut ties: Vec<(u32, f64)> = sizes.iter().zip(0..).flat_map(|(&size, label)| vec![(label, 1.0); size]).collect();
            of_ties(&mut ties, 9).0
        };
        assert_eq!(of(&[1; 5]), 0.8);
        // As a difference of shares the first would be 0.31999999999999995.
        assert_eq!((of(&[8, 2]), of(&[5, 5]), of(&[6, 2, 2])), (0.32, 0.5, 0.56));
    }

    #[test]
    fn counting_edges_agrees() {
        let weighted =
            Graph::from_edges(50, &(0..400).map(|at| (at % 50, at * 7 % 47, f64::from(at % 9) + 0.5)).collect::<Vec<_>>());
        for graph in [synthetic::rmat(8, 6, 2), synthetic::uniform(256, 100, 3), weighted] {
            let labels: Vec<u32> = (0..graph.node_count() as u32).map(|row| row * row % 7).collect();
            let (union, partition) = (graph.undirected(), Partition::from_labels(&labels));
            for union in [union.unweighted(), union] {
                verify(&union, &partition, &participation(&union, &partition, &Run::default()).unwrap()).unwrap();
            }
        }
    }
}
