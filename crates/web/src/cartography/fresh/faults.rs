//! What does not hold together: records nobody answers for, links that lead nowhere, names twice, conflicts.

use crate::cartography::thing_path;
use crate::search::fold::fold_into;
use crate::today::plural;
use crate::typography::fr;
use domain::cartography::{Cartography, Thing};
use journal::SubjectId;
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Most lines of one sort on the page; the others are counted.
const SHOWN_MAX: usize = 50;

/// Something wrong, and where to mend it.
struct Line {
    id: Option<SubjectId>,
    name: String,
    words: String,
}

/// All sections, those with nothing to say left out.
pub(super) fn sections(map: &Cartography, things: &[Thing<'_>]) -> Markup {
    let sorts = [
        ("orphelines", "Sans responsable", "personne ne répond de ces fiches", orphans(things)),
        ("impasses", "Liens qui ne mènent à rien", "l’effet d’une panne y est inconnu", dangling(map, things)),
        ("doublons", "Noms en double", "la même chose deux fois, ou deux choses sous un nom", duplicates(things)),
        ("conflits", "Conflits", "deux personnes ont décrit la même chose sans se voir", conflicts(things)),
    ];
    html! {
        @for (id, title, why, lines) in &sorts { @if !lines.is_empty() {
            section.panel.wide aria-labelledby=(id) {
                header { h2 id=(id) { (title) } span.muted.small { (lines.len()) ", " (why) } }
                ul.plain.faults { @for line in lines.iter().take(SHOWN_MAX) { li {
                    @match line.id { Some(id) => a href=(thing_path(&id)) { (fr(&line.name)) }, None => (fr(&line.name)) }
                    " " span.muted { (fr(&line.words)) }
                } } }
                @if lines.len() > SHOWN_MAX { p.small.muted { "et " (plural((lines.len() - SHOWN_MAX) as u64, "autre", "autres")) } }
            }
        } }
        @if sorts.iter().all(|(_, _, _, lines)| lines.is_empty()) {
            p.empty { (fr("Chaque fiche a un responsable, chaque lien mène quelque part, aucun nom n’est en double.")) }
        }
    }
}

fn orphans(things: &[Thing<'_>]) -> Vec<Line> {
    let without = things.iter().filter(|thing| thing.owner().is_none_or(|owner| owner.trim().is_empty()));
    without
        .map(|thing| Line { id: Some(thing.id()), name: thing.name().to_owned(), words: thing.kind_label().to_owned() })
        .collect()
}

/// What is not on the map, by the name it had.
fn gone(map: &Cartography, id: &SubjectId) -> String {
    let activity = map.activities.get(id).map(|node| node.now().name.clone());
    let asset = || map.assets.get(id).map(|node| node.now().name.clone());
    match activity.or_else(asset) {
        Some(name) => format!("« {name} », retiré de la carte"),
        None => "quelque chose qui n’a jamais été décrit".to_owned(),
    }
}

fn dangling(map: &Cartography, things: &[Thing<'_>]) -> Vec<Line> {
    let mut lines = Vec::new();
    for thing in things {
        for need in thing.needs() {
            let missing: Vec<&SubjectId> = need.any.iter().filter(|id| map.thing(id).is_none()).collect();
            let mut line = |words: String| lines.push(Line { id: Some(thing.id()), name: thing.name().to_owned(), words });
            for id in &missing {
                line(format!("{} {}", need.relation.label(), gone(map, id)));
            }
            let left = need.any.len() - missing.len();
            if left > 0 && need.at_least as usize > left {
                line(format!("demande au moins {} éléments parmi {left} encore sur la carte", need.at_least));
            }
        }
    }
    for exchange in map.exchanges() {
        let set = exchange.now();
        let ends = [("part de", Some(set.source)), ("va vers", Some(set.target)), ("passe par", set.via)];
        for (how, end) in ends.into_iter().filter_map(|(how, end)| Some((how, end?))) {
            if map.thing(&end).is_none() {
                lines.push(Line {
                    id: None,
                    name: format!("Interface {}", set.name),
                    words: format!("{how} {}", gone(map, &end)),
                });
            }
        }
    }
    lines
}

/// Names that look alike, whatever accents, case and punctuation.
fn duplicates(things: &[Thing<'_>]) -> Vec<Line> {
    let mut named: BTreeMap<String, Vec<&Thing<'_>>> = BTreeMap::new();
    for thing in things {
        let mut folded = String::new();
        fold_into(thing.name(), &mut folded);
        named.entry(folded.trim().to_owned()).or_default().push(thing);
    }
    let twice = named.into_values().filter(|all| all.len() > 1);
    twice
        .filter_map(|all| {
            let (first, others) = all.split_first()?;
            let others: Vec<String> =
                others.iter().take(3).map(|other| format!("« {} » ({})", other.name(), other.kind_label())).collect();
            let words = format!("({}) et {}", first.kind_label(), others.join(", "));
            Some(Line { id: Some(first.id()), name: first.name().to_owned(), words })
        })
        .collect()
}

fn conflicts(things: &[Thing<'_>]) -> Vec<Line> {
    let survivors = |thing: &Thing<'_>| match thing {
        Thing::Activity(activity) => activity.described.survivors().len(),
        Thing::Asset(asset) => asset.described.survivors().len(),
    };
    let rival = things.iter().filter(|thing| survivors(thing) > 1);
    rival
        .map(|thing| Line {
            id: Some(thing.id()),
            name: thing.name().to_owned(),
            words: format!("conflit ({})", survivors(thing)),
        })
        .collect()
}
