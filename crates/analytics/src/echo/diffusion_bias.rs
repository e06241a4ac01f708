//! Diffusion bias: whether what an account says reaches mostly those who lean as it does.
//!
//! # Formula
//! From each source v a susceptible-infected-recovered epidemic runs along reversed ties, from the followed to their followers: each step an infected account passes on to each follower with
//! probability beta = min(1, c / <k>), then recovers with probability nu; <k> = ties per account, c = `diffusion_bias.infection`, nu = `diffusion_bias.recovery`. I_v = accounts infected, v not among them;
//! mu(v) = mean leaning x over I_v, then over the runs of v that reached anybody. diffusion_bias = slope of the least-squares line of mu(v) on x(v) over sources. The same for other rates:
//! `diffusion_bias_quarter`, `_half`, `_double`, `_fourfold`: c/4, c/2, 2c, 4c.
//!
//! # Conventions
//! c, nu and the sweep are choices of ours (0.2 each: c = nu is about where an epidemic can spread at all if degrees are even), not those of the source, whose values are not printed there. A source has a leaning
//! and a follower; beyond `diffusion_bias.sources` (2000) a seeded sample of that many; `diffusion_bias.runs` (2) epidemics each. Sources that reach nobody of known leaning are left out; accounts of unknown
//! leaning pass on and are not averaged. Weights do not count, self-loops never. No sides are needed: the column `sides` says `leaning`. `accounts_left_out` counts accounts without a leaning. The final set of
//! such an epidemic is drawn at once: an account stays infected for a geometric time T and infects each follower with probability 1 - (1 - beta)^T, which has the same distribution as going step by step.
//!
//! # Range and unit
//! Ratio: 0 = whom an account reaches does not depend on its leaning, 1 = audiences lean as far as the source. High means more of a chamber. Falls with the rate as epidemics reach everybody: read the sweep.
//! The standard error is that of the slope, sources taken as independent.
//!
//! # Cost
//! O(sources x runs x edges reached x rates) time, 4 bytes per node and thread. Parallel over blocks of sources; the draws of a source depend on the seed and its own number only.
//!
//! # Errors
//! `Missing` without leanings; `BadParam`; cancelled by the caller.
//!
//! # Compared with
//! NDlib's SIR steps through time: the sets have the same distribution where its infection counts once a step and contact.
//!
//! # Source
//! Cinelli, De Francisci Morales, Galeazzi, Quattrociocchi, Starnini, The echo chamber effect on social media, PNAS 118, 2021, doi 10.1073/pnas.2023301118. Final sets at once: Newman, Spread of epidemic
//! disease on networks, Physical Review E 66, 2002, doi 10.1103/PhysRevE.66.016128.

use crate::line::{Line, fit};
use crate::spec::{Chamber, Kind, MetricSpec, Need, Outcome, Score, Shape, Tier, Weights};
use crate::workload::work_off;
use crate::{MetricError, Parameter, Run};
use echogram_graph::synthetic::Stream;
use echogram_graph::{Graph, GraphView, NodeId};

const INFECTION: Parameter =
    Parameter { name: "diffusion_bias.infection", default: 0.2, about: "infections per step and account with one's own ties, c" };
const RECOVERY: Parameter =
    Parameter { name: "diffusion_bias.recovery", default: 0.2, about: "probability to recover, per step, nu" };
const RUNS: Parameter = Parameter { name: "diffusion_bias.runs", default: 2.0, about: "epidemics from each source" };
const SOURCES: Parameter =
    Parameter { name: "diffusion_bias.sources", default: 2_000.0, about: "sources at most, drawn by seed" };

/// Scores and the factor on c of each.
pub const RATES: [(&str, f64); 5] = [
    ("diffusion_bias", 1.0),
    ("diffusion_bias_quarter", 0.25),
    ("diffusion_bias_half", 0.5),
    ("diffusion_bias_double", 2.0),
    ("diffusion_bias_fourfold", 4.0),
];

