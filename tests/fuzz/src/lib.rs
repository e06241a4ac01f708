//! What every target does with its bytes.

use echogram_ingest::period::{Window, parse_moment};
use echogram_ingest::roles::Lexicon;
use echogram_ingest::{ColumnMap, MaxRejected, ReadOptions, Request};
use std::sync::OnceLock;

/// The fuzzer ends at any panic; those that the reader catches (in decoders of others) are none of ours.
fn let_contained_panics_pass() {
    static IS_SET: OnceLock<()> = OnceLock::new();
    IS_SET.get_or_init(|| {
        let ending = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !echogram_ingest::is_contained() {
                ending(panic);
            }
        }));
    });
}

/// Reads bytes as one input, of a format or of the one that their content says.
pub fn input(format: Option<&str>, data: &[u8]) {
    let_contained_panics_pass();
    let options = ReadOptions { format: format.map(str::to_owned), owner: Some("owner".to_owned()), ..ReadOptions::default() };
    // One request for all: making its lexicon takes longer than reading a small input.
    static REQUEST: OnceLock<Request> = OnceLock::new();
    let request = REQUEST.get_or_init(|| Request { lexicon: Some(Lexicon::built_in()), ..Request::default() });
    if let Ok(found) = echogram_ingest::read_bytes(data.to_vec(), &options, request) {
        let rows: u64 = found.inputs.iter().map(|input| input.rows).sum();
        assert!(found.rejected <= rows, "{} rejections of {rows} rows", found.rejected);
    }
}

/// Reads bytes as an account file beside one edge.
pub fn accounts(data: &[u8]) {
    let_contained_panics_pass();
    let _ = echogram_ingest::read_accounts_bytes(data.to_vec(), &ColumnMap::default());
}

/// Reads bytes as each of the small texts that options and cells hold.
pub fn words(data: &[u8]) {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    let text = String::from_utf8_lossy(data);
    let _ = (parse_moment(&text), text.parse::<Window>(), text.parse::<MaxRejected>(), ColumnMap::parse(&text));
    LEXICON.get_or_init(Lexicon::built_in).classify(Some(&text), Some(&text));
}
