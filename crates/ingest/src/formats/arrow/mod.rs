//! `arrow`: Arrow IPC, files (Feather) and streams, an edge or event a row, with the same words as a header of delimited text.
//!
//! A file is read as the stream that it holds, so that standard input and compressed files work too, and half a file gives its first half.

mod lengths;

use crate::IngestError;
use crate::batch::Batch;
use crate::contained::contained;
use crate::format::{FormatSpec, ReadOptions, Reading};
use crate::intake::Intake;
use crate::record_batch::Layout;
use crate::source::Source;
use crate::time;
use arrow::array::RecordBatch;
use arrow::buffer::Buffer;
use arrow::datatypes::Schema;
use arrow::ipc::convert::try_fb_to_schema;
use arrow::ipc::reader::StreamDecoder;
use arrow::ipc::root_as_message;
use rayon::prelude::*;
use std::io::Read;

pub(crate) const FORMAT: FormatSpec = FormatSpec {
    name: "arrow",
    summary: "Arrow IPC (Feather) files and streams, an edge or event a row, with the same words as a header",
    claims: |head| head.starts_with(FILE_MAGIC) || is_stream(head),
    read,
};

/// What a file begins with; a stream follows, behind padding to 8 bytes or to as many as its writer aligns to.
const FILE_MAGIC: &[u8] = b"ARROW1\0\0";
/// The most that writers align to.
const WIDEST_ALIGNMENT: usize = 128;

/// Where the stream within a file starts: at the first mark of a message.
fn stream_start(head: &[u8]) -> usize {
    let starts = (FILE_MAGIC.len()..=WIDEST_ALIGNMENT).step_by(8);
    let is_mark = |at: &usize| head.get(*at..).is_some_and(|rest| rest.starts_with(&[0xff; 4]));
    starts.into_iter().find(is_mark).unwrap_or(FILE_MAGIC.len())
}

/// A stream begins with a mark, the length of its schema, and a flatbuffer of that length.
fn is_stream(head: &[u8]) -> bool {
    let length = head.get(4..8).map(|bytes| i32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]));
    head.starts_with(&[0xff; 4]) && length.is_some_and(|length| length > 0 && length % 8 == 0)
}

/// The record batches of a stream, a message at a time. No length that a message states is believed before so many bytes are there: the decoder
/// would ask for as much memory as it says.
struct Parts<'a> {
    source: &'a mut Source,
    decoder: StreamDecoder,
    /// The decoder's, which it tells only once the message behind it has come.
    schema: Option<Schema>,
    /// Whether the mark of the stream's end has come; a file's list of contents follows it.
    is_ended: bool,
}

impl Parts<'_> {
    /// The next rows; `None` at the end.
    fn next(&mut self) -> Result<Option<RecordBatch>, String> {
        while let Some(message) = self.message()? {
            let mut bytes = Buffer::from_vec(message);
            let decoded = contained(|| self.decoder.decode(&mut bytes))?;
            if let Some(part) = decoded.map_err(|error| error.to_string())? {
                return Ok(Some(part));
            }
        }
        Ok(None)
    }

    /// The bytes of the next message: its mark, its length, its description and its body.
    fn message(&mut self) -> Result<Option<Vec<u8>>, String> {
        let mut bytes = Vec::new();
        if self.is_ended || !self.add(&mut bytes, 4)? {
            return Ok(None);
        }
        // Streams of old have no mark in front of the length.
        if bytes == [0xff; 4] && !self.add(&mut bytes, 4)? {
            return Err("it ends within a message".to_owned());
        }
        let length = bytes.last_chunk().map_or(0, |length| u32::from_le_bytes(*length));
        if length == 0 {
            self.is_ended = true;
            return Ok(None);
        }
        let description = bytes.len();
        self.add(&mut bytes, u64::from(length))?;
        let body = {
            let message = root_as_message(&bytes[description..]).map_err(|error| error.to_string())?;
            u64::try_from(message.bodyLength()).map_err(|_| "a message of negative length".to_owned())?
        };
        let start = bytes.len();
        if body > 0 {
            self.add(&mut bytes, body)?;
        }
        let message = root_as_message(&bytes[description..start]).map_err(|error| error.to_string())?;
        match message.header_as_schema() {
            Some(schema) => self.schema = Some(contained(|| try_fb_to_schema(schema))?.map_err(|error| error.to_string())?),
            None => lengths::check(&message, &bytes[start..], self.schema.as_ref())?,
        }
        Ok(Some(bytes))
    }

    /// Reads so many bytes more; `false` if there is none.
    fn add(&mut self, bytes: &mut Vec<u8>, count: u64) -> Result<bool, String> {
        let read = self.source.by_ref().take(count).read_to_end(bytes).map_err(|error| error.to_string())?;
        match read as u64 {
            0 => Ok(false),
            read if read < count => Err("it ends within a message".to_owned()),
            _ => Ok(true),
        }
    }
}

