//! The run folder: tables as Parquet with their digests, and the manifest; written whole or not at all.

mod arrow_table;
mod column;
mod digest;
mod error;
mod manifest;
mod parquet_file;
mod run_folder;

pub use column::{Column, ColumnData, Table};
pub use digest::digest;
pub use error::StoreError;
pub use manifest::{GraphFacts, InputEntry, Manifest, MemoryEntry, QualityEntry, StageEntry, TableEntry};
pub use parquet_file::table_path;
pub use run_folder::{Leftovers, RunFolder, RunFolderWriter, check_target, exchange, sync_folder};
