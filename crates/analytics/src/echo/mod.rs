//! Graph and sides -> scores of an echo chamber. One file per score; the list is [`crate::registry::ECHO`].
//!
//! Accounts without a side are not counted: only ties between accounts that have one enter a score.

pub mod aei;
pub mod assortativity;
pub mod bcc;
pub mod boundary;
pub mod coleman;
pub mod conductance;
pub mod diffusion_bias;
pub mod dipole;
pub(crate) mod division;
pub mod ei;
pub mod ei_rescaled;
pub mod exposure;
pub mod fj_disagreement;
pub mod fj_disagreement_leaning;
pub mod fj_polarisation;
pub mod fj_polarisation_leaning;
pub mod freeman;
pub mod friedkin_johnsen;
pub mod inbreeding_homophily;
pub mod leaning_correlation;
pub mod mixing;
pub mod modularity;
pub mod orwg;
pub mod rwc_adaptive;
pub mod rwc_hub;
pub mod rwc_seed;
pub mod ssi;
pub(crate) mod vertex_bootstrap;
pub mod walk;

use crate::spec::{Outcome, Score};
use division::{Division, divisions};
use echogram_graph::Grouping;
use mixing::GroupTies;
use vertex_bootstrap::Drawn;

/// A score's rows, with the number of accounts that have no side.
fn outcome(sides: &Grouping, scores: Vec<Score>) -> Outcome {
    let left_out = sides.labels().iter().filter(|side| side.is_none()).count() as u32;
    Outcome { accounts_left_out: left_out, ..Outcome::of_scores(scores) }
}

/// How many accounts a share of a side of so many is: one at least, none of an empty side.
fn share_of(share: f64, size: usize) -> usize {
    if size == 0 { 0 } else { ((share * size as f64).floor() as usize).max(1) }
}

/// A score between two sides of every division into two. `score` is given the ties between two groups and the numbers of their members; its error is that of a vertex bootstrap over `drawn`.
fn between(
    name: &'static str,
    ties: &GroupTies,
    sides: &Grouping,
    drawn: &[Drawn],
    score: impl Fn(&GroupTies, [f64; 2]) -> f64,
) -> Vec<Score> {
    let sizes: Vec<f64> = sides.sizes().into_iter().map(f64::from).collect();
    let row = |division: Division| {
        let of_division = |ties: &GroupTies, sizes: &[f64]| {
            let size = |of| (0..sizes.len()).filter(|&side| division.into[side] == Some(of)).map(|side| sizes[side]).sum();
            (ties.collapsed(&division.into, 2), [0, 1].map(size))
        };
        let (ties, sizes) = of_division(ties, &sizes);
        let error = vertex_bootstrap::error(drawn, |ties, sizes| {
            let (ties, sizes) = of_division(ties, sizes);
            score(&ties, sizes)
        });
        Score { group: division.group, ..Score::whole(name, score(&ties, sizes)).with_error(error) }
    };
    let rows: Vec<Score> = divisions(sides).into_iter().map(row).collect();
    if rows.is_empty() { vec![Score::whole(name, f64::NAN)] } else { rows }
}

/// A score of each side, with its jackknife error.
fn of_each(name: &'static str, ties: &GroupTies, sides: &Grouping, score: impl Fn(&GroupTies, usize) -> f64) -> Vec<Score> {
    let row = |side: usize| {
        let [error] = ties.jackknife(|ties| [score(ties, side)]);
        Score { group: Some(sides.names()[side].clone()), ..Score::whole(name, score(ties, side)).with_error(error) }
    };
    (0..sides.count()).map(row).collect()
}
