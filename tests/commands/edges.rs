//! Edge lists as people have them: delimiters, headers, comments, quotes, counts, columns by name and by place.

use crate::support::Sandbox;
use crate::{arrows, check_edges, edges_of};

#[test]
fn delimiters() {
    for delimiter in ["\t", ",", ";", " ", "|", "  \t "] {
        let text = |rows: &str| rows.replace(',', delimiter);
        check_edges("bare.txt", text("1,2\n2,3\n"), &[], "1>2 2>3");
        check_edges("header.txt", text("source,target,weight\na,b,2\nb,c,0.5\n"), &[], "a>b*2 b>c*0.5");
    }
}

#[test]
fn headers() {
    for header in ["source,target", "Source,Target", "from,to", "from_id,to_id", "src,dst", "id_1,id_2", "From-ID,To ID"] {
        check_edges("a.csv", format!("{header}\na,b\n"), &[], "a>b");
    }
    check_edges("a.csv", "follower,followed,since\na,b,2026-01-01\n", &[], "a>b:follow");
    check_edges("a.csv", "target,source\na,b\n", &[], "b>a");
    check_edges("a.csv", "weight,to,note,from\n3,b,x,a\n", &[], "a>b*3");
    check_edges("a.csv", "source,target,type\na,b,reply\na,b,\na,b,reply\n", &[], "a>b a>b*2:reply");
    let (_folder, run) = check_edges("a.csv", "colour,taste,dose\nred,sweet,3\n", &[], "red>sweet");
    let notes = run.manifest()["notes"].to_string();
    assert!(notes.contains("`colour` taken as source") && notes.contains("`taste` as target"), "{notes}");
}

#[test]
fn files_without_a_header() {
    check_edges("a.txt", "1 2\n2 3\n", &[], "1>2 2>3");
    check_edges("a.txt", "ann bob\nbob eve\n", &[], "ann>bob bob>eve");
    check_edges("a.txt", "1 2 5\n2 3 1\n", &[], "1>2*5 2>3");
    let (_folder, run) = check_edges("a.txt", "1 2 1341100972 RT\n2 3 1341100973 MT\n", &[], "1>2:RT 2>3:MT");
    assert_eq!(run.table("edges").time("first", 0), Some(1_341_100_972_000_000));
}

#[test]
fn a_first_row_whose_words_are_keys_below() {
    check_edges("a.txt", "a b\nb c\n", &[], "a>b b>c");
    check_edges("a.csv", "u,v\nv,w\nw,u\n", &[], "u>v v>w w>u");
    check_edges("a.csv", "id,name\n1,2\n", &[], "1>2");
}

#[test]
fn places_without_a_header() {
    check_edges("a.csv", "a,b\nc,d\n", &["--columns", "source=1,target=2"], "a>b c>d");
    check_edges("a.csv", "source,target\nc,d\n", &["--columns", "source=1,target=2"], "c>d");
    check_edges("a.csv", "n,source,target\n5,c,d\n", &["--columns", "source=3,target=2"], "d>c*5");
}

#[test]
fn comments_blank_lines_and_line_ends() {
    check_edges("a.txt", "# Nodes: 3 Edges: 2\n# FromNodeId\tToNodeId\n1\t2\n\n2\t3\n", &[], "1>2 2>3");
    check_edges("a.txt", "% asym\n1 2\n% in between\n2 3\n", &[], "1>2 2>3");
    check_edges("a.csv", "source,target\r\na,b\r\nb,c", &[], "a>b b>c");
    check_edges("a.csv", "\u{feff}source,target\na,b\n", &[], "a>b");
    check_edges("a.csv", "\u{feff}ann,bob\nbob,eve\n", &[], "ann>bob bob>eve");
}

#[test]
fn quoted_fields() {
    let sandbox = Sandbox::new();
    sandbox.write("a.csv", "source,target,weight\n\"Roe, Jane\",\"say \"\"hi\"\"\",2\n\"two\nlines\",b,1\nc,d,0\n");
    let run = sandbox.run_folder(["a.csv"]);
    let table = run.table("edges");
    assert_eq!(table.texts("source"), ["Roe, Jane", "two\nlines"]);
    assert_eq!(table.texts("target"), ["say \"hi\"", "b"]);
    assert_eq!(run.table("rejects").numbers("line"), [Some(5.0)], "lines are those of the file");
}

