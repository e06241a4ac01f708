//! Compressed sparse rows: who is adjacent to whom, in two arrays.

use crate::blocks::{concat, offsets_of, ranges_by_load};
use crate::scatter::grouped;
use crate::{EdgeRows, NodeId, RowWeights};
use rayon::prelude::*;
use std::ops::Range;
use std::sync::Arc;

/// Entries handled by one block of work.
const BLOCK_ENTRIES: u64 = 1 << 16;
/// Entries turned round together.
const CHUNK_ENTRIES: u64 = 1 << 17;

/// Adjacency in compressed sparse rows: the neighbours of each node ascending and without duplicates.
///
/// Memory: 8 bytes per node, 4 per entry, and 8 more per entry where weights are not all 1.
/// Structure and weights are shared, so a copy, or a copy without weights, costs nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Csr {
    offsets: Arc<Vec<u64>>,
    targets: Arc<Vec<NodeId>>,
    weights: Option<Arc<Vec<f64>>>,
}

/// Rows under construction.
#[derive(Default)]
pub(crate) struct RowBlock {
    pub(crate) counts: Vec<u64>,
    pub(crate) targets: Vec<NodeId>,
    pub(crate) weights: Vec<f64>,
}

impl Csr {
    /// Takes finished rows, each ascending and without duplicates. `weights` is `None` where every weight is 1.
    ///
    /// # Panics
    /// If the parts do not fit each other; callers of this crate build them together.
    pub fn from_parts(offsets: Vec<u64>, targets: Vec<NodeId>, weights: Option<Vec<f64>>) -> Self {
        assert_eq!(offsets.last().copied(), Some(targets.len() as u64), "offsets end at the number of targets");
        assert!(weights.as_ref().is_none_or(|w| w.len() == targets.len()), "one weight per target");
        Self { offsets: Arc::new(offsets), targets: Arc::new(targets), weights: weights.map(Arc::new) }
    }

    /// A graph of `nodes` rows without an entry.
    pub fn empty(nodes: usize) -> Self {
        Self::from_parts(vec![0; nodes + 1], Vec::new(), None)
    }

    /// Builds row by row in parallel: `fill(node, targets, weights)` appends the row of `node`; `load` holds cumulative
    /// estimates of the work per node (any monotone array of `nodes + 1` values).
    pub(crate) fn build(load: &[u64], weighted: bool, fill: impl Fn(NodeId, &mut Vec<NodeId>, &mut Vec<f64>) + Sync) -> Self {
        let blocks: Vec<RowBlock> = ranges_by_load(load, BLOCK_ENTRIES)
            .into_par_iter()
            .map(|range| {
                let mut block = RowBlock::default();
                block.targets.reserve((load[range.end] - load[range.start]) as usize);
                for row in range {
                    let before = block.targets.len();
                    fill(NodeId::new(row), &mut block.targets, &mut block.weights);
                    block.counts.push((block.targets.len() - before) as u64);
                }
                block
            })
            .collect();
        let offsets = offsets_of(blocks.iter().flat_map(|block| block.counts.iter().copied()));
        let mut targets = Vec::with_capacity(blocks.len());
        let mut weights = Vec::with_capacity(blocks.len());
        for block in blocks {
            targets.push(block.targets);
            weights.push(block.weights);
        }
        let joined = concat(&targets);
        drop(targets);
        Self::from_parts(offsets, joined, weighted.then(|| concat(&weights)))
    }

    /// Number of rows.
    pub fn node_count(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Number of entries, self-loops included.
    pub fn entry_count(&self) -> usize {
        self.targets.len()
    }

    /// Cumulative row lengths, one more than there are rows.
    pub fn offsets(&self) -> &[u64] {
        &self.offsets
    }

    /// All rows end to end.
    pub fn targets(&self) -> &[NodeId] {
        &self.targets
    }

    /// All weights end to end, or `None` where every weight is 1.
    pub fn weights(&self) -> Option<&[f64]> {
        self.weights.as_deref().map(Vec::as_slice)
    }

    /// Where the row of `node` stands in [`Self::targets`].
    #[inline]
    pub fn range(&self, node: NodeId) -> Range<usize> {
        self.offsets[node.row()] as usize..self.offsets[node.row() + 1] as usize
    }

    /// Neighbours of `node`, ascending.
    #[inline]
    pub fn neighbours(&self, node: NodeId) -> &[NodeId] {
        &self.targets[self.range(node)]
    }

    /// Weights of [`Self::neighbours`] in the same order, or `None` where every weight is 1.
    #[inline]
    pub fn row_weights(&self, node: NodeId) -> Option<&[f64]> {
        self.weights.as_ref().map(|weights| &weights[self.range(node)])
    }

    /// Row length.
    #[inline]
    pub fn degree(&self, node: NodeId) -> usize {
        (self.offsets[node.row() + 1] - self.offsets[node.row()]) as usize
    }

    /// Whether `node` has an entry `target`. Cost: a binary search.
    pub fn contains(&self, node: NodeId, target: NodeId) -> bool {
        self.neighbours(node).binary_search(&target).is_ok()
    }

    /// Neighbours with their weights.
    #[inline]
    pub fn row(&self, node: NodeId) -> impl Iterator<Item = (NodeId, f64)> + '_ {
        let weights = self.row_weights(node);
        self.neighbours(node).iter().enumerate().map(move |(at, &target)| (target, weights.map_or(1.0, |w| w[at])))
    }

