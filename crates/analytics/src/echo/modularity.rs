//! Modularity of the sides: how much more each camp keeps to itself than chance with the same degrees.
//!
//! # Formula
//! Q = sum over sides of [ w_gg / 2W - (vol_g / 2W)^2 ], w_gg the weight within side g (each tie from both ends), vol_g = all ties of
//! its members, 2W the sum of all vol.
//!
//! # Conventions
//! Simple undirected union, restricted to accounts that have a side (`_weighted`: weights of both directions added). Null without such ties.
//!
//! # Range and unit
//! Index in [-1/2, 1); with two equal camps at most 1/2. High means more of a chamber.
//!
//! # Cost
//! O(E) time.
//!
//! # Errors
//! `Missing` without sides.
//!
//! # Compared with
//! NetworkX `community.modularity`, igraph `modularity`: equal on the accounts with a side.
//!
//! # Source
//! Newman and Girvan, Finding and evaluating community structure in networks, Physical Review E 69, 2004, doi 10.1103/PhysRevE.69.026113.

use super::mixing::GroupTies;
use crate::spec::{Chamber, Kind, MetricSpec, Need, Score, Shape, Tier, Weights};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "modularity",
    kind: Kind::Echo,
    summary: "modularity of the sides",
    columns: &["modularity"],
    shape: Shape::Undirected,
    other_shape: false,
    weights: Weights::Variant,
    needs: &[Need::Sides],
    parameters: &[],
    tier: Tier::Quick,
    chamber: Some(Chamber::High),
    unsteady: &[],
    source: include_str!("modularity.rs"),
    run: |input, _| {
        let sides = input.sides(SPEC.name)?;
        let ties = GroupTies::count(input.graph, sides);
        let [error] = ties.jackknife(|ties| [modularity(ties)]);
        Ok(super::outcome(sides, vec![Score::whole(SPEC.name, modularity(&ties)).with_error(error)]))
    },
};

/// Q of ties counted from both ends; NaN without ties.
pub fn modularity(ties: &GroupTies) -> f64 {
    let total = ties.total();
    (0..ties.groups()).map(|side| ties.weight(side, side) / total - (ties.outgoing(side) / total).powi(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::{Graph, Grouping};

    #[test]
    fn two_separate_camps_of_equal_size_give_one_half() {
        let sides = Grouping::from_names(&["a", "a", "b", "b"].map(Some));
        let graph = Graph::from_arrows("0>1 2>3").undirected();
        assert_eq!(modularity(&GroupTies::count(&graph, &sides)), 0.5);
    }
}
