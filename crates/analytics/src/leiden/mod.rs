//! Leiden: groups of accounts that keep to themselves more than chance would have it, each of them connected.
//!
//! # Formula
//! The partition that makes Q = sum over communities c of [ w_c / 2W - gamma (vol_c / 2W)^2 ] large: w_c the entries between
//! members of c (each tie from both ends), vol_c the entries of its members, 2W all entries, gamma = `resolution`. Each pass
//! moves nodes while Q grows, splits every community into well-connected parts, makes each part one node, and goes on with these
//! until nothing merges.
//!
//! # Conventions
//! The graph must be symmetric; absent weights are 1. A self-loop counts as it stands in its row, once. A node without an edge is
//! a community of its own. Ties of gain go to the smallest label, or to the earlier visit. Communities are numbered by size, then
//! by smallest member. A graph of at most 2^20 entries (half a million ties) is searched from several seeded orders, 2^21 /
//! entries of them but at most 512, and the best partition is kept; equal Q: the smallest vector of labels. The empty graph has
//! no communities; without edges Q is NaN.
//!
//! # Range and unit
//! Q is an index in [-1/2, 1) for gamma = 1; 0 = as chance would have it. A high Q alone is no evidence: random graphs reach 0.3
//! and more.
//!
//! # Cost
//! O(E) time per sweep; a pass is worth 5 to 10 sweeps, and 2 to 6 passes are usual. Memory beside the graph: one coarser graph
//! of 12 bytes per entry (a third of the entries is usual, nearly all if there are no communities), 80 bytes per node and 12 per
//! node and thread. Parallel, and equal to the bit for any number of threads: nodes are visited in chunks whose size depends on
//! the graph alone; moves are chosen in parallel from the labels as they stood, then made one by one, each with its gain brought
//! up to date with the moves before it, and only if it still gains. So Q never falls.
//!
//! # Stops when
//! A pass adds no more than `tolerance` to Q (0 = until nothing gains, which may double the time for a gain in the fourth digit),
//! or after `max_iterations` passes, which is `Stop::IterationLimit`. No bound on the distance from the best Q exists: the
//! problem is NP-hard.
//!
//! # Errors
//! `BadParam` for a parameter outside its range, a weight that is negative or not finite, weights whose sum is not finite, or
//! 2^31 nodes or more; `Cancelled` by the caller.
//!
//! # Compared with
//! igraph `community_leiden("modularity")` and leidenalg `ModularityVertexPartition` optimise the same Q; they count an
//! undirected self-loop twice, stop after 2 passes unless told otherwise, and differ from run to run if not seeded. Like
//! leidenalg, and unlike igraph, parts are refined greedily, not at random; like both, several seeds find several partitions of
//! almost the same Q.
//!
//! # Source
//! Traag, Waltman, van Eck, From Louvain to Leiden: guaranteeing well-connected communities, Scientific Reports 9, 2019, doi
//! 10.1038/s41598-019-41695-z. The paper's gamma / 2m is `pull` here.
//!
//! # Example
//! ```
//! use echogram_analytics::{Run, leiden::{Params, leiden}};
//! use echogram_graph::Graph;
//!
//! let triangles = Graph::from_arrows("0>1 1>2 2>0 3>4 4>5 5>3 2>3").undirected();
//! let found = leiden(&triangles, &Params::default(), &Run::default())?;
//! assert_eq!(found.partition.labels(), [0, 0, 0, 1, 1, 1]);
//! assert!((found.modularity - (6.0 / 7.0 - 1.0 / 2.0)).abs() < 1e-15);
//! # Ok::<(), echogram_analytics::MetricError>(())
//! ```

mod aggregate;
mod chunk;
mod level;
mod moving;
mod refine;
mod search;
#[cfg(test)]
mod tests;
mod verify;

use crate::{MetricError, Run, Stop};
use echogram_graph::synthetic::Stream;
use echogram_graph::{Graph, Partition};
use level::Level;
use rayon::prelude::*;

pub use verify::verify;

/// Entries gone through by all searches of one graph together, if it has fewer than half of that.
const SMALL: u64 = 1 << 21;
/// The most searches of one graph.
const STARTS: u64 = 512;
/// Values of Q this close are equal.
const EQUAL: f64 = 1e-12;
/// What the random stream of a start is for.
const PURPOSE: u64 = 0x1E1D;

