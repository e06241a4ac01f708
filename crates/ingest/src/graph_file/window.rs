//! A window that slides over the bytes of a source, and knows in which line it is.

use crate::IngestError;
use crate::blocks::is_broken_stream;
use crate::source::Source;
use std::io::Read;

/// Bytes read at once.
const CHUNK: usize = 1 << 18;

/// Bytes of a source that were read and not yet used.
pub(crate) struct Window<'a> {
    source: &'a mut Source,
    bytes: Vec<u8>,
    at: usize,
    /// The physical line of the next byte.
    pub(crate) line: u64,
    /// Whether nothing more can be read.
    pub(crate) is_ended: bool,
    /// Why the source broke off, if it did: half a compressed file.
    pub(crate) broken: Option<String>,
}

impl<'a> Window<'a> {
    pub(crate) fn new(source: &'a mut Source) -> Self {
        Self { source, bytes: Vec::new(), at: 0, line: 1, is_ended: false, broken: None }
    }

    /// The bytes at hand.
    pub(crate) fn rest(&self) -> &[u8] {
        &self.bytes[self.at..]
    }

    /// Reads more; the bytes at hand stay.
    pub(crate) fn fill(&mut self) -> Result<(), IngestError> {
        self.source.progress.check()?;
        self.bytes.drain(..self.at);
        self.at = 0;
        let filled = self.bytes.len();
        self.bytes.resize(filled + CHUNK, 0);
        let read = loop {
            match self.source.read(&mut self.bytes[filled..]) {
                Ok(read) => break read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) if is_broken_stream(&error) => {
                    self.broken = Some(error.to_string());
                    break 0;
                }
                Err(source) => return Err(IngestError::Io { path: self.source.path.clone(), source }),
            }
        };
        self.is_ended = read == 0;
        self.bytes.truncate(filled + read);
        Ok(())
    }

    /// Leaves bytes behind, and counts their lines.
    pub(crate) fn pass(&mut self, length: usize) {
        let passed = &self.bytes[self.at..self.at + length];
        self.line += memchr::memchr_iter(b'\n', passed).count() as u64;
        self.at += length;
    }

    /// What is said of a file that ends too early.
    pub(crate) fn break_reason(&self) -> String {
        match &self.broken {
            Some(error) => format!("the compressed data breaks off here ({error}); what came before was read"),
            None => "the file breaks off here; what came before was read".to_owned(),
        }
    }
}
