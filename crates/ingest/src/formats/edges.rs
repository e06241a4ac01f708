//! `edges`: delimited text with an edge a row, found out from its first lines: commas, tabs, semicolons or spaces; with or without a header;
//! `#` and `%` comments; SNAP files; an optional count row `n m` before m rows.

use crate::IngestError;
use crate::batch::{Batch, Key};
use crate::blocks::{Block, Records, parse_blocks};
use crate::columns::{ACCOUNT_FIELDS, ColumnMap, ColumnRef, EDGE_FIELDS, EdgeColumns, folded};
use crate::fields::{Delimiter, split};
use crate::format::{FormatSpec, ReadOptions, Reading, first_byte, is_binary};
use crate::intake::Intake;
use crate::rejection::shown;
use crate::source::Source;
use crate::time;
use echogram_graph::NO_TIME;
use std::borrow::Cow;
use std::path::Path;

pub(crate) const FORMAT: FormatSpec = FormatSpec {
    name: "edges",
    summary: "delimited text, an edge a row (commas, tabs, semicolons, spaces), with or without a header; SNAP files",
    claims: |head| {
        !is_binary(head)
            && !matches!(first_byte(head), Some(b'{' | b'[' | b'<'))
            && Dialect::of(head, false).is_some_and(|dialect| !dialect.is_prose())
    },
    read,
};

/// The relation of rows that name none.
pub(crate) const DEFAULT_RELATION: &str = "edge";
/// The relation of a list whose header speaks of followers.
pub(crate) const FOLLOW: &str = "follow";
/// A longer line is no row.
const LONGEST_LINE: usize = 16 << 20;
/// Rows looked at to find out the dialect.
const SAMPLE_ROWS: usize = 200;
/// A whole number from here on is a time, not a weight: 1985 in seconds since 1970.
const TIMES_FROM: f64 = 4.7e8;
/// Header words that say nothing of the columns' meaning but are no account's key.
const OTHER_HEADER_WORDS: &[&str] = &[
    "id",
    "user",
    "username",
    "account",
    "name",
    "node",
    "node1",
    "node2",
    "node_1",
    "node_2",
    "user1",
    "user2",
    "user_1",
    "user_2",
    "a",
    "b",
    "i",
    "j",
    "u",
    "v",
    "person",
    "friend",
    "person1",
    "person2",
    "sender",
    "receiver",
    "recipient",
    "ego",
    "alter",
    "citing",
    "cited",
    "head",
    "tail",
    "x",
    "y",
];

/// How the text is laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Dialect {
    delimiter: Delimiter,
    /// Names of the columns, and the line they stand in.
    header: Option<Vec<String>>,
    /// The first rows of data.
    sample: Vec<Vec<String>>,
}

/// What one row is read by.
struct RowReader<'a> {
    delimiter: Delimiter,
    columns: EdgeColumns,
    relation: &'a str,
    /// The line of the header, which is no row.
    header_line: Option<u64>,
}

fn is_comment(line: &[u8]) -> bool {
    matches!(line.trim_ascii_start().first(), None | Some(b'#' | b'%'))
}

impl Dialect {
    /// Finds out the layout; `None` where no row has two fields.
    fn of(head: &[u8], by_position: bool) -> Option<Self> {
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
        let whole_lines = memchr::memrchr(b'\n', head).map_or(head, |at| &head[..at]);
        let text = String::from_utf8_lossy(whole_lines);
        let lines: Vec<&str> = text.lines().filter(|line| !is_comment(line.as_bytes())).take(SAMPLE_ROWS).collect();
        let delimiter = delimiter_of(&lines)?;
        let mut rows: Vec<Vec<String>> = lines
            .iter()
            .map(|line| {
                let mut fields = Vec::new();
                split(line.as_bytes(), delimiter, usize::MAX, &mut fields);
                fields.iter().map(|field| String::from_utf8_lossy(field).into_owned()).collect()
            })
            .collect();
        let is_header = !rows.is_empty() && is_header(&rows[0], &rows[1..], by_position);
        let header = is_header.then(|| rows.remove(0));
        Some(Self { delimiter, header, sample: rows })
    }

    /// Sentences that happen to hold commas: keys of three words and more on average.
    fn is_prose(&self) -> bool {
        let keys: Vec<&String> = self.sample.iter().flat_map(|row| row.iter().take(2)).collect();
        let words: usize = keys.iter().map(|key| key.split_whitespace().count()).sum();
        words * 2 > keys.len() * 5
    }

