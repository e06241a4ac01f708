//! Personalised PageRank: how near an account is to those you start from, over all ways of attention.
//!
//! # Formula
//! x(v) = ((1 - d) + d S) r(v) + d sum over u -> v of x(u) w(u, v) / W(u), with r the even distribution over the accounts of `--near`, S the total score of accounts without
//! outgoing edges; d and w as for `pagerank`.
//!
//! # Conventions
//! The reader starts at one of the accounts named, follows ties, and begins anew there with probability 1 - d, and wherever there is no way on. Accounts that cannot be
//! reached from those named have 0. `_weighted` follows ties in proportion to weight; `_undirected` walks on the simple undirected union. The damping, tolerance and limit are
//! those of `pagerank`.
//!
//! # Range and unit
//! Share of the reader's time in [0, 1]; all shares sum to 1.
//!
//! # Cost
//! O(E) per iteration; many sets of accounts at once (`personalised`) share the passes over the edges, four sets each; 40 bytes per node and set,
//! 2 to 4 bytes per edge (10 to 12 with weights).
//!
//! # Stops when
//! As `pagerank`: the L1 change of an iteration falls to the tolerance.
//!
//! # Errors
//! As `pagerank`; `Missing` where no account is named.
//!
//! # Compared with
//! NetworkX `pagerank(personalization=...)` (accounts without outgoing edges return to the personalisation vector, its default) and igraph `personalized_pagerank`: equal.
//!
//! # Source
//! Haveliwala, Topic-sensitive PageRank, WWW 2002, doi 10.1145/511446.511513.
//!
//! # Example
//! ```
//! use echogram_analytics::centrality::pagerank::Params;
//! use echogram_analytics::centrality::pagerank_personalised::personalised;
//! use echogram_graph::{Graph, NodeId};
//! let graph = Graph::from_arrows("0>1 2>1");
//! let found = personalised(&graph, &[vec![NodeId(0)]], &Params::default(), &Default::default()).unwrap();
//! assert!((found[0].scores[0] - 1.0 / 1.85).abs() < 1e-9 && found[0].scores[2] == 0.0);
//! ```

use crate::centrality::pagerank::{DAMPING, MAX_ITERATIONS, PageRank, Params, TOLERANCE};
use crate::numeric::stable_sum;
use crate::spec::{Kind, MetricSpec, Need, Outcome, Shape, Tier, Values, Weights};
use crate::spectral::order::Order;
use crate::spectral::pull::{Pull, shares};
use crate::{MetricError, Run, Stop};
use echogram_graph::{Graph, NodeId};
use rayon::prelude::*;

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "pagerank_personalised",
    kind: Kind::Account,
    summary: "nearness to accounts of your choice: PageRank that starts from them",
    columns: &["pagerank_personalised"],
    shape: Shape::Directed,
    other_shape: true,
    weights: Weights::Variant,
    needs: &[Need::Near],
    parameters: &[DAMPING, TOLERANCE, MAX_ITERATIONS],
    tier: Tier::Full,
    chamber: None,
    unsteady: &[],
    source: include_str!("pagerank_personalised.rs"),
    run: |input, run| {
        let params = Params::of(input);
        let near = input.near("pagerank_personalised")?;
        let found = personalised(input.graph, &[near.to_vec()], &params, run)?.remove(0);
        Ok(Outcome {
            columns: vec![Values::Real(found.scores)],
            iterations: Some(found.iterations),
            stop: Some(found.stop),
            parameters: vec![
                ("damping", params.damping.to_string()),
                ("tolerance", format!("{:e}", params.tolerance)),
                ("accounts", near.len().to_string()),
            ],
            ..Outcome::default()
        })
    },
};

/// Sets that share a pass over the edges. More share less of it: what is read most no longer fits a core's cache (16 M edges: 0.22 s a set alone, 0.12 of four,
/// 0.18 of eight).
const LANES: usize = 4;

/// Ranks all nodes once for each set of accounts to start from.
///
/// # Errors
/// [`MetricError::BadParam`], [`MetricError::Cancelled`].
pub fn personalised(graph: &Graph, starts: &[Vec<NodeId>], params: &Params, run: &Run<'_>) -> Result<Vec<PageRank>, MetricError> {
    params.check()?;
    let total = starts.len() as u64;
    let walk = Walk::new(graph);
    let mut found = Vec::with_capacity(starts.len());
    while found.len() < starts.len() {
        let done = found.len();
        let counted = Run { on_step: None, ..*run };
        run.step(done as u64, total)?;
        if starts.len() - done == 1 {
            found.extend(walk.together::<1>(&starts[done..], params, &counted)?);
        } else {
            found.extend(walk.together::<LANES>(&starts[done..starts.len().min(done + LANES)], params, &counted)?);
        }
    }
    Ok(found)
}

/// A number in each lane, 0 at first.
struct Lanes<const N: usize>([f64; N]);

impl<const N: usize> Default for Lanes<N> {
    fn default() -> Self {
        Self([0.0; N])
    }
}

/// Of a block of rows: its change, and the score of its nodes without outgoing edges.
type Parts<const N: usize> = (Lanes<N>, Lanes<N>);

