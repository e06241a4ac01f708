//! From a [`Study`] to a run folder: the order of stages, shared by the command line and other front ends.

mod compute;
mod error;
mod graphs;
mod groups;
mod levels;
mod lineage;
mod memory;
mod nulls;
mod quality;
mod resolutions;
mod robustness;
mod score_tables;
mod scorer;
mod sensitivity;
mod sides;
mod study;
mod study_file;
mod summary;
mod tables;
mod timeline;
mod watcher;

pub use error::EngineError;
pub use memory::{Memory, free as free_memory};
pub use nulls::NullModel;
pub use resolutions::Resolutions;
pub use study::{Study, read_lexicon};
pub use study_file::{StudyFile, study_schema};
pub use summary::{CommunityLine, NullLine, PlateauLine, RankedAccount, RelationLine, ResolutionsLine, Summary, SwingLine};
pub use watcher::{Silent, Watcher};

use crate::compute::Computed;
use crate::memory::Load;
use crate::watcher::Clock;
use echogram_analytics::paths;
use echogram_analytics::registry::{self, Given, Plan};
use echogram_ingest::period::{self, Period};
use echogram_ingest::{Ingested, Progress};
use echogram_store::{GraphFacts, InputEntry, Manifest, MemoryEntry, RunFolderWriter};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Runs a study: reads, builds, computes, writes the run folder; tells the watcher, and stops soon after `progress.cancel` is set.
///
/// Work runs in the rayon pool of the caller.
///
/// # Errors
/// [`EngineError`]; no run folder is left behind then, and one that stood there before is as it was.
pub fn run(study: &Study, watcher: &dyn Watcher, progress: &Arc<Progress>) -> Result<Summary, EngineError> {
    let started = chrono::Utc::now();
    let Period { from, to } = study.period;
    if let (Some(from), Some(to)) = (from, to)
        && from >= to
    {
        return Err(EngineError::Period { from: period::shown(from), to: period::shown(to) });
    }
    let given = Given { sides: study.sides.is_some(), near: !study.near.is_empty() };
    let mut plan = Plan::from_words(&study.metrics, given)?;
    if study.levels && !plan.requests().iter().any(|request| request.spec.name == "community" && !request.columns.is_empty()) {
        // Levels without what they are levels of would say nothing.
        let words: Vec<&str> = study.metrics.iter().map(String::as_str).chain(["community"]).collect();
        plan = Plan::from_words(&words, given)?;
    }
    registry::check_settings(&study.settings)?;
    sides::check_word(study.sides.as_deref())?;
    echogram_store::check_target(&study.output, study.force)?;
    let request = study.request()?;
    let memory = check_memory(study, &plan, &request)?;
    let mut clock = Clock::new(watcher, progress);

    let read = clock.time("read", || echogram_ingest::read(&request, progress).map_err(EngineError::from))?;
    let ingested = clock.time("build", || read.assemble(&request).map_err(EngineError::from))?;
    let computed = compute::compute(study, &plan, &ingested, &mut clock)?;
    clock.check()?;

    let mut folder = RunFolderWriter::create(&study.output, study.force)?;
    let mut warnings = computed.warnings.clone();
    warnings.extend(data_warnings(&ingested));
    if study.window.is_some() && ingested.windows.is_empty() {
        warnings.push("no tie has a time: there are no windows, and no timeline".to_owned());
    }
    clock.time("write", || {
        for table in tables::all(&ingested, &computed) {
            folder.write_table(&table)?;
            progress_check(progress)?;
        }
        Ok(())
    })?;
    let manifest = Manifest {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        command: study.command.clone(),
        seed: study.seed,
        threads: rayon::current_num_threads(),
        started: started.to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
        finished: chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
        inputs: ingested.inputs.iter().map(input_entry).collect(),
        graph: graph_facts(&ingested, &computed),
        stages: clock.stages(),
        tables: folder.tables().to_vec(),
        warnings,
        notes: ingested.notes.iter().chain(&computed.notes).cloned().collect(),
        memory,
        quality: quality::findings(&ingested),
    };
    let summary = Summary::new(study, &ingested, &computed, &manifest);
    progress.committing.store(true, Ordering::SeqCst);
    let finished = folder.finish(&manifest);
    progress.committing.store(false, Ordering::SeqCst);
    finished?;
    Ok(summary)
}

