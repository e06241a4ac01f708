//! Six months of posts in the order of time: originals, replies, reposts, quotes.

use crate::accounts::Account;
use crate::calendar::{DAY, END, START, midnight};
use crate::follows::{Crowd, Follow};
use crate::groups::{Camp, Role};
use crate::random::{Random, Urn};
use crate::texts::{Text, common, original, quote, reply};
use crate::words::Language;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Days with news: the price is announced, the trial reports, the hearing opens.
pub const NEWS: [i64; 3] = [midnight(2026, 2, 17), midnight(2026, 4, 14), midnight(2026, 6, 2)];
/// Posts that accounts write of their own accord.
const SPONTANEOUS: usize = 8_710;
/// First post number; the platform's own are far from it, so none of these is anybody's post.
const FIRST_ID: u64 = 9_000_000_000_000_000_019;
/// From one post number to the next.
const STEP: u64 = 19;
/// Posts of each account that others may still answer.
const REMEMBERED: usize = 6;
/// After this time nobody answers a post any more.
const STALE: i64 = 12 * DAY;

/// What a post refers to, by position in the list of posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it
pub enum Kind {
    Original,
    Reply(usize),
    Repost(usize),
    Quote(usize),
}

/// An invented post.
#[derive(Debug, Clone)]
pub struct Post {
    /// The platform's number, ascending with time.
    pub id: u64,
    /// Position in the list of accounts.
    pub author: usize,
    /// Second of writing.
    pub time: i64,
    /// Words and entities.
    pub text: Text,
    /// Language of the words.
    pub language: Language,
    /// Original, or what it refers to.
    pub kind: Kind,
    /// Number of the post that opened the conversation.
    pub conversation: u64,
    /// Likes at the time of collection.
    pub likes: u64,
}

struct Feed<'a> {
    accounts: &'a [Account],
    crowd: Crowd,
    friends: Vec<Vec<usize>>,
    camps: [(Vec<usize>, Urn); 2],
    bridges: Vec<usize>,
    agencies: Vec<usize>,
    recent: Vec<Vec<usize>>,
    /// Reposts that are due: time, account, post.
    due: BinaryHeap<Reverse<(i64, usize, usize)>>,
    posts: Vec<Post>,
    random: Random,
}

/// All posts of a seed, ascending by time and number.
pub fn posts(accounts: &[Account], follows: &[Follow], seed: u64) -> Vec<Post> {
    let mut feed = Feed::new(accounts, follows, seed);
    for time in times(&mut Random::stream(seed, "times")) {
        while let Some(&Reverse((when, agency, post))) = feed.due.peek().filter(|due| due.0.0 <= time) {
            feed.due.pop();
            feed.repost(agency, post, when);
        }
        feed.one(time);
    }
    feed.posts
}

/// Seconds of the spontaneous posts: fewer at weekends and by night, more after news, growing slowly.
fn times(random: &mut Random) -> Vec<i64> {
    let weight = |day: i64| {
        let weekend = if day % 7 >= 5 { 60 } else { 100 };
        let since = NEWS.iter().map(|news| START + day * DAY - news).filter(|&gap| gap >= 0).min();
        let stir = match since.map_or(99, |gap| gap / DAY) {
            0 => 320,
            1 => 240,
            2 => 180,
            3..=4 => 135,
            _ => 100,
        };
        u64::try_from(weekend * stir * (200 + day)).expect("weights are positive")
    };
    let days = Urn::new((0..(END - START) / DAY).map(weight));
    let hours = Urn::new([3, 2, 1, 1, 1, 2, 5, 8, 10, 11, 11, 11, 12, 11, 11, 12, 12, 13, 14, 15, 15, 13, 10, 6]);
    let mut times: Vec<i64> = (0..SPONTANEOUS)
        .map(|_| {
            let day = days.draw(random).expect("days have weights");
            let hour = hours.draw(random).expect("hours have weights");
            START + day as i64 * DAY + hour as i64 * 3600 + random.between(0, 3600)
        })
        .collect();
    times.sort_unstable();
    times
}

