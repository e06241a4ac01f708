//! Seeded graphs for tests and benches: the same edges for the same numbers, on every machine.

use crate::{Graph, NodeId};

/// A stream of random numbers that is fixed by (seed, purpose, index), never by a thread: splitmix64 over a counter.
#[derive(Clone, Debug)]
pub struct Stream {
    state: u64,
}

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

fn mixed(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

impl Stream {
    /// The stream for item `index` of `purpose` under `seed`.
    pub fn new(seed: u64, purpose: u64, index: u64) -> Self {
        let state = mixed(mixed(mixed(seed.wrapping_add(GOLDEN)) ^ purpose.wrapping_mul(GOLDEN)) ^ index.wrapping_add(GOLDEN));
        Self { state }
    }

    /// The next 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        mixed(self.state)
    }

    /// A number below `bound`, which must not be 0. The bias is below bound / 2^64.
    pub fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(bound)) >> 64) as u64
    }

    /// A number in [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Uniform: `edges` draws of two different nodes among `nodes`; repeated draws are one edge.
pub fn uniform(nodes: u32, edges: usize, seed: u64) -> Graph {
    let mut stream = Stream::new(seed, 1, 0);
    let draw = |stream: &mut Stream| stream.below(u64::from(nodes)) as u32;
    let list: Vec<_> = (0..edges)
        .map(|_| (draw(&mut stream), draw(&mut stream)))
        .filter(|(source, target)| source != target)
        .map(|(source, target)| (source, target, 1.0))
        .collect();
    simple(nodes as usize, &list)
}

/// Power law: R-MAT with 2^`scale` nodes and `factor` draws per node (0.57, 0.19, 0.19, 0.05), without self-loops.
pub fn rmat(scale: u32, factor: usize, seed: u64) -> Graph {
    let mut stream = Stream::new(seed, 2, 0);
    let list: Vec<_> = (0..factor << scale)
        .map(|_| {
            (0..scale).fold((0_u32, 0_u32), |(source, target), _| {
                let draw = stream.unit();
                let (down, right) = (draw >= 0.76, (0.57..0.76).contains(&draw) || draw >= 0.95);
                ((source << 1) | u32::from(down), (target << 1) | u32::from(right))
            })
        })
        .filter(|(source, target)| source != target)
        .map(|(source, target)| (source, target, 1.0))
        .collect();
    simple(1 << scale, &list)
}

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

fn simple(nodes: usize, edges: &[(u32, u32, f64)]) -> Graph {
    Graph::from_edges(nodes, edges).unweighted()
}

/// A permutation of `0..len`, for tests that rename nodes.
pub fn permutation(len: usize, seed: u64) -> Vec<u32> {
    let mut order: Vec<u32> = (0..NodeId::new(len).0).collect();
    let mut stream = Stream::new(seed, 4, 0);
    for place in (1..len).rev() {
        order.swap(place, stream.below(place as u64 + 1) as usize);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_numbers_give_the_same_graph() {
        assert_eq!(rmat(8, 4, 1), rmat(8, 4, 1));
        assert_ne!(uniform(50, 200, 1), uniform(50, 200, 2));
        assert_eq!(planted(3, 10, 4, 1, 5).out().loop_count(), 0);
    }

    #[test]
    fn a_permutation_holds_every_row_once() {
        let mut order = permutation(100, 9);
        order.sort_unstable();
        assert_eq!(order, (0..100).collect::<Vec<_>>());
    }
}
