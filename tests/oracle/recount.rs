//! Facts of groups counted anew, the slow and plain way, from the tables of a run.

use crate::support::{Findings, Table};
use std::collections::{BTreeMap, BTreeSet};

/// One relation (or all merged) and one column of communities.
pub(crate) struct Recount<'a> {
    accounts: &'a Table,
    relation: &'a str,
    community: Vec<usize>,
    undirected: bool,
    /// Distinct ties without self-loops; in an undirected network each pair once.
    ties: BTreeSet<(usize, usize)>,
    /// The simple undirected union, each pair once.
    pairs: BTreeSet<(usize, usize)>,
}

/// Counts of one community.
#[derive(Clone, Debug, Default)]
struct Group {
    accounts: f64,
    inside: f64,
    out: f64,
    incoming: f64,
    mutual: f64,
    pairs_inside: f64,
    cut: f64,
}

fn place_of(accounts: &Table) -> BTreeMap<&str, usize> {
    accounts.texts("account").into_iter().enumerate().map(|(row, key)| (key, row)).collect()
}

/// Source row, target row and weight of every edge of a relation that is no self-loop.
fn edges_of(accounts: &Table, edges: &Table, relation: &str) -> Vec<(usize, usize, f64)> {
    let place = place_of(accounts);
    (0..edges.rows())
        .filter(|&row| relation == "all" || edges.text("relation", row) == Some(relation))
        .map(|row| {
            let end = |column| place[edges.text(column, row).unwrap()];
            (end("source"), end("target"), edges.number("weight", row).unwrap())
        })
        .filter(|edge| edge.0 != edge.1)
        .collect()
}

impl<'a> Recount<'a> {
    pub(crate) fn new(accounts: &'a Table, edges: &Table, relation: &'a str, column: &str, undirected: bool) -> Self {
        let community = accounts.numbers(column).into_iter().map(|label| label.unwrap() as usize).collect();
        let ties: BTreeSet<_> = edges_of(accounts, edges, relation).iter().map(|edge| (edge.0, edge.1)).collect();
        let pairs = ties.iter().map(|&(a, b)| (a.min(b), a.max(b))).collect();
        Self { accounts, relation, community, undirected, ties, pairs }
    }

    fn count(&self) -> usize {
        self.community.iter().max().map_or(0, |label| label + 1)
    }

    /// Communities are numbered by size, then by their first account.
    pub(crate) fn numbering(&self, findings: &mut Findings) {
        let mut keys = vec![(0_usize, usize::MAX); self.count()];
        for (row, &label) in self.community.iter().enumerate() {
            keys[label] = (keys[label].0 + 1, keys[label].1.min(row));
        }
        let is_sorted = keys.is_sorted_by_key(|&(size, first)| (std::cmp::Reverse(size), first));
        findings.expect(is_sorted, || format!("communities of {} are not numbered by size: {keys:?}", self.relation));
    }

    fn groups(&self) -> Vec<Group> {
        let mut groups = vec![Group::default(); self.count()];
        self.community.iter().for_each(|&label| groups[label].accounts += 1.0);
        for &(a, b) in &self.ties {
            let (from, to) = (self.community[a], self.community[b]);
            if from == to {
                groups[from].inside += 1.0;
                groups[from].mutual += if self.undirected || self.ties.contains(&(b, a)) { 1.0 } else { 0.0 };
            } else {
                groups[from].out += 1.0;
                groups[to].incoming += 1.0;
                if self.undirected {
                    groups[from].incoming += 1.0;
                    groups[to].out += 1.0;
                }
            }
        }
        for &(a, b) in &self.pairs {
            let ends = [self.community[a], self.community[b]];
            if ends[0] == ends[1] {
                groups[ends[0]].pairs_inside += 1.0;
            } else {
                ends.iter().for_each(|&end| groups[end].cut += 1.0);
            }
        }
        groups
    }

    /// Compares the rows of `communities.parquet` for this relation.
    pub(crate) fn communities(&self, table: &Table, findings: &mut Findings) {
        let rows: Vec<usize> = (0..table.rows()).filter(|&row| table.text("relation", row) == Some(self.relation)).collect();
        let labels: Vec<f64> = rows.iter().filter_map(|&row| table.number("community", row)).collect();
        findings.equal(
            &format!("communities of {}", self.relation),
            &labels,
            &(0..self.count()).map(|label| label as f64).collect::<Vec<_>>(),
        );
        let all = 2.0 * self.pairs.len() as f64;
        let orders = if self.undirected { 2.0 } else { 1.0 };
        for (label, (group, &row)) in self.groups().iter().zip(&rows).enumerate() {
            let volume = 2.0 * group.pairs_inside + group.cut;
            let ratio = |part: f64, whole: f64| Some(part / whole).filter(|value| value.is_finite());
            for (column, wanted) in [
                ("accounts", Some(group.accounts)),
                ("edges_inside", Some(group.inside)),
                ("edges_out", Some(group.out)),
                ("edges_in", Some(group.incoming)),
                ("density", ratio(orders * group.inside, group.accounts * (group.accounts - 1.0))),
                ("reciprocity", ratio(group.mutual, group.inside)),
                ("conductance", ratio(group.cut, volume.min(all - volume))),
                ("ei_index", ratio(group.cut - group.pairs_inside, group.cut + group.pairs_inside)),
            ] {
                let what = format!("{column} of community {label}, relation {}", self.relation);
                findings.close(&what, table.number(column, row), wanted, 1e-9);
            }
            let top: Vec<&str> = table.list("top_accounts", row).unwrap().iter().map(String::as_str).collect();
            findings.equal(&format!("top accounts of community {label}"), &top, &self.top(label));
        }
    }

