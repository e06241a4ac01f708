//! Every metric of the registry on three shapes and sizes of graphs, on one thread and on all: a new metric is measured without touching this file.
//!
//! `cargo bench -p echogram-analytics --bench kernels`; add `-- NAME` for one metric, `-- --test` to run each once on the smallest size.

#[path = "support/graphs.rs"]
mod graphs;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use echogram_analytics::leiden::{self, leiden};
use echogram_analytics::{Input, Run, Shape, registry};
use echogram_graph::{Grouping, NodeId};

fn kernels(criterion: &mut Criterion) {
    let all_threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut threads = vec![1, all_threads];
    threads.dedup();
    for shape in graphs::SHAPES {
        for &scale in graphs::scales() {
            let directed = (shape.make)(scale);
            let union = directed.undirected().unweighted();
            let nodes = directed.out().node_count();
            let partition =
                leiden(&union, &leiden::Params::default(), &Run::default()).expect("synthetic graphs are small").partition;
            let names: Vec<Option<String>> =
                (0..nodes).map(|row| Some((partition.of(NodeId::new(row)) % 2).to_string())).collect();
            let groups = Grouping::from_names(&names);
            let leanings: Vec<f64> = (0..nodes).map(|row| (row * 31 % 17) as f64 / 8.0 - 1.0).collect();
            let near: Vec<NodeId> = (0..nodes.min(10)).map(NodeId::new).collect();
            for spec in registry::all() {
                let graph = if spec.shape == Shape::Directed { &directed } else { &union };
                let input = Input {
                    partition: Some(&partition),
                    roles: Some(&groups),
                    sides: Some(&groups),
                    near: Some(&near),
                    leanings: Some(&leanings),
                    ..Input::of(graph)
                };
                let mut group = criterion.benchmark_group(format!("{:?}/{}", spec.kind, spec.name).to_lowercase());
                group.sample_size(10).throughput(Throughput::Elements(graph.edge_count()));
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
