//! Cartographic role: an account's part in the map of communities, in seven classes from `ultra_peripheral` to `kinless_hub`.
//!
//! # Formula
//! From z = `within_module_z` and P = `participation`, both of the same variant:
//!
//! | z | P | role |
//! |---|---|---|
//! | below 2.5 | up to 0.05 | `ultra_peripheral`: nearly all ties in one community |
//! | below 2.5 | up to 0.62 | `peripheral`: most ties in one community |
//! | below 2.5 | up to 0.80 | `connector`: many ties to other communities |
//! | below 2.5 | above 0.80 | `kinless`: ties spread over all communities |
//! | 2.5 or more | up to 0.30 | `provincial_hub`: a hub whose ties are at home |
//! | 2.5 or more | up to 0.75 | `connector_hub`: a hub with ties to many other communities |
//! | 2.5 or more | above 0.75 | `kinless_hub`: a hub that belongs to no community |
//!
//! # Conventions
//! As in `within_module_z` and `participation`. A value on a border (within 1e-9) belongs to the lower class of P, and is a hub for
//! z. An account without a neighbour has no P: it is `isolated`, an eighth word of ours.
//!
//! # Range and unit
//! One of eight words. P is bounded by the number of ties (1 - 1/k): an account needs 3 ties to be a `connector` and 6 to be
//! `kinless`; z is bounded by the size of the community (sqrt(n - 1)): hubs need 8 members.
//!
//! # Cost
//! That of `within_module_z` and `participation` together.
//!
//! # Errors
//! `Missing` without communities; cancelled by the caller.
//!
//! # Compared with
//! NetworkX, igraph and bctpy have none.
//!
//! # Source
//! Guimera and Amaral, Functional cartography of complex metabolic networks, Nature 433, 2005, doi 10.1038/nature03288; the paper's
//! R1 to R7 in this order.
//!
//! # Example
//! ```
//! use echogram_analytics::centrality::cartographic_role::{Role, cartographic_role};
//! use echogram_graph::{Graph, Partition};
//! let graph = Graph::from_arrows("0>1 1>2 3").undirected();
//! let found = cartographic_role(&graph, &Partition::from_labels(&[0, 0, 1, 2]), &Default::default()).unwrap();
//! assert_eq!(found, [Role::UltraPeripheral, Role::Peripheral, Role::UltraPeripheral, Role::Isolated]);
//! ```

use crate::centrality::participation::participation;
use crate::centrality::within_module_z::within_module_z;
use crate::spec::{Kind, MetricSpec, Need, Outcome, Shape, Tier, Values, Weights};
use crate::{MetricError, Run};
use echogram_graph::{Graph, Partition};

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "cartographic_role",
    kind: Kind::Account,
    summary: "part in the map of communities: ultra_peripheral, peripheral, connector, kinless, or one of three kinds of hub",
    columns: &["cartographic_role"],
    shape: Shape::Undirected,
    other_shape: false,
    weights: Weights::Variant,
    needs: &[Need::Partition],
    parameters: &[],
    tier: Tier::Full,
    chamber: None,
    unsteady: &[],
    source: include_str!("cartographic_role.rs"),
    run: |input, run| {
        let found = cartographic_role(input.graph, input.partition(SPEC.name)?, run)?;
        let codes = found.into_iter().map(|role| role as u8).collect();
        Ok(Outcome {
            columns: vec![Values::Words { codes, names: Role::NAMES }],
            parameters: vec![
                ("hub_z", HUB.to_string()),
                ("participation_borders", joined(&BORDERS)),
                ("participation_borders_of_hubs", joined(&HUB_BORDERS)),
            ],
            ..Outcome::default()
        })
    },
};

/// From this z on an account is a hub.
pub const HUB: f64 = 2.5;
/// Up to which P an account that is no hub is ultra-peripheral, peripheral, connector.
pub const BORDERS: [f64; 3] = [0.05, 0.62, 0.80];
/// Up to which P a hub is provincial, connector.
pub const HUB_BORDERS: [f64; 2] = [0.30, 0.75];
/// Values this close to a border stand on it: sums of weights in another order differ by less.
const ON_BORDER: f64 = 1e-9;

fn joined(borders: &[f64]) -> String {
    borders.iter().map(f64::to_string).collect::<Vec<_>>().join(", ")
}

/// An account's part in the map of communities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Role {
    /// R1: nearly all ties in one community.
    UltraPeripheral,
    /// R2: most ties in one community.
    Peripheral,
    /// R3: many ties to other communities.
    Connector,
    /// R4: ties spread over all communities.
    Kinless,
    /// R5: a hub whose ties are at home.
    ProvincialHub,
    /// R6: a hub with ties to many other communities.
    ConnectorHub,
    /// R7: a hub that belongs to no community.
    KinlessHub,
    /// Without a neighbour.
    Isolated,
}

impl Role {
    /// The words in tables, in the order of the roles.
    pub const NAMES: &'static [&'static str] =
        &["ultra_peripheral", "peripheral", "connector", "kinless", "provincial_hub", "connector_hub", "kinless_hub", "isolated"];

    /// The word in tables.
    pub fn as_str(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// The role of an account of these values; NaN for `participation` is an account without a neighbour.
    pub fn of(z: f64, participation: f64) -> Self {
        if participation.is_nan() {
            return Self::Isolated;
        }
        let passed = |borders: &[f64]| borders.iter().filter(|&&border| participation > border + ON_BORDER).count();
        if z >= HUB - ON_BORDER {
            [Self::ProvincialHub, Self::ConnectorHub, Self::KinlessHub][passed(&HUB_BORDERS)]
        } else {
            [Self::UltraPeripheral, Self::Peripheral, Self::Connector, Self::Kinless][passed(&BORDERS)]
        }
    }
}

