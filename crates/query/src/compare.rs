//! Two runs held against each other: which accounts came and went, what became of the communities, how far values moved.
//!
//! Accounts are the same where their key is the same. Communities are compared over the accounts that both runs have, and matched over all of
//! them, so that who left or came counts as a change of size.

use crate::QueryError;
use crate::frame::{is_label, number, read, text};
use echogram_analytics::Run;
use echogram_analytics::compare::compare as divisions;
use echogram_analytics::compare::matching::{Params, Transition, transitions};
use echogram_store::RunFolder;
use polars::prelude::DataFrame;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

/// The communities compared unless others are named.
pub const COMMUNITY: &str = "community";
/// Accounts named of those gained and lost.
const NAMED: usize = 10;

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct CompareQuestion {
    /// Column of the communities; `None` = `community`.
    pub column: Option<String>,
}

/// What differs between two runs.
#[derive(Clone, Debug, Serialize)]
pub struct CompareAnswer {
    /// The first run.
    pub a: RunFacts,
    /// The second run.
    pub b: RunFacts,
    /// Accounts that came and went.
    pub accounts: AccountChange,
    /// Column of the communities.
    pub column: String,
    /// How alike the communities are over the accounts that both runs have; absent where they were not compared.
    pub communities: Option<Likeness>,
    /// What counts as the same community.
    pub matching: Matching,
    /// Rows below by fate.
    pub fates: BTreeMap<&'static str, usize>,
    /// What became of each community of the first run, and where those of the second come from.
    pub transitions: Vec<FateRow>,
    /// Metrics of the whole network that both runs have.
    pub network: Vec<NetworkChange>,
    /// Echo scores that both runs have.
    pub echo: Vec<EchoChange>,
    /// What was not compared, and why.
    pub notes: Vec<String>,
}

/// One run in short.
#[derive(Clone, Debug, Serialize)]
pub struct RunFacts {
    /// The run folder.
    pub run: String,
    /// Accounts.
    pub accounts: u64,
    /// Edges.
    pub edges: u64,
    /// Communities, those of one account included; absent where they were not compared.
    pub communities: Option<usize>,
    /// Seed.
    pub seed: u64,
    /// Version of echogram.
    pub version: String,
}

/// Accounts of two runs.
#[derive(Clone, Debug, Serialize)]
pub struct AccountChange {
    /// In both.
    pub both: usize,
    /// In the second only.
    pub gained: usize,
    /// In the first only.
    pub lost: usize,
    /// The first few of those gained, by handle or key.
    pub first_gained: Vec<String>,
    /// The first few of those lost.
    pub first_lost: Vec<String>,
}

/// How alike two divisions are; `null` where undefined.
#[derive(Clone, Debug, Serialize)]
pub struct Likeness {
    /// Accounts compared: those in both runs.
    pub accounts: u32,
    /// Those of them that are alone in their community in both runs.
    pub alone: usize,
    /// Communities of the first run among these.
    pub communities_a: u32,
    /// Communities of the second run among these.
    pub communities_b: u32,
    /// Normalised mutual information, 0 to 1.
    pub nmi: Option<f64>,
    /// Adjusted mutual information, up to 1; 0 = as by chance.
    pub ami: Option<f64>,
    /// Adjusted Rand index, up to 1; 0 = as by chance.
    pub ari: Option<f64>,
    /// Variation of information in nats; 0 = the same.
    pub variation: Option<f64>,
    /// The same as a share of the most possible.
    pub variation_normalised: Option<f64>,
}

/// What counts as the same community.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Matching {
    /// Jaccard of a community and its heir at least.
    pub jaccard: f64,
    /// Share of its members that make a community part of another.
    pub share: f64,
    /// Relative change of size from which on an heir has grown or shrunk.
    pub change: f64,
    /// Members of a community that counts.
    pub members: u32,
}

/// A community of the first run, one of the second, or both.
#[derive(Clone, Debug, Serialize)]
pub struct FateRow {
    /// continued, grown, shrunk, merged, split, born, died.
    pub fate: &'static str,
    /// Community of the first run.
    pub community_a: Option<u32>,
    /// Its accounts.
    pub accounts_a: u32,
    /// Community of the second run.
    pub community_b: Option<u32>,
    /// Its accounts.
    pub accounts_b: u32,
    /// Accounts in both.
    pub both: u32,
    /// Accounts in both / in either.
    pub jaccard: f64,
}

