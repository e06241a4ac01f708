//! Made-up edges, posts and accounts, the same in every run, to be written in any order and form.

use arrow::array::{ArrayRef, Float64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use echogram_graph::synthetic::Stream;
use parquet::arrow::ArrowWriter;
use serde_json::{Value, json};
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

/// Accounts that posts and rows are about.
const ACCOUNTS: u64 = 240;
/// Rows of the table of edges; many name the same two accounts, so that weights are added.
const ROWS: u64 = 5_000;
const POSTS: u64 = 900;
/// 2026-03-02, a Monday.
const START: i64 = 1_772_409_600;

struct Row {
    source: String,
    target: String,
    relation: &'static str,
    weight: f64,
    /// Seconds since 1970, if known.
    time: Option<i64>,
}

/// All rows and posts.
pub(crate) struct MadeUp {
    rows: Vec<Row>,
    posts: Vec<Value>,
}

/// In an order that depends on `seed`; 0 leaves it.
pub(crate) fn shuffled<T>(mut items: Vec<T>, seed: u64) -> Vec<T> {
    let mut stream = Stream::new(seed, 9, 0);
    for place in (1..items.len()).rev().filter(|_| seed != 0) {
        items.swap(place, stream.below(place as u64 + 1) as usize);
    }
    items
}

/// Lines below a header.
pub(crate) fn joined<S: AsRef<str>>(header: &str, lines: Vec<S>) -> String {
    lines.iter().fold(header.to_owned(), |text, line| text + "\n" + line.as_ref()) + "\n"
}

/// Numbers that no file has in order: a key's digits say nothing of its account.
fn key(account: u64) -> String {
    (7_000_000 + account * 7_919 % 10_007).to_string()
}

/// Low numbers are drawn more often, within a third of the accounts most of the time.
fn pair(stream: &mut Stream) -> (u64, u64) {
    let draw = |stream: &mut Stream| (stream.unit() * stream.unit() * (ACCOUNTS / 3) as f64) as u64 * 3;
    let (third, other) = (stream.below(3), if stream.unit() < 0.85 { 0 } else { 1 });
    (draw(stream) + third, draw(stream) + (third + other) % 3)
}

fn iso(seconds: i64) -> String {
    let (day, rest) = ((seconds - START) / 86_400, (seconds - START) % 86_400);
    format!("2026-03-{:02}T{:02}:{:02}:{:02}.000Z", 2 + day, rest / 3_600, rest / 60 % 60, rest % 60)
}

impl MadeUp {
    pub(crate) fn new() -> Self {
        Self { rows: (0..ROWS).map(row).collect(), posts: (0..POSTS).map(post).collect() }
    }

    /// Rows in some order; every third one with its ends turned, if so wished.
    fn ordered(&self, shuffle: u64) -> Vec<&Row> {
        shuffled(self.rows.iter().collect(), shuffle)
    }

    pub(crate) fn csv(&self, shuffle: u64) -> String {
        joined("source,target,relation,weight,time", self.ordered(shuffle).into_iter().map(|row| line(row, false)).collect())
    }

    /// As [`Self::csv`], with source and target exchanged in some rows.
    pub(crate) fn csv_turned(&self, shuffle: u64) -> String {
        let lines = self.ordered(shuffle).into_iter().enumerate().map(|(at, row)| line(row, at % 3 == 0));
        joined("source,target,relation,weight,time", lines.collect())
    }

    pub(crate) fn ndjson(&self, shuffle: u64) -> String {
        let object = |row: &Row| {
            let time = row.time.map(iso);
            json!({"time": time, "relation": row.relation, "source": row.source, "target": row.target, "weight": row.weight})
        };
        self.ordered(shuffle).into_iter().map(|row| object(row).to_string() + "\n").collect()
    }

    pub(crate) fn parquet(&self, shuffle: u64, path: &Path) {
        let rows = self.ordered(shuffle);
        let text = |pick: fn(&Row) -> &str| Arc::new(StringArray::from_iter_values(rows.iter().map(|row| pick(row)))) as ArrayRef;
        let times = rows.iter().map(|row| row.time.map(|time| time * 1_000_000));
        let batch = RecordBatch::try_from_iter_with_nullable([
            ("weight", Arc::new(Float64Array::from_iter_values(rows.iter().map(|row| row.weight))) as ArrayRef, false),
            ("source", text(|row| &row.source), false),
            ("target", text(|row| &row.target), false),
            ("time", Arc::new(TimestampMicrosecondArray::from_iter(times)), true),
            ("relation", text(|row| row.relation), false),
        ])
        .unwrap();
        let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
        batch_parts(&batch).iter().for_each(|part| writer.write(part).unwrap());
        writer.close().unwrap();
    }

    /// Pages of thirty posts with the profiles of their authors; a profile stands on many pages and changes in time.
    pub(crate) fn posts(&self, shuffle: u64) -> String {
        let posts = shuffled(self.posts.iter().collect::<Vec<_>>(), shuffle);
        let pages = posts.chunks(30).map(|posts| {
            let mut users: Vec<Value> = posts.iter().map(|post| user(post)).collect();
            users.dedup();
            let named: Vec<&Value> = posts.iter().filter_map(|post| self.referenced(post)).collect();
            let includes = json!({"users": shuffled(users, shuffle), "tweets": named});
            json!({"data": posts, "includes": includes}).to_string() + "\n"
        });
        shuffled(pages.collect::<Vec<_>>(), shuffle).concat()
    }

    /// The post that a post refers to: a page has it beside its own posts, as whoever fetches pages may lack the one that it is on.
    fn referenced(&self, post: &Value) -> Option<&Value> {
        let id = &post["referenced_tweets"][0]["id"];
        self.posts.iter().find(|other| other["id"] == *id)
    }

    pub(crate) fn accounts(&self, shuffle: u64) -> String {
        let camp =
            |account: u64| ["fair", "fair", "forward", ""][(account % 3) as usize + usize::from(account.is_multiple_of(11))];
        let role = |account: u64| ["nurse", "", "patient", "physician", "media"][(account % 5) as usize];
        let leaning = |account: u64| (account as f64 / ACCOUNTS as f64).mul_add(2.0, -1.0);
        let lines = (0..ACCOUNTS + 3).map(|account| {
            format!("{},{},{},{:.2},{}", key(account), camp(account), role(account), leaning(account), account % 7)
        });
        joined("account,camp,role,leaning,ward", shuffled(lines.collect(), shuffle))
    }
}

fn row(number: u64) -> Row {
    let mut stream = Stream::new(1, 7, number);
    let (source, target) = pair(&mut stream);
    let relation = ["follow", "mention", "reply", "like"][stream.below(4) as usize];
    // Decimal fractions: added in another order, their sum has other bits.
    let weight = (stream.below(10_000) + 1) as f64 / 1_000.0;
    let time = (stream.unit() < 0.9).then(|| START + stream.below(27 * 86_400) as i64);
    Row { source: key(source), target: key(target), relation, weight, time }
}

fn line(row: &Row, turned: bool) -> String {
    let (source, target) = if turned { (&row.target, &row.source) } else { (&row.source, &row.target) };
    format!("{source},{target},{},{},{}", row.relation, row.weight, row.time.map(iso).unwrap_or_default())
}

fn post(number: u64) -> Value {
    let mut stream = Stream::new(1, 8, number);
    let (author, other) = pair(&mut stream);
    let id = |number: u64| (900_000 + number).to_string();
    let mention = |account: u64| json!({"id": key(account), "username": format!("handle_{account}")});
    let mut post = json!({
        "id": id(number), "author_id": key(author), "created_at": iso(START + stream.below(27 * 86_400) as i64),
        "text": "x", "entities": {"mentions": [mention(other), mention(pair(&mut stream).1)]},
    });
    let about = stream.below(number.max(1));
    match stream.below(4) {
        0 => {
            post["referenced_tweets"] = json!([{"type": "replied_to", "id": id(about)}]);
            post["in_reply_to_user_id"] = json!(key(other));
        }
        1 => {
            post["referenced_tweets"] = json!([{"type": "retweeted", "id": id(about)}]);
            post["text"] = json!(format!("RT @handle_{other}: x"));
        }
        2 => post["referenced_tweets"] = json!([{"type": "quoted", "id": id(about)}]),
        _ => {}
    }
    post
}

/// The profile of a post's author, as it was then.
fn user(post: &Value) -> Value {
    let account = post["author_id"].as_str().unwrap();
    let number: u64 = account.parse().unwrap();
    let day: u64 = post["created_at"].as_str().unwrap()[8..10].parse().unwrap();
    let bio = if day < 15 { "Nurse. Views my own." } else { "Registered nurse and mother." };
    json!({
        "id": account, "username": format!("user_{account}"), "name": format!("Name {account}"),
        "description": if number.is_multiple_of(3) { bio } else { "" }, "verified": number.is_multiple_of(5),
        "public_metrics": {"followers_count": number % 1_000 + day, "following_count": 1, "tweet_count": 1, "listed_count": 0},
    })
}

/// The batch in parts of unequal size, as other writers' row groups are.
fn batch_parts(batch: &RecordBatch) -> [RecordBatch; 2] {
    let first = batch.num_rows() / 3;
    [batch.slice(0, first), batch.slice(first, batch.num_rows() - first)]
}
