//! Rows in any order -> slots grouped by source, sorted and combined where they stand.
//!
//! Sources are cut into ranges so small that the slots of one fit the cache of a core. Each chunk of rows is first put in the order of these ranges;
//! then every range gathers its own rows from all chunks, in their order. No slot is written by two threads, and the slots of a range are
//! sorted while they are still in the cache.

use crate::{EdgeRows, NO_TIME, NodeId, RowWeights, Zeroed};
use rayon::prelude::*;
use std::ops::Range;

/// Ranges of sources, at most, unless they would be wider than [`WIDEST`].
const FEW_RANGES: usize = 256;
/// Sources of a range, at most, as a power of two: they are counted in 16 bits.
const WIDEST: u32 = 16;
/// A row longer than this is sorted by all threads.
const LONG_ROW: usize = 1 << 16;

/// Rows grouped by source: those of node `v` stand in the slots `offsets[v]..offsets[v + 1]`.
pub(crate) struct Scattered {
    pub(crate) offsets: Vec<u64>,
    pub(crate) targets: Vec<NodeId>,
    pub(crate) weights: Option<Vec<f64>>,
    pub(crate) times: Option<Times>,
    /// How many slots of each source are left, at the front of its slots, once rows of one target are combined.
    pub(crate) counts: Vec<u32>,
    /// How many rows made each edge, all sources end to end; `None` where all were made by one.
    pub(crate) events: Option<Vec<u32>>,
    /// Rows that are the same as another in all they say, a time among it.
    pub(crate) identical: u64,
}

/// Earliest and latest times by slot.
pub(crate) struct Times {
    pub(crate) first: Vec<i64>,
    /// `None` where it is `first` for every edge.
    pub(crate) last: Option<Vec<i64>>,
}

/// A chunk of rows in the order of the ranges of their sources: those of range `r` are `starts[r]..starts[r + 1]`.
struct Sorted {
    starts: Vec<u32>,
    /// Sources, counted from the first of their range.
    sources: Vec<u16>,
    targets: Vec<NodeId>,
    weights: Option<RowWeights>,
    times: Option<Vec<i64>>,
}

impl Sorted {
    fn new(rows: EdgeRows, ranges: Ranges) -> Self {
        let EdgeRows { sources, targets, weights, times } = rows;
        let mut starts = vec![0_u32; ranges.count() + 1];
        for &source in &sources {
            starts[ranges.of_source(source) + 1] += 1;
        }
        for range in 0..ranges.count() {
            starts[range + 1] += starts[range];
        }
        let mut next = starts.clone();
        let place = |&source: &NodeId| {
            let slot = &mut next[ranges.of_source(source)];
            *slot += 1;
            *slot - 1
        };
        let places: Vec<u32> = sources.iter().map(place).collect();
        Self {
            starts,
            sources: moved(sources, &places, |source| ranges.within(source)),
            targets: moved(targets, &places, |target| target),
            weights: weights.map(|weights| match weights {
                RowWeights::Single(weights) => RowWeights::Single(moved(weights, &places, |weight| weight)),
                RowWeights::Double(weights) => RowWeights::Double(moved(weights, &places, |weight| weight)),
            }),
            times: times.map(|times| moved(times, &places, |time| time)),
        }
    }

    fn range(&self, range: usize) -> Range<usize> {
        self.starts[range] as usize..self.starts[range + 1] as usize
    }
}

/// The values, each made into what is kept of it, at their new places.
fn moved<T, U: Copy + Default>(values: Vec<T>, places: &[u32], kept: impl Fn(T) -> U) -> Vec<U> {
    let mut to = vec![U::default(); values.len()];
    for (value, &place) in values.into_iter().zip(places) {
        to[place as usize] = kept(value);
    }
    to
}

/// The ranges into which sources are cut.
#[derive(Clone, Copy)]
struct Ranges {
    nodes: usize,
    /// A source's number without these low bits is its range.
    shift: u32,
}

