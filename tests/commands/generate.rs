//! `generate`: networks that are the same every time, that `run` reads, and what is refused.

use crate::said;
use crate::support::{Answer, Sandbox};
use std::path::Path;

fn generate(sandbox: &Sandbox, args: &[&str]) -> Answer {
    sandbox.echogram(["generate"].iter().chain(args))
}

/// The kinds, small, with what `run` needs for them.
const KINDS: [(&str, &[&str], &[&str]); 3] = [
    ("lfr", &["--accounts", "600", "--mu", "0.2"], &["--undirected"]),
    ("camps", &["--sizes", "300,200,100", "--cross", "0.05"], &["--sides", "side"]),
    ("rmat", &["--scale", "8"], &[]),
];

#[track_caller]
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}

#[test]
fn the_seed_decides_every_byte_and_threads_do_not() {
    let sandbox = Sandbox::new();
    for (kind, args, _) in KINDS {
        for format in ["csv", "parquet", "ndjson"] {
            let made = |name: &str, more: &[&str]| {
                let args = [&[kind, "-o", name, "--format", format, "--force"], args, more].concat();
                assert!(said(generate(&sandbox, &args)).contains("seed"));
                files(&sandbox.path(name))
            };
            let one = made("one", &["--threads", "1"]);
            let names: Vec<&str> = one.iter().map(|file| file.0.as_str()).collect();
            assert_eq!(names, [format!("accounts.{format}"), format!("edges.{format}")]);
            assert!(one == made("two", &["--threads", "2"]), "{kind} {format}: threads");
            assert!(one[1].1 != made("other", &["--seed", "2"])[1].1, "{kind} {format}: seed");
            for name in ["one", "two", "other"] {
                std::fs::remove_dir_all(sandbox.path(name)).unwrap();
            }
        }
    }
    assert!(sandbox.names().is_empty(), "nothing else is left behind: {:?}", sandbox.names());
}

#[test]
fn run_works_on_what_is_said_to_be_next() {
    for (kind, args, options) in KINDS {
        for format in ["csv", "parquet", "ndjson"] {
            let sandbox = Sandbox::new();
            let made = generate(&sandbox, &[&[kind, "--json", "--format", format], args].concat()).json();
            let folder = format!("echogram-{kind}");
            let file = |name: &str| format!("{folder}/{name}.{format}");
            let (edges, accounts) = (file("edges"), file("accounts"));
            let input = [edges.as_str(), "--accounts", accounts.as_str()];
            let next: Vec<&str> = [&["echogram", "run"], &input[..], options].concat();
            assert_eq!(made["next"].as_str(), Some(next.join(" ").as_str()));
            let run = sandbox.run_folder(&next[2..]);
            assert_eq!(run.table("accounts").rows() as u64, made["accounts"].as_u64().unwrap());
            assert_eq!(run.table("edges").rows() as u64, made["ties"].as_u64().unwrap());
            assert_eq!(run.manifest()["graph"]["directed"], kind != "lfr");
            assert!(!run.has_table("rejects") || run.table("rejects").rows() == 0);
            if kind == "camps" {
                let echo = run.table("echo");
                let ei = (0..echo.rows()).find(|&row| echo.text("score", row) == Some("ei")).unwrap();
                assert!((echo.number("value", ei).unwrap() + 0.9).abs() < 0.02, "5 % of ties cross");
            }
        }
    }
}

#[test]
fn what_was_planted_is_told() {
    let sandbox = Sandbox::new();
    let number = |made: &serde_json::Value, path: &str| made.pointer(path).and_then(serde_json::Value::as_f64).unwrap();
    let made =
        generate(&sandbox, &["lfr", "--accounts", "3000", "--mu", "0.4", "--weighted", "--mu-weights", "0.2", "--json"]).json();
    assert_eq!((number(&made, "/parameters/mu"), number(&made, "/parameters/beta")), (0.4, 1.5));
    assert!((number(&made, "/found/mu") - 0.4).abs() < 0.005 && (number(&made, "/found/mu_weights") - 0.2).abs() < 0.005);
    let edges = std::fs::read_to_string(sandbox.path("echogram-lfr/edges.csv")).unwrap();
    assert!(edges.starts_with("source,target,weight\n"));
    assert_eq!(edges.lines().count() as f64 - 1.0, number(&made, "/ties"));
    let accounts = std::fs::read_to_string(sandbox.path("echogram-lfr/accounts.csv")).unwrap();
    assert!(accounts.starts_with("account,community_truth\n0,"));
    let page = said(generate(&sandbox, &["camps", "--camps", "3", "--accounts", "300", "-o", "a b"]));
    for word in [
        "camps    300 accounts",
        "sizes 100, 100, 100",
        "got      ",
        "reciprocity 0.2000",
        "'a b/edges.csv' --accounts 'a b/accounts.csv'",
    ] {
        assert!(page.contains(word), "no {word} in\n{page}");
    }
    let accounts = std::fs::read_to_string(sandbox.path("a b/accounts.csv")).unwrap();
    assert!(accounts.starts_with("account,side,leaning,activity_truth,popularity_truth\n0,camp1,-0."));
}

