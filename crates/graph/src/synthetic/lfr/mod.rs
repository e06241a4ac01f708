//! LFR: communities of uneven sizes, accounts of uneven degrees, and a share of each account's ties that leaves its community.
//!
//! # How
//! 1. Degrees follow a power law (exponent `tau1`) up to `max_degree` whose lower end is chosen so that the mean is `average_degree`.
//! 2. Sizes of communities follow a power law (`tau2`) from `min_community` to `max_community`, and add up to the accounts.
//! 3. Of each account's ties a share of 1 - `mu` is to stay inside, rounded at random so that the mean is kept. Accounts are put into communities that are
//!    larger than their ties inside, each such way being as likely.
//! 4. Inside each community, and between all, stubs are paired at random (`wiring.rs`).
//!
//! # Conventions
//! No loops, no repeated ties; all accounts have a community. `mu` counts ties: the share of an account's ties that go to other communities. Where ties have
//! directions, in-degrees follow the power law and out-degrees are as equal as they can be, as in the paper; `mu` is then the share of ties received.
//! Where they have weights, the strength of an account is degree^`beta`, a share `mu_weights` of it outside; with directions this is the strength
//! received.
//!
//! # Differs from the paper
//! Degrees are a stratified sample, so that the mean is met; nobody is thrown out of a community once in; ties that cannot be had are told in
//! [`Lfr::dropped`]; weights come from proportional fitting rather than from steps down a gradient.
//!
//! # Example
//! ```
//! use echogram_graph::synthetic::lfr::{Params, generate};
//!
//! let made = generate(&Params { mu: 0.2, ..Params::new(1_000) })?;
//! assert_eq!(made.communities.labels().len(), 1_000);
//! assert!((made.mixing() - 0.2).abs() < 0.01);
//! # Ok::<(), echogram_graph::synthetic::BadParam>(())
//! ```
//!
//! # Cost
//! About 30 random reads and 60 bytes a tie. Communities are wired in parallel, what lies between them is not.
//!
//! # Source
//! Lancichinetti, Fortunato, Radicchi: Benchmark graphs for testing community detection algorithms. Phys. Rev. E 78, 046110 (2008), doi
//! 10.1103/PhysRevE.78.046110; directions and weights: Lancichinetti, Fortunato, Phys. Rev. E 80, 016118 (2009), doi 10.1103/PhysRevE.80.016118.

mod degrees;
mod placing;
#[cfg(test)]
mod tests;

use super::power_law::PowerLaw;
use super::{BadParam, Stream, Tie, check_size, must, weights, wiring};
use crate::Partition;
use degrees::Degrees;
use placing::Members;
use rayon::prelude::*;

/// Purposes of random numbers.
mod purpose {
    pub(super) const DEGREES: u64 = 0x4C46_5200;
    pub(super) const ROUNDING: u64 = 0x4C46_5201;
    pub(super) const SIZES: u64 = 0x4C46_5202;
    pub(super) const PLACES: u64 = 0x4C46_5203;
    pub(super) const BALANCE: u64 = 0x4C46_5204;
    pub(super) const INSIDE: u64 = 0x4C46_5205;
    pub(super) const OUTSIDE: u64 = 0x4C46_5206;
}

/// Exponents that make sense.
const EXPONENTS: std::ops::RangeInclusive<f64> = 0.0..=10.0;

/// How an LFR network is made.
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    /// Number of accounts.
    pub accounts: u32,
    /// Mean of the degrees (of in-degrees, where ties have directions).
    pub average_degree: f64,
    /// Highest degree.
    pub max_degree: u32,
    /// Exponent of the degrees.
    pub tau1: f64,
    /// Exponent of the sizes of communities.
    pub tau2: f64,
    /// Share of an account's ties that go outside its community, in [0, 1].
    pub mu: f64,
    /// Smallest community.
    pub min_community: u32,
    /// Largest community.
    pub max_community: u32,
    /// Whether ties have directions.
    pub is_directed: bool,
    /// Whether, and how, ties have weights.
    pub weights: Option<Weights>,
    /// Seed.
    pub seed: u64,
}

/// How the ties of an LFR network get weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weights {
    /// Strength is degree to this power.
    pub beta: f64,
    /// Share of an account's strength that goes outside its community, in [0, 1].
    pub mu_weights: f64,
}

