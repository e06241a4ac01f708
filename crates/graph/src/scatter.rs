//! Rows in any order -> slots grouped by source, sorted and combined where they stand.

use crate::blocks::{cursors_of, ranges_by_load};
use crate::{EdgeRows, NO_TIME, NodeId};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// Rows sorted by one block of work.
const BLOCK_ROWS: u64 = 1 << 16;

/// Rows grouped by source: those of node `v` stand in the slots `offsets[v]..offsets[v + 1]`.
pub(crate) struct Scattered {
    pub(crate) offsets: Vec<u64>,
    pub(crate) targets: Vec<NodeId>,
    pub(crate) weights: Option<Vec<f64>>,
    pub(crate) times: Option<Times>,
}

/// Earliest and latest times by slot.
pub(crate) struct Times {
    pub(crate) first: Vec<i64>,
    /// `None` where it is `first` for every edge.
    pub(crate) last: Option<Vec<i64>>,
}

/// Cuts the rows of all chunks into `pieces` runs of about equal length: (chunk, rows of it).
fn pieces(rows: &[EdgeRows], pieces: usize) -> Vec<Vec<(usize, Range<usize>)>> {
    let total: usize = rows.iter().map(EdgeRows::len).sum();
    let share = total.div_ceil(pieces).max(1);
    let mut cut = vec![Vec::new()];
    let mut room = share;
    for (chunk, part) in rows.iter().enumerate() {
        let mut start = 0;
        while start < part.len() {
            if room == 0 {
                cut.push(Vec::new());
                room = share;
            }
            let end = part.len().min(start + room);
            room -= end - start;
            cut.last_mut().expect("there is always a piece").push((chunk, start..end));
            start = end;
        }
    }
    cut
}

impl Scattered {
    /// Groups rows by source; with `directed` false the smaller end is the source. Weights of a set are given up.
    pub(crate) fn new(nodes: usize, directed: bool, is_set: bool, rows: Vec<EdgeRows>) -> Self {
        let ends = |source: NodeId, target: NodeId| {
            if directed || source <= target { (source, target) } else { (target, source) }
        };
        let pieces = pieces(&rows, rayon::current_num_threads());
        let mut counts: Vec<Vec<u32>> = pieces
            .par_iter()
            .map(|piece| {
                let mut count = vec![0_u32; nodes];
                for (chunk, range) in piece {
                    let chunk = &rows[*chunk];
                    for (&source, &target) in chunk.sources[range.clone()].iter().zip(&chunk.targets[range.clone()]) {
                        count[ends(source, target).0.row()] += 1;
                    }
                }
                count
            })
            .collect();
        let offsets = cursors_of(&mut counts, nodes);
        let total = offsets[nodes] as usize;
        let wide = || (0..total).into_par_iter().map(|_| AtomicU64::new(0)).collect::<Vec<_>>();
        let weights = (!is_set && rows.iter().any(|chunk| chunk.weights.is_some())).then(wide);
        let times = rows.iter().any(|chunk| chunk.times.is_some()).then(wide);
        let targets: Vec<AtomicU32> = (0..total).into_par_iter().map(|_| AtomicU32::new(0)).collect();
        // Every slot is written once: relaxed stores are plain stores, and no row needs a lock.
        pieces.into_par_iter().zip(counts).for_each(|(piece, mut cursor)| {
            for (chunk, range) in piece {
                let chunk = &rows[chunk];
                for at in range {
                    let (source, target) = ends(chunk.sources[at], chunk.targets[at]);
                    let slot = offsets[source.row()] as usize + cursor[source.row()] as usize;
                    cursor[source.row()] += 1;
                    targets[slot].store(target.0, Ordering::Relaxed);
                    if let Some(to) = &weights {
                        let weight = chunk.weights.as_ref().map_or(1.0, |from| from[at]);
                        to[slot].store(weight.to_bits(), Ordering::Relaxed);
                    }
                    if let Some(to) = &times {
                        let time = chunk.times.as_ref().map_or(NO_TIME, |from| from[at]);
                        to[slot].store(time.cast_unsigned(), Ordering::Relaxed);
                    }
                }
            }
        });
        drop(rows);
        Self {
            offsets,
            targets: targets.into_iter().map(|slot| NodeId(slot.into_inner())).collect(),
            weights: weights.map(|slots| slots.into_iter().map(|slot| f64::from_bits(slot.into_inner())).collect()),
            times: times.map(|slots| Times {
                first: slots.into_iter().map(|slot| slot.into_inner().cast_signed()).collect(),
                last: None,
            }),
        }
    }

