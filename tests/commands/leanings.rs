//! Leanings and roles followed: scores without sides, what is refused, and an account in words.

use crate::said;
use crate::support::{Sandbox, Table};

const EDGES: &str = "source,target\na,b\nb,a\nc,d\nd,c\nb,c\ne,a\n";
const PEOPLE: &str = "account,leaning,role,camp\na,-1,nurse,left\nb,-0.5,nurse,left\nc,0.5,patient,right\nd,1,payer,right\n";

fn with_people() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("edges.csv", EDGES);
    sandbox.write("people.csv", PEOPLE);
    sandbox
}

fn echo_row(table: &Table, score: &str) -> usize {
    table.find(&[("score", score), ("group", "")]).unwrap_or_else(|| panic!("no row {score}"))
}

#[test]
fn leanings_need_no_sides() {
    let sandbox = with_people();
    let run = sandbox.run_folder(["edges.csv", "--accounts", "people.csv", "--metrics", "full", "--null-replicates", "9"]);
    let echo = run.table("echo");
    assert!(echo.texts("sides").iter().all(|&sides| sides == "leaning"));
    let row = echo_row(&echo, "leaning_correlation");
    // Own -1, -0.5, 0.5, 1 hear -0.5, -0.25, 1, 0.5: products sum to 1.625, own squares to 2.5, those heard to 1.5625 less four times their mean's.
    let r = 1.625 / (2.5_f64 * (0.25 + 0.0625 + 1.0 + 0.25 - 0.75 * 0.75 / 4.0)).sqrt();
    assert!((echo.number("value", row).unwrap() - r).abs() < 1e-12);
    assert_eq!((echo.number("accounts_left_out", row), echo.number("replicates", row)), (Some(1.0), Some(9.0)));
    assert_eq!(echo.text("chamber", row), Some("high"));
    // NumPy's linalg.solve of I + L, with leanings -1, -0.5, 0.5, 1 and 0 (their mean) for the account that has none.
    for (score, wanted, chamber) in [
        ("fj_polarisation_leaning", 0.876_859_504_132_231_2, "high"),
        ("fj_polarisation_leaning_mean", 0.876_859_504_132_231_2 / 5.0, "high"),
        ("fj_disagreement_leaning", 0.536_776_859_504_132_2, "low"),
        ("fj_disagreement_leaning_mean", 0.536_776_859_504_132_2 / 5.0, "low"),
    ] {
        let row = echo_row(&echo, score);
        assert!((echo.number("value", row).unwrap() - wanted).abs() < 1e-12, "{score}");
        assert_eq!((echo.number("accounts_left_out", row), echo.number("replicates", row)), (Some(1.0), Some(9.0)));
        assert_eq!(echo.text("chamber", row), Some(chamber));
        assert!(echo.number("value_ci_low", row) < Some(wanted) && echo.number("p", row).is_some(), "{score}");
    }
    let row = echo_row(&echo, "diffusion_bias");
    assert_eq!(echo.text("parameters", row), Some("infection=0.2,recovery=0.2,runs=2,sources=4"));
    let density = run.table("leaning_density");
    assert_eq!(density.numbers("accounts").into_iter().flatten().sum::<f64>(), 4.0);
    let heard = run.table("accounts").numbers("leaning_neighbours");
    assert_eq!(heard, [-0.5, -0.25, 1.0, 0.5, -1.0].map(Some));
}

#[test]
fn with_sides_both_kinds_of_score_say_what_they_are_of() {
    let sandbox = with_people();
    let args = ["edges.csv", "--accounts", "people.csv", "--sides", "camp", "--null-replicates", "9", "--null", "labels"];
    let run = sandbox.run_folder(args);
    let echo = run.table("echo");
    let of_leanings =
        ["leaning_correlation", "fj_polarisation_leaning", "fj_disagreement_leaning"].map(|score| (score, "leaning"));
    let of_camps = ["exposure", "ei", "fj_polarisation"].map(|score| (score, "camp"));
    for (score, sides) in of_leanings.into_iter().chain(of_camps) {
        let row = echo_row(&echo, score);
        assert_eq!(echo.text("sides", row), Some(sides));
        assert_eq!(echo.number("replicates", row), Some(9.0), "{score}");
        assert!(echo.number("null_sd", row) > Some(0.0), "leanings are dealt out anew: {score}");
    }
    assert_eq!(run.table("accounts").numbers("ei_index_side"), [Some(-1.0), Some(0.0), Some(0.0), Some(-1.0), None]);
}

#[test]
fn without_leanings_sets_leave_them_out_and_names_are_refused() {
    let sandbox = with_people();
    let run = sandbox.run_folder(["edges.csv", "--metrics", "full"]);
    assert!(!run.has_table("echo") && !run.has_table("leaning_density"));
    assert!(!run.table("accounts").has("leaning_neighbours"));
    for word in
        ["leaning_correlation", "diffusion_bias", "leaning_neighbours", "fj_polarisation_leaning", "fj_disagreement_leaning"]
    {
        let answer = sandbox.echogram(["run", "edges.csv", "--metrics", word, "-o", "other"]);
        assert_eq!(answer.code, 3, "{word}");
        assert!(answer.stderr.contains("no account has a leaning: give an account file with a column `leaning`"), "{answer:#?}");
    }
    sandbox.write("alike.csv", "account,leaning\na,0.5\nc,0.5\n");
    let args = ["run", "edges.csv", "--accounts", "alike.csv", "--metrics", "fj_polarisation_leaning", "-o", "other"];
    let answer = sandbox.echogram(args);
    assert_eq!(answer.code, 3);
    assert!(answer.stderr.contains("leanings do not vary"), "{answer:#?}");
    let answer = sandbox.echogram(["run", "edges.csv", "--metrics", "ei_index_side", "-o", "other"]);
    assert_eq!(answer.code, 2);
    sandbox.write("camps.csv", "account,camp\na,left\nc,right\n");
    let args = ["run", "edges.csv", "--accounts", "camps.csv", "--sides", "camp", "--metrics", "exposure", "-o", "other"];
    let answer = sandbox.echogram(args);
    assert_eq!(answer.code, 0, "the account metric of that name is null: {answer:#?}");
}

#[test]
fn an_account_is_told_of_how_many_roles_it_hears() {
    let sandbox = with_people();
    sandbox.run_folder(["edges.csv", "--accounts", "people.csv"]);
    let page = said(sandbox.echogram(["account", "run", "b"]));
    assert!(page.contains("Follows 2 accounts and 2.5 effective roles; no payer."), "{page}");
    let page = said(sandbox.echogram(["account", "run", "c"]));
    assert!(page.contains("Follows 1 account and 1 effective role; no nurse, no patient."), "{page}");
    let found = sandbox.echogram(["account", "run", "b", "--json"]).json();
    assert_eq!(found["exposure"]["missing"], serde_json::json!(["payer"]));
    sandbox.run_into("quick", ["edges.csv", "--metrics", "quick"]);
    assert!(!said(sandbox.echogram(["account", "quick", "b"])).contains("Follows"));
}
