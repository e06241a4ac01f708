//! A study as a TOML file: every option of `echogram run`, written down.

use crate::{EngineError, Study};
use echogram_ingest::{ColumnMap, MaxRejected, ReadOptions};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The file's content.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct StudyFile {
    study: StudySection,
    input: Vec<InputSection>,
    accounts: Vec<AccountsSection>,
    graph: GraphSection,
    metrics: MetricsSection,
    echo: EchoSection,
    roles: RolesSection,
    output: OutputSection,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct StudySection {
    name: Option<String>,
    seed: Option<u64>,
}

#[derive(Clone, Debug, Deserialize)]
struct InputSection {
    path: String,
    format: Option<String>,
    relation: Option<String>,
    owner: Option<String>,
    #[serde(default)]
    columns: BTreeMap<String, Column>,
}

#[derive(Clone, Debug, Deserialize)]
struct AccountsSection {
    path: String,
    #[serde(default)]
    columns: BTreeMap<String, Column>,
}

/// A column by name or by position.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Column {
    Position(i64),
    Name(String),
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct GraphSection {
    weights: BTreeMap<String, f64>,
    undirected: bool,
    keep_loops: bool,
    no_isolates: bool,
    max_rejected: Option<Limit>,
}

/// A number of rows, or a share such as `"0.5%"`.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Limit {
    Rows(u64),
    Text(String),
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct MetricsSection {
    include: Option<Vec<String>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct EchoSection {
    sides: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct RolesSection {
    lexicon: Option<PathBuf>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct OutputSection {
    dir: Option<PathBuf>,
}

/// The keys of each section; `None` = any (names of relations or fields).
const KEYS: &[(&str, &[&str])] = &[
    ("study", &["name", "seed"]),
    ("input", &["path", "format", "relation", "owner", "columns"]),
    ("accounts", &["path", "columns"]),
    ("graph", &["weights", "undirected", "keep_loops", "no_isolates", "max_rejected"]),
    ("metrics", &["include"]),
    ("echo", &["sides"]),
    ("roles", &["lexicon"]),
    ("output", &["dir"]),
];

impl StudyFile {
    /// Reads a study file.
    ///
    /// # Errors
    /// [`EngineError::Io`], or [`EngineError::StudyFile`] with the place of what is wrong; an unknown key is named with the nearest known one.
    pub fn read(path: &Path) -> Result<Self, EngineError> {
        let text = std::fs::read_to_string(path).map_err(|source| EngineError::Io { path: path.to_owned(), source })?;
        let wrong = |what: String| EngineError::StudyFile { path: path.to_owned(), what };
        let table: toml::Table = toml::from_str(&text).map_err(|error| wrong(error.to_string().trim().to_owned()))?;
        check_keys(&table).map_err(wrong)?;
        toml::from_str(&text).map_err(|error| wrong(error.to_string().trim().to_owned()))
    }

    /// The study that the file describes. Paths in it are relative to the file's folder.
    ///
    /// # Errors
    /// [`EngineError::StudyFile`], [`EngineError::Ingest`] for columns that cannot be.
    pub fn into_study(self, path: &Path) -> Result<Study, EngineError> {
        let folder = path.parent().unwrap_or(Path::new(""));
        let beside = |named: &str| if named == "-" { named.to_owned() } else { folder.join(named).display().to_string() };
        let columns = |columns: BTreeMap<String, Column>| {
            ColumnMap::from_pairs(columns.into_iter().map(|(field, column)| {
                let column = match column {
                    Column::Position(position) => position.to_string(),
                    Column::Name(name) => name,
                };
                (field, column)
            }))
        };
        let mut study = Study { name: self.study.name, factors: self.graph.weights, ..Study::default() };
        study.seed = self.study.seed.unwrap_or(study.seed);
        for input in self.input {
            let options = ReadOptions {
                format: input.format,
                columns: columns(input.columns)?,
                relation: input.relation,
                owner: input.owner,
            };
            study.inputs.push((beside(&input.path), options));
        }
        for accounts in self.accounts {
            study.accounts.push((beside(&accounts.path), columns(accounts.columns)?));
        }
        for (relation, factor) in &study.factors {
            if !factor.is_finite() || *factor <= 0.0 {
                let what = format!("[graph] weights: the factor of `{relation}` must be finite and above 0, got {factor}");
                return Err(EngineError::StudyFile { path: path.to_owned(), what });
            }
        }
        study.undirected = self.graph.undirected;
        study.keep_loops = self.graph.keep_loops;
        study.drop_isolates = self.graph.no_isolates;
        if let Some(limit) = self.graph.max_rejected {
            study.max_rejected = match limit {
                Limit::Rows(rows) => MaxRejected::Rows(rows),
                Limit::Text(text) => text.parse().map_err(|what| EngineError::StudyFile { path: path.to_owned(), what })?,
            };
        }
        if let Some(metrics) = self.metrics.include {
            study.metrics = metrics;
        }
        study.sides = self.echo.sides;
        study.lexicon = self.roles.lexicon.map(|lexicon| folder.join(lexicon));
        if let Some(dir) = self.output.dir {
            study.output = folder.join(dir);
        }
        Ok(study)
    }
}

/// Names the first key that is not known.
fn check_keys(table: &toml::Table) -> Result<(), String> {
    let sections: Vec<&str> = KEYS.iter().map(|section| section.0).collect();
    for (section, value) in table {
        let Some((_, keys)) = KEYS.iter().find(|known| known.0 == section) else {
            return Err(unknown("section", section, &sections));
        };
        let is_list = ["input", "accounts"].contains(&section.as_str());
        let tables: Vec<&toml::Table> = match value {
            toml::Value::Table(_) if is_list => {
                return Err(format!("write [[{section}]] in double brackets: there may be several"));
            }
            toml::Value::Table(table) => vec![table],
            toml::Value::Array(items) => items.iter().filter_map(toml::Value::as_table).collect(),
            _ => return Err(format!("`{section}` must be a section: write [{section}]")),
        };
        for key in tables.into_iter().flat_map(toml::Table::keys) {
            if !keys.contains(&key.as_str()) {
                return Err(unknown(&format!("key in [{section}]"), key, keys));
            }
        }
    }
    Ok(())
}

fn unknown(what: &str, word: &str, known: &[&str]) -> String {
    let nearest = known.iter().max_by(|a, b| strsim::jaro_winkler(word, a).total_cmp(&strsim::jaro_winkler(word, b))).copied();
    format!("unknown {what}: `{word}`; did you mean `{}`? (known: {})", nearest.unwrap_or_default(), known.join(", "))
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
             [metrics]\ninclude=['quick']\n[echo]\nsides='camp'\n[output]\ndir='out'",
        )
        .unwrap();
        assert_eq!((study.seed, study.inputs.len(), study.sides.as_deref(), study.factors["reply"]), (7, 1, Some("camp"), 2.0));
        assert_eq!(study.metrics, ["quick"]);
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
        ] {
            let message = study(text).unwrap_err().to_string();
            assert!(message.contains(part), "{message}");
        }
    }
}
