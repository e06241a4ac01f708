//! Folding: brings free text and lexicon words to one plain form in which they can be compared.
//!
//! # Conventions
//! Letters lose case and marks (NFKD; `ß` -> `ss`, `ø` -> `o`), so fancy "bold" letters become plain ones. A run of anything
//! else becomes one character: [`GAP`] where a phrase may go on (space, hyphen, apostrophe, slash) and [`STOP`] where it may
//! not (comma, full stop, bar, emoji, line end). Dots in abbreviations vanish (`Ph.D.` = `PhD`), as do the marks of inclusive
//! endings (`Ärzt:innen`, `infirmier·e`). Mentions and web addresses become [`STOP`]; a hashtag in camel case is
//! given twice, whole and split (`#T1DMom` -> `t1dmom t1d mom`).
//!
//! # Cost
//! One pass, linear in the length of the text.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Stands between two words of one phrase.
pub(super) const GAP: u8 = b' ';
/// Stands between two phrases; no match reaches across it unless the word itself has one.
pub(super) const STOP: u8 = b'|';
/// Stands between name and bio; no match reaches across it.
pub(super) const FIELD: u8 = b'\n';

/// Abbreviations whose dot does not end a phrase.
const DOTTED: [&str; 16] =
    ["dr", "dra", "drs", "prof", "st", "ste", "est", "med", "rer", "dipl", "lic", "priv", "hon", "mr", "mrs", "nat"];

/// Text in folded form, with what was capital in it.
#[derive(Debug, Default)]
pub(super) struct Folded {
    /// Lower-case letters and digits, and the three separators.
    pub(super) text: String,
    /// For each byte of `text`: was the letter a capital?
    pub(super) upper: Vec<bool>,
}

impl Folded {
    /// Folds a lexicon word; separators at its ends are cut off.
    pub(super) fn word(word: &str) -> Self {
        let mut folded = Self::default();
        folded.push(word);
        let start = folded.text.len() - folded.text.trim_start_matches([GAP as char, STOP as char]).len();
        let end = folded.text.trim_end_matches([GAP as char, STOP as char]).len().max(start);
        Self { text: folded.text[start..end].to_owned(), upper: folded.upper[start..end].to_vec() }
    }

    /// Folds an account's text: `|name|`, [`FIELD`], `|bio|`. The second value is the position of [`FIELD`].
    pub(super) fn account(name: &str, bio: &str) -> (Self, usize) {
        let mut folded = Self::default();
        folded.text.reserve(name.len() + bio.len() + 8);
        folded.upper.reserve(name.len() + bio.len() + 8);
        folded.separate(STOP);
        folded.push(name);
        folded.separate(STOP);
        let border = folded.text.len();
        folded.put(FIELD as char, false);
        folded.put(STOP as char, false);
        folded.push(bio);
        folded.separate(STOP);
        (folded, border)
    }

    fn put(&mut self, letter: char, upper: bool) {
        self.text.push(letter);
        self.upper.resize(self.text.len(), upper);
    }

    /// Adds a separator; of several in a row only the strongest is kept.
    fn separate(&mut self, mark: u8) {
        match self.text.as_bytes().last() {
            Some(&GAP) if mark == STOP => {
                self.text.pop();
                self.upper.pop();
                self.put(STOP as char, false);
            }
            Some(&(GAP | STOP)) => {}
            Some(_) | None => self.put(mark as char, false),
        }
    }

    fn put_letter(&mut self, letter: char) {
        let upper = letter.is_uppercase();
        for lower in letter.to_lowercase() {
            if lower.is_alphanumeric() {
                self.put(lower, upper);
            }
        }
    }

    fn put_all(&mut self, letters: &[char]) {
        for &letter in letters {
            if letter == '_' {
                self.separate(GAP);
            } else {
                self.put_letter(letter);
            }
        }
    }

    fn push(&mut self, input: &str) {
        let text = plain_letters(input);
        let mut at = 0;
        while at < text.len() {
            at += self.push_one(&text, at);
        }
    }

    /// Folds what begins at `at` and returns how many characters it took.
    fn push_one(&mut self, text: &[char], at: usize) -> usize {
        let letter = text[at];
        let before = if at == 0 { ' ' } else { text[at - 1] };
        let rest = &text[at + 1..];
        let after = rest.first().copied().unwrap_or(' ');
        if letter.is_alphanumeric() {
            if !before.is_alphanumeric() && is_address(&text[at..]) {
                self.separate(STOP);
                return text[at..].iter().take_while(|c| !c.is_whitespace()).count();
            }
            self.put_letter(letter);
            return 1;
        }
        match letter {
            '#' | '\u{ff03}' if after.is_alphanumeric() => {
                let tag = handle_length(rest);
                self.separate(GAP);
                self.push_hashtag(&rest[..tag]);
                return 1 + tag;
            }
            '@' if before.is_alphabetic() && ends_word(rest, &["", "s"]) => self.put('o', false),
            '@' if after.is_alphanumeric() || after == '_' => {
                self.separate(STOP);
                return 1 + handle_length(rest);
            }
            '@' => {
                self.separate(GAP);
                self.put_all(&['a', 't']);
                self.separate(GAP);
            }
            '.' if self.ends_with_abbreviation() => self.separate(GAP),
            '.' if joins_abbreviation(text, at) => {}
            ':' | '*' | '_' | '/' if before.is_alphabetic() && ends_word(rest, &["in", "innen"]) => {}
            '.' | '\u{b7}' | '\u{2022}' | '\u{2027}' | '\u{22c5}' if inclusive_ending(text, at) => {}
            '-' if before == ' ' && after == ' ' => self.separate(STOP),
            ' ' | '-' | '/' | '_' | '\'' | '\u{2019}' | '\u{2018}' | '`' | '\u{b4}' | '"' | '\u{2010}' | '#' => {
                self.separate(GAP);
            }
            _ => self.separate(STOP),
        }
        1
    }

