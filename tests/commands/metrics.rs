//! What explains itself: help, the list of metrics, completions, the manual page, the lexicon.

use crate::said;
use crate::support::Sandbox;
use serde_json::Value;

#[test]
fn every_command_has_help() {
    let sandbox = Sandbox::new();
    let help = said(sandbox.echogram(["--help"]));
    for command in ["run", "top", "echo", "account", "compare", "metrics", "lexicon", "completions", "man"] {
        assert!(help.contains(&format!("\n  {command} ")), "{command} is not in the help\n{help}");
        let own = said(sandbox.echogram([command, "--help"]));
        assert!(own.contains(&format!("Usage: echogram {command}")), "{own}");
        assert!(own.lines().all(|line| line.len() <= 200), "{own}");
    }
    assert!(said(sandbox.echogram(["--version"])).starts_with("echogram "));
    let run = said(sandbox.echogram(["run", "--help"]));
    for option in
        ["--output", "--force", "--accounts", "--metrics", "--sides", "--format", "--columns", "--relation", "--undirected"]
    {
        assert!(run.contains(option), "{option}");
    }
}

#[test]
fn each_metric_of_the_list_explains_itself() {
    let sandbox = Sandbox::new();
    let list = said(sandbox.echogram(["metrics"]));
    let all = sandbox.echogram(["metrics", "--json"]).json();
    let all = all.as_array().unwrap();
    assert!(all.len() >= 20, "{}", all.len());
    for metric in all {
        for key in ["name", "kind", "set", "graph", "summary", "document"] {
            assert!(metric[key].as_str().is_some_and(|text| !text.is_empty()), "{key} of {metric:#}");
        }
        let name = metric["name"].as_str().unwrap();
        let page = said(sandbox.echogram(["metrics", name]));
        for heading in ["FORMULA", "CONVENTIONS", "RANGE AND UNIT", "COST", "COMPARED WITH", "SOURCE"] {
            assert!(page.contains(heading), "{name} says nothing under {heading}");
        }
        assert!(!page.contains("EXAMPLE") && !page.contains("```"), "{name}: code is for programmers\n{page}");
        let own = sandbox.echogram(["metrics", name, "--json"]).json();
        assert!(own.as_array().unwrap().contains(metric), "{name}");
        for column in metric["columns"].as_array().unwrap().iter().filter_map(Value::as_str) {
            assert!(list.contains(column), "{column} is not in the list");
            assert!(said(sandbox.echogram(["metrics", column])).contains(column));
        }
    }
}

#[test]
fn variants_are_explained_by_their_base() {
    let sandbox = Sandbox::new();
    for word in ["pagerank_weighted", "pagerank_undirected", "pagerank@mention", "pagerank_weighted@mention"] {
        assert!(said(sandbox.echogram(["metrics", word])).starts_with("pagerank"), "{word}");
    }
}

#[test]
fn completions_and_manual() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = said(sandbox.echogram(["completions", shell]));
        assert!(script.contains("echogram") && script.contains("--max-rejected"), "{shell}");
    }
    let page = said(sandbox.echogram(["man"]));
    assert!(page.contains(".TH echogram") && page.contains("max\\-rejected"), "{page}");
}

#[test]
fn the_lexicon_can_be_given_back_and_changed() {
    let sandbox = Sandbox::new();
    sandbox.write("edges.csv", "source,target\na,b\nb,c\n");
    sandbox.write("people.csv", "account,bio\na,Registered nurse\nb,glimbologist in Delft\n");
    let args = ["edges.csv", "--accounts", "people.csv", "--lexicon", "words.toml"];
    let built_in = said(sandbox.echogram(["lexicon"]));
    sandbox.write("words.toml", &built_in);
    let same = sandbox.run_into("same", args).digests();
    assert_eq!(same, sandbox.run_into("built-in", &args[..3]).digests());
    sandbox.write("words.toml", format!("{built_in}\n[[role]]\nname = \"glimbo\"\nwords = [\"glimbologist\"]\n"));
    assert_eq!(sandbox.run_folder(args).table("accounts").texts("role"), ["nurse", "glimbo", ""]);
}

#[test]
fn a_reader_who_has_seen_enough_is_no_failure() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(["lexicon"]);
    let mut child = command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}
