//! Our numbers beside those of NetworkX and igraph, frozen in `oracle/graphs.json`: karate and twelve seeded graphs, each read as
//! directed and as undirected by the command itself.
//!
//! What depends on communities is counted anew in `oracle/recount.rs` from the community column and the edges that the run wrote;
//! `oracle/fixed_partition.rs` gives the library the oracle's own partition, which the command cannot be given.

#![allow(clippy::unwrap_used)] // a failed unwrap fails the test, which is what it is for

#[path = "support/mod.rs"]
mod support;

#[path = "oracle/fixed_partition.rs"]
mod fixed_partition;
#[path = "oracle/recount.rs"]
mod recount;

use recount::Recount;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use support::{Findings, RunFolder, Sandbox, Table, numbers, oracle, words};

/// PageRank stops at an L1 change of 1e-10, the oracle's at 1e-13.
const RANK: f64 = 1e-8;
/// Directions found by iteration stop at an L2 change of 1e-10; a slow one is further off than that.
const ITERATED: f64 = 1e-7;
/// All other real numbers.
const REAL: f64 = 1e-9;

/// Account metrics of `full`, and the variants that are named besides.
const ACCOUNT: &[(&str, f64)] = &[
    ("in_degree", 0.0),
    ("out_degree", 0.0),
    ("degree", 0.0),
    ("in_strength", REAL),
    ("out_strength", REAL),
    ("reciprocity", REAL),
    ("pagerank", RANK),
    ("pagerank_weighted", RANK),
    ("pagerank_undirected", RANK),
    ("pagerank_weighted_undirected", RANK),
    ("component_weak", 0.0),
    ("component_strong", 0.0),
    ("core", 0.0),
    ("hub", ITERATED),
    ("authority", ITERATED),
    ("hub_weighted", ITERATED),
    ("authority_weighted", ITERATED),
    ("eigenvector", ITERATED),
    ("eigenvector_undirected", ITERATED),
    ("eigenvector_weighted", ITERATED),
    ("katz", REAL),
    ("katz_undirected", REAL),
    ("katz_weighted", REAL),
    ("dcore_in", 0.0),
    ("dcore_out", 0.0),
    ("triangles", 0.0),
    ("clustering", REAL),
    ("constraint", REAL),
    ("constraint_weighted", REAL),
    ("effective_size", REAL),
    ("effective_size_weighted", REAL),
    ("collective_influence", 0.0),
    ("betweenness", REAL),
    ("betweenness_undirected", REAL),
    ("betweenness_weighted", REAL),
    ("closeness", REAL),
    ("closeness_undirected", REAL),
    ("closeness_weighted", REAL),
    ("harmonic", REAL),
    ("harmonic_undirected", REAL),
    ("harmonic_weighted", REAL),
];

/// Network metrics: our name, the oracle's.
const NETWORK: &[(&str, &str)] = &[
    ("density", "density"),
    ("reciprocity", "reciprocity"),
    ("assortativity_degree", "assortativity_degree_directed"),
    ("isolates", "isolates"),
    ("components_weak", "components_weak"),
    ("components_strong", "components_strong"),
    ("transitivity", "transitivity"),
    ("average_clustering", "average_clustering"),
    ("centralisation_in", "centralisation_in"),
    ("centralisation_out", "centralisation_out"),
    ("average_distance", "average_distance"),
    ("diameter_effective", "diameter_effective"),
];

/// Echo scores: our name, the oracle's.
const ECHO: &[(&str, &str)] = &[
    ("ei", "ei_attribute_directed"),
    ("ei_undirected", "ei_attribute_undirected"),
    ("assortativity", "assortativity_attribute_directed"),
    ("assortativity_undirected", "assortativity_attribute_undirected"),
    ("modularity", "modularity_attribute"),
];

/// One graph of the oracle in one of its readings.
struct Case<'a> {
    graph: &'a Value,
    reading: &'static str,
    answers: &'a Value,
}