impl<'a> Feed<'a> {
    fn new(accounts: &'a [Account], follows: &[Follow], seed: u64) -> Self {
        let mut friends = vec![Vec::new(); accounts.len()];
        for follow in follows {
            friends[follow.follower].push(follow.followed);
        }
        let all = |keep: &dyn Fn(&Account) -> bool| -> Vec<usize> {
            (0..accounts.len()).filter(|&node| keep(&accounts[node])).collect()
        };
        let camps = [Camp::Fairvial, Camp::Glimforward].map(|camp| {
            let nodes = all(&|account| account.camp == Some(camp));
            let urn = Urn::new(nodes.iter().map(|&node| accounts[node].fame));
            (nodes, urn)
        });
        Self {
            accounts,
            crowd: Crowd::new(accounts),
            friends,
            camps,
            bridges: all(&|account| account.bridge),
            agencies: all(&Account::amplifies),
            recent: vec![Vec::new(); accounts.len()],
            due: BinaryHeap::new(),
            posts: Vec::new(),
            random: Random::stream(seed, "posts"),
        }
    }

    fn one(&mut self, time: i64) {
        let author = self.author(time);
        let account = &self.accounts[author];
        if self.random.below(1000) < 5
            && let Some(post) = self.recent[author].last().copied()
        {
            return self.carry_on(author, post, time);
        }
        // Of a hundred: reposts, replies, quotes; the rest are originals.
        let shares: [u64; 3] = match account.role {
            _ if account.bridge => [20, 45, 12],
            Role::Public => [70, 18, 2],
            Role::Agency => [58, 12, 12],
            _ if account.organisation => [28, 14, 8],
            _ => [42, 24, 8],
        };
        let roll = self.random.below(100);
        if roll < shares[0] {
            if let Some(post) = self.find(author, time) {
                return self.repost(author, post, time);
            }
        } else if roll < shares[0] + shares[1] {
            if let Some(post) = self.find(author, time) {
                return self.reply(author, post, time);
            }
        } else if roll < shares.iter().sum()
            && let Some(post) = self.find(author, time)
        {
            return self.quote(author, post, time);
        }
        self.original(author, time);
    }

    fn author(&mut self, time: i64) -> usize {
        loop {
            let node = self.random.position(self.accounts.len());
            let account = &self.accounts[node];
            // Rejection keeps the weights right while accounts keep joining.
            if account.joined <= time && self.random.below(125_000) < account.activity {
                return node;
            }
        }
    }

    /// Somebody to talk to: a bridge to both camps; anyone else to friends and the well-known, hardly ever across.
    fn partner(&mut self, author: usize, time: i64) -> Option<usize> {
        let account = &self.accounts[author];
        for _ in 0..14 {
            let random = &mut self.random;
            let other = if account.bridge && random.percent(75) {
                let (nodes, urn) = &self.camps[random.position(2)];
                nodes[urn.draw(random).expect("both camps have members")]
            } else if random.percent(5) {
                *random.pick(&self.bridges)
            } else if !self.friends[author].is_empty() && random.percent(60) {
                *random.pick(&self.friends[author])
            } else if random.percent(18) {
                self.crowd.outsider(account.community, random)
            } else {
                self.crowd.member(account.community, random)
            };
            if other != author && self.accounts[other].joined <= time && self.welcome(author, other) {
                return Some(other);
            }
        }
        None
    }

    fn welcome(&mut self, author: usize, other: usize) -> bool {
        let (own, theirs) = (&self.accounts[author], &self.accounts[other]);
        !own.opposes(theirs) || own.bridge || self.random.percent(if theirs.bridge { 35 } else { 2 })
    }

