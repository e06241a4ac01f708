//! Who can be reached along edges: breadth-first search in parallel, pushing while few are new and pulling while many are.

use crate::MetricError;
use echogram_graph::{GraphView, NodeId};
use rayon::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};

/// Nodes seen between two looks at the caller's flag, unless a round pulls.
const STEP: usize = 1 << 12;
/// Nodes in one word of a set.
const WORD: usize = u64::BITS as usize;
/// Words handled by one task.
const MIN_WORDS: usize = 1 << 5;
/// Frontiers up to this length are not worth a second thread.
const SHORT: usize = 1 << 7;
/// About so many edges a node that is still to be found looks at when it is asked: a round pulls when pushing would look at more.
const PULL_PROBES: usize = 2;

/// A set of nodes, one bit each; many threads may add to it.
pub(crate) struct NodeSet {
    words: Vec<AtomicU64>,
}

impl NodeSet {
    /// The set of those nodes among `0..n` for which `holds` is true.
    pub(crate) fn of(n: usize, holds: impl Fn(usize) -> bool + Sync) -> Self {
        let word = |at: usize| {
            let rows = at * WORD..n.min((at + 1) * WORD);
            AtomicU64::new(rows.rev().fold(0, |bits, row| bits << 1 | u64::from(holds(row))))
        };
        Self { words: (0..n.div_ceil(WORD)).into_par_iter().with_min_len(MIN_WORDS).map(word).collect() }
    }

    #[inline]
    fn word(&self, at: usize) -> u64 {
        self.words[at].load(Ordering::Relaxed)
    }

    #[inline]
    pub(crate) fn contains(&self, node: NodeId) -> bool {
        self.word(node.row() / WORD) >> (node.row() % WORD) & 1 == 1
    }

    /// Adds `node`; whether it was not there before.
    #[inline]
    fn insert(&self, node: NodeId) -> bool {
        let bit = 1 << (node.row() % WORD);
        !self.contains(node) && self.words[node.row() / WORD].fetch_or(bit, Ordering::Relaxed) & bit == 0
    }

    pub(crate) fn len(&self) -> usize {
        (0..self.words.len()).into_par_iter().with_min_len(MIN_WORDS).map(|at| self.word(at).count_ones() as usize).sum()
    }

    /// The members, ascending.
    pub(crate) fn members(&self) -> Vec<NodeId> {
        let members = (0..self.words.len()).into_par_iter().with_min_len(MIN_WORDS);
        members.flat_map_iter(|at| bits(self.word(at)).map(move |bit| NodeId::new(at * WORD + bit))).collect()
    }
}

/// The places of the bits that are set.
fn bits(word: u64) -> impl Iterator<Item = usize> {
    let rest = move |word: &u64| Some(word & (word - 1)).filter(|&rest| rest != 0);
    std::iter::successors(Some(word).filter(|&word| word != 0), rest).map(|word| word.trailing_zeros() as usize)
}

/// Which way edges are followed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// From source to target.
    Forward,
    /// From target to source.
    Backward,
    /// Both.
    Either,
}

impl Way {
    /// The nodes that edges lead to from `node`, in one row or two.
    #[inline]
    fn onward<G: GraphView + ?Sized>(self, graph: &G, node: NodeId) -> [&[NodeId]; 2] {
        match self {
            Self::Forward => [graph.successors(node), &[]],
            Self::Backward => [graph.predecessors(node), &[]],
            Self::Either => [graph.successors(node), graph.predecessors(node)],
        }
    }

    fn reversed(self) -> Self {
        match self {
            Self::Forward => Self::Backward,
            Self::Backward => Self::Forward,
            Self::Either => Self::Either,
        }
    }
}

/// A search and what it has seen.
struct Search<'a, G: ?Sized> {
    graph: &'a G,
    way: Way,
    within: &'a NodeSet,
    seen: NodeSet,
}

/// The nodes of `within` that `starts` lead to by paths inside `within`, and `starts` themselves. `step` is told how many are seen so far.
///
/// Only the set counts, not how far away its members are. So a round may use what it finds itself, and races change only how many rounds
/// there are.
///
/// Cost: O(E) where it pushes; a round that pulls looks at fewer edges where, as in social networks, most of what is left is found at once
/// or has few edges. Up to 9 bytes per node.
pub(crate) fn reach<G: GraphView + ?Sized>(
    graph: &G,
    way: Way,
    starts: Vec<NodeId>,
    within: &NodeSet,
    step: &dyn Fn(u64) -> Result<(), MetricError>,
) -> Result<NodeSet, MetricError> {
    let n = graph.node_count();
    let search = Search { graph, way, within, seen: NodeSet::of(n, |_| false) };
    starts.iter().for_each(|&start| _ = search.seen.insert(start));
    let (mut seen, mut wanted, mut next_step) = (0, within.len(), 0);
    let mut frontier = starts;
    while !frontier.is_empty() {
        seen += frontier.len();
        wanted = wanted.saturating_sub(frontier.len());
        let pulls = search.entries(&frontier) > PULL_PROBES * wanted;
        if pulls || seen >= next_step {
            step(seen.min(n) as u64)?;
            next_step = seen + STEP;
        }
        frontier = if pulls { search.pull() } else { search.push(&frontier) };
    }
    Ok(search.seen)
}

