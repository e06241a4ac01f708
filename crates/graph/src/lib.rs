//! Compact graphs over one account space.
//!
//! Inside, accounts are dense rows ([`NodeId`]); their keys live in one [`Dictionary`] and come in when a [`Network`]
//! is assembled and go out when a table is written. A network holds one [`Layer`] per relation; [`Network::project`] merges layers into
//! the [`Graph`] that metrics read. This crate does no input or output and knows nothing of metrics.

mod blocks;
mod csr;
mod dictionary;
mod graph;
mod layer;
mod network;
mod node;
mod partition;
mod petgraph_traits;
mod row_weights;
mod rows;
mod scatter;
mod sparse;
pub mod synthetic;
mod union;
mod zeroed;

pub use csr::Csr;
pub use dictionary::{Dictionary, canonical_u64};
pub use graph::{Graph, GraphView};
pub use layer::Layer;
pub use network::{Network, Projection};
pub use node::NodeId;
pub use partition::{Grouping, Partition};
pub use petgraph_traits::{AllEdges, EdgeReference, NodeEdges, VisitedNodes};
pub use row_weights::RowWeights;
pub use rows::{EdgeRows, NO_TIME};
pub use sparse::{Sparse, Texts};
pub use zeroed::Zeroed;
