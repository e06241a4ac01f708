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

    /// The levels below `communities`, coarse to fine, without those that divide as the one above does.
    pub fn below(&self, communities: &Partition) -> Vec<Partition> {
        let mut levels = self.levels();
        let mut above = communities.clone();
        levels.retain(|level| {
            let is_finer = *level != above;
            if is_finer {
                above = level.clone();
            }
            is_finer
        });
        levels
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Run;
    use crate::leiden::{Params, leiden};
    use echogram_graph::NodeId;
    use echogram_graph::synthetic::rmat;

    #[test]
    fn levels_that_divide_nothing_are_left_out() {
        let hierarchy = Hierarchy::new(vec![vec![0, 0, 1, 1, 2, 3], vec![0, 1, 2, 3], vec![0, 0, 1, 1]]);
        let communities = Partition::from_labels(&[0, 0, 0, 0, 1, 1]);
        assert_eq!(hierarchy.len(), 3);
        assert_eq!(hierarchy.below(&communities), [Partition::from_labels(&[0, 0, 1, 1, 2, 3])]);
        assert_eq!(Hierarchy::default().below(&communities), []);
    }

    #[test]
    fn each_group_lies_within_one_of_the_level_above() {
        let graph = rmat(10, 8, 3).undirected_unweighted();
        let found = leiden(&graph, &Params::default(), &Run::default()).unwrap();
        let levels = found.hierarchy.below(&found.partition);
        assert!(!levels.is_empty());
        let mut above = &found.partition;
        for level in &levels {
            assert!(level.count() > above.count());
            let mut over = vec![None; level.count()];
            for node in (0..1 << 10).map(NodeId) {
                let group = over[level.of(node) as usize].get_or_insert(above.of(node));
                assert_eq!(*group, above.of(node));
            }
            above = level;
        }
    }
}
