//! Results in memory -> the tables of the run folder.

use crate::compute::{ALL, Computed};
use crate::groups::Described;
use crate::resolutions::{self, Point, Profile};
use crate::score_tables::{comparisons, echo, intervals, leaning_density, null, sensitivity};
use echogram_analytics::Values;
use echogram_graph::{Layer, Network, NodeId, Sparse, Texts};
use echogram_ingest::{AccountTable, Ingested};
use echogram_store::{Column, ColumnData, Table};
use std::collections::BTreeMap;
use std::ops::Range;
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
        if computed.echo.iter().any(|row| !row.nulls.is_empty()) {
            tables.push(null(computed));
        }
    }
    if !computed.leaning_densities.is_empty() {
        tables.push(leaning_density(computed));
    }
    if !computed.sensitivity.is_empty() {
        tables.push(sensitivity(computed));
    }
    if !computed.network.is_empty() {
        tables.push(network(computed));
    }
    if !computed.timeline.is_empty() {
        tables.push(timeline(computed));
    }
    tables.extend(computed.profile.as_ref().map(resolutions));
    tables.push(rejects(ingested));
    tables
}

/// A column of what is known of the accounts, made when it is written: most of it may be unknown.
fn known<T: Clone + Send + Sync + 'static>(
    name: &str,
    accounts: &Arc<AccountTable>,
    pick: fn(&AccountTable) -> &Sparse<T>,
    kind: fn(Vec<Option<T>>) -> ColumnData,
) -> Column {
    let table = Arc::clone(accounts);
    let piece = move |rows| kind(pick(&table).range(rows).map(Option::<&T>::cloned).collect());
    Column::new(name, ColumnData::pieces(pick(accounts).len(), piece))
}

fn accounts(ingested: &Ingested, computed: &Computed, keys: &Arc<Vec<String>>) -> Table {
    let table = &ingested.accounts;
    let text = |name: &str, pick: fn(&AccountTable) -> &Texts| known(name, table, pick, ColumnData::Text);
    let words = Arc::clone(keys);
    let codes =
        move |rows: Range<usize>| ColumnData::Coded { codes: rows.map(|row| row as u32).collect(), words: Arc::clone(&words) };
    let real = |values: Vec<Option<f64>>| ColumnData::Real(values.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect());
    let mut columns = vec![
        Column::new("account", ColumnData::pieces(keys.len(), codes)),
        text("handle", |table| &table.handle),
        text("name", |table| &table.name),
        text("bio", |table| &table.bio),
        text("role", |table| &table.role),
        text("role_evidence", |table| &table.role_evidence),
        text("scale", |table| &table.scale),
        text("use", |table| &table.usage),
        text("country", |table| &table.country),
        known("verified", table, |table| &table.verified, ColumnData::Truth),
        known("followers", table, |table| &table.followers, ColumnData::OptionalU64),
        known("created", table, |table| &table.created, ColumnData::Time),
        known("leaning", table, |table| &table.leaning, real),
        text("url", |table| &table.url),
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
            Values::Words { codes, names } => ColumnData::Coded {
                codes: codes.iter().map(|&code| u32::from(code)).collect(),
                words: Arc::new(names.iter().map(|&name| name.to_owned()).collect()),
            },
        },
        metadata: column.metadata.clone(),
    };
    columns.extend(computed.columns.iter().filter(|column| column.name == "community").map(metric));
    columns.extend(table.extras.iter().map(|(name, values)| Column::new(name, typed(values))));
    columns.extend(computed.columns.iter().filter(|column| column.name != "community").map(metric));
    Table::new("accounts", columns)
}