    /// The columns of the fields, by header or by position and content.
    fn columns(&self, path: &Path, map: &ColumnMap) -> Result<EdgeColumns, IngestError> {
        if let Some(header) = &self.header {
            return EdgeColumns::from_header(path, map, header);
        }
        let width = self.sample.iter().map(Vec::len).max().unwrap_or(2);
        let at = |field| map.resolve(path, field, &[], None, width);
        let mut columns = EdgeColumns {
            source: at("source")?.unwrap_or(0),
            target: at("target")?.unwrap_or(1),
            weight: at("weight")?,
            time: at("time")?,
            relation: at("relation")?,
            source_role: at("source_role")?,
            target_role: at("target_role")?,
            is_follow: false,
            guessed: None,
        };
        if map.maps_edges() {
            return Ok(columns);
        }
        // The third column and the next: weights, times or words, by what stands in them.
        for place in 2..width {
            let values: Vec<&str> = self.sample.iter().filter_map(|row| row.get(place)).map(String::as_str).collect();
            let numbers: Option<Vec<f64>> = values.iter().map(|value| value.parse().ok()).collect();
            let slot = match numbers {
                Some(numbers) if numbers.iter().all(|&number| number >= TIMES_FROM) => &mut columns.time,
                Some(_) => &mut columns.weight,
                None if values.iter().all(|value| time::parse(value).is_some()) => &mut columns.time,
                None => &mut columns.relation,
            };
            slot.get_or_insert(place);
        }
        Ok(columns)
    }
}

/// The delimiter by which most lines have the same number of fields, at least two.
fn delimiter_of(lines: &[&str]) -> Option<Delimiter> {
    let candidates =
        [Delimiter::Byte(b'\t'), Delimiter::Byte(b','), Delimiter::Byte(b';'), Delimiter::Blanks, Delimiter::Byte(b'|')];
    let mut best = None;
    for delimiter in candidates {
        let mut fields = Vec::new();
        let widths: Vec<usize> = lines
            .iter()
            .map(|line| {
                split(line.as_bytes(), delimiter, usize::MAX, &mut fields);
                fields.len()
            })
            .collect();
        let mut sorted = widths.clone();
        sorted.sort_unstable();
        let usual = sorted.get(sorted.len() / 2).copied().unwrap_or(0);
        // Words of prose are separated by blanks too, but never so regularly.
        let is_prose =
            delimiter == Delimiter::Blanks && widths.iter().filter(|&&width| width == usual).count() * 5 < widths.len() * 4;
        if is_prose {
            continue;
        }
        let agreeing = widths.iter().filter(|&&width| width == usual).count();
        if usual >= 2 && best.is_none_or(|(most, _)| agreeing > most) {
            best = Some((agreeing, delimiter));
        }
    }
    best.map(|found| found.1)
}

/// A first row is a header if it holds a word that means a field, or, unless columns are named by position, another usual word of headers,
/// or words where the rows below hold numbers. A word that comes again below is a key and no header.
fn is_header(first: &[String], rest: &[Vec<String>], by_position: bool) -> bool {
    let is_number = |text: &str| text.parse::<f64>().is_ok();
    if first.iter().any(|field| is_number(field) || field.is_empty()) {
        return false;
    }
    let words: Vec<String> = first.iter().map(|field| folded(field)).collect();
    let means_a_field =
        |word: &String| word.len() > 1 && EDGE_FIELDS.iter().chain(ACCOUNT_FIELDS).any(|field| field.1.contains(&word.as_str()));
    if words.iter().any(means_a_field) {
        return true;
    }
    let ends = |row: &[String]| row.iter().take(2).cloned().collect::<Vec<_>>();
    let comes_again = rest.iter().flat_map(|row| ends(row)).any(|key| first[..first.len().min(2)].contains(&key));
    if by_position || comes_again {
        return false;
    }
    // One-letter words are keys as often as headers: they count only where both ends are such.
    let is_usual = |word: &&String| OTHER_HEADER_WORDS.contains(&word.as_str());
    if words.iter().take(2).filter(is_usual).count() == 2 || words.iter().any(|word| word.len() > 1 && is_usual(&word)) {
        return true;
    }
    (0..first.len()).any(|place| {
        let below: Vec<&str> = rest.iter().filter_map(|row| row.get(place)).map(String::as_str).collect();
        !below.is_empty() && below.iter().all(|value| is_number(value) || (place > 1 && time::parse(value).is_some()))
    })
}

