//! Fixed points in fewer steps: Anderson's acceleration. From the last few steps it finds the combination whose change is smallest, which for a linear map is
//! what GMRES does. Sums have a fixed order, so the iterates have the same bits on any number of threads.
//!
//! Source: Anderson, Iterative procedures for nonlinear integral equations, JACM 12, 1965, doi 10.1145/321296.321305; Walker and Ni, SIAM J. Numer. Anal. 49, 2011,
//! doi 10.1137/10078356X.

use crate::numeric::stable_sum;
use rayon::prelude::*;

/// Steps remembered. More cost more than they save: each adds two passes over the accounts to a step.
const DEPTH: usize = 6;
/// A step that leaves more than this share of the change is slow: then, and only then, acceleration pays.
const SLOW: f64 = 0.5;
/// Plain steps before slowness is judged.
const WARM_UP: usize = 4;
/// Once the change is this small a share of the first step's, what is left is rounding, which no combination mends.
const ROUNDING: f64 = 1e-14;
/// Pivots smaller than this share of the largest are not trusted.
const SMALLEST_PIVOT: f64 = 1e-12;

/// Memory of the last steps.
#[derive(Default)]
pub(crate) struct Anderson {
    steps: usize,
    first: f64,
    residual: f64,
    is_slow: bool,
    /// Image and change of the last step.
    last: Option<(Vec<f64>, Vec<f64>)>,
    /// Differences of successive images and changes, oldest first.
    images: Vec<Vec<f64>>,
    changes: Vec<Vec<f64>>,
}

impl Anderson {
    /// After a step from `from` to `image` that changed by `residual`: replaces `image` by a better guess where steps have become slow, and says whether it did.
    pub(crate) fn improve(&mut self, from: &[f64], image: &mut [f64], residual: f64) -> bool {
        self.steps += 1;
        let has_grown = self.steps > 1 && residual > self.residual;
        self.is_slow |= self.steps > WARM_UP && residual > SLOW * self.residual;
        self.residual = residual;
        if self.steps == 1 {
            self.first = residual;
        }
        if !self.is_slow || residual <= ROUNDING * self.first {
            return false;
        }
        if has_grown {
            // A combination that did harm: begin anew from a plain step.
            (self.last, self.images, self.changes) = (None, Vec::new(), Vec::new());
        }
        let change: Vec<f64> = combined(image, from, |image, from| image - from);
        if let Some((last_image, last_change)) = self.last.take() {
            if self.images.len() == DEPTH {
                self.images.remove(0);
                self.changes.remove(0);
            }
            self.images.push(combined(image, &last_image, |new, old| new - old));
            self.changes.push(combined(&change, &last_change, |new, old| new - old));
        }
        let weights = self.weights(&change);
        self.last = Some((image.to_vec(), change));
        image.par_iter_mut().enumerate().with_min_len(1 << 12).for_each(|(row, value)| {
            for (weight, difference) in weights.iter().zip(&self.images) {
                *value -= weight * difference[row];
            }
        });
        !weights.is_empty()
    }

    /// The weights of past changes that leave the least of `change`, by normal equations.
    fn weights(&self, change: &[f64]) -> Vec<f64> {
        let dot = |one: &[f64], other: &[f64]| stable_sum(one.len(), |row| one[row] * other[row]);
        let size = self.changes.len();
        let mut matrix: Vec<Vec<f64>> = self
            .changes
            .iter()
            .map(|one| self.changes.iter().map(|other| dot(one, other)).chain([dot(one, change)]).collect())
            .collect();
        solve(&mut matrix, size)
    }
}

fn combined(one: &[f64], other: &[f64], join: impl Fn(f64, f64) -> f64 + Sync) -> Vec<f64> {
    one.par_iter().zip(other).with_min_len(1 << 12).map(|(&one, &other)| join(one, other)).collect()
}

/// Solves a small symmetric system (the right-hand side as last column) by elimination with diagonal pivots; directions that hardly differ get weight 0.
fn solve(matrix: &mut [Vec<f64>], size: usize) -> Vec<f64> {
    let scale = (0..size).map(|at| matrix[at][at]).fold(0.0, f64::max);
    let mut used: Vec<usize> = Vec::new();
    // Newest first: it says most about where steps now go.
    for pivot in (0..size).rev() {
        if matrix[pivot][pivot] <= scale * SMALLEST_PIVOT {
            continue;
        }
        used.push(pivot);
        let row = matrix[pivot].clone();
        for other in (0..size).filter(|&other| other != pivot) {
            let factor = matrix[other][pivot] / row[pivot];
            matrix[other].iter_mut().zip(&row).for_each(|(value, pivot)| *value -= factor * pivot);
        }
    }
    (0..size).map(|at| if used.contains(&at) { matrix[at][size] / matrix[at][at] } else { 0.0 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_system_is_solved() {
        let mut matrix = vec![vec![4.0, 1.0, 1.0], vec![1.0, 3.0, 2.0]];
        let found = solve(&mut matrix, 2);
        assert!((found[0] - 1.0 / 11.0).abs() < 1e-12 && (found[1] - 7.0 / 11.0).abs() < 1e-12, "{found:?}");
    }

    #[test]
    fn a_slow_linear_map_takes_few_steps() {
        // x <- D x + 1 with factors up to 0.999: plain steps would take tens of thousands.
        let factors = [0.999, 0.9, 0.5, -0.7];
        let (mut x, mut steps) = (vec![0.0; 4], 0);
        let mut acceleration = Anderson::default();
        loop {
            let mut image: Vec<f64> = x.iter().zip(factors).map(|(x, factor)| factor * x + 1.0).collect();
            let residual: f64 = image.iter().zip(&x).map(|(new, old)| (new - old).abs()).sum();
            steps += 1;
            if residual < 1e-9 {
                break;
            }
            acceleration.improve(&x, &mut image, residual);
            x = image;
        }
        assert!(steps < 30, "{steps}");
        assert!((x[0] - 1000.0).abs() < 1e-5, "{x:?}");
    }
}
