//! Closed forms, known optima and the laws that every partition obeys.

use super::*;
use echogram_graph::synthetic::{permutation, planted, rmat, uniform};
use echogram_graph::{Csr, GraphView, NodeId};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Zachary's karate club, 34 members, by pairs of neighbours.
const KARATE: &str = "\
     0>1 0>2 0>3 0>4 0>5 0>6 0>7 0>8 0>10 0>11 0>12 0>13 0>17 0>19 0>21 0>31 1>2 1>3 1>7 1>13 1>17 1>19 1>21 1>30 2>3 2>7 2>8 \
     2>9 2>13 2>27 2>28 2>32 3>7 3>12 3>13 4>6 4>10 5>6 5>10 5>16 6>16 8>30 8>32 8>33 9>33 13>33 14>32 14>33 15>32 15>33 \
     18>32 18>33 19>33 20>32 20>33 22>32 22>33 23>25 23>27 23>29 23>32 23>33 24>25 24>27 24>31 25>31 26>29 26>33 27>33 28>31 \
     28>33 29>32 29>33 30>32 30>33 31>32 31>33 32>33";

#[track_caller]
fn find(graph: &Graph, params: &Params) -> Found {
    let found = leiden(graph, params, &Run::default()).unwrap();
    verify(graph, &found.partition).unwrap();
    let again = modularity(graph, &found.partition, resolution(params));
    assert!(found.modularity.to_bits() == again.to_bits() || (found.modularity.is_nan() && again.is_nan()));
    found
}

fn resolution(params: &Params) -> f64 {
    match params.quality {
        Quality::Modularity(resolution) => resolution,
        Quality::Potts(_) => 1.0,
    }
}

#[track_caller]
fn check(arrows: &str, labels: &[u32], value: f64) {
    let found = find(&Graph::from_arrows(arrows).undirected(), &Params::default());
    assert_eq!(found.partition.labels(), labels);
    assert!((found.modularity - value).abs() < 1e-12 || (found.modularity.is_nan() && value.is_nan()), "{}", found.modularity);
}

fn two_way(graph: &Graph) -> Graph {
    graph.undirected().unweighted()
}

/// Q by the definition, pair by pair: Leicht and Newman's, of which that of a symmetric graph is a case.
fn pairwise(graph: &Graph, labels: &[u32], resolution: f64) -> f64 {
    let rows = graph.out();
    let sums =
        |rows: &Csr| -> Vec<f64> { (0..labels.len()).map(|row| rows.row(NodeId::new(row)).map(|entry| entry.1).sum()).collect() };
    let (sent, got) = (sums(rows), sums(graph.incoming()));
    let total: f64 = sent.iter().sum();
    let mut value = 0.0;
    for a in 0..labels.len() {
        value += rows.row(NodeId::new(a)).filter(|(b, _)| labels[a] == labels[b.row()]).map(|entry| entry.1).sum::<f64>() / total;
        for b in (0..labels.len()).filter(|&b| labels[a] == labels[b]) {
            value -= resolution * sent[a] * got[b] / (total * total);
        }
    }
    value
}

/// `groups` cliques of `size` nodes in a ring, one tie between neighbours.
fn ring_of_cliques(groups: u32, size: u32) -> Graph {
    let mut edges = Vec::new();
    for group in 0..groups {
        let first = group * size;
        edges.extend((0..size).flat_map(|a| (0..a).map(move |b| (first + a, first + b, 1.0))));
        edges.push((first, (group + 1) % groups * size + 1, 1.0));
    }
    two_way(&Graph::from_edges((groups * size) as usize, &edges))
}

#[test]
fn two_cliques_have_the_closed_form() {
    check("0>1 1>2 2>0 3>4 4>5 5>3 2>3", &[0, 0, 0, 1, 1, 1], 6.0 / 7.0 - 0.5);
    check("0>1 1>2 2>0 3>4 4>5 5>3", &[0, 0, 0, 1, 1, 1], 0.5);
}

#[test]
fn nodes_without_ties_are_alone() {
    check("", &[], f64::NAN);
    check("3", &[0, 1, 2, 3], f64::NAN);
    check("0>1 4", &[0, 0, 1, 2, 3], 0.0);
}

