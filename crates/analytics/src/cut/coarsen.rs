//! Contraction: nodes that hang together become one, level by level.
//!
//! Size-constrained label propagation makes the groups. What finds all its neighbours' groups full (the leaves of a hub) is put together with others that would have liked to be in
//! the same group; without that, networks of stars would hardly shrink.

use super::level::Level;
use echogram_graph::synthetic::Stream;

/// The coarsest level has about this many nodes.
const COARSEST: usize = 80;
/// No group holds more than this share of all accounts.
const MOST: u64 = 60;
/// No group is larger than this many times the mean size of a node: small steps make good cuts.
const GROWTH: u64 = 5;
/// Rounds of propagation for a level.
const ROUNDS: usize = 3;
/// A level that keeps more than this share of the nodes is the last.
const SHRINKS: f64 = 0.95;

/// A level, and the group of each node of the finer one before that is one of its nodes.
pub(super) type Coarser = (Level, Vec<u32>);

/// Coarser and coarser levels, each with the groups of the one before; and the halves of the coarsest, where a division is known.
pub(super) fn levels(finest: &Level, known: Option<(&[u8], &[u8])>, draw: &mut Stream) -> (Vec<Coarser>, Option<Vec<u8>>) {
    let mut levels: Vec<Coarser> = Vec::new();
    let mut known = known.map(|(halves, borders)| (halves.to_vec(), borders.to_vec()));
    loop {
        let level = levels.last().map_or(finest, |level| &level.0);
        if level.nodes() <= COARSEST {
            break;
        }
        let most = (level.total() / MOST).min(GROWTH * level.total() / level.nodes() as u64).max(level.largest());
        let (groups, count) = groups(level, most, known.as_ref().map(|known| known.1.as_slice()), draw);
        if count as f64 > SHRINKS * level.nodes() as f64 {
            break;
        }
        let coarser = level.contracted(&groups, count);
        if let Some((halves, borders)) = &mut known {
            for fine in [halves, borders] {
                let mut coarse = vec![0; count];
                groups.iter().zip(fine.iter()).for_each(|(&group, &half)| coarse[group as usize] = half);
                *fine = coarse;
            }
        }
        levels.push((coarser, groups));
    }
    (levels, known.map(|known| known.0))
}

/// Groups of at most `most` accounts that do not cross the halves.
fn groups(level: &Level, most: u64, halves: Option<&[u8]>, draw: &mut Stream) -> (Vec<u32>, usize) {
    let n = level.nodes();
    let mut label: Vec<u32> = (0..n as u32).collect();
    let mut room: Vec<u64> = (0..n as u32).map(|node| level.size(node)).collect();
    let mut order: Vec<u32> = (0..n as u32).collect();
    shuffle(&mut order, draw);
    order.sort_by_key(|&node| level.row(node).len());
    let (mut weight, mut seen) = (vec![0_u32; n], Vec::new());
    let mut liked: Vec<u32> = vec![u32::MAX; n];
    for _ in 0..ROUNDS {
        let mut moved = 0;
        for &node in &order {
            for &(other, more) in level.row(node) {
                if halves.is_none_or(|halves| halves[other as usize] == halves[node as usize]) {
                    let to = label[other as usize];
                    if weight[to as usize] == 0 {
                        seen.push(to);
                    }
                    weight[to as usize] += more;
                }
            }
            let (own, size) = (label[node as usize], level.size(node));
            let (mut best, mut highest, mut wished, mut wish) = (own, weight[own as usize], u32::MAX, 0);
            let turn = draw.below(seen.len().max(1) as u64) as usize;
            // From a drawn place on, so that ties in weight are broken at random.
            for &to in seen[turn..].iter().chain(&seen[..turn]) {
                let here = weight[to as usize];
                if here > wish {
                    (wished, wish) = (to, here);
                }
                if here > highest && to != own && room[to as usize] + size <= most {
                    (best, highest) = (to, here);
                }
            }
            seen.drain(..).for_each(|to| weight[to as usize] = 0);
            liked[node as usize] = wished;
            if best != own {
                room[own as usize] -= size;
                room[best as usize] += size;
                label[node as usize] = best;
                moved += 1;
            }
        }
        if moved * 50 < n {
            break;
        }
    }
    share_wishes(level, most, halves, &order, &liked, &mut label, &mut room);
    renumbered(label)
}

/// Nodes that are still alone join others that are alone and like the same group.
fn share_wishes(
    level: &Level,
    most: u64,
    halves: Option<&[u8]>,
    order: &[u32],
    liked: &[u32],
    label: &mut [u32],
    room: &mut [u64],
) {
    let mut open: Vec<u32> = vec![u32::MAX; label.len()];
    for &node in order {
        let (own, size) = (label[node as usize], level.size(node));
        let wished = liked[node as usize];
        if wished == u32::MAX || wished == own || room[own as usize] != size {
            continue;
        }
        let to = open[wished as usize];
        let fits = to != u32::MAX
            && room[to as usize] + size <= most
            && halves.is_none_or(|halves| halves[to as usize] == halves[node as usize]);
        if fits {
            room[own as usize] -= size;
            room[to as usize] += size;
            label[node as usize] = to;
        } else if own == node {
            open[wished as usize] = own;
        }
    }
}

/// Labels 0..count in the order of their first members.
fn renumbered(mut label: Vec<u32>) -> (Vec<u32>, usize) {
    let mut new = vec![u32::MAX; label.len()];
    let mut count = 0;
    for label in &mut label {
        let known = &mut new[*label as usize];
        if *known == u32::MAX {
            *known = count;
            count += 1;
        }
        *label = *known;
    }
    (label, count as usize)
}

/// Every order equally likely.
pub(super) fn shuffle(items: &mut [u32], draw: &mut Stream) {
    for place in (1..items.len()).rev() {
        items.swap(place, draw.below(place as u64 + 1) as usize);
    }
}
