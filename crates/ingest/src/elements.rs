//! A JSON document over many lines as blocks of whole elements: cut out without holding the document in memory, parsed in parallel.

use crate::IngestError;
use crate::batch::Batch;
use crate::blocks::is_broken_stream;
use crate::intake::Intake;
use crate::rejection::Rejection;
use crate::source::Source;
use rayon::prelude::*;
use std::io::Read;
use std::ops::Range;

/// Bytes of a block.
const BLOCK: usize = 4 << 20;
/// What some writers of UTF-8 put in front of all.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Which elements are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Elements {
    /// Those of top-level arrays, and other top-level values.
    All,
    /// Those of the array that starts at this byte of the head; what comes behind it is passed over.
    OfArrayAt(usize),
}

/// Whole elements, and the number of the first.
struct Block {
    bytes: Vec<u8>,
    elements: Vec<Range<usize>>,
    first: u64,
}

/// Reads all of `source`: `record(batch, number, bytes)` gets one element each, and a batch that `start` made. An element longer than `longest` is rejected; a document that
/// breaks off gives what came before and one rejection.
pub(crate) fn parse_elements(
    source: &mut Source,
    wanted: Elements,
    longest: usize,
    intake: &mut Intake,
    start: fn() -> Batch,
    record: impl Fn(&mut Batch, u64, &[u8]) + Sync,
) -> Result<(), IngestError> {
    let cutter = Cutter { is_single: wanted != Elements::All, ..Cutter::default() };
    let mut reader = Reader { source, longest, cutter, number: 1, ended: false, rejections: Vec::new() };
    match wanted {
        Elements::OfArrayAt(offset) => reader.skip(offset)?,
        // A byte order mark is no beginning of a value.
        Elements::All if reader.source.head.starts_with(BYTE_ORDER_MARK) => reader.skip(BYTE_ORDER_MARK.len())?,
        Elements::All => {}
    }
    let at_once = rayon::current_num_threads() * 2;
    let parse = |block: &Block| {
        let mut batch = start();
        for (number, element) in (block.first..).zip(&block.elements) {
            batch.record(|batch| record(batch, number, &block.bytes[element.clone()]));
        }
        batch
    };
    while !reader.ended {
        reader.source.progress.check()?;
        let mut round = Vec::with_capacity(at_once);
        while round.len() < at_once
            && let Some(block) = reader.next()?
        {
            round.push(block);
        }
        intake.take(round.par_iter().map(parse).collect());
    }
    let mut batch = Batch { records: reader.rejections.len() as u64, ..Batch::default() };
    reader.rejections.into_iter().for_each(|rejection| batch.rejections.push(rejection));
    intake.take(vec![batch]);
    Ok(())
}

struct Reader<'a> {
    source: &'a mut Source,
    longest: usize,
    cutter: Cutter,
    /// Number of the next element.
    number: u64,
    ended: bool,
    rejections: Vec<Rejection>,
}

