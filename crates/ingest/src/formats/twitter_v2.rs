//! `twitter-v2`: answers of the API v2 as twarc2 stores them: pages with `data` and `includes`, or flattened posts; also lists of followers.
//!
//! A repost gives `repost` only; a reply gives `reply`, and `mention` for others than the one replied to; a quote likewise. Posts in `data` count; posts in
//! `includes` only tell who wrote what is referred to. A post that stands on two pages counts once.

use crate::IngestError;
use crate::batch::{Batch, Key, Post};
use crate::format::{FormatSpec, ReadOptions, Reading, first_byte};
use crate::intake::Intake;
use crate::json::{Many, Text, parsed, read_posts};
use crate::posts::ONLY_REVISION;
use crate::profile::{Profile, filled, known};
use crate::source::Source;
use crate::time;
use echogram_graph::{NO_TIME, canonical_u64};
use serde::Deserialize;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;

pub(crate) const FORMAT: FormatSpec = FormatSpec {
    name: "twitter-v2",
    summary: "answers of the Twitter/X API v2 as twarc2 stores them: posts with profiles, flattened posts, followers and following",
    claims: |head| {
        let start = &head[..head.len().min(1 << 14)];
        let has = |word: &str| memchr::memmem::find(start, word.as_bytes()).is_some();
        matches!(first_byte(head), Some(b'{' | b'['))
            && (has("\"author_id\"")
                || has("\"includes\"")
                || has("\"__twarc\"")
                || has("\"data\"")
                || (has("\"errors\"") && has("\"title\"")))
    },
    read,
};

/// A post, a user, or something else that stands in `data`; or the page around them, the answer to one call. One struct for all, so that
/// a line is parsed once whichever it is.
#[derive(Deserialize, Default)]
struct Item<'a> {
    // What a page has.
    #[serde(borrow, default)]
    data: Many<Item<'a>>,
    #[serde(borrow, default)]
    includes: Option<Includes<'a>>,
    #[serde(borrow, default)]
    errors: Vec<ApiError<'a>>,
    #[serde(borrow, default)]
    title: Option<Text<'a>>,
    #[serde(borrow, default)]
    detail: Option<Text<'a>>,
    // What a post has.
    #[serde(borrow, default)]
    id: Option<Text<'a>>,
    #[serde(borrow, default)]
    author_id: Option<Text<'a>>,
    #[serde(borrow, default)]
    in_reply_to_user_id: Option<Text<'a>>,
    #[serde(borrow, default)]
    created_at: Option<Text<'a>>,
    #[serde(borrow, default)]
    text: Option<Text<'a>>,
    #[serde(borrow, default)]
    entities: Option<Entities<'a>>,
    #[serde(borrow, default)]
    referenced_tweets: Vec<Reference<'a>>,
    #[serde(borrow, default)]
    author: Option<User<'a>>,
    #[serde(borrow, default)]
    in_reply_to_user: Option<User<'a>>,
    #[serde(borrow, rename = "__twarc", default)]
    twarc: Option<Twarc<'a>>,
    // What a user has and a post has not.
    #[serde(borrow, default)]
    username: Option<Text<'a>>,
    #[serde(borrow, default)]
    name: Option<Text<'a>>,
    #[serde(borrow, default)]
    description: Option<Text<'a>>,
    #[serde(default)]
    verified: Option<bool>,
    #[serde(default)]
    public_metrics: Metrics,
    #[serde(borrow, default)]
    url: Option<Text<'a>>,
    // What a count has.
    #[serde(default)]
    tweet_count: Option<u64>,
}

#[derive(Deserialize, Default)]
struct Entities<'a> {
    #[serde(borrow, default)]
    mentions: Vec<User<'a>>,
}

#[derive(Deserialize)]
struct Reference<'a> {
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
    #[serde(borrow, default)]
    id: Option<Text<'a>>,
    #[serde(borrow, default)]
    author_id: Option<Text<'a>>,
    #[serde(borrow, default)]
    author: Option<User<'a>>,
    #[serde(borrow, default)]
    entities: Option<Entities<'a>>,
}

#[derive(Deserialize, Default)]
struct User<'a> {
    #[serde(borrow, default)]
    id: Option<Text<'a>>,
    #[serde(borrow, default)]
    username: Option<Text<'a>>,
    #[serde(borrow, default)]
    name: Option<Text<'a>>,
    #[serde(borrow, default)]
    description: Option<Text<'a>>,
    #[serde(borrow, default)]
    created_at: Option<Text<'a>>,
    #[serde(default)]
    verified: Option<bool>,
    #[serde(default)]
    public_metrics: Metrics,
    #[serde(borrow, default)]
    url: Option<Text<'a>>,
}

