//! D-core numbers: how deep an account sits among those whom many follow, and among those who follow many.
//!
//! # Formula
//! dcore_in(v) = the largest k such that v belongs to a set of accounts that each have at least k in-neighbours within the set;
//! dcore_out(v) = the largest l such that v belongs to a set of accounts that each have at least l out-neighbours within the set.
//! They are the (k, 0) and the (0, l) edge of the table of (k, l)-D-cores, where each member has at least k in-neighbours and l
//! out-neighbours within the core; [`d_core`] and [`out_levels`] give the rest of that table.
//!
//! # Conventions
//! Directed, on the merged relations; weights do not matter; self-loops never count. An account without in-edges has dcore_in 0, one
//! without out-edges dcore_out 0. In an undirected network both are the core number.
//!
//! # Range and unit
//! Neighbours, 0 to V - 1.
//!
//! # Cost
//! As `core`, once for each direction: O(V + E) time and a scan of the remaining nodes per distinct number; 12 bytes per node. Each level
//! is peeled in parallel. [`out_levels`] is serial, O(V + E) for each k, up to 33 bytes per node and 8 per edge.
//!
//! # Errors
//! Cancelled by the caller.
//!
//! # Compared with
//! Not in NetworkX. igraph `coreness(mode="in")` and `coreness(mode="out")` on a simple graph: equal to dcore_in and dcore_out.
//!
//! # Source
//! Giatsidis, Thilikos, Vazirgiannis, D-cores: measuring collaboration of directed graphs based on degeneracy, ICDM 2011,
//! doi 10.1109/ICDM.2011.46.
//!
//! # Example
//! ```
//! use echogram_analytics::centrality::dcore::dcore;
//! use echogram_graph::Graph;
//! let found = dcore(&Graph::from_arrows("0>1 1>2 2>0 2>3 4>0"), &Default::default()).unwrap();
//! assert_eq!(found.incoming, [1, 1, 1, 1, 0]);
//! assert_eq!(found.outgoing, [1, 1, 1, 0, 1]);
//! ```

use crate::peel::{peel, tie_counts};
use crate::spec::{Kind, MetricSpec, Outcome, Shape, Tier, Values, Weights};
use crate::{MetricError, Run};
use echogram_graph::{GraphView, NodeId};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "dcore",
    kind: Kind::Account,
    summary: "largest k and l for which an account is in the (k, 0)- and the (0, l)-D-core",
    columns: &["dcore_in", "dcore_out"],
    shape: Shape::Directed,
    other_shape: false,
    weights: Weights::Never,
    needs: &[],
    parameters: &[],
    tier: Tier::Full,
    chamber: None,
    unsteady: &[],
    source: include_str!("dcore.rs"),
    run: |input, run| {
        let found = dcore(input.graph, run)?;
        Ok(Outcome::of_columns(vec![Values::Whole(found.incoming), Values::Whole(found.outgoing)]))
    },
};

/// Nodes between two looks at the caller's flag.
const STEP: usize = 1 << 14;

/// D-core numbers by node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DCore {
    /// Largest k of a (k, 0)-D-core, in in-neighbours.
    pub incoming: Vec<u32>,
    /// Largest l of a (0, l)-D-core, in out-neighbours.
    pub outgoing: Vec<u32>,
}

/// D-core numbers of a graph.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn dcore<G: GraphView + ?Sized>(graph: &G, run: &Run<'_>) -> Result<DCore, MetricError> {
    let n = graph.node_count();
    let successors = |node| graph.successors(node);
    let predecessors = |node| graph.predecessors(node);
    let total = 2 * n as u64;
    Ok(DCore {
        incoming: peel(tie_counts(n, predecessors), successors, &|done| run.step(done, total))?,
        outgoing: peel(tie_counts(n, successors), predecessors, &|done| run.step(n as u64 + done, total))?,
    })
}

/// Whether each node is in the (`k`, `l`)-D-core: the largest set in which everybody has at least `k` in- and `l` out-neighbours.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn d_core<G: GraphView + ?Sized>(graph: &G, k: u32, l: u32, run: &Run<'_>) -> Result<Vec<bool>, MetricError> {
    Ok(out_levels(graph, k, run)?.into_iter().map(|level| level.is_some_and(|level| level >= l)).collect())
}

