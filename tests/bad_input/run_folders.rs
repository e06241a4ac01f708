//! Questions about folders that are no run folders, or damaged ones, and questions that have no answer.

use crate::support::Sandbox;
use crate::{UNUSABLE, WRONG_USAGE, assert_no_panic, assert_refused, sandbox};

/// All commands that read run folders are refused.
#[track_caller]
fn check(sandbox: &Sandbox, folder: &str, words: &[&str]) {
    assert_refused(&sandbox.echogram(["top", folder]), UNUSABLE, words);
    assert_refused(&sandbox.echogram(["account", folder, "a"]), UNUSABLE, words);
    assert_refused(&sandbox.echogram(["compare", folder, folder]), UNUSABLE, words);
}

/// A folder with the run folder `run` in it.
fn with_run() -> Sandbox {
    let sandbox = sandbox();
    sandbox.run_folder(["good.csv"]);
    sandbox
}

#[test]
fn folders_that_are_no_run_folders() {
    let sandbox = sandbox();
    std::fs::create_dir(sandbox.path("empty")).unwrap();
    check(&sandbox, "empty", &["empty", "no run folder", "echogram run"]);
    check(&sandbox, "nowhere", &["nowhere", "no run folder"]);
    check(&sandbox, "good.csv", &["good.csv", "no run folder"]);
}

#[test]
fn damaged_manifests() {
    let sandbox = with_run();
    let sound = std::fs::read(sandbox.path("run/manifest.json")).unwrap();
    for contents in [&sound[..sound.len() / 2], b"", b"{}", b"[]", b"rubbish", b"\xff\xfe\0"] {
        sandbox.write("run/manifest.json", contents);
        check(&sandbox, "run", &["manifest.json", "damaged manifest"]);
    }
}

#[test]
fn damaged_tables() {
    let sandbox = with_run();
    let path = sandbox.path("run/accounts.parquet");
    let sound = std::fs::read(&path).unwrap();
    for contents in [&sound[..sound.len() / 2], &sound[..sound.len() - 1], b"", b"PAR1", b"rubbish"] {
        std::fs::write(&path, contents).unwrap();
        check(&sandbox, "run", &["accounts.parquet", "damaged"]);
    }
    std::fs::remove_file(&path).unwrap();
    check(&sandbox, "run", &["accounts.parquet"]);
    std::fs::write(&path, &sound).unwrap();
    let edges = sandbox.path("run/edges.parquet");
    let whole = std::fs::read(&edges).unwrap();
    std::fs::write(&edges, &whole[..whole.len() / 2]).unwrap();
    assert_refused(&sandbox.echogram(["account", "run", "a"]), UNUSABLE, &["edges.parquet", "damaged"]);
    assert_eq!(sandbox.echogram(["top", "run"]).code, 0, "a ranking needs no edges");
}

#[test]
fn any_flipped_byte_is_told() {
    let sandbox = with_run();
    let path = sandbox.path("run/accounts.parquet");
    let sound = std::fs::read(&path).unwrap();
    // Most bytes are the footer's, in which readers of Parquet trust lengths.
    for at in (4..sound.len()).step_by(sound.len() / 60) {
        let mut flipped = sound.clone();
        flipped[at] ^= 0x2a;
        std::fs::write(&path, flipped).unwrap();
        let answer = sandbox.echogram(["top", "run"]);
        assert_no_panic(&answer);
        assert!([0, UNUSABLE].contains(&answer.code), "byte {at}: {answer:#?}");
    }
}

#[test]
fn accounts_that_are_not_there() {
    let sandbox = sandbox();
    sandbox.write("people.csv", "account,handle\na,AnnaBell\nb,bob_42\n");
    sandbox.run_folder(["good.csv", "--accounts", "people.csv"]);
    let account = |wanted: &str| sandbox.echogram(["account", "run", wanted]);
    assert_refused(&account("AnaBell"), UNUSABLE, &["`AnaBell`", "nearest is `AnnaBell`"]);
    assert_refused(&account("@bob_24"), UNUSABLE, &["`@bob_24`", "nearest is `bob_42`"]);
    assert_refused(&account(""), UNUSABLE, &["no account"]);
    assert_refused(&sandbox.echogram(["account", "run"]), WRONG_USAGE, &["ACCOUNT"]);
}

#[test]
fn rankings_that_cannot_be() {
    let sandbox = sandbox();
    sandbox.write("people.csv", "account,role\na,nurse\nb,physician\n");
    sandbox.run_folder(["good.csv", "--accounts", "people.csv"]);
    let top = |args: &[&str]| sandbox.echogram(["top", "run"].iter().chain(args));
    assert_refused(&top(&["--by", "in_degre"]), UNUSABLE, &["`in_degre`", "nearest is `in_degree`"]);
    assert_refused(&top(&["--by", "role"]), UNUSABLE, &["`role`", "in_degree"]);
    assert_refused(&top(&["--role", "wizard"]), UNUSABLE, &["`wizard`", "nurse, physician"]);
    assert_refused(&top(&["--community", "99"]), UNUSABLE, &["community `99`"]);
    assert_refused(&top(&["--community=-1"]), WRONG_USAGE, &["--community"]);
    assert_refused(&top(&["--limit=-1"]), WRONG_USAGE, &["--limit"]);
    assert_refused(&top(&["--limit", "x"]), WRONG_USAGE, &["--limit", "x"]);
    assert_refused(&sandbox.echogram(["metrics", "pagerankk"]), WRONG_USAGE, &["`pagerankk`", "`pagerank`"]);
    assert_refused(&sandbox.echogram(["metrics", ""]), WRONG_USAGE, &["metric"]);
}

#[test]
fn runs_that_cannot_be_compared() {
    let sandbox = with_run();
    sandbox.run_into("bare", ["good.csv", "--metrics", "core"]);
    sandbox.run_into("louvain", ["good.csv", "--metrics", "community_louvain"]);
    sandbox.write("others.csv", "source,target\n1,2\n2,3\n");
    sandbox.run_into("others", ["others.csv"]);
    let compare = |args: &[&str]| sandbox.echogram(["compare"].iter().chain(args));
    assert_refused(&compare(&["run", "nowhere"]), UNUSABLE, &["nowhere", "no run folder"]);
    assert_refused(
        &compare(&["run", "bare", "--column", "community"]),
        UNUSABLE,
        &["bare", "no communities `community`", "--metrics"],
    );
    assert_refused(&compare(&["louvain", "run", "--column", "community"]), UNUSABLE, &["louvain", "it has community_louvain"]);
    assert_refused(&compare(&["run", "run", "--column", "pagerank"]), UNUSABLE, &["no communities `pagerank`", "community"]);
    assert_refused(
        &compare(&["run", "others"]),
        UNUSABLE,
        &["no account", "keys of run are such as `a`", "keys of others such as `1`"],
    );
    assert_refused(&compare(&["run"]), WRONG_USAGE, &["RUN_B"]);
    assert_refused(&compare(&["run", "run", "--limit", "x"]), WRONG_USAGE, &["--limit", "x"]);
}
