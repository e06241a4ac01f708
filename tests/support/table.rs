//! A Parquet file as plain columns.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Float64Type, Int64Type, Schema, TimeUnit, TimestampMicrosecondType, UInt32Type, UInt64Type};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Values of one column, `None` where null.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Column {
    Text(Vec<Option<String>>),
    Real(Vec<Option<f64>>),
    Whole(Vec<Option<i128>>),
    Truth(Vec<Option<bool>>),
    /// Microseconds since 1970.
    Time(Vec<Option<i64>>),
    Lists(Vec<Option<Vec<String>>>),
}

impl Column {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Text(values) => values.len(),
            Self::Real(values) => values.len(),
            Self::Whole(values) => values.len(),
            Self::Truth(values) => values.len(),
            Self::Time(values) => values.len(),
            Self::Lists(values) => values.len(),
        }
    }
}

/// A table of a run folder.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    /// Names in the order of the file.
    pub(crate) names: Vec<String>,
    columns: BTreeMap<String, Column>,
    /// Field metadata by column.
    pub(crate) metadata: BTreeMap<String, BTreeMap<String, String>>,
}

impl Table {
    #[track_caller]
    pub(crate) fn read(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        let file = std::fs::File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
        let schema = Arc::clone(reader.schema());
        let batches: Vec<RecordBatch> = reader.build().unwrap().map(Result::unwrap).collect();
        Self::of(&schema, &batches)
    }

    fn of(schema: &Schema, batches: &[RecordBatch]) -> Self {
        let mut table = Self { names: Vec::new(), columns: BTreeMap::new(), metadata: BTreeMap::new() };
        for (at, field) in schema.fields().iter().enumerate() {
            let arrays: Vec<ArrayRef> = batches.iter().map(|batch| Arc::clone(batch.column(at))).collect();
            table.names.push(field.name().clone());
            table.columns.insert(field.name().clone(), column(field.data_type(), &arrays));
            let metadata = field.metadata().iter().map(|(key, value)| (key.clone(), value.clone())).collect();
            table.metadata.insert(field.name().clone(), metadata);
        }
        table
    }

    /// Number of rows.
    pub(crate) fn rows(&self) -> usize {
        self.columns.values().next().map_or(0, Column::len)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.columns.contains_key(name)
    }

    #[track_caller]
    pub(crate) fn column(&self, name: &str) -> &Column {
        self.columns.get(name).unwrap_or_else(|| panic!("no column `{name}` among {:?}", self.names))
    }

    /// A word, or `None` for null.
    #[track_caller]
    pub(crate) fn text(&self, name: &str, row: usize) -> Option<&str> {
        match self.column(name) {
            Column::Text(values) => values[row].as_deref(),
            other => panic!("`{name}` is no text: {other:?}"),
        }
    }

    /// A number of any type, or `None` for null.
    #[track_caller]
    pub(crate) fn number(&self, name: &str, row: usize) -> Option<f64> {
        match self.column(name) {
            Column::Real(values) => values[row],
            Column::Whole(values) => values[row].map(|value| value as f64),
            other => panic!("`{name}` is no number: {other:?}"),
        }
    }

    #[track_caller]
    pub(crate) fn truth(&self, name: &str, row: usize) -> Option<bool> {
        match self.column(name) {
            Column::Truth(values) => values[row],
            other => panic!("`{name}` is no truth value: {other:?}"),
        }
    }

    /// Microseconds since 1970, or `None` for null.
    #[track_caller]
    pub(crate) fn time(&self, name: &str, row: usize) -> Option<i64> {
        match self.column(name) {
            Column::Time(values) => values[row],
            other => panic!("`{name}` is no time: {other:?}"),
        }
    }

    #[track_caller]
    pub(crate) fn list(&self, name: &str, row: usize) -> Option<&[String]> {
        match self.column(name) {
            Column::Lists(values) => values[row].as_deref(),
            other => panic!("`{name}` holds no lists: {other:?}"),
        }
    }

    /// All values of a text column; null is the empty word.
    #[track_caller]
    pub(crate) fn texts(&self, name: &str) -> Vec<&str> {
        (0..self.rows()).map(|row| self.text(name, row).unwrap_or_default()).collect()
    }

    /// All values of a column of numbers.
    #[track_caller]
    pub(crate) fn numbers(&self, name: &str) -> Vec<Option<f64>> {
        (0..self.rows()).map(|row| self.number(name, row)).collect()
    }

    /// The first row in which every one of these text columns has the value beside it (the empty word stands for null).
    #[track_caller]
    pub(crate) fn find(&self, wanted: &[(&str, &str)]) -> Option<usize> {
        (0..self.rows()).find(|&row| wanted.iter().all(|(name, value)| self.text(name, row).unwrap_or_default() == *value))
    }
}

fn column(kind: &DataType, arrays: &[ArrayRef]) -> Column {
    let known = |array: &ArrayRef, row: usize| array.is_valid(row);
    macro_rules! each {
        ($array:ident, $row:ident, $value:expr) => {
            arrays.iter().flat_map(|$array| (0..$array.len()).map(move |$row| known($array, $row).then(|| $value))).collect()
        };
    }
    match kind {
        DataType::Utf8 => Column::Text(each!(array, row, array.as_string::<i32>().value(row).to_owned())),
        DataType::Float64 => Column::Real(each!(array, row, array.as_primitive::<Float64Type>().value(row))),
        DataType::UInt32 => Column::Whole(each!(array, row, i128::from(array.as_primitive::<UInt32Type>().value(row)))),
        DataType::UInt64 => Column::Whole(each!(array, row, i128::from(array.as_primitive::<UInt64Type>().value(row)))),
        DataType::Int64 => Column::Whole(each!(array, row, i128::from(array.as_primitive::<Int64Type>().value(row)))),
        DataType::Boolean => Column::Truth(each!(array, row, array.as_boolean().value(row))),
        DataType::Timestamp(TimeUnit::Microsecond, Some(_)) => {
            Column::Time(each!(array, row, array.as_primitive::<TimestampMicrosecondType>().value(row)))
        }
        DataType::List(_) => Column::Lists(each!(array, row, words(&array.as_list::<i32>().value(row)))),
        other => panic!("a type that no table of ours has: {other}"),
    }
}

fn words(array: &ArrayRef) -> Vec<String> {
    array.as_string::<i32>().iter().map(|word| word.unwrap().to_owned()).collect()
}
