//! A fingerprint of a table's values: the same for every number of threads, order of input rows and machine.

use crate::{ColumnData, Table};

/// BLAKE3 over the columns in order: name, type, number of rows, then each value in little-endian bytes, texts with their length, nulls marked.
/// Metadata and Parquet's layout do not enter.
pub fn digest(table: &Table) -> String {
    let mut hasher = blake3::Hasher::new();
    for column in &table.columns {
        text(&mut hasher, &column.name);
        hasher.update(&(column.data.len() as u64).to_le_bytes());
        values(&mut hasher, &column.data);
    }
    hasher.finalize().to_hex().to_string()
}

fn text(hasher: &mut blake3::Hasher, text: &str) {
    hasher.update(&(text.len() as u64).to_le_bytes());
    hasher.update(text.as_bytes());
}

fn optional<T>(hasher: &mut blake3::Hasher, value: Option<T>, write: impl Fn(&mut blake3::Hasher, T)) {
    hasher.update(&[u8::from(value.is_some())]);
    if let Some(value) = value {
        write(hasher, value);
    }
}

fn raw<const N: usize>(hasher: &mut blake3::Hasher, bytes: [u8; N]) {
    hasher.update(&bytes);
}

/// A column's values: the name of their type, then each, with a mark where it is null.
fn all<T>(
    hasher: &mut blake3::Hasher,
    kind: &[u8],
    values: impl Iterator<Item = Option<T>>,
    write: impl Fn(&mut blake3::Hasher, T),
) {
    hasher.update(kind);
    values.for_each(|value| optional(hasher, value, &write));
}

fn values(hasher: &mut blake3::Hasher, data: &ColumnData) {
    match data {
        ColumnData::Text(values) => all(hasher, b"str", values.iter().map(Option::as_deref), text),
        ColumnData::Words(values) => all(hasher, b"str", values.iter().map(|value| Some(value.as_str())), text),
        ColumnData::Coded { codes, words } => {
            all(hasher, b"str", codes.iter().map(|&code| Some(words[code as usize].as_str())), text);
        }
        // Adding 0 makes -0 the same as 0; NaN is null.
        ColumnData::Real(values) => {
            let known = values.iter().map(|&value| (!value.is_nan()).then_some(value + 0.0));
            all(hasher, b"f64", known, |hasher, value| raw(hasher, value.to_bits().to_le_bytes()));
        }
        ColumnData::U32(values) => {
            all(hasher, b"u32", values.iter().map(|&value| Some(value)), |h, value| raw(h, value.to_le_bytes()));
        }
        ColumnData::U64(values) => {
            all(hasher, b"u64", values.iter().map(|&value| Some(value)), |h, value| raw(h, value.to_le_bytes()));
        }
        ColumnData::OptionalU64(values) => all(hasher, b"u64", values.iter().copied(), |h, value| raw(h, value.to_le_bytes())),
        ColumnData::I64(values) => all(hasher, b"i64", values.iter().copied(), |h, value| raw(h, value.to_le_bytes())),
        ColumnData::Time(values) => all(hasher, b"time", values.iter().copied(), |h, value| raw(h, value.to_le_bytes())),
        ColumnData::Truth(values) => all(hasher, b"bool", values.iter().copied(), |h, value| raw(h, [u8::from(value)])),
        ColumnData::Lists(values) => all(hasher, b"list", values.iter().map(Some), |h, list| {
            raw(h, (list.len() as u64).to_le_bytes());
            list.iter().for_each(|word| text(h, word));
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Column;

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
    }
}
