//! Freeman's segregation: how many ties between the sides are missing beside chance.
//!
//! # Formula
//! 1 - cross / E[cross], with E[cross] = m (N² - sum over sides of n²) / (N (N - 1)); m ties, N accounts, n of each side.
//!
//! # Conventions
//! Ties among accounts that have a side. Below 0 where more ties cross than by chance (Freeman set these to 0; here they stay). All sides at once. Undefined without ties or with one side.
//!
//! # Range and unit
//! Index up to 1; 1 = no tie crosses, 0 = as by chance.
//!
//! # Cost
//! O(E) time, O(sides²) memory.
//!
//! # Errors
//! `Missing` without sides.
//!
//! # Compared with
//! The R package netseg, `freeman`: equal where it is not negative.
//!
//! # Source
//! Freeman, Segregation in social networks, Sociological Methods and Research 6, 1978, doi 10.1177/004912417800600401.

use super::mixing::GroupTies;
use crate::spec::{Chamber, Kind, MetricSpec, Need, Score, Shape, Tier, Weights};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "freeman",
    kind: Kind::Echo,
    summary: "ties between the sides that are missing beside chance",
    columns: &["freeman"],
    shape: Shape::Directed,
    other_shape: true,
    weights: Weights::Never,
    needs: &[Need::Sides],
    parameters: &[],
    tier: Tier::Standard,
    chamber: Some(Chamber::High),
    unsteady: &[],
    source: include_str!("freeman.rs"),
    run: |input, _| {
        let sides = input.sides(SPEC.name)?;
        let ties = GroupTies::count(input.graph, sides);
        let sizes: Vec<f64> = sides.sizes().into_iter().map(f64::from).collect();
        let [error] = ties.jackknife(|ties| [freeman(ties, &sizes)]);
        Ok(super::outcome(sides, vec![Score::whole(SPEC.name, freeman(&ties, &sizes)).with_error(error)]))
    },
};

fn freeman(ties: &GroupTies, sizes: &[f64]) -> f64 {
    let accounts: f64 = sizes.iter().sum();
    let squares: f64 = sizes.iter().map(|size| size * size).sum();
    let within: f64 = (0..ties.groups()).map(|side| ties.weight(side, side)).sum();
    let expected = ties.total() * (accounts * accounts - squares) / (accounts * (accounts - 1.0));
    let index = 1.0 - (ties.total() - within) / expected;
    if index.is_finite() { index } else { f64::NAN }
}
