//! Betweenness centrality controversy: whether the ties between the sides carry another load of shortest paths than the ties within.
//!
//! # Formula
//! p and q: kernel densities of the edge betweenness of ties across and of ties within; bcc = 1 - exp(-KL(p || q)). bcc_ks = the largest difference of the two distribution functions.
//!
//! # Conventions
//! Simple undirected union, weights ignored; ties of accounts without a side carry paths and are not counted. One deterministic estimator: Gaussian kernels of Silverman's width (SciPy's factor (3 n / 4)^(-1/5), sample
//! standard deviation), at 4,096 points from 0 to 1.25 times the largest betweenness; 1e-12 is added to each density (per path, of unordered pairs of
//! accounts), which is then made to add up to 1. Undefined where either
//! kind of tie has fewer than two members or no spread. Shortest paths start at all accounts if there are at most `bcc.sources`, else at so many drawn ones. With more than two sides each stands
//! against the rest, and against each other.
//!
//! # Range and unit
//! Share in [0, 1]; 0 = the same distribution, near 1 = ties across are bridges, or the reverse: look at `bcc_ks` and the ties themselves.
//!
//! # Cost
//! O(sources x E) time, 64 bytes per tie; 4,096 points for each different value of betweenness.
//!
//! # Errors
//! `Missing` without sides; cancelled by the caller.
//!
//! # Compared with
//! Public codes draw random samples of each density, or compare unordered lists; KL(q || p) is another number (karate 0.258, here 0.772).
//!
//! # Source
//! Garimella, De Francisci Morales, Gionis, Mathioudakis, Quantifying controversy on social media, ACM TSC 1, 2018, doi 10.1145/3140565.

use super::division::{Between, scores};
use crate::paths::edge_betweenness::edge_betweenness;
use crate::spec::{Chamber, Kind, MetricSpec, Need, Outcome, Shape, Tier, Weights};
use echogram_graph::{Graph, GraphView, NodeId};
use rayon::prelude::*;

const SOURCES: crate::Parameter = crate::Parameter {
    name: "bcc.sources",
    default: 2_000.0,
    about: "accounts at which the shortest paths of bcc start, at most",
};

/// Points at which densities are compared.
const POINTS: usize = 4_096;
/// How far beyond the largest value they reach.
const BEYOND: f64 = 1.25;
/// Keeps ratios finite where a density is 0.
const FLOOR: f64 = 1e-12;
/// Loads are rounded to this share of the largest.
const ROUNDED: f64 = 1e-9;
/// Standard deviations beyond which a Gaussian is 0 for a double.
const REACH: f64 = 39.0;

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "bcc",
    kind: Kind::Echo,
    summary: "whether ties between the sides carry another load of shortest paths than ties within",
    columns: &["bcc", "bcc_ks"],
    shape: Shape::Undirected,
    other_shape: false,
    weights: Weights::Never,
    needs: &[Need::Sides],
    parameters: &[SOURCES],
    tier: Tier::Full,
    chamber: Some(Chamber::High),
    unsteady: &[],
    source: include_str!("bcc.rs"),
    run: |input, run| {
        let sides = input.sides(SPEC.name)?;
        let sources = input.setting(&SOURCES).max(1.0) as usize;
        let load = edge_betweenness(input.graph, sources, input.seed, run)?;
        let found = scores(["bcc", "bcc_ks"], input.graph, sides, run, |graph, of, _| {
            let [across, within] = loads(graph, of, &load);
            Ok([Between::of(controversy(&across, &within)), Between::of(kolmogorov_smirnov(&across, &within))])
        })?;
        let parameters = vec![("kernel", "gaussian".to_owned()), ("sources", sources.min(input.graph.node_count()).to_string())];
        Ok(Outcome { parameters, ..super::outcome(sides, found) })
    },
};

