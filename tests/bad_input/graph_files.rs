//! Graph files that are damaged, cut, or none.

use crate::{UNUSABLE, check, check_file, check_rejects, edges, sandbox};

#[test]
fn a_bad_record_costs_one_record() {
    let found = check_rejects(
        "g.graphml",
        "<graphml><graph edgedefault=\"directed\">\n<edge source=\"a\" target=\"b/>\n<edge source=\"b\" target=\"c\"/>\n<edge source=\"c\"/>\n</graph></graphml>\n",
        &[],
        &[(2, "row", "not well formed"), (4, "target", "empty")],
    );
    assert_eq!(found, edges(&[("b", "c")]));
    let found = check_rejects(
        "g.gexf",
        "<gexf><graph defaultedgetype=\"directed\"><edges>\n<edge source=\"a\" target=\"b\" weight=\"-1\"/>\n<edge source=\"b\" target=\"c\" start=\"soon\"/>\n<edge source=\"c\" target=\"a\"/></edges></graph></gexf>",
        &[],
        &[(2, "weight", "above 0"), (3, "time", "no date")],
    );
    assert_eq!(found, edges(&[("c", "a")]));
    let found = check_rejects(
        "g.gml",
        "graph [\n directed 1\n edge [ source 1 ]\n edge [ source 1 target 2 weight none ]\n edge [ source 2 target 1 ]\n]\n",
        &[],
        &[(3, "target", "empty"), (4, "weight", "no number")],
    );
    assert_eq!(found, edges(&[("2", "1")]));
    let found =
        check_rejects("g.net", "*Vertices 2\n*Arcs\n1 9\n1\n2 1\n", &[], &[(3, "target", "1 to 2"), (4, "target", "missing")]);
    assert_eq!(found, edges(&[("2", "1")]));
    let found =
        check_rejects("g.graph", "3 2 1\n2 5\n1 5 3 0\n2 0\n", &[], &[(3, "weight", "above 0"), (4, "weight", "above 0")]);
    assert_eq!(found, edges(&[("1", "2")]));
    let text = "%%MatrixMarket matrix coordinate real general\n2 2 3\n1 2 0\n3 1 1\n2 1 1\n";
    let found = check_rejects("g.mtx", text, &[], &[(3, "weight", "above 0"), (4, "source", "1 to 2")]);
    assert_eq!(found, edges(&[("2", "1")]));
}

#[test]
fn half_a_file_gives_its_half() {
    let xml = "<edge source=\"a\" target=\"b\"/>\n<edge source=\"b\" tar";
    for (name, contents, line, wanted) in [
        ("g.graphml", format!("<graphml><graph edgedefault=\"directed\">\n{xml}"), 3, ("a", "b")),
        ("g.gexf", format!("<gexf><graph defaultedgetype=\"directed\"><edges>\n{xml}"), 3, ("a", "b")),
        ("g.gml", "graph [ directed 1\n edge [ source 1 target 2 ]\n edge [ source 2 tar".to_owned(), 3, ("1", "2")),
        ("g.net", "*Vertices 3\n*Matrix\n0 1 0\n0 0".to_owned(), 4, ("1", "2")),
        ("g.metis", "4 3\n2\n1 3 4\n2".to_owned(), 4, ("1", "2")),
        ("g.mtx", "%%MatrixMarket matrix coordinate pattern general\n9 9 9\n1 2\n2".to_owned(), 4, ("1", "2")),
    ] {
        let found = check_rejects(name, contents, &[], &[(line, "row", "breaks off here")]);
        assert_eq!(found[0], edges(&[wanted])[0], "{name}");
    }
    let sandbox = sandbox();
    let rows: String =
        (0..20_000).map(|row| format!("<edge source=\"u{row}\" target=\"v{}\"/>\n", row * 7_919 % 9_973)).collect();
    let text = format!("<graphml><graph edgedefault=\"directed\">\n{rows}</graph></graphml>\n");
    let whole = std::fs::read(sandbox.write_gz("whole.gz", text)).unwrap();
    sandbox.write("half.graphml.gz", &whole[..whole.len() / 2]);
    let answer = sandbox.echogram(["run", "half.graphml.gz", "-o", "run", "--progress", "none", "--json"]);
    let summary = answer.json();
    assert_eq!((answer.code, &summary["rejected"]), (0, &1.into()), "{answer:#?}");
    let first = summary["first_rejected"][0].as_str().unwrap();
    // One line comes before the edges, and the line of the break is that of the first edge not read.
    assert!(
        first.contains(&format!("line {}", summary["rows"].as_u64().unwrap() + 1))
            && first.contains("compressed data breaks off")
    );
}

#[test]
fn what_is_no_graph_file() {
    check_file("page.html", "<!DOCTYPE html>\n<html><body>1 2</body></html>\n", &["neither GraphML nor GEXF"]);
    check_file("empty.graphml", "<graphml><graph/></graphml>", &["no usable row"]);
    check_file("c.mtx", "%%MatrixMarket matrix coordinate complex general\n2 2 1\n1 2 1 1\n", &["complex"]);
    check_file("v.mtx", "%%MatrixMarket vector array real general\n2\n1\n", &["no matrix"]);
    check_file("s.mtx", "%%MatrixMarket matrix coordinate real general\nmany\n", &["line of sizes"]);
    let sandbox = sandbox();
    for (format, word) in [
        ("graphml", "graphml"),
        ("gexf", "gexf"),
        ("gml", "graph ["),
        ("pajek", "*Vertices"),
        ("metis", "no head"),
        ("mtx", "no banner"),
    ] {
        check(&sandbox, &["good.csv", "--format", format], UNUSABLE, &["good.csv", word]);
    }
}

#[test]
fn nothing_grows_or_recurses() {
    let entities: String = (1..60).map(|level| format!("<!ENTITY e{level} \"&e{};&e{};\">", level - 1, level - 1)).collect();
    let text = format!(
        "<?xml version=\"1.0\"?>\n<!DOCTYPE graphml [<!ENTITY e0 \"ha\">{entities}]>\n<graphml><graph edgedefault=\"directed\"><edge source=\"&e59;\" target=\"b\"/></graph></graphml>"
    );
    assert_eq!(check_rejects("laughs.graphml", text, &[], &[]), edges(&[("&e59;", "b")]));
    let deep = format!("<graphml>{}<edge source=\"a\" target=\"b\"/>", "<graph><node id=\"a\">".repeat(100_000));
    assert_eq!(check_rejects("deep.graphml", deep, &[], &[(1, "row", "breaks off")]), edges(&[("a", "b")]));
    let deep = format!("graph [ directed 1 edge [ source a target b ] {}", "x [ ".repeat(300_000));
    assert_eq!(check_rejects("deep.gml", deep, &[], &[(1, "row", "breaks off")]), edges(&[("a", "b")]));
    let huge = "*Vertices 18446744073709551615\n*Arcs\n1 18446744073709551615\n";
    assert_eq!(check_rejects("huge.net", huge, &[], &[]), edges(&[("1", "18446744073709551615")]));
}
