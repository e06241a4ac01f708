//! The library given the oracle's own partition: each account's E-I, modularity, and what each community is like.

use crate::support::{Findings, numbers, words};
use echogram_analytics::Run;
use echogram_analytics::centrality::ei_index::ei_index;
use echogram_analytics::describe::{self, Community};
use echogram_analytics::leiden::modularity;
use echogram_graph::{Graph, Grouping, Partition};
use serde_json::Value;
use std::collections::BTreeMap;

/// Compares all that depends on `partition` and on `attribute`.
pub(crate) fn check(graph: &Value, answers: &Value, undirected: bool, findings: &mut Findings) {
    let weighted = merged(graph, answers, undirected);
    let union = weighted.undirected();
    let plain = union.unweighted();
    let labels: Vec<u32> = numbers(&graph["partition"]).into_iter().map(|label| label.unwrap() as u32).collect();
    let partition = Partition::from_labels(&labels);
    findings.equal("the oracle numbers communities as we do", &partition.labels().to_vec(), &labels);
    let sides = Partition::from_labels(&codes(&words(&graph["attribute"])));
    let network = &answers["network"];
    for (what, graph, groups) in [
        ("modularity", &plain, &partition),
        ("modularity_weighted", &union, &partition),
        ("modularity_attribute", &plain, &sides),
    ] {
        let found = modularity(graph, groups, 1.0);
        findings.close(&format!("{what} of the fixed partition"), defined(found), network[what].as_f64(), 1e-9);
    }
    for (what, groups) in [("ei_index", &partition), ("ei_index_attribute", &sides)] {
        let found: Vec<Option<f64>> = ei_index(&plain, groups, &Run::default()).unwrap().into_iter().map(defined).collect();
        findings.column(&format!("{what} of the fixed partition"), &found, &numbers(&answers["node"][what]), 1e-9);
    }
    for (what, groups) in [("communities", &partition), ("attribute_groups", &sides)] {
        let nodes = labels.len();
        let roles = Grouping::from_names(&vec![None::<&str>; nodes]);
        let found = describe::communities(&weighted, &union, groups, &roles, &vec![0.0; nodes]);
        compare(what, &found, &answers[what], findings);
    }
}

fn defined(value: f64) -> Option<f64> {
    Some(value).filter(|value| !value.is_nan())
}

/// Any numbers for the words, equal for equal ones.
fn codes(words: &[&str]) -> Vec<u32> {
    let mut known: BTreeMap<&str, u32> = BTreeMap::new();
    words
        .iter()
        .map(|word| {
            let next = known.len() as u32;
            *known.entry(word).or_insert(next)
        })
        .collect()
}

/// The relations merged, without self-loops.
fn merged(graph: &Value, answers: &Value, undirected: bool) -> Graph {
    let place: BTreeMap<&str, u32> = words(&graph["nodes"]).into_iter().zip(0..).collect();
    let edges: Vec<(u32, u32, f64)> = answers["edges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|edge| (place[edge[0].as_str().unwrap()], place[edge[1].as_str().unwrap()], edge[3].as_f64().unwrap()))
        .filter(|edge| edge.0 != edge.1)
        .collect();
    let directed = Graph::from_edges(place.len(), &edges);
    if undirected { directed.undirected() } else { directed }
}

fn compare(what: &str, found: &[Community], wanted: &Value, findings: &mut Findings) {
    let column = |pick: &dyn Fn(&Community) -> f64| found.iter().map(|one| defined(pick(one))).collect::<Vec<_>>();
    for (name, got) in [
        ("accounts", column(&|one| f64::from(one.accounts))),
        ("edges_inside", column(&|one| one.edges_inside as f64)),
        ("edges_out", column(&|one| one.edges_out as f64)),
        ("edges_in", column(&|one| one.edges_in as f64)),
        ("density", column(&|one| one.density)),
        ("reciprocity", column(&|one| one.reciprocity)),
        ("conductance", column(&|one| one.conductance)),
        ("ei_index", column(&|one| one.ei_index)),
    ] {
        findings.column(&format!("{what}: {name} of the fixed partition"), &got, &numbers(&wanted[name]), 1e-9);
    }
}
