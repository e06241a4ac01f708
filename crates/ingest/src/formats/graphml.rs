//! `graphml`: GraphML as NetworkX, igraph, yEd, Gephi and others write it.
//!
//! A node's key is its XML id. igraph numbers its nodes `n0`, `n1`, ... and keeps what they were called: where all nodes before the first edge
//! are such and have distinct attributes `id`, which are not such numbers again, these are the keys; else, in a file that says that igraph
//! made it, distinct attributes `name` are. Data go by the names that `attr.name` gives them:
//! of nodes, they are columns of the accounts; of edges, weight, time and relation. Defaults count. Edges have the direction that they say, or
//! else the graph (`edgedefault`). Graphs inside nodes are read as if they stood beside them; ports and drawings are passed over; a
//! hyperedge, which joins more than two nodes, is rejected.

use crate::IngestError;
use crate::format::{FormatSpec, ReadOptions, Reading};
use crate::graph_file::xml::{Piece, Tag, Xml, root};
use crate::graph_file::{Nodes, Tie, Ties};
use crate::intake::Intake;
use crate::source::Source;
use std::collections::{HashMap, HashSet};

pub(crate) const FORMAT: FormatSpec = FormatSpec {
    name: "graphml",
    summary: "GraphML with attributes of nodes and edges",
    claims: |head| root(head).is_some_and(|name| name == "graphml"),
    read,
};

/// What a `<key>` declares.
#[derive(Default)]
struct Key {
    /// `None` for drawings.
    name: Option<String>,
    of_nodes: bool,
    of_edges: bool,
    default: Option<String>,
}

/// A node whose end has not come.
struct Node {
    line: u64,
    id: String,
    values: Vec<(String, String)>,
    /// How many graphs it stands in.
    level: usize,
}

/// An edge whose end has not come.
struct Edge {
    line: u64,
    source: String,
    target: String,
    is_directed: bool,
    tie: Tie,
    /// Keys of data that it has.
    given: Vec<String>,
    /// Why it cannot be used.
    spoiled: Option<String>,
}

/// The text of a `<data>` or `<default>`.
struct Data {
    key: String,
    text: String,
    has_elements: bool,
}

struct Reader<'a> {
    ties: Ties<'a>,
    nodes: Nodes,
    keys: HashMap<String, Key>,
    /// Ids of keys with a default, in the order of the file.
    defaults: Vec<String>,
    open_key: Option<String>,
    /// Whether edges of each open graph have a direction.
    graphs: Vec<bool>,
    open_nodes: Vec<Node>,
    edge: Option<Edge>,
    data: Option<Data>,
    /// An element whose data are not the node's: a port or a hyperedge.
    inside: Option<String>,
    names: Names,
    /// Whether the file says that igraph made it.
    is_by_igraph: bool,
    is_nested: bool,
}

/// Attributes in which igraph keeps what a node was called, best first.
const CALLED: [&str; 2] = ["id", "name"];

