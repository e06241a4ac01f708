//! Collective influence: how much of the network hangs on an account because many well connected accounts are two steps away.
//!
//! # Formula
//! CI(i) = (k(i) - 1) times the sum over accounts j at distance exactly 2 from i of (k(j) - 1), k the number of neighbours.
//!
//! # Conventions
//! Simple undirected union of the merged relations; weights do not matter; self-loops never count. Radius l = 2: the frontier
//! of the ball, not its inside. 0 for accounts with one neighbour and for isolated ones. All scores are of the whole network;
//! the paper's search for the smallest set removes the highest account and computes anew, which this does not.
//!
//! # Range and unit
//! Products of numbers of neighbours, >= 0; exact below 2^53.
//!
//! # Cost
//! For each account i at most the sum over its neighbours q of the lesser of k(q) and V / 32, and V / 64 more: about 10 seconds
//! of one thread on 4 million ties. 16 bytes per tie, 20 bytes per node, and 5 bytes per node and thread. Parallel over blocks
//! of accounts.
//!
//! # Errors
//! Cancelled by the caller.
//!
//! # Compared with
//! Neither NetworkX nor igraph has it. With their distances and degrees the formula gives the same whole numbers.
//!
//! # Source
//! Morone and Makse, Influence maximization in complex networks through optimal percolation, Nature 524, 2015,
//! doi 10.1038/nature14604; the paper's l is 2 here.
//!
//! # Example
//! ```
//! use echogram_analytics::centrality::collective_influence::collective_influence;
//! use echogram_graph::Graph;
//! let path = Graph::from_arrows("0>1 1>2 2>3 3>4").undirected();
//! assert_eq!(collective_influence(&path, &Default::default()).unwrap(), [0.0, 1.0, 0.0, 1.0, 0.0]);
//! ```

use crate::spec::{Kind, MetricSpec, Outcome, Shape, Tier, Values, Weights};
use crate::triads::Ranked;
use crate::workload::{blocks_by_load, fill_rows, offsets_of, work_off};
use crate::{MetricError, Run};
use echogram_graph::{GraphView, NodeId};
use rayon::prelude::*;
use std::ops::Range;

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "collective_influence",
    kind: Kind::Account,
    summary: "neighbours less one, times the same summed over all accounts two steps away",
    columns: &["collective_influence"],
    shape: Shape::Undirected,
    other_shape: false,
    weights: Weights::Never,
    needs: &[],
    parameters: &[],
    tier: Tier::Full,
    chamber: None,
    unsteady: &[],
    source: include_str!("collective_influence.rs"),
    run: |input, run| {
        Ok(Outcome {
            columns: vec![Values::Real(collective_influence(input.graph, run)?)],
            parameters: vec![("radius", "2".to_owned())],
            ..Outcome::default()
        })
    },
};

/// A neighbour with more than V / this many neighbours keeps them as a row of bits too, which is then no longer than its list.
const DENSE: usize = 32;
/// Steps of one block of work: some hundredths of a second.
const BLOCK_STEPS: u64 = 1 << 24;

/// Collective influence per node of a symmetric graph, at radius 2.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn collective_influence<G: GraphView + ?Sized>(graph: &G, run: &Run<'_>) -> Result<Vec<f64>, MetricError> {
    let balls = Balls::of(graph, run)?;
    let n = balls.degrees.len();
    let loads: Vec<u64> = (0..n).into_par_iter().map(|own| balls.steps(own)).collect();
    let mut by_rank = vec![0.0; n];
    let mut rest = by_rank.as_mut_slice();
    let blocks: Vec<(Range<usize>, &mut [f64])> = blocks_by_load(n, BLOCK_STEPS, |own| loads[own])
        .into_iter()
        .map(|rows| {
            let (head, tail) = std::mem::take(&mut rest).split_at_mut(rows.len());
            rest = tail;
            (rows, head)
        })
        .collect();
    work_off(
        blocks,
        run,
        || Scratch::new(&balls),
        |scratch, (rows, slots)| {
            for (own, slot) in rows.zip(slots) {
                let degree = u64::from(balls.degrees[own]);
                // Without a second neighbour the product is 0, whatever lies beyond.
                *slot = if degree < 2 { 0.0 } else { ((degree - 1) * balls.frontier(own, scratch)) as f64 };
            }
        },
    )?;
    Ok(balls.rank.par_iter().map(|&rank| by_rank[rank as usize]).collect())
}

