//! What the registry knows of each metric, what a metric is given and what it gives back.

use crate::leiden::Hierarchy;
use crate::{Memo, MetricError, Parameter, Run, Settings, Stop};
use echogram_graph::{Graph, Grouping, NodeId, Partition};
use std::any::Any;
use std::sync::Arc;

/// Where a metric's numbers go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A column of `accounts.parquet`.
    Account,
    /// A row of `network.parquet`.
    Network,
    /// Rows of `echo.parquet`; needs sides or leanings.
    Echo,
}

/// The graph that a plain name runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Source -> target as read.
    Directed,
    /// The simple undirected union.
    Undirected,
}

/// Whether weights can matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weights {
    /// Structure only: no `_weighted` variant.
    Never,
    /// Weights count in the variant `_weighted`.
    Variant,
    /// The metric is about weights: they always count.
    Always,
}

/// The smallest set that holds a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Part of `quick`, `standard` and `full`.
    Quick,
    /// Part of `standard` and `full`.
    Standard,
    /// Part of `full`.
    Full,
}

/// What a metric needs beside the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The communities of the same variant.
    Partition,
    /// The accounts' roles.
    Roles,
    /// The sides of `--sides`.
    Sides,
    /// The accounts of `--near`.
    Near,
    /// Leanings of the account file.
    Leanings,
}

/// One entry of the registry.
pub struct MetricSpec {
    /// CLI word and file name.
    pub name: &'static str,
    /// Where its numbers go.
    pub kind: Kind,
    /// One line.
    pub summary: &'static str,
    /// Columns or scores it makes; each is a word for `--metrics`, too.
    pub columns: &'static [&'static str],
    /// Graph of the plain name.
    pub shape: Shape,
    /// Whether `_undirected` (or `_directed`) names another variant.
    pub other_shape: bool,
    /// Part of weights.
    pub weights: Weights,
    /// What it needs.
    pub needs: &'static [Need],
    /// Numbers that a user may set.
    pub parameters: &'static [Parameter],
    /// The smallest set with it.
    pub tier: Tier,
    /// Which way means more of an echo chamber (echo scores only).
    pub chamber: Option<Chamber>,
    /// Those of the columns that do not move steadily that way as a chamber closes, so that their effect and p tell none.
    pub unsteady: &'static [&'static str],
    /// The metric's source file; its head is the documentation.
    pub source: &'static str,
    /// Computes it.
    pub run: fn(&Input<'_>, &Run<'_>) -> Result<Outcome, MetricError>,
}

/// Which way a score points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chamber {
    /// A higher value means more of a chamber.
    High,
    /// A lower value means more of a chamber.
    Low,
}

impl Chamber {
    /// The word in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Low => "low",
        }
    }
}

impl PartialEq for MetricSpec {
    /// A name may serve an account metric, a network metric and an echo score; together with the kind it is unique.
    fn eq(&self, other: &Self) -> bool {
        (self.name, self.kind) == (other.name, other.kind)
    }
}

impl MetricSpec {
    /// The documentation: the head of the metric's source file, by the template (formula, conventions, range, cost, source, ...).
    pub fn document(&self) -> String {
        self.source
            .lines()
            .map_while(|line| line.strip_prefix("//!"))
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .collect::<Vec<_>>()
            .join("\n")
    }
}

/// All that a metric may look at. What its `needs` do not name may be absent.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The graph of the variant asked for: its shape, its relations, with weights only if they count.
    pub graph: &'a Graph,
    /// What other metrics may have found out about this graph already.
    pub memo: Option<&'a Memo>,
    /// What the user set; as by default where absent.
    pub settings: Option<&'a Settings>,
    /// Seed of everything random.
    pub seed: u64,
    /// Communities of the same variant.
    pub partition: Option<&'a Partition>,
    /// Roles of accounts.
    pub roles: Option<&'a Grouping>,
    /// Sides of accounts.
    pub sides: Option<&'a Grouping>,
    /// Accounts that the user is interested in, ascending.
    pub near: Option<&'a [NodeId]>,
    /// Whether standard errors are wanted where they cost more than the value.
    pub wants_errors: bool,
    /// The leaning of each account; NaN where it is not known.
    pub leanings: Option<&'a [f64]>,
}

