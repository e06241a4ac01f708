//! `echogram echo` and sides that the tool finds.

use crate::support::{RunFolder, Sandbox};

/// Two rings of eight whose members also meet across, joined by two ties.
fn two_rings() -> String {
    let mut rows = "source,target\n".to_owned();
    for ring in ["a", "b"] {
        for at in 0..8 {
            rows += &format!("{ring}{at},{ring}{}\n{ring}{at},{ring}{}\n", (at + 1) % 8, (at + 3) % 8);
        }
    }
    rows + "a0,b0\na4,b4\n"
}

fn with_rings() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("edges.csv", two_rings());
    sandbox
}

fn cut(sandbox: &Sandbox) -> RunFolder {
    let args =
        ["edges.csv", "--undirected", "--sides", "cut", "--metrics", "standard,bcc", "--null-replicates", "9", "--threads", "2"];
    sandbox.run_folder(args)
}

#[test]
fn a_cut_finds_the_rings_and_nulls_are_cut_too() {
    let sandbox = with_rings();
    let run = cut(&sandbox);
    let accounts = run.table("accounts");
    let side = |account: &str| accounts.text("side", accounts.find(&[("account", account)]).unwrap()).unwrap().to_owned();
    for at in 1..8 {
        assert_eq!((side("a0"), side("b0")), (side(&format!("a{at}")), side(&format!("b{at}"))));
    }
    assert_ne!(side("a0"), side("b0"));
    let echo = run.table("echo");
    for row in 0..echo.rows() {
        assert_eq!((echo.text("sides", row), echo.text("null_model", row).unwrap_or("recut")), (Some("cut"), "recut"));
    }
    let row = echo.find(&[("score", "ei"), ("group", "")]).unwrap();
    // 32 ties within, 2 across.
    assert!((echo.number("value", row).unwrap() + 30.0 / 34.0).abs() < 1e-12);
    let row = echo.find(&[("score", "rwc.adaptive"), ("group", "")]).unwrap();
    let number = |column: &str| echo.number(column, row).unwrap();
    assert!(number("effect") > 0.0 && number("ci_low") < number("effect") && number("value_ci_low") < number("value"));
    let strip = run.table("sensitivity");
    for varied in ["rwc.hub_k", "rwc.adaptive_share", "rwc.seed_share", "dipole.share", "cut.imbalance"] {
        assert!(strip.find(&[("varied", varied)]).is_some(), "{varied}");
    }
}

/// Two relations that divide the same accounts in two ways: each is scored by its own halves, as its null networks are, and as if it stood alone.
#[test]
fn a_relation_is_scored_by_the_halves_of_its_own() {
    let sandbox = Sandbox::new();
    let rows = two_rings();
    // The other relation's rings are a0..a3 b0..b3 and a4..a7 b4..b7.
    let name = |account: &str| {
        let (ring, at) = account.split_at(1);
        let at: u32 = at.parse().unwrap();
        let place = at % 4 + if ring == "b" { 4 } else { 0 };
        format!("{}{place}", if at < 4 { "a" } else { "b" })
    };
    let turned = |row: &str| row.split(',').map(name).collect::<Vec<_>>().join(",");
    let ties: Vec<&str> = rows.lines().skip(1).collect();
    let one: String = ties.iter().map(|row| format!("{row},reply\n")).collect();
    let other: String = ties.iter().map(|row| format!("{},quote\n", turned(row))).collect();
    sandbox.write("both.csv", format!("source,target,relation\n{one}{other}"));
    sandbox.write("quote.csv", format!("source,target,relation\n{other}"));
    for sides in ["cut", "community"] {
        let args = |file, metrics| [file, "--undirected", "--sides", sides, "--metrics", metrics, "--null-replicates", "9"];
        let both = sandbox.run_into(&format!("both-{sides}"), args("both.csv", "ei@reply,ei@quote,ei"));
        let alone = sandbox.run_into(&format!("alone-{sides}"), args("quote.csv", "ei"));
        let (both, alone) = (both.table("echo"), alone.table("echo"));
        let of = |relation: &str| both.find(&[("relation", relation), ("score", "ei"), ("group", "")]).unwrap();
        let row = alone.find(&[("relation", "all"), ("score", "ei"), ("group", "")]).unwrap();
        for column in ["value", "null_mean", "effect", "p"] {
            assert_eq!(both.number(column, of("quote")), alone.number(column, row), "{sides} {column}");
        }
        // 32 ties within, 2 across, in either relation; not in both merged.
        for relation in ["reply", "quote"] {
            assert!((both.number("value", of(relation)).unwrap() + 30.0 / 34.0).abs() < 1e-12, "{sides} {relation}");
        }
        assert!(both.number("value", of("all")).unwrap() > -0.8, "{sides}");
    }
}

