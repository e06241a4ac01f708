//! Repositories: all records of one account in a CAR file (version 1), found through the tree that names them.
//!
//! The file is held in memory: a repository is one account's. Blocks are not checked against their hashes. The tree (a Merkle search tree of
//! DAG-CBOR nodes) is walked without recursion, each node once. Where it has holes, because the file was cut or holds only what changed, records that no
//! name leads to are used by the type they state, and are known by their hash instead of their name.

use super::record::{Address, Collection, Record, Tally, record_number, take_in};
use crate::IngestError;
use crate::batch::Batch;
use crate::intake::Intake;
use crate::posts::number_of;
use crate::rejection::shown;
use crate::source::Source;
use echogram_graph::NO_TIME;
use ipld_core::cid::Cid;
use rayon::prelude::*;
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use std::io::Read;

/// A header is far smaller.
const LONGEST_HEADER: usize = 1 << 16;
/// Names of records are shorter: each may begin with all of the one before it, at no cost to whoever writes the file.
const LONGEST_NAME: usize = 1 << 10;
/// Records of one piece of work.
const PIECE: usize = 8192;

/// What a file begins with.
#[derive(Deserialize)]
struct Header {
    roots: Vec<Cid>,
}

/// The block that a root names: whose repository it is and where its tree starts.
#[derive(Deserialize)]
struct Commit<'a> {
    #[serde(borrow)]
    did: &'a str,
    data: Cid,
    #[serde(borrow, default)]
    rev: Option<&'a str>,
}

/// A node of the tree: what is left of its entries, and the entries, each with what is right of it.
#[derive(Deserialize)]
struct Node<'a> {
    #[serde(default)]
    l: Option<Cid>,
    #[serde(borrow)]
    e: Vec<Entry<'a>>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    /// How many bytes of the key before it this key begins with.
    p: usize,
    #[serde(borrow)]
    k: &'a [u8],
    v: Cid,
    #[serde(default)]
    t: Option<Cid>,
}

/// Whether bytes begin as a CAR file does: the length of a header, and a map with `roots` and `version`.
pub(super) fn is_car(head: &[u8]) -> bool {
    let mut rest = head;
    let Some(length) = varint(&mut rest).filter(|&length| (1..LONGEST_HEADER as u64).contains(&length)) else { return false };
    let header = &rest[..rest.len().min(length as usize)];
    let has = |word: &[u8]| memchr::memmem::find(header, word).is_some();
    header.first().is_some_and(|byte| byte >> 5 == 5) && has(b"eroots") && has(b"gversion")
}

/// A number in groups of seven bits, least first.
fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..63).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

/// A file taken apart.
#[derive(Default)]
struct Car<'a> {
    roots: Vec<Cid>,
    /// Blocks with their numbers.
    blocks: HashMap<Cid, (u64, &'a [u8])>,
    /// Blocks in the order of the file.
    order: Vec<Cid>,
    /// Numbers of blocks that cannot be read.
    bad: Vec<u64>,
    is_cut: bool,
}

impl<'a> Car<'a> {
    fn new(mut rest: &'a [u8]) -> Self {
        let mut car = Self::default();
        match section(&mut rest) {
            Some(header) => {
                let header = serde_ipld_dagcbor::from_slice::<Header>(header);
                car.roots = header.map(|header| header.roots).unwrap_or_default();
            }
            None => car.is_cut = true,
        }
        let mut number = 0;
        while !rest.is_empty() && !car.is_cut {
            number += 1;
            let Some(mut block) = section(&mut rest) else {
                car.is_cut = true;
                break;
            };
            match Cid::read_bytes(&mut block) {
                Ok(cid) => {
                    if car.blocks.insert(cid, (number, block)).is_none() {
                        car.order.push(cid);
                    }
                }
                Err(_) => car.bad.push(number),
            }
        }
        car
    }

    fn commit(&self) -> Option<Commit<'a>> {
        let read = |cid: &Cid| serde_ipld_dagcbor::from_slice::<Commit<'_>>(self.blocks.get(cid)?.1).ok();
        self.roots.iter().find_map(read).or_else(|| self.order.iter().find_map(read))
    }

    /// The records that the tree names, and whether all of the tree is there.
    fn tree(&self, root: Cid) -> (Vec<(String, Cid)>, bool) {
        let mut found = Vec::new();
        let mut is_whole = true;
        let mut visited = HashSet::new();
        let mut open = vec![root];
        while let Some(cid) = open.pop() {
            if !visited.insert(cid) {
                continue;
            }
            let Some(node) = self.blocks.get(&cid).and_then(|block| serde_ipld_dagcbor::from_slice::<Node<'_>>(block.1).ok())
            else {
                is_whole = false;
                continue;
            };
            open.extend(node.l);
            let mut key = Vec::new();
            for entry in node.e {
                open.extend(entry.t);
                if entry.p > key.len() || entry.p.saturating_add(entry.k.len()) > LONGEST_NAME {
                    is_whole = false;
                    break;
                }
                key.truncate(entry.p);
                key.extend_from_slice(entry.k);
                match std::str::from_utf8(&key) {
                    Ok(name) => found.push((name.to_owned(), entry.v)),
                    Err(_) => is_whole = false,
                }
            }
        }
        // Nodes may share records; the order of the walk is of no meaning.
        found.sort_unstable();
        found.dedup();
        (found, is_whole)
    }
}

