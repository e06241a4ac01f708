//! Exposure: of how many different stakeholder roles an account hears, as an effective number.
//!
//! # Formula
//! p_r = share of the accounts followed whose role is r, among the n followed whose role is known. Hill numbers: q0 = number of roles with p > 0, q1 = exp(-sum p ln p), q2 = 1 / sum p^2; these are
//! `exposure_raw_q0`, `_q1`, `_q2`. Corrected for few ties, with X_r ties to role r, f1 roles with one tie and f2 with two: `exposure_q0` = q0 + (n-1)/n f1^2 / (2 f2), or + (n-1)/n f1 (f1-1) / 2
//! where f2 = 0 (Chao); `exposure_q1` = exp H, H = sum X/n (1/X + ... + 1/(n-1)) + f1/n (1-A)^(1-n) [-ln A - sum over r < n of (1-A)^r / r], A = 2 f2 / ((n-1) f1 + 2 f2), or
//! 2 / ((n-1)(f1-1) + 2) where f2 = 0 (Chao, Wang and Jost); `exposure_q2` = n (n-1) / sum X (X-1) (unbiased for sum p^2). No more than the number of roles in the network, and no estimate is above that
//! of a smaller q. `exposure_expected_q0`, `_q1`, `_q2`: what raw numbers would be if each of the n ties went to an account in proportion to its in-degree, with pi_r the share of ties that end in
//! role r: sum over r of 1 - (1 - pi_r)^n; exp of the mean of the entropy over such draws; 1 / the mean of sum p^2 = 1 / (1/n + (1 - 1/n) sum pi^2). `exposure_coverage` = 1 - JS(p, shares of the roles
//! among all accounts), JS the Jensen-Shannon divergence to base 2. `exposure_ties` = n.
//!
//! # Conventions
//! Ties as they point: an account hears of whom it follows. Followees of unknown role are left out and shares renormalised; null where none is known. Self-loops never count. Of one tie nothing can be
//! corrected: all three are 1. Correction takes ties as a sample of what the account may hear of. `_weighted`: shares of weight; there `exposure_q*` are the raw numbers, as weights are no sample, and the
//! expected ones keep the account's weights (q1: as for (sum w)^2 / sum w^2 ties, rounded). The draws of the null let an account be drawn twice; the echo score `exposure` beside its null models does not.
//!
//! # Range and unit
//! Effective roles, 1 to the number of roles in the network: 1 = one role only, k = as many as k equally frequent ones. Coverage: index in [0, 1], 1 = as the population. Compare raw with expected, corrected
//! with each other: an account that follows few can show few.
//!
//! # Cost
//! O(E log k) time; the expected numbers once for each different n: O(roles sqrt(n)). Parallel over accounts.
//!
//! # Errors
//! `Missing` without roles; cancelled by the caller.
//!
//! # Compared with
//! NetworkX and igraph have none. The corrected numbers are those of R's iNEXT (`ChaoRichness`, `ChaoEntropy`, asymptotic q = 2) but for the two limits.
//!
//! # Source
//! Hill, Ecology 54, 1973, doi 10.2307/1934352. Chao, Scandinavian Journal of Statistics 11, 1984. Chao, Wang, Jost, Entropy and the species accumulation curve, Methods in Ecology and Evolution 4, 2013,
//! doi 10.1111/2041-210X.12108. Chao and Jost, the same journal 6, 2015, doi 10.1111/2041-210X.12349.
//!
//! # Example
//! ```
//! use echogram_analytics::centrality::exposure::exposure;
//! use echogram_graph::{Graph, Grouping};
//! let roles = Grouping::from_names(&[None, Some("nurse"), Some("nurse"), Some("payer"), Some("payer")]);
//! let found = exposure(&Graph::from_arrows("0>1 0>2 0>3 0>4"), &roles, &Default::default()).unwrap();
//! assert_eq!(found.raw[2][0], 2.0);
//! assert!(found.raw[2][1].is_nan());
//! ```

