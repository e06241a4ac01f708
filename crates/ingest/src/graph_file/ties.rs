//! The edges of a graph file on their way out: attributes become weight, time and relation, rows go out in batches.

use crate::IngestError;
use crate::batch::{Batch, Key};
use crate::columns::{ColumnMap, ColumnRef, EDGE_FIELDS, folded};
use crate::format::ReadOptions;
use crate::formats::edges::{DEFAULT_RELATION, check_weight, weight};
use crate::graph_file::moment::Moment;
use crate::intake::Intake;
use crate::rejection::shown;
use echogram_graph::NO_TIME;
use std::collections::BTreeMap;
use std::path::Path;

/// Rows of a batch.
const BATCH: u64 = 1 << 16;
/// Names of attributes kept, to be looked up and to be told in a message.
const MOST_NAMES: usize = 100;
/// The fields that attributes fill, in the order of [`Tie::values`].
const FIELDS: [&str; 3] = ["weight", "time", "relation"];

/// What the attributes of one edge say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tie {
    /// Per field its value, and how well the attribute's name fits: 0 is best.
    values: [Option<(usize, String)>; 3],
    /// When it began, each time: an event each.
    pub(crate) times: Vec<String>,
}

impl Tie {
    /// Gives a field its value outright.
    pub(crate) fn set(&mut self, field: usize, value: impl Into<String>) {
        self.values[field] = Some((0, value.into()));
    }

    pub(crate) fn has(&self, field: usize) -> bool {
        self.values[field].is_some()
    }
}

/// Takes edges, gives batches.
pub(crate) struct Ties<'a> {
    intake: &'a mut Intake,
    /// The relation of edges that name none.
    pub(crate) relation: String,
    columns: &'a ColumnMap,
    /// Names of attributes that came, and what they mean.
    names: BTreeMap<String, Option<(usize, usize)>>,
    /// Edges with a direction, and rejections.
    directed: Batch,
    /// Edges without.
    undirected: Batch,
    counts: [u64; 2],
    unclear_times: u64,
}

impl<'a> Ties<'a> {
    pub(crate) const WEIGHT: usize = 0;
    pub(crate) const TIME: usize = 1;
    pub(crate) const RELATION: usize = 2;

    pub(crate) fn new(options: &'a ReadOptions, intake: &'a mut Intake) -> Self {
        let relation = options.relation.clone().unwrap_or_else(|| DEFAULT_RELATION.to_owned());
        let undirected = Batch { is_undirected: true, ..Batch::default() };
        Self {
            intake,
            relation,
            columns: &options.columns,
            names: BTreeMap::new(),
            directed: Batch::default(),
            undirected,
            counts: [0; 2],
            unclear_times: 0,
        }
    }

    /// The field that an attribute fills, and how well its name fits: as `--columns` says, else by the usual words.
    pub(crate) fn field(&mut self, attribute: &str) -> Option<(usize, usize)> {
        if let Some(&known) = self.names.get(attribute) {
            return known;
        }
        let word = folded(attribute);
        let fit = |field: usize| match self.columns.get(FIELDS[field]) {
            Some(ColumnRef::Name(name)) if name == attribute => Some(0),
            Some(ColumnRef::Name(name)) => (folded(name) == word).then_some(1),
            _ => EDGE_FIELDS.iter().find(|known| known.0 == FIELDS[field])?.1.iter().position(|known| *known == word),
        };
        let found = (0..FIELDS.len()).find_map(|field| Some((field, fit(field)?)));
        if self.names.len() < MOST_NAMES {
            self.names.insert(attribute.to_owned(), found);
        }
        found
    }

    /// Gives a tie the value of an attribute, if its name means a field and none that fits better came before.
    pub(crate) fn attribute(&mut self, tie: &mut Tie, name: &str, value: &str) {
        if let Some((field, fit)) = self.field(name) {
            let slot = &mut tie.values[field];
            if slot.as_ref().is_none_or(|before| fit < before.0) {
                *slot = Some((fit, value.to_owned()));
            }
        }
    }

    /// Whether `--columns` names an attribute for a field.
    pub(crate) fn is_named(&self, field: usize) -> bool {
        matches!(self.columns.get(FIELDS[field]), Some(ColumnRef::Name(_)))
    }

    /// Takes one edge as the file has it, or rejects it if a value is wrong. Gives whether it was taken.
    pub(crate) fn add(&mut self, line: u64, source: &str, target: &str, is_directed: bool, tie: &Tie) -> bool {
        match self.events(source, target, is_directed, tie) {
            Ok(()) => {
                self.directed.records += 1;
                true
            }
            Err((field, reason)) => {
                self.reject(line, field, reason);
                false
            }
        }
    }

