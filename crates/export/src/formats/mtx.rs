//! `mtx`: the weighted adjacency matrix in coordinate form (Matrix Market), which every library of sparse matrices opens.
//!
//! The entry in row i, column j is the weight of the edge from account i to account j, added over relations (`--relation` takes one alone). An
//! undirected network is a symmetric matrix, of which the format holds the lower triangle. Rows count from 1 in the order of the accounts;
//! the file NAME.accounts.csv beside it says which is whose. Times and attributes have no place in it.

use crate::error::Halt;
use crate::format::{Beside, Options, Way, Writer};
use crate::formats::csv::text_cell;
use crate::labels::numbers;
use crate::notes::Notes;
use crate::tables::Network;
use crate::text::number;
use std::io::Write;

pub(crate) const WRITER: Writer = Writer {
    name: "mtx",
    summary: "Matrix Market: the weighted adjacency matrix, with a file that names its rows",
    extension: "mtx",
    way: Way::Network { write, beside: Some(Beside { ending: ".accounts.csv", write: write_accounts }) },
};

fn write(network: &Network, out: &mut dyn Write, notes: &mut Notes) -> Result<(), Halt> {
    if network.relations.len() > 1 {
        let relations = network.relations.join(", ");
        notes.said.push(format!("a matrix has no relations: weights of {relations} are added; --relation NAME takes one alone"));
    }
    let numbers = numbers(network)?;
    let mut entries = 0_u64;
    pairs(network, &mut |_, _, _| {
        entries += 1;
        Ok(())
    })?;
    let symmetry = if network.is_directed { "general" } else { "symmetric" };
    writeln!(out, "%%MatrixMarket matrix coordinate real {symmetry}")?;
    let meaning =
        if network.is_directed { "row i, column j: weight of the edge from account i to account j" } else { "weights of pairs" };
    writeln!(out, "% {meaning}, from 1; the accounts' keys stand in the file .accounts.csv beside this one")?;
    writeln!(out, "{} {} {entries}", numbers.len(), numbers.len())?;
    pairs(network, &mut |source, target, weight| {
        let ends = [source, target].map(|end| numbers.get(end).copied().unwrap_or_default());
        let ends = if network.is_directed { ends } else { [ends[0].max(ends[1]), ends[0].min(ends[1])] };
        writeln!(out, "{} {} {}", ends[0], ends[1], number(weight))?;
        Ok(())
    })
}

/// Every pair of accounts with an edge and its weight over all relations: the rows of a pair follow each other.
fn pairs(network: &Network, visit: &mut dyn FnMut(&str, &str, f64) -> Result<(), Halt>) -> Result<(), Halt> {
    let edges = &network.edges;
    let [source, target, weight] = [edges.place("source")?, edges.place("target")?, edges.place("weight")?];
    let mut open: Option<(String, String, f64)> = None;
    edges.rows(&mut |row| {
        let ends = (row.text(source), row.text(target));
        match &mut open {
            Some((from, to, sum)) if (from.as_str(), to.as_str()) == ends => *sum += row.weight(weight),
            _ => {
                let next = (ends.0.to_owned(), ends.1.to_owned(), row.weight(weight));
                if let Some((from, to, sum)) = open.replace(next) {
                    visit(&from, &to, sum)?;
                }
            }
        }
        Ok(())
    })?;
    open.map_or(Ok(()), |(from, to, sum)| visit(&from, &to, sum))
}

fn write_accounts(network: &Network, options: &Options, out: &mut dyn Write, notes: &mut Notes) -> Result<(), Halt> {
    out.write_all(b"row,account\n")?;
    let key = network.accounts.place("account")?;
    let mut number = 0_u64;
    network.accounts.rows(&mut |row| {
        number += 1;
        write!(out, "{number},")?;
        text_cell(row.text(key), options, out, notes)?;
        out.write_all(b"\n")?;
        Ok(())
    })?;
    Ok(())
}
