//! Signed files: results of an establishment, invitation of an organiser.

use super::{find, organises};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::crisis::acts::{Sent, sent};
use crate::crisis::scene::{made, wrong};
use crate::crisis::stamps;
use crate::fields::Filled;
use crate::session::{Visitor, on_disk};
use crate::shell::{Page, Place};
use crate::typography::fr;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::campaign::event::{CampaignSet, ResultReceived};
use domain::exercise::event::Planned;
use domain::exercise::event::outcome::Results;
use domain::exercise::fill;
use domain::register::Role;
use formats::signed;
use journal::SubjectId;
use maud::html;
use serde::{Deserialize, Serialize};

/// Kinds of signed files.
const RESULTS: &str = "resultats";
const CAMPAIGN: &str = "campagne";

/// What travels back: results only.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    finess: String,
    campaign: String,
    results: Results,
}

/// What travels out.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Invitation {
    campaign: SubjectId,
    set: CampaignSet,
}

async fn sealed(
    shared: &Shared,
    visitor: &Visitor,
    kind: &'static str,
    payload: Vec<u8>,
    name: String,
) -> Result<Response, Fault> {
    let failed = || Fault::new(StatusCode::CONFLICT, "not_enrolled", "Ce poste n’est pas enrôlé : il ne peut rien signer.");
    let chain =
        visitor.present().chains.iter().find(|chain| chain.ours).map(|chain| chain.certificate.clone()).ok_or_else(failed)?;
    let key =
        on_disk(shared, |shared| shared.ledger.folder().read_key("device.key")).await.map_err(|error| Fault::from(&error))?;
    let who = visitor.present().state.register.establishment.clone();
    let bytes = signed::seal(kind, &payload, &who, &chain, &key);
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// `GET /exercices/{id}/resultats.planblanc-resultats`: for the organiser, results only.
pub(super) async fn results(State(shared): State<Shared>, visitor: Visitor, Path(id): Path<String>) -> Result<Response, Fault> {
    let id: SubjectId = id.parse().map_err(|_| Fault::not_found())?;
    let state = &visitor.view.state;
    let exercise = state.exercises.all.get(&id).filter(|_| shared.branch.is_none()).ok_or_else(Fault::not_found)?;
    let may = exercise.is_run_by(&visitor.actor) || visitor.role.rank() >= Role::Secretary.rank();
    let closed = exercise.closed.as_ref().filter(|_| may).ok_or_else(Fault::not_found)?;
    let finess = state.register.finess.clone();
    if finess.is_empty() {
        let sentence = "Votre numéro FINESS n’est pas au registre : complétez la fiche de l’établissement, puis recommencez.";
        return Err(Fault::new(StatusCode::CONFLICT, "no_finess", sentence));
    }
    let name = format!("{finess}.planblanc-resultats");
    let sheet = Sheet { finess, campaign: exercise.campaign.clone(), results: closed.what.results.clone() };
    let payload = serde_json::to_vec(&sheet).map_err(|_| Fault::not_found())?;
    sealed(&shared, &visitor, RESULTS, payload, name).await
}

/// Results that came with a form: all of them, or the first reason why not.
pub(super) async fn received(shared: &Shared, sent: &Sent) -> Result<Vec<Event>, Fault> {
    if sent.fields.files.is_empty() {
        return Err(wrong("files", "Choisissez au moins un fichier de résultats."));
    }
    let mut events = Vec::new();
    for file in &sent.fields.files {
        let (hash, name) = (file.hash, file.name.clone());
        let bytes = on_disk(shared, move |shared| shared.blobs.read(&hash)).await.map_err(|error| Fault::from(&error))?;
        let bytes = bytes.ok_or_else(|| wrong("files", "Un fichier n’est pas arrivé entier : envoyez-le de nouveau."))?;
        let refused = |why: &str| {
            Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_file", format!("« {name} » : {why} Rien n’a été pris."))
        };
        let opened = signed::open(&bytes, RESULTS).map_err(|error| refused(error.sentence()))?;
        let sheet: Sheet = serde_json::from_slice(&opened.payload)
            .map_err(|_| refused("ce fichier vient d’une autre version de Plan Blanc."))?;
        let (finess, results) = (sheet.finess, sheet.results);
        events.push(Event::ResultReceived(ResultReceived { finess, results, signed_by: opened.signed_by, root: opened.root }));
    }
    Ok(events)
}

/// `GET /campagnes/{id}/campagne.planblanc-campagne`.
pub(super) async fn invitation(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let campaign = find(&shared, &visitor, &id)?;
    if !organises(&visitor) {
        return Err(Fault::not_found());
    }
    let set = CampaignSet { supersedes: Vec::new(), ..campaign.now().clone() };
    let payload = serde_json::to_vec(&Invitation { campaign: campaign.id, set }).map_err(|_| Fault::not_found())?;
    sealed(&shared, &visitor, CAMPAIGN, payload, "campagne.planblanc-campagne".to_owned()).await
}

/// `GET /exercices/invitation`.
pub(super) async fn invited(State(shared): State<Shared>, visitor: Visitor) -> Result<Response, Fault> {
    if shared.branch.is_some() || !organises(&visitor) {
        return Err(Fault::not_found());
    }
    Ok(invited_page(&shared, &visitor, Filled::BLANK))
}

fn invited_page(shared: &Inner, visitor: &Visitor, filled: Filled<'_>) -> Response {
    let page = Page::new(shared, visitor, Place::Exercise, "Invitation à une campagne");
    let body = html! {
        p.crumb { a href="/exercices" { "Exercices" } }
        h1 { (fr("Invitation à une campagne")) }
        p.lead { (fr("L’organisateur vous a remis un fichier. Il prévoit un exercice avec le kit de la campagne ; une fois joué et clos, vous lui renvoyez vos résultats, et rien d’autre.")) }
        (filled.refusal(&[]))
        form.stacked method="post" enctype="multipart/form-data" action={ "/journaux/" (shared.ledger.id()) "/invitations" } { (stamps(shared, visitor))
            p.field { label for="files" { "Fichier .planblanc-campagne" } input #files type="file" name="files" required; }
            button.btn { (fr("Prévoir l’exercice")) }
        }
    };
    (filled.fault.map_or(StatusCode::OK, |f| f.status), page.render(&body)).into_response()
}

/// `POST /journaux/{journal}/invitations`: plans an exercise of the campaign.
pub(super) async fn accept(State(shared): State<Shared>, Path(journal): Path<String>, request: Request) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    match planned(&shared, &journal, &sent).await {
        Ok(next) => crate::answer::see_other(&next),
        Err(fault) if sent.json => fault.json(),
        Err(fault) if fault.code == "not_found" => fault.into_response(),
        Err(fault) => invited_page(&shared, &sent.visitor, Filled::of(&sent.fields, &fault)),
    }
}

async fn planned(shared: &Shared, journal: &str, sent: &Sent) -> Result<String, Fault> {
    sent.visitor.journal(shared, journal)?;
    sent.same_author()?;
    let file =
        sent.fields.files.first().ok_or_else(|| wrong("files", "Choisissez le fichier que l’organisateur vous a remis."))?;
    let hash = file.hash;
    let bytes = on_disk(shared, move |shared| shared.blobs.read(&hash)).await.map_err(|error| Fault::from(&error))?;
    let refused = |why: &str| Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_file", why.to_owned());
    let opened = signed::open(&bytes.unwrap_or_default(), CAMPAIGN).map_err(|error| refused(error.sentence()))?;
    let other = "Ce fichier vient d’une autre version de Plan Blanc : demandez à l’organisateur de le refaire.";
    let invitation: Invitation = serde_json::from_slice(&opened.payload).map_err(|_| refused(other))?;
    let kit = content::kits::get(&invitation.set.kit);
    let lacking =
        "Cette campagne laisse le choix du kit, ou en nomme un que vous n’avez pas : prévoyez un exercice depuis les kits.";
    let kit = kit.ok_or_else(|| refused(lacking))?;
    let mut scenario = kit.scenario.clone();
    scenario.level = invitation.set.level;
    fill::contextualise(&sent.visitor.view.state, &mut scenario);
    let id = made(&sent.fields, "exercise", &invitation.campaign.to_string());
    let event =
        Event::ExercisePlanned(Planned { scenario, injects: kit.injects.clone(), campaign: invitation.campaign.to_string() });
    let draft = event.draft(id);
    sent.record_all(shared, vec![draft]).await?;
    Ok(format!("/exercices/{id}"))
}
