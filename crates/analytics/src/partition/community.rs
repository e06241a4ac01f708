//! Community: the group of accounts that talk among themselves more than chance would have it.
//!
//! # Formula
//! The partition c that makes Q = sum over communities of [ w_in / 2W - gamma (vol / 2W)^2 ] large: w_in the weight inside (each tie
//! from both ends), vol the total degree (strength) of its members, 2W that of the network, gamma = `community.resolution` (1).
//! `_directed`, by Leicht and Newman: Q = 1/W sum over pairs of one community of [ w_ij - gamma sout_i sin_j / W ]: sout, sin the
//! weights that leave and reach an account, W that of all ties.
//! With `community.cpm` > 0, the constant Potts model instead: sum over communities of [ w_in - cpm n^2 ], n its accounts. A group
//! then stays together while its density is above cpm, whatever the size of the network; the resolution is not used.
//!
//! # Conventions
//! Leiden on the simple undirected union of the merged relations, all ties alike (`_weighted`: weights of both directions added).
//! Communities are always connected, directions left out of account. Numbered by size, 0 = largest, ties by smallest account. An account
//! without ties is alone. With `--levels` the columns `community_level_1`, ... hold the groups that make up communities: 1 = the coarsest below
//! them, the last one = the finest; each group lies within one of the level above, and is connected.
//!
//! # Range and unit
//! Label, 0 to number of communities - 1.
//!
//! # Cost
//! Near O(E) per pass and a few passes; see the module `leiden` for memory. Parallel, the same labels for any number of threads.
//!
//! # Stops when
//! A full pass adds at most `community.tolerance` (1e-4) to Q; after 100 passes with `Stop::IterationLimit`.
//!
//! # Errors
//! `BadParam` for a parameter that is negative, for weights whose sum is not finite, or for 2^31 accounts and more; cancelled by the caller.
//!
//! # Compared with
//! igraph `community_leiden(objective_function="modularity")` and leidenalg `ModularityVertexPartition` optimise the same Q; labels differ
//! from run to run there, not here. leidenalg's `ModularityVertexPartition` of a directed graph and its `CPMVertexPartition` are the
//! variants `_directed` and `community.cpm`; igraph's Leiden takes no directed graph.
//!
//! # Source
//! Traag, Waltman, van Eck, From Louvain to Leiden: guaranteeing well-connected communities, Scientific Reports 9, 2019,
//! doi 10.1038/s41598-019-41695-z. Leicht and Newman, Community structure in directed networks, Physical Review Letters 100, 2008,
//! doi 10.1103/PhysRevLett.100.118703. Traag, Van Dooren and Nesterov, Narrow scope for resolution-limit-free community detection,
//! Physical Review E 84, 2011, doi 10.1103/PhysRevE.84.016114.

use crate::leiden::{CPM, Params, RESOLUTION, TOLERANCE, leiden};
use crate::spec::{Kind, MetricSpec, Outcome, Shape, Tier, Values, Weights};
use std::sync::Arc;

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "community",
    kind: Kind::Account,
    summary: "community by Leiden (modularity), always connected, 0 = largest",
    columns: &["community"],
    shape: Shape::Undirected,
    other_shape: true,
    weights: Weights::Variant,
    needs: &[],
    parameters: &[RESOLUTION, TOLERANCE, CPM],
    tier: Tier::Quick,
    chamber: None,
    unsteady: &[],
    source: include_str!("community.rs"),
    run: |input, run| {
        let params = Params::of(input);
        let found = leiden(input.graph, &params, run)?;
        Ok(Outcome {
            columns: vec![Values::Whole(found.partition.labels().to_vec())],
            iterations: Some(found.iterations),
            stop: Some(found.stop),
            parameters: params.metadata("leiden", &found),
            partition: Some(Arc::new(found.partition)),
            hierarchy: Some(found.hierarchy),
            ..Outcome::default()
        })
    },
};
