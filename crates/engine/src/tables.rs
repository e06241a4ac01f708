//! Results in memory -> the tables of the run folder.

use crate::compute::{ALL, Computed};
use echogram_analytics::Values;
use echogram_graph::NodeId;
use echogram_ingest::Ingested;
use echogram_store::{Column, ColumnData, Table};
use std::collections::BTreeMap;
use std::sync::Arc;

/// All tables that these results fill.
pub(crate) fn all(ingested: &Ingested, computed: &Computed) -> Vec<Table> {
    let keys: Arc<Vec<String>> = Arc::new(ingested.network.accounts().iter().map(std::borrow::Cow::into_owned).collect());
    let mut tables = vec![accounts(ingested, computed, &keys), edges(ingested, &keys)];
    if !computed.communities.is_empty() {
        tables.push(communities(computed, &keys));
    }
    if !computed.mixing.is_empty() {
        tables.push(mixing(computed));
    }
    if !computed.echo.is_empty() {
        tables.push(echo(computed));
    }
    if !computed.network.is_empty() {
        tables.push(network(computed));
    }
    tables.push(rejects(ingested));
    tables
}

fn accounts(ingested: &Ingested, computed: &Computed, keys: &Arc<Vec<String>>) -> Table {
    let known = &ingested.accounts;
    let text = |name: &str, values: &[Option<String>]| Column::new(name, ColumnData::Text(values.to_vec()));
    let mut columns = vec![
        Column::new("account", ColumnData::Words(keys.to_vec())),
        text("handle", &known.handle),
        text("name", &known.name),
        text("bio", &known.bio),
        text("role", &known.role),
        text("role_evidence", &known.role_evidence),
        text("scale", &known.scale),
        text("use", &known.usage),
        text("country", &known.country),
        Column::new("verified", ColumnData::Truth(known.verified.clone())),
        Column::new("followers", ColumnData::OptionalU64(known.followers.clone())),
        Column::new("created", ColumnData::Time(known.created.clone())),
        Column::new("leaning", ColumnData::Real(known.leaning.iter().map(|value| value.unwrap_or(f64::NAN)).collect())),
        text("url", &known.url),
    ];
    if let Some((word, sides)) = &computed.sides {
        let names = (0..keys.len()).map(|row| sides.name_of(NodeId::new(row)).map(str::to_owned)).collect();
        let mut column = Column::new("side", ColumnData::Text(names));
        column.metadata.insert("sides".to_owned(), word.clone());
        columns.push(column);
    }
    let metric = |column: &crate::compute::AccountColumn| Column {
        name: column.name.clone(),
        data: match &column.values {
            Values::Real(values) => ColumnData::Real(values.clone()),
            Values::Whole(values) => ColumnData::U32(values.clone()),
        },
        metadata: column.metadata.clone(),
    };
    columns.extend(computed.columns.iter().filter(|column| column.name == "community").map(metric));
    columns.extend(known.extras.iter().map(|(name, values)| Column::new(name, typed(values))));
    columns.extend(computed.columns.iter().filter(|column| column.name != "community").map(metric));
    Table::new("accounts", columns)
}

/// A user's column in the narrowest type that loses nothing: whole numbers, real numbers, truth values, else words.
fn typed(values: &[Option<String>]) -> ColumnData {
    fn parsed<T>(values: &[Option<String>], parse: impl Fn(&str) -> Option<T>) -> Option<Vec<Option<T>>> {
        if values.iter().all(Option::is_none) {
            return None;
        }
        values.iter().map(|value| value.as_deref().map_or(Some(None), |text| parse(text).map(Some))).collect()
    }
    // `007` and `+7` are words: as numbers they would lose something.
    let whole = |text: &str| text.parse::<i64>().ok().filter(|number| number.to_string() == text);
    let real = |text: &str| {
        let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.' | b'e' | b'E' | b'+'));
        text.parse::<f64>().ok().filter(|number| is_plain && number.is_finite() && !has_leading_zero(text))
    };
    let truth = |text: &str| match text {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    };
    if let Some(values) = parsed(values, whole) {
        return ColumnData::I64(values);
    }
    if let Some(values) = parsed(values, real) {
        return ColumnData::Real(values.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect());
    }
    parsed(values, truth).map_or_else(|| ColumnData::Text(values.to_vec()), ColumnData::Truth)
}

fn has_leading_zero(text: &str) -> bool {
    let digits = text.trim_start_matches(['-', '+']).as_bytes();
    matches!(digits, [b'0', b'0'..=b'9', ..]) || text.starts_with('+')
}

