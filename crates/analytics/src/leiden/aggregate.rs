//! Aggregation: each part becomes one node of the next level.

use super::chunk::ScratchPool;
use super::level::Level;
use super::refine::sorted;
use echogram_graph::NodeId;
use rayon::prelude::*;
use std::borrow::Cow;

/// The level whose nodes are the `count` parts of `level`. Each row is summed by one task, members in order, so its bits are
/// fixed; its entries stand in the order in which they were met.
pub(super) fn aggregate(level: &Level<'_>, parts: &[u32], count: usize) -> Level<'static> {
    let (first, members) = sorted(parts, count);
    let pool = ScratchPool::new(count);
    let task_len = (count / 256).clamp(1, 256);
    let blocks: Vec<(Vec<u32>, Vec<NodeId>, Vec<f64>)> = (0..count.div_ceil(task_len))
        .into_par_iter()
        .map(|block| {
            pool.with(|scratch| {
                let (mut lens, mut targets, mut weights) = (Vec::new(), Vec::new(), Vec::new());
                for part in block * task_len..count.min((block + 1) * task_len) {
                    for &node in &members[first[part] as usize..first[part + 1] as usize] {
                        level.for_each(node, |neighbour, weight| scratch.add(parts[neighbour], weight));
                    }
                    let labels = scratch.labels();
                    lens.push(labels.len() as u32);
                    targets.extend(labels.iter().map(|&label| NodeId(label)));
                    weights.extend(labels.iter().map(|&label| scratch.of(label)));
                    scratch.clear();
                }
                (lens, targets, weights)
            })
        })
        .collect();
    let mut offsets = Vec::with_capacity(count + 1);
    let mut end = 0;
    offsets.push(0);
    for len in blocks.iter().flat_map(|block| &block.0) {
        end += u64::from(*len);
        offsets.push(end);
    }
    let (mut targets, mut weights) = (vec![NodeId(0); end as usize], vec![0.0; end as usize]);
    let (mut targets_left, mut weights_left) = (targets.as_mut_slice(), weights.as_mut_slice());
    let mut slots = Vec::with_capacity(blocks.len());
    for block in &blocks {
        let (targets_slot, targets_rest) = targets_left.split_at_mut(block.1.len());
        let (weights_slot, weights_rest) = weights_left.split_at_mut(block.1.len());
        slots.push((block, targets_slot, weights_slot));
        (targets_left, weights_left) = (targets_rest, weights_rest);
    }
    slots.into_par_iter().for_each(|(block, targets, weights)| {
        targets.copy_from_slice(&block.1);
        weights.copy_from_slice(&block.2);
    });
    Level::new(Cow::Owned(offsets), Cow::Owned(targets), Some(Cow::Owned(weights)))
}
