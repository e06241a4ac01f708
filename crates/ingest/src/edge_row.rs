//! One row of delimited text -> an edge.

use crate::batch::{Batch, Key, Rows};
use crate::blocks::{Block, Records};
use crate::columns::EdgeColumns;
use crate::dialect::is_comment;
use crate::fields::{Delimiter, split, trimmed};
use crate::formats::edges::weight;
use crate::rejection::shown;
use crate::time;
use echogram_graph::NO_TIME;

/// The fields of an edge, in the order of [`Slots`].
const FIELDS: [&str; 7] = ["source", "target", "weight", "time", "relation", "source_role", "target_role"];
const SOURCE: usize = 0;
const TARGET: usize = 1;
const WEIGHT: usize = 2;
const TIME: usize = 3;
const RELATION: usize = 4;
const SOURCE_ROLE: usize = 5;
const TARGET_ROLE: usize = 6;

/// The texts of one row's fields; a column that the row lacks is `None`.
type Slots<'a> = [Option<&'a str>; FIELDS.len()];

/// What rows are read by.
pub(crate) struct RowReader<'a> {
    delimiter: Delimiter,
    /// The column of each field.
    columns: [Option<usize>; FIELDS.len()],
    /// The field that stands in each column.
    fields: Vec<Option<usize>>,
    /// Whether two fields stand in one column.
    is_shared: bool,
    /// Whether a row is a source and a target and nothing else is looked at.
    is_pair: bool,
    relation: &'a str,
    /// The line of the header, which is no row.
    header_line: Option<u64>,
}

