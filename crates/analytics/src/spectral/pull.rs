//! One step along all edges: every row adds up what its neighbours hold. The loop behind PageRank, HITS, eigenvector and Katz centrality.
//!
//! The loop waits for memory: each entry reads a value somewhere. So nodes are placed by how often they are read ([`Order`]), and entries are told apart:
//! near ones read one of the first 65,536 places, which fit a core's own cache; they stand row by row, two bytes each. Far ones, a fifth of 16 million on a
//! power-law graph, would wait for memory one by one; they stand apart by what they read ([`Far`]), so that what is fetched serves many.
//!
//! A row's sum is that of its far entries, by what they read, and that of its near ones, in four sums beside each other: an order that depends on the graph only.

use crate::numeric::{row_blocks_of, split_rows};
use crate::spectral::far::{Far, Found, extend_where, is_near};
use crate::spectral::order::{Order, SMALL};
use echogram_graph::{Csr, NodeId};
use rayon::prelude::*;
use std::ops::Range;

/// Sums of a row that run beside each other, so that an addition need not wait for the one before.
const BESIDE: usize = 4;
/// Rows of a tile at most: their sums fit a core's cache, and their numbers two bytes.
const TILE_ROWS: usize = 1 << 15;
/// Entries of a tile, unless one block of rows has more.
const TILE_ENTRIES: u64 = 1 << 21;

/// An adjacency whose rows and entries are placed.
pub(crate) struct Pull {
    near: Vec<Near>,
    far: Vec<Far>,
}

/// The near entries of a block of rows.
struct Near {
    rows: Range<usize>,
    /// Where each row's entries start, and the end.
    starts: Vec<u32>,
    entries: Vec<u16>,
    weights: Option<Vec<f64>>,
}

impl Pull {
    /// `rows` with its rows in one order and its entries in another (or the same).
    ///
    /// Memory: 4 bytes per row, 2 per near entry, 4 per far one, and 8 for its weight.
    pub(crate) fn new(rows: &Csr, order: &Order, of_entries: &Order) -> Self {
        let mut offsets = vec![0; rows.node_count() + 1];
        for place in 0..rows.node_count() {
            offsets[place + 1] = offsets[place] + rows.degree(order.node(place)) as u64;
        }
        // Where all entries are near, tiles serve nothing but the sharing of work.
        let most = if rows.node_count() > SMALL { TILE_ENTRIES } else { 0 };
        let tiles: Vec<(Vec<Near>, Far)> = tiles_of(row_blocks_of(&offsets), &offsets, most)
            .into_par_iter()
            .map(|blocks| {
                let mut far = Found::new(blocks[0].start..blocks[blocks.len() - 1].end, rows.node_count());
                let near = blocks.into_iter().map(|block| Near::new(rows, block, order, of_entries, &mut far)).collect();
                (near, far.sorted())
            })
            .collect();
        let (near, far): (Vec<Vec<Near>>, Vec<Far>) = tiles.into_iter().unzip();
        Self { near: near.into_iter().flatten().collect(), far }
    }

    /// One pass: `next[row] = finish(row, sum, &mut beside[row], &mut part)`, with the sum over the row's entries of weight times `held`, in `N` lanes, each with
    /// the bits that it has alone. Gives the parts, one for each block of rows, in order.
    ///
    /// Reads old values and writes new ones, so the bits do not depend on the threads.
    pub(crate) fn pass<const N: usize, T: Send, P: Default + Send>(
        &self,
        held: &[[f64; N]],
        next: &mut [[f64; N]],
        beside: &mut [T],
        finish: impl Fn(usize, [f64; N], &mut T, &mut P) -> [f64; N] + Sync,
    ) -> Vec<P> {
        let tiles: Vec<Range<usize>> = self.far.iter().map(|far| far.rows().clone()).collect();
        split_rows(&tiles, next).into_par_iter().zip(&self.far).for_each(|((_, sums), far)| far.sum(held, sums));
        let blocks: Vec<Range<usize>> = self.near.iter().map(|near| near.rows.clone()).collect();
        split_rows(&blocks, next)
            .into_par_iter()
            .zip(split_rows(&blocks, beside))
            .zip(&self.near)
            .map(|(((rows, next), (_, beside)), near)| {
                let mut part = P::default();
                for (((row, slot), beside), bounds) in rows.zip(next).zip(beside).zip(near.starts.windows(2)) {
                    let sum = near.sum(bounds[0] as usize..bounds[1] as usize, held);
                    let sum = std::array::from_fn(|lane| slot[lane] + sum[lane]);
                    *slot = finish(row, sum, beside, &mut part);
                }
                part
            })
            .collect()
    }

