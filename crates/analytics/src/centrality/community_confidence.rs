//! Community confidence: how sure it is that an account belongs to its community, from 0 (chance of the moment) to 1 (always).
//!
//! # Formula
//! Over R = `runs` runs, confidence(v) = mean of |C and D_r without v| / |C without v|, C = the community of v, D_r = that which v
//! is in by run r: the share of its fellow members that are together with it there. In run r each tie is dropped with probability
//! `dropped`, and Leiden starts anew with another seed (module `stability::perturbed`).
//!
//! # Conventions
//! Communities are the column `community` of the same variant, its graph the simple undirected union (`_weighted`: ties that stay
//! keep their weight). Nothing is matched between runs, so numbers of communities do not matter; a community that a run divides in
//! two halves has confidences of 1/2 there, one that is joined with another one has 1. Accounts below 0.5 are swing accounts: on
//! average they meet less than half of their community; their number is in the metadata. Null for an account alone in its
//! community: there is nobody to be together with.
//!
//! # Range and unit
//! Share in [0, 1].
//!
//! # Cost
//! R times a single search by Leiden, which on a small graph is about the time of `community` for all runs together, and a sort of
//! the accounts per run; beside Leiden a copy of the graph, 20 bytes per account, and 4 per run and account, as `community_consensus` takes
//! the same runs. Runs follow each other, each parallel inside; counts are whole numbers, so the bits do not depend on the threads.
//!
//! # Errors
//! `Missing` without communities; `BadParam` for a number of runs below 1 or `dropped` outside [0, 1); cancelled by the caller.
//!
//! # Compared with
//! NetworkX, igraph and leidenalg have none. The co-assignment matrix of consensus clustering, averaged over the members of an
//! account's own community, is the same number.
//!
//! # Source
//! Karrer, Levina, Newman, Robustness of community structure in networks, Physical Review E 77, 2008, doi
//! 10.1103/PhysRevE.77.046119; co-assignment: Lancichinetti and Fortunato, Consensus clustering in complex networks, Scientific
//! Reports 2, 2012, doi 10.1038/srep00336. The share per account and the border of swing accounts are ours.
//!
//! # Example
//! ```
//! use echogram_analytics::centrality::community_confidence::{Params, community_confidence};
//! use echogram_graph::{Graph, Partition};
//! let triangles = Graph::from_arrows("0>1 1>2 2>0 3>4 4>5 5>3 6").undirected();
//! let partition = Partition::from_labels(&[0, 0, 0, 1, 1, 1, 2]);
//! let found = community_confidence(&triangles, &partition, &Params::default().with_dropped(0.0), &Default::default()).unwrap();
//! assert_eq!(found[..6], [1.0; 6]);
//! assert!(found[6].is_nan());
//! ```

use crate::spec::{Kind, MetricSpec, Need, Outcome, Shape, Tier, Values, Weights};
use crate::stability::Together;
use crate::stability::perturbed::{DROPPED, RUNS, Runs, for_each_run};
use crate::{MetricError, Run};
use echogram_graph::{Graph, NodeId, Partition};

pub use crate::stability::perturbed::Params;

/// Accounts of less confidence are swing accounts: of their fellow members they meet fewer than half.
pub const SWING_BELOW: f64 = 0.5;

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "community_confidence",
    kind: Kind::Account,
    summary: "share of its community that an account stays together with when ties are dropped at random",
    columns: &["community_confidence"],
    shape: Shape::Undirected,
    other_shape: false,
    weights: Weights::Variant,
    needs: &[Need::Partition],
    parameters: &[RUNS, DROPPED],
    tier: Tier::Full,
    chamber: None,
    unsteady: &[],
    source: include_str!("community_confidence.rs"),
    run: |input, run| {
        let params = Params::of(input);
        let partition = input.partition(SPEC.name)?;
        let runs = input.shared(|| Runs::find(input.graph, &params, run))?;
        let found = confidence_in(partition, &runs.0);
        let swing = swing_accounts(&found, SWING_BELOW).len();
        let own = [("swing_below", SWING_BELOW.to_string()), ("swing_accounts", swing.to_string())];
        Ok(Outcome {
            parameters: params.metadata().into_iter().chain(own).collect(),
            columns: vec![Values::Real(found)],
            ..Outcome::default()
        })
    },
};

/// The confidence of every node of a symmetric graph in its community, a share; NaN = alone in it.
///
/// # Errors
/// [`MetricError::BadParam`], [`MetricError::Cancelled`].
pub fn community_confidence(
    graph: &Graph,
    partition: &Partition,
    params: &Params,
    run: &Run<'_>,
) -> Result<Vec<f64>, MetricError> {
    let mut together = Together::of(partition);
    for_each_run(graph, params, run, |found| together.add(&found))?;
    Ok(together.shares())
}

/// The same from partitions that are known already, of any origin.
pub fn confidence_in(partition: &Partition, runs: &[Partition]) -> Vec<f64> {
    let mut together = Together::of(partition);
    runs.iter().for_each(|found| together.add(found));
    together.shares()
}

/// Accounts whose confidence is below `below`, ascending; accounts without a confidence are none.
pub fn swing_accounts(confidence: &[f64], below: f64) -> Vec<NodeId> {
    (0..confidence.len()).filter(|&row| confidence[row] < below).map(NodeId::new).collect()
}

