//! Every account metric of `oracle/real.json` on four real networks: sum, maximum, and some thirty accounts one by one.

use crate::support::{Findings, Sandbox, Table, numbers, oracle, real_data, words};
use crate::{REAL, run};
use serde_json::Value;
use std::collections::BTreeMap;

/// Directions found by iteration stop at an L2 change of 1e-10; a slow one is further off than that.
const ITERATED: f64 = 1e-7;

fn tolerance(metric: &str) -> f64 {
    let is_iterated = ["hub", "authority", "eigenvector", "katz"].iter().any(|name| metric.starts_with(name));
    if is_iterated { ITERATED } else { REAL }
}

fn check(name: &str, file: &str, more: &[&str]) {
    let Some(data) = real_data() else { return };
    let table = oracle("real.json");
    let facts = &table["networks"][name];
    let metrics = facts["account_metrics"].as_object().unwrap();
    let of_network = ["average_clustering", "average_distance", "diameter_effective", "centralisation_in", "centralisation_out"];
    let asked: Vec<&str> = metrics.keys().map(String::as_str).chain(of_network).chain(["bowtie"]).collect();
    let sandbox = Sandbox::new();
    let asked = asked.join(",");
    let run = run(&sandbox, &data, &[file], &[&["--metrics", asked.as_str()], more].concat());
    let (accounts, network) = (run.table("accounts"), run.table("network"));
    let mut findings = Findings::default();
    let keys = accounts.texts("account");
    let sample: Vec<usize> = words(&facts["sample"]["accounts"])
        .iter()
        .map(|wanted| keys.iter().position(|key| key == wanted).unwrap_or_else(|| panic!("no account {wanted:?}")))
        .collect();
    for (metric, wanted) in metrics {
        column(metric, &accounts, &sample, wanted, &mut findings);
    }
    let words_of = accounts.texts("bowtie");
    let found: Vec<&str> = sample.iter().map(|&row| words_of[row]).collect();
    findings.equal("bowtie", &found, &words(&facts["sample"]["bowtie"]));
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    words_of.iter().for_each(|word| *counts.entry(word).or_default() += 1);
    for (word, wanted) in facts["bowtie"].as_object().unwrap() {
        findings.equal(word, &counts.get(word.as_str()).copied().unwrap_or(0), &wanted.as_u64().unwrap());
    }
    for metric in of_network {
        let row = network.find(&[("relation", "all"), ("metric", metric)]).unwrap();
        findings.close(metric, network.number("value", row), facts[metric].as_f64(), REAL);
    }
    findings.finish(name);
}

fn column(metric: &str, accounts: &Table, sample: &[usize], wanted: &Value, findings: &mut Findings) {
    let found = accounts.numbers(metric);
    let known: Vec<f64> = found.iter().copied().flatten().collect();
    let scale = wanted["max"].as_f64().unwrap_or(1.0).abs().max(1.0);
    let near = tolerance(metric);
    findings.equal(&format!("{metric}: defined"), &Some(known.len() as u64), &wanted["defined"].as_u64());
    let sum = known.iter().sum::<f64>();
    let of_sum = near * wanted["sum"].as_f64().unwrap_or(1.0).abs().max(1.0) * 10.0;
    findings.close(&format!("{metric}: sum"), Some(sum), wanted["sum"].as_f64(), of_sum);
    let largest = known.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    findings.close(&format!("{metric}: max"), Some(largest), wanted["max"].as_f64(), near * scale);
    let some: Vec<Option<f64>> = sample.iter().map(|&row| found[row]).collect();
    findings.column(metric, &some, &numbers(&wanted["sample"]), near * scale);
}

#[test]
fn karate() {
    check("karate", "karate/edges.csv", &["--undirected"]);
}

/// With the network's account file, which holds accounts without a tie too.
fn check_with_accounts(name: &str) {
    let Some(data) = real_data() else { return };
    let accounts = data.join(name).join("accounts.csv");
    check(name, &format!("{name}/edges.csv"), &["--accounts", accounts.to_str().unwrap()]);
}

#[test]
fn physicians() {
    check_with_accounts("physicians");
}

#[test]
fn polblogs() {
    check_with_accounts("polblogs");
}

#[test]
fn wiki_vote() {
    check("wiki-vote", "wiki-vote/wiki-Vote.txt.gz", &["--set", "paths_weighted.up_to=1e12"]);
}