/// A graph made ready to be walked along, for any number of sets.
struct Walk {
    order: Order,
    pull: Pull,
    /// 1 / outgoing weight by place; 0 where there is none.
    share: Vec<f64>,
}

impl Walk {
    fn new(graph: &Graph) -> Self {
        let order = Order::by_frequency(graph.out(), graph.incoming());
        Self { pull: Pull::new(graph.incoming(), &order, &order), share: order.placed(shares(graph.out())), order }
    }

    /// Up to `N` sets at once: a lane each. A lane that has converged goes on until all have, but its scores are kept as they were.
    fn together<const N: usize>(
        &self,
        starts: &[Vec<NodeId>],
        params: &Params,
        run: &Run<'_>,
    ) -> Result<Vec<PageRank>, MetricError> {
        let Self { order, pull, share } = self;
        let n = share.len();
        let mut start = vec![[0.0; N]; n];
        for (lane, nodes) in starts.iter().enumerate() {
            nodes.iter().for_each(|node| start[node.row()][lane] += 1.0 / nodes.len() as f64);
        }
        let start = order.placed(start);
        let (mut scores, mut next, mut next_sent) = (start.clone(), vec![[0.0; N]; n], vec![[0.0; N]; n]);
        let mut sent: Vec<[f64; N]> =
            scores.par_iter().zip(share).map(|(scores, share)| scores.map(|score| score * share)).collect();
        let mut sunk: [f64; N] =
            std::array::from_fn(|lane| stable_sum(n, |row| if share[row] == 0.0 { scores[row][lane] } else { 0.0 }));
        let mut found: Vec<Option<PageRank>> = starts.iter().map(|_| None).collect();
        let mut iterations = 0;
        while found.contains(&None) {
            run.step(u64::from(iterations), u64::from(params.max_iterations))?;
            let anew = sunk.map(|sunk| 1.0 - params.damping + params.damping * sunk);
            let finish = |row: usize, sum: [f64; N], sent: &mut [f64; N], (change, sunk): &mut Parts<N>| {
                let score: [f64; N] = std::array::from_fn(|lane| anew[lane] * start[row][lane] + params.damping * sum[lane]);
                for lane in 0..N {
                    change.0[lane] += (score[lane] - scores[row][lane]).abs();
                    sunk.0[lane] += if share[row] == 0.0 { score[lane] } else { 0.0 };
                }
                *sent = score.map(|score| score * share[row]);
                score
            };
            let parts = pull.pass(&sent, &mut next, &mut next_sent, finish);
            sunk = std::array::from_fn(|lane| parts.iter().map(|part| part.1.0[lane]).sum());
            std::mem::swap(&mut sent, &mut next_sent);
            std::mem::swap(&mut scores, &mut next);
            iterations += 1;
            for (lane, found) in found.iter_mut().enumerate().filter(|(_, found)| found.is_none()) {
                let residual = parts.iter().map(|part| part.0.0[lane]).sum();
                let is_converged = residual <= params.tolerance;
                if is_converged || iterations >= params.max_iterations {
                    let stop = if is_converged { Stop::Converged } else { Stop::IterationLimit };
                    let scores = order.by_node(scores.iter().map(|scores| scores[lane]).collect());
                    *found = Some(PageRank { scores, iterations, residual, stop });
                }
            }
        }
        Ok(found.into_iter().flatten().collect())
    }
}

/// Checks by one serial push step: a fixed point stays where it is.
///
/// # Errors
/// How far the scores move.
pub fn verify(graph: &Graph, start: &[NodeId], scores: &[f64], damping: f64, tolerance: f64) -> Result<(), String> {
    let mut pushed = vec![0.0; scores.len()];
    let mut anew = 1.0 - damping;
    for source in (0..scores.len()).map(NodeId::new) {
        let total: f64 = graph.out().row(source).map(|(_, weight)| weight).sum();
        anew += if total == 0.0 { damping * scores[source.row()] } else { 0.0 };
        for (target, weight) in graph.out().row(source) {
            pushed[target.row()] += damping * scores[source.row()] * weight / total;
        }
    }
    start.iter().for_each(|node| pushed[node.row()] += anew / start.len() as f64);
    let gap: f64 = pushed.iter().zip(scores).map(|(pushed, score)| (pushed - score).abs()).sum();
    if gap <= tolerance { Ok(()) } else { Err(format!("one serial push step moves the scores by {gap:e}")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::{GraphView, synthetic};

    #[test]
    fn many_at_once_are_as_one_by_one() {
        for graph in [synthetic::rmat(9, 6, 2), synthetic::uniform(300, 500, 3), Graph::from_arrows("0>1:3 1>2 2>0:2 0>2 3>1")] {
            let params = Params::default();
            let n = graph.node_count() as u32;
            let starts: Vec<Vec<NodeId>> = (0..11).map(|at| vec![NodeId(at * 7 % n), NodeId((at * 5 + 1) % n)]).collect();
            let found = personalised(&graph, &starts, &params, &Run::default()).unwrap();
            for (start, found) in starts.iter().zip(&found) {
                verify(&graph, start, &found.scores, params.damping, 1e-9).unwrap();
                let alone = personalised(&graph, std::slice::from_ref(start), &params, &Run::default()).unwrap();
                assert_eq!(alone[0], *found);
            }
        }
    }
}
