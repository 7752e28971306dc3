//! Aujourd’hui: what is true now, in sentences, and the one large button.

use crate::app::{Inner, Shared};
use crate::crisis::room_path;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::typography::fr;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::crisis::Crisis;
use domain::facts::{Value, find};
use journal::certificate::Mode;
use maud::{Markup, html};

pub(crate) async fn show(State(shared): State<Shared>, visitor: Visitor) -> Response {
    let page = Page::new(&shared, &visitor, Place::Today, "Aujourd’hui");
    let state = &visitor.view.state;
    let body = html! {
        div.roomhead {
            h1 { "Aujourd’hui" }
            span.muted { (page.local.long_date(page.now)) ", " (page.local.time(page.now)) }
            @if visitor.may_write() { a.btn.alarm href="/crises/nouvelle" { "Ouvrir une crise" } }
        }
        p.lead { (fr(&answer(&page))) }
        section.panel.wide aria-labelledby="ou" {
            header { h2 #ou { (fr("Où en sommes-nous ?")) } }
            div.moments {
                (crisis_row(&page))
                (journal_row(&page))
            }
        }
        (older_crises(&shared, &page, state.crises.len()))
    };
    page.render(&body).into_response()
}

/// The sentence that says it all.
fn answer(page: &Page<'_>) -> String {
    let view = &page.visitor.view;
    let exercise = view.mode == Mode::Exercise;
    match view.state.latest_crisis() {
        None => "Aucune crise n’est ouverte.".to_owned(),
        Some(crisis) => {
            let what = if exercise { "Un exercice est en cours" } else { "Une crise est ouverte" };
            format!("{what} : {}, depuis le {}.", crisis.title, page.local.day_and_time(crisis.occurred_at))
        }
    }
}

fn count(page: &Page<'_>, fact: &str) -> u64 {
    match find(fact).map(|f| (f.compute)(&page.visitor.view.state, page.now)) {
        Some(Value::Count(n)) => n,
        _ => 0,
    }
}

/// `1 action`, `3 actions`.
pub(crate) fn plural(n: u64, one: &str, many: &str) -> String {
    if n < 2 { format!("{n} {one}") } else { format!("{n} {many}") }
}

fn crisis_row(page: &Page<'_>) -> Markup {
    let Some(crisis) = page.visitor.view.state.latest_crisis() else {
        return html! { div { b { "Gérer la crise" }
        span { "Aucune crise n’a été ouverte dans ce journal."
            br; span.muted.small { "Au moindre doute, ouvrez-en une : un doute se note, et se referme sans honte." } }
        span {} } };
    };
    let [open, late, incomplete] =
        ["crisis.tasks_open", "crisis.tasks_late", "crisis.tasks_incomplete"].map(|fact| count(page, fact));
    html! {
        div {
            b { "Gérer la crise" }
            span {
                (plural(crisis.log.len() as u64, "entrée", "entrées")) " dans la main courante"
                @if let Some(last) = crisis.log.last() { ", la dernière le " (page.local.day_and_time(last.wall)) } "."
                br;
                (plural(open, "action ou question ouverte", "actions et questions ouvertes"))
                @if late > 0 { ", " b.down { (plural(late, "en retard", "en retard")) } }
                "."
                @if incomplete > 0 { br; span.warn { (plural(incomplete, "reste à compléter (responsable, échéance)",
                    "restent à compléter (responsable, échéance)")) "." } }
            }
            a href=(room_path(page.shared, crisis)) { "Ouvrir la salle de crise" }
        }
    }
}

fn journal_row(page: &Page<'_>) -> Markup {
    let view = &page.visitor.view;
    html! {
        div {
            b { "Prouver" }
            span { (plural(view.entries, "entrée signée", "entrées signées")) " dans le journal, écrites par "
                (plural(crate::journal_page::devices(view) as u64, "poste", "postes")) "."
                @if view.parked > 0 { br; (plural(view.parked as u64, "entrée attend", "entrées attendent")) " une entrée qui manque." } }
            a href="/journal" { "Voir le journal" }
        }
    }
}

fn older_crises(shared: &Inner, page: &Page<'_>, crises: usize) -> Markup {
    if crises < 2 {
        return html! {};
    }
    let mut all: Vec<&Crisis> = page.visitor.view.state.crises.values().collect();
    all.sort_by_key(|c| std::cmp::Reverse((c.order, c.id)));
    html! {
        section.panel.wide aria-labelledby="crises" {
            header { h2 #crises { "Toutes les crises de ce journal" } span.muted.small { (crises) } }
            table { @for crisis in all { tr {
                td { a href=(room_path(shared, crisis)) { (fr(&crisis.title)) } }
                td { (crisis.level.label()) }
                td { "début le " (page.local.day_and_time(crisis.occurred_at)) }
                td.n { (plural(crisis.log.len() as u64, "entrée", "entrées")) }
            } } }
        }
    }
}
