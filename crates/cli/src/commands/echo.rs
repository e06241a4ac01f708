//! `echogram echo`: is it an echo chamber, and how sure are we.

use crate::answer::{self, count};
use crate::commands::{Command, arguments};
use crate::failure::Failure;
use clap::Args;
use echogram_query::{EchoAnswer, EchoQuestion, EchoScore, null_in_words};
use std::path::PathBuf;

pub(crate) const COMMAND: Command = Command {
    name: "echo",
    define: |command| EchoArgs::augment_args(command.about("Is it an echo chamber, and how sure are we")),
    run: |matches| echo(arguments(matches)?),
};

#[derive(Args)]
struct EchoArgs {
    /// Run folder, made with --sides or with accounts that have a leaning
    run: PathBuf,
    /// Only this score
    #[arg(long, value_name = "SCORE")]
    score: Option<String>,
    /// Only this relation [default: all of them merged]
    #[arg(long, value_name = "NAME")]
    relation: Option<String>,
    /// Scores of single sides and of pairs of sides, too
    #[arg(long)]
    groups: bool,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

/// Sides shown by name.
const SIDES: usize = 8;

fn echo(args: EchoArgs) -> Result<(), Failure> {
    let question = EchoQuestion { score: args.score, relation: args.relation, groups: args.groups };
    let found = echogram_query::echo(&args.run, &question)?;
    if args.json { answer::json(&found) } else { answer::text(&page(&found)) }
}

/// One line of a score, such as `rwc.adaptive[K=0.01]  effect 0.22 [0.19, 0.25]  null 0.58 ± 0.01 (R=999, degrees kept)  p 0.001`, by columns.
fn cells(row: &EchoScore) -> Vec<String> {
    let parameters = if row.parameters.is_empty() { String::new() } else { format!("[{}]", row.parameters) };
    let group = row.group.as_deref().map(|group| format!(" {group}")).unwrap_or_default();
    let interval = |pair: Option<(f64, f64)>| pair.map(|(low, high)| format!(" [{low:.2}, {high:.2}]")).unwrap_or_default();
    let name = format!("{}{parameters}{group}", row.score);
    let Some(value) = row.value else { return vec![name, "undefined".to_owned(), String::new(), String::new()] };
    let Some(effect) = row.effect else {
        return vec![name, format!("value {value:.3}{}", interval(row.value_ci)), "no null".to_owned(), String::new()];
    };
    let spread = row.null_sd.map(|sd| format!(" ± {sd:.2}")).unwrap_or_default();
    let model = row.null_model.as_deref().map_or("", null_in_words);
    let replicates =
        row.replicates.filter(|&replicates| replicates > 0.0).map(|replicates| format!("R={replicates}, ")).unwrap_or_default();
    vec![
        name,
        format!("effect {effect:.2}{}", interval(row.ci)),
        format!("null {:.2}{spread} ({replicates}{model})", row.null_mean.unwrap_or(f64::NAN)),
        row.p.map(|p| format!("p {p:.3}{}", if row.is_steady { "" } else { ", not counted" })).unwrap_or_default(),
    ]
}

/// Cells under each other, from the first column of the screen on.
fn columns(rows: Vec<Vec<String>>) -> String {
    answer::table(&[], &[], rows).lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

fn page(found: &EchoAnswer) -> String {
    let mut lines = Vec::new();
    if let Some(sides) = &found.sides {
        let named = found.sizes.iter().take(SIDES).map(|(side, size)| format!("{side} {}", count(*size))).collect::<Vec<_>>();
        let others = if found.sizes.len() > SIDES { format!(", {} more", found.sizes.len() - SIDES) } else { String::new() };
        let named = if named.is_empty() {
            String::new()
        } else {
            format!(": {}{others}; without a side {}", named.join(", "), count(found.without_side))
        };
        lines.push(format!("sides by {sides}{named}\n"));
    }
    lines.push(columns(found.scores.iter().map(cells).collect()));
    if found.rows_of_groups > 0 {
        lines.push(format!("({} more of single sides and pairs: --groups)", count(found.rows_of_groups as u64)));
    }
    if !found.strip.is_empty() {
        lines.push("\nother choices would have given".to_owned());
        let rows = found.strip.iter().map(|strip| {
            let range = |(low, high): (f64, f64)| format!("{low:.2} to {high:.2}");
            let moved = match strip.effects {
                Some(effects) => format!("effect {}", range(effects)),
                None => format!("value {}", range(strip.values)),
            };
            vec![strip.score.clone(), format!("{} {} to {}", strip.varied, strip.first, strip.last), moved]
        });
        lines.push(columns(rows.collect()));
    }
    lines.push(format!("\n{}", found.sentence));
    lines.extend(found.warnings.iter().map(|warning| format!("warning: {warning}")));
    lines.join("\n")
}