fn read(source: &mut Source, options: &ReadOptions, intake: &mut Intake) -> Result<Reading, IngestError> {
    let unusable = |what: &str| IngestError::Unusable { path: source.path.clone(), what: what.to_owned() };
    if is_binary(&source.head) {
        return Err(unusable("binary data, not delimited text"));
    }
    let by_position = matches!(options.columns.get("source"), Some(ColumnRef::Position(_)));
    let mut dialect = Dialect::of(&source.head, by_position)
        .ok_or_else(|| unusable("no line has two fields separated by comma, tab, semicolon or blanks"))?;
    if dialect.sample.is_empty()
        && source.is_all_in_head()
        && let Some(only) = dialect.header.take()
    {
        // One row alone may be a header or an edge: only positions tell that it is an edge.
        if !by_position {
            let what = format!(
                "the only row ({}) is taken as a header and nothing follows; if it is an edge, say --columns source=1,target=2",
                only.join(", ")
            );
            return Err(unusable(&what));
        }
        dialect.sample.push(only);
    }
    let columns = dialect.columns(&source.path, &options.columns)?;
    let of_accounts = dialect.header.as_ref().filter(|header| columns.guessed.is_some() && is_of_accounts(header));
    if let Some(header) = of_accounts.filter(|_| intake.is_in_folder) {
        let what = format!("its header ({}) is that of accounts: give it with --accounts", header.join(", "));
        return Err(IngestError::NoEdges { path: source.path.clone(), what });
    }
    let mut notes = Vec::new();
    if dialect.header.is_none() && columns.last() > 1 && !options.columns.maps_edges() {
        notes.push(format!("{}: no header: {} (--columns says otherwise)", source.path.display(), columns.describe()));
    }
    if let Some((one, other)) = &columns.guessed {
        notes.push(format!(
            "{}: unknown header: `{one}` taken as source and `{other}` as target (--columns says otherwise)",
            source.path.display()
        ));
    }
    let relation = options.relation.as_deref().unwrap_or(if columns.is_follow { FOLLOW } else { DEFAULT_RELATION });
    let count_row = count_row(&dialect);
    let header_line = dialect.header.is_some().then(|| first_data_line(&source.head));
    let reader = RowReader { delimiter: dialect.delimiter, columns, relation, header_line };
    let records = match dialect.delimiter {
        Delimiter::Byte(byte) => Records::Quoted(byte),
        Delimiter::Blanks => Records::Lines,
    };
    parse_blocks(source, records, LONGEST_LINE, intake, |block| reader.block(block, records))?;
    if let Some(count) = count_row {
        drop_count_row(&mut intake.batches, count, &mut notes, &source.path);
    }
    Ok(Reading { notes, ..Reading::default() })
}

/// A header that begins with an account's key and has no word for the other end of an edge.
fn is_of_accounts(header: &[String]) -> bool {
    let words: Vec<String> = header.iter().map(|name| folded(name)).collect();
    words[0] == "account" || (words[0] == "id" && !words[1..].iter().any(|word| word.ends_with("id")))
}

/// The line of the first row that is no comment.
fn first_data_line(head: &[u8]) -> u64 {
    let before = head.split(|&byte| byte == b'\n').take_while(|line| is_comment(line)).count();
    before as u64 + 1
}

/// The number of rows that a first row `n m` promises.
fn count_row(dialect: &Dialect) -> Option<u64> {
    let first = dialect.sample.first().filter(|row| dialect.header.is_none() && row.len() == 2)?;
    let _nodes: u64 = first[0].parse().ok()?;
    first[1].parse().ok()
}

/// Takes the first row away if just as many rows follow as it says.
fn drop_count_row(batches: &mut [Batch], promised: u64, notes: &mut Vec<String>, path: &Path) {
    if batches.iter().map(|batch| batch.records).sum::<u64>() != promised + 1 {
        return;
    }
    let Some(batch) = batches.first_mut() else { return };
    for rows in batch.relations.values_mut() {
        if !rows.sources.is_empty() {
            rows.sources.remove(0);
            rows.targets.remove(0);
            batch.records -= 1;
            notes.push(format!("{}: the first row counts the {promised} rows that follow, and is no edge", path.display()));
            return;
        }
    }
}

