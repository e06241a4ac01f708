//! Communities of one window matched with those of the next: which went on, grew, shrank, merged, split, were born or died.
//!
//! # Formula
//! For communities A before and B after with n accounts in both, Jaccard(A, B) = n / (|A| + |B| - n).
//! 1. Heirs: pairs of Jaccard `jaccard` and above are taken, the highest first, each community once at most. The pair is
//!    `grown` if |B| > (1 + `change`) |A|, `shrunk` if |A| > (1 + `change`) |B|, otherwise `continued`.
//! 2. A community before that has no heir, but of which a share of `share` or more is together in one community after, `merged`
//!    into that one. Where it has none either but communities after are split off from it, this is its end.
//! 3. A community after that is nobody's heir, but of which a share of `share` or more was together in one community before, is
//!    `split` off from that one.
//! 4. What then has no row: before, it `died`; after, it was `born`.
//!
//! So each community stands in one row at least: an heir and what merged into it or was split off stand beside each other.
//!
//! # Conventions
//! Communities of fewer than `members` accounts are left out, as accounts without a tie are communities of one. Sizes count all
//! members, also those whom the other window does not know: who left or came counts as a change. Ties: the higher Jaccard, then
//! more accounts in both, then the smaller label before, then the smaller after; for shares the larger one, then the smaller label.
//! Rows are sorted by community before, then after; births come last.
//!
//! # Range and unit
//! All thresholds are ours, named and documented as such; they are printed with the result.
//!
//! # Cost
//! O(N log N) time for the table of pairs, O(pairs log pairs) for the rest.
//!
//! # Errors
//! `BadParam` for a threshold outside its range or for different numbers of accounts; cancelled by the caller.
//!
//! # Compared with
//! Greene et al. match by Jaccard alone (0.1 to 0.5) and let a community have several heirs; GED (Brodka et al.) looks at shares of
//! members in both directions, weighted by position. Here the heir is one, and shares tell what became of the others.
//!
//! # Source
//! Palla, Barabasi, Vicsek, Quantifying social group evolution, Nature 446, 2007, doi 10.1038/nature05670 (the six events);
//! Greene, Doyle, Cunningham, Tracking the evolution of communities in dynamic social networks, ASONAM 2010, doi
//! 10.1109/ASONAM.2010.17 (Jaccard).
//!
//! # Example
//! ```
//! use echogram_analytics::compare::matching::{Fate, Params, transitions};
//! use echogram_graph::Partition;
//! let (before, after) = (Partition::from_labels(&[0, 0, 0, 0, 1, 1, 1]), Partition::from_labels(&[0, 0, 0, 0, 0, 0, 0]));
//! let found = transitions(&before, &after, &Params::default(), &Default::default()).unwrap();
//! assert_eq!(found.iter().map(|row| row.fate).collect::<Vec<_>>(), [Fate::Grown, Fate::Merged]);
//! ```

use super::Division;
use super::contingency::{Cell, Contingency};
use crate::{MetricError, Run};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What counts as the same community.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Params {
    /// Jaccard of a community and its heir at least, in (0, 1].
    pub jaccard: f64,
    /// Share of its members that make a community part of another, in (0.5, 1] or 0.5: at least half.
    pub share: f64,
    /// Relative change of size from which on an heir has grown or shrunk, 0 or more.
    pub change: f64,
    /// Members of a community that counts, at least 1.
    pub members: u32,
}

impl Default for Params {
    fn default() -> Self {
        Self { jaccard: 0.3, share: 0.5, change: 0.1, members: 3 }
    }
}

impl Params {
    /// With another least Jaccard.
    pub fn with_jaccard(self, jaccard: f64) -> Self {
        Self { jaccard, ..self }
    }

    /// With another share of members.
    pub fn with_share(self, share: f64) -> Self {
        Self { share, ..self }
    }

    /// With another change of size.
    pub fn with_change(self, change: f64) -> Self {
        Self { change, ..self }
    }

    /// With another least number of members.
    pub fn with_members(self, members: u32) -> Self {
        Self { members, ..self }
    }

    /// Names and values, for metadata.
    pub fn describe(&self) -> Vec<(&'static str, String)> {
        vec![
            ("jaccard", self.jaccard.to_string()),
            ("share", self.share.to_string()),
            ("change", self.change.to_string()),
            ("members", self.members.to_string()),
        ]
    }

