//! `echogram top`: whom to watch.

use crate::answer::{self, Ranked, cell, count, ranking};
use crate::commands::{Command, arguments};
use crate::failure::Failure;
use clap::Args;
use echogram_query::{TopAnswer, TopQuestion};
use std::path::PathBuf;

pub(crate) const COMMAND: Command = Command {
    name: "top",
    define: |command| TopArgs::augment_args(command.about("Ranking: whom to watch")),
    run: |matches| top(arguments(matches)?),
};

#[derive(Args)]
struct TopArgs {
    /// Run folder
    run: PathBuf,
    /// Metric to rank by [default: pagerank]
    #[arg(long, value_name = "METRIC")]
    by: Option<String>,
    /// Only accounts of this role
    #[arg(long)]
    role: Option<String>,
    /// Only accounts of this community
    #[arg(long, value_name = "N")]
    community: Option<u32>,
    /// Only accounts at this stage of the continuum
    #[arg(long)]
    stage: Option<String>,
    /// Lowest first: with --by community_confidence the accounts that swing between communities
    #[arg(long)]
    lowest: bool,
    /// Accounts to show
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

fn top(args: TopArgs) -> Result<(), Failure> {
    let TopArgs { by, role, community, stage, limit, lowest, .. } = args;
    let question = TopQuestion { by, role, community, stage, limit, lowest };
    let found = echogram_query::top(&args.run, &question)?;
    if args.json { answer::json(&found) } else { answer::text(&page(&found)) }
}

fn page(found: &TopAnswer) -> String {
    let rows = found.accounts.iter().map(|row| Ranked {
        rank: row.rank,
        account: row.handle.as_deref().unwrap_or(&row.account),
        name: row.name.as_deref(),
        role: row.role.as_deref(),
        community: row.community,
        value: cell(&row.value),
    });
    let ranking = ranking(&found.by, rows);
    format!(
        "{ranking}\n\n{} of {} accounts, {} {} first",
        count(found.accounts.len() as u64),
        count(found.ranked as u64),
        if found.lowest { "lowest" } else { "highest" },
        found.by
    )
}
