//! Rows that could not be used: kept as findings, up to a limit, and all counted.

/// Rejections kept per run; the rest is only counted.
pub(crate) const KEPT: usize = 100_000;

/// One row that was not used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rejection {
    /// Physical line from 1, header included; record number for Parquet and JSON documents.
    pub line: u64,
    /// The field at fault; `row` for the whole row.
    pub field: &'static str,
    /// What is wrong with it.
    pub reason: String,
}

impl Rejection {
    /// A rejection of `field` in `line`.
    pub fn new(line: u64, field: &'static str, reason: impl Into<String>) -> Self {
        Self { line, field, reason: reason.into() }
    }
}

/// The rejections of one input, in the order of its rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rejections {
    /// The first [`KEPT`] of them.
    pub kept: Vec<Rejection>,
    /// How many there were.
    pub count: u64,
}

impl Rejections {
    /// Counts one more, and keeps it if there is room.
    pub fn push(&mut self, rejection: Rejection) {
        self.count += 1;
        if self.kept.len() < KEPT {
            self.kept.push(rejection);
        }
    }

    /// Appends those of the rows that follow.
    pub fn append(&mut self, mut later: Self) {
        self.count += later.count;
        later.kept.truncate(KEPT - self.kept.len());
        self.kept.append(&mut later.kept);
    }
}

/// A value shortened for a message: at most 40 characters, control characters escaped.
pub(crate) fn shown(value: &str) -> String {
    let mut short: String = value.chars().take(40).flat_map(char::escape_debug).collect();
    if value.chars().nth(40).is_some() {
        short.push('…');
    }
    format!("`{short}`")
}