/// What igraph's nodes were called.
enum Names {
    /// By XML id, until an edge comes.
    Gathered(HashMap<String, [Option<String>; 2]>),
    /// By XML id, and the attribute that holds it.
    Taken(HashMap<String, String>, &'static str),
    None,
}

/// Whether an id is one of igraph's numbers.
fn is_numbered(id: &str) -> bool {
    id.strip_prefix('n').is_some_and(|number| number.parse::<u64>().is_ok())
}

fn read(source: &mut Source, options: &ReadOptions, intake: &mut Intake) -> Result<Reading, IngestError> {
    let path = source.path.clone();
    let mut reader = Reader {
        ties: Ties::new(options, intake),
        nodes: Nodes::new(),
        keys: HashMap::new(),
        defaults: Vec::new(),
        open_key: None,
        graphs: Vec::new(),
        open_nodes: Vec::new(),
        edge: None,
        data: None,
        inside: None,
        names: Names::Gathered(HashMap::new()),
        is_by_igraph: false,
        is_nested: false,
    };
    let mut xml = Xml::new(source);
    let mut has_root = false;
    while let Some(piece) = xml.next()? {
        let line = xml.line;
        reader.is_by_igraph |= xml.is_by_igraph;
        match piece {
            Piece::Start(tag) => {
                if !has_root && tag.name != "graphml" {
                    let what = format!("XML whose first element is <{}>, not <graphml>", tag.name);
                    return Err(IngestError::Unusable { path, what });
                }
                has_root = true;
                reader.start(line, &tag);
                if tag.is_all {
                    reader.end(&tag.name);
                }
            }
            Piece::End(name) => reader.end(&name),
            Piece::Text(text) => {
                if let Some(data) = &mut reader.data {
                    data.text.push_str(&text);
                }
            }
            Piece::Broken(name, shown) => reader.broken(line, &name, &shown),
        }
        xml.wants_text = reader.data.is_some();
    }
    if !has_root {
        return Err(IngestError::Unusable { path, what: "no XML with a first element <graphml>".to_owned() });
    }
    if !xml.is_whole {
        let reason = xml.window.break_reason();
        reader.ties.reject(xml.window.line, "row", reason);
    } else {
        reader.finish_edge();
        while reader.finish_node() {}
    }
    reader.settle_names();
    let mut notes = Vec::new();
    if xml.is_odd {
        notes.push(format!("{}: not UTF-8: read as Latin-1 where it is not", path.display()));
    }
    if reader.is_nested {
        notes.push(format!("{}: graphs inside nodes are read as if they stood beside them", path.display()));
    }
    if let Names::Taken(_, attribute) = reader.names {
        let path = path.display();
        notes.push(format!("{path}: nodes go by their attribute `{attribute}`, in which igraph keeps what they are called"));
    }
    let is_undirected = reader.ties.finish(&path, &mut notes)?;
    let accounts = reader.nodes.into_accounts(source, FORMAT.name, &mut notes);
    Ok(Reading { notes, is_undirected, accounts })
}

impl Reader<'_> {
    fn start(&mut self, line: u64, tag: &Tag) {
        match tag.name.as_str() {
            "key" => {
                let Some(id) = tag.get("id") else { return };
                let domain = tag.get("for").unwrap_or("all");
                let is_drawing = tag.get("yfiles.type").is_some();
                let key = Key {
                    name: tag.get("attr.name").or(Some(id)).filter(|_| !is_drawing).map(str::to_owned),
                    of_nodes: matches!(domain, "node" | "all"),
                    of_edges: matches!(domain, "edge" | "all"),
                    default: None,
                };
                self.keys.insert(id.to_owned(), key);
                self.open_key = Some(id.to_owned());
            }
            "default" => {
                if let Some(key) = self.open_key.clone() {
                    self.data = Some(Data { key, text: String::new(), has_elements: false });
                }
            }
            "graph" => {
                self.graphs.push(tag.get("edgedefault") != Some("undirected"));
                self.is_nested |= self.graphs.len() > 1;
            }
            "node" => {
                self.finish_edge();
                self.inside = None;
                let level = self.graphs.len();
                // A node that has not ended and holds no graph has lost its end.
                while self.open_nodes.last().is_some_and(|open| open.level >= level) {
                    self.finish_node();
                }
                match tag.get("id").filter(|id| !id.trim().is_empty()) {
                    Some(id) => self.open_nodes.push(Node { line, id: id.trim().to_owned(), values: Vec::new(), level }),
                    None => self.ties.reject(line, "account", "a node without an id"),
                }
            }
            "edge" => {
                self.finish_edge();
                self.inside = None;
                let level = self.graphs.len();
                while self.open_nodes.last().is_some_and(|open| open.level >= level) {
                    self.finish_node();
                }
                let end = |name| tag.get(name).unwrap_or_default().trim().to_owned();
                let is_directed = match tag.get("directed") {
                    Some("true" | "1") => true,
                    Some("false" | "0") => false,
                    _ => self.graphs.last().copied().unwrap_or(true),
                };
                let (source, target) = (end("source"), end("target"));
                let (tie, given, spoiled) = (Tie::default(), Vec::new(), None);
                self.edge = Some(Edge { line, source, target, is_directed, tie, given, spoiled });
            }
            "hyperedge" => {
                self.finish_edge();
                self.ties.reject(line, "row", "a hyperedge joins any number of nodes; only edges of two are read");
                self.inside = Some(tag.name.clone());
            }
            "port" => self.inside = Some(tag.name.clone()),
            "data" => {
                self.finish_data();
                if let Some(key) = tag.get("key").filter(|_| self.inside.is_none()) {
                    self.data = Some(Data { key: key.to_owned(), text: String::new(), has_elements: false });
                }
            }
            _ => {
                if let Some(data) = &mut self.data {
                    data.has_elements = true;
                }
            }
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "key" => self.open_key = None,
            "default" => {
                if let Some(data) = self.data.take()
                    && let Some(key) = self.keys.get_mut(&data.key)
                {
                    key.default = Some(data.text).filter(|_| !data.has_elements);
                    self.defaults.push(data.key);
                }
            }
            "data" => self.finish_data(),
            "edge" => self.finish_edge(),
            "node" => {
                self.finish_data();
                // A graph inside it that lost its end ends with it.
                if let Some(level) = self.open_nodes.last().map(|open| open.level) {
                    self.graphs.truncate(level);
                }
                self.finish_node();
            }
            "graph" => {
                self.finish_edge();
                let level = self.graphs.len();
                while self.open_nodes.last().is_some_and(|open| open.level >= level) {
                    self.finish_node();
                }
                self.graphs.pop();
            }
            "port" | "hyperedge" if self.inside.as_deref() == Some(name) => self.inside = None,
            _ => {}
        }
    }

