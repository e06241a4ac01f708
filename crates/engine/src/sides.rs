//! The camps between which an echo chamber is measured: from a column, the roles, the communities or a balanced cut.

use crate::graphs::Graphs;
use crate::watcher::Clock;
use crate::{EngineError, Study};
use echogram_analytics::cut::{IMBALANCE, Params, cut};
use echogram_analytics::{Run, Shape};
use echogram_graph::{Grouping, Partition, Texts};
use echogram_ingest::AccountTable;

/// More different values than this are no camps.
const MOST_SIDES: usize = 1_000;

/// What `--sides` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SidesWord<'a> {
    Role,
    Community,
    Cut,
    Column(&'a str),
}

impl<'a> SidesWord<'a> {
    pub(crate) fn parse(word: &'a str) -> Self {
        match word.strip_prefix("column:") {
            Some(name) => Self::Column(name),
            None if word == "role" => Self::Role,
            None if word == "community" => Self::Community,
            None if word == "cut" => Self::Cut,
            None => Self::Column(word),
        }
    }
}

impl SidesWord<'_> {
    /// Whether sides are found in the ties, rather than known of the accounts.
    pub(crate) fn is_found(self) -> bool {
        matches!(self, Self::Community | Self::Cut)
    }
}

/// Refuses, before any work starts, what cannot be.
pub(crate) fn check_word(word: Option<&str>) -> Result<(), EngineError> {
    let wrong = |word: &str, what: &str| Err(EngineError::Sides { word: word.to_owned(), what: what.to_owned() });
    match word {
        Some(word) if SidesWord::parse(word) == SidesWord::Column("") => wrong(word, "names no column"),
        _ => Ok(()),
    }
}

/// The halves of the whole network, or of one relation, for `--sides cut`.
pub(crate) fn halves(
    study: &Study,
    relation: Option<&str>,
    graphs: &mut Graphs<'_>,
    clock: &mut Clock<'_>,
) -> Result<Grouping, EngineError> {
    let graph = graphs.get(relation, Shape::Undirected, false).expect("relations were checked before");
    let stage = relation.map_or_else(|| "cut".to_owned(), |relation| format!("cut@{relation}"));
    let cancel = clock.cancel_flag();
    clock.time(&stage, || {
        let params = Params { imbalance: study.settings.get(&IMBALANCE), seed: study.seed };
        let found = cut(&graph, &params, &Run { on_step: None, cancel: Some(cancel) });
        found.map(|found| found.grouping()).map_err(|source| EngineError::of_metric("cut", source))
    })
}

/// The side of each account.
pub(crate) fn sides(word: &str, accounts: &AccountTable, communities: Option<&Partition>) -> Result<Grouping, EngineError> {
    let texts = match (SidesWord::parse(word), communities) {
        (SidesWord::Community, Some(partition)) => return Ok(Grouping::from_partition(partition)),
        (SidesWord::Community | SidesWord::Cut, _) => Texts::unknown(accounts.role.len()),
        (SidesWord::Role, _) => accounts.role.clone(),
        (SidesWord::Column(name), _) => column(accounts, name)?,
    };
    let grouping = Grouping::from_texts(&texts);
    match grouping.count() {
        0 => Err(EngineError::EmptySides { word: word.to_owned() }),
        count if count > MOST_SIDES => {
            let what = format!("{count} different values are no sides; at most {MOST_SIDES} can be");
            Err(EngineError::Sides { word: word.to_owned(), what })
        }
        _ => Ok(grouping),
    }
}

fn column(accounts: &AccountTable, name: &str) -> Result<Texts, EngineError> {
    let given = format!("given_{name}");
    if let Some(texts) = accounts.extra(name).or_else(|| accounts.extra(&given)) {
        return Ok(texts.clone());
    }
    let own = match name {
        "role" => accounts.role.clone(),
        "scale" => accounts.scale.clone(),
        "use" => accounts.usage.clone(),
        "country" => accounts.country.clone(),
        "verified" => accounts.verified.map(bool::to_string),
        "leaning" => accounts.leaning.map(f64::to_string),
        _ => Texts::unknown(0),
    };
    if own.known() > 0 {
        return Ok(own);
    }
    let present: Vec<&str> = accounts.extras.iter().map(|column| column.0.as_str()).collect();
    let nearest = present.iter().max_by(|a, b| strsim::jaro_winkler(name, a).total_cmp(&strsim::jaro_winkler(name, b)));
    Err(EngineError::NoSuchSides {
        column: name.to_owned(),
        present: present.join(", "),
        nearest: nearest.map(|nearest| format!("; did you mean `{nearest}`?")).unwrap_or_default(),
    })
}
