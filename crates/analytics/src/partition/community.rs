//! Community: the group of accounts that talk among themselves more than chance would have it.
//!
//! # Formula
//! The partition c that makes Q = sum over communities of [ w_in / 2W - gamma (vol / 2W)^2 ] large: w_in the weight inside (each tie
//! from both ends), vol the total degree (strength) of its members, 2W that of the network, gamma = 1.
//!
//! # Conventions
//! Leiden on the simple undirected union of the merged relations, all ties alike (`_weighted`: weights of both directions added).
//! Communities are always connected. Numbered by size, 0 = largest, ties by smallest account. An account without ties is alone.
//!
//! # Range and unit
//! Label, 0 to number of communities - 1.
//!
//! # Cost
//! Near O(E) per pass and a few passes; see the module `leiden` for memory. Parallel, the same labels for any number of threads.
//!
//! # Stops when
//! A full pass adds at most `tolerance` (1e-4) to Q; after `max_iterations` passes with `Stop::IterationLimit`.
//!
//! # Errors
//! `BadParam` for weights whose sum is not finite or for 2^31 accounts and more; cancelled by the caller.
//!
//! # Compared with
//! igraph `community_leiden(objective_function="modularity")` and leidenalg `ModularityVertexPartition` optimise the same Q; labels differ
//! from run to run there, not here.
//!
//! # Source
//! Traag, Waltman, van Eck, From Louvain to Leiden: guaranteeing well-connected communities, Scientific Reports 9, 2019,
//! doi 10.1038/s41598-019-41695-z.

use crate::leiden::{Params, leiden};
use crate::spec::{Kind, MetricSpec, Outcome, Shape, Tier, Values, Weights};
use std::sync::Arc;

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "community",
    kind: Kind::Account,
    summary: "community by Leiden (modularity), always connected, 0 = largest",
    columns: &["community"],
    shape: Shape::Undirected,
    other_shape: false,
    weights: Weights::Variant,
    needs: &[],
    parameters: &[],
    tier: Tier::Quick,
    chamber: None,
    source: include_str!("community.rs"),
    run: |input, run| {
        let params = Params::default().with_seed(input.seed);
        let found = leiden(input.graph, &params, run)?;
        Ok(Outcome {
            columns: vec![Values::Whole(found.partition.labels().to_vec())],
            iterations: Some(found.iterations),
            stop: Some(found.stop),
            parameters: vec![
                ("method", "leiden".to_owned()),
                ("resolution", params.resolution.to_string()),
                ("tolerance", format!("{:e}", params.tolerance)),
                ("seed", params.seed.to_string()),
                ("modularity", found.modularity.to_string()),
            ],
            partition: Some(Arc::new(found.partition)),
            ..Outcome::default()
        })
    },
};
