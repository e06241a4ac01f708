//! Assortativity by side: how far attention keeps within the camps, beside chance.
//!
//! # Formula
//! r = (sum of e_gg - sum of a_g b_g) / (1 - sum of a_g b_g), e_gh the share of ties from side g to side h, a and b its row and column sums.
//!
//! # Conventions
//! Distinct directed ties (self-loops only if kept) between accounts that have a side (`_weighted`: their weight; `_undirected`: the simple
//! union, each pair from both ends). Null with fewer than two sides among the ties.
//!
//! # Range and unit
//! Index, 1 = no tie crosses, 0 = as chance would have it. High means more of a chamber.
//!
//! # Cost
//! O(E) time.
//!
//! # Errors
//! `Missing` without sides.
//!
//! # Compared with
//! NetworkX `attribute_assortativity_coefficient`, igraph `assortativity_nominal`: equal; on the undirected union a kept self-loop counts at both
//! ends as in igraph, once in NetworkX.
//!
//! # Source
//! Newman, Mixing patterns in networks, Physical Review E 67, 2003, doi 10.1103/PhysRevE.67.026126, equation 2.

use super::mixing::GroupTies;
use crate::spec::{Chamber, Kind, MetricSpec, Need, Score, Shape, Tier, Weights};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "assortativity",
    kind: Kind::Echo,
    summary: "how far ties keep within the sides, beside chance",
    columns: &["assortativity"],
    shape: Shape::Directed,
    other_shape: true,
    weights: Weights::Variant,
    needs: &[Need::Sides],
    parameters: &[],
    tier: Tier::Quick,
    chamber: Some(Chamber::High),
    unsteady: &[],
    source: include_str!("assortativity.rs"),
    run: |input, _| {
        let sides = input.sides(SPEC.name)?;
        let ties = GroupTies::count(input.graph, sides);
        let [error] = ties.jackknife(|ties| [ties.assortativity()]);
        Ok(super::outcome(sides, vec![Score::whole(SPEC.name, ties.assortativity()).with_error(error)]))
    },
};
