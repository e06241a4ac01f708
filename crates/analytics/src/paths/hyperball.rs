//! HyperBall: the size of the ball around every account at every distance, from counters that hold a few hundred bytes each.
//!
//! A counter is a HyperLogLog set: registers of half a byte, or of a byte where accounts are so many that values above 15 matter. In step t the counter of v becomes the union (register by register the larger) of its own and
//! those of its predecessors, which is the set of accounts within distance t of v. Only predecessors that changed in the step before are
//! looked at, and only accounts with predecessors have a counter at all.
//!
//! Sizes are read by the estimator of Ertl (arXiv 1702.01284, improved raw estimator), which has no bias for small sets nor from registers at their limit.
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

/// Registers that are fetched from memory, united and compared at once: those of a cache line.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(align(64))]
struct Line([u8; LINE]);

/// Bytes of a line.
const LINE: usize = 64;

/// How registers stand in bytes.
trait Packing {
    /// The values of a byte's registers, the first one first.
    type Values: IntoIterator<Item = u8>;
    /// Registers to a byte.
    const PER_BYTE: usize;
    /// The largest value of a register.
    const LIMIT: u8;

    fn values(byte: u8) -> Self::Values;

    /// Register by register the largest.
    fn united<'a>(own: Line, others: impl Iterator<Item = &'a Line>) -> Line;

    /// Sum of 2^-k over registers, how many are still 0, and how many stand at their limit.
    fn sums(counter: &[Line]) -> (f64, usize, usize);
}

/// Calls `with` for four lines at a time, the last of them the same one over again where there are no more: more lines are on their way from memory at once.
#[inline(always)]
fn by_four<'a>(mut lines: impl Iterator<Item = &'a Line>, mut with: impl FnMut([&'a Line; 4])) {
    while let Some(first) = lines.next() {
        let mut or_first = || lines.next().unwrap_or(first);
        with([first, or_first(), or_first(), or_first()]);
    }
}

struct Bytes;

impl Packing for Bytes {
    type Values = [u8; 1];
    const PER_BYTE: usize = 1;
    const LIMIT: u8 = 64;

    #[inline(always)]
    fn values(byte: u8) -> [u8; 1] {
        [byte]
    }

    #[inline(always)]
    fn united<'a>(mut own: Line, others: impl Iterator<Item = &'a Line>) -> Line {
        by_four(others, |[a, b, c, d]| {
            for at in 0..LINE {
                own.0[at] = own.0[at].max(a.0[at]).max(b.0[at]).max(c.0[at]).max(d.0[at]);
            }
        });
        own
    }

    /// Sixteen running sums, so that the processor adds many at a time; their order is fixed.
    fn sums(counter: &[Line]) -> (f64, usize, usize) {
        let mut parts = [0.0_f32; 16];
        let (mut empty, mut full) = (0, 0);
        for line in counter {
            let (mut zeros, mut limits) = ([0_u8; 16], [0_u8; 16]);
            for values in line.0.as_chunks::<16>().0 {
                for lane in 0..16 {
                    let value = values[lane];
                    // 2^-k, written as the bits of a float.
                    parts[lane] += f32::from_bits((127 - u32::from(value)) << 23);
                    zeros[lane] += u8::from(value == 0);
                    limits[lane] += u8::from(value == Self::LIMIT);
                }
            }
            let count = |lanes: [u8; 16]| lanes.iter().map(|&lane| usize::from(lane)).sum::<usize>();
            (empty, full) = (empty + count(zeros), full + count(limits));
        }
        (parts.iter().map(|&part| f64::from(part)).sum(), empty, full)
    }
}

/// Half of the memory, which is what a step waits for.
struct Halves;

impl Packing for Halves {
    type Values = [u8; 2];
    const PER_BYTE: usize = 2;
    const LIMIT: u8 = 15;

    #[inline(always)]
    fn values(byte: u8) -> [u8; 2] {
        [byte & 0x0f, byte >> 4]
    }

