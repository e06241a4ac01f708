//! Rewiring: the same accounts with the same numbers of ties in and out, and otherwise at random.
//!
//! A directed step draws two edges a -> b, c -> d and makes them a -> d, c -> b; or, one time in [`CYCLE_EVERY`], draws a cycle a -> b -> c -> a and turns it round, without which some
//! graphs of the same degrees cannot be reached. An undirected step draws two ties and which end of each goes where. A step that would make a self-loop or an edge that is there is
//! rejected *and counts*: only then is every graph equally likely in the long run. Proposals are symmetric. Weights stay with the source's edge.
//!
//! Where reciprocity is kept, a step moves two mutual pairs or two single edges, in proportion to how many there are; neither may come to lie where the other kind is, so that no mutual pair is
//! made or lost. Moving all pairs first and the single edges after them would not draw evenly, and could lose an edge where a pair lands on a single one that finds no other place.
//!
//! Sources: Roberts and Coolen, Unbiased degree-preserving randomization of directed binary networks, Phys. Rev. E 85, 2012, doi 10.1103/PhysRevE.85.046103 (cycles, counting
//! rejected steps); Fosdick, Larremore, Nishimura, Ugander, Configuring random graph models with fixed degree sequences, SIAM Review 60, 2018, doi 10.1137/16M1087175.

use echogram_graph::synthetic::Stream;
use echogram_graph::{Graph, GraphView, NodeId};
use foldhash::fast::FixedState;
use hashbrown::HashSet;

/// Steps for each edge. Ten leave no more of the first graph than chance would (see [`Mixing::kept`]).
const STEPS_PER_EDGE: u64 = 10;
/// One step in so many is the turn of a cycle.
const CYCLE_EVERY: u64 = 10;
/// Purpose of the streams that draw steps.
const PURPOSE: u64 = 0x7265_7769;

/// What a rewiring keeps beside the degrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rewiring {
    /// In- and out-degrees.
    Degrees,
    /// Those of mutual pairs and of single edges, each for themselves, and so the reciprocity.
    Reciprocity,
}

/// Whether a rewiring has forgotten where it came from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mixing {
    /// Steps, rejected ones included.
    pub steps: u64,
    /// Share of them that were accepted.
    pub accepted: f64,
    /// Share of the first graph's edges that are there at the end.
    pub kept: f64,
    /// The same half-way: where it is about `kept`, more steps would change nothing.
    pub kept_half_way: f64,
}

/// A random graph with the degrees of `graph`; symmetric if that is symmetric. Self-loops stay where they are.
///
/// Cost: 10 steps per edge, each a few look-ups in a set of edges; serial, so that replicates run beside each other. 24 bytes per edge.
pub fn rewired(graph: &Graph, rewiring: Rewiring, seed: u64, replicate: u64) -> (Graph, Mixing) {
    let mut edges = Edges::of(graph, rewiring);
    let mut draw = Stream::new(seed, PURPOSE, replicate);
    let mixing = edges.mix(&mut draw);
    (edges.into_graph(graph), mixing)
}

/// Edges of one kind that may change partners: sources are fixed, targets move.
struct Edges {
    sources: Vec<u32>,
    targets: Vec<u32>,
    weights: Option<Vec<f64>>,
    /// Where each node's edges start in the arrays; edges of one source stand together.
    starts: Vec<u32>,
    present: HashSet<u64, FixedState>,
    kind: Kind,
    /// Edges that never move: self-loops.
    loops: Vec<(u32, u32, f64)>,
    /// Mutual pairs, where they are kept apart.
    mutual: Option<Box<Edges>>,
}

/// What a step may do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Directed edges.
    Directed,
    /// Single edges of which none may become one of a mutual pair.
    Single,
    /// Ties, each of which stands once.
    Undirected,
}

fn key(source: u32, target: u32) -> u64 {
    u64::from(source) << 32 | u64::from(target)
}

impl Edges {
    fn of(graph: &Graph, rewiring: Rewiring) -> Self {
        let is_apart = graph.is_directed() && rewiring == Rewiring::Reciprocity;
        let kind = match (graph.is_directed(), is_apart) {
            (true, true) => Kind::Single,
            (true, false) => Kind::Directed,
            (false, _) => Kind::Undirected,
        };
        let (mut listed, mut mutual, mut loops) = (Vec::new(), Vec::new(), Vec::new());
        for source in (0..graph.node_count()).map(NodeId::new) {
            for (target, weight) in graph.out().row(source) {
                let edge = (source.0, target.0, weight);
                if source == target {
                    loops.push(edge);
                } else if is_apart && graph.out().contains(target, source) {
                    // A mutual pair is one tie; its weights are those of its two edges, added, and shared out evenly in the end.
                    mutual.push(edge);
                } else if graph.is_directed() || source < target {
                    listed.push(edge);
                }
            }
        }
        let mutual = is_apart.then(|| {
            let ties = mutual.iter().filter(|edge| edge.0 < edge.1).copied().collect();
            Box::new(Self::listed(graph, ties, Kind::Undirected))
        });
        Self { loops, mutual, ..Self::listed(graph, listed, kind) }
    }

