//! Dipole polarisation: how far apart the two poles are that the leading accounts of each side pull everybody else to.
//!
//! # Formula
//! The leading accounts of the sides stand fixed at +1 and -1; every other account is the mean of its neighbours. gc+ and gc- are the means of the accounts above and below 0, n+ and n-
//! their numbers, N their sum with those at 0: dipole = (1 - |n+ - n-| / N) |gc+ - gc-| / 2. Leading: the max(1, floor(share n)) accounts of highest degree of a side of n, share =
//! `dipole.share` = 0.05.
//!
//! # Conventions
//! Simple undirected union, weights ignored (`_weighted`: mean by weight). Degree ties by key. Accounts at 0 are of neither pole. Accounts without a side pull and are pulled, and are not counted;
//! nor are those that reach no leading account. Undefined where a side has no account or a pole is empty. With more than two sides each stands against the rest, and against each other. Where many ties are answered,
//! judge it by `--null reciprocity`: beside `kept` p was at most 0.05 on 36 % of networks without camps (benches/echo/calibration.md).
//!
//! # Range and unit
//! Index in [0, 1]; 1 = two poles of the same size that nothing joins.
//!
//! # Cost
//! One sparse system per division, as `rwc.hub`.
//!
//! # Errors
//! `Missing` without sides; cancelled by the caller.
//!
//! # Compared with
//! Public code counts accounts at exactly 0 as negative and stops after 500 rounds of averaging; here the system is solved.
//!
//! # Source
//! Morales, Borondo, Losada, Benito, Measuring political polarization: Twitter shows the two sides of Venezuela, Chaos 25, 2015, doi 10.1063/1.4913758.

use super::division::{Between, scores};
use super::walk::places_of_hubs;
use crate::absorbing::{Place, ends_in_first};
use crate::spec::{Chamber, Kind, MetricSpec, Need, Shape, Tier, Weights};
use crate::{MetricError, Run};
use echogram_graph::Graph;

const SHARE: crate::Parameter =
    crate::Parameter { name: "dipole.share", default: 0.05, about: "share of a side that lead it in dipole" };

/// Opinions nearer to 0 than this are at 0: the system is solved to about as many digits.
const ZERO: f64 = 1e-9;

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "dipole",
    kind: Kind::Echo,
    summary: "how far apart the poles are that leading accounts pull all others to",
    columns: &["dipole"],
    shape: Shape::Undirected,
    other_shape: false,
    weights: Weights::Variant,
    needs: &[Need::Sides],
    parameters: &[SHARE],
    tier: Tier::Standard,
    chamber: Some(Chamber::High),
    unsteady: &[],
    source: include_str!("dipole.rs"),
    run: |input, run| {
        let share = input.setting(&SHARE);
        let sides = input.sides(SPEC.name)?;
        let found = scores([SPEC.name], input.graph, sides, run, |graph, of, run| Ok([dipole(graph, of, share, run)?]))?;
        let parameters = vec![("share", share.to_string())];
        Ok(crate::spec::Outcome { parameters, ..super::outcome(sides, found) })
    },
};

fn dipole(graph: &Graph, of: &[Option<usize>], share: f64, run: &Run<'_>) -> Result<Between, MetricError> {
    let Some(places) = places_of_hubs(graph, of, &|size| super::share_of(share, size)) else { return Ok(Between::of(f64::NAN)) };
    let chance = ends_in_first(graph, &places, run)?;
    let opinion = |row: usize| match places[row] {
        Place::First => 1.0,
        Place::Second => -1.0,
        Place::Passing => 2.0 * chance[row] - 1.0,
    };
    let (mut sums, mut counts, mut at_zero, mut left_out) = ([0.0; 2], [0.0; 2], 0.0, 0);
    for row in (0..of.len()).filter(|&row| of[row].is_some()) {
        let value = opinion(row);
        if value.is_nan() {
            left_out += 1;
        } else if value.abs() < ZERO {
            at_zero += 1.0;
        } else {
            let pole = usize::from(value < 0.0);
            sums[pole] += value;
            counts[pole] += 1.0;
        }
    }
    let distance = (sums[0] / counts[0] - sums[1] / counts[1]).abs() / 2.0;
    let uneven = (counts[0] - counts[1]).abs() / (counts[0] + counts[1] + at_zero);
    Ok(Between { left_out, ..Between::of((1.0 - uneven) * distance) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arrows: &str, of: &[Option<usize>], wanted: f64) {
        let found = dipole(&Graph::from_arrows(arrows).undirected(), of, 0.05, &Run::default()).unwrap().value;
        assert!((found - wanted).abs() < 1e-12 || (found.is_nan() && wanted.is_nan()), "{arrows}: {found}");
    }

    #[test]
    fn by_hand() {
        let [a, b] = [Some(0), Some(1)];
        // Two stars that nothing joins.
        check("0>1 0>2 3>4 3>5", &[a, a, a, b, b, b], 1.0);
        // A path 0 - 1 - 2 - 3 whose middle accounts lead: the ends follow.
        check("0>1 1>2 2>3", &[a, a, b, b], 1.0);
        // Leaders 0 and 4, a path of three between them: +1, 1/2, 0, -1/2, -1; the one at 0 belongs to neither pole.
        check("0>5 0>6 0>1 1>2 2>3 3>4 4>7 4>8", &[a, a, a, b, b, a, a, b, b], 0.875);
        check("0>1", &[a, a], f64::NAN);
    }
}
