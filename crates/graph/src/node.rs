//! The row number of an account.

/// Row of an account in every per-node column. It has a meaning only beside the [`Dictionary`](crate::Dictionary) that gave it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct NodeId(pub u32);

impl NodeId {
    /// The node in row `row`.
    ///
    /// # Panics
    /// If `row` does not fit 32 bits; a network holds fewer than 2^32 accounts, which assembling checks.
    #[inline]
    pub fn new(row: usize) -> Self {
        Self(u32::try_from(row).expect("a network holds fewer than 2^32 accounts"))
    }

    /// The row in per-node columns.
    #[inline]
    pub fn row(self) -> usize {
        self.0 as usize
    }
}
