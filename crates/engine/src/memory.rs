//! How much memory a run takes: what is allowed, what it will need, what it has used.

use echogram_ingest::Estimate;
use std::fmt;
use std::str::FromStr;

/// A size in bytes, written such as `16GiB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Memory(pub u64);

const UNITS: &[(&str, u64)] = &[
    ("", 1),
    ("B", 1),
    ("K", 1 << 10),
    ("KiB", 1 << 10),
    ("KB", 1_000),
    ("M", 1 << 20),
    ("MiB", 1 << 20),
    ("MB", 1_000_000),
    ("G", 1 << 30),
    ("GiB", 1 << 30),
    ("GB", 1_000_000_000),
    ("T", 1 << 40),
    ("TiB", 1 << 40),
    ("TB", 1_000_000_000_000),
];

impl FromStr for Memory {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no size of memory such as 16GiB or 800MB");
        let text = text.trim();
        let digits = text.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        let count: f64 = text[..digits].parse().map_err(|_| wrong())?;
        let unit = text[digits..].trim();
        let (_, bytes) = UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit)).ok_or_else(wrong)?;
        let bytes = count * *bytes as f64;
        if bytes >= 1.0 && bytes < u64::MAX as f64 { Ok(Self(bytes as u64)) } else { Err(wrong()) }
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, bytes) = match self.0 {
            0..1_048_576 => ("KiB", 1_u64 << 10),
            1_048_576..1_073_741_824 => ("MiB", 1 << 20),
            _ => ("GiB", 1 << 30),
        };
        write!(formatter, "{:.1} {unit}", self.0 as f64 / bytes as f64)
    }
}

/// What the program takes before it has read anything, and what blocks being read and their keys take.
const BASE: f64 = 96e6;
/// Ends of a row as they are kept while reading.
const ROW: f64 = 8.0;
/// A weight or a time of a row.
const VALUE: f64 = 8.0;
/// An entry of an adjacency.
const ENTRY: f64 = 4.0;
/// An account in tables by number, offsets and sets of keys.
const ACCOUNT: f64 = 64.0;
/// A key's text is kept by the interner, in the sorted dictionary and when tables are written.
const KEY_COPIES: f64 = 3.0;
/// What is known of accounts, as it is read and as columns.
const PROFILE_COPIES: f64 = 4.0;
/// Values of an account metric.
const METRIC: f64 = 8.0;
/// An account in a division into communities.
const LABEL: f64 = 4.0;

/// What of a plan decides on memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    /// Columns of account metrics.
    pub(crate) columns: usize,
    /// Divisions of all accounts into communities that are kept while others are looked for.
    pub(crate) divisions: usize,
    /// Whether communities are looked for.
    pub(crate) has_communities: bool,
    /// Whether time is cut into windows.
    pub(crate) has_windows: bool,
    /// Whether distances are looked for.
    pub(crate) has_distances: bool,
}

/// Working memory of finding communities, for each row: measured on power-law graphs of 4 and 16 million edges, where it is the most.
const COMMUNITIES: f64 = 80.0;
/// Working memory of any other metric, for each row.
const OTHERS: f64 = 16.0;
/// Bytes an account of distances that are estimated: two counters of 256 bytes at most (`distance.registers`; half of that up to a million accounts).
const DISTANCES: f64 = 512.0;

/// The peak that a run with these inputs will reach, in bytes: while rows are sorted into edges, or later, with the graph both ways, its
/// undirected union and the working memory of a metric.
pub(crate) fn needed(estimate: &Estimate, load: Load) -> Memory {
    let values = (estimate.weighted + estimate.timed) * VALUE;
    let accounts = estimate.accounts * (ACCOUNT + load.columns as f64 * METRIC + load.divisions as f64 * LABEL)
        + estimate.key_bytes * KEY_COPIES
        + estimate.profile_bytes * PROFILE_COPIES;
    let rows = estimate.rows * ROW + values;
    let edges = estimate.rows * ENTRY + values;
    let building = rows + edges + if load.has_windows { rows } else { 0.0 };
    let weights = estimate.weighted * VALUE;
    let both_ways = edges + estimate.rows * ENTRY + weights;
    let union = 2.0 * (estimate.rows * ENTRY + weights);
    let distances = if load.has_distances { estimate.accounts * DISTANCES } else { 0.0 };
    let working = (estimate.rows * if load.has_communities { COMMUNITIES } else { OTHERS }).max(distances);
    Memory((BASE + accounts + estimate.whole + building.max(both_ways + union + working)) as u64)
}

/// Memory that the machine has free; `None` where the system does not tell.
pub fn free() -> Option<Memory> {
    let lines = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = lines.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    Some(Memory(line.split_whitespace().next()?.parse::<u64>().ok()? * 1024))
}

/// Highest resident set size so far, in bytes; 0 where the system does not tell.
pub(crate) fn peak_rss_bytes() -> u64 {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else { return 0 };
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) * 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_shown() {
        for (text, bytes) in [("16GiB", 16 << 30), ("1.5 MB", 1_500_000), ("100", 100), ("2g", 2 << 30), ("3kb", 3_000)] {
            assert_eq!(text.parse(), Ok(Memory(bytes)), "{text}");
        }
        for text in ["", "GiB", "-1G", "0", "1.2.3M", "5 bananas", "1e9"] {
            assert!(text.parse::<Memory>().is_err(), "{text}");
        }
        assert_eq!([512, 3 << 20, 5 << 29].map(|bytes| Memory(bytes).to_string()), ["0.5 KiB", "3.0 MiB", "2.5 GiB"]);
    }
}
