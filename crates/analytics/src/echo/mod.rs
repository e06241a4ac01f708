//! Graph and sides -> scores of an echo chamber. One file per score; the list is [`crate::registry::ECHO`].
//!
//! Accounts without a side are not counted: only ties between accounts that have one enter a score.

pub mod aei;
pub mod assortativity;
pub mod coleman;
pub mod conductance;
pub mod diffusion_bias;
pub mod ei;
pub mod ei_rescaled;
pub mod exposure;
pub mod freeman;
pub mod inbreeding_homophily;
pub mod leaning_correlation;
pub mod mixing;
pub mod modularity;
pub mod rwc_adaptive;
pub mod rwc_hub;
pub mod walk;

use crate::spec::{Outcome, Score};
use echogram_graph::Grouping;
use mixing::GroupTies;

/// A score's rows, with the number of accounts that have no side.
fn outcome(sides: &Grouping, scores: Vec<Score>) -> Outcome {
    let left_out = sides.labels().iter().filter(|side| side.is_none()).count() as u32;
    Outcome { accounts_left_out: left_out, ..Outcome::of_scores(scores) }
}

/// More sides than this have no rows for each pair of them.
const MOST_PAIRED: usize = 12;

/// A score between two sides, with its jackknife error: one row for the whole network where there are two, else a row for each side against all others (`A|rest`) and for each pair
/// (`A|B`). `score` is given the ties between two groups and the numbers of their members.
fn between(name: &'static str, ties: &GroupTies, sides: &Grouping, score: impl Fn(&GroupTies, [f64; 2]) -> f64) -> Vec<Score> {
    let sizes: Vec<f64> = sides.sizes().into_iter().map(f64::from).collect();
    let count = sides.count();
    let row = |group: Option<String>, into: &[Option<usize>]| {
        let ties = ties.collapsed(into, 2);
        let size = |of: usize| (0..count).filter(|&side| into[side] == Some(of)).map(|side| sizes[side]).sum::<f64>();
        let sizes = [size(0), size(1)];
        let [error] = ties.jackknife(|ties| [score(ties, sizes)]);
        Score { group, ..Score::whole(name, score(&ties, sizes)).with_error(error) }
    };
    if count < 2 {
        return vec![Score::whole(name, f64::NAN)];
    }
    if count == 2 {
        return vec![row(None, &[Some(0), Some(1)])];
    }
    let names = sides.names();
    let mut rows: Vec<Score> = (0..count)
        .map(|own| {
            row(Some(format!("{}|rest", names[own])), &(0..count).map(|side| Some(usize::from(side != own))).collect::<Vec<_>>())
        })
        .collect();
    if count <= MOST_PAIRED {
        for (one, other) in (0..count).flat_map(|one| (one + 1..count).map(move |other| (one, other))) {
            let into: Vec<Option<usize>> = (0..count).map(|side| [one, other].iter().position(|&of| of == side)).collect();
            rows.push(row(Some(format!("{}|{}", names[one], names[other])), &into));
        }
    }
    rows
}

/// A score of each side, with its jackknife error.
fn of_each(name: &'static str, ties: &GroupTies, sides: &Grouping, score: impl Fn(&GroupTies, usize) -> f64) -> Vec<Score> {
    let row = |side: usize| {
        let [error] = ties.jackknife(|ties| [score(ties, side)]);
        Score { group: Some(sides.names()[side].clone()), ..Score::whole(name, score(ties, side)).with_error(error) }
    };
    (0..sides.count()).map(row).collect()
}
