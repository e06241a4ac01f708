//! One relation over the account space: its distinct edges with weight, events and times.

use crate::blocks::{concat, cursors_of, offsets_of, ranges_by_load};
use crate::{Csr, EdgeRows, NO_TIME, NodeId};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// Rows sorted by one block of work.
const BLOCK_ROWS: u64 = 1 << 16;
/// The relation that is a set: an edge weighs 1 however often it is listed.
const SET_RELATION: &str = "follow";

/// The distinct edges of one relation, by source and then target.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    name: String,
    edges: Arc<Csr>,
    events: Option<Vec<u64>>,
    first: Option<Vec<i64>>,
    last: Option<Vec<i64>>,
}

/// Scattered but unsorted rows, grouped by source.
struct Scattered {
    offsets: Vec<u64>,
    targets: Vec<AtomicU32>,
    weights: Option<Vec<AtomicU64>>,
    times: Option<Vec<AtomicU64>>,
}

#[derive(Default)]
struct SortedBlock {
    counts: Vec<u64>,
    targets: Vec<NodeId>,
    weights: Vec<f64>,
    events: Vec<u64>,
    first: Vec<i64>,
    last: Vec<i64>,
}

impl Layer {
    /// Sorts `rows` into edges. The result does not depend on the order of rows, nor on the number of threads: rows are grouped by
    /// source with counts per piece, sorted by (target, weight), and repeated ones are summed in that order.
    ///
    /// With `directed` false, (a, b) and (b, a) are one edge, smaller node first. In the relation `follow` each edge weighs 1;
    /// elsewhere an edge weighs the sum of its rows' weights, or their number where there is no weight column.
    ///
    /// Cost: O(rows log(longest row)) time; beside the result 4 bytes per row, 8 more each for weights and times, and 4 bytes per
    /// node and thread.
    pub fn build(name: impl Into<String>, nodes: usize, directed: bool, rows: &[EdgeRows]) -> Self {
        let name = name.into();
        let is_set = name == SET_RELATION;
        let scattered = Scattered::new(nodes, directed, is_set, rows);
        let blocks: Vec<SortedBlock> =
            ranges_by_load(&scattered.offsets, BLOCK_ROWS).into_par_iter().map(|range| scattered.sort_block(range)).collect();
        let (weighted, timed) = (scattered.weights.is_some(), scattered.times.is_some());
        drop(scattered);
        let offsets = offsets_of(blocks.iter().flat_map(|block| block.counts.iter().copied()));
        let repeated = blocks.iter().any(|block| block.events.iter().any(|&events| events != 1));
        let mut columns: (Vec<_>, Vec<_>, Vec<_>, Vec<_>, Vec<_>) = Default::default();
        for block in blocks {
            columns.0.push(block.targets);
            columns.1.push(block.weights);
            columns.2.push(block.events);
            columns.3.push(block.first);
            columns.4.push(block.last);
        }
        let targets = concat(&columns.0);
        columns.0.clear();
        let events = repeated.then(|| concat(&columns.2));
        let weights = if weighted {
            Some(concat(&columns.1)).filter(|weights| weights.iter().any(|&weight| weight != 1.0))
        } else if is_set {
            None
        } else {
            events.as_ref().map(|events| events.iter().map(|&count| count as f64).collect())
        };
        let (first, last) = if timed { (Some(concat(&columns.3)), Some(concat(&columns.4))) } else { (None, None) };
        Self { name, edges: Arc::new(Csr::from_parts(offsets, targets, weights)), events, first, last }
    }

    /// The relation's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Adjacency by source, with weights; self-loops included.
    pub fn edges(&self) -> &Arc<Csr> {
        &self.edges
    }

    /// Number of distinct edges, self-loops included.
    pub fn edge_count(&self) -> u64 {
        self.edges.entry_count() as u64
    }

    /// Number of rows that made edge `at` (an index into [`Csr::targets`]).
    pub fn events(&self, at: usize) -> u64 {
        self.events.as_ref().map_or(1, |events| events[at])
    }

    /// Earliest and latest time of edge `at`, microseconds UTC; `None` where no row of it had one.
    pub fn times(&self, at: usize) -> Option<(i64, i64)> {
        let first = *self.first.as_ref()?.get(at)?;
        let last = *self.last.as_ref()?.get(at)?;
        (first != NO_TIME).then_some((first, last))
    }

    /// Whether any edge has a time.
    pub fn is_timed(&self) -> bool {
        self.first.is_some()
    }
}

/// Cuts the rows of all chunks into `pieces` runs of about equal length: (chunk, rows of it).
fn pieces(rows: &[EdgeRows], pieces: usize) -> Vec<Vec<(usize, Range<usize>)>> {
    let total: usize = rows.iter().map(EdgeRows::len).sum();
    let share = total.div_ceil(pieces).max(1);
    let mut cut = vec![Vec::new()];
    let mut room = share;
    for (chunk, part) in rows.iter().enumerate() {
        let mut start = 0;
        while start < part.len() {
            if room == 0 {
                cut.push(Vec::new());
                room = share;
            }
            let end = part.len().min(start + room);
            room -= end - start;
            cut.last_mut().expect("there is always a piece").push((chunk, start..end));
            start = end;
        }
    }
    cut
}

