//! Is it an echo chamber, and how sure are we: the scores of a run beside their null models, how far they move, and what they say in words.

use crate::QueryError;
use crate::frame::{number, read, text};
use echogram_analytics::registry;
use echogram_store::RunFolder;
use polars::prelude::DataFrame;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// Scores by which the sentence speaks, the first that the run has.
const HEADLINES: &[&str] = &["rwc.adaptive", "rwc.hub", "modularity", "ei", "leaning_correlation"];
/// Below this p a score is more of a chamber than chance.
const LIKELY: f64 = 0.05;

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct EchoQuestion {
    /// Only this score.
    pub score: Option<String>,
    /// Only this relation; `None` = all of them merged.
    pub relation: Option<String>,
    /// Scores of sides and pairs of sides, too.
    pub groups: bool,
}

/// What a run says of its sides.
#[derive(Clone, Debug, Serialize)]
pub struct EchoAnswer {
    /// The run folder.
    pub run: String,
    /// What the sides are; absent where only leanings were scored.
    pub sides: Option<String>,
    /// Accounts of each side, largest first.
    pub sizes: Vec<(String, u64)>,
    /// Accounts without a side.
    pub without_side: u64,
    /// The scores, in the order of the table.
    pub scores: Vec<EchoScore>,
    /// Rows of sides and pairs that were not asked for.
    pub rows_of_groups: usize,
    /// How far each score moves when something is varied.
    pub strip: Vec<Strip>,
    /// What it does and does not say.
    pub sentence: String,
    /// Warnings of the run that are about sides and nulls.
    pub warnings: Vec<String>,
}

/// A score beside a null model.
#[derive(Clone, Debug, Serialize)]
pub struct EchoScore {
    /// The score.
    pub score: String,
    /// Its parameters.
    pub parameters: String,
    /// Relation.
    pub relation: String,
    /// Side or pair of sides; absent for the whole network.
    pub group: Option<String>,
    /// Whether `high` or `low` means more of a chamber.
    pub chamber: String,
    /// Whether it moves steadily as a chamber closes; one that does not is no witness.
    pub is_steady: bool,
    /// Value; absent where undefined.
    pub value: Option<f64>,
    /// 95 % interval of the value.
    pub value_ci: Option<(f64, f64)>,
    /// The null model; absent where there is none.
    pub null_model: Option<String>,
    /// Mean of the replicates.
    pub null_mean: Option<f64>,
    /// Their standard deviation.
    pub null_sd: Option<f64>,
    /// Value minus null mean.
    pub effect: Option<f64>,
    /// 95 % interval of the effect.
    pub ci: Option<(f64, f64)>,
    /// One-sided, towards the chamber.
    pub p: Option<f64>,
    /// Replicates.
    pub replicates: Option<f64>,
}

/// Lowest and highest value and effect of a score while something is varied.
#[derive(Clone, Debug, Serialize)]
pub struct Strip {
    /// The score.
    pub score: String,
    /// What is varied.
    pub varied: String,
    /// From where.
    pub first: String,
    /// To where.
    pub last: String,
    /// Lowest and highest value.
    pub values: (f64, f64),
    /// Lowest and highest effect, where there are nulls.
    pub effects: Option<(f64, f64)>,
}

/// Answers from a run folder.
///
/// # Errors
/// [`QueryError`]: no run folder, a run without echo scores, no such score or relation.
pub fn echo(folder: &Path, question: &EchoQuestion) -> Result<EchoAnswer, QueryError> {
    let run = RunFolder::open(folder)?;
    let table = read(&run, folder, "echo", None).map_err(|error| match error {
        QueryError::NoTable { path, .. } => QueryError::NoEcho { path },
        other => other,
    })?;
    let all: Vec<EchoScore> = (0..table.height()).map(|row| score(&table, row)).collect();
    let relation = question.relation.as_deref().unwrap_or("all");
    let of_relation = known(&all, "relation", relation, |row| &row.relation)?;
    let wanted = match &question.score {
        Some(name) => known(&of_relation, "echo score", name, |row| &row.score)?,
        None => of_relation,
    };
    let is_shown = |row: &EchoScore| question.groups || row.group.is_none();
    let rows_of_groups = wanted.iter().filter(|row| !is_shown(row)).count();
    // A score that only sides have is shown even so if it was asked for.
    let has_whole = wanted.iter().any(|row| row.group.is_none());
    let scores: Vec<EchoScore> = wanted.iter().filter(|row| is_shown(row) || !has_whole).cloned().collect();
    let (sizes, without_side) = sizes(&run, folder)?;
    let sides =
        (0..table.height()).filter_map(|row| text(&table, "sides", row)).find(|word| word != "leaning" || sizes.is_empty());
    Ok(EchoAnswer {
        run: folder.display().to_string(),
        sides,
        sizes,
        without_side,
        rows_of_groups: if has_whole { rows_of_groups } else { 0 },
        strip: strip(&run, folder, relation, question.score.as_deref())?,
        sentence: sentence(&scores),
        scores,
        warnings: run
            .manifest()
            .warnings
            .iter()
            .filter(|warning| warning.contains("sides") || warning.contains("null"))
            .cloned()
            .collect(),
    })
}