/// A metric of the whole network.
#[derive(Clone, Debug, Serialize)]
pub struct NetworkChange {
    /// Relation.
    pub relation: String,
    /// Metric.
    pub metric: String,
    /// Whether it went by the same parameters in both runs.
    pub same_parameters: bool,
    /// Value in the first run.
    pub a: Option<f64>,
    /// Value in the second run.
    pub b: Option<f64>,
    /// The second minus the first.
    pub difference: Option<f64>,
}

/// An echo score.
#[derive(Clone, Debug, Serialize)]
pub struct EchoChange {
    /// What the sides are.
    pub sides: String,
    /// Relation.
    pub relation: String,
    /// Side or pair of sides; absent for the whole network.
    pub group: Option<String>,
    /// Score.
    pub score: String,
    /// Its parameters in the first run.
    pub parameters: String,
    /// Whether they are those of the second run, too.
    pub same_parameters: bool,
    /// Value in the first run.
    pub a: Option<f64>,
    /// Value in the second run.
    pub b: Option<f64>,
    /// The second minus the first.
    pub difference: Option<f64>,
    /// 95 % interval of the difference, as if the two networks were independent.
    pub difference_ci: Option<(f64, f64)>,
    /// The same beside each null model that both runs have.
    pub effects: Vec<EffectChange>,
}

/// A score beside a null model.
#[derive(Clone, Debug, Serialize)]
pub struct EffectChange {
    /// The null model.
    pub null_model: String,
    /// Effect in the first run.
    pub a: Option<f64>,
    /// Effect in the second run.
    pub b: Option<f64>,
    /// The second minus the first.
    pub difference: Option<f64>,
    /// 95 % interval of the difference, as if the two networks were independent.
    pub difference_ci: Option<(f64, f64)>,
}

/// What differs between two runs. Where one has no `community`, and no other column was asked for, communities are left out.
///
/// # Errors
/// [`QueryError`]: no run folder, no communities of the column asked for, no account in common.
pub fn compare(a: &Path, b: &Path, question: &CompareQuestion) -> Result<CompareAnswer, QueryError> {
    let column = question.column.as_deref().unwrap_or(COMMUNITY);
    let runs = [RunFolder::open(a)?, RunFolder::open(b)?];
    let without: Vec<String> = [a, b]
        .iter()
        .zip(&runs)
        .filter(|(_, run)| question.column.is_none() && !labels(run).iter().any(|name| name == column))
        .map(|(path, _)| path.display().to_string())
        .collect();
    let read = |at: usize, path: &Path| Members::of(&runs[at], path, without.is_empty().then_some(column));
    let [one, other] = [read(0, a)?, read(1, b)?];
    let together = Together::of(&one, &other);
    if together.both == 0 {
        return Err(QueryError::NoCommonAccount {
            one: a.to_owned(),
            other: b.to_owned(),
            one_key: one.keys.first().cloned().unwrap_or_default(),
            other_key: other.keys.first().cloned().unwrap_or_default(),
        });
    }
    let run = Run::default();
    let [before, after] = [together.before.as_slice(), together.after.as_slice()];
    let alike = if without.is_empty() { Some(divisions(before, after, &run)?) } else { None };
    let params = Params::default();
    let fates: Vec<FateRow> = transitions(before, after, &params, &run)?.iter().map(FateRow::of).collect();
    let mut counts = BTreeMap::new();
    fates.iter().for_each(|row| *counts.entry(row.fate).or_default() += 1);
    let Params { jaccard, share, change, members } = params;
    Ok(CompareAnswer {
        a: facts(&runs[0], a, without.is_empty().then(|| one.communities())),
        b: facts(&runs[1], b, without.is_empty().then(|| other.communities())),
        communities: alike.map(|alike| Likeness {
            accounts: alike.accounts,
            alone: together.alone(),
            communities_a: alike.groups,
            communities_b: alike.other_groups,
            nmi: finite(alike.nmi),
            ami: finite(alike.ami),
            ari: finite(alike.ari),
            variation: finite(alike.variation),
            variation_normalised: finite(alike.variation_normalised),
        }),
        accounts: AccountChange {
            both: together.both,
            gained: together.gained.len(),
            lost: together.lost.len(),
            first_gained: together.gained.iter().take(NAMED).map(|&row| other.shown(row)).collect(),
            first_lost: together.lost.iter().take(NAMED).map(|&row| one.shown(row)).collect(),
        },
        column: column.to_owned(),
        matching: Matching { jaccard, share, change, members },
        fates: counts,
        transitions: fates,
        network: network([values(&runs[0], a, "network")?, values(&runs[1], b, "network")?].map(|rows| rows.map(network_rows))),
        echo: echo([values(&runs[0], a, "echo")?, values(&runs[1], b, "echo")?].map(|rows| rows.map(echo_rows))),
        notes: not_compared(&without, column).into_iter().collect(),
    })
}

