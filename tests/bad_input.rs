//! What goes wrong, from outside: exit status, the words of the message on standard error, nothing on standard output, and nothing left
//! behind on disk. The program never panics.

#![allow(clippy::unwrap_used)] // a failed unwrap fails the test, which is what it is for

#[path = "bad_input/accounts.rs"]
mod accounts;
#[path = "bad_input/files.rs"]
mod files;
#[path = "bad_input/graph_files.rs"]
mod graph_files;
#[path = "bad_input/memory.rs"]
mod memory;
#[path = "bad_input/options.rs"]
mod options;
#[path = "bad_input/output.rs"]
mod output;
#[path = "bad_input/parquet_files.rs"]
mod parquet_files;
#[path = "bad_input/posts.rs"]
mod posts;
#[path = "bad_input/rows.rs"]
mod rows;
#[path = "bad_input/run_folders.rs"]
mod run_folders;
#[path = "bad_input/signals.rs"]
mod signals;
#[path = "bad_input/study_files.rs"]
mod study_files;
#[path = "support/mod.rs"]
mod support;

use support::{Answer, Sandbox, Table};

/// Exit statuses.
const WRONG_USAGE: i32 = 2;
const UNUSABLE: i32 = 3;
const CANNOT_WRITE: i32 = 4;
const INTERRUPTED: i32 = 130;

/// Four edges that nothing is wrong with.
const GOOD_EDGES: &str = "source,target\na,b\nb,c\nc,a\nd,a\n";

/// A folder with `good.csv` in it.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("good.csv", GOOD_EDGES);
    sandbox
}

/// Asserts that a command ended with `code`, said each of `words` on standard error and nothing else anywhere.
#[track_caller]
fn assert_refused(answer: &Answer, code: i32, words: &[&str]) {
    assert_eq!(answer.code, code, "exit status\n{answer:#?}");
    assert_eq!(answer.stdout, "", "standard output\n{answer:#?}");
    assert!(answer.stderr.starts_with("error: "), "{answer:#?}");
    assert_no_panic(answer);
    for word in words {
        assert!(answer.stderr.contains(word), "no `{word}` in the message\n{answer:#?}");
    }
}

#[track_caller]
fn assert_no_panic(answer: &Answer) {
    assert!(!answer.stderr.contains("panicked") && !answer.stderr.contains("stack backtrace"), "{answer:#?}");
}

/// `echogram run ARGS -o run` is refused, and the folder is as it was. A wrong argument of `args` is the whole story: `good.csv` is there.
#[track_caller]
fn check(sandbox: &Sandbox, args: &[&str], code: i32, words: &[&str]) {
    let before = sandbox.names();
    let mut all = vec!["run", "--progress", "none"];
    all.extend(args);
    if !args.contains(&"-o") {
        all.extend(["-o", "run"]);
    }
    assert_refused(&sandbox.echogram(&all), code, words);
    assert_eq!(sandbox.names(), before, "left behind by {args:?}");
}

/// `echogram run NAME` is refused for a file of these contents.
#[track_caller]
fn check_file(name: &str, contents: impl AsRef<[u8]>, words: &[&str]) {
    let sandbox = sandbox();
    sandbox.write(name, contents);
    let mut words = words.to_vec();
    words.push(name);
    check(&sandbox, &[name], UNUSABLE, &words);
}

/// `echogram run NAME ARGS` works, and rejects just these rows: line, field, a part of the reason. Gives (source, target) of the edges.
#[track_caller]
fn check_rejects(name: &str, contents: impl AsRef<[u8]>, args: &[&str], wanted: &[(u64, &str, &str)]) -> Vec<(String, String)> {
    let sandbox = sandbox();
    sandbox.write(name, contents);
    let mut all = vec!["run", name, "-o", "run", "--progress", "none", "--json"];
    all.extend(args);
    let answer = sandbox.echogram(&all);
    assert_eq!(answer.code, 0, "{answer:#?}");
    assert_no_panic(&answer);
    assert_eq!(answer.json()["rejected"], wanted.len(), "{answer:#?}");
    let rejects = Table::read(sandbox.path("run/rejects.parquet"));
    let found: Vec<(u64, &str, &str)> = (0..rejects.rows())
        .map(|row| {
            let line = rejects.number("line", row).unwrap() as u64;
            (line, rejects.text("field", row).unwrap(), rejects.text("reason", row).unwrap())
        })
        .collect();
    let places = |rows: &[(u64, &str, &str)]| rows.iter().map(|row| (row.0, row.1.to_owned())).collect::<Vec<_>>();
    assert_eq!(places(&found), places(wanted), "{found:?}");
    for (found, wanted) in found.iter().zip(wanted) {
        assert!(found.2.contains(wanted.2), "line {}: got {:?}, wanted {:?}", found.0, found.2, wanted.2);
    }
    let edges = Table::read(sandbox.path("run/edges.parquet"));
    let text = |column: &str, row: usize| edges.text(column, row).unwrap().to_owned();
    (0..edges.rows()).map(|row| (text("source", row), text("target", row))).collect()
}

/// Pairs of words as [`check_rejects`] gives them.
fn edges(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|pair| (pair.0.to_owned(), pair.1.to_owned())).collect()
}