    #[inline(always)]
    fn united<'a>(own: Line, others: impl Iterator<Item = &'a Line>) -> Line {
        // The upper half decides which byte is larger, whatever the lower one holds.
        let (mut upper, mut lower) = (own.0, own.0.map(|byte| byte & 0x0f));
        by_four(others, |[a, b, c, d]| {
            for at in 0..LINE {
                let [a, b, c, d] = [a.0[at], b.0[at], c.0[at], d.0[at]];
                upper[at] = upper[at].max(a).max(b).max(c).max(d);
                lower[at] = lower[at].max(a & 0x0f).max(b & 0x0f).max(c & 0x0f).max(d & 0x0f);
            }
        });
        Line(std::array::from_fn(|at| upper[at] & 0xf0 | lower[at]))
    }

    /// All three in one number, looked up for each byte.
    fn sums(counter: &[Line]) -> (f64, usize, usize) {
        let mut parts = [0; 4];
        for bytes in counter.iter().flat_map(|line| line.0.as_chunks::<4>().0) {
            (0..4).for_each(|at| parts[at] += SUMS_OF_HALVES[usize::from(bytes[at])]);
        }
        let total: u64 = parts.iter().sum();
        let sum = total as u32;
        (f64::from(sum) / f64::from(1 << Self::LIMIT), usize::from((total >> 32) as u16), usize::from((total >> 48) as u16))
    }
}

/// Of the two registers of a byte: the sum of 2^(15 - k) in the lower half, how many are 0 in the next quarter, and how many stand at their limit in the last.
const SUMS_OF_HALVES: [u64; 256] = {
    const fn sums(value: usize) -> u64 {
        1 << (15 - value) | ((value == 0) as u64) << 32 | ((value == 15) as u64) << 48
    }
    let mut of_bytes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        of_bytes[byte] = sums(byte & 0x0f) + sums(byte >> 4);
        byte += 1;
    }
    of_bytes
};

/// Accounts per register up to which half a byte will do: a quarter of the 2^14 at which most registers stand at their limit.
const HALVES_UP_TO: usize = 1 << 12;

/// The one register that an account alone sets, and its value.
fn hashed<P: Packing>(node: u32, registers: usize, seed: u64) -> (u16, u8) {
    let bits = Stream::new(seed, HASH, u64::from(node)).bits();
    let register = (bits as usize & (registers - 1)) as u16;
    (register, (bits >> registers.trailing_zeros()).trailing_zeros().min(u32::from(P::LIMIT) - 1) as u8 + 1)
}

/// Sets a register to `value` at least.
fn raise<P: Packing>(counter: &mut [Line], (register, value): (u16, u8)) {
    let (byte, shift) = (usize::from(register) / P::PER_BYTE, usize::from(register) % P::PER_BYTE * 4);
    let slot = &mut counter[byte / LINE].0[byte % LINE];
    let before = P::values(*slot).into_iter().nth(shift / 4).unwrap_or(0);
    if before < value {
        *slot += (value - before) << shift;
    }
}

/// A line of the counter of an account alone.
fn alone_in_line<P: Packing>((register, value): (u16, u8), line: usize) -> Line {
    let registers = LINE * P::PER_BYTE;
    let mut found = [Line([0; LINE])];
    if usize::from(register) / registers == line {
        raise::<P>(&mut found, (register % registers as u16, value));
    }
    found[0]
}

/// Estimated size of the set behind a counter of so many registers; what its last line has beyond them stays 0.
fn size<P: Packing>(counter: &[Line], registers: usize) -> f64 {
    let (sum, empty, full) = P::sums(counter);
    let beyond = (counter.len() * LINE * P::PER_BYTE - registers) as f64;
    let (registers, set, empty, full) = (registers as f64, sum - empty as f64, empty as f64 - beyond, full as f64);
    let alpha = 0.5 / std::f64::consts::LN_2;
    let limit = 0.5_f64.powi(i32::from(P::LIMIT));
    let below = registers * sigma(empty / registers);
    let above = registers * tau(1.0 - full / registers) * 2.0 * limit;
    alpha * registers * registers / (below + (set - full * limit) + above)
}

/// Ertl's tau: (1 - x - sum over k >= 1 of (1 - x^(2^-k))^2 2^-k) / 3.
fn tau(mut x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return 0.0;
    }
    let (mut weight, mut sum) = (1.0, 1.0 - x);
    loop {
        x = x.sqrt();
        weight *= 0.5;
        let before = sum;
        sum -= (1.0 - x) * (1.0 - x) * weight;
        if sum == before {
            return sum / 3.0;
        }
    }
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
    /// Lines of a counter.
    lines: usize,
    /// All counters, one after the other.
    values: Vec<Line>,
    /// Room for the step's result; equal to `values` wherever a counter did not change in the step before.
    next: Vec<Line>,
    /// Which lines of a counter changed in the step before: see [`Counters::mark`].
    changed: Vec<u8>,
}