use crate::spec::{Kind, MetricSpec, Need, Outcome, Shape, Tier, Values, Weights};
use crate::{MetricError, Run};
use echogram_graph::{Graph, GraphView, Grouping, NodeId};
use rayon::prelude::*;

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "exposure",
    kind: Kind::Account,
    summary: "effective number of stakeholder roles that an account follows",
    columns: &[
        "exposure_q0",
        "exposure_q1",
        "exposure_q2",
        "exposure_raw_q0",
        "exposure_raw_q1",
        "exposure_raw_q2",
        "exposure_expected_q0",
        "exposure_expected_q1",
        "exposure_expected_q2",
        "exposure_coverage",
        "exposure_ties",
    ],
    shape: Shape::Directed,
    other_shape: false,
    weights: Weights::Variant,
    needs: &[Need::Roles],
    parameters: &[],
    tier: Tier::Standard,
    chamber: None,
    unsteady: &[],
    source: include_str!("exposure.rs"),
    run: |input, run| {
        let found = exposure(input.graph, input.roles(SPEC.name)?, run)?;
        let numbers = found.corrected.into_iter().chain(found.raw).chain(found.expected).map(Values::Real);
        Ok(Outcome::of_columns(numbers.chain([Values::Real(found.coverage), Values::Whole(found.ties)]).collect()))
    },
};

/// Hill numbers of order 0, 1 and 2.
pub type Hill = [f64; 3];

/// Exposure of every account; NaN where it follows nobody of known role.
#[derive(Clone, Debug, PartialEq)]
pub struct Exposure {
    /// Effective roles for q = 0, 1, 2, corrected for few ties.
    pub corrected: [Vec<f64>; 3],
    /// Effective roles for q = 0, 1, 2 as they are.
    pub raw: [Vec<f64>; 3],
    /// What raw numbers would be if ties went to accounts in proportion to their in-degree.
    pub expected: [Vec<f64>; 3],
    /// Likeness to the population's roles; index in [0, 1].
    pub coverage: Vec<f64>,
    /// Accounts followed whose role is known.
    pub ties: Vec<u32>,
}

/// Fewer draws than this have their tail summed by what the logarithm leaves: nothing is lost to rounding yet.
const LITTLE_LEFT: f64 = 1e-3;
/// Terms of sums below this share are left out.
const NEGLIGIBLE: f64 = 1e-18;

/// Exposure of every node.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn exposure(graph: &Graph, roles: &Grouping, run: &Run<'_>) -> Result<Exposure, MetricError> {
    run.step(0, 3)?;
    let rows = of_rows(graph, roles);
    run.step(1, 3)?;
    let followed = shares(
        roles.count(),
        (0..graph.node_count())
            .map(NodeId::new)
            .filter_map(|node| Some((roles.of(node)?, others(graph.predecessors(node), node)))),
    );
    let population = shares(roles.count(), roles.labels().iter().flatten().map(|&role| (role, 1)));
    let draws = Draws::new(&followed, &rows);
    run.step(2, 3)?;
    let of_row = |row: &Option<Row>| {
        row.as_ref().map_or(([[f64::NAN; 3]; 3], f64::NAN, 0), |row| {
            ([row.corrected, row.raw, draws.expected(row)], coverage(&row.shares, &population), row.ties)
        })
    };
    let found: Vec<([Hill; 3], f64, u32)> = rows.par_iter().map(of_row).collect();
    let column = |kind: usize| [0, 1, 2].map(|q| found.iter().map(|row| row.0[kind][q]).collect());
    Ok(Exposure {
        corrected: column(0),
        raw: column(1),
        expected: column(2),
        coverage: found.iter().map(|row| row.1).collect(),
        ties: found.iter().map(|row| row.2).collect(),
    })
}

/// The corrected effective number of roles, q = 1, of every node; NaN where it follows nobody of known role.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn effective_roles(graph: &Graph, roles: &Grouping, run: &Run<'_>) -> Result<Vec<f64>, MetricError> {
    run.step(0, 1)?;
    Ok(of_rows(graph, roles).into_iter().map(|row| row.map_or(f64::NAN, |row| row.corrected[1])).collect())
}

