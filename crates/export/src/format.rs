//! The list of export formats. A new format is one file in `formats` and one line here; a test names a file that was forgotten.

use crate::error::{Halt, nearest};
use crate::notes::Notes;
use crate::tables::{Network, Table};
use crate::{ExportError, formats};
use std::io::Write;

/// One export format.
pub struct Writer {
    /// The word for `--format`, and the file's name.
    pub name: &'static str,
    /// One line.
    pub summary: &'static str,
    /// Ending of its files.
    pub extension: &'static str,
    pub(crate) way: Way,
}

impl Writer {
    /// Whether a file of this format holds one table, rather than accounts and edges together.
    pub fn holds_tables(&self) -> bool {
        matches!(self.way, Way::Table(_))
    }
}

/// What one file of a format holds.
pub(crate) enum Way {
    /// A table.
    Table(fn(&Table, &Options, &mut dyn Write, &mut Notes) -> Result<(), Halt>),
    /// The network, that is accounts and edges.
    Network {
        write: fn(&Network, &mut dyn Write, &mut Notes) -> Result<(), Halt>,
        /// A file beside it: what its name adds to the stem, and what is in it.
        beside: Option<Beside>,
    },
}

/// A file beside the network's.
pub(crate) struct Beside {
    pub(crate) ending: &'static str,
    pub(crate) write: fn(&Network, &Options, &mut dyn Write, &mut Notes) -> Result<(), Halt>,
}

/// How cells are written.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Options {
    /// Leave cells that a spreadsheet would run as they are.
    pub(crate) raw_cells: bool,
}

/// All formats, by name.
pub const WRITERS: &[&Writer] = &[
    &formats::csv::WRITER,
    &formats::gexf::WRITER,
    &formats::graphml::WRITER,
    &formats::mtx::WRITER,
    &formats::ndjson::WRITER,
    &formats::pajek::WRITER,
    &formats::parquet::WRITER,
];

/// The format of this name.
///
/// # Errors
/// [`ExportError::NoSuchFormat`].
pub fn writer(name: &str) -> Result<&'static Writer, ExportError> {
    WRITERS.iter().copied().find(|writer| writer.name == name).ok_or_else(|| {
        let names = || WRITERS.iter().map(|writer| writer.name);
        ExportError::NoSuchFormat {
            name: name.to_owned(),
            nearest: nearest(&name.to_lowercase(), names()).unwrap_or_default().to_owned(),
            known: names().collect::<Vec<_>>().join(", "),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_listed_in_order() {
        let mut files: Vec<String> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/formats"))
            .unwrap()
            .filter_map(|entry| entry.unwrap().file_name().to_str()?.strip_suffix(".rs").map(str::to_owned))
            .filter(|stem| stem != "mod")
            .collect();
        files.sort();
        let listed: Vec<&str> = WRITERS.iter().map(|writer| writer.name).collect();
        assert_eq!(listed, files, "folder formats against the list in format.rs");
    }

    #[test]
    fn a_misspelt_format_is_told_its_neighbour() {
        let Err(error) = writer("GraphXML") else { panic!("there is no such format") };
        assert!(error.to_string().contains("nearest is `graphml`"), "{error}");
    }
}