/// Why communities were not compared, if they were not.
fn not_compared(without: &[String], column: &str) -> Option<String> {
    let which = match without {
        [] => return None,
        [one] => format!("{one} has"),
        both => format!("{} have", both.join(" and ")),
    };
    Some(format!(
        "communities were not compared: {which} no `{column}` (run with `community` among its metrics, or name another column with --column)"
    ))
}

fn finite(value: f64) -> Option<f64> {
    (!value.is_nan()).then_some(value)
}

fn facts(run: &RunFolder, path: &Path, communities: Option<usize>) -> RunFacts {
    let manifest = run.manifest();
    RunFacts {
        run: path.display().to_string(),
        accounts: manifest.graph.accounts,
        edges: manifest.graph.edges,
        communities,
        seed: manifest.seed,
        version: manifest.version.clone(),
    }
}

impl FateRow {
    fn of(row: &Transition) -> Self {
        Self {
            fate: row.fate.as_str(),
            community_a: row.before,
            accounts_a: row.members_before,
            community_b: row.after,
            accounts_b: row.members_after,
            both: row.shared,
            jaccard: row.jaccard,
        }
    }
}

/// The accounts of a run and their communities.
struct Members {
    keys: Vec<String>,
    handles: Vec<Option<String>>,
    labels: Vec<Option<u32>>,
}

/// Columns of groups that a run has.
fn labels(run: &RunFolder) -> Vec<String> {
    let accounts = run.manifest().tables.iter().find(|table| table.name == "accounts");
    accounts.map(|table| table.columns.clone()).unwrap_or_default().into_iter().filter(|name| is_label(name)).collect()
}

impl Members {
    /// Those of a run, without communities where no column is given.
    fn of(run: &RunFolder, folder: &Path, column: Option<&str>) -> Result<Self, QueryError> {
        if let Some(column) = column {
            let present = labels(run);
            if !present.iter().any(|name| name == column) {
                return Err(QueryError::NoCommunities {
                    path: folder.to_owned(),
                    column: column.to_owned(),
                    present: present.join(", "),
                });
            }
        }
        let wanted = ["account", "handle"].into_iter().chain(column).map(str::to_owned).collect();
        let frame = read(run, folder, "accounts", Some(wanted))?;
        let damaged = |source| QueryError::Table { path: folder.join("accounts.parquet"), source };
        let texts = |name: &str| -> Result<Vec<Option<String>>, QueryError> {
            let column = frame.column(name).and_then(|column| column.str().cloned()).map_err(damaged)?;
            Ok(column.iter().map(|text| text.map(str::to_owned)).collect())
        };
        let labels = match column {
            Some(column) => {
                let labels = frame.column(column).and_then(|column| column.u32().cloned()).map_err(damaged)?;
                labels.iter().collect()
            }
            None => vec![None; frame.height()],
        };
        Ok(Self {
            keys: texts("account")?.into_iter().map(Option::unwrap_or_default).collect(),
            handles: texts("handle")?,
            labels,
        })
    }

    /// How many communities there are.
    fn communities(&self) -> usize {
        self.labels.iter().flatten().collect::<HashSet<_>>().len()
    }

    fn shown(&self, row: usize) -> String {
        self.handles[row].clone().unwrap_or_else(|| self.keys[row].clone())
    }
}

/// The accounts of both runs in one row of numbers: those of the first run, then those that only the second has.
struct Together {
    before: Vec<Option<u32>>,
    after: Vec<Option<u32>>,
    both: usize,
    /// Rows of the second run.
    gained: Vec<usize>,
    /// Rows of the first run.
    lost: Vec<usize>,
}

impl Together {
    fn of(one: &Members, other: &Members) -> Self {
        let rows: HashMap<&str, usize> = other.keys.iter().enumerate().map(|(row, key)| (key.as_str(), row)).collect();
        let mut is_known = vec![false; other.keys.len()];
        let (mut before, mut after, mut lost) = (one.labels.clone(), Vec::with_capacity(one.keys.len()), Vec::new());
        for (row, key) in one.keys.iter().enumerate() {
            match rows.get(key.as_str()) {
                Some(&found) => {
                    is_known[found] = true;
                    after.push(other.labels[found]);
                }
                None => {
                    lost.push(row);
                    after.push(None);
                }
            }
        }
        let gained: Vec<usize> = (0..other.keys.len()).filter(|&row| !is_known[row]).collect();
        after.extend(gained.iter().map(|&row| other.labels[row]));
        before.resize(after.len(), None);
        Self { both: one.keys.len() - lost.len(), before, after, gained, lost }
    }

