//! Betweenness by Brandes' accumulation, eight sources at once: each source has a lane, so that one look at an edge serves all eight.
//!
//! Forwards, nodes are settled level by level; a node pushes its number of shortest paths to its successors in every lane in which it has just been
//! reached. Backwards, each node pulls the dependencies of its successors one level further away.
//!
//! Source: Brandes, A faster algorithm for betweenness centrality, Journal of Mathematical Sociology 25, 2001, doi 10.1080/0022250X.2001.9990249.

use crate::paths::rounds::{LANES, sum_over_sources};
use crate::{MetricError, Run};
use echogram_graph::{Graph, GraphView, NodeId};

/// Marks a node that the current level has passed something to; the bits below are lanes.
const TOUCHED: u16 = 1 << LANES;
/// The bits of lanes.
const LANE_BITS: u16 = TOUCHED - 1;

type Lanes = [f64; LANES];
const ZERO: Lanes = [0.0; LANES];

/// One worker's state; used again for the next eight sources.
struct Worker<'a> {
    graph: &'a Graph,
    /// Lanes in which a node has not been reached, and [`TOUCHED`].
    open: Vec<u16>,
    /// Number of shortest paths from each lane's source.
    paths: Vec<Lanes>,
    /// Forwards: paths of this level so far. Backwards: what a node of the level below passes on.
    passed: Vec<Lanes>,
    /// Share of the shortest paths from each lane's source that a node lies on, summed over targets.
    dependency: Vec<Lanes>,
    /// Nodes by level with the lanes in which they have it.
    order: Vec<(u32, u16)>,
    /// Where levels start in `order`.
    levels: Vec<usize>,
}

/// For every node the sum over ordered pairs (s, t) of the share of shortest paths from s to t that pass through it.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub(crate) fn dependencies(graph: &Graph, run: &Run<'_>) -> Result<Vec<f64>, MetricError> {
    // Who has no successor is no start of a path.
    let sources: Vec<u32> = (0..NodeId::new(graph.node_count()).0).filter(|&node| graph.out_degree(NodeId(node)) > 0).collect();
    let sums = sum_over_sources(graph.node_count(), &sources, run, || Worker::new(graph), Worker::add)?;
    Ok(sums.into_iter().map(|[sum]| sum).collect())
}

impl<'a> Worker<'a> {
    fn new(graph: &'a Graph) -> Self {
        let n = graph.node_count();
        Self {
            graph,
            open: vec![0; n],
            paths: vec![ZERO; n],
            passed: vec![ZERO; n],
            dependency: vec![ZERO; n],
            order: Vec::new(),
            levels: Vec::new(),
        }
    }

    /// Adds the dependencies of these sources.
    fn add(&mut self, sources: &[u32], sums: &mut [[f64; 1]]) {
        self.spread(sources);
        self.gather();
        // A node stands in `order` once for each of its levels; its lanes are all there is to add.
        for &(node, lanes) in &self.order[self.levels[1]..] {
            sums[node as usize][0] += masked(&self.dependency[node as usize], lanes).iter().sum::<f64>();
        }
    }

    /// Forwards: levels and numbers of paths.
    fn spread(&mut self, sources: &[u32]) {
        let Self { graph, open, paths, passed, order, levels, .. } = self;
        let all = (1_u16 << sources.len()) - 1;
        open.fill(all);
        order.clear();
        levels.clear();
        levels.push(0);
        for (lane, &source) in sources.iter().enumerate() {
            open[source as usize] &= !(1 << lane);
            paths[source as usize] = ZERO;
            paths[source as usize][lane] = 1.0;
            order.push((source, 1 << lane));
        }
        let mut touched: Vec<u32> = Vec::new();
        let mut start = 0;
        while start < order.len() {
            levels.push(order.len());
            for &(node, lanes) in &order[start..] {
                let sent = masked(&paths[node as usize], lanes);
                for target in graph.successors(NodeId(node)) {
                    let row = target.row();
                    let still_open = open[row];
                    if still_open & LANE_BITS != 0 {
                        if still_open & TOUCHED == 0 {
                            open[row] |= TOUCHED;
                            touched.push(target.0);
                        }
                        passed[row].iter_mut().zip(&sent).for_each(|(slot, sent)| *slot += sent);
                    }
                }
            }
            start = order.len();
            for node in touched.drain(..) {
                let row = node as usize;
                let arrived = std::mem::replace(&mut passed[row], ZERO);
                open[row] &= LANE_BITS;
                let reached: u16 = (0..LANES).map(|lane| u16::from(arrived[lane] > 0.0) << lane).sum();
                let lanes = reached & open[row];
                if lanes == 0 {
                    continue;
                }
                if open[row] == all {
                    paths[row] = ZERO;
                }
                let fresh = masked(&arrived, lanes);
                paths[row].iter_mut().zip(&fresh).for_each(|(paths, fresh)| *paths += fresh);
                open[row] &= !lanes;
                order.push((node, lanes));
            }
        }
    }

    /// Backwards: dependencies.
    fn gather(&mut self) {
        let Self { graph, paths, passed, dependency, order, levels, .. } = self;
        for &(node, _) in order.iter() {
            dependency[node as usize] = ZERO;
        }
        for level in (1..levels.len().saturating_sub(1)).rev() {
            let below = &order[levels[level]..levels[level + 1]];
            for &(node, lanes) in below {
                let row = node as usize;
                for lane in 0..LANES {
                    passed[row][lane] =
                        if lanes >> lane & 1 == 1 { (1.0 + dependency[row][lane]) / paths[row][lane] } else { 0.0 };
                }
            }
            // Level 0 holds the sources themselves, which lie on no path of theirs.
            if level > 1 {
                for &(node, lanes) in &order[levels[level - 1]..levels[level]] {
                    let mut sum = ZERO;
                    for target in graph.successors(NodeId(node)) {
                        let passed = &passed[target.row()];
                        sum.iter_mut().zip(passed).for_each(|(sum, passed)| *sum += passed);
                    }
                    let row = node as usize;
                    let gained = masked(&sum, lanes);
                    for lane in 0..LANES {
                        dependency[row][lane] += paths[row][lane] * gained[lane];
                    }
                }
            }
            for &(node, _) in below {
                passed[node as usize] = ZERO;
            }
        }
    }
}

/// The lanes of a mask; 0 elsewhere.
#[inline]
fn masked(values: &Lanes, lanes: u16) -> Lanes {
    let mut kept = ZERO;
    for lane in 0..LANES {
        kept[lane] = if lanes >> lane & 1 == 1 { values[lane] } else { 0.0 };
    }
    kept
}
