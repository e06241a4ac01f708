//! Roles: which stakeholder group an account belongs to, found out from its display name and bio.
//!
//! # Conventions
//! Three axes, each may be unknown: role (a name from the lexicon), scale (individual or organisation) and use (professional
//! or personal). All words of the lexicon are looked for in one pass over the folded text of name and bio. A word counts only
//! between word borders; one inside a longer one is hidden by it ("medical student" hides "medical"); blockers take
//! text away without a result ("doctor who"); modifiers drop or change the word beside them ("not a", "future").
//! Of what is left, the highest table of the lexicon decides the role, with one exception: for an organisation its name comes
//! before its bio, and tables for individuals come last. All matches are kept as evidence.
//!
//! If no role is found at all, a table with `otherwise` takes an account that is no organisation and whose bio has enough words, in Latin
//! letters and outside of what was blocked or dropped, none of which stands in `unless`.
//!
//! The scale is the heavier side of all signs (a sure sign weighs 3, a hint 1, a role's own scale 1 to 3). The use is personal
//! if the account says so, else professional for an organisation, else that of the winning role, else by the lexicon's signs.
//!
//! # Cost
//! Linear in the length of the text, plus sorting the matches.
//!
//! # Errors
//! Only reading a lexicon can fail: [`LexiconError`]. Classifying never does.
//!
//! # Source
//! Midwives stand with nurses, dentists with the allied professions: the International Standard Classification of
//! Occupations, ISCO-08 (2012), has minor group 222 "Nursing and midwifery professionals", and physicians alone in 221.
//!
//! # Example
//! ```
//! use echogram_ingest::roles::Lexicon;
//! let lexicon = Lexicon::built_in();
//! let found = lexicon.classify(Some("Ana M."), Some("Cardiologist | Professor | dad"));
//! assert_eq!(found.role, Some("physician"));
//! assert_eq!(found.evidence.as_deref(), Some("physician: cardiologist (bio); researcher: professor (bio)"));
//! ```

mod fold;
mod labelled;
mod lexicon;
mod measure;
mod otherwise;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::ops::Range;

use serde::Deserialize;

use fold::{FIELD, Folded, GAP, STOP};
pub use labelled::{LabelledBio, LabelledSet};
pub use lexicon::LexiconError;
use lexicon::{Compiled, Entry, Meaning, Modifier, Place, SURE, Spot};
pub use measure::{Confusion, LanguageScore, MacroScore, Measured, NO_ROLE, RoleScore, Share, Tally, measure};

/// The words that say what an account is, ready for matching. Can be shared between threads.
#[derive(Debug)]
pub struct Lexicon {
    compiled: Compiled,
}

/// What name and bio say about an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Classified<'lex> {
    /// Stakeholder group, a name from the lexicon; none if nothing was found.
    pub role: Option<&'lex str>,
    /// All matches by role, the decisive role first: `physician: cardiologist (bio); researcher: professor (bio)`.
    pub evidence: Option<String>,
    /// One person or an organisation.
    pub scale: Option<Scale>,
    /// On behalf of work or of private life.
    pub usage: Option<Use>,
}

/// Whether an account is one person or an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scale {
    /// One person.
    Individual,
    /// A company, clinic, charity, office, journal, ...
    Organisation,
}

impl Scale {
    /// The word used in tables and files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Individual => "individual",
            Self::Organisation => "organisation",
        }
    }

    /// Reads the word, in either spelling.
    fn from_word(word: &str) -> Option<Self> {
        match word {
            "individual" => Some(Self::Individual),
            "organisation" | "organization" => Some(Self::Organisation),
            _ => None,
        }
    }
}

/// What an account is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Use {
    /// Speaks of work or for an organisation.
    Professional,
    /// Speaks of private life.
    Personal,
}

impl Use {
    /// The word used in tables and files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Professional => "professional",
            Self::Personal => "personal",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::Professional, Self::Personal].into_iter().find(|usage| usage.as_str() == word)
    }
}

/// A word found, between word borders and with the right capitals.
#[derive(Clone, Copy)]
struct Hit<'lex> {
    start: usize,
    end: usize,
    literal: usize,
    entry: &'lex Entry,
}

