//! What the two ends of each tie have in common, added up over their common neighbours.

use super::Ranked;
use crate::workload::{blocks_by_load, work_off};
use crate::{MetricError, Run};
use echogram_graph::{Graph, GraphView, NodeId};

/// Neighbours handled by one block of work.
const BLOCK_ENTRIES: u64 = 1 << 13;

/// For each tie i - j of a symmetric graph the sum over common neighbours q of a(i, q) a(j, q) f(q).
///
/// Memory: 8 bytes per tie, 8 more where there are weights, 4 bytes per node and thread.
pub(crate) struct Shared {
    pub(crate) ranked: Ranked,
    /// Per tie, in the order of [`Ranked::range`].
    sums: Vec<f64>,
    /// a per tie; `None` where all are 1.
    values: Option<Vec<f64>>,
}

impl Shared {
    /// Adds up. `value` makes a of a tie's weight; `factor` makes f of an account's row.
    ///
    /// Each row is filled by one thread that looks at all triangles through it: from the row's own account upwards, and from
    /// each account with fewer neighbours down below. So the order of additions is the graph's alone.
    ///
    /// # Errors
    /// [`MetricError::Cancelled`].
    pub(crate) fn of(
        graph: &Graph,
        value: impl Fn(f64) -> f64 + Sync,
        factor: impl Fn(NodeId) -> f64 + Sync,
        run: &Run<'_>,
    ) -> Result<Self, MetricError> {
        let ranked = Ranked::of(graph, run)?;
        let factors: Vec<f64> = ranked.order.iter().map(|&row| factor(NodeId(row))).collect();
        let (sums, values) = if graph.is_weighted() {
            let values = ranked.values(graph, &value);
            (sums(graph, &ranked, &Given { values: &values, value }, &factors, run)?, Some(values))
        } else {
            (sums(graph, &ranked, &Unit, &factors, run)?, None)
        };
        Ok(Self { ranked, sums, values })
    }

    /// Adds `part(one, other, a, sum)` over the ties of each account `one`, ranks in, values by the graph's rows out. In
    /// sequence: a pass over the ties, small beside what they cost to fill.
    pub(crate) fn total(&self, part: impl Fn(usize, usize, f64, f64) -> f64) -> Vec<f64> {
        let mut totals = vec![0.0; self.ranked.node_count()];
        for own in 0..totals.len() {
            for (tie, &other) in self.ranked.range(own).zip(self.ranked.upper(own)) {
                let other = other as usize;
                let value = self.values.as_ref().map_or(1.0, |values| values[tie]);
                totals[own] += part(own, other, value, self.sums[tie]);
                totals[other] += part(other, own, value, self.sums[tie]);
            }
        }
        self.ranked.by_row(|rank| totals[rank])
    }
}

/// The values a of ties.
trait Ties: Sync {
    fn of_tie(&self, tie: usize) -> f64;
    fn of_weight(&self, weight: f64) -> f64;
}

/// All 1.
struct Unit;

impl Ties for Unit {
    #[inline]
    fn of_tie(&self, _: usize) -> f64 {
        1.0
    }
    #[inline]
    fn of_weight(&self, _: f64) -> f64 {
        1.0
    }
}

struct Given<'a, F> {
    values: &'a [f64],
    value: F,
}

impl<F: Fn(f64) -> f64 + Sync> Ties for Given<'_, F> {
    #[inline]
    fn of_tie(&self, tie: usize) -> f64 {
        self.values[tie]
    }
    #[inline]
    fn of_weight(&self, weight: f64) -> f64 {
        (self.value)(weight)
    }
}

fn sums<T: Ties>(graph: &Graph, ranked: &Ranked, ties: &T, factors: &[f64], run: &Run<'_>) -> Result<Vec<f64>, MetricError> {
    let n = ranked.node_count();
    let mut sums = vec![0.0; n.checked_sub(1).map_or(0, |last| ranked.range(last).end)];
    let mut rest = sums.as_mut_slice();
    let blocks: Vec<_> = blocks_by_load(n, BLOCK_ENTRIES, |own| u64::from(ranked.degrees[own]))
        .into_iter()
        .map(|rows| {
            let (head, tail) = std::mem::take(&mut rest).split_at_mut(rows.clone().map(|own| ranked.range(own).len()).sum());
            rest = tail;
            (rows, head)
        })
        .collect();
    work_off(
        blocks,
        run,
        || vec![0; n],
        |places, (rows, mut slots)| {
            for own in rows {
                let (row, tail) = slots.split_at_mut(ranked.range(own).len());
                slots = tail;
                fill(graph, ranked, ties, factors, own, places, row);
            }
        },
    )?;
    Ok(sums)
}

/// Fills the row of rank `own`. `places` is 0 but for this account's own row, where it is one more than the place in `row`.
fn fill<T: Ties>(graph: &Graph, ranked: &Ranked, ties: &T, factors: &[f64], own: usize, places: &mut [u32], row: &mut [f64]) {
    let upper = ranked.upper(own);
    if upper.is_empty() {
        return;
    }
    upper.iter().zip(1..).for_each(|(&other, place)| places[other as usize] = place);
    let first = ranked.range(own).start;
    for (at, &middle) in upper.iter().enumerate() {
        let (to_middle, factor) = (ties.of_tie(first + at), factors[middle as usize]);
        let mut found = 0.0;
        for (tie, &far) in ranked.range(middle as usize).zip(ranked.upper(middle as usize)) {
            let place = places[far as usize] as usize;
            if place > 0 {
                let onwards = ties.of_tie(tie);
                found += ties.of_tie(first + place - 1) * onwards * factors[far as usize];
                row[place - 1] += to_middle * onwards * factor;
            }
        }
        row[at] += found;
    }
    let node = NodeId(ranked.order[own]);
    let weights = graph.successor_weights(node);
    for (at, other) in graph.successors(node).iter().enumerate() {
        let below = ranked.rank[other.row()] as usize;
        if below <= own {
            continue;
        }
        let scale = ties.of_weight(weights.map_or(1.0, |weights| weights[at])) * factors[below];
        for (tie, &far) in ranked.range(below).zip(ranked.upper(below)) {
            if far as usize >= own {
                break;
            }
            let place = places[far as usize] as usize;
            if place > 0 {
                row[place - 1] += scale * ties.of_tie(tie);
            }
        }
    }
    upper.iter().for_each(|&other| places[other as usize] = 0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_over_common_neighbours() {
        let graph = Graph::from_arrows("0>1:2 0>2:3 0>3:5 1>2:7 3>2:11 3>3:13 4").undirected();
        let shared = Shared::of(&graph, |weight| 2.0 * weight, |node| f64::from(node.0 + 1), &Run::default()).unwrap();
        let of_pair = |one: u32, other: u32| {
            let ends = [shared.ranked.rank[one as usize] as usize, shared.ranked.rank[other as usize] as usize];
            let (low, high) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
            let at = shared.ranked.upper(high).iter().position(|&rank| rank as usize == low).unwrap();
            shared.sums[shared.ranked.range(high).start + at]
        };
        assert_eq!(of_pair(0, 1), 4.0 * 3.0 * 7.0 * 3.0);
        assert_eq!(of_pair(1, 2), 4.0 * 2.0 * 3.0);
        assert_eq!(of_pair(0, 2), 4.0 * (2.0 * 7.0 * 2.0 + 5.0 * 11.0 * 4.0));
        assert_eq!(of_pair(2, 3), 4.0 * 3.0 * 5.0);
        let products = shared.total(|_, _, value, _| value);
        assert_eq!(products, [20.0, 18.0, 42.0, 32.0, 0.0]);
    }
}
