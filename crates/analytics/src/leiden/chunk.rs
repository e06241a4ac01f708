//! What local moving and refinement share: proposals made in parallel from frozen labels, then settled one by one.

use rayon::prelude::*;
use std::sync::Mutex;

/// Marks the labels of nodes that are in the chunk under way.
pub(crate) const PENDING: u32 = 1 << 31;
/// The label in a marked label.
pub(crate) const LABEL: u32 = PENDING - 1;
/// Proposal to found a community of one's own.
pub(crate) const ALONE: u32 = u32::MAX;

/// The most nodes decided at one time.
const LIMIT: usize = 4096;

/// A move that looks best from the frozen labels.
#[derive(Clone, Copy)]
pub(crate) struct Proposal {
    pub(crate) node: u32,
    /// Place of `node` in its chunk.
    pub(crate) slot: u32,
    pub(crate) target: u32,
    /// Weight of the ties to the present community.
    pub(crate) here: f64,
    /// Weight of the ties to the community aimed at.
    pub(crate) there: f64,
    ties: (u32, u32),
}

/// A tie to a node that stands earlier in the same chunk.
#[derive(Clone, Copy)]
struct Tie {
    slot: u32,
    weight: f64,
}

/// Proposals of some neighbouring slots.
#[derive(Default)]
pub(crate) struct Block {
    proposals: Vec<Proposal>,
    ties: Vec<Tie>,
}

/// A move that was carried out.
pub(crate) struct Move {
    pub(crate) node: u32,
    pub(crate) to: u32,
}

/// Weights by community, all zero between two uses.
pub(crate) struct Scratch {
    weight: Vec<f64>,
    touched: Vec<u32>,
    len: usize,
}

impl Scratch {
    fn new(labels: usize) -> Self {
        Self { weight: vec![0.0; labels], touched: vec![0; labels + 1], len: 0 }
    }

    /// Adds without a branch: whether a label is new is hard to predict.
    #[inline(always)]
    pub(crate) fn add(&mut self, label: u32, weight: f64) {
        let sum = &mut self.weight[label as usize];
        self.touched[self.len] = label;
        self.len += usize::from(*sum == 0.0 && weight > 0.0);
        *sum += weight;
    }

    pub(crate) fn of(&self, label: u32) -> f64 {
        self.weight[label as usize]
    }

    /// The labels met, in order.
    pub(crate) fn labels(&self) -> &[u32] {
        &self.touched[..self.len]
    }

    /// Hands over all (label, weight) in the order in which they were met, and clears them.
    #[inline(always)]
    pub(crate) fn drain(&mut self, mut visit: impl FnMut(u32, f64)) {
        for &label in &self.touched[..self.len] {
            visit(label, std::mem::take(&mut self.weight[label as usize]));
        }
        self.len = 0;
    }
}

/// Buffers handed to tasks; which task gets which does not matter.
pub(crate) struct ScratchPool {
    len: usize,
    free: Mutex<Vec<Scratch>>,
}

impl ScratchPool {
    pub(crate) fn new(len: usize) -> Self {
        Self { len, free: Mutex::new(Vec::new()) }
    }

    pub(crate) fn with<T>(&self, task: impl FnOnce(&mut Scratch) -> T) -> T {
        let free = self.free.lock().ok().and_then(|mut free| free.pop());
        let mut scratch = free.unwrap_or_else(|| Scratch::new(self.len));
        let result = task(&mut scratch);
        if let Ok(mut free) = self.free.lock() {
            free.push(scratch);
        }
        result
    }
}

/// The nodes decided at one time and their places.
pub(crate) struct Chunk {
    limit: usize,
    nodes: Vec<u32>,
    slot: Vec<u32>,
    done: Vec<Option<(u32, u32)>>,
}

impl Chunk {
    /// A chunk of a level of so many nodes. How many it holds depends on the data only, so results do not depend on the threads.
    pub(crate) fn new(level_len: usize) -> Self {
        let limit = (level_len / 64).clamp(1, LIMIT);
        Self { limit, nodes: Vec::new(), slot: vec![0; level_len], done: Vec::new() }
    }

    /// Takes the next nodes; returns whether there were any.
    pub(crate) fn fill<'a>(&mut self, nodes: &mut impl Iterator<Item = &'a u32>) -> bool {
        self.nodes.clear();
        self.nodes.extend(nodes.take(self.limit));
        !self.nodes.is_empty()
    }

    /// Proposals for all nodes of the chunk: `decide(node, labels, scratch, note)` reads frozen labels and calls
    /// `note(neighbour, weight)` for neighbours whose label is marked [`PENDING`].
    pub(crate) fn propose<D>(&mut self, labels: &mut [u32], task_len: usize, pool: &ScratchPool, decide: D) -> Vec<Block>
    where
        D: Fn(u32, &[u32], &mut Scratch, &mut dyn FnMut(usize, f64)) -> Option<(u32, f64, f64)> + Sync,
    {
        for (slot, &node) in self.nodes.iter().enumerate() {
            self.slot[node as usize] = slot as u32;
            labels[node as usize] |= PENDING;
        }
        let (frozen, slots) = (&*labels, &self.slot);
        let task = |(index, nodes): (usize, &[u32])| {
            pool.with(|scratch| {
                let mut block = Block::default();
                for (place, &node) in nodes.iter().enumerate() {
                    let slot = (index * task_len + place) as u32;
                    let first = block.ties.len();
                    let ties = &mut block.ties;
                    let mut note = |neighbour: usize, weight: f64| {
                        if slots[neighbour] < slot {
                            ties.push(Tie { slot: slots[neighbour], weight });
                        }
                    };
                    match decide(node, frozen, scratch, &mut note) {
                        None => block.ties.truncate(first),
                        Some((target, here, there)) => {
                            let ties = (first as u32, block.ties.len() as u32);
                            block.proposals.push(Proposal { node, slot, target, here, there, ties });
                        }
                    }
                }
                block
            })
        };
        let blocks = if self.nodes.len() <= task_len {
            vec![task((0, &self.nodes))]
        } else {
            self.nodes.par_chunks(task_len).enumerate().map(task).collect()
        };
        for &node in &self.nodes {
            labels[node as usize] &= LABEL;
        }
        blocks
    }

    /// Carries the proposals out in order. Before each one the weights to both communities are brought up to date with the
    /// moves already made, then `settle` says where the node goes, if it still pays.
    pub(crate) fn settle(
        &mut self,
        blocks: &[Block],
        labels: &mut [u32],
        mut settle: impl FnMut(&Proposal, u32) -> Option<u32>,
    ) -> Vec<Move> {
        self.done.clear();
        self.done.resize(self.nodes.len(), None);
        let mut moves = Vec::new();
        for block in blocks {
            for proposal in &block.proposals {
                let mut now = *proposal;
                let from = labels[now.node as usize];
                for tie in &block.ties[now.ties.0 as usize..now.ties.1 as usize] {
                    let Some((left, joined)) = self.done[tie.slot as usize] else { continue };
                    for (label, sum) in [(from, &mut now.here), (now.target, &mut now.there)] {
                        if left == label {
                            *sum -= tie.weight;
                        }
                        if joined == label {
                            *sum += tie.weight;
                        }
                    }
                }
                if let Some(to) = settle(&now, from) {
                    labels[now.node as usize] = to;
                    self.done[now.slot as usize] = Some((from, to));
                    moves.push(Move { node: now.node, to });
                }
            }
        }
        moves
    }
}
