//! One step along all edges: every row adds up what its neighbours hold. The loop behind PageRank, HITS, eigenvector and Katz centrality.
//!
//! The loop waits for memory: each entry reads eight bytes somewhere. So nodes are placed by how often they are read, and what is read often stands together in the cache;
//! rows of like length stand side by side, as the processor guesses where a row ends.
//! Entries keep their order within a row: the places change no bit of a sum.

use crate::numeric::{row_blocks_of, split_rows};
use echogram_graph::{Csr, NodeId};
use rayon::prelude::*;
use std::borrow::Cow;
use std::ops::Range;

/// Up to this many nodes everything that is read fits a core's own cache, and nodes keep their places.
const SMALL: usize = 1 << 16;
/// Sums of a row that run beside each other, so that an addition need not wait for the one before.
const BESIDE: usize = 4;

/// Rows up to this length are told apart one by one, longer ones by powers of two.
const SHORT: usize = 32;

/// Where nodes are placed.
pub(crate) struct Order {
    /// `None` where nodes keep their places.
    moved: Option<Moved>,
}

struct Moved {
    /// The node at each place.
    nodes: Vec<u32>,
    /// The place of each node.
    places: Vec<u32>,
}

/// Bits of a number: 0 for 0, else the power of two that it lies below.
fn bits(number: usize) -> usize {
    (usize::BITS - number.leading_zeros()) as usize
}

impl Order {
    /// By how often each node is read, which is its degree in `frequency`: powers of two, the highest first. Those of one power stand by the length of their
    /// row in `rows`, so that the end of a row is seldom a surprise, and then by node.
    pub(crate) fn by_frequency(frequency: &Csr, rows: &Csr) -> Self {
        let count = frequency.node_count();
        if count <= SMALL {
            return Self { moved: None };
        }
        let lengths = SHORT + usize::BITS as usize + 1;
        let class = |node: u32| {
            let (read, length) = (frequency.degree(NodeId(node)), rows.degree(NodeId(node)));
            let length = if length <= SHORT { length } else { SHORT + bits(length) - bits(SHORT) };
            (usize::BITS as usize - bits(read)) * lengths + lengths - 1 - length
        };
        let classes: Vec<u16> = (0..NodeId::new(count).0).into_par_iter().map(|node| class(node) as u16).collect();
        let mut next = vec![0_u32; (usize::BITS as usize + 1) * lengths + 1];
        classes.iter().for_each(|&class| next[usize::from(class) + 1] += 1);
        for class in 1..next.len() {
            next[class] += next[class - 1];
        }
        let (mut nodes, mut places) = (vec![0; count], vec![0; count]);
        for (node, &class) in classes.iter().enumerate() {
            let place = &mut next[usize::from(class)];
            nodes[*place as usize] = NodeId::new(node).0;
            places[node] = *place;
            *place += 1;
        }
        Self { moved: Some(Moved { nodes, places }) }
    }

    /// Values by node as values by place.
    pub(crate) fn placed<T: Copy + Send + Sync>(&self, values: Vec<T>) -> Vec<T> {
        match &self.moved {
            None => values,
            Some(Moved { nodes, .. }) => nodes.par_iter().with_min_len(1 << 12).map(|&node| values[node as usize]).collect(),
        }
    }

    /// Values by place as values by node.
    pub(crate) fn by_node<T: Copy + Send + Sync>(&self, values: Vec<T>) -> Vec<T> {
        match &self.moved {
            None => values,
            Some(Moved { places, .. }) => places.par_iter().with_min_len(1 << 12).map(|&place| values[place as usize]).collect(),
        }
    }
}

/// An adjacency whose rows and entries are placed, with its blocks of rows.
pub(crate) struct Pull<'a> {
    offsets: Cow<'a, [u64]>,
    entries: Cow<'a, [NodeId]>,
    weights: Option<Cow<'a, [f64]>>,
    blocks: Vec<Range<usize>>,
}

impl<'a> Pull<'a> {
    /// `rows` with its rows in one order and its entries in another (or the same).
    ///
    /// Memory: 4 bytes per entry, and 8 for its weight; none where nodes keep their places.
    pub(crate) fn new(rows: &'a Csr, order: &Order, of_entries: &Order) -> Self {
        let (Some(Moved { nodes, .. }), Some(Moved { places, .. })) = (&order.moved, &of_entries.moved) else {
            let weights = rows.weights().map(Cow::Borrowed);
            let blocks = row_blocks_of(rows.offsets());
            return Self { offsets: rows.offsets().into(), entries: rows.targets().into(), weights, blocks };
        };
        let mut offsets = vec![0; nodes.len() + 1];
        for (place, &node) in nodes.iter().enumerate() {
            offsets[place + 1] = offsets[place] + rows.degree(NodeId(node)) as u64;
        }
        let blocks = row_blocks_of(&offsets);
        let cut: Vec<Range<usize>> =
            blocks.iter().map(|block| offsets[block.start] as usize..offsets[block.end] as usize).collect();
        let mut entries = vec![NodeId(0); rows.entry_count()];
        split_rows(&cut, &mut entries).into_par_iter().zip(&blocks).for_each(|((_, slots), block)| {
            let found = nodes[block.clone()].iter().flat_map(|&node| rows.neighbours(NodeId(node)));
            slots.iter_mut().zip(found).for_each(|(slot, other)| *slot = NodeId(places[other.row()]));
        });
        let weights = rows.weights().map(|_| {
            let mut weights = vec![0.0; rows.entry_count()];
            split_rows(&cut, &mut weights).into_par_iter().zip(&blocks).for_each(|((_, slots), block)| {
                let found = nodes[block.clone()].iter().filter_map(|&node| rows.row_weights(NodeId(node))).flatten();
                slots.iter_mut().zip(found).for_each(|(slot, &weight)| *slot = weight);
            });
            Cow::Owned(weights)
        });
        Self { offsets: offsets.into(), entries: entries.into(), weights, blocks }
    }

