//! The sample study in `data/sample`, as the read-me shows it.

use crate::said;
use crate::support::{RunFolder, Sandbox, Table, root};
use std::collections::HashMap;

/// The accounts with the highest pagerank, highest first.
const HIGHEST: [&str; 10] = [
    "UmbercombeDrabr",
    "LZephby",
    "TalwynZephquill",
    "Brind_Patie_All",
    "OrrinmoorHealth",
    "Caldr_Senso",
    "OrrinbayPhar26",
    "RxPebblestrand",
    "prubriasor60",
    "DrThistlegarth",
];

fn sample(name: &str) -> String {
    root().join("data/sample").join(name).display().to_string()
}

/// The sample's inputs: posts, profiles, follows; its accounts if asked.
fn inputs(with_accounts: bool) -> Vec<String> {
    let mut args: Vec<String> = ["posts", "profiles.jsonl.gz", "follows.csv"].map(sample).into();
    if with_accounts {
        args.extend(["--accounts".to_owned(), sample("accounts.csv"), "--sides".to_owned(), "camp".to_owned()]);
    }
    args
}

/// `echogram run` on the sample.
fn run(sandbox: &Sandbox, more: &[&str]) -> crate::support::Answer {
    let mut args = vec!["run".to_owned(), "-o".to_owned(), "run".to_owned()];
    args.extend(inputs(true));
    args.extend(more.iter().map(|&arg| arg.to_owned()));
    sandbox.echogram(args)
}

