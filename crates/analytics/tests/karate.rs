//! Zachary's karate club: numbers that NetworkX 3.6.1 and bctpy 0.6.0 give, and those of published examples.

#![allow(clippy::unwrap_used)] // a failed unwrap fails the test, which is what it is for

use echogram_analytics::centrality::{
    cartographic_role, clustering, collective_influence, community_confidence, constraint, effective_size, participation,
    triangles, within_module_z,
};
use echogram_analytics::compare::matching;
use echogram_analytics::network::{average_clustering, centralisation, transitivity};
use echogram_analytics::{Input, Outcome, Run, Values, registry};
use echogram_graph::{Graph, Partition};

/// Zachary, An information flow model for conflict and fission in small groups, 1977: accounts from 0, smaller one first.
const TIES: &str = "0>1 0>2 0>3 0>4 0>5 0>6 0>7 0>8 0>10 0>11 0>12 0>13 0>17 0>19 0>21 0>31 1>2 1>3 1>7 1>13 1>17 1>19 1>21 1>30 2>3 \
    2>7 2>8 2>9 2>13 2>27 2>28 2>32 3>7 3>12 3>13 4>6 4>10 5>6 5>10 5>16 6>16 8>30 8>32 8>33 9>33 13>33 14>32 14>33 \
    15>32 15>33 18>32 18>33 19>33 20>32 20>33 22>32 22>33 23>25 23>27 23>29 23>32 23>33 24>25 24>27 24>31 25>31 \
    26>29 26>33 27>33 28>31 28>33 29>32 29>33 30>32 30>33 31>32 31>33 32>33";

fn karate() -> Graph {
    Graph::from_arrows(TIES)
}

/// Weights made up of the two numbers: 1 + ((7 u + 3 v) mod 5) / 2.
fn weighted_karate() -> Graph {
    let ends = TIES.split_whitespace().map(|tie| tie.split_once('>').unwrap());
    let ties = ends.map(|(one, other)| (one.parse::<u32>().unwrap(), other.parse::<u32>().unwrap()));
    let edges: Vec<_> = ties.map(|(one, other)| (one, other, 1.0 + f64::from((7 * one + 3 * other) % 5) / 2.0)).collect();
    Graph::from_edges(34, &edges).undirected()
}

fn column(name: &str, graph: &Graph) -> Vec<f64> {
    let spec = registry::find(name)[0];
    let found: Outcome = (spec.run)(&Input::of(graph), &Run::default()).unwrap();
    match &found.columns[0] {
        Values::Real(values) => values.clone(),
        Values::Whole(values) => values.iter().map(|&value| f64::from(value)).collect(),
        Values::Words { .. } => panic!("words are no numbers"),
    }
}

/// The four communities of the highest modularity, 0.41979.
fn communities() -> Partition {
    let labels = "0000111022100022102020233323322322";
    Partition::from_labels(&labels.chars().map(|label| label.to_digit(10).unwrap()).collect::<Vec<_>>())
}

/// Values of four accounts and the mean of all.
#[track_caller]
fn check(name: &str, graph: &Graph, wanted: [f64; 5]) {
    check_values(name, &column(name, graph), wanted);
}

#[track_caller]
fn check_values(name: &str, found: &[f64], wanted: [f64; 5]) {
    let mean = found.iter().sum::<f64>() / found.len() as f64;
    for (got, wanted) in [found[0], found[5], found[11], found[33], mean].into_iter().zip(wanted) {
        assert!((got - wanted).abs() <= 1e-12 * wanted.max(1.0), "{name}: {got}, wanted {wanted}");
    }
}

#[test]
fn account_metrics_are_those_of_networkx() {
    let graph = karate().undirected();
    check("triangles", &graph, [18.0, 3.0, 0.0, 15.0, 3.9705882352941178]);
    check("clustering", &graph, [0.15, 0.5, 0.0, 0.11029411764705882, 0.5706384782076823]);
    check("constraint", &graph, [0.15542329764660495, 0.4774848090277778, 1.0, 0.15641868512110724, 0.4541749865340612]);
    check("effective_size", &graph, [13.75, 2.5, 1.0, 15.235294117647062, 3.2142733564013835]);
    check("collective_influence", &graph, [615.0, 135.0, 0.0, 656.0, 180.11764705882354]);
}

#[test]
fn weighted_variants_are_those_of_networkx() {
    let graph = weighted_karate();
    check("clustering", &graph, [0.09971536767402274, 0.26022397214668813, 0.0, 0.07239465560392468, 0.3743968720324017]);
    check("constraint", &graph, [0.15839062395034953, 0.4924617334274477, 1.0, 0.16355273051308458, 0.4842934919411429]);
    // As NetworkX gives it for a list of nodes; asked for all at once its 3.6.1 does not follow its own definition.
    check("effective_size", &graph, [14.31542288557214, 3.1690476190476193, 1.0, 15.643589743589747, 3.5761468559498515]);
}

