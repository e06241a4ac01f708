//! What one piece of one input holds: rows, posts, profiles and rejections, with account keys numbered as they come.

use crate::profile::Profile;
use crate::rejection::{Rejection, Rejections};
use echogram_graph::NO_TIME;
use foldhash::fast::FixedState;
use hashbrown::HashTable;
use std::collections::BTreeMap;
use std::hash::BuildHasher;

/// A number of an account within one batch: an index into its table of keys, or the key itself where all are small numbers.
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
    fn as_raw(self) -> Option<Code> {
        let number = match self {
            Self::Number(number) => number,
            Self::Text(text) => echogram_graph::canonical_u64(text.as_bytes())?,
        };
        (number <= RAW_MAX).then_some(number as Code)
    }
}

/// Account keys of one batch.
#[derive(Clone, Debug)]
pub(crate) enum Keys {
    /// Every key so far is a canonical decimal below 2^32 - 1 and is its own code: no string is made, nothing is looked up.
    Raw,
    /// Keys in order of appearance.
    Table(KeyTable),
}

/// Texts numbered in order of appearance, without doubles.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeyTable {
    bytes: String,
    ends: Vec<usize>,
    codes: HashTable<Code>,
}

impl KeyTable {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn get(&self, code: usize) -> &str {
        let start = if code == 0 { 0 } else { self.ends[code - 1] };
        &self.bytes[start..self.ends[code]]
    }

    pub(crate) fn intern(&mut self, key: &str) -> Code {
        let state = FixedState::with_seed(0);
        let Self { bytes, ends, codes } = self;
        let text = |code: Code| {
            let code = code as usize;
            let start = if code == 0 { 0 } else { ends[code - 1] };
            &bytes[start..ends[code]]
        };
        let hash = state.hash_one(key);
        if let Some(&code) = codes.find(hash, |&code| text(code) == key) {
            return code;
        }
        let code = Code::try_from(ends.len()).expect("a batch is far smaller than 2^32 keys");
        codes.insert_unique(hash, code, |&code| state.hash_one(text(code)));
        bytes.push_str(key);
        ends.push(bytes.len());
        code
    }
}

/// Rows of one relation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    pub(crate) sources: Vec<Code>,
    pub(crate) targets: Vec<Code>,
    /// Empty until a weight other than 1 comes.
    pub(crate) weights: Vec<f64>,
    /// Empty until a time comes.
    pub(crate) times: Vec<i64>,
}

impl Rows {
    /// Adds each row the other way round; a self-loop stays one row.
    pub(crate) fn mirror(&mut self) {
        for row in 0..self.sources.len() {
            let (source, target) = (self.sources[row], self.targets[row]);
            if source != target {
                let weight = self.weights.get(row).copied().unwrap_or(1.0);
                self.push(target, source, weight, self.times.get(row).copied().unwrap_or(NO_TIME));
            }
        }
    }

    pub(crate) fn push(&mut self, source: Code, target: Code, weight: f64, time: i64) {
        if weight != 1.0 && self.weights.is_empty() {
            self.weights.resize(self.sources.len(), 1.0);
        }
        if time != NO_TIME && self.times.is_empty() {
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
    pub(crate) profiles: Vec<Profile>,
    /// Roles that edge rows gave to their ends.
    pub(crate) roles: Vec<(Code, String)>,
    pub(crate) rejections: Rejections,
    /// Rows or records looked at, rejected ones included.
    pub(crate) records: u64,
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
        }
    }
}

impl Batch {
    /// The codes of the keys of one row or post. All at once, as a name among them changes how the numbers beside it are coded.
    pub(crate) fn codes<const N: usize>(&mut self, keys: [Key<'_>; N]) -> [Code; N] {
        self.make_room_for(&keys);
        keys.map(|key| self.code(key))
    }

    /// As [`Self::codes`], for any number of keys.
    pub(crate) fn codes_of(&mut self, keys: &[Key<'_>]) -> Vec<Code> {
        self.make_room_for(keys);
        keys.iter().map(|&key| self.code(key)).collect()
    }

    fn make_room_for(&mut self, keys: &[Key<'_>]) {
        if matches!(self.keys, Keys::Raw) && keys.iter().any(|key| key.as_raw().is_none()) {
            self.give_up_raw_keys();
        }
    }

    fn code(&mut self, key: Key<'_>) -> Code {
        match (&mut self.keys, key) {
            (Keys::Raw, key) => key.as_raw().expect("raw keys are given up before a name is coded"),
            (Keys::Table(table), Key::Text(text)) => table.intern(text),
            (Keys::Table(table), Key::Number(number)) => table.intern(&number.to_string()),
        }
    }

    fn give_up_raw_keys(&mut self) {
        let mut table = KeyTable::default();
        let mut recode = |code: &mut Code| *code = table.intern(&code.to_string());
        for rows in self.relations.values_mut() {
            rows.sources.iter_mut().chain(&mut rows.targets).for_each(&mut recode);
        }
        for post in &mut self.posts {
            recode(&mut post.author);
            post.ties.iter_mut().for_each(|tie| recode(&mut tie.1));
        }
        self.roles.iter_mut().for_each(|role| recode(&mut role.0));
        self.keys = Keys::Table(table);
    }

    /// The rows of a relation.
    pub(crate) fn rows(&mut self, relation: &str) -> &mut Rows {
        if !self.relations.contains_key(relation) {
            self.relations.insert(relation.to_owned(), Rows::default());
        }
        self.relations.get_mut(relation).expect("it was inserted above")
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
        let Keys::Table(table) = &batch.keys else { panic!("a name needs a table") };
        let rows = &batch.relations["edge"];
        let keys: Vec<&str> = rows.sources.iter().chain(&rows.targets).map(|&code| table.get(code as usize)).collect();
        assert_eq!(keys, ["7", "3", "3", "ada"]);
        assert_eq!((rows.weights.clone(), rows.times.clone()), (vec![1.0, 2.0], vec![NO_TIME, 5]));
    }
}
