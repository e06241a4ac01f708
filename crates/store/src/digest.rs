//! A fingerprint of a table's values: the same for every number of threads, order of input rows and machine.

use crate::{Column, ColumnData, Table};
use rayon::prelude::*;

/// BLAKE3 over the columns in order: name, type, number of rows, then each value in little-endian bytes, texts with their length, nulls marked.
/// Metadata and Parquet's layout do not enter. Columns are hashed in parallel; the table's digest is the hash of theirs.
pub fn digest(table: &Table) -> String {
    let columns: Vec<blake3::Hash> = table.columns.par_iter().map(column_hash).collect();
    let mut hasher = blake3::Hasher::new();
    for hash in columns {
        hasher.update(hash.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

fn column_hash(column: &Column) -> blake3::Hash {
    let mut sink = Sink::default();
    text(&mut sink, &column.name);
    sink.raw((column.data.len() as u64).to_le_bytes());
    text(&mut sink, kind(&column.data));
    values(&mut sink, &column.data);
    sink.finish()
}

/// Collects small values for the hasher, which is fast on large pieces only.
#[derive(Default)]
struct Sink {
    hasher: blake3::Hasher,
    bytes: Vec<u8>,
}

/// Bytes collected before they are hashed.
const PIECE: usize = 1 << 16;
/// Rows of a column that are made at once.
const PIECE_ROWS: usize = 1 << 16;

impl Sink {
    fn raw<const N: usize>(&mut self, bytes: [u8; N]) {
        self.bytes.extend_from_slice(&bytes);
        if self.bytes.len() >= PIECE {
            self.flush();
        }
    }

    fn flush(&mut self) {
        self.hasher.update(&self.bytes);
        self.bytes.clear();
    }

    fn finish(mut self) -> blake3::Hash {
        self.flush();
        self.hasher.finalize()
    }
}

fn text(sink: &mut Sink, text: &str) {
    sink.raw((text.len() as u64).to_le_bytes());
    sink.bytes.extend_from_slice(text.as_bytes());
}

/// Each value, with a mark where it is null.
fn all<T>(sink: &mut Sink, values: impl Iterator<Item = Option<T>>, write: impl Fn(&mut Sink, T)) {
    for value in values {
        sink.raw([u8::from(value.is_some())]);
        if let Some(value) = value {
            write(sink, value);
        }
    }
}

/// The name of the values' type.
fn kind(data: &ColumnData) -> &'static str {
    match data {
        ColumnData::Text(_) | ColumnData::Words(_) | ColumnData::Coded { .. } => "str",
        ColumnData::Real(_) => "f64",
        ColumnData::U32(_) => "u32",
        ColumnData::U64(_) | ColumnData::OptionalU64(_) => "u64",
        ColumnData::I64(_) => "i64",
        ColumnData::Time(_) => "time",
        ColumnData::Truth(_) => "bool",
        ColumnData::Lists(_) => "list",
        ColumnData::Pieces(pieces) => kind(&pieces.piece(0..0)),
    }
}

fn values(sink: &mut Sink, data: &ColumnData) {
    match data {
        ColumnData::Text(values) => all(sink, values.iter().map(Option::as_deref), text),
        ColumnData::Words(values) => all(sink, values.iter().map(|value| Some(value.as_str())), text),
        ColumnData::Coded { codes, words } => {
            all(sink, codes.iter().map(|&code| Some(words[code as usize].as_str())), text);
        }
        // Adding 0 makes -0 the same as 0; NaN is null.
        ColumnData::Real(values) => {
            let known = values.iter().map(|&value| (!value.is_nan()).then_some(value + 0.0));
            all(sink, known, |sink, value| sink.raw(value.to_bits().to_le_bytes()));
        }
        ColumnData::U32(values) => {
            all(sink, values.iter().map(|&value| Some(value)), |sink, value| sink.raw(value.to_le_bytes()));
        }
        ColumnData::U64(values) => {
            all(sink, values.iter().map(|&value| Some(value)), |sink, value| sink.raw(value.to_le_bytes()));
        }
        ColumnData::OptionalU64(values) => all(sink, values.iter().copied(), |sink, value| sink.raw(value.to_le_bytes())),
        ColumnData::I64(values) => all(sink, values.iter().copied(), |sink, value| sink.raw(value.to_le_bytes())),
        ColumnData::Time(values) => all(sink, values.iter().copied(), |sink, value| sink.raw(value.to_le_bytes())),
        ColumnData::Truth(values) => all(sink, values.iter().copied(), |sink, value| sink.raw([u8::from(value)])),
        ColumnData::Lists(values) => all(sink, values.iter().map(Some), |sink, list| {
            sink.raw((list.len() as u64).to_le_bytes());
            list.iter().for_each(|word| text(sink, word));
        }),
        ColumnData::Pieces(pieces) => {
            for start in (0..data.len()).step_by(PIECE_ROWS) {
                values(sink, &pieces.piece(start..data.len().min(start + PIECE_ROWS)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(data: ColumnData) -> String {
        digest(&Table::new("t", vec![Column::new("c", data)]))
    }

    #[test]
    fn every_difference_shows() {
        let words = |values: &[&str]| of(ColumnData::Words(values.iter().map(|&value| value.to_owned()).collect()));
        assert_ne!(words(&["ab", "c"]), words(&["a", "bc"]));
        assert_ne!(of(ColumnData::Text(vec![None])), of(ColumnData::Text(vec![Some(String::new())])));
        assert_ne!(of(ColumnData::Real(vec![1.0])), of(ColumnData::Real(vec![1.0 + f64::EPSILON])));
        assert_eq!(of(ColumnData::Real(vec![-0.0, -f64::NAN])), of(ColumnData::Real(vec![0.0, f64::NAN])));
        assert_eq!(words(&["a"]), of(ColumnData::Text(vec![Some("a".to_owned())])));
        let made = ColumnData::pieces(200_000, |rows| ColumnData::U32(rows.map(|row| row as u32).collect()));
        assert_eq!(of(made), of(ColumnData::U32((0..200_000).collect())));
    }
}