impl<G: GraphView + ?Sized> Search<'_, G> {
    /// How many edges lead on from the frontier.
    fn entries(&self, frontier: &[NodeId]) -> usize {
        let entries =
            |nodes: &[NodeId]| nodes.iter().flat_map(|&node| self.way.onward(self.graph, node)).map(<[NodeId]>::len).sum();
        if frontier.len() <= SHORT {
            return entries(frontier);
        }
        frontier.par_chunks(SHORT).map(entries).sum()
    }

    /// Follows the edges of the frontier.
    fn push(&self, frontier: &[NodeId]) -> Vec<NodeId> {
        let spread = |mut next: Vec<NodeId>, &node: &NodeId| {
            for row in self.way.onward(self.graph, node) {
                next.extend(row.iter().copied().filter(|&other| self.within.contains(other) && self.seen.insert(other)));
            }
            next
        };
        if frontier.len() <= SHORT {
            return frontier.iter().fold(Vec::new(), spread);
        }
        frontier.par_iter().with_min_len(SHORT / 2).fold(Vec::new, spread).reduce(Vec::new, joined)
    }

    /// Asks each node that is not seen whether a seen one leads to it. Whoever was seen before the last pull has been asked after already.
    fn pull(&self) -> Vec<NodeId> {
        let back = self.way.reversed();
        let is_led_to = |node| back.onward(self.graph, node).iter().any(|row| row.iter().any(|&other| self.seen.contains(other)));
        let ask = |mut next: Vec<NodeId>, at: usize| {
            let known = self.seen.word(at);
            let mut found = 0;
            for bit in bits(self.within.word(at) & !known) {
                let node = NodeId::new(at * WORD + bit);
                if is_led_to(node) {
                    found |= 1 << bit;
                    next.push(node);
                }
            }
            if found != 0 {
                self.seen.words[at].store(known | found, Ordering::Relaxed);
            }
            next
        };
        let words = (0..self.seen.words.len()).into_par_iter().with_min_len(MIN_WORDS);
        words.fold(Vec::new, ask).reduce(Vec::new, joined)
    }
}

fn joined(mut one: Vec<NodeId>, mut other: Vec<NodeId>) -> Vec<NodeId> {
    if one.is_empty() {
        return other;
    }
    one.append(&mut other);
    one
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::{Graph, synthetic};

    fn reached(graph: &Graph, way: Way, starts: &[u32], holds: impl Fn(usize) -> bool + Sync) -> Vec<u32> {
        let n = GraphView::node_count(graph);
        let starts = starts.iter().map(|&start| NodeId(start)).collect();
        let found = reach(graph, way, starts, &NodeSet::of(n, holds), &|_| Ok(())).unwrap();
        assert_eq!(found.len(), found.members().len());
        found.members().into_iter().map(|node| node.0).collect()
    }

    #[test]
    fn paths_stay_within() {
        let graph = Graph::from_arrows("0>1 1>2 2>3 4>2 5>5 3>0");
        assert_eq!(reached(&graph, Way::Forward, &[1], |_| true), [0, 1, 2, 3]);
        assert_eq!(reached(&graph, Way::Backward, &[2], |row| row != 0), [1, 2, 4]);
        assert_eq!(reached(&graph, Way::Forward, &[5], |_| false), [5]);
        assert_eq!(reached(&graph, Way::Forward, &[], |_| true), [0; 0]);
    }

    #[test]
    fn a_serial_search_agrees() {
        for graph in [synthetic::rmat(13, 8, 4), synthetic::uniform(5_000, 7_000, 1), synthetic::planted(40, 50, 3, 1, 2)] {
            for way in [Way::Forward, Way::Backward, Way::Either] {
                let holds = |row: usize| row % 5 != 1;
                let starts = [0, 10, 100];
                let mut seen: Vec<bool> = (0..GraphView::node_count(&graph)).map(|row| starts.contains(&(row as u32))).collect();
                let mut stack: Vec<NodeId> = starts.map(NodeId).to_vec();
                while let Some(node) = stack.pop() {
                    for &other in way.onward(&graph, node).into_iter().flatten() {
                        if holds(other.row()) && !std::mem::replace(&mut seen[other.row()], true) {
                            stack.push(other);
                        }
                    }
                }
                let wanted: Vec<u32> = (0..seen.len()).filter(|&row| seen[row]).map(|row| row as u32).collect();
                assert_eq!(reached(&graph, way, &starts, holds), wanted);
            }
        }
    }
}
