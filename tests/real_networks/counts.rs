//! Networks without an oracle: they read, and their counts are those of a plain count of their files.

use crate::support::{Findings, RunFolder, Sandbox, real_data};
use flate2::read::GzDecoder;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;

fn text(path: &Path) -> String {
    let bytes = std::fs::read(path).unwrap();
    let mut text = String::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
    } else {
        text = String::from_utf8(bytes).unwrap();
    }
    text
}

/// The fields of a file that needs no quotes; the first `skip` lines are left out.
fn fields(path: &Path, skip: usize) -> Vec<Vec<String>> {
    let plain = |field: &str| field.trim_matches('"').to_owned();
    text(path).lines().skip(skip).map(|line| line.split([',', '\t']).map(plain).collect()).collect()
}

fn pair(row: &[String], undirected: bool) -> (String, String) {
    let (a, b) = (row[0].clone(), row[1].clone());
    if undirected && b < a { (b, a) } else { (a, b) }
}

/// A run, and what the plain count made of the same files.
struct Counted {
    run: RunFolder,
    /// Distinct edges; in an undirected network each pair once.
    pairs: BTreeSet<(String, String)>,
    /// Rows of the account file.
    accounts: Vec<Vec<String>>,
    _sandbox: Sandbox,
}

/// Runs and compares accounts, edges and rows.
#[track_caller]
fn check(folder: &str, edges: &str, accounts: Option<&str>, more: &[&str]) -> Option<Counted> {
    let data = real_data()?.join(folder);
    let undirected = more.contains(&"--undirected");
    let rows = fields(&data.join(edges), 1);
    let pairs: BTreeSet<_> = rows.iter().map(|row| pair(row, undirected)).collect();
    let mut keys: BTreeSet<String> = rows.iter().flat_map(|row| row[..2].to_vec()).collect();
    let mut args = vec![data.join(edges).into_os_string()];
    let known = accounts.map(|accounts| fields(&data.join(accounts), 1)).unwrap_or_default();
    keys.extend(known.iter().map(|row| row[0].clone()));
    if let Some(accounts) = accounts {
        args.extend(["--accounts".into(), data.join(accounts).into_os_string()]);
    }
    args.extend(more.iter().map(Into::into));
    let sandbox = Sandbox::new();
    let run = sandbox.run_folder(args);
    let manifest = run.manifest();
    let mut findings = Findings::default();
    findings.equal("accounts", &manifest["graph"]["accounts"].as_u64(), &Some(keys.len() as u64));
    findings.equal("edges", &manifest["graph"]["edges"].as_u64(), &Some(pairs.len() as u64));
    findings.equal("rows", &manifest["inputs"][0]["rows"].as_u64(), &Some(rows.len() as u64));
    findings.equal("rejected", &run.table("rejects").rows(), &0);
    findings.finish(edges);
    Some(Counted { run, pairs, accounts: known, _sandbox: sandbox })
}

fn score(run: &RunFolder, name: &str) -> f64 {
    let echo = run.table("echo");
    let row = echo.find(&[("relation", "all"), ("score", name), ("group", "")]).unwrap();
    echo.number("value", row).unwrap()
}

#[test]
fn facebook_of_two_colleges() {
    for (college, accounts, edges) in [("Reed98", 962, 18_812), ("Caltech36", 769, 16_656)] {
        let (pairs, people) = (format!("{college}.edges.csv.gz"), format!("{college}.accounts.csv.gz"));
        let more = ["--undirected", "--sides", "status"];
        let Some(counted) = check("facebook100", &pairs, Some(&people), &more) else { return };
        let graph = &counted.run.manifest()["graph"];
        assert_eq!((graph["accounts"].as_u64(), graph["edges"].as_u64()), (Some(accounts), Some(edges)), "{college}");
    }
}

/// E-I by the given halves, counted anew on the undirected union.
fn halves(kind: &str) {
    let Some(data) = real_data() else { return };
    let folder = data.join("controversy").join(kind);
    let mut files: Vec<String> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    files.retain(|name| name.contains(".edges."));
    assert!(files.len() >= 9, "{files:?}");
    for edges in files {
        let accounts = edges.replace(".edges.", ".accounts.");
        let more = ["--sides", "side", "--metrics", "ei_undirected"];
        let counted = check(&format!("controversy/{kind}"), &edges, Some(&accounts), &more).unwrap();
        let side: BTreeMap<&str, &str> = counted.accounts.iter().map(|row| (row[0].as_str(), row[1].as_str())).collect();
        let ties: BTreeSet<(&str, &str)> = counted
            .pairs
            .iter()
            .map(|(a, b)| if a < b { (a.as_str(), b.as_str()) } else { (b.as_str(), a.as_str()) })
            .filter(|tie| tie.0 != tie.1)
            .collect();
        let crossing = ties.iter().filter(|tie| side[tie.0] != side[tie.1]).count() as f64;
        let wanted = 2.0 * crossing / ties.len() as f64 - 1.0;
        let got = score(&counted.run, "ei_undirected");
        assert!((got - wanted).abs() < 1e-12, "{kind} {edges}: {got} {wanted}");
    }
}

#[test]
fn halves_of_followers() {
    halves("follow");
}

#[test]
fn halves_of_retweeters() {
    halves("retweet");
}