/// Purpose of the streams of epidemics.
const PURPOSE: u64 = 0x7369_7200;
/// Purpose of the stream that draws sources.
const SAMPLE: u64 = 0x7369_7201;
/// Sources handled in one go.
const BLOCK: usize = 16;
/// Times up to this many steps have their probability in a table.
const TABLE: usize = 64;

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "diffusion_bias",
    kind: Kind::Echo,
    summary: "whether what accounts say reaches mostly those who lean as they do",
    columns: &[RATES[0].0, RATES[1].0, RATES[2].0, RATES[3].0, RATES[4].0],
    shape: Shape::Directed,
    other_shape: false,
    weights: Weights::Never,
    needs: &[Need::Leanings],
    parameters: &[INFECTION, RECOVERY, RUNS, SOURCES],
    tier: Tier::Full,
    chamber: Some(Chamber::High),
    unsteady: &[],
    source: include_str!("diffusion_bias.rs"),
    run: |input, run| {
        let leanings = input.leanings(SPEC.name)?;
        let params = Params {
            infection: input.setting(&INFECTION),
            recovery: input.setting(&RECOVERY),
            runs: input.setting(&RUNS),
            sources: input.setting(&SOURCES),
            seed: input.seed,
        };
        let found = diffusion_bias(input.graph, leanings, &params, run)?;
        let scores = RATES.iter().zip(&found.points).map(|((name, _), points)| {
            let Line { slope, slope_error, .. } = fit(points);
            Score::whole(name, slope).with_error(slope_error)
        });
        Ok(Outcome {
            accounts_left_out: leanings.iter().filter(|leaning| leaning.is_nan()).count() as u32,
            parameters: vec![
                ("infection", params.infection.to_string()),
                ("recovery", params.recovery.to_string()),
                ("runs", params.runs.floor().to_string()),
                ("sources", found.sources.to_string()),
            ],
            ..Outcome::of_scores(scores.collect())
        })
    },
};

/// How epidemics run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Params {
    /// c, above 0: infection times the mean number of ties.
    pub infection: f64,
    /// nu, in (0, 1].
    pub recovery: f64,
    /// Epidemics from each source, at least 1.
    pub runs: f64,
    /// Sources at most, at least 1.
    pub sources: f64,
    /// Of everything random.
    pub seed: u64,
}

impl Default for Params {
    fn default() -> Self {
        Self { infection: INFECTION.default, recovery: RECOVERY.default, runs: RUNS.default, sources: SOURCES.default, seed: 0 }
    }
}

impl Params {
    /// Sets c.
    pub fn with_infection(self, infection: f64) -> Self {
        Self { infection, ..self }
    }

    /// Sets nu.
    pub fn with_recovery(self, recovery: f64) -> Self {
        Self { recovery, ..self }
    }

    /// Sets the number of epidemics from each source.
    pub fn with_runs(self, runs: f64) -> Self {
        Self { runs, ..self }
    }

    /// Sets the most sources.
    pub fn with_sources(self, sources: f64) -> Self {
        Self { sources, ..self }
    }

    fn check(&self) -> Result<(), MetricError> {
        let must =
            |holds: bool, name, must_be, got| if holds { Ok(()) } else { Err(MetricError::BadParam { name, must_be, got }) };
        must(self.infection > 0.0 && self.infection.is_finite(), INFECTION.name, "above 0", self.infection)?;
        must(self.recovery > 0.0 && self.recovery <= 1.0, RECOVERY.name, "in (0, 1]", self.recovery)?;
        must((1.0..=1e6).contains(&self.runs), RUNS.name, "from 1 to 1e6", self.runs)?;
        must((1.0..=1e9).contains(&self.sources), SOURCES.name, "from 1 to 1e9", self.sources)
    }
}

