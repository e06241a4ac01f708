//! How often the members of each community are in one community of another partition too.

use crate::workload::offsets_of;
use echogram_graph::Partition;
use rayon::prelude::*;
use std::ops::Range;

/// Members handled by one task, roughly.
const BLOCK: u64 = 1 << 12;

/// Counts, over any number of runs, how many of an account's fellow members were together with it.
pub(crate) struct Together {
    /// Accounts community by community, ascending in each.
    order: Vec<u32>,
    /// Where each community begins in `order`.
    offsets: Vec<usize>,
    /// Ranges of communities, one per task.
    blocks: Vec<Range<usize>>,
    /// Fellow members met in all runs, in the order of `order`.
    met: Vec<u64>,
    runs: u32,
}

impl Together {
    /// Nothing counted yet.
    pub(crate) fn of(partition: &Partition) -> Self {
        let sizes = partition.sizes();
        let offsets = offsets_of(sizes.iter().copied());
        let mut next = offsets.clone();
        let mut order = vec![0; partition.labels().len()];
        for (row, &label) in partition.labels().iter().enumerate() {
            order[next[label as usize]] = row as u32;
            next[label as usize] += 1;
        }
        let blocks = crate::workload::blocks_by_load(sizes.len(), BLOCK, |label| sizes[label].into());
        Self { met: vec![0; order.len()], order, offsets, blocks, runs: 0 }
    }

    /// Counts one run.
    pub(crate) fn add(&mut self, found: &Partition) {
        let Self { order, offsets, blocks, met, .. } = self;
        let mut rest = met.as_mut_slice();
        let mut tasks = Vec::with_capacity(blocks.len());
        for block in &*blocks {
            let (head, tail) = rest.split_at_mut(offsets[block.end] - offsets[block.start]);
            tasks.push((block.clone(), head));
            rest = tail;
        }
        tasks.into_par_iter().for_each_init(Vec::new, |keys: &mut Vec<u64>, (communities, slots)| {
            let first = offsets[communities.start];
            for community in communities {
                let members = offsets[community]..offsets[community + 1];
                keys.clear();
                let key = |at: usize| u64::from(found.labels()[order[at] as usize]) << 32 | (at - members.start) as u64;
                keys.extend(members.clone().map(key));
                keys.sort_unstable();
                for group in keys.chunk_by(|one, other| one >> 32 == other >> 32) {
                    for &key in group {
                        slots[members.start - first + key as u32 as usize] += group.len() as u64 - 1;
                    }
                }
            }
        });
        self.runs += 1;
    }

    /// Mean share of fellow members met, by account; NaN for an account alone in its community.
    pub(crate) fn shares(&self) -> Vec<f64> {
        let mut shares = vec![0.0; self.order.len()];
        for ends in self.offsets.windows(2) {
            let possible = (ends[1] - ends[0]).saturating_sub(1) as u64 * u64::from(self.runs);
            for at in ends[0]..ends[1] {
                shares[self.order[at] as usize] = self.met[at] as f64 / possible as f64;
            }
        }
        shares
    }
}
