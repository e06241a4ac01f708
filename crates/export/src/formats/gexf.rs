//! `gexf`: accounts and edges in one XML file for Gephi; NetworkX opens it too (igraph does not read this format).
//!
//! Version 1.2 (draft), which every reader knows. A node's id is the account's key and its label the handle, or the key where there is none; columns
//! are typed attributes, left out where they are null. Relations are parallel edges with the attribute `relation`. An edge exists from its
//! first time to its last (`start`, `end`); where no edge has a time the graph is static. The times are ISO 8601 under `timeformat="date"`: Gephi
//! reads both, and NetworkX fails at `dateTime`.

use crate::cells::{Cell, Kind, Row};
use crate::error::Halt;
use crate::format::{Way, Writer};
use crate::labels::Labels;
use crate::notes::Notes;
use crate::tables::{Network, Table};
use crate::text::{number, plain, time, xml, xml_clean};
use std::io::Write;

pub(crate) const WRITER: Writer =
    Writer { name: "gexf", summary: "GEXF 1.2: Gephi, NetworkX", extension: "gexf", way: Way::Network { write, beside: None } };

fn write(network: &Network, out: &mut dyn Write, notes: &mut Notes) -> Result<(), Halt> {
    let labels = Labels::of(network, xml_clean)?;
    notes.renamed = labels.changed();
    let (accounts, edges) = (&network.accounts, &network.edges);
    let times = edges.optional("first").zip(edges.optional("last"));
    let (default, mode) = (
        if network.is_directed { "directed" } else { "undirected" },
        if times.is_some() { "mode=\"dynamic\" timeformat=\"date\"" } else { "mode=\"static\"" },
    );
    out.write_all(
        b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gexf xmlns=\"http://www.gexf.net/1.2draft\" version=\"1.2\">\n",
    )?;
    writeln!(out, "  <graph defaultedgetype=\"{default}\" {mode}>")?;
    let node_values = Values::new(accounts, &["account"]);
    let edge_values = Values::new(edges, &["source", "target", "weight", "first", "last"]);
    node_values.declare("node", out, notes)?;
    edge_values.declare("edge", out, notes)?;
    let (key, handle) = (accounts.place("account")?, accounts.optional("handle"));
    let mut none = 0;
    out.write_all(b"    <nodes>\n")?;
    accounts.rows(&mut |row| {
        let id = xml(labels.get(row.text(key)), &mut none);
        let label = match handle.map(|handle| row.text(handle)).filter(|handle| !handle.is_empty()) {
            Some(handle) => xml(handle, &mut none),
            None => id.clone(),
        };
        writeln!(out, "      <node id=\"{id}\" label=\"{label}\">")?;
        node_values.write(&row, out, notes)?;
        out.write_all(b"      </node>\n")?;
        Ok(())
    })?;
    out.write_all(b"    </nodes>\n    <edges>\n")?;
    let [source, target, weight] = [edges.place("source")?, edges.place("target")?, edges.place("weight")?];
    let mut id = 0_u64;
    edges.rows(&mut |row| {
        let ends = [source, target].map(|end| xml(labels.get(row.text(end)), &mut none));
        let weight = number(row.weight(weight));
        write!(out, "      <edge id=\"{id}\" source=\"{}\" target=\"{}\" weight=\"{weight}\"", ends[0], ends[1])?;
        id += 1;
        if let Some((first, last)) = times {
            for (name, place) in [("start", first), ("end", last)] {
                if let Cell::Time(micros) = row.cell(place) {
                    write!(out, " {name}=\"{}\"", time(micros))?;
                }
            }
        }
        out.write_all(b">\n")?;
        edge_values.write(&row, out, notes)?;
        out.write_all(b"      </edge>\n")?;
        Ok(())
    })?;
    out.write_all(b"    </edges>\n  </graph>\n</gexf>\n")?;
    Ok(())
}

/// The columns that become attributes: place, name, type.
struct Values {
    columns: Vec<(usize, String, &'static str)>,
}

impl Values {
    fn new(table: &Table, without: &[&str]) -> Self {
        let columns = table.columns().into_iter().enumerate().filter(|(_, (name, _))| !without.contains(&name.as_str()));
        let described = columns.map(|(place, (name, kind))| {
            let kind = match kind {
                Kind::Real => "double",
                Kind::Whole => "long",
                Kind::Truth => "boolean",
                Kind::Text | Kind::Time | Kind::Words => "string",
            };
            (place, name, kind)
        });
        Self { columns: described.collect() }
    }

    fn declare(&self, class: &str, out: &mut dyn Write, notes: &mut Notes) -> std::io::Result<()> {
        writeln!(out, "    <attributes class=\"{class}\">")?;
        for (place, name, kind) in &self.columns {
            let title = xml(name, &mut notes.replaced);
            writeln!(out, "      <attribute id=\"{place}\" title=\"{title}\" type=\"{kind}\"/>")?;
        }
        out.write_all(b"    </attributes>\n")
    }

    fn write(&self, row: &Row<'_>, out: &mut dyn Write, notes: &mut Notes) -> std::io::Result<()> {
        let mut is_open = false;
        for (place, ..) in &self.columns {
            let Some(text) = plain(&row.cell(*place)) else { continue };
            if !is_open {
                out.write_all(b"        <attvalues>\n")?;
                is_open = true;
            }
            writeln!(out, "          <attvalue for=\"{place}\" value=\"{}\"/>", xml(&text, &mut notes.replaced))?;
        }
        if is_open { out.write_all(b"        </attvalues>\n") } else { Ok(()) }
    }
}
