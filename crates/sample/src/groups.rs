//! The words of the study: roles, camps, communities, and how the communities are made up.

use crate::words::Language;

/// Stakeholder group of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // the names say it; `word` gives the written form
pub enum Role {
    Patient,
    Caregiver,
    Physician,
    Nurse,
    Pharmacist,
    AlliedHealth,
    Researcher,
    Student,
    Hospital,
    Executive,
    Payer,
    Pharma,
    Device,
    HealthIt,
    Agency,
    Media,
    Government,
    Advocacy,
    Public,
}

impl Role {
    /// The word written in the files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::Caregiver => "caregiver",
            Self::Physician => "physician",
            Self::Nurse => "nurse",
            Self::Pharmacist => "pharmacist",
            Self::AlliedHealth => "allied_health",
            Self::Researcher => "researcher",
            Self::Student => "student",
            Self::Hospital => "hospital",
            Self::Executive => "executive",
            Self::Payer => "payer",
            Self::Pharma => "pharma",
            Self::Device => "device",
            Self::HealthIt => "health_it",
            Self::Agency => "agency",
            Self::Media => "media",
            Self::Government => "government",
            Self::Advocacy => "advocacy",
            Self::Public => "public",
        }
    }

    /// How many of a hundred accounts of this role are organisations.
    pub fn organisations(self) -> u64 {
        match self {
            Self::Hospital => 95,
            Self::Payer => 75,
            Self::Pharma | Self::Device | Self::Agency => 60,
            Self::Government | Self::Advocacy => 65,
            Self::Media | Self::HealthIt => 45,
            Self::Researcher | Self::Pharmacist => 8,
            _ => 0,
        }
    }

    /// True for roles that are somebody's work.
    pub fn is_work(self) -> bool {
        !matches!(self, Self::Patient | Self::Caregiver | Self::Public)
    }
}

/// One of the two camps of the controversy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Camp {
    /// Wants the price of insulin and of the Glimbo sensor capped; leaning below 0.
    Fairvial,
    /// Wants the sensor on the market first and as it is; leaning above 0.
    Glimforward,
}

impl Camp {
    /// The word written in the files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fairvial => "fairvial",
            Self::Glimforward => "glimforward",
        }
    }
}

/// A planted community.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // the names say it; `word` gives the written form
pub enum Community {
    Patients,
    PrimaryCare,
    Endocrinology,
    HealthTech,
    Industry,
    Policy,
    Students,
    Spanish,
    German,
    French,
    Dutch,
}

/// How a community is made up.
#[derive(Debug)]
pub struct Makeup {
    /// Which one.
    pub community: Community,
    /// Accounts in it.
    pub size: usize,
    /// Language of its posts and most of its bios.
    pub language: Language,
    /// Of a hundred accounts, how many are in camp fairvial and in camp glimforward.
    pub camps: [u64; 2],
    /// Roles by weight.
    pub roles: &'static [(Role, u64)],
    /// Other communities its members look to, by weight.
    pub neighbours: &'static [(Community, u64)],
    /// Ranks (0 = best known) of the accounts that talk to both camps.
    pub bridges: &'static [usize],
}

use Community as C;
use Role as R;

impl Community {
    /// The word written in the files.
    pub fn word(self) -> &'static str {
        match self {
            C::Patients => "patients",
            C::PrimaryCare => "primary_care",
            C::Endocrinology => "endocrinology",
            C::HealthTech => "health_tech",
            C::Industry => "industry",
            C::Policy => "policy",
            C::Students => "students",
            C::Spanish => "spanish",
            C::German => "german",
            C::French => "french",
            C::Dutch => "dutch",
        }
    }
}

