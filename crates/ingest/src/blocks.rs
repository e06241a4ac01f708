//! An input as blocks of whole records, for parsing in parallel; and the walk over the records of a block.

use crate::IngestError;
use crate::batch::Batch;
use crate::intake::Intake;
use crate::rejection::Rejection;
use crate::source::Source;
use rayon::prelude::*;
use std::io::Read;

/// Bytes of a block.
const BLOCK: usize = 1 << 20;
/// Blocks read ahead for each thread.
const BLOCKS_AT_ONCE: usize = 8;
/// A quoted field that spans more than this is a stray quote.
const LONGEST_QUOTED: usize = 1 << 20;

/// What ends a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Records {
    /// A line end, always.
    Lines,
    /// A line end outside a quoted field; fields are separated by this byte.
    Quoted(u8),
}

/// Whole records, and the physical line of the first.
#[derive(Debug)]
pub(crate) struct Block {
    /// Bytes of the records, and room behind them that a later block may use.
    buffer: Vec<u8>,
    length: usize,
    pub(crate) first_line: u64,
    /// Line ends in it.
    pub(crate) lines: usize,
    /// Whether a `"` occurs.
    pub(crate) has_quotes: bool,
}

/// Cuts a source into blocks.
struct Blocks<'a> {
    source: &'a mut Source,
    records: Records,
    longest: usize,
    carry: Vec<u8>,
    line: u64,
    ended: bool,
    rejections: Vec<Rejection>,
    /// Buffers to be used again.
    spare: Vec<Vec<u8>>,
    last_byte: Option<u8>,
}

/// Reads all of `source` and parses its blocks in parallel; `intake` gets the batches in order. While one round of blocks is parsed the next is
/// read. Records longer than `longest` bytes are rejected without being held in memory. A stream that breaks off (half a gzip
/// file) gives what came before, and one rejection that says so.
pub(crate) fn parse_blocks(
    source: &mut Source,
    records: Records,
    longest: usize,
    intake: &mut Intake,
    parse: impl Fn(&Block) -> Batch + Sync,
) -> Result<(), IngestError> {
    let progress = std::sync::Arc::clone(&source.progress);
    let mut blocks = Blocks {
        source,
        records,
        longest,
        carry: Vec::new(),
        line: 1,
        ended: false,
        rejections: Vec::new(),
        spare: Vec::new(),
        last_byte: None,
    };
    let at_once = rayon::current_num_threads() * BLOCKS_AT_ONCE;
    let mut round = blocks.round(at_once)?;
    while !round.is_empty() {
        progress.check()?;
        let (parsed, next) = rayon::join(|| round.par_iter().map(&parse).collect(), || blocks.round(at_once));
        intake.take(parsed);
        blocks.spare.extend(std::mem::replace(&mut round, next?).into_iter().map(|block| block.buffer));
    }
    intake.is_open_ended = blocks.last_byte.is_some_and(|byte| byte != b'\n');
    let mut batch = Batch { records: blocks.rejections.len() as u64, ..Batch::default() };
    blocks.rejections.into_iter().for_each(|rejection| batch.rejections.push(rejection));
    intake.take(vec![batch]);
    Ok(())
}

impl Blocks<'_> {
    /// The next few blocks; none at the end.
    fn round(&mut self, at_once: usize) -> Result<Vec<Block>, IngestError> {
        let mut round = Vec::with_capacity(at_once);
        while round.len() < at_once
            && let Some(block) = self.next()?
        {
            round.push(block);
        }
        Ok(round)
    }

    fn next(&mut self) -> Result<Option<Block>, IngestError> {
        let mut buffer = self.spare.pop().unwrap_or_default();
        let mut filled = 0;
        loop {
            if self.ended && self.carry.is_empty() {
                return Ok(None);
            }
            if !self.carry.is_empty() {
                grow(&mut buffer, self.carry.len());
                buffer[..self.carry.len()].copy_from_slice(&self.carry);
                filled = self.carry.len();
                self.carry.clear();
            }
            filled = self.fill(&mut buffer, filled)?;
            let quote = memchr::memchr(b'"', &buffer[..filled]);
            let end = if self.ended { filled } else { self.cut(&buffer[..filled], quote) };
            if end == 0 && self.ended {
                return Ok(None);
            }
            if end == 0 {
                if filled > self.longest {
                    self.skip_record(&mut buffer)?;
                    filled = 0;
                }
                continue;
            }
            self.carry.extend_from_slice(&buffer[end..filled]);
            let first_line = self.line;
            let lines = memchr::memchr_iter(b'\n', &buffer[..end]).count();
            self.line += lines as u64;
            self.last_byte = buffer[..end].last().copied();
            return Ok(Some(Block { buffer, length: end, first_line, lines, has_quotes: quote.is_some_and(|at| at < end) }));
        }
    }

    /// Adds up to a block of bytes behind the first `filled`; returns how many there are then.
    fn fill(&mut self, buffer: &mut Vec<u8>, mut filled: usize) -> Result<usize, IngestError> {
        if self.ended {
            return Ok(filled);
        }
        let wanted = filled + BLOCK;
        grow(buffer, wanted);
        while filled < wanted && !self.ended {
            match self.source.read(&mut buffer[filled..wanted]) {
                Ok(0) => self.ended = true,
                Ok(read) => filled += read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) if is_broken_stream(&error) => {
                    let reason = format!("the compressed data breaks off here ({error}); what came before was read");
                    let line = self.line + memchr::memchr_iter(b'\n', &buffer[..filled]).count() as u64;
                    self.rejections.push(Rejection::new(line, "row", reason));
                    self.ended = true;
                    // The last line is cut too, unless it happens to be whole.
                    filled = memchr::memrchr(b'\n', &buffer[..filled]).map_or(0, |at| at + 1);
                }
                Err(source) => return Err(IngestError::Io { path: self.source.path.clone(), source }),
            }
        }
        Ok(filled)
    }

    /// Where the last whole record ends; `quote` is the place of the first `"`.
    fn cut(&self, bytes: &[u8], quote: Option<usize>) -> usize {
        let last_line = memchr::memrchr(b'\n', bytes).map_or(0, |at| at + 1);
        if self.records == Records::Lines || quote.is_none_or(|at| at >= last_line) {
            return last_line;
        }
        let mut start = 0;
        while start < last_line {
            match record_end(bytes, start, self.records) {
                RecordEnd::At(end) => start = end,
                RecordEnd::Open => break,
            }
        }
        start.min(last_line)
    }

    /// Throws the rest of a record away that is too long to be one.
    fn skip_record(&mut self, buffer: &mut Vec<u8>) -> Result<(), IngestError> {
        let reason = format!("longer than {} MiB", self.longest >> 20);
        self.rejections.push(Rejection::new(self.line, "row", reason));
        loop {
            self.source.progress.check()?;
            let filled = self.fill(buffer, 0)?;
            if let Some(at) = memchr::memchr(b'\n', &buffer[..filled]) {
                self.line += 1;
                self.carry.extend_from_slice(&buffer[at + 1..filled]);
                return Ok(());
            }
            if self.ended {
                return Ok(());
            }
        }
    }
}

