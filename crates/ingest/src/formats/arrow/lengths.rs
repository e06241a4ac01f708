//! How long the buffers of a compressed message may become. The decoder asks for as much memory as each of them says, so that what they say must fit the
//! number of rows where a row's length is known, and what their codec can unpack to anywhere.

use arrow::datatypes::{DataType, Schema, UnionMode};
use arrow::ipc::{CompressionType, FieldNode, Message, MetadataVersion, RecordBatch};

/// A buffer is not longer.
const LONGEST: u64 = 1 << 32;
/// Zstandard's shortest block has 4 bytes, and its longest unpacks to 128 KiB.
const ZSTD_RATIO: u64 = 1 << 15;
/// A byte of LZ4 makes a match at most so many bytes longer.
const LZ4_RATIO: u64 = 255;
/// What a codec may add to its ratio: a first match, a last block.
const CODEC_SLACK: u64 = 1 << 17;
/// Buffers may be longer than their rows, as writers make room ahead: so many times as long, and so many bytes more.
const ROOM_RATIO: u64 = 2;
/// See [`ROOM_RATIO`].
const ROOM: u64 = 1 << 16;

/// Checks what the compressed buffers of a message say; a message without any passes.
pub(super) fn check(message: &Message<'_>, body: &[u8], schema: Option<&Schema>) -> Result<(), String> {
    let dictionary = message.header_as_dictionary_batch();
    let batch = message.header_as_record_batch().or_else(|| dictionary?.data());
    let Some((batch, compression)) = batch.and_then(|batch| Some((batch, batch.compression()?))) else { return Ok(()) };
    let Some(buffers) = batch.buffers() else { return Ok(()) };
    let ratio = if compression.codec() == CompressionType::ZSTD { ZSTD_RATIO } else { LZ4_RATIO };
    let mut walk = Walk::of(batch, message.version() < MetadataVersion::V5);
    // Where the walk ends early, the decoder will refuse the message.
    let _ = match (schema, dictionary) {
        (None, _) => None,
        (Some(schema), None) => schema.fields().iter().try_for_each(|field| walk.column(field.data_type())),
        (Some(schema), Some(dictionary)) => values_of(schema, dictionary.id()).and_then(|kind| walk.column(kind)),
    };
    let mut packed_all = 0_u64;
    let mut unpacked_all = 0_u64;
    for (place, buffer) in buffers.iter().enumerate() {
        let start = usize::try_from(buffer.offset()).map_err(|_| "a buffer at a negative place".to_owned())?;
        let packed = u64::try_from(buffer.length()).map_err(|_| "a buffer of negative length".to_owned())?;
        // Compressed buffers begin with the length that they have when unpacked; -1 stands for one that is not compressed after all.
        let stated = start.checked_add(8).and_then(|end| body.get(start..end)).and_then(<[u8]>::first_chunk);
        let Ok(stated) = u64::try_from(stated.map_or(0, |bytes| i64::from_le_bytes(*bytes))) else { continue };
        if packed == 0 {
            continue;
        }
        let by_codec = packed.saturating_mul(ratio).saturating_add(CODEC_SLACK);
        let by_rows = walk
            .lengths
            .get(place)
            .copied()
            .flatten()
            .map_or(LONGEST, |length| length.saturating_mul(ROOM_RATIO).saturating_add(ROOM));
        let most = LONGEST.min(by_codec).min(by_rows);
        if stated > most {
            return Err(format!("a buffer says that it unpacks to {stated} bytes, where at most {most} can be"));
        }
        packed_all = packed_all.saturating_add(packed);
        unpacked_all += stated;
    }
    // Many buffers may point to the same bytes.
    if packed_all > body.len() as u64 && unpacked_all > (body.len() as u64).saturating_mul(ratio) {
        return Err(format!("buffers that lie upon each other say that they unpack to {unpacked_all} bytes"));
    }
    Ok(())
}

/// The type of a dictionary's values.
fn values_of(schema: &Schema, id: i64) -> Option<&DataType> {
    #[allow(deprecated)] // the decoder goes by it too
    let field = schema.fields_with_dict_id(id).into_iter().next()?;
    match field.data_type() {
        DataType::Dictionary(_, values) => Some(values),
        _ => None,
    }
}

