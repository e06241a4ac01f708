//! The levels of a search: groups that make up communities, groups that make up these, and so on.

use super::search::through;
use echogram_graph::Partition;

/// The groups of each level below the communities. Each one lies within a group of the level above.
///
/// Memory: 4 bytes per account, and as many per group of each level but the coarsest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hierarchy {
    /// The nodes of each level by their node of the next one; those of the first level are accounts.
    maps: Vec<Vec<u32>>,
}

impl Hierarchy {
    pub(super) fn new(maps: Vec<Vec<u32>>) -> Self {
        Self { maps }
    }

    /// Number of levels.
    pub fn len(&self) -> usize {
        self.maps.len()
    }

    /// Whether there is no level below the communities.
    pub fn is_empty(&self) -> bool {
        self.maps.is_empty()
    }

    /// The division of all accounts on each level, coarse to fine; numbered by size, then by smallest member. The coarsest may be as coarse
    /// as the communities themselves.
    pub fn levels(&self) -> Vec<Partition> {
        let mut labels: Vec<u32> = Vec::new();
        let mut all = Vec::new();
        for map in &self.maps {
            labels = if labels.is_empty() { map.clone() } else { through(&labels, map) };
            all.push(Partition::from_labels(&labels));
        }
        all.reverse();
        all
    }
}
