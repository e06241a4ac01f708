//! The time that counts: from one moment to another, and how it is cut into windows.

use crate::time;
use chrono::{DateTime, Datelike, NaiveDate};
use echogram_graph::NO_TIME;

/// From `from` (inclusive) to `to` (exclusive), microseconds UTC; either may be open. With both open every tie counts, also one without a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// First moment that counts.
    pub from: Option<i64>,
    /// First moment that does not.
    pub to: Option<i64>,
}

impl Period {
    /// Whether nothing is left out.
    pub fn is_all(&self) -> bool {
        self.from.is_none() && self.to.is_none()
    }

    /// Whether a tie of this time counts.
    #[inline]
    pub fn holds(&self, at: i64) -> bool {
        self.is_all() || (at != NO_TIME && self.from.is_none_or(|from| at >= from) && self.to.is_none_or(|to| at < to))
    }

    /// Whether any moment of `first..=last` may count.
    pub(crate) fn touches(&self, first: i64, last: i64) -> bool {
        self.from.is_none_or(|from| last >= from) && self.to.is_none_or(|to| first < to)
    }
}

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3_600 * SECOND;
const DAY: i64 = 24 * HOUR;
/// Monday, 5 January 1970.
const FIRST_MONDAY: i64 = 4 * DAY;

/// The length of a window: `6h`, `1d`, `2w`, `1mo`, `1y`. Hours, days and weeks are counted from a Monday 00:00 UTC, months and years from January.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// So many microseconds.
    Micros(i64),
    /// So many months.
    Months(i32),
}

impl std::str::FromStr for Window {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no length of a window such as 6h, 1d, 2w, 1mo or 1y");
        let digits = text.trim().bytes().take_while(u8::is_ascii_digit).count();
        let (count, unit) = text.trim().split_at(digits);
        let count: i32 = if count.is_empty() { 1 } else { count.parse().map_err(|_| wrong())? };
        if !(1..=100_000).contains(&count) {
            return Err(wrong());
        }
        match unit.trim() {
            "h" => Ok(Self::Micros(i64::from(count) * HOUR)),
            "d" => Ok(Self::Micros(i64::from(count) * DAY)),
            "w" => Ok(Self::Micros(i64::from(count) * 7 * DAY)),
            "mo" => Ok(Self::Months(count)),
            "y" => Ok(Self::Months(count * 12)),
            _ => Err(wrong()),
        }
    }
}

impl Window {
    /// The number of the window that holds a moment.
    pub fn number(&self, at: i64) -> i64 {
        match self {
            Self::Micros(length) => at.saturating_sub(FIRST_MONDAY).div_euclid(*length),
            Self::Months(months) => {
                let beyond = if at < 0 { NaiveDate::MIN } else { NaiveDate::MAX };
                let date = DateTime::from_timestamp_micros(at).map_or(beyond, |moment| moment.date_naive());
                (i64::from(date.year() - 1970) * 12 + i64::from(date.month0())).div_euclid(i64::from(*months))
            }
        }
    }

    /// When the window of a number begins.
    pub fn start(&self, number: i64) -> i64 {
        match self {
            Self::Micros(length) => number.saturating_mul(*length).saturating_add(FIRST_MONDAY),
            Self::Months(months) => {
                let month = number * i64::from(*months);
                let year = i32::try_from(1970 + month.div_euclid(12)).unwrap_or(i32::MAX);
                NaiveDate::from_ymd_opt(year, month.rem_euclid(12) as u32 + 1, 1)
                    .and_then(|day| day.and_hms_opt(0, 0, 0))
                    .map_or(if number < 0 { i64::MIN } else { i64::MAX }, |moment| moment.and_utc().timestamp_micros())
            }
        }
    }
}

/// A moment as an option gives it, and what was understood.
///
/// # Errors
/// The text, if it is no date or time.
pub fn parse_moment(text: &str) -> Result<i64, String> {
    time::parse(text).ok_or_else(|| {
        format!("`{text}` is no date or time such as 2026-01-31, 2026-01-31T12:00 or 1767225600 (seconds, milliseconds or microseconds since 1970)")
    })
}

/// A moment in words, UTC.
pub fn shown(at: i64) -> String {
    DateTime::from_timestamp_micros(at).map_or_else(
        || at.to_string(),
        |moment| {
            let form = if at.rem_euclid(DAY) == 0 {
                "%Y-%m-%d"
            } else if at.rem_euclid(SECOND) == 0 {
                "%Y-%m-%dT%H:%M:%SZ"
            } else {
                "%Y-%m-%dT%H:%M:%S%.6fZ"
            };
            moment.format(form).to_string()
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_does_not_belong_to_a_period() {
        let period = Period { from: Some(10), to: Some(20) };
        assert_eq!([9, 10, 19, 20, NO_TIME].map(|at| period.holds(at)), [false, true, true, false, false]);
        assert!(Period::default().holds(NO_TIME));
        assert_eq!(
            [(0, 9), (0, 10), (19, 30), (20, 30)].map(|(first, last)| period.touches(first, last)),
            [false, true, true, false]
        );
    }

    #[test]
    fn windows_begin_on_mondays_and_on_the_first() {
        for (length, moment, start) in [
            ("1w", "2022-02-24T13:00", "2022-02-21"),
            ("1w", "1969-12-31", "1969-12-29"),
            ("1d", "2022-02-24T13:00", "2022-02-24"),
            ("6h", "2022-02-24T13:00", "2022-02-24T12:00:00Z"),
            ("1mo", "2022-02-24T13:00", "2022-02-01"),
            ("3mo", "2022-02-24T13:00", "2022-01-01"),
            ("1y", "1969-02-24", "1969-01-01"),
        ] {
            let window: Window = length.parse().expect("a length");
            let number = window.number(parse_moment(moment).expect("a moment"));
            assert_eq!(shown(window.start(number)), start, "{length} at {moment}");
            assert!(window.start(number + 1) > window.start(number));
        }
        let week: Window = "1w".parse().expect("a length");
        assert!(week.number(i64::MIN + 1) < week.number(0), "the first moment of all is in a window too");
        for text in ["", "w1", "0d", "1 fortnight", "-1d", "99999999999d"] {
            assert!(text.parse::<Window>().is_err() || text.is_empty(), "{text}");
        }
    }
}
