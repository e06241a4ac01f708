//! Events of Jetstream, one a line.

use super::record::{Address, Collection, Record, Tally, record_number, take_in};
use crate::IngestError;
use crate::batch::Batch;
use crate::intake::Intake;
use crate::json::{Text, parsed, read_posts};
use crate::profile::{Profile, known};
use crate::source::Source;
use serde::Deserialize;

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow, default)]
    did: Option<Text<'a>>,
    #[serde(default)]
    time_us: i64,
    #[serde(borrow, default)]
    commit: Option<Commit<'a>>,
    #[serde(borrow, default)]
    identity: Option<Identity<'a>>,
    #[serde(default)]
    account: Option<Account>,
}

#[derive(Deserialize)]
struct Commit<'a> {
    #[serde(borrow)]
    operation: Text<'a>,
    #[serde(borrow)]
    collection: Text<'a>,
    #[serde(borrow)]
    rkey: Text<'a>,
    #[serde(borrow, default)]
    record: Option<Record<'a>>,
}

#[derive(Deserialize)]
struct Identity<'a> {
    #[serde(borrow, default)]
    handle: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Account {
    #[serde(default)]
    active: bool,
}

/// Just the collection: a record of one that is not ours may have any shape.
#[derive(Deserialize)]
struct Outline<'a> {
    #[serde(borrow)]
    commit: OutlineOfCommit<'a>,
}

#[derive(Deserialize)]
struct OutlineOfCommit<'a> {
    #[serde(borrow)]
    collection: Text<'a>,
}

pub(super) fn read(source: &mut Source, intake: &mut Intake, tally: &Tally) -> Result<(), IngestError> {
    read_posts(source, intake, |batch, line, bytes| event(batch, line, bytes, tally))
}

fn event(batch: &mut Batch, line: u64, bytes: &[u8], tally: &Tally) {
    let event = match parsed::<Event<'_>>(bytes) {
        Ok(event) => event,
        Err(error) if error.is_data() => {
            let outline = parsed::<Outline<'_>>(bytes);
            return match outline.map(|outline| Collection::of(&outline.commit.collection)) {
                Ok(collection @ (Collection::Block | Collection::Other)) => tally.pass_over(collection),
                _ => batch.reject(line, "row", format!("no event of Jetstream: {error}")),
            };
        }
        Err(error) => return batch.reject(line, "row", format!("not valid JSON: {error}")),
    };
    let Some(did) = event.did.as_deref().filter(|did| did.starts_with("did:")) else {
        return batch.reject(line, "did", "names no account");
    };
    if let Some(commit) = &event.commit {
        return take_commit(batch, line, did, event.time_us, commit, tally);
    }
    if let Some(identity) = &event.identity {
        let handle = identity.handle.as_deref().and_then(known);
        batch.describe(Profile { account: did.into(), handle, seen: Some(event.time_us), ..Profile::default() });
    } else if let Some(account) = &event.account {
        if !account.active {
            tally.close_account();
        }
    } else {
        batch.reject(line, "kind", "an event that is no commit, identity or account");
    }
}

