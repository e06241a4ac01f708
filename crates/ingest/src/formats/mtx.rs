//! `mtx`: Matrix Market files. An entry (row, column) is an edge from the node of the row to that of the column, its value the weight.
//!
//! Keys are the numbers of rows and columns from 1, so that nodes of a square matrix without an entry are accounts too. In a matrix that
//! is not square, columns are other nodes than rows and are numbered after them, as other tools do. `symmetric` and `hermitian` are
//! undirected; `skew-symmetric` entries are taken as they stand. Zeros of a dense matrix (`array`) are no edges; complex values are no weights.

use crate::IngestError;
use crate::format::{FormatSpec, ReadOptions, Reading, is_binary};
use crate::formats::edges::weight;
use crate::graph_file::lines::{whole, words};
use crate::graph_file::{Lines, Nodes, Seen, Ties, decoded};
use crate::intake::Intake;
use crate::rejection::shown;
use crate::source::Source;

pub(crate) const FORMAT: FormatSpec = FormatSpec {
    name: "mtx",
    summary: "Matrix Market files, sparse or dense; symmetric ones are undirected",
    claims: |head| !is_binary(head) && has_banner(head),
    read,
};

const BANNER: &[u8] = b"%%matrixmarket";

fn has_banner(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    head.get(..BANNER.len()).is_some_and(|start| start.eq_ignore_ascii_case(BANNER))
}

/// What the banner and the line of sizes say.
struct Shape {
    is_dense: bool,
    /// Entries have no value.
    is_pattern: bool,
    /// Only the lower triangle is there.
    is_triangle: bool,
    is_undirected: bool,
    is_skew: bool,
    rows: u64,
    columns: u64,
    entries: u64,
}

impl Shape {
    /// Reads the banner; sizes come later.
    fn of_banner(banner: &[u8]) -> Result<Self, &'static str> {
        let words: Vec<String> = words(banner).map(|word| String::from_utf8_lossy(word).to_lowercase()).collect();
        let word = |place: usize| words.get(place).map_or("", String::as_str);
        if !has_banner(banner) {
            return Err("the first line is no banner such as %%MatrixMarket matrix coordinate real general");
        }
        match (word(1), word(3)) {
            ("matrix", "complex") => return Err("complex values are no weights; save the matrix as real or pattern"),
            ("matrix", "real" | "integer" | "pattern" | "double") => {}
            _ => return Err("the banner names no matrix of real, integer or pattern entries"),
        }
        let is_dense = match word(2) {
            "coordinate" => false,
            "array" => true,
            _ => return Err("the banner says neither coordinate nor array"),
        };
        let (is_undirected, is_skew) = match word(4) {
            "general" | "" => (false, false),
            "symmetric" | "hermitian" => (true, false),
            "skew-symmetric" => (false, true),
            _ => return Err("the banner's symmetry is none of general, symmetric, skew-symmetric, hermitian"),
        };
        let (rows, columns, entries) = (0, 0, 0);
        let is_triangle = is_undirected || is_skew;
        Ok(Self { is_dense, is_pattern: word(3) == "pattern", is_triangle, is_undirected, is_skew, rows, columns, entries })
    }

    /// Reads the sizes.
    fn size(&mut self, line: &[u8]) -> Option<()> {
        let numbers: Vec<u64> = words(line).map(whole).collect::<Option<_>>()?;
        let cells = |rows: u64, columns: u64| match (self.is_triangle, self.is_skew) {
            (false, _) => rows.checked_mul(columns),
            (true, false) => Some(rows.checked_mul(rows.checked_add(1)?)? / 2),
            (true, true) => Some(rows.checked_mul(rows.saturating_sub(1))? / 2),
        };
        (self.rows, self.columns, self.entries) = match (self.is_dense, numbers.as_slice()) {
            (false, &[rows, columns, entries]) => (rows, columns, entries),
            (true, &[rows, columns]) => (rows, columns, cells(rows, columns)?),
            _ => return None,
        };
        (!self.is_triangle || self.rows == self.columns).then_some(())
    }

    /// The numbers of the nodes of an entry.
    fn ends(&self, row: u64, column: u64) -> [u64; 2] {
        if self.rows == self.columns { [row, column] } else { [row, self.rows.saturating_add(column)] }
    }

    /// Checks an entry's place.
    fn check(&self, row: u64, column: u64) -> Result<(), (&'static str, String)> {
        for (field, number, most) in [("source", row, self.rows), ("target", column, self.columns)] {
            if number == 0 || number > most {
                return Err((field, format!("must be in 1 to {most}, got {number}")));
            }
        }
        Ok(())
    }
}

