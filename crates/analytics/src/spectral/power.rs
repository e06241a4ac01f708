//! The dominant direction of a matrix that has no negative entries, by power iteration.

use crate::numeric::stable_sum;
use crate::{MetricError, Run, Stop};
use rayon::prelude::*;

/// Tolerance unless set.
pub(crate) const TOLERANCE: f64 = 1e-10;
/// Iterations at most unless set.
pub(crate) const MAX_ITERATIONS: f64 = 1_000.0;

/// How long an iteration goes on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Params {
    /// L2 change of the direction at which it stops, > 0.
    pub tolerance: f64,
    /// Iterations at most, at least 1.
    pub max_iterations: u32,
}

impl Default for Params {
    fn default() -> Self {
        Self { tolerance: TOLERANCE, max_iterations: MAX_ITERATIONS as u32 }
    }
}

/// The rules that every iteration's parameters keep to.
pub(crate) fn check_iteration(tolerance: (&'static str, f64), max_iterations: (&'static str, u32)) -> Result<(), MetricError> {
    if tolerance.1.is_nan() || tolerance.1 <= 0.0 {
        return Err(MetricError::BadParam { name: tolerance.0, must_be: "above 0", got: tolerance.1 });
    }
    if max_iterations.1 == 0 {
        return Err(MetricError::BadParam { name: max_iterations.0, must_be: "at least 1", got: 0.0 });
    }
    Ok(())
}

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
