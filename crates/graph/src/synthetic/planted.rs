//! Clusters of equal size, for tests and benches.

use super::{Stream, simple};
use crate::Graph;

/// Planted clusters: `groups` groups of `size` nodes; each node draws `inside` ties in its group and `outside` to anybody.
pub fn planted(groups: u32, size: u32, inside: usize, outside: usize, seed: u64) -> Graph {
    let nodes = groups * size;
    let mut list = Vec::new();
    for node in 0..nodes {
        let mut stream = Stream::new(seed, 3, u64::from(node));
        let home = node / size * size;
        for _ in 0..inside {
            list.push((node, home + stream.below(u64::from(size)) as u32, 1.0));
        }
        for _ in 0..outside {
            list.push((node, stream.below(u64::from(nodes)) as u32, 1.0));
        }
    }
    list.retain(|edge| edge.0 != edge.1);
    simple(nodes as usize, &list)
}
