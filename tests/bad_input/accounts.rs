//! Account files with mistakes.

use crate::support::{RunFolder, Sandbox};
use crate::{UNUSABLE, check, sandbox};

/// Runs `good.csv` with an account file of these contents, which must work.
#[track_caller]
fn run(sandbox: &Sandbox, contents: &str) -> RunFolder {
    sandbox.write("people.csv", contents);
    sandbox.run_folder(["good.csv", "--accounts", "people.csv"])
}

#[test]
fn no_key_column() {
    let sandbox = sandbox();
    let with_people = ["good.csv", "--accounts", "people.csv"];
    sandbox.write("people.csv", "who,colour\nzoe,red\nyan,blue\n");
    check(&sandbox, &with_people, UNUSABLE, &["people.csv", "--columns account=", "who, colour"]);
    sandbox.write("people.csv", "role\nnurse\n");
    check(&sandbox, &with_people, UNUSABLE, &["people.csv", "--columns account="]);
    sandbox.write("people.csv", "");
    check(&sandbox, &with_people, UNUSABLE, &["people.csv", "empty"]);
    check(&sandbox, &["good.csv", "--accounts", "good.csv", "--columns", "account=nix"], UNUSABLE, &["no column `nix`"]);
}

#[test]
fn ragged_rows() {
    let sandbox = sandbox();
    let text = "account,role,bio\na,nurse\nb,physician,x,y,z\nc\n,nurse,q\nd,patient,\"a, b\nline two\"\n";
    let found = run(&sandbox, text);
    let rejects = found.table("rejects");
    assert_eq!(rejects.numbers("line"), [Some(3.0), Some(5.0)]);
    assert_eq!(rejects.texts("field"), ["row", "account"]);
    assert!(rejects.text("reason", 0).unwrap().contains("5 fields where the header has 3"));
    assert!(rejects.text("input", 0).unwrap().ends_with("people.csv"));
    let accounts = found.table("accounts");
    assert_eq!(accounts.texts("account"), ["a", "b", "c", "d"]);
    assert_eq!(accounts.texts("role"), ["nurse", "", "", "patient"]);
    assert_eq!(accounts.text("bio", 3), Some("a, b\nline two"));
    sandbox.write("people.csv", text);
    check(
        &sandbox,
        &["good.csv", "--accounts", "people.csv", "--strict", "-o", "other"],
        UNUSABLE,
        &["2 of", "people.csv, line 3"],
    );
}

#[test]
fn names_of_columns_that_are_ours_empty_or_double() {
    let sandbox = sandbox();
    let found = run(&sandbox, "account,community,pagerank,side,x,x,,leaning\na,9,0.5,left,1,2,3,far\nb,8,0.5,right,4,5,6,near\n");
    let accounts = found.table("accounts");
    assert_eq!((accounts.number("given_community", 0), accounts.number("given_pagerank", 0)), (Some(9.0), Some(0.5)));
    assert_eq!((accounts.text("given_side", 0), accounts.text("given_leaning", 1)), (Some("left"), Some("near")));
    let mut names = accounts.names.clone();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), accounts.names.len(), "no name stands twice: {:?}", accounts.names);
    assert!(accounts.number("community", 0).is_some_and(|community| community < 4.0));
}

#[test]
fn accounts_that_are_not_utf8_or_stand_twice() {
    let sandbox = sandbox();
    sandbox.write("people.csv", b"account,role\na,nurse\nb,\xff\xfe\nc,patient\nc,patient\n");
    let found = sandbox.run_folder(["good.csv", "--accounts", "people.csv"]);
    assert_eq!(found.table("rejects").numbers("line"), [Some(3.0)]);
    assert_eq!(found.table("accounts").texts("role"), ["nurse", "", "patient", ""]);
}

#[test]
fn json_accounts_with_broken_lines() {
    let sandbox = sandbox();
    sandbox.write(
        "people.ndjson",
        "{\"account\":\"a\",\"role\":\"nurse\"}\n{\"account\":\n{\"role\":\"nurse\"}\n{\"account\":\"b\",\"role\":null}\n",
    );
    let found = sandbox.run_folder(["good.csv", "--accounts", "people.ndjson"]);
    assert_eq!(found.table("rejects").numbers("line"), [Some(2.0), Some(3.0)]);
    assert_eq!(found.table("accounts").texts("role"), ["nurse", "", "", ""]);
}
