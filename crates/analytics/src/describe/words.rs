//! Words that set each group apart from all others: what its members say of themselves and others do not.
//!
//! # Formula
//! For word w in group i: log odds with a prior, δ = ln((y + α) / (n + A - y - α)) - ln((z + α) / (m + A - z - α)), with y the members of i who use w, n the sum of y over
//! all words, z and m the same for everybody else, α the prior of w (its share among all, times `PRIOR` a word), A the sum of α; variance = 1 / (y + α) + 1 / (z + α).
//! Words are ranked by δ / sqrt(variance), which weighs how far apart the groups are against how sure that is.
//!
//! # Conventions
//! An account uses a word once, however often it stands in its text. Words are runs of letters, digits, `#`, `'` and `-`, in lower case, of three letters at least (a hashtag keeps its `#`);
//! numbers, links, mentions and stop words of English, Spanish, German, French and Dutch are left out. A word is named if at least [`LEAST`] members use it and its score is
//! at least [`SURE`]; ties by word.
//!
//! # Cost
//! O(length of all texts) time; a count per group and word.
//!
//! # Source
//! Monroe, Colaresi, Quinn, Fightin' words, Political Analysis 16, 2008, doi 10.1093/pan/mpn018.

use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Weight of the prior: this many imagined uses for each word, shared out by how usual words are.
const PRIOR: f64 = 1.0;
/// Members that must use a word.
const LEAST: u32 = 3;
/// Standard errors that a word's log odds must be above 0.
const SURE: f64 = 1.96;

/// The words that set each of `groups` groups apart, the most telling first, `most` at most. `texts` gives the group and the text of accounts, in any order.
pub fn distinctive_words<'a>(groups: usize, texts: impl Iterator<Item = (usize, &'a str)>, most: usize) -> Vec<Vec<String>> {
    let stop_words: BTreeSet<&str> =
        include_str!("stop_words.txt").lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect();
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut uses: Vec<HashMap<usize, u32>> = vec![HashMap::new(); groups];
    for (group, text) in texts {
        let words: BTreeSet<String> = words_of(text).filter(|word| !stop_words.contains(word.as_str())).collect();
        for word in words {
            let next = numbers.len();
            let number = *numbers.entry(word).or_insert(next);
            *uses[group].entry(number).or_default() += 1;
        }
    }
    let mut totals = vec![0_u32; numbers.len()];
    uses.iter().flatten().for_each(|(&word, &count)| totals[word] += count);
    let all: f64 = totals.iter().map(|&total| f64::from(total)).sum();
    let priors = PRIOR * numbers.len() as f64;
    let mut names = vec![""; numbers.len()];
    numbers.iter().for_each(|(word, &number)| names[number] = word);
    uses.iter()
        .map(|own| {
            let of_group: f64 = own.values().map(|&count| f64::from(count)).sum();
            // By score, then by word: a map sorted by both.
            let mut ranked: BTreeMap<(std::cmp::Reverse<Score>, &str), ()> = BTreeMap::new();
            for (&word, &count) in own.iter().filter(|&(_, &count)| count >= LEAST) {
                let (own, total) = (f64::from(count), f64::from(totals[word]));
                let prior = priors * total / all;
                let odds = |uses: f64, sum: f64| (uses + prior) / (sum + priors - uses - prior);
                let delta = libm::log(odds(own, of_group)) - libm::log(odds(total - own, all - of_group));
                let score = delta / (1.0 / (own + prior) + 1.0 / (total - own + prior)).sqrt();
                if score >= SURE {
                    ranked.insert((std::cmp::Reverse(Score(score)), names[word]), ());
                }
            }
            ranked.into_keys().take(most).map(|(_, word)| word.to_owned()).collect()
        })
        .collect()
}

/// A score that can be sorted: never NaN.
#[derive(Clone, Copy, PartialEq)]
struct Score(f64);

impl Eq for Score {}

impl PartialOrd for Score {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Score {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// The words of a text, without links and mentions.
fn words_of(text: &str) -> impl Iterator<Item = String> + '_ {
    let chunks =
        text.split_whitespace().filter(|chunk| !chunk.contains("://") && !chunk.starts_with("www.") && !chunk.starts_with('@'));
    chunks
        .flat_map(|chunk| chunk.split(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '#' | '\'' | '’' | '-'))))
        .map(|word| word.trim_matches(|letter| matches!(letter, '\'' | '’' | '-')).to_lowercase())
        .filter(|word| word.chars().filter(|letter| letter.is_alphabetic()).count() >= 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_all_say_sets_nobody_apart() {
        let texts = [
            (0, "Oncology nurse, @someone https://example.org and the ward"),
            (0, "nurse in oncology"),
            (0, "nurse; oncology; tired"),
            (0, "retired nurse, oncology"),
            (1, "patient living with diabetes"),
            (1, "patient: #diabetes diabetes"),
            (1, "diabetes patient and tired"),
            (1, "a patient with diabetes"),
        ];
        let found = distinctive_words(2, texts.into_iter().cycle().take(24), 5);
        assert_eq!(found[0], ["nurse", "oncology"]);
        assert_eq!(found[1], ["diabetes", "patient"]);
    }

    #[test]
    fn words_are_cut_from_text() {
        let found: Vec<String> = words_of("Dr. O'Neil's #T1D co-founder, 2024 x www.example.org l’hôpital").collect();
        assert_eq!(found, ["o'neil's", "co-founder", "l’hôpital"]);
    }
}
