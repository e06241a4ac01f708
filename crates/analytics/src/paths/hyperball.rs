//! HyperBall: the size of the ball around every account at every distance, from counters that hold a few hundred bytes each.
//!
//! A counter is a HyperLogLog set: registers of one byte. In step t the counter of v becomes the union (register by register the larger) of its own and
//! those of its predecessors, which is the set of accounts within distance t of v. Only predecessors that changed in the step before are
//! looked at, and only accounts with predecessors have a counter at all.
//!
//! Sizes are read by the estimator of Ertl (arXiv 1702.01284, improved raw estimator), which has no bias for small sets.
//!
//! Source: Boldi and Vigna, In-core computation of geometric centralities with HyperBall, ICDM workshops 2013, doi 10.1109/ICDMW.2013.10.

use crate::numeric::{row_blocks_of, split_rows, stable_sum};
use crate::paths::sweep::Tally;
use crate::{MetricError, Run};
use echogram_graph::synthetic::Stream;
use echogram_graph::{Graph, GraphView, NodeId};
use rayon::prelude::*;
use std::ops::Range;

/// Purpose of the stream of random numbers that hashes accounts.
const HASH: u64 = 0x6879_7065;
/// Counters updated by one task.
const BLOCK: usize = 256;
/// Marks an account without a counter.
const NO_COUNTER: u32 = u32::MAX;

/// The number of registers as a power of two in range.
pub(crate) fn checked(registers: f64) -> Result<usize, MetricError> {
    let whole = registers as usize;
    if whole as f64 == registers && whole.is_power_of_two() && (16..=4096).contains(&whole) {
        return Ok(whole);
    }
    Err(MetricError::BadParam { name: "distance.registers", must_be: "a power of two from 16 to 4096", got: registers })
}

/// Relative standard error of a counter.
pub(crate) fn relative_error(registers: usize) -> f64 {
    1.06 / (registers as f64).sqrt()
}

/// The one register that an account alone sets, and its value.
fn hashed(node: u32, registers: usize, seed: u64) -> (u16, u8) {
    let bits = Stream::new(seed, HASH, u64::from(node)).bits();
    let register = (bits as usize & (registers - 1)) as u16;
    (register, (bits >> registers.trailing_zeros()).trailing_zeros().min(63) as u8 + 1)
}

/// Sum of 2^-k over registers, and how many are still 0. Eight running sums, so that the processor adds eight at a time; their order is fixed.
fn sums(counter: &[u8]) -> (f64, usize) {
    let mut parts = [0.0_f32; 16];
    let mut zeros = [0_u8; 16];
    let mut empty = 0;
    for chunk in counter.chunks_exact(16 * 15).chain([counter.chunks_exact(16 * 15).remainder()]) {
        for values in chunk.chunks_exact(16) {
            for lane in 0..16 {
                // 2^-k, written as the bits of a float.
                parts[lane] += f32::from_bits((127 - u32::from(values[lane])) << 23);
                zeros[lane] += u8::from(values[lane] == 0);
            }
        }
        empty += zeros.iter().map(|&zero| usize::from(zero)).sum::<usize>();
        zeros = [0; 16];
    }
    (parts.iter().map(|&part| f64::from(part)).sum(), empty)
}

/// Estimated size of the set behind a counter.
fn size(counter: &[u8]) -> f64 {
    let registers = counter.len() as f64;
    let (sum, empty) = sums(counter);
    let empty = empty as f64;
    let alpha = 0.5 / std::f64::consts::LN_2;
    alpha * registers * registers / (registers * sigma(empty / registers) + sum - empty)
}

/// Ertl's sigma: x + sum over k >= 1 of x^(2^k) 2^(k-1).
fn sigma(mut x: f64) -> f64 {
    if x >= 1.0 {
        return f64::INFINITY;
    }
    let (mut weight, mut sum) = (1.0, x);
    loop {
        x *= x;
        let before = sum;
        sum += x * weight;
        weight += weight;
        if sum == before {
            return sum;
        }
    }
}

