//! Batches of all inputs -> one network: keys sorted into one account space, handles resolved, posts counted once, layers built.

use crate::batch::{Batch, Keys};
use crate::posts::{AUTHORS, count_posts_once};
use crate::profile::Profile;
use crate::{IngestError, accounts::AccountFile};
use echogram_graph::{Dictionary, EdgeRows, Layer, Network, NodeId, canonical_u64};
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};

/// Numbers up to here are marked in a bit set rather than sorted (32 MiB).
const BITSET_END: u64 = 1 << 28;

/// Keys that stand for other keys: handles of accounts whose id is known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Resolver {
    aliases: HashMap<String, String>,
}

impl Resolver {
    /// A handle stands for an account if just one profile has it, and if it is no account's key itself. `@name` from a post is looked up the
    /// same way, and is the key `name` where nobody has it.
    fn new(batches: &[Batch], profiles: &[&Profile]) -> Self {
        let mut by_handle: HashMap<String, Option<&str>> = HashMap::new();
        let mut own_keys: HashMap<&str, ()> = HashMap::new();
        for profile in profiles {
            own_keys.insert(&profile.account, ());
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
        let mut aliases = HashMap::new();
        let tables = batches.iter().filter_map(|batch| match &batch.keys {
            Keys::Table(table) => Some(table),
            Keys::Raw => None,
        });
        for key in tables.flat_map(|table| (0..table.len()).map(|code| table.get(code))) {
            let name = key.strip_prefix('@').filter(|name| !name.is_empty());
            if own_keys.contains_key(key) {
                continue;
            }
            match by_handle.get(&name.unwrap_or(key).to_lowercase()).copied().flatten() {
                Some(account) if account != key => drop(aliases.insert(key.to_owned(), account.to_owned())),
                _ => drop(name.and_then(|name| aliases.insert(key.to_owned(), name.to_owned()))),
            }
        }
        Self { aliases }
    }

    fn key<'a>(&'a self, key: &'a str) -> &'a str {
        self.aliases.get(key).map_or(key, String::as_str)
    }

    /// The node of a key or of what it stands for.
    pub(crate) fn node(&self, accounts: &Dictionary, key: &str) -> Option<NodeId> {
        accounts.find(self.key(key))
    }
}

/// What assembling found out beside the network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AssemblyFacts {
    /// Distinct posts.
    pub posts: u64,
    /// Posts that stood on more than one page.
    pub repeated_posts: u64,
    /// Posts, likes, follows and the like that were deleted later and are not counted.
    pub undone: u64,
    /// Deletions of what no input holds.
    pub idle_deletions: u64,
    /// Replies, reposts and quotes of posts that no input holds.
    pub unresolved_references: u64,
    /// Keys that were handles of accounts known by another key.
    pub resolved_handles: u64,
    /// Accounts that stand only in account files or profiles.
    pub isolated_profiles: u64,
}

pub(crate) struct Assembled {
    pub(crate) network: Network,
    pub(crate) resolver: Resolver,
    pub(crate) edge_roles: BTreeMap<u32, String>,
    pub(crate) facts: AssemblyFacts,
}

/// The keys that stand at an end of a tie, before account files are looked at.
pub(crate) fn edge_keys(batches: &[Batch]) -> Result<Dictionary, IngestError> {
    dictionary(batches, &Resolver::default(), &[])
}

