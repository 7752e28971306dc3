//! Facts of the cells of the crisis opened last.

use super::Cells;
use crate::crisis::Crisis;
use crate::facts::{Fact, Value};
use crate::state::State;

fn of(state: &State, value: impl Fn(&Crisis, &Cells) -> Value) -> Value {
    let none = Cells::default();
    state.latest_crisis().map_or(Value::Unknown, |crisis| value(crisis, state.cells.get(&crisis.id).unwrap_or(&none)))
}

/// See each `meaning`.
pub const FACTS: &[Fact] = &[
    Fact {
        name: "crisis.minutes_to_first_cell",
        meaning: "minutes entre le moment où l’incident est connu et la première cellule installée",
        compute: |state, _| {
            of(state, |crisis, cells| {
                let first = cells.all.values().map(|c| c.settings.first().wall).min();
                first.map_or(Value::Unknown, |at| Value::Minutes(at.saturating_sub(crisis.known_at) / 60_000))
            })
        },
    },
    Fact {
        name: "crisis.cells_sitting",
        meaning: "nombre de cellules en place",
        compute: |state, _| of(state, |_, cells| Value::Count(cells.sitting().len() as u64)),
    },
    Fact {
        name: "crisis.cells_late",
        meaning: "nombre de cellules dont la réunion prévue est passée sans compte rendu",
        compute: |state, now| {
            of(state, |_, cells| {
                Value::Count(cells.sitting().iter().filter(|c| c.next_at.is_some_and(|next| next < now)).count() as u64)
            })
        },
    },
    Fact {
        name: "crisis.meetings_held",
        meaning: "nombre de réunions de cellule tenues",
        compute: |state, _| of(state, |_, cells| Value::Count(cells.all.values().map(|c| c.meetings.len() as u64).sum())),
    },
];
