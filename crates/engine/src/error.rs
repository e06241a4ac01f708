//! Why a study did not run.

use crate::memory::Memory;
use echogram_analytics::MetricError;
use echogram_analytics::registry::UnknownMetric;
use echogram_ingest::IngestError;
use echogram_ingest::roles::LexiconError;
use echogram_store::StoreError;
use std::path::PathBuf;

/// Everything that can stop a run, by what the user can do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// A word of `--metrics` that names nothing.
    #[error(transparent)]
    Metric(#[from] UnknownMetric),
    /// A word of `--sides` that cannot be used.
    #[error("--sides {word}: {what}")]
    Sides {
        /// The word.
        word: String,
        /// What is wrong.
        what: String,
    },
    /// Sides that no account has.
    #[error("--sides {word}: no account has a value in it")]
    EmptySides {
        /// The word.
        word: String,
    },
    /// A column named by `--sides` that does not exist.
    #[error("--sides {column}: no account file has this column; there {are}{nearest}", are = if present.is_empty() { "are no columns: give an account file with --accounts".to_owned() } else { format!("are {present}") })]
    NoSuchSides {
        /// The column.
        column: String,
        /// Columns there are.
        present: String,
        /// The nearest of them, in words.
        nearest: String,
    },
    /// An account of `--near` that does not occur.
    #[error("--near {account}: no account has this key or handle")]
    NoSuchAccount {
        /// The word.
        account: String,
    },
    /// A relation after `@` that no row has.
    #[error("relation `{relation}` of `{metric}` does not occur; the input has {present}")]
    NoSuchRelation {
        /// The metric.
        metric: String,
        /// The relation.
        relation: String,
        /// Relations there are.
        present: String,
    },
    /// A score asked for by name that is defined nowhere.
    #[error("`{metric}` is defined nowhere on this network: {why}")]
    Undefined {
        /// The metric.
        metric: String,
        /// Why.
        why: &'static str,
    },
    /// A study file that cannot be used.
    #[error("{}: {what}", path.display())]
    StudyFile {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// A study without an input.
    #[error("no input: name files, folders, patterns, `-` for standard input, or a study file (*.toml) with [[input]]")]
    NoInput,
    /// A lexicon that cannot be used.
    #[error("{}: {source}", path.display())]
    Lexicon {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: LexiconError,
    },
    /// A file that a study names and that cannot be read.
    #[error("{}: cannot be read: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Reading failed.
    #[error(transparent)]
    Ingest(IngestError),
    /// A metric failed.
    #[error("{metric}: {source}")]
    Analytics {
        /// The metric.
        metric: String,
        /// Why.
        source: MetricError,
    },
    /// Writing failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A period that ends before it begins.
    #[error("--from {from} is not before --to {to}: nothing would be left")]
    Period {
        /// Its begin, in words.
        from: String,
        /// Its end, in words.
        to: String,
    },
    /// A run that would take more memory than there is.
    #[error("would need about {needed} of memory for about {rows} rows and {accounts} accounts, and {allowed} {are}: {advice}",
        are = if *is_given { "are allowed (--memory)" } else { "are free" },
        advice = "take a larger machine, fewer inputs, a shorter --from/--to on Parquet, or allow more with --memory")]
    WouldNotFit {
        /// What it would take.
        needed: Memory,
        /// What there is.
        allowed: Memory,
        /// Rows, about.
        rows: u64,
        /// Accounts, about.
        accounts: u64,
        /// Whether a user gave the limit.
        is_given: bool,
    },
    /// The caller asked to stop.
    #[error("interrupted; nothing was written")]
    Cancelled,
}

impl From<IngestError> for EngineError {
    fn from(error: IngestError) -> Self {
        match error {
            IngestError::Cancelled => Self::Cancelled,
            error => Self::Ingest(error),
        }
    }
}

impl EngineError {
    /// What became of `metric`; a cancelled metric is a cancelled run.
    pub(crate) fn of_metric(metric: &str, source: MetricError) -> Self {
        match source {
            MetricError::Cancelled { .. } => Self::Cancelled,
            source => Self::Analytics { metric: metric.to_owned(), source },
        }
    }

    /// Exit status: 2 wrong usage, 3 unusable input, 4 cannot write, 130 interrupted.
    pub fn exit_status(&self) -> u8 {
        match self {
            Self::Metric(_)
            | Self::Period { .. }
            | Self::Sides { .. }
            | Self::StudyFile { .. }
            | Self::NoInput
            | Self::Lexicon { .. } => 2,
            Self::Analytics { source: MetricError::BadParam { .. }, .. } => 2,
            Self::Ingest(IngestError::NoSuchFormat { .. } | IngestError::BadColumns { .. }) => 2,
            Self::Store(error) if error.is_writing() => 4,
            Self::WouldNotFit { .. } => 5,
            Self::Cancelled => 130,
            _ => 3,
        }
    }
}
