//! A day of the calendar, without hour or time zone: the day a number was verified, the day a contract ends.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

const DAY_MS: i64 = 86_400_000;

/// Years a day may lie in: beyond, it is a slip of the keyboard.
pub const YEAR_MIN: i32 = 1900;
/// See [`YEAR_MIN`].
pub const YEAR_MAX: i32 = 2199;

/// A day, as year, month (1 to 12) and day of the month; written `2026-11-22` in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    year: i32,
    month: u8,
    day: u8,
}

/// The text is no day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("jour mal écrit : AAAA-MM-JJ attendu, de {YEAR_MIN} à {YEAR_MAX}")]
pub struct BadDay;

impl schemars::JsonSchema for Day {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date" })
    }
}

impl Day {
    /// A day that exists.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let exists = (1..=12).contains(&month) && (1..=length(year, month)).contains(&day);
        (exists && (YEAR_MIN..=YEAR_MAX).contains(&year)).then_some(Self { year, month, day })
    }

    /// The day of a moment (milliseconds since 1970) in universal time; the nearest one when it lies outside all years.
    pub fn of_ms(ms: i64) -> Self {
        let first = Self { year: YEAR_MIN, month: 1, day: 1 };
        let last = Self { year: YEAR_MAX, month: 12, day: 31 };
        Self::of_number(ms.div_euclid(DAY_MS).clamp(first.number(), last.number()))
    }

    /// Days since 1 January 1970 (civil calendar, after H. Hinnant, « chrono-Compatible Low-Level Date Algorithms »).
    pub fn number(self) -> i64 {
        let (month, day) = (i64::from(self.month), i64::from(self.day));
        let year = i64::from(self.year) - i64::from(month <= 2);
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
    }

    fn of_number(number: i64) -> Self {
        let shifted = number + 719_468;
        let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        let small = |n: i64| u8::try_from(n).unwrap_or(1);
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        Self { year: i32::try_from(year).unwrap_or(YEAR_MIN), month: small(month), day: small(day) }
    }

    /// Year, month (1 to 12) and day of the month.
    pub fn parts(self) -> (i32, u8, u8) {
        (self.year, self.month, self.day)
    }

    /// The day so many days later (earlier when negative), the nearest one when it lies outside all years.
    pub fn plus_days(self, days: i64) -> Self {
        Self::of_ms(self.number().saturating_add(days).saturating_mul(DAY_MS))
    }

    /// Whole months from this day to another, 0 when that one is earlier.
    pub fn months_until(self, later: Self) -> u32 {
        let months = (later.year - self.year) * 12 + i32::from(later.month) - i32::from(self.month);
        u32::try_from(months - i32::from(later.day < self.day)).unwrap_or(0)
    }

    /// Days from this day to another, negative when that one is earlier.
    pub fn days_until(self, later: Self) -> i64 {
        later.number() - self.number()
    }
}

fn length(year: i32, month: u8) -> u8 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Day {
    type Err = BadDay;
    fn from_str(text: &str) -> Result<Self, BadDay> {
        let mut parts = text.split('-');
        let mut part = |len: usize| parts.next().filter(|p| p.len() == len && p.bytes().all(|b| b.is_ascii_digit()));
        let (Some(year), Some(month), Some(day)) = (part(4), part(2), part(2)) else { return Err(BadDay) };
        let read = |text: &str| text.parse::<u8>().map_err(|_| BadDay);
        let year = year.parse().map_err(|_| BadDay)?;
        if parts.next().is_some() {
            return Err(BadDay);
        }
        Self::new(year, read(month)?, read(day)?).ok_or(BadDay)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_comes_back() {
        let first: Day = "1900-01-01".parse().unwrap_or_else(|_| unreachable!());
        let last: Day = "2199-12-31".parse().unwrap_or_else(|_| unreachable!());
        for number in first.number()..=last.number() {
            let day = Day::of_number(number);
            assert_eq!((day.number(), day.to_string().parse()), (number, Ok(day)));
        }
        assert_eq!(Day::of_ms(0).to_string(), "1970-01-01");
        assert_eq!(Day::of_ms(1_795_267_920_000).to_string(), "2026-11-21");
        assert_eq!((Day::of_ms(i64::MIN), Day::of_ms(i64::MAX)), (first, last));
        assert_eq!(first.plus_days(365).plus_days(-365), first);
        assert_eq!((first.plus_days(i64::MIN), first.plus_days(i64::MAX)), (first, last));
    }

    #[test]
    fn what_is_no_day_is_refused_and_months_are_whole() {
        for text in
            ["", "2026-02-29", "2026-13-01", "26-11-22", "2026-11-22-1", "2026-1-2", "22/11/2026", "0001-01-01", "+026-01-01"]
        {
            assert_eq!(text.parse::<Day>(), Err(BadDay), "{text}");
        }
        let months = |from: &str, to: &str| Some(from.parse::<Day>().ok()?.months_until(to.parse().ok()?));
        assert_eq!(months("2025-09-22", "2026-11-22"), Some(14));
        assert_eq!(months("2025-09-23", "2026-11-22"), Some(13));
        assert_eq!(months("2027-01-01", "2026-11-22"), Some(0));
    }
}
