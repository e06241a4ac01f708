//! What is known of the accounts, a column a field and a row an account.

use crate::profile::Profile;
use crate::resolver::Resolver;
use crate::roles::Lexicon;
use echogram_graph::{Dictionary, Grouping};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// A column of text, a row an account.
pub type Texts = Vec<Option<String>>;

/// All accounts in the order of their nodes. `None` = unknown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AccountTable {
    /// Handles.
    pub handle: Texts,
    /// Display names.
    pub name: Texts,
    /// Bios.
    pub bio: Texts,
    /// Stakeholder roles: as given, else by the lexicon.
    pub role: Texts,
    /// What decided the role, and all other matches.
    pub role_evidence: Texts,
    /// `individual` or `organisation`.
    pub scale: Texts,
    /// `professional` or `personal`.
    pub usage: Texts,
    /// Countries.
    pub country: Texts,
    /// Web addresses.
    pub url: Texts,
    /// Verified by the platform.
    pub verified: Vec<Option<bool>>,
    /// Followers as the platform counts them.
    pub followers: Vec<Option<u64>>,
    /// Account made at, microseconds UTC.
    pub created: Vec<Option<i64>>,
    /// Leaning as given.
    pub leaning: Vec<Option<f64>>,
    /// Other columns of account files, by name.
    pub extras: Vec<(String, Texts)>,
    /// Accounts that no profile describes.
    pub without_profile: u64,
}

impl AccountTable {
    /// Lays profiles and roles out by node. Several profiles of one account fill each other's gaps, account files first.
    pub(crate) fn build(
        accounts: &Dictionary,
        resolver: &Resolver,
        mut profiles: Vec<Profile>,
        extras: Vec<(String, Vec<(String, String)>)>,
        edge_roles: &BTreeMap<u32, String>,
        lexicon: &Lexicon,
    ) -> Self {
        profiles.par_sort_by(Profile::precedence);
        let mut merged: Vec<Option<Profile>> = vec![None; accounts.len()];
        for profile in profiles {
            let Some(node) = resolver.node(accounts, &profile.account) else { continue };
            match &mut merged[node.row()] {
                Some(before) => before.fill_from(&profile),
                slot => *slot = Some(profile),
            }
        }
        let without_profile = merged.iter().filter(|profile| profile.is_none()).count() as u64;
        let mut merged: Vec<Profile> = merged.into_iter().map(Option::unwrap_or_default).collect();
        for (&node, role) in edge_roles {
            merged[node as usize].role.get_or_insert_with(|| role.clone());
        }
        let known_roles: Vec<String> = lexicon.roles().map(str::to_owned).collect();
        let evidence: Texts = merged.par_iter_mut().map(|profile| classify(profile, lexicon, &known_roles)).collect();
        let mut table = Self { role_evidence: evidence, without_profile, ..Self::default() };
        for profile in merged {
            table.handle.push(profile.handle.map(|handle| handle.trim_start_matches('@').to_owned()));
            table.name.push(profile.name);
            table.bio.push(profile.bio);
            table.role.push(profile.role);
            table.scale.push(profile.scale);
            table.usage.push(profile.usage);
            table.country.push(profile.country);
            table.url.push(profile.url);
            table.verified.push(profile.verified);
            table.followers.push(profile.followers);
            table.created.push(profile.created);
            table.leaning.push(profile.leaning);
        }
        table.extras = lay_out(accounts, resolver, extras);
        table
    }

    /// Roles as groups.
    pub fn roles(&self) -> Grouping {
        Grouping::from_names(&self.role)
    }

    /// A column of an account file by name, as text.
    pub fn extra(&self, name: &str) -> Option<&Texts> {
        self.extras.iter().find(|(known, _)| known == name).map(|(_, values)| values)
    }
}

/// Fills role, scale and use from name and bio where they are not given; returns the evidence.
fn classify(profile: &mut Profile, lexicon: &Lexicon, known_roles: &[String]) -> Option<String> {
    let found = lexicon.classify(profile.name.as_deref(), profile.bio.as_deref());
    let evidence = match &mut profile.role {
        Some(given) => {
            // A word of the lexicon in another case is that word; any other word is kept as given.
            if let Some(known) = known_roles.iter().find(|known| known.eq_ignore_ascii_case(given)) {
                given.clone_from(known);
            }
            Some(match &found.evidence {
                Some(evidence) => format!("given; {evidence}"),
                None => "given".to_owned(),
            })
        }
        slot => {
            *slot = found.role.map(Into::into);
            found.evidence
        }
    };
    if profile.scale.is_none() {
        profile.scale = found.scale.map(|scale| scale.as_str().to_owned());
    }
    if profile.usage.is_none() {
        profile.usage = found.usage.map(|usage| usage.as_str().to_owned());
    }
    evidence
}

/// Extra columns by node; where two files give a value, the first by value wins, whatever their order.
fn lay_out(accounts: &Dictionary, resolver: &Resolver, extras: Vec<(String, Vec<(String, String)>)>) -> Vec<(String, Texts)> {
    let mut columns: BTreeMap<String, Texts> = BTreeMap::new();
    let mut order: Vec<String> = Vec::new();
    for (name, values) in extras {
        if !order.contains(&name) {
            order.push(name.clone());
        }
        let column = columns.entry(name).or_insert_with(|| vec![None; accounts.len()]);
        for (account, value) in values {
            if let Some(node) = resolver.node(accounts, &account) {
                let slot = &mut column[node.row()];
                if slot.as_ref().is_none_or(|before| value < *before) {
                    *slot = Some(value);
                }
            }
        }
    }
    order.into_iter().filter_map(|name| columns.remove_entry(&name)).collect()
}
