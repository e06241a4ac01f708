//! A graph with all that any metric may ask for, made up from it.

use echogram_analytics::leiden::{self, leiden};
use echogram_analytics::{Input, MetricSpec, Run, Shape};
use echogram_graph::{Graph, Grouping, NodeId, Partition};

pub(crate) struct Subject {
    pub(crate) directed: Graph,
    union: Graph,
    partition: Partition,
    groups: Grouping,
    leanings: Vec<f64>,
    near: Vec<NodeId>,
}

impl Subject {
    pub(crate) fn new(directed: Graph) -> Self {
        let union = directed.undirected().unweighted();
        let nodes = directed.out().node_count();
        let partition =
            leiden(&union, &leiden::Params::default(), &Run::default()).expect("synthetic graphs are small").partition;
        let names: Vec<Option<String>> = (0..nodes).map(|row| Some((partition.of(NodeId::new(row)) % 2).to_string())).collect();
        let groups = Grouping::from_names(&names);
        let leanings = (0..nodes).map(|row| (row * 31 % 17) as f64 / 8.0 - 1.0).collect();
        Self { directed, union, partition, groups, leanings, near: (0..nodes.min(10)).map(NodeId::new).collect() }
    }

    /// The graph that the metric is defined on.
    pub(crate) fn graph(&self, spec: &MetricSpec) -> &Graph {
        if spec.shape == Shape::Directed { &self.directed } else { &self.union }
    }

    pub(crate) fn input(&self, spec: &MetricSpec) -> Input<'_> {
        Input {
            partition: Some(&self.partition),
            roles: Some(&self.groups),
            sides: Some(&self.groups),
            near: Some(&self.near),
            leanings: Some(&self.leanings),
            ..Input::of(self.graph(spec))
        }
    }
}
