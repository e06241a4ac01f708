//! `pajek`: network files and projects of Pajek (`.net`, `.paj`): `*Vertices`, `*Arcs`, `*Edges`, `*Arcslist`, `*Edgeslist`, `*Matrix`.
//!
//! The key of a vertex is its label, or its number where it has none; if two vertices have the same label, all keys are numbers and the
//! labels are names. Arcs have a direction and edges have none; where a file has both, an edge counts as two arcs. `*Arcs :2 "advice"` is the
//! relation `advice`. Partitions, vectors and the like are passed over, and so is every network but the first. In a two-mode network
//! (`*Vertices 10 4`) the column `mode` says which set a vertex is of.

use crate::IngestError;
use crate::format::{FormatSpec, ReadOptions, Reading, is_binary};
use crate::graph_file::lines::{whole, words};
use crate::graph_file::{Lines, Nodes, Seen, Tie, Ties, decoded};
use crate::intake::Intake;
use crate::rejection::shown;
use crate::source::Source;
use std::collections::{HashMap, HashSet};

pub(crate) const FORMAT: FormatSpec = FormatSpec {
    name: "pajek",
    summary: "networks of Pajek: vertices with labels, arcs, edges, lists and matrices, several relations",
    claims: |head| !is_binary(head) && begins_like_one(head),
    read,
};

/// Sections passed over that are told by name.
const MOST_SKIPPED: usize = 32;
/// Words behind the star that a file may begin with.
const FIRST: &[&str] = &["network", "vertices", "arcs", "edges", "arcslist", "edgeslist", "matrix", "partition", "vector"];

fn begins_like_one(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let lines = head.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
    let first = lines.filter(|line| !line.is_empty() && line[0] != b'%').map(section_word).next().flatten();
    first.is_some_and(|word| FIRST.contains(&word.as_str()))
}

/// The word of a section line, in lower case.
fn section_word(line: &[u8]) -> Option<String> {
    let word = words(line.strip_prefix(b"*")?).next()?;
    Some(String::from_utf8_lossy(word).split(':').next().unwrap_or_default().to_lowercase())
}

/// What the lines to come are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Section {
    Vertices,
    /// An edge a line.
    Pairs {
        is_directed: bool,
    },
    /// A vertex and all its neighbours a line.
    Lists {
        is_directed: bool,
    },
    Matrix,
    Skipped,
}

/// The vertices, while they are read.
#[derive(Default)]
struct Vertices {
    count: u64,
    /// Vertices of the first set, in a two-mode network.
    first_set: Option<u64>,
    /// (line, number, label).
    rows: Vec<(u64, u64, Option<String>)>,
    /// Keys by number, once all vertices are read; numbers are their own keys.
    keys: HashMap<u64, String>,
    labels: HashSet<String>,
}

impl Vertices {
    /// Decides on keys: labels, if they are distinct.
    fn settle(&mut self, notes: &mut Vec<String>, source: &str) {
        if !self.keys.is_empty() {
            return;
        }
        let mut keys = HashMap::new();
        let mut taken = HashSet::new();
        let unnamed: HashSet<String> = self.rows.iter().filter(|row| row.2.is_none()).map(|row| row.1.to_string()).collect();
        for (_, number, label) in &self.rows {
            let Some(label) = label else { continue };
            if !taken.insert(label.clone()) || unnamed.contains(label) {
                notes.push(format!("{source}: two vertices have the label {}: keys are the vertices' numbers", shown(label)));
                return;
            }
            keys.insert(*number, label.clone());
        }
        self.keys = keys;
        self.labels = taken;
    }

    /// The key that a word in an edge means.
    fn key(&self, word: &str) -> Result<String, String> {
        match whole(word.as_bytes()) {
            Some(number) if number == 0 || (self.count > 0 && number > self.count) => {
                Err(format!("must be in 1 to {}, got {number}", self.count))
            }
            Some(number) => Ok(self.keys.get(&number).cloned().unwrap_or_else(|| number.to_string())),
            None if self.labels.contains(word) => Ok(word.to_owned()),
            None => Err(format!("no vertex: {}", shown(word))),
        }
    }
}

/// The words of a line; a quoted one may hold blanks.
fn quoted_words(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let quoted = rest.strip_prefix('"').and_then(|inner| inner.split_once('"'));
        let (word, after) = quoted.or_else(|| rest.split_once(char::is_whitespace)).unwrap_or((rest, ""));
        found.push(word);
        rest = after.trim_start();
    }
    found
}

/// The state of reading.
struct Reader<'a> {
    path: String,
    ties: Ties<'a>,
    vertices: Vertices,
    seen: Seen,
    section: Section,
    relation: Option<String>,
    /// Values of the matrix so far.
    cells: u64,
    notes: Vec<String>,
    skipped: Vec<String>,
    has_ties: bool,
    is_over: bool,
}

