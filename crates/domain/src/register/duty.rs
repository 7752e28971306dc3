//! Who is on duty, and when nobody is.

use super::Register;
use super::event::Turn;
use journal::SubjectId;
use std::collections::{BTreeMap, BTreeSet};

const DAY_MS: i64 = 86_400_000;
/// How far ahead gaps are looked for, in days.
pub const GAPS_AHEAD_DAYS: i64 = 14;
/// An on-call list nobody was on for this many days is no list any more.
pub const LIST_FORGOTTEN_DAYS: i64 = 31;
/// Longest turn, in days.
pub const TURN_DAYS_MAX: i64 = 31;

/// Nobody is on a list between two moments (milliseconds since 1970).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap<'a> {
    /// The list.
    pub list: &'a str,
    /// From when.
    pub from: i64,
    /// Until when.
    pub until: i64,
}

impl Register {
    /// Turns that run at a moment, by list, then by name.
    pub fn on_duty(&self, now: i64) -> Vec<(SubjectId, &Turn)> {
        self.turns_between(now, now.saturating_add(1))
    }

    /// Turns that touch `[from, until[`, by list, then by beginning.
    pub fn turns_between(&self, from: i64, until: i64) -> Vec<(SubjectId, &Turn)> {
        let mut turns: Vec<_> =
            self.turns.iter().filter(|(_, t)| t.from < until && t.until > from).map(|(id, t)| (*id, t)).collect();
        turns.sort_by(|(a, x), (b, y)| (&x.list, x.from, &x.name, a).cmp(&(&y.list, y.from, &y.name, b)));
        turns
    }

    /// Names of the on-call lists that live: with a turn to come, or one that ended less than a month ago.
    pub fn duty_lists(&self, now: i64) -> Vec<&str> {
        let since = now.saturating_sub(LIST_FORGOTTEN_DAYS * DAY_MS);
        let lists: BTreeSet<&str> = self.turns.iter().filter(|(_, t)| t.until > since).map(|(_, t)| t.list.as_str()).collect();
        lists.into_iter().collect()
    }

    /// When nobody is on a living list, from now to [`GAPS_AHEAD_DAYS`] days ahead.
    pub fn duty_gaps(&self, now: i64) -> Vec<Gap<'_>> {
        let end = now.saturating_add(GAPS_AHEAD_DAYS * DAY_MS);
        let mut covered: BTreeMap<&str, i64> = self.duty_lists(now).into_iter().map(|list| (list, now)).collect();
        let mut gaps = Vec::new();
        for (_, turn) in self.turns_between(now, end) {
            let Some(until) = covered.get_mut(turn.list.as_str()) else { continue };
            if turn.from > *until {
                gaps.push(Gap { list: &turn.list, from: *until, until: turn.from });
            }
            *until = (*until).max(turn.until);
        }
        gaps.extend(covered.into_iter().filter(|(_, until)| *until < end).map(|(list, until)| Gap {
            list,
            from: until,
            until: end,
        }));
        gaps.sort_by(|a, b| (a.list, a.from).cmp(&(b.list, b.from)));
        gaps
    }
}
