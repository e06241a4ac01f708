//! Number of strongly connected components.
//!
//! # Formula
//! The number of labels of the account metric `component_strong`.
//!
//! # Conventions
//! Those of `component_strong`: an isolated account is a component of its own.
//!
//! # Range and unit
//! Components, 0 to V.
//!
//! # Cost
//! That of `component_strong`.
//!
//! # Errors
//! Cancelled by the caller.
//!
//! # Compared with
//! NetworkX `number_strongly_connected_components`: equal.
//!
//! # Source
//! See `component_strong`.

use crate::partition::component_strong::component_strong;
use crate::spec::{Kind, MetricSpec, Outcome, Score, Shape, Tier, Weights};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "components_strong",
    kind: Kind::Network,
    summary: "number of strongly connected components",
    columns: &["components_strong"],
    shape: Shape::Directed,
    other_shape: false,
    weights: Weights::Never,
    needs: &[],
    parameters: &[],
    tier: Tier::Quick,
    chamber: None,
    unsteady: &[],
    source: include_str!("components_strong.rs"),
    run: |input, run| {
        let found = component_strong(input.graph, run)?;
        Ok(Outcome::of_scores(vec![Score::whole(SPEC.name, found.count() as f64)]))
    },
};
