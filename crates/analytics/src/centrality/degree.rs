//! Degree: how many accounts one pays attention to, and gets it from.
//!
//! # Formula
//! in_degree(v) = |{u : u -> v}|; out_degree(v) = |{w : v -> w}|; degree(v) = |in-neighbours ∪ out-neighbours|.
//!
//! # Conventions
//! Distinct neighbours: repeated rows and several relations between two accounts count once. Self-loops are left out unless kept
//! (`--keep-loops`), then an account is its own neighbour. In an undirected network all three are equal. Weights do not matter.
//!
//! # Range and unit
//! Accounts, 0 to V - 1; 0 for an isolated account.
//!
//! # Cost
//! O(V + E) time for `degree`, O(V) for the others; 4 bytes per node each. Parallel over nodes.
//!
//! # Errors
//! Cancelled by the caller.
//!
//! # Compared with
//! NetworkX's `degree` of a directed graph is in + out, so a mutual pair counts twice there and once here.
//!
//! # Source
//! Freeman, Centrality in social networks: conceptual clarification, Social Networks 1, 1978, doi 10.1016/0378-8733(78)90021-7.
//!
//! # Example
//! ```
//! use echogram_analytics::centrality::degree::degree;
//! use echogram_graph::Graph;
//! let found = degree(&Graph::from_arrows("0>1 1>0 2>1 3"), &Default::default()).unwrap();
//! assert_eq!((found.incoming, found.outgoing, found.distinct), (vec![1, 2, 0, 0], vec![1, 1, 1, 0], vec![1, 2, 1, 0]));
//! ```

use crate::spec::{Kind, MetricSpec, Outcome, Shape, Tier, Values, Weights};
use crate::{MetricError, Run};
use echogram_graph::{GraphView, NodeId};
use rayon::prelude::*;

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "degree",
    kind: Kind::Account,
    summary: "number of accounts one is tied to: incoming, outgoing, either",
    columns: &["in_degree", "out_degree", "degree"],
    shape: Shape::Directed,
    other_shape: false,
    weights: Weights::Never,
    needs: &[],
    parameters: &[],
    tier: Tier::Quick,
    chamber: None,
    unsteady: &[],
    source: include_str!("degree.rs"),
    run: |input, run| {
        let found = degree(input.graph, run)?;
        Ok(Outcome::of_columns([found.incoming, found.outgoing, found.distinct].map(Values::Whole).into()))
    },
};

/// The three degrees of every node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Degree {
    /// Number of predecessors.
    pub incoming: Vec<u32>,
    /// Number of successors.
    pub outgoing: Vec<u32>,
    /// Number of distinct neighbours either way.
    pub distinct: Vec<u32>,
}

/// Counts neighbours.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn degree<G: GraphView + ?Sized>(graph: &G, run: &Run<'_>) -> Result<Degree, MetricError> {
    run.step(0, 1)?;
    let count = |of: &(dyn Fn(NodeId) -> usize + Sync)| {
        (0..graph.node_count()).into_par_iter().map(|row| of(NodeId::new(row)) as u32).collect::<Vec<u32>>()
    };
    Ok(Degree {
        incoming: count(&|node| graph.in_degree(node)),
        outgoing: count(&|node| graph.out_degree(node)),
        distinct: count(&|node| {
            graph.in_degree(node) + graph.out_degree(node) - common(graph.successors(node), graph.predecessors(node))
        }),
    })
}

/// Number of nodes that stand in both ascending rows.
pub(crate) fn common(one: &[NodeId], other: &[NodeId]) -> usize {
    let (mut i, mut j, mut found) = (0, 0, 0);
    while i < one.len() && j < other.len() {
        let (a, b) = (one[i], other[j]);
        found += usize::from(a == b);
        i += usize::from(a <= b);
        j += usize::from(b <= a);
    }
    found
}

/// Checks by pushing: every edge is seen once from its source.
///
/// # Errors
/// What does not agree, in words.
pub fn verify<G: GraphView + ?Sized>(graph: &G, found: &Degree) -> Result<(), String> {
    let n = graph.node_count();
    let mut neighbours = vec![std::collections::BTreeSet::new(); n];
    let (mut incoming, mut outgoing) = (vec![0_u32; n], vec![0_u32; n]);
    for source in 0..n {
        for target in graph.successors(NodeId::new(source)) {
            outgoing[source] += 1;
            incoming[target.row()] += 1;
            neighbours[source].insert(target.row());
            neighbours[target.row()].insert(source);
        }
    }
    let distinct: Vec<u32> = neighbours.iter().map(|set| set.len() as u32).collect();
    let again = Degree { incoming, outgoing, distinct };
    if again == *found { Ok(()) } else { Err("degrees differ from a push over all edges".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::{Graph, synthetic};

    #[test]
    fn pushing_agrees_on_random_graphs() {
        for graph in [synthetic::rmat(8, 6, 2), synthetic::uniform(60, 100, 3), Graph::from_arrows("0>0 1>0 2")] {
            verify(&graph, &degree(&graph, &Run::default()).unwrap()).unwrap();
            let union = graph.undirected();
            verify(&union, &degree(&union, &Run::default()).unwrap()).unwrap();
        }
    }
}