    /// Ranges of rows that hold roughly the same number of entries each.
    pub(crate) fn blocks(&self) -> &[Range<usize>] {
        &self.blocks
    }

    /// `next[row] = finish(row, sum)`, the sum over the row's entries of weight times `held`; gives the sum over all rows of what `finish` returns beside the value.
    /// Reads old values and writes new ones, so the bits do not depend on the threads.
    pub(crate) fn step(&self, held: &[f64], next: &mut [f64], finish: impl Fn(usize, f64) -> (f64, f64) + Sync) -> f64 {
        let parts: Vec<f64> = split_rows(&self.blocks, next)
            .into_par_iter()
            .map(|(rows, slots)| {
                let mut part = 0.0;
                for (row, slot) in rows.zip(slots) {
                    let [sum] = self.sum(row, held.as_chunks().0);
                    let (value, more) = finish(row, sum);
                    *slot = value;
                    part += more;
                }
                part
            })
            .collect();
        parts.into_iter().sum()
    }

    /// The sum over a row's entries of weight times `held`, in `N` lanes, each with the bits that it has alone.
    #[inline]
    pub(crate) fn sum<const N: usize>(&self, row: usize, held: &[[f64; N]]) -> [f64; N] {
        let range = self.offsets[row] as usize..self.offsets[row + 1] as usize;
        let entries = &self.entries[range.clone()];
        let mut sums = [[0.0; N]; BESIDE];
        match &self.weights {
            None => {
                let (whole, rest) = entries.as_chunks::<BESIDE>();
                for four in whole {
                    for (sum, other) in sums.iter_mut().zip(four) {
                        add(sum, &held[other.row()], 1.0);
                    }
                }
                rest.iter().zip(&mut sums).for_each(|(other, sum)| add(sum, &held[other.row()], 1.0));
            }
            Some(weights) => {
                for (at, (other, &weight)) in entries.iter().zip(&weights[range]).enumerate() {
                    add(&mut sums[at % BESIDE], &held[other.row()], weight);
                }
            }
        }
        std::array::from_fn(|lane| (sums[0][lane] + sums[1][lane]) + (sums[2][lane] + sums[3][lane]))
    }
}

#[inline]
fn add<const N: usize>(sum: &mut [f64; N], held: &[f64; N], weight: f64) {
    for lane in 0..N {
        sum[lane] += held[lane] * weight;
    }
}

/// What each unit of weight of a row gets of 1: 0 for a row without entries.
pub(crate) fn shares(rows: &Csr) -> Vec<f64> {
    row_totals(rows).into_par_iter().map(|total| if total > 0.0 { 1.0 / total } else { 0.0 }).collect()
}

/// Total weight of each row.
pub(crate) fn row_totals(rows: &Csr) -> Vec<f64> {
    (0..rows.node_count())
        .into_par_iter()
        .with_min_len(1 << 10)
        .map(|row| {
            let node = NodeId::new(row);
            rows.row_weights(node).map_or(rows.degree(node) as f64, |weights| weights.iter().sum())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::{Graph, GraphView, synthetic};

    /// Larger than [`SMALL`], so that nodes change their places.
    #[test]
    fn places_change_nothing() {
        let plain = synthetic::rmat(17, 2, 3);
        let edges: Vec<(u32, u32, f64)> = (0..plain.node_count())
            .flat_map(|row| {
                plain.successors(NodeId::new(row)).iter().map(move |to| (row as u32, to.0, 1.0 / (1.0 + to.row() as f64)))
            })
            .collect();
        for graph in [Graph::from_edges(plain.node_count(), &edges), plain] {
            let held: Vec<f64> = (0..graph.node_count()).map(|row| 1.0 / (row as f64 + 3.0)).collect();
            let add = |order: &Order| {
                let pull = Pull::new(graph.incoming(), order, order);
                let mut next = vec![0.0; held.len()];
                pull.step(&order.placed(held.clone()), &mut next, |_, sum| (sum, 0.0));
                order.by_node(next)
            };
            let order = Order::by_frequency(graph.out(), graph.incoming());
            assert!(order.moved.is_some());
            assert_eq!(add(&order), add(&Order { moved: None }));
        }
    }
}
