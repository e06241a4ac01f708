//! Lexicon: reads the file of role words and turns it into tables ready for matching.
//!
//! # Conventions
//! The format is described at the head of `lexicon.toml`. Words are folded with the same rules as the text, so a marketer may
//! write them as people do. Every layer (roles, scale, use, modifiers) may hold the same word.
//!
//! # Errors
//! See [`LexiconError`]; each message names the word and its place.

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, MatchKind};
use serde::Deserialize;

use super::fold::Folded;
use super::{Scale, Use};

/// Bytes of a word or phrase.
const LONGEST_WORD: usize = 256;

/// Why a lexicon cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LexiconError {
    /// The text is not TOML, or has a key the format does not know; the source tells line and column.
    #[error("lexicon cannot be read, correct the place shown: {0}")]
    Syntax(#[from] toml::de::Error),
    /// No `[[role]]` table at all.
    #[error("lexicon has no role: add at least one [[role]] table with a name and words")]
    NoRole,
    /// A role without a name.
    #[error("[[role]] table number {number} has an empty name: give it one")]
    EmptyName {
        /// Which table, from 1.
        number: usize,
    },
    /// A word without a letter or digit; it could match anywhere.
    #[error("{place} has an empty word {word:?}: remove it or write at least one letter")]
    EmptyWord {
        /// The section that holds it.
        place: String,
        /// The word as written.
        word: String,
    },
    /// A word too long for the matcher, whose making takes as long as the square of its longest.
    #[error("{place} has a word of {length} bytes: at most {LONGEST_WORD} are allowed")]
    LongWord {
        /// The section that holds it.
        place: String,
        /// How long it is.
        length: usize,
    },
    /// A star that is not at the edge of a word.
    #[error("{place} has {word:?}: a star may stand only at the beginning or the end of a word")]
    StarInside {
        /// The section that holds it.
        place: String,
        /// The word as written.
        word: String,
    },
    /// One word in two roles, so that nobody could say which is meant.
    #[error("{word:?} stands in {first} and in {second}: keep it in one of them")]
    Duplicate {
        /// The word as written the second time.
        word: String,
        /// Where it was first.
        first: String,
        /// Where it is again.
        second: String,
    },
    /// A modifier speaks of a role that has no table.
    #[error("a [[modifier]] names the role {role:?}, which no [[role]] table has: correct the name or add the role")]
    UnknownRole {
        /// The name as written.
        role: String,
    },
    /// A role table that asks for no word at all.
    #[error("role {role:?} has least = 0: write 1 or more")]
    LeastZero {
        /// The role's name.
        role: String,
    },
    /// More words than the matcher can hold.
    #[error("lexicon is too large for the matcher: {0}")]
    TooLarge(#[from] aho_corasick::BuildError),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    role: Vec<RoleTable>,
    #[serde(default)]
    modifier: Vec<ModifierTable>,
    #[serde(default)]
    blockers: Words,
    #[serde(default)]
    scale: ScaleSection,
    #[serde(default, rename = "use")]
    usage: UseSection,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleTable {
    name: String,
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    exact: Vec<String>,
    #[serde(default, rename = "where")]
    spot: Spot,
    #[serde(default = "one")]
    least: usize,
    scale: Option<Scale>,
    #[serde(default)]
    strict: bool,
    weight: Option<u32>,
    #[serde(rename = "use")]
    usage: Option<Use>,
    otherwise: Option<String>,
    #[serde(default)]
    unless: Vec<String>,
}

fn one() -> usize {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModifierTable {
    place: Place,
    #[serde(default)]
    gap: bool,
    #[serde(default)]
    becomes: Option<String>,
    #[serde(default)]
    roles: Vec<String>,
    words: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    exact: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signs {
    #[serde(default)]
    sure: Vec<String>,
    #[serde(default)]
    hints: Vec<String>,
    #[serde(default)]
    name: Vec<String>,
    #[serde(default)]
    exact_hints: Vec<String>,
    #[serde(default)]
    exact_name: Vec<String>,
    #[serde(default)]
    name_hints: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ScaleSection {
    #[serde(default)]
    individual: Signs,
    #[serde(default)]
    organisation: Signs,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct UseSection {
    #[serde(default)]
    professional: Signs,
    #[serde(default)]
    personal: Signs,
}

/// The spots at which the words of a role table count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Spot {
    /// Name and bio.
    #[default]
    Anywhere,
    /// Only the display name.
    Name,
    /// Only the bio.
    Bio,
    /// Only if the word fills the space between two separators.
    Alone,
    /// Like `Alone`, or at the end of the name, or beside another exact word.
    Credential,
}

impl Spot {
    fn overlaps(self, other: Self) -> bool {
        !matches!((self, other), (Self::Name, Self::Bio) | (Self::Bio, Self::Name))
    }
}

/// On which side of a role word a modifier stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Place {
    /// "future" nurse.
    Before,
    /// nurse "in training".
    After,
}

/// One `[[role]]` table.
#[derive(Debug)]
pub(super) struct Table {
    /// Index into the names of roles.
    pub(super) role: usize,
    pub(super) spot: Spot,
    /// How many different words must match before any counts.
    pub(super) least: usize,
    pub(super) scale: Option<Scale>,
    /// Whether the table is passed over for accounts of the other scale.
    pub(super) strict: bool,
    /// How much a match says about the scale, where the rule of the place shall not hold.
    pub(super) weight: Option<u32>,
    pub(super) usage: Option<Use>,
    /// For a table that counts where no other does: why, in words, for the evidence.
    pub(super) otherwise: Option<String>,
}

/// One `[[modifier]]` table.
#[derive(Debug)]
pub(super) struct Modifier {
    pub(super) place: Place,
    /// Whether one other word may stand between.
    pub(super) gap: bool,
    /// The table that gets the match; none if it is dropped.
    pub(super) becomes: Option<usize>,
    /// Roles concerned; empty for all.
    pub(super) roles: Vec<usize>,
}

/// What a word says once it is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Row in `tables`.
    Role(usize),
    Blocker,
    /// Row in `modifiers`.
    Modifier(usize),
    /// Scale, weight, and whether it counts only in the name.
    Scale(Scale, u32, bool),
    /// Use, and whether it is a sure sign.
    Use(Use, bool),
    /// Speaks against the table that counts where no other does.
    Unless,
}

/// One word in one place of the file.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) meaning: Meaning,
    /// As written in the file.
    pub(super) word: String,
    pub(super) open_start: bool,
    pub(super) open_end: bool,
    /// For exact words: which bytes must be capitals.
    pub(super) capitals: Option<Vec<bool>>,
}

/// Everything a classifier needs, checked.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) names: Vec<String>,
    pub(super) tables: Vec<Table>,
    pub(super) modifiers: Vec<Modifier>,
    pub(super) entries: Vec<Entry>,
    /// For each pattern of the automaton, the rows in `entries` it may mean.
    pub(super) meanings: Vec<Vec<u32>>,
    pub(super) automaton: AhoCorasick,
}

/// Reads and checks a lexicon.
pub(super) fn compile(text: &str) -> Result<Compiled, LexiconError> {
    let file: File = toml::from_str(text)?;
    if file.role.is_empty() {
        return Err(LexiconError::NoRole);
    }
    let mut builder = Builder::default();
    for (row, table) in file.role.iter().enumerate() {
        builder.add_role(row, table)?;
    }
    builder.add_all("[blockers]", &file.blockers.words, Meaning::Blocker, false)?;
    builder.add_all("[blockers]", &file.blockers.exact, Meaning::Blocker, true)?;
    for modifier in &file.modifier {
        builder.add_modifier(modifier)?;
    }
    for (scale, signs) in [(Scale::Individual, &file.scale.individual), (Scale::Organisation, &file.scale.organisation)] {
        let place = format!("[scale.{}]", scale.as_str());
        builder.add_all(&place, &signs.sure, Meaning::Scale(scale, SURE, false), false)?;
        builder.add_all(&place, &signs.hints, Meaning::Scale(scale, HINT, false), false)?;
        builder.add_all(&place, &signs.exact_hints, Meaning::Scale(scale, HINT, false), true)?;
        builder.add_all(&place, &signs.name, Meaning::Scale(scale, SURE, true), false)?;
        builder.add_all(&place, &signs.exact_name, Meaning::Scale(scale, SURE, true), true)?;
        builder.add_all(&place, &signs.name_hints, Meaning::Scale(scale, HINT, true), false)?;
    }
    for (usage, signs) in [(Use::Professional, &file.usage.professional), (Use::Personal, &file.usage.personal)] {
        let place = format!("[use.{}]", usage.as_str());
        builder.add_all(&place, &signs.sure, Meaning::Use(usage, true), false)?;
        builder.add_all(&place, &signs.hints, Meaning::Use(usage, false), false)?;
        builder.add_all(&place, &signs.exact_hints, Meaning::Use(usage, false), true)?;
    }
    builder.finish()
}

/// Weight of a sure sign of scale.
pub(super) const SURE: u32 = 3;
/// Weight of a hint of scale.
pub(super) const HINT: u32 = 1;

#[derive(Default)]
struct Builder {
    names: Vec<String>,
    tables: Vec<Table>,
    modifiers: Vec<Modifier>,
    entries: Vec<Entry>,
    patterns: HashMap<String, usize>,
    literals: Vec<String>,
    meanings: Vec<Vec<u32>>,
}

impl Builder {
    fn add_role(&mut self, row: usize, table: &RoleTable) -> Result<(), LexiconError> {
        let name = table.name.trim();
        if name.is_empty() {
            return Err(LexiconError::EmptyName { number: row + 1 });
        }
        if table.least == 0 {
            return Err(LexiconError::LeastZero { role: name.to_owned() });
        }
        let role = self.names.iter().position(|known| known == name).unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        });
        self.tables.push(Table {
            role,
            spot: table.spot,
            least: table.least,
            scale: table.scale,
            strict: table.strict,
            weight: table.weight,
            usage: table.usage,
            otherwise: table.otherwise.clone(),
        });
        let place = format!("role {name:?}");
        self.add_all(&place, &table.words, Meaning::Role(row), false)?;
        self.add_all(&place, &table.exact, Meaning::Role(row), true)?;
        self.add_all(&place, &table.unless, Meaning::Unless, false)
    }

    fn add_modifier(&mut self, table: &ModifierTable) -> Result<(), LexiconError> {
        let role_of = |name: &String| {
            self.names.iter().position(|known| known == name).ok_or_else(|| LexiconError::UnknownRole { role: name.clone() })
        };
        let roles = table.roles.iter().map(role_of).collect::<Result<Vec<_>, _>>()?;
        let becomes = table.becomes.as_ref().map(role_of).transpose()?;
        let becomes = becomes.and_then(|role| self.tables.iter().position(|table| table.role == role));
        self.modifiers.push(Modifier { place: table.place, gap: table.gap, becomes, roles });
        self.add_all("[[modifier]]", &table.words, Meaning::Modifier(self.modifiers.len() - 1), false)
    }

    fn add_all(&mut self, place: &str, words: &[String], meaning: Meaning, exact: bool) -> Result<(), LexiconError> {
        words.iter().try_for_each(|word| self.add(place, word, meaning, exact))
    }

    fn add(&mut self, place: &str, word: &str, meaning: Meaning, exact: bool) -> Result<(), LexiconError> {
        let trimmed = word.trim();
        let (open_start, inner) = trimmed.strip_prefix('*').map_or((false, trimmed), |inner| (true, inner));
        let (open_end, inner) = inner.strip_suffix('*').map_or((false, inner), |inner| (true, inner));
        if inner.contains('*') {
            return Err(LexiconError::StarInside { place: place.to_owned(), word: word.to_owned() });
        }
        if inner.len() > LONGEST_WORD {
            return Err(LexiconError::LongWord { place: place.to_owned(), length: inner.len() });
        }
        let folded = Folded::word(inner);
        if folded.text.is_empty() {
            return Err(LexiconError::EmptyWord { place: place.to_owned(), word: word.to_owned() });
        }
        let pattern = *self.patterns.entry(folded.text.clone()).or_insert_with(|| {
            self.literals.push(folded.text);
            self.meanings.push(Vec::new());
            self.literals.len() - 1
        });
        let capitals = exact.then_some(folded.upper);
        let entry = Entry { meaning, word: trimmed.to_owned(), open_start, open_end, capitals };
        for &row in &self.meanings[pattern] {
            let known = &self.entries[row as usize];
            if same_shape(known, &entry) {
                if known.meaning == meaning {
                    return Ok(());
                }
                if let Some(first) = self.clash(known.meaning, meaning) {
                    return Err(LexiconError::Duplicate { word: word.to_owned(), first, second: place.to_owned() });
                }
            }
        }
        let row = u32::try_from(self.entries.len()).expect("a lexicon text holds fewer than 2^32 words");
        self.meanings[pattern].push(row);
        self.entries.push(entry);
        Ok(())
    }

    /// The place of the older word if two roles, or a role and a blocker, claim the same word at the same spot.
    fn clash(&self, old: Meaning, new: Meaning) -> Option<String> {
        let name = |table: &Table| format!("role {:?}", self.names[table.role]);
        match (old, new) {
            (Meaning::Role(old), Meaning::Role(new)) => {
                let (old, new) = (&self.tables[old], &self.tables[new]);
                (old.role != new.role && old.spot.overlaps(new.spot)).then(|| name(old))
            }
            (Meaning::Role(table), Meaning::Blocker) => Some(name(&self.tables[table])),
            _ => None,
        }
    }

    fn finish(self) -> Result<Compiled, LexiconError> {
        let automaton = AhoCorasick::builder().match_kind(MatchKind::Standard).build(&self.literals)?;
        Ok(Compiled {
            names: self.names,
            tables: self.tables,
            modifiers: self.modifiers,
            entries: self.entries,
            meanings: self.meanings,
            automaton,
        })
    }
}

fn same_shape(one: &Entry, other: &Entry) -> bool {
    one.open_start == other.open_start && one.open_end == other.open_end && one.capitals == other.capitals
}
