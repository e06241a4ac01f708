//! Coleman's homophily: how far the members of a side prefer their own, beside chance.
//!
//! # Formula
//! With M the ties that start in the side and end in any side, m those that end in it, E = M (n - 1) / (N - 1): (m - E) / (M - E) where m >= E, else (m - E) / E.
//!
//! # Conventions
//! Ties among accounts that have a side; one value for each side. Undefined for a side without ties.
//!
//! # Range and unit
//! Index in [-1, 1]; 1 = all ties stay within, 0 = as by chance, -1 = none does.
//!
//! # Cost
//! O(E) time, O(sides²) memory.
//!
//! # Errors
//! `Missing` without sides.
//!
//! # Compared with
//! The R package netseg, `coleman`: equal.
//!
//! # Source
//! Coleman, Relational analysis, Human Organization 17, 1958, doi 10.17730/humo.17.4.q5604m676260q8n7.

use super::mixing::GroupTies;
use crate::spec::{Chamber, Kind, MetricSpec, Need, Shape, Tier, Weights};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "coleman",
    kind: Kind::Echo,
    summary: "how far a side's members prefer their own, beside chance",
    columns: &["coleman"],
    shape: Shape::Directed,
    other_shape: true,
    weights: Weights::Never,
    needs: &[Need::Sides],
    parameters: &[],
    tier: Tier::Standard,
    chamber: Some(Chamber::High),
    unsteady: &[],
    source: include_str!("coleman.rs"),
    run: |input, _| {
        let sides = input.sides(SPEC.name)?;
        let ties = GroupTies::count(input.graph, sides);
        let sizes: Vec<f64> = sides.sizes().into_iter().map(f64::from).collect();
        let accounts = sizes.iter().sum();
        Ok(super::outcome(
            sides,
            super::of_each(SPEC.name, &ties, sides, |ties, side| coleman(ties, side, sizes[side], accounts)),
        ))
    },
};

pub(super) fn coleman(ties: &GroupTies, side: usize, size: f64, accounts: f64) -> f64 {
    let (all, own) = (ties.outgoing(side), ties.weight(side, side));
    let expected = all * (size - 1.0) / (accounts - 1.0);
    let index = if own >= expected { (own - expected) / (all - expected) } else { (own - expected) / expected };
    if index.is_finite() { index } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Input, Run};
    use echogram_graph::{Graph, Grouping};

    #[test]
    fn a_ring_of_three_pairs() {
        let sides = Grouping::from_names(&["a", "a", "b", "b", "c", "c"].map(Some));
        let graph = Graph::from_arrows("0>1 1>2 2>3 3>4 4>5 5>0");
        let found = (SPEC.run)(&Input { sides: Some(&sides), ..Input::of(&graph) }, &Run::default()).unwrap();
        assert!(found.scores.iter().all(|score| (score.value - 0.375).abs() < 1e-12), "{:?}", found.scores);
    }
}