/// A user's column in the narrowest type that loses nothing: whole numbers, real numbers, truth values, else words.
fn typed(values: &Texts) -> ColumnData {
    fn parsed<T>(values: &Texts, parse: impl Fn(&str) -> Option<T>) -> Option<Vec<Option<T>>> {
        if values.known() == 0 {
            return None;
        }
        values.iter().map(|value| value.map_or(Some(None), |text| parse(text).map(Some))).collect()
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
    parsed(values, truth)
        .map_or_else(|| ColumnData::Text(values.iter().map(Option::<&String>::cloned).collect()), ColumnData::Truth)
}

fn has_leading_zero(text: &str) -> bool {
    let digits = text.trim_start_matches(['-', '+']).as_bytes();
    matches!(digits, [b'0', b'0'..=b'9', ..]) || text.starts_with('+')
}

/// Edges by (source, target, relation). The columns are made when they are written, so that the table is never whole in memory.
fn edges(ingested: &Ingested, keys: &Arc<Vec<String>>) -> Table {
    let layers = ingested.network.layers();
    let total: usize = layers.iter().map(|layer| layer.edge_count() as usize).sum();
    let is_timed = layers.iter().any(Layer::is_timed);
    let names = Arc::new(layers.iter().map(|layer| layer.name().to_owned()).collect::<Vec<_>>());
    let column = |name: &str, make: fn(&Network, Range<usize>, &Arc<Vec<String>>) -> ColumnData, words: &Arc<Vec<String>>| {
        let (network, words) = (Arc::clone(&ingested.network), Arc::clone(words));
        Column::new(name, ColumnData::pieces(total, move |rows| make(&network, rows, &words)))
    };
    let mut columns = vec![
        column("source", |network, rows, keys| coded(edge_values(network, rows, |_, edge| edge.source.0), keys), keys),
        column("target", |network, rows, keys| coded(edge_values(network, rows, |_, edge| edge.target.0), keys), keys),
        column("relation", |network, rows, names| coded(edge_values(network, rows, |_, edge| edge.layer), names), &names),
        column("weight", |network, rows, _| ColumnData::Real(edge_values(network, rows, Edge::weight)), keys),
        column("events", |network, rows, _| ColumnData::U64(edge_values(network, rows, Edge::events)), keys),
    ];
    if is_timed {
        columns.push(column("first", |network, rows, _| times(network, rows, |times| times.0), keys));
        columns.push(column("last", |network, rows, _| times(network, rows, |times| times.1), keys));
    }
    Table::new("edges", columns)
}

/// One edge: its ends, the place of its relation among the layers, and its own place within the layer.
#[derive(Clone, Copy)]
struct Edge {
    source: NodeId,
    target: NodeId,
    layer: u32,
    at: usize,
}

impl Edge {
    fn weight(layer: &Layer, edge: Self) -> f64 {
        layer.edges().weights().map_or(1.0, |weights| weights[edge.at])
    }

    fn events(layer: &Layer, edge: Self) -> u64 {
        layer.events(edge.at)
    }
}

fn coded(codes: Vec<u32>, words: &Arc<Vec<String>>) -> ColumnData {
    ColumnData::Coded { codes, words: Arc::clone(words) }
}

fn times(network: &Network, rows: Range<usize>, pick: fn((i64, i64)) -> i64) -> ColumnData {
    ColumnData::Time(edge_values(network, rows, |layer, edge| layer.times(edge.at).map(pick)))
}

/// A value of each of some edges, in the order of the table.
fn edge_values<T>(network: &Network, rows: Range<usize>, value: impl Fn(&Layer, Edge) -> T) -> Vec<T> {
    let layers = network.layers();
    let before = |node: usize| layers.iter().map(|layer| layer.edges().offsets()[node] as usize).sum::<usize>();
    let mut values = Vec::with_capacity(rows.len());
    // The last source of which no edge lies behind the first row.
    let nodes = network.accounts().len();
    let (mut low, mut high) = (0, nodes);
    while low < high {
        let middle = low.midpoint(high);
        if before(middle + 1) <= rows.start { low = middle + 1 } else { high = middle }
    }
    let mut row = if low < nodes { before(low) } else { 0 };
    let mut own: Vec<(NodeId, u32, usize)> = Vec::new();
    for source in (low..nodes).map(NodeId::new) {
        if row >= rows.end {
            break;
        }
        own.clear();
        for (number, layer) in layers.iter().enumerate() {
            own.extend(layer.edges().range(source).map(|at| (layer.edges().targets()[at], number as u32, at)));
        }
        if layers.len() > 1 {
            own.sort_unstable();
        }
        for &(target, layer, at) in &own {
            if rows.contains(&row) {
                values.push(value(&layers[layer as usize], Edge { source, target, layer, at }));
            }
            row += 1;
        }
    }
    values
}

fn communities(computed: &Computed, keys: &Arc<Vec<String>>) -> Table {
    let role = |number: u32| computed.roles.as_ref().map(|roles| roles.names()[number as usize].clone());
    let rows: Vec<_> = computed
        .communities
        .iter()
        .flat_map(|described| described.communities.iter().map(|community| (described.relation.clone(), community)))
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
            real("dominant_role_ratio", |community| community.dominant_role_ratio),
            top,
        ]
        .into_iter()
        .chain(community_lists(computed, keys))
        .collect(),
    )
}

