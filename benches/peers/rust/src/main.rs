//! Seconds that other Rust libraries take for one operation on an edge list, asked for and answered as `compare.py` does it with a script of peers:
//!
//! ```text
//! rust-peers --list
//! rust-peers --input FILE --peer PEER --op OPERATION,... --threads N --runs N
//! ```
//!
//! `FILE` is a CSV of two whole numbers with a header line; of `X.parquet` the `X.csv` beside it is read. A graph is built once, before the clock.

use graph::prelude::{
    CsrLayout, DirectedCsrGraph, Graph as _, GraphBuilder, PageRankConfig, UndirectedCsrGraph, WccConfig, global_triangle_count,
    page_rank, relabel_graph, wcc_afforest,
};
use std::path::PathBuf;
use std::time::Instant;

/// What is measured of whom.
const PEERS: [(&str, &[&str]); 4] = [
    ("graph", &["pagerank", "wcc", "triangles"]),
    ("petgraph", &["scc"]),
    ("webgraph-algo", &["scc", "hyperball", "hyperball_packed"]),
    ("leiden-rs", &["leiden"]),
];
/// Binary logarithm of the registers of a HyperLogLog counter.
const LOG_REGISTERS: u32 = 8;

type Edges = Vec<(u32, u32)>;

struct Asked {
    input: PathBuf,
    peer: String,
    operations: Vec<String>,
    runs: usize,
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words == ["--list"] {
        return PEERS.iter().for_each(|(peer, operations)| println!("{peer} {}", operations.join(" ")));
    }
    let value = |name: &str| words.iter().position(|word| word == name).and_then(|at| words.get(at + 1)).map(String::as_str);
    let threads = value("--threads").and_then(|text| text.parse().ok()).unwrap_or(2);
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().expect("no pool before");
    let asked = Asked {
        input: PathBuf::from(value("--input").expect("--input FILE")).with_extension("csv"),
        peer: value("--peer").expect("--peer PEER").to_owned(),
        operations: value("--op").expect("--op OPERATION,...").split(',').map(str::to_owned).collect(),
        runs: value("--runs").and_then(|text| text.parse().ok()).unwrap_or(1),
    };
    let (edges, nodes) = read(&asked.input);
    for operation in &asked.operations {
        match (asked.peer.as_str(), operation.as_str()) {
            ("graph", "pagerank") => graph_pagerank(&asked, &edges),
            ("graph", "wcc") => graph_components(&asked, &edges),
            ("graph", "triangles") => graph_triangles(&asked, &edges),
            ("petgraph", "scc") => petgraph_components(&asked, &edges, nodes),
            ("webgraph-algo", "scc") => webgraph_components(&asked, &edges, nodes),
            ("webgraph-algo", "hyperball") => webgraph_hyperball(&asked, "hyperball", &edges, nodes),
            ("webgraph-algo", "hyperball_packed") => webgraph_hyperball(&asked, "hyperball_packed", &edges, nodes),
            ("leiden-rs", "leiden") => leiden(&asked, &edges, nodes),
            (peer, operation) => println!("{{\"op\":\"{operation}\",\"seconds\":null,\"error\":\"{peer} has none\"}}"),
        }
    }
}

/// Edges without repetition, sorted, and how many nodes there are.
fn read(path: &PathBuf) -> (Edges, usize) {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let whole = |word: &str| word.trim().parse::<u32>().expect("a whole number");
    let mut edges: Edges =
        text.lines().skip(1).filter_map(|line| line.split_once(',')).map(|(from, to)| (whole(from), whole(to))).collect();
    edges.sort_unstable();
    edges.dedup();
    // Numbers may have gaps: nodes are those that occur.
    let mut seen: Vec<u32> = edges.iter().flat_map(|&(from, to)| [from, to]).collect();
    seen.sort_unstable();
    seen.dedup();
    let mut place = vec![0; seen.last().map_or(0, |&last| last as usize + 1)];
    seen.iter().enumerate().for_each(|(at, &node)| place[node as usize] = at as u32);
    edges.iter_mut().for_each(|(from, to)| (*from, *to) = (place[*from as usize], place[*to as usize]));
    (edges, seen.len())
}

/// Runs it as often as asked after once for warmth and prints the median with a sign of the result.
fn report<T>(asked: &Asked, operation: &str, mut once: impl FnMut() -> T, sign: impl Fn(T) -> String) {
    once();
    let mut seconds = Vec::new();
    let mut last = None;
    for _ in 0..asked.runs {
        let start = Instant::now();
        let found = once();
        seconds.push(start.elapsed().as_secs_f64());
        last = Some(found);
    }
    seconds.sort_by(f64::total_cmp);
    let sign = last.map(sign).unwrap_or_default();
    println!(
        "{{\"peer\":\"{}\",\"op\":\"{operation}\",\"seconds\":{:.4},\"fingerprint\":{{{sign}}}}}",
        asked.peer,
        seconds[seconds.len() / 2]
    );
}

