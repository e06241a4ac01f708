//! Files of the Twitter API v2, against the counts that another program made by hand.

use crate::support::{Findings, Sandbox, Table, oracle, real_data};
use serde_json::Value;
use std::collections::BTreeMap;

/// Sums over the edges by relation.
fn by_relation(edges: &Table, pick: impl Fn(usize) -> f64) -> BTreeMap<String, f64> {
    let mut sums = BTreeMap::new();
    for row in 0..edges.rows() {
        let value = pick(row);
        if value > 0.0 {
            *sums.entry(edges.text("relation", row).unwrap().to_owned()).or_default() += value;
        }
    }
    sums
}

fn counts(value: &Value) -> BTreeMap<String, f64> {
    value.as_object().unwrap().iter().map(|(name, count)| (name.clone(), count.as_f64().unwrap())).collect()
}

fn check(name: &str) {
    let Some(data) = real_data() else { return };
    let file = oracle("twitter_v2.json");
    let wanted = &file["files"][name];
    let sandbox = Sandbox::new();
    let path = data.join("twitter-v2").join(name);
    let answer =
        sandbox.echogram(["run", path.to_str().unwrap(), "-o", "run", "--progress", "none", "--json", "--metrics", "degree"]);
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    let run = crate::support::RunFolder { path: sandbox.path("run") };
    let (edges, accounts, rejects, manifest) = (run.table("edges"), run.table("accounts"), run.table("rejects"), run.manifest());
    let mut findings = Findings::default();
    let events = by_relation(&edges, |row| edges.number("events", row).unwrap());
    findings.equal("events", &events, &counts(&wanted["events"]));
    findings.equal("weights are events", &by_relation(&edges, |row| edges.number("weight", row).unwrap()), &events);
    findings.equal("edges", &by_relation(&edges, |_| 1.0), &counts(&wanted["edges"]));
    let is_loop = |row| edges.text("source", row) == edges.text("target", row);
    let loops = by_relation(&edges, |row| f64::from(u8::from(is_loop(row))));
    findings.equal("self-loops", &loops, &counts(&wanted["self_loop_edges"]));
    findings.equal("accounts", &Some(accounts.rows() as u64), &wanted["accounts_in_edges_or_profiles"].as_u64());
    let named = accounts.texts("name").into_iter().filter(|name| !name.is_empty()).count();
    findings.equal("profiles", &Some(named as u64), &wanted["profiles"].as_u64());
    findings.equal("posts", &answer.json()["posts"].as_u64(), &wanted["tweets"].as_u64());
    findings.equal("repeated posts", &answer.json()["repeated_posts"].as_u64(), &wanted["duplicate_tweets"].as_u64());
    let lines: Vec<Option<u64>> = rejects.numbers("line").into_iter().map(|line| line.map(|line| line as u64)).collect();
    let bad: Vec<Option<u64>> = wanted["bad_lines"].as_array().unwrap().iter().map(Value::as_u64).collect();
    findings.equal("rejected lines", &lines, &bad);
    findings.equal("format", &manifest["inputs"][0]["format"], &serde_json::json!("twitter-v2"));
    findings.finish(name);
}

macro_rules! files {
    ($($test:ident: $file:literal),+ $(,)?) => {
        $(
            #[test]
            fn $test() {
                check($file);
            }
        )+

        #[test]
        fn every_file_of_the_oracle_has_a_test() {
            let file = oracle("twitter_v2.json");
            let mut tested = [$($file),+];
            tested.sort_unstable();
            assert_eq!(tested.as_slice(), file["files"].as_object().unwrap().keys().collect::<Vec<_>>());
        }
    };
}

files!(
    pages: "2sets.jsonl.gz",
    flattened_posts: "flat.jsonl.gz",
    an_edited_post: "edited.jsonl",
    one_mention: "mentions_tweet.jsonl",
    a_stream_that_was_cut: "streaming_output_with_error.jsonl",
    profiles_alone: "users.jsonl.gz",
);

#[test]
fn files_without_posts_are_refused_by_name() {
    let Some(data) = real_data() else { return };
    for name in ["counts.jsonl", "empty.json"] {
        let sandbox = Sandbox::new();
        let answer = sandbox.echogram(["run", data.join("twitter-v2").join(name).to_str().unwrap()]);
        assert_eq!(answer.code, 3, "{answer:?}");
        assert!(answer.stderr.contains(name) && answer.stdout.is_empty(), "{answer:?}");
        assert!(sandbox.names().is_empty(), "{:?}", sandbox.names());
    }
}

#[test]
fn all_files_at_once_add_up() {
    let Some(data) = real_data() else { return };
    let sandbox = Sandbox::new();
    let file = oracle("twitter_v2.json");
    let names = ["2sets.jsonl.gz", "flat.jsonl.gz", "mentions_tweet.jsonl"];
    let run = sandbox.run_folder(names.map(|name| data.join("twitter-v2").join(name)));
    let edges = run.table("edges");
    let mut wanted: BTreeMap<String, f64> = BTreeMap::new();
    for name in names {
        counts(&file["files"][name]["events"]).into_iter().for_each(|(word, count)| *wanted.entry(word).or_default() += count);
    }
    let found = by_relation(&edges, |row| edges.number("events", row).unwrap());
    // The three were fetched at different times and share no post.
    assert_eq!(found, wanted);
}