#[test]
fn couples_of_catania() {
    let Some(counted) = check("segregation", "Catania.csv", None, &[]) else { return };
    let edges = counted.run.table("edges");
    let weight: f64 = edges.numbers("weight").into_iter().flatten().sum();
    let rows = fields(&real_data().unwrap().join("segregation/Catania.csv"), 1);
    assert_eq!(weight, rows.iter().map(|row| row[2].parse::<f64>().unwrap()).sum::<f64>());
    let row = edges.find(&[("source", "hispanic"), ("target", "black")]).unwrap();
    assert_eq!(edges.number("weight", row), Some(23.0));
    assert_eq!(counted.run.manifest()["graph"]["self_loops"], 4);
}

/// Newman 2003, table I: couples of the same group are the diagonal, which are self-loops here.
#[test]
fn couples_of_catania_mix_as_published() {
    let Some(data) = real_data() else { return };
    let sandbox = Sandbox::new();
    sandbox.write("groups.csv", "account,group\nblack,black\nhispanic,hispanic\nwhite,white\nother,other\n");
    let file = data.join("segregation/Catania.csv");
    let args = ["--accounts", "groups.csv", "--sides", "group", "--keep-loops", "--metrics", "assortativity_weighted"];
    let run = sandbox.run_folder(std::iter::once(file.to_str().unwrap()).chain(args));
    let found = score(&run, "assortativity_weighted");
    assert!((found - 0.621_446).abs() < 5e-7, "{found}");
}

#[test]
fn small_published_examples() {
    for (edges, accounts, more, assortativity, size) in [
        (
            "WhiteKinship-edb.csv",
            "WhiteKinship-vdb.csv",
            ["--sides", "gender", "--undirected"].as_slice(),
            Some(0.180_124),
            (10, 22),
        ),
        ("classroom-edb.csv", "classroom-vdb.csv", &["--sides", "gender"], None, (26, 88)),
        ("EF3-edb.csv", "EF3-vdb.csv", &["--sides", "race", "--undirected"], None, (30, 49)),
    ] {
        let Some(counted) = check("segregation", edges, Some(accounts), more) else { return };
        let graph = &counted.run.manifest()["graph"];
        assert_eq!((graph["accounts"].as_u64(), graph["edges"].as_u64()), (Some(size.0), Some(size.1)), "{edges}");
        let found = score(&counted.run, "assortativity");
        assert!(assortativity.is_none_or(|wanted: f64| (found - wanted).abs() < 1e-6), "{edges}: {found}");
    }
}

#[test]
fn leanings_of_redditors() {
    let (edges, accounts) = ("guncontrol_2017-01-01_2017-07-01_edgelist.csv", "guncontrol_2017-01-01_2017-07-01_nodelist.csv");
    let Some(counted) = check("reddit-leaning", edges, Some(accounts), &["--sides", "leaning"]) else { return };
    let accounts = counted.run.table("accounts");
    assert!(accounts.has("given_leaning") && accounts.has("mean_score"), "{:?}", accounts.names);
    assert!(accounts.texts("side").contains(&"protrump"));
}

/// Contacts of each pair, first and last, with everyone's role.
#[test]
fn contacts_on_a_ward() {
    let Some(data) = real_data() else { return };
    let file = data.join("hospital/contacts.txt.gz");
    let sandbox = Sandbox::new();
    let args = ["--undirected", "--columns", "time=1,source=2,target=3,source_role=4,target_role=5"];
    let run = sandbox.run_folder(std::iter::once(file.to_str().unwrap()).chain(args));
    let (mut wanted, mut role) = (BTreeMap::new(), BTreeMap::new());
    for row in fields(&file, 0) {
        let time: i64 = row[0].parse().unwrap();
        let entry = wanted.entry(pair(&row[1..], true)).or_insert((0_u32, time, time));
        *entry = (entry.0 + 1, entry.1.min(time), entry.2.max(time));
        role.extend([(row[1].clone(), row[3].clone()), (row[2].clone(), row[4].clone())]);
    }
    let (edges, accounts) = (run.table("edges"), run.table("accounts"));
    assert_eq!((wanted.len(), edges.rows(), accounts.rows()), (1_139, 1_139, 75));
    let mut contacts = 0;
    for row in 0..edges.rows() {
        let ends = [edges.text("source", row).unwrap().to_owned(), edges.text("target", row).unwrap().to_owned()];
        let (events, first, last) = wanted[&pair(&ends, true)];
        assert_eq!(edges.number("events", row), Some(f64::from(events)), "{ends:?}");
        assert_eq!((edges.time("first", row), edges.time("last", row)), (Some(first * 1_000_000), Some(last * 1_000_000)));
        contacts += events;
    }
    assert_eq!(contacts, 32_424);
    for row in 0..accounts.rows() {
        let account = accounts.text("account", row).unwrap();
        assert_eq!(accounts.text("role", row), Some(role[account].as_str()), "{account}");
    }
    let known: BTreeSet<&str> = accounts.texts("role").into_iter().collect();
    assert_eq!(known, BTreeSet::from(["ADM", "MED", "NUR", "PAT"]));
    let mixing = run.table("mixing");
    let cell = mixing.find(&[("relation", "all"), ("by", "role"), ("source_group", "NUR"), ("target_group", "PAT")]).unwrap();
    let is_cell = |pair: &(String, String)| {
        let ends = [role[&pair.0].as_str(), role[&pair.1].as_str()];
        ends == ["NUR", "PAT"] || ends == ["PAT", "NUR"]
    };
    let events: u32 = wanted.iter().filter(|entry| is_cell(entry.0)).map(|entry| entry.1.0).sum();
    assert_eq!(mixing.number("weight", cell), Some(f64::from(events)));
}
