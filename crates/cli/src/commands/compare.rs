//! `echogram compare`: what changed from one run to another.

use crate::answer::{self, count, plural, real, table};
use crate::commands::{Command, arguments};
use crate::failure::Failure;
use clap::Args;
use echogram_query::{CompareAnswer, CompareQuestion, EchoChange, FateRow, Likeness};
use std::path::PathBuf;

pub(crate) const COMMAND: Command = Command {
    name: "compare",
    define: |command| {
        CompareArgs::augment_args(command.about("What changed between two runs: accounts, communities, network metrics, echo scores").after_help(
            "Accounts are the same where their key is the same. Run folders are read, never changed.\n\
             Communities against a column of an account file: echogram run ... --sides COLUMN --metrics standard, metrics agreement_*.",
        ))
    },
    run: |matches| compare(arguments(matches)?),
};

#[derive(Args)]
struct CompareArgs {
    /// Run folder: before
    run_a: PathBuf,
    /// Run folder: after
    run_b: PathBuf,
    /// Communities to compare: a column that both runs have, such as community_weighted [default: community]
    #[arg(long, value_name = "COLUMN")]
    column: Option<String>,
    /// Communities to show
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

fn compare(args: CompareArgs) -> Result<(), Failure> {
    let found = echogram_query::compare(&args.run_a, &args.run_b, &CompareQuestion { column: args.column })?;
    if args.json { answer::json(&found) } else { answer::text(&page(&found, args.limit)) }
}

/// Accounts shown by name.
const NAMES: usize = 5;

fn page(found: &CompareAnswer, limit: usize) -> String {
    let mut lines = Vec::new();
    let mut line = |head: &str, rest: String| lines.push(format!("{head:<12} {rest}"));
    for (name, run) in [("A", &found.a), ("B", &found.b)] {
        let communities = run.communities.map(|number| plural(number as u64, "community", "communities"));
        let known = [plural(run.accounts, "account", "accounts"), plural(run.edges, "edge", "edges")];
        let parts: Vec<String> = known.into_iter().chain(communities).collect();
        line(name, format!("{}: {} (seed {})", run.run, parts.join(", "), run.seed));
    }
    let accounts = &found.accounts;
    let gained = named(accounts.gained, "gained", &accounts.first_gained);
    let lost = named(accounts.lost, "lost", &accounts.first_lost);
    line("accounts", format!("{} in both, {gained}, {lost}", count(accounts.both as u64)));
    if let Some(communities) = &found.communities {
        line(&found.column, alike(communities));
        let fates: Vec<String> = found.fates.iter().map(|(fate, number)| format!("{} {fate}", count(*number as u64))).collect();
        let fates = if fates.is_empty() { "no communities".to_owned() } else { fates.join(", ") };
        line("", format!("{fates} (of {} accounts or more)", found.matching.members));
    }
    found.notes.iter().for_each(|note| line("note", note.clone()));
    let mut parts = vec![lines.join("\n")];
    if !found.transitions.is_empty() && limit > 0 {
        parts.push(transitions(&found.transitions, limit));
    }
    if !found.network.is_empty() {
        let rows = found.network.iter().map(|row| {
            let note = if row.same_parameters { "" } else { "other parameters" };
            [vec![row.metric.clone(), row.relation.clone()], numbers([row.a, row.b], row.difference), vec![note.to_owned()]]
                .concat()
        });
        parts.push(table(&["network", "relation", "A", "B", "difference", ""], &[2, 3, 4], rows.collect()));
    }
    if !found.echo.is_empty() {
        let rows = found.echo.iter().flat_map(echo);
        let header = ["echo", "parameters", "sides", "group", "relation", "A", "B", "difference", "95 %"];
        parts.push(table(&header, &[5, 6, 7], rows.collect()));
    }
    parts.join("\n\n")
}

/// `3 gained (a, b, c)`.
fn named(number: usize, what: &str, first: &[String]) -> String {
    let names = first.iter().take(NAMES).cloned().collect::<Vec<_>>().join(", ");
    let more = if number > NAMES { ", ..." } else { "" };
    let names = if number > 0 { format!(" ({names}{more})") } else { String::new() };
    format!("{} {what}{names}", count(number as u64))
}

fn alike(found: &Likeness) -> String {
    let value = |value: Option<f64>| value.map_or_else(|| "undefined".to_owned(), real);
    let share =
        found.variation_normalised.map(|share| format!(", {:.1}% of the most possible", share * 100.0)).unwrap_or_default();
    let alone = if found.alone > 0 { format!(", {} of them alone in both", count(found.alone as u64)) } else { String::new() };
    format!(
        "NMI {}, AMI {}, ARI {}, variation of information {} nats{share} (over {}{alone})",
        value(found.nmi),
        value(found.ami),
        value(found.ari),
        value(found.variation),
        plural(u64::from(found.accounts), "account", "accounts")
    )
}

/// The largest communities and what became of them.
fn transitions(rows: &[FateRow], limit: usize) -> String {
    let mut order: Vec<&FateRow> = rows.iter().collect();
    order.sort_by_key(|row| std::cmp::Reverse(row.accounts_a.max(row.accounts_b)));
    let label = |label: Option<u32>| label.map(|label| label.to_string()).unwrap_or_default();
    let size = |label: Option<u32>, size: u32| label.map(|_| count(size.into())).unwrap_or_default();
    let cells = order.iter().take(limit).map(|row| {
        let is_pair = row.community_a.is_some() && row.community_b.is_some();
        let both = if is_pair { [count(row.both.into()), real(row.jaccard)] } else { [String::new(), String::new()] };
        let sizes = [size(row.community_a, row.accounts_a), size(row.community_b, row.accounts_b)];
        let [size_a, size_b] = sizes;
        let [both, jaccard] = both;
        vec![label(row.community_a), size_a, row.fate.to_owned(), label(row.community_b), size_b, both, jaccard]
    });
    let shown = table(
        &["community A", "accounts", "", "community B", "accounts", "in both", "Jaccard"],
        &[0, 1, 3, 4, 5, 6],
        cells.collect(),
    );
    let rest = rows.len().saturating_sub(limit);
    if rest > 0 { format!("{shown}\n{} more: --limit, or --json for all", count(rest as u64)) } else { shown }
}

fn numbers([a, b]: [Option<f64>; 2], difference: Option<f64>) -> Vec<String> {
    let value = |value: Option<f64>| value.map_or_else(|| "undefined".to_owned(), real);
    let signed = |value: f64| if value > 0.0 { format!("+{}", real(value)) } else { real(value) };
    vec![value(a), value(b), difference.map(signed).unwrap_or_default()]
}

/// A score, and a row for each null model.
fn echo(row: &EchoChange) -> Vec<Vec<String>> {
    let interval = |of: Option<(f64, f64)>| of.map(|(low, high)| format!("[{low:.3}, {high:.3}]")).unwrap_or_default();
    let note = if row.same_parameters { "" } else { " other parameters" };
    let group = row.group.clone().unwrap_or_default();
    let head = vec![row.score.clone(), row.parameters.clone(), row.sides.clone(), group, row.relation.clone()];
    let value = [head, numbers([row.a, row.b], row.difference), vec![interval(row.difference_ci) + note]].concat();
    let effects = row.effects.iter().map(|effect| {
        let head = vec![format!("  effect ({})", effect.null_model), String::new(), String::new(), String::new(), String::new()];
        [head, numbers([effect.a, effect.b], effect.difference), vec![interval(effect.difference_ci)]].concat()
    });
    std::iter::once(value).chain(effects).collect()
}