/// Goes through the columns of a batch in the order in which their buffers stand.
struct Walk<'a> {
    nodes: Box<dyn Iterator<Item = &'a FieldNode> + 'a>,
    /// How many buffers of text each column of views has.
    texts: Box<dyn Iterator<Item = i64> + 'a>,
    /// Whether unions say which of their rows are null, as they did of old.
    has_union_nulls: bool,
    buffers: usize,
    /// How long each buffer is by its column's type and rows; `None` where texts stand.
    lengths: Vec<Option<u64>>,
}

impl<'a> Walk<'a> {
    fn of(batch: RecordBatch<'a>, has_union_nulls: bool) -> Self {
        Self {
            nodes: Box::new(batch.nodes().into_iter().flatten()),
            texts: Box::new(batch.variadicBufferCounts().into_iter().flatten()),
            has_union_nulls,
            buffers: batch.buffers().map_or(0, |buffers| buffers.len()),
            lengths: Vec::new(),
        }
    }

    /// One column with all that is in it; `None` where the batch does not have it.
    fn column(&mut self, kind: &DataType) -> Option<()> {
        let rows = u64::try_from(self.nodes.next()?.length()).unwrap_or(0);
        let nulls = Some(rows.div_ceil(8));
        let each = |bytes: u64| Some(rows.saturating_mul(bytes));
        let places = |bytes: u64| Some(rows.saturating_add(1).saturating_mul(bytes));
        match kind {
            DataType::Null => {}
            DataType::Boolean => self.lengths.extend([nulls, nulls]),
            DataType::Utf8 | DataType::Binary => self.lengths.extend([nulls, places(4), None]),
            DataType::LargeUtf8 | DataType::LargeBinary => self.lengths.extend([nulls, places(8), None]),
            DataType::Utf8View | DataType::BinaryView => {
                self.lengths.extend([nulls, each(16)]);
                let texts = usize::try_from(self.texts.next()?).ok()?;
                self.lengths.extend(std::iter::repeat_n(None, texts.min(self.buffers)));
            }
            DataType::FixedSizeBinary(width) => self.lengths.extend([nulls, each(u64::from(width.unsigned_abs()))]),
            DataType::List(values) | DataType::Map(values, _) => {
                self.lengths.extend([nulls, places(4)]);
                self.column(values.data_type())?;
            }
            DataType::LargeList(values) => {
                self.lengths.extend([nulls, places(8)]);
                self.column(values.data_type())?;
            }
            DataType::ListView(values) => {
                self.lengths.extend([nulls, each(4), each(4)]);
                self.column(values.data_type())?;
            }
            DataType::LargeListView(values) => {
                self.lengths.extend([nulls, each(8), each(8)]);
                self.column(values.data_type())?;
            }
            DataType::FixedSizeList(values, _) => {
                self.lengths.push(nulls);
                self.column(values.data_type())?;
            }
            DataType::Struct(fields) => {
                self.lengths.push(nulls);
                fields.iter().try_for_each(|field| self.column(field.data_type()))?;
            }
            DataType::RunEndEncoded(ends, values) => {
                self.column(ends.data_type())?;
                self.column(values.data_type())?;
            }
            DataType::Union(fields, mode) => {
                self.lengths.extend(self.has_union_nulls.then_some(nulls));
                self.lengths.push(each(1));
                self.lengths.extend((*mode == UnionMode::Dense).then_some(each(4)));
                fields.iter().try_for_each(|(_, field)| self.column(field.data_type()))?;
            }
            DataType::Dictionary(codes, _) => self.lengths.extend([nulls, each(codes.primitive_width()? as u64)]),
            numbers => self.lengths.extend([nulls, each(numbers.primitive_width()? as u64)]),
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use crate::{ReadOptions, Request};
    use arrow::array::{ArrayRef, DictionaryArray, Int32Array, Int64Array, RecordBatch, StringArray, StringViewArray};
    use arrow::datatypes::Int32Type;
    use arrow::ipc::CompressionType;
    use arrow::ipc::writer::{IpcWriteOptions, StreamWriter};
    use std::sync::Arc;

    const ROWS: usize = 1000;

    /// A stream of one batch of compressed buffers.
    fn stream(columns: [(&str, ArrayRef); 3], codec: CompressionType) -> Vec<u8> {
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let options = IpcWriteOptions::default().try_with_compression(Some(codec)).unwrap();
        let mut writer = StreamWriter::try_new_with_options(Vec::new(), &batch.schema(), options).unwrap();
        writer.write(&batch).unwrap();
        writer.finish().unwrap();
        writer.into_inner().unwrap()
    }

    /// Edges, all from one account, whose sources are as given.
    fn edges(sources: ArrayRef, codec: CompressionType) -> Vec<u8> {
        let numbers: ArrayRef = Arc::new(Int32Array::from(vec![7; ROWS]));
        let words: ArrayRef = Arc::new(StringArray::from(vec!["reply"; ROWS]));
        stream([("source", sources), ("target", numbers), ("relation", words)], codec)
    }

    fn told(bytes: Vec<u8>) -> String {
        match crate::read_bytes(bytes, &ReadOptions::default(), &Request::default()) {
            Ok(found) => format!("{} rows, {} rejected", found.inputs[0].rows, found.rejected),
            Err(error) => error.to_string(),
        }
    }

    /// Puts another length in front of the compressed buffer that states `old`.
    fn lie(mut bytes: Vec<u8>, old: u64, new: u64) -> Vec<u8> {
        let at = bytes.windows(8).rposition(|window| window == old.to_le_bytes()).unwrap();
        bytes[at..at + 8].copy_from_slice(&new.to_le_bytes());
        bytes
    }

    #[test]
    fn honest_lengths_pass() {
        let texts = vec!["a name of more than twelve bytes"; ROWS];
        let columns: [ArrayRef; 4] = [
            Arc::new(Int64Array::from(vec![1; ROWS])),
            Arc::new(StringArray::from(texts.clone())),
            Arc::new(StringViewArray::from(texts.clone())),
            Arc::new(texts.into_iter().collect::<DictionaryArray<Int32Type>>()),
        ];
        for sources in columns {
            for codec in [CompressionType::ZSTD, CompressionType::LZ4_FRAME] {
                assert_eq!(told(edges(Arc::clone(&sources), codec)), "1000 rows, 0 rejected", "{}", sources.data_type());
            }
        }
    }

    #[test]
    fn numbers_are_no_longer_than_their_rows() {
        let bytes = edges(Arc::new(Int64Array::from(vec![1; ROWS])), CompressionType::ZSTD);
        let message = told(lie(bytes, 8 * ROWS as u64, 100_000));
        assert!(message.contains("unpacks to 100000 bytes, where at most 81536 can be"), "{message}");
    }

    #[test]
    fn texts_are_no_longer_than_their_codec_can_make_them() {
        for (codec, most) in [(CompressionType::ZSTD, 1 << 21), (CompressionType::LZ4_FRAME, 1 << 18)] {
            let bytes = edges(Arc::new(Int64Array::from(vec![1; ROWS])), codec);
            let message = told(lie(bytes, 5 * ROWS as u64, 3_000_000_000));
            let stated: u64 = message.split("at most ").nth(1).and_then(|rest| rest.split(' ').next()?.parse().ok()).unwrap();
            assert!(stated < most, "{message}");
        }
    }

    /// A long text costs a file little where all its rows share it, and much once each row has its own.
    #[test]
    fn texts_that_rows_share_do_not_multiply() {
        const SHARING: usize = 1 << 15;
        let long = "x".repeat(1 << 15);
        let ends: ArrayRef = Arc::new(Int32Array::from(vec![7; SHARING]));
        let words = |words: ArrayRef| {
            stream([("source", Arc::clone(&ends)), ("target", Arc::clone(&ends)), ("relation", words)], CompressionType::ZSTD)
        };
        let shared = Arc::new(std::iter::repeat_n(long.as_str(), SHARING).collect::<DictionaryArray<Int32Type>>());
        let message = told(words(shared));
        assert!(
            message.contains("column `relation` of type Dictionary(Int32, Utf8) repeats texts that are too long"),
            "{message}"
        );
    }
}
