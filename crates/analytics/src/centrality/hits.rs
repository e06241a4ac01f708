//! Hubs and authorities: a good hub gives attention to good authorities, a good authority gets it from good hubs.
//!
//! # Formula
//! a(v) = c sum over u -> v of h(u) w(u, v); h(v) = c' sum over v -> u of a(u) w(v, u); w = 1 in the plain variant. `authority` is the dominant eigenvector of AᵀA, `hub` that of AAᵀ.
//!
//! # Conventions
//! Directed; an edge counts for the hub score of its source and the authority score of its target. Where several directions are dominant (components that are equal in this
//! respect), the one that power iteration from equal authorities reaches: it does not depend on names. Without an edge all are 0. Isolated accounts have 0.
//! Self-loops are left out unless kept. `_weighted` counts weights.
//!
//! # Range and unit
//! Index in [0, 1]; each column has L2 norm 1.
//!
//! # Cost
//! O(E) per iteration for each of the two products, some twenty iterations on power-law graphs; 48 bytes per node, 4 to 8 per edge (20 to 24 with weights).
//! Parallel over blocks of rows.
//!
//! # Stops when
//! The L2 change of the authorities in an iteration falls to `hits.tolerance` (1e-10): the error is about that, divided by 1 - (second / first eigenvalue of AᵀA).
//! After `hits.max_iterations` (1,000) it stops with `Stop::IterationLimit` and the last scores.
//!
//! # Errors
//! `BadParam` for a tolerance that is not positive or no iteration; cancelled by the caller.
//!
//! # Compared with
//! NetworkX `hits` scales each column to sum 1 instead of L2 norm 1; igraph `hub_score`, `authority_score` scale the largest to 1; scikit-network to L2 norm 1. Ratios of scores are equal.
//!
//! # Source
//! Kleinberg, Authoritative sources in a hyperlinked environment, JACM 46, 1999, doi 10.1145/324133.324140.
//!
//! # Example
//! ```
//! use echogram_analytics::centrality::hits::{Params, hits};
//! use echogram_graph::Graph;
//! let found = hits(&Graph::from_arrows("0>2 1>2"), &Params::default(), &Default::default()).unwrap();
//! assert_eq!(found.authorities, [0.0, 0.0, 1.0]);
//! assert!((found.hubs[0] - 0.5_f64.sqrt()).abs() < 1e-12);
//! ```

use crate::numeric::stable_sum;
use crate::spec::{Kind, MetricSpec, Outcome, Shape, Tier, Values, Weights};
use crate::spectral::order::Order;
use crate::spectral::power::{self, check_iteration, dominant};
use crate::spectral::pull::Pull;
use crate::{MetricError, Parameter, Run, Stop};
use echogram_graph::{Graph, GraphView};
use rayon::prelude::*;

const TOLERANCE: Parameter = Parameter {
    name: "hits.tolerance",
    default: 1e-10,
    about: "L2 change of the authorities at which hubs and authorities stop",
};
const MAX_ITERATIONS: Parameter = Parameter {
    name: "hits.max_iterations",
    default: power::MAX_ITERATIONS,
    about: "iterations of hubs and authorities at most",
};

pub use crate::spectral::power::Params;

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "hits",
    kind: Kind::Account,
    summary: "hubs point at good authorities, authorities are pointed at by good hubs",
    columns: &["hub", "authority"],
    shape: Shape::Directed,
    other_shape: false,
    weights: Weights::Variant,
    needs: &[],
    parameters: &[TOLERANCE, MAX_ITERATIONS],
    tier: Tier::Standard,
    chamber: None,
    unsteady: &[],
    source: include_str!("hits.rs"),
    run: |input, run| {
        let params = Params { tolerance: input.setting(&TOLERANCE), max_iterations: input.setting(&MAX_ITERATIONS) as u32 };
        let found = hits(input.graph, &params, run)?;
        Ok(Outcome {
            columns: vec![Values::Real(found.hubs), Values::Real(found.authorities)],
            iterations: Some(found.iterations),
            stop: Some(found.stop),
            parameters: vec![("tolerance", format!("{:e}", params.tolerance))],
            ..Outcome::default()
        })
    },
};

