//! Opinions that neighbours and own leanings settle between them: what `fj_polarisation`, `fj_disagreement` and their forms by leaning share.
//!
//! z = (I + L)^-1 s: each account's opinion is the mean of its own s and of its neighbours' opinions, by weight of ties; L is the Laplacian.

use super::division::divisions;
use crate::conjugate_gradients::solve;
use crate::numeric::stable_sum;
use crate::spec::{Input, Outcome, Score};
use crate::{MetricError, Run};
use echogram_graph::{Graph, GraphView, NodeId};
use rayon::prelude::*;

/// Opinions in balance.
#[derive(Clone, Copy, Debug)]
pub struct Opinions {
    /// Sum of squared distances from the mean opinion.
    pub polarisation: f64,
    /// Sum over ties of weight times squared difference.
    pub disagreement: f64,
}

/// Those of every division into two sides, found once for both scores.
struct OfDivisions(Vec<Opinions>);

/// One value of each division, and the same by account.
pub(super) fn scores(
    input: &Input<'_>,
    names: [&'static str; 2],
    pick: fn(&Opinions) -> f64,
    run: &Run<'_>,
) -> Result<Outcome, MetricError> {
    let sides = input.sides(names[0])?;
    let quiet = Run { on_step: None, ..*run };
    let of_divisions = input.shared(|| {
        let found =
            divisions(sides).into_par_iter().map(|division| opinions(input.graph, &innate(&division.of_accounts(sides)), &quiet));
        Ok(OfDivisions(found.collect::<Result<_, MetricError>>()?))
    })?;
    let accounts = input.graph.node_count() as f64;
    let rows = divisions(sides).into_iter().zip(&of_divisions.0).flat_map(|(division, opinions)| {
        let value = pick(opinions);
        let [sum, mean] = names;
        [(sum, value), (mean, value / accounts)]
            .map(|(name, value)| Score { group: division.group.clone(), ..Score::whole(name, value) })
    });
    let found: Vec<Score> = rows.collect();
    let undefined = || names.map(|name| Score::whole(name, f64::NAN)).to_vec();
    Ok(super::outcome(sides, if found.is_empty() { undefined() } else { found }))
}

/// Those of leanings, found once for both scores.
struct OfLeanings(Opinions);

/// The value by leanings, and the same by account; undefined where leanings do not vary.
pub(super) fn scores_of_leanings(
    input: &Input<'_>,
    names: [&'static str; 2],
    pick: fn(&Opinions) -> f64,
    run: &Run<'_>,
) -> Result<Outcome, MetricError> {
    let leanings = input.leanings(names[0])?;
    let unknown = leanings.iter().filter(|leaning| leaning.is_nan()).count() as u32;
    let value = match centred(leanings) {
        None => f64::NAN,
        Some(innate) => pick(&input.shared(|| opinions(input.graph, &innate, run).map(OfLeanings))?.0),
    };
    let [sum, mean] = names;
    let scores = vec![Score::whole(sum, value), Score::whole(mean, value / leanings.len() as f64)];
    Ok(Outcome { accounts_left_out: unknown, ..Outcome::of_scores(scores) })
}

/// Leanings less the mean of those known, which stands for unknown ones (NaN): then only how far leanings are apart matters, not where zero lies. `None` where they do not vary.
pub fn centred(leanings: &[f64]) -> Option<Vec<f64>> {
    let mut known = leanings.iter().copied().filter(|leaning| !leaning.is_nan());
    let first = known.next()?;
    if known.all(|leaning| leaning == first) {
        return None;
    }
    let count = leanings.iter().filter(|leaning| !leaning.is_nan()).count();
    let mean = stable_sum(leanings.len(), |row| if leanings[row].is_nan() { 0.0 } else { leanings[row] }) / count as f64;
    Some(leanings.iter().map(|leaning| if leaning.is_nan() { 0.0 } else { leaning - mean }).collect())
}

/// The innate opinion of each account: +1 in group 0, -1 in group 1, 0 in neither.
pub fn innate(of: &[Option<usize>]) -> Vec<f64> {
    of.iter().map(|group| group.map_or(0.0, |group| if group == 0 { 1.0 } else { -1.0 })).collect()
}

/// Ties of `row` to others.
fn ties(graph: &Graph, row: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
    graph.out().row(NodeId::new(row)).map(|(other, weight)| (other.row(), weight)).filter(move |tie| tie.0 != row)
}

/// Settles the opinions of a symmetric graph.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn opinions(graph: &Graph, innate: &[f64], run: &Run<'_>) -> Result<Opinions, MetricError> {
    let z = settled(graph, innate, run)?;
    let n = z.len();
    let mean = stable_sum(n, |row| z[row]) / n as f64;
    let polarisation = stable_sum(n, |row| (z[row] - mean).powi(2));
    let of_row = |row: usize| ties(graph, row).map(|(other, weight)| weight * (z[row] - z[other]).powi(2)).sum::<f64>();
    Ok(Opinions { polarisation, disagreement: stable_sum(n, of_row) / 2.0 })
}

fn settled(graph: &Graph, innate: &[f64], run: &Run<'_>) -> Result<Vec<f64>, MetricError> {
    let n = graph.node_count();
    let diagonal: Vec<f64> =
        (0..n).into_par_iter().with_min_len(256).map(|row| 1.0 + ties(graph, row).map(|tie| tie.1).sum::<f64>()).collect();
    let times = |opinions: &[f64]| -> Vec<f64> {
        let of_row = |row: usize| ties(graph, row).map(|(other, weight)| weight * opinions[other]).sum::<f64>();
        (0..n).into_par_iter().with_min_len(256).map(|row| diagonal[row] * opinions[row] - of_row(row)).collect()
    };
    solve(&diagonal, innate.to_vec(), times, run)
}

/// Most accounts whose opinions are checked by dense algebra.
const MOST_DENSE: usize = 256;

/// Checks the identity of Musco, Musco and Tsourakakis: polarisation + disagreement = s' . (I + L)^-1 s', s' centred; and, of small graphs, both by elimination on the dense I + L.
///
/// # Errors
/// By how much they differ, or cancelled.
pub fn verify(graph: &Graph, innate: &[f64], found: &Opinions) -> Result<(), String> {
    let mean = innate.iter().sum::<f64>() / innate.len() as f64;
    let centred: Vec<f64> = innate.iter().map(|own| own - mean).collect();
    let z = settled(graph, &centred, &Run::default()).map_err(|error| error.to_string())?;
    let index: f64 = z.iter().zip(&centred).map(|(z, s)| z * s).sum();
    let close = |got: f64, wanted: f64| (got - wanted).abs() <= 1e-9 * wanted.abs().max(1.0);
    let sum = found.polarisation + found.disagreement;
    if !close(sum, index) {
        return Err(format!("polarisation and disagreement add up to {sum}, the index is {index}"));
    }
    if innate.len() > MOST_DENSE {
        return Ok(());
    }
    let dense = dense_opinions(graph, innate);
    let is_same = close(found.polarisation, dense.polarisation) && close(found.disagreement, dense.disagreement);
    if is_same { Ok(()) } else { Err(format!("got {found:?}, dense algebra gives {dense:?}")) }
}

/// The same by the book: I + L written out, and solved by Gauss and Jordan (positive definite, so that no pivot is needed).
fn dense_opinions(graph: &Graph, innate: &[f64]) -> Opinions {
    let n = innate.len();
    let mut rows: Vec<Vec<f64>> = innate.iter().map(|own| [vec![0.0; n], vec![*own]].concat()).collect();
    for (row, values) in rows.iter_mut().enumerate() {
        values[row] += 1.0;
        for (other, weight) in ties(graph, row) {
            values[row] += weight;
            values[other] -= weight;
        }
    }
    for pivot in 0..n {
        let of_pivot: Vec<f64> = rows[pivot].iter().map(|value| value / rows[pivot][pivot]).collect();
        for row in (0..n).filter(|&row| row != pivot) {
            let factor = rows[row][pivot];
            rows[row].iter_mut().zip(&of_pivot).for_each(|(value, of_pivot)| *value -= factor * of_pivot);
        }
        rows[pivot] = of_pivot;
    }
    let z: Vec<f64> = rows.iter().map(|row| row[n]).collect();
    let mean = z.iter().sum::<f64>() / n as f64;
    let all = (0..n).flat_map(|row| ties(graph, row).map(move |(other, weight)| (row, other, weight)));
    Opinions {
        polarisation: z.iter().map(|z| (z - mean).powi(2)).sum(),
        disagreement: all.filter(|tie| tie.0 < tie.1).map(|(row, other, weight)| weight * (z[row] - z[other]).powi(2)).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::synthetic;

    #[test]
    fn two_accounts_of_different_sides_by_hand() {
        // (I + L) = [[2, -1], [-1, 2]]: z = (1/3, -1/3).
        let found = opinions(&Graph::from_arrows("0>1").undirected(), &[1.0, -1.0], &Run::default()).unwrap();
        assert!((found.polarisation - 2.0 / 9.0).abs() < 1e-14 && (found.disagreement - 4.0 / 9.0).abs() < 1e-14);
    }

    #[test]
    fn the_two_add_up_to_the_index() {
        for seed in 0..5 {
            let graph = synthetic::rmat(7, 4, seed).undirected();
            let of: Vec<Option<usize>> = (0..graph.node_count()).map(|row| [Some(0), Some(1), None][row % 3]).collect();
            let found = opinions(&graph, &innate(&of), &Run::default()).unwrap();
            verify(&graph, &innate(&of), &found).unwrap();
        }
    }

    #[test]
    fn only_how_far_leanings_are_apart_matters() {
        let graph = synthetic::rmat(6, 4, 3).undirected();
        let leanings: Vec<f64> =
            (0..64).map(|row| if row % 5 == 0 { f64::NAN } else { f64::from(row * 37 % 64) / 32.0 }).collect();
        let of = |leanings: &[f64]| {
            let innate = centred(leanings).unwrap();
            let found = opinions(&graph, &innate, &Run::default()).unwrap();
            verify(&graph, &innate, &found).unwrap();
            found
        };
        let found = of(&leanings);
        let moved = of(&leanings.iter().map(|leaning| 3.0 * leaning + 100.0).collect::<Vec<_>>());
        assert!((moved.polarisation / found.polarisation - 9.0).abs() < 1e-9, "{found:?} {moved:?}");
        assert!((moved.disagreement / found.disagreement - 9.0).abs() < 1e-9, "{found:?} {moved:?}");
        assert_eq!(centred(&[f64::NAN, 0.5, 0.5]), None);
        assert_eq!(centred(&[f64::NAN]), None);
        assert_eq!(centred(&[f64::NAN, 0.0, 1.0]), Some(vec![0.0, -0.5, 0.5]));
    }
}
