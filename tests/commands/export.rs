//! `export`: what is written in each format, and what is refused.

use crate::said;
use crate::support::{Answer, Sandbox};

/// A run `run` of three accounts and two relations, whose texts are hostile.
fn with_run() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("edges.csv", "source,target,relation,weight\na,b,reply,0.5\na,b,mention,1\nb,-c,reply,2\n");
    let people = concat!(
        "{\"account\":\"a\",\"handle\":\"ann\",\"bio\":\"=1+1\\ntwo \\\"lines\\\", <&> ]]> \\u0007 😀\",\"leaning\":-0.5}\n",
        "{\"account\":\"b\",\"bio\":\"\\u05d0\\u202e\\u05d1\",\"city\":\"-Oss\"}\n",
    );
    sandbox.write("people.ndjson", people);
    sandbox.run_folder(["edges.csv", "--accounts", "people.ndjson"]);
    sandbox
}

fn export(sandbox: &Sandbox, args: &[&str]) -> Answer {
    sandbox.echogram(["export", "run"].iter().chain(args))
}

#[track_caller]
fn refused(answer: &Answer, code: i32, words: &[&str]) {
    assert_eq!((answer.code, answer.stdout.as_str()), (code, ""), "{answer:#?}");
    assert!(words.iter().all(|word| answer.stderr.contains(word)), "{words:?}\n{answer:#?}");
}

