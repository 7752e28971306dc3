//! What one unit depends on, on one A4 page.

mod page;
mod sheet;

use super::{duration, head};
use crate::app::Shared;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::today::plural;
use crate::typography::fr;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::cartography::Activity;
use journal::SubjectId;
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Address of the list.
const PATH: &str = "/carte/unites";
/// Instead of a unit's id: activities that belong to none.
const NONE: &str = "aucune";

pub(super) fn routes() -> Router<Shared> {
    Router::new().route("/carte/unites", get(show)).route("/carte/unites/{id}", get(page::show))
}

/// What a unit has on the map.
#[derive(Default)]
struct Held<'a> {
    activities: Vec<&'a Activity>,
    devices: usize,
}

/// `GET /carte/unites`.
async fn show(State(shared): State<Shared>, visitor: Visitor) -> Response {
    let page = Page::new(&shared, &visitor, Place::Prepare, "Unités");
    let (register, map) = (&visitor.view.state.register, &visitor.view.state.cartography);
    let mut held: BTreeMap<Option<SubjectId>, Held<'_>> = BTreeMap::new();
    let known = |unit: Option<SubjectId>| unit.filter(|unit| register.units.get(unit).is_some());
    for activity in map.by_priority() {
        held.entry(known(activity.now().unit)).or_default().activities.push(activity);
    }
    for unit in map.assets().iter().filter_map(|asset| known(asset.now().unit)) {
        held.entry(Some(unit)).or_default().devices += 1;
    }
    let alone = held.remove(&None).unwrap_or_default();
    let mut units: Vec<(String, String, Held<'_>)> = held
        .into_iter()
        .filter_map(|(unit, held)| {
            let id = unit?;
            Some((register.units.get(&id)?.name.clone(), id.to_string(), held))
        })
        .collect();
    units.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
    let (with, all) = (units.len(), register.units.count());
    let body = html! {
        (head("Dépendances par unité", PATH))
        p.lead { (fr(&answer(with, all))) }
        @if with == 0 && alone.activities.is_empty() { (empty(&page)) } @else { (table(&units, &alone)) }
        @if with == 0 && !alone.activities.is_empty() {
            p.empty { (fr("Rattachez chaque activité à son unité, dans sa fiche : chaque unité aura sa page à afficher dans le service.")) }
        }
    };
    page.render(&body).into_response()
}

fn answer(with: usize, all: usize) -> String {
    match with {
        0 => "Aucune unité n’a encore d’activité sur la carte.".to_owned(),
        1 => format!(
            "1 unité sur {all} a des activités ou des dispositifs sur la carte : sa page dit ce qu’il lui faut, qui appeler et combien de temps elle tient."
        ),
        with => format!(
            "{with} unités sur {all} ont des activités ou des dispositifs sur la carte : leur page dit ce qu’il leur faut, qui appeler et combien de temps elles tiennent."
        ),
    }
}

fn empty(page: &Page<'_>) -> Markup {
    html! {
        p.empty { (fr("La carte est vide. Elle commence par ce que fait l’hôpital, unité par unité, et par ce qu’il lui faut pour le faire.")) }
        @if page.visitor.may_write() { p { a.btn href="/carte/archetype" { "Partir d’une carte type" } } }
    }
}

fn table(units: &[(String, String, Held<'_>)], alone: &Held<'_>) -> Markup {
    html! { div.scrollx tabindex="0" role="group" aria-label="Unités" { table.units {
        thead { tr { th scope="col" { "Unité" } th scope="col" { "Activités" } th scope="col" { "DMIA la plus courte" } th.n scope="col" { "Dispositifs sur place" } } }
        tbody {
            @for (name, id, held) in units { (row(name, id, held)) }
            @if !alone.activities.is_empty() { (row("Sans unité", NONE, alone)) }
        }
    } } }
}

fn row(name: &str, id: &str, held: &Held<'_>) -> Markup {
    let names: Vec<&str> = held.activities.iter().take(3).map(|activity| activity.now().name.as_str()).collect();
    let more = held.activities.len() - names.len();
    let shortest = held.activities.iter().filter_map(|activity| activity.now().mtpd_minutes).min();
    html! { tr {
        th scope="row" { a href={ (PATH) "/" (id) } { (fr(name)) } }
        td { @if names.is_empty() { span.muted { "aucune" } } @else { (fr(&names.join(", "))) @if more > 0 { " et " (plural(more as u64, "autre", "autres")) } } }
        td { @match shortest { Some(minutes) => (fr(&duration(minutes))), None => span.muted { "non déclarée" } } }
        td.n { (held.devices) }
    } }
}
