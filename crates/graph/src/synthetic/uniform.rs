//! Uniform random graphs.

use super::{Stream, simple};
use crate::Graph;

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
