//! What the metrics by repeated multiplication share: one step along all edges, fixed points found in fewer steps, the largest eigenvalue.

pub(crate) mod anderson;
pub(crate) mod far;
pub(crate) mod order;
pub mod power;
pub(crate) mod pull;
pub mod radius;