fn grow(buffer: &mut Vec<u8>, length: usize) {
    if buffer.len() < length {
        buffer.resize(length, 0);
    }
}

/// Whether an error says that compressed data is cut or damaged, and not that the disk failed.
pub(crate) fn is_broken_stream(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{InvalidData, InvalidInput, Other, UnexpectedEof};
    matches!(error.kind(), UnexpectedEof | InvalidData | InvalidInput | Other)
}

enum RecordEnd {
    At(usize),
    /// A quoted field is still open at the end of the bytes.
    Open,
}

/// Where the record that starts at `start` ends, its line end included.
fn record_end(bytes: &[u8], start: usize, records: Records) -> RecordEnd {
    let line_end = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |at| start + at + 1);
    let Records::Quoted(delimiter) = records else { return RecordEnd::At(line_end) };
    if memchr::memchr(b'"', &bytes[start..line_end]).is_none() {
        return RecordEnd::At(line_end);
    }
    let mut at = start;
    let mut at_field_start = true;
    while at < bytes.len() {
        match bytes[at] {
            b'"' if at_field_start => match closing_quote(&bytes[at + 1..]) {
                // Text behind a closing quote means that the opening one was none.
                Some(length)
                    if bytes.get(at + length + 2).is_none_or(|&next| [delimiter, b'\r', b'\n', b' '].contains(&next)) =>
                {
                    at += length + 1;
                }
                Some(_) => return RecordEnd::At(line_end),
                None if bytes.len() - at > LONGEST_QUOTED => return RecordEnd::At(line_end),
                None => return RecordEnd::Open,
            },
            b'\n' => return RecordEnd::At(at + 1),
            _ => {}
        }
        at_field_start = bytes[at] == delimiter;
        at += 1;
    }
    RecordEnd::At(bytes.len())
}

/// The place of the quote that closes a field; two in a row are one that belongs to it.
fn closing_quote(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += memchr::memchr(b'"', bytes.get(at..)?)?;
        if bytes.get(at + 1) != Some(&b'"') {
            return (at <= LONGEST_QUOTED).then_some(at);
        }
        at += 2;
    }
}

impl Block {
    /// The records, end to end.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.buffer[..self.length]
    }

    /// Each record with its line, line end taken off.
    pub(crate) fn records(&self, records: Records) -> impl Iterator<Item = (u64, &[u8])> {
        let bytes = self.bytes();
        let mut start = 0;
        let mut line = self.first_line;
        std::iter::from_fn(move || {
            if start >= bytes.len() {
                return None;
            }
            let end = match record_end(bytes, start, records) {
                RecordEnd::At(end) => end,
                // A stray quote at the very end: take the line as it is.
                RecordEnd::Open => memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |at| start + at + 1),
            };
            let mut record = &bytes[start..end];
            let own_line = line;
            line += match records {
                Records::Lines => 1,
                Records::Quoted(_) => memchr::memchr_iter(b'\n', record).count() as u64,
            };
            record = record.strip_suffix(b"\n").unwrap_or(record);
            record = record.strip_suffix(b"\r").unwrap_or(record);
            start = end;
            Some((own_line, record))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(text: &str) -> Vec<(u64, String)> {
        let block = Block { buffer: text.as_bytes().to_vec(), length: text.len(), first_line: 1, lines: 0, has_quotes: true };
        block.records(Records::Quoted(b',')).map(|(line, record)| (line, String::from_utf8_lossy(record).into_owned())).collect()
    }

    #[test]
    fn a_quoted_field_may_hold_line_ends() {
        let found = records("a,\"one\ntwo \"\"x\"\"\",b\r\nc,d\n");
        assert_eq!(found, [(1, "a,\"one\ntwo \"\"x\"\"\",b".to_owned()), (3, "c,d".to_owned())]);
    }

    #[test]
    fn a_stray_quote_costs_one_line() {
        for text in ["5\" nail,b\n\"open,b\nc,d\n", "\"open,b\nc,\"d\"\ne,f\n"] {
            let found = records(text);
            assert_eq!(found.iter().map(|record| record.0).collect::<Vec<_>>(), [1, 2, 3]);
        }
    }
}