    /// Sorts the slots of each source by (target, weight) and combines those of one target into one, at the front of the source's
    /// slots. Returns how many are left of each source, how many rows made each edge (all sources end to end) unless all were made by one, and how
    /// many rows are the same as another in all they say, a time among it.
    pub(crate) fn combine(&mut self) -> (Vec<u32>, Option<Vec<u32>>, u64) {
        let ranges = ranges_by_load(&self.offsets, BLOCK_ROWS);
        let offsets = &self.offsets;
        let lengths: Vec<usize> = ranges.iter().map(|range| (offsets[range.end] - offsets[range.start]) as usize).collect();
        let targets = slices(&mut self.targets, &lengths);
        let weights = optional_slices(self.weights.as_mut(), &lengths);
        let times = optional_slices(self.times.as_mut().map(|times| &mut times.first), &lengths);
        let blocks: Vec<Combined> = ranges
            .into_par_iter()
            .zip(targets)
            .zip(weights.into_par_iter().zip(times))
            .map(|((range, targets), (weights, times))| {
                let ends: Vec<usize> = range.clone().map(|node| (offsets[node + 1] - offsets[range.start]) as usize).collect();
                if weights.is_none() && times.is_none() { plain(targets, &ends) } else { full(targets, weights, times, &ends) }
            })
            .collect();
        let is_repeated = blocks.iter().any(|block| block.events.is_some());
        let events = is_repeated.then(|| {
            let mut joined = Vec::with_capacity(blocks.iter().map(|block| block.edges).sum());
            for block in &blocks {
                match &block.events {
                    Some(events) => joined.extend_from_slice(events),
                    None => joined.resize(joined.len() + block.edges, 1),
                }
            }
            joined
        });
        if let Some(times) = self.times.as_mut().filter(|_| is_repeated) {
            let mut last = times.first.clone();
            for (slots, block) in slices(&mut last, &lengths).into_iter().zip(&blocks) {
                block.last.iter().for_each(|&(slot, time)| slots[slot as usize] = time);
            }
            times.last = Some(last).filter(|last| *last != times.first);
        }
        let identical = blocks.iter().map(|block| block.identical).sum();
        (blocks.into_iter().flat_map(|block| block.counts).collect(), events, identical)
    }
}

/// What became of one block of sources.
#[derive(Default)]
struct Combined {
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

/// Slots without weights and times.
fn plain(targets: &mut [NodeId], ends: &[usize]) -> Combined {
    let mut block = Combined { counts: Vec::with_capacity(ends.len()), ..Combined::default() };
    let mut start = 0;
    for &end in ends {
        let row = &mut targets[start..end];
        row.sort_unstable();
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
        start = end;
    }
    block
}

/// Slots with weights, times or both.
fn full(targets: &mut [NodeId], mut weights: Option<&mut [f64]>, mut times: Option<&mut [i64]>, ends: &[usize]) -> Combined {
    let mut block = Combined { counts: Vec::with_capacity(ends.len()), ..Combined::default() };
    let mut row: Vec<(NodeId, f64, i64)> = Vec::new();
    let mut start = 0;
    for &end in ends {
        row.clear();
        row.extend((start..end).map(|at| {
            let weight = weights.as_ref().map_or(1.0, |weights| weights[at]);
            (targets[at], weight, times.as_ref().map_or(NO_TIME, |times| times[at]))
        }));
        row.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
        let is_same = |pair: &&[(NodeId, f64, i64)]| pair[0] == pair[1] && pair[0].2 != NO_TIME;
        block.identical += row.windows(2).filter(is_same).count() as u64;
        let mut slot = start;
        for same in row.chunk_by(|a, b| a.0 == b.0) {
            targets[slot] = same[0].0;
            if let Some(weights) = &mut weights {
                weights[slot] = same.iter().map(|event| event.1).sum();
            }
            if let Some(times) = &mut times {
                let known = || same.iter().map(|event| event.2).filter(|&time| time != NO_TIME);
                let (first, last) = (known().min().unwrap_or(NO_TIME), known().max().unwrap_or(NO_TIME));
                times[slot] = first;
                if last != first {
                    block.last.push((slot as u32, last));
                }
            }
            block.edge(same.len());
            slot += 1;
        }
        block.counts.push((slot - start) as u32);
        start = end;
    }
    block
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

fn optional_slices<'a, T>(values: Option<&'a mut Vec<T>>, lengths: &[usize]) -> Vec<Option<&'a mut [T]>> {
    match values {
        Some(values) => slices(values, lengths).into_iter().map(Some).collect(),
        None => lengths.iter().map(|_| None).collect(),
    }
}
