//! Moves of single nodes that make the cut smaller (Fiduccia and Mattheyses): each pass moves nodes one after the other, each once, the best first even if it costs, and then goes
//! back to the best division on the way.

use super::level::Level;
use echogram_graph::synthetic::Stream;
use std::collections::BinaryHeap;

/// Passes at most.
const PASSES: usize = 8;
/// Moves without a gain after which a pass ends: at least, and as a share of nodes.
const PATIENCE: usize = 60;

/// Improves the halves in place, and brings them under `limit` where they are not.
pub(super) fn improve(level: &Level, limit: u64, halves: &mut [u8], draw: &mut Stream) {
    let mut state = State::of(level, halves);
    for _ in 0..PASSES {
        if !state.pass(level, limit, halves, draw) {
            break;
        }
    }
}

/// A move that waits: by gain, then by what was drawn, then by node, in one number that is compared at once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Move(u128);

impl Move {
    /// Where gains of 0 lie, so that lower ones come before.
    const ZERO: u64 = 1 << 63;

    fn of(gain: i64, turn: u32, node: u32) -> Self {
        Self(u128::from(gain as u64 ^ Self::ZERO) << 64 | u128::from(turn) << 32 | u128::from(node))
    }

    fn gain(self) -> i64 {
        ((self.0 >> 64) as u64 ^ Self::ZERO) as i64
    }

    fn node(self) -> u32 {
        self.0 as u32
    }
}

/// Sizes and gains that follow the halves.
struct State {
    sizes: [u64; 2],
    /// Weight of ties across less weight of ties within: what a move would take off the cut.
    gains: Vec<i64>,
    /// Weight of ties across.
    across: Vec<u32>,
    is_moved: Vec<bool>,
}

impl State {
    fn of(level: &Level, halves: &[u8]) -> Self {
        let n = level.nodes();
        let mut state = Self { sizes: [0, 0], gains: vec![0; n], across: vec![0; n], is_moved: vec![false; n] };
        for node in 0..n as u32 {
            let own = halves[node as usize];
            state.sizes[own as usize] += level.size(node);
            let (mut within, mut across) = (0_u32, 0_u32);
            for &(other, weight) in level.row(node) {
                if halves[other as usize] == own {
                    within += weight;
                } else {
                    across += weight;
                }
            }
            state.across[node as usize] = across;
            state.gains[node as usize] = i64::from(across) - i64::from(within);
        }
        state
    }

    /// Whether the pass made anything better.
    fn pass(&mut self, level: &Level, limit: u64, halves: &mut [u8], draw: &mut Stream) -> bool {
        let n = level.nodes();
        let mut waiting = [Vec::new(), Vec::new()];
        let is_over = self.sizes.iter().any(|&size| size > limit);
        for node in 0..n as u32 {
            if self.across[node as usize] > 0 || is_over {
                waiting[halves[node as usize] as usize].push(Move::of(self.gains[node as usize], draw.bits() as u32, node));
            }
        }
        let mut queues = waiting.map(BinaryHeap::from);
        let over = |sizes: &[u64; 2]| sizes[0].max(sizes[1]).saturating_sub(limit);
        let start = (over(&self.sizes), 0_i64);
        let (mut best, mut best_moves) = (start, 0);
        let (mut gained, mut moves) = (0_i64, Vec::new());
        let patience = PATIENCE.max(n / 100);
        while moves.len() - best_moves < patience {
            for (half, queue) in queues.iter_mut().enumerate() {
                let is_stale = |wished: &Move| {
                    let node = wished.node() as usize;
                    self.is_moved[node] || wished.gain() != self.gains[node] || halves[node] as usize != half
                };
                while queue.peek().is_some_and(is_stale) {
                    queue.pop();
                }
            }
            let top = |half: usize| {
                let &wished = queues[half].peek()?;
                let other = self.sizes[1 - half] + level.size(wished.node());
                // A move must fit, or go from a side that is over the limit to one that ends up smaller than it was.
                (other <= limit || (self.sizes[half] > limit && other < self.sizes[half])).then_some(wished.gain())
            };
            let from = match (top(0), top(1)) {
                (None, None) => break,
                (Some(_), None) => 0,
                (None, Some(_)) => 1,
                _ if self.sizes[0] > limit => 0,
                _ if self.sizes[1] > limit => 1,
                (Some(one), Some(other)) if one != other => usize::from(other > one),
                _ => usize::from(self.sizes[1] > self.sizes[0]),
            };
            let best_move = queues[from].pop().expect("it has a top");
            let (gain, node) = (best_move.gain(), best_move.node());
            self.turn(level, halves, node, |other, half, gain| queues[half].push(Move::of(gain, draw.bits() as u32, other)));
            self.is_moved[node as usize] = true;
            moves.push(node);
            gained += gain;
            let here = (over(&self.sizes), -gained);
            if here < best {
                (best, best_moves) = (here, moves.len());
            }
        }
        for &node in moves[best_moves..].iter().rev() {
            self.turn(level, halves, node, |_, _, _| {});
        }
        moves.into_iter().for_each(|node| self.is_moved[node as usize] = false);
        best < start
    }

    /// Moves a node to the other half; `tell` hears of each neighbour that may still move and now has another gain.
    fn turn(&mut self, level: &Level, halves: &mut [u8], node: u32, mut tell: impl FnMut(u32, usize, i64)) {
        let at = node as usize;
        let to = 1 - halves[at];
        halves[at] = to;
        self.sizes[to as usize] += level.size(node);
        self.sizes[1 - to as usize] -= level.size(node);
        let all = 2 * i64::from(self.across[at]) - self.gains[at];
        self.gains[at] = -self.gains[at];
        self.across[at] = (all - i64::from(self.across[at])) as u32;
        for &(other, weight) in level.row(node) {
            let beside = other as usize;
            if halves[beside] == to {
                self.across[beside] -= weight;
                self.gains[beside] -= 2 * i64::from(weight);
            } else {
                self.across[beside] += weight;
                self.gains[beside] += 2 * i64::from(weight);
            }
            if !self.is_moved[beside] && self.across[beside] > 0 {
                tell(other, halves[beside] as usize, self.gains[beside]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_are_ordered_by_gain_then_draw_then_node() {
        let ordered = [(-7, 9, 9), (-1, 0, 5), (0, 0, 1), (0, 3, 0), (0, 3, 4), (12, 0, 0)];
        let moves = ordered.map(|(gain, turn, node)| Move::of(gain, turn, node));
        assert!(moves.is_sorted());
        assert!(moves.iter().zip(ordered).all(|(found, wanted)| (found.gain(), found.node()) == (wanted.0, wanted.2)));
    }
}
