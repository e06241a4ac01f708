//! Adaptive E-I index: ties within the sides against ties between them, each as a share of what could be.
//!
//! # Formula
//! (d_A + d_B - 2 d_AB) / (d_A + d_B + 2 d_AB), with d_A, d_B the densities within the sides, d_AB that between them.
//!
//! # Conventions
//! Directed: every ordered pair may be a tie; `_undirected` counts pairs. Accounts without a side are left out. With more than two sides each side stands against the rest, and against each
//! other side. Undefined where nothing is tied, or a side has one account.
//!
//! # Range and unit
//! Index in [-1, 1]; 1 = no tie between the sides, 0 = as dense between as within.
//!
//! # Cost
//! O(E) time, O(sides²) memory.
//! Its standard error, by vertex bootstrap, costs 200 times as much: it is left out beyond a million edges.
//!
//! # Errors
//! `Missing` without sides.
//!
//! # Compared with
//! NetworkX and igraph have none; E-I (`ei`) counts ties without regard to how many there could be, so that sides of unequal size mislead it.
//!
//! # Source
//! Salloum, Chen, Kivelä, Separating polarization from noise, CSCW 2022, doi 10.1145/3512962.

use super::mixing::GroupTies;
use super::vertex_bootstrap::drawn;
use crate::spec::{Chamber, Kind, MetricSpec, Need, Shape, Tier, Weights};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "aei",
    kind: Kind::Echo,
    summary: "density within the sides against density between them",
    columns: &["aei"],
    shape: Shape::Directed,
    other_shape: true,
    weights: Weights::Never,
    needs: &[Need::Sides],
    parameters: &[],
    tier: Tier::Standard,
    chamber: Some(Chamber::High),
    unsteady: &[],
    source: include_str!("aei.rs"),
    run: |input, _| {
        let sides = input.sides(SPEC.name)?;
        let ties = GroupTies::count(input.graph, sides);
        let drawn = drawn(input, sides, &ties);
        Ok(super::outcome(sides, super::between(SPEC.name, &ties, sides, &drawn, aei)))
    },
};

fn aei(ties: &GroupTies, [one, other]: [f64; 2]) -> f64 {
    let within = ties.weight(0, 0) / (one * (one - 1.0)) + ties.weight(1, 1) / (other * (other - 1.0));
    let across = (ties.weight(0, 1) + ties.weight(1, 0)) / (one * other);
    let index = (within - across) / (within + across);
    if index.is_finite() { index } else { f64::NAN }
}
