//! Laws that hold on every graph, tried on random ones: names of accounts do not matter, nor the number of threads, nor what stands
//! beside a graph; and each metric's own verifier agrees. What walks the registry holds for metrics that are still to come.

#![allow(clippy::unwrap_used)] // a failed unwrap fails the test, which is what it is for

use echogram_analytics::centrality::pagerank::{Params as RankParams, pagerank};
use echogram_analytics::centrality::{
    betweenness, cartographic_role, clustering, collective_influence, community_confidence, constraint, core, dcore, degree,
    effective_size, ei_index, ei_index_side, eigenvector, exposure, hits, katz, leaning_neighbours, pagerank as rank,
    participation, reciprocity, ssi, strength, triangles, within_module_z,
};
use echogram_analytics::compare::{compare, matching};
use echogram_analytics::cut;
use echogram_analytics::echo::mixing::{self, GroupTies};
use echogram_analytics::echo::{diffusion_bias, friedkin_johnsen, leaning_correlation, walk};
use echogram_analytics::leiden::{self, Params as LeidenParams, leiden, louvain};
use echogram_analytics::network::{archetype, average_clustering, centralisation, transitivity};
use echogram_analytics::partition::{bowtie, community_label, community_louvain, component_strong, component_weak};
use echogram_analytics::paths::distances::{self, Distances};
use echogram_analytics::paths::edge_betweenness;
use echogram_analytics::paths::weighted::{self, WeightedPaths};
use echogram_analytics::stability::perturbed::perturbed_runs;
use echogram_analytics::{Input, Kind, MetricError, MetricSpec, Outcome, Run, Settings, Shape, Stop, Values, Weights, registry};
use echogram_graph::synthetic::{permutation, planted, rmat, uniform};
use echogram_graph::{Graph, GraphView, Grouping, NodeId, Partition};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::sync::atomic::AtomicBool;

/// The same cases in every run; `PROPTEST_CASES` asks for more of them.
fn config() -> ProptestConfig {
    ProptestConfig { rng_seed: RngSeed::Fixed(1998), failure_persistence: None, ..ProptestConfig::default() }
}

type Edges = Vec<(u32, u32, f64)>;

/// Up to 30 nodes, of which some have no tie; repeated edges and self-loops; weights in quarters.
fn graphs() -> impl Strategy<Value = (usize, Edges)> {
    (1_u32..30).prop_flat_map(|nodes| {
        let edge = (0..nodes, 0..nodes, (1_u32..20).prop_map(|quarters| f64::from(quarters) / 4.0));
        (Just(nodes as usize), proptest::collection::vec(edge, 0..90))
    })
}

/// As [`graphs`], as a graph without self-loops, which is what metrics are given unless loops are kept.
fn loopless() -> impl Strategy<Value = Graph> {
    graphs().prop_map(|(nodes, edges)| Graph::from_edges(nodes, &without_loops(&edges)))
}

fn without_loops(edges: &Edges) -> Edges {
    edges.iter().copied().filter(|edge| edge.0 != edge.1).collect()
}

fn nodes(graph: &Graph) -> usize {
    GraphView::node_count(graph)
}

/// A metric's every variant: the graph that the engine would give it.
fn variants(spec: &MetricSpec, directed: &Graph) -> Vec<Graph> {
    let shapes = if spec.other_shape { vec![Shape::Directed, Shape::Undirected] } else { vec![spec.shape] };
    let shaped = shapes.into_iter().map(|shape| match shape {
        Shape::Directed => directed.clone(),
        Shape::Undirected => directed.undirected(),
    });
    shaped
        .flat_map(|graph| match spec.weights {
            Weights::Never => vec![graph.unweighted()],
            Weights::Variant => vec![graph.unweighted(), graph],
            Weights::Always => vec![graph],
        })
        .collect()
}

/// What a metric may need beside the graph; some accounts have no role and no side.
#[derive(Clone)]
struct Beside {
    partition: Partition,
    roles: Grouping,
    sides: Grouping,
    near: Vec<NodeId>,
    leanings: Vec<f64>,
}