const FORMATS: [&str; 7] = ["csv", "gexf", "graphml", "mtx", "ndjson", "pajek", "parquet"];
/// A column that the readers of spreadsheets must not run, and a format's own first line.
const BEGINNINGS: [(&str, &str); 4] = [
    ("gexf", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gexf "),
    ("graphml", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml "),
    ("mtx", "%%MatrixMarket matrix coordinate real general\n"),
    ("pajek", "*Vertices 3\n"),
];

#[test]
fn graph_files_on_standard_output_and_on_disk() {
    let sandbox = with_run();
    for (format, beginning) in BEGINNINGS {
        let answer = export(&sandbox, &["--format", format, "-o", "-"]);
        assert!(answer.code == 0 && answer.stdout.starts_with(beginning), "{answer:#?}");
        assert!(answer.stderr.contains("3 accounts, 3 edges"), "{answer:#?}");
        let said = said(export(&sandbox, &["--format", format]));
        assert!(said.contains("3 accounts, 3 edges"), "{said}");
        let ending = if format == "pajek" { "net" } else { format };
        assert_eq!(std::fs::read_to_string(sandbox.path(&format!("run.{ending}"))).unwrap(), answer.stdout);
    }
    let names = ["edges.csv", "people.ndjson", "run", "run.accounts.csv", "run.gexf", "run.graphml", "run.mtx", "run.net"];
    assert_eq!(sandbox.names(), names, "nothing else is left behind");
}

#[test]
fn pajek_and_mtx_hold_weights() {
    let sandbox = with_run();
    let pajek = said(export(&sandbox, &["--format", "pajek", "-o", "-"]));
    // Accounts stand in the order of their keys: `-c`, `a`, `b`.
    let wanted = "*Vertices 3\n1 \"-c\"\n2 \"a\"\n3 \"b\"\n*Arcs\n2 3 1 l \"mention\"\n2 3 0.5 l \"reply\"\n3 1 2 l \"reply\"\n";
    assert_eq!(pajek, wanted);
    let mtx = said(export(&sandbox, &["--format", "mtx", "-o", "-"]));
    assert!(mtx.ends_with("\n3 3 2\n2 3 1.5\n3 1 2\n"), "{mtx}");
    let mtx = said(export(&sandbox, &["--format", "mtx", "-o", "-", "--relation", "reply"]));
    assert!(mtx.ends_with("\n3 3 2\n2 3 0.5\n3 1 2\n"), "{mtx}");
    said(export(&sandbox, &["--format", "mtx", "-o", "m.mtx"]));
    assert_eq!(std::fs::read_to_string(sandbox.path("m.accounts.csv")).unwrap(), "row,account\n1,'-c\n2,a\n3,b\n");
}

#[test]
fn undirected_runs_stay_undirected() {
    let sandbox = Sandbox::new();
    sandbox.write("edges.csv", "source,target\nb,a\nc,b\n");
    sandbox.run_folder(["edges.csv", "--undirected"]);
    let written = |format: &str| said(export(&sandbox, &["--format", format, "-o", "-"]));
    assert!(written("pajek").contains("\n*Edges\n1 2 1 "));
    assert!(written("mtx").starts_with("%%MatrixMarket matrix coordinate real symmetric\n"));
    assert!(written("mtx").ends_with("\n3 3 2\n2 1 1\n3 2 1\n"), "the lower triangle");
    assert!(written("graphml").contains("edgedefault=\"undirected\""));
    assert!(written("gexf").contains("defaultedgetype=\"undirected\" mode=\"static\""));
}

#[test]
fn xml_holds_any_text() {
    let sandbox = with_run();
    let graphml = said(export(&sandbox, &["--format", "graphml", "-o", "-", "--columns", "bio,leaning"]));
    assert!(graphml.contains(">=1+1&#10;two &quot;lines&quot;, &lt;&amp;&gt; ]]&gt; \u{fffd} 😀</data>"), "{graphml}");
    assert!(graphml.contains("attr.name=\"leaning\" attr.type=\"double\"") && graphml.contains(">-0.5</data>"), "{graphml}");
    assert!(!graphml.contains("attr.name=\"handle\""), "{graphml}");
}

#[test]
fn cells_that_a_spreadsheet_would_run_are_neutralised() {
    let sandbox = with_run();
    let summary = said(export(&sandbox, &["--format", "csv"]));
    assert!(summary.contains("4 cells begin like a formula"), "{summary}");
    let accounts = std::fs::read_to_string(sandbox.path("run-csv/accounts.csv")).unwrap();
    assert!(accounts.contains("\n'-c,"), "{accounts}");
    assert!(accounts.contains(",\"'=1+1\ntwo \"\"lines\"\", <&> ]]> \u{7} 😀\","), "{accounts}");
    assert!(accounts.contains(",-0.5,") && accounts.contains(",'-Oss"), "numbers stay numbers: {accounts}");
    let edges = std::fs::read_to_string(sandbox.path("run-csv/edges.csv")).unwrap();
    assert_eq!(edges, "source,target,relation,weight,events\na,b,mention,1,1\na,b,reply,0.5,1\nb,'-c,reply,2,1\n");
    let raw = said(export(&sandbox, &["--format", "csv", "--raw-cells", "--tables", "edges", "-o", "-", "--relation", "reply"]));
    assert_eq!(raw, "source,target,relation,weight,events\na,b,reply,0.5,1\nb,-c,reply,2,1\n");
}

#[test]
fn tables_as_asked_for() {
    let sandbox = with_run();
    said(export(&sandbox, &["--format", "ndjson", "-o", "few/deep", "--tables", "edges"]));
    let edges = std::fs::read_to_string(sandbox.path("few/deep/edges.ndjson")).unwrap();
    assert!(
        edges.starts_with("{\"source\":\"a\",\"target\":\"b\",\"relation\":\"mention\",\"weight\":1.0,\"events\":1}\n"),
        "{edges}"
    );
    let answer = export(&sandbox, &["--format", "parquet", "--tables", "all", "--json", "-o", "all"]);
    assert_eq!(answer.json()["format"], "parquet");
    for file in std::fs::read_dir(sandbox.path("all")).unwrap().map(|entry| entry.unwrap()) {
        assert_eq!(std::fs::read(file.path()).unwrap(), std::fs::read(sandbox.path("run").join(file.file_name())).unwrap());
    }
    said(export(&sandbox, &["--format", "parquet", "-o", "one", "--relation", "reply", "--columns", "bio"]));
    let table = |name: &str| crate::support::Table::read(sandbox.path("one").join(name));
    assert_eq!(table("edges.parquet").texts("target"), ["b", "-c"]);
    assert_eq!(table("accounts.parquet").names, ["account", "bio"]);
}

#[test]
fn nothing_is_overwritten_unless_that_was_said() {
    let sandbox = with_run();
    for format in FORMATS {
        said(export(&sandbox, &["--format", format, "-o", "out"]));
        refused(&export(&sandbox, &["--format", format, "-o", "out"]), 4, &["out: exists", "--force"]);
        said(export(&sandbox, &["--format", format, "-o", "out", "--force"]));
        let out = sandbox.path("out");
        if out.is_dir() {
            std::fs::remove_dir_all(out).unwrap();
        } else {
            std::fs::remove_file(out).unwrap();
        }
        let _ = std::fs::remove_file(sandbox.path("out.accounts.csv"));
    }
    sandbox.write("out/letters.csv", "keep me");
    refused(&export(&sandbox, &["--format", "csv", "-o", "out", "--force"]), 4, &["holds more than tables"]);
    refused(&export(&sandbox, &["--format", "csv", "-o", "people.ndjson", "--force"]), 4, &["no folder"]);
    sandbox.write("m.accounts.csv", "keep me");
    refused(&export(&sandbox, &["--format", "mtx", "-o", "m.mtx"]), 4, &["m.accounts.csv: exists"]);
    for place in ["run/x.net", "run", "run/deep/x.net"] {
        refused(&export(&sandbox, &["--format", "pajek", "-o", place]), 4, &["never changed"]);
    }
    refused(&export(&sandbox, &["--format", "pajek", "-o", "people.ndjson/x.net"]), 4, &["cannot"]);
    assert_eq!(sandbox.names(), ["edges.csv", "m.accounts.csv", "out", "people.ndjson", "run"]);
}

#[test]
fn requests_that_cannot_be() {
    let sandbox = with_run();
    let check = |args: &[&str], code: i32, words: &[&str]| refused(&export(&sandbox, args), code, words);
    check(&["--format", "graphm"], 2, &["`graphm`", "nearest is `graphml`", "csv, gexf, graphml, mtx, ndjson, pajek, parquet"]);
    check(&["--format", ""], 2, &["no export format"]);
    check(&[], 2, &["--format"]);
    check(&["--format", "gexf", "--tables", "edges"], 2, &["--tables", "gexf"]);
    check(&["--format", "gexf", "--raw-cells"], 2, &["--raw-cells"]);
    check(&["--format", "csv", "-o", "-"], 2, &["--tables"]);
    check(&["--format", "gexf", "-o", "-", "--json"], 2, &["--json"]);
    check(&["--format", "csv", "--tables", "echos"], 3, &["`echos`", "accounts", "edges"]);
    check(&["--format", "csv", "--relation", "replay"], 3, &["`replay`", "nearest is `reply`"]);
    check(&["--format", "csv", "--columns", "boi"], 3, &["`boi`", "nearest is `bio`"]);
    refused(&sandbox.echogram(["export", "nowhere", "--format", "csv"]), 3, &["no run folder"]);
    let path = sandbox.path("run/edges.parquet");
    let sound = std::fs::read(&path).unwrap();
    for contents in [&sound[..sound.len() / 2], b"", b"rubbish"] {
        std::fs::write(&path, contents).unwrap();
        for format in FORMATS {
            check(&["--format", format], 3, &["edges.parquet", "damaged"]);
        }
    }
    std::fs::remove_file(&path).unwrap();
    check(&["--format", "csv"], 3, &["edges.parquet"]);
    assert_eq!(sandbox.names(), ["edges.csv", "people.ndjson", "run"], "nothing is written");
}

/// Runs read back: every edge of the first run stands for one row, so that counts and times are those of one row again.
#[test]
fn tables_read_back_are_the_same_edges() {
    let sandbox = Sandbox::new();
    let rows = "source,target,relation,weight,time\na,b,reply,0.1,2026-01-01\na,b,mention,1e-7,2026-01-02T03:04:05.678Z\n\"b, \"\"c\"\"\",a,reply,3,\n\"x\ny\",a,reply,3,\n";
    sandbox.write("edges.csv", rows);
    sandbox.write(
        "people.ndjson",
        "{\"account\":\"alone\",\"bio\":\"two\\nlines, \\\"quoted\\\" 😀\",\"leaning\":-0.5,\"verified\":true}\n",
    );
    let run = sandbox.run_folder(["edges.csv", "--accounts", "people.ndjson"]);
    for format in ["csv", "ndjson", "parquet"] {
        said(export(&sandbox, &["--format", format, "-o", format]));
        let [edges, accounts] = ["edges", "accounts"].map(|table| format!("{format}/{table}.{format}"));
        let again =
            sandbox.run_into(&format!("{format}-again"), [edges.as_str(), "--accounts", &accounts, "--columns", "time=first"]);
        assert_eq!(again.digests()["edges"], run.digests()["edges"], "{format}");
        let (old, new) = (run.table("accounts"), again.table("accounts"));
        for column in
            ["account", "handle", "name", "bio", "role", "country", "verified", "followers", "created", "leaning", "url"]
        {
            assert_eq!(new.column(column), old.column(column), "{format}, {column}");
        }
    }
}
