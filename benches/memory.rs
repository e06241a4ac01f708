//! Bytes per edge that each metric of the registry needs beside its graph: the most that was allocated at once while it ran, result included.
//!
//! `cargo bench -p echogram-analytics --bench memory [-- NAME...]` prints a Markdown table for a power-law graph of 4 million edges; with `--test` for a small one.

#![allow(clippy::print_stdout)] // what it is for

#[path = "support/subject.rs"]
mod subject;

use echogram_analytics::{Run, registry};
use echogram_graph::synthetic;
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let scale = if words.iter().any(|word| word == "--test") { 10 } else { 18 };
    let names: Vec<&String> = words.iter().filter(|word| !word.starts_with("--")).collect();
    let subject = subject::Subject::new(synthetic::rmat(scale, 16, 1));
    println!("| metric | edges | bytes per edge |\n|---|---|---|");
    for spec in registry::all().filter(|spec| names.is_empty() || names.iter().any(|name| *name == spec.name)) {
        let input = subject.input(spec);
        ALLOCATOR.reset_peak_usage();
        let before = ALLOCATOR.current_usage();
        let found = (spec.run)(&input, &Run::default());
        let most = ALLOCATOR.peak_usage() - before;
        found.expect("it has all it needs");
        let edges = subject.graph(spec).edge_count();
        println!("| {} | {edges} | {:.1} |", spec.name, most as f64 / edges as f64);
    }
}
