//! `--from`, `--to` and `--window`: what counts, what is left out, and the table of windows.

use crate::support::{RunFolder, Sandbox};
use crate::{arrows, check_edges, edges_of, said};

/// Three weeks: Monday 2026-03-02, Sunday 2026-03-08, Monday 2026-03-16; and a row without a time.
const ROWS: &str = "source,target,time\na,b,2026-03-02\nb,c,2026-03-08T23:59:59Z\nc,a,2026-03-16T00:00\na,c,\n";

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("edges.csv", ROWS);
    sandbox
}

/// Values of one metric by window: (first day, value).
fn series(run: &RunFolder, metric: &str) -> Vec<(i64, Option<f64>)> {
    let table = run.table("timeline");
    let rows =
        (0..table.rows()).filter(|&row| table.text("metric", row) == Some(metric) && table.text("relation", row) == Some("all"));
    rows.map(|row| (table.time("window_start", row).unwrap() / 86_400_000_000, table.number("value", row))).collect()
}

#[test]
fn the_end_is_not_included_and_rows_without_a_time_are_left_out() {
    for (args, wanted) in [
        (&["--from", "2026-03-08"][..], "b>c c>a"),
        (&["--to", "2026-03-16"], "a>b b>c"),
        (&["--from", "2026-03-02", "--to", "2026-03-03"], "a>b"),
        (&["--from", "1772409600"], "a>b b>c c>a"),
        (&["--from", "1772409601000"], "b>c c>a"),
        (&["--to", "1772409600000001"], "a>b"),
        (&[], "a>b a>c b>c c>a"),
    ] {
        check_edges("edges.csv", ROWS, args, wanted);
    }
    let answer = sandbox().echogram(["run", "edges.csv", "--from", "1772409600", "-o", "run", "--progress", "none"]);
    let page = said(answer);
    assert!(page.contains("from 2026-03-02"), "what was understood is said: {page}");
    assert!(page.contains("rows without time: 1 of 4"), "{page}");
}

#[test]
fn posts_outside_the_period_still_tell_who_wrote_them() {
    let sandbox = Sandbox::new();
    let post = |id: &str, author: &str, day: &str, more: &str| {
        format!("{{\"id\":\"{id}\",\"author_id\":\"{author}\",\"created_at\":\"{day}T00:00:00Z\",\"text\":\"x\"{more}}}\n")
    };
    let reply = r#","referenced_tweets":[{"type":"replied_to","id":"1"}]"#;
    sandbox.write("posts.jsonl", post("1", "7", "2026-01-01", "") + &post("2", "8", "2026-02-01", reply));
    let run = sandbox.run_folder(["posts.jsonl", "--from", "2026-01-15", "--format", "twitter-v2"]);
    assert_eq!(edges_of(&run), arrows("8>7:reply"));
}

#[test]
fn windows_begin_on_mondays() {
    let sandbox = sandbox();
    let run = sandbox.run_folder(["edges.csv", "--window", "1w", "--metrics", "quick,density"]);
    // 2026-03-02 is day 20514 since 1970; the week in between is empty.
    assert_eq!(series(&run, "edges"), [(20_514, Some(2.0)), (20_521, Some(0.0)), (20_528, Some(1.0))]);
    assert_eq!(series(&run, "accounts"), [(20_514, Some(3.0)), (20_521, Some(0.0)), (20_528, Some(2.0))]);
    assert_eq!(series(&run, "density")[0].1, Some(2.0 / 6.0));
    assert_eq!(run.table("edges").rows(), 4, "the run as a whole has all rows");
    assert_eq!(series(&sandbox.run_folder(["edges.csv", "--window", "1mo"]), "events"), [(20_513, Some(3.0))]);
}

#[test]
fn windows_of_ties_without_time_are_told() {
    let sandbox = Sandbox::new();
    sandbox.write("bare.csv", "source,target\na,b\n");
    let run = sandbox.run_folder(["bare.csv", "--window", "1w"]);
    assert!(run.manifest()["warnings"].to_string().contains("no timeline") && !run.has_table("timeline"));
}

#[test]
fn windows_do_not_depend_on_the_order_of_rows() {
    let sandbox = sandbox();
    let turned: String = ROWS
        .lines()
        .take(1)
        .chain(ROWS.lines().skip(1).collect::<Vec<_>>().into_iter().rev())
        .map(|row| format!("{row}\n"))
        .collect();
    sandbox.write("turned.csv", turned);
    let digests = |file: &str, threads: &str| sandbox.run_folder([file, "--window", "1d", "--threads", threads]).digests();
    assert_eq!(digests("edges.csv", "1"), digests("turned.csv", "2"));
}

#[test]
fn wrong_periods_are_told() {
    let sandbox = sandbox();
    for (args, code, words) in [
        (&["--from", "soon"][..], 2, "`soon` is no date"),
        (&["--from", "2026-03-05", "--to", "2026-03-05"], 2, "is not before"),
        (&["--window", "3 moons"], 2, "no length of a window"),
        (&["--window", "1h", "--from", "1900-01-01"], 0, ""),
        (&["--from", "2027-01-01"], 3, "outside --from/--to"),
    ] {
        let answer = sandbox.echogram(["run", "edges.csv", "-o", "run", "--force", "--progress", "none"].iter().chain(args));
        assert_eq!(answer.code, code, "{answer:#?}");
        assert!(answer.stderr.contains(words), "{answer:#?}");
    }
    sandbox.write("long.csv", "source,target,time\na,b,1900-01-01\nb,a,2026-01-01\n");
    let answer = sandbox.echogram(["run", "long.csv", "-o", "out", "--window", "1h", "--progress", "none"]);
    assert_eq!(answer.code, 3, "{answer:#?}");
    assert!(answer.stderr.contains("take longer ones"), "{answer:#?}");
}

#[test]
fn the_study_file_says_it_too() {
    let sandbox = sandbox();
    sandbox.write(
        "study.toml",
        "[[input]]\npath = 'edges.csv'\n[graph]\nfrom = 2026-03-03\nto = '2026-03-20'\nwindow = '1w'\nmemory = '1GiB'\n[output]\ndir = 'run'\n",
    );
    said(sandbox.echogram(["run", "study.toml", "--progress", "none"]));
    let run = RunFolder { path: sandbox.path("run") };
    assert_eq!(edges_of(&run), arrows("b>c c>a"));
    assert_eq!(run.manifest()["memory"]["allowed_bytes"], 1 << 30);
}
