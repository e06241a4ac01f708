//! Edge betweenness of a symmetric graph: on how many shortest paths each tie lies.
//!
//! # Formula
//! b(e) = sum over ordered pairs s, t of sigma_st(e) / sigma_st, halved; from a sample of sources it is scaled by N / sources.
//!
//! # Cost
//! O(V + E) for each source; 8 bytes per tie and block of sources, of which there are [`BLOCKS`]. Parallel over blocks, added in order.
//!
//! # Source
//! Brandes, A faster algorithm for betweenness centrality, J. Math. Sociology 25, 2001, doi 10.1080/0022250X.2001.9990249; Girvan and Newman, PNAS 99, 2002.

use crate::{MetricError, Run};
use echogram_graph::synthetic::Stream;
use echogram_graph::{Graph, GraphView, NodeId};
use rayon::prelude::*;

/// Blocks that sources are split into: fixed, so that sums have the same bits on any number of threads.
const BLOCKS: usize = 8;
/// Purpose of the stream that draws sources.
const PURPOSE: u64 = 0x6564_6765;

/// Betweenness of each tie, in the order of rows and of larger neighbours in each row; loops are left out. All sources if there are at most `sources`, else so many drawn ones.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn edge_betweenness(graph: &Graph, sources: usize, seed: u64, run: &Run<'_>) -> Result<Vec<f64>, MetricError> {
    let n = graph.node_count();
    let mut nodes: Vec<u32> = (0..n as u32).collect();
    if sources < n {
        let mut draw = Stream::new(seed, PURPOSE, 0);
        for place in 0..sources {
            let from = place + draw.below((n - place) as u64) as usize;
            nodes.swap(place, from);
        }
        nodes.truncate(sources);
        nodes.sort_unstable();
    }
    // The place of each entry's tie.
    let mut starts = vec![0; n + 1];
    let later = |row: usize| graph.successors(NodeId::new(row)).iter().filter(move |other| other.row() > row).count();
    (0..n).for_each(|row| starts[row + 1] = starts[row] + later(row));
    let place = |one: usize, other: usize| {
        let (low, high) = (one.min(other), one.max(other));
        let row = graph.successors(NodeId::new(low));
        let first = row.partition_point(|node| node.row() <= low);
        starts[low] + row[first..].partition_point(|node| node.row() < high)
    };
    let places: Vec<Vec<u32>> = (0..n)
        .into_par_iter()
        .map(|row| graph.successors(NodeId::new(row)).iter().map(|other| place(row, other.row()) as u32).collect())
        .collect();
    let block = nodes.len().div_ceil(BLOCKS).max(1);
    let sums: Vec<Vec<f64>> = nodes
        .par_chunks(block)
        .map(|sources| {
            let mut search = Search::new(n);
            let mut sums = vec![0.0; starts[n]];
            for &source in sources {
                Run { on_step: None, ..*run }.step(0, 1)?;
                search.add(graph, &places, source as usize, &mut sums);
            }
            Ok(sums)
        })
        .collect::<Result<_, MetricError>>()?;
    let scale = n as f64 / nodes.len().max(1) as f64 / 2.0;
    let mut total = vec![0.0; starts[n]];
    for part in sums {
        total.iter_mut().zip(part).for_each(|(sum, more)| *sum += more);
    }
    total.iter_mut().for_each(|value| *value *= scale);
    Ok(total)
}

/// Scratch of one search.
struct Search {
    distance: Vec<u32>,
    paths: Vec<f64>,
    dependency: Vec<f64>,
    order: Vec<usize>,
}

impl Search {
    fn new(n: usize) -> Self {
        Self { distance: vec![u32::MAX; n], paths: vec![0.0; n], dependency: vec![0.0; n], order: Vec::new() }
    }