/// Edges by (source, target, relation): layers are in the order of their names, rows in that of their keys.
fn edges(ingested: &Ingested, keys: &Arc<Vec<String>>) -> Table {
    let layers = ingested.network.layers();
    let total: usize = layers.iter().map(|layer| layer.edge_count() as usize).sum();
    let is_timed = layers.iter().any(echogram_graph::Layer::is_timed);
    let (mut sources, mut targets, mut relations) =
        (Vec::with_capacity(total), Vec::with_capacity(total), Vec::with_capacity(total));
    let (mut weights, mut events) = (Vec::with_capacity(total), Vec::with_capacity(total));
    let (mut first, mut last) = (Vec::new(), Vec::new());
    let mut row: Vec<(NodeId, u32, usize)> = Vec::new();
    for source in (0..keys.len()).map(NodeId::new) {
        row.clear();
        for (number, layer) in layers.iter().enumerate() {
            row.extend(layer.edges().range(source).map(|at| (layer.edges().targets()[at], number as u32, at)));
        }
        if layers.len() > 1 {
            row.sort_unstable();
        }
        for &(target, number, at) in &row {
            let layer = &layers[number as usize];
            sources.push(source.0);
            targets.push(target.0);
            relations.push(number);
            weights.push(layer.edges().weights().map_or(1.0, |weights| weights[at]));
            events.push(layer.events(at));
            if is_timed {
                let times = layer.times(at);
                first.push(times.map(|times| times.0));
                last.push(times.map(|times| times.1));
            }
        }
    }
    let names = Arc::new(layers.iter().map(|layer| layer.name().to_owned()).collect::<Vec<_>>());
    let mut columns = vec![
        Column::new("source", ColumnData::Coded { codes: sources, words: Arc::clone(keys) }),
        Column::new("target", ColumnData::Coded { codes: targets, words: Arc::clone(keys) }),
        Column::new("relation", ColumnData::Coded { codes: relations, words: names }),
        Column::new("weight", ColumnData::Real(weights)),
        Column::new("events", ColumnData::U64(events)),
    ];
    if is_timed {
        columns.push(Column::new("first", ColumnData::Time(first)));
        columns.push(Column::new("last", ColumnData::Time(last)));
    }
    Table::new("edges", columns)
}

fn communities(computed: &Computed, keys: &Arc<Vec<String>>) -> Table {
    let role = |number: u32| computed.roles.as_ref().map(|roles| roles.names()[number as usize].clone());
    let rows: Vec<_> = computed
        .communities
        .iter()
        .flat_map(|(relation, communities)| communities.iter().map(move |community| (relation, community)))
        .collect();
    let whole = |name: &str, pick: fn(&echogram_analytics::describe::Community) -> u32| {
        Column::new(name, ColumnData::U32(rows.iter().map(|row| pick(row.1)).collect()))
    };
    let count = |name: &str, pick: fn(&echogram_analytics::describe::Community) -> u64| {
        Column::new(name, ColumnData::U64(rows.iter().map(|row| pick(row.1)).collect()))
    };
    let real = |name: &str, pick: fn(&echogram_analytics::describe::Community) -> f64| {
        Column::new(name, ColumnData::Real(rows.iter().map(|row| pick(row.1)).collect()))
    };
    let top = rows.iter().map(|row| row.1.top.iter().map(|node| keys[node.row()].clone()).collect()).collect();
    let mut top = Column::new("top_accounts", ColumnData::Lists(top));
    top.metadata = BTreeMap::from([("ranked_by".to_owned(), computed.ranked_by.to_owned())]);
    Table::new(
        "communities",
        vec![
            Column::new("relation", ColumnData::Words(rows.iter().map(|row| row.0.clone()).collect())),
            whole("community", |community| community.community),
            whole("accounts", |community| community.accounts),
            count("edges_inside", |community| community.edges_inside),
            count("edges_out", |community| community.edges_out),
            count("edges_in", |community| community.edges_in),
            real("density", |community| community.density),
            real("reciprocity", |community| community.reciprocity),
            real("conductance", |community| community.conductance),
            real("ei_index", |community| community.ei_index),
            real("purity_role", |community| community.purity_role),
            real("entropy_role", |community| community.entropy_role),
            Column::new("dominant_role", ColumnData::Text(rows.iter().map(|row| role(row.1.dominant_role?)).collect())),
            top,
        ],
    )
}

