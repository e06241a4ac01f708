//! JSON inputs: one value a line, parsed in parallel, or one document over many lines.

use crate::IngestError;
use crate::batch::Batch;
use crate::blocks::{Records, parse_blocks};
use crate::elements::{Elements, parse_elements};
use crate::intake::Intake;
use crate::source::Source;
use serde::Deserialize;
use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

/// A longer line or element is no record: 256 MiB, far above any page of an API.
const LONGEST_RECORD: usize = 256 << 20;

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

/// Reads JSON lines, or the elements of a document over many lines, in parallel: `record(batch, line, bytes)` gets one value each.
pub(crate) fn read_values(
    source: &mut Source,
    intake: &mut Intake,
    record: impl Fn(&mut Batch, u64, &[u8]) + Sync,
) -> Result<(), IngestError> {
    read_batches(source, intake, Batch::default, record)
}

/// As [`read_values`], for posts: their accounts are listed from the start, as those of posts always are in the end.
pub(crate) fn read_posts(
    source: &mut Source,
    intake: &mut Intake,
    record: impl Fn(&mut Batch, u64, &[u8]) + Sync,
) -> Result<(), IngestError> {
    read_batches(source, intake, Batch::of_listed_keys, record)
}

fn read_batches(
    source: &mut Source,
    intake: &mut Intake,
    start: fn() -> Batch,
    record: impl Fn(&mut Batch, u64, &[u8]) + Sync,
) -> Result<(), IngestError> {
    if is_json_lines(&source.head) {
        return parse_blocks(source, Records::Lines, LONGEST_RECORD, intake, |block| {
            let mut batch = start();
            for (line, bytes) in block.records(Records::Lines) {
                let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
                if !bytes.trim_ascii().is_empty() {
                    batch.record(|batch| record(batch, line, bytes));
                }
            }
            batch
        });
    }
    parse_elements(source, Elements::All, LONGEST_RECORD, intake, start, record)
}

/// Reads the posts that are elements of the array that starts at byte `offset` of the head, and nothing else.
pub(crate) fn read_array_at(
    source: &mut Source,
    offset: usize,
    intake: &mut Intake,
    record: impl Fn(&mut Batch, u64, &[u8]) + Sync,
) -> Result<(), IngestError> {
    parse_elements(source, Elements::OfArrayAt(offset), LONGEST_RECORD, intake, Batch::of_listed_keys, record)
}

/// A text that is borrowed from the line wherever it has no escapes; serde gives `Option<Cow<str>>` a copy of its own each time.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(transparent)]
pub(crate) struct Text<'a>(#[serde(borrow)] pub(crate) Cow<'a, str>);

impl AsRef<str> for Text<'_> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// A value: text that is UTF-8 as a whole is not looked at again string by string.
pub(crate) fn parsed<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> serde_json::Result<T> {
    match std::str::from_utf8(bytes) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(bytes),
    }
}

/// A number of a platform, written as text or as a number.
#[derive(Clone)]
pub(crate) enum Id<'a> {
    Text(Cow<'a, str>),
    /// Its digits, in place: there are several to a post, and most are not needed.
    Number {
        digits: [u8; 20],
        length: u8,
    },
}

impl Deref for Id<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Number { digits, length } => std::str::from_utf8(&digits[..usize::from(*length)]).expect("digits are text"),
        }
    }
}

impl PartialEq for Id<'_> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Id<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IdVisitor(PhantomData))
    }
}

struct IdVisitor<'a>(PhantomData<&'a ()>);

impl<'de: 'a, 'a> Visitor<'de> for IdVisitor<'a> {
    type Value = Id<'a>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text or a whole number")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Id<'a>, E> {
        Ok(Id::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Id<'a>, E> {
        Ok(Id::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Id<'a>, E> {
        let mut buffer = itoa::Buffer::new();
        let text = buffer.format(number).as_bytes();
        let mut digits = [0; 20];
        digits[..text.len()].copy_from_slice(text);
        Ok(Id::Number { digits, length: text.len() as u8 })
    }
}

/// A list, or one value that stands for a list of one; `null` is an empty one.
#[derive(Clone, Debug)]
pub(crate) struct Many<T>(pub(crate) Vec<T>);

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ManyVisitor(PhantomData))
    }
}

struct ManyVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ManyVisitor<T> {
    type Value = Many<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list or one value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Many<T>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Many(items))
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Many<T>, A::Error> {
        T::deserialize(serde::de::value::MapAccessDeserializer::new(map)).map(|item| Many(vec![item]))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Many<T>, E> {
        T::deserialize(serde::de::value::BorrowedStrDeserializer::new(text)).map(|item| Many(vec![item]))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Many<T>, E> {
        T::deserialize(serde::de::value::StrDeserializer::new(text)).map(|item| Many(vec![item]))
    }

    fn visit_unit<E: Error>(self) -> Result<Many<T>, E> {
        Ok(Many::default())
    }
}
