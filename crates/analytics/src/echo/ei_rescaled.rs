//! Rescaled E-I index: E-I between the lowest and the highest value that the sizes of the sides allow for this number of ties.
//!
//! # Formula
//! 2 (EI - EI_min) / (EI_max - EI_min) - 1; EI_max puts as many of the m ties between sides as there are such pairs, EI_min as many within.
//!
//! # Conventions
//! Counts, not weights. Directed: N (N - 1) ordered pairs; `_undirected`: pairs. Ties among accounts that have a side. All sides at once. Undefined where highest and lowest are the same, or without ties.
//!
//! # Range and unit
//! Index in [-1, 1]; -1 = as closed as can be.
//!
//! # Cost
//! O(E) time, O(sides²) memory.
//! Its standard error, by vertex bootstrap, costs 200 times as much: it is left out beyond a million edges.
//!
//! # Errors
//! `Missing` without sides.
//!
//! # Compared with
//! UCINET's rescaled E-I index: equal.
//!
//! # Source
//! Krackhardt and Stern, Informal networks and organizational crises, Social Psychology Quarterly 51, 1988, doi 10.2307/2786835.

use super::mixing::GroupTies;
use super::vertex_bootstrap::{drawn, error};
use crate::spec::{Chamber, Kind, MetricSpec, Need, Score, Shape, Tier, Weights};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "ei_rescaled",
    kind: Kind::Echo,
    summary: "E-I between the lowest and highest value that sizes allow",
    columns: &["ei_rescaled"],
    shape: Shape::Directed,
    other_shape: true,
    weights: Weights::Never,
    needs: &[Need::Sides],
    parameters: &[],
    tier: Tier::Standard,
    chamber: Some(Chamber::Low),
    unsteady: &[],
    source: include_str!("ei_rescaled.rs"),
    run: |input, _| {
        let sides = input.sides(SPEC.name)?;
        let ties = GroupTies::count(input.graph, sides);
        let sizes: Vec<f64> = sides.sizes().into_iter().map(f64::from).collect();
        let error = error(&drawn(input, sides, &ties), rescaled);
        Ok(super::outcome(sides, vec![Score::whole(SPEC.name, rescaled(&ties, &sizes)).with_error(error)]))
    },
};

fn rescaled(ties: &GroupTies, sizes: &[f64]) -> f64 {
    // Symmetric counts see each pair from both ends, as ordered pairs do: the ratios are the same.
    let accounts: f64 = sizes.iter().sum();
    let pairs = accounts * (accounts - 1.0);
    let across = pairs - sizes.iter().map(|size| size * (size - 1.0)).sum::<f64>();
    let all = ties.total();
    let within: f64 = (0..ties.groups()).map(|side| ties.weight(side, side)).sum();
    let index = |external: f64| (2.0 * external - all) / all;
    let (highest, lowest) = (index(all.min(across)), index((all - (pairs - across)).max(0.0)));
    let value = 2.0 * (index(all - within) - lowest) / (highest - lowest) - 1.0;
    if value.is_finite() { value } else { f64::NAN }
}
