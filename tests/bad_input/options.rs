//! Wrong options: told before any work starts, with what would have been right.

use crate::{UNUSABLE, WRONG_USAGE, assert_no_panic, assert_refused, check, sandbox};

#[test]
fn columns_that_are_not_there() {
    let sandbox = sandbox();
    check(&sandbox, &["good.csv", "--columns", "source=nix"], UNUSABLE, &["good.csv", "no column `nix`", "source, target"]);
    check(&sandbox, &["good.csv", "--columns", "weight=7"], UNUSABLE, &["no column `7`"]);
    check(&sandbox, &["good.csv", "--columns", "source"], WRONG_USAGE, &["--columns", "`source`", "field=column"]);
    check(&sandbox, &["good.csv", "--columns", "sauce=1"], WRONG_USAGE, &["--columns", "`sauce`", "source"]);
    check(&sandbox, &["good.csv", "--columns", "source=0"], WRONG_USAGE, &["--columns", "from 1"]);
    check(&sandbox, &["good.csv", "--columns", "source="], WRONG_USAGE, &["--columns", "source="]);
    sandbox.write("bare.txt", "1 2\n3 4\n");
    check(&sandbox, &["bare.txt", "--columns", "source=from"], UNUSABLE, &["no column `from`", "position"]);
}

#[test]
fn metrics_that_are_not_there() {
    let sandbox = sandbox();
    let metric = |word: &'static str| ["good.csv", "--metrics", word];
    check(&sandbox, &metric("pagerankk"), WRONG_USAGE, &["no metric `pagerankk`", "`pagerank`"]);
    check(&sandbox, &metric("quick,in_degre"), WRONG_USAGE, &["no metric `in_degre`", "`in_degree`"]);
    check(&sandbox, &metric("Standard"), WRONG_USAGE, &["`Standard`"]);
    check(&sandbox, &metric(","), WRONG_USAGE, &["metric"]);
    check(&sandbox, &metric("core_weighted"), WRONG_USAGE, &["core"]);
    check(&sandbox, &metric("pagerank@"), WRONG_USAGE, &["pagerank"]);
    check(&sandbox, &metric("pagerank@mention"), UNUSABLE, &["relation `mention`", "the input has edge"]);
    check(&sandbox, &metric("pagerank_weighted@follow"), UNUSABLE, &["relation `follow`"]);
}

#[test]
fn sides_that_are_not_there() {
    let sandbox = sandbox();
    sandbox.write("people.csv", "account,stance\na,left\nb,right\nc,left\n");
    check(&sandbox, &["good.csv", "--metrics", "ei"], WRONG_USAGE, &["`ei`", "--sides"]);
    check(&sandbox, &["good.csv", "--sides", "stance"], UNUSABLE, &["--sides stance", "--accounts"]);
    let with_people = |word: &'static str| ["good.csv", "--accounts", "people.csv", "--sides", word];
    check(&sandbox, &with_people("stanze"), UNUSABLE, &["--sides stanze", "did you mean `stance`"]);
    check(&sandbox, &with_people("column:role"), UNUSABLE, &["role"]);
    check(&sandbox, &with_people("column:"), WRONG_USAGE, &["--sides"]);
    check(&sandbox, &["good.csv", "--sides", "role"], UNUSABLE, &["--sides role"]);
}

#[test]
fn a_score_that_is_defined_nowhere() {
    let sandbox = sandbox();
    sandbox.write("people.csv", "account,stance\na,left\n");
    let args = ["good.csv", "--accounts", "people.csv", "--sides", "stance", "--metrics", "ei"];
    check(&sandbox, &args, UNUSABLE, &["`ei`", "defined nowhere"]);
    check(&sandbox, &["good.csv", "--metrics", "assortativity_role"], UNUSABLE, &["`assortativity_role`", "roles"]);
}

#[test]
fn numbers_out_of_range() {
    let sandbox = sandbox();
    for (option, value) in
        [("--threads", "0"), ("--threads", "-1"), ("--threads", "x"), ("--threads", "70000"), ("--seed", "-1"), ("--seed", "x")]
    {
        check(&sandbox, &["good.csv", &format!("{option}={value}")], WRONG_USAGE, &[option, value]);
    }
}

#[test]
fn words_that_are_not_in_the_list() {
    let sandbox = sandbox();
    check(
        &sandbox,
        &["good.csv", "--format", "csv"],
        WRONG_USAGE,
        &["no format `csv`", "edges", "parquet", "ndjson", "twitter-v2"],
    );
    check(&sandbox, &["good.csv", "--sedes", "camp"], WRONG_USAGE, &["--sedes", "--sides"]);
    check(&sandbox, &["good.csv", "--relation"], WRONG_USAGE, &["--relation"]);
    check(&sandbox, &[], WRONG_USAGE, &["INPUT"]);
    let answer = sandbox.echogram(["run", "good.csv", "--progress", "loud"]);
    assert_refused(&answer, WRONG_USAGE, &["--progress", "auto, plain, none"]);
    let answer = sandbox.echogram(["completions", "tcsh"]);
    assert_refused(&answer, WRONG_USAGE, &["tcsh", "bash"]);
    let answer = sandbox.echogram(["rum", "good.csv"]);
    assert_refused(&answer, WRONG_USAGE, &["rum", "run"]);
    assert_eq!(sandbox.names(), ["good.csv"]);
}

#[test]
fn resolutions_that_cannot_be() {
    let sandbox = sandbox();
    for (range, word) in [
        ("1", "LOW..HIGH"),
        ("2..1", "above the lowest"),
        ("0..1", "above 0"),
        ("1..2:1", "2 or more"),
        ("1..2:9999", "more than 1000"),
        ("a..b", "`a` is no number"),
    ] {
        check(&sandbox, &["good.csv", "--resolutions", range], WRONG_USAGE, &["--resolutions", range, word]);
    }
    check(
        &sandbox,
        &["good.csv", "--resolutions", "1..2", "--set", "community.tolerance=-1"],
        WRONG_USAGE,
        &["community.tolerance"],
    );
}

#[test]
fn no_command_at_all() {
    let answer = sandbox().echogram::<&str>([]);
    assert_eq!((answer.code, answer.stdout.as_str()), (WRONG_USAGE, ""), "the help goes to standard error");
    assert_no_panic(&answer);
    assert!(answer.stderr.contains("Usage: echogram"), "{answer:#?}");
}

#[test]
fn a_lexicon_that_cannot_be_used() {
    let sandbox = sandbox();
    sandbox.write("words.toml", "[[role]]\nname = \"nurse\"\nword = [\"nurse\"]\n");
    check(&sandbox, &["good.csv", "--lexicon", "words.toml"], WRONG_USAGE, &["words.toml", "word"]);
    sandbox.write("words.toml", "[[role]\n");
    check(&sandbox, &["good.csv", "--lexicon", "words.toml"], WRONG_USAGE, &["words.toml", "line 1"]);
    let twice = "[[role]]\nname = \"nurse\"\nwords = [\"nurse\"]\n[[role]]\nname = \"physician\"\nwords = [\"nurse\"]\n";
    sandbox.write("words.toml", twice);
    check(&sandbox, &["good.csv", "--lexicon", "words.toml"], WRONG_USAGE, &["words.toml", "nurse"]);
    check(&sandbox, &["good.csv", "--lexicon", "good.csv"], WRONG_USAGE, &["good.csv"]);
}
