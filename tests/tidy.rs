//! The rules of the house, checked on the sources: which crate may know which, what libraries must not do, names, sizes, and papers in step.

#![allow(clippy::unwrap_used)] // a failed unwrap fails the test, which is what it is for

#[path = "support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use support::root;

/// Which crates of ours each crate may use (`*`: any). A new crate stands here, or the test names it.
const MAY_USE: &[(&str, &[&str])] = &[
    ("analytics", &["graph"]),
    ("cli", &["*"]),
    ("engine", &["graph", "ingest", "analytics", "store"]),
    ("export", &["store"]),
    ("graph", &[]),
    ("ingest", &["graph"]),
    ("query", &["analytics", "store"]),
    ("sample", &[]),
    ("store", &[]),
];
/// Dependencies that only the crates beside them may have: they are large, or they would let a crate do what it must not.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("polars", &["query"]),
    ("clap", &["cli"]),
    ("indicatif", &["cli"]),
    ("comfy-table", &["cli"]),
    ("ctrlc", &["cli"]),
    ("mimalloc", &["cli"]),
    ("libmimalloc-sys", &["cli"]),
    ("arrow", &["export", "ingest", "store"]),
    ("parquet", &["export", "ingest", "store"]),
    ("toml", &["engine", "ingest"]),
];
/// What the sources of a crate must not hold outside its tests: `*` is every crate without a `main.rs`.
const MUST_NOT_SAY: &[(&str, &[&str])] = &[
    ("analytics", &["std::fs", "arrow::", "parquet::", "serde", "std::thread", "std::env", "Instant::now"]),
    ("graph", &["std::fs", "std::io", "arrow::", "serde", "std::thread", "std::env"]),
    ("*", &["println!", "print!", "eprintln!", "eprint!", "dbg!", "process::exit"]),
];
/// A source file beyond this many lines is several.
const MOST_LINES: usize = 600;
/// Texts that are looked at in search of paths.
const TEXT_FILES: &[&str] = &["rs", "toml", "py", "md", "json", "csv", "tsv", "txt", "sh", "yml", "yaml", "ipynb"];

/// Fails with every finding, not only the first.
#[track_caller]
fn check(theme: &str, findings: &[String]) {
    assert!(findings.is_empty(), "{theme}\n{}", findings.join("\n"));
}

/// All files below a folder, sorted; what builds and tools leave behind is passed over.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && !name.starts_with('.') && !["target", "node_modules", "__pycache__"].contains(&name.as_str()) {
                folders.push(path);
            } else if path.is_file() {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The files below some folders of the root that end in one of `endings`: path from the root, content.
fn texts(folders: &[&str], endings: &[&str]) -> Vec<(String, String)> {
    let root = root();
    let paths = folders.iter().map(|folder| root.join(folder)).filter(|folder| folder.is_dir()).flat_map(|folder| files(&folder));
    paths
        .filter(|path| path.extension().is_some_and(|ending| endings.iter().any(|wanted| ending == *wanted)))
        .map(|path| {
            let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
            (name, String::from_utf8(std::fs::read(&path).unwrap()).unwrap_or_else(|_| panic!("{}: no UTF-8", path.display())))
        })
        .collect()
}

/// Folders of crates.
fn crates() -> Vec<String> {
    let entries = std::fs::read_dir(root().join("crates")).unwrap().map(|entry| entry.unwrap().path());
    let folders = entries.filter(|path| path.join("Cargo.toml").is_file());
    let mut names: Vec<String> = folders.map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn manifest(folder: &str) -> String {
    std::fs::read_to_string(root().join("crates").join(folder).join("Cargo.toml")).unwrap()
}

/// The sections of a Cargo.toml: `key = value` lines by section.
fn sections(manifest: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut sections: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let mut section = String::new();
    for line in manifest.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_matches(['[', ']']).to_owned();
        } else if let Some((key, value)) = line.split_once('=') {
            sections.entry(section.clone()).or_default().insert(key.trim().to_owned(), value.trim().to_owned());
        }
    }
    sections
}

