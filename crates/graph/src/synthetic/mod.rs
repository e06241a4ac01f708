//! Seeded graphs: the same edges for the same numbers, on every machine and any number of threads.
//!
//! [`uniform`], [`rmat()`] and [`planted`] are for tests and benches. [`rmat::generate`], [`lfr::generate`] and [`camps::generate`] are
//! networks to measure methods on: what they plant, they tell.

pub mod camps;
pub mod lfr;
mod planted;
mod power_law;
pub mod rmat;
mod stream;
mod uniform;
mod weights;
mod wiring;

pub use planted::planted;
pub use rmat::rmat;
pub use stream::{Stream, permutation};
pub use uniform::uniform;

use crate::Graph;
use std::fmt;

/// Two nodes that are tied: source and target, or the smaller and the larger where ties have no direction.
pub type Tie = (u32, u32);

/// Most accounts that are made.
pub const MOST_ACCOUNTS: u32 = 1 << 28;
/// Most ties that are drawn.
pub const MOST_TIES: u64 = 1 << 31;

/// A parameter, or several together, that no network can have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadParam {
    /// The parameter's name.
    pub name: &'static str,
    /// The rule, in words that follow "must be".
    pub must_be: String,
    /// The value, and what it was held against.
    pub got: String,
}

impl fmt::Display for BadParam {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} must be {}, not {}", self.name, self.must_be, self.got)
    }
}

impl std::error::Error for BadParam {}

/// Fails with a rule that is broken.
fn must(holds: bool, name: &'static str, must_be: impl fmt::Display, got: impl fmt::Display) -> Result<(), BadParam> {
    if holds { Ok(()) } else { Err(BadParam { name, must_be: must_be.to_string(), got: got.to_string() }) }
}

/// Rules that hold for every kind of network.
fn check_size(accounts: u64, average_degree: f64) -> Result<(), BadParam> {
    let accounts_rule = format_args!("between 2 and {MOST_ACCOUNTS}").to_string();
    must((2..=u64::from(MOST_ACCOUNTS)).contains(&accounts), "accounts", accounts_rule, accounts)?;
    let most = MOST_TIES as f64 / accounts as f64;
    let rule = format_args!("a number from 1 to {} (ties are at most {MOST_TIES})", most as u64).to_string();
    must(average_degree >= 1.0 && average_degree <= most, "average-degree", rule, average_degree)
}

fn simple(nodes: usize, edges: &[(u32, u32, f64)]) -> Graph {
    Graph::from_edges(nodes, edges).unweighted()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tie stands once, in order, and joins two nodes.
    #[track_caller]
    pub(super) fn check_simple(nodes: u32, is_directed: bool, ties: &[Tie]) {
        assert!(ties.windows(2).all(|pair| pair[0] < pair[1]), "ties are sorted and stand once");
        assert!(ties.iter().all(|tie| tie.0 != tie.1 && tie.0 < nodes && tie.1 < nodes));
        assert!(is_directed || ties.iter().all(|tie| tie.0 < tie.1), "ties without direction stand once");
    }

    /// The same on one thread and on three.
    #[track_caller]
    pub(super) fn check_threads<T: PartialEq + Send>(make: impl Fn() -> T + Send + Sync) {
        let on = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(&make);
        assert!(on(1) == on(3), "threads make no difference");
    }

    /// A value is near another, in shares of it.
    #[track_caller]
    pub(super) fn check_near(got: f64, wanted: f64, share: f64) {
        assert!((got - wanted).abs() <= share * wanted.abs(), "{got} where {wanted} is wanted");
    }

    #[test]
    fn the_same_numbers_give_the_same_graph() {
        assert_eq!(rmat(8, 4, 1), rmat(8, 4, 1));
        assert_ne!(uniform(50, 200, 1), uniform(50, 200, 2));
        assert_eq!(planted(3, 10, 4, 1, 5).out().loop_count(), 0);
    }

    #[test]
    fn a_broken_rule_is_told() {
        let error = must(false, "mu", "a share", 2.5).unwrap_err();
        assert_eq!(error.to_string(), "mu must be a share, not 2.5");
        assert!(check_size(1, 1.0).is_err() && check_size(10, f64::NAN).is_err() && check_size(1 << 28, 10.0).is_err());
        assert!(check_size(1 << 28, 8.0).is_ok());
    }
}
