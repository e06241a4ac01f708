//! Archetype of a crowd: broadcast, support, polarised, tight, brand or community, and how far it is from being another.
//!
//! # Formula
//! With C_in, C_out the `centralisation_*`, I the share of isolates, T = density V, Q the modularity of the communities, in this order: max(C_in, C_out) >= `archetype.centralisation`: `broadcast` if
//! C_in >= C_out (attention goes to one account), else `support` (one account attends to many). Else I >= `archetype.isolates` or T < `archetype.ties`: `brand` (many speak, few to each other).
//! Else Q < `archetype.modularity_low`: `tight`; Q < `archetype.modularity_high`: `polarised` (two camps of equal size cannot pass 1/2, m groups not 1 - 1/m); else `community` (several groups).
//! Each `archetype_NAME` is its distance from the border: the least of the margins of its conditions, above 0 for the archetype that holds and below 0 for the others. `archetype_border_*`: what is measured
//! minus the cut-off (`direction`: C_in - C_out).
//!
//! # Conventions
//! The cut-offs 0.25, 0.4, 1, 0.3, 0.55 are **ours**, set by drawn examples; neither they nor this order of questions are those of the sources, whose numbers are not at hand. Set others by `--set`. T < 1 means
//! fewer ties than a tree has, so that the crowd falls apart; its margin is (T - cut) / (T + cut), the others are plain differences. On the border itself (distance 0) the tree decides as written; then
//! nothing may be above 0. An undirected network has no direction: it can be `broadcast`, not `support`. Which one holds stands in the parameters. Sparse networks have a high Q by chance alone (see the null of
//! `modularity`). Self-loops count as for `density`. Null below three accounts or without ties.
//!
//! # Range and unit
//! Index in [-1, 1]; 0 = on the border.
//!
//! # Cost
//! O(E) time and memory for the undirected union, beside the communities.
//!
//! # Errors
//! `Missing` without communities; cancelled by the caller.
//!
//! # Compared with
//! NetworkX, igraph and NodeXL have none as a function; NodeXL's users judge by eye.
//!
//! # Source
//! The six archetypes: Smith, Rainie, Shneiderman, Himelboim, Mapping Twitter Topic Networks, Pew Research Center, 2014. The questions: Himelboim, Smith, Rainie, Shneiderman, Espina, Classifying Twitter
//! topic-networks using social network analysis, Social Media + Society 3, 2017, doi 10.1177/2056305117691545.
//!
//! # Example
//! ```
//! use echogram_analytics::network::archetype::{Archetype, Measures, Params};
//! let hub = Measures { incoming: 0.9, outgoing: 0.1, isolates: 0.0, ties: 1.1, modularity: 0.1 };
//! assert_eq!(Params::default().archetype(&hub), Archetype::Broadcast);
//! ```

use crate::leiden::{RESOLUTION, modularity};
use crate::network::{centralisation, density, isolates};
use crate::spec::{Input, Kind, MetricSpec, Need, Outcome, Score, Shape, Tier, Weights};
use crate::{MetricError, Parameter, Run};
use echogram_graph::{Graph, GraphView, Partition};

const CENTRALISATION: Parameter =
    Parameter { name: "archetype.centralisation", default: 0.25, about: "centralisation of a crowd around one account" };
const ISOLATES: Parameter = Parameter { name: "archetype.isolates", default: 0.4, about: "share of isolates of a brand crowd" };
const TIES: Parameter =
    Parameter { name: "archetype.ties", default: 1.0, about: "density times accounts below which a crowd falls apart" };
const LOW: Parameter =
    Parameter { name: "archetype.modularity_low", default: 0.3, about: "modularity below which a crowd is one" };
const HIGH: Parameter = Parameter {
    name: "archetype.modularity_high",
    default: 0.55,
    about: "modularity from which a crowd has more than two camps",
};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "archetype",
    kind: Kind::Network,
    summary: "which of six archetypes the crowd is, and how far from being another",
    columns: &[
        "archetype_broadcast",
        "archetype_support",
        "archetype_polarised",
        "archetype_tight",
        "archetype_brand",
        "archetype_community",
        "archetype_border_centralisation",
        "archetype_border_direction",
        "archetype_border_isolates",
        "archetype_border_ties",
        "archetype_border_modularity_low",
        "archetype_border_modularity_high",
    ],
    shape: Shape::Directed,
    other_shape: false,
    weights: Weights::Never,
    needs: &[Need::Partition],
    parameters: &[CENTRALISATION, ISOLATES, TIES, LOW, HIGH, RESOLUTION],
    tier: Tier::Standard,
    chamber: None,
    unsteady: &[],
    source: include_str!("archetype.rs"),
    run,
};

