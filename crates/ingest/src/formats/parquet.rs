//! `parquet`: an edge or event table, with the same words as a header of delimited text.
//!
//! Row groups are decoded in parallel, a few at a time; those that lie outside the period by their statistics are not decoded at all. Texts that the
//! file keeps in dictionaries are looked up once each. A damaged row group costs its own rows.

use crate::IngestError;
use crate::batch::Batch;
use crate::columns::EdgeColumns;
use crate::contained::contained;
use crate::format::{FormatSpec, ReadOptions, Reading};
use crate::intake::Intake;
use crate::period::Period;
use crate::record_batch::{Layout, is_text};
use crate::row_group::RowGroup;
use crate::source::Source;
use crate::time;
use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use bytes::Bytes;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, RowGroups};
use parquet::arrow::{ProjectionMask, parquet_to_arrow_field_levels};
use parquet::errors::ParquetError;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::ChunkReader;
use parquet::file::statistics::Statistics;
use rayon::prelude::*;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) const FORMAT: FormatSpec = FormatSpec {
    name: "parquet",
    summary: "Parquet, an edge or event a row, with the same words as a header",
    claims: |head| head.starts_with(b"PAR1"),
    read,
};

/// Rows decoded at once: usually a row group, so that its dictionaries are looked at once.
const BATCH_ROWS: usize = 1 << 18;

/// Row groups decoded at once for each thread: the more, the better their keys are looked up; each is in memory meanwhile.
const GROUPS_AT_ONCE: usize = 6;
/// Row groups that are looked at to judge the size of a file.
const SAMPLED_GROUPS: usize = 4;

/// Where a Parquet file's bytes are.
enum Bytewise {
    /// In a plain file.
    File(PathBuf),
    /// In memory: from standard input, or unpacked.
    Memory(Bytes),
}

/// A Parquet file opened by its footer.
pub(crate) struct Table {
    path: PathBuf,
    bytes: Bytewise,
    pub(crate) metadata: ArrowReaderMetadata,
}

impl Table {
    /// Opens what `source` holds. What is no plain file is read into memory, as the footer comes last.
    pub(crate) fn open(source: &mut Source) -> Result<Self, IngestError> {
        let path = source.path.clone();
        let options = ArrowReaderOptions::new();
        if source.is_plain_file {
            let file = open(&path)?;
            let metadata = footer(&path, || ArrowReaderMetadata::load(&file, options))?;
            return Ok(Self { bytes: Bytewise::File(path.clone()), path, metadata });
        }
        let bytes = source.read_all().map_err(|source| IngestError::Io { path: path.clone(), source })?;
        let bytes = Bytes::from(bytes);
        let metadata = footer(&path, || ArrowReaderMetadata::load(&bytes, options))?;
        Ok(Self { bytes: Bytewise::Memory(bytes), path, metadata })
    }

    /// Takes the texts of some columns as codes of a dictionary.
    fn with_dictionaries(self, columns: &[usize]) -> Self {
        let coded = |(place, field): (usize, &Arc<Field>)| {
            if columns.contains(&place) && is_text(field.data_type()) && !matches!(field.data_type(), DataType::Dictionary(..)) {
                let kind = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
                Arc::new(field.as_ref().clone().with_data_type(kind))
            } else {
                Arc::clone(field)
            }
        };
        let fields: Vec<Arc<Field>> = self.metadata.schema().fields().iter().enumerate().map(coded).collect();
        let schema = Schema::new_with_metadata(fields, self.metadata.schema().metadata().clone());
        let options = ArrowReaderOptions::new().with_schema(Arc::new(schema));
        match footer(&self.path, || ArrowReaderMetadata::try_new(Arc::clone(self.metadata.metadata()), options)) {
            Ok(metadata) => Self { metadata, ..self },
            // The texts as they are will do too.
            Err(_) => self,
        }
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.metadata.schema().fields().iter().map(|field| field.name().clone()).collect()
    }

    /// The columns in `wanted` of one row group, in the file's order of columns.
    pub(crate) fn row_group(&self, group: usize, wanted: &[usize]) -> Result<Vec<RecordBatch>, IngestError> {
        let decoded = match &self.bytes {
            Bytewise::File(path) => {
                let file = open(path)?;
                contained(|| self.decoded(file, group, wanted))
            }
            Bytewise::Memory(bytes) => contained(|| self.decoded(bytes.clone(), group, wanted)),
        };
        decoded.map_err(ParquetError::General).flatten().map_err(|error| damaged(&self.path, &error))
    }

    fn decoded(
        &self,
        bytes: impl ChunkReader + 'static,
        group: usize,
        wanted: &[usize],
    ) -> Result<Vec<RecordBatch>, ParquetError> {
        let metadata = self.metadata.metadata();
        let mask = ProjectionMask::roots(self.metadata.parquet_schema(), wanted.iter().copied());
        let fields = parquet_to_arrow_field_levels(self.metadata.parquet_schema(), mask, Some(self.metadata.schema().fields()))?;
        let group = RowGroup::new(bytes, metadata, group);
        let at_once = group.num_rows().clamp(1, BATCH_ROWS);
        let reader = ParquetRecordBatchReader::try_new_with_row_groups(&fields, &group, at_once, None)?;
        Ok(reader.collect::<Result<_, _>>()?)
    }
}

fn open(path: &Path) -> Result<File, IngestError> {
    File::open(path).map_err(|source| IngestError::Io { path: path.to_owned(), source })
}

/// What a file says of itself.
fn footer(
    path: &Path,
    load: impl FnOnce() -> Result<ArrowReaderMetadata, ParquetError>,
) -> Result<ArrowReaderMetadata, IngestError> {
    contained(load).map_err(ParquetError::General).flatten().map_err(|error| damaged(path, &error))
}