#[test]
fn what_exists_is_replaced_by_force_only() {
    let sandbox = Sandbox::new();
    let args = ["rmat", "--scale", "6", "-o", "net"];
    said(generate(&sandbox, &args));
    let before = files(&sandbox.path("net"));
    let answer = generate(&sandbox, &[&args[..], &["--seed", "5"]].concat());
    assert!(answer.code == 4 && answer.stderr.contains("net: exists already"), "{answer:#?}");
    assert!(files(&sandbox.path("net")) == before);
    said(generate(&sandbox, &[&args[..], &["--seed", "5", "--force"]].concat()));
    assert!(files(&sandbox.path("net")) != before);
    sandbox.write("net/precious.txt", "x");
    let answer = generate(&sandbox, &[&args[..], &["--force"]].concat());
    assert!(answer.code == 4 && answer.stderr.contains("--force does not replace it"), "{answer:#?}");
    sandbox.write("file", "x");
    let answer = generate(&sandbox, &["rmat", "-o", "file/net"]);
    assert!(answer.code == 4 && answer.stderr.contains("file"), "{answer:#?}");
    assert_eq!(sandbox.names(), ["file", "net"]);
}

#[test]
fn values_that_cannot_be() {
    let sandbox = Sandbox::new();
    for (args, code, words) in [
        (&["lfr", "--mu", "1.5"][..], 2, &["--mu must be", "1.5"][..]),
        (&["lfr", "--mu", "x"], 2, &["--mu", "x"]),
        (&["lfr", "--accounts", "1"], 2, &["--accounts must be between 2 and", "not 1"]),
        (&["lfr", "--accounts", "99999999999"], 2, &["--accounts", "99999999999"]),
        (&["lfr", "--max-community", "50"], 2, &["--max-community must be at least 71"]),
        (&["lfr", "--average-degree", "1"], 2, &["--average-degree must be at least"]),
        (&["lfr", "--mu-weights", "0.2"], 2, &["--weighted"]),
        (&["lfr", "--format", "gexf"], 2, &["gexf", "csv"]),
        (&["lfr", "--threads", "0"], 2, &["--threads"]),
        (&["camps", "--cross", "-1"], 2, &["-1"]),
        (&["camps", "--camps", "0"], 2, &["--camps"]),
        (&["camps", "--camps", "1", "--cross", "0.1"], 2, &["--cross must be 0 with one camp"]),
        (&["camps", "--camps", "6000"], 2, &["--camps must be at most 5000"]),
        (&["camps", "--sizes", "10,1"], 2, &["--sizes must be 2 or more each"]),
        (&["camps", "--sizes", "10,10", "--camps", "2"], 2, &["--sizes"]),
        (&["camps", "--sizes", "4000000000,4000000000"], 2, &["--accounts must be"]),
        (&["rmat", "--scale", "29"], 2, &["--scale"]),
        (&["rmat", "--edges", "0"], 2, &["--edges must be between 1 and"]),
        (&["rmat", "--quarters", "0.5,0.5"], 2, &["--quarters must be four shares"]),
        (&["rmat", "--quarters", "1,1,1,1"], 2, &["--quarters must be four shares that add up to 1"]),
        (&["ring"], 2, &["ring"]),
    ] {
        let answer = generate(&sandbox, args);
        assert_eq!((answer.code, answer.stdout.as_str()), (code, ""), "{args:?} {answer:#?}");
        assert!(words.iter().all(|word| answer.stderr.contains(word)), "{words:?} {answer:#?}");
        assert!(!answer.stderr.contains("panicked"), "{answer:#?}");
    }
    assert!(sandbox.names().is_empty(), "{:?}", sandbox.names());
}