/// Judges what the run will take, and refuses what would not fit before any work is done.
fn check_memory(study: &Study, plan: &Plan, request: &echogram_ingest::Request) -> Result<MemoryEntry, EngineError> {
    let estimate = echogram_ingest::estimate(request);
    let load = Load {
        columns: plan.requests().iter().map(|request| request.columns.len()).sum(),
        divisions: study.resolutions.map_or(0, Resolutions::points) + perturbed_runs(study, plan),
        has_communities: study.resolutions.is_some()
            || plan.requests().iter().any(|request| request.spec.name.starts_with("community")),
        has_windows: study.window.is_some(),
        has_distances: plan.requests().iter().any(|request| request.spec.parameters.contains(&paths::distances::REGISTERS)),
    };
    let needed = memory::needed(&estimate, load);
    let allowed = study.memory.or_else(memory::free);
    if let Some(allowed) = allowed.filter(|allowed| needed > *allowed) {
        return Err(EngineError::WouldNotFit {
            needed,
            allowed,
            rows: estimate.rows as u64,
            accounts: estimate.accounts as u64,
            is_given: study.memory.is_some(),
        });
    }
    Ok(MemoryEntry {
        allowed_bytes: allowed.map(|allowed| allowed.0),
        estimated_bytes: needed.0,
        estimated_rows: estimate.rows as u64,
        estimated_accounts: estimate.accounts as u64,
        is_complete: estimate.unknown == 0,
    })
}

/// Divisions of all accounts that confidence and consensus keep.
fn perturbed_runs(study: &Study, plan: &Plan) -> usize {
    let mut parameters = plan.requests().iter().flat_map(|request| request.spec.parameters);
    let runs = parameters.find(|parameter| parameter.name == "community_confidence.runs");
    runs.map_or(0, |runs| study.settings.get(runs) as usize)
}

fn progress_check(progress: &Progress) -> Result<(), EngineError> {
    if progress.cancel.load(Ordering::Relaxed) { Err(EngineError::Cancelled) } else { Ok(()) }
}

fn input_entry(input: &echogram_ingest::InputFacts) -> InputEntry {
    InputEntry {
        path: input.path.clone(),
        format: input.format.clone(),
        bytes: input.bytes,
        rows: input.rows,
        rejected: input.rejected,
        blake3: input.blake3.clone(),
    }
}

fn graph_facts(ingested: &Ingested, computed: &Computed) -> GraphFacts {
    let network = &ingested.network;
    let relations = network.layers().iter().map(|layer| (layer.name().to_owned(), layer.edge_count())).collect();
    GraphFacts {
        accounts: network.accounts().len() as u64,
        edges: network.layers().iter().map(echogram_graph::Layer::edge_count).sum(),
        directed: network.is_directed(),
        relations,
        self_loops: network.layers().iter().map(|layer| layer.edges().loop_count()).sum(),
        isolates: computed.isolates,
    }
}

/// What a reader should know of the data before trusting a number.
fn data_warnings(ingested: &Ingested) -> Vec<String> {
    let mut warnings = Vec::new();
    if ingested.rejected > 0 {
        let kept = ingested.rejections.len() as u64;
        let rest = if kept < ingested.rejected { format!(" (the first {kept} of them)") } else { String::new() };
        let rows = if ingested.rejected == 1 { "row was" } else { "rows were" };
        warnings.push(format!("{} {rows} rejected: rejects.parquet says which and why{rest}", ingested.rejected));
    }
    let unknown = ingested.accounts.role.known() == 0;
    if unknown {
        warnings.push(
            "no account has a known role: columns and tables about roles are empty, and there are no scores of them".to_owned(),
        );
    }
    warnings
}