impl Beside {
    /// Any groups that are fixed by the number of nodes.
    fn of(nodes: usize) -> Self {
        let roles = ["nurse", "patient", "agency"];
        let labels: Vec<u32> = (0..nodes).map(|row| (row * 7 % 5) as u32).collect();
        let role: Vec<Option<&str>> = (0..nodes).map(|row| (row % 4 < 3).then(|| roles[row * row % 3])).collect();
        let side: Vec<Option<&str>> =
            (0..nodes).map(|row| (row % 6 != 5).then_some(if row % 2 == 0 { "a" } else { "b" })).collect();
        Self {
            partition: Partition::from_labels(&labels),
            roles: Grouping::from_names(&role),
            sides: Grouping::from_names(&side),
            near: (0..nodes).step_by(5).map(NodeId::new).collect(),
            leanings: (0..nodes).map(|row| if row % 7 == 3 { f64::NAN } else { (row * 31 % 17) as f64 / 8.0 - 1.0 }).collect(),
        }
    }

    fn relabelled(&self, order: &[u32]) -> Self {
        let moved = |grouping: &Grouping| {
            let mut names = vec![None; order.len()];
            for (row, &new) in order.iter().enumerate() {
                names[new as usize] = grouping.labels()[row].map(|group| grouping.names()[group as usize].clone());
            }
            Grouping::from_names(&names)
        };
        let mut labels = vec![0; order.len()];
        order.iter().enumerate().for_each(|(row, &new)| labels[new as usize] = self.partition.labels()[row]);
        let mut near: Vec<NodeId> = self.near.iter().map(|node| NodeId(order[node.row()])).collect();
        near.sort_unstable();
        let mut leanings = vec![f64::NAN; order.len()];
        order.iter().zip(&self.leanings).for_each(|(&new, &leaning)| leanings[new as usize] = leaning);
        Self { partition: Partition::from_labels(&labels), roles: moved(&self.roles), sides: moved(&self.sides), near, leanings }
    }

    fn input<'a>(&'a self, graph: &'a Graph) -> Input<'a> {
        let (roles, sides) = (Some(&self.roles), Some(&self.sides));
        let (near, leanings) = (Some(self.near.as_slice()), Some(self.leanings.as_slice()));
        Input { partition: Some(&self.partition), roles, sides, near, leanings, ..Input::of(graph) }
    }

    fn run(&self, spec: &MetricSpec, graph: &Graph) -> Outcome {
        (spec.run)(&self.input(graph), &Run::default()).unwrap_or_else(|error| panic!("{}: {error}", spec.name))
    }
}

/// Communities are found by a search whose ties of gain go by row: names may matter to it.
fn is_searched(spec: &MetricSpec) -> bool {
    spec.kind == Kind::Account && spec.name.starts_with("community")
}

/// Weights are lengths to it: its values have a unit.
fn is_length(spec: &MetricSpec) -> bool {
    ["closeness", "harmonic"].contains(&spec.name)
}

/// The core of a bow tie is the largest component, hubs are the accounts of highest degree; among equals names decide. Epidemics are drawn by name.
fn is_named(spec: &MetricSpec, graph: &Graph) -> bool {
    let is_tied = || strong(graph).sizes().windows(2).next().is_some_and(|first| first[0] == first[1]);
    let is_drawn = spec.name.starts_with("rwc.") || ["dipole", "diffusion_bias"].contains(&spec.name);
    (spec.name == "bowtie" && is_tied()) || is_drawn
}

/// Neighbours are weighed against an account's own opinion.
fn is_settled(spec: &MetricSpec) -> bool {
    spec.name.starts_with("fj_")
}

fn close(got: f64, wanted: f64, tolerance: f64) -> bool {
    (got.is_nan() && wanted.is_nan()) || (got - wanted).abs() <= tolerance * wanted.abs().max(1.0)
}

