//! The short summary of a run, for people and for `--json`.

use crate::Study;
use crate::compute::Computed;
use crate::resolutions::{Point, Profile};
use echogram_analytics::Values;
use echogram_analytics::centrality::community_confidence;
use echogram_graph::{Grouping, NodeId, Texts};
use echogram_ingest::{Ingested, period};
use echogram_store::{Manifest, QualityEntry, StageEntry};
use serde::Serialize;

/// Accounts and communities shown.
const SHOWN: usize = 10;

/// What was read, rejected and found, and where it lies.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// The study's name.
    pub study: Option<String>,
    /// The run folder.
    pub output: String,
    /// Files read.
    pub inputs: usize,
    /// Rows or records read.
    pub rows: u64,
    /// Rows rejected.
    pub rejected: u64,
    /// Rejections by input, line, field and reason: the first few.
    pub first_rejected: Vec<String>,
    /// Posts read, each counted once.
    pub posts: u64,
    /// Posts that stood on more than one page.
    pub repeated_posts: u64,
    /// Accounts.
    pub accounts: u64,
    /// Accounts without a tie to another.
    pub isolates: u64,
    /// Accounts whose role is unknown.
    pub unknown_roles: u64,
    /// Accounts of unknown scale.
    pub unknown_scale: u64,
    /// Accounts of unknown use.
    pub unknown_use: u64,
    /// Accounts that no profile describes.
    pub without_profile: u64,
    /// Distinct edges over all relations.
    pub edges: u64,
    /// Distinct edges between different accounts, all relations merged.
    pub merged_edges: u64,
    /// Self-loops.
    pub self_loops: u64,
    /// Whether edges have a direction.
    pub directed: bool,
    /// By relation.
    pub relations: Vec<RelationLine>,
    /// Accounts by role, most frequent first.
    pub roles: Vec<(String, u64)>,
    /// The largest communities.
    pub communities: Vec<CommunityLine>,
    /// Number of communities.
    pub community_count: usize,
    /// Groups on each level below the communities, coarse to fine, if levels were asked for.
    pub levels: Vec<usize>,
    /// Communities over resolutions, if asked for.
    pub resolutions: Option<ResolutionsLine>,
    /// Accounts that swing between communities, if their confidence was asked for.
    pub swing: Option<SwingLine>,
    /// Metric by which accounts are ranked below.
    pub ranked_by: Option<String>,
    /// The ten highest accounts.
    pub top: Vec<RankedAccount>,
    /// What `--sides` named, with the accounts on each side, largest first.
    pub sides: Option<(String, Vec<(String, u64)>)>,
    /// Accounts without a side.
    pub without_side: u64,
    /// Echo scores of the whole network: (score, value).
    pub echo: Vec<(String, Option<f64>)>,
    /// What null models say of these scores, and of the modularity of communities.
    pub nulls: Vec<NullLine>,
    /// Values of the whole network: (metric, value).
    pub network: Vec<(String, Option<f64>)>,
    /// Ties before this moment were left out.
    pub from: Option<String>,
    /// Ties from this moment on were left out.
    pub to: Option<String>,
    /// Windows of time, if any were asked for.
    pub windows: usize,
    /// What is weak in the data.
    pub quality: Vec<QualityEntry>,
    /// What a reader should know.
    pub warnings: Vec<String>,
    /// What was guessed or passed over.
    pub notes: Vec<String>,
    /// Seconds by stage.
    pub stages: Vec<StageEntry>,
}

/// One relation.
#[derive(Clone, Debug, Serialize)]
pub struct RelationLine {
    /// Its name.
    pub relation: String,
    /// Its distinct edges.
    pub edges: u64,
}

/// One community.
#[derive(Clone, Debug, Serialize)]
pub struct CommunityLine {
    /// Its label.
    pub community: u32,
    /// Members.
    pub accounts: u32,
    /// Most frequent role.
    pub dominant_role: Option<String>,
    /// E-I index.
    pub ei_index: Option<f64>,
    /// Its highest accounts.
    pub top_accounts: Vec<String>,
}

/// Communities over resolutions. Those of one account are not counted.
#[derive(Clone, Debug, Serialize)]
pub struct ResolutionsLine {
    /// The lowest resolution.
    pub lowest: f64,
    /// Communities there.
    pub at_lowest: u32,
    /// The highest resolution.
    pub highest: f64,
    /// Communities there.
    pub at_highest: u32,
    /// Number of resolutions.
    pub points: usize,
    /// The longest stretch over which communities stay; absent if each step changes them.
    pub plateau: Option<PlateauLine>,
}

