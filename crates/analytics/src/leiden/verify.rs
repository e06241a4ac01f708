//! The check of a partition by another road.

use echogram_graph::{Graph, GraphView, NodeId, Partition};
use std::cmp::Reverse;

/// Whether labels are one per node and numbered by size and then by smallest member.
///
/// # Errors
/// What is wrong, in words.
pub fn verify_numbers(graph: &Graph, partition: &Partition) -> Result<(), String> {
    let labels = partition.labels();
    if labels.len() != graph.node_count() {
        return Err(format!("{} labels for {} nodes", labels.len(), graph.node_count()));
    }
    let sizes = partition.sizes();
    let mut firsts = vec![None; sizes.len()];
    for (node, &label) in labels.iter().enumerate() {
        firsts[label as usize].get_or_insert(node);
    }
    let keys: Vec<_> = sizes.iter().zip(&firsts).map(|(&size, &first)| (Reverse(size), first)).collect();
    if keys.is_sorted() { Ok(()) } else { Err("labels are not numbered by size and smallest member".to_owned()) }
}

/// As [`verify_numbers`], and whether every community induces a connected subgraph, directions left out of account.
///
/// # Errors
/// What is wrong, in words.
pub fn verify(graph: &Graph, partition: &Partition) -> Result<(), String> {
    verify_numbers(graph, partition)?;
    let labels = partition.labels();
    let mut seen = vec![false; labels.len()];
    let mut is_met = vec![false; partition.count()];
    let mut queue = Vec::new();
    for start in 0..labels.len() {
        let label = labels[start];
        if seen[start] {
            continue;
        }
        if std::mem::replace(&mut is_met[label as usize], true) {
            return Err(format!("community {label} is not connected: node {start} is cut off"));
        }
        seen[start] = true;
        queue.push(start);
        while let Some(node) = queue.pop() {
            let node = NodeId::new(node);
            for neighbour in graph.successors(node).iter().chain(graph.predecessors(node)) {
                let next = neighbour.row();
                if labels[next] == label && !seen[next] {
                    seen[next] = true;
                    queue.push(next);
                }
            }
        }
    }
    Ok(())
}