/// Lists that say more of communities: highest members by other metrics, words of bios, countries; those that some relation has.
fn community_lists(computed: &Computed, keys: &Arc<Vec<String>>) -> Vec<Column> {
    let all = &computed.communities;
    let per_community = |of: &dyn Fn(&Described, usize) -> Vec<String>| -> Vec<Vec<String>> {
        all.iter().flat_map(|described| (0..described.communities.len()).map(|at| of(described, at))).collect()
    };
    let mut columns = Vec::new();
    let mut metrics: Vec<&'static str> = all.iter().flat_map(|described| described.top_by.iter().map(|top| top.0)).collect();
    metrics.sort_unstable();
    metrics.dedup();
    for metric in metrics {
        let of = |described: &Described, at: usize| {
            let known = described.top_by.iter().find(|top| top.0 == metric);
            known.map_or_else(Vec::new, |top| top.1[at].iter().map(|node| keys[node.row()].clone()).collect())
        };
        columns.push(Column::new(format!("top_by_{metric}"), ColumnData::Lists(per_community(&of))));
    }
    for (name, pick) in [
        ("words", (|described| described.words.as_ref()) as fn(&Described) -> Option<&Vec<Vec<String>>>),
        ("countries", |described| described.countries.as_ref()),
    ] {
        if all.iter().any(|described| pick(described).is_some()) {
            let of = |described: &Described, at: usize| pick(described).map_or_else(Vec::new, |lists| lists[at].clone());
            columns.push(Column::new(name, ColumnData::Lists(per_community(&of))));
        }
    }
    columns
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

fn network(computed: &Computed) -> Table {
    let mut rows: Vec<_> = computed.network.iter().collect();
    rows.sort_by(|a, b| (a.relation != ALL, &a.relation, &a.metric).cmp(&(b.relation != ALL, &b.relation, &b.metric)));
    let words = |pick: fn(&crate::compute::NetworkRow) -> String| ColumnData::Words(rows.iter().map(|row| pick(row)).collect());
    let mut of_nulls = Vec::new();
    let has_nulls = rows.iter().any(|row| row.nulls.is_some());
    if has_nulls || rows.iter().any(|row| !row.error.is_nan()) {
        of_nulls.extend(intervals(&rows.iter().map(|row| (row.value, row.error)).collect::<Vec<_>>()));
    }
    if has_nulls {
        let models = rows.iter().map(|row| Some(row.nulls.as_ref()?.model.as_str().to_owned())).collect();
        of_nulls.push(Column::new("null_model", ColumnData::Text(models)));
        of_nulls.extend(comparisons(rows.iter().map(|row| row.nulls.as_ref()?.comparison.as_ref())));
    }
    Table::new(
        "network",
        vec![
            Column::new("relation", words(|row| row.relation.clone())),
            Column::new("metric", words(|row| row.metric.clone())),
            Column::new("parameters", words(|row| row.parameters.clone())),
            Column::new("value", ColumnData::Real(rows.iter().map(|row| row.value).collect())),
        ]
        .into_iter()
        .chain(of_nulls)
        .collect(),
    )
}

fn timeline(computed: &Computed) -> Table {
    let rows = &computed.timeline;
    let words = |pick: fn(&crate::timeline::TimelineRow) -> String| ColumnData::Words(rows.iter().map(pick).collect());
    Table::new(
        "timeline",
        vec![
            Column::new("window_start", ColumnData::Time(rows.iter().map(|row| Some(row.start)).collect())),
            Column::new("window_end", ColumnData::Time(rows.iter().map(|row| Some(row.end)).collect())),
            Column::new("relation", words(|row| row.relation.clone())),
            Column::new("metric", words(|row| row.metric.clone())),
            Column::new("group", ColumnData::Text(rows.iter().map(|row| row.group.clone()).collect())),
            Column::new("value", ColumnData::Real(rows.iter().map(|row| row.value).collect())),
        ],
    )
}

fn resolutions(profile: &Profile) -> Table {
    let points = &profile.points;
    let real = |name: &str, pick: fn(&Point) -> f64| Column::new(name, ColumnData::Real(points.iter().map(pick).collect()));
    let whole = |name: &str, pick: fn(&Point) -> u32| Column::new(name, ColumnData::U32(points.iter().map(pick).collect()));
    let is_part = |at: usize| profile.plateau.is_some_and(|(first, last)| (first..=last).contains(&at));
    let mut resolution = real("resolution", |point| point.resolution);
    resolution.metadata.clone_from(&profile.metadata);
    Table::new(
        resolutions::NAME,
        vec![
            resolution,
            whole("communities", |point| point.communities),
            whole("alone", |point| point.alone),
            real("modularity", |point| point.modularity),
            real("quality", |point| point.quality),
            real("variation", |point| point.variation),
            real("variation_normalised", |point| point.variation_normalised),
            real("ami", |point| point.ami),
            Column::new("plateau", ColumnData::Truth((0..points.len()).map(|at| Some(is_part(at))).collect())),
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

    fn words(values: &[&str]) -> Vec<Option<String>> {
        values.iter().map(|value| (!value.is_empty()).then(|| (*value).to_owned())).collect()
    }

    fn texts(values: &[&str]) -> Texts {
        Texts::from_options(words(values))
    }

    #[test]
    fn columns_of_users_take_the_narrowest_type_that_loses_nothing() {
        assert_eq!(typed(&texts(&["1", "", "-3"])), ColumnData::I64(vec![Some(1), None, Some(-3)]));
        assert_eq!(typed(&texts(&["1.0", "2"])), ColumnData::Real(vec![1.0, 2.0]));
        assert_eq!(typed(&texts(&["true", ""])), ColumnData::Truth(vec![Some(true), None]));
        for given in [["007", "1"], ["x", "1"], ["nan", "1"], ["00.5", "1"], ["+1.5", "2"]] {
            assert_eq!(typed(&texts(&given)), ColumnData::Text(words(&given)), "{given:?}");
        }
        assert_eq!(typed(&texts(&["", ""])), ColumnData::Text(vec![None, None]));
    }
}
