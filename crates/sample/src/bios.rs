//! Bios: terse, with pipes, with emoji, with credentials, jokes, two roles at once, no clue, or nothing.

use crate::groups::Role;
use crate::names::place;
use crate::random::Random;
use crate::words::Words;

/// What a person writes of themselves; `off_duty` for accounts that are not about their work.
pub(crate) fn person(role: Role, off_duty: bool, words: &Words, random: &mut Random) -> String {
    let style = match random.below(100) {
        8.. if off_duty && random.percent(40) => 8,
        8.. if role == Role::Public && random.percent(35) => 8,
        roll => roll,
    };
    let bio = match style {
        0..8 => String::new(),
        8..15 => random.word(words.mysteries).to_owned(),
        15..24 => joke(role, words, random),
        24..35 => terse(role, words, random),
        35..54 => pipes(role, words, random),
        54..70 => emoji(role, words, random),
        70..89 => plain(role, words, random),
        89..96 => credentials(role, words, random),
        _ => two_roles(role, words, random),
    };
    fill(&bio, words, random)
}

/// What an organisation writes of itself.
pub(crate) fn organisation(pattern: &str, name_place: &str, words: &Words, random: &mut Random) -> String {
    if random.percent(3) {
        return String::new();
    }
    let line = pattern.replace("{P}", name_place);
    let line = match random.below(5) {
        0 => format!("{line} {}", random.word(&["📍", "ℹ️", "☎️"])),
        1 => format!("{line} {}.", capital(random.word(words.interests))),
        _ => line,
    };
    fill(&line, words, random)
}

fn fill(text: &str, words: &Words, random: &mut Random) -> String {
    let number = (random.below(44) + 4).to_string();
    let decade = (random.below(40) + 60).to_string();
    let year = (random.below(5) + 1).to_string();
    text.replace("{P}", &place(words, random)).replace("{n}", &number).replace("{d}", &decade).replace("{y}", &year)
}

fn capital(text: &str) -> String {
    let mut signs = text.chars();
    signs.next().map_or_else(String::new, |first| first.to_uppercase().chain(signs).collect())
}

fn joke(role: Role, words: &Words, random: &mut Random) -> String {
    let jokes: Vec<&'static str> = words.jokes.iter().filter(|(key, _)| *key == role).map(|&(_, joke)| joke).collect();
    if jokes.is_empty() { terse(role, words, random) } else { random.word(&jokes).to_owned() }
}

fn terse(role: Role, words: &Words, random: &mut Random) -> String {
    let line = random.word(words.role(role));
    match random.below(3) {
        0 => line.to_lowercase(),
        1 => format!("{line}."),
        _ => line.to_owned(),
    }
}

fn pipes(role: Role, words: &Words, random: &mut Random) -> String {
    let bar = random.word(&[" | ", " · ", " // ", " • ", " / "]);
    let mut parts = vec![random.word(words.role(role)), random.word(words.interests), random.word(words.hobbies)];
    if random.percent(25) {
        parts.rotate_left(1);
    }
    parts.truncate(2 + random.position(2));
    if !parts.iter().any(|part| words.role(role).contains(part)) {
        parts.push(random.word(words.role(role)));
    }
    parts.join(bar)
}

fn emoji(role: Role, words: &Words, random: &mut Random) -> String {
    let own = match role {
        Role::Patient | Role::Caregiver => "💙",
        Role::Physician => "🩺",
        Role::Nurse => "💉",
        Role::Pharmacist => "💊",
        Role::Researcher => "🔬",
        Role::Student => "📚",
        Role::Device | Role::HealthIt => "💻",
        Role::Media => "📰",
        _ => "✨",
    };
    let line = random.word(words.role(role));
    let hobby = random.word(words.hobbies);
    match random.below(3) {
        0 => format!("{own} {line} {own} {hobby}"),
        1 => format!("{line} {own}{}", random.word(&["🐶", "🚲", "🌍", "☕", "👩‍👧"])),
        _ => format!("{own}{line}\n{} {hobby}", random.word(&["👟", "🎲", "🌧️", "🎵"])),
    }
}

fn plain(role: Role, words: &Words, random: &mut Random) -> String {
    let line = random.word(words.role(role));
    let place = if role.is_work() && random.percent(60) { format!(" {} {{P}}", words.at) } else { String::new() };
    let interest = capital(random.word(words.interests));
    let tail = random.word(words.disclaimers);
    format!("{line}{place}. {interest}. {tail}").trim_end().to_owned()
}

fn credentials(role: Role, words: &Words, random: &mut Random) -> String {
    let letters: &[&str] = match role {
        Role::Physician => &["MD", "MD PhD", "MBBS", "MD, MPH"],
        Role::Nurse => &["RN", "RN, MSN", "BSN RN CDCES"],
        Role::Pharmacist => &["PharmD", "RPh", "PharmD, BCPS"],
        Role::Researcher => &["PhD", "MSc, PhD", "DrPH"],
        Role::AlliedHealth => &["RDN", "DPT", "MSc"],
        Role::Executive => &["MBA", "MHA, MBA"],
        _ => &["BA", "#FairVial", "BSc", "she/her"],
    };
    let line = random.word(words.role(role));
    format!("{}. {line}. {}", random.word(letters), random.word(words.disclaimers)).trim_end().to_owned()
}

fn two_roles(role: Role, words: &Words, random: &mut Random) -> String {
    let other = *random.pick(&[Role::Patient, Role::Caregiver, Role::Researcher, Role::Advocacy]);
    let (own, other) = (random.word(words.role(role)), random.word(words.role(other)));
    format!("{own}; {}", other.to_lowercase())
}
