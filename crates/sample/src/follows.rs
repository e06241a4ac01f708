//! Who follows whom: mostly within the community, towards the well-known, seldom across the camps.

use crate::accounts::Account;
use crate::calendar::{DAY, END, START};
use crate::groups::{Community, MAKEUPS, Role};
use crate::random::{Random, Urn};
use std::collections::BTreeSet;

/// Follows kept of those drawn.
const FOLLOWS: usize = 25_040;

/// One follow, by positions in the list of accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Follow {
    /// Who pays attention.
    pub follower: usize,
    /// Who gets it.
    pub followed: usize,
    /// First second of the day from which it holds.
    pub since: i64,
}

/// Draws accounts by community and fame.
#[derive(Debug)]
pub struct Crowd {
    members: Vec<Vec<usize>>,
    urns: Vec<Urn>,
    neighbours: Vec<Urn>,
}

impl Crowd {
    /// The crowd of a list of accounts.
    pub fn new(accounts: &[Account]) -> Self {
        let members: Vec<Vec<usize>> = MAKEUPS
            .iter()
            .map(|makeup| (0..accounts.len()).filter(|&node| accounts[node].community == makeup.community).collect())
            .collect();
        let urns = members.iter().map(|nodes: &Vec<usize>| Urn::new(nodes.iter().map(|&node| accounts[node].fame))).collect();
        let neighbours = MAKEUPS.iter().map(|makeup| Urn::new(makeup.neighbours.iter().map(|&(_, weight)| weight))).collect();
        Self { members, urns, neighbours }
    }

    /// A member of a community, by fame.
    pub fn member(&self, community: Community, random: &mut Random) -> usize {
        let place = community as usize;
        let drawn = self.urns[place].draw(random).expect("every community has members with fame");
        self.members[place][drawn]
    }

    /// A member of one of the communities that `community` looks to.
    pub fn outsider(&self, community: Community, random: &mut Random) -> usize {
        let place = community as usize;
        let drawn = self.neighbours[place].draw(random).expect("every community has neighbours");
        self.member(MAKEUPS[place].neighbours[drawn].0, random)
    }
}

/// All follows of a seed, in the order of followers, then followed.
pub fn follows(accounts: &[Account], seed: u64) -> Vec<Follow> {
    let mut random = Random::stream(seed, "follows");
    let crowd = Crowd::new(accounts);
    let mut pairs: BTreeSet<(usize, usize)> = BTreeSet::new();
    let mut lists: Vec<Vec<usize>> = vec![Vec::new(); accounts.len()];
    for (follower, account) in accounts.iter().enumerate() {
        for _ in 0..appetite(account, &mut random) {
            let followed = candidate(follower, accounts, &crowd, &lists, &mut random);
            if !welcome(account, &accounts[followed], &mut random) || follower == followed {
                continue;
            }
            if pairs.insert((follower, followed)) {
                lists[follower].push(followed);
            }
            let back = follows_back(&accounts[followed], &mut random);
            if back && pairs.insert((followed, follower)) {
                lists[followed].push(follower);
            }
        }
    }
    let mut pairs: Vec<(usize, usize)> = pairs.into_iter().collect();
    while pairs.len() > FOLLOWS {
        pairs.swap_remove(random.position(pairs.len()));
    }
    pairs.sort_unstable();
    pairs.into_iter().map(|(follower, followed)| dated(follower, followed, accounts, &mut random)).collect()
}

/// How many accounts somebody sets out to follow; a few follow very many, a few nobody.
fn appetite(account: &Account, random: &mut Random) -> u64 {
    let drawn = 2 + 3_900 / (random.below(1000) + 50);
    match account.role {
        _ if account.bridge => drawn + 30,
        _ if account.organisation => drawn / 2,
        Role::Public => drawn + 3,
        _ if random.below(1000) < 12 => 0,
        _ => drawn,
    }
}

fn candidate(follower: usize, accounts: &[Account], crowd: &Crowd, lists: &[Vec<usize>], random: &mut Random) -> usize {
    let community = accounts[follower].community;
    let own = &lists[follower];
    if !own.is_empty() && random.percent(22) {
        let friend = *random.pick(own);
        if !lists[friend].is_empty() {
            return *random.pick(&lists[friend]);
        }
    }
    let outside = if accounts[follower].bridge { 60 } else { 20 };
    if random.percent(outside) { crowd.outsider(community, random) } else { crowd.member(community, random) }
}

fn welcome(own: &Account, other: &Account, random: &mut Random) -> bool {
    !own.opposes(other) || own.bridge || random.percent(if other.bridge { 40 } else { 4 })
}

fn follows_back(account: &Account, random: &mut Random) -> bool {
    random.percent(if account.rank == 0 || account.role == Role::Public { 4 } else { 26 })
}

fn dated(follower: usize, followed: usize, accounts: &[Account], random: &mut Random) -> Follow {
    let (one, two) = (&accounts[follower], &accounts[followed]);
    let first = one.created.max(two.created).max(one.joined.min(two.joined) - 900 * DAY) + DAY;
    // Many ties of old accounts are older than the study; those of newcomers cannot be.
    let since =
        if first < START && random.percent(60) { random.between(first, START) } else { random.between(first.max(START), END) };
    Follow { follower, followed, since: since - since.rem_euclid(DAY) }
}
