//! `echogram generate`: networks whose truth is known, to measure methods on.

use crate::answer::{self, cell, plural};
use crate::commands::export::{leave_nothing, wrote};
use crate::commands::{Command, arguments};
use crate::failure::Failure;
use clap::{Args, Subcommand};
use echogram_engine::{Memory, free_memory};
use echogram_export::{Exported, TableFolder, WRITERS};
use echogram_graph::Partition;
use echogram_graph::synthetic::{BadParam, Tie, camps, lfr, rmat};
use echogram_store::{Column, ColumnData, Table};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

pub(crate) const COMMAND: Command = Command {
    name: "generate",
    define: |command| {
        GenerateArgs::augment_args(command.about("Make a network whose truth is known: lfr, camps or rmat"))
            .disable_help_subcommand(true)
            .after_help(
                "Writes edges and accounts (with what was planted) into a folder, the same bytes for the same seed on any machine.\n\n\
                 Examples:\n  echogram generate lfr --accounts 10000 --mu 0.5 -o lfr\n  \
                 echogram generate camps --sizes 6000,3000,1000 --cross 0.05 -o camps\n  \
                 echogram generate rmat --scale 18 --format parquet -o rmat18",
            )
    },
    run: |matches| generate(arguments(matches)?),
};

/// Bytes that are needed at the peak for each tie, and for each account.
const TIE_BYTES: f64 = 64.0;
const ACCOUNT_BYTES: f64 = 160.0;

#[derive(Args)]
struct GenerateArgs {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Subcommand)]
enum Kind {
    /// Communities and degrees of uneven sizes (Lancichinetti, Fortunato and Radicchi); truth: the community
    Lfr(LfrArgs),
    /// Planted echo chambers: camps that mostly attend to their own; truth: side and leaning
    Camps(CampsArgs),
    /// Uneven degrees by recursive quarters (R-MAT, as in Graph500); no truth, for measuring speed
    Rmat(RmatArgs),
}