/// The counters of all accounts that have predecessors, before and after a step.
struct Counters {
    registers: usize,
    /// Registers of all counters, one after the other.
    values: Vec<u8>,
    /// Room for the step's result; equal to `values` wherever a counter did not change in the step before.
    next: Vec<u8>,
    /// Which parts of a counter changed in the step before, a bit each: see [`PARTS`]. Hubs soon hold nearly all; what they still learn stands in few places.
    changed: Vec<u16>,
}

/// Bytes that are compared and united at once.
const LANE: usize = 16;
/// Up to so many parts are united one by one.
const FEW_PARTS: u32 = 3;
/// A counter has so many parts, or one for each lane where it has fewer.
const PARTS: usize = 16;

/// Lanes of a part.
fn lanes_of_part(lanes: usize) -> usize {
    lanes.div_ceil(PARTS)
}

/// Register by register the larger, in the parts that are asked for.
fn unite(counter: &mut [u8], other: &[u8], mut parts: u16) {
    let (lanes, others) = (counter.as_chunks_mut::<LANE>().0, other.as_chunks::<LANE>().0);
    let larger = |(lane, other): (&mut [u8; LANE], &[u8; LANE])| {
        for at in 0..LANE {
            lane[at] = lane[at].max(other[at]);
        }
    };
    if parts == 0 {
        return;
    }
    if parts.count_ones() > FEW_PARTS {
        return lanes.iter_mut().zip(others).for_each(larger);
    }
    let width = lanes_of_part(lanes.len());
    while parts != 0 {
        let part = parts.trailing_zeros() as usize * width..(parts.trailing_zeros() as usize + 1) * width;
        lanes[part.clone()].iter_mut().zip(&others[part]).for_each(larger);
        parts &= parts - 1;
    }
}

/// The parts in which two counters differ.
fn differing(one: &[u8], other: &[u8]) -> u16 {
    let (lanes, others) = (one.as_chunks::<LANE>().0, other.as_chunks::<LANE>().0);
    let width = lanes_of_part(lanes.len());
    let parts = lanes.chunks_exact(width).zip(others.chunks_exact(width));
    parts.enumerate().map(|(part, (one, other))| u16::from(one != other) << part).sum()
}

/// Tallies of all nodes and estimated pairs by distance, as [`sweep_all`](super::sweep::sweep_all) gives them exactly.
///
/// Memory: two counters of `registers` bytes for each account that has predecessors. The hash of an account depends on its row, so accounts that are renamed get
/// other errors of the same size.
pub(crate) fn hyperball(
    graph: &Graph,
    registers: usize,
    seed: u64,
    run: &Run<'_>,
) -> Result<(Vec<Tally>, Vec<f64>), MetricError> {
    let n = graph.node_count();
    // Often asked counters stand together: they stay in the cache.
    let mut owners: Vec<u32> = (0..NodeId::new(n).0).filter(|&node| graph.in_degree(NodeId(node)) > 0).collect();
    owners.par_sort_by_key(|&node| std::cmp::Reverse(graph.out_degree(NodeId(node))));
    let mut place = vec![NO_COUNTER; n];
    owners.iter().enumerate().for_each(|(at, &node)| place[node as usize] = at as u32);
    let alone: Vec<(u16, u8)> = (0..NodeId::new(n).0).into_par_iter().map(|node| hashed(node, registers, seed)).collect();
    let (offsets, sources) = placed_sources(graph, &owners, &place);
    let mut values = vec![0_u8; owners.len() * registers];
    values.par_chunks_mut(registers).zip(&owners).for_each(|(counter, &node)| {
        let (register, value) = alone[node as usize];
        counter[usize::from(register)] = value;
    });
    let mut counters = Counters { registers, next: vec![0; values.len()], values, changed: vec![u16::MAX; owners.len()] };
    let mut sizes = vec![1.0_f64; owners.len()];
    let mut found = vec![Tally::default(); owners.len()];
    let mut pairs = Vec::new();
    let mut distance = 0_u32;
    while counters.changed.iter().any(|&parts| parts != 0) {
        distance += 1;
        let before = stable_sum(sizes.len(), |at| sizes[at]);
        counters.advance(run, distance, |old, at, counter| {
            if distance == 1 {
                // Everybody holds themselves only: a predecessor adds one register.
                for source in graph.predecessors(NodeId(owners[at])) {
                    let (register, value) = alone[source.row()];
                    let slot = &mut counter[usize::from(register)];
                    *slot = value.max(*slot);
                }
                return;
            }
            for &source in &sources[offsets[at] as usize..offsets[at + 1] as usize] {
                unite(counter, old.counter(source as usize), old.changed[source as usize]);
            }
        })?;
        let now = &counters;
        sizes.par_iter_mut().zip(&mut found).enumerate().with_min_len(BLOCK).for_each(|(at, (size_of, tally))| {
            if now.changed[at] != 0 {
                let grown = (size(now.counter(at)) - *size_of).max(0.0);
                *size_of += grown;
                tally.reached += grown;
                tally.total += grown * f64::from(distance);
                tally.inverse += grown / f64::from(distance);
            }
        });
        pairs.push(stable_sum(sizes.len(), |at| sizes[at]) - before);
    }
    while pairs.last().is_some_and(|&last| last <= 0.0) {
        pairs.pop();
    }
    let mut tallies = vec![Tally::default(); n];
    owners.iter().zip(found).for_each(|(&node, tally)| tallies[node as usize] = tally);
    Ok((tallies, pairs))
}

