//! Triangles of the simple undirected union, shared by all metrics that rest on them.
//!
//! Accounts are renamed by rank: the more neighbours, the lower the rank. Each tie stands once, in the row of its end with
//! fewer neighbours, and no such row is longer than the square root of twice the number of ties: that keeps the work bounded on
//! any graph.

mod count;
mod ranked;
mod shared;

pub use count::{Triads, triangles_and_degrees, verify};
pub(crate) use ranked::Ranked;
pub(crate) use shared::Shared;