impl RowReader<'_> {
    fn block(&self, block: &Block, records: Records) -> Batch {
        let mut batch = Batch::default();
        let mut fields = Vec::new();
        let width = self.columns.last() + 1;
        for (line, record) in block.records(records) {
            if is_comment(record) || Some(line) == self.header_line {
                continue;
            }
            batch.records += 1;
            let record = if line == 1 { record.strip_prefix(b"\xef\xbb\xbf").unwrap_or(record) } else { record };
            split(record, self.delimiter, width, &mut fields);
            if let Err((field, reason)) = self.row(&fields, &mut batch) {
                batch.reject(line, field, reason);
            }
        }
        batch
    }

    fn row(&self, fields: &[Cow<'_, [u8]>], batch: &mut Batch) -> Result<(), (&'static str, String)> {
        let columns = &self.columns;
        let text = |field: &'static str, place: usize| match fields.get(place) {
            None => Err((field, format!("missing: the row has {} fields, {field} is the {}", fields.len(), ordinal(place + 1)))),
            Some(bytes) => {
                std::str::from_utf8(bytes).map_err(|_| (field, format!("not UTF-8: {}", shown(&String::from_utf8_lossy(bytes)))))
            }
        };
        let key = |field, place| match text(field, place)? {
            "" => Err((field, "empty".to_owned())),
            key => Ok(key),
        };
        let (source, target) = (key("source", columns.source)?, key("target", columns.target)?);
        let weight = match columns.weight {
            None => 1.0,
            Some(place) => weight(text("weight", place)?).map_err(|reason| ("weight", reason))?,
        };
        let time = match columns.time {
            None => NO_TIME,
            Some(place) => match text("time", place)? {
                "" => NO_TIME,
                value => time::parse(value).ok_or_else(|| ("time", format!("no date or time: {}", shown(value))))?,
            },
        };
        let relation = match columns.relation {
            None => self.relation,
            Some(place) => Some(text("relation", place)?).filter(|word| !word.is_empty()).unwrap_or(self.relation),
        };
        let roles = [("source_role", columns.source_role), ("target_role", columns.target_role)];
        let mut given = [None, None];
        for ((field, place), slot) in roles.into_iter().zip(&mut given) {
            *slot = place.map(|place| text(field, place)).transpose()?.filter(|role| !role.is_empty());
        }
        let [source, target] = batch.codes([Key::Text(source), Key::Text(target)]);
        batch.rows(relation).push(source, target, weight, time);
        for (code, role) in [source, target].into_iter().zip(given) {
            if let Some(role) = role {
                batch.roles.push((code, role.to_owned()));
            }
        }
        Ok(())
    }
}

/// A weight: finite and above 0.
pub(crate) fn weight(text: &str) -> Result<f64, String> {
    let weight: f64 =
        text.parse().map_err(|_| if text.is_empty() { "empty".to_owned() } else { format!("no number: {}", shown(text)) })?;
    check_weight(weight)
}

/// Checks that a weight is finite and above 0.
pub(crate) fn check_weight(weight: f64) -> Result<f64, String> {
    if weight.is_finite() && weight > 0.0 { Ok(weight) } else { Err(format!("must be finite and above 0, got {weight}")) }
}

fn ordinal(number: usize) -> String {
    match number {
        1 => "1st".to_owned(),
        2 => "2nd".to_owned(),
        3 => "3rd".to_owned(),
        _ => format!("{number}th"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialect(text: &str) -> (Delimiter, Option<usize>, EdgeColumns) {
        let found = Dialect::of(text.as_bytes(), false).expect("two columns");
        let columns = found.columns(Path::new("x"), &ColumnMap::default()).unwrap();
        (found.delimiter, found.header.map(|header| header.len()), columns)
    }

    #[test]
    fn layouts_are_found_out() {
        let byte = Delimiter::Byte;
        for (text, delimiter, header) in [
            ("source,target\n1,2\n", byte(b','), Some(2)),
            ("# comment\n1\t2\n3\t4\n", byte(b'\t'), None),
            ("% konect\n1 2\n3  4\n", Delimiter::Blanks, None),
            ("from;to;n\na;b;2\n", byte(b';'), Some(3)),
            ("male,female,n\nx,y,3\n", byte(b','), Some(3)),
            ("ada,bob\nbob,eve\n", byte(b','), None),
            ("a,b\nc,d\n", byte(b','), Some(2)),
            ("Ann Lee,Bob Ray\nBob Ray,Cy Fox\n", byte(b','), None),
            ("user_a,user_b\n1,2\n", byte(b','), Some(2)),
            ("a b\nb c\n", Delimiter::Blanks, None),
        ] {
            let found = dialect(text);
            assert_eq!((found.0, found.1), (delimiter, header), "{text:?}");
        }
    }

    #[test]
    fn columns_without_header_are_told_by_content() {
        let higgs = dialect("1 2 1341100972 RT\n3 4 1341100973 MT\n").2;
        assert_eq!((higgs.weight, higgs.time, higgs.relation), (None, Some(2), Some(3)));
        let weighted = dialect("1 2 3\n2 3 0.5\n").2;
        assert_eq!((weighted.weight, weighted.time), (Some(2), None));
        let worded = dialect("ann bob reply 2020-01-01\n").2;
        assert_eq!((worded.relation, worded.time), (Some(2), Some(3)));
    }

    #[test]
    fn weights_must_be_finite_and_positive() {
        assert_eq!(weight("0.5"), Ok(0.5));
        for text in ["-1", "0", "NaN", "inf", "", "many"] {
            assert!(weight(text).is_err(), "{text}");
        }
    }
}