    /// The five members with the highest rank, ties by row.
    fn top(&self, label: usize) -> Vec<&str> {
        let rank = self.accounts.numbers("pagerank");
        let mut members: Vec<usize> = (0..self.community.len()).filter(|&row| self.community[row] == label).collect();
        members.sort_by(|&a, &b| rank[b].unwrap().total_cmp(&rank[a].unwrap()).then(a.cmp(&b)));
        members.iter().take(5).map(|&row| self.accounts.text("account", row).unwrap()).collect()
    }

    /// (external - internal) / all ties of each account on the undirected union.
    pub(crate) fn ei_index(&self) -> Vec<Option<f64>> {
        let mut ties = vec![(0.0_f64, 0.0_f64); self.community.len()];
        for &(a, b) in &self.pairs {
            let crossing = if self.community[a] == self.community[b] { -1.0 } else { 1.0 };
            [a, b].iter().for_each(|&end| ties[end] = (ties[end].0 + crossing, ties[end].1 + 1.0));
        }
        ties.iter().map(|&(crossing, all)| Some(crossing / all).filter(|value| value.is_finite())).collect()
    }

    /// Q of the communities on the undirected union.
    pub(crate) fn modularity(&self) -> Option<f64> {
        let ties = self.pairs.len() as f64;
        let q = |group: &Group| group.pairs_inside / ties - ((2.0 * group.pairs_inside + group.cut) / (2.0 * ties)).powi(2);
        Some(self.groups().iter().map(q).sum::<f64>()).filter(|value| value.is_finite())
    }
}

/// Compares the rows of `mixing.parquet` for one relation and one way to group.
pub(crate) fn mixing(
    accounts: &Table,
    edges: &Table,
    mixing: &Table,
    relation: &str,
    (by, column): (&str, &str),
    undirected: bool,
    findings: &mut Findings,
) {
    let group_of: Vec<String> = match by {
        "community" => accounts.numbers(column).iter().map(|label| label.unwrap().to_string()).collect(),
        _ => accounts.texts(column).into_iter().map(str::to_owned).collect(),
    };
    let mut wanted: BTreeMap<(&str, &str), f64> = BTreeMap::new();
    for (a, b, weight) in edges_of(accounts, edges, relation) {
        let (from, to) = (group_of[a].as_str(), group_of[b].as_str());
        *wanted.entry((from, to)).or_default() += weight;
        if undirected {
            *wanted.entry((to, from)).or_default() += weight;
        }
    }
    let groups: BTreeSet<&str> = group_of.iter().map(String::as_str).collect();
    let total: f64 = wanted.values().sum();
    let sum =
        |pick: &dyn Fn(&(&str, &str)) -> bool| -> f64 { wanted.iter().filter(|cell| pick(cell.0)).map(|cell| cell.1).sum() };
    let rows: Vec<usize> = (0..mixing.rows())
        .filter(|&row| mixing.text("relation", row) == Some(relation) && mixing.text("by", row) == Some(by))
        .collect();
    findings.equal(&format!("cells of {relation} by {by}"), &rows.len(), &(groups.len() * groups.len()));
    for row in rows {
        let [from, to] = ["source_group", "target_group"].map(|end| mixing.text(end, row).unwrap());
        let expected = sum(&|cell| cell.0 == from) * sum(&|cell| cell.1 == to) / total;
        let expected = Some(expected).filter(|value| value.is_finite());
        let weight = wanted.get(&(from, to)).copied().unwrap_or_default();
        let what = |column| format!("{column} of ties {from} -> {to} by {by}, relation {relation}");
        findings.close(&what("weight"), mixing.number("weight", row), Some(weight), 1e-9);
        findings.close(&what("expected"), mixing.number("expected", row), expected, 1e-9);
        let ratio = expected.map(|expected| weight / expected).filter(|value| value.is_finite());
        findings.close(&what("ratio"), mixing.number("ratio", row), ratio, 1e-9);
    }
}