    fn push_hashtag(&mut self, tag: &[char]) {
        self.put_all(tag);
        let turns = |at: usize| {
            let (left, here) = (tag[at - 1], tag[at]);
            let next_is_lower = tag.get(at + 1).is_some_and(|c| c.is_lowercase());
            here.is_uppercase() && (left.is_lowercase() || (left.is_alphanumeric() && next_is_lower))
        };
        if (1..tag.len()).any(turns) {
            self.separate(GAP);
            let mut from = 0;
            for at in (1..tag.len()).filter(|&at| turns(at)) {
                self.put_all(&tag[from..at]);
                self.separate(GAP);
                from = at;
            }
            self.put_all(&tag[from..]);
        }
        self.separate(GAP);
    }

    fn ends_with_abbreviation(&self) -> bool {
        let last = self.text.rsplit([GAP as char, STOP as char, FIELD as char]).next().unwrap_or("");
        DOTTED.contains(&last)
    }
}

/// Decomposes, strips marks and invisible characters, spells out letters that do not decompose.
fn plain_letters(input: &str) -> Vec<char> {
    if input.is_ascii() {
        return input.chars().collect();
    }
    let mut plain = Vec::with_capacity(input.len());
    // A trade mark sign would decompose into letters and glue itself to the word before.
    let signs_out = input.chars().map(|c| if matches!(c, '™' | '®' | '©' | '℠') { '|' } else { c });
    for letter in signs_out.nfkd() {
        match letter {
            '\u{200b}'..='\u{200f}' | '\u{ad}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{2060}' => {}
            'ß' => plain.extend(['s', 's']),
            'ẞ' => plain.extend(['S', 'S']),
            'æ' => plain.extend(['a', 'e']),
            'Æ' => plain.extend(['A', 'E']),
            'œ' => plain.extend(['o', 'e']),
            'Œ' => plain.extend(['O', 'E']),
            'ø' => plain.push('o'),
            'Ø' => plain.push('O'),
            'ł' => plain.push('l'),
            'Ł' => plain.push('L'),
            'ı' => plain.push('i'),
            mark if is_combining_mark(mark) => {}
            other => plain.push(other),
        }
    }
    plain
}

fn handle_length(text: &[char]) -> usize {
    text.iter().take_while(|c| c.is_alphanumeric() || **c == '_').count()
}

fn letters(text: &[char]) -> usize {
    text.iter().take_while(|c| c.is_alphabetic()).count()
}

fn is_address(text: &[char]) -> bool {
    let starts = |prefix: &str| prefix.chars().zip(text).filter(|(p, c)| c.eq_ignore_ascii_case(p)).count() == prefix.len();
    starts("http://") || starts("https://") || starts("www.")
}

/// Does the word that begins here consist of one of these endings and nothing else?
fn ends_word(rest: &[char], endings: &[&str]) -> bool {
    let len = rest.iter().take_while(|c| c.is_alphanumeric()).count();
    endings.iter().any(|ending| ending.chars().count() == len && ending.chars().zip(rest).all(|(e, c)| e == *c))
}

/// `Ph.D.`, `M.D`, `B.Sc.`: at most two letters before the dot, and four in all.
fn joins_abbreviation(text: &[char], at: usize) -> bool {
    let before = text[..at].iter().rev().take_while(|c| c.is_alphabetic()).count();
    let after = letters(&text[at + 1..]);
    (1..=2).contains(&before) && after > 0 && before + after <= 4
}

/// `infirmier·e·s`, `étudiant.e`: an ending of its own after at least four letters.
fn inclusive_ending(text: &[char], at: usize) -> bool {
    let before = text[..at].iter().rev().take_while(|c| c.is_alphabetic()).count();
    let plural = matches!(text[..at], [.., '\u{b7}' | '.', 'e']) && text.get(at + 1) == Some(&'s');
    (before >= 4 || plural)
        && ends_word(&text[at + 1..], &["e", "es", "s", "ne", "nes", "ere", "eres", "trice", "euse", "in", "innen"])
}
