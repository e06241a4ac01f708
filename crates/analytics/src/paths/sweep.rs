//! Breadth-first search from 512 sources at once: a bit per source, so that one pass over the edges takes a step for all of them.
//!
//! Source: Then et al., The more the merrier: efficient multi-source graph traversal, PVLDB 8, 2014, doi 10.14778/2735496.2735507.

use crate::numeric::{row_blocks, split_rows};
use crate::{MetricError, Run};
use echogram_graph::{Graph, GraphView, NodeId};
use rayon::prelude::*;
use std::ops::Range;

/// Words of 64 sources each.
const WORDS: usize = 8;
/// Sources of one sweep.
pub(crate) const SOURCES: usize = 64 * WORDS;
/// A step looks at all nodes once its frontier holds more than one in this many of the edges; below, only at the frontier's own.
const DENSE_SHARE: u64 = 16;

type Bits = [u64; WORDS];
const NONE: Bits = [0; WORDS];

/// What one row has found out: how many sources reach it, the sum of their distances, and of the inverses of these.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    /// Accounts that reach this one, itself left out.
    pub reached: f64,
    /// Sum of their distances.
    pub total: f64,
    /// Sum of 1 / distance.
    pub inverse: f64,
}

/// State of one sweep; used again for the next.
struct Sweep<'a> {
    graph: &'a Graph,
    blocks: Vec<Range<usize>>,
    /// Sources that have been at a node.
    seen: Vec<Bits>,
    /// Sources that came to a node in the last step.
    front: Vec<Bits>,
    next: Vec<Bits>,
    /// Nodes with a bit in `front`; between steps no other bits are set there, and none in `next`.
    active: Vec<u32>,
    /// The bits of all sources of this sweep.
    full: Bits,
}

/// Tallies of all nodes along edges, and the number of ordered pairs at each distance (entry 0 = distance 1).
///
/// The same for any number of threads: a row is written by one task, steps and sweeps go in order.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub(crate) fn sweep_all(graph: &Graph, run: &Run<'_>) -> Result<(Vec<Tally>, Vec<f64>), MetricError> {
    let n = graph.node_count();
    let mut tallies = vec![Tally::default(); n];
    let mut pairs: Vec<f64> = Vec::new();
    let mut sweep = Sweep {
        graph,
        blocks: row_blocks(graph.incoming()),
        seen: vec![NONE; n],
        front: vec![NONE; n],
        next: vec![NONE; n],
        active: Vec::new(),
        full: NONE,
    };
    for start in (0..n).step_by(SOURCES) {
        sweep.start(start..n.min(start + SOURCES));
        let mut distance = 0;
        while !sweep.active.is_empty() {
            run.step(start as u64, n as u64)?;
            distance += 1;
            let found = sweep.step(distance, &mut tallies);
            if pairs.len() < distance {
                pairs.push(0.0);
            }
            pairs[distance - 1] += found as f64;
        }
    }
    while pairs.last() == Some(&0.0) {
        pairs.pop();
    }
    Ok((tallies, pairs))
}

impl Sweep<'_> {
    fn start(&mut self, sources: Range<usize>) {
        self.seen.par_iter_mut().with_min_len(1 << 12).for_each(|bits| *bits = NONE);
        self.full = NONE;
        for (lane, source) in sources.enumerate() {
            let bit = 1_u64 << (lane % 64);
            self.full[lane / 64] |= bit;
            self.seen[source][lane / 64] |= bit;
            self.front[source][lane / 64] |= bit;
            self.active.push(NodeId::new(source).0);
        }
    }

    /// One step for all sources; the number of pairs that are `distance` apart.
    fn step(&mut self, distance: usize, tallies: &mut [Tally]) -> u64 {
        let edges: u64 = self.active.iter().map(|&node| self.graph.out_degree(NodeId(node)) as u64).sum();
        let found = if edges > self.graph.out().entry_count() as u64 / DENSE_SHARE {
            self.pull(distance, tallies)
        } else {
            self.push(distance, tallies)
        };
        std::mem::swap(&mut self.front, &mut self.next);
        found
    }

    /// Every node that some source has not seen asks its predecessors.
    fn pull(&mut self, distance: usize, tallies: &mut [Tally]) -> u64 {
        let Self { graph, blocks, seen, front, next, active, full } = self;
        let parts = split_rows(blocks, seen).into_iter().zip(split_rows(blocks, next)).zip(split_rows(blocks, tallies));
        let found: Vec<(Vec<u32>, u64)> = parts
            .collect::<Vec<_>>()
            .into_par_iter()
            .map(|(((rows, seen), (_, next)), (_, tallies))| {
                let (mut reached, mut pairs) = (Vec::new(), 0);
                for (at, row) in rows.enumerate() {
                    if seen[at] == *full {
                        continue;
                    }
                    let mut bits = NONE;
                    for source in graph.predecessors(NodeId::new(row)) {
                        join(&mut bits, &front[source.row()]);
                    }
                    let count = settle(&mut bits, &mut seen[at]);
                    next[at] = bits;
                    if count > 0 {
                        reached.push(NodeId::new(row).0);
                        pairs += u64::from(count);
                        tallies[at].add(count, distance);
                    }
                }
                (reached, pairs)
            })
            .collect();
        active.drain(..).for_each(|node| front[node as usize] = NONE);
        found.iter().for_each(|(reached, _)| active.extend(reached));
        found.iter().map(|(_, pairs)| pairs).sum()
    }

    /// The few nodes of the frontier tell their successors.
    fn push(&mut self, distance: usize, tallies: &mut [Tally]) -> u64 {
        let Self { graph, seen, front, next, active, .. } = self;
        let mut touched = Vec::new();
        for &node in active.iter() {
            let bits = front[node as usize];
            for target in graph.successors(NodeId(node)) {
                let slot = &mut next[target.row()];
                if *slot == NONE {
                    touched.push(target.0);
                }
                join(slot, &bits);
            }
        }
        active.drain(..).for_each(|node| front[node as usize] = NONE);
        let mut pairs = 0;
        for node in touched {
            let row = node as usize;
            let count = settle(&mut next[row], &mut seen[row]);
            if count > 0 {
                active.push(node);
                pairs += u64::from(count);
                tallies[row].add(count, distance);
            }
        }
        pairs
    }
}

impl Tally {
    fn add(&mut self, count: u32, distance: usize) {
        let (count, distance) = (f64::from(count), distance as f64);
        self.reached += count;
        self.total += count * distance;
        self.inverse += count / distance;
    }
}

#[inline]
fn join(bits: &mut Bits, other: &Bits) {
    for (word, more) in bits.iter_mut().zip(other) {
        *word |= more;
    }
}

/// Leaves in `bits` what is new, adds it to `seen`, and counts it.
#[inline]
fn settle(bits: &mut Bits, seen: &mut Bits) -> u32 {
    let mut count = 0;
    for (word, known) in bits.iter_mut().zip(seen) {
        *word &= !*known;
        *known |= *word;
        count += word.count_ones();
    }
    count
}
