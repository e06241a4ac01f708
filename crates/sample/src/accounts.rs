//! The accounts: who there is, in which community and camp, how well known and how talkative.

use crate::bios;
use crate::calendar::{DAY, END, START, midnight};
use crate::groups::{Camp, Community, MAKEUPS, Makeup, Role, leader};
use crate::names::{Name, Register, place};
use crate::random::{Random, Urn};
use crate::words::{Language, Words};

/// First account number; no platform has given out numbers between this and 6 * 10^17.
const FIRST_ID: u64 = 5_000_000_000;
/// Best-known accounts of a community, which are never mere observers nor newcomers.
const KNOWN: usize = 12;

/// An invented account, with everything that is true of it.
#[derive(Debug, Clone)]
pub struct Account {
    /// The platform's number.
    pub id: u64,
    /// Handle, unique without regard to case.
    pub handle: String,
    /// Name as shown, unique.
    pub name: String,
    /// Profile text, empty for some.
    pub bio: String,
    /// Language it posts in.
    pub language: Language,
    /// Stakeholder group.
    pub role: Role,
    /// An organisation, not an individual.
    pub organisation: bool,
    /// Kept for work, not for private talk.
    pub professional: bool,
    /// Planted community.
    pub community: Community,
    /// Camp in the controversy; none for the uninvolved.
    pub camp: Option<Camp>,
    /// Stance in hundredths, -100..=100, for members of camps.
    pub leaning: Option<i64>,
    /// Talks to both camps.
    pub bridge: bool,
    /// Country code, empty for some.
    pub country: &'static str,
    /// Field of work, empty for many.
    pub specialty: &'static str,
    /// Second of registration.
    pub created: i64,
    /// Second from which it takes part in the conversation.
    pub joined: i64,
    /// Carries the platform's mark.
    pub verified: bool,
    /// Whether the account file gives its role.
    pub role_given: bool,
    /// Place by fame within the community, 0 = best known.
    pub rank: usize,
    /// How much attention it draws; a weight.
    pub fame: u64,
    /// How much it posts; a weight.
    pub activity: u64,
}

impl Account {
    /// True when the two belong to opposite camps.
    pub fn opposes(&self, other: &Self) -> bool {
        matches!((self.camp, other.camp), (Some(own), Some(theirs)) if own != theirs)
    }

    /// One of the agencies that push the drug maker's posts.
    pub fn amplifies(&self) -> bool {
        self.role == Role::Agency && self.community == Community::Industry
    }

    /// `individual` or `organisation`.
    pub fn scale_word(&self) -> &'static str {
        if self.organisation { "organisation" } else { "individual" }
    }

    /// `professional` or `personal`.
    pub fn use_word(&self) -> &'static str {
        if self.professional { "professional" } else { "personal" }
    }
}

/// All accounts of a seed, ascending by number.
pub fn accounts(seed: u64) -> Vec<Account> {
    let mut register = Register::default();
    let mut all: Vec<Account> = MAKEUPS.iter().flat_map(|makeup| members(makeup, seed, &mut register)).collect();
    all.sort_by(|one, two| (one.created, &one.handle).cmp(&(two.created, &two.handle)));
    let mut random = Random::stream(seed, "ids");
    let mut next = FIRST_ID;
    for account in &mut all {
        next += 211 + random.below(9_000);
        account.id = next;
    }
    all
}

fn members(makeup: &Makeup, seed: u64, register: &mut Register) -> Vec<Account> {
    let mut random = Random::stream(seed, makeup.community.word());
    let roles = Urn::new(makeup.roles.iter().map(|&(_, weight)| weight));
    (0..makeup.size).map(|rank| member(makeup, rank, &roles, register, &mut random)).collect()
}

fn member(makeup: &Makeup, rank: usize, roles: &Urn, register: &mut Register, random: &mut Random) -> Account {
    let bridge = makeup.bridges.contains(&rank);
    let (role, organisation) = if rank == 0 { leader(makeup.community) } else { role(makeup, rank, bridge, roles, random) };
    let professional = organisation || (role.is_work() && !random.percent(14));
    let language = if makeup.language != Language::English && random.percent(12) { Language::English } else { makeup.language };
    let words = if organisation { makeup.language.words() } else { language.words() };
    let (name, bio) = profile(role, organisation, professional, words, register, random);
    let handle = register.handle(&name, role, !organisation, random);
    let (camp, leaning) = stance(makeup, rank, role, bridge, random);
    let (created, joined) = arrival(rank, bridge, random);
    Account {
        id: 0,
        handle,
        name: name.shown,
        bio,
        language: makeup.language,
        role,
        organisation,
        professional,
        community: makeup.community,
        camp,
        leaning,
        bridge,
        country: if random.percent(10) { "" } else { random.word(makeup.language.words().countries) },
        specialty: if organisation { "" } else { specialty(role, random) },
        created,
        joined,
        verified: random.percent(if organisation || rank < KNOWN { 45 } else { 4 }),
        role_given: random.percent(60),
        rank,
        fame: fame(role, rank),
        activity: activity(role, rank, bridge, makeup.community, random),
    }
}