/// The graph by rank, ready for balls of radius 2.
struct Balls {
    rank: Vec<u32>,
    degrees: Vec<u32>,
    offsets: Vec<usize>,
    /// All neighbours by rank, each tie from both ends.
    neighbours: Vec<u32>,
    words: usize,
    /// Neighbours of the first ranks as rows of `words` words.
    dense: Vec<u64>,
    layers: Layers,
}

/// What a thread works with.
struct Scratch {
    ball: Vec<u64>,
    /// The last account whose ball held this one, plus 1.
    seen: Vec<u32>,
}

impl Scratch {
    fn new(balls: &Balls) -> Self {
        Self { ball: vec![0; balls.words], seen: vec![0; balls.degrees.len()] }
    }
}

impl Balls {
    fn of<G: GraphView + ?Sized>(graph: &G, run: &Run<'_>) -> Result<Self, MetricError> {
        let Ranked { order, rank, degrees, .. } = Ranked::of(graph, run)?;
        let n = degrees.len();
        let words = n.div_ceil(64);
        let offsets = offsets_of(degrees.iter().copied());
        run.step(0, 1)?;
        let neighbours: Vec<u32> = fill_rows(&offsets, |own, slots| {
            let row = graph.successors(NodeId(order[own])).iter().map(|other| rank[other.row()]);
            slots.iter_mut().zip(row.filter(|&other| other as usize != own)).for_each(|(slot, other)| *slot = other);
            slots.sort_unstable();
        });
        let hubs = degrees.partition_point(|&degree| degree as usize > n / DENSE);
        let mut dense = vec![0; hubs * words];
        dense.par_chunks_mut(words.max(1)).enumerate().for_each(|(own, bits)| {
            neighbours[offsets[own]..offsets[own + 1]].iter().for_each(|&other| set(bits, other));
        });
        let layers = Layers::of(&degrees);
        Ok(Self { rank, degrees, offsets, neighbours, words, dense, layers })
    }

    fn row(&self, own: usize) -> &[u32] {
        &self.neighbours[self.offsets[own]..self.offsets[own + 1]]
    }

    fn dense_row(&self, own: usize) -> Option<&[u64]> {
        self.dense.get(own * self.words..(own + 1) * self.words)
    }

    /// Steps that the ball of `own` takes, roughly.
    fn steps(&self, own: usize) -> u64 {
        let step = |&other: &u32| (self.degrees[other as usize] as usize).min(self.words) as u64;
        if self.degrees[own] < 2 { 1 } else { self.row(own).iter().map(step).sum::<u64>() + self.words as u64 }
    }

    /// Sum of degree - 1 over all accounts at distance 2 from `own`.
    fn frontier(&self, own: usize, scratch: &mut Scratch) -> u64 {
        let reached: u64 = self.row(own).iter().map(|&other| u64::from(self.degrees[other as usize])).sum();
        if reached < self.words as u64 { self.listed(own, &mut scratch.seen) } else { self.in_bits(own, &mut scratch.ball) }
    }

    /// Small balls: each account is looked at.
    fn listed(&self, own: usize, seen: &mut [u32]) -> u64 {
        let mark = own as u32 + 1;
        seen[own] = mark;
        self.row(own).iter().for_each(|&other| seen[other as usize] = mark);
        let mut sum = 0;
        for &middle in self.row(own) {
            for &far in self.row(middle as usize) {
                if seen[far as usize] != mark {
                    seen[far as usize] = mark;
                    sum += u64::from(self.degrees[far as usize] - 1);
                }
            }
        }
        sum
    }

    /// Large balls: rows of bits are united, and counted a word at a time.
    fn in_bits(&self, own: usize, ball: &mut [u64]) -> u64 {
        ball.fill(0);
        for &middle in self.row(own) {
            match self.dense_row(middle as usize) {
                Some(bits) => ball.iter_mut().zip(bits).for_each(|(word, bits)| *word |= bits),
                None => self.row(middle as usize).iter().for_each(|&far| set(ball, far)),
            }
        }
        clear(ball, own as u32);
        self.row(own).iter().for_each(|&other| clear(ball, other));
        self.layers.sum(ball)
    }
}

fn set(bits: &mut [u64], at: u32) {
    bits[at as usize / 64] |= 1 << (at % 64);
}

fn clear(bits: &mut [u64], at: u32) {
    bits[at as usize / 64] &= !(1 << (at % 64));
}

/// Degrees less one, so cut up that their sum over a set of bits is a sum of numbers of bits. Ranks fall with the degree, so
/// the 64 accounts of a word have nearly equal degrees: what all have in common counts for whole runs of words, and the
/// differences, one binary digit at a time, need few masks.
struct Layers {
    /// Words whose accounts have at least this much.
    runs: Vec<(Range<usize>, u64)>,
    /// In this word, the accounts under the mask have 2^shift more.
    masks: Vec<(u32, u32, u64)>,
}

