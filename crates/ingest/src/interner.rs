//! Account keys -> codes that all inputs share.
//!
//! Each batch keeps its keys by shard; then, a round of batches at a time, every shard looks up its own, in the order of the batches. A shard's table fits the cache of a core, no lock is needed, and codes do not depend on the threads.

use crate::batch::{Batch, Code, Keys};
use foldhash::fast::FixedState;
use hashbrown::HashTable;
use rayon::prelude::*;
use std::hash::BuildHasher;

/// Shards, and the bits of a hash that choose one. Not its highest bits: the tables tell keys apart by these.
const SHARDS: usize = 256;
const SHARD_SHIFT: u32 = 32;
/// Bits of a code that number the keys of a shard; the bits above name the shard.
const LOCAL_BITS: u32 = 24;
const LOCAL_MASK: Code = (1 << LOCAL_BITS) - 1;

fn hash_of(key: &str) -> u64 {
    FixedState::with_seed(0).hash_one(key.as_bytes())
}

fn shard_of(hash: u64) -> usize {
    (hash >> SHARD_SHIFT) as usize % SHARDS
}

/// Keys as they came, repeated ones included, each with the others of its shard.
#[derive(Clone, Debug)]
pub(crate) struct KeyList {
    parts: Vec<Part>,
}

/// The keys of one shard, end to end.
#[derive(Clone, Debug, Default)]
struct Part {
    bytes: String,
    /// Hash, and where the key ends.
    entries: Vec<(u64, u32)>,
}

impl Default for KeyList {
    fn default() -> Self {
        Self { parts: vec![Part::default(); SHARDS] }
    }
}

impl KeyList {
    /// Appends a key and returns its code within this list.
    #[inline]
    pub(crate) fn push(&mut self, key: &str) -> Code {
        let hash = hash_of(key);
        let shard = shard_of(hash);
        let part = &mut self.parts[shard];
        let local = part.entries.len() as Code;
        part.bytes.push_str(key);
        part.entries.push((hash, part.bytes.len() as u32));
        (shard as Code) << LOCAL_BITS | local
    }

    #[cfg(test)]
    pub(crate) fn get(&self, code: Code) -> &str {
        let (part, local) = (&self.parts[shard_at(code)], local_at(code));
        let start = if local == 0 { 0 } else { part.entries[local - 1].1 as usize };
        &part.bytes[start..part.entries[local].1 as usize]
    }
}

fn shard_at(code: Code) -> usize {
    (code >> LOCAL_BITS) as usize
}

fn local_at(code: Code) -> usize {
    (code & LOCAL_MASK) as usize
}

/// All keys of all inputs that are no small numbers, each once.
#[derive(Debug)]
pub(crate) struct Interner {
    shards: Vec<Shard>,
}

#[derive(Debug, Default)]
struct Shard {
    bytes: String,
    /// Hash, and where the key ends.
    entries: Vec<(u64, u32)>,
    table: HashTable<Known>,
}

/// A key that a shard knows: where its text stands, and its number.
#[derive(Clone, Copy, Debug)]
struct Known {
    start: u32,
    end: u32,
    local: Code,
}

impl Default for Interner {
    fn default() -> Self {
        Self { shards: (0..SHARDS).map(|_| Shard::default()).collect() }
    }
}

impl Shard {
    fn get(&self, local: usize) -> &str {
        let start = if local == 0 { 0 } else { self.entries[local - 1].1 as usize };
        &self.bytes[start..self.entries[local].1 as usize]
    }

    fn find(&self, hash: u64, key: &str) -> Option<Code> {
        let is_same = |known: &Known| self.bytes.as_bytes()[known.start as usize..known.end as usize] == *key.as_bytes();
        self.table.find(hash, is_same).map(|known| known.local)
    }

    /// The local number of a key, new or known; `None` when the shard is full.
    fn intern(&mut self, hash: u64, key: &str) -> Option<Code> {
        if let Some(local) = self.find(hash, key) {
            return Some(local);
        }
        let local = Code::try_from(self.entries.len()).ok().filter(|&local| local <= LOCAL_MASK)?;
        let start = self.bytes.len() as u32;
        let end = u32::try_from(self.bytes.len() + key.len()).ok()?;
        self.bytes.push_str(key);
        self.entries.push((hash, end));
        let entries = &self.entries;
        self.table.insert_unique(hash, Known { start, end, local }, |known| entries[known.local as usize].0);
        Some(local)
    }

