//! Local moving: nodes go where quality gains most, until none gains.

use super::chunk::{ALONE, Chunk, LABEL, Move, PENDING, Proposal, Scratch, ScratchPool};
use super::level::Level;
use super::mass::Mass;
use crate::MetricError;
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};

/// A gain below this share of a node's entries is rounding.
const NOISE: f64 = 1e-12;

/// A labelling of the nodes of a level with its totals.
pub(crate) struct Communities<M> {
    labels: Vec<u32>,
    mass: Vec<M>,
    size: Vec<u32>,
    free: Vec<u32>,
    /// Labels in use are below this.
    bound: usize,
}

impl<M: Mass> Communities<M> {
    /// Totals of `labels`, which are below the number of nodes.
    pub(crate) fn new(level: &Level<'_, M>, labels: Vec<u32>) -> Self {
        let mut mass = vec![M::default(); level.len()];
        let mut size = vec![0; level.len()];
        for (node, &label) in labels.iter().enumerate() {
            mass[label as usize] = mass[label as usize].plus(level.mass[node]);
            size[label as usize] += 1;
        }
        let mut found = Self { labels, mass, size, free: Vec::new(), bound: level.len() };
        found.compact();
        found
    }

    fn transfer(&mut self, mass: M, from: u32, to: u32) {
        let (from, to) = (from as usize, to as usize);
        self.size[from] -= 1;
        self.size[to] += 1;
        self.mass[to] = self.mass[to].plus(mass);
        self.mass[from] = self.mass[from].minus(mass);
        if self.size[from] == 0 {
            self.mass[from] = M::default();
            self.free.push(from as u32);
        }
    }

    /// Numbers the labels in use from 0, in the same order: their totals then lie close together.
    fn compact(&mut self) {
        let mut renamed = vec![0; self.bound];
        let mut used = 0;
        for (label, new) in renamed.iter_mut().enumerate() {
            if self.size[label] > 0 {
                *new = used as u32;
                (self.size[used], self.mass[used]) = (self.size[label], self.mass[label]);
                used += 1;
            }
        }
        self.size[used..].fill(0);
        self.mass[used..].fill(M::default());
        self.free = (used as u32..self.size.len() as u32).rev().collect();
        self.bound = used;
        self.labels.par_iter_mut().with_min_len(4096).for_each(|label| *label = renamed[*label as usize]);
    }

    /// The labels, numbered from 0, and the mass of each community.
    pub(crate) fn finish(mut self) -> (Vec<u32>, Vec<M>) {
        self.compact();
        self.mass.truncate(self.bound);
        (self.labels, self.mass)
    }

    /// Where the proposed move leads now, if it still gains.
    fn settle(&mut self, proposal: &Proposal, from: u32, mass: M, pull: f64) -> Option<u32> {
        let weight = mass.times(pull);
        let stay = proposal.here - weight.meet(self.mass[from as usize].minus(mass));
        let gain = match proposal.target {
            ALONE => -stay,
            to if self.size[to as usize] == 0 => return None,
            to => proposal.there - weight.meet(self.mass[to as usize]) - stay,
        };
        let pays = gain > NOISE * mass.strength();
        if !pays {
            return None;
        }
        let to = if proposal.target == ALONE { self.free.pop()? } else { proposal.target };
        self.bound = self.bound.max(to as usize + 1);
        self.transfer(mass, from, to);
        Some(to)
    }
}

/// Moves nodes until no move gains. `pull` is the resolution over 2W.
///
/// The first proposal of a chunk meets the labels it was made from and so always comes true: every chunk that proposes raises Q.
pub(crate) fn move_nodes<M: Mass>(
    level: &Level<'_, M>,
    order: &[u32],
    communities: &mut Communities<M>,
    pull: f64,
    pool: &ScratchPool,
    step: &dyn Fn() -> Result<(), MetricError>,
) -> Result<(), MetricError> {
    let task_len = level.task_len();
    let active: Vec<AtomicBool> = order.iter().map(|_| AtomicBool::new(true)).collect();
    let wake = |node: u32| active[node as usize].store(true, Ordering::Relaxed);
    let mut chunk = Chunk::new(level.len());
    let mut labels = std::mem::take(&mut communities.labels);
    let mut queue = order.to_vec();
    while !queue.is_empty() {
        let mut rest = queue.iter().filter(|&&node| active[node as usize].swap(false, Ordering::Relaxed));
        while chunk.fill(&mut rest) {
            step()?;
            let blocks = chunk.propose(&mut labels, task_len, pool, |node, labels, scratch, note| {
                decide(level, communities, labels, pull, node, scratch, note)
            });
            let moves = chunk.settle(&blocks, &mut labels, |proposal, from| {
                let to = communities.settle(proposal, from, level.mass[proposal.node as usize], pull);
                if to.is_none() {
                    wake(proposal.node);
                }
                to
            });
            let wake_neighbours = |step: &Move| {
                level.for_each(step.node, |neighbour, _| {
                    if labels[neighbour] != step.to && !active[neighbour].load(Ordering::Relaxed) {
                        wake(neighbour as u32);
                    }
                });
            };
            if moves.len() <= task_len {
                moves.iter().for_each(wake_neighbours);
            } else {
                moves.par_iter().with_min_len(task_len).for_each(wake_neighbours);
            }
        }
        communities.labels = labels;
        if communities.free.len() > level.len() - communities.bound / 2 {
            communities.compact();
        }
        labels = std::mem::take(&mut communities.labels);
        queue.clear();
        queue.extend(order.iter().filter(|&&node| active[node as usize].load(Ordering::Relaxed)));
    }
    communities.labels = labels;
    Ok(())
}

/// The best move of `node` from the labels as they stand, with the weights of its ties here and there.
#[inline(always)]
fn decide<M: Mass>(
    level: &Level<'_, M>,
    communities: &Communities<M>,
    labels: &[u32],
    pull: f64,
    node: u32,
    scratch: &mut Scratch,
    note: &mut dyn FnMut(usize, f64),
) -> Option<(u32, f64, f64)> {
    let own = labels[node as usize] & LABEL;
    level.for_each(node, |neighbour, weight| {
        let label = labels[neighbour];
        if neighbour == node as usize {
            return;
        }
        if label & PENDING != 0 {
            note(neighbour, weight);
        }
        scratch.add(label & LABEL, weight);
    });
    let mass = level.mass[node as usize];
    let here = scratch.of(own);
    let weight = mass.times(pull);
    let stay = here - weight.meet(communities.mass[own as usize].minus(mass));
    let (mut best, mut target, mut there) = (f64::NEG_INFINITY, ALONE, 0.0);
    scratch.drain(|label, sum| {
        let value = sum - weight.meet(communities.mass[label as usize]);
        if label != own && (value > best || (value == best && label < target)) {
            (best, target, there) = (value, label, sum);
        }
    });
    if best < 0.0 && communities.size[own as usize] > 1 {
        (best, target, there) = (0.0, ALONE, 0.0);
    }
    (best - stay > NOISE * mass.strength()).then_some((target, here, there))
}
