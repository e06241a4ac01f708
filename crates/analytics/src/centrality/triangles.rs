//! Triangles: how many pairs of an account's neighbours are tied to each other.
//!
//! # Formula
//! triangles(v) = |{{u, w} : u - v, w - v, u - w}|.
//!
//! # Conventions
//! Simple undirected union of the merged relations: a pair is tied if either points at the other. Weights do not matter;
//! self-loops never count. An account with fewer than two neighbours is in no triangle. Counts beyond 4,294,967,295 stand as
//! that number, and the parameter `saturated` says how many accounts they are.
//!
//! # Range and unit
//! Triangles, 0 to k (k - 1) / 2 with k neighbours. The sum over all accounts is three times the network's number of triangles.
//!
//! # Cost
//! O(E^1.5) time at worst, far less in most networks; 4 bytes per tie, 2 MiB, 20 bytes per node, and 9 bytes per node and
//! thread. Parallel over blocks of accounts, which each thread counts for itself.
//!
//! # Errors
//! Cancelled by the caller.
//!
//! # Compared with
//! NetworkX `triangles`, igraph `list_triangles` counted per vertex: equal on the simple undirected graph. NetworkX refuses
//! directed graphs.
//!
//! # Source
//! Latapy, Main-memory triangle computations for very large (sparse (power-law)) graphs, Theoretical Computer Science 407,
//! 2008, doi 10.1016/j.tcs.2008.07.017: ties towards the end with more neighbours, and rows of bits for those with the most.
//!
//! # Example
//! ```
//! use echogram_analytics::centrality::triangles::triangles;
//! use echogram_graph::Graph;
//! let graph = Graph::from_arrows("0>1 1>2 2>0 2>3 3>0").undirected();
//! assert_eq!(triangles(&graph, &Default::default()).unwrap().triangles, [2, 1, 2, 1]);
//! ```

use crate::spec::{Kind, MetricSpec, Outcome, Shape, Tier, Values, Weights};
use crate::triads::Triads;

/// As counted, in 64 bits.
pub use crate::triads::{triangles_and_degrees as triangles, verify};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "triangles",
    kind: Kind::Account,
    summary: "pairs of an account's neighbours that are tied to each other",
    columns: &["triangles"],
    shape: Shape::Undirected,
    other_shape: false,
    weights: Weights::Never,
    needs: &[],
    parameters: &[],
    tier: Tier::Standard,
    chamber: None,
    unsteady: &[],
    source: include_str!("triangles.rs"),
    run: |input, run| {
        let found = Triads::of(input, run)?;
        let saturated = found.triangles.iter().filter(|&&count| count > u64::from(u32::MAX)).count();
        let counts = found.triangles.iter().map(|&count| u32::try_from(count).unwrap_or(u32::MAX)).collect();
        Ok(Outcome {
            columns: vec![Values::Whole(counts)],
            parameters: if saturated > 0 { vec![("saturated", saturated.to_string())] } else { Vec::new() },
            ..Outcome::default()
        })
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Run;
    use echogram_graph::{Graph, synthetic};

    #[track_caller]
    fn check(graph: &Graph, expected: &[u64]) {
        let found = triangles(graph, &Run::default()).unwrap();
        verify(graph, &found).unwrap();
        if !expected.is_empty() {
            assert_eq!(found.triangles, expected);
        }
    }

    #[test]
    fn closed_forms() {
        let clique: Vec<String> = (0..6).flat_map(|a| (0..a).map(move |b| format!("{a}>{b}"))).collect();
        check(&Graph::from_arrows(&clique.join(" ")).undirected(), &[10; 6]);
        check(&Graph::from_arrows("0>1 1>2 2>3 3>0").undirected(), &[0; 4]);
        check(&Graph::from_arrows("0>1 0>2 0>3 4").undirected(), &[0; 5]);
    }

    #[test]
    fn directions_and_loops_do_not_matter() {
        check(&Graph::from_arrows("0>1 1>0 2>1 0>2 0>0 2>2").undirected(), &[1; 3]);
    }

    #[test]
    fn pairs_of_neighbours_agree() {
        for graph in [synthetic::rmat(11, 12, 2), synthetic::uniform(60, 400, 3), synthetic::planted(5, 40, 12, 2, 1)] {
            check(&graph.undirected(), &[]);
        }
    }

    /// More accounts than the core holds, and some outside with many neighbours in it: every way of counting is taken.
    #[test]
    fn inside_and_outside_of_the_core() {
        let mut edges = Vec::new();
        for own in 0..6_000_u32 {
            edges.extend((1..6).map(|step| (own, (own + step * step) % 6_000, 1.0)));
        }
        for own in 0..120_u32 {
            edges.extend((0..own).map(|other| (own * 50, other * 50, 1.0)));
        }
        for own in (1..6_000_u32).step_by(59) {
            edges.extend((0..80).map(|at| (own, at * 50, 1.0)));
        }
        check(&Graph::from_edges(6_000, &edges).undirected(), &[]);
        check(&synthetic::rmat(13, 6, 2).undirected(), &[]);
    }
}
