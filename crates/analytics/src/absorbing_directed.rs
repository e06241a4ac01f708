//! Random walks along the direction of ties that end in one of two sets: exact, by solving for the probability of ending in the first.
//!
//! An account that points at nobody has the walk start over at an account of its own side, each as likely (of any side, where it has none). The means that the walk starts over with are two unknowns more, so that three
//! systems with the same matrix are solved: with nothing, and with one for each side, at the accounts that point at nobody. Ties into parts from which no set can be reached are not walked.
//!
//! Source of the solver: van der Vorst, Bi-CGSTAB, SIAM J. Sci. Stat. Comput. 13, 1992, doi 10.1137/0913035.

use crate::absorbing::Place;
use crate::numeric::stable_sum;
use crate::{MetricError, Run};
use echogram_graph::{Graph, GraphView, NodeId};
use rayon::prelude::*;

/// Size of the residual, relative to the right-hand side, for which a solution stands.
const TOLERANCE: f64 = 1e-12;
/// Steps at most.
const MAX_STEPS: u64 = 5_000;

/// A walk along ties, without those into parts that never end it.
pub(crate) struct DirectedWalk<'a> {
    graph: &'a Graph,
    places: &'a [Place],
    of: &'a [Option<usize>],
    reaches: Vec<bool>,
    /// Weight of the ties that are walked.
    total: Vec<f64>,
    passing: Vec<bool>,
    /// How likely who points at nobody starts over in each side.
    over: Vec<[f64; 2]>,
}

impl<'a> DirectedWalk<'a> {
    /// `of` is the side, 0 or 1, of each node.
    pub(crate) fn new(graph: &'a Graph, places: &'a [Place], of: &'a [Option<usize>]) -> Self {
        let n = graph.node_count();
        let reaches = reaching(graph, places);
        let total: Vec<f64> = (0..n)
            .into_par_iter()
            .map(|row| graph.out().row(NodeId::new(row)).filter(|tie| reaches[tie.0.row()]).map(|tie| tie.1).sum())
            .collect();
        let passing = (0..n).map(|row| places[row] == Place::Passing && reaches[row]).collect();
        let sizes = [0, 1].map(|side| of.iter().filter(|&&own| own == Some(side)).count() as f64);
        let over = |row: usize| match of[row] {
            _ if total[row] > 0.0 || !reaches[row] => [0.0, 0.0],
            Some(side) => [f64::from(u8::from(side == 0)), f64::from(u8::from(side == 1))],
            None => sizes.map(|size| size / (sizes[0] + sizes[1])),
        };
        let over = (0..n).map(over).collect();
        Self { graph, places, of, reaches, total, passing, over }
    }

    /// Ties of `row` that are walked.
    pub(crate) fn ties(&self, row: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.graph.out().row(NodeId::new(row)).map(|(other, weight)| (other.row(), weight)).filter(|tie| self.reaches[tie.0])
    }

    /// Ties that are walked to `row`.
    pub(crate) fn ties_to(&self, row: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.graph.incoming().row(NodeId::new(row)).map(|(other, weight)| (other.row(), weight))
    }

    /// The weight of the ties of `row` that are walked; 0 where it points at nobody.
    pub(crate) fn total(&self, row: usize) -> f64 {
        self.total[row]
    }

    /// Whether the walk goes on at `row`.
    pub(crate) fn is_passing(&self, row: usize) -> bool {
        self.passing[row]
    }

    /// How likely the walk starts over in each side, from `row`.
    pub(crate) fn over(&self, row: usize) -> [f64; 2] {
        self.over[row]
    }

