//! A key in two numbers: most keys (ids, handles) fit and are compared without looking anywhere else.

use echogram_graph::canonical_u64;
use foldhash::fast::FixedState;
use std::hash::BuildHasher;

/// Bytes of the longest text that stands in the numbers themselves.
const SHORT: usize = 15;
/// In the highest byte, where a short text has its length: the first number is the decimal that the text is.
const DECIMAL: u64 = 0xfe << 56;
/// There, too: the text stands elsewhere.
const LONG: u64 = 0xff << 56;

/// A text of up to 15 bytes, its length in the highest byte of the second number; or a longer one that is a decimal of 64 bits, as ids are; or else the hash of
/// the text and its place in a list of such.
///
/// Keys that are packed whole are equal if the texts are; of long texts only hashes can be compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PackedKey([u64; 2]);

impl PackedKey {
    /// The key as a whole; `None` for a text that is too long.
    #[inline]
    pub(crate) fn whole(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let length = bytes.len();
        let [low, high] = match length {
            8..=SHORT => [number(bytes, 0, 8), number(bytes, length - 8, 8) >> (8 * (15 - length)) >> 8],
            4..=7 => [number(bytes, 0, 4) | number(bytes, length - 4, 4) << (8 * (length - 4)), 0],
            0..=3 => [bytes.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte)), 0],
            _ => return canonical_u64(bytes).map(|number| Self([number, DECIMAL])),
        };
        Some(Self([low, high | (length as u64) << 56]))
    }

    /// A text that is the one at `place` of a list of long ones.
    pub(crate) fn long(text: &str, place: u32) -> Self {
        Self([FixedState::with_seed(0).hash_one(text.as_bytes()), LONG | u64::from(place)])
    }

    /// The place in the list of long texts, if it is one of these.
    #[inline]
    pub(crate) fn place(self) -> Option<usize> {
        (self.0[1] >= LONG).then_some((self.0[1] & !LONG) as usize)
    }

    /// The same long text at another place.
    pub(crate) fn moved(self, place: u32) -> Self {
        Self([self.0[0], LONG | u64::from(place)])
    }

    #[inline]
    pub(crate) fn hash(self) -> u64 {
        match self.place() {
            None => FixedState::with_seed(0).hash_one(self.0),
            Some(_) => self.0[0],
        }
    }

    /// Whether both are long texts, and may be the same.
    #[inline]
    pub(crate) fn is_alike(self, other: Self) -> bool {
        self.0[0] == other.0[0] && self.0[1] >= LONG && other.0[1] >= LONG
    }

    /// Hands the text of a key that is packed whole to `visit`.
    pub(crate) fn with_text<T>(self, visit: impl FnOnce(&str) -> T) -> T {
        if self.0[1] == DECIMAL {
            return visit(itoa::Buffer::new().format(self.0[0]));
        }
        let [low, high] = self.0.map(u64::to_le_bytes);
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&low);
        bytes[8..].copy_from_slice(&high);
        visit(std::str::from_utf8(&bytes[..usize::from(bytes[SHORT])]).expect("it was packed from a text"))
    }
}

/// `count` bytes as a number, the first the lowest.
#[inline]
fn number(bytes: &[u8], start: usize, count: usize) -> u64 {
    match count {
        8 => u64::from_le_bytes(bytes[start..start + 8].try_into().expect("eight bytes")),
        _ => u64::from(u32::from_le_bytes(bytes[start..start + 4].try_into().expect("four bytes"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_and_differ() {
        let longest = "ünfzehn bytes!";
        let others = ["\0", "\0\0", "a\0", "1234567890123456", "1234567890123457", "18446744073709551615", "123456789012345"];
        let texts: Vec<&str> = (0..=longest.len()).filter_map(|end| longest.get(..end)).chain(others).collect();
        let packed: Vec<PackedKey> = texts.iter().map(|text| PackedKey::whole(text).unwrap()).collect();
        for (place, (key, text)) in packed.iter().zip(&texts).enumerate() {
            assert!(key.with_text(|got| got == *text), "{text:?}");
            assert_eq!(key.place(), None);
            assert!(packed[..place].iter().all(|other| other != key), "{text:?}");
        }
        assert_eq!(longest.len(), SHORT);
        for text in ["sixteen bytes it is", "0123456789012345", "18446744073709551616"] {
            assert_eq!(PackedKey::whole(text), None, "{text:?}");
        }
    }

    #[test]
    fn long_texts_are_told_by_hash_and_place() {
        let [one, other] =
            [PackedKey::long("a text of more than fifteen bytes", 3), PackedKey::long("another such text of many bytes", 4)];
        assert_eq!((one.place(), one.moved(9).place()), (Some(3), Some(9)));
        assert!(one.is_alike(one.moved(9)) && !one.is_alike(other));
        assert_eq!(one.hash(), one.moved(9).hash());
        assert!(!one.is_alike(PackedKey::whole("a").unwrap()));
    }
}
