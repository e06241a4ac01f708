//! A study as a TOML file: every option of `echogram run`, written down.

use crate::{EngineError, Study};
use echogram_ingest::period::{Period, parse_moment};
use echogram_ingest::{AccountsRequest, ColumnMap, IngestError, MaxRejected, ReadOptions};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

/// A study: every option of `echogram run`, written down. Paths are relative to the file's folder.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(title = "echogram study")]
pub struct StudyFile {
    study: StudySection,
    /// What is read: files, folders, patterns, `-` for standard input.
    input: Vec<InputSection>,
    /// What is known of the accounts.
    accounts: Vec<AccountsSection>,
    graph: GraphSection,
    metrics: MetricsSection,
    echo: EchoSection,
    roles: RolesSection,
    output: OutputSection,
}

/// The study as a whole.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct StudySection {
    /// Its name, for people.
    name: Option<String>,
    /// Seed of everything random.
    seed: Option<u64>,
}

/// One input.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct InputSection {
    /// A file, folder, pattern or `-`.
    path: String,
    /// Its format, if it is not to be found out.
    format: Option<String>,
    /// Relation of rows that name none.
    relation: Option<String>,
    /// Whose list of followers it is, if the file does not say.
    owner: Option<String>,
    /// Which column means what: field = name or position from 1.
    #[serde(default)]
    columns: BTreeMap<String, Column>,
}

/// One account file: delimited text, Parquet or NDJSON.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AccountsSection {
    /// A file, folder or pattern.
    path: String,
    /// Paths of the inputs whose accounts it describes, as they stand in [[input]]; all inputs if left out. The column of keys is looked for among
    /// the keys of these.
    #[serde(default)]
    inputs: Vec<String>,
    /// Which column means what: field = name or position from 1.
    #[serde(default)]
    columns: BTreeMap<String, Column>,
}

/// A column by name or by position.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Column {
    Position(i64),
    Name(String),
}

/// How the graph is made.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct GraphSection {
    /// Factor on the weights of a relation when relations are merged.
    weights: BTreeMap<String, f64>,
    /// Take (a, b) and (b, a) as one edge.
    undirected: bool,
    /// Let self-loops enter the metrics.
    keep_loops: bool,
    /// Leave out accounts without a tie.
    no_isolates: bool,
    /// Rows that may be rejected.
    max_rejected: Option<Limit>,
    /// Leave out ties before this moment: a date, or a count since 1970.
    from: Option<Moment>,
    /// Leave out ties from this moment on.
    to: Option<Moment>,
    /// Length of the windows into which time is cut, such as 1w.
    window: Option<String>,
    /// Memory that the run may take, such as 16GiB.
    memory: Option<String>,
}

/// A number of rows, or a share such as `"0.5%"`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Limit {
    Rows(u64),
    Text(String),
}

/// A date such as `"2026-01-31"`, or a count of seconds, milliseconds or microseconds since 1970.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Moment {
    Count(i64),
    Text(String),
    #[schemars(skip)]
    Toml(toml::value::Datetime),
}

/// What is computed.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct MetricsSection {
    /// Sets (quick, standard, full) and names.
    include: Option<Vec<String>>,
    /// Numbers that metrics go by, such as { "pagerank.damping" = 0.9 }; `echogram metrics NAME` lists them.
    parameters: BTreeMap<String, Setting>,
    /// Accounts that personalised metrics start from, by key or handle.
    near: Vec<String>,
    /// Also columns community_level_1, ...: the groups that make up communities, 1 = the coarsest.
    levels: bool,
    /// Communities over a range of resolutions, such as "0.25..4" or "0.25..4:21" (points).
    resolutions: Option<String>,
}

/// A number, or the numbers of a family (`pagerank = { damping = 0.9 }`).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Setting {
    Number(f64),
    Family(BTreeMap<String, f64>),
}

/// Echo chambers.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct EchoSection {
    /// The camps: a column of the account file, `role` or `community`.
    sides: Option<String>,
    /// Null models: kept, labels, recut, reciprocity.
    null: Vec<String>,
    /// Replicates of each.
    replicates: Option<u32>,
}

/// Roles of accounts.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct RolesSection {
    /// A lexicon in place of the built-in one.
    lexicon: Option<PathBuf>,
}

/// What is written.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct OutputSection {
    /// The run folder.
    dir: Option<PathBuf>,
}

/// The JSON Schema of a study file, for editors.
pub fn study_schema() -> serde_json::Value {
    schemars::schema_for!(StudyFile).to_value()
}

impl StudyFile {
    /// Reads a study file.
    ///
    /// # Errors
    /// [`EngineError::Io`], or [`EngineError::StudyFile`] with the place of what is wrong; an unknown key is named with the nearest known one.
    pub fn read(path: &Path) -> Result<Self, EngineError> {
        let text = std::fs::read_to_string(path).map_err(|source| EngineError::Io { path: path.to_owned(), source })?;
        Self::parse(&text, path)
    }

