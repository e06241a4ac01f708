//! Statuses and accounts as the API gives them.

use super::{domain_of, html};
use crate::batch::{Batch, Key, Post};
use crate::json::{Id, Many, Text, parsed};
use crate::posts::{ONLY_REVISION, number_of};
use crate::profile::{Profile, filled, known};
use crate::time;
use echogram_graph::NO_TIME;
use serde::Deserialize;

/// A status or an account; one struct for both, so that each is parsed once.
#[derive(Deserialize, Default)]
struct Item<'a> {
    #[serde(borrow, default)]
    id: Option<Id<'a>>,
    #[serde(borrow, default)]
    created_at: Option<Text<'a>>,
    #[serde(borrow, default)]
    uri: Option<Text<'a>>,
    #[serde(borrow, default)]
    url: Option<Text<'a>>,
    // What a status has.
    #[serde(borrow, default)]
    account: Option<Box<Item<'a>>>,
    #[serde(borrow, default)]
    mentions: Many<Item<'a>>,
    #[serde(borrow, default)]
    reblog: Option<Box<Item<'a>>>,
    #[serde(borrow, default)]
    in_reply_to_id: Option<Id<'a>>,
    #[serde(borrow, default)]
    in_reply_to_account_id: Option<Id<'a>>,
    #[serde(borrow, default)]
    quote: Option<Box<Quote<'a>>>,
    // What an account has, or a mention of one.
    #[serde(borrow, default)]
    acct: Option<Text<'a>>,
    #[serde(borrow, default)]
    display_name: Option<Text<'a>>,
    #[serde(borrow, default)]
    note: Option<Text<'a>>,
    #[serde(default)]
    followers_count: Option<i64>,
}

/// What is quoted: a status, or (other servers) a status outright.
#[derive(Deserialize)]
struct Quote<'a> {
    #[serde(borrow, default)]
    quoted_status: Option<Item<'a>>,
    #[serde(borrow, default)]
    account: Option<Item<'a>>,
}

impl Item<'_> {
    /// `user@domain`.
    fn address(&self) -> Option<String> {
        let acct = filled(self.acct.as_deref()?)?.trim_start_matches('@');
        if acct.contains('@') {
            return Some(acct.to_owned());
        }
        let domain = [&self.url, &self.uri].into_iter().flatten().find_map(|url| domain_of(url));
        Some(domain.map_or_else(|| acct.to_owned(), |domain| format!("{acct}@{domain}")))
    }

    /// The account's key.
    fn key(&self) -> Option<String> {
        Some(self.address()?.to_lowercase())
    }

    /// The server that a local account shows: the one whose ids these are.
    fn server(&self) -> Option<&str> {
        self.acct.as_deref().filter(|acct| !acct.contains('@'))?;
        [&self.url, &self.uri].into_iter().flatten().find_map(|url| domain_of(url))
    }

    fn profile(&self, seen: Option<i64>) -> Option<Profile> {
        let handle = self.address()?;
        Some(Profile {
            account: handle.to_lowercase().into(),
            handle: Some(handle.into()),
            name: self.display_name.as_deref().and_then(known),
            bio: self.note.as_deref().and_then(|note| known(html::text_of(note))),
            followers: self.followers_count.and_then(|count| u64::try_from(count).ok()),
            created: self.created_at.as_deref().and_then(time::parse),
            url: self.url.as_deref().and_then(known),
            seen,
            ..Profile::default()
        })
    }
}

/// The number by which an account of a server is referred to.
fn account_number(server: &str, id: &str) -> u64 {
    number_of(&format!("{server} account {id}"))
}

/// One status or one account.
pub(super) fn record(batch: &mut Batch, line: u64, bytes: &[u8]) {
    let item = match parsed::<Item<'_>>(bytes) {
        Ok(item) => item,
        Err(error) if error.is_data() => return batch.reject(line, "row", format!("no status or account: {error}")),
        Err(error) => return batch.reject(line, "row", format!("not valid JSON: {error}")),
    };
    match (&item.account, item.profile(None)) {
        (Some(author), _) => status(batch, line, &item, author),
        (None, Some(profile)) => batch.describe(profile),
        (None, None) => batch.reject(line, "row", "neither a status (no account) nor an account (no acct)"),
    }
}

