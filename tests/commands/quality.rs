//! What a run says of its data before anybody trusts a number: findings with their share and what they weaken.

use crate::support::{RunFolder, Sandbox};

/// Count and number of a finding in the manifest.
fn finding(run: &RunFolder, name: &str) -> Option<(u64, u64)> {
    let manifest = run.manifest();
    let found = manifest["quality"].as_array().unwrap().iter().find(|finding| finding["finding"] == name)?;
    assert!((0.0..=1.0).contains(&found["share"].as_f64().unwrap()), "{found}");
    Some((found["count"].as_u64().unwrap(), found["of"].as_u64().unwrap()))
}

#[test]
fn weak_data_is_told_with_its_share() {
    let sandbox = Sandbox::new();
    sandbox.write("talk.csv", "source,target,time\na,b,2026-01-01\na,b,2026-01-01\na,b,2026-01-02\nb,b,2026-01-03\nc,a,\nc\n");
    sandbox.write("follows.csv", "follower,followed\na,star\nb,star\nc,star\n");
    sandbox.write("people.csv", "account,role\na,nurse\nalone,\n");
    let run = sandbox.run_folder(["talk.csv", "follows.csv", "--accounts", "people.csv"]);
    for (name, wanted) in [
        ("rejected_rows", (1, 11)),
        ("repeated_rows", (2, 8)),
        ("identical_events", (1, 8)),
        ("self_loops", (1, 6)),
        ("rows_without_time", (4, 8)),
        ("accounts_without_profile", (3, 5)),
        ("accounts_without_role", (4, 5)),
        ("accounts_without_tie", (1, 5)),
        ("follow_lists_missing", (1, 4)),
        ("follower_lists_missing", (3, 4)),
    ] {
        assert_eq!(finding(&run, name), Some(wanted), "{name}");
    }
    assert_eq!(finding(&run, "repeated_posts"), None, "what does not occur is not told");
    let answer = sandbox.echogram(["run", "talk.csv", "-o", "again", "--progress", "none"]);
    assert!(answer.stdout.contains("quality") && answer.stdout.contains("weakens"), "{answer:#?}");
}
