//! Friedkin-Johnsen polarisation of leanings: how far apart opinions stay when everybody starts from the own leaning and listens to own neighbours.
//!
//! # Formula
//! z = (I + L)^-1 s with L the Laplacian and s the leaning of each account, less the mean of the leanings known; fj_polarisation_leaning = sum of (z - mean z)^2; fj_polarisation_leaning_mean = that / N.
//!
//! # Conventions
//! Simple undirected union, weights ignored (`_weighted` listens in proportion to weight), self-loops ignored. No sides are needed: the column `sides` says `leaning`, and there is one row, for the whole network.
//! The mean of the known leanings is taken off first, which changes nothing where all are known; accounts without a leaning have s = 0 then: they take part, are counted in N, and are told as `accounts_left_out`.
//! Accounts without a tie keep s. Undefined where leanings do not vary. Null models keep each account's leaning (`labels` deals leanings out anew); the standard error is that of networks with ties dropped.
//!
//! # Range and unit
//! fj_polarisation_leaning >= 0, in squared units of leaning, grows with N; fj_polarisation_leaning_mean: at most the variance of s (leanings in [-1, 1]: share in [0, 1]), 0 = all agree in the end. Twice the leanings
//! give four times the value, so that only networks whose leanings have one unit can be compared by it.
//!
//! # Cost
//! One sparse system by conjugate gradients, O(E sqrt(largest degree)) at most; 56 bytes per node; shared with `fj_disagreement_leaning`.
//!
//! # Errors
//! `Missing` without leanings; cancelled by the caller.
//!
//! # Compared with
//! `fj_polarisation` is the same with s = +1 on one side and -1 on the other. With `fj_disagreement_leaning` it adds up to the authors' index s'^T (I + L)^-1 s', s' = s less its mean. NumPy
//! `linalg.solve` of the dense I + L: equal.
//!
//! # Source
//! Musco, Musco, Tsourakakis, Minimizing polarization and disagreement in social networks, WWW 2018, doi 10.1145/3178876.3186103; Friedkin and Johnsen, J. Math. Sociology 15, 1990.

use crate::spec::{Chamber, Kind, MetricSpec, Need, Shape, Tier, Weights};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "fj_polarisation_leaning",
    kind: Kind::Echo,
    summary: "how far apart leanings stay when all listen to their neighbours",
    columns: &["fj_polarisation_leaning", "fj_polarisation_leaning_mean"],
    shape: Shape::Undirected,
    other_shape: false,
    weights: Weights::Variant,
    needs: &[Need::Leanings],
    parameters: &[],
    tier: Tier::Standard,
    chamber: Some(Chamber::High),
    unsteady: &[],
    source: include_str!("fj_polarisation_leaning.rs"),
    run: |input, run| {
        let names = ["fj_polarisation_leaning", "fj_polarisation_leaning_mean"];
        super::friedkin_johnsen::scores_of_leanings(input, names, |opinions| opinions.polarisation, run)
    },
};