#[test]
fn the_summary_as_json() {
    let sandbox = Sandbox::new();
    let answer = run(&sandbox, &["--json", "--progress", "plain"]);
    assert_eq!(answer.code, 0, "{answer:#?}");
    let summary = answer.json();
    for (key, wanted) in
        [("rows", 27_083), ("rejected", 5), ("posts", 9_013), ("accounts", 2_000), ("self_loops", 33), ("isolates", 1)]
    {
        assert_eq!(summary[key], wanted, "{key}");
    }
    let relations: Vec<String> = summary["relations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| format!("{} {}", row["relation"].as_str().unwrap(), row["edges"]))
        .collect();
    assert_eq!(relations, ["follow 25043", "mention 2752", "quote 627", "reply 1692", "repost 2542"]);
    let highest: Vec<&str> = summary["top"].as_array().unwrap().iter().map(|row| row["handle"].as_str().unwrap()).collect();
    assert_eq!((summary["ranked_by"].as_str(), highest), (Some("pagerank"), HIGHEST.to_vec()));
    assert_eq!(summary["output"], "run");
    assert!(sandbox.path("run/manifest.json").is_file());
    for stage in ["read", "build", "pagerank", "write"] {
        assert!(answer.stderr.lines().any(|line| line.trim_start().starts_with(stage)), "{stage}\n{}", answer.stderr);
    }
    let lines: Vec<&str> = summary["first_rejected"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
    assert!(lines[0].contains("follows.csv, line 1115") && lines[1].contains("line 5119"), "{lines:?}");
    let rejected = Table::read(sandbox.path("run/rejects.parquet")).numbers("line");
    assert_eq!(rejected, [1_115, 5_119, 9_124, 13_129, 17_134].map(|line| Some(f64::from(line))));
}

#[test]
fn the_summary_for_people() {
    let sandbox = Sandbox::new();
    let answer = run(&sandbox, &["--progress", "none"]);
    assert_eq!(answer.stderr, "", "--progress none says nothing");
    let page = said(answer);
    for part in
        ["27,083 rows", "5 rejected", "9,013 posts", "2,000 accounts", "follow 25,043", "1 account without a tie", "line 1115"]
    {
        assert!(page.contains(part), "no `{part}`\n{page}");
    }
    let places: Vec<usize> =
        HIGHEST.iter().map(|handle| page.rfind(handle).unwrap_or_else(|| panic!("no {handle}\n{page}"))).collect();
    assert!(places.is_sorted(), "the ten highest in their order\n{page}");
    assert!(page.trim_end().ends_with("echogram top run"), "where the results are, and what to do next\n{page}");
}

/// What is true, by account: (role, scale, use).
fn truth() -> HashMap<String, [String; 3]> {
    let text = std::fs::read_to_string(root().join("data/sample/truth.csv")).unwrap();
    let row = |line: &str| {
        let fields: Vec<String> = line.split(',').map(str::to_owned).collect();
        (fields[0].clone(), [fields[1].clone(), fields[2].clone(), fields[3].clone()])
    };
    text.lines().skip(1).map(row).collect()
}

/// Share of the accounts with a bio and a known truth whose column `name` is true; and of those for which anything was found.
fn accuracy(accounts: &Table, name: &str, place: usize) -> (f64, f64) {
    let truth = truth();
    let (mut asked, mut found, mut right) = (0.0, 0.0, 0.0);
    for row in 0..accounts.rows() {
        let wanted = &truth[accounts.text("account", row).unwrap()][place];
        if accounts.text("bio", row).is_none_or(str::is_empty) || wanted.is_empty() {
            continue;
        }
        asked += 1.0;
        found += f64::from(accounts.text(name, row).is_some());
        right += f64::from(accounts.text(name, row) == Some(wanted));
    }
    assert!(asked > 1_500.0, "{asked}");
    (right / asked, right / found)
}

#[track_caller]
fn check_accuracy(run: &RunFolder, name: &str, place: usize, floor: f64, floor_where_found: f64) {
    let (share, share_where_found) = accuracy(&run.table("accounts"), name, place);
    let told = format!("{name}: right {share:.3} of all, {share_where_found:.3} of those for which anything was found");
    assert!(share >= floor && share_where_found >= floor_where_found, "{told}");
}

#[test]
fn roles_found_in_bios() {
    let sandbox = Sandbox::new();
    let run = sandbox.run_folder(inputs(false).into_iter().chain(["--metrics".to_owned(), "degree".to_owned()]));
    check_accuracy(&run, "role", 0, 0.775, 0.895);
    check_accuracy(&run, "scale", 1, 0.843, 0.948);
    check_accuracy(&run, "use", 2, 0.760, 0.881);
}

#[test]
fn given_roles_and_sides_are_kept() {
    let sandbox = Sandbox::new();
    let run = sandbox.run_folder(inputs(true));
    let accounts = run.table("accounts");
    let given = std::fs::read_to_string(root().join("data/sample/accounts.csv")).unwrap();
    let mut checked = 0;
    // Names with commas stand in quotes; the columns looked at here stand around them.
    for line in given.lines().skip(1).filter(|line| !line.contains('"')) {
        let fields: Vec<&str> = line.split(',').collect();
        let row = accounts.find(&[("account", fields[0])]).unwrap();
        assert_eq!(accounts.text("handle", row), Some(fields[1]), "{line}");
        if !fields[3].is_empty() {
            assert_eq!(accounts.text("role", row), Some(fields[3]), "{line}");
        }
        assert_eq!(accounts.number("leaning", row), fields[4].parse().ok(), "{line}");
        for column in ["side", "camp"] {
            assert_eq!(accounts.text(column, row).unwrap_or_default(), fields[5], "{line}");
        }
        checked += 1;
    }
    assert!(checked > 1_200, "{checked}");
    let echo = run.table("echo");
    let row = echo.find(&[("score", "ei"), ("group", ""), ("relation", "all")]).unwrap();
    assert!(echo.number("value", row).unwrap() < -0.9, "two camps that hardly talk to each other");
}

#[test]
fn questions_about_the_sample() {
    let sandbox = Sandbox::new();
    run(&sandbox, &["--progress", "none", "--metrics", "quick"]);
    let page = said(sandbox.echogram(["top", "run", "--role", "physician", "--limit", "3"]));
    assert!(page.contains("DrThistlegarth") && page.contains("3 of "), "{page}");
    let page = said(sandbox.echogram(["account", "run", "@umbercombedrabr"]));
    assert!(page.contains("5005088033") && page.contains("rank 1 of 2,000"), "{page}");
}

#[test]
fn the_sample_study_file() {
    let sandbox = Sandbox::new();
    let study = root().join("data/sample.toml").display().to_string();
    let run = sandbox.run_folder([study]);
    let manifest = run.manifest();
    assert_eq!((&manifest["seed"], &manifest["graph"]["accounts"]), (&7.into(), &2_000.into()));
    assert!(run.table("accounts").has("pagerank_weighted@mention") && run.has_table("echo"));
}
