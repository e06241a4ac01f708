//! Tests of the matcher and of the built-in lexicon, on made-up accounts only.

use super::*;

/// One line of `bios.tsv`.
struct Labelled<'a> {
    name: &'a str,
    bio: &'a str,
    role: &'a str,
    scale: &'a str,
    usage: &'a str,
}

fn labelled() -> Vec<Labelled<'static>> {
    include_str!("bios.tsv")
        .lines()
        .filter(|line| !line.starts_with("# "))
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            assert_eq!(cells.len(), 5, "five cells in {line:?}");
            Labelled { name: cells[0], bio: cells[1], role: cells[2], scale: cells[3], usage: cells[4] }
        })
        .collect()
}

/// Share of right answers on one axis; prints the others.
fn accuracy(axis: &str, lexicon: &Lexicon, answer: impl Fn(&Labelled<'_>, &Classified<'_>) -> (String, String)) -> f64 {
    let (mut right, mut asked) = (0_u32, 0_u32);
    for account in labelled() {
        let found = lexicon.classify(Some(account.name), Some(account.bio));
        let (got, wanted) = answer(&account, &found);
        if wanted == "?" {
            continue;
        }
        asked += 1;
        if got == wanted {
            right += 1;
        } else {
            println!("{axis}: got {got}, wanted {wanted}: {} / {} [{:?}]", account.name, account.bio, found.evidence);
        }
    }
    println!("{axis}: {right} of {asked}");
    f64::from(right) / f64::from(asked)
}

#[test]
fn most_made_up_accounts_are_classified_right() {
    let lexicon = Lexicon::built_in();
    let role = accuracy("role", &lexicon, |account, found| (found.role.unwrap_or("-").to_owned(), account.role.to_owned()));
    let scale = accuracy("scale", &lexicon, |account, found| {
        (found.scale.map_or("-", Scale::as_str).to_owned(), account.scale.to_owned())
    });
    let usage =
        accuracy("use", &lexicon, |account, found| (found.usage.map_or("-", Use::as_str).to_owned(), account.usage.to_owned()));
    assert!(role >= 0.9 && scale >= 0.9 && usage >= 0.9, "role {role:.3}, scale {scale:.3}, use {usage:.3}");
}
