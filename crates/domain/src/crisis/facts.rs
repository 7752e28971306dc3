//! Facts of the crisis opened last.

use crate::crisis::event::EntryType;
use crate::crisis::{Crisis, LogEntry};
use crate::facts::{Fact, Value};
use crate::state::State;

const MINUTE_MS: i64 = 60_000;

fn count(state: &State, of: impl Fn(&Crisis) -> usize) -> Value {
    state.latest_crisis().map_or(Value::Unknown, |c| Value::Count(of(c) as u64))
}

/// Minutes between two moments of the crisis, unless one is not known.
fn minutes(state: &State, between: impl Fn(&Crisis) -> Option<(i64, i64)>) -> Value {
    let found = state.latest_crisis().and_then(between);
    found.map_or(Value::Unknown, |(from, until)| Value::Minutes(until.saturating_sub(from) / MINUTE_MS))
}

fn decided(crisis: &Crisis) -> impl Iterator<Item = &LogEntry> {
    crisis.decisions().filter(|e| e.standing.has_authority())
}

fn without_owner(decision: &LogEntry) -> bool {
    decision.assigned().owner.is_none() && decision.carried_out_by.is_empty()
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
        name: "crisis.questions_open",
        meaning: "nombre de questions sans réponse",
        compute: |state, _| count(state, |c| c.open_tasks().iter().filter(|t| t.entry_type == EntryType::Question).count()),
    },
    Fact { name: "crisis.decisions", meaning: "nombre de décisions", compute: |state, _| count(state, |c| decided(c).count()) },
    Fact {
        name: "crisis.decisions_without_owner",
        meaning: "nombre de décisions sans responsable et qu’aucune action ne met en œuvre",
        compute: |state, _| count(state, |c| decided(c).filter(|d| without_owner(d)).count()),
    },
    Fact {
        name: "crisis.decisions_to_review",
        meaning: "nombre de décisions dont l’heure de revue est passée",
        compute: |state, now| count(state, |c| c.to_review(now).len()),
    },
    Fact {
        name: "crisis.acts_to_confirm",
        meaning: "nombre d’actes faits avant accord et encore à confirmer",
        compute: |state, _| count(state, |c| c.awaiting_approval().len()),
    },
    Fact {
        name: "crisis.handovers",
        meaning: "nombre de relèves passées",
        compute: |state, _| count(state, |c| c.handovers().len()),
    },
    Fact {
        name: "crisis.minutes_running",
        meaning: "minutes écoulées depuis le début de la crise",
        compute: |state, now| {
            state.latest_crisis().map_or(Value::Unknown, |c| Value::Minutes(now.saturating_sub(c.occurred_at) / MINUTE_MS))
        },
    },
    Fact {
        name: "crisis.minutes_to_open",
        meaning: "minutes entre la connaissance de l’incident et l’ouverture de la crise",
        compute: |state, _| minutes(state, |c| Some((c.known_at, c.opened_wall))),
    },
    Fact {
        name: "crisis.minutes_to_first_decision",
        meaning: "minutes entre la connaissance de l’incident et la première décision",
        compute: |state, _| minutes(state, |c| Some((c.known_at, decided(c).map(LogEntry::happened_at).min()?))),
    },
    Fact {
        name: "crisis.dpo_alerted",
        meaning: "le délégué à la protection des données (mot « DPO ») figure dans la main courante comme prévenu ou présent",
        compute: |state, _| state.latest_crisis().map_or(Value::Unknown, |c| Value::Truth(c.dpo_told().is_some())),
    },
    Fact {
        name: "crisis.minutes_to_dpo_alerted",
        meaning: "minutes entre la connaissance de l’incident et l’alerte du délégué à la protection des données",
        compute: |state, _| minutes(state, |c| Some((c.known_at, c.dpo_told()?.happened_at()))),
    },
    Fact {
        name: "crisis.minutes_since_handover",
        meaning: "minutes écoulées depuis la dernière relève",
        compute: |state, now| minutes(state, |c| Some((c.handovers().last()?.wall, now))),
    },
    Fact {
        name: "crisis.lifted",
        meaning: "la crise est levée",
        compute: |state, _| state.latest_crisis().map_or(Value::Unknown, |c| Value::Truth(c.lifted().is_some())),
    },
    Fact {
        name: "crisis.minutes_to_lift",
        meaning: "minutes entre le début de la crise et sa levée",
        compute: |state, _| minutes(state, |c| Some((c.occurred_at, c.lifted()?.wall))),
    },
];
