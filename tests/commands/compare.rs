//! `compare`: two runs held against each other.

use crate::communities::groups;
use crate::said;
use crate::support::Sandbox;
use serde_json::Value;
use std::fmt::Write;

/// Runs `old` (groups a to f, sides by first letter) and `new`: b left, c and d one group, g came.
fn two_runs() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("old.csv", groups("abcdef"));
    let mut rows = groups("acdefg");
    for at in 0..10 {
        (0..10).for_each(|other| writeln!(rows, "c{at},d{other}").unwrap());
    }
    sandbox.write("new.csv", rows);
    let person = |name: char, at: u32| {
        let handle = if at == 0 { format!("{name}-zero") } else { String::new() };
        format!("{name}{at},{},{handle}\n", if name < 'd' { "left" } else { "right" })
    };
    let people: String = "abcdefg".chars().flat_map(|name| (0..10).map(move |at| person(name, at))).collect();
    sandbox.write("people.csv", format!("account,camp,handle\n{people}"));
    for name in ["old", "new"] {
        let input = format!("{name}.csv");
        sandbox.run_into(
            name,
            [&input, "--accounts", "people.csv", "--no-isolates", "--sides", "camp", "--metrics", "quick,modularity,density,ei"],
        );
    }
    sandbox
}

#[test]
fn two_runs_against_each_other() {
    let sandbox = two_runs();
    let before = sandbox.names();
    let answer = sandbox.echogram(["compare", "old", "new", "--json"]);
    assert_eq!((answer.code, answer.stderr.as_str()), (0, ""), "{answer:#?}");
    let found = answer.json();
    assert_eq!([&found["a"]["accounts"], &found["b"]["accounts"], &found["accounts"]["both"]], [60, 60, 50]);
    assert_eq!([&found["accounts"]["gained"], &found["accounts"]["lost"]], [10, 10]);
    assert_eq!(
        (&found["accounts"]["first_gained"][0], &found["accounts"]["first_lost"][0]),
        (&"g-zero".into(), &"b-zero".into())
    );
    let communities = &found["communities"];
    assert_eq!([&communities["accounts"], &communities["communities_a"], &communities["communities_b"]], [50, 5, 4]);
    // Five groups of ten, of which two became one: H = ln 5, H' = H - 0.4 ln 2.
    let (one, other) = (5.0_f64.ln(), 5.0_f64.ln() - 0.4 * 2.0_f64.ln());
    for (name, wanted) in [("nmi", 2.0 * other / (one + other)), ("variation", one - other)] {
        assert!((communities[name].as_f64().unwrap() - wanted).abs() < 1e-12, "{name}: {communities}");
    }
    let fates: Vec<(&str, u64)> =
        found["fates"].as_object().unwrap().iter().map(|(fate, number)| (fate.as_str(), number.as_u64().unwrap())).collect();
    assert_eq!(fates, [("born", 1), ("continued", 3), ("died", 1), ("grown", 1), ("merged", 1)]);
    let rows = found["transitions"].as_array().unwrap();
    assert_eq!(rows.iter().filter(|row| row["community_b"] == Value::Null).count(), 1);
    let change = |table: &str, key: &str, name: &str| {
        let row = found[table].as_array().unwrap().iter().find(|row| row[key] == name).unwrap().clone();
        assert!((row["b"].as_f64().unwrap() - row["a"].as_f64().unwrap() - row["difference"].as_f64().unwrap()).abs() < 1e-15);
        row
    };
    assert!(change("network", "metric", "density")["difference"].as_f64().unwrap() > 0.0);
    assert_eq!(change("echo", "score", "ei")["sides"], "camp");
    assert_eq!(change("echo", "score", "ei")["effects"][0]["null_model"], "kept");
    assert_eq!(sandbox.names(), before, "nothing is written");
}

#[test]
fn two_runs_for_people() {
    let sandbox = two_runs();
    let page = said(sandbox.echogram(["compare", "old", "new"]));
    for part in [
        "A            old: 60 accounts",
        "50 in both, 10 gained (g-zero, g1,",
        "10 lost (b-zero,",
        "NMI 0.9",
        "1 merged",
        "density",
        "ei",
        "+0.",
    ] {
        assert!(page.contains(part), "no `{part}`\n{page}");
    }
    let short = said(sandbox.echogram(["compare", "old", "new", "--limit", "2"]));
    assert!(short.contains("5 more: --limit"), "{short}");
}

#[test]
fn a_run_is_like_itself() {
    let sandbox = two_runs();
    let found = sandbox.echogram(["compare", "old", "old", "--json"]).json();
    for (name, wanted) in [("nmi", 1.0), ("ami", 1.0), ("ari", 1.0), ("variation", 0.0)] {
        assert_eq!(found["communities"][name].as_f64(), Some(wanted), "{name}");
    }
    assert_eq!(found["fates"], serde_json::json!({ "continued": 6 }));
    for row in found["network"].as_array().unwrap().iter().chain(found["echo"].as_array().unwrap()) {
        assert!(row["difference"].as_f64().is_none_or(|difference| difference == 0.0), "{row}");
    }
}

#[test]
fn any_column_of_communities_may_be_compared() {
    let sandbox = two_runs();
    sandbox.run_into("weighted", ["old.csv", "--metrics", "community,community_weighted"]);
    let found = sandbox.echogram(["compare", "weighted", "weighted", "--column", "community_weighted", "--json"]).json();
    assert_eq!((&found["column"], &found["communities"]["nmi"]), (&"community_weighted".into(), &1.0.into()));
    assert_eq!((&found["network"], &found["echo"]), (&Value::Array(vec![]), &Value::Array(vec![])));
}

#[test]
fn runs_without_communities_are_compared_by_what_both_have() {
    let sandbox = two_runs();
    for (name, metrics) in [("bare", "degree,density,ei"), ("bare-too", "density,ei")] {
        sandbox.run_into(name, ["new.csv", "--accounts", "people.csv", "--no-isolates", "--sides", "camp", "--metrics", metrics]);
    }
    for (runs, without) in
        [(["old", "bare"], "bare has no `community`"), (["bare", "bare-too"], "bare and bare-too have no `community`")]
    {
        let [one, other] = runs;
        let found = sandbox.echogram(["compare", one, other, "--json"]).json();
        assert_eq!((&found["communities"], &found["a"]["communities"]), (&Value::Null, &Value::Null), "{found}");
        assert_eq!((&found["transitions"], &found["fates"]), (&Value::Array(vec![]), &serde_json::json!({})));
        let scores: Vec<&Value> = found["echo"].as_array().unwrap().iter().map(|row| &row["score"]).collect();
        assert!(scores.contains(&&"ei".into()) && found["network"][0]["metric"] == "density", "{found}");
        assert!(found["notes"][0].as_str().unwrap().contains(without), "{found}");
        let page = said(sandbox.echogram(["compare", one, other]));
        assert!(page.contains(&format!("note         communities were not compared: {without}")), "{page}");
        assert!(!page.contains("NMI") && page.contains("density") && page.contains("ei"), "{page}");
    }
    // A column that was asked for has to be there.
    let refused = sandbox.echogram(["compare", "old", "bare", "--column", "community"]);
    assert_eq!(refused.code, 3);
    assert!(refused.stderr.contains("bare: this run has no communities `community`"), "{}", refused.stderr);
    assert_eq!(sandbox.echogram(["compare", "old", "new", "--json"]).json()["notes"], Value::Array(vec![]));
}
