//! A straight line through points, by least squares.

/// Values that differ by less than this share of the largest are one value.
const FLAT: f64 = 1e-12;

/// What a line through points says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Line {
    /// Change of y for a step of x; NaN where x does not vary.
    pub(crate) slope: f64,
    /// Its standard error, sqrt(rest of squares / (n - 2) / squares of x); NaN below three points.
    pub(crate) slope_error: f64,
    /// Pearson's r; NaN where x or y does not vary.
    pub(crate) correlation: f64,
    /// Its standard error, (1 - r^2) / sqrt(n - 3); NaN below four points.
    pub(crate) correlation_error: f64,
}

/// The line through points (x, y).
pub(crate) fn fit(points: &[(f64, f64)]) -> Line {
    let n = points.len() as f64;
    let varies = |pick: fn(&(f64, f64)) -> f64| {
        let (low, high) = points
            .iter()
            .map(pick)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        high - low > FLAT * low.abs().max(high.abs())
    };
    let (x_varies, y_varies) = (varies(|point| point.0), varies(|point| point.1));
    let mean = |pick: fn(&(f64, f64)) -> f64| points.iter().map(pick).sum::<f64>() / n;
    let (x_mean, y_mean) = (mean(|point| point.0), mean(|point| point.1));
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for &(x, y) in points {
        xx += (x - x_mean) * (x - x_mean);
        xy += (x - x_mean) * (y - y_mean);
        yy += (y - y_mean) * (y - y_mean);
    }
    let known = |value: f64, is_known: bool| if is_known { value } else { f64::NAN };
    let slope = known(if y_varies { xy / xx } else { 0.0 }, x_varies);
    let correlation = known((xy / (xx * yy).sqrt()).clamp(-1.0, 1.0), x_varies && y_varies);
    Line {
        slope,
        slope_error: known(((yy - slope * xy).max(0.0) / (n - 2.0) / xx).sqrt(), n > 2.0),
        correlation,
        correlation_error: known((1.0 - correlation * correlation) / (n - 3.0).sqrt(), n > 3.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // Residuals -0.4, 0.7, -0.2, -0.1: sum of squares 0.7, two degrees of freedom, squares of x 5.
        let found = fit(&[(0.0, 1.0), (1.0, 3.0), (2.0, 3.0), (3.0, 4.0)]);
        assert!((found.slope - 0.9).abs() < 1e-12 && (found.slope_error - (0.7_f64 / 2.0 / 5.0).sqrt()).abs() < 1e-12);
        let r = 4.5 / (5.0_f64 * 4.75).sqrt();
        assert!((found.correlation - r).abs() < 1e-12 && (found.correlation_error - (1.0 - r * r)).abs() < 1e-12);
    }

    #[test]
    fn what_does_not_vary_has_no_correlation() {
        let flat = fit(&[(0.1, 0.1), (0.2, 0.1), (0.4, 0.1)]);
        assert!(flat.correlation.is_nan() && flat.slope == 0.0);
        let steep = fit(&[(0.1, 0.0), (0.1, 1.0), (0.1, 3.0)]);
        assert!(steep.correlation.is_nan() && steep.slope.is_nan());
        assert!(fit(&[]).slope.is_nan() && fit(&[(1.0, 1.0)]).slope.is_nan());
    }
}
