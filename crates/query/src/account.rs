//! Everything a run knows of one account: its row, its strongest ties, its place in the rankings.

use crate::QueryError;
use crate::frame::{cell, is_label, number, numeric_columns, read, text};
use echogram_store::RunFolder;
use polars::prelude::DataFrame;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::HashMap;
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
    /// Strongest ties to others.
    pub attends_to: Vec<Tie>,
    /// Strongest ties from others.
    pub attended_by: Vec<Tie>,
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
const NOT_RANKS: &[&str] = &["leaning"];

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
    Ok(AccountAnswer {
        attends_to: ties("source", "target"),
        attended_by: ties("target", "source"),
        account: key,
        columns,
        ranks,
        accounts: frame.height(),
    })
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
