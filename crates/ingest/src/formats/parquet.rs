//! `parquet`: an edge or event table, with the same words as a header of delimited text.

use crate::IngestError;
use crate::batch::{Batch, Key};
use crate::columns::EdgeColumns;
use crate::format::{FormatSpec, ReadOptions, Reading};
use crate::formats::edges::{DEFAULT_RELATION, FOLLOW, check_weight};
use crate::intake::Intake;
use crate::rejection::shown;
use crate::source::Source;
use crate::time;
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Int64Type, TimeUnit, TimestampMicrosecondType, UInt64Type};
use echogram_graph::NO_TIME;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use rayon::prelude::*;
use std::fs::File;
use std::path::Path;

pub(crate) const FORMAT: FormatSpec = FormatSpec {
    name: "parquet",
    summary: "Parquet, an edge or event a row, with the same words as a header",
    claims: |head| head.starts_with(b"PAR1"),
    read,
};

/// Rows decoded at once.
const BATCH_ROWS: usize = 1 << 16;

/// A Parquet file opened by its footer.
pub(crate) struct Table {
    pub(crate) metadata: ArrowReaderMetadata,
}

impl Table {
    pub(crate) fn open(path: &Path) -> Result<Self, IngestError> {
        let file = open(path)?;
        let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(|error| damaged(path, &error))?;
        Ok(Self { metadata })
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.metadata.schema().fields().iter().map(|field| field.name().clone()).collect()
    }

    /// The columns in `wanted` of one row group, in the file's order of columns.
    pub(crate) fn row_group(&self, path: &Path, group: usize, wanted: &[usize]) -> Result<Vec<RecordBatch>, IngestError> {
        let mask = ProjectionMask::roots(self.metadata.parquet_schema(), wanted.iter().copied());
        ParquetRecordBatchReaderBuilder::new_with_metadata(open(path)?, self.metadata.clone())
            .with_row_groups(vec![group])
            .with_projection(mask)
            .with_batch_size(BATCH_ROWS)
            .build()
            .map_err(|error| damaged(path, &error))?
            .collect::<Result<_, _>>()
            .map_err(|error| damaged(path, &error))
    }
}

fn open(path: &Path) -> Result<File, IngestError> {
    File::open(path).map_err(|source| IngestError::Io { path: path.to_owned(), source })
}

fn damaged(path: &Path, error: &dyn std::fmt::Display) -> IngestError {
    IngestError::Unusable { path: path.to_owned(), what: format!("this Parquet file is damaged or cut off: {error}") }
}

/// Which columns were decoded, and where each field stands among them.
struct Layout<'a> {
    columns: EdgeColumns,
    wanted: Vec<usize>,
    relation: &'a str,
}

fn read(source: &mut Source, options: &ReadOptions, intake: &mut Intake) -> Result<Reading, IngestError> {
    if !source.is_plain_file {
        let what = "Parquet is read from a plain file only: unpack it, or give its path instead of standard input".to_owned();
        return Err(IngestError::Unusable { path: source.path.clone(), what });
    }
    let path = source.path.clone();
    let table = Table::open(&path)?;
    let header = table.names();
    let columns = EdgeColumns::from_header(&path, &options.columns, &header)?;
    let mut notes = Vec::new();
    if let Some((one, other)) = &columns.guessed {
        notes.push(format!(
            "{}: unknown column names: `{one}` taken as source and `{other}` as target (--columns says otherwise)",
            path.display()
        ));
    }
    let mut wanted = vec![columns.source, columns.target];
    wanted
        .extend([columns.weight, columns.time, columns.relation, columns.source_role, columns.target_role].into_iter().flatten());
    wanted.sort_unstable();
    wanted.dedup();
    let default = if columns.is_follow { FOLLOW } else { DEFAULT_RELATION };
    let layout = Layout { columns, wanted, relation: options.relation.as_deref().unwrap_or(default) };
    let groups = table.metadata.metadata().row_groups();
    let mut first_rows = vec![1_u64];
    for group in groups {
        first_rows.push(first_rows[first_rows.len() - 1] + group.num_rows().unsigned_abs());
    }
    let batches: Vec<Vec<Batch>> = (0..groups.len())
        .into_par_iter()
        .map(|group| {
            source.progress.check()?;
            let mut row = first_rows[group];
            let parts = table.row_group(&path, group, &layout.wanted)?;
            parts
                .iter()
                .map(|part| {
                    let batch = layout.batch(&path, part, row);
                    row += part.num_rows() as u64;
                    batch
                })
                .collect::<Result<Vec<_>, IngestError>>()
        })
        .collect::<Result<_, IngestError>>()?;
    source.drain()?;
    intake.take(batches.into_iter().flatten().collect());
    Ok(Reading { notes, ..Reading::default() })
}

/// A key column: numbers stay numbers, everything else becomes text.
enum KeyColumn {
    Numbers(ArrayRef),
    Texts(ArrayRef),
}

impl KeyColumn {
    fn key(&self, row: usize) -> Result<Key<'_>, String> {
        match self {
            Self::Numbers(numbers) if numbers.is_valid(row) => Ok(Key::Number(numbers.as_primitive::<UInt64Type>().value(row))),
            Self::Texts(texts) if texts.is_valid(row) => match texts.as_string::<i32>().value(row).trim() {
                "" => Err("empty".to_owned()),
                key => Ok(Key::Text(key)),
            },
            _ => Err("null or out of range".to_owned()),
        }
    }
}

