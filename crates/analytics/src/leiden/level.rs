//! The graph of one level: rows, weights and what chance ties its nodes by.

use super::mass::Mass;
use crate::MetricError;
use crate::numeric::stable_sum;
use crate::partition::component_weak::Forest;
use echogram_graph::{Csr, Graph, NodeId};
use rayon::prelude::*;

/// A graph whose nodes stand for one account (first level) or for a group of accounts (the others).
pub(crate) struct Level<'a, M> {
    rows: Rows<'a>,
    /// Of each node, self-loop included.
    pub(super) mass: Vec<M>,
    entries: usize,
    /// Whether every weight is a whole number of ties, all of them together below 2^32.
    pub(super) is_whole: bool,
}

enum Rows<'a> {
    /// The graph's own, without a copy. A directed graph is searched along its ties in both directions.
    Graph { out: &'a Csr, incoming: Option<&'a Csr> },
    /// Those of a coarser graph, 2^`shift` of them to a block.
    Blocks { shift: u32, blocks: Vec<Block> },
}

/// Some rows, end to end.
pub(super) struct Block {
    /// Where each row ends.
    pub(super) ends: Vec<u32>,
    pub(super) targets: Box<[u32]>,
    pub(super) weights: BlockWeights,
}

/// Weights of the entries of a block.
pub(super) enum BlockWeights {
    /// Numbers of ties: half the memory, and as exact.
    Whole(Box<[u32]>),
    Real(Box<[f64]>),
}

impl<'a, M: Mass> Level<'a, M> {
    /// The first level: the graph itself.
    pub(crate) fn first(graph: &'a Graph) -> Self {
        let (out, incoming) = (graph.out(), graph.is_directed().then(|| graph.incoming()));
        let sum = |rows: &Csr, node: NodeId| rows.row_weights(node).map_or(rows.degree(node) as f64, |row| row.iter().sum());
        let mass = (0..out.node_count())
            .into_par_iter()
            .with_min_len(1024)
            .map(|row| {
                let out_sum = sum(out, NodeId::new(row));
                M::of(out_sum, incoming.map_or(out_sum, |rows| sum(rows, NodeId::new(row))))
            })
            .collect();
        let entries = out.entry_count() * if incoming.is_some() { 2 } else { 1 };
        let is_whole = out.weights().is_none() && entries < u32::MAX as usize;
        Self { rows: Rows::Graph { out, incoming }, mass, entries, is_whole }
    }

    /// The first level of a graph that may be searched, and the sum of all entries.
    pub(crate) fn checked(graph: &'a Graph) -> Result<(Self, f64), MetricError> {
        let rows = graph.out();
        if rows.node_count() >= 1 << 31 {
            return Err(MetricError::BadParam { name: "nodes", must_be: "fewer than 2^31", got: rows.node_count() as f64 });
        }
        let unfit = |weight: &&f64| !(weight.is_finite() && **weight >= 0.0);
        if let Some(&got) = rows.weights().and_then(|weights| weights.par_iter().find_first(unfit)) {
            return Err(MetricError::BadParam { name: "weight", must_be: "finite and not negative", got });
        }
        let level = Self::first(graph);
        match total(graph) {
            got if !got.is_finite() => {
                Err(MetricError::BadParam { name: "weight", must_be: "small enough for a finite sum", got })
            }
            total => Ok((level, total)),
        }
    }

    /// A coarser level from its blocks of 2^`shift` rows.
    pub(super) fn coarse(shift: u32, blocks: Vec<Block>, mass: Vec<M>, is_whole: bool) -> Self {
        let entries = blocks.iter().map(|block| block.targets.len()).sum();
        Self { rows: Rows::Blocks { shift, blocks }, mass, entries, is_whole }
    }

    /// Number of nodes.
    pub(crate) fn len(&self) -> usize {
        self.mass.len()
    }

    /// Number of entries.
    pub(crate) fn entries(&self) -> usize {
        self.entries
    }