    /// Where the walk may start over in a side.
    pub(crate) fn members(&self, side: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.of.len()).filter(move |&row| self.of[row] == Some(side) && self.reaches[row])
    }

    /// The mean of `values` over where a step may lead; 0 for who points at nobody.
    fn step(&self, row: usize, values: &[f64]) -> f64 {
        if self.total[row] == 0.0 {
            return 0.0;
        }
        self.ties(row).map(|(other, weight)| values[other] * weight).sum::<f64>() / self.total[row]
    }

    /// Values of where the walk passes, 0 elsewhere.
    fn at_passing(&self, value: impl Fn(usize) -> f64 + Sync) -> Vec<f64> {
        let n = self.passing.len();
        (0..n).into_par_iter().with_min_len(256).map(|row| if self.passing[row] { value(row) } else { 0.0 }).collect()
    }

    /// Values of all nodes: `fixed` where the walk is absorbed, the mean of a step plus `own` where it passes.
    fn settled(&self, fixed: &[f64], own: &[f64], run: &Run<'_>) -> Result<Vec<f64>, MetricError> {
        let right = self.at_passing(|row| self.step(row, fixed) + own[row]);
        let solution = solve(&right, |values| self.at_passing(|row| values[row] - self.step(row, values)), run)?;
        Ok((0..fixed.len()).map(|row| if self.passing[row] { solution[row] } else { fixed[row] }).collect())
    }

    /// For each node the probability that a walk that makes one step from it first, and then goes on until it is absorbed, ends in the first set; NaN where no set can be reached.
    pub(crate) fn ends_in_first(&self, run: &Run<'_>) -> Result<Vec<f64>, MetricError> {
        let n = self.places.len();
        let nothing = vec![0.0; n];
        let first: Vec<f64> = self.places.iter().map(|&place| f64::from(u8::from(place == Place::First))).collect();
        let alone = self.settled(&first, &nothing, run)?;
        let of_over = |side: usize| self.settled(&nothing, &self.over.iter().map(|over| over[side]).collect::<Vec<_>>(), run);
        let through = [of_over(0)?, of_over(1)?];
        // Means over each side: m = a + C m.
        let mean = |side: usize, values: &[f64]| {
            let (sum, count) = self.members(side).fold((0.0, 0.0), |(sum, count), row| (sum + values[row], count + 1.0));
            sum / count
        };
        let a = [mean(0, &alone), mean(1, &alone)];
        let c = [0, 1].map(|side| [mean(side, &through[0]), mean(side, &through[1])]);
        let means = two_by_two(a, c);
        let values: Vec<f64> = (0..n).map(|row| alone[row] + through[0][row] * means[0] + through[1][row] * means[1]).collect();
        let forced = |row: usize| self.step(row, &values) + self.over[row][0] * means[0] + self.over[row][1] * means[1];
        Ok((0..n).map(|row| if self.reaches[row] { forced(row) } else { f64::NAN }).collect())
    }

    /// For a walk that starts over in each side: the probability of each node that it is the first that absorbs the walk.
    pub(crate) fn ends_from_sides(&self, run: &Run<'_>) -> Result<[Vec<f64>; 2], MetricError> {
        let n = self.places.len();
        let flow_to = |row: usize, visits: &[f64]| {
            let from = self.ties_to(row).filter(|tie| self.passing[tie.0] && self.total[tie.0] > 0.0);
            from.map(|(other, weight)| visits[other] * weight / self.total[other]).sum::<f64>()
        };
        let alone = |side: usize| -> Result<(Vec<f64>, [f64; 2]), MetricError> {
            let mut start = vec![0.0; n];
            let share = 1.0 / self.members(side).count() as f64;
            self.members(side).for_each(|row| start[row] = share);
            let right = self.at_passing(|row| start[row]);
            let visits = solve(&right, |visits| self.at_passing(|row| visits[row] - flow_to(row, visits)), run)?;
            let ends: Vec<f64> = (0..n)
                .into_par_iter()
                .with_min_len(256)
                .map(|row| if self.places[row] == Place::Passing { 0.0 } else { start[row] + flow_to(row, &visits) })
                .collect();
            let over =
                [0, 1].map(|side| stable_sum(n, |row| if self.passing[row] { visits[row] * self.over[row][side] } else { 0.0 }));
            Ok((ends, over))
        };
        let (from_first, from_second) = (alone(0)?, alone(1)?);
        let c = [from_first.1, from_second.1];
        let of_rows: Vec<[f64; 2]> =
            from_first.0.iter().zip(&from_second.0).map(|(&one, &other)| two_by_two([one, other], c)).collect();
        Ok([0, 1].map(|side| of_rows.iter().map(|ends| ends[side]).collect()))
    }
}

/// The solution of m = a + C m.
fn two_by_two(a: [f64; 2], c: [[f64; 2]; 2]) -> [f64; 2] {
    let determinant = (1.0 - c[0][0]) * (1.0 - c[1][1]) - c[0][1] * c[1][0];
    [(a[0] * (1.0 - c[1][1]) + c[0][1] * a[1]) / determinant, (a[1] * (1.0 - c[0][0]) + c[1][0] * a[0]) / determinant]
}

/// Whether a walk from each node can end: it is absorbed, points at nobody, or leads to such a one.
fn reaching(graph: &Graph, places: &[Place]) -> Vec<bool> {
    let mut reaches: Vec<bool> =
        (0..graph.node_count()).map(|row| places[row] != Place::Passing || graph.out_degree(NodeId::new(row)) == 0).collect();
    let mut queue: Vec<usize> = (0..reaches.len()).filter(|&row| reaches[row]).collect();
    while let Some(row) = queue.pop() {
        for other in graph.predecessors(NodeId::new(row)).iter().map(|other| other.row()) {
            if !std::mem::replace(&mut reaches[other], true) {
                queue.push(other);
            }
        }
    }
    reaches
}