fn read(source: &mut Source, options: &ReadOptions, intake: &mut Intake) -> Result<Reading, IngestError> {
    let path = source.path.clone();
    let mut reader = Reader {
        path: path.display().to_string(),
        ties: Ties::new(options, intake),
        vertices: Vertices::default(),
        seen: Seen::default(),
        section: Section::Skipped,
        relation: None,
        cells: 0,
        notes: Vec::new(),
        skipped: Vec::new(),
        has_ties: false,
        is_over: false,
    };
    let mut lines = Lines::new(source);
    let mut is_odd = false;
    let mut has_section = false;
    while let Some(line) = lines.next()? {
        let text = line.bytes.trim_ascii();
        if text.is_empty() || text[0] == b'%' || reader.is_over {
            continue;
        }
        let number = line.number;
        let text = decoded(text, &mut is_odd);
        if text.starts_with('*') {
            has_section = true;
            reader.begin(number, &text);
        } else if !has_section {
            let what = "no line such as *Vertices 10 or *Arcs comes before the first row".to_owned();
            return Err(IngestError::Unusable { path, what });
        } else {
            reader.row(number, &text);
        }
    }
    let is_short =
        reader.section == Section::Vertices && !reader.has_ties && (reader.vertices.rows.len() as u64) < reader.vertices.count;
    let is_short = is_short || (reader.section == Section::Matrix && reader.cells < reader.matrix_size());
    if is_short || lines.window.broken.is_some() {
        let reason = lines.window.break_reason();
        reader.ties.reject(lines.end(), "row", reason);
    }
    let Reader { ties, mut vertices, seen, mut notes, skipped, .. } = reader;
    vertices.settle(&mut notes, &path.display().to_string());
    if !skipped.is_empty() {
        notes.push(format!("{}: passed over: {}", path.display(), skipped.join(", ")));
    }
    if is_odd {
        notes.push(format!("{}: not UTF-8: read as Latin-1 where it is not", path.display()));
    }
    let mut nodes = Nodes::new();
    let mode = vertices.first_set.and_then(|first| Some((first, nodes.column("mode")?)));
    let mut listed = seen;
    for (line, number, label) in &vertices.rows {
        listed.mark(*number);
        let key = vertices.keys.get(number).cloned().unwrap_or_else(|| number.to_string());
        let mode = mode.map(|(first, place)| (place, if *number <= first { "1" } else { "2" }.to_owned()));
        nodes.add(*line, &key, label.as_deref(), mode);
    }
    listed.add_others(vertices.count, &mut nodes, source, &mut notes);
    let is_undirected = ties.finish(&path, &mut notes)?;
    let accounts = nodes.into_accounts(source, FORMAT.name, &mut notes);
    Ok(Reading { notes, is_undirected, accounts })
}

