//! `twitter-v1`: statuses of the API v1.1 as JSON, one a line or in an array, and what its streams send between them.
//!
//! A repost gives `repost` only; a reply gives `reply`, and `mention` for others than the one replied to; a quote likewise. A status inside another
//! (reposted or quoted) only tells who wrote it and what that account says of itself. A status that stands twice counts once; one that a `delete` message names
//! does not count, wherever the message stands. Other messages of a stream are passed over and counted.

use crate::IngestError;
use crate::batch::{Batch, Post};
use crate::format::{FormatSpec, ReadOptions, Reading, first_byte};
use crate::intake::Intake;
use crate::json::{Id, Many, Text, parsed, read_posts};
use crate::posts::{FOR_GOOD, ONLY_REVISION};
use crate::profile::{Profile, filled, known};
use crate::source::Source;
use crate::time;
use echogram_graph::{NO_TIME, canonical_u64};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};

pub(crate) const FORMAT: FormatSpec = FormatSpec {
    name: "twitter-v1",
    summary: "statuses of the Twitter API v1.1 as JSON, and the messages of its streams: deletions take statuses back",
    claims: |head| {
        let start = &head[..head.len().min(1 << 15)];
        let has = |word: &str| memchr::memmem::find(start, word.as_bytes()).is_some();
        let is_status = has("\"screen_name\"") && (has("\"user\"") || has("\"user_mentions\""));
        matches!(first_byte(head), Some(b'{' | b'['))
            && (is_status || (has("\"delete\"") && has("\"status\"") && has("\"user_id")))
    },
    read,
};

#[derive(Deserialize, Default)]
struct Status<'a> {
    #[serde(borrow, default)]
    id_str: Option<Id<'a>>,
    #[serde(borrow, default)]
    id: Option<Id<'a>>,
    #[serde(borrow, default)]
    created_at: Option<Text<'a>>,
    #[serde(borrow, default)]
    timestamp_ms: Option<Id<'a>>,
    #[serde(borrow, default)]
    user: Option<User<'a>>,
    #[serde(borrow, default)]
    in_reply_to_user_id_str: Option<Id<'a>>,
    #[serde(borrow, default)]
    in_reply_to_user_id: Option<Id<'a>>,
    #[serde(borrow, default)]
    in_reply_to_screen_name: Option<Text<'a>>,
    #[serde(borrow, default)]
    in_reply_to_status_id_str: Option<Id<'a>>,
    #[serde(borrow, default)]
    in_reply_to_status_id: Option<Id<'a>>,
    #[serde(borrow, default)]
    entities: Option<Entities<'a>>,
    #[serde(borrow, default)]
    extended_tweet: Option<Extended<'a>>,
    #[serde(borrow, default)]
    retweeted_status: Option<Box<Status<'a>>>,
    #[serde(borrow, default)]
    quoted_status: Option<Box<Status<'a>>>,
    #[serde(borrow, default)]
    quoted_status_id_str: Option<Id<'a>>,
    #[serde(borrow, default)]
    quoted_status_id: Option<Id<'a>>,
    // Messages of a stream.
    #[serde(borrow, default)]
    delete: Option<Deletion<'a>>,
    #[serde(default)]
    limit: Option<IgnoredAny>,
    #[serde(default)]
    scrub_geo: Option<IgnoredAny>,
    #[serde(default)]
    warning: Option<IgnoredAny>,
    #[serde(default)]
    status_withheld: Option<IgnoredAny>,
    #[serde(default)]
    user_withheld: Option<IgnoredAny>,
    #[serde(default)]
    disconnect: Option<IgnoredAny>,
    #[serde(default)]
    event: Option<IgnoredAny>,
    #[serde(default)]
    friends: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Deletion<'a> {
    #[serde(borrow, default)]
    status: Option<Deleted<'a>>,
}

#[derive(Deserialize)]
struct Deleted<'a> {
    #[serde(borrow, default)]
    id_str: Option<Id<'a>>,
    #[serde(borrow, default)]
    id: Option<Id<'a>>,
}

#[derive(Deserialize)]
struct Extended<'a> {
    #[serde(borrow, default)]
    entities: Option<Entities<'a>>,
}

#[derive(Deserialize)]
struct Entities<'a> {
    #[serde(borrow, default)]
    user_mentions: Many<Mention<'a>>,
}

#[derive(Deserialize)]
struct Mention<'a> {
    #[serde(borrow, default)]
    id_str: Option<Id<'a>>,
    #[serde(borrow, default)]
    id: Option<Id<'a>>,
    #[serde(borrow, default)]
    screen_name: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct User<'a> {
    #[serde(borrow, default)]
    id_str: Option<Id<'a>>,
    #[serde(borrow, default)]
    id: Option<Id<'a>>,
    #[serde(borrow, default)]
    screen_name: Option<Text<'a>>,
    #[serde(borrow, default)]
    name: Option<Text<'a>>,
    #[serde(borrow, default)]
    description: Option<Text<'a>>,
    #[serde(borrow, default)]
    url: Option<Text<'a>>,
    #[serde(default)]
    followers_count: Option<i64>,
    #[serde(default)]
    verified: Option<bool>,
    #[serde(borrow, default)]
    created_at: Option<Text<'a>>,
}