impl Hit<'_> {
    /// Of two hits on the same text the lower one wins.
    fn rank(&self) -> (bool, Reverse<usize>, bool) {
        (self.entry.meaning != Meaning::Blocker, Reverse(self.literal), self.entry.capitals.is_none())
    }
}

/// A match that counts for a role.
struct Proof {
    table: usize,
    in_name: bool,
    word: String,
}

/// The signs of scale and use that do not come from roles.
#[derive(Default)]
struct Signs {
    individual: u32,
    organisation: u32,
    organisation_in_name: bool,
    professional: bool,
    personal: bool,
    surely_personal: bool,
}

impl Signs {
    /// What they say of the use.
    fn usage(&self) -> Option<Use> {
        match (self.surely_personal, self.professional, self.personal) {
            (true, ..) => Some(Use::Personal),
            (false, true, _) => Some(Use::Professional),
            (false, false, true) => Some(Use::Personal),
            (false, false, false) => None,
        }
    }
}

impl Lexicon {
    /// The lexicon that comes with the program.
    pub fn built_in() -> Self {
        Self::parse(Self::built_in_text()).expect("a test reads the built-in lexicon")
    }

    /// The text of the built-in lexicon, as a start for one's own; the format is explained at its head.
    pub fn built_in_text() -> &'static str {
        include_str!("lexicon.toml")
    }

    /// Reads a lexicon in the format of [`Lexicon::built_in_text`].
    ///
    /// # Errors
    /// [`LexiconError`] if the text is not TOML, has unknown keys, an empty word, or one word in two roles.
    pub fn parse(text: &str) -> Result<Self, LexiconError> {
        Ok(Self { compiled: lexicon::compile(text)? })
    }

    /// The names of all roles, the one with the highest priority first.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        self.compiled.names.iter().map(String::as_str)
    }

    /// Says what name and bio tell about an account. The same text gives the same answer, always.
    pub fn classify(&self, name: Option<&str>, bio: Option<&str>) -> Classified<'_> {
        let (folded, border) = Folded::account(name.unwrap_or_default(), bio.unwrap_or_default());
        let mut hits = self.hits(&folded, border);
        hits.sort_by_key(|hit| (hit.start, Reverse(hit.end), hit.rank()));
        let signs = signs(&hits, border);
        let proofs = self.proofs(&folded, &hits, border);
        let scale = self.scale(&signs, &proofs);
        let winner = self.winner(scale, &proofs);
        if let Some(found) = winner.is_none().then(|| self.otherwise(&folded, &hits, border, scale, &signs)).flatten() {
            return found;
        }
        Classified {
            role: winner.map(|table| self.role_name(table)),
            evidence: self.evidence(winner, &proofs),
            scale,
            usage: self.usage(scale, winner, &signs),
        }
    }

    fn role_name(&self, table: usize) -> &str {
        &self.compiled.names[self.compiled.tables[table].role]
    }

    /// The one pass: everything that stands at a proper place.
    fn hits(&self, folded: &Folded, border: usize) -> Vec<Hit<'_>> {
        let bytes = folded.text.as_bytes();
        let mut hits = Vec::new();
        // The words around the latest ends: many words may be found within one.
        let (mut first, mut last) = (0..0, 0..0);
        for found in self.compiled.automaton.find_overlapping_iter(bytes) {
            let starts_word = is_separator(bytes[found.start() - 1]);
            let ends_word = is_separator(bytes[found.end()]);
            for &row in &self.compiled.meanings[found.pattern().as_usize()] {
                let entry = &self.compiled.entries[row as usize];
                let whole = (starts_word != entry.open_start) && (ends_word || entry.open_end);
                let capitals = |wanted: &Vec<bool>| wanted[..] == folded.upper[found.range()];
                if !whole || !entry.capitals.as_ref().is_none_or(capitals) {
                    continue;
                }
                if !starts_word && !first.contains(&found.start()) {
                    first = word_around(bytes, found.start());
                }
                if !ends_word && !last.contains(&found.end()) {
                    last = word_around(bytes, found.end());
                }
                let start = if starts_word { found.start() } else { first.start };
                let end = if ends_word { found.end() } else { last.end };
                let hit = Hit { start, end, literal: found.len(), entry };
                if self.at_its_spot(&hit, bytes, border) {
                    hits.push(hit);
                }
            }
        }
        hits
    }

    fn at_its_spot(&self, hit: &Hit<'_>, bytes: &[u8], border: usize) -> bool {
        let Meaning::Role(table) = hit.entry.meaning else { return true };
        match self.compiled.tables[table].spot {
            // Needs its neighbours, see `keeps_credential`.
            Spot::Anywhere | Spot::Credential => true,
            Spot::Name => hit.start < border,
            Spot::Bio => hit.start > border,
            Spot::Alone => stands_alone(hit, bytes),
        }
    }

    /// The role words left after hiding, blocking and modifying.
    fn proofs(&self, folded: &Folded, hits: &[Hit<'_>], border: usize) -> Vec<Proof> {
        let bytes = folded.text.as_bytes();
        let exact = Exact::new(hits);
        let in_role_layer = |hit: &&Hit<'_>| match hit.entry.meaning {
            Meaning::Role(table) => {
                self.compiled.tables[table].spot != Spot::Credential
                    || stands_alone(hit, bytes)
                    || hit.end + 1 == border
                    || exact.beside(hit)
            }
            Meaning::Blocker => true,
            _ => false,
        };
        let kept = longest(hits.iter().filter(in_role_layer));
        let blockers: Vec<&Hit<'_>> = kept.iter().copied().filter(|hit| hit.entry.meaning == Meaning::Blocker).collect();
        let modifiers = ModifierHits::new(&self.compiled.modifiers, hits);
        let mut proofs: Vec<Proof> = Vec::new();
        for hit in kept {
            let Meaning::Role(table) = hit.entry.meaning else { continue };
            // Blockers are in order and none contains another, so both their starts and ends ascend.
            let next = blockers.partition_point(|blocker| blocker.end <= hit.start);
            if blockers.get(next).is_some_and(|blocker| blocker.start < hit.end) {
                continue;
            }
            let open = hit.entry.open_start || hit.entry.open_end;
            let word = if open { &folded.text[hit.start..hit.end] } else { hit.entry.word.as_str() };
            let role = self.compiled.tables[table].role;
            let (table, word) = match modifiers.beside(hit, role, bytes) {
                None => (table, word.to_owned()),
                Some((Modifier { becomes: None, .. }, _)) => continue,
                Some((Modifier { becomes: Some(table), place, .. }, modifier)) => match place {
                    Place::Before => (*table, format!("{modifier} {word}")),
                    Place::After => (*table, format!("{word} {modifier}")),
                },
            };
            let in_name = hit.start < border;
            let proof = Proof { table, in_name, word };
            let same = |known: &Proof| (known.table, known.in_name, &known.word) == (table, in_name, &proof.word);
            if proofs.len() < MOST_PROOFS && !proofs.iter().any(same) {
                proofs.push(proof);
            }
        }
        let counted = |table: usize| proofs.iter().filter(|proof| proof.table == table).count();
        let enough: Vec<bool> = (0..self.compiled.tables.len())
            .map(|table| self.compiled.tables[table].least == 1 || counted(table) >= self.compiled.tables[table].least)
            .collect();
        proofs.retain(|proof| enough[proof.table]);
        proofs
    }

    fn scale(&self, signs: &Signs, proofs: &[Proof]) -> Option<Scale> {
        let strongest = |wanted: Scale, in_bio: u32| {
            let of_scale = |proof: &&Proof| self.compiled.tables[proof.table].scale == Some(wanted);
            let weight = |proof: &Proof| {
                let by_place = if proof.in_name { SURE } else { in_bio };
                self.compiled.tables[proof.table].weight.unwrap_or(by_place)
            };
            proofs.iter().filter(of_scale).map(weight).max().unwrap_or(0)
        };
        let from_roles = strongest(Scale::Organisation, 1);
        let organisation = signs.organisation + from_roles;
        let individual = signs.individual + strongest(Scale::Individual, 2);
        match individual.cmp(&organisation) {
            std::cmp::Ordering::Greater => Some(Scale::Individual),
            std::cmp::Ordering::Less => Some(Scale::Organisation),
            std::cmp::Ordering::Equal if signs.organisation_in_name || from_roles == SURE => Some(Scale::Organisation),
            std::cmp::Ordering::Equal => None,
        }
    }

    /// The table that decides the role.
    fn winner(&self, scale: Option<Scale>, proofs: &[Proof]) -> Option<usize> {
        let against = |proof: &&Proof| {
            let own = self.compiled.tables[proof.table].scale;
            own.is_some() && scale.is_some() && own != scale
        };
        let highest = |keep: &dyn Fn(&&Proof) -> bool| proofs.iter().filter(keep).map(|proof| proof.table).min();
        let not_strict = |proof: &&Proof| !(self.compiled.tables[proof.table].strict && against(proof));
        if scale == Some(Scale::Organisation) {
            let sure_name =
                |proof: &Proof| proof.in_name && self.compiled.tables[proof.table].weight.is_none_or(|weight| weight >= SURE);
            highest(&|proof| sure_name(proof) && !against(proof))
                .or_else(|| highest(&|proof| !against(proof)))
                .or_else(|| highest(&not_strict))
        } else {
            highest(&not_strict)
        }
    }

    fn evidence(&self, winner: Option<usize>, proofs: &[Proof]) -> Option<String> {
        let first = winner.map(|table| self.compiled.tables[table].role);
        let mut order: Vec<&Proof> = proofs.iter().collect();
        order.sort_by_key(|proof| {
            let role = self.compiled.tables[proof.table].role;
            (Some(role) != first, role, proof.table)
        });
        let mut text = String::new();
        let mut last = None;
        for proof in order {
            let role = self.compiled.tables[proof.table].role;
            if last == Some(role) {
                text.push_str(", ");
            } else {
                text.push_str(if last.is_none() { "" } else { "; " });
                text.push_str(&self.compiled.names[role]);
                text.push_str(": ");
            }
            last = Some(role);
            text.push_str(&proof.word);
            text.push_str(if proof.in_name { " (name)" } else { " (bio)" });
        }
        last.map(|_| text)
    }

    fn usage(&self, scale: Option<Scale>, winner: Option<usize>, signs: &Signs) -> Option<Use> {
        if signs.surely_personal {
            return Some(Use::Personal);
        }
        if scale == Some(Scale::Organisation) {
            return Some(Use::Professional);
        }
        winner.and_then(|table| self.compiled.tables[table].usage).or(signs.usage())
    }
}