impl Reader<'_> {
    /// Begins a section.
    fn begin(&mut self, line: u64, text: &str) {
        let word = section_word(text.as_bytes()).unwrap_or_default();
        let words = quoted_words(text);
        let is_within_other = self.section == Section::Skipped && !self.skipped.is_empty();
        self.section = match word.as_str() {
            "network" if self.has_ties || self.vertices.count > 0 => {
                self.is_over = true;
                self.notes.push(format!("{}: holds several networks; only the first was read", self.path));
                return;
            }
            "network" => Section::Skipped,
            // Partitions and vectors have a line *Vertices of their own.
            "vertices" if is_within_other || self.vertices.count > 0 => Section::Skipped,
            "vertices" => {
                let sizes: Vec<Option<u64>> = words[1..].iter().map(|word| whole(word.as_bytes())).collect();
                match sizes.first().copied().flatten() {
                    Some(count) => self.vertices.count = count,
                    None => self.ties.reject(line, "row", format!("no number of vertices: {}", shown(text))),
                }
                self.vertices.first_set = sizes.get(1).copied().flatten();
                Section::Vertices
            }
            "arcs" => Section::Pairs { is_directed: true },
            "edges" => Section::Pairs { is_directed: false },
            "arcslist" => Section::Lists { is_directed: true },
            "edgeslist" => Section::Lists { is_directed: false },
            "matrix" => {
                self.cells = 0;
                Section::Matrix
            }
            _ => Section::Skipped,
        };
        match self.section {
            Section::Skipped
                if !["network", "vertices"].contains(&word.as_str())
                    && self.skipped.len() < MOST_SKIPPED
                    && !self.skipped.contains(&format!("*{word}")) =>
            {
                self.skipped.push(format!("*{word}"));
            }
            Section::Skipped | Section::Vertices => {}
            _ => {
                self.has_ties = true;
                self.vertices.settle(&mut self.notes, &self.path);
                self.relation = relation(text, &words);
            }
        }
    }

    fn row(&mut self, line: u64, text: &str) {
        match self.section {
            Section::Skipped => {}
            Section::Vertices => self.vertex(line, text),
            Section::Pairs { is_directed } => {
                let words = quoted_words(text);
                let (Some(source), Some(target)) = (words.first(), words.get(1)) else {
                    return self.ties.reject(line, "target", "missing");
                };
                let weight = words.get(2).copied();
                self.tie(line, source, target, [weight, line_label(&words)], is_directed);
            }
            Section::Lists { is_directed } => {
                let words = quoted_words(text);
                if words.len() < 2 {
                    return self.ties.reject(line, "target", "missing");
                }
                for target in &words[1..] {
                    self.tie(line, words[0], target, [None, None], is_directed);
                }
            }
            Section::Matrix => {
                for word in text.split_whitespace() {
                    self.cell(line, word);
                }
            }
        }
    }

    fn vertex(&mut self, line: u64, text: &str) {
        let words = quoted_words(text);
        // A line of blanks that only Unicode knows has no words.
        let Some(word) = words.first() else { return };
        let number = whole(word.as_bytes()).filter(|&number| number > 0 && number <= self.vertices.count);
        match number {
            Some(number) => {
                let label = words.get(1).map(|label| label.trim().to_owned()).filter(|label| !label.is_empty());
                self.vertices.rows.push((line, number, label));
            }
            None => {
                let reason = format!("must be in 1 to {}, got {}", self.vertices.count, shown(word));
                self.ties.reject(line, "account", reason);
            }
        }
    }

    fn tie(&mut self, line: u64, source: &str, target: &str, [weight, label]: [Option<&str>; 2], is_directed: bool) {
        let keys = [("source", source), ("target", target)]
            .map(|(field, word)| self.vertices.key(word).map_err(|reason| (field, reason)));
        match keys {
            [Ok(one), Ok(other)] => {
                let mut tie = Tie::default();
                if let Some(weight) = weight {
                    tie.set(Ties::WEIGHT, weight);
                }
                if let Some(relation) = self.relation.as_deref().or(label) {
                    tie.set(Ties::RELATION, relation);
                }
                [source, target].into_iter().filter_map(|word| whole(word.as_bytes())).for_each(|number| self.seen.mark(number));
                self.ties.add(line, &one, &other, is_directed, &tie);
            }
            [Err((field, reason)), _] | [_, Err((field, reason))] => self.ties.reject(line, field, reason),
        }
    }

    /// Rows and columns of a matrix: those of the first set and of the second, if there are two.
    fn matrix_shape(&self) -> (u64, u64) {
        let count = self.vertices.count;
        match self.vertices.first_set.filter(|&first| first < count) {
            Some(first) => (first, count - first),
            None => (count, count),
        }
    }

    fn matrix_size(&self) -> u64 {
        let (rows, columns) = self.matrix_shape();
        rows.saturating_mul(columns)
    }

    /// The next value of a matrix, row by row.
    fn cell(&mut self, line: u64, word: &str) {
        let (rows, columns) = self.matrix_shape();
        if self.cells >= self.matrix_size() {
            return self.ties.reject(line, "row", format!("beyond the {rows} x {columns} values of the matrix"));
        }
        let (row, column) = (self.cells / columns + 1, self.cells % columns + 1);
        self.cells += 1;
        let column = if rows == self.vertices.count { column } else { rows + column };
        if word.parse::<f64>() != Ok(0.0) {
            self.tie(line, &row.to_string(), &column.to_string(), [Some(word), None], true);
        }
    }
}

/// The relation that a section names: `*Arcs :2 "advice"` is advice, `*Arcs :2` is 2.
fn relation(text: &str, words: &[&str]) -> Option<String> {
    let name = text.split_once('"').and_then(|(_, rest)| rest.split('"').next()).map(str::trim);
    let number = || words.iter().find_map(|word| word.split_once(':')).map(|(_, number)| number.trim());
    name.filter(|name| !name.is_empty()).or_else(number).filter(|name| !name.is_empty()).map(str::to_owned)
}

