//! Groups of accounts described: communities, and the ties between roles, communities and sides.

use crate::compute::{ALL, Computed};
use crate::graphs::Graphs;
use echogram_analytics::describe::words::distinctive_words;
use echogram_analytics::describe::{self, Community};
use echogram_analytics::echo::mixing::GroupTies;
use echogram_analytics::registry::{Plan, Variant};
use echogram_analytics::{Shape, Values};
use echogram_graph::{Grouping, NodeId, Partition};
use echogram_ingest::Ingested;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Groups beyond this many are put together in tables of ties between groups.
const MOST_MIXED: usize = 100;
/// The group of those put together.
const REST: &str = "rest";

/// The communities of one relation; each list has an entry per community.
pub(crate) struct Described {
    pub(crate) relation: String,
    pub(crate) communities: Vec<Community>,
    /// Highest members by other metrics that were computed.
    pub(crate) top_by: Vec<(&'static str, Vec<Vec<NodeId>>)>,
    /// Words of bios that set it apart; absent where no bio is known.
    pub(crate) words: Option<Vec<Vec<String>>>,
    /// Most frequent countries; absent where none is known.
    pub(crate) countries: Option<Vec<Vec<String>>>,
}

/// Metrics by which the highest members of a community are named, where they were computed.
const TOP_BY: &[&str] = &["authority", "betweenness", "in_degree"];
/// Words named for a community.
const WORDS: usize = 10;
/// Countries named for a community.
const COUNTRIES: usize = 3;

/// What is known of the members of communities beside their ties.
fn described(
    relation: Option<&str>,
    communities: Vec<Community>,
    partition: &Partition,
    ingested: &Ingested,
    computed: &Computed,
) -> Described {
    let members = describe::members(partition);
    let top_by = TOP_BY.iter().filter_map(|&metric| {
        let name = relation.map_or_else(|| metric.to_owned(), |relation| format!("{metric}@{relation}"));
        let rank: Vec<f64> = match computed.column(&name)? {
            Values::Real(values) => values.clone(),
            Values::Whole(values) => values.iter().map(|&value| f64::from(value)).collect(),
            Values::Words { .. } => return None,
        };
        Some((metric, members.iter().map(|members| describe::top(members, &rank)).collect()))
    });
    let (bios, countries) = (&ingested.accounts.bio, &ingested.accounts.country);
    let label = |row: usize| partition.of(NodeId::new(row)) as usize;
    let words = (bios.known() > 0).then(|| {
        let texts = bios.iter().enumerate().filter_map(|(row, bio)| Some((label(row), bio?.as_str())));
        distinctive_words(partition.count(), texts, WORDS)
    });
    let countries = (countries.known() > 0).then(|| {
        let mut counts: Vec<BTreeMap<&str, usize>> = vec![BTreeMap::new(); partition.count()];
        for (row, country) in countries.iter().enumerate() {
            if let Some(country) = country {
                *counts[label(row)].entry(country).or_default() += 1;
            }
        }
        counts
            .into_iter()
            .map(|counts| {
                let mut ranked: Vec<(&str, usize)> = counts.into_iter().collect();
                ranked.sort_by_key(|&(country, count)| (std::cmp::Reverse(count), country));
                ranked.into_iter().take(COUNTRIES).map(|(country, _)| country.to_owned()).collect()
            })
            .collect()
    });
    Described { relation: relation.unwrap_or(ALL).to_owned(), communities, top_by: top_by.collect(), words, countries }
}

/// Rows of `mixing.parquet` for one relation and one way to group.
pub(crate) struct Mixing {
    pub(crate) relation: String,
    pub(crate) by: &'static str,
    pub(crate) names: Vec<String>,
    pub(crate) ties: GroupTies,
}

/// Describes communities, and the ties between roles, communities and sides.
pub(crate) fn describe_groups(
    plan: &Plan,
    ingested: &Ingested,
    graphs: &mut Graphs<'_>,
    partitions: &BTreeMap<Variant, Arc<Partition>>,
    computed: &mut Computed,
) {
    let no_roles = ingested.accounts.roles();
    let roles = computed.roles.clone().unwrap_or(no_roles);
    for request in plan.requests().iter().filter(|request| request.spec.name == "community" && !request.columns.is_empty()) {
        if request.variant.weighted || request.variant.other_shape {
            continue;
        }
        let relation = request.variant.relation.as_deref();
        let Some(partition) = partitions.get(&request.variant) else { continue };
        let (Some(graph), Some(union)) =
            (graphs.get(relation, Shape::Directed, true), graphs.get(relation, Shape::Undirected, false))
        else {
            continue;
        };
        let rank = match computed.column("pagerank") {
            Some(Values::Real(scores)) => ("pagerank", scores.clone()),
            _ => {
                let degree = |row| echogram_graph::GraphView::in_degree(&graph, NodeId::new(row)) as f64;
                ("in_degree", (0..partition.labels().len()).map(degree).collect())
            }
        };
        computed.ranked_by = rank.0;
        let communities = describe::communities(&graph, &union, partition, &roles, &rank.1);
        let described = described(relation, communities, partition, ingested, computed);
        computed.communities.push(described);
    }
    let mut groupings: Vec<(&'static str, Grouping)> = Vec::new();
    groupings.extend(computed.roles.clone().map(|roles| ("role", largest_groups(&roles))));
    if let Some(partition) = partitions.get(&Variant::PLAIN) {
        groupings.push(("community", largest_groups(&Grouping::from_partition(partition))));
    }
    groupings.extend(computed.sides.as_ref().map(|(_, sides)| ("side", largest_groups(sides))));
    let layers = ingested.network.layers();
    let relations =
        std::iter::once(None).chain(layers.iter().filter(|_| layers.len() > 1).map(|layer| Some(layer.name().to_owned())));
    for relation in relations {
        let Some(graph) = graphs.get(relation.as_deref(), Shape::Directed, true) else { continue };
        for (by, groups) in &groupings {
            computed.mixing.push(Mixing {
                relation: relation.clone().unwrap_or_else(|| ALL.to_owned()),
                by,
                names: groups.names().to_vec(),
                ties: GroupTies::count(&graph, groups),
            });
        }
    }
}

/// The same groups if they are few; else the largest, and all others together as `rest`.
fn largest_groups(groups: &Grouping) -> Grouping {
    if groups.count() <= MOST_MIXED {
        return groups.clone();
    }
    let sizes = groups.sizes();
    let mut order: Vec<usize> = (0..groups.count()).collect();
    order.sort_by_key(|&group| (std::cmp::Reverse(sizes[group]), group));
    let kept: BTreeSet<usize> = order.into_iter().take(MOST_MIXED - 1).collect();
    let names: Vec<Option<&str>> = groups
        .labels()
        .iter()
        .map(|group| {
            group.map(|group| if kept.contains(&(group as usize)) { groups.names()[group as usize].as_str() } else { REST })
        })
        .collect();
    Grouping::from_names(&names)
}
