//! Facts of the legal side of the crisis opened last.

use super::{Clock, Legal};
use crate::crisis::Crisis;
use crate::facts::{Fact, Value};
use crate::state::State;

const MINUTE_MS: i64 = 60_000;

fn of(state: &State, value: impl Fn(&Legal, &Crisis) -> Value) -> Value {
    let Some(crisis) = state.latest_crisis() else { return Value::Unknown };
    state.legal.get(&crisis.id).map_or(Value::Unknown, |legal| value(legal, crisis))
}

fn count(state: &State, number: impl Fn(&Legal, &Crisis) -> usize) -> Value {
    of(state, |legal, crisis| Value::Count(number(legal, crisis) as u64))
}

/// Minutes from when the crisis was known until a declaration was sent.
fn declared(state: &State, key: &str) -> Value {
    of(state, |legal, crisis| {
        let sent = legal.clocks.get(key).and_then(Clock::sent_at);
        sent.map_or(Value::Unknown, |at| Value::Minutes(at.saturating_sub(crisis.known_at) / MINUTE_MS))
    })
}

/// See each `meaning`.
pub const FACTS: &[Fact] = &[
    Fact {
        name: "legal.clocks_running",
        meaning: "nombre d’échéances légales encore à remplir",
        compute: |state, _| count(state, |legal, _| legal.clocks.values().filter(|clock| clock.is_running()).count()),
    },
    Fact {
        name: "legal.clocks_overdue",
        meaning: "nombre d’échéances légales dépassées ; une échéance « sans délai » l’est tant qu’elle n’est pas remplie",
        compute: |state, now| {
            count(state, |legal, crisis| legal.running(crisis).iter().filter(|(_, due)| due.is_late(now)).count())
        },
    },
    Fact {
        name: "legal.clocks_closed",
        meaning: "nombre d’échéances légales remplies ou sans objet",
        compute: |state, _| count(state, |legal, _| legal.closed().len()),
    },
    Fact {
        name: "legal.cert_sante_declared_minutes",
        meaning: "minutes entre la connaissance de l’incident et son signalement au CERT Santé",
        compute: |state, _| declared(state, "cert_sante"),
    },
    Fact {
        name: "legal.cnil_notified_minutes",
        meaning: "minutes entre la connaissance de l’incident et sa notification à la CNIL",
        compute: |state, _| declared(state, "cnil"),
    },
    Fact {
        name: "legal.complaint_filed_minutes",
        meaning: "minutes entre la connaissance de l’incident et le dépôt de plainte",
        compute: |state, _| declared(state, "plainte"),
    },
    Fact {
        name: "legal.complaint_answers",
        meaning: "nombre de questions du dossier de plainte qui ont une réponse",
        compute: |state, _| count(state, |legal, _| legal.complaint.len()),
    },
    Fact {
        name: "legal.evidence_listed",
        meaning: "nombre de pièces inscrites à la liste des preuves",
        compute: |state, _| count(state, |legal, _| legal.evidence.len()),
    },
    Fact {
        name: "legal.claims",
        meaning: "nombre de revendications notées",
        compute: |state, _| count(state, |legal, _| legal.claims.len()),
    },
];
