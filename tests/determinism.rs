//! The same values for every number of threads, order of rows, order of files and form of file: the digests of all tables are compared.
//!
//! Tried on made-up data, whose weights are chosen so that no sum of them is exact, and on `data/sample`.

#![allow(clippy::unwrap_used)] // a failed unwrap fails the test, which is what it is for

#[path = "support/mod.rs"]
mod support;

#[path = "determinism/made_up.rs"]
mod made_up;

use made_up::MadeUp;
use std::collections::BTreeMap;
use support::{RunFolder, Sandbox, root};

/// All that this version can compute, with variants by weight, shape and relation.
const METRICS: &str = "full,pagerank_weighted,pagerank_undirected,pagerank_weighted@mention,community_weighted,ei_index_weighted,\
                       modularity_weighted,assortativity_weighted_undirected,ei_weighted,core@reply";

/// Digests of all tables but the one of rejected rows, whose line numbers follow the file.
fn digests(run: &RunFolder) -> BTreeMap<String, String> {
    let mut digests = run.digests();
    digests.remove("rejects");
    digests
}

#[track_caller]
fn assert_same(got: &RunFolder, wanted: &RunFolder, what: &str) {
    let (got, wanted) = (digests(got), digests(wanted));
    let differing: Vec<&String> = wanted.keys().chain(got.keys()).filter(|&table| got.get(table) != wanted.get(table)).collect();
    assert!(differing.is_empty(), "{what}: other values in {differing:?}");
    assert!(["accounts", "edges", "communities", "mixing", "echo", "network"].iter().all(|table| got.contains_key(*table)));
}

/// Runs over these inputs, with the accounts and all metrics.
#[track_caller]
fn run(sandbox: &Sandbox, name: &str, inputs: &[&str], more: &[&str]) -> RunFolder {
    let common = ["--accounts", "accounts.csv", "--sides", "camp", "--metrics", METRICS];
    sandbox.run_into(name, inputs.iter().chain(&common).chain(more).copied())
}

/// The made-up data as plain files, and the run that others are compared with.
fn start() -> (Sandbox, MadeUp, RunFolder) {
    let (sandbox, made_up) = (Sandbox::new(), MadeUp::new());
    sandbox.write("edges.csv", made_up.csv(0));
    sandbox.write("posts.jsonl", made_up.posts(0));
    sandbox.write("accounts.csv", made_up.accounts(0));
    let wanted = run(&sandbox, "wanted", &["edges.csv", "posts.jsonl"], &[]);
    let facts = &wanted.manifest()["graph"];
    assert_eq!(facts["relations"].as_object().unwrap().len(), 6, "{facts}");
    (sandbox, made_up, wanted)
}

#[test]
fn threads_do_not_matter() {
    let (sandbox, _, wanted) = start();
    for threads in ["1", "2", "8"] {
        let got = run(&sandbox, threads, &["edges.csv", "posts.jsonl"], &["--threads", threads]);
        assert_eq!(got.manifest()["threads"], threads.parse::<u64>().unwrap());
        assert_eq!(got.digests(), wanted.digests(), "{threads} threads");
    }
}

#[test]
fn levels_and_resolutions_do_not_depend_on_threads_and_order_of_rows() {
    let (sandbox, made_up) = (Sandbox::new(), MadeUp::new());
    let tables = |shuffle: u64, threads: &str| {
        sandbox.write("edges.csv", made_up.csv(shuffle));
        let name = format!("{shuffle}-{threads}");
        let metrics = ["--metrics", "community,community_consensus,community_consensus_weighted", "--levels"];
        let args = ["edges.csv", "--resolutions", "0.5..2:5", "--threads", threads];
        digests(&sandbox.run_into(&name, args.iter().chain(&metrics)))
    };
    let wanted = tables(0, "1");
    assert!(wanted.contains_key("resolutions"));
    for (shuffle, threads) in [(0, "2"), (0, "8"), (1, "8"), (2, "1")] {
        assert_eq!(tables(shuffle, threads), wanted, "{threads} threads, shuffle {shuffle}");
    }
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let (sandbox, made_up, wanted) = start();
    for shuffle in 1..=4 {
        sandbox.write("edges.csv", made_up.csv(shuffle));
        sandbox.write("posts.jsonl", made_up.posts(shuffle));
        sandbox.write("accounts.csv", made_up.accounts(shuffle));
        let got = run(&sandbox, &shuffle.to_string(), &["edges.csv", "posts.jsonl"], &[]);
        assert_same(&got, &wanted, &format!("shuffle {shuffle}"));
    }
}

