//! Betweenness from sampled shortest paths, with a guarantee: every account's share of shortest paths is off by at most `eps`, with probability
//! 1 - `delta`, over all accounts at once.
//!
//! A sample is a pair of accounts drawn evenly and one of their shortest paths drawn evenly, found by searching from both ends at once; the inner accounts of the path
//! count once. Samples are drawn until an empirical Bernstein bound holds for each account. The bound is tested after a number of samples
//! that grows by a quarter each time; `delta` is shared out over the tests and, by what a first round of samples (not used again) says of their variances,
//! over the accounts, so that it is small only where the bound has room.
//!
//! Sources: Borassi and Natale, KADABRA is an adaptive algorithm for betweenness via random approximation, ESA 2016, doi 10.4230/LIPIcs.ESA.2016.20
//! (search from both ends, unequal shares of delta); Pellegrina and Vandin, SILVAN, ACM TKDD 18, 2024, doi 10.1145/3628601 (progressive sampling with
//! bounds that know the variance); Maurer and Pontil, Empirical Bernstein bounds, COLT 2009, arXiv 0907.3740 (the bound).

use crate::{MetricError, Run};
use echogram_graph::synthetic::Stream;
use echogram_graph::{Graph, GraphView, NodeId};
use rayon::prelude::*;
use std::ops::Range;

/// Purpose of the streams that draw samples, and of those of the first round.
const DRAWS: u64 = 0x6265_7477;
const FIRST_DRAWS: u64 = DRAWS + 1;
/// Samples of the first round.
const FIRST: u64 = 2_000;
/// Samples per task.
const TASK: u64 = 64;
/// Growth of the number of samples between tests.
const GROWTH: f64 = 1.25;
/// Share of delta that goes to all accounts evenly.
const EVEN_SHARE: f64 = 0.1;
/// Looking a node up among neighbours costs as much as looking at so many of them.
const SEARCH: usize = 8;

/// Estimated shares, and what they took.
pub(crate) struct Sampled {
    /// Share of ordered pairs whose shortest path passes through each account.
    pub(crate) shares: Vec<f64>,
    /// Samples drawn for them.
    pub(crate) samples: u64,
}

/// Estimates the share of every account to within `eps` with probability 1 - `delta`.
pub(crate) fn sampled(graph: &Graph, eps: f64, delta: f64, seed: u64, run: &Run<'_>) -> Result<Sampled, MetricError> {
    let n = graph.node_count();
    if n < 3 {
        return Ok(Sampled { shares: vec![0.0; n], samples: 0 });
    }
    let mut sampler = Sampler::new(graph, seed);
    let most = most_samples(n, eps, delta);
    let mut first = vec![0_u64; n];
    sampler.add(FIRST_DRAWS, 0..FIRST, &mut first, run, FIRST + most)?;
    let logs = logs_of_shares(&first, delta);
    let mut counts = vec![0_u64; n];
    let (mut drawn, mut test) = (0, 0_u32);
    let mut wanted = ((10.0 / eps) as u64).clamp(TASK, most);
    loop {
        sampler.add(DRAWS, drawn..wanted, &mut counts, run, FIRST + most)?;
        (drawn, test) = (wanted, test + 1);
        // The tests' shares of delta: 1/2, 1/6, 1/12, ... of it, which sum to 1.
        let of_test = libm::log(f64::from(test) * f64::from(test + 1));
        if drawn >= most || counts.par_iter().zip(&logs).all(|(&count, log)| bound(count, drawn, log + of_test) <= eps) {
            break;
        }
        wanted = ((drawn as f64 * GROWTH) as u64).min(most);
    }
    Ok(Sampled { shares: counts.par_iter().map(|&count| count as f64 / drawn as f64).collect(), samples: drawn })
}

/// So many samples are enough whatever they say (Hoeffding's bound for all accounts at once, with half of delta).
fn most_samples(nodes: usize, eps: f64, delta: f64) -> u64 {
    (libm::log(4.0 * nodes.max(1) as f64 / delta) / (2.0 * eps * eps)).ceil() as u64
}

/// Maurer and Pontil's bound on the error of a mean of `drawn` zeros and ones, both ways, where ln(4 / probability) is `log`.
fn bound(count: u64, drawn: u64, log: f64) -> f64 {
    let drawn = drawn as f64;
    let mean = count as f64 / drawn;
    let variance = mean * (1.0 - mean) * drawn / (drawn - 1.0);
    (2.0 * variance * log / drawn).sqrt() + 7.0 * log / (3.0 * (drawn - 1.0))
}

/// For each account ln(4 / share), where the shares sum to half of `delta`: a part evenly, the rest by weights that grow steeply with the variance that the first
/// round saw, as a high variance needs most samples for the same bound.
fn logs_of_shares(first: &[u64], delta: f64) -> Vec<f64> {
    let (n, half) = (first.len().max(1) as f64, delta / 2.0);
    let weights: Vec<f64> = first.iter().map(|&count| (count as f64).powi(2)).collect();
    let total: f64 = weights.iter().sum::<f64>().max(1.0);
    let share = |weight: f64| EVEN_SHARE * half / n + (1.0 - EVEN_SHARE) * half * weight / total;
    weights.into_iter().map(|weight| libm::log(4.0 / share(weight))).collect()
}