/// What epidemics showed.
#[derive(Clone, Debug, PartialEq)]
pub struct Diffusion {
    /// For each of [`RATES`]: (leaning of a source, mean leaning of those it reached), sources ascending.
    pub points: [Vec<(f64, f64)>; RATES.len()],
    /// Sources of epidemics.
    pub sources: usize,
}

/// Runs epidemics at all rates.
///
/// # Errors
/// [`MetricError::BadParam`], [`MetricError::Cancelled`].
pub fn diffusion_bias(graph: &Graph, leanings: &[f64], params: &Params, run: &Run<'_>) -> Result<Diffusion, MetricError> {
    params.check()?;
    let sources = sources(graph, leanings, params);
    let spreads = RATES.map(|(_, factor)| Spread::new(graph, params.infection * factor, params.recovery));
    let blocks: Vec<(usize, &[NodeId])> = sources.chunks(BLOCK).enumerate().map(|(at, block)| (at * BLOCK, block)).collect();
    let runs = params.runs as u64;
    let scratch = || (Epidemic::new(graph.node_count()), Vec::new());
    let parts = work_off(blocks, run, scratch, |(epidemic, found), (first, block)| {
        for (at, &source) in block.iter().enumerate() {
            let of_rate = |rate: usize| {
                let audience = |number: u64| {
                    let index = (u64::from(source.0) * RATES.len() as u64 + rate as u64) * runs + number;
                    epidemic.spread(graph, source, &spreads[rate], &mut Stream::new(params.seed, PURPOSE, index));
                    epidemic.mean(leanings)
                };
                let known: Vec<f64> = (0..runs).map(audience).filter(|mean| !mean.is_nan()).collect();
                known.iter().sum::<f64>() / known.len() as f64
            };
            found.push((first + at, std::array::from_fn::<f64, { RATES.len() }, _>(of_rate)));
        }
    })?;
    let mut reached: Vec<(usize, [f64; RATES.len()])> = parts.into_iter().flat_map(|part| part.1).collect();
    reached.sort_unstable_by_key(|source| source.0);
    let points = std::array::from_fn(|rate| {
        let known = reached.iter().filter(|(_, means)| !means[rate].is_nan());
        known.map(|(at, means)| (leanings[sources[*at].row()], means[rate])).collect()
    });
    Ok(Diffusion { points, sources: sources.len() })
}

/// Accounts with a leaning and a follower, or a sample of them; ascending.
fn sources(graph: &Graph, leanings: &[f64], params: &Params) -> Vec<NodeId> {
    let has_follower = |node: NodeId| graph.predecessors(node).iter().any(|&follower| follower != node);
    let nodes = (0..graph.node_count()).map(NodeId::new);
    let mut all: Vec<NodeId> = nodes.filter(|&node| !leanings[node.row()].is_nan() && has_follower(node)).collect();
    let most = params.sources as usize;
    if all.len() > most {
        // The first steps of a shuffle.
        let mut draw = Stream::new(params.seed, SAMPLE, 0);
        for place in 0..most {
            let other = place + draw.below((all.len() - place) as u64) as usize;
            all.swap(place, other);
        }
        all.truncate(most);
        all.sort_unstable();
    }
    all
}

/// One rate of infection and recovery.
struct Spread {
    /// ln(1 - beta).
    log_spared: f64,
    /// 1 / ln(1 - nu).
    time: f64,
    /// Probability to infect a follower by the number of steps that one is infected.
    passed: Vec<f64>,
}

impl Spread {
    fn new(graph: &Graph, infection: f64, recovery: f64) -> Self {
        let n = graph.node_count();
        let loops: usize = (0..n).map(NodeId::new).filter(|&node| graph.out().contains(node, node)).count();
        let ties = (graph.out().entry_count() - loops) as f64 / n.max(1) as f64;
        let log_spared = libm::log1p(-(infection / ties).min(1.0));
        let passed = (0..=TABLE).map(|steps| passed(log_spared, steps as f64)).collect();
        Self { log_spared, time: 1.0 / libm::log1p(-recovery), passed }
    }

