//! Communities beyond one division: levels, consensus, accounts that swing, resolutions.

use crate::said;
use crate::support::{RunFolder, Sandbox};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Groups of ten accounts each, `a0` to `a9`, `b0`, ...: everybody tied to the next four of the group, and each group to the next by one tie.
pub(crate) fn groups(names: &str) -> String {
    let mut rows = "source,target\n".to_owned();
    for name in names.chars() {
        for at in 0..10 {
            (1..5).for_each(|step| writeln!(rows, "{name}{at},{name}{}", (at + step) % 10).unwrap());
        }
    }
    for (name, next) in names.chars().zip(names.chars().skip(1)) {
        writeln!(rows, "{name}0,{next}5").unwrap();
    }
    rows
}

/// Ten groups and one account, `swing`, with three ties to each of the first two.
fn with_swing() -> Sandbox {
    let sandbox = Sandbox::new();
    let ties: String = ["a1", "a4", "a7", "b1", "b4", "b7"].iter().map(|other| format!("swing,{other}\n")).collect();
    sandbox.write("edges.csv", groups("abcdefghij") + &ties);
    sandbox
}

#[track_caller]
fn labels(run: &RunFolder, column: &str) -> Vec<u32> {
    run.table("accounts").numbers(column).into_iter().map(|label| label.unwrap() as u32).collect()
}

/// Asserts that each group of `fine` lies within one of `coarse`, and that there are more of them.
#[track_caller]
fn assert_nested(fine: &[u32], coarse: &[u32]) {
    let mut over: BTreeMap<u32, u32> = BTreeMap::new();
    for (group, above) in fine.iter().zip(coarse) {
        assert_eq!(over.entry(*group).or_insert(*above), above, "group {group}");
    }
    assert!(fine.iter().max() > coarse.iter().max(), "{fine:?} {coarse:?}");
}

#[test]
fn levels_lie_within_each_other() {
    let sandbox = Sandbox::new();
    // Thirty groups in a chain: modularity joins neighbours, whose parts are a level below.
    sandbox.write("edges.csv", groups("abcdefghijklmnopqrstuvwxyzABCD"));
    let answer = sandbox.echogram(["run", "edges.csv", "--levels", "--json", "-o", "run", "--progress", "none"]);
    let run = RunFolder { path: sandbox.path("run") };
    let table = run.table("accounts");
    let columns: Vec<&String> = table.names.iter().filter(|name| name.starts_with("community_level_")).collect();
    assert_eq!(answer.json()["levels"].as_array().unwrap().len(), columns.len(), "{answer:#?}");
    assert!(!columns.is_empty());
    let mut above = labels(&run, "community");
    for (place, column) in columns.iter().enumerate() {
        assert_eq!(**column, format!("community_level_{}", place + 1));
        let level = labels(&run, column);
        assert_nested(&level, &above);
        let metadata = &table.metadata[*column];
        assert_eq!((&metadata["level"], &metadata["levels"]), (&(place + 1).to_string(), &columns.len().to_string()));
        assert_eq!(metadata["groups"], (level.iter().max().unwrap() + 1).to_string());
        assert!(metadata["summary"].contains("1 is the coarsest"), "{metadata:?}");
        above = level;
    }
    let account = said(sandbox.echogram(["account", "run", "a0"]));
    let line = account.lines().find(|line| line.trim_start().starts_with("community_level_1")).unwrap();
    assert!(!line.contains("rank"), "a label is no score: {line}");
    assert!(said(sandbox.echogram(["run", "edges.csv", "--levels", "-o", "again", "--progress", "none"])).contains("(finest)"));
}

#[test]
fn levels_come_only_when_asked_for_and_bring_communities_along() {
    let sandbox = with_swing();
    let plain = sandbox.run_into("plain", ["edges.csv"]);
    assert!(!plain.table("accounts").names.iter().any(|name| name.starts_with("community_level")));
    let run = sandbox.run_into("levels", ["edges.csv", "--metrics", "core", "--levels"]);
    assert!(run.table("accounts").has("community"));
    let run = sandbox.run_into("weighted", ["edges.csv", "--metrics", "community_weighted", "--levels"]);
    let names = run.table("accounts").names;
    assert!(!names.contains(&"community".to_owned()), "{names:?}");
    let levels: Vec<_> = names.iter().filter(|name| name.starts_with("community_level_")).collect();
    assert!(levels.iter().all(|name| name.ends_with("_weighted")), "{levels:?}");
}

#[test]
fn a_level_of_an_earlier_run_is_a_given_column() {
    let sandbox = with_swing();
    sandbox.write("people.csv", "account,community_level_1,community_consensus\na0,7,3\n");
    let names = sandbox.run_folder(["edges.csv", "--accounts", "people.csv"]).table("accounts").names;
    for name in ["given_community_level_1", "given_community_consensus"] {
        assert!(names.contains(&name.to_owned()), "{name} in {names:?}");
    }
}

