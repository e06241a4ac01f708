//! Activities of ActivityPub, as an archive's `outbox.json` has them.

use super::address_of;
use crate::batch::{Batch, Post};
use crate::json::{Many, Text, parsed};
use crate::posts::{FOR_GOOD, ONLY_REVISION, number_of};
use crate::profile::Profile;
use crate::time;
use echogram_graph::NO_TIME;
use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// An activity, or what one is about: a note, an actor, another activity.
#[derive(Deserialize, Default)]
struct Thing<'a> {
    #[serde(borrow, default)]
    id: Option<Text<'a>>,
    #[serde(borrow, rename = "type", default)]
    kind: Option<Text<'a>>,
    #[serde(borrow, default)]
    actor: Option<Link<'a>>,
    #[serde(borrow, default)]
    object: Option<Link<'a>>,
    #[serde(borrow, default)]
    published: Option<Text<'a>>,
    #[serde(borrow, rename = "inReplyTo", default)]
    in_reply_to: Option<Link<'a>>,
    #[serde(borrow, default)]
    quote: Option<Link<'a>>,
    #[serde(borrow, rename = "quoteUri", default)]
    quote_uri: Option<Link<'a>>,
    #[serde(borrow, default)]
    url: Option<Link<'a>>,
    #[serde(borrow, default)]
    tag: Many<Tag<'a>>,
}

#[derive(Deserialize)]
struct Tag<'a> {
    #[serde(borrow, rename = "type", default)]
    kind: Option<Text<'a>>,
    #[serde(borrow, default)]
    href: Option<Text<'a>>,
    #[serde(borrow, default)]
    name: Option<Text<'a>>,
}

/// Something named by its address, or given outright; of several the first.
enum Link<'a> {
    Address(Cow<'a, str>),
    Thing(Box<Thing<'a>>),
    Nothing,
}

impl<'de: 'a, 'a> Deserialize<'de> for Link<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LinkVisitor(PhantomData))
    }
}

struct LinkVisitor<'a>(PhantomData<&'a ()>);

impl<'de: 'a, 'a> Visitor<'de> for LinkVisitor<'a> {
    type Value = Link<'a>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an address or an object")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Link<'a>, E> {
        Ok(Link::Address(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Link<'a>, E> {
        Ok(Link::Address(Cow::Owned(text.to_owned())))
    }

    fn visit_unit<E: Error>(self) -> Result<Link<'a>, E> {
        Ok(Link::Nothing)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Link<'a>, A::Error> {
        let thing = Thing::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
        Ok(Link::Thing(Box::new(thing)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Link<'a>, A::Error> {
        let first = list.next_element()?;
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(first.unwrap_or(Link::Nothing))
    }
}

impl<'a> Link<'a> {
    fn address(&self) -> Option<&str> {
        match self {
            Self::Address(address) => Some(address),
            Self::Thing(thing) => thing.id.as_deref(),
            Self::Nothing => None,
        }
    }

    fn thing(&self) -> Option<&Thing<'a>> {
        match self {
            Self::Thing(thing) => Some(thing),
            Self::Address(_) | Self::Nothing => None,
        }
    }
}

/// Activities that say nothing of attention.
#[derive(Default)]
pub(super) struct Tally(AtomicU64);

impl Tally {
    pub(super) fn note(self, path: &Path) -> Option<String> {
        let count = self.0.into_inner();
        (count > 0).then(|| {
            format!(
                "{}: {count} activities of other kinds (blocks, changes of profile and the like) are passed over",
                path.display()
            )
        })
    }
}

/// One activity.
pub(super) fn record(batch: &mut Batch, line: u64, bytes: &[u8], tally: &Tally) {
    let activity = match parsed::<Thing<'_>>(bytes) {
        Ok(activity) => activity,
        Err(error) if error.is_data() => return batch.reject(line, "row", format!("no activity: {error}")),
        Err(error) => return batch.reject(line, "row", format!("not valid JSON: {error}")),
    };
    let Some(kind) = activity.kind.as_deref() else { return batch.reject(line, "type", "an activity without its type") };
    let object = activity.object.as_ref();
    let relation = match kind {
        "Create" => "reply",
        "Announce" => "repost",
        "Like" => "like",
        "Follow" => "follow",
        "Undo" | "Delete" => {
            return match object.and_then(Link::address) {
                Some(address) => batch.deletions.push((number_of(address), FOR_GOOD)),
                None => batch.reject(line, "object", "what is taken back has no address"),
            };
        }
        _ => {
            tally.0.fetch_add(1, Ordering::Relaxed);
            return;
        }
    };
    let Some(author) = activity.actor.as_ref().and_then(Link::address).and_then(address_of) else {
        return batch.reject(line, "actor", "names no account");
    };
    let note = object.and_then(Link::thing);
    let published = activity.published.as_deref().or(note.and_then(|note| note.published.as_deref()));
    let time = match published.map(time::parse) {
        None => NO_TIME,
        Some(Some(time)) => time,
        Some(None) => return batch.reject(line, "published", "no date or time"),
    };
    let mut ties = Ties::default();
    let mut id = activity.id.as_deref();
    if kind == "Create" {
        let Some(note) = note else { return batch.reject(line, "object", "a post that is not given outright") };
        id = note.id.as_deref().or(id);
        ties.of_note(note);
        take_profile(batch, &author, note);
    } else {
        let Some(address) = object.and_then(Link::address) else { return batch.reject(line, "object", "has no address") };
        if kind == "Follow" && address_of(address).is_none() {
            return batch.reject(line, "object", "names no account");
        }
        ties.refer(relation, address, &[]);
    }
    let is_post = matches!(kind, "Create" | "Announce");
    let Ties { mut named, pending } = ties;
    named.sort_unstable();
    named.dedup();
    let (author, ties) = batch.coded_ties(&author, &named);
    batch.posts.push(Post { id: id.map(number_of), author, time, ties, pending, revision: ONLY_REVISION, is_post });
}

