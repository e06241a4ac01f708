//! Boundary polarisation: whether accounts that meet the other side tie themselves to the heart of their own side more than to the other side's border.
//!
//! # Formula
//! B = accounts with a tie to the other side and a tie to an account of their own side that has none to the other; I = accounts of a side without a tie across. For v in B: d_I its ties to I of its own side, d_B
//! its ties across. boundary = mean over v in B of d_I / (d_I + d_B) - 1/2. In `boundary` d_B counts ties to any account of the other side; in `boundary_garimella` only those to its B.
//!
//! # Conventions
//! Simple undirected union, weights ignored, self-loops ignored. Accounts of neither side are as if they were not there. Undefined where B is empty. With more than two sides each stands against
//! the rest, and against each other.
//!
//! # Range and unit
//! Index in [-0.5, 0.5]; > 0 = more ties inwards than across, as expected of antagonism.
//!
//! `boundary_garimella` does not grow with the chamber, and neither its effect nor its p tells one: `echogram echo` does not count it. Without camps nearly everybody meets the other side; B is then a handful of accounts, whose ties across lead to
//! accounts outside B and are not counted, so that each adds up to +0.5. On 300 accounts of 5 ties each, drawn with half, a fifth and a twentieth of the ties across, it is 0.50, 0.04 and 0.30 (B has 5, 186 and 113
//! accounts), and about 0.3 to 0.5 on rewired networks of each. Take `boundary`, which is -0.33, -0.06 and 0.29 there, and -0.3 to -0.2 on rewired networks. In dense networks B may be empty; rewired networks in which it is
//! are left out of the null model.
//!
//! # Cost
//! O(E); 2 bytes per node.
//!
//! # Errors
//! `Missing` without sides; cancelled by the caller.
//!
//! # Compared with
//! The two public codes differ in d_B: that of Salloum et al. is `boundary`, that of Garimella et al. `boundary_garimella` (karate: 0.1726 and 0.2508).
//!
//! # Source
//! Guerra, Meira, Cardie, Kleinberg, A measure of polarization on social media networks based on community boundaries, ICWSM 2013.

use super::division::{Between, scores};
use crate::spec::{Chamber, Kind, MetricSpec, Need, Shape, Tier, Weights};
use echogram_graph::{Graph, GraphView, NodeId};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "boundary",
    kind: Kind::Echo,
    summary: "whether accounts at the border tie themselves inwards more than across",
    columns: &["boundary", "boundary_garimella"],
    shape: Shape::Undirected,
    other_shape: false,
    weights: Weights::Never,
    needs: &[Need::Sides],
    parameters: &[],
    tier: Tier::Standard,
    chamber: Some(Chamber::High),
    unsteady: &["boundary_garimella"],
    source: include_str!("boundary.rs"),
    run: |input, run| {
        let sides = input.sides(SPEC.name)?;
        let names = ["boundary", "boundary_garimella"];
        let found = scores(names, input.graph, sides, run, |graph, of, _| {
            let [any, border] = boundary(graph, of);
            let variant = |value: f64, name: &str| Between { found: vec![("variant", name.to_owned())], ..Between::of(value) };
            Ok([variant(any, "salloum"), variant(border, "garimella")])
        })?;
        Ok(super::outcome(sides, found))
    },
};

/// [ties across to any account, ties across to the border].
fn boundary(graph: &Graph, of: &[Option<usize>]) -> [f64; 2] {
    let others =
        |row: usize| graph.successors(NodeId::new(row)).iter().map(|other| other.row()).filter(move |&other| other != row);
    let own = |row: usize| others(row).filter(move |&other| of[other] == of[row]);
    let across = |row: usize| others(row).filter(move |&other| of[other].is_some() && of[other] != of[row]);
    let meets: Vec<bool> = (0..of.len()).map(|row| of[row].is_some() && across(row).next().is_some()).collect();
    let is_border: Vec<bool> = (0..of.len()).map(|row| meets[row] && own(row).any(|other| !meets[other])).collect();
    let (mut sums, mut count) = ([0.0; 2], 0.0);
    for row in (0..of.len()).filter(|&row| is_border[row]) {
        let inwards = own(row).filter(|&other| !meets[other]).count() as f64;
        let outwards = [across(row).count(), across(row).filter(|&other| is_border[other]).count()];
        for (sum, outwards) in sums.iter_mut().zip(outwards) {
            *sum += inwards / (inwards + outwards as f64) - 0.5;
        }
        count += 1.0;
    }
    sums.map(|sum| sum / count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let [a, b] = [Some(0), Some(1)];
        let graph = |arrows: &str| Graph::from_arrows(arrows).undirected();
        // 1 and 2 meet; each has one tie inwards, one across.
        assert_eq!(boundary(&graph("0>1 1>2 2>3"), &[a, a, b, b]), [0.0, 0.0]);
        // 4 has no one behind it: it is no border, so that only the other variant counts the tie 1 - 4.
        let found = boundary(&graph("0>1 1>2 2>3 1>4"), &[a, a, b, b, b]);
        assert!((found[0] - ((1.0 / 3.0 - 0.5) + 0.0) / 2.0).abs() < 1e-15 && found[1] == 0.0, "{found:?}");
        assert!(boundary(&graph("0>1 2>3"), &[a, a, b, b]).iter().all(|value| value.is_nan()));
    }
}
