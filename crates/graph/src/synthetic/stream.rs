//! Random numbers that are the same on any machine and any number of threads.

use crate::NodeId;

/// A stream of random numbers that is fixed by (seed, purpose, index), never by a thread: splitmix64 over a counter.
#[derive(Clone, Debug)]
pub struct Stream {
    state: u64,
}

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

pub(super) fn mixed(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

impl Stream {
    /// The stream for item `index` of `purpose` under `seed`.
    pub fn new(seed: u64, purpose: u64, index: u64) -> Self {
        let state = mixed(mixed(mixed(seed.wrapping_add(GOLDEN)) ^ purpose.wrapping_mul(GOLDEN)) ^ index.wrapping_add(GOLDEN));
        Self { state }
    }

    /// The stream as it is after `draws` numbers more.
    pub(super) fn ahead(&self, draws: u64) -> Self {
        Self { state: self.state.wrapping_add(GOLDEN.wrapping_mul(draws)) }
    }

    /// The next 64 random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        mixed(self.state)
    }

    /// A number below `bound`, which must not be 0. The bias is below bound / 2^64.
    #[inline]
    pub fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(bound)) >> 64) as u64
    }

    /// A number in [0, 1).
    #[inline]
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Puts items in any order, each as likely as the others.
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for place in (1..items.len()).rev() {
            items.swap(place, self.below(place as u64 + 1) as usize);
        }
    }
}

/// A permutation of `0..len`, for tests that rename nodes.
pub fn permutation(len: usize, seed: u64) -> Vec<u32> {
    let mut order: Vec<u32> = (0..NodeId::new(len).0).collect();
    let mut stream = Stream::new(seed, 4, 0);
    stream.shuffle(&mut order);
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permutation_holds_every_row_once() {
        let mut order = permutation(100, 9);
        order.sort_unstable();
        assert_eq!(order, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn a_stream_can_be_entered_anywhere() {
        let mut stream = Stream::new(1, 2, 3);
        let mut entered = stream.ahead(5);
        let drawn: Vec<u64> = (0..6).map(|_| stream.bits()).collect();
        assert_eq!(entered.bits(), drawn[5]);
    }
}
