//! Facts of the register.

use super::Register;
use super::alarms::Lack;
use super::day::Day;
use crate::facts::{Fact, Value};

fn count(n: usize) -> Value {
    Value::Count(n as u64)
}

/// A count, once somebody declared at least one such record: an empty register is not a register without lacks.
fn among(declared: usize, n: usize) -> Value {
    if declared == 0 { Value::Unknown } else { count(n) }
}

fn functions(register: &Register, lack: Lack) -> Value {
    among(register.functions.count(), register.functions_lacking(lack).len())
}

fn capacity(register: &Register, of: impl Fn(&super::event::Unit) -> u32) -> Value {
    match register.units.count() {
        0 => Value::Unknown,
        _ => Value::Count(register.units.iter().map(|(_, unit)| u64::from(of(unit))).sum()),
    }
}

/// See each `meaning`.
pub const FACTS: &[Fact] = &[
    Fact {
        name: "register.people",
        meaning: "nombre de personnes inscrites à l’annuaire",
        compute: |state, _| count(state.register.people.values().filter(|p| !p.has_left()).count()),
    },
    Fact {
        name: "register.people_without_phone",
        meaning: "nombre de personnes de l’annuaire sans aucun téléphone",
        compute: |state, _| count(state.register.people_without_phone().len()),
    },
    Fact {
        name: "register.places",
        meaning: "nombre de lieux déclarés (régions, groupements, entités juridiques, sites)",
        compute: |state, _| count(state.register.places.count()),
    },
    Fact {
        name: "register.units",
        meaning: "nombre d’unités déclarées",
        compute: |state, _| count(state.register.units.count()),
    },
    Fact {
        name: "register.beds",
        meaning: "nombre de lits installés",
        compute: |state, _| capacity(&state.register, |u| u.beds),
    },
    Fact {
        name: "register.day_places",
        meaning: "nombre de places (hôpital de jour, ambulatoire)",
        compute: |state, _| capacity(&state.register, |u| u.places),
    },
    Fact {
        name: "register.posts",
        meaning: "nombre de postes (dialyse, bloc, imagerie)",
        compute: |state, _| capacity(&state.register, |u| u.posts),
    },
    Fact {
        name: "register.functions",
        meaning: "nombre de fonctions de crise déclarées",
        compute: |state, _| count(state.register.functions.count()),
    },
    Fact {
        name: "register.functions_without_holder",
        meaning: "nombre de fonctions obligatoires ou de la chaîne d’alerte que personne n’occupe",
        compute: |state, _| functions(&state.register, Lack::Holder),
    },
    Fact {
        name: "register.functions_without_deputy",
        meaning: "nombre de fonctions obligatoires sans suppléant",
        compute: |state, _| functions(&state.register, Lack::Deputy),
    },
    Fact {
        name: "register.alert_chain",
        meaning: "nombre de fonctions appelées dès le doute (chaîne d’alerte)",
        compute: |state, _| count(state.register.alert_chain().len()),
    },
    Fact {
        name: "register.alert_chain_without_phone",
        meaning: "nombre de fonctions de la chaîne d’alerte dont le titulaire n’a aucun téléphone",
        compute: |state, _| functions(&state.register, Lack::Phone),
    },
    Fact {
        name: "register.dpo_in_alert_chain",
        meaning: "1 si le délégué à la protection des données (DPO) est nommé et figure dans la chaîne d’alerte, 0 sinon",
        compute: |state, _| among(state.register.functions.count(), usize::from(state.register.dpo_is_alerted())),
    },
    Fact {
        name: "register.on_call_now",
        meaning: "nombre de personnes d’astreinte en ce moment",
        compute: |state, now| count(state.register.on_duty(now).len()),
    },
    Fact {
        name: "register.on_call_gaps",
        meaning: "nombre de trous dans les listes d’astreinte des 14 jours à venir",
        compute: |state, now| among(state.register.turns.count(), state.register.duty_gaps(now).len()),
    },
    Fact {
        name: "register.partners",
        meaning: "nombre de partenaires extérieurs inscrits",
        compute: |state, _| count(state.register.partners.count()),
    },
    Fact {
        name: "register.partners_to_verify",
        meaning: "nombre de partenaires sans numéro, ou dont le numéro n’a pas été vérifié depuis 12 mois",
        compute: |state, now| among(state.register.partners.count(), state.register.partners_to_verify(Day::of_ms(now)).len()),
    },
    Fact {
        name: "register.providers",
        meaning: "nombre de prestataires inscrits",
        compute: |state, _| count(state.register.providers.count()),
    },
    Fact {
        name: "register.contracts_ending",
        meaning: "nombre de contrats échus ou qui prennent fin dans moins de 90 jours",
        compute: |state, now| among(state.register.providers.count(), state.register.contracts_ending(Day::of_ms(now)).len()),
    },
    Fact {
        name: "register.conflicts",
        meaning: "nombre de fiches de l’annuaire réécrites par deux personnes à la fois, à régler",
        compute: |state, _| count(state.register.conflicts()),
    },
];
