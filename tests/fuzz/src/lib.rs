//! What every target does with its bytes. Errors must name the input; tests/corpus.rs and tests/study_corpus.rs ask the same of the committed corpus.

use echogram_engine::StudyFile;
use echogram_ingest::period::{Window, parse_moment, shown};
use echogram_ingest::roles::Lexicon;
use echogram_ingest::{ColumnMap, IngestError, MaxRejected, ReadOptions, Request};
use std::path::Path;
use std::sync::OnceLock;

/// What is to be done once. The fuzzer ends at any panic; those that the reader catches (in decoders of others) are none of ours. All work is done by the
/// thread that asks for it: handing it to others takes longer than reading a small input.
fn prepare() {
    static IS_DONE: OnceLock<()> = OnceLock::new();
    IS_DONE.get_or_init(|| {
        let ending = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !echogram_ingest::is_contained() {
                ending(panic);
            }
        }));
        rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global().expect("no pool was made before");
    });
}

fn names_the_input(error: &IngestError) -> bool {
    let text = error.to_string();
    text.starts_with("memory: ") || text.starts_with("no usable row in memory: ")
}

/// Reads bytes as one input, of a format or of the one that their content says; every second length cut into windows of time.
pub fn input(format: Option<&str>, data: &[u8]) {
    prepare();
    let options = ReadOptions { format: format.map(str::to_owned), owner: Some("owner".to_owned()), ..ReadOptions::default() };
    // One request for all: making its lexicon takes longer than reading a small input.
    static REQUESTS: OnceLock<[Request; 2]> = OnceLock::new();
    let [plain, cut] = REQUESTS.get_or_init(|| {
        let request = || Request { lexicon: Some(Lexicon::built_in()), ..Request::default() };
        [request(), Request { undirected: true, drop_isolates: true, window: "1w".parse().ok(), ..request() }]
    });
    let request = if data.len() % 2 == 0 { plain } else { cut };
    match echogram_ingest::read_bytes(data.to_vec(), &options, request) {
        Ok(found) => {
            let rows: u64 = found.inputs.iter().map(|input| input.rows).sum();
            assert!(found.rejected <= rows, "{} rejections of {rows} rows", found.rejected);
        }
        Err(IngestError::TooManyWindows { .. }) if request.window.is_some() => {}
        Err(error) => assert!(names_the_input(&error), "no input named: {error}"),
    }
}

/// Reads bytes as an account file beside one edge.
pub fn accounts(data: &[u8]) {
    prepare();
    if let Err(error) = echogram_ingest::read_accounts_bytes(data.to_vec(), &ColumnMap::default()) {
        assert!(names_the_input(&error), "no input named: {error}");
    }
}

/// Reads bytes as each of the small texts that options and cells hold.
pub fn words(data: &[u8]) {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    let text = String::from_utf8_lossy(data);
    let _ = (text.parse::<MaxRejected>(), ColumnMap::parse(&text), text.parse::<Window>());
    if let Ok(moment) = parse_moment(&text) {
        shown(moment);
        for window in ["7h", "1w", "5mo", "1y"] {
            let window: Window = window.parse().expect("a length");
            let number = window.number(moment);
            assert!(window.start(number) < window.start(number + 1), "windows of {moment}");
        }
    }
    LEXICON.get_or_init(Lexicon::built_in).classify(Some(&text), Some(&text));
}

/// Reads bytes as a lexicon, and classifies its own text by it.
pub fn lexicon(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Ok(lexicon) = Lexicon::parse(&text) {
        lexicon.classify(text.lines().next(), Some(&text));
    }
}

/// Reads bytes as a study file.
pub fn study(data: &[u8]) {
    let path = Path::new("study.toml");
    let text = String::from_utf8_lossy(data);
    if let Err(error) = StudyFile::parse(&text, path).and_then(|study| study.into_study(path)) {
        assert!(error.to_string().starts_with("study.toml: "), "no file named: {error}");
    }
}