fn graph_pagerank(asked: &Asked, edges: &Edges) {
    let graph: DirectedCsrGraph<u32> = GraphBuilder::new().csr_layout(CsrLayout::Sorted).edges(edges.clone()).build();
    let once = || page_rank(&graph, PageRankConfig::new(50, 0.0, 0.85));
    report(asked, "pagerank", once, |(_, iterations, _)| format!("\"iters\":{iterations}"));
}

fn graph_components(asked: &Asked, edges: &Edges) {
    let graph: DirectedCsrGraph<u32> = GraphBuilder::new().csr_layout(CsrLayout::Sorted).edges(edges.clone()).build();
    report(asked, "wcc", || wcc_afforest(&graph, WccConfig::default()), |_| String::new());
}

fn graph_triangles(asked: &Asked, edges: &Edges) {
    let once_each: std::collections::BTreeSet<(u32, u32)> =
        edges.iter().filter(|(from, to)| from != to).map(|&(from, to)| (from.min(to), from.max(to))).collect();
    let mut graph: UndirectedCsrGraph<u32> = GraphBuilder::new().csr_layout(CsrLayout::Deduplicated).edges(once_each).build();
    // The order by degree is made once and belongs to no run: its seconds are told beside them.
    let start = Instant::now();
    relabel_graph(&mut graph);
    let ordering = start.elapsed().as_secs_f64();
    eprintln!("graph triangles: {ordering:.3} s for the order by degree, not in `seconds`; {} nodes", graph.node_count());
    report(asked, "triangles", || global_triangle_count(&graph), |count| format!("\"count\":{count}"));
}

fn petgraph_components(asked: &Asked, edges: &Edges, nodes: usize) {
    let mut graph = petgraph::csr::Csr::<(), ()>::from_sorted_edges(edges).expect("sorted");
    while graph.node_count() < nodes {
        graph.add_node(());
    }
    report(asked, "scc", || petgraph::algo::tarjan_scc(&graph), |found| format!("\"count\":{}", found.len()));
}

/// Successors (or predecessors) as a graph of webgraph.
fn webgraph(edges: &Edges, nodes: usize, turned: bool) -> webgraph::graphs::csr_graph::CsrSortedGraph {
    let mut arcs: Vec<(usize, usize)> = edges
        .iter()
        .map(|&(from, to)| if turned { (to as usize, from as usize) } else { (from as usize, to as usize) })
        .collect();
    arcs.sort_unstable();
    let mut graph = webgraph::graphs::vec_graph::VecGraph::empty(nodes);
    graph.add_arcs(arcs);
    webgraph::graphs::csr_graph::CsrSortedGraph::from_seq_graph(&graph)
}

fn webgraph_components(asked: &Asked, edges: &Edges, nodes: usize) {
    let graph = webgraph(edges, nodes, false);
    let once = || webgraph_algo::sccs::tarjan(&graph, dsi_progress_logger::no_logging![]);
    report(asked, "scc", once, |found| format!("\"count\":{}", found.num_components()));
}

/// Harmonic centrality over incoming paths: balls grow along the turned graph. Registers of a byte each, its faster form, or packed, its smaller one.
fn webgraph_hyperball(asked: &Asked, operation: &str, edges: &Edges, nodes: usize) {
    use dsi_progress_logger::no_logging;
    use rand::SeedableRng;
    use webgraph::traits::SequentialLabeling;
    use webgraph_algo::distances::hyperball::HyperBallBuilder;
    let (graph, turned) = (webgraph(edges, nodes, true), webgraph(edges, nodes, false));
    let degrees = graph.build_dcf();
    macro_rules! run {
        ($builder:ident) => {
            || {
                let builder =
                    HyperBallBuilder::$builder(&graph, Some(&turned), &degrees, LOG_REGISTERS, None).expect("a builder");
                let mut balls = builder.sum_of_inverse_distances(true).build(no_logging![]);
                balls.run_until_done(rand::rngs::SmallRng::seed_from_u64(1), no_logging![]).expect("a run");
                balls.harmonic_centralities().expect("scores").iter().map(|&score| f64::from(score)).sum::<f64>()
            }
        };
    }
    let sum = |sum| format!("\"sum\":{sum:.0}");
    if operation == "hyperball" {
        report(asked, operation, run!(with_hyper_log_log8), sum);
    } else {
        report(asked, operation, run!(with_hyper_log_log), sum);
    }
}

fn leiden(asked: &Asked, edges: &Edges, nodes: usize) {
    let mut builder = leiden_rs::GraphDataBuilder::new(nodes);
    for &(from, to) in edges.iter().filter(|(from, to)| from != to) {
        builder.add_edge(from as usize, to as usize, 1.0).expect("an edge");
    }
    let graph = builder.build().expect("a graph");
    let config = leiden_rs::LeidenConfig { seed: Some(1), ..Default::default() };
    let once = || leiden_rs::Leiden::new(config.clone()).run(&graph).expect("a partition").quality;
    report(asked, "leiden", once, |quality| format!("\"modularity\":{quality:.5}"));
}
