//! `manifest.json`: what was run on what, and what came out. A folder that has it is whole.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The whole manifest.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct Manifest {
    /// Version of echogram.
    pub version: String,
    /// The command line, word by word.
    pub command: Vec<String>,
    /// Seed of everything random.
    pub seed: u64,
    /// Threads used.
    pub threads: usize,
    /// Start, UTC, ISO 8601.
    pub started: String,
    /// End, UTC, ISO 8601.
    pub finished: String,
    /// Every file read.
    pub inputs: Vec<InputEntry>,
    /// The graph.
    pub graph: GraphFacts,
    /// What took how long.
    pub stages: Vec<StageEntry>,
    /// Every table written.
    pub tables: Vec<TableEntry>,
    /// What a reader should know before trusting a number.
    pub warnings: Vec<String>,
    /// What was guessed or passed over while reading.
    #[serde(default)]
    pub notes: Vec<String>,
    /// What is weak in the data, and which results rest on it.
    #[serde(default)]
    pub quality: Vec<QualityEntry>,
    /// Memory, as judged before the work started.
    #[serde(default)]
    pub memory: MemoryEntry,
}

/// Something weak in the data.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct QualityEntry {
    /// What: rejected_rows, accounts_without_role, ...
    pub finding: String,
    /// How many.
    pub count: u64,
    /// Among how many.
    pub of: u64,
    /// `count / of`, 0..1.
    pub share: f64,
    /// Results that rest on it.
    pub weakens: Vec<String>,
}

/// What the run was judged to take before it started, and what it was allowed.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
pub struct MemoryEntry {
    /// `--memory`, or what the machine had free; absent where nobody knows.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub allowed_bytes: Option<u64>,
    /// Estimated peak.
    pub estimated_bytes: u64,
    /// Estimated rows.
    pub estimated_rows: u64,
    /// Estimated accounts.
    pub estimated_accounts: u64,
    /// Whether all inputs could be judged; standard input cannot.
    pub is_complete: bool,
}

/// One input file.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct InputEntry {
    /// As named or found.
    pub path: String,
    /// Format's name.
    pub format: String,
    /// Bytes on disk.
    pub bytes: u64,
    /// Rows or records read, rejected ones included.
    pub rows: u64,
    /// Rejected ones.
    pub rejected: u64,
    /// BLAKE3 of the bytes.
    pub blake3: String,
}

/// The graph in numbers.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
pub struct GraphFacts {
    /// Accounts.
    pub accounts: u64,
    /// Distinct (source, target, relation), self-loops included: the rows of `edges.parquet`. Each undirected pair counts once.
    pub edges: u64,
    /// Whether edges have a direction.
    pub directed: bool,
    /// Distinct edges by relation.
    pub relations: BTreeMap<String, u64>,
    /// Those of `edges` that are self-loops.
    pub self_loops: u64,
    /// Accounts without a tie to another account.
    pub isolates: u64,
}

/// One stage: `read`, `build`, `write`, or a metric.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
pub struct StageEntry {
    /// Its name.
    pub name: String,
    /// Wall time of it alone.
    pub seconds: f64,
    /// Iterations, where there are any.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub iterations: Option<u32>,
    /// Highest memory use of the process so far.
    pub peak_rss_bytes: u64,
}

/// One table.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct TableEntry {
    /// File name without `.parquet`.
    pub name: String,
    /// Rows.
    pub rows: u64,
    /// Columns.
    pub columns: Vec<String>,
    /// Fingerprint of the values in order.
    pub digest: String,
    /// Bytes of the file.
    pub bytes: u64,
    /// BLAKE3 of the file, by which a damaged one is told.
    pub blake3: String,
}
