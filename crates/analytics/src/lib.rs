//! Centrality, communities and echo-chamber metrics, in parallel under the caller's rayon pool and repeatable to the bit.
//!
//! A metric is one file and one line in the [`registry`]; it knows graphs, not files.

pub mod centrality;
pub mod describe;
pub mod echo;
mod error;
pub mod leiden;
pub mod network;
pub mod numeric;
pub mod partition;
pub mod registry;
mod run;
mod spec;
pub mod triads;
mod workload;

pub use error::MetricError;
pub use run::{Run, Stop};
pub use spec::{Chamber, Input, Kind, MetricSpec, Need, Outcome, Score, Shape, Tier, Values, Weights};
