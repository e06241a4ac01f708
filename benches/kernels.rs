//! Every metric of the registry on three shapes and sizes of graphs, on one thread and on all: a new metric is measured without touching this file.
//!
//! `cargo bench -p echogram-analytics --bench kernels`; add `-- NAME` for one metric, `-- --test` to run each once on the smallest size.

#[path = "support/graphs.rs"]
mod graphs;
#[path = "support/subject.rs"]
mod subject;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use echogram_analytics::{Run, registry};

fn kernels(criterion: &mut Criterion) {
    let all_threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut threads = vec![1, all_threads];
    threads.dedup();
    for shape in graphs::SHAPES {
        for &scale in graphs::scales() {
            let subject = subject::Subject::new((shape.make)(scale));
            for spec in registry::all() {
                let input = subject.input(spec);
                let mut group = criterion.benchmark_group(format!("{:?}/{}", spec.kind, spec.name).to_lowercase());
                group.sample_size(10).throughput(Throughput::Elements(subject.graph(spec).edge_count()));
                for &threads in &threads {
                    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a small pool");
                    let id = BenchmarkId::new(format!("{}/threads={threads}", shape.name), format!("2^{scale}"));
                    group.bench_function(id, |bench| {
                        pool.install(|| bench.iter(|| (spec.run)(&input, &Run::default()).expect("it has all it needs")));
                    });
                }
                group.finish();
            }
        }
    }
}

criterion_group!(benches, kernels);
criterion_main!(benches);
