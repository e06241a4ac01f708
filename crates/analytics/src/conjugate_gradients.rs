//! Conjugate gradients for symmetric positive definite systems, with the diagonal as preconditioner; sums have a fixed order.
//!
//! Source: Hestenes and Stiefel, Methods of conjugate gradients for solving linear systems, J. Res. Nat. Bur. Standards 49, 1952, doi 10.6028/jres.049.044.

use crate::numeric::stable_sum;
use crate::{MetricError, Run};
use rayon::prelude::*;

/// Relative size of the residual at which the solution stands: probabilities to about ten digits.
const TOLERANCE: f64 = 1e-11;
/// Steps at most; a system of n unknowns needs n at most, and far fewer in practice.
const MAX_STEPS: u64 = 10_000;

/// Solves M x = `right`, where `times` multiplies by M, and `diagonal` is that of M.
pub(crate) fn solve(
    diagonal: &[f64],
    right: Vec<f64>,
    mut times: impl FnMut(&[f64]) -> Vec<f64>,
    run: &Run<'_>,
) -> Result<Vec<f64>, MetricError> {
    let scaled = |residual: &[f64]| -> Vec<f64> {
        residual.par_iter().zip(diagonal).with_min_len(1 << 12).map(|(value, of)| value / of).collect()
    };
    let dot = |one: &[f64], other: &[f64]| stable_sum(one.len(), |at| one[at] * other[at]);
    // The start is 0, so that the right-hand side is the first residual.
    let mut residual = right;
    let mut preconditioned = scaled(&residual);
    let mut direction = preconditioned.clone();
    let mut size = dot(&residual, &preconditioned);
    let first = size;
    let mut solution = vec![0.0; residual.len()];
    let mut steps = 0;
    while size > TOLERANCE * TOLERANCE * first && steps < MAX_STEPS {
        run.step(steps, MAX_STEPS)?;
        steps += 1;
        let image = times(&direction);
        let length = size / dot(&direction, &image);
        for at in 0..solution.len() {
            solution[at] += length * direction[at];
            residual[at] -= length * image[at];
        }
        preconditioned = scaled(&residual);
        let next = dot(&residual, &preconditioned);
        direction.iter_mut().zip(&preconditioned).for_each(|(direction, value)| *direction = value + next / size * *direction);
        size = next;
    }
    Ok(solution)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_system_by_hand() {
        // 4 x + y = 1, x + 3 y = 2.
        let times = |x: &[f64]| vec![4.0 * x[0] + x[1], x[0] + 3.0 * x[1]];
        let found = solve(&[4.0, 3.0], vec![1.0, 2.0], times, &Run::default()).unwrap();
        assert!((found[0] - 1.0 / 11.0).abs() < 1e-12 && (found[1] - 7.0 / 11.0).abs() < 1e-12);
        assert!(solve(&[], Vec::new(), <[f64]>::to_vec, &Run::default()).unwrap().is_empty());
        assert_eq!(solve(&[1.0], vec![0.0], <[f64]>::to_vec, &Run::default()).unwrap(), [0.0]);
    }
}
