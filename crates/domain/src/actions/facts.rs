//! Facts of the action plan.

use super::event::OriginKind;
use super::{Action, LEVEL_MAX};
use crate::facts::{Fact, Value};
use crate::register::day::Day;
use crate::state::State;

fn open(state: &State, such: impl Fn(&Action) -> bool) -> Value {
    Value::Count(state.actions.on_plan().filter(|action| action.is_open() && such(action)).count() as u64)
}

/// See each `meaning`.
pub const FACTS: &[Fact] = &[
    Fact {
        name: "actions.total",
        meaning: "nombre d’actions au plan, sans les abandonnées",
        compute: |state, now| Value::Count(state.actions.counts(Day::of_ms(now)).total),
    },
    Fact { name: "actions.open", meaning: "nombre d’actions à faire ou en cours", compute: |state, _| open(state, |_| true) },
    Fact {
        name: "actions.done",
        meaning: "nombre d’actions faites",
        compute: |state, now| Value::Count(state.actions.counts(Day::of_ms(now)).done),
    },
    Fact {
        name: "actions.done_percent",
        meaning: "part des actions faites, en pour cent, sans les abandonnées ; inconnue quand le plan est vide",
        compute: |state, now| {
            let percent = state.actions.counts(Day::of_ms(now)).done_percent();
            percent.map_or(Value::Unknown, Value::Count)
        },
    },
    Fact {
        name: "actions.late",
        meaning: "nombre d’actions ouvertes dont l’échéance est passée",
        compute: |state, now| open(state, |action| action.is_late(Day::of_ms(now))),
    },
    Fact {
        name: "actions.without_owner",
        meaning: "nombre d’actions ouvertes sans pilote",
        compute: |state, _| open(state, |action| action.now().owner.trim().is_empty()),
    },
    Fact {
        name: "actions.without_due",
        meaning: "nombre d’actions ouvertes sans échéance",
        compute: |state, _| open(state, |action| action.now().due.is_none()),
    },
    Fact {
        name: "actions.due_in_30_days",
        meaning: "nombre d’actions ouvertes à faire dans les 30 jours",
        compute: |state, now| open(state, |action| action.is_due_soon(Day::of_ms(now))),
    },
    Fact {
        name: "actions.first_open",
        meaning: "nombre d’actions ouvertes de priorité AAA",
        compute: |state, _| open(state, |action| action.now().priority == LEVEL_MAX),
    },
    Fact {
        name: "actions.from_exercises",
        meaning: "nombre d’actions au plan qui viennent d’un exercice",
        compute: |state, _| {
            let from = state.actions.on_plan().filter(|action| action.now().origin.kind == OriginKind::Exercise);
            Value::Count(from.count() as u64)
        },
    },
    Fact {
        name: "actions.conflicts",
        meaning: "nombre d’actions que deux personnes ont changées sans se voir",
        compute: |state, _| Value::Count(state.actions.on_plan().filter(|action| action.described.is_conflict()).count() as u64),
    },
    Fact {
        name: "actions.boards",
        meaning: "nombre d’instances qui suivent des actions",
        compute: |state, _| Value::Count(state.actions.sitting().len() as u64),
    },
    Fact {
        name: "actions.days_since_presented",
        meaning: "nombre de jours depuis qu’une instance a vu le plan pour la dernière fois ; inconnu si jamais",
        compute: |state, now| {
            let shown = state.actions.sitting().into_iter().filter_map(|board| Some(board.last_presented()?.on)).max();
            shown.map_or(Value::Unknown, |on| Value::Count(u64::try_from(on.days_until(Day::of_ms(now))).unwrap_or(0)))
        },
    },
];
