//! Graph files as they come: found out from content, with attributes, in company of other inputs.

use crate::support::{RunFolder, Sandbox};
use crate::{arrows, check_edges, edges_of};

const GRAPHML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="d0" for="node" attr.name="role" attr.type="string"/>
  <key id="d1" for="node" attr.name="leaning" attr.type="double"/>
  <key id="d2" for="node" attr.name="ward" attr.type="string"><default>north</default></key>
  <key id="d3" for="edge" attr.name="weight" attr.type="double"/>
  <key id="d4" for="edge" attr.name="relation" attr.type="string"/>
  <key id="d5" for="edge" attr.name="time" attr.type="string"/>
  <graph edgedefault="directed">
    <node id="ann"><data key="d0">nurse</data><data key="d1">-0.5</data></node>
    <node id="bob"><data key="d0">patient</data><data key="d2">south</data></node>
    <node id="zoe"/>
    <edge source="ann" target="bob"><data key="d3">2.5</data><data key="d4">reply</data><data key="d5">2026-01-02</data></edge>
    <edge source="bob" target="ann"/>
  </graph>
</graphml>
"#;
const GEXF: &str = r#"<gexf xmlns="http://gexf.net/1.3" version="1.3"><graph defaultedgetype="directed"><nodes>
<node id="a" label="Ann, nurse"/><node id="b"/></nodes><edges><edge source="a" target="b" weight="3" kind="reply"/></edges></graph></gexf>"#;

fn directed(run: &RunFolder) -> bool {
    run.manifest()["graph"]["directed"].as_bool().unwrap()
}

#[test]
fn formats_are_found_out_from_content() {
    for (format, contents, wanted, is_directed) in [
        ("graphml", GRAPHML, "ann>bob*2.5:reply bob>ann", true),
        ("gexf", GEXF, "a>b*3:reply", true),
        ("gml", "Creator \"x\"\ngraph [\n  node [ id 1 ]\n  edge [ source 2 target 1 value 4 ]\n]\n", "1>2*4", false),
        ("pajek", "*Vertices 2\r\n1 \"ann\"\r\n2 \"bob\"\r\n*Arcs\r\n2 1 7\r\n", "bob>ann*7", true),
        ("metis", "3 2\n2 3\n1\n1\n", "1>2 1>3", false),
        ("mtx", "%%MatrixMarket matrix coordinate real symmetric\n3 3 1\n3 1 0.5\n", "1>3*0.5", false),
    ] {
        for args in [&[][..], &["--format", format]] {
            let (_sandbox, run) = check_edges("input.txt", contents, args, wanted);
            assert_eq!(run.manifest()["inputs"][0]["format"], format);
            assert_eq!(directed(&run), is_directed, "{format}");
        }
        let (_sandbox, run) = check_edges("input.txt", contents.replace('\n', "\r\n"), &[], wanted);
        assert_eq!(run.manifest()["rejected"].as_u64().unwrap_or(0), 0, "{format} with other line ends");
    }
}

#[test]
fn attributes_of_nodes_are_those_of_accounts() {
    let (_sandbox, run) = check_edges("g.graphml", GRAPHML, &["--sides", "ward"], "ann>bob*2.5:reply bob>ann");
    let accounts = run.table("accounts");
    assert_eq!(accounts.texts("account"), ["ann", "bob", "zoe"]);
    assert_eq!((accounts.texts("role"), accounts.number("leaning", 0)), (vec!["nurse", "patient", ""], Some(-0.5)));
    assert_eq!(
        (accounts.texts("ward"), accounts.texts("side")),
        (vec!["north", "south", "north"], vec!["north", "south", "north"])
    );
    let edges = run.table("edges");
    assert_eq!(edges.time("first", edges.find(&[("relation", "reply")]).unwrap()), Some(1_767_312_000_000_000));
    let (_sandbox, run) = check_edges("g.gexf", GEXF, &[], "a>b*3:reply");
    let accounts = run.table("accounts");
    assert_eq!((accounts.texts("name"), accounts.text("role", 0)), (vec!["Ann, nurse", ""], Some("nurse")));
    let (_sandbox, run) = check_edges("g.graphml", GRAPHML, &["--no-isolates"], "ann>bob*2.5:reply bob>ann");
    assert_eq!(run.table("accounts").rows(), 2);
}

