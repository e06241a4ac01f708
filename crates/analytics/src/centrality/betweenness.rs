//! Betweenness: how often an account stands on the shortest way of attention between two others, so that it could pass on or hold back.
//!
//! # Formula
//! b(v) = sum over ordered pairs s != v != t of σ(s, t | v) / σ(s, t), with σ(s, t) the number of shortest paths from s to t, and σ(s, t | v) of those through v.
//!
//! # Conventions
//! Directed, along edges, not normalised: divide by (V - 1)(V - 2) for shares of pairs. In an undirected graph each pair counts once. Pairs without a path add
//! nothing; ends of a path do not count; self-loops lie on no shortest path. `_undirected` runs on the simple undirected union;
//! in `_weighted` a tie of weight w has length 1 / w (exact only, up to `paths_weighted.up_to`). Exact where accounts times edges are at most `betweenness.exact_up_to`; sampled beyond: then each b(v) / (V (V - 1)) (half of that, undirected) is
//! off by at most `betweenness.eps`, all at once with probability 1 - `betweenness.delta`. Which one ran is in the metadata.
//!
//! # Range and unit
//! Pairs of accounts, 0 to (V - 1)(V - 2), half of that where undirected; 0 for an account that lies between no two others.
//!
//! # Cost
//! Exact: O(V E) time, eight sources in one pass; 260 bytes per node and thread, and 128 bytes per node for sums that are waiting to be added in order.
//! Sampled: some ten thousand searches from both ends at eps = 0.01, each of a few thousand edges; 36 bytes per node and thread. Numbers of paths above 2^53 are rounded, and
//! above 1e308 their shares are lost.
//!
//! # Errors
//! `BadParam` for an eps or delta outside (0, 1); cancelled by the caller.
//!
//! # Compared with
//! NetworkX `betweenness_centrality(normalized=False)` and igraph `betweenness`: equal. NetworkX's default is normalised: smaller by the factor
//! (V - 1)(V - 2), half of that for undirected graphs. NetworKit's counts each undirected pair twice, and its KADABRA takes undirected graphs only and gives b(v) / (V (V - 1)).
//!
//! # Source
//! Freeman, A set of measures of centrality based on betweenness, Sociometry 40, 1977, doi 10.2307/3033543; Brandes 2001, doi 10.1080/0022250X.2001.9990249;
//! sampling after KADABRA (doi 10.4230/LIPIcs.ESA.2016.20) and SILVAN (doi 10.1145/3628601).
//!
//! # Example
//! ```
//! use echogram_analytics::centrality::betweenness::{Params, betweenness};
//! use echogram_graph::Graph;
//! let found = betweenness(&Graph::from_arrows("0>1 1>2 3>1"), &Params::default(), &Default::default()).unwrap();
//! assert_eq!(found.scores, [0.0, 2.0, 0.0, 0.0]);
//! ```

use crate::paths::brandes::dependencies;
use crate::paths::sampling::sampled;
use crate::paths::weighted::{UP_TO, WeightedPaths};
use crate::spec::{Kind, MetricSpec, Outcome, Shape, Tier, Values, Weights};
use crate::{MetricError, Parameter, Run};
use echogram_graph::{Graph, GraphView};

