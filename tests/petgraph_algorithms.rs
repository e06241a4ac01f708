//! Algorithms of petgraph run on our graph as it stands, through its visit traits, and their answers beside those of our metrics.

#![allow(clippy::unwrap_used)] // a failed unwrap fails the test, which is what it is for

use echogram_analytics::centrality::pagerank::{Params, pagerank};
use echogram_analytics::partition::component_strong::component_strong;
use echogram_analytics::partition::component_weak::component_weak;
use echogram_analytics::{Run, centrality::degree::degree};
use echogram_graph::synthetic::{planted, rmat, uniform};
use echogram_graph::{Graph, GraphView, NodeId, Partition};
use petgraph::algo::{connected_components, dijkstra, is_cyclic_directed, kosaraju_scc, page_rank, tarjan_scc, toposort};
use petgraph::visit::{Bfs, EdgeCount, EdgeRef, IntoEdgeReferences, IntoNodeIdentifiers, NodeIndexable, Reversed, Topo};

/// Sparse and dense, skewed and even, with cycles and without, weighted and not.
fn graphs() -> Vec<Graph> {
    vec![
        Graph::from_edges(0, &[]),
        Graph::from_arrows("0>1 1>2 2>0 2>3 3>4 4>3 6"),
        Graph::from_arrows("0>1:2.5 1>2:0.5 0>2:4 2>3 5>4:0.25"),
        uniform(300, 330, 1),
        uniform(200, 900, 2),
        rmat(9, 3, 3),
        planted(6, 30, 3, 1, 4),
        downhill(),
    ]
}

/// Every edge leads to a smaller number, so there is no cycle.
fn downhill() -> Graph {
    let edges: Vec<(u32, u32, f64)> =
        (1..120_u32).flat_map(|node| [(node, node / 2, 1.0), (node, node * 5 % node.max(7) / 2, 0.5)]).collect();
    Graph::from_edges(120, &edges.into_iter().filter(|edge| edge.1 < edge.0).collect::<Vec<_>>())
}

fn nodes(graph: &Graph) -> usize {
    GraphView::node_count(graph)
}

/// Groups of nodes as a partition.
fn partition(graph: &Graph, groups: &[Vec<NodeId>]) -> Partition {
    let mut labels = vec![u32::MAX; nodes(graph)];
    for (label, group) in groups.iter().enumerate() {
        group.iter().for_each(|node| labels[node.row()] = label as u32);
    }
    assert!(!labels.contains(&u32::MAX), "every node is in a group");
    Partition::from_labels(&labels)
}

#[test]
fn tarjan_and_kosaraju_find_our_strong_components() {
    for graph in graphs() {
        let ours = component_strong(&graph, &Run::default()).unwrap();
        assert_eq!(partition(&graph, &tarjan_scc(&graph)), ours);
        assert_eq!(partition(&graph, &kosaraju_scc(&graph)), ours);
    }
}

#[test]
fn union_find_counts_our_weak_components() {
    for graph in graphs() {
        let ours = component_weak(&graph, &Run::default()).unwrap();
        assert_eq!(connected_components(&graph), ours.count());
    }
}

#[test]
fn dijkstra_reaches_a_weak_component_and_there_and_back_a_strong_one() {
    for graph in graphs() {
        let union = graph.undirected();
        let (weak, strong) =
            (component_weak(&graph, &Run::default()).unwrap(), component_strong(&graph, &Run::default()).unwrap());
        for start in graph.node_identifiers().step_by(17) {
            let reached = dijkstra(&union, start, None, |edge| *edge.weight());
            let all: Vec<NodeId> = union.node_identifiers().filter(|&node| weak.of(node) == weak.of(start)).collect();
            assert_eq!(reached.len(), all.len());
            assert!(all.iter().all(|node| reached.contains_key(node)));
            let there = dijkstra(&graph, start, None, |_| 1_u32);
            let back = dijkstra(Reversed(&graph), start, None, |_| 1_u32);
            let both = graph.node_identifiers().filter(|node| there.contains_key(node) && back.contains_key(node));
            let own: Vec<NodeId> = graph.node_identifiers().filter(|&node| strong.of(node) == strong.of(start)).collect();
            assert_eq!(both.collect::<Vec<_>>(), own);
        }
    }
}