impl Params {
    /// Values that work for this many accounts: degrees of 20 on average and up to 100, communities of 20 to 200, less in small networks.
    pub fn new(accounts: u32) -> Self {
        let max_degree = (accounts / 5).clamp(1, 100);
        Self {
            accounts,
            average_degree: (f64::from(max_degree + 2) / 3.0).min(20.0),
            max_degree,
            tau1: 2.5,
            tau2: 1.5,
            mu: 0.3,
            min_community: (accounts / 10).clamp(2, 20),
            max_community: accounts.div_ceil(2).clamp(2, 200),
            is_directed: false,
            weights: None,
            seed: 1,
        }
    }

    /// Checks each value, and those that depend on each other.
    ///
    /// # Errors
    /// [`BadParam`].
    pub fn check(&self) -> Result<(), BadParam> {
        let Self { accounts, max_degree, min_community, max_community, mu, .. } = *self;
        check_size(accounts.into(), self.average_degree)?;
        must(max_degree < accounts, "max-degree", format_args!("below the number of accounts, {accounts}"), max_degree)?;
        must(
            self.average_degree <= f64::from(max_degree),
            "average-degree",
            format_args!("at most --max-degree, {max_degree}"),
            self.average_degree,
        )?;
        let range = format!("between {} and {}", EXPONENTS.start(), EXPONENTS.end());
        must(EXPONENTS.contains(&self.tau1), "tau1", &range, self.tau1)?;
        must(EXPONENTS.contains(&self.tau2), "tau2", &range, self.tau2)?;
        must((0.0..=1.0).contains(&mu), "mu", "a share, from 0 to 1", mu)?;
        must(min_community >= 2, "min-community", "2 or more", min_community)?;
        must(
            max_community <= accounts,
            "max-community",
            format_args!("at most the number of accounts, {accounts}"),
            max_community,
        )?;
        must(
            min_community <= max_community,
            "min-community",
            format_args!("at most --max-community, {max_community}"),
            min_community,
        )?;
        let fewest = u64::from(accounts).div_ceil(max_community.into());
        must(
            fewest * u64::from(min_community) <= accounts.into(),
            "min-community",
            format_args!("at most {}, as {accounts} accounts need {fewest} communities or more", u64::from(accounts) / fewest),
            min_community,
        )?;
        let inside = ((1.0 - mu) * f64::from(max_degree)).ceil();
        must(
            inside < f64::from(max_community),
            "max-community",
            format_args!(
                "at least {}, as an account of degree {max_degree} has up to {inside} ties inside with mu {mu}",
                inside + 1.0
            ),
            max_community,
        )?;
        must(
            mu == 0.0 || max_community < accounts,
            "max-community",
            "below the number of accounts, as with mu above 0 there is an outside",
            max_community,
        )?;
        let Some(Weights { beta, mu_weights }) = self.weights else { return Ok(()) };
        must((0.0..=5.0).contains(&beta), "beta", "between 0 and 5", beta)?;
        must((0.0..=1.0).contains(&mu_weights), "mu-weights", "a share, from 0 to 1", mu_weights)?;
        let is_mixed = |share: f64| share > 0.0 && share < 1.0;
        must(
            mu_weights == mu || is_mixed(mu) && is_mixed(mu_weights),
            "mu-weights",
            format_args!("{mu} too with mu {mu}, or both between 0 and 1, as every tie has a weight above 0"),
            mu_weights,
        )
    }

    fn degree_law(&self) -> Result<PowerLaw, BadParam> {
        PowerLaw::with_mean(self.tau1, self.average_degree, self.max_degree).map_err(|least| BadParam {
            name: "average-degree",
            must_be: format!("at least {least:.2} with --tau1 {} and --max-degree {}", self.tau1, self.max_degree),
            got: self.average_degree.to_string(),
        })
    }
}

/// An LFR network.
#[derive(Clone, Debug, PartialEq)]
pub struct Lfr {
    /// Sorted ties; the smaller end first where they have no directions.
    pub ties: Vec<Tie>,
    /// A weight a tie, above 0.
    pub weights: Option<Vec<f64>>,
    /// The planted communities.
    pub communities: Partition,
    /// Ties whose place could not be found, as their ends would have been tied twice.
    pub dropped: u64,
}

