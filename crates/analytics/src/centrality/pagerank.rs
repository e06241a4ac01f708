//! PageRank: how often a reader who keeps following people's attention arrives at an account.
//!
//! # Formula
//! x(v) = (1 - d)/V + d (S/V + sum over u -> v of x(u) w(u, v) / W(u)), with d = `damping`, V the number of accounts,
//! w the weight (1 in the plain variant), W(u) the sum of u's outgoing weights, S the total score of accounts without outgoing edges.
//!
//! # Conventions
//! Edges go from who gives attention to who gets it, so rank accrues at the target. Accounts without outgoing edges spread their score
//! evenly over all accounts. Isolated accounts get the same small share. Self-loops are left out unless kept. An empty graph has no scores.
//! `_weighted` follows ties in proportion to weight; `_undirected` walks on the simple undirected union.
//!
//! # Range and unit
//! Share of the reader's time in (0, 1); all shares sum to 1.
//!
//! # Cost
//! O(E) time per iteration; a dozen iterations on power-law graphs, 140 at most for damping 0.85. 52 bytes per node; 2 to 4 bytes per edge (10 to 12 with weights) for edges
//! placed by what they read; 96 bytes per node more where steps are slow and are accelerated (Anderson). Parallel over blocks of rows
//! with equal numbers of edges; each row is added in an order that depends on the graph only, so the bits do not depend on the threads.
//!
//! # Stops when
//! The L1 change of an iteration falls to `tolerance` (1e-10). The L1 error is then at most d/(1 - d) times that: 5.7e-10 with d = 0.85.
//! After `max_iterations` (1,000) it stops with `Stop::IterationLimit` and the last scores.
//!
//! # Errors
//! `BadParam` for a damping outside [0, 1), a tolerance that is not positive, or no iteration at all; cancelled by the caller.
//!
//! # Compared with
//! NetworkX `pagerank`: equal; its test is V x tol on the same L1 change (1e-6 by default, so far looser), and it uses an edge attribute
//! `weight` unless told otherwise. igraph's PRPACK solves to 1e-10 and is equal. GAP and the crate `graph` let the score of accounts
//! without outgoing edges leak: their scores are lower by one common factor where such accounts exist.
//!
//! # Source
//! Brin and Page, The anatomy of a large-scale hypertextual Web search engine, Computer Networks 30, 1998,
//! doi 10.1016/S0169-7552(98)00110-X. Paper's d = `damping`, with its PR divided by V.
//!
//! # Example
//! ```
//! use echogram_analytics::centrality::pagerank::{Params, pagerank};
//! use echogram_graph::Graph;
//! let found = pagerank(&Graph::from_arrows("0>1"), &Params::default(), &Default::default()).unwrap();
//! assert!((found.scores[0] - 1.0 / 2.85).abs() < 1e-9);
//! ```

use crate::numeric::stable_sum;
use crate::spec::{Input, Kind, MetricSpec, Outcome, Shape, Tier, Values, Weights};
use crate::spectral::anderson::Anderson;
use crate::spectral::order::Order;
use crate::spectral::power::check_iteration;
use crate::spectral::pull::{Pull, shares};
use crate::{MetricError, Parameter, Run, Stop};
use echogram_graph::{Graph, GraphView, NodeId};
use rayon::prelude::*;

pub(crate) const DAMPING: Parameter =
    Parameter { name: "pagerank.damping", default: 0.85, about: "probability of following a tie rather than starting anew" };
pub(crate) const TOLERANCE: Parameter =
    Parameter { name: "pagerank.tolerance", default: 1e-10, about: "L1 change of an iteration at which PageRank stops" };
pub(crate) const MAX_ITERATIONS: Parameter =
    Parameter { name: "pagerank.max_iterations", default: 1_000.0, about: "iterations of PageRank at most" };

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "pagerank",
    kind: Kind::Account,
    summary: "share of a random reader's time spent at an account",
    columns: &["pagerank"],
    shape: Shape::Directed,
    other_shape: true,
    weights: Weights::Variant,
    needs: &[],
    parameters: &[DAMPING, TOLERANCE, MAX_ITERATIONS],
    tier: Tier::Quick,
    chamber: None,
    unsteady: &[],
    source: include_str!("pagerank.rs"),
    run: |input, run| {
        let params = Params::of(input);
        let found = pagerank(input.graph, &params, run)?;
        Ok(Outcome {
            columns: vec![Values::Real(found.scores)],
            iterations: Some(found.iterations),
            stop: Some(found.stop),
            parameters: vec![
                ("damping", params.damping.to_string()),
                ("tolerance", format!("{:e}", params.tolerance)),
                ("residual", format!("{:e}", found.residual)),
            ],
            ..Outcome::default()
        })
    },
};