fn take_commit(batch: &mut Batch, line: u64, did: &str, time_us: i64, commit: &Commit<'_>, tally: &Tally) {
    let collection = Collection::of(&commit.collection);
    if matches!(collection, Collection::Block | Collection::Other) {
        return tally.pass_over(collection);
    }
    let id = record_number(did, &commit.collection, &commit.rkey);
    match &*commit.operation {
        "delete" if collection.gives_ties() => batch.deletions.push((id, time_us)),
        "delete" => {}
        "create" | "update" => match &commit.record {
            Some(record) => take_in(batch, line, &Address { did, collection, id, revision: time_us, time: time_us }, record),
            None => batch.reject(line, "record", "a commit without its record"),
        },
        _ => batch.reject(line, "operation", "neither create, update nor delete"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Keys;

    fn batch_of(lines: &[String]) -> Batch {
        let mut batch = Batch::default();
        for (line, text) in (1..).zip(lines) {
            event(&mut batch, line, text.as_bytes(), &Tally::default());
        }
        batch
    }

    fn create(collection: &str, record: &str) -> String {
        format!(
            r#"{{"did":"did:plc:me","time_us":1700000000000000,"kind":"commit","commit":{{"rev":"a","operation":"create","collection":"{collection}","rkey":"k","record":{record},"cid":"c"}}}}"#
        )
    }

    #[track_caller]
    fn check(collection: &str, record: &str, wanted: &[(&str, &str)]) {
        let batch = batch_of(&[create(collection, record)]);
        assert_eq!(batch.rejections.kept, []);
        let Keys::Listed(list) = &batch.keys else { panic!("dids are no numbers") };
        let mut ties: Vec<(&str, String)> = batch.posts[0].ties.iter().map(|tie| (tie.0, list.get(tie.1))).collect();
        ties.sort_unstable();
        assert!(ties.iter().map(|tie| (tie.0, &*tie.1)).eq(wanted.iter().copied()), "{ties:?}");
    }

    #[test]
    fn each_record_gives_its_ties() {
        let post = |who: &str| format!(r#"{{"uri":"at://did:plc:{who}/app.bsky.feed.post/1","cid":"x"}}"#);
        check(
            "app.bsky.graph.follow",
            r#"{"subject":"did:plc:b","createdAt":"2024-01-01T00:00:00Z"}"#,
            &[("follow", "did:plc:b")],
        );
        check("app.bsky.feed.like", &format!(r#"{{"subject":{}}}"#, post("b")), &[("like", "did:plc:b")]);
        check("app.bsky.feed.repost", &format!(r#"{{"via":3,"subject":{}}}"#, post("b")), &[("repost", "did:plc:b")]);
        let mention = |who: &str| {
            format!(
                r##"{{"index":{{}},"features":[{{"$type":"app.bsky.richtext.facet#mention","did":"did:plc:{who}"}},{{"$type":"app.bsky.richtext.facet#link","uri":"u"}}]}}"##
            )
        };
        let facets = format!(r#""facets":[{},{}]"#, mention("b"), mention("c"));
        let reply = format!(r#""reply":{{"root":{},"parent":{}}}"#, post("r"), post("b"));
        check("app.bsky.feed.post", &format!("{{{facets},{reply}}}"), &[("mention", "did:plc:c"), ("reply", "did:plc:b")]);
        let quote = format!(r#""embed":{{"$type":"app.bsky.embed.record","record":{}}}"#, post("q"));
        check("app.bsky.feed.post", &format!("{{{quote}}}"), &[("quote", "did:plc:q")]);
        let beside = format!(r#""embed":{{"media":{{"images":[]}},"record":{{"record":{}}}}}"#, post("c"));
        check("app.bsky.feed.post", &format!("{{{beside},{facets}}}"), &[("mention", "did:plc:b"), ("quote", "did:plc:c")]);
        check("app.bsky.feed.post", r#"{"embed":{"external":{"uri":"x"}},"text":"t"}"#, &[]);
        check("app.bsky.feed.post", r#"{"embed":{"record":{"uri":"at://did:plc:b/app.bsky.feed.generator/x"}}}"#, &[]);
    }

    #[test]
    fn an_unreadable_time_is_that_of_the_event() {
        let batch = batch_of(&[create("app.bsky.graph.follow", r#"{"subject":"did:plc:b","createdAt":"yesterday"}"#)]);
        assert_eq!((batch.posts[0].time, batch.rejections.count), (1_700_000_000_000_000, 0));
    }

    #[test]
    fn deletions_and_handles() {
        let batch = batch_of(&[
            r#"{"did":"did:plc:me","time_us":9,"kind":"commit","commit":{"operation":"delete","collection":"app.bsky.feed.like","rkey":"k"}}"#.to_owned(),
            r#"{"did":"did:plc:me","time_us":9,"kind":"identity","identity":{"did":"did:plc:me","handle":"me.example"}}"#.to_owned(),
            r#"{"did":"did:plc:me","time_us":9,"kind":"account","account":{"active":false,"status":"deleted"}}"#.to_owned(),
            create("app.bsky.graph.block", r#"{"subject":"did:plc:b"}"#),
            create("org.example.other", r#"{"subject":5,"facets":7}"#),
        ]);
        assert_eq!(batch.deletions, [(record_number("did:plc:me", "app.bsky.feed.like", "k"), 9)]);
        assert_eq!(batch.profiles[0].handle.as_deref(), Some("me.example"));
        assert_eq!((batch.posts.len(), batch.rejections.count), (0, 0));
    }

    #[test]
    fn a_bad_event_costs_itself() {
        for (text, field) in [
            (r#"{"did":"did:plc:me","#.to_owned(), "row"),
            (r#"{"time_us":1}"#.to_owned(), "did"),
            (r#"{"did":"did:plc:me","time_us":1,"kind":"sync"}"#.to_owned(), "kind"),
            (create("app.bsky.graph.follow", r#"{"subject":"somebody"}"#), "subject"),
            (create("app.bsky.graph.follow", r#"{"subject":7}"#), "row"),
            (create("app.bsky.graph.follow", "null"), "record"),
        ] {
            assert_eq!(batch_of(std::slice::from_ref(&text)).rejections.kept[0].field, field, "{text}");
        }
    }
}
