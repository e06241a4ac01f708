//! Where input comes from: compressed files, standard input, patterns, folders, several formats at once, another folder.

use crate::support::Sandbox;
use crate::{arrows, check_edges, edges_of, said};

/// A zstd frame that holds `text` as it is, for lack of a compressor here: magic, one-byte size, one raw block.
fn zstd(text: &str) -> Vec<u8> {
    let size = u8::try_from(text.len()).expect("a short text");
    let block = (u32::from(size) << 3) | 1;
    let mut bytes = vec![0x28, 0xb5, 0x2f, 0xfd, 0x20, size];
    bytes.extend(&block.to_le_bytes()[..3]);
    bytes.extend(text.as_bytes());
    bytes
}

#[test]
fn compressed_files() {
    let sandbox = Sandbox::new();
    sandbox.write_gz("a.csv.gz", "source,target\na,b\n");
    assert_eq!(edges_of(&sandbox.run_folder(["a.csv.gz"])), arrows("a>b"));
    sandbox.write_gz("misnamed.txt", "source,target\na,b\n");
    assert_eq!(edges_of(&sandbox.run_folder(["misnamed.txt"])), arrows("a>b"), "found out from content");
    check_edges("a.csv.zst", zstd("source,target\na,b\nb,c\n"), &[], "a>b b>c");
    check_edges("plain.gz", "source,target\na,b\n", &[], "a>b");
    let twice = [
        std::fs::read(sandbox.write_gz("x", "ann,bob\ncy,dee\n")).unwrap(),
        std::fs::read(sandbox.write_gz("y", "eve,fay\n")).unwrap(),
    ];
    check_edges("twice.gz", twice.concat(), &[], "ann>bob cy>dee eve>fay");
    for write in [Sandbox::write_bz2, Sandbox::write_xz] {
        let packed = |text: &str| std::fs::read(write(&sandbox, "packed", text.to_owned())).unwrap();
        check_edges("misnamed.csv", packed("source,target\na,b\n"), &[], "a>b");
        check_edges("twice", [packed("ann,bob\ncy,dee\n"), packed("eve,fay\n")].concat(), &[], "ann>bob cy>dee eve>fay");
    }
    check_edges("plain.bz2", "BZh9,b\nb,c\nc,BZh9\n", &[], "BZh9>b b>c c>BZh9");
}

#[test]
fn standard_input() {
    let sandbox = Sandbox::new();
    let answer = sandbox.echogram_fed(["run", "-", "-o", "run", "--progress", "none", "--json"], "source,target\na,b\n");
    assert_eq!((answer.code, &answer.json()["edges"]), (0, &1.into()), "{answer:#?}");
    let packed = std::fs::read(sandbox.write_gz("a.gz", "source,target\na,b\nb,c\n")).unwrap();
    let answer = sandbox.echogram_fed(["run", "-", "-o", "packed", "--progress", "none", "--json"], packed);
    assert_eq!((answer.code, &answer.json()["edges"]), (0, &2.into()), "{answer:#?}");
}

#[test]
fn patterns_and_folders() {
    let sandbox = Sandbox::new();
    sandbox.write("in/a.csv", "source,target\na,b\n");
    sandbox.write("in/deep/b.csv", "source,target\nb,c\n");
    sandbox.write("in/.hidden.csv", "source,target\nx,y\n");
    sandbox.write("in/logo.png", b"\x89PNG\r\n\x1a\n\0\0");
    sandbox.write("in/deep/empty.csv", "");
    let run = sandbox.run_folder(["in"]);
    assert_eq!(edges_of(&run), arrows("a>b b>c"));
    let notes = run.manifest()["notes"].to_string();
    assert!(notes.contains("logo.png") && notes.contains("empty.csv"), "what was passed over is told: {notes}");
    assert_eq!(edges_of(&sandbox.run_folder(["in/*.csv", "in/deep/?.csv"]).clone()).len(), 2);
    assert_eq!(edges_of(&sandbox.run_folder(["in/**/b.csv"])), arrows("b>c"));
}

/// A folder with an edge list and another file gives the edges, and says that the other was passed over.
#[track_caller]
fn check_passed_over(name: &str, contents: &str) {
    let sandbox = Sandbox::new();
    sandbox.write("in/edges.csv", "source,target\na,b\n");
    sandbox.write(&format!("in/{name}"), contents);
    let run = sandbox.run_folder(["in"]);
    assert_eq!(edges_of(&run), arrows("a>b"), "{name} holds no edges");
    let notes = run.manifest()["notes"].to_string();
    assert!(notes.contains(name), "{notes}");
}

#[test]
fn prose_in_a_folder_is_no_edge_list() {
    let text = "MIT License\n\nPermission is hereby granted, free of charge, to any person obtaining a copy\n\
                of this software, to deal in it without restriction, including\nthe rights to use, copy, modify, merge and sell.\n";
    check_passed_over("LICENSE", text);
    check_passed_over("README.md", "# Follows of a week\n\nCollected in May, by hand.\n\n- edges.csv: who, whom\n");
}

#[test]
fn an_account_file_in_a_folder_is_no_edge_list() {
    check_passed_over("people.csv", "account,side\na,left\nb,right\n");
    check_passed_over("nodes.csv", "id,name,bio\na,Ann,nurse\nb,Bob,\n");
}

const POSTS: &str = concat!(
    r#"{"data":[{"id":"1","author_id":"10","created_at":"2026-01-01T00:00:00.000Z","text":"hi @bo","entities":{"mentions":[{"start":3,"end":6,"id":"11","username":"bo"}]}}],"#,
    r#""includes":{"users":[{"id":"10","username":"Al","name":"Al","description":"nurse"},{"id":"11","username":"bo","name":"Bo","description":""}]}}"#,
    "\n"
);

