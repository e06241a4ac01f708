//! Tables of echo scores: values beside null models, every replicate, what was varied, the density of leanings.

use crate::compute::{Computed, EchoRow, LEANING};
use crate::nulls::Nulls;
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
fn with_nulls<'a>(rows: impl Iterator<Item = &'a EchoRow>) -> Vec<(&'a EchoRow, Option<&'a Nulls>)> {
    rows.flat_map(|row| {
        let nulls = row.nulls.iter().map(|nulls| Some(nulls.as_ref()));
        let none = row.nulls.is_empty().then_some(None);
        nulls.chain(none).map(move |nulls| (row, nulls))
    })
    .collect()
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

/// The columns of a table of scores.
fn score_columns(computed: &Computed, rows: &[(&EchoRow, Option<&Nulls>)]) -> Vec<Column> {
    let words = |pick: fn(&EchoRow) -> String| ColumnData::Words(rows.iter().map(|row| pick(row.0)).collect());
    let mut columns = vec![
        Column::new("sides", ColumnData::Words(rows.iter().map(|row| sides_word(computed, row.0.is_of_leanings)).collect())),
        Column::new("relation", words(|row| row.relation.clone())),
        Column::new("group", ColumnData::Text(rows.iter().map(|row| row.0.group.clone()).collect())),
        Column::new("score", words(|row| row.score.clone())),
        Column::new("parameters", words(|row| row.parameters.clone())),
        Column::new("null_model", ColumnData::Text(rows.iter().map(|row| Some(row.1?.model.as_str().to_owned())).collect())),
        Column::new("chamber", words(|row| row.chamber.to_owned())),
        Column::new("value", ColumnData::Real(rows.iter().map(|row| row.0.value).collect())),
    ];
    columns.extend(intervals(&rows.iter().map(|row| (row.0.value, row.0.error)).collect::<Vec<_>>()));
    columns.extend(comparisons(rows.iter().map(|row| row.1?.comparison.as_ref())));
    columns.push(Column::new("accounts_left_out", ColumnData::U32(rows.iter().map(|row| row.0.accounts_left_out).collect())));
    columns
}

/// Scores of the sides with their null models.
pub(crate) fn echo(computed: &Computed) -> Table {
    Table::new("echo", score_columns(computed, &with_nulls(computed.echo.iter())))
}

/// The same scores over other parameters, samples and windows; each has one null model at most.
pub(crate) fn sensitivity(computed: &Computed) -> Table {
    let varied = &computed.sensitivity;
    let mut columns = score_columns(computed, &with_nulls(varied.iter().map(|row| &row.row)));
    columns.push(Column::new("varied", ColumnData::Words(varied.iter().map(|row| row.varied.as_str().to_owned()).collect())));
    columns.push(Column::new("at", ColumnData::Words(varied.iter().map(|row| row.at.clone()).collect())));
    Table::new("sensitivity", columns)
}

/// Every replicate of every score.
pub(crate) fn null(computed: &Computed) -> Table {
    let rows: Vec<(&EchoRow, &Nulls, u32, f64)> = with_nulls(computed.echo.iter())
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
