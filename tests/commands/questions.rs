//! `top` and `account`: questions about a finished run.

use crate::said;
use crate::support::Sandbox;
use serde_json::Value;

/// A run `run` of two groups round `Ann` (a nurse) and `Zoe` (a patient).
fn with_run() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("edges.csv", "source,target,relation\n2,1,reply\n3,1,reply\n4,1,reply\n2,3,like\n12,11,reply\n13,11,reply\n12,13,like\n1,11,like\n2,1,like\n");
    let people =
        "account,handle,name,role\n1,Ann,Ann Lee,nurse\n2,bob_2,Bob Ray,nurse\n3,Cy,Cy,patient\n11,Zoe,Zoe,patient\n12,Xi,,\n";
    sandbox.write("people.csv", people);
    sandbox.run_folder(["edges.csv", "--accounts", "people.csv"]);
    sandbox
}

/// Handles (or keys) of a ranking, in order.
#[track_caller]
fn ranking(sandbox: &Sandbox, args: &[&str]) -> String {
    let answer = sandbox.echogram(["top", "run", "--json"].iter().chain(args));
    assert_eq!((answer.code, answer.stderr.as_str()), (0, ""), "{answer:#?}");
    let found = answer.json();
    let rows = found["accounts"].as_array().unwrap();
    let ranks: Vec<u64> = rows.iter().map(|row| row["rank"].as_u64().unwrap()).collect();
    assert_eq!(ranks, (1..=rows.len() as u64).collect::<Vec<_>>());
    let values: Vec<f64> = rows.iter().map(|row| row["value"].as_f64().unwrap()).collect();
    assert!(values.is_sorted_by(|a, b| a >= b), "{values:?}");
    let shown = |row: &Value| row["handle"].as_str().or(row["account"].as_str()).unwrap().to_owned();
    rows.iter().map(shown).collect::<Vec<_>>().join(" ")
}

#[test]
fn rankings() {
    let sandbox = with_run();
    assert_eq!(ranking(&sandbox, &["--by", "in_degree", "--limit", "4"]), "Ann Zoe Cy 13");
    assert_eq!(ranking(&sandbox, &["--by", "out_degree", "--limit", "2"]), "bob_2 Xi", "ties go to the smaller key");
    assert_eq!(ranking(&sandbox, &["--by", "in_degree", "--role", "patient"]), "Zoe Cy");
    assert_eq!(ranking(&sandbox, &["--by", "in_degree", "--role", "PATIENT", "--limit", "1"]), "Zoe");
    let all = ranking(&sandbox, &["--limit", "100"]);
    assert_eq!(all.split(' ').count(), 7);
    assert_eq!(ranking(&sandbox, &["--by", "pagerank", "--limit", "100"]), all, "pagerank is the default");
    let first: Vec<String> = (0..2).map(|community| ranking(&sandbox, &["--community", &community.to_string()])).collect();
    assert_eq!(first[0].split(' ').count() + first[1].split(' ').count(), 7);
    assert!(first.iter().any(|names| names.contains("Zoe") && names.contains("Xi") && !names.contains("Ann")), "{first:?}");
}

#[test]
fn rankings_for_people() {
    let sandbox = with_run();
    let page = said(sandbox.echogram(["top", "run", "--by", "in_degree", "--limit", "2"]));
    let rows: Vec<Vec<&str>> = page.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows[0], ["account", "name", "role", "community", "in_degree"]);
    assert_eq!((rows[1][1], rows[1][4], *rows[1].last().unwrap()), ("Ann", "nurse", "3"));
    assert_eq!(rows[2][1], "Zoe");
    assert!(page.contains("2 of 7 accounts"), "{page}");
}

#[test]
fn an_account_by_key_and_by_handle() {
    let sandbox = with_run();
    let by = |wanted: &str| {
        let answer = sandbox.echogram(["account", "run", wanted, "--json"]);
        assert_eq!((answer.code, answer.stderr.as_str()), (0, ""), "{wanted}: {answer:#?}");
        answer.json()
    };
    let found = by("2");
    for wanted in ["bob_2", "@bob_2", "BOB_2", "@Bob_2"] {
        assert_eq!(by(wanted), found, "{wanted}");
    }
    assert_eq!((&found["account"], &found["columns"]["name"]), (&"2".into(), &"Bob Ray".into()));
    assert_eq!((&found["columns"]["out_degree"], &found["ranks"]["out_degree"]), (&2.into(), &1.into()));
    let ties = |which: &str| {
        let tie = |tie: &Value| format!("{}:{}", tie["account"].as_str().unwrap(), tie["relation"].as_str().unwrap());
        let mut ties: Vec<String> = found[which].as_array().unwrap().iter().map(tie).collect();
        ties.sort();
        ties
    };
    assert_eq!(ties("attends_to"), ["1:like", "1:reply", "3:like"]);
    assert_eq!(ties("attended_by"), Vec::<String>::new());
    assert_eq!(by("13")["columns"]["handle"], Value::Null);
}

#[test]
fn an_account_for_people() {
    let sandbox = with_run();
    let page = said(sandbox.echogram(["account", "run", "@ann"]));
    for part in ["Ann Lee", "nurse", "in_degree", "rank 1 of 7", "attends most to", "Zoe", "attended most by", "bob_2"] {
        assert!(page.contains(part), "no `{part}`\n{page}");
    }
}

#[test]
fn a_run_without_pagerank_can_be_ranked() {
    let sandbox = Sandbox::new();
    sandbox.write("edges.csv", "source,target\na,b\nc,b\n");
    sandbox.run_folder(["edges.csv", "--metrics", "core,in_strength"]);
    assert!(ranking(&sandbox, &["--by", "in_strength"]).starts_with("b "));
    assert_eq!(said(sandbox.echogram(["top", "run"])).lines().count(), 6);
}

#[test]
fn questions_change_nothing() {
    let sandbox = with_run();
    let contents = || {
        let entries = std::fs::read_dir(sandbox.path("run")).unwrap().map(|entry| entry.unwrap());
        let mut files: Vec<_> = entries.map(|entry| (entry.path(), entry.metadata().unwrap().modified().unwrap())).collect();
        files.sort();
        files
    };
    let before = contents();
    said(sandbox.echogram(["top", "run"]));
    said(sandbox.echogram(["account", "run", "ann"]));
    assert_eq!(contents(), before);
}
