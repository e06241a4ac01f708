//! Account files: what a user knows of the accounts, as delimited text, Parquet or NDJSON.

use crate::IngestError;
use crate::batch::Batch;
use crate::blocks::{Records, parse_blocks};
use crate::columns::{ACCOUNT_FIELDS, ColumnMap, ColumnRef, folded};
use crate::fields::{Delimiter, split};
use crate::format::{first_byte, is_binary};
use crate::formats::parquet::Table;
use crate::intake::Intake;
use crate::json::read_values;
use crate::profile::{Profile, known};
use crate::rejection::Rejections;
use crate::source::Source;
use crate::time;
use arrow::array::{Array, AsArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use serde_json::{Map, Value};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::PathBuf;
use std::sync::Mutex;

/// One account file as text: names of its columns and its rows.
pub(crate) struct RawAccounts {
    pub(crate) path: PathBuf,
    pub(crate) format: &'static str,
    pub(crate) header: Vec<String>,
    /// (line, a cell per column; cells that are missing at the end are unknown).
    pub(crate) rows: Vec<(u64, Vec<Option<String>>)>,
    pub(crate) records: u64,
    pub(crate) rejections: Rejections,
    /// Remarks: what was passed over.
    pub(crate) notes: Vec<String>,
}

/// What an account file says.
pub(crate) struct AccountFile {
    pub(crate) profiles: Vec<Profile>,
    /// Columns that are none of ours: name, and (account, value) pairs.
    pub(crate) extras: Vec<(String, Vec<(String, String)>)>,
    pub(crate) notes: Vec<String>,
}

/// Columns beyond so many are passed over: every account is looked at for each, and a file of names alone would make as many cells as its square.
const MOST_COLUMNS: usize = 2048;
/// Columns of text that hold words of ours.
const TEXT_FIELDS: &[&str] = &["handle", "name", "bio", "role", "scale", "use", "country", "url"];

/// Reads an account file without yet knowing which column holds the keys.
pub(crate) fn read_raw(source: &mut Source, map: &ColumnMap) -> Result<RawAccounts, IngestError> {
    match first_byte(&source.head) {
        _ if source.head.starts_with(b"PAR1") => read_parquet(source),
        Some(b'{' | b'[') => read_json(source),
        _ => read_delimited(source, map),
    }
}

fn read_delimited(source: &mut Source, map: &ColumnMap) -> Result<RawAccounts, IngestError> {
    let unusable = |what: &str| IngestError::Unusable { path: source.path.clone(), what: what.to_owned() };
    if is_binary(&source.head) {
        return Err(unusable("binary data; an account file is delimited text, Parquet or NDJSON"));
    }
    let head = source.head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&source.head);
    let first = head.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii).find(|line| !line.is_empty()).unwrap_or_default();
    let delimiter =
        *[b'\t', b',', b';', b'|'].iter().max_by_key(|&&byte| memchr::memchr_iter(byte, first).count()).unwrap_or(&b',');
    let mut fields = Vec::new();
    split(first, Delimiter::Byte(delimiter), usize::MAX, &mut fields);
    let names: Vec<String> = fields.iter().map(|field| String::from_utf8_lossy(field).into_owned()).collect();
    let has_header =
        !matches!(map.get("account"), Some(ColumnRef::Position(_))) || names.iter().any(|name| is_word_of_ours(name));
    let header = if has_header { names } else { (1..=names.len()).map(|place| format!("column_{place}")).collect() };
    let records = Records::Quoted(delimiter);
    let rows = Mutex::new(Vec::new());
    let width = header.len();
    let mut intake = Intake::default();
    parse_blocks(source, records, 16 << 20, &mut intake, |block| {
        let mut batch = Batch::default();
        let mut own = Vec::new();
        let mut fields = Vec::new();
        for (line, record) in block.records(records) {
            let record = if line == 1 { record.strip_prefix(b"\xef\xbb\xbf").unwrap_or(record) } else { record };
            if record.trim_ascii().is_empty() {
                continue;
            }
            batch.records += 1;
            split(record, Delimiter::Byte(delimiter), usize::MAX, &mut fields);
            if fields.len() > width {
                batch.reject(
                    line,
                    "row",
                    format!("{} fields where the header has {width}: quote fields that hold the delimiter", fields.len()),
                );
                continue;
            }
            match fields.iter().map(|field| std::str::from_utf8(field).map(known)).collect::<Result<Vec<_>, _>>() {
                Ok(mut cells) => {
                    cells.truncate(MOST_COLUMNS);
                    own.push((line, cells));
                }
                Err(_) => batch.reject(line, "row", "not UTF-8"),
            }
        }
        rows.lock().expect("no holder of the rows panics").push((block.first_line, own));
        batch
    })?;
    let mut rows = rows.into_inner().expect("no holder of the rows panics");
    rows.sort_unstable_by_key(|part| part.0);
    let mut rows: Vec<_> = rows.into_iter().flat_map(|part| part.1).collect();
    let mut raw = collect(source, "edges", header, Vec::new(), intake.batches);
    if has_header && !rows.is_empty() {
        rows.remove(0);
        raw.records -= 1;
    }
    raw.format = "delimited";
    raw.rows = rows;
    Ok(raw)
}