    fn listed(graph: &Graph, edges: Vec<(u32, u32, f64)>, kind: Kind) -> Self {
        let mut starts = vec![0_u32; graph.node_count() + 1];
        edges.iter().for_each(|edge| starts[edge.0 as usize + 1] += 1);
        (1..starts.len()).for_each(|node| starts[node] += starts[node - 1]);
        let mut present = HashSet::with_capacity_and_hasher(edges.len() * 2, FixedState::default());
        present.extend(edges.iter().map(|edge| key(edge.0, edge.1)));
        Self {
            sources: edges.iter().map(|edge| edge.0).collect(),
            targets: edges.iter().map(|edge| edge.1).collect(),
            weights: graph.is_weighted().then(|| edges.iter().map(|edge| edge.2).collect()),
            starts,
            present,
            kind,
            loops: Vec::new(),
            mutual: None,
        }
    }

    fn mix(&mut self, draw: &mut Stream) -> Mixing {
        let mut mutual = self.mutual.take();
        let pairs = mutual.as_ref().map_or(0, |mutual| mutual.sources.len() as u64);
        let (count, first) = (self.sources.len() as u64 + pairs, self.listed_keys());
        let first_pairs = mutual.as_ref().map(|mutual| mutual.listed_keys()).unwrap_or_default();
        let kept = |edges: &Self, mutual: Option<&Self>| {
            let there = edges.count_of(&first) + mutual.map_or(0, |mutual| mutual.count_of(&first_pairs));
            there as f64 / count as f64
        };
        let steps = STEPS_PER_EDGE * count;
        let mut mixing = Mixing { steps, accepted: 0.0, kept: 1.0, kept_half_way: 1.0 };
        let mut accepted = 0_u64;
        for step in 0..if count < 2 { 0 } else { steps } {
            if step == steps / 2 {
                mixing.kept_half_way = kept(self, mutual.as_deref());
            }
            let is_done = match mutual.as_deref_mut().filter(|_| draw.below(count) < pairs) {
                Some(mutual) => mutual.swap(draw, Some(self)),
                None if self.kind != Kind::Undirected && draw.below(CYCLE_EVERY) == 0 => self.turn(draw, mutual.as_deref()),
                None => self.swap(draw, mutual.as_deref()),
            };
            accepted += u64::from(is_done);
        }
        if count >= 2 {
            mixing.kept = kept(self, mutual.as_deref());
            mixing.accepted = accepted as f64 / steps as f64;
        }
        self.mutual = mutual;
        mixing
    }

    /// Whether an edge between these two, either way if it matters, is there, or one of the other kind.
    fn is_taken(&self, source: u32, target: u32, other: Option<&Self>) -> bool {
        self.is_there(source, target)
            || (self.kind == Kind::Single && self.is_there(target, source))
            || other.is_some_and(|other| other.is_there(source, target) || other.is_there(target, source))
    }

    fn is_there(&self, source: u32, target: u32) -> bool {
        let is_tie = self.kind == Kind::Undirected;
        let (source, target) = if is_tie { (source.min(target), source.max(target)) } else { (source, target) };
        self.present.contains(&key(source, target))
    }

    fn listed_keys(&self) -> Vec<u64> {
        self.sources.iter().zip(&self.targets).map(|(&source, &target)| key(source, target)).collect()
    }

    fn count_of(&self, edges: &[u64]) -> usize {
        edges.iter().filter(|&edge| self.present.contains(edge)).count()
    }

    /// a -> b, c -> d become a -> d, c -> b; undirected ones in either direction.
    fn swap(&mut self, draw: &mut Stream, other: Option<&Self>) -> bool {
        let count = self.sources.len() as u64;
        if count < 2 {
            return false;
        }
        let (i, j) = (draw.below(count) as usize, draw.below(count) as usize);
        let (a, b, mut c, mut d) = (self.sources[i], self.targets[i], self.sources[j], self.targets[j]);
        if self.kind == Kind::Undirected && draw.below(2) == 1 {
            (c, d) = (d, c);
        }
        if i == j || a == d || c == b || b == d || a == c || self.is_taken(a, d, other) || self.is_taken(c, b, other) {
            return false;
        }
        self.replace(i, a, d);
        self.replace(j, c, b);
        true
    }

    /// a -> b -> c -> a becomes a -> c -> b -> a.
    fn turn(&mut self, draw: &mut Stream, other: Option<&Self>) -> bool {
        if self.sources.is_empty() {
            return false;
        }
        let i = draw.below(self.sources.len() as u64) as usize;
        let (a, b) = (self.sources[i], self.targets[i]);
        let row = self.starts[b as usize]..self.starts[b as usize + 1];
        if row.is_empty() {
            return false;
        }
        let j = row.start as usize + draw.below(row.len() as u64) as usize;
        let c = self.targets[j];
        if c == a || !self.present.contains(&key(c, a)) {
            return false;
        }
        // Where single edges stay single a turned cycle meets only itself.
        let is_free = |source, target| self.kind == Kind::Single || !self.is_taken(source, target, other);
        if !(is_free(a, c) && is_free(c, b) && is_free(b, a)) {
            return false;
        }
        let row = self.starts[c as usize] as usize..self.starts[c as usize + 1] as usize;
        let Some(k) = row.into_iter().find(|&at| self.targets[at] == a) else { return false };
        for (at, source, target) in [(i, a, c), (j, b, a), (k, c, b)] {
            self.replace(at, source, target);
        }
        true
    }

