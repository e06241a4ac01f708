//! Conductance of a side: how much of its attention, or of the rest's where that is less, crosses its border.
//!
//! # Formula
//! `conductance` = cut / min(vol S, vol rest), with cut the ties between the side and the other accounts that have a side, vol the sum of degrees among these;
//! `conductance_side` = cut / vol S.
//!
//! # Conventions
//! Simple undirected union; ties among accounts that have a side. With two sides one value for the network, and `conductance_side` for each; with more, one of each for each side.
//! Undefined where the volume is 0.
//!
//! # Range and unit
//! Share in [0, 1]; 0 = nothing crosses.
//!
//! # Cost
//! O(E) time, O(sides²) memory.
//!
//! # Errors
//! `Missing` without sides.
//!
//! # Compared with
//! NetworkX `conductance`: equal. CDlib's divides by twice the inside plus the cut: that is `conductance_side`.
//!
//! # Source
//! Leskovec, Lang, Dasgupta, Mahoney, Internet Mathematics 6, 2009, doi 10.1080/15427951.2009.10129177.

use super::mixing::GroupTies;
use crate::spec::{Chamber, Kind, MetricSpec, Need, Score, Shape, Tier, Weights};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "conductance",
    kind: Kind::Echo,
    summary: "share of the attention of a side, or of the rest, that crosses the border",
    columns: &["conductance", "conductance_side"],
    shape: Shape::Undirected,
    other_shape: false,
    weights: Weights::Variant,
    needs: &[Need::Sides],
    parameters: &[],
    tier: Tier::Standard,
    chamber: Some(Chamber::Low),
    unsteady: &[],
    source: include_str!("conductance.rs"),
    run: |input, _| {
        let sides = input.sides(SPEC.name)?;
        let ties = GroupTies::count(input.graph, sides);
        let count = sides.count();
        let mut scores = Vec::new();
        for side in 0..count {
            let two = ties.collapsed(&(0..count).map(|other| Some(usize::from(other != side))).collect::<Vec<_>>(), 2);
            let [smaller, own] = two.jackknife(|ties| [conductance(ties, true), conductance(ties, false)]);
            let group = Some(sides.names()[side].clone());
            if count > 2 || side == 0 {
                let group = group.clone().filter(|_| count > 2);
                scores.push(Score { group, ..Score::whole(SPEC.name, conductance(&two, true)).with_error(smaller) });
            }
            scores.push(Score { group, ..Score::whole("conductance_side", conductance(&two, false)).with_error(own) });
        }
        Ok(super::outcome(sides, scores))
    },
};

/// cut over the volume of one, or the smaller of both.
fn conductance(ties: &GroupTies, is_smaller: bool) -> f64 {
    let (own, other) = (ties.outgoing(0), ties.outgoing(1));
    let share = ties.weight(0, 1) / if is_smaller { own.min(other) } else { own };
    if share.is_finite() { share } else { f64::NAN }
}
