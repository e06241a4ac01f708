//! Refinement: each community is built anew from single nodes, so that its parts are connected.

use super::chunk::{Chunk, LABEL, PENDING, ScratchPool};
use super::level::Level;
use super::mass::Mass;
use crate::MetricError;
use rayon::prelude::*;

/// Splits each community of `labels` into well-connected parts; returns each node's part, numbered from 0, and the number of
/// parts. `masses` are those of the communities.
pub(super) fn refine<M: Mass>(
    level: &Level<'_, M>,
    order: &[u32],
    labels: &[u32],
    masses: &[M],
    pull: f64,
    pool: &ScratchPool,
    step: &dyn Fn() -> Result<(), MetricError>,
) -> Result<(Vec<u32>, usize), MetricError> {
    let n = level.len();
    let task_len = level.task_len();
    // Parts are numbered community by community: a part's number tells its community, and what a node looks at lies close
    // together.
    let (first, members) = sorted(labels, masses.len());
    let mut parts = vec![0_u32; n];
    for (at, &node) in members.iter().enumerate() {
        parts[node as usize] = at as u32;
    }
    // Weight of the ties between a part and the rest of its community.
    let inner = level.inner_weights(labels, false);
    let mut cut: Vec<f64> = members.iter().map(|&node| inner[node as usize]).collect();
    let mut mass: Vec<M> = members.iter().map(|&node| level.mass[node as usize]).collect();
    let mut size = vec![1_u32; n];
    let mut chunk = Chunk::new(n);
    let connected = |cut: f64, part: M, whole: M| cut >= part.times(pull).meet(whole.minus(part));
    let mut queue: Vec<u32> = order.to_vec();
    while !queue.is_empty() {
        let mut again = Vec::new();
        let mut rest = queue.iter();
        while chunk.fill(&mut rest) {
            step()?;
            let blocks = chunk.propose(&mut parts, task_len, pool, |node, parts, scratch, note| {
                let (own, community) = ((parts[node as usize] & LABEL) as usize, labels[node as usize] as usize);
                let (mine, whole) = (mass[own], masses[community]);
                if size[own] != 1 || cut[own] == 0.0 || !connected(cut[own], mine, whole) {
                    return None;
                }
                let (low, len) = (first[community], first[community + 1] - first[community]);
                level.for_each(node, |neighbour, weight| {
                    let part = parts[neighbour];
                    if (part & LABEL).wrapping_sub(low) >= len || neighbour == node as usize {
                        return;
                    }
                    if part & PENDING != 0 {
                        note(neighbour, weight);
                    }
                    scratch.add(part & LABEL, weight);
                });
                let (mut best, mut target, mut there) = (0.0, None, 0.0);
                let weight = mine.times(pull);
                scratch.drain(|part, sum| {
                    let value = sum - weight.meet(mass[part as usize]);
                    let better = value > best || (value == best && target.is_some_and(|target| part < target));
                    if better && connected(cut[part as usize], mass[part as usize], whole) {
                        (best, target, there) = (value, Some(part), sum);
                    }
                });
                target.map(|target| (target, 0.0, there))
            });
            chunk.settle(&blocks, &mut parts, |proposal, from| {
                let (own, to) = (from as usize, proposal.target as usize);
                if size[own] != 1 {
                    return None;
                }
                let whole = masses[labels[proposal.node as usize] as usize];
                let gains = proposal.there > mass[own].times(pull).meet(mass[to]);
                let pays = size[to] > 0 && gains && connected(cut[to], mass[to], whole);
                if !pays {
                    again.push(proposal.node);
                    return None;
                }
                size[to] += 1;
                size[own] = 0;
                cut[to] += cut[own] - 2.0 * proposal.there;
                mass[to] = mass[to].plus(mass[own]);
                Some(proposal.target)
            });
        }
        queue = again;
    }
    let (mut renamed, mut count) = (vec![0_u32; n], 0);
    for part in 0..n {
        renamed[part] = count;
        count += u32::from(size[part] > 0);
    }
    parts.par_iter_mut().with_min_len(4096).for_each(|part| *part = renamed[*part as usize]);
    Ok((parts, count as usize))
}

/// Nodes sorted by label, ascending within each, and where each label starts.
pub(super) fn sorted(labels: &[u32], count: usize) -> (Vec<u32>, Vec<u32>) {
    let mut first = vec![0_u32; count + 1];
    for &label in labels {
        first[label as usize + 1] += 1;
    }
    for label in 0..count {
        first[label + 1] += first[label];
    }
    let mut cursor = first.clone();
    let mut members = vec![0_u32; labels.len()];
    for (node, &label) in labels.iter().enumerate() {
        members[cursor[label as usize] as usize] = node as u32;
        cursor[label as usize] += 1;
    }
    (first, members)
}