fn reals(values: &Values) -> Vec<f64> {
    match values {
        Values::Real(values) => values.clone(),
        Values::Whole(values) => values.iter().map(|&value| f64::from(value)).collect(),
        Values::Words { codes, .. } => codes.iter().map(|&code| f64::from(code)).collect(),
    }
}

/// The first member of each node's community: the same for the same division, however it is numbered.
fn firsts(labels: &[u32]) -> Vec<usize> {
    labels.iter().map(|label| labels.iter().position(|other| other == label).unwrap()).collect()
}

fn assert_permuted(spec: &MetricSpec, plain: &Outcome, renamed: &Outcome, order: &[u32]) {
    let name = spec.name;
    let back = |values: &[f64]| -> Vec<f64> { order.iter().map(|&new| values[new as usize]).collect() };
    if let (Some(one), Some(other)) = (&plain.partition, &renamed.partition) {
        let labels: Vec<u32> = order.iter().map(|&new| other.labels()[new as usize]).collect();
        assert_eq!(firsts(&labels), firsts(one.labels()), "{name}");
        assert_eq!(one.sizes(), other.sizes(), "{name}");
    } else {
        assert_eq!(plain.columns.len(), renamed.columns.len(), "{name}");
        for (one, other) in plain.columns.iter().zip(&renamed.columns) {
            for (row, (got, wanted)) in back(&reals(other)).into_iter().zip(reals(one)).enumerate() {
                assert!(close(got, wanted, 1e-12), "{name} of node {row}: {got} renamed, {wanted} before");
            }
        }
    }
    assert_eq!(plain.scores.len(), renamed.scores.len(), "{name}");
    for (one, other) in plain.scores.iter().zip(&renamed.scores) {
        assert_eq!((one.name, &one.group), (other.name, &other.group));
        assert!(close(other.value, one.value, 1e-12), "{name}: {} renamed, {} before", other.value, one.value);
    }
}

/// `one` and `other` side by side, without a tie between them.
fn side_by_side(one: &Graph, other: &Graph) -> Graph {
    let shift = nodes(one) as u32;
    let edges = |graph: &Graph, shift: u32| -> Edges {
        (0..nodes(graph))
            .map(NodeId::new)
            .flat_map(|node| {
                graph.out().row(node).map(move |(to, weight)| (node.0 + shift, to.0 + shift, weight)).collect::<Vec<_>>()
            })
            .collect()
    };
    let both = [edges(one, 0), edges(other, shift)].concat();
    Graph::from_edges(nodes(one) + nodes(other), &both)
}

fn exact_rank(graph: &Graph) -> Vec<f64> {
    pagerank(graph, &RankParams::default().with_tolerance(1e-15), &Run::default()).unwrap().scores
}

fn weak(graph: &Graph) -> Partition {
    component_weak::component_weak(graph, &Run::default()).unwrap()
}