impl Ranges {
    fn of(nodes: usize) -> Self {
        let mut shift = 0;
        while shift < WIDEST && nodes.saturating_sub(1) >> shift >= FEW_RANGES {
            shift += 1;
        }
        Self { nodes, shift }
    }

    fn count(self) -> usize {
        (self.nodes.saturating_sub(1) >> self.shift) + 1
    }

    fn nodes(self, range: usize) -> Range<usize> {
        (range << self.shift).min(self.nodes)..((range + 1) << self.shift).min(self.nodes)
    }

    fn of_source(self, source: NodeId) -> usize {
        source.row() >> self.shift
    }

    /// Where a source stands in its range.
    fn within(self, source: NodeId) -> u16 {
        (source.0 & ((1 << self.shift) - 1)) as u16
    }
}

/// Where a row goes: a slot in each of the arrays that there are.
struct Slots<'a> {
    targets: &'a mut [NodeId],
    weights: Option<&'a mut [f64]>,
    times: Option<&'a mut [i64]>,
}

/// Gathers the rows of each of some ranges, grouped by source, into `slots`; `finish` gets the slots of a range and where those of each source end.
fn gather<T: Send>(
    ranges: Ranges,
    wanted: Range<usize>,
    chunks: &[Sorted],
    lengths: &[usize],
    slots: Slots<'_>,
    finish: impl Fn(Slots<'_>, Vec<u32>) -> T + Sync,
) -> Vec<T> {
    slices(slots.targets, lengths)
        .into_par_iter()
        .zip(optional_slices(slots.weights, lengths))
        .zip(optional_slices(slots.times, lengths))
        .zip(wanted)
        .with_max_len(1)
        .map(|(((targets, weights), times), range)| {
            let mut slots = Slots { targets, weights, times };
            let ends = slots.gather(chunks, range, ranges.nodes(range).len());
            finish(slots, ends)
        })
        .collect()
}

fn lengths_of(chunks: &[Sorted], ranges: Range<usize>) -> Vec<usize> {
    ranges.map(|range| chunks.iter().map(|chunk| chunk.range(range).len()).sum()).collect()
}

/// Adjacency of `entries` rows without times, grouped by source: offsets, targets and weights; the rows of one source stay in the order of the chunks.
/// `chunks` gives those whose sources are some nodes: half of the nodes at a time, so that less is in memory beside the result.
pub(crate) fn grouped<C: IndexedParallelIterator<Item = EdgeRows>>(
    nodes: usize,
    entries: usize,
    is_weighted: bool,
    chunks: impl Fn(Range<NodeId>) -> C,
) -> (Vec<u64>, Vec<NodeId>, Option<Vec<f64>>) {
    let ranges = Ranges::of(nodes);
    let mut targets = NodeId::zeroed(entries);
    let mut weights = is_weighted.then(|| f64::zeroed(entries));
    let mut offsets = Vec::with_capacity(nodes + 1);
    offsets.push(0);
    let mut start = 0;
    let middle = ranges.count() / 2;
    for half in [0..middle, middle..ranges.count()] {
        let own = NodeId::new(ranges.nodes(half.start).start)..NodeId::new(ranges.nodes(half.end).start);
        let chunks: Vec<Sorted> = chunks(own).map(|chunk| Sorted::new(chunk, ranges)).collect();
        let lengths = lengths_of(&chunks, half.clone());
        let slots =
            Slots { targets: &mut targets[start..], weights: weights.as_mut().map(|weights| &mut weights[start..]), times: None };
        let ends = gather(ranges, half, &chunks, &lengths, slots, |_, ends| ends);
        for (ends, length) in ends.into_iter().zip(lengths) {
            offsets.extend(ends.into_iter().map(|end| start as u64 + u64::from(end)));
            start += length;
        }
    }
    (offsets, targets, weights)
}

impl Scattered {
    /// Groups rows by source and combines those of one target; with `directed` false the smaller end is the source. Weights of a set are given up.
    pub(crate) fn new(nodes: usize, directed: bool, is_set: bool, mut rows: Vec<EdgeRows>) -> Self {
        if !directed {
            rows.par_iter_mut().for_each(put_smaller_first);
        }
        if is_set {
            rows.iter_mut().for_each(|chunk| chunk.weights = None);
        }
        let ranges = Ranges::of(nodes);
        let chunks: Vec<Sorted> = rows.into_par_iter().map(|chunk| Sorted::new(chunk, ranges)).collect();
        let lengths = lengths_of(&chunks, 0..ranges.count());
        let total = lengths.iter().sum();
        let mut targets = NodeId::zeroed(total);
        let mut weights = chunks.iter().any(|chunk| chunk.weights.is_some()).then(|| f64::zeroed(total));
        let mut first = chunks.iter().any(|chunk| chunk.times.is_some()).then(|| i64::zeroed(total));
        let slots = Slots { targets: &mut targets, weights: weights.as_deref_mut(), times: first.as_deref_mut() };
        let combined = gather(ranges, 0..ranges.count(), &chunks, &lengths, slots, |slots, ends| slots.combine(ends));
        drop(chunks);
        Self::joined(nodes, targets, weights, first, combined, &lengths)
    }

    fn joined(
        nodes: usize,
        targets: Vec<NodeId>,
        weights: Option<Vec<f64>>,
        first: Option<Vec<i64>>,
        combined: Vec<Combined>,
        lengths: &[usize],
    ) -> Self {
        let is_repeated = combined.iter().any(|block| block.events.is_some());
        let events = is_repeated.then(|| {
            let mut joined = Vec::with_capacity(combined.iter().map(|block| block.edges).sum());
            for block in &combined {
                match &block.events {
                    Some(events) => joined.extend_from_slice(events),
                    None => joined.resize(joined.len() + block.edges, 1),
                }
            }
            joined
        });
        let times = first.map(|first| {
            let last = is_repeated.then(|| {
                let mut last = first.clone();
                for (slots, block) in slices(&mut last, lengths).into_iter().zip(&combined) {
                    block.last.iter().for_each(|&(slot, time)| slots[slot as usize] = time);
                }
                last
            });
            Times { last: last.filter(|last| *last != first), first }
        });
        let mut offsets = Vec::with_capacity(nodes + 1);
        let mut counts = Vec::with_capacity(nodes);
        let mut start = 0;
        for (block, &length) in combined.iter().zip(lengths) {
            offsets.push(start);
            offsets.extend(block.ends.iter().map(|&end| start + u64::from(end)));
            // The end of a range is the start of the next.
            if !block.ends.is_empty() {
                offsets.pop();
            }
            start += length as u64;
        }
        offsets.truncate(nodes);
        offsets.push(start);
        let identical = combined.iter().map(|block| block.identical).sum();
        combined.into_iter().for_each(|block| counts.extend(block.counts));
        Self { offsets, targets, weights, times, counts, events, identical }
    }
}

fn put_smaller_first(rows: &mut EdgeRows) {
    for (source, target) in rows.sources.iter_mut().zip(&mut rows.targets) {
        if *source > *target {
            std::mem::swap(source, target);
        }
    }
}

/// What became of one range of sources.
#[derive(Default)]
struct Combined {
    /// Where the slots of each source end, within the range.
    ends: Vec<u32>,
    /// Edges of each source.
    counts: Vec<u32>,
    edges: usize,
    /// Rows that made each edge; `None` where all were made by one.
    events: Option<Vec<u32>>,
    /// Rows that are the same as another in target, weight and time.
    identical: u64,
    /// Slot and latest time, where that is not the earliest.
    last: Vec<(u32, i64)>,
}

impl Combined {
    fn edge(&mut self, rows: usize) {
        if rows > 1 && self.events.is_none() {
            self.events = Some(vec![1; self.edges]);
        }
        self.edges += 1;
        self.events.iter_mut().for_each(|events| events.push(u32::try_from(rows).unwrap_or(u32::MAX)));
    }
}

impl Slots<'_> {
    /// Fetches the rows of a range from all chunks, grouped by source; returns where the slots of each source end.
    fn gather(&mut self, chunks: &[Sorted], range: usize, nodes: usize) -> Vec<u32> {
        let mut cursor = vec![0_u32; nodes + 1];
        for chunk in chunks {
            for &source in &chunk.sources[chunk.range(range)] {
                cursor[usize::from(source) + 1] += 1;
            }
        }
        for node in 0..nodes {
            cursor[node + 1] += cursor[node];
        }
        for chunk in chunks {
            let own = chunk.range(range);
            let (weights, times) = (chunk.weights.as_ref(), chunk.times.as_ref());
            for at in own {
                let next = &mut cursor[usize::from(chunk.sources[at])];
                let slot = *next as usize;
                *next += 1;
                self.targets[slot] = chunk.targets[at];
                if let Some(to) = &mut self.weights {
                    to[slot] = weights.and_then(|from| from.get(at)).unwrap_or(1.0);
                }
                if let Some(to) = &mut self.times {
                    to[slot] = times.map_or(NO_TIME, |from| from[at]);
                }
            }
        }
        // Each cursor has come to where the next source begins.
        cursor.pop();
        cursor
    }

    /// Sorts the slots of each source by (target, weight, time) and combines those of one target, at the front of the source's slots.
    fn combine(self, ends: Vec<u32>) -> Combined {
        let mut block = Combined { counts: Vec::with_capacity(ends.len()), ..Combined::default() };
        match self {
            Self { targets, weights: None, times: None } => plain(targets, &ends, &mut block),
            Self { targets, weights: Some(weights), times: None } => weighted(targets, weights, &ends, &mut block),
            Self { targets, weights, times: Some(times) } => timed(targets, weights, times, &ends, &mut block),
        }
        block.ends = ends;
        block
    }
}

