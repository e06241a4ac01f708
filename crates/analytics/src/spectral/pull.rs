//! One step along all edges: every row adds up what its neighbours hold. The loop behind PageRank, HITS, eigenvector and Katz centrality.

use crate::numeric::{row_blocks, split_rows};
use echogram_graph::{Csr, NodeId};
use rayon::prelude::*;
use std::ops::Range;

/// An adjacency with its blocks of rows.
pub(crate) struct Pull<'a> {
    rows: &'a Csr,
    blocks: Vec<Range<usize>>,
}

impl<'a> Pull<'a> {
    pub(crate) fn new(rows: &'a Csr) -> Self {
        Self { rows, blocks: row_blocks(rows) }
    }

    /// `next[row] = finish(row, sum)`, the sum over the row's entries of weight times `held`; gives the sum over all rows of what `finish` returns beside the value.
    /// Reads old values and writes new ones, so the bits do not depend on the threads.
    pub(crate) fn step(&self, held: &[f64], next: &mut [f64], finish: impl Fn(usize, f64) -> (f64, f64) + Sync) -> f64 {
        let parts: Vec<f64> = split_rows(&self.blocks, next)
            .into_par_iter()
            .map(|(rows, slots)| {
                let mut part = 0.0;
                for (row, slot) in rows.zip(slots) {
                    let (value, more) = finish(row, self.sum(row, held));
                    *slot = value;
                    part += more;
                }
                part
            })
            .collect();
        parts.into_iter().sum()
    }

    #[inline]
    fn sum(&self, row: usize, held: &[f64]) -> f64 {
        let node = NodeId::new(row);
        let neighbours = self.rows.neighbours(node);
        match self.rows.row_weights(node) {
            None => neighbours.iter().map(|other| held[other.row()]).sum(),
            Some(weights) => neighbours.iter().zip(weights).map(|(other, weight)| held[other.row()] * weight).sum(),
        }
    }
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
