//! What the forms of the map record.

use super::{edit, page, typed_duration};
use crate::answer::Fault;
use crate::app::Shared;
use crate::crisis::acts::{Sent, sent};
use crate::crisis::scene::{made, seen, subject, wrong};
use crate::fields::Filled;
use crate::form::Fields;
use crate::shell::{Page, Place};
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::cartography::event::{ActivitySet, ApplicationSet, Removed};
use journal::write::Draft;

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
    let decided = sent.visitor.journal(shared, journal).and_then(|_| sent.same_author()).and_then(|()| decide(&sent));
    let outcome = match decided {
        Ok(drafts) => sent.record_all(shared, drafts).await,
        Err(fault) => Err(fault),
    };
    match outcome {
        Ok(receipt) => sent.done(&receipt, MAP),
        Err(fault) if sent.json => fault.json(),
        Err(fault) if fault.code == "not_found" => fault.into_response(),
        Err(fault) => give_back(&sent, &fault),
    }
}

/// A DMIA as typed.
pub(super) fn mtpd(text: Option<String>, field: &str) -> Result<Option<u32>, Fault> {
    let Some(text) = text else { return Ok(None) };
    let sentence = format!("« {text} » n’est pas une durée comprise ici : écrivez par exemple 30 min, 4 h ou 3 j.");
    typed_duration(&text).map(Some).ok_or_else(|| wrong(field, sentence))
}

fn described(fields: &Fields) -> Result<ActivitySet, Fault> {
    let chosen = |name: &str, value: &str| value.parse().map_err(|_| wrong(name, "Choisissez dans la liste."));
    let needs = fields.texts.iter().filter(|(name, _)| name == "needs").map(|(_, value)| chosen("needs", value));
    Ok(ActivitySet {
        name: fields.get("name").trim().to_owned(),
        priority: fields.get("priority").parse().map_err(|_| wrong("priority", "Choisissez une priorité de 1 à 5."))?,
        mtpd_minutes: mtpd(fields.filled("mtpd"), "mtpd")?,
        unit: fields.filled("unit").map(|unit| chosen("unit", &unit)).transpose()?,
        owner: fields.filled("owner"),
        needs: needs.collect::<Result<_, _>>()?,
        supersedes: seen(fields),
    })
}

/// `POST …/carte/activites`.
pub(super) async fn add_activity(State(shared): State<Shared>, Path(journal): Path<String>, request: Request) -> Response {
    let decide = |sent: &Sent| {
        Ok(vec![Event::ActivitySet(described(&sent.fields)?).draft(made(&sent.fields, "activity", sent.fields.get("name")))])
    };
    let back = shared.clone();
    act(&shared, &journal, request, decide, move |sent, fault| {
        edit::activity_page(&back, &sent.visitor, None, Filled::of(&sent.fields, fault))
    })
    .await
}

/// `POST …/carte/activites/{id}`.
pub(super) async fn change_activity(
    State(shared): State<Shared>,
    Path((journal, id)): Path<(String, String)>,
    request: Request,
) -> Response {
    let decide = |sent: &Sent| {
        let known = edit::find_activity(&sent.visitor, &id)?.id;
        Ok(vec![Event::ActivitySet(described(&sent.fields)?).draft(known)])
    };
    let (back, about) = (shared.clone(), id.clone());
    act(&shared, &journal, request, decide, move |sent, fault| {
        edit::activity_page(
            &back,
            &sent.visitor,
            edit::find_activity(&sent.visitor, &about).ok(),
            Filled::of(&sent.fields, fault),
        )
    })
    .await
}

/// `POST …/carte/applications`.
pub(super) async fn add_application(State(shared): State<Shared>, Path(journal): Path<String>, request: Request) -> Response {
    let decide = |sent: &Sent| {
        let set = ApplicationSet { name: sent.fields.get("name").trim().to_owned(), ..ApplicationSet::default() };
        Ok(vec![Event::ApplicationSet(set).draft(made(&sent.fields, "application", sent.fields.get("name")))])
    };
    let back = shared.clone();
    act(&shared, &journal, request, decide, move |sent, fault| {
        page::page(&Page::new(&back, &sent.visitor, Place::Prepare, "Activités"), Filled::of(&sent.fields, fault))
    })
    .await
}

/// `POST …/carte/applications/{id}`.
pub(super) async fn change_application(
    State(shared): State<Shared>,
    Path((journal, id)): Path<(String, String)>,
    request: Request,
) -> Response {
    let decide = |sent: &Sent| {
        let known = edit::find_application(&sent.visitor, &id)?.id;
        let provider = sent.fields.filled("provider").map(|p| p.parse()).transpose();
        let set = ApplicationSet {
            name: sent.fields.get("name").trim().to_owned(),
            provider: provider.map_err(|_| wrong("provider", "Choisissez dans la liste."))?,
            supersedes: seen(&sent.fields),
        };
        Ok(vec![Event::ApplicationSet(set).draft(known)])
    };
    let (back, about) = (shared.clone(), id.clone());
    act(&shared, &journal, request, decide, move |sent, fault| given_back(&back, sent, &about, fault)).await
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
    act(&shared, &journal, request, decide, move |sent, fault| given_back(&back, sent, &about, fault)).await
}

/// The page of the element again, with what is wrong.
fn given_back(shared: &Shared, sent: &Sent, id: &str, fault: &Fault) -> Response {
    // The fields of a removal are not those of the description: it is shown as it is.
    let removal = fault.on("reason").is_some();
    let filled = Filled { fields: (!removal).then_some(&sent.fields), fault: Some(fault) };
    if let Ok(application) = edit::find_application(&sent.visitor, id) {
        return edit::application_page(shared, &sent.visitor, application, filled);
    }
    match edit::find_activity(&sent.visitor, id) {
        Ok(activity) => edit::activity_page(shared, &sent.visitor, Some(activity), filled),
        Err(_) => fault.clone().into_response(),
    }
}
