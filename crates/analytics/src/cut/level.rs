//! One level of a multilevel cut: a weighted graph whose nodes are groups of accounts.

use echogram_graph::{Graph, GraphView, NodeId};

/// Nodes with sizes, ties with weights; rows without duplicates or self-loops.
pub(super) struct Level {
    offsets: Vec<u32>,
    ties: Vec<(u32, u32)>,
    sizes: Vec<u32>,
}

impl Level {
    /// The graph among `members` (ascending): each of size 1, each tie of weight 1.
    pub(super) fn of(graph: &Graph, members: &[u32]) -> Self {
        let mut place = vec![u32::MAX; graph.node_count()];
        (0..).zip(members).for_each(|(at, &row)| place[row as usize] = at);
        let (mut offsets, mut ties) = (vec![0], Vec::with_capacity(graph.out().entry_count()));
        for &row in members {
            let others = graph.successors(NodeId(row)).iter().filter(|other| other.0 != row);
            ties.extend(others.map(|other| (place[other.row()], 1)));
            offsets.push(ties.len() as u32);
        }
        Self { offsets, ties, sizes: vec![1; members.len()] }
    }

    pub(super) fn nodes(&self) -> usize {
        self.sizes.len()
    }

    pub(super) fn size(&self, node: u32) -> u64 {
        self.sizes[node as usize].into()
    }

    pub(super) fn total(&self) -> u64 {
        self.sizes.iter().map(|&size| u64::from(size)).sum()
    }

    pub(super) fn largest(&self) -> u64 {
        self.sizes.iter().copied().max().unwrap_or(0).into()
    }

    /// (neighbour, weight) of each tie of `node`.
    pub(super) fn row(&self, node: u32) -> &[(u32, u32)] {
        &self.ties[self.offsets[node as usize] as usize..self.offsets[node as usize + 1] as usize]
    }

    /// Weight of the ties between the halves.
    pub(super) fn cut(&self, halves: &[u8]) -> u64 {
        let across = |node: u32| -> u64 {
            let own = halves[node as usize];
            self.row(node).iter().filter(|tie| halves[tie.0 as usize] != own).map(|tie| u64::from(tie.1)).sum()
        };
        (0..self.nodes() as u32).map(across).sum::<u64>() / 2
    }

    /// The level whose nodes are `groups` of this one's: labels 0..count.
    pub(super) fn contracted(&self, groups: &[u32], count: usize) -> Self {
        let mut starts = vec![0_u32; count + 1];
        groups.iter().for_each(|&group| starts[group as usize + 1] += 1);
        (0..count).for_each(|group| starts[group + 1] += starts[group]);
        let mut members = vec![0_u32; groups.len()];
        let mut next = starts.clone();
        for (node, &group) in (0..).zip(groups) {
            members[next[group as usize] as usize] = node;
            next[group as usize] += 1;
        }
        let mut weight = vec![0_u32; count];
        let mut seen: Vec<u32> = Vec::new();
        let (mut offsets, mut ties, mut sizes) = (vec![0], Vec::new(), Vec::with_capacity(count));
        for group in 0..count as u32 {
            let of = &members[starts[group as usize] as usize..starts[group as usize + 1] as usize];
            sizes.push(of.iter().map(|&node| self.sizes[node as usize]).sum());
            for &(other, more) in of.iter().flat_map(|&node| self.row(node)) {
                let other = groups[other as usize];
                if other != group {
                    if weight[other as usize] == 0 {
                        seen.push(other);
                    }
                    weight[other as usize] += more;
                }
            }
            ties.extend(seen.drain(..).map(|other| (other, std::mem::take(&mut weight[other as usize]))));
            offsets.push(ties.len() as u32);
        }
        Self { offsets, ties, sizes }
    }
}