/// More matches of one account say nothing new, and would make a hostile text slow.
const MOST_PROOFS: usize = 64;

fn is_separator(byte: u8) -> bool {
    matches!(byte, GAP | STOP | FIELD)
}

fn word_start(bytes: &[u8], at: usize) -> usize {
    bytes[..at].iter().rposition(|&byte| is_separator(byte)).map_or(0, |before| before + 1)
}

fn word_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|&byte| is_separator(byte)).map_or(bytes.len(), |length| at + length)
}

/// The word that holds a place.
fn word_around(bytes: &[u8], at: usize) -> Range<usize> {
    word_start(bytes, at)..word_end(bytes, at)
}

fn stands_alone(hit: &Hit<'_>, bytes: &[u8]) -> bool {
    bytes[hit.start - 1] == STOP && bytes[hit.end] == STOP
}

/// Drops hits inside longer ones; of hits on the same text those of the best rank stay. Needs the order of `classify`.
fn longest<'a, 'lex>(hits: impl Iterator<Item = &'a Hit<'lex>>) -> Vec<&'a Hit<'lex>> {
    let mut kept: Vec<&Hit<'lex>> = Vec::new();
    for hit in hits {
        match kept.last() {
            Some(last) if (last.start, last.end) == (hit.start, hit.end) => {
                if last.rank() == hit.rank() {
                    kept.push(hit);
                }
            }
            // Kept hits have ascending ends, so the last one reaches furthest.
            Some(last) if hit.end <= last.end => {}
            _ => kept.push(hit),
        }
    }
    kept
}

