//! Friedkin-Johnsen disagreement of leanings: how much neighbours still differ when everybody has started from the own leaning and listened to own neighbours.
//!
//! # Formula
//! z = (I + L)^-1 s with L the Laplacian and s the leaning of each account, less the mean of the leanings known; fj_disagreement_leaning = sum over ties (u, v) of w (z_u - z_v)^2; fj_disagreement_leaning_mean = that / N.
//!
//! # Conventions
//! As `fj_polarisation_leaning`. Little disagreement beside much polarisation is a chamber: those who differ do not meet.
//!
//! # Range and unit
//! fj_disagreement_leaning >= 0, in squared units of leaning, not steadily less the fewer ties there are between accounts that lean differently (see `fj_disagreement`), so that `echogram echo` does not count it; fj_disagreement_leaning_mean: at most a quarter of the variance of s.
//!
//! # Cost
//! As `fj_polarisation_leaning`.
//!
//! # Errors
//! `Missing` without leanings; cancelled by the caller.
//!
//! # Compared with
//! `fj_disagreement` is the same with s = +1 on one side and -1 on the other. With `fj_polarisation_leaning` it adds up to the authors' index. NumPy `linalg.solve` of the dense I + L: equal.
//!
//! # Source
//! Musco, Musco, Tsourakakis, Minimizing polarization and disagreement in social networks, WWW 2018, doi 10.1145/3178876.3186103.

use crate::spec::{Chamber, Kind, MetricSpec, Need, Shape, Tier, Weights};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "fj_disagreement_leaning",
    kind: Kind::Echo,
    summary: "how much neighbours differ when all start from their leanings and listen",
    columns: &["fj_disagreement_leaning", "fj_disagreement_leaning_mean"],
    shape: Shape::Undirected,
    other_shape: false,
    weights: Weights::Variant,
    needs: &[Need::Leanings],
    parameters: &[],
    tier: Tier::Standard,
    chamber: Some(Chamber::Low),
    unsteady: &["fj_disagreement_leaning", "fj_disagreement_leaning_mean"],
    source: include_str!("fj_disagreement_leaning.rs"),
    run: |input, run| {
        let names = ["fj_disagreement_leaning", "fj_disagreement_leaning_mean"];
        super::friedkin_johnsen::scores_of_leanings(input, names, |opinions| opinions.disagreement, run)
    },
};
