//! Study files: every option written down, and the command line above them.

use crate::support::Sandbox;
use crate::{arrows, edges_of, said};

const STUDY: &str = r#"
[study]
name = "a study of everything"
seed = 7
[[input]]
path = "in/*.csv"
relation = "talk"
columns = { source = "who", target = "whom", weight = 3 }
[[input]]
path = "follows.txt"
format = "edges"
relation = "follow"
[[accounts]]
path = "people.csv"
columns = { account = "number", role = "job" }
[graph]
weights = { talk = 2.0 }
undirected = false
keep_loops = true
no_isolates = true
max_rejected = "50%"
[metrics]
include = ["quick", "pagerank_weighted@talk"]
[echo]
sides = "camp"
[roles]
lexicon = "words.toml"
[output]
dir = "out"
"#;

/// A folder `study` with the study and its files.
fn with_study() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("study/study.toml", STUDY);
    sandbox.write("study/in/a.csv", "who,whom,n\nann,bob,2\nbob,bob,1\nbob,cy,0\n");
    sandbox.write("study/in/b.csv", "who,whom,n\ncy,dee,1\n");
    sandbox.write("study/follows.txt", "ann bob\nbob cy\n");
    sandbox.write(
        "study/people.csv",
        "number,job,camp,bio\nann,nurse,left,\nbob,,left,wordsmith\ncy,patient,right,\ndee,,right,\nlonely,nurse,left,\n",
    );
    sandbox.write("study/words.toml", "[[role]]\nname = \"writer\"\nwords = [\"wordsmith\"]\n");
    sandbox
}

#[test]
fn a_study_file_with_everything() {
    let sandbox = with_study();
    let answer = sandbox.echogram(["run", "study/study.toml", "-o", "here", "--json", "--progress", "none"]);
    assert_eq!((answer.code, answer.stderr.as_str()), (0, ""), "{answer:#?}");
    let summary = answer.json();
    assert_eq!((&summary["study"], &summary["rejected"]), (&"a study of everything".into(), &1.into()));
    let run = crate::support::RunFolder { path: sandbox.path("here") };
    assert_eq!(edges_of(&run), arrows("ann>bob:follow ann>bob*2:talk bob>bob:talk bob>cy:follow cy>dee:talk"));
    let manifest = run.manifest();
    assert_eq!((&manifest["seed"], &manifest["graph"]["accounts"]), (&7.into(), &4.into()), "no isolates");
    let accounts = run.table("accounts");
    assert_eq!(accounts.texts("role"), ["nurse", "writer", "patient", ""]);
    assert_eq!(accounts.texts("side"), ["left", "left", "right", "right"]);
    assert!(accounts.has("pagerank_weighted@talk") && accounts.has("core"));
    assert_eq!(accounts.number("out_strength", 0), Some(5.0), "2 x 2 for talking, 1 for following");
    assert_eq!(accounts.number("in_degree", 1), Some(2.0), "the loop counts");
    assert!(run.has_table("echo"));
}

#[test]
fn the_command_line_wins() {
    let sandbox = with_study();
    sandbox.write("bios.toml", "[[role]]\nname = \"smith\"\nwords = [\"wordsmith\"]\n");
    let more = [
        "--seed",
        "9",
        "--metrics",
        "degree",
        "--sides",
        "role",
        "--lexicon",
        "bios.toml",
        "--relation",
        "chat",
        "--max-rejected",
        "1",
    ];
    let run = sandbox.run_folder(["study/study.toml"].iter().chain(&more));
    assert_eq!(edges_of(&run), arrows("ann>bob*3:chat bob>bob:chat bob>cy:chat cy>dee:chat"));
    assert_eq!(run.manifest()["seed"], 9);
    let accounts = run.table("accounts");
    assert!(!accounts.has("pagerank") && accounts.has("degree"));
    assert_eq!(accounts.texts("role"), ["nurse", "smith", "patient", ""]);
    assert_eq!(accounts.texts("side"), ["nurse", "smith", "patient", ""]);
    let answer = sandbox.echogram(["run", "study/study.toml", "-o", "other", "--strict"]);
    assert_eq!(answer.code, 3, "{answer:#?}");
}

