//! The request to print: one person's records on paper, what to check, and room to write.

use super::records::{Asked, Record};
use super::{PATH, days};
use crate::app::Shared;
use crate::cartography::duration;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::situation::words::listed;
use crate::today::plural;
use crate::typography::fr;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use domain::State as Whole;
use domain::cartography::Thing;
use maud::{Markup, html};

/// Most records on one request; nobody reads more at once.
const RECORDS_MAX: usize = 200;
/// Most needs named in a row.
const NEEDS_SHOWN_MAX: usize = 8;

/// `GET /carte/fraicheur/demande?qui=…`.
pub(super) async fn show(State(shared): State<Shared>, visitor: Visitor, Query(asked): Query<Asked>) -> Response {
    let page = Page::new(&shared, &visitor, Place::Prepare, "Demande de relecture");
    let map = &visitor.view.state.cartography;
    let due = Record::due(map, &map.things(), days::today(&page));
    let mine: Vec<&Record<'_>> = due.iter().filter(|record| !asked.qui.trim().is_empty() && record.is_of(&asked.qui)).collect();
    let body = html! {
        div.roomhead { h1 { "Relecture de la carte" @if !asked.qui.trim().is_empty() { (fr(" : ")) (fr(&asked.qui)) } }
            button.btn.ghost.noprint type="button" data-print hidden { "Imprimer" }
            nav.crumbs.noprint aria-label="Carte" { a href=(PATH) { "Fraîcheur de la carte" } } }
        @if mine.is_empty() { p.empty { (fr("Rien n’est à relire par cette personne. Son nom s’écrit comme sur les fiches.")) } }
        @else { (sheet(&page, &mine)) }
    };
    page.render(&body).into_response()
}

fn sheet(page: &Page<'_>, mine: &[&Record<'_>]) -> Markup {
    let until = mine.iter().filter_map(|record| Some(record.asked?.due_on)).min();
    let more = mine.len().saturating_sub(RECORDS_MAX);
    html! {
        p.lead { (fr(&format!("{} à relire", plural(mine.len() as u64, "fiche", "fiches"))))
            @if let Some(until) = until { (fr(&format!(", pour le {}", days::shown(until)))) } "." }
        p { (fr("Pour chaque ligne : le nom est-il celui que tout le monde emploie ? La liste de ce dont elle a besoin est-elle complète ? Les durées tiennent-elles ? Qui en répond aujourd’hui ? Cochez « exact », ou écrivez ce qui a changé.")) }
        div.scrollx tabindex="0" role="group" aria-label="Fiches à relire" { table.request {
            thead { tr { th scope="col" { "Fiche" } th scope="col" { "Ce qu’elle dit" } th scope="col" { "Dernière relecture" } th scope="col" { "Exact" } th scope="col" { "Ce qui a changé" } } }
            tbody { @for record in mine.iter().take(RECORDS_MAX) { tr {
                th scope="row" { (fr(record.thing.name())) div.small.muted { (fr(record.thing.kind_label())) } }
                td { (fr(&said(&page.visitor.view.state, record.thing))) }
                td { @match record.fresh { Some(on) => (days::shown(on)), None => "jamais" } }
                td { span.tickbox aria-hidden="true" {} }
                td.write {}
            } } }
        } }
        @if more > 0 { p { (fr(&format!("{} : rendez d’abord cette feuille.", plural(more as u64, "autre fiche suit", "autres fiches suivent")))) } }
        div.signatures { p { "Relu par" } p { "Le" } }
        p.small.muted { (fr(&format!("Imprimé le {}. À rendre à qui tient la carte, qui l’enregistre.", page.local.day_and_time(page.now)))) }
    }
}

/// What the record says, short: unit, delays, needs, provider.
fn said(state: &Whole, thing: Thing<'_>) -> String {
    let (delays, provider) = match thing {
        Thing::Activity(activity) => {
            let set = activity.now();
            ([("DMIA", set.mtpd_minutes), ("RTO", set.rto_minutes), ("PDMA", set.rpo_minutes)], None)
        }
        Thing::Asset(asset) => {
            let set = asset.now();
            let delays = [("DMIA", set.mtpd_minutes), ("RTO", set.rto_minutes), ("PDMA", set.rpo_minutes)];
            (delays, set.provider.and_then(|id| state.register.providers.get(&id)))
        }
    };
    let mut parts = Vec::new();
    if let Some(unit) = thing.unit().and_then(|id| state.register.units.get(&id)) {
        parts.push(format!("unité {}", unit.name));
    }
    parts.extend(delays.iter().filter_map(|(name, minutes)| Some(format!("{name} {}", duration((*minutes)?)))));
    if let Some(provider) = provider {
        parts.push(format!("fournie par {}", provider.name));
    }
    parts.push(needs(state, thing));
    parts.join(" ; ")
}

fn needs(state: &Whole, thing: Thing<'_>) -> String {
    let ids = thing.needs().iter().flat_map(|need| &need.any);
    let names: Vec<String> = ids.filter_map(|id| state.cartography.thing(id)).map(|thing| thing.name().to_owned()).collect();
    let more = names.len().saturating_sub(NEEDS_SHOWN_MAX);
    let shown = listed(&names[..names.len() - more]);
    match (names.len(), more) {
        (0, _) => "n’a besoin de rien, d’après la carte".to_owned(),
        (_, 0) => format!("a besoin de {shown}"),
        (_, more) => format!("a besoin de {shown} et {more} autres"),
    }
}