/// Draws samples with as many workers as there are threads.
struct Sampler<'a> {
    searches: Vec<Search<'a>>,
    seed: u64,
}

impl<'a> Sampler<'a> {
    fn new(graph: &'a Graph, seed: u64) -> Self {
        Self { searches: (0..rayon::current_num_threads()).map(|_| Search::new(graph)).collect(), seed }
    }

    /// Adds to `counts` how often each account is an inner one of the paths of these samples: whole numbers, whose sums are the same in any order.
    fn add(
        &mut self,
        purpose: u64,
        samples: Range<u64>,
        counts: &mut [u64],
        run: &Run<'_>,
        total: u64,
    ) -> Result<(), MetricError> {
        let (seed, workers) = (self.seed, self.searches.len());
        self.searches.par_iter_mut().enumerate().try_for_each(|(worker, search)| {
            for task in samples.clone().step_by(TASK as usize).skip(worker).step_by(workers) {
                run.step(samples.start, total)?;
                for index in task..samples.end.min(task + TASK) {
                    search.sample(&mut Stream::new(seed, purpose, index));
                }
            }
            Ok(())
        })?;
        for search in &mut self.searches {
            counts.iter_mut().zip(&mut search.counts).for_each(|(sum, count)| *sum += u64::from(std::mem::take(count)));
        }
        Ok(())
    }
}

/// What the end that found a node knows of it.
#[derive(Clone, Copy, Default)]
struct Mark {
    /// Steps from the end.
    distance: u32,
    /// Number of shortest paths from the end; exact up to 2^53.
    paths: f64,
}

/// One end of a search.
#[derive(Default)]
struct End {
    /// Nodes found, nearest first.
    found: Vec<u32>,
    /// Where those of each distance begin in `found`.
    levels: Vec<usize>,
    /// What a step from the furthest costs.
    load: usize,
}

impl End {
    /// Distance of the furthest.
    fn level(&self) -> usize {
        self.levels.len() - 1
    }

    /// Those of a distance.
    fn at(&self, level: usize) -> Range<usize> {
        self.levels[level]..self.levels.get(level + 1).copied().unwrap_or(self.found.len())
    }
}

/// Searches from both ends; used again for the next sample. Each node is found by one end only: where the other comes upon it, they have met.
struct Search<'a> {
    graph: &'a Graph,
    ends: [End; 2],
    sample: u32,
    /// In which sample, and by which end, each node was found: see [`Self::stamp`].
    stamps: Vec<u32>,
    marks: Vec<Mark>,
    /// Nodes in which the ends met, and the number of shortest paths to each from the end that came upon it.
    met: Vec<u32>,
    through: Vec<f64>,
    counts: Vec<u32>,
}

impl<'a> Search<'a> {
    fn new(graph: &'a Graph) -> Self {
        let n = graph.node_count();
        let (stamps, marks) = (vec![0; n], vec![Mark::default(); n]);
        let (ends, met, through, counts) = (Default::default(), Vec::new(), vec![0.0; n], vec![0; n]);
        Self { graph, ends, sample: 0, stamps, marks, met, through, counts }
    }

    /// What stands at nodes that `end` found in this sample.
    fn stamp(&self, end: usize) -> u32 {
        2 * self.sample + end as u32
    }

