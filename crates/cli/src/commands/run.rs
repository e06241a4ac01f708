//! `echogram run`: the main job.

use crate::answer::{self, Ranked, count, plural, ranking, real};
use crate::commands::{Command, arguments};
use crate::failure::Failure;
use crate::progress::{Mode, Shown};
use clap::Args;
use echogram_engine::{Memory, NullLine, NullModel, Resolutions, ResolutionsLine, Study, StudyFile, Summary, SwingLine};
use echogram_ingest::period::{Window, parse_moment};
use echogram_ingest::{AccountsRequest, ColumnMap, MaxRejected, Progress, ReadOptions};
use echogram_store::{Leftovers, QualityEntry};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

pub(crate) const COMMAND: Command = Command {
    name: "run",
    define: |command| {
        RunArgs::augment_args(command.about("Read the input, build the graph, compute, write a run folder").after_help(
            "Examples:\n  echogram run follows.csv\n  echogram run posts/*.jsonl.gz follows.csv --accounts people.csv --sides stance -o spring\n  \
             echogram run study.toml --threads 4\n  echogram run contacts.txt --undirected --columns time=1,source=2,target=3",
        ))
    },
    run: |matches| run(arguments(matches)?),
};

#[derive(Args)]
struct RunArgs {
    /// Files, folders, patterns, `-` for standard input, and at most one study file (*.toml)
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<String>,
    /// Run folder to write
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Replace the run folder if it is there
    #[arg(long)]
    force: bool,
    /// Account file: delimited text, Parquet or NDJSON (may be given several times)
    #[arg(long, value_name = "FILE")]
    accounts: Vec<String>,
    /// Metrics: quick, standard, full, or names (`echogram metrics` lists them)
    #[arg(long, value_name = "NAME,NAME", value_delimiter = ',')]
    metrics: Vec<String>,
    /// A number that a metric goes by, such as pagerank.damping=0.9; may be repeated (`echogram metrics NAME` lists them)
    #[arg(long = "set", value_name = "PARAMETER=NUMBER", value_parser = setting)]
    settings: Vec<(String, f64)>,
    /// Accounts that personalised metrics start from, by key or handle
    #[arg(long, value_name = "ACCOUNT,..", value_delimiter = ',')]
    near: Vec<String>,
    /// Also columns community_level_1, ... in accounts.parquet: the groups that make up communities; 1 is the coarsest, the last one the finest
    #[arg(long)]
    levels: bool,
    /// Also communities over a range of resolutions, in resolutions.parquet, and where they stay the same [default of POINTS: 11]
    #[arg(long, value_name = "LOW..HIGH[:POINTS]")]
    resolutions: Option<Resolutions>,
    /// Camps of an echo chamber: a column of the account file, `role` or `community`
    #[arg(long, value_name = "COLUMN")]
    sides: Option<String>,
    /// Null models of echo scores: kept (degrees, sides), labels, reciprocity, recut (sides found anew), analytic (E-I, Freeman) [default: kept; recut for communities and a cut]
    #[arg(long = "null", value_name = "MODEL,..", value_delimiter = ',')]
    nulls: Vec<NullModel>,
    /// Replicates of each null model [default: quick 0, standard 99, full 999; none past a million edges]
    #[arg(long, value_name = "R")]
    null_replicates: Option<u32>,
    /// Format of the inputs, if it is not to be found out: arrow, bluesky, edges, gexf, gml, graphml, mastodon, metis, mtx, ndjson, pajek, parquet,
    /// twitter-v1, twitter-v2
    #[arg(long, value_name = "FORMAT")]
    format: Option<String>,
    /// Which column means what, by name or by position from 1: source=..,target=..,weight=..,time=..,relation=..,account=..
    #[arg(long, value_name = "FIELD=COLUMN,..")]
    columns: Option<String>,
    /// Relation of rows that name none
    #[arg(long, value_name = "NAME")]
    relation: Option<String>,
    /// Whose list of followers it is, if the file does not say
    #[arg(long, value_name = "ACCOUNT")]
    owner: Option<String>,
    /// Take (a, b) and (b, a) as one edge
    #[arg(long)]
    undirected: bool,
    /// Let self-loops enter the metrics
    #[arg(long)]
    keep_loops: bool,
    /// Leave out accounts without a tie
    #[arg(long)]
    no_isolates: bool,
    /// Rows that may be rejected: a number, or a share such as 0.5%
    #[arg(long, value_name = "N|P%")]
    max_rejected: Option<MaxRejected>,
    /// Allow no rejected row: the same as --max-rejected 0
    #[arg(long, conflicts_with = "max_rejected")]
    strict: bool,
    /// Leave out ties before this moment: a date, a time, or seconds, milliseconds or microseconds since 1970
    #[arg(long, value_name = "T")]
    from: Option<String>,
    /// Leave out ties from this moment on
    #[arg(long, value_name = "T")]
    to: Option<String>,
    /// Also compute the network metrics for each window of time: 6h, 1d, 1w, 1mo, 1y
    #[arg(long, value_name = "LENGTH")]
    window: Option<Window>,
    /// Memory that the run may take, such as 16GiB; a run that would not fit says so before it starts [default: what the machine has free]
    #[arg(long, value_name = "SIZE")]
    memory: Option<Memory>,
    /// Lexicon of roles in place of the built-in one (`echogram lexicon` prints that)
    #[arg(long, value_name = "FILE")]
    lexicon: Option<PathBuf>,
    /// Seed of everything random
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Threads, 1 to 1024 [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// What to show while working
    #[arg(long, value_enum, default_value_t)]
    progress: Mode,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

fn run(args: RunArgs) -> Result<(), Failure> {
    let (json, mode, threads) = (args.json, args.progress, args.threads);
    let study = study(args)?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads.map_or(0, usize::from))
        .build()
        .map_err(|error| Failure::Usage(format!("--threads: cannot start so many threads: {error}")))?;
    let progress = Arc::new(Progress::default());
    stop_on_signals(&progress, Leftovers::of(&study.output));
    let shown = Shown::new(mode, &progress);
    let summary = pool.install(|| echogram_engine::run(&study, &shown, &progress));
    shown.finish();
    let summary = summary?;
    if json { answer::json(&summary) } else { answer::text(&page(&summary)) }
}

/// How long a run may take to stop by itself.
const GRACE: Duration = Duration::from_millis(900);
/// Times between two looks at whether the result is being put in place.
const COMMIT_TICK: Duration = Duration::from_millis(5);

/// The first signal asks the run to stop, and ends the process if that takes too long (reading from a terminal, writing a large
/// table); the second ends it at once. Either way nothing is left behind, and a result that is being put in place gets there.
fn stop_on_signals(progress: &Arc<Progress>, leftovers: Leftovers) {
    let progress = Arc::clone(progress);
    let end = move |progress: &Progress| {
        while progress.committing.load(Ordering::SeqCst) {
            std::thread::sleep(COMMIT_TICK);
        }
        leftovers.remove();
        std::process::exit(130);
    };
    // Without a handler a signal ends the process at once, which is safe too: the run folder is renamed last.
    let _ = ctrlc::set_handler(move || {
        if progress.cancel.swap(true, Ordering::SeqCst) {
            end(&progress);
        }
        let (progress, end) = (Arc::clone(&progress), end.clone());
        std::thread::spawn(move || {
            std::thread::sleep(GRACE);
            end(&progress);
        });
    });
}

/// The study that file and options describe; options win.
fn study(args: RunArgs) -> Result<Study, Failure> {
    let is_study = |input: &String| Path::new(input).extension().is_some_and(|extension| extension == "toml");
    let (files, inputs): (Vec<String>, Vec<String>) = args.inputs.into_iter().partition(is_study);
    let mut study = match files.as_slice() {
        [] => Study::default(),
        [file] => StudyFile::read(Path::new(file))?.into_study(Path::new(file))?,
        [first, second, ..] => return Err(Failure::Usage(format!("one study file at a time, not both {first} and {second}"))),
    };
    let columns = match &args.columns {
        Some(text) => ColumnMap::parse(text).map_err(echogram_engine::EngineError::from)?,
        None => ColumnMap::default(),
    };
    if args.columns.is_some() {
        study.inputs.iter_mut().for_each(|input| input.1.columns = columns.clone());
        study.accounts.iter_mut().for_each(|accounts| accounts.columns = columns.clone());
    }
    let options = ReadOptions { format: args.format, columns: columns.clone(), relation: args.relation, owner: args.owner };
    for (_, of_file) in &mut study.inputs {
        of_file.format = options.format.clone().or(of_file.format.take());
        of_file.relation = options.relation.clone().or(of_file.relation.take());
        of_file.owner = options.owner.clone().or(of_file.owner.take());
    }
    study.inputs.extend(inputs.into_iter().map(|input| (input, options.clone())));
    let request = |path| AccountsRequest { path, columns: columns.clone(), of_inputs: Vec::new() };
    study.accounts.extend(args.accounts.into_iter().map(request));
    study.undirected |= args.undirected;
    study.keep_loops |= args.keep_loops;
    study.drop_isolates |= args.no_isolates;
    study.force = args.force;
    study.seed = args.seed.unwrap_or(study.seed);
    study.sides = args.sides.or(study.sides);
    study.lexicon = args.lexicon.or(study.lexicon);
    study.output = args.output.unwrap_or(study.output);
    if !args.metrics.is_empty() {
        study.metrics = args.metrics;
    }
    args.settings.iter().for_each(|(name, value)| study.settings.set(name, *value));
    if !args.nulls.is_empty() {
        study.nulls = args.nulls;
    }
    study.levels |= args.levels;
    study.resolutions = args.resolutions.or(study.resolutions);
    study.null_replicates = args.null_replicates.or(study.null_replicates);
    if !args.near.is_empty() {
        study.near = args.near;
    }
    if let Some(limit) = args.max_rejected.or(args.strict.then_some(MaxRejected::Rows(0))) {
        study.max_rejected = limit;
    }
    let moment = |option: &str, text: Option<&String>| {
        text.map(|text| parse_moment(text).map_err(|what| Failure::Usage(format!("{option}: {what}")))).transpose()
    };
    study.period.from = moment("--from", args.from.as_ref())?.or(study.period.from);
    study.period.to = moment("--to", args.to.as_ref())?.or(study.period.to);
    study.window = args.window.or(study.window);
    study.memory = args.memory.or(study.memory);
    study.command = std::env::args().collect();
    Ok(study)
}

/// Reads `pagerank.damping=0.9`.
fn setting(text: &str) -> Result<(String, f64), String> {
    let (name, value) = text.split_once('=').ok_or("write PARAMETER=NUMBER, such as pagerank.damping=0.9")?;
    let number = value.trim().parse().map_err(|_| format!("`{value}` is no number"))?;
    Ok((name.trim().to_owned(), number))
}

/// Sides shown by name.
const SIDES: usize = 5;
/// Accounts shown by name in one line.
const NAMES: usize = 3;

/// One finding in words.
fn quality(finding: &QualityEntry) -> String {
    let share = format!("{} of {} ({:.1}%)", count(finding.count), count(finding.of), finding.share * 100.0);
    let weakens = match finding.weakens.as_slice() {
        [] => String::new(),
        results => format!("; weakens {}", results.join(", ")),
    };
    format!("{}: {share}{weakens}", finding.finding.replace('_', " "))
}

/// The archetype that holds and its distance from the border; of all relations the merged one, which comes first.
fn archetype(values: &[(String, Option<f64>)]) -> Option<(&str, f64)> {
    values.iter().find_map(|(name, value)| {
        let name = name.strip_prefix("archetype_").filter(|name| !name.starts_with("border_"))?;
        value.filter(|&value| value > 0.0).map(|value| (name, value))
    })
}

/// A score beside its null model in words.
fn beside_chance(null: &NullLine) -> String {
    let spread = if null.null_sd.is_nan() { String::new() } else { format!(" ± {:.2}", null.null_sd) };
    format!(
        "{} effect {:+.2} [{:+.2}, {:+.2}], null {:.2}{spread} ({}, R={}), p {:.3}",
        null.score, null.effect, null.ci_low, null.ci_high, null.null_mean, null.model, null.replicates, null.p
    )
}

/// Accounts that swing in words.
fn swinging(swing: &SwingLine, output: &str) -> String {
    let lowest = swing.lowest.iter().take(NAMES).map(|(account, share)| format!("{account} {share:.2}")).collect::<Vec<_>>();
    format!(
        "{} of {} keep less than {:.0}% of their community when ties are dropped; lowest {}; more: echogram top {output} --by community_confidence --lowest",
        count(swing.accounts as u64),
        plural(swing.of as u64, "account", "accounts"),
        swing.below * 100.0,
        if lowest.is_empty() { "none".to_owned() } else { lowest.join(", ") }
    )
}

/// Communities over resolutions in words.
fn over_resolutions(found: &ResolutionsLine) -> String {
    let steady = match &found.plateau {
        Some(plateau) => {
            let (from, to) = (plateau.communities_from, plateau.communities_to);
            let communities =
                if from == to { count(to.into()) } else { format!("{} to {}", count(from.into()), count(to.into())) };
            format!("nearly the same from {} to {} ({communities} communities)", real(plateau.from), real(plateau.to))
        }
        None => "no plateau: each step changes them, or there is nothing to divide".to_owned(),
    };
    format!(
        "{} at {} to {} at {}, {} points; {steady}",
        plural(found.at_lowest.into(), "community", "communities"),
        real(found.lowest),
        count(found.at_highest.into()),
        real(found.highest),
        found.points
    )
}

/// The summary for people.
fn page(summary: &Summary) -> String {
    let mut lines = Vec::new();
    let mut line = |head: &str, rest: String| lines.push(format!("{head:<12} {rest}"));
    if let Some(study) = &summary.study {
        line("study", study.clone());
    }
    let share = if summary.rows > 0 { summary.rejected as f64 * 100.0 / summary.rows as f64 } else { 0.0 };
    let mut read = format!(
        "{}, {}, {} rejected ({share:.2}%)",
        plural(summary.inputs as u64, "file", "files"),
        plural(summary.rows, "row", "rows"),
        count(summary.rejected)
    );
    if summary.posts > 0 {
        read += &format!("; {}", plural(summary.posts, "post", "posts"));
        if summary.repeated_posts > 0 {
            read += &format!(" ({} more were repeats)", count(summary.repeated_posts));
        }
    }
    line("read", read);
    for rejected in &summary.first_rejected {
        line("", format!("rejected: {rejected}"));
    }
    if summary.from.is_some() || summary.to.is_some() {
        let from = summary.from.as_ref().map(|from| format!("from {from} ")).unwrap_or_default();
        let to = summary.to.as_ref().map(|to| format!("to {to}, not included, ")).unwrap_or_default();
        line("period", format!("{from}{to}(UTC)"));
    }
    let kind = if summary.directed { "directed" } else { "undirected" };
    line(
        "found",
        format!(
            "{}, {} ({kind}, {}, {})",
            plural(summary.accounts, "account", "accounts"),
            plural(summary.edges, "edge", "edges"),
            plural(summary.self_loops, "self-loop", "self-loops"),
            plural(summary.isolates, "account without a tie", "accounts without a tie"),
        ),
    );
    if summary.relations.len() > 1 {
        let parts: Vec<String> =
            summary.relations.iter().map(|relation| format!("{} {}", relation.relation, count(relation.edges))).collect();
        line("relations", format!("{} ({} merged)", parts.join(", "), count(summary.merged_edges)));
    }
    if summary.unknown_roles < summary.accounts {
        let parts: Vec<String> = summary.roles.iter().map(|(role, number)| format!("{role} {}", count(*number))).collect();
        let unknown = [summary.unknown_roles, summary.unknown_scale, summary.unknown_use].map(count);
        line("roles", parts.join(", "));
        line("unknown", format!("role of {}, scale of {}, use of {} accounts", unknown[0], unknown[1], unknown[2]));
    }
    if summary.community_count > 0 {
        line("communities", plural(summary.community_count as u64, "community", "communities"));
        for community in summary.communities.iter().filter(|community| community.accounts > 1) {
            let role = community.dominant_role.as_deref().map(|role| format!(", mostly {role}")).unwrap_or_default();
            let ei = community.ei_index.map(|ei| format!(", E-I {ei:+.2}")).unwrap_or_default();
            let top = community.top_accounts.iter().take(NAMES).cloned().collect::<Vec<_>>().join(", ");
            line(
                "",
                format!(
                    "{:>3}  {}{role}{ei}: {top}",
                    community.community,
                    plural(u64::from(community.accounts), "account", "accounts")
                ),
            );
        }
    }
    if !summary.levels.is_empty() {
        let finest = summary.levels.len();
        let parts = summary.levels.iter().enumerate().map(|(place, groups)| {
            let finest = if place + 1 == finest { " (finest)" } else { "" };
            format!("{} at level {}{finest}", plural(*groups as u64, "group", "groups"), place + 1)
        });
        line("levels", parts.collect::<Vec<_>>().join(", "));
    }
    if let Some(swing) = &summary.swing {
        line("swing", swinging(swing, &summary.output));
    }
    if let Some(found) = &summary.resolutions {
        line("resolutions", over_resolutions(found));
    }
    let scores = |values: &[(String, Option<f64>)]| {
        values
            .iter()
            .map(|(name, value)| format!("{name} {}", value.map_or_else(|| "undefined".to_owned(), real)))
            .collect::<Vec<_>>()
            .join(", ")
    };
    if !summary.network.is_empty() {
        let (archetypes, others): (Vec<_>, Vec<_>) =
            summary.network.iter().cloned().partition(|(name, _)| name.starts_with("archetype_"));
        if !others.is_empty() {
            line("network", scores(&others));
        }
        if let Some((name, distance)) = archetype(&archetypes) {
            line(
                "archetype",
                format!("{name}, {} within its border (cut-offs are ours; network.parquet has all distances)", real(distance)),
            );
        }
    }
    if let Some((word, sizes)) = &summary.sides {
        let largest =
            sizes.iter().take(SIDES).map(|(side, number)| format!("{side} {}", count(*number))).collect::<Vec<_>>().join(", ");
        let others = if sizes.len() > SIDES { format!(", {} more sides", sizes.len() - SIDES) } else { String::new() };
        line("sides", format!("by {word}: {largest}{others}; without a side {}", count(summary.without_side)));
    }
    if !summary.echo.is_empty() {
        let warned = if summary.nulls.is_empty() {
            " (raw values: without a null model they do not say whether this is more than usual)"
        } else {
            ""
        };
        line("echo", format!("{}{warned}", scores(&summary.echo)));
    }
    for (place, null) in summary.nulls.iter().enumerate() {
        let head = if place == 0 { "beside chance" } else { "" };
        line(head, beside_chance(null));
    }
    if summary.windows > 0 {
        line("timeline", format!("{} in timeline.parquet", plural(summary.windows as u64, "window", "windows")));
    }
    for (place, finding) in summary.quality.iter().enumerate() {
        let head = if place == 0 { "quality" } else { "" };
        line(head, quality(finding));
    }
    if let Some(metric) = summary.ranked_by.as_ref().filter(|_| !summary.top.is_empty()) {
        lines.push(format!("\nhighest by {metric}"));
        let rows = summary.top.iter().map(|row| Ranked {
            rank: row.rank,
            account: row.handle.as_deref().unwrap_or(&row.account),
            name: row.name.as_deref(),
            role: row.role.as_deref(),
            community: row.community.map(u64::from),
            value: real(row.value),
        });
        lines.push(ranking(metric, rows));
        lines.push(String::new());
    }
    for note in &summary.notes {
        lines.push(format!("{:<12} {note}", "note"));
    }
    for warning in &summary.warnings {
        lines.push(format!("{:<12} {warning}", "warning"));
    }
    let seconds: f64 = summary.stages.iter().map(|stage| stage.seconds).sum();
    lines.push(format!("{:<12} {output} (in {seconds:.1} s); next: echogram top {output}", "results", output = summary.output));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_names_every_format() {
        let mut command = RunArgs::augment_args(clap::Command::new("run"));
        let help = command.render_long_help().to_string();
        for format in echogram_ingest::FORMATS {
            assert!(help.contains(format.name), "{}", format.name);
        }
    }
}
