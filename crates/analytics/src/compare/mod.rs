//! Two divisions of the same accounts: how alike they are, and which community of the one became which of the other.
//!
//! # Formula
//! Over the N accounts that both divisions know, n(a, b) of them in group a of the one and b of the other, n(a) and n(b) the sums:
//! - H = - sum of n(a)/N ln(n(a)/N), H' likewise; mutual information I = sum of n(a, b)/N ln(N n(a, b) / (n(a) n(b)));
//! - `nmi` = 2 I / (H + H');
//! - `ami` = (I - E) / ((H + H')/2 - E), E = the mean of I over all ways to deal the accounts to groups of these sizes, which is
//!   exact: each cell is hypergeometric;
//! - `ari` = Rand index over pairs of accounts, less its mean under the same dealing, over its maximum less that mean;
//! - `variation` of information = H + H' - 2 I; `variation_normalised` = this / ln N.
//!
//! # Conventions
//! Accounts that either division leaves out do not count; how many these are is said. Names of groups do not matter. Divisions
//! that are the same, whatever they are, have 1, 1, 1 and 0. Without an account in common all values are NaN. Everybody in one
//! group tells nothing: against any other division I = 0, and `nmi` = `ami` = `ari` = 0. Likewise everybody alone has `ami` = 0.
//!
//! # Range and unit
//! `nmi`: index in [0, 1], rises with the number of groups even where they have nothing to do with each other; `ami`, `ari`:
//! index up to 1, 0 = as by chance, below 0 = less alike than by chance; `variation`: nats in [0, ln N], a distance (it obeys the
//! triangle inequality), `variation_normalised`: share in [0, 1].
//!
//! # Cost
//! O(N log N) time for the table and 8 bytes per account; E takes one short sum per pair of different group sizes, of which there
//! are at most 2N, mostly some thousand. Parallel: the sort, the sums and E; equal to the bit on any number of threads.
//!
//! # Errors
//! `BadParam` for divisions of different numbers of accounts; cancelled by the caller.
//!
//! # Compared with
//! scikit-learn `normalized_mutual_info_score`, `adjusted_mutual_info_score` (both with the arithmetic mean, as by default) and
//! `adjusted_rand_score`: equal to rounding. igraph's `compare_communities` has the same `nmi`, `vi` (nats) and `adjusted.rand`, no `ami`.
//!
//! # Source
//! Vinh, Epps, Bailey, Information theoretic measures for clusterings comparison, Journal of Machine Learning Research 11, 2010;
//! Hubert and Arabie, Comparing partitions, Journal of Classification 2, 1985, doi 10.1007/BF01908075; Meila, Comparing
//! clusterings: an information based distance, Journal of Multivariate Analysis 98, 2007, doi 10.1016/j.jmva.2006.11.013.
//!
//! # Example
//! ```
//! use echogram_analytics::compare::compare;
//! use echogram_graph::Partition;
//! let (one, other) = (Partition::from_labels(&[0, 0, 1, 1]), Partition::from_labels(&[0, 1, 0, 1]));
//! let found = compare(&one, &other, &Default::default()).unwrap();
//! assert_eq!((found.nmi, found.ari), (0.0, -0.5));
//! assert!((found.variation - 2.0 * 2.0_f64.ln()).abs() < 1e-15);
//! ```

mod contingency;
mod expected;
pub mod matching;
#[cfg(test)]
mod tests;

use crate::numeric::stable_sum;
use crate::{MetricError, Run};
use contingency::Contingency;
use echogram_graph::{Grouping, NodeId, Partition};

/// A division of accounts `0..len` into groups named by numbers; accounts may be left out.
pub trait Division: Sync {
    /// Number of accounts, those left out included.
    fn account_count(&self) -> usize;
    /// The group of an account.
    fn group_of(&self, row: usize) -> Option<u32>;
}

impl Division for Partition {
    fn account_count(&self) -> usize {
        self.labels().len()
    }
    fn group_of(&self, row: usize) -> Option<u32> {
        Some(self.labels()[row])
    }
}

impl Division for Grouping {
    fn account_count(&self) -> usize {
        self.labels().len()
    }
    fn group_of(&self, row: usize) -> Option<u32> {
        self.of(NodeId::new(row))
    }
}

impl Division for [Option<u32>] {
    fn account_count(&self) -> usize {
        self.len()
    }
    fn group_of(&self, row: usize) -> Option<u32> {
        self[row]
    }
}

