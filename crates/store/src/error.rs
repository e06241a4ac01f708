//! What can go wrong with a run folder.

use std::path::PathBuf;

/// Why a run folder could not be written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The result would overwrite something.
    #[error("{}: exists already; choose another folder with -o, or --force to replace a run folder", path.display())]
    Exists {
        /// The folder.
        path: PathBuf,
    },
    /// `--force` is for run folders only.
    #[error("{}: exists and is no run folder (it has no manifest.json), so --force does not replace it; choose another folder with -o", path.display())]
    NotARunFolder {
        /// The folder.
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
    /// Parquet could not be written or read.
    #[error("{}: {source}", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// Why.
        source: parquet::errors::ParquetError,
    },
    /// Not a run folder, or not a whole one.
    #[error("{}: no run folder: it has no manifest.json (make one with `echogram run INPUT -o FOLDER`)", path.display())]
    NoManifest {
        /// The folder.
        path: PathBuf,
    },
    /// A table that is not the one that was written.
    #[error("{}: damaged: this is not the file that the run wrote (its hash differs from the manifest's); run the study again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// A manifest that cannot be understood.
    #[error("{}: damaged manifest: {source}", path.display())]
    BadManifest {
        /// The file.
        path: PathBuf,
        /// Why.
        source: serde_json::Error,
    },
}

impl StoreError {
    /// Whether writing failed, rather than reading.
    pub fn is_writing(&self) -> bool {
        matches!(self, Self::Exists { .. } | Self::NotARunFolder { .. })
            || matches!(self, Self::Io { doing, .. } if !doing.starts_with("read"))
            || matches!(self, Self::Parquet { .. })
    }
}
