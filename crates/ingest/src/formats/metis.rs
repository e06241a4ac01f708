//! `metis`: graph files of METIS and its kin. A head `n m [format [constraints]]`, then a line of neighbours a vertex; undirected.
//!
//! Keys are the vertices' numbers from 1. The format's three digits say whether lines begin with a size, hold weights of the vertex (these
//! are passed over), and have a weight behind each neighbour. Each edge stands in the lines of both its ends and counts once; one that only
//! one line has is taken all the same, and a note says how many these were.

use crate::IngestError;
use crate::format::{FormatSpec, ReadOptions, Reading, is_binary};
use crate::formats::edges::weight;
use crate::graph_file::lines::{whole, words};
use crate::graph_file::{Lines, Nodes, Seen, Ties, decoded};
use crate::intake::Intake;
use crate::rejection::shown;
use crate::source::Source;
use std::collections::BTreeSet;
use std::path::Path;

pub(crate) const FORMAT: FormatSpec = FormatSpec {
    name: "metis",
    summary: "graph files of METIS: a head `n m`, then a line of neighbours a vertex; undirected",
    claims: |head| looks_like(head).is_some_and(|look| look.is_sure()),
    read,
};

/// Whether a file is named like one, so that less evidence will do.
pub(crate) fn is_named(path: &Path, head: &[u8]) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let name = [".gz", ".zst", ".bz2", ".xz"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(&name);
    (name.ends_with(".graph") || name.ends_with(".metis")) && looks_like(head).is_some()
}

/// The head line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Head {
    vertices: u64,
    edges: u64,
    has_weights: bool,
    /// Numbers before the neighbours.
    skipped: u64,
}

impl Head {
    fn parse(line: &[u8]) -> Option<Self> {
        let words: Vec<&[u8]> = words(line).collect();
        if !(2..=4).contains(&words.len()) {
            return None;
        }
        let format = words.get(2).copied().unwrap_or(b"0");
        let is_flag = |word: &[u8]| word.len() <= 3 && word.iter().all(|digit| matches!(digit, b'0' | b'1'));
        let constraints = words.get(3).map_or(Some(1), |word| whole(word).filter(|&count| count <= 64))?;
        if !is_flag(format) {
            return None;
        }
        let flag = |place: usize| format.len().checked_sub(place).is_some_and(|at| format[at] == b'1');
        let skipped = u64::from(flag(3)) + if flag(2) { constraints } else { 0 };
        Some(Self { vertices: whole(words[0])?, edges: whole(words[1])?, has_weights: flag(1), skipped })
    }
}

/// How the beginning of a file fits.
struct Look {
    vertices: u64,
    /// Lines after the head up to the last that is not blank.
    lines: u64,
    /// Blank lines at the end.
    blank: u64,
    /// How many fields lines have.
    widths: BTreeSet<usize>,
    is_all: bool,
}

impl Look {
    /// Ragged lines, or lines of several widths and just as many as there are vertices: a list of edges has the same number of fields in
    /// each line.
    fn is_sure(&self) -> bool {
        let is_ragged = self.widths.len() > 2 && self.widths.iter().any(|&width| width > 3);
        let is_full = self.is_all && self.lines + self.blank >= self.vertices;
        is_ragged || (is_full && (self.widths.len() > 1 || self.lines < self.vertices))
    }
}

/// Digits and blanks, a head that can be one, no neighbour beyond the last vertex, and no more lines than vertices.
fn looks_like(head: &[u8]) -> Option<Look> {
    if is_binary(head) {
        return None;
    }
    let is_all = head.len() < crate::source::HEAD;
    let whole_lines = match memchr::memrchr(b'\n', head) {
        Some(at) if !is_all || at + 1 == head.len() => &head[..at],
        _ if is_all => head,
        _ => return None,
    };
    let mut lines = whole_lines.split(|&byte| byte == b'\n').filter(|line| !line.trim_ascii_start().starts_with(b"%"));
    let first = Head::parse(lines.find(|line| !line.trim_ascii().is_empty())?)?;
    let mut look = Look { vertices: first.vertices, lines: 0, blank: 0, widths: BTreeSet::new(), is_all };
    for line in lines {
        let numbers: Vec<u64> = words(line).map(whole).collect::<Option<_>>()?;
        let is_vertex = |&number: &u64| (1..=first.vertices).contains(&number);
        if !first.has_weights && !numbers.iter().skip(first.skipped as usize).all(is_vertex) {
            return None;
        }
        if numbers.is_empty() {
            look.blank += 1;
            continue;
        }
        if look.blank > 0 {
            look.widths.insert(0);
        }
        look.lines += std::mem::take(&mut look.blank) + 1;
        look.widths.insert(numbers.len());
    }
    (look.lines > 0 && look.lines <= first.vertices).then_some(look)
}

