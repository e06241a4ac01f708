//! Divisions into two: what scores between two sides are computed of.

use crate::spec::Score;
use crate::{MetricError, Run};
use echogram_graph::{Graph, Grouping};
use rayon::prelude::*;

/// More sides than this have no rows for each pair of them.
const MOST_PAIRED: usize = 12;

/// Two groups of accounts, 0 and 1, made of sides.
pub(crate) struct Division {
    /// What a row calls it: nothing for the two sides that there are, `A|rest` or `A|B` where there are more.
    pub(crate) group: Option<String>,
    /// The group of each side; `None` where it is in neither.
    pub(crate) into: Vec<Option<usize>>,
}

impl Division {
    /// The group of each account.
    pub(crate) fn of_accounts(&self, sides: &Grouping) -> Vec<Option<usize>> {
        sides.labels().iter().map(|side| side.and_then(|side| self.into[side as usize])).collect()
    }
}

/// The two sides; or, where there are more, each side against all others, and, if they are few, against each other side. Fewer than two: none.
pub(crate) fn divisions(sides: &Grouping) -> Vec<Division> {
    let (count, names) = (sides.count(), sides.names());
    match count {
        0 | 1 => Vec::new(),
        2 => vec![Division { group: None, into: vec![Some(0), Some(1)] }],
        _ => {
            let rest = |own: usize| Division {
                group: Some(format!("{}|rest", names[own])),
                into: (0..count).map(|side| Some(usize::from(side != own))).collect(),
            };
            let pair = |(one, other): (usize, usize)| Division {
                group: Some(format!("{}|{}", names[one], names[other])),
                into: (0..count).map(|side| [one, other].iter().position(|&of| of == side)).collect(),
            };
            let pairs = (0..count).flat_map(|one| (one + 1..count).map(move |other| (one, other)));
            let pairs = pairs.filter(|_| count <= MOST_PAIRED).map(pair);
            (0..count).map(rest).chain(pairs).collect()
        }
    }
}

/// A score of two groups of accounts.
pub(super) struct Between {
    /// NaN = undefined.
    pub(super) value: f64,
    /// The value as a network of a null model would have it.
    pub(super) as_replicate: f64,
    /// Its standard error; NaN where it is not known.
    pub(super) error: f64,
    /// Members of the two groups that could not be counted.
    pub(super) left_out: u32,
    /// What was found beside it and belongs to its parameters.
    pub(super) found: Vec<(&'static str, String)>,
}

impl Between {
    pub(super) fn of(value: f64) -> Self {
        let value = if value.is_finite() { value } else { f64::NAN };
        Self { value, as_replicate: value, error: f64::NAN, left_out: 0, found: Vec::new() }
    }
}

/// Rows of scores for each division: `score` is given the group of each account, and gives one result for each of `names`. Without two sides each is undefined.
pub(super) fn scores<const N: usize>(
    names: [&'static str; N],
    graph: &Graph,
    sides: &Grouping,
    run: &Run<'_>,
    score: impl Fn(&Graph, &[Option<usize>], &Run<'_>) -> Result<[Between; N], MetricError> + Sync,
) -> Result<Vec<Score>, MetricError> {
    let divisions = divisions(sides);
    if divisions.is_empty() {
        return Ok(names.map(|name| Score::whole(name, f64::NAN)).to_vec());
    }
    let quiet = Run { on_step: None, ..*run };
    let rows = divisions.into_par_iter().map(|division| {
        let found = score(graph, &division.of_accounts(sides), &quiet)?;
        let row = |(name, found): (&'static str, Between)| Score {
            group: division.group.clone(),
            left_out: found.left_out,
            as_replicate: found.as_replicate,
            found: found.found,
            ..Score::whole(name, found.value).with_error(found.error)
        };
        Ok(names.into_iter().zip(found).map(row).collect::<Vec<_>>())
    });
    Ok(rows.collect::<Result<Vec<_>, MetricError>>()?.into_iter().flatten().collect())
}

/// Members of a group, ascending.
pub(super) fn members(of: &[Option<usize>], group: usize) -> Vec<usize> {
    (0..of.len()).filter(|&row| of[row] == Some(group)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_sides_are_one_division_and_three_are_six() {
        let groups = |names: &[&str]| Grouping::from_names(&names.iter().map(Some).collect::<Vec<_>>());
        let named = |names: &[&str]| -> Vec<Option<String>> {
            divisions(&groups(names)).into_iter().map(|division| division.group).collect()
        };
        assert_eq!(named(&["a", "b", "a"]), [None]);
        assert_eq!(
            named(&["a", "b", "c"]),
            ["a|rest", "b|rest", "c|rest", "a|b", "a|c", "b|c"].map(|group| Some(group.to_owned()))
        );
        assert!(named(&["a"]).is_empty());
        let three = groups(&["c", "a", "b"]);
        assert_eq!(divisions(&three)[4].of_accounts(&three), [Some(1), Some(0), None]);
    }
}
