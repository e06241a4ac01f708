//! Modularity: how much more the communities keep to themselves than chance with the same degrees.
//!
//! # Formula
//! Q = sum over communities of [ w_in / 2W - (vol / 2W)^2 ], with w_in, vol, 2W as for `community`.
//!
//! # Conventions
//! Of the column `community` of the same variant, on its graph: the simple undirected union. Null without ties.
//!
//! # Range and unit
//! Index in [-1/2, 1): 0 = as chance would have it. A high value alone is not evidence of communities: random graphs reach 0.3 and more.
//!
//! # Cost
//! O(E) time.
//!
//! # Errors
//! `Missing` without communities.
//!
//! # Compared with
//! NetworkX `community.modularity`, igraph `modularity`: equal.
//!
//! # Source
//! Newman and Girvan, Finding and evaluating community structure in networks, Physical Review E 69, 2004, doi 10.1103/PhysRevE.69.026113.

use crate::leiden::modularity;
use crate::spec::{Kind, MetricSpec, Need, Outcome, Score, Shape, Tier, Weights};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "modularity",
    kind: Kind::Network,
    summary: "modularity of the communities found",
    columns: &["modularity"],
    shape: Shape::Undirected,
    other_shape: false,
    weights: Weights::Variant,
    needs: &[Need::Partition],
    parameters: &[],
    tier: Tier::Quick,
    chamber: None,
    source: include_str!("modularity.rs"),
    run: |input, _| {
        let value = modularity(input.graph, input.partition(SPEC.name)?, 1.0);
        Ok(Outcome::of_scores(vec![Score::whole(SPEC.name, value)]))
    },
};
