//! Account keys -> codes that all inputs share.
//!
//! Each batch keeps its keys as they came. A round of batches at a time, the keys of each are put in the order of shards; then every shard looks up its own,
//! in the order of the batches. A shard's table fits the cache of a core, no lock is needed, and codes do not depend on the threads.

use crate::batch::{Batch, Code, Keys};
use crate::key_list::{KeyList, Texts};
use crate::packed_key::PackedKey;
use hashbrown::HashTable;
use rayon::prelude::*;

/// Shards, and the bits of a hash that choose one. Not its highest bits: the tables tell keys apart by these.
const SHARDS: usize = 256;
const SHARD_SHIFT: u32 = 32;
/// Bits of a code that number the keys of a shard; the bits above name the shard.
const LOCAL_BITS: u32 = 24;
const LOCAL_MASK: Code = (1 << LOCAL_BITS) - 1;

fn shard_of(hash: u64) -> usize {
    (hash >> SHARD_SHIFT) as usize % SHARDS
}

/// The keys of a list in the order of their shards.
struct ByShard {
    keys: Vec<PackedKey>,
    /// Where each key stands in the list.
    places: Vec<u32>,
    /// Those of shard `s` are `starts[s]..starts[s + 1]`.
    starts: Vec<u32>,
    long: Texts,
}

impl ByShard {
    fn of(list: KeyList) -> Self {
        let (given, long) = list.into_parts();
        let shards: Vec<u8> = given.iter().map(|key| shard_of(key.hash()) as u8).collect();
        let mut starts = vec![0_u32; SHARDS + 1];
        for &shard in &shards {
            starts[usize::from(shard) + 1] += 1;
        }
        for shard in 0..SHARDS {
            starts[shard + 1] += starts[shard];
        }
        let mut next = starts.clone();
        let mut keys = vec![PackedKey::default(); given.len()];
        let mut places = vec![0; given.len()];
        for (place, (key, shard)) in given.into_iter().zip(shards).enumerate() {
            let to = &mut next[usize::from(shard)];
            keys[*to as usize] = key;
            places[*to as usize] = place as u32;
            *to += 1;
        }
        Self { keys, places, starts, long }
    }

    fn of_shard(&self, shard: usize) -> &[PackedKey] {
        &self.keys[self.starts[shard] as usize..self.starts[shard + 1] as usize]
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
    /// All its keys' texts.
    texts: Texts,
    table: HashTable<Known>,
}

/// A key that a shard knows, and its number; the place of a long text is that number.
#[derive(Clone, Copy, Debug)]
struct Known {
    key: PackedKey,
    local: Code,
}

impl Default for Interner {
    fn default() -> Self {
        Self { shards: (0..SHARDS).map(|_| Shard::default()).collect() }
    }
}

impl Shard {
    #[inline]
    fn find(&self, hash: u64, key: PackedKey, long: &Texts) -> Option<Code> {
        let is_same = |known: &Known| match key.place() {
            None => known.key == key,
            Some(place) => known.key.is_alike(key) && self.texts.get(known.local as usize) == long.get(place),
        };
        self.table.find(hash, is_same).map(|known| known.local)
    }

    /// The local number of a key, new or known; `None` when the shard is full.
    #[inline]
    fn intern(&mut self, key: PackedKey, long: &Texts) -> Option<Code> {
        let hash = key.hash();
        match self.find(hash, key, long) {
            Some(local) => Some(local),
            None => self.add(hash, key, long),
        }
    }

    fn add(&mut self, hash: u64, key: PackedKey, long: &Texts) -> Option<Code> {
        let local = match key.place() {
            None => key.with_text(|text| self.texts.push(text)),
            Some(place) => self.texts.push(long.get(place)),
        };
        let local = local.filter(|&local| local <= LOCAL_MASK)?;
        let key = if key.place().is_some() { key.moved(local) } else { key };
        self.table.insert_unique(hash, Known { key, local }, |known| known.key.hash());
        Some(local)
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
        let lists: Vec<ByShard> = lists.into_par_iter().map(ByShard::of).collect();
        let shards = self.shards.par_iter_mut().enumerate();
        let found: Option<Vec<Vec<Vec<Code>>>> = shards
            .map(|(number, shard)| {
                let base = (number as Code) << LOCAL_BITS;
                let code =
                    |list: &ByShard, key: PackedKey, shard: &mut Shard| shard.intern(key, &list.long).map(|local| base | local);
                lists.iter().map(|list| list.of_shard(number).iter().map(|&key| code(list, key, shard)).collect()).collect()
            })
            .collect();
        let Some(found) = found else { return false };
        listed.par_iter_mut().zip(&lists).enumerate().for_each(|(number, (batch, list))| {
            let mut codes = vec![0; list.places.len()];
            let own = found.iter().flat_map(|shard| &shard[number]);
            list.places.iter().zip(own).for_each(|(&place, &code)| codes[place as usize] = code);
            batch.for_each_code(|code| *code = codes[*code as usize]);
        });
        true
    }

    /// The key of a code.
    pub(crate) fn get(&self, code: Code) -> &str {
        self.shards[shard_at(code)].texts.get(local_at(code))
    }

    /// The code of a key, if it is known.
    pub(crate) fn find(&self, text: &str) -> Option<Code> {
        let mut list = KeyList::default();
        list.push(text);
        let (keys, long) = list.into_parts();
        let hash = keys[0].hash();
        let number = shard_of(hash);
        let local = self.shards[number].find(hash, keys[0], &long)?;
        Some((number as Code) << LOCAL_BITS | local)
    }

    /// A table with a value for each code.
    pub(crate) fn table<T>(&self, value: impl Fn() -> T) -> ByCode<T> {
        ByCode { shards: self.shards.iter().map(|shard| (0..shard.texts.len()).map(|_| value()).collect()).collect() }
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
    fn long_keys_are_told_apart_and_found() {
        let key = |number: usize| format!("did:plc:a-key-that-does-not-fit-{number}");
        let mut interner = Interner::default();
        for turn in 0..2 {
            let mut batch = Batch::default();
            for number in 0..300 {
                let (one, other) = (key((number + turn * 7) % 300), "short");
                let [one, other] = batch.codes([Key::Text(&one), Key::Text(other)]);
                batch.rows("edge").push(one, other, 1.0, NO_TIME);
            }
            let mut round = [batch];
            assert!(interner.absorb(&mut round));
            let rows = &round[0].relations["edge"];
            for (number, &code) in rows.sources.iter().enumerate() {
                assert_eq!(interner.get(code), key((number + turn * 7) % 300));
                assert_eq!(interner.find(interner.get(code)), Some(code));
            }
            assert!(rows.targets.iter().all(|&code| interner.get(code) == "short"));
        }
        assert_eq!(interner.table(|| ()).iter().count(), 301);
        assert_eq!(interner.find(&key(300)), None);
    }

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
