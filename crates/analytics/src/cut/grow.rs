//! The first division, of the coarsest level: a region grown from a drawn start until it is half, improved by moves; the best of several.

use super::level::Level;
use super::refine;
use echogram_graph::synthetic::Stream;

/// Regions grown.
const TRIES: u32 = 12;

/// Two halves, of at most `limit` accounts each where groups are small enough to allow it.
pub(super) fn divide(level: &Level, limit: u64, draw: &mut Stream) -> Vec<u8> {
    let mut best: Option<(u64, u64, Vec<u8>)> = None;
    for _ in 0..TRIES {
        let mut halves = grown(level, draw);
        refine::improve(level, limit, &mut halves, draw);
        let over = excess(level, limit, &halves);
        let cut = level.cut(&halves);
        if best.as_ref().is_none_or(|best| (over, cut) < (best.0, best.1)) {
            best = Some((over, cut, halves));
        }
    }
    best.expect("there is a try").2
}

/// Accounts beyond the limit.
fn excess(level: &Level, limit: u64, halves: &[u8]) -> u64 {
    let first: u64 = (0..level.nodes() as u32).filter(|&node| halves[node as usize] == 0).map(|node| level.size(node)).sum();
    first.max(level.total() - first).saturating_sub(limit)
}

/// Half of the accounts, grown from a drawn node by the neighbour that adds least to the border.
fn grown(level: &Level, draw: &mut Stream) -> Vec<u8> {
    let n = level.nodes();
    let mut halves = vec![1_u8; n];
    // Weight of ties into the region less that of ties out of it; only nodes beside the region have one.
    let mut gain: Vec<Option<i64>> = vec![None; n];
    let (mut size, half) = (0, level.total() / 2);
    let mut next = Some(draw.below(n as u64) as u32);
    while let Some(node) = next.filter(|_| size < half) {
        halves[node as usize] = 0;
        gain[node as usize] = None;
        size += level.size(node);
        for &(other, weight) in level.row(node) {
            if halves[other as usize] == 1 {
                let all = || -level.row(other).iter().map(|tie| i64::from(tie.1)).sum::<i64>();
                let known = gain[other as usize].get_or_insert_with(all);
                *known += 2 * i64::from(weight);
            }
        }
        // Few nodes are left on this level: a scan is as good as a queue.
        let beside = (0..n as u32).filter_map(|node| Some((gain[node as usize]?, node)));
        next = beside.max_by_key(|&(gain, node)| (gain, std::cmp::Reverse(node))).map(|found| found.1);
    }
    halves
}