    /// Calls `visit(neighbour, weight)` for the row of `node`, self-loop included; twice for a neighbour in both directions.
    #[inline(always)]
    pub(crate) fn for_each(&self, node: u32, mut visit: impl FnMut(usize, f64)) {
        match &self.rows {
            Rows::Graph { out, incoming } => {
                each_of(out, node, &mut visit);
                if let Some(incoming) = incoming {
                    each_of(incoming, node, &mut visit);
                }
            }
            Rows::Blocks { shift, blocks } => {
                let block = &blocks[(node >> shift) as usize];
                let at = (node & ((1 << shift) - 1)) as usize;
                let range = if at == 0 { 0 } else { block.ends[at - 1] as usize }..block.ends[at] as usize;
                let targets = &block.targets[range.clone()];
                match &block.weights {
                    BlockWeights::Whole(weights) => {
                        targets.iter().zip(&weights[range]).for_each(|(&target, &w)| visit(target as usize, f64::from(w)));
                    }
                    BlockWeights::Real(weights) => {
                        targets.iter().zip(&weights[range]).for_each(|(&target, &w)| visit(target as usize, w));
                    }
                }
            }
        }
    }

    /// Nodes handled by one task: some thousand entries. Results do not depend on it.
    pub(super) fn task_len(&self) -> usize {
        (4096 * self.len() / self.entries().max(1)).clamp(1, 256)
    }

    /// Entries of each node that stay among nodes of its label; `loops` tells whether its own is one.
    pub(super) fn inner_weights(&self, labels: &[u32], loops: bool) -> Vec<f64> {
        let inner = |node: u32| {
            let (own, mut sum) = (labels[node as usize], 0.0);
            self.for_each(node, |neighbour, weight| {
                let counts = labels[neighbour] == own && (loops || neighbour != node as usize);
                sum += f64::from(u8::from(counts)) * weight;
            });
            sum
        };
        (0..self.len() as u32).into_par_iter().with_min_len(self.task_len()).map(inner).collect()
    }

    /// Weight inside the groups of `labels` (below the number of nodes) less what chance would put there, as a share of `total`, the
    /// sum of all entries; NaN where that is 0.
    pub(super) fn quality(&self, labels: &[u32], pull: f64, total: f64) -> f64 {
        if total == 0.0 {
            return f64::NAN;
        }
        let (mut inner, mut mass) = (vec![0.0; self.len()], vec![M::default(); self.len()]);
        for (node, weight) in self.inner_weights(labels, true).into_iter().enumerate() {
            let label = labels[node] as usize;
            inner[label] += weight;
            mass[label] = mass[label].plus(self.mass[node]);
        }
        stable_sum(self.len(), |label| (inner[label] - mass[label].times(pull).meet(mass[label])) / total)
    }

    /// Labels in which every group of `labels` that is not connected is cut into its components, each labelled by its smallest member.
    /// That only adds to quality.
    pub(crate) fn split(&self, labels: &[u32]) -> Vec<u32> {
        let forest = Forest::alone(self.len());
        (0..self.len() as u32).into_par_iter().with_min_len(self.task_len()).for_each(|node| {
            let own = labels[node as usize];
            self.for_each(node, |neighbour, _| {
                if (neighbour as u32) < node && labels[neighbour] == own {
                    forest.link(node, neighbour as u32);
                }
            });
        });
        forest.roots()
    }
}

#[inline(always)]
fn each_of(rows: &Csr, node: u32, visit: &mut impl FnMut(usize, f64)) {
    let node = NodeId(node);
    match rows.row_weights(node) {
        None => rows.neighbours(node).iter().for_each(|target| visit(target.row(), 1.0)),
        Some(weights) => {
            rows.neighbours(node).iter().zip(weights).for_each(|(target, &weight)| visit(target.row(), weight));
        }
    }
}

/// Sum of all entries of a graph, those of a directed one from both ends: 2W.
pub(super) fn total(graph: &Graph) -> f64 {
    let rows = graph.out();
    let row =
        |row: usize| rows.row_weights(NodeId::new(row)).map_or(rows.degree(NodeId::new(row)) as f64, |row| row.iter().sum());
    stable_sum(rows.node_count(), row) * if graph.is_directed() { 2.0 } else { 1.0 }
}
