//! Facts of the map.

use crate::facts::{Fact, Value};

/// See each `meaning`.
pub const FACTS: &[Fact] = &[
    Fact {
        name: "cartography.activities",
        meaning: "nombre d’activités sur la carte",
        compute: |state, _| Value::Count(state.cartography.by_priority().len() as u64),
    },
    Fact {
        name: "cartography.activities_without_mtpd",
        meaning: "nombre d’activités sans durée maximale d’interruption admissible (DMIA)",
        compute: |state, _| {
            let without = |a: &&&super::Activity| a.now().mtpd_minutes.is_none();
            Value::Count(state.cartography.by_priority().iter().filter(without).count() as u64)
        },
    },
    Fact {
        name: "cartography.activities_without_application",
        meaning: "nombre d’activités dont on ne sait pas de quelles applications elles ont besoin",
        compute: |state, _| {
            let bare = |a: &&&super::Activity| a.now().needs.is_empty();
            Value::Count(state.cartography.by_priority().iter().filter(bare).count() as u64)
        },
    },
    Fact {
        name: "cartography.applications",
        meaning: "nombre d’applications sur la carte",
        compute: |state, _| Value::Count(state.cartography.by_name().len() as u64),
    },
];
