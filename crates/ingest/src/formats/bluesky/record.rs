//! The records of Bluesky's collections, as JSON and as DAG-CBOR, and the ties they give.

use crate::batch::{Batch, Post};
use crate::json::{Many, Text};
use crate::posts::number_of;
use crate::profile::{Profile, known};
use crate::time;
use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// Collections that say something of attention or of accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Collection {
    Post,
    Repost,
    Like,
    Follow,
    Profile,
    Block,
    Other,
}

impl Collection {
    pub(super) fn of(name: &str) -> Self {
        match name {
            "app.bsky.feed.post" => Self::Post,
            "app.bsky.feed.repost" => Self::Repost,
            "app.bsky.feed.like" => Self::Like,
            "app.bsky.graph.follow" => Self::Follow,
            "app.bsky.actor.profile" => Self::Profile,
            "app.bsky.graph.block" => Self::Block,
            _ => Self::Other,
        }
    }

    pub(super) fn gives_ties(self) -> bool {
        matches!(self, Self::Post | Self::Repost | Self::Like | Self::Follow)
    }
}

/// What was passed over in one input.
#[derive(Default)]
pub(super) struct Tally {
    blocks: AtomicU64,
    others: AtomicU64,
    closed: AtomicU64,
}

impl Tally {
    pub(super) fn pass_over(&self, collection: Collection) {
        let counter = if collection == Collection::Block { &self.blocks } else { &self.others };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn close_account(&self) {
        self.closed.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn notes(self, path: &Path) -> Vec<String> {
        let said = [
            (self.blocks, "blocks of accounts are no attention and are passed over"),
            (self.others, "records of other collections (lists, starter packs and the like) are passed over"),
            (self.closed, "accounts were closed or suspended; their ties are kept"),
        ];
        let counted = said.into_iter().map(|(counter, words)| (counter.into_inner(), words)).filter(|(count, _)| *count > 0);
        counted.map(|(count, words)| format!("{}: {count} {words}", path.display())).collect()
    }
}

/// A record of any collection: all parts may be missing.
#[derive(Deserialize, Default)]
pub(super) struct Record<'a> {
    #[serde(borrow, rename = "$type", default)]
    pub(super) kind: Option<Text<'a>>,
    #[serde(borrow, rename = "createdAt", default)]
    created_at: Option<Text<'a>>,
    #[serde(borrow, default)]
    subject: Option<Subject<'a>>,
    #[serde(borrow, default)]
    facets: Many<Facet<'a>>,
    #[serde(borrow, default)]
    reply: Option<Reply<'a>>,
    #[serde(borrow, default)]
    embed: Option<Embed<'a>>,
    #[serde(borrow, rename = "displayName", default)]
    display_name: Option<Text<'a>>,
    #[serde(borrow, default)]
    description: Option<Text<'a>>,
}

/// The address of what is liked or reposted, or the did of who is followed.
struct Subject<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Subject<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SubjectVisitor(PhantomData))
    }
}

struct SubjectVisitor<'a>(PhantomData<&'a ()>);

impl<'de: 'a, 'a> Visitor<'de> for SubjectVisitor<'a> {
    type Value = Subject<'a>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a did or an object with a uri")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Subject<'a>, E> {
        Ok(Subject(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Subject<'a>, E> {
        Ok(Subject(Cow::Owned(text.to_owned())))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Subject<'a>, A::Error> {
        let mut uri = None;
        while let Some(key) = map.next_key::<Text<'de>>()? {
            if &*key == "uri" {
                uri = Some(map.next_value::<Text<'de>>()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        uri.map(|uri| Subject(uri.0)).ok_or_else(|| A::Error::missing_field("uri"))
    }
}

#[derive(Deserialize)]
struct Facet<'a> {
    #[serde(borrow, default)]
    features: Many<Feature<'a>>,
}

#[derive(Deserialize)]
struct Feature<'a> {
    #[serde(borrow, rename = "$type", default)]
    kind: Option<Text<'a>>,
    #[serde(borrow, default)]
    did: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Reply<'a> {
    #[serde(borrow, default)]
    parent: Option<Subject<'a>>,
}

#[derive(Deserialize)]
struct Embed<'a> {
    #[serde(borrow, default)]
    record: Option<Embedded<'a>>,
}

