//! An obligation and its delay.

use super::event::{ClockAdopted, ClockClosed, Delay, Outcome, Starts};
use super::in_conflict;
use crate::crisis::Crisis;
use crate::versions::{Versions, Write};
use serde::Serialize;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// An obligation, and how it ended if it did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Clock {
    /// What was adopted; the last wording is the one to show.
    pub adopted: Versions<ClockAdopted>,
    /// Endings and restarts.
    pub endings: Option<Versions<ClockClosed>>,
}

/// When an obligation is due. Times are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Due {
    /// Without delay: late from the start, and no figure is shown.
    Now,
    /// Runs from one moment to another.
    At {
        /// From when.
        from: i64,
        /// Until when.
        until: i64,
    },
    /// Runs once another declaration is sent, named by its clock's key.
    After(String),
    /// The establishment has not set the date yet.
    Unset,
}

impl Due {
    pub(super) fn rank(&self) -> (u8, i64) {
        match self {
            Self::Now => (0, 0),
            Self::At { until, .. } => (1, *until),
            Self::Unset => (2, 0),
            Self::After(_) => (3, 0),
        }
    }

    /// Whether it should have been met by then.
    pub fn is_late(&self, now: i64) -> bool {
        match self {
            Self::Now => true,
            Self::At { until, .. } => *until < now,
            Self::After(_) | Self::Unset => false,
        }
    }
}

impl Clock {
    /// What to show.
    pub fn words(&self) -> &ClockAdopted {
        &self.adopted.current().value
    }

    /// Its name in code.
    pub fn key(&self) -> &str {
        &self.adopted.first().value.key
    }

    /// The ending in force, unless it runs.
    pub fn ending(&self) -> Option<&Write<ClockClosed>> {
        self.endings.as_ref().map(Versions::current).filter(|end| end.value.outcome != Outcome::Reopened)
    }

    /// Endings that contradict each other: two people ended it without seeing each other.
    pub fn endings_in_conflict(&self) -> Vec<&Write<ClockClosed>> {
        // The same declaration reported twice in other words is a conflict too: two references may be two declarations.
        self.endings.as_ref().map(|ends| in_conflict(ends, ClockClosed::same_as)).unwrap_or_default()
    }

    /// Whether it is still to be met.
    pub fn is_running(&self) -> bool {
        self.ending().is_none()
    }

    /// When the declaration was made, if it was.
    pub fn sent_at(&self) -> Option<i64> {
        self.ending().filter(|end| end.value.outcome == Outcome::Sent).map(|end| end.value.at)
    }

    /// When it is due. `sent` tells when another declaration was made.
    pub(super) fn due(&self, crisis: &Crisis, sent: impl Fn(&str) -> Option<i64>) -> Due {
        let words = self.words();
        let from = match &words.starts {
            Starts::Known => crisis.known_at,
            Starts::Occurred => crisis.occurred_at,
            Starts::After(key) => match sent(key) {
                Some(at) => at,
                None => return Due::After(key.clone()),
            },
        };
        match words.delay {
            Delay::None => Due::Now,
            Delay::Hours(hours) => Due::At { from, until: from.saturating_add(i64::from(hours).saturating_mul(HOUR_MS)) },
            Delay::Months(months) => Due::At { from, until: months_later(from, months) },
            Delay::Local => words.due_at.map_or(Due::Unset, |until| Due::At { from, until }),
        }
    }
}

impl ClockClosed {
    fn same_as(&self, other: &Self) -> bool {
        let plain = |end: &Self| Self { supersedes: Vec::new(), ..end.clone() };
        plain(self) == plain(other)
    }
}

/// The same day and time so many calendar months later (milliseconds since 1970), or the last day of that month. Counted
/// in universal time: an hour more or less at a clock change, on a delay that the rule gives in months.
fn months_later(from: i64, months: u32) -> i64 {
    let (days, time) = (from.div_euclid(DAY_MS), from.rem_euclid(DAY_MS));
    let (year, month, day) = civil(days);
    let all = year.saturating_mul(12).saturating_add(month - 1).saturating_add(i64::from(months));
    let (year, month) = (all.div_euclid(12), all.rem_euclid(12) + 1);
    let last = (28..=31).rev().find(|d| civil(days_of(year, month, *d)) == (year, month, *d)).unwrap_or(28);
    days_of(year, month, day.min(last)).saturating_mul(DAY_MS).saturating_add(time)
}

/// Year, month and day of a number of days since 1970 (proleptic Gregorian calendar; H. Hinnant, "chrono-compatible
/// low-level date algorithms").
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days.saturating_add(719_468);
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Days since 1970 of a date.
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let shifted_month = if month > 2 { month - 3 } else { month + 9 };
    let of_year = (153 * shifted_month + 2) / 5 + day - 1;
    let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
    era.saturating_mul(146_097).saturating_add(of_era - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(year: i64, month: i64, day: i64) -> i64 {
        days_of(year, month, day) * DAY_MS + 5 * HOUR_MS
    }

    #[test]
    fn a_month_later_is_the_same_day_or_the_last_one() {
        assert_eq!(months_later(at(2026, 11, 21), 1), at(2026, 12, 21));
        assert_eq!(months_later(at(2026, 12, 21), 1), at(2027, 1, 21));
        assert_eq!(months_later(at(2027, 1, 31), 1), at(2027, 2, 28));
        assert_eq!(months_later(at(2028, 1, 31), 1), at(2028, 2, 29));
        assert_eq!(months_later(at(2026, 8, 31), 13), at(2027, 9, 30));
        assert_eq!(months_later(at(1969, 12, 31), 1), at(1970, 1, 31));
    }

    #[test]
    fn dates_round_trip_and_any_number_is_a_moment() {
        for days in (-1_000_000..1_000_000).step_by(997) {
            let (year, month, day) = civil(days);
            assert_eq!(days_of(year, month, day), days);
        }
        assert_eq!(civil(0), (1970, 1, 1));
        for from in [i64::MIN, i64::MAX, 0] {
            for months in [0, 1, u32::MAX] {
                let _ = months_later(from, months);
            }
        }
    }
}
