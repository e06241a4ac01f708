//! Graph -> a value for the whole network. One file per metric; the list is [`crate::registry::NETWORK`].

pub mod agreement;
pub mod archetype;
pub mod assortativity_degree;
pub mod assortativity_role;
pub mod average_clustering;
pub mod average_distance;
pub mod centralisation;
pub mod components_strong;
pub mod components_weak;
pub mod density;
pub mod diameter_effective;
pub mod isolates;
pub mod modularity;
pub mod reciprocity;
pub mod transitivity;