    /// A fresh post of somebody to talk to.
    fn find(&mut self, author: usize, time: i64) -> Option<usize> {
        for _ in 0..8 {
            let other = self.partner(author, time)?;
            let fresh: Vec<usize> =
                self.recent[other].iter().copied().filter(|&post| time - self.posts[post].time < STALE).collect();
            if !fresh.is_empty() {
                return Some(*self.random.pick(&fresh));
            }
        }
        None
    }

    fn original(&mut self, author: usize, time: i64) {
        let wanted = match self.random.below(100) {
            0..28 => 0,
            28..88 => 1,
            _ => 2,
        };
        let mut people: Vec<usize> = Vec::new();
        for _ in 0..wanted {
            if let Some(other) = self.partner(author, time).filter(|other| !people.contains(other)) {
                people.push(other);
            }
        }
        let account = &self.accounts[author];
        if account.language != Language::English {
            people.truncate(1);
        }
        if self.random.below(1000) < 2 {
            people = vec![author]; // it happens: somebody mentions their own account
        }
        let text = original(account, &people, self.accounts, &mut self.random);
        let post = self.add(author, time, text, account.language, Kind::Original);
        // The drug maker's posts are pushed by its agencies within the hour and a half.
        if account.role == Role::Pharma && account.rank == 0 {
            for agency in self.agencies.clone() {
                let delay = self.random.between(90, 5400);
                if self.accounts[agency].joined <= time && self.random.percent(45) && time + delay < END {
                    self.due.push(Reverse((time + delay, agency, post)));
                }
            }
        }
    }

    fn reply(&mut self, author: usize, post: usize, time: i64) {
        let parent = &self.posts[post];
        let (own, theirs) = (&self.accounts[author], &self.accounts[parent.author]);
        let mut people = vec![parent.author];
        // The platform adds the others of the thread; most writers take them out again.
        let others: Vec<usize> = parent.text.mentions.iter().map(|span| span.what).collect();
        for other in others {
            let fits = other != author && !people.contains(&other) && people.len() < 3;
            if fits && !own.opposes(&self.accounts[other]) && self.random.percent(40) {
                people.push(other);
            }
        }
        let text = reply(own, theirs, &people, self.accounts, &mut self.random);
        self.add(author, time, text, common(own, theirs), Kind::Reply(post));
    }

    /// A thread: an answer to one's own post.
    fn carry_on(&mut self, author: usize, post: usize, time: i64) {
        let account = &self.accounts[author];
        let text = original(account, &[], self.accounts, &mut self.random);
        self.add(author, time, text, account.language, Kind::Reply(post));
    }

    fn quote(&mut self, author: usize, post: usize, time: i64) {
        let (own, theirs) = (&self.accounts[author], &self.accounts[self.posts[post].author]);
        let quoted = self.posts[post].author;
        let other = if self.random.percent(25) { self.partner(author, time) } else { None };
        let people: Vec<usize> = other.into_iter().filter(|&other| other != quoted).collect();
        let text = quote(own, theirs, &people, self.accounts, &mut self.random);
        self.add(author, time, text, common(own, theirs), Kind::Quote(post));
    }

    fn repost(&mut self, author: usize, post: usize, time: i64) {
        let seen = &self.posts[post];
        let text = seen.text.reposted(self.accounts, seen.author);
        self.add(author, time, text, seen.language, Kind::Repost(post));
    }

    fn add(&mut self, author: usize, time: i64, text: Text, language: Language, kind: Kind) -> usize {
        let place = self.posts.len();
        let id = FIRST_ID + STEP * place as u64;
        let conversation = match kind {
            Kind::Reply(parent) => self.posts[parent].conversation,
            _ => id,
        };
        let likes = match kind {
            Kind::Repost(_) => 0,
            _ => self.random.below(2 + self.accounts[author].fame / 9_000),
        };
        self.posts.push(Post { id, author, time, text, language, kind, conversation, likes });
        if !matches!(kind, Kind::Repost(_)) {
            let recent = &mut self.recent[author];
            recent.push(place);
            if recent.len() > REMEMBERED {
                recent.remove(0);
            }
        }
        place
    }
}
