//! `roles`: how well the lexicon finds roles.

use crate::said;
use crate::support::Sandbox;
use serde_json::Value;

const LEXICON: &str = "[[role]]\nname = 'nurse'\nwords = ['nurse']\nscale = 'individual'\nuse = 'professional'\n\
                       [[role]]\nname = 'patient'\nwords = ['survivor']\n";

fn value(found: &Value, path: &str) -> f64 {
    found.pointer(path).and_then(Value::as_f64).unwrap_or_else(|| panic!("no {path} in {found:#}"))
}

/// The floors lie 0.03 below what was measured when the words were last changed: see data/roles/README.md.
#[test]
fn on_the_built_in_bios() {
    let sandbox = Sandbox::new();
    let answer = sandbox.echogram(["roles", "--json"]);
    assert_eq!((answer.code, answer.stderr.as_str()), (0, ""));
    let found = answer.json();
    for (path, floor) in [
        ("/measured/accuracy/share/value", 0.935),
        ("/measured/macro/precision/value", 0.964),
        ("/measured/macro/recall/value", 0.946),
        ("/measured/macro/f1/value", 0.953),
        ("/measured/scale/share/value", 0.954),
        ("/measured/use/share/value", 0.955),
    ] {
        assert!(value(&found, path) >= floor - 0.03, "{path}: {} where {floor} was measured", value(&found, path));
    }
    assert_eq!(value(&found, "/measured/macro/roles"), 19.0);
    let cells = found["measured"]["confusion"].as_array().unwrap();
    assert_eq!(cells.iter().map(|cell| cell["bios"].as_u64().unwrap()).sum::<u64>(), 508);
    let languages = found["measured"]["languages"].as_array().unwrap();
    let named: Vec<&str> = languages.iter().map(|row| row["language"].as_str().unwrap()).collect();
    assert_eq!(named, ["de", "en", "es", "fr", "nl"]);
    assert!(languages.iter().all(|row| value(row, "/role/bios") >= 80.0));
}

/// Bios written after the words of the lexicon were added, whose mistakes nobody looked at.
#[test]
fn on_fresh_bios() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/roles/fresh.tsv");
    let found = Sandbox::new().echogram(["roles", "--labelled", file, "--json"]).json();
    assert_eq!(value(&found, "/measured/accuracy/bios"), 86.0);
    assert!(value(&found, "/measured/accuracy/share/value") >= 0.826 - 0.03);
}

#[test]
fn for_people() {
    let page = said(Sandbox::new().echogram(["roles", "--limit", "3"]));
    for word in
        ["508 labelled bios (built-in)", "role right", "coverage", "physician", "label (row)", "confusions", "language", "nl"]
    {
        assert!(page.contains(word), "no {word} in\n{page}");
    }
}

#[test]
fn on_bios_of_ones_own() {
    let sandbox = Sandbox::new();
    sandbox.write("lexicon.toml", LEXICON);
    sandbox.write(
        "people.csv",
        "id,Display Name,description,role,scale,lang\n1,Ann,\"nurse, mum\",Nurse,individual,en\n2,Bo,survivor,nurse,,en\n\
         3,Cy,survivor,patient,,\n4,Di,nothing,-,,de\n5,Ed,nothing,poet,,\n6,Flo,no label,,,\n",
    );
    let args = ["roles", "--labelled", "people.csv", "--lexicon", "lexicon.toml"];
    let found = sandbox.echogram(args.iter().chain(&["--json"])).json();
    assert_eq!((found["labelled"].as_str(), found["lexicon"].as_str()), (Some("people.csv"), Some("lexicon.toml")));
    let found = &found["measured"];
    assert_eq!((found["accuracy"]["right"].as_u64(), found["accuracy"]["bios"].as_u64()), (Some(3), Some(5)));
    assert_eq!((found["scale"]["right"].as_u64(), found["scale"]["bios"].as_u64()), (Some(1), Some(1)));
    assert_eq!(found["without_label"], 1);
    assert_eq!(found["unknown_labels"], serde_json::json!(["poet"]));
    let patient = found["roles"].as_array().unwrap().iter().find(|row| row["role"] == "patient").unwrap();
    assert_eq!((value(patient, "/precision/value"), value(patient, "/recall/value")), (0.5, 1.0));
    let page = said(sandbox.echogram(args));
    for word in [
        "5 labelled bios (people.csv), lexicon lexicon.toml",
        "Bo / survivor",
        "patient: survivor (bio)",
        "poet",
        "1 row left out",
    ] {
        assert!(page.contains(word), "no {word} in\n{page}");
    }
    sandbox.write(
        "people.ndjson",
        "{\"bio\":\"nurse\",\"role\":\"nurse\"}\n{\"bio\":\"survivor\",\"role\":\"nurse\"}\n{\"bio\":3}\n",
    );
    let found = sandbox.echogram(["roles", "--labelled", "people.ndjson", "--lexicon", "lexicon.toml", "--json"]).json();
    assert_eq!(found["measured"]["accuracy"]["bios"], 2);
    sandbox.write_gz("people.csv.gz", "bio;role\nnurse;nurse\n");
    assert_eq!(sandbox.echogram(["roles", "--labelled", "people.csv.gz", "--json"]).json()["measured"]["accuracy"]["right"], 1);
}

#[test]
fn files_that_cannot_be_used() {
    let sandbox = Sandbox::new();
    sandbox.write("no_role.csv", "name,bio\na,b\n");
    sandbox.write("no_bio.csv", "name,role\na,nurse\n");
    sandbox.write("no_label.csv", "bio,role\nnurse,\n,nurse\n");
    sandbox.write("empty.csv", "");
    sandbox.write("binary.csv", [0_u8, 159, 146, 150, 0, 1, 2, 3]);
    sandbox.write("lexicon.toml", "[[role]]\nname = 3");
    for (args, code, words) in [
        (["--labelled", "no_role.csv"], 3, ["no_role.csv", "no column `role`"]),
        (["--labelled", "no_bio.csv"], 3, ["no_bio.csv", "no column `bio`"]),
        (["--labelled", "no_label.csv"], 3, ["no_label.csv", "no row has"]),
        (["--labelled", "empty.csv"], 3, ["empty.csv", "empty"]),
        (["--labelled", "binary.csv"], 3, ["binary.csv", "binary"]),
        (["--labelled", "nowhere.csv"], 3, ["nowhere.csv", "error"]),
        (["--lexicon", "lexicon.toml"], 2, ["lexicon.toml", "name"]),
        (["--lexicon", "nowhere.toml"], 3, ["nowhere.toml", "cannot be read"]),
        (["--limit", "x"], 2, ["--limit", "x"]),
    ] {
        let answer = sandbox.echogram(["roles"].iter().chain(&args));
        assert_eq!((answer.code, answer.stdout.as_str()), (code, ""), "{args:?} {answer:#?}");
        assert!(words.iter().all(|word| answer.stderr.contains(word)), "{args:?} {answer:#?}");
        assert!(!answer.stderr.contains("panicked"), "{answer:#?}");
    }
}
