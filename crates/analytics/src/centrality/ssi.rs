//! Spectral segregation index of an account: how deep it lives among its own side, its neighbours', and theirs.
//!
//! # Formula
//! B and its parts as in the echo score `ssi`; x the right eigenvector of a part's largest eigenvalue lambda: ssi_i = lambda x_i / mean(x).
//!
//! # Conventions
//! As the echo score `ssi`. Accounts without a side are undefined; those without a tie to their own side have 0.
//!
//! # Range and unit
//! >= 0; the mean over a part is lambda <= 1, an account in its heart may have more than 1.
//!
//! # Cost
//! O(E) per step of power iteration, on each part; a part with a small gap between its first eigenvalues takes thousands of steps (10,000 at most).
//!
//! # Stops when
//! No entry changes by more than 1e-10 times the largest.
//!
//! # Errors
//! `Missing` without sides; cancelled by the caller.
//!
//! # Compared with
//! netseg `ssi`: equal.
//!
//! # Source
//! Echenique and Fryer, A measure of segregation based on social interactions, QJE 122, 2007, doi 10.1162/qjec.122.2.441.

use crate::segregation::{Part, segregation};
use crate::spec::{Kind, MetricSpec, Need, Outcome, Shape, Tier, Values, Weights};
use crate::{MetricError, Run};
use echogram_graph::{Graph, GraphView, Grouping, NodeId};

/// Change of an entry, as a share of the largest, below which the vector stands.
const TOLERANCE: f64 = 1e-10;
/// Steps at most.
const MAX_STEPS: u32 = 10_000;

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "ssi",
    kind: Kind::Account,
    summary: "how deep an account lives among its own side",
    columns: &["ssi"],
    shape: Shape::Directed,
    other_shape: true,
    weights: Weights::Variant,
    needs: &[Need::Sides],
    parameters: &[],
    tier: Tier::Full,
    chamber: None,
    unsteady: &[],
    source: include_str!("ssi.rs"),
    run: |input, run| Ok(Outcome::of_columns(vec![Values::Real(ssi(input.graph, input.sides(SPEC.name)?, run)?)])),
};

/// The index of each account; NaN for those without a side.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn ssi(graph: &Graph, sides: &Grouping, run: &Run<'_>) -> Result<Vec<f64>, MetricError> {
    let mut values: Vec<f64> = sides.labels().iter().map(|side| if side.is_some() { 0.0 } else { f64::NAN }).collect();
    let parts = segregation(graph, sides, run)?;
    for (done, part) in parts.iter().enumerate() {
        run.step(done as u64, parts.len() as u64)?;
        let vector = eigenvector(part, run)?;
        let mean = vector.iter().sum::<f64>() / vector.len() as f64;
        for (&row, x) in part.members.iter().zip(vector) {
            values[row as usize] = part.eigenvalue * x / mean;
        }
    }
    Ok(values)
}

/// The right eigenvector of the largest eigenvalue; half a step at a time, as parts with a period would swing.
fn eigenvector(part: &Part, run: &Run<'_>) -> Result<Vec<f64>, MetricError> {
    let mut x = vec![1.0; part.members.len()];
    for _ in 0..MAX_STEPS {
        Run { on_step: None, ..*run }.step(0, 1)?;
        let of_row =
            |row: usize| part.shares.out().row(NodeId::new(row)).map(|(other, share)| share * x[other.row()]).sum::<f64>();
        let mut next: Vec<f64> = (0..x.len()).map(|row| of_row(row) + x[row]).collect();
        let largest = next.iter().copied().fold(0.0, f64::max);
        next.iter_mut().for_each(|value| *value /= largest);
        let change = x.iter().zip(&next).map(|(old, new)| (old - new).abs()).fold(0.0, f64::max);
        x = next;
        if change < TOLERANCE {
            break;
        }
    }
    Ok(x)
}

/// Checks, account by account, that the values of its fellows, by its attention, add up to its own times the mean over its part, which is the eigenvalue; in a directed graph, where iteration may not have come to an end
/// in parts of several strong components, only that they add up to no more than its own.
///
/// # Errors
/// The first account for which it is not so.
pub fn verify(graph: &Graph, sides: &Grouping, values: &[f64]) -> Result<(), String> {
    let n = graph.node_count();
    let is_fellow = |node: NodeId, other: NodeId| node != other && sides.of(node).is_some() && sides.of(node) == sides.of(other);
    // Parts, by passing on the smallest number until none changes.
    let mut part: Vec<usize> = (0..n).collect();
    loop {
        let before = part.clone();
        for node in (0..n).map(NodeId::new) {
            for &other in graph.successors(node).iter().filter(|&&other| is_fellow(node, other)) {
                let smallest = part[node.row()].min(part[other.row()]);
                (part[node.row()], part[other.row()]) = (smallest, smallest);
            }
        }
        if part == before {
            break;
        }
    }
    let (mut sums, mut sizes) = (vec![0.0; n], vec![0.0; n]);
    for row in (0..n).filter(|&row| sides.of(NodeId::new(row)).is_some()) {
        sums[part[row]] += values[row];
        sizes[part[row]] += 1.0;
    }
    for row in (0..n).map(NodeId::new).filter(|&row| sides.of(row).is_some()) {
        let total: f64 = graph.out().row(row).filter(|tie| tie.0 != row).map(|tie| tie.1).sum();
        let fellows = graph.out().row(row).filter(|tie| is_fellow(row, tie.0));
        let among: f64 = fellows.map(|(other, weight)| weight / total * values[other.row()]).sum();
        let (own, eigenvalue) = (values[row.row()], sums[part[row.row()]] / sizes[part[row.row()]]);
        let is_off = if graph.is_directed() { among > own * (1.0 + 1e-6) } else { (among - own * eigenvalue).abs() > 1e-6 };
        if is_off {
            return Err(format!("{}: {among} among its fellows, {own} of its own, {eigenvalue} on average", row.0));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::synthetic;

    #[test]
    fn by_hand() {
        let groups = Grouping::from_names(&["a", "a", "b", "b", "b"].map(Some));
        // 0 and 1 attend to each other and half to 2; 3 and 4 only to each other.
        let graph = Graph::from_arrows("0>1 0>2 1>0 1>2 3>4 4>3 2>0");
        let found = ssi(&graph, &groups, &Run::default()).unwrap();
        for (got, wanted) in found.iter().zip([0.5, 0.5, 0.0, 1.0, 1.0]) {
            assert!((got - wanted).abs() < 1e-9, "{found:?}");
        }
    }

    #[test]
    fn entries_are_those_of_an_eigenvector() {
        let graph = synthetic::planted(2, 40, 6, 2, 5).undirected();
        let names: Vec<Option<&str>> = (0..80).map(|row| Some(if row < 40 { "a" } else { "b" })).collect();
        let groups = Grouping::from_names(&names);
        verify(&graph, &groups, &ssi(&graph, &groups, &Run::default()).unwrap()).unwrap();
    }
}
