//! Whether a walk along the direction of ties comes back to where it began before it ends elsewhere: what `rwc.seed_directed` needs of each seed.
//!
//! Probability is pushed outwards from the start, node by node. Who points at nobody has the walk start over in a side; where such a walk ends is known of each side, found once for all starts.

use crate::absorbing_directed::DirectedWalk;
use crate::{MetricError, Run};
use std::collections::{BTreeSet, VecDeque};

/// Probability on its way, node by node.
pub(crate) struct DirectedWalker<'a> {
    walk: &'a DirectedWalk<'a>,
    /// Where walks that start over in each side end.
    from_sides: [Vec<f64>; 2],
    on_its_way: Vec<f64>,
    is_queued: Vec<bool>,
    touched: Vec<usize>,
}

impl<'a> DirectedWalker<'a> {
    /// # Errors
    /// [`MetricError::Cancelled`].
    pub(crate) fn new(walk: &'a DirectedWalk<'a>, nodes: usize, run: &Run<'_>) -> Result<Self, MetricError> {
        let from_sides = walk.ends_from_sides(run)?;
        Ok(Self { walk, from_sides, on_its_way: vec![0.0; nodes], is_queued: vec![false; nodes], touched: Vec::new() })
    }

    /// The chance that a walk from `start`, which absorbs, comes back before it is absorbed elsewhere. What waits at a node is pushed on while it is more than `tolerance` times the weight of the node's ties
    /// beside that of the start's.
    pub(crate) fn returns(&mut self, start: usize, tolerance: f64) -> f64 {
        let walk = self.walk;
        if walk.total(start) == 0.0 {
            return self.over(walk.over(start), start);
        }
        let epsilon = tolerance / walk.total(start);
        let (mut back, mut over) = (0.0, [0.0; 2]);
        let mut queue = VecDeque::from([start]);
        self.on_its_way[start] = 1.0;
        self.touched.push(start);
        while let Some(node) = queue.pop_front() {
            self.is_queued[node] = false;
            let share = std::mem::take(&mut self.on_its_way[node]) / walk.total(node);
            for (other, weight) in walk.ties(node) {
                let moved = share * weight;
                if other == start {
                    back += moved;
                } else if walk.is_passing(other) && walk.total(other) == 0.0 {
                    over.iter_mut().zip(walk.over(other)).for_each(|(over, chance)| *over += moved * chance);
                } else if walk.is_passing(other) {
                    if self.on_its_way[other] == 0.0 {
                        self.touched.push(other);
                    }
                    self.on_its_way[other] += moved;
                    if self.on_its_way[other] > epsilon * walk.total(other) && !self.is_queued[other] {
                        self.is_queued[other] = true;
                        queue.push_back(other);
                    }
                }
            }
        }
        // Of what still waits, that which points at the start may come back at once.
        for (node, weight) in walk.ties_to(start).filter(|tie| tie.0 != start && walk.total(tie.0) > 0.0) {
            back += self.on_its_way[node] * weight / walk.total(node);
        }
        self.touched.drain(..).for_each(|node| self.on_its_way[node] = 0.0);
        back + self.over(over, start)
    }

    /// Of a walk that starts over in the sides with these chances, that of ending at `start`.
    fn over(&self, chances: [f64; 2], start: usize) -> f64 {
        // A side without accounts has no walks, and no chance to be multiplied with.
        chances.iter().zip(&self.from_sides).filter(|side| *side.0 > 0.0).map(|(chance, ends)| chance * ends[start]).sum()
    }

    /// Whether a walk from `start` can be absorbed elsewhere.
    pub(crate) fn leaves(&self, start: usize) -> bool {
        let walk = self.walk;
        let mut known = BTreeSet::from([start]);
        let mut queue = vec![start];
        let mut is_over = [false; 2];
        while let Some(node) = queue.pop() {
            let over = walk.over(node);
            let sides = (0..2).filter(|&side| over[side] > 0.0 && !std::mem::replace(&mut is_over[side], true));
            let starts: Vec<usize> = sides.flat_map(|side| walk.members(side)).collect();
            for other in walk.ties(node).map(|tie| tie.0).chain(starts) {
                if other != start && !walk.is_passing(other) {
                    return true;
                }
                if known.insert(other) {
                    queue.push(other);
                }
            }
        }
        false
    }
}
