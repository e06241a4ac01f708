//! Leaning against neighbours' leaning: whether accounts hear what they think themselves.
//!
//! # Formula
//! With x the leaning of an account and x_N the mean leaning of whom it follows (account metric `leaning_neighbours`), over accounts that have both: leaning_correlation = Pearson's r of x and x_N;
//! leaning_slope = slope of the least-squares line of x_N on x. Their joint density is the table `leaning_density.parquet`.
//!
//! # Conventions
//! Ties as they point (`_weighted`: x_N by weight). No sides are needed: the column `sides` says `leaning`, and there is one row, for the whole network. Accounts without a leaning, or who follow
//! nobody that has one, are left out and counted. Undefined where x or x_N does not vary. Standard errors are those of independent accounts, which neighbours are not: (1 - r^2) / sqrt(n - 3), and that
//! of the slope; null models say more. They keep each account's leaning (`labels` deals leanings out anew).
//!
//! # Range and unit
//! r: index in [-1, 1], 0 = what one hears has nothing to do with what one thinks; slope: ratio, 1 = neighbours lean as far as oneself. High means more of a chamber.
//!
//! # Cost
//! O(E) time.
//!
//! # Errors
//! `Missing` without leanings; cancelled by the caller.
//!
//! # Compared with
//! NumPy `corrcoef` and SciPy `linregress` of the two columns: equal. NetworkX `numeric_assortativity_coefficient` is over ties, this is over accounts.
//!
//! # Source
//! Cinelli, De Francisci Morales, Galeazzi, Quattrociocchi, Starnini, The echo chamber effect on social media, PNAS 118, 2021, doi 10.1073/pnas.2023301118.

use crate::centrality::leaning_neighbours::leaning_neighbours;
use crate::line::fit;
use crate::spec::{Chamber, Kind, MetricSpec, Need, Outcome, Score, Shape, Tier, Weights};
use crate::{MetricError, Run};
use echogram_graph::{Graph, GraphView};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "leaning_correlation",
    kind: Kind::Echo,
    summary: "whether accounts follow those who lean as they do",
    columns: &["leaning_correlation", "leaning_slope"],
    shape: Shape::Directed,
    other_shape: false,
    weights: Weights::Variant,
    needs: &[Need::Leanings],
    parameters: &[],
    tier: Tier::Standard,
    chamber: Some(Chamber::High),
    unsteady: &[],
    source: include_str!("leaning_correlation.rs"),
    run: |input, run| {
        let points = pairs(input.graph, input.leanings(SPEC.name)?, run)?;
        let found = fit(&points);
        let scores = vec![
            Score::whole("leaning_correlation", found.correlation).with_error(found.correlation_error),
            Score::whole("leaning_slope", found.slope).with_error(found.slope_error),
        ];
        let left_out = (input.graph.node_count() - points.len()) as u32;
        Ok(Outcome { accounts_left_out: left_out, ..Outcome::of_scores(scores) })
    },
};

/// (own leaning, mean leaning of whom it follows) of every account that has both, in order.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn pairs(graph: &Graph, leanings: &[f64], run: &Run<'_>) -> Result<Vec<(f64, f64)>, MetricError> {
    let heard = leaning_neighbours(graph, leanings, run)?;
    Ok(leanings.iter().copied().zip(heard).filter(|pair| !pair.0.is_nan() && !pair.1.is_nan()).collect())
}

/// Bins of each axis of the joint density.
pub const BINS: usize = 20;

/// How many accounts think so and hear so.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// Bounds of their own leaning: low <= x < high, the last bin with its upper end.
    pub own: (f64, f64),
    /// Bounds of the mean leaning of whom they follow.
    pub neighbours: (f64, f64),
    /// Accounts, at least one.
    pub accounts: u32,
}

