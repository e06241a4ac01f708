//! Graph -> a division of all accounts. One file per metric; the list is [`crate::registry::PARTITIONS`].

pub mod bowtie;
pub mod community;
pub mod community_consensus;
pub mod community_label;
pub mod community_louvain;
pub mod component_strong;
pub mod component_weak;