/// Of each owner the places of its predecessors that have a counter, end to end, and where they begin.
fn placed_sources(graph: &Graph, owners: &[u32], place: &[u32]) -> (Vec<u64>, Vec<u32>) {
    let found = |at: usize| {
        let places = graph.predecessors(NodeId(owners[at])).iter().map(|source| place[source.row()]);
        places.filter(|&place| place != NO_COUNTER)
    };
    let counts: Vec<u64> = (0..owners.len()).into_par_iter().with_min_len(BLOCK).map(|at| found(at).count() as u64).collect();
    let mut offsets = vec![0; owners.len() + 1];
    counts.iter().enumerate().for_each(|(at, count)| offsets[at + 1] = offsets[at] + count);
    let blocks = row_blocks_of(&offsets);
    let cut: Vec<Range<usize>> = blocks.iter().map(|block| offsets[block.start] as usize..offsets[block.end] as usize).collect();
    let mut sources = vec![0; offsets[owners.len()] as usize];
    split_rows(&cut, &mut sources).into_par_iter().zip(blocks).for_each(|((_, slots), block)| {
        slots.iter_mut().zip(block.flat_map(found)).for_each(|(slot, place)| *slot = place);
    });
    (offsets, sources)
}

impl Counters {
    fn counter(&self, at: usize) -> &[u8] {
        &self.values[at * self.registers..(at + 1) * self.registers]
    }

    /// One step for all counters: `unite(old, at, counter)` adds to counter `at` what its predecessors hold.
    fn advance(
        &mut self,
        run: &Run<'_>,
        distance: u32,
        unite: impl Fn(&Self, usize, &mut [u8]) + Sync,
    ) -> Result<(), MetricError> {
        let mut next = std::mem::take(&mut self.next);
        let mut fresh = vec![0; self.changed.len()];
        let (registers, old) = (self.registers, &*self);
        let blocks = next.par_chunks_mut(registers * BLOCK).zip(fresh.par_chunks_mut(BLOCK)).enumerate();
        // How many steps there will be is not known.
        blocks.try_for_each(|(block, (counters, fresh))| {
            run.step(u64::from(distance), u64::from(distance) + 1)?;
            for (within, (counter, fresh)) in counters.chunks_exact_mut(registers).zip(fresh).enumerate() {
                let at = block * BLOCK + within;
                if old.changed[at] != 0 {
                    counter.copy_from_slice(old.counter(at));
                }
                unite(old, at, counter);
                *fresh = differing(counter, old.counter(at));
            }
            Ok(())
        })?;
        self.next = std::mem::replace(&mut self.values, next);
        self.changed = fresh;
        Ok(())
    }
}
