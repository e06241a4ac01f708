//! `echogram account`: everything known of one account.

use crate::answer::{self, cell, count, real, table};
use crate::commands::{Command, arguments};
use crate::failure::Failure;
use clap::Args;
use echogram_query::{AccountAnswer, Tie};
use std::path::PathBuf;

pub(crate) const COMMAND: Command = Command {
    name: "account",
    define: |command| AccountArgs::augment_args(command.about("Everything known of one account")),
    run: |matches| account(arguments(matches)?),
};

#[derive(Args)]
struct AccountArgs {
    /// Run folder
    run: PathBuf,
    /// Key or handle
    account: String,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

fn account(args: AccountArgs) -> Result<(), Failure> {
    let found = echogram_query::account(&args.run, &args.account)?;
    if args.json { answer::json(&found) } else { answer::text(&page(&found)) }
}

fn page(found: &AccountAnswer) -> String {
    let rows = found.columns.iter().map(|(name, value)| {
        let rank = found.ranks.get(name).map(|rank| format!("rank {} of {}", cell(rank), count(found.accounts as u64)));
        vec![name.clone(), cell(value), rank.unwrap_or_default()]
    });
    let mut parts = vec![table(&["", "", ""], &[], rows.collect()).trim_start_matches('\n').to_owned()];
    parts.extend(found.exposure.as_ref().map(|exposure| exposure.sentence.clone()));
    for (title, ties) in [("attends most to", &found.attends_to), ("attended most by", &found.attended_by)] {
        if !ties.is_empty() {
            parts.push(format!("{title}\n{}", tie_table(ties)));
        }
    }
    parts.join("\n\n")
}

fn tie_table(ties: &[Tie]) -> String {
    let rows = ties.iter().map(|tie| {
        let shown = tie.handle.clone().unwrap_or_else(|| tie.account.clone());
        vec![shown, tie.role.clone().unwrap_or_default(), tie.relation.clone(), real(tie.weight)]
    });
    table(&["account", "role", "relation", "weight"], &[3], rows.collect())
}
