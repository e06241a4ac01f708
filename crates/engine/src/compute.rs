//! The planned metrics, one after the other, each on its graph and with what it needs.

use crate::graphs::Graphs;
use crate::groups::{Described, Mixing, describe_groups};
use crate::nulls::{self, MANY_EDGES, Nulls};
use crate::resolutions::{self, Profile};
use crate::robustness;
use crate::scorer::scored;
use crate::sensitivity::{self, SensitivityRow};
use crate::sides::{SidesWord, halves, sides};
use crate::timeline::{TimelineRow, timeline};
use crate::watcher::Clock;
use crate::{EngineError, Study, levels};
use echogram_analytics::echo::leaning_correlation::{self, Cell};
use echogram_analytics::registry::{self, Plan, Request, Variant};
use echogram_analytics::{Input, Kind, Need, Outcome, Run, Shape, Stop, Values, Weights};
use echogram_graph::{Grouping, NodeId, Partition};
use echogram_ingest::Ingested;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The relation's name for all of them merged.
pub(crate) const ALL: &str = "all";

/// A column of `accounts.parquet`.
pub(crate) struct AccountColumn {
    pub(crate) name: String,
    pub(crate) values: Values,
    pub(crate) metadata: BTreeMap<String, String>,
}

/// A row of `network.parquet`.
pub(crate) struct NetworkRow {
    pub(crate) relation: String,
    pub(crate) metric: String,
    pub(crate) parameters: String,
    pub(crate) value: f64,
    /// Standard error; NaN where it is not known.
    pub(crate) error: f64,
    pub(crate) nulls: Option<Arc<Nulls>>,
}

/// What stands in the place of sides at scores that are about leanings.
pub(crate) const LEANING: &str = "leaning";
/// Why metrics of leanings are undefined.
const NO_LEANING: &str = "no account has a leaning: give an account file with a column `leaning` of numbers";

/// A score of `echo.parquet`: a row for each null model, or one without.
#[derive(Clone)]
pub(crate) struct EchoRow {
    /// Whether it is about leanings, not about sides.
    pub(crate) is_of_leanings: bool,
    pub(crate) relation: String,
    pub(crate) group: Option<String>,
    pub(crate) score: String,
    pub(crate) parameters: String,
    pub(crate) chamber: &'static str,
    pub(crate) value: f64,
    /// The value as a network of a null model would have it.
    pub(crate) as_replicate: f64,
    /// Standard error; NaN where it is not known.
    pub(crate) error: f64,
    pub(crate) accounts_left_out: u32,
    pub(crate) nulls: Vec<Arc<Nulls>>,
}

/// Rows of `leaning_density.parquet` for one relation and one variant of the score.
pub(crate) struct LeaningDensity {
    pub(crate) relation: String,
    pub(crate) score: String,
    pub(crate) cells: Vec<Cell>,
}