/// All communities; 2,000 accounts together. A community's place here is `community as usize`.
pub const MAKEUPS: &[Makeup] = &[
    Makeup {
        community: C::Patients,
        size: 350,
        language: Language::English,
        camps: [85, 0],
        roles: &[
            (R::Patient, 46),
            (R::Caregiver, 17),
            (R::Advocacy, 9),
            (R::Nurse, 3),
            (R::AlliedHealth, 4),
            (R::Media, 2),
            (R::Student, 2),
            (R::Physician, 1),
            (R::Public, 16),
        ],
        neighbours: &[
            (C::PrimaryCare, 4),
            (C::Policy, 3),
            (C::Students, 1),
            (C::Spanish, 2),
            (C::German, 1),
            (C::French, 1),
            (C::Dutch, 1),
            (C::Endocrinology, 1),
        ],
        bridges: &[4, 9],
    },
    Makeup {
        community: C::PrimaryCare,
        size: 220,
        language: Language::English,
        camps: [60, 0],
        roles: &[
            (R::Physician, 26),
            (R::Nurse, 28),
            (R::Pharmacist, 17),
            (R::AlliedHealth, 12),
            (R::Hospital, 6),
            (R::Executive, 2),
            (R::Patient, 2),
            (R::Public, 7),
        ],
        neighbours: &[(C::Patients, 4), (C::Students, 3), (C::Policy, 3), (C::Endocrinology, 1)],
        bridges: &[3, 8],
    },
    Makeup {
        community: C::Endocrinology,
        size: 230,
        language: Language::English,
        camps: [0, 70],
        roles: &[
            (R::Physician, 36),
            (R::Researcher, 26),
            (R::Nurse, 6),
            (R::Pharmacist, 4),
            (R::Hospital, 8),
            (R::AlliedHealth, 3),
            (R::Executive, 3),
            (R::Student, 3),
            (R::Advocacy, 2),
            (R::Government, 1),
            (R::Public, 8),
        ],
        neighbours: &[
            (C::HealthTech, 4),
            (C::Industry, 3),
            (C::Students, 2),
            (C::Policy, 2),
            (C::German, 1),
            (C::Dutch, 1),
            (C::PrimaryCare, 1),
        ],
        bridges: &[4, 7],
    },
    Makeup {
        community: C::HealthTech,
        size: 250,
        language: Language::English,
        camps: [0, 85],
        roles: &[
            (R::HealthIt, 30),
            (R::Device, 20),
            (R::Executive, 14),
            (R::Researcher, 5),
            (R::Physician, 4),
            (R::Media, 5),
            (R::Patient, 8),
            (R::Public, 14),
        ],
        neighbours: &[(C::Endocrinology, 4), (C::Industry, 3), (C::Policy, 2), (C::German, 1), (C::Dutch, 1)],
        bridges: &[5, 10],
    },
    Makeup {
        community: C::Industry,
        size: 110,
        language: Language::English,
        camps: [0, 95],
        roles: &[
            (R::Pharma, 42),
            (R::Agency, 26),
            (R::Executive, 10),
            (R::Researcher, 6),
            (R::Pharmacist, 3),
            (R::Media, 3),
            (R::Public, 10),
        ],
        neighbours: &[(C::Endocrinology, 4), (C::HealthTech, 4), (C::Policy, 2)],
        bridges: &[],
    },
    Makeup {
        community: C::Policy,
        size: 170,
        language: Language::English,
        camps: [0, 0],
        roles: &[
            (R::Government, 16),
            (R::Payer, 18),
            (R::Media, 24),
            (R::Advocacy, 10),
            (R::Executive, 8),
            (R::Researcher, 6),
            (R::Physician, 4),
            (R::Public, 14),
        ],
        neighbours: &[
            (C::Patients, 3),
            (C::PrimaryCare, 2),
            (C::Endocrinology, 2),
            (C::HealthTech, 3),
            (C::Industry, 2),
            (C::Spanish, 1),
            (C::German, 1),
            (C::French, 1),
        ],
        bridges: &[1, 2, 4, 6, 8, 11],
    },
    Makeup {
        community: C::Students,
        size: 120,
        language: Language::English,
        camps: [15, 15],
        roles: &[(R::Student, 62), (R::Physician, 14), (R::Nurse, 6), (R::Researcher, 4), (R::Pharmacist, 4), (R::Public, 10)],
        neighbours: &[(C::PrimaryCare, 3), (C::Endocrinology, 3), (C::Patients, 1), (C::Policy, 1)],
        bridges: &[2],
    },
    Makeup {
        community: C::Spanish,
        size: 200,
        language: Language::Spanish,
        camps: [55, 12],
        roles: &[
            (R::Patient, 24),
            (R::Physician, 14),
            (R::Nurse, 9),
            (R::Pharmacist, 7),
            (R::Caregiver, 9),
            (R::Researcher, 5),
            (R::Hospital, 4),
            (R::Media, 5),
            (R::Advocacy, 5),
            (R::Government, 3),
            (R::Student, 3),
            (R::AlliedHealth, 4),
            (R::Public, 11),
        ],
        neighbours: &[(C::Patients, 4), (C::PrimaryCare, 1), (C::Policy, 1), (C::French, 1), (C::Industry, 1)],
        bridges: &[3],
    },
    Makeup {
        community: C::German,
        size: 160,
        language: Language::German,
        camps: [20, 35],
        roles: &[
            (R::Patient, 18),
            (R::Physician, 15),
            (R::Nurse, 8),
            (R::Pharmacist, 6),
            (R::Researcher, 8),
            (R::Payer, 6),
            (R::Device, 5),
            (R::HealthIt, 8),
            (R::Hospital, 4),
            (R::Media, 4),
            (R::Caregiver, 4),
            (R::Government, 2),
            (R::Student, 3),
            (R::Public, 11),
        ],
        neighbours: &[(C::HealthTech, 2), (C::Endocrinology, 2), (C::Patients, 1), (C::Dutch, 2)],
        bridges: &[],
    },
    Makeup {
        community: C::French,
        size: 110,
        language: Language::French,
        camps: [45, 10],
        roles: &[
            (R::Patient, 22),
            (R::Physician, 16),
            (R::Nurse, 9),
            (R::Pharmacist, 8),
            (R::Caregiver, 6),
            (R::Researcher, 6),
            (R::Hospital, 4),
            (R::Media, 6),
            (R::Advocacy, 5),
            (R::Student, 4),
            (R::AlliedHealth, 3),
            (R::Public, 11),
        ],
        neighbours: &[(C::Patients, 2), (C::Dutch, 1), (C::Policy, 1), (C::Spanish, 1), (C::German, 1)],
        bridges: &[],
    },
    Makeup {
        community: C::Dutch,
        size: 80,
        language: Language::Dutch,
        camps: [10, 45],
        roles: &[
            (R::Patient, 20),
            (R::Physician, 14),
            (R::Nurse, 10),
            (R::Pharmacist, 6),
            (R::Researcher, 8),
            (R::HealthIt, 10),
            (R::Payer, 5),
            (R::Hospital, 5),
            (R::Media, 4),
            (R::Student, 4),
            (R::AlliedHealth, 4),
            (R::Public, 10),
        ],
        neighbours: &[(C::German, 2), (C::HealthTech, 2), (C::French, 1), (C::Endocrinology, 1)],
        bridges: &[],
    },
];

/// The role that the best-known account of each community has, and whether it is an organisation.
pub fn leader(community: Community) -> (Role, bool) {
    match community {
        C::Patients => (R::Advocacy, true),
        C::PrimaryCare => (R::Physician, false),
        C::Endocrinology => (R::Researcher, false),
        C::HealthTech => (R::Device, true),
        C::Industry => (R::Pharma, true),
        C::Policy => (R::Media, true),
        C::Students => (R::Student, false),
        C::Spanish | C::French => (R::Patient, false),
        C::German | C::Dutch => (R::Physician, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makeups_stand_in_order_and_sum_to_two_thousand() {
        for (place, makeup) in MAKEUPS.iter().enumerate() {
            assert_eq!(makeup.community as usize, place);
            assert!(makeup.neighbours.iter().all(|&(other, _)| other != makeup.community));
        }
        assert_eq!(MAKEUPS.iter().map(|makeup| makeup.size).sum::<usize>(), 2000);
        assert_eq!(MAKEUPS.iter().map(|makeup| makeup.bridges.len()).sum::<usize>(), 16);
    }
}