#[test]
fn self_loops_keep_nodes_apart() {
    check("0>0 1>1", &[0, 1], 0.5);
    check("0>0 1>1 0>1:0.1", &[0, 1], 4.0 / 4.2 - 0.5);
}

#[test]
fn the_karate_club_has_its_optimum_for_every_seed() {
    let club = Graph::from_arrows(KARATE).undirected();
    assert_eq!(club.edge_count(), 78);
    let all: Vec<Found> = (0..10).map(|seed| find(&club, &Params::default().with_seed(seed))).collect();
    for found in &all {
        assert!((found.modularity - 0.419_789_612_1).abs() < 1e-9, "{}", found.modularity);
        assert_eq!((found.partition.count(), found.stop), (4, Stop::Converged));
        assert_eq!(found.partition, all[0].partition);
    }
}

#[test]
fn rings_of_cliques_show_the_resolution_limit() {
    let few = ring_of_cliques(8, 5);
    assert_eq!(find(&few, &Params::default()).partition.count(), 8);
    // 30 cliques of 5: pairs of neighbours beat single cliques (Fortunato and Barthelemy 2007), 0.8879 against 0.8758.
    let many = ring_of_cliques(30, 5);
    let found = find(&many, &Params::default());
    assert!((found.modularity - 0.887_9).abs() < 1e-3, "{}", found.modularity);
    assert_eq!(find(&many, &Params::default().with_resolution(3.0)).partition.count(), 30);
}

#[test]
fn planted_clusters_are_recovered() {
    for (groups, size) in [(10, 60), (40, 500)] {
        let graph = two_way(&planted(groups, size, 10, 2, 7));
        let truth: Vec<u32> = (0..groups * size).map(|node| node / size).collect();
        assert_eq!(find(&graph, &Params::default()).partition, Partition::from_labels(&truth));
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    // Dense enough for chunks of more than one task.
    let weighted = planted(60, 300, 20, 6, 1).undirected();
    for graph in [two_way(&rmat(13, 50, 2)), two_way(&uniform(1500, 4500, 3)), rmat(13, 25, 3), weighted] {
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let found = pool.install(|| find(&graph, &Params::default().with_max_iterations(2)));
            (found.partition, found.modularity.to_bits(), found.iterations)
        };
        let alone = on(1);
        assert_eq!(on(2), alone);
        assert_eq!(on(8), alone);
    }
}

#[test]
fn every_community_is_connected_whatever_the_graph() {
    for seed in 0..6 {
        let params = Params::default().with_seed(seed).with_resolution([0.0, 0.2, 1.0, 1.7, 5.0, 20.0][seed as usize]);
        let sparse = two_way(&uniform(300, 350, seed));
        let weighted = Graph::symmetric(Arc::new(uneven(&rmat(8, 6, seed))));
        for graph in [two_way(&rmat(8, 8, seed)), sparse, weighted, two_way(&uniform(150, 1500, seed))] {
            let found = find(&graph, &params);
            let slow = pairwise(&graph, found.partition.labels(), resolution(&params));
            assert!((found.modularity - slow).abs() < 1e-9, "{} {slow}", found.modularity);
        }
    }
}

/// The union of `graph` with weights that are no whole numbers, some of them 0.
fn uneven(graph: &Graph) -> Csr {
    let rows = two_way(graph);
    let rows = rows.out();
    let weight = |a: usize, b: usize| ((a.min(b) * 31 + a.max(b) * 17) % 10) as f64 / 7.0;
    let weights = (0..rows.node_count()).flat_map(|row| rows.row(NodeId::new(row)).map(move |(to, _)| weight(row, to.row())));
    Csr::from_parts(rows.offsets().to_vec(), rows.targets().to_vec(), Some(weights.collect()))
}

#[test]
fn renaming_nodes_hardly_changes_the_value() {
    let graph = two_way(&planted(20, 50, 6, 2, 4));
    let plain = find(&graph, &Params::default());
    for seed in 0..3 {
        let renamed = find(&graph.relabelled(&permutation(graph.node_count(), seed)), &Params::default());
        assert!((plain.modularity - renamed.modularity).abs() < 1e-3);
    }
}

