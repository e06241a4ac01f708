//! `ndjson`: an edge an object, one object a line, with the same words as a header of delimited text.

use crate::IngestError;
use crate::batch::{Batch, Key};
use crate::columns::{ColumnMap, EDGE_FIELDS, EdgeColumns};
use crate::format::{FormatSpec, ReadOptions, Reading, first_byte};
use crate::formats::edges::{DEFAULT_RELATION, FOLLOW, check_weight, weight};
use crate::intake::Intake;
use crate::json::read_values;
use crate::rejection::shown;
use crate::source::Source;
use crate::time;
use echogram_graph::NO_TIME;
use serde_json::{Map, Value};
use std::path::Path;

pub(crate) const FORMAT: FormatSpec = FormatSpec {
    name: "ndjson",
    summary: "JSON, an edge an object and an object a line (or an array of them), with the same words as a header",
    claims: |head| matches!(first_byte(head), Some(b'{' | b'[')) && names(head).is_some_and(|names| is_edge(&names)),
    read,
};

/// Names of the members of the objects at the beginning, in order of appearance; `None` where the first value is no object.
fn names(head: &[u8]) -> Option<Vec<String>> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let mut rest = head.strip_prefix(b"[").unwrap_or(head);
    let mut names: Vec<String> = Vec::new();
    loop {
        let mut objects = serde_json::Deserializer::from_slice(rest).into_iter::<Map<String, Value>>();
        let Some(Ok(object)) = objects.next() else { break };
        for name in object.keys() {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        let end = objects.byte_offset();
        rest = rest[end..].trim_ascii_start();
        rest = rest.strip_prefix(b",").unwrap_or(rest);
    }
    (!names.is_empty()).then_some(names)
}

fn is_edge(names: &[String]) -> bool {
    EdgeColumns::from_header(Path::new(""), &ColumnMap::default(), names).is_ok_and(|columns| columns.guessed.is_none())
}

/// The names under which an object may hold each field, most likely first.
struct FieldNames {
    source: Vec<String>,
    target: Vec<String>,
    weight: Vec<String>,
    time: Vec<String>,
    relation: Vec<String>,
    roles: [Vec<String>; 2],
    default_relation: String,
}

impl FieldNames {
    /// An optional field that the first objects lack may come later, under any of its usual words, unless `--columns` names it.
    fn new(header: &[String], columns: &EdgeColumns, map: &ColumnMap, default_relation: String) -> Self {
        let one = |place: usize| vec![header[place].clone()];
        let some = |field: &str, place: Option<usize>| {
            let words = EDGE_FIELDS.iter().filter(|known| known.0 == field && map.get(field).is_none()).flat_map(|known| known.1);
            let ends = [&header[columns.source], &header[columns.target]];
            let words = words.map(|&word| word.to_owned()).filter(|word| !ends.contains(&word));
            place.map(|place| header[place].clone()).into_iter().chain(words).collect()
        };
        Self {
            source: one(columns.source),
            target: one(columns.target),
            weight: some("weight", columns.weight),
            time: some("time", columns.time),
            relation: some("relation", columns.relation),
            roles: [some("source_role", columns.source_role), some("target_role", columns.target_role)],
            default_relation,
        }
    }
}

fn read(source: &mut Source, options: &ReadOptions, intake: &mut Intake) -> Result<Reading, IngestError> {
    let path = source.path.clone();
    let header = names(&source.head).ok_or_else(|| IngestError::Unusable {
        path: path.clone(),
        what: "the first value is no JSON object such as {\"source\": \"a\", \"target\": \"b\"}".to_owned(),
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
    let fields = FieldNames::new(&header, &columns, &options.columns, relation);
    read_values(source, intake, |batch, line, bytes| match serde_json::from_slice::<Map<String, Value>>(bytes) {
        Err(error) => batch.reject(line, "row", format!("not a JSON object: {error}")),
        Ok(object) => {
            if let Err((field, reason)) = edge(&object, &fields, batch) {
                batch.reject(line, field, reason);
            }
        }
    })?;
    Ok(Reading { notes, ..Reading::default() })
}

fn edge(object: &Map<String, Value>, fields: &FieldNames, batch: &mut Batch) -> Result<(), (&'static str, String)> {
    let value = |names: &[String]| names.iter().find_map(|name| object.get(name)).filter(|value| !value.is_null());
    let text = |field: &'static str, names: &[String]| match value(names) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(other) => Err((field, format!("neither text nor number: {}", shown(&other.to_string())))),
    };
    let key = |field: &'static str, names: &[String]| text(field, names)?.ok_or_else(|| (field, format!("no `{}`", names[0])));
    let (source, target) = (key("source", &fields.source)?, key("target", &fields.target)?);
    let weight = match value(&fields.weight) {
        None => 1.0,
        Some(Value::Number(number)) => check_weight(number.as_f64().unwrap_or(f64::NAN)).map_err(|reason| ("weight", reason))?,
        Some(other) => weight(other.as_str().unwrap_or("")).map_err(|reason| ("weight", reason))?,
    };
    let time = match text("time", &fields.time)? {
        None => NO_TIME,
        Some(text) => time::parse(&text).ok_or_else(|| ("time", format!("no date or time: {}", shown(&text))))?,
    };
    let relation = text("relation", &fields.relation)?;
    let roles = [text("source_role", &fields.roles[0])?, text("target_role", &fields.roles[1])?];
    let ends = batch.codes([Key::Text(&source), Key::Text(&target)]);
    batch.rows(relation.as_deref().unwrap_or(&fields.default_relation)).push(ends[0], ends[1], weight, time);
    batch.roles.extend(ends.into_iter().zip(roles).filter_map(|(code, role)| Some((code, role?))));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_may_come_later_than_the_first_object() {
        let head = br#"{"source":"a","target":"b"}"#;
        let header = names(head).unwrap();
        let columns = EdgeColumns::from_header(Path::new("x"), &ColumnMap::default(), &header).unwrap();
        let fields = FieldNames::new(&header, &columns, &ColumnMap::default(), "edge".to_owned());
        let mut batch = Batch::default();
        let later: Map<String, Value> =
            serde_json::from_str(r#"{"source":1,"target":"2","weight":5,"relation":"reply"}"#).unwrap();
        edge(&later, &fields, &mut batch).unwrap();
        assert_eq!(
            (batch.rows("reply").weights.clone(), batch.rows("reply").sources.clone()),
            (echogram_graph::RowWeights::from([5.0].as_slice()), vec![1])
        );
        let bad: Map<String, Value> = serde_json::from_str(r#"{"source":1,"target":"2","weight":"x"}"#).unwrap();
        assert_eq!(edge(&bad, &fields, &mut batch).unwrap_err().0, "weight");
    }

    #[test]
    fn arrays_of_edges_are_edges_and_posts_are_not() {
        assert!((FORMAT.claims)(br#"[{"from":"a","to":"b"},{"from":"b","#));
        assert!(!(FORMAT.claims)(br#"{"author_id":"1","id":"2","text":"x","source":"app"}"#));
        assert!(!(FORMAT.claims)(br#"{"data":[{"author_id":"1"}],"includes":{}}"#));
    }
}
