//! What a run shows while it works: a bar on a terminal, plain lines elsewhere, or nothing.

use crate::allocator;
use echogram_engine::Watcher;
use echogram_ingest::Progress;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How to show it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Mode {
    /// A bar if standard error is a terminal, else plain lines.
    #[default]
    Auto,
    /// A line per stage.
    Plain,
    /// Nothing.
    None,
}

/// Times between two looks at how far reading has come.
const TICK: Duration = Duration::from_millis(100);

/// Shows a run on standard error.
pub(crate) struct Shown {
    progress: Arc<Progress>,
    bar: Option<ProgressBar>,
    plain: bool,
    reading: Arc<AtomicBool>,
}

impl Shown {
    pub(crate) fn new(mode: Mode, progress: &Arc<Progress>) -> Self {
        let is_terminal = std::io::stderr().is_terminal();
        let bar = (mode == Mode::Auto && is_terminal).then(ProgressBar::no_length);
        let plain = mode == Mode::Plain || (mode == Mode::Auto && !is_terminal);
        let reading = Arc::new(AtomicBool::new(false));
        Self { progress: Arc::clone(progress), bar, plain, reading }
    }

    /// Shows bytes read until reading ends.
    fn follow_reading(&self, bar: &ProgressBar) {
        self.reading.store(true, Ordering::Relaxed);
        let (progress, bar, reading) = (Arc::clone(&self.progress), bar.clone(), Arc::clone(&self.reading));
        std::thread::spawn(move || {
            while reading.load(Ordering::Relaxed) {
                let total = progress.total.load(Ordering::Relaxed);
                if total > 0 {
                    bar.set_length(total);
                }
                bar.set_position(progress.done.load(Ordering::Relaxed));
                std::thread::sleep(TICK);
            }
        });
    }

    fn say(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.println(line),
            // Progress that nobody can see is no reason to stop.
            None if self.plain => drop(writeln!(std::io::stderr(), "{line}")),
            None => {}
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.reading.store(false, Ordering::Relaxed);
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

impl Watcher for Shown {
    fn begin(&self, stage: &str) {
        let Some(bar) = &self.bar else { return };
        bar.reset();
        bar.set_message(stage.to_owned());
        if stage == "read" {
            bar.set_style(style("{msg:>30} {bar:30} {bytes}/{total_bytes} {bytes_per_sec}, {eta} left"));
            self.follow_reading(bar);
        } else {
            bar.set_length(1);
            bar.set_style(style("{msg:>30} {bar:30} {percent:>3}% {elapsed}"));
        }
    }

    fn step(&self, done: u64, total: u64) {
        if let Some(bar) = &self.bar {
            bar.set_length(total.max(1));
            bar.set_position(done);
        }
    }

    fn end(&self, stage: &str, seconds: f64) {
        // What the stage gave back is there for the next.
        allocator::collect();
        self.reading.store(false, Ordering::Relaxed);
        if self.progress.cancel.load(Ordering::Relaxed) {
            return;
        }
        let rate = if stage == "read" && seconds > 0.0 {
            let bytes = self.progress.done.load(Ordering::Relaxed) as f64;
            format!("   {:.1} MB at {:.0} MB/s", bytes / 1e6, bytes / 1e6 / seconds)
        } else {
            String::new()
        };
        self.say(&format!("{stage:>30} {seconds:>9.3} s{rate}"));
    }
}
