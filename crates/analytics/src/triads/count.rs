//! How many triangles each account is part of.

use super::Ranked;
use super::ranked::degree_without_loop;
use crate::spec::Input;
use crate::workload::{blocks_by_load, work_off};
use crate::{MetricError, Run};
use echogram_graph::{GraphView, NodeId};
use std::sync::Arc;

/// Accounts with the most neighbours, whose ties among each other are kept as a square of bits: 2 MiB, which stays in cache.
const CORE: usize = 1 << 12;
/// Words of a row of that square.
const WORDS: usize = CORE / 64;
/// Neighbours in the core from which on whole rows of bits are intersected rather than pairs looked up.
const MANY: usize = 64;
/// Ties of one block of work.
const BLOCK_TIES: u64 = 1 << 13;

/// What each account is part of, and how many neighbours other than itself it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Triads {
    /// Triangles through the account.
    pub triangles: Vec<u64>,
    /// Neighbours.
    pub degrees: Vec<u32>,
}

impl Triads {
    /// Those of `input`'s graph; counted once per graph.
    pub(crate) fn of(input: &Input<'_>, run: &Run<'_>) -> Result<Arc<Self>, MetricError> {
        input.shared(|| triangles_and_degrees(input.graph, run))
    }
}

/// Triangles through each account of a symmetric graph, and its neighbours; self-loops count for neither.
///
/// Triangles within the core are found row of bits by row of bits; those of an account outside with two of the core likewise;
/// and what has two accounts outside by running along the neighbours' rows. Cost: O(E^1.5) at worst.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn triangles_and_degrees<G: GraphView + ?Sized>(graph: &G, run: &Run<'_>) -> Result<Triads, MetricError> {
    let ranked = Ranked::of(graph, run)?;
    let n = ranked.node_count();
    let core = Core::of(&ranked);
    let blocks = blocks_by_load(n, BLOCK_TIES, |own| ranked.range(own).len() as u64);
    let parts = work_off(blocks, run, || Tally::new(n), |tally, rows| rows.for_each(|own| tally.add(&ranked, &core, own)))?;
    Ok(Triads {
        triangles: ranked.by_row(|rank| parts.iter().map(|part| part.twice[rank]).sum::<u64>() / 2),
        degrees: ranked.by_row(|rank| ranked.degrees[rank]),
    })
}

/// Who is tied to whom among the accounts with the most neighbours.
struct Core {
    rows: Vec<[u64; WORDS]>,
}

impl Core {
    fn of(ranked: &Ranked) -> Self {
        let mut rows = vec![[0; WORDS]; CORE.min(ranked.node_count())];
        for own in 0..rows.len() {
            for &other in ranked.upper(own) {
                let other = other as usize;
                rows[own][other / 64] |= 1 << (other % 64);
                rows[other][own / 64] |= 1 << (own % 64);
            }
        }
        Self { rows }
    }

    fn is_tied(&self, one: u32, other: u32) -> u64 {
        self.rows[one as usize][other as usize / 64] >> (other % 64) & 1
    }
}

fn common_bits(one: &[u64; WORDS], other: &[u64; WORDS]) -> u64 {
    one.iter().zip(other).map(|(a, b)| u64::from((a & b).count_ones())).sum()
}

/// What one thread has counted.
struct Tally {
    /// Twice the triangles, by rank: rows of bits find each of an account's triangles from two sides.
    twice: Vec<u64>,
    /// 2 at the neighbours of the account in hand, else 0.
    mark: Vec<u8>,
    bits: [u64; WORDS],
}

impl Tally {
    fn new(n: usize) -> Self {
        Self { twice: vec![0; n], mark: vec![0; n], bits: [0; WORDS] }
    }

    fn add(&mut self, ranked: &Ranked, core: &Core, own: usize) {
        let upper = ranked.upper(own);
        if own < CORE {
            self.add_within_core(core, own, upper);
            return;
        }
        let (inside, outside) = upper.split_at(upper.partition_point(|&other| (other as usize) < CORE));
        if inside.len() < MANY {
            self.add_pairs(core, own, inside);
        } else {
            self.add_rows(core, own, inside);
        }
        if outside.is_empty() || upper.len() < 2 {
            return;
        }
        upper.iter().for_each(|&other| self.mark[other as usize] = 2);
        for &middle in outside {
            let mut found = 0;
            for &far in ranked.upper(middle as usize) {
                let twice = u64::from(self.mark[far as usize]);
                if twice != 0 {
                    found += twice;
                    self.twice[far as usize] += twice;
                }
            }
            self.twice[middle as usize] += found;
            self.twice[own] += found;
        }
        upper.iter().for_each(|&other| self.mark[other as usize] = 0);
    }

    /// Each tie in the core counts for both ends; each triangle has two ties at each of its accounts.
    fn add_within_core(&mut self, core: &Core, own: usize, upper: &[u32]) {
        for &other in upper {
            let common = common_bits(&core.rows[own], &core.rows[other as usize]);
            self.twice[own] += common;
            self.twice[other as usize] += common;
        }
    }

    /// Few neighbours in the core: each pair is looked up.
    fn add_pairs(&mut self, core: &Core, own: usize, inside: &[u32]) {
        for (at, &one) in inside.iter().enumerate() {
            let mut found = 0;
            for &other in &inside[..at] {
                let twice = 2 * core.is_tied(one, other);
                found += twice;
                self.twice[other as usize] += twice;
            }
            self.twice[one as usize] += found;
            self.twice[own] += found;
        }
    }

    /// Many: what each is tied to is cut with all of them.
    fn add_rows(&mut self, core: &Core, own: usize, inside: &[u32]) {
        self.bits = [0; WORDS];
        inside.iter().for_each(|&other| self.bits[other as usize / 64] |= 1 << (other % 64));
        for &other in inside {
            let common = common_bits(&core.rows[other as usize], &self.bits);
            self.twice[other as usize] += 2 * common;
            self.twice[own] += common;
        }
    }
}

/// Checks by the definition: for each account, pairs of its neighbours that are tied to each other.
///
/// # Errors
/// The first account that differs.
pub fn verify<G: GraphView + ?Sized>(graph: &G, found: &Triads) -> Result<(), String> {
    for node in (0..graph.node_count()).map(NodeId::new) {
        let others: Vec<NodeId> = graph.successors(node).iter().copied().filter(|&other| other != node).collect();
        let tied = |one: NodeId, other: &NodeId| graph.successors(one).binary_search(other).is_ok();
        let pairs = others.iter().enumerate().map(|(at, &one)| others[..at].iter().filter(|other| tied(one, other)).count());
        let (triangles, degree) = (pairs.sum::<usize>() as u64, degree_without_loop(graph, node));
        let got = (found.triangles[node.row()], found.degrees[node.row()]);
        if got != (triangles, degree) {
            return Err(format!("node {}: got {got:?} triangles and neighbours, pairs give {triangles} and {degree}", node.0));
        }
    }
    Ok(())
}
