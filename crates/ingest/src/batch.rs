//! What one piece of one input holds: rows, posts, profiles and rejections, with account keys numbered as they come.

use crate::key_list::KeyList;
use crate::profile::Profile;
use crate::profiles::Description;
use crate::rejection::{Rejection, Rejections};
use echogram_graph::{NO_TIME, RowWeights};
use std::collections::BTreeMap;

/// A number of an account within one batch: see [`Keys`].
pub(crate) type Code = u32;

/// Keys that are at most this stay numbers.
const RAW_MAX: u64 = u32::MAX as u64 - 1;

/// An account's key as a row has it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Key<'a> {
    Number(u64),
    Text(&'a str),
}

impl Key<'_> {
    /// The key as its own code, if it is a small canonical number.
    #[inline]
    fn as_raw(self) -> Option<Code> {
        let number = match self {
            Self::Number(number) => number,
            Self::Text(text) => echogram_graph::canonical_u64(text.as_bytes())?,
        };
        (number <= RAW_MAX).then_some(number as Code)
    }
}

/// What the codes of a batch mean.
#[derive(Clone, Debug)]
pub(crate) enum Keys {
    /// Every key so far is a canonical decimal below 2^32 - 1 and is its own code: no string is made, nothing is looked up.
    Raw,
    /// A code is a place in this list of keys as they came; the same key may stand in it many times.
    Listed(KeyList),
    /// A code is that of the interner that all inputs share.
    Interned,
}

/// Rows of one relation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    pub(crate) sources: Vec<Code>,
    pub(crate) targets: Vec<Code>,
    /// Empty until a weight other than 1 comes.
    pub(crate) weights: RowWeights,
    /// Empty until a time comes.
    pub(crate) times: Vec<i64>,
}

impl Rows {
    /// No rows yet, and room for so many.
    pub(crate) fn with_room(rows: usize) -> Self {
        Self { sources: Vec::with_capacity(rows), targets: Vec::with_capacity(rows), ..Self::default() }
    }

    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        self.sources.len()
    }

    /// Appends the rows that follow.
    pub(crate) fn append(&mut self, later: Self) {
        if self.sources.is_empty() {
            *self = later;
            return;
        }
        let (own, more) = (self.len(), later.len());
        if !self.weights.is_empty() || !later.weights.is_empty() {
            self.weights.fill_up(own);
            self.weights.append(later.weights);
            self.weights.fill_up(own + more);
        }
        if !self.times.is_empty() || !later.times.is_empty() {
            self.times.resize(own, NO_TIME);
            self.times.extend(later.times);
            self.times.resize(own + more, NO_TIME);
        }
        self.sources.extend(later.sources);
        self.targets.extend(later.targets);
    }

    /// Makes room for exactly so many more rows.
    fn reserve(&mut self, more: usize) {
        self.sources.reserve_exact(more);
        self.targets.reserve_exact(more);
        if !self.weights.is_empty() {
            self.weights.reserve_exact(more);
        }
        if !self.times.is_empty() {
            self.times.reserve_exact(more);
        }
    }

    /// Keeps the rows whose time is as wanted; returns how many are gone.
    pub(crate) fn retain(&mut self, mut wanted: impl FnMut(i64) -> bool) -> u64 {
        let before = self.len();
        let keep: Vec<bool> = match self.times.as_slice() {
            [] => (0..before).map(|_| wanted(NO_TIME)).collect(),
            times => times.iter().map(|&time| wanted(time)).collect(),
        };
        fn keep_of<T: Copy>(values: &mut Vec<T>, keep: &[bool]) {
            let mut row = 0;
            values.retain(|_| {
                row += 1;
                keep[row - 1]
            });
        }
        keep_of(&mut self.sources, &keep);
        keep_of(&mut self.targets, &keep);
        if !self.weights.is_empty() {
            self.weights.retain(&keep);
        }
        keep_of(&mut self.times, &keep);
        (before - self.len()) as u64
    }

    /// Gives back memory that no row uses, unless it is little: giving back means copying.
    pub(crate) fn shrink(&mut self) {
        fn shrink<T>(values: &mut Vec<T>) {
            if values.capacity() > values.len() + values.len() / 8 {
                values.shrink_to_fit();
            }
        }
        shrink(&mut self.sources);
        shrink(&mut self.targets);
        match &mut self.weights {
            RowWeights::Single(weights) => shrink(weights),
            RowWeights::Double(weights) => shrink(weights),
        }
        shrink(&mut self.times);
    }

    /// Adds each row the other way round; a self-loop stays one row.
    pub(crate) fn mirror(&mut self) {
        for row in 0..self.sources.len() {
            let (source, target) = (self.sources[row], self.targets[row]);
            if source != target {
                let weight = self.weights.get(row).unwrap_or(1.0);
                self.push(target, source, weight, self.times.get(row).copied().unwrap_or(NO_TIME));
            }
        }
    }

    #[inline]
    pub(crate) fn push(&mut self, source: Code, target: Code, weight: f64, time: i64) {
        if weight != 1.0 && self.weights.is_empty() {
            self.weights.reserve_exact(self.sources.capacity());
            self.weights.fill_up(self.sources.len());
        }
        if time != NO_TIME && self.times.is_empty() {
            self.times.reserve_exact(self.sources.capacity());
            self.times.resize(self.sources.len(), NO_TIME);
        }
        if weight != 1.0 || !self.weights.is_empty() {
            self.weights.push(weight);
        }
        if time != NO_TIME || !self.times.is_empty() {
            self.times.push(time);
        }
        self.sources.push(source);
        self.targets.push(target);
    }
}

