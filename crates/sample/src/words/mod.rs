//! The words that names, bios and posts are made of, by language; all invented.

use crate::groups::{Community, Role};

mod de;
mod en;
mod en_talk;
mod es;
mod fr;
mod nl;

/// Language of a bio or a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it
pub enum Language {
    English,
    Spanish,
    German,
    French,
    Dutch,
}

/// Beginnings and ends of invented names.
pub(crate) struct Syllables {
    pub(crate) starts: &'static [&'static str],
    pub(crate) ends: &'static [&'static str],
}

/// What profiles are made of. `{P}` stands for an invented place.
pub(crate) struct Words {
    pub(crate) code: &'static str,
    pub(crate) countries: &'static [&'static str],
    pub(crate) first: Syllables,
    pub(crate) last: Syllables,
    pub(crate) place: Syllables,
    pub(crate) roles: &'static [(Role, &'static [&'static str])],
    /// Name and bio of organisations.
    pub(crate) organisations: &'static [(Role, &'static [(&'static str, &'static str)])],
    pub(crate) jokes: &'static [(Role, &'static str)],
    pub(crate) at: &'static str,
    pub(crate) interests: &'static [&'static str],
    pub(crate) hobbies: &'static [&'static str],
    pub(crate) disclaimers: &'static [&'static str],
    /// Bios that give no clue to the role.
    pub(crate) mysteries: &'static [&'static str],
    pub(crate) talk: &'static Talk,
}

/// What posts are made of. `{m}` stands for a mention, `{n}` for a number.
pub(crate) struct Talk {
    pub(crate) everyday: &'static [(Community, &'static [&'static str])],
    /// Fairvial, then glimforward.
    pub(crate) camps: [&'static [&'static str]; 2],
    pub(crate) before: &'static [&'static str],
    pub(crate) after: &'static [&'static str],
    pub(crate) agree: &'static [&'static str],
    pub(crate) ask: &'static [&'static str],
    pub(crate) object: &'static [&'static str],
    pub(crate) quote: &'static [&'static str],
    pub(crate) tags: &'static [&'static str],
}

impl Language {
    pub(crate) fn words(self) -> &'static Words {
        match self {
            Self::English => &en::WORDS,
            Self::Spanish => &es::WORDS,
            Self::German => &de::WORDS,
            Self::French => &fr::WORDS,
            Self::Dutch => &nl::WORDS,
        }
    }
}

fn entry<T: Copy>(table: &[(Role, T)], role: Role) -> Option<T> {
    table.iter().find(|(key, _)| *key == role).map(|&(_, found)| found)
}

impl Words {
    /// How people of a role describe themselves; in English where the language has no words for it.
    pub(crate) fn role(&self, role: Role) -> &'static [&'static str] {
        entry(self.roles, role).or_else(|| entry(en::WORDS.roles, role)).expect("the English list has every role")
    }

    /// Names and bios of organisations; in English where the language has none for the role.
    pub(crate) fn organisation(&self, role: Role) -> &'static [(&'static str, &'static str)] {
        entry(self.organisations, role)
            .or_else(|| entry(en::WORDS.organisations, role))
            .expect("the English list has every role with organisations")
    }
}

impl Talk {
    /// What a community talks about; the first list where the language has one for all.
    pub(crate) fn everyday(&self, community: Community) -> &'static [&'static str] {
        let own = self.everyday.iter().find(|(key, _)| *key == community);
        own.unwrap_or(&self.everyday[0]).1
    }
}
