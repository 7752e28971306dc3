//! Facts of the crisis opened last.

use crate::crisis::Crisis;
use crate::facts::{Fact, Value};
use crate::state::State;

fn count(state: &State, of: impl Fn(&Crisis) -> usize) -> Value {
    state.latest_crisis().map_or(Value::Unknown, |c| Value::Count(of(c) as u64))
}

/// See each `meaning`.
pub const FACTS: &[Fact] = &[
    Fact {
        name: "crisis.entries",
        meaning: "nombre d’entrées de la main courante",
        compute: |state, _| count(state, |c| c.log.len()),
    },
    Fact {
        name: "crisis.tasks_open",
        meaning: "nombre d’actions et de questions ouvertes",
        compute: |state, _| count(state, |c| c.open_tasks().len()),
    },
    Fact {
        name: "crisis.tasks_late",
        meaning: "nombre d’actions en retard",
        compute: |state, now| count(state, |c| c.open_tasks().iter().filter(|t| t.is_late(now)).count()),
    },
    Fact {
        name: "crisis.tasks_incomplete",
        meaning: "nombre d’actions et de décisions sans responsable ou sans échéance",
        compute: |state, _| count(state, |c| c.open_tasks().iter().filter(|t| t.is_incomplete()).count()),
    },
    Fact {
        name: "crisis.minutes_running",
        meaning: "minutes écoulées depuis le début de la crise",
        compute: |state, now| {
            state.latest_crisis().map_or(Value::Unknown, |c| Value::Minutes(now.saturating_sub(c.occurred_at) / 60_000))
        },
    },
];