    fn check(&self) -> Result<(), MetricError> {
        if !(self.jaccard > 0.0 && self.jaccard <= 1.0) {
            return Err(MetricError::BadParam { name: "jaccard", must_be: "in (0, 1]", got: self.jaccard });
        }
        if !(0.5..=1.0).contains(&self.share) {
            return Err(MetricError::BadParam { name: "share", must_be: "in [0.5, 1]", got: self.share });
        }
        if !(self.change.is_finite() && self.change >= 0.0) {
            return Err(MetricError::BadParam { name: "change", must_be: "finite and not negative", got: self.change });
        }
        if self.members == 0 {
            return Err(MetricError::BadParam { name: "members", must_be: "1 or more", got: 0.0 });
        }
        Ok(())
    }
}

/// What became of a community.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It has an heir of about its size.
    Continued,
    /// It has a larger heir.
    Grown,
    /// It has a smaller heir.
    Shrunk,
    /// Most of it is in a community that is not its heir.
    Merged,
    /// Most of the community after comes from one that it is not the heir of.
    Split,
    /// The community after comes from nowhere.
    Born,
    /// Nothing after comes from it.
    Died,
}

impl Fate {
    /// The word in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Continued => "continued",
            Self::Grown => "grown",
            Self::Shrunk => "shrunk",
            Self::Merged => "merged",
            Self::Split => "split",
            Self::Born => "born",
            Self::Died => "died",
        }
    }

    /// Whether the community after is the heir of the one before.
    pub fn is_heir(self) -> bool {
        matches!(self, Self::Continued | Self::Grown | Self::Shrunk)
    }
}

/// One row: a community before, one after, or both.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transition {
    /// The community before; `None` for a birth.
    pub before: Option<u32>,
    /// The community after; `None` for a death.
    pub after: Option<u32>,
    /// What happened.
    pub fate: Fate,
    /// Members before; 0 for a birth.
    pub members_before: u32,
    /// Members after; 0 for a death.
    pub members_after: u32,
    /// Accounts in both.
    pub shared: u32,
    /// Accounts in both / accounts in either, a share; 0 for births and deaths.
    pub jaccard: f64,
}

