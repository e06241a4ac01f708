//! Leiden: groups of accounts that keep to themselves more than chance would have it, each of them connected.
//!
//! # Formula
//! The partition that makes Q = sum over communities c of [ w_c / 2W - gamma (vol_c / 2W)^2 ] large: w_c the entries between
//! members of c (each tie from both ends), vol_c the entries of its members, 2W all entries, gamma = `resolution`. Each pass
//! moves nodes while Q grows, splits every community into well-connected parts, makes each part one node, and goes on with these
//! until nothing merges. In a directed graph, by Leicht and Newman, Q = 1/W sum over pairs of one community of [ w_ij - gamma
//! sout_i sin_j / W ]: sout, sin the weights that leave and reach a node, W that of all ties. With `Quality::Potts(gamma)` the
//! constant Potts model takes the place of the null model: 1/2W sum over c of [ w_c - gamma n_c^2 ], n_c the accounts of c, so that
//! members hold together at a density above gamma, however large the network is: it has no resolution limit.
//!
//! # Conventions
//! Absent weights are 1. A self-loop counts as it stands in its row, once. Communities of a directed graph are connected when
//! directions are left out of account. A node without an edge is a community of its own. Ties of gain go to the smallest label, or to
//! the earlier visit. Communities are numbered by size, then by smallest member. A graph of at most 2^20 entries (half a million ties) and nodes is searched from several seeded orders, 2^21 /
//! (entries + nodes) of them but at most 512, each with a tolerance of at most 1e-7. Of these the best four are joined two by two: the groups on which both agree are searched
//! on from as wholes, until a round of joining brings nothing better, and the best partition is kept; equal Q: the
//! smallest vector of labels. The empty graph has
//! no communities; without edges Q is NaN.
//!
//! # Range and unit
//! Q is an index in [-1/2, 1) for gamma = 1; 0 = as chance would have it. A high Q alone is no evidence: random graphs reach 0.3
//! and more.
//!
//! # Cost
//! O(E) time per sweep; a pass is worth 5 to 10 sweeps, and 2 to 6 passes are usual. Memory beside the graph: one coarser graph
//! of 8 bytes per entry, or 12 with weights (a third of the entries is usual, nearly all if there are no communities), 80 bytes per
//! node and 12 per node and thread. A directed graph is searched as it is, along both directions, without a copy. Parallel, and
//! equal to the bit for any number of threads: nodes are visited in chunks whose size depends on the graph alone; moves are chosen in parallel from the labels as they stood, then made one by one, each with its gain brought
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
//! 10.1038/s41598-019-41695-z. The paper's gamma / 2m is `pull` here. Leicht, Newman, Community structure in directed networks, Physical
//! Review Letters 100, 2008, doi 10.1103/PhysRevLett.100.118703. Traag, Van Dooren, Nesterov, Narrow scope for resolution-limit-free
//! community detection, Physical Review E 84, 2011, doi 10.1103/PhysRevE.84.016114. Joining: Ovelgönne, Geyer-Schulz, An ensemble learning strategy for graph clustering, Graph Partitioning and
//! Graph Clustering, Contemporary Mathematics 588, 2013, doi 10.1090/conm/588/11701.
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
pub(crate) mod chunk;
mod hierarchy;
pub(crate) mod level;
pub(crate) mod mass;
pub(crate) mod moving;
mod recombine;
mod refine;
pub(crate) mod search;
#[cfg(test)]
mod tests;
mod verify;

use crate::{Input, MetricError, Parameter, Run, Settings, Stop};
use echogram_graph::synthetic::Stream;
use echogram_graph::{Graph, Partition};
use level::Level;
use mass::{Flow, Mass, Members};
use rayon::prelude::*;
use recombine::recombine;
use search::Search;

pub use hierarchy::Hierarchy;
pub use verify::{verify, verify_numbers};

/// The resolution of modularity.
pub const RESOLUTION: Parameter = Parameter {
    name: "community.resolution",
    default: 1.0,
    about: "gamma of modularity: a higher one gives smaller communities",
};
pub(crate) const TOLERANCE: Parameter = Parameter {
    name: "community.tolerance",
    default: 1e-4,
    about: "a pass that adds no more than this to modularity is the last",
};
pub(crate) const CPM: Parameter = Parameter {
    name: "community.cpm",
    default: 0.0,
    about: "above 0: the constant Potts model, communities denser inside than this, instead of modularity",
};

