//! Why a run was not exported.

use std::path::PathBuf;

/// What is wrong with a request, with the run folder, or with the place to write to.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// A word of `--format` that names nothing.
    #[error("there is no export format `{name}`; the nearest is `{nearest}` (known: {known})")]
    NoSuchFormat {
        /// As asked for.
        name: String,
        /// The nearest one.
        nearest: String,
        /// All.
        known: String,
    },
    /// An option that this format cannot follow.
    #[error("{option} does not go with --format {format}: {why}")]
    Option {
        /// The option.
        option: &'static str,
        /// The format.
        format: &'static str,
        /// Why.
        why: &'static str,
    },
    /// No run folder, or a damaged one.
    #[error(transparent)]
    Store(#[from] echogram_store::StoreError),
    /// A table that cannot be read.
    #[error("{}: damaged table: {what}", path.display())]
    Table {
        /// The file.
        path: PathBuf,
        /// Why, in the words of the reader.
        what: String,
    },
    /// A table, column or relation that the run does not have.
    #[error("this run has no {kind} `{name}`; {present}{nearest}", present = if present.is_empty() { "there is none".to_owned() } else { format!("there are {present}") })]
    Unknown {
        /// `table`, `column` or `relation`.
        kind: &'static str,
        /// As asked for.
        name: String,
        /// All there are.
        present: String,
        /// The nearest one, in words.
        nearest: String,
    },
    /// The result would overwrite something.
    #[error("{}: exists already; choose another place with -o, or --force to replace it", path.display())]
    Exists {
        /// The file or folder.
        path: PathBuf,
    },
    /// Something that `--force` does not replace.
    #[error("{}: exists and {what}, so --force does not replace it; choose another place with -o", path.display())]
    NotReplaced {
        /// The file or folder.
        path: PathBuf,
        /// Why not.
        what: &'static str,
    },
    /// A place inside the run folder.
    #[error("{}: lies in the run folder, which is never changed; choose another place with -o", path.display())]
    InsideRun {
        /// The place.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("{}: cannot {doing}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was tried.
        doing: &'static str,
        /// Why.
        source: std::io::Error,
    },
}

impl ExportError {
    /// Exit status: 2 wrong usage, 3 unusable run folder, 4 cannot write.
    pub fn exit_status(&self) -> u8 {
        match self {
            Self::NoSuchFormat { .. } | Self::Option { .. } => 2,
            Self::Exists { .. } | Self::NotReplaced { .. } | Self::InsideRun { .. } => 4,
            Self::Io { doing, .. } if !doing.starts_with("read") => 4,
            Self::Store(error) if error.is_writing() => 4,
            _ => 3,
        }
    }

    /// Something that is not there, with its nearest neighbour among what is.
    pub(crate) fn unknown(kind: &'static str, name: &str, present: &[String]) -> Self {
        let nearest = match nearest(name, present.iter().map(String::as_str)) {
            Some(nearest) if present.len() > 1 => format!("; the nearest is `{nearest}`"),
            _ => String::new(),
        };
        Self::Unknown { kind, name: name.to_owned(), present: present.join(", "), nearest }
    }
}

/// The word most like this one.
pub(crate) fn nearest<'a>(word: &str, words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    words.max_by(|a, b| {
        strsim::normalized_damerau_levenshtein(word, a).total_cmp(&strsim::normalized_damerau_levenshtein(word, b))
    })
}

/// Why a writer stopped: the place it writes to is named by whoever opened it.
#[derive(Debug)]
pub(crate) enum Halt {
    /// Reading failed.
    Export(ExportError),
    /// Writing failed.
    Output(std::io::Error),
}

impl From<ExportError> for Halt {
    fn from(error: ExportError) -> Self {
        Self::Export(error)
    }
}

impl From<std::io::Error> for Halt {
    fn from(error: std::io::Error) -> Self {
        Self::Output(error)
    }
}
