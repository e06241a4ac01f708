//! Opinions that neighbours and own leanings settle between them: what `fj_polarisation` and `fj_disagreement` share.
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

/// Checks the identity of Musco, Musco and Tsourakakis: polarisation + disagreement = s' . (I + L)^-1 s', s' centred.
///
/// # Errors
/// By how much they differ, or cancelled.
pub fn verify(graph: &Graph, innate: &[f64], found: &Opinions) -> Result<(), String> {
    let mean = innate.iter().sum::<f64>() / innate.len() as f64;
    let centred: Vec<f64> = innate.iter().map(|own| own - mean).collect();
    let z = settled(graph, &centred, &Run::default()).map_err(|error| error.to_string())?;
    let index: f64 = z.iter().zip(&centred).map(|(z, s)| z * s).sum();
    let sum = found.polarisation + found.disagreement;
    if (index - sum).abs() <= 1e-9 * index.abs().max(1.0) {
        Ok(())
    } else {
        Err(format!("polarisation and disagreement add up to {sum}, the index is {index}"))
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
}
