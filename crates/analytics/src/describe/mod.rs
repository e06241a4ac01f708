//! What each community is like: its size, how closed it is, who is in it.
//!
//! # Formula
//! For a community of n accounts: `edges_inside`, `edges_out`, `edges_in` count distinct directed ties (in an undirected network: pairs, and the ties
//! that leave it stand in both `edges_out` and `edges_in`); density = edges_inside / (n (n - 1)), halved below for pairs; reciprocity = share of
//! inside ties returned; on the simple undirected union: conductance = cut / min(vol, 2W - vol), ei_index = (cut - inside) / (cut + inside);
//! purity_role = share of the most frequent role, dominant_role_ratio = that share over the role's share in the whole network, entropy_role = -sum p ln p, both among accounts whose role is known.
//!
//! # Conventions
//! Self-loops do not count. Undefined values (density of one account, conductance of the whole network, roles where none is known) are NaN, null in tables.
//! Roles that are equally frequent: the first by name.
//!
//! # Cost
//! O(E) time, O(communities x roles) memory. Parallel over communities.
//!
//! # Source
//! Conductance: Leskovec, Lang, Dasgupta, Mahoney, Internet Mathematics 6, 2009, doi 10.1080/15427951.2009.10129177; E-I: Krackhardt and Stern 1988.

pub mod words;

use echogram_graph::{Graph, GraphView, Grouping, NodeId, Partition};
use rayon::prelude::*;

/// Number of accounts named for a community.
const TOP: usize = 5;

/// One community.
#[derive(Clone, Debug, PartialEq)]
pub struct Community {
    /// Its label.
    pub community: u32,
    /// Members.
    pub accounts: u32,
    /// Ties among members.
    pub edges_inside: u64,
    /// Ties from members to others.
    pub edges_out: u64,
    /// Ties from others to members.
    pub edges_in: u64,
    /// Share of possible ties among members; NaN for one member.
    pub density: f64,
    /// Share of inside ties returned; NaN without any.
    pub reciprocity: f64,
    /// Cut / smaller volume; NaN where that is 0.
    pub conductance: f64,
    /// (cut - inside) / (cut + inside) on the undirected union; NaN without ties.
    pub ei_index: f64,
    /// Share of the most frequent known role; NaN where none is known.
    pub purity_role: f64,
    /// Entropy of known roles in nats; NaN where none is known.
    pub entropy_role: f64,
    /// The most frequent known role: an index into the role names.
    pub dominant_role: Option<u32>,
    /// Its share here over its share among all accounts with a known role; NaN where none is known.
    pub dominant_role_ratio: f64,
    /// Members with the highest rank, highest first.
    pub top: Vec<NodeId>,
}

/// Describes every community. `graph` is the directed graph (or the symmetric one of an undirected network), `union` its simple
/// undirected union, `rank` a score by which the top members are named (ties by smaller node).
pub fn communities(graph: &Graph, union: &Graph, partition: &Partition, roles: &Grouping, rank: &[f64]) -> Vec<Community> {
    let members = members(partition);
    let role_counts: Vec<f64> = roles.sizes().into_iter().map(f64::from).collect();
    let volume_of_all = union.out().entry_count() as u64 - union.out().loop_count();
    members
        .par_iter()
        .enumerate()
        .map(|(label, members)| one(graph, union, partition, roles, rank, label as u32, members, volume_of_all, &role_counts))
        .collect()
}

/// The members of each community, ascending.
pub fn members(partition: &Partition) -> Vec<Vec<NodeId>> {
    let mut members = vec![Vec::new(); partition.count()];
    for (row, &label) in partition.labels().iter().enumerate() {
        members[label as usize].push(NodeId::new(row));
    }
    members
}

