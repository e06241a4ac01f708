//! A counter-based generator (splitmix64): the same numbers on every machine, whole numbers only.

/// The odd constant that splitmix64 adds per step.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// One stream of random numbers; streams of different names do not disturb each other.
#[derive(Debug, Clone)]
pub struct Random {
    key: u64,
    count: u64,
}

fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

impl Random {
    /// The stream called `name` of a seed.
    pub fn stream(seed: u64, name: &str) -> Self {
        let key = name.bytes().fold(mix(seed), |key, byte| mix(key ^ u64::from(byte)).wrapping_add(STEP));
        Self { key, count: 0 }
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.count += 1;
        mix(self.key.wrapping_add(self.count.wrapping_mul(STEP)))
    }

    /// A whole number in `0..limit`; 0 when `limit` is 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        let wide = u128::from(self.bits()) * u128::from(limit);
        u64::try_from(wide >> 64).expect("a product of two u64 shifted by 64 bits fits in a u64")
    }

    /// A whole number in `low..high`.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high - low).expect("low is not above high");
        low + i64::try_from(self.below(width)).expect("a width of i64 bounds fits in an i64")
    }

    /// A position in a list of `len` elements.
    pub fn position(&mut self, len: usize) -> usize {
        usize::try_from(self.below(len as u64)).expect("a position is below a usize")
    }

    /// True in `share` of a hundred cases.
    pub fn percent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }

    /// One element of a list that is not empty.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.position(list.len())]
    }

    /// One word of a list that is not empty.
    pub fn word(&mut self, list: &[&'static str]) -> &'static str {
        list[self.position(list.len())]
    }
}

/// Draws positions with given whole-number weights.
#[derive(Debug, Clone, Default)]
pub struct Urn {
    sums: Vec<u64>,
}

impl Urn {
    /// An urn over weights, one per position.
    pub fn new(weights: impl IntoIterator<Item = u64>) -> Self {
        let sums = weights
            .into_iter()
            .scan(0, |sum, weight| {
                *sum += weight;
                Some(*sum)
            })
            .collect();
        Self { sums }
    }

    /// A position, in proportion to its weight; none when all weights are 0.
    pub fn draw(&self, random: &mut Random) -> Option<usize> {
        let total = self.sums.last().copied().filter(|&total| total > 0)?;
        let ball = random.below(total);
        Some(self.sums.partition_point(|&sum| sum <= ball))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_fixed_and_differ() {
        let (mut one, mut two) = (Random::stream(1, "a"), Random::stream(1, "b"));
        assert_eq!(Random::stream(1, "a").bits(), one.clone().bits());
        assert_ne!(one.bits(), two.bits());
    }

    #[test]
    fn the_urn_never_draws_weight_zero() {
        let urn = Urn::new([0, 3, 0, 1, 0]);
        let mut random = Random::stream(5, "urn");
        let mut seen = [0; 5];
        for _ in 0..4000 {
            seen[urn.draw(&mut random).expect("two weights are above 0")] += 1;
        }
        assert_eq!([seen[0], seen[2], seen[4]], [0; 3]);
        assert!(seen[1] > 2 * seen[3], "{seen:?}");
        assert_eq!(Urn::new([0]).draw(&mut random), None);
    }
}
