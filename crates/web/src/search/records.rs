//! Everything that has a name in the register.

use super::found::{Group, Hit};
use super::{Seeking, actions, crises, map};
use domain::register::event::{Partner, Provider, Turn, Unit};
use journal::SubjectId;
use std::fmt::Display;

/// Kinds of records, in the order of the page.
pub(super) fn groups<'q>(seeking: &Seeking<'q>) -> Vec<Group<'q>> {
    let mut groups = vec![
        people(seeking),
        functions(seeking),
        on_call(seeking),
        units(seeking),
        places(seeking),
        partners(seeking),
        providers(seeking),
    ];
    groups.extend(map::groups(seeking));
    groups.extend(actions::groups(seeking));
    groups.extend(crises::groups(seeking));
    groups
}

/// A number is found as it is written and as it is dialled.
fn dialled(phones: &[&str]) -> String {
    phones.iter().map(|phone| crate::urgence::dialled(phone)).collect::<Vec<_>>().join(" ")
}

/// What is known, on one line: parts that say nothing are left out.
pub(super) fn joined(parts: &[&str]) -> String {
    parts.iter().filter(|part| !part.trim().is_empty()).copied().collect::<Vec<_>>().join(" · ")
}

fn record(kind: &str, id: impl Display) -> String {
    format!("/annuaire/{kind}/{id}")
}

fn people<'q>(seeking: &Seeking<'q>) -> Group<'q> {
    let mut group = Group::new(seeking.query, "personnes", "Personnes");
    let register = seeking.register();
    for (actor, person) in register.present() {
        let card = person.card();
        let role = person.role.map_or("", domain::register::Role::label);
        let [phone, mobile, email, code, notes] =
            card.map_or([""; 5], |c| [&*c.phone, &*c.mobile, &*c.email, &*c.code, &*c.notes]);
        let unit = card.and_then(|c| register.units.get(&c.unit?)).map_or("", |unit| &unit.name);
        let numbers = dialled(&[phone, mobile]);
        group.look(&person.name, &[&person.function, role, unit, phone, mobile, &numbers, email, code, notes], || Hit {
            title: person.name.clone(),
            detail: joined(&[&person.function, unit, mobile, phone, email]),
            href: record("personnes", actor),
        });
    }
    group
}

fn functions<'q>(seeking: &Seeking<'q>) -> Group<'q> {
    let mut group = Group::new(seeking.query, "fonctions", "Fonctions");
    let register = seeking.register();
    for (id, function) in register.functions_in_order() {
        let holder = register.holder(function).map(|actor| register.name(&actor)).unwrap_or_default();
        let deputies: Vec<String> = register.deputies(function).iter().map(|actor| register.name(actor)).collect();
        let deputies = deputies.join(", ");
        group.look(&function.label, &[&function.mission, &holder, &deputies, &function.key], || {
            let held = if holder.is_empty() { "sans titulaire".to_owned() } else { holder.clone() };
            let stand_in = if deputies.is_empty() { String::new() } else { format!("suppléance : {deputies}") };
            Hit {
                title: function.label.clone(),
                detail: joined(&[&held, &stand_in, &function.mission]),
                href: record("fonctions", id),
            }
        });
    }
    group
}

/// Turns that run or come; those that are over belong to the past.
fn on_call<'q>(seeking: &Seeking<'q>) -> Group<'q> {
    let mut group = Group::new(seeking.query, "astreintes", "Astreintes");
    let mut turns: Vec<(&SubjectId, &Turn)> =
        seeking.register().turns.iter().filter(|(_, turn)| turn.until > seeking.visitor.now).collect();
    turns.sort_by_key(|(id, turn)| (turn.from, **id));
    for (id, turn) in turns {
        let numbers = dialled(&[&turn.phone]);
        group.look(&turn.name, &[&turn.list, &turn.phone, &numbers], || Hit {
            title: format!("{}, {}", turn.name, turn.list),
            detail: joined(&[
                &format!("du {} au {}", seeking.local.day_and_time(turn.from), seeking.local.day_and_time(turn.until)),
                &turn.phone,
            ]),
            href: record("astreintes", id),
        });
    }
    group
}

fn units<'q>(seeking: &Seeking<'q>) -> Group<'q> {
    let mut group = Group::new(seeking.query, "unites", "Unités");
    for (id, unit) in seeking.register().units.iter() {
        let site = seeking.register().place_name(unit.site);
        let numbers = dialled(&[&unit.phone]);
        group.look(&unit.name, &[&unit.code, &unit.pole, site, &unit.phone, &numbers], || Hit {
            title: unit.name.clone(),
            detail: joined(&[&unit.pole, site, &capacity(unit), &unit.phone]),
            href: record("unites", id),
        });
    }
    group
}

fn capacity(unit: &Unit) -> String {
    let count = |n: u32, one: &str, many: &str| if n == 0 { String::new() } else { crate::today::plural(n.into(), one, many) };
    joined(&[&count(unit.beds, "lit", "lits"), &count(unit.places, "place", "places"), &count(unit.posts, "poste", "postes")])
}

fn places<'q>(seeking: &Seeking<'q>) -> Group<'q> {
    let mut group = Group::new(seeking.query, "lieux", "Lieux");
    for (id, place) in seeking.register().places.iter() {
        let numbers = dialled(&[&place.phone]);
        group.look(
            &place.name,
            &[&place.code, &place.finess, &place.address, place.level.label(), &place.phone, &numbers],
            || Hit {
                title: place.name.clone(),
                detail: joined(&[place.level.label(), &place.address, &place.finess, &place.phone]),
                href: record("lieux", id),
            },
        );
    }
    group
}

fn partners<'q>(seeking: &Seeking<'q>) -> Group<'q> {
    let mut group = Group::new(seeking.query, "partenaires", "Partenaires");
    for (id, partner) in seeking.register().partners.iter() {
        let Partner { name, code, kind, why, when_to_call, phone, phone_2, email, hours, notes } = partner;
        let numbers = dialled(&[phone, phone_2]);
        group.look(name, &[code, kind, why, when_to_call, phone, phone_2, &numbers, email, hours, notes], || Hit {
            title: name.clone(),
            detail: joined(&[phone, phone_2, email, kind, why, when_to_call, notes]),
            href: record("partenaires", id),
        });
    }
    group
}

fn providers<'q>(seeking: &Seeking<'q>) -> Group<'q> {
    let mut group = Group::new(seeking.query, "prestataires", "Prestataires");
    for (id, provider) in seeking.register().providers.iter() {
        let Provider { name, code, what_for, applications, contract, vehicle, phone, email, hours, .. } = provider;
        let numbers = dialled(&[phone]);
        group.look(name, &[code, what_for, applications, contract, vehicle, phone, &numbers, email, hours], || Hit {
            title: name.clone(),
            detail: joined(&[what_for, phone, email, applications, contract]),
            href: record("prestataires", id),
        });
    }
    group
}
