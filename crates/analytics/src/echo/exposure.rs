//! Exposure of sides: of how many effective roles the accounts of a camp hear.
//!
//! # Formula
//! Mean of `exposure_q1` (the account metric: exp of the entropy of the roles followed, corrected for few ties) over accounts that have a side and follow anybody of known role; of the whole network, and
//! of each side.
//!
//! # Conventions
//! Ties as they point (`_weighted`: shares of weight, not corrected). Accounts without a side are not averaged, but count as followed. Accounts that follow nobody of known role are left out; null where
//! nobody is left. The standard error is that of a mean of independent accounts. Roles stay with the accounts in null models that rewire, and are dealt out anew with `labels`.
//!
//! # Range and unit
//! Effective roles, 1 to the number of roles. Low means more of a chamber.
//!
//! # Cost
//! O(E log k) time, k the longest list of followees.
//!
//! # Errors
//! `Missing` without sides or roles; cancelled by the caller.
//!
//! # Compared with
//! NetworkX and igraph have none.
//!
//! # Source
//! As for the account metric: Hill, Ecology 54, 1973, doi 10.2307/1934352; Chao, Wang, Jost, Methods in Ecology and Evolution 4, 2013, doi 10.1111/2041-210X.12108. The mean is ours.

use crate::centrality::exposure::effective_roles;
use crate::spec::{Chamber, Kind, MetricSpec, Need, Score, Shape, Tier, Weights};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "exposure",
    kind: Kind::Echo,
    summary: "mean effective number of roles that accounts of a side follow",
    columns: &["exposure"],
    shape: Shape::Directed,
    other_shape: false,
    weights: Weights::Variant,
    needs: &[Need::Sides, Need::Roles],
    parameters: &[],
    tier: Tier::Standard,
    chamber: Some(Chamber::Low),
    unsteady: &[],
    source: include_str!("exposure.rs"),
    run: |input, run| {
        let (sides, roles) = (input.sides(SPEC.name)?, input.roles(SPEC.name)?);
        let effective = effective_roles(input.graph, roles, run)?;
        let of = |group: Option<u32>| {
            let rows = sides.labels().iter().zip(&effective);
            let own = rows.filter(|(side, value)| !value.is_nan() && side.is_some() && (group.is_none() || **side == group));
            mean(&own.map(|row| *row.1).collect::<Vec<f64>>())
        };
        let row = |name: Option<String>, group: Option<u32>| {
            let (value, error) = of(group);
            Score { group: name, ..Score::whole(SPEC.name, value).with_error(error) }
        };
        let groups = sides.names().iter().zip(0..).map(|(name, group)| row(Some(name.clone()), Some(group)));
        Ok(super::outcome(sides, std::iter::once(row(None, None)).chain(groups).collect()))
    },
};

/// Mean and its standard error; NaN where there is nothing, or only one for the error.
fn mean(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (mean, if n > 1.0 { (squares / (n - 1.0) / n).sqrt() } else { f64::NAN })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Input, Run};
    use echogram_graph::{Graph, Grouping};

    #[test]
    fn by_hand() {
        // 0 follows four of one role; 1 follows two each of two roles: nothing is seen once, so only the entropy's bias is corrected.
        let graph = Graph::from_arrows("0>2 0>3 0>6 0>7 1>2 1>3 1>4 1>5 6>0");
        let roles = Grouping::from_names(&[None, None, Some("a"), Some("a"), Some("b"), Some("b"), Some("a"), Some("a")]);
        let sides = Grouping::from_names(&[Some("x"), Some("y"), Some("y"), None, None, None, None, None]);
        let input = Input { sides: Some(&sides), roles: Some(&roles), ..Input::of(&graph) };
        let found = (SPEC.run)(&input, &Run::default()).unwrap();
        // Two pairs of four: 2 x 2/4 x (1/2 + 1/3) = 5/6; exp(5/6) = 2.30 roles of two.
        let values: Vec<f64> = found.scores.iter().map(|score| score.value).collect();
        assert_eq!((values, found.accounts_left_out), (vec![1.5, 1.0, 2.0], 5));
        assert_eq!(found.scores[0].error, 0.5);
    }
}