impl Case<'_> {
    fn name(&self) -> String {
        format!("{} {}", self.graph["name"].as_str().unwrap(), self.reading)
    }

    fn is_undirected(&self) -> bool {
        self.reading == "undirected"
    }

    fn relations(&self) -> BTreeSet<&str> {
        self.answers["edges"].as_array().unwrap().iter().map(|edge| edge[2].as_str().unwrap()).collect()
    }

    /// Writes the rows as a file would give them, and the accounts; runs the command.
    fn run(&self, sandbox: &Sandbox) -> RunFolder {
        write_graph(sandbox, self.graph);
        let mut metrics = vec!["full".to_owned()];
        // `full` has the plain names; a plain name may be a network metric too, which must then be defined.
        let is_variant = |name: &str| ["_weighted", "directed"].iter().any(|end| name.ends_with(end));
        metrics.extend(ACCOUNT.iter().map(|entry| entry.0.to_owned()).filter(|name| is_variant(name)));
        // A score that is undefined may not be asked for by name.
        let defined = ECHO.iter().filter(|score| !self.answers["network"][score.1].is_null());
        metrics.extend(defined.map(|score| score.0.to_owned()));
        metrics.extend(self.relations().iter().map(|relation| format!("community@{relation}")));
        let metrics = metrics.join(",");
        let mut args = vec!["edges.csv", "--accounts", "accounts.csv", "--sides", "column:attribute", "--metrics", &metrics];
        args.extend(self.is_undirected().then_some("--undirected"));
        sandbox.run_folder(args)
    }
}

fn write_graph(sandbox: &Sandbox, graph: &Value) {
    let rows = graph["rows"].as_array().unwrap();
    let is_weighted = rows.iter().any(|row| !row[3].is_null());
    let mut edges = if is_weighted { "source,target,relation,weight\n" } else { "source,target,relation\n" }.to_owned();
    for row in rows {
        let mut fields: Vec<String> = (0..3).map(|at| row[at].as_str().unwrap().to_owned()).collect();
        fields.extend(is_weighted.then(|| row[3].to_string()));
        edges += &(fields.join(",") + "\n");
    }
    sandbox.write("edges.csv", edges);
    let sides = words(&graph["attribute"]);
    let accounts = words(&graph["nodes"]).into_iter().zip(sides).map(|(node, side)| format!("{node},{side}\n"));
    sandbox.write("accounts.csv", "account,attribute\n".to_owned() + &accounts.collect::<String>());
}

fn cases(graph: &Value) -> Vec<Case<'_>> {
    ["directed", "undirected"]
        .into_iter()
        .filter_map(|reading| Some(Case { graph, reading, answers: graph.get(reading)? }))
        .collect()
}

/// Runs every reading of one graph and compares all that the oracle knows of it.
fn check(name: &str) {
    let file = oracle("graphs.json");
    let graph = file["graphs"].as_array().unwrap().iter().find(|graph| graph["name"] == name).unwrap();
    for case in cases(graph) {
        let sandbox = Sandbox::new();
        let run = case.run(&sandbox);
        let mut findings = Findings::default();
        edges(&case, &run.table("edges"), &mut findings);
        manifest(&case, &run.manifest(), &mut findings);
        accounts(&case, &run.table("accounts"), &mut findings);
        scores(&case, &run, &mut findings);
        groups(&case, &run, &mut findings);
        fixed_partition::check(graph, case.answers, case.is_undirected(), &mut findings);
        findings.finish(&case.name());
    }
}

fn edges(case: &Case<'_>, table: &Table, findings: &mut Findings) {
    let wanted = case.answers["edges"].as_array().unwrap();
    findings.equal("rows of edges", &table.rows(), &wanted.len());
    for (row, edge) in wanted.iter().enumerate().take(table.rows()) {
        let got = ["source", "target", "relation"].map(|column| table.text(column, row).unwrap());
        findings.equal(&format!("edge {row}"), &got, &[0, 1, 2].map(|at| edge[at].as_str().unwrap()));
        findings.close(&format!("weight of {got:?}"), table.number("weight", row), edge[3].as_f64(), REAL);
        findings.close(&format!("events of {got:?}"), table.number("events", row), edge[4].as_f64(), 0.0);
    }
    findings.expect(!table.has("first"), || "no time was given, yet there is a column `first`".to_owned());
}

