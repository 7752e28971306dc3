//! The register of interfaces: source, target, what they go through, protocol, critical or not.

mod form;
mod list;

use super::thing::{links, words};
use super::{acts, base, head};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::crisis::acts::{Sent, sent};
use crate::crisis::scene::{Outcome, subject};
use crate::crisis::stamps;
use crate::fields::{Filled, Text};
use crate::history;
use crate::session::Visitor;
use crate::shell::{Page, Place};
use crate::typography::fr;
use axum::Router;
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::Event;
use domain::cartography::Exchange;
use domain::cartography::event::Removed;
use journal::EntryId;
use maud::{Markup, html};
use serde::Deserialize;

/// The list.
const LIST: &str = "/carte/interfaces";

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/carte/interfaces", get(list::show))
        .route("/carte/interfaces/{id}", get(show))
        .route("/journaux/{journal}/carte/interfaces", get(new).post(add))
        .route("/journaux/{journal}/carte/interfaces/{id}", get(edit_one).post(change))
        .route("/journaux/{journal}/carte/interfaces/{id}/retirer", post(remove))
}

/// An interface that is, or was, on the map.
fn find<'a>(visitor: &'a Visitor, id: &str) -> Result<&'a Exchange, Fault> {
    let found = visitor.view.state.cartography.exchanges.get(&subject(id)?);
    found.map(|exchange| &**exchange).ok_or_else(Fault::not_found)
}

/// `GET /carte/interfaces/{id}`.
async fn show(State(shared): State<Shared>, visitor: Visitor, Path(id): Path<String>) -> Result<Response, Fault> {
    shown(&shared, &visitor, &id, Filled::BLANK)
}

