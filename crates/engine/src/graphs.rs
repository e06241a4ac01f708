//! The graphs of a network that metrics run on, each made once.

use crate::Study;
use crate::watcher::Watcher;
use echogram_analytics::{Memo, Shape};
use echogram_graph::{Graph, Network, Projection};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Graphs by relation, shape and whether weights count; each is made once.
pub(crate) struct Graphs<'a> {
    study: &'a Study,
    network: &'a Network,
    /// By relation.
    directed: BTreeMap<Option<String>, Graph>,
    /// Simple undirected unions, by relation and whether they have weights.
    unions: BTreeMap<(Option<String>, bool), Graph>,
    /// What is known of each graph, by relation, shape and whether weights count.
    memos: BTreeMap<(Option<String>, bool, bool), Arc<Memo>>,
    watch: Watch<'a>,
}

/// Who is told of steps, and what says stop.
#[derive(Clone, Copy)]
pub(crate) struct Watch<'a> {
    pub(crate) watcher: &'a dyn Watcher,
    pub(crate) cancel: &'a AtomicBool,
}

impl<'a> Graphs<'a> {
    pub(crate) fn of(study: &'a Study, network: &'a Network, watch: Watch<'a>) -> Self {
        Self { study, network, directed: BTreeMap::new(), unions: BTreeMap::new(), memos: BTreeMap::new(), watch }
    }

    pub(crate) fn node_count(&self) -> usize {
        self.network.accounts().len()
    }

    pub(crate) fn watch(&self) -> Watch<'a> {
        self.watch
    }

    /// The graph of a relation (all of them merged if `None`); without weights unless `weighted`. `None` if the relation does not occur.
    pub(crate) fn get(&mut self, relation: Option<&str>, shape: Shape, weighted: bool) -> Option<Graph> {
        if shape == Shape::Directed {
            let graph = self.directed(relation)?;
            return Some(if weighted { graph } else { graph.unweighted() });
        }
        let key = (relation.map(str::to_owned), weighted);
        if let Some(graph) = self.unions.get(&key) {
            return Some(graph.clone());
        }
        let directed = self.directed(relation)?;
        let graph = if weighted { directed.undirected() } else { directed.undirected_unweighted() };
        self.unions.insert(key, graph.clone());
        Some(graph)
    }

    /// What metrics have found out about a graph so far.
    pub(crate) fn memo(&mut self, relation: Option<&str>, shape: Shape, weighted: bool) -> Arc<Memo> {
        Arc::clone(self.memos.entry((relation.map(str::to_owned), shape == Shape::Directed, weighted)).or_default())
    }

    fn directed(&mut self, relation: Option<&str>) -> Option<Graph> {
        let key = relation.map(str::to_owned);
        if let Some(graph) = self.directed.get(&key) {
            return Some(graph.clone());
        }
        let graph = self.network.project(&Projection {
            relation: key.clone(),
            factors: self.study.factors.clone(),
            keep_loops: self.study.keep_loops,
        })?;
        self.directed.insert(key, graph.clone());
        Some(graph)
    }
}
