//! How sure a partition is: runs on perturbed copies of the graph, what they agree on, and how communities change with resolution.

pub mod consensus;
pub mod perturbed;
pub mod resolutions;
mod together;

pub(crate) use together::Together;