pub(crate) fn assemble(
    mut batches: Vec<Batch>,
    files: &[AccountFile],
    directed: bool,
    keep_isolates: bool,
) -> Result<Assembled, IngestError> {
    let mut facts = count_posts_once(&mut batches);
    let profiles: Vec<&Profile> =
        batches.iter().flat_map(|batch| &batch.profiles).chain(files.iter().flat_map(|file| &file.profiles)).collect();
    let resolver = Resolver::new(&batches, &profiles);
    let others: Vec<&str> =
        if keep_isolates { profiles.iter().map(|profile| profile.account.as_str()).collect() } else { Vec::new() };
    let accounts = dictionary(&batches, &resolver, &others)?;
    let nodes = accounts.len();
    facts.resolved_handles =
        resolver.aliases.values().filter(|key| profiles.iter().any(|profile| profile.account == **key)).count() as u64;
    let mut relations: BTreeMap<String, Vec<EdgeRows>> = BTreeMap::new();
    let mut roles: BTreeMap<u32, BTreeMap<String, u64>> = BTreeMap::new();
    let dense = dense_ranks(&accounts, &batches);
    let parts: Vec<Vec<(String, EdgeRows)>> = batches
        .par_iter_mut()
        .map(|batch| {
            let nodes_of = NodesOfCodes::new(batch, &accounts, &resolver, dense.as_deref());
            let to_nodes = |codes: Vec<u32>| codes.into_iter().map(|code| nodes_of.node(code)).collect::<Vec<NodeId>>();
            let relations = std::mem::take(&mut batch.relations);
            for role in &mut batch.roles {
                role.0 = nodes_of.node(role.0).0;
            }
            relations
                .into_iter()
                .filter(|(relation, _)| relation != AUTHORS)
                .map(|(relation, rows)| {
                    let rows = EdgeRows {
                        sources: to_nodes(rows.sources),
                        targets: to_nodes(rows.targets),
                        weights: Some(rows.weights).filter(|weights| !weights.is_empty()),
                        times: Some(rows.times).filter(|times| !times.is_empty()),
                    };
                    (relation, rows)
                })
                .collect()
        })
        .collect();
    for (relation, rows) in parts.into_iter().flatten().filter(|part| !part.1.is_empty()) {
        relations.entry(relation).or_default().push(rows);
    }
    for (node, role) in batches.iter_mut().flat_map(|batch| std::mem::take(&mut batch.roles)) {
        *roles.entry(node).or_default().entry(role).or_default() += 1;
    }
    let layers: Vec<Layer> = relations.into_iter().map(|(name, rows)| Layer::build(name, nodes, directed, &rows)).collect();
    if keep_isolates {
        let mut tied = vec![false; nodes];
        for layer in &layers {
            for node in (0..nodes).map(NodeId::new) {
                for target in layer.edges().neighbours(node) {
                    tied[node.row()] = true;
                    tied[target.row()] = true;
                }
            }
        }
        facts.isolated_profiles = tied.iter().filter(|tied| !**tied).count() as u64;
    }
    // The role that most rows give to an account; ties go to the first by name.
    let edge_roles = roles
        .into_iter()
        .filter_map(|(node, counts)| {
            counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0))).map(|(role, _)| (node, role))
        })
        .collect();
    Ok(Assembled { network: Network::new(accounts, directed, layers), resolver, edge_roles, facts })
}

/// Whether no input has directed edges, as graph files may say. Where others have, an edge without direction becomes two.
pub(crate) fn settle_directions(batches: &mut [Batch], notes: &mut Vec<String>) -> bool {
    let has_ties = |batch: &Batch| !batch.relations.is_empty() || !batch.posts.is_empty();
    if !batches.iter().any(|batch| batch.is_undirected && has_ties(batch)) {
        return false;
    }
    if batches.iter().all(|batch| batch.is_undirected || !has_ties(batch)) {
        return true;
    }
    notes.push(
        "some inputs have directed edges and some do not: an edge without direction counts as two, one each way".to_owned(),
    );
    for rows in batches.iter_mut().filter(|batch| batch.is_undirected).flat_map(|batch| batch.relations.values_mut()) {
        rows.mirror();
    }
    false
}

/// All keys of all batches, and `others`, sorted.
fn dictionary(batches: &[Batch], resolver: &Resolver, others: &[&str]) -> Result<Dictionary, IngestError> {
    let all_raw = batches.iter().all(|batch| matches!(batch.keys, Keys::Raw));
    let other_numbers: Option<Vec<u64>> = others.iter().map(|key| canonical_u64(key.as_bytes())).collect();
    let dictionary = match other_numbers {
        Some(mut numbers) if all_raw => {
            numbers.extend(raw_numbers(batches));
            Dictionary::from_numbers(numbers)
        }
        _ => {
            let raw: Vec<String> = raw_numbers(batches).into_iter().map(|number| number.to_string()).collect();
            let mut texts: Vec<&str> = others.to_vec();
            texts.extend(raw.iter().map(String::as_str));
            for batch in batches {
                if let Keys::Table(table) = &batch.keys {
                    texts.extend((0..table.len()).map(|code| resolver.key(table.get(code))));
                }
            }
            Dictionary::from_texts(texts)
        }
    };
    if dictionary.len() >= u32::MAX as usize { Err(IngestError::TooManyAccounts) } else { Ok(dictionary) }
}

