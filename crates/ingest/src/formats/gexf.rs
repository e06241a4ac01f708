//! `gexf`: GEXF 1.1 to 1.3 as Gephi, NetworkX, Sigma and others write it, static and dynamic.
//!
//! Nodes go by their XML id; the label is the name, attributes are columns of the accounts, by their titles. Edges without a type are as
//! `defaultedgetype` says, which is undirected where it is not said; a mutual edge is one each way. An edge's `kind` (1.3) or an attribute such
//! as `relation` is its relation; its `label` is what is drawn. Each `start`, spell or timestamp of an edge is an event of its own. Times that are
//! numbers are years from 1000 up to 3000 and counts since 1970 from 1e8 on; others say nothing.
//!
//! Of a value that changes with time, a node has the latest. An edge has its `weight`, or else the mean of the weights that it had over
//! time. Nodes inside nodes are read as if they stood beside them; what `viz:` says is passed over.

use crate::IngestError;
use crate::format::{FormatSpec, ReadOptions, Reading};
use crate::formats::edges;
use crate::graph_file::xml::{Piece, Tag, Xml, root};
use crate::graph_file::{Moment, Nodes, Tie, Ties};
use crate::intake::Intake;
use crate::source::Source;
use std::collections::HashMap;

pub(crate) const FORMAT: FormatSpec = FormatSpec {
    name: "gexf",
    summary: "GEXF with attributes of nodes and edges, static or dynamic",
    claims: |head| root(head).is_some_and(|name| name == "gexf"),
    read,
};

/// An attribute as it is declared.
#[derive(Default)]
struct Attribute {
    title: String,
    default: Option<String>,
}

/// The attributes of nodes, or those of edges, by id; defaults in the order of the file.
#[derive(Default)]
struct Attributes {
    by_id: HashMap<String, Attribute>,
    with_default: Vec<String>,
}

/// A node whose end has not come.
struct Node {
    line: u64,
    id: String,
    label: Option<String>,
    /// Per attribute's id, since when and what.
    values: HashMap<String, (f64, String)>,
    level: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Directed,
    Undirected,
    Mutual,
}

impl Kind {
    fn of(word: Option<&str>, default: Self) -> Self {
        match word {
            Some("directed") => Self::Directed,
            Some("undirected") => Self::Undirected,
            Some("mutual") => Self::Mutual,
            _ => default,
        }
    }
}

/// An edge whose end has not come.
struct Edge {
    line: u64,
    source: String,
    target: String,
    kind: Kind,
    tie: Tie,
    /// Attributes that it has, by id.
    given: Vec<String>,
    /// Weights over time.
    weights: Vec<f64>,
    /// Other values that change: since when, name and value.
    changing: Vec<(f64, String, String)>,
    spoiled: Option<(&'static str, String)>,
}

struct Reader<'a> {
    ties: Ties<'a>,
    nodes: Nodes,
    default_kind: Kind,
    node_attributes: Attributes,
    edge_attributes: Attributes,
    /// Whether attributes of edges are being declared, and which.
    of_edges: bool,
    declared: Option<String>,
    default: Option<String>,
    open_nodes: Vec<Node>,
    /// Open lists of nodes: one, unless nodes hold nodes.
    level: usize,
    edge: Option<Edge>,
    averaged: u64,
    is_nested: bool,
}

