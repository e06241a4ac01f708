//! Shortest paths where a tie of weight w has length 1 / w, so that strong ties are short: Dijkstra's search from every account, and Brandes' accumulation back.
//!
//! Two lengths are equal if they differ by less than one part in 10^12: sums of the same lengths in another order count as ties. Exact only, whatever the size.
//!
//! Sources: Newman, Phys. Rev. E 64, 2001, 016132, doi 10.1103/PhysRevE.64.016132 (length = 1 / weight); Brandes 2001, doi 10.1080/0022250X.2001.9990249.

use crate::paths::rounds::sum_over_sources;
use crate::paths::sweep::Tally;
use crate::spec::Input;
use crate::{MetricError, Parameter, Run};
use echogram_graph::{Graph, GraphView, NodeId};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

/// Up to this many accounts times edges, shortest paths by weight are looked for.
pub(crate) const UP_TO: Parameter = Parameter {
    name: "paths_weighted.up_to",
    default: 1e10,
    about: "accounts times edges up to which shortest paths by weight are computed, exactly; a larger graph is refused",
};

/// Relative difference below which lengths are equal.
const EQUAL: f64 = 1e-12;

/// What all shortest paths by weight amount to.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightedPaths {
    /// Sum over ordered pairs of the share of shortest paths through each account.
    pub dependencies: Vec<f64>,
    /// Lengths of the paths to each account.
    pub tallies: Vec<Tally>,
}

impl WeightedPaths {
    /// Of `input`'s graph; found once per graph.
    pub(crate) fn of(input: &Input<'_>, metric: &'static str, run: &Run<'_>) -> Result<Arc<Self>, MetricError> {
        let (limit, graph) = (input.setting(&UP_TO), input.graph);
        let work = graph.node_count() as f64 * graph.out().entry_count() as f64;
        if work > limit {
            return Err(MetricError::TooLarge { metric, work, parameter: UP_TO.name, limit });
        }
        input.shared(|| Self::exact(graph, run))
    }

    /// By Dijkstra's search from every account. Cost: O(V (E + V log V)) time, parallel over sources; 41 bytes per node and thread, 512 per node for sums.
    ///
    /// # Errors
    /// [`MetricError::Cancelled`].
    pub fn exact(graph: &Graph, run: &Run<'_>) -> Result<Self, MetricError> {
        let n = graph.node_count();
        let sources: Vec<u32> = (0..NodeId::new(n).0).filter(|&node| graph.out_degree(NodeId(node)) > 0).collect();
        let sums = sum_over_sources(n, &sources, run, || Search::new(graph), Search::add)?;
        Ok(Self {
            dependencies: sums.iter().map(|sums| sums[0]).collect(),
            tallies: sums.iter().map(|&[_, reached, total, inverse]| Tally { reached, total, inverse }).collect(),
        })
    }
}

/// A length that can be compared: never NaN.
#[derive(Clone, Copy, PartialEq)]
struct Length(f64);

impl Eq for Length {}

impl PartialOrd for Length {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Length {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// One worker's state; used again for the next source.
struct Search<'a> {
    graph: &'a Graph,
    length: Vec<f64>,
    paths: Vec<f64>,
    dependency: Vec<f64>,
    is_settled: Vec<bool>,
    order: Vec<u32>,
    queue: BinaryHeap<Reverse<(Length, u32)>>,
}

impl<'a> Search<'a> {
    fn new(graph: &'a Graph) -> Self {
        let n = graph.node_count();
        Self {
            graph,
            length: vec![f64::INFINITY; n],
            paths: vec![0.0; n],
            dependency: vec![0.0; n],
            is_settled: vec![false; n],
            order: Vec::new(),
            queue: BinaryHeap::new(),
        }
    }

    fn add(&mut self, sources: &[u32], sums: &mut [[f64; 4]]) {
        for &source in sources {
            self.spread(source);
            self.gather();
            for &node in self.order.iter().skip(1) {
                let row = node as usize;
                let length = self.length[row];
                let more = [self.dependency[row], 1.0, length, 1.0 / length];
                sums[row].iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
            }
            for &node in &self.order {
                let row = node as usize;
                (self.length[row], self.paths[row], self.dependency[row], self.is_settled[row]) =
                    (f64::INFINITY, 0.0, 0.0, false);
            }
        }
    }