impl Reader<'_> {
    fn skip(&mut self, bytes: usize) -> Result<(), IngestError> {
        let path = self.source.path.clone();
        let copied = std::io::copy(&mut self.source.by_ref().take(bytes as u64), &mut std::io::sink());
        copied.map(drop).map_err(|source| IngestError::Io { path, source })
    }

    fn reject(&mut self, reason: impl Into<String>) {
        self.rejections.push(Rejection::new(self.number, "row", reason));
        self.number += 1;
    }

    /// The next block; `None` once the source has ended.
    fn next(&mut self) -> Result<Option<Block>, IngestError> {
        while !self.ended {
            let broken = self.fill()?;
            let mut elements = Vec::new();
            let too_long = self.cutter.scan(&mut elements);
            if too_long {
                self.reject(format!("longer than {} MiB", self.longest >> 20));
            }
            self.cutter.is_dropping |= self.cutter.open_bytes() > self.longest;
            if self.cutter.is_single && self.cutter.arrays_closed > 0 {
                self.source.drain()?;
                self.ended = true;
            }
            let first = self.number;
            self.number += elements.len() as u64;
            if self.ended {
                self.end(&mut elements, broken);
            }
            let bytes = self.cutter.take(&elements);
            if !elements.is_empty() {
                return Ok(Some(Block { bytes, elements, first }));
            }
        }
        Ok(None)
    }

    /// What is open when there are no more bytes.
    fn end(&mut self, elements: &mut Vec<Range<usize>>, broken: Option<String>) {
        if let Some(last) = self.cutter.last_scalar() {
            elements.push(last);
            self.number += 1;
        } else if let Some(reason) = broken {
            self.reject(format!("the compressed data breaks off here ({reason}); what came before was read"));
        } else if self.cutter.start.is_some() || self.cutter.is_in_array {
            self.reject("the file breaks off here, or a bracket is missing; what came before was read");
        }
    }

    /// Adds up to a block of bytes; gives the reason if the stream breaks.
    fn fill(&mut self) -> Result<Option<String>, IngestError> {
        let bytes = &mut self.cutter.bytes;
        let mut filled = bytes.len();
        let wanted = filled + BLOCK;
        bytes.resize(wanted, 0);
        let mut broken = None;
        while filled < wanted && !self.ended {
            match self.source.read(&mut bytes[filled..]) {
                Ok(0) => self.ended = true,
                Ok(read) => filled += read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) if is_broken_stream(&error) => {
                    broken = Some(error.to_string());
                    self.ended = true;
                }
                Err(source) => return Err(IngestError::Io { path: self.source.path.clone(), source }),
            }
        }
        bytes.truncate(filled);
        Ok(broken)
    }
}

/// Follows strings and brackets through the bytes, however these come in pieces.
#[derive(Default)]
struct Cutter {
    bytes: Vec<u8>,
    /// Bytes before here were looked at.
    at: usize,
    /// Where the element under way starts.
    start: Option<usize>,
    /// Brackets open in the element.
    depth: usize,
    is_in_string: bool,
    is_in_array: bool,
    arrays_closed: u64,
    /// Whether what comes behind the first array is passed over.
    is_single: bool,
    /// Whether the element under way is too long to be kept: its brackets are followed, its bytes dropped.
    is_dropping: bool,
}

impl Cutter {
    fn open_bytes(&self) -> usize {
        self.start.map_or(0, |start| self.bytes.len() - start)
    }

    /// Looks at all bytes that came; whether an element ended that was too long.
    fn scan(&mut self, elements: &mut Vec<Range<usize>>) -> bool {
        let mut has_dropped = false;
        while self.at < self.bytes.len() {
            let Some(start) = self.start else {
                match self.bytes[self.at] {
                    b'[' if !self.is_in_array => self.is_in_array = true,
                    b']' if self.is_in_array => {
                        self.is_in_array = false;
                        self.arrays_closed += 1;
                        if self.is_single {
                            self.at = self.bytes.len();
                            return has_dropped;
                        }
                    }
                    byte if byte.is_ascii_whitespace() || byte == b',' => {}
                    _ => {
                        self.start = Some(self.at);
                        continue;
                    }
                }
                self.at += 1;
                continue;
            };
            let Some(end) = self.element_end(start) else { break };
            self.start = None;
            if std::mem::take(&mut self.is_dropping) {
                has_dropped = true;
            } else {
                elements.push(start..end);
            }
        }
        has_dropped
    }