#[test]
fn positions_among_communities_are_those_of_bctpy() {
    let (communities, run) = (communities(), Run::default());
    let plain = [0.5390625, 0.375, 0.0, 0.5121107266435987, 0.2584586170508829];
    let weighted = [0.536867899309423, 0.24489795918367352, 0.0, 0.4345562130177515, 0.24102191270371284];
    let z = [2.1357076616511996, 1.2247448713915894, -1.1679651274654996, 2.511655074836764, 0.0];
    let z_weighted = [2.213629791379275, 1.6502739940140692, -1.033027235976995, 2.5780933431102135, 0.0];
    for (graph, spread, inside) in [(karate().undirected(), plain, z), (weighted_karate(), weighted, z_weighted)] {
        let found = participation::participation(&graph, &communities, &run).unwrap();
        participation::verify(&graph, &communities, &found).unwrap();
        check_values("participation", &found.index, spread);
        let found = within_module_z::within_module_z(&graph, &communities, &run).unwrap();
        within_module_z::verify(&graph, &communities, &found).unwrap();
        check_values("within_module_z", &found, inside);
        let roles = cartographic_role::cartographic_role(&graph, &communities, &run).unwrap();
        cartographic_role::verify(&graph, &communities, &roles).unwrap();
        // The instructor is just below 2.5; the president above.
        let roles: Vec<&str> = [0, 11, 33].iter().map(|&row| roles[row].as_str()).collect();
        assert_eq!(roles, ["peripheral", "ultra_peripheral", "connector_hub"]);
    }
}

#[test]
fn confidence_tells_the_core_from_those_between() {
    let (graph, communities, run) = (karate().undirected(), communities(), Run::default());
    let params = community_confidence::Params::default();
    let found = community_confidence::community_confidence(&graph, &communities, &params, &run).unwrap();
    // Account 9 has one tie to either leader; 15 and 18 have both of theirs to one.
    assert!(found[9] < 0.7 && found[15] > 0.9 && found[18] > 0.9, "{found:?}");
    assert!(found.iter().all(|share| (0.0..=1.0).contains(share)), "{found:?}");
}

#[test]
fn network_metrics_are_those_of_networkx() {
    let (graph, run) = (karate(), Run::default());
    let union = graph.undirected();
    let close = |got: f64, wanted: f64| assert!((got - wanted).abs() <= 1e-12, "{got}, wanted {wanted}");
    close(transitivity::transitivity(&union, &run).unwrap(), 0.2556818181818182);
    close(average_clustering::average_clustering(&union, &run).unwrap(), 0.5706384782076823);
    let directed = centralisation::centralisation(&graph, &run).unwrap();
    close(directed.incoming, 0.4591368227731864);
    close(directed.outgoing, 0.4279155188246097);
    close(centralisation::centralisation(&union, &run).unwrap().incoming, 0.3996212121212121);
}

#[test]
fn verifiers_find_what_is_wrong() {
    let (graph, run) = (karate().undirected(), Run::default());
    let mut counts = triangles::triangles(&graph, &run).unwrap();
    counts.triangles[3] += 1;
    assert!(triangles::verify(&graph, &counts).is_err());
    let spoilt = |mut values: Vec<f64>| {
        values[3] += 1e-6;
        values
    };
    assert!(clustering::verify(&graph, &spoilt(clustering::clustering(&graph, &run).unwrap())).is_err());
    assert!(constraint::verify(&graph, &spoilt(constraint::constraint(&graph, &run).unwrap())).is_err());
    assert!(effective_size::verify(&graph, &spoilt(effective_size::effective_size(&graph, &run).unwrap())).is_err());
    let influence = collective_influence::collective_influence(&graph, &run).unwrap();
    assert!(collective_influence::verify(&graph, &spoilt(influence)).is_err());
    assert!(transitivity::verify(&graph, 0.25).is_err());
    assert!(average_clustering::verify(&graph, 0.25).is_err());
    let wrong = centralisation::Centralisation { incoming: 0.5, outgoing: 0.5 };
    assert!(centralisation::verify(&graph, &wrong).is_err());
}

#[test]
fn verifiers_of_communities_find_what_is_wrong() {
    let (graph, communities, run) = (karate().undirected(), communities(), Run::default());
    let mut found = participation::participation(&graph, &communities, &run).unwrap();
    found.index[3] += 1e-6;
    assert!(participation::verify(&graph, &communities, &found).is_err());
    let mut found = participation::participation(&graph, &communities, &run).unwrap();
    found.max[3] += 1e-6;
    assert!(participation::verify(&graph, &communities, &found).is_err());
    let mut found = within_module_z::within_module_z(&graph, &communities, &run).unwrap();
    found[3] += 1e-6;
    assert!(within_module_z::verify(&graph, &communities, &found).is_err());
    let mut found = cartographic_role::cartographic_role(&graph, &communities, &run).unwrap();
    found[3] = cartographic_role::Role::Kinless;
    assert!(cartographic_role::verify(&graph, &communities, &found).is_err());
    let runs = [communities.clone(), Partition::from_labels(&[0; 34])];
    let mut found = community_confidence::confidence_in(&communities, &runs);
    found[3] -= 1e-6;
    assert!(community_confidence::verify(&communities, &runs, &found).is_err());
    let params = matching::Params::default();
    let rows = matching::transitions(&communities, &runs[1], &params, &run).unwrap();
    matching::verify(&communities, &runs[1], &params, &rows).unwrap();
    assert!(matching::verify(&communities, &runs[1], &params, &rows[1..]).is_err());
    for row in 0..rows.len() {
        let mut rows = rows.clone();
        rows[row].shared -= 1;
        assert!(matching::verify(&communities, &runs[1], &params, &rows).is_err());
    }
}
