//! Ties between groups: who attends to whom, beside what chance would give.
//!
//! # Formula
//! weight(g, h) = sum of w(u, v) over u in g, v in h; expected(g, h) = out(g) in(h) / W, out and in its row and column sums, W their total; ratio =
//! weight / expected.
//!
//! # Conventions
//! Directed edges between accounts whose groups are both known; others are left out of all sums. Self-loops are left out unless kept. In an undirected
//! network each pair counts from both ends, so that the matrix is symmetric.
//!
//! # Range and unit
//! Weights >= 0; ratio >= 0, 1 = as chance would have it, null where nothing is expected.
//!
//! # Cost
//! O(E + blocks x groups^2) time and memory. Parallel over fixed blocks of rows, added in order.
//!
//! # Source
//! Newman, Mixing patterns in networks, Physical Review E 67, 2003, doi 10.1103/PhysRevE.67.026126.

use echogram_graph::{Graph, Grouping, NodeId};
use rayon::prelude::*;

/// Blocks that rows are split into: fixed, so that sums have the same bits on any number of threads.
const BLOCKS: usize = 16;

/// More groups than this have no jackknife errors: every pair of them would have to be tried.
const MOST_JACKKNIFED: usize = 24;

/// Weight of the ties from each group to each group.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupTies {
    groups: usize,
    weights: Vec<f64>,
    /// Sums of squared weights, for jackknife errors; as many as weights.
    squares: Vec<f64>,
    /// Whether each tie is seen from both ends.
    is_paired: bool,
}

impl GroupTies {
    /// Adds up all ties between members of groups.
    pub fn count(graph: &Graph, groups: &Grouping) -> Self {
        let (n, width) = (graph.out().node_count(), groups.count());
        let block = n.div_ceil(BLOCKS).max(1);
        let parts: Vec<[Vec<f64>; 2]> = (0..n.div_ceil(block))
            .into_par_iter()
            .map(|part| {
                let [mut weights, mut squares] = [vec![0.0; width * width], vec![0.0; width * width]];
                for node in (part * block..n.min((part + 1) * block)).map(NodeId::new) {
                    let Some(from) = groups.of(node) else { continue };
                    for (other, weight) in graph.out().row(node) {
                        if let Some(to) = groups.of(other) {
                            let (cell, ends) = (from as usize * width + to as usize, ends(graph, node, other));
                            weights[cell] += weight * ends;
                            squares[cell] += weight * weight * ends;
                        }
                    }
                }
                [weights, squares]
            })
            .collect();
        let [mut weights, mut squares] = [vec![0.0; width * width], vec![0.0; width * width]];
        for [part, more] in parts {
            weights.iter_mut().zip(part).for_each(|(sum, more)| *sum += more);
            squares.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        }
        Self { groups: width, weights, squares, is_paired: !graph.is_directed() }
    }

    /// From weights row by row; jackknife errors of these are not defined.
    pub(super) fn of_weights(weights: Vec<f64>, groups: usize, is_directed: bool) -> Self {
        Self { groups, squares: vec![f64::NAN; weights.len()], weights, is_paired: !is_directed }
    }

    /// The ties between groups put together: group g becomes `into[g]`, or is left out.
    pub fn collapsed(&self, into: &[Option<usize>], groups: usize) -> Self {
        let mut less =
            Self { groups, weights: vec![0.0; groups * groups], squares: vec![0.0; groups * groups], is_paired: self.is_paired };
        for from in 0..self.groups {
            for to in 0..self.groups {
                if let (Some(a), Some(b)) = (into[from], into[to]) {
                    less.weights[a * groups + b] += self.weight(from, to);
                    less.squares[a * groups + b] += self.squares[from * self.groups + to];
                }
            }
        }
        less
    }

    /// Number of groups.
    pub fn groups(&self) -> usize {
        self.groups
    }

    /// Weight of the ties from `from` to `to`.
    pub fn weight(&self, from: usize, to: usize) -> f64 {
        self.weights[from * self.groups + to]
    }

    /// Weight of all ties of members to members.
    pub fn total(&self) -> f64 {
        self.weights.iter().sum()
    }

    /// Weight of the ties that start in `from`.
    pub fn outgoing(&self, from: usize) -> f64 {
        (0..self.groups).map(|to| self.weight(from, to)).sum()
    }

    /// Weight of the ties that end in `to`.
    pub fn incoming(&self, to: usize) -> f64 {
        (0..self.groups).map(|from| self.weight(from, to)).sum()
    }

    /// Weight that chance would give from `from` to `to` with the same sums; NaN without ties.
    pub fn expected(&self, from: usize, to: usize) -> f64 {
        self.outgoing(from) * self.incoming(to) / self.total()
    }

    /// Newman's r; NaN where it is not defined.
    pub fn assortativity(&self) -> f64 {
        let total = self.total();
        let within: f64 = (0..self.groups).map(|group| self.weight(group, group) / total).sum();
        let chance: f64 = (0..self.groups).map(|group| self.outgoing(group) / total * (self.incoming(group) / total)).sum();
        // Without ties the sums are empty or NaN; with one group there is nothing to compare.
        if total == 0.0 || chance >= 1.0 { f64::NAN } else { (within - chance) / (1.0 - chance) }
    }

