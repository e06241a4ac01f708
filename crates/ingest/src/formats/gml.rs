//! `gml`: Graph Modelling Language as NetworkX, igraph, yEd, Gephi and others write it.
//!
//! Nodes go by their `id`; `label` is the name, other single values are columns of the accounts. Of edges, `value`, `weight`, `time`, `type` and
//! the like are weight, time and relation; their `label` is what is drawn and not a relation. A graph without `directed 1` is undirected. Lists in
//! nodes and edges (`graphics [ ... ]`) are passed over.

use crate::IngestError;
use crate::format::{FormatSpec, ReadOptions, Reading, is_binary};
use crate::graph_file::{Lines, Nodes, Tie, Ties, decoded};
use crate::intake::Intake;
use crate::source::Source;
use quick_xml::escape::unescape;
use std::borrow::Cow;

pub(crate) const FORMAT: FormatSpec = FormatSpec {
    name: "gml",
    summary: "Graph Modelling Language, with attributes of nodes and edges",
    claims: |head| !is_binary(head) && begins_like_one(head),
    read,
};

/// A quoted value is cut here.
const LONGEST_VALUE: usize = 1 << 20;
/// Attributes of an edge that are no field of it.
const OTHER: &[&str] = &["label", "id", "key"];

/// A word first, and `graph [` at the beginning of a line.
fn begins_like_one(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head));
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut is_first = true;
    while let Some(line) = lines.next() {
        if is_first && !line.starts_with(|sign: char| sign.is_ascii_alphabetic()) {
            return false;
        }
        is_first = false;
        let word = line.get(..5).filter(|word| word.eq_ignore_ascii_case("graph"));
        if word.is_some() {
            let rest = line[5..].trim_start();
            return rest.starts_with('[') || (rest.is_empty() && lines.next().is_some_and(|next| next.starts_with('[')));
        }
    }
    false
}

/// What an open bracket holds.
#[derive(Clone, Debug)]
enum Open {
    Graph,
    Node { line: u64, id: Option<String>, label: Option<String>, values: Vec<(usize, String)> },
    Edge { line: u64, source: Option<String>, target: Option<String>, tie: Tie },
    Other,
}

struct Reader<'a> {
    ties: Ties<'a>,
    nodes: Nodes,
    open: Vec<Open>,
    is_directed: bool,
    /// A key whose value has not come, and its line.
    key: Option<(u64, String)>,
    /// A quoted value whose end has not come, and its line.
    quoted: Option<(u64, String)>,
    has_graph: bool,
}

fn read(source: &mut Source, options: &ReadOptions, intake: &mut Intake) -> Result<Reading, IngestError> {
    let path = source.path.clone();
    let mut reader = Reader {
        ties: Ties::new(options, intake),
        nodes: Nodes::new(),
        open: Vec::new(),
        is_directed: false,
        key: None,
        quoted: None,
        has_graph: false,
    };
    let mut lines = Lines::new(source);
    let mut is_odd = false;
    while let Some(line) = lines.next()? {
        let number = line.number;
        reader.line(number, &decoded(line.bytes, &mut is_odd));
    }
    if !reader.has_graph {
        return Err(IngestError::Unusable { path, what: "no `graph [` in it".to_owned() });
    }
    if !reader.open.is_empty() || reader.quoted.is_some() || lines.window.broken.is_some() {
        let reason = lines.window.break_reason();
        reader.ties.reject(lines.end(), "row", reason);
    }
    let mut notes = Vec::new();
    if is_odd {
        notes.push(format!("{}: not UTF-8: read as Latin-1 where it is not", path.display()));
    }
    let is_undirected = reader.ties.finish(&path, &mut notes)?;
    let accounts = reader.nodes.into_accounts(source, FORMAT.name, &mut notes);
    Ok(Reading { notes, is_undirected, accounts })
}

/// The key of a line that begins a node or an edge.
fn begins_record(line: &str) -> bool {
    let line = line.trim();
    ["node", "edge"].iter().any(|word| line.strip_prefix(word).is_some_and(|rest| matches!(rest.trim_start(), "" | "[")))
}

