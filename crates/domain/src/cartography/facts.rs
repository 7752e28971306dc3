//! Facts of the map.

use super::{Activity, Cartography};
use crate::facts::{Fact, Value};
use crate::register::day::Day;
use crate::state::State;

fn activities(state: &State, such: impl Fn(&Cartography, &Activity) -> bool) -> Value {
    let map = &state.cartography;
    Value::Count(map.by_priority().into_iter().filter(|a| such(map, a)).count() as u64)
}

/// See each `meaning`.
pub const FACTS: &[Fact] = &[
    Fact {
        name: "cartography.activities",
        meaning: "nombre d’activités sur la carte",
        compute: |state, _| activities(state, |_, _| true),
    },
    Fact {
        name: "cartography.activities_without_mtpd",
        meaning: "nombre d’activités sans durée maximale d’interruption admissible (DMIA)",
        compute: |state, _| activities(state, |_, a| a.now().mtpd_minutes.is_none()),
    },
    Fact {
        name: "cartography.activities_without_application",
        meaning: "nombre d’activités dont on ne sait pas de quoi elles ont besoin",
        compute: |state, _| activities(state, |_, a| a.now().needs.is_empty()),
    },
    Fact {
        name: "cartography.activities_judged",
        meaning: "nombre d’activités dont l’analyse d’impact (BIA) est validée",
        compute: |state, _| activities(state, |map, a| map.analysis(&a.id).is_some_and(|bia| bia.validated_on.is_some())),
    },
    Fact {
        name: "cartography.applications",
        meaning: "nombre d’applications sur la carte",
        compute: |state, _| Value::Count(state.cartography.applications().len() as u64),
    },
    Fact {
        name: "cartography.assets",
        meaning: "nombre d’éléments du système d’information sur la carte",
        compute: |state, _| Value::Count(state.cartography.assets().len() as u64),
    },
    Fact {
        name: "cartography.exchanges",
        meaning: "nombre d’interfaces sur la carte",
        compute: |state, _| Value::Count(state.cartography.exchanges().len() as u64),
    },
    Fact {
        name: "cartography.essential",
        meaning: "nombre de systèmes d’information essentiels (SIE)",
        compute: |state, _| {
            let essential = state.cartography.assets().into_iter().filter(|a| a.now().essential);
            Value::Count(essential.count() as u64)
        },
    },
    Fact {
        name: "cartography.stale",
        meaning: "nombre d’activités et d’éléments que personne n’a relus depuis un an",
        compute: |state, now| {
            let (map, today) = (&state.cartography, Day::of_ms(now));
            Value::Count(map.things().into_iter().filter(|thing| map.is_stale(*thing, today)).count() as u64)
        },
    },
    Fact {
        name: "cartography.without_owner",
        meaning: "nombre d’activités et d’éléments dont personne ne répond",
        compute: |state, _| {
            let without = state.cartography.things().into_iter().filter(|thing| thing.owner().is_none());
            Value::Count(without.count() as u64)
        },
    },
    Fact {
        name: "cartography.reviews_late",
        meaning: "nombre de relectures demandées dont la date est passée",
        compute: |state, now| {
            let (map, today) = (&state.cartography, Day::of_ms(now));
            let late = map.asked.keys().filter(|id| map.awaited(id).is_some_and(|asked| asked.due_on < today));
            Value::Count(late.count() as u64)
        },
    },
];
