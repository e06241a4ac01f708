//! The dominant direction of a matrix that has no negative entries, by power iteration.

use crate::numeric::stable_sum;
use crate::{MetricError, Run, Stop};
use rayon::prelude::*;

/// A direction of length 1, and how it was reached.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Direction {
    pub(crate) values: Vec<f64>,
    pub(crate) iterations: u32,
    pub(crate) stop: Stop,
}

/// Multiplies and scales to length 1 until the change of a step has length `tolerance` or less. `multiply(held, next)` is the matrix. All zeros where it
/// takes `start` to nothing, as without edges.
pub(crate) fn dominant(
    start: Vec<f64>,
    tolerance: f64,
    max_iterations: u32,
    run: &Run<'_>,
    mut multiply: impl FnMut(&[f64], &mut [f64]),
) -> Result<Direction, MetricError> {
    let nodes = start.len();
    let length = stable_sum(nodes, |row| start[row] * start[row]).sqrt();
    let mut held: Vec<f64> = start.into_par_iter().map(|value| value / length).collect();
    let mut next = vec![0.0; nodes];
    for iteration in 0..max_iterations {
        run.step(u64::from(iteration), u64::from(max_iterations))?;
        multiply(&held, &mut next);
        let length = stable_sum(nodes, |row| next[row] * next[row]).sqrt();
        if length == 0.0 {
            return Ok(Direction { values: next, iterations: iteration + 1, stop: Stop::Converged });
        }
        next.par_iter_mut().with_min_len(1 << 12).for_each(|value| *value /= length);
        let change = stable_sum(nodes, |row| (next[row] - held[row]).powi(2)).sqrt();
        std::mem::swap(&mut held, &mut next);
        if change <= tolerance {
            return Ok(Direction { values: held, iterations: iteration + 1, stop: Stop::Converged });
        }
    }
    Ok(Direction { values: held, iterations: max_iterations, stop: Stop::IterationLimit })
}
