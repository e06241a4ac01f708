//! Tables to Parquet: zstd, statistics, metadata in the fields.

use crate::arrow_table::{array, field};
use crate::{StoreError, Table};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, compute_leaves};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use rayon::prelude::*;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows per row group.
const ROW_GROUP: usize = 1 << 20;

/// The file of a table in a run folder.
pub fn table_path(folder: &Path, table: &str) -> PathBuf {
    folder.join(format!("{table}.parquet"))
}

/// Writes a table, its columns encoded in parallel, and makes sure that it is on disk. Returns size and hash of the file.
pub(crate) fn write(folder: &Path, table: &Table) -> Result<(u64, String), StoreError> {
    let path = table_path(folder, table.name);
    let parquet = |source| match source {
        ParquetError::External(error) if error.is::<std::io::Error>() => {
            let source = error.downcast::<std::io::Error>().map_or_else(|_| std::io::Error::other("unknown"), |error| *error);
            StoreError::Io { path: path.clone(), doing: "write", source }
        }
        source => StoreError::Parquet { path: path.clone(), source },
    };
    let io = |source| StoreError::Io { path: path.clone(), doing: "write", source };
    let schema = table.schema();
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_max_row_group_row_count(Some(ROW_GROUP))
        .set_created_by(concat!("echogram ", env!("CARGO_PKG_VERSION")).to_owned())
        .build();
    let file = File::create(&path).map_err(io)?;
    let writer = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties)).map_err(parquet)?;
    let (mut file, columns) = writer.into_serialized_writer().map_err(parquet)?;
    for (group, start) in (0..table.rows()).step_by(ROW_GROUP).enumerate() {
        let rows = start..table.rows().min(start + ROW_GROUP);
        let writers = columns.create_column_writers(group).map_err(parquet)?;
        let chunks: Vec<ArrowColumnChunk> = writers
            .into_par_iter()
            .zip(&table.columns)
            .map(|(mut writer, column)| {
                // No column of ours is nested deeper than one leaf.
                for leaf in compute_leaves(&field(column), &array(&column.data, rows.clone()))? {
                    writer.write(&leaf)?;
                }
                writer.close()
            })
            .collect::<Result<_, ParquetError>>()
            .map_err(parquet)?;
        let mut row_group = file.next_row_group().map_err(parquet)?;
        for chunk in chunks {
            chunk.append_to_row_group(&mut row_group).map_err(parquet)?;
        }
        row_group.close().map_err(parquet)?;
    }
    let file = file.into_inner().map_err(parquet)?;
    file.sync_all().map_err(io)?;
    file_hash(&path).map_err(io)
}

/// Size and BLAKE3 of a file.
pub(crate) fn file_hash(path: &Path) -> std::io::Result<(u64, String)> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(File::open(path)?)?;
    Ok((hasher.count(), hasher.finalize().to_hex().to_string()))
}
