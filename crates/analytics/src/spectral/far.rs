//! Entries that read a node which is seldom read, beyond what a core's cache holds.
//!
//! Row by row, each would fetch a line of memory of its own. So those of a tile of rows stand by what they read: a line that is fetched serves all entries of the
//! tile that read it or its neighbours, and the rows' sums, which are written in any order, are few enough for the cache.

use crate::spectral::order::SMALL;
use std::ops::Range;

/// Places that are told apart by two bytes.
const SEGMENT: usize = SMALL;
/// Places of a bucket, one or a few pages of memory: within it the order does not matter.
const BUCKET: usize = 1 << 9;

/// Whether a place is among those read most.
#[inline]
pub(crate) fn is_near(read: u32) -> bool {
    (read as usize) < SMALL
}

/// Appends the values that are marked. Without a branch: about every fifth is far, and which one is anybody's guess.
#[inline]
pub(crate) fn extend_where<T: Copy + Default>(into: &mut Vec<T>, values: impl ExactSizeIterator<Item = (T, bool)>) {
    let mut end = into.len();
    into.resize(end + values.len(), T::default());
    for (value, is_kept) in values {
        into[end] = value;
        end += usize::from(is_kept);
    }
    into.truncate(end);
}

/// The far entries of a tile of rows.
pub(crate) struct Far {
    rows: Range<usize>,
    /// Where the entries of each segment of places start, the near segment left out, and the end.
    starts: Vec<u32>,
    /// The row within the tile, and the place within the segment.
    entries: Vec<[u16; 2]>,
    weights: Option<Vec<f64>>,
}

/// Far entries of a tile as they are found.
pub(crate) struct Found {
    rows: Range<usize>,
    nodes: usize,
    entries: Vec<(u16, u32)>,
    weights: Vec<f64>,
}

impl Found {
    /// No entry yet, for a tile of rows of a graph of so many nodes.
    pub(crate) fn new(rows: Range<usize>, nodes: usize) -> Self {
        Self { rows, nodes, entries: Vec::new(), weights: Vec::new() }
    }

    /// Those of a row, which reads these places.
    #[inline]
    pub(crate) fn push(&mut self, row: usize, reads: &[u32], weights: &[f64]) {
        let row = (row - self.rows.start) as u16;
        extend_where(&mut self.entries, reads.iter().map(|&read| ((row, read), !is_near(read))));
        extend_where(&mut self.weights, weights.iter().zip(reads).map(|(&weight, &read)| (weight, !is_near(read))));
    }

    /// By bucket of what they read, and then as they were found.
    pub(crate) fn sorted(self) -> Far {
        let bucket = |read: u32| (read as usize - SEGMENT) / BUCKET;
        let segments = self.nodes.saturating_sub(SEGMENT).div_ceil(SEGMENT);
        let mut next = vec![0_u32; segments * SEGMENT / BUCKET + 1];
        self.entries.iter().for_each(|&(_, read)| next[bucket(read) + 1] += 1);
        for at in 1..next.len() {
            next[at] += next[at - 1];
        }
        let starts = next.iter().step_by(SEGMENT / BUCKET).copied().collect();
        let mut entries = vec![[0; 2]; self.entries.len()];
        let mut weights = vec![0.0; self.weights.len()];
        for (at, &(row, read)) in self.entries.iter().enumerate() {
            let slot = &mut next[bucket(read)];
            entries[*slot as usize] = [row, (read as usize % SEGMENT) as u16];
            if let Some(&weight) = self.weights.get(at) {
                weights[*slot as usize] = weight;
            }
            *slot += 1;
        }
        let weights = Some(weights).filter(|weights| !weights.is_empty());
        Far { rows: self.rows, starts, entries, weights }
    }
}

impl Far {
    /// The rows of the tile.
    pub(crate) fn rows(&self) -> &Range<usize> {
        &self.rows
    }

    /// How many entries it has.
    #[cfg(test)]
    pub(crate) fn entry_count(&self) -> usize {
        self.entries.len()
    }

    /// Puts the sum over each row's far entries of weight times `held` into `sums`, one slot per row of the tile.
    pub(crate) fn sum<const N: usize>(&self, held: &[[f64; N]], sums: &mut [[f64; N]]) {
        sums.fill([0.0; N]);
        for (bounds, held) in self.starts.windows(2).zip(held.chunks(SEGMENT).skip(1)) {
            let range = bounds[0] as usize..bounds[1] as usize;
            let entries = &self.entries[range.clone()];
            match &self.weights {
                None => add(entries.iter().map(|entry| (entry, 1.0)), held, sums),
                Some(weights) => add(entries.iter().zip(weights[range].iter().copied()), held, sums),
            }
        }
    }
}

#[inline]
fn add<'a, const N: usize>(entries: impl Iterator<Item = (&'a [u16; 2], f64)>, held: &[[f64; N]], sums: &mut [[f64; N]]) {
    for (&[row, read], weight) in entries {
        let (sum, held) = (&mut sums[usize::from(row)], &held[usize::from(read)]);
        (0..N).for_each(|lane| sum[lane] += held[lane] * weight);
    }
}
