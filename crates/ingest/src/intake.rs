//! Where formats hand in what they have parsed, piece by piece: keys get their codes, rows outside the period are left out.

use crate::batch::{Batch, Keys, Rows};
use crate::interner::Interner;
use crate::period::Period;
use crate::profiles::Profiles;
use crate::rejection::Rejections;
use echogram_graph::NO_TIME;
use rayon::prelude::*;

/// Rows are put together until there are at least so many: pieces of memory of this size are given back whole, and used again for the graph.
const ROWS_TOGETHER: usize = 1 << 18;

/// Keys get their codes as soon as they and their rows take so many bytes: the table of each shard is fetched anew each time.
const MOST_WAITING: usize = 64 << 20;

/// Takes in the batches of all inputs, one input after the other.
#[derive(Default)]
pub(crate) struct Intake {
    pub(crate) batches: Vec<Batch>,
    /// Batches whose keys are still lists of their own.
    waiting: Vec<Batch>,
    waiting_bytes: usize,
    pub(crate) interner: Interner,
    /// What the inputs say of accounts beside their ties.
    pub(crate) profiles: Profiles,
    /// Ties outside are left out.
    pub(crate) period: Period,
    /// Whether the input was found in a folder: a file that may be no input at all is passed over there.
    pub(crate) is_in_folder: bool,
    /// The place of the present input among those that were asked for.
    pub(crate) input: usize,
    /// Whether there were more keys than can be numbered.
    pub(crate) is_full: bool,
    /// What the period left out so far.
    pub(crate) left_out: LeftOut,
    /// Whether the last line read has no line end: a file that was cut looks like that.
    pub(crate) is_open_ended: bool,
    /// Where the batches of the present input begin.
    start: usize,
}

/// Ties that the period left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Because they have no time.
    pub without_time: u64,
    /// Because they lie outside.
    pub outside: u64,
}

impl LeftOut {
    /// Counts `ties` of one moment.
    pub(crate) fn add(&mut self, time: i64, ties: u64) {
        *(if time == NO_TIME { &mut self.without_time } else { &mut self.outside }) += ties;
    }
}

/// What one input gave, in numbers.
#[derive(Debug, Default)]
pub(crate) struct InputCounts {
    pub(crate) records: u64,
    pub(crate) rejections: Rejections,
}

impl Intake {
    /// Takes in the ties of a period.
    pub(crate) fn of(period: Period) -> Self {
        Self { period, ..Self::default() }
    }

    /// Takes in the batches that follow those before, in their order.
    pub(crate) fn take(&mut self, mut batches: Vec<Batch>) {
        for batch in &mut batches {
            if !batch.posts.is_empty() && matches!(batch.keys, Keys::Raw) {
                // Posts refer to each other across inputs: their accounts have codes of one kind.
                batch.list_keys();
            }
            self.leave_out(batch);
        }
        self.profiles.add(batches.iter_mut().map(|batch| std::mem::take(&mut batch.profiles)).collect());
        let has_lists = batches.iter().any(|batch| matches!(batch.keys, Keys::Listed(_)));
        self.waiting_bytes += batches.iter().map(Batch::waiting_bytes).sum::<usize>();
        self.waiting.append(&mut batches);
        if !has_lists || self.waiting_bytes >= MOST_WAITING {
            self.settle();
        }
    }

    /// Gives the keys that wait their codes. Whoever looks at [`Self::batches`] before the input is done calls it first.
    pub(crate) fn settle(&mut self) {
        let mut batches = std::mem::take(&mut self.waiting);
        self.waiting_bytes = 0;
        self.is_full |= !self.interner.absorb(&mut batches);
        for post in batches.iter_mut().flat_map(|batch| &mut batch.posts) {
            // Names that stood in a list have equal codes only now.
            post.ties.sort_unstable();
            post.ties.dedup();
        }
        groups(&mut batches).into_par_iter().for_each(|group| {
            let Some((first, later)) = group.split_first_mut() else { return };
            first.take_rows(later);
            first.relations.values_mut().for_each(Rows::shrink);
        });
        self.batches.append(&mut batches);
    }

    fn leave_out(&mut self, batch: &mut Batch) {
        if self.period.is_all() {
            return;
        }
        let period = self.period;
        for rows in batch.relations.values_mut() {
            self.left_out.without_time += rows.retain(|time| time != NO_TIME);
            self.left_out.outside += rows.retain(|time| period.holds(time));
        }
        batch.drop_empty_relations();
    }

