//! File to finished graph (successors and predecessors): seconds of each step, and the memory it took.
//!
//! `cargo bench -p echogram-ingest --bench reading -- [--threads N] [--undirected] FILE...` prints a JSON line a file. Each file is read in a process of
//! its own, so that its peak memory is its own. Without a file a small made-up one is read, to see that the bench works.

#![allow(clippy::print_stdout)] // what it is for

use echogram_graph::Projection;
use echogram_ingest::{Progress, ReadOptions, Request};
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

/// Memory as the command has it.
#[path = "../crates/cli/src/allocator.rs"]
mod allocator;

fn main() {
    allocator::keep_memory();
    let mut threads = 0;
    let mut undirected = false;
    let mut files: Vec<PathBuf> = Vec::new();
    let mut is_child = false;
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--threads" => threads = words.next().and_then(|count| count.parse().ok()).expect("--threads N"),
            "--undirected" => undirected = true,
            "--child" => is_child = true,
            "--bench" | "--test" => {}
            file => files.push(file.into()),
        }
    }
    if files.is_empty() {
        let sample = std::env::temp_dir().join(format!("echogram-reading-{}.csv", std::process::id()));
        let rows: String = (0..100_000_u64).map(|row| format!("{},{}\n", row * 7_919 % 10_007, row * 104_729 % 10_009)).collect();
        std::fs::write(&sample, format!("source,target\n{rows}")).expect("a temporary file");
        measure(&sample, threads, undirected);
        std::fs::remove_file(&sample).expect("it was written");
    }
    for file in files {
        if is_child {
            measure(&file, threads, undirected);
            continue;
        }
        let mut child = Command::new(std::env::current_exe().expect("this program"));
        child.args(["--child", "--threads", &threads.to_string()]).arg(&file);
        if undirected {
            child.arg("--undirected");
        }
        assert!(child.status().expect("this program runs").success(), "{}", file.display());
    }
}

fn measure(file: &std::path::Path, threads: usize, undirected: bool) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
    pool.install(|| {
        let inputs = vec![(file.display().to_string(), ReadOptions::default())];
        let request = Request { inputs, undirected, ..Request::default() };
        let start = Instant::now();
        let read = echogram_ingest::read(&request, &Arc::new(Progress::default())).expect("a readable file");
        allocator::collect();
        let (read_at, read_mib) = (start.elapsed().as_secs_f64(), peak_mib());
        let ingested = read.assemble(&request).expect("it fits");
        allocator::collect();
        let (built_at, built_mib) = (start.elapsed().as_secs_f64(), peak_mib());
        let graph = ingested.network.project(&Projection::default()).expect("all relations");
        let total = start.elapsed().as_secs_f64();
        println!(
            "{{\"file\":\"{}\",\"threads\":{},\"seconds\":{total:.3},\"read\":{read_at:.3},\"build\":{:.3},\"graph\":{:.3},\"accounts\":{},\"edges\":{},\"read_mib\":{read_mib},\"built_mib\":{built_mib},\"peak_mib\":{}}}",
            file.file_name().unwrap_or_default().to_string_lossy(),
            rayon::current_num_threads(),
            built_at - read_at,
            total - built_at,
            ingested.network.accounts().len(),
            graph.edge_count(),
            peak_mib(),
        );
    });
}

/// Highest resident set size so far; 0 where the system does not tell.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}
