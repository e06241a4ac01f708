//! Centrality, communities and echo-chamber metrics, in parallel under the caller's rayon pool and repeatable to the bit.
//!
//! A metric is one file and one line in the [`registry`]; it knows graphs, not files.

mod absorbing;
mod absorbing_directed;
pub mod centrality;
pub mod compare;
mod conjugate_gradients;
pub mod cut;
pub mod describe;
pub mod echo;
mod error;
pub mod leiden;
mod line;
mod memo;
pub mod network;
pub mod null;
pub mod numeric;
pub mod partition;
pub mod paths;
mod peel;
mod reach;
pub mod registry;
mod returns_directed;
mod run;
mod segregation;
mod settings;
mod spec;
pub mod spectral;
pub mod stability;
pub mod triads;
mod workload;

pub use error::MetricError;
pub use memo::Memo;
pub use run::{Run, Stop};
pub use settings::{Parameter, Settings};
pub use spec::{Chamber, Input, Kind, MetricSpec, Need, Outcome, Score, Shape, Tier, Values, Weights};