#[test]
fn a_weight_stands_for_so_many_ties() {
    // A tie of weight 3 is three ties; one of weights 2 and 1, in two directions, as well.
    let once = Graph::from_arrows("0>1:3 1>2:3 2>0:3 3>4:3 4>5:3 5>3:3 2>3:3").undirected();
    let twice = Graph::from_arrows("0>1:2 1>0:1 1>2:3 2>0:2 0>2:1 3>4:3 4>5:3 5>3:3 2>3:3").undirected();
    let plain = two_way(&once);
    let found = find(&once, &Params::default());
    assert_eq!(found.partition, find(&plain, &Params::default()).partition);
    assert_eq!(found.modularity, find(&twice, &Params::default()).modularity);
    check("0>1:9 1>2 2>3:9 3>0", &[0, 0, 1, 1], 0.9 - 0.5);
}

#[test]
fn more_passes_never_lower_the_value() {
    let graph = two_way(&rmat(11, 20, 9));
    let value =
        |limit| find(&graph, &Params::default().without_joining().with_tolerance(0.0).with_max_iterations(limit)).modularity;
    let values = [value(1), value(2), value(4)];
    assert!(values.is_sorted(), "{values:?}");
    let cut_short = find(&graph, &Params::default().with_max_iterations(1));
    assert_eq!((cut_short.stop, cut_short.iterations), (Stop::IterationLimit, 1));
}

#[test]
fn directed_graphs_are_searched_by_leicht_and_newman() {
    // Ten edges, two groups; Q = (9 - (5 * 4 + 5 * 6) / 10) / 10.
    let graph = Graph::from_arrows("0>1 1>2 2>0 1>0 3>4 4>5 5>3 4>3 5>4 2>3");
    let found = find(&graph, &Params::default());
    assert_eq!(found.partition.labels(), [0, 0, 0, 1, 1, 1]);
    assert!((found.modularity - 0.4).abs() < 1e-12, "{}", found.modularity);
    for seed in 0..4 {
        let params = Params::default().with_seed(seed).with_resolution([1.0, 0.5, 2.0, 1.0][seed as usize]);
        for graph in [rmat(8, 8, seed), uniform(200, 800, seed), planted(8, 25, 5, 2, seed), loops(seed)] {
            let found = find(&graph, &params);
            let slow = pairwise(&graph, found.partition.labels(), resolution(&params));
            assert!((found.modularity - slow).abs() < 1e-9, "{} {slow}", found.modularity);
        }
    }
}

/// A weighted directed graph with self-loops and ties in one or both directions.
fn loops(seed: u64) -> Graph {
    let edges: Vec<_> = (0..400_u64).map(|at| (at * 7 % 61, (at * at + seed) % 61, 0.25 + (at % 9) as f64)).collect();
    Graph::from_edges(61, &edges.iter().map(|edge| (edge.0 as u32, edge.1 as u32, edge.2)).collect::<Vec<_>>())
}

#[test]
fn a_symmetric_graph_read_as_directed_has_the_same_modularity() {
    let union = two_way(&planted(12, 40, 6, 2, 3));
    let both = Graph::directed(Arc::new(union.out().clone()));
    let partition = find(&union, &Params::default()).partition;
    assert!((modularity(&union, &partition, 1.3) - modularity(&both, &partition, 1.3)).abs() < 1e-12);
    assert_eq!(find(&both, &Params::default()).partition, partition);
}

#[test]
fn direction_tells_groups_apart_that_the_union_cannot() {
    // A ring of eight in which every other tie returns: in-degrees and out-degrees decide.
    let arrows = "0>1 1>0 1>2 2>3 3>2 3>4 4>5 5>4 5>6 6>7 7>6 7>0";
    assert_eq!(find(&Graph::from_arrows(arrows), &Params::default()).partition.sizes(), [2, 2, 2, 2]);
}

