//! The three tables: follows with a little dirt, accounts as a marketer keeps them, and the truth.

use crate::Study;
use crate::accounts::Account;
use crate::calendar::{START, date};
use crate::groups::Camp;
use crate::write::File;

/// After this many follows comes one bad row, five times.
const BAD_EVERY: usize = 4_000;
/// Each of these rows stands twice.
const TWICE_EVERY: usize = 1_237;

/// `follows.csv`: five bad rows, some rows twice, three accounts that follow themselves.
pub(crate) fn follows(study: &Study) -> File {
    let id = |node: usize| study.accounts[node].id;
    let mut text = String::from("follower,followed,since\n");
    let mut bad = bad_rows(study).into_iter();
    for (place, follow) in study.follows.iter().enumerate() {
        let row = format!("{},{},{}\n", id(follow.follower), id(follow.followed), date(follow.since));
        text.push_str(&row);
        if place % TWICE_EVERY == 600 {
            text.push_str(&row);
        }
        if place % BAD_EVERY == 1_111 {
            text.push_str(&bad.next().unwrap_or_default());
        }
        if place % 9_000 == 5_555 {
            text.push_str(&format!("{0},{0},{1}\n", id(follow.follower), date(START)));
        }
    }
    File::new("follows.csv", text)
}

fn bad_rows(study: &Study) -> [String; 5] {
    let id = |node: usize| study.accounts[node].id;
    [
        format!("{}\n", id(3)),
        format!("{},,2026-02-11\n", id(8)),
        format!(",{},2026-03-02\n", id(21)),
        format!("{},{},2026-02-31\n", id(34), id(55)),
        ",,2026-04-09\n".to_owned(),
    ]
}

/// `accounts.csv`: a role for about six accounts of ten, the rest must come from the bio.
pub(crate) fn accounts(study: &Study) -> File {
    let mut text = String::from("account,handle,name,role,leaning,camp,country,specialty\n");
    for account in &study.accounts {
        let role = if account.role_given { account.role.word() } else { "" };
        let fields = [
            account.id.to_string(),
            account.handle.clone(),
            quoted(&account.name),
            role.to_owned(),
            account.leaning.map(hundredths).unwrap_or_default(),
            camp(account).to_owned(),
            account.country.to_owned(),
            quoted(account.specialty),
        ];
        text.push_str(&fields.join(","));
        text.push('\n');
    }
    File::new("accounts.csv", text)
}

/// `truth.csv`: what every account really is.
pub(crate) fn truth(study: &Study) -> File {
    let mut text = String::from("account,role,scale,use,camp,community,bridge\n");
    for account in &study.accounts {
        let id = account.id.to_string();
        let fields = [
            id.as_str(),
            account.role.word(),
            account.scale_word(),
            account.use_word(),
            camp(account),
            account.community.word(),
            if account.bridge { "yes" } else { "no" },
        ];
        text.push_str(&fields.join(","));
        text.push('\n');
    }
    File::new("truth.csv", text)
}

fn camp(account: &Account) -> &'static str {
    account.camp.map_or("", Camp::word)
}

/// A whole number of hundredths as a decimal; no floating point, hence no surprise.
fn hundredths(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", value.abs() / 100, value.abs() % 100)
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_and_decimals_exact() {
        assert_eq!(quoted("Talora Wickby, RN"), "\"Talora Wickby, RN\"");
        assert_eq!([hundredths(-5), hundredths(100), hundredths(37)], ["-0.05", "1.00", "0.37"]);
    }
}