/// The next part of the file, without the length before it.
fn section<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = usize::try_from(varint(rest)?).ok()?;
    let (part, behind) = rest.split_at_checked(length)?;
    *rest = behind;
    Some(part)
}

/// The moment in a revision or record key: 13 letters of a sortable base 32, microseconds and ten bits of a clock's number.
fn moment(tid: &str) -> Option<i64> {
    const LETTERS: &[u8] = b"234567abcdefghijklmnopqrstuvwxyz";
    if tid.len() != 13 {
        return None;
    }
    let digit = |letter: u8| LETTERS.iter().position(|&other| other == letter).map(|digit| digit as u64);
    let number = tid.bytes().try_fold(0_u64, |number, letter| Some((number << 5) | digit(letter)?))?;
    i64::try_from(number >> 10).ok()
}

/// All there is; the reason if the stream breaks off.
fn read_all(source: &mut Source) -> (Vec<u8>, Option<String>) {
    let mut bytes = Vec::new();
    let broken = source.read_to_end(&mut bytes).err();
    (bytes, broken.map(|error| error.to_string()))
}

pub(super) fn read(source: &mut Source, intake: &mut Intake, tally: &Tally) -> Result<(), IngestError> {
    let (bytes, broken) = read_all(source);
    let unusable = |what: &str| IngestError::Unusable { path: source.path.clone(), what: what.to_owned() };
    let car = Car::new(&bytes);
    let Some(commit) = car.commit() else {
        return Err(unusable("a CAR file without a repository's commit in it: whose records these are is not known"));
    };
    let revision = commit.rev.and_then(moment).unwrap_or(0);
    let (mut named, is_whole) = car.tree(commit.data);
    let mut batch = Batch::default();
    for &number in &car.bad {
        batch.records += 1;
        batch.reject(number, "row", "a block without a readable CID");
    }
    if car.is_cut || broken.is_some() {
        batch.records += 1;
        let reason = broken.map(|reason| format!(" ({reason})")).unwrap_or_default();
        batch.reject(car.order.len() as u64 + 1, "row", format!("the file breaks off here{reason}; what came before was read"));
    } else if !is_whole {
        batch.records += 1;
        batch.reject(1, "row", "nodes of the tree that names the records are missing or broken");
    }
    if !is_whole {
        let reached: HashSet<Cid> = named.iter().map(|record| record.1).collect();
        named.extend(car.order.iter().filter(|cid| !reached.contains(cid)).map(|&cid| (String::new(), cid)));
    }
    intake.take(vec![batch]);
    let parse = |records: &[(String, Cid)]| {
        source.progress.check()?;
        let mut batch = Batch::default();
        for (name, cid) in records {
            record(&mut batch, &car, (commit.did, revision), name, cid, tally);
        }
        Ok(batch)
    };
    let batches = named.par_chunks(PIECE).map(parse).collect::<Result<Vec<_>, IngestError>>()?;
    intake.take(batches);
    Ok(())
}

/// One record; without a name it is what it says it is.
fn record(batch: &mut Batch, car: &Car<'_>, (did, revision): (&str, i64), name: &str, cid: &Cid, tally: &Tally) {
    let (path, key) = name.split_once('/').unwrap_or((name, ""));
    let is_named = !name.is_empty();
    let is_ours = |collection| !matches!(collection, Collection::Block | Collection::Other);
    if is_named && !is_ours(Collection::of(path)) {
        batch.records += 1;
        return tally.pass_over(Collection::of(path));
    }
    // Where the file was cut there is one rejection for all that is missing.
    let Some(&(number, block)) = car.blocks.get(cid) else { return };
    let record = match serde_ipld_dagcbor::from_slice::<Record<'_>>(block) {
        Ok(record) => record,
        Err(error) if is_named => {
            batch.records += 1;
            return batch.reject(number, "row", format!("no record of {}: {error}", shown(name)));
        }
        Err(_) => return,
    };
    let collection = Collection::of(if is_named { path } else { record.kind.as_deref().unwrap_or_default() });
    if !is_ours(collection) {
        return;
    }
    batch.records += 1;
    let id = if is_named { record_number(did, path, key) } else { number_of(&format!("{did} {cid}")) };
    let time = moment(key).unwrap_or(NO_TIME);
    take_in(batch, number, &Address { did, collection, id, revision, time }, &record);
}

#[cfg(test)]
#[path = "car_tests.rs"]
mod tests;
