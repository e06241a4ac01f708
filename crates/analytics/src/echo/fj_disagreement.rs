//! Friedkin-Johnsen disagreement: how much neighbours still differ when everybody has listened to own neighbours.
//!
//! # Formula
//! z = (I + L)^-1 s with L the Laplacian and s = +1 on one side, -1 on the other; fj_disagreement = sum over ties (u, v) of w (z_u - z_v)^2; fj_disagreement_mean = that / N.
//!
//! # Conventions
//! As `fj_polarisation`. Little disagreement beside much polarisation is a chamber: those who differ do not meet.
//!
//! # Range and unit
//! fj_disagreement >= 0, grows with the ties that cross; fj_disagreement_mean: in [0, 1].
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
    source: include_str!("fj_disagreement.rs"),
    run: |input, run| {
        super::friedkin_johnsen::scores(input, ["fj_disagreement", "fj_disagreement_mean"], |opinions| opinions.disagreement, run)
    },
};