fn run(input: &Input<'_>, run: &Run<'_>) -> Result<Outcome, MetricError> {
    let params = Params {
        centralisation: input.setting(&CENTRALISATION),
        isolates: input.setting(&ISOLATES),
        ties: input.setting(&TIES),
        low: input.setting(&LOW),
        high: input.setting(&HIGH),
    };
    let measured = measure(input.graph, input.partition(SPEC.name)?, input.setting(&RESOLUTION), run)?;
    let values = params.distances(&measured).into_iter().chain(params.borders(&measured));
    let scores = SPEC.columns.iter().zip(values).map(|(name, value)| Score::whole(name, value)).collect();
    let holds = measured.is_defined().then(|| ("archetype", params.archetype(&measured).as_str().to_owned()));
    let cuts = [
        ("centralisation", params.centralisation),
        ("isolates", params.isolates),
        ("ties", params.ties),
        ("modularity_low", params.low),
        ("modularity_high", params.high),
    ];
    let parameters = holds.into_iter().chain(cuts.map(|(name, value)| (name, value.to_string()))).collect();
    Ok(Outcome { parameters, ..Outcome::of_scores(scores) })
}

/// The six kinds of crowd, in the order of their scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Archetype {
    /// Many attend to one.
    Broadcast,
    /// One attends to many.
    Support,
    /// Two camps.
    Polarised,
    /// One dense crowd.
    Tight,
    /// Many, and few ties between them.
    Brand,
    /// Several groups.
    Community,
}

impl Archetype {
    /// The word of its score.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Broadcast => "broadcast",
            Self::Support => "support",
            Self::Polarised => "polarised",
            Self::Tight => "tight",
            Self::Brand => "brand",
            Self::Community => "community",
        }
    }
}

/// What the tree asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measures {
    /// Centralisation by incoming ties; share in [0, 1].
    pub incoming: f64,
    /// Centralisation by outgoing ties; share in [0, 1].
    pub outgoing: f64,
    /// Accounts without a tie; share in [0, 1].
    pub isolates: f64,
    /// Density times accounts: 1 = as many ties as a tree.
    pub ties: f64,
    /// Modularity of the communities on the undirected union; index.
    pub modularity: f64,
}

impl Measures {
    /// Whether there is a crowd at all.
    fn is_defined(&self) -> bool {
        [self.incoming, self.outgoing, self.isolates, self.ties, self.modularity].iter().all(|value| !value.is_nan())
    }
}

/// Takes the measures of a graph, the modularity of `partition` on its undirected union among them.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn measure(graph: &Graph, partition: &Partition, resolution: f64, run: &Run<'_>) -> Result<Measures, MetricError> {
    let found = centralisation::centralisation(graph, run)?;
    let n = graph.node_count() as f64;
    Ok(Measures {
        incoming: found.incoming,
        outgoing: found.outgoing,
        isolates: isolates::isolates(graph) as f64 / n,
        ties: density::density(graph) * n,
        modularity: if n < 3.0 { f64::NAN } else { modularity(&graph.undirected_unweighted(), partition, resolution) },
    })
}

/// The cut-offs, which are ours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Params {
    /// Of centralisation.
    pub centralisation: f64,
    /// Of the share of isolates.
    pub isolates: f64,
    /// Of density times accounts.
    pub ties: f64,
    /// Of modularity, below which a crowd is one.
    pub low: f64,
    /// Of modularity, from which it is more than two camps.
    pub high: f64,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            centralisation: CENTRALISATION.default,
            isolates: ISOLATES.default,
            ties: TIES.default,
            low: LOW.default,
            high: HIGH.default,
        }
    }
}

impl Params {
    /// Which archetype holds, by the tree.
    pub fn archetype(&self, measured: &Measures) -> Archetype {
        if measured.incoming.max(measured.outgoing) >= self.centralisation {
            if measured.incoming >= measured.outgoing { Archetype::Broadcast } else { Archetype::Support }
        } else if measured.isolates >= self.isolates || measured.ties < self.ties {
            Archetype::Brand
        } else if measured.modularity < self.low {
            Archetype::Tight
        } else if measured.modularity < self.high {
            Archetype::Polarised
        } else {
            Archetype::Community
        }
    }

    /// What is measured minus the cut-off, border by border.
    pub fn borders(&self, measured: &Measures) -> [f64; 6] {
        let all = [
            measured.incoming.max(measured.outgoing) - self.centralisation,
            measured.incoming - measured.outgoing,
            measured.isolates - self.isolates,
            if measured.ties + self.ties > 0.0 { (measured.ties - self.ties) / (measured.ties + self.ties) } else { 0.0 },
            measured.modularity - self.low,
            measured.modularity - self.high,
        ];
        if measured.is_defined() { all } else { [f64::NAN; 6] }
    }

    /// The distance of each archetype from its border, in the order of [`Archetype`].
    pub fn distances(&self, measured: &Measures) -> [f64; 6] {
        if !measured.is_defined() {
            return [f64::NAN; 6];
        }
        let [hub, direction, isolates, ties, low, high] = self.borders(measured);
        // Equal centralisations count as incoming, however far the border of the other.
        let inwards = if direction == 0.0 { f64::INFINITY } else { direction };
        let joined = (-hub).min(-isolates).min(ties);
        [
            hub.min(inwards),
            hub.min(-direction),
            joined.min(low).min(-high),
            joined.min(-low),
            (-hub).min(isolates.max(-ties)),
            joined.min(high),
        ]
    }
}

