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
    let is_passing: Vec<bool> = (0..n).map(|row| places[row] == Place::Passing && reaches[row]).collect();
    let hanging = hanging(graph, &is_passing);
    let mut is_left = is_passing;
    hanging.iter().for_each(|&(row, _)| is_left[row] = false);
    let mut chance: Vec<f64> = places.iter().map(|&place| if place == Place::First { 1.0 } else { 0.0 }).collect();
    let system = System::of(graph, &is_left, &chance, |row| is_left[row] || places[row] != Place::Passing);
    let solution = solve(&system.diagonal, system.right.clone(), |values| system.times(values), run)?;
    system.rows.iter().zip(&solution).for_each(|(&row, &value)| chance[row] = value);
    // From the last that was taken away to the first, so that where each hangs is known.
    hanging.iter().rev().for_each(|&(row, at)| chance[row] = chance[at]);
    // One forced step: a node that absorbs may be a start too.
    let forced = |row: usize| match (reaches[row], graph.out().row_weights(NodeId::new(row))) {
        (false, _) => f64::NAN,
        (_, None) => {
            let others = graph.successors(NodeId::new(row));
            others.iter().map(|other| chance[other.row()]).sum::<f64>() / others.len() as f64
        }
        (_, Some(weights)) => {
            let others = graph.successors(NodeId::new(row)).iter().zip(weights);
            others.map(|(other, weight)| chance[other.row()] * weight).sum::<f64>() / weights.iter().sum::<f64>()
        }
    };
    Ok((0..n).into_par_iter().with_min_len(1 << 10).map(forced).collect())
}

/// Nodes that hang on one other, taken away one after the other, each with what it hangs on: no walk gets through them, so that its chance is theirs. Most accounts of networks of reposts are such.
fn hanging(graph: &Graph, is_passing: &[bool]) -> Vec<(usize, usize)> {
    let others =
        |row: usize| graph.successors(NodeId::new(row)).iter().map(|other| other.row()).filter(move |&other| other != row);
    let mut left: Vec<usize> = (0..is_passing.len()).map(|row| if is_passing[row] { others(row).count() } else { 0 }).collect();
    let mut is_gone = vec![false; left.len()];
    let mut queue: Vec<usize> = (0..left.len()).filter(|&row| left[row] == 1).collect();
    let mut found = Vec::with_capacity(queue.len());
    while let Some(row) = queue.pop() {
        let Some(at) = others(row).find(|&other| !is_gone[other]) else { continue };
        is_gone[row] = true;
        found.push((row, at));
        if is_passing[at] {
            left[at] -= 1;
            if left[at] == 1 {
                queue.push(at);
            }
        }
    }
    found
}

/// The equations of the nodes that are left, in rows of their own.
struct System {
    /// Their nodes.
    rows: Vec<usize>,
    diagonal: Vec<f64>,
    right: Vec<f64>,
    offsets: Vec<usize>,
    /// Places in `rows` of neighbours.
    others: Vec<u32>,
    /// Weights of the ties to them; none where all are 1.
    weights: Vec<f64>,
}

impl System {
    /// What flows in from `fixed` values is the right-hand side; ties to nodes that do not count are as if they were not there.
    fn of(graph: &Graph, is_left: &[bool], fixed: &[f64], counts: impl Fn(usize) -> bool) -> Self {
        let rows: Vec<usize> = (0..is_left.len()).filter(|&row| is_left[row]).collect();
        let mut place = vec![0_u32; is_left.len()];
        (0..).zip(&rows).for_each(|(at, &row)| place[row] = at);
        let is_weighted = graph.is_weighted();
        let (mut diagonal, mut right) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
        let (mut offsets, mut others, mut weights) = (vec![0], Vec::new(), Vec::new());
        for &row in &rows {
            let (mut total, mut inflow) = (0.0, 0.0);
            for (other, weight) in graph.out().row(NodeId::new(row)).filter(|tie| tie.0.row() != row && counts(tie.0.row())) {
                total += weight;
                if is_left[other.row()] {
                    others.push(place[other.row()]);
                    weights.extend(is_weighted.then_some(weight));
                } else {
                    inflow += weight * fixed[other.row()];
                }
            }
            diagonal.push(total);
            right.push(inflow);
            offsets.push(others.len());
        }
        Self { rows, diagonal, right, offsets, others, weights }
    }

    fn times(&self, values: &[f64]) -> Vec<f64> {
        let of_row = |at: usize| {
            let range = self.offsets[at]..self.offsets[at + 1];
            let others = &self.others[range.clone()];
            let sum: f64 = if self.weights.is_empty() {
                others.iter().map(|&other| values[other as usize]).sum()
            } else {
                others.iter().zip(&self.weights[range]).map(|(&other, weight)| values[other as usize] * weight).sum()
            };
            self.diagonal[at] * values[at] - sum
        };
        (0..values.len()).into_par_iter().with_min_len(1 << 10).map(of_row).collect()
    }
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
    fn what_hangs_on_others_has_their_chance() {
        // A ring 0 - 1 - 2 - 3 with a tree at 1: 4 - 5, 4 - 6, and one leaf at an end.
        let graph = Graph::from_arrows("0>1 1>2 2>3 3>0 1>4 4>5 4>6 0>7").undirected();
        let places = [First, Passing, Second, Passing, Passing, Passing, Passing, Passing];
        let found = ends_in_first(&graph, &places, &Run::default()).unwrap();
        for (got, wanted) in found.iter().zip([2.0 / 3.0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1.0]) {
            assert!((got - wanted).abs() < 1e-12, "{found:?}");
        }
    }

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