/// A numbered account tells its name in the web address of its posts.
fn take_profile(batch: &mut Batch, author: &str, note: &Thing<'_>) {
    let named = note.url.as_ref().and_then(Link::address).and_then(address_of).filter(|named| named != author);
    if let Some(handle) = named.filter(|named| named.split('@').nth(1) == author.split('@').nth(1)) {
        batch.describe(Profile { account: author.into(), handle: Some(handle.into()), ..Profile::default() });
    }
}

#[derive(Default)]
struct Ties {
    named: Vec<(&'static str, String)>,
    pending: Vec<(&'static str, u64)>,
}

impl Ties {
    /// A tie to who wrote what stands at this address: an account that is mentioned, or the one in the address; else whoever is found to have written it.
    fn refer(&mut self, relation: &'static str, address: &str, mentioned: &[(&str, String)]) {
        let of_mention = mentioned
            .iter()
            .find(|(href, _)| address.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
        match of_mention.map(|mention| mention.1.clone()).or_else(|| address_of(address)) {
            Some(target) => self.named.push((relation, target)),
            None => self.pending.push((relation, number_of(address))),
        }
    }

    fn of_note(&mut self, note: &Thing<'_>) {
        let tags = note.tag.0.iter().filter(|tag| tag.kind.as_deref() == Some("Mention"));
        let mentioned: Vec<(&str, String)> =
            tags.filter_map(|tag| Some((tag.href.as_deref().unwrap_or(""), tag.account()?))).collect();
        let with_address: Vec<(&str, String)> = mentioned.iter().filter(|mention| !mention.0.is_empty()).cloned().collect();
        if let Some(address) = note.in_reply_to.as_ref().and_then(Link::address) {
            self.refer("reply", address, &with_address);
        }
        let quoted = note.quote.as_ref().and_then(Link::address).or(note.quote_uri.as_ref().and_then(Link::address));
        if let Some(address) = quoted {
            self.refer("quote", address, &with_address);
        }
        let addressed = self.named.len();
        for (_, target) in mentioned {
            if !self.named[..addressed].iter().any(|tie| tie.1 == target) {
                self.named.push(("mention", target));
            }
        }
    }
}

impl Tag<'_> {
    /// Whom a mention names: `@user@domain`, or the account's web address where the domain is left out.
    fn account(&self) -> Option<String> {
        let name = self.name.as_deref().unwrap_or_default().trim().trim_start_matches('@');
        if name.contains('@') {
            return Some(name.to_lowercase());
        }
        address_of(self.href.as_deref()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Keys;

    const ANN: &str = r#""id":"https://here.example/users/ann/statuses/1/activity","actor":"https://here.example/users/ann","published":"2024-01-01T00:00:00Z""#;

    fn batch_of(text: &str) -> Batch {
        let mut batch = Batch::default();
        record(&mut batch, 1, text.as_bytes(), &Tally::default());
        batch
    }

    #[track_caller]
    fn check(rest: &str, wanted: &[(&str, &str)]) {
        let batch = batch_of(&format!("{{{ANN},{rest}}}"));
        assert_eq!(batch.rejections.kept, []);
        let Keys::Listed(list) = &batch.keys else { panic!("addresses are no numbers") };
        let ties: Vec<(&str, String)> = batch.posts[0].ties.iter().map(|tie| (tie.0, list.get(tie.1))).collect();
        assert!(ties.iter().map(|tie| (tie.0, &*tie.1)).eq(wanted.iter().copied()), "{ties:?}");
        assert_eq!(list.get(batch.posts[0].author), "ann@here.example");
    }

    #[test]
    fn each_activity_gives_its_ties() {
        let mention = |name: &str| {
            format!(r#"{{"type":"Mention","href":"https://there.example/users/{name}","name":"@{name}@there.example"}}"#)
        };
        let (bob, cy) = ("bob@there.example", "cy@there.example");
        check(
            &format!(r#""type":"Create","object":{{"type":"Note","tag":[{},{{"type":"Hashtag"}}]}}"#, mention("bob")),
            &[("mention", bob)],
        );
        let reply = r#""inReplyTo":"https://there.example/users/bob/statuses/7""#;
        let tags = format!(r#""tag":[{},{}]"#, mention("bob"), mention("cy"));
        check(&format!(r#""type":"Create","object":{{{reply},{tags}}}"#), &[("mention", cy), ("reply", bob)]);
        check(r#""type":"Announce","object":"https://there.example/@bob/7""#, &[("repost", bob)]);
        check(r#""type":"Like","object":["https://there.example/users/bob/statuses/7"]"#, &[("like", bob)]);
        check(r#""type":"Follow","object":{"id":"https://there.example/users/bob"}"#, &[("follow", bob)]);
    }

    #[test]
    fn a_numbered_account_is_known_by_its_mention() {
        let tag = r#""tag":{"type":"Mention","href":"https://there.example/ap/users/17","name":"@bob@there.example"}"#;
        check(
            &format!(r#""type":"Create","object":{{"inReplyTo":"https://there.example/ap/users/17/statuses/2",{tag}}}"#),
            &[("reply", "bob@there.example")],
        );
    }

    #[test]
    fn what_is_taken_back_is_named() {
        let batch = batch_of(r#"{"type":"Undo","object":{"type":"Follow","id":"https://here.example/f1"}}"#);
        assert_eq!(batch.deletions, [(number_of("https://here.example/f1"), FOR_GOOD)]);
    }

    #[test]
    fn an_unknown_author_is_waited_for() {
        let batch = batch_of(&format!(r#"{{{ANN},"type":"Announce","object":"https://there.example/objects/5"}}"#));
        assert_eq!(batch.posts[0].pending, [("repost", number_of("https://there.example/objects/5"))]);
    }

    #[test]
    fn what_is_no_activity_costs_itself() {
        for (text, field) in [
            (r#"{"a":1}"#.to_owned(), "type"),
            (r#"{"type":"Create","object":{}}"#.to_owned(), "actor"),
            (format!(r#"{{{ANN},"type":"Follow","object":"x"}}"#), "object"),
            (format!(r#"{{{ANN},"type":"Create","object":"x"}}"#), "object"),
            (r#"{"type":{}}"#.to_owned(), "row"),
        ] {
            assert_eq!(batch_of(&text).rejections.kept[0].field, field, "{text}");
        }
    }
}
