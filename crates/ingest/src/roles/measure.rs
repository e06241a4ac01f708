//! How well a lexicon finds the roles that people gave: precision, recall and what is taken for what.
//!
//! # Formula
//! For a role, with `right` the bios labelled and found as it:
//! precision = right / found, recall = right / labelled, F1 = 2 · right / (found + labelled).
//! Accuracy is the share of bios in which label and finding agree, none included. Coverage is the share of bios in which a role was
//! found, right or wrong. Macro means are plain means over the roles that have at least one label (of precision: and were found at
//! least once); none is not a role in them.
//!
//! # Intervals
//! 95 %, by Wilson's score for shares. F1 is 2j / (1 + j) with j = right / (found + labelled − right), a share, and grows with it, so its
//! interval is the image of that of j. For a mean over roles the distances to the bounds are joined as independent: lower bound = mean −
//! √Σ(value − lower)² / k, the upper one likewise. They tell of chance in drawing bios only: a set written by one hand is no random sample of
//! the bios of the world.
//!
//! # Source
//! Wilson, Probable inference, the law of succession, and statistical inference (1927), doi:10.1080/01621459.1927.10502953.
//! Zou and Donner, Construction of confidence limits about effect measures: a general approach (2008), doi:10.1002/sim.3095.

use super::{Classified, LabelledBio, LabelledSet, Lexicon};
use crate::columns::folded;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The word for "no role" in tables.
pub const NO_ROLE: &str = "-";

/// A value in [0, 1] with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Share {
    /// The value.
    pub value: f64,
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Tally {
    /// Bios that were judged.
    pub bios: u64,
    /// Those that were answered right (for coverage: answered).
    pub right: u64,
    /// `right` / `bios`; none if there are none.
    pub share: Option<Share>,
}

/// How well one role is found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RoleScore {
    /// The role; `-` for none.
    pub role: String,
    /// Bios with this label.
    pub labelled: u64,
    /// Bios in which it was found.
    pub found: u64,
    /// Both.
    pub right: u64,
    /// Share of right ones among those found.
    pub precision: Option<Share>,
    /// Share of right ones among those labelled.
    pub recall: Option<Share>,
    /// Harmonic mean of both.
    pub f1: Option<Share>,
}

/// Means over the roles.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MacroScore {
    /// Roles with at least one label.
    pub roles: usize,
    /// Mean precision.
    pub precision: Option<Share>,
    /// Mean recall.
    pub recall: Option<Share>,
    /// Mean F1.
    pub f1: Option<Share>,
}

/// Bios labelled as one role and found as the same or another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Confusion {
    /// The label; `-` for none.
    pub labelled: String,
    /// What was found; `-` for nothing.
    pub found: String,
    /// How many.
    pub bios: u64,
    /// Display name of the first of them.
    pub example_name: Option<String>,
    /// Its bio.
    pub example_bio: Option<String>,
    /// What was found in it.
    pub example_evidence: Option<String>,
}

/// Accuracy in one language.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LanguageScore {
    /// As the labels have it; none if they do not say.
    pub language: Option<String>,
    /// Accuracy of roles.
    pub role: Tally,
}

/// All that was measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measured {
    /// Accuracy of roles, none included.
    pub accuracy: Tally,
    /// The same if `public` and none count as one: people who say nothing of health.
    pub accuracy_public_as_none: Tally,
    /// Bios in which a role was found, right or wrong.
    pub coverage: Tally,
    /// Means over roles.
    #[serde(rename = "macro")]
    pub means: MacroScore,
    /// Each role, in the order of the names, none last.
    pub roles: Vec<RoleScore>,
    /// Each language, by name.
    pub languages: Vec<LanguageScore>,
    /// Accuracy of the scale, where it is judged.
    pub scale: Tally,
    /// Accuracy of the use, where it is judged.
    #[serde(rename = "use")]
    pub usage: Tally,
    /// All pairs of label and finding that occur, by label, then finding; the same role twice means right.
    pub confusion: Vec<Confusion>,
    /// Labels that the lexicon does not know, and therefore never finds.
    pub unknown_labels: Vec<String>,
    /// Rows left out, as they have no label.
    pub without_label: u64,
    /// Rows that could not be read.
    pub rejected: u64,
}