/// Slots without weights and times.
fn plain(targets: &mut [NodeId], ends: &[u32], block: &mut Combined) {
    let mut start = 0;
    for &end in ends {
        let row = &mut targets[start..end as usize];
        if row.len() > LONG_ROW {
            row.par_sort_unstable();
        } else {
            row.sort_unstable();
        }
        let mut kept = 0;
        let mut at = 0;
        while at < row.len() {
            let target = row[at];
            let same = row[at..].iter().take_while(|&&other| other == target).count();
            row[kept] = target;
            kept += 1;
            at += same;
            block.edge(same);
        }
        block.counts.push(kept as u32);
        start = end as usize;
    }
}

/// A number that holds target and place for each slot of a row, ascending: what hangs on a target is then moved once.
fn put_in_order(order: &mut Vec<u64>, targets: &[NodeId]) {
    order.clear();
    order.extend(targets.iter().enumerate().map(|(place, target)| u64::from(target.0) << 32 | place as u64));
    order.sort_unstable();
}

/// Slots with weights and without times.
fn weighted(targets: &mut [NodeId], weights: &mut [f64], ends: &[u32], block: &mut Combined) {
    let mut order: Vec<u64> = Vec::new();
    let mut row: Vec<f64> = Vec::new();
    let mut same: Vec<f64> = Vec::new();
    let mut start = 0;
    for &end in ends {
        let end = end as usize;
        put_in_order(&mut order, &targets[start..end]);
        row.clear();
        row.extend_from_slice(&weights[start..end]);
        let (mut slot, mut at) = (start, 0);
        while at < order.len() {
            let target = order[at] >> 32;
            let rows = order[at..].iter().take_while(|&&key| key >> 32 == target).count();
            targets[slot] = NodeId(target as u32);
            weights[slot] = match rows {
                1 => row[order[at] as u32 as usize],
                _ => {
                    same.clear();
                    same.extend(order[at..at + rows].iter().map(|&key| row[key as u32 as usize]));
                    same.sort_unstable_by(f64::total_cmp);
                    same.iter().sum()
                }
            };
            block.edge(rows);
            slot += 1;
            at += rows;
        }
        block.counts.push((slot - start) as u32);
        start = end;
    }
}