fn strong(graph: &Graph) -> Partition {
    component_strong::component_strong(graph, &Run::default()).unwrap()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn names_do_not_matter(graph in loopless(), seed in 0_u64..1_000) {
        let order = permutation(nodes(&graph), seed);
        let beside = Beside::of(nodes(&graph));
        let moved = beside.relabelled(&order);
        for spec in registry::all().filter(|spec| !is_searched(spec) && !is_named(spec, &graph)) {
            for graph in variants(spec, &graph) {
                assert_permuted(spec, &beside.run(spec, &graph), &moved.run(spec, &graph.relabelled(&order)), &order);
            }
        }
    }

    /// Within each part ranks keep their proportions; counts and cores do not change; components add up.
    #[test]
    fn graphs_side_by_side_do_not_touch(one in loopless(), other in loopless()) {
        let both = side_by_side(&one, &other);
        let cut = nodes(&one);
        let ranks = exact_rank(&both);
        for (part, alone) in [(&ranks[..cut], exact_rank(&one)), (&ranks[cut..], exact_rank(&other))] {
            let mass: f64 = part.iter().sum();
            for (rank, wanted) in part.iter().zip(alone) {
                prop_assert!(close(rank / mass, wanted, 1e-12), "{} {}", rank / mass, wanted);
            }
        }
        let run = Run::default();
        let core_of = |graph: &Graph| core::core(&graph.undirected(), &run).unwrap();
        prop_assert_eq!(core_of(&both), [core_of(&one), core_of(&other)].concat());
        let degree_of = |graph: &Graph| degree::degree(graph, &run).unwrap().distinct;
        prop_assert_eq!(degree_of(&both), [degree_of(&one), degree_of(&other)].concat());
        for find in [weak, strong] {
            let (all, left, right) = (find(&both), find(&one), find(&other));
            prop_assert_eq!(all.count(), left.count() + right.count());
            prop_assert_eq!(firsts(&all.labels()[..cut]), firsts(left.labels()));
            prop_assert_eq!(firsts(&all.labels()[cut..]), firsts(right.labels()));
        }
    }

    /// One more account without a tie: it has nothing of its own, takes an even share of rank, and changes nobody's counts.
    #[test]
    fn an_isolated_node_more_changes_little((count, edges) in graphs()) {
        let edges = without_loops(&edges);
        let (before, after) = (Graph::from_edges(count, &edges), Graph::from_edges(count + 1, &edges));
        let ranks = exact_rank(&after);
        let rest = 1.0 - ranks[count];
        for (rank, wanted) in ranks.iter().zip(exact_rank(&before)) {
            prop_assert!(close(rank / rest, wanted, 1e-12));
        }
        prop_assert!(ranks.iter().all(|&rank| rank >= ranks[count]));
        let beside = |graph: &Graph| Beside::of(nodes(graph));
        let counts = ["core", "dcore", "degree", "strength", "reciprocity", "triangles"];
        let positions = ["clustering", "collective_influence", "constraint", "effective_size"];
        for name in counts.into_iter().chain(positions) {
            let spec = registry::find(name)[0];
            for (one, other) in variants(spec, &before).iter().zip(variants(spec, &after)) {
                let (one, other) = (beside(one).run(spec, one), beside(&other).run(spec, &other));
                for (column, more) in one.columns.iter().zip(&other.columns) {
                    let (column, more) = (reals(column), reals(more));
                    prop_assert_eq!(format!("{column:?}"), format!("{:?}", &more[..count]), "{}", name);
                    prop_assert!(more[count] == 0.0 || more[count].is_nan(), "{}", name);
                }
            }
        }
        for find in [weak, strong] {
            prop_assert_eq!(find(&after).count(), find(&before).count() + 1);
            prop_assert_eq!(firsts(&find(&after).labels()[..count]), firsts(find(&before).labels()));
        }
    }

    /// Twice every weight is the same network in another unit; only lengths of paths are stated in it.
    #[test]
    fn the_unit_of_weights_does_not_matter((count, edges) in graphs()) {
        let edges = without_loops(&edges);
        let twice: Edges = edges.iter().map(|edge| (edge.0, edge.1, 2.0 * edge.2)).collect();
        let beside = Beside::of(count);
        for spec in registry::all().filter(|spec| spec.weights == Weights::Variant && !is_searched(spec) && !is_length(spec) && !is_settled(spec)) {
            let one = variants(spec, &Graph::from_edges(count, &edges));
            for (one, other) in one.iter().zip(variants(spec, &Graph::from_edges(count, &twice))) {
                let order: Vec<u32> = (0..count as u32).collect();
                assert_permuted(spec, &beside.run(spec, one), &beside.run(spec, &other), &order);
            }
        }
    }

    /// Self-loops included, as `--keep-loops` keeps them.
    #[test]
    fn every_verifier_agrees((count, edges) in graphs()) {
        let run = Run::default();
        let weighted = Graph::from_edges(count, &edges);
        for directed in [weighted.unweighted(), weighted.clone(), weighted.undirected()] {
            let union = directed.undirected();
            let beside = Beside::of(count);
            let Beside { partition, roles, sides, leanings, .. } = &beside;
            core::verify(&union, &core::core(&union, &run).unwrap()).unwrap();
            dcore::verify(&directed, &dcore::dcore(&directed, &run).unwrap()).unwrap();
            degree::verify(&directed, &degree::degree(&directed, &run).unwrap()).unwrap();
            strength::verify(&directed, &strength::strength(&directed, &run).unwrap()).unwrap();
            reciprocity::verify(&directed, &reciprocity::reciprocity(&directed, &run).unwrap()).unwrap();
            rank::verify(&directed, &exact_rank(&directed), RankParams::default().damping, 1e-12).unwrap();
            ei_index::verify(&union, partition, &ei_index::ei_index(&union, partition, &run).unwrap()).unwrap();
            ei_index_side::verify(&union, sides, &ei_index_side::ei_index_side(&union, sides, &run).unwrap()).unwrap();
            exposure::verify(&directed, roles, &exposure::exposure(&directed, roles, &run).unwrap()).unwrap();
            let heard = leaning_neighbours::leaning_neighbours(&directed, leanings, &run).unwrap();
            leaning_neighbours::verify(&directed, leanings, &heard).unwrap();
            leaning_correlation::verify(&directed, leanings, &beside.run(&leaning_correlation::SPEC, &directed)).unwrap();
            diffusion_bias::verify(&directed, leanings, &diffusion_bias::Params::default()).unwrap();
            let measured = archetype::measure(&directed, partition, 1.0, &run).unwrap();
            archetype::verify(&archetype::Params::default(), &measured).unwrap();
            verify_map(&union, partition);
            verify_map(&union.unweighted(), partition);
            component_weak::verify(&directed, &weak(&directed)).unwrap();
            bowtie::verify(&directed, &bowtie::bowtie(&directed, &run).unwrap()).unwrap();
            component_strong::verify(&directed, &strong(&directed)).unwrap();
            for graph in [&directed, &union] {
                let exact = betweenness::betweenness(graph, &betweenness::Params::default(), &run).unwrap();
                betweenness::verify(graph, &exact.scores).unwrap();
                distances::verify(graph, &Distances::exact(graph, &run).unwrap()).unwrap();
                weighted::verify(graph, &WeightedPaths::exact(graph, &run).unwrap()).unwrap();
                // Random graphs may have two directions nearly as dominant, of which iteration leaves much: closed forms and oracles are closer.
                let found = hits::hits(graph, &hits::Params::default(), &run).unwrap();
                if found.stop == Stop::Converged {
                    hits::verify(graph, &found, 1e-4).unwrap();
                }
                let found = eigenvector::eigenvector(graph, &eigenvector::Params::default(), &run).unwrap();
                if found.stop == Stop::Converged {
                    eigenvector::verify(graph, &found.scores, 1e-4).unwrap();
                }
                katz::verify(graph, &katz::katz(graph, &katz::Params::default(), &run).unwrap(), 1e-8).unwrap();
            }
            for hubs in [1, 3] {
                let mut settings = Settings::default();
                settings.set("rwc.hub_k", f64::from(hubs));
                let input = Input { sides: Some(sides), settings: Some(&settings), ..Input::of(&union) };
                let found = (registry::find("rwc.hub")[0].run)(&input, &run).unwrap();
                if sides.count() == 2 {
                    walk::verify(&union, sides, hubs as usize, found.scores[0].value).unwrap();
                }
            }
            let of: Vec<Option<usize>> = sides.labels().iter().map(|side| side.filter(|&side| side < 2).map(|side| side as usize)).collect();
            for innate in friedkin_johnsen::centred(leanings).into_iter().chain([friedkin_johnsen::innate(&of)]) {
                friedkin_johnsen::verify(&union, &innate, &friedkin_johnsen::opinions(&union, &innate, &run).unwrap()).unwrap();
            }
            for graph in [&directed, &union] {
                ssi::verify(graph, sides, &ssi::ssi(graph, sides, &run).unwrap()).unwrap();
            }
            edge_betweenness::verify(&union, &edge_betweenness::edge_betweenness(&union, usize::MAX, 0, &run).unwrap()).unwrap();
            let params = cut::Params { imbalance: 0.03, seed: 1 };
            cut::verify(&union, &params, &cut::cut(&union, &params, &run).unwrap()).unwrap();
            mixing::verify(&directed, sides, &GroupTies::count(&directed, sides)).unwrap();
            centralisation::verify(&directed, &centralisation::centralisation(&directed, &run).unwrap()).unwrap();
            // A union adds up the two directions of a pair, so that it has weights where the graph had none.
            [union.unweighted(), union].iter().for_each(verify_triads);
        }
    }
}