/// Settings of [`leiden`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Params {
    /// Resolution gamma, 0 or more; a higher one gives smaller communities.
    pub resolution: f64,
    /// Seed of the orders in which nodes are visited.
    pub seed: u64,
    /// A pass that adds no more than this to Q is the last one; 0 or more.
    pub tolerance: f64,
    /// The most passes, 1 or more.
    pub max_iterations: u32,
}

impl Default for Params {
    fn default() -> Self {
        Self { resolution: 1.0, seed: 0, tolerance: 1e-4, max_iterations: 100 }
    }
}

impl Params {
    /// The same with another resolution.
    pub fn with_resolution(self, resolution: f64) -> Self {
        Self { resolution, ..self }
    }

    /// The same with another seed.
    pub fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// The same with another tolerance.
    pub fn with_tolerance(self, tolerance: f64) -> Self {
        Self { tolerance, ..self }
    }

    /// The same with another limit of passes.
    pub fn with_max_iterations(self, max_iterations: u32) -> Self {
        Self { max_iterations, ..self }
    }

    fn check(&self) -> Result<(), MetricError> {
        for (name, got) in [("resolution", self.resolution), ("tolerance", self.tolerance)] {
            if !(got.is_finite() && got >= 0.0) {
                return Err(MetricError::BadParam { name, must_be: "finite and not negative", got });
            }
        }
        if self.max_iterations == 0 {
            return Err(MetricError::BadParam { name: "max_iterations", must_be: "1 or more", got: 0.0 });
        }
        Ok(())
    }
}

/// What [`leiden`] found.
#[derive(Clone, Debug)]
pub struct Leiden {
    /// The communities.
    pub partition: Partition,
    /// Its Q, an index; NaN without edges.
    pub modularity: f64,
    /// Passes made by the search that found it.
    pub iterations: u32,
    /// How that search ended.
    pub stop: Stop,
}

/// Finds communities of large modularity in a symmetric graph.
///
/// # Errors
/// [`MetricError::BadParam`] for a parameter or a weight outside its range, [`MetricError::Cancelled`].
pub fn leiden(graph: &Graph, params: &Params, run: &Run<'_>) -> Result<Leiden, MetricError> {
    leiden_share(1, graph, params, run)
}

/// As [`leiden`], with one in so many searches of a small graph, and one at least.
pub(crate) fn leiden_share(one_in: u64, graph: &Graph, params: &Params, run: &Run<'_>) -> Result<Leiden, MetricError> {
    params.check()?;
    // Inside the pool from here on: entering it for each of thousands of small tasks would cost more than the tasks.
    rayon::scope(|_| {
        let first = Level::checked(graph)?;
        let total = first.total();
        if !total.is_finite() {
            return Err(MetricError::BadParam { name: "weight", must_be: "small enough for a finite sum", got: total });
        }
        if total == 0.0 {
            let labels: Vec<u32> = (0..first.len() as u32).collect();
            let partition = Partition::from_labels(&labels);
            return Ok(Leiden { partition, modularity: f64::NAN, iterations: 0, stop: Stop::Converged });
        }
        let starts = (SMALL / first.entries() as u64).clamp(1, STARTS).div_ceil(one_in);
        let found: Vec<Leiden> = (0..starts)
            .into_par_iter()
            .map(|start| {
                let seed = Stream::new(params.seed, PURPOSE, start).bits();
                let found = search::search(&first, total, params, seed, run)?;
                let partition = Partition::from_labels(&found.labels);
                let modularity = first.modularity(partition.labels(), params.resolution, total);
                Ok(Leiden { partition, modularity, iterations: found.iterations, stop: found.stop })
            })
            .collect::<Result<_, MetricError>>()?;
        Ok(found.into_iter().reduce(better).expect("there is at least one start"))
    })
}

/// The one of larger Q; of equal ones that of the smaller labels.
fn better(best: Leiden, next: Leiden) -> Leiden {
    let gain = next.modularity - best.modularity;
    if gain > EQUAL || (gain >= -EQUAL && next.partition.labels() < best.partition.labels()) { next } else { best }
}

/// Q of any partition of a symmetric graph; NaN without edges.
pub fn modularity(graph: &Graph, partition: &Partition, resolution: f64) -> f64 {
    let level = Level::first(graph);
    level.modularity(partition.labels(), resolution, level.total())
}