    /// The probability that one infected account infects a given follower before it recovers, its time drawn.
    fn draw(&self, draw: &mut Stream) -> f64 {
        // Geometric: at least one step.
        let steps = 1.0 + (libm::log(1.0 - draw.unit()) * self.time).floor();
        if steps <= TABLE as f64 { self.passed[steps as usize] } else { passed(self.log_spared, steps) }
    }
}

/// 1 - (1 - beta)^steps.
fn passed(log_spared: f64, steps: f64) -> f64 {
    if steps == 0.0 { 0.0 } else { -libm::expm1(log_spared * steps) }
}

/// One epidemic after the other, in the same memory.
struct Epidemic {
    /// The number of the epidemic in which a node was infected last.
    last: Vec<u32>,
    number: u32,
    /// Nodes infected, the source first.
    infected: Vec<NodeId>,
}

impl Epidemic {
    fn new(nodes: usize) -> Self {
        Self { last: vec![0; nodes], number: 0, infected: Vec::new() }
    }

    fn spread(&mut self, graph: &Graph, source: NodeId, spread: &Spread, draw: &mut Stream) {
        if self.number == u32::MAX {
            self.last.fill(0);
            self.number = 0;
        }
        self.number += 1;
        self.infected.clear();
        self.infected.push(source);
        self.last[source.row()] = self.number;
        let mut next = 0;
        while let Some(&node) = self.infected.get(next) {
            next += 1;
            let chance = spread.draw(draw);
            for &follower in graph.predecessors(node) {
                if self.last[follower.row()] != self.number && draw.unit() < chance {
                    self.last[follower.row()] = self.number;
                    self.infected.push(follower);
                }
            }
        }
    }

    /// Mean leaning of those infected, the source not among them; NaN where none is known.
    fn mean(&self, leanings: &[f64]) -> f64 {
        let known = || self.infected[1..].iter().map(|node| leanings[node.row()]).filter(|leaning| !leaning.is_nan());
        known().sum::<f64>() / known().count() as f64
    }
}

