//! Several relations over one set of accounts, and the graphs made of them.

use crate::union::merge_rows;
use crate::{Csr, Dictionary, Graph, Layer, NodeId};
use std::collections::BTreeMap;
use std::sync::Arc;

/// All that was read: the accounts, and one layer per relation.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    accounts: Dictionary,
    directed: bool,
    layers: Vec<Layer>,
}

/// Which graph to make of a network.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Projection {
    /// One relation alone, or all of them merged.
    pub relation: Option<String>,
    /// Factor on the weights of a relation when merged; 1 where none is named.
    pub factors: BTreeMap<String, f64>,
    /// Whether self-loops stay in the graph.
    pub keep_loops: bool,
}

impl Network {
    /// Puts layers over one account space; layers are kept in the order of their names.
    pub fn new(accounts: Dictionary, directed: bool, mut layers: Vec<Layer>) -> Self {
        layers.sort_by(|a, b| a.name().cmp(b.name()));
        Self { accounts, directed, layers }
    }

    /// The keys of all accounts.
    pub fn accounts(&self) -> &Dictionary {
        &self.accounts
    }

    /// Whether edges have a direction.
    pub fn is_directed(&self) -> bool {
        self.directed
    }

    /// One layer per relation, by name.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// The layer of one relation.
    pub fn layer(&self, relation: &str) -> Option<&Layer> {
        self.layers.iter().find(|layer| layer.name() == relation)
    }

    /// Makes the graph that `projection` asks for; `None` if its relation does not occur.
    ///
    /// Weights of an edge that stands in several relations are added, each times its relation's factor, in the order of the
    /// relations' names. An undirected network gives a symmetric graph. One relation without self-loops and with factor 1 is shared, not copied.
    pub fn project(&self, projection: &Projection) -> Option<Graph> {
        let layers: Vec<&Layer> = match &projection.relation {
            Some(relation) => vec![self.layer(relation)?],
            None => self.layers.iter().collect(),
        };
        let mut merged: Option<Arc<Csr>> = None;
        for layer in layers {
            let factor = projection.factors.get(layer.name()).copied().unwrap_or(1.0);
            let own = scaled(layer.edges(), factor, projection.keep_loops);
            merged = Some(match merged {
                None => own,
                Some(before) => Arc::new(added(&before, &own)),
            });
        }
        let merged = merged.unwrap_or_else(|| Arc::new(Csr::empty(self.accounts.len())));
        Some(if self.directed {
            Graph::directed(merged)
        } else {
            let mirrored = merged.transposed();
            Graph::symmetric(Arc::new(mirror(&merged, &mirrored)))
        })
    }
}

/// A layer's edges times `factor`, with or without self-loops.
fn scaled(edges: &Arc<Csr>, factor: f64, keep_loops: bool) -> Arc<Csr> {
    let drop_loops = !keep_loops && edges.loop_count() > 0;
    if factor == 1.0 && !drop_loops {
        return Arc::clone(edges);
    }
    let weighted = factor != 1.0 || edges.weights().is_some();
    Arc::new(Csr::build(edges.offsets(), weighted, |node, targets, weights| {
        for (target, weight) in edges.row(node).filter(|entry| !drop_loops || entry.0 != node) {
            targets.push(target);
            if weighted {
                weights.push(weight * factor);
            }
        }
    }))
}

/// Two relations in one, weights added.
fn added(one: &Csr, other: &Csr) -> Csr {
    crate::union::merge(one, other, true).simplified()
}

/// Pairs given once, smaller node first, as an adjacency that holds them both ways; a self-loop stands once.
fn mirror(given: &Csr, turned: &Csr) -> Csr {
    let load: Vec<u64> = given.offsets().iter().zip(turned.offsets()).map(|(a, b)| a + b).collect();
    let weighted = given.weights().is_some();
    Csr::build(&load, weighted, |node, targets, weights| {
        let others = turned.row(node).filter(move |entry| entry.0 != node);
        merge_rows(given.row(node), others, |target: NodeId, weight| {
            targets.push(target);
            if weighted {
                weights.push(weight);
            }
        });
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EdgeRows, GraphView};

    fn layer(name: &str, directed: bool, edges: &[(u32, u32)]) -> Layer {
        let ends = |pick: fn(&(u32, u32)) -> u32| edges.iter().map(|edge| NodeId(pick(edge))).collect();
        Layer::build(name, 4, directed, vec![EdgeRows::new(ends(|edge| edge.0), ends(|edge| edge.1))])
    }

    fn network(directed: bool, layers: Vec<Layer>) -> Network {
        Network::new(Dictionary::from_numbers(vec![0, 1, 2, 3]), directed, layers)
    }

    #[test]
    fn relations_merge_with_their_factors() {
        let network = network(true, vec![layer("reply", true, &[(0, 1), (2, 2)]), layer("follow", true, &[(0, 1), (1, 0)])]);
        let factors = BTreeMap::from([("reply".to_owned(), 2.0)]);
        let merged = network.project(&Projection { factors, ..Projection::default() }).expect("all relations");
        assert_eq!(merged.out().row(NodeId(0)).collect::<Vec<_>>(), [(NodeId(1), 3.0)]);
        assert_eq!((merged.edge_count(), merged.in_degree(NodeId(2))), (2, 0));
        let reply = Projection { relation: Some("reply".to_owned()), keep_loops: true, ..Projection::default() };
        assert_eq!(network.project(&reply).expect("it occurs").edge_count(), 2);
        assert!(network.project(&Projection { relation: Some("like".to_owned()), ..reply }).is_none());
    }

    #[test]
    fn an_undirected_network_gives_a_symmetric_graph() {
        let network = network(false, vec![layer("contact", false, &[(1, 0), (0, 1), (3, 3), (2, 3)])]);
        let graph = network.project(&Projection { keep_loops: true, ..Projection::default() }).expect("all");
        assert_eq!((graph.edge_count(), graph.is_directed()), (3, false));
        assert_eq!(graph.successors(NodeId(3)), [NodeId(2), NodeId(3)]);
        assert_eq!(graph.successor_weights(NodeId(1)), Some([2.0].as_slice()));
    }
}