/// Loads of the ties across and within, ascending.
fn loads(graph: &Graph, of: &[Option<usize>], load: &[f64]) -> [Vec<f64>; 2] {
    let mut kinds = [Vec::new(), Vec::new()];
    let ties = (0..of.len()).flat_map(|row| {
        graph
            .successors(NodeId::new(row))
            .iter()
            .map(|other| other.row())
            .filter(move |&other| other > row)
            .map(move |other| (row, other))
    });
    for ((one, other), &load) in ties.zip(load) {
        if of[one].is_some() && of[other].is_some() {
            kinds[usize::from(of[one] == of[other])].push(load);
        }
    }
    // Loads that are equal but for the order in which they were added up are equal.
    let unit = load.iter().copied().fold(0.0, f64::max) * ROUNDED;
    for kind in &mut kinds {
        kind.iter_mut().for_each(|load| *load = (*load / unit).round() * unit);
        kind.sort_unstable_by(f64::total_cmp);
    }
    kinds
}

fn controversy(across: &[f64], within: &[f64]) -> f64 {
    let largest = across.last().copied().unwrap_or(0.0).max(within.last().copied().unwrap_or(0.0));
    match (density(across, largest), density(within, largest)) {
        (Some(p), Some(q)) => {
            let divergence: f64 = p.iter().zip(&q).map(|(p, q)| p * libm::log(p / q)).sum();
            1.0 - libm::exp(-divergence)
        }
        _ => f64::NAN,
    }
}

/// The density of ascending values at all points, adding up to 1.
fn density(values: &[f64], largest: f64) -> Option<Vec<f64>> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let sd = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    let width = libm::pow(n * 0.75, -0.2) * sd;
    // Values that differ by rounding only have no spread.
    if values.len() < 2 || width.is_nan() || width <= 1e-12 * largest {
        return None;
    }
    // Leaves all have the same load, so that different values are few.
    let different: Vec<(f64, f64)> =
        values.chunk_by(|one, other| one == other).map(|same| (same[0], same.len() as f64)).collect();
    let step = BEYOND * largest / (POINTS - 1) as f64;
    let at = |point: usize| {
        let x = point as f64 * step;
        let from = different.partition_point(|value| value.0 < x - REACH * width);
        let near = different[from..].iter().take_while(|value| value.0 <= x + REACH * width);
        near.map(|(value, count)| count * libm::exp(-((x - value) / width).powi(2) / 2.0)).sum::<f64>()
    };
    let mut points: Vec<f64> = (0..POINTS).into_par_iter().with_min_len(64).map(at).collect();
    let unit = n * width * (2.0 * std::f64::consts::PI).sqrt();
    points.iter_mut().for_each(|point| *point = *point / unit + FLOOR);
    let sum: f64 = points.iter().sum();
    points.iter_mut().for_each(|point| *point /= sum);
    Some(points)
}

/// The largest difference between the distribution functions of ascending values.
fn kolmogorov_smirnov(one: &[f64], other: &[f64]) -> f64 {
    if one.is_empty() || other.is_empty() {
        return f64::NAN;
    }
    let share = |values: &[f64], at: f64| values.partition_point(|&value| value <= at) as f64 / values.len() as f64;
    one.iter().chain(other).map(|&at| (share(one, at) - share(other, at)).abs()).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_loads_are_no_controversy() {
        let values = [1.0, 2.0, 2.0, 5.0];
        assert_eq!((controversy(&values, &values), kolmogorov_smirnov(&values, &values)), (0.0, 0.0));
        assert_eq!(kolmogorov_smirnov(&[1.0, 2.0], &[3.0, 4.0, 5.0]), 1.0);
        assert!(controversy(&[1.0], &values).is_nan() && controversy(&[2.0, 2.0], &values).is_nan());
        assert!(kolmogorov_smirnov(&[], &values).is_nan());
    }

    #[test]
    fn a_density_is_that_of_scipy() {
        // scipy.stats.gaussian_kde([1, 2, 2, 5], 'silverman'), plus 1e-12, normalised over 4,096 points from 0 to 6.25: values at points 0, 1000, 4095.
        let found = density(&[1.0, 2.0, 2.0, 5.0], 5.0).unwrap();
        assert!((found.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        for (point, wanted) in
            [(0, 0.000_189_668_557_248_390_73), (1_000, 0.000_365_711_530_459_340_47), (4_095, 8.778_949_737_229_366e-5)]
        {
            assert!((found[point] - wanted).abs() < 1e-15, "{point}: {}", found[point]);
        }
    }
}
