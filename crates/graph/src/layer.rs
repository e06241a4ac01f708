//! One relation over the account space: its distinct edges with weight, events and times.

use crate::blocks::offsets_of;
use crate::scatter::{Scattered, close_gaps};
use crate::{Csr, EdgeRows};
use rayon::prelude::*;
use std::sync::Arc;

/// The relation that is a set: an edge weighs 1 however often it is listed.
const SET_RELATION: &str = "follow";

/// The distinct edges of one relation, by source and then target.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    name: String,
    edges: Arc<Csr>,
    /// `None` where every edge was made by one row.
    events: Option<Vec<u32>>,
    first: Option<Vec<i64>>,
    /// `None` where it is `first` for every edge.
    last: Option<Vec<i64>>,
    identical_events: u64,
}

impl Layer {
    /// Sorts `rows` into edges. The result does not depend on the order of rows, nor on the number of threads: rows are grouped by
    /// source with counts per piece, sorted by (target, weight), and repeated ones are summed in that order.
    ///
    /// With `directed` false, (a, b) and (b, a) are one edge, smaller node first. In the relation `follow` each edge weighs 1;
    /// elsewhere an edge weighs the sum of its rows' weights, or their number where there is no weight column.
    ///
    /// Cost: O(rows log(longest row)) time. Memory beside `rows`, which are given up half-way: 4 bytes per row, and 8 more each where weights
    /// and times are given.
    pub fn build(name: impl Into<String>, nodes: usize, directed: bool, rows: Vec<EdgeRows>) -> Self {
        let name = name.into();
        let is_set = name == SET_RELATION;
        let Scattered { offsets: slots, mut targets, mut weights, times, counts, events, identical: identical_events } =
            Scattered::new(nodes, directed, is_set, rows);
        let offsets = offsets_of(counts.into_iter().map(u64::from));
        let (mut first, mut last) = times.map_or((None, None), |times| (Some(times.first), times.last));
        if offsets[nodes] < slots[nodes] {
            close_gaps(&mut targets, &slots, &offsets);
            weights.iter_mut().for_each(|values| close_gaps(values, &slots, &offsets));
            first.iter_mut().chain(&mut last).for_each(|values| close_gaps(values, &slots, &offsets));
        }
        let weights = match weights {
            Some(weights) => Some(weights).filter(|weights| !weights.par_iter().all(|&weight| weight == 1.0)),
            None if is_set => None,
            None => events.as_ref().map(|events| events.iter().map(|&count| f64::from(count)).collect()),
        };
        Self { name, edges: Arc::new(Csr::from_parts(offsets, targets, weights)), events, first, last, identical_events }
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
        self.events.as_ref().map_or(1, |events| u64::from(events[at]))
    }

    /// Earliest and latest time of edge `at`, microseconds UTC; `None` where no row of it had one.
    pub fn times(&self, at: usize) -> Option<(i64, i64)> {
        let first = *self.first.as_ref()?.get(at)?;
        let last = self.last.as_ref().map_or(first, |last| last[at]);
        (first != crate::NO_TIME).then_some((first, last))
    }

    /// Rows beyond the first that have source, target, weight and time in common with another.
    pub fn identical_events(&self) -> u64 {
        self.identical_events
    }

    /// Whether any edge has a time.
    pub fn is_timed(&self) -> bool {
        self.first.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{NO_TIME, NodeId};

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
        let layer = Layer::build("mention", 3, true, vec![rows(&edges)]);
        assert_eq!(layer.edge_count(), 3);
        assert_eq!(layer.edges().row(NodeId(1)).collect::<Vec<_>>(), [(NodeId(0), 0.1 + 0.2 + 0.7)]);
        assert_eq!((layer.events(1), layer.times(1), layer.times(0)), (3, Some((3, 5)), None));
        edges.rotate_left(3);
        let (head, tail) = edges.split_at(2);
        assert_eq!(Layer::build("mention", 3, true, vec![rows(tail), rows(head)]), layer);
    }

    #[test]
    fn a_follow_weighs_one_however_often_it_is_listed() {
        let layer = Layer::build("follow", 2, true, vec![rows(&[(0, 1, 3.0, 1), (0, 1, 4.0, 2)])]);
        assert_eq!((layer.edges().weights(), layer.events(0)), (None, 2));
    }

    #[test]
    fn undirected_rows_are_one_edge_smaller_node_first() {
        let layer =
            Layer::build("contact", 3, false, vec![EdgeRows::new(vec![NodeId(2), NodeId(0)], vec![NodeId(0), NodeId(2)])]);
        assert_eq!(layer.edges().row(NodeId(0)).collect::<Vec<_>>(), [(NodeId(2), 2.0)]);
        assert_eq!(layer.edge_count(), 1);
    }
}