#[derive(Deserialize, Default)]
struct Metrics {
    #[serde(default)]
    followers_count: Option<u64>,
}

#[derive(Deserialize, Default)]
struct Includes<'a> {
    #[serde(borrow, default)]
    users: Vec<User<'a>>,
    #[serde(borrow, default)]
    tweets: Vec<Included<'a>>,
}

#[derive(Deserialize)]
struct Included<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow, default)]
    author_id: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct ApiError<'a> {
    #[serde(borrow, default)]
    title: Option<Text<'a>>,
    #[serde(borrow, default)]
    detail: Option<Text<'a>>,
}

#[derive(Deserialize, Default)]
struct Twarc<'a> {
    #[serde(borrow, default)]
    url: Option<Text<'a>>,
    #[serde(borrow, default)]
    retrieved_at: Option<Text<'a>>,
}

fn read(source: &mut Source, options: &ReadOptions, intake: &mut Intake) -> Result<Reading, IngestError> {
    let owner = options.owner.as_deref();
    read_posts(source, intake, |batch, line, bytes| record(batch, line, bytes, owner))?;
    Ok(Reading::default())
}

/// One page, or one flattened post.
fn record(batch: &mut Batch, line: u64, bytes: &[u8], owner: Option<&str>) {
    let read = match parsed::<Item<'_>>(bytes) {
        Ok(read) => read,
        Err(error) if error.is_data() => return batch.reject(line, "row", format!("no answer of API v2: {error}")),
        Err(error) => return batch.reject(line, "row", format!("not valid JSON: {error}")),
    };
    // A flattened post has its author beside its text; a page has neither.
    if read.author_id.is_some() || read.username.is_some() {
        return items(batch, line, std::slice::from_ref(&read), &Includes::default(), read.twarc.as_ref(), owner);
    }
    if read.data.0.is_empty() {
        let said = |title: &Option<Text<'_>>, detail: &Option<Text<'_>>| {
            let words: Vec<&str> = [title, detail].into_iter().flatten().map(AsRef::as_ref).collect();
            (!words.is_empty()).then(|| words.join(": "))
        };
        let error =
            read.errors.iter().find_map(|error| said(&error.title, &error.detail)).or_else(|| said(&read.title, &read.detail));
        if let Some(error) = error {
            return batch.reject(line, "errors", format!("the platform answered with an error instead of posts: {error}"));
        }
    }
    items(batch, line, &read.data.0, read.includes.as_ref().unwrap_or(&Includes::default()), read.twarc.as_ref(), owner);
}

fn items(
    batch: &mut Batch,
    line: u64,
    items: &[Item<'_>],
    includes: &Includes<'_>,
    twarc: Option<&Twarc<'_>>,
    owner: Option<&str>,
) {
    let seen = twarc.and_then(|twarc| time::parse(twarc.retrieved_at.as_deref()?));
    let mut authors: HashMap<&str, &str> = HashMap::new();
    for included in &includes.tweets {
        if let Some(author) = &included.author_id {
            authors.insert(&included.id, author);
        }
    }
    for item in items {
        if let (Some(id), Some(author)) = (&item.id, &item.author_id) {
            authors.insert(id, author);
        }
    }
    for user in &includes.users {
        add_profile(batch, user, seen);
    }
    let page = PageIndex { authors, users: &includes.users, ids: OnceCell::new() };
    let list = twarc.and_then(|twarc| follow_list(twarc.url.as_deref()?));
    let mut counts = 0;
    for item in items {
        if item.author_id.is_some() {
            post(batch, line, item, &page, seen);
        } else if item.username.is_some() {
            let user = User {
                id: item.id.clone(),
                username: item.username.clone(),
                name: item.name.clone(),
                description: item.description.clone(),
                created_at: item.created_at.clone(),
                verified: item.verified,
                public_metrics: Metrics { followers_count: item.public_metrics.followers_count },
                url: item.url.clone(),
            };
            add_profile(batch, &user, seen);
            follow(batch, line, &user, list, owner);
        } else if item.tweet_count.is_some() {
            counts += 1;
        } else if item.id.is_some() && item.text.is_some() {
            batch.reject(line, "author_id", "a post without its author: ask the API for tweet.fields=author_id (twarc2 does)");
        } else {
            batch.reject(line, "data", "neither a post nor a user");
        }
    }
    if counts > 0 {
        batch.reject(
            line,
            "data",
            format!("{counts} counts of posts by time: no accounts in them; search for the posts themselves"),
        );
    }
}

/// Whose followers (`true`) or followed (`false`) a call lists.
fn follow_list(url: &str) -> Option<(&str, bool)> {
    let rest = url.split_once("/users/")?.1;
    let (id, what) = rest.split_once('/')?;
    match what.split(['?', '/']).next()? {
        "followers" => Some((id, true)),
        "following" => Some((id, false)),
        _ => None,
    }
}

fn follow(batch: &mut Batch, line: u64, user: &User<'_>, list: Option<(&str, bool)>, owner: Option<&str>) {
    let Some((listed_owner, are_followers)) = list else { return };
    let Some(id) = user.id.as_deref() else { return batch.reject(line, "id", "a user without id") };
    let owner = owner.unwrap_or(listed_owner);
    let (source, target) = if are_followers { (id, owner) } else { (owner, id) };
    let [source, target] = batch.codes([Key::Text(source), Key::Text(target)]);
    batch.rows("follow").push(source, target, 1.0, NO_TIME);
}

fn add_profile(batch: &mut Batch, user: &User<'_>, seen: Option<i64>) {
    let Some(account) = user.id.as_deref().and_then(known) else { return };
    batch.describe(Profile {
        account,
        handle: user.username.as_deref().and_then(known),
        name: user.name.as_deref().and_then(known),
        bio: user.description.as_deref().and_then(known),
        verified: user.verified,
        followers: user.public_metrics.followers_count,
        created: user.created_at.as_deref().and_then(time::parse),
        url: user.url.as_deref().and_then(known),
        seen,
        ..Profile::default()
    });
}

/// What one page tells of posts and accounts that others on it refer to.
struct PageIndex<'a> {
    /// Post -> its author.
    authors: HashMap<&'a str, &'a str>,
    users: &'a [User<'a>],
    /// Handle in lower case -> id, once one is looked up.
    ids: OnceCell<HashMap<String, &'a str>>,
}

