//! The committed sample is what the program makes, and what it makes holds together.

#![allow(clippy::unwrap_used)] // a panic is how a test fails

use echogram_sample::accounts::Account;
use echogram_sample::calendar::{DAY, END, START};
use echogram_sample::groups::Role;
use echogram_sample::posts::Kind;
use echogram_sample::summary::Summary;
use echogram_sample::texts::TEXT_LIMIT;
use echogram_sample::{File, SEED, Study, write_folder};
use flate2::read::GzDecoder;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

static STUDY: LazyLock<Study> = LazyLock::new(|| Study::new(SEED));
static FILES: LazyLock<Vec<File>> = LazyLock::new(|| STUDY.files());

fn committed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/sample")
}

/// What stands in a file, unpacked if need be.
fn content(path: &Path) -> String {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut text = String::new();
    if path.extension().is_some_and(|end| end == "gz") {
        GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
    } else {
        text = String::from_utf8(bytes).unwrap();
    }
    text
}

fn paths_below(folder: &Path, prefix: &str, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            paths_below(&entry.path(), &format!("{name}/"), found);
        } else {
            found.insert(name);
        }
    }
}

fn pages(prefix: &str) -> Vec<Value> {
    let files = FILES.iter().filter(|file| file.path.starts_with(prefix));
    files.flat_map(|file| file.content.lines()).map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).unwrap().as_array().unwrap()
}

fn all_different<'a>(words: impl Iterator<Item = &'a str>) {
    let mut seen = BTreeSet::new();
    for word in words {
        assert!(seen.insert(word.to_lowercase()), "{word} stands twice");
    }
}

#[test]
fn the_committed_files_are_what_the_program_makes() {
    let mut found = BTreeSet::new();
    paths_below(&committed(), "", &mut found);
    assert_eq!(found, FILES.iter().map(|file| file.path.clone()).collect());
    let mut total = 0;
    for file in FILES.iter() {
        let path = committed().join(&file.path);
        assert!(content(&path) == file.content, "{}: run `cargo run -p echogram-sample -- data/sample`", file.path);
        let size = fs::metadata(&path).unwrap().len();
        assert!(size < 1_000_000, "{}: {size} bytes", file.path);
        total += size;
    }
    assert!(total < 2_000_000, "{total} bytes");
}

#[test]
fn files_are_written_and_packed_alike_every_time() {
    let folder = std::env::temp_dir().join(format!("echogram-sample-{}", std::process::id()));
    let file = FILES.iter().find(|file| file.path.ends_with(".gz")).unwrap();
    let written = write_folder(&folder, std::slice::from_ref(file)).unwrap();
    let path = folder.join(&file.path);
    let bytes = fs::read(&path).unwrap();
    let text = content(&path);
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!(bytes.len(), written);
    assert_eq!(bytes, file.bytes().unwrap());
    assert_eq!(bytes[4..8], [0; 4], "the gzip header carries no time");
    assert!(text == file.content);
}

#[test]
fn no_two_accounts_are_mistaken_for_each_other() {
    all_different(STUDY.accounts.iter().map(|account| account.name.as_str()));
    all_different(STUDY.accounts.iter().map(|account| account.handle.as_str()));
    assert!(STUDY.accounts.windows(2).all(|pair| pair[0].id < pair[1].id));
    for account in &STUDY.accounts {
        let fits = |sign: char| sign.is_ascii_alphanumeric() || sign == '_';
        assert!((4..=15).contains(&account.handle.len()) && account.handle.chars().all(fits), "{}", account.handle);
        assert_eq!(account.camp.is_some(), account.leaning.is_some(), "{}", account.handle);
        assert!(account.leaning.is_none_or(|leaning| leaning.abs() <= 100), "{}", account.handle);
    }
}