    /// Takes another edge of the record that was taken last.
    pub(crate) fn add_again(&mut self, source: &str, target: &str, is_directed: bool, tie: &Tie) {
        self.events(source, target, is_directed, tie).expect("the values were right before");
    }

    fn events(&mut self, source: &str, target: &str, is_directed: bool, tie: &Tie) -> Result<(), (&'static str, String)> {
        let (source, target) = (source.trim(), target.trim());
        for (field, key) in [("source", source), ("target", target)] {
            if key.is_empty() {
                return Err((field, "empty".to_owned()));
            }
        }
        let value = |field: usize| tie.values[field].as_ref().map(|value| value.1.trim());
        let weight = value(Self::WEIGHT).map_or(Ok(1.0), weight).map_err(|reason| ("weight", reason))?;
        let attribute = value(Self::TIME).filter(|text| !text.is_empty() && tie.times.is_empty());
        let mut times = Vec::new();
        for text in tie.times.iter().map(String::as_str).chain(attribute) {
            times.push(match Moment::parse(text) {
                Moment::At(time) => time,
                Moment::Unclear => {
                    self.unclear_times += 1;
                    NO_TIME
                }
                Moment::Wrong => return Err(("time", format!("no date or time: {}", shown(text)))),
            });
        }
        if times.is_empty() {
            times.push(NO_TIME);
        }
        let relation = value(Self::RELATION).filter(|word| !word.is_empty());
        for time in times {
            self.push([Key::Text(source), Key::Text(target)], is_directed, relation, weight, time);
        }
        Ok(())
    }

    /// Takes one edge between numbered nodes.
    pub(crate) fn add_numbers(&mut self, line: u64, ends: [u64; 2], is_directed: bool, weight: f64) {
        match check_weight(weight) {
            Ok(weight) => {
                self.directed.records += 1;
                self.push(ends.map(Key::Number), is_directed, None, weight, NO_TIME);
            }
            Err(reason) => self.reject(line, "weight", reason),
        }
    }

    fn push(&mut self, ends: [Key<'_>; 2], is_directed: bool, relation: Option<&str>, weight: f64, time: i64) {
        self.counts[usize::from(!is_directed)] += 1;
        let batch = if is_directed { &mut self.directed } else { &mut self.undirected };
        let [source, target] = batch.codes(ends);
        batch.rows(relation.unwrap_or(&self.relation)).push(source, target, weight, time);
        if self.counts.iter().sum::<u64>().is_multiple_of(BATCH) {
            self.hand_out();
        }
    }

    fn hand_out(&mut self) {
        let undirected = Batch { is_undirected: true, ..Batch::default() };
        let full = vec![std::mem::take(&mut self.directed), std::mem::replace(&mut self.undirected, undirected)];
        self.intake.take(full);
    }

    /// Rejects a record, be it an edge or a node.
    pub(crate) fn reject(&mut self, line: u64, field: &'static str, reason: impl Into<String>) {
        self.directed.records += 1;
        self.directed.reject(line, field, reason);
    }

    /// Edges taken so far, an event each.
    pub(crate) fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Hands out the rest. Gives whether all edges are without direction; where only some are, they count as two, which a note says.
    pub(crate) fn finish(mut self, path: &Path, notes: &mut Vec<String>) -> Result<bool, IngestError> {
        for field in FIELDS {
            let Some(ColumnRef::Name(name)) = self.columns.get(field) else { continue };
            if !self.names.keys().any(|known| folded(known) == folded(name)) {
                let present = match self.names.len() {
                    0 => "no attributes of edges".to_owned(),
                    _ => self.names.keys().map(String::as_str).collect::<Vec<_>>().join(", "),
                };
                return Err(IngestError::UnknownColumn { path: path.to_owned(), column: name.clone(), present });
            }
        }
        if self.unclear_times > 0 {
            let count = self.unclear_times;
            notes.push(format!(
                "{}: {count} times are numbers that are neither years nor counts since 1970: left out",
                path.display()
            ));
        }
        self.hand_out();
        match self.counts {
            [0, undirected] => Ok(undirected > 0),
            [_, 0] => Ok(false),
            [directed, undirected] => {
                notes.push(format!(
                    "{}: {directed} edges have a direction and {undirected} have none: these count as two, one each way",
                    path.display()
                ));
                Ok(false)
            }
        }
    }
}
