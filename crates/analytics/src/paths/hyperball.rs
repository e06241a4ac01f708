//! HyperBall: the size of the ball around every account at every distance, from counters that hold a few hundred bytes each.
//!
//! A counter is a HyperLogLog set: registers of one byte. In step t the counter of v becomes the union (register by register the larger) of its own and
//! those of its predecessors, which is the set of accounts within distance t of v. Only predecessors that changed in the step before are
//! looked at, and only accounts with predecessors have a counter at all.
//!
//! Sizes are read by the estimator of Ertl (arXiv 1702.01284, improved raw estimator), which has no bias for small sets.
//!
//! Source: Boldi and Vigna, In-core computation of geometric centralities with HyperBall, ICDM workshops 2013, doi 10.1109/ICDMW.2013.10.

use crate::numeric::stable_sum;
use crate::paths::sweep::Tally;
use crate::{MetricError, Run};
use echogram_graph::synthetic::Stream;
use echogram_graph::{Graph, GraphView, NodeId};
use rayon::prelude::*;

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
fn hashed(node: u32, registers: usize, seed: u64) -> (usize, u8) {
    let bits = Stream::new(seed, HASH, u64::from(node)).bits();
    let register = (bits as usize) & (registers - 1);
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
    /// Whether a counter changed in the step before.
    changed: Vec<bool>,
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
    let mut values = vec![0_u8; owners.len() * registers];
    values.par_chunks_mut(registers).zip(&owners).for_each(|(counter, &node)| {
        let (register, value) = hashed(node, registers, seed);
        counter[register] = value;
    });
    let mut counters = Counters { registers, next: vec![0; values.len()], values, changed: vec![true; owners.len()] };
    let mut sizes = vec![1.0_f64; owners.len()];
    let mut found = vec![Tally::default(); owners.len()];
    let mut pairs = Vec::new();
    let mut distance = 0_u32;
    while counters.changed.contains(&true) {
        distance += 1;
        let before = stable_sum(sizes.len(), |at| sizes[at]);
        counters.advance(run, distance, |old, at, counter| {
            for source in graph.predecessors(NodeId(owners[at])) {
                let other = place[source.row()];
                if distance == 1 {
                    // Everybody holds themselves only: a predecessor adds one register.
                    let (register, value) = hashed(source.0, registers, seed);
                    counter[register] = counter[register].max(value);
                } else if other != NO_COUNTER && old.changed[other as usize] {
                    counter.iter_mut().zip(old.counter(other as usize)).for_each(|(slot, &value)| *slot = (*slot).max(value));
                }
            }
        })?;
        let now = &counters;
        sizes.par_iter_mut().zip(&mut found).enumerate().with_min_len(BLOCK).for_each(|(at, (size_of, tally))| {
            if now.changed[at] {
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
        let mut fresh = vec![false; self.changed.len()];
        let (registers, old) = (self.registers, &*self);
        let blocks = next.par_chunks_mut(registers * BLOCK).zip(fresh.par_chunks_mut(BLOCK)).enumerate();
        // How many steps there will be is not known.
        blocks.try_for_each(|(block, (counters, fresh))| {
            run.step(u64::from(distance), u64::from(distance) + 1)?;
            for (within, (counter, fresh)) in counters.chunks_exact_mut(registers).zip(fresh).enumerate() {
                let at = block * BLOCK + within;
                if old.changed[at] {
                    counter.copy_from_slice(old.counter(at));
                }
                unite(old, at, counter);
                *fresh = counter != old.counter(at);
            }
            Ok(())
        })?;
        self.next = std::mem::replace(&mut self.values, next);
        self.changed = fresh;
        Ok(())
    }
}
