//! Merging rows: several layers into one, and out-rows with in-rows into an undirected row.

use crate::{Csr, NodeId};

/// Appends to `targets` and `weights` the union of two ascending rows, adding the weights of what stands in both.
pub(crate) fn merge_rows(
    left: impl Iterator<Item = (NodeId, f64)>,
    right: impl Iterator<Item = (NodeId, f64)>,
    mut push: impl FnMut(NodeId, f64),
) {
    let (mut left, mut right) = (left.peekable(), right.peekable());
    loop {
        let (from_left, from_right) = match (left.peek(), right.peek()) {
            (None, None) => return,
            (Some(_), None) => (true, false),
            (None, Some(_)) => (false, true),
            (Some(l), Some(r)) => (l.0 <= r.0, r.0 <= l.0),
        };
        let l = if from_left { left.next() } else { None };
        let r = if from_right { right.next() } else { None };
        if let Some((target, _)) = l.or(r) {
            push(target, l.map_or(0.0, |entry| entry.1) + r.map_or(0.0, |entry| entry.1));
        }
    }
}

/// The union of each node's row in `one` with its row in `other`, weights added.
pub(crate) fn merge(one: &Csr, other: &Csr, weighted: bool) -> Csr {
    let load: Vec<u64> = one.offsets().iter().zip(other.offsets()).map(|(a, b)| a + b).collect();
    Csr::build(&load, weighted, |node, targets, weights| {
        merge_rows(one.row(node), other.row(node), |target, weight| {
            targets.push(target);
            if weighted {
                weights.push(weight);
            }
        });
    })
}
