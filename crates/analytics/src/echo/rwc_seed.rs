//! Random-walk controversy from drawn seeds: as `rwc.hub`, with accounts drawn at random in place of hubs.
//!
//! # Formula
//! Of each side an account is drawn floor(p n) times, with replacement; who is drawn, once or more, is a seed. A walk starts at a seed and ends at the first other seed. RWC = P(X|X) P(Y|Y) - P(Y|X) P(X|Y) as in `rwc.hub`, with P(A|B) the probability that a walk
//! that ended at a seed of B had started at one of A. The value is the mean over `rwc.seed_draws` = 20 draws of seeds; p = `rwc.seed_share` = 0.3.
//!
//! # Conventions
//! Simple undirected union, weights ignored (`_weighted` walks in proportion to weight). Seeds are drawn with replacement, and who is drawn twice is one seed, so that about 1 - exp(-p) of a side are seeds: 26 % at
//! p = 0.3. That is how published values come out (see below). One draw serves both as starts and as ends. Equal weight for each seed of a side, equal priors. Seeds from which no
//! other can be reached are not counted. Accounts without a side are walked through. Undefined where a side gets no seed in some draw. With more than two sides each stands against the rest, and against
//! each other. `_directed` walks along the direction of ties; who points at nobody has the walk start over at an account of its own side, as in `rwc.hub_directed`. Networks of null models are means over `rwc.seed_null_draws` = 2 draws, each its own: their mean
//! estimates the same, but their spread is wider (a sd of 0.025 where that of means over 20 draws is 0.015, on 300 accounts). p therefore goes by the first two draws of the network, while value and effect are those of all 20; held against all 20, p was
//! never below 0.05 on 147 networks without camps, where it should be in 7. With more draws p is sharper, and a null model slower.
//!
//! # Range and unit
//! Index in [-1, 1]. `parameters` holds the standard deviation over draws and the value that p goes by; the interval is of the mean over draws.
//!
//! # Cost
//! Each draw: one sparse system, solved exactly, and for each seed the chance to come back before another is met, by pushing probability outwards until what is still on its way could add no more than
//! 1e-2 (1e-5 for each account of small networks; see `returns`). That bound is far from what is lost: on three topics of 1,610 to 7,106 accounts and on camps of 10,000 the score was 0.001 to 0.002 higher than with a bound of 1e-4, for the
//! network and its replicates alike. Directed: five systems, and pushing by the same bound, of which it is only known that what still waits is lost at most. Draws run in parallel; 40 bytes per node and draw.
//!
//! # Errors
//! `Missing` without sides; cancelled by the caller.
//!
//! # Compared with
//! Published Monte Carlo values of three topics are 0.869, 0.873 and 0.851 (baltimore, beefban, gunsense); ours are 0.878, 0.873 and 0.848. With exactly floor(p n) different seeds, as the
//! score is often described, they would be 0.884, 0.889 and 0.870 (sparse algebra in SciPy over six draws of its own: 0.899, 0.880 and 0.868, against 0.869, 0.880 and 0.853 with replacement; a draw varies by 0.010 to 0.018).
//!
//! # Source
//! Garimella, De Francisci Morales, Gionis, Mathioudakis, Quantifying controversy on social media, ACM TSC 1, 2018, doi 10.1145/3140565. Pushing: Andersen, Chung, Lang, Local graph partitioning
//! using PageRank vectors, FOCS 2006, doi 10.1109/FOCS.2006.44.

use super::division::{Between, members, scores};
use super::walk::from_means;
use crate::absorbing::{Place, ends_in_first};
use crate::absorbing_directed::DirectedWalk;
use crate::partition::component_weak::component_weak;
use crate::returns_directed::DirectedWalker;
use crate::spec::{Chamber, Kind, MetricSpec, Need, Outcome, Shape, Tier, Weights};
use crate::{MetricError, Parameter, Run};
use echogram_graph::synthetic::Stream;
use echogram_graph::{Graph, NodeId, Partition};
use rayon::prelude::*;
use std::collections::VecDeque;

const SHARE: Parameter = Parameter { name: "rwc.seed_share", default: 0.3, about: "share of a side that are seeds of rwc.seed" };
const DRAWS: Parameter =
    Parameter { name: "rwc.seed_draws", default: 20.0, about: "draws of seeds that rwc.seed is the mean of" };
const NULL_DRAWS: Parameter = Parameter {
    name: "rwc.seed_null_draws",
    default: 2.0,
    about: "draws of seeds in each network of a null model; p goes by as many of the network",
};

