//! `ndjson`: a table as JSON, an object a line. Keys stand in the order of the columns; what is null is left out; times are ISO 8601.

use crate::cells::Cell;
use crate::error::Halt;
use crate::format::{Options, Way, Writer};
use crate::notes::Notes;
use crate::tables::Table;
use crate::text::time;
use std::io::Write;

pub(crate) const WRITER: Writer =
    Writer { name: "ndjson", summary: "JSON, an object a line, a file a table", extension: "ndjson", way: Way::Table(write) };

fn write(table: &Table, _: &Options, out: &mut dyn Write, _: &mut Notes) -> Result<(), Halt> {
    let names: Vec<String> = table.columns().into_iter().map(|column| column.0).collect();
    table.rows(&mut |row| {
        let mut before: &[u8] = b"{";
        for (name, cell) in names.iter().zip(row.cells()) {
            // JSON has no infinite numbers.
            if matches!(cell, Cell::Null) || matches!(cell, Cell::Real(value) if value.is_infinite()) {
                continue;
            }
            out.write_all(before)?;
            before = b",";
            json(name, out)?;
            out.write_all(b":")?;
            match cell {
                Cell::Null => {}
                Cell::Text(text) => json(text, out)?,
                Cell::Real(value) => json(&value, out)?,
                Cell::Whole(value) => write!(out, "{value}")?,
                Cell::Truth(value) => write!(out, "{value}")?,
                Cell::Time(micros) => json(&time(micros), out)?,
                Cell::Words(words) => json(&words, out)?,
            }
        }
        if before == b"{" {
            out.write_all(before)?;
        }
        out.write_all(b"}\n")?;
        Ok(())
    })?;
    Ok(())
}

fn json<T: serde::Serialize + ?Sized>(value: &T, out: &mut dyn Write) -> std::io::Result<()> {
    serde_json::to_writer(out, value).map_err(Into::into)
}
