//! Parts of a side that hang together, and the largest eigenvalue of each: what the spectral segregation index is made of.

use crate::numeric::stable_sum;
use crate::spectral::radius::spectral_radius;
use crate::{MetricError, Run};
use echogram_graph::{Graph, GraphView, Grouping, NodeId};
use rayon::prelude::*;

/// Members of one side that ties among themselves connect, two at least.
pub(crate) struct Part {
    pub(crate) side: u32,
    /// Rows of the whole graph, ascending.
    pub(crate) members: Vec<u32>,
    /// Their shares of attention for each other.
    pub(crate) shares: Graph,
    /// The largest eigenvalue of `shares`.
    pub(crate) eigenvalue: f64,
}

/// All parts, in the order of their first members.
pub(crate) fn segregation(graph: &Graph, sides: &Grouping, run: &Run<'_>) -> Result<Vec<Part>, MetricError> {
    let n = graph.node_count();
    let is_fellow = |node: NodeId, other: NodeId| node != other && sides.of(node).is_some() && sides.of(node) == sides.of(other);
    let mut place = vec![u32::MAX; n];
    let mut parts = Vec::new();
    for start in (0..n).map(NodeId::new) {
        let Some(side) = sides.of(start).filter(|_| place[start.row()] == u32::MAX) else { continue };
        let mut members = vec![start];
        place[start.row()] = 0;
        let mut at = 0;
        while at < members.len() {
            let node = members[at];
            at += 1;
            for &other in graph.successors(node).iter().chain(graph.predecessors(node)) {
                if is_fellow(node, other) && place[other.row()] == u32::MAX {
                    place[other.row()] = 0;
                    members.push(other);
                }
            }
        }
        if members.len() < 2 {
            continue;
        }
        members.sort_unstable();
        (0..).zip(&members).for_each(|(at, node)| place[node.row()] = at);
        let mut edges = Vec::new();
        for &node in &members {
            let others = || graph.out().row(node).filter(|tie| tie.0 != node);
            let total: f64 = others().map(|tie| tie.1).sum();
            let own = others().filter(|tie| is_fellow(node, tie.0));
            edges.extend(own.map(|(other, weight)| (place[node.row()], place[other.row()], weight / total)));
        }
        let shares = Graph::from_edges(members.len(), &edges);
        let eigenvalue = largest_eigenvalue(&shares, &Run { on_step: None, ..*run })?;
        parts.push(Part { side, members: members.into_iter().map(|node| node.0).collect(), shares, eigenvalue });
    }
    Ok(parts)
}

/// What an eigenvalue may lack, judged by how fast its estimates close up.
const TOLERANCE: f64 = 1e-14;
/// Steps after which the slow search that cannot fail takes over.
const FAST_STEPS: u32 = 1_000;

/// The largest eigenvalue of non-negative shares, from the growth of their sum: its estimates close up by a constant factor a step, which says how far the last is from the limit. Where the factor is too near to 1
/// (parts whose strong components are equally strong), bounds are closed instead.
fn largest_eigenvalue(shares: &Graph, run: &Run<'_>) -> Result<f64, MetricError> {
    let n = shares.node_count();
    let mut held = vec![1.0 / n as f64; n];
    let (mut last, mut change) = (f64::NAN, f64::NAN);
    for _ in 0..FAST_STEPS {
        run.step(0, 1)?;
        // Half a step at a time, as parts with a period would swing.
        let of_row = |row: usize| {
            let row_sum: f64 = shares.out().row(NodeId::new(row)).map(|(other, share)| share * held[other.row()]).sum();
            (row_sum + held[row]) / 2.0
        };
        let grown: Vec<f64> = (0..n).into_par_iter().with_min_len(1 << 10).map(of_row).collect();
        let sum = stable_sum(n, |row| grown[row]);
        let value = 2.0 * sum - 1.0;
        let step = (value - last).abs();
        let factor = step / change;
        if step == 0.0 || (factor < 1.0 && step * factor / (1.0 - factor) < TOLERANCE) {
            return Ok(value);
        }
        held = grown;
        held.iter_mut().for_each(|value| *value /= sum);
        (last, change) = (value, step);
    }
    Ok(spectral_radius(shares, run)?.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fast_search_agrees_with_the_sure_one() {
        let shares = |arrows: &str| Graph::from_arrows(arrows);
        for arrows in [
            "0>1:0.5 1>0:0.5",
            "0>1 1>0",
            "0>1:0.5 1>2:0.5 2>0:0.5",
            "0>1:0.5 1>0:1 1>2:0 2>3:1 3>2:1",
            "0>1:0.9 0>2:0.1 1>0:0.4 2>1:0.7",
        ] {
            let graph = shares(arrows);
            let sure = spectral_radius(&graph, &Run::default()).unwrap().value;
            let fast = largest_eigenvalue(&graph, &Run::default()).unwrap();
            assert!((fast - sure).abs() < 1e-9, "{arrows}: {fast} {sure}");
        }
    }
}
