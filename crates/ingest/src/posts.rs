//! Posts -> rows: each post counts once, however many pages show it, and not at all if it was deleted later.
//!
//! A post (or a like, a follow: anything a platform keeps under a name) is known by a number: the platform's own, or [`number_of`] its name. What is said
//! of one number is settled here, after everything is read, so that the order of rows and files does not matter: the latest
//! revision counts, among equal ones the fullest copy, and nothing of it if a deletion is as late or later. What is created again after its deletion
//! counts again.
//!
//! Accounts stay: one whose only tie was taken back is an account without that tie.

use crate::assemble::AssemblyFacts;
use crate::batch::{Batch, Code, Key, Keys, Post};
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};

/// Where authors of posts are kept until all accounts are known; no relation has this name, as an empty word means the default.
pub(crate) const AUTHORS: &str = "";

/// The revision of what a platform never changes: all copies are equally late.
pub(crate) const ONLY_REVISION: i64 = i64::MIN;
/// When a deletion was made that nothing can follow.
pub(crate) const FOR_GOOD: i64 = i64::MAX;

/// A number for a name such as `at://did/collection/key` or the address of a post: the first 64 bits of its BLAKE3 hash. Two of n names
/// share a number with a chance of about n²/2⁶⁵: one in 370,000 for ten million names.
pub(crate) fn number_of(name: &str) -> u64 {
    let hash = blake3::hash(name.as_bytes());
    let [a, b, c, d, e, f, g, h, ..] = *hash.as_bytes();
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}

/// Where a copy of a post stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    id: u64,
    batch: u32,
    at: u32,
}

impl Place {
    fn post<'a>(&self, batches: &'a [Batch]) -> &'a Post {
        &batches[self.batch as usize].posts[self.at as usize]
    }
}

/// What becomes of all copies of one post.
struct Verdict {
    kept: Place,
    is_undone: bool,
    has_deletion: bool,
    /// Copies beside the kept one that are posts.
    repeats: u64,
}

/// Turns posts into rows. A reference to a post on another page finds its author here.
pub(crate) fn count_posts_once(batches: &mut [Batch]) -> AssemblyFacts {
    let deletions = deletions(batches);
    let places = places(batches);
    let copies = || places.chunk_by(|a, b| a.id == b.id);
    let verdicts: Vec<Verdict> = {
        let batches = &*batches;
        places.par_chunk_by(|a, b| a.id == b.id).map(|copies| judge(batches, copies, &deletions)).collect()
    };
    let without_number = batches.iter().flat_map(|batch| &batch.posts).filter(|post| post.id.is_none() && post.is_post).count();
    let count = |is_wanted: &dyn Fn(&Verdict) -> bool| verdicts.iter().filter(|verdict| is_wanted(verdict)).count() as u64;
    let mut facts = AssemblyFacts {
        posts: without_number as u64 + count(&|verdict| !verdict.is_undone && verdict.kept.post(batches).is_post),
        repeated_posts: verdicts.iter().map(|verdict| verdict.repeats).sum(),
        undone: count(&|verdict| verdict.is_undone),
        idle_deletions: deletions.len() as u64 - count(&|verdict| verdict.has_deletion),
        ..AssemblyFacts::default()
    };
    let mut idle: Vec<Vec<u32>> = vec![Vec::new(); batches.len()];
    for (copies, verdict) in copies().zip(&verdicts) {
        for place in copies.iter().filter(|place| verdict.is_undone || **place != verdict.kept) {
            idle[place.batch as usize].push(place.at);
        }
    }
    let authors = authors_of_references(batches, &verdicts);
    facts.unresolved_references = batches.par_iter_mut().zip(idle).map(|(batch, idle)| settle(batch, idle, &authors)).sum();
    facts
}

/// The latest deletion of each number, sorted.
fn deletions(batches: &mut [Batch]) -> Vec<(u64, i64)> {
    let mut all: Vec<(u64, i64)> = batches.iter_mut().flat_map(|batch| std::mem::take(&mut batch.deletions)).collect();
    all.par_sort_unstable_by_key(|&(id, when)| (id, std::cmp::Reverse(when)));
    all.dedup_by_key(|deletion| deletion.0);
    all
}

/// All copies that have a number, those of one post together.
fn places(batches: &[Batch]) -> Vec<Place> {
    let of_batch = |(number, batch): (usize, &Batch)| {
        let place = move |(at, post): (usize, &Post)| Some(Place { id: post.id?, batch: number as u32, at: at as u32 });
        batch.posts.iter().enumerate().filter_map(place).collect::<Vec<_>>()
    };
    let mut places: Vec<Place> = batches.par_iter().enumerate().flat_map_iter(of_batch).collect();
    places.par_sort_unstable();
    places
}

fn judge(batches: &[Batch], copies: &[Place], deletions: &[(u64, i64)]) -> Verdict {
    let mut kept = copies[0];
    for &place in &copies[1..] {
        let rank = |place: Place| (place.post(batches).revision, place.post(batches).is_post);
        if rank(place).cmp(&rank(kept)).then_with(|| content(batches, place).cmp(&content(batches, kept))).is_gt() {
            kept = place;
        }
    }
    let posts = copies.iter().filter(|place| place.post(batches).is_post).count() as u64;
    let deletion = deletions.binary_search_by_key(&kept.id, |deletion| deletion.0).ok().map(|at| deletions[at].1);
    Verdict {
        kept,
        is_undone: deletion.is_some_and(|when| when >= kept.post(batches).revision),
        has_deletion: deletion.is_some(),
        repeats: posts.saturating_sub(1),
    }
}

