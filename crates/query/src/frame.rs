//! Tables of a run folder as data frames, and cells as JSON.

use crate::QueryError;
use echogram_store::RunFolder;
use polars::prelude::{AnyValue, DataFrame, DataType, ParquetReader, SerReader, TimeUnit};
use serde_json::Value;
use std::fs::File;
use std::path::Path;

/// Reads a table, or some of its columns.
pub(crate) fn read(
    run: &RunFolder,
    folder: &Path,
    table: &'static str,
    columns: Option<Vec<String>>,
) -> Result<DataFrame, QueryError> {
    let path = run.table(table)?.ok_or_else(|| QueryError::NoTable { path: folder.to_owned(), table })?;
    let file = File::open(&path).map_err(|source| QueryError::Table { path: path.clone(), source: source.into() })?;
    ParquetReader::new(file).with_columns(columns).finish().map_err(|source| QueryError::Table { path, source })
}

/// The columns of a table that can be ranked by.
pub(crate) fn numeric_columns(frame: &DataFrame) -> Vec<String> {
    let numeric = |kind: &DataType| kind.is_primitive_numeric();
    frame.columns().iter().filter(|column| numeric(column.dtype())).map(|column| column.name().to_string()).collect()
}

/// Metrics whose columns are labels of groups.
const LABELS: &[&str] =
    &["community", "community_consensus", "community_label", "community_louvain", "component_strong", "component_weak"];
/// Columns of the levels below communities, before their number.
const LEVEL: &str = "community_level_";

/// Whether a column holds labels of groups, in any variant: numbers that are no scores.
pub(crate) fn is_label(name: &str) -> bool {
    let base = name.split_once('@').map_or(name, |(base, _)| base);
    let base = base.strip_suffix("_undirected").or_else(|| base.strip_suffix("_directed")).unwrap_or(base);
    let base = base.strip_suffix("_weighted").unwrap_or(base);
    LABELS.contains(&base) || base.strip_prefix(LEVEL).is_some_and(|level| level.parse::<u32>().is_ok())
}

/// One cell.
pub(crate) fn cell(frame: &DataFrame, column: &str, row: usize) -> Value {
    frame.column(column).ok().and_then(|column| column.get(row).ok()).map_or(Value::Null, |value| json(&value))
}

/// One cell as text, if it has one.
pub(crate) fn text(frame: &DataFrame, column: &str, row: usize) -> Option<String> {
    match cell(frame, column, row) {
        Value::String(text) => Some(text),
        Value::Null => None,
        other => Some(other.to_string()),
    }
}

/// One cell as a number, if it has one.
pub(crate) fn number(frame: &DataFrame, column: &str, row: usize) -> Option<f64> {
    cell(frame, column, row).as_f64()
}

fn json(value: &AnyValue<'_>) -> Value {
    match value {
        AnyValue::Null => Value::Null,
        AnyValue::Boolean(value) => Value::Bool(*value),
        AnyValue::String(text) => Value::String((*text).to_owned()),
        AnyValue::StringOwned(text) => Value::String(text.to_string()),
        AnyValue::Datetime(time, TimeUnit::Microseconds, _) => Value::String(iso(*time)),
        AnyValue::DatetimeOwned(time, TimeUnit::Microseconds, _) => Value::String(iso(*time)),
        AnyValue::List(series) => Value::Array(series.iter().map(|item| json(&item)).collect()),
        AnyValue::Float64(value) => serde_json::Number::from_f64(*value).map_or(Value::Null, Value::Number),
        AnyValue::UInt32(value) => Value::from(*value),
        AnyValue::UInt64(value) => Value::from(*value),
        AnyValue::Int64(value) => Value::from(*value),
        other => Value::String(other.to_string()),
    }
}

/// Microseconds since 1970 as ISO 8601, UTC.
fn iso(micros: i64) -> String {
    let time = chrono::DateTime::from_timestamp_micros(micros);
    time.map_or_else(|| micros.to_string(), |time| time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_known_in_every_variant() {
        for name in ["community", "community_weighted_directed@reply", "community_level_2_weighted", "component_weak@follow"] {
            assert!(is_label(name), "{name}");
        }
        for name in ["community_confidence", "community_size", "community_level_", "pagerank", "component"] {
            assert!(!is_label(name), "{name}");
        }
    }
}
