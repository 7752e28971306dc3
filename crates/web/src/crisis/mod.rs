//! The crisis room: log, things to do, situation; and the pages of one entry and of opening a crisis.

pub(crate) mod acts;
mod awaiting;
mod badges;
mod command;
mod counts;
mod detail;
mod entry_box;
mod entry_form;
mod erasure;
mod export;
mod filter;
mod handover;
mod lifting;
mod log;
mod opening;
mod paper;
mod paper_lines;
mod reframe;
mod report;
mod room;
pub(crate) mod scene;
mod tasks;
pub(crate) mod tree;

pub(crate) use entry_form::moment;
pub(crate) use opening::drafts as opening_drafts;

use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::form::Fields;
use crate::session::Visitor;
use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::State;
use domain::crisis::{Crisis, LogEntry};
use journal::{EntryId, SubjectId};
use maud::{Markup, html};

pub(crate) fn routes() -> Router<Shared> {
    let at = |path: &str| format!("/journaux/{{journal}}/crises/{{crisis}}{path}");
    Router::new()
        .route("/crises/nouvelle", get(opening::show).post(opening::open))
        .route(tree::PATH, get(tree::show))
        .route(&at("/cadre"), get(reframe::show).post(reframe::reframe))
        .route(&at("/levee"), get(lifting::show).post(lifting::lift))
        .route(&at("/rouvrir"), post(lifting::reopen))
        .route(&at("/papier"), get(paper::show).post(paper::take))
        .route(&at("/main-courante"), get(export::show))
        .route(&at("/main-courante.csv"), get(export::csv))
        .route(&at("/releve"), get(handover::show).post(handover::hand_over))
        .route(&at("/point"), get(report::show))
        .route(&at("/entrees/{entry}/confirmer"), post(acts::confirm))
        .route("/journaux/{journal}/crises/{crisis}", get(room::show))
        .route("/journaux/{journal}/crises/{crisis}/entrees", post(acts::log))
        .route("/journaux/{journal}/crises/{crisis}/entrees/{entry}", get(detail::show))
        .route("/journaux/{journal}/crises/{crisis}/entrees/{entry}/corriger", post(acts::correct))
        .route("/journaux/{journal}/crises/{crisis}/entrees/{entry}/attribuer", post(acts::assign))
        .route("/journaux/{journal}/crises/{crisis}/entrees/{entry}/clore", post(acts::close))
        .route("/journaux/{journal}/crises/{crisis}/entrees/{entry}/effacer", post(erasure::erase))
}

/// Address of a crisis room.
pub(crate) fn room_path(shared: &Inner, crisis: &Crisis) -> String {
    format!("/journaux/{}/crises/{}", shared.ledger.id(), crisis.id)
}

/// The crisis an address names, in the journal served.
fn crisis<'a>(shared: &Inner, visitor: &Visitor, state: &'a State, journal: &str, crisis: &str) -> Result<&'a Crisis, Fault> {
    visitor.journal(shared, journal)?;
    let id: SubjectId = crisis.parse().map_err(|_| Fault::not_found())?;
    state.crises.get(&id).ok_or_else(Fault::not_found)
}

/// The entry an address names, in a crisis.
fn entry<'a>(crisis: &'a Crisis, entry: &str) -> Result<&'a LogEntry, Fault> {
    let id: EntryId = entry.parse().map_err(|_| Fault::not_found())?;
    crisis.entry(&id).ok_or_else(Fault::not_found)
}

/// Fields that say for whom and as which request a form was made.
pub(crate) fn stamps(shared: &Inner, visitor: &Visitor) -> Markup {
    html! {
        input type="hidden" name="request" value=(journal::RequestId(shared.env.bytes()));
        input type="hidden" name="author" value=(visitor.actor);
    }
}

/// A form that names another journal or a crisis that is not there (a page left open from an exercise): nothing is
/// recorded, and what was typed is given back to be copied.
pub(crate) fn elsewhere(fields: &Fields, fault: &Fault) -> Response {
    crate::sign_in::given_back(Some(fault), "/", fields)
}

/// Gives a text back to its author after they signed in again: the page of its form, filled in.
pub(crate) fn resume(shared: &Inner, visitor: &Visitor, path: &str, fields: Fields) -> Response {
    let view = visitor.view.clone();
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    let page = match segments.as_slice() {
        ["crises", "nouvelle"] => return opening::page(shared, visitor, &fields, None),
        ["journaux", journal, "crises", id, "entrees"] => {
            crisis(shared, visitor, &view.state, journal, id).map(|c| room::page(shared, visitor, c, &fields, None))
        }
        ["journaux", journal, "crises", id, "entrees", line, act] => crisis(shared, visitor, &view.state, journal, id)
            .and_then(|c| Ok(detail::page(shared, visitor, c, entry(c, line)?, Some((*act, &fields, None))))),
        ["journaux", journal, "crises", id, "papier"] => {
            crisis(shared, visitor, &view.state, journal, id).map(|c| paper::resumed(shared, visitor, c, &fields))
        }
        ["journaux", journal, "annuaire", below @ ..] if visitor.journal(shared, journal).is_ok() => {
            return crate::register::resume(shared, visitor, below, &fields);
        }
        _ => return crate::sign_in::given_back(None, path, &fields),
    };
    page.map_or_else(IntoResponse::into_response, IntoResponse::into_response)
}
