//! Friedkin-Johnsen disagreement: how much neighbours still differ when everybody has listened to own neighbours.
//!
//! # Formula
//! z = (I + L)^-1 s with L the Laplacian and s = +1 on one side, -1 on the other; fj_disagreement = sum over ties (u, v) of w (z_u - z_v)^2; fj_disagreement_mean = that / N.
//!
//! # Conventions
//! As `fj_polarisation`. Little disagreement beside much polarisation is a chamber: those who differ do not meet.
//!
//! # Range and unit
//! fj_disagreement >= 0; fj_disagreement_mean: in [0, 1/4], as x / (1 + x)^2 is at most 1/4 for each eigenvalue x of L.
//!
//! It does not fall steadily as camps close, so that `echogram echo` does not count it. Where there are no ties across nobody differs from a neighbour; where there are many all come to agree; most of it is in between, at about one tie across for two
//! accounts. On two camps of 150 accounts with 10 neighbours each its mean is 0.11, 0.15, 0.24 and 0.12 with a half, three in ten, a twentieth and a hundredth of the ties across, and 0.11 on rewired networks: a low value
//! is taken for a chamber, and p is small, only for camps that hardly meet. `fj_polarisation` rises all the way (0.02, 0.04, 0.32, 0.75): read it first.
//!
//! # Cost
//! As `fj_polarisation`.
//!
//! # Errors
//! `Missing` without sides; cancelled by the caller.
//!
//! # Compared with
//! `fj_disagreement_leaning` is the same from leanings in place of sides. With `fj_polarisation` it adds up to the authors' index.
//!
//! # Source
//! Musco, Musco, Tsourakakis, Minimizing polarization and disagreement in social networks, WWW 2018, doi 10.1145/3178876.3186103.

use crate::spec::{Chamber, Kind, MetricSpec, Need, Shape, Tier, Weights};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "fj_disagreement",
    kind: Kind::Echo,
    summary: "how much neighbours differ when all have listened to their neighbours",
    columns: &["fj_disagreement", "fj_disagreement_mean"],
    shape: Shape::Undirected,
    other_shape: false,
    weights: Weights::Variant,
    needs: &[Need::Sides],
    parameters: &[],
    tier: Tier::Standard,
    chamber: Some(Chamber::Low),
    unsteady: &["fj_disagreement", "fj_disagreement_mean"],
    source: include_str!("fj_disagreement.rs"),
    run: |input, run| {
        super::friedkin_johnsen::scores(input, ["fj_disagreement", "fj_disagreement_mean"], |opinions| opinions.disagreement, run)
    },
};
