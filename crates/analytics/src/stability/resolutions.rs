//! Stability over resolutions: the same communities over a wide range of gamma are a finding, those of one gamma a choice.
//!
//! # Formula
//! Leiden for each gamma of a grid; for each partition the number of communities, its modularity at gamma = 1 and its quality at its
//! own gamma, and how far it is from that of the gamma before: variation of information and adjusted mutual information.
//!
//! # Conventions
//! The graph must be symmetric. The seed is the same for every gamma. Accounts without a tie are communities of one at each gamma,
//! in the count and in the comparison. Where the variation is near 0, communities are stable: the plateau is the longest such stretch, the
//! lower one of several (border and exceptions: [`plateau`]).
//!
//! # Cost
//! One Leiden per gamma, 4 bytes per gamma and account.
//!
//! # Errors
//! `BadParam` for a gamma that is negative or not finite, or a grid that does not rise; those of `leiden`; cancelled by the caller.
//!
//! # Compared with
//! leidenalg's `resolution_profile` bisects the range for the gammas at which the quality changes; a grid costs as much as it has points.
//!
//! # Source
//! Lambiotte, Delvenne, Barahona, Random walks, Markov processes and the multiscale modular organization of complex networks, IEEE
//! Transactions on Network Science and Engineering 1, 2014, doi 10.1109/TNSE.2015.2391998 (robust scales have low variation).

use crate::compare::compare;
use crate::leiden::{self, Params, leiden};
use crate::{MetricError, Run};
use echogram_graph::{Graph, Partition};

/// What one resolution gives.
#[derive(Clone, Debug)]
pub struct AtResolution {
    /// Gamma.
    pub resolution: f64,
    /// The communities.
    pub partition: Partition,
    /// Modularity at gamma = 1, an index; NaN without edges.
    pub modularity: f64,
    /// Modularity at this gamma, which is what the search makes large; NaN without edges.
    pub quality: f64,
    /// Variation of information from the partition before, nats; NaN for the first.
    pub variation: f64,
    /// The same as a share of ln N.
    pub variation_normalised: f64,
    /// Adjusted mutual information with the partition before, up to 1; NaN for the first.
    pub ami: f64,
}

/// Communities at each resolution of a rising grid.
///
/// # Errors
/// [`MetricError::BadParam`], [`MetricError::Cancelled`].
pub fn resolutions(graph: &Graph, grid: &[f64], params: &Params, run: &Run<'_>) -> Result<Vec<AtResolution>, MetricError> {
    if let Some(pair) = grid.windows(2).find(|pair| pair[0] >= pair[1]) {
        return Err(MetricError::BadParam {
            name: leiden::RESOLUTION.name,
            must_be: "above the one before in a grid",
            got: pair[1],
        });
    }
    let quiet = Run { on_step: None, ..*run };
    let mut found: Vec<AtResolution> = Vec::with_capacity(grid.len());
    for (at, &resolution) in grid.iter().enumerate() {
        run.step(at as u64, grid.len() as u64)?;
        let here = leiden(graph, &params.with_resolution(resolution), &quiet)?;
        let beside = found.last().map(|last| compare(&last.partition, &here.partition, &quiet)).transpose()?;
        let against = |value: fn(&crate::compare::Comparison) -> f64| beside.as_ref().map_or(f64::NAN, value);
        found.push(AtResolution {
            resolution,
            modularity: leiden::modularity(graph, &here.partition, 1.0),
            quality: here.quality,
            variation: against(|beside| beside.variation),
            variation_normalised: against(|beside| beside.variation_normalised),
            ami: against(|beside| beside.ami),
            partition: here.partition,
        });
    }
    Ok(found)
}

/// A step that changes a partition by no more than this share of ln N leaves it as it is, nearly: about one account in thirty changes sides.
pub const STEADY: f64 = 0.05;

/// The first and the last point of the longest stretch over which no step varies by more than [`STEADY`]; the lower one of several. Points at which nothing
/// is divided but `components`, the parts of the network that no tie joins, or at which every account is alone, are part of none: they are steady whatever the network. `None` =
/// every step changes something.
pub fn plateau(found: &[AtResolution], components: usize) -> Option<(usize, usize)> {
    let is_telling =
        |here: &AtResolution| here.partition.count() > components && here.partition.count() < here.partition.labels().len();
    let mut best: Option<(usize, usize)> = None;
    let mut first = 0;
    for at in 1..found.len() {
        let is_steady = is_telling(&found[at - 1]) && is_telling(&found[at]) && found[at].variation_normalised <= STEADY;
        if !is_steady {
            first = at;
        } else if best.is_none_or(|(start, end)| at - first > end - start) {
            best = Some((first, at));
        }
    }
    best
}

