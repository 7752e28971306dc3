//! « Urgence »: one carer alone at night, on a telephone. Whom to call, what to do, what to write down; no cells, no jargon.
//!
//! A tick is a line of the log, « Fait : … », and the log alone tells what was done: whoever takes over in the morning
//! reads it there, and correcting that line unticks it.

mod contacts;
mod page;

pub(crate) use contacts::dialled;

use crate::answer::{Fault, see_other};
use crate::app::{Inner, Shared};
use crate::crisis::acts::{Sent, sent};
use crate::session::Visitor;
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::crisis::Crisis;
use domain::crisis::event::{CrisisOpened, EntryType, Level, Logged};
use domain::register::Role;
use domain::register::event::EstablishmentKind;
use journal::SubjectId;
use journal::entry::sha256;
use store::Receipt;

/// What a crisis opened in one tap is called until somebody says better.
const TITLE: &str = "Ça ne marche plus";
/// The page.
pub(crate) const PATH: &str = "/urgence";

pub(crate) fn routes() -> Router<Shared> {
    Router::new()
        .route("/urgence", get(show))
        .route("/journaux/{journal}/urgence", post(open))
        .route("/journaux/{journal}/crises/{crisis}/urgence", post(note))
}

/// Where somebody lands once they are in: alone on duty while a crisis runs, on the one page they need.
pub(crate) fn landing(visitor: &Visitor) -> &'static str {
    if visitor.role == Role::Solo { PATH } else { "/" }
}

/// The crisis that runs: the one opened last among those not lifted.
pub(crate) fn running(state: &domain::State) -> Option<&Crisis> {
    state.crises.values().filter(|crisis| crisis.lifted().is_none()).max_by_key(|crisis| (crisis.order, crisis.id))
}

/// Whether somebody may be alone there at night.
pub(crate) fn suits(state: &domain::State) -> bool {
    let small = [EstablishmentKind::Ehpad, EstablishmentKind::Esms, EstablishmentKind::Smr];
    state.register.kind.is_some_and(|kind| small.contains(&kind))
}

async fn show(State(shared): State<Shared>, visitor: Visitor) -> Response {
    page::show(&shared, &visitor, "", None)
}

/// `POST /journaux/{journal}/urgence`: a doubt, in one tap. A crisis that already runs is the one to go on with.
async fn open(State(shared): State<Shared>, Path(journal): Path<String>, request: Request) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    if let Err(fault) = sent.visitor.journal(&shared, &journal).and_then(|_| sent.same_author()) {
        return fault.into_response();
    }
    if running(&sent.visitor.view.state).is_some() {
        return see_other(PATH);
    }
    // Named by the request: the same tap sent twice opens one crisis.
    let mut subject = [0; SubjectId::LEN];
    let named = sha256(format!("crisis {}", sent.fields.get("request")).as_bytes());
    subject.copy_from_slice(&named.as_bytes()[..SubjectId::LEN]);
    let opened = CrisisOpened { title: TITLE.to_owned(), level: Level::Doubt, ..CrisisOpened::default() };
    finish(&shared, &sent, sent.record_all(&shared, crate::crisis::opening_drafts(&sent, SubjectId(subject), opened)).await, "")
}

/// `POST …/crises/{crisis}/urgence`: a call, a gesture or a note.
async fn note(State(shared): State<Shared>, Path((journal, crisis)): Path<(String, String)>, request: Request) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let known = sent.visitor.journal(&shared, &journal).and_then(|_| crisis.parse::<SubjectId>().map_err(|_| Fault::not_found()));
    let known = known.and_then(|id| sent.visitor.view.state.crises.get(&id).ok_or_else(Fault::not_found));
    let crisis = match known.and_then(|crisis| sent.same_author().map(|()| crisis.id)) {
        Ok(crisis) => crisis,
        Err(fault) => return fault.into_response(),
    };
    let text = sent.fields.get("text").trim().to_owned();
    let entry_type = match sent.fields.get("type") {
        "call" => EntryType::Call,
        _ => EntryType::Fact,
    };
    if text.is_empty() {
        let fault = Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "empty_text", "Écrivez ce que vous voyez, même en trois mots.");
        return finish(&shared, &sent, Err(fault.about("text")), "");
    }
    let outcome = sent.record_all(&shared, vec![Logged::new(entry_type, text).into_event().draft(crisis)]).await;
    finish(&shared, &sent, outcome, sent.fields.get("place"))
}

/// Back to the page, where one was; a refused note comes back filled in.
fn finish(shared: &Inner, sent: &Sent, outcome: Result<Receipt, Fault>, place: &str) -> Response {
    match outcome {
        Ok(_) => {
            let plain = place.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
            if plain && !place.is_empty() { see_other(&format!("{PATH}#{place}")) } else { see_other(PATH) }
        }
        Err(fault) => {
            let typed = if sent.fields.get("note").is_empty() { "" } else { sent.fields.get("text") };
            page::show(shared, &sent.visitor, typed, Some(&fault))
        }
    }
}
