//! How far everybody is from everybody, summed up per account: one finding behind closeness, harmonic centrality, average distance and effective
//! diameter.

use crate::paths::hyperball::{self, hyperball};
use crate::paths::sweep::{Tally, sweep_all};
use crate::paths::weighted::{UP_TO, WeightedPaths};
use crate::spec::{Input, Outcome, Values};
use crate::{MetricError, Parameter, Run};
use echogram_graph::{Graph, GraphView};
use std::sync::Arc;

/// Up to this many accounts times edges, distances are exact.
pub const EXACT_UP_TO: Parameter = Parameter {
    name: "distance.exact_up_to",
    default: 1e11,
    about: "distances are exact up to this many accounts times edges, estimated (HyperBall) beyond",
};
/// Registers per account of the estimate.
pub const REGISTERS: Parameter = Parameter {
    name: "distance.registers",
    default: 256.0,
    about: "registers per account of the estimate, a power of two from 16 to 4096; the relative error is 1.06 / sqrt(registers)",
};
/// What a metric of distances may be told.
pub const PARAMETERS: &[Parameter] = &[EXACT_UP_TO, REGISTERS, UP_TO];

/// How distances were found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    /// Breadth-first search from every account.
    Exact,
    /// HyperBall: relative standard error of the size of each ball.
    Estimated {
        /// Registers per account.
        registers: usize,
    },
}

/// Distances along edges *to* each account.
#[derive(Clone, Debug, PartialEq)]
pub struct Distances {
    /// Per account.
    pub tallies: Vec<Tally>,
    /// Ordered pairs of different accounts at distance 1, 2, ...
    pub pairs: Vec<f64>,
    /// How they were found.
    pub method: Method,
}

impl Distances {
    /// The distances of `input`'s graph, exact or estimated as its settings and size say; found once per graph.
    pub(crate) fn of(input: &Input<'_>, run: &Run<'_>) -> Result<Arc<Self>, MetricError> {
        let (limit, registers) = (input.setting(&EXACT_UP_TO), input.setting(&REGISTERS));
        if limit.is_nan() || limit < 0.0 {
            return Err(MetricError::BadParam { name: EXACT_UP_TO.name, must_be: "at least 0", got: limit });
        }
        let registers = hyperball::checked(registers)?;
        input.shared(|| {
            let graph = input.graph;
            let work = graph.node_count() as f64 * graph.out().entry_count() as f64;
            if work <= limit { Self::exact(graph, run) } else { Self::estimated(graph, registers, input.seed, run) }
        })
    }

    /// By breadth-first search from every account.
    ///
    /// # Errors
    /// [`MetricError::Cancelled`].
    pub fn exact(graph: &Graph, run: &Run<'_>) -> Result<Self, MetricError> {
        let (tallies, pairs) = sweep_all(graph, run)?;
        Ok(Self { tallies, pairs, method: Method::Exact })
    }

    /// By HyperBall with so many registers per account (a power of two).
    ///
    /// # Errors
    /// [`MetricError::Cancelled`].
    pub fn estimated(graph: &Graph, registers: usize, seed: u64, run: &Run<'_>) -> Result<Self, MetricError> {
        let (tallies, pairs) = hyperball(graph, registers, seed, run)?;
        Ok(Self { tallies, pairs, method: Method::Estimated { registers } })
    }

    /// What the metadata says of the method.
    pub(crate) fn parameters(&self) -> Vec<(&'static str, String)> {
        match self.method {
            Method::Exact => vec![("method", "exact".to_owned())],
            Method::Estimated { registers } => vec![
                ("method", "hyperball".to_owned()),
                ("registers", registers.to_string()),
                ("relative_error", format!("{:.4}", hyperball::relative_error(registers))),
            ],
        }
    }
}

