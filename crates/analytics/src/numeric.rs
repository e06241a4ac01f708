//! The only home of parallel reductions: sums whose bits do not depend on the number of threads.

use echogram_graph::Csr;
use rayon::prelude::*;
use std::ops::Range;

/// Items summed in one go.
const BLOCK: usize = 4096;
/// Entries of a graph handled in one go.
const BLOCK_ENTRIES: u64 = 1 << 15;

/// Sum of `value(0..len)`: fixed blocks, added in order, on any number of threads.
pub fn stable_sum(len: usize, value: impl Fn(usize) -> f64 + Sync) -> f64 {
    let blocks: Vec<f64> = (0..len.div_ceil(BLOCK))
        .into_par_iter()
        .map(|block| (block * BLOCK..len.min((block + 1) * BLOCK)).map(&value).sum())
        .collect();
    blocks.into_iter().sum()
}

/// Ranges of rows that hold roughly the same number of entries each; they depend on the graph only.
pub fn row_blocks(csr: &Csr) -> Vec<Range<usize>> {
    row_blocks_of(csr.offsets())
}

/// As [`row_blocks`], from where rows start.
pub fn row_blocks_of(offsets: &[u64]) -> Vec<Range<usize>> {
    let rows = offsets.len() - 1;
    let mut blocks = Vec::new();
    let mut start = 0;
    while start < rows {
        let limit = offsets[start] + BLOCK_ENTRIES;
        let end =
            offsets.partition_point(|&offset| offset <= limit).saturating_sub(1).clamp(start + 1, (start + BLOCK).min(rows));
        blocks.push(start..end);
        start = end;
    }
    blocks
}

/// Cuts one value per row into the mutable slices of `blocks`.
pub fn split_rows<'a, T>(blocks: &[Range<usize>], mut values: &'a mut [T]) -> Vec<(Range<usize>, &'a mut [T])> {
    let mut parts = Vec::with_capacity(blocks.len());
    for block in blocks {
        let (head, tail) = values.split_at_mut(block.len());
        parts.push((block.clone(), head));
        values = tail;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_has_the_same_bits_on_any_number_of_threads() {
        let value = |at: usize| 1.0 / (at as f64 + 0.1);
        let alone = stable_sum(100_000, value);
        for threads in [1, 2, 8] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            assert_eq!(pool.install(|| stable_sum(100_000, value)).to_bits(), alone.to_bits());
        }
    }

    #[test]
    fn blocks_cover_every_row_once() {
        let graph = echogram_graph::synthetic::rmat(14, 8, 1);
        let blocks = row_blocks(graph.incoming());
        assert!(blocks.len() > 2);
        assert_eq!(blocks.iter().map(Range::len).sum::<usize>(), graph.incoming().node_count());
        assert!(blocks.windows(2).all(|pair| pair[0].end == pair[1].start));
    }
}
