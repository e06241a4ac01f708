//! Spectral radius: the largest eigenvalue of an adjacency, which is that of one of its strong components.
//!
//! Edges between strong components do not matter to eigenvalues, so that steps go within components only. There, by Collatz and Wielandt, the growth of any
//! positive vector bounds the eigenvalue from both sides: the smallest growth of a node from below, the largest from above. A component that is below another for sure is
//! left out from then on.
//!
//! Source: Collatz, Math. Z. 48, 1942, doi 10.1007/BF01180013; Wielandt, Math. Z. 52, 1950, doi 10.1007/BF02230720.

use crate::partition::component_strong::component_strong;
use crate::{MetricError, Run, Stop};
use echogram_graph::{Graph, GraphView, NodeId};
use rayon::prelude::*;

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

/// Finds the spectral radius. Cost: a strong-component search, then O(E) per step; 24 bytes per node.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn spectral_radius(graph: &Graph, run: &Run<'_>) -> Result<Radius, MetricError> {
    let components = component_strong(graph, &Run { on_step: None, ..*run })?;
    let (labels, n) = (components.labels(), graph.node_count());
    let within = |row: usize, held: &[f64]| -> f64 {
        let label = labels[row];
        let row = graph.incoming().row(NodeId::new(row));
        row.filter(|(other, _)| labels[other.row()] == label).map(|(other, weight)| held[other.row()] * weight).sum()
    };
    let ones = vec![1.0; n];
    let inside: Vec<f64> = (0..n).into_par_iter().with_min_len(1 << 10).map(|row| within(row, &ones)).collect();
    // Nodes of components that may have the largest eigenvalue. Without an edge inside it is 0.
    let mut rows: Vec<usize> = (0..n).filter(|&row| inside[row] > 0.0).collect();
    if rows.is_empty() {
        return Ok(Radius { value: 0.0, error: 0.0, stop: Stop::Converged, component: Vec::new() });
    }
    // A multiple of the identity keeps components with a period from swinging; in proportion to the weights, so that their unit does not matter.
    let shift = rows.iter().map(|&row| inside[row]).sum::<f64>() / rows.len() as f64 / 2.0;
    let mut held = ones;
    let mut bounds = (0.0, f64::INFINITY);
    for step in 0..MAX_STEPS {
        run.step(u64::from(step), u64::from(MAX_STEPS))?;
        let grown: Vec<f64> = rows.par_iter().with_min_len(1 << 10).map(|&row| within(row, &held) + shift * held[row]).collect();
        let mut growth = vec![(f64::INFINITY, 0.0_f64); components.count()];
        for (&row, grown) in rows.iter().zip(&grown) {
            let (low, high) = &mut growth[labels[row] as usize];
            let factor = grown / held[row];
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
        let largest = grown.iter().copied().fold(0.0, f64::max);
        rows.iter().zip(grown).for_each(|(&row, grown)| held[row] = grown / largest);
        rows.retain(|&row| is_left(row));
    }
    let (value, error) = ((bounds.0 + bounds.1) / 2.0, (bounds.1 - bounds.0) / 2.0);
    let stop = if error <= TOLERANCE * value { Stop::Converged } else { Stop::IterationLimit };
    let is_alone = rows.iter().all(|&row| labels[row] == labels[rows[0]]);
    Ok(Radius { value, error, stop, component: if is_alone { rows } else { Vec::new() } })
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
