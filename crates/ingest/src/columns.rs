//! Which column means what: the words people use in headers, and `--columns` to say it outright.

use crate::IngestError;
use std::collections::BTreeMap;
use std::path::Path;

/// Fields of an edge and the header words that mean them, best first. Words are compared in lower case, with `-` and space as `_`.
pub(crate) const EDGE_FIELDS: &[(&str, &[&str])] = &[
    (
        "source",
        &[
            "source",
            "from",
            "from_id",
            "src",
            "follower",
            "id_1",
            "author_id",
            "source_id",
            "user_id",
            "fromnodeid",
            "source_user_id",
            "follower_id",
            "from_user",
            "author",
        ],
    ),
    (
        "target",
        &[
            "target",
            "to",
            "to_id",
            "dst",
            "followed",
            "id_2",
            "target_id",
            "tonodeid",
            "target_user_id",
            "followed_id",
            "followee",
            "following",
            "to_user",
            "mentioned_id",
            "dest",
            "destination",
        ],
    ),
    ("weight", &["weight", "weights", "w", "count", "n", "value", "strength", "events"]),
    ("time", &["time", "timestamp", "created_at", "date", "since", "datetime", "t", "followed_at"]),
    ("relation", &["relation", "type", "kind", "interaction", "layer", "edge_type", "relationship", "label"]),
    ("source_role", &["source_role", "role_source", "from_role"]),
    ("target_role", &["target_role", "role_target", "to_role"]),
];

/// Fields of an account and the header words that mean them. The key column has rules of its own.
pub(crate) const ACCOUNT_FIELDS: &[(&str, &[&str])] = &[
    ("account", &["account"]),
    ("handle", &["handle", "username", "screen_name"]),
    ("name", &["name", "display_name", "displayname"]),
    ("bio", &["bio", "description", "note", "about"]),
    ("role", &["role"]),
    ("scale", &["scale"]),
    ("use", &["use"]),
    ("leaning", &["leaning"]),
    ("country", &["country"]),
    ("verified", &["verified"]),
    ("followers", &["followers", "followers_count"]),
    ("created", &["created", "created_at"]),
    ("url", &["url"]),
];

/// A word as it is compared: lower case, `_` for spaces and dashes.
pub(crate) fn folded(word: &str) -> String {
    word.trim().trim_start_matches('\u{feff}').to_lowercase().replace([' ', '-'], "_")
}

/// A column by name, or by position from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnRef {
    /// By its header.
    Name(String),
    /// By its place, from 1.
    Position(usize),
}

/// What `--columns` says: field -> column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnMap {
    fields: BTreeMap<String, ColumnRef>,
}

impl ColumnMap {
    /// Reads `source=follower,target=2,...`.
    ///
    /// # Errors
    /// [`IngestError::BadColumns`] for a text of another form or a field that does not exist.
    pub fn parse(text: &str) -> Result<Self, IngestError> {
        let pairs = text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(|part| {
            part.split_once('=').map(|(field, column)| (field.to_owned(), column.to_owned())).ok_or_else(|| {
                IngestError::BadColumns {
                    what: format!("`{part}` is not of the form field=column, such as source=follower or source=1"),
                }
            })
        });
        Self::from_pairs(pairs.collect::<Result<Vec<_>, _>>()?)
    }

    /// From (field, column) pairs.
    ///
    /// # Errors
    /// [`IngestError::BadColumns`] for a field that does not exist or an empty column.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Result<Self, IngestError> {
        let mut fields = BTreeMap::new();
        for (field, column) in pairs {
            let (field, column) = (field.trim(), column.trim());
            if !EDGE_FIELDS.iter().chain(ACCOUNT_FIELDS).any(|known| known.0 == field) {
                let names = |list: &[(&'static str, &[&str])]| list.iter().map(|known| known.0).collect::<Vec<_>>().join(", ");
                let what = format!(
                    "there is no field `{field}`; fields of edges are {}, of accounts {}",
                    names(EDGE_FIELDS),
                    names(ACCOUNT_FIELDS)
                );
                return Err(IngestError::BadColumns { what });
            }
            let column = match column.parse::<usize>() {
                Ok(0) => return Err(IngestError::BadColumns { what: format!("{field}=0: positions count from 1") }),
                Ok(position) => ColumnRef::Position(position),
                Err(_) if column.is_empty() => return Err(IngestError::BadColumns { what: format!("{field}= names no column") }),
                Err(_) => ColumnRef::Name(column.to_owned()),
            };
            fields.insert(field.to_owned(), column);
        }
        Ok(Self { fields })
    }

    /// What is said of a field.
    pub fn get(&self, field: &str) -> Option<&ColumnRef> {
        self.fields.get(field)
    }

    /// Whether anything is said of edges.
    pub fn maps_edges(&self) -> bool {
        EDGE_FIELDS.iter().any(|known| self.fields.contains_key(known.0))
    }

    /// The place of `field`'s column among `header`: as said, else by its usual words.
    pub(crate) fn resolve(
        &self,
        path: &Path,
        field: &str,
        words: &[&str],
        header: Option<&[String]>,
        width: usize,
    ) -> Result<Option<usize>, IngestError> {
        match self.get(field) {
            Some(ColumnRef::Position(position)) if *position <= width => Ok(Some(position - 1)),
            Some(ColumnRef::Position(position)) => Err(self.unknown(path, &position.to_string(), header, width)),
            Some(ColumnRef::Name(name)) => {
                let place = header.and_then(|names| {
                    names
                        .iter()
                        .position(|known| known == name)
                        .or_else(|| names.iter().position(|known| folded(known) == folded(name)))
                });
                place.map(Some).ok_or_else(|| self.unknown(path, name, header, width))
            }
            None => {
                Ok(header.and_then(|names| words.iter().find_map(|word| names.iter().position(|known| folded(known) == **word))))
            }
        }
    }

    fn unknown(&self, path: &Path, column: &str, header: Option<&[String]>, width: usize) -> IngestError {
        let present = match header {
            Some(names) => names.join(", "),
            None => format!("{width} columns and no header: name them by position, such as source=1"),
        };
        IngestError::UnknownColumn { path: path.to_owned(), column: column.to_owned(), present }
    }
}

/// Where an edge's fields stand in a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EdgeColumns {
    pub(crate) source: usize,
    pub(crate) target: usize,
    pub(crate) weight: Option<usize>,
    pub(crate) time: Option<usize>,
    pub(crate) relation: Option<usize>,
    pub(crate) source_role: Option<usize>,
    pub(crate) target_role: Option<usize>,
    /// Whether the header says that this is a list of followers.
    pub(crate) is_follow: bool,
    /// The names of the columns taken for source and target, where no word of ours stood in the header.
    pub(crate) guessed: Option<(String, String)>,
}