impl Lfr {
    /// The share of ties that go outside.
    pub fn mixing(&self) -> f64 {
        let outside = self.ties.iter().filter(|tie| self.is_outside(tie)).count();
        outside as f64 / self.ties.len().max(1) as f64
    }

    /// The share of all weight that goes outside.
    pub fn weight_mixing(&self) -> Option<f64> {
        let weights = self.weights.as_ref()?;
        let outside = self.ties.iter().zip(weights).filter(|(tie, _)| self.is_outside(tie)).map(|(_, weight)| weight);
        Some(outside.sum::<f64>() / weights.iter().sum::<f64>())
    }

    fn is_outside(&self, &(a, b): &Tie) -> bool {
        let labels = self.communities.labels();
        labels[a as usize] != labels[b as usize]
    }
}

/// An LFR network.
///
/// # Errors
/// [`BadParam`] for values that no such network has.
pub fn generate(params: &Params) -> Result<Lfr, BadParam> {
    params.check()?;
    let mut degrees = Degrees::draw(params, &params.degree_law()?);
    let sizes = placing::sizes(params);
    let communities = Partition::from_labels(&placing::place(params, &sizes, &mut degrees));
    let members = Members::of(&communities);
    let (mut ties, dropped) = if params.is_directed {
        directed_ties(params, &mut degrees, &communities, &members)
    } else {
        undirected_ties(params, &mut degrees, &communities, &members)
    };
    ties.par_sort_unstable();
    let labels = communities.labels();
    let weights = params.weights.map(|wanted| {
        let is_outside = |&(a, b): &Tie| labels[a as usize] != labels[b as usize];
        weights::fit(params.accounts, &ties, params.is_directed, is_outside, wanted.beta, wanted.mu_weights)
    });
    Ok(Lfr { ties, weights, communities, dropped })
}

/// Every node as often as it is counted.
fn stubs(nodes: impl Iterator<Item = u32>, counts: &[u32]) -> Vec<u32> {
    nodes.flat_map(|node| std::iter::repeat_n(node, counts[node as usize] as usize)).collect()
}

fn undirected_ties(params: &Params, degrees: &mut Degrees, communities: &Partition, members: &Members) -> (Vec<Tie>, u64) {
    degrees.make_even(params, members);
    let labels = communities.labels();
    let inside: Vec<wiring::Wired> = (0..communities.count())
        .into_par_iter()
        .map(|community| {
            let stubs = stubs(members.of_community(community).iter().copied(), &degrees.inside);
            wiring::undirected(stubs, |_, _| true, &mut Stream::new(params.seed, purpose::INSIDE, community as u64))
        })
        .collect();
    let outside = wiring::undirected(
        stubs(0..params.accounts, &degrees.outside),
        |a, b| labels[a as usize] != labels[b as usize],
        &mut Stream::new(params.seed, purpose::OUTSIDE, 0),
    );
    joined(inside, outside)
}

fn directed_ties(params: &Params, degrees: &mut Degrees, communities: &Partition, members: &Members) -> (Vec<Tie>, u64) {
    let given = degrees.given(params, members);
    let labels = communities.labels();
    let inside: Vec<wiring::Wired> = (0..communities.count())
        .into_par_iter()
        .map(|community| {
            let stubs = |counts| stubs(members.of_community(community).iter().copied(), counts);
            let mut stream = Stream::new(params.seed, purpose::INSIDE, community as u64);
            wiring::directed(stubs(&given.inside), stubs(&degrees.inside), |_, _| true, &mut stream)
        })
        .collect();
    let outside = wiring::directed(
        stubs(0..params.accounts, &given.outside),
        stubs(0..params.accounts, &degrees.outside),
        |a, b| labels[a as usize] != labels[b as usize],
        &mut Stream::new(params.seed, purpose::OUTSIDE, 0),
    );
    joined(inside, outside)
}

fn joined(mut parts: Vec<wiring::Wired>, last: wiring::Wired) -> (Vec<Tie>, u64) {
    parts.push(last);
    let dropped = parts.iter().map(|part| part.dropped).sum();
    (parts.into_iter().flat_map(|part| part.ties).collect(), dropped)
}
