//! `ndjson`: an edge an object, one object a line, with the same words as a header of delimited text.

use crate::IngestError;
use crate::batch::Batch;
use crate::columns::{ColumnMap, EdgeColumns};
use crate::format::{FormatSpec, ReadOptions, Reading, first_byte};
use crate::formats::edges::{DEFAULT_RELATION, FOLLOW, check_weight, weight};
use crate::json::read_values;
use crate::rejection::shown;
use crate::source::Source;
use crate::time;
use echogram_graph::NO_TIME;
use serde_json::{Map, Value};
use std::path::Path;

pub(crate) const FORMAT: FormatSpec = FormatSpec {
    name: "ndjson",
    summary: "JSON, an edge an object and an object a line, with the same words as a header",
    claims: |head| first_byte(head) == Some(b'{') && names(head).is_some_and(|names| is_edge(&names)),
    read,
};

/// Names of the first object's members.
fn names(head: &[u8]) -> Option<Vec<String>> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let first = serde_json::Deserializer::from_slice(head).into_iter::<Map<String, Value>>().next()?.ok()?;
    Some(first.keys().cloned().collect())
}

fn is_edge(names: &[String]) -> bool {
    EdgeColumns::from_header(Path::new(""), &ColumnMap::default(), names).is_ok_and(|columns| columns.guessed.is_none())
}

fn read(source: &mut Source, options: &ReadOptions) -> Result<Reading, IngestError> {
    let path = source.path.clone();
    let header = names(&source.head).ok_or_else(|| IngestError::Unusable {
        path: path.clone(),
        what: "the first line is no JSON object such as {\"source\": \"a\", \"target\": \"b\"}".to_owned(),
    })?;
    let columns = EdgeColumns::from_header(&path, &options.columns, &header)?;
    let mut notes = Vec::new();
    if let Some((one, other)) = &columns.guessed {
        notes.push(format!(
            "{}: unknown names: `{one}` taken as source and `{other}` as target (--columns says otherwise)",
            path.display()
        ));
    }
    let relation =
        options.relation.clone().unwrap_or_else(|| if columns.is_follow { FOLLOW } else { DEFAULT_RELATION }.to_owned());
    let batches = read_values(source, |batch, line, bytes| match serde_json::from_slice::<Map<String, Value>>(bytes) {
        Err(error) => batch.reject(line, "row", format!("not a JSON object: {error}")),
        Ok(object) => {
            if let Err((field, reason)) = edge(&object, &header, &columns, &relation, batch) {
                batch.reject(line, field, reason);
            }
        }
    })?;
    Ok(Reading { batches, notes })
}

fn edge(
    object: &Map<String, Value>,
    header: &[String],
    columns: &EdgeColumns,
    default_relation: &str,
    batch: &mut Batch,
) -> Result<(), (&'static str, String)> {
    let value = |place: usize| object.get(&header[place]).filter(|value| !value.is_null());
    let text = |field: &'static str, place: usize| match value(place) {
        None => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.trim().to_owned()),
        Some(Value::Number(number)) => Ok(number.to_string()),
        Some(other) => Err((field, format!("neither text nor number: {}", shown(&other.to_string())))),
    };
    let key = |field: &'static str, place| {
        text(field, place).and_then(|key| if key.is_empty() { Err((field, format!("no `{}`", header[place]))) } else { Ok(key) })
    };
    let (source, target) = (key("source", columns.source)?, key("target", columns.target)?);
    let weight = match columns.weight.and_then(value) {
        None => 1.0,
        Some(Value::Number(number)) => check_weight(number.as_f64().unwrap_or(f64::NAN)).map_err(|reason| ("weight", reason))?,
        Some(other) => weight(other.as_str().unwrap_or("")).map_err(|reason| ("weight", reason))?,
    };
    let time = match columns.time.map(|place| text("time", place)).transpose()?.filter(|text| !text.is_empty()) {
        None => NO_TIME,
        Some(text) => time::parse(&text).ok_or_else(|| ("time", format!("no date or time: {}", shown(&text))))?,
    };
    let word = |field, place: Option<usize>| {
        place.map(|place| text(field, place)).transpose().map(|text| text.filter(|text| !text.is_empty()))
    };
    let relation = word("relation", columns.relation)?.unwrap_or_else(|| default_relation.to_owned());
    let roles = [word("source_role", columns.source_role)?, word("target_role", columns.target_role)?];
    let ends = [batch.code(&source), batch.code(&target)];
    batch.rows(&relation).push(ends[0], ends[1], weight, time);
    batch.roles.extend(ends.into_iter().zip(roles).filter_map(|(code, role)| Some((code, role?))));
    Ok(())
}
