//! The nodes of a graph file with their attributes: the table that goes out as accounts.

use crate::accounts::RawAccounts;
use crate::columns::{ACCOUNT_FIELDS, folded};
use crate::profile::known;
use crate::source::Source;
use std::collections::HashMap;

/// Attributes beyond so many are passed over: a row has a cell for each.
const MOST_COLUMNS: usize = 256;

/// A table of nodes, a column an attribute.
pub(crate) struct Nodes {
    /// `account`, the label, then attributes in order of appearance.
    columns: Vec<String>,
    places: HashMap<String, usize>,
    rows: Vec<(u64, Vec<Option<String>>)>,
    /// Attributes passed over.
    passed_over: bool,
}

/// The column of labels.
const LABEL: usize = 1;

impl Nodes {
    pub(crate) fn new() -> Self {
        let columns = vec!["account".to_owned(), "label".to_owned()];
        Self { columns, places: HashMap::new(), rows: Vec::new(), passed_over: false }
    }

    /// The column of an attribute, made if it is new; `None` where there are too many.
    pub(crate) fn column(&mut self, name: &str) -> Option<usize> {
        if let Some(&place) = self.places.get(name) {
            return Some(place);
        }
        if self.columns.len() == MOST_COLUMNS {
            self.passed_over = true;
            return None;
        }
        self.columns.push(name.to_owned());
        self.places.insert(name.to_owned(), self.columns.len() - 1);
        Some(self.columns.len() - 1)
    }

    /// Adds a node. A label that only repeats the key says nothing.
    pub(crate) fn add(&mut self, line: u64, key: &str, label: Option<&str>, values: impl IntoIterator<Item = (usize, String)>) {
        let label = label.and_then(known::<String>).filter(|label| label != key);
        let mut cells = vec![Some(key.to_owned())];
        if label.is_some() {
            cells.push(label);
        }
        for (place, value) in values {
            if cells.len() <= place {
                cells.resize(place + 1, None);
            }
            if let Some(value) = known(value) {
                cells[place] = Some(value);
            }
        }
        self.rows.push((line, cells));
    }

    /// Gives nodes their other keys, which stood in `column`.
    pub(crate) fn rename(&mut self, keys: &HashMap<String, String>, column: &str) {
        let place = self.places.get(column).copied();
        for (_, cells) in &mut self.rows {
            if let Some(key) = cells[0].as_ref().and_then(|key| keys.get(key)) {
                cells[0] = Some(key.clone());
            }
            if let Some(cell) = place.and_then(|place| cells.get_mut(place)) {
                *cell = None;
            }
        }
    }

    /// The accounts, or nothing where there is no node.
    pub(crate) fn into_accounts(mut self, source: &Source, format: &'static str, notes: &mut Vec<String>) -> Option<RawAccounts> {
        if self.rows.is_empty() {
            return None;
        }
        if self.passed_over {
            notes.push(format!("{}: attributes of nodes beyond the first {}: left out", source.path.display(), MOST_COLUMNS - 2));
        }
        let names = ACCOUNT_FIELDS.iter().find(|field| field.0 == "name").map_or(&[][..], |field| field.1);
        let is_name_taken = self.columns[2..].iter().any(|column| names.contains(&folded(column).as_str()));
        // Labels are names, unless an attribute is.
        let name = match (is_name_taken, self.places.contains_key("label")) {
            (false, _) => "name",
            (true, false) => "label",
            (true, true) => "node_label",
        };
        self.columns[LABEL] = name.to_owned();
        // Columns in which nothing stands are left out.
        let mut is_used = vec![false; self.columns.len()];
        for (_, cells) in &self.rows {
            cells.iter().zip(&mut is_used).for_each(|(cell, used)| *used |= cell.is_some());
        }
        for (_, cells) in &mut self.rows {
            cells.resize(is_used.len(), None);
            let mut places = is_used.iter();
            cells.retain(|_| places.next() == Some(&true));
        }
        let mut places = is_used.iter();
        self.columns.retain(|_| places.next() == Some(&true));
        Some(RawAccounts::of_nodes(source, format, self.columns, self.rows))
    }
}

/// Which of the nodes 1 to n stand at an edge, for formats that number them and do not list them.
#[derive(Default)]
pub(crate) struct Seen {
    bits: Vec<u64>,
    marks: u64,
}

impl Seen {
    /// Larger numbers are not kept in mind (32 MiB).
    const END: u64 = 1 << 28;

    pub(crate) fn mark(&mut self, number: u64) {
        self.marks += 1;
        if number >= Self::END {
            return;
        }
        let word = (number / 64) as usize;
        if word >= self.bits.len() {
            self.bits.resize(word + 1, 0);
        }
        self.bits[word] |= 1 << (number % 64);
    }

    fn holds(&self, number: u64) -> bool {
        self.bits.get((number / 64) as usize).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    /// Adds the others of 1 to `count` to the nodes. A count that is out of all proportion to the edges is not believed, which a note says.
    pub(crate) fn add_others(&self, count: u64, nodes: &mut Nodes, source: &Source, notes: &mut Vec<String>) {
        if count >= Self::END.min((1 << 17) + self.marks.saturating_mul(32)) {
            notes.push(format!("{}: {count} nodes are announced; those without an edge were left out", source.path.display()));
            return;
        }
        for number in (1..=count).filter(|&number| !self.holds(number)) {
            nodes.add(0, &number.to_string(), None, []);
        }
    }
}
