//! The sensitivity strip: the headline scores over other parameters, samples and windows, so that nobody can pick one number.

use crate::compute::{ALL, Computed};
use crate::graphs::Watch;
use crate::nulls::{NullModel, Nulls, Task, in_parallel};
use crate::scorer::{Facts, Finder, Scorer};
use crate::{EngineError, Study};
use echogram_analytics::Chamber;
use echogram_analytics::cut::IMBALANCE;
use echogram_analytics::leiden::RESOLUTION;
use echogram_analytics::null::Comparison;
use echogram_graph::Graph;
use echogram_ingest::period;

/// Values that parameters of scores are given.
const OF_SCORES: &[(&str, &[f64])] = &[
    ("dipole.share", &[0.01, 0.02, 0.1, 0.2]),
    ("rwc.adaptive_share", &[0.005, 0.02, 0.05, 0.1]),
    ("rwc.hub_k", &[1.0, 2.0, 5.0, 20.0, 50.0]),
    ("rwc.seed_share", &[0.1, 0.2, 0.4, 0.5]),
];
/// Values that the resolution of communities is given, where they are the sides.
const RESOLUTIONS: &[f64] = &[0.5, 0.75, 1.5, 2.0];
/// Values that the imbalance of a cut is given, where its halves are the sides.
const IMBALANCES: &[f64] = &[0.0, 0.01, 0.1, 0.2];
/// The scores that are shown where sides, or the time, are varied.
const HEADLINES: &[&str] = &["aei", "assortativity", "conductance", "ei", "modularity", "rwc.adaptive", "rwc.hub"];
/// Null replicates of each variation, at most: they tell a mean, not a small p.
const REPLICATES: u32 = 19;

/// What is varied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Varied {
    EdgesDropped,
    AccountsDropped,
    Window,
    Parameter(&'static str),
}

impl Varied {
    /// The word in tables.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::EdgesDropped => "edges_dropped",
            Self::AccountsDropped => "accounts_dropped",
            Self::Window => "window",
            Self::Parameter(name) => name,
        }
    }
}

/// A row of `sensitivity.parquet`.
pub(crate) struct SensitivityRow {
    /// Whether it is a score of leanings, which needs no sides.
    pub(crate) is_of_leanings: bool,
    pub(crate) relation: String,
    pub(crate) group: Option<String>,
    pub(crate) score: String,
    pub(crate) parameters: String,
    pub(crate) chamber: &'static str,
    pub(crate) value: f64,
    /// Standard error of the value; where edges or accounts are dropped, its standard deviation over the networks left.
    pub(crate) error: f64,
    pub(crate) accounts_left_out: u32,
    pub(crate) nulls: Option<Nulls>,
    pub(crate) varied: Varied,
    pub(crate) at: String,
}

/// What scores are varied on.
pub(crate) struct Base<'a> {
    pub(crate) study: &'a Study,
    pub(crate) scorer: Scorer<'a>,
    pub(crate) finder: Finder,
    pub(crate) model: NullModel,
    pub(crate) directed: &'a Graph,
    pub(crate) facts: Facts<'a>,
    pub(crate) relation: Option<&'a str>,
    /// Null replicates of the run.
    pub(crate) replicates: u32,
}

impl Base<'_> {
    /// Rows for all other parameters that the planned scores, and the way sides are found, go by.
    pub(crate) fn parameters(&self, watch: Watch<'_>) -> Result<Vec<SensitivityRow>, EngineError> {
        let mut rows = Vec::new();
        for &(name, values) in OF_SCORES {
            let scorer = self.scorer.only(|request| request.spec.parameters.iter().any(|parameter| parameter.name == name));
            for &value in values.iter().filter(|_| !scorer.requests.is_empty()) {
                rows.extend(self.varied(name, value, &scorer, &self.finder, watch)?);
            }
        }
        if self.facts.sides.is_none() {
            return Ok(rows);
        }
        let headlines = self.scorer.only(|request| HEADLINES.contains(&request.spec.name));
        let (name, values) = match self.finder {
            Finder::Given => return Ok(rows),
            Finder::Communities(_) => (RESOLUTION.name, RESOLUTIONS),
            Finder::Cut(_) => (IMBALANCE.name, IMBALANCES),
        };
        for &value in values {
            let finder = match &self.finder {
                Finder::Communities(settings) => {
                    let mut settings = settings.clone();
                    settings.set(name, value);
                    Finder::Communities(settings)
                }
                _ => Finder::Cut(value),
            };
            rows.extend(self.varied(name, value, &headlines, &finder, watch)?);
        }
        Ok(rows)
    }

    /// Rows of some scores with a parameter set to a value; sides are found anew where `finder` is not that of the run.
    fn varied(
        &self,
        name: &'static str,
        value: f64,
        scorer: &Scorer<'_>,
        finder: &Finder,
        watch: Watch<'_>,
    ) -> Result<Vec<SensitivityRow>, EngineError> {
        let mut settings = self.study.settings.clone();
        settings.set(name, value);
        let scorer = scorer.with_settings(&settings);
        let is_same = *finder == self.finder;
        let (found, rows) = in_parallel(1, watch, |_, run| {
            let found = if is_same { None } else { finder.find(self.directed, scorer.seed, run)? };
            let facts = Facts { sides: found.as_ref().or(self.facts.sides), ..self.facts };
            let rows = scorer.rows(self.directed, facts, true, run)?;
            Ok((found, rows))
        })?
        .remove(0);
        let facts = Facts { sides: found.as_ref().or(self.facts.sides), ..self.facts };
        let finder = finder.clone().for_sizes_of(facts.sides);
        let task = Task { model: self.model, scorer, finder: &finder, directed: self.directed, facts };
        let mut nulls = task.run(self.replicates.min(REPLICATES), watch)?;
        let rows = rows.into_iter().filter(|row| row.key.1.is_none());
        Ok(rows
            .map(|row| {
                let chamber = if row.chamber == Chamber::Low.as_str() { Chamber::Low } else { Chamber::High };
                let values = nulls.remove(&row.key).unwrap_or_default();
                let error = if row.error.is_nan() { 0.0 } else { row.error };
                let comparison = Comparison::new(row.value, error, &values, chamber);
                SensitivityRow {
                    is_of_leanings: false,
                    relation: self.relation.unwrap_or(ALL).to_owned(),
                    group: row.key.1,
                    score: row.key.0,
                    parameters: row.parameters,
                    chamber: row.chamber,
                    value: row.value,
                    error: row.error,
                    accounts_left_out: row.accounts_left_out,
                    nulls: Some(Nulls { model: self.model, values, comparison }),
                    varied: Varied::Parameter(name),
                    at: value.to_string(),
                }
            })
            .collect())
    }
}

/// The headline scores of each window, from the timeline.
pub(crate) fn windows(computed: &Computed) -> Vec<SensitivityRow> {
    let rows = computed.timeline.iter().filter(|row| row.group.is_none());
    rows.filter_map(|row| {
        let echo = computed
            .echo
            .iter()
            .find(|echo| echo.relation == row.relation && echo.score == row.metric && echo.group.is_none())?;
        HEADLINES.contains(&row.metric.as_str()).then(|| SensitivityRow {
            is_of_leanings: echo.is_of_leanings,
            relation: row.relation.clone(),
            group: None,
            score: row.metric.clone(),
            parameters: echo.parameters.clone(),
            chamber: echo.chamber,
            value: row.value,
            error: f64::NAN,
            accounts_left_out: echo.accounts_left_out,
            nulls: None,
            varied: Varied::Window,
            at: period::shown(row.start),
        })
    })
    .collect()
}