/// What one account follows.
struct Row {
    /// Accounts of known role.
    ties: u32,
    /// (sum of weights)^2 / sum of squares: as many ties as equal weights would have.
    even_ties: f64,
    /// Roles followed, ascending, with their share.
    shares: Vec<(u32, f64)>,
    raw: Hill,
    corrected: Hill,
}

fn others(row: &[NodeId], node: NodeId) -> u64 {
    (row.len() - usize::from(row.binary_search(&node).is_ok())) as u64
}

fn of_rows(graph: &Graph, roles: &Grouping) -> Vec<Option<Row>> {
    let n = graph.node_count();
    let longest = (0..n).into_par_iter().map(|row| graph.out_degree(NodeId::new(row))).max().unwrap_or(0);
    let harmonic = harmonic_numbers(longest);
    (0..n).into_par_iter().map(|row| of_row(graph, roles, NodeId::new(row), &harmonic)).collect()
}

fn of_row(graph: &Graph, roles: &Grouping, node: NodeId, harmonic: &[f64]) -> Option<Row> {
    let known = graph.out().row(node).filter(|entry| entry.0 != node);
    let mut ties: Vec<(u32, f64)> = known.filter_map(|(other, weight)| Some((roles.of(other)?, weight))).collect();
    if ties.is_empty() {
        return None;
    }
    // By weight too, so that sums do not depend on names.
    ties.sort_by(|one, other| one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)));
    let total: f64 = ties.iter().map(|tie| tie.1).sum();
    let squares: f64 = ties.iter().map(|tie| tie.1 * tie.1).sum();
    let groups = || ties.chunk_by(|one, other| one.0 == other.0);
    let shares: Vec<(u32, f64)> =
        groups().map(|group| (group[0].0, group.iter().map(|tie| tie.1).sum::<f64>() / total)).collect();
    let raw = hill(&shares);
    let counts: Vec<u32> = groups().map(|group| group.len() as u32).collect();
    let corrected = if graph.is_weighted() { raw } else { corrected(&counts, raw, roles.count() as f64, harmonic) };
    Some(Row { ties: ties.len() as u32, even_ties: total * total / squares, shares, raw, corrected })
}

/// 0, 1, 1 + 1/2, ... up to `longest` terms.
fn harmonic_numbers(longest: usize) -> Vec<f64> {
    let terms = (1..=longest).scan(0.0, |sum, term| {
        *sum += 1.0 / term as f64;
        Some(*sum)
    });
    std::iter::once(0.0).chain(terms).collect()
}

fn hill(shares: &[(u32, f64)]) -> Hill {
    let entropy: f64 = shares.iter().map(|&(_, share)| -share * libm::log(share)).sum();
    let squares: f64 = shares.iter().map(|&(_, share)| share * share).sum();
    [shares.len() as f64, libm::exp(entropy.max(0.0)), 1.0 / squares]
}

/// Estimates for ties `counts` to each role followed.
fn corrected(counts: &[u32], raw: Hill, roles: f64, harmonic: &[f64]) -> Hill {
    let ties: u32 = counts.iter().sum();
    if ties < 2 {
        return raw;
    }
    let n = f64::from(ties);
    let with = |times: u32| counts.iter().filter(|&&count| count == times).count() as f64;
    let (once, twice) = (with(1), with(2));
    let unseen = if twice > 0.0 { once * once / (2.0 * twice) } else { once * (once - 1.0) / 2.0 };
    let q0 = (raw[0] + (n - 1.0) / n * unseen).min(roles);
    let terms = counts.iter().map(|&count| f64::from(count) / n * (harmonic[ties as usize - 1] - harmonic[count as usize - 1]));
    let q1 = libm::exp(terms.sum::<f64>() + entropy_unseen(n, once, twice)).min(q0);
    let pairs: f64 = counts.iter().map(|&count| f64::from(count) * (f64::from(count) - 1.0)).sum();
    [q0, q1, (n * (n - 1.0) / pairs).min(q1)]
}