/// All results, in memory.
#[derive(Default)]
pub(crate) struct Computed {
    pub(crate) columns: Vec<AccountColumn>,
    pub(crate) network: Vec<NetworkRow>,
    pub(crate) echo: Vec<EchoRow>,
    pub(crate) sensitivity: Vec<SensitivityRow>,
    /// Communities by relation.
    pub(crate) communities: Vec<Described>,
    pub(crate) ranked_by: &'static str,
    pub(crate) mixing: Vec<Mixing>,
    pub(crate) roles: Option<Grouping>,
    pub(crate) sides: Option<(String, Grouping)>,
    /// Sides that were found in one relation alone, for its echo scores.
    pub(crate) own_sides: BTreeMap<String, Grouping>,
    /// Accounts of `--near`, ascending.
    pub(crate) near: Option<Vec<NodeId>>,
    /// Leanings by row, NaN where unknown; absent where none is known.
    pub(crate) leanings: Option<Vec<f64>>,
    pub(crate) leaning_densities: Vec<LeaningDensity>,
    pub(crate) isolates: u64,
    pub(crate) merged_edges: u64,
    pub(crate) timeline: Vec<TimelineRow>,
    /// Groups on each level below the communities of the first variant asked for, coarse to fine.
    pub(crate) levels: Vec<usize>,
    /// Communities over resolutions.
    pub(crate) profile: Option<Profile>,
    pub(crate) warnings: Vec<String>,
    /// What was found on the way and a reader may want to know.
    pub(crate) notes: Vec<String>,
    /// Names asked for: whether any metric of that name is defined somewhere, and why not.
    asked: BTreeMap<String, (bool, &'static str)>,
}

/// Names of result columns, which no column of a user's file may take.
pub(crate) fn reserved_columns() -> BTreeSet<String> {
    let ours = ["role_evidence", "side", "community", "community_confidence", "stage"];
    let metrics = registry::all().filter(|spec| spec.kind == Kind::Account).flat_map(|spec| spec.columns.iter().copied());
    ours.into_iter().chain(metrics).map(str::to_owned).chain(levels::reserved_columns()).collect()
}

/// Computes all that is planned.
pub(crate) fn compute(study: &Study, plan: &Plan, ingested: &Ingested, clock: &mut Clock<'_>) -> Result<Computed, EngineError> {
    let mut plan = plan.clone();
    let sides_are_communities = study.sides.as_deref().map(SidesWord::parse) == Some(SidesWord::Community);
    if sides_are_communities {
        plan.require_communities();
    }
    check_relations(&plan, ingested)?;
    let mut graphs = Graphs::of(study, &ingested.network, clock.watch());
    let mut computed =
        Computed { roles: Some(ingested.accounts.roles()).filter(|roles| roles.count() > 0), ..Computed::default() };
    computed.near = near(study, ingested)?;
    let leanings = &ingested.accounts.leaning;
    computed.leanings = (leanings.known() > 0).then(|| leanings.iter().map(|known| known.copied().unwrap_or(f64::NAN)).collect());
    leave_out_unknown(&mut plan, &computed)?;
    let plan = plan;
    let no_roles = ingested.accounts.roles();
    let mut partitions: BTreeMap<Variant, Arc<Partition>> = BTreeMap::new();
    if let Some(word) = study.sides.as_deref().filter(|word| !SidesWord::parse(word).is_found()) {
        computed.sides = Some((word.to_owned(), sides(word, &ingested.accounts, None)?));
    }
    clock.add_to("build", || {
        let merged = graphs.get(None, Shape::Directed, true).expect("all relations always merge");
        computed.merged_edges = merged.edge_count();
        computed.isolates = echogram_analytics::network::isolates::isolates(&merged) as u64;
        Ok(())
    })?;
    if let Some(word) = study.sides.as_deref().filter(|word| SidesWord::parse(word) == SidesWord::Cut) {
        computed.sides = Some((word.to_owned(), halves(study, None, &mut graphs, clock)?));
        for relation in plan.relations_of_sides().into_iter().flatten() {
            let own = halves(study, Some(&relation), &mut graphs, clock)?;
            computed.own_sides.insert(relation, own);
        }
    }
    for request in plan.requests() {
        if request.spec.needs.contains(&Need::Sides) && computed.sides.is_none() {
            let word = study.sides.as_deref().unwrap_or_default();
            let communities = partitions.get(&Variant::PLAIN).map(Arc::as_ref);
            computed.sides = Some((word.to_owned(), sides(word, &ingested.accounts, communities)?));
        }
        let outcome = compute_one(study, request, &mut graphs, &partitions, &computed, &no_roles, clock)?;
        if let Some(partition) = &outcome.partition
            && request.spec.name == "community"
        {
            partitions.insert(request.variant.clone(), Arc::clone(partition));
            let is_plain = !request.variant.weighted && !request.variant.other_shape;
            if let Some(relation) = request.variant.relation.clone().filter(|_| is_plain && sides_are_communities) {
                computed.own_sides.insert(relation, Grouping::from_partition(partition));
            }
        }
        if study.levels {
            levels::add(request, &outcome, &mut computed);
        }
        computed.take(request, outcome);
    }
    if let Some((metric, (_, why))) = computed.asked.iter().find(|(_, (is_defined, _))| !is_defined) {
        return Err(EngineError::Undefined { metric: metric.clone(), why });
    }
    if computed.sides.is_none()
        && let Some(word) = study.sides.as_deref()
    {
        let communities = partitions.get(&Variant::PLAIN).map(Arc::as_ref);
        computed.sides = Some((word.to_owned(), sides(word, &ingested.accounts, communities)?));
    }
    // Standard errors first: intervals of effects hold them.
    robustness::add(study, &plan, &mut graphs, &mut computed, clock)?;
    computed.profile = resolutions::profile(study, &mut graphs, clock)?;
    computed.leaning_densities = leaning_densities(&plan, &computed, &mut graphs);
    nulls::add(study, &plan, &mut graphs, &mut computed, clock)?;
    computed.timeline = timeline(study, &plan, ingested, &computed, clock)?;
    let windows = sensitivity::windows(&computed);
    computed.sensitivity.extend(windows);
    clock.add_to("write", || {
        describe_groups(&plan, ingested, &mut graphs, &partitions, &mut computed);
        Ok(())
    })?;
    Ok(computed)
}

/// The joint densities of leanings, beside each score of them.
fn leaning_densities(plan: &Plan, computed: &Computed, graphs: &mut Graphs<'_>) -> Vec<LeaningDensity> {
    let (Some(leanings), spec) = (&computed.leanings, &leaning_correlation::SPEC) else { return Vec::new() };
    let requests = plan.requests().iter().filter(|request| request.spec == spec);
    let density = |request: &Request| {
        let variant = &request.variant;
        let graph = graphs.get(variant.relation.as_deref(), variant.shape(spec), variant.weighted)?;
        let pairs = leaning_correlation::pairs(&graph, leanings, &Run::default()).ok()?;
        let relation = variant.relation.clone().unwrap_or_else(|| ALL.to_owned());
        let cells = leaning_correlation::density(&pairs);
        Some(LeaningDensity { relation, score: variant.score(spec, spec.name), cells })
    };
    requests.filter_map(density).collect()
}

/// Takes out of the plan what sets hold and needs leanings or, for scores, roles that nobody has. What was named is an error: at once for leanings, as nothing could be computed.
fn leave_out_unknown(plan: &mut Plan, computed: &Computed) -> Result<(), EngineError> {
    let (no_leanings, no_roles) = (computed.leanings.is_none(), computed.roles.is_none());
    plan.leave_out(|spec| {
        let needs = |need| spec.needs.contains(&need);
        (no_leanings && needs(Need::Leanings)) || (no_roles && spec.kind == Kind::Echo && needs(Need::Roles))
    });
    let of_leanings = plan.requests().iter().find(|request| request.spec.needs.contains(&Need::Leanings));
    match of_leanings {
        Some(request) if no_leanings => {
            Err(EngineError::Undefined { metric: request.variant.column(request.spec, request.spec.name), why: NO_LEANING })
        }
        _ => Ok(()),
    }
}

/// The accounts of `--near`, by key or handle.
fn near(study: &Study, ingested: &Ingested) -> Result<Option<Vec<NodeId>>, EngineError> {
    if study.near.is_empty() {
        return Ok(None);
    }
    let handles = &ingested.accounts.handle;
    let found = study.near.iter().map(|word| {
        let by_handle = || (0..handles.len()).find(|&row| handles.get(row).is_some_and(|handle| handle == word)).map(NodeId::new);
        ingested
            .network
            .accounts()
            .find(word)
            .or_else(by_handle)
            .ok_or_else(|| EngineError::NoSuchAccount { account: word.clone() })
    });
    let mut nodes = found.collect::<Result<Vec<NodeId>, EngineError>>()?;
    nodes.sort_unstable();
    nodes.dedup();
    Ok(Some(nodes))
}

fn check_relations(plan: &Plan, ingested: &Ingested) -> Result<(), EngineError> {
    for request in plan.requests() {
        if let Some(relation) = &request.variant.relation
            && ingested.network.layer(relation).is_none()
        {
            let present: Vec<&str> = ingested.network.layers().iter().map(echogram_graph::Layer::name).collect();
            return Err(EngineError::NoSuchRelation {
                metric: request.spec.name.to_owned(),
                relation: relation.clone(),
                present: present.join(", "),
            });
        }
    }
    Ok(())
}

fn compute_one(
    study: &Study,
    request: &Request,
    graphs: &mut Graphs<'_>,
    partitions: &BTreeMap<Variant, Arc<Partition>>,
    computed: &Computed,
    no_roles: &Grouping,
    clock: &mut Clock<'_>,
) -> Result<Outcome, EngineError> {
    let (spec, variant) = (request.spec, &request.variant);
    let weighted = variant.weighted || spec.weights == Weights::Always;
    let graph = clock.add_to("build", || Ok(graphs.get(variant.relation.as_deref(), variant.shape(spec), weighted)))?;
    let graph = graph.expect("relations were checked before");
    let memo = graphs.memo(variant.relation.as_deref(), variant.shape(spec), weighted);
    let input = Input {
        graph: &graph,
        memo: Some(&memo),
        settings: Some(&study.settings),
        seed: study.seed,
        partition: partitions.get(variant).map(Arc::as_ref),
        roles: Some(computed.roles.as_ref().unwrap_or(no_roles)),
        sides: computed.sides_of(request),
        near: computed.near.as_deref(),
        wants_errors: computed.merged_edges <= MANY_EDGES,
        leanings: computed.leanings.as_deref(),
    };
    let name = variant.column(spec, spec.name);
    let (watcher, cancel) = (clock.watcher, clock.cancel_flag());
    let outcome = clock.time(&name, || {
        let on_step = |done, total| watcher.step(done, total);
        (spec.run)(&input, &Run { on_step: Some(&on_step), cancel: Some(cancel) })
            .map_err(|source| EngineError::of_metric(&name, source))
    })?;
    clock.note_iterations(&name, outcome.iterations);
    Ok(outcome)
}

impl Computed {
    /// The sides that a metric is about: those of its relation for an echo score of found sides, else those of the accounts.
    pub(crate) fn sides_of(&self, request: &Request) -> Option<&Grouping> {
        let relation = request.variant.relation.as_deref().filter(|_| request.spec.kind == Kind::Echo);
        relation.and_then(|relation| self.own_sides.get(relation)).or(self.sides.as_ref().map(|(_, sides)| sides))
    }

