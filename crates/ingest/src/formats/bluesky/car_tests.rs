//! Tests of repository files, built here record by record: there is no small one to be had.

use super::*;
use crate::source::Progress;
use ipld_core::cid::multihash::Multihash;
use ipld_core::ipld::Ipld;
use std::collections::BTreeMap;
use std::sync::Arc;

const DID: &str = "did:plc:exampleowner";

/// A file in the making.
struct Builder {
    blocks: Vec<(Cid, Vec<u8>)>,
}

fn map<const N: usize>(members: [(&str, Ipld); N]) -> Ipld {
    Ipld::Map(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn text(text: &str) -> Ipld {
    Ipld::String(text.to_owned())
}

fn write_varint(bytes: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

impl Builder {
    fn new() -> Self {
        Self { blocks: Vec::new() }
    }

    /// Adds a block under a hash that need only be its own.
    fn add(&mut self, bytes: Vec<u8>) -> Cid {
        let digest = blake3::hash(&bytes);
        let cid = Cid::new_v1(0x71, Multihash::wrap(0x12, digest.as_bytes()).unwrap());
        self.blocks.push((cid, bytes));
        cid
    }

    fn add_value(&mut self, value: &Ipld) -> Cid {
        self.add(serde_ipld_dagcbor::to_vec(value).unwrap())
    }

    /// A tree of these records: the middle one in the node, the others in nodes left and right of it.
    fn tree(&mut self, records: &[(String, Cid)]) -> Cid {
        let third = records.len() / 3;
        let (left, rest) = records.split_at(third);
        let (own, right) = rest.split_at(rest.len().min(2));
        let l = if left.is_empty() { Ipld::Null } else { Ipld::Link(self.tree(left)) };
        let t = if right.is_empty() { Ipld::Null } else { Ipld::Link(self.tree(right)) };
        let mut before = "";
        let mut entries = Vec::new();
        for (place, (name, cid)) in own.iter().enumerate() {
            let shared = before.bytes().zip(name.bytes()).take_while(|(a, b)| a == b).count();
            let behind = if place + 1 == own.len() { t.clone() } else { Ipld::Null };
            let rest = Ipld::Bytes(name.as_bytes()[shared..].to_vec());
            entries.push(map([("k", rest), ("p", Ipld::Integer(shared as i128)), ("t", behind), ("v", Ipld::Link(*cid))]));
            before = name;
        }
        self.add_value(&map([("e", Ipld::List(entries)), ("l", l)]))
    }

    /// The file: commit first, then blocks as they were made, last one first, so that a tree comes before its records.
    fn file(mut self, data: Cid) -> Vec<u8> {
        let rev = text("3k2aaaaaaaaa2");
        let commit = map([("data", Ipld::Link(data)), ("did", text(DID)), ("rev", rev), ("version", Ipld::Integer(3))]);
        let root = self.add_value(&commit);
        let header = map([("roots", Ipld::List(vec![Ipld::Link(root)])), ("version", Ipld::Integer(1))]);
        let header = serde_ipld_dagcbor::to_vec(&header).unwrap();
        let mut file = Vec::new();
        write_varint(&mut file, header.len());
        file.extend(header);
        for (cid, bytes) in self.blocks.iter().rev() {
            let cid = cid.to_bytes();
            write_varint(&mut file, cid.len() + bytes.len());
            file.extend(cid);
            file.extend(bytes);
        }
        file
    }
}

fn follow(who: usize) -> (String, Ipld) {
    let record = map([
        ("$type", text("app.bsky.graph.follow")),
        ("createdAt", text("2024-01-01T00:00:00Z")),
        ("subject", text(&format!("did:plc:friend{who:03}"))),
    ]);
    (format!("app.bsky.graph.follow/3k2aaaaaaa{who:03}"), record)
}

/// A repository of a hundred follows, a post that answers and names someone, a profile, a block and a record that is none.
fn repository() -> Vec<u8> {
    let mut builder = Builder::new();
    let mut records: BTreeMap<String, Ipld> = (0..100).map(follow).collect();
    let mention = map([("$type", text("app.bsky.richtext.facet#mention")), ("did", text("did:plc:named"))]);
    let parent = map([("cid", text("c")), ("uri", text("at://did:plc:asked/app.bsky.feed.post/1"))]);
    let picture = Ipld::Link(builder.add(vec![0xa0]));
    let post = map([
        ("$type", text("app.bsky.feed.post")),
        ("embed", map([("images", Ipld::List(vec![map([("ref", picture)])]))])),
        ("facets", Ipld::List(vec![map([("features", Ipld::List(vec![mention]))])])),
        ("reply", map([("parent", parent.clone()), ("root", parent)])),
    ]);
    records.insert("app.bsky.feed.post/3k2aaaaaaaaa2".to_owned(), post);
    let profile = map([("$type", text("app.bsky.actor.profile")), ("displayName", text("Owner"))]);
    records.insert("app.bsky.actor.profile/self".to_owned(), profile);
    records.insert("app.bsky.graph.block/x".to_owned(), map([("subject", text("did:plc:foe"))]));
    records.insert("app.bsky.feed.like/broken".to_owned(), Ipld::Integer(7));
    let named: Vec<(String, Cid)> = records.iter().map(|(name, record)| (name.clone(), builder.add_value(record))).collect();
    let data = builder.tree(&named);
    builder.file(data)
}

/// What reading gives: batches with their keys, and the notes.
fn read_bytes(bytes: &[u8]) -> Result<(Intake, Vec<String>), IngestError> {
    let path = std::path::Path::new("x.car");
    let mut source = Source::of_bytes(path, bytes.to_vec(), &Arc::new(Progress::default()))?;
    let mut intake = Intake::default();
    let tally = Tally::default();
    read(&mut source, &mut intake, &tally)?;
    intake.settle();
    Ok((intake, tally.notes(path)))
}

/// Relation and target of every tie.
fn ties(intake: &Intake) -> Vec<(&'static str, String)> {
    let ties = intake.batches.iter().flat_map(|batch| &batch.posts).flat_map(|post| &post.ties);
    let mut found: Vec<_> = ties.map(|tie| (tie.0, intake.interner.get(tie.1).to_owned())).collect();
    found.sort();
    found
}

fn reasons(batches: &[Batch]) -> Vec<&str> {
    batches.iter().flat_map(|batch| &batch.rejections.kept).map(|rejection| rejection.reason.as_str()).collect()
}

#[test]
fn a_tree_names_all_records() {
    let file = repository();
    assert!(is_car(&file));
    let (intake, notes) = read_bytes(&file).unwrap();
    let found = ties(&intake);
    assert_eq!(found.iter().filter(|tie| tie.0 == "follow").count(), 100);
    let rest: Vec<(&str, &str)> = found.iter().filter(|tie| tie.0 != "follow").map(|tie| (tie.0, tie.1.as_str())).collect();
    assert_eq!(rest, [("mention", "did:plc:named"), ("reply", "did:plc:asked")]);
    let reasons = reasons(&intake.batches);
    assert!(reasons.len() == 1 && reasons[0].contains("app.bsky.feed.like/broken"), "{reasons:?}");
    let profile = intake.profiles.into_iter().next().unwrap();
    assert_eq!((&*profile.account, profile.name.as_deref()), (DID, Some("Owner")));
    assert!(notes.len() == 1 && notes[0].contains("1 blocks"), "{notes:?}");
    assert_eq!(intake.batches.iter().map(|batch| batch.records).sum::<u64>(), 104);
    let id = record_number(DID, "app.bsky.graph.follow", "3k2aaaaaaa007");
    assert!(intake.batches.iter().flat_map(|batch| &batch.posts).any(|post| post.id == Some(id)));
}

#[test]
fn a_cut_file_gives_what_came_before() {
    let file = repository();
    let (intake, _) = read_bytes(&file[..file.len() * 3 / 4]).unwrap();
    let follows = ties(&intake).iter().filter(|tie| tie.0 == "follow").count();
    assert!((20..100).contains(&follows), "{follows}");
    assert_eq!(reasons(&intake.batches).iter().filter(|reason| reason.contains("breaks off here")).count(), 1);
}

#[test]
fn records_that_no_name_leads_to_are_used_by_their_type() {
    let mut builder = Builder::new();
    let records: Vec<Cid> = (0..5).map(|who| builder.add_value(&follow(who).1)).collect();
    // The tree's root is not in the file.
    let file = builder.file(records[0]);
    let (intake, _) = read_bytes(&file).unwrap();
    assert_eq!(ties(&intake).len(), 5);
    assert_eq!(reasons(&intake.batches), ["nodes of the tree that names the records are missing or broken"]);
}

#[test]
fn a_tree_that_bites_its_tail_ends() {
    // A node below itself cannot be made with true hashes; one hash for all makes it.
    let cid = Cid::new_v1(0x71, Multihash::wrap(0x12, &[7; 32]).unwrap());
    let node = map([("e", Ipld::List(Vec::new())), ("l", Ipld::Link(cid))]);
    let builder = Builder { blocks: vec![(cid, serde_ipld_dagcbor::to_vec(&node).unwrap())] };
    let (intake, _) = read_bytes(&builder.file(cid)).unwrap();
    assert_eq!((ties(&intake).len(), reasons(&intake.batches).len()), (0, 0));
}

#[test]
fn no_bytes_make_it_panic() {
    let file = repository();
    for at in (0..file.len()).step_by(13) {
        let mut damaged = file.clone();
        damaged[at] ^= 0x55;
        if is_car(&damaged) {
            drop(read_bytes(&damaged));
        }
        assert!(varint(&mut &[0xff; 20][..]).is_none());
    }
    for end in (1..file.len()).step_by(997) {
        drop(read_bytes(&file[..end]));
    }
}

#[test]
fn moments_of_revisions() {
    // 2023-11-14 22:13:20 UTC, clock 0.
    assert_eq!(moment("3ke5uksmjs222").map(|micros| micros / 1_000_000_000_000), Some(1_699));
    assert_eq!((moment("self"), moment("3ke5uksmjs22!")), (None, None));
}