#[test]
fn nobody_acts_before_the_account_was_made() {
    for post in &STUDY.posts {
        let author = &STUDY.accounts[post.author];
        assert!(author.created <= author.joined && author.joined <= post.time, "{} at {}", author.handle, post.time);
        assert!((START..END).contains(&post.time));
        for span in &post.text.mentions {
            assert!(STUDY.accounts[span.what].created <= post.time, "{} mentioned too early", span.what);
        }
        if let Kind::Reply(seen) | Kind::Repost(seen) | Kind::Quote(seen) = post.kind {
            assert!(STUDY.posts[seen].time <= post.time && STUDY.posts[seen].id < post.id);
        }
    }
    assert!(STUDY.posts.windows(2).all(|pair| pair[0].time <= pair[1].time && pair[0].id < pair[1].id));
    for follow in &STUDY.follows {
        let made = |node: usize| STUDY.accounts[node].created;
        assert!(follow.since >= made(follow.follower).max(made(follow.followed)) && follow.since < END);
        assert_eq!(follow.since % DAY, 0);
        assert_ne!(follow.follower, follow.followed);
    }
}

#[test]
fn entities_stand_where_the_text_has_them() {
    for page in pages("posts/") {
        for post in list(&page, "/data").iter().chain(list(&page, "/includes/tweets")) {
            let text: Vec<char> = post["text"].as_str().unwrap().chars().collect();
            assert!(text.len() <= TEXT_LIMIT, "{post}");
            let cut = |entity: &Value| -> String {
                let place = |key: &str| usize::try_from(entity[key].as_u64().unwrap()).unwrap();
                text[place("start")..place("end")].iter().collect()
            };
            let Some(entities) = post.get("entities") else { continue };
            for mention in entities.get("mentions").and_then(Value::as_array).into_iter().flatten() {
                assert_eq!(cut(mention), format!("@{}", mention["username"].as_str().unwrap()));
            }
            for tag in entities.get("hashtags").and_then(Value::as_array).into_iter().flatten() {
                assert_eq!(cut(tag), format!("#{}", tag["tag"].as_str().unwrap()));
            }
        }
    }
}

#[test]
fn every_number_that_is_referred_to_exists() {
    let accounts: BTreeMap<String, &Account> = STUDY.accounts.iter().map(|account| (account.id.to_string(), account)).collect();
    let posts = pages("posts/");
    let written: BTreeSet<&str> =
        posts.iter().flat_map(|page| list(page, "/data")).map(|post| post["id"].as_str().unwrap()).collect();
    assert_eq!(written.len(), STUDY.posts.len());
    let mut profiles = BTreeSet::new();
    for page in &posts {
        let data = list(page, "/data");
        assert_eq!(page["meta"]["result_count"].as_u64().unwrap(), data.len() as u64);
        assert_eq!(page["meta"]["newest_id"], data[0]["id"]);
        for user in list(page, "/includes/users") {
            profiles.insert(user["id"].as_str().unwrap());
        }
        for post in data.iter().chain(list(page, "/includes/tweets")) {
            assert!(profiles.contains(post["author_id"].as_str().unwrap()), "{post}");
            assert!(written.contains(post["conversation_id"].as_str().unwrap()), "{post}");
            for seen in post.get("referenced_tweets").and_then(Value::as_array).into_iter().flatten() {
                assert!(written.contains(seen["id"].as_str().unwrap()), "{post}");
            }
            for mention in post.pointer("/entities/mentions").and_then(Value::as_array).into_iter().flatten() {
                let account = accounts[mention["id"].as_str().unwrap()];
                assert_eq!(mention["username"], account.handle);
            }
        }
    }
    let looked_up = pages("profiles");
    for user in looked_up.iter().flat_map(|page| list(page, "/data")) {
        assert!(profiles.insert(user["id"].as_str().unwrap()), "{user} has a profile among the posts");
    }
    assert_eq!(profiles, accounts.keys().map(String::as_str).collect());
}

