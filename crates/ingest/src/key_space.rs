//! Which keys occur, and the node of each: the one account space over all inputs.

use crate::IngestError;
use crate::batch::{Batch, Code, Keys};
use crate::interner::{ByCode, Interner};
use crate::resolver::Resolver;
use echogram_graph::{Dictionary, NodeId, canonical_u64};
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Numbers up to here are marked in a bit set rather than sorted (32 MiB).
const BITSET_END: u64 = 1 << 28;
/// Numbers that lie further apart than this many to an account are searched rather than looked up in a table.
const SPARSEST: usize = 16;
/// Sorted numbers are searched within the bucket of their highest bits.
const BUCKET_BITS: u32 = 20;

/// The keys that rows and posts hold.
pub(crate) struct UsedKeys<'a> {
    interner: &'a Interner,
    /// Small numbers, ascending.
    numbers: Vec<u32>,
    interned: ByCode<AtomicBool>,
}

/// Hands all codes of a batch to `visit`, slice by slice.
fn visit_codes(batch: &Batch, mut visit: impl FnMut(&[Code])) {
    for rows in batch.relations.values() {
        visit(&rows.sources);
        visit(&rows.targets);
    }
    for post in &batch.posts {
        visit(&[post.author]);
        post.ties.iter().for_each(|tie| visit(&[tie.1]));
    }
}

impl<'a> UsedKeys<'a> {
    pub(crate) fn of<'b>(batches: impl Iterator<Item = &'b Batch>, interner: &'a Interner) -> Self {
        let (raw, coded): (Vec<&Batch>, Vec<&Batch>) = batches.partition(|batch| matches!(batch.keys, Keys::Raw));
        let interned = interner.table(|| AtomicBool::new(false));
        coded.par_iter().for_each(|batch| {
            visit_codes(batch, |codes| {
                for &code in codes {
                    let mark: &AtomicBool = interned.at(code);
                    if !mark.load(Ordering::Relaxed) {
                        mark.store(true, Ordering::Relaxed);
                    }
                }
            });
        });
        Self { interner, numbers: raw_numbers(&raw), interned }
    }

    /// How many keys there are.
    pub(crate) fn count(&self) -> usize {
        self.numbers.len() + self.interned().count()
    }

    /// Bytes of the keys that are no small numbers.
    pub(crate) fn bytes(&self) -> usize {
        self.texts().map(str::len).sum()
    }

    /// Whether `key` occurs.
    pub(crate) fn contains(&self, key: &str) -> bool {
        let number = canonical_u64(key.as_bytes()).and_then(|number| u32::try_from(number).ok());
        number.is_some_and(|number| self.numbers.binary_search(&number).is_ok())
            || self.interner.find(key).is_some_and(|code| self.interned.at(code).load(Ordering::Relaxed))
    }

    fn interned(&self) -> impl Iterator<Item = Code> {
        self.interned.iter().filter(|(_, mark)| mark.load(Ordering::Relaxed)).map(|(code, _)| code)
    }

    /// The keys that are no small numbers.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &'a str> {
        self.interned().map(|code| self.interner.get(code))
    }

    /// Sorts all keys, and `others`, into one account space.
    ///
    /// # Errors
    /// [`IngestError::TooManyAccounts`].
    pub(crate) fn into_space(self, resolver: &Resolver, others: &[&str]) -> Result<(Dictionary, NodesOfCodes), IngestError> {
        let codes: Vec<Code> = self.interned().collect();
        let other_numbers: Option<Vec<u64>> = others.iter().map(|key| canonical_u64(key.as_bytes())).collect();
        if let Some(other_numbers) = other_numbers.filter(|_| codes.is_empty()) {
            let dictionary =
                Dictionary::from_numbers(self.numbers.iter().map(|&number| u64::from(number)).chain(other_numbers).collect());
            let nodes = if dictionary.len() == self.numbers.len() {
                (0..dictionary.len()).map(NodeId::new).collect()
            } else {
                let known = |&number: &u32| dictionary.find_number(u64::from(number)).expect("every number was put into it");
                self.numbers.par_iter().map(known).collect()
            };
            let raw = RawNodes::new(self.numbers, nodes);
            return Ok((checked(dictionary)?, NodesOfCodes { raw, interned: self.interner.table(NodeId::default) }));
        }
        let numbers: Vec<String> = self.numbers.iter().map(u32::to_string).collect();
        let mut texts: Vec<&str> = numbers.iter().map(String::as_str).collect();
        texts.extend(codes.iter().map(|&code| resolver.key(self.interner.get(code))));
        texts.extend(others);
        if texts.len() >= u32::MAX as usize {
            return Err(IngestError::TooManyAccounts);
        }
        let (dictionary, nodes) = Dictionary::ranked(&texts);
        let mut interned = self.interner.table(NodeId::default);
        for (&code, &node) in codes.iter().zip(&nodes[numbers.len()..]) {
            *interned.at_mut(code) = node;
        }
        let raw = RawNodes::new(self.numbers, nodes[..numbers.len()].to_vec());
        Ok((checked(dictionary)?, NodesOfCodes { raw, interned }))
    }
}

