//! The corpus of the fuzz targets as an ordinary test: every file, and some hundred mutations of each, give rows, rejections or an error that names the
//! input; the same for one thread and for two. (`tests/fuzz/run.sh` goes further.)

#![allow(clippy::unwrap_used)] // a failed unwrap fails the test, which is what it is for

use echogram_graph::synthetic::Stream;
use echogram_ingest::period::{Window, parse_moment};
use echogram_ingest::roles::Lexicon;
use echogram_ingest::{ColumnMap, FORMATS, Ingested, MaxRejected, ReadOptions, Request};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Places at which each file is cut.
const CUTS: usize = 48;
/// Mutations of each file.
const MUTATIONS: u64 = 48;

fn fuzz_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz")
}

/// Folders of the corpus with their files, sorted.
fn corpus() -> Vec<(String, Vec<PathBuf>)> {
    let sorted = |folder: &Path| {
        let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
    };
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    sorted(&fuzz_folder().join("corpus")).iter().map(|folder| (name(folder), sorted(folder))).collect()
}

/// The same bytes in other clothes: cut, with bytes changed, with a piece doubled.
fn mutations(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut found = vec![bytes.to_vec()];
    found.extend((1..=CUTS).map(|cut| bytes[..bytes.len() * cut / (CUTS + 1)].to_vec()));
    for number in 0..MUTATIONS {
        let mut stream = Stream::new(1, bytes.len() as u64, number);
        let mut changed = bytes.to_vec();
        let mut place = || stream.below(bytes.len() as u64) as usize;
        let (from, to) = (place(), place());
        if number % 3 == 0 {
            let piece = bytes[from.min(to)..from.max(to)].to_vec();
            changed.splice(from..from, piece);
        } else {
            for _ in 0..1 + number % 5 {
                let at = place();
                changed[at] = place() as u8;
            }
        }
        found.push(changed);
    }
    found
}

/// What reading gives, as text: counts and edges, or the error.
fn told(found: Result<Ingested, echogram_ingest::IngestError>) -> String {
    let found = match found {
        Err(error) => return error.to_string(),
        Ok(found) => found,
    };
    let rows: u64 = found.inputs.iter().map(|input| input.rows).sum();
    assert!(found.rejected <= rows, "{} rejections of {rows} rows", found.rejected);
    let keys: Vec<String> = found.network.accounts().iter().map(std::borrow::Cow::into_owned).collect();
    let layers: Vec<String> =
        found.network.layers().iter().map(|layer| format!("{} {:?}", layer.name(), layer.edges())).collect();
    format!("{rows} {} {keys:?} {layers:?} {:?}", found.rejected, found.accounts)
}

/// One request for all: making its lexicon takes longer than reading a small file.
fn request() -> &'static Request {
    static REQUEST: OnceLock<Request> = OnceLock::new();
    REQUEST.get_or_init(|| Request { lexicon: Some(Lexicon::built_in()), ..Request::default() })
}

fn read(bytes: Vec<u8>, format: Option<&str>, threads: usize) -> String {
    let options = ReadOptions { format: format.map(str::to_owned), owner: Some("owner".to_owned()), ..ReadOptions::default() };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| told(echogram_ingest::read_bytes(bytes, &options, request())))
}

#[test]
fn every_format_has_a_target_and_a_corpus() {
    let wanted: BTreeSet<String> =
        FORMATS.iter().map(|format| format.name.to_owned()).chain(["accounts", "detect", "words"].map(str::to_owned)).collect();
    let folders: BTreeSet<String> = corpus().into_iter().filter(|(_, files)| !files.is_empty()).map(|(name, _)| name).collect();
    assert_eq!(folders, wanted, "folders of tests/fuzz/corpus");
    let targets: BTreeSet<String> = std::fs::read_dir(fuzz_folder().join("fuzz_targets"))
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().replace('_', "-"))
        .collect();
    assert_eq!(targets, wanted, "files of tests/fuzz/fuzz_targets");
    let manifest = std::fs::read_to_string(fuzz_folder().join("Cargo.toml")).unwrap();
    let missing: Vec<&String> = wanted.iter().filter(|name| !manifest.contains(&format!("name = \"{name}\""))).collect();
    assert_eq!(missing, Vec::<&String>::new(), "targets in tests/fuzz/Cargo.toml");
}

#[test]
fn every_file_gives_the_same_on_one_thread_and_two() {
    for (folder, files) in corpus() {
        let format = FORMATS.iter().map(|format| format.name).find(|name| *name == folder);
        for file in files {
            let bytes = std::fs::read(&file).unwrap();
            for format in [format, None] {
                assert_eq!(read(bytes.clone(), format, 1), read(bytes.clone(), format, 2), "{} as {format:?}", file.display());
            }
        }
    }
}

#[test]
fn no_mutation_panics() {
    for (folder, files) in corpus() {
        let format = FORMATS.iter().map(|format| format.name).find(|name| *name == folder);
        for file in files {
            for bytes in mutations(&std::fs::read(&file).unwrap()) {
                if folder == "words" {
                    let text = String::from_utf8_lossy(&bytes);
                    let _ = (parse_moment(&text), text.parse::<Window>(), text.parse::<MaxRejected>(), ColumnMap::parse(&text));
                    request().lexicon.as_ref().unwrap().classify(Some(&text), Some(&text));
                } else if folder == "accounts" {
                    let _ = echogram_ingest::read_accounts_bytes(bytes, &ColumnMap::default());
                } else if format.is_some() || folder == "detect" {
                    read(bytes, format, 1);
                }
            }
        }
    }
}
