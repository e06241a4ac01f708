//! Katz centrality: attention of any length counts, each step further for less.
//!
//! # Formula
//! x(v) = c (1 + α sum over u -> v of x(u) w(u, v)), with α = `katz.share` / λ, λ the largest eigenvalue, and c such that the L2 norm is 1; w = 1 in the plain variant.
//!
//! # Conventions
//! Directed, by incoming edges; β = 1 for everybody, so that nobody has 0. α is 0.85 / λ by default; where there is no cycle (λ = 0; any α would do) it
//! is 0.85 over the mean weight of an edge.
//! α and λ stand in the metadata. Self-loops are left out unless kept. `_undirected` runs on the simple undirected union, `_weighted` counts weights.
//!
//! # Range and unit
//! Index in (0, 1]; L2 norm 1.
//!
//! # Cost
//! O(E) per iteration, some 20 to 40 with acceleration, and for λ some tens more; 40 bytes per node, 2 to 4 per edge (10 to 12 with weights), 96 per node more where
//! convergence is slow; before, for λ, 6 to 8 (22 to 24) per edge within strong components. Parallel over blocks of rows.
//!
//! # Stops when
//! The L1 change of an iteration falls to `katz.tolerance` (1e-12) of the sum of scores. After `katz.max_iterations` (1,000) it stops with
//! `Stop::IterationLimit`.
//!
//! # Errors
//! `BadParam` for a share outside (0, 1), a tolerance that is not positive or no iteration; cancelled by the caller.
//!
//! # Compared with
//! NetworkX `katz_centrality`: equal for the same α (its default is α = 0.1 whatever the graph, which fails above λ = 10). igraph has none.
//!
//! # Source
//! Katz, A new status index derived from sociometric analysis, Psychometrika 18, 1953, doi 10.1007/BF02289026.
//!
//! # Example
//! ```
//! use echogram_analytics::centrality::katz::{Params, katz};
//! use echogram_graph::Graph;
//! let found = katz(&Graph::from_arrows("0>1"), &Params::default(), &Default::default()).unwrap();
//! assert!((found.scores[1] / found.scores[0] - 1.85).abs() < 1e-9);
//! ```

use crate::numeric::stable_sum;
use crate::spec::{Kind, MetricSpec, Outcome, Shape, Tier, Values, Weights};
use crate::spectral::anderson::Anderson;
use crate::spectral::order::Order;
use crate::spectral::power::check_iteration;
use crate::spectral::pull::Pull;
use crate::spectral::radius::{Radius, spectral_radius};
use crate::{MetricError, Parameter, Run, Stop};
use echogram_graph::{Graph, GraphView, NodeId};
use rayon::prelude::*;

const SHARE: Parameter =
    Parameter { name: "katz.share", default: 0.85, about: "alpha of Katz centrality, as a share of 1 / largest eigenvalue" };
const TOLERANCE: Parameter = Parameter {
    name: "katz.tolerance",
    default: 1e-12,
    about: "relative L1 change of an iteration at which Katz centrality stops",
};
const MAX_ITERATIONS: Parameter =
    Parameter { name: "katz.max_iterations", default: 1_000.0, about: "iterations of Katz centrality at most" };

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "katz",
    kind: Kind::Account,
    summary: "attention over any number of steps, each step further for less",
    columns: &["katz"],
    shape: Shape::Directed,
    other_shape: true,
    weights: Weights::Variant,
    needs: &[],
    parameters: &[SHARE, TOLERANCE, MAX_ITERATIONS],
    tier: Tier::Full,
    chamber: None,
    unsteady: &[],
    source: include_str!("katz.rs"),
    run: |input, run| {
        let params = Params {
            share: input.setting(&SHARE),
            tolerance: input.setting(&TOLERANCE),
            max_iterations: input.setting(&MAX_ITERATIONS) as u32,
        };
        let radius = input.shared(|| spectral_radius(input.graph, run))?;
        let found = from_radius(input.graph, &radius, &params, run)?;
        Ok(Outcome {
            columns: vec![Values::Real(found.scores)],
            iterations: Some(found.iterations),
            stop: Some(found.stop),
            parameters: vec![
                ("alpha", found.alpha.to_string()),
                ("beta", "1".to_owned()),
                ("largest_eigenvalue", found.radius.to_string()),
                ("tolerance", format!("{:e}", params.tolerance)),
            ],
            ..Outcome::default()
        })
    },
};

/// How Katz centrality runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Params {
    /// α λ, in (0, 1).
    pub share: f64,
    /// L1 change of an iteration over the sum of scores at which it stops, > 0.
    pub tolerance: f64,
    /// Iterations at most, at least 1.
    pub max_iterations: u32,
}

