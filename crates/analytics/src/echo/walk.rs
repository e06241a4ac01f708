//! Random-walk controversy between two sides whose hubs absorb: what `rwc.hub` and `rwc.adaptive` share.

use super::outcome;
use crate::absorbing::{Place, ends_in_first};
use crate::spec::{Input, Outcome, Score};
use crate::{MetricError, Run};
use echogram_graph::{Graph, GraphView, Grouping, NodeId};

/// More sides than this have no rows for each pair of them.
const MOST_PAIRED: usize = 12;

/// RWC of every division into two: the two sides, or each side against the rest and each pair. `hubs(size)` is the number of hubs of a side; a side with fewer accounts makes the
/// score undefined.
pub(super) fn scores(
    input: &Input<'_>,
    name: &'static str,
    parameters: Vec<(&'static str, String)>,
    hubs: impl Fn(usize) -> usize,
    run: &Run<'_>,
) -> Result<Outcome, MetricError> {
    let sides = input.sides(name)?;
    let (count, names) = (sides.count(), sides.names());
    let row = |group: Option<String>, into: &dyn Fn(u32) -> Option<usize>| -> Result<Score, MetricError> {
        let of: Vec<Option<usize>> = sides.labels().iter().map(|side| side.and_then(into)).collect();
        Ok(Score { group, ..Score::whole(name, controversy(input.graph, &of, &hubs, run)?) })
    };
    let mut found = Vec::new();
    if count < 2 {
        found.push(Score::whole(name, f64::NAN));
    } else if count == 2 {
        found.push(row(None, &|side| Some(side as usize))?);
    } else {
        for own in 0..count as u32 {
            found.push(row(Some(format!("{}|rest", names[own as usize])), &|side| Some(usize::from(side != own)))?);
        }
        for (one, other) in (0..count as u32).flat_map(|one| (one + 1..count as u32).map(move |other| (one, other))) {
            if count <= MOST_PAIRED {
                let group = format!("{}|{}", names[one as usize], names[other as usize]);
                found.push(row(Some(group), &|side| [one, other].iter().position(|&of| of == side))?);
            }
        }
    }
    Ok(Outcome { parameters, ..outcome(sides, found) })
}

/// The accounts of highest degree of one side, ties by smaller account.
fn hubs_of(graph: &Graph, of: &[Option<usize>], side: usize, count: usize) -> Option<Vec<usize>> {
    let mut members: Vec<usize> = (0..of.len()).filter(|&row| of[row] == Some(side)).collect();
    if count == 0 || members.len() < count {
        return None;
    }
    members.sort_by_key(|&row| (std::cmp::Reverse(graph.out_degree(NodeId::new(row))), row));
    members.truncate(count);
    Some(members)
}

/// P(start X | end X) P(start Y | end Y) - P(start Y | end X) P(start X | end Y); NaN where it is not defined.
fn controversy(graph: &Graph, of: &[Option<usize>], hubs: &impl Fn(usize) -> usize, run: &Run<'_>) -> Result<f64, MetricError> {
    let size = |side: usize| of.iter().filter(|&&own| own == Some(side)).count();
    let mut places = vec![Place::Passing; of.len()];
    for (side, place) in [(0, Place::First), (1, Place::Second)] {
        match hubs_of(graph, of, side, hubs(size(side))) {
            Some(members) => members.into_iter().for_each(|row| places[row] = place),
            None => return Ok(f64::NAN),
        }
    }
    let chance = ends_in_first(graph, &places, &Run { on_step: None, ..*run })?;
    let mean = |side: usize| {
        let known: Vec<f64> =
            (0..of.len()).filter(|&row| of[row] == Some(side)).map(|row| chance[row]).filter(|chance| !chance.is_nan()).collect();
        known.iter().sum::<f64>() / known.len() as f64
    };
    let (x, y) = (mean(0), mean(1));
    let (first, second) = (x + y, (1.0 - x) + (1.0 - y));
    let value = x / first * ((1.0 - y) / second) - y / first * ((1.0 - x) / second);
    Ok(if value.is_finite() { value } else { f64::NAN })
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