/// The rows whose `field` is `value`; an error that names what there is, where there are none.
fn known(
    rows: &[EchoScore],
    field: &'static str,
    value: &str,
    of: fn(&EchoScore) -> &String,
) -> Result<Vec<EchoScore>, QueryError> {
    let found: Vec<EchoScore> = rows.iter().filter(|row| of(row) == value).cloned().collect();
    if found.is_empty() {
        let mut present: Vec<&str> = rows.iter().map(|row| of(row).as_str()).collect();
        present.sort_unstable();
        present.dedup();
        return Err(QueryError::NoScore { field, value: value.to_owned(), present: present.join(", ") });
    }
    Ok(found)
}

fn score(table: &DataFrame, row: usize) -> EchoScore {
    let real = |column: &str| number(table, column, row);
    let pair = |low: &str, high: &str| Some((real(low)?, real(high)?));
    let word = |column: &str| text(table, column, row).unwrap_or_default();
    EchoScore {
        is_steady: registry::is_steady(&word("score")),
        score: word("score"),
        parameters: word("parameters"),
        relation: word("relation"),
        group: text(table, "group", row),
        chamber: word("chamber"),
        value: real("value"),
        value_ci: pair("value_ci_low", "value_ci_high"),
        null_model: text(table, "null_model", row),
        null_mean: real("null_mean"),
        null_sd: real("null_sd"),
        effect: real("effect"),
        ci: pair("ci_low", "ci_high"),
        p: real("p"),
        replicates: real("replicates"),
    }
}

/// Accounts of each side, and those without one.
fn sizes(run: &RunFolder, folder: &Path) -> Result<(Vec<(String, u64)>, u64), QueryError> {
    let Ok(accounts) = read(run, folder, "accounts", Some(vec!["side".to_owned()])) else { return Ok((Vec::new(), 0)) };
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let mut without = 0;
    for row in 0..accounts.height() {
        match text(&accounts, "side", row) {
            Some(side) => *counts.entry(side).or_default() += 1,
            None => without += 1,
        }
    }
    let mut sizes: Vec<(String, u64)> = counts.into_iter().collect();
    sizes.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok((sizes, without))
}