#[derive(Args)]
struct Common {
    /// Folder to write [default: `echogram-` and the kind]
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Format of both files: csv, ndjson or parquet
    #[arg(long, value_name = "FORMAT", default_value = "csv", value_parser = table_formats())]
    format: String,
    /// Seed of everything random
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Threads, 1 to 1024 [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Replace what was generated before
    #[arg(long)]
    force: bool,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

fn table_formats() -> clap::builder::PossibleValuesParser {
    WRITERS.iter().filter(|writer| writer.holds_tables()).map(|writer| writer.name).collect::<Vec<_>>().into()
}

#[derive(Args)]
struct LfrArgs {
    /// Number of accounts
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    accounts: u32,
    /// Mean number of ties of an account [default: 20, less in small networks]
    #[arg(long, value_name = "X")]
    average_degree: Option<f64>,
    /// Most ties of an account [default: 100, less in small networks]
    #[arg(long, value_name = "N")]
    max_degree: Option<u32>,
    /// Exponent of the degrees [default: 2.5]
    #[arg(long, value_name = "X")]
    tau1: Option<f64>,
    /// Exponent of the sizes of communities [default: 1.5]
    #[arg(long, value_name = "X")]
    tau2: Option<f64>,
    /// Share of an account's ties that leave its community [default: 0.3]
    #[arg(long, value_name = "SHARE")]
    mu: Option<f64>,
    /// Accounts of the smallest community [default: 20, less in small networks]
    #[arg(long, value_name = "N")]
    min_community: Option<u32>,
    /// Accounts of the largest community [default: 200, less in small networks]
    #[arg(long, value_name = "N")]
    max_community: Option<u32>,
    /// Ties have directions: ties received follow the power law, ties given are nearly equal
    #[arg(long)]
    directed: bool,
    /// Ties have weights
    #[arg(long)]
    weighted: bool,
    /// An account's weights add up to its degree to this power [default: 1.5]
    #[arg(long, value_name = "X", requires = "weighted")]
    beta: Option<f64>,
    /// Share of an account's weights that leaves its community [default: mu]
    #[arg(long, value_name = "SHARE", requires = "weighted")]
    mu_weights: Option<f64>,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
struct CampsArgs {
    /// Number of accounts [default: 10000]
    #[arg(long, value_name = "N")]
    accounts: Option<u32>,
    /// Number of camps, of equal size [default: 2]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    camps: Option<u32>,
    /// Accounts of each camp
    #[arg(long, value_name = "N,N", value_delimiter = ',', conflicts_with_all = ["accounts", "camps"])]
    sizes: Option<Vec<u32>>,
    /// Mean number of ties that an account gives [default: 20, less in small camps]
    #[arg(long, value_name = "X")]
    average_degree: Option<f64>,
    /// Most ties that an account sets out to give; answers come on top [default: 200, less in small camps]
    #[arg(long, value_name = "N")]
    max_degree: Option<u32>,
    /// Exponent of ties given, and of popularity [default: 2.5]
    #[arg(long, value_name = "X")]
    tau: Option<f64>,
    /// Share of ties that go to another camp; 0.5 with two equal camps is no chamber [default: 0.1]
    #[arg(long, value_name = "SHARE")]
    cross: Option<f64>,
    /// Share of ties that are answered [default: 0.2]
    #[arg(long, value_name = "SHARE")]
    reciprocity: Option<f64>,
    /// Standard deviation of leanings around their camp's [default: 0.2]
    #[arg(long, value_name = "X")]
    leaning_spread: Option<f64>,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
struct RmatArgs {
    /// 2 to this power accounts [default: 16]
    #[arg(long, value_name = "N", conflicts_with = "accounts", value_parser = clap::value_parser!(u32).range(1..=28))]
    scale: Option<u32>,
    /// Number of accounts
    #[arg(long, value_name = "N")]
    accounts: Option<u32>,
    /// Ties drawn, before loops and repeated ones are left out [default: 16 an account]
    #[arg(long, value_name = "N")]
    edges: Option<u64>,
    /// Shares of the quarters a, b, c, d [default: 0.57,0.19,0.19,0.05]
    #[arg(long, value_name = "A,B,C,D", value_delimiter = ',')]
    quarters: Option<Vec<f64>>,
    #[command(flatten)]
    common: Common,
}

/// A network and what is said of it.
struct Made {
    tables: Vec<Table>,
    accounts: u64,
    ties: u64,
    parameters: Value,
    /// What the network came out with.
    found: Value,
    /// Options of `echogram run` that fit it.
    options: &'static str,
    notes: Vec<String>,
}

fn generate(args: GenerateArgs) -> Result<(), Failure> {
    match args.kind {
        Kind::Lfr(args) => {
            let params = lfr_params(&args);
            let ends = if params.is_directed { 1.0 } else { 0.5 };
            let size = Size { accounts: params.accounts.into(), ties: f64::from(params.accounts) * params.average_degree * ends };
            params.check().map_err(refused)?;
            write("lfr", args.common, size, || make_lfr(&params))
        }
        Kind::Camps(args) => {
            let params = camps_params(&args)?;
            let accounts: u64 = params.sizes.iter().map(|&size| u64::from(size)).sum();
            let size = Size { accounts, ties: accounts as f64 * params.average_degree };
            params.check().map_err(refused)?;
            write("camps", args.common, size, || make_camps(&params))
        }
        Kind::Rmat(args) => {
            let params = rmat_params(&args)?;
            let size = Size { accounts: params.accounts.into(), ties: params.edges as f64 };
            params.check().map_err(refused)?;
            write("rmat", args.common, size, || make_rmat(&params))
        }
    }
}

/// Parameters have the names of their options.
fn refused(error: BadParam) -> Failure {
    Failure::Usage(format!("--{error}"))
}

/// How large a network will be.
struct Size {
    accounts: u64,
    ties: f64,
}

impl Size {
    /// Says so where the memory that is free does not hold it.
    fn check(&self) -> Result<(), Failure> {
        let needed = Memory((self.ties * TIE_BYTES + self.accounts as f64 * ACCOUNT_BYTES) as u64);
        match free_memory() {
            Some(free) if needed > free => Err(Failure::WouldNotFit(format!(
                "would need about {needed} of memory, and {free} are free: ask for fewer accounts or ties"
            ))),
            _ => Ok(()),
        }
    }
}

fn write(kind: &str, common: Common, size: Size, make: impl FnOnce() -> Result<Made, BadParam> + Send) -> Result<(), Failure> {
    let folder = common.output.unwrap_or_else(|| PathBuf::from(format!("echogram-{kind}")));
    let target = TableFolder::new(&common.format, folder.clone(), common.force)?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(common.threads.map_or(0, usize::from))
        .build()
        .map_err(|error| Failure::Usage(format!("--threads: cannot start so many threads: {error}")))?;
    size.check()?;
    let mut made = pool.install(make).map_err(refused)?;
    leave_nothing(&folder);
    let exported = target.write(std::mem::take(&mut made.tables))?;
    let file = |name: &str| quoted(&folder.join(format!("{name}.{}", common.format)).display().to_string());
    let next = format!("echogram run {} --accounts {}{}", file("edges"), file("accounts"), made.options);
    if common.json {
        return answer::json(&json!({
            "kind": kind, "accounts": made.accounts, "ties": made.ties, "seed": common.seed, "parameters": made.parameters,
            "found": made.found, "notes": made.notes, "files": exported.files, "next": next,
        }));
    }
    answer::text(&page(kind, common.seed, &made, &exported, &next))
}

/// A path as a shell takes it for one word.
fn quoted(path: &str) -> String {
    let is_plain = |character: char| character.is_alphanumeric() || "/._-+,:@%\\".contains(character);
    if path.chars().all(is_plain) { path.to_owned() } else { format!("'{}'", path.replace('\'', "'\\''")) }
}

fn page(kind: &str, seed: u64, made: &Made, exported: &Exported, next: &str) -> String {
    let facts = |facts: &Value| {
        let facts = facts.as_object().into_iter().flatten();
        facts.map(|(name, value)| format!("{} {}", name.replace('_', " "), cell(value))).collect::<Vec<_>>().join(", ")
    };
    let (accounts, ties) = (plural(made.accounts, "account", "accounts"), plural(made.ties, "tie", "ties"));
    let mut lines = vec![format!("{kind:<8} {accounts}, {ties}, seed {seed}"), format!("asked    {}", facts(&made.parameters))];
    if made.found.as_object().is_some_and(|found| !found.is_empty()) {
        lines.push(format!("got      {}", facts(&made.found)));
    }
    lines.extend(made.notes.iter().map(|note| format!("note     {note}")));
    lines.extend(exported.files.iter().map(wrote));
    lines.push(format!("next     {next}"));
    lines.join("\n")
}

/// A note where a share came out otherwise than asked for by more than two hundredths.
fn off(name: &str, got: f64, asked: f64, why: &str) -> Option<String> {
    ((got - asked).abs() > 0.02).then(|| format!("{name} is {got:.3}, not {asked}: {why}"))
}

fn dropped(number: u64) -> Option<String> {
    let are = plural(number, "tie is", "ties are");
    (number > 0).then(|| format!("{are} missing, as no two accounts were found that could still be tied"))
}

/// The columns of the edges.
fn edges(ties: Vec<Tie>, weights: Option<Vec<f64>>) -> Table {
    let ties = Arc::new(ties);
    let end = |of: fn(&Tie) -> u32| {
        let ties = Arc::clone(&ties);
        ColumnData::pieces(ties.len(), move |rows| ColumnData::U32(ties[rows].iter().map(of).collect()))
    };
    let mut columns = vec![Column::new("source", end(|tie| tie.0)), Column::new("target", end(|tie| tie.1))];
    columns.extend(weights.map(|weights| Column::new("weight", ColumnData::Real(weights))));
    Table::new("edges", columns)
}

/// Keys and what was planted, with the parameters as metadata.
fn accounts(number: u32, planted: Vec<(&str, ColumnData)>, parameters: &Value) -> Table {
    let metadata: BTreeMap<String, String> =
        parameters.as_object().into_iter().flatten().map(|(name, value)| (name.clone(), value.to_string())).collect();
    let keys =
        Column::new("account", ColumnData::pieces(number as usize, |rows| ColumnData::U32(rows.map(|row| row as u32).collect())));
    let planted = planted.into_iter().map(|(name, data)| Column { metadata: metadata.clone(), ..Column::new(name, data) });
    Table::new("accounts", std::iter::once(keys).chain(planted).collect())
}

fn lfr_params(args: &LfrArgs) -> lfr::Params {
    let usual = lfr::Params::new(args.accounts);
    let mu = args.mu.unwrap_or(usual.mu);
    let weights = lfr::Weights { beta: args.beta.unwrap_or(1.5), mu_weights: args.mu_weights.unwrap_or(mu) };
    lfr::Params {
        accounts: args.accounts,
        average_degree: args.average_degree.unwrap_or(usual.average_degree),
        max_degree: args.max_degree.unwrap_or(usual.max_degree),
        tau1: args.tau1.unwrap_or(usual.tau1),
        tau2: args.tau2.unwrap_or(usual.tau2),
        mu,
        min_community: args.min_community.unwrap_or(usual.min_community),
        max_community: args.max_community.unwrap_or(usual.max_community),
        is_directed: args.directed,
        weights: args.weighted.then_some(weights),
        seed: args.common.seed,
    }
}

fn make_lfr(params: &lfr::Params) -> Result<Made, BadParam> {
    let made = lfr::generate(params)?;
    let mut parameters = json!({
        "average_degree": params.average_degree, "max_degree": params.max_degree, "tau1": params.tau1, "tau2": params.tau2,
        "mu": params.mu, "min_community": params.min_community, "max_community": params.max_community,
        "directed": params.is_directed,
    });
    let ends = if params.is_directed { 1.0 } else { 2.0 };
    let mut found = json!({
        "mu": made.mixing(), "communities": made.communities.count(), "largest_community": made.communities.sizes().first(),
        "average_degree": ends * made.ties.len() as f64 / f64::from(params.accounts),
    });
    if let (Some(weights), Some(mixing)) = (params.weights, made.weight_mixing()) {
        parameters["beta"] = weights.beta.into();
        parameters["mu_weights"] = weights.mu_weights.into();
        found["mu_weights"] = mixing.into();
    }
    let crowded =
        off("mu", made.mixing(), params.mu, "communities are too small for the ties inside, or too few for those outside");
    let ties = made.ties.len() as u64;
    let truth = |communities: &Partition| ColumnData::U32(communities.labels().to_vec());
    let accounts = accounts(params.accounts, vec![("community_truth", truth(&made.communities))], &parameters);
    Ok(Made {
        accounts: params.accounts.into(),
        ties,
        found,
        options: if params.is_directed { "" } else { " --undirected" },
        notes: crowded.into_iter().chain(dropped(made.dropped)).collect(),
        tables: vec![accounts, edges(made.ties, made.weights)],
        parameters,
    })
}

fn camps_params(args: &CampsArgs) -> Result<camps::Params, Failure> {
    let (accounts, camps) = (args.accounts.unwrap_or(10_000), args.camps.unwrap_or(2));
    if accounts / camps < 2 {
        return Err(Failure::Usage(format!("--camps must be at most {}, half of the accounts, not {camps}", accounts / 2)));
    }
    let usual = camps::Params::new(args.sizes.clone().unwrap_or_else(|| camps::Params::equal_sizes(accounts, camps)));
    Ok(camps::Params {
        average_degree: args.average_degree.unwrap_or(usual.average_degree),
        max_degree: args.max_degree.unwrap_or(usual.max_degree),
        tau: args.tau.unwrap_or(usual.tau),
        cross: args.cross.unwrap_or(usual.cross),
        reciprocity: args.reciprocity.unwrap_or(usual.reciprocity),
        leaning_spread: args.leaning_spread.unwrap_or(usual.leaning_spread),
        seed: args.common.seed,
        sizes: usual.sizes,
    })
}

fn make_camps(params: &camps::Params) -> Result<Made, BadParam> {
    let made = camps::generate(params)?;
    let parameters = json!({
        "sizes": params.sizes, "average_degree": params.average_degree, "max_degree": params.max_degree, "tau": params.tau,
        "cross": params.cross, "reciprocity": params.reciprocity, "leaning_spread": params.leaning_spread,
    });
    let (cross, reciprocity, number) = (made.cross(), made.reciprocity(), made.camps.len() as u32);
    let ties = made.ties.len() as u64;
    let found = json!({ "cross": cross, "reciprocity": reciprocity, "average_degree": ties as f64 / f64::from(number) });
    let notes = [
        off("cross", cross, params.cross, "it is a share of few ties, or camps are too small for them"),
        off("reciprocity", reciprocity, params.reciprocity, "so many accounts drew each other by chance"),
        dropped(made.dropped),
    ];
    let names = (1..=params.sizes.len()).map(|camp| format!("camp{camp}")).collect();
    let planted = vec![
        ("side", ColumnData::Coded { codes: made.camps, words: Arc::new(names) }),
        ("leaning", ColumnData::Real(made.leanings)),
        ("activity_truth", ColumnData::U32(made.activity)),
        ("popularity_truth", ColumnData::U32(made.popularity)),
    ];
    Ok(Made {
        tables: vec![accounts(number, planted, &parameters), edges(made.ties, None)],
        accounts: number.into(),
        ties,
        parameters,
        found,
        options: " --sides side",
        notes: notes.into_iter().flatten().collect(),
    })
}

fn rmat_params(args: &RmatArgs) -> Result<rmat::Params, Failure> {
    let usual = rmat::Params::new(args.accounts.unwrap_or(1 << args.scale.unwrap_or(16)));
    let quarters = match &args.quarters {
        None => usual.quarters,
        Some(given) => given
            .as_slice()
            .try_into()
            .map_err(|_| Failure::Usage(format!("--quarters must be four shares, not {}", given.len())))?,
    };
    Ok(rmat::Params { edges: args.edges.unwrap_or(usual.edges), quarters, seed: args.common.seed, ..usual })
}

fn make_rmat(params: &rmat::Params) -> Result<Made, BadParam> {
    let ties = rmat::generate(params)?;
    let parameters = json!({ "edges": params.edges, "quarters": params.quarters });
    Ok(Made {
        accounts: params.accounts.into(),
        ties: ties.len() as u64,
        tables: vec![accounts(params.accounts, Vec::new(), &parameters), edges(ties, None)],
        parameters,
        found: json!({}),
        options: "",
        notes: Vec::new(),
    })
}