/// The joint density of pairs: cells that are not empty, by own leaning, then by neighbours'. Both axes are cut into [`BINS`] equal bins from the lowest to the highest leaning, own or neighbours'.
pub fn density(pairs: &[(f64, f64)]) -> Vec<Cell> {
    let all = pairs.iter().flat_map(|&(own, heard)| [own, heard]);
    let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    let width = (high - low) / BINS as f64;
    let bin = |value: f64| if width > 0.0 { (((value - low) / width).max(0.0) as usize).min(BINS - 1) } else { 0 };
    let bounds = |bin: usize| (low + width * bin as f64, if bin + 1 == BINS { high } else { low + width * (bin + 1) as f64 });
    let mut counts = vec![0_u32; BINS * BINS];
    pairs.iter().for_each(|&(own, heard)| counts[bin(own) * BINS + bin(heard)] += 1);
    let cells = counts.into_iter().enumerate().filter(|cell| cell.1 > 0);
    cells.map(|(at, accounts)| Cell { own: bounds(at / BINS), neighbours: bounds(at % BINS), accounts }).collect()
}

/// Checks r and slope by the sums of the textbook, not centred, over ties pushed from the followed to the follower.
///
/// # Errors
/// The number that differs.
pub fn verify(graph: &Graph, leanings: &[f64], found: &Outcome) -> Result<(), String> {
    let (mut sums, mut weights) = (vec![0.0; leanings.len()], vec![0.0; leanings.len()]);
    for (row, &leaning) in leanings.iter().enumerate().filter(|row| !row.1.is_nan()) {
        let node = echogram_graph::NodeId::new(row);
        for (follower, weight) in graph.incoming().row(node).filter(|entry| entry.0 != node) {
            sums[follower.row()] += weight * leaning;
            weights[follower.row()] += weight;
        }
    }
    let (mut n, mut x, mut y, mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    for row in (0..leanings.len()).filter(|&row| !leanings[row].is_nan() && weights[row] > 0.0) {
        let (own, heard) = (leanings[row], sums[row] / weights[row]);
        n += 1.0;
        x += own;
        y += heard;
        xx += own * own;
        xy += own * heard;
        yy += heard * heard;
    }
    let (of_x, of_y, both) = (n * xx - x * x, n * yy - y * y, n * xy - x * y);
    for (score, wanted) in found.scores.iter().zip([both / (of_x * of_y).sqrt(), both / of_x]) {
        let is_same = score.value.is_nan() || (score.value - wanted).abs() <= 1e-6;
        if !is_same {
            return Err(format!("{}: got {}, the sums give {wanted}", score.name, score.value));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Input;
    use echogram_graph::synthetic;

    fn of(graph: &Graph, leanings: &[f64]) -> Outcome {
        (SPEC.run)(&Input { leanings: Some(leanings), ..Input::of(graph) }, &Run::default()).unwrap()
    }

    #[test]
    fn two_camps_hear_themselves() {
        let found = of(&Graph::from_arrows("0>1 1>0 2>3 3>2 4>0"), &[-1.0, -1.0, 1.0, 1.0, f64::NAN]);
        assert_eq!(found.scores.iter().map(|score| score.value).collect::<Vec<_>>(), [1.0, 1.0]);
        assert_eq!(found.accounts_left_out, 1);
    }

    #[test]
    fn who_hears_the_other_camp_turns_the_sign() {
        let found = of(&Graph::from_arrows("0>2 1>3 2>0 3>1"), &[-1.0, -0.5, 0.5, 1.0]);
        assert!(found.scores[0].value < -0.5);
    }

    #[test]
    fn cells_hold_every_pair_once() {
        let points = [(0.0, 10.0), (20.0, 20.0), (0.9, 10.5), (10.0, 0.5)];
        let cells = density(&points);
        assert_eq!(cells.iter().map(|cell| cell.accounts).collect::<Vec<_>>(), [2, 1, 1]);
        assert_eq!((cells[0].own, cells[0].neighbours, cells[2].own), ((0.0, 1.0), (10.0, 11.0), (19.0, 20.0)));
        assert_eq!(density(&[(0.3, 0.3), (0.3, 0.3)]).len(), 1);
        assert!(density(&[]).is_empty());
    }

    #[test]
    fn sums_agree() {
        let leanings: Vec<f64> =
            (0..256).map(|row| if row % 5 == 0 { f64::NAN } else { f64::from(row * 37 % 101) / 50.0 - 1.0 }).collect();
        for graph in [synthetic::rmat(8, 6, 2), synthetic::uniform(256, 700, 3)] {
            for graph in [graph.unweighted(), graph] {
                verify(&graph, &leanings, &of(&graph, &leanings)).unwrap();
            }
        }
    }
}