impl Measured {
    /// What is taken for what, the most frequent first.
    pub fn mistakes(&self) -> Vec<&Confusion> {
        let mut mistakes: Vec<&Confusion> = self.confusion.iter().filter(|pair| pair.labelled != pair.found).collect();
        mistakes.sort_by_key(|pair| std::cmp::Reverse(pair.bios));
        mistakes
    }
}

/// Classifies every bio of the set and compares.
pub fn measure(lexicon: &Lexicon, set: &LabelledSet) -> Measured {
    let mut cells: BTreeMap<(String, String), Confusion> = BTreeMap::new();
    let mut languages: BTreeMap<Option<&str>, Count> = BTreeMap::new();
    let (mut accuracy, mut merged, mut coverage) = (Count::default(), Count::default(), Count::default());
    let (mut scale, mut usage) = (Count::default(), Count::default());
    let mut unknown = BTreeSet::new();
    for bio in &set.bios {
        let found = lexicon.classify(bio.name.as_deref(), bio.bio.as_deref());
        let wanted = label(lexicon, bio, &mut unknown);
        let got = found.role.unwrap_or(NO_ROLE);
        accuracy.add(wanted == got);
        languages.entry(bio.language.as_deref()).or_default().add(wanted == got);
        let nobody = |role: &str| role == NO_ROLE || role == "public";
        merged.add(wanted == got || (nobody(&wanted) && nobody(got)));
        coverage.add(found.role.is_some());
        if let Some(wanted) = bio.scale {
            scale.add(found.scale == wanted);
        }
        if let Some(wanted) = bio.usage {
            usage.add(found.usage == wanted);
        }
        let key = (wanted, got.to_owned());
        cells.entry(key).and_modify(|cell| cell.bios += 1).or_insert_with_key(|key| example(key, bio, &found));
    }
    let confusion: Vec<Confusion> = cells.into_values().collect();
    let roles = role_scores(&confusion);
    Measured {
        accuracy: accuracy.tally(),
        accuracy_public_as_none: merged.tally(),
        coverage: coverage.tally(),
        means: macro_score(&roles),
        roles,
        languages: languages
            .into_iter()
            .map(|(language, count)| LanguageScore { language: language.map(str::to_owned), role: count.tally() })
            .collect(),
        scale: scale.tally(),
        usage: usage.tally(),
        confusion,
        unknown_labels: unknown.into_iter().collect(),
        without_label: set.without_label,
        rejected: set.rejected,
    }
}

/// The label as the lexicon writes it: `Allied health` is `allied_health`. A word it does not know is kept as given.
fn label(lexicon: &Lexicon, bio: &LabelledBio, unknown: &mut BTreeSet<String>) -> String {
    let Some(given) = &bio.role else { return NO_ROLE.to_owned() };
    lexicon.roles().find(|role| folded(role) == folded(given)).map(str::to_owned).unwrap_or_else(|| {
        unknown.insert(given.clone());
        given.clone()
    })
}

fn example(key: &(String, String), bio: &LabelledBio, found: &Classified<'_>) -> Confusion {
    Confusion {
        labelled: key.0.clone(),
        found: key.1.clone(),
        bios: 1,
        example_name: bio.name.clone(),
        example_bio: bio.bio.clone(),
        example_evidence: found.evidence.clone(),
    }
}