/// Resolutions over which communities stay.
#[derive(Clone, Debug, Serialize)]
pub struct PlateauLine {
    /// The lowest of them.
    pub from: f64,
    /// The highest.
    pub to: f64,
    /// Communities at the lowest.
    pub communities_from: u32,
    /// Communities at the highest.
    pub communities_to: u32,
}

impl ResolutionsLine {
    fn of(profile: &Profile) -> Option<Self> {
        let (first, last) = (profile.points.first()?, profile.points.last()?);
        let several = |point: &Point| point.communities - point.alone;
        Some(Self {
            lowest: first.resolution,
            at_lowest: several(first),
            highest: last.resolution,
            at_highest: several(last),
            points: profile.points.len(),
            plateau: profile.plateau.map(|(from, to)| PlateauLine {
                from: profile.points[from].resolution,
                to: profile.points[to].resolution,
                communities_from: several(&profile.points[from]),
                communities_to: several(&profile.points[to]),
            }),
        })
    }
}

/// Accounts that meet less than `below` of their community when ties are dropped at random.
#[derive(Clone, Debug, Serialize)]
pub struct SwingLine {
    /// How many they are.
    pub accounts: usize,
    /// Among how many that have company in their community.
    pub of: usize,
    /// Their confidence is below this.
    pub below: f64,
    /// The least sure accounts and their confidence, by handle or key; they may be above.
    pub lowest: Vec<(String, f64)>,
}

/// A score beside a null model.
#[derive(Clone, Debug, Serialize)]
pub struct NullLine {
    /// The score.
    pub score: String,
    /// The null model.
    pub model: &'static str,
    /// The score's value minus the mean of the replicates.
    pub effect: f64,
    /// 95 % interval of the effect.
    pub ci_low: f64,
    /// Its other end.
    pub ci_high: f64,
    /// Mean of the replicates.
    pub null_mean: f64,
    /// Their standard deviation; null for one.
    pub null_sd: f64,
    /// One-sided, towards the chamber.
    pub p: f64,
    /// Replicates.
    pub replicates: u32,
}

/// What null models say of the scores of the whole network.
fn null_lines(computed: &Computed) -> Vec<NullLine> {
    let echo =
        computed.echo.iter().filter(|row| row.group.is_none()).flat_map(|row| row.nulls.iter().map(|nulls| (&row.score, nulls)));
    let network = computed.network.iter().filter_map(|row| Some((&row.metric, row.nulls.as_ref()?)));
    let line = |(score, nulls): (&String, &std::sync::Arc<crate::nulls::Nulls>)| {
        let found = nulls.comparison?;
        Some(NullLine {
            score: score.clone(),
            model: nulls.model.as_str(),
            effect: found.effect,
            ci_low: found.interval.0,
            ci_high: found.interval.1,
            null_mean: found.null_mean,
            null_sd: found.null_sd,
            p: found.p,
            replicates: found.replicates,
        })
    };
    echo.filter_map(line).chain(network.filter_map(line)).collect()
}

/// One account of a ranking.
#[derive(Clone, Debug, Serialize)]
pub struct RankedAccount {
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
    pub community: Option<u32>,
    /// Value of the ranking's metric.
    pub value: f64,
}

