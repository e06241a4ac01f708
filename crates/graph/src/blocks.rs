//! Parallel work over fixed blocks of nodes: the blocks depend on the data only, so results do not depend on the threads.

use crate::Zeroed;
use rayon::prelude::*;
use std::ops::Range;

/// Splits `0..offsets.len()-1` into ranges of roughly `per_block` entries each, by the cumulative counts in `offsets`.
pub(crate) fn ranges_by_load(offsets: &[u64], per_block: u64) -> Vec<Range<usize>> {
    let nodes = offsets.len().saturating_sub(1);
    let mut ranges = Vec::new();
    let mut start = 0;
    while start < nodes {
        let limit = offsets[start] + per_block;
        let end = (start + 1).max(offsets.partition_point(|&o| o <= limit).saturating_sub(1)).min(nodes);
        ranges.push(start..end);
        start = end;
    }
    ranges
}

/// Running totals: `[0, c0, c0+c1, ...]`, one longer than the input.
pub(crate) fn offsets_of(counts: impl Iterator<Item = u64>) -> Vec<u64> {
    let mut total = 0;
    std::iter::once(0)
        .chain(counts.map(|count| {
            total += count;
            total
        }))
        .collect()
}

/// Joins blocks end to end, copying in parallel.
pub(crate) fn concat<T: Zeroed>(parts: &[Vec<T>]) -> Vec<T> {
    if let [only] = parts {
        return only.clone();
    }
    let mut joined = T::zeroed(parts.iter().map(Vec::len).sum());
    let mut rest = joined.as_mut_slice();
    let mut slots = Vec::with_capacity(parts.len());
    for part in parts {
        let (head, tail) = rest.split_at_mut(part.len());
        slots.push((head, part));
        rest = tail;
    }
    slots.into_par_iter().for_each(|(slot, part)| slot.copy_from_slice(part));
    joined
}
