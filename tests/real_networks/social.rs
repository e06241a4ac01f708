//! Files of Bluesky and Mastodon, read without a word about their format, against the counts that another program made by hand.

use crate::support::{Findings, Sandbox, oracle, real_data};
use serde_json::json;
use std::collections::BTreeMap;

fn check(name: &str) {
    let Some(data) = real_data() else { return };
    let wanted = &oracle("posts.json")["files"][name];
    let sandbox = Sandbox::new();
    let path = data.join(name);
    let answer =
        sandbox.echogram(["run", path.to_str().unwrap(), "-o", "run", "--progress", "none", "--json", "--metrics", "degree"]);
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    let run = crate::support::RunFolder { path: sandbox.path("run") };
    let (edges, manifest) = (run.table("edges"), run.manifest());
    let mut events: BTreeMap<String, u64> = BTreeMap::new();
    let mut distinct: BTreeMap<String, u64> = BTreeMap::new();
    for row in 0..edges.rows() {
        let relation = edges.text("relation", row).unwrap();
        *events.entry(relation.to_owned()).or_default() += edges.number("events", row).unwrap() as u64;
        *distinct.entry(relation.to_owned()).or_default() += 1;
    }
    let loops = (0..edges.rows()).filter(|&row| edges.text("source", row) == edges.text("target", row)).count();
    let mut findings = Findings::default();
    findings.equal("events", &json!(events), &wanted["events"]);
    findings.equal("edges", &json!(distinct), &wanted["edges"]);
    findings.equal("self-loops", &json!(loops), &wanted["self_loops"]);
    findings.equal("accounts", &json!(run.table("accounts").rows()), &wanted["accounts"]);
    findings.equal("posts", &answer.json()["posts"], &wanted["posts"]);
    findings.equal("rejected", &answer.json()["rejected"], &json!(0));
    findings.equal("format", &manifest["inputs"][0]["format"], &wanted["format"]);
    findings.finish(name);
}

#[test]
fn every_file_is_read() {
    let files = oracle("posts.json");
    for name in files["files"].as_object().map(serde_json::Map::keys).into_iter().flatten() {
        check(name);
    }
}

#[test]
fn the_owner_of_a_list_can_be_named() {
    let Some(data) = real_data() else { return };
    let sandbox = Sandbox::new();
    let path = data.join("mastodon/following_accounts.csv");
    let run = sandbox.run_folder([path.to_str().unwrap(), "--owner", "@Me@Home.example"]);
    assert_eq!(run.table("edges").texts("source"), ["me@home.example", "me@home.example"]);
    let unnamed = sandbox.run_folder([path.to_str().unwrap()]);
    assert_eq!(unnamed.table("edges").texts("source"), ["owner of following_accounts.csv", "owner of following_accounts.csv"]);
    let notes = unnamed.manifest()["notes"].to_string();
    assert!(notes.contains("--owner"), "{notes}");
}
