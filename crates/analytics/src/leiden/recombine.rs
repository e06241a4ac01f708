//! Recombination: where two searches agree they are mostly right, so the search goes on from what they agree on.
//!
//! The groups on which two partitions agree (their common refinement, in connected pieces) become the nodes of a search of its own. The best partitions are joined
//! two by two until a round brings nothing better.
//!
//! Source: Ovelgönne and Geyer-Schulz, An ensemble learning strategy for graph clustering, Contemporary Mathematics 588, 2013, doi 10.1090/conm/588/11701.

use super::mass::Mass;
use super::search::Search;
use super::{EQUAL, Found, Params, found_of};
use crate::{MetricError, Run};
use echogram_graph::Partition;
use echogram_graph::synthetic::Stream;
use hashbrown::HashMap;
use rayon::prelude::*;
use std::cmp::Ordering;

/// Partitions that are joined two by two.
const KEPT: usize = 4;
/// The most rounds.
pub(super) const ROUNDS: u64 = 8;
/// What the random stream of a joined search is for.
const PURPOSE: u64 = 0x4A01;

/// The best of `found` and of what comes from joining them in so many rounds at most.
pub(super) fn recombine<M: Mass>(
    search: &Search<'_, M>,
    found: Vec<Found>,
    params: &Params,
    rounds: u64,
    run: &Run<'_>,
) -> Result<Found, MetricError> {
    let mut kept = best_of(found);
    for round in 0..rounds {
        let pairs: Vec<(usize, usize)> = (0..kept.len()).flat_map(|one| (0..one).map(move |other| (one, other))).collect();
        let joined = |(at, &(one, other)): (usize, &(usize, usize))| {
            let agreed = agreed(search, &kept[one].partition, &kept[other].partition);
            let seed = Stream::new(params.seed, PURPOSE + round, at as u64).bits();
            Ok(found_of(search, search.run_from_groups(&agreed, params, seed, run)?))
        };
        let next: Vec<Found> = pairs.par_iter().enumerate().map(joined).collect::<Result<_, MetricError>>()?;
        let before = kept[0].quality;
        kept = best_of(kept.into_iter().chain(next).collect());
        if kept[0].quality <= before + EQUAL {
            break;
        }
    }
    Ok(kept.into_iter().next().expect("at least one"))
}

/// The best ones, each partition once.
fn best_of(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by(order);
    found.dedup_by(|next, before| next.partition == before.partition);
    found.truncate(KEPT);
    found
}

/// The higher quality first; of equal ones that of the smaller labels.
fn order(one: &Found, other: &Found) -> Ordering {
    // What differs by rounding alone is equal.
    let steps = |found: &Found| (found.quality / EQUAL).round();
    steps(other).total_cmp(&steps(one)).then_with(|| one.partition.labels().cmp(other.partition.labels()))
}

/// The connected groups of accounts that are together in both partitions.
fn agreed<M: Mass>(search: &Search<'_, M>, one: &Partition, other: &Partition) -> Partition {
    let mut labels = HashMap::new();
    let both = one.labels().iter().zip(other.labels());
    let both: Vec<u32> = both
        .map(|pair| {
            let next = labels.len() as u32;
            *labels.entry(pair).or_insert(next)
        })
        .collect();
    Partition::from_labels(&search.first.split(&both))
}
