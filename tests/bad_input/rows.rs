//! Rows that cannot be used: each is told with its line, all others are.

use crate::support::Sandbox;
use crate::{UNUSABLE, WRONG_USAGE, check, check_rejects, edges};
use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

#[test]
fn a_row_with_too_few_fields() {
    let found = check_rejects(
        "few.csv",
        "source,target,weight\na,b,1\nc\nd,e\nf,g,2\n",
        &[],
        &[(3, "target", "missing"), (4, "weight", "missing")],
    );
    assert_eq!(found, edges(&[("a", "b"), ("f", "g")]));
}

#[test]
fn empty_keys() {
    let text = "source,target\n,b\na,\n  ,\" \"\na,b\n";
    let found = check_rejects("empty.csv", text, &[], &[(2, "source", "empty"), (3, "target", "empty"), (4, "source", "empty")]);
    assert_eq!(found, edges(&[("a", "b")]));
}

#[test]
fn fields_that_are_not_utf8() {
    let text = b"source,target,name\na,b,x\nc\xff\xfe,d,x\ne,\xe9t\xe9,x\nf,g,\xe9\n";
    let found = check_rejects("latin.csv", text, &[], &[(3, "source", "UTF-8"), (4, "target", "UTF-8")]);
    assert_eq!(found, edges(&[("a", "b"), ("f", "g")]), "columns that are not used do not matter");
}

#[test]
fn weights_must_be_finite_and_above_zero() {
    let bad = ["-1", "0", "-0", "NaN", "nan", "inf", "-inf", "infinity", "1e400", "", "x", "1,5", "0x10"];
    let rows: Vec<String> = bad.iter().map(|weight| format!("a,b,\"{weight}\"\n")).collect();
    let text = format!("source,target,weight\n{}a,c,2.5\na,d,1e-3\n", rows.concat());
    let wanted: Vec<(u64, &str, &str)> = (0..bad.len()).map(|row| (row as u64 + 2, "weight", "")).collect();
    assert_eq!(check_rejects("weights.csv", text, &[], &wanted), edges(&[("a", "c"), ("a", "d")]));
}

#[test]
fn times_must_be_times() {
    let text = "source,target,time\na,b,2026-02-31\na,c,yesterday\na,d,\na,e,2026-02-28T12:00:00Z\na,f,99999999999999999999\n";
    let found = check_rejects(
        "times.csv",
        text,
        &[],
        &[(2, "time", "2026-02-31"), (3, "time", "yesterday"), (6, "time", "99999999999999999999")],
    );
    assert_eq!(found, edges(&[("a", "d"), ("a", "e")]));
}

#[test]
fn broken_lines_of_json() {
    let text = concat!(
        "{\"source\":\"a\",\"target\":\"b\"}\n",
        "{\"source\":\"a\"\n",
        "[1,2]\n",
        "3\n",
        "null\n",
        "\n",
        "{\"source\":{},\"target\":\"c\"}\n",
        "{\"source\":\"a\"}\n",
        "{\"source\":\"a\",\"target\":\"c\",\"weight\":\"x\"}\n",
        "{\"source\":\"a\",\"target\":\"c\",\"weight\":-2}\n",
        "{\"source\":\"\",\"target\":\"c\"}\n",
        "{\"source\":\"a\",\"target\":\"\\ud800\"}\n",
        "rubbish\n",
        "{\"source\":\"b\",\"target\":\"c\",\"weight\":2}\n",
    );
    let wanted = [
        (2, "row", "JSON"),
        (3, "row", "JSON"),
        (4, "row", "JSON"),
        (5, "row", "JSON"),
        (7, "source", "text"),
        (8, "target", ""),
        (9, "weight", "number"),
        (10, "weight", "above 0"),
        (11, "source", ""),
        (12, "row", "JSON"),
        (13, "row", "JSON"),
    ];
    assert_eq!(check_rejects("broken.ndjson", text, &[], &wanted), edges(&[("a", "b"), ("b", "c")]));
}

#[test]
fn json_that_is_nested_too_deep() {
    let text = format!("{{\"source\":\"a\",\"target\":\"b\"}}\n{{\"source\":{}\n", "[".repeat(200_000));
    assert_eq!(check_rejects("deep.ndjson", text, &[], &[(2, "row", "")]), edges(&[("a", "b")]));
}

#[test]
fn broken_pages_of_posts() {
    let good = r#"{"data":[{"id":"1","author_id":"10","text":"x","entities":{"mentions":[{"id":"11","username":"bo"}]}}],"includes":{"users":[{"id":"10","username":"al","name":"Al"}]}}"#;
    let text = format!("{good}\n{}\n{{\"errors\":[{{\"title\":\"ConnectionException\"}}]}}\n", &good[..good.len() / 2]);
    let sandbox = Sandbox::new();
    sandbox.write("pages.jsonl", text);
    let answer = sandbox.echogram(["run", "pages.jsonl", "-o", "run", "--progress", "none", "--json"]);
    assert_eq!(answer.code, 0, "{answer:#?}");
    let summary = answer.json();
    assert_eq!((&summary["posts"], &summary["edges"]), (&1.into(), &1.into()));
    assert!(summary["rejected"].as_u64().unwrap() >= 1, "half a page is told\n{answer:#?}");
    let said = format!("{} {}", summary["first_rejected"], summary["notes"]);
    assert!(said.contains("line 2") && said.contains("ConnectionException"), "errors of the interface are told\n{said}");
}

