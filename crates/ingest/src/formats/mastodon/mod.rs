//! `mastodon`: statuses and accounts as the API gives them, an archive's `outbox.json` (ActivityPub) and its `following_accounts.csv`.
//!
//! Ids hold for one server only, so an account's key is its address in the federation, `user@domain` in lower case; a local account (no domain in `acct`) has
//! that of its web address. A repost gives `repost` only; a reply gives `reply`, and `mention` for others than the one replied to; a quote
//! likewise. A status inside another (reposted or quoted) only tells who wrote it. A status is known by its `uri`, so that it counts once wherever it
//! was fetched. Who is answered is found by the id of that account among those of the same server that the inputs hold.

mod activity;
mod api;
mod following;
mod html;

use crate::IngestError;
use crate::format::{FormatSpec, ReadOptions, Reading, first_byte};
use crate::intake::Intake;
use crate::json::{read_array_at, read_posts};
use crate::source::Source;

pub(crate) const FORMAT: FormatSpec = FormatSpec {
    name: "mastodon",
    summary: "statuses and accounts as the Mastodon API gives them, ActivityPub outbox.json, following_accounts.csv of an archive",
    claims: |head| {
        let is_json = matches!(first_byte(head), Some(b'{' | b'['));
        following::is_list(head) || (is_json && (is_activity_pub(head) || is_api(head)))
    },
    read,
};

fn has(head: &[u8], word: &str) -> bool {
    memchr::memmem::find(head, word.as_bytes()).is_some()
}

fn is_api(head: &[u8]) -> bool {
    has(head, "\"acct\"") && has(head, "\"username\"")
}

fn is_activity_pub(head: &[u8]) -> bool {
    has(head, "\"orderedItems\"") || (has(head, "\"actor\"") && has(head, "\"object\"") && has(head, "activitystreams"))
}

/// Where the array of activities starts, if the file is a collection of them.
fn items_offset(head: &[u8]) -> Option<usize> {
    let name = b"\"orderedItems\"";
    let behind = memchr::memmem::find(head, name)? + name.len();
    let array = memchr::memchr(b'[', &head[behind..])?;
    let between = &head[behind..behind + array];
    between.iter().all(|byte| byte.is_ascii_whitespace() || *byte == b':').then_some(behind + array)
}

fn read(source: &mut Source, options: &ReadOptions, intake: &mut Intake) -> Result<Reading, IngestError> {
    let mut notes = Vec::new();
    if following::is_list(&source.head) {
        notes = following::read(source, options, intake)?;
    } else if is_activity_pub(&source.head) {
        let tally = activity::Tally::default();
        match items_offset(&source.head) {
            Some(offset) => {
                read_array_at(source, offset, intake, |batch, line, bytes| activity::record(batch, line, bytes, &tally))?;
            }
            None => read_posts(source, intake, |batch, line, bytes| activity::record(batch, line, bytes, &tally))?,
        }
        notes.extend(tally.note(&source.path));
    } else {
        read_posts(source, intake, api::record)?;
    }
    Ok(Reading { notes, ..Reading::default() })
}

/// The address of an account with such a web address: `https://domain/@name` or `https://domain/users/name`. Newer servers number their accounts
/// (`/ap/users/123`); the number stands for the name there.
fn address_of(url: &str) -> Option<String> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let mut parts = rest.split(['/', '?', '#']);
    let domain = parts.next().filter(|domain| !domain.is_empty())?;
    let mut parts = parts.skip_while(|&part| part == "ap");
    let name = match parts.next()? {
        "users" | "u" | "profile" => parts.next()?,
        part => part.strip_prefix('@')?,
    };
    match name {
        "" => None,
        _ if name.contains('@') => Some(name.to_lowercase()),
        _ => Some(format!("{name}@{domain}").to_lowercase()),
    }
}

/// The domain of a web address.
fn domain_of(url: &str) -> Option<&str> {
    url.split_once("://")?.1.split(['/', '?', '#']).next().filter(|domain| !domain.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn web_addresses_name_accounts() {
        for (url, wanted) in [
            ("https://Example.org/@Ann", Some("ann@example.org")),
            ("https://example.org/users/ann/statuses/12", Some("ann@example.org")),
            ("http://localhost:3000/ap/users/17/statuses/1", Some("17@localhost:3000")),
            ("https://example.org/@bob@other.example/5", Some("bob@other.example")),
            ("https://example.org/objects/1f", None),
            ("https://example.org", None),
            ("example.org/@ann", None),
            ("https:///@ann", None),
        ] {
            assert_eq!(address_of(url).as_deref(), wanted, "{url}");
        }
    }

    #[test]
    fn an_outbox_is_read_from_its_items_on() {
        assert_eq!(items_offset(br#"{"a":[1],"orderedItems" : [{}"#), Some(26));
        assert_eq!(items_offset(br#"{"orderedItems":7,"b":[]}"#), None);
    }
}
