//! Words and marks of the board: statuses, lengths of time, lists of names.

use crate::typography::fr;
use domain::situation::event::Status;
use maud::{Markup, html};

const MINUTE_MS: i64 = 60_000;
const HOUR_MINUTES: i64 = 60;
const DAY_HOURS: i64 = 24;
/// From here on a length of time is said in days.
const DAYS_FROM_HOURS: i64 = 48;

/// Class of a status's mark: its shape and its colour.
pub(crate) fn class(status: Status) -> &'static str {
    match status {
        Status::Normal => "ok",
        Status::Degraded => "warn",
        Status::Stopped => "down",
        Status::Transferred => "moved",
        Status::Enclave => "enclave",
        Status::Unknown => "unknown",
    }
}

/// Shape, word and colour.
pub(crate) fn mark(status: Status) -> Markup {
    html! { span class={ "st " (class(status)) } { (status.label()) } }
}

/// `0 h 42`, `3 j` from two days on.
pub(crate) fn lasting(ms: i64) -> String {
    let minutes = ms.max(0) / MINUTE_MS;
    let hours = minutes / HOUR_MINUTES;
    if hours >= DAYS_FROM_HOURS { format!("{} j", hours / DAY_HOURS) } else { format!("{hours} h {:02}", minutes % HOUR_MINUTES) }
}

/// `28 min`, `2 h 05`, `3 j`.
pub(crate) fn briefly(ms: i64) -> String {
    let minutes = ms.max(0) / MINUTE_MS;
    if minutes < HOUR_MINUTES { format!("{minutes} min") } else { lasting(ms) }
}

/// `dans 28 min`, `en retard de 10 min`; the script keeps it up to date (`data-in`).
pub(crate) fn ahead(at: i64, now: i64) -> Markup {
    // Minutes of the clock: what is due at 15:00 is due in one minute at 14:59:30.
    let left = at.div_euclid(MINUTE_MS).saturating_sub(now.div_euclid(MINUTE_MS)).saturating_mul(MINUTE_MS);
    html! { span.down[left < 0] data-in=(at) {
        @if left < 0 { "en retard de " (fr(&briefly(left.saturating_neg()))) }
        @else if left == 0 { "maintenant" }
        @else { "dans " (fr(&briefly(left))) }
    } }
}

/// A name inside a sentence: `Biologie` becomes `biologie`, `SAMU` and `IRM` stay.
pub(crate) fn inside(name: &str) -> String {
    let mut chars = name.chars();
    let Some(first) = chars.next() else { return String::new() };
    if chars.clone().next().is_none_or(|second| second.is_uppercase() || !second.is_alphabetic()) {
        return name.to_owned();
    }
    first.to_lowercase().chain(chars).collect()
}

/// A sentence begins with a capital.
pub(crate) fn begun(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// `a`, `a et b`, `a, b et c`; only commas where a name holds an « et » of its own.
pub(crate) fn listed(items: &[String]) -> String {
    match items {
        _ if items.iter().any(|item| item.contains(" et ")) => items.join(", "),
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} et {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_said_as_people_say_them() {
        assert_eq!(lasting(42 * MINUTE_MS), "0 h 42");
        assert_eq!(briefly(42 * MINUTE_MS), "42 min");
        assert_eq!(briefly(125 * MINUTE_MS), "2 h 05");
        assert_eq!(briefly(80 * 60 * MINUTE_MS), "3 j");
        assert_eq!(briefly(i64::MIN), "0 min");
    }

    #[test]
    fn a_meeting_is_ahead_or_late_by_minutes_of_the_clock() {
        let said = |at, now| ahead(at, now).into_string();
        assert!(said(28 * MINUTE_MS, 0).contains("dans 28 min"));
        assert!(said(MINUTE_MS, MINUTE_MS / 2).contains("dans 1 min"));
        assert!(said(0, MINUTE_MS / 2).contains("maintenant"));
        assert!(said(0, 10 * MINUTE_MS).contains("en retard de 10 min"));
        assert!(!said(i64::MIN, i64::MAX).is_empty());
    }

    #[test]
    fn names_are_listed_inside_a_sentence() {
        assert_eq!([inside("Biologie"), inside("SAMU"), inside("É"), inside("")], ["biologie", "SAMU", "É", ""]);
        let names = |n: usize| (0..n).map(|i| i.to_string()).collect::<Vec<_>>();
        assert_eq!([listed(&names(0)), listed(&names(1)), listed(&names(3))], ["", "0", "0, 1 et 2"]);
        assert_eq!(listed(&["soins et transmissions".to_owned(), "repas".to_owned()]), "soins et transmissions, repas");
        assert_eq!(begun("élu"), "Élu");
    }
}