proptest! {
    // A search of a small graph starts many times over.
    #![proptest_config(ProptestConfig { cases: config().cases.div_ceil(16), ..config() })]

    #[test]
    fn communities_pass_their_verifier((count, edges) in graphs()) {
        let (params, run) = (LeidenParams::default(), Run::default());
        let directed = Graph::from_edges(count, &edges);
        let weighted = directed.undirected();
        for graph in [&weighted.unweighted(), &weighted, &directed.unweighted(), &directed] {
            leiden::verify(graph, &leiden(graph, &params, &run).unwrap().partition).unwrap();
        }
        for graph in [weighted.unweighted(), weighted] {
            community_louvain::verify(&graph, &louvain(&graph, &params, &run).unwrap().partition, 1.0).unwrap();
            community_label::verify(&graph, &community_label::community_label(&graph, 0, &run).unwrap()).unwrap();
            let found = leiden(&graph, &params, &run).unwrap();
            let perturbed = community_confidence::Params::default().with_runs(3).with_dropped(0.2);
            let runs = perturbed_runs(&graph, &perturbed, &run).unwrap();
            runs.iter().for_each(|found| leiden::verify(&graph, found).unwrap());
            let confidence = community_confidence::community_confidence(&graph, &found.partition, &perturbed, &run);
            community_confidence::verify(&found.partition, &runs, &confidence.unwrap()).unwrap();
        }
    }
}

