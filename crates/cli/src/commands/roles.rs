//! `echogram roles`: how well the lexicon finds roles, on labelled bios.

use crate::answer::{self, count, plural, short, table};
use crate::commands::{Command, arguments};
use crate::failure::Failure;
use clap::Args;
use echogram_engine::{EngineError, read_lexicon};
use echogram_ingest::roles::{LabelledSet, Lexicon, Measured, NO_ROLE, Share, Tally, measure};
use serde_json::json;
use std::collections::BTreeSet;
use std::path::PathBuf;

pub(crate) const COMMAND: Command = Command {
    name: "roles",
    define: |command| {
        RolesArgs::augment_args(command.about("How well the lexicon finds roles: precision, recall, confusions on labelled bios")).after_help(
            "Without --labelled the built-in bios are measured: made up by hand, in five languages, and not used to choose the words.\n\
             Intervals are 95 %. `-` means no role.",
        )
    },
    run: |matches| roles(&arguments(matches)?),
};

#[derive(Args)]
struct RolesArgs {
    /// Your own labelled bios: a table with columns bio and role, and if you like name, scale, use, language
    #[arg(long, value_name = "FILE")]
    labelled: Option<PathBuf>,
    /// Lexicon of roles in place of the built-in one (`echogram lexicon` prints that)
    #[arg(long, value_name = "FILE")]
    lexicon: Option<PathBuf>,
    /// Frequent confusions to show, each with an example
    #[arg(long, value_name = "N", default_value_t = 10)]
    limit: usize,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

fn roles(args: &RolesArgs) -> Result<(), Failure> {
    let lexicon = match &args.lexicon {
        Some(path) => read_lexicon(path)?,
        None => Lexicon::built_in(),
    };
    let set = match &args.labelled {
        Some(path) => LabelledSet::read(path).map_err(EngineError::from)?,
        None => LabelledSet::built_in(),
    };
    let found = measure(&lexicon, &set);
    let name = |path: &Option<PathBuf>| path.as_ref().map_or_else(|| "built-in".to_owned(), |path| path.display().to_string());
    let (labelled, lexicon) = (name(&args.labelled), name(&args.lexicon));
    if args.json {
        return answer::json(&json!({ "labelled": labelled, "lexicon": lexicon, "measured": found, "confidence": 0.95 }));
    }
    answer::text(&page(&found, &labelled, &lexicon, args.limit))
}

fn page(found: &Measured, labelled: &str, lexicon: &str, limit: usize) -> String {
    let bios = plural(found.accuracy.bios, "labelled bio", "labelled bios");
    let mut parts = vec![format!("{bios} ({labelled}), lexicon {lexicon}"), overall(found), by_role(found), by_language(found)];
    parts.push(format!("label (row) against finding (column); . is none\n{}", matrix(found)));
    let mistakes = mistakes(found, limit);
    if !mistakes.is_empty() {
        parts.push(format!("most frequent confusions, with an example\n{mistakes}"));
    }
    parts.extend(remarks(found));
    parts.join("\n\n")
}

fn overall(found: &Measured) -> String {
    let tally = |what: &str, tally: &Tally| {
        let of = format!("{} of {}", count(tally.right), count(tally.bios));
        vec![what.to_owned(), share(tally.share), interval(tally.share), of]
    };
    let mean = |what: &str, value: Option<Share>| {
        vec![
            what.to_owned(),
            share(value),
            interval(value),
            format!("mean over {}", plural(found.means.roles as u64, "role", "roles")),
        ]
    };
    let rows = vec![
        tally("role right", &found.accuracy),
        tally("role right, public and - as one", &found.accuracy_public_as_none),
        tally("a role found (coverage)", &found.coverage),
        mean("precision", found.means.precision),
        mean("recall", found.means.recall),
        mean("F1", found.means.f1),
        tally("scale right", &found.scale),
        tally("use right", &found.usage),
    ];
    table(&["", "share", "95 % interval", ""], &[1], rows)
}

fn by_role(found: &Measured) -> String {
    let rows = found.roles.iter().map(|row| {
        let mut cells = vec![row.role.clone(), count(row.labelled), count(row.found), count(row.right)];
        for value in [row.precision, row.recall, row.f1] {
            cells.extend([share(value), interval(value)]);
        }
        cells
    });
    table(&["role", "labelled", "found", "right", "precision", "", "recall", "", "F1", ""], &[1, 2, 3, 4, 6, 8], rows.collect())
}

fn by_language(found: &Measured) -> String {
    let rows = found.languages.iter().map(|row| {
        let language = row.language.clone().unwrap_or_else(|| "(not said)".to_owned());
        vec![language, count(row.role.bios), share(row.role.share), interval(row.role.share)]
    });
    table(&["language", "bios", "role right", ""], &[1, 2], rows.collect())
}

/// Rows are labels, columns findings: numbered as the rows, and only those that occur.
fn matrix(found: &Measured) -> String {
    let names: Vec<&str> = found.roles.iter().map(|row| row.role.as_str()).collect();
    let place = |name: &str| names.iter().position(|known| *known == name).unwrap_or_default();
    let columns: BTreeSet<usize> = found.confusion.iter().map(|pair| place(&pair.found)).collect();
    let number = |place: usize| if names[place] == NO_ROLE { NO_ROLE.to_owned() } else { (place + 1).to_string() };
    let header: Vec<String> =
        [String::new(), String::new()].into_iter().chain(columns.iter().map(|&column| number(column))).collect();
    let rows = found.roles.iter().enumerate().filter(|(_, row)| row.labelled > 0).map(|(place, row)| {
        let cell = |&column: &usize| {
            let pair = found.confusion.iter().find(|pair| pair.labelled == row.role && pair.found == names[column]);
            pair.map_or_else(|| ".".to_owned(), |pair| count(pair.bios))
        };
        let name = if row.role == NO_ROLE { "no role".to_owned() } else { row.role.clone() };
        [number(place), name].into_iter().chain(columns.iter().map(cell)).collect()
    });
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let right: Vec<usize> = [0].into_iter().chain(2..header.len()).collect();
    table(&header, &right, rows.collect())
}

fn mistakes(found: &Measured, limit: usize) -> String {
    let mistakes = found.mistakes();
    if mistakes.is_empty() || limit == 0 {
        return String::new();
    }
    let rows = mistakes.into_iter().take(limit).map(|pair| {
        let parts = [pair.example_name.as_deref(), pair.example_bio.as_deref()];
        let example = parts.into_iter().flatten().collect::<Vec<_>>().join(" / ");
        let evidence = pair.example_evidence.as_deref().unwrap_or_default();
        vec![count(pair.bios), pair.labelled.clone(), pair.found.clone(), short(&example, 70), short(evidence, 50)]
    });
    table(&["bios", "label", "found", "example", "because of"], &[0], rows.collect())
}

fn remarks(found: &Measured) -> Vec<String> {
    let mut lines = Vec::new();
    if !found.unknown_labels.is_empty() {
        lines.push(format!("labels that the lexicon does not know, and never finds: {}", found.unknown_labels.join(", ")));
    }
    if found.without_label > 0 {
        lines.push(format!("{} left out: no label, or neither name nor bio", plural(found.without_label, "row", "rows")));
    }
    if found.rejected > 0 {
        lines.push(format!("{} could not be read", plural(found.rejected, "row", "rows")));
    }
    lines
}

fn share(share: Option<Share>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| format!("{:.3}", share.value))
}

fn interval(share: Option<Share>) -> String {
    share.map_or_else(String::new, |share| format!("{:.2}–{:.2}", share.low, share.high))
}