#[test]
fn distances_use_our_weights() {
    let graph = Graph::from_arrows("0>1:2.5 1>2:0.5 0>2:4 2>3");
    let found = dijkstra(&graph, NodeId(0), None, |edge| *edge.weight());
    let wanted = [0.0, 2.5, 3.0, 4.0];
    assert_eq!((0..4).map(|node| found[&NodeId(node)]).collect::<Vec<_>>(), wanted);
    let back = dijkstra(Reversed(&graph), NodeId(2), None, |edge| *edge.weight());
    assert_eq!((back[&NodeId(0)], back[&NodeId(1)], back.len()), (3.0, 0.5, 3));
}

#[test]
fn cycles_are_strong_components_of_more_than_one() {
    for graph in graphs() {
        let strong = component_strong(&graph, &Run::default()).unwrap();
        let has_cycle = strong.sizes().first().is_some_and(|&size| size > 1);
        assert_eq!(is_cyclic_directed(&graph), has_cycle);
        assert_eq!(toposort(&graph, None).is_err(), has_cycle);
    }
    let graph = downhill();
    let mut walk = Topo::new(&graph);
    let order: Vec<NodeId> = std::iter::from_fn(|| walk.next(&graph)).collect();
    let mut place = vec![0; order.len()];
    order.iter().enumerate().for_each(|(at, node)| place[node.row()] = at);
    assert_eq!(order.len(), nodes(&graph));
    assert!(graph.edge_references().all(|edge| place[edge.source().row()] < place[edge.target().row()]));
}

/// petgraph's ranks follow a formula of their own (no jump from a node to those that it points at), so they equal ours only where
/// everyone is alike; elsewhere they must be a share of one at least.
#[test]
fn ranks_agree_where_everyone_is_alike() {
    let ring: Vec<(u32, u32, f64)> =
        (0..30).flat_map(|node| [(node, (node + 1) % 30, 1.0), (node, (node + 7) % 30, 1.0)]).collect();
    let everyone: Vec<(u32, u32, f64)> =
        (0..12).flat_map(|a| (0..12).filter(move |&b| a != b).map(move |b| (a, b, 1.0))).collect();
    for graph in [Graph::from_edges(30, &ring), Graph::from_edges(12, &everyone)] {
        let ours = pagerank(&graph, &Params::default(), &Run::default()).unwrap().scores;
        for (got, wanted) in ours.iter().zip(page_rank(&graph, 0.85_f64, 50)) {
            assert!((got - wanted).abs() < 1e-9, "{got} {wanted}");
        }
    }
    let ranks = page_rank(&rmat(6, 3, 1), 0.85_f64, 20);
    assert!((ranks.iter().sum::<f64>() - 1.0).abs() < 1e-9);
}

#[test]
fn walks_and_counts_see_every_node_and_edge() {
    for graph in graphs() {
        let edges: Vec<(NodeId, NodeId)> = graph.edge_references().map(|edge| (edge.source(), edge.target())).collect();
        assert_eq!(edges.len(), EdgeCount::edge_count(&graph));
        assert!(edges.is_sorted());
        let degrees = degree(&graph, &Run::default()).unwrap();
        for node in graph.node_identifiers() {
            assert_eq!(graph.from_index(NodeIndexable::to_index(&graph, node)), node);
            let out = edges.iter().filter(|edge| edge.0 == node).count();
            assert_eq!((graph.out_degree(node), degrees.outgoing[node.row()] as usize), (out, out));
        }
        let union = graph.undirected();
        let weak = component_weak(&graph, &Run::default()).unwrap();
        if nodes(&graph) > 0 {
            let mut walk = Bfs::new(&union, NodeId(0));
            let seen = std::iter::from_fn(|| walk.next(&union)).count();
            assert_eq!(seen, weak.sizes()[weak.of(NodeId(0)) as usize] as usize);
        }
    }
}
