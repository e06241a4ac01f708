//! `arrow`: Arrow IPC, files (Feather) and streams, an edge or event a row, with the same words as a header of delimited text.
//!
//! A file is read as the stream that it holds, so that standard input and compressed files work too, and half a file gives its first half.

use crate::IngestError;
use crate::batch::Batch;
use crate::format::{FormatSpec, ReadOptions, Reading};
use crate::intake::Intake;
use crate::record_batch::Layout;
use crate::rejection::Rejection;
use crate::source::Source;
use arrow::array::RecordBatch;
use arrow::ipc::reader::StreamReader;
use rayon::prelude::*;
use std::io::{BufReader, Read};

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

fn read(source: &mut Source, options: &ReadOptions, intake: &mut Intake) -> Result<Reading, IngestError> {
    let path = source.path.clone();
    let progress = std::sync::Arc::clone(&source.progress);
    let unusable = |error: &dyn std::fmt::Display| IngestError::Unusable {
        path: path.clone(),
        what: format!("this Arrow file is damaged or cut off before its first row: {error}"),
    };
    let padding = if source.head.starts_with(FILE_MAGIC) { stream_start(&source.head) } else { 0 };
    let mut input = BufReader::with_capacity(1 << 18, source);
    if padding > 0 {
        input.read_exact(&mut vec![0; padding]).map_err(|source| IngestError::Io { path: path.clone(), source })?;
    }
    let mut reader = StreamReader::try_new(input, None).map_err(|error| unusable(&error))?;
    let header: Vec<String> = reader.schema().fields().iter().map(|field| field.name().clone()).collect();
    let mut notes = Vec::new();
    let layout = Layout::of(&path, &header, options, &mut notes)?;
    let mut first_row = 1;
    let mut is_done = false;
    while !is_done {
        progress.check()?;
        let mut round: Vec<(RecordBatch, u64)> = Vec::new();
        let mut broken = None;
        while round.len() < rayon::current_num_threads() * 2 && !is_done {
            match reader.next() {
                Some(Ok(part)) => {
                    let part = part.project(&layout.wanted).map_err(|error| unusable(&error))?;
                    let rows = part.num_rows() as u64;
                    round.push((part, first_row));
                    first_row += rows;
                }
                Some(Err(error)) => {
                    let reason = format!("the file breaks off or is damaged here ({error}); what came before was read");
                    broken = Some(Rejection::new(first_row, "row", reason));
                    is_done = true;
                }
                None => is_done = true,
            }
        }
        let parsed = round.par_iter().map(|(part, first_row)| layout.batch(part, *first_row));
        intake.take(parsed.collect::<Result<Vec<_>, IngestError>>()?);
        if let Some(rejection) = broken {
            let mut batch = Batch { records: 1, ..Batch::default() };
            batch.rejections.push(rejection);
            intake.take(vec![batch]);
        }
    }
    reader.get_mut().get_mut().drain()?;
    Ok(Reading { notes, ..Reading::default() })
}
