//! Keys that stand for other keys: handles of accounts whose id is known.

use crate::profile::Profile;
use echogram_graph::{Dictionary, NodeId};
use std::collections::{HashMap, HashSet};

/// What each such key stands for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Resolver {
    aliases: HashMap<String, String>,
    /// How many of the keys were handles of accounts known by another key.
    pub(crate) resolved_handles: u64,
}

impl Resolver {
    /// A handle stands for an account if just one profile has it, and if it is no account's key itself. `@name` from a post is looked up the
    /// same way, and is the key `name` where nobody has it.
    pub(crate) fn new<'a>(keys: impl Iterator<Item = &'a str>, profiles: &[&Profile]) -> Self {
        let mut by_handle: HashMap<String, Option<&str>> = HashMap::new();
        let mut own_keys: HashSet<&str> = HashSet::new();
        for profile in profiles {
            own_keys.insert(&profile.account);
            let Some(handle) = &profile.handle else { continue };
            by_handle
                .entry(handle.trim_start_matches('@').to_lowercase())
                .and_modify(|owner| {
                    if *owner != Some(profile.account.as_str()) {
                        *owner = None;
                    }
                })
                .or_insert(Some(&profile.account));
        }
        let mut resolver = Self::default();
        for key in keys {
            let name = key.strip_prefix('@').filter(|name| !name.is_empty());
            if (by_handle.is_empty() && name.is_none()) || own_keys.contains(key) {
                continue;
            }
            match by_handle.get(&name.unwrap_or(key).to_lowercase()).copied().flatten() {
                Some(account) if account != key => {
                    resolver.resolved_handles += 1;
                    resolver.aliases.insert(key.to_owned(), account.to_owned());
                }
                _ => drop(name.and_then(|name| resolver.aliases.insert(key.to_owned(), name.to_owned()))),
            }
        }
        resolver
    }

    pub(crate) fn key<'a>(&'a self, key: &'a str) -> &'a str {
        if self.aliases.is_empty() {
            return key;
        }
        self.aliases.get(key).map_or(key, String::as_str)
    }

    /// The node of a key or of what it stands for.
    pub(crate) fn node(&self, accounts: &Dictionary, key: &str) -> Option<NodeId> {
        accounts.find(self.key(key))
    }
}