#[test]
fn several_formats_in_one_run() {
    let sandbox = Sandbox::new();
    sandbox.write("posts.jsonl", POSTS);
    sandbox.write_gz("follows.csv.gz", "follower,followed\n11,10\n");
    sandbox.write("likes.ndjson", "{\"source\":\"10\",\"target\":\"11\",\"relation\":\"like\"}\n");
    let run = sandbox.run_folder(["posts.jsonl", "follows.csv.gz", "likes.ndjson"]);
    assert_eq!(edges_of(&run), arrows("10>11:like 10>11:mention 11>10:follow"));
    let manifest = run.manifest();
    let formats: Vec<&str> =
        manifest["inputs"].as_array().unwrap().iter().map(|input| input["format"].as_str().unwrap()).collect();
    assert_eq!(formats, ["twitter-v2", "edges", "ndjson"]);
    let accounts = run.table("accounts");
    assert_eq!((accounts.texts("handle"), accounts.text("role", 0)), (vec!["Al", "bo"], Some("nurse")));
}

#[test]
fn edges_by_handle_are_those_of_the_accounts() {
    let sandbox = Sandbox::new();
    sandbox.write("edges.csv", "source,target\nAl,@bo\n11,10\nCy,al\n");
    sandbox.write("people.csv", "account,handle\n10,al\n11,Bo\n12,cy\n");
    let run = sandbox.run_folder(["edges.csv", "--accounts", "people.csv"]);
    assert_eq!(edges_of(&run), arrows("10>11 11>10 12>10"));
    sandbox.write("posts.jsonl", POSTS);
    sandbox.write("likes.csv", "source,target,relation\nbo,AL,like\n");
    assert_eq!(edges_of(&sandbox.run_folder(["posts.jsonl", "likes.csv"])), arrows("10>11:mention 11>10:like"));
}

#[test]
fn arrays_and_later_fields_of_json() {
    let text = "[{\"source\":\"a\",\"target\":\"b\"},\n {\"source\":\"a\",\"target\":\"c\",\"weight\":2.5}]";
    check_edges("a.json", text, &[], "a>b a>c*2.5");
    let text = "{\"source\":\"a\",\"target\":\"b\"}\n{\"source\":\"a\",\"target\":\"c\",\"weight\":5,\"relation\":\"reply\"}\n";
    check_edges("a.ndjson", text, &[], "a>b a>c*5:reply");
    check_edges("a.ndjson", "{\"who\":1,\"whom\":2}\n", &["--format", "ndjson", "--columns", "source=who,target=whom"], "1>2");
}

#[test]
fn a_format_that_is_said() {
    check_edges("a.csv", "source,target\na,b\n", &["--format", "edges"], "a>b");
    check_edges("a.ndjson", "{\"source\":\"a\",\"target\":\"b\"}\n", &["--format", "ndjson"], "a>b");
}

#[test]
fn isolates() {
    let sandbox = Sandbox::new();
    sandbox.write("edges.csv", "source,target\na,b\n");
    sandbox.write("people.csv", "account,role\na,nurse\nzoe,patient\n");
    let accounts = |more: &[&str]| {
        let args = ["edges.csv", "--accounts", "people.csv"];
        let run = sandbox.run_folder(args.iter().chain(more));
        (run.table("accounts").texts("account").len(), run.manifest()["graph"]["isolates"].as_u64().unwrap())
    };
    assert_eq!(accounts(&[]), (3, 1));
    assert_eq!(accounts(&["--no-isolates"]), (2, 0));
}

#[test]
fn relative_paths_are_those_of_the_working_folder() {
    let sandbox = Sandbox::new();
    sandbox.write("data/edges.csv", "source,target\na,b\n");
    std::fs::create_dir(sandbox.path("work")).unwrap();
    let mut command = sandbox.command(["run", "../data/edges.csv", "--progress", "none"]);
    let output = command.current_dir(sandbox.path("work")).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let written = sandbox.path("work/echogram-run/manifest.json");
    assert!(written.is_file(), "the default output");
    said(sandbox.echogram(["top", "work/echogram-run"]));
}

#[test]
fn names_with_blanks_and_signs() {
    check_edges("my edges (1) ü.csv", "source,target\na,b\n", &[], "a>b");
    let sandbox = Sandbox::new();
    sandbox.write("-odd.csv", "source,target\na,b\n");
    assert_eq!(edges_of(&sandbox.run_folder(["--", "-odd.csv"])), arrows("a>b"));
    sandbox.write("a[1].csv", "source,target\na,b\n");
    assert_eq!(edges_of(&sandbox.run_folder(["a[1].csv"])), arrows("a>b"), "a file that is there is no pattern");
}

#[test]
fn posts_may_refer_to_posts_on_other_pages() {
    let mention = r#""entities":{"mentions":[{"username":"g","id":"7"}]}"#;
    let quote =
        |of: u32| format!(r#"{{"id":"{of}1","author_id":"5","referenced_tweets":[{{"type":"quoted","id":"{of}"}}],{mention}}}"#);
    let pages = format!(
        "{{\"data\":[{}]}}\n{{\"data\":[{{\"id\":\"10\",\"author_id\":\"7\",\"text\":\"x\"}}]}}\n{{\"data\":[{}]}}\n",
        quote(10),
        quote(99)
    );
    let (_folder, run) = check_edges("posts.jsonl", &pages, &[], "5>7:mention 5>7:quote");
    let notes = run.manifest()["notes"].to_string();
    assert!(notes.contains("1 replies, reposts or quotes refer to posts that no input holds"), "{notes}");
}
