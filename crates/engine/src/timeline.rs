//! The same values for each window of time: how much there was, and the network metrics and scores of sides.

use crate::compute::{ALL, Computed};
use crate::graphs::{Graphs, Watch};
use crate::lineage::Lineage;
use crate::watcher::Clock;
use crate::{EngineError, Study};
use echogram_analytics::registry::{Plan, Variant};
use echogram_analytics::{Input, Kind, Need, Run, Weights};
use echogram_graph::{Layer, Network, NodeId};
use echogram_ingest::{Ingested, TimeWindow};
use std::collections::BTreeSet;

/// A row of `timeline.parquet`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TimelineRow {
    pub(crate) start: i64,
    pub(crate) end: i64,
    pub(crate) relation: String,
    pub(crate) metric: String,
    pub(crate) group: Option<String>,
    /// NaN where it is not defined in this window.
    pub(crate) value: f64,
}

/// Values of all windows. Accounts, roles and sides are those of the whole run; communities are found anew in each window, and matched with those of the window before (`lineage`).
pub(crate) fn timeline(
    study: &Study,
    plan: &Plan,
    ingested: &Ingested,
    computed: &Computed,
    clock: &mut Clock<'_>,
) -> Result<Vec<TimelineRow>, EngineError> {
    if ingested.windows.is_empty() {
        return Ok(Vec::new());
    }
    let watch = clock.watch();
    clock.time("timeline", || {
        let mut rows = Vec::new();
        let mut lineage = Lineage::default();
        let has_communities =
            plan.requests().iter().any(|request| request.spec.name == "community" && request.variant == Variant::PLAIN);
        for window in &ingested.windows {
            rows.extend(amounts(window));
            if has_communities {
                let mut graphs = Graphs::of(study, &window.network, watch);
                rows.extend(lineage.rows(window.start, window.end, study.seed, &mut graphs, watch)?);
            }
            rows.extend(metrics(study, plan, window, computed, watch)?);
        }
        rows.sort_by(|a, b| {
            let key =
                |row: &TimelineRow| (row.start, row.relation != ALL, row.relation.clone(), row.metric.clone(), row.group.clone());
            key(a).cmp(&key(b))
        });
        Ok(rows)
    })
}

/// How much there was in a window: active accounts, edges, events and their weight, over all relations and by each.
fn amounts(window: &TimeWindow) -> Vec<TimelineRow> {
    let layers = window.network.layers();
    let all = std::iter::once((ALL, layers.iter().collect::<Vec<_>>()));
    let by_relation = layers.iter().map(|layer| (layer.name(), vec![layer]));
    let row = |relation: &str, metric: &str, value: f64| TimelineRow {
        start: window.start,
        end: window.end,
        relation: relation.to_owned(),
        metric: metric.to_owned(),
        group: None,
        value,
    };
    all.chain(by_relation)
        .flat_map(|(relation, layers)| {
            let sum = |value: fn(&Layer) -> f64| layers.iter().map(|layer| value(layer)).sum::<f64>();
            [
                row(relation, "accounts", active_accounts(&window.network, &layers) as f64),
                row(relation, "edges", sum(|layer| layer.edge_count() as f64)),
                row(
                    relation,
                    "events",
                    sum(|layer| (0..layer.edges().entry_count()).map(|at| layer.events(at)).sum::<u64>() as f64),
                ),
                row(
                    relation,
                    "weight",
                    sum(|layer| layer.edges().weights().map_or(layer.edge_count() as f64, |weights| weights.iter().sum())),
                ),
            ]
        })
        .collect()
}

fn active_accounts(network: &Network, layers: &[&Layer]) -> usize {
    let mut active = vec![false; network.accounts().len()];
    for layer in layers {
        for source in (0..active.len()).map(NodeId::new) {
            let targets = layer.edges().neighbours(source);
            active[source.row()] |= !targets.is_empty();
            targets.iter().for_each(|target| active[target.row()] = true);
        }
    }
    active.iter().filter(|active| **active).count()
}

/// The planned network metrics and echo scores that a window alone can give.
fn metrics(
    study: &Study,
    plan: &Plan,
    window: &TimeWindow,
    computed: &Computed,
    watch: Watch<'_>,
) -> Result<Vec<TimelineRow>, EngineError> {
    let mut graphs = Graphs::of(study, &window.network, watch);
    let no_roles = echogram_graph::Grouping::from_names::<&str>(&vec![None; window.network.accounts().len()]);
    let mut rows = Vec::new();
    let present: BTreeSet<&str> = window.network.layers().iter().map(Layer::name).collect();
    for request in plan.requests().iter().filter(|request| request.spec.kind != Kind::Account) {
        let (spec, variant) = (request.spec, &request.variant);
        let needs_communities = spec.needs.contains(&Need::Partition);
        if needs_communities || variant.relation.as_deref().is_some_and(|relation| !present.contains(relation)) {
            continue;
        }
        let weighted = variant.weighted || spec.weights == Weights::Always;
        let Some(graph) = graphs.get(variant.relation.as_deref(), variant.shape(spec), weighted) else { continue };
        let memo = graphs.memo(variant.relation.as_deref(), variant.shape(spec), weighted);
        let input = Input {
            graph: &graph,
            memo: Some(&memo),
            settings: Some(&study.settings),
            seed: study.seed,
            partition: None,
            roles: Some(computed.roles.as_ref().unwrap_or(&no_roles)),
            sides: computed.sides_of(request),
            near: computed.near.as_deref(),
            wants_errors: false,
            leanings: computed.leanings.as_deref(),
        };
        let name = variant.column(spec, spec.name);
        let outcome = (spec.run)(&input, &Run { on_step: None, cancel: Some(watch.cancel) })
            .map_err(|source| EngineError::of_metric(&name, source))?;
        rows.extend(outcome.scores.into_iter().map(|score| TimelineRow {
            start: window.start,
            end: window.end,
            relation: variant.relation.clone().unwrap_or_else(|| ALL.to_owned()),
            metric: variant.score(spec, score.name),
            group: score.group,
            value: score.value,
        }));
    }
    Ok(rows)
}
