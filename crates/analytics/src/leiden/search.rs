//! One search: passes over all levels until they stop gaining.

use super::aggregate::aggregate;
use super::chunk::ScratchPool;
use super::level::Level;
use super::mass::Mass;
use super::moving::{Communities, move_nodes};
use super::refine::refine;
use super::{Method, Params};
use crate::{MetricError, Run, Stop};
use echogram_graph::Partition;
use echogram_graph::synthetic::{Stream, permutation};
use rayon::prelude::*;

/// Levels of fewer nodes are visited in an order that is random throughout.
const SCATTERED: usize = 4096;
/// Nodes visited in a row on larger levels: a random order of single nodes takes twice the time, as rows come from memory one
/// by one.
const RUN_LEN: usize = 32;

/// What is searched for: the best quality of a graph.
pub(super) struct Search<'a, M> {
    pub(super) first: Level<'a, M>,
    /// Sum of all entries.
    pub(super) total: f64,
    /// Weight that chance puts between two units of mass.
    pub(super) pull: f64,
    pub(super) method: Method,
}

/// Where a search ended.
pub(super) struct Found {
    pub(super) labels: Vec<u32>,
    /// The nodes of each level but the last one by their node of the next level.
    pub(super) maps: Vec<Vec<u32>>,
    pub(super) iterations: u32,
    pub(super) stop: Stop,
}

/// What a pass begins with.
enum Begin {
    /// Communities of the accounts, which are moved one by one.
    Communities(Vec<u32>),
    /// Groups of accounts that are moved whole: the group of each account, and how many there are.
    Groups(Vec<u32>, usize),
}

/// What one pass over all levels gave.
struct Pass {
    labels: Vec<u32>,
    maps: Vec<Vec<u32>>,
    value: f64,
}

impl<M: Mass> Search<'_, M> {
    /// Passes from single nodes on until one adds no more than the tolerance.
    pub(super) fn run(&self, params: &Params, seed: u64, run: &Run<'_>) -> Result<Found, MetricError> {
        let alone = (0..self.first.len() as u32).collect();
        self.run_from(Begin::Communities(alone), params, seed, run)
    }

    /// The same from groups that are kept whole in the first pass: what several partitions agree on.
    pub(super) fn run_from_groups(
        &self,
        groups: &Partition,
        params: &Params,
        seed: u64,
        run: &Run<'_>,
    ) -> Result<Found, MetricError> {
        self.run_from(Begin::Groups(groups.labels().to_vec(), groups.count()), params, seed, run)
    }

    fn run_from(&self, begin: Begin, params: &Params, seed: u64, run: &Run<'_>) -> Result<Found, MetricError> {
        let mut found = Found { labels: Vec::new(), maps: Vec::new(), iterations: 0, stop: Stop::IterationLimit };
        let (mut begin, mut last) = (begin, f64::NEG_INFINITY);
        while found.iterations < params.max_iterations {
            let step = || run.step(found.iterations.into(), params.max_iterations.into());
            let order_of = |level: usize, len: usize| order(len, Stream::new(seed, found.iterations.into(), level as u64).bits());
            found.maps = Vec::new();
            let Pass { labels, maps, value } = self.pass(begin, &order_of, &step)?;
            (found.labels, found.maps) = (labels, maps);
            found.iterations += 1;
            // Louvain begins with single nodes, so that a second pass would do the first again.
            if value - last <= params.tolerance || self.method == Method::Louvain {
                found.stop = Stop::Converged;
                break;
            }
            last = value;
            begin = Begin::Communities(found.labels.clone());
        }
        Ok(found)
    }

    /// Moves, refines (Leiden only) and aggregates until nothing merges; returns the labels of the first level, the maps from level to
    /// level, and the quality.
    fn pass(
        &self,
        begin: Begin,
        order_of: &dyn Fn(usize, usize) -> Vec<u32>,
        step: &dyn Fn() -> Result<(), MetricError>,
    ) -> Result<Pass, MetricError> {
        let mut coarse: Option<Level<'static, M>> = None;
        let mut maps: Vec<Vec<u32>> = Vec::new();
        let mut labels = match begin {
            Begin::Communities(labels) => labels,
            Begin::Groups(groups, count) => {
                coarse = Some(aggregate(&self.first, &groups, count));
                maps.push(groups);
                (0..count as u32).collect()
            }
        };
        loop {
            let level = coarse.as_ref().unwrap_or(&self.first);
            let order = order_of(maps.len(), level.len());
            let pool = ScratchPool::new(level.len());
            let mut communities = Communities::new(level, labels);
            move_nodes(level, &order, &mut communities, self.pull, &pool, step)?;
            let (found, masses) = communities.finish();
            let (parts, count) = match self.method {
                Method::Louvain => {
                    labels = (0..masses.len() as u32).collect();
                    (found, masses.len())
                }
                Method::Leiden => {
                    let (parts, count) = refine(level, &order, &found, &masses, self.pull, &pool, step)?;
                    if count == level.len() {
                        labels = level.split(&found);
                        break;
                    }
                    labels = vec![0; count];
                    for (node, &part) in parts.iter().enumerate() {
                        labels[part as usize] = found[node];
                    }
                    (parts, count)
                }
            };
            drop((order, pool, masses));
            if count == level.len() {
                break;
            }
            coarse = Some(aggregate(level, &parts, count));
            maps.push(parts);
        }
        let value = coarse.as_ref().unwrap_or(&self.first).quality(&labels, self.pull, self.total);
        for map in maps.iter().rev() {
            labels = through(map, &labels);
        }
        Ok(Pass { labels, maps, value })
    }
}

/// What each node has on the level above.
pub(super) fn through(map: &[u32], above: &[u32]) -> Vec<u32> {
    map.par_iter().with_min_len(4096).map(|&part| above[part as usize]).collect()
}

/// A seeded order of `0..len`.
pub(crate) fn order(len: usize, seed: u64) -> Vec<u32> {
    let run = if len < SCATTERED { 1 } else { RUN_LEN };
    let runs = permutation(len.div_ceil(run), seed);
    runs.into_iter().map(|at| at as usize * run).flat_map(|start| start as u32..len.min(start + run) as u32).collect()
}
