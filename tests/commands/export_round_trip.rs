//! Graph files that `export` wrote, read back by `run`: the same edges and the same descriptions of accounts.

use crate::said;
use crate::support::{RunFolder, Sandbox};

const COLUMNS: [&str; 8] = ["account", "handle", "name", "bio", "role", "country", "followers", "leaning"];

/// A run of these rows, each a distinct edge, and of hostile texts.
fn with_run(rows: &str, args: &[&str]) -> (Sandbox, RunFolder) {
    let sandbox = Sandbox::new();
    sandbox.write("edges.csv", rows);
    let people = "{\"account\":\"alone\",\"bio\":\"two\\nlines, \\\"quoted\\\" <&> ]]> 😀\",\"leaning\":-0.5,\"followers\":3}\n{\"account\":\"a\",\"role\":\"nurse\"}\n";
    sandbox.write("people.ndjson", people);
    let run = sandbox.run_folder(["edges.csv", "--accounts", "people.ndjson"].iter().chain(args));
    (sandbox, run)
}

/// Exports, reads back, and compares edges to the last bit, and these columns of the accounts.
#[track_caller]
fn check(sandbox: &Sandbox, run: &RunFolder, format: &str, file: &str, columns: &[&str]) {
    said(sandbox.echogram(["export", "run", "--format", format, "-o", file]));
    let again = sandbox.run_into(&format!("again-{format}"), [file]);
    assert_eq!(again.digests()["edges"], run.digests()["edges"], "{format}");
    assert_eq!(again.manifest()["graph"], run.manifest()["graph"], "{format}");
    for column in columns {
        assert_eq!(again.table("accounts").column(column), run.table("accounts").column(column), "{format}, {column}");
    }
}

#[test]
fn several_relations() {
    let (sandbox, run) = with_run("source,target,relation,weight\na,b,reply,0.1\na,b,mention,1e-7\n\"b, c\",a,reply,3\n", &[]);
    check(&sandbox, &run, "graphml", "x.graphml", &COLUMNS);
    check(&sandbox, &run, "gexf", "x.gexf", &COLUMNS);
    check(&sandbox, &run, "pajek", "x.net", &["account"]);
}

#[test]
fn undirected() {
    let (sandbox, run) = with_run("source,target,weight\na,b,0.25\nc,a,2\n", &["--undirected"]);
    check(&sandbox, &run, "graphml", "x.graphml", &COLUMNS);
    check(&sandbox, &run, "gexf", "x.gexf", &COLUMNS);
    check(&sandbox, &run, "pajek", "x.net", &["account"]);
}

/// A matrix knows rows only: accounts come back as their numbers, in the same order.
#[test]
fn matrices() {
    for (args, rows) in [(&[][..], "source,target\n1,2\n3,1\n2,3\n"), (&["--undirected"], "source,target\n1,2\n3,1\n2,3\n")] {
        let sandbox = Sandbox::new();
        sandbox.write("edges.csv", rows);
        let run = sandbox.run_folder(["edges.csv"].iter().chain(args));
        check(&sandbox, &run, "mtx", "x.mtx", &["account"]);
    }
}
