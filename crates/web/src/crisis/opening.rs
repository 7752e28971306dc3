//! Opening a crisis: doubt, alert or crisis, a title, and go.

use super::stamps;
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::form::Fields;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::typography::fr;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::crisis::event::Level;
use maud::{Markup, html};

/// Name in the form, level, and what it means.
pub(super) const LEVELS: [(&str, Level, &str); 3] = [
    ("doubt", Level::Doubt, "quelque chose ne va pas, on ne sait pas quoi"),
    ("alert", Level::Alert, "une attaque est probable"),
    ("crisis", Level::Crisis, "une attaque est avérée ou les soins sont touchés"),
];

pub(crate) async fn show(State(shared): State<Shared>, visitor: Visitor) -> Response {
    page(&shared, &visitor, &Fields::default(), None)
}

/// The form, filled in with what was refused, if anything was.
pub(super) fn page(shared: &Inner, visitor: &Visitor, fields: &Fields, fault: Option<&Fault>) -> Response {
    let page = Page::new(shared, visitor, Place::Crisis, "Ouvrir une crise");
    let status = fault.map_or(StatusCode::OK, |f| f.status);
    let body = html! {
        div.roomhead { h1 { "Ouvrir une crise" } }
        p.lead { (fr("Au moindre doute, ouvrez : l’heure compte, le reste se corrige. ")) "Un niveau et quelques mots suffisent." }
        @if visitor.may_write() { (form(&page, fields, fault)) }
        @else { p.error { "Un observateur n’ouvre pas de crise : prévenez la direction ou l’administrateur de garde." } }
    };
    (status, page.render(&body)).into_response()
}

fn form(page: &Page<'_>, fields: &Fields, fault: Option<&Fault>) -> Markup {
    let chosen = if fields.get("level").is_empty() { "doubt" } else { fields.get("level") };
    let problem = |name: &str| {
        html! { @if let Some(sentence) = fault.and_then(|f| f.on(name)) {
        span.error id={ "e-" (name) } role="alert" { (fr(sentence)) } } }
    };
    let moment = |name: &str, label: &str, hint: &str| {
        html! { p.field {
            label for=(name) { (label) }
            input id=(name) name=(name) value=(fields.get(name)) placeholder="05:20 ou 21/11 05:20" autocomplete="off"
                aria-invalid=[fault.and_then(|f| f.on(name)).map(|_| "true")];
            span.small.muted { (fr(hint)) } (problem(name))
        } }
    };
    html! {
        form.stacked method="post" action="/crises/nouvelle" {
            (stamps(page.shared, page.visitor))
            input type="hidden" name="journal" value=(page.shared.ledger.id());
            @if let Some(fault) = fault.filter(|f| f.field.is_none()) { p.error role="alert" { (fr(&fault.sentence)) } }
            fieldset.levels { legend { "Niveau" }
                @for (name, level, meaning) in LEVELS {
                    label { input type="radio" name="level" value=(name) checked[name == chosen];
                        b { (level.label()) } span.muted { (meaning) } }
                }
                (problem("level"))
            }
            p.field { label for="title" { (fr("Ce qui se passe, en quelques mots")) }
                input #title name="title" value=(fields.get("title")) placeholder="Rançongiciel, panne du dossier patient…" required autofocus
                    autocomplete="off" aria-invalid=[fault.and_then(|f| f.on("title")).map(|_| "true")];
                (problem("title")) }
            (moment("occurred_at", "Début, s’il est connu", "vide : maintenant"))
            (moment("known_at", "Connu depuis, si c’est autre chose", "les délais légaux partent de là ; vide : maintenant"))
            @if let Some(running) = page.visitor.view.state.latest_crisis() {
                p.field { label.check { input type="checkbox" name="confirm" value="1" required checked[fields.get("confirm") == "1"];
                    (fr(&format!("Une crise est déjà ouverte : « {} ». J’en ouvre une autre.", running.title))) } (problem("confirm")) }
            }
            p { button.btn.alarm { "Ouvrir" } }
        }
    }
}
