//! Study files with mistakes: the message names the file and the place.

use crate::{UNUSABLE, WRONG_USAGE, check, sandbox};

/// `echogram run study.toml` is refused for this text.
#[track_caller]
fn check_study(text: &str, code: i32, words: &[&str]) {
    let sandbox = sandbox();
    sandbox.write("study.toml", text);
    check(&sandbox, &["study.toml"], code, words);
}

#[test]
fn unknown_keys_name_the_nearest() {
    check_study("[study]\nsede = 7\n", WRONG_USAGE, &["study.toml", "`sede`", "did you mean `seed`"]);
    check_study("[studies]\nseed = 7\n", WRONG_USAGE, &["study.toml", "`studies`", "did you mean `study`"]);
    let text = "[[input]]\npath = 'good.csv'\n[[input]]\npath = 'good.csv'\nrelatoin = 'follow'\n";
    check_study(text, WRONG_USAGE, &["`relatoin`", "did you mean `relation`"]);
    check_study("[[input]]\npath = 'good.csv'\ncolumns = { sorce = 'a' }\n", WRONG_USAGE, &["`sorce`"]);
    check_study(
        "[[input]]\npath = 'good.csv'\n[metrics]\ninclude = ['pagerankk']\n",
        WRONG_USAGE,
        &["`pagerankk`", "`pagerank`"],
    );
    check_study("[[input]]\npath = 'good.csv'\n[metrics]\nlevel = true\n", WRONG_USAGE, &["`level`", "did you mean `levels`"]);
    let text = "[[input]]\npath = 'good.csv'\n[metrics]\nresolutions = '2..1'\n";
    check_study(text, WRONG_USAGE, &["study.toml", "[metrics] resolutions", "`2..1`"]);
    check_study("[[input]]\npath = 'good.csv'\nformat = 'exel'\n", WRONG_USAGE, &["`exel`"]);
}

#[test]
fn wrong_types() {
    check_study("[study]\nseed = 'x'\n", WRONG_USAGE, &["study.toml", "line 2", "seed"]);
    check_study("[study]\nseed = -1\n", WRONG_USAGE, &["study.toml", "line 2"]);
    check_study("[[input]]\npath = 3\n", WRONG_USAGE, &["study.toml", "line 2", "path"]);
    check_study("[[input]]\nrelation = 'follow'\n", WRONG_USAGE, &["study.toml", "path"]);
    check_study("study = 3\n", WRONG_USAGE, &["study.toml", "[study]"]);
    check_study("[input]\npath = 'good.csv'\n", WRONG_USAGE, &["study.toml", "[[input]]"]);
    check_study("[[input]]\npath = 'good.csv'\n[accounts]\npath = 'good.csv'\n", WRONG_USAGE, &["study.toml", "[[accounts]]"]);
    check_study(
        "[[input]]\npath = 'good.csv'\n[graph]\nweights = { edge = -1.0 }\n",
        WRONG_USAGE,
        &["study.toml", "`edge`", "above 0"],
    );
    check_study("[[input]]\npath = 'good.csv'\n[graph]\nweights = { edge = nan }\n", WRONG_USAGE, &["study.toml", "`edge`"]);
    check_study("[[input]]\npath = 'good.csv'\n[graph]\nmax_rejected = 'many'\n", WRONG_USAGE, &["study.toml", "`many`"]);
    check_study("[[input]]\npath = 'good.csv'\ncolumns = { source = 0 }\n", WRONG_USAGE, &["source", "from 1"]);
}

#[test]
fn no_toml_at_all() {
    check_study("[study\n", WRONG_USAGE, &["study.toml", "line 1"]);
    check_study("source,target\na,b\n", WRONG_USAGE, &["study.toml", "line 1"]);
    check_study("", WRONG_USAGE, &["no input"]);
    check_study("[study]\nname = 'x'\n", WRONG_USAGE, &["no input", "[[input]]"]);
    let sandbox = sandbox();
    sandbox.write("binary.toml", [0, 159, 146, 150]);
    check(&sandbox, &["binary.toml"], UNUSABLE, &["binary.toml"]);
}

#[test]
fn files_that_are_not_there() {
    let sandbox = sandbox();
    check(&sandbox, &["nostudy.toml"], UNUSABLE, &["nostudy.toml"]);
    check_study("[[input]]\npath = 'nothere.csv'\n", UNUSABLE, &["nothere.csv", "no such file"]);
    check_study("[[input]]\npath = 'good.csv'\n[[accounts]]\npath = 'nobody.csv'\n", UNUSABLE, &["nobody.csv", "no such file"]);
    check_study("[[input]]\npath = 'good.csv'\n[roles]\nlexicon = 'words.toml'\n", UNUSABLE, &["words.toml"]);
    sandbox.write("one.toml", "[[input]]\npath = 'good.csv'\n");
    sandbox.write("two.toml", "[[input]]\npath = 'good.csv'\n");
    check(&sandbox, &["one.toml", "two.toml"], WRONG_USAGE, &["one study file", "one.toml", "two.toml"]);
}
