//! Facts of the register.

use crate::facts::{Fact, Value};

/// See each `meaning`.
pub const FACTS: &[Fact] = &[Fact {
    name: "register.people",
    meaning: "nombre de personnes inscrites à l’annuaire",
    compute: |state, _| Value::Count(state.register.people.len() as u64),
}];