    /// Reads the text of a study file that stands at `path`.
    ///
    /// # Errors
    /// [`EngineError::StudyFile`], as [`Self::read`].
    pub fn parse(text: &str, path: &Path) -> Result<Self, EngineError> {
        let wrong = |what: String| EngineError::StudyFile { path: path.to_owned(), what };
        let table: toml::Table = toml::from_str(text).map_err(|error| wrong(error.to_string().trim().to_owned()))?;
        check_keys(&table).map_err(wrong)?;
        toml::from_str(text).map_err(|error| wrong(error.to_string().trim().to_owned()))
    }

    /// The study that the file describes. Paths in it are relative to the file's folder.
    ///
    /// # Errors
    /// [`EngineError::StudyFile`], naming the section of what cannot be.
    pub fn into_study(self, path: &Path) -> Result<Study, EngineError> {
        let folder = path.parent().unwrap_or(Path::new(""));
        let beside = |named: &str| if named == "-" { named.to_owned() } else { folder.join(named).display().to_string() };
        let columns = |section: &str, columns: BTreeMap<String, Column>| {
            let pairs = columns.into_iter().map(|(field, column)| {
                let column = match column {
                    Column::Position(position) => position.to_string(),
                    Column::Name(name) => name,
                };
                (field, column)
            });
            ColumnMap::from_pairs(pairs).map_err(|error| match error {
                IngestError::BadColumns { what } => {
                    EngineError::StudyFile { path: path.to_owned(), what: format!("[[{section}]] columns: {what}") }
                }
                other => EngineError::Ingest(other),
            })
        };
        let mut study = Study { name: self.study.name, factors: self.graph.weights, ..Study::default() };
        study.seed = self.study.seed.unwrap_or(study.seed);
        for input in self.input {
            let options = ReadOptions {
                format: input.format,
                columns: columns("input", input.columns)?,
                relation: input.relation,
                owner: input.owner,
            };
            study.inputs.push((beside(&input.path), options));
        }
        let mut places: HashMap<&str, usize> = HashMap::new();
        for (place, (input, _)) in study.inputs.iter().enumerate() {
            places.entry(input).or_insert(place);
        }
        for accounts in self.accounts {
            let of_inputs = accounts.inputs.iter().map(|input| {
                places.get(beside(input).as_str()).copied().ok_or_else(|| {
                    let what = format!("[[accounts]] inputs: `{input}` is no path of an [[input]]");
                    EngineError::StudyFile { path: path.to_owned(), what }
                })
            });
            let of_inputs = of_inputs.collect::<Result<Vec<usize>, EngineError>>()?;
            let columns = columns("accounts", accounts.columns)?;
            study.accounts.push(AccountsRequest { path: beside(&accounts.path), columns, of_inputs });
        }
        for (relation, factor) in &study.factors {
            if !factor.is_finite() || *factor <= 0.0 {
                let what = format!("[graph] weights: the factor of `{relation}` must be finite and above 0, got {factor}");
                return Err(EngineError::StudyFile { path: path.to_owned(), what });
            }
        }
        let wrong = |key: &'static str| {
            move |what: String| EngineError::StudyFile { path: path.to_owned(), what: format!("[graph] {key}: {what}") }
        };
        study.undirected = self.graph.undirected;
        study.keep_loops = self.graph.keep_loops;
        study.drop_isolates = self.graph.no_isolates;
        if let Some(limit) = self.graph.max_rejected {
            study.max_rejected = match limit {
                Limit::Rows(rows) => MaxRejected::Rows(rows),
                Limit::Text(text) => text.parse().map_err(wrong("max_rejected"))?,
            };
        }
        let moment = |key: &'static str, moment: Option<Moment>| {
            let text = match moment {
                None => return Ok(None),
                Some(Moment::Count(count)) => count.to_string(),
                Some(Moment::Text(text)) => text,
                Some(Moment::Toml(date)) => date.to_string(),
            };
            parse_moment(&text).map(Some).map_err(wrong(key))
        };
        study.period = Period { from: moment("from", self.graph.from)?, to: moment("to", self.graph.to)? };
        study.window = self.graph.window.map(|text| text.parse().map_err(wrong("window"))).transpose()?;
        study.memory = self.graph.memory.map(|text| text.parse().map_err(wrong("memory"))).transpose()?;
        if let Some(metrics) = self.metrics.include {
            study.metrics = metrics;
        }
        study.near = self.metrics.near;
        study.levels = self.metrics.levels;
        let wrong = |what| EngineError::StudyFile { path: path.to_owned(), what: format!("[metrics] resolutions: {what}") };
        study.resolutions = self.metrics.resolutions.map(|text| text.parse().map_err(wrong)).transpose()?;
        for (name, setting) in self.metrics.parameters {
            match setting {
                Setting::Number(value) => study.settings.set(&name, value),
                Setting::Family(values) => {
                    values.iter().for_each(|(last, value)| study.settings.set(&format!("{name}.{last}"), *value));
                }
            }
        }
        study.sides = self.echo.sides;
        let wrong = |what| EngineError::StudyFile { path: path.to_owned(), what: format!("[echo] null: {what}") };
        study.nulls = self.echo.null.iter().map(|word| word.parse().map_err(wrong)).collect::<Result<_, _>>()?;
        study.null_replicates = self.echo.replicates;
        study.lexicon = self.roles.lexicon.map(|lexicon| folder.join(lexicon));
        if let Some(dir) = self.output.dir {
            study.output = folder.join(dir);
        }
        Ok(study)
    }
}

