//! The balanced two-way cut: two halves with as few ties between them as can be found.
//!
//! Multilevel: groups of accounts that hang together are contracted until few are left, those are divided by growing a region from several starts, and the division is
//! carried back level by level while single moves improve it. The best of several such searches is crossed with the others.
//!
//! # Formula
//! Minimise the number of ties between A and B subject to max(|A|, |B|) <= (1 + `cut.imbalance`) N / 2.
//!
//! # Conventions
//! Simple undirected union, weights ignored, self-loops ignored. Only the largest component is cut (ties in size: the one with the smallest member): its two halves would otherwise
//! be balanced by dust that says nothing. All other accounts have no side. Side 0 is the larger one, ties by the smallest member. NP-hard: what is found is a good cut, not
//! the best; the same seed gives the same cut on any number of threads.
//!
//! # Cost
//! O(E) per level and pass, some tens of passes a search; searches run beside each other: 64 of small networks, 2 of 100,000 ties and more. 40 bytes per tie and thread.
//!
//! # Compared with
//! METIS minimises the same with the same default imbalance (3 %), over all components.
//!
//! # Source
//! Karypis and Kumar, A fast and high quality multilevel scheme for partitioning irregular graphs, SIAM J. Sci. Comput. 20, 1998, doi 10.1137/S1064827595287997; Meyerhenke, Sanders,
//! Schulz, Partitioning complex networks via size-constrained clustering, SEA 2014, doi 10.1007/978-3-319-07959-2_30 (groups in place of pairs); Fiduccia and Mattheyses, DAC
//! 1982, doi 10.1145/800263.809204 (moves).

mod coarsen;
mod grow;
mod level;
mod refine;

use crate::{MetricError, Parameter, Run};
use echogram_graph::synthetic::Stream;
use echogram_graph::{Graph, GraphView, Grouping, NodeId};
use level::Level;
use rayon::prelude::*;

/// How much larger than half a side may be.
pub const IMBALANCE: Parameter =
    Parameter { name: "cut.imbalance", default: 0.03, about: "by what share a side may be larger than half the accounts" };

/// Purpose of the streams that break ties.
const PURPOSE: u64 = 0x6375_7400;
/// Ties times searches, roughly: networks of stars and trees have many cuts that single moves do not improve, so that small ones are searched often.
const EFFORT: u64 = 200_000;
/// Fewest and most searches.
const STARTS: (u64, u64) = (2, 64);

/// What an imbalance computed from sizes may lack.
const ROUNDING: f64 = 1e-6;

/// What a cut goes by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Params {
    /// Share in [0, 1) by which a side may be larger than half.
    pub imbalance: f64,
    /// Seed of all that is drawn.
    pub seed: u64,
}

impl Params {
    /// Checks the imbalance.
    fn check(&self) -> Result<(), MetricError> {
        if (0.0..1.0).contains(&self.imbalance) {
            Ok(())
        } else {
            Err(MetricError::BadParam { name: IMBALANCE.name, must_be: "0 or more and below 1", got: self.imbalance })
        }
    }
}

/// Two halves.
#[derive(Clone, Debug, PartialEq)]
pub struct Cut {
    /// 0 or 1 for accounts of the largest component, `None` for others.
    pub sides: Vec<Option<u32>>,
    /// Ties between the halves.
    pub ties: u64,
}

impl Cut {
    /// The halves as groups named `0` and `1`.
    pub fn grouping(&self) -> Grouping {
        let names: Vec<Option<&str>> = self.sides.iter().map(|side| side.map(|side| ["0", "1"][side as usize])).collect();
        Grouping::from_names(&names)
    }

    /// By what share the larger half is larger than half: the `imbalance` that another network is cut with to get halves of the same sizes.
    pub fn imbalance(&self) -> f64 {
        let count = |side: u32| self.sides.iter().filter(|&&of| of == Some(side)).count() as f64;
        let (one, other) = (count(0), count(1));
        if one + other == 0.0 { 0.0 } else { 2.0 * one.max(other) / (one + other) - 1.0 }
    }
}

