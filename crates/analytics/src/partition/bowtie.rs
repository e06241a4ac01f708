//! Bow tie: where an account stands to the network's core: attention flows in from one side, round in the middle, and out at the other.
//!
//! # Formula
//! core = the largest strong component; in = reaches the core, not of it; out = reached from the core, not of it;
//! tube = none of these, reached from `in` and reaching `out`; tendril = any other account of the core's weak component;
//! disconnected = any account of another weak component.
//!
//! # Conventions
//! Directed: an edge u -> v leads from u to v, so accounts that only follow are `in` and accounts that are only followed are `out`.
//! Weights and self-loops do not matter. Among components of equal size the core is the one with the smallest account: where nobody
//! reaches anybody there and back, every component is one account, and the core is the smallest account alone. In an undirected network
//! there is only core and disconnected. An empty network has no core.
//!
//! # Range and unit
//! One word of `core`, `in`, `out`, `tube`, `tendril`, `disconnected`.
//!
//! # Cost
//! O(V + E) time: both kinds of components, then four searches, all in parallel but for a small part of the strong components; 22 bytes per
//! node.
//!
//! # Errors
//! Cancelled by the caller.
//!
//! # Compared with
//! Not in NetworkX, igraph or SciPy. In Broder et al. a tendril hangs on `in` or `out`; here the rest of the weak component, such as
//! what points at a tendril, is a tendril, too.
//!
//! # Source
//! Broder, Kumar, Maghoul, Raghavan, Rajagopalan, Stata, Tomkins, Wiener, Graph structure in the Web, Computer Networks 33, 2000,
//! doi 10.1016/S1389-1286(00)00083-9.
//!
//! # Example
//! ```
//! use echogram_analytics::partition::bowtie::{Part, bowtie};
//! use echogram_graph::Graph;
//! let graph = Graph::from_arrows("0>1 1>2 2>1 2>3 4");
//! assert_eq!(bowtie(&graph, &Default::default()).unwrap(), [Part::In, Part::Core, Part::Core, Part::Out, Part::Disconnected]);
//! ```

use crate::partition::component_strong::component_strong;
use crate::partition::component_weak::component_weak;
use crate::reach::{NodeSet, Way, reach};
use crate::spec::{Kind, MetricSpec, Outcome, Shape, Tier, Values, Weights};
use crate::{MetricError, Run};
use echogram_graph::{GraphView, NodeId};
use rayon::prelude::*;

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "bowtie",
    kind: Kind::Account,
    summary: "place around the largest strong component: core, in, out, tube, tendril or disconnected",
    columns: &["bowtie"],
    shape: Shape::Directed,
    other_shape: false,
    weights: Weights::Never,
    needs: &[],
    parameters: &[],
    tier: Tier::Full,
    chamber: None,
    unsteady: &[],
    source: include_str!("bowtie.rs"),
    run: |input, run| {
        let codes = bowtie(input.graph, run)?.into_iter().map(|part| part as u8).collect();
        Ok(Outcome::of_columns(vec![Values::Words { codes, names: Part::NAMES }]))
    },
};

/// Where an account stands to the core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Part {
    /// In the largest strong component.
    Core,
    /// Reaches the core.
    In,
    /// Reached from the core.
    Out,
    /// On a way from `In` to `Out` past the core.
    Tube,
    /// Elsewhere in the core's weak component.
    Tendril,
    /// In another weak component.
    Disconnected,
}

impl Part {
    /// The words in tables, in the order of the parts.
    pub const NAMES: &'static [&'static str] = &["core", "in", "out", "tube", "tendril", "disconnected"];

    /// The word in tables.
    pub fn as_str(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

/// Both kinds of components, four searches.
const PHASES: u64 = 6;

/// The part of each node.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn bowtie<G: GraphView + ?Sized>(graph: &G, run: &Run<'_>) -> Result<Vec<Part>, MetricError> {
    let n = graph.node_count();
    let quiet = Run { on_step: None, ..*run };
    run.step(0, PHASES)?;
    let strong = component_strong(graph, &quiet)?;
    run.step(1, PHASES)?;
    let weak = component_weak(graph, &quiet)?;
    let Some(start) = (0..n).map(NodeId::new).find(|&node| strong.of(node) == 0) else {
        return Ok(Vec::new());
    };
    let search = |phase: u64, way: Way, starts: Vec<NodeId>, within: &NodeSet| {
        reach(graph, way, starts, within, &|_| run.step(phase, PHASES))
    };
    let everybody = NodeSet::of(n, |_| true);
    let after = search(2, Way::Forward, vec![start], &everybody)?;
    let before = search(3, Way::Backward, vec![start], &everybody)?;
    let known = |node: NodeId| {
        if weak.of(node) != weak.of(start) {
            return Some(Part::Disconnected);
        }
        match (before.contains(node), after.contains(node)) {
            (true, true) => Some(Part::Core),
            (true, false) => Some(Part::In),
            (false, true) => Some(Part::Out),
            (false, false) => None,
        }
    };
    let others = NodeSet::of(n, |row| known(NodeId::new(row)).is_none());
    let side = |part: Part| NodeSet::of(n, |row| known(NodeId::new(row)) == Some(part)).members();
    let past_in = search(4, Way::Forward, side(Part::In), &others)?;
    let towards_out = search(5, Way::Backward, side(Part::Out), &others)?;
    let part = |node: NodeId| {
        let is_tube = past_in.contains(node) && towards_out.contains(node);
        known(node).unwrap_or(if is_tube { Part::Tube } else { Part::Tendril })
    };
    Ok((0..n).into_par_iter().map(|row| part(NodeId::new(row))).collect())
}

