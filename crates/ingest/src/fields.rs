//! The fields of one record of delimited text.

use std::borrow::Cow;

/// What separates fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delimiter {
    /// One byte; fields may be quoted.
    Byte(u8),
    /// Runs of spaces and tabs.
    Blanks,
}

/// Splits the first `limit` fields of `record` into `fields`.
pub(crate) fn split<'a>(record: &'a [u8], delimiter: Delimiter, limit: usize, fields: &mut Vec<Cow<'a, [u8]>>) {
    fields.clear();
    match delimiter {
        Delimiter::Blanks => {
            fields.extend(
                record
                    .split(|&byte| byte == b' ' || byte == b'\t')
                    .filter(|field| !field.is_empty())
                    .take(limit)
                    .map(Cow::Borrowed),
            );
        }
        Delimiter::Byte(delimiter) => {
            let mut rest = Some(record);
            while fields.len() < limit
                && let Some(bytes) = rest
            {
                let (field, after) =
                    if bytes.first() == Some(&b'"') { quoted(bytes, delimiter) } else { plain(bytes, delimiter) };
                fields.push(field);
                rest = after;
            }
        }
    }
}

/// Blanks around a field do not belong to it.
#[inline]
pub(crate) fn trimmed(field: &str) -> &str {
    let is_bare = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    let bytes = field.as_bytes();
    if is_bare(bytes.first()) && is_bare(bytes.last()) { field } else { field.trim_ascii() }
}

fn plain(bytes: &[u8], delimiter: u8) -> (Cow<'_, [u8]>, Option<&[u8]>) {
    match memchr::memchr(delimiter, bytes) {
        Some(at) => (Cow::Borrowed(bytes[..at].trim_ascii()), Some(&bytes[at + 1..])),
        None => (Cow::Borrowed(bytes.trim_ascii()), None),
    }
}

/// A quoted field; one that is never closed is taken as plain text.
fn quoted(bytes: &[u8], delimiter: u8) -> (Cow<'_, [u8]>, Option<&[u8]>) {
    let mut text: Cow<'_, [u8]> = Cow::Borrowed(&[]);
    let mut start = 1;
    loop {
        let Some(at) = memchr::memchr(b'"', &bytes[start..]).map(|at| start + at) else { return plain(bytes, delimiter) };
        let doubled = bytes.get(at + 1) == Some(&b'"');
        let piece = &bytes[start..at + usize::from(doubled)];
        if text.is_empty() {
            text = Cow::Borrowed(piece);
        } else {
            text.to_mut().extend_from_slice(piece);
        }
        if doubled {
            start = at + 2;
            continue;
        }
        let after = &bytes[at + 1..];
        return match memchr::memchr(delimiter, after) {
            Some(next) => (text, Some(&after[next + 1..])),
            None => (text, None),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(record: &str, delimiter: Delimiter) -> Vec<String> {
        let mut found = Vec::new();
        split(record.as_bytes(), delimiter, usize::MAX, &mut found);
        found.iter().map(|field| String::from_utf8_lossy(field).into_owned()).collect()
    }

    #[test]
    fn quotes_are_taken_off_and_doubles_undone() {
        let comma = Delimiter::Byte(b',');
        assert_eq!(fields(r#"a, b ,"c, ""d""",,e"#, comma), ["a", "b", "c, \"d\"", "", "e"]);
        assert_eq!(fields(r#""open,b"#, comma), ["\"open", "b"]);
        assert_eq!(fields("a,", comma), ["a", ""]);
        assert_eq!(fields("", comma), [""]);
    }

    #[test]
    fn blanks_run_together() {
        assert_eq!(fields(" 1 \t 2  x", Delimiter::Blanks), ["1", "2", "x"]);
    }
}