/// The role of every node of a symmetric graph.
///
/// # Errors
/// [`MetricError::Cancelled`].
pub fn cartographic_role(graph: &Graph, partition: &Partition, run: &Run<'_>) -> Result<Vec<Role>, MetricError> {
    let quiet = Run { on_step: None, ..*run };
    run.step(0, 2)?;
    let z = within_module_z(graph, partition, &quiet)?;
    run.step(1, 2)?;
    let spread = participation(graph, partition, &quiet)?.index;
    Ok(z.into_iter().zip(spread).map(|(z, participation)| Role::of(z, participation)).collect())
}

/// Checks by the table of the documentation, row by row, from values that their own verifiers have passed.
///
/// # Errors
/// The first account that differs.
pub fn verify(graph: &Graph, partition: &Partition, found: &[Role]) -> Result<(), String> {
    let run = Run::default();
    let values = |error: MetricError| error.to_string();
    let z = within_module_z(graph, partition, &run).map_err(values)?;
    let spread = participation(graph, partition, &run).map_err(values)?;
    super::within_module_z::verify(graph, partition, &z)?;
    super::participation::verify(graph, partition, &spread)?;
    for (row, (&z, p)) in z.iter().zip(spread.index).enumerate() {
        let (z, p) = (z + 1e-9, p - 1e-9);
        let wanted = match (z >= 2.5, p) {
            (_, p) if p.is_nan() => "isolated",
            (false, p) if p <= 0.05 => "ultra_peripheral",
            (false, p) if p <= 0.62 => "peripheral",
            (false, p) if p <= 0.80 => "connector",
            (false, _) => "kinless",
            (true, p) if p <= 0.30 => "provincial_hub",
            (true, p) if p <= 0.75 => "connector_hub",
            (true, _) => "kinless_hub",
        };
        if found[row].as_str() != wanted {
            return Err(format!("node {row}: got {}, by the table it is {wanted}", found[row].as_str()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::{GraphView, synthetic};

    #[track_caller]
    fn check(arrows: &str, labels: &[u32], wanted: &[&str]) {
        let (graph, partition) = (Graph::from_arrows(arrows).undirected(), Partition::from_labels(labels));
        let found = cartographic_role(&graph, &partition, &Run::default()).unwrap();
        verify(&graph, &partition, &found).unwrap();
        assert_eq!(found.iter().map(|role| role.as_str()).take(wanted.len()).collect::<Vec<_>>(), wanted);
    }

    /// A star of so many rays, and its middle tied to so many accounts of each of some other communities.
    fn star(rays: u32, others: u32, each: u32) -> (String, Vec<u32>) {
        let (mut arrows, mut labels) = (String::new(), vec![0; rays as usize + 1]);
        (1..=rays).for_each(|ray| arrows += &format!("0>{ray} "));
        for community in 0..others {
            for _ in 0..each {
                arrows += &format!("0>{} ", labels.len());
                labels.push(community + 1);
            }
        }
        (arrows, labels)
    }

    #[test]
    fn hubs_are_told_by_where_else_their_ties_lead() {
        for ((rays, others, each), wanted) in
            [((9, 0, 0), "provincial_hub"), ((9, 3, 3), "connector_hub"), ((9, 9, 9), "kinless_hub")]
        {
            let (arrows, labels) = star(rays, others, each);
            check(&arrows, &labels, &[wanted, "ultra_peripheral"]);
        }
    }

    #[test]
    fn the_others_are_told_by_the_spread_of_their_ties() {
        for ((rays, others, each), wanted) in
            [((3, 0, 0), "ultra_peripheral"), ((3, 1, 1), "peripheral"), ((1, 3, 1), "connector"), ((1, 5, 1), "kinless")]
        {
            let (arrows, labels) = star(rays, others, each);
            check(&arrows, &labels, &[wanted]);
        }
        check("0 1>2", &[0, 1, 1], &["isolated", "ultra_peripheral"]);
    }

    #[test]
    fn borders_belong_to_the_lower_class_and_to_hubs() {
        let names = |z: f64| [0.05, 0.30, 0.62, 0.75, 0.80, 0.81].map(|p| Role::of(z, p).as_str());
        let plain = ["ultra_peripheral", "peripheral", "peripheral", "connector", "connector", "kinless"];
        assert_eq!(names(2.49), plain);
        let hubs = ["provincial_hub", "provincial_hub", "connector_hub", "connector_hub", "kinless_hub", "kinless_hub"];
        assert_eq!(names(2.5), hubs);
    }

    #[test]
    fn the_table_agrees() {
        for graph in [synthetic::rmat(8, 6, 2), synthetic::uniform(300, 400, 3)] {
            let labels: Vec<u32> = (0..graph.node_count() as u32).map(|row| row * row % 6).collect();
            let (union, partition) = (graph.undirected(), Partition::from_labels(&labels));
            verify(&union, &partition, &cartographic_role(&union, &partition, &Run::default()).unwrap()).unwrap();
        }
    }
}