/// What the distances to each account amount to, with what the metadata says of them: in steps, or by weight (length 1 / weight) where the graph has weights.
pub(crate) fn outcome(
    input: &Input<'_>,
    metric: &'static str,
    run: &Run<'_>,
    score: impl Fn(&Tally) -> f64,
) -> Result<Outcome, MetricError> {
    let of = |tallies: &[Tally]| Outcome::of_columns(vec![Values::Real(tallies.iter().map(score).collect())]);
    if input.graph.is_weighted() {
        let found = WeightedPaths::of(input, metric, run)?;
        let parameters = vec![("method", "exact".to_owned()), ("length", "1/weight".to_owned())];
        return Ok(Outcome { parameters, ..of(&found.tallies) });
    }
    let found = Distances::of(input, run)?;
    Ok(Outcome { parameters: found.parameters(), ..of(&found.tallies) })
}

/// Checks by plain breadth-first search, one source at a time.
///
/// # Errors
/// The first account whose tally differs.
pub fn verify(graph: &Graph, found: &Distances) -> Result<(), String> {
    let n = graph.node_count();
    let mut tallies = vec![Tally::default(); n];
    let mut pairs: Vec<f64> = Vec::new();
    for source in 0..n {
        let mut distance = vec![usize::MAX; n];
        distance[source] = 0;
        let mut queue = std::collections::VecDeque::from([source]);
        while let Some(node) = queue.pop_front() {
            for next in graph.successors(echogram_graph::NodeId::new(node)) {
                if distance[next.row()] == usize::MAX {
                    distance[next.row()] = distance[node] + 1;
                    queue.push_back(next.row());
                }
            }
        }
        for (node, &d) in distance.iter().enumerate().filter(|&(_, &d)| d > 0 && d < usize::MAX) {
            pairs.resize(pairs.len().max(d), 0.0);
            pairs[d - 1] += 1.0;
            let tally = &mut tallies[node];
            *tally =
                Tally { reached: tally.reached + 1.0, total: tally.total + d as f64, inverse: tally.inverse + 1.0 / d as f64 };
        }
    }
    if pairs != found.pairs {
        return Err(format!("pairs by distance: got {:?}, plain search finds {pairs:?}", found.pairs));
    }
    for (row, (got, wanted)) in found.tallies.iter().zip(&tallies).enumerate() {
        let is_close = (got.inverse - wanted.inverse).abs() <= 1e-9 * wanted.inverse.max(1.0);
        if got.reached != wanted.reached || got.total != wanted.total || !is_close {
            return Err(format!("node {row}: got {got:?}, plain search finds {wanted:?}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::synthetic;

    #[test]
    fn a_plain_search_agrees() {
        // More nodes than sources of a sweep; a deep one, whose frontier is small at every step.
        let path: Vec<String> = (0..1_500).map(|node| format!("{node}>{}", node + 1)).collect();
        for graph in [synthetic::rmat(11, 4, 2), synthetic::uniform(700, 900, 3), Graph::from_arrows(&path.join(" "))] {
            for graph in [graph.undirected(), graph] {
                verify(&graph, &Distances::exact(&graph, &Run::default()).unwrap()).unwrap();
            }
        }
    }

    #[test]
    fn estimates_keep_their_error() {
        let graph = synthetic::rmat(10, 8, 4);
        let exact = Distances::exact(&graph, &Run::default()).unwrap();
        // All balls of a run share the hashes of the largest accounts, and so their error: it evens out over seeds only. What is left of chance in the mean
        // square of so many seeds is 1 / sqrt(2 seeds); twice that is allowed.
        let seeds = 50;
        let chance = 1.0 + 2.0 / (2.0 * seeds as f64).sqrt();
        for registers in [64, 256] {
            let mut far = Vec::new();
            for seed in 0..seeds {
                let found = Distances::estimated(&graph, registers, seed, &Run::default()).unwrap();
                let known = exact.tallies.iter().zip(&found.tallies).filter(|(exact, _)| exact.inverse > 0.0);
                far.extend(known.map(|(exact, found)| ((found.inverse - exact.inverse) / exact.inverse).powi(2)));
            }
            let error = (far.iter().sum::<f64>() / far.len() as f64).sqrt();
            assert!(error <= hyperball::relative_error(registers) * chance, "{registers} registers: {error}");
        }
    }
}
