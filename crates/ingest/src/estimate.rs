//! How much an input holds, judged from its first bytes before the work starts.

use crate::IngestError;
use crate::batch::Batch;
use crate::format::{FormatSpec, ReadOptions, format_of};
use crate::formats::parquet;
use crate::intake::Intake;
use crate::key_space::UsedKeys;
use crate::source::{Progress, Source, is_standard_input};
use crate::{Request, inputs};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Bytes of an input (unpacked) that are looked at.
const SAMPLE: usize = 4 << 20;
/// Files of one input that are looked at: the largest.
const MOST_SAMPLED: usize = 8;

/// What the inputs hold together, about.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Estimate {
    /// Rows, or ties of posts.
    pub rows: f64,
    /// Distinct accounts.
    pub accounts: f64,
    /// Bytes of their keys.
    pub key_bytes: f64,
    /// Bytes of names, bios and other things known of them.
    pub profile_bytes: f64,
    /// Rows that carry a weight.
    pub weighted: f64,
    /// Rows that carry a time.
    pub timed: f64,
    /// Bytes that are read into memory whole.
    pub whole: f64,
    /// Files whose size nobody knows (standard input).
    pub unknown: usize,
}

impl Estimate {
    fn add(&mut self, other: Self, times: f64) {
        self.rows += other.rows * times;
        self.accounts += other.accounts * times;
        self.key_bytes += other.key_bytes * times;
        self.profile_bytes += other.profile_bytes * times;
        self.weighted += other.weighted * times;
        self.timed += other.timed * times;
        self.whole += other.whole * times;
    }
}

/// Judges all inputs and account files by samples. What cannot be read counts nothing here: reading will say why.
pub fn estimate(request: &Request) -> Estimate {
    let mut whole = Estimate::default();
    for (text, options) in &request.inputs {
        let Ok(named) = inputs::expand(text) else { continue };
        let mut files: Vec<(u64, PathBuf)> = Vec::new();
        for path in named.files {
            match std::fs::metadata(&path) {
                Ok(meta) if !is_standard_input(&path) => files.push((meta.len(), path)),
                _ => whole.unknown += 1,
            }
        }
        files.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let all: u64 = files.iter().map(|file| file.0).sum();
        files.truncate(MOST_SAMPLED);
        let sampled: u64 = files.iter().map(|file| file.0).sum();
        for (bytes, path) in &files {
            if let Ok(found) = of_file(path, *bytes, options) {
                whole.add(found, all as f64 / sampled.max(1) as f64);
            }
        }
    }
    for accounts in &request.accounts {
        let bytes: u64 = inputs::expand_some(&accounts.path)
            .unwrap_or_default()
            .iter()
            .filter_map(|path| std::fs::metadata(path).ok())
            .map(|meta| meta.len())
            .sum();
        whole.profile_bytes += bytes as f64;
    }
    whole
}

fn of_file(path: &Path, bytes: u64, options: &ReadOptions) -> Result<Estimate, IngestError> {
    let progress = Arc::new(Progress::default());
    let mut source = Source::open(path, &progress)?;
    let format = format_of(&source, options)?;
    if format.name == parquet::FORMAT.name {
        let (rows, held, sample) = parquet::sample(&mut source, options)?;
        let found = extrapolated(&sample, rows as f64 / sample.rows().max(1) as f64);
        return Ok(Estimate { whole: held as f64, ..found });
    }
    let (sample, is_all) = source.sample(SAMPLE)?;
    let times = if is_all { 1.0 } else { bytes as f64 / source.seal().0.max(1) as f64 };
    Ok(extrapolated(&parsed(format, path, &sample, options)?, times))
}

fn parsed(format: &FormatSpec, path: &Path, bytes: &[u8], options: &ReadOptions) -> Result<Intake, IngestError> {
    let mut intake = Intake::default();
    let mut source = Source::of_bytes(path, bytes.to_vec(), &Arc::new(Progress::default()))?;
    (format.read)(&mut source, options, &mut intake)?;
    intake.settle();
    Ok(intake)
}

/// What an input holds that is so many `times` as large as its sample.
fn extrapolated(sample: &Intake, times: f64) -> Estimate {
    let mut found = Estimate::default();
    for batch in &sample.batches {
        for rows in batch.relations.values() {
            found.rows += rows.len() as f64;
            found.weighted += rows.weights.len() as f64;
            found.timed += rows.times.len() as f64;
        }
        for post in &batch.posts {
            let ties = (post.ties.len() + post.pending.len()) as f64;
            found.rows += ties + 1.0;
            found.timed += ties;
        }
    }
    let mut whole = Estimate::default();
    whole.add(found, times);
    let (accounts, key_bytes) = grown(sample, times);
    let (described, bytes) = sample.profiles.size();
    let growth = if described > 0 { accounts / described as f64 } else { 0.0 };
    Estimate { accounts, key_bytes, profile_bytes: bytes as f64 * growth.max(1.0), ..whole }
}

/// Distinct accounts and bytes of their keys, carried on from the sample to the whole. Accounts grow more slowly than rows: at each doubling by as much as
/// from the sample's half to all of it. In truth that growth declines further, which a few megabytes cannot tell; too low a guess would let a run start
/// that does not fit.
fn grown(sample: &Intake, times: f64) -> (f64, f64) {
    let all = UsedKeys::of(sample.batches.iter(), &sample.interner);
    let (accounts, key_bytes) = (all.count() as f64, all.bytes() as f64);
    if accounts == 0.0 || times <= 1.0 {
        return (accounts, key_bytes);
    }
    let halves: Vec<Batch> = sample.batches.iter().map(Batch::first_half).collect();
    let half = UsedKeys::of(halves.iter(), &sample.interner).count() as f64;
    let growth = (accounts / half.max(1.0)).log2().clamp(0.0, 1.0);
    let factor = times.powf(growth);
    (accounts * factor, key_bytes * factor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ReadOptions;

    /// Accounts judged of a file of 400,000 rows, each of which names two accounts by numbers below `accounts`.
    fn judged(name: &str, key: impl Fn(u64) -> String, accounts: u64) -> f64 {
        let path = std::env::temp_dir().join(format!("echogram-estimate-{name}-{}.csv", std::process::id()));
        let rows = (0..400_000).map(|row| format!("{},{}\n", key(2 * row % accounts), key((2 * row + 1) % accounts)));
        std::fs::write(&path, format!("source,target\n{}", rows.collect::<String>())).unwrap();
        let request = Request { inputs: vec![(path.display().to_string(), ReadOptions::default())], ..Request::default() };
        let found = estimate(&request);
        std::fs::remove_file(&path).unwrap();
        assert!((found.rows / 400_000.0 - 1.0).abs() < 0.05, "{name}: {} rows", found.rows);
        found.accounts
    }

    #[test]
    fn accounts_grow_as_the_sample_says() {
        for (name, key) in [
            ("text", (|number| format!("name_{number:09}")) as fn(u64) -> String),
            ("number", |number| (1_000_000_000 + number).to_string()),
        ] {
            let all_new = judged(name, key, 800_000);
            assert!((all_new / 800_000.0 - 1.0).abs() < 0.05, "{name}: {all_new}");
            let few = judged(name, key, 1_000);
            assert!((few / 1_000.0 - 1.0).abs() < 0.05, "{name}: {few}");
        }
    }
}
