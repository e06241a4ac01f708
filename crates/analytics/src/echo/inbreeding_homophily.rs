//! Inbreeding homophily: how far the ties of a side stay within it, beyond its share of the accounts.
//!
//! # Formula
//! (H - w) / (1 - w), with H the share of the side's outgoing ties that stay within it, w = n / N its share of the accounts.
//!
//! # Conventions
//! Ties among accounts that have a side; one value for each side. Undefined for a side without ties, or with one side.
//!
//! # Range and unit
//! Index up to 1; 1 = all ties stay within, 0 = as by shares of accounts.
//!
//! # Cost
//! O(E) time, O(sides²) memory.
//!
//! # Errors
//! `Missing` without sides.
//!
//! # Compared with
//! NetworkX and igraph have none. `coleman` takes out the account itself from the chances.
//!
//! # Source
//! Currarini, Jackson, Pin, An economic model of friendship, Econometrica 77, 2009, doi 10.3982/ECTA7528.

use super::mixing::GroupTies;
use crate::spec::{Chamber, Kind, MetricSpec, Need, Shape, Tier, Weights};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "inbreeding_homophily",
    kind: Kind::Echo,
    summary: "ties of a side that stay within it, beyond its share of the accounts",
    columns: &["inbreeding_homophily"],
    shape: Shape::Directed,
    other_shape: true,
    weights: Weights::Never,
    needs: &[Need::Sides],
    parameters: &[],
    tier: Tier::Standard,
    chamber: Some(Chamber::High),
    unsteady: &[],
    source: include_str!("inbreeding_homophily.rs"),
    run: |input, _| {
        let sides = input.sides(SPEC.name)?;
        let ties = GroupTies::count(input.graph, sides);
        let sizes: Vec<f64> = sides.sizes().into_iter().map(f64::from).collect();
        let accounts: f64 = sizes.iter().sum();
        Ok(super::outcome(
            sides,
            super::of_each(SPEC.name, &ties, sides, |ties, side| inbreeding(ties, side, sizes[side] / accounts)),
        ))
    },
};

fn inbreeding(ties: &GroupTies, side: usize, share: f64) -> f64 {
    let index = (ties.weight(side, side) / ties.outgoing(side) - share) / (1.0 - share);
    if index.is_finite() { index } else { f64::NAN }
}
