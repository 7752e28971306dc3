//! What the forms of actions record.

use super::form::{self, Edited, done_on, progress as typed, today};
use super::one::shown_page;
use super::{PATH, find, path_of};
use crate::answer::Fault;
use crate::app::Shared;
use crate::crisis::acts::{Sent, concluded, seen, sent};
use crate::crisis::scene::{Outcome, wrong};
use crate::fields::Filled;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::actions::event::{ActionRemoved, ActionSet, Status};

/// A form that describes an action, whole.
pub(super) async fn described(shared: &Shared, journal: &str, sent: &Sent, edited: Result<Edited, Fault>) -> Response {
    let edited = match sent.visitor.journal(shared, journal).and(edited) {
        Ok(edited) => edited,
        Err(fault) if sent.json => return fault.json(),
        Err(fault) => return fault.into_response(),
    };
    let decide = |sent: &Sent| {
        let draft = edited.draft(&sent.fields, today(&sent.visitor))?;
        let next = path_of(&draft.subject);
        Ok(Outcome { drafts: vec![draft], next })
    };
    let back = |sent: &Sent, fault: &Fault| form::page(shared, &sent.visitor, &edited, Filled::of(&sent.fields, fault));
    concluded(shared, journal, sent, decide, back).await
}

/// `POST …/actions`.
pub(super) async fn add(State(shared): State<Shared>, Path(journal): Path<String>, request: Request) -> Response {
    match sent(&shared, request).await {
        Ok(sent) => described(&shared, &journal, &sent, Ok(Edited::new(ActionSet::default()))).await,
        Err(response) => response,
    }
}

/// `POST …/actions/{id}`.
pub(super) async fn change(
    State(shared): State<Shared>,
    Path((journal, id)): Path<(String, String)>,
    request: Request,
) -> Response {
    match sent(&shared, request).await {
        Ok(sent) => {
            let version = sent.fields.get("version").parse().ok();
            let edited = find(&sent.visitor, &id).map(|action| Edited::of(action, version));
            described(&shared, &journal, &sent, edited).await
        }
        Err(response) => response,
    }
}

/// What a form that only says how far an action is makes of it.
fn moved(sent: &Sent, known: &ActionSet) -> Result<ActionSet, Fault> {
    let fields = &sent.fields;
    let said = |name: &str| fields.texts.iter().any(|(key, _)| key == name);
    let status = Status::from_name(fields.get("status")).ok_or_else(|| wrong("status", "Choisissez un état de la liste."))?;
    let today = today(&sent.visitor);
    let progress = match status {
        Status::ToDo => 0,
        _ if said("progress") || status == Status::Done => typed(fields, status)?,
        _ => known.progress,
    };
    // A button says « fait » and no day: it is today. A form shows the day, and an empty one is refused.
    let done_on = match status {
        Status::Done if said("done_on") => done_on(fields, today)?,
        Status::Done => Some(today),
        _ => None,
    };
    let comment = if said("comment") { fields.get("comment").trim().replace("\r\n", "\n") } else { known.comment.clone() };
    Ok(ActionSet { status, progress, done_on, comment, supersedes: seen(fields), ..known.clone() })
}

/// `POST …/actions/{id}/etat`.
pub(super) async fn progress(
    State(shared): State<Shared>,
    Path((journal, id)): Path<(String, String)>,
    request: Request,
) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let decide = |sent: &Sent| {
        let action = find(&sent.visitor, &id)?;
        if action.removed.is_some() {
            // Saying how far it is would put it back unnoticed.
            let sentence = "Cette action a été retirée du plan : remettez-la au plan avant de dire où elle en est.";
            return Err(Fault::new(StatusCode::CONFLICT, "not_on_plan", sentence));
        }
        let draft = Event::ActionSet(moved(sent, action.now())?).draft(action.id);
        let next = if sent.fields.get("from") == "liste" { format!("{PATH}#liste") } else { path_of(&action.id) };
        Ok(Outcome { drafts: vec![draft], next })
    };
    let back = |sent: &Sent, fault: &Fault| {
        let filled = Filled::of(&sent.fields, fault);
        shown_page(&shared, &sent.visitor, &id, "etat", filled).unwrap_or_else(IntoResponse::into_response)
    };
    concluded(&shared, &journal, &sent, decide, back).await
}

/// `POST …/actions/{id}/retirer`.
pub(super) async fn remove(
    State(shared): State<Shared>,
    Path((journal, id)): Path<(String, String)>,
    request: Request,
) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let decide = |sent: &Sent| {
        let reason = sent.fields.get("reason").trim().to_owned();
        let draft = Event::ActionRemoved(ActionRemoved { reason }).draft(find(&sent.visitor, &id)?.id);
        Ok(Outcome { drafts: vec![draft], next: PATH.to_owned() })
    };
    let back = |sent: &Sent, fault: &Fault| {
        let filled = Filled::of(&sent.fields, fault);
        shown_page(&shared, &sent.visitor, &id, "retirer", filled).unwrap_or_else(IntoResponse::into_response)
    };
    concluded(&shared, &journal, &sent, decide, back).await
}
