//! Labelled bios: accounts whose role a person has judged, to measure a lexicon on.

use super::{Scale, Use};
use crate::IngestError;
use crate::accounts::read_raw;
use crate::columns::{ColumnMap, folded};
use crate::source::{Progress, Source};
use std::path::Path;
use std::sync::Arc;

/// One account and what a person says that it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LabelledBio {
    /// Language of the bio, as the file has it.
    pub language: Option<String>,
    /// Display name.
    pub name: Option<String>,
    /// Bio.
    pub bio: Option<String>,
    /// The role, or `None` if none should be found.
    pub role: Option<String>,
    /// The scale, if it is judged; the inner `None`: none should be found.
    pub scale: Option<Option<Scale>>,
    /// The use, if it is judged; the inner `None`: none should be found.
    pub usage: Option<Option<Use>>,
}

/// Labelled bios and what was left out of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LabelledSet {
    /// In the order of the file.
    pub bios: Vec<LabelledBio>,
    /// Rows without a role: not used.
    pub without_label: u64,
    /// Rows that could not be read.
    pub rejected: u64,
}

/// The columns and their usual names.
const COLUMNS: [(&str, &[&str]); 6] = [
    ("language", &["language", "lang"]),
    ("name", &["name", "display_name", "displayname"]),
    ("bio", &["bio", "description", "note", "about"]),
    ("role", &["role"]),
    ("scale", &["scale"]),
    ("use", &["use"]),
];

impl LabelledSet {
    /// The set that comes with the program: made up, by hand, and never used to choose the words of the lexicon.
    pub fn built_in() -> Self {
        let text = include_str!("../../../../data/roles/labelled.tsv");
        let rows = text.lines().skip(1).map(|line| {
            let mut cells = line.split('\t').map(|cell| (!cell.is_empty()).then(|| cell.to_owned()));
            std::array::from_fn(|_| cells.next().flatten())
        });
        Self::collect(rows)
    }

    /// Reads a file of labelled bios: delimited text, Parquet or NDJSON with columns `bio` and `role`, and perhaps `name`, `scale`, `use` and
    /// `language`. The role `-` (or `none`) says that none should be found; a row without one is left out. Scale and use are judged where
    /// they are given.
    ///
    /// # Errors
    /// [`IngestError`]: a file that cannot be read, lacks a column or labels no bio.
    pub fn read(path: &Path) -> Result<Self, IngestError> {
        let mut source = Source::open(path, &Arc::new(Progress::default()))?;
        let (header, rows, rejected) = read_raw(&mut source, &ColumnMap::default())?.into_rows();
        let unusable = |what: String| IngestError::Unusable { path: path.to_owned(), what };
        let place = |words: &[&str]| words.iter().find_map(|word| header.iter().position(|name| folded(name) == **word));
        let places = COLUMNS.map(|(_, words)| place(words));
        for (field, found) in COLUMNS.iter().zip(places) {
            if matches!(field.0, "bio" | "role") && found.is_none() {
                let present = header.join(", ");
                return Err(unusable(format!(
                    "there is no column `{}`; labelled bios need `bio` and `role`, and the file has {present}",
                    field.0
                )));
            }
        }
        let cells = rows.into_iter().map(|mut cells| places.map(|place| place.and_then(|place| cells.get_mut(place)?.take())));
        let set = Self { rejected, ..Self::collect(cells) };
        if set.bios.is_empty() {
            return Err(unusable("no row has both a role and a name or bio".to_owned()));
        }
        Ok(set)
    }

    /// From rows with one cell a column.
    fn collect(rows: impl Iterator<Item = [Option<String>; 6]>) -> Self {
        let mut set = Self::default();
        for [language, name, bio, role, scale, usage] in rows {
            match role {
                Some(role) if role != "?" && (name.is_some() || bio.is_some()) => {
                    let role = Some(role).filter(|role| !is_none(role));
                    let scale = scale.and_then(|word| judged(&word, Scale::from_word));
                    let usage = usage.and_then(|word| judged(&word, Use::from_word));
                    set.bios.push(LabelledBio { language, name, bio, role, scale, usage });
                }
                _ => set.without_label += 1,
            }
        }
        set
    }
}

fn is_none(word: &str) -> bool {
    matches!(folded(word).as_str(), "_" | "none" | "null")
}

/// A label of scale or use; a word that is none of ours judges nothing.
fn judged<T>(word: &str, from_word: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
    if is_none(word) { Some(None) } else { from_word(&folded(word)).map(Some) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_set_is_what_its_readme_says() {
        let set = LabelledSet::built_in();
        assert_eq!((set.bios.len(), set.without_label), (508, 0));
        let lexicon = super::super::Lexicon::built_in();
        for role in lexicon.roles() {
            let of_role = set.bios.iter().filter(|bio| bio.role.as_deref() == Some(role));
            let mut languages: Vec<_> = of_role.map(|bio| bio.language.as_deref()).collect();
            languages.sort_unstable();
            languages.dedup();
            assert_eq!(languages.len(), 5, "{role} in {languages:?}");
        }
        let known = |bio: &LabelledBio| bio.role.as_deref().is_none_or(|role| lexicon.roles().any(|known| known == role));
        assert!(set.bios.iter().all(known));
    }

    #[test]
    fn labels_are_read_with_care() {
        let row = |cells: [&str; 6]| cells.map(|cell| (!cell.is_empty()).then(|| cell.to_owned()));
        let rows = [
            row(["en", "A", "nurse", "Nurse", "Individual", "-"]),
            row(["", "", "hi", "-", "organization", "whatever"]),
            row(["", "B", "hi", "", "", ""]),
            row(["", "", "", "nurse", "", ""]),
            row(["", "C", "", "?", "", ""]),
        ];
        let set = LabelledSet::collect(rows.into_iter());
        assert_eq!((set.bios.len(), set.without_label), (2, 3));
        assert_eq!(set.bios[0].role.as_deref(), Some("Nurse"));
        assert_eq!((set.bios[0].scale, set.bios[0].usage), (Some(Some(Scale::Individual)), Some(None)));
        assert_eq!(
            (set.bios[1].role.as_deref(), set.bios[1].scale, set.bios[1].usage),
            (None, Some(Some(Scale::Organisation)), None)
        );
    }
}