fn strip(run: &RunFolder, folder: &Path, relation: &str, wanted: Option<&str>) -> Result<Vec<Strip>, QueryError> {
    let table = match read(run, folder, "sensitivity", None) {
        Ok(table) => table,
        Err(QueryError::NoTable { .. }) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found: Vec<Strip> = Vec::new();
    let widen = |(low, high): (f64, f64), value: f64| (low.min(value), high.max(value));
    for row in 0..table.height() {
        let word = |column: &str| text(&table, column, row).unwrap_or_default();
        let Some(value) = number(&table, "value", row).filter(|_| word("relation") == relation) else { continue };
        if wanted.is_some_and(|wanted| wanted != word("score")) {
            continue;
        }
        let effect = number(&table, "effect", row);
        match found.iter_mut().find(|strip| strip.score == word("score") && strip.varied == word("varied")) {
            Some(strip) => {
                strip.last = word("at");
                strip.values = widen(strip.values, value);
                strip.effects = strip.effects.zip(effect).map(|(known, effect)| widen(known, effect));
            }
            None => found.push(Strip {
                score: word("score"),
                varied: word("varied"),
                first: word("at"),
                last: word("at"),
                values: (value, value),
                effects: effect.map(|effect| (effect, effect)),
            }),
        }
    }
    Ok(found)
}

impl EchoScore {
    /// Whether the effect points to a chamber: its interval lies on that side of 0, and p is small.
    fn is_chamber(&self) -> bool {
        let beyond = self.ci.is_some_and(|(low, high)| if self.chamber == "low" { high < 0.0 } else { low > 0.0 });
        beyond && self.p.is_some_and(|p| p <= LIKELY)
    }
}

/// What the scores say in plain words, and what they do not.
fn sentence(scores: &[EchoScore]) -> String {
    let with_null = scores.iter().filter(|row| row.effect.is_some() && row.group.is_none());
    let (judged, unsteady): (Vec<&EchoScore>, Vec<&EchoScore>) = with_null.partition(|row| row.is_steady);
    let mut left_out: Vec<&str> = unsteady.iter().map(|row| row.score.as_str()).collect();
    left_out.dedup();
    let left_out = left_out.join(", ");
    if judged.is_empty() && !unsteady.is_empty() {
        return format!(
            "{left_out}: no verdict, as a chamber does not move this steadily; echogram metrics {} says how.",
            registry::base_name(&unsteady[0].score)
        );
    }
    let Some(headline) =
        HEADLINES.iter().find_map(|name| judged.iter().find(|row| row.score == *name)).or_else(|| judged.first())
    else {
        return "These values stand without a null model: they do not say whether ties keep to sides more than they would by chance; run again with --null-replicates 99.".to_owned();
    };
    let about = registry::find(&headline.score).first().map_or("the score", |spec| spec.summary);
    let null = headline.null_model.as_deref().map_or("", null_in_words);
    let replicates = match headline.replicates {
        Some(replicates) if replicates > 0.0 => format!(", {replicates} replicates"),
        _ => String::new(),
    };
    let verdict = if headline.is_chamber() {
        "more of an echo chamber than chance makes of such a network"
    } else if headline.ci.is_some_and(|(low, high)| low <= 0.0 && high >= 0.0) {
        "no clear difference from what chance makes of such a network"
    } else {
        "not more of an echo chamber than chance makes of such a network"
    };
    // A score says so if it does beside each of its null models.
    let mut says: BTreeMap<&str, bool> = BTreeMap::new();
    for row in &judged {
        *says.entry(&row.score).or_insert(true) &= row.is_chamber();
    }
    let not_counted = if left_out.is_empty() {
        String::new()
    } else {
        format!(" (not counted: {left_out}, which a chamber does not move steadily)")
    };
    let agree = says.values().filter(|says| **says).count();
    format!(
        "{} ({about}): {verdict} ({null}{replicates}); {agree} of {} scores say so{not_counted}. It does not say why accounts keep apart, whether those who meet agree, nor anything of accounts that are not in the data; compare networks by the effect, never by p or z.",
        headline.score,
        says.len()
    )
}

/// What a null model keeps, in words.
pub fn null_in_words(model: &str) -> &'static str {
    match model {
        "kept" => "degrees kept",
        "recut" => "degrees kept, re-partitioned",
        "reciprocity" => "degrees and mutual ties kept",
        "labels" => "sides dealt anew",
        _ => "computed, not drawn",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(score: &str, effect: f64) -> EchoScore {
        let effect = Some(effect);
        EchoScore {
            score: score.to_owned(),
            parameters: String::new(),
            relation: "all".to_owned(),
            group: None,
            chamber: "high".to_owned(),
            is_steady: registry::is_steady(score),
            value: effect,
            value_ci: None,
            null_model: Some("kept".to_owned()),
            null_mean: Some(0.0),
            null_sd: None,
            effect,
            ci: effect.map(|effect| (effect - 0.1, effect + 0.1)),
            p: Some(0.01),
            replicates: Some(99.0),
        }
    }

    #[test]
    fn scores_that_a_chamber_does_not_move_steadily_are_not_counted() {
        let said = sentence(&[row("modularity", 0.5), row("boundary", 0.0), row("boundary_garimella", 0.5)]);
        assert!(said.contains("1 of 2 scores say so (not counted: boundary_garimella, "), "{said}");
        assert!(sentence(&[row("modularity", 0.5)]).contains("1 of 1 scores say so. "));
        // They do not speak for a run either, even where they stand alone.
        let said = sentence(&[row("fj_disagreement_weighted", 0.5), row("dipole", 0.5)]);
        assert!(said.starts_with("dipole ("), "{said}");
        let said = sentence(&[row("fj_disagreement_weighted", 0.5)]);
        assert!(
            said.starts_with("fj_disagreement_weighted: no verdict") && said.contains("metrics fj_disagreement says"),
            "{said}"
        );
    }
}
