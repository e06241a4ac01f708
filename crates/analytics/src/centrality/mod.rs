//! Graph -> a value per account. One file per metric; the list is [`crate::registry::CENTRALITIES`].

pub mod clustering;
pub mod collective_influence;
pub mod constraint;
pub mod core;
pub mod degree;
pub mod effective_size;
pub mod ei_index;
pub mod pagerank;
pub mod reciprocity;
pub mod strength;
pub mod triangles;
