//! The list of input formats. A new format is one file in `formats` and one line here; a test names a file that was forgotten.

use crate::accounts::RawAccounts;
use crate::columns::ColumnMap;
use crate::intake::Intake;
use crate::source::Source;
use crate::{IngestError, formats};

/// How an input is to be read.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// A format's name; `None` = found out from content.
    pub format: Option<String>,
    /// Which column means what.
    pub columns: ColumnMap,
    /// The relation of rows that name none.
    pub relation: Option<String>,
    /// Whose list it is, for lists of followers that do not say.
    pub owner: Option<String>,
}

/// What one input says beside its rows.
#[derive(Default)]
pub(crate) struct Reading {
    /// Remarks for the summary: which columns were taken, what was passed over.
    pub(crate) notes: Vec<String>,
    /// Whether the file itself says that its edges have no direction.
    pub(crate) is_undirected: bool,
    /// Nodes with their attributes, as a graph file has them beside its edges: a table whose column `account` holds the keys.
    pub(crate) accounts: Option<RawAccounts>,
}

/// One input format.
pub struct FormatSpec {
    /// The word for `--format`, and the file's name with `_` for `-`.
    pub name: &'static str,
    /// One line.
    pub summary: &'static str,
    /// Whether the first bytes (decompressed) look like it.
    pub(crate) claims: fn(&[u8]) -> bool,
    /// Reads it.
    pub(crate) read: fn(&mut Source, &ReadOptions, &mut Intake) -> Result<Reading, IngestError>,
}

/// All formats. The order is that of asking whose content it is: the strictest first.
pub const FORMATS: &[&FormatSpec] = &[
    &formats::parquet::FORMAT,
    &formats::arrow::FORMAT,
    &formats::bluesky::FORMAT,
    &formats::twitter_v1::FORMAT,
    &formats::mastodon::FORMAT,
    &formats::ndjson::FORMAT,
    &formats::twitter_v2::FORMAT,
    &formats::graphml::FORMAT,
    &formats::gexf::FORMAT,
    &formats::mtx::FORMAT,
    &formats::pajek::FORMAT,
    &formats::gml::FORMAT,
    &formats::metis::FORMAT,
    &formats::edges::FORMAT,
];

/// The format of a source: as said, or found out from its first bytes.
pub(crate) fn format_of(source: &Source, options: &ReadOptions) -> Result<&'static FormatSpec, IngestError> {
    match &options.format {
        Some(name) => FORMATS.iter().copied().find(|format| format.name == *name).ok_or_else(|| unknown_name(name)),
        None if formats::metis::is_named(&source.path, &source.head) => Ok(&formats::metis::FORMAT),
        None => FORMATS
            .iter()
            .copied()
            .find(|format| (format.claims)(&source.head))
            .ok_or_else(|| IngestError::UnknownFormat { path: source.path.clone(), what: looks_like(&source.head) }),
    }
}

/// Checks a format's name before any work starts.
///
/// # Errors
/// [`IngestError::NoSuchFormat`].
pub fn check_format_name(name: &str) -> Result<(), IngestError> {
    if FORMATS.iter().any(|format| format.name == name) { Ok(()) } else { Err(unknown_name(name)) }
}

fn unknown_name(name: &str) -> IngestError {
    let known = FORMATS.iter().map(|format| format.name).collect::<Vec<_>>().join(", ");
    IngestError::NoSuchFormat { name: name.to_owned(), known }
}

/// What unknown content is, in words.
fn looks_like(head: &[u8]) -> &'static str {
    match head {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "this is UTF-16 text; save it as UTF-8",
        [b'P', b'K', 3, 4, ..] => "this is a ZIP archive or a spreadsheet; unpack it, or save the sheet as CSV",
        _ if is_binary(head) => "binary data in no format known here (known: delimited text, Parquet, JSON)",
        _ if matches!(first_byte(head), Some(b'{' | b'[')) => {
            "JSON in which no names of edges (source, target, ...) or posts are found; with other names say --format ndjson --columns source=..,target=.."
        }
        _ if first_byte(head) == Some(b'<') => "XML or HTML that is neither GraphML nor GEXF",
        _ if first_byte(head).is_none() => "only blank lines",
        _ => {
            "text in which no rows of two fields are found, and no graph file known here (only comments, one column, or sentences)"
        }
    }
}

/// The first byte that is not blank, after a byte order mark.
pub(crate) fn first_byte(head: &[u8]) -> Option<u8> {
    head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).iter().copied().find(|byte| !byte.is_ascii_whitespace())
}

/// Whether bytes cannot be text: zero bytes, or many control characters.
pub(crate) fn is_binary(head: &[u8]) -> bool {
    let odd = head.iter().filter(|&&byte| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b)).count();
    head.contains(&0) || odd * 20 > head.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_listed() {
        let mut files: Vec<String> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/formats"))
            .unwrap()
            .filter_map(|entry| {
                let path = entry.unwrap().path();
                let is_format = path.is_dir() || path.extension().is_some_and(|ending| ending == "rs");
                Some(path.file_stem()?.to_str()?.replace('_', "-")).filter(|_| is_format)
            })
            .filter(|stem| stem != "mod")
            .collect();
        files.sort();
        let mut listed: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
        listed.sort_unstable();
        assert_eq!(listed, files, "folder formats against the list in format.rs");
    }

    #[test]
    fn rubbish_is_told_from_text() {
        assert!(is_binary(&[1, 2, 3, 200, 0]));
        assert!(!is_binary("größe,ñ\t1\r\n".as_bytes()));
        assert!(looks_like(b"PK\x03\x04").contains("CSV"));
    }
}