fn checked(dictionary: Dictionary) -> Result<Dictionary, IngestError> {
    if dictionary.len() >= u32::MAX as usize { Err(IngestError::TooManyAccounts) } else { Ok(dictionary) }
}

/// The distinct numbers that stand in raw batches, ascending.
fn raw_numbers(raw: &[&Batch]) -> Vec<u32> {
    let highest_of = |batch: &&Batch| {
        let mut highest = None;
        visit_codes(batch, |codes| highest = highest.max(codes.iter().max().copied()));
        highest
    };
    let Some(highest) = raw.par_iter().filter_map(highest_of).max().map(u64::from) else { return Vec::new() };
    if highest < BITSET_END {
        let words: Vec<AtomicU64> = (0..=highest / 64).map(|_| AtomicU64::new(0)).collect();
        raw.par_iter().for_each(|batch| {
            visit_codes(batch, |codes| {
                for &code in codes {
                    let (word, bit) = (&words[code as usize / 64], 1 << (code % 64));
                    if word.load(Ordering::Relaxed) & bit == 0 {
                        word.fetch_or(bit, Ordering::Relaxed);
                    }
                }
            });
        });
        let set = |(at, word): (usize, u64)| (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at as u32 * 64 + bit);
        return words.into_iter().map(AtomicU64::into_inner).enumerate().flat_map(set).collect();
    }
    let parts: Vec<Vec<u32>> = raw
        .par_iter()
        .map(|batch| {
            let mut numbers: Vec<u32> = Vec::new();
            visit_codes(batch, |codes| numbers.extend(codes));
            numbers.sort_unstable();
            numbers.dedup();
            numbers
        })
        .collect();
    let mut numbers = parts.concat();
    numbers.par_sort_unstable();
    numbers.dedup();
    numbers
}

/// The node of each code.
pub(crate) struct NodesOfCodes {
    raw: RawNodes,
    interned: ByCode<NodeId>,
}

impl NodesOfCodes {
    /// The nodes of codes of a batch, in the same memory.
    pub(crate) fn of(&self, keys: &Keys, codes: Vec<Code>) -> Vec<NodeId> {
        match (keys, &self.raw) {
            (Keys::Raw, RawNodes::Dense(nodes)) => codes.into_iter().map(|code| nodes[code as usize]).collect(),
            (Keys::Raw, raw) => codes.into_iter().map(|code| raw.node(code)).collect(),
            (Keys::Interned | Keys::Listed(_), _) => codes.into_iter().map(|code| *self.interned.at(code)).collect(),
        }
    }
}

/// The nodes of small numbers.
enum RawNodes {
    /// By number.
    Dense(Vec<NodeId>),
    /// Numbers ascending with their nodes, and where each bucket of highest bits begins.
    Searched { numbers: Vec<u32>, nodes: Vec<NodeId>, buckets: Vec<u32> },
}

impl RawNodes {
    fn new(numbers: Vec<u32>, nodes: Vec<NodeId>) -> Self {
        let highest = numbers.last().map_or(0, |&highest| highest as usize);
        if highest < SPARSEST * numbers.len() + (1 << 20) {
            let mut dense = vec![NodeId::default(); highest + 1];
            numbers.iter().zip(nodes).for_each(|(&number, node)| dense[number as usize] = node);
            return Self::Dense(dense);
        }
        let mut buckets = vec![0; (1 << BUCKET_BITS) + 1];
        for number in &numbers {
            buckets[(number >> (u32::BITS - BUCKET_BITS)) as usize + 1] += 1;
        }
        for bucket in 0..1 << BUCKET_BITS {
            buckets[bucket + 1] += buckets[bucket];
        }
        Self::Searched { numbers, nodes, buckets }
    }

    fn node(&self, number: Code) -> NodeId {
        match self {
            Self::Dense(nodes) => nodes[number as usize],
            Self::Searched { numbers, nodes, buckets } => {
                let bucket = (number >> (u32::BITS - BUCKET_BITS)) as usize;
                let range = buckets[bucket] as usize..buckets[bucket + 1] as usize;
                let place = range.start + numbers[range].binary_search(&number).expect("every number was counted");
                nodes[place]
            }
        }
    }
}
