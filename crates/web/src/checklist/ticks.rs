//! A gesture is ticked, or unticked.

use super::{of, page};
use crate::answer::{Fault, see_other};
use crate::app::Shared;
use crate::crisis::acts::sent;
use crate::crisis::scene::{Scene, seen, subject};
use crate::fields::Filled;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::checklist::event::Ticked;
use journal::SubjectId;

/// `POST …/gestes/{list}/cocher`. Already so: nothing is recorded, whoever clicked twice is shown the same page.
pub(super) async fn tick(
    State(shared): State<Shared>,
    Path((journal, id, list)): Path<(String, String, String)>,
    request: Request,
) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let found = Scene::of(&shared, &sent.visitor, &journal, &id).and_then(|scene| Ok((scene, subject(&list)?)));
    let (scene, list) = match found {
        Ok(found) => found,
        Err(fault) if sent.json => return fault.json(),
        Err(fault) => return fault.into_response(),
    };
    let next = if sent.fields.get("from") == "room" { scene.room.clone() } else { format!("{}/gestes#{list}", scene.room) };
    let (gesture, done) = (sent.fields.get("gesture").to_owned(), sent.fields.get("done") != "0");
    if is(&scene, list, &gesture) == Some(done) && scene.may_write() {
        return if sent.json {
            axum::Json(serde_json::json!({ "entries": [], "replayed": true })).into_response()
        } else {
            see_other(&next)
        };
    }
    let ticked = Ticked { list, gesture, done, note: sent.fields.filled("note"), supersedes: seen(&sent.fields) };
    let outcome = match sent.same_author() {
        Ok(()) => sent.record_all(&shared, vec![Event::GestureTicked(ticked).draft(scene.crisis.id)]).await,
        Err(fault) => Err(fault),
    };
    match outcome {
        Ok(receipt) => sent.done(&receipt, &next),
        Err(fault) if sent.json => fault.json(),
        Err(fault) => refused(&scene, &fault),
    }
}

fn refused(scene: &Scene<'_>, fault: &Fault) -> Response {
    page::page(scene, Filled { fields: None, fault: Some(fault) })
}

/// Whether a gesture is done, unless people disagree.
fn is(scene: &Scene<'_>, list: SubjectId, gesture: &str) -> Option<bool> {
    let list = of(scene)?.lists.get(&list)?;
    list.conflict(gesture).is_empty().then(|| list.is_done(gesture))
}