/// Cuts the largest component of a symmetric graph in two. Fewer than two accounts in it: nobody has a side.
///
/// # Errors
/// [`MetricError::BadParam`], [`MetricError::Cancelled`].
pub fn cut(graph: &Graph, params: &Params, run: &Run<'_>) -> Result<Cut, MetricError> {
    params.check()?;
    let members = largest_component(graph);
    let mut sides = vec![None; graph.node_count()];
    if members.len() < 2 {
        return Ok(Cut { sides, ties: 0 });
    }
    let finest = Level::of(graph, &members);
    let total = finest.total();
    // An odd number of accounts has no halves of the same size.
    let limit = (((1.0 + params.imbalance) * total as f64 / 2.0 + ROUNDING) as u64).max(total.div_ceil(2));
    let starts = (EFFORT / graph.edge_count().max(1)).clamp(STARTS.0, STARTS.1);
    let search = |start: u64| -> Result<(u64, Vec<u8>), MetricError> {
        run.step(0, starts)?;
        Ok(cycle(&finest, limit, None, &mut Stream::new(params.seed, PURPOSE, start)))
    };
    let mut found = (0..starts).into_par_iter().map(search).collect::<Result<Vec<_>, MetricError>>()?;
    found.sort();
    let (ties, halves) = combined(&finest, limit, found, &mut Stream::new(params.seed, PURPOSE, starts), run)?;
    let first = halves.iter().filter(|&&half| half == 0).count();
    let is_turned = 2 * first < halves.len() || (2 * first == halves.len() && halves[0] == 1);
    for (&row, &half) in members.iter().zip(&halves) {
        sides[row as usize] = Some(u32::from((half == 1) != is_turned));
    }
    Ok(Cut { sides, ties })
}

/// The best division, crossed with each of the others in turn: what both agree on stays together on the way down, the rest is searched anew.
fn combined(
    finest: &Level,
    limit: u64,
    mut found: Vec<(u64, Vec<u8>)>,
    draw: &mut Stream,
    run: &Run<'_>,
) -> Result<(u64, Vec<u8>), MetricError> {
    let mut best = found.remove(0);
    for (_, other) in &found {
        run.step(0, 1)?;
        let crossed: Vec<u8> = best.1.iter().zip(other).map(|(one, other)| 2 * one + other).collect();
        let child = cycle(finest, limit, Some((&best.1, &crossed)), draw);
        if child.0 <= best.0 {
            best = child;
        }
    }
    Ok(best)
}

/// Down to the coarsest level and back. Of a known division, and of any other that it is crossed with, groups on the way down never cross a border.
fn cycle(finest: &Level, limit: u64, known: Option<(&[u8], &[u8])>, draw: &mut Stream) -> (u64, Vec<u8>) {
    let (levels, coarsest) = coarsen::levels(finest, known, draw);
    let mut halves = match coarsest {
        Some(halves) => halves,
        None => grow::divide(levels.last().map_or(finest, |level| &level.0), limit, draw),
    };
    for at in (0..=levels.len()).rev() {
        let level = if at == 0 { finest } else { &levels[at - 1].0 };
        refine::improve(level, limit, &mut halves, draw);
        if at > 0 {
            halves = levels[at - 1].1.iter().map(|&group| halves[group as usize]).collect();
        }
    }
    (finest.cut(&halves), halves)
}

/// Rows of the largest component, ascending.
fn largest_component(graph: &Graph) -> Vec<u32> {
    let n = graph.node_count();
    let (mut of, mut sizes) = (vec![u32::MAX; n], Vec::new());
    let mut queue = Vec::new();
    for start in 0..n {
        if of[start] != u32::MAX {
            continue;
        }
        let label = sizes.len() as u32;
        of[start] = label;
        queue.push(NodeId::new(start));
        let mut size = 0_u64;
        while let Some(node) = queue.pop() {
            size += 1;
            for &other in graph.successors(node) {
                if of[other.row()] == u32::MAX {
                    of[other.row()] = label;
                    queue.push(other);
                }
            }
        }
        sizes.push(size);
    }
    let largest = (0..sizes.len()).max_by_key(|&label| (sizes[label], std::cmp::Reverse(label))).unwrap_or(0) as u32;
    (0..n as u32).filter(|&row| of[row as usize] == largest).collect()
}