/// The walk over the cells of a dense matrix, column by column.
struct Cells {
    row: u64,
    column: u64,
}

impl Cells {
    fn next(&mut self, shape: &Shape) {
        self.row += 1;
        if self.row > shape.rows {
            self.column += 1;
            self.row = if shape.is_triangle { self.column + u64::from(shape.is_skew) } else { 1 };
        }
    }
}

fn read(source: &mut Source, options: &ReadOptions, intake: &mut Intake) -> Result<Reading, IngestError> {
    let path = source.path.clone();
    let unusable = |what: &str| IngestError::Unusable { path: path.clone(), what: what.to_owned() };
    let mut ties = Ties::new(options, intake);
    let mut seen = Seen::default();
    let mut lines = Lines::new(source);
    let banner = lines.next()?.map(|line| line.bytes.to_vec()).unwrap_or_default();
    let mut shape = Shape::of_banner(&banner).map_err(unusable)?;
    let mut has_size = false;
    let mut cells = Cells { row: 1 + u64::from(shape.is_skew), column: 1 };
    let mut entries = 0;
    let mut is_odd = false;
    let mut cut = None;
    while let Some(line) = lines.next()? {
        let text = line.bytes.trim_ascii();
        if text.is_empty() || text[0] == b'%' {
            continue;
        }
        if !has_size {
            let wanted = if shape.is_dense { "rows columns" } else { "rows columns entries" };
            let wrong = || unusable(&format!("the line of sizes ({wanted}) is {}", shown(&decoded(text, &mut false))));
            shape.size(text).ok_or_else(wrong)?;
            has_size = true;
            continue;
        }
        if !line.is_whole && entries + 1 < shape.entries && !shape.is_dense {
            cut = Some(line.number);
            break;
        }
        if shape.is_dense {
            for word in words(text) {
                entries += 1;
                if entries > shape.entries {
                    ties.reject(line.number, "row", format!("more values than the {} of the matrix", shape.entries));
                    break;
                }
                let [from, to] = shape.ends(cells.row, cells.column);
                match decoded(word, &mut is_odd).parse::<f64>() {
                    Ok(0.0) => {}
                    Ok(value) => {
                        ties.add_numbers(line.number, [from, to], !shape.is_undirected, value);
                        [from, to].into_iter().for_each(|end| seen.mark(end));
                    }
                    Err(_) => ties.reject(line.number, "weight", format!("no number: {}", shown(&decoded(word, &mut is_odd)))),
                }
                cells.next(&shape);
            }
            continue;
        }
        entries += 1;
        match entry(text, &shape) {
            Ok((row, column, value)) => {
                let ends = shape.ends(row, column);
                ties.add_numbers(line.number, ends, !shape.is_undirected, value);
                ends.into_iter().for_each(|end| seen.mark(end));
            }
            Err(_) if !line.is_whole => {
                entries -= 1;
                cut = Some(line.number);
                break;
            }
            Err((field, reason)) => ties.reject(line.number, field, reason),
        }
    }
    let mut notes = Vec::new();
    if cut.is_some() || lines.window.broken.is_some() || entries < shape.entries || !has_size {
        let reason = lines.window.break_reason();
        let promised = format!("{entries} of {} entries", shape.entries);
        ties.reject(cut.unwrap_or(lines.end()), "row", format!("{reason} ({promised})"));
    } else if entries > shape.entries && !shape.is_dense {
        notes.push(format!("{}: {entries} entries where {} are announced", path.display(), shape.entries));
    }
    let mut nodes = Nodes::new();
    if shape.rows == shape.columns {
        seen.add_others(shape.rows, &mut nodes, source, &mut notes);
    } else {
        notes.push(format!(
            "{}: {} rows and {} columns: the node of column c has the number {} + c",
            path.display(),
            shape.rows,
            shape.columns,
            shape.rows
        ));
    }
    let is_undirected = ties.finish(&path, &mut notes)?;
    let accounts = nodes.into_accounts(source, FORMAT.name, &mut notes);
    Ok(Reading { notes, is_undirected, accounts })
}