impl Default for Params {
    fn default() -> Self {
        Self { share: SHARE.default, tolerance: TOLERANCE.default, max_iterations: MAX_ITERATIONS.default as u32 }
    }
}

/// Scores, and how they were reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Katz {
    /// Score per node; L2 norm 1.
    pub scores: Vec<f64>,
    /// What a step further counts.
    pub alpha: f64,
    /// The largest eigenvalue.
    pub radius: f64,
    /// Iterations done.
    pub iterations: u32,
    /// Why it stopped.
    pub stop: Stop,
}

/// Scores all nodes.
///
/// # Errors
/// [`MetricError::BadParam`], [`MetricError::Cancelled`].
pub fn katz(graph: &Graph, params: &Params, run: &Run<'_>) -> Result<Katz, MetricError> {
    from_radius(graph, &spectral_radius(graph, run)?, params, run)
}

fn from_radius(graph: &Graph, radius: &Radius, params: &Params, run: &Run<'_>) -> Result<Katz, MetricError> {
    check_iteration((TOLERANCE.name, params.tolerance), (MAX_ITERATIONS.name, params.max_iterations))?;
    if params.share.is_nan() || params.share <= 0.0 || params.share >= 1.0 {
        return Err(MetricError::BadParam { name: SHARE.name, must_be: "above 0 and below 1", got: params.share });
    }
    let n = graph.node_count();
    let alpha = params.share / if radius.value > 0.0 { radius.value } else { mean_weight(graph) };
    let order = Order::by_frequency(graph.out(), graph.incoming());
    let incoming = Pull::new(graph.incoming(), &order, &order);
    let (mut scores, mut next) = (vec![1.0; n], vec![0.0; n]);
    let mut acceleration = Anderson::default();
    let (mut iterations, mut stop) = (0, Stop::IterationLimit);
    while iterations < params.max_iterations {
        // The limit is the total: how many iterations it will take is not known.
        run.step(u64::from(iterations), u64::from(params.max_iterations))?;
        let change = incoming.step(&scores, &mut next, |row, sum| {
            let value = 1.0 + alpha * sum;
            (value, (value - scores[row]).abs())
        });
        iterations += 1;
        let is_done = change <= params.tolerance * stable_sum(n, |row| next[row].abs());
        if !is_done {
            acceleration.improve(&scores, &mut next, change);
        }
        std::mem::swap(&mut scores, &mut next);
        if is_done {
            stop = radius.stop;
            break;
        }
    }
    let length = stable_sum(n, |row| scores[row] * scores[row]).sqrt();
    scores.par_iter_mut().for_each(|score| *score /= length);
    let scores = order.by_node(scores);
    Ok(Katz { scores, alpha, radius: radius.value, iterations, stop })
}

/// Mean weight of an edge; 1 without edges.
fn mean_weight(graph: &Graph) -> f64 {
    let weights = graph.out().weights().filter(|weights| !weights.is_empty());
    weights.map_or(1.0, |weights| stable_sum(weights.len(), |at| weights[at]) / weights.len() as f64)
}

/// Checks by a serial push: 1 + α times what arrives is in proportion to the scores.
///
/// # Errors
/// How far a step moves a score.
pub fn verify(graph: &Graph, found: &Katz, tolerance: f64) -> Result<(), String> {
    let mut pushed = vec![0.0; found.scores.len()];
    for source in (0..pushed.len()).map(NodeId::new) {
        for (target, weight) in graph.out().row(source) {
            pushed[target.row()] += found.alpha * weight * found.scores[source.row()];
        }
    }
    // What is left of each score is the share of the 1 that everybody has: the same for all.
    let rests: Vec<f64> = found.scores.iter().zip(pushed).map(|(score, pushed)| score - pushed).collect();
    let (low, high) = rests.iter().fold((f64::INFINITY, 0.0_f64), |(low, high), &rest| (low.min(rest), high.max(rest)));
    let length = found.scores.iter().map(|score| score * score).sum::<f64>().sqrt();
    if rests.is_empty() || (high - low <= tolerance && low > 0.0 && (length - 1.0).abs() <= 1e-9) {
        Ok(())
    } else {
        Err(format!("what everybody has of themselves lies between {low:e} and {high:e}; length {length}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::synthetic;

    #[test]
    fn a_push_agrees() {
        let pairs = Graph::from_arrows("0>1 1>0 1>2 2>3 3>2 5");
        let star = Graph::from_arrows("0>1 0>2 0>3 0>4").undirected();
        for graph in [synthetic::rmat(10, 6, 2), synthetic::uniform(300, 900, 3), pairs, star] {
            for graph in [graph.undirected(), graph] {
                let found = katz(&graph, &Params::default(), &Run::default()).unwrap();
                assert_eq!(found.stop, Stop::Converged);
                verify(&graph, &found, 1e-10).unwrap();
            }
        }
    }
}