/// Slots with times, and with weights or without.
fn timed(targets: &mut [NodeId], mut weights: Option<&mut [f64]>, times: &mut [i64], ends: &[u32], block: &mut Combined) {
    let mut order: Vec<u64> = Vec::new();
    let mut row: Vec<(f64, i64)> = Vec::new();
    let mut same: Vec<(f64, i64)> = Vec::new();
    let mut start = 0;
    for &end in ends {
        let end = end as usize;
        put_in_order(&mut order, &targets[start..end]);
        row.clear();
        row.extend((start..end).map(|at| (weights.as_ref().map_or(1.0, |weights| weights[at]), times[at])));
        let mut slot = start;
        for rows in order.chunk_by(|a, b| a >> 32 == b >> 32) {
            same.clear();
            same.extend(rows.iter().map(|&key| row[key as u32 as usize]));
            if same.len() > 1 {
                same.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                let is_identical = |pair: &&[(f64, i64)]| pair[0] == pair[1] && pair[0].1 != NO_TIME;
                block.identical += same.windows(2).filter(is_identical).count() as u64;
            }
            targets[slot] = NodeId((rows[0] >> 32) as u32);
            if let Some(weights) = &mut weights {
                weights[slot] = same.iter().map(|event| event.0).sum();
            }
            let known = || same.iter().map(|event| event.1).filter(|&time| time != NO_TIME);
            let (first, last) = (known().min().unwrap_or(NO_TIME), known().max().unwrap_or(NO_TIME));
            times[slot] = first;
            if last != first {
                block.last.push((slot as u32, last));
            }
            block.edge(same.len());
            slot += 1;
        }
        block.counts.push((slot - start) as u32);
        start = end;
    }
}