fn mixing(computed: &Computed) -> Table {
    let (mut relations, mut bys, mut sources, mut targets) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut weights, mut expected, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for mixing in &computed.mixing {
        for from in 0..mixing.names.len() {
            for to in 0..mixing.names.len() {
                let (weight, chance) = (mixing.ties.weight(from, to), mixing.ties.expected(from, to));
                relations.push(mixing.relation.clone());
                bys.push(mixing.by.to_owned());
                sources.push(mixing.names[from].clone());
                targets.push(mixing.names[to].clone());
                weights.push(weight);
                expected.push(chance);
                ratios.push(if chance > 0.0 { weight / chance } else { f64::NAN });
            }
        }
    }
    Table::new(
        "mixing",
        vec![
            Column::new("relation", ColumnData::Words(relations)),
            Column::new("by", ColumnData::Words(bys)),
            Column::new("source_group", ColumnData::Words(sources)),
            Column::new("target_group", ColumnData::Words(targets)),
            Column::new("weight", ColumnData::Real(weights)),
            Column::new("expected", ColumnData::Real(expected)),
            Column::new("ratio", ColumnData::Real(ratios)),
        ],
    )
}

/// Scores without a null model yet: the columns about one are absent.
fn echo(computed: &Computed) -> Table {
    let word = computed.sides.as_ref().map_or(String::new(), |(word, _)| word.clone());
    let rows = &computed.echo;
    let words = |pick: fn(&crate::compute::EchoRow) -> String| ColumnData::Words(rows.iter().map(pick).collect());
    Table::new(
        "echo",
        vec![
            Column::new("sides", ColumnData::Words(vec![word; rows.len()])),
            Column::new("relation", words(|row| row.relation.clone())),
            Column::new("group", ColumnData::Text(rows.iter().map(|row| row.group.clone()).collect())),
            Column::new("score", words(|row| row.score.clone())),
            Column::new("parameters", words(|row| row.parameters.clone())),
            Column::new("null_model", ColumnData::Text(vec![None; rows.len()])),
            Column::new("chamber", words(|row| row.chamber.to_owned())),
            Column::new("value", ColumnData::Real(rows.iter().map(|row| row.value).collect())),
            Column::new("replicates", ColumnData::U32(vec![0; rows.len()])),
            Column::new("accounts_left_out", ColumnData::U32(rows.iter().map(|row| row.accounts_left_out).collect())),
        ],
    )
}

fn network(computed: &Computed) -> Table {
    let mut rows: Vec<_> = computed.network.iter().collect();
    rows.sort_by(|a, b| (a.relation != ALL, &a.relation, &a.metric).cmp(&(b.relation != ALL, &b.relation, &b.metric)));
    let words = |pick: fn(&crate::compute::NetworkRow) -> String| ColumnData::Words(rows.iter().map(|row| pick(row)).collect());
    Table::new(
        "network",
        vec![
            Column::new("relation", words(|row| row.relation.clone())),
            Column::new("metric", words(|row| row.metric.clone())),
            Column::new("parameters", words(|row| row.parameters.clone())),
            Column::new("value", ColumnData::Real(rows.iter().map(|row| row.value).collect())),
        ],
    )
}

fn rejects(ingested: &Ingested) -> Table {
    let rows = &ingested.rejections;
    Table::new(
        "rejects",
        vec![
            Column::new("input", ColumnData::Words(rows.iter().map(|row| row.0.clone()).collect())),
            Column::new("line", ColumnData::U64(rows.iter().map(|row| row.1.line).collect())),
            Column::new("field", ColumnData::Words(rows.iter().map(|row| row.1.field.to_owned()).collect())),
            Column::new("reason", ColumnData::Words(rows.iter().map(|row| row.1.reason.clone()).collect())),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(values: &[&str]) -> Vec<Option<String>> {
        values.iter().map(|value| (!value.is_empty()).then(|| (*value).to_owned())).collect()
    }

    #[test]
    fn columns_of_users_take_the_narrowest_type_that_loses_nothing() {
        assert_eq!(typed(&texts(&["1", "", "-3"])), ColumnData::I64(vec![Some(1), None, Some(-3)]));
        assert_eq!(typed(&texts(&["1.0", "2"])), ColumnData::Real(vec![1.0, 2.0]));
        assert_eq!(typed(&texts(&["true", ""])), ColumnData::Truth(vec![Some(true), None]));
        for words in [["007", "1"], ["x", "1"], ["nan", "1"], ["00.5", "1"], ["+1.5", "2"]] {
            assert_eq!(typed(&texts(&words)), ColumnData::Text(texts(&words)), "{words:?}");
        }
        assert_eq!(typed(&texts(&["", ""])), ColumnData::Text(vec![None, None]));
    }
}