    /// `next[row] = finish(row, sum)`, the sum over the row's entries of weight times `held`; gives the sum over all rows of what `finish` returns beside the value.
    pub(crate) fn step(&self, held: &[f64], next: &mut [f64], finish: impl Fn(usize, f64) -> (f64, f64) + Sync) -> f64 {
        let mut nothing = vec![(); next.len()];
        let parts = self.pass(held.as_chunks().0, next.as_chunks_mut().0, &mut nothing, |row, [sum], _, part: &mut f64| {
            let (value, more) = finish(row, sum);
            *part += more;
            [value]
        });
        parts.into_iter().sum()
    }
}

/// Consecutive blocks of rows, put together up to the size of a tile, with so many entries at most.
fn tiles_of(blocks: Vec<Range<usize>>, offsets: &[u64], most: u64) -> Vec<Vec<Range<usize>>> {
    let mut tiles: Vec<Vec<Range<usize>>> = Vec::new();
    for block in blocks {
        let fits = |tile: &Vec<Range<usize>>| {
            let start = tile[0].start;
            block.end - start <= TILE_ROWS && offsets[block.end] - offsets[start] <= most
        };
        match tiles.last_mut().filter(|tile| fits(tile)) {
            Some(tile) => tile.push(block),
            None => tiles.push(vec![block]),
        }
    }
    tiles
}

impl Near {
    /// The near entries of `block`; its far ones go to `far`.
    fn new(rows: &Csr, block: Range<usize>, order: &Order, of_entries: &Order, far: &mut Found) -> Self {
        // Rows stand anywhere in memory: fetched first and looked at later, they are waited for together.
        let nodes = || block.clone().map(|row| order.node(row));
        let mut others = Vec::with_capacity(nodes().map(|node| rows.degree(node)).sum());
        nodes().for_each(|node| others.extend_from_slice(rows.neighbours(node)));
        let reads: Vec<u32> = others.into_iter().map(|other| of_entries.place(other)).collect();
        let (mut starts, mut entries, mut weights) = (vec![0], Vec::new(), Vec::new());
        let mut at = 0;
        for (row, node) in block.clone().zip(nodes()) {
            let reads = &reads[at..at + rows.degree(node)];
            at += reads.len();
            let row_weights = rows.row_weights(node).unwrap_or_default();
            extend_where(&mut entries, reads.iter().map(|&read| (read as u16, is_near(read))));
            extend_where(&mut weights, row_weights.iter().zip(reads).map(|(&weight, &read)| (weight, is_near(read))));
            starts.push(entries.len() as u32);
            far.push(row, reads, row_weights);
        }
        entries.shrink_to_fit();
        weights.shrink_to_fit();
        Self { rows: block, starts, entries, weights: rows.weights().map(|_| weights) }
    }

    /// The sum over the entries at `range`.
    #[inline]
    fn sum<const N: usize>(&self, range: Range<usize>, held: &[[f64; N]]) -> [f64; N] {
        let entries = &self.entries[range.clone()];
        match (&self.weights, held.first_chunk::<SMALL>()) {
            // An array as long as two bytes reach: no place can lie outside.
            (None, Some(held)) => add(entries, |read| &held[read], |_| 1.0),
            (None, None) => add(entries, |read| &held[read], |_| 1.0),
            (Some(weights), _) => {
                let weights = &weights[range];
                add(entries, |read| &held[read], |at| weights[at])
            }
        }
    }
}

