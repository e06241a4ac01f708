//! Graph -> a value per account. One file per metric; the list is [`crate::registry::CENTRALITIES`].

pub mod core;
pub mod dcore;
pub mod degree;
pub mod ei_index;
pub mod pagerank;
pub mod reciprocity;
pub mod strength;