/// How PageRank runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Params {
    /// Probability of following a tie rather than starting anew, in [0, 1).
    pub damping: f64,
    /// L1 change per iteration at which it stops, > 0.
    pub tolerance: f64,
    /// Iterations at most, at least 1.
    pub max_iterations: u32,
}

impl Default for Params {
    fn default() -> Self {
        Self { damping: DAMPING.default, tolerance: TOLERANCE.default, max_iterations: MAX_ITERATIONS.default as u32 }
    }
}

impl Params {
    /// With another damping.
    pub fn with_damping(self, damping: f64) -> Self {
        Self { damping, ..self }
    }

    /// With another tolerance.
    pub fn with_tolerance(self, tolerance: f64) -> Self {
        Self { tolerance, ..self }
    }

    /// With another limit of iterations.
    pub fn with_max_iterations(self, max_iterations: u32) -> Self {
        Self { max_iterations, ..self }
    }

    /// As set by the user.
    pub(crate) fn of(input: &Input<'_>) -> Self {
        Self {
            damping: input.setting(&DAMPING),
            tolerance: input.setting(&TOLERANCE),
            max_iterations: input.setting(&MAX_ITERATIONS) as u32,
        }
    }

    pub(crate) fn check(&self) -> Result<(), MetricError> {
        if !(0.0..1.0).contains(&self.damping) {
            return Err(MetricError::BadParam { name: DAMPING.name, must_be: "in [0, 1)", got: self.damping });
        }
        check_iteration((TOLERANCE.name, self.tolerance), (MAX_ITERATIONS.name, self.max_iterations))?;
        Ok(())
    }
}

/// Scores, and how they were reached.
#[derive(Clone, Debug, PartialEq)]
pub struct PageRank {
    /// Share per node; sums to 1.
    pub scores: Vec<f64>,
    /// Iterations done.
    pub iterations: u32,
    /// L1 change of the last one.
    pub residual: f64,
    /// Why it stopped.
    pub stop: Stop,
}

/// Scores under the iteration, by place: nodes that are read often stand first.
struct State {
    order: Order,
    pull: Pull,
    scores: Vec<f64>,
    next: Vec<f64>,
    /// What each node passes on per unit of weight: score / outgoing weight.
    sent: Vec<f64>,
    next_sent: Vec<f64>,
    /// Score of all nodes without outgoing edges.
    sunk: f64,
    /// 1 / outgoing weight; 0 where there is none.
    share: Vec<f64>,
    acceleration: Anderson,
    iterations: u32,
    residual: f64,
}

/// Ranks all nodes.
///
/// # Errors
/// [`MetricError::BadParam`], [`MetricError::Cancelled`].
pub fn pagerank(graph: &Graph, params: &Params, run: &Run<'_>) -> Result<PageRank, MetricError> {
    params.check()?;
    let mut state = State::uniform(graph);
    while state.residual > params.tolerance && state.iterations < params.max_iterations {
        run.step(u64::from(state.iterations), expected_iterations(params))?;
        state.advance(params);
    }
    let stop = if state.residual <= params.tolerance { Stop::Converged } else { Stop::IterationLimit };
    let scores = state.order.by_node(state.scores);
    Ok(PageRank { scores, iterations: state.iterations, residual: state.residual, stop })
}

/// Iterations until the change must have fallen to the tolerance: it shrinks by the damping each time.
fn expected_iterations(params: &Params) -> u64 {
    let bound = (params.tolerance.ln() / params.damping.max(f64::MIN_POSITIVE).ln()).ceil().max(1.0);
    (bound as u64).min(u64::from(params.max_iterations))
}

impl State {
    fn uniform(graph: &Graph) -> Self {
        let n = graph.node_count();
        let order = Order::by_frequency(graph.out(), graph.incoming());
        let mut state = Self {
            pull: Pull::new(graph.incoming(), &order, &order),
            scores: vec![1.0 / n as f64; n],
            next: vec![0.0; n],
            sent: vec![0.0; n],
            next_sent: vec![0.0; n],
            sunk: 0.0,
            share: order.placed(shares(graph.out())),
            order,
            acceleration: Anderson::default(),
            iterations: 0,
            residual: if n == 0 { 0.0 } else { f64::INFINITY },
        };
        state.send();
        state
    }

    /// What the present scores pass on.
    fn send(&mut self) {
        let Self { scores, share, sent, .. } = self;
        sent.par_iter_mut().enumerate().with_min_len(1 << 12).for_each(|(row, slot)| *slot = scores[row] * share[row]);
        self.sunk = stable_sum(scores.len(), |row| if share[row] == 0.0 { scores[row] } else { 0.0 });
    }