#[allow(clippy::too_many_arguments)] // one call from one place; a struct would only name them again
fn one(
    graph: &Graph,
    union: &Graph,
    partition: &Partition,
    roles: &Grouping,
    rank: &[f64],
    label: u32,
    members: &[NodeId],
    volume_of_all: u64,
    role_counts: &[f64],
) -> Community {
    let is_member = |node: &NodeId| partition.of(*node) == label;
    let (mut inside, mut out, mut incoming, mut mutual, mut cut, mut volume) = (0_u64, 0_u64, 0_u64, 0_u64, 0_u64, 0_u64);
    for &node in members {
        for other in graph.successors(node).iter().filter(|&&other| other != node) {
            if is_member(other) {
                inside += 1;
                mutual += u64::from(graph.out().contains(*other, node));
            } else {
                out += 1;
            }
        }
        incoming += graph.predecessors(node).iter().filter(|other| !is_member(other)).count() as u64;
        for other in union.successors(node).iter().filter(|&&other| other != node) {
            volume += 1;
            cut += u64::from(!is_member(other));
        }
    }
    let accounts = members.len() as u64;
    let ties = volume - cut;
    let (purity_role, entropy_role, dominant_role) = role_mix(members, roles);
    let everywhere = |role: u32| role_counts[role as usize] / role_counts.iter().sum::<f64>();
    let dominant_role_ratio = dominant_role.map_or(f64::NAN, |role| purity_role / everywhere(role));
    Community {
        community: label,
        accounts: members.len() as u32,
        edges_inside: if graph.is_directed() { inside } else { inside / 2 },
        edges_out: out,
        edges_in: incoming,
        density: inside as f64 / (accounts * accounts.saturating_sub(1)) as f64,
        reciprocity: mutual as f64 / inside as f64,
        conductance: cut as f64 / volume.min(volume_of_all - volume) as f64,
        ei_index: (cut as f64 - ties as f64 / 2.0) / (cut as f64 + ties as f64 / 2.0),
        purity_role,
        entropy_role,
        dominant_role,
        dominant_role_ratio,
        top: top(members, rank),
    }
}

fn role_mix(members: &[NodeId], roles: &Grouping) -> (f64, f64, Option<u32>) {
    let mut counts = vec![0_u32; roles.count()];
    for role in members.iter().filter_map(|&node| roles.of(node)) {
        counts[role as usize] += 1;
    }
    let known = f64::from(counts.iter().sum::<u32>());
    let Some(most) = counts.iter().copied().max().filter(|&most| most > 0) else { return (f64::NAN, f64::NAN, None) };
    let shares = counts.iter().filter(|&&count| count > 0).map(|&count| f64::from(count) / known);
    let entropy = shares.map(|share| -share * libm::log(share)).sum::<f64>().max(0.0);
    (f64::from(most) / known, entropy, counts.iter().position(|&count| count == most).map(|role| role as u32))
}

/// The members with the highest rank, highest first, ties by smaller node. Members whose rank is NaN come first if negative, last if positive: give none.
pub fn top(members: &[NodeId], rank: &[f64]) -> Vec<NodeId> {
    let mut best = members.to_vec();
    let by_rank = |a: &NodeId, b: &NodeId| rank[b.row()].total_cmp(&rank[a.row()]).then(a.cmp(b));
    if best.len() > TOP {
        best.select_nth_unstable_by(TOP, by_rank);
        best.truncate(TOP);
    }
    best.sort_unstable_by(by_rank);
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let graph = Graph::from_arrows("0>1 1>0 1>2 3>2 4");
        let partition = Partition::from_labels(&[0, 0, 1, 1, 2]);
        let roles = Grouping::from_names(&[Some("nurse"), Some("patient"), None, Some("nurse"), None]);
        let found = communities(&graph, &graph.undirected().unweighted(), &partition, &roles, &[0.1, 0.4, 0.2, 0.2, 0.1]);
        let first = &found[0];
        assert_eq!((first.edges_inside, first.edges_out, first.edges_in), (2, 1, 0));
        assert_eq!((first.density, first.reciprocity, first.conductance, first.ei_index), (1.0, 1.0, 1.0 / 3.0, 0.0));
        assert_eq!((first.purity_role, first.dominant_role, first.top.clone()), (0.5, Some(0), vec![NodeId(1), NodeId(0)]));
        assert!((first.entropy_role - std::f64::consts::LN_2).abs() < 1e-12);
        assert_eq!((first.dominant_role_ratio, found[1].dominant_role_ratio), (0.75, 1.5));
        assert_eq!((found[1].purity_role, found[1].entropy_role), (1.0, 0.0));
        assert!(found[2].density.is_nan() && found[2].conductance.is_nan() && found[2].dominant_role.is_none());
    }

    #[test]
    fn an_undirected_community_counts_pairs() {
        let graph = Graph::from_arrows("0>1 1>2 2>0 2>3").undirected();
        let roles = Grouping::from_names(&[None::<&str>; 4]);
        let found = communities(&graph, &graph, &Partition::from_labels(&[0, 0, 0, 1]), &roles, &[0.0; 4]);
        assert_eq!((found[0].edges_inside, found[0].edges_out, found[0].edges_in, found[0].density), (3, 1, 1, 1.0));
    }
}