fn damaged(path: &Path, error: &dyn std::fmt::Display) -> IngestError {
    let what = format!(
        "this Parquet file is damaged or cut off ({error}); its list of contents stands at its end, so that half a file cannot be read: fetch it again"
    );
    IngestError::Unusable { path: path.to_owned(), what }
}

fn read(source: &mut Source, options: &ReadOptions, intake: &mut Intake) -> Result<Reading, IngestError> {
    let path = source.path.clone();
    let table = Table::open(source)?;
    let mut notes = Vec::new();
    let layout = Layout::of(&path, &table.names(), options, &mut notes)?;
    let EdgeColumns { source: from, target: to, relation, source_role, target_role, .. } = &layout.columns;
    let coded: Vec<usize> = [Some(*from), Some(*to), *relation, *source_role, *target_role].into_iter().flatten().collect();
    let table = table.with_dictionaries(&coded);
    let groups = table.metadata.metadata().row_groups();
    let mut first_rows = vec![1_u64];
    for group in groups {
        first_rows.push(first_rows[first_rows.len() - 1] + group.num_rows().unsigned_abs());
    }
    let time = layout.columns.time.map(|place| (place, table.metadata.schema().field(place).data_type().clone()));
    notes.extend(time.iter().filter(|time| time.1.is_integer()).map(|_| time::judged_by_size(&path)));
    let (inside, outside): (Vec<usize>, Vec<usize>) =
        (0..groups.len()).partition(|&group| time.as_ref().is_none_or(|time| may_hold(&groups[group], time, intake.period)));
    if !outside.is_empty() {
        let rows: u64 = outside.iter().map(|&group| groups[group].num_rows().unsigned_abs()).sum();
        notes.push(format!(
            "{}: {} of {} row groups lie outside --from/--to by their statistics and were not decoded ({rows} rows)",
            path.display(),
            outside.len(),
            groups.len()
        ));
        intake.left_out.outside += rows;
        intake.take(vec![Batch { records: rows, ..Batch::default() }]);
    }
    let progress = Arc::clone(&source.progress);
    let decode = || {
        for round in inside.chunks(rayon::current_num_threads() * GROUPS_AT_ONCE) {
            progress.check()?;
            let parsed = round.par_iter().map(|&group| row_group(&table, &layout, group, first_rows[group]));
            intake.take(parsed.collect::<Result<Vec<_>, IngestError>>()?.into_iter().flatten().collect());
        }
        Ok(())
    };
    // Groups are read at their places; size and hash are those of the whole file, read from its start meanwhile.
    let (decoded, drained) = rayon::join(decode, || source.drain());
    decoded.and(drained)?;
    Ok(Reading { notes, ..Reading::default() })
}

/// The number of all rows, the bytes that are in memory, and the rows of the first groups.
pub(crate) fn sample(source: &mut Source, options: &ReadOptions) -> Result<(u64, u64, Intake), IngestError> {
    let table = Table::open(source)?;
    let layout = Layout::of(&source.path, &table.names(), options, &mut Vec::new())?;
    let groups = table.metadata.metadata().row_groups();
    let mut intake = Intake::default();
    for group in 0..groups.len().min(SAMPLED_GROUPS) {
        intake.take(row_group(&table, &layout, group, 1)?);
    }
    intake.settle();
    let held = match &table.bytes {
        Bytewise::File(_) => 0,
        Bytewise::Memory(bytes) => bytes.len() as u64,
    };
    Ok((groups.iter().map(|group| group.num_rows().unsigned_abs()).sum(), held, intake))
}

/// The rows of one group; if it is damaged, one rejection in their place.
fn row_group(table: &Table, layout: &Layout, group: usize, first_row: u64) -> Result<Vec<Batch>, IngestError> {
    let parts = match table.row_group(group, &layout.wanted) {
        Ok(parts) => parts,
        Err(error @ IngestError::Io { .. }) => return Err(error),
        Err(error) => {
            let rows = table.metadata.metadata().row_group(group).num_rows().unsigned_abs();
            let mut batch = Batch { records: rows, ..Batch::default() };
            batch.reject(
                first_row,
                "row",
                format!("{rows} rows from here on are lost: row group {} cannot be decoded ({error})", group + 1),
            );
            return Ok(vec![batch]);
        }
    };
    let mut row = first_row;
    let batch = |part: &RecordBatch| {
        let batch = layout.batch(part, row);
        row += part.num_rows() as u64;
        batch
    };
    parts.iter().map(batch).collect()
}

/// Whether a row group may hold a time of the period, by the least and greatest value that the file states.
fn may_hold(group: &RowGroupMetaData, (place, kind): &(usize, DataType), period: Period) -> bool {
    if period.is_all() {
        return true;
    }
    let Some(statistics) = group.columns().get(*place).and_then(|column| column.statistics()) else { return true };
    let Statistics::Int64(values) = statistics else { return true };
    let (Some(&least), Some(&greatest)) = (values.min_opt(), values.max_opt()) else { return true };
    let micros = |value: i64| match kind {
        DataType::Timestamp(TimeUnit::Second, _) => value.checked_mul(1_000_000),
        DataType::Timestamp(TimeUnit::Millisecond, _) => value.checked_mul(1_000),
        DataType::Timestamp(TimeUnit::Microsecond, _) => Some(value),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => Some(value.div_euclid(1_000)),
        DataType::Int64 | DataType::UInt64 if value >= 0 => time::from_epoch(value),
        _ => None,
    };
    match (micros(least), micros(greatest)) {
        // Whole numbers count in another unit from some size on: the order of moments need not be that of the numbers.
        (Some(first), Some(last)) if first <= last => period.touches(first, last),
        _ => true,
    }
}