fn status(batch: &mut Batch, line: u64, status: &Item<'_>, author: &Item<'_>) {
    let Some(author_key) = author.key() else { return batch.reject(line, "account", "has no acct") };
    let time = match status.created_at.as_deref().map(time::parse) {
        None => NO_TIME,
        Some(Some(time)) => time,
        Some(None) => return batch.reject(line, "created_at", "no date or time"),
    };
    let reposted = status.reblog.as_ref().and_then(|reblog| reblog.account.as_deref());
    let quoted = status.quote.as_ref().and_then(|quote| match &quote.quoted_status {
        Some(quoted) => quoted.account.as_deref(),
        None => quote.account.as_ref(),
    });
    let people = [Some(author), reposted, quoted];
    let seen = Some(time).filter(|&time| time != NO_TIME);
    people.into_iter().flatten().filter_map(|account| account.profile(seen)).for_each(|profile| batch.describe(profile));
    let known_here = || people.into_iter().flatten().chain(&status.mentions.0);
    let server = known_here().find_map(Item::server);
    let mut ties: Vec<(&'static str, String)> = Vec::new();
    let mut pending: Vec<(&'static str, u64)> = Vec::new();
    if let Some(reblog) = &status.reblog {
        match reposted.and_then(Item::key) {
            Some(target) => ties.push(("repost", target)),
            None => pending.extend(reblog.uri.as_deref().map(|uri| ("repost", number_of(uri)))),
        }
    } else {
        if let Some(id) = status.in_reply_to_account_id.as_ref().or(status.in_reply_to_id.as_ref()) {
            let answered = known_here().find(|account| account.id.as_ref() == Some(id)).and_then(Item::key);
            match answered.filter(|_| status.in_reply_to_account_id.is_some()) {
                Some(target) => ties.push(("reply", target)),
                None => pending.push(("reply", account_number(server.unwrap_or_default(), id))),
            }
        }
        ties.extend(quoted.and_then(Item::key).map(|target| ("quote", target)));
        let addressed = ties.len();
        for target in status.mentions.0.iter().filter_map(Item::key) {
            if !ties[..addressed].iter().any(|tie| tie.1 == target) {
                ties.push(("mention", target));
            }
        }
    }
    // Accounts by number, for replies that do not mention whom they answer.
    let numbered: Vec<(u64, String)> = match server {
        Some(server) => {
            known_here().filter_map(|account| Some((account_number(server, account.id.as_deref()?), account.key()?))).collect()
        }
        None => Vec::new(),
    };
    for (id, key) in numbered {
        let [author] = batch.codes([Key::Text(&key)]);
        let (ties, pending) = (Vec::new(), Vec::new());
        batch.posts.push(Post { id: Some(id), author, time: NO_TIME, ties, pending, revision: ONLY_REVISION, is_post: false });
    }
    let (author, ties) = batch.coded_ties(&author_key, &ties);
    let id = status.uri.as_deref().or(status.url.as_deref()).and_then(filled).map(number_of);
    batch.posts.push(Post { id, author, time, ties, pending, revision: ONLY_REVISION, is_post: true });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interner::Interner;
    use crate::period::Period;
    use crate::posts::count_posts_once;

    const ANN: &str =
        r#"{"id":"1","acct":"Ann","url":"https://here.example/@Ann","display_name":"Ann","note":"<p>GP &amp; mother</p>"}"#;
    const BOB: &str = r#"{"id":"2","acct":"bob@there.example","username":"bob","url":"https://there.example/@bob"}"#;

    fn batch_of(lines: &[String]) -> Batch {
        let mut batch = Batch::default();
        for (line, text) in (1..).zip(lines) {
            record(&mut batch, line, text.as_bytes());
        }
        batch
    }

    /// Ties of Ann's status with these members, and of other lines before it.
    #[track_caller]
    fn check(others: &[&str], rest: &str, wanted: &[(&str, &str, &str)]) {
        let status =
            format!(r#"{{"id":"9","uri":"https://here.example/9","created_at":"2024-01-01T00:00:00Z","account":{ANN}{rest}}}"#);
        let lines: Vec<String> = others.iter().map(|line| (*line).to_owned()).chain([status]).collect();
        let mut batches = [batch_of(&lines)];
        let mut interner = Interner::default();
        assert!(interner.absorb(&mut batches));
        count_posts_once(&mut batches, &interner, Period::default());
        let [batch] = batches;
        assert_eq!(batch.rejections.kept, []);
        let mut found: Vec<(&str, &str, &str)> = Vec::new();
        for (relation, rows) in batch.relations.iter().filter(|relation| !relation.0.is_empty()) {
            let ends = rows.sources.iter().zip(&rows.targets);
            found.extend(ends.map(|(&a, &b)| (relation.as_str(), interner.get(a), interner.get(b))));
        }
        found.sort_unstable();
        assert_eq!(found, wanted);
    }

    #[test]
    fn each_kind_of_status_gives_its_ties() {
        let mentions = format!(r#","mentions":[{BOB},{{"id":"3","acct":"cy","url":"https://here.example/@cy"}}]"#);
        let (ann, bob, cy) = ("ann@here.example", "bob@there.example", "cy@here.example");
        check(&[], &mentions, &[("mention", ann, bob), ("mention", ann, cy)]);
        check(
            &[],
            &format!(r#"{mentions},"in_reply_to_id":"8","in_reply_to_account_id":"2""#),
            &[("mention", ann, cy), ("reply", ann, bob)],
        );
        check(&[], r#","in_reply_to_id":"8","in_reply_to_account_id":"1","mentions":[]"#, &[("reply", ann, ann)]);
        check(&[], &format!(r#"{mentions},"reblog":{{"uri":"u","account":{BOB}}}"#), &[("repost", ann, bob)]);
        let quote = format!(r#","quote":{{"state":"accepted","quoted_status":{{"account":{BOB}}}}}"#);
        check(&[], &quote, &[("quote", ann, bob)]);
    }

    #[test]
    fn whom_a_reply_does_not_mention_is_found_by_number() {
        let dan = r#"{"uri":"d","account":{"id":"7","acct":"dan","url":"https://here.example/@dan"},"mentions":[]}"#;
        let wanted = [("reply", "ann@here.example", "dan@here.example")];
        check(&[dan], r#","in_reply_to_id":"5","in_reply_to_account_id":"7""#, &wanted);
        // The same number on another server is another account.
        check(&[&dan.replace("here.", "there.")], r#","in_reply_to_id":"5","in_reply_to_account_id":"7""#, &[]);
    }

    #[test]
    fn accounts_are_profiles() {
        let batch = batch_of(&[ANN.to_owned()]);
        let profile = &batch.profiles[0];
        assert_eq!((&*profile.account, profile.handle.as_deref()), ("ann@here.example", Some("Ann@here.example")));
        assert_eq!(profile.bio.as_deref(), Some("GP & mother"));
    }

    #[test]
    fn what_is_neither_costs_itself() {
        for (line, part) in [
            (r#"{"a":1}"#, "neither a status"),
            (r#"{"account":{"id":"1"}}"#, "no acct"),
            (r#"{"account":5}"#, "no status"),
            (r#"{"account":{"#, "not valid JSON"),
            (&format!(r#"{{"created_at":"x","account":{ANN}}}"#), "no date"),
        ] {
            let batch = batch_of(&[line.to_owned()]);
            assert!(batch.rejections.kept[0].reason.contains(part), "{:?}", batch.rejections.kept);
        }
    }
}
