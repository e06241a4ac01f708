//! Spectral segregation index of a side: how deep its accounts live among their own.
//!
//! # Formula
//! B = the rows of the row-stochastic matrix of ties, among members of the side only; for each connected part c of B, lambda_c its largest eigenvalue. ssi = sum of n_c lambda_c / n: the mean over
//! members of the account metric `ssi`.
//!
//! # Conventions
//! Directed: an account's row is over all that it gives attention to, those without a side included; parts are connected whichever way. Members without a tie to their own side are parts with
//! lambda = 0. Weights ignored (`_weighted`: shares by weight).
//!
//! # Range and unit
//! Share in [0, 1]; 0 = nobody has a tie to their own side, 1 = nobody has one to another.
//!
//! # Cost
//! O(E) per step of power iteration, on each part.
//!
//! # Errors
//! `Missing` without sides; cancelled by the caller.
//!
//! # Compared with
//! netseg `ssi`: its values of accounts are those of the account metric `ssi`.
//!
//! # Source
//! Echenique and Fryer, A measure of segregation based on social interactions, QJE 122, 2007, doi 10.1162/qjec.122.2.441.

use crate::segregation::segregation;
use crate::spec::{Chamber, Kind, MetricSpec, Need, Score, Shape, Tier, Weights};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "ssi",
    kind: Kind::Echo,
    summary: "how deep the accounts of a side live among their own",
    columns: &["ssi"],
    shape: Shape::Directed,
    other_shape: true,
    weights: Weights::Variant,
    needs: &[Need::Sides],
    parameters: &[],
    tier: Tier::Standard,
    chamber: Some(Chamber::High),
    unsteady: &[],
    source: include_str!("ssi.rs"),
    run: |input, run| {
        let sides = input.sides(SPEC.name)?;
        let parts = segregation(input.graph, sides, run)?;
        let mut sums = vec![0.0; sides.count()];
        for part in &parts {
            sums[part.side as usize] += part.eigenvalue * part.members.len() as f64;
        }
        let rows = sides.sizes().into_iter().zip(sums).zip(sides.names());
        let rows =
            rows.map(|((size, sum), name)| Score { group: Some(name.clone()), ..Score::whole(SPEC.name, sum / f64::from(size)) });
        Ok(super::outcome(sides, rows.collect()))
    },
};
