//! What a user names -> files: paths, folders, patterns, standard input.

use crate::IngestError;
use crate::source::STANDARD_INPUT;
use std::path::{Path, PathBuf};

/// Files to read for one thing a user named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) files: Vec<PathBuf>,
    /// The folder they were found in: what cannot be read there is passed over.
    pub(crate) folder: Option<PathBuf>,
}

/// Finds the files that `text` names, in the order of their paths.
pub(crate) fn expand(text: &str) -> Result<Named, IngestError> {
    let path = Path::new(text);
    if text == STANDARD_INPUT || path.is_file() {
        return Ok(Named { files: vec![path.to_owned()], folder: None });
    }
    if path.is_dir() {
        let mut files = Vec::new();
        walk(path, &mut files)?;
        files.sort();
        return Ok(Named { files, folder: Some(path.to_owned()) });
    }
    if text.contains(['*', '?', '[']) {
        let none = || IngestError::NoMatch { pattern: text.to_owned() };
        // As a shell has it: hidden files only where the pattern says so.
        let options = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::new() };
        let mut files: Vec<PathBuf> =
            glob::glob_with(text, options).map_err(|_| none())?.flatten().filter(|path| path.is_file()).collect();
        files.sort();
        return if files.is_empty() { Err(none()) } else { Ok(Named { files, folder: None }) };
    }
    if path.exists() {
        return Ok(Named { files: vec![path.to_owned()], folder: None });
    }
    Err(IngestError::NotFound { path: path.to_owned() })
}

/// As [`expand`], but a folder without a file is an error.
pub(crate) fn expand_some(text: &str) -> Result<Vec<PathBuf>, IngestError> {
    match expand(text)? {
        Named { files, folder: Some(path) } if files.is_empty() => {
            Err(IngestError::EmptyFolder { path, tried: 0, first: String::new() })
        }
        Named { files, .. } => Ok(files),
    }
}

/// What lies beside data and is none: documents, licences, programs.
const DOCUMENTS: &[&str] = &["md", "rst", "html", "htm", "pdf", "toml", "yml", "yaml", "py", "r", "sh"];
const DOCUMENT_NAMES: &[&str] = &["readme", "license", "licence", "copying", "changelog", "authors"];

/// Whether a file's name says that it is a document.
pub(crate) fn is_document(path: &Path) -> bool {
    let lower = |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().to_lowercase()).unwrap_or_default();
    DOCUMENTS.contains(&lower(path.extension()).as_str()) || DOCUMENT_NAMES.contains(&lower(path.file_stem()).as_str())
}

/// All files below a folder; hidden ones are left out.
fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), IngestError> {
    let io = |source| IngestError::Io { path: folder.to_owned(), source };
    for entry in std::fs::read_dir(folder).map_err(io)? {
        let path = entry.map_err(io)?.path();
        let is_hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if is_hidden {
            continue;
        }
        if path.is_dir() {
            walk(&path, files)?;
        } else if path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}
