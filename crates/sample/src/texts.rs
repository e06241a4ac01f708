//! Texts of posts, with the places of their mentions and hashtags counted in code points.

use crate::accounts::Account;
use crate::groups::Camp;
use crate::random::Random;
use crate::words::{Language, Talk};

/// Longest text that the platform allows, in code points.
pub const TEXT_LIMIT: usize = 280;
/// Reposts repeat this much of the original, in code points.
pub const REPOST_LIMIT: usize = 140;

/// A mention or a hashtag: code points `start..end` of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span<T> {
    /// First code point, the sign itself (`@`, `#`).
    pub start: usize,
    /// Code point after the last.
    pub end: usize,
    /// Account (position) or tag.
    pub what: T,
}

/// A text that knows its entities.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// What is read.
    pub text: String,
    /// Accounts addressed, by position in the list of accounts.
    pub mentions: Vec<Span<usize>>,
    /// Hashtags, without the sign.
    pub tags: Vec<Span<String>>,
    length: usize,
}

impl Text {
    /// Length in code points.
    pub fn length(&self) -> usize {
        self.length
    }

    fn push(&mut self, part: &str) {
        self.text.push_str(part);
        self.length += part.chars().count();
    }

    fn space(&mut self) {
        if self.length > 0 && !self.text.ends_with(' ') {
            self.push(" ");
        }
    }

    /// Appends `@handle`.
    pub fn mention(&mut self, accounts: &[Account], account: usize) {
        let start = self.length;
        self.push("@");
        self.push(&accounts[account].handle);
        self.mentions.push(Span { start, end: self.length, what: account });
    }

    fn tag(&mut self, tag: &str) {
        let start = self.length;
        self.push("#");
        self.push(tag);
        self.tags.push(Span { start, end: self.length, what: tag.to_owned() });
    }

    /// Appends a pattern: each `{m}` becomes the next account, `{n}` a number, `#word` a hashtag.
    fn pattern(&mut self, pattern: &str, people: &mut impl Iterator<Item = usize>, accounts: &[Account], random: &mut Random) {
        self.space();
        let mut rest = pattern;
        while let Some(at) = rest.find('{') {
            self.push(&rest[..at]);
            if rest[at..].starts_with("{m}") {
                let account = people.next().expect("as many accounts as places in the pattern");
                self.mention(accounts, account);
            } else {
                self.push(&(random.below(85) + 3).to_string());
            }
            rest = &rest[at + 3..];
        }
        self.push(rest);
    }

    /// The text of a repost of this one: `RT @handle: ...`, cut like the platform cuts it.
    pub fn reposted(&self, accounts: &[Account], author: usize) -> Self {
        let mut copy = Self::default();
        copy.push("RT ");
        copy.mention(accounts, author);
        copy.push(": ");
        let shift = copy.length;
        copy.push(&self.text);
        let mut kept = copy.length;
        if copy.length > REPOST_LIMIT {
            kept = REPOST_LIMIT - 1;
            copy.text = copy.text.chars().take(kept).chain(['…']).collect();
            copy.length = REPOST_LIMIT;
        }
        let moved = |start: usize, end: usize| (end + shift <= kept).then_some((start + shift, end + shift));
        copy.mentions.extend(self.mentions.iter().filter_map(|span| {
            let (start, end) = moved(span.start, span.end)?;
            Some(Span { start, end, what: span.what })
        }));
        copy.tags.extend(self.tags.iter().filter_map(|span| {
            let (start, end) = moved(span.start, span.end)?;
            Some(Span { start, end, what: span.what.clone() })
        }));
        copy
    }
}

/// How many accounts a pattern wants.
fn places(pattern: &str) -> usize {
    pattern.matches("{m}").count()
}

/// An original post that addresses `people` (or the first of them, where the words have only one place).
pub fn original(author: &Account, people: &[usize], accounts: &[Account], random: &mut Random) -> Text {
    let talk = author.language.words().talk;
    let mut text = Text::default();
    let body = body(author, talk, random);
    let fitting = |list: &[&'static str]| -> Vec<&'static str> {
        list.iter().copied().filter(|pattern| places(pattern) == people.len()).collect()
    };
    let (before, after) = (fitting(talk.before), fitting(talk.after));
    let mut queue = people.iter().copied();
    let first = !people.is_empty() && !before.is_empty() && random.percent(50);
    if first {
        text.pattern(random.word(&before), &mut queue, accounts, random);
    }
    text.pattern(body, &mut queue, accounts, random);
    if !people.is_empty() && !first && !after.is_empty() {
        text.pattern(random.word(&after), &mut queue, accounts, random);
    }
    hashtags(&mut text, author, talk, random);
    text
}

fn body(author: &Account, talk: &'static Talk, random: &mut Random) -> &'static str {
    match author.camp {
        Some(camp) if random.percent(50) => random.word(talk.camps[camp as usize]),
        _ => random.word(talk.everyday(author.community)),
    }
}

fn hashtags(text: &mut Text, author: &Account, talk: &Talk, random: &mut Random) {
    if random.percent(16) {
        let tag = random.word(talk.tags);
        let foreign = match author.camp {
            Some(Camp::Fairvial) => tag == "GlimForward",
            Some(Camp::Glimforward) => matches!(tag, "FairVial" | "PrecioJusto" | "PrixJuste"),
            None => false,
        };
        if !foreign && text.tags.iter().all(|span| span.what != tag) {
            text.space();
            text.tag(tag);
        }
    }
}

/// A reply: the accounts addressed first, as the platform puts them, then the words.
pub fn reply(author: &Account, to: &Account, people: &[usize], accounts: &[Account], random: &mut Random) -> Text {
    let talk = common(author, to).words().talk;
    let lines = match random.below(10) {
        _ if author.opposes(to) => talk.object,
        0..6 => talk.agree,
        6..9 => talk.ask,
        _ => talk.object,
    };
    let mut text = Text::default();
    for &account in people {
        text.mention(accounts, account);
        text.push(" ");
    }
    text.pattern(random.word(lines), &mut people.iter().copied(), accounts, random);
    if random.percent(8) {
        let more = body(author, common(author, to).words().talk, random);
        text.pattern(more, &mut people.iter().copied(), accounts, random);
    }
    text
}

/// What is written above a quoted post; a mention at the end for some.
pub fn quote(author: &Account, to: &Account, people: &[usize], accounts: &[Account], random: &mut Random) -> Text {
    let talk = common(author, to).words().talk;
    let mut text = Text::default();
    text.pattern(random.word(talk.quote), &mut people.iter().copied(), accounts, random);
    for &account in people {
        text.push(" cc ");
        text.mention(accounts, account);
    }
    hashtags(&mut text, author, talk, random);
    text
}

/// The language two accounts share: English between communities of different languages.
pub fn common(one: &Account, two: &Account) -> Language {
    if one.language == two.language { one.language } else { Language::English }
}