#[test]
fn walks_along_ties_end_at_drawn_accounts_too() {
    let sandbox = Sandbox::new();
    // There is a way back, so that every account reaches both sides.
    sandbox.write("edges.csv", two_rings() + "b2,a2\n");
    let metrics = "rwc.seed_directed,rwc.seed_weighted_directed,rwc.hub_directed";
    let args = ["edges.csv", "--sides", "cut", "--metrics", metrics, "--set", "rwc.hub_k=2", "--null-replicates", "9"];
    let echo = sandbox.run_folder(args).table("echo");
    for score in metrics.split(',') {
        let row = echo.find(&[("score", score), ("group", "")]).unwrap();
        assert!(echo.number("value", row).unwrap() > 0.2 && echo.number("replicates", row) == Some(9.0), "{score}");
    }
}

#[test]
fn the_answer_is_a_screen_of_lines_and_a_sentence() {
    let sandbox = with_rings();
    let run = cut(&sandbox);
    let folder = run.path.to_str().unwrap().to_owned();
    let answer = sandbox.echogram(["echo", &folder]);
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    assert!(answer.stdout.starts_with("sides by cut: 0 8, 1 8; without a side 0"), "{}", answer.stdout);
    let line = answer.stdout.lines().find(|line| line.starts_with("rwc.adaptive[K=0.01]")).unwrap();
    for part in ["effect ", " null ", " ± ", "(R=9, degrees kept, re-partitioned)", "p 0.1"] {
        assert!(line.contains(part), "{line}");
    }
    assert!(answer.stdout.contains("It does not say why accounts keep apart"));
    // What a chamber does not move steadily is shown and not counted.
    for score in ["boundary_garimella", "fj_disagreement", "fj_disagreement_mean"] {
        let line =
            answer.stdout.lines().find(|line| line.starts_with(&format!("{score}[")) || line.starts_with(&format!("{score} ")));
        assert!(
            line.is_none_or(|line| line.trim_end().ends_with(", not counted") || line.contains("undefined")),
            "{}",
            answer.stdout
        );
    }
    assert!(
        answer.stdout.contains("fj_disagreement, fj_disagreement_mean, which a chamber does not move steadily"),
        "{}",
        answer.stdout
    );
    assert_eq!(answer.stdout.matches("boundary[").count(), 1, "{}", answer.stdout);
    let alone = sandbox.echogram(["echo", &folder, "--score", "fj_disagreement"]).stdout;
    assert!(alone.contains("fj_disagreement: no verdict") && alone.contains("echogram metrics fj_disagreement"), "{alone}");
    assert!(!answer.stdout.contains("coleman") && answer.stdout.contains("--groups"));
    let answer = sandbox.echogram(["echo", &folder, "--groups", "--score", "coleman"]);
    assert!(answer.stdout.contains("coleman 0") && answer.stdout.contains("coleman 1"), "{}", answer.stdout);
    let json = sandbox.echogram(["echo", &folder, "--json"]).json();
    assert_eq!(json["sides"], "cut");
    assert!(json["scores"].as_array().unwrap().iter().any(|score| score["score"] == "bcc"));
}

#[test]
fn what_cannot_be_answered_is_said() {
    let sandbox = with_rings();
    let run = sandbox.run_folder(["edges.csv", "--metrics", "quick"]);
    let folder = run.path.to_str().unwrap().to_owned();
    let answer = sandbox.echogram(["echo", &folder]);
    assert_eq!(answer.code, 3);
    assert!(answer.stderr.contains("no echo scores") && answer.stderr.contains("--sides"), "{}", answer.stderr);
    let run = sandbox.run_folder(["edges.csv", "--sides", "cut", "--metrics", "ei", "--null-replicates", "0"]);
    let folder = run.path.to_str().unwrap().to_owned();
    let answer = sandbox.echogram(["echo", &folder]);
    assert!(answer.stdout.contains("without a null model"), "{}", answer.stdout);
    let answer = sandbox.echogram(["echo", &folder, "--score", "aei"]);
    assert_eq!(answer.code, 3);
    assert!(answer.stderr.contains("no echo score `aei`; it has ei"), "{}", answer.stderr);
}

#[test]
fn a_null_model_that_does_not_go_with_the_sides_is_warned_of() {
    let sandbox = with_rings();
    sandbox.write("people.csv", "account,camp\na0,left\na1,left\nb0,right\nb1,right\n");
    let common = ["edges.csv", "--metrics", "ei", "--null-replicates", "5"];
    for (more, warned) in [
        (["--sides", "cut", "--null", "kept"].as_slice(), "--null recut goes with found sides"),
        (&["--sides", "camp", "--accounts", "people.csv", "--null", "recut"], "--null kept goes with given sides"),
    ] {
        let run = sandbox.run_folder([&common, more].concat());
        assert!(run.manifest()["warnings"].as_array().unwrap().iter().any(|warning| warning.as_str().unwrap().contains(warned)));
    }
}