fn read(source: &mut Source, _: &ReadOptions, intake: &mut Intake) -> Result<Reading, IngestError> {
    let messages = AtomicU64::new(0);
    read_posts(source, intake, |batch, line, bytes| record(batch, line, bytes, &messages))?;
    let notes = match messages.into_inner() {
        0 => Vec::new(),
        count => vec![format!(
            "{}: {count} messages of the stream (limits, warnings and the like) are passed over",
            source.path.display()
        )],
    };
    Ok(Reading { notes, ..Reading::default() })
}

fn record(batch: &mut Batch, line: u64, bytes: &[u8], messages: &AtomicU64) {
    let status = match parsed::<Status<'_>>(bytes) {
        Ok(status) => status,
        Err(error) if error.is_data() => return batch.reject(line, "row", format!("no status of API v1.1: {error}")),
        Err(error) => return batch.reject(line, "row", format!("not valid JSON: {error}")),
    };
    if let Some(user) = &status.user {
        return post(batch, line, &status, user);
    }
    if let Some(Deletion { status: Some(deleted) }) = &status.delete {
        return match number(&deleted.id_str, &deleted.id) {
            Some(id) => batch.deletions.push((id, FOR_GOOD)),
            None => batch.reject(line, "delete", "names no status"),
        };
    }
    let others = [&status.limit, &status.scrub_geo, &status.warning, &status.status_withheld, &status.user_withheld];
    let more = [&status.disconnect, &status.event, &status.friends];
    if status.delete.is_some() || others.into_iter().chain(more).any(Option::is_some) {
        messages.fetch_add(1, Ordering::Relaxed);
    } else if status.id_str.is_some() || status.id.is_some() {
        batch.reject(line, "user", "a status without its user");
    } else {
        batch.reject(line, "row", "neither a status nor a message of a stream");
    }
}

/// The id as text where it is there: as a number it may have been rounded by a program on the way.
fn text_of<'b>(id_str: &'b Option<Id<'_>>, id: &'b Option<Id<'_>>) -> Option<&'b str> {
    id_str.as_deref().and_then(filled).or_else(|| id.as_deref().and_then(filled))
}

fn number(id_str: &Option<Id<'_>>, id: &Option<Id<'_>>) -> Option<u64> {
    canonical_u64(text_of(id_str, id)?.as_bytes())
}

/// An account's key: its id, or `@name`, which assembling looks up.
fn key_of<'b>(id_str: &'b Option<Id<'_>>, id: &'b Option<Id<'_>>, name: &'b Option<Text<'_>>) -> Option<Cow<'b, str>> {
    let named = || name.as_deref().and_then(filled).map(|name| Cow::Owned(format!("@{name}")));
    text_of(id_str, id).map(Cow::Borrowed).or_else(named)
}

impl User<'_> {
    fn key(&self) -> Option<Cow<'_, str>> {
        key_of(&self.id_str, &self.id, &self.screen_name)
    }

    fn profile(&self, seen: i64) -> Option<Profile> {
        Some(Profile {
            account: text_of(&self.id_str, &self.id)?.into(),
            handle: self.screen_name.as_deref().and_then(known),
            name: self.name.as_deref().and_then(known),
            bio: self.description.as_deref().and_then(known),
            verified: self.verified,
            followers: self.followers_count.and_then(|count| u64::try_from(count).ok()),
            created: self.created_at.as_deref().and_then(time::parse),
            url: self.url.as_deref().and_then(known),
            seen: Some(seen).filter(|&seen| seen != NO_TIME),
            ..Profile::default()
        })
    }
}

