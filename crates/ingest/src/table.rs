//! What is known of the accounts, a column a field and a row an account.

use crate::profile::Profile;
use crate::resolver::Resolver;
use crate::roles::Lexicon;
use echogram_graph::{Dictionary, Grouping, NodeId, Sparse, Texts};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

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
    pub verified: Sparse<bool>,
    /// Followers as the platform counts them.
    pub followers: Sparse<u64>,
    /// Account made at, microseconds UTC.
    pub created: Sparse<i64>,
    /// Leaning as given.
    pub leaning: Sparse<f64>,
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
        profiles: Vec<Profile>,
        extras: Vec<(String, Vec<(String, String)>)>,
        edge_roles: &BTreeMap<u32, String>,
        lexicon: &Lexicon,
    ) -> Self {
        let nodes = accounts.len();
        let mut known = merged(accounts, resolver, profiles);
        let without_profile = (nodes - known.len()) as u64;
        for (&node, role) in edge_roles {
            known.entry(NodeId(node)).or_default().role.get_or_insert_with(|| role.as_str().into());
        }
        let mut known: Vec<(NodeId, Profile)> = known.into_iter().collect();
        let known_roles: Vec<String> = lexicon.roles().map(str::to_owned).collect();
        let evidence: Vec<Option<String>> =
            known.par_iter_mut().map(|(_, profile)| classify(profile, lexicon, &known_roles)).collect();
        let mut table = Self::unknown(nodes, without_profile);
        for ((node, profile), evidence) in known.into_iter().zip(evidence) {
            let row = node.row();
            put(&mut table.handle, row, profile.handle.map(|handle| handle.trim_start_matches('@').to_owned()));
            put(&mut table.name, row, profile.name);
            put(&mut table.bio, row, profile.bio);
            put(&mut table.role, row, profile.role);
            put(&mut table.role_evidence, row, evidence);
            put(&mut table.scale, row, profile.scale);
            put(&mut table.usage, row, profile.usage);
            put(&mut table.country, row, profile.country);
            put(&mut table.url, row, profile.url);
            put(&mut table.verified, row, profile.verified);
            put(&mut table.followers, row, profile.followers);
            put(&mut table.created, row, profile.created);
            put(&mut table.leaning, row, profile.leaning);
        }
        table.extras = lay_out(accounts, resolver, extras);
        table
    }

    /// Accounts of which nothing is known.
    fn unknown(accounts: usize, without_profile: u64) -> Self {
        let texts = || Texts::unknown(accounts);
        Self {
            handle: texts(),
            name: texts(),
            bio: texts(),
            role: texts(),
            role_evidence: texts(),
            scale: texts(),
            usage: texts(),
            country: texts(),
            url: texts(),
            verified: Sparse::unknown(accounts),
            followers: Sparse::unknown(accounts),
            created: Sparse::unknown(accounts),
            leaning: Sparse::unknown(accounts),
            extras: Vec::new(),
            without_profile,
        }
    }

    /// Roles as groups.
    pub fn roles(&self) -> Grouping {
        Grouping::from_texts(&self.role)
    }

    /// A column of an account file by name, as text.
    pub fn extra(&self, name: &str) -> Option<&Texts> {
        self.extras.iter().find(|(known, _)| known == name).map(|(_, values)| values)
    }
}

fn put<T>(column: &mut Sparse<T>, row: usize, value: Option<impl Into<T>>) {
    if let Some(value) = value {
        column.push(row, value.into());
    }
}

/// One profile a node: several of one account fill each other's gaps, in the order of their precedence.
fn merged(accounts: &Dictionary, resolver: &Resolver, mut profiles: Vec<Profile>) -> BTreeMap<NodeId, Profile> {
    profiles.par_sort_by(Profile::precedence);
    let mut known: BTreeMap<NodeId, Profile> = BTreeMap::new();
    for profile in profiles {
        let Some(node) = resolver.node(accounts, &profile.account) else { continue };
        match known.entry(node) {
            Entry::Vacant(slot) => drop(slot.insert(profile)),
            Entry::Occupied(mut before) => before.get_mut().fill_from(&profile),
        }
    }
    known
}

/// Fills role, scale and use from name and bio where they are not given; returns the evidence.
fn classify(profile: &mut Profile, lexicon: &Lexicon, known_roles: &[String]) -> Option<String> {
    let found = lexicon.classify(profile.name.as_deref(), profile.bio.as_deref());
    let evidence = match &mut profile.role {
        Some(given) => {
            // A word of the lexicon in another case is that word; any other word is kept as given.
            if let Some(known) = known_roles.iter().find(|known| known.eq_ignore_ascii_case(given)) {
                *given = known.as_str().into();
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
        profile.scale = found.scale.map(|scale| scale.as_str().into());
    }
    if profile.usage.is_none() {
        profile.usage = found.usage.map(|usage| usage.as_str().into());
    }
    evidence
}

/// Extra columns by node; where two files give a value, the first by value wins, whatever their order.
fn lay_out(accounts: &Dictionary, resolver: &Resolver, extras: Vec<(String, Vec<(String, String)>)>) -> Vec<(String, Texts)> {
    let mut columns: BTreeMap<String, BTreeMap<NodeId, String>> = BTreeMap::new();
    let mut order: Vec<String> = Vec::new();
    for (name, values) in extras {
        if !order.contains(&name) {
            order.push(name.clone());
        }
        let column = columns.entry(name).or_default();
        for (account, value) in values {
            let Some(node) = resolver.node(accounts, &account) else { continue };
            match column.entry(node) {
                Entry::Vacant(slot) => drop(slot.insert(value)),
                Entry::Occupied(mut before) if value < *before.get() => drop(before.insert(value)),
                Entry::Occupied(_) => {}
            }
        }
    }
    let laid_out = |name: String| {
        let mut texts = Texts::unknown(accounts.len());
        columns.remove(&name)?.into_iter().for_each(|(node, value)| texts.push(node.row(), value));
        Some((name, texts))
    };
    order.into_iter().filter_map(laid_out).collect()
}