fn manifest(case: &Case<'_>, manifest: &Value, findings: &mut Findings) {
    let (facts, counts) = (&manifest["graph"], &case.answers["counts"]);
    let listed = case.answers["edges"].as_array().unwrap();
    let mut relations: BTreeMap<&str, u64> = BTreeMap::new();
    listed.iter().for_each(|edge| *relations.entry(edge[2].as_str().unwrap()).or_default() += 1);
    findings.equal("graph.accounts", &facts["accounts"], &counts["accounts"]);
    findings.equal("graph.edges", &facts["edges"], &counts["edges"]);
    findings.equal("graph.self_loops", &facts["self_loops"], &counts["self_loops"]);
    findings.equal("graph.directed", &facts["directed"].as_bool(), &Some(!case.is_undirected()));
    findings.equal("graph.relations", &facts["relations"], &serde_json::json!(relations));
    findings.equal("graph.isolates", &facts["isolates"], &case.answers["network"]["isolates"]);
    let input = &manifest["inputs"][0];
    findings.equal("rows read", &input["rows"], &counts["rows"]);
    findings.equal("rows rejected", &input["rejected"].as_u64(), &Some(0));
}

fn accounts(case: &Case<'_>, table: &Table, findings: &mut Findings) {
    findings.equal("accounts in order", &table.texts("account"), &words(&case.graph["nodes"]));
    findings.equal("sides", &table.texts("side"), &words(&case.graph["attribute"]));
    for (column, tolerance) in ACCOUNT {
        let wanted = numbers(&case.answers["node"][column]);
        if case.answers["spectral"]["null_because"].get(*column).is_some() {
            continue;
        }
        findings.column(column, &table.numbers(column), &wanted, *tolerance);
    }
    findings.equal("bow tie", &table.texts("bowtie"), &words(&case.answers["node"]["bowtie"]));
    let total: f64 = table.numbers("pagerank").into_iter().flatten().sum();
    findings.close("sum of pagerank", Some(total), Some(1.0), 1e-12);
}

/// The value of a score of the whole network, merged.
fn score(table: &Table, column: &str, name: &str) -> Option<f64> {
    let mut wanted = vec![("relation", "all"), (column, name)];
    wanted.extend(table.has("group").then_some(("group", "")));
    let row = table.find(&wanted).unwrap_or_else(|| panic!("no row `{name}`"));
    table.number("value", row)
}

fn scores(case: &Case<'_>, run: &RunFolder, findings: &mut Findings) {
    let wanted = &case.answers["network"];
    let (network, echo) = (run.table("network"), run.table("echo"));
    for (ours, theirs) in NETWORK {
        findings.close(ours, score(&network, "metric", ours), wanted[theirs].as_f64(), REAL);
    }
    for (ours, theirs) in ECHO.iter().filter(|(ours, theirs)| !ours.contains('_') || !wanted[theirs].is_null()) {
        findings.close(&format!("echo score {ours}"), score(&echo, "score", ours), wanted[theirs].as_f64(), REAL);
    }
    // Of one side: its ties each counted once, in the directed and in the undirected count.
    let sides = &case.answers["attribute_groups"];
    let counts = ["edges_inside", "edges_out", "edges_in"].map(|column| numbers(&sides[column]));
    for (at, side) in words(&sides["group"]).into_iter().enumerate() {
        let [inside, out, incoming] = counts.clone().map(|column| column[at].unwrap());
        let crossing = if case.is_undirected() { out } else { out + incoming };
        let directed = Some((crossing - inside) / (crossing + inside)).filter(|value| !value.is_nan());
        let of_side = |name| echo.find(&[("score", name), ("group", side)]).map(|row| echo.number("value", row));
        findings.close(&format!("ei of {side}"), of_side("ei").unwrap(), directed, REAL);
        if let Some(value) = of_side("ei_undirected") {
            findings.close(&format!("ei_undirected of {side}"), value, numbers(&sides["ei_index"])[at], REAL);
        }
    }
}

/// Communities, each account's E-I and the ties between groups, counted anew.
fn groups(case: &Case<'_>, run: &RunFolder, findings: &mut Findings) {
    let (accounts, edges, communities) = (run.table("accounts"), run.table("edges"), run.table("communities"));
    let relations = case.relations();
    for relation in std::iter::once("all").chain(relations.iter().copied()) {
        let column = if relation == "all" { "community".to_owned() } else { format!("community@{relation}") };
        let recount = Recount::new(&accounts, &edges, relation, &column, case.is_undirected());
        recount.numbering(findings);
        recount.communities(&communities, findings);
        if relation == "all" {
            findings.column("ei_index", &accounts.numbers("ei_index"), &recount.ei_index(), REAL);
            let found = score(&run.table("network"), "metric", "modularity");
            findings.close("modularity of `community`", found, recount.modularity(), REAL);
        }
    }
    let mixing = run.table("mixing");
    for relation in std::iter::once("all").chain(relations.iter().copied().filter(|_| relations.len() > 1)) {
        for (by, column) in [("side", "side"), ("community", "community")] {
            recount::mixing(&accounts, &edges, &mixing, relation, (by, column), case.is_undirected(), findings);
        }
    }
}

