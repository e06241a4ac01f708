//! Account keys as a format can hold them, and their numbers.

use crate::error::Halt;
use crate::tables::Network;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// Keys that a format cannot hold as they are, and what stands in their place: still one name an account.
#[derive(Debug, Default)]
pub(crate) struct Labels {
    changed: HashMap<String, String>,
}

impl Labels {
    /// Looks at every key; only those that change are kept, unless there are some.
    pub(crate) fn of(network: &Network, clean: fn(&str) -> Cow<'_, str>) -> Result<Self, Halt> {
        let mut to_change = Vec::new();
        network.keys(|key| {
            if let Cow::Owned(_) = clean(key) {
                to_change.push(key.to_owned());
            }
        })?;
        if to_change.is_empty() {
            return Ok(Self::default());
        }
        let mut taken = HashSet::new();
        network.keys(|key| {
            if let Cow::Borrowed(key) = clean(key) {
                taken.insert(key.to_owned());
            }
        })?;
        let changed = to_change.into_iter().map(|key| {
            let plain = clean(&key).into_owned();
            let numbered = (2..).map(|number| format!("{plain} ({number})"));
            let name = std::iter::once(plain.clone()).chain(numbered).find(|name| taken.insert(name.clone()));
            (key, name.unwrap_or(plain))
        });
        Ok(Self { changed: changed.collect() })
    }

    /// How a key is written.
    pub(crate) fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.changed.get(key).map_or(key, String::as_str)
    }

    /// How many are written otherwise.
    pub(crate) fn changed(&self) -> u64 {
        self.changed.len() as u64
    }
}

/// The number of each account, from 1 in the order of the table.
pub(crate) fn numbers(network: &Network) -> Result<HashMap<String, usize>, Halt> {
    let mut numbers = HashMap::new();
    network.keys(|key| {
        let number = numbers.len() + 1;
        numbers.insert(key.to_owned(), number);
    })?;
    Ok(numbers)
}