    /// Jackknife standard errors of scores of these ties, as in Newman 2003: sqrt(sum over ties of (score without the tie - score)^2). All ties between the same two groups change a score
    /// alike, in proportion to their weight. NaN where there are too many groups to try each pair, or a score is not defined without some tie.
    pub fn jackknife<const N: usize>(&self, scores: impl Fn(&Self) -> [f64; N]) -> [f64; N] {
        if self.groups > MOST_JACKKNIFED {
            return [f64::NAN; N];
        }
        let (whole, mut sums) = (scores(self), [0.0; N]);
        let mut less = self.clone();
        for from in 0..self.groups {
            for to in if self.is_paired { from..self.groups } else { 0..self.groups } {
                let cell = from * self.groups + to;
                let ends = if self.is_paired && from == to { 2.0 } else { 1.0 };
                let (mean, ties) = (self.squares[cell] / self.weights[cell], self.squares[cell] / ends);
                if ties == 0.0 || ties.is_nan() {
                    continue;
                }
                // One tie of the typical weight less; the sum of squares is over weights as they are.
                less.weights[cell] -= mean * ends;
                if self.is_paired && from != to {
                    less.weights[to * self.groups + from] -= mean;
                }
                let without = scores(&less);
                less.weights.copy_from_slice(&self.weights);
                for (at, sum) in sums.iter_mut().enumerate() {
                    *sum += ((without[at] - whole[at]) / mean).powi(2) * ties;
                }
            }
        }
        sums.map(f64::sqrt)
    }

    /// Weight of (ties that cross a border of `group`, ties inside it).
    pub fn crossing_and_inside(&self, group: usize) -> (f64, f64) {
        let inside = self.weight(group, group);
        (self.outgoing(group) - inside + self.incoming(group) - inside, inside)
    }
}

/// An undirected graph shows a pair from both ends, but a kept self-loop once: it counts twice, as its both ends are here.
fn ends(graph: &Graph, node: NodeId, other: NodeId) -> f64 {
    if node == other && !graph.is_directed() { 2.0 } else { 1.0 }
}

/// Checks cell by cell with a scan over all edges each.
///
/// # Errors
/// The first cell that differs.
pub fn verify(graph: &Graph, groups: &Grouping, found: &GroupTies) -> Result<(), String> {
    let rows = || (0..graph.out().node_count()).map(NodeId::new);
    for from in 0..groups.count() {
        for to in 0..groups.count() {
            let cell: f64 = rows()
                .filter(|&node| groups.of(node) == Some(from as u32))
                .flat_map(|node| graph.out().row(node).map(move |(other, weight)| (node, other, weight)))
                .filter(|tie| groups.of(tie.1) == Some(to as u32))
                .map(|(node, other, weight)| weight * ends(graph, node, other))
                .sum();
            if (cell - found.weight(from, to)).abs() > 1e-9 * cell.max(1.0) {
                return Err(format!("{from} -> {to}: got {}, a scan gives {cell}", found.weight(from, to)));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::synthetic;

    #[test]
    fn two_camps_that_never_talk_are_fully_assortative() {
        let groups = Grouping::from_names(&[Some("a"), Some("a"), Some("b"), Some("b"), None]);
        let ties = GroupTies::count(&Graph::from_arrows("0>1 1>0 2>3 0>4 4>2"), &groups);
        assert_eq!((ties.assortativity(), ties.total(), ties.expected(0, 1)), (1.0, 3.0, 2.0 / 3.0));
    }

    #[test]
    fn without_ties_or_groups_nothing_is_defined() {
        for names in [[None, None], [Some("a"), None], [Some("a"), Some("a")]] {
            let groups = Grouping::from_names(&names);
            let ties = GroupTies::count(&Graph::from_arrows("0>1"), &groups);
            assert!(ties.assortativity().is_nan(), "{names:?}");
        }
    }

    #[test]
    fn jackknife_is_that_of_leaving_out_tie_by_tie() {
        let names = ["a", "a", "b", "b", "b", "c"].map(Some);
        let groups = Grouping::from_names(&names);
        let ties = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 2), (4, 5), (5, 0), (0, 3)];
        let make = |left_out: Option<usize>, is_directed: bool| {
            let kept = ties.iter().enumerate().filter(|&(at, _)| Some(at) != left_out).map(|(_, &(a, b))| (a, b, 1.0));
            let make = if is_directed { Graph::from_edges } else { Graph::from_ties };
            GroupTies::count(&make(6, &kept.collect::<Vec<_>>()), &groups)
        };
        for is_directed in [true, false] {
            let whole = make(None, is_directed);
            let squares = (0..ties.len()).map(|at| (make(Some(at), is_directed).assortativity() - whole.assortativity()).powi(2));
            let [error] = whole.jackknife(|ties| [ties.assortativity()]);
            assert!((error - squares.sum::<f64>().sqrt()).abs() < 1e-12, "{error}");
        }
    }

    #[test]
    fn scanning_agrees() {
        let names: Vec<Option<String>> = (0..256).map(|row| (row % 7 != 0).then(|| (row % 3).to_string())).collect();
        let (graph, groups) = (synthetic::rmat(8, 6, 2), Grouping::from_names(&names));
        verify(&graph, &groups, &GroupTies::count(&graph, &groups)).unwrap();
    }
}
