//! Adaptive random-walk controversy: as `rwc.hub`, with as many hubs of a side as its size asks for.
//!
//! # Formula
//! RWC = P(X|X) P(Y|Y) - P(Y|X) P(X|Y), with P(A|B) the probability that a random walk that ended at a hub of side B had started in side A. Hubs: the max(1, floor(K n)) accounts
//! of highest degree of a side of n accounts, K = `rwc.adaptive_share` = 0.01.
//!
//! # Conventions
//! Simple undirected union, weights ignored (`_weighted` walks along ties in proportion to weight). Every account of a side is a start, hubs too, with one forced first step; equal weight for
//! each start within a side, equal priors for the sides; P(start|end), not P(end|start), which differs by up to 0.2 on unbalanced sides. Hubs by degree, ties by key. Accounts without a side are
//! walked through. Accounts that reach no hub are left out. Undefined where a side has no account. With more than two sides each side stands against the rest, and against each other side.
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
//! Another score of the same short name (authoritative, Villa et al. 2021) ends at authorities: never read 'ARWC' alone.
//!
//! # Source
//! Salloum, Chen, Kivelä, Separating polarization from noise, CSCW 2022, doi 10.1145/3512962.

use crate::spec::{Chamber, Kind, MetricSpec, Need, Shape, Tier, Weights};

const SHARE: crate::Parameter =
    crate::Parameter { name: "rwc.adaptive_share", default: 0.01, about: "share of a side that are hubs of rwc.adaptive" };

/// The registry's entry.
pub const SPEC: MetricSpec = MetricSpec {
    name: "rwc.adaptive",
    kind: Kind::Echo,
    summary: "whether walks that end at a side's top 1 % began there",
    columns: &["rwc.adaptive"],
    shape: Shape::Undirected,
    other_shape: true,
    weights: Weights::Variant,
    needs: &[Need::Sides],
    parameters: &[SHARE],
    tier: Tier::Standard,
    chamber: Some(Chamber::High),
    unsteady: &[],
    source: include_str!("rwc_adaptive.rs"),
    run: |input, run| {
        let share = input.setting(&SHARE);
        super::walk::scores(input, SPEC.name, vec![("K", share.to_string())], |size| super::share_of(share, size), run)
    },
};
