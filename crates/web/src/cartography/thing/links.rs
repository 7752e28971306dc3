//! What an element is bound to: what it needs, what needs it, its interfaces, the scenarios that lose it.

use super::super::thing_path;
use super::words::{name, terms};
use crate::shell::Page;
use crate::today::plural;
use crate::typography::fr;
use domain::cartography::need::{Need, Relation};
use domain::cartography::{Cartography, Thing};
use journal::SubjectId;
use maud::{Markup, html};

/// Most elements listed in one section.
const LISTED_MAX: usize = 100;

/// A link to an element, which says when it is not on the map any more.
pub(in crate::cartography) fn to(map: &Cartography, id: &SubjectId) -> Markup {
    html! { @match map.thing(id) {
        Some(thing) => a href=(thing_path(id)) { (fr(thing.name())) },
        None => span.st.warn { (fr(&name(map, id))) },
    } }
}

fn more(count: usize) -> Markup {
    html! { @if count > LISTED_MAX { p.small { "et " (plural((count - LISTED_MAX) as u64, "autre", "autres")) } } }
}

/// What it needs, group by group.
pub(super) fn needs(page: &Page<'_>, thing: Thing<'_>) -> Markup {
    let map = &page.visitor.view.state.cartography;
    html! {
        section.panel aria-labelledby="besoins" {
            header { h2 #besoins { "Ce dont il a besoin" } span.muted.small { (thing.needs().len()) } }
            @if thing.needs().is_empty() { p.empty { "Rien n’est dit : tant que la carte ne sait pas de quoi il a besoin, une panne ailleurs semblera ne pas le toucher." } }
            @else { ul.rows { @for need in thing.needs().iter().take(LISTED_MAX) { (group(map, need)) } } (more(thing.needs().len())) }
        }
    }
}

fn group(map: &Cartography, need: &Need) -> Markup {
    let holds = match (need.holds_minutes, need.degrades) {
        (Some(minutes), _) => format!("tient {} sans", super::super::duration(minutes)),
        (None, true) => "seulement dégradé sans".to_owned(),
        (None, false) => "s’arrête aussitôt sans".to_owned(),
    };
    html! { li {
        span { @if need.relation == Relation::HostedOn { span.muted { "hébergé sur " } }
            @if need.any.len() > 1 { "au moins " b { (need.at_least) } " de" (fr(" : ")) }
            @for (at, id) in need.any.iter().enumerate() { @if at > 0 { ", " } (to(map, id)) } }
        " " span.small.muted { (fr(&holds)) @if !need.why.is_empty() { " · " (fr(&need.why)) } }
    } }
}

/// What says it needs it.
pub(super) fn needed_by(page: &Page<'_>, id: &SubjectId, dependants: &[Thing<'_>]) -> Markup {
    html! {
        section.panel aria-labelledby="besoin-de-lui" {
            header { h2 #besoin-de-lui { "Ce qui en a besoin" } span.muted.small { (dependants.len()) } }
            @if dependants.is_empty() { p.empty { "Aucun autre élément ne dit en avoir besoin." } }
            @else { ul.rows { @for thing in dependants.iter().take(LISTED_MAX) { (dependant(page, id, *thing)) } } (more(dependants.len())) }
        }
    }
}

fn dependant(page: &Page<'_>, id: &SubjectId, thing: Thing<'_>) -> Markup {
    let map = &page.visitor.view.state.cartography;
    let mine = thing.needs().iter().filter(|need| need.any.contains(id));
    let how: Vec<String> = mine
        .map(|need| {
            let others: Vec<String> = need.any.iter().filter(|other| *other != id).map(|other| name(map, other)).collect();
            let instead = if others.is_empty() { String::new() } else { format!("avec {}", others.join(", ")) };
            let hosted = if need.relation == Relation::HostedOn { "y est hébergé" } else { "" };
            let parts = [hosted.to_owned(), instead, terms(need), need.why.clone()];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
        })
        .filter(|words| !words.is_empty())
        .collect();
    html! { li { (to(map, &thing.id())) " " span.small.muted { "· " (fr(thing.kind_label())) @if !how.is_empty() { " · " (fr(&how.join(" ; "))) } } } }
}

/// Interfaces it takes part in.
pub(super) fn exchanges(page: &Page<'_>, id: &SubjectId) -> Markup {
    let map = &page.visitor.view.state.cartography;
    let mut mine = map.exchanges();
    mine.retain(|exchange| {
        let set = exchange.now();
        [Some(set.source), Some(set.target), set.via].contains(&Some(*id))
    });
    html! {
        section.panel aria-labelledby="interfaces" {
            header { h2 #interfaces { "Interfaces" } span.muted.small { (mine.len()) }
                span.more.small { a href={ "/carte/interfaces?perdu=" (id) } { "Coupées s’il tombe" } } }
            @if mine.is_empty() { p.empty { "Aucune interface décrite." } }
            @else { ul.rows { @for exchange in mine.iter().take(LISTED_MAX) { @let set = exchange.now();
                li { a href={ "/carte/interfaces/" (exchange.id) } { (fr(&set.name)) } " "
                    span.small.muted { (fr(&name(map, &set.source))) @if set.both_ways { " ↔ " } @else { " → " } (fr(&name(map, &set.target)))
                        @if let Some(via) = set.via { ", par " (fr(&name(map, &via))) } @if !set.protocol.is_empty() { " · " (fr(&set.protocol)) } }
                    @if set.critical { " " span.st.small.warn { "critique" } } }
            } } (more(mine.len())) }
        }
    }
}

/// Scenarios that lose it; nothing when there is none.
pub(super) fn scenarios(page: &Page<'_>, id: &SubjectId) -> Markup {
    let mut mine = page.visitor.view.state.cartography.scenarios();
    mine.retain(|scenario| scenario.now().lost.contains(id));
    html! { @if !mine.is_empty() {
        section.panel aria-labelledby="scenarios" {
            header { h2 #scenarios { "Scénarios qui le perdent" } span.muted.small { (mine.len()) } }
            ul.rows { @for scenario in mine.iter().take(LISTED_MAX) { li {
                a href={ "/carte/et-si?scenario=" (scenario.id) } { (fr(&scenario.now().name)) }
                " " span.small.muted { (plural(scenario.now().lost.len() as u64, "élément perdu", "éléments perdus")) } } } }
        }
    } }
}
