//! Sums over many sources whose bits do not depend on the threads: a task adds up its sources in order, and tasks are added in order, a round of them at a time.

use crate::{MetricError, Run};
use rayon::prelude::*;

/// Sources handed to a worker at once.
pub(crate) const LANES: usize = 8;
/// Sources per task.
const TASK: usize = 4 * LANES;
/// Tasks whose sums are held at once.
const ROUND: usize = 16;

/// `K` sums per node: `add(worker, sources, sums)` adds what some sources (at most [`LANES`]) contribute.
///
/// Memory: 128 bytes per node and sum.
pub(crate) fn sum_over_sources<W, const K: usize>(
    nodes: usize,
    sources: &[u32],
    run: &Run<'_>,
    worker: impl Fn() -> W + Sync + Send,
    add: impl Fn(&mut W, &[u32], &mut [[f64; K]]) + Sync + Send,
) -> Result<Vec<[f64; K]>, MetricError> {
    let mut sums = vec![[0.0; K]; nodes];
    for (round, chunk) in sources.chunks(TASK * ROUND).enumerate() {
        let parts: Vec<Vec<[f64; K]>> = chunk
            .par_chunks(TASK)
            .map_init(&worker, |worker, task| {
                let mut part = vec![[0.0; K]; nodes];
                for lanes in task.chunks(LANES) {
                    run.step((round * TASK * ROUND) as u64, sources.len() as u64)?;
                    add(worker, lanes, &mut part);
                }
                Ok(part)
            })
            .collect::<Result<_, MetricError>>()?;
        sums.par_iter_mut().enumerate().with_min_len(1 << 12).for_each(|(row, sums)| {
            for part in &parts {
                sums.iter_mut().zip(part[row]).for_each(|(sum, part)| *sum += part);
            }
        });
    }
    Ok(sums)
}
