//! The lines of a graph file, one after the other.

use crate::IngestError;
use crate::graph_file::Window;
use crate::source::Source;

/// A longer line is no line; a vertex with ten million neighbours has one of 80 MB.
const LONGEST: usize = 256 << 20;

/// Walks over lines.
pub(crate) struct Lines<'a> {
    pub(crate) window: Window<'a>,
    /// Length of the line given last, to be left behind before the next.
    given: usize,
}

/// One line without its end.
pub(crate) struct Line<'a> {
    /// From 1.
    pub(crate) number: u64,
    pub(crate) bytes: &'a [u8],
    /// Whether a line end follows; the last line of a file that was cut has none.
    pub(crate) is_whole: bool,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(source: &'a mut Source) -> Self {
        Self { window: Window::new(source), given: 0 }
    }

    /// The next line; `None` at the end. A line that a broken stream cuts is left out. One that is too long comes in pieces.
    pub(crate) fn next(&mut self) -> Result<Option<Line<'_>>, IngestError> {
        self.window.pass(std::mem::take(&mut self.given));
        let mut looked_at = 0;
        let (length, is_whole) = loop {
            let rest = self.window.rest();
            if let Some(at) = memchr::memchr(b'\n', &rest[looked_at..]) {
                break (looked_at + at, true);
            }
            looked_at = rest.len();
            if self.window.is_ended || looked_at > LONGEST {
                break (looked_at, false);
            }
            self.window.fill()?;
        };
        if !is_whole && (length == 0 || self.window.broken.is_some()) {
            return Ok(None);
        }
        self.given = length + usize::from(is_whole);
        let number = self.window.line;
        let mut bytes = &self.window.rest()[..length];
        if number == 1 {
            bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        }
        Ok(Some(Line { number, bytes: bytes.strip_suffix(b"\r").unwrap_or(bytes), is_whole }))
    }

    /// The line after the last, where the file ends.
    pub(crate) fn end(&self) -> u64 {
        self.window.line
    }
}

/// The fields of a line, separated by blanks.
pub(crate) fn words(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty())
}

/// A whole number without sign.
pub(crate) fn whole(word: &[u8]) -> Option<u64> {
    if word.is_empty() || !word.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(word).ok()?.parse().ok()
}