fn read(source: &mut Source, options: &ReadOptions, intake: &mut Intake) -> Result<Reading, IngestError> {
    let path = source.path.clone();
    let progress = std::sync::Arc::clone(&source.progress);
    let unusable = |error: &dyn std::fmt::Display| IngestError::Unusable {
        path: path.clone(),
        what: format!("this Arrow file is damaged or cut off before its first row: {error}"),
    };
    let is_file = source.head.starts_with(FILE_MAGIC);
    if is_file {
        let padding = stream_start(&source.head);
        source.read_exact(&mut vec![0; padding]).map_err(|source| IngestError::Io { path: path.clone(), source })?;
    }
    let mut parts = Parts { source, decoder: StreamDecoder::new(), schema: None, is_ended: false };
    let mut next = parts.next();
    let Some(schema) = parts.decoder.schema() else {
        return Err(unusable(&next.err().unwrap_or_else(|| "it holds no schema".to_owned())));
    };
    let header: Vec<String> = schema.fields().iter().map(|field| field.name().clone()).collect();
    let mut notes = Vec::new();
    let layout = Layout::of(&path, &header, options, &mut notes)?;
    let time = layout.columns.time.map(|place| schema.field(place));
    notes.extend(time.filter(|field| field.data_type().is_integer()).map(|_| time::judged_by_size(&path)));
    let mut row = 1;
    let mut is_done = false;
    while !is_done {
        progress.check()?;
        let mut round: Vec<(RecordBatch, u64)> = Vec::new();
        let mut broken = None;
        while round.len() < rayon::current_num_threads() * 2 && !is_done {
            match std::mem::replace(&mut next, Ok(None)) {
                Ok(Some(part)) => {
                    let part = part.project(&layout.wanted).map_err(|error| unusable(&error))?;
                    round.push((part, row));
                    row += round.last().map_or(0, |(part, _)| part.num_rows() as u64);
                    next = parts.next();
                }
                Ok(None) => {
                    is_done = true;
                    if is_file && !parts.is_ended {
                        broken = Some("the file breaks off here".to_owned());
                    }
                }
                Err(error) => {
                    is_done = true;
                    broken = Some(format!("the file breaks off or is damaged here ({error})"));
                }
            }
        }
        let batch = |(part, first_row): &(RecordBatch, u64)| {
            contained(|| layout.batch(part, *first_row)).map_err(|panic| unusable(&panic)).flatten()
        };
        intake.take(round.par_iter().map(batch).collect::<Result<Vec<_>, IngestError>>()?);
        if let Some(reason) = broken {
            let mut batch = Batch { records: 1, ..Batch::default() };
            batch.reject(row, "row", format!("{reason}; what came before was read"));
            intake.take(vec![batch]);
        }
    }
    parts.source.drain()?;
    Ok(Reading { notes, ..Reading::default() })
}
