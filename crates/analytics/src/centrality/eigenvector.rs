//! Eigenvector centrality: an account counts for much if those who give it attention count for much.
//!
//! # Formula
//! λ x(v) = sum over u -> v of x(u) w(u, v), with λ the largest eigenvalue; w = 1 in the plain variant.
//!
//! # Conventions
//! Directed, by incoming edges. Only accounts that can be reached from a cycle of the strongest component have a score; the others, and all accounts of a graph without a
//! cycle, have 0. Where several strong components are equally strong, the one that power iteration from equal scores reaches: it does not depend on names. Self-loops are left out unless
//! kept. `_undirected` runs on the simple undirected union, `_weighted` counts weights.
//!
//! # Range and unit
//! Index in [0, 1]; L2 norm 1.
//!
//! # Cost
//! O(E) per iteration, some tens of iterations on power-law graphs, and as many to bound the largest eigenvalue within strong components; 40 bytes per node, 2 to 4 per edge
//! (10 to 12 with weights); before, for the largest eigenvalue, 6 to 8 (22 to 24) per edge within strong components. Parallel over blocks of rows.
//!
//! # Stops when
//! The L2 change of an iteration falls to `eigenvector.tolerance` (1e-10). The matrix is shifted by half its mean row sum, so that graphs with a period (a pair that looks at each other)
//! do not swing. After `eigenvector.max_iterations` (1,000) it stops with `Stop::IterationLimit`: so where two strong components with equal eigenvalues stand one behind the
//! other, which no iteration tells apart quickly.
//!
//! # Errors
//! `BadParam` for a tolerance that is not positive or no iteration; cancelled by the caller.
//!
//! # Compared with
//! NetworkX `eigenvector_centrality`: equal, L2 norm 1, too (its tolerance is V x 1e-6). igraph `eigenvector_centrality` scales the largest to 1, and takes undirected ties by default.
//!
//! # Source
//! Bonacich, Power and centrality: a family of measures, American Journal of Sociology 92, 1987, doi 10.1086/228631.
//!
//! # Example
//! ```
//! use echogram_analytics::centrality::eigenvector::{Params, eigenvector};
//! use echogram_graph::Graph;
//! let found = eigenvector(&Graph::from_arrows("0>1 1>0 1>2"), &Params::default(), &Default::default()).unwrap();
//! assert!(found.scores.iter().all(|score| (score - (1.0_f64 / 3.0).sqrt()).abs() < 1e-8));
//! ```

use crate::spec::{Kind, MetricSpec, Outcome, Shape, Tier, Values, Weights};
use crate::spectral::order::Order;
use crate::spectral::power::{self, check_iteration, dominant};
use crate::spectral::pull::{Pull, row_totals};
use crate::spectral::radius::{Radius, spectral_radius};
use crate::{MetricError, Parameter, Run, Stop};
use echogram_graph::{Graph, GraphView, NodeId};

const TOLERANCE: Parameter = Parameter {
    name: "eigenvector.tolerance",
    default: power::TOLERANCE,
    about: "L2 change of an iteration at which eigenvector centrality stops",
};
const MAX_ITERATIONS: Parameter = Parameter {
    name: "eigenvector.max_iterations",
    default: power::MAX_ITERATIONS,
    about: "iterations of eigenvector centrality at most",
};

pub use crate::spectral::power::Params;

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "eigenvector",
    kind: Kind::Account,
    summary: "importance by the importance of those who give attention",
    columns: &["eigenvector"],
    shape: Shape::Directed,
    other_shape: true,
    weights: Weights::Variant,
    needs: &[],
    parameters: &[TOLERANCE, MAX_ITERATIONS],
    tier: Tier::Full,
    chamber: None,
    unsteady: &[],
    source: include_str!("eigenvector.rs"),
    run: |input, run| {
        let params = Params { tolerance: input.setting(&TOLERANCE), max_iterations: input.setting(&MAX_ITERATIONS) as u32 };
        let radius = input.shared(|| spectral_radius(input.graph, run))?;
        let found = from_radius(input.graph, &radius, &params, run)?;
        Ok(Outcome {
            columns: vec![Values::Real(found.scores)],
            iterations: Some(found.iterations),
            stop: Some(found.stop),
            parameters: vec![("tolerance", format!("{:e}", params.tolerance))],
            ..Outcome::default()
        })
    },
};

