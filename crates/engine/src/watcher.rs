//! Who watches a run, and the clock that times its stages.

use crate::EngineError;
use crate::memory::peak_rss_bytes;
use echogram_ingest::Progress;
use echogram_store::StageEntry;
use std::sync::Arc;
use std::time::Instant;

/// Is told what a run is doing. Reading shows its bytes in [`Progress`] instead of steps.
pub trait Watcher: Sync {
    /// A stage begins: `read`, `build`, `write` or a metric.
    fn begin(&self, stage: &str);
    /// It has come to `done` of `total` steps. Called from any thread, often.
    fn step(&self, done: u64, total: u64);
    /// It is done; a stage that fails does not end.
    fn end(&self, stage: &str, seconds: f64);
}

/// Watches and says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Watcher for Silent {
    fn begin(&self, _: &str) {}
    fn step(&self, _: u64, _: u64) {}
    fn end(&self, _: &str, _: f64) {}
}

/// Times stages, one after the other.
pub(crate) struct Clock<'a> {
    pub(crate) watcher: &'a dyn Watcher,
    pub(crate) progress: &'a Arc<Progress>,
    stages: Vec<StageEntry>,
}

impl<'a> Clock<'a> {
    pub(crate) fn new(watcher: &'a dyn Watcher, progress: &'a Arc<Progress>) -> Self {
        Self { watcher, progress, stages: Vec::new() }
    }

    pub(crate) fn check(&self) -> Result<(), EngineError> {
        crate::progress_check(self.progress)
    }

    /// Times `work` as `stage`.
    pub(crate) fn time<T>(&mut self, stage: &str, work: impl FnOnce() -> Result<T, EngineError>) -> Result<T, EngineError> {
        self.watcher.begin(stage);
        let start = Instant::now();
        let done = self.add_to(stage, work);
        if done.is_ok() {
            self.watcher.end(stage, start.elapsed().as_secs_f64());
        }
        done
    }

    /// Times `work` as part of `stage` without telling the watcher.
    pub(crate) fn add_to<T>(&mut self, stage: &str, work: impl FnOnce() -> Result<T, EngineError>) -> Result<T, EngineError> {
        self.check()?;
        let start = Instant::now();
        let done = work();
        let seconds = start.elapsed().as_secs_f64();
        // An error on the way out of a cancelled run is the cancellation.
        self.check()?;
        match self.stages.iter_mut().find(|entry| entry.name == stage) {
            Some(entry) => {
                entry.seconds += seconds;
                entry.peak_rss_bytes = peak_rss_bytes();
            }
            None => {
                let entry = StageEntry { name: stage.to_owned(), seconds, iterations: None, peak_rss_bytes: peak_rss_bytes() };
                self.stages.push(entry);
            }
        }
        done
    }

    /// Notes how many iterations a stage took.
    pub(crate) fn note_iterations(&mut self, stage: &str, iterations: Option<u32>) {
        if let Some(entry) = self.stages.iter_mut().find(|entry| entry.name == stage) {
            entry.iterations = iterations;
        }
    }

    pub(crate) fn stages(&self) -> Vec<StageEntry> {
        self.stages.clone()
    }

    pub(crate) fn watch(&self) -> crate::graphs::Watch<'a> {
        crate::graphs::Watch { watcher: self.watcher, cancel: self.cancel_flag() }
    }

    pub(crate) fn cancel_flag(&self) -> &'a std::sync::atomic::AtomicBool {
        &self.progress.cancel
    }
}
