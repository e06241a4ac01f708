//! `csv`: a table as delimited text (RFC 4180), safe to open in a spreadsheet.
//!
//! A cell of text that begins like a formula (`=`, `+`, `-`, `@`, also after blanks or quotes, or a tab or line end) would be run by a spreadsheet.
//! It gets an apostrophe in front, as OWASP advises against CSV injection, and the number of such cells is told. Columns of numbers are left
//! alone: -0.5 stays a number. The apostrophe stays when the file is read again, so that an account key such as `@ann` comes back as `'@ann`;
//! `--raw-cells` leaves it out.
//!
//! An empty cell is null. Words of a list are joined by `; `. Zero bytes, which no reader of text accepts, are replaced.

use crate::cells::{Cell, Kind};
use crate::error::Halt;
use crate::format::{Options, Way, Writer};
use crate::notes::Notes;
use crate::tables::Table;
use crate::text::plain;
use std::borrow::Cow;
use std::io::Write;

pub(crate) const WRITER: Writer = Writer {
    name: "csv",
    summary: "delimited text, a file a table; cells that a spreadsheet would run are neutralised",
    extension: "csv",
    way: Way::Table(write),
};

fn write(table: &Table, options: &Options, out: &mut dyn Write, notes: &mut Notes) -> Result<(), Halt> {
    for (place, (name, _)) in table.columns().iter().enumerate() {
        comma(place, out)?;
        text_cell(name, options, out, notes)?;
    }
    out.write_all(b"\n")?;
    let kinds: Vec<Kind> = table.columns().iter().map(|column| column.1).collect();
    table.rows(&mut |row| {
        for (place, cell) in row.cells().enumerate() {
            comma(place, out)?;
            write_cell(&cell, kinds[place], options, out, notes)?;
        }
        out.write_all(b"\n")?;
        Ok(())
    })?;
    Ok(())
}

fn comma(place: usize, out: &mut dyn Write) -> std::io::Result<()> {
    if place > 0 { out.write_all(b",") } else { Ok(()) }
}

fn write_cell(cell: &Cell<'_>, kind: Kind, options: &Options, out: &mut dyn Write, notes: &mut Notes) -> std::io::Result<()> {
    match plain(cell) {
        None => Ok(()),
        Some(text) if matches!(kind, Kind::Text | Kind::Words) => text_cell(&text, options, out, notes),
        Some(text) => out.write_all(text.as_bytes()),
    }
}

/// A cell of text: neutralised, then quoted where it must be.
pub(crate) fn text_cell(text: &str, options: &Options, out: &mut dyn Write, notes: &mut Notes) -> std::io::Result<()> {
    let mut text = Cow::Borrowed(text);
    if text.contains('\0') {
        notes.replaced += text.matches('\0').count() as u64;
        text = text.replace('\0', "\u{fffd}").into();
    }
    if !options.raw_cells && would_run(&text) {
        notes.neutralised += 1;
        text = format!("'{text}").into();
    }
    let must_quote = text.contains([',', '"', '\n', '\r', ';', '\t']) || text.starts_with(' ') || text.ends_with(' ');
    if must_quote { write!(out, "\"{}\"", text.replace('"', "\"\"")) } else { out.write_all(text.as_bytes()) }
}

/// Whether a spreadsheet would take a text as a formula. Wide forms of the signs count as well.
fn would_run(text: &str) -> bool {
    let is_skipped = |character: char| character.is_whitespace() || character == '"' || character == '\u{feff}';
    text.starts_with(['\t', '\r', '\n'])
        || text.trim_start_matches(is_skipped).starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        let mut out = Vec::new();
        text_cell(text, &Options::default(), &mut out, &mut Notes::default()).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn formulas_become_text() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "\u{a0}=1", "＝1"] {
            assert!(written(formula).trim_start_matches('"').starts_with('\''), "{formula}");
        }
        assert_eq!(written("\t=1"), "\"'\t=1\"");
        assert_eq!(written("=HYPERLINK(\"x\",\"y\")"), "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
        assert_eq!(written("\"=1"), "\"'\"\"=1\"");
        for harmless in ["a=b", "nurse - ward 3", "", "x@y", "'=1"] {
            assert_eq!(written(harmless), harmless);
        }
    }

    #[test]
    fn fields_are_quoted_where_they_must_be() {
        assert_eq!(written("a,b"), "\"a,b\"");
        assert_eq!(written("say \"hi\"\nthere"), "\"say \"\"hi\"\"\nthere\"");
        assert_eq!(written("a\0b"), "a\u{fffd}b");
    }
}