/// Groups of up to 40 accounts in two divisions; some are left out.
fn divisions() -> impl Strategy<Value = (Vec<Option<u32>>, Vec<Option<u32>>)> {
    let group = || proptest::option::weighted(0.8, 0_u32..6);
    proptest::collection::vec((group(), group()), 0..40).prop_map(|pairs| pairs.into_iter().unzip())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn divisions_are_compared_within_their_ranges((one, other) in divisions()) {
        let run = Run::default();
        let found = compare(one.as_slice(), other.as_slice(), &run).unwrap();
        let back = compare(other.as_slice(), one.as_slice(), &run).unwrap();
        for (there, back) in [(found.nmi, back.nmi), (found.ami, back.ami), (found.ari, back.ari), (found.variation, back.variation)] {
            prop_assert!(close(there, back, 1e-9), "{found:?} {back:?}");
        }
        if found.accounts > 0 {
            prop_assert!((0.0..=1.0).contains(&found.nmi) && found.ami <= 1.0 + 1e-12 && found.ari <= 1.0, "{found:?}");
            prop_assert!((0.0..=1.0 + 1e-12).contains(&found.variation_normalised), "{found:?}");
        } else {
            prop_assert!(found.nmi.is_nan() && found.ami.is_nan() && found.ari.is_nan() && found.variation.is_nan());
        }
        prop_assert_eq!(compare(one.as_slice(), one.as_slice(), &run).unwrap().variation.max(0.0), 0.0);
        let params = matching::Params::default().with_members(1 + one.len() as u32 % 3);
        let rows = matching::transitions(one.as_slice(), other.as_slice(), &params, &run).unwrap();
        matching::verify(one.as_slice(), other.as_slice(), &params, &rows).unwrap();
    }
}

/// Where accounts stand on the map of communities.
fn verify_map(union: &Graph, partition: &Partition) {
    let run = Run::default();
    participation::verify(union, partition, &participation::participation(union, partition, &run).unwrap()).unwrap();
    within_module_z::verify(union, partition, &within_module_z::within_module_z(union, partition, &run).unwrap()).unwrap();
    cartographic_role::verify(union, partition, &cartographic_role::cartographic_role(union, partition, &run).unwrap()).unwrap();
}