    /// Accounts that are alone in their community in both runs.
    fn alone(&self) -> usize {
        let sizes = |labels: &[Option<u32>]| {
            let mut sizes: HashMap<u32, usize> = HashMap::new();
            labels.iter().flatten().for_each(|&label| *sizes.entry(label).or_default() += 1);
            sizes
        };
        let (before, after) = (sizes(&self.before), sizes(&self.after));
        let is_alone = |sizes: &HashMap<u32, usize>, label: Option<u32>| label.is_some_and(|label| sizes[&label] == 1);
        self.before.iter().zip(&self.after).filter(|(one, other)| is_alone(&before, **one) && is_alone(&after, **other)).count()
    }
}

/// A table that a run may do without.
fn values(run: &RunFolder, folder: &Path, table: &'static str) -> Result<Option<DataFrame>, QueryError> {
    match read(run, folder, table, None) {
        Err(QueryError::NoTable { .. }) => Ok(None),
        found => found.map(Some),
    }
}

fn difference(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    Some(b? - a?)
}

struct NetworkRow {
    relation: String,
    metric: String,
    parameters: String,
    value: Option<f64>,
}

fn network_rows(frame: DataFrame) -> Vec<NetworkRow> {
    let word = |name: &str, row: usize| text(&frame, name, row).unwrap_or_default();
    let of = |row| NetworkRow {
        relation: word("relation", row),
        metric: word("metric", row),
        parameters: word("parameters", row),
        value: number(&frame, "value", row),
    };
    (0..frame.height()).map(of).collect()
}

/// Rows of the first run that the second has, too, in the order of the first.
fn network([one, other]: [Option<Vec<NetworkRow>>; 2]) -> Vec<NetworkChange> {
    let other = other.unwrap_or_default();
    let change = |row: NetworkRow| {
        let beside = other.iter().find(|beside| (&beside.relation, &beside.metric) == (&row.relation, &row.metric))?;
        Some(NetworkChange {
            same_parameters: row.parameters == beside.parameters,
            a: row.value,
            b: beside.value,
            difference: difference(row.value, beside.value),
            relation: row.relation,
            metric: row.metric,
        })
    };
    one.unwrap_or_default().into_iter().filter_map(change).collect()
}

/// A score with one set of parameters; effects by null model.
struct EchoRow {
    sides: String,
    relation: String,
    group: Option<String>,
    score: String,
    parameters: String,
    value: Known,
    effects: Vec<(String, Known)>,
}

/// A number with its 95 % interval.
#[derive(Clone, Copy)]
struct Known {
    value: Option<f64>,
    interval: Option<(f64, f64)>,
}

impl Known {
    /// The interval of `other` less this, as if they were independent: half widths add up as standard errors do.
    fn difference_ci(self, other: Self) -> Option<(f64, f64)> {
        let half = |known: Self| known.interval.map(|(low, high)| (high - low) / 2.0);
        let (middle, half) = (other.value? - self.value?, half(self)?.hypot(half(other)?));
        Some((middle - half, middle + half))
    }
}

impl EchoRow {
    fn is_score_of(&self, other: &Self) -> bool {
        (&self.sides, &self.relation, &self.group, &self.score) == (&other.sides, &other.relation, &other.group, &other.score)
    }
}

fn echo_rows(frame: DataFrame) -> Vec<EchoRow> {
    let word = |name: &str, row: usize| text(&frame, name, row).unwrap_or_default();
    let mut rows: Vec<EchoRow> = Vec::new();
    for row in 0..frame.height() {
        let known = |value: &str, low: &str, high: &str| Known {
            value: number(&frame, value, row),
            interval: number(&frame, low, row).zip(number(&frame, high, row)),
        };
        let effect = text(&frame, "null_model", row).map(|model| (model, known("effect", "ci_low", "ci_high")));
        let found = EchoRow {
            sides: word("sides", row),
            relation: word("relation", row),
            group: text(&frame, "group", row),
            score: word("score", row),
            parameters: word("parameters", row),
            value: known("value", "value_ci_low", "value_ci_high"),
            effects: effect.into_iter().collect(),
        };
        // Null models of one score stand in rows of their own, one after the other.
        match rows.last_mut().filter(|last| last.is_score_of(&found) && last.parameters == found.parameters) {
            Some(last) => last.effects.extend(found.effects),
            None => rows.push(found),
        }
    }
    rows
}