#[test]
fn what_is_known_without_replicates_says_so() {
    let sandbox = with_rings();
    sandbox.write("people.csv", "account,camp\na0,left\na1,left\na2,left\nb0,right\nb1,right\nb2,right\n");
    let args =
        ["edges.csv", "--sides", "camp", "--accounts", "people.csv", "--metrics", "ei,aei,freeman", "--null", "kept,analytic"];
    let run = sandbox.run_folder(args);
    let echo = run.table("echo");
    let row = |score: &str, model: &str| echo.find(&[("score", score), ("group", ""), ("null_model", model)]);
    for score in ["ei", "freeman"] {
        let row = row(score, "analytic").unwrap();
        let number = |column: &str| echo.number(column, row).unwrap();
        assert!((number("effect") - (number("value") - number("null_mean"))).abs() < 1e-12);
        assert!(number("p") > 0.0 && number("null_sd") > 0.0 && number("replicates") == 0.0);
    }
    assert!(row("aei", "kept").is_some() && row("aei", "analytic").is_none());
    let notes = run.manifest()["notes"].to_string();
    assert!(notes.contains("null model kept") && notes.contains("accepted"), "{notes}");
}

#[test]
fn a_cut_and_all_beside_it_are_the_same_on_any_number_of_threads() {
    let sandbox = with_rings();
    let on = |threads: &str| {
        let args = ["edges.csv", "--sides", "cut", "--metrics", "full", "--null-replicates", "5", "--threads", threads];
        sandbox.run_folder(args).digests()
    };
    let wanted = on("1");
    assert!(["echo", "null", "sensitivity"].iter().all(|table| wanted.contains_key(*table)));
    for threads in ["2", "8"] {
        assert_eq!(on(threads), wanted, "{threads} threads");
    }
}

/// A directed ring of 60 in which each points at three others, with or without answers; sides in turn.
fn ring(sandbox: &Sandbox, is_answered: bool) {
    let mut rows = "source,target,relation\n".to_owned();
    let mut people = "account,camp\n".to_owned();
    for at in 0..60 {
        people += &format!("{at},{}\n", if at % 2 == 0 { "even" } else { "odd" });
        for step in [1, 7, 18] {
            let other = (at + step) % 60;
            rows += &format!("{at},{other},reply\n");
            if is_answered {
                rows += &format!("{other},{at},reply\n");
            }
        }
    }
    sandbox.write("edges.csv", rows);
    sandbox.write("people.csv", people);
}

#[test]
fn answered_ties_that_a_null_model_breaks_up_are_warned_of() {
    let warnings = |is_answered: bool, metrics: &str, more: &[&str]| -> Vec<String> {
        let sandbox = Sandbox::new();
        ring(&sandbox, is_answered);
        let common = ["edges.csv", "--accounts", "people.csv", "--metrics", metrics, "--null-replicates", "5"];
        let run = sandbox.run_folder([&common, more].concat());
        let warnings = run.manifest()["warnings"].as_array().unwrap().clone();
        let found: Vec<String> = warnings
            .iter()
            .map(|warning| warning.as_str().unwrap().to_owned())
            .filter(|text| text.contains("answered"))
            .collect();
        let screen = sandbox.echogram(["echo", run.path.to_str().unwrap()]).stdout;
        assert_eq!(screen.matches("of the ties are answered").count(), found.len(), "{screen}");
        found
    };
    let camp = ["--sides", "camp"];
    let found = warnings(true, "ei,fj_polarisation", &camp);
    assert_eq!(found.len(), 1, "{found:?}");
    for part in ["100% of the ties are answered, but ", "null model kept", "of fj_polarisation most of all", "--null reciprocity"]
    {
        assert!(found[0].contains(part), "{found:?}");
    }
    // Once for each relation, whatever the number of null models.
    let found = warnings(true, "ei,ei@reply", &[&camp[..], &["--null", "kept,recut,labels"]].concat());
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().any(|text| text.starts_with("relation `reply`: ")), "{found:?}");
    assert!(warnings(true, "rwc.hub", &camp).is_empty(), "p of random walks stays right");
    let found = warnings(true, "ei", &["--sides", "cut"]);
    assert!(found.len() == 1 && found[0].contains("null model recut"), "{found:?}");
    for (is_answered, more) in
        [(false, [].as_slice()), (true, &["--null", "reciprocity"]), (true, &["--null", "labels"]), (true, &["--undirected"])]
    {
        let more = [&camp[..], more].concat();
        let found = warnings(is_answered, "ei,fj_polarisation,dipole", &more);
        assert!(found.is_empty(), "{more:?}: {found:?}");
    }
}