/// For one `k`, the largest l of each node such that it is in the (`k`, l)-D-core; `None` where it is not even in the (`k`, 0)-D-core.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn out_levels<G: GraphView + ?Sized>(graph: &G, k: u32, run: &Run<'_>) -> Result<Vec<Option<u32>>, MetricError> {
    let n = graph.node_count();
    let mut cutting = Cutting::of(graph, k as usize);
    let mut levels = vec![None; n];
    let mut done = 0;
    let mut cut = |cutting: &mut Cutting<'_, G>, going: Vec<NodeId>, level: Option<u32>| {
        let mut going = going;
        while let Some(node) = going.pop() {
            if done % STEP == 0 {
                run.step(done as u64, n as u64)?;
            }
            done += 1;
            levels[node.row()] = level;
            cutting.take(node, level, &mut going);
        }
        Ok(())
    };
    let short = (0..n).map(NodeId::new).filter(|node| cutting.incoming[node.row()] < k as usize).collect();
    let short = cutting.goes(short);
    cut(&mut cutting, short, None)?;
    for level in 0..cutting.waiting.len() {
        let going = std::mem::take(&mut cutting.waiting[level]);
        let going = cutting.goes(going);
        cut(&mut cutting, going, Some(NodeId::new(level).0))?;
    }
    Ok(levels)
}

/// What is left while nodes with fewer than `k` in-ties, or with no more out-ties than the level, are cut away.
struct Cutting<'a, G: ?Sized> {
    graph: &'a G,
    k: usize,
    incoming: Vec<usize>,
    outgoing: Vec<usize>,
    gone: Vec<bool>,
    /// Nodes by out-ties; whoever loses one is noted anew, and goes where it is met first.
    waiting: Vec<Vec<NodeId>>,
}

impl<'a, G: GraphView + ?Sized> Cutting<'a, G> {
    fn of(graph: &'a G, k: usize) -> Self {
        let nodes = || (0..graph.node_count()).map(NodeId::new);
        let incoming = nodes().map(|node| others(graph.predecessors(node), node).count()).collect();
        let outgoing: Vec<usize> = nodes().map(|node| others(graph.successors(node), node).count()).collect();
        let mut waiting = vec![Vec::new(); outgoing.iter().copied().max().map_or(0, |most| most + 1)];
        nodes().for_each(|node| waiting[outgoing[node.row()]].push(node));
        Self { graph, k, incoming, outgoing, gone: vec![false; graph.node_count()], waiting }
    }

    /// Those of `nodes` that are not gone yet; now they are.
    fn goes(&mut self, mut nodes: Vec<NodeId>) -> Vec<NodeId> {
        nodes.retain(|node| !std::mem::replace(&mut self.gone[node.row()], true));
        nodes
    }

    /// Takes the ties of `node` away; whoever thereby has too few joins `going`.
    fn take(&mut self, node: NodeId, level: Option<u32>, going: &mut Vec<NodeId>) {
        for other in others(self.graph.successors(node), node) {
            if !self.gone[other.row()] {
                self.incoming[other.row()] -= 1;
                if self.incoming[other.row()] < self.k {
                    self.gone[other.row()] = true;
                    going.push(other);
                }
            }
        }
        for other in others(self.graph.predecessors(node), node) {
            if !self.gone[other.row()] {
                self.outgoing[other.row()] -= 1;
                let left = self.outgoing[other.row()];
                if level.is_some_and(|level| left <= level as usize) {
                    self.gone[other.row()] = true;
                    going.push(other);
                } else {
                    self.waiting[left].push(other);
                }
            }
        }
    }
}

/// A row without the node itself.
fn others(row: &[NodeId], node: NodeId) -> impl Iterator<Item = NodeId> {
    row.iter().copied().filter(move |&other| other != node)
}