    /// Files an outcome's numbers where they go.
    fn take(&mut self, request: &Request, outcome: Outcome) {
        let (spec, variant) = (request.spec, &request.variant);
        let name = variant.column(spec, spec.name);
        let parameters: Vec<String> = outcome.parameters.iter().map(|(key, value)| format!("{key}={value}")).collect();
        if outcome.stop == Some(Stop::IterationLimit) {
            self.warnings.push(format!("`{name}` stopped at its iteration limit; its values are those of the last iteration"));
        }
        if request.is_named {
            let why = match spec.needs {
                [Need::Leanings] => "no account with a leaning follows another that has one, or leanings do not vary",
                [Need::Sides, Need::Roles] => "no account that has a side follows one whose role is known",
                [Need::Sides] => {
                    "no tie joins two accounts that have a side, there is only one side, or no account is of the kind the score looks at (see `echogram metrics`)"
                }
                [Need::Roles] => "no tie joins two accounts whose roles are known, or all have one role",
                _ => "there are no ties, or what is compared does not vary",
            };
            let is_defined = spec.kind == Kind::Account || outcome.scores.iter().any(|score| !score.value.is_nan());
            let entry = self.asked.entry(name.clone()).or_insert((false, why));
            entry.0 |= is_defined;
        }
        let relation = variant.relation.clone().unwrap_or_else(|| ALL.to_owned());
        match spec.kind {
            Kind::Account => {
                for (column, values) in spec.columns.iter().zip(outcome.columns) {
                    if request.columns.contains(column) {
                        let metadata = metadata(request, &relation, &outcome.parameters);
                        self.columns.push(AccountColumn { name: variant.column(spec, column), values, metadata });
                    }
                }
            }
            Kind::Network => {
                for score in outcome.scores {
                    let undefined = format!("`{name}` is not defined on this network");
                    if score.value.is_nan() && self.warnings.last() != Some(&undefined) {
                        self.warnings.push(undefined);
                    }
                    let metric = variant.score(spec, score.name);
                    self.network.push(NetworkRow {
                        relation: relation.clone(),
                        metric,
                        parameters: parameters.join(","),
                        value: score.value,
                        error: score.error,
                        nulls: None,
                    });
                }
            }
            Kind::Echo => {
                for row in scored(request, outcome) {
                    if row.value.is_nan() {
                        let group = row.group.as_deref().map(|group| format!(" for `{group}`")).unwrap_or_default();
                        self.warnings.push(format!("echo score `{name}` is not defined{group}"));
                    }
                    self.echo.push(row);
                }
            }
        }
    }

