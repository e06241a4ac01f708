//! JSON inputs: one value a line, parsed in parallel, or one document over many lines.

use crate::IngestError;
use crate::batch::Batch;
use crate::blocks::{Records, parse_blocks};
use crate::intake::Intake;
use crate::source::Source;

/// A longer line is no record: 256 MiB, far above any page of an API.
const LONGEST_LINE: usize = 256 << 20;

/// Lines looked at; a broken first record must not make the file one document.
const SAMPLE_LINES: usize = 5;

/// Whether a line holds a value of its own: one of the first lines is a whole object, or the first is longer than the head.
fn is_json_lines(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    if head.starts_with(b"[") {
        return false;
    }
    if memchr::memchr(b'\n', head).is_none() {
        return true;
    }
    let is_object = |line: &[u8]| serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(line).is_ok();
    head.split(|&byte| byte == b'\n').take(SAMPLE_LINES).any(is_object)
}

/// Reads JSON lines in parallel, or whole documents (also `[a, b, ...]`) in sequence: `record(batch, line, bytes)` gets one value each.
pub(crate) fn read_values(
    source: &mut Source,
    intake: &mut Intake,
    record: impl Fn(&mut Batch, u64, &[u8]) + Sync,
) -> Result<(), IngestError> {
    if is_json_lines(&source.head) {
        return parse_blocks(source, Records::Lines, LONGEST_LINE, intake, |block| {
            let mut batch = Batch::default();
            for (line, bytes) in block.records(Records::Lines) {
                let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
                if !bytes.trim_ascii().is_empty() {
                    batch.records += 1;
                    record(&mut batch, line, bytes);
                }
            }
            batch
        });
    }
    let path = source.path.clone();
    let bytes = source.read_all().map_err(|source| IngestError::Io { path, source })?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut batch = Batch::default();
    let one = |batch: &mut Batch, text: &str| {
        batch.records += 1;
        record(batch, batch.records, text.as_bytes());
    };
    for value in serde_json::Deserializer::from_slice(bytes).into_iter::<&serde_json::value::RawValue>() {
        match value {
            Ok(value) => match serde_json::from_str::<Vec<&serde_json::value::RawValue>>(value.get()) {
                Ok(items) => items.into_iter().for_each(|item| one(&mut batch, item.get())),
                Err(_) => one(&mut batch, value.get()),
            },
            Err(error) => {
                batch.records += 1;
                let record = batch.records;
                batch.reject(record, "row", format!("not valid JSON: {error}"));
            }
        }
    }
    intake.take(vec![batch]);
    Ok(())
}