/// Checks by the numbers' own fixed point: from degrees downwards, each account's number is the h-index of its neighbours' numbers (Lü, Zhou,
/// Zhang, Stanley, The H-index of a network node and its relation to degree and coreness, 2016, doi 10.1038/ncomms10168).
///
/// # Errors
/// The first account that differs.
pub fn verify<G: GraphView + ?Sized>(graph: &G, found: &DCore) -> Result<(), String> {
    settles("in", graph.node_count(), |node| graph.predecessors(node), &found.incoming)?;
    settles("out", graph.node_count(), |node| graph.successors(node), &found.outgoing)
}

fn settles<'g>(way: &str, n: usize, row: impl Fn(NodeId) -> &'g [NodeId], found: &[u32]) -> Result<(), String> {
    let mut numbers: Vec<usize> = (0..n).map(NodeId::new).map(|node| others(row(node), node).count()).collect();
    let mut moves = true;
    while std::mem::take(&mut moves) {
        for node in (0..n).map(NodeId::new) {
            let mut around: Vec<usize> = others(row(node), node).map(|other| numbers[other.row()]).collect();
            around.sort_unstable_by(|a, b| b.cmp(a));
            let index = around.iter().zip(1..).take_while(|&(&number, place)| number >= place).count();
            moves |= std::mem::replace(&mut numbers[node.row()], index) != index;
        }
    }
    match (0..n).find(|&row| found[row] as usize != numbers[row]) {
        Some(row) => Err(format!("node {row}: got dcore_{way} {}, the h-indices settle at {}", found[row], numbers[row])),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::centrality::core::core;
    use echogram_graph::{Graph, synthetic};

    #[track_caller]
    fn check(graph: &Graph) -> DCore {
        let found = dcore(graph, &Run::default()).unwrap();
        verify(graph, &found).unwrap();
        found
    }

    #[test]
    fn h_indices_agree() {
        for graph in [synthetic::rmat(11, 8, 2), synthetic::uniform(60, 200, 3), Graph::from_arrows("0>0 0>1 1>2 2>0 3>3 4>3 5")]
        {
            check(&graph);
        }
    }

    #[test]
    fn an_undirected_network_has_one_core_number() {
        let union = synthetic::rmat(9, 6, 1).undirected();
        let wanted = core(&union, &Run::default()).unwrap();
        assert_eq!(check(&union), DCore { incoming: wanted.clone(), outgoing: wanted });
    }

    #[test]
    fn whom_a_core_does_not_need_gives_it_no_depth() {
        // 0 and 1 follow each other; 2 and 3 follow both, but have followers of no depth, and whom they follow follow one only.
        let found = check(&Graph::from_arrows("0>1 1>0 2>0 2>1 3>0 3>1 3>2"));
        assert_eq!(found, DCore { incoming: vec![1, 1, 0, 0], outgoing: vec![1; 4] });
    }

    /// The (k, l)-D-core by the definition: cut and look again.
    fn by_definition(graph: &Graph, k: usize, l: usize) -> Vec<bool> {
        let n = GraphView::node_count(graph);
        let mut kept = vec![true; n];
        loop {
            let has = |row: &[NodeId], node| others(row, node).filter(|other| kept[other.row()]).count();
            let stays = |node: NodeId| has(graph.predecessors(node), node) >= k && has(graph.successors(node), node) >= l;
            let next: Vec<bool> = (0..n).map(|row| kept[row] && stays(NodeId::new(row))).collect();
            if next == kept {
                return kept;
            }
            kept = next;
        }
    }

    #[test]
    fn the_whole_table_is_as_defined() {
        for graph in [synthetic::rmat(7, 6, 2), synthetic::uniform(40, 160, 3), Graph::from_arrows("0>0 0>1 1>2 2>0 3>3 4>3 5")] {
            for (k, l) in (0..8).flat_map(|k| (0..8).map(move |l| (k, l))) {
                let found = d_core(&graph, k, l, &Run::default()).unwrap();
                assert_eq!(found, by_definition(&graph, k as usize, l as usize), "({k}, {l})");
            }
            let edge: Vec<_> = dcore(&graph, &Run::default()).unwrap().outgoing.into_iter().map(Some).collect();
            assert_eq!(out_levels(&graph, 0, &Run::default()).unwrap(), edge);
        }
    }
}