#[test]
fn inputs_beside_a_study() {
    let sandbox = with_study();
    sandbox.write("more.csv", "source,target\ncy,ann\n");
    let run = sandbox.run_folder(["study/study.toml", "more.csv"]);
    assert_eq!(edges_of(&run), arrows("ann>bob:follow ann>bob*2:talk bob>bob:talk bob>cy:follow cy>ann cy>dee:talk"));
}

#[test]
fn paths_in_a_study_are_relative_to_it() {
    let sandbox = with_study();
    std::fs::create_dir(sandbox.path("elsewhere")).unwrap();
    let mut command = sandbox.command(["run", "../study/study.toml", "--progress", "none"]);
    let output = command.current_dir(sandbox.path("elsewhere")).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let written: Vec<bool> = ["study/out", "elsewhere/out"].iter().map(|folder| sandbox.path(folder).is_dir()).collect();
    assert!(written.contains(&true), "the output is written");
    let said = String::from_utf8(output.stdout).unwrap();
    let named = said.split("echogram top ").last().unwrap().trim();
    assert!(sandbox.path("elsewhere").join(named).join("manifest.json").is_file(), "the folder that is named is there: {named}");
}

#[test]
fn a_small_study_needs_little() {
    let sandbox = Sandbox::new();
    sandbox.write("s.toml", "[[input]]\npath = \"a.csv\"\n[graph]\nmax_rejected = 3\n");
    sandbox.write("a.csv", "source,target\na,b\n");
    let answer = sandbox.echogram(["run", "s.toml", "--progress", "none"]);
    assert_eq!(answer.code, 0, "a number of rows may be a number: {answer:#?}");
    assert!(sandbox.path("echogram-run/manifest.json").is_file());
}

#[test]
fn the_schema_knows_what_a_study_may_hold() {
    let schema = Sandbox::new().echogram(["schema"]).json();
    for section in ["study", "input", "accounts", "graph", "metrics", "echo", "roles", "output"] {
        assert!(!schema["properties"][section].is_null(), "{section} in {schema}");
    }
    let input = &schema["$defs"]["InputSection"];
    assert_eq!((&input["additionalProperties"], &input["required"]), (&false.into(), &serde_json::json!(["path"])));
    assert!(input["properties"]["columns"]["description"].as_str().is_some_and(|text| text.contains("column")), "{input}");
}

/// Without `inputs`, `nick` would be the column of keys: it occurs more often among all keys, but those are of the other input.
#[test]
fn an_account_file_may_belong_to_one_input() {
    let sandbox = Sandbox::new();
    sandbox.write("forum.csv", "source,target\nann,bob\nbob,cy\ncy,ann\n");
    sandbox.write("clinic.csv", "source,target\nx1,x2\n");
    sandbox.write("people.csv", "nick,number,role\nann,x1,nurse\nbob,x2,physician\n");
    let study = |inputs: &str| {
        format!(
            "[[input]]\npath = 'forum.csv'\n[[input]]\npath = 'clinic.csv'\n[[accounts]]\npath = 'people.csv'\n{inputs}[output]\ndir = 'run'\n"
        )
    };
    for (inputs, wanted) in [("", "ann"), ("inputs = ['clinic.csv']\n", "x1")] {
        sandbox.write("study.toml", study(inputs));
        said(sandbox.echogram(["run", "study.toml", "--force", "--progress", "none"]));
        let accounts = crate::support::RunFolder { path: sandbox.path("run") }.table("accounts");
        let nurse = accounts.find(&[("role", "nurse")]).unwrap();
        assert_eq!(accounts.text("account", nurse), Some(wanted));
    }
    sandbox.write("study.toml", study("inputs = ['forums.csv']\n"));
    let answer = sandbox.echogram(["run", "study.toml", "--force"]);
    assert!(answer.code == 2 && answer.stderr.contains("`forums.csv` is no path of an [[input]]"), "{answer:#?}");
}
