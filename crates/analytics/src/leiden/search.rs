//! One search: passes over all levels until they stop gaining.

use super::Params;
use super::aggregate::aggregate;
use super::chunk::ScratchPool;
use super::level::Level;
use super::moving::{Communities, move_nodes};
use super::refine::refine;
use crate::{MetricError, Run, Stop};
use echogram_graph::synthetic::{Stream, permutation};
use rayon::prelude::*;

/// Levels of fewer nodes are visited in an order that is random throughout.
const SCATTERED: usize = 4096;
/// Nodes visited in a row on larger levels: a random order of single nodes takes twice the time, as rows come from memory one
/// by one.
const RUN_LEN: usize = 32;

/// Where a search ended.
pub(super) struct Found {
    pub(super) labels: Vec<u32>,
    pub(super) iterations: u32,
    pub(super) stop: Stop,
}

/// Passes from single nodes on until one adds no more than the tolerance.
pub(super) fn search(first: &Level<'_>, total: f64, params: &Params, seed: u64, run: &Run<'_>) -> Result<Found, MetricError> {
    let mut found = Found { labels: (0..first.len() as u32).collect(), iterations: 0, stop: Stop::IterationLimit };
    let mut last = f64::NEG_INFINITY;
    while found.iterations < params.max_iterations {
        let step = || run.step(found.iterations.into(), params.max_iterations.into());
        let order_of = |level: usize, len: usize| order(len, Stream::new(seed, found.iterations.into(), level as u64).bits());
        let (labels, value) = pass(first, found.labels, total, params.resolution, &order_of, &step)?;
        found.labels = labels;
        found.iterations += 1;
        if value - last <= params.tolerance {
            found.stop = Stop::Converged;
            break;
        }
        last = value;
    }
    Ok(found)
}

/// Moves, refines and aggregates until nothing merges; returns the labels of the first level and their modularity.
fn pass(
    first: &Level<'_>,
    start: Vec<u32>,
    total: f64,
    resolution: f64,
    order_of: &dyn Fn(usize, usize) -> Vec<u32>,
    step: &dyn Fn() -> Result<(), MetricError>,
) -> Result<(Vec<u32>, f64), MetricError> {
    let pull = resolution / total;
    let mut coarse: Option<Level<'static>> = None;
    let mut maps: Vec<Vec<u32>> = Vec::new();
    let mut labels = start;
    loop {
        let level = coarse.as_ref().unwrap_or(first);
        let order = order_of(maps.len(), level.len());
        let pool = ScratchPool::new(level.len());
        let mut communities = Communities::new(level, labels);
        move_nodes(level, &order, &mut communities, pull, &pool, step)?;
        let (found, volumes) = communities.finish();
        let (parts, count) = refine(level, &order, &found, &volumes, pull, &pool, step)?;
        if count == level.len() {
            labels = level.split(&found);
            break;
        }
        let next = aggregate(level, &parts, count);
        labels = vec![0; count];
        for (node, &part) in parts.iter().enumerate() {
            labels[part as usize] = found[node];
        }
        maps.push(parts);
        coarse = Some(next);
    }
    let value = coarse.as_ref().unwrap_or(first).modularity(&labels, resolution, total);
    for map in maps.iter().rev() {
        labels = map.par_iter().with_min_len(4096).map(|&part| labels[part as usize]).collect();
    }
    Ok((labels, value))
}

/// A seeded order of `0..len`.
fn order(len: usize, seed: u64) -> Vec<u32> {
    let run = if len < SCATTERED { 1 } else { RUN_LEN };
    let runs = permutation(len.div_ceil(run), seed);
    runs.into_iter().map(|at| at as usize * run).flat_map(|start| start as u32..len.min(start + run) as u32).collect()
}