/// One post: its author's ties to others. The same post on two pages counts once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Post {
    /// The platform's number of the post, if it has one.
    pub(crate) id: Option<u64>,
    pub(crate) author: Code,
    pub(crate) time: i64,
    /// (relation, target) pairs, distinct.
    pub(crate) ties: Vec<(&'static str, Code)>,
    /// (relation, post referred to) where the page does not say who wrote that post; another page may.
    pub(crate) pending: Vec<(&'static str, u64)>,
    /// When this was said of it, on the platform's clock; the latest word counts. `posts::ONLY_REVISION` where posts do not change.
    pub(crate) revision: i64,
    /// Whether it is counted among the posts: likes and follows are not.
    pub(crate) is_post: bool,
}

/// One piece of an input.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    pub(crate) keys: Keys,
    pub(crate) relations: BTreeMap<String, Rows>,
    pub(crate) posts: Vec<Post>,
    /// Posts that were deleted, by number, and when.
    pub(crate) deletions: Vec<(u64, i64)>,
    /// What it says of accounts.
    pub(crate) profiles: Vec<Description>,
    /// Roles that edge rows gave to their ends.
    pub(crate) roles: Vec<(Code, String)>,
    pub(crate) rejections: Rejections,
    /// Rows or records looked at, rejected ones included.
    pub(crate) records: u64,
    /// The place of its input among those that were asked for.
    pub(crate) input: usize,
    /// Whether its edges have no direction.
    pub(crate) is_undirected: bool,
}

impl Default for Batch {
    fn default() -> Self {
        Self {
            keys: Keys::Raw,
            relations: BTreeMap::new(),
            posts: Vec::new(),
            deletions: Vec::new(),
            profiles: Vec::new(),
            roles: Vec::new(),
            rejections: Rejections::default(),
            records: 0,
            is_undirected: false,
            input: 0,
        }
    }
}

impl Batch {
    /// A batch whose keys stand in a list from the start.
    pub(crate) fn of_listed_keys() -> Self {
        Self { keys: Keys::Listed(KeyList::default()), ..Self::default() }
    }