/// f1/n (1-A)^(1-n) [-ln A - sum over r < n of (1-A)^r / r]. The bracket is what is left of a series; where rounding would eat it up, its terms are added from n on.
fn entropy_unseen(n: f64, once: f64, twice: f64) -> f64 {
    if once == 0.0 {
        return 0.0;
    }
    let (above, below) = if twice > 0.0 { (2.0 * twice, (n - 1.0) * once) } else { (2.0, (n - 1.0) * (once - 1.0)) };
    let seen = above / (above + below);
    let left = 1.0 - seen;
    if left <= 0.0 {
        return 0.0;
    }
    let power = libm::pow(left, n - 1.0);
    let powers = |first: f64| std::iter::successors(Some(first), move |power| Some(power * left));
    let rest = if power > LITTLE_LEFT {
        let terms = powers(left).zip(1..n as u64).map(|(power, r)| power / r as f64);
        (-libm::log(seen) - terms.sum::<f64>()) / power
    } else {
        powers(left).zip(0_u64..).map(|(power, more)| power / (n + more as f64)).take_while(|&term| term > NEGLIGIBLE).sum()
    };
    once / n * rest
}

/// Each role's share of `counts`; all 0 where there is nothing.
fn shares(roles: usize, counts: impl Iterator<Item = (u32, u64)>) -> Vec<f64> {
    let mut sums = vec![0_u64; roles];
    counts.for_each(|(role, count)| sums[role as usize] += count);
    let total = sums.iter().sum::<u64>().max(1) as f64;
    sums.into_iter().map(|sum| sum as f64 / total).collect()
}

/// 1 - JS(p, population). Roles that are not followed add half their share each.
fn coverage(followed: &[(u32, f64)], population: &[f64]) -> f64 {
    let mut shared = 0.0;
    let mut divergence = 0.0;
    for &(role, own) in followed {
        let all = population[role as usize];
        let middle = f64::midpoint(own, all);
        divergence += 0.5 * (own * libm::log2(own / middle) + all * libm::log2(all / middle));
        shared += all;
    }
    (1.0 - divergence - 0.5 * (1.0 - shared)).clamp(0.0, 1.0)
}

/// What so many ties would show if each went to a role by chance.
struct Draws<'a> {
    followed: &'a [f64],
    squares: f64,
    /// Numbers of ties that occur, ascending.
    ties: Vec<u32>,
    /// Mean entropy of that many ties.
    entropies: Vec<f64>,
}

impl<'a> Draws<'a> {
    fn new(followed: &'a [f64], rows: &[Option<Row>]) -> Self {
        let mut ties: Vec<u32> = rows.iter().flatten().map(even).collect();
        ties.sort_unstable();
        ties.dedup();
        let logs = log_factorials(ties.last().copied().unwrap_or(0) as usize);
        let mean = |&ties: &u32| followed.iter().map(|&share| mean_term(ties, share, &logs)).sum();
        let entropies = ties.par_iter().map(mean).collect();
        Self { squares: followed.iter().map(|share| share * share).sum(), followed, ties, entropies }
    }

    fn expected(&self, row: &Row) -> Hill {
        let n = f64::from(row.ties);
        let seen = |share: f64| if share < 1.0 { -libm::expm1(n * libm::log1p(-share)) } else { 1.0 };
        let entropy = self.ties.binary_search(&even(row)).map_or(f64::NAN, |place| self.entropies[place]);
        let one = 1.0 / row.even_ties;
        [self.followed.iter().map(|&share| seen(share)).sum(), libm::exp(entropy), 1.0 / (one + (1.0 - one) * self.squares)]
    }
}

fn even(row: &Row) -> u32 {
    row.even_ties.round() as u32
}

fn log_factorials(most: usize) -> Vec<f64> {
    let logs = (1..=most).scan(0.0, |sum, number| {
        *sum += libm::log(number as f64);
        Some(*sum)
    });
    std::iter::once(0.0).chain(logs).collect()
}

