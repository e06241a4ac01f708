//! Null models: what a score would be if only some facts of the network were kept, and how far the score is from that.
//!
//! Each replicate has random numbers of its own, keyed by (seed, model, replicate): any one can be made again alone, on any number of threads.

pub mod analytic;
pub mod comparison;
pub mod labels;
pub mod rewire;

pub use analytic::Across;
pub use comparison::Comparison;
pub use labels::{permuted, permuted_values};
pub use rewire::{Mixing, Rewiring, rewired};
