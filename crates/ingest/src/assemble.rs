//! Batches of all inputs -> one network: keys sorted into one account space, handles resolved, posts counted once, layers built.

use crate::batch::{Batch, Rows};
use crate::intake::{Intake, LeftOut};
use crate::key_space::UsedKeys;
use crate::period::Window;
use crate::posts::{AUTHORS, count_posts_once};
use crate::profile::Profile;
use crate::resolver::Resolver;
use crate::{IngestError, accounts::AccountFile};
use echogram_graph::{Dictionary, EdgeRows, Layer, NO_TIME, Network, NodeId};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

/// More windows than this are a mistake.
const MOST_WINDOWS: i64 = 10_000;

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
    /// Rows without a time.
    pub without_time: u64,
    /// Ties that the period left out.
    pub left_out: LeftOut,
}

/// The network of one window of time, over the accounts of all.
#[derive(Clone, Debug)]
pub struct TimeWindow {
    /// First moment, microseconds UTC.
    pub start: i64,
    /// First moment after it.
    pub end: i64,
    /// Its ties.
    pub network: Network,
}

pub(crate) struct Assembled {
    pub(crate) network: Network,
    pub(crate) windows: Vec<TimeWindow>,
    pub(crate) resolver: Resolver,
    pub(crate) edge_roles: BTreeMap<u32, String>,
    pub(crate) facts: AssemblyFacts,
}

pub(crate) fn assemble(
    intake: Intake,
    files: &[AccountFile],
    directed: bool,
    keep_isolates: bool,
    window: Option<Window>,
) -> Result<Assembled, IngestError> {
    let Intake { mut batches, interner, period, left_out, .. } = intake;
    let mut facts = count_posts_once(&mut batches, &interner, period);
    facts.left_out.without_time += left_out.without_time;
    facts.left_out.outside += left_out.outside;
    let profiles: Vec<&Profile> = files.iter().flat_map(|file| &file.profiles).collect();
    let used = UsedKeys::of(batches.iter(), &interner);
    let resolver = Resolver::new(used.texts(), &profiles);
    facts.resolved_handles = resolver.resolved_handles;
    let others: Vec<&str> =
        if keep_isolates { profiles.iter().map(|profile| profile.account.as_str()).collect() } else { Vec::new() };
    let (accounts, nodes_of) = used.into_space(&resolver, &others)?;
    drop(interner);
    let nodes = accounts.len();
    let mut relations: BTreeMap<String, Vec<EdgeRows>> = BTreeMap::new();
    let mut roles: BTreeMap<u32, BTreeMap<String, u64>> = BTreeMap::new();
    let parts: Vec<Vec<(String, EdgeRows)>> = batches
        .par_iter_mut()
        .map(|batch| {
            let to_nodes = |codes| nodes_of.of(&batch.keys, codes);
            let (codes, words): (Vec<_>, Vec<_>) = std::mem::take(&mut batch.roles).into_iter().unzip();
            batch.roles = to_nodes(codes).into_iter().map(|node| node.0).zip(words).collect();
            let rows = |(relation, rows): (String, Rows)| {
                let (weights, times) = (Some(rows.weights), Some(rows.times));
                let rows = EdgeRows {
                    sources: to_nodes(rows.sources),
                    targets: to_nodes(rows.targets),
                    weights: weights.filter(|weights| !weights.is_empty()),
                    times: times.filter(|times| !times.is_empty()),
                };
                (relation, rows)
            };
            let relations = std::mem::take(&mut batch.relations);
            relations.into_iter().filter(|(relation, _)| relation != AUTHORS).map(rows).collect()
        })
        .collect();
    for (relation, rows) in parts.into_iter().flatten().filter(|part| !part.1.is_empty()) {
        relations.entry(relation).or_default().push(rows);
    }
    for (node, role) in batches.iter_mut().flat_map(|batch| std::mem::take(&mut batch.roles)) {
        *roles.entry(node).or_default().entry(role).or_default() += 1;
    }
    drop(batches);
    let windows = match window {
        Some(window) => windows(&relations, window, &accounts, directed)?,
        None => Vec::new(),
    };
    facts.without_time = relations.values().flatten().map(rows_without_time).sum();
    let layers: Vec<Layer> = relations.into_iter().map(|(name, rows)| Layer::build(name, nodes, directed, rows)).collect();
    if keep_isolates {
        let tied: Vec<AtomicBool> = (0..nodes).map(|_| AtomicBool::new(false)).collect();
        for edges in layers.iter().map(Layer::edges) {
            (0..nodes).into_par_iter().map(NodeId::new).filter(|&node| edges.degree(node) > 0).for_each(|node| {
                tied[node.row()].store(true, Ordering::Relaxed);
                edges.neighbours(node).iter().for_each(|target| tied[target.row()].store(true, Ordering::Relaxed));
            });
        }
        facts.isolated_profiles = tied.into_iter().filter(|tied| !tied.load(Ordering::Relaxed)).count() as u64;
    }
    // The role that most rows give to an account; ties go to the first by name.
    let edge_roles = roles
        .into_iter()
        .filter_map(|(node, counts)| {
            counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0))).map(|(role, _)| (node, role))
        })
        .collect();
    Ok(Assembled { network: Network::new(accounts, directed, layers), windows, resolver, edge_roles, facts })
}

fn rows_without_time(rows: &EdgeRows) -> u64 {
    rows.times.as_ref().map_or(rows.len(), |times| times.iter().filter(|&&time| time == NO_TIME).count()) as u64
}

/// The network of each window, from the first that holds a tie to the last; ties without a time stand in none.
fn windows(
    relations: &BTreeMap<String, Vec<EdgeRows>>,
    window: Window,
    accounts: &Dictionary,
    directed: bool,
) -> Result<Vec<TimeWindow>, IngestError> {
    let mut by_number: BTreeMap<i64, BTreeMap<&str, EdgeRows>> = BTreeMap::new();
    for (relation, parts) in relations {
        for part in parts {
            let Some(times) = &part.times else { continue };
            for (row, &time) in times.iter().enumerate().filter(|(_, time)| **time != NO_TIME) {
                let rows = by_number.entry(window.number(time)).or_default().entry(relation).or_default();
                rows.sources.push(part.sources[row]);
                rows.targets.push(part.targets[row]);
                rows.weights
                    .get_or_insert_default()
                    .push(part.weights.as_ref().and_then(|weights| weights.get(row)).unwrap_or(1.0));
            }
        }
    }
    let (Some(&first), Some(&last)) = (by_number.keys().next(), by_number.keys().next_back()) else { return Ok(Vec::new()) };
    if last - first >= MOST_WINDOWS {
        return Err(IngestError::TooManyWindows {
            windows: (last - first + 1).unsigned_abs(),
            most: MOST_WINDOWS.unsigned_abs(),
        });
    }
    let made = |number: i64| {
        let rows = by_number.remove(&number).unwrap_or_default();
        let layers = rows.into_iter().map(|(name, rows)| Layer::build(name, accounts.len(), directed, vec![rows])).collect();
        TimeWindow {
            start: window.start(number),
            end: window.start(number + 1),
            network: Network::new(accounts.clone(), directed, layers),
        }
    };
    Ok((first..=last).map(made).collect())
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
