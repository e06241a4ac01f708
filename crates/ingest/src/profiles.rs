//! What platforms say of accounts, kept without repeating itself: a million posts of one account describe it a million times.

use crate::profile::Profile;
use compact_str::CompactString;
use foldhash::fast::FixedState;
use rayon::prelude::*;
use std::collections::HashMap;
use std::hash::BuildHasher;

/// The descriptions of each account that still tell something: in the order of their precedence, each has a field that those before it lack, or another
/// handle. What they tell together does not depend on the order in which they came.
#[derive(Debug)]
pub(crate) struct Profiles {
    shards: Vec<Shard>,
}

/// Accounts whose keys have one remainder by their hash.
type Shard = HashMap<CompactString, Vec<Profile>, FixedState>;

/// Shards, each filled by one thread at a time.
const SHARDS: usize = 16;

impl Default for Profiles {
    fn default() -> Self {
        Self { shards: vec![Shard::default(); SHARDS] }
    }
}

impl Profiles {
    /// Adds more descriptions.
    pub(crate) fn add(&mut self, lists: &[Vec<Profile>]) {
        // Most tell nothing new: they are looked at where they stand.
        let shard_of =
            |profile: &Profile| (FixedState::with_seed(1).hash_one(profile.account.as_bytes()) as usize % SHARDS) as u8;
        let shards: Vec<Vec<u8>> = lists.par_iter().map(|list| list.iter().map(shard_of).collect()).collect();
        self.shards.par_iter_mut().enumerate().for_each(|(number, shard)| {
            for (list, shards) in lists.iter().zip(&shards) {
                let own = list.iter().zip(shards).filter(|(_, shard)| usize::from(**shard) == number);
                own.for_each(|(profile, _)| add(shard, profile));
            }
        });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.shards.iter().all(HashMap::is_empty)
    }

    /// Accounts described, and bytes of what is told of them.
    pub(crate) fn size(&self) -> (usize, usize) {
        let bytes = self.shards.iter().flat_map(HashMap::values).flatten().map(Profile::bytes).sum();
        (self.shards.iter().map(HashMap::len).sum(), bytes)
    }

    /// All that is left, in any order: whoever uses it sorts by precedence.
    pub(crate) fn into_iter(self) -> impl Iterator<Item = Profile> {
        self.shards.into_iter().flat_map(HashMap::into_values).flatten()
    }
}

/// Adds one description to what is known of its account.
fn add(shard: &mut Shard, profile: &Profile) {
    let Some(known) = shard.get_mut(&profile.account) else {
        shard.insert(profile.account.clone(), vec![profile.clone()]);
        return;
    };
    let place = known.partition_point(|before| before.precedence(profile).is_lt());
    if known.get(place) == Some(profile) || !tells(profile, &known[..place]) {
        return;
    }
    known.insert(place, profile.clone());
    let mut at = place + 1;
    while at < known.len() {
        if tells(&known[at], &known[..at]) {
            at += 1;
        } else {
            known.remove(at);
        }
    }
}

/// Whether a description has a field, or a handle, that those before it lack.
fn tells(profile: &Profile, before: &[Profile]) -> bool {
    let told = before.iter().fold(0, |told, other| told | other.fields());
    profile.fields() & !told != 0 || (profile.handle.is_some() && before.iter().all(|other| other.handle != profile.handle))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(seen: i64, handle: &str, bio: Option<&str>, followers: Option<u64>) -> Profile {
        Profile {
            account: "1".into(),
            handle: Some(handle.into()),
            bio: bio.map(CompactString::from),
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
            profiles.add(&turned.into_iter().map(|profile| vec![profile]).collect::<Vec<_>>());
            let left: Vec<Option<i64>> = profiles.into_iter().map(|profile| profile.seen).collect();
            assert_eq!(left, [Some(5), Some(4), Some(2)], "turned by {turn}");
        }
    }
}