    /// A tag that is not well formed costs the record that it begins or belongs to.
    fn broken(&mut self, line: u64, name: &str, shown: &str) {
        let reason = format!("not well formed: {shown}");
        match name {
            "node" | "edge" => {
                self.finish_edge();
                let level = self.graphs.len();
                while self.open_nodes.last().is_some_and(|open| open.level >= level) {
                    self.finish_node();
                }
                self.ties.reject(line, "row", reason);
            }
            "data" => {
                self.data = None;
                match &mut self.edge {
                    Some(edge) => edge.spoiled = Some(reason),
                    None => self.ties.reject(line, "row", reason),
                }
            }
            _ => self.ties.reject(line, "row", reason),
        }
    }

    fn finish_data(&mut self) {
        let Some(Data { key, text, has_elements: false }) = self.data.take() else { return };
        let Some(Key { name: Some(name), .. }) = self.keys.get(&key) else { return };
        if let Some(edge) = &mut self.edge {
            self.ties.attribute(&mut edge.tie, name, text.trim());
            edge.given.push(key);
        } else if let Some(node) = self.open_nodes.last_mut() {
            node.values.push((name.clone(), text));
        }
    }

    fn finish_edge(&mut self) {
        self.finish_data();
        let Some(mut edge) = self.edge.take() else { return };
        if let Some(reason) = edge.spoiled {
            return self.ties.reject(edge.line, "row", reason);
        }
        for id in &self.defaults {
            if let Some(Key { name: Some(name), of_edges: true, default: Some(default), .. }) = self.keys.get(id)
                && !edge.given.contains(id)
            {
                self.ties.attribute(&mut edge.tie, name, default.trim());
            }
        }
        self.settle_names();
        let called = |id: &str| match &self.names {
            Names::Taken(names, _) => names.get(id).cloned(),
            _ => None,
        };
        let [source, target] = [edge.source, edge.target].map(|id| called(&id).unwrap_or(id));
        self.ties.add(edge.line, &source, &target, edge.is_directed, &edge.tie);
    }

    /// Enters the node that was opened last; `false` if there is none.
    fn finish_node(&mut self) -> bool {
        self.finish_data();
        let Some(node) = self.open_nodes.pop() else { return false };
        let Node { line, mut id, mut values, .. } = node;
        for key in &self.defaults {
            if let Some(Key { name: Some(name), of_nodes: true, default: Some(default), .. }) = self.keys.get(key)
                && !values.iter().any(|value| value.0 == *name)
            {
                values.push((name.clone(), default.clone()));
            }
        }
        let called = |attribute: &str| {
            let name = values.iter().find(|value| value.0 == attribute).map(|value| value.1.trim().to_owned());
            name.filter(|name| !name.is_empty())
        };
        match &mut self.names {
            Names::Gathered(names) if is_numbered(&id) => drop(names.insert(id.clone(), CALLED.map(called))),
            names @ Names::Gathered(_) => *names = Names::None,
            Names::Taken(names, attribute) => {
                if let Some(name) = called(attribute) {
                    names.insert(id, name.clone());
                    id = name;
                }
                values.retain(|value| value.0 != CALLED[0]);
            }
            Names::None => {}
        }
        let values = values.into_iter().filter_map(|(name, value)| Some((self.nodes.column(&name)?, value)));
        let values: Vec<_> = values.collect();
        self.nodes.add(line, &id, None, values);
        true
    }