impl Layout<'_> {
    fn batch(&self, path: &Path, part: &RecordBatch, first_row: u64) -> Result<Batch, IngestError> {
        let column = |place: usize| part.column(self.wanted.binary_search(&place).expect("every field's column is decoded"));
        let as_type = |place: usize, wanted: &DataType| {
            cast(column(place), wanted).map_err(|_| {
                let field = part.schema().field(self.wanted.binary_search(&place).unwrap_or(0)).clone();
                let what = format!("column `{}` of type {} cannot be used as {wanted}", field.name(), field.data_type());
                IngestError::Unusable { path: path.to_owned(), what }
            })
        };
        let keys = |place: usize| match column(place).data_type() {
            kind if kind.is_integer() => as_type(place, &DataType::UInt64).map(KeyColumn::Numbers),
            kind if is_text(kind) => as_type(place, &DataType::Utf8).map(KeyColumn::Texts),
            kind => {
                let name = part.schema().field(self.wanted.binary_search(&place).unwrap_or(0)).name().clone();
                let what = format!("column `{name}` of type {kind} cannot hold keys of accounts: make it whole numbers or text");
                Err(IngestError::Unusable { path: path.to_owned(), what })
            }
        };
        let optional = |place: Option<usize>, wanted: &DataType| place.map(|place| as_type(place, wanted)).transpose();
        let (sources, targets) = (keys(self.columns.source)?, keys(self.columns.target)?);
        let weights = optional(self.columns.weight, &DataType::Float64)?;
        let times = self.columns.time.map(|place| micros(column(place), || as_type(place, &DataType::Utf8))).transpose()?;
        let relations = optional(self.columns.relation, &DataType::Utf8)?;
        let roles = [optional(self.columns.source_role, &DataType::Utf8)?, optional(self.columns.target_role, &DataType::Utf8)?];
        let word = |column: &Option<ArrayRef>, row: usize| {
            column
                .as_ref()
                .filter(|texts| texts.is_valid(row))
                .map(|texts| texts.as_string::<i32>().value(row).to_owned())
                .filter(|word| !word.is_empty())
        };
        let mut batch = Batch::default();
        for row in 0..part.num_rows() {
            batch.records += 1;
            let line = first_row + row as u64;
            let edge = (|| {
                let weight = match &weights {
                    None => 1.0,
                    Some(weights) if weights.is_null(row) => return Err(("weight", "null".to_owned())),
                    Some(weights) => {
                        check_weight(weights.as_primitive::<Float64Type>().value(row)).map_err(|reason| ("weight", reason))?
                    }
                };
                let time = match &times {
                    None => NO_TIME,
                    Some(times) => times[row].clone().map_err(|text| ("time", format!("no date or time: {}", shown(&text))))?,
                };
                let source = sources.key(row).map_err(|reason| ("source", reason))?;
                let target = targets.key(row).map_err(|reason| ("target", reason))?;
                Ok(([source, target], weight, time))
            })();
            match edge {
                Err((field, reason)) => batch.reject(line, field, reason),
                Ok((keys, weight, time)) => {
                    let [source, target] = batch.codes(keys);
                    let relation = word(&relations, row);
                    batch.rows(relation.as_deref().unwrap_or(self.relation)).push(source, target, weight, time);
                    for (code, column) in [source, target].into_iter().zip(&roles) {
                        batch.roles.extend(word(column, row).map(|role| (code, role)));
                    }
                }
            }
        }
        Ok(batch)
    }
}

/// Whether a column holds text, in whatever coding.
fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, values) => is_text(values) || values.is_integer(),
        kind => matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View),
    }
}

/// Times of a column as microseconds: timestamps as they are, whole numbers since 1970 by their size, texts parsed.
fn micros(
    column: &ArrayRef,
    as_text: impl Fn() -> Result<ArrayRef, IngestError>,
) -> Result<Vec<Result<i64, String>>, IngestError> {
    let rows = 0..column.len();
    if matches!(column.data_type(), DataType::Timestamp(..) | DataType::Date32 | DataType::Date64)
        && let Ok(times) = cast(column, &DataType::Timestamp(TimeUnit::Microsecond, None))
    {
        let times = times.as_primitive::<TimestampMicrosecondType>();
        return Ok(rows.map(|row| Ok(if times.is_valid(row) { times.value(row) } else { NO_TIME })).collect());
    }
    if column.data_type().is_numeric()
        && let Ok(counts) = cast(column, &DataType::Int64)
    {
        let counts = counts.as_primitive::<Int64Type>();
        let time = |row: usize| match counts.is_valid(row) {
            true => time::from_epoch(counts.value(row)).ok_or_else(|| counts.value(row).to_string()),
            false => Ok(NO_TIME),
        };
        return Ok(rows.map(time).collect());
    }
    let texts = as_text()?;
    let texts = texts.as_string::<i32>();
    let time = |row: usize| match texts.is_valid(row).then(|| texts.value(row)) {
        None | Some("") => Ok(NO_TIME),
        Some(text) => time::parse(text).ok_or_else(|| text.to_owned()),
    };
    Ok(rows.map(time).collect())
}
