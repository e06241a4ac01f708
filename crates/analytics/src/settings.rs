//! Numbers that a user may set: what each is called, what it is by default, and what was set.

use std::collections::BTreeMap;

/// A number that a metric goes by, such as `pagerank.damping`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
    /// What users call it: `FAMILY.NAME`.
    pub name: &'static str,
    /// Its value unless set.
    pub default: f64,
    /// What it does, in a line.
    pub about: &'static str,
}

/// What was set, by name; everything else is as by default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    values: BTreeMap<String, f64>,
}

impl Settings {
    /// Sets a parameter; a later value replaces an earlier one. Names are checked where the registry is known:
    /// [`registry::check_settings`](crate::registry::check_settings).
    pub fn set(&mut self, name: &str, value: f64) {
        self.values.insert(name.to_owned(), value);
    }

    /// The value in force.
    pub fn get(&self, parameter: &Parameter) -> f64 {
        self.values.get(parameter.name).copied().unwrap_or(parameter.default)
    }

    /// Names of what was set.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }

    /// All that was set.
    pub fn iter(&self) -> impl Iterator<Item = (&str, f64)> {
        self.values.iter().map(|(name, value)| (name.as_str(), *value))
    }
}
