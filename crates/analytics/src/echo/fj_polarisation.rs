//! Friedkin-Johnsen polarisation: how far apart opinions stay when everybody listens to own neighbours.
//!
//! # Formula
//! z = (I + L)^-1 s with L the Laplacian and s = +1 on one side, -1 on the other; fj_polarisation = sum of (z - mean z)^2; fj_polarisation_mean = that / N.
//!
//! # Conventions
//! Simple undirected union, weights ignored (`_weighted` listens in proportion to weight), self-loops ignored. Accounts without a side have s = 0 and take part. Accounts without a tie keep
//! s. With more than two sides each stands against the rest, and against each other.
//!
//! Where many ties are answered, judge it by `--null reciprocity`: `kept` breaks answered ties up, so that its networks have more neighbours who listen to each other and agree more. With a quarter of the ties answered p was
//! at most 0.05 on 99 % of networks without camps, and right with `reciprocity` (benches/echo/calibration.md); a run warns of it.
//!
//! # Range and unit
//! fj_polarisation >= 0, grows with N; fj_polarisation_mean: share in [0, 1], 0 = all agree in the end, 1 = nobody moves anybody.
//!
//! # Cost
//! One sparse system by conjugate gradients, O(E sqrt(largest degree)) at most; 56 bytes per node.
//!
//! # Errors
//! `Missing` without sides; cancelled by the caller.
//!
//! # Compared with
//! `fj_polarisation_leaning` is the same from leanings in place of sides. With `fj_disagreement` it adds up to the authors' index s'^T (I + L)^-1 s', s' = s less its mean.
//!
//! # Source
//! Musco, Musco, Tsourakakis, Minimizing polarization and disagreement in social networks, WWW 2018, doi 10.1145/3178876.3186103; Friedkin and Johnsen, J. Math. Sociology 15, 1990.

use crate::spec::{Chamber, Kind, MetricSpec, Need, Shape, Tier, Weights};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "fj_polarisation",
    kind: Kind::Echo,
    summary: "how far apart opinions stay when all listen to their neighbours",
    columns: &["fj_polarisation", "fj_polarisation_mean"],
    shape: Shape::Undirected,
    other_shape: false,
    weights: Weights::Variant,
    needs: &[Need::Sides],
    parameters: &[],
    tier: Tier::Standard,
    chamber: Some(Chamber::High),
    unsteady: &[],
    source: include_str!("fj_polarisation.rs"),
    run: |input, run| {
        super::friedkin_johnsen::scores(input, ["fj_polarisation", "fj_polarisation_mean"], |opinions| opinions.polarisation, run)
    },
};