/// What a crate depends on when it is built (`tests` too if asked), names without `.workspace`.
fn dependencies(folder: &str, with_tests: bool) -> Vec<String> {
    let wanted: &[&str] =
        if with_tests { &["dependencies", "dev-dependencies", "build-dependencies"] } else { &["dependencies"] };
    let sections = sections(&manifest(folder));
    let keys = wanted.iter().filter_map(|section| sections.get(*section)).flat_map(BTreeMap::keys);
    keys.map(|key| key.split('.').next().unwrap().to_owned()).collect()
}

/// A source without its unit tests and comments, which may do what the code must not.
fn code(source: &str) -> String {
    let before_tests = source.split("#[cfg(test)]\nmod ").next().unwrap_or(source);
    before_tests.lines().map(|line| line.split("//").next().unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

#[test]
fn crates_know_only_those_they_may() {
    let mut findings = Vec::new();
    for folder in crates() {
        let Some((_, allowed)) = MAY_USE.iter().find(|rule| rule.0 == folder) else {
            findings.push(format!("crates/{folder} stands in no rule: add it to MAY_USE"));
            continue;
        };
        for used in dependencies(&folder, false).iter().filter_map(|name| name.strip_prefix("echogram-")) {
            if !allowed.contains(&used) && !allowed.contains(&"*") {
                findings.push(format!("crates/{folder} must not use crates/{used}"));
            }
        }
        for (name, homes) in ONLY_IN {
            if dependencies(&folder, false).iter().any(|used| used == name) && !homes.contains(&folder.as_str()) {
                findings.push(format!("crates/{folder} must not depend on {name}"));
            }
        }
    }
    let existing = crates();
    let gone = MAY_USE.iter().filter(|rule| !existing.iter().any(|folder| folder == rule.0));
    findings.extend(gone.map(|rule| format!("crates/{} is no more: take it out of MAY_USE", rule.0)));
    check("dependencies between crates", &findings);
}

#[test]
fn every_dependency_is_used() {
    let mut findings = Vec::new();
    for folder in crates() {
        let mut sources = texts(&[&format!("crates/{folder}"), "tests", "benches"], &["rs"]);
        let named: Vec<String> = sources
            .iter()
            .filter(|source| source.0.starts_with("benches"))
            .flat_map(|source| files_named_by(&source.1))
            .collect();
        sources.extend(
            named.into_iter().map(|path| (format!("benches, by {path}"), std::fs::read_to_string(root().join(path)).unwrap())),
        );
        for name in dependencies(&folder, true) {
            let word = name.replace('-', "_");
            let is_own = |path: &str| path.starts_with("crates/") || folder == "cli" || path.starts_with("benches");
            let is_used = sources.iter().any(|(path, text)| {
                is_own(path)
                    && [format!("{word}::"), format!("{word}!"), format!("use {word}")].iter().any(|use_| text.contains(use_))
            });
            if !is_used {
                findings.push(format!("crates/{folder} depends on {name} and never names it"));
            }
        }
    }
    check("dependencies without a use", &findings);
}

/// Files of crates that a bench takes in by their path.
fn files_named_by(bench: &str) -> impl Iterator<Item = String> {
    bench.lines().filter_map(|line| Some(line.strip_prefix("#[path = \"../")?.strip_suffix("\"]")?.to_owned()))
}

#[test]
fn libraries_keep_to_their_work() {
    let mut findings = Vec::new();
    for folder in crates() {
        let is_binary = root().join("crates").join(&folder).join("src/main.rs").is_file();
        for (path, text) in texts(&[&format!("crates/{folder}/src")], &["rs"]) {
            if path.ends_with("/tests.rs") {
                continue;
            }
            let code = code(&text);
            for (_, words) in MUST_NOT_SAY.iter().filter(|rule| rule.0 == folder || (rule.0 == "*" && !is_binary)) {
                let said = words.iter().filter(|word| holds(&code, word));
                findings.extend(said.map(|word| format!("{path} says `{word}`")));
            }
        }
    }
    check("what a library must not do", &findings);
}

/// Whether a word stands in the code, and not only as the end of a longer one (`print!` in `eprint!`).
fn holds(code: &str, word: &str) -> bool {
    let is_part = |at: usize| code[..at].chars().next_back().is_some_and(|before| before.is_alphanumeric() || before == '_');
    code.match_indices(word).any(|(at, _)| !is_part(at))
}

#[test]
fn folders_are_named_like_their_packages() {
    let wrong = |folder: &String| {
        let sections = sections(&manifest(folder));
        let name = sections["package"]["name"].trim_matches('"').to_owned();
        (name != format!("echogram-{folder}")).then(|| format!("crates/{folder} holds the package {name}"))
    };
    check("names of packages", &crates().iter().filter_map(wrong).collect::<Vec<_>>());
}

#[test]
fn every_crate_keeps_to_the_workspace() {
    let mut findings = Vec::new();
    for folder in crates() {
        let sections = sections(&manifest(&folder));
        for key in ["version", "edition", "rust-version", "license"] {
            if !sections["package"].contains_key(&format!("{key}.workspace")) {
                findings.push(format!("crates/{folder}: {key} is not that of the workspace"));
            }
        }
        if sections.get("lints").is_none_or(|lints| !lints.contains_key("workspace")) {
            findings.push(format!("crates/{folder}: the lints are not those of the workspace"));
        }
    }
    check("settings of crates", &findings);
}

#[test]
fn no_file_names_a_path_of_one_machine() {
    // Put together here, so that this file does not hold them itself.
    let places = ["work", "tmp", "root", "home", "Users"].map(|place| format!("/{place}/"));
    let mut findings = Vec::new();
    for (path, text) in texts(&["crates", "tests", "benches", "notebooks", "data"], TEXT_FILES) {
        for (number, line) in text.lines().enumerate() {
            // A path begins a word; `https://x.org/home/` and `src/home/` are none.
            let begins = |place: &&String| {
                line.match_indices(place.as_str()).any(|(at, _)| {
                    line[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric() && !"/._-*}{:".contains(before))
                })
            };
            if let Some(place) = places.iter().find(begins) {
                findings.push(format!("{path}, line {}: {place}", number + 1));
            }
        }
    }
    check("paths of one machine", &findings);
}

#[test]
fn no_source_file_is_too_long() {
    let sources = texts(&["crates", "tests", "benches"], &["rs", "py"]);
    let long = sources.iter().map(|(path, text)| (path, text.lines().count())).filter(|(_, lines)| *lines > MOST_LINES);
    check("files to be split", &long.map(|(path, lines)| format!("{path}: {lines} lines")).collect::<Vec<_>>());
}

#[test]
fn every_source_file_says_what_it_is() {
    let sources = texts(&["crates", "tests", "benches"], &["rs"]);
    let silent = sources.iter().filter(|(_, text)| !text.starts_with("//!"));
    check("files without a head", &silent.map(|(path, _)| path.clone()).collect::<Vec<_>>());
    let empty = sources.iter().filter(|(_, text)| text.trim() == "//! Placeholder.");
    check("files without a content", &empty.map(|(path, _)| path.clone()).collect::<Vec<_>>());
}

#[test]
fn no_test_is_ignored_without_a_reason() {
    let sources = texts(&["crates", "tests", "benches"], &["rs"]);
    // Put together here, so that this file does not hold it itself.
    let bare = format!("#[{}]", "ignore");
    let silent = sources.iter().filter(|(_, text)| text.contains(&bare));
    check("ignored tests without a reason", &silent.map(|(path, _)| path.clone()).collect::<Vec<_>>());
}

#[test]
fn the_change_log_names_the_version() {
    let workspace = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let version = sections(&workspace)["workspace.package"]["version"].trim_matches('"').to_owned();
    let path = root().join("CHANGELOG.md");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let is_named = text.lines().any(|line| line.starts_with('#') && line.contains(&version));
    assert!(is_named, "CHANGELOG.md has no heading for version {version}");
}