/// Checks the number of ties between the halves, their sizes, and that no single move that balance allows makes it smaller.
///
/// # Errors
/// The first that is not so.
pub fn verify(graph: &Graph, params: &Params, found: &Cut) -> Result<(), String> {
    let side = |node: NodeId| found.sides[node.row()];
    let rows = || (0..graph.node_count()).map(NodeId::new);
    let across = |node: NodeId| graph.successors(node).iter().filter(|&&other| side(other) != side(node)).count() as u64;
    let ties = rows().map(across).sum::<u64>() / 2;
    if ties != found.ties {
        return Err(format!("{} ties said to be cut, {ties} are", found.ties));
    }
    let sizes = [0, 1].map(|half| found.sides.iter().filter(|&&side| side == Some(half)).count() as u64);
    let total = sizes[0] + sizes[1];
    let limit = (((1.0 + params.imbalance) * total as f64 / 2.0 + ROUNDING) as u64).max(total.div_ceil(2));
    if sizes[0] < sizes[1] || sizes[0] > limit {
        return Err(format!("halves of {sizes:?}, at most {limit} allowed"));
    }
    for node in rows() {
        let Some(half) = side(node) else { continue };
        let own = graph.successors(node).iter().filter(|&&other| other != node).count() as u64;
        if 2 * across(node) > own && sizes[1 - half as usize] < limit {
            return Err(format!("moving {} alone would cut fewer ties", node.0));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::synthetic;

    fn found(graph: &Graph) -> Cut {
        let params = Params { imbalance: IMBALANCE.default, seed: 1 };
        let found = cut(graph, &params, &Run::default()).unwrap();
        verify(graph, &params, &found).unwrap();
        assert_eq!(cut(graph, &params, &Run::default()).unwrap(), found);
        found
    }

    #[test]
    fn two_cliques_joined_by_a_tie_come_apart_there() {
        let mut ties = vec![(2, 13, 1.0)];
        for start in [0, 10] {
            ties.extend((start..start + 10).flat_map(|one| (one + 1..start + 10).map(move |other| (one, other, 1.0))));
        }
        // Another component, and an account without a tie, have no side.
        ties.push((20, 21, 1.0));
        let found = found(&Graph::from_ties(23, &ties));
        assert_eq!(found.ties, 1);
        let wanted = (0..23).map(|row| [Some(0), Some(1), None][(row / 10).min(2)]).collect::<Vec<_>>();
        assert_eq!(found.sides, wanted);
        assert_eq!((found.grouping().count(), found.imbalance()), (2, 0.0));
    }

    #[test]
    fn planted_halves_are_found() {
        let graph = synthetic::planted(2, 400, 6, 1, 3).undirected_unweighted();
        let found = found(&graph);
        let truth = |row: usize| Some(u32::from(row >= 400));
        let alike = (0..800).filter(|&row| found.sides[row] == truth(row)).count();
        assert!(alike.max(800 - alike) > 790, "{alike}");
    }

    #[test]
    fn stars_paths_and_what_is_too_small() {
        let star = Graph::from_ties(101, &(1..=100).map(|leaf| (0, leaf, 1.0)).collect::<Vec<_>>());
        assert_eq!(found(&star).ties, 49);
        let path = Graph::from_ties(1000, &(1..1000).map(|at| (at - 1, at, 1.0)).collect::<Vec<_>>());
        assert_eq!(found(&path).ties, 1);
        for arrows in ["", "0", "0 1"] {
            assert_eq!(found(&Graph::from_arrows(arrows).undirected()).ties, 0);
        }
        assert_eq!(found(&Graph::from_arrows("0>1").undirected()).sides, [Some(0), Some(1)]);
        assert_eq!(found(&Graph::from_arrows("0>1 1>2").undirected()).ties, 1);
    }

    #[test]
    fn wrong_imbalance_is_named() {
        for imbalance in [-0.1, 1.0, f64::NAN] {
            let wrong = cut(&Graph::from_arrows("0>1").undirected(), &Params { imbalance, seed: 0 }, &Run::default());
            assert!(matches!(wrong, Err(MetricError::BadParam { name: "cut.imbalance", .. })));
        }
    }

    #[test]
    fn many_random_graphs_pass_the_verifier() {
        for seed in 0..30 {
            found(&synthetic::rmat(6 + (seed % 4) as u32, 3 + (seed % 5) as usize, seed).undirected_unweighted());
        }
    }
}
