//! `edges`: delimited text with an edge a row, found out from its first lines: commas, tabs, semicolons or spaces; with or without a header;
//! `#` and `%` comments; SNAP files; an optional count row `n m` before m rows.

use crate::IngestError;
use crate::blocks::{Records, parse_blocks};
use crate::columns::ColumnRef;
use crate::dialect::{Dialect, count_row, first_data_line, is_of_accounts};
use crate::edge_row::RowReader;
use crate::fields::Delimiter;
use crate::format::{FormatSpec, ReadOptions, Reading, first_byte, is_binary};
use crate::intake::Intake;
use crate::rejection::shown;
use crate::source::Source;
use crate::time;

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
    let counts = columns.time.and_then(|place| dialect.sample.first()?.get(place)?.parse::<i64>().ok());
    if let Some(count) = counts {
        notes.push(format!("{}: times are {} since 1970, judged by their size", source.path.display(), time::unit_of(count)));
    }
    let relation = options.relation.as_deref().unwrap_or(if columns.is_follow { FOLLOW } else { DEFAULT_RELATION });
    let count_row = count_row(&dialect);
    let header_line = dialect.header.is_some().then(|| first_data_line(&source.head));
    let reader = RowReader::new(dialect.delimiter, &columns, relation, header_line);
    let records = match dialect.delimiter {
        Delimiter::Byte(byte) => Records::Quoted(byte),
        Delimiter::Blanks => Records::Lines,
    };
    parse_blocks(source, records, LONGEST_LINE, intake, |block| reader.block(block))?;
    if intake.is_open_ended {
        let what = "the last line has no line end: if the file was cut off, its last row is cut too";
        notes.push(format!("{}: {what}", source.path.display()));
    }
    if let Some(promised) = count_row
        && intake.records() == promised + 1
        && intake.drop_first_row()
    {
        notes.push(format!("{}: the first row counts the {promised} rows that follow, and is no edge", source.path.display()));
    }
    Ok(Reading { notes, ..Reading::default() })
}

/// A weight: finite and above 0.
pub(crate) fn weight(text: &str) -> Result<f64, String> {
    let no_number = |_| if text.is_empty() { "empty".to_owned() } else { format!("no number: {}", shown(text)) };
    let weight = plain_decimal(text.as_bytes()).map_or_else(|| text.parse().map_err(no_number), Ok)?;
    check_weight(weight)
}

/// Digits with at most one point among them, at most 15: such a number is the quotient of two that `f64` holds exactly, hence rightly rounded.
fn plain_decimal(text: &[u8]) -> Option<f64> {
    const POWERS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
    let mut digits: u64 = 0;
    let mut point = None;
    for (at, &byte) in text.iter().enumerate() {
        match byte {
            b'0'..=b'9' => digits = digits * 10 + u64::from(byte - b'0'),
            b'.' if point.is_none() => point = Some(at),
            _ => return None,
        }
        if at > 15 {
            return None;
        }
    }
    let behind = point.map_or(0, |at| text.len() - at - 1);
    let count = text.len() - usize::from(point.is_some());
    (count > 0 && count <= 15).then(|| digits as f64 / POWERS[behind])
}

/// Checks that a weight is finite and above 0.
pub(crate) fn check_weight(weight: f64) -> Result<f64, String> {
    if weight.is_finite() && weight > 0.0 { Ok(weight) } else { Err(format!("must be finite and above 0, got {weight}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_must_be_finite_and_positive() {
        assert_eq!(weight("0.5"), Ok(0.5));
        for text in [
            "1",
            "1.0",
            "0.1",
            ".5",
            "5.",
            "0.30000000000001",
            "123456789012345",
            "999.999999999999",
            "1e3",
            "1234567890123456.7",
        ] {
            assert_eq!(weight(text), Ok(text.parse::<f64>().unwrap()), "{text}");
        }
        for text in ["-1", "0", "NaN", "inf", "", "many"] {
            assert!(weight(text).is_err(), "{text}");
        }
    }
}
