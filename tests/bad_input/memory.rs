//! Runs that would not fit are refused before they start.

use crate::{WRONG_USAGE, assert_refused, check, sandbox};

const WOULD_NOT_FIT: i32 = 5;

#[test]
fn a_run_that_would_not_fit_says_what_it_needs() {
    let sandbox = sandbox();
    check(
        &sandbox,
        &["good.csv", "--memory", "1MiB"],
        WOULD_NOT_FIT,
        &["would need about", "MiB", "--memory", "1.0 MiB are allowed"],
    );
    let rows: String = (0..200_000).map(|row| format!("{},{}\n", row % 5_000, row * 7 % 4_999)).collect();
    sandbox.write("large.csv", format!("source,target\n{rows}"));
    let answer = sandbox.echogram(["run", "large.csv", "-o", "run", "--memory", "50MB", "--progress", "none"]);
    assert_refused(&answer, WOULD_NOT_FIT, &["about 2", "rows"]);
    let answer =
        sandbox.echogram(["run", "large.csv", "-o", "run", "--memory", "1GiB", "--metrics", "in_degree", "--progress", "none"]);
    assert_eq!(answer.code, 0, "{answer:#?}");
}

#[test]
fn sizes_that_are_none() {
    let sandbox = sandbox();
    for size in ["much", "-1GiB", "0", "12 parsecs"] {
        let size = format!("--memory={size}");
        check(&sandbox, &["good.csv", &size], WRONG_USAGE, &["no size of memory", "16GiB"]);
    }
}