    /// The codes of the keys of one row or post. All at once, as a name among them changes how the numbers beside it are coded.
    #[inline]
    pub(crate) fn codes<const N: usize>(&mut self, keys: [Key<'_>; N]) -> [Code; N] {
        if let Keys::Raw = self.keys {
            let raw = keys.map(|key| key.as_raw());
            if raw.iter().all(Option::is_some) {
                return raw.map(|code| code.expect("all are there"));
            }
            self.list_keys();
        }
        keys.map(|key| self.code(key))
    }

    /// The code of a post's author, and its ties by codes, sorted and distinct as far as that is known yet.
    pub(crate) fn coded_ties<T: AsRef<str>>(
        &mut self,
        author: &str,
        ties: &[(&'static str, T)],
    ) -> (Code, Vec<(&'static str, Code)>) {
        let mut keys = ties.iter().map(|tie| tie.1.as_ref()).chain([author]);
        if keys.any(|key| self.needs_list(&[Key::Text(key)])) {
            self.list_keys();
        }
        let author = self.code(Key::Text(author));
        let mut ties: Vec<_> = ties.iter().map(|tie| (tie.0, self.code(Key::Text(tie.1.as_ref())))).collect();
        ties.sort_unstable();
        ties.dedup();
        (author, ties)
    }

    /// Bytes of its keys, where these wait for codes, and of its rows.
    pub(crate) fn waiting_bytes(&self) -> usize {
        let keys = match &self.keys {
            Keys::Listed(list) => list.bytes(),
            Keys::Raw | Keys::Interned => 0,
        };
        keys + self.relations.values().map(|rows| rows.len() * 2 * size_of::<Code>()).sum::<usize>()
    }

    /// Whether all keys so far are small numbers.
    #[inline]
    pub(crate) fn is_raw(&self) -> bool {
        matches!(self.keys, Keys::Raw)
    }

    /// Whether coding these keys turns the numbers coded so far into places in a list.
    #[inline]
    pub(crate) fn needs_list(&self, keys: &[Key<'_>]) -> bool {
        matches!(self.keys, Keys::Raw) && keys.iter().any(|key| key.as_raw().is_none())
    }

    #[inline]
    fn code(&mut self, key: Key<'_>) -> Code {
        match (&mut self.keys, key) {
            (Keys::Raw, key) => key.as_raw().expect("raw keys are given up before a name is coded"),
            (Keys::Listed(list), Key::Text(text)) => list.push(text),
            (Keys::Listed(list), Key::Number(number)) => list.push(&number.to_string()),
            (Keys::Interned, _) => unreachable!("a batch takes no more keys once it has been handed in"),
        }
    }

    /// Gives up raw keys: each becomes a text in a list.
    pub(crate) fn list_keys(&mut self) {
        self.list_keys_with_room(0);
    }

    /// As [`Self::list_keys`], with room for so many keys.
    pub(crate) fn list_keys_with_room(&mut self, keys: usize) {
        let mut list = KeyList::with_room(keys);
        self.for_each_code(|code| *code = list.push(&code.to_string()));
        self.keys = Keys::Listed(list);
    }

    /// Visits every code that the batch holds.
    pub(crate) fn for_each_code(&mut self, mut visit: impl FnMut(&mut Code)) {
        for rows in self.relations.values_mut() {
            rows.sources.iter_mut().for_each(&mut visit);
            rows.targets.iter_mut().for_each(&mut visit);
        }
        for post in &mut self.posts {
            visit(&mut post.author);
            post.ties.iter_mut().for_each(|tie| visit(&mut tie.1));
        }
        self.roles.iter_mut().for_each(|role| visit(&mut role.0));
    }

    /// The rows of a relation.
    #[inline]
    pub(crate) fn rows(&mut self, relation: &str) -> &mut Rows {
        if !self.relations.contains_key(relation) {
            self.relations.insert(relation.to_owned(), Rows::default());
        }
        self.relations.get_mut(relation).expect("it was inserted above")
    }

    /// The first half of its rows and posts, and nothing else.
    pub(crate) fn first_half(&self) -> Self {
        let half = |rows: &Rows| {
            let count = rows.len().div_ceil(2);
            Rows { sources: rows.sources[..count].to_vec(), targets: rows.targets[..count].to_vec(), ..Rows::default() }
        };
        let relations = self.relations.iter().map(|(relation, rows)| (relation.clone(), half(rows))).collect();
        let posts = self.posts[..self.posts.len().div_ceil(2)].to_vec();
        Self { keys: self.keys.clone(), relations, posts, ..Self::default() }
    }

    /// Takes over the rows of the batches that follow, where codes mean the same in all of them.
    pub(crate) fn take_rows(&mut self, later: &mut [Self]) {
        let is_alike = |batch: &&mut Self| {
            let has_same_codes = matches!((&self.keys, &batch.keys), (Keys::Raw, Keys::Raw) | (Keys::Interned, Keys::Interned));
            has_same_codes && self.is_undirected == batch.is_undirected
        };
        let later: Vec<&mut Self> = later.iter_mut().filter(is_alike).collect();
        for (relation, rows) in &mut self.relations {
            rows.reserve(later.iter().filter_map(|batch| batch.relations.get(relation)).map(Rows::len).sum());
        }
        for batch in later {
            for (relation, rows) in std::mem::take(&mut batch.relations) {
                self.rows(&relation).append(rows);
            }
        }
    }

    /// Takes in what an input says of an account.
    pub(crate) fn describe(&mut self, profile: Profile) {
        self.profiles.push(Description::of(profile));
    }

    /// Forgets relations that have no row after all.
    pub(crate) fn drop_empty_relations(&mut self) {
        self.relations.retain(|_, rows| rows.len() > 0);
    }

    /// Counts a record while `work` takes it in. One that holds many (a page of posts) counts for as many rows as are rejected of it.
    pub(crate) fn record(&mut self, work: impl FnOnce(&mut Self)) {
        let before = self.rejections.count;
        work(self);
        self.records += (self.rejections.count - before).max(1);
    }

    /// Rejects a row.
    pub(crate) fn reject(&mut self, line: u64, field: &'static str, reason: impl Into<String>) {
        self.rejections.push(Rejection::new(line, field, reason));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_numbers_until_a_name_comes() {
        let mut batch = Batch::default();
        let [a, b] = batch.codes([Key::Text("7"), Key::Number(3)]);
        batch.rows("edge").push(a, b, 1.0, NO_TIME);
        assert_eq!((a, b), (7, 3));
        // The number in the row that brings the first name is coded as that name is.
        let [c, d] = batch.codes([Key::Text("3"), Key::Text("ada")]);
        batch.rows("edge").push(c, d, 2.0, 5);
        let Keys::Listed(list) = &batch.keys else { panic!("a name needs a list") };
        let rows = &batch.relations["edge"];
        let keys: Vec<String> = rows.sources.iter().chain(&rows.targets).map(|&code| list.get(code)).collect();
        assert_eq!(keys, ["7", "3", "3", "ada"]);
        assert_eq!((rows.weights.clone(), rows.times.clone()), (RowWeights::from([1.0, 2.0].as_slice()), vec![NO_TIME, 5]));
    }
}