fn role_scores(confusion: &[Confusion]) -> Vec<RoleScore> {
    let names: BTreeSet<&str> = confusion.iter().flat_map(|pair| [pair.labelled.as_str(), pair.found.as_str()]).collect();
    let sum = |keep: &dyn Fn(&Confusion) -> bool| confusion.iter().filter(|pair| keep(pair)).map(|pair| pair.bios).sum::<u64>();
    let mut scores: Vec<RoleScore> = names
        .into_iter()
        .map(|role| {
            let labelled = sum(&|pair| pair.labelled == role);
            let found = sum(&|pair| pair.found == role);
            let right = sum(&|pair| pair.labelled == role && pair.found == role);
            let as_f1 = |jaccard: f64| 2.0 * jaccard / (1.0 + jaccard);
            let f1 = wilson(right, found + labelled - right);
            RoleScore {
                role: role.to_owned(),
                labelled,
                found,
                right,
                precision: wilson(right, found),
                recall: wilson(right, labelled),
                f1: f1.map(|j| Share { value: as_f1(j.value), low: as_f1(j.low), high: as_f1(j.high) }),
            }
        })
        .collect();
    scores.sort_by_key(|score| score.role == NO_ROLE);
    scores
}

fn macro_score(roles: &[RoleScore]) -> MacroScore {
    let counted: Vec<&RoleScore> = roles.iter().filter(|score| score.labelled > 0 && score.role != NO_ROLE).collect();
    let mean_of = |value: &dyn Fn(&RoleScore) -> Option<Share>| mean(counted.iter().filter_map(|score| value(score)));
    MacroScore {
        roles: counted.len(),
        precision: mean_of(&|score| score.precision),
        recall: mean_of(&|score| score.recall),
        f1: mean_of(&|score| score.f1),
    }
}

/// Mean of independent shares; the distances to the bounds are joined as such.
fn mean(shares: impl Iterator<Item = Share>) -> Option<Share> {
    let (mut sum, mut below, mut above, mut many) = (0.0, 0.0, 0.0, 0.0);
    for share in shares {
        sum += share.value;
        below += (share.value - share.low).powi(2);
        above += (share.high - share.value).powi(2);
        many += 1.0;
    }
    (many > 0.0).then(|| {
        let value = sum / many;
        Share { value, low: (value - below.sqrt() / many).max(0.0), high: (value + above.sqrt() / many).min(1.0) }
    })
}

/// Normal quantile of a two-sided 95 % interval.
const Z: f64 = 1.959_963_984_540_054;

/// A share and its 95 % interval by Wilson's score; none for 0 of 0.
fn wilson(right: u64, of: u64) -> Option<Share> {
    if of == 0 {
        return None;
    }
    let (count, all) = (right as f64, of as f64);
    let value = count / all;
    let middle = (count + Z * Z / 2.0) / (all + Z * Z);
    let half = Z / (all + Z * Z) * (value * (1.0 - value) * all + Z * Z / 4.0).sqrt();
    // At 0 and 1 the bound is the value itself; rounding would miss it.
    let low = if right == 0 { 0.0 } else { middle - half };
    let high = if right == of { 1.0 } else { middle + half };
    Some(Share { value, low, high })
}

/// Counts right answers.
#[derive(Default)]
struct Count {
    bios: u64,
    right: u64,
}

impl Count {
    fn add(&mut self, right: bool) {
        self.bios += 1;
        self.right += u64::from(right);
    }