/// What is embedded, alone (`uri`) or beside pictures (`record.uri`).
#[derive(Deserialize)]
struct Embedded<'a> {
    #[serde(borrow, default)]
    uri: Option<Text<'a>>,
    #[serde(borrow, default)]
    record: Option<Subject<'a>>,
}

/// Where a record stands and what was said of it when.
pub(super) struct Address<'a> {
    pub(super) did: &'a str,
    pub(super) collection: Collection,
    /// The number of its name.
    pub(super) id: u64,
    /// When the platform heard of it, microseconds.
    pub(super) revision: i64,
    /// The time to take where the record tells none.
    pub(super) time: i64,
}

/// The number of a record's name.
pub(super) fn record_number(did: &str, collection: &str, key: &str) -> u64 {
    number_of(&["at://", did, "/", collection, "/", key].concat())
}

/// The account in `at://account/collection/key`: its did, or its handle, which assembling looks up.
fn account_of(uri: &str) -> Option<Cow<'_, str>> {
    let account = uri.strip_prefix("at://").unwrap_or(uri).split('/').next().filter(|account| !account.is_empty())?;
    if account.starts_with("did:") {
        return Some(Cow::Borrowed(account));
    }
    uri.starts_with("at://").then(|| Cow::Owned(format!("@{account}")))
}

/// Hands a record's ties or profile in.
pub(super) fn take_in(batch: &mut Batch, line: u64, address: &Address<'_>, record: &Record<'_>) {
    if address.collection == Collection::Profile {
        batch.describe(Profile {
            account: address.did.into(),
            name: record.display_name.as_deref().and_then(known),
            bio: record.description.as_deref().and_then(known),
            seen: Some(address.revision),
            ..Profile::default()
        });
        return;
    }
    let mut ties: Vec<(&'static str, Cow<'_, str>)> = Vec::new();
    let relation = match address.collection {
        Collection::Repost => "repost",
        Collection::Like => "like",
        Collection::Follow => "follow",
        _ => "reply",
    };
    if address.collection == Collection::Post {
        let parent = record.reply.as_ref().and_then(|reply| reply.parent.as_ref());
        ties.extend(parent.and_then(|parent| account_of(&parent.0)).map(|target| (relation, target)));
        let quoted = record.embed.as_ref().and_then(|embed| embed.record.as_ref()).and_then(Embedded::post);
        ties.extend(quoted.and_then(account_of).map(|target| ("quote", target)));
        let addressed = ties.len();
        for feature in record.facets.0.iter().flat_map(|facet| &facet.features.0) {
            let is_mention = feature.kind.as_deref() == Some("app.bsky.richtext.facet#mention");
            let Some(did) = feature.did.as_deref().filter(|did| is_mention && did.starts_with("did:")) else { continue };
            if !ties[..addressed].iter().any(|tie| tie.1 == did) {
                ties.push(("mention", Cow::Borrowed(did)));
            }
        }
    } else {
        match record.subject.as_ref().and_then(|subject| account_of(&subject.0)) {
            Some(target) => ties.push((relation, target)),
            None => return batch.reject(line, "subject", format!("a {relation} that names no account")),
        }
    }
    let (author, ties) = batch.coded_ties(address.did, &ties);
    let time = record.created_at.as_deref().and_then(time::parse).unwrap_or(address.time);
    let is_post = matches!(address.collection, Collection::Post | Collection::Repost);
    batch.posts.push(Post { id: Some(address.id), author, time, ties, pending: Vec::new(), revision: address.revision, is_post });
}

impl Embedded<'_> {
    /// The address of what is embedded, if that is a post: feeds and lists are shown in the same way.
    fn post(&self) -> Option<&str> {
        let uri = self.uri.as_deref().or(self.record.as_ref().map(|record| &*record.0))?;
        uri.contains("/app.bsky.feed.post/").then_some(uri)
    }
}
