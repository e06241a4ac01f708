//! Harmonic centrality: how near an account is to everybody whose attention can reach it.
//!
//! # Formula
//! h(v) = sum over u != v of 1 / d(u, v), with d(u, v) the number of edges on a shortest path from u to v; 1 / ∞ = 0.
//!
//! # Conventions
//! Distance *to* the account, along edges: who is looked at directly or by few detours scores high. A raw sum, not divided by V - 1. Accounts that cannot reach v
//! add 0, so that no component needs to be singled out. Self-loops do not matter. `_undirected` runs on the simple undirected union; in `_weighted` a
//! tie of weight w has length 1 / w (exact only).
//! Exact where accounts times edges are at most `distance.exact_up_to`, else HyperBall with `distance.registers`; which one ran is in the metadata.
//!
//! # Range and unit
//! Accounts at distance 1 or as good as that, 0 to V - 1; 0 for an account that nobody reaches.
//!
//! # Cost
//! Exact: O(V E / 512) word steps of 64 bytes for each level of distance; 216 bytes per node. HyperBall: O(E) per level, two counters of `registers` half bytes per account (bytes from 4,096 accounts a register on)
//! that has predecessors. Shared with closeness, average distance and effective diameter.
//!
//! # Errors
//! `BadParam` for a number of registers that is no power of two from 16 to 4096; cancelled by the caller.
//!
//! # Compared with
//! NetworkX `harmonic_centrality`: equal. igraph `harmonic_centrality(mode="in")` is the mean over V - 1 accounts by default, and NetworKit's is over distances *from* the
//! account. HyperBall's relative standard error is 1.06 / sqrt(registers): 6.6 % with 256.
//!
//! # Source
//! Marchiori and Latora, Harmony in the small-world, Physica A 285, 2000, doi 10.1016/S0378-4371(00)00311-3; Boldi and Vigna, Axioms for centrality, Internet
//! Mathematics 10, 2014, doi 10.1080/15427951.2013.865686; bit-parallel search doi 10.14778/2735496.2735507; HyperBall doi 10.1109/ICDMW.2013.10.
//!
//! # Example
//! ```
//! use echogram_analytics::{Input, registry, Values};
//! use echogram_graph::Graph;
//! let graph = Graph::from_arrows("0>1 1>2");
//! let found = (registry::find("harmonic")[0].run)(&Input::of(&graph), &Default::default()).unwrap();
//! assert_eq!(found.columns, [Values::Real(vec![0.0, 1.0, 1.5])]);
//! ```

use crate::paths::distances::{self, PARAMETERS};
use crate::spec::{Kind, MetricSpec, Shape, Tier, Weights};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "harmonic",
    kind: Kind::Account,
    summary: "nearness to all whose attention can reach an account: sum of 1 / distance",
    columns: &["harmonic"],
    shape: Shape::Directed,
    other_shape: true,
    weights: Weights::Variant,
    needs: &[],
    parameters: PARAMETERS,
    tier: Tier::Standard,
    chamber: None,
    unsteady: &[],
    source: include_str!("harmonic.rs"),
    run: |input, run| distances::outcome(input, "harmonic", run, |tally| tally.inverse),
};
