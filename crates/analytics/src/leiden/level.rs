//! The graph of one level: rows, weights and volumes.

use crate::MetricError;
use crate::numeric::stable_sum;
use echogram_graph::{Graph, NodeId};
use rayon::prelude::*;
use std::borrow::Cow;

/// A graph whose nodes stand for one account (first level) or for a connected group of accounts (the others).
pub(super) struct Level<'a> {
    offsets: Cow<'a, [u64]>,
    targets: Cow<'a, [NodeId]>,
    weights: Option<Cow<'a, [f64]>>,
    /// Sum of each row, self-loop included.
    pub(super) volume: Vec<f64>,
}

impl<'a> Level<'a> {
    /// The first level: the graph itself, without a copy.
    pub(super) fn first(graph: &'a Graph) -> Self {
        let rows = graph.out();
        Self::new(Cow::Borrowed(rows.offsets()), Cow::Borrowed(rows.targets()), rows.weights().map(Cow::Borrowed))
    }

    /// The first level of a graph that may be searched.
    pub(super) fn checked(graph: &'a Graph) -> Result<Self, MetricError> {
        let rows = graph.out();
        if rows.node_count() >= 1 << 31 {
            return Err(MetricError::BadParam { name: "nodes", must_be: "fewer than 2^31", got: rows.node_count() as f64 });
        }
        let unfit = |weight: &&f64| !(weight.is_finite() && **weight >= 0.0);
        match rows.weights().and_then(|weights| weights.par_iter().find_first(unfit)) {
            Some(&got) => Err(MetricError::BadParam { name: "weight", must_be: "finite and not negative", got }),
            None => Ok(Self::first(graph)),
        }
    }

    /// A level from its rows.
    pub(super) fn new(offsets: Cow<'a, [u64]>, targets: Cow<'a, [NodeId]>, weights: Option<Cow<'a, [f64]>>) -> Self {
        let range = |row: usize| offsets[row] as usize..offsets[row + 1] as usize;
        let volume = (0..offsets.len() - 1)
            .into_par_iter()
            .with_min_len(1024)
            .map(|row| weights.as_ref().map_or(range(row).len() as f64, |weights| weights[range(row)].iter().sum()))
            .collect();
        Self { offsets, targets, weights, volume }
    }

    /// Number of nodes.
    pub(super) fn len(&self) -> usize {
        self.volume.len()
    }

    /// Number of entries.
    pub(super) fn entries(&self) -> usize {
        self.targets.len()
    }

    /// Sum of all entries: 2W.
    pub(super) fn total(&self) -> f64 {
        stable_sum(self.len(), |node| self.volume[node])
    }

    /// Calls `visit(neighbour, weight)` for the row of `node`, self-loop included.
    #[inline(always)]
    pub(super) fn for_each(&self, node: u32, mut visit: impl FnMut(usize, f64)) {
        let range = self.offsets[node as usize] as usize..self.offsets[node as usize + 1] as usize;
        let targets = &self.targets[range.clone()];
        match &self.weights {
            None => targets.iter().for_each(|target| visit(target.row(), 1.0)),
            Some(weights) => targets.iter().zip(&weights[range]).for_each(|(target, &weight)| visit(target.row(), weight)),
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

    /// Q of labels below the number of nodes, `total` being 2W; NaN where that is 0.
    pub(super) fn modularity(&self, labels: &[u32], resolution: f64, total: f64) -> f64 {
        if total == 0.0 {
            return f64::NAN;
        }
        let (mut inner, mut volume) = (vec![0.0; self.len()], vec![0.0; self.len()]);
        for (node, weight) in self.inner_weights(labels, true).into_iter().enumerate() {
            inner[labels[node] as usize] += weight;
            volume[labels[node] as usize] += self.volume[node];
        }
        stable_sum(self.len(), |label| inner[label] / total - resolution * (volume[label] / total).powi(2))
    }

    /// Labels in which every community of `labels` that is not connected is cut into its components. That only adds to Q.
    pub(super) fn split(&self, labels: &[u32]) -> Vec<u32> {
        const UNSEEN: u32 = u32::MAX;
        let mut found = vec![UNSEEN; self.len()];
        let mut count = 0;
        let mut stack = Vec::new();
        for start in 0..self.len() as u32 {
            if found[start as usize] != UNSEEN {
                continue;
            }
            found[start as usize] = count;
            stack.push(start);
            while let Some(node) = stack.pop() {
                self.for_each(node, |neighbour, _| {
                    if found[neighbour] == UNSEEN && labels[neighbour] == labels[node as usize] {
                        found[neighbour] = count;
                        stack.push(neighbour as u32);
                    }
                });
            }
            count += 1;
        }
        found
    }
}
