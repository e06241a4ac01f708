//! Dates without a clock: seconds since 1970, UTC, in the proleptic Gregorian calendar.

/// Seconds of a day.
pub const DAY: i64 = 86_400;
/// First second of the study: Monday 2026-01-05.
pub const START: i64 = midnight(2026, 1, 5);
/// First second after the study: Monday 2026-07-06, 26 weeks later.
pub const END: i64 = midnight(2026, 7, 6);

/// The first second of a day.
pub const fn midnight(year: i64, month: i64, day: i64) -> i64 {
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    (era * 146_097 + day_of_era - 719_468) * DAY
}

/// Year, month and day of a second.
pub fn civil(second: i64) -> (i64, i64, i64) {
    let days = second.div_euclid(DAY) + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// `2026-01-05`
pub fn date(second: i64) -> String {
    let (year, month, day) = civil(second);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `2026-01-05T08:30:00.000Z`
pub fn timestamp(second: i64) -> String {
    let rest = second.rem_euclid(DAY);
    format!("{}T{:02}:{:02}:{:02}.000Z", date(second), rest / 3600, rest / 60 % 60, rest % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_go_there_and_back() {
        assert_eq!(midnight(1970, 1, 1), 0);
        assert_eq!((END - START) / DAY, 26 * 7);
        for day in -1000..30_000 {
            let (year, month, date) = civil(day * DAY + 5);
            assert_eq!(midnight(year, month, date), day * DAY);
        }
        assert_eq!(timestamp(midnight(2024, 2, 29) + 3661), "2024-02-29T01:01:01.000Z");
    }
}
