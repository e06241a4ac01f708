//! Tables of echo scores: values beside null models, every replicate, what was varied, the density of leanings.

use crate::compute::{Computed, EchoRow, LEANING};
use crate::nulls::Nulls;
use crate::sensitivity::SensitivityRow;
use echogram_analytics::echo::leaning_correlation::Cell;
use echogram_analytics::null::Comparison;
use echogram_store::{Column, ColumnData, Table};

/// What a null model says of a value, as columns; NaN where there is none.
pub(crate) fn comparisons<'a>(found: impl Iterator<Item = Option<&'a Comparison>>) -> Vec<Column> {
    let found: Vec<Option<&Comparison>> = found.collect();
    let real = |name: &str, pick: fn(&Comparison) -> f64| {
        Column::new(name, ColumnData::Real(found.iter().map(|found| found.map_or(f64::NAN, pick)).collect()))
    };
    vec![
        real("null_mean", |found| found.null_mean),
        real("null_sd", |found| found.null_sd),
        real("effect", |found| found.effect),
        real("ci_low", |found| found.interval.0),
        real("ci_high", |found| found.interval.1),
        real("z", |found| found.z),
        real("p", |found| found.p),
        Column::new("replicates", ColumnData::U32(found.iter().map(|found| found.map_or(0, |found| found.replicates)).collect())),
    ]
}

/// A value's own 95 % interval from its standard error.
pub(crate) fn intervals(values: &[(f64, f64)]) -> [Column; 2] {
    let bound = |name: &str, sign: f64| {
        Column::new(name, ColumnData::Real(values.iter().map(|(value, error)| value + sign * NORMAL * error).collect()))
    };
    [bound("value_ci_low", -1.0), bound("value_ci_high", 1.0)]
}

/// The 97.5 % point of the normal distribution.
const NORMAL: f64 = 1.959_963_984_540_054;

/// A row of scores for each null model; one without where there is none.
fn with_nulls(computed: &Computed) -> Vec<(&EchoRow, Option<&Nulls>)> {
    let of_row = |row: &'_ EchoRow| -> Vec<Option<usize>> {
        if row.nulls.is_empty() { vec![None] } else { (0..row.nulls.len()).map(Some).collect() }
    };
    let rows = computed.echo.iter();
    rows.flat_map(|row| of_row(row).into_iter().map(move |at| (row, at.map(|at| row.nulls[at].as_ref())))).collect()
}

/// What the sides of a score are.
fn sides_word(computed: &Computed, is_of_leanings: bool) -> String {
    match &computed.sides {
        Some((word, _)) if !is_of_leanings => word.clone(),
        _ => LEANING.to_owned(),
    }
}

/// Accounts by their own leaning and that of whom they follow.
pub(crate) fn leaning_density(computed: &Computed) -> Table {
    let densities = computed.leaning_densities.iter();
    let rows: Vec<_> = densities.flat_map(|density| density.cells.iter().map(move |cell| (density, cell))).collect();
    let real =
        |name: &str, pick: fn(&Cell) -> f64| Column::new(name, ColumnData::Real(rows.iter().map(|row| pick(row.1)).collect()));
    Table::new(
        "leaning_density",
        vec![
            Column::new("relation", ColumnData::Words(rows.iter().map(|row| row.0.relation.clone()).collect())),
            Column::new("score", ColumnData::Words(rows.iter().map(|row| row.0.score.clone()).collect())),
            real("own_low", |cell| cell.own.0),
            real("own_high", |cell| cell.own.1),
            real("neighbours_low", |cell| cell.neighbours.0),
            real("neighbours_high", |cell| cell.neighbours.1),
            Column::new("accounts", ColumnData::U32(rows.iter().map(|row| row.1.accounts).collect())),
        ],
    )
}

/// A row of a table of scores: what it is of, its value, and one null model.
struct ScoreRow<'a> {
    is_of_leanings: bool,
    relation: &'a str,
    group: Option<&'a str>,
    score: &'a str,
    parameters: &'a str,
    chamber: &'static str,
    value: f64,
    error: f64,
    accounts_left_out: u32,
    nulls: Option<&'a Nulls>,
}

