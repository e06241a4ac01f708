//! The union renamed by rank, each tie once.

use crate::workload::{fill_rows, offsets_of};
use crate::{MetricError, Run};
use echogram_graph::{Graph, GraphView, NodeId};
use rayon::prelude::*;
use std::ops::Range;

/// A symmetric graph without its self-loops; rank 0 has the most neighbours, equals stand by row.
///
/// Memory: 20 bytes per node, 4 per tie.
pub(crate) struct Ranked {
    /// Row in the graph, by rank.
    pub(crate) order: Vec<u32>,
    /// Rank, by row in the graph.
    pub(crate) rank: Vec<u32>,
    /// Neighbours other than itself, by rank.
    pub(crate) degrees: Vec<u32>,
    offsets: Vec<usize>,
    upper: Vec<u32>,
}

impl Ranked {
    /// Ranks the accounts of a symmetric graph.
    ///
    /// # Errors
    /// [`MetricError::Cancelled`], asked for before each pass over the ties.
    pub(crate) fn of<G: GraphView + ?Sized>(graph: &G, run: &Run<'_>) -> Result<Self, MetricError> {
        let n = graph.node_count();
        run.step(0, 1)?;
        let by_row: Vec<u32> = (0..n).into_par_iter().map(|row| degree_without_loop(graph, NodeId::new(row))).collect();
        let order = by_degree_descending(&by_row);
        let mut rank = vec![0; n];
        order.iter().zip(0..).for_each(|(&row, place)| rank[row as usize] = place);
        let degrees: Vec<u32> = order.iter().map(|&row| by_row[row as usize]).collect();
        run.step(0, 1)?;
        // Row by row as the graph has them: they stand one after the other in memory.
        let counts: Vec<u32> = (0..n)
            .into_par_iter()
            .map(|row| graph.successors(NodeId::new(row)).iter().filter(|other| rank[other.row()] < rank[row]).count() as u32)
            .collect();
        let offsets = offsets_of(order.iter().map(|&row| counts[row as usize]));
        run.step(0, 1)?;
        let upper = fill_rows(&offsets, |own, slots| {
            // Without a branch: every other neighbour is of lower rank, and which one is anybody's guess.
            let mut end = 0;
            for other in graph.successors(NodeId(order[own])) {
                let Some(slot) = slots.get_mut(end) else { break };
                *slot = rank[other.row()];
                end += usize::from((*slot as usize) < own);
            }
            slots.sort_unstable();
        });
        Ok(Self { order, rank, degrees, offsets, upper })
    }

    /// `value` of the weight of each tie, in the order of the rows.
    pub(crate) fn values(&self, graph: &Graph, value: impl Fn(f64) -> f64 + Sync) -> Vec<f64> {
        fill_rows(&self.offsets, |own, slots| {
            let row = graph.out().row(NodeId(self.order[own])).map(|(other, weight)| (self.rank[other.row()], weight));
            let mut row: Vec<(u32, f64)> = row.filter(|&(other, _)| (other as usize) < own).collect();
            row.sort_unstable_by_key(|&(other, _)| other);
            slots.iter_mut().zip(row).for_each(|(slot, (_, weight))| *slot = value(weight));
        })
    }

    pub(crate) fn node_count(&self) -> usize {
        self.order.len()
    }

    /// Where the row of rank `own` stands among all ties.
    #[inline]
    pub(crate) fn range(&self, own: usize) -> Range<usize> {
        self.offsets[own]..self.offsets[own + 1]
    }

    /// Neighbours of lower rank number, that is with more neighbours; ascending.
    #[inline]
    pub(crate) fn upper(&self, own: usize) -> &[u32] {
        &self.upper[self.range(own)]
    }

    /// A value per rank, put in the graph's order of rows.
    pub(crate) fn by_row<T: Send + Sync>(&self, value: impl Fn(usize) -> T + Sync) -> Vec<T> {
        self.rank.par_iter().map(|&rank| value(rank as usize)).collect()
    }
}

/// Neighbours of `node` other than itself.
pub(crate) fn degree_without_loop<G: GraphView + ?Sized>(graph: &G, node: NodeId) -> u32 {
    let row = graph.successors(node);
    (row.len() - usize::from(row.binary_search(&node).is_ok())) as u32
}

/// Rows with the most neighbours first, equals by row: a counting sort.
fn by_degree_descending(degrees: &[u32]) -> Vec<u32> {
    let most = degrees.iter().copied().max().unwrap_or(0) as usize;
    let mut places = vec![0_u32; most + 1];
    degrees.iter().for_each(|&degree| places[degree as usize] += 1);
    places.iter_mut().rev().fold(0, |before, place| before + std::mem::replace(place, before));
    let mut order = vec![0; degrees.len()];
    for (&degree, row) in degrees.iter().zip(0..) {
        let place = &mut places[degree as usize];
        order[*place as usize] = row;
        *place += 1;
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::{Graph, synthetic};

    #[test]
    fn ranks_fall_with_the_degree() {
        let ranked = Ranked::of(&Graph::from_arrows("0>1 2>1 3>1 2>3 1>1 4").undirected(), &Run::default()).unwrap();
        assert_eq!(ranked.order, [1, 2, 3, 0, 4]);
        assert_eq!(ranked.degrees, [3, 2, 2, 1, 0]);
        assert_eq!(
            (0..5).map(|own| ranked.upper(own).to_vec()).collect::<Vec<_>>(),
            [vec![], vec![0], vec![0, 1], vec![0], vec![]]
        );
    }

    #[test]
    fn every_tie_stands_once() {
        let union = synthetic::rmat(14, 8, 4).undirected();
        let ranked = Ranked::of(&union, &Run::default()).unwrap();
        assert_eq!(ranked.range(ranked.node_count() - 1).end as u64, union.edge_count());
        let longest = (0..ranked.node_count()).map(|own| ranked.upper(own).len()).max().unwrap();
        assert!(longest * longest <= 2 * union.edge_count() as usize);
        assert!((0..ranked.node_count()).all(|own| ranked.upper(own).is_sorted()));
    }
}