impl EdgeColumns {
    /// Finds the fields among named columns. An unknown header gives the first two columns.
    pub(crate) fn from_header(path: &Path, map: &ColumnMap, header: &[String]) -> Result<Self, IngestError> {
        let find = |field: &str| {
            let words = EDGE_FIELDS.iter().find(|known| known.0 == field).map_or(&[][..], |known| known.1);
            map.resolve(path, field, words, Some(header), header.len())
        };
        if header.len() < 2 {
            let what = format!("an edge needs two columns, source and target; the file has one ({})", header.join(", "));
            return Err(IngestError::Unusable { path: path.to_owned(), what });
        }
        let (source, target) = (find("source")?, find("target")?);
        let guessed = source.is_none() || target.is_none();
        let (source, target) = match (source, target) {
            (Some(source), Some(target)) => (source, target),
            (Some(source), None) => (source, usize::from(source == 0)),
            (None, Some(target)) => (usize::from(target == 0), target),
            (None, None) => (0, 1),
        };
        let other = |place: Option<usize>| place.filter(|&place| place != source && place != target);
        let words = [folded(&header[source]), folded(&header[target])];
        Ok(Self {
            source,
            target,
            weight: other(find("weight")?),
            time: other(find("time")?),
            relation: other(find("relation")?),
            source_role: find("source_role")?,
            target_role: find("target_role")?,
            is_follow: words.iter().any(|word| word.starts_with("follow")),
            guessed: guessed.then(|| (header[source].clone(), header[target].clone())),
        })
    }

    /// Which column was taken for what, in words.
    pub(crate) fn describe(&self) -> String {
        let fields = [
            (Some(self.source), "source"),
            (Some(self.target), "target"),
            (self.weight, "weight"),
            (self.time, "time"),
            (self.relation, "relation"),
        ];
        let parts = fields.into_iter().filter_map(|(place, field)| Some(format!("column {} is the {field}", place? + 1)));
        parts.collect::<Vec<_>>().join(", ")
    }

    /// The last column that must be split off.
    pub(crate) fn last(&self) -> usize {
        [self.weight, self.time, self.relation, self.source_role, self.target_role]
            .into_iter()
            .flatten()
            .fold(self.source.max(self.target), usize::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn every_usual_header_is_understood() {
        for pair in [
            ["source", "target"],
            ["From", "To"],
            ["from_id", "to_id"],
            ["src", "dst"],
            ["follower", "followed"],
            ["id_1", "id_2"],
        ] {
            let mut names = header(&["weight"]);
            names.extend(header(&pair));
            let found = EdgeColumns::from_header(Path::new("x"), &ColumnMap::default(), &names).unwrap();
            assert_eq!((found.source, found.target, found.weight, found.guessed), (1, 2, Some(0), None), "{pair:?}");
        }
    }

    #[test]
    fn an_unknown_header_gives_the_first_two_and_says_so() {
        let found = EdgeColumns::from_header(Path::new("x"), &ColumnMap::default(), &header(&["male", "female", "n"])).unwrap();
        assert_eq!((found.source, found.target, found.weight), (0, 1, Some(2)));
        assert_eq!(found.guessed, Some(("male".to_owned(), "female".to_owned())));
    }

    #[test]
    fn the_option_wins_and_its_mistakes_are_named() {
        let map = ColumnMap::parse("source=b, target=1,time=when").unwrap();
        let found = EdgeColumns::from_header(Path::new("x"), &map, &header(&["a", "b", "When"])).unwrap();
        assert_eq!((found.source, found.target, found.time), (1, 0, Some(2)));
        let missing = EdgeColumns::from_header(Path::new("x"), &map, &header(&["a", "c"])).unwrap_err().to_string();
        assert_eq!(missing, "x: there is no column `b`; the file has a, c");
        for (text, part) in [
            ("source", "field=column"),
            ("sauce=1", "no field `sauce`"),
            ("source=0", "count from 1"),
            ("source=", "names no column"),
        ] {
            let message = ColumnMap::parse(text).unwrap_err().to_string();
            assert!(message.contains(part), "{message}");
        }
    }
}
