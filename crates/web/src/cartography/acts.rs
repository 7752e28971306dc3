//! What the forms of the map record.

use super::edit::{self, Edited};
use super::{page, thing, typed_duration};
use crate::answer::{Fault, see_other};
use crate::app::Shared;
pub(super) use crate::crisis::acts::concluded;
use crate::crisis::acts::{Sent, sent};
use crate::crisis::scene::{Outcome, made, subject, wrong};
use crate::fields::Filled;
use axum::Json;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::cartography::event::{AssetSet, Removed};
use domain::cartography::kind::AssetKind;
use journal::write::Draft;
use serde_json::json;

/// Where one goes after a form of the map.
pub(super) const MAP: &str = "/carte/activites";

/// What is common to the forms of the map.
pub(super) async fn act(
    shared: &Shared,
    journal: &str,
    request: Request,
    decide: impl FnOnce(&Sent) -> Result<Vec<Draft>, Fault>,
    give_back: impl FnOnce(&Sent, &Fault) -> Response,
) -> Response {
    let sent = match sent(shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let decide = |sent: &Sent| decide(sent).map(|drafts| Outcome { drafts, next: MAP.to_owned() });
    concluded(shared, journal, &sent, decide, give_back).await
}

/// A delay as typed.
pub(super) fn mtpd(text: Option<String>, field: &str) -> Result<Option<u32>, Fault> {
    let Some(text) = text else { return Ok(None) };
    let short: String = text.chars().take(80).collect();
    let sentence = format!("« {short} » n’est pas une durée comprise ici : écrivez par exemple 30 min, 4 h ou 3 j.");
    typed_duration(&text).map(Some).ok_or_else(|| wrong(field, sentence))
}

/// A form of an activity or an element: its rows of needs are changed, or it is recorded.
async fn described(shared: &Shared, journal: &str, sent: &Sent, edited: Result<Edited, Fault>) -> Response {
    let edited = match sent.visitor.journal(shared, journal).and(edited) {
        Ok(edited) => edited,
        Err(fault) if sent.json => return fault.json(),
        Err(fault) => return fault.into_response(),
    };
    if sent.fields.filled("geste").is_some() && !sent.json {
        return edit::page(shared, &sent.visitor, &edited, Filled { fields: Some(&sent.fields), fault: None });
    }
    let found = edited.drafts(&sent.fields, &sent.visitor.view.state);
    if let Ok((drafts, next)) = &found
        && drafts.is_empty()
        && sent.same_author().is_ok()
    {
        // Saved as it was: nothing is written, and the history says nothing.
        return if sent.json { Json(json!({ "entries": [], "replayed": true })).into_response() } else { see_other(next) };
    }
    let decide = |_: &Sent| found.map(|(drafts, next)| Outcome { drafts, next });
    let back = |sent: &Sent, fault: &Fault| edit::page(shared, &sent.visitor, &edited, Filled::of(&sent.fields, fault));
    concluded(shared, journal, sent, decide, back).await
}

/// `POST …/carte/activites`.
pub(super) async fn add_activity(State(shared): State<Shared>, Path(journal): Path<String>, request: Request) -> Response {
    match sent(&shared, request).await {
        Ok(sent) => described(&shared, &journal, &sent, Ok(Edited::new_activity())).await,
        Err(response) => response,
    }
}

/// `POST …/carte/elements`.
pub(super) async fn add_element(State(shared): State<Shared>, Path(journal): Path<String>, request: Request) -> Response {
    match sent(&shared, request).await {
        Ok(sent) => described(&shared, &journal, &sent, Ok(Edited::new_element(AssetKind::Application))).await,
        Err(response) => response,
    }
}

/// `POST …/carte/elements/{id}`, and the older `…/activites/{id}` and `…/applications/{id}`.
pub(super) async fn change(
    State(shared): State<Shared>,
    Path((journal, id)): Path<(String, String)>,
    request: Request,
) -> Response {
    match sent(&shared, request).await {
        Ok(sent) => {
            let edited = Edited::of(&sent.visitor, &id, sent.fields.get("version"));
            described(&shared, &journal, &sent, edited).await
        }
        Err(response) => response,
    }
}

/// `POST …/carte/applications`: the name is enough for now.
pub(super) async fn add_application(State(shared): State<Shared>, Path(journal): Path<String>, request: Request) -> Response {
    let decide = |sent: &Sent| {
        let name = sent.fields.get("name").trim().to_owned();
        let set = AssetSet { name, kind: AssetKind::Application, ..AssetSet::default() };
        Ok(vec![Event::AssetSet(set).draft(made(&sent.fields, "application", sent.fields.get("name")))])
    };
    let back = shared.clone();
    act(&shared, &journal, request, decide, move |sent, fault| {
        page::refused(&back, &sent.visitor, Filled::of(&sent.fields, fault))
    })
    .await
}

/// `POST …/carte/elements/{id}/retirer`.
pub(super) async fn remove(
    State(shared): State<Shared>,
    Path((journal, id)): Path<(String, String)>,
    request: Request,
) -> Response {
    let decide = |sent: &Sent| {
        let reason = sent.fields.get("reason").trim().to_owned();
        Ok(vec![Event::NodeRemoved(Removed { reason }).draft(subject(&id)?)])
    };
    let (back, about) = (shared.clone(), id.clone());
    act(&shared, &journal, request, decide, move |sent, fault| {
        let filled = Filled::of(&sent.fields, fault);
        thing::shown(&back, &sent.visitor, &about, filled).unwrap_or_else(|_| fault.clone().into_response())
    })
    .await
}