#[test]
fn consensus_and_accounts_that_swing() {
    let sandbox = with_swing();
    let metrics = "community,community_confidence,community_consensus";
    let args =
        ["run", "edges.csv", "-o", "run", "--metrics", metrics, "--set", "community_confidence.dropped=0.2", "--seed", "3"];
    let page = said(sandbox.echogram(args.iter().chain(&["--progress", "none"])));
    assert!(page.contains("swing ") && page.contains("lowest swing 0.") && page.contains("--lowest"), "{page}");
    let run = RunFolder { path: sandbox.path("run") };
    let table = run.table("accounts");
    for column in ["community_consensus", "community_confidence"] {
        let metadata = &table.metadata[column];
        assert_eq!(["runs", "dropped", "seed"].map(|key| metadata[key].as_str()), ["20", "0.2", "3"], "{column}");
    }
    let consensus = labels(&run, "community_consensus");
    let of = |group: usize| &consensus[group * 10..group * 10 + 10];
    assert!((0..10).all(|group| of(group).iter().all(|label| *label == of(group)[0])), "{consensus:?}");
    let answer = sandbox.echogram(["top", "run", "--by", "community_confidence", "--lowest", "--limit", "3", "--json"]).json();
    assert_eq!((&answer["accounts"][0]["account"], &answer["lowest"]), (&"swing".into(), &true.into()));
    let values: Vec<f64> = answer["accounts"].as_array().unwrap().iter().map(|row| row["value"].as_f64().unwrap()).collect();
    assert!(values.is_sorted(), "{values:?}");
    let page = said(sandbox.echogram(["top", "run", "--by", "community_confidence", "--lowest", "--limit", "3"]));
    assert!(page.contains("3 of 101 accounts, lowest community_confidence first"), "{page}");
}

#[test]
fn communities_over_resolutions() {
    let sandbox = with_swing();
    let args = ["run", "edges.csv", "--metrics", "core", "--resolutions", "0.5..2:5"];
    let page = said(sandbox.echogram(args.iter().chain(&["-o", "page", "--progress", "none"])));
    let line = page.lines().find(|line| line.starts_with("resolutions")).unwrap();
    assert!(line.contains("5 points") && line.contains("nearly the same from"), "{line}");
    let run = sandbox.run_folder(&args[1..]);
    let table = run.table("resolutions");
    let wanted =
        ["resolution", "communities", "alone", "modularity", "quality", "variation", "variation_normalised", "ami", "plateau"];
    assert_eq!(table.names, wanted);
    let resolutions: Vec<f64> = table.numbers("resolution").into_iter().map(Option::unwrap).collect();
    assert!(
        resolutions.iter().zip([0.5, 0.5_f64.sqrt(), 1.0, 2.0_f64.sqrt(), 2.0]).all(|(got, wanted)| (got - wanted).abs() < 1e-9)
    );
    assert_eq!((table.number("variation", 0), table.number("ami", 0)), (None, None), "nothing before the first");
    let middle = |column: &str| table.number(column, 2).unwrap();
    assert!((middle("modularity") - middle("quality")).abs() < 1e-12, "they are one at resolution 1");
    assert!((0..5).any(|row| table.truth("plateau", row).unwrap()));
    assert_eq!((&*table.metadata["resolution"]["seed"], &*table.metadata["resolution"]["method"]), ("0", "leiden"));
    let community = sandbox.run_into("plain", ["edges.csv", "--metrics", "community,modularity"]);
    assert!(
        (community.table("network").number("value", 0).unwrap() - middle("modularity")).abs() < 1e-9,
        "as `community` finds them"
    );
    assert!(!community.has_table("resolutions"));
}

#[test]
fn without_a_plateau_the_summary_says_so() {
    let sandbox = Sandbox::new();
    sandbox.write("edges.csv", "source,target\na,b\nb,c\nc,a\n");
    let args = ["run", "edges.csv", "--metrics", "core", "--progress", "none", "--resolutions", "0.1..0.2:2"];
    let page = said(sandbox.echogram(args));
    assert!(page.contains("1 community at 0.1000 to 1 at 0.2000, 2 points; no plateau"), "{page}");
}

#[test]
fn a_study_file_may_ask_for_levels_and_resolutions() {
    let sandbox = with_swing();
    sandbox.write(
        "s.toml",
        "[[input]]\npath = 'edges.csv'\n[metrics]\ninclude = ['quick']\nlevels = true\nresolutions = '0.5..2:3'\n[output]\ndir = 'run'\n",
    );
    let answer = sandbox.echogram(["run", "s.toml", "--json", "--progress", "none"]).json();
    assert_eq!(answer["resolutions"]["points"], 3);
    assert_eq!(RunFolder { path: sandbox.path("run") }.table("resolutions").rows(), 3);
    let answer = sandbox.echogram(["run", "s.toml", "--json", "--force", "--resolutions", "1..2:4", "--progress", "none"]).json();
    assert_eq!(answer["resolutions"]["points"], 4, "the command line wins");
}