impl<'a> PageIndex<'a> {
    /// The key of an account: its id, told or looked up by handle. A handle that the page does not know is marked so; assembling
    /// looks it up among all profiles.
    fn key_of<'b>(&'b self, user: &'b User<'_>) -> Option<Cow<'b, str>> {
        if let Some(id) = user.id.as_deref().and_then(filled) {
            return Some(Cow::Borrowed(id));
        }
        let handle = user.username.as_deref().and_then(filled)?;
        let ids = self.ids.get_or_init(|| {
            let known = |user: &'a User<'a>| Some((user.username.as_deref()?.to_ascii_lowercase(), user.id.as_deref()?));
            // The first of a name counts.
            self.users.iter().rev().filter_map(known).collect()
        });
        let id = ids.get(&handle.to_ascii_lowercase()).copied();
        Some(id.map_or_else(|| Cow::Owned(format!("@{handle}")), Cow::Borrowed))
    }

    /// Who wrote a post that is referred to.
    fn author_of<'b>(&'b self, reference: &'b Reference<'_>) -> Option<&'b str> {
        let own = reference.author_id.as_deref().or(reference.author.as_ref().and_then(|author| author.id.as_deref()));
        own.or_else(|| self.authors.get(reference.id.as_deref()?).copied()).and_then(filled)
    }
}

