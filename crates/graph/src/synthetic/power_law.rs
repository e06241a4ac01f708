//! Discrete power laws: P(k) in proportion to k^-exponent on a range of whole numbers.

use super::Stream;

/// How far a mean may lie outside what can be had, in shares of it: it was rounded on its way here.
const ROUNDING: f64 = 1e-9;

/// A power law on `low..=high`.
#[derive(Clone, Debug)]
pub(super) struct PowerLaw {
    low: u32,
    /// Chance of at most `low + place`.
    cumulative: Vec<f64>,
}

impl PowerLaw {
    /// The law on `low..=high`, with `low` at least 1.
    pub(super) fn new(exponent: f64, low: u32, high: u32) -> Self {
        Self::thinned(exponent, low, high, 1.0)
    }

    /// The law up to `high` whose mean is `mean`: its lower end is chosen, and the lowest value is as frequent as the mean needs, at most as the law
    /// says. Without it only some means could be had, as the lower end is a whole number. If even 1 is too high an end, the least
    /// mean there is comes back as an error.
    pub(super) fn with_mean(exponent: f64, mean: f64, high: u32) -> Result<Self, f64> {
        let weight = |value: u32| libm::pow(f64::from(value), -exponent);
        let (mut total, mut weighted) = (0.0, 0.0);
        for low in (1..=high).rev() {
            let (total_above, weighted_above) = (total, weighted);
            total += weight(low);
            weighted += weight(low) * f64::from(low);
            if weighted <= mean * total * (1.0 + ROUNDING) {
                // `share` of the lowest value's weight, so that the mean is met.
                let missing = weighted_above - mean * total_above;
                let share = missing / (weight(low) * (mean - f64::from(low)));
                let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 1.0 };
                return Ok(Self::thinned(exponent, low, high, share));
            }
        }
        Err(weighted / total)
    }

    fn thinned(exponent: f64, low: u32, high: u32, share: f64) -> Self {
        let weight = |value: u32| libm::pow(f64::from(value), -exponent) * if value == low { share } else { 1.0 };
        // From the smallest weight on, so that the many small ones are not lost beside the large.
        let mut above = vec![0.0; (high - low + 1) as usize];
        let mut total = 0.0;
        for value in (low..=high).rev() {
            above[(value - low) as usize] = total;
            total += weight(value);
        }
        Self { low, cumulative: above.iter().map(|above| 1.0 - above / total).collect() }
    }

    /// The value below which a share of the law lies.
    pub(super) fn at(&self, share: f64) -> u32 {
        let place = self.cumulative.partition_point(|&cumulative| cumulative <= share);
        self.low + place.min(self.cumulative.len() - 1) as u32
    }

    /// One value.
    pub(super) fn draw(&self, stream: &mut Stream) -> u32 {
        self.at(stream.unit())
    }

    /// `len` values in any order, one from each of `len` equal shares of the law: the sample has the law's shape and mean more nearly than
    /// values drawn one by one, whose mean depends on a few large ones.
    pub(super) fn sample(&self, len: usize, stream: &mut Stream) -> Vec<u32> {
        let mut values: Vec<u32> = (0..len).map(|place| self.at((place as f64 + stream.unit()) / len as f64)).collect();
        stream.shuffle(&mut values);
        values
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check_near;
    use super::*;

    /// The mean: one for every value that lies above the share.
    fn mean(law: &PowerLaw) -> f64 {
        f64::from(law.low) + law.cumulative.iter().map(|cumulative| 1.0 - cumulative).sum::<f64>()
    }

    #[test]
    fn shares_are_those_of_the_law() {
        let law = PowerLaw::new(1.0, 1, 3);
        // 1 : 1/2 : 1/3 = 6 : 3 : 2 of 11.
        for (share, value) in [(0.0, 1), (0.54, 1), (0.55, 2), (0.81, 2), (0.82, 3), (0.999_999, 3), (1.0, 3)] {
            assert_eq!(law.at(share), value, "{share}");
        }
        check_near(mean(&law), 18.0 / 11.0, 1e-12);
        assert_eq!(PowerLaw::new(2.0, 5, 5).at(0.3), 5);
    }

    #[test]
    fn any_mean_between_its_ends() {
        for (exponent, high) in [(1.0, 20), (2.0, 100), (2.5, 1_000), (3.0, 100_000)] {
            let least = PowerLaw::with_mean(exponent, 0.5, high).unwrap_err();
            for mean in [least, least + 0.1, 5.0, 7.77, 12.0, 19.9, 20.0] {
                if mean >= least {
                    check_near(self::mean(&PowerLaw::with_mean(exponent, mean, high).unwrap()), mean, 1e-9);
                }
            }
            let sample = PowerLaw::with_mean(exponent, 10.0, high).unwrap().sample(10_000, &mut Stream::new(1, 1, 1));
            check_near(sample.iter().map(|&value| f64::from(value)).sum::<f64>() / 10_000.0, 10.0, 0.005);
        }
    }

    /// The exponent that is most likely to have made a sample (Clauset, Shalizi and Newman 2009) is the one asked for.
    #[test]
    fn the_exponent_can_be_found_again() {
        for exponent in [1.5, 2.5, 3.0] {
            let mut stream = Stream::new(3, 1, 1);
            let law = PowerLaw::new(exponent, 5, 500);
            let sample: Vec<f64> = (0..20_000).map(|_| f64::from(law.draw(&mut stream))).collect();
            let logs: f64 = sample.iter().map(|value| value.ln()).sum::<f64>() / sample.len() as f64;
            let likelihood = |exponent: f64| {
                let total: f64 = (5..=500).map(|value| f64::from(value).powf(-exponent)).sum();
                -exponent * logs - total.ln()
            };
            let candidates = (50..500).map(|hundredths| f64::from(hundredths) / 100.0);
            let best = candidates.max_by(|a, b| likelihood(*a).total_cmp(&likelihood(*b))).unwrap();
            check_near(best, exponent, 0.02);
        }
    }
}
