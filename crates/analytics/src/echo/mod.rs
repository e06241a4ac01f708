//! Graph and sides -> scores of an echo chamber. One file per score; the list is [`crate::registry::ECHO`].
//!
//! Accounts without a side are not counted: only ties between accounts that have one enter a score.

pub mod assortativity;
pub mod ei;
pub mod mixing;
pub mod modularity;

use crate::spec::{Outcome, Score};
use echogram_graph::Grouping;

/// A score's rows, with the number of accounts that have no side.
fn outcome(sides: &Grouping, scores: Vec<Score>) -> Outcome {
    let left_out = sides.labels().iter().filter(|side| side.is_none()).count() as u32;
    Outcome { accounts_left_out: left_out, ..Outcome::of_scores(scores) }
}
