//! A score beside its null model: effect, interval, z and p.

use crate::Chamber;

/// The 97.5 % point of the normal distribution.
const NORMAL: f64 = 1.959_963_984_540_054;

/// How a value compares with replicates of a null model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// Mean of the replicates.
    pub null_mean: f64,
    /// Their standard deviation (ddof 1); NaN for fewer than two.
    pub null_sd: f64,
    /// Value minus null mean.
    pub effect: f64,
    /// 95 % interval of the effect: the value's own standard error and the null mean's Monte Carlo error.
    pub interval: (f64, f64),
    /// Effect over `null_sd`; grows with the size of a network, so it is not for ranking.
    pub z: f64,
    /// (1 + replicates at least as much a chamber as the network) / (1 + replicates): one-sided.
    pub p: f64,
    /// Replicates that have a value.
    pub replicates: u32,
}

impl Comparison {
    /// Compares with a null model whose mean, standard deviation and tail are known, not drawn; `p` is the chance of as much of a chamber. `None` where the value is not defined.
    pub(super) fn known(value: f64, error: f64, null_mean: f64, null_sd: f64, p: f64) -> Option<Self> {
        if value.is_nan() || null_mean.is_nan() {
            return None;
        }
        let effect = value - null_mean;
        let (width, z) = (NORMAL * error, effect / null_sd);
        let z = if z.is_finite() { z } else { f64::NAN };
        Some(Self { null_mean, null_sd, effect, interval: (effect - width, effect + width), z, p, replicates: 0 })
    }

    /// Compares `value`, whose own standard error is `error` (0 where it is not known), with the replicates; those that are NaN are left out. `None` where nothing is left, or
    /// the value is not defined. p goes by `as_replicate`, the value found as those of the replicates were: it means nothing if they vary by chance more than what is held against them.
    pub fn new(value: f64, error: f64, as_replicate: f64, nulls: &[f64], chamber: Chamber) -> Option<Self> {
        let nulls: Vec<f64> = nulls.iter().copied().filter(|null| !null.is_nan()).collect();
        if nulls.is_empty() || value.is_nan() {
            return None;
        }
        let count = nulls.len() as f64;
        let null_mean = nulls.iter().sum::<f64>() / count;
        let squares: f64 = nulls.iter().map(|null| (null - null_mean).powi(2)).sum();
        let null_sd = (squares / (count - 1.0)).sqrt();
        let effect = value - null_mean;
        let monte_carlo = if count > 1.0 { null_sd / count.sqrt() } else { 0.0 };
        let width = NORMAL * error.hypot(monte_carlo);
        let as_much = nulls.iter().filter(|&&null| match chamber {
            Chamber::High => null >= as_replicate,
            Chamber::Low => null <= as_replicate,
        });
        let p = (1.0 + as_much.count() as f64) / (1.0 + count);
        let z = effect / null_sd;
        Some(Self {
            null_mean,
            null_sd,
            effect,
            interval: (effect - width, effect + width),
            z: if z.is_finite() { z } else { f64::NAN },
            p,
            replicates: nulls.len() as u32,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let found = Comparison::new(4.0, 0.0, 4.0, &[1.0, 2.0, 3.0, f64::NAN], Chamber::High).unwrap();
        assert_eq!(
            (found.null_mean, found.null_sd, found.effect, found.z, found.p, found.replicates),
            (2.0, 1.0, 2.0, 2.0, 0.25, 3)
        );
        assert!((found.interval.0 - (2.0 - NORMAL / 3.0_f64.sqrt())).abs() < 1e-12);
        assert_eq!(Comparison::new(4.0, 0.0, 4.0, &[1.0, 2.0, 3.0], Chamber::Low).unwrap().p, 1.0);
        assert_eq!(Comparison::new(4.0, 0.0, 2.5, &[1.0, 2.0, 3.0], Chamber::High).unwrap().p, 0.5);
        assert_eq!(Comparison::new(4.0, 0.0, 4.0, &[f64::NAN], Chamber::Low), None);
        assert!(Comparison::new(1.0, 0.0, 1.0, &[1.0, 1.0], Chamber::High).unwrap().z.is_nan());
    }
}
