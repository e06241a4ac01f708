//! Account files: which column holds the keys, what becomes of the others, whose word counts.

use crate::support::{Column, RunFolder, Sandbox, Table};

/// Runs a few edges (a, b, c, d) with an account file of these contents and these options.
#[track_caller]
fn run(sandbox: &Sandbox, people: &str, more: &[&str]) -> RunFolder {
    sandbox.write("edges.csv", "source,target\na,b\nb,c\nc,d\nd,a\n");
    sandbox.write("people.csv", people);
    sandbox.run_folder(["edges.csv", "--accounts", "people.csv"].iter().chain(more))
}

#[track_caller]
fn accounts(people: &str, more: &[&str]) -> Table {
    run(&Sandbox::new(), people, more).table("accounts")
}

#[test]
fn a_given_role_wins_over_the_bio() {
    let people = "account,role,bio\na,patient,Cardiologist MD\nb,,Registered nurse\nc,astronaut,Physician\nd,,\n";
    let table = accounts(people, &[]);
    assert_eq!(table.texts("role"), ["patient", "nurse", "astronaut", ""]);
    let evidence = table.texts("role_evidence");
    assert!(evidence[0].contains("given") && evidence[0].contains("physician"), "all matches are kept: {evidence:?}");
    assert!(evidence[1].contains("nurse") && !evidence[1].contains("given"), "{evidence:?}");
}

#[test]
fn given_words_of_scale_and_use_win() {
    let table = accounts("account,scale,use,bio\na,organisation,personal,Cardiologist MD\nb,,,Cardiologist MD\n", &[]);
    assert_eq!((table.text("scale", 0), table.text("use", 0)), (Some("organisation"), Some("personal")));
    assert_eq!((table.text("scale", 1), table.text("use", 1)), (Some("individual"), Some("professional")));
}

#[test]
fn other_columns_are_kept() {
    let table = accounts("account,specialty,visits\na,\"wounds, feet\",3\nb,,4\n", &[]);
    assert_eq!((table.text("specialty", 0), table.text("specialty", 1)), (Some("wounds, feet"), None));
    assert!(table.has("visits"));
    let table =
        accounts("account,name,verified,followers,created,country,url\na,Ann,true,12,2020-01-02,NL,https://x.example\n", &[]);
    assert_eq!((table.text("name", 0), table.truth("verified", 0)), (Some("Ann"), Some(true)));
    assert_eq!((table.number("followers", 0), table.time("created", 0)), (Some(12.0), Some(1_577_923_200_000_000)));
    assert_eq!((table.text("country", 0), table.truth("verified", 1)), (Some("NL"), None));
}

#[test]
fn a_leaning_is_a_number_or_a_given_word() {
    let table = accounts("account,leaning\na,-0.5\nb,\n", &[]);
    assert_eq!((table.number("leaning", 0), table.number("leaning", 1)), (Some(-0.5), None));
    assert!(!table.has("given_leaning"));
    let sandbox = Sandbox::new();
    let found = run(&sandbox, "account,leaning\na,left\nb,left\nc,right\nd,right\n", &["--sides", "leaning"]);
    let table = found.table("accounts");
    assert_eq!(table.texts("given_leaning"), ["left", "left", "right", "right"]);
    assert_eq!(table.texts("side"), ["left", "left", "right", "right"], "--sides finds it");
    assert!(found.manifest()["notes"].to_string().contains("given_leaning"));
    let echo = found.table("echo");
    let row = echo.find(&[("score", "ei"), ("group", "")]).unwrap();
    assert_eq!(echo.number("value", row), Some(0.0), "two ties within, two across");
}

#[test]
fn columns_with_our_names_are_given_ones() {
    let table = accounts("account,community,pagerank,side\na,9,0.5,x\nb,8,0.5,y\n", &[]);
    assert!(["given_community", "given_pagerank", "given_side"].iter().all(|name| table.has(name)), "{:?}", table.names);
    assert!(matches!(table.column("pagerank"), Column::Real(_)));
}

#[test]
fn the_key_column_is_found() {
    for header in ["account", "id", "Account", "user_id", "ID"] {
        let table = accounts(&format!("role,{header}\nnurse,a\n"), &[]);
        assert_eq!(table.texts("role"), ["nurse", "", "", ""], "{header}");
    }
    let sandbox = Sandbox::new();
    let found = run(&sandbox, "town,who,role\nParis,a,nurse\nParis,b,patient\n", &[]);
    assert_eq!(found.table("accounts").texts("role"), ["nurse", "patient", "", ""]);
    assert!(found.manifest()["notes"].to_string().contains("column `who` holds the accounts' keys"));
    let table = accounts("id,number,role\n1,a,nurse\n2,b,patient\n", &["--columns", "account=number", "--no-isolates"]);
    assert_eq!(table.texts("role"), ["nurse", "patient", "", ""]);
    let table = accounts("a;nurse\nb;patient\n", &["--columns", "account=1,role=2"]);
    assert_eq!(table.texts("role"), ["nurse", "patient", "", ""]);
}

#[test]
fn delimiters_and_formats() {
    for text in ["account\trole\na\tnurse\n", "account;role\na;nurse\n", "\u{feff}account,role\r\na,nurse\r\n"] {
        assert_eq!(accounts(text, &[]).text("role", 0), Some("nurse"), "{text:?}");
    }
    assert_eq!(accounts("{\"account\":\"a\",\"role\":\"nurse\",\"age\":7}\n", &[]).text("role", 0), Some("nurse"));
}

#[test]
fn several_account_files() {
    let sandbox = Sandbox::new();
    sandbox.write("more.csv", "account,country\na,NL\nc,BE\n");
    let found = run(&sandbox, "account,role\na,nurse\nb,patient\n", &["--accounts", "more.csv"]);
    let table = found.table("accounts");
    assert_eq!(table.texts("role"), ["nurse", "patient", "", ""]);
    assert_eq!(table.texts("country"), ["NL", "", "BE", ""]);
}

#[test]
fn sides_by_role_and_by_community() {
    let sandbox = Sandbox::new();
    let people = "account,role,camp\na,nurse,1\nb,nurse,1\nc,patient,2\nd,,2\n";
    let side = |word: &str| run(&sandbox, people, &["--sides", word]).table("accounts").texts("side").join(" ");
    assert_eq!(side("role"), "nurse nurse patient ");
    assert_eq!(side("camp"), "1 1 2 2");
    assert_eq!(side("column:role"), "nurse nurse patient ");
    let found = run(&sandbox, people, &["--sides", "community"]);
    let table = found.table("accounts");
    let communities: Vec<String> = table.numbers("community").into_iter().map(|number| number.unwrap().to_string()).collect();
    assert_eq!(table.texts("side"), communities);
}
