//! The null model of Krackhardt and Stern that needs no replicates: the same number of ties laid among all pairs of accounts, each pair at most once and all as likely.
//!
//! Ties across sides E then follow the hypergeometric distribution of m draws from T pairs, T_E of which lie across; scores that are linear in E (`ei`, `ei_rescaled`, `freeman`) have its mean, its standard
//! deviation and its tails.
//!
//! Source: Krackhardt and Stern, Informal networks and organizational crises, Social Psychology Quarterly 51, 1988, doi 10.2307/2786835.

use super::Comparison;
use crate::echo::mixing::GroupTies;
use echogram_graph::{Graph, GraphView, Grouping, NodeId};

/// Ties across sides, as they are and as chance lays them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Across {
    /// Pairs of accounts that have a side.
    pairs: u64,
    /// Those of them with two sides.
    pairs_across: u64,
    /// Ties.
    ties: u64,
    /// Those of them across.
    ties_across: u64,
}

impl Across {
    /// Counts ties and pairs among accounts that have a side: ordered where the graph is directed. `None` where loops or more than one tie for a pair do not let the model apply.
    pub fn count(graph: &Graph, sides: &Grouping) -> Option<Self> {
        if (0..graph.node_count()).map(NodeId::new).any(|node| graph.out().contains(node, node)) {
            return None;
        }
        let counted = GroupTies::count(&graph.unweighted(), sides);
        let sizes: Vec<u64> = sides.sizes().into_iter().map(u64::from).collect();
        let accounts: u64 = sizes.iter().sum();
        // An undirected graph shows each pair from both ends.
        let ends = if graph.is_directed() { 1 } else { 2 };
        let pairs = accounts.checked_mul(accounts.checked_sub(1)?)? / ends;
        let within: u64 = sizes.iter().map(|size| size * size.saturating_sub(1)).sum::<u64>() / ends;
        let inside: f64 = (0..sizes.len()).map(|side| counted.weight(side, side)).sum();
        let ties = counted.total() as u64 / ends;
        let found = Self { pairs, pairs_across: pairs - within, ties, ties_across: ties - inside as u64 / ends };
        (found.ties > 0 && found.pairs_across > 0 && within > 0).then_some(found)
    }

    /// Mean and standard deviation of the ties across.
    pub fn moments(&self) -> (f64, f64) {
        let [pairs, across, ties] = [self.pairs, self.pairs_across, self.ties].map(|count| count as f64);
        let share = across / pairs;
        let variance = ties * share * (1.0 - share) * (pairs - ties) / (pairs - 1.0).max(1.0);
        (ties * share, variance.sqrt())
    }

    /// The chance of so few ties across, or fewer.
    pub fn tail(&self) -> f64 {
        let (pairs, across, ties) = (self.pairs as f64, self.pairs_across as f64, self.ties as f64);
        let within = pairs - across;
        let choose = |n: f64, k: f64| libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0);
        let log = |k: f64| choose(across, k) + choose(within, ties - k) - choose(pairs, ties);
        let lowest = (ties - within).max(0.0);
        let mode = (((ties + 1.0) * (across + 1.0)) / (pairs + 2.0)).floor();
        let found = self.ties_across as f64;
        // From the observed number downwards below the mode, or upwards above it, terms fall: the rest is summed until it adds nothing.
        let (start, step, is_upper) = if found <= mode { (found, -1.0, false) } else { (found + 1.0, 1.0, true) };
        let highest = ties.min(across);
        let (mut sum, mut at) = (0.0, start);
        while at >= lowest && at <= highest {
            let term = libm::exp(log(at));
            sum += term;
            if term <= sum * 1e-17 {
                break;
            }
            at += step;
        }
        (if is_upper { 1.0 - sum } else { sum }).clamp(0.0, 1.0)
    }

    /// Compares a score that is linear in the ties across, is `value` now, and moves by `slope` for each of them. Fewer ties across are more of a chamber.
    pub fn compare(&self, value: f64, error: f64, slope: f64) -> Option<Comparison> {
        let (mean, sd) = self.moments();
        let null_mean = value + slope * (mean - self.ties_across as f64);
        Comparison::known(value, error, null_mean, sd * slope.abs(), self.tail())
    }

    /// By how much a score moves for each tie across; `None` where it is not linear in them.
    pub fn slope(&self, score: &str) -> Option<f64> {
        let [pairs, across, ties] = [self.pairs, self.pairs_across, self.ties].map(|count| count as f64);
        let ei = 2.0 / ties;
        match score {
            "ei" => Some(ei),
            "ei_rescaled" => {
                let index = |external: f64| (2.0 * external - ties) / ties;
                let (highest, lowest) = (index(ties.min(across)), index((ties - (pairs - across)).max(0.0)));
                Some(2.0 * ei / (highest - lowest)).filter(|slope| slope.is_finite())
            }
            "freeman" => Some(-1.0 / self.moments().0),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Karate by its two clubs, from other code: null mean and deviation of E-I 0.030303 and 0.105107, lower tail 1.617419e-13.
    #[test]
    fn two_clubs() {
        let karate = Across { pairs: 561, pairs_across: 289, ties: 78, ties_across: 11 };
        let found = karate.compare(-56.0 / 78.0, 0.0, karate.slope("ei").unwrap()).unwrap();
        assert!((found.null_mean - 0.030_303_030_303_030_3).abs() < 1e-12);
        assert!((found.null_sd - 0.105_107_270_539_509).abs() < 1e-12);
        assert!((karate.tail() / 1.617_419_270_352_141e-13 - 1.0).abs() < 1e-9, "{}", karate.tail());
        assert_eq!((found.p, found.replicates), (karate.tail(), 0));
    }

    #[test]
    fn tails_add_up() {
        // All of a small distribution, against a plain count of subsets.
        let choose = |n: u64, k: u64| (0..k).fold(1.0, |product, at| product * (n - at) as f64 / (at + 1) as f64);
        for ties_across in 0..=4 {
            let found = Across { pairs: 10, pairs_across: 4, ties: 5, ties_across }.tail();
            let wanted: f64 = (0..=ties_across).map(|k| choose(4, k) * choose(6, 5 - k) / choose(10, 5)).sum();
            assert!((found - wanted).abs() < 1e-12, "{ties_across}: {found} {wanted}");
        }
    }

    #[test]
    fn where_it_does_not_apply_there_is_none() {
        let sides = Grouping::from_names(&[Some("a"), Some("b"), None]);
        assert_eq!(Across::count(&Graph::from_arrows("0>0 0>1 2"), &sides), None);
        assert_eq!(Across::count(&Graph::from_arrows("0>1 2"), &sides), None);
        let sides = Grouping::from_names(&[Some("a"), Some("b"), Some("a")]);
        let found = Across::count(&Graph::from_arrows("0>1 1>0 2>0"), &sides).unwrap();
        assert_eq!(found, Across { pairs: 6, pairs_across: 4, ties: 3, ties_across: 2 });
        assert_eq!(found.slope("aei"), None);
    }
}