#[test]
fn the_potts_model_has_no_resolution_limit() {
    let potts = |density| Params::default().with_quality(Quality::Potts(density));
    // Modularity joins neighbours here; at a density above that of two cliques together (21 of 45 pairs) cliques stand alone.
    for groups in [30, 200] {
        let ring = ring_of_cliques(groups, 5);
        let found = find(&ring, &potts(0.5));
        assert_eq!(found.partition.count(), groups as usize);
        // 20 entries of each clique less 0.5 * 25, of 22 in all.
        assert!((found.quality - 7.5 / 22.0).abs() < 1e-12, "{}", found.quality);
        let directed = Graph::directed(Arc::new(ring.out().clone()));
        assert_eq!(find(&directed, &potts(0.5)).partition, found.partition);
    }
    assert_eq!(find(&ring_of_cliques(10, 5), &potts(0.0)).partition.count(), 1);
    assert_eq!(find(&ring_of_cliques(10, 5), &potts(1.5)).partition.count(), 50);
}

#[test]
fn louvain_comes_near_on_the_karate_club() {
    let club = Graph::from_arrows(KARATE).undirected();
    let found = louvain(&club, &Params::default(), &Run::default()).unwrap();
    assert!(found.modularity >= 0.4188, "{}", found.modularity);
    assert_eq!(found.iterations, 1);
}

#[test]
fn levels_lie_within_each_other_down_from_the_communities() {
    for graph in [two_way(&planted(40, 100, 8, 2, 5)), two_way(&rmat(12, 8, 1)), rmat(9, 6, 2)] {
        for method in [leiden, louvain] {
            let found = method(&graph, &Params::default(), &Run::default()).unwrap();
            let levels = found.hierarchy.levels();
            assert_eq!((levels.len(), found.hierarchy.is_empty()), (found.hierarchy.len(), false));
            let chain: Vec<&Partition> = std::iter::once(&found.partition).chain(&levels).collect();
            for pair in chain.windows(2) {
                let mut above = vec![None; pair[1].count()];
                for (&fine, &coarse) in pair[1].labels().iter().zip(pair[0].labels()) {
                    assert_eq!(*above[fine as usize].get_or_insert(coarse), coarse);
                }
                assert!(pair[0].count() <= pair[1].count());
            }
        }
    }
}

#[test]
fn wrong_parameters_and_weights_are_named() {
    let wrong =
        |params: Params, arrows: &str| leiden(&Graph::from_arrows(arrows).undirected(), &params, &Run::default()).unwrap_err();
    for (params, arrows, field) in [
        (Params::default().with_resolution(-1.0), "0>1", "community.resolution"),
        (Params::default().with_tolerance(f64::NAN), "0>1", "community.tolerance"),
        (Params::default().with_max_iterations(0), "0>1", "max_iterations"),
        (Params::default(), "0>1:-2", "weight"),
        (Params::default(), "0>1:1e308 1>2:1e308", "weight"),
    ] {
        let error = wrong(params, arrows);
        assert!(matches!(error, MetricError::BadParam { name, .. } if name == field), "{error}");
    }
}

#[test]
fn the_caller_can_stop_it() {
    let flag = AtomicBool::new(true);
    let run = Run { cancel: Some(&flag), ..Run::default() };
    let found = leiden(&two_way(&uniform(100, 300, 1)), &Params::default(), &run);
    assert!(matches!(found, Err(MetricError::Cancelled { .. })));
}

#[test]
fn verify_refuses_what_is_wrong() {
    let path = Graph::from_arrows("0>1 1>2").undirected();
    assert!(verify(&path, &Partition::from_labels(&[0, 1, 0])).is_err());
    assert!(verify(&path, &Partition::from_labels(&[0, 0])).is_err());
    assert!(verify(&path, &Partition::from_labels(&[1, 1, 0])).is_ok());
}

#[test]
fn joined_searches_are_at_least_as_good() {
    for graph in [two_way(&uniform(400, 4000, 5)), rmat(8, 12, 3), planted(12, 25, 8, 10, 1).undirected_unweighted()] {
        let params = Params::default().with_effort(6 * (graph.out().entry_count() as u64 * 2 + 400));
        let joined = find(&graph, &params);
        let alone = find(&graph, &params.without_joining());
        assert!(joined.quality >= alone.quality, "{} {}", joined.quality, alone.quality);
    }
    // A random graph, in which no search finds the best: joining adds in the third digit.
    let graph = two_way(&uniform(400, 4000, 5));
    let params = Params::default().with_max_starts(8);
    assert!(find(&graph, &params).quality > find(&graph, &params.without_joining()).quality + 1e-3);
}