#[test]
fn the_order_and_number_of_files_do_not_matter() {
    let (sandbox, made_up, wanted) = start();
    assert_same(&run(&sandbox, "turned", &["posts.jsonl", "edges.csv"], &[]), &wanted, "files the other way round");
    let csv = made_up.csv(5);
    let (header, rows) = csv.split_once('\n').unwrap();
    let rows: Vec<&str> = rows.lines().collect();
    for (part, rows) in rows.chunks(rows.len() / 3 + 1).enumerate() {
        sandbox.write(&format!("parts/{part}.csv"), format!("{header}\n{}\n", rows.join("\n")));
    }
    assert_same(&run(&sandbox, "folder", &["parts", "posts.jsonl"], &[]), &wanted, "a folder of three files");
    assert_same(&run(&sandbox, "glob", &["posts.jsonl", "parts/*.csv"], &[]), &wanted, "a pattern");
    let backwards = ["parts/2.csv", "posts.jsonl", "parts/1.csv", "parts/0.csv"];
    assert_same(&run(&sandbox, "backwards", &backwards, &["--threads", "8"]), &wanted, "three files backwards");
}

#[test]
fn posts_on_two_pages_count_once() {
    let (sandbox, made_up, wanted) = start();
    sandbox.write("again.jsonl", made_up.posts(3).lines().take(7).collect::<Vec<_>>().join("\n"));
    let got = run(&sandbox, "got", &["again.jsonl", "edges.csv", "posts.jsonl"], &[]);
    assert_same(&got, &wanted, "pages that were fetched twice");
}

#[test]
fn sources_that_contradict_each_other_are_reconciled_the_same_way() {
    let sandbox = Sandbox::new();
    let post =
        r#"{"id":"2","author_id":"11","created_at":"2026-03-02T00:00:00.000Z","text":"y","referenced_tweets":[{"type":"quoted",
        "id":"1"}],"entities":{"mentions":[{"username":"zed"}]}}"#
            .replace('\n', "");
    // The one page knows whose post is quoted and who is meant by a handle, the other does not.
    let known = r#"{"users":[{"id":"77","username":"zed","name":"Zed"}],"tweets":[{"id":"1","author_id":"10"}]}"#;
    sandbox.write("more.jsonl", format!("{{\"data\":[{post}],\"includes\":{known}}}\n"));
    sandbox.write("less.jsonl", format!("{{\"data\":[{post}]}}\n"));
    sandbox.write("one.csv", "account,handle,camp,name\n11,foo,x,Foo\n10,bar,y,Bar\n");
    sandbox.write("other.csv", "account,handle,camp,name\n11,zed,z,Other\n10,,,Bar the Second\n");
    let orders = [["more.jsonl", "less.jsonl", "one.csv", "other.csv"], ["less.jsonl", "more.jsonl", "other.csv", "one.csv"]];
    let [one, other] = orders.map(|[first, second, accounts, more]| {
        sandbox.run_folder([first, second, "--accounts", accounts, "--accounts", more, "--metrics", "quick"]).digests()
    });
    for table in ["accounts", "edges", "communities", "network"] {
        assert_eq!(one[table], other[table], "{table}");
    }
}

#[test]
fn compression_and_form_do_not_matter() {
    let (sandbox, made_up, wanted) = start();
    sandbox.write_gz("edges.csv.gz", made_up.csv(0));
    sandbox.write_gz("posts.dat", made_up.posts(0));
    sandbox.write("edges.ndjson", made_up.ndjson(6));
    sandbox.write("edges.tsv", made_up.csv(7).replace(',', "\t"));
    made_up.parquet(8, &sandbox.path("edges.parquet"));
    for edges in ["edges.csv.gz", "edges.ndjson", "edges.tsv", "edges.parquet"] {
        let name = edges.replace('.', "-");
        assert_same(&run(&sandbox, &name, &[edges, "posts.dat"], &[]), &wanted, edges);
    }
}

#[test]
fn without_a_direction_the_order_of_rows_does_not_matter_either() {
    let (sandbox, made_up, _) = start();
    let wanted = run(&sandbox, "one-way", &["edges.csv", "posts.jsonl"], &["--undirected"]);
    for (shuffle, threads) in [(1, "1"), (2, "8")] {
        sandbox.write("edges.csv", made_up.csv_turned(shuffle));
        sandbox.write("posts.jsonl", made_up.posts(shuffle));
        let name = format!("turned-{shuffle}");
        let got = run(&sandbox, &name, &["posts.jsonl", "edges.csv"], &["--undirected", "--threads", threads]);
        assert_same(&got, &wanted, &format!("ends turned in places, shuffle {shuffle}"));
    }
}

