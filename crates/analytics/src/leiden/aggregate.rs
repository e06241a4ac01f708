//! Aggregation: each part becomes one node of the next level.

use super::chunk::ScratchPool;
use super::level::{Block, BlockWeights, Level};
use super::mass::Mass;
use super::refine::sorted;
use rayon::prelude::*;

/// The level whose nodes are the `count` parts of `level`. Each row is summed by one task, members in order, so its bits are
/// fixed; its entries stand in the order in which they were met. Blocks stay as the tasks made them: joined they would be there twice.
pub(super) fn aggregate<M: Mass>(level: &Level<'_, M>, parts: &[u32], count: usize) -> Level<'static, M> {
    let (first, members) = sorted(parts, count);
    let members_of = |part: usize| &members[first[part] as usize..first[part + 1] as usize];
    let pool = ScratchPool::new(count);
    let block_len = (count / 256).clamp(1, 256).next_power_of_two();
    let sum_block = |index: usize| {
        pool.with(|scratch| {
            let (mut ends, mut targets) = (Vec::new(), Vec::new());
            let (mut whole, mut real) = (Vec::new(), Vec::new());
            for part in index * block_len..count.min((index + 1) * block_len) {
                for &node in members_of(part) {
                    level.for_each(node, |neighbour, weight| scratch.add(parts[neighbour], weight));
                }
                targets.extend_from_slice(scratch.labels());
                if level.is_whole {
                    scratch.drain(|_, sum| whole.push(sum as u32));
                } else {
                    scratch.drain(|_, sum| real.push(sum));
                }
                ends.push(targets.len() as u32);
            }
            let weights = if level.is_whole { BlockWeights::Whole(whole.into()) } else { BlockWeights::Real(real.into()) };
            Block { ends, targets: targets.into(), weights }
        })
    };
    let blocks = (0..count.div_ceil(block_len)).into_par_iter().map(sum_block).collect();
    let mass_of = |part: usize| members_of(part).iter().fold(M::default(), |sum, &node| sum.plus(level.mass[node as usize]));
    let mass = (0..count).into_par_iter().with_min_len(1024).map(mass_of).collect();
    Level::coarse(block_len.trailing_zeros(), blocks, mass, level.is_whole)
}
