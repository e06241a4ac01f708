//! Echo scores against published and golden values: karate's two clubs, topics whose halves are given, and small networks of the literature.

use crate::run;
use crate::support::{Findings, RunFolder, Sandbox, real_data};
use std::path::Path;

/// Values by score and group (empty for the whole network).
fn values(found: &RunFolder, wanted: &[(&str, &str, f64)], tolerance: f64, about: &str) {
    let table = found.table("echo");
    let mut findings = Findings::default();
    for (score, group, value) in wanted {
        let row = table
            .find(&[("relation", "all"), ("score", score), ("group", group)])
            .unwrap_or_else(|| panic!("no row {score} {group:?}"));
        findings.close(&format!("{score} {group}"), table.number("value", row), Some(*value), tolerance);
    }
    findings.finish(about);
}

fn scores(sandbox: &Sandbox, data: &Path, edges: &str, accounts: &str, sides: &str, more: &[&str]) -> RunFolder {
    let accounts = data.join(accounts);
    let common = ["--accounts", accounts.to_str().unwrap(), "--sides", sides, "--metrics", "full"];
    run(sandbox, data, &[edges], &[&common, more].concat())
}

#[test]
fn clubs_of_karate() {
    let Some(data) = real_data() else { return };
    let sandbox = Sandbox::new();
    let karate = |more: &[&str]| {
        scores(&sandbox, &data, "karate/edges.csv", "karate/accounts.csv", "club", &[&["--undirected"], more].concat())
    };
    let wanted = [
        ("ei", "", -0.717_948_717_948_718),
        ("ei_rescaled", "", -0.717_948_717_948_718),
        ("aei", "", 0.732_319_391_634_980_9),
        ("assortativity", "", 0.717_530_864_197_531),
        ("modularity", "", 0.358_234_714_003_944_8),
        ("conductance", "", 0.146_666_666_666_666_67),
        ("conductance_side", "Mr. Hi", 0.135_802_469_135_802_46),
        ("conductance_side", "Officer", 0.146_666_666_666_666_67),
        ("freeman", "", 0.726_244_343_891_402_7),
        ("coleman", "Mr. Hi", 0.736_383_442_265_795_2),
        ("coleman", "Officer", 0.715_294_117_647_058_9),
        ("inbreeding_homophily", "Mr. Hi", 0.728_395_061_728_395),
        ("inbreeding_homophily", "Officer", 0.706_666_666_666_666_8),
        ("rwc.adaptive", "", 0.607_634_379_150_267_8),
        ("ssi", "Mr. Hi", 0.919_119_533_930_079_7),
        ("ssi", "Officer", 0.879_284_613_259_845_7),
        ("orwg", "", 8.259_866_962_305_988),
        ("boundary", "", 0.172_601_010_101_010_1),
        ("boundary_garimella", "", 0.250_789_141_414_141_44),
        ("dipole", "", 0.609_751_091_381_930_1),
        ("fj_polarisation", "", 12.191_630_135_223_551),
        ("fj_disagreement", "", 7.238_338_096_443_353_5),
    ];
    values(&karate(&[]), &wanted, 1e-9, "karate");
    // Loads of ties are rounded to nine digits, so that equal ones are equal.
    values(&karate(&[]), &[("bcc", "", 0.772_199_939_816_177)], 1e-6, "karate");
    for (hubs, wanted) in [
        ("1", 0.607_634_379_150_267_8),
        ("2", 0.679_471_995_442_701_4),
        ("3", 0.754_227_874_240_662),
        ("5", 0.774_488_674_402_500_9),
    ] {
        let set = format!("rwc.hub_k={hubs}");
        values(&karate(&["--set", &set]), &[("rwc.hub", "", wanted)], 1e-9, &format!("karate, {hubs} hubs"));
    }
}

#[test]
fn halves_of_retweeters_keep_random_walks() {
    let Some(data) = real_data() else { return };
    for (topic, hub, adaptive) in [
        ("beefban", 0.840, Some(0.8137)),
        ("baltimore", 0.810, Some(0.9053)),
        ("gunsense", 0.845, Some(0.9482)),
        ("ff", 0.937, Some(0.9760)),
        ("nationalkissingday", 0.661, Some(0.6644)),
        ("russia_march", 0.938, None),
        ("ukraine", 0.683, None),
        ("sxsw", 0.737, None),
        ("onedirection", 0.588, None),
        ("germanwings", 0.702, None),
    ] {
        let sandbox = Sandbox::new();
        let accounts = data.join(format!("controversy/retweet/{topic}.accounts.csv.gz"));
        let edges = format!("controversy/retweet/{topic}.edges.csv.gz");
        let args = [
            "--accounts",
            accounts.to_str().unwrap(),
            "--sides",
            "side",
            "--metrics",
            "rwc.hub,rwc.adaptive",
            "--null-replicates",
            "0",
        ];
        let found = run(&sandbox, &data, &[&edges], &args);
        let wanted: Vec<(&str, &str, f64)> =
            std::iter::once(("rwc.hub", "", hub)).chain(adaptive.map(|adaptive| ("rwc.adaptive", "", adaptive))).collect();
        values(&found, &wanted, 1e-3, topic);
    }
}