fn post(batch: &mut Batch, line: u64, status: &Status<'_>, user: &User<'_>) {
    let Some(author) = user.key() else { return batch.reject(line, "user", "has neither id nor name") };
    let time = match (status.timestamp_ms.as_deref(), status.created_at.as_deref()) {
        (None, None) => NO_TIME,
        (Some(millis), _) if let Some(time) = millis.parse::<i64>().ok().and_then(|millis| millis.checked_mul(1_000)) => time,
        (_, created) => match created.and_then(time::parse) {
            Some(time) => time,
            None => return batch.reject(line, "created_at", "no date or time"),
        },
    };
    let inner = [status.retweeted_status.as_deref(), status.quoted_status.as_deref()];
    // What is quoted by the reposted status stands in that one alone.
    let quoted = status.retweeted_status.as_ref().and_then(|reposted| reposted.quoted_status.as_deref());
    let users = inner.into_iter().chain([quoted]).flatten().filter_map(|status| status.user.as_ref());
    users.chain([user]).filter_map(|user| user.profile(time)).for_each(|profile| batch.describe(profile));
    let mut ties: Vec<(&'static str, Cow<'_, str>)> = Vec::new();
    let mut pending: Vec<(&'static str, u64)> = Vec::new();
    if let Some(reposted) = &status.retweeted_status {
        match reposted.user.as_ref().and_then(User::key) {
            Some(target) => ties.push(("repost", target)),
            None => pending.extend(number(&reposted.id_str, &reposted.id).map(|id| ("repost", id))),
        }
    } else {
        let answered = key_of(&status.in_reply_to_user_id_str, &status.in_reply_to_user_id, &status.in_reply_to_screen_name);
        match answered {
            Some(target) => ties.push(("reply", target)),
            None => {
                let id = number(&status.in_reply_to_status_id_str, &status.in_reply_to_status_id);
                pending.extend(id.map(|id| ("reply", id)));
            }
        }
        match status.quoted_status.as_ref().and_then(|quoted| quoted.user.as_ref()?.key()) {
            Some(target) => ties.push(("quote", target)),
            None => {
                let id = number(&status.quoted_status_id_str, &status.quoted_status_id);
                pending.extend(id.map(|id| ("quote", id)));
            }
        }
        let full = status.extended_tweet.as_ref().and_then(|extended| extended.entities.as_ref()).or(status.entities.as_ref());
        let addressed = ties.len();
        for mention in full.iter().flat_map(|entities| &entities.user_mentions.0) {
            let Some(target) = key_of(&mention.id_str, &mention.id, &mention.screen_name) else { continue };
            if !ties[..addressed].iter().any(|tie| tie.1 == target) {
                ties.push(("mention", target));
            }
        }
    }
    let (author, ties) = batch.coded_ties(&author, &ties);
    let id = number(&status.id_str, &status.id);
    batch.posts.push(Post { id, author, time, ties, pending, revision: ONLY_REVISION, is_post: true });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch_of(line: &str) -> Batch {
        let mut batch = Batch::default();
        record(&mut batch, 4, line.as_bytes(), &AtomicU64::new(0));
        batch
    }

    #[track_caller]
    fn check(rest: &str, wanted: &[(&'static str, u32)]) {
        let mentions =
            r#""entities":{"user_mentions":[{"id_str":"2","screen_name":"b"},{"id":9,"screen_name":"i"},{"id_str":"2"}]}"#;
        let mut batch = batch_of(&format!(
            r#"{{"id_str":"5","created_at":"Wed Oct 10 20:19:24 +0000 2018","user":{{"id":1,"screen_name":"ann"}},{mentions}{rest}}}"#
        ));
        assert_eq!(batch.rejections.kept, []);
        let post = batch.posts.remove(0);
        assert_eq!((post.ties, post.author, post.id, post.time), (wanted.to_vec(), 1, Some(5), 1_539_202_764_000_000));
    }

    #[test]
    fn each_kind_of_status_gives_its_ties() {
        check("", &[("mention", 2), ("mention", 9)]);
        check(r#","retweeted_status":{"id_str":"90","user":{"id_str":"9"}},"quoted_status":{"user":{"id":7}}"#, &[("repost", 9)]);
        check(r#","in_reply_to_user_id_str":"9","in_reply_to_user_id":9"#, &[("mention", 2), ("reply", 9)]);
        check(
            r#","quoted_status":{"id":8,"user":{"id":7}},"in_reply_to_user_id":9"#,
            &[("mention", 2), ("quote", 7), ("reply", 9)],
        );
        check(r#","extended_tweet":{"entities":{"user_mentions":[{"id":4}]}}"#, &[("mention", 4)]);
    }

    #[test]
    fn deletions_name_a_status() {
        let batch = batch_of(r#"{"delete":{"status":{"id":5,"id_str":"5","user_id":1,"user_id_str":"1"},"timestamp_ms":"1"}}"#);
        assert_eq!((batch.deletions, batch.rejections.count), (vec![(5, FOR_GOOD)], 0));
    }

    #[test]
    fn what_is_no_status_costs_itself() {
        for (line, part) in [
            (r#"{"id_str":"1","text":"x"}"#, "without its user"),
            (r#"{"id_str":"1","user":{"name":"x"}}"#, "neither id nor name"),
            (r#"{"id_str":"1","user":{"id":1},"created_at":"soon"}"#, "no date"),
            (r#"{"id_str":"1","user":{"id""#, "not valid JSON"),
            (r#"{"id_str":{"a":1},"user":{"id":1}}"#, "no status"),
            (r#"{"a":1}"#, "neither a status"),
        ] {
            let said = &batch_of(line).rejections.kept[0];
            assert!(said.line == 4 && said.reason.contains(part), "{said:?}");
        }
    }
}
