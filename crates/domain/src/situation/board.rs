//! The situation board: activities by care priority, with how they work and until when care holds like this.

use super::event::{Status, StatusDeclared};
use super::{Declared, Situation};
use crate::cartography::{Activity, Asset};
use crate::state::State;
use crate::versions::Write;
use journal::SubjectId;

const MINUTE_MS: i64 = 60_000;

/// How one thing works, as the board shows it.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// The activity or application.
    pub id: SubjectId,
    /// Its name on the map, or the name it had when somebody spoke of it.
    pub name: &'a str,
    /// All that was declared.
    pub declared: Option<&'a Declared>,
}

impl<'a> Line<'a> {
    /// What was declared last.
    pub fn last(&self) -> Option<&'a Write<StatusDeclared>> {
        self.declared.map(|d| d.current())
    }

    /// How it works: unknown until somebody says.
    pub fn status(&self) -> Status {
        self.last().map_or(Status::Unknown, |w| w.value.status)
    }

    /// Until when care holds like this, milliseconds since 1970.
    pub fn holds_until(&self) -> Option<i64> {
        self.last()?.value.holds_until
    }

    /// Whether that moment has passed.
    pub fn is_past_hold(&self, now: i64) -> bool {
        self.holds_until().is_some_and(|until| until <= now)
    }

    /// When to look again.
    pub fn review_at(&self) -> Option<i64> {
        self.last()?.value.review_at
    }

    /// Whether somebody should have looked again.
    pub fn is_review_late(&self, now: i64) -> bool {
        self.review_at().is_some_and(|at| at < now)
    }

    /// How many declarations disagree, when people did not see each other's; 0 when they agree.
    pub fn conflicting(&self) -> usize {
        self.declared.filter(|d| d.disagrees()).map_or(0, |d| d.survivors().len())
    }
}

/// An activity on the board.
#[derive(Debug, Clone, Copy)]
pub struct ActivityLine<'a> {
    /// How it works.
    pub line: Line<'a>,
    /// Its place on the map; `None` once it was taken off.
    pub activity: Option<&'a Activity>,
}

impl ActivityLine<'_> {
    /// Its care priority, 1 to 5; 6 when it is not on the map.
    pub fn priority(&self) -> u8 {
        self.activity.map_or(6, |a| a.now().priority)
    }
}

/// An application on the board.
#[derive(Debug, Clone)]
pub struct ApplicationLine<'a> {
    /// How it works.
    pub line: Line<'a>,
    /// Activities that need it.
    pub needed_by: Vec<&'a Activity>,
}

/// The board of one crisis.
#[derive(Debug, Clone, Default)]
pub struct Board<'a> {
    /// Activities, by care priority.
    pub activities: Vec<ActivityLine<'a>>,
    /// Applications: those that are down first, then those most needed.
    pub applications: Vec<ApplicationLine<'a>>,
}

impl<'a> Board<'a> {
    /// The board of a crisis: everything on the map, and whatever else was declared.
    pub fn of(state: &'a State, crisis: &SubjectId) -> Self {
        let situation = state.situations.get(crisis);
        let map = &state.cartography;
        let line = |id: SubjectId, name: &'a str| Line { id, name, declared: declared(situation, &id) };
        let mut activities: Vec<ActivityLine<'a>> = map.by_priority().into_iter().map(|a| on_map(a, line)).collect();
        for (id, declared) in situation.iter().flat_map(|s| s.declared.iter()) {
            if map.activity(id).is_none() && !map.assets.contains_key(id) {
                activities.push(ActivityLine { line: line(*id, &declared.current().value.name), activity: None });
            }
        }
        let needing = |a: &'a Asset| ApplicationLine { line: line(a.id, &a.now().name), needed_by: map.needing(&a.id) };
        // What else is on the map is on the board once somebody spoke of it.
        let spoken = |a: &&'a Asset| a.now().kind.is_application() || declared(situation, &a.id).is_some();
        let mut applications: Vec<ApplicationLine<'a>> = map.assets().into_iter().filter(spoken).map(needing).collect();
        applications.sort_by_key(|a| std::cmp::Reverse((a.line.status().gravity(), a.needed_by.len())));
        Self { activities, applications }
    }

    /// How many activities work like this.
    pub fn count(&self, status: Status) -> usize {
        self.activities.iter().filter(|a| a.line.status() == status).count()
    }

    /// Activities, the most serious first: past their limit, then stopped, then by gravity, priority and limit.
    pub fn worst_first(&self, now: i64) -> Vec<ActivityLine<'a>> {
        let mut all = self.activities.clone();
        let key = |a: &ActivityLine<'_>| {
            let gravity = std::cmp::Reverse(a.line.status().gravity());
            (!a.line.is_past_hold(now), gravity, a.priority(), a.line.holds_until().unwrap_or(i64::MAX))
        };
        all.sort_by_key(key);
        all
    }
}

fn declared<'a>(situation: Option<&'a Situation>, id: &SubjectId) -> Option<&'a Declared> {
    situation?.declared.get(id).map(|d| &**d)
}

fn on_map<'a>(activity: &'a Activity, line: impl Fn(SubjectId, &'a str) -> Line<'a>) -> ActivityLine<'a> {
    ActivityLine { line: line(activity.id, &activity.now().name), activity: Some(activity) }
}

/// Until when care holds, as proposed: since the activity stopped or went degraded, plus the longest interruption it bears.
pub fn proposed_hold(activity: &Activity, status: Status, since: i64) -> Option<i64> {
    let minutes = activity.now().mtpd_minutes.filter(|_| status.is_limited())?;
    Some(since.saturating_add(i64::from(minutes) * MINUTE_MS))
}
