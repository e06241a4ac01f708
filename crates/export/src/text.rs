//! Values as text: numbers that read back to the same bits, times in ISO 8601, and texts that XML can hold.

use crate::cells::Cell;
use std::borrow::Cow;

/// What stands between the words of a list.
const BETWEEN_WORDS: &str = "; ";

/// A cell as text, the same in every format that has no types of its own; `None` for null.
pub(crate) fn plain<'a>(cell: &Cell<'a>) -> Option<Cow<'a, str>> {
    Some(match cell {
        Cell::Null => return None,
        Cell::Text(text) => Cow::Borrowed(*text),
        Cell::Real(value) => number(*value).into(),
        Cell::Whole(value) => value.to_string().into(),
        Cell::Truth(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
        Cell::Time(micros) => time(*micros).into(),
        Cell::Words(words) => words.join(BETWEEN_WORDS).into(),
    })
}

/// The shortest digits that read back to the same number.
pub(crate) fn number(value: f64) -> String {
    match value.abs() {
        f64::INFINITY => if value > 0.0 { "INF" } else { "-INF" }.to_owned(),
        size if size == 0.0 || (1e-5..1e16).contains(&size) => format!("{value}"),
        _ => format!("{value:e}"),
    }
}

/// Microseconds since 1970 as ISO 8601, UTC.
pub(crate) fn time(micros: i64) -> String {
    let time = chrono::DateTime::from_timestamp_micros(micros);
    time.map_or_else(|| micros.to_string(), |time| time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
}

/// Whether XML 1.0 can hold a character.
fn is_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..)
}

/// A text in which characters that XML cannot hold, not even escaped, are replaced.
pub(crate) fn xml_clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_xml) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|character| if is_xml(character) { character } else { char::REPLACEMENT_CHARACTER }).collect())
}

/// A text escaped for element content and attributes alike; line ends and tabs are written so that parsers keep them. Counts in `replaced`
/// the characters that XML cannot hold.
pub(crate) fn xml(text: &str, replaced: &mut u64) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '\t' => escaped.push_str("&#9;"),
            '\n' => escaped.push_str("&#10;"),
            '\r' => escaped.push_str("&#13;"),
            other if is_xml(other) => escaped.push(other),
            _ => {
                *replaced += 1;
                escaped.push(char::REPLACEMENT_CHARACTER);
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back() {
        for value in [0.0, -0.5, 1.0, 0.1 + 0.2, 1e-7, 5e-324, f64::MAX, 123_456_789.123_456_78, 1e16, f64::INFINITY] {
            assert_eq!(number(value).parse::<f64>().unwrap(), value, "{}", number(value));
            assert!(number(value).len() <= 24, "{}", number(value));
        }
    }

    #[test]
    fn hostile_texts_are_sound_xml() {
        let mut replaced = 0;
        assert_eq!(xml("a\u{0}\u{1f}\u{ffff}<&\"]]>\n", &mut replaced), "a\u{fffd}\u{fffd}\u{fffd}&lt;&amp;&quot;]]&gt;&#10;");
        assert_eq!(replaced, 3);
        assert_eq!((xml_clean("😀\n"), xml_clean("a\u{b}")), ("😀\n".into(), "a\u{fffd}".into()));
    }
}