impl Scattered {
    fn new(nodes: usize, directed: bool, is_set: bool, rows: &[EdgeRows]) -> Self {
        let ends = |chunk: &EdgeRows, at: usize| {
            let (source, target) = (chunk.sources[at], chunk.targets[at]);
            if directed || source <= target { (source, target) } else { (target, source) }
        };
        let pieces = pieces(rows, rayon::current_num_threads());
        let mut counts: Vec<Vec<u32>> = pieces
            .par_iter()
            .map(|piece| {
                let mut count = vec![0_u32; nodes];
                for (chunk, range) in piece {
                    for at in range.clone() {
                        count[ends(&rows[*chunk], at).0.row()] += 1;
                    }
                }
                count
            })
            .collect();
        let offsets = cursors_of(&mut counts, nodes);
        let total = offsets[nodes] as usize;
        let wide = || (0..total).into_par_iter().map(|_| AtomicU64::new(0)).collect::<Vec<_>>();
        let weights = (!is_set && rows.iter().any(|chunk| chunk.weights.is_some())).then(wide);
        let times = rows.iter().any(|chunk| chunk.times.is_some()).then(wide);
        let targets: Vec<AtomicU32> = (0..total).into_par_iter().map(|_| AtomicU32::new(0)).collect();
        // Every slot is written once: relaxed stores are plain stores, and no row needs a lock.
        pieces.into_par_iter().zip(counts).for_each(|(piece, mut cursor)| {
            for (chunk, range) in piece {
                let chunk = &rows[chunk];
                for at in range {
                    let (source, target) = ends(chunk, at);
                    let slot = offsets[source.row()] as usize + cursor[source.row()] as usize;
                    cursor[source.row()] += 1;
                    targets[slot].store(target.0, Ordering::Relaxed);
                    if let Some(to) = &weights {
                        let weight = chunk.weights.as_ref().map_or(1.0, |from| from[at]);
                        to[slot].store(weight.to_bits(), Ordering::Relaxed);
                    }
                    if let Some(to) = &times {
                        let time = chunk.times.as_ref().map_or(NO_TIME, |from| from[at]);
                        to[slot].store(time.cast_unsigned(), Ordering::Relaxed);
                    }
                }
            }
        });
        Self { offsets, targets, weights, times }
    }

    fn sort_block(&self, nodes: Range<usize>) -> SortedBlock {
        let mut block = SortedBlock::default();
        let mut row: Vec<(u32, f64, i64)> = Vec::new();
        for node in nodes {
            row.clear();
            row.extend((self.offsets[node] as usize..self.offsets[node + 1] as usize).map(|at| {
                (
                    self.targets[at].load(Ordering::Relaxed),
                    self.weights.as_ref().map_or(1.0, |from| f64::from_bits(from[at].load(Ordering::Relaxed))),
                    self.times.as_ref().map_or(NO_TIME, |from| from[at].load(Ordering::Relaxed).cast_signed()),
                )
            }));
            row.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
            let before = block.targets.len();
            for same in row.chunk_by(|a, b| a.0 == b.0) {
                block.targets.push(NodeId(same[0].0));
                block.events.push(same.len() as u64);
                if self.weights.is_some() {
                    block.weights.push(same.iter().map(|event| event.1).sum());
                }
                if self.times.is_some() {
                    let known = || same.iter().map(|event| event.2).filter(|&time| time != NO_TIME);
                    block.first.push(known().min().unwrap_or(NO_TIME));
                    block.last.push(known().max().unwrap_or(NO_TIME));
                }
            }
            block.counts.push((block.targets.len() - before) as u64);
        }
        block
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(edges: &[(u32, u32, f64, i64)]) -> EdgeRows {
        EdgeRows {
            sources: edges.iter().map(|edge| NodeId(edge.0)).collect(),
            targets: edges.iter().map(|edge| NodeId(edge.1)).collect(),
            weights: Some(edges.iter().map(|edge| edge.2).collect()),
            times: Some(edges.iter().map(|edge| edge.3).collect()),
        }
    }

    #[test]
    fn repeated_rows_are_one_edge_in_any_order() {
        let mut edges = vec![(1, 0, 0.1, 5), (0, 2, 1.0, NO_TIME), (1, 0, 0.2, 3), (1, 0, 0.7, NO_TIME), (2, 2, 1.0, 9)];
        let layer = Layer::build("mention", 3, true, &[rows(&edges)]);
        assert_eq!(layer.edge_count(), 3);
        assert_eq!(layer.edges().row(NodeId(1)).collect::<Vec<_>>(), [(NodeId(0), 0.1 + 0.2 + 0.7)]);
        assert_eq!((layer.events(1), layer.times(1), layer.times(0)), (3, Some((3, 5)), None));
        edges.rotate_left(3);
        let (head, tail) = edges.split_at(2);
        assert_eq!(Layer::build("mention", 3, true, &[rows(tail), rows(head)]), layer);
    }

    #[test]
    fn a_follow_weighs_one_however_often_it_is_listed() {
        let layer = Layer::build("follow", 2, true, &[rows(&[(0, 1, 3.0, 1), (0, 1, 4.0, 2)])]);
        assert_eq!((layer.edges().weights(), layer.events(0)), (None, 2));
    }

    #[test]
    fn undirected_rows_are_one_edge_smaller_node_first() {
        let layer = Layer::build("contact", 3, false, &[EdgeRows::new(vec![NodeId(2), NodeId(0)], vec![NodeId(0), NodeId(2)])]);
        assert_eq!(layer.edges().row(NodeId(0)).collect::<Vec<_>>(), [(NodeId(2), 2.0)]);
        assert_eq!(layer.edge_count(), 1);
    }
}