/// Row, column and value of one entry.
fn entry(line: &[u8], shape: &Shape) -> Result<(u64, u64, f64), (&'static str, String)> {
    let mut words = words(line);
    let shown = |word: &[u8]| shown(&decoded(word, &mut false));
    let mut number = |field: &'static str| match words.next() {
        None => Err((field, "missing".to_owned())),
        Some(word) => whole(word).ok_or_else(|| (field, format!("no whole number: {}", shown(word)))),
    };
    let (row, column) = (number("source")?, number("target")?);
    shape.check(row, column)?;
    if shape.is_pattern {
        return Ok((row, column, 1.0));
    }
    let word = words.next().ok_or_else(|| ("weight", "missing".to_owned()))?;
    let value = weight(&decoded(word, &mut false)).map_err(|reason| ("weight", reason))?;
    Ok((row, column, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph_file::testing::check;

    #[test]
    fn sparse_matrices() {
        let text = "%%MatrixMarket matrix coordinate real general\n% made up\n\n3 3 3\n1 2 0.5\n3 1 2\n1 1 1e1\n";
        check(&FORMAT, text, "1>2*0.5 3>1*2 1>1*10", &[]);
        check(&FORMAT, "%%matrixmarket MATRIX Coordinate Pattern Symmetric\r\n4 4 2\r\n2 1\r\n3 2\r\n", "2-1 3-2 (4)", &[]);
        check(&FORMAT, "%%MatrixMarket matrix coordinate integer skew-symmetric\n2 2 1\n2 1 7\n", "2>1*7", &[]);
        check(&FORMAT, "%%MatrixMarket matrix coordinate pattern general\n2 3 2\n1 1\n2 3\n", "1>3 2>5", &[]);
    }

    #[test]
    fn dense_matrices() {
        check(&FORMAT, "%%MatrixMarket matrix array real general\n2 2\n0\n3\n1.5\n0\n", "2>1*3 1>2*1.5", &[]);
        check(&FORMAT, "%%MatrixMarket matrix array integer symmetric\n2 2\n0 4\n0\n", "2-1*4", &[]);
        check(&FORMAT, "%%MatrixMarket matrix array real skew-symmetric\n3 3\n4\n5\n6\n", "2>1*4 3>1*5 3>2*6", &[]);
        check(
            &FORMAT,
            "%%MatrixMarket matrix array real general\n1 2\n1\n2\n3\n",
            "1>2 1>3*2",
            &["5 row more values than the 2"],
        );
    }

    #[test]
    fn bad_entries_cost_themselves() {
        let text =
            "%%MatrixMarket matrix coordinate real general\n3 3 8\n1 2 0\n1 2 -1\n4 1 1\n1 0 1\nx 1 1\n1\n1 2\n1 2 nan\n2 3 1\n";
        let rejected = [
            "3 weight above 0",
            "4 weight above 0",
            "5 source 1 to 3",
            "6 target 1 to 3",
            "7 source no whole number",
            "8 target missing",
            "9 weight missing",
            "10 weight finite",
        ];
        check(&FORMAT, text, "2>3 (1)", &rejected);
        let huge = "%%MatrixMarket matrix coordinate pattern general\n99999999999999 99999999999999 1\n1 99999999999999\n";
        check(&FORMAT, huge, "1>99999999999999", &[]);
    }

    #[test]
    fn half_a_file_gives_its_half() {
        let text = "%%MatrixMarket matrix coordinate pattern general\n3 3 3\n1 2\n2 3\n3 ";
        check(&FORMAT, text, "1>2 2>3", &["5 row breaks off"]);
        check(&FORMAT, "%%MatrixMarket matrix array real general\n2 2\n0\n3\n", "2>1*3", &["5 row breaks off"]);
    }
}
