//! Everything a run knows of one account: its row, its strongest ties, its place in the rankings.

use crate::QueryError;
use crate::frame::{cell, is_label, number, numeric_columns, read, text};
use echogram_store::RunFolder;
use polars::prelude::DataFrame;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

/// Ties shown each way.
const SHOWN: usize = 10;

/// What is known.
#[derive(Clone, Debug, Serialize)]
pub struct AccountAnswer {
    /// Key.
    pub account: String,
    /// Every column of its row that has a value, in the order of the table.
    #[serde(serialize_with = "as_object")]
    pub columns: Vec<(String, Value)>,
    /// Its place by each metric, from 1; accounts with the same value share the best place.
    pub ranks: Map<String, Value>,
    /// Number of accounts.
    pub accounts: usize,
    /// Of how many roles it hears, where exposure was computed and it follows anybody of known role.
    pub exposure: Option<Exposure>,
    /// Strongest ties to others.
    pub attends_to: Vec<Tie>,
    /// Strongest ties from others.
    pub attended_by: Vec<Tie>,
}

/// Of how many roles an account hears.
#[derive(Clone, Debug, Serialize)]
pub struct Exposure {
    /// Distinct accounts it follows, over all relations.
    pub follows: usize,
    /// Those of them whose role is known.
    pub of_known_role: usize,
    /// `exposure_q1`.
    pub effective_roles: f64,
    /// `exposure_raw_q1`: as they are, not corrected for few ties.
    pub effective_roles_raw: Option<f64>,
    /// `exposure_expected_q1`: raw effective roles if its ties went to accounts by their in-degree.
    pub expected: Option<f64>,
    /// Roles of the network that it does not follow, most frequent first.
    pub missing: Vec<String>,
    /// The same in words.
    pub sentence: String,
}

/// Roles named as missing.
const MISSING: usize = 3;

impl Exposure {
    fn in_words(&self) -> String {
        let accounts = if self.follows == 1 { "account" } else { "accounts" };
        let is_narrow = self.effective_roles_raw.zip(self.expected).is_some_and(|(raw, expected)| raw < expected);
        let roles = format!("{:.1}", self.effective_roles);
        let roles = if roles == "1.0" { "1 effective role".to_owned() } else { format!("{roles} effective roles") };
        let named: Vec<String> = self.missing.iter().take(MISSING).map(|role| format!("no {role}")).collect();
        let more = self.missing.len().saturating_sub(MISSING);
        let missing = match (named.is_empty(), more) {
            (true, _) => String::new(),
            (false, 0) => format!("; {}", named.join(", ")),
            (false, more) => format!("; {}, nor {more} more roles", named.join(", ")),
        };
        let join = if is_narrow { "but" } else { "and" };
        format!("Follows {} {accounts} {join} {roles}{missing}.", self.follows)
    }
}

/// A tie to or from an account.
#[derive(Clone, Debug, Serialize)]
pub struct Tie {
    /// The other account's key.
    pub account: String,
    /// Its handle.
    pub handle: Option<String>,
    /// Its role.
    pub role: Option<String>,
    /// Relation.
    pub relation: String,
    /// Weight.
    pub weight: f64,
}

/// Columns that are numbers but no scores.
const NOT_RANKS: &[&str] = &["leaning", "leaning_neighbours"];

