//! The corpus of the fuzz targets as an ordinary test: every file, and some hundred mutations of each, give rows, rejections or an error that names the
//! input; the same for one thread and for two. (`tests/fuzz/run.sh` goes further, tests/study_corpus.rs does it for study files.)

#![allow(clippy::unwrap_used)] // a failed unwrap fails the test, which is what it is for

#[path = "support/mutations.rs"]
mod mutations;

use echogram_ingest::period::{Window, parse_moment};
use echogram_ingest::roles::Lexicon;
use echogram_ingest::{ColumnMap, FORMATS, IngestError, Ingested, MaxRejected, ReadOptions, Request};
use mutations::{corpus, fuzz_folder, mutations, sorted};
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// Targets that read no format: the format found out, account files, small texts, lexicons, study files.
const OTHER_TARGETS: [&str; 5] = ["accounts", "detect", "lexicon", "study", "words"];

/// The text of an error, which begins with the input's name or holds it behind a few words.
#[track_caller]
fn named(error: &IngestError) -> String {
    let text = error.to_string();
    assert!(text.starts_with("memory: ") || text.starts_with("no usable row in memory: "), "no input named: {text}");
    text
}

/// What reading gives, as text: counts and edges, or the error.
fn told(found: Result<Ingested, IngestError>) -> String {
    let found = match found {
        Err(error @ IngestError::TooManyWindows { .. }) => return error.to_string(),
        Err(error) => return named(&error),
        Ok(found) => found,
    };
    let rows: u64 = found.inputs.iter().map(|input| input.rows).sum();
    assert!(found.rejected <= rows, "{} rejections of {rows} rows", found.rejected);
    let keys: Vec<String> = found.network.accounts().iter().map(std::borrow::Cow::into_owned).collect();
    let edges = |network: &echogram_graph::Network| -> String {
        network.layers().iter().map(|layer| format!("{} {:?} ", layer.name(), layer.edges())).collect()
    };
    let windows: Vec<String> =
        found.windows.iter().map(|window| format!("{} {}", window.start, edges(&window.network))).collect();
    format!("{rows} {} {keys:?} {} {windows:?} {:?}", found.rejected, edges(&found.network), found.accounts)
}

/// Two requests for all, plain and cut into windows: making a lexicon takes longer than reading a small file.
fn requests() -> &'static [Request; 2] {
    static REQUESTS: OnceLock<[Request; 2]> = OnceLock::new();
    REQUESTS.get_or_init(|| {
        let plain = || Request { lexicon: Some(Lexicon::built_in()), ..Request::default() };
        [plain(), Request { undirected: true, drop_isolates: true, window: Some("1w".parse().unwrap()), ..plain() }]
    })
}

fn options(format: Option<&str>) -> ReadOptions {
    ReadOptions { format: format.map(str::to_owned), owner: Some("owner".to_owned()), ..ReadOptions::default() }
}

fn read(bytes: &[u8], format: Option<&str>, request: &Request, threads: usize) -> String {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| told(echogram_ingest::read_bytes(bytes.to_vec(), &options(format), request)))
}

/// Reads an account file: what it holds, or the error, which names it.
fn read_accounts(bytes: Vec<u8>) -> Result<(usize, u64), String> {
    let found = echogram_ingest::read_accounts_bytes(bytes, &ColumnMap::default());
    found.map_err(|error| named(&error)).inspect(|(accounts, rows)| assert!(*accounts as u64 <= *rows))
}

/// The format of a folder of the corpus.
fn format_of(folder: &str) -> Option<&'static str> {
    FORMATS.iter().map(|format| format.name).find(|name| *name == folder)
}

#[test]
fn every_format_has_a_target_and_a_corpus() {
    let wanted: BTreeSet<String> = FORMATS.iter().map(|format| format.name).chain(OTHER_TARGETS).map(str::to_owned).collect();
    let folders: BTreeSet<String> = corpus().into_iter().filter(|(_, files)| !files.is_empty()).map(|(name, _)| name).collect();
    assert_eq!(folders, wanted, "folders of tests/fuzz/corpus");
    let targets: BTreeSet<String> = sorted(&fuzz_folder().join("fuzz_targets"))
        .iter()
        .map(|path| path.file_stem().unwrap().to_string_lossy().replace('_', "-"))
        .collect();
    assert_eq!(targets, wanted, "files of tests/fuzz/fuzz_targets");
    let manifest = std::fs::read_to_string(fuzz_folder().join("Cargo.toml")).unwrap();
    let missing: Vec<&String> = wanted.iter().filter(|name| !manifest.contains(&format!("name = \"{name}\""))).collect();
    assert_eq!(missing, Vec::<&String>::new(), "targets in tests/fuzz/Cargo.toml");
}

#[test]
fn every_file_gives_the_same_on_one_thread_and_two() {
    for (folder, files) in corpus() {
        for file in files {
            let bytes = std::fs::read(&file).unwrap();
            for format in [format_of(&folder), None] {
                for request in requests() {
                    let [one, two] = [1, 2].map(|threads| read(&bytes, format, request, threads));
                    assert_eq!(one, two, "{} as {format:?}", file.display());
                }
            }
        }
    }
}

/// Files whose names do not say that they are broken hold something that can be used.
#[test]
fn whole_files_are_read() {
    let is_broken = |name: &str| name.starts_with("broken") || name.starts_with("found");
    let mut unread = Vec::new();
    for (folder, files) in corpus() {
        for file in files.iter().filter(|file| !is_broken(&file.file_name().unwrap().to_string_lossy())) {
            let bytes = std::fs::read(file).unwrap();
            let found = match folder.as_str() {
                "accounts" => read_accounts(bytes).map(drop),
                "lexicon" => Lexicon::parse(&String::from_utf8_lossy(&bytes)).map(drop).map_err(|error| error.to_string()),
                "study" | "words" => Ok(()),
                _ => echogram_ingest::read_bytes(bytes, &options(format_of(&folder)), &requests()[0])
                    .map(drop)
                    .map_err(|error| named(&error)),
            };
            unread.extend(found.err().map(|error| format!("{}: {error}", file.display())));
        }
    }
    assert!(unread.is_empty(), "{}", unread.join("\n"));
}

#[test]
fn no_mutation_panics() {
    let lexicon = requests()[0].lexicon.as_ref().unwrap();
    for (folder, files) in corpus() {
        for file in files {
            for (number, bytes) in mutations(&std::fs::read(&file).unwrap()).into_iter().enumerate() {
                match folder.as_str() {
                    "words" => {
                        let text = String::from_utf8_lossy(&bytes);
                        let _ =
                            (parse_moment(&text), text.parse::<Window>(), text.parse::<MaxRejected>(), ColumnMap::parse(&text));
                        lexicon.classify(Some(&text), Some(&text));
                    }
                    "lexicon" => {
                        let text = String::from_utf8_lossy(&bytes);
                        if let Ok(lexicon) = Lexicon::parse(&text) {
                            lexicon.classify(text.lines().next(), Some(&text));
                        }
                    }
                    "study" => {} // tests/study_corpus.rs: this crate knows no study files
                    "accounts" => drop(read_accounts(bytes)),
                    _ => drop(read(&bytes, format_of(&folder), &requests()[number % 2], 1)),
                }
            }
        }
    }
}