#[test]
fn options_name_attributes_and_relations() {
    let text = GRAPHML.replace("\"weight\"", "\"times met\"");
    check_edges("g.graphml", &text, &["--columns", "weight=times met", "--relation", "like"], "ann>bob*2.5:reply bob>ann:like");
    let sandbox = Sandbox::new();
    sandbox.write("g.graphml", &text);
    let answer = sandbox.echogram(["run", "g.graphml", "--columns", "weight=w", "--progress", "none"]);
    assert!(answer.code == 3 && answer.stderr.contains("no column `w`; the file has relation, time, times met"), "{answer:#?}");
}

#[test]
fn edges_with_and_without_direction() {
    let text = "*Vertices 3\n*Edges\n1 2 5\n*Arcs\n3 1\n";
    let (_sandbox, run) = check_edges("mixed.net", text, &[], "1>2*5 2>1*5 3>1");
    assert!(directed(&run) && run.manifest()["notes"].to_string().contains("1 edges have a direction and 1 have none"));
    check_edges("mixed.net", text, &["--undirected"], "1>2*5 1>3");
    let sandbox = Sandbox::new();
    sandbox.write("follows.csv", "source,target\n1,2\n");
    sandbox.write("ties.mtx", "%%MatrixMarket matrix coordinate pattern symmetric\n3 3 1\n3 1\n");
    assert_eq!(edges_of(&sandbox.run_folder(["follows.csv", "ties.mtx"])), arrows("1>2 1>3 3>1"));
}

#[test]
fn one_network_in_six_formats() {
    let pairs = [(1, 2), (1, 3), (2, 3), (3, 4), (4, 5)];
    let each = |form: &dyn Fn(u32, u32) -> String| pairs.iter().map(|&(one, other)| form(one, other)).collect::<String>();
    let xml = each(&|one, other| format!("<edge source=\"{one}\" target=\"{other}\"/>\n"));
    let files = [
        format!("<graphml><graph edgedefault=\"undirected\">{xml}</graph></graphml>"),
        format!("<gexf><graph><edges>{xml}</edges></graph></gexf>"),
        format!("graph [\n{}]\n", each(&|one, other| format!("edge [ source {one} target {other} ]\n"))),
        format!("*Vertices 5\n*Edges\n{}", each(&|one, other| format!("{one} {other}\n"))),
        "5 5\n2 3\n1 3\n1 2 4\n3 5\n4\n".to_owned(),
        format!("%%MatrixMarket matrix coordinate pattern symmetric\n5 5 5\n{}", each(&|one, other| format!("{other} {one}\n"))),
    ];
    let sandbox = Sandbox::new();
    let digests = files.iter().map(|text| {
        sandbox.write("network", text);
        sandbox.run_folder(["network", "--metrics", "quick"]).digests()
    });
    let mut digests: Vec<_> = digests.collect();
    digests.dedup();
    assert_eq!(digests.len(), 1, "the same network gives the same tables");
}

#[test]
fn compressed_and_from_standard_input() {
    let sandbox = Sandbox::new();
    sandbox.write_gz("g.graphml.gz", GRAPHML);
    assert_eq!(edges_of(&sandbox.run_folder(["g.graphml.gz"])), arrows("ann>bob*2.5:reply bob>ann"));
    sandbox.write_xz("ring.graph.xz", "3 3\n2 3\n1 3\n1 2\n");
    let run = sandbox.run_folder(["ring.graph.xz"]);
    assert_eq!((edges_of(&run), directed(&run)), (arrows("1>2 1>3 2>3"), false), "its name tells it from a list of edges");
    let answer = sandbox.echogram_fed(["run", "-", "-o", "fed", "--progress", "none", "--json"], GEXF);
    assert_eq!((answer.code, &answer.json()["edges"]), (0, &1.into()), "{answer:#?}");
}

#[test]
fn large_files_come_in_batches() {
    let rows: String = (0..150_000u32).map(|row| format!("<edge source=\"u{}\" target=\"v{}\"/>\n", row, row / 3)).collect();
    let text = format!(
        "<gexf><graph defaultedgetype=\"directed\"><nodes/><edges>{rows}<edge source=\"v1\" target=\"v2\" type=\"undirected\"/></edges></graph></gexf>"
    );
    let sandbox = Sandbox::new();
    sandbox.write("large.gexf", text);
    let graph = &sandbox.run_folder(["large.gexf", "--metrics", "degree"]).manifest()["graph"];
    assert_eq!((&graph["accounts"], &graph["edges"]), (&200_000.into(), &150_002.into()));
}