#[test]
fn another_seed_changes_only_what_communities_enter() {
    let (sandbox, _, wanted) = start();
    for seed in ["1", "2"] {
        let got = run(&sandbox, seed, &["edges.csv", "posts.jsonl"], &["--seed", seed]);
        assert_eq!(got.manifest()["seed"], seed.parse::<u64>().unwrap());
        for table in ["edges", "rejects"] {
            assert_eq!(got.digests()[table], wanted.digests()[table], "{table}");
        }
        let (one, other) = (got.table("accounts"), wanted.table("accounts"));
        assert_eq!(one.names, other.names);
        let of_communities = ["community", "ei_index", "participation", "within_module_z", "cartographic_role"];
        for name in one.names.iter().filter(|name| !of_communities.iter().any(|start| name.starts_with(start))) {
            assert!(one.column(name) == other.column(name), "{name}");
        }
        let (one, other) = (got.table("network"), wanted.table("network"));
        let of_communities = ["modularity", "agreement", "archetype"];
        let is_given = |row: usize| !of_communities.iter().any(|start| one.text("metric", row).unwrap().starts_with(start));
        for row in (0..one.rows()).filter(|&row| is_given(row)) {
            assert_eq!(one.number("value", row), other.number("value", row), "{:?}", one.text("metric", row));
        }
        // Null models, seeds of walks and epidemics are drawn anew; the other values are as they were.
        let (one, other) = (got.table("echo"), wanted.table("echo"));
        assert_eq!(one.texts("score"), other.texts("score"));
        let drawn = ["diffusion_bias", "rwc.seed"];
        let is_drawn = |row: usize| drawn.iter().any(|start| one.text("score", row).unwrap().starts_with(start));
        for row in (0..one.rows()).filter(|&row| !is_drawn(row)) {
            assert_eq!(one.number("value", row), other.number("value", row), "{:?}", one.text("score", row));
        }
        assert!(one.column("effect") != other.column("effect"));
        let (one, other) = (got.table("mixing"), wanted.table("mixing"));
        let not_communities = |table: &support::Table| -> Vec<(String, Option<f64>)> {
            let rows = (0..table.rows()).filter(|&row| table.text("by", row) != Some("community"));
            rows.map(|row| (table.text("source_group", row).unwrap().to_owned(), table.number("weight", row))).collect()
        };
        assert_eq!(not_communities(&one), not_communities(&other));
    }
}

/// The sample's follows without the rows that are meant to be rejected, in another order; 0 is the order of the file.
fn follows(shuffle: u64) -> String {
    let text = std::fs::read_to_string(root().join("data/sample/follows.csv")).unwrap();
    let (header, rows) = text.split_once('\n').unwrap();
    let is_whole = |row: &&str| {
        let fields: Vec<&str> = row.split(',').collect();
        fields.len() == 3 && fields.iter().all(|field| !field.is_empty()) && fields[2] != "2026-02-31"
    };
    made_up::joined(header, made_up::shuffled(rows.lines().filter(is_whole).collect(), shuffle))
}

#[track_caller]
fn sample(sandbox: &Sandbox, name: &str, metrics: &str, inputs: &[&str], more: &[&str]) -> RunFolder {
    let folder = root().join("data/sample");
    let accounts = folder.join("accounts.csv");
    let metrics = format!("{metrics},pagerank_weighted");
    let common = ["--accounts", accounts.to_str().unwrap(), "--sides", "camp", "--metrics", &metrics];
    let inputs: Vec<String> = inputs
        .iter()
        .map(|input| if folder.join(input).exists() { folder.join(input).display().to_string() } else { (*input).to_owned() })
        .collect();
    sandbox.run_into(name, inputs.iter().map(String::as_str).chain(common).chain(more.iter().copied()))
}

/// All that the full set computes, by name: the word `full` would score 200 smaller networks besides, which the made-up data does. Two null replicates are drawn beside each other as well as many;
/// betweenness of ties from some accounts only is what the smaller data does not have.
#[test]
fn the_sample_is_the_same_on_any_number_of_threads() {
    let sandbox = Sandbox::new();
    let inputs = ["posts", "profiles.jsonl.gz", "follows.csv"];
    let listed = sandbox.echogram(["metrics", "--json"]).json();
    let of_full =
        listed.as_array().unwrap().iter().filter(|metric| metric["set"] == "full" && metric["name"] != "pagerank_personalised");
    let of_full: Vec<&str> = of_full.map(|metric| metric["name"].as_str().unwrap()).collect();
    assert!(of_full.contains(&"bcc"), "{of_full:?}");
    let metrics = format!("standard,community@follow,{}", of_full.join(","));
    let few = ["--null-replicates", "2", "--set", "bcc.sources=256"];
    let with = |threads| sample(&sandbox, threads, &metrics, &inputs, &[["--threads", threads].as_slice(), &few].concat());
    let wanted = with("1");
    assert_eq!(wanted.table("rejects").rows(), 5);
    for threads in ["2", "8"] {
        assert_eq!(with(threads).digests(), wanted.digests(), "{threads} threads");
    }
}

/// What the full set adds is computed of the network and not of its rows; the made-up data is shuffled with all of it.
#[test]
fn the_sample_is_the_same_in_any_order() {
    let sandbox = Sandbox::new();
    let wanted = sample(&sandbox, "wanted", "standard,community@follow", &["posts", "profiles.jsonl.gz", "follows.csv"], &[]);
    sandbox.write("shuffled.csv", follows(1));
    sandbox.write_gz("shuffled.gz", follows(2));
    for (name, inputs) in [
        ("turned", ["follows.csv", "profiles.jsonl.gz", "posts"]),
        ("shuffled", ["shuffled.csv", "posts", "profiles.jsonl.gz"]),
        ("shuffled-gz", ["profiles.jsonl.gz", "shuffled.gz", "posts"]),
    ] {
        assert_same(&sample(&sandbox, name, "standard,community@follow", &inputs, &[]), &wanted, name);
    }
}