/// A grid of so many points from `lowest` to `highest`, each the same factor above the one before.
///
/// # Errors
/// [`MetricError::BadParam`] unless 0 < lowest < highest and there are two points at least.
pub fn geometric_grid(lowest: f64, highest: f64, points: u32) -> Result<Vec<f64>, MetricError> {
    if !(lowest > 0.0 && lowest.is_finite()) {
        return Err(MetricError::BadParam { name: "lowest", must_be: "above 0 and finite", got: lowest });
    }
    if !(highest > lowest && highest.is_finite()) {
        return Err(MetricError::BadParam { name: "highest", must_be: "above the lowest and finite", got: highest });
    }
    if points < 2 {
        return Err(MetricError::BadParam { name: "points", must_be: "2 or more", got: points.into() });
    }
    let factor = |at: u32| libm::pow(highest / lowest, f64::from(at) / f64::from(points - 1));
    Ok((0..points).map(|at| if at == points - 1 { highest } else { lowest * factor(at) }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::synthetic::planted;

    #[test]
    fn clear_communities_are_a_plateau() {
        let graph = planted(8, 40, 12, 1, 7).undirected_unweighted();
        let grid = geometric_grid(0.5, 2.0, 5).unwrap();
        let found = resolutions(&graph, &grid, &Params::default(), &Run::default()).unwrap();
        assert_eq!(found.iter().map(|here| here.partition.count()).collect::<Vec<_>>(), [8; 5]);
        assert!(found[0].variation.is_nan() && found[0].ami.is_nan());
        assert!(found[1..].iter().all(|here| here.variation == 0.0 && here.ami == 1.0));
        assert!(found.iter().all(|here| here.modularity == found[0].modularity));
        assert!((found[2].quality - found[2].modularity).abs() < 1e-12);
    }

    #[test]
    fn a_higher_resolution_gives_more_communities() {
        let graph = planted(8, 40, 12, 1, 7).undirected_unweighted();
        let found = resolutions(&graph, &[0.0, 1.0, 100.0], &Params::default(), &Run::default()).unwrap();
        let counts: Vec<usize> = found.iter().map(|here| here.partition.count()).collect();
        assert!(counts[0] == 1 && counts[1] == 8 && counts[2] > 100, "{counts:?}");
        assert!(found[1].variation > 2.0 && found[1].ami == 0.0);
    }

    #[test]
    fn the_plateau_is_where_communities_stay() {
        let graph = planted(8, 40, 12, 1, 7).undirected_unweighted();
        let at = |grid: &[f64]| {
            let found = resolutions(&graph, grid, &Params::default(), &Run::default()).unwrap();
            plateau(&found, 1)
        };
        assert_eq!(at(&[0.001, 0.002, 0.5, 1.0, 2.0, 50.0, 100.0]), Some((2, 4)), "not the one in which all are together");
        assert_eq!(at(&[0.001, 1.0, 100.0]), None);
        assert_eq!((at(&[1.0]), at(&[])), (None, None));
        let apart = Graph::from_edges(4, &[]).undirected();
        let found = resolutions(&apart, &[0.5, 1.0], &Params::default(), &Run::default()).unwrap();
        assert_eq!(plateau(&found, 4), None);
    }

    #[test]
    fn grids_rise_by_a_factor() {
        let grid = geometric_grid(0.25, 4.0, 5).unwrap();
        assert!(grid.iter().zip([0.25, 0.5, 1.0, 2.0, 4.0]).all(|(got, wanted)| (got - wanted).abs() < 1e-15), "{grid:?}");
        assert!(
            geometric_grid(0.0, 1.0, 3).is_err() && geometric_grid(1.0, 1.0, 3).is_err() && geometric_grid(1.0, 2.0, 1).is_err()
        );
        let graph = Graph::from_arrows("0>1").undirected();
        for grid in [[1.0, 1.0].as_slice(), &[-1.0], &[f64::NAN]] {
            let found = resolutions(&graph, grid, &Params::default(), &Run::default());
            assert!(matches!(found, Err(MetricError::BadParam { name: "community.resolution", .. })), "{grid:?}");
        }
    }

    #[test]
    fn the_caller_can_stop_it_and_sees_each_point() {
        let graph = planted(4, 20, 6, 1, 7).undirected_unweighted();
        let steps = std::sync::Mutex::new(Vec::new());
        let on_step = |done: u64, total: u64| steps.lock().unwrap().push((done, total));
        let run = Run { on_step: Some(&on_step), cancel: None };
        resolutions(&graph, &[0.5, 1.0], &Params::default(), &run).unwrap();
        assert_eq!(*steps.lock().unwrap(), [(0, 2), (1, 2)]);
        let cancel = std::sync::atomic::AtomicBool::new(true);
        let found = resolutions(&graph, &[0.5, 1.0], &Params::default(), &Run { on_step: None, cancel: Some(&cancel) });
        assert!(matches!(found, Err(MetricError::Cancelled { done: 0, total: 2 })));
    }
}
