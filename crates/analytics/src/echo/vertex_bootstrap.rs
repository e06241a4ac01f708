//! Vertex bootstrap: how much a density, or an index of densities, varies with the accounts that happen to be in the network.
//!
//! Accounts that have a side are drawn with replacement, as many as there are. Copies of different accounts are tied as these are. Copies of one account would be tied to nobody, which would make every
//! network too sparse: between them stands what two members of their group have on average (Snijders and Borgatti draw a pair; its mean is taken here, which varies less).
//!
//! Source: Snijders and Borgatti, Non-parametric standard errors and tests for network statistics, Connections 22, 1999.

use super::mixing::GroupTies;
use crate::Input;
use echogram_graph::synthetic::Stream;
use echogram_graph::{GraphView, Grouping, NodeId};
use rayon::prelude::*;

/// Networks drawn.
const DRAWS: u64 = 200;
/// Purpose of the streams that draw accounts.
const PURPOSE: u64 = 0x626f_6f74;

/// One network of drawn accounts, as far as scores of groups look at it.
pub(crate) struct Drawn {
    ties: GroupTies,
    sizes: Vec<f64>,
}

/// The networks; none where nobody asks for errors.
pub(crate) fn drawn(input: &Input<'_>, groups: &Grouping, ties: &GroupTies) -> Vec<Drawn> {
    if !input.wants_errors {
        return Vec::new();
    }
    let graph = input.graph;
    let members: Vec<usize> = (0..graph.node_count()).filter(|&row| groups.labels()[row].is_some()).collect();
    if members.is_empty() {
        return Vec::new();
    }
    let of = |row: usize| groups.labels()[row].map(|group| group as usize);
    let width = groups.count();
    let sizes: Vec<f64> = groups.sizes().into_iter().map(f64::from).collect();
    let mean =
        |group: usize| if sizes[group] > 1.0 { ties.weight(group, group) / (sizes[group] * (sizes[group] - 1.0)) } else { 0.0 };
    let one = |draw: u64| {
        let mut stream = Stream::new(input.seed, PURPOSE, draw);
        let mut copies = vec![0.0_f64; graph.node_count()];
        members.iter().for_each(|_| copies[members[stream.below(members.len() as u64) as usize]] += 1.0);
        let (mut weights, mut sizes) = (vec![0.0; width * width], vec![0.0; width]);
        for &row in members.iter().filter(|&&row| copies[row] > 0.0) {
            let Some(from) = of(row) else { continue };
            sizes[from] += copies[row];
            weights[from * width + from] += copies[row] * (copies[row] - 1.0) * mean(from);
            for (other, weight) in graph.out().row(NodeId::new(row)).filter(|tie| tie.0.row() != row) {
                if let Some(to) = of(other.row()) {
                    weights[from * width + to] += copies[row] * copies[other.row()] * weight;
                }
            }
        }
        Drawn { ties: GroupTies::of_weights(weights, width, graph.is_directed()), sizes }
    };
    (0..DRAWS).into_par_iter().map(one).collect()
}

/// The standard error of a score: its standard deviation over the networks in which it is defined, if these are half of them at least.
pub(crate) fn error(drawn: &[Drawn], score: impl Fn(&GroupTies, &[f64]) -> f64) -> f64 {
    let values: Vec<f64> = drawn.iter().map(|drawn| score(&drawn.ties, &drawn.sizes)).filter(|value| !value.is_nan()).collect();
    if values.len() * 2 < drawn.len().max(2) {
        return f64::NAN;
    }
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::{Graph, synthetic};

    #[test]
    fn the_error_of_a_density_is_about_that_of_many_networks() {
        // Each pair is tied with the same chance: a density of n accounts varies by sqrt(p (1 - p) / pairs); the bootstrap, which also lets accounts vary, must not be below it.
        let groups = Grouping::from_names(&[Some("a"); 60]);
        let graph: Graph = synthetic::uniform(60, 6, 3);
        let input = Input::of(&graph);
        let ties = GroupTies::count(&graph, &groups);
        let density = |ties: &GroupTies, sizes: &[f64]| ties.total() / (sizes[0] * (sizes[0] - 1.0));
        let found = error(&drawn(&input, &groups, &ties), density);
        let p = density(&ties, &[60.0]);
        let wanted = (p * (1.0 - p) / (60.0 * 59.0)).sqrt();
        assert!(found > 0.7 * wanted && found < 3.0 * wanted, "{found} {wanted}");
    }

    #[test]
    fn nothing_is_drawn_where_nobody_asks() {
        let groups = Grouping::from_names(&[Some("a"), Some("b")]);
        let graph = Graph::from_arrows("0>1");
        let ties = GroupTies::count(&graph, &groups);
        assert!(drawn(&Input { wants_errors: false, ..Input::of(&graph) }, &groups, &ties).is_empty());
        assert!(error(&[], |_, _| 1.0).is_nan());
    }
}