/// Moves the rows of all nodes together: `slots` says where each began, `offsets` where it is to begin.
pub(crate) fn close_gaps<T: Copy>(values: &mut Vec<T>, slots: &[u64], offsets: &[u64]) {
    for node in 0..slots.len() - 1 {
        let (from, to) = (slots[node] as usize, offsets[node] as usize);
        let length = offsets[node + 1] as usize - to;
        if from != to {
            values.copy_within(from..from + length, to);
        }
    }
    values.truncate(offsets[slots.len() - 1] as usize);
    values.shrink_to_fit();
}

/// Consecutive parts of the given lengths.
fn slices<'a, T>(mut values: &'a mut [T], lengths: &[usize]) -> Vec<&'a mut [T]> {
    let mut parts = Vec::with_capacity(lengths.len());
    for &length in lengths {
        let (part, rest) = values.split_at_mut(length);
        parts.push(part);
        values = rest;
    }
    parts
}

fn optional_slices<'a, T>(values: Option<&'a mut [T]>, lengths: &[usize]) -> Vec<Option<&'a mut [T]>> {
    match values {
        Some(values) => slices(values, lengths).into_iter().map(Some).collect(),
        None => lengths.iter().map(|_| None).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_every_source_once() {
        for nodes in [1, 2, 255, 256, 257, 100_003, 1 << 24, (1 << 24) + 1, u32::MAX as usize] {
            let ranges = Ranges::of(nodes);
            assert_eq!((ranges.nodes(0).start, ranges.nodes(ranges.count() - 1).end), (0, nodes));
            for source in [0, nodes / 3, nodes / 2, nodes - 1] {
                let id = NodeId::new(source);
                let own = ranges.nodes(ranges.of_source(id));
                assert!(own.contains(&source) && own.len() <= 1 << WIDEST, "{source} of {nodes}");
                assert_eq!(own.start + usize::from(ranges.within(id)), source);
            }
        }
    }
}
