//! Random-walk controversy to the top hubs: whether a walk that ends at a well-known account of a side had begun on that side.
//!
//! # Formula
//! RWC = P(X|X) P(Y|Y) - P(Y|X) P(X|Y), with P(A|B) the probability that a random walk that ended at a hub of side B had started in side A. Hubs: the `rwc.hub_k` accounts of highest
//! degree of each side, k = 10.
//!
//! # Conventions
//! Simple undirected union, weights ignored (`_weighted` walks along ties in proportion to weight). Every account of a side is a start, hubs too, with one forced first step; equal weight for
//! each start within a side, equal priors for the sides; P(start|end), not P(end|start), which differs by up to 0.2 on unbalanced sides. Hubs by degree, ties by key. Accounts without a side are
//! walked through. Accounts that reach no hub are left out. Undefined where a side has fewer accounts than k. With more than two sides each side stands against the rest, and against each other side.
//! `_directed` walks along the direction of ties, to the accounts of highest in-degree; who points at nobody has the walk start over at an account of its own side, each as likely (of any side, where it has
//! none); ties into parts that lead to no hub are not walked.
//!
//! # Range and unit
//! Index in [-1, 1]; 1 = walks never change sides, 0 = where a walk ends says nothing of where it began.
//!
//! # Cost
//! One sparse system per pair of sides, exact (no walks are drawn): O(E) per step of conjugate gradients, some tens to hundreds of steps; 64 bytes per node. Directed: three systems by Bi-CGSTAB.
//!
//! # Errors
//! `Missing` without sides; cancelled by the caller.
//!
//! # Compared with
//! Published codes draw walks (19 to 2,232 s on networks that take less than a second here) and start at a few random accounts: their values differ by chance and by convention.
//!
//! # Source
//! Garimella, De Francisci Morales, Gionis, Mathioudakis, Quantifying controversy on social media, ACM TSC 1, 2018, doi 10.1145/3140565.

use crate::spec::{Chamber, Kind, MetricSpec, Need, Shape, Tier, Weights};

const HUBS: crate::Parameter = crate::Parameter { name: "rwc.hub_k", default: 10.0, about: "hubs of each side of rwc.hub" };

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "rwc.hub",
    kind: Kind::Echo,
    summary: "whether walks that end at a side's top hubs began there",
    columns: &["rwc.hub"],
    shape: Shape::Undirected,
    other_shape: true,
    weights: Weights::Variant,
    needs: &[Need::Sides],
    parameters: &[HUBS],
    tier: Tier::Standard,
    chamber: Some(Chamber::High),
    unsteady: &[],
    source: include_str!("rwc_hub.rs"),
    run: |input, run| {
        let k = input.setting(&HUBS).max(0.0) as usize;
        super::walk::scores(input, SPEC.name, vec![("k", k.to_string())], |_| k, run)
    },
};
