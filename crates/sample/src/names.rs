//! Invented names and handles: syllables put together, no two alike.

use crate::groups::Role;
use crate::random::Random;
use crate::words::{Syllables, Words};
use std::collections::BTreeSet;

/// Longest handle that the platform allows, in characters.
const HANDLE_LIMIT: usize = 15;

/// Names and handles given so far.
#[derive(Debug, Default)]
pub(crate) struct Register {
    names: BTreeSet<String>,
    handles: BTreeSet<String>,
}

/// A name as shown, and the words that the handle is made of.
pub(crate) struct Name {
    pub(crate) shown: String,
    parts: Vec<String>,
}

/// An invented place.
pub(crate) fn place(words: &Words, random: &mut Random) -> String {
    join(&words.place, random)
}

fn join(syllables: &Syllables, random: &mut Random) -> String {
    format!("{}{}", random.word(syllables.starts), random.word(syllables.ends))
}

impl Register {
    /// A person's name that nobody has yet; decorated once in a while.
    pub(crate) fn person(&mut self, role: Role, words: &Words, random: &mut Random) -> Name {
        loop {
            let (first, last) = (join(&words.first, random), join(&words.last, random));
            let plain = format!("{first} {last}");
            if self.names.insert(plain.to_lowercase()) {
                let shown = decorate(&plain, role, random);
                return Name { shown, parts: vec![first, last] };
            }
        }
    }

    /// An organisation's name that no other has yet; `pattern` may ask for a place (`{P}`).
    pub(crate) fn organisation(&mut self, pattern: &str, place: &str) -> Option<Name> {
        let shown = pattern.replace("{P}", place);
        let parts = shown.split_whitespace().map(str::to_owned).collect();
        self.names.insert(shown.to_lowercase()).then_some(Name { shown, parts })
    }

    /// A handle that nobody has yet, case aside.
    pub(crate) fn handle(&mut self, name: &Name, role: Role, person: bool, random: &mut Random) -> String {
        loop {
            let wish = if person { personal(name, role, random) } else { official(name, random) };
            let handle = clean(&wish);
            if handle.len() >= 4 && self.handles.insert(handle.to_lowercase()) {
                return handle;
            }
        }
    }
}

fn decorate(plain: &str, role: Role, random: &mut Random) -> String {
    let titles: &[&str] = match role {
        Role::Physician => &["Dr. {}", "{}, MD", "Dr {}", "{} MD, PhD", "Dr. {} 🩺"],
        Role::Nurse => &["{}, RN", "{} RN", "Nurse {}", "{}, RN, MSN"],
        Role::Pharmacist => &["{}, PharmD", "{} 💊"],
        Role::Researcher => &["{}, PhD", "Prof. {}", "Dr. {}"],
        Role::AlliedHealth => &["{}, RDN", "{} PT"],
        Role::Patient => &["{} 💙", "{} | T1D", "{} 🩸", "{} (she/her)"],
        Role::Caregiver => &["{} 💙", "{} & co"],
        Role::Student => &["{} 📚", "{} (MS2)"],
        _ => &["{} ✨", "{} (he/him)"],
    };
    match random.below(100) {
        0..62 => plain.to_owned(),
        62..68 => plain.to_lowercase(),
        68..72 => plain
            .split_whitespace()
            .next()
            .map_or_else(|| plain.to_owned(), |first| format!("{first} from {}", &plain[first.len() + 1..])),
        _ => random.word(titles).replace("{}", plain),
    }
}

fn personal(name: &Name, role: Role, random: &mut Random) -> String {
    let (first, last) = (ascii(&name.parts[0]), ascii(&name.parts[1]));
    let initial = &first[..1];
    let number = random.below(90) + 10;
    match random.below(9) {
        0 => format!("{first}{last}"),
        1 => format!("{first}_{last}").to_lowercase(),
        2 => format!("{initial}{last}"),
        3 => format!("{last}{initial}{number}"),
        4 => format!("{last}_{initial}").to_lowercase(),
        5 => format!("{}{number}", first.to_lowercase() + &last.to_lowercase()[..3]),
        6 => format!("{last}{first}"),
        _ => match role {
            Role::Physician => format!("Dr{last}"),
            Role::Nurse => format!("Nurse{first}"),
            Role::Patient => format!("{first}_T1D"),
            Role::Pharmacist => format!("Rx{last}"),
            Role::Researcher => format!("{last}Lab"),
            Role::Student => format!("{first}_med{number}"),
            _ => format!("the_{last}").to_lowercase(),
        },
    }
}

fn official(name: &Name, random: &mut Random) -> String {
    let parts: Vec<String> = name.parts.iter().map(|part| ascii(part)).collect();
    let whole = parts.concat();
    match random.below(4) {
        0 => whole,
        1 => parts.iter().map(|part| part.chars().take(6).collect::<String>()).collect(),
        2 => parts.iter().map(|part| part.chars().take(5).collect::<String>()).collect::<Vec<_>>().join("_"),
        _ => format!("{}{}", whole.chars().take(12).collect::<String>(), random.below(90) + 10),
    }
}

fn clean(wish: &str) -> String {
    let kept = wish.chars().filter(|&sign| sign.is_ascii_alphanumeric() || sign == '_');
    kept.take(HANDLE_LIMIT).collect::<String>().trim_matches('_').to_owned()
}

fn ascii(word: &str) -> String {
    let plain = word.chars().map(|sign| match sign {
        'á' => 'a',
        'é' | 'è' => 'e',
        'É' => 'E',
        'í' => 'i',
        'ó' | 'ö' => 'o',
        'ä' => 'a',
        'ü' | 'ú' => 'u',
        'ñ' => 'n',
        other => other,
    });
    plain.filter(|&sign| sign.is_ascii_alphanumeric() || sign == '_').collect()
}