fn key_of(batch: &Batch, code: Code) -> String {
    match &batch.keys {
        Keys::Raw => code.to_string(),
        Keys::Table(table) => table.get(code as usize).to_owned(),
    }
}

/// What tells copies apart whatever their order: the fullest is the greatest.
type Content = (usize, Vec<(&'static str, u64)>, i64, String, Vec<(&'static str, String)>);

fn content(batches: &[Batch], place: Place) -> Content {
    let (batch, post) = (&batches[place.batch as usize], place.post(batches));
    let mut ties: Vec<(&'static str, String)> = post.ties.iter().map(|tie| (tie.0, key_of(batch, tie.1))).collect();
    ties.sort_unstable();
    (ties.len(), post.pending.clone(), post.time, key_of(batch, post.author), ties)
}

/// Who wrote the posts that others refer to by number.
fn authors_of_references(batches: &[Batch], verdicts: &[Verdict]) -> HashMap<u64, String> {
    let referred: HashSet<u64> =
        batches.iter().flat_map(|batch| &batch.posts).flat_map(|post| &post.pending).map(|reference| reference.1).collect();
    let author = |id: u64| {
        let at = verdicts.binary_search_by_key(&id, |verdict| verdict.kept.id).ok()?;
        let place = verdicts[at].kept;
        Some((id, key_of(&batches[place.batch as usize], place.post(batches).author)))
    };
    referred.into_iter().filter_map(author).collect()
}

/// Makes rows of the posts of a batch, those at the places `idle` left out; gives the number of references to posts that no input holds.
fn settle(batch: &mut Batch, mut idle: Vec<u32>, authors: &HashMap<u64, String>) -> u64 {
    idle.sort_unstable();
    let is_idle = |at: usize| idle.binary_search(&(at as u32)).is_ok();
    let mut unresolved = 0;
    for at in 0..batch.posts.len() {
        // Coding a name may recode all posts of the batch: they stay in it until all names are coded.
        let pending = std::mem::take(&mut batch.posts[at].pending);
        if is_idle(at) {
            continue;
        }
        for (relation, id) in pending {
            let Some(author) = authors.get(&id) else {
                unresolved += 1;
                continue;
            };
            let [target] = batch.codes([Key::Text(author)]);
            // Who is answered or quoted is not mentioned besides.
            batch.posts[at].ties.retain(|tie| *tie != ("mention", target));
            batch.posts[at].ties.push((relation, target));
        }
    }
    for (at, Post { author, time, ties, .. }) in std::mem::take(&mut batch.posts).into_iter().enumerate() {
        // Who stands in a post is an account all the same, ties or not.
        batch.rows(AUTHORS).sources.push(author);
        for (relation, target) in ties {
            if is_idle(at) {
                batch.rows(AUTHORS).sources.push(target);
            } else {
                batch.rows(relation).push(author, target, 1.0, time);
            }
        }
    }
    unresolved
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::NO_TIME;

    /// A follow of number 1 said at some time.
    fn follow(revision: i64, target: &str) -> Batch {
        let mut batch = Batch::default();
        let [author, target] = batch.codes([Key::Text("a"), Key::Text(target)]);
        let ties = vec![("follow", target)];
        batch.posts.push(Post { id: Some(1), author, time: NO_TIME, ties, pending: Vec::new(), revision, is_post: false });
        batch
    }

    fn deletion(when: i64) -> Batch {
        Batch { deletions: vec![(1, when)], ..Batch::default() }
    }

    /// Targets that `a` follows, and the records taken back, for every order of the batches.
    #[track_caller]
    fn check(batches: &[Batch], wanted: &[&str], undone: u64) {
        for turn in 0..batches.len() {
            let mut turned = batches.to_vec();
            turned.rotate_left(turn);
            let facts = count_posts_once(&mut turned);
            let targets = |batch: &Batch| match batch.relations.get("follow") {
                Some(rows) => rows.targets.iter().map(|&code| key_of(batch, code)).collect::<Vec<_>>(),
                None => Vec::new(),
            };
            assert_eq!(turned.iter().flat_map(targets).collect::<Vec<_>>(), wanted, "turned by {turn}");
            assert_eq!((facts.undone, facts.posts), (undone, 0));
        }
    }

    #[test]
    fn the_latest_word_on_a_record_counts() {
        check(&[follow(5, "b"), deletion(9)], &[], 1);
        check(&[follow(5, "b"), deletion(5)], &[], 1);
        check(&[follow(5, "b"), deletion(9), follow(12, "c")], &["c"], 0);
        check(&[follow(5, "b"), follow(7, "c"), deletion(6), deletion(3)], &["c"], 0);
        check(&[follow(5, "b"), follow(5, "b")], &["b"], 0);
        check(&[follow(ONLY_REVISION, "b"), deletion(FOR_GOOD)], &[], 1);
    }

    #[test]
    fn deletions_of_what_nobody_holds_are_counted() {
        let mut batches = [Batch { deletions: vec![(7, 1), (8, 1), (8, 2)], ..Batch::default() }, follow(3, "b")];
        let facts = count_posts_once(&mut batches);
        assert_eq!((facts.idle_deletions, facts.undone), (2, 0));
    }

    #[test]
    fn who_stood_in_a_deleted_record_stays_an_account() {
        let mut batches = [follow(1, "b"), deletion(2)];
        count_posts_once(&mut batches);
        let names: Vec<String> = batches[0].relations[AUTHORS].sources.iter().map(|&code| key_of(&batches[0], code)).collect();
        assert_eq!(names, ["a", "b"]);
    }
}
