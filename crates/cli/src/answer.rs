//! Answers on standard output: JSON for machines, tables for people.

use crate::failure::Failure;
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use serde::Serialize;
use std::io::{IsTerminal, Write};

/// Writes one JSON document.
pub(crate) fn json(value: &impl Serialize) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, value).map_err(std::io::Error::from)?;
    writeln!(out)?;
    out.flush()?;
    Ok(())
}

/// Writes text.
pub(crate) fn text(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", text.trim_end())?;
    out.flush()?;
    Ok(())
}

/// A table for people: columns whose number stands in `right` are numbers.
pub(crate) fn table(header: &[&str], right: &[usize], rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).add_rows(rows);
    if !header.is_empty() {
        table.set_header(header.iter().copied());
    }
    if std::io::stdout().is_terminal() {
        table.set_content_arrangement(ContentArrangement::Dynamic);
    }
    for &place in right {
        if let Some(column) = table.column_mut(place) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

/// One line of a ranking.
pub(crate) struct Ranked<'a> {
    pub(crate) rank: usize,
    /// Handle, or key where there is none.
    pub(crate) account: &'a str,
    pub(crate) name: Option<&'a str>,
    pub(crate) role: Option<&'a str>,
    pub(crate) community: Option<u64>,
    pub(crate) value: String,
}

/// A ranking by a metric.
pub(crate) fn ranking<'a>(metric: &str, rows: impl Iterator<Item = Ranked<'a>>) -> String {
    let cells = |row: Ranked<'_>| {
        let name = row.name.map(|name| short(name, 40)).unwrap_or_default();
        let community = row.community.map(|community| community.to_string()).unwrap_or_default();
        vec![row.rank.to_string(), row.account.to_owned(), name, row.role.unwrap_or_default().to_owned(), community, row.value]
    };
    table(&["", "account", "name", "role", "community", metric], &[0, 4, 5], rows.map(cells).collect())
}

/// A whole number with commas.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 edge`, `2 edges`.
pub(crate) fn plural(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// A real number with four significant digits; a whole one as it is.
pub(crate) fn real(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        let sign = if value < 0.0 { "-" } else { "" };
        return format!("{sign}{}", count(value.abs() as u64));
    }
    let magnitude = value.abs().log10().floor() as i32;
    match magnitude {
        -5..=3 => format!("{value:.*}", usize::try_from(3 - magnitude).unwrap_or(0)),
        4..=14 => format!("{value:.0}"),
        _ => format!("{value:.3e}"),
    }
}

/// A cell of a JSON row for people.
pub(crate) fn cell(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Number(number) => number.as_u64().map_or_else(|| real(number.as_f64().unwrap_or(f64::NAN)), count),
        serde_json::Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// Text shortened to `most` characters, on one line.
pub(crate) fn short(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most { line } else { line.chars().take(most - 1).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!([count(0), count(999), count(1_000), count(12_345_678)], ["0", "999", "1,000", "12,345,678"]);
        assert_eq!(
            [real(0.0), real(0.012_345_6), real(-0.5), real(12.0), real(1e-9)],
            ["0", "0.01235", "-0.5000", "12", "1.000e-9"]
        );
        assert_eq!(short("a  b\nc", 3), "a …");
    }
}
