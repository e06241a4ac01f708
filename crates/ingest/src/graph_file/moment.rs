//! Times of graph files: dates, counts since 1970, years, or steps of a clock that nobody knows.

use crate::time;
use chrono::NaiveDate;

/// A smaller number is no count since 1970: March 1973 in seconds.
const EPOCHS_FROM: f64 = 1e8;

/// What a text says of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Microseconds since 1970.
    At(i64),
    /// A number that is no known time, such as the step of a simulation; or no bound at all.
    Unclear,
    /// Neither a date nor a number.
    Wrong,
}

impl Moment {
    /// A number from 1000 up to 3000 is a year and means its first day; from 1e8 on it counts since 1970, in a unit found out by its size.
    pub(crate) fn parse(text: &str) -> Self {
        let text = text.trim();
        let found = match text.parse::<f64>() {
            Ok(number) if (1000.0..3000.0).contains(&number) => NaiveDate::from_ymd_opt(number as i32, 1, 1)
                .and_then(|day| Some(day.and_hms_opt(0, 0, 0)?.and_utc().timestamp_micros())),
            Ok(number) if (EPOCHS_FROM..9e18).contains(&number) => {
                time::parse(text).or_else(|| Some(time::from_epoch(number as i64)? + fraction(number)))
            }
            Ok(_) => return Self::Unclear,
            // XML knows months, too.
            Err(_) if text.len() == "2004-01".len() => time::parse(&format!("{text}-01")),
            Err(_) => time::parse(text),
        };
        found.map_or(Self::Wrong, Self::At)
    }
}

/// The microseconds behind the point of a number of seconds.
fn fraction(seconds: f64) -> i64 {
    if seconds < 1e11 { (seconds.fract() * 1e6).round() as i64 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_numbers_are_years_or_nothing() {
        const SECOND: i64 = 1_000_000;
        for (text, wanted) in [
            ("2004.0", Moment::At(1_072_915_200 * SECOND)),
            ("1970", Moment::At(0)),
            ("2004-01-01", Moment::At(1_072_915_200 * SECOND)),
            ("2004-01", Moment::At(1_072_915_200 * SECOND)),
            ("2004-01-01T00:00:01Z", Moment::At(1_072_915_201 * SECOND)),
            ("1.0729152E9", Moment::At(1_072_915_200 * SECOND)),
            ("1072915200.5", Moment::At(1_072_915_200 * SECOND + SECOND / 2)),
            ("1.072915200E12", Moment::At(1_072_915_200 * SECOND)),
            ("3", Moment::Unclear),
            ("-Infinity", Moment::Unclear),
            ("soon", Moment::Wrong),
            ("", Moment::Wrong),
        ] {
            assert_eq!(Moment::parse(text), wanted, "{text:?}");
        }
    }
}