/// The page; the form that takes it off the map comes back filled in.
fn shown(shared: &Inner, visitor: &Visitor, id: &str, filled: Filled<'_>) -> Result<Response, Fault> {
    let exchange = find(visitor, id)?;
    let page = Page::new(shared, visitor, Place::Prepare, &exchange.now().name);
    let state = &visitor.view.state;
    let edit = format!("{}/interfaces/{}", base(&page), exchange.id);
    let in_words = |set: &_| words::exchange(set, state);
    let body = html! {
        (head(&exchange.now().name, LIST))
        p.lead { (answer(&page, exchange)) }
        @if visitor.may_write() { p.btns { a.btn href=(edit) { @if exchange.removed.is_none() { "Modifier" } @else { "Remettre sur la carte" } } } }
        (history::conflict(&page, &exchange.described, in_words, &edit))
        section.panel aria-labelledby="fiche" {
            header { h2 #fiche { "Ce que c’est" } }
            dl.kv { @for (field, value) in in_words(exchange.now()) { @if field != "Nom" && !value.is_empty() { dt { (fr(field)) } dd { (fr(&value)) } } } }
        }
        (history::history(&page, &exchange.described, in_words))
        @if exchange.removed.is_none() && visitor.may_write() { (removal(&page, &edit, filled)) }
    };
    Ok((filled.fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response())
}

/// What it does, and what its loss costs.
fn answer(page: &Page<'_>, exchange: &Exchange) -> Markup {
    let map = &page.visitor.view.state.cartography;
    let set = exchange.now();
    html! {
        @if let Some(removal) = &exchange.removed {
            "Retirée de la carte le " (page.local.day_and_time(removal.wall)) " par " (fr(&page.visitor.view.state.register.name(&removal.by))) (fr(" : ")) (fr(&removal.reason)) ". "
        }
        (links::to(map, &set.source)) @if set.both_ways { " échange avec " } @else { " envoie à " } (links::to(map, &set.target))
        @if let Some(via) = &set.via { ", par " (links::to(map, via)) } ". "
        @if set.critical { "Coupée, elle met la destination en mode dégradé." } @else { "Coupée, elle ne dégrade pas la destination." }
    }
}

fn removal(page: &Page<'_>, edit: &str, filled: Filled<'_>) -> Markup {
    html! { details.removal open[filled.fault.is_some()] {
        summary { "Retirer de la carte" }
        form.stacked method="post" action={ (edit) "/retirer" } {
            (stamps(page.shared, page.visitor))
            (filled.refusal(&["reason"]))
            p.small.muted { "Ce qui en a été dit reste dans l’histoire." }
            (filled.text(&Text { name: "reason", label: "Pourquoi", required: true, ..Text::default() }))
            p { button.btn.ghost { "Retirer de la carte" } }
        }
    } }
}

/// What an address asks of the form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    version: String,
    /// The source proposed for a new one.
    source: String,
}

/// `GET …/carte/interfaces?source=`.
async fn new(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path(journal): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let map = &visitor.view.state.cartography;
    let source = asked.source.parse().ok().filter(|id| map.thing(id).is_some()).map(|id| words::label(map, &id));
    match visitor.journal(&shared, &journal) {
        Ok(_) => form::page(&shared, &visitor, &form::Edited::new(source), Filled::BLANK),
        Err(fault) => fault.into_response(),
    }
}

/// `GET …/carte/interfaces/{id}?version=`.
async fn edit_one(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path((journal, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Response {
    let version: Option<EntryId> = asked.version.parse().ok();
    let found = visitor.journal(&shared, &journal).and_then(|_| find(&visitor, &id));
    match found {
        Ok(exchange) => form::page(&shared, &visitor, &form::Edited::of(&visitor, exchange, version), Filled::BLANK),
        Err(fault) => fault.into_response(),
    }
}

async fn described(shared: &Shared, journal: &str, sent: &Sent, edited: Result<form::Edited, Fault>) -> Response {
    let edited = match sent.visitor.journal(shared, journal).and(edited) {
        Ok(edited) => edited,
        Err(fault) if sent.json => return fault.json(),
        Err(fault) => return fault.into_response(),
    };
    let decide = |sent: &Sent| {
        let draft = edited.draft(&sent.fields, &sent.visitor.view.state)?;
        let next = format!("{LIST}/{}", draft.subject);
        Ok(Outcome { drafts: vec![draft], next })
    };
    let back = |sent: &Sent, fault: &Fault| form::page(shared, &sent.visitor, &edited, Filled::of(&sent.fields, fault));
    acts::concluded(shared, journal, sent, decide, back).await
}

/// `POST …/carte/interfaces`.
async fn add(State(shared): State<Shared>, Path(journal): Path<String>, request: Request) -> Response {
    match sent(&shared, request).await {
        Ok(sent) => described(&shared, &journal, &sent, Ok(form::Edited::new(None))).await,
        Err(response) => response,
    }
}

/// `POST …/carte/interfaces/{id}`.
async fn change(State(shared): State<Shared>, Path((journal, id)): Path<(String, String)>, request: Request) -> Response {
    match sent(&shared, request).await {
        Ok(sent) => {
            let version: Option<EntryId> = sent.fields.get("version").parse().ok();
            let edited = find(&sent.visitor, &id).map(|exchange| form::Edited::of(&sent.visitor, exchange, version));
            described(&shared, &journal, &sent, edited).await
        }
        Err(response) => response,
    }
}

/// `POST …/carte/interfaces/{id}/retirer`.
async fn remove(State(shared): State<Shared>, Path((journal, id)): Path<(String, String)>, request: Request) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let decide = |sent: &Sent| {
        let reason = sent.fields.get("reason").trim().to_owned();
        let draft = Event::NodeRemoved(Removed { reason }).draft(find(&sent.visitor, &id)?.id);
        Ok(Outcome { drafts: vec![draft], next: LIST.to_owned() })
    };
    let back = |sent: &Sent, fault: &Fault| {
        shown(&shared, &sent.visitor, &id, Filled::of(&sent.fields, fault)).unwrap_or_else(|_| fault.clone().into_response())
    };
    acts::concluded(&shared, &journal, &sent, decide, back).await
}
