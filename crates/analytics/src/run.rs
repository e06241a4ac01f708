//! The handle by which a caller watches and stops a metric.

use crate::MetricError;
use std::sync::atomic::{AtomicBool, Ordering};

/// Progress and cancellation. The default reports nothing and is never cancelled.
#[derive(Clone, Copy, Default)]
pub struct Run<'a> {
    /// Called with (done, total) at each step.
    pub on_step: Option<&'a (dyn Fn(u64, u64) + Sync)>,
    /// When it becomes true the metric stops at its next step.
    pub cancel: Option<&'a AtomicBool>,
}

impl Run<'_> {
    /// Reports progress and asks whether to go on. Call it once per iteration or block.
    ///
    /// # Errors
    /// [`MetricError::Cancelled`] once the caller's flag is set.
    pub fn step(&self, done: u64, total: u64) -> Result<(), MetricError> {
        if let Some(on_step) = self.on_step {
            on_step(done, total);
        }
        match self.cancel {
            Some(flag) if flag.load(Ordering::Relaxed) => Err(MetricError::Cancelled { done, total }),
            _ => Ok(()),
        }
    }
}

/// How an iterative metric ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The tested quantity fell below the tolerance.
    Converged,
    /// The iteration limit came first; the result is the last iterate.
    IterationLimit,
}