    /// Settles nodes by length; counts shortest paths.
    fn spread(&mut self, source: u32) {
        self.order.clear();
        (self.length[source as usize], self.paths[source as usize]) = (0.0, 1.0);
        self.queue.push(Reverse((Length(0.0), source)));
        while let Some(Reverse((_, node))) = self.queue.pop() {
            let row = node as usize;
            if std::mem::replace(&mut self.is_settled[row], true) {
                continue;
            }
            self.order.push(node);
            for (target, weight) in self.graph.out().row(NodeId(node)) {
                let to = target.row();
                if self.is_settled[to] {
                    continue;
                }
                let length = self.length[row] + 1.0 / weight;
                match compared(length, self.length[to]) {
                    std::cmp::Ordering::Less => {
                        (self.length[to], self.paths[to]) = (length, self.paths[row]);
                        self.queue.push(Reverse((Length(length), target.0)));
                    }
                    std::cmp::Ordering::Equal => self.paths[to] += self.paths[row],
                    std::cmp::Ordering::Greater => {}
                }
            }
        }
    }

    /// From the furthest back: each node collects from the successors that a shortest path reaches by way of it.
    fn gather(&mut self) {
        for at in (1..self.order.len()).rev() {
            let row = self.order[at] as usize;
            let mut sum = 0.0;
            for (target, weight) in self.graph.out().row(NodeId(self.order[at])) {
                let to = target.row();
                let is_last_step = compared(self.length[row] + 1.0 / weight, self.length[to]) == std::cmp::Ordering::Equal;
                if is_last_step && to != row {
                    sum += (1.0 + self.dependency[to]) / self.paths[to];
                }
            }
            self.dependency[row] = self.paths[row] * sum;
        }
    }
}

/// Compares lengths; equal within rounding.
fn compared(one: f64, other: f64) -> std::cmp::Ordering {
    if (one - other).abs() <= EQUAL * one.min(other) { std::cmp::Ordering::Equal } else { one.total_cmp(&other) }
}

/// Checks by the definition over all triples, with lengths from Floyd and Warshall's recursion.
///
/// # Errors
/// The first account that differs.
pub fn verify(graph: &Graph, found: &WeightedPaths) -> Result<(), String> {
    let n = graph.node_count();
    let mut length = vec![vec![f64::INFINITY; n]; n];
    for (source, row) in length.iter_mut().enumerate() {
        for (target, weight) in graph.out().row(NodeId::new(source)) {
            row[target.row()] = 1.0 / weight;
        }
        row[source] = 0.0;
    }
    for way in 0..n {
        for source in 0..n {
            for target in 0..n {
                length[source][target] = length[source][target].min(length[source][way] + length[way][target]);
            }
        }
    }
    // Paths by the last step, nearest targets first.
    let mut paths = vec![vec![0.0; n]; n];
    for source in 0..n {
        let mut order: Vec<usize> = (0..n).filter(|&node| length[source][node].is_finite()).collect();
        order.sort_by(|&a, &b| length[source][a].total_cmp(&length[source][b]));
        paths[source][source] = 1.0;
        for &target in order.iter().skip(1) {
            paths[source][target] = graph
                .incoming()
                .row(NodeId::new(target))
                .filter(|(before, weight)| {
                    let by_way = length[source][before.row()] + 1.0 / weight;
                    before.row() != target && compared(by_way, length[source][target]) == std::cmp::Ordering::Equal
                })
                .map(|(before, _)| paths[source][before.row()])
                .sum();
        }
    }
    for node in 0..n {
        let (mut sum, mut inverse) = (0.0, 0.0);
        for source in (0..n).filter(|&source| source != node && length[source][node].is_finite()) {
            inverse += 1.0 / length[source][node];
            for target in (0..n).filter(|&target| target != node && target != source && length[node][target].is_finite()) {
                let by_way = length[source][node] + length[node][target];
                if compared(by_way, length[source][target]) == std::cmp::Ordering::Equal {
                    sum += paths[source][node] * paths[node][target] / paths[source][target];
                }
            }
        }
        for (name, got, wanted) in
            [("betweenness", found.dependencies[node], sum), ("harmonic", found.tallies[node].inverse, inverse)]
        {
            if (got - wanted).abs() > 1e-9 * wanted.max(1.0) {
                return Err(format!("{name} of node {node}: got {got}, by the definition {wanted}"));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strong_ties_are_short() {
        // The way by way of 1 takes 1/4 + 1/4, the direct one 1.
        let graph = Graph::from_arrows("0>1:4 1>2:4 0>2:1");
        let found = WeightedPaths::exact(&graph, &Run::default()).unwrap();
        assert_eq!(found.dependencies, [0.0, 1.0, 0.0]);
        assert_eq!(found.tallies[2], Tally { reached: 2.0, total: 0.75, inverse: 6.0 });
        verify(&graph, &found).unwrap();
    }
}