/// Why a row is no edge: the field at fault, and what is wrong.
type Fault = (&'static str, String);

impl<'a> RowReader<'a> {
    pub(crate) fn new(delimiter: Delimiter, columns: &EdgeColumns, relation: &'a str, header_line: Option<u64>) -> Self {
        let last = columns.last();
        let columns = [
            Some(columns.source),
            Some(columns.target),
            columns.weight,
            columns.time,
            columns.relation,
            columns.source_role,
            columns.target_role,
        ];
        let mut fields = vec![None; last + 1];
        let mut is_shared = false;
        for (field, column) in columns.iter().enumerate() {
            if let Some(column) = column {
                is_shared |= fields[*column].replace(field).is_some();
            }
        }
        let is_pair = columns[..2] == [Some(0), Some(1)] && fields.len() == 2;
        Self { delimiter, columns, fields, is_shared, is_pair, relation, header_line }
    }

    /// All rows of a block.
    pub(crate) fn block(&self, block: &Block) -> Batch {
        let mut batch = Batch::default();
        match std::str::from_utf8(block.bytes()) {
            Ok(text) if !block.has_quotes && !self.is_shared => self.plain(text, block, &mut batch),
            _ => self.quoted(block, &mut batch),
        }
        batch
    }

    /// Rows without a quote: fields are cut where they stand.
    fn plain(&self, text: &str, block: &Block, batch: &mut Batch) {
        let bytes = text.as_bytes();
        // Rows of the default relation are kept here until the batch has them: finding the relation anew would cost as much as parsing.
        let mut rows = Rows::with_room(block.lines);
        let mut line = block.first_line;
        let mut start = 0;
        while start < bytes.len() {
            if self.is_pair
                && let Some((source, target, end)) = number_pair(bytes, start, self.delimiter)
                && batch.is_raw()
            {
                rows.push(source, target, 1.0, NO_TIME);
                batch.records += 1;
                line += 1;
                start = end + 1;
                continue;
            }
            let mut slots: Slots<'_> = [None; FIELDS.len()];
            let (width, end) = match self.delimiter {
                Delimiter::Byte(delimiter) => self.cut(text, start, delimiter, &mut slots),
                Delimiter::Blanks => self.cut_blanks(text, start, &mut slots),
            };
            let own_line = line;
            let record = start..end;
            line += 1;
            start = end + 1;
            let is_passed_over = match bytes[record.clone()].first() {
                Some(byte) if byte.is_ascii_alphanumeric() => false,
                _ => is_comment(&bytes[record.clone()]),
            };
            if is_passed_over || Some(own_line) == self.header_line {
                continue;
            }
            batch.records += 1;
            if own_line == 1 && text.starts_with('\u{feff}') {
                slots.iter_mut().flatten().for_each(|field| *field = field.trim_start_matches('\u{feff}'));
            }
            if let Err((field, reason)) = self.edge(&slots, width, block.lines, batch, &mut rows) {
                batch.reject(own_line, field, reason);
            }
        }
        batch.rows(self.relation).append(rows);
        batch.drop_empty_relations();
    }

    /// Cuts the row at `start` into its fields: how many were looked at, and where the line ends.
    #[inline]
    fn cut<'t>(&self, text: &'t str, start: usize, delimiter: u8, slots: &mut Slots<'t>) -> (usize, usize) {
        let bytes = text.as_bytes();
        let mut at = start;
        for (column, field) in self.fields.iter().enumerate() {
            let length = bytes[at..].iter().position(|&byte| byte == delimiter || byte == b'\n').unwrap_or(bytes.len() - at);
            let end = at + length;
            let is_last = bytes.get(end) != Some(&delimiter);
            if let Some(field) = field {
                slots[*field] = Some(trimmed(&text[at..end]));
            }
            if is_last {
                return (column + 1, end);
            }
            at = end + 1;
        }
        (self.fields.len(), memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length))
    }

    /// As [`Self::cut`], where runs of blanks separate fields.
    #[inline]
    fn cut_blanks<'t>(&self, text: &'t str, start: usize, slots: &mut Slots<'t>) -> (usize, usize) {
        let bytes = text.as_bytes();
        let is_blank = |at: usize| matches!(bytes.get(at), Some(b' ' | b'\t' | b'\r'));
        let mut at = start;
        for (column, field) in self.fields.iter().enumerate() {
            while is_blank(at) {
                at += 1;
            }
            let from = at;
            while at < bytes.len() && bytes[at] != b'\n' && !is_blank(at) {
                at += 1;
            }
            if from == at {
                return (column, at);
            }
            if let Some(field) = field {
                slots[*field] = Some(&text[from..at]);
            }
        }
        (self.fields.len(), memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length))
    }

    /// Rows that may hold quoted fields, or bytes that are no text.
    fn quoted(&self, block: &Block, batch: &mut Batch) {
        let records = match self.delimiter {
            Delimiter::Byte(byte) => Records::Quoted(byte),
            Delimiter::Blanks => Records::Lines,
        };
        let mut fields = Vec::new();
        let mut rows = Rows::default();
        for (line, record) in block.records(records) {
            if is_comment(record) || Some(line) == self.header_line {
                continue;
            }
            batch.records += 1;
            let record = if line == 1 { record.strip_prefix(b"\xef\xbb\xbf").unwrap_or(record) } else { record };
            split(record, self.delimiter, self.fields.len(), &mut fields);
            let mut slots: Slots<'_> = [None; FIELDS.len()];
            let texts = (0..FIELDS.len()).try_for_each(|field| {
                let Some(bytes) = self.columns[field].and_then(|column| fields.get(column)) else { return Ok(()) };
                let no_text = |_| (FIELDS[field], format!("not UTF-8: {}", shown(&String::from_utf8_lossy(bytes))));
                slots[field] = Some(std::str::from_utf8(bytes).map_err(no_text)?);
                Ok(())
            });
            if let Err((field, reason)) = texts.and_then(|()| self.edge(&slots, fields.len(), block.lines, batch, &mut rows)) {
                batch.reject(line, field, reason);
            }
        }
        batch.rows(self.relation).append(rows);
        batch.drop_empty_relations();
    }

    /// Adds the edge that a row of `width` fields says, to `rows` if it is of the default relation; its block has so many `lines`.
    #[inline]
    fn edge(&self, slots: &Slots<'_>, width: usize, lines: usize, batch: &mut Batch, rows: &mut Rows) -> Result<(), Fault> {
        let text = |field: usize| slots[field].ok_or_else(|| self.missing(field, width));
        let key = |field: usize| match text(field)? {
            "" => Err((FIELDS[field], "empty".to_owned())),
            key => Ok(Key::Text(key)),
        };
        let keys = [key(SOURCE)?, key(TARGET)?];
        let weight = match self.columns[WEIGHT] {
            None => 1.0,
            Some(_) => weight(text(WEIGHT)?).map_err(|reason| ("weight", reason))?,
        };
        let time = match self.columns[TIME] {
            None => NO_TIME,
            Some(_) => match text(TIME)? {
                "" => NO_TIME,
                value => time::parse(value).ok_or_else(|| ("time", format!("no date or time: {}", shown(value))))?,
            },
        };
        let relation = match self.columns[RELATION] {
            None => None,
            Some(_) => Some(text(RELATION)?).filter(|word| !word.is_empty() && *word != self.relation),
        };
        let mut roles = [None, None];
        for (role, field) in roles.iter_mut().zip([SOURCE_ROLE, TARGET_ROLE]) {
            if self.columns[field].is_some() {
                *role = Some(text(field)?).filter(|role| !role.is_empty());
            }
        }
        if batch.needs_list(&keys) {
            // Rows must be in the batch when their numbers become places in a list.
            if rows.len() > 0 {
                batch.rows(self.relation).append(std::mem::take(rows));
            }
            batch.list_keys_with_room(2 * lines);
        }
        let [source, target] = batch.codes(keys);
        match relation {
            None => rows.push(source, target, weight, time),
            Some(relation) => batch.rows(relation).push(source, target, weight, time),
        }
        for (code, role) in [source, target].into_iter().zip(roles) {
            if let Some(role) = role {
                batch.roles.push((code, role.to_owned()));
            }
        }
        Ok(())
    }

    #[cold]
    fn missing(&self, field: usize, width: usize) -> Fault {
        let place = self.columns[field].map_or(0, |column| column + 1);
        let name = FIELDS[field];
        (name, format!("missing: the row has {width} fields, {name} is the {}", ordinal(place)))
    }
}