fn is_word_of_ours(name: &str) -> bool {
    let name = folded(name);
    name == "id" || name.ends_with("_id") || ACCOUNT_FIELDS.iter().any(|field| field.1.contains(&name.as_str()))
}

fn collect(
    source: &Source,
    format: &'static str,
    header: Vec<String>,
    rows: Vec<(u64, Vec<Option<String>>)>,
    batches: Vec<Batch>,
) -> RawAccounts {
    let mut rejections = Rejections::default();
    let mut records = 0;
    for batch in batches {
        records += batch.records;
        rejections.append(batch.rejections);
    }
    let mut raw = RawAccounts { path: source.path.clone(), format, header, rows, records, rejections, notes: Vec::new() };
    raw.pass_over(raw.header.len());
    raw
}

fn read_json(source: &mut Source) -> Result<RawAccounts, IngestError> {
    let objects = Mutex::new(Vec::new());
    let mut intake = Intake::default();
    read_values(source, &mut intake, |batch, line, bytes| match serde_json::from_slice::<Map<String, Value>>(bytes) {
        Ok(object) => objects.lock().expect("no holder of the objects panics").push((line, object)),
        Err(error) => batch.reject(line, "row", format!("not a JSON object: {error}")),
    })?;
    let mut objects = objects.into_inner().expect("no holder of the objects panics");
    objects.sort_unstable_by_key(|object| object.0);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in objects.iter().flat_map(|object| object.1.keys()) {
        *counts.entry(name).or_default() += 1;
    }
    let mut names: Vec<(&str, usize)> = counts.into_iter().collect();
    let width = names.len();
    // The names that most objects have, in the order of names.
    names.sort_by_key(|name| Reverse(name.1));
    names.truncate(MOST_COLUMNS);
    names.sort_unstable();
    let header: Vec<String> = names.into_iter().map(|name| name.0.to_owned()).collect();
    let cell = |value: Option<&Value>| match value? {
        Value::String(text) => known(text),
        Value::Null => None,
        other => Some(other.to_string()),
    };
    let rows =
        objects.into_iter().map(|(line, object)| (line, header.iter().map(|name| cell(object.get(name))).collect())).collect();
    let mut raw = collect(source, "ndjson", header.clone(), rows, intake.batches);
    raw.pass_over(width);
    Ok(raw)
}

fn read_parquet(source: &mut Source) -> Result<RawAccounts, IngestError> {
    let path = source.path.clone();
    let table = Table::open(source)?;
    let header = table.names();
    let all: Vec<usize> = (0..header.len().min(MOST_COLUMNS)).collect();
    let mut rows = Vec::new();
    for group in 0..table.metadata.metadata().num_row_groups() {
        for part in table.row_group(group, &all)? {
            let texts = part.columns().iter().map(|column| cast(column, &DataType::Utf8).ok()).collect::<Vec<_>>();
            for row in 0..part.num_rows() {
                let cell = |column: &Option<arrow::array::ArrayRef>| {
                    column
                        .as_ref()
                        .filter(|texts| texts.is_valid(row))
                        .and_then(|texts| known(texts.as_string::<i32>().value(row)))
                };
                rows.push((rows.len() as u64 + 1, texts.iter().map(cell).collect()));
            }
        }
    }
    source.drain()?;
    let records = rows.len() as u64;
    let notes = Vec::new();
    let mut raw = RawAccounts { path, format: "parquet", header, rows, records, rejections: Rejections::default(), notes };
    raw.pass_over(raw.header.len());
    Ok(raw)
}

impl RawAccounts {
    /// The names of the columns, the rows' cells and the number of rejected rows.
    pub(crate) fn into_rows(self) -> (Vec<String>, Vec<Vec<Option<String>>>, u64) {
        let rejected = self.rejections.count;
        (self.header, self.rows.into_iter().map(|(_, cells)| cells).collect(), rejected)
    }

