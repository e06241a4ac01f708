//! Mutual information that two divisions would have by chance, if accounts were dealt at random to groups of the same sizes.

use super::contingency::Contingency;
use crate::{MetricError, Run};
use rayon::prelude::*;

/// Terms of this share of the most likely one change no digit any more.
const NEGLIGIBLE: f64 = 1e-22;

/// The exact mean, in nats: a sum over pairs of sizes, as groups of equal size have equal terms.
///
/// The number of accounts in both of two groups is hypergeometric. Its probabilities are worked out from the most likely number
/// outwards, each from its neighbour, and divided by their sum: no logarithm of a factorial, which would cost digits.
pub(super) fn mutual_information(table: &Contingency, run: &Run<'_>) -> Result<f64, MetricError> {
    let (one, other) = (distinct(&table.one), distinct(&table.other));
    let total = one.len() as u64;
    let done = std::sync::Mutex::new(0);
    let sums = one
        .par_iter()
        .with_max_len(1)
        .map(|&(size, count)| {
            let sum = other.iter().map(|&(other, others)| others * cell(size, other, table.accounts)).sum::<f64>();
            // Under the lock, so that whoever watches never sees a number fall.
            let mut done = done.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            *done += 1;
            run.step(*done, total)?;
            Ok(count * sum)
        })
        .collect::<Result<Vec<f64>, MetricError>>()?;
    Ok(sums.into_iter().sum())
}

/// Sizes that occur, ascending, and how often.
fn distinct(sizes: &[u32]) -> Vec<(u32, f64)> {
    let mut sorted = sizes.to_vec();
    sorted.par_sort_unstable();
    sorted.chunk_by(|left, right| left == right).map(|group| (group[0], group.len() as f64)).collect()
}

/// The mean of n/N ln(N n / (a b)) over hypergeometric n: that many of `b` accounts drawn from `all` are of `a` marked ones.
fn cell(a: u32, b: u32, all: u32) -> f64 {
    let (lowest, highest) = ((u64::from(a) + u64::from(b)).saturating_sub(u64::from(all)), u64::from(a.min(b)));
    let [wide_a, wide_b, wide_all] = [a, b, all].map(f64::from);
    // How much likelier n + 1 is than n.
    let ratio = |n: f64| (wide_a - n) * (wide_b - n) / ((n + 1.0) * (wide_all - wide_a - wide_b + n + 1.0));
    let term = |n: f64| if n == 0.0 { 0.0 } else { n / wide_all * libm::log(wide_all * n / (wide_a * wide_b)) };
    let likeliest = ((wide_a + 1.0) * (wide_b + 1.0) / (wide_all + 2.0)).floor().clamp(lowest as f64, highest as f64);
    let (mut weights, mut sum) = (1.0, term(likeliest));
    let (mut n, mut weight) = (likeliest, 1.0);
    while n < highest as f64 && weight > NEGLIGIBLE {
        weight *= ratio(n);
        n += 1.0;
        weights += weight;
        sum += weight * term(n);
    }
    (n, weight) = (likeliest, 1.0);
    while n > lowest as f64 && weight > NEGLIGIBLE {
        n -= 1.0;
        weight /= ratio(n);
        weights += weight;
        sum += weight * term(n);
    }
    sum / weights
}
