//! `echogram export`: a run in the formats of other programs.

use crate::answer::{self, count, plural};
use crate::commands::{Command, arguments};
use crate::failure::Failure;
use clap::Args;
use echogram_export::{ExportError, Exported, Plan, Request, WRITERS, WrittenFile};
use echogram_store::Leftovers;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

pub(crate) const COMMAND: Command = Command {
    name: "export",
    define: |command| {
        let formats: Vec<String> = WRITERS.iter().map(|writer| format!("  {:<8} {}", writer.name, writer.summary)).collect();
        ExportArgs::augment_args(command.about("Write a run in the format of another program")).after_help(format!(
            "Formats:\n{}\n\nExamples:\n  echogram export echogram-run --format graphml\n  echogram export spring --format csv --tables all -o tables\n  \
             echogram export spring --format mtx --relation mention -o mentions.mtx",
            formats.join("\n")
        ))
    },
    run: |matches| export(arguments(matches)?),
};

#[derive(Args)]
struct ExportArgs {
    /// Run folder
    run: PathBuf,
    /// Format to write (listed below)
    #[arg(long, value_name = "FORMAT")]
    format: String,
    /// File, or folder for csv, ndjson and parquet; `-` for standard output [default: named after the run, here]
    #[arg(short, long, value_name = "FILE|DIR")]
    output: Option<PathBuf>,
    /// Only the edges of this relation
    #[arg(long, value_name = "NAME")]
    relation: Option<String>,
    /// Only these columns of the accounts, beside the key
    #[arg(long, value_name = "NAME,NAME", value_delimiter = ',')]
    columns: Option<Vec<String>>,
    /// Tables to write, for csv, ndjson and parquet: `all`, or names [default: accounts,edges]
    #[arg(long, value_name = "NAME,NAME", value_delimiter = ',')]
    tables: Option<Vec<String>>,
    /// Leave cells as they are that a spreadsheet would run as a formula (they get an apostrophe in front)
    #[arg(long)]
    raw_cells: bool,
    /// Replace what was exported before
    #[arg(long)]
    force: bool,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

fn export(args: ExportArgs) -> Result<(), Failure> {
    let request = Request {
        run: args.run,
        format: args.format,
        output: args.output,
        relation: args.relation,
        columns: args.columns,
        tables: args.tables,
        raw_cells: args.raw_cells,
        force: args.force,
    };
    let plan = Plan::new(&request)?;
    let Some(target) = plan.target() else {
        if args.json {
            return Err(Failure::Usage("--json and -o - both write to standard output: name a file with -o".to_owned()));
        }
        let exported = plan.write(&mut BufWriter::new(std::io::stdout().lock()))?;
        // Standard output holds the file alone; nothing is left to do if standard error is gone.
        let _ = writeln!(std::io::stderr(), "{}", page(&exported));
        return Ok(());
    };
    leave_nothing(target);
    let exported = plan.write(&mut std::io::sink())?;
    if args.json { answer::json(&exported) } else { answer::text(&page(&exported)) }
}

/// A signal ends the process, after what was written so far has been removed.
pub(super) fn leave_nothing(target: &Path) {
    let leftovers = Leftovers::of(target);
    // Without a handler a signal leaves a hidden folder behind, which the next export to the same place removes.
    let _ = ctrlc::set_handler(move || {
        leftovers.remove();
        std::process::exit(130);
    });
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Io { source, .. } if source.kind() == std::io::ErrorKind::BrokenPipe => Self::ClosedPipe,
            error => Self::Export(error),
        }
    }
}

/// The summary for people.
fn page(exported: &Exported) -> String {
    let files = exported.files.iter().map(wrote);
    let notes = exported.notes.iter().map(|note| format!("{:<8} {note}", "note"));
    files.chain(notes).collect::<Vec<_>>().join("\n")
}

/// The line of one file.
pub(super) fn wrote(file: &WrittenFile) -> String {
    let rows = file.rows.map(|rows| plural(rows, "row", "rows"));
    let accounts = file.accounts.map(|accounts| plural(accounts, "account", "accounts"));
    let edges = file.edges.map(|edges| plural(edges, "edge", "edges"));
    let facts: Vec<String> =
        [rows, accounts, edges, Some(format!("{} bytes", count(file.bytes)))].into_iter().flatten().collect();
    format!("{:<8} {}: {}", "wrote", file.path.display(), facts.join(", "))
}