impl Layers {
    fn of(degrees: &[u32]) -> Self {
        let mut layers = Self { runs: Vec::new(), masks: Vec::new() };
        for (word, group) in degrees.chunks(64).enumerate() {
            let least = group[group.len() - 1];
            // Isolated accounts are in no ball.
            let base = u64::from(least.saturating_sub(1));
            match layers.runs.last_mut() {
                Some((run, value)) if *value == base => run.end = word + 1,
                _ => layers.runs.push((word..word + 1, base)),
            }
            let over = |degree: &u32| u64::from(*degree).saturating_sub(1) - base;
            for shift in 0..u64::BITS - over(&group[0]).leading_zeros() {
                let mask = group.iter().enumerate().fold(0, |mask, (at, degree)| mask | (over(degree) >> shift & 1) << at);
                if mask != 0 {
                    layers.masks.push((word as u32, shift, mask));
                }
            }
        }
        layers
    }

    fn sum(&self, bits: &[u64]) -> u64 {
        let ones = |words: &[u64]| words.iter().map(|word| u64::from(word.count_ones())).sum::<u64>();
        let common: u64 = self.runs.iter().map(|(run, value)| value * ones(&bits[run.clone()])).sum();
        let more = self.masks.iter().map(|&(word, shift, mask)| u64::from((bits[word as usize] & mask).count_ones()) << shift);
        common + more.sum::<u64>()
    }
}

/// Checks by a search in breadth from every account.
///
/// # Errors
/// The first account that differs.
pub fn verify<G: GraphView + ?Sized>(graph: &G, found: &[f64]) -> Result<(), String> {
    let n = graph.node_count();
    let others = |node: NodeId| graph.successors(node).iter().copied().filter(move |&other| other != node);
    for start in (0..n).map(NodeId::new) {
        let mut distance = vec![u32::MAX; n];
        distance[start.row()] = 0;
        let mut wave = vec![start];
        for step in 1..=2 {
            let mut next = Vec::new();
            for other in wave.into_iter().flat_map(others) {
                if distance[other.row()] == u32::MAX {
                    distance[other.row()] = step;
                    next.push(other);
                }
            }
            wave = next;
        }
        let sum: usize = wave.into_iter().map(|far| others(far).count() - 1).sum();
        let wanted = others(start).count().saturating_sub(1) * sum;
        if found[start.row()] != wanted as f64 {
            return Err(format!("node {}: got collective influence {}, searching gives {wanted}", start.0, found[start.row()]));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::{Graph, synthetic};

    #[track_caller]
    fn check(graph: &Graph, expected: &[f64]) {
        let found = collective_influence(graph, &Run::default()).unwrap();
        verify(graph, &found).unwrap();
        if !expected.is_empty() {
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn closed_forms() {
        check(&Graph::from_arrows("0>1 1>2 2>3 3>4 4>5 5>0").undirected(), &[2.0; 6]);
        check(&Graph::from_arrows("0>1 1>2 2>0 0>0").undirected(), &[0.0; 3]);
        check(&Graph::from_arrows("0>1 0>2 3 4>4").undirected(), &[0.0; 5]);
        // Two stars, hub to hub by way of one account.
        check(&Graph::from_arrows("0>1 0>2 0>6 3>4 3>5 6>3").undirected(), &[4.0, 0.0, 0.0, 4.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn searching_agrees() {
        for graph in [synthetic::rmat(11, 8, 2), synthetic::uniform(3_000, 4_000, 3), synthetic::planted(4, 30, 5, 1, 2)] {
            check(&graph.undirected(), &[]);
        }
    }

    #[test]
    fn layers_add_up() {
        let degrees: Vec<u32> = (0..1_000_u32).rev().map(|at| at * at / 500).collect();
        let layers = Layers::of(&degrees);
        let bits: Vec<u64> = (0..16_u64)
            .map(|word| word.wrapping_mul(0x9E37_79B9_7F4A_7C15) & if word == 15 { (1 << 40) - 1 } else { u64::MAX })
            .collect();
        let is_set = |at: usize| bits[at / 64] >> (at % 64) & 1 == 1;
        let wanted: u64 = (0..1_000).filter(|&at| is_set(at)).map(|at| u64::from(degrees[at]).saturating_sub(1)).sum();
        assert_eq!(layers.sum(&bits), wanted);
    }
}
