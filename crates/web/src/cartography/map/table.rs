//! The same as the picture, in a table: what is drawn, how it works, what it needs.

use super::super::{duration, thing_path};
use super::PLAN;
use super::drawing::status_words;
use super::filter::Filter;
use crate::typography::fr;
use domain::State;
use domain::cartography::need::Need;
use domain::cartography::{Cartography, Thing};
use domain::situation::Situation;
use journal::SubjectId;
use maud::{Markup, html};

/// Most names written in one cell.
const NAMES_MAX: usize = 12;

/// The table, folded under the picture.
pub(super) fn table(state: &State, filter: &Filter, situation: Option<&Situation>) -> Markup {
    let map = &state.cartography;
    let shown = |thing: &Thing<'_>| {
        (filter.views.is_empty() || filter.views.contains(&thing.view()))
            && filter.only.as_ref().is_none_or(|only| only.contains(&thing.id()))
    };
    let mut things = map.things();
    things.retain(shown);
    html! {
        details #tableau { summary { (fr(&format!("La même en tableau ({})", things.len()))) }
            div.scrollx tabindex="0" role="group" aria-label="Tableau de la carte" { table { thead { tr {
                th { "Nom" } th { "Vue" } th { "Genre" } @if situation.is_some() { th { "État" } } th.n { "DMIA" } th { "A besoin de" } th { "Autour" } } }
                tbody { @for thing in &things { (row(state, *thing, situation)) } } } }
        }
    }
}

fn row(state: &State, thing: Thing<'_>, situation: Option<&Situation>) -> Markup {
    let (map, id) = (&state.cartography, thing.id());
    let mtpd = match thing {
        Thing::Activity(activity) => activity.now().mtpd_minutes,
        Thing::Asset(asset) => asset.now().mtpd_minutes,
    };
    html! { tr {
        td { a href=(thing_path(&id)) { (fr(thing.name())) } }
        td { (thing.view().label()) }
        td { (thing.kind_label()) }
        @if situation.is_some() { td { (status(situation, thing, &id)) } }
        td.n { @match mtpd { Some(minutes) => (fr(&duration(minutes))), None => "–" } }
        td { (needs(map, thing)) }
        td { a href={ (PLAN) "?voisins=" (id) } aria-label={ "Voisinage de « " (thing.name()) " »" } { "voisinage" } }
    } }
}

fn status(situation: Option<&Situation>, thing: Thing<'_>, id: &SubjectId) -> Markup {
    match (status_words(situation, id), thing) {
        (Some((class, word)), _) => html! { span class={ "st " (class) } { (word) } },
        (None, Thing::Activity(_)) => html! { span.st.unknown { "Inconnu" } },
        (None, Thing::Asset(_)) => html! { "–" },
    }
}

fn needs(map: &Cartography, thing: Thing<'_>) -> Markup {
    let words = |need: &Need| {
        let names: Vec<&str> = need.any.iter().filter_map(|id| map.thing(id)).map(Thing::name).collect();
        match names.as_slice() {
            [] => None,
            [one] => Some((*one).to_owned()),
            names => Some(format!("{} sur {} de {}", need.at_least, names.len(), names.join(", "))),
        }
    };
    let all: Vec<String> = thing.needs().iter().filter_map(words).collect();
    let more = all.len().saturating_sub(NAMES_MAX);
    html! {
        @if all.is_empty() { span.muted { "aucun lien déclaré" } }
        @else { (fr(&all[..all.len() - more].join(" ; "))) @if more > 0 { (fr(&format!(" ; et {more} autres"))) } }
    }
}
