//! Where nodes are placed for the loop along all edges: by how often they are read.
//!
//! What is read often stands together in the cache; rows of like length stand side by side, as the processor guesses where a row ends.

use echogram_graph::{Csr, NodeId};
use rayon::prelude::*;

/// Up to this many nodes everything that is read fits a core's own cache, and nodes keep their places. They are as many as two bytes tell apart, by which
/// the most read places are named.
pub(crate) const SMALL: usize = 1 << 16;
/// Rows up to this length are told apart one by one, longer ones by powers of two.
const SHORT: usize = 32;

/// Where nodes are placed.
pub(crate) struct Order {
    /// `None` where nodes keep their places.
    moved: Option<Moved>,
}

struct Moved {
    /// The node at each place.
    nodes: Vec<u32>,
    /// The place of each node.
    places: Vec<u32>,
}

/// Bits of a number: 0 for 0, else the power of two that it lies below.
fn bits(number: usize) -> usize {
    (usize::BITS - number.leading_zeros()) as usize
}

impl Order {
    /// By how often each node is read, which is its degree in `frequency`: powers of two, the highest first. Those of one power stand by the length of their
    /// row in `rows`, so that the end of a row is seldom a surprise, and then by node.
    pub(crate) fn by_frequency(frequency: &Csr, rows: &Csr) -> Self {
        let count = frequency.node_count();
        if count <= SMALL {
            return Self { moved: None };
        }
        let lengths = SHORT + usize::BITS as usize + 1;
        let class = |node: u32| {
            let (read, length) = (frequency.degree(NodeId(node)), rows.degree(NodeId(node)));
            let length = if length <= SHORT { length } else { SHORT + bits(length) - bits(SHORT) };
            (usize::BITS as usize - bits(read)) * lengths + lengths - 1 - length
        };
        let classes: Vec<u16> = (0..NodeId::new(count).0).into_par_iter().map(|node| class(node) as u16).collect();
        let mut next = vec![0_u32; (usize::BITS as usize + 1) * lengths + 1];
        classes.iter().for_each(|&class| next[usize::from(class) + 1] += 1);
        for class in 1..next.len() {
            next[class] += next[class - 1];
        }
        let (mut nodes, mut places) = (vec![0; count], vec![0; count]);
        for (node, &class) in classes.iter().enumerate() {
            let place = &mut next[usize::from(class)];
            nodes[*place as usize] = NodeId::new(node).0;
            places[node] = *place;
            *place += 1;
        }
        Self { moved: Some(Moved { nodes, places }) }
    }

    /// The node at a place.
    #[inline]
    pub(crate) fn node(&self, place: usize) -> NodeId {
        self.moved.as_ref().map_or(NodeId::new(place), |moved| NodeId(moved.nodes[place]))
    }

    /// The place of a node.
    #[inline]
    pub(crate) fn place(&self, node: NodeId) -> u32 {
        self.moved.as_ref().map_or(node.0, |moved| moved.places[node.row()])
    }

    /// Values by node as values by place.
    pub(crate) fn placed<T: Copy + Send + Sync>(&self, values: Vec<T>) -> Vec<T> {
        match &self.moved {
            None => values,
            Some(Moved { nodes, .. }) => nodes.par_iter().with_min_len(1 << 12).map(|&node| values[node as usize]).collect(),
        }
    }

    /// Values by place as values by node.
    pub(crate) fn by_node<T: Copy + Send + Sync>(&self, values: Vec<T>) -> Vec<T> {
        match &self.moved {
            None => values,
            Some(Moved { places, .. }) => places.par_iter().with_min_len(1 << 12).map(|&place| values[place as usize]).collect(),
        }
    }
}