impl<'a> Input<'a> {
    /// A graph and nothing else.
    pub fn of(graph: &'a Graph) -> Self {
        Self {
            graph,
            memo: None,
            settings: None,
            seed: 0,
            partition: None,
            roles: None,
            sides: None,
            near: None,
            wants_errors: true,
            leanings: None,
        }
    }

    /// The value in force of a parameter.
    pub(crate) fn setting(&self, parameter: &Parameter) -> f64 {
        self.settings.map_or(parameter.default, |settings| settings.get(parameter))
    }

    /// A `T` of this graph, shared with other metrics where there is a memo.
    pub(crate) fn shared<T: Any + Send + Sync>(
        &self,
        compute: impl FnOnce() -> Result<T, MetricError>,
    ) -> Result<Arc<T>, MetricError> {
        match self.memo {
            Some(memo) => memo.get_or(compute),
            None => compute().map(Arc::new),
        }
    }

    pub(crate) fn partition(&self, metric: &'static str) -> Result<&'a Partition, MetricError> {
        self.partition.ok_or(MetricError::Missing { metric, need: "communities" })
    }

    pub(crate) fn roles(&self, metric: &'static str) -> Result<&'a Grouping, MetricError> {
        self.roles.ok_or(MetricError::Missing { metric, need: "roles" })
    }

    pub(crate) fn sides(&self, metric: &'static str) -> Result<&'a Grouping, MetricError> {
        self.sides.ok_or(MetricError::Missing { metric, need: "sides: name a column with --sides" })
    }

    pub(crate) fn near(&self, metric: &'static str) -> Result<&'a [NodeId], MetricError> {
        self.near.ok_or(MetricError::Missing { metric, need: "accounts to start from: name them with --near" })
    }

    pub(crate) fn leanings(&self, metric: &'static str) -> Result<&'a [f64], MetricError> {
        self.leanings.ok_or(MetricError::Missing { metric, need: "leanings: an account file with a column `leaning`" })
    }
}

/// One value per account.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Real numbers; NaN = undefined, written as null.
    Real(Vec<f64>),
    /// Counts and labels.
    Whole(Vec<u32>),
    /// Words of a short list: one byte per account.
    Words {
        /// The place in `names` of each account's word.
        codes: Vec<u8>,
        /// All words there may be.
        names: &'static [&'static str],
    },
}

/// One value for the network, or for a group of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// Which of the metric's columns.
    pub name: &'static str,
    /// The group it is of; `None` for the whole network.
    pub group: Option<String>,
    /// NaN = undefined, written as null.
    pub value: f64,
    /// The value as a network of a null model would have it, which p goes by: another where such networks are drawn from less often.
    pub as_replicate: f64,
    /// Its standard error; NaN where it is not known.
    pub error: f64,
    /// Accounts of the group that could not be counted, beside those without a side.
    pub left_out: u32,
    /// What was found beside the value and belongs to its parameters.
    pub found: Vec<(&'static str, String)>,
}

impl Score {
    /// A score of the whole network.
    pub fn whole(name: &'static str, value: f64) -> Self {
        Self { name, group: None, value, as_replicate: value, error: f64::NAN, left_out: 0, found: Vec::new() }
    }

    /// The same with its standard error.
    pub fn with_error(self, error: f64) -> Self {
        Self { error, ..self }
    }
}

/// What a metric gives back.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Account metrics: one column per entry of [`MetricSpec::columns`].
    pub columns: Vec<Values>,
    /// Network metrics and echo scores.
    pub scores: Vec<Score>,
    /// The partition, where the metric finds one.
    pub partition: Option<Arc<Partition>>,
    /// The groups that make up its communities, where the metric knows them.
    pub hierarchy: Option<Hierarchy>,
    /// Accounts that were not counted (without a side).
    pub accounts_left_out: u32,
    /// Iterations, where there are any.
    pub iterations: Option<u32>,
    /// How it ended, where it iterates.
    pub stop: Option<Stop>,
    /// Parameters that were in force, for the column's metadata.
    pub parameters: Vec<(&'static str, String)>,
}

impl Outcome {
    /// Columns and nothing else to say.
    pub fn of_columns(columns: Vec<Values>) -> Self {
        Self { columns, ..Self::default() }
    }

    /// Scores and nothing else to say.
    pub fn of_scores(scores: Vec<Score>) -> Self {
        Self { scores, ..Self::default() }
    }
}