fn read(source: &mut Source, options: &ReadOptions, intake: &mut Intake) -> Result<Reading, IngestError> {
    let path = source.path.clone();
    let mut reader = Reader {
        ties: Ties::new(options, intake),
        nodes: Nodes::new(),
        default_kind: Kind::Undirected,
        node_attributes: Attributes::default(),
        edge_attributes: Attributes::default(),
        of_edges: false,
        declared: None,
        default: None,
        open_nodes: Vec::new(),
        level: 0,
        edge: None,
        averaged: 0,
        is_nested: false,
    };
    let mut xml = Xml::new(source);
    let mut has_root = false;
    while let Some(piece) = xml.next()? {
        let line = xml.line;
        match piece {
            Piece::Start(tag) => {
                if !has_root && tag.name != "gexf" {
                    let what = format!("XML whose first element is <{}>, not <gexf>", tag.name);
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
                if let Some(default) = &mut reader.default {
                    default.push_str(&text);
                }
            }
            Piece::Broken(name, shown) => reader.broken(line, &name, &shown),
        }
        xml.wants_text = reader.default.is_some();
    }
    if !has_root {
        return Err(IngestError::Unusable { path, what: "no XML with a first element <gexf>".to_owned() });
    }
    if xml.is_whole {
        reader.finish_edge();
        while reader.finish_node() {}
    } else {
        let reason = xml.window.break_reason();
        reader.ties.reject(xml.window.line, "row", reason);
    }
    let mut notes = Vec::new();
    if xml.is_odd {
        notes.push(format!("{}: not UTF-8: read as Latin-1 where it is not", path.display()));
    }
    if reader.averaged > 0 {
        let edges = reader.averaged;
        notes.push(format!("{}: {edges} edges have weights that change with time: their mean was taken", path.display()));
    }
    if reader.is_nested {
        notes.push(format!("{}: nodes inside nodes are read as if they stood beside them", path.display()));
    }
    let is_undirected = reader.ties.finish(&path, &mut notes)?;
    let accounts = reader.nodes.into_accounts(source, FORMAT.name, &mut notes);
    Ok(Reading { notes, is_undirected, accounts })
}

/// Since when a value holds, as a number to compare; values without a time come first.
fn since(tag: &Tag) -> Option<f64> {
    let text = ["start", "startopen", "timestamp"].iter().find_map(|name| tag.get(name))?;
    Some(match (text.trim().parse::<f64>(), Moment::parse(text)) {
        (Ok(number), _) if !number.is_nan() => number,
        (_, Moment::At(time)) => time as f64,
        _ => f64::NEG_INFINITY,
    })
}

/// Whether a tag's content is bound to a time.
fn is_timed(tag: &Tag) -> bool {
    ["start", "startopen", "end", "endopen", "timestamp"].iter().any(|name| tag.get(name).is_some())
}

/// When an element begins to be: once, or several times (`timestamps="<[1, 2]>"`, `intervals="<[1, 2]; [4, 5]>"`).
fn beginnings(tag: &Tag) -> Vec<String> {
    let text = |text: &str| text.trim_matches(|sign: char| sign.is_whitespace() || "<>[]()".contains(sign)).to_owned();
    if let Some(start) = ["start", "startopen", "timestamp"].iter().find_map(|name| tag.get(name)) {
        return vec![start.to_owned()];
    }
    if let Some(list) = tag.get("timestamps") {
        return list.split(',').map(text).filter(|time| !time.is_empty()).collect();
    }
    let Some(list) = tag.get("intervals") else { return Vec::new() };
    list.split(';').filter_map(|interval| interval.split(',').next()).map(text).filter(|time| !time.is_empty()).collect()
}

impl Reader<'_> {
    fn start(&mut self, line: u64, tag: &Tag) {
        let word = |name: &str| tag.get(name).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        match tag.name.as_str() {
            "graph" => self.default_kind = Kind::of(tag.get("defaultedgetype"), Kind::Undirected),
            "attributes" => self.of_edges = tag.get("class") == Some("edge"),
            "attribute" => {
                let Some(id) = word("id") else { return };
                let title = word("title").unwrap_or_else(|| id.clone());
                self.attributes().by_id.insert(id.clone(), Attribute { title, default: None });
                self.declared = Some(id);
            }
            "default" if self.declared.is_some() => self.default = Some(String::new()),
            "nodes" => {
                self.level += 1;
                self.is_nested |= self.level > 1;
            }
            "edges" => self.finish_edge(),
            "node" => {
                self.make_room();
                match word("id") {
                    Some(id) => {
                        let (label, values) = (word("label"), HashMap::new());
                        self.open_nodes.push(Node { line, id, label, values, level: self.level });
                    }
                    None => self.ties.reject(line, "account", "a node without an id"),
                }
            }
            "edge" => {
                self.make_room();
                let [source, target] = ["source", "target"].map(|end| word(end).unwrap_or_default());
                let kind = Kind::of(tag.get("type"), self.default_kind);
                let mut tie = Tie::default();
                if !self.ties.is_named(Ties::TIME) {
                    tie.times = beginnings(tag);
                }
                for name in ["weight", "kind"] {
                    if let Some(value) = tag.get(name) {
                        self.ties.attribute(&mut tie, name, value);
                    }
                }
                let (given, weights, changing, spoiled) = (Vec::new(), Vec::new(), Vec::new(), None);
                self.edge = Some(Edge { line, source, target, kind, tie, given, weights, changing, spoiled });
            }
            "spell" | "slice" => {
                if let Some(edge) = &mut self.edge {
                    let times = if self.ties.is_named(Ties::TIME) { Vec::new() } else { beginnings(tag) };
                    edge.tie.times.extend(times);
                }
            }
            "attvalue" => self.value(tag),
            _ => {}
        }
    }

    fn attributes(&mut self) -> &mut Attributes {
        if self.of_edges { &mut self.edge_attributes } else { &mut self.node_attributes }
    }

    /// A value of the open edge or node.
    fn value(&mut self, tag: &Tag) {
        let (Some(id), Some(value)) = (tag.get("for").or_else(|| tag.get("id")), tag.get("value")) else { return };
        let since = since(tag);
        if let Some(edge) = &mut self.edge {
            let title = self.edge_attributes.by_id.get(id).map_or(id, |attribute| &attribute.title);
            edge.given.push(id.to_owned());
            let field = self.ties.field(title).map(|field| field.0);
            match field {
                None => {}
                Some(_) if !is_timed(tag) => self.ties.attribute(&mut edge.tie, title, value),
                Some(Ties::WEIGHT) => match value.trim().parse::<f64>() {
                    Ok(weight) => edge.weights.push(weight),
                    Err(_) => edge.spoiled = edges::weight(value.trim()).err().map(|reason| ("weight", reason)),
                },
                Some(_) => edge.changing.push((since.unwrap_or(f64::NEG_INFINITY), title.to_owned(), value.to_owned())),
            }
        } else if let Some(node) = self.open_nodes.last_mut() {
            let since = since.unwrap_or(f64::NEG_INFINITY);
            let is_later = node.values.get(id).is_none_or(|before| since >= before.0);
            if is_later {
                node.values.insert(id.to_owned(), (since, value.to_owned()));
            }
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "attribute" => self.declared = None,
            "default" => {
                if let (Some(id), Some(default)) = (self.declared.clone(), self.default.take()) {
                    let attributes = self.attributes();
                    if let Some(attribute) = attributes.by_id.get_mut(&id) {
                        attribute.default = Some(default.trim().to_owned());
                        attributes.with_default.push(id);
                    }
                }
            }
            "edge" => self.finish_edge(),
            "node" => {
                self.level = self.open_nodes.last().map_or(self.level, |open| open.level);
                self.finish_node();
            }
            "nodes" => {
                while self.open_nodes.last().is_some_and(|open| open.level >= self.level) {
                    self.finish_node();
                }
                self.level = self.level.saturating_sub(1);
            }
            _ => {}
        }
    }

    /// A tag that is not well formed costs the record that it begins or belongs to.
    fn broken(&mut self, line: u64, name: &str, shown: &str) {
        let reason = format!("not well formed: {shown}");
        match name {
            "node" | "edge" => {
                self.make_room();
                self.ties.reject(line, "row", reason);
            }
            "attvalue" | "spell" => match &mut self.edge {
                Some(edge) => edge.spoiled = Some(("row", reason)),
                None => self.ties.reject(line, "row", reason),
            },
            _ => self.ties.reject(line, "row", reason),
        }
    }

    /// Ends the open edge, and a node that is open in the same list: its end was forgotten.
    fn make_room(&mut self) {
        self.finish_edge();
        while self.open_nodes.last().is_some_and(|open| open.level >= self.level) {
            self.finish_node();
        }
    }

    fn finish_edge(&mut self) {
        let Some(mut edge) = self.edge.take() else { return };
        if let Some((field, reason)) = edge.spoiled {
            return self.ties.reject(edge.line, field, reason);
        }
        if !edge.weights.is_empty() && !edge.tie.has(Ties::WEIGHT) {
            self.averaged += u64::from(edge.weights.len() > 1);
            let mean = edge.weights.iter().sum::<f64>() / edge.weights.len() as f64;
            edge.tie.set(Ties::WEIGHT, mean.to_string());
        }
        edge.changing.sort_by(|one, other| other.0.total_cmp(&one.0));
        for (_, title, value) in &edge.changing {
            self.ties.attribute(&mut edge.tie, title, value);
        }
        for id in &self.edge_attributes.with_default {
            if let Some(Attribute { title, default: Some(default) }) = self.edge_attributes.by_id.get(id)
                && !edge.given.contains(id)
            {
                self.ties.attribute(&mut edge.tie, title, default);
            }
        }
        let Edge { line, source, target, kind, tie, .. } = edge;
        let is_taken = self.ties.add(line, &source, &target, kind != Kind::Undirected, &tie);
        if is_taken && kind == Kind::Mutual && source != target {
            self.ties.add_again(&target, &source, true, &tie);
        }
    }

    /// Enters the node that was opened last; `false` if there is none.
    fn finish_node(&mut self) -> bool {
        let Some(Node { line, id, label, mut values, .. }) = self.open_nodes.pop() else { return false };
        for id in &self.node_attributes.with_default {
            if let Some(Attribute { default: Some(default), .. }) = self.node_attributes.by_id.get(id) {
                values.entry(id.clone()).or_insert_with(|| (f64::NEG_INFINITY, default.clone()));
            }
        }
        let mut values: Vec<(String, String)> = values.into_iter().map(|(id, (_, value))| (id, value)).collect();
        values.sort();
        let column = |(id, value): (String, String)| {
            let title = self.node_attributes.by_id.get(&id).map_or(id.as_str(), |attribute| &attribute.title);
            Some((self.nodes.column(title)?, value))
        };
        let cells: Vec<_> = values.into_iter().filter_map(column).collect();
        self.nodes.add(line, &id, label.as_deref(), cells);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph_file::testing::{check, nodes, notes};

    fn document(graph: &str, body: &str) -> String {
        format!("<?xml version=\"1.0\"?>\n<gexf xmlns=\"x\" version=\"1.2\">\n<graph {graph}>\n{body}\n</graph>\n</gexf>\n")
    }

    #[test]
    fn types_of_edges() {
        let body = "<nodes><node id=\"c\"/></nodes><edges><edge source=\"a\" target=\"b\" weight=\"2.5\" label=\"x\"/></edges>";
        check(&FORMAT, document("", body), "a-b*2.5 (c)", &[]);
        check(&FORMAT, document("defaultedgetype=\"directed\"", body), "a>b*2.5 (c)", &[]);
        let body = "<edges><edge source=\"a\" target=\"b\"/><edge source=\"a\" target=\"c\" type=\"directed\" kind=\"reply\"/>\
                    <edge source=\"a\" target=\"d\" type=\"mutual\"/></edges>";
        check(&FORMAT, document("", body), "a-b a>c:reply a>d d>a", &[]);
        assert!(notes(&FORMAT, document("", body))[0].contains("3 edges have a direction and 1 have none"));
    }

    #[test]
    fn attributes_and_labels() {
        let body = "<attributes class=\"node\"><attribute id=\"0\" title=\"Role\" type=\"string\"><default>nurse</default></attribute>\
                    <attribute id=\"1\" title=\"score\" type=\"integer\"/></attributes>\
                    <attributes class=\"edge\"><attribute id=\"0\" title=\"value\"/><attribute id=\"1\" title=\"relation\"/></attributes>\
                    <nodes><node id=\"a\" label=\"Ann &lt;3\"><attvalues><attvalue for=\"1\" value=\"5\" start=\"2005\"/>\
                    <attvalue for=\"1\" value=\"7\" start=\"2004.0\"/></attvalues><viz:size value=\"3\"/>\
                    <nodes><node id=\"b\" label=\"b\"><attvalues><attvalue id=\"0\" value=\"patient\"/></attvalues></node></nodes></node></nodes>\
                    <edges><edge source=\"a\" target=\"b\"><attvalues><attvalue for=\"0\" value=\"3\"/><attvalue for=\"1\" value=\"likes\"/></attvalues></edge></edges>";
        check(&FORMAT, document("", body), "a-b*3:likes", &[]);
        assert_eq!(nodes(&FORMAT, document("", body)), ["account|name|Role|score", "b|-|patient|-", "a|Ann <3|nurse|5"]);
    }

    #[test]
    fn times_and_weights_that_change() {
        let body = "<attributes class=\"edge\" mode=\"dynamic\"><attribute id=\"weight\" title=\"Weight\"/></attributes><edges>\
                    <edge source=\"a\" target=\"b\"><attvalues><attvalue for=\"weight\" value=\"1\" start=\"2001\"/>\
                    <attvalue for=\"weight\" value=\"4\" start=\"2002\"/></attvalues></edge>\
                    <edge source=\"a\" target=\"c\" start=\"1971.0\" end=\"1972.0\"/>\
                    <edge source=\"a\" target=\"d\"><spells><spell start=\"1970-01-02\" end=\"1970-01-03\"/><spell start=\"1970-01-04\"/></spells></edge>\
                    <edge source=\"a\" target=\"e\" timestamps=\"&lt;[1970.0, 1971.0]&gt;\"/><edge source=\"a\" target=\"f\" intervals=\"&lt;[1971, 1972]&gt;\"/>\
                    <edge source=\"a\" target=\"g\" start=\"3\"/></edges>";
        let text = document("mode=\"dynamic\"", body);
        check(&FORMAT, &text, "a-b*2.5 a-c@31536000 a-d@86400 a-d@259200 a-e@0 a-e@31536000 a-f@31536000 a-g", &[]);
        let told = notes(&FORMAT, &text);
        assert!(told[0].contains("1 edges have weights that change") && told[1].contains("1 times are numbers"), "{told:?}");
    }

    #[test]
    fn damage_costs_one_record() {
        let body = "<nodes><node id=\"a\">\n<node label=\"x\"/>\n<node id=\"b/>\n<node id=\"c\"/></nodes><edges>\n<edge source=\"a\" target=\"c\" weight=\"0\"/>\n\
                    <edge source=\"a\"/>\n<edge source=\"a\" target=\"c\" start=\"soon\"/>\n<edge source=\"a\" target=\"c\"><attvalues><attvalue for=x/></attvalues></edge>\n\
                    <edge source=\"c\" target=\"a\"/></edges>";
        let rejected = [
            "5 account without an id",
            "6 row not well formed",
            "8 weight above 0",
            "9 target empty",
            "10 time no date",
            "11 row not well",
        ];
        check(&FORMAT, document("", body), "c-a", &rejected);
        let deep = document("", &"<nodes><node id=\"a\">".repeat(20_000));
        check(&FORMAT, deep, &"(a) ".repeat(20_000), &[]);
    }

    #[test]
    fn half_a_file_gives_its_half() {
        let whole = document(
            "",
            "<edges><edge source=\"a\" target=\"b\"/>\n<edge source=\"b\" target=\"c\"><spells></spells></edge>\n</edges>",
        );
        for cut in ["=\"c\">", "\"c", "</spells>", "</ed"] {
            let at = whole.find(cut).unwrap() + cut.len();
            check(&FORMAT, &whole[..at], "a-b", &["5 row breaks off"]);
        }
    }
}