/// Checks that the archetype of the tree is the one furthest within its borders, and that no other is within its own.
///
/// # Errors
/// The distances.
pub fn verify(params: &Params, measured: &Measures) -> Result<(), String> {
    if !measured.is_defined() {
        return Ok(());
    }
    let distances = params.distances(measured);
    let own = params.archetype(measured) as usize;
    let others_fail = (0..distances.len()).all(|other| other == own || distances[other] <= 0.0);
    if distances[own] >= 0.0 && others_fail {
        Ok(())
    } else {
        Err(format!("{} by the tree, but the distances are {distances:?}", params.archetype(measured).as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leiden::{Params as LeidenParams, leiden};
    use echogram_graph::synthetic::{self, Stream};

    #[track_caller]
    fn check(edges: &[(u32, u32)], nodes: usize, wanted: Archetype) {
        let edges: Vec<(u32, u32, f64)> = edges.iter().map(|&(one, other)| (one, other, 1.0)).collect();
        check_graph(&Graph::from_edges(nodes, &edges), wanted);
    }

    #[track_caller]
    fn check_graph(graph: &Graph, wanted: Archetype) {
        let union = graph.undirected_unweighted();
        let partition = leiden(&union, &LeidenParams::default(), &Run::default()).unwrap().partition;
        let found = (SPEC.run)(&Input { partition: Some(&partition), ..Input::of(graph) }, &Run::default()).unwrap();
        let measured = measure(graph, &partition, 1.0, &Run::default()).unwrap();
        verify(&Params::default(), &measured).unwrap();
        assert_eq!(found.parameters[0].1, wanted.as_str(), "{measured:?}");
        for (at, score) in found.scores[..6].iter().enumerate() {
            assert_eq!(score.value > 0.0, at == wanted as usize, "{} = {} of {measured:?}", score.name, score.value);
        }
    }

    /// All ties within groups of consecutive nodes.
    fn groups(count: u32, size: u32) -> Vec<(u32, u32)> {
        let within = |group: u32| (0..size * size).map(move |at| (group * size + at / size, group * size + at % size));
        (0..count).flat_map(within).filter(|(one, other)| one != other).collect()
    }

    #[test]
    fn stars_broadcast_or_support() {
        check(&(1..40).map(|leaf| (leaf, 0)).collect::<Vec<_>>(), 40, Archetype::Broadcast);
        check(&(1..40).map(|leaf| (0, leaf)).collect::<Vec<_>>(), 40, Archetype::Support);
        // As many isolates as leaves: still around one account.
        check(&(1..40).map(|leaf| (leaf, 0)).collect::<Vec<_>>(), 80, Archetype::Broadcast);
        let star = Graph::from_arrows("0>1 0>2 0>3 0>4 0>5").undirected();
        check_graph(&star, Archetype::Broadcast);
    }

    #[test]
    fn two_camps_are_polarised() {
        let camps = [groups(2, 20), vec![(0, 20), (21, 1), (2, 22)]].concat();
        check(&camps, 40, Archetype::Polarised);
    }

    #[test]
    fn one_dense_crowd_is_tight() {
        check(&groups(1, 12), 12, Archetype::Tight);
        check_graph(&synthetic::uniform(200, 6_000, 1), Archetype::Tight);
    }

    #[test]
    fn fragments_are_a_brand() {
        let pairs: Vec<(u32, u32)> = (0..50).map(|pair| (2 * pair, 2 * pair + 1)).collect();
        check(&pairs, 100, Archetype::Brand);
        // A fifth of the accounts talk, the others to nobody.
        check(&groups(2, 10), 100, Archetype::Brand);
    }

    #[test]
    fn several_groups_are_a_community() {
        let bridges: Vec<(u32, u32)> = (0..8).map(|group| (group * 10, (group * 10 + 11) % 80)).collect();
        check(&[groups(8, 10), bridges].concat(), 80, Archetype::Community);
    }

    #[test]
    fn a_crowd_of_nothing_is_none() {
        for graph in [Graph::from_arrows("0>1"), Graph::from_arrows("0 1 2 3")] {
            let partition = Partition::from_labels(&vec![0; GraphView::node_count(&graph)]);
            let found = (SPEC.run)(&Input { partition: Some(&partition), ..Input::of(&graph) }, &Run::default()).unwrap();
            assert!(found.scores.iter().all(|score| score.value.is_nan()));
            assert_ne!(found.parameters[0].0, "archetype");
        }
    }

    #[test]
    fn the_tree_and_the_distances_agree_everywhere() {
        let mut draw = Stream::new(1, 2, 3);
        for _ in 0..100_000 {
            let [incoming, outgoing, isolates, ties, modularity] = std::array::from_fn(|_| draw.unit());
            let measured = Measures { incoming, outgoing, isolates, ties: ties * 3.0, modularity: modularity * 1.5 - 0.5 };
            verify(&Params::default(), &measured).unwrap();
        }
    }
}