/// Mean of -k/n ln(k/n), k binomial: outwards from the most likely k, until terms vanish.
fn mean_term(ties: u32, share: f64, logs: &[f64]) -> f64 {
    if share <= 0.0 || share >= 1.0 {
        return 0.0;
    }
    let n = f64::from(ties);
    let term = |k: f64| if k == 0.0 { 0.0 } else { -k / n * libm::log(k / n) };
    let mode = ((n + 1.0) * share).floor().min(n);
    let (k, odds) = (mode as usize, share / (1.0 - share));
    let log =
        logs[ties as usize] - logs[k] - logs[ties as usize - k] + mode * libm::log(share) + (n - mode) * libm::log1p(-share);
    let top = libm::exp(log);
    let (mut mass, mut sum) = (top, top * term(mode));
    let (mut chance, mut k) = (top, mode);
    while k < n && chance > NEGLIGIBLE {
        chance *= (n - k) / (k + 1.0) * odds;
        k += 1.0;
        mass += chance;
        sum += chance * term(k);
    }
    (chance, k) = (top, mode);
    while k > 0.0 && chance > NEGLIGIBLE {
        chance *= k / (n - k + 1.0) / odds;
        k -= 1.0;
        mass += chance;
        sum += chance * term(k);
    }
    sum / mass
}

/// Checks with a table of all roles for each account, sums by the textbook, and draws counted out one outcome after the other (for up to 64 ties, where sums by the textbook still hold).
///
/// # Errors
/// The first account that differs.
pub fn verify(graph: &Graph, roles: &Grouping, found: &Exposure) -> Result<(), String> {
    let (n, width) = (graph.node_count(), roles.count());
    let mut sizes = vec![0.0; width];
    let mut incoming = vec![0.0; width];
    for node in (0..n).map(NodeId::new) {
        for target in graph.successors(node).iter().filter(|&&target| target != node) {
            if let Some(role) = roles.of(*target) {
                incoming[role as usize] += 1.0;
            }
        }
        if let Some(role) = roles.of(node) {
            sizes[role as usize] += 1.0;
        }
    }
    let normalised = |values: &[f64]| -> Vec<f64> { values.iter().map(|value| value / values.iter().sum::<f64>()).collect() };
    let (population, pi) = (normalised(&sizes), normalised(&incoming));
    for node in (0..n).map(NodeId::new) {
        let (mut weights, mut counts) = (vec![0.0; width], vec![0.0_f64; width]);
        for (other, weight) in graph.out().row(node).filter(|entry| entry.0 != node) {
            if let Some(role) = roles.of(other) {
                weights[role as usize] += weight;
                counts[role as usize] += 1.0;
            }
        }
        let ties: f64 = counts.iter().sum();
        let row = node.row();
        let same = |what: &str, got: f64, wanted: f64| {
            let is_same = (got.is_nan() && wanted.is_nan()) || (got - wanted).abs() <= 1e-8 * wanted.abs().max(1.0);
            if is_same { Ok(()) } else { Err(format!("node {row}, {what}: got {got}, the textbook gives {wanted}")) }
        };
        same("ties", f64::from(found.ties[row]), ties)?;
        if ties == 0.0 {
            same("coverage", found.coverage[row], f64::NAN)?;
            continue;
        }
        let p = normalised(&weights);
        let middle: Vec<f64> = p.iter().zip(&population).map(|(own, all)| (own + all) / 2.0).collect();
        let divergence = |from: &[f64]| -> f64 {
            from.iter().zip(&middle).filter(|pair| *pair.0 > 0.0).map(|(one, middle)| one * (one / middle).log2()).sum()
        };
        same("coverage", found.coverage[row], 1.0 - f64::midpoint(divergence(&p), divergence(&population)))?;
        let seen: Vec<f64> = p.iter().copied().filter(|&share| share > 0.0).collect();
        let perplexity: f64 = seen.iter().map(|share| share.powf(-share)).product();
        let raw = [seen.len() as f64, perplexity, 1.0 / seen.iter().map(|share| share * share).sum::<f64>()];
        for (q, &raw) in raw.iter().enumerate() {
            same("raw", found.raw[q][row], raw)?;
        }
        if ties > 64.0 || graph.is_weighted() {
            continue;
        }
        let wanted = if ties < 2.0 { raw } else { textbook(&counts, width as f64) };
        for (q, &wanted) in wanted.iter().enumerate() {
            same("corrected", found.corrected[q][row], wanted)?;
        }
        let wanted = drawn(&pi, ties as u32);
        for (q, &wanted) in wanted.iter().enumerate() {
            same("expected", found.expected[q][row], wanted)?;
        }
    }
    Ok(())
}

