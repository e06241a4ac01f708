//! Divisions of the nodes: every node in one community, or some nodes in named groups.

use crate::{NodeId, Texts};

/// A division of all nodes into communities `0..count`, numbered by size (0 = largest), ties by the smallest member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition {
    labels: Vec<u32>,
    count: u32,
}

impl Partition {
    /// Renumbers any labels by size and then by smallest member.
    pub fn from_labels(labels: &[u32]) -> Self {
        let highest = labels.iter().copied().max().map_or(0, |label| label as usize + 1);
        let mut sizes = vec![0_u64; highest];
        let mut firsts = vec![u32::MAX; highest];
        for (row, &label) in labels.iter().enumerate() {
            sizes[label as usize] += 1;
            firsts[label as usize] = firsts[label as usize].min(NodeId::new(row).0);
        }
        let mut order: Vec<u32> = (0..NodeId::new(highest).0).filter(|&label| sizes[label as usize] > 0).collect();
        order.sort_unstable_by_key(|&label| (std::cmp::Reverse(sizes[label as usize]), firsts[label as usize]));
        let mut renamed = vec![0; highest];
        for (new, &old) in order.iter().enumerate() {
            renamed[old as usize] = NodeId::new(new).0;
        }
        Self { labels: labels.iter().map(|&label| renamed[label as usize]).collect(), count: NodeId::new(order.len()).0 }
    }

    /// The community of each node.
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// The community of `node`.
    #[inline]
    pub fn of(&self, node: NodeId) -> u32 {
        self.labels[node.row()]
    }

    /// Number of communities.
    pub fn count(&self) -> usize {
        self.count as usize
    }

    /// Number of members of each community, largest first.
    pub fn sizes(&self) -> Vec<u32> {
        let mut sizes = vec![0; self.count()];
        for &label in &self.labels {
            sizes[label as usize] += 1;
        }
        sizes
    }
}

/// Named groups of which a node is in one or none (unknown): roles, sides, any word column of the account file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grouping {
    labels: Vec<Option<u32>>,
    names: Vec<String>,
}

impl Grouping {
    /// The same groups with other members.
    ///
    /// # Panics
    /// If a label names no group.
    pub fn with_labels(&self, labels: Vec<Option<u32>>) -> Self {
        assert!(labels.iter().flatten().all(|&label| (label as usize) < self.names.len()), "labels name groups");
        Self { labels, names: self.names.clone() }
    }

    /// Groups by name, in the order of the names' bytes.
    pub fn from_names<S: AsRef<str>>(of: &[Option<S>]) -> Self {
        Self::named(|| of.iter().map(|name| name.as_ref().map(AsRef::as_ref)))
    }

    /// Groups by a column of text.
    pub fn from_texts(of: &Texts) -> Self {
        Self::named(|| of.iter().map(|name| name.map(String::as_str)))
    }

    fn named<'a, I: Iterator<Item = Option<&'a str>>>(of: impl Fn() -> I) -> Self {
        let mut names: Vec<&str> = of().flatten().collect();
        names.sort_unstable();
        names.dedup();
        let labels = of().map(|name| names.binary_search(&name?).ok().map(|place| NodeId::new(place).0)).collect();
        Self { labels, names: names.into_iter().map(str::to_owned).collect() }
    }

    /// Groups named by community number; every node has one.
    pub fn from_partition(partition: &Partition) -> Self {
        Self {
            labels: partition.labels().iter().map(|&label| Some(label)).collect(),
            names: (0..partition.count()).map(|label| label.to_string()).collect(),
        }
    }

    /// The group of `node`, or `None` where it is unknown.
    #[inline]
    pub fn of(&self, node: NodeId) -> Option<u32> {
        self.labels[node.row()]
    }

    /// The group of each node.
    pub fn labels(&self) -> &[Option<u32>] {
        &self.labels
    }

    /// The groups' names, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Number of groups.
    pub fn count(&self) -> usize {
        self.names.len()
    }

    /// The name of the group of `node`.
    pub fn name_of(&self, node: NodeId) -> Option<&str> {
        self.of(node).map(|group| self.names[group as usize].as_str())
    }

    /// Number of members of each group.
    pub fn sizes(&self) -> Vec<u32> {
        let mut sizes = vec![0; self.names.len()];
        for label in self.labels.iter().flatten() {
            sizes[*label as usize] += 1;
        }
        sizes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn communities_are_numbered_by_size_then_smallest_member() {
        let partition = Partition::from_labels(&[7, 3, 3, 9, 9, 5]);
        assert_eq!(partition.labels(), [2, 0, 0, 1, 1, 3]);
        assert_eq!((partition.count(), partition.sizes()), (4, vec![2, 2, 1, 1]));
        assert_eq!(Partition::from_labels(&[]).count(), 0);
    }

    #[test]
    fn unknown_members_stay_unknown() {
        let grouping = Grouping::from_names(&[Some("b"), None, Some("a"), Some("b")]);
        assert_eq!(grouping.labels(), [Some(1), None, Some(0), Some(1)]);
        assert_eq!((grouping.sizes(), grouping.name_of(NodeId(1))), (vec![1, 2], None));
    }
}
