//! The sensitivity strip: the headline scores over other parameters, samples and windows, so that nobody can pick one number.

use crate::compute::{Computed, EchoRow};
use crate::graphs::Watch;
use crate::nulls::{Asked, Task, in_parallel};
use crate::scorer::{Facts, Finder, Key, Scorer};
use crate::{EngineError, Study};
use echogram_analytics::Settings;
use echogram_analytics::cut::IMBALANCE;
use echogram_analytics::leiden::RESOLUTION;
use echogram_analytics::registry::Request;
use echogram_ingest::period;
use std::collections::BTreeMap;

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
const IMBALANCES: &[f64] = &[0.0, 0.1, 0.2];
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
    /// The score; where edges or accounts are dropped its error is the standard deviation over the networks left.
    pub(crate) row: EchoRow,
    pub(crate) varied: Varied,
    pub(crate) at: String,
}

/// A parameter with another value, and the settings with it.
pub(crate) type Setting = (&'static str, f64, Settings);

/// All other values of parameters that scores go by.
pub(crate) fn varied(study: &Study) -> Vec<Setting> {
    let values = OF_SCORES.iter().flat_map(|&(name, values)| values.iter().map(move |&value| (name, value)));
    values.map(|(name, value)| (name, value, with(study, name, value))).collect()
}

fn with(study: &Study, name: &str, value: f64) -> Settings {
    let mut settings = study.settings.clone();
    settings.set(name, value);
    settings
}

/// What scores are varied on.
pub(crate) struct Base<'a> {
    pub(crate) study: &'a Study,
    pub(crate) scorer: Scorer<'a>,
    pub(crate) task: Task<'a>,
    /// Null replicates of the run.
    pub(crate) replicates: u32,
}

impl<'a> Base<'a> {
    /// The planned scores with each other value of a parameter of theirs.
    pub(crate) fn variations<'b>(&self, varied: &'b [Setting]) -> Vec<Variation<'b>>
    where
        'a: 'b,
    {
        let has = |request: &Request, name: &str| request.spec.parameters.iter().any(|parameter| parameter.name == name);
        let variations = varied.iter().map(|(name, value, settings)| {
            let scorer = self.scorer.only(|request| has(request, name)).with_settings(settings);
            Variation { name, value: *value, scorer }
        });
        variations.filter(|variation| !variation.scorer.requests.is_empty()).collect()
    }

    /// What variations ask of null networks.
    pub(crate) fn asked<'b>(&self, variations: &[Variation<'b>]) -> Vec<Asked<'b>> {
        let replicates = self.replicates.min(REPLICATES);
        variations.iter().map(|variation| Asked { scorer: variation.scorer.clone(), replicates }).collect()
    }

    /// The headlines where sides that are found are found by another value of a parameter.
    pub(crate) fn other_sides(&self, watch: Watch<'_>) -> Result<Vec<SensitivityRow>, EngineError> {
        let headlines = self.scorer.only(|request| HEADLINES.contains(&request.spec.name));
        let Task { finder, directed, facts, .. } = self.task;
        let (name, values) = match finder {
            Finder::Given => return Ok(Vec::new()),
            Finder::Communities(_) => (RESOLUTION.name, RESOLUTIONS),
            Finder::Cut(_) => (IMBALANCE.name, IMBALANCES),
        };
        let mut rows = Vec::new();
        for &value in values.iter().filter(|_| facts.sides.is_some() && !headlines.requests.is_empty()) {
            let settings = with(self.study, name, value);
            let finder = match finder {
                Finder::Communities(_) => Finder::Communities(settings.clone()),
                _ => Finder::Cut(value),
            };
            let found = in_parallel(1, watch, |_, run| finder.find(directed, self.scorer.seed, run))?.remove(0);
            let facts = Facts { sides: found.as_ref().or(facts.sides), ..facts };
            let finder = finder.for_sizes_of(facts.sides);
            let variations = [Variation { name, value, scorer: headlines.with_settings(&settings) }];
            let other = Base { task: Task { finder: &finder, facts, ..self.task }, scorer: self.scorer.clone(), ..*self };
            let nulls = other.task.run(&other.asked(&variations), watch)?.values;
            rows.extend(other.rows(&variations, nulls, watch)?);
        }
        Ok(rows)
    }

    /// Rows of variations beside their values on null networks.
    pub(crate) fn rows(
        &self,
        variations: &[Variation<'_>],
        nulls: Vec<BTreeMap<Key, Vec<f64>>>,
        watch: Watch<'_>,
    ) -> Result<Vec<SensitivityRow>, EngineError> {
        let Task { model, directed, facts, .. } = self.task;
        let values = in_parallel(variations.len() as u32, watch, |at, run| {
            variations[at as usize].scorer.rows(directed, facts, true, run)
        })?;
        let mut rows = Vec::new();
        for ((variation, values), mut nulls) in variations.iter().zip(values).zip(nulls) {
            rows.extend(values.into_iter().filter(|row| row.group.is_none()).map(|mut row| {
                row.beside(model, nulls.remove(&row.key()).unwrap_or_default());
                SensitivityRow { row, varied: Varied::Parameter(variation.name), at: variation.value.to_string() }
            }));
        }
        Ok(rows)
    }
}

/// Scores that go by another value of a parameter.
pub(crate) struct Variation<'a> {
    name: &'static str,
    value: f64,
    scorer: Scorer<'a>,
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
            row: EchoRow { value: row.value, error: f64::NAN, nulls: Vec::new(), ..echo.clone() },
            varied: Varied::Window,
            at: period::shown(row.start),
        })
    })
    .collect()
}