/// The metrics of a union that rest on who is tied to whom nearby.
fn verify_triads(union: &Graph) {
    let run = Run::default();
    triangles::verify(union, &triangles::triangles(union, &run).unwrap()).unwrap();
    clustering::verify(union, &clustering::clustering(union, &run).unwrap()).unwrap();
    constraint::verify(union, &constraint::constraint(union, &run).unwrap()).unwrap();
    effective_size::verify(union, &effective_size::effective_size(union, &run).unwrap()).unwrap();
    collective_influence::verify(union, &collective_influence::collective_influence(union, &run).unwrap()).unwrap();
    transitivity::verify(union, transitivity::transitivity(union, &run).unwrap()).unwrap();
    average_clustering::verify(union, average_clustering::average_clustering(union, &run).unwrap()).unwrap();
}

/// Columns and scores are as the registry declares them.
fn assert_as_declared(spec: &MetricSpec, found: &Outcome, nodes: usize) {
    let name = spec.name;
    if spec.kind == Kind::Account {
        assert_eq!(found.columns.len(), spec.columns.len(), "{name}");
        assert!(found.scores.is_empty(), "{name}");
        for column in &found.columns {
            assert_eq!(reals(column).len(), nodes, "{name}");
            assert!(reals(column).iter().all(|value| !value.is_infinite()), "{name}: {column:?}");
            if let Values::Words { codes, names } = column {
                assert!(codes.iter().all(|&code| usize::from(code) < names.len()), "{name}: {column:?}");
            }
        }
        if let Some(partition) = &found.partition {
            assert_eq!(found.columns[0], Values::Whole(partition.labels().to_vec()), "{name}");
        }
    } else {
        assert!(found.columns.is_empty(), "{name}");
        let named: std::collections::BTreeSet<&str> = found.scores.iter().map(|score| score.name).collect();
        let declared: std::collections::BTreeSet<&str> = spec.columns.iter().copied().collect();
        // A score of each side, or of each pair of them, has no row where there are no sides.
        assert!(named == declared || (named.is_subset(&declared) && spec.kind == Kind::Echo), "{name}: {named:?}");
        assert!(found.scores.iter().all(|score| !score.value.is_infinite()), "{name}: {:?}", found.scores);
    }
}

#[test]
fn every_metric_copes_with_graphs_of_almost_nothing() {
    let loops = [(0, 0, 2.0), (1, 1, 1.0), (2, 2, 0.5)];
    for graph in [
        Graph::from_edges(0, &[]),
        Graph::from_edges(1, &[]),
        Graph::from_edges(1, &loops[..1]),
        Graph::from_edges(3, &loops),
        Graph::from_edges(5, &[]),
        Graph::from_edges(2, &[(0, 1, 1.0)]),
    ] {
        let count = nodes(&graph);
        let nobody = Grouping::from_names(&vec![None::<&str>; count]);
        let alone = Partition::from_labels(&(0..count as u32).collect::<Vec<_>>());
        let known = Beside::of(count);
        for beside in [
            Beside { partition: alone, roles: nobody.clone(), sides: nobody, near: Vec::new(), leanings: vec![f64::NAN; count] },
            known,
        ] {
            for spec in registry::all() {
                for graph in variants(spec, &graph) {
                    assert_as_declared(spec, &beside.run(spec, &graph), count);
                }
            }
        }
    }
}

/// A power law, and clusters beside weights that no sum of which is exact: large enough to be split into blocks of work. What takes a search from every node
/// gets smaller ones.
fn large(spec: &MetricSpec) -> [Graph; 2] {
    let is_quadratic = spec.parameters.iter().any(|parameter| parameter.name == "paths_weighted.up_to");
    let (scale, nodes) = if is_quadratic { (10, 500) } else { (13, 2_500) };
    let weighted: Edges =
        (0..nodes * 12 / 5).map(|edge| (edge % (nodes - 1), edge * 37 % nodes, f64::from(edge % 13) / 7.0 + 0.1)).collect();
    let weighted = Graph::from_edges(nodes as usize, &without_loops(&weighted));
    [rmat(scale, 6, 5), side_by_side(&planted(nodes / 125, 100, 8, 2, 7), &weighted)]
}

