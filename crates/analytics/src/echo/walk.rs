//! Random-walk controversy between two sides whose hubs absorb: what `rwc.hub` and `rwc.adaptive` share.

use super::division::{Between, members, scores as of_divisions};
use super::outcome;
use crate::absorbing::{Place, ends_in_first};
use crate::absorbing_directed::DirectedWalk;
use crate::spec::{Input, Outcome};
use crate::{MetricError, Run};
use echogram_graph::{Graph, GraphView, Grouping, NodeId};

/// RWC of every division into two. `hubs(size)` is the number of hubs of a side; a side with fewer accounts makes the score undefined.
pub(super) fn scores(
    input: &Input<'_>,
    name: &'static str,
    parameters: Vec<(&'static str, String)>,
    hubs: impl Fn(usize) -> usize + Sync,
    run: &Run<'_>,
) -> Result<Outcome, MetricError> {
    let sides = input.sides(name)?;
    let found = of_divisions([name], input.graph, sides, run, |graph, of, run| Ok([controversy(graph, of, &hubs, run)?]))?;
    Ok(Outcome { parameters, ..outcome(sides, found) })
}

/// The accounts of highest degree of one side, ties by smaller account.
pub(super) fn hubs_of(graph: &Graph, of: &[Option<usize>], side: usize, count: usize) -> Option<Vec<usize>> {
    let mut members = members(of, side);
    if count == 0 || members.len() < count {
        return None;
    }
    // In a directed graph those whom others point at.
    members.sort_by_key(|&row| (std::cmp::Reverse(graph.in_degree(NodeId::new(row))), row));
    members.truncate(count);
    Some(members)
}

/// The places of the hubs of both sides, `None` where a side has too few accounts.
pub(super) fn places_of_hubs(graph: &Graph, of: &[Option<usize>], hubs: &impl Fn(usize) -> usize) -> Option<Vec<Place>> {
    let mut places = vec![Place::Passing; of.len()];
    for (side, place) in [(0, Place::First), (1, Place::Second)] {
        let size = of.iter().filter(|&&own| own == Some(side)).count();
        hubs_of(graph, of, side, hubs(size))?.into_iter().for_each(|row| places[row] = place);
    }
    Some(places)
}

/// P(start X | end X) P(start Y | end Y) - P(start Y | end X) P(start X | end Y), with equal priors, from the mean chances of starts in X and in Y to end in X.
pub(super) fn from_means(x: f64, y: f64) -> f64 {
    let (first, second) = (x + y, (1.0 - x) + (1.0 - y));
    x / first * ((1.0 - y) / second) - y / first * ((1.0 - x) / second)
}

/// RWC of one division; NaN where it is not defined.
fn controversy(
    graph: &Graph,
    of: &[Option<usize>],
    hubs: &impl Fn(usize) -> usize,
    run: &Run<'_>,
) -> Result<Between, MetricError> {
    let Some(places) = places_of_hubs(graph, of, hubs) else { return Ok(Between::of(f64::NAN)) };
    let chance = if graph.is_directed() {
        DirectedWalk::new(graph, &places, of).ends_in_first(run)?
    } else {
        ends_in_first(graph, &places, run)?
    };
    let (mut sums, mut counts, mut left_out) = ([0.0; 2], [0_u32; 2], 0);
    for (side, chance) in of.iter().zip(&chance).filter_map(|(side, chance)| Some(((*side)?, chance))) {
        if chance.is_nan() {
            left_out += 1;
        } else {
            sums[side] += chance;
            counts[side] += 1;
        }
    }
    let mean = |side: usize| sums[side] / f64::from(counts[side]);
    Ok(Between { left_out, ..Between::of(from_means(mean(0), mean(1))) })
}

/// Checks by a long walk's equations iterated without acceleration.
///
/// # Errors
/// By how much the score differs.
pub fn verify(graph: &Graph, sides: &Grouping, count: usize, found: f64) -> Result<(), String> {
    let of: Vec<Option<usize>> = sides.labels().iter().map(|side| side.map(|side| side as usize)).collect();
    let n = of.len();
    let (Some(first), Some(second)) = (hubs_of(graph, &of, 0, count), hubs_of(graph, &of, 1, count)) else {
        return if found.is_nan() { Ok(()) } else { Err("a side has too few accounts, yet there is a score".to_owned()) };
    };
    let absorbs: Vec<Option<f64>> =
        (0..n).map(|row| first.contains(&row).then_some(1.0).or_else(|| second.contains(&row).then_some(0.0))).collect();
    // Lower and upper bound of the chance: all who are still walking end in the second set, or in the first.
    let settle = |start: f64| {
        let mut chance = vec![start; n];
        for _ in 0..20_000 {
            let step = |row: usize| -> f64 {
                let (mut sum, mut total) = (0.0, 0.0);
                for (other, weight) in graph.out().row(NodeId::new(row)) {
                    sum += weight * absorbs[other.row()].unwrap_or(chance[other.row()]);
                    total += weight;
                }
                if total > 0.0 { sum / total } else { start }
            };
            chance = (0..n).map(step).collect();
        }
        chance
    };
    let (low, high) = (settle(0.0), settle(1.0));
    let mean = |side: usize| {
        let known: Vec<f64> =
            (0..n).filter(|&row| of[row] == Some(side) && high[row] - low[row] < 1e-6).map(|row| low[row]).collect();
        known.iter().sum::<f64>() / known.len() as f64
    };
    let (x, y) = (mean(0), mean(1));
    let wanted = (x * (1.0 - y) - y * (1.0 - x)) / ((x + y) * (2.0 - x - y));
    if (found - wanted).abs() <= 1e-6 || (found.is_nan() && !wanted.is_finite()) {
        Ok(())
    } else {
        Err(format!("got {found}, iteration gives {wanted}"))
    }
}
