//! How delimited text is laid out, found out from its first lines: delimiter, header, columns.

use crate::IngestError;
use crate::columns::{ACCOUNT_FIELDS, ColumnMap, EDGE_FIELDS, EdgeColumns, folded};
use crate::fields::{Delimiter, split};
use crate::source::HEAD;
use crate::time;
use std::path::Path;

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
pub(crate) struct Dialect {
    pub(crate) delimiter: Delimiter,
    /// Names of the columns, and the line they stand in.
    pub(crate) header: Option<Vec<String>>,
    /// The first rows of data.
    pub(crate) sample: Vec<Vec<String>>,
}

pub(crate) fn is_comment(line: &[u8]) -> bool {
    matches!(line.trim_ascii_start().first(), None | Some(b'#' | b'%'))
}

impl Dialect {
    /// Finds out the layout; `None` where no row has two fields.
    pub(crate) fn of(head: &[u8], by_position: bool) -> Option<Self> {
        let is_all = head.len() < HEAD;
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
        // The last line may go on behind the head.
        let whole_lines = memchr::memrchr(b'\n', head).filter(|_| !is_all).map_or(head, |at| &head[..at]);
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
    pub(crate) fn is_prose(&self) -> bool {
        let keys: Vec<&String> = self.sample.iter().flat_map(|row| row.iter().take(2)).collect();
        let words: usize = keys.iter().map(|key| key.split_whitespace().count()).sum();
        words * 2 > keys.len() * 5
    }

    /// The columns of the fields, by header or by position and content.
    pub(crate) fn columns(&self, path: &Path, map: &ColumnMap) -> Result<EdgeColumns, IngestError> {
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

/// A header that begins with an account's key and has no word for the other end of an edge.
pub(crate) fn is_of_accounts(header: &[String]) -> bool {
    let words: Vec<String> = header.iter().map(|name| folded(name)).collect();
    words[0] == "account" || (words[0] == "id" && !words[1..].iter().any(|word| word.ends_with("id")))
}

/// The line of the first row that is no comment.
pub(crate) fn first_data_line(head: &[u8]) -> u64 {
    let before = head.split(|&byte| byte == b'\n').take_while(|line| is_comment(line)).count();
    before as u64 + 1
}

/// The number of rows that a first row `n m` promises.
pub(crate) fn count_row(dialect: &Dialect) -> Option<u64> {
    let first = dialect.sample.first().filter(|row| dialect.header.is_none() && row.len() == 2)?;
    let _nodes: u64 = first[0].parse().ok()?;
    first[1].parse().ok()
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
            ("a b\nb c", Delimiter::Blanks, None),
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
}
