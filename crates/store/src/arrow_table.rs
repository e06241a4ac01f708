//! Tables in memory as Arrow has them.

use crate::{Column, ColumnData, Table};
use arrow::array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, ListBuilder, RecordBatch, StringArray, StringBuilder,
    TimestampMicrosecondArray, UInt32Array, UInt64Array,
};
use arrow::datatypes::{Field, Schema, SchemaRef};
use std::ops::Range;
use std::sync::Arc;

impl Table {
    /// Names, types and metadata of the columns.
    pub fn schema(&self) -> SchemaRef {
        Arc::new(Schema::new(self.columns.iter().map(field).collect::<Vec<Field>>()))
    }

    /// Some rows.
    pub fn batch(&self, rows: Range<usize>) -> RecordBatch {
        let arrays = self.columns.iter().map(|column| array(&column.data, rows.clone())).collect();
        RecordBatch::try_new(self.schema(), arrays).expect("columns have the types of their fields, and equal length")
    }
}

/// The field of a column.
pub(crate) fn field(column: &Column) -> Field {
    let made;
    let data = match &column.data {
        ColumnData::Pieces(pieces) => {
            made = pieces.piece(0..0);
            &made
        }
        data => data,
    };
    let is_nullable = !matches!(data, ColumnData::Words(_) | ColumnData::Coded { .. } | ColumnData::U32(_) | ColumnData::U64(_));
    Field::new(&column.name, array(data, 0..0).data_type().clone(), is_nullable).with_metadata(column.metadata.clone())
}

/// Some rows of a column.
pub(crate) fn array(data: &ColumnData, rows: Range<usize>) -> ArrayRef {
    match data {
        ColumnData::Text(values) => Arc::new(StringArray::from_iter(values[rows].iter())),
        ColumnData::Words(values) => Arc::new(StringArray::from_iter_values(&values[rows])),
        ColumnData::Coded { codes, words } => {
            Arc::new(StringArray::from_iter_values(codes[rows].iter().map(|&code| words[code as usize].as_str())))
        }
        ColumnData::Real(values) => {
            Arc::new(Float64Array::from_iter(values[rows].iter().map(|value| (!value.is_nan()).then_some(*value))))
        }
        ColumnData::U32(values) => Arc::new(UInt32Array::from_iter_values(values[rows].iter().copied())),
        ColumnData::U64(values) => Arc::new(UInt64Array::from_iter_values(values[rows].iter().copied())),
        ColumnData::OptionalU64(values) => Arc::new(UInt64Array::from_iter(values[rows].iter().copied())),
        ColumnData::I64(values) => Arc::new(Int64Array::from_iter(values[rows].iter().copied())),
        ColumnData::Truth(values) => Arc::new(BooleanArray::from_iter(values[rows].iter().copied())),
        ColumnData::Time(values) => {
            Arc::new(TimestampMicrosecondArray::from_iter(values[rows].iter().copied()).with_timezone("UTC"))
        }
        ColumnData::Pieces(pieces) => {
            let piece = pieces.piece(rows);
            array(&piece, 0..piece.len())
        }
        ColumnData::Lists(values) => {
            let mut lists = ListBuilder::new(StringBuilder::new());
            for list in &values[rows] {
                list.iter().for_each(|word| lists.values().append_value(word));
                lists.append(true);
            }
            Arc::new(lists.finish())
        }
    }
}