#[test]
fn a_count_row_is_no_edge() {
    let (_folder, run) = check_edges("a.txt", "3 2\n1 2\n2 3\n", &[], "1>2 2>3");
    assert!(run.manifest()["notes"].to_string().contains("counts the 2 rows"));
    check_edges("a.txt", "3 2\n1 2\n2 3\n3 1\n", &[], "1>2 2>3 3>1 3>2");
}

#[test]
fn columns_by_name_and_by_place() {
    let text = "who,whom,how_often,what,when\na,b,3,reply,2026-01-01\nb,c,1,like,2026-01-02\n";
    let by_name = "source=who,target=whom,weight=how_often,relation=what,time=when";
    let (_folder, run) = check_edges("a.csv", text, &["--columns", by_name], "a>b*3:reply b>c:like");
    assert_eq!(run.table("edges").time("last", 1), Some(1_767_312_000_000_000));
    check_edges("a.csv", text, &["--columns", "source=1,target=2,weight=3,relation=4"], "a>b*3:reply b>c:like");
    check_edges("a.csv", text, &["--columns", "source=whom,target=WHO"], "b>a c>b");
    check_edges("a.txt", "140 1 2 NUR ADM\n160 2 3 ADM NUR\n", &["--columns", "time=1,source=2,target=3"], "1>2 2>3");
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", "140 1 2 NUR ADM\n160 2 3 ADM PAT\n");
    let run = sandbox.run_folder(["a.txt", "--columns", "time=1,source=2,target=3,source_role=4,target_role=5"]);
    assert_eq!(run.table("accounts").texts("role"), ["NUR", "ADM", "PAT"]);
}

#[test]
fn a_relation_for_rows_that_name_none() {
    check_edges("a.csv", "source,target\na,b\n", &["--relation", "follow"], "a>b:follow");
    check_edges("a.csv", "source,target,relation\na,b,like\na,c,\n", &["--relation", "follow"], "a>b:like a>c:follow");
    check_edges("a.csv", "follower,followed\na,b\n", &["--relation", "friend"], "a>b:friend");
}

#[test]
fn repeated_rows() {
    let (_folder, run) = check_edges("a.csv", "source,target\na,b\na,b\nb,a\n", &[], "a>b*2 b>a");
    assert_eq!(run.table("edges").numbers("events"), [Some(2.0), Some(1.0)]);
    let (_folder, run) = check_edges("a.csv", "follower,followed\na,b\na,b\n", &[], "a>b:follow");
    assert_eq!(run.table("edges").numbers("events"), [Some(2.0)], "a follow is a set, and rows are counted all the same");
    check_edges("a.csv", "source,target,weight\na,b,1.5\na,b,2\n", &[], "a>b*3.5");
}

#[test]
fn undirected() {
    let (_folder, run) = check_edges("a.csv", "source,target,weight\nb,a,2\na,b,3\nc,b,1\n", &["--undirected"], "a>b*5 b>c");
    let graph = &run.manifest()["graph"];
    assert_eq!((&graph["directed"], &graph["edges"]), (&false.into(), &2.into()));
    check_edges("a.csv", "source,target\n10,9\n9,10\n", &["--undirected"], "9>10*2");
}

#[test]
fn self_loops_are_kept_and_left_out_of_metrics() {
    let sandbox = Sandbox::new();
    sandbox.write("a.csv", "source,target\na,a\na,b\nc,c\n");
    let run = sandbox.run_folder(["a.csv"]);
    assert_eq!(edges_of(&run), arrows("a>a a>b c>c"));
    assert_eq!(run.manifest()["graph"]["self_loops"], 2);
    assert_eq!(run.table("accounts").numbers("degree"), [Some(1.0), Some(1.0), Some(0.0)]);
    let run = sandbox.run_folder(["a.csv", "--keep-loops"]);
    assert_eq!(run.table("accounts").numbers("out_degree"), [Some(2.0), Some(0.0), Some(1.0)]);
}

#[test]
fn accounts_in_the_order_of_their_keys() {
    let sandbox = Sandbox::new();
    sandbox.write("numbers.csv", "source,target\n10,9\n2,100\n");
    assert_eq!(sandbox.run_folder(["numbers.csv"]).table("accounts").texts("account"), ["2", "9", "10", "100"]);
    sandbox.write("words.csv", "source,target\n10,9\n2,b\nZ,a\n");
    assert_eq!(sandbox.run_folder(["words.csv"]).table("accounts").texts("account"), ["10", "2", "9", "Z", "a", "b"]);
    sandbox.write("names.csv", "source,target\n007,7\n+7,7\n");
    assert_eq!(sandbox.run_folder(["names.csv"]).table("accounts").texts("account"), ["+7", "007", "7"], "these are names");
}