/// Entries gone through by all searches of one graph together, if it has fewer than half of that.
pub(crate) const SMALL: u64 = 1 << 21;
/// The most searches of one graph.
const STARTS: u64 = 512;
/// The tolerance of graphs that are searched several times: the last gains cost little there.
const THOROUGH: f64 = 1e-7;
/// Values of Q this close are equal.
const EQUAL: f64 = 1e-12;
/// What the random stream of a start is for.
const PURPOSE: u64 = 0x1E1D;

/// What a good partition is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Quality {
    /// Modularity of this resolution gamma, 0 or more.
    Modularity(f64),
    /// The constant Potts model: the density, 0 or more, that holds a community together.
    Potts(f64),
}

/// Settings of [`leiden`] and [`louvain`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Params {
    /// What is made large; a higher resolution gives smaller communities.
    pub quality: Quality,
    /// Seed of the orders in which nodes are visited.
    pub seed: u64,
    /// A pass that adds no more than this to Q is the last one; 0 or more.
    pub tolerance: f64,
    /// The most passes, 1 or more.
    pub max_iterations: u32,
    /// The most searches of a small graph, 1 or more.
    pub max_starts: u64,
    /// Entries gone through by all searches of one graph together, if it has fewer than half of that.
    pub effort: u64,
    /// Whether the best of several searches are joined and searched on from.
    pub is_joined: bool,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            quality: Quality::Modularity(RESOLUTION.default),
            seed: 0,
            tolerance: TOLERANCE.default,
            max_iterations: 100,
            max_starts: STARTS,
            effort: SMALL,
            is_joined: true,
        }
    }
}

impl Params {
    /// The same with modularity of another resolution.
    pub fn with_resolution(self, resolution: f64) -> Self {
        self.with_quality(Quality::Modularity(resolution))
    }

    /// The same with another idea of what is good.
    pub fn with_quality(self, quality: Quality) -> Self {
        Self { quality, ..self }
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

    /// The same with another limit of searches of a small graph.
    pub fn with_max_starts(self, max_starts: u64) -> Self {
        Self { max_starts, ..self }
    }

    /// The same with other entries to go through.
    pub fn with_effort(self, effort: u64) -> Self {
        Self { effort, ..self }
    }

    /// The same, the best of several searches as it was found.
    pub fn without_joining(self) -> Self {
        Self { is_joined: false, ..self }
    }

    /// As set by the user.
    pub(crate) fn of(input: &Input<'_>) -> Self {
        Self::set_by(input.settings.unwrap_or(&Settings::default()), input.seed)
    }

    /// As set, with this seed.
    pub fn set_by(settings: &Settings, seed: u64) -> Self {
        let quality = match settings.get(&CPM) {
            0.0 => Quality::Modularity(settings.get(&RESOLUTION)),
            density => Quality::Potts(density),
        };
        Self { quality, seed, tolerance: settings.get(&TOLERANCE), ..Self::default() }
    }

    fn check(&self) -> Result<(), MetricError> {
        let quality = match self.quality {
            Quality::Modularity(resolution) => (RESOLUTION.name, resolution),
            Quality::Potts(density) => (CPM.name, density),
        };
        for (name, got) in [quality, (TOLERANCE.name, self.tolerance)] {
            if !(got.is_finite() && got >= 0.0) {
                return Err(MetricError::BadParam { name, must_be: "finite and not negative", got });
            }
        }
        if self.max_iterations == 0 {
            return Err(MetricError::BadParam { name: "max_iterations", must_be: "1 or more", got: 0.0 });
        }
        Ok(())
    }

    /// For a column's metadata.
    pub(crate) fn metadata(&self, method: &str, found: &Found) -> Vec<(&'static str, String)> {
        let mut all = vec![("method", method.to_owned())];
        match self.quality {
            Quality::Modularity(resolution) => all.push(("resolution", resolution.to_string())),
            Quality::Potts(density) => all.extend([("cpm", density.to_string()), ("quality", found.quality.to_string())]),
        }
        all.push(("tolerance", format!("{:e}", self.tolerance)));
        all.extend([("seed", self.seed.to_string()), ("modularity", found.modularity.to_string())]);
        all
    }
}

/// How groups are merged from level to level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    /// Only well-connected parts of a community become one node, and passes are repeated.
    Leiden,
    /// Every community becomes one node, once.
    Louvain,
}

