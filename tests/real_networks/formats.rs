//! Graph files that other tools wrote: counts made by NetworkX, or by counting tags where it cannot read a file.

use crate::run;
use crate::support::{Sandbox, real_data};

/// File, format, whether directed, records, accounts, edges, self-loops, accounts without a tie.
const FILES: &[(&str, &str, bool, [u64; 5])] = &[
    ("finnish-nato/nato_2022-01-27_2022-02-09.graphml", "graphml", true, [3_802, 2_021, 3_802, 49, 10]),
    ("finnish-nato/nato_2022-02-10_2022-02-23.graphml", "graphml", true, [11_055, 4_091, 11_055, 92, 15]),
    ("finnish-nato/nato_2022-03-24_2022-03-30.graphml", "graphml", true, [7_837, 3_663, 7_837, 69, 14]),
    // 2,345 tags `edge`, of which some join the same two nodes.
    ("formats/staticTest.gexf", "gexf", false, [2_345, 306, 2_148, 0, 9]),
    ("formats/dynamicTest2.gexf", "gexf", true, [64, 50, 64, 0, 4]),
    ("formats/arctic.gexf.gz", "gexf", false, [6_676, 1_715, 6_228, 0, 0]),
    ("formats/looptest1.gml", "gml", false, [12, 9, 12, 0, 0]),
    ("formats/jazz.graph", "metis", false, [2_742, 198, 2_742, 0, 0]),
    ("formats/foodweb-baydry.konect", "edges", true, [2_137, 128, 2_137, 0, 0]),
];

#[test]
fn files_of_other_tools() {
    let Some(data) = real_data() else { return };
    for (name, format, is_directed, counts) in FILES {
        let sandbox = Sandbox::new();
        let manifest = run(&sandbox, &data, &[name], &["--metrics", "degree"]).manifest();
        let (graph, input) = (&manifest["graph"], &manifest["inputs"][0]);
        assert_eq!((&input["format"], &graph["directed"]), (&(*format).into(), &(*is_directed).into()), "{name}");
        let found = [&input["rows"], &graph["accounts"], &graph["edges"], &graph["self_loops"], &graph["isolates"]];
        assert_eq!(found.map(|count| count.as_u64().unwrap()), *counts, "{name}");
        assert_eq!(input["rejected"], 0, "{name}");
    }
}

#[test]
fn attributes_of_other_tools() {
    let Some(data) = real_data() else { return };
    let sandbox = Sandbox::new();
    let folder = run(&sandbox, &data, &["finnish-nato/nato_2022-01-27_2022-02-09.graphml"], &["--metrics", "degree"]);
    let weight: f64 = folder.table("edges").numbers("weight").into_iter().flatten().sum();
    assert_eq!(weight, 4_317.0, "the sum of all weights");
    let accounts = run(&sandbox, &data, &["formats/arctic.gexf.gz"], &["--metrics", "degree"]).table("accounts");
    let row = accounts.find(&[("account", "1")]).unwrap();
    let cells = ["name", "nodedef", "label"].map(|name| accounts.text(name, row));
    assert_eq!(cells, [Some("New York"), Some("n1"), Some("New York")]);
    assert_eq!(accounts.number("occurrences", row), Some(143.0), "a column of whole numbers");
    // The weights of its first edge are 1, 2, 5, 6, 5, 8, 9, 9.
    let edges = run(&sandbox, &data, &["formats/dynamicTest2.gexf"], &["--metrics", "degree"]).table("edges");
    let row = edges.find(&[("source", "n0"), ("target", "n44")]).unwrap();
    assert_eq!(edges.number("weight", row), Some(5.625));
}

#[test]
fn halves_of_files_of_other_tools() {
    let Some(data) = real_data() else { return };
    for (name, format, _, counts) in FILES.iter().filter(|file| !["edges", "pajek"].contains(&file.1) && !file.0.ends_with(".gz"))
    {
        let sandbox = Sandbox::new();
        let bytes = std::fs::read(data.join(name)).unwrap();
        let file = name.rsplit('/').next().unwrap();
        sandbox.write(file, &bytes[..bytes.len() * 9 / 10]);
        let run = sandbox.run_folder([file, "--metrics", "degree"]);
        let input = &run.manifest()["inputs"][0];
        assert_eq!((&input["format"], &input["rejected"]), (&(*format).into(), &1.into()), "{name}");
        let rows = input["rows"].as_u64().unwrap();
        assert!(rows > counts[0] / 4 && rows <= counts[0] + 1, "{name}: {rows} of {}", counts[0]);
        let rejects = run.table("rejects");
        assert!(rejects.text("reason", 0).unwrap().contains("breaks off"), "{name}");
    }
}