    /// The nodes of a graph file. The first column of `header` must be `account`; a row is its line and a cell a column.
    pub(crate) fn of_nodes(
        source: &Source,
        format: &'static str,
        header: Vec<String>,
        rows: Vec<(u64, Vec<Option<String>>)>,
    ) -> Self {
        let records = rows.len() as u64;
        let notes = Vec::new();
        Self { path: source.path.clone(), format, header, rows, records, rejections: Rejections::default(), notes }
    }

    /// Drops the names of columns that are too many, of `width` ones; their cells are not there.
    fn pass_over(&mut self, width: usize) {
        self.header.truncate(MOST_COLUMNS);
        if width > MOST_COLUMNS {
            let path = self.path.display();
            self.notes.push(format!("{path}: {width} columns are more than {MOST_COLUMNS}; the others were left out"));
        }
    }

    /// Finds the key column, sorts the columns into ours and others. `is_edge_key` tells whether a text is the key of an account with
    /// an edge; `reserved` are names of result columns, which no column of a user may take.
    pub(crate) fn interpret(
        &mut self,
        map: &ColumnMap,
        is_edge_key: &dyn Fn(&str) -> bool,
        reserved: &BTreeSet<String>,
    ) -> Result<AccountFile, IngestError> {
        if self.rows.is_empty() {
            let what = "an account file without a row below its header".to_owned();
            return Err(IngestError::Unusable { path: self.path.clone(), what });
        }
        let key = self.key_column(map, is_edge_key)?;
        let mut notes = vec![format!("{}: column `{}` holds the accounts' keys", self.path.display(), self.header[key])];
        let mut profiles = Vec::with_capacity(self.rows.len());
        notes.append(&mut self.notes);
        let rows = std::mem::take(&mut self.rows);
        let mut kept = Vec::with_capacity(rows.len());
        for (line, cells) in rows {
            match cells.get(key).and_then(Option::as_ref) {
                Some(account) => {
                    profiles.push(Profile { account: account.as_str().into(), given: true, ..Profile::default() });
                    kept.push(cells);
                }
                None => self.rejections.push(crate::Rejection::new(line, "account", "empty")),
            }
        }
        let distinct: HashSet<&str> = profiles.iter().map(|profile| profile.account.as_str()).collect();
        if distinct.len() < profiles.len() {
            let more = profiles.len() - distinct.len();
            notes.push(format!("{}: {more} rows repeat an account; they fill each other's gaps", self.path.display()));
        }
        let mut ours: Vec<(&'static str, usize)> = Vec::new();
        for (field, words) in &ACCOUNT_FIELDS[1..] {
            if let Some(place) = map.resolve(&self.path, field, words, Some(&self.header), self.header.len())? {
                ours.push((field, place));
            }
        }
        let mut extras = Vec::new();
        for place in 0..self.header.len() {
            let column = || kept.iter().map(|cells: &Vec<Option<String>>| cells.get(place).and_then(Option::as_deref));
            let field = ours.iter().find(|(_, taken)| *taken == place).map(|(field, _)| *field);
            let fits = field.is_some_and(|field| fill(&mut profiles, field, &column));
            if fits || (place == key && field.is_none()) {
                continue;
            }
            let name = &self.header[place];
            let is_taken =
                field.is_some() || reserved.contains(name.as_str()) || ACCOUNT_FIELDS.iter().any(|known| known.0 == name);
            let name = if is_taken { format!("given_{name}") } else { name.clone() };
            if is_taken {
                notes.push(format!("{}: column `{}` is kept as `{name}`", self.path.display(), self.header[place]));
            }
            let values = profiles
                .iter()
                .zip(column())
                .filter_map(|(profile, value)| Some((profile.account.to_string(), value?.to_owned())));
            extras.push((name, values.collect()));
        }
        Ok(AccountFile { profiles, extras, notes })
    }

    /// `account`, `id` or `*_id`, or else the column of distinct values that occur most among the edges' keys.
    fn key_column(&self, map: &ColumnMap, is_edge_key: &dyn Fn(&str) -> bool) -> Result<usize, IngestError> {
        if let Some(place) = map.resolve(&self.path, "account", &[], Some(&self.header), self.header.len())? {
            return Ok(place);
        }
        let names: Vec<String> = self.header.iter().map(|name| folded(name)).collect();
        let named = ["account", "id"].iter().find_map(|word| names.iter().position(|name| name == word));
        if let Some(place) = named.or_else(|| names.iter().position(|name| name.ends_with("_id"))) {
            return Ok(place);
        }
        let occurring = |place: usize| {
            let mut seen = HashSet::new();
            let mut found = 0;
            for value in self.rows.iter().filter_map(|row| row.1.get(place).and_then(Option::as_deref)) {
                if !seen.insert(value) {
                    return 0;
                }
                found += usize::from(is_edge_key(value));
            }
            found
        };
        let best = (0..self.header.len()).map(|place| (occurring(place), Reverse(place))).max();
        match best {
            Some((found, Reverse(place))) if found > 0 => Ok(place),
            _ => Err(IngestError::Unusable {
                path: self.path.clone(),
                what: format!(
                    "no column holds keys of accounts that occur in the edges; name it with --columns account=COLUMN (columns: {})",
                    self.header.join(", ")
                ),
            }),
        }
    }
}

/// Fills a field of all profiles; `false`, and nothing is filled, if a value does not fit its type.
fn fill<'a, C: Iterator<Item = Option<&'a str>>>(profiles: &mut [Profile], field: &str, column: &dyn Fn() -> C) -> bool {
    /// Parses every known cell, or gives up.
    fn parsed<'a, T>(column: impl Iterator<Item = Option<&'a str>>, parse: impl Fn(&str) -> Option<T>) -> Option<Vec<Option<T>>> {
        column.map(|cell| cell.map_or(Some(None), |text| parse(text).map(Some))).collect()
    }
    fn put<T>(profiles: &mut [Profile], values: Option<Vec<Option<T>>>, slot: impl Fn(&mut Profile) -> &mut Option<T>) -> bool {
        let Some(values) = values else { return false };
        profiles.iter_mut().zip(values).for_each(|(profile, value)| *slot(profile) = value);
        true
    }
    if TEXT_FIELDS.contains(&field) {
        return put(profiles, parsed(column(), |text| known(text)), |profile| match field {
            "handle" => &mut profile.handle,
            "name" => &mut profile.name,
            "bio" => &mut profile.bio,
            "role" => &mut profile.role,
            "scale" => &mut profile.scale,
            "use" => &mut profile.usage,
            "country" => &mut profile.country,
            _ => &mut profile.url,
        });
    }
    match field {
        "leaning" => {
            let number = |text: &str| text.parse().ok().filter(|number: &f64| number.is_finite());
            put(profiles, parsed(column(), number), |profile| &mut profile.leaning)
        }
        "followers" => put(profiles, parsed(column(), |text| text.parse().ok()), |profile| &mut profile.followers),
        "created" => put(profiles, parsed(column(), time::parse), |profile| &mut profile.created),
        "verified" => put(profiles, parsed(column(), truth), |profile| &mut profile.verified),
        _ => false,
    }
}