/// Scores that both runs have: with the same parameters, or the only ones that either has.
fn echo([one, other]: [Option<Vec<EchoRow>>; 2]) -> Vec<EchoChange> {
    let (one, other) = (one.unwrap_or_default(), other.unwrap_or_default());
    let beside = |row: &EchoRow| {
        let alike: Vec<&EchoRow> = other.iter().filter(|beside| beside.is_score_of(row)).collect();
        let same = alike.iter().copied().find(|beside| beside.parameters == row.parameters);
        let is_only = || alike.len() == 1 && one.iter().filter(|known| known.is_score_of(row)).count() == 1;
        same.or_else(|| alike.first().copied().filter(|_| is_only()))
    };
    let change = |row: &EchoRow| {
        let beside = beside(row)?;
        let effects = row.effects.iter().filter_map(|(model, a)| {
            let (_, b) = beside.effects.iter().find(|effect| effect.0 == *model)?;
            Some(EffectChange {
                null_model: model.clone(),
                a: a.value,
                b: b.value,
                difference: difference(a.value, b.value),
                difference_ci: a.difference_ci(*b),
            })
        });
        Some(EchoChange {
            sides: row.sides.clone(),
            relation: row.relation.clone(),
            group: row.group.clone(),
            score: row.score.clone(),
            same_parameters: row.parameters == beside.parameters,
            parameters: row.parameters.clone(),
            a: row.value.value,
            b: beside.value.value,
            difference: difference(row.value.value, beside.value.value),
            difference_ci: row.value.difference_ci(beside.value),
            effects: effects.collect(),
        })
    };
    one.iter().filter_map(change).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(text: &str) -> Members {
        let pairs = text.split_whitespace().map(|pair| pair.split_once(':').unwrap());
        let (keys, labels): (Vec<String>, Vec<Option<u32>>) =
            pairs.map(|(key, label)| (key.to_owned(), label.parse().ok())).unzip();
        Members { handles: vec![None; keys.len()], keys, labels }
    }

    #[test]
    fn accounts_are_matched_by_key() {
        let found = Together::of(&members("a:0 b:0 c:1"), &members("c:7 d:8 a:9"));
        assert_eq!(found.before, [Some(0), Some(0), Some(1), None]);
        assert_eq!(found.after, [Some(9), None, Some(7), Some(8)]);
        assert_eq!((found.both, found.lost.as_slice(), found.gained.as_slice(), found.alone()), (2, &[1][..], &[1][..], 1));
    }

    fn score(score: &str, parameters: &str, value: f64) -> EchoRow {
        let (sides, relation) = ("camp".to_owned(), "all".to_owned());
        let (score, parameters, value) = (score.to_owned(), parameters.to_owned(), Some(value));
        let [value, effect] = [value, Some(0.5)].map(|value| Known { value, interval: value.map(|at| (at - 0.3, at + 0.3)) });
        EchoRow { sides, relation, group: None, score, parameters, value, effects: vec![("kept".to_owned(), effect)] }
    }

    #[test]
    fn scores_are_matched_by_parameters_unless_there_is_one_only() {
        let one =
            vec![score("ei", "", 0.25), score("rwc.hub", "k=10", 1.0), score("rwc.hub", "k=20", 2.0), score("x", "sd=1", 1.0)];
        let other = vec![score("rwc.hub", "k=20", 4.0), score("ei", "", 0.5), score("x", "sd=2", 1.0), score("y", "", 0.0)];
        let found = echo([Some(one), Some(other)]);
        let rows: Vec<_> = found.iter().map(|row| (row.score.as_str(), row.difference, row.same_parameters)).collect();
        assert_eq!(rows, [("ei", Some(0.25), true), ("rwc.hub", Some(2.0), true), ("x", Some(0.0), false)]);
        assert_eq!(found[0].effects[0].difference, Some(0.0));
        let (low, high) = found[0].difference_ci.unwrap();
        assert!((low - (0.25 - 0.18_f64.sqrt())).abs() < 1e-12 && (high - (0.25 + 0.18_f64.sqrt())).abs() < 1e-12);
        assert!(echo([None, Some(vec![score("ei", "", 0.0)])]).is_empty());
    }
}
