//! Posts of social platforms: one bad record costs one record, and a file that was cut in half gives its first half and says so.

use crate::support::Sandbox;
use crate::{check_rejects, edges};
use serde_json::json;

/// Statuses of `a` that mention `b`, `c`, ..., a line each.
fn statuses(count: u8) -> Vec<String> {
    let status = |number: u8| {
        let mentions = json!([{"id_str": (100 + number).to_string(), "screen_name": "x"}]);
        json!({"id_str": number.to_string(), "created_at": "Wed Oct 10 20:19:24 +0000 2018", "entities": {"user_mentions": mentions},
            "user": {"id_str": "1", "screen_name": "a"}, "text": "[\"{ \\ "})
        .to_string()
    };
    (0..count).map(status).collect()
}

fn toots(count: u8) -> Vec<String> {
    let status = |number: u8| {
        let mentions =
            json!([{"id": "1", "acct": format!("m{number}@b.example"), "username": "m", "url": "https://b.example/@m"}]);
        json!({"uri": format!("https://a.example/{number}"), "created_at": "2024-01-01T00:00:00Z", "mentions": mentions,
            "account": {"id": "9", "acct": "me", "username": "me", "url": "https://a.example/@me"}, "reblog": null})
        .to_string()
    };
    (0..count).map(status).collect()
}

fn announces(count: u8) -> Vec<String> {
    let activity = |number: u8| {
        json!({"id": format!("https://a.example/{number}"), "type": "Announce", "actor": "https://a.example/users/me",
            "object": format!("https://b.example/users/m{number}/statuses/1")})
        .to_string()
    };
    (0..count).map(activity).collect()
}

fn event(time: u64, operation: &str, key: &str, target: &str) -> String {
    let record = (operation != "delete").then(|| json!({"subject": target, "createdAt": "2024-01-01T00:00:00Z"}));
    let commit = json!({"operation": operation, "collection": "app.bsky.graph.follow", "rkey": key, "record": record});
    json!({"did": "did:plc:a", "time_us": time, "kind": "commit", "commit": commit}).to_string()
}

fn to(source: &str, targets: &[&str]) -> Vec<(String, String)> {
    edges(&targets.iter().map(|target| (source, *target)).collect::<Vec<_>>())
}

#[test]
fn a_bad_record_costs_one_record() {
    let mut lines = statuses(3);
    lines[1] = r#"{"id_str":"1","user":{"screen_name":"x"#.to_owned();
    lines.push(r#"{"limit":{"track":5}}"#.to_owned());
    let found = check_rejects("v1.jsonl", lines.join("\n"), &[], &[(2, "row", "not valid JSON")]);
    assert_eq!(found, to("1", &["100", "102"]));
    let lines = [event(1, "create", "k", "did:plc:b"), event(2, "create", "l", "nobody"), event(3, "create", "m", "did:plc:c")];
    let found = check_rejects("events.jsonl", lines.join("\n"), &[], &[(2, "subject", "names no account")]);
    assert_eq!(found, to("did:plc:a", &["did:plc:b", "did:plc:c"]));
    let mut items = toots(3);
    items[1] = r#"{"uri": 5, "account": }"#.to_owned();
    let found = check_rejects("toots.json", format!("[\n{}\n]", items.join(",\n")), &[], &[(2, "row", "no status or account")]);
    assert_eq!(found, to("me@a.example", &["m0@b.example", "m2@b.example"]));
    let list = "Account address,Show boosts\na@b.example,true\n\nnobody,true\n\"C@d.example\",false\n";
    let found = check_rejects("list.csv", list, &["--owner", "me"], &[(4, "Account address", "user@example.org")]);
    assert_eq!(found, to("me", &["a@b.example", "c@d.example"]));
}

#[test]
fn a_cut_file_gives_its_first_half() {
    let half = |text: String| text[..text.len() / 2].to_owned();
    let found = check_rejects("v1.jsonl", half(statuses(5).join("\n")), &[], &[(3, "row", "not valid JSON")]);
    assert_eq!(found, to("1", &["100", "101"]));
    let array = half(format!("[\n{}\n]", toots(5).join(",\n")));
    let found = check_rejects("toots.json", array, &[], &[(3, "row", "the file breaks off here")]);
    assert_eq!(found, to("me@a.example", &["m0@b.example", "m1@b.example"]));
    let outbox = |count| {
        let items = announces(count).join(",");
        format!(r#"{{"@context":"https://www.w3.org/ns/activitystreams","type":"OrderedCollection","orderedItems":[{items}]}}"#)
    };
    assert_eq!(check_rejects("outbox.json", outbox(2), &[], &[]), to("me@a.example", &["m0@b.example", "m1@b.example"]));
    let found = check_rejects("outbox.json", half(outbox(5)), &[], &[(3, "row", "the file breaks off here")]);
    assert_eq!(found, to("me@a.example", &["m0@b.example", "m1@b.example"]));
    let lines: Vec<String> = (0..5).map(|key| event(key, "create", &key.to_string(), &format!("did:plc:{key}"))).collect();
    let found = check_rejects("events.jsonl", half(lines.join("\n")), &[], &[(3, "row", "not valid JSON")]);
    assert_eq!(found, to("did:plc:a", &["did:plc:0", "did:plc:1"]));
}

#[test]
fn what_is_deleted_later_does_not_count_whatever_the_order() {
    let lines = [
        event(1, "create", "k", "did:plc:b"),
        event(5, "delete", "k", ""),
        event(2, "create", "l", "did:plc:c"),
        event(3, "delete", "l", ""),
        event(4, "create", "l", "did:plc:d"),
        event(6, "update", "m", "did:plc:f"),
        event(2, "create", "m", "did:plc:e"),
        event(9, "delete", "never seen", ""),
    ];
    let sandbox = Sandbox::new();
    let mut digests = Vec::new();
    for turn in 0..lines.len() {
        let mut turned = lines.to_vec();
        turned.rotate_left(turn);
        let (first, second) = turned.split_at(turn.clamp(1, 7));
        sandbox.write("one.jsonl", first.join("\n"));
        sandbox.write("two.jsonl", second.join("\n"));
        let run = sandbox.run_folder(["one.jsonl", "two.jsonl", "--format", "bluesky", "--metrics", "degree"]);
        assert_eq!(run.table("edges").texts("target"), ["did:plc:d", "did:plc:f"], "turned by {turn}");
        let notes = run.manifest()["notes"].to_string();
        assert!(notes.contains("1 records were deleted later"), "{notes}");
        digests.push(run.digests());
    }
    digests.dedup();
    assert_eq!(digests.len(), 1);
}