/// The columns of a table of scores.
fn score_columns(computed: &Computed, rows: &[ScoreRow<'_>]) -> Vec<Column> {
    let words = |pick: fn(&ScoreRow<'_>) -> String| ColumnData::Words(rows.iter().map(pick).collect());
    let mut columns = vec![
        Column::new("sides", ColumnData::Words(rows.iter().map(|row| sides_word(computed, row.is_of_leanings)).collect())),
        Column::new("relation", words(|row| row.relation.to_owned())),
        Column::new("group", ColumnData::Text(rows.iter().map(|row| row.group.map(str::to_owned)).collect())),
        Column::new("score", words(|row| row.score.to_owned())),
        Column::new("parameters", words(|row| row.parameters.to_owned())),
        Column::new("null_model", ColumnData::Text(rows.iter().map(|row| Some(row.nulls?.model.as_str().to_owned())).collect())),
        Column::new("chamber", words(|row| row.chamber.to_owned())),
        Column::new("value", ColumnData::Real(rows.iter().map(|row| row.value).collect())),
    ];
    columns.extend(intervals(&rows.iter().map(|row| (row.value, row.error)).collect::<Vec<_>>()));
    columns.extend(comparisons(rows.iter().map(|row| row.nulls?.comparison.as_ref())));
    columns.push(Column::new("accounts_left_out", ColumnData::U32(rows.iter().map(|row| row.accounts_left_out).collect())));
    columns
}

/// Scores of the sides with their null models.
pub(crate) fn echo(computed: &Computed) -> Table {
    let rows: Vec<ScoreRow<'_>> = with_nulls(computed)
        .into_iter()
        .map(|(row, nulls)| ScoreRow {
            is_of_leanings: row.is_of_leanings,
            relation: &row.relation,
            group: row.group.as_deref(),
            score: &row.score,
            parameters: &row.parameters,
            chamber: row.chamber,
            value: row.value,
            error: row.error,
            accounts_left_out: row.accounts_left_out,
            nulls,
        })
        .collect();
    Table::new("echo", score_columns(computed, &rows))
}

/// The same scores over other parameters, samples and windows.
pub(crate) fn sensitivity(computed: &Computed) -> Table {
    let rows: Vec<ScoreRow<'_>> = computed
        .sensitivity
        .iter()
        .map(|row| ScoreRow {
            is_of_leanings: row.is_of_leanings,
            relation: &row.relation,
            group: row.group.as_deref(),
            score: &row.score,
            parameters: &row.parameters,
            chamber: row.chamber,
            value: row.value,
            error: row.error,
            accounts_left_out: row.accounts_left_out,
            nulls: row.nulls.as_ref(),
        })
        .collect();
    let mut columns = score_columns(computed, &rows);
    let words = |pick: fn(&SensitivityRow) -> String| ColumnData::Words(computed.sensitivity.iter().map(pick).collect());
    columns.push(Column::new("varied", words(|row| row.varied.as_str().to_owned())));
    columns.push(Column::new("at", words(|row| row.at.clone())));
    Table::new("sensitivity", columns)
}

/// Every replicate of every score.
pub(crate) fn null(computed: &Computed) -> Table {
    let rows: Vec<(&EchoRow, &Nulls, u32, f64)> = with_nulls(computed)
        .into_iter()
        .filter_map(|(row, nulls)| Some((row, nulls?)))
        .flat_map(|(row, nulls)| (0..).zip(&nulls.values).map(move |(replicate, &value)| (row, nulls, replicate, value)))
        .collect();
    let words = |pick: fn(&EchoRow) -> String| ColumnData::Words(rows.iter().map(|row| pick(row.0)).collect());
    Table::new(
        "null",
        vec![
            Column::new("sides", ColumnData::Words(rows.iter().map(|row| sides_word(computed, row.0.is_of_leanings)).collect())),
            Column::new("relation", words(|row| row.relation.clone())),
            Column::new("group", ColumnData::Text(rows.iter().map(|row| row.0.group.clone()).collect())),
            Column::new("score", words(|row| row.score.clone())),
            Column::new("parameters", words(|row| row.parameters.clone())),
            Column::new("null_model", ColumnData::Words(rows.iter().map(|row| row.1.model.as_str().to_owned()).collect())),
            Column::new("replicate", ColumnData::U32(rows.iter().map(|row| row.2).collect())),
            Column::new("value", ColumnData::Real(rows.iter().map(|row| row.3).collect())),
        ],
    )
}