/// The label of a line, `l "word"` among its parameters: its relation, where the section names none.
fn line_label<'a>(words: &[&'a str]) -> Option<&'a str> {
    let place = words.iter().skip(2).position(|word| *word == "l")? + 3;
    words.get(place).copied().filter(|label| !label.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph_file::testing::{check, nodes, notes};

    #[test]
    fn labels_are_keys() {
        let text = "*Network made up\r\n% comment\r\n*Vertices 4\r\n 1 \"Ann Lee\" 0.1 0.2 ic Red\r\n2 bob\r\n3\r\n4 \"\"\r\n*arcs\r\n1 2 2.5 l \"x\"\r\n2 3\r\n";
        let text = text.replace("Ann Lee", "Ann_Lee");
        check(&FORMAT, &text, "Ann_Lee>bob*2.5:x bob>3 (4)", &[]);
        assert_eq!(nodes(&FORMAT, &text), ["account", "Ann_Lee", "bob", "3", "4"]);
        let blanks = nodes(&FORMAT, "*Vertices 2\n1 \"Ann Lee\"\n2 \"Bo \u{e9}\"\n*Edges\n1 2\n");
        assert_eq!(blanks, ["account", "Ann Lee", "Bo \u{e9}"]);
    }

    #[test]
    fn repeated_labels_are_names() {
        let text = "*Vertices 3\n1 \"x\"\n2 \"x\"\n3 \"y\"\n*Edges\n1 2\n2 3\n";
        check(&FORMAT, text, "1-2 2-3", &[]);
        assert_eq!(nodes(&FORMAT, text), ["account|name", "1|x", "2|x", "3|y"]);
        assert!(notes(&FORMAT, text)[0].contains("`x`"));
        check(&FORMAT, "*Vertices 2\n1 \"2\"\n*Arcs\n1 2\n", "2>2", &[]);
    }

    #[test]
    fn lists_matrices_and_relations() {
        check(&FORMAT, "*Vertices 3\n*Arcslist\n1 2 3\n*Edgeslist\n2 3\n", "1>2 1>3 2-3", &[]);
        check(&FORMAT, "*Vertices 3\n*Matrix\n0 1 0\n0 0 2.5\n-1 0 0\n", "1>2 2>3*2.5", &["5 weight above 0"]);
        check(&FORMAT, "*Vertices 5 2\n*Matrix\n0 1 0\n1 0 3\n", "1>4 2>3 2>5*3", &[]);
        assert_eq!(nodes(&FORMAT, "*Vertices 2 1\n1 a\n2 b\n*Edges\n1 2\n"), ["account|mode", "a|1", "b|2"]);
        let text = "*Vertices 2\n*Arcs :1 \"advice\"\n1 2\n*Arcs :2\n2 1 3\n*Edges\n1 2\n";
        check(&FORMAT, text, "1>2:advice 2>1*3:2 1-2", &[]);
        assert!(notes(&FORMAT, text)[0].contains("2 edges have a direction and 1 have none"));
    }

    #[test]
    fn other_sections_are_passed_over() {
        let text = "*Network a\n*Vertices 2\n1 \"a\"\n2 \"b\"\n*Arcs\n1 2\n\n*Partition p\n*Vertices 2\n1\n2\n*Network b\n*Vertices 2\n*Arcs\n2 1\n";
        check(&FORMAT, text, "a>b", &[]);
        let told = notes(&FORMAT, text);
        assert!(told[0].contains("several networks") && told[1].contains("*partition"), "{told:?}");
    }

    #[test]
    fn other_encodings_are_read() {
        let text = b"*Vertices 2\n1 \"M\xfcller\"\n2 \"M\xf6ller\"\n*Edges\n1 2\n";
        check(&FORMAT, text, "M\u{fc}ller-M\u{f6}ller", &[]);
        assert!(notes(&FORMAT, text)[0].contains("Latin-1"));
    }

    #[test]
    fn blanks_of_all_kinds_are_blank() {
        check(&FORMAT, "*Vertices 2\n\u{a0}\n1 a\n\u{2003}\n*Arcs\n1 2\n", "a>2", &[]);
    }

    #[test]
    fn bad_rows_cost_themselves() {
        let text = "*Vertices 2\n1 \"open\n7 \"x\"\n*Arcs\n1 9\n1\n1 nobody\n0 1\n1 2 x\n1 2\n2 \"open\n";
        let rejected = [
            "3 account 1 to 2",
            "5 target 1 to 2",
            "6 target missing",
            "7 target no vertex",
            "8 source 1 to 2",
            "9 weight no number",
        ];
        check(&FORMAT, text, "\"open>2 2>\"open", &rejected);
    }

    #[test]
    fn half_a_file_gives_its_half() {
        check(&FORMAT, "*Vertices 3\n1 \"a\"\n2 \"b", "(a) (\"b) (3)", &["3 row breaks off"]);
        check(&FORMAT, "*Vertices 3\n*Matrix\n0 1 0\n0 0", "1>2 (3)", &["4 row breaks off"]);
        check(&FORMAT, "*Vertices 99999999999\n*Arcs\n1 2\n2", "1>2", &["4 target missing"]);
    }
}
