//! Odds ratio of ties within groups: how much likelier a tie is between two accounts of one side than between two of different sides.
//!
//! # Formula
//! orwg = (t_in / (T_in - t_in)) / (t_out / (T_out - t_out)): t ties and T pairs, within sides and between them.
//!
//! # Conventions
//! Directed: ordered pairs; undirected input: pairs. Weights ignored, self-loops left out unless kept, accounts without a side left out. Undefined where there is no tie between sides, or no pair without a
//! tie within.
//!
//! # Range and unit
//! Ratio >= 0; 1 = as likely, above = homophily.
//!
//! # Cost
//! O(E).
//!
//! # Errors
//! `Missing` without sides; cancelled by the caller.
//!
//! # Compared with
//! netseg `orwg`: equal (16.58071 on its classroom).
//!
//! # Source
//! Bojanowski and Corten, Measuring segregation in social networks, Social Networks 39, 2014, doi 10.1016/j.socnet.2014.04.001; Moody, AJS 107, 2001.

use super::mixing::GroupTies;
use crate::spec::{Chamber, Kind, MetricSpec, Need, Score, Shape, Tier, Weights};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "orwg",
    kind: Kind::Echo,
    summary: "odds of a tie within sides over those between sides",
    columns: &["orwg"],
    shape: Shape::Directed,
    other_shape: true,
    weights: Weights::Never,
    needs: &[Need::Sides],
    parameters: &[],
    tier: Tier::Standard,
    chamber: Some(Chamber::High),
    unsteady: &[],
    source: include_str!("orwg.rs"),
    run: |input, _| {
        let sides = input.sides(SPEC.name)?;
        let ties = GroupTies::count(input.graph, sides);
        let sizes: Vec<f64> = sides.sizes().into_iter().map(f64::from).collect();
        let score = |ties: &GroupTies| [odds_ratio(ties, &sizes)];
        let [error] = ties.jackknife(score);
        Ok(super::outcome(sides, vec![Score::whole(SPEC.name, odds_ratio(&ties, &sizes)).with_error(error)]))
    },
};

/// Undirected ties and pairs count from both ends here, which cancels.
fn odds_ratio(ties: &GroupTies, sizes: &[f64]) -> f64 {
    let accounts: f64 = sizes.iter().sum();
    let pairs_in: f64 = sizes.iter().map(|size| size * (size - 1.0)).sum();
    let pairs_out = accounts * (accounts - 1.0) - pairs_in;
    let ties_in: f64 = (0..sizes.len()).map(|group| ties.weight(group, group)).sum();
    let ties_out = ties.total() - ties_in;
    let ratio = (ties_in / (pairs_in - ties_in)) / (ties_out / (pairs_out - ties_out));
    if ratio.is_finite() { ratio } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::{Graph, Grouping};

    #[test]
    fn by_hand() {
        let groups = Grouping::from_names(&["a", "a", "b", "b"].map(Some));
        let odds = |arrows: &str| odds_ratio(&GroupTies::count(&Graph::from_arrows(arrows), &groups), &[2.0, 2.0]);
        // 2 of 4 ordered pairs within, 2 of 8 between: odds 1 and 1/3.
        assert!((odds("0>1 2>3 0>2 3>1") - 3.0).abs() < 1e-15);
        assert!(odds("0>1").is_nan());
    }
}