const EXACT_UP_TO: Parameter = Parameter {
    name: "betweenness.exact_up_to",
    default: 1e10,
    about: "betweenness is exact up to this many accounts times edges, sampled beyond",
};
const EPS: Parameter = Parameter {
    name: "betweenness.eps",
    default: 0.01,
    about: "largest error of a sampled betweenness, as a share of all pairs of accounts",
};
const DELTA: Parameter = Parameter {
    name: "betweenness.delta",
    default: 0.1,
    about: "probability that some account's sampled betweenness is further off than that",
};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "betweenness",
    kind: Kind::Account,
    summary: "pairs of accounts whose shortest way leads through an account",
    columns: &["betweenness"],
    shape: Shape::Directed,
    other_shape: true,
    weights: Weights::Variant,
    needs: &[],
    parameters: &[EXACT_UP_TO, EPS, DELTA, UP_TO],
    tier: Tier::Standard,
    chamber: None,
    unsteady: &[],
    source: include_str!("betweenness.rs"),
    run: |input, run| {
        if input.graph.is_weighted() {
            let share = pair_share(input.graph);
            let scores = WeightedPaths::of(input, "betweenness", run)?.dependencies.iter().map(|sum| sum * share).collect();
            let parameters = vec![("method", "exact".to_owned()), ("length", "1/weight".to_owned())];
            return Ok(Outcome { parameters, ..Outcome::of_columns(vec![Values::Real(scores)]) });
        }
        let params = Params {
            exact_up_to: input.setting(&EXACT_UP_TO),
            eps: input.setting(&EPS),
            delta: input.setting(&DELTA),
            seed: input.seed,
        };
        let found = betweenness(input.graph, &params, run)?;
        let parameters = match found.samples {
            None => vec![("method", "exact".to_owned())],
            Some(samples) => vec![
                ("method", "sampled".to_owned()),
                ("eps", params.eps.to_string()),
                ("delta", params.delta.to_string()),
                ("samples", samples.to_string()),
                ("seed", params.seed.to_string()),
            ],
        };
        Ok(Outcome { parameters, ..Outcome::of_columns(vec![Values::Real(found.scores)]) })
    },
};

/// How betweenness is found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Params {
    /// Exact up to so many nodes times edges.
    pub exact_up_to: f64,
    /// Largest error where it is sampled, as a share of all ordered pairs, in (0, 1).
    pub eps: f64,
    /// Probability of a larger one, in (0, 1).
    pub delta: f64,
    /// Seed of the samples.
    pub seed: u64,
}

impl Default for Params {
    fn default() -> Self {
        Self { exact_up_to: EXACT_UP_TO.default, eps: EPS.default, delta: DELTA.default, seed: 0 }
    }
}

impl Params {
    /// With another limit for exactness; 0 = always sampled.
    pub fn with_exact_up_to(self, exact_up_to: f64) -> Self {
        Self { exact_up_to, ..self }
    }

    fn check(&self) -> Result<(), MetricError> {
        for (name, got) in [(EPS.name, self.eps), (DELTA.name, self.delta)] {
            if got.is_nan() || got <= 0.0 || got >= 1.0 {
                return Err(MetricError::BadParam { name, must_be: "above 0 and below 1", got });
            }
        }
        if self.exact_up_to.is_nan() || self.exact_up_to < 0.0 {
            return Err(MetricError::BadParam { name: EXACT_UP_TO.name, must_be: "at least 0", got: self.exact_up_to });
        }
        Ok(())
    }
}

/// Scores, and how they were found.
#[derive(Clone, Debug, PartialEq)]
pub struct Betweenness {
    /// Pairs per node.
    pub scores: Vec<f64>,
    /// Samples drawn; `None` where the scores are exact.
    pub samples: Option<u64>,
}

/// Betweenness of all nodes.
///
/// # Errors
/// [`MetricError::BadParam`], [`MetricError::Cancelled`].
pub fn betweenness(graph: &Graph, params: &Params, run: &Run<'_>) -> Result<Betweenness, MetricError> {
    params.check()?;
    let n = graph.node_count() as f64;
    let share = pair_share(graph);
    if n * graph.out().entry_count() as f64 <= params.exact_up_to {
        let scores = dependencies(graph, run)?.into_iter().map(|sum| sum * share).collect();
        return Ok(Betweenness { scores, samples: None });
    }
    let found = sampled(graph, params.eps, params.delta, params.seed, run)?;
    let pairs = n * (n - 1.0) * share;
    Ok(Betweenness { scores: found.shares.into_iter().map(|part| part * pairs).collect(), samples: Some(found.samples) })
}

/// What an ordered pair counts: in an undirected graph each pair is met from both ends.
fn pair_share(graph: &Graph) -> f64 {
    if graph.is_directed() { 1.0 } else { 0.5 }
}

