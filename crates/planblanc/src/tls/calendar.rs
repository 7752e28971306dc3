//! Dates of certificates, on machines whose clock may be years off.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

pub(crate) const DAY_S: i64 = 86_400;
/// 1 January 2026: this program did not exist before, so a clock that says so is wrong.
const PROGRAM_S: i64 = 1_767_225_600;
/// 1 January 2025: an authority begins here whatever the clock says, so that one made by a late clock is good at the
/// right date too.
pub(crate) const EARLIEST_S: i64 = 1_735_689_600;
/// 1 January 2100: no clock is believed beyond it.
const LATEST_S: i64 = 4_102_444_800;
const MONTHS: [&str; 12] =
    ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];

/// Whether a clock is wrong for sure.
pub(crate) fn is_absurd(now_s: i64) -> bool {
    plausible(now_s) != now_s
}

/// The moment to reckon with: the clock's, unless it is wrong for sure.
pub(crate) fn plausible(now_s: i64) -> i64 {
    now_s.clamp(PROGRAM_S, LATEST_S)
}

fn day(at_s: i64) -> Date {
    let at = Timestamp::from_second(at_s).unwrap_or_default();
    TimeZone::UTC.to_datetime(at).date()
}

/// Year, month and day of a moment, in universal time.
pub(crate) fn year_month_day(at_s: i64) -> (i32, u8, u8) {
    let day = day(at_s);
    (i32::from(day.year()), day.month().unsigned_abs(), day.day().unsigned_abs())
}

/// The same, as people read it.
pub(crate) fn words(at_s: i64) -> String {
    let day = day(at_s);
    let month = MONTHS.get(usize::from(day.month().unsigned_abs()).saturating_sub(1)).copied().unwrap_or_default();
    let rank = if day.day() == 1 { "1er".to_owned() } else { day.day().to_string() };
    format!("{rank} {month} {}", day.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_french() {
        assert_eq!(words(PROGRAM_S), "1er janvier 2026");
        assert_eq!(words(1_795_267_920), "21 novembre 2026");
        assert_eq!(year_month_day(EARLIEST_S), (2025, 1, 1));
        assert_eq!(year_month_day(LATEST_S), (2100, 1, 1));
        assert!(is_absurd(0) && is_absurd(i64::MAX) && !is_absurd(1_795_267_920));
    }
}
