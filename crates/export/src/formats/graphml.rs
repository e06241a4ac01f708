//! `graphml`: accounts and edges in one XML file that NetworkX, igraph, Gephi, yEd and Cytoscape open.
//!
//! A node's id is the account's key; every other column is a typed `data` element, left out where it is null. Relations are parallel edges with the
//! attribute `relation`. Times and lists are strings (ISO 8601; words joined by `; `). Line ends, tabs and `<&>` come back as they were;
//! control characters, which XML cannot hold, are replaced.

use crate::cells::{Kind, Row};
use crate::error::Halt;
use crate::format::{Way, Writer};
use crate::labels::Labels;
use crate::notes::Notes;
use crate::tables::{Network, Table};
use crate::text::{plain, xml, xml_clean};
use std::io::Write;

pub(crate) const WRITER: Writer = Writer {
    name: "graphml",
    summary: "GraphML: NetworkX, igraph, Gephi, yEd, Cytoscape",
    extension: "graphml",
    way: Way::Network { write, beside: None },
};

fn write(network: &Network, out: &mut dyn Write, notes: &mut Notes) -> Result<(), Halt> {
    let labels = Labels::of(network, xml_clean)?;
    notes.renamed = labels.changed();
    let (accounts, edges) = (&network.accounts, &network.edges);
    let node_data = Data::new("n", accounts, &["account"], notes);
    let edge_data = Data::new("e", edges, &["source", "target"], notes);
    out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n")?;
    node_data.declare("node", out)?;
    edge_data.declare("edge", out)?;
    let default = if network.is_directed { "directed" } else { "undirected" };
    writeln!(out, "  <graph edgedefault=\"{default}\">")?;
    let key = accounts.place("account")?;
    let mut none = 0;
    accounts.rows(&mut |row| {
        writeln!(out, "    <node id=\"{}\">", xml(labels.get(row.text(key)), &mut none))?;
        node_data.write(&row, out, notes)?;
        out.write_all(b"    </node>\n")?;
        Ok(())
    })?;
    let (source, target) = (edges.place("source")?, edges.place("target")?);
    let mut number = 0_u64;
    edges.rows(&mut |row| {
        let ends = [source, target].map(|end| xml(labels.get(row.text(end)), &mut none));
        writeln!(out, "    <edge id=\"e{number}\" source=\"{}\" target=\"{}\">", ends[0], ends[1])?;
        number += 1;
        edge_data.write(&row, out, notes)?;
        out.write_all(b"    </edge>\n")?;
        Ok(())
    })?;
    out.write_all(b"  </graph>\n</graphml>\n")?;
    Ok(())
}

/// The columns that become `data` elements: place, id, name escaped, type.
struct Data {
    columns: Vec<(usize, String, String, &'static str)>,
}

impl Data {
    fn new(prefix: &str, table: &Table, without: &[&str], notes: &mut Notes) -> Self {
        let columns = table.columns().into_iter().enumerate().filter(|(_, (name, _))| !without.contains(&name.as_str()));
        let described = columns.map(|(place, (name, kind))| {
            let kind = match kind {
                Kind::Real => "double",
                Kind::Whole => "long",
                Kind::Truth => "boolean",
                Kind::Text | Kind::Time | Kind::Words => "string",
            };
            (place, format!("{prefix}{place}"), xml(&name, &mut notes.replaced), kind)
        });
        Self { columns: described.collect() }
    }

    fn declare(&self, what: &str, out: &mut dyn Write) -> std::io::Result<()> {
        self.columns.iter().try_for_each(|(_, id, name, kind)| {
            writeln!(out, "  <key id=\"{id}\" for=\"{what}\" attr.name=\"{name}\" attr.type=\"{kind}\"/>")
        })
    }

    fn write(&self, row: &Row<'_>, out: &mut dyn Write, notes: &mut Notes) -> std::io::Result<()> {
        for (place, id, ..) in &self.columns {
            if let Some(text) = plain(&row.cell(*place)) {
                writeln!(out, "      <data key=\"{id}\">{}</data>", xml(&text, &mut notes.replaced))?;
            }
        }
        Ok(())
    }
}
