//! Facts of the checklists of the crisis opened last.

use super::{Checklists, List};
use crate::facts::{Fact, Value};
use crate::state::State;

fn sum(state: &State, of: impl Fn(&List) -> usize) -> Value {
    let Some(crisis) = state.latest_crisis() else { return Value::Unknown };
    let lists = state.checklists.get(&crisis.id).map(|c: &Checklists| c.lists.values().map(of).sum()).unwrap_or(0);
    Value::Count(lists as u64)
}

/// See each `meaning`.
pub const FACTS: &[Fact] = &[
    Fact { name: "checklist.lists", meaning: "nombre de listes de gestes dans la salle", compute: |state, _| sum(state, |_| 1) },
    Fact {
        name: "checklist.gestures",
        meaning: "nombre de gestes à faire et faits, toutes listes ensemble",
        compute: |state, _| sum(state, |list| list.progress().1),
    },
    Fact {
        name: "checklist.gestures_done",
        meaning: "nombre de gestes cochés",
        compute: |state, _| sum(state, |list| list.progress().0),
    },
    Fact {
        name: "checklist.lists_started",
        meaning: "nombre de listes où un geste au moins est coché",
        compute: |state, _| sum(state, |list| usize::from(list.progress().0 > 0)),
    },
];
