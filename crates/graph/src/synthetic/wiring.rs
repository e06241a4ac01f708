//! Random ties with given degrees: stubs are paired at random, and pairs that cannot be are mended by exchanging ends with others.

use super::stream::mixed;
use super::{Stream, Tie};
use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

/// Exchanges tried for a pair in one round.
const TRIES: usize = 24;
/// Rounds at most.
const ROUNDS: usize = 60;
/// A round that mends less than one in so many pairs is the last, unless few are left.
const LEAST_PROGRESS: usize = 50;
/// What is few.
const FEW: usize = 2_000;

/// Hashes small keys by mixing their bits; nobody outside chooses them.
#[derive(Default)]
pub(super) struct Mixed(u64);

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(byte.into()));
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(value.into());
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = mixed(self.0 ^ value);
    }
}

/// A set of small keys. What it holds is asked, never listed, so that its order is of no account.
pub(super) type Set<T> = HashSet<T, BuildHasherDefault<Mixed>>;

/// Ties, and how many could not be had.
pub(super) struct Wired {
    pub(super) ties: Vec<Tie>,
    pub(super) dropped: u64,
}

/// Pairs every entry of `stubs` with another one, without direction. A node stands there as often as it has ties; the number is even.
pub(super) fn undirected(mut stubs: Vec<u32>, is_allowed: impl Fn(u32, u32) -> bool, stream: &mut Stream) -> Wired {
    stream.shuffle(&mut stubs);
    let pairs = stubs.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
    Wiring { pairs, is_directed: false, is_allowed }.wire(stream)
}

/// Pairs every entry of `sources` with one of `targets`; both are equally many.
pub(super) fn directed(
    sources: Vec<u32>,
    mut targets: Vec<u32>,
    is_allowed: impl Fn(u32, u32) -> bool,
    stream: &mut Stream,
) -> Wired {
    stream.shuffle(&mut targets);
    Wiring { pairs: sources.into_iter().zip(targets).collect(), is_directed: true, is_allowed }.wire(stream)
}

struct Wiring<A> {
    pairs: Vec<Tie>,
    is_directed: bool,
    is_allowed: A,
}

impl<A: Fn(u32, u32) -> bool> Wiring<A> {
    fn key(&self, (a, b): Tie) -> u64 {
        let (a, b) = if self.is_directed || a < b { (a, b) } else { (b, a) };
        u64::from(a) << 32 | u64::from(b)
    }

    fn can_be(&self, (a, b): Tie) -> bool {
        a != b && (self.is_allowed)(a, b)
    }

    fn wire(mut self, stream: &mut Stream) -> Wired {
        let mut taken: Set<u64> = Set::with_capacity_and_hasher(self.pairs.len(), BuildHasherDefault::default());
        let mut is_bad = vec![false; self.pairs.len()];
        let mut bad = Vec::new();
        for (place, &pair) in self.pairs.iter().enumerate() {
            if !(self.can_be(pair) && taken.insert(self.key(pair))) {
                is_bad[place] = true;
                bad.push(place);
            }
        }
        for _ in 0..ROUNDS {
            let before = bad.len();
            for &place in &bad {
                if is_bad[place] {
                    self.mend(place, &mut taken, &mut is_bad, stream);
                }
            }
            bad.retain(|&place| is_bad[place]);
            let mended = before - bad.len();
            if bad.is_empty() || (mended * LEAST_PROGRESS < before && bad.len() > FEW) {
                break;
            }
        }
        let good = self.pairs.iter().zip(&is_bad).filter(|(_, is_bad)| !**is_bad).map(|(&pair, _)| pair);
        let ties = good.map(|(a, b)| if self.is_directed || a < b { (a, b) } else { (b, a) }).collect();
        Wired { ties, dropped: bad.len() as u64 }
    }

    /// Exchanges an end of a pair that cannot be with one of another pair, so that both can be.
    fn mend(&mut self, place: usize, taken: &mut Set<u64>, is_bad: &mut [bool], stream: &mut Stream) {
        for _ in 0..TRIES {
            let other = stream.below(self.pairs.len() as u64) as usize;
            let ((a, b), (mut c, mut d)) = (self.pairs[place], self.pairs[other]);
            if !self.is_directed && stream.bits() & 1 == 1 {
                (c, d) = (d, c);
            }
            let (first, second) = ((a, d), (c, b));
            let (first_key, second_key) = (self.key(first), self.key(second));
            let is_new = other != place
                && first_key != second_key
                && self.can_be(first)
                && self.can_be(second)
                && !taken.contains(&first_key)
                && !taken.contains(&second_key);
            if is_new {
                if !is_bad[other] {
                    taken.remove(&self.key((c, d)));
                }
                taken.insert(first_key);
                taken.insert(second_key);
                (self.pairs[place], self.pairs[other]) = (first, second);
                (is_bad[place], is_bad[other]) = (false, false);
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check_simple;
    use super::*;

    fn sorted(wired: Wired) -> Vec<Tie> {
        let mut ties = wired.ties;
        ties.sort_unstable();
        ties
    }

    fn degrees(nodes: usize, ties: &[Tie]) -> Vec<usize> {
        let mut degrees = vec![0; nodes];
        ties.iter().for_each(|&(a, b)| [a, b].iter().for_each(|&node| degrees[node as usize] += 1));
        degrees
    }

    #[test]
    fn degrees_are_kept() {
        let wanted: Vec<usize> = (0..40).map(|node| 2 + node % 7 + if node == 0 { 21 } else { 0 }).collect();
        let stubs: Vec<u32> = (0..40).flat_map(|node| vec![node; wanted[node as usize]]).collect();
        assert!(stubs.len().is_multiple_of(2));
        let wired = undirected(stubs, |_, _| true, &mut Stream::new(1, 1, 1));
        assert_eq!(wired.dropped, 0);
        let ties = sorted(wired);
        check_simple(40, false, &ties);
        assert_eq!(degrees(40, &ties), wanted);
    }

    /// Of a complete graph no pair may be missing: the hardest degrees there are.
    #[test]
    fn nearly_complete_graphs() {
        let stubs: Vec<u32> = (0..12).flat_map(|node| vec![node; 10]).collect();
        let wired = undirected(stubs, |_, _| true, &mut Stream::new(2, 1, 1));
        assert!(wired.dropped <= 2, "{} of 60 dropped", wired.dropped);
        check_simple(12, false, &sorted(wired));
    }

    #[test]
    fn forbidden_pairs_are_not_made() {
        let stubs: Vec<u32> = (0..100).flat_map(|node| vec![node; 4]).collect();
        let is_allowed = |a: u32, b: u32| a % 2 != b % 2;
        let wired = directed(stubs.clone(), stubs, is_allowed, &mut Stream::new(3, 1, 1));
        assert_eq!(wired.dropped, 0);
        let ties = sorted(wired);
        check_simple(100, true, &ties);
        assert!(ties.iter().all(|&(a, b)| is_allowed(a, b)));
        assert_eq!(degrees(100, &ties), vec![8; 100]);
    }

    #[test]
    fn what_cannot_be_is_dropped() {
        let wired = undirected(vec![0, 0, 1, 1], |_, _| true, &mut Stream::new(4, 1, 1));
        assert_eq!((wired.ties, wired.dropped), (vec![(0, 1)], 1));
    }
}
