//! Posts as pages of API v2 answers, one JSON object a line, and the writing of all files.

use crate::Study;
use crate::accounts::Account;
use crate::calendar::{DAY, END, civil, timestamp};
use crate::posts::{Kind, Post};
use crate::texts::Span;
use flate2::{Compression, GzBuilder};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::{fs, io};

/// Posts of a page: more than the platform gives, as profiles repeated page by page would double the sample.
const PAGE: usize = 5_000;
/// Profiles of a page of a look-up, as the platform gives.
const LOOKUP: usize = 100;

/// A file of the study.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Path below the folder, with `/`; `.gz` files are compressed when written.
    pub path: String,
    /// What is in it, not compressed.
    pub content: String,
}

impl File {
    pub(crate) fn new(path: &str, content: String) -> Self {
        Self { path: path.to_owned(), content }
    }

    /// The bytes on disk; the gzip header carries neither name nor time.
    ///
    /// # Errors
    /// Those of the compressor.
    pub fn bytes(&self) -> io::Result<Vec<u8>> {
        if !self.path.ends_with(".gz") {
            return Ok(self.content.clone().into_bytes());
        }
        let mut packer = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
        packer.write_all(self.content.as_bytes())?;
        packer.finish()
    }
}

/// Writes files below a folder, which is made if need be; answers how many bytes.
///
/// # Errors
/// Those of the file system.
pub fn write_folder(folder: &Path, files: &[File]) -> io::Result<usize> {
    let mut total = 0;
    for file in files {
        let path = folder.join(&file.path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let bytes = file.bytes()?;
        fs::write(path, &bytes)?;
        total += bytes.len();
    }
    Ok(total)
}

/// `posts/2026-01.jsonl.gz` and so on: a file a month, in it pages from the newest to the oldest.
pub(crate) fn pages(study: &Study) -> Vec<File> {
    let printer = Printer::new(study);
    let mut months: BTreeMap<(i64, i64), Vec<usize>> = BTreeMap::new();
    for (place, post) in study.posts.iter().enumerate() {
        let (year, month, _) = civil(post.time);
        months.entry((year, month)).or_default().push(place);
    }
    let file = |((year, month), mut posts): ((i64, i64), Vec<usize>)| {
        posts.reverse();
        let retrieved = study.posts[posts[0]].time + DAY;
        let pages: Vec<&[usize]> = posts.chunks(PAGE).collect();
        let lines = (0..pages.len()).map(|page| printer.page(&pages, page, retrieved));
        File::new(&format!("posts/{year:04}-{month:02}.jsonl.gz"), lines.collect())
    };
    months.into_iter().map(file).collect()
}

/// `profiles.jsonl.gz`: a look-up of the accounts that the pages of posts say nothing about, 100 a page.
pub(crate) fn profiles(study: &Study) -> File {
    let printer = Printer::new(study);
    let mut shown = vec![false; study.accounts.len()];
    for post in &study.posts {
        shown[post.author] = true;
    }
    let silent: Vec<usize> = (0..study.accounts.len()).filter(|&node| !shown[node]).collect();
    let mut text = String::new();
    for (page, nodes) in silent.chunks(LOOKUP).enumerate() {
        let users: Vec<String> = nodes.iter().map(|&node| printer.user(node)).collect();
        let url = format!("https://api.example.org/2/users?batch={}", page + 1);
        let _ = writeln!(text, "{{\"data\":[{}],{}}}", users.join(","), envelope(&url, END + page as i64));
    }
    File::new("profiles.jsonl.gz", text)
}

/// What twarc2 adds to every answer.
fn envelope(url: &str, retrieved: i64) -> String {
    let retrieved = timestamp(retrieved);
    let second = &retrieved[..19];
    format!(r#""__twarc":{{"url":"{url}","version":"2.14.0","retrieved_at":"{second}+00:00"}}"#)
}

/// JSON is put together by hand: the order of keys must not hang on how another crate was built.
struct Printer<'a> {
    study: &'a Study,
    /// Reposts, replies and quotes of each post.
    answers: Vec<[u64; 3]>,
    followers: Vec<u64>,
    following: Vec<u64>,
    written: Vec<u64>,
}

impl<'a> Printer<'a> {
    fn new(study: &'a Study) -> Self {
        let mut answers = vec![[0; 3]; study.posts.len()];
        let count = study.accounts.len();
        let (mut followers, mut following, mut written) = (vec![0; count], vec![0; count], vec![0; count]);
        for post in &study.posts {
            written[post.author] += 1;
            match post.kind {
                Kind::Original => {}
                Kind::Repost(seen) => answers[seen][0] += 1,
                Kind::Reply(seen) => answers[seen][1] += 1,
                Kind::Quote(seen) => answers[seen][2] += 1,
            }
        }
        for follow in &study.follows {
            following[follow.follower] += 1;
            followers[follow.followed] += 1;
        }
        Self { study, answers, followers, following, written }
    }

    fn page(&self, pages: &[&[usize]], page: usize, retrieved: i64) -> String {
        let posts = pages[page];
        let inside: BTreeSet<usize> = posts.iter().copied().collect();
        let mut people: BTreeSet<usize> = BTreeSet::new();
        let mut seen: BTreeSet<usize> = BTreeSet::new();
        for &place in posts {
            let post = &self.study.posts[place];
            people.insert(post.author);
            if let Some(other) = referred(post) {
                people.insert(self.study.posts[other].author);
                seen.insert(other);
            }
        }
        // Referenced posts that the page has anyway are not repeated; that keeps the sample small.
        let outside: Vec<String> = seen.difference(&inside).map(|&place| self.post(place)).collect();
        let data: Vec<String> = posts.iter().map(|&place| self.post(place)).collect();
        let users: Vec<String> = people.iter().map(|&node| self.user(node)).collect();
        let id = |place: usize| self.study.posts[place].id;
        let mut meta = format!(
            r#""newest_id":"{}","oldest_id":"{}","result_count":{}"#,
            id(posts[0]),
            id(posts[posts.len() - 1]),
            posts.len()
        );
        if page + 1 < pages.len() {
            let _ = write!(meta, r#","next_token":"page{:04}""#, page + 2);
        }
        let url = "https://api.example.org/2/tweets/search/all?query=%23Glimbo&max_results=5000";
        format!(
            "{{\"data\":[{}],\"includes\":{{\"users\":[{}],\"tweets\":[{}]}},\"meta\":{{{meta}}},{}}}\n",
            data.join(","),
            users.join(","),
            outside.join(","),
            envelope(url, retrieved + page as i64 * 3),
        )
    }

    fn post(&self, place: usize) -> String {
        let post = &self.study.posts[place];
        let account = |node: usize| &self.study.accounts[node];
        let mut json = format!(
            r#"{{"id":"{}","author_id":"{}","conversation_id":"{}","created_at":"{}","lang":"{}","text":{}"#,
            post.id,
            account(post.author).id,
            post.conversation,
            timestamp(post.time),
            post.language.words().code,
            string(&post.text.text),
        );
        json.push_str(&self.entities(post));
        if let Some(other) = referred(post) {
            let word = match post.kind {
                Kind::Repost(_) => "retweeted",
                Kind::Quote(_) => "quoted",
                _ => "replied_to",
            };
            let seen = &self.study.posts[other];
            let _ = write!(json, r#","referenced_tweets":[{{"type":"{word}","id":"{}"}}]"#, seen.id);
            if matches!(post.kind, Kind::Reply(_)) {
                let _ = write!(json, r#","in_reply_to_user_id":"{}""#, account(seen.author).id);
            }
        }
        // The platform shows a repost with the repost count of the original.
        let [reposts, replies, quotes] = match post.kind {
            Kind::Repost(seen) => [self.answers[seen][0], 0, 0],
            _ => self.answers[place],
        };
        let _ = write!(
            json,
            r#","public_metrics":{{"retweet_count":{reposts},"reply_count":{replies},"like_count":{},"quote_count":{quotes}}}}}"#,
            post.likes
        );
        json
    }

    fn entities(&self, post: &Post) -> String {
        let mention = |span: &Span<usize>| {
            let account = &self.study.accounts[span.what];
            let (start, end) = (span.start, span.end);
            format!(r#"{{"start":{start},"end":{end},"username":"{}","id":"{}"}}"#, account.handle, account.id)
        };
        let tag = |span: &Span<String>| format!(r#"{{"start":{},"end":{},"tag":{}}}"#, span.start, span.end, string(&span.what));
        let mut lists = Vec::new();
        if !post.text.mentions.is_empty() {
            let mentions: Vec<String> = post.text.mentions.iter().map(mention).collect();
            lists.push(format!(r#""mentions":[{}]"#, mentions.join(",")));
        }
        if !post.text.tags.is_empty() {
            let tags: Vec<String> = post.text.tags.iter().map(tag).collect();
            lists.push(format!(r#""hashtags":[{}]"#, tags.join(",")));
        }
        if lists.is_empty() { String::new() } else { format!(r#","entities":{{{}}}"#, lists.join(",")) }
    }

    fn user(&self, node: usize) -> String {
        let account: &Account = &self.study.accounts[node];
        // The platform knows more followers than the sample does: a fixed multiple, no further chance.
        let scale = 3 + account.id % 9;
        format!(
            "{{\"name\":{},\"username\":\"{}\",\"description\":{},\"verified\":{},\"created_at\":\"{}\",\"id\":\"{}\",\
             \"public_metrics\":{{\"followers_count\":{},\"following_count\":{},\"tweet_count\":{},\
             \"listed_count\":{}}}}}",
            string(&account.name),
            account.handle,
            string(&account.bio),
            account.verified,
            timestamp(account.created),
            account.id,
            self.followers[node] * scale,
            self.following[node] * 2,
            self.written[node] * 40 + account.id % 9,
            self.followers[node] / 20,
        )
    }
}

/// The post that another refers to.
fn referred(post: &Post) -> Option<usize> {
    match post.kind {
        Kind::Original => None,
        Kind::Reply(seen) | Kind::Repost(seen) | Kind::Quote(seen) => Some(seen),
    }
}

fn string(text: &str) -> String {
    serde_json::to_string(text).expect("a string can always be written as JSON")
}