    /// Number of entries that point at their own row.
    pub fn loop_count(&self) -> u64 {
        (0..self.node_count()).into_par_iter().filter(|&row| self.contains(NodeId::new(row), NodeId::new(row))).count() as u64
    }

    /// The same structure without weights.
    pub fn unweighted(&self) -> Self {
        Self { weights: None, ..self.clone() }
    }

    /// The same rows; weights are given up if all of them are 1.
    pub(crate) fn simplified(self) -> Self {
        let weights = self.weights.filter(|weights| !weights.par_iter().all(|&weight| weight == 1.0));
        Self { weights, ..self }
    }

    /// All entries turned round. Rows stay ascending, as those of one target are taken in their order, so the result is the same for any number of threads.
    ///
    /// Cost: each entry is moved three times, near others each time. Memory beside the result, meanwhile: 6 bytes for each entry of one half of the nodes, and
    /// 4 or 8 more for its weight.
    pub fn transposed(&self) -> Self {
        let (offsets, targets, weights) =
            grouped(self.node_count(), self.entry_count(), self.weights.is_some(), |targets: Range<NodeId>| {
                let chunks = ranges_by_load(&self.offsets, CHUNK_ENTRIES).into_par_iter();
                chunks.map(move |rows| self.turned(rows, &targets))
            });
        Self::from_parts(offsets, targets, weights)
    }

    /// The entries of some rows that have these targets, as edges the other way round.
    fn turned(&self, rows: Range<usize>, wanted: &Range<NodeId>) -> EdgeRows {
        let most = (self.offsets[rows.end] - self.offsets[rows.start]) as usize;
        let mut edges = EdgeRows::new(Vec::with_capacity(most), Vec::with_capacity(most));
        let mut weights = Vec::with_capacity(if self.weights.is_some() { most } else { 0 });
        for row in rows {
            let row = NodeId::new(row);
            let (targets, start) = (self.neighbours(row), self.range(row).start);
            debug_assert!(targets.is_sorted(), "rows are ascending");
            let before = |end: NodeId| match end.row() {
                0 => 0,
                row if row == self.node_count() => targets.len(),
                _ => targets.partition_point(|&target| target < end),
            };
            let own = before(wanted.start)..before(wanted.end);
            edges.sources.extend_from_slice(&targets[own.clone()]);
            edges.targets.resize(edges.sources.len(), row);
            if let Some(all) = self.weights() {
                weights.extend_from_slice(&all[start + own.start..start + own.end]);
            }
        }
        edges.weights = self.weights.is_some().then(|| RowWeights::from(weights.as_slice()));
        edges
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Graph;

    #[test]
    fn transposing_twice_gives_the_graph_back() {
        let graph = crate::synthetic::rmat(9, 8, 3);
        for threads in [1, 2, 5] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a small pool");
            let there = pool.install(|| graph.out().transposed());
            assert_eq!(there, graph.out().transposed());
            assert_eq!(&pool.install(|| there.transposed()), graph.out());
        }
    }

    #[test]
    fn entries_of_many_chunks_keep_their_weights_and_order() {
        let graph = crate::synthetic::rmat(14, 16, 5);
        let out = graph.out();
        assert!(out.entry_count() > CHUNK_ENTRIES as usize, "more than a chunk");
        // Weights of some chunks fit 32 bits, those of others do not.
        let weight = |row: usize, target: NodeId| if row < out.node_count() / 2 { 1.5 } else { 0.1 * f64::from(target.0 + 1) };
        let rows =
            || (0..out.node_count()).flat_map(|row| out.neighbours(NodeId::new(row)).iter().map(move |&target| (row, target)));
        let weights = rows().map(|(row, target)| weight(row, target)).collect();
        let given = Csr::from_parts(out.offsets().to_vec(), out.targets().to_vec(), Some(weights));
        let turned = given.transposed();
        let mut wanted: Vec<Vec<(NodeId, f64)>> = vec![Vec::new(); out.node_count()];
        rows().for_each(|(row, target)| wanted[target.row()].push((NodeId::new(row), weight(row, target))));
        for (row, wanted) in wanted.iter().enumerate() {
            assert!(turned.row(NodeId::new(row)).eq(wanted.iter().copied()), "row {row}");
        }
    }

    #[test]
    fn an_empty_graph_has_rows_but_no_entries() {
        let graph = Graph::from_arrows("");
        assert_eq!((graph.out().node_count(), graph.out().entry_count()), (0, 0));
        assert_eq!(Csr::empty(3).transposed(), Csr::empty(3));
    }
}
