//! Times as people write them -> microseconds since 1970-01-01 UTC.

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use std::path::Path;

/// Below this many, a count since 1970 is in seconds; the year 5138.
const SECONDS_END: i64 = 100_000_000_000;
/// Below this many, milliseconds.
const MILLISECONDS_END: i64 = SECONDS_END * 1_000;
/// Below this many, microseconds; above, nanoseconds.
const MICROSECONDS_END: i64 = MILLISECONDS_END * 1_000;

/// Reads an ISO 8601 date or time (without a zone: UTC), the form `Wed Oct 10 20:19:24 +0000 2018`, or a count since 1970 in
/// seconds, milliseconds, microseconds or nanoseconds, found out by its size.
pub fn parse(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Some(time) = usual(text.as_bytes()) {
        return Some(time);
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return from_epoch(text.parse().ok()?);
    }
    if let Some((whole, fraction)) = text.split_once('.')
        && whole.len() >= 9
        && whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit())
    {
        let seconds: i64 = whole.parse().ok().filter(|&seconds| seconds < SECONDS_END)?;
        let micros: i64 = format!("{fraction:0<6}").get(..6)?.parse().ok()?;
        return Some(seconds * 1_000_000 + micros);
    }
    let zoned = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f%#z"))
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%#z"))
        .or_else(|_| DateTime::parse_from_str(text, "%a %b %d %H:%M:%S %z %Y"));
    if let Ok(time) = zoned {
        return Some(time.timestamp_micros());
    }
    for form in ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"] {
        if let Ok(time) = NaiveDateTime::parse_from_str(text, form) {
            return Some(time.and_utc().timestamp_micros());
        }
    }
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").or_else(|_| NaiveDate::parse_from_str(text, "%Y/%m/%d")).ok()?;
    Some(day.and_hms_opt(0, 0, 0)?.and_utc().timestamp_micros())
}

/// The remark on a column of counts since 1970.
pub(crate) fn judged_by_size(path: &Path) -> String {
    format!(
        "{}: times are whole numbers since 1970: seconds, milliseconds or microseconds, judged by the size of each",
        path.display()
    )
}

/// The unit of a count since 1970, found out by its size.
pub fn unit_of(count: i64) -> &'static str {
    match count.unsigned_abs() as i64 {
        0..SECONDS_END => "seconds",
        SECONDS_END..MILLISECONDS_END => "milliseconds",
        MILLISECONDS_END..MICROSECONDS_END => "microseconds",
        _ => "nanoseconds",
    }
}

/// The two forms that posts have, `2018-10-10T20:19:24.000Z` and `Wed Oct 10 20:19:24 +0000 2018`, without trying form after form, which is slow
/// for millions of posts.
fn usual(text: &[u8]) -> Option<i64> {
    const MONTHS: &[u8; 36] = b"JanFebMarAprMayJunJulAugSepOctNovDec";
    let number = |digits: &[u8]| {
        let digit = |number: u32, digit: &u8| digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0'));
        digits.iter().try_fold(0, digit)
    };
    let moment = |year: &[u8], month: u32, day: &[u8], clock: &[u8], micros: u32| {
        let &[h, hh, b':', m, mm, b':', s, ss] = clock else { return None };
        let date = NaiveDate::from_ymd_opt(number(year)? as i32, month, number(day)?)?;
        let time = date.and_hms_micro_opt(number(&[h, hh])?, number(&[m, mm])?, number(&[s, ss])?, micros)?;
        Some(time.and_utc().timestamp_micros())
    };
    match text.len() {
        20 | 22..=27 if text.ends_with(b"Z") && text[4] == b'-' && text[7] == b'-' && text[10] == b'T' => {
            let mut micros = 0;
            if text.len() > 20 {
                let fraction = text[19..text.len() - 1].strip_prefix(b".")?;
                micros = number(fraction)? * 10_u32.pow(6 - fraction.len() as u32);
            }
            moment(&text[..4], number(&text[5..7])?, &text[8..10], &text[11..19], micros)
        }
        30 if &text[19..26] == b" +0000 " && text[3] == b' ' && text[7] == b' ' && text[10] == b' ' => {
            let month = MONTHS.chunks(3).position(|name| *name == text[4..7])? as u32 + 1;
            moment(&text[26..], month, &text[8..10], &text[11..19], 0)
        }
        _ => None,
    }
}

/// A count since 1970 as microseconds; its unit is found out by its size.
pub fn from_epoch(count: i64) -> Option<i64> {
    match count.unsigned_abs() as i64 {
        0..SECONDS_END => count.checked_mul(1_000_000),
        SECONDS_END..MILLISECONDS_END => count.checked_mul(1_000),
        MILLISECONDS_END..MICROSECONDS_END => Some(count),
        _ => Some(count / 1_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_moment_in_many_forms() {
        let wanted = Some(1_539_202_764_000_000);
        for text in [
            "2018-10-10T20:19:24.000Z",
            "2018-10-10T22:19:24+02:00",
            "2018-10-10 20:19:24",
            "2018-10-10T20:19:24",
            "Wed Oct 10 20:19:24 +0000 2018",
            "1539202764",
            "1539202764000",
            "1539202764000000",
            "1539202764000000000",
            "1539202764.0",
        ] {
            assert_eq!(parse(text), wanted, "{text}");
        }
        assert_eq!(parse("1970-01-02"), Some(86_400_000_000));
        assert_eq!(parse("2018-10-10T20:19:24.123456Z"), wanted.map(|time| time + 123_456));
        assert_eq!(parse("2018-10-10T20:19:24.5Z"), wanted.map(|time| time + 500_000));
        assert_eq!(parse("2018-10-10T20:19:24.123456789Z"), wanted.map(|time| time + 123_456));
        assert_eq!(parse("2016-12-31T23:59:60Z"), Some(1_483_228_800_000_000));
        for text in ["", "soon", "2018-13-01", "-", "12:30", "2018-02-30T20:19:24Z", "Wed Foo 10 20:19:24 +0000 2018"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