fn signs(hits: &[Hit<'_>], border: usize) -> Signs {
    let mut signs = Signs::default();
    let mut seen: Vec<*const Entry> = Vec::new();
    for hit in hits {
        if !matches!(hit.entry.meaning, Meaning::Scale(..) | Meaning::Use(..)) || seen.contains(&std::ptr::from_ref(hit.entry)) {
            continue;
        }
        let in_name = hit.start < border;
        match hit.entry.meaning {
            Meaning::Scale(_, _, true) if !in_name => continue,
            Meaning::Scale(Scale::Individual, weight, _) => signs.individual += weight,
            Meaning::Scale(Scale::Organisation, weight, only_name) => {
                signs.organisation += weight;
                signs.organisation_in_name |= only_name && weight == SURE;
            }
            Meaning::Use(Use::Professional, _) => signs.professional = true,
            Meaning::Use(Use::Personal, sure) => {
                signs.personal = true;
                signs.surely_personal |= sure;
            }
            _ => {}
        }
        // Each sign counts once, however often it is repeated.
        seen.push(std::ptr::from_ref(hit.entry));
    }
    signs
}

/// Where exact words (credentials) begin and end.
struct Exact {
    starts: Vec<usize>,
    ends: Vec<usize>,
}

impl Exact {
    fn new(hits: &[Hit<'_>]) -> Self {
        let exact = || hits.iter().filter(|hit| hit.entry.capitals.is_some() && matches!(hit.entry.meaning, Meaning::Role(_)));
        let mut ends: Vec<usize> = exact().map(|hit| hit.end).collect();
        ends.sort_unstable();
        Self { starts: exact().map(|hit| hit.start).collect(), ends }
    }

    fn beside(&self, hit: &Hit<'_>) -> bool {
        self.starts.binary_search(&(hit.end + 1)).is_ok() || self.ends.binary_search(&(hit.start - 1)).is_ok()
    }
}

/// The modifiers found, by the place where they touch a role word.
struct ModifierHits<'a> {
    /// Ends of those that stand before, ascending.
    before: Vec<(usize, &'a Modifier, &'a str)>,
    /// Starts of those that stand after, ascending.
    after: Vec<(usize, &'a Modifier, &'a str)>,
}

impl<'a> ModifierHits<'a> {
    fn new(modifiers: &'a [Modifier], hits: &[Hit<'a>]) -> Self {
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for hit in hits {
            let Meaning::Modifier(row) = hit.entry.meaning else { continue };
            let word = hit.entry.word.as_str();
            match modifiers[row].place {
                Place::Before => before.push((hit.end, &modifiers[row], word)),
                Place::After => after.push((hit.start, &modifiers[row], word)),
            }
        }
        before.sort_by_key(|found| found.0);
        Self { before, after }
    }

    fn beside(&self, hit: &Hit<'_>, role: usize, bytes: &[u8]) -> Option<(&'a Modifier, &'a str)> {
        let find = |list: &[(usize, &'a Modifier, &'a str)], at: usize, far: bool| {
            let from = list.partition_point(|found| found.0 < at);
            let here = list[from..].iter().take_while(|found| found.0 == at);
            let fits =
                |modifier: &Modifier| (modifier.gap || !far) && (modifier.roles.is_empty() || modifier.roles.contains(&role));
            here.clone().find(|found| fits(found.1)).map(|found| (found.1, found.2))
        };
        let start = hit.start - 1;
        let before = || {
            if bytes[start] != GAP {
                return None;
            }
            find(&self.before, start, false).or_else(|| {
                let middle = word_start(bytes, start);
                (middle > 0 && bytes[middle - 1] == GAP).then(|| find(&self.before, middle - 1, true)).flatten()
            })
        };
        let after = || (bytes[hit.end] == GAP).then(|| find(&self.after, hit.end + 1, false)).flatten();
        before().or_else(after)
    }
}