fn role(makeup: &Makeup, rank: usize, bridge: bool, roles: &Urn, random: &mut Random) -> (Role, bool) {
    loop {
        let drawn = roles.draw(random).expect("every community has roles with a weight");
        let role = makeup.roles[drawn].0;
        if role != Role::Public || rank >= KNOWN {
            return (role, !bridge && random.percent(role.organisations()));
        }
    }
}

fn profile(
    role: Role,
    organisation: bool,
    professional: bool,
    words: &Words,
    register: &mut Register,
    random: &mut Random,
) -> (Name, String) {
    if !organisation {
        let bio = bios::person(role, role.is_work() && !professional, words, random);
        return (register.person(role, words, random), bio);
    }
    loop {
        let place = place(words, random);
        let (pattern, bio) = random.pick(words.organisation(role));
        if let Some(name) = register.organisation(pattern, &place) {
            return (name, bios::organisation(bio, &place, words, random));
        }
    }
}

fn stance(makeup: &Makeup, rank: usize, role: Role, bridge: bool, random: &mut Random) -> (Option<Camp>, Option<i64>) {
    let [fairvial, glimforward] = makeup.camps;
    let involved = role != Role::Public || random.percent(60);
    let camp = match random.below(100) {
        _ if !involved => None,
        // The known accounts take the community's usual side, or the camps would have no middle.
        _ if rank < KNOWN && fairvial + glimforward >= 60 => {
            Some(if fairvial > glimforward { Camp::Fairvial } else { Camp::Glimforward })
        }
        _ if bridge => None,
        roll if roll < fairvial => Some(Camp::Fairvial),
        roll if roll < fairvial + glimforward => Some(Camp::Glimforward),
        _ => None,
    };
    let strength = if bridge { random.between(2, 20) } else { random.between(12, 60) + random.between(12, 40) };
    let leaning = camp.map(|camp| if camp == Camp::Fairvial { -strength } else { strength });
    (camp, leaning)
}

/// Second of registration, and of joining the conversation: newcomers, early ones, and those whom news brought.
fn arrival(rank: usize, bridge: bool, random: &mut Random) -> (i64, i64) {
    let old = random.between(midnight(2009, 3, 1), midnight(2025, 12, 20));
    if rank < KNOWN || bridge {
        return (old, START);
    }
    match random.below(100) {
        0..17 => {
            let created = random.between(START, END - 20 * DAY);
            (created, created + random.between(60, 3 * DAY))
        }
        17..70 => (old, START),
        70..82 => {
            let news = *random.pick(&crate::posts::NEWS);
            (old, news + random.between(0, 5 * DAY))
        }
        _ => (old, random.between(START, END - 10 * DAY)),
    }
}

fn fame(role: Role, rank: usize) -> u64 {
    let base = 1_000_000 / (rank as u64 + 2);
    if role == Role::Public { base / 15 } else { base }
}

fn activity(role: Role, rank: usize, bridge: bool, community: Community, random: &mut Random) -> u64 {
    // Two draws make a heavier tail: most write once or twice in the six months, some every day.
    let drawn = 1_000_000 / (10 + random.below(1000)) * 1000 / (60 + random.below(3000));
    match role {
        _ if bridge => 36_000,
        Role::Pharma if rank == 0 => 60_000,
        Role::Public => drawn / 12,
        Role::Agency if community == Community::Industry => drawn / 2 + 3_000,
        _ if rank < KNOWN => drawn + 16_000,
        _ => drawn,
    }
}

fn specialty(role: Role, random: &mut Random) -> &'static str {
    let fields: &[&str] = match role {
        Role::Physician => &[
            "endocrinology",
            "family medicine",
            "internal medicine",
            "paediatrics",
            "cardiology",
            "nephrology",
            "diabetes, type 1",
            "obesity, nutrition",
        ],
        Role::Nurse => &["diabetes education", "critical care", "community nursing", "wounds, feet"],
        Role::Pharmacist => &["community pharmacy", "hospital pharmacy"],
        Role::AlliedHealth => &["dietetics", "podiatry", "physiotherapy", "dentistry"],
        Role::Researcher => &["epidemiology", "health economics", "biosensors", "metabolism, obesity"],
        _ => return "",
    };
    if random.percent(35) { "" } else { random.word(fields) }
}