/// Purpose of the streams that draw seeds.
const PURPOSE: u64 = 0x7365_6564;
/// Bound on what a chance to come back may lack: for each account, and at most. Small networks are cheap to do better for.
const TOLERANCE: (f64, f64) = (1e-5, 1e-2);

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "rwc.seed",
    kind: Kind::Echo,
    summary: "whether walks between drawn accounts stay on their side",
    columns: &["rwc.seed"],
    shape: Shape::Undirected,
    other_shape: true,
    weights: Weights::Variant,
    needs: &[Need::Sides],
    parameters: &[SHARE, DRAWS, NULL_DRAWS],
    tier: Tier::Standard,
    chamber: Some(Chamber::High),
    unsteady: &[],
    source: include_str!("rwc_seed.rs"),
    run: |input, run| {
        let sides = input.sides(SPEC.name)?;
        let (share, draws) = (input.setting(&SHARE), input.setting(&DRAWS) as u64);
        let of_replicates = draws.min(input.setting(&NULL_DRAWS) as u64).max(1);
        let draws = if input.wants_errors { draws } else { of_replicates };
        let components = component_weak(input.graph, run)?;
        let found = scores([SPEC.name], input.graph, sides, run, |graph, of, run| {
            let drawn = Drawn { graph, of, components: &components, share, seed: input.seed };
            Ok([mean_of_draws(&drawn, draws, of_replicates, run)?])
        })?;
        Ok(Outcome {
            parameters: vec![("p", format!("{share:.2}")), ("draws", draws.to_string())],
            ..super::outcome(sides, found)
        })
    },
};

/// What all draws have in common.
struct Drawn<'a> {
    graph: &'a Graph,
    of: &'a [Option<usize>],
    components: &'a Partition,
    share: f64,
    seed: u64,
}

fn mean_of_draws(drawn: &Drawn<'_>, draws: u64, of_replicates: u64, run: &Run<'_>) -> Result<Between, MetricError> {
    let total: Vec<f64> = (0..drawn.of.len()).map(|row| drawn.graph.out().row(NodeId::new(row)).map(|tie| tie.1).sum()).collect();
    let values =
        (0..draws).into_par_iter().map(|draw| drawn.value(draw, &total, run)).collect::<Result<Vec<f64>, MetricError>>()?;
    let count = values.len() as f64;
    let mean_of = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mean, as_replicate) = (mean_of(&values), mean_of(&values[..of_replicates.min(draws) as usize]));
    let sd = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0)).sqrt();
    let found = vec![("sd", format!("{sd:.4}")), ("p_goes_by", as_replicate.to_string())];
    Ok(Between { as_replicate, error: sd / count.sqrt(), found, ..Between::of(mean) })
}

impl Drawn<'_> {
    /// The score for one draw of seeds.
    fn value(&self, draw: u64, total: &[f64], run: &Run<'_>) -> Result<f64, MetricError> {
        let mut stream = Stream::new(self.seed, PURPOSE, draw);
        let mut places = vec![Place::Passing; self.of.len()];
        let mut in_component = vec![0_u32; self.components.count()];
        let mut seeds = [Vec::new(), Vec::new()];
        for (side, place) in [(0, Place::First), (1, Place::Second)] {
            seeds[side] = some_of(&members(self.of, side), self.share, &mut stream);
            for &row in &seeds[side] {
                places[row] = place;
                in_component[self.components.of(NodeId::new(row)) as usize] += 1;
            }
        }
        let n = self.of.len();
        let tolerance = (TOLERANCE.0 * n as f64).min(TOLERANCE.1);
        if self.graph.is_directed() {
            let walk = DirectedWalk::new(self.graph, &places, self.of);
            if seeds.iter().any(Vec::is_empty) {
                return Ok(f64::NAN);
            }
            let chance = walk.ends_in_first(run)?;
            let mut walker = DirectedWalker::new(&walk, n, run)?;
            let returns = |row: usize| walker.leaves(row).then(|| walker.returns(row, tolerance));
            return Ok(elsewhere(&seeds, &chance, returns));
        }
        let chance = ends_in_first(self.graph, &places, run)?;
        let mut walker = Walker::new(self.graph, &places, total);
        let has_other = |row: usize| in_component[self.components.of(NodeId::new(row)) as usize] > 1;
        Ok(elsewhere(&seeds, &chance, |row| has_other(row).then(|| walker.returns(row, tolerance))))
    }
}

/// The score from the chance of each seed's walk to end in the first side, if the seed itself may be its end. `returns` is the chance that it is, `None` of seeds from which no other can be reached.
fn elsewhere(seeds: &[Vec<usize>; 2], chance: &[f64], mut returns: impl FnMut(usize) -> Option<f64>) -> f64 {
    let mut mean = |side: usize| {
        let (mut sum, mut count) = (0.0, 0.0);
        for &row in &seeds[side] {
            if let Some(back) = returns(row) {
                let at_own = if side == 0 { back } else { 0.0 };
                sum += ((chance[row] - at_own) / (1.0 - back)).clamp(0.0, 1.0);
                count += 1.0;
            }
        }
        sum / count
    };
    from_means(mean(0), mean(1))
}

