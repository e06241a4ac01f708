//! Graph -> a value per account. One file per metric; the list is [`crate::registry::CENTRALITIES`].

pub mod betweenness;
pub mod cartographic_role;
pub mod closeness;
pub mod clustering;
pub mod collective_influence;
pub mod community_confidence;
pub mod constraint;
pub mod core;
pub mod dcore;
pub mod degree;
pub mod effective_size;
pub mod ei_index;
pub mod ei_index_side;
pub mod eigenvector;
pub mod exposure;
pub mod harmonic;
pub mod hits;
pub mod katz;
pub mod leaning_neighbours;
pub mod pagerank;
pub mod pagerank_personalised;
pub mod participation;
pub mod reciprocity;
pub mod strength;
pub mod triangles;
pub mod within_module_z;