    /// Neighbours on the way from an end: along edges from the first, against them from the second.
    fn onwards(graph: &'a Graph, end: usize, node: u32) -> &'a [NodeId] {
        if end == 0 { graph.successors(NodeId(node)) } else { graph.predecessors(NodeId(node)) }
    }

    fn sample(&mut self, draw: &mut Stream) {
        let n = self.graph.node_count() as u64;
        let source = draw.below(n) as u32;
        let other = draw.below(n - 1) as u32;
        let target = if other >= source { other + 1 } else { other };
        if self.sample == u32::MAX / 2 {
            (self.sample, self.stamps) = (0, vec![0; self.stamps.len()]);
        }
        self.sample += 1;
        for (end, node) in [source, target].into_iter().enumerate() {
            self.stamps[node as usize] = self.stamp(end);
            self.marks[node as usize] = Mark { distance: 0, paths: 1.0 };
            let start = &mut self.ends[end];
            start.found.clear();
            start.found.push(node);
            start.levels.clear();
            start.levels.push(0);
            start.load = Self::onwards(self.graph, end, node).len();
        }
        while self.met.is_empty() {
            if self.ends.iter().any(|end| end.load == 0) {
                return;
            }
            self.advance(usize::from(self.ends[1].load < self.ends[0].load));
        }
        // Every shortest path passes through one of the nodes in which they met.
        let paths = |node: u32| self.through[node as usize] * self.marks[node as usize].paths;
        let total: f64 = self.met.iter().map(|&node| paths(node)).sum();
        if let Some(middle) = drawn(self.met.iter().map(|&node| (node, paths(node))), draw.unit() * total) {
            if middle != source && middle != target {
                self.counts[middle as usize] += 1;
            }
            let finder = self.stamps[middle as usize] - self.stamp(0);
            for end in 0..2 {
                let paths =
                    if end == finder as usize { self.marks[middle as usize].paths } else { self.through[middle as usize] };
                self.walk_back(end, middle, paths, draw);
            }
        }
        for node in self.met.drain(..) {
            self.through[node as usize] = 0.0;
        }
    }

    /// One level further from `end`. Once the ends have met, no other nodes matter.
    fn advance(&mut self, end: usize) {
        let (graph, own_stamp, other_stamp) = (self.graph, self.stamp(end), self.stamp(1 - end));
        let Self { stamps, marks, met, through, .. } = self;
        let own = &mut self.ends[end];
        let front = own.at(own.level());
        own.levels.push(own.found.len());
        let distance = own.level() as u32;
        for at in front {
            let node = own.found[at];
            let paths = marks[node as usize].paths;
            for next in Self::onwards(graph, end, node) {
                let row = next.row();
                if stamps[row] == other_stamp {
                    if through[row] == 0.0 {
                        met.push(next.0);
                    }
                    through[row] += paths;
                } else if met.is_empty() {
                    if stamps[row] != own_stamp {
                        stamps[row] = own_stamp;
                        marks[row] = Mark { distance, paths };
                        own.found.push(next.0);
                    } else if marks[row].distance == distance {
                        marks[row].paths += paths;
                    }
                }
            }
        }
        if met.is_empty() {
            own.load = own.found[own.at(own.level())].iter().map(|&node| Self::onwards(graph, end, node).len()).sum();
        }
    }

    /// From the middle, to which `paths` shortest paths lead from an end, back to that end, each step drawn in proportion to the number of paths; inner nodes are counted.
    fn walk_back(&mut self, end: usize, middle: u32, mut paths: f64, draw: &mut Stream) {
        let (own, stamp) = (&self.ends[end], self.stamp(end));
        let mut node = middle;
        for level in (1..own.level()).rev() {
            // Against the direction in which this end searched.
            let neighbours = Self::onwards(self.graph, 1 - end, node);
            let candidates = &own.found[own.at(level)];
            let place = draw.unit() * paths;
            let weight = |node: u32| (node, self.marks[node as usize].paths);
            // Whichever is less to look at: neighbours of the one, or all of that distance.
            let chosen = if candidates.len() * SEARCH < neighbours.len() {
                let is_before = |candidate: &&u32| neighbours.binary_search(&NodeId(**candidate)).is_ok();
                drawn(candidates.iter().filter(is_before).map(|&node| weight(node)), place)
            } else {
                let is_before =
                    |node: &&NodeId| self.stamps[node.row()] == stamp && self.marks[node.row()].distance as usize == level;
                drawn(neighbours.iter().filter(is_before).map(|node| weight(node.0)), place)
            };
            let Some(chosen) = chosen else { return };
            (node, paths) = weight(chosen);
            self.counts[node as usize] += 1;
        }
    }
}

/// The item in which the running sum of weights passes `place`; the last one with a weight where rounding keeps it from any.
fn drawn(items: impl Iterator<Item = (u32, f64)>, mut place: f64) -> Option<u32> {
    let mut last = None;
    for (item, weight) in items.filter(|item| item.1 > 0.0) {
        last = Some(item);
        place -= weight;
        if place < 0.0 {
            break;
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paths::brandes::dependencies;
    use echogram_graph::synthetic;

    #[test]
    fn errors_stay_below_eps() {
        let graphs = [synthetic::rmat(8, 4, 1), synthetic::planted(4, 40, 5, 1, 2), synthetic::rmat(7, 5, 3).undirected()];
        for graph in graphs {
            let n = graph.node_count() as f64;
            let exact = dependencies(&graph, &Run::default()).unwrap();
            for seed in 0..20 {
                let found = sampled(&graph, 0.02, 0.1, seed, &Run::default()).unwrap();
                for (share, sum) in found.shares.iter().zip(&exact) {
                    let wanted = sum / (n * (n - 1.0));
                    assert!((share - wanted).abs() <= 0.02, "seed {seed}: {share} for {wanted}");
                }
            }
        }
    }

    #[test]
    fn paths_are_drawn_evenly() {
        // Two ways from 0 to 3, three from 0 to 5 by way of 4: each inner node has its share.
        let graph = Graph::from_arrows("0>1 0>2 1>3 2>3 3>4");
        let found = sampled(&graph, 0.004, 0.1, 7, &Run::default()).unwrap();
        let exact = dependencies(&graph, &Run::default()).unwrap();
        for (share, sum) in found.shares.iter().zip(exact) {
            assert!((share - sum / 20.0).abs() <= 0.004, "{share} for {}", sum / 20.0);
        }
    }
}