fn truth(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "1" => Some(true),
        "false" | "no" | "0" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Progress;
    use std::path::Path;
    use std::sync::Arc;

    fn read(text: String) -> (RawAccounts, AccountFile) {
        let mut source = Source::of_bytes(Path::new("memory"), text.into_bytes(), &Arc::new(Progress::default())).unwrap();
        let map = ColumnMap::parse("account=id").unwrap();
        let mut raw = read_raw(&mut source, &map).unwrap();
        let file = raw.interpret(&map, &|_| true, &BTreeSet::new()).unwrap();
        (raw, file)
    }

    #[test]
    fn names_of_columns_do_not_multiply() {
        let named: String = (0..5000).map(|number| format!(",c{number}")).collect();
        let objects: String = (0..5000).map(|number| format!("{{\"id\":\"{number}\",\"c{number}\":1}}\n")).collect();
        for text in [format!("id{named}\n{}", "a\n".repeat(5000)), objects] {
            let (raw, file) = read(text);
            assert_eq!((raw.header.len(), file.profiles.len()), (MOST_COLUMNS, 5000));
            assert!(
                file.notes.iter().any(|note| note.contains("are more than 2048; the others were left out")),
                "{:?}",
                file.notes
            );
        }
    }

    #[test]
    fn short_rows_lack_what_they_do_not_say() {
        let (_, file) = read("id,handle,city\na\nb,bea\nc,cy,Ghent\n".to_owned());
        let handles: Vec<Option<&str>> = file.profiles.iter().map(|profile| profile.handle.as_deref()).collect();
        assert_eq!(handles, [None, Some("bea"), Some("cy")]);
        assert_eq!(file.extras, [("city".to_owned(), vec![("c".to_owned(), "Ghent".to_owned())])]);
    }
}
