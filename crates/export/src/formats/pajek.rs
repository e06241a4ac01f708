//! `pajek`: a `.net` file of labels, weights and relations; Pajek, NetworkX and igraph open it.
//!
//! A label is the account's key. Relations are the labels of arcs (`l "mention"`), not blocks `*Arcs :1 "mention"`: igraph refuses such blocks, and
//! NetworkX takes the head of the second for an arc. Quotes, backslashes and control characters, which readers of the format disagree
//! about, are replaced by `'`, `/` and a blank. Other columns have no place in it: `graphml` and `gexf` hold them.

use crate::error::Halt;
use crate::format::{Way, Writer};
use crate::labels::{Labels, numbers};
use crate::notes::Notes;
use crate::tables::Network;
use crate::text::number;
use std::borrow::Cow;
use std::io::Write;

pub(crate) const WRITER: Writer = Writer {
    name: "pajek",
    summary: "Pajek .net: labels, weights and relations",
    extension: "net",
    way: Way::Network { write, beside: None },
};

fn write(network: &Network, out: &mut dyn Write, notes: &mut Notes) -> Result<(), Halt> {
    let labels = Labels::of(network, clean)?;
    notes.renamed = labels.changed();
    notes.said.push("pajek holds keys, weights and relations; graphml and gexf hold every column".to_owned());
    let numbers = numbers(network)?;
    writeln!(out, "*Vertices {}", numbers.len())?;
    let key = network.accounts.place("account")?;
    let mut vertex = 0_u64;
    network.accounts.rows(&mut |row| {
        vertex += 1;
        writeln!(out, "{vertex} \"{}\"", labels.get(row.text(key)))?;
        Ok(())
    })?;
    out.write_all(if network.is_directed { b"*Arcs\n" } else { b"*Edges\n" })?;
    let edges = &network.edges;
    let [source, target, weight, relation] =
        [edges.place("source")?, edges.place("target")?, edges.place("weight")?, edges.place("relation")?];
    edges.rows(&mut |row| {
        let ends = [source, target].map(|end| numbers.get(row.text(end)).copied().unwrap_or_default());
        let relation = clean(row.text(relation));
        writeln!(out, "{} {} {} l \"{relation}\"", ends[0], ends[1], number(row.weight(weight)))?;
        Ok(())
    })?;
    Ok(())
}

/// A label that every reader takes the same way.
fn clean(label: &str) -> Cow<'_, str> {
    let is_bad = |character: char| {
        matches!(character, '"' | '\\') || character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
    };
    if !label.contains(is_bad) {
        return Cow::Borrowed(label);
    }
    let replaced = label.chars().map(|character| match character {
        '"' => '\'',
        '\\' => '/',
        other if is_bad(other) => ' ',
        other => other,
    });
    Cow::Owned(replaced.collect())
}