macro_rules! graphs {
    ($($name:ident),+) => {
        $(
            #[test]
            fn $name() {
                check(stringify!($name));
            }
        )+

        #[test]
        fn every_graph_of_the_oracle_has_a_test() {
            let file = oracle("graphs.json");
            let known: Vec<&str> = file["graphs"].as_array().unwrap().iter().map(|graph| graph["name"].as_str().unwrap()).collect();
            assert_eq!([$(stringify!($name)),+].as_slice(), known);
        }
    };
}

graphs!(karate, sparse, weighted, camps, follows, relations, dangling, power_law, bipartite, complete, path, star, only_loops);

#[test]
fn modularity_reaches_the_best_known() {
    let file = oracle("graphs.json");
    let mut findings = Findings::default();
    for graph in file["graphs"].as_array().unwrap() {
        let Some(best) = graph["best_modularity"].as_f64() else { continue };
        for case in cases(graph) {
            let sandbox = Sandbox::new();
            write_graph(&sandbox, graph);
            let mut args = vec!["edges.csv", "--accounts", "accounts.csv", "--metrics", "modularity,community"];
            args.extend(case.is_undirected().then_some("--undirected"));
            let found = score(&sandbox.run_folder(args).table("network"), "metric", "modularity").unwrap();
            findings.expect(found >= best - REAL, || format!("{}: got {found}, the best known is {best}", case.name()));
        }
    }
    findings.finish("modularity");
}

#[test]
fn karate_has_its_golden_values() {
    let file = oracle("graphs.json");
    let graph = &file["graphs"][0];
    let sandbox = Sandbox::new();
    let run = cases(graph)[0].run(&sandbox);
    let (network, echo, golden) = (run.table("network"), run.table("echo"), &graph["golden"]);
    let mut findings = Findings::default();
    for (name, theirs) in [("ei", "ei"), ("assortativity", "assortativity_sides"), ("modularity", "modularity_sides")] {
        findings.close(name, score(&echo, "score", name), golden[theirs].as_f64(), REAL);
    }
    for (name, theirs) in [("assortativity_degree", "assortativity_degree"), ("modularity", "modularity_optimum")] {
        findings.close(name, score(&network, "metric", name), golden[theirs].as_f64(), REAL);
    }
    findings.close("published optimum", score(&network, "metric", "modularity"), Some(0.419_789_6), 5e-8);
    let sizes = run.table("communities").numbers("accounts")[..4].to_vec();
    findings.equal("communities", &sizes, &numbers(&graph["undirected"]["communities"]["accounts"]));
    findings.finish("karate");
}

#[test]
fn a_score_that_is_defined_nowhere_may_not_be_asked_for_by_name() {
    let file = oracle("graphs.json");
    let mut findings = Findings::default();
    for graph in file["graphs"].as_array().unwrap() {
        for case in cases(graph) {
            // `reciprocity` is a column of accounts, too.
            let scores = NETWORK.iter().chain(ECHO).filter(|score| score.0 != "reciprocity");
            let undefined = scores.filter(|(_, theirs)| case.answers["network"][theirs].is_null());
            for (name, _) in undefined {
                let sandbox = Sandbox::new();
                write_graph(&sandbox, graph);
                let mut args =
                    vec!["run", "edges.csv", "--accounts", "accounts.csv", "--sides", "column:attribute", "--metrics", name];
                args.extend(case.is_undirected().then_some("--undirected"));
                let answer = sandbox.echogram(args);
                let is_refused = answer.code == 3 && answer.stderr.contains(name);
                findings.expect(is_refused, || format!("{} {name}: {answer:?}", case.name()));
                findings.equal("left behind", &sandbox.names(), &vec!["accounts.csv".to_owned(), "edges.csv".to_owned()]);
            }
        }
    }
    findings.finish("undefined scores");
}