/// The published estimators, term by term.
fn textbook(counts: &[f64], roles: f64) -> Hill {
    let n: f64 = counts.iter().sum();
    let with = |times: f64| counts.iter().filter(|&&count| count == times).count() as f64;
    let (f0, f1, f2) = (counts.iter().filter(|&&count| count > 0.0).count() as f64, with(1.0), with(2.0));
    let chao = f0 + (n - 1.0) / n * if f2 > 0.0 { f1 * f1 / 2.0 / f2 } else { f1 * (f1 - 1.0) / 2.0 };
    let mut entropy = 0.0;
    for &count in counts.iter().filter(|&&count| count > 0.0) {
        let mut k = count;
        while k < n {
            entropy += count / n / k;
            k += 1.0;
        }
    }
    let a = if f2 > 0.0 { 2.0 * f2 / ((n - 1.0) * f1 + 2.0 * f2) } else { 2.0 / ((n - 1.0) * (f1 - 1.0) + 2.0) };
    if f1 > 0.0 && a < 1.0 {
        // From the far end, so that small terms count.
        let far = n as i32 + (60.0 / a) as i32;
        entropy += f1 / n * (n as i32..far).rev().map(|r| (1.0 - a).powi(r - n as i32 + 1) / f64::from(r)).sum::<f64>();
    }
    let same_role: f64 = counts.iter().map(|count| count * (count - 1.0) / n / (n - 1.0)).sum();
    let q0 = chao.min(roles);
    let q1 = entropy.exp().min(q0);
    [q0, q1, (1.0 / same_role).min(q1)]
}