/// floor(share n) members drawn with replacement; who is drawn twice is one seed.
fn some_of(members: &[usize], share: f64, stream: &mut Stream) -> Vec<usize> {
    let count = (share * members.len() as f64).floor() as u64;
    let mut drawn: Vec<usize> = (0..count).map(|_| members[stream.below(members.len() as u64) as usize]).collect();
    drawn.sort_unstable();
    drawn.dedup();
    drawn
}

/// Probability on its way, node by node.
struct Walker<'a> {
    graph: &'a Graph,
    places: &'a [Place],
    total: &'a [f64],
    on_its_way: Vec<f64>,
    is_queued: Vec<bool>,
    touched: Vec<usize>,
}

impl<'a> Walker<'a> {
    fn new(graph: &'a Graph, places: &'a [Place], total: &'a [f64]) -> Self {
        let n = places.len();
        Self { graph, places, total, on_its_way: vec![0.0; n], is_queued: vec![false; n], touched: Vec::new() }
    }

    /// The chance that a walk from `start` comes back before it meets another seed.
    ///
    /// What waits at a node is pushed on while it is more than epsilon times the node's weight. By reversibility the chance to reach `start` from a node t is at most w(start) / w(t) times the visits at t
    /// of a walk from `start`; so that what is left waiting adds less than epsilon w(start) times the number of its steps, and epsilon = tolerance / w(start).
    fn returns(&mut self, start: usize, tolerance: f64) -> f64 {
        let epsilon = tolerance / self.total[start];
        let mut back = 0.0;
        let mut queue = VecDeque::from([start]);
        self.on_its_way[start] = 1.0;
        self.touched.push(start);
        while let Some(node) = queue.pop_front() {
            self.is_queued[node] = false;
            let share = std::mem::take(&mut self.on_its_way[node]) / self.total[node];
            for (other, weight) in self.graph.out().row(NodeId::new(node)) {
                let other = other.row();
                if other == start {
                    back += share * weight;
                } else if self.places[other] == Place::Passing {
                    if self.on_its_way[other] == 0.0 {
                        self.touched.push(other);
                    }
                    self.on_its_way[other] += share * weight;
                    if self.on_its_way[other] > epsilon * self.total[other] && !self.is_queued[other] {
                        self.is_queued[other] = true;
                        queue.push_back(other);
                    }
                }
            }
        }
        // Of what still waits, that beside the start may come back at once.
        for (node, weight) in self.graph.out().row(NodeId::new(start)) {
            back += self.on_its_way[node.row()] * weight / self.total[node.row()];
        }
        self.touched.drain(..).for_each(|node| self.on_its_way[node] = 0.0);
        back
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Place::{First, Passing, Second};
    use echogram_graph::{Grouping, synthetic};

    #[test]
    fn coming_back_by_hand() {
        // From 0 the walk steps to 1, and from there half the time back: a leaf of a path of seeds 0 and 2.
        let path = Graph::from_arrows("0>1 1>2").undirected();
        let total = [1.0, 2.0, 1.0];
        assert_eq!(Walker::new(&path, &[First, Passing, Second], &total).returns(0, 1e-5), 0.5);
        // Nobody else to meet.
        assert_eq!(Walker::new(&path, &[First, Passing, Passing], &total).returns(0, 1e-5).round(), 1.0);
    }

    /// The chances of a step from each node, written out: who points at nobody starts over at any account of its own side, or of both.
    fn steps(graph: &Graph, of: &[Option<usize>]) -> Vec<Vec<f64>> {
        let n = of.len();
        let of_row = |row: usize| {
            let mut chances = vec![0.0; n];
            graph.out().row(NodeId::new(row)).for_each(|(other, weight)| chances[other.row()] += weight);
            if chances.iter().all(|&chance| chance == 0.0) {
                let is_start = |other: usize| of[other].is_some() && (of[row].is_none() || of[other] == of[row]);
                (0..n).filter(|&other| is_start(other)).for_each(|other| chances[other] = 1.0);
            }
            let total: f64 = chances.iter().sum();
            chances.iter().map(|chance| chance / total).collect()
        };
        (0..n).map(of_row).collect()
    }

    /// A seed's walk followed by dense algebra until it has ended: how likely at other seeds of the first side.
    fn dense(steps: &[Vec<f64>], places: &[Place], start: usize) -> f64 {
        let n = places.len();
        let mut at = steps[start].clone();
        let mut first = 0.0;
        for _ in 0..5_000 {
            let mut next = vec![0.0; n];
            for row in 0..n {
                match places[row] {
                    First if row != start => first += at[row],
                    Second if row != start => {}
                    _ => next.iter_mut().zip(&steps[row]).for_each(|(next, chance)| *next += at[row] * chance),
                }
            }
            at = next;
        }
        first
    }

    #[test]
    fn walks_end_where_dense_algebra_says() {
        let of: Vec<Option<usize>> = (0..24).map(|row| if row % 8 == 7 { None } else { Some(usize::from(row >= 12)) }).collect();
        let planted = synthetic::planted(2, 12, 3, 1, 5);
        // Ties that lead upwards only, so that walks end up at accounts that point at nobody.
        let upwards: Vec<(u32, u32, f64)> =
            (0..60).map(|tie| (tie % 23, tie % 23 + 1 + tie * 7 % (24 - tie % 23 - 1).max(1), f64::from(tie % 3 + 1))).collect();
        for graph in [planted.undirected(), planted, Graph::from_edges(24, &upwards)] {
            let components = component_weak(&graph, &Run::default()).unwrap();
            let drawn = Drawn { graph: &graph, of: &of, components: &components, share: 0.3, seed: 7 };
            let total: Vec<f64> = (0..24).map(|row| graph.out().row(NodeId::new(row)).map(|tie| tie.1).sum()).collect();
            let steps = steps(&graph, &of);
            for draw in 0..5 {
                let mut stream = Stream::new(7, PURPOSE, draw);
                let mut places = [Passing; 24];
                let seeds = [(0, First), (1, Second)].map(|(side, place)| {
                    let seeds = some_of(&members(&of, side), 0.3, &mut stream);
                    seeds.iter().for_each(|&row| places[row] = place);
                    seeds
                });
                let mean = |side: usize| {
                    seeds[side].iter().map(|&row| dense(&steps, &places, row)).sum::<f64>() / seeds[side].len() as f64
                };
                let wanted = from_means(mean(0), mean(1));
                let found = drawn.value(draw, &total, &Run::default()).unwrap();
                assert!((found - wanted).abs() < 1e-3, "{found} {wanted}");
            }
        }
    }

    #[test]
    fn walks_that_go_in_circles_are_not_counted() {
        // 0 and 1 lead to each other and to nobody else, 2 and 3 to one who points at nobody.
        let graph = Graph::from_arrows("0>1 1>0 2>4 3>4");
        let of = [Some(0), Some(0), Some(0), Some(1), Some(1)];
        let places = [First, Passing, First, Second, Passing];
        let walk = DirectedWalk::new(&graph, &places, &of);
        let mut walker = DirectedWalker::new(&walk, 5, &Run::default()).unwrap();
        assert_eq!([0, 2, 3].map(|row| walker.leaves(row)), [false, true, false]);
        // From 3 to 4, who starts over at 3 or 4: nowhere else.
        assert!((walker.returns(3, 1e-9) - 1.0).abs() < 1e-9 && (walker.returns(0, 1e-9) - 1.0).abs() < 1e-9);
        assert!(walker.returns(2, 1e-9).abs() < 1e-9);
    }

    #[test]
    fn p_goes_by_as_many_draws_as_null_models_take() {
        let graph = synthetic::planted(2, 40, 3, 2, 5).undirected();
        let names: Vec<Option<&str>> = (0..80).map(|row| Some(if row < 40 { "a" } else { "b" })).collect();
        let groups = Grouping::from_names(&names);
        let score = |wants_errors| {
            let input = crate::Input { sides: Some(&groups), wants_errors, ..crate::Input::of(&graph) };
            (SPEC.run)(&input, &Run::default()).unwrap().scores.remove(0)
        };
        let (all, few) = (score(true), score(false));
        assert_eq!((all.as_replicate, few.as_replicate), (few.value, few.value));
        assert_ne!(all.value, few.value);
    }

    #[test]
    fn sides_that_never_meet_are_fully_apart() {
        let graph = synthetic::planted(2, 40, 6, 0, 5).undirected();
        let names: Vec<Option<&str>> = (0..80).map(|row| Some(if row < 40 { "a" } else { "b" })).collect();
        let groups = Grouping::from_names(&names);
        let input = crate::Input { sides: Some(&groups), ..crate::Input::of(&graph) };
        let found = (SPEC.run)(&input, &Run::default()).unwrap();
        assert!(found.scores[0].value > 1.0 - 1e-9);
        assert_eq!(found.scores[0].found[0].0, "sd");
    }
}
