//! `echogram metrics`: what can be computed, and what each number means.

use crate::answer::{self, table};
use crate::commands::{Command, arguments};
use crate::failure::Failure;
use clap::Args;
use echogram_analytics::registry;
use echogram_analytics::{Kind, MetricSpec, Need, Shape, Tier, Weights};
use serde_json::{Value, json};

pub(crate) const COMMAND: Command = Command {
    name: "metrics",
    define: |command| {
        MetricsArgs::augment_args(command.about("The list of metrics; with a name: formula, conventions, range, cost, source"))
    },
    run: |matches| metrics(&arguments(matches)?),
};

#[derive(Args)]
struct MetricsArgs {
    /// A metric or one of its columns
    name: Option<String>,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

fn metrics(args: &MetricsArgs) -> Result<(), Failure> {
    let Some(word) = &args.name else {
        let all: Vec<&MetricSpec> = registry::all().collect();
        return if args.json {
            answer::json(&all.into_iter().map(description).collect::<Vec<_>>())
        } else {
            answer::text(&list(&all))
        };
    };
    let base = registry::base_name(word);
    let found = registry::find(base);
    if found.is_empty() {
        let error = registry::UnknownMetric::Name { word: word.clone(), nearest: registry::nearest(base) };
        return Err(Failure::Usage(error.to_string()));
    }
    if args.json {
        return answer::json(&found.into_iter().map(description).collect::<Vec<_>>());
    }
    answer::text(&found.into_iter().map(page).collect::<Vec<_>>().join("\n\n\n"))
}

fn kind(spec: &MetricSpec) -> &'static str {
    match spec.kind {
        Kind::Account => "account",
        Kind::Network => "network",
        Kind::Echo => "echo",
    }
}

fn tier(spec: &MetricSpec) -> &'static str {
    match spec.tier {
        Tier::Quick => "quick",
        Tier::Standard => "standard",
        Tier::Full => "full",
    }
}

fn graph(spec: &MetricSpec) -> &'static str {
    match spec.shape {
        Shape::Directed => "directed",
        Shape::Undirected => "undirected union",
    }
}

/// Suffixes that name other variants; `@relation` goes with every metric.
fn variants(spec: &MetricSpec) -> Vec<&'static str> {
    let weighted = (spec.weights == Weights::Variant).then_some("_weighted");
    let shape = spec.other_shape.then_some(if spec.shape == Shape::Directed { "_undirected" } else { "_directed" });
    weighted.into_iter().chain(shape).chain(["@RELATION"]).collect()
}

fn needs(spec: &MetricSpec) -> Vec<&'static str> {
    let word = |need: &Need| match need {
        Need::Partition => "community",
        Need::Roles => "roles",
        Need::Sides => "--sides",
        Need::Near => "--near",
        Need::Leanings => "leaning",
    };
    spec.needs.iter().map(word).collect()
}

fn list(all: &[&MetricSpec]) -> String {
    let rows = all.iter().map(|spec| {
        let summary = spec.summary.to_owned();
        vec![
            spec.columns.join(", "),
            kind(spec).to_owned(),
            tier(spec).to_owned(),
            graph(spec).to_owned(),
            variants(spec).join(" "),
            summary,
        ]
    });
    let table = table(&["metric", "kind", "set", "graph", "variants", ""], &[], rows.collect());
    format!("{table}\n\nThe sets hold each other: quick, standard, full. `echogram metrics NAME` explains one.")
}

fn page(spec: &MetricSpec) -> String {
    let needs = if spec.needs.is_empty() { String::new() } else { format!("; needs {}", needs(spec).join(", ")) };
    let set: Vec<String> = spec
        .parameters
        .iter()
        .map(|parameter| format!("  --set {}={}  {}", parameter.name, parameter.default, parameter.about))
        .collect();
    let set = if set.is_empty() { String::new() } else { format!("\n\nPARAMETERS, with their defaults\n{}", set.join("\n")) };
    format!(
        "{} ({} metric, in {}; on the {} graph; variants {}{needs})\n\n{}{set}",
        spec.columns.join(", "),
        kind(spec),
        tier(spec),
        graph(spec),
        variants(spec).join(" "),
        document(spec)
    )
}

/// The documentation without its code example, which is for programmers.
fn document(spec: &MetricSpec) -> String {
    let document = spec.document();
    let text = document.split("\n# Example").next().unwrap_or(&document);
    text.trim()
        .lines()
        .map(|line| line.strip_prefix("# ").map_or_else(|| line.to_owned(), str::to_uppercase))
        .collect::<Vec<_>>()
        .join("\n")
}

fn description(spec: &MetricSpec) -> Value {
    json!({
        "name": spec.name, "columns": spec.columns, "kind": kind(spec), "set": tier(spec), "graph": graph(spec),
        "variants": variants(spec), "needs": needs(spec),
        "parameters": spec.parameters.iter().map(|parameter| json!({"name": parameter.name, "default": parameter.default, "about": parameter.about})).collect::<Vec<_>>(),
         "summary": spec.summary, "document": document(spec),
    })
}
