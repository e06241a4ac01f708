//! How fast posts are read: made-up nested posts in a temporary file, read as a user's file is.
//!
//! `cargo bench -p echogram-ingest --bench posts -- [MEGABYTES] [twitter-v1 | twitter-v2 | array]`; RAYON_NUM_THREADS says on how many threads. The first
//! line of each warms up.

#![allow(clippy::print_stdout)] // what it is for

use echogram_ingest::{Progress, ReadOptions, Request};
use std::io::Write;
use std::sync::Arc;
use std::time::Instant;

/// Memory as the command has it.
#[path = "../crates/cli/src/allocator.rs"]
mod allocator;

/// Numbers that look drawn, always the same.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

const TEXT: &str =
    "Rounds are done and the clinic is full; new data on basal insulin look promising, thread below with the figures";

fn user_v1(numbers: &mut Numbers) -> String {
    let id = numbers.next(50_000);
    format!(
        r##"{{"id":{id},"id_str":"{id}","name":"Person {id}","screen_name":"person{id}","location":"Elsewhere","url":null,"description":"Nurse, reads more than is good. Number {id}","protected":false,"followers_count":{},"friends_count":211,"listed_count":4,"created_at":"Tue Mar 03 09:12:44 +0000 2015","favourites_count":900,"verified":false,"statuses_count":4021,"lang":null,"profile_background_color":"F5F8FA","profile_image_url_https":"https://images.example/profile/{id}/normal.jpg","default_profile":true}}"##,
        numbers.next(9_000)
    )
}

fn mention_v1(numbers: &mut Numbers) -> String {
    let id = numbers.next(50_000);
    format!(r#"{{"screen_name":"person{id}","name":"Person {id}","id":{id},"id_str":"{id}","indices":[3,12]}}"#)
}

fn status_v1(numbers: &mut Numbers, number: u64, inner: &str) -> String {
    let (user, a, b) = (user_v1(numbers), mention_v1(numbers), mention_v1(numbers));
    format!(
        r#"{{"created_at":"Wed Oct 10 20:19:24 +0000 2018","id":{number},"id_str":"{number}","text":"{TEXT}","source":"<a href=\"https://app.example\" rel=\"nofollow\">App</a>","truncated":false,"in_reply_to_status_id":null,"in_reply_to_user_id":null,"user":{user},"geo":null,"coordinates":null{inner},"is_quote_status":false,"quote_count":0,"reply_count":0,"retweet_count":3,"favorite_count":8,"entities":{{"hashtags":[{{"text":"insulin","indices":[0,8]}}],"urls":[],"user_mentions":[{a},{b}],"symbols":[]}},"favorited":false,"retweeted":false,"filter_level":"low","lang":"en","timestamp_ms":"15392027640{:02}"}}"#,
        number % 100
    )
}

fn v1(numbers: &mut Numbers, number: u64) -> String {
    let inner = match number % 3 {
        0 => format!(r#","retweeted_status":{}"#, status_v1(numbers, 1_000_000_000 + number, "")),
        _ => String::new(),
    };
    status_v1(numbers, number, &inner)
}

/// A flattened post of API v2.
fn v2(numbers: &mut Numbers, number: u64) -> String {
    let user = |id: u64| {
        format!(
            r#"{{"id":"{id}","username":"person{id}","name":"Person {id}","description":"Nurse, reads more than is good. Number {id}","created_at":"2015-03-03T09:12:44.000Z","verified":false,"protected":false,"profile_image_url":"https://images.example/profile/{id}/normal.jpg","public_metrics":{{"followers_count":{id},"following_count":211,"tweet_count":4021,"listed_count":4}}}}"#
        )
    };
    let [author, a, b] = [(); 3].map(|()| numbers.next(50_000));
    let mention = |id: u64| format!(r#"{{"start":3,"end":12,"username":"person{id}","id":"{id}"}}"#);
    let referred = match number % 3 {
        0 => format!(
            r#","referenced_tweets":[{{"type":"retweeted","id":"{}","author_id":"{a}","author":{},"text":"{TEXT}"}}]"#,
            1_000_000_000 + number,
            user(a)
        ),
        _ => String::new(),
    };
    format!(
        r#"{{"id":"{number}","conversation_id":"{number}","author_id":"{author}","created_at":"2018-10-10T20:19:24.000Z","text":"{TEXT}","lang":"en","source":"App","possibly_sensitive":false,"reply_settings":"everyone","public_metrics":{{"retweet_count":3,"reply_count":0,"like_count":8,"quote_count":0}},"entities":{{"hashtags":[{{"start":0,"end":8,"tag":"insulin"}}],"mentions":[{},{}]}}{referred},"author":{},"__twarc":{{"url":"https://api.example/2/tweets/search/all","version":"2.9.0","retrieved_at":"2022-01-01T00:00:00+00:00"}}}}"#,
        mention(a),
        mention(b),
        user(author)
    )
}

/// A format, what makes a post of it, and whether the posts are one array over many lines.
type Case = (&'static str, fn(&mut Numbers, u64) -> String, bool);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    allocator::keep_memory();
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let megabytes: usize = words.iter().find_map(|word| word.parse().ok()).unwrap_or(200);
    let is_wanted = |(format, _, is_array): &&Case| {
        let name = if *is_array { "array" } else { format };
        words.iter().all(|word| word.parse::<usize>().is_ok() || word == name)
    };
    let cases: [Case; 3] = [("twitter-v1", v1, false), ("twitter-v2", v2, false), ("twitter-v1", v1, true)];
    let path = std::env::temp_dir().join(format!("echogram-posts-{}.jsonl", std::process::id()));
    for &(format, make, is_array) in cases.iter().filter(is_wanted) {
        let mut file = std::io::BufWriter::new(std::fs::File::create(&path)?);
        let (mut numbers, mut bytes, mut number) = (Numbers(7), 0, 0);
        let (before, between) = if is_array { ("[\n", ",\n") } else { ("", "\n") };
        write!(file, "{before}")?;
        while bytes < megabytes << 20 {
            let post = make(&mut numbers, number);
            if number > 0 {
                write!(file, "{between}")?;
            }
            file.write_all(post.as_bytes())?;
            bytes += post.len();
            number += 1;
        }
        write!(file, "{}", if is_array { "\n]\n" } else { "\n" })?;
        drop(file);
        if !is_array {
            let text = std::fs::read(&path)?;
            let start = Instant::now();
            for line in text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
                serde_json::from_slice::<serde::de::IgnoredAny>(line)?;
            }
            println!(
                "{format}: the parser alone, on one thread, keeping nothing: {:.0} MB/s",
                bytes as f64 / 1e6 / start.elapsed().as_secs_f64()
            );
        }
        for _ in 0..3 {
            let input = (path.to_string_lossy().into_owned(), ReadOptions::default());
            let request = Request { inputs: vec![input], ..Request::default() };
            let start = Instant::now();
            let read = echogram_ingest::read(&request, &Arc::new(Progress::default()))?;
            allocator::collect();
            let seconds = start.elapsed().as_secs_f64();
            let start = Instant::now();
            let ingested = read.assemble(&request)?;
            let kind = if is_array { "array" } else { "lines" };
            println!(
                "{format} {kind}: {number} posts, {:.0} MB/s read, {:.2} s to assemble ({} posts, {} rejected)",
                bytes as f64 / 1e6 / seconds,
                start.elapsed().as_secs_f64(),
                ingested.facts.posts,
                ingested.rejected
            );
        }
    }
    std::fs::remove_file(&path)?;
    Ok(())
}
