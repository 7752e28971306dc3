//! Facts of the accounts.

use crate::access::{Did, SHOWN_MS};
use crate::facts::{Fact, Value};
use crate::state::State;

/// Acts that count, of the last 24 hours.
fn recent(state: &State, now: i64, of: impl Fn(&Did) -> bool) -> Value {
    let acts = state.access.acts.iter().filter(|act| act.counts && now.saturating_sub(act.wall) < SHOWN_MS && act.wall <= now);
    Value::Count(acts.filter(|act| of(&act.did)).count() as u64)
}

/// See each `meaning`.
pub const FACTS: &[Fact] = &[
    Fact {
        name: "access.accounts_without_role",
        meaning: "nombre de comptes ouverts à quelqu’un qui n’a pas, ou plus, de rôle",
        compute: |state, _| Value::Count(state.access.without_role(&state.register).count() as u64),
    },
    Fact {
        name: "access.accounts_blocked",
        meaning: "nombre de comptes bloqués",
        compute: |state, _| Value::Count(state.access.blocked.len() as u64),
    },
    Fact {
        name: "access.codes_available",
        meaning: "nombre de codes d’urgence qui ouvrent encore",
        compute: |state, _| Value::Count(state.access.series.values().map(|s| s.left() as u64).sum()),
    },
    Fact {
        name: "access.codes_used",
        meaning: "nombre de codes d’urgence utilisés depuis 24 heures",
        compute: |state, now| recent(state, now, |did| matches!(did, Did::CodeUsed(..))),
    },
    Fact {
        name: "access.recoveries_granted",
        meaning: "nombre de comptes rouverts par deux personnes depuis 24 heures",
        compute: |state, now| recent(state, now, |did| matches!(did, Did::RecoveryGranted)),
    },
    Fact {
        name: "access.attempts_refused",
        meaning: "nombre de tentatives refusées faute de droits depuis 24 heures, cinq au plus par personne et par heure",
        compute: |state, now| recent(state, now, |did| matches!(did, Did::AttemptRefused(..))),
    },
];