/// Checks exact scores by the definition: v lies on a shortest path from s to t where the distances by way of v add up, and the numbers of paths multiply.
///
/// # Errors
/// The first account that differs.
pub fn verify(graph: &Graph, scores: &[f64]) -> Result<(), String> {
    let n = graph.node_count();
    let searches: Vec<(Vec<usize>, Vec<f64>)> = (0..n).map(|source| shortest(graph, source)).collect();
    for (node, score) in scores.iter().enumerate() {
        let mut sum = 0.0;
        for (source, (distance, paths)) in searches.iter().enumerate().filter(|&(source, _)| source != node) {
            let (onwards, more) = &searches[node];
            for target in (0..n).filter(|&target| target != node && target != source && distance[target] != usize::MAX) {
                let is_between = distance[node] != usize::MAX && onwards[target] != usize::MAX;
                if is_between && distance[node] + onwards[target] == distance[target] {
                    sum += paths[node] * more[target] / paths[target];
                }
            }
        }
        let wanted = if graph.is_directed() { sum } else { sum / 2.0 };
        if (score - wanted).abs() > 1e-9 * wanted.max(1.0) {
            return Err(format!("node {node}: got {score}, by the definition {wanted}"));
        }
    }
    Ok(())
}

/// Distances and numbers of shortest paths from one node.
fn shortest(graph: &Graph, source: usize) -> (Vec<usize>, Vec<f64>) {
    let n = graph.node_count();
    let (mut distance, mut paths) = (vec![usize::MAX; n], vec![0.0; n]);
    (distance[source], paths[source]) = (0, 1.0);
    let mut queue = std::collections::VecDeque::from([source]);
    while let Some(node) = queue.pop_front() {
        for next in graph.successors(echogram_graph::NodeId::new(node)).iter().map(|next| next.row()) {
            if distance[next] == usize::MAX {
                distance[next] = distance[node] + 1;
                queue.push_back(next);
            }
            if distance[next] == distance[node] + 1 {
                paths[next] += paths[node];
            }
        }
    }
    (distance, paths)
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::synthetic;

    #[track_caller]
    fn check(graph: &Graph, expected: &[f64]) {
        let found = betweenness(graph, &Params::default(), &Run::default()).unwrap();
        assert_eq!((found.scores.as_slice(), found.samples), (expected, None));
        verify(graph, &found.scores).unwrap();
    }

    #[test]
    fn closed_forms() {
        let star = Graph::from_arrows("0>1 0>2 0>3 0>4").undirected();
        check(&star, &[6.0, 0.0, 0.0, 0.0, 0.0]);
        check(&Graph::from_arrows("0>1 1>2 2>3 3>0"), &[3.0; 4]);
        check(&Graph::from_arrows("0>1 0>2 1>3 2>3"), &[0.0, 0.5, 0.5, 0.0]);
        check(&Graph::from_arrows("0>0 0>1 1>1 1>2 3"), &[0.0, 1.0, 0.0, 0.0]);
    }

    #[test]
    fn the_definition_agrees_on_random_graphs() {
        for graph in [synthetic::rmat(7, 5, 1), synthetic::uniform(90, 140, 2), synthetic::planted(3, 25, 4, 1, 3)] {
            for graph in [graph.undirected(), graph] {
                verify(&graph, &betweenness(&graph, &Params::default(), &Run::default()).unwrap().scores).unwrap();
            }
        }
    }

    #[test]
    fn a_sample_is_said_and_repeats() {
        let graph = synthetic::rmat(9, 6, 1);
        let params = Params::default().with_exact_up_to(0.0);
        let found = betweenness(&graph, &params, &Run::default()).unwrap();
        assert!(found.samples.is_some());
        assert_eq!(betweenness(&graph, &params, &Run::default()).unwrap(), found);
    }

    #[test]
    fn bad_parameters_are_named() {
        let params = Params { eps: 0.0, ..Params::default() };
        let found = betweenness(&Graph::from_arrows("0>1"), &params, &Run::default());
        assert!(matches!(found, Err(MetricError::BadParam { name: "betweenness.eps", .. })));
    }
}