/// Bi-CGSTAB from 0; where it breaks down it starts again from where it is.
fn solve(right: &[f64], times: impl Fn(&[f64]) -> Vec<f64>, run: &Run<'_>) -> Result<Vec<f64>, MetricError> {
    let n = right.len();
    let dot = |one: &[f64], other: &[f64]| stable_sum(n, |at| one[at] * other[at]);
    let limit = TOLERANCE * TOLERANCE * dot(right, right);
    let mut solution = vec![0.0; n];
    let mut steps = 0;
    loop {
        let image = times(&solution);
        let mut residual: Vec<f64> = (0..n).map(|at| right[at] - image[at]).collect();
        let shadow = residual.clone();
        let mut direction = residual.clone();
        let mut size = dot(&residual, &shadow);
        loop {
            if dot(&residual, &residual) <= limit || steps >= MAX_STEPS {
                return Ok(solution);
            }
            run.step(steps, MAX_STEPS)?;
            steps += 1;
            let image = times(&direction);
            let length = size / dot(&image, &shadow);
            let half: Vec<f64> = (0..n).map(|at| residual[at] - length * image[at]).collect();
            let second = times(&half);
            let weight = dot(&second, &half) / dot(&second, &second);
            let weight = if weight.is_finite() { weight } else { 0.0 };
            if !length.is_finite() {
                break;
            }
            for at in 0..n {
                solution[at] += length * direction[at] + weight * half[at];
                residual[at] = half[at] - weight * second[at];
            }
            let next = dot(&residual, &shadow);
            let factor = next / size * (length / weight);
            size = next;
            if !factor.is_finite() {
                break;
            }
            for at in 0..n {
                direction[at] = residual[at] + factor * (direction[at] - weight * image[at]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Place::{First, Passing, Second};
    use echogram_graph::synthetic;

    /// Iterates the walk's equations, from all that still walk ending in the second set.
    fn iterated(graph: &Graph, places: &[Place], of: &[Option<usize>]) -> Vec<f64> {
        let n = places.len();
        let reaches = reaching(graph, places);
        let mut values: Vec<f64> = places.iter().map(|&place| if place == First { 1.0 } else { 0.0 }).collect();
        let mut forced = Vec::new();
        for _ in 0..20_000 {
            let mean = |side: Option<usize>| {
                let members: Vec<f64> = (0..n)
                    .filter(|&row| reaches[row] && of[row].is_some() && (side.is_none() || of[row] == side))
                    .map(|row| values[row])
                    .collect();
                members.iter().sum::<f64>() / members.len() as f64
            };
            let sizes = [0, 1].map(|side| of.iter().filter(|&&own| own == Some(side)).count() as f64);
            let any = (sizes[0] * mean(Some(0)) + sizes[1] * mean(Some(1))) / (sizes[0] + sizes[1]);
            forced = (0..n)
                .map(|row| {
                    let ties: Vec<_> = graph.out().row(NodeId::new(row)).filter(|tie| reaches[tie.0.row()]).collect();
                    let total: f64 = ties.iter().map(|tie| tie.1).sum();
                    match of[row] {
                        _ if !reaches[row] => f64::NAN,
                        _ if total > 0.0 => ties.iter().map(|tie| values[tie.0.row()] * tie.1).sum::<f64>() / total,
                        None => any,
                        side => mean(side),
                    }
                })
                .collect();
            (0..n).filter(|&row| places[row] == Passing && reaches[row]).for_each(|row| values[row] = forced[row]);
        }
        forced
    }

    fn check(graph: &Graph, places: &[Place], of: &[Option<usize>]) {
        let walk = DirectedWalk::new(graph, places, of);
        let found = walk.ends_in_first(&Run::default()).unwrap();
        for (row, (got, wanted)) in found.iter().zip(iterated(graph, places, of)).enumerate() {
            assert!((got - wanted).abs() < 1e-9 || (got.is_nan() && wanted.is_nan()), "{row}: {got} {wanted}");
        }
    }

    #[test]
    fn by_hand() {
        let [a, b] = [Some(0), Some(1)];
        // 1 leads to the hub of a, or to 2, who starts over among b: the hub 3 there, or 2 again.
        let graph = Graph::from_arrows("1>0 1>2 3>2");
        let (places, of) = ([First, Passing, Passing, Second], [a, a, b, b]);
        let found = DirectedWalk::new(&graph, &places, &of).ends_in_first(&Run::default()).unwrap();
        // Hub 0 points at nobody: it starts over among a, at itself or at 1.
        for (got, wanted) in found.iter().zip([0.75, 0.5, 0.0, 0.0]) {
            assert!((got - wanted).abs() < 1e-12, "{found:?}");
        }
        // 4 and 5 walk in a circle for ever: nobody is sent there.
        check(
            &Graph::from_arrows("1>0 1>2 3>2 1>4 4>5 5>4"),
            &[First, Passing, Passing, Second, Passing, Passing],
            &[a, a, b, b, a, None],
        );
    }

    #[test]
    fn iteration_agrees() {
        for seed in 0..6 {
            let graph = synthetic::rmat(6, 3, seed);
            let n = graph.node_count();
            let of: Vec<Option<usize>> = (0..n).map(|row| [Some(0), Some(1), None, Some(0)][row % 4]).collect();
            let mut places = vec![Passing; n];
            (places[0], places[4], places[1], places[5]) = (First, First, Second, Second);
            check(&graph, &places, &of);
        }
    }
}
