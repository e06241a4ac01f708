//! What the sample is meant to show, counted.

use crate::Study;
use crate::groups::Camp;
use crate::posts::Kind;
use std::collections::BTreeSet;
use std::fmt;

/// Counts over a study.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Accounts.
    pub accounts: usize,
    /// Follows, good and distinct.
    pub follows: usize,
    /// Posts: originals, replies, reposts, quotes.
    pub posts: [usize; 4],
    /// Mention, reply, repost and quote events between two members of the camps (self aside).
    pub camp_ties: usize,
    /// Those of them that cross from one camp to the other.
    pub crossing: usize,
    /// Distinct pairs of camp members with such ties, and those across.
    pub camp_pairs: [usize; 2],
    /// Follows between camp members, and those across.
    pub camp_follows: [usize; 2],
    /// For each bridge, ties (either way) with fairvial and with glimforward.
    pub bridges: Vec<[usize; 2]>,
    /// In-degree over follows and ties together: highest, 99th, 90th percentile, median.
    pub in_degrees: [usize; 4],
    /// Accounts with at least one tie to another.
    pub active: usize,
    /// Accounts of the largest weak component.
    pub largest: usize,
    /// Posts of the observers.
    pub observer_posts: usize,
    /// Reposts of the drug maker by the agencies.
    pub amplified: usize,
}

impl Summary {
    /// Counts a study.
    pub fn new(study: &Study) -> Self {
        let accounts = &study.accounts;
        let ties = ties(study);
        let camp = |node: usize| accounts[node].camp;
        let in_camps = |&&(source, target): &&(usize, usize)| camp(source).is_some() && camp(target).is_some();
        let across = |&&(source, target): &&(usize, usize)| accounts[source].opposes(&accounts[target]);
        let inner: Vec<(usize, usize)> = ties.iter().filter(in_camps).copied().collect();
        let pairs: BTreeSet<(usize, usize)> = inner.iter().copied().collect();
        let edges: BTreeSet<(usize, usize)> = study.follows.iter().map(|follow| (follow.follower, follow.followed)).collect();
        let merged: BTreeSet<(usize, usize)> = edges.iter().chain(&ties).copied().collect();
        let kinds = |wanted: fn(&Kind) -> bool| study.posts.iter().filter(|post| wanted(&post.kind)).count();
        let (active, largest) = components(accounts.len(), &merged);
        Self {
            accounts: accounts.len(),
            follows: edges.len(),
            posts: [
                kinds(|kind| matches!(kind, Kind::Original)),
                kinds(|kind| matches!(kind, Kind::Reply(_))),
                kinds(|kind| matches!(kind, Kind::Repost(_))),
                kinds(|kind| matches!(kind, Kind::Quote(_))),
            ],
            camp_ties: inner.len(),
            crossing: inner.iter().filter(across).count(),
            camp_pairs: [pairs.len(), pairs.iter().filter(across).count()],
            camp_follows: [edges.iter().filter(in_camps).count(), edges.iter().filter(across).count()],
            bridges: bridges(study, &ties),
            in_degrees: in_degrees(accounts.len(), &merged),
            active,
            largest,
            observer_posts: study.posts.iter().filter(|post| accounts[post.author].role == crate::groups::Role::Public).count(),
            amplified: study
                .posts
                .iter()
                .filter(|post| {
                    let Kind::Repost(seen) = post.kind else { return false };
                    accounts[post.author].amplifies() && pushed(study, study.posts[seen].author)
                })
                .count(),
        }
    }

    /// Share of the ties among camp members that cross, in per mille.
    pub fn crossing_per_mille(&self) -> usize {
        self.crossing * 1000 / self.camp_ties.max(1)
    }
}

fn pushed(study: &Study, node: usize) -> bool {
    let account = &study.accounts[node];
    account.rank == 0 && account.role == crate::groups::Role::Pharma
}