/// What became of the communities of `before`, and where those of `after` come from.
///
/// # Errors
/// [`MetricError::BadParam`], [`MetricError::Cancelled`].
pub fn transitions<A, B>(before: &A, after: &B, params: &Params, run: &Run<'_>) -> Result<Vec<Transition>, MetricError>
where
    A: Division + ?Sized,
    B: Division + ?Sized,
{
    params.check()?;
    let table = Contingency::of(before, after, run)?;
    let sizes = [sizes(before, params.members), sizes(after, params.members)];
    let place = |side: usize, name: u32| sizes[side].binary_search_by_key(&name, |group| group.0).ok();
    let named = |cell: &Cell| {
        let (one, other) = (table.one_names[cell.one as usize], table.other_names[cell.other as usize]);
        Some(Overlap { before: place(0, one)?, after: place(1, other)?, shared: cell.accounts })
    };
    let overlaps: Vec<Overlap> = table.cells.iter().filter_map(named).collect();
    let matched = Matched { sizes, overlaps };
    Ok(matched.transitions(params))
}

/// A number for each community of a window that stays with its heirs from window to window. Lineages are numbered by their first window, then by their label
/// there; a community that merged into another one ends, and one that split off begins.
#[derive(Clone, Debug, Default)]
pub struct Lineages {
    known: BTreeMap<u32, u32>,
    count: u32,
}

impl Lineages {
    /// Takes the [`transitions`] into the next window; gives label -> lineage there. Before the first step communities of its window before begin.
    pub fn advance(&mut self, step: &[Transition]) -> &BTreeMap<u32, u32> {
        self.begin(step.iter().filter_map(|row| row.before).collect());
        let heirs = step.iter().filter(|row| row.fate.is_heir());
        self.known = heirs.filter_map(|row| Some((row.after?, *self.known.get(&row.before?)?))).collect();
        self.begin(step.iter().filter_map(|row| row.after).collect());
        &self.known
    }

    fn begin(&mut self, labels: BTreeSet<u32>) {
        for label in labels {
            self.known.entry(label).or_insert_with(|| {
                self.count += 1;
                self.count - 1
            });
        }
    }
}

/// Label -> lineage of each window. `steps` are the [`transitions`] from each window to the next.
pub fn lineages(steps: &[Vec<Transition>]) -> Vec<BTreeMap<u32, u32>> {
    let mut lineages = Lineages::default();
    let Some(first) = steps.first() else { return Vec::new() };
    lineages.begin(first.iter().filter_map(|row| row.before).collect());
    let mut windows = vec![lineages.known.clone()];
    windows.extend(steps.iter().map(|step| lineages.advance(step).clone()));
    windows
}

/// Groups that are large enough, with all their members, by name.
fn sizes<A: Division + ?Sized>(division: &A, members: u32) -> Vec<(u32, u32)> {
    let mut names: Vec<u32> = (0..division.account_count()).into_par_iter().filter_map(|row| division.group_of(row)).collect();
    names.par_sort_unstable();
    let groups = names.chunk_by(|one, other| one == other).map(|group| (group[0], group.len() as u32));
    groups.filter(|group| group.1 >= members).collect()
}

/// Accounts that two communities share, by their places among the sizes.
#[derive(Clone, Copy)]
struct Overlap {
    before: usize,
    after: usize,
    shared: u32,
}

struct Matched {
    /// Name and members of each community before, and after.
    sizes: [Vec<(u32, u32)>; 2],
    /// By community before, then after.
    overlaps: Vec<Overlap>,
}

impl Matched {
    fn transitions(&self, params: &Params) -> Vec<Transition> {
        let [heirs, origins] = self.heirs(params);
        let mut rows: Vec<Transition> = self
            .overlaps
            .iter()
            .filter(|pair| heirs[pair.before] == Some(pair.after))
            .map(|pair| self.heir(pair, params))
            .collect();
        // What merged into, or was split off from, another one; an heir is neither.
        let most = |side: usize, place: fn(&Overlap) -> usize| {
            let mut most: Vec<Option<Overlap>> = vec![None; self.sizes[side].len()];
            for pair in &self.overlaps {
                let slot = &mut most[place(pair)];
                let is_most = slot.is_none_or(|known| pair.shared > known.shared);
                if is_most && f64::from(pair.shared) >= params.share * f64::from(self.sizes[side][place(pair)].1) {
                    *slot = Some(*pair);
                }
            }
            most
        };
        let merged = most(0, |pair| pair.before);
        let merged = merged.into_iter().flatten().filter(|pair| heirs[pair.before].is_none());
        rows.extend(merged.map(|pair| self.row(&pair, Fate::Merged)));
        let split = most(1, |pair| pair.after);
        let split = split.into_iter().flatten().filter(|pair| origins[pair.after].is_none());
        let is_merged: BTreeSet<_> = rows.iter().map(|row| (row.before, row.after)).collect();
        let split = split.map(|pair| self.row(&pair, Fate::Split)).filter(|row| !is_merged.contains(&(row.before, row.after)));
        rows.extend(split.collect::<Vec<_>>());
        rows.extend(self.ends(&rows));
        rows.sort_by_key(|row| (row.before.is_none(), row.before, row.after));
        rows
    }

    /// The heir of each community before, and whose heir each community after is.
    fn heirs(&self, params: &Params) -> [Vec<Option<usize>>; 2] {
        let mut pairs: Vec<(f64, Overlap)> = self.overlaps.iter().map(|pair| (self.jaccard(pair), *pair)).collect();
        pairs.retain(|pair| pair.0 >= params.jaccard);
        // Stable: of pairs alike the one of smaller labels.
        pairs.sort_by(|one, other| other.0.total_cmp(&one.0).then(other.1.shared.cmp(&one.1.shared)));
        let mut heirs = vec![None; self.sizes[0].len()];
        let mut origins = vec![None; self.sizes[1].len()];
        for (_, pair) in pairs {
            if heirs[pair.before].is_none() && origins[pair.after].is_none() {
                heirs[pair.before] = Some(pair.after);
                origins[pair.after] = Some(pair.before);
            }
        }
        [heirs, origins]
    }

    fn jaccard(&self, pair: &Overlap) -> f64 {
        let either = f64::from(self.sizes[0][pair.before].1) + f64::from(self.sizes[1][pair.after].1) - f64::from(pair.shared);
        f64::from(pair.shared) / either
    }

    fn heir(&self, pair: &Overlap, params: &Params) -> Transition {
        let (before, after) = (f64::from(self.sizes[0][pair.before].1), f64::from(self.sizes[1][pair.after].1));
        let fate = if after > (1.0 + params.change) * before {
            Fate::Grown
        } else if before > (1.0 + params.change) * after {
            Fate::Shrunk
        } else {
            Fate::Continued
        };
        self.row(pair, fate)
    }

    fn row(&self, pair: &Overlap, fate: Fate) -> Transition {
        let ((before, members_before), (after, members_after)) = (self.sizes[0][pair.before], self.sizes[1][pair.after]);
        let (before, after, jaccard) = (Some(before), Some(after), self.jaccard(pair));
        Transition { before, after, fate, members_before, members_after, shared: pair.shared, jaccard }
    }

    /// Deaths and births: what no row speaks of.
    fn ends(&self, rows: &[Transition]) -> Vec<Transition> {
        let none = Transition {
            before: None,
            after: None,
            fate: Fate::Died,
            members_before: 0,
            members_after: 0,
            shared: 0,
            jaccard: 0.0,
        };
        let unnamed = |side: usize, name: fn(&Transition) -> Option<u32>| {
            let mut known: Vec<u32> = rows.iter().filter_map(name).collect();
            known.sort_unstable();
            self.sizes[side].iter().filter(move |group| known.binary_search(&group.0).is_err())
        };
        let died = unnamed(0, |row| row.before).map(|&(label, members)| Transition {
            before: Some(label),
            members_before: members,
            ..none
        });
        let born = unnamed(1, |row| row.after).map(|&(label, members)| Transition {
            after: Some(label),
            fate: Fate::Born,
            members_after: members,
            ..none
        });
        died.chain(born).collect()
    }
}

/// Checks each row by counting accounts one by one, that every community is spoken of, and that none has two heirs.
///
/// # Errors
/// The first row or community that is wrong.
pub fn verify<A, B>(before: &A, after: &B, params: &Params, found: &[Transition]) -> Result<(), String>
where
    A: Division + ?Sized,
    B: Division + ?Sized,
{
    let accounts = || 0..before.account_count();
    let in_before = |row: usize, label: Option<u32>| label.is_some() && before.group_of(row) == label;
    let in_after = |row: usize, label: Option<u32>| label.is_some() && after.group_of(row) == label;
    for row in found {
        let members_before = accounts().filter(|&at| in_before(at, row.before)).count() as u32;
        let members_after = accounts().filter(|&at| in_after(at, row.after)).count() as u32;
        let shared = accounts().filter(|&at| in_before(at, row.before) && in_after(at, row.after)).count() as u32;
        if (row.members_before, row.members_after, row.shared) != (members_before, members_after, shared) {
            return Err(format!("{row:?}: counted {members_before} before, {members_after} after, {shared} in both"));
        }
        let [wide_before, wide_after, wide_shared] = [members_before, members_after, shared].map(f64::from);
        let is_alike = wide_shared / (wide_before + wide_after - wide_shared) >= params.jaccard;
        let is_right = match row.fate {
            Fate::Continued => is_alike,
            Fate::Grown => is_alike && members_after > members_before,
            Fate::Shrunk => is_alike && members_before > members_after,
            Fate::Merged => wide_shared >= params.share * wide_before,
            Fate::Split => wide_shared >= params.share * wide_after,
            Fate::Born => row.before.is_none() && most_together(after, before, row.after, params) < params.share * wide_after,
            Fate::Died => row.after.is_none() && most_together(before, after, row.before, params) < params.share * wide_before,
        };
        if !is_right {
            return Err(format!("{row:?} is not what it says"));
        }
    }
    let (mut befores, mut afters): (Vec<Option<u32>>, Vec<Option<u32>>) =
        accounts().map(|at| (before.group_of(at), after.group_of(at))).unzip();
    for (labels, name) in [(&mut befores, "before"), (&mut afters, "after")] {
        labels.sort_unstable();
        for group in labels.chunk_by(|one, other| one == other).filter(|group| group[0].is_some()) {
            let of = |row: &&Transition| group[0] == if name == "before" { row.before } else { row.after };
            let (rows, heirs) =
                (found.iter().filter(of).count(), found.iter().filter(of).filter(|row| row.fate.is_heir()).count());
            if (rows > 0) != (group.len() >= params.members as usize) || heirs > 1 {
                return Err(format!("community {:?} {name} of {} has {rows} rows and {heirs} heirs", group[0], group.len()));
            }
        }
    }
    Ok(())
}

/// The most accounts of a group of `one` that are together in a group of `other` that counts.
fn most_together<A, B>(one: &A, other: &B, label: Option<u32>, params: &Params) -> f64
where
    A: Division + ?Sized,
    B: Division + ?Sized,
{
    let mut counts: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
    for at in 0..one.account_count() {
        let Some(group) = other.group_of(at) else { continue };
        let (members, shared) = counts.entry(group).or_default();
        *members += 1;
        *shared += u32::from(label.is_some() && one.group_of(at) == label);
    }
    counts.into_values().filter(|count| count.0 >= params.members).map(|count| f64::from(count.1)).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use echogram_graph::synthetic::Stream;

    fn parse(text: &str) -> Vec<Option<u32>> {
        text.chars().map(|letter| letter.to_digit(10)).collect()
    }

    /// Windows as digits per account, `-` where an account is unknown; rows as `before>after fate`.
    #[track_caller]
    fn check(before: &str, after: &str, wanted: &[&str]) {
        let (before, after, params) = (parse(before), parse(after), Params::default());
        let found = transitions(before.as_slice(), after.as_slice(), &params, &Run::default()).unwrap();
        verify(before.as_slice(), after.as_slice(), &params, &found).unwrap();
        let label = |label: Option<u32>| label.map_or("-".to_owned(), |label| label.to_string());
        let rows: Vec<String> =
            found.iter().map(|row| format!("{}>{} {}", label(row.before), label(row.after), row.fate.as_str())).collect();
        assert_eq!(rows, wanted);
    }

    #[test]
    fn each_fate_by_hand() {
        check("0000111", "5555444", &["0>5 continued", "1>4 continued"]);
        check("000011112", "000000111", &["0>0 grown", "1>1 shrunk"]);
        check("0000----", "----1111", &["0>- died", "->1 born"]);
        check("000---", "000111", &["0>0 continued", "->1 born"]);
        check("000111", "000---", &["0>0 continued", "1>- died"]);
    }

    #[test]
    fn of_two_that_become_one_the_larger_has_the_heir() {
        check("0000111", "2222222", &["0>2 grown", "1>2 merged"]);
        check("000111", "222222", &["0>2 grown", "1>2 merged"]);
        // Four alike: none is like the whole.
        check("000111222333", "000000000000", &["0>0 merged", "1>0 merged", "2>0 merged", "3>0 merged"]);
    }

    #[test]
    fn of_one_that_falls_apart_the_largest_part_is_the_heir() {
        check("2222222", "0000111", &["2>0 shrunk", "2>1 split"]);
        check("000000000000", "000111222333", &["0>0 split", "0>1 split", "0>2 split", "0>3 split"]);
    }

    #[test]
    fn small_communities_do_not_count() {
        check("00112", "00112", &[]);
        check("000112", "000345", &["0>0 continued"]);
    }

    #[test]
    fn who_is_scattered_dies() {
        check(
            "000111222333",
            "012012012012",
            &["0>- died", "1>- died", "2>- died", "3>- died", "->0 born", "->1 born", "->2 born"],
        );
    }

    #[test]
    fn counting_accounts_agrees() {
        for seed in 0..40 {
            let mut random = Stream::new(seed, 3, 0);
            let before: Vec<Option<u32>> = (0..120).map(|_| (random.below(12) as u32).checked_sub(2)).collect();
            let mut moved = |label: Option<u32>| match random.below(6) {
                0 => None,
                1 => Some(random.below(14) as u32),
                _ => label.map(|label| label / (1 + seed as u32 % 3)),
            };
            let after: Vec<Option<u32>> = before.iter().map(|&label| moved(label)).collect();
            let params = Params::default().with_members(1 + seed as u32 % 4).with_share(0.5 + f64::from(seed as u32 % 3) / 5.0);
            for (one, other) in [(&before, &after), (&after, &before)] {
                let found = transitions(one.as_slice(), other.as_slice(), &params, &Run::default()).unwrap();
                verify(one.as_slice(), other.as_slice(), &params, &found).unwrap();
            }
        }
    }

    #[test]
    fn heirs_keep_their_number() {
        let windows = ["0000111122--", "1111000022--", "1111111100--", "2222222-0000"].map(parse);
        let steps: Vec<Vec<Transition>> = windows
            .windows(2)
            .map(|pair| {
                let params = Params::default().with_members(2);
                transitions(pair[0].as_slice(), pair[1].as_slice(), &params, &Run::default()).unwrap()
            })
            .collect();
        let found: Vec<Vec<(u32, u32)>> = lineages(&steps).into_iter().map(|window| window.into_iter().collect()).collect();
        let wanted = [vec![(0, 0), (1, 1), (2, 2)], vec![(0, 1), (1, 0), (2, 2)], vec![(0, 2), (1, 1)], vec![(0, 2), (2, 1)]];
        assert_eq!(found, wanted);
        assert!(lineages(&[]).is_empty());
    }

    #[test]
    fn wrong_thresholds_are_named() {
        let groups = [Some(0); 4];
        for (params, field) in [
            (Params::default().with_jaccard(0.0), "jaccard"),
            (Params::default().with_share(0.3), "share"),
            (Params::default().with_change(f64::NAN), "change"),
            (Params::default().with_members(0), "members"),
        ] {
            let found = transitions(groups.as_slice(), groups.as_slice(), &params, &Run::default());
            assert!(matches!(found, Err(MetricError::BadParam { name, .. }) if name == field), "{found:?}");
        }
    }
}