/// The neighbours with larger numbers of each vertex so far, to know which edges stand in both lines.
#[derive(Default)]
struct Forward {
    ends: Vec<usize>,
    neighbours: Vec<u64>,
}

impl Forward {
    /// Closes the line of a vertex.
    fn close(&mut self) {
        let start = self.ends.last().copied().unwrap_or(0);
        self.neighbours[start..].sort_unstable();
        self.ends.push(self.neighbours.len());
    }

    /// Whether the line of an earlier vertex holds this neighbour.
    fn holds(&self, vertex: u64, neighbour: u64) -> bool {
        let line = (vertex - 1) as usize;
        let start = if line == 0 { 0 } else { self.ends[line - 1] };
        self.neighbours[start..self.ends[line]].binary_search(&neighbour).is_ok()
    }
}

fn read(source: &mut Source, options: &ReadOptions, intake: &mut Intake) -> Result<Reading, IngestError> {
    let path = source.path.clone();
    let mut ties = Ties::new(options, intake);
    let mut lines = Lines::new(source);
    let mut head: Option<Head> = None;
    let mut vertex = 0;
    let mut forward = Forward::default();
    let (mut returned, mut one_sided, mut loops) = (0u64, 0u64, 0u64);
    let mut seen = Seen::default();
    let mut cut = None;
    while let Some(line) = lines.next()? {
        let text = line.bytes.trim_ascii();
        if text.starts_with(b"%") || (head.is_none() && text.is_empty()) {
            continue;
        }
        let Some(head) = head else {
            head = Head::parse(text);
            if head.is_none() {
                let what =
                    format!("the first line {} is no head `n m [format [constraints]]`", shown(&decoded(text, &mut false)));
                return Err(IngestError::Unusable { path, what });
            }
            continue;
        };
        if vertex == head.vertices {
            if !text.is_empty() {
                ties.reject(line.number, "row", format!("beyond the {vertex} vertices that the first line announces"));
            }
            continue;
        }
        if !line.is_whole && vertex + 1 < head.vertices {
            cut = Some(line.number);
            break;
        }
        vertex += 1;
        let mut fields = words(text).skip(head.skipped as usize);
        while let Some(word) = fields.next() {
            let weight =
                if head.has_weights { fields.next().map(|word| weight(&decoded(word, &mut false))) } else { Some(Ok(1.0)) };
            let neighbour = match whole(word) {
                Some(number) if (1..=head.vertices).contains(&number) => number,
                _ => {
                    let reason = format!("must be in 1 to {}, got {}", head.vertices, shown(&decoded(word, &mut false)));
                    ties.reject(line.number, "target", reason);
                    continue;
                }
            };
            let weight = match weight {
                Some(Ok(weight)) => weight,
                Some(Err(reason)) => {
                    ties.reject(line.number, "weight", reason);
                    continue;
                }
                None => {
                    ties.reject(line.number, "weight", "missing");
                    continue;
                }
            };
            if neighbour < vertex && forward.holds(neighbour, vertex) {
                returned += 1;
                continue;
            }
            match neighbour.cmp(&vertex) {
                std::cmp::Ordering::Less => one_sided += 1,
                std::cmp::Ordering::Equal => loops += 1,
                std::cmp::Ordering::Greater => forward.neighbours.push(neighbour),
            }
            [vertex, neighbour].into_iter().for_each(|end| seen.mark(end));
            ties.add_numbers(line.number, [vertex, neighbour], false, weight);
        }
        forward.close();
    }
    let mut notes = Vec::new();
    let announced = head.map_or(0, |head| head.vertices);
    // A file may end without the blank lines of its last vertices; their edges are counted.
    let is_short = vertex < announced && head.is_some_and(|head| ties.count() < head.edges);
    if cut.is_some() || lines.window.broken.is_some() || is_short {
        let reason = lines.window.break_reason();
        ties.reject(cut.unwrap_or(lines.end()), "row", format!("{reason} ({vertex} of {announced} vertices)"));
    } else {
        one_sided += (forward.neighbours.len() as u64).saturating_sub(returned);
        if one_sided > 0 {
            notes.push(format!("{}: {one_sided} edges stand in the line of one end only; they were taken", path.display()));
        }
        let found = ties.count();
        // Some count a self-loop as half an edge.
        if let Some(head) = head.filter(|head| !(head.edges..=head.edges + loops).contains(&found)) {
            notes.push(format!("{}: {found} edges where the first line announces {}", path.display(), head.edges));
        }
    }
    let mut nodes = Nodes::new();
    seen.add_others(vertex, &mut nodes, source, &mut notes);
    let is_undirected = ties.finish(&path, &mut notes)?;
    let accounts = nodes.into_accounts(source, FORMAT.name, &mut notes);
    Ok(Reading { notes, is_undirected, accounts })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph_file::testing::{check, notes};

    #[test]
    fn each_edge_counts_once() {
        check(&FORMAT, "% made up\n4 2\n2 3\n1\n1\n\n", "1-2 1-3 (4)", &[]);
        check(&FORMAT, "3 2 1\r\n2 5 3 7\r\n1 5\r\n1 7\r\n", "1-2*5 1-3*7", &[]);
        check(&FORMAT, "3 2 111 2\n9 8 7 2 5\n9 8 7 1 5 3 4\n9 8 7 2 4\n", "1-2*5 2-3*4", &[]);
        check(&FORMAT, "2 2\n1 2\n1\n", "1-1 1-2", &[]);
    }

    #[test]
    fn edges_of_one_side_are_taken_and_told() {
        check(&FORMAT, "4 3\n2\n\n2\n1\n", "1-2 3-2 4-1", &[]);
        let told = notes(&FORMAT, "4 3\n2\n\n2\n1\n");
        assert!(told[0].contains("3 edges stand in the line of one end only"), "{told:?}");
        assert!(notes(&FORMAT, "3 9\n2 3\n1\n1\n")[0].contains("2 edges where the first line announces 9"));
    }

    #[test]
    fn bad_neighbours_cost_themselves() {
        let text = "3 2 1\n2 5 9 1\n1 5 3 0\nx 1 2\n4 1\n";
        check(
            &FORMAT,
            text,
            "1-2*5 (3)",
            &["2 target 1 to 3", "3 weight above 0", "4 target 1 to 3", "4 weight missing", "5 row beyond the 3"],
        );
    }

    #[test]
    fn half_a_file_gives_its_half() {
        check(&FORMAT, "5 4\n2 3\n1\n1 4", "1-2 1-3", &["4 row breaks off"]);
        check(&FORMAT, "18446744073709551615 3\n2 3\n1\n", "1-2 1-3", &["4 row breaks off"]);
    }

    #[test]
    fn other_lists_of_numbers_are_left_alone() {
        let claims = |text: &str| (FORMAT.claims)(text.as_bytes());
        assert!(claims("4 2\n2 3\n1\n1\n\n"));
        assert!(claims("6 7 0\n2 3 5\n1\n1 4 5 6\n3 5\n1 3 4\n3\n"));
        for edges in ["3 3\n1 2\n2 3\n3 1\n", "5 3\n1 2\n2 3\n4 5\n", "1 2\n2 3\n3 4 5\n", "1 2 1\n2 3 1\n", "9 2\n1 2\n3 4 5\n"]
        {
            assert!(!claims(edges), "{edges:?}");
        }
        assert!(is_named(Path::new("ring.graph.gz"), b"3 3\n2 3\n1 3\n1 2\n"));
        assert!(!is_named(Path::new("ring.graph"), b"a b\nb c\n"));
    }
}
