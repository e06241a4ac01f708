//! What can keep a metric from an answer.

/// Why a metric gave no result. Reaching an iteration limit is not an error: see [`Stop`](crate::Stop).
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MetricError {
    /// A parameter outside its range.
    #[error("parameter `{name}` must be {must_be}, got {got}")]
    BadParam {
        /// Field name.
        name: &'static str,
        /// The rule.
        must_be: &'static str,
        /// The value.
        got: f64,
    },
    /// The caller's flag was set.
    #[error("cancelled after {done} of {total} steps")]
    Cancelled {
        /// Steps done.
        done: u64,
        /// Steps there would have been.
        total: u64,
    },
    /// A metric that has no estimate, on a graph that would take too long.
    #[error(
        "`{metric}` is computed exactly only, and accounts times edges are {work:.1e}, above {parameter} = {limit:e}: raise that with --set, or leave the metric out"
    )]
    TooLarge {
        /// Name of the metric.
        metric: &'static str,
        /// Accounts times edges.
        work: f64,
        /// The parameter that holds the limit.
        parameter: &'static str,
        /// The limit.
        limit: f64,
    },
    /// The metric needs something that the input does not hold.
    #[error("`{metric}` needs {need}")]
    Missing {
        /// Name of the metric.
        metric: &'static str,
        /// What it needs, in words.
        need: &'static str,
    },
}