/// Means over all outcomes of `ties` draws, role by role: the number of ties to one role is binomial.
fn drawn(pi: &[f64], ties: u32) -> Hill {
    let n = f64::from(ties);
    let (mut seen, mut entropy, mut squares) = (0.0, 0.0, 0.0);
    for &share in pi.iter().filter(|&&share| share > 0.0) {
        let mut ways = 1.0;
        for k in 0..=ties {
            let chance = ways * share.powi(k as i32) * (1.0 - share).powi((ties - k) as i32);
            let part = f64::from(k) / n;
            if k > 0 {
                seen += chance;
                entropy -= chance * part * part.ln();
                squares += chance * part * part;
            }
            ways *= f64::from(ties - k) / f64::from(k + 1);
        }
    }
    [seen, entropy.exp(), 1.0 / squares]
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::synthetic;

    fn close(got: Hill, wanted: Hill) {
        assert!(got.iter().zip(wanted).all(|(got, wanted)| (got - wanted).abs() < 1e-12 * wanted), "{got:?}, not {wanted:?}");
    }

    fn of_counts(counts: &[u32], roles: usize) -> Hill {
        let n: u32 = counts.iter().sum();
        let shares: Vec<(u32, f64)> = counts.iter().map(|&count| (0, f64::from(count) / f64::from(n))).collect();
        corrected(counts, hill(&shares), roles as f64, &harmonic_numbers(n as usize))
    }

    /// Computed in Python with 60 digits from the published formulas.
    #[test]
    fn estimates_are_those_of_sixty_digits() {
        close(of_counts(&[5, 3, 1, 1], 20), [4.9, 4.074_985_811_844_846, 3.461_538_461_538_461_7]);
        close(of_counts(&[10, 4, 2, 2, 1], 20), [5.236_842_105_263_157_5, 4.137_615_847_178_02, 3.226_415_094_339_622_6]);
        close(of_counts(&[200, 10, 3, 1], 20), [4.0, 1.348_262_364_341_144_9, 1.142_520_553_438_941_3]);
        let many = [150, 30, 20, 10, 4, 1, 1, 2];
        close(of_counts(&many, 20), [9.990_825_688_073_395, 2.941_952_207_831_511_6, 1.995_696_928_788_390_1]);
    }

    #[test]
    fn limits_hold() {
        // Unlimited: 4.5, 4.891 and 6.
        close(of_counts(&[2, 1, 1], 20), [4.5; 3]);
        close(of_counts(&[2, 1, 1], 4), [4.0; 3]);
        close(of_counts(&[1], 9), [1.0; 3]);
        close(of_counts(&[7], 9), [1.0; 3]);
        close(of_counts(&[1, 1], 9), [2.5; 3]);
    }

    /// The same rest of the series from both ends.
    #[test]
    fn long_and_short_tails_meet() {
        for n in [10.0, 50.0, 200.0, 5_000.0] {
            let by_far =
                |a: f64| (0..(60.0 / a) as i32).map(move |r| libm::pow(1.0 - a, f64::from(r) + 1.0) / (n + f64::from(r)));
            for (once, twice) in [(1.0, 1.0), (3.0, 1.0), (4.0, 0.0), (2.0, 5.0)] {
                let a = if twice > 0.0 {
                    2.0 * twice / ((n - 1.0) * once + 2.0 * twice)
                } else {
                    2.0 / ((n - 1.0) * (once - 1.0) + 2.0)
                };
                let wanted = once / n * by_far(a).sum::<f64>();
                assert!((entropy_unseen(n, once, twice) - wanted).abs() < 1e-12, "{n} {once} {twice}");
            }
        }
    }

    /// Means over all sequences of draws, listed in Python.
    #[test]
    fn draws_are_those_listed_one_by_one() {
        let pi = [0.5, 0.3, 0.2];
        for (ties, wanted) in [
            (1, [1.0; 3]),
            (2, [1.62, 1.536_875_181_288_012_4, 1.449_275_362_318_840_1]),
            (5, [2.473, 2.196_638_856_210_793_5, 1.984_126_984_126_984_1]),
        ] {
            let row = Row { ties, even_ties: f64::from(ties), shares: Vec::new(), raw: [1.0; 3], corrected: [1.0; 3] };
            let rows = [Some(row)];
            close(Draws::new(&pi, &rows).expected(rows[0].as_ref().unwrap()), wanted);
            close(drawn(&pi, ties), wanted);
        }
    }

    #[test]
    fn coverage_is_one_minus_the_divergence() {
        assert!((coverage(&[(0, 0.75), (1, 0.25)], &[0.5, 0.3, 0.2]) - 0.880_202_429_690_330_9).abs() < 1e-12);
        assert_eq!(coverage(&[(0, 0.5), (1, 0.5)], &[0.5, 0.5]), 1.0);
    }

    #[test]
    fn unknown_roles_and_own_ties_do_not_count() {
        let roles = Grouping::from_names(&[Some("a"), Some("a"), Some("b"), None, None]);
        let found = exposure(&Graph::from_arrows("0>0 0>1 0>2 0>3 1>3 2>0 3>0 3>1 4"), &roles, &Run::default()).unwrap();
        assert_eq!((found.ties[0], found.raw[1][0], found.ties[1]), (2, 2.0, 0));
        assert!(found.corrected[0][1].is_nan() && found.coverage[4].is_nan());
        assert_eq!(found.corrected.map(|column| column[3]), [1.0; 3]);
    }

    #[test]
    fn weights_are_shares_and_are_not_corrected() {
        let roles = Grouping::from_names(&[None, Some("a"), Some("b"), Some("c")]);
        let graph = Graph::from_arrows("0>1:2 0>2:1 0>3:1");
        let found = exposure(&graph, &roles, &Run::default()).unwrap();
        assert_eq!((found.corrected[2][0], found.raw[2][0]), (1.0 / 0.375, 1.0 / 0.375));
        // Weights 2, 1, 1 stand for 16 / 6 ties.
        assert!((found.expected[2][0] - 1.0 / (0.375 + 0.625 / 3.0)).abs() < 1e-12);
    }

    #[test]
    fn the_textbook_agrees() {
        let names: Vec<Option<String>> = (0..256).map(|row| (row % 7 != 0).then(|| (row * row % 5).to_string())).collect();
        let roles = Grouping::from_names(&names);
        for graph in [synthetic::rmat(8, 12, 2), synthetic::uniform(256, 900, 3)] {
            for graph in [graph.unweighted(), graph] {
                verify(&graph, &roles, &exposure(&graph, &roles, &Run::default()).unwrap()).unwrap();
            }
        }
    }
}
