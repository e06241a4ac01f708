//! Modularity: how much more the communities keep to themselves than chance with the same degrees.
//!
//! # Formula
//! Q = sum over communities of [ w_in / 2W - gamma (vol / 2W)^2 ], with w_in, vol, 2W and gamma = `community.resolution` (1) as for
//! `community`; `_directed`: 1/W sum over pairs of one community of [ w_ij - gamma sout_i sin_j / W ].
//!
//! # Conventions
//! Of the column `community` of the same variant, on its graph: the simple undirected union, or with `_directed` the
//! ties as they point. Null without ties. With `community.cpm` the communities are others, but this is still their modularity.
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
//! NetworkX `community.modularity`, igraph `modularity`: equal, directed too.
//!
//! # Source
//! Newman and Girvan, Finding and evaluating community structure in networks, Physical Review E 69, 2004, doi 10.1103/PhysRevE.69.026113.
//! Leicht and Newman, Community structure in directed networks, Physical Review Letters 100, 2008, doi 10.1103/PhysRevLett.100.118703.

use crate::leiden::{RESOLUTION, modularity};
use crate::spec::{Kind, MetricSpec, Need, Outcome, Score, Shape, Tier, Weights};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "modularity",
    kind: Kind::Network,
    summary: "modularity of the communities found",
    columns: &["modularity"],
    shape: Shape::Undirected,
    other_shape: true,
    weights: Weights::Variant,
    needs: &[Need::Partition],
    parameters: &[RESOLUTION],
    tier: Tier::Quick,
    chamber: None,
    source: include_str!("modularity.rs"),
    run: |input, _| {
        let resolution = input.setting(&RESOLUTION);
        let value = modularity(input.graph, input.partition(SPEC.name)?, resolution);
        let parameters = vec![("resolution", resolution.to_string())];
        Ok(Outcome { parameters, ..Outcome::of_scores(vec![Score::whole(SPEC.name, value)]) })
    },
};