/// Every metric with each of its large graphs, in all variants.
fn large_cases() -> impl Iterator<Item = (&'static MetricSpec, Graph)> {
    registry::all()
        .flat_map(|spec| large(spec).into_iter().flat_map(move |graph| variants(spec, &graph)).map(move |graph| (spec, graph)))
}

#[test]
fn one_thread_gives_the_bits_of_eight() {
    for (spec, graph) in large_cases() {
        let beside = Beside::of(nodes(&graph));
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            // Written out, as undefined differs from undefined otherwise; digits name each float's bits.
            format!("{:?}", pool.install(|| beside.run(spec, &graph)))
        };
        let alone = on(1);
        assert!(on(8) == alone, "{}", spec.name);
    }
}

#[test]
fn a_flag_that_is_set_stops_every_metric_or_comes_too_late() {
    let cancel = AtomicBool::new(true);
    let run = Run { cancel: Some(&cancel), ..Run::default() };
    for (spec, graph) in large_cases() {
        let beside = Beside::of(nodes(&graph));
        match (spec.run)(&beside.input(&graph), &run) {
            Err(MetricError::Cancelled { done, total }) => assert!(done <= total, "{}: {done} of {total}", spec.name),
            Err(error) => panic!("{}: {error}", spec.name),
            Ok(found) => assert_as_declared(spec, &found, nodes(&graph)),
        }
    }
}

#[test]
fn progress_counts_upwards_within_its_total() {
    for spec in registry::all() {
        let [graph, _] = large(spec);
        let beside = Beside::of(nodes(&graph));
        let worst = std::sync::Mutex::new(None);
        let on_step = |done: u64, total: u64| {
            if done > total {
                *worst.lock().unwrap() = Some((done, total));
            }
        };
        let graph = &variants(spec, &graph)[0];
        (spec.run)(&beside.input(graph), &Run { on_step: Some(&on_step), cancel: None }).unwrap();
        assert_eq!(*worst.lock().unwrap(), None, "{}", spec.name);
    }
}

#[test]
fn what_a_metric_needs_and_does_not_get_is_named() {
    let graph = uniform(20, 60, 1);
    for spec in registry::all().filter(|spec| !spec.needs.is_empty()) {
        for graph in variants(spec, &graph) {
            let found = (spec.run)(&Input::of(&graph), &Run::default());
            assert!(matches!(found, Err(MetricError::Missing { metric, .. }) if metric == spec.name), "{}", spec.name);
        }
    }
}

/// Estimates too: the same seed gives the same bits on any number of threads.
#[test]
fn estimates_repeat_on_any_number_of_threads() {
    let mut settings = Settings::default();
    settings.set("distance.exact_up_to", 0.0);
    settings.set("distance.registers", 64.0);
    settings.set("betweenness.exact_up_to", 0.0);
    settings.set("betweenness.eps", 0.05);
    let graph = rmat(12, 6, 9);
    for name in ["betweenness", "harmonic", "closeness", "average_distance", "diameter_effective"] {
        let spec = registry::find(name)[0];
        let on = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let input = Input { settings: Some(&settings), seed: 5, ..Input::of(&graph) };
            pool.install(|| (spec.run)(&input, &Run::default())).unwrap()
        };
        let alone = on(1);
        assert!(alone.parameters.iter().all(|(_, value)| value != "exact"), "{name}: {:?}", alone.parameters);
        // Written out, as undefined differs from undefined otherwise.
        let alone = format!("{alone:?}");
        assert!([3, 8].iter().all(|&threads| format!("{:?}", on(threads)) == alone), "{name}");
    }
}