/// Tallies of all nodes and estimated pairs by distance, as [`sweep_all`](super::sweep::sweep_all) gives them exactly.
///
/// Memory: two counters of `registers` half bytes (bytes from 4,096 accounts a register on), rounded up to 64 bytes, for each account that has predecessors. The hash of an account depends on its row, so accounts that are renamed get
/// other errors of the same size.
pub(crate) fn hyperball(
    graph: &Graph,
    registers: usize,
    seed: u64,
    run: &Run<'_>,
) -> Result<(Vec<Tally>, Vec<f64>), MetricError> {
    if graph.node_count() <= registers * HALVES_UP_TO {
        packed::<Halves>(graph, registers, seed, run)
    } else {
        packed::<Bytes>(graph, registers, seed, run)
    }
}

fn packed<P: Packing>(graph: &Graph, registers: usize, seed: u64, run: &Run<'_>) -> Result<(Vec<Tally>, Vec<f64>), MetricError> {
    let n = graph.node_count();
    let lines = registers.div_ceil(LINE * P::PER_BYTE);
    // Often asked counters stand together: they stay in the cache.
    let mut owners: Vec<(std::cmp::Reverse<u32>, u32)> = (0..NodeId::new(n).0)
        .into_par_iter()
        .filter(|&node| graph.in_degree(NodeId(node)) > 0)
        .map(|node| (std::cmp::Reverse(graph.out_degree(NodeId(node)) as u32), node))
        .collect();
    owners.par_sort_unstable();
    let owners: Vec<u32> = owners.into_iter().map(|(_, node)| node).collect();
    let mut place = vec![NO_COUNTER; n];
    owners.iter().enumerate().for_each(|(at, &node)| place[node as usize] = at as u32);
    let alone: Vec<(u16, u8)> = (0..NodeId::new(n).0).into_par_iter().map(|node| hashed::<P>(node, registers, seed)).collect();
    let (offsets, sources) = placed_sources(graph, &owners, &place);
    drop(place);
    // Filled by all threads, as most of that time goes to pages of memory that are new.
    let first = |at: usize| alone_in_line::<P>(alone[owners[at / lines] as usize], at % lines);
    let fill = || (0..owners.len() * lines).into_par_iter().with_min_len(BLOCK).map(first).collect();
    let mut counters = Counters { lines, values: fill(), next: fill(), changed: vec![u8::MAX; owners.len()] };
    let mut found = vec![Tally::default(); owners.len()];
    let mut pairs = Vec::new();
    let mut distance = 0_u32;
    while counters.changed.iter().any(|&lines| lines != 0) {
        distance += 1;
        let before = stable_sum(found.len(), |at| found[at].reached);
        counters.advance(run, distance, |old, at, counter| {
            if distance == 1 {
                // Everybody holds themselves only: a predecessor adds one register.
                let predecessors = graph.predecessors(NodeId(owners[at])).iter();
                return predecessors.for_each(|source| raise::<P>(counter, alone[source.row()]));
            }
            let sources = &sources[offsets[at] as usize..offsets[at + 1] as usize];
            for (line, own) in counter.iter_mut().enumerate() {
                let mark = old.mark(line);
                let changed = sources.iter().filter(|&&source| old.changed[source as usize] & mark != 0);
                *own = P::united(*own, changed.map(|&source| &old.values[source as usize * lines + line]));
            }
        })?;
        let now = &counters;
        found.par_iter_mut().enumerate().with_min_len(BLOCK).for_each(|(at, tally)| {
            if now.changed[at] != 0 {
                // The ball holds the account itself, too.
                let grown = (size::<P>(now.counter(at), registers) - 1.0 - tally.reached).max(0.0);
                tally.reached += grown;
                tally.total += grown * f64::from(distance);
                tally.inverse += grown / f64::from(distance);
            }
        });
        pairs.push(stable_sum(found.len(), |at| found[at].reached) - before);
    }
    while pairs.last().is_some_and(|&last| last <= 0.0) {
        pairs.pop();
    }
    drop((counters, sources));
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
    fn counter(&self, at: usize) -> &[Line] {
        &self.values[at * self.lines..(at + 1) * self.lines]
    }

    /// The bit of [`Counters::changed`] that stands for a line, and for its neighbours where a counter has more lines than there are bits.
    fn mark(&self, line: usize) -> u8 {
        1 << (line / self.lines.div_ceil(8))
    }

    /// One step for all counters: `unite(old, at, counter)` adds to counter `at` what its predecessors hold.
    fn advance(
        &mut self,
        run: &Run<'_>,
        distance: u32,
        unite: impl Fn(&Self, usize, &mut [Line]) + Sync,
    ) -> Result<(), MetricError> {
        let mut next = std::mem::take(&mut self.next);
        let mut fresh = vec![0; self.changed.len()];
        let (lines, old) = (self.lines, &*self);
        let blocks = next.par_chunks_mut(lines * BLOCK).zip(fresh.par_chunks_mut(BLOCK)).enumerate();
        // How many steps there will be is not known.
        blocks.try_for_each(|(block, (counters, fresh))| {
            run.step(u64::from(distance), u64::from(distance) + 1)?;
            for (within, (counter, fresh)) in counters.chunks_exact_mut(lines).zip(fresh).enumerate() {
                let at = block * BLOCK + within;
                if old.changed[at] != 0 {
                    counter.copy_from_slice(old.counter(at));
                }
                unite(old, at, counter);
                let lines = counter.iter().zip(old.counter(at)).enumerate();
                *fresh = lines.filter(|(_, (new, old))| new != old).fold(0, |marks, (line, _)| marks | old.mark(line));
            }
            Ok(())
        })?;
        self.next = std::mem::replace(&mut self.values, next);
        self.changed = fresh;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As many as a line of bytes has.
    const REGISTERS: usize = LINE;

    /// A counter of one line that holds so many accounts.
    fn counter_of<P: Packing>(accounts: u32, seed: u64) -> [Line; 1] {
        let mut counter = [Line([0; LINE])];
        (0..accounts).for_each(|node| raise::<P>(&mut counter, hashed::<P>(node, REGISTERS, seed)));
        counter
    }

    #[track_caller]
    fn check_sums<P: Packing>() {
        let registers = 2 * LINE * P::PER_BYTE;
        let mut counter = vec![Line([0; LINE]); 2];
        for node in 0..600 {
            let values: Vec<u8> = counter.iter().flat_map(|line| line.0).flat_map(P::values).collect();
            let sum: f64 = values.iter().map(|&value| 0.5_f64.powi(i32::from(value))).sum();
            let count = |wanted: u8| values.iter().filter(|&&value| value == wanted).count();
            let found = P::sums(&counter);
            assert!((found.0 - sum).abs() < 1e-4, "{found:?} {sum}");
            assert_eq!((found.1, found.2), (count(0), count(P::LIMIT)));
            // Every fifth register goes to its limit.
            let (register, value) = hashed::<P>(node, registers, 7);
            raise::<P>(&mut counter, (register, if node % 5 == 0 { P::LIMIT } else { value }));
        }
    }

    #[test]
    fn sums_are_those_of_the_registers() {
        check_sums::<Halves>();
        check_sums::<Bytes>();
    }

    #[test]
    fn a_union_holds_the_larger_of_each_register() {
        fn check<P: Packing>() {
            let counters: Vec<[Line; 1]> = (0..7).map(|seed| counter_of::<P>(40, seed)).collect();
            let values = |line: &Line| -> Vec<u8> { line.0.into_iter().flat_map(P::values).collect() };
            for others in 0..counters.len() {
                let expected = counters[..=others].iter().map(|counter| values(&counter[0]));
                let expected = expected.reduce(|a, b| a.into_iter().zip(b).map(|(a, b)| a.max(b)).collect()).unwrap();
                let united = P::united(counters[0][0], counters[1..=others].iter().map(|counter| &counter[0]));
                assert_eq!(values(&united), expected, "{others} others");
            }
        }
        check::<Bytes>();
        check::<Halves>();
    }

    #[test]
    fn sizes_are_right_up_to_where_bytes_take_over() {
        // Means and mean squares over so many seeds; three and two of their own errors are allowed.
        let seeds = 100;
        for accounts in [1, 10, 200, (REGISTERS * HALVES_UP_TO) as u32] {
            let far = |seed| size::<Halves>(&counter_of::<Halves>(accounts, seed), REGISTERS) / f64::from(accounts) - 1.0;
            let far: Vec<f64> = (0..seeds).map(far).collect();
            let (mean, square) =
                (far.iter().sum::<f64>() / seeds as f64, far.iter().map(|far| far * far).sum::<f64>() / seeds as f64);
            let error = relative_error(REGISTERS);
            assert!(mean.abs() < 3.0 * error / (seeds as f64).sqrt(), "{accounts}: {mean}");
            assert!(square.sqrt() < error * (1.0 + 2.0 / (2.0 * seeds as f64).sqrt()), "{accounts}: {}", square.sqrt());
        }
    }
}
