//! What makes an input unusable as a whole; a bad row is a [`Rejection`](crate::Rejection) instead.

use std::path::PathBuf;

/// Why reading stopped. Each message names the input and says what to do where there is something to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IngestError {
    /// The path names nothing.
    #[error("{}: no such file or folder", path.display())]
    NotFound {
        /// As given.
        path: PathBuf,
    },
    /// A pattern without a match.
    #[error("{pattern}: no file matches this pattern")]
    NoMatch {
        /// As given.
        pattern: String,
    },
    /// A folder in which nothing can be read.
    #[error("{}: no usable file in this folder ({tried} looked at{first})", path.display())]
    EmptyFolder {
        /// The folder.
        path: PathBuf,
        /// Files in it.
        tried: usize,
        /// Why the first of them was passed over, in words.
        first: String,
    },
    /// The operating system refused.
    #[error("{}: cannot be read: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file without a byte.
    #[error("{}: the file is empty", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// Content that no format claims.
    #[error("{}: {what}", path.display())]
    UnknownFormat {
        /// The file.
        path: PathBuf,
        /// What it looks like, and what to do.
        what: &'static str,
    },
    /// A format's name that is not in the list.
    #[error("there is no format `{name}`; known are {known}")]
    NoSuchFormat {
        /// As given.
        name: String,
        /// All names.
        known: String,
    },
    /// A table that holds no edges.
    #[error("{}: {what}", path.display())]
    NoEdges {
        /// The file.
        path: PathBuf,
        /// What it holds, and what to do.
        what: String,
    },
    /// The content is not what the format needs.
    #[error("{}: {what}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong and what to do.
        what: String,
    },
    /// A column that `--columns` names does not exist.
    #[error("{}: there is no column `{column}`; the file has {present}", path.display())]
    UnknownColumn {
        /// The file.
        path: PathBuf,
        /// The column asked for.
        column: String,
        /// The columns there are.
        present: String,
    },
    /// An option's text that cannot be read.
    #[error("--columns: {what}")]
    BadColumns {
        /// What is wrong.
        what: String,
    },
    /// Everything was read and nothing is left.
    #[error("no usable row in {inputs}: {rejected} rejected{first}")]
    NothingRead {
        /// The inputs, in words.
        inputs: String,
        /// Number of rejected rows.
        rejected: u64,
        /// The first rejection, in words.
        first: String,
    },
    /// More than `--max-rejected` allows.
    #[error("{rejected} of {rows} rows rejected, more than the {allowed} allowed; the first: {first}")]
    TooManyRejected {
        /// Number of rejected rows.
        rejected: u64,
        /// Rows read.
        rows: u64,
        /// The limit, in words.
        allowed: String,
        /// The first rejection, in words.
        first: String,
    },
    /// More accounts than 32 bits can number.
    #[error("more than 4,294,967,294 accounts: node ids have 32 bits")]
    TooManyAccounts,
    /// A window so short that there would be too many.
    #[error("--window: the time read spans {windows} windows, more than {most}: take longer ones")]
    TooManyWindows {
        /// How many there would be.
        windows: u64,
        /// How many there may be.
        most: u64,
    },
    /// The caller asked to stop.
    #[error("cancelled while reading")]
    Cancelled,
}
