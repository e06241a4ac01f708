//! Parts of a side that hang together, and the largest eigenvalue of each: what the spectral segregation index is made of.

use crate::numeric::stable_sum;
use crate::partition::component_strong::component_strong;
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
const TOLERANCE: f64 = 1e-13;
/// Steps smaller than this are rounding.
const ROUNDING: f64 = 2e-15;
/// Steps at most.
const MAX_STEPS: u32 = 20_000;

/// The largest eigenvalue of non-negative shares: that of one of their strong components.
fn largest_eigenvalue(shares: &Graph, run: &Run<'_>) -> Result<f64, MetricError> {
    let components = component_strong(shares, run)?;
    let mut members: Vec<Vec<u32>> = vec![Vec::new(); components.count()];
    (0..).zip(components.labels()).for_each(|(row, &label)| members[label as usize].push(row));
    let mut place = vec![0_u32; shares.node_count()];
    let mut largest = 0.0_f64;
    // Components are numbered by size: the largest is tried first, and one whose rows all add up to less cannot be above it.
    for members in members.iter().take_while(|members| members.len() > 1) {
        (0..).zip(members).for_each(|(at, &row)| place[row as usize] = at);
        let label = components.labels()[members[0] as usize];
        let inside = |row: u32| {
            let row = shares.out().row(NodeId(row));
            row.filter(|tie| components.of(tie.0) == label).map(|(other, share)| (place[other.row()], share))
        };
        let rows: Vec<Vec<(u32, f64)>> = members.iter().map(|&row| inside(row).collect()).collect();
        let sum = |row: &Vec<(u32, f64)>| row.iter().map(|tie| tie.1).sum::<f64>();
        if rows.iter().map(sum).fold(0.0, f64::max) > largest {
            largest = largest.max(eigenvalue(&rows, run)?);
        }
    }
    Ok(largest)
}

/// The largest eigenvalue of one strong component, from the growth of a sum: estimates close up by a constant factor a step, which says how far the last is from the limit.
fn eigenvalue(rows: &[Vec<(u32, f64)>], run: &Run<'_>) -> Result<f64, MetricError> {
    let n = rows.len();
    let mut held = vec![1.0 / n as f64; n];
    let (mut last, mut change) = (f64::NAN, f64::NAN);
    for _ in 0..MAX_STEPS {
        run.step(0, 1)?;
        // Half a step at a time, as components with a period would swing.
        let of_row =
            |row: usize| (rows[row].iter().map(|&(other, share)| share * held[other as usize]).sum::<f64>() + held[row]) / 2.0;
        let grown: Vec<f64> = (0..n).into_par_iter().with_min_len(1 << 12).map(of_row).collect();
        let sum = stable_sum(n, |row| grown[row]);
        let value = 2.0 * sum - 1.0;
        let step = (value - last).abs();
        let factor = step / change;
        held = grown;
        held.iter_mut().for_each(|value| *value /= sum);
        (last, change) = (value, step);
        if step < ROUNDING || (factor < 1.0 && step * factor / (1.0 - factor) < TOLERANCE) {
            break;
        }
    }
    Ok(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spectral::radius::spectral_radius;

    #[test]
    fn growth_agrees_with_bounds() {
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