impl Reader<'_> {
    fn line(&mut self, number: u64, text: &str) {
        let mut rest = text;
        if let Some((_, value)) = &mut self.quoted {
            if begins_record(text) {
                // The end of a quoted value was forgotten: its record is lost, and this line begins the next.
                self.quoted = None;
                self.key = None;
            } else {
                let (part, after) = text.split_once('"').map_or((text, None), |(part, after)| (part, Some(after)));
                if value.len() < LONGEST_VALUE {
                    value.push('\n');
                    value.push_str(part);
                }
                let Some(after) = after else { return };
                let whole = self.quoted.take().map(|quoted| quoted.1).unwrap_or_default();
                self.value(unescape(&whole).unwrap_or(Cow::Borrowed(&whole)));
                rest = after;
            }
        }
        loop {
            rest = rest.trim_start();
            let Some(first) = rest.chars().next() else { return };
            match first {
                '#' => return,
                '[' => {
                    let (line, key) = self.key.take().unwrap_or((number, String::new()));
                    self.begin(line, &key);
                    rest = &rest[1..];
                }
                ']' => {
                    self.key = None;
                    self.end();
                    rest = &rest[1..];
                }
                '"' => match rest[1..].split_once('"') {
                    Some((value, after)) => {
                        self.value(unescape(value).unwrap_or(Cow::Borrowed(value)));
                        rest = after;
                    }
                    None => {
                        self.quoted = Some((number, rest[1..].to_owned()));
                        return;
                    }
                },
                _ => {
                    let end =
                        rest.find(|sign: char| sign.is_whitespace() || matches!(sign, '[' | ']' | '"')).unwrap_or(rest.len());
                    let word = &rest[..end];
                    rest = &rest[end..];
                    // A word is a value only where its key stands in the same line.
                    let is_value = self.key.as_ref().is_some_and(|key| key.0 == number || !first.is_alphabetic());
                    if is_value {
                        self.value(Cow::Borrowed(word));
                    } else {
                        self.key = Some((number, word.to_owned()));
                    }
                }
            }
        }
    }

    fn begin(&mut self, line: u64, key: &str) {
        let is_record = |open: &Open| matches!(open, Open::Node { .. } | Open::Edge { .. });
        let opened = match key.to_ascii_lowercase().as_str() {
            "graph" => {
                self.has_graph = true;
                Open::Graph
            }
            "node" => Open::Node { line, id: None, label: None, values: Vec::new() },
            "edge" => Open::Edge { line, source: None, target: None, tie: Tie::default() },
            _ => Open::Other,
        };
        if is_record(&opened)
            && let Some(at) = self.open.iter().position(is_record)
        {
            // A record inside a record: the bracket that ends the first was forgotten.
            if let Open::Node { line, .. } | Open::Edge { line, .. } = self.open[at] {
                self.ties.reject(line, "row", "its bracket is not closed");
            }
            self.open.truncate(at);
        }
        self.open.push(opened);
    }

    fn end(&mut self) {
        match self.open.pop() {
            Some(Open::Node { line, id, label, values }) => match id {
                Some(id) => self.nodes.add(line, &id, label.as_deref(), values),
                None => self.ties.reject(line, "account", "a node without an id"),
            },
            Some(Open::Edge { line, source, target, tie }) => {
                let [source, target] = [source, target].map(Option::unwrap_or_default);
                self.ties.add(line, &source, &target, self.is_directed, &tie);
            }
            _ => {}
        }
    }

    fn value(&mut self, value: Cow<'_, str>) {
        let Some((_, key)) = self.key.take() else { return };
        match self.open.last_mut() {
            Some(Open::Graph) if key.eq_ignore_ascii_case("directed") => self.is_directed = value.trim() == "1",
            Some(Open::Node { id, label, values, .. }) => match key.as_str() {
                "id" => *id = Some(value.trim().to_owned()).filter(|id| !id.is_empty()),
                "label" => *label = Some(value.into_owned()),
                _ => values.extend(self.nodes.column(&key).map(|place| (place, value.into_owned()))),
            },
            Some(Open::Edge { source, target, tie, .. }) => match key.as_str() {
                "source" => *source = Some(value.into_owned()),
                "target" => *target = Some(value.into_owned()),
                key if OTHER.contains(&key) => {}
                key => self.ties.attribute(tie, key, &value),
            },
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph_file::testing::{check, nodes, notes};

    #[test]
    fn nodes_and_edges() {
        let text = "Creator \"made up\"\n# comment ]\ngraph\n[\n  directed 1\n  node\n  [\n    id 1\n    label \"Ann &amp; B&#233;\"\n    bio \"two\nlines\"\n  ]\n\
                    node [ id 2 label \"2\" graphics [ x 1.5 node \"no\" ] role nurse ]\n  edge [ source 1 target 2 value 2.5 label \"x\" ]\n\
                    edge\n[\nsource 3\ntarget 1\ntime \"1970-01-02\"\ntype \"reply\"\n]\n]\n";
        check(&FORMAT, text, "1>2*2.5 3>1@86400:reply", &[]);
        assert_eq!(nodes(&FORMAT, text), ["account|name|bio|role", "1|Ann & B\u{e9}|two\nlines|-", "2|-|-|nurse"]);
        check(
            &FORMAT,
            "graph [ edge [ source 1 target 2 ] node [ id 99999999999999999999 ] ]",
            "1-2 (99999999999999999999)",
            &[],
        );
        check(&FORMAT, "graph [\r\n directed 0\r\n edge [\r\n source 1\r\n target 2\r\n ]\r\n]\r\n", "1-2", &[]);
    }

    #[test]
    fn damage_costs_one_record() {
        let text = "graph [\n  node [\n    id 1\n    label \"open\n  ]\n  node [\n    id 2\n  ]\n  edge [\n    source 1\n    target 2\n    weight x\n  ]\n\
                    edge [\n    source\n    target 2\n  ]\n  node [ label \"n\" ]\n edge [ source 1 target 2 value 0 ]\n ] ] ]\n edge [ source 2 target 1 ]\n";
        let rejected =
            ["2 row not closed", "9 weight no number", "14 source empty", "18 account without an id", "19 weight above 0"];
        check(&FORMAT, text, "2-1", &rejected);
        let deep = format!("graph [ {} node [ id 1 ]", "a [ ".repeat(200_000));
        check(&FORMAT, deep, "(1)", &["1 row breaks off"]);
    }

    #[test]
    fn half_a_file_gives_its_half() {
        let whole = "graph [\n  edge [\n    source 1\n    target 2\n  ]\n  edge [\n    source 2\n    target 3\n  ]\n]\n";
        for cut in ["target 3", "edge [\n    source 2", "2\n  ]"] {
            let at = whole.rfind(cut).unwrap() + cut.len();
            let line = whole[..at].lines().count() as u64;
            check(&FORMAT, &whole[..at], "1-2", &[&format!("{line} row breaks off")]);
        }
        check(&FORMAT, &whole[..whole.len() - 2], "1-2 2-3", &["10 row breaks off"]);
    }

    #[test]
    fn other_encodings_and_other_text() {
        let text = b"graph [ node [ id 1 label \"M\xfcller\" ] edge [ source 1 target 1 ] ]";
        assert_eq!(nodes(&FORMAT, text), ["account|name", "1|M\u{fc}ller"]);
        assert!(notes(&FORMAT, text)[0].contains("Latin-1"));
        let claims = |text: &str| (FORMAT.claims)(text.as_bytes());
        assert!(claims("Version 1\n\nGRAPH [\n"));
        assert!(claims("graph\n[\n"));
        for other in ["graph,x\na,b\n", "digraph { a -> b }", "1 2\ngraph [\n", ""] {
            assert!(!claims(other), "{other:?}");
        }
    }
}
