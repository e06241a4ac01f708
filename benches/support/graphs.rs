//! Three shapes of graphs in three seeded sizes: the same edges on every machine.

use echogram_graph::{Graph, synthetic};

/// A named graph.
pub(crate) struct Shape {
    /// Its name in reports.
    pub(crate) name: &'static str,
    /// Makes it with about 2^`scale` nodes and 16 edges a node.
    pub(crate) make: fn(u32) -> Graph,
}

/// Uniform, power law, planted clusters.
pub(crate) const SHAPES: &[Shape] = &[
    Shape { name: "uniform", make: |scale| synthetic::uniform(1 << scale, 16 << scale, 1) },
    Shape { name: "power_law", make: |scale| synthetic::rmat(scale, 16, 1) },
    Shape { name: "planted", make: |scale| synthetic::planted(1 << (scale - 6), 64, 12, 4, 1) },
];

/// Sizes by the logarithm of their nodes; the smallest alone with `--test`.
pub(crate) fn scales() -> &'static [u32] {
    if std::env::args().any(|argument| argument == "--test") { &[10] } else { &[12, 15, 18] }
}