/// How alike two divisions are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// Accounts that both know.
    pub accounts: u32,
    /// Accounts that one or both leave out.
    pub accounts_left_out: u32,
    /// Groups of the one among these accounts.
    pub groups: u32,
    /// Groups of the other among these accounts.
    pub other_groups: u32,
    /// Normalised mutual information, index in [0, 1].
    pub nmi: f64,
    /// Adjusted mutual information, index up to 1; 0 = as by chance.
    pub ami: f64,
    /// Adjusted Rand index, up to 1; 0 = as by chance.
    pub ari: f64,
    /// Variation of information in nats; 0 = the same.
    pub variation: f64,
    /// The same as a share of ln N.
    pub variation_normalised: f64,
}

/// Compares two divisions of the same accounts.
///
/// # Errors
/// [`MetricError::BadParam`] for different numbers of accounts, [`MetricError::Cancelled`].
pub fn compare<A, B>(one: &A, other: &B, run: &Run<'_>) -> Result<Comparison, MetricError>
where
    A: Division + ?Sized,
    B: Division + ?Sized,
{
    let table = Contingency::of(one, other, run)?;
    let counts = Comparison {
        accounts: table.accounts,
        accounts_left_out: one.account_count() as u32 - table.accounts,
        groups: table.one.len() as u32,
        other_groups: table.other.len() as u32,
        nmi: f64::NAN,
        ami: f64::NAN,
        ari: f64::NAN,
        variation: f64::NAN,
        variation_normalised: f64::NAN,
    };
    if table.accounts == 0 {
        return Ok(counts);
    }
    if table.is_one_to_one() {
        return Ok(Comparison { nmi: 1.0, ami: 1.0, ari: 1.0, variation: 0.0, variation_normalised: 0.0, ..counts });
    }
    let mean = (entropy(&table.one, table.accounts) + entropy(&table.other, table.accounts)) / 2.0;
    // One group on either side: no cell says more than its sums. Rounding would leave traces.
    let is_trivial = |sizes: &[u32]| sizes.len() == 1 || sizes.len() == table.accounts as usize;
    let shared = if table.one.len() == 1 || table.other.len() == 1 { 0.0 } else { mutual_information(&table) };
    let ami = if is_trivial(&table.one) || is_trivial(&table.other) {
        run.step(1, 1)?;
        0.0
    } else {
        let expected = expected::mutual_information(&table, run)?;
        (shared - expected) / (mean - expected)
    };
    let variation = variation(&table);
    Ok(Comparison {
        nmi: (shared / mean).clamp(0.0, 1.0),
        ami,
        ari: adjusted_rand(&table),
        variation,
        variation_normalised: variation / libm::log(f64::from(table.accounts)),
        ..counts
    })
}

/// Entropy in nats of groups of these sizes.
fn entropy(sizes: &[u32], accounts: u32) -> f64 {
    let share = |at: usize| f64::from(sizes[at]) / f64::from(accounts);
    -stable_sum(sizes.len(), |at| share(at) * libm::log(share(at)))
}

fn mutual_information(table: &Contingency) -> f64 {
    let all = f64::from(table.accounts);
    stable_sum(table.cells.len(), |at| {
        let cell = &table.cells[at];
        let (one, other) = (f64::from(table.one[cell.one as usize]), f64::from(table.other[cell.other as usize]));
        let both = f64::from(cell.accounts);
        both / all * libm::log(all * both / (one * other))
    })
}

/// H(one | other) + H(other | one), cell by cell: no term is below 0, so nothing cancels.
fn variation(table: &Contingency) -> f64 {
    let all = f64::from(table.accounts);
    stable_sum(table.cells.len(), |at| {
        let cell = &table.cells[at];
        let (one, other) = (f64::from(table.one[cell.one as usize]), f64::from(table.other[cell.other as usize]));
        let both = f64::from(cell.accounts);
        both / all * (libm::log(one / both) + libm::log(other / both))
    })
}

/// From whole numbers of pairs; the products stay below 2^127.
fn adjusted_rand(table: &Contingency) -> f64 {
    let pairs = |count: u32| i128::from(count) * (i128::from(count) - 1) / 2;
    let sum = |sizes: &[u32]| sizes.iter().map(|&size| pairs(size)).sum::<i128>();
    let together: i128 = table.cells.iter().map(|cell| pairs(cell.accounts)).sum();
    let (one, other, all) = (sum(&table.one), sum(&table.other), pairs(table.accounts));
    // In terms of pairs: together in both, in one only, in neither.
    let (only_one, only_other) = (one - together, other - together);
    let apart = all - one - other + together;
    let above = 2 * (together * apart - only_one * only_other);
    let below = one * (only_one + apart) + other * (only_other + apart);
    above as f64 / below as f64
}
