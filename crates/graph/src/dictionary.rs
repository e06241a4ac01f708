//! The keys of all accounts, sorted; a node's id is its key's place.

use crate::NodeId;
use rayon::prelude::*;
use std::borrow::Cow;
use std::sync::Arc;

/// Texts copied together.
const PART: usize = 1 << 14;

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

/// All account keys in order: numerically if every key is a canonical decimal `u64`, else by bytes. A copy shares them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dictionary {
    keys: Keys,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Keys {
    Numbers(Arc<Vec<u64>>),
    Texts(Arc<Texts>),
}

#[derive(Debug, PartialEq, Eq)]
struct Texts {
    bytes: String,
    ends: Vec<u64>,
}

impl Dictionary {
    /// From numbers in any order, duplicates allowed.
    pub fn from_numbers(mut numbers: Vec<u64>) -> Self {
        numbers.par_sort_unstable();
        numbers.dedup();
        Self { keys: Keys::Numbers(Arc::new(numbers)) }
    }

    /// From texts in any order, duplicates allowed. Numbers are found out: if every text is a canonical decimal the order is numeric.
    pub fn from_texts(texts: Vec<&str>) -> Self {
        Self::ranked(&texts).0
    }

    /// As [`Self::from_texts`], and the node of each text.
    pub fn ranked(texts: &[&str]) -> (Self, Vec<NodeId>) {
        let numbers: Option<Vec<u64>> = texts.par_iter().map(|text| canonical_u64(text.as_bytes())).collect();
        match numbers {
            Some(numbers) => {
                let (order, nodes) = ranks(texts.len(), |place| numbers[place], |_| ());
                (Self { keys: Keys::Numbers(Arc::new(order.iter().map(|&place| numbers[place as usize]).collect())) }, nodes)
            }
            None => {
                // Most texts differ within eight bytes behind what all of them begin with: these alone decide most comparisons.
                let shared = shared_start(texts);
                let (order, nodes) = ranks(texts.len(), |place| prefix(&texts[place].as_bytes()[shared..]), |place| texts[place]);
                (Self { keys: Keys::Texts(Arc::new(Texts::of(&order, texts))) }, nodes)
            }
        }
    }

    /// Number of accounts.
    pub fn len(&self) -> usize {
        match &self.keys {
            Keys::Numbers(numbers) => numbers.len(),
            Keys::Texts(texts) => texts.ends.len(),
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
            Keys::Texts(texts) => Cow::Borrowed(texts.at(node.row())),
        }
    }

    /// The node of `key`. Cost: a binary search.
    pub fn find(&self, key: &str) -> Option<NodeId> {
        match &self.keys {
            Keys::Numbers(_) => self.find_number(canonical_u64(key.as_bytes())?),
            Keys::Texts(texts) => {
                let (mut low, mut high) = (0, texts.ends.len());
                while low < high {
                    let middle = low.midpoint(high);
                    match texts.at(middle).cmp(key) {
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
            Keys::Texts(_) => self.find(&number.to_string()),
        }
    }

    /// All keys in order.
    pub fn iter(&self) -> impl Iterator<Item = Cow<'_, str>> {
        (0..self.len()).map(|row| self.key(NodeId::new(row)))
    }
}

impl Texts {
    /// The texts at these places, in their order.
    fn of(order: &[u32], texts: &[&str]) -> Self {
        let parts: Vec<String> =
            order.par_chunks(PART).map(|places| places.iter().map(|&place| texts[place as usize]).collect()).collect();
        let mut bytes = String::with_capacity(parts.iter().map(String::len).sum());
        parts.into_iter().for_each(|part| bytes.push_str(&part));
        let mut end = 0;
        let end_of = |&place: &u32| {
            end += texts[place as usize].len() as u64;
            end
        };
        Self { bytes, ends: order.iter().map(end_of).collect() }
    }

    fn at(&self, row: usize) -> &str {
        let start = if row == 0 { 0 } else { self.ends[row - 1] as usize };
        &self.bytes[start..self.ends[row] as usize]
    }
}

/// How many bytes all texts begin with.
fn shared_start(texts: &[&str]) -> usize {
    let Some(first) = texts.first() else { return 0 };
    let shared = |text: &&str| first.bytes().zip(text.bytes()).take_while(|(a, b)| a == b).count();
    texts.par_iter().map(shared).min().unwrap_or(0)
}

/// The first eight bytes as a number that sorts as they do.
fn prefix(text: &[u8]) -> u64 {
    let mut first = [0; 8];
    let length = text.len().min(8);
    first[..length].copy_from_slice(&text[..length]);
    u64::from_be_bytes(first)
}

/// Sorts the places `0..len` by `first`, and where that is equal by `rest`: the first place of each distinct key in order, and the rank of each place.
fn ranks<K: Ord + Send>(
    len: usize,
    first: impl Fn(usize) -> u64 + Sync,
    rest: impl Fn(usize) -> K + Sync,
) -> (Vec<u32>, Vec<NodeId>) {
    let mut order: Vec<(u64, u32)> = (0..len as u32).into_par_iter().map(|place| (first(place as usize), place)).collect();
    order.par_sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| rest(a.1 as usize).cmp(&rest(b.1 as usize))));
    let mut nodes = vec![NodeId(0); len];
    let mut distinct: Vec<u32> = Vec::with_capacity(len);
    let mut last: Option<(u64, u32)> = None;
    for (first, place) in order {
        if last.is_none_or(|last| last.0 != first || rest(last.1 as usize) != rest(place as usize)) {
            distinct.push(place);
            last = Some((first, place));
        }
        nodes[place as usize] = NodeId::new(distinct.len() - 1);
    }
    (distinct, nodes)
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
    fn texts_sort_by_bytes_whatever_they_begin_with() {
        let started = |start: &str| {
            ["", "b", "a", "ab", "\0", "a\0", "é", "è", "a much longer end", "a much longer one", "b"]
                .map(|end| format!("{start}{end}"))
        };
        for start in ["", "user_", "é", "a start of more than eight bytes "] {
            let texts = started(start);
            let (dictionary, nodes) = Dictionary::ranked(&texts.each_ref().map(String::as_str));
            let mut sorted = texts.to_vec();
            sorted.sort();
            sorted.dedup();
            assert!(dictionary.iter().eq(sorted.iter().map(String::as_str)), "{start:?}");
            assert!(texts.iter().zip(nodes).all(|(text, node)| *text == dictionary.key(node)), "{start:?}");
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
