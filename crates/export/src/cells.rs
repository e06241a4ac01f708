//! Cells of a table, whatever its column's type.

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Float64Array, Int64Array, ListArray, RecordBatch, StringArray};
use arrow::array::{TimestampMicrosecondArray, UInt32Array, UInt64Array};
use arrow::datatypes::{DataType, Float64Type, Int64Type, TimeUnit, TimestampMicrosecondType, UInt32Type, UInt64Type};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Real,
    Whole,
    Truth,
    Time,
    Words,
}

impl Kind {
    /// The kind of a column, if it is one that a table of ours has.
    pub(crate) fn of(kind: &DataType) -> Option<Self> {
        match kind {
            DataType::Utf8 => Some(Self::Text),
            DataType::Float64 => Some(Self::Real),
            DataType::UInt32 | DataType::UInt64 | DataType::Int64 => Some(Self::Whole),
            DataType::Boolean => Some(Self::Truth),
            DataType::Timestamp(TimeUnit::Microsecond, _) => Some(Self::Time),
            DataType::List(inner) if *inner.data_type() == DataType::Utf8 => Some(Self::Words),
            _ => None,
        }
    }
}

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell<'a> {
    Null,
    Text(&'a str),
    /// Never NaN.
    Real(f64),
    Whole(i128),
    Truth(bool),
    /// Microseconds since 1970, UTC.
    Time(i64),
    Words(Vec<&'a str>),
}

/// A column of one batch.
enum Values<'a> {
    Text(&'a StringArray),
    Real(&'a Float64Array),
    U32(&'a UInt32Array),
    U64(&'a UInt64Array),
    I64(&'a Int64Array),
    Truth(&'a BooleanArray),
    Time(&'a TimestampMicrosecondArray),
    Words(&'a ListArray, &'a StringArray),
    /// A type that no table of ours has.
    Nothing,
}

impl<'a> Values<'a> {
    fn of(array: &'a ArrayRef) -> Self {
        match array.data_type() {
            DataType::Utf8 => Self::Text(array.as_string()),
            DataType::Float64 => Self::Real(array.as_primitive::<Float64Type>()),
            DataType::UInt32 => Self::U32(array.as_primitive::<UInt32Type>()),
            DataType::UInt64 => Self::U64(array.as_primitive::<UInt64Type>()),
            DataType::Int64 => Self::I64(array.as_primitive::<Int64Type>()),
            DataType::Boolean => Self::Truth(array.as_boolean()),
            DataType::Timestamp(TimeUnit::Microsecond, _) => Self::Time(array.as_primitive::<TimestampMicrosecondType>()),
            DataType::List(inner) if *inner.data_type() == DataType::Utf8 => {
                let lists = array.as_list::<i32>();
                Self::Words(lists, lists.values().as_string())
            }
            _ => Self::Nothing,
        }
    }

    fn cell(&self, row: usize) -> Cell<'a> {
        match self {
            Self::Text(array) if array.is_valid(row) => Cell::Text(array.value(row)),
            Self::Real(array) if array.is_valid(row) && !array.value(row).is_nan() => Cell::Real(array.value(row)),
            Self::U32(array) if array.is_valid(row) => Cell::Whole(array.value(row).into()),
            Self::U64(array) if array.is_valid(row) => Cell::Whole(array.value(row).into()),
            Self::I64(array) if array.is_valid(row) => Cell::Whole(array.value(row).into()),
            Self::Truth(array) if array.is_valid(row) => Cell::Truth(array.value(row)),
            Self::Time(array) if array.is_valid(row) => Cell::Time(array.value(row)),
            Self::Words(lists, words) if lists.is_valid(row) => {
                let places = lists.value_offsets()[row] as usize..lists.value_offsets()[row + 1] as usize;
                Cell::Words(places.filter(|&place| words.is_valid(place)).map(|place| words.value(place)).collect())
            }
            _ => Cell::Null,
        }
    }
}

/// The rows of one batch.
pub(crate) struct Rows<'a> {
    columns: Vec<Values<'a>>,
    rows: usize,
}

impl<'a> Rows<'a> {
    pub(crate) fn of(batch: &'a RecordBatch) -> Self {
        Self { columns: batch.columns().iter().map(Values::of).collect(), rows: batch.num_rows() }
    }

    pub(crate) fn iter(&'a self) -> impl Iterator<Item = Row<'a>> {
        (0..self.rows).map(|row| Row { columns: &self.columns, row })
    }
}

/// One row.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    columns: &'a [Values<'a>],
    row: usize,
}

impl<'a> Row<'a> {
    pub(crate) fn cell(&self, column: usize) -> Cell<'a> {
        self.columns[column].cell(self.row)
    }

    /// All cells, in the order of the columns.
    pub(crate) fn cells(&self) -> impl Iterator<Item = Cell<'a>> {
        let (columns, row) = (self.columns, self.row);
        columns.iter().map(move |column| column.cell(row))
    }

    /// A text, empty where there is none.
    pub(crate) fn text(&self, column: usize) -> &'a str {
        if let Cell::Text(text) = self.cell(column) { text } else { "" }
    }

    /// A real number, 1 where there is none.
    pub(crate) fn weight(&self, column: usize) -> f64 {
        if let Cell::Real(weight) = self.cell(column) { weight } else { 1.0 }
    }
}
