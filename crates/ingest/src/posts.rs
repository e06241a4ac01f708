//! Posts -> rows: each post counts once, however many pages show it.

use crate::assemble::AssemblyFacts;
use crate::batch::{Batch, Code};
use crate::intake::LeftOut;
use crate::interner::Interner;
use crate::period::Period;
use std::collections::{HashMap, HashSet};

/// Where authors of posts are kept until all accounts are known; no relation has this name, as an empty word means the default.
pub(crate) const AUTHORS: &str = "";

/// Turns posts into rows; a post that stands on several pages counts once, by its fullest copy. A reference
/// to a post on another page finds its author here.
pub(crate) fn count_posts_once(batches: &mut [Batch], interner: &Interner, period: Period) -> AssemblyFacts {
    let key = |_: &Batch, code: Code| interner.get(code).to_owned();
    // Where each post with an id stands in full: most ties, then by content, so that the order of pages does not matter.
    let mut chosen: HashMap<u64, (usize, usize)> = HashMap::new();
    let content = |batches: &[Batch], (batch, at): (usize, usize)| {
        let (batch, post) = (&batches[batch], &batches[batch].posts[at]);
        let ties: Vec<(&str, String)> = post.ties.iter().map(|tie| (tie.0, key(batch, tie.1))).collect();
        (post.ties.len(), post.pending.clone(), post.time, key(batch, post.author), ties)
    };
    let (mut distinct, mut repeated) = (0, 0);
    for number in 0..batches.len() {
        for at in 0..batches[number].posts.len() {
            distinct += 1;
            let Some(id) = batches[number].posts[at].id else { continue };
            if let Some(&before) = chosen.get(&id) {
                repeated += 1;
                distinct -= 1;
                if content(batches, (number, at)) <= content(batches, before) {
                    continue;
                }
            }
            chosen.insert(id, (number, at));
        }
    }
    let referred: HashSet<u64> =
        batches.iter().flat_map(|batch| &batch.posts).flat_map(|post| &post.pending).map(|reference| reference.1).collect();
    let authors: HashMap<u64, Code> = referred
        .iter()
        .filter_map(|id| chosen.get(id).map(|&(batch, at)| (*id, batches[batch].posts[at].author)))
        .collect();
    let mut unresolved_references = 0;
    let mut left_out = LeftOut::default();
    for (number, batch) in batches.iter_mut().enumerate() {
        for (at, mut post) in std::mem::take(&mut batch.posts).into_iter().enumerate() {
            if post.id.is_some_and(|id| chosen.get(&id) != Some(&(number, at))) {
                post.ties.clear();
                post.pending.clear();
            }
            if !period.holds(post.time) {
                left_out.add(post.time, (post.ties.len() + post.pending.len()) as u64);
                continue;
            }
            for (relation, id) in post.pending {
                let Some(&target) = authors.get(&id) else {
                    unresolved_references += 1;
                    continue;
                };
                // Who is answered or quoted is not mentioned besides.
                post.ties.retain(|tie| *tie != ("mention", target));
                post.ties.push((relation, target));
            }
            // An author without ties is an account all the same.
            batch.rows(AUTHORS).sources.push(post.author);
            for (relation, target) in post.ties {
                batch.rows(relation).push(post.author, target, 1.0, post.time);
            }
        }
    }
    AssemblyFacts { posts: distinct, repeated_posts: repeated, unresolved_references, left_out, ..AssemblyFacts::default() }
}