    /// The codes of a list's keys of this shard.
    fn intern_all(&mut self, base: Code, part: &Part) -> Option<Vec<Code>> {
        let mut start = 0;
        let code = |&(hash, end): &(u64, u32)| {
            let key = &part.bytes[std::mem::replace(&mut start, end as usize)..end as usize];
            self.intern(hash, key).map(|local| base | local)
        };
        part.entries.iter().map(code).collect()
    }
}

impl Interner {
    /// Turns the listed keys of `batches` into codes of this interner; `false` when there are more keys than codes.
    pub(crate) fn absorb(&mut self, batches: &mut [Batch]) -> bool {
        let list_of = |batch: &mut Batch| match std::mem::replace(&mut batch.keys, Keys::Interned) {
            Keys::Listed(list) => Some(list),
            keys => {
                batch.keys = keys;
                None
            }
        };
        let (mut listed, lists): (Vec<&mut Batch>, Vec<KeyList>) =
            batches.iter_mut().filter_map(|batch| list_of(batch).map(|list| (batch, list))).unzip();
        if listed.is_empty() {
            return true;
        }
        let shards = self.shards.par_iter_mut().enumerate();
        let found: Option<Vec<Vec<Vec<Code>>>> = shards
            .map(|(number, shard)| {
                let base = (number as Code) << LOCAL_BITS;
                lists.iter().map(|list| shard.intern_all(base, &list.parts[number])).collect()
            })
            .collect();
        let Some(found) = found else { return false };
        listed.par_iter_mut().enumerate().for_each(|(number, batch)| {
            let codes: Vec<&[Code]> = found.iter().map(|shard| shard[number].as_slice()).collect();
            batch.for_each_code(|code| *code = codes[shard_at(*code)][local_at(*code)]);
        });
        true
    }

    /// The key of a code.
    pub(crate) fn get(&self, code: Code) -> &str {
        self.shards[shard_at(code)].get(local_at(code))
    }

    /// The code of a key, if it is known.
    pub(crate) fn find(&self, key: &str) -> Option<Code> {
        let hash = hash_of(key);
        let number = shard_of(hash);
        let local = self.shards[number].find(hash, key)?;
        Some((number as Code) << LOCAL_BITS | local)
    }

    /// A table with a value for each code.
    pub(crate) fn table<T>(&self, value: impl Fn() -> T) -> ByCode<T> {
        ByCode { shards: self.shards.iter().map(|shard| (0..shard.entries.len()).map(|_| value()).collect()).collect() }
    }
}

/// A value for each code of an interner.
#[derive(Debug)]
pub(crate) struct ByCode<T> {
    shards: Vec<Vec<T>>,
}

impl<T> ByCode<T> {
    #[inline]
    pub(crate) fn at(&self, code: Code) -> &T {
        &self.shards[shard_at(code)][local_at(code)]
    }

    pub(crate) fn at_mut(&mut self, code: Code) -> &mut T {
        &mut self.shards[shard_at(code)][local_at(code)]
    }

    /// All codes with their values.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Code, &T)> {
        self.shards.iter().enumerate().flat_map(|(shard, values)| {
            values.iter().enumerate().map(move |(local, value)| ((shard as Code) << LOCAL_BITS | local as Code, value))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Key;
    use echogram_graph::NO_TIME;

    #[test]
    fn a_key_has_one_code_wherever_it_stands() {
        let mut interner = Interner::default();
        let mut round: Vec<Batch> = (0..3)
            .map(|part| {
                let mut batch = Batch::default();
                for number in 0..2_000 {
                    let (source, target) = (format!("user_{number}"), format!("user_{}", (number * 7 + part) % 2_000));
                    let [source, target] = batch.codes([Key::Text(&source), Key::Text(&target)]);
                    batch.rows("edge").push(source, target, 1.0, NO_TIME);
                }
                batch
            })
            .collect();
        assert!(interner.absorb(&mut round));
        for (part, batch) in round.iter().enumerate() {
            let rows = &batch.relations["edge"];
            for number in 0..2_000 {
                assert_eq!(interner.get(rows.sources[number]), format!("user_{number}"));
                assert_eq!(interner.get(rows.targets[number]), format!("user_{}", (number * 7 + part) % 2_000));
                assert_eq!(interner.find(&format!("user_{number}")), Some(rows.sources[number]));
            }
        }
        assert_eq!(interner.table(|| ()).iter().count(), 2_000);
        assert_eq!(interner.find("user_2000"), None);
    }
}
