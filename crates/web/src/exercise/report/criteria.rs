//! Criteria: what the journal says beside what each observer saw, never averaged.

use super::Told;
use crate::shell::Page;
use crate::typography::fr;
use domain::exercise::event::conduct::Grade;
use domain::exercise::event::outcome::{CriterionResult, Measured, Reading};
use domain::exercise::event::scenario::{Criterion, Target};
use journal::ActorId;
use maud::{Markup, html};
use std::collections::BTreeMap;

/// A word of a status: shape, word and colour.
pub(crate) fn reading(reading: Reading) -> Markup {
    let (class, word) = match reading {
        Reading::Met => ("ok", "Tenu"),
        Reading::Late => ("warn", "En retard ou partiel"),
        Reading::Missed => ("down", "Manqué"),
        Reading::Unread => ("unknown", "Observateurs seuls"),
    };
    html! { span class={ "st " (class) } { (fr(word)) } }
}

/// A value read off the journal.
pub(crate) fn measured(value: Measured) -> String {
    match value {
        Measured::Count(count) => count.to_string(),
        Measured::Minutes(minutes) => format!("{minutes} min"),
        Measured::Truth(true) => "oui".to_owned(),
        Measured::Truth(false) => "non".to_owned(),
        Measured::Never => "jamais".to_owned(),
    }
}

/// What was asked.
pub(in crate::exercise) fn target(criterion: &Criterion) -> String {
    match criterion.target {
        Some(Target::Within(minutes)) => format!("avant {minutes} min"),
        Some(Target::AtLeast(count)) => format!("au moins {count}"),
        Some(Target::AtMost(0)) => "aucune".to_owned(),
        Some(Target::AtMost(count)) => format!("au plus {count}"),
        Some(Target::True) => "fait".to_owned(),
        None => "vu par les observateurs".to_owned(),
    }
}

/// One letter for each observer, distinct: the initial of their last name, with a number where two share it.
pub(super) fn letters(told: &Told) -> BTreeMap<ActorId, String> {
    let mut taken: BTreeMap<String, u32> = BTreeMap::new();
    let mut letters = BTreeMap::new();
    let judged: std::collections::BTreeSet<ActorId> = told.inside().observed.values().flat_map(|by| by.keys().copied()).collect();
    for actor in judged {
        let name = told.state().register.name(&actor);
        let last = name.rsplit(' ').next().unwrap_or_default();
        let letter: String = last.chars().next().map(|c| c.to_uppercase().collect()).unwrap_or_else(|| "?".to_owned());
        let count = taken.entry(letter.clone()).or_default();
        *count += 1;
        letters.insert(actor, if *count == 1 { letter } else { format!("{letter}{count}") });
    }
    letters
}

/// The letters of those who gave a grade to a criterion.
fn gave(told: &Told, letters: &BTreeMap<ActorId, String>, key: &str, grade: Grade) -> Vec<(String, String)> {
    let said = told.inside().observed.get(key);
    let those = said.into_iter().flat_map(|by| by.iter()).filter(|(_, said)| said.what.grade == grade);
    those.filter_map(|(actor, said)| Some((letters.get(actor)?.clone(), said.what.remark.clone()))).collect()
}

/// The table.
pub(super) fn table(page: &Page<'_>, told: &Told, results: &[CriterionResult]) -> Markup {
    let letters = letters(told);
    let seen = !letters.is_empty();
    html! {
        section.criteria aria-labelledby="criteres" {
            h3 #criteres { "Critères " span.small.muted { (results.len()) } }
            div.scrollx tabindex="0" role="group" aria-label="Critères" {
                table {
                    thead { tr {
                        th scope="col" { (fr("Critère")) }
                        th scope="col" { "Le journal dit" }
                        th scope="col" { span.out { "Lecture du journal" } }
                        @if seen { @for grade in Grade::ALL.iter().rev() { th.grade scope="col" { span.small { (grade.label()) } } } }
                    } }
                    tbody { @for result in results { (row(page, told, &letters, result)) } }
                }
            }
            @if seen { (legend(told, &letters)) }
            @else { p.small.muted { (fr("Aucun observateur n’a rempli de grille : seul le journal parle ici.")) } }
        }
    }
}

fn row(page: &Page<'_>, told: &Told, letters: &BTreeMap<ActorId, String>, result: &CriterionResult) -> Markup {
    let scenario = told.exercise.scenario();
    let criterion = scenario.criteria.iter().find(|c| c.key == result.key);
    let moment = match result.measured {
        Measured::Minutes(minutes) => told.moment(minutes),
        _ => None,
    };
    let value = if result.reading == Reading::Unread && result.measured == Measured::Never {
        "–".to_owned()
    } else {
        measured(result.measured)
    };
    html! {
        tr {
            th scope="row" { (fr(&result.title)) @if let Some(criterion) = criterion { br; span.small.muted { (fr(&target(criterion))) } } }
            td { @match moment {
                Some(at) => a href=(told.replay(page, at)) title="Revoir la salle à cette minute" { (fr(&value)) },
                None => (fr(&value)),
            } }
            td { @if result.reading == Reading::Unread && criterion.is_some_and(|c| !c.fact.is_empty()) { span.st.unknown { (fr("Non lu : arrêté avant")) } } @else { (reading(result.reading)) } }
            @if !letters.is_empty() {
                @for grade in Grade::ALL.iter().rev() {
                    td.grade { @for (letter, remark) in gave(told, letters, &result.key, *grade) {
                        abbr title=[(!remark.is_empty()).then_some(remark)] { (letter) } " "
                    } }
                }
            }
        }
    }
}

fn legend(told: &Told, letters: &BTreeMap<ActorId, String>) -> Markup {
    let names: Vec<String> =
        letters.iter().map(|(actor, letter)| format!("{letter} : {}", told.state().register.name(actor))).collect();
    html! { p.small.muted { (fr(&names.join(", "))) (fr(". Leurs avis ne sont ni moyennés, ni mêlés à ce que dit le journal : un écart se discute.")) } }
}
