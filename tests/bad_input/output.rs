//! Places that cannot be written: told before the work starts where that is possible, and nothing is harmed.

use crate::{CANNOT_WRITE, WRONG_USAGE, check, sandbox};
use std::process::Command;

#[test]
fn a_folder_that_exists() {
    let sandbox = sandbox();
    sandbox.run_folder(["good.csv"]);
    let digests = || std::fs::read(sandbox.path("run/manifest.json")).unwrap();
    let before = digests();
    check(&sandbox, &["good.csv"], CANNOT_WRITE, &["run: exists", "-o", "--force"]);
    assert_eq!(digests(), before, "the run that stood there is as it was");
    check(&sandbox, &["good.csv", "-o", "."], CANNOT_WRITE, &["exists"]);
    check(&sandbox, &["good.csv", "-o", "good.csv"], CANNOT_WRITE, &["good.csv", "exists"]);
}

#[test]
fn force_replaces_run_folders_only() {
    let sandbox = sandbox();
    sandbox.write("precious/letters.txt", "keep me");
    check(&sandbox, &["good.csv", "-o", "precious", "--force"], CANNOT_WRITE, &["precious", "no run folder", "--force"]);
    assert_eq!(std::fs::read_to_string(sandbox.path("precious/letters.txt")).unwrap(), "keep me");
    check(&sandbox, &["good.csv", "-o", "good.csv", "--force"], CANNOT_WRITE, &["good.csv", "no run folder"]);
    check(&sandbox, &["good.csv", "-o", ".", "--force"], CANNOT_WRITE, &["no run folder"]);
    sandbox.run_folder(["good.csv"]);
    let started = |folder: &str| {
        let text = std::fs::read_to_string(sandbox.path(folder).join("manifest.json")).unwrap();
        serde_json::from_str::<serde_json::Value>(&text).unwrap()["started"].clone()
    };
    let before = started("run");
    sandbox.run_into("run", ["good.csv", "--force"]);
    assert_ne!(started("run"), before, "a run folder is replaced");
    assert_eq!(sandbox.names(), ["good.csv", "precious", "run"]);
}

#[test]
fn places_where_nothing_can_be_written() {
    let sandbox = sandbox();
    check(&sandbox, &["good.csv", "-o", "good.csv/run"], CANNOT_WRITE, &["good.csv", "cannot write"]);
    check(&sandbox, &["good.csv", "-o", "good.csv/deep/run"], CANNOT_WRITE, &["good.csv", "cannot write"]);
    check(&sandbox, &["good.csv", "-o", ""], WRONG_USAGE, &["--output"]);
    if cfg!(target_os = "linux") {
        check(&sandbox, &["good.csv", "-o", "/proc/run"], CANNOT_WRITE, &["/proc", "cannot write"]);
    }
}

#[test]
fn a_bad_input_makes_no_folder() {
    let sandbox = sandbox();
    sandbox.write("bad.csv", "source,target,weight\na,b,0\n");
    check(&sandbox, &["bad.csv", "-o", "new/deep/run"], crate::UNUSABLE, &["no usable row"]);
    check(&sandbox, &["good.csv", "-o", "new/deep/run", "--metrics", "pagerank@x"], crate::UNUSABLE, &["relation"]);
}

#[test]
fn folders_above_are_made() {
    let sandbox = sandbox();
    sandbox.run_into("new/deep/run", ["good.csv"]);
    let answer = sandbox.echogram(["top", "new/deep/run/"]);
    assert_eq!(answer.code, 0, "{answer:#?}");
    sandbox.run_into("slash/", ["good.csv"]);
    assert_eq!(sandbox.names(), ["good.csv", "new", "slash"]);
}

/// Runs in a file system of 64 KiB that only this process sees.
#[test]
#[allow(clippy::print_stderr)] // a test that is passed over must say so
fn a_full_disk() {
    let sandbox = sandbox();
    let rows: String = (0..20_000_u32).map(|row| format!("user{},user{}\n", row * 7 % 9_973, row * 31 % 9_967)).collect();
    sandbox.write("many.csv", format!("source,target\n{rows}"));
    std::fs::create_dir(sandbox.path("small")).unwrap();
    let script = "mount -t tmpfs -o size=64k tmpfs small || exit 99\n\
                  \"$0\" run many.csv -o small/deep/run --progress none --metrics quick > out.txt 2> err.txt\n\
                  echo $? > status.txt; ls -A small > left.txt";
    let program = sandbox.command(["--version"]).get_program().to_owned();
    let mut shell = Command::new("unshare");
    shell.args(["--user", "--map-root-user", "--mount", "sh", "-c", script]).arg(program).current_dir(sandbox.folder());
    match shell.status() {
        Ok(status) if status.success() => {}
        other => return eprintln!("skipped: no file system of one's own can be mounted here ({other:?})"),
    }
    let read = |name: &str| std::fs::read_to_string(sandbox.path(name)).unwrap();
    assert_eq!(read("status.txt").trim(), CANNOT_WRITE.to_string(), "{}", read("err.txt"));
    assert!(read("err.txt").contains("No space left"), "{}", read("err.txt"));
    assert_eq!(
        (read("out.txt"), read("left.txt")),
        (String::new(), String::new()),
        "nothing is said to be done, nothing is left"
    );
}