#[test]
fn a_number_and_a_name_in_one_row() {
    // The first name of a file comes behind a number of the same row.
    let found = check_rejects("mixed.csv", "source,target\n1,bob\nbob,eve\n2,3\neve,1003\n", &[], &[]);
    assert_eq!(found, edges(&[("1", "bob"), ("2", "3"), ("bob", "eve"), ("eve", "1003")]));
    let found = check_rejects("mixed.csv", "source,target\n1003,bob\n", &[], &[]);
    assert_eq!(found, edges(&[("1003", "bob")]));
    let text = "{\"source\":1003,\"target\":\"bob\"}\n{\"source\":\"eve\",\"target\":7}\n";
    assert_eq!(check_rejects("mixed.ndjson", text, &[], &[]), edges(&[("1003", "bob"), ("eve", "7")]));
    // Numbers on both sides of the one that is too large to stay one.
    let found = check_rejects("large.csv", "source,target\n12,18446744073709551615\n18446744073709551615,7\n", &[], &[]);
    assert_eq!(found, edges(&[("12", "18446744073709551615"), ("18446744073709551615", "7")]));
}

#[test]
fn a_stray_quote_costs_no_other_row() {
    let found = check_rejects("quotes.csv", "source,target\n\"a,b\nc,d\ne,\"f\ng,h\n", &[], &[]);
    assert_eq!(found.len(), 4, "{found:?}");
    assert!(found.contains(&("c".to_owned(), "d".to_owned())) && found.contains(&("g".to_owned(), "h".to_owned())), "{found:?}");
}

/// Rows of which every second is rejected.
fn half_bad(rows: usize) -> String {
    let rows = (0..rows).map(|row| format!("u{row},v{row},{}\n", row % 2));
    std::iter::once("source,target,weight\n".to_owned()).chain(rows).collect()
}

#[test]
fn limits_of_rejected_rows() {
    let sandbox = Sandbox::new();
    sandbox.write("bad.csv", half_bad(10));
    let limit = |text: &'static str| vec!["bad.csv", "--max-rejected", text];
    check(&sandbox, &limit("3"), UNUSABLE, &["5 of 10 rows rejected", "the 3 allowed", "bad.csv, line 2, weight"]);
    check(&sandbox, &limit("10%"), UNUSABLE, &["5 of 10 rows rejected", "10%"]);
    check(&sandbox, &limit("0"), UNUSABLE, &["5 of 10"]);
    check(&sandbox, &["bad.csv", "--strict"], UNUSABLE, &["5 of 10"]);
    for nonsense in ["some", "-3", "%", "x%", "120%", "-1%", "NaN%", "1.5", ""] {
        let option = format!("--max-rejected={nonsense}");
        check(&sandbox, &["bad.csv", &option], WRONG_USAGE, &["--max-rejected"]);
    }
    check(&sandbox, &["bad.csv", "--strict", "--max-rejected", "3"], WRONG_USAGE, &["--strict", "--max-rejected"]);
    for enough in ["5", "50%", "100%"] {
        sandbox.run_folder(limit(enough));
    }
}

/// Streams a line of so many megabytes into `echogram run -`. Gives the rows told of, the memory used at most in MB, and the time.
fn long_line(megabytes: usize) -> (serde_json::Value, u64, Duration) {
    let sandbox = Sandbox::new();
    let start = Instant::now();
    let mut command = sandbox.command(["run", "-", "-o", "run", "--progress", "none", "--json"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut most = 0;
    input.write_all(b"source,target\na,b\n").unwrap();
    let piece = vec![b'x'; 1 << 20];
    for _ in 0..megabytes {
        input.write_all(&piece).unwrap();
        most = most.max(memory(child.id()));
    }
    input.write_all(b"\nc,d\n").unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    (serde_json::from_slice(&output.stdout).unwrap(), most, start.elapsed())
}

/// Highest resident memory of a process so far, in MB; 0 where the system does not tell.
fn memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) >> 10
}

#[track_caller]
fn check_long_line(megabytes: usize, seconds: u64) {
    let (summary, most, took) = long_line(megabytes);
    assert_eq!((&summary["rows"], &summary["rejected"], &summary["edges"]), (&3.into(), &1.into(), &2.into()), "{summary:#}");
    let first = summary["first_rejected"][0].as_str().unwrap();
    assert!(first.contains("line 3") && first.contains("longer than"), "{first}");
    assert!(most < 160, "{most} MB for a line of {megabytes} MB");
    assert!(took < Duration::from_secs(seconds), "{took:?}");
}

#[test]
fn a_line_of_100_megabytes_is_one_bad_row() {
    check_long_line(100, 20);
}

#[test]
fn a_line_of_a_gigabyte_is_one_bad_row() {
    check_long_line(1_024, 90);
}