    /// Rows or records of the present input so far.
    pub(crate) fn records(&self) -> u64 {
        self.batches[self.start..].iter().chain(&self.waiting).map(|batch| batch.records).sum()
    }

    /// Rows and records of all inputs so far.
    pub(crate) fn rows(&self) -> u64 {
        self.batches.iter().chain(&self.waiting).map(|batch| batch.records).sum()
    }

    /// Takes the first row of the present input away; `false` if it has none.
    pub(crate) fn drop_first_row(&mut self) -> bool {
        self.settle();
        let Some(batch) = self.batches[self.start..].first_mut() else { return false };
        let Some(rows) = batch.relations.values_mut().find(|rows| rows.len() > 0) else { return false };
        let mut is_first = true;
        rows.retain(|_| !std::mem::take(&mut is_first));
        batch.records -= 1;
        true
    }

    /// The present input is done: its rejections and counts.
    pub(crate) fn finish_input(&mut self, is_undirected: bool) -> InputCounts {
        self.settle();
        let mut counts = InputCounts::default();
        let mut kept = Vec::new();
        for batch in &mut self.batches[self.start..] {
            batch.is_undirected |= is_undirected;
            batch.input = self.input;
            let own = std::mem::take(&mut batch.rejections);
            counts.rejections.count += own.count;
            kept.extend(own.kept);
            counts.records += batch.records;
        }
        kept.sort();
        kept.truncate(crate::rejection::KEPT);
        counts.rejections.kept = kept;
        self.start = self.batches.len();
        counts
    }

    /// The present input turned out to be none: what it gave is forgotten. (Its keys stay known, but no row holds them.)
    pub(crate) fn forget_input(&mut self) {
        self.waiting.clear();
        self.waiting_bytes = 0;
        self.batches.truncate(self.start);
    }

    /// Whether nothing at all was taken in.
    pub(crate) fn is_empty(&self) -> bool {
        self.profiles.is_empty() && self.batches.iter().all(|batch| batch.relations.is_empty() && batch.posts.is_empty())
    }
}

/// Consecutive batches, each time as many as hold [`ROWS_TOGETHER`] rows.
fn groups(mut batches: &mut [Batch]) -> Vec<&mut [Batch]> {
    let mut groups = Vec::new();
    while !batches.is_empty() {
        let mut rows = 0;
        let is_short = |batch: &&Batch| {
            let before = rows;
            rows += batch.relations.values().map(Rows::len).sum::<usize>();
            before < ROWS_TOGETHER
        };
        let length = batches.iter().take_while(is_short).count();
        let (group, rest) = batches.split_at_mut(length);
        groups.push(group);
        batches = rest;
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Key;

    fn batch(source: &str) -> Batch {
        let mut batch = Batch { records: 1, ..Batch::default() };
        let [source, target] = batch.codes([Key::Text(source), Key::Text("2")]);
        batch.rows("edge").push(source, target, 1.0, NO_TIME);
        batch
    }

    #[test]
    fn long_keys_wait_by_their_bytes() {
        let mut intake = Intake::default();
        let key = |number: usize| format!("{number}{}", "x".repeat(1 << 20));
        let below = MOST_WAITING / (1 << 20) - 1;
        intake.take((0..below).map(|number| batch(&key(number))).collect());
        assert_eq!((intake.waiting.len(), intake.batches.len()), (below, 0));
        intake.take(vec![batch(&key(below))]);
        assert_eq!((intake.waiting.len(), intake.batches.len()), (0, below + 1));
    }

    #[test]
    fn listed_keys_wait_for_more_and_others_do_not() {
        let mut intake = Intake::default();
        intake.take(vec![batch("ada"), batch("7")]);
        assert_eq!((intake.waiting.len(), intake.batches.len(), intake.records()), (2, 0, 2));
        intake.take(vec![batch("8")]);
        assert_eq!((intake.waiting.len(), intake.batches.len(), intake.records()), (0, 3, 3));
        intake.take(vec![batch("bob")]);
        intake.forget_input();
        assert_eq!((intake.waiting.len(), intake.records(), intake.is_empty()), (0, 0, true));
        intake.take(vec![batch("ada"), batch("bob")]);
        assert!(intake.drop_first_row());
        assert_eq!(intake.finish_input(false).records, 1);
        let rows = intake.batches.iter().flat_map(|batch| batch.relations.values());
        assert_eq!(rows.map(Rows::len).sum::<usize>(), 1);
    }
}