/// Names the first key that the schema does not know.
fn check_keys(table: &toml::Table) -> Result<(), String> {
    let schema = study_schema();
    let properties = |schema: &serde_json::Value| -> Option<serde_json::Map<String, serde_json::Value>> {
        schema.get("properties").and_then(|properties| properties.as_object()).cloned()
    };
    let sections = properties(&schema).unwrap_or_default();
    let names = |of: &serde_json::Map<String, serde_json::Value>| of.keys().cloned().collect::<Vec<_>>();
    for (section, value) in table {
        let Some(described) = sections.get(section) else {
            return Err(unknown("section", section, &names(&sections)));
        };
        let is_list = described.get("items").is_some();
        let reference = described.get("items").unwrap_or(described).get("$ref").and_then(|reference| reference.as_str());
        let keys = reference
            .and_then(|reference| schema.pointer(reference.trim_start_matches('#')))
            .and_then(properties)
            .unwrap_or_default();
        let tables: Vec<&toml::Table> = match value {
            toml::Value::Table(_) if is_list => {
                return Err(format!("write [[{section}]] in double brackets: there may be several"));
            }
            toml::Value::Table(table) => vec![table],
            toml::Value::Array(items) if is_list => items.iter().filter_map(toml::Value::as_table).collect(),
            _ => return Err(format!("`{section}` must be a section: write [{section}]")),
        };
        for key in tables.into_iter().flat_map(toml::Table::keys) {
            if !keys.contains_key(key) {
                return Err(unknown(&format!("key in [{section}]"), key, &names(&keys)));
            }
        }
    }
    Ok(())
}

fn unknown(what: &str, word: &str, known: &[String]) -> String {
    let nearest = known.iter().max_by(|a, b| strsim::jaro_winkler(word, a).total_cmp(&strsim::jaro_winkler(word, b)));
    let nearest = nearest.map(|nearest| format!("; did you mean `{nearest}`?")).unwrap_or_default();
    format!("unknown {what}: `{word}`{nearest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn study(text: &str) -> Result<Study, EngineError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.toml");
        std::fs::write(&path, text).unwrap();
        StudyFile::read(&path)?.into_study(&path)
    }

    #[test]
    fn the_sections_become_options() {
        let study = study(
            "[study]\nname='x'\nseed=7\n[[input]]\npath='a.csv'\nrelation='follow'\ncolumns={source='f', target=2}\n[graph]\nweights={reply=2.0}\n\
             [metrics]\ninclude=['quick']\nlevels=true\nresolutions='0.5..2:3'\n[echo]\nsides='camp'\n[output]\ndir='out'",
        )
        .unwrap();
        assert_eq!((study.seed, study.inputs.len(), study.sides.as_deref(), study.factors["reply"]), (7, 1, Some("camp"), 2.0));
        assert_eq!(study.metrics, ["quick"]);
        assert_eq!((study.levels, study.resolutions.map(|range| range.to_string()).as_deref()), (true, Some("0.5..2:3")));
        assert!(study.output.ends_with("out") && study.output.is_absolute());
        assert!(study.inputs[0].0.ends_with("/a.csv"));
    }

    #[test]
    fn a_wrong_key_names_the_nearest() {
        for (text, part) in [
            ("[study]\nsede=7", "unknown key in [study]: `sede`; did you mean `seed`?"),
            ("[inputs]\npath='a'", "unknown section: `inputs`; did you mean `input`?"),
            ("[graph]\nweights={reply=-1.0}", "must be finite and above 0"),
            ("[study", "expected"),
            ("[input]\npath='a'", "write [[input]]"),
            ("[[input]]\npath=3", "invalid type"),
            ("[[input]]\npath='a'\ncolumns={x=1}", "[[input]] columns: there is no field `x`"),
            ("[[accounts]]\npath='a'\ncolumns={account=0}", "[[accounts]] columns: account=0"),
            ("[graph]\nmax_rejected='all'", "[graph] max_rejected: `all` is neither"),
            ("[metrics]\nlevel=true", "unknown key in [metrics]: `level`; did you mean `levels`?"),
            ("[metrics]\nresolution='1..2'", "unknown key in [metrics]: `resolution`; did you mean `resolutions`?"),
            ("[metrics]\nresolutions='2..1'", "[metrics] resolutions: `2..1` is no range of resolutions"),
        ] {
            let message = study(text).unwrap_err().to_string();
            assert!(message.contains(part), "{message}");
        }
    }
}