    fn advance(&mut self, params: &Params) {
        let Self { pull, scores, sent, next, next_sent, share, .. } = self;
        let damping = params.damping;
        let base = (1.0 - damping + damping * self.sunk) / scores.len() as f64;
        // One pass does all: what is found of a row is at hand.
        let finish = |row: usize, [sum]: [f64; 1], sent: &mut f64, (change, sunk): &mut (f64, f64)| {
            let score = base + damping * sum;
            *change += (score - scores[row]).abs();
            *sunk += if share[row] == 0.0 { score } else { 0.0 };
            *sent = score * share[row];
            [score]
        };
        let parts = pull.pass(sent.as_chunks().0, next.as_chunks_mut().0, next_sent, finish);
        self.residual = parts.iter().map(|part| part.0).sum();
        self.sunk = parts.iter().map(|part| part.1).sum();
        let is_improved = self.residual > params.tolerance && self.acceleration.improve(scores, next, self.residual);
        std::mem::swap(&mut self.scores, &mut self.next);
        std::mem::swap(&mut self.sent, &mut self.next_sent);
        if is_improved {
            self.send();
        }
        self.iterations += 1;
    }
}

/// Checks by one serial push step: a fixed point stays where it is.
///
/// # Errors
/// How far the scores move, or how far their sum is from 1.
pub fn verify(graph: &Graph, scores: &[f64], damping: f64, tolerance: f64) -> Result<(), String> {
    let n = graph.node_count();
    let mut pushed = vec![0.0; n];
    let mut sunk = 0.0;
    for source in (0..n).map(NodeId::new) {
        let total: f64 = graph.out().row(source).map(|(_, weight)| weight).sum();
        for (target, weight) in graph.out().row(source) {
            pushed[target.row()] += scores[source.row()] * weight / total;
        }
        if total == 0.0 {
            sunk += scores[source.row()];
        }
    }
    let base = (1.0 - damping + damping * sunk) / n as f64;
    let gap: f64 = pushed.iter().zip(scores).map(|(sum, score)| (base + damping * sum - score).abs()).sum();
    let excess = if n == 0 { 0.0 } else { (scores.iter().sum::<f64>() - 1.0).abs() };
    if gap <= tolerance && excess <= 1e-9 {
        Ok(())
    } else {
        Err(format!("one serial push step moves the scores by {gap:e}; their sum is off by {excess:e}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::synthetic;

    #[track_caller]
    fn check(graph: &Graph, expected: &[f64]) {
        let params = Params::default();
        let found = pagerank(graph, &params, &Run::default()).unwrap();
        verify(graph, &found.scores, params.damping, 1e-9).unwrap();
        assert_eq!(found.stop, Stop::Converged);
        for (got, wanted) in found.scores.iter().zip(expected) {
            assert!((got - wanted).abs() < 1e-9, "{:?}", found.scores);
        }
    }

    #[test]
    fn a_ring_is_uniform() {
        check(&Graph::from_arrows("0>1 1>2 2>0"), &[1.0 / 3.0; 3]);
    }

    #[test]
    fn a_sink_spreads_evenly() {
        check(&Graph::from_arrows("0>1"), &[1.0 / 2.85, 1.85 / 2.85]);
    }

    #[test]
    fn weights_steer() {
        // From 0 three quarters go to 1; both return all they have.
        let a = 1.0 / 1.85 * (0.85 + 0.15 / 3.0);
        check(&Graph::from_arrows("0>1:3 0>2:1 1>0 2>0"), &[a, 0.05 + 0.85 * 0.75 * a, 0.05 + 0.85 * 0.25 * a]);
    }

    #[test]
    fn random_graphs_pass_the_push() {
        for graph in [synthetic::rmat(10, 6, 2), synthetic::uniform(60, 100, 3), synthetic::planted(4, 30, 5, 1, 2).undirected()]
        {
            check(&graph, &[]);
        }
    }

    #[test]
    fn the_limit_is_said_and_the_scores_are_kept() {
        let params = Params::default().with_max_iterations(3);
        let found = pagerank(&Graph::from_arrows("0>1 1>2 2>3"), &params, &Run::default()).unwrap();
        assert_eq!((found.stop, found.iterations, found.scores.len()), (Stop::IterationLimit, 3, 4));
    }

    #[test]
    fn bad_parameters_are_named() {
        let graph = Graph::from_arrows("0>1");
        for params in [
            Params::default().with_damping(1.0),
            Params::default().with_tolerance(f64::NAN),
            Params::default().with_max_iterations(0),
        ] {
            assert!(matches!(pagerank(&graph, &params, &Run::default()), Err(MetricError::BadParam { .. })), "{params:?}");
        }
    }
}