    fn replace(&mut self, at: usize, source: u32, target: u32) {
        self.present.remove(&key(self.sources[at], self.targets[at]));
        let (source, target) =
            if self.kind == Kind::Undirected { (source.min(target), source.max(target)) } else { (source, target) };
        (self.sources[at], self.targets[at]) = (source, target);
        self.present.insert(key(source, target));
    }

    /// The rewired graph.
    fn into_graph(self, like: &Graph) -> Graph {
        let mut edges = self.loops;
        let weight = |weights: &Option<Vec<f64>>, at: usize| weights.as_ref().map_or(1.0, |weights| weights[at]);
        for at in 0..self.sources.len() {
            edges.push((self.sources[at], self.targets[at], weight(&self.weights, at)));
        }
        if let Some(mutual) = self.mutual {
            for at in 0..mutual.sources.len() {
                let weight = weight(&mutual.weights, at);
                edges.push((mutual.sources[at], mutual.targets[at], weight));
                edges.push((mutual.targets[at], mutual.sources[at], weight));
            }
        }
        let make = if like.is_directed() { Graph::from_edges } else { Graph::from_ties };
        let graph = make(like.node_count(), &edges);
        if like.is_weighted() { graph } else { graph.unweighted() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::synthetic;
    use std::collections::BTreeMap;

    fn degrees(graph: &Graph) -> Vec<(usize, usize)> {
        (0..graph.node_count()).map(NodeId::new).map(|node| (graph.in_degree(node), graph.out_degree(node))).collect()
    }

    fn mutual(graph: &Graph) -> Vec<usize> {
        let of = |node: NodeId| graph.successors(node).iter().filter(|&&other| graph.out().contains(other, node)).count();
        (0..graph.node_count()).map(|row| of(NodeId::new(row))).collect()
    }

    #[test]
    fn degrees_stay_and_edges_go() {
        for graph in [
            synthetic::rmat(8, 4, 1),
            synthetic::planted(4, 40, 4, 1, 2),
            synthetic::planted(4, 40, 4, 1, 2).undirected().unweighted(),
        ] {
            let (found, mixing) = rewired(&graph, Rewiring::Degrees, 1, 0);
            assert_eq!(degrees(&found), degrees(&graph));
            assert_eq!(
                (found.edge_count(), found.is_directed(), found.out().loop_count()),
                (graph.edge_count(), graph.is_directed(), 0)
            );
            assert!(mixing.kept < 0.5 && (mixing.kept - mixing.kept_half_way).abs() < 0.1, "{mixing:?}");
            assert_eq!(rewired(&graph, Rewiring::Degrees, 1, 0), (found.clone(), mixing));
            assert_ne!(rewired(&graph, Rewiring::Degrees, 1, 1).0, found);
        }
    }

    #[test]
    fn reciprocity_stays() {
        let graph = synthetic::planted(3, 30, 6, 1, 2);
        let (found, mixing) = rewired(&graph, Rewiring::Reciprocity, 3, 0);
        assert_eq!((degrees(&found), mutual(&found)), (degrees(&graph), mutual(&graph)));
        assert!(mixing.kept < 0.6, "{mixing:?}");
    }

    /// All graphs of the same degrees are equally likely: a directed triangle has two, which only the turn of a cycle joins.
    #[test]
    fn every_graph_of_the_degrees_is_as_likely() {
        let (degrees, reciprocity) = (Rewiring::Degrees, Rewiring::Reciprocity);
        for (arrows, rewiring, graphs) in [
            ("0>1 1>2 2>0", degrees, 2),
            ("0>1 1>2 2>0 0>3", degrees, 4),
            ("0>1 1>0 2>3 3>2", degrees, 9),
            ("0>1 1>0 2>3 3>2", reciprocity, 3),
            ("0>1 1>0 2>3 3>2 0>2 1>4 4>3", reciprocity, 8),
        ] {
            let graph = Graph::from_arrows(arrows);
            let draws = 6_000;
            let mut seen: BTreeMap<Vec<Vec<NodeId>>, u32> = BTreeMap::new();
            for replicate in 0..draws {
                let found = rewired(&graph, rewiring, 5, replicate).0;
                let rows = (0..found.node_count()).map(|row| found.successors(NodeId::new(row)).to_vec()).collect();
                *seen.entry(rows).or_default() += 1;
            }
            assert_eq!(seen.len(), graphs, "{arrows}: {seen:?}");
            let expected = draws as f64 / graphs as f64;
            for count in seen.values() {
                assert!((f64::from(*count) - expected).abs() < 5.0 * expected.sqrt(), "{arrows}: {seen:?}");
            }
        }
    }
}
