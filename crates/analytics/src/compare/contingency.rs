//! How many accounts are in which pair of groups: the table that every comparison reads, only its cells that are not empty.

use super::Division;
use crate::{MetricError, Run};
use rayon::prelude::*;

/// Accounts of one group of the one and one of the other division.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    /// Place of the group in [`Contingency::one`].
    pub(super) one: u32,
    /// Place of the group in [`Contingency::other`].
    pub(super) other: u32,
    /// Accounts in both; never 0.
    pub(super) accounts: u32,
}

/// The cells in the order of groups, and how large groups are among the accounts that both divisions know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Contingency {
    pub(super) cells: Vec<Cell>,
    /// Sizes of the one's groups, none of them 0.
    pub(super) one: Vec<u32>,
    /// Sizes of the other's groups, none of them 0.
    pub(super) other: Vec<u32>,
    /// Names of the one's groups, ascending.
    pub(super) one_names: Vec<u32>,
    /// Names of the other's groups, ascending.
    pub(super) other_names: Vec<u32>,
    /// Accounts in the table.
    pub(super) accounts: u32,
}

impl Contingency {
    /// Counts by sorting.
    pub(super) fn of<A, B>(one: &A, other: &B, run: &Run<'_>) -> Result<Self, MetricError>
    where
        A: Division + ?Sized,
        B: Division + ?Sized,
    {
        let accounts = one.account_count();
        if other.account_count() != accounts {
            let got = other.account_count() as f64;
            return Err(MetricError::BadParam { name: "accounts", must_be: "the same number in both divisions", got });
        }
        run.step(0, 1)?;
        let key = |row: usize| Some(u64::from(one.group_of(row)?) << 32 | u64::from(other.group_of(row)?));
        let mut keys: Vec<u64> = (0..accounts).into_par_iter().filter_map(key).collect();
        keys.par_sort_unstable();
        let cells: Vec<(u32, u32, u32)> = keys
            .chunk_by(|left, right| left == right)
            .map(|run| ((run[0] >> 32) as u32, run[0] as u32, run.len() as u32))
            .collect();
        let (one_names, one) = sizes(cells.iter().map(|cell| (cell.0, cell.2)).collect());
        let (other_names, other) = sizes(cells.iter().map(|cell| (cell.1, cell.2)).collect());
        let place = |names: &[u32], name: u32| names.partition_point(|&known| known < name) as u32;
        let cells = cells
            .par_iter()
            .map(|&(one, other, accounts)| Cell { one: place(&one_names, one), other: place(&other_names, other), accounts })
            .collect();
        Ok(Self { cells, one, other, one_names, other_names, accounts: keys.len() as u32 })
    }

    /// Whether each group of the one is a group of the other.
    pub(super) fn is_one_to_one(&self) -> bool {
        let is_whole = |cell: &Cell| [self.one[cell.one as usize], self.other[cell.other as usize]] == [cell.accounts; 2];
        self.cells.iter().all(is_whole)
    }
}

/// Names of groups, ascending, and the sum for each.
fn sizes(mut counts: Vec<(u32, u32)>) -> (Vec<u32>, Vec<u32>) {
    counts.par_sort_unstable();
    counts
        .chunk_by(|left, right| left.0 == right.0)
        .map(|group| (group[0].0, group.iter().map(|count| count.1).sum::<u32>()))
        .unzip()
}