    /// Goes on to the end of the element under way, if that is here.
    fn element_end(&mut self, start: usize) -> Option<usize> {
        let Self { bytes, at, depth, is_in_string, .. } = self;
        while *at < bytes.len() {
            if *is_in_string {
                // No string holds a line end: one that does was never closed, and costs no more than its element.
                match memchr::memchr3(b'"', b'\\', b'\n', &bytes[*at..]).map(|found| *at + found) {
                    None => {
                        *at = bytes.len();
                        return None;
                    }
                    Some(found) if bytes[found] == b'\\' => {
                        if found + 1 >= bytes.len() {
                            *at = found;
                            return None;
                        }
                        *at = found + 2;
                    }
                    Some(found) => {
                        *is_in_string = false;
                        *at = found + 1;
                    }
                }
                continue;
            }
            match bytes[*at] {
                b'"' => *is_in_string = true,
                b'{' | b'[' => *depth += 1,
                b'}' | b']' if *depth > 1 => *depth -= 1,
                b'}' | b']' if *depth == 1 => {
                    *depth = 0;
                    *at += 1;
                    return Some(*at);
                }
                // A value without brackets, such as a number: no record of anything, but it ends somewhere.
                // A bracket that closes nothing is such a value too.
                b',' | b']' | b'\n' if *depth == 0 && *at > start => return Some(*at),
                _ => {}
            }
            *at += 1;
        }
        None
    }

    /// A value without brackets that the end of the file ends.
    fn last_scalar(&mut self) -> Option<Range<usize>> {
        let start = self.start.filter(|_| self.depth == 0 && !self.is_in_string && !self.is_in_array)?;
        self.start = None;
        Some(start..self.bytes.len())
    }

    /// The bytes up to the end of the last element; the rest is kept, unless nothing of it is needed.
    fn take(&mut self, elements: &[Range<usize>]) -> Vec<u8> {
        let needed = self.start.filter(|_| !self.is_dropping).unwrap_or(self.at);
        let end = elements.last().map_or(0, |last| last.end);
        let rest = self.bytes.split_off(needed);
        let mut bytes = std::mem::replace(&mut self.bytes, rest);
        bytes.truncate(end);
        self.at -= needed;
        self.start = self.start.map(|start| start.saturating_sub(needed));
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cuts a text that comes in pieces of so many bytes.
    fn cut(text: &str, piece: usize) -> Vec<String> {
        let mut cutter = Cutter::default();
        let mut found = Vec::new();
        for piece in text.as_bytes().chunks(piece) {
            cutter.bytes.extend_from_slice(piece);
            let mut elements = Vec::new();
            cutter.scan(&mut elements);
            let bytes = cutter.take(&elements);
            found.extend(elements.into_iter().map(|range| String::from_utf8(bytes[range].to_vec()).unwrap()));
        }
        found
    }

    #[test]
    fn elements_are_cut_wherever_the_pieces_end() {
        let text = r#" [ {"a":"x]}\"","b":[1,{"c":2}]},
          {"d":{}} ,7, "s,", [3] ] {"e":"\\"} "#;
        let wanted = [r#"{"a":"x]}\"","b":[1,{"c":2}]}"#, r#"{"d":{}}"#, "7", r#""s,""#, "[3]", r#"{"e":"\\"}"#];
        for piece in [1, 2, 3, 7, 1000] {
            let found: Vec<String> = cut(text, piece).iter().map(|element| element.trim().to_owned()).collect();
            assert_eq!(found, wanted, "pieces of {piece}");
        }
    }

    #[test]
    fn brackets_that_close_nothing_end_all_the_same() {
        for piece in [1, 1000] {
            assert_eq!(cut("]]\n}]}\n[1]\n", piece).concat(), "]]}]}1", "pieces of {piece}");
        }
    }

    #[test]
    fn a_string_that_is_never_closed_costs_its_element() {
        assert_eq!(cut("[\n{\"a\":\"b},\n{\"c\":\"]\"\n},\n{\"d\":1}\n", 1000).len(), 0);
        assert_eq!(cut("[\n{\"a\":\"b\n},\n{\"d\":1}]", 1000), ["{\"a\":\"b\n}", "{\"d\":1}"]);
    }

    #[test]
    fn a_byte_order_mark_costs_nothing() {
        let text = "\u{feff}[{\"source\":\"a\",\"target\":\"b\"},\n{\"source\":\"b\",\"target\":\"c\"}]";
        let found = crate::read_bytes(text.into(), &crate::ReadOptions::default(), &crate::Request::default()).unwrap();
        assert_eq!((found.inputs[0].rows, found.rejected), (2, 0));
    }
}
