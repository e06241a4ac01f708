//! Posts -> rows: each post counts once, however many pages show it, and not at all if it was deleted later.
//!
//! A post (or a like, a follow: anything a platform keeps under a name) is known by a number: the platform's own, or [`number_of`] its name. What is said
//! of one number is settled here, after everything is read, so that the order of rows and files does not matter: the latest
//! revision counts, among equal ones the fullest copy, and nothing of it if a deletion is as late or later. What is created again after its deletion
//! counts again.
//!
//! Accounts stay: one whose only tie was taken back is an account without that tie.

use crate::assemble::AssemblyFacts;
use crate::batch::{Batch, Code, Post};
use crate::intake::LeftOut;
use crate::interner::Interner;
use crate::period::Period;
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
pub(crate) fn count_posts_once(batches: &mut [Batch], interner: &Interner, period: Period) -> AssemblyFacts {
    let deletions = deletions(batches);
    let places = places(batches);
    let copies = || places.chunk_by(|a, b| a.id == b.id);
    let verdicts: Vec<Verdict> = {
        let batches = &*batches;
        places.par_chunk_by(|a, b| a.id == b.id).map(|copies| judge(batches, interner, copies, &deletions)).collect()
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
    let settled: Vec<(u64, LeftOut)> =
        batches.par_iter_mut().zip(idle).map(|(batch, idle)| settle(batch, idle, &authors, period)).collect();
    for (unresolved, left_out) in settled {
        facts.unresolved_references += unresolved;
        facts.left_out.without_time += left_out.without_time;
        facts.left_out.outside += left_out.outside;
    }
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

fn judge(batches: &[Batch], interner: &Interner, copies: &[Place], deletions: &[(u64, i64)]) -> Verdict {
    let mut kept = copies[0];
    for &place in &copies[1..] {
        let rank = |place: Place| (place.post(batches).revision, place.post(batches).is_post);
        if rank(place)
            .cmp(&rank(kept))
            .then_with(|| content(batches, interner, place).cmp(&content(batches, interner, kept)))
            .is_gt()
        {
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

/// What tells copies apart whatever their order: the fullest is the greatest.
type Content<'a> = (usize, Vec<(&'static str, u64)>, i64, &'a str, Vec<(&'static str, &'a str)>);

fn content<'a>(batches: &[Batch], interner: &'a Interner, place: Place) -> Content<'a> {
    let post = place.post(batches);
    let mut ties: Vec<(&'static str, &str)> = post.ties.iter().map(|tie| (tie.0, interner.get(tie.1))).collect();
    ties.sort_unstable();
    (ties.len(), post.pending.clone(), post.time, interner.get(post.author), ties)
}

/// Who wrote the posts that others refer to by number.
fn authors_of_references(batches: &[Batch], verdicts: &[Verdict]) -> HashMap<u64, Code> {
    let referred: HashSet<u64> =
        batches.iter().flat_map(|batch| &batch.posts).flat_map(|post| &post.pending).map(|reference| reference.1).collect();
    let author = |id: u64| {
        let at = verdicts.binary_search_by_key(&id, |verdict| verdict.kept.id).ok()?;
        Some((id, verdicts[at].kept.post(batches).author))
    };
    referred.into_iter().filter_map(author).collect()
}

/// Makes rows of the posts of a batch, those at the places `idle` left out, and those outside the period; gives the number of references to posts
/// that no input holds, and what the period left out.
fn settle(batch: &mut Batch, mut idle: Vec<u32>, authors: &HashMap<u64, Code>, period: Period) -> (u64, LeftOut) {
    idle.sort_unstable();
    let mut unresolved = 0;
    let mut left_out = LeftOut::default();
    for (at, mut post) in std::mem::take(&mut batch.posts).into_iter().enumerate() {
        let is_idle = idle.binary_search(&(at as u32)).is_ok();
        if !period.holds(post.time) {
            if !is_idle {
                left_out.add(post.time, (post.ties.len() + post.pending.len()) as u64);
            }
            continue;
        }
        // Who stands in a post is an account all the same, ties or not.
        batch.rows(AUTHORS).sources.push(post.author);
        if is_idle {
            batch.rows(AUTHORS).sources.extend(post.ties.iter().map(|tie| tie.1));
            continue;
        }
        for (relation, id) in std::mem::take(&mut post.pending) {
            let Some(&target) = authors.get(&id) else {
                unresolved += 1;
                continue;
            };
            // Who is answered or quoted is not mentioned besides.
            post.ties.retain(|tie| *tie != ("mention", target));
            post.ties.push((relation, target));
        }
        for (relation, target) in post.ties {
            batch.rows(relation).push(post.author, target, 1.0, post.time);
        }
    }
    (unresolved, left_out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Key;
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

    fn counted(batches: &mut [Batch]) -> (AssemblyFacts, Interner) {
        let mut interner = Interner::default();
        assert!(interner.absorb(batches));
        (count_posts_once(batches, &interner, Period::default()), interner)
    }

    /// Targets that `a` follows, and the records taken back, for every order of the batches.
    #[track_caller]
    fn check(batches: &[Batch], wanted: &[&str], undone: u64) {
        for turn in 0..batches.len() {
            let mut turned = batches.to_vec();
            turned.rotate_left(turn);
            let (facts, interner) = counted(&mut turned);
            let targets = |batch: &Batch| match batch.relations.get("follow") {
                Some(rows) => rows.targets.iter().map(|&code| interner.get(code).to_owned()).collect::<Vec<_>>(),
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
        let (facts, _) = counted(&mut batches);
        assert_eq!((facts.idle_deletions, facts.undone), (2, 0));
    }

    #[test]
    fn who_stood_in_a_deleted_record_stays_an_account() {
        let mut batches = [follow(1, "b"), deletion(2)];
        let (_, interner) = counted(&mut batches);
        let names: Vec<&str> = batches[0].relations[AUTHORS].sources.iter().map(|&code| interner.get(code)).collect();
        assert_eq!(names, ["a", "b"]);
    }
}