/// The sum over entries of `held` times the weight at each: every fourth in a sum of its own. What is left over is told apart by constants, as an index that
/// varies would keep the sums in memory.
#[inline(always)]
fn add<'a, const N: usize>(entries: &[u16], held: impl Fn(usize) -> &'a [f64; N], weight: impl Fn(usize) -> f64) -> [f64; N] {
    let mut sums = [[0.0; N]; BESIDE];
    let mut put = |beside: usize, entry: u16, weight: f64| {
        let held = held(usize::from(entry));
        (0..N).for_each(|lane| sums[beside][lane] += held[lane] * weight);
    };
    let (whole, rest) = entries.as_chunks::<BESIDE>();
    for (chunk, four) in whole.iter().enumerate() {
        (0..BESIDE).for_each(|beside| put(beside, four[beside], weight(chunk * BESIDE + beside)));
    }
    for beside in 0..BESIDE - 1 {
        if let Some(&entry) = rest.get(beside) {
            put(beside, entry, weight(whole.len() * BESIDE + beside));
        }
    }
    std::array::from_fn(|lane| (sums[0][lane] + sums[1][lane]) + (sums[2][lane] + sums[3][lane]))
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

    /// Rows added one by one, unplaced.
    fn plain(rows: &Csr, held: &[f64]) -> Vec<f64> {
        let sum = |row| rows.row(NodeId::new(row)).map(|(other, weight)| held[other.row()] * weight).sum();
        (0..rows.node_count()).map(sum).collect()
    }

    /// The same edges, each with a weight.
    fn weighted(plain: &Graph) -> Graph {
        let row = |row: usize| {
            plain.successors(NodeId::new(row)).iter().map(move |to| (row as u32, to.0, 1.0 / (1.0 + to.row() as f64)))
        };
        Graph::from_edges(plain.node_count(), &(0..plain.node_count()).flat_map(row).collect::<Vec<_>>())
    }

    #[track_caller]
    fn check(graph: &Graph) {
        let held: Vec<f64> = (0..graph.node_count()).map(|row| 1.0 / (row as f64 + 3.0)).collect();
        for (rows, frequency) in [(graph.incoming(), graph.out()), (graph.out(), graph.incoming())] {
            let order = Order::by_frequency(frequency, rows);
            // Once with places of their own for rows, as hubs and authorities have.
            for of_rows in [&order, &Order::by_frequency(rows, rows)] {
                let pull = Pull::new(rows, of_rows, &order);
                let mut next = vec![f64::NAN; held.len()];
                pull.step(&order.placed(held.clone()), &mut next, |_, sum| (sum, 0.0));
                for (got, wanted) in of_rows.by_node(next).into_iter().zip(plain(rows, &held)) {
                    assert!((got - wanted).abs() <= 1e-13 * wanted, "{got} {wanted}");
                }
            }
        }
    }

    /// Larger than [`SMALL`], so that nodes change their places and some entries are far; with hubs, and with rows that have far entries only.
    #[test]
    fn places_change_no_sum() {
        for plain in [synthetic::rmat(17, 4, 3), synthetic::uniform(200_000, 400_000, 5)] {
            check(&weighted(&plain));
            check(&plain);
        }
    }

    #[test]
    fn small_graphs_have_near_entries_only() {
        let graph = synthetic::rmat(9, 6, 2);
        let order = Order::by_frequency(graph.out(), graph.incoming());
        assert!(Pull::new(graph.incoming(), &order, &order).far.iter().all(|far| far.entry_count() == 0));
        check(&graph);
        check(&Graph::from_arrows("0>1:3 1>2 2>0:2 2>1 4"));
    }

    #[test]
    fn lanes_have_the_bits_that_they_have_alone_on_any_number_of_threads() {
        let plain = synthetic::rmat(17, 3, 3);
        for graph in [weighted(&plain), plain] {
            let order = Order::by_frequency(graph.out(), graph.incoming());
            let pull = Pull::new(graph.incoming(), &order, &order);
            let held: Vec<[f64; 2]> = (0..graph.node_count()).map(|row| [1.0 / (row as f64 + 3.0), row as f64]).collect();
            let mut next = vec![[0.0; 2]; held.len()];
            pull.pass(&held, &mut next, &mut vec![(); held.len()], |_, sum, _, _: &mut ()| sum);
            for (threads, lane) in [(1, 0), (3, 0), (2, 1)] {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a small pool");
                let alone: Vec<f64> = held.iter().map(|held| held[lane]).collect();
                let mut found = vec![0.0; held.len()];
                pool.install(|| {
                    Pull::new(graph.incoming(), &order, &order).step(&alone, &mut found, |_, sum| (sum, 0.0));
                });
                assert!(found.iter().zip(&next).all(|(found, next)| found.to_bits() == next[lane].to_bits()));
            }
        }
    }
}