fn post(batch: &mut Batch, line: u64, item: &Item<'_>, page: &PageIndex<'_>, seen: Option<i64>) {
    let authors = item.author.iter().chain(&item.in_reply_to_user);
    for user in authors.chain(item.referenced_tweets.iter().filter_map(|reference| reference.author.as_ref())) {
        add_profile(batch, user, seen);
    }
    let mentions = item.entities.iter().flat_map(|entities| &entities.mentions);
    let quoted =
        item.referenced_tweets.iter().filter_map(|reference| reference.entities.as_ref()).flat_map(|entities| &entities.mentions);
    for user in mentions.clone().chain(quoted).filter(|user| user.name.is_some() || user.description.is_some()) {
        add_profile(batch, user, seen);
    }
    let Some(author) = item.author_id.as_deref().and_then(filled) else {
        return batch.reject(line, "author_id", "empty");
    };
    let time = match item.created_at.as_deref().map(time::parse) {
        None => NO_TIME,
        Some(Some(time)) => time,
        Some(None) => return batch.reject(line, "created_at", "no date or time"),
    };
    let mut ties: Vec<(&'static str, Cow<'_, str>)> = Vec::new();
    let referred = |kind: &str| item.referenced_tweets.iter().find(|reference| &*reference.kind == kind);
    let mut answered: Vec<Cow<'_, str>> = Vec::new();
    let mut pending: Vec<(&'static str, u64)> = Vec::new();
    // Who wrote a post that this page does not hold may stand on another page: its number is kept until all are read.
    let mut wait_for =
        |relation, reference: &Reference<'_>| match reference.id.as_deref().and_then(|id| canonical_u64(id.as_bytes())) {
            Some(id) => pending.push((relation, id)),
            None => batch.reject(line, "referenced_tweets", format!("a {relation} of a post without a number")),
        };
    if let Some(reference) = referred("retweeted") {
        let is_told = item.text.as_deref().is_some_and(|text| text.starts_with("RT @"));
        let named = || mentions.clone().next().filter(|_| is_told).and_then(|user| page.key_of(user));
        match page.author_of(reference).map(Cow::Borrowed).or_else(named) {
            Some(target) => ties.push(("repost", target)),
            None => wait_for("repost", reference),
        }
    } else {
        let answer = referred("replied_to");
        match item.in_reply_to_user_id.as_deref().and_then(filled).or_else(|| page.author_of(answer?)) {
            Some(target) => {
                answered.push(target.into());
                ties.push(("reply", target.into()));
            }
            None => answer.into_iter().for_each(|reference| wait_for("reply", reference)),
        }
        if let Some(reference) = referred("quoted") {
            match page.author_of(reference) {
                Some(target) => {
                    answered.push(target.into());
                    ties.push(("quote", target.into()));
                }
                None => wait_for("quote", reference),
            }
        }
        ties.extend(
            mentions.filter_map(|user| page.key_of(user)).filter(|key| !answered.contains(key)).map(|key| ("mention", key)),
        );
    }
    let (author, ties) = batch.coded_ties(author, &ties);
    let id = item.id.as_deref().and_then(|id| canonical_u64(id.as_bytes()));
    batch.posts.push(Post { id, author, time, ties, pending, revision: ONLY_REVISION, is_post: true });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ties(post: &str) -> Vec<(&'static str, u32)> {
        let page = format!(
            r#"{{"data":[{post}],"includes":{{"tweets":[{{"id":"90","author_id":"9"}}],"users":[{{"id":"1","username":"ann","name":"Ann"}}]}}}}"#
        );
        let mut batch = Batch::default();
        record(&mut batch, 1, page.as_bytes(), None);
        assert_eq!(batch.rejections.kept, []);
        batch.posts.remove(0).ties
    }

    #[test]
    fn each_kind_of_post_gives_its_ties() {
        let mentions =
            r#""entities":{"mentions":[{"username":"b","id":"2"},{"username":"i","id":"9"},{"username":"b","id":"2"}]}"#;
        let post = |rest: &str| format!(r#"{{"id":"5","author_id":"1","text":"x",{mentions}{rest}}}"#);
        assert_eq!(ties(&post("")), [("mention", 2), ("mention", 9)]);
        assert_eq!(ties(&post(r#","referenced_tweets":[{"type":"retweeted","id":"90"}]"#)), [("repost", 9)]);
        assert_eq!(
            ties(&post(r#","in_reply_to_user_id":"9","referenced_tweets":[{"type":"replied_to","id":"77"}]"#)),
            [("mention", 2), ("reply", 9)]
        );
        assert_eq!(ties(&post(r#","referenced_tweets":[{"type":"quoted","id":"90"}]"#)), [("mention", 2), ("quote", 9)]);
    }

    #[test]
    fn other_answers_are_rejected_in_words() {
        for (text, part) in [
            (r#"{"data":[{"start":"a","end":"b","tweet_count":3}]}"#, "counts of posts"),
            (r#"{"errors":[{"title":"ConnectionException","detail":"too many"}]}"#, "ConnectionException: too many"),
            (r#"{"data":[{"id":"1","text":"x"}]}"#, "author_id"),
            (r#"{"data": "#, "not valid JSON"),
        ] {
            let mut batch = Batch::default();
            record(&mut batch, 3, text.as_bytes(), None);
            let said = &batch.rejections.kept[0];
            assert!(said.line == 3 && (said.reason.contains(part)), "{said:?}");
        }
    }

    #[test]
    fn lists_of_followers_become_ties() {
        let page = r#"{"data":[{"id":"7","username":"g","name":"G"}],"__twarc":{"url":"https://api.example.org/2/users/3/followers?max_results=1"}}"#;
        let mut batch = Batch::default();
        record(&mut batch, 1, page.as_bytes(), None);
        assert_eq!((batch.rows("follow").sources.clone(), batch.rows("follow").targets.clone()), (vec![7], vec![3]));
        assert_eq!(batch.profiles[0].handle.as_deref(), Some("g"));
    }
}
