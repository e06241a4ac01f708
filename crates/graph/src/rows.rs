//! Edge rows as they are read, before they are sorted into a layer.

use crate::{NodeId, RowWeights};

/// Stands for "no time given" in time columns. Times are microseconds since 1970-01-01 UTC.
pub const NO_TIME: i64 = i64::MIN;

/// Rows of one relation, column by column, in any order; a repeated (source, target) is one edge later.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EdgeRows {
    /// Who gives attention.
    pub sources: Vec<NodeId>,
    /// Who gets it.
    pub targets: Vec<NodeId>,
    /// Finite and > 0; `None` where each row counts 1.
    pub weights: Option<RowWeights>,
    /// Microseconds UTC or [`NO_TIME`]; `None` where no row has a time.
    pub times: Option<Vec<i64>>,
}

impl EdgeRows {
    /// Rows without weights and times.
    pub fn new(sources: Vec<NodeId>, targets: Vec<NodeId>) -> Self {
        Self { sources, targets, weights: None, times: None }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.sources.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }
}