/// What [`leiden`] or [`louvain`] found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The communities.
    pub partition: Partition,
    /// Their Q, an index; NaN without edges. Of resolution 1 where another quality was searched for.
    pub modularity: f64,
    /// What was made large: modularity, or the Potts model's value per unit of weight; NaN without edges.
    pub quality: f64,
    /// The groups that make up the communities, level by level.
    pub hierarchy: Hierarchy,
    /// Passes made by the search that found it.
    pub iterations: u32,
    /// How that search ended.
    pub stop: Stop,
}

/// Finds communities of large quality, each of them connected.
///
/// # Errors
/// [`MetricError::BadParam`] for a parameter or a weight outside its range, [`MetricError::Cancelled`].
pub fn leiden(graph: &Graph, params: &Params, run: &Run<'_>) -> Result<Found, MetricError> {
    find(graph, params, Method::Leiden, run)
}

/// Finds communities by Louvain: moving and aggregation as in [`leiden`], without refinement, in one pass. They may be disconnected.
///
/// # Errors
/// As for [`leiden`].
pub fn louvain(graph: &Graph, params: &Params, run: &Run<'_>) -> Result<Found, MetricError> {
    find(graph, params, Method::Louvain, run)
}

fn find(graph: &Graph, params: &Params, method: Method, run: &Run<'_>) -> Result<Found, MetricError> {
    params.check()?;
    // Inside the pool from here on: entering it for each of thousands of small tasks would cost more than the tasks.
    rayon::scope(|_| match params.quality {
        Quality::Potts(_) => {
            let mut found = best::<Members>(graph, params, method, run)?;
            found.modularity = modularity(graph, &found.partition, RESOLUTION.default);
            Ok(found)
        }
        Quality::Modularity(_) if graph.is_directed() => best::<Flow>(graph, params, method, run),
        Quality::Modularity(_) => best::<f64>(graph, params, method, run),
    })
}

/// The best of all searches.
fn best<M: Mass>(graph: &Graph, params: &Params, method: Method, run: &Run<'_>) -> Result<Found, MetricError> {
    let (first, total) = Level::<M>::checked(graph)?;
    if total == 0.0 {
        let labels: Vec<u32> = (0..first.len() as u32).collect();
        let (partition, hierarchy) = (Partition::from_labels(&labels), Hierarchy::default());
        let (modularity, quality) = (f64::NAN, f64::NAN);
        return Ok(Found { partition, modularity, quality, hierarchy, iterations: 0, stop: Stop::Converged });
    }
    let starts = (params.effort / (first.entries() + first.len()) as u64).clamp(1, params.max_starts.max(1));
    let params = &if starts > 1 { params.with_tolerance(params.tolerance.min(THOROUGH)) } else { *params };
    let search = Search { first, total, pull: pull_of(graph, params.quality, total), method };
    let found: Vec<Found> = (0..starts)
        .into_par_iter()
        .map(|start| Ok(found_of(&search, search.run(params, Stream::new(params.seed, PURPOSE, start).bits(), run)?)))
        .collect::<Result<_, MetricError>>()?;
    let is_joined = params.is_joined && method == Method::Leiden;
    recombine(&search, found, params, if is_joined { recombine::ROUNDS } else { 0 }, run)
}

/// What a search found, with its quality.
fn found_of<M: Mass>(search: &Search<'_, M>, found: search::Found) -> Found {
    let search::Found { labels, maps, iterations, stop } = found;
    let partition = Partition::from_labels(&labels);
    let quality = search.first.quality(partition.labels(), search.pull, search.total);
    Found { partition, modularity: quality, quality, hierarchy: Hierarchy::new(maps), iterations, stop }
}

/// Weight that chance puts between two units of mass.
fn pull_of(graph: &Graph, quality: Quality, total: f64) -> f64 {
    match quality {
        Quality::Modularity(resolution) => resolution / total,
        // Rows hold each tie of a directed graph from both ends.
        Quality::Potts(density) => density * if graph.is_directed() { 2.0 } else { 1.0 },
    }
}

/// Q of any partition, by Leicht and Newman where the graph is directed; NaN without edges.
pub fn modularity(graph: &Graph, partition: &Partition, resolution: f64) -> f64 {
    fn of<M: Mass>(graph: &Graph, partition: &Partition, resolution: f64) -> f64 {
        let total = level::total(graph);
        let pull = pull_of(graph, Quality::Modularity(resolution), total);
        Level::<M>::first(graph).quality(partition.labels(), pull, total)
    }
    if graph.is_directed() { of::<Flow>(graph, partition, resolution) } else { of::<f64>(graph, partition, resolution) }
}
