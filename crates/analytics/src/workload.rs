//! Blocks of work for all threads: scratch that each thread keeps, progress that only rises, and a stop between blocks.

use crate::{MetricError, Run};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

/// Rows of one block at most, however light they are.
const BLOCK_ROWS: usize = 1 << 12;

/// Ranges of rows whose `load` adds up to roughly `per_block`; they depend on the loads only.
pub(crate) fn blocks_by_load(rows: usize, per_block: u64, load: impl Fn(usize) -> u64) -> Vec<Range<usize>> {
    let mut blocks = Vec::new();
    let (mut start, mut total) = (0, 0_u64);
    for row in 0..rows {
        let own = load(row);
        if row > start && (total.saturating_add(own) > per_block || row - start == BLOCK_ROWS) {
            blocks.push(start..row);
            (start, total) = (row, 0);
        }
        total = total.saturating_add(own);
    }
    if start < rows {
        blocks.push(start..rows);
    }
    blocks
}

/// Works off `blocks` on the caller's pool and gives back the scratches; each thread makes one when it takes its first block.
/// Which thread takes which block is left to the pool: results must not depend on it.
///
/// # Errors
/// [`MetricError::Cancelled`], asked for before each block.
pub(crate) fn work_off<B: Send, S: Send>(
    blocks: Vec<B>,
    run: &Run<'_>,
    scratch: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, B) + Sync,
) -> Result<Vec<S>, MetricError> {
    let total = blocks.len() as u64;
    run.step(0, total)?;
    let done = Mutex::new(0_u64);
    let seats: Vec<Mutex<Option<S>>> = (0..rayon::current_num_threads()).map(|_| Mutex::new(None)).collect();
    blocks.into_par_iter().with_max_len(1).try_for_each(|block| {
        let seat = &seats[rayon::current_thread_index().unwrap_or(0)];
        work(seat.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(&scratch), block);
        // Under the lock, so that whoever watches never sees a number fall.
        let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
        *done += 1;
        run.step(*done, total)
    })?;
    Ok(seats.into_iter().filter_map(|seat| seat.into_inner().unwrap_or_else(PoisonError::into_inner)).collect())
}

/// Entries of one block of rows that are filled.
const BLOCK_ENTRIES: usize = 1 << 15;

/// Rows end to end that begin and end at `offsets`: `fill(row, slots)` writes each, in parallel and in its place, so that
/// nothing is kept twice.
pub(crate) fn fill_rows<T: Clone + Default + Send>(offsets: &[usize], fill: impl Fn(usize, &mut [T]) + Sync) -> Vec<T> {
    let rows = offsets.len() - 1;
    let mut entries = vec![T::default(); offsets[rows]];
    let mut rest = entries.as_mut_slice();
    let mut blocks = Vec::new();
    let mut start = 0;
    while start < rows {
        let limit = offsets[start] + BLOCK_ENTRIES;
        let end = (offsets.partition_point(|&at| at <= limit) - 1).clamp(start + 1, rows.min(start + BLOCK_ROWS));
        let (head, tail) = rest.split_at_mut(offsets[end] - offsets[start]);
        blocks.push((start..end, head));
        rest = tail;
        start = end;
    }
    blocks.into_par_iter().for_each(|(rows, mut slots)| {
        for row in rows {
            let (own, others) = slots.split_at_mut(offsets[row + 1] - offsets[row]);
            fill(row, own);
            slots = others;
        }
    });
    entries
}

/// Running totals of row lengths: where each row begins, and where the last ends.
pub(crate) fn offsets_of(lengths: impl ExactSizeIterator<Item = u32>) -> Vec<usize> {
    let mut offsets = Vec::with_capacity(lengths.len() + 1);
    let mut end = 0;
    offsets.push(end);
    offsets.extend(lengths.map(|length| {
        end += length as usize;
        end
    }));
    offsets
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

    #[test]
    fn blocks_cover_every_row_once() {
        let blocks = blocks_by_load(10_000, 100, |row| (row % 7) as u64);
        assert_eq!(blocks.iter().map(Range::len).sum::<usize>(), 10_000);
        assert!(blocks.windows(2).all(|pair| pair[0].end == pair[1].start));
        assert_eq!(blocks_by_load(3, 1, |_| u64::MAX), [0..1, 1..2, 2..3]);
        assert!(blocks_by_load(0, 1, |_| 1).is_empty());
        assert!(blocks_by_load(10_000, 1, |_| 0).iter().all(|block| block.len() <= BLOCK_ROWS));
    }

    #[test]
    fn every_row_is_filled_in_its_place() {
        let lengths: Vec<u32> = (0..20_000).map(|row| row * 7 % 11).collect();
        let offsets = offsets_of(lengths.iter().copied());
        let filled = fill_rows(&offsets, |row, slots: &mut [usize]| slots.fill(row));
        let wanted: Vec<usize> = lengths.iter().enumerate().flat_map(|(row, &length)| vec![row; length as usize]).collect();
        assert_eq!(filled, wanted);
        assert!(fill_rows(&[0], |_, _: &mut [u8]| {}).is_empty());
    }

    #[test]
    fn every_block_is_worked_off_and_progress_only_rises() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(4).build().unwrap();
        let (last, fell) = (AtomicU64::new(0), AtomicBool::new(false));
        let on_step = |done: u64, total: u64| {
            fell.fetch_or(last.swap(done, Ordering::Relaxed) > done || done > total, Ordering::Relaxed);
        };
        let run = Run { on_step: Some(&on_step), cancel: None };
        let sums = pool.install(|| work_off((0..1_000_u64).collect(), &run, || 0_u64, |sum, block| *sum += block)).unwrap();
        assert_eq!(sums.iter().sum::<u64>(), 499_500);
        assert!(sums.len() <= 4 && !fell.into_inner() && last.into_inner() == 1_000);
    }

    #[test]
    fn a_flag_set_in_the_middle_stops_soon() {
        let cancel = AtomicBool::new(false);
        let run = Run { on_step: None, cancel: Some(&cancel) };
        let worked = AtomicU64::new(0);
        let stopped = work_off(
            (0..100_000).collect(),
            &run,
            || (),
            |(), _: u32| {
                if worked.fetch_add(1, Ordering::Relaxed) == 10 {
                    cancel.store(true, Ordering::Relaxed);
                }
            },
        );
        assert!(matches!(stopped, Err(MetricError::Cancelled { done, total }) if done <= total));
        assert!(worked.into_inner() < 50_000);
    }
}