/// Mention, reply, repost and quote events as (source, target), self-loops left out.
pub fn ties(study: &Study) -> Vec<(usize, usize)> {
    let mut ties = Vec::new();
    for post in &study.posts {
        let mentions = post.text.mentions.iter().map(|span| span.what);
        let author = |seen: usize| study.posts[seen].author;
        match post.kind {
            Kind::Original => ties.extend(mentions.map(|other| (post.author, other))),
            Kind::Repost(seen) => ties.push((post.author, author(seen))),
            Kind::Reply(seen) | Kind::Quote(seen) => {
                let target = author(seen);
                ties.push((post.author, target));
                ties.extend(mentions.filter(|&other| other != target).map(|other| (post.author, other)));
            }
        }
    }
    ties.retain(|(source, target)| source != target);
    ties
}

fn bridges(study: &Study, ties: &[(usize, usize)]) -> Vec<[usize; 2]> {
    let with = |node: usize, camp: Camp| {
        let other = |&(source, target): &(usize, usize)| match node {
            _ if source == node => Some(target),
            _ if target == node => Some(source),
            _ => None,
        };
        ties.iter().filter_map(other).filter(|&other| study.accounts[other].camp == Some(camp)).count()
    };
    let nodes = (0..study.accounts.len()).filter(|&node| study.accounts[node].bridge);
    nodes.map(|node| [with(node, Camp::Fairvial), with(node, Camp::Glimforward)]).collect()
}

fn in_degrees(count: usize, edges: &BTreeSet<(usize, usize)>) -> [usize; 4] {
    let mut degrees = vec![0; count];
    for &(_, target) in edges {
        degrees[target] += 1;
    }
    degrees.sort_unstable();
    [degrees[count - 1], degrees[count * 99 / 100], degrees[count * 9 / 10], degrees[count / 2]]
}

fn components(count: usize, edges: &BTreeSet<(usize, usize)>) -> (usize, usize) {
    let mut parents: Vec<usize> = (0..count).collect();
    for &(source, target) in edges {
        let (one, two) = (root(&mut parents, source), root(&mut parents, target));
        parents[one.max(two)] = one.min(two);
    }
    let mut sizes = vec![0; count];
    for node in 0..count {
        sizes[root(&mut parents, node)] += 1;
    }
    let active = sizes.iter().filter(|&&size| size > 1).sum();
    (active, sizes.into_iter().max().unwrap_or(0))
}

fn root(parents: &mut [usize], mut node: usize) -> usize {
    while parents[node] != node {
        parents[node] = parents[parents[node]];
        node = parents[node];
    }
    node
}

impl fmt::Display for Summary {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [originals, replies, reposts, quotes] = self.posts;
        let total: usize = self.posts.iter().sum();
        let permille = self.crossing_per_mille();
        let [top, high, upper, median] = self.in_degrees;
        let least = self.bridges.iter().flatten().min().copied().unwrap_or(0);
        let (pairs, follows) = (self.camp_pairs, self.camp_follows);
        writeln!(out, "accounts {}, follows {}", self.accounts, self.follows)?;
        writeln!(out, "posts {total}: {originals} originals, {replies} replies, {reposts} reposts, {quotes} quotes")?;
        writeln!(
            out,
            "ties among camp members {}, across {} ({}.{} %); pairs {}, across {}; follows {}, across {}",
            self.camp_ties,
            self.crossing,
            permille / 10,
            permille % 10,
            pairs[0],
            pairs[1],
            follows[0],
            follows[1]
        )?;
        writeln!(out, "bridges {}, fewest ties with a camp {least}: {:?}", self.bridges.len(), self.bridges)?;
        writeln!(out, "in-degree: highest {top}, 99 % {high}, 90 % {upper}, median {median}")?;
        writeln!(out, "active {}, largest weak component {}", self.active, self.largest)?;
        write!(out, "posts of observers {}, agency reposts of the drug maker {}", self.observer_posts, self.amplified)
    }
}