    /// Decides whether nodes go by an attribute of igraph's, once the first edge comes.
    fn settle_names(&mut self) {
        let Names::Gathered(gathered) = &self.names else { return };
        let candidate = |place: usize| {
            let names: Option<HashMap<String, String>> =
                gathered.iter().map(|(id, called)| Some((id.clone(), called[place].clone()?))).collect();
            names.filter(|names| !names.is_empty() && names.values().collect::<HashSet<_>>().len() == names.len())
        };
        let ids = candidate(0).filter(|names| !names.values().all(|name| is_numbered(name)));
        let found = match ids {
            Some(names) => Some((names, CALLED[0])),
            None => candidate(1).filter(|_| self.is_by_igraph).map(|names| (names, CALLED[1])),
        };
        self.names = match found {
            Some((names, attribute)) => {
                // A name is worth telling beside the key: words in it may tell a role.
                self.nodes.rename(&names, CALLED[0]);
                Names::Taken(names, attribute)
            }
            None => Names::None,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::ColumnMap;
    use crate::graph_file::testing::{check, check_with, nodes, notes};

    fn document(default: &str, keys: &str, body: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?>\n<graphml xmlns=\"x\">{keys}\n<graph edgedefault=\"{default}\">\n{body}\n</graph></graphml>\n"
        )
    }

    const WEIGHT: &str = "<key id=\"w\" for=\"edge\" attr.name=\"weight\"><default>2</default></key><key id=\"t\" for=\"edge\" attr.name=\"time\"/>";

    #[test]
    fn data_and_defaults() {
        let body = "<node id=\"a\"/><node id=\"b\"/><node id=\"z\"/>\n<edge source=\"a\" target=\"b\"><data key=\"w\">5</data></edge>\
                    <edge source='b' target='a'><data key='t'>1970-01-02</data></edge>";
        check(&FORMAT, document("directed", WEIGHT, body), "a>b*5 b>a*2@86400 (z)", &[]);
        check(&FORMAT, document("undirected", "", "<edge source=\"a\" target=\"b\"/>"), "a-b", &[]);
        let body = "<edge source=\"a\" target=\"b\"/><edge source=\"a\" target=\"b\" directed=\"false\"/>";
        check(&FORMAT, document("directed", "", body), "a>b a-b", &[]);
        let keys = "<key id=\"d0\" for=\"node\" attr.name=\"role\"><default>nurse</default></key><key id=\"d1\" for=\"node\" attr.name=\"Bio\"/>\
                    <key id=\"d2\" for=\"node\" yfiles.type=\"nodegraphics\"/>";
        let body = "<node id=\"a\"><data key=\"d1\">x &amp; <![CDATA[<y>]]> &#233; &own;</data></node>\
                    <node id=\"b\"><data key=\"d0\">patient</data><data key=\"d2\"><y:Shape><y:Label>no</y:Label></y:Shape></data></node>";
        let table = nodes(&FORMAT, document("directed", keys, body));
        assert_eq!(table[0], "account|Bio|role");
        assert_eq!(table[2], "b|-|patient");
        assert!(table[1].contains("<y>") && table[1].ends_with("nurse"), "{table:?}");
    }

    #[test]
    fn columns_that_are_said() {
        let options = ReadOptions {
            columns: ColumnMap::parse("weight=Score").unwrap(),
            relation: Some("likes".to_owned()),
            ..ReadOptions::default()
        };
        let keys = "<key id=\"w\" for=\"edge\" attr.name=\"weight\"/><key id=\"s\" for=\"edge\" attr.name=\"score\"/>";
        let body = "<edge source=\"a\" target=\"b\"><data key=\"w\">5</data><data key=\"s\">7</data></edge>";
        check_with(&FORMAT, document("directed", keys, body), &options, "a>b*7:likes", &[]);
    }

    #[test]
    fn names_that_igraph_keeps() {
        let keys = "<key id=\"v_id\" for=\"node\" attr.name=\"id\"/><key id=\"v_name\" for=\"node\" attr.name=\"name\"/>";
        let body = "<node id=\"n0\"><data key=\"v_id\">ann</data><data key=\"v_name\">Ann</data></node>\
                    <node id=\"n1\"><data key=\"v_id\">bob</data></node><edge source=\"n0\" target=\"n1\"/>";
        check(&FORMAT, document("directed", keys, body), "ann>bob", &[]);
        assert_eq!(nodes(&FORMAT, document("directed", keys, body)), ["account|name", "ann|Ann", "bob|-"]);
        check(&FORMAT, document("directed", keys, &body.replace("bob", "ann")), "n0>n1", &[]);
        check(&FORMAT, document("directed", keys, &body.replace("\"n1\"", "\"x\"")), "n0>x", &[]);
        let numbered = body.replace("ann", "n1").replace("bob</data>", "n0</data><data key=\"v_name\">Bob</data>");
        check(&FORMAT, document("directed", keys, &numbered), "n0>n1", &[]);
        let by_igraph = format!("<!-- Created by igraph -->{keys}");
        check(&FORMAT, document("directed", &by_igraph, &numbered), "Ann>Bob", &[]);
        assert_eq!(nodes(&FORMAT, document("directed", &by_igraph, &numbered)), ["account|name", "Ann|Ann", "Bob|Bob"]);
    }

    #[test]
    fn graphs_in_nodes_ports_and_hyperedges() {
        let body = "<node id=\"a\"><port name=\"p\"><data key=\"w\">x</data></port><graph edgedefault=\"undirected\"><node id=\"a1\"/><node id=\"a2\"/>\
                    <edge source=\"a1\" target=\"a2\"/></graph></node>\n<hyperedge><endpoint node=\"a\"/></hyperedge><node id=\"b\"/><edge source=\"a\" target=\"b\"/>";
        check(&FORMAT, document("directed", "", body), "a1-a2 a>b", &["5 row hyperedge"]);
        assert!(notes(&FORMAT, document("directed", "", body)).iter().any(|note| note.contains("inside nodes")));
        let deep = "<node id=\"a\"><graph>".repeat(20_000);
        let count = nodes(&FORMAT, document("directed", "", &deep)).len();
        assert_eq!(count, 20_001, "one row a node and the header");
    }

    #[test]
    fn damage_costs_one_record() {
        let keys = WEIGHT;
        let body = "<node id=\"a\"><node id=\"b\"/>\n<edge source=\"a\" target=\"b>\n<edge source=\"b\" target=\"a\"/>\n<edge source=\"a\"/>\n\
                    <edge source=\"a\" target=\"b\"><data key=\"w>3</data></edge>\n<edge source=\"a\" target=\"b\"><data key=\"w\">-1</data></edge>\n\
                    <edge source=a target=\"b\"/><node/></graph></nonsense>\n<edge source=\"c\" target=\"a\"><data key=\"t\">soon</data></edge>\
                    <edge source=\"c\" target=\"b\"/>";
        let rejected = [
            "5 row not well formed",
            "7 target empty",
            "8 row not well formed",
            "9 weight above 0",
            "10 account without an id",
            "10 row not well formed",
            "11 time no date",
        ];
        check(&FORMAT, document("directed", keys, body), "b>a*2 c>b*2", &rejected);
        let laughs = "<?xml version=\"1.0\"?><!DOCTYPE graphml [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]>\
                      <graphml><graph><edge source=\"&b;\" target=\"x\"/></graph></graphml>";
        check(&FORMAT, laughs, "&b;>x", &[]);
    }

    #[test]
    fn half_a_file_gives_its_half() {
        let whole = document(
            "directed",
            WEIGHT,
            "<edge source=\"a\" target=\"b\"/>\n<edge source=\"b\" target=\"c\"><data key=\"w\">3</data></edge>",
        );
        for cut in ["=\"c\">", "\"c", "3</data>", "</ed"] {
            let at = whole.find(cut).unwrap() + cut.len();
            check(&FORMAT, &whole[..at], "a>b*2", &["5 row breaks off"]);
        }
    }
}
