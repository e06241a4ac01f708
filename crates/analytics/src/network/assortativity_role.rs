//! Role assortativity: do stakeholders attend to their own kind?
//!
//! # Formula
//! r = (sum of e_gg - sum of a_g b_g) / (1 - sum of a_g b_g), e_gh the share of edges from role g to role h, a and b its row and column sums.
//!
//! # Conventions
//! Directed ties (self-loops only if kept) between accounts whose roles are both known; the others are left out. Null where only one role occurs or no such tie exists.
//!
//! # Range and unit
//! Index, 1 = all ties stay within a role, 0 = as chance would have it, below 0 = ties cross.
//!
//! # Cost
//! O(E) time.
//!
//! # Errors
//! `Missing` without roles.
//!
//! # Compared with
//! NetworkX `attribute_assortativity_coefficient`, igraph `assortativity_nominal`: equal on the accounts with a role.
//!
//! # Source
//! Newman, Mixing patterns in networks, Physical Review E 67, 2003, doi 10.1103/PhysRevE.67.026126, equation 2.

use crate::echo::mixing::GroupTies;
use crate::spec::{Kind, MetricSpec, Need, Outcome, Score, Shape, Tier, Weights};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "assortativity_role",
    kind: Kind::Network,
    summary: "how far ties keep within stakeholder roles",
    columns: &["assortativity_role"],
    shape: Shape::Directed,
    other_shape: false,
    weights: Weights::Variant,
    needs: &[Need::Roles],
    parameters: &[],
    tier: Tier::Quick,
    chamber: None,
    unsteady: &[],
    source: include_str!("assortativity_role.rs"),
    run: |input, _| {
        let ties = GroupTies::count(input.graph, input.roles(SPEC.name)?);
        Ok(Outcome::of_scores(vec![Score::whole(SPEC.name, ties.assortativity())]))
    },
};
