//! Shortest paths, shared by the metrics that count them: exact from many sources at once, or estimated with a stated error.

pub(crate) mod brandes;
pub mod distances;
pub mod edge_betweenness;
pub(crate) mod hyperball;
pub(crate) mod rounds;
pub(crate) mod sampling;
pub mod sweep;
pub mod weighted;