/// Checks pair by pair: with how many fellow members an account is together in each of these runs.
///
/// # Errors
/// The first account that differs.
pub fn verify(partition: &Partition, runs: &[Partition], found: &[f64]) -> Result<(), String> {
    let labels = partition.labels();
    for own in 0..labels.len() {
        let fellows: Vec<usize> = (0..labels.len()).filter(|&row| row != own && labels[row] == labels[own]).collect();
        let share = |run: &Partition| {
            let met = fellows.iter().filter(|&&row| run.labels()[row] == run.labels()[own]).count();
            met as f64 / fellows.len() as f64
        };
        let wanted = runs.iter().map(share).sum::<f64>() / runs.len() as f64;
        if (found[own] - wanted).abs() > 1e-12 || found[own].is_nan() != wanted.is_nan() {
            return Err(format!("node {own}: got confidence {}, pairs give {wanted}", found[own]));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leiden::{self, leiden};
    use crate::stability::perturbed::perturbed_runs;
    use echogram_graph::synthetic::{planted, uniform};

    #[track_caller]
    fn check(own: &[u32], runs: &[&[u32]], wanted: &[f64]) {
        let partition = Partition::from_labels(own);
        let runs: Vec<Partition> = runs.iter().map(|labels| Partition::from_labels(labels)).collect();
        let found = confidence_in(&partition, &runs);
        verify(&partition, &runs, &found).unwrap();
        for (got, wanted) in found.iter().zip(wanted) {
            assert!((got - wanted).abs() < 1e-12 || (got.is_nan() && wanted.is_nan()), "{found:?}");
        }
    }

    #[test]
    fn by_hand() {
        let own: &[u32] = &[0, 0, 0, 1, 1, 2];
        check(own, &[own], &[1.0, 1.0, 1.0, 1.0, 1.0, f64::NAN]);
        check(own, &[&[0, 0, 1, 1, 1, 1]], &[0.5, 0.5, 0.0, 1.0, 1.0, f64::NAN]);
        check(own, &[own, &[0, 0, 1, 1, 1, 1]], &[0.75, 0.75, 0.5, 1.0, 1.0, f64::NAN]);
        check(own, &[&[0; 6]], &[1.0, 1.0, 1.0, 1.0, 1.0, f64::NAN]);
        check(own, &[&[0, 1, 2, 3, 4, 5]], &[0.0, 0.0, 0.0, 0.0, 0.0, f64::NAN]);
    }

    #[test]
    fn swing_accounts_are_those_below() {
        assert_eq!(swing_accounts(&[0.5, 0.4, f64::NAN, 0.0, 1.0], SWING_BELOW), [NodeId(1), NodeId(3)]);
    }

    #[test]
    fn pairs_agree_on_real_runs() {
        let params = Params::default().with_runs(4).with_dropped(0.1);
        for graph in [planted(5, 30, 6, 3, 2).undirected(), uniform(200, 300, 5).undirected_unweighted()] {
            let partition = leiden(&graph, &leiden::Params::default(), &Run::default()).unwrap().partition;
            let found = community_confidence(&graph, &partition, &params, &Run::default()).unwrap();
            verify(&partition, &perturbed_runs(&graph, &params, &Run::default()).unwrap(), &found).unwrap();
        }
    }

    #[test]
    fn an_account_between_two_communities_swings() {
        // Two groups, and one account with three ties to each.
        let mut edges: Vec<(u32, u32, f64)> = Vec::new();
        for first in [0, 20] {
            edges.extend((0..20).flat_map(|a| (1..6).map(move |step| (first + a, first + (a + step) % 20, 1.0))));
        }
        edges.extend([0, 7, 14, 20, 27, 34].map(|other| (40, other, 1.0)));
        let graph = Graph::from_edges(41, &edges).undirected_unweighted();
        let partition = leiden(&graph, &leiden::Params::default(), &Run::default()).unwrap().partition;
        let found = community_confidence(&graph, &partition, &Params::default().with_dropped(0.2), &Run::default()).unwrap();
        let least = (0..41).min_by(|&one, &other| found[one].total_cmp(&found[other])).unwrap();
        assert_eq!(least, 40);
        assert!(found[40] < 0.9 && found[..40].iter().all(|&share| share > found[40]), "{found:?}");
    }

    #[test]
    fn any_number_of_threads_gives_the_same_bits() {
        // Communities that runs find differently, and more of them than one task takes.
        let graph = planted(100, 60, 4, 3, 3).undirected_unweighted();
        let partition = Partition::from_labels(&(0..6_000).map(|node| node / 60).collect::<Vec<_>>());
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let params = Params::default().with_runs(12).with_leiden(leiden::Params::default().with_max_iterations(1));
            pool.install(|| community_confidence(&graph, &partition, &params, &Run::default()).unwrap())
        };
        let alone = on(1).iter().map(|share| share.to_bits()).collect::<Vec<_>>();
        assert!(on(2).iter().any(|&share| share > 0.0 && share < 1.0));
        assert!([2, 8].iter().all(|&threads| on(threads).iter().map(|share| share.to_bits()).eq(alone.iter().copied())));
    }
}
