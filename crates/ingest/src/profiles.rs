//! What platforms say of accounts, kept without repeating itself: a million posts of one account describe it a million times.

use crate::profile::Profile;
use foldhash::fast::FixedState;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use rayon::prelude::*;
use std::cmp::Ordering;
use std::hash::BuildHasher;
use std::ops::Deref;

/// The descriptions of each account that still tell something: in the order of their precedence, each has a field that those before it lack, or another
/// handle. What they tell together does not depend on the order in which they came.
#[derive(Debug)]
pub(crate) struct Profiles {
    shards: Vec<HashTable<Known>>,
}

/// A profile that is handed on to where it stays, with the hash of its account.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Description {
    hash: u64,
    profile: Box<Profile>,
}

/// What is known of an account; nearly always one description tells all.
#[derive(Debug)]
struct Known {
    first: Description,
    others: Vec<Description>,
}

/// Shards, each filled by one thread at a time.
const SHARDS: usize = 16;
/// The bits of a hash that choose one: neither those by which a table finds a place, nor those by which it tells keys apart.
const SHARD_SHIFT: u32 = 32;

impl Default for Profiles {
    fn default() -> Self {
        Self { shards: (0..SHARDS).map(|_| HashTable::new()).collect() }
    }
}

impl Description {
    pub(crate) fn of(profile: Profile) -> Self {
        Self { hash: FixedState::with_seed(1).hash_one(profile.account.as_bytes()), profile: Box::new(profile) }
    }

    fn shard(&self) -> usize {
        (self.hash >> SHARD_SHIFT) as usize % SHARDS
    }
}

impl Deref for Description {
    type Target = Profile;

    fn deref(&self) -> &Profile {
        &self.profile
    }
}

impl Profiles {
    /// Adds more descriptions.
    pub(crate) fn add(&mut self, lists: Vec<Vec<Description>>) {
        let lists: Vec<Vec<Vec<Description>>> = lists.into_par_iter().filter(|list| !list.is_empty()).map(by_shard).collect();
        let mut of_shards: Vec<Vec<Vec<Description>>> = (0..SHARDS).map(|_| Vec::new()).collect();
        for list in lists {
            of_shards.iter_mut().zip(list).for_each(|(shard, own)| shard.push(own));
        }
        self.shards.par_iter_mut().zip(of_shards).for_each(|(shard, own)| {
            own.into_iter().flatten().for_each(|profile| add(shard, profile));
        });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.shards.iter().all(HashTable::is_empty)
    }

    /// Accounts described, and bytes of what is told of them.
    pub(crate) fn size(&self) -> (usize, usize) {
        let bytes = |known: &Known| known.first.bytes() + known.others.iter().map(|profile| profile.bytes()).sum::<usize>();
        (self.shards.iter().map(HashTable::len).sum(), self.shards.iter().flatten().map(bytes).sum())
    }

    /// All that is left, in any order: whoever uses it sorts by precedence.
    pub(crate) fn into_iter(self) -> impl Iterator<Item = Profile> {
        let all = |known: Known| std::iter::once(known.first).chain(known.others);
        self.shards.into_iter().flatten().flat_map(all).map(|description| *description.profile)
    }
}

/// The descriptions of each shard.
fn by_shard(list: Vec<Description>) -> Vec<Vec<Description>> {
    let mut shards: Vec<Vec<_>> = (0..SHARDS).map(|_| Vec::with_capacity(2 * list.len() / SHARDS)).collect();
    list.into_iter().for_each(|profile| shards[profile.shard()].push(profile));
    shards
}

/// Adds one description to what is known of its account.
fn add(shard: &mut HashTable<Known>, profile: Description) {
    let hash = profile.hash;
    let is_same = |known: &Known| known.first.hash == hash && known.first.account == profile.account;
    match shard.entry(hash, is_same, |known| known.first.hash) {
        Entry::Vacant(entry) => {
            entry.insert(Known { first: profile, others: Vec::new() });
        }
        Entry::Occupied(entry) => entry.into_mut().add(profile),
    }
}

impl Known {
    fn add(&mut self, mut profile: Description) {
        let order = self.first.precedence(&profile);
        match order {
            Ordering::Equal => return,
            Ordering::Greater => std::mem::swap(&mut self.first, &mut profile),
            Ordering::Less => {}
        }
        let place = self.others.partition_point(|before| before.precedence(&profile).is_lt());
        if self.others.get(place) == Some(&profile) || !tells(&profile, &self.first, &self.others[..place]) {
            if order.is_gt() {
                // What came in first place may tell all that others told.
                self.forget_from(0);
            }
            return;
        }
        self.others.insert(place, profile);
        self.forget_from(place + 1);
    }

    /// Forgets those from `at` on that no longer tell anything.
    fn forget_from(&mut self, mut at: usize) {
        while at < self.others.len() {
            if tells(&self.others[at], &self.first, &self.others[..at]) {
                at += 1;
            } else {
                self.others.remove(at);
            }
        }
    }
}

/// Whether a description has a field, or a handle, that those before it lack.
fn tells(profile: &Profile, first: &Profile, others: &[Description]) -> bool {
    let before = || std::iter::once(first).chain(others.iter().map(Deref::deref));
    let told = before().fold(0, |told, other| told | other.fields());
    profile.fields() & !told != 0 || (profile.handle.is_some() && before().all(|other| other.handle != profile.handle))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(seen: i64, handle: &str, bio: Option<&str>, followers: Option<u64>) -> Profile {
        Profile {
            account: "1".into(),
            handle: Some(handle.into()),
            bio: bio.map(Into::into),
            followers,
            seen: Some(seen),
            ..Profile::default()
        }
    }

    #[test]
    fn what_tells_nothing_new_is_forgotten_in_any_order() {
        let told = [
            profile(5, "ann", None, Some(7)),
            profile(4, "ann", Some("nurse"), Some(6)),
            profile(3, "ann", Some("student"), Some(5)),
            profile(2, "anna", None, Some(4)),
            profile(5, "ann", None, Some(7)),
        ];
        for turn in 0..told.len() {
            let mut turned = told.to_vec();
            turned.rotate_left(turn);
            let mut profiles = Profiles::default();
            profiles.add(turned.into_iter().map(|profile| vec![Description::of(profile)]).collect());
            let left: Vec<Option<i64>> = profiles.into_iter().map(|profile| profile.seen).collect();
            assert_eq!(left, [Some(5), Some(4), Some(2)], "turned by {turn}");
        }
    }
}