/// All codes that a batch holds.
fn codes(batch: &Batch) -> impl Iterator<Item = u32> {
    let ends = batch.relations.values().flat_map(|rows| rows.sources.iter().chain(&rows.targets)).copied();
    ends.chain(batch.posts.iter().flat_map(|post| std::iter::once(post.author).chain(post.ties.iter().map(|tie| tie.1))))
}

/// The distinct numbers that stand in raw batches.
fn raw_numbers(batches: &[Batch]) -> Vec<u64> {
    let raw: Vec<&Batch> = batches.iter().filter(|batch| matches!(batch.keys, Keys::Raw)).collect();
    let highest = raw.par_iter().filter_map(|batch| codes(batch).max()).max();
    let Some(highest) = highest.map(u64::from) else { return Vec::new() };
    if highest < BITSET_END {
        let words: Vec<AtomicU64> = (0..=highest / 64).map(|_| AtomicU64::new(0)).collect();
        raw.par_iter().for_each(|batch| {
            for code in codes(batch) {
                let (word, bit) = (&words[code as usize / 64], 1 << (code % 64));
                if word.load(Ordering::Relaxed) & bit == 0 {
                    word.fetch_or(bit, Ordering::Relaxed);
                }
            }
        });
        let set = |at: usize, word: u64| (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at as u64 * 64 + bit);
        return words.into_iter().map(AtomicU64::into_inner).enumerate().flat_map(|(at, word)| set(at, word)).collect();
    }
    let parts: Vec<Vec<u64>> = raw
        .par_iter()
        .map(|batch| {
            let mut numbers: Vec<u64> = codes(batch).map(u64::from).collect();
            numbers.sort_unstable();
            numbers.dedup();
            numbers
        })
        .collect();
    parts.concat()
}

/// The node of each small number, where all keys are numbers that lie close together.
fn dense_ranks(accounts: &Dictionary, batches: &[Batch]) -> Option<Vec<u32>> {
    if !accounts.is_numeric() || accounts.is_empty() || !batches.iter().any(|batch| matches!(batch.keys, Keys::Raw)) {
        return None;
    }
    let highest = canonical_u64(accounts.key(NodeId::new(accounts.len() - 1)).as_bytes())?;
    if highest >= BITSET_END || highest > 16 * accounts.len() as u64 + (1 << 20) {
        return None;
    }
    let mut ranks = vec![u32::MAX; highest as usize + 1];
    for (row, key) in accounts.iter().enumerate() {
        ranks[canonical_u64(key.as_bytes())? as usize] = row as u32;
    }
    Some(ranks)
}

/// The nodes of one batch's codes.
enum NodesOfCodes<'a> {
    Dense(&'a [u32]),
    Searched(&'a Dictionary),
    Table(Vec<NodeId>),
}

impl<'a> NodesOfCodes<'a> {
    fn new(batch: &Batch, accounts: &'a Dictionary, resolver: &Resolver, dense: Option<&'a [u32]>) -> Self {
        match (&batch.keys, dense) {
            (Keys::Raw, Some(dense)) => Self::Dense(dense),
            (Keys::Raw, None) => Self::Searched(accounts),
            (Keys::Table(table), _) => Self::Table(
                (0..table.len())
                    .map(|code| resolver.node(accounts, table.get(code)).expect("every key was put into the dictionary"))
                    .collect(),
            ),
        }
    }

    fn node(&self, code: u32) -> NodeId {
        match self {
            Self::Dense(ranks) => NodeId(ranks[code as usize]),
            Self::Searched(accounts) => accounts.find_number(u64::from(code)).expect("every key was put into the dictionary"),
            Self::Table(nodes) => nodes[code as usize],
        }
    }
}