    /// Values of an account column.
    pub(crate) fn column(&self, name: &str) -> Option<&Values> {
        self.columns.iter().find(|column| column.name == name).map(|column| &column.values)
    }
}

/// What a reader of a column should find beside it.
pub(crate) fn metadata(request: &Request, relation: &str, parameters: &[(&'static str, String)]) -> BTreeMap<String, String> {
    let (spec, variant) = (request.spec, &request.variant);
    let document = spec.document();
    let section = |heading: &str| {
        let body = document.split_once(&format!("# {heading}\n"))?.1;
        Some(body.split("\n#").next()?.trim().replace('\n', " "))
    };
    let graph = if variant.shape(spec) == Shape::Directed { "directed" } else { "simple undirected union" };
    let weights = if variant.weighted || spec.weights == Weights::Always { "counted" } else { "ignored" };
    let mut metadata: BTreeMap<String, String> =
        [("metric", spec.name), ("summary", spec.summary), ("graph", graph), ("weights", weights), ("relation", relation)]
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect();
    metadata.extend(parameters.iter().map(|(key, value)| ((*key).to_owned(), value.clone())));
    for (key, heading) in [("formula", "Formula"), ("conventions", "Conventions"), ("range", "Range and unit")] {
        metadata.extend(section(heading).map(|text| (key.to_owned(), text)));
    }
    metadata
}
