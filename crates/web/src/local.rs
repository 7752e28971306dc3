//! Time as the establishment's people read it: local clock time, dates, time since the crisis began.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

const MINUTE_MS: i64 = 60_000;
const DAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const MONTHS: [&str; 12] =
    ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];

/// The establishment's time zone, looked up once per page. Times are milliseconds since 1970.
#[derive(Debug, Clone)]
pub(crate) struct Local {
    zone: TimeZone,
}

/// Whether this is the IANA name of a time zone that this program knows.
pub(crate) fn is_zone(name: &str) -> bool {
    TimeZone::get(name).is_ok()
}

impl Local {
    /// By IANA name; UTC when the name is unknown.
    pub(crate) fn of(name: &str) -> Self {
        Self { zone: TimeZone::get(name).unwrap_or(TimeZone::UTC) }
    }

    /// IANA name of the zone.
    pub(crate) fn zone(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }

    fn at(&self, ms: i64) -> DateTime {
        let extreme = if ms < 0 { Timestamp::MIN } else { Timestamp::MAX };
        self.zone.to_datetime(Timestamp::from_millisecond(ms).unwrap_or(extreme))
    }

    pub(crate) fn date(&self, ms: i64) -> Date {
        self.at(ms).date()
    }

    /// `14:30`.
    pub(crate) fn time(&self, ms: i64) -> String {
        clock(self.at(ms).time())
    }

    /// `21/11`.
    pub(crate) fn day(&self, ms: i64) -> String {
        let date = self.date(ms);
        format!("{:02}/{:02}", date.day(), date.month())
    }

    /// `21/11 à 14:30`.
    pub(crate) fn day_and_time(&self, ms: i64) -> String {
        format!("{} à {}", self.day(ms), self.time(ms))
    }

    /// `21/11/2026 à 14:30`: for what may be years old.
    pub(crate) fn full_day_and_time(&self, ms: i64) -> String {
        format!("{}/{:04} à {}", self.day(ms), self.date(ms).year(), self.time(ms))
    }

    /// `14:30` on the day of `beside`, else `21/11 14:30`.
    pub(crate) fn short(&self, ms: i64, beside: i64) -> String {
        if self.date(ms) == self.date(beside) { self.time(ms) } else { format!("{} {}", self.day(ms), self.time(ms)) }
    }

    /// `samedi 21 novembre 2026`.
    pub(crate) fn long_date(&self, ms: i64) -> String {
        let date = self.date(ms);
        let weekday = DAYS.get(usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0)).unwrap_or(&"");
        let month = MONTHS.get(usize::try_from(date.month() - 1).unwrap_or(0)).unwrap_or(&"");
        let ordinal = if date.day() == 1 { "er" } else { "" };
        format!("{weekday} {}{ordinal} {month} {}", date.day(), date.year())
    }

    /// For the `datetime` attribute.
    pub(crate) fn machine(&self, ms: i64) -> String {
        let at = self.at(ms);
        format!("{}T{}", at.date(), clock(at.time()))
    }

    /// A moment as people type it: `14:30`, `14h30`, `à 14:30`, `21/11 14:30`, `21/11/2026 14:30`, `2026-11-21T14:30`,
    /// or `+2h`, `+30min`, `+1j` from now. A bare clock time is the next one when `ahead`, else the last one.
    pub(crate) fn parse(&self, text: &str, now: i64, ahead: bool) -> Option<i64> {
        let text = text.trim();
        if text.starts_with('+') {
            return self.later(text, now);
        }
        let text = text.strip_prefix("à ").unwrap_or(text).trim();
        let (date, time) = match text.rsplit_once([' ', 'T']) {
            Some((date, time)) => (Some(date.trim().trim_end_matches('à').trim()), time),
            None => (None, text),
        };
        let time = clock_time(time)?;
        let today = self.date(now);
        let Some(date) = date else {
            let at = |date: Date| self.instant(date.to_datetime(time));
            let first = at(today)?;
            return match ahead {
                true if first < now - MINUTE_MS => at(today.tomorrow().ok()?),
                false if first > now + MINUTE_MS => at(today.yesterday().ok()?),
                _ => Some(first),
            };
        };
        self.instant(calendar_date(date, today)?.to_datetime(time))
    }

    /// `+2h`, `+30min`, `+2h30`, `+1j` after a moment, to the minute.
    pub(crate) fn later(&self, text: &str, from: i64) -> Option<i64> {
        let text = text.strip_prefix('+')?;
        let digits = text.find(|c: char| !c.is_ascii_digit())?;
        let (count, unit) = text.split_at(digits);
        let count: i64 = count.parse().ok().filter(|n| (1..=10_000).contains(n))?;
        let from = from - from.rem_euclid(MINUTE_MS);
        match unit.to_lowercase().as_str() {
            "min" | "mn" => Some(from + count * MINUTE_MS),
            "h" => Some(from + count * 60 * MINUTE_MS),
            "j" => {
                let start = Timestamp::from_millisecond(from).ok()?.to_zoned(self.zone.clone());
                Some(start.checked_add(Span::new().try_days(count).ok()?).ok()?.timestamp().as_millisecond())
            }
            rest => {
                let minutes: i64 = rest.strip_prefix('h')?.parse().ok().filter(|m| (0..60).contains(m))?;
                Some(from + (count * 60 + minutes) * MINUTE_MS)
            }
        }
    }

    fn instant(&self, at: DateTime) -> Option<i64> {
        Some(self.zone.to_timestamp(at).ok()?.as_millisecond())
    }
}

fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// `14:30`, `14h30`, `14h`, `14:30:12`.
pub(crate) fn clock_time(text: &str) -> Option<Time> {
    let mut parts = text.trim().split([':', 'h', 'H']);
    let number = |part: &str| part.parse::<i8>().ok().filter(|_| part.len() <= 2);
    let hour = number(parts.next()?)?;
    let minute = match parts.next()? {
        "" => 0,
        part => number(part)?,
    };
    let second = parts.next();
    if parts.next().is_some() || second.is_some_and(|s| number(s.split('.').next().unwrap_or_default()).is_none()) {
        return None;
    }
    Time::new(hour, minute, 0, 0).ok()
}

/// `21/11`, `21/11/2026` or `2026-11-21`; without a year, the one that brings it nearest to today.
fn calendar_date(text: &str, today: Date) -> Option<Date> {
    if let Ok(date) = text.parse::<Date>() {
        return Some(date);
    }
    let mut parts = text.split('/');
    let (day, month) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    match parts.next() {
        Some(year) => Date::new(year.parse().ok()?, month, day).ok(),
        None => {
            let near = |year: i16| Date::new(year, month, day).ok();
            let years = [today.year() - 1, today.year(), today.year() + 1];
            years.into_iter().filter_map(near).min_by_key(|d| today.duration_until(*d).abs())
        }
    }
}

/// Time since a crisis began: `T+09:12`, and `J+3` from the second day on.
pub(crate) fn elapsed(since: i64, now: i64) -> String {
    let minutes = now.saturating_sub(since).max(0) / MINUTE_MS;
    let (hours, days) = (minutes / 60, minutes / (60 * 24));
    if hours >= 48 { format!("J+{days}") } else { format!("T+{hours:02}:{:02}", minutes % 60) }
}

/// How late: `−0:42`, in hours and minutes.
pub(crate) fn late_by(due: i64, now: i64) -> String {
    let minutes = now.saturating_sub(due).max(0) / MINUTE_MS;
    format!("\u{2212}{}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Saturday 21 November 2026, 14:32 in Paris (winter, UTC+1).
    const NOW: i64 = 1_795_267_920_000;
    const HOUR: i64 = 60 * MINUTE_MS;

    fn paris() -> Local {
        Local::of("Europe/Paris")
    }

    #[test]
    fn moments_are_shown_on_the_local_clock() {
        let paris = paris();
        assert_eq!(paris.day_and_time(NOW), "21/11 à 14:32");
        assert_eq!(paris.full_day_and_time(NOW), "21/11/2026 à 14:32");
        assert_eq!(paris.long_date(NOW), "samedi 21 novembre 2026");
        assert_eq!(paris.short(NOW + 12 * HOUR, NOW), "22/11 02:32");
        assert_eq!(Local::of("Indian/Reunion").time(NOW), "17:32");
        assert_eq!(Local::of("Lune/Tranquillité").time(NOW), "13:32");
    }

    #[test]
    fn any_number_is_a_moment() {
        for ms in [i64::MIN, i64::MAX, 0] {
            assert!(!paris().day_and_time(ms).is_empty());
        }
    }

    #[test]
    fn people_type_moments_in_many_ways() {
        let paris = paris();
        let shown = |text: &str, ahead| paris.parse(text, NOW, ahead).map(|ms| paris.day_and_time(ms));
        let is = |text: &str, ahead, expected: &str| assert_eq!(shown(text, ahead).as_deref(), Some(expected), "{text}");
        is("15:00", true, "21/11 à 15:00");
        is("à 15h", true, "21/11 à 15:00");
        is("9h05", true, "22/11 à 09:05");
        is("9h05", false, "21/11 à 09:05");
        is("23:50", false, "20/11 à 23:50");
        is("20/11 23:50", false, "20/11 à 23:50");
        is("2026-11-20T23:50", false, "20/11 à 23:50");
        is("02/01 08:00", true, "02/01 à 08:00");
        is("+2h", true, "21/11 à 16:32");
        is("+2h30", true, "21/11 à 17:02");
        is("+30min", true, "21/11 à 15:02");
        is("+1j", true, "22/11 à 14:32");
        for text in ["", "demain", "25:00", "12:60", "+h", "+0h", "+2x", "31/02 10:00", "1:2:3:4", "14"] {
            assert_eq!(shown(text, true), None, "{text}");
        }
    }

    #[test]
    fn a_crisis_counts_hours_then_days() {
        assert_eq!(elapsed(NOW, NOW + 9 * HOUR + 12 * MINUTE_MS), "T+09:12");
        assert_eq!(elapsed(NOW, NOW + 47 * HOUR), "T+47:00");
        assert_eq!(elapsed(NOW, NOW + 12 * 24 * HOUR), "J+12");
        assert_eq!(elapsed(NOW, NOW - HOUR), "T+00:00");
        assert_eq!(late_by(NOW, NOW + 42 * MINUTE_MS), "−0:42");
    }
}