/// Scores, and how they were reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Hits {
    /// Hub score per node; L2 norm 1.
    pub hubs: Vec<f64>,
    /// Authority score per node; L2 norm 1.
    pub authorities: Vec<f64>,
    /// Iterations done.
    pub iterations: u32,
    /// Why it stopped.
    pub stop: Stop,
}

/// Scores all nodes.
///
/// # Errors
/// [`MetricError::BadParam`], [`MetricError::Cancelled`].
pub fn hits(graph: &Graph, params: &Params, run: &Run<'_>) -> Result<Hits, MetricError> {
    check_iteration((TOLERANCE.name, params.tolerance), (MAX_ITERATIONS.name, params.max_iterations))?;
    let n = graph.node_count();
    // Hubs are read along incoming edges, authorities along outgoing ones.
    let (of_hubs, of_authorities) =
        (Order::by_frequency(graph.out(), graph.out()), Order::by_frequency(graph.incoming(), graph.incoming()));
    let out = Pull::new(graph.out(), &of_hubs, &of_authorities);
    let incoming = Pull::new(graph.incoming(), &of_authorities, &of_hubs);
    let mut hubs = vec![0.0; n];
    let found = dominant(vec![1.0; n], params.tolerance, params.max_iterations, run, |held, next| {
        out.step(held, &mut hubs, |_, sum| (sum, 0.0));
        incoming.step(&hubs, next, |_, sum| (sum, 0.0));
    })?;
    out.step(&found.values, &mut hubs, |_, sum| (sum, 0.0));
    let length = stable_sum(n, |row| hubs[row] * hubs[row]).sqrt();
    if length > 0.0 {
        hubs.par_iter_mut().for_each(|hub| *hub /= length);
    }
    let (hubs, authorities) = (of_hubs.by_node(hubs), of_authorities.by_node(found.values));
    Ok(Hits { hubs, authorities, iterations: found.iterations, stop: found.stop })
}

/// Checks by pushing serially along edges: authorities are an eigenvector of AᵀA, hubs their image, both of length 1.
///
/// # Errors
/// How far a step moves them.
pub fn verify(graph: &Graph, found: &Hits, tolerance: f64) -> Result<(), String> {
    let n = graph.node_count();
    let unit = |mut values: Vec<f64>| {
        let length = values.iter().map(|value| value * value).sum::<f64>().sqrt();
        values.iter_mut().for_each(|value| *value /= if length > 0.0 { length } else { 1.0 });
        values
    };
    let (mut hubs, mut authorities) = (vec![0.0; n], vec![0.0; n]);
    for source in (0..n).map(echogram_graph::NodeId::new) {
        for (target, weight) in graph.out().row(source) {
            hubs[source.row()] += weight * found.authorities[target.row()];
            authorities[target.row()] += weight * found.hubs[source.row()];
        }
    }
    for (name, got, wanted) in [("hub", &found.hubs, unit(hubs)), ("authority", &found.authorities, unit(authorities))] {
        let gap = got.iter().zip(&wanted).map(|(got, wanted)| (got - wanted).abs()).fold(0.0, f64::max);
        if gap > tolerance {
            return Err(format!("{name}: a serial step moves a score by {gap:e}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::synthetic;

    #[test]
    fn a_push_leaves_them_where_they_are() {
        for graph in [synthetic::rmat(10, 6, 2), synthetic::planted(4, 30, 5, 1, 2), Graph::from_arrows("0>1:3 1>2 2>0:2 2>1 4")]
        {
            let found = hits(&graph, &Params::default(), &Run::default()).unwrap();
            assert_eq!(found.stop, Stop::Converged);
            verify(&graph, &found, 1e-8).unwrap();
        }
    }

    #[test]
    fn without_an_edge_all_are_zero() {
        let found = hits(&Graph::from_arrows("0 1"), &Params::default(), &Run::default()).unwrap();
        assert_eq!((found.hubs, found.authorities), (vec![0.0; 2], vec![0.0; 2]));
    }

    #[test]
    fn the_limit_is_said() {
        let params = Params { max_iterations: 1, ..Params::default() };
        assert_eq!(hits(&synthetic::rmat(6, 4, 1), &params, &Run::default()).unwrap().stop, Stop::IterationLimit);
    }
}
