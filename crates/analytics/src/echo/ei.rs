//! E-I index of sides: do ties cross between the camps or stay within them?
//!
//! # Formula
//! EI = (E - I) / (E + I), E = ties between accounts of different sides, I = ties within a side. For one side g: E its ties to and from other
//! sides, I its ties within.
//!
//! # Conventions
//! Distinct directed ties (self-loops only if kept) between accounts that have a side (`_weighted`: their weight; `_undirected`: each pair
//! once). Null where there is no such tie.
//!
//! # Range and unit
//! Index in [-1, 1]: -1 = nobody talks to the other side. Low means more of a chamber. With sides of unequal size chance is not 0.
//!
//! # Cost
//! O(E) time.
//! Its standard error, by vertex bootstrap, costs 200 times as much: it is left out beyond a million edges.
//!
//! # Errors
//! `Missing` without sides.
//!
//! # Compared with
//! NetworkX and igraph have none; equal to UCINET's E-I and to R's `netseg::ei`.
//!
//! # Source
//! Krackhardt and Stern, Informal networks and organizational crises, Social Psychology Quarterly 51, 1988, doi 10.2307/2786835.

use super::mixing::GroupTies;
use super::vertex_bootstrap::{drawn, error};
use crate::spec::{Chamber, Kind, MetricSpec, Need, Score, Shape, Tier, Weights};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "ei",
    kind: Kind::Echo,
    summary: "ties between sides against ties within them",
    columns: &["ei"],
    shape: Shape::Directed,
    other_shape: true,
    weights: Weights::Variant,
    needs: &[Need::Sides],
    parameters: &[],
    tier: Tier::Quick,
    chamber: Some(Chamber::Low),
    unsteady: &[],
    source: include_str!("ei.rs"),
    run: |input, _| {
        let sides = input.sides(SPEC.name)?;
        let ties = GroupTies::count(input.graph, sides);
        let drawn = drawn(input, sides, &ties);
        let mut scores = vec![Score::whole(SPEC.name, whole(&ties)).with_error(error(&drawn, |ties, _| whole(ties)))];
        for (side, name) in sides.names().iter().enumerate() {
            let error = error(&drawn, |ties, _| of_side(ties, side));
            scores.push(Score { group: Some(name.clone()), ..Score::whole(SPEC.name, of_side(&ties, side)).with_error(error) });
        }
        Ok(super::outcome(sides, scores))
    },
};

fn whole(ties: &GroupTies) -> f64 {
    let inside: f64 = (0..ties.groups()).map(|side| ties.weight(side, side)).sum();
    ei(ties.total() - inside, inside)
}

fn of_side(ties: &GroupTies, side: usize) -> f64 {
    let (crossing, within) = ties.crossing_and_inside(side);
    ei(crossing, within)
}

/// (E - I) / (E + I); NaN without ties. An undirected network shows each pair from both ends, which doubles both.
pub fn ei(external: f64, internal: f64) -> f64 {
    (external - internal) / (external + internal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Input, Run};
    use echogram_graph::{Graph, Grouping};

    fn values(graph: &Graph) -> Vec<f64> {
        let sides = Grouping::from_names(&[Some("a"), Some("a"), Some("b"), Some("b"), None]);
        let input = Input { sides: Some(&sides), ..Input::of(graph) };
        let found = (SPEC.run)(&input, &Run::default()).unwrap();
        assert_eq!(found.accounts_left_out, 1);
        found.scores.into_iter().map(|score| score.value).collect()
    }

    #[test]
    fn by_hand() {
        // Inside a: 0>1; inside b: 2>3, 3>2; across: 1>2; to nobody's side: 0>4.
        let graph = Graph::from_arrows("0>1 2>3 3>2 1>2 0>4");
        assert_eq!(values(&graph), [(1.0 - 3.0) / 4.0, 0.0, (1.0 - 2.0) / 3.0]);
        // As pairs: one inside each, one across.
        assert_eq!(values(&graph.undirected().unweighted()), [(1.0 - 2.0) / 3.0, 0.0, 0.0]);
    }
}
