//! How an exercise opens and closes: both are recorded in the establishment's journal.

use super::branch::{self, Running};
use super::path;
use crate::answer::{Fault, see_other};
use crate::app::Shared;
use crate::crisis::acts::{Sent, sent};
use crate::session::on_disk;
use axum::Json;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::exercise::Exercise;
use domain::exercise::event::outcome::Closed;
use domain::exercise::results::results;
use journal::{Fold, SubjectId};
use serde_json::json;
use std::sync::Arc;
use store::StoreError;

/// What both ends have in common: who sent it, about which exercise of this journal; `act` says where one goes then.
async fn acted(
    shared: &Shared,
    (journal, id): (String, String),
    request: Request,
    act: impl AsyncFnOnce(&Sent, &Exercise) -> Result<String, Fault>,
) -> Response {
    let sent = match sent(shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let known = sent.visitor.journal(shared, &journal).and_then(|_| sent.same_author()).and_then(|()| {
        let id: SubjectId = id.parse().map_err(|_| Fault::not_found())?;
        sent.visitor.view.state.exercises.all.get(&id).ok_or_else(Fault::not_found)
    });
    let outcome = match known {
        Ok(exercise) => act(&sent, exercise).await,
        Err(fault) => Err(fault),
    };
    match outcome {
        Ok(next) if sent.json => Json(json!({ "next": next })).into_response(),
        Ok(next) => see_other(&next),
        Err(fault) if sent.json => fault.json(),
        Err(fault) => fault.into_response(),
    }
}

/// `POST /journaux/{journal}/exercices/{id}/ouvrir`: founds the branch and leads there. `during_crisis`: a real crisis is known.
pub(super) async fn open(State(shared): State<Shared>, Path(path): Path<(String, String)>, request: Request) -> Response {
    acted(&shared, path, request, async |sent, exercise| opened(&shared, sent, exercise).await).await
}

async fn opened(shared: &Shared, sent: &Sent, exercise: &Exercise) -> Result<String, Fault> {
    let id = exercise.id;
    if let Some(opened) = exercise.opened.as_ref().filter(|_| exercise.is_run_by(&sent.visitor.actor)) {
        // Sent twice: it is open, one goes there.
        return Ok(format!("{}/console", branch::prefix(&opened.what.branch)));
    }
    let despite = !sent.fields.get("during_crisis").is_empty();
    let running = branch::found(shared, &sent.visitor, id, sent.fields.get("request"), despite).await?;
    Ok(format!("{}/console", branch::prefix(&running.shared.ledger.id())))
}

/// `POST /journaux/{journal}/exercices/{id}/clore`: the branch stays readable; its results and its root are recorded.
pub(super) async fn close(State(shared): State<Shared>, Path(path): Path<(String, String)>, request: Request) -> Response {
    acted(&shared, path, request, async |sent, exercise| closed(&shared, sent, exercise).await).await
}

async fn closed(shared: &Shared, sent: &Sent, exercise: &Exercise) -> Result<String, Fault> {
    let id = exercise.id;
    let next = format!("{}/retex", path(id));
    if exercise.closed.is_some() {
        return Ok(next);
    }
    let branch = exercise.opened.as_ref().ok_or_else(Fault::not_found)?.what.branch;
    let running = branch::running(shared, branch).await.map_err(|error| Fault::from(&error))?.ok_or_else(Fault::not_found)?;
    let over = running.shared.ledger.view().state.exercises.played_here().is_some_and(|e| e.clock.run().is_over());
    if !over {
        let sentence = "L’exercice n’est pas terminé : donnez FINEX depuis la console, puis clôturez-le.";
        return Err(Fault::new(axum::http::StatusCode::CONFLICT, "not_over", sentence));
    }
    let event = summed(&running).await?;
    let draft = Event::ExerciseClosed(event).draft(id);
    sent.record_all(shared, vec![draft]).await?;
    Ok(next)
}

/// What the exercise came to, with the root of what was played.
async fn summed(running: &Arc<Running>) -> Result<Closed, Fault> {
    let shared = &running.shared;
    let read = on_disk(shared, |shared| {
        let view = shared.ledger.view();
        let nothing = || StoreError::Damaged("l’exercice n’a pas commencé".to_owned());
        let head = view.head.ok_or_else(nothing)?;
        let results = results(&view.state, shared.now()).ok_or_else(nothing)?;
        let root = view.state.root();
        Ok(Closed { root, head, entries: view.entries, results })
    });
    read.await.map_err(|error| Fault::from(&error))
}
