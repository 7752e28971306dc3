//! Facts of the campaign under way: the newest.

use super::Counts;
use crate::facts::{Fact, Value};
use crate::state::State;

fn of(state: &State, now: i64, count: impl Fn(Counts) -> usize) -> Value {
    let newest = state.campaigns.all.values().max_by_key(|c| (c.order, c.id));
    newest.map_or(Value::Unknown, |campaign| Value::Count(count(campaign.counts(now)) as u64))
}

/// See each `meaning`.
pub const FACTS: &[Fact] = &[
    Fact {
        name: "campaign.targets",
        meaning: "nombre d’établissements attendus dans la dernière campagne d’exercices",
        compute: |state, now| of(state, now, Counts::asked),
    },
    Fact {
        name: "campaign.done",
        meaning: "nombre d’établissements de la campagne dont les résultats sont reçus",
        compute: |state, now| of(state, now, |counts| counts.done),
    },
    Fact {
        name: "campaign.planned",
        meaning: "nombre d’établissements de la campagne dont l’exercice a une date à venir",
        compute: |state, now| of(state, now, |counts| counts.planned),
    },
    Fact {
        name: "campaign.remaining",
        meaning: "nombre d’établissements de la campagne qui n’ont ni date ni résultat",
        compute: |state, now| of(state, now, |counts| counts.to_plan),
    },
    Fact {
        name: "campaign.late",
        meaning: "nombre d’établissements de la campagne en retard sur leur date ou sur la fin",
        compute: |state, now| of(state, now, |counts| counts.late),
    },
];
