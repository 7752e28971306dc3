//! Saying yes to a chronogramme: all of it in one request, or nothing.

use super::dry_run::elsewhere;
use super::{Brought, bring, digest, drawn, dry_run, kept, planned, prepared_by};
use crate::answer::{Fault, see_other};
use crate::app::Shared;
use crate::crisis::acts::sent;
use crate::exercise::path;
use crate::fields::Filled;
use crate::pending::Kept;
use crate::record::record;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::exercise::Exercise;
use domain::exercise::event::{InjectsImported, ScenarioSet};
use journal::RequestId;
use journal::write::Draft;

/// `POST …/exercices/{id}/import/{token}`.
pub(super) async fn confirm(
    State(shared): State<Shared>,
    Path((journal, id, token)): Path<(String, String, String)>,
    request: Request,
) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let visitor = &sent.visitor;
    let allowed = visitor.journal(&shared, &journal).and_then(|_| prepared_by(&shared, visitor, &id));
    let exercise = match allowed.and_then(|exercise| sent.same_author().map(|()| exercise)) {
        Ok(exercise) => exercise,
        Err(fault) => return fault.into_response(),
    };
    let found = match kept(&shared, visitor, &exercise.id, &token) {
        Ok(kept) => kept,
        Err(fault) => return bring::page(&shared, visitor, exercise, Some(&fault)),
    };
    // Said twice.
    if found.done {
        return see_other(&path(exercise.id));
    }
    let again = |fault: Fault| {
        let fault = elsewhere(fault);
        dry_run::page(&shared, visitor, exercise, &found, Filled { fields: None, fault: Some(&fault) })
    };
    let drafts = match agreed(exercise, &found, sent.fields.get("digest")) {
        Ok(drafts) => drafts,
        Err(fault) => return again(fault),
    };
    let request = RequestId(drawn("chronogramme", found.token));
    match record(&shared, &visitor.view, visitor.author(), request, drafts).await {
        Ok(_) => {
            shared.chronogrammes.done(found.token, shared.now());
            see_other(&path(exercise.id))
        }
        // Said twice at once: the first one was recorded meanwhile.
        Err(_) if kept(&shared, visitor, &exercise.id, &token).is_ok_and(|kept| kept.done) => see_other(&path(exercise.id)),
        Err(fault) => again(fault),
    }
}

/// What is recorded, if it is what somebody saw.
fn agreed(exercise: &Exercise, kept: &Kept<Brought>, seen: &str) -> Result<Vec<Draft>, Fault> {
    let refuse = |code: &'static str, sentence: String| Fault::new(StatusCode::UNPROCESSABLE_ENTITY, code, sentence);
    let plan = planned(exercise, &kept.content).map_err(|sentence| refuse("columns", sentence))?;
    if digest(&plan).to_string() != seen {
        let sentence = "L’exercice a changé entre-temps : voici ce que le fichier y changerait maintenant.";
        return Err(refuse("stale", sentence.to_owned()));
    }
    if plan.injects.is_empty() {
        return Err(refuse("nothing", "Il n’y a rien à importer.".to_owned()));
    }
    let frame = plan.frame(exercise.scenario());
    let frame = frame.map(|scenario| Event::ExerciseFramed(ScenarioSet { scenario, supersedes: exercise.frames.seen() }));
    let imported = Event::InjectsImported(InjectsImported { file: kept.name.clone(), injects: plan.injects });
    Ok(frame.into_iter().chain([imported]).map(|event| event.draft(exercise.id)).collect())
}