/// The small numbers of a row that is nothing but two of them, and where its line ends; `None` for any other row, which takes the long way.
#[inline]
fn number_pair(bytes: &[u8], start: usize, delimiter: Delimiter) -> Option<(u32, u32, usize)> {
    let (source, at) = small_number(bytes, start)?;
    match (bytes.get(at)?, delimiter) {
        (byte, Delimiter::Byte(delimiter)) if *byte == delimiter => {}
        (b' ' | b'\t', Delimiter::Blanks) => {}
        _ => return None,
    }
    let (target, at) = small_number(bytes, at + 1)?;
    let end = at + usize::from(bytes.get(at) == Some(&b'\r'));
    matches!(bytes.get(end), None | Some(b'\n')).then_some((source, target, end))
}

/// A canonical decimal below 2^32 - 1, and where it ends.
#[inline]
fn small_number(bytes: &[u8], start: usize) -> Option<(u32, usize)> {
    let mut value: u64 = 0;
    let mut at = start;
    while let Some(digit) = bytes.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
        value = value * 10 + u64::from(digit);
        at += 1;
        if at - start > 10 {
            return None;
        }
    }
    let is_canonical = at > start && (bytes[start] != b'0' || at - start == 1);
    (is_canonical && value < u64::from(u32::MAX)).then_some((value as u32, at))
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

    #[test]
    fn pairs_of_small_numbers_take_the_short_way() {
        let comma = Delimiter::Byte(b',');
        for (text, wanted) in [
            ("1,2\n", Some((1, 2, 3))),
            ("10,4294967294", Some((10, 4_294_967_294, 13))),
            ("0,7\r\n", Some((0, 7, 4))),
            ("1,4294967295\n", None),
            ("01,2\n", None),
            ("1,2,3\n", None),
            ("1, 2\n", None),
            ("1,\n", None),
            ("a,2\n", None),
            ("99999999999,1\n", None),
        ] {
            assert_eq!(number_pair(text.as_bytes(), 0, comma), wanted, "{text:?}");
        }
        assert_eq!(number_pair(b"x\n5\t6\n", 2, Delimiter::Blanks), Some((5, 6, 5)));
    }
}
