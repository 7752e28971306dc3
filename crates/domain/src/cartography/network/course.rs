//! How activities fare as the outage lasts.

use super::Fate;

/// How something works at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Condition {
    /// Not touched yet.
    Up,
    /// In degraded mode.
    Degraded,
    /// Not at all.
    Stopped,
}

/// How many activities are hit at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// The moment, in minutes after the loss.
    pub minute: u32,
    /// Stopped.
    pub stopped: usize,
    /// Degraded, not stopped.
    pub degraded: usize,
    /// Among both: interrupted for longer than they bear (DMIA).
    pub past: usize,
}

impl Fate<'_> {
    /// How it works that many minutes after the loss.
    pub fn at(&self, minute: u32) -> Condition {
        match (self.hit_at, self.stops_at) {
            (_, Some(at)) if at <= minute => Condition::Stopped,
            (at, _) if at <= minute => Condition::Degraded,
            _ => Condition::Up,
        }
    }
}

/// Counts activities by their condition at a moment.
pub fn count(fates: &[Fate<'_>], minute: u32) -> Count {
    let in_condition = |wanted| fates.iter().filter(|fate| fate.at(minute) == wanted).count();
    let past = fates.iter().filter(|fate| fate.limit_at.is_some_and(|at| at <= minute)).count();
    Count { minute, stopped: in_condition(Condition::Stopped), degraded: in_condition(Condition::Degraded), past }
}
