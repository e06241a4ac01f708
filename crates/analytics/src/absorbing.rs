//! Random walks that end in one of two sets: exact, by solving for the probability of ending in the first.
//!
//! On a symmetric graph the walk's equations are those of a network of resistors: (D - A) f = A 1 over the nodes that do not absorb, f = 1 in the first set, 0 in the second.

use crate::conjugate_gradients::solve;
use crate::{MetricError, Run};
use echogram_graph::{Graph, GraphView, NodeId};
use rayon::prelude::*;

/// What a node is to the walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The walk goes on.
    Passing,
    /// It ends in the first set.
    First,
    /// It ends in the second set.
    Second,
}

/// For each node the probability that a walk that makes one step from it first, and then goes on until it is absorbed, ends in the first set; NaN where no set can be reached.
pub(crate) fn ends_in_first(graph: &Graph, places: &[Place], run: &Run<'_>) -> Result<Vec<f64>, MetricError> {
    let n = graph.node_count();
    let reaches = reaching(graph, places);
    let rows: Vec<usize> = (0..n).filter(|&row| places[row] == Place::Passing && reaches[row]).collect();
    let total: Vec<f64> =
        (0..n).into_par_iter().map(|row| graph.out().row(NodeId::new(row)).map(|(_, weight)| weight).sum()).collect();
    let mut chance: Vec<f64> = places.iter().map(|&place| if place == Place::First { 1.0 } else { 0.0 }).collect();
    // What flows in from the first set is the right-hand side.
    let of_row = |row: usize, values: &[f64]| -> f64 {
        graph.out().row(NodeId::new(row)).map(|(other, weight)| values[other.row()] * weight).sum()
    };
    let right: Vec<f64> = rows.par_iter().with_min_len(256).map(|&row| of_row(row, &chance)).collect();
    let diagonal: Vec<f64> = rows.iter().map(|&row| total[row]).collect();
    let mut held = vec![0.0; n];
    let times = |direction: &[f64]| -> Vec<f64> {
        rows.iter().zip(direction).for_each(|(&row, &value)| held[row] = value);
        rows.par_iter().zip(direction).with_min_len(256).map(|(&row, value)| total[row] * value - of_row(row, &held)).collect()
    };
    let solution = solve(&diagonal, right, times, run)?;
    rows.iter().zip(&solution).for_each(|(&row, &value)| chance[row] = value);
    // One forced step: a node that absorbs may be a start too.
    Ok((0..n)
        .into_par_iter()
        .with_min_len(256)
        .map(|row| if reaches[row] { of_row(row, &chance) / total[row] } else { f64::NAN })
        .collect())
}

/// Whether a walk from each node can be absorbed after a step: it has a neighbour that absorbs, or one that reaches such a one.
fn reaching(graph: &Graph, places: &[Place]) -> Vec<bool> {
    let n = graph.node_count();
    let mut reaches = vec![false; n];
    let mut queue: Vec<usize> = (0..n).filter(|&row| places[row] != Place::Passing).collect();
    let mut at = 0;
    while at < queue.len() {
        for other in graph.successors(NodeId::new(queue[at])).iter().map(|other| other.row()) {
            if !std::mem::replace(&mut reaches[other], true) && places[other] == Place::Passing {
                queue.push(other);
            }
        }
        at += 1;
    }
    reaches
}

#[cfg(test)]
mod tests {
    use super::*;
    use Place::{First, Passing, Second};

    #[test]
    fn by_hand() {
        // A path 0 - 1 - 2 - 3: the gambler's ruin, with a forced step from the ends.
        let path = Graph::from_arrows("0>1 1>2 2>3 4").undirected();
        let found = ends_in_first(&path, &[First, Passing, Passing, Second, Passing], &Run::default()).unwrap();
        for (got, wanted) in found.iter().zip([2.0 / 3.0, 2.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0]) {
            assert!((got - wanted).abs() < 1e-12, "{found:?}");
        }
        assert!(found[4].is_nan());
    }
}