#[test]
fn the_follow_file_has_the_dirt_that_is_announced() {
    let file = FILES.iter().find(|file| file.path == "follows.csv").unwrap();
    let known: BTreeSet<String> = STUDY.accounts.iter().map(|account| account.id.to_string()).collect();
    let (mut bad, mut twice, mut loops, mut seen) = (Vec::new(), 0, 0, BTreeSet::new());
    for (line, row) in file.content.lines().enumerate().skip(1) {
        match row.split(',').collect::<Vec<_>>()[..] {
            [one, two, since] if known.contains(one) && known.contains(two) && since != "2026-02-31" => {
                loops += usize::from(one == two);
                twice += usize::from(!seen.insert((one, two)));
            }
            _ => bad.push(line + 1),
        }
    }
    assert_eq!(bad, [1115, 5119, 9124, 13_129, 17_134]);
    assert_eq!([twice, loops, seen.len() - loops], [20, 3, STUDY.follows.len()]);
}

#[test]
fn there_is_something_to_find() {
    let found = Summary::new(&STUDY);
    assert_eq!(found.accounts, 2000);
    assert!((25_000..30_000).contains(&found.follows), "{found}");
    assert!((9_000..12_000).contains(&found.posts.iter().sum::<usize>()), "{found}");
    assert!(found.crossing_per_mille() <= 60, "{found}");
    assert_eq!(found.bridges.len(), 16);
    assert!(found.bridges.iter().flatten().all(|&ties| ties >= 8), "{found}");
    let [top, high, _, median] = found.in_degrees;
    assert!(top > 20 * median && high > 8 * median, "{found}");
    assert!(found.largest * 100 > found.active * 95, "{found}");
    assert!(found.amplified > 200, "{found}");
    let observers = STUDY.accounts.iter().filter(|account| account.role == Role::Public).count();
    assert!(found.observer_posts < observers, "{found}");
}

#[test]
fn bios_and_labels_leave_something_open() {
    let count = |keep: fn(&Account) -> bool| STUDY.accounts.iter().filter(|account| keep(account)).count();
    assert!((100..220).contains(&count(|account| account.bio.is_empty())));
    assert!((1120..1280).contains(&count(|account| account.role_given)));
    assert!((250..420).contains(&count(|account| account.created >= START)), "newcomers");
    let roles: BTreeSet<Role> = STUDY.accounts.iter().map(|account| account.role).collect();
    assert_eq!(roles.len(), 19);
    for post in &STUDY.posts {
        assert!(!post.text.text.contains('{'), "{}", post.text.text);
    }
    for account in &STUDY.accounts {
        assert!(!account.bio.contains('{') && !account.name.contains('{'), "{} {}", account.name, account.bio);
    }
}

#[test]
fn the_readme_tells_the_true_figures() {
    let readme = fs::read_to_string(committed().join("../README.md")).unwrap();
    let thousands = |number: usize| match number {
        0..1000 => number.to_string(),
        _ => format!("{},{:03}", number / 1000, number % 1000),
    };
    let found = Summary::new(&STUDY);
    let [originals, replies, reposts, quotes] = found.posts.map(thousands);
    let [top, high, _, median] = found.in_degrees;
    let least = found.bridges.iter().flatten().min().unwrap();
    let labelled = STUDY.accounts.iter().filter(|account| account.role_given).count();
    let empty = STUDY.accounts.iter().filter(|account| account.bio.is_empty()).count();
    let newcomers = STUDY.accounts.iter().filter(|account| account.created >= START).count();
    let writers: BTreeSet<usize> = STUDY.posts.iter().map(|post| post.author).collect();
    for told in [
        format!("{} posts", thousands(STUDY.posts.len())),
        format!("{originals} originals, {replies} replies, {reposts} reposts, {quotes} quotes"),
        format!("{} follows", thousands(found.follows)),
        format!("({} of {})", thousands(found.crossing), thousands(found.camp_ties)),
        format!("at least {least} ties with each"),
        format!("median {median}, 99th percentile {high}, highest {top}"),
        format!("{} times in all", found.amplified),
        format!("wrote {} posts together", found.observer_posts),
        format!("given for {} accounts only", thousands(labelled)),
        format!("{empty} are empty"),
        format!("{newcomers} accounts were registered"),
        format!("of the {} accounts that never posted", found.accounts - writers.len()),
    ] {
        assert!(readme.contains(&told), "data/README.md does not say: {told}");
    }
}
