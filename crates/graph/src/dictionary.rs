//! The keys of all accounts, sorted; a node's id is its key's place.

use crate::NodeId;
use rayon::prelude::*;
use std::borrow::Cow;

/// Reads `key` as a canonical decimal: digits only, no leading zero, fitting 64 bits. `"007"` and `"+7"` are names, not numbers.
pub fn canonical_u64(key: &[u8]) -> Option<u64> {
    if key.is_empty() || key.len() > 20 || (key[0] == b'0' && key.len() > 1) {
        return None;
    }
    let mut value: u64 = 0;
    for &byte in key {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value.checked_mul(10)?.checked_add(u64::from(digit))?;
    }
    Some(value)
}

/// All account keys in order: numerically if every key is a canonical decimal `u64`, else by bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dictionary {
    keys: Keys,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Keys {
    Numbers(Vec<u64>),
    Texts { bytes: String, ends: Vec<u64> },
}

impl Dictionary {
    /// From numbers in any order, duplicates allowed.
    pub fn from_numbers(mut numbers: Vec<u64>) -> Self {
        numbers.par_sort_unstable();
        numbers.dedup();
        Self { keys: Keys::Numbers(numbers) }
    }

    /// From texts in any order, duplicates allowed. Numbers are found out: if every text is a canonical decimal the order is numeric.
    pub fn from_texts(mut texts: Vec<&str>) -> Self {
        if let Some(numbers) = texts.par_iter().map(|text| canonical_u64(text.as_bytes())).collect::<Option<Vec<u64>>>() {
            return Self::from_numbers(numbers);
        }
        texts.par_sort_unstable();
        texts.dedup();
        let mut bytes = String::with_capacity(texts.iter().map(|text| text.len()).sum());
        let ends = texts
            .iter()
            .map(|text| {
                bytes.push_str(text);
                bytes.len() as u64
            })
            .collect();
        Self { keys: Keys::Texts { bytes, ends } }
    }

    /// Number of accounts.
    pub fn len(&self) -> usize {
        match &self.keys {
            Keys::Numbers(numbers) => numbers.len(),
            Keys::Texts { ends, .. } => ends.len(),
        }
    }

    /// Whether there is no account at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether every key is a canonical decimal.
    pub fn is_numeric(&self) -> bool {
        matches!(self.keys, Keys::Numbers(_))
    }

    /// The key of `node`.
    pub fn key(&self, node: NodeId) -> Cow<'_, str> {
        match &self.keys {
            Keys::Numbers(numbers) => Cow::Owned(numbers[node.row()].to_string()),
            Keys::Texts { bytes, ends } => Cow::Borrowed(text_at(bytes, ends, node.row())),
        }
    }

    /// The node of `key`. Cost: a binary search.
    pub fn find(&self, key: &str) -> Option<NodeId> {
        match &self.keys {
            Keys::Numbers(_) => self.find_number(canonical_u64(key.as_bytes())?),
            Keys::Texts { bytes, ends } => {
                let (mut low, mut high) = (0, ends.len());
                while low < high {
                    let middle = low.midpoint(high);
                    match text_at(bytes, ends, middle).cmp(key) {
                        std::cmp::Ordering::Less => low = middle + 1,
                        std::cmp::Ordering::Greater => high = middle,
                        std::cmp::Ordering::Equal => return Some(NodeId::new(middle)),
                    }
                }
                None
            }
        }
    }

    /// The node of a numeric key; `None` too where keys are not numeric.
    pub fn find_number(&self, number: u64) -> Option<NodeId> {
        match &self.keys {
            Keys::Numbers(numbers) => numbers.binary_search(&number).ok().map(NodeId::new),
            Keys::Texts { .. } => self.find(&number.to_string()),
        }
    }

    /// All keys in order.
    pub fn iter(&self) -> impl Iterator<Item = Cow<'_, str>> {
        (0..self.len()).map(|row| self.key(NodeId::new(row)))
    }
}

fn text_at<'a>(bytes: &'a str, ends: &[u64], row: usize) -> &'a str {
    let start = if row == 0 { 0 } else { ends[row - 1] as usize };
    &bytes[start..ends[row] as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_sort_as_numbers_only_if_all_are() {
        let numeric = Dictionary::from_texts(vec!["10", "9", "10"]);
        assert_eq!(numeric.iter().collect::<Vec<_>>(), ["9", "10"]);
        let mixed = Dictionary::from_texts(vec!["10", "9", "ada", "09"]);
        assert_eq!(mixed.iter().collect::<Vec<_>>(), ["09", "10", "9", "ada"]);
    }

    #[test]
    fn every_key_is_found_at_its_row() {
        for texts in [vec!["b", "a", "é", ""], vec!["3", "1", "18446744073709551615"]] {
            let dictionary = Dictionary::from_texts(texts.clone());
            assert_eq!(dictionary.len(), texts.len());
            for row in 0..dictionary.len() {
                assert_eq!(dictionary.find(&dictionary.key(NodeId::new(row))), Some(NodeId::new(row)));
            }
            assert_eq!(dictionary.find("zz"), None);
        }
    }

    #[test]
    fn canonical_decimals_are_strict() {
        let accepted: Vec<_> = ["0", "7", "18446744073709551615"].map(|key| canonical_u64(key.as_bytes())).to_vec();
        assert_eq!(accepted, [Some(0), Some(7), Some(u64::MAX)]);
        for key in ["", "00", "+1", "-1", "1.0", "18446744073709551616", "１"] {
            assert_eq!(canonical_u64(key.as_bytes()), None, "{key:?}");
        }
    }
}
