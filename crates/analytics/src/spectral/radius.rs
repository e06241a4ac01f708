//! Spectral radius: the largest eigenvalue of an adjacency, which is that of one of its strong components.
//!
//! Edges between strong components do not matter to eigenvalues, so that steps go within components only. There, by Collatz and Wielandt, the growth of any
//! positive vector bounds the eigenvalue from both sides: the smallest growth of a node from below, the largest from above. A component that is below another for sure is
//! left out from then on.
//!
//! Source: Collatz, Math. Z. 48, 1942, doi 10.1007/BF01180013; Wielandt, Math. Z. 52, 1950, doi 10.1007/BF02230720.

use crate::numeric::{row_blocks_of, split_rows};
use crate::partition::component_strong::component_strong;
use crate::spectral::order::Order;
use crate::spectral::pull::{Pull, row_totals};
use crate::{MetricError, Run, Stop};
use echogram_graph::{Csr, Graph, NodeId, Zeroed};
use rayon::prelude::*;
use std::ops::Range;

/// Relative width of the bounds at which it is known.
const TOLERANCE: f64 = 1e-12;
/// Steps at most.
const MAX_STEPS: u32 = 2_000;

/// The largest eigenvalue; 0 where the graph has no cycle.
#[derive(Clone, Debug, PartialEq)]
pub struct Radius {
    /// The middle between the bounds.
    pub value: f64,
    /// Half of what lies between them.
    pub error: f64,
    /// Whether the bounds met.
    pub stop: Stop,
    /// Nodes of the strong component that has it, where it is one alone; empty where several may.
    pub component: Vec<usize>,
}

/// Finds the spectral radius. Cost: a strong-component search, then O(E) per step; 24 bytes per node, and 2 to 4 (10 to 12 with weights) per edge within components, 6 to 8 (22 to 24) while they are placed.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn spectral_radius(graph: &Graph, run: &Run<'_>) -> Result<Radius, MetricError> {
    let components = component_strong(graph, &Run { on_step: None, ..*run })?;
    let inside = within(graph.incoming(), components.labels());
    let order = Order::by_frequency(graph.out(), &inside);
    let pull = Pull::new(&inside, &order, &order);
    // All by place from here on.
    let totals = order.placed(row_totals(&inside));
    drop(inside);
    let labels = order.placed(components.labels().to_vec());
    // Nodes of components that may have the largest eigenvalue. Without an edge inside it is 0.
    let mut rows: Vec<usize> = (0..totals.len()).filter(|&row| totals[row] > 0.0).collect();
    if rows.is_empty() {
        return Ok(Radius { value: 0.0, error: 0.0, stop: Stop::Converged, component: Vec::new() });
    }
    // A multiple of the identity keeps components with a period from swinging; in proportion to the weights, so that their unit does not matter.
    let shift = rows.iter().map(|&row| totals[row]).sum::<f64>() / rows.len() as f64 / 2.0;
    let (mut held, mut grown) = (vec![1.0; totals.len()], vec![0.0; totals.len()]);
    let mut bounds = (0.0, f64::INFINITY);
    for step in 0..MAX_STEPS {
        run.step(u64::from(step), u64::from(MAX_STEPS))?;
        pull.step(&held, &mut grown, |row, sum| (sum + shift * held[row], 0.0));
        let mut growth = vec![(f64::INFINITY, 0.0_f64); components.count()];
        for &row in &rows {
            let (low, high) = &mut growth[labels[row] as usize];
            let factor = grown[row] / held[row];
            (*low, *high) = (low.min(factor), high.max(factor));
        }
        let low = growth.iter().filter(|growth| growth.0.is_finite()).map(|growth| growth.0).fold(0.0, f64::max);
        let high = growth.iter().map(|growth| growth.1).fold(0.0, f64::max);
        bounds = (low - shift, high - shift);
        let is_left = |row: usize| growth[labels[row] as usize].1 >= low;
        if bounds.1 - bounds.0 <= TOLERANCE * bounds.1 {
            rows.retain(|&row| is_left(row));
            break;
        }
        let largest = rows.iter().map(|&row| grown[row]).fold(0.0, f64::max);
        rows.iter().for_each(|&row| held[row] = grown[row] / largest);
        rows.retain(|&row| is_left(row));
    }
    let (value, error) = ((bounds.0 + bounds.1) / 2.0, (bounds.1 - bounds.0) / 2.0);
    let stop = if error <= TOLERANCE * value { Stop::Converged } else { Stop::IterationLimit };
    let is_alone = rows.iter().all(|&row| labels[row] == labels[rows[0]]);
    let mut is_in = vec![false; totals.len()];
    rows.iter().for_each(|&row| is_in[row] = is_alone);
    let is_in = order.by_node(is_in);
    Ok(Radius { value, error, stop, component: (0..is_in.len()).filter(|&row| is_in[row]).collect() })
}

/// The entries of one label with their row.
fn within(rows: &Csr, labels: &[u32]) -> Csr {
    let kept = |row: usize| rows.row(NodeId::new(row)).filter(move |(other, _)| labels[other.row()] == labels[row]);
    let counts: Vec<u64> =
        (0..rows.node_count()).into_par_iter().with_min_len(1 << 10).map(|row| kept(row).count() as u64).collect();
    let mut offsets = vec![0; rows.node_count() + 1];
    counts.iter().enumerate().for_each(|(row, count)| offsets[row + 1] = offsets[row] + count);
    let blocks = row_blocks_of(&offsets);
    let cut: Vec<Range<usize>> = blocks.iter().map(|block| offsets[block.start] as usize..offsets[block.end] as usize).collect();
    let mut targets = NodeId::zeroed(offsets[rows.node_count()] as usize);
    split_rows(&cut, &mut targets).into_par_iter().zip(&blocks).for_each(|((_, slots), block)| {
        slots.iter_mut().zip(block.clone().flat_map(kept)).for_each(|(slot, entry)| *slot = entry.0);
    });
    let weights = rows.weights().map(|_| {
        let mut weights = vec![0.0; targets.len()];
        split_rows(&cut, &mut weights).into_par_iter().zip(&blocks).for_each(|((_, slots), block)| {
            slots.iter_mut().zip(block.clone().flat_map(kept)).for_each(|(slot, entry)| *slot = entry.1);
        });
        weights
    });
    Csr::from_parts(offsets, targets, weights)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(graph: &Graph, wanted: f64) {
        let found = spectral_radius(graph, &Run::default()).unwrap();
        assert_eq!(found.stop, Stop::Converged);
        assert!((found.value - wanted).abs() <= 1e-10 * wanted.max(1.0), "{found:?}");
    }

    #[test]
    fn closed_forms() {
        check(&Graph::from_arrows("0>1 1>2"), 0.0);
        check(&Graph::from_arrows("0>1 1>2 2>0"), 1.0);
        // Two pairs in a row: no plain power iteration comes to an end here.
        check(&Graph::from_arrows("0>1 1>0 1>2 2>3 3>2"), 1.0);
        check(&Graph::from_arrows("0>1 0>2 0>3 0>4").undirected(), 2.0);
        check(&Graph::from_arrows("0>1:2 1>0:8 2>3 3>2"), 4.0);
        check(&Graph::from_arrows("0>0 0>1"), 1.0);
    }
}