#[test]
fn small_networks_of_the_literature() {
    let Some(data) = real_data() else { return };
    let sandbox = Sandbox::new();
    let (edges, accounts) = ("segregation/WhiteKinship-edb.csv", "segregation/WhiteKinship-vdb.csv");
    let found = scores(&sandbox, &data, edges, accounts, "gender", &["--undirected"]);
    values(&found, &[("freeman", "", 0.263_636), ("assortativity", "", 0.180_124)], 1e-6, "kinship");
    let (edges, accounts) = ("segregation/classroom-edb.csv", "segregation/classroom-vdb.csv");
    let found = scores(&sandbox, &data, edges, accounts, "gender", &[]);
    let wanted = [("coleman", "Boy", 0.908_425), ("coleman", "Girl", 0.790_970), ("orwg", "", 16.580_706)];
    values(&found, &wanted, 1e-6, "classroom");
}

/// Echenique and Fryer's figure III: values of single accounts.
#[test]
fn blocks_live_among_their_own() {
    let Some(data) = real_data() else { return };
    let sandbox = Sandbox::new();
    let accounts = data.join("segregation/EF3-vdb.csv");
    let args = ["--undirected", "--accounts", accounts.to_str().unwrap(), "--sides", "race", "--metrics", "ssi"];
    let found = run(&sandbox, &data, &["segregation/EF3-edb.csv"], &args);
    let table = found.table("accounts");
    let mut findings = Findings::default();
    for (block, wanted) in [
        ("B1", 0.87),
        ("B2", 0.62),
        ("C1", 1.26),
        ("C2", 0.92),
        ("D1", 0.93),
        ("D3", 0.29),
        ("D4", 0.10),
        ("C5", 0.25),
        ("B5", 0.25),
    ] {
        let row = table.find(&[("account", block)]).unwrap();
        findings.close(block, table.number("ssi", row), Some(wanted), 0.005);
    }
    findings.finish("blocks");
}

/// Published Monte Carlo runs keep seeds that are drawn twice, which shifts them a little.
#[test]
fn halves_of_retweeters_keep_walks_between_seeds() {
    let Some(data) = real_data() else { return };
    for (topic, wanted) in [("baltimore", 0.871), ("beefban", 0.878), ("gunsense", 0.845)] {
        let sandbox = Sandbox::new();
        let accounts = data.join(format!("controversy/retweet/{topic}.accounts.csv.gz"));
        let edges = format!("controversy/retweet/{topic}.edges.csv.gz");
        let accounts = accounts.to_str().unwrap();
        let args = ["--accounts", accounts, "--sides", "side", "--metrics", "rwc.seed", "--null-replicates", "0"];
        values(&run(&sandbox, &data, &[&edges], &args), &[("rwc.seed", "", wanted)], 0.02, topic);
    }
}

/// Three camps of a debate, found in three periods together so that none of these is favoured, before and after a war began: one of the two smaller camps comes closer to the others, the other does not.
#[test]
fn one_camp_of_a_debate_comes_closer() {
    let Some(data) = real_data() else { return };
    let sandbox = Sandbox::new();
    let file = |period: &str| data.join(format!("finnish-nato/nato_{period}.graphml")).into_os_string();
    let run_into = |name: &str, files: &[&str], more: &[&str]| {
        let files = files.iter().map(|period| file(period));
        sandbox.run_into(name, files.chain(more.iter().map(Into::into)))
    };
    let [early, before, after] = ["2022-01-27_2022-02-09", "2022-02-10_2022-02-23", "2022-03-24_2022-03-30"];
    let camps =
        ["--sides", "community", "--set", "community.resolution=0.3", "--metrics", "community,ei", "--null-replicates", "0"];
    run_into("all", &[early, before, after], &camps);
    let scores = ["--accounts", "all/accounts.parquet", "--sides", "side", "--no-isolates"];
    let scores = [&scores[..], &["--metrics", "community,rwc.adaptive", "--null", "kept", "--null-replicates", "19"]].concat();
    run_into("before", &[before], &scores);
    run_into("after", &[after], &scores);
    let found = sandbox.echogram(["compare", "before", "after", "--json"]).json();
    let interval = |group: &str| {
        let is_row = |row: &&serde_json::Value| row["score"] == "rwc.adaptive" && row["group"] == group;
        let row = found["echo"].as_array().unwrap().iter().find(is_row).unwrap_or_else(|| panic!("no {group}: {found}"));
        let ends = |of: &serde_json::Value| [0, 1].map(|end| of["difference_ci"][end].as_f64().unwrap());
        [ends(row), ends(&row["effects"][0])]
    };
    let closer = interval("2|rest");
    assert!(closer.iter().all(|ends| ends[1] < -0.03), "value and effect fall: {closer:?}");
    let apart = interval("1|rest");
    assert!(apart.iter().all(|ends| ends[1] > 0.0), "value and effect do not: {apart:?}");
}