    fn tally(&self) -> Tally {
        Tally { bios: self.bios, right: self.right, share: wilson(self.right, self.bios) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Scale, Use};
    use super::*;

    fn close(got: Option<Share>, wanted: [f64; 3]) {
        let got = got.unwrap();
        for (got, wanted) in [got.value, got.low, got.high].into_iter().zip(wanted) {
            assert!((got - wanted).abs() < 5e-5, "got {got}, wanted {wanted}");
        }
    }

    #[test]
    fn wilsons_interval() {
        assert_eq!(wilson(0, 0), None);
        // 8 of 10: (8 + 1.9207) / 13.8415 -+ 1.95996 / 13.8415 * sqrt(1.6 + 0.96036).
        close(wilson(8, 10), [0.8, 0.49016, 0.94332]);
        close(wilson(0, 10), [0.0, 0.0, 0.27753]);
        close(wilson(10, 10), [1.0, 0.72247, 1.0]);
    }

    #[test]
    fn a_set_counted_by_hand() {
        let lexicon = Lexicon::parse(
            "[[role]]\nname = 'a_a'\nwords = ['apple']\nscale = 'individual'\nuse = 'personal'\n[[role]]\nname = 'b'\nwords = ['bean']\n\
             [[role]]\nname = 'public'\nwords = ['pea']",
        )
        .unwrap();
        let bio = |bio: &str, role: Option<&str>, language: &str| LabelledBio {
            bio: Some(bio.to_owned()),
            role: role.map(str::to_owned),
            language: Some(language.to_owned()),
            ..LabelledBio::default()
        };
        let mut bios = vec![
            bio("apple", Some("A a"), "en"),
            bio("an apple", Some("a_a"), "en"),
            bio("bean", Some("a_a"), "de"),
            bio("bean", Some("b"), "de"),
            bio("nothing", Some("b"), "de"),
            bio("apple", None, "en"),
            bio("nothing", Some("public"), "en"),
            bio("bean", Some("poet"), "en"),
        ];
        bios[0].scale = Some(Some(Scale::Individual));
        bios[1].scale = Some(Some(Scale::Organisation));
        bios[0].usage = Some(Some(Use::Personal));
        bios[3].usage = Some(None);
        let found = measure(&lexicon, &LabelledSet { bios, without_label: 2, rejected: 1 });
        let tally = |tally: Tally| (tally.right, tally.bios);
        assert_eq!([tally(found.accuracy), tally(found.accuracy_public_as_none)], [(3, 8), (4, 8)]);
        assert_eq!([tally(found.coverage), tally(found.scale), tally(found.usage)], [(6, 8), (1, 2), (2, 2)]);
        let rows: Vec<_> = found.roles.iter().map(|row| (row.role.as_str(), row.labelled, row.found, row.right)).collect();
        assert_eq!(rows, [("a_a", 3, 3, 2), ("b", 2, 3, 1), ("poet", 1, 0, 0), ("public", 1, 0, 0), ("-", 1, 2, 0)]);
        let values = |row: usize| {
            let row = &found.roles[row];
            [row.precision, row.recall, row.f1].map(|share| share.map(|share| share.value))
        };
        assert_eq!(values(0).map(|value| (value.unwrap() * 3.0).round()), [2.0, 2.0, 2.0]);
        assert!((values(1)[2].unwrap() - 0.4).abs() < 1e-12);
        assert_eq!(values(2), [None, Some(0.0), Some(0.0)]);
        assert_eq!(found.means.roles, 4);
        // Precision over the two roles found, recall over the four labelled.
        assert!((found.means.precision.unwrap().value - 0.5).abs() < 1e-12);
        assert!((found.means.recall.unwrap().value - (2.0 / 3.0 + 0.5) / 4.0).abs() < 1e-12);
        let pairs: Vec<_> = found.confusion.iter().map(|pair| (pair.labelled.as_str(), pair.found.as_str(), pair.bios)).collect();
        let wanted = [
            ("-", "a_a", 1),
            ("a_a", "a_a", 2),
            ("a_a", "b", 1),
            ("b", "-", 1),
            ("b", "b", 1),
            ("poet", "b", 1),
            ("public", "-", 1),
        ];
        assert_eq!(pairs, wanted);
        assert_eq!(found.unknown_labels, ["poet"]);
        let languages: Vec<_> = found.languages.iter().map(|row| (row.language.as_deref(), tally(row.role))).collect();
        assert_eq!(languages, [(Some("de"), (1, 3)), (Some("en"), (2, 5))]);
        assert_eq!((found.without_label, found.rejected), (2, 1));
        assert_eq!(found.mistakes().len(), 5);
    }

    #[test]
    fn nothing_to_measure() {
        let found = measure(&Lexicon::built_in(), &LabelledSet::default());
        assert_eq!((found.accuracy.share, found.means.f1, found.roles.len()), (None, None, 0));
    }
}
