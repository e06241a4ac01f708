//! The check of a partition by another road.

use echogram_graph::{Graph, GraphView, NodeId, Partition};

/// Whether every community of `partition` induces a connected subgraph of `graph`, and labels are numbered by size and then by
/// smallest member.
///
/// # Errors
/// What is wrong, in words.
pub fn verify(graph: &Graph, partition: &Partition) -> Result<(), String> {
    let labels = partition.labels();
    if labels.len() != graph.node_count() {
        return Err(format!("{} labels for {} nodes", labels.len(), graph.node_count()));
    }
    let sizes = partition.sizes();
    let mut seen = vec![false; labels.len()];
    let mut firsts: Vec<Option<usize>> = vec![None; sizes.len()];
    let mut queue = Vec::new();
    for start in 0..labels.len() {
        let label = labels[start];
        if firsts[label as usize].is_some() {
            if seen[start] {
                continue;
            }
            return Err(format!("community {label} is not connected: node {start} is cut off"));
        }
        firsts[label as usize] = Some(start);
        seen[start] = true;
        queue.push(start);
        while let Some(node) = queue.pop() {
            for neighbour in graph.successors(NodeId::new(node)) {
                let next = neighbour.row();
                if labels[next] == label && !seen[next] {
                    seen[next] = true;
                    queue.push(next);
                }
            }
        }
    }
    let keys: Vec<_> = sizes.iter().zip(&firsts).map(|(&size, &first)| (std::cmp::Reverse(size), first)).collect();
    if keys.is_sorted() { Ok(()) } else { Err("labels are not numbered by size and smallest member".to_owned()) }
}
