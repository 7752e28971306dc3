//! The crisis room: log, things to do, situation; and the pages of one entry and of opening a crisis.

mod acts;
mod badges;
mod command;
mod counts;
mod detail;
mod entry_box;
mod entry_form;
mod erasure;
mod log;
mod opening;
mod room;
mod situation;
mod tasks;

use crate::answer::{Fault, see_other};
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
    Router::new()
        .route("/crises/nouvelle", get(opening::show).post(acts::open))
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
fn stamps(shared: &Inner, visitor: &Visitor) -> Markup {
    html! {
        input type="hidden" name="request" value=(journal::RequestId(shared.env.bytes()));
        input type="hidden" name="author" value=(visitor.actor);
    }
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
        _ => return see_other("/"),
    };
    page.map_or_else(IntoResponse::into_response, IntoResponse::into_response)
}
