//! Whom to watch: the highest accounts by a metric, among all or among a role, a community or a stage.

use crate::QueryError;
use crate::frame::{cell, is_label, numeric_columns, read, text};
use echogram_store::RunFolder;
use polars::prelude::{BooleanChunked, DataFrame, NewChunkedArray, SortMultipleOptions};
use serde::Serialize;
use serde_json::Value;
use std::path::Path;

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct TopQuestion {
    /// Metric to rank by; `None` = pagerank, or else the first metric of the run.
    pub by: Option<String>,
    /// Only this role.
    pub role: Option<String>,
    /// Only this community.
    pub community: Option<u32>,
    /// Only this stage of the continuum.
    pub stage: Option<String>,
    /// Accounts at most.
    pub limit: usize,
    /// Whether the lowest come first.
    pub lowest: bool,
}

/// A ranking.
#[derive(Clone, Debug, Serialize)]
pub struct TopAnswer {
    /// The metric ranked by.
    pub by: String,
    /// Accounts that were ranked, of which the first are shown.
    pub ranked: usize,
    /// Whether the lowest come first.
    pub lowest: bool,
    /// The highest (or lowest) ones, in their order; ties in the order of keys.
    pub accounts: Vec<TopRow>,
}

/// One account of a ranking.
#[derive(Clone, Debug, Serialize)]
pub struct TopRow {
    /// Place, from 1.
    pub rank: usize,
    /// Key.
    pub account: String,
    /// Handle.
    pub handle: Option<String>,
    /// Display name.
    pub name: Option<String>,
    /// Role.
    pub role: Option<String>,
    /// Community.
    pub community: Option<u64>,
    /// Value of the metric.
    pub value: Value,
}

/// Columns that describe an account.
const DESCRIPTION: &[&str] = &["account", "handle", "name", "role", "community", "stage"];

/// Ranks the accounts of a run.
///
/// # Errors
/// [`QueryError`]: no run folder, no such column, a filter that nothing passes.
pub fn top(folder: &Path, question: &TopQuestion) -> Result<TopAnswer, QueryError> {
    let run = RunFolder::open(folder)?;
    let mut frame = read(&run, folder, "accounts", None)?;
    let rankable: Vec<String> = numeric_columns(&frame).into_iter().filter(|name| !is_label(name)).collect();
    let by = ranked_by(&frame, question, &rankable)?;
    frame = frame.select(DESCRIPTION.iter().copied().filter(|name| has(&frame, name)).chain([by.as_str()])).expect("they exist");
    for (field, wanted) in [
        ("role", question.role.clone()),
        ("community", question.community.map(|community| community.to_string())),
        ("stage", question.stage.clone()),
    ] {
        if let Some(wanted) = wanted {
            frame = filtered(&frame, field, &wanted)?;
        }
    }
    let known = frame.column(&by).map(|column| column.is_not_null()).expect("it was selected");
    let table_error = |source| QueryError::Table { path: folder.join("accounts.parquet"), source };
    let frame = frame.filter(&known).map_err(table_error)?;
    let order = SortMultipleOptions::default().with_order_descending(!question.lowest).with_maintain_order(true);
    let sorted = frame.sort([by.as_str()], order).map_err(table_error)?;
    let accounts = (0..sorted.height().min(question.limit)).map(|row| TopRow {
        rank: row + 1,
        account: text(&sorted, "account", row).unwrap_or_default(),
        handle: text(&sorted, "handle", row),
        name: text(&sorted, "name", row),
        role: text(&sorted, "role", row),
        community: cell(&sorted, "community", row).as_u64(),
        value: cell(&sorted, &by, row),
    });
    Ok(TopAnswer { ranked: sorted.height(), accounts: accounts.collect(), lowest: question.lowest, by })
}

fn has(frame: &DataFrame, name: &str) -> bool {
    frame.column(name).is_ok()
}

fn ranked_by(frame: &DataFrame, question: &TopQuestion, rankable: &[String]) -> Result<String, QueryError> {
    let present = rankable.join(", ");
    match &question.by {
        Some(name) if rankable.contains(name) => Ok(name.clone()),
        Some(name) if has(frame, name) => Err(QueryError::NotANumber { column: name.clone(), present }),
        Some(name) => {
            let like = |known: &&String| (strsim::jaro_winkler(name, known) * 1e6) as u64;
            let nearest = rankable.iter().max_by_key(like).cloned().unwrap_or_default();
            Err(QueryError::NoColumn { column: name.clone(), nearest, present })
        }
        None => {
            let first_choice = ["pagerank", "in_degree"].into_iter().find(|name| rankable.iter().any(|known| known == name));
            let last_resort = || rankable.iter().rfind(|name| !["followers", "leaning"].contains(&name.as_str())).cloned();
            first_choice.map(str::to_owned).or_else(last_resort).ok_or_else(|| QueryError::NoColumn {
                column: "pagerank".to_owned(),
                nearest: String::new(),
                present,
            })
        }
    }
}

/// The rows whose `field` is `wanted`, without regard to case.
fn filtered(frame: &DataFrame, field: &'static str, wanted: &str) -> Result<DataFrame, QueryError> {
    let values: Vec<Option<String>> = (0..frame.height()).map(|row| text(frame, field, row)).collect();
    let is_wanted = values.iter().map(|value| value.as_ref().is_some_and(|value| value.eq_ignore_ascii_case(wanted)));
    let mask = BooleanChunked::from_slice("mask".into(), &is_wanted.collect::<Vec<bool>>());
    if !mask.any() {
        let mut present: Vec<&str> = values.iter().flatten().map(String::as_str).collect();
        present.sort_unstable();
        present.dedup();
        present.truncate(25);
        return Err(QueryError::NoMatch { field, value: wanted.to_owned(), present: present.join(", ") });
    }
    Ok(frame.filter(&mask).expect("the mask has a row per row"))
}