impl Summary {
    pub(crate) fn new(study: &Study, ingested: &Ingested, computed: &Computed, manifest: &Manifest) -> Self {
        let known = &ingested.accounts;
        let key = |node: NodeId| ingested.network.accounts().key(node).into_owned();
        let shown = |node: NodeId| known.handle.get(node.row()).cloned().unwrap_or_else(|| key(node));
        let unknown = |texts: &Texts| (texts.len() - texts.known()) as u64;
        let finite = |value: f64| (!value.is_nan()).then_some(value);
        let by_size = |groups: &Grouping| {
            let mut sizes: Vec<(String, u64)> =
                groups.names().iter().cloned().zip(groups.sizes().into_iter().map(u64::from)).collect();
            sizes.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            sizes
        };
        let roles = computed.roles.as_ref().map(by_size).unwrap_or_default();
        let sides = computed.sides.as_ref().map(|(word, sides)| (word.clone(), by_size(sides)));
        let with_side: u64 = sides.iter().flat_map(|(_, sizes)| sizes).map(|side| side.1).sum();
        let communities = computed.communities.first().map_or(&[][..], |described| &described.communities);
        let lines = communities.iter().take(SHOWN).map(|community| CommunityLine {
            community: community.community,
            accounts: community.accounts,
            dominant_role: community.dominant_role.and_then(|role| Some(computed.roles.as_ref()?.names()[role as usize].clone())),
            ei_index: finite(community.ei_index),
            top_accounts: community.top.iter().map(|&node| shown(node)).collect(),
        });
        let (ranked_by, top) = ranking(computed);
        let labels = match computed.column("community") {
            Some(Values::Whole(labels)) => Some(labels),
            _ => None,
        };
        let top = top.into_iter().enumerate().map(|(place, (node, value))| RankedAccount {
            rank: place + 1,
            account: key(node),
            handle: known.handle.get(node.row()).cloned(),
            name: known.name.get(node.row()).cloned(),
            role: known.role.get(node.row()).cloned(),
            community: labels.map(|labels| labels[node.row()]),
            value,
        });
        Self {
            study: study.name.clone(),
            output: study.output.display().to_string(),
            inputs: ingested.inputs.len(),
            rows: ingested.inputs.iter().map(|input| input.rows).sum(),
            rejected: ingested.rejected,
            first_rejected: ingested
                .rejections
                .iter()
                .take(3)
                .map(|(input, rejection)| format!("{input}, line {}, {}: {}", rejection.line, rejection.field, rejection.reason))
                .collect(),
            posts: ingested.facts.posts,
            repeated_posts: ingested.facts.repeated_posts,
            accounts: manifest.graph.accounts,
            isolates: computed.isolates,
            unknown_roles: unknown(&known.role),
            unknown_scale: unknown(&known.scale),
            unknown_use: unknown(&known.usage),
            without_profile: known.without_profile,
            edges: manifest.graph.edges,
            merged_edges: computed.merged_edges,
            self_loops: manifest.graph.self_loops,
            directed: manifest.graph.directed,
            relations: manifest
                .graph
                .relations
                .iter()
                .map(|(relation, &edges)| RelationLine { relation: relation.clone(), edges })
                .collect(),
            roles,
            communities: lines.collect(),
            community_count: communities.len(),
            levels: computed.levels.clone(),
            resolutions: computed.profile.as_ref().and_then(ResolutionsLine::of),
            swing: swing(computed, &shown),
            ranked_by,
            without_side: sides.as_ref().map_or(0, |_| manifest.graph.accounts - with_side),
            sides,
            top: top.collect(),
            echo: computed
                .echo
                .iter()
                .filter(|row| row.group.is_none())
                .map(|row| (row.score.clone(), finite(row.value)))
                .collect(),
            nulls: null_lines(computed),
            network: computed.network.iter().map(|row| (row.metric.clone(), finite(row.value))).collect(),
            from: study.period.from.map(period::shown),
            to: study.period.to.map(period::shown),
            windows: ingested.windows.len(),
            quality: manifest.quality.clone(),
            warnings: manifest.warnings.clone(),
            notes: manifest.notes.clone(),
            stages: manifest.stages.clone(),
        }
    }
}

/// The accounts whose community is least sure.
fn swing(computed: &Computed, shown: &dyn Fn(NodeId) -> String) -> Option<SwingLine> {
    let Some(Values::Real(confidence)) = computed.column(community_confidence::SPEC.name) else { return None };
    let mut order: Vec<usize> = (0..confidence.len()).filter(|&row| !confidence[row].is_nan()).collect();
    order.sort_by(|&a, &b| confidence[a].total_cmp(&confidence[b]).then(a.cmp(&b)));
    Some(SwingLine {
        accounts: community_confidence::swing_accounts(confidence, community_confidence::SWING_BELOW).len(),
        of: order.len(),
        below: community_confidence::SWING_BELOW,
        lowest: order.iter().take(SHOWN).map(|&row| (shown(NodeId::new(row)), confidence[row])).collect(),
    })
}

/// The highest accounts by pagerank, or else by the first metric that is a score.
fn ranking(computed: &Computed) -> (Option<String>, Vec<(NodeId, f64)>) {
    let is_label = |name: &str| name.starts_with("community") || name.starts_with("component");
    let column = computed.columns.iter().find(|column| column.name == "pagerank").or_else(|| {
        computed.columns.iter().find(|column| !is_label(&column.name) && !matches!(column.values, Values::Words { .. }))
    });
    let Some(column) = column else { return (None, Vec::new()) };
    let values: Vec<f64> = match &column.values {
        Values::Real(values) => values.clone(),
        Values::Whole(values) => values.iter().map(|&value| f64::from(value)).collect(),
        Values::Words { .. } => return (None, Vec::new()),
    };
    let mut order: Vec<usize> = (0..values.len()).filter(|&row| !values[row].is_nan()).collect();
    order.sort_by(|&a, &b| values[b].total_cmp(&values[a]).then(a.cmp(&b)));
    (Some(column.name.clone()), order.into_iter().take(SHOWN).map(|row| (NodeId::new(row), values[row])).collect())
}