fn as_object<S: serde::Serializer>(columns: &[(String, Value)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(columns.iter().map(|(name, value)| (name, value)))
}

/// Looks up an account by key or handle.
///
/// # Errors
/// [`QueryError`]: no run folder, or no such account.
pub fn account(folder: &Path, wanted: &str) -> Result<AccountAnswer, QueryError> {
    let run = RunFolder::open(folder)?;
    let frame = read(&run, folder, "accounts", None)?;
    let row = find(&frame, wanted)?;
    let key = text(&frame, "account", row).unwrap_or_default();
    let columns = frame.columns().iter().map(|column| column.name().to_string());
    let columns: Vec<(String, Value)> =
        columns.map(|name| (name.clone(), cell(&frame, &name, row))).filter(|(_, value)| !value.is_null()).collect();
    let mut ranks = Map::new();
    for name in numeric_columns(&frame).into_iter().filter(|name| !is_label(name) && !NOT_RANKS.contains(&name.as_str())) {
        if let Some(own) = number(&frame, &name, row) {
            let above =
                (0..frame.height()).filter(|&other| number(&frame, &name, other).is_some_and(|value| value > own)).count();
            ranks.insert(name, Value::from(above + 1));
        }
    }
    let edges = read(&run, folder, "edges", None)?;
    let rows: HashMap<String, usize> = (0..frame.height()).filter_map(|row| Some((text(&frame, "account", row)?, row))).collect();
    let ties = |own: &str, other: &str| strongest(&frame, &edges, &rows, &key, own, other);
    let is_directed = run.manifest().graph.directed;
    Ok(AccountAnswer {
        exposure: exposure(&frame, &edges, &rows, row, &key, is_directed),
        attends_to: ties("source", "target"),
        attended_by: ties("target", "source"),
        account: key,
        columns,
        ranks,
        accounts: frame.height(),
    })
}

fn exposure(
    frame: &DataFrame,
    edges: &DataFrame,
    rows: &HashMap<String, usize>,
    row: usize,
    key: &str,
    is_directed: bool,
) -> Option<Exposure> {
    let effective_roles = number(frame, "exposure_q1", row)?;
    let [sources, targets] = ["source", "target"].map(|end| edges.column(end).and_then(|column| column.str().cloned()).ok());
    let (sources, targets) = (sources?, targets?);
    let mut followed: BTreeSet<&str> = BTreeSet::new();
    for (source, target) in sources.iter().zip(targets.iter()).filter_map(|(source, target)| source.zip(target)) {
        if source == key {
            followed.insert(target);
        } else if !is_directed && target == key {
            followed.insert(source);
        }
    }
    followed.remove(key);
    let role = |row: usize| text(frame, "role", row);
    let heard: Vec<String> = followed.iter().filter_map(|&other| role(*rows.get(other)?)).collect();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    (0..frame.height()).filter_map(role).for_each(|role| *counts.entry(role).or_default() += 1);
    let mut missing: Vec<(String, usize)> = counts.into_iter().filter(|(role, _)| !heard.contains(role)).collect();
    missing.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let mut found = Exposure {
        follows: followed.len(),
        of_known_role: heard.len(),
        effective_roles,
        effective_roles_raw: number(frame, "exposure_raw_q1", row),
        expected: number(frame, "exposure_expected_q1", row),
        missing: missing.into_iter().map(|role| role.0).collect(),
        sentence: String::new(),
    };
    found.sentence = found.in_words();
    Some(found)
}

/// The row of an account: by key, by handle, or by handle without regard to case.
fn find(frame: &DataFrame, wanted: &str) -> Result<usize, QueryError> {
    let bare = wanted.trim_start_matches('@');
    let rows = || 0..frame.height();
    let by_key = rows().find(|&row| text(frame, "account", row).as_deref() == Some(wanted));
    let by_handle = || rows().find(|&row| text(frame, "handle", row).is_some_and(|handle| handle.eq_ignore_ascii_case(bare)));
    by_key.or_else(by_handle).ok_or_else(|| {
        let is_alike = |word: &String| strsim::jaro_winkler(bare, word) > 0.7;
        let words = rows().flat_map(|row| [text(frame, "handle", row), text(frame, "account", row)]).flatten().filter(is_alike);
        let like = |word: &String| (strsim::jaro_winkler(bare, word) * 1e6) as u64;
        let nearest = words.max_by_key(like).map(|word| format!("; the nearest is `{word}`")).unwrap_or_default();
        QueryError::NoAccount { account: wanted.to_owned(), nearest }
    })
}

fn strongest(frame: &DataFrame, edges: &DataFrame, rows: &HashMap<String, usize>, key: &str, own: &str, other: &str) -> Vec<Tie> {
    let (Ok(mine), Ok(theirs)) =
        (edges.column(own).and_then(|c| c.str().cloned()), edges.column(other).and_then(|c| c.str().cloned()))
    else {
        return Vec::new();
    };
    let mut ties: Vec<Tie> = mine
        .iter()
        .zip(theirs.iter())
        .enumerate()
        .filter(|(_, (mine, _))| *mine == Some(key))
        .map(|(at, (_, theirs))| {
            let account = theirs.unwrap_or_default().to_owned();
            let row = rows.get(&account).copied();
            Tie {
                handle: row.and_then(|row| text(frame, "handle", row)),
                role: row.and_then(|row| text(frame, "role", row)),
                relation: text(edges, "relation", at).unwrap_or_default(),
                weight: number(edges, "weight", at).unwrap_or(f64::NAN),
                account,
            }
        })
        .collect();
    ties.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    ties.truncate(SHOWN);
    ties
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(follows: usize, effective_roles: f64, expected: f64, missing: &[&str]) -> String {
        let missing = missing.iter().map(|&role| role.to_owned()).collect();
        let raw = Some(effective_roles);
        let expected = Some(expected);
        let of_known_role = follows;
        let sentence = String::new();
        Exposure { follows, of_known_role, effective_roles, effective_roles_raw: raw, expected, missing, sentence }.in_words()
    }

    #[test]
    fn exposure_in_words() {
        assert_eq!(of(214, 1.6, 4.0, &["patient"]), "Follows 214 accounts but 1.6 effective roles; no patient.");
        assert_eq!(of(1, 1.0, 1.0, &[]), "Follows 1 account and 1 effective role.");
        let many = ["a", "b", "c", "d", "e"];
        assert_eq!(of(2, 2.0, 1.5, &many), "Follows 2 accounts and 2.0 effective roles; no a, no b, no c, nor 2 more roles.");
    }
}
