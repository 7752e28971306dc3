//! Facts of the situation of the crisis opened last.

use super::Situation;
use super::board::{ActivityLine, Board};
use super::event::Status;
use crate::facts::{Fact, Value};
use crate::state::State;

fn activities(state: &State, of: impl Fn(&ActivityLine<'_>) -> bool) -> Value {
    let Some(crisis) = state.latest_crisis() else { return Value::Unknown };
    Value::Count(Board::of(state, &crisis.id).activities.iter().filter(|a| of(a)).count() as u64)
}

fn situation(state: &State, of: impl Fn(&Situation) -> Value) -> Value {
    let Some(crisis) = state.latest_crisis() else { return Value::Unknown };
    state.situations.get(&crisis.id).map_or(Value::Unknown, of)
}

/// See each `meaning`.
pub const FACTS: &[Fact] = &[
    Fact {
        name: "situation.activities_stopped",
        meaning: "nombre d’activités déclarées arrêtées",
        compute: |state, _| activities(state, |a| a.line.status() == Status::Stopped),
    },
    Fact {
        name: "situation.activities_degraded",
        meaning: "nombre d’activités déclarées en mode dégradé",
        compute: |state, _| activities(state, |a| a.line.status() == Status::Degraded),
    },
    Fact {
        name: "situation.activities_unknown",
        meaning: "nombre d’activités dont personne n’a dit comment elles marchent",
        compute: |state, _| activities(state, |a| a.line.status() == Status::Unknown),
    },
    Fact {
        name: "situation.holds_passed",
        meaning: "nombre d’activités qui ont dépassé leur limite (« tient jusqu’à »)",
        compute: |state, now| activities(state, |a| a.line.is_past_hold(now)),
    },
    Fact {
        name: "situation.reviews_late",
        meaning: "nombre d’activités dont l’état devait être revu",
        compute: |state, now| activities(state, |a| a.line.is_review_late(now)),
    },
    Fact {
        name: "situation.beds_open",
        meaning: "nombre de lits ouverts, sur les unités qui ont donné des nouvelles",
        compute: |state, _| situation(state, |s| Value::Count(s.beds().open)),
    },
    Fact {
        name: "situation.transfers",
        meaning: "nombre de patients transférés depuis le début",
        compute: |state, _| {
            situation(state, |s| Value::Count(u64::try_from(s.flows_since(i64::MIN).transfers).unwrap_or_default()))
        },
    },
    Fact {
        name: "situation.points_sent",
        meaning: "nombre de points envoyés au SAMU, à l’ARS ou à d’autres",
        compute: |state, _| situation(state, |s| Value::Count(s.points.len() as u64)),
    },
    Fact {
        name: "situation.minutes_since_point",
        meaning: "minutes depuis le dernier point envoyé",
        compute: |state, now| {
            situation(state, |s| {
                let last = s.points.iter().map(|p| p.point.sent_at).max();
                last.map_or(Value::Unknown, |at| Value::Minutes(now.saturating_sub(at) / 60_000))
            })
        },
    },
];