/// Checks by the definition alone, with a serial search from every node: O(V (V + E)).
///
/// # Errors
/// The first account that differs.
pub fn verify<G: GraphView + ?Sized>(graph: &G, found: &[Part]) -> Result<(), String> {
    let n = graph.node_count();
    let walk = |start: usize, both: bool| {
        let mut seen = vec![false; n];
        let mut stack = vec![NodeId::new(start)];
        while let Some(node) = stack.pop() {
            if !std::mem::replace(&mut seen[node.row()], true) {
                stack.extend(graph.successors(node).iter().chain(graph.predecessors(node).iter().filter(|_| both)));
            }
        }
        seen
    };
    let reaches: Vec<Vec<bool>> = (0..n).map(|row| walk(row, false)).collect();
    let members = |row: usize| (0..n).filter(|&other| reaches[row][other] && reaches[other][row]).collect();
    let members: Vec<Vec<usize>> = (0..n).map(members).collect();
    let Some(core) = members.iter().max_by_key(|core| (core.len(), std::cmp::Reverse(core[0]))) else {
        return if found.is_empty() { Ok(()) } else { Err("an empty network has no parts".to_owned()) };
    };
    let near = walk(core[0], true);
    let is_in = |row: usize| reaches[row][core[0]] && !core.contains(&row);
    let is_out = |row: usize| reaches[core[0]][row] && !core.contains(&row);
    for row in 0..n {
        let wanted = if core.contains(&row) {
            Part::Core
        } else if is_in(row) {
            Part::In
        } else if is_out(row) {
            Part::Out
        } else if (0..n).any(|from| is_in(from) && reaches[from][row]) && (0..n).any(|to| is_out(to) && reaches[row][to]) {
            Part::Tube
        } else if near[row] {
            Part::Tendril
        } else {
            Part::Disconnected
        };
        if found[row] != wanted {
            return Err(format!("node {row}: got {}, by the definition it is {}", found[row].as_str(), wanted.as_str()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::{Graph, synthetic};

    #[track_caller]
    fn check(arrows: &str, wanted: &str) {
        let graph = Graph::from_arrows(arrows);
        let found = bowtie(&graph, &Run::default()).unwrap();
        verify(&graph, &found).unwrap();
        assert_eq!(found.iter().map(|part| part.as_str()).collect::<Vec<_>>().join(" "), wanted);
    }

    #[test]
    fn every_part_has_its_place() {
        // 0 -> {1, 2} -> 3 is in, core and out; 4 a tube; 5 hangs on `in`, 6 on `out`, 7 on the tendril; 8 and 9 are elsewhere.
        check(
            "0>1 1>2 2>1 2>3 0>4 4>3 0>5 6>3 7>5 8>9",
            "in core core out tube tendril tendril tendril disconnected disconnected",
        );
    }

    #[test]
    fn a_tube_may_be_long() {
        check("0>1 1>2 2>1 2>3 0>4 4>5 5>6 6>5 6>3 5>7 8>4", "in core core out tube tube tube tendril tendril");
    }

    #[test]
    fn the_smallest_account_is_the_core_where_no_component_has_two() {
        check("1>0 0>2 3>2 4>5", "core in out tendril disconnected disconnected");
        check("0>0 1", "core disconnected");
        check("", "");
    }

    #[test]
    fn the_definition_agrees() {
        for graph in [synthetic::rmat(8, 2, 2), synthetic::uniform(200, 260, 3), synthetic::uniform(150, 130, 9)] {
            verify(&graph, &bowtie(&graph, &Run::default()).unwrap()).unwrap();
            let union = graph.undirected();
            verify(&union, &bowtie(&union, &Run::default()).unwrap()).unwrap();
        }
    }
}
