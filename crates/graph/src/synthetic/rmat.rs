//! R-MAT: a power law by falling into quarters of the matrix again and again.
//!
//! Each tie begins with the whole matrix of sources and targets and falls into one of its quarters (a, b, c, d: first half to first half, first to
//! second, second to first, second to second), then into a quarter of that, until one cell is left. With a > d the first accounts get and
//! give most. There is no planted truth: these networks are for speed and for degrees.
//!
//! # Conventions
//! Directed. Loops are left out and a tie drawn again is one tie, so that fewer are there than were drawn. Where the number of accounts is no
//! power of two, a cell outside the matrix is left out as well. The same numbers as [`rmat()`] give the same ties.
//!
//! # Source
//! Chakrabarti, Zhan, Faloutsos: R-MAT: A Recursive Model for Graph Mining. SDM 2004. doi 10.1137/1.9781611972740.43; the usual quarters are those
//! of Graph500.

use super::{BadParam, MOST_ACCOUNTS, MOST_TIES, Stream, Tie, must, simple};
use crate::Graph;
use rayon::prelude::*;

/// The purpose of the random numbers.
const PURPOSE: u64 = 2;
/// How far quarters may be from 1 in sum.
const SUM_TOLERANCE: f64 = 1e-6;

/// How an R-MAT network is made.
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    /// Number of accounts.
    pub accounts: u32,
    /// Ties drawn.
    pub edges: u64,
    /// Shares of the quarters a, b, c, d; they add up to 1.
    pub quarters: [f64; 4],
    /// Seed.
    pub seed: u64,
}

impl Params {
    /// Sixteen draws an account, and the quarters of Graph500.
    pub fn new(accounts: u32) -> Self {
        Self { accounts, edges: 16 * u64::from(accounts), quarters: [0.57, 0.19, 0.19, 0.05], seed: 1 }
    }

    /// Checks each value, and those that depend on each other.
    ///
    /// # Errors
    /// [`BadParam`].
    pub fn check(&self) -> Result<(), BadParam> {
        let accounts_rule = format!("between 2 and {MOST_ACCOUNTS}");
        must((2..=MOST_ACCOUNTS).contains(&self.accounts), "accounts", accounts_rule, self.accounts)?;
        must((1..=MOST_TIES).contains(&self.edges), "edges", format!("between 1 and {MOST_TIES}"), self.edges)?;
        let got = self.quarters.map(|quarter| quarter.to_string()).join(",");
        let is_share = self.quarters.iter().all(|quarter| (0.0..=1.0).contains(quarter));
        let is_whole = (self.quarters.iter().sum::<f64>() - 1.0).abs() <= SUM_TOLERANCE;
        must(is_share && is_whole, "quarters", "four shares that add up to 1", got)
    }
}

/// The ties of an R-MAT network, sorted by source and target.
///
/// # Errors
/// [`BadParam`].
pub fn generate(params: &Params) -> Result<Vec<Tie>, BadParam> {
    params.check()?;
    let [a, b, c, _] = params.quarters;
    let bounds = [a, a + b, a + b + c];
    let scale = u64::from(params.accounts).next_power_of_two().trailing_zeros();
    let stream = Stream::new(params.seed, PURPOSE, 0);
    let mut ties: Vec<Tie> = (0..params.edges)
        .into_par_iter()
        .map(|draw| fall(scale, bounds, stream.ahead(draw * u64::from(scale))))
        .filter(|&(source, target)| source != target && source < params.accounts && target < params.accounts)
        .collect();
    ties.par_sort_unstable();
    ties.dedup();
    Ok(ties)
}

/// One cell of the matrix.
fn fall(scale: u32, [a, ab, abc]: [f64; 3], mut stream: Stream) -> Tie {
    (0..scale).fold((0, 0), |(source, target), _| {
        let draw = stream.unit();
        let (down, right) = (draw >= ab, (a..ab).contains(&draw) || draw >= abc);
        ((source << 1) | u32::from(down), (target << 1) | u32::from(right))
    })
}

/// Power law: R-MAT with 2^`scale` nodes and `factor` draws per node (0.57, 0.19, 0.19, 0.05), without self-loops.
pub fn rmat(scale: u32, factor: usize, seed: u64) -> Graph {
    let bounds = [0.57, 0.76, 0.95];
    let stream = Stream::new(seed, PURPOSE, 0);
    let draws = (0..(factor as u64) << scale).map(|draw| fall(scale, bounds, stream.ahead(draw * u64::from(scale))));
    let list: Vec<_> = draws.filter(|tie| tie.0 != tie.1).map(|(source, target)| (source, target, 1.0)).collect();
    simple(1 << scale, &list)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{check_near, check_simple, check_threads};
    use super::*;

    #[test]
    fn the_ties_are_those_of_the_graph_for_benches() {
        let ties = generate(&Params { accounts: 256, edges: 1024, seed: 7, ..Params::new(256) }).unwrap();
        let graph = rmat(8, 4, 7);
        let list: Vec<_> = ties.iter().map(|&(source, target)| (source, target, 1.0)).collect();
        assert_eq!(simple(256, &list), graph);
        // Frozen: tests and benches rest on these edges.
        assert_eq!(ties[..3], [(0, 1), (0, 2), (0, 3)]);
    }

    #[test]
    fn any_number_of_accounts() {
        let params = Params { edges: 20_000, ..Params::new(1_500) };
        let ties = generate(&params).unwrap();
        check_simple(1_500, true, &ties);
        assert!(ties.len() > 10_000);
        check_threads(|| generate(&params).unwrap());
        assert_ne!(ties, generate(&Params { seed: 2, ..params }).unwrap());
    }

    /// With equal quarters every cell is as likely; with the usual ones the first half of the sources gives a + b of all ties.
    #[test]
    fn quarters_hold_their_shares() {
        let half = |quarters: [f64; 4]| {
            let ties = generate(&Params { quarters, edges: 40_000, ..Params::new(1 << 14) }).unwrap();
            ties.iter().filter(|tie| tie.0 < 1 << 13).count() as f64 / ties.len() as f64
        };
        check_near(half([0.25; 4]), 0.5, 0.02);
        check_near(half([0.4, 0.3, 0.2, 0.1]), 0.7, 0.02);
    }

    #[test]
    fn values_that_cannot_be() {
        let usual = Params::new(100);
        for (params, name) in [
            (Params { accounts: 1, ..usual.clone() }, "accounts"),
            (Params { edges: 0, ..usual.clone() }, "edges"),
            (Params { quarters: [0.5, 0.5, 0.5, -0.5], ..usual.clone() }, "quarters"),
            (Params { quarters: [0.5, 0.5, 0.5, 0.5], ..usual.clone() }, "quarters"),
            (Params { quarters: [f64::NAN, 0.5, 0.5, 0.5], ..usual }, "quarters"),
        ] {
            assert_eq!(generate(&params).unwrap_err().name, name, "{params:?}");
        }
    }
}
