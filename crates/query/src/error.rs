//! Why a question has no answer.

use std::path::PathBuf;

/// What is wrong with a question, or with the run folder it is asked of.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// The folder is no run folder.
    #[error(transparent)]
    Store(#[from] echogram_store::StoreError),
    /// A table that cannot be read.
    #[error("{}: damaged table: {source}", path.display())]
    Table {
        /// The file.
        path: PathBuf,
        /// Why.
        source: polars::error::PolarsError,
    },
    /// A table that this run did not make.
    #[error("{}: this run has no table `{table}`", path.display())]
    NoTable {
        /// The run folder.
        path: PathBuf,
        /// The table.
        table: &'static str,
    },
    /// A column that this run did not make.
    #[error("this run has no column `{column}`; the nearest is `{nearest}` (numbers to rank by: {present})")]
    NoColumn {
        /// As asked for.
        column: String,
        /// The nearest one.
        nearest: String,
        /// All that can be ranked by.
        present: String,
    },
    /// A column that holds words.
    #[error("`{column}` is a label or holds words, nothing to rank by: rank by one of {present}")]
    NotANumber {
        /// As asked for.
        column: String,
        /// All that can be ranked by.
        present: String,
    },
    /// A filter that no account passes.
    #[error("no account has {field} `{value}`; there {are}", are = if present.is_empty() { "is no known value".to_owned() } else { format!("are {present}") })]
    NoMatch {
        /// The field.
        field: &'static str,
        /// As asked for.
        value: String,
        /// Values there are.
        present: String,
    },
    /// No such account.
    #[error("no account has the key or handle `{account}`{nearest}")]
    NoAccount {
        /// As asked for.
        account: String,
        /// The nearest one, in words.
        nearest: String,
    },
    /// A run without the communities that are to be compared.
    #[error("{}: this run has no communities `{column}`: {}", path.display(), if present.is_empty() { "run it with --metrics standard, or with `community` among its metrics".to_owned() } else { format!("it has {present}") })]
    NoCommunities {
        /// The run folder.
        path: PathBuf,
        /// The column.
        column: String,
        /// Columns of groups that it has.
        present: String,
    },
    /// Two runs that share nobody.
    #[error("no account stands in both runs: keys of {} are such as `{one_key}`, keys of {} such as `{other_key}`", one.display(), other.display())]
    NoCommonAccount {
        /// The first run.
        one: PathBuf,
        /// The second run.
        other: PathBuf,
        /// A key of the first.
        one_key: String,
        /// A key of the second.
        other_key: String,
    },
    /// A run without echo scores.
    #[error("{}: this run has no echo scores: run it with --sides COLUMN (or `role`, `community`, `cut`), or with accounts that have a leaning", path.display())]
    NoEcho {
        /// The run folder.
        path: PathBuf,
    },
    /// A score or relation that the run does not have.
    #[error("this run has no {field} `{value}`; it has {present}")]
    NoScore {
        /// What it is.
        field: &'static str,
        /// As asked for.
        value: String,
        /// Those it has.
        present: String,
    },
    /// What was to be computed from the tables could not be.
    #[error(transparent)]
    Analytics(#[from] echogram_analytics::MetricError),
}
