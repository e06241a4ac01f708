//! Number of weakly connected components.
//!
//! # Formula
//! The number of labels of the account metric `component_weak`.
//!
//! # Conventions
//! Those of `component_weak`: an isolated account is a component of its own.
//!
//! # Range and unit
//! Components, 0 to V.
//!
//! # Cost
//! That of `component_weak`.
//!
//! # Errors
//! Cancelled by the caller.
//!
//! # Compared with
//! NetworkX `number_weakly_connected_components`: equal.
//!
//! # Source
//! See `component_weak`.

use crate::partition::component_weak::component_weak;
use crate::spec::{Kind, MetricSpec, Outcome, Score, Shape, Tier, Weights};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "components_weak",
    kind: Kind::Network,
    summary: "number of weakly connected components",
    columns: &["components_weak"],
    shape: Shape::Directed,
    other_shape: false,
    weights: Weights::Never,
    needs: &[],
    parameters: &[],
    tier: Tier::Quick,
    chamber: None,
    unsteady: &[],
    source: include_str!("components_weak.rs"),
    run: |input, run| {
        let found = component_weak(input.graph, run)?;
        Ok(Outcome::of_scores(vec![Score::whole(SPEC.name, found.count() as f64)]))
    },
};
