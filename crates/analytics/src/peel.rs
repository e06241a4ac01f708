//! Peeling: take away whoever has the fewest ties left, again and again. Cores of every kind differ only in which ties count.

use crate::MetricError;
use echogram_graph::NodeId;
use rayon::prelude::*;
use std::sync::atomic::{AtomicU32, Ordering};

/// Nodes looked at by one task of a scan.
const SCAN: usize = 1 << 12;
/// Nodes of a wave that begin one task.
const CHUNK: usize = 1 << 6;
/// Entries after which a task hands the rest of its own avalanche to the next wave, where all threads share it.
const BUDGET: usize = 1 << 14;

/// Each node's number of ties in `row`, itself not counted.
pub(crate) fn tie_counts<'g>(n: usize, row: impl Fn(NodeId) -> &'g [NodeId] + Sync) -> Vec<AtomicU32> {
    let count = |node| {
        let ties = row(node);
        let own = usize::from(ties.binary_search(&node).is_ok());
        AtomicU32::new(NodeId::new(ties.len() - own).0)
    };
    (0..n).into_par_iter().with_min_len(SCAN).map(|at| count(NodeId::new(at))).collect()
}

/// For each node the largest k such that it survives when all that have fewer than k ties left are taken away, again and again.
///
/// `left` holds each node's number of ties; `losers` are the nodes that lose one when a node goes (a node may be among its own losers).
/// Within a level a task follows its own avalanche. Counts fall by atomic decrements and stop at the level, so each node falls once, and
/// what is left of a count is the result, in whatever order it happened. `step` is told how many have gone.
///
/// Cost: O(V + E) and one scan of the nodes per distinct result; the scanned list is cut whenever half of it is gone. 8 bytes per node.
pub(crate) fn peel<'g>(
    left: Vec<AtomicU32>,
    losers: impl Fn(NodeId) -> &'g [NodeId] + Sync,
    step: &dyn Fn(u64) -> Result<(), MetricError>,
) -> Result<Vec<u32>, MetricError> {
    let n = left.len();
    let mut remaining: Vec<u32> = (0..NodeId::new(n).0).collect();
    let mut level = 0;
    loop {
        let Scan { mut wave, above, lowest } = scan(&remaining, &left, level);
        let gone = (n - above - wave.len()) as u64;
        step(gone)?;
        if wave.is_empty() {
            if above == 0 {
                break;
            }
            level = lowest;
            continue;
        }
        if above < remaining.len() / 2 {
            remaining = remaining
                .into_par_iter()
                .with_min_len(SCAN)
                .filter(|&node| left[node as usize].load(Ordering::Relaxed) > level)
                .collect();
        }
        while !wave.is_empty() {
            step(gone)?;
            wave = if wave.len() <= CHUNK {
                fall(&wave, &left, &losers, level)
            } else {
                wave.par_chunks(CHUNK).map(|chunk| fall(chunk, &left, &losers, level)).reduce(Vec::new, joined)
            };
        }
        level += 1;
    }
    Ok(left.into_iter().map(AtomicU32::into_inner).collect())
}

/// What one look at the remaining nodes finds.
struct Scan {
    /// Nodes with as many ties as the level; those that went before have fewer.
    wave: Vec<u32>,
    /// How many have more.
    above: usize,
    /// The fewest ties among these.
    lowest: u32,
}

fn scan(remaining: &[u32], left: &[AtomicU32], level: u32) -> Scan {
    let part = |nodes: &[u32]| {
        let mut found = Scan { wave: Vec::new(), above: 0, lowest: u32::MAX };
        for &node in nodes {
            let ties = left[node as usize].load(Ordering::Relaxed);
            if ties > level {
                found.above += 1;
                found.lowest = found.lowest.min(ties);
            } else if ties == level {
                found.wave.push(node);
            }
        }
        found
    };
    remaining.par_chunks(SCAN).map(part).reduce(
        || part(&[]),
        |one, other| Scan {
            wave: joined(one.wave, other.wave),
            above: one.above + other.above,
            lowest: one.lowest.min(other.lowest),
        },
    )
}

fn joined(mut one: Vec<u32>, mut other: Vec<u32>) -> Vec<u32> {
    if one.is_empty() {
        return other;
    }
    one.append(&mut other);
    one
}

/// Takes `nodes` away and those that thereby fall to `level`, too; gives back whom the budget left standing.
fn fall<'g>(nodes: &[u32], left: &[AtomicU32], losers: &impl Fn(NodeId) -> &'g [NodeId], level: u32) -> Vec<u32> {
    let mut fallen = Vec::new();
    let (mut entries, mut next) = (0, 0);
    for &node in nodes {
        entries += take(node, left, losers, level, &mut fallen);
    }
    while entries < BUDGET && next < fallen.len() {
        entries += take(fallen[next], left, losers, level, &mut fallen);
        next += 1;
    }
    fallen.drain(..next);
    fallen
}

/// Takes `node` away, notes who falls thereby, and says how many entries that took.
fn take<'g>(node: u32, left: &[AtomicU32], losers: &impl Fn(NodeId) -> &'g [NodeId], level: u32, fallen: &mut Vec<u32>) -> usize {
    let row = losers(NodeId(node));
    for &other in row {
        let ties = &left[other.row()];
        let before = ties.try_update(Ordering::Relaxed, Ordering::Relaxed, |ties| (ties > level).then(|| ties - 1));
        if before == Ok(level + 1) {
            fallen.push(other.0);
        }
    }
    row.len()
}
