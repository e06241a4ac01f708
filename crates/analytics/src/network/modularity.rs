//! Modularity: how much more the communities keep to themselves than chance with the same degrees.
//!
//! # Formula
//! Q = sum over communities of [ w_in / 2W - gamma (vol / 2W)^2 ], with w_in, vol, 2W and gamma = `community.resolution` (1) as for
//! `community`; `_directed`: 1/W sum over pairs of one community of [ w_ij - gamma sout_i sin_j / W ].
//!
//! # Conventions
//! Of the column `community` of the same variant, on its graph: the simple undirected union, or with `_directed` the
//! ties as they point. Null without ties. With `community.cpm` the communities are others, but this is still their modularity.
//!
//! # Range and unit
//! Index in [-1/2, 1): 0 = as chance would have it. A high value alone is not evidence of communities: random graphs reach 0.3 and more.
//!
//! # Cost
//! O(E) time.
//!
//! # Errors
//! `Missing` without communities.
//!
//! # Compared with
//! NetworkX `community.modularity`, igraph `modularity`: equal, directed too.
//!
//! # Source
//! Newman and Girvan, Finding and evaluating community structure in networks, Physical Review E 69, 2004, doi 10.1103/PhysRevE.69.026113.
//! Leicht and Newman, Community structure in directed networks, Physical Review Letters 100, 2008, doi 10.1103/PhysRevLett.100.118703.

use crate::leiden::{RESOLUTION, modularity};
use crate::spec::{Kind, MetricSpec, Need, Outcome, Score, Shape, Tier, Weights};
use echogram_graph::{Graph, GraphView, NodeId, Partition};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "modularity",
    kind: Kind::Network,
    summary: "modularity of the communities found",
    columns: &["modularity"],
    shape: Shape::Undirected,
    other_shape: true,
    weights: Weights::Variant,
    needs: &[Need::Partition],
    parameters: &[RESOLUTION],
    tier: Tier::Quick,
    chamber: None,
    unsteady: &[],
    source: include_str!("modularity.rs"),
    run: |input, _| {
        let (partition, resolution) = (input.partition(SPEC.name)?, input.setting(&RESOLUTION));
        let score = Score::whole(SPEC.name, modularity(input.graph, partition, resolution));
        let error = if input.graph.is_directed() { f64::NAN } else { standard_error(input.graph, partition, resolution) };
        let parameters = vec![("resolution", resolution.to_string())];
        Ok(Outcome { parameters, ..Outcome::of_scores(vec![score.with_error(error)]) })
    },
};

/// Jackknife over ties of an undirected graph, the communities held fixed: sqrt(sum over ties of (Q without the tie - Q)^2). NaN without ties.
pub fn standard_error(graph: &Graph, partition: &Partition, resolution: f64) -> f64 {
    let (mut inside, mut volumes) = (0.0, vec![0.0; partition.count()]);
    let ties = || {
        let rows = (0..graph.node_count()).map(NodeId::new);
        rows.flat_map(|node| graph.out().row(node).map(move |(other, weight)| (node, other, weight)))
    };
    for (node, other, weight) in ties() {
        volumes[partition.of(node) as usize] += weight;
        inside += if partition.of(node) == partition.of(other) { weight } else { 0.0 };
    }
    let total: f64 = volumes.iter().sum();
    let squares: f64 = volumes.iter().map(|volume| volume * volume).sum();
    let quality = |inside: f64, squares: f64, total: f64| inside / total - resolution * squares / (total * total);
    let whole = quality(inside, squares, total);
    let without = |one: u32, other: u32, weight: f64| {
        let volume = |label: u32, less: f64| (volumes[label as usize] - less).powi(2) - volumes[label as usize].powi(2);
        if one == other {
            quality(inside - 2.0 * weight, squares + volume(one, 2.0 * weight), total - 2.0 * weight)
        } else {
            quality(inside, squares + volume(one, weight) + volume(other, weight), total - 2.0 * weight)
        }
    };
    let each = ties()
        .filter(|tie| tie.0 < tie.1)
        .map(|(node, other, weight)| (without(partition.of(node), partition.of(other), weight) - whole).powi(2));
    each.sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_is_that_of_leaving_out_tie_by_tie() {
        let ties = [(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3), (2, 3), (0, 5)].map(|(one, other)| (one, other, 1.0));
        let partition = Partition::from_labels(&[0, 0, 0, 1, 1, 1]);
        let of = |ties: &[(u32, u32, f64)]| modularity(&Graph::from_ties(6, ties), &partition, 1.0);
        let without = |at: usize| [&ties[..at], &ties[at + 1..]].concat();
        let squares: f64 = (0..ties.len()).map(|at| (of(&without(at)) - of(&ties)).powi(2)).sum();
        assert!((standard_error(&Graph::from_ties(6, &ties), &partition, 1.0) - squares.sqrt()).abs() < 1e-12);
    }
}
