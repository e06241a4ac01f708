//! The commands as a user meets them: what they print, what they accept, what they write.

#![allow(clippy::unwrap_used)] // a failed unwrap fails the test, which is what it is for

#[path = "commands/accounts.rs"]
mod accounts;
#[path = "commands/arrow_files.rs"]
mod arrow_files;
#[path = "commands/communities.rs"]
mod communities;
#[path = "commands/compare.rs"]
mod compare;
#[path = "commands/echo.rs"]
mod echo;
#[path = "commands/edges.rs"]
mod edges;
#[path = "commands/export.rs"]
mod export;
#[path = "commands/export_round_trip.rs"]
mod export_round_trip;
#[path = "commands/generate.rs"]
mod generate;
#[path = "commands/graph_files.rs"]
mod graph_files;
#[path = "commands/inputs.rs"]
mod inputs;
#[path = "commands/leanings.rs"]
mod leanings;
#[path = "commands/metrics.rs"]
mod metrics;
#[path = "commands/quality.rs"]
mod quality;
#[path = "commands/questions.rs"]
mod questions;
#[path = "commands/roles.rs"]
mod roles;
#[path = "commands/sample.rs"]
mod sample;
#[path = "commands/study.rs"]
mod study;
#[path = "support/mod.rs"]
mod support;
#[path = "commands/time.rs"]
mod time;

use support::{Answer, RunFolder, Sandbox};

/// An edge as the tests write it: source, target, relation, weight.
type Edge = (String, String, String, f64);

/// The edges of a run, in the order of the table.
#[track_caller]
fn edges_of(run: &RunFolder) -> Vec<Edge> {
    let table = run.table("edges");
    let text = |name: &str, row: usize| table.text(name, row).unwrap().to_owned();
    let edge = |row| (text("source", row), text("target", row), text("relation", row), table.number("weight", row).unwrap());
    (0..table.rows()).map(edge).collect()
}

/// `a>b c>a*2 a>c:reply` as edges: weight 1 and the relation `edge` where nothing else is said.
fn arrows(text: &str) -> Vec<Edge> {
    let edge = |word: &str| {
        let (ends, relation) = word.split_once(':').unwrap_or((word, "edge"));
        let (ends, weight) = ends.split_once('*').unwrap_or((ends, "1"));
        let (source, target) = ends.split_once('>').unwrap();
        (source.to_owned(), target.to_owned(), relation.to_owned(), weight.parse().unwrap())
    };
    text.split_whitespace().map(edge).collect()
}

/// A file of these contents, run with these options, has just these edges. Gives the run, and the folder that holds it.
#[track_caller]
fn check_edges(name: &str, contents: impl AsRef<[u8]>, args: &[&str], wanted: &str) -> (Sandbox, RunFolder) {
    let sandbox = Sandbox::new();
    sandbox.write(name, contents);
    let run = sandbox.run_folder([name].iter().chain(args));
    assert_eq!(edges_of(&run), arrows(wanted), "{name} {args:?}");
    (sandbox, run)
}

/// Asserts that a command did well and gives its standard output.
#[track_caller]
fn said(answer: Answer) -> String {
    assert_eq!(answer.code, 0, "{answer:#?}");
    assert!(!answer.stdout.is_empty(), "{answer:#?}");
    answer.stdout
}