/// Checks, where epidemics reach all that can be reached (c so high that everybody passes on at the first step), that each source reached what a search along reversed ties finds.
///
/// # Errors
/// The first source that differs.
pub fn verify(graph: &Graph, leanings: &[f64], params: &Params) -> Result<(), String> {
    let sure = Params { infection: 4.0 * (graph.edge_count() as f64 + 1.0) * 2.0, sources: 1e9, ..*params };
    let found = diffusion_bias(graph, leanings, &sure, &Run::default()).map_err(|error| error.to_string())?;
    for points in &found.points {
        let mut points = points.iter();
        for source in (0..graph.node_count()).map(NodeId::new).filter(|node| !leanings[node.row()].is_nan()) {
            let (mut seen, mut stack) = (vec![false; graph.node_count()], vec![source]);
            while let Some(node) = stack.pop() {
                if !std::mem::replace(&mut seen[node.row()], true) {
                    stack.extend(graph.predecessors(node));
                }
            }
            let heard = || (0..seen.len()).filter(|&row| seen[row] && row != source.row() && !leanings[row].is_nan());
            let count = heard().count();
            if count == 0 {
                continue;
            }
            let wanted = (leanings[source.row()], heard().map(|row| leanings[row]).sum::<f64>() / count as f64);
            match points.next() {
                Some(&got) if got.0 == wanted.0 && (got.1 - wanted.1).abs() <= 1e-9 * wanted.1.abs().max(1.0) => {}
                got => return Err(format!("node {}: got {got:?}, a search finds {wanted:?}", source.row())),
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Input, Settings};
    use echogram_graph::synthetic;

    fn leanings(count: u32) -> Vec<f64> {
        (0..count).map(|row| if row % 5 == 0 { f64::NAN } else { f64::from(row * 37 % 101) / 50.0 - 1.0 }).collect()
    }

    #[test]
    fn a_sure_epidemic_reaches_all_that_can_be_reached() {
        for graph in [synthetic::rmat(7, 3, 2), synthetic::uniform(128, 200, 3)] {
            verify(&graph, &leanings(128), &Params::default()).unwrap();
        }
    }

    /// Step by step through time, with draws of its own.
    fn by_steps(graph: &Graph, source: NodeId, [beta, nu]: [f64; 2], draw: &mut Stream) -> usize {
        let mut state = vec![0_u8; graph.node_count()];
        state[source.row()] = 1;
        while state.contains(&1) {
            let infected: Vec<usize> = (0..state.len()).filter(|&row| state[row] == 1).collect();
            let mut new = Vec::new();
            for &row in &infected {
                for follower in graph.predecessors(NodeId::new(row)) {
                    if state[follower.row()] == 0 && draw.unit() < beta {
                        new.push(follower.row());
                    }
                }
            }
            new.into_iter().for_each(|row| state[row] = 1);
            infected.into_iter().filter(|_| draw.unit() < nu).for_each(|row| state[row] = 2);
        }
        state.iter().filter(|&&state| state == 2).count()
    }

    #[test]
    fn sets_are_as_large_as_those_of_steps_through_time() {
        let graph = synthetic::uniform(60, 240, 5);
        let (infection, nu, rounds) = (0.4, 0.3, 20_000_u64);
        let spread = Spread::new(&graph, infection, nu);
        let beta = infection / (graph.edge_count() as f64 / 60.0);
        let mut epidemic = Epidemic::new(60);
        let (mut sum, mut squares, mut wanted) = (0.0, 0.0, 0.0);
        for round in 0..rounds {
            let source = NodeId::new((round % 60) as usize);
            epidemic.spread(&graph, source, &spread, &mut Stream::new(1, 2, round));
            let size = epidemic.infected.len() as f64;
            sum += size;
            squares += size * size;
            wanted += by_steps(&graph, source, [beta, nu], &mut Stream::new(3, 4, round)) as f64;
        }
        let rounds = rounds as f64;
        let error = ((squares / rounds - (sum / rounds).powi(2)) * 2.0 / rounds).sqrt();
        assert!((sum - wanted).abs() / rounds < 4.0 * error, "{} {} {error}", sum / rounds, wanted / rounds);
        assert!(sum / rounds > 2.0);
    }

    #[test]
    fn camps_speak_to_themselves_and_strangers_to_all() {
        let leanings: Vec<f64> =
            (0..200).map(|row| f64::from(row / 100) * 2.0 - 1.0 + f64::from(row * 31 % 97) / 500.0).collect();
        let slope = |graph: &Graph| {
            let input = Input { leanings: Some(&leanings), ..Input::of(graph) };
            (SPEC.run)(&input, &Run::default()).unwrap().scores[0].value
        };
        assert!(slope(&synthetic::planted(2, 100, 6, 0, 7)) > 0.9);
        assert!(slope(&synthetic::uniform(200, 1_200, 7)).abs() < 0.1);
    }

    #[test]
    fn samples_are_drawn_by_seed_and_stated() {
        let graph = synthetic::rmat(8, 6, 2);
        let leanings = leanings(256);
        let mut settings = Settings::default();
        settings.set("diffusion_bias.sources", 40.0);
        let of = |seed| {
            let input = Input { leanings: Some(&leanings), settings: Some(&settings), seed, ..Input::of(&graph) };
            (SPEC.run)(&input, &Run::default()).unwrap()
        };
        assert_eq!(of(1), of(1));
        assert_ne!(of(1).scores[0].value, of(2).scores[0].value);
        assert_eq!(of(1).parameters[3], ("sources", "40".to_owned()));
        settings.set("diffusion_bias.recovery", 0.0);
        let input = Input { leanings: Some(&leanings), settings: Some(&settings), ..Input::of(&graph) };
        assert!(matches!((SPEC.run)(&input, &Run::default()), Err(MetricError::BadParam { .. })));
    }
}