/// Scores, and how they were reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Eigenvector {
    /// Score per node; L2 norm 1, or all 0 without a cycle.
    pub scores: Vec<f64>,
    /// Iterations done.
    pub iterations: u32,
    /// Why it stopped.
    pub stop: Stop,
}

/// Scores all nodes.
///
/// # Errors
/// [`MetricError::BadParam`], [`MetricError::Cancelled`].
pub fn eigenvector(graph: &Graph, params: &Params, run: &Run<'_>) -> Result<Eigenvector, MetricError> {
    from_radius(graph, &spectral_radius(graph, run)?, params, run)
}

fn from_radius(graph: &Graph, radius: &Radius, params: &Params, run: &Run<'_>) -> Result<Eigenvector, MetricError> {
    check_iteration((TOLERANCE.name, params.tolerance), (MAX_ITERATIONS.name, params.max_iterations))?;
    let n = graph.node_count();
    if radius.value == 0.0 {
        return Ok(Eigenvector { scores: vec![0.0; n], iterations: 0, stop: Stop::Converged });
    }
    // Where one strong component has the largest eigenvalue, the scores are its own and of who is reached from it. Others with nearly as large a one would fade slowly, so they do not start.
    let mut start = vec![if radius.component.is_empty() { 1.0 } else { 0.0 }; n];
    radius.component.iter().for_each(|&row| start[row] = 1.0);
    let order = Order::by_frequency(graph.out(), graph.incoming());
    let incoming = Pull::new(graph.incoming(), &order, &order);
    let shift = row_totals(graph.incoming()).into_iter().sum::<f64>() / n as f64 / 2.0;
    let found = dominant(order.placed(start), params.tolerance, params.max_iterations, run, |held, next| {
        incoming.step(held, next, |row, sum| (sum + shift * held[row], 0.0));
    })?;
    Ok(Eigenvector { scores: order.by_node(found.values), iterations: found.iterations, stop: found.stop })
}

/// Checks by a serial push: a step multiplies every score by the spectral radius, which is found another way, within strong components.
///
/// # Errors
/// How far a step moves a score.
pub fn verify(graph: &Graph, scores: &[f64], tolerance: f64) -> Result<(), String> {
    let radius = spectral_radius(graph, &Run::default()).map_err(|error| error.to_string())?.value;
    let mut pushed = vec![0.0; scores.len()];
    for source in (0..scores.len()).map(NodeId::new) {
        for (target, weight) in graph.out().row(source) {
            pushed[target.row()] += weight * scores[source.row()];
        }
    }
    let gap = pushed.iter().zip(scores).map(|(pushed, score)| (pushed - radius * score).abs()).fold(0.0, f64::max);
    if gap <= tolerance * radius.max(1.0) { Ok(()) } else { Err(format!("a step is off by {gap:e} from a factor of {radius}")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::synthetic;

    #[test]
    fn a_push_multiplies_by_the_radius() {
        let graphs = [synthetic::rmat(10, 6, 2), synthetic::uniform(300, 900, 3), Graph::from_arrows("0>1:3 1>2 2>0:2 2>1 4")];
        for graph in graphs {
            for graph in [graph.undirected(), graph] {
                let found = eigenvector(&graph, &Params::default(), &Run::default()).unwrap();
                assert_eq!(found.stop, Stop::Converged);
                verify(&graph, &found.scores, 1e-7).unwrap();
            }
        }
    }

    #[test]
    fn without_a_cycle_all_are_zero() {
        let found = eigenvector(&Graph::from_arrows("0>1 1>2 0>2"), &Params::default(), &Run::default()).unwrap();
        assert_eq!(found.scores, [0.0; 3]);
    }

    #[test]
    fn a_swinging_graph_settles() {
        let star = Graph::from_arrows("0>1 0>2 0>3 0>4").undirected();
        let found = eigenvector(&star, &Params::default(), &Run::default()).unwrap();
        assert!((found.scores[0] - 0.5_f64.sqrt()).abs() < 1e-8, "{:?}", found.scores);
    }
}
