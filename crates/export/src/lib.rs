//! A run folder, or tables in memory, in the formats of other programs: graph files, delimited text, JSON lines, Parquet.
//!
//! A table is read batch by batch, so that memory does not grow with the number of edges; what is written stands under a hidden name until it
//! is complete.

mod cells;
mod error;
mod format;
mod formats;
mod labels;
mod notes;
mod output;
mod plan;
mod tables;
mod text;

pub use error::ExportError;
pub use format::{WRITERS, Writer, writer};
pub use plan::{Exported, Plan, Request, TableFolder, WrittenFile};
