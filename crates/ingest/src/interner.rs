//! Account keys -> codes that all inputs share.
//!
//! Keys are looked up a round of batches at a time: each batch sorts its keys by shard, then every shard looks up its own, in the order of the
//! batches. A shard's table fits the cache of a core, no lock is needed, and codes do not depend on the threads.

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

/// Keys in the order in which they came, repeated ones included.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeyList {
    bytes: String,
    ends: Vec<usize>,
    hashes: Vec<u64>,
}

impl KeyList {
    /// Appends a key; its place is its code.
    #[inline]
    pub(crate) fn push(&mut self, key: &str) -> Code {
        let code = Code::try_from(self.ends.len()).expect("a batch is far smaller than 2^32 keys");
        self.bytes.push_str(key);
        self.ends.push(self.bytes.len());
        self.hashes.push(hash_of(key));
        code
    }

    #[inline]
    pub(crate) fn get(&self, code: usize) -> &str {
        let start = if code == 0 { 0 } else { self.ends[code - 1] };
        &self.bytes[start..self.ends[code]]
    }

    /// Places by shard: those of shard `s` are `places[starts[s]..starts[s + 1]]`.
    fn by_shard(&self) -> (Vec<u32>, Vec<usize>) {
        let mut starts = vec![0; SHARDS + 1];
        for &hash in &self.hashes {
            starts[shard_of(hash) + 1] += 1;
        }
        for shard in 0..SHARDS {
            starts[shard + 1] += starts[shard];
        }
        let mut next = starts.clone();
        let mut places = vec![0; self.hashes.len()];
        for (place, &hash) in self.hashes.iter().enumerate() {
            let slot = &mut next[shard_of(hash)];
            places[*slot] = place as u32;
            *slot += 1;
        }
        (places, starts)
    }
}

/// All keys of all inputs that are no small numbers, each once.
#[derive(Debug)]
pub(crate) struct Interner {
    shards: Vec<Shard>,
}

#[derive(Debug, Default)]
struct Shard {
    bytes: String,
    ends: Vec<usize>,
    hashes: Vec<u64>,
    table: HashTable<Code>,
}

impl Default for Interner {
    fn default() -> Self {
        Self { shards: (0..SHARDS).map(|_| Shard::default()).collect() }
    }
}

impl Shard {
    fn get(&self, local: usize) -> &str {
        let start = if local == 0 { 0 } else { self.ends[local - 1] };
        &self.bytes[start..self.ends[local]]
    }

    /// The local number of a key, new or known; `None` when the shard is full.
    fn intern(&mut self, hash: u64, key: &str) -> Option<Code> {
        if let Some(&local) = self.table.find(hash, |&local| self.get(local as usize) == key) {
            return Some(local);
        }
        let local = Code::try_from(self.ends.len()).ok().filter(|&local| local <= LOCAL_MASK)?;
        self.bytes.push_str(key);
        self.ends.push(self.bytes.len());
        self.hashes.push(hash);
        let hashes = &self.hashes;
        self.table.insert_unique(hash, local, |&local| hashes[local as usize]);
        Some(local)
    }
}

impl Interner {
    /// Turns the listed keys of `batches` into codes of this interner; `false` when there are more keys than codes.
    pub(crate) fn absorb(&mut self, batches: &mut [Batch]) -> bool {
        let lists: Vec<(&KeyList, Vec<u32>, Vec<usize>)> = batches
            .par_iter()
            .filter_map(|batch| match &batch.keys {
                Keys::Listed(list) => {
                    let (places, starts) = list.by_shard();
                    Some((list, places, starts))
                }
                Keys::Raw | Keys::Interned => None,
            })
            .collect();
        if lists.is_empty() {
            return true;
        }
        let found: Option<Vec<Vec<Vec<Code>>>> = self
            .shards
            .par_iter_mut()
            .enumerate()
            .map(|(number, shard)| {
                let base = (number as Code) << LOCAL_BITS;
                let of_list = |(list, places, starts): &(&KeyList, Vec<u32>, Vec<usize>)| {
                    let places = &places[starts[number]..starts[number + 1]];
                    let code = |&place: &u32| {
                        let place = place as usize;
                        shard.intern(list.hashes[place], list.get(place)).map(|local| base | local)
                    };
                    places.iter().map(code).collect::<Option<Vec<Code>>>()
                };
                lists.iter().map(of_list).collect()
            })
            .collect();
        let Some(found) = found else { return false };
        let codes: Vec<Vec<Code>> = lists
            .par_iter()
            .enumerate()
            .map(|(number, (_, places, starts))| {
                let mut codes = vec![0; places.len()];
                for (shard, found) in found.iter().enumerate() {
                    for (&place, &code) in places[starts[shard]..starts[shard + 1]].iter().zip(&found[number]) {
                        codes[place as usize] = code;
                    }
                }
                codes
            })
            .collect();
        drop(lists);
        let mut listed: Vec<&mut Batch> = batches.iter_mut().filter(|batch| matches!(batch.keys, Keys::Listed(_))).collect();
        listed.par_iter_mut().zip(codes).for_each(|(batch, codes)| {
            batch.for_each_code(|code| *code = codes[*code as usize]);
            batch.keys = Keys::Interned;
        });
        true
    }

    /// The key of a code.
    pub(crate) fn get(&self, code: Code) -> &str {
        self.shards[(code >> LOCAL_BITS) as usize].get((code & LOCAL_MASK) as usize)
    }

    /// The code of a key, if it is known.
    pub(crate) fn find(&self, key: &str) -> Option<Code> {
        let hash = hash_of(key);
        let number = shard_of(hash);
        let shard = &self.shards[number];
        let local = shard.table.find(hash, |&local| shard.get(local as usize) == key)?;
        Some((number as Code) << LOCAL_BITS | local)
    }

    /// A table with a value for each code.
    pub(crate) fn table<T>(&self, value: impl Fn() -> T) -> ByCode<T> {
        ByCode { shards: self.shards.iter().map(|shard| (0..shard.ends.len()).map(|_| value()).collect()).collect() }
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
        &self.shards[(code >> LOCAL_BITS) as usize][(code & LOCAL_MASK) as usize]
    }

    pub(crate) fn at_mut(&mut self, code: Code) -> &mut T {
        &mut self.shards[(code >> LOCAL_BITS) as usize][(code & LOCAL_MASK) as usize]
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
