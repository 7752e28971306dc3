//! How an exercise opens and closes: both are recorded in the establishment's journal.

use super::branch::{self, Running, of_journal};
use super::path;
use crate::answer::{Fault, see_other};
use crate::app::Shared;
use crate::crisis::acts::{Sent, sent};
use crate::record::record;
use crate::session::on_disk;
use axum::Json;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::exercise::event::outcome::Closed;
use domain::exercise::results::results;
use journal::write::Draft;
use journal::{Fold, RequestId, SubjectId};
use serde_json::json;
use std::sync::Arc;
use store::StoreError;

/// The request a form carries, or one named by what it asks.
fn request_of(sent: &Sent, draft: &Draft) -> RequestId {
    crate::record::request_id(sent.fields.get("request"), &sent.visitor.author(), draft)
}

fn told(sent: &Sent, outcome: Result<String, Fault>) -> Response {
    match outcome {
        Ok(next) if sent.json => Json(json!({ "next": next })).into_response(),
        Ok(next) => see_other(&next),
        Err(fault) if sent.json => fault.json(),
        Err(fault) => fault.into_response(),
    }
}

/// `POST /journaux/{journal}/exercices/{id}/ouvrir`: founds the branch and leads there. `during_crisis`: a real crisis is known.
pub(super) async fn open(
    State(shared): State<Shared>,
    Path((journal, id)): Path<(String, String)>,
    request: Request,
) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let outcome = opened(&shared, &journal, &id, &sent).await;
    told(&sent, outcome)
}

async fn opened(shared: &Shared, journal: &str, id: &str, sent: &Sent) -> Result<String, Fault> {
    sent.visitor.journal(shared, journal)?;
    sent.same_author()?;
    let id: SubjectId = id.parse().map_err(|_| Fault::not_found())?;
    let exercise = sent.visitor.view.state.exercises.all.get(&id).ok_or_else(Fault::not_found)?;
    if let Some(opened) = exercise.opened.as_ref().filter(|_| exercise.is_run_by(&sent.visitor.actor)) {
        // Sent twice: it is open, one goes there.
        return Ok(format!("{}/console", branch::prefix(&opened.what.branch)));
    }
    let despite = !sent.fields.get("during_crisis").is_empty();
    let running = branch::found(shared, &sent.visitor, id, sent.fields.get("request"), despite).await?;
    Ok(format!("{}/console", branch::prefix(&running.shared.ledger.id())))
}

/// `POST /journaux/{journal}/exercices/{id}/clore`: the branch stays readable; its results and its root are recorded.
pub(super) async fn close(
    State(shared): State<Shared>,
    Path((journal, id)): Path<(String, String)>,
    request: Request,
) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let outcome = closed(&shared, &journal, &id, &sent).await;
    told(&sent, outcome)
}

async fn closed(shared: &Shared, journal: &str, id: &str, sent: &Sent) -> Result<String, Fault> {
    sent.visitor.journal(shared, journal)?;
    sent.same_author()?;
    let id: SubjectId = id.parse().map_err(|_| Fault::not_found())?;
    let exercise = sent.visitor.view.state.exercises.all.get(&id).ok_or_else(Fault::not_found)?;
    let next = format!("{}/retex", path(id));
    if exercise.closed.is_some() {
        return Ok(next);
    }
    let known = exercise.opened.as_ref().filter(|o| of_journal(&sent.visitor.view.state, &o.what.branch).is_some());
    let branch = known.map(|opened| opened.what.branch).ok_or_else(Fault::not_found)?;
    let running = branch::running(shared, branch).await.map_err(|error| Fault::from(&error))?.ok_or_else(Fault::not_found)?;
    let over = running.shared.ledger.view().state.exercises.played_here().is_some_and(|e| e.clock.run().is_over());
    if !over {
        let sentence = "L’exercice n’est pas terminé : donnez FINEX depuis la console, puis clôturez-le.";
        return Err(Fault::new(axum::http::StatusCode::CONFLICT, "not_over", sentence));
    }
    let event = summed(&running).await?;
    let draft = Event::ExerciseClosed(event).draft(id);
    let request = request_of(sent, &draft);
    record(shared, &sent.visitor.view, sent.visitor.author(), request, vec![draft]).await?;
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