    /// Adds the shares of all shortest paths from `source`.
    fn add(&mut self, graph: &Graph, places: &[Vec<u32>], source: usize, sums: &mut [f64]) {
        self.distance[source] = 0;
        self.paths[source] = 1.0;
        self.order.push(source);
        let mut at = 0;
        while at < self.order.len() {
            let node = self.order[at];
            at += 1;
            for other in graph.successors(NodeId::new(node)).iter().map(|other| other.row()) {
                if self.distance[other] == u32::MAX {
                    self.distance[other] = self.distance[node] + 1;
                    self.order.push(other);
                }
                if self.distance[other] == self.distance[node] + 1 {
                    self.paths[other] += self.paths[node];
                }
            }
        }
        for &node in self.order.iter().rev() {
            let share = (1.0 + self.dependency[node]) / self.paths[node];
            for (other, &place) in graph.successors(NodeId::new(node)).iter().zip(&places[node]) {
                let other = other.row();
                if self.distance[other].wrapping_add(1) == self.distance[node] {
                    let flow = self.paths[other] * share;
                    sums[place as usize] += flow;
                    self.dependency[other] += flow;
                }
            }
        }
        for node in self.order.drain(..) {
            self.distance[node] = u32::MAX;
            self.paths[node] = 0.0;
            self.dependency[node] = 0.0;
        }
    }
}

/// Checks by counting the paths of every pair: sigma_s(u) sigma_t(v) / sigma_st for each tie u - v that is on the way.
///
/// # Errors
/// The first tie that differs.
pub fn verify(graph: &Graph, found: &[f64]) -> Result<(), String> {
    let n = graph.node_count();
    let from: Vec<(Vec<u32>, Vec<f64>)> = (0..n)
        .map(|source| {
            let (mut distance, mut paths) = (vec![u32::MAX; n], vec![0.0; n]);
            (distance[source], paths[source]) = (0, 1.0);
            let mut layer = vec![source];
            while !layer.is_empty() {
                let mut next = Vec::new();
                for &node in &layer {
                    for other in graph.successors(NodeId::new(node)).iter().map(|other| other.row()) {
                        if distance[other] == u32::MAX {
                            distance[other] = distance[node] + 1;
                            next.push(other);
                        }
                        if distance[other] == distance[node] + 1 {
                            paths[other] += paths[node];
                        }
                    }
                }
                layer = next;
            }
            (distance, paths)
        })
        .collect();
    let mut at = 0;
    for one in 0..n {
        for other in graph.successors(NodeId::new(one)).iter().map(|other| other.row()).filter(|&other| other > one) {
            let mut sum = 0.0;
            for s in 0..n {
                for t in (0..n).filter(|&t| t != s && from[s].0[t] != u32::MAX) {
                    let is_on = from[s].0[one] != u32::MAX && from[s].0[one] + 1 + from[t].0[other] == from[s].0[t];
                    if is_on {
                        sum += from[s].1[one] * from[t].1[other] / from[s].1[t];
                    }
                }
            }
            if (sum - found[at]).abs() > 1e-9 * sum.max(1.0) {
                return Err(format!("{one} - {other}: got {}, pairs give {sum}", found[at]));
            }
            at += 1;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::synthetic;

    #[test]
    fn by_hand() {
        let path = Graph::from_arrows("0>1 1>2 2>3 4").undirected();
        assert_eq!(edge_betweenness(&path, 10, 0, &Run::default()).unwrap(), [3.0, 4.0, 3.0]);
        let ring = Graph::from_arrows("0>1 1>2 2>3 3>0").undirected();
        assert_eq!(edge_betweenness(&ring, 10, 0, &Run::default()).unwrap(), [2.0; 4]);
    }

    #[test]
    fn pairs_agree() {
        for seed in 0..4 {
            let graph = synthetic::rmat(5, 3, seed).undirected_unweighted();
            verify(&graph, &edge_betweenness(&graph, 1_000, 0, &Run::default()).unwrap()).unwrap();
        }
    }

    #[test]
    fn a_sample_is_near_and_the_same_each_time() {
        let graph = synthetic::planted(2, 100, 8, 2, 1).undirected_unweighted();
        let all = edge_betweenness(&graph, 200, 3, &Run::default()).unwrap();
        let some = edge_betweenness(&graph, 100, 3, &Run::default()).unwrap();
        let (sum, near) = (all.iter().sum::<f64>(), some.iter().sum::<f64>());
        assert!((sum - near).abs() < 0.05 * sum);
        assert_eq!(some, edge_betweenness(&graph, 100, 3, &Run::default()).unwrap());
    }
}
