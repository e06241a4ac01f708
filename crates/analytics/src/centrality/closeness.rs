//! Closeness: how few steps away an account is from those who can reach it, weighed by how many these are.
//!
//! # Formula
//! c(v) = r / (V - 1) · r / D, with r the number of accounts other than v that reach v, D the sum of their distances to v.
//!
//! # Conventions
//! Distance *to* the account, along edges. The factor r / (V - 1) (Wasserman and Faust) keeps small components small. 0 where nobody reaches v. Self-loops do not
//! matter. `_undirected` runs on the simple undirected union; in `_weighted` a
//! tie of weight w has length 1 / w (exact only). Exact or estimated as for `harmonic`, from the same distances.
//!
//! # Range and unit
//! Index in [0, 1]; 1 = everybody is one step away.
//!
//! # Cost
//! That of `harmonic`, with which it is found.
//!
//! # Errors
//! `BadParam` for a number of registers that is no power of two from 16 to 4096; cancelled by the caller.
//!
//! # Compared with
//! NetworkX `closeness_centrality` (wf_improved, its default; incoming distance): equal. igraph `closeness(mode="in")` leaves out the factor r / (V - 1) and is undefined where
//! ours is 0.
//!
//! # Source
//! Wasserman and Faust, Social Network Analysis, Cambridge University Press 1994, eq. 5.22, doi 10.1017/CBO9780511815478.
//!
//! # Example
//! ```
//! use echogram_analytics::{Input, registry, Values};
//! use echogram_graph::Graph;
//! let graph = Graph::from_arrows("0>1 1>2");
//! let found = (registry::find("closeness")[0].run)(&Input::of(&graph), &Default::default()).unwrap();
//! assert_eq!(found.columns, [Values::Real(vec![0.0, 0.5, 2.0 / 3.0])]);
//! ```

use crate::paths::distances::{self, PARAMETERS};
use crate::spec::{Kind, MetricSpec, Shape, Tier, Weights};
use echogram_graph::GraphView;

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "closeness",
    kind: Kind::Account,
    summary: "how few steps away an account is from those who can reach it",
    columns: &["closeness"],
    shape: Shape::Directed,
    other_shape: true,
    weights: Weights::Variant,
    needs: &[],
    parameters: PARAMETERS,
    tier: Tier::Full,
    chamber: None,
    unsteady: &[],
    source: include_str!("closeness.rs"),
    run: |input, run| {
        let others = input.graph.node_count() as f64 - 1.0;
        distances::outcome(input, "closeness", run, |tally| {
            if tally.reached > 0.0 { tally.reached / others * (tally.reached / tally.total) } else { 0.0 }
        })
    },
};
