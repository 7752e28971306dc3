//! Chronogrammes and kits as files: import with a dry run, export.

mod bring;
mod confirm;
mod dry_run;
mod export;
mod kit;
mod settings;
mod upload;

use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::limits::MULTIPART_BYTES_MAX;
use crate::pending::{Kept, Pending};
use crate::session::Visitor;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use domain::exercise::Exercise;
use domain::exercise::event::scenario::Inject;
use formats::chronogramme::{Book, Choices, Known, Layout, Plan};
use journal::entry::sha256;
use journal::{RequestId, SubjectId};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What waits is about an exercise.
const SLUG: &str = "exercices";
/// Most rows told on one page.
const TOLD_MAX: usize = 200;

/// Chronogrammes that wait for their author's word.
pub(crate) type Chronogrammes = Pending<Brought>;
/// Kits that wait for it.
pub(crate) type Kits = Pending<kit::Brought>;

/// A chronogramme that was brought, and what was decided about it.
pub(crate) struct Brought {
    exercise: SubjectId,
    book: Arc<Book>,
    layout: Layout,
    choices: Choices,
    /// Teams that the exercise did not have, as the file writes them: what becomes of them can be decided again.
    asked: Vec<String>,
}

pub(super) fn routes() -> Router<Shared> {
    let write = "/journaux/{journal}/exercices";
    let upload = DefaultBodyLimit::max(MULTIPART_BYTES_MAX);
    Router::new()
        .route("/exercices/{id}/import", get(bring::show))
        .route("/exercices/{id}/import/{token}", get(dry_run::show))
        .route("/exercices/{id}/chronogramme.xlsx", get(export::xlsx))
        .route("/exercices/{id}/chronogramme.csv", get(export::csv))
        .route("/exercices/{id}/kit.planblanc-kit", get(export::kit))
        .route("/exercices/kits/importer", get(kit::show))
        .route("/exercices/kits/importer/{token}", get(kit::look))
        .route(&format!("{write}/{{id}}/import"), post(bring::upload).layer(upload))
        .route(&format!("{write}/{{id}}/import/{{token}}/reglages"), post(settings::settle))
        .route(&format!("{write}/{{id}}/import/{{token}}"), post(confirm::confirm))
        .route(&format!("{write}/kits/importer"), post(kit::upload).layer(upload))
        .route(&format!("{write}/kits/importer/{{token}}"), post(kit::adopt))
}

/// The exercise that an address names, for whoever runs it: anybody else learns nothing, not even that it exists.
fn run_by<'a>(visitor: &'a Visitor, id: &str) -> Result<&'a Exercise, Fault> {
    let id: SubjectId = id.parse().map_err(|_| Fault::not_found())?;
    let found = visitor.view.state.exercises.all.get(&id).filter(|exercise| exercise.is_run_by(&visitor.actor));
    found.ok_or_else(Fault::not_found)
}

/// The same, while its chronogramme is being prepared in the establishment's journal.
fn prepared_by<'a>(shared: &Inner, visitor: &'a Visitor, id: &str) -> Result<&'a Exercise, Fault> {
    let exercise = run_by(visitor, id)?;
    let refuse = |code, sentence: &str| Err(Fault::new(StatusCode::CONFLICT, code, sentence));
    if !visitor.may_write() {
        let sentence = if visitor.replayed.is_some() {
            "Vous revoyez le passé : revenez au présent pour importer."
        } else {
            "Votre rôle lit et n’écrit pas : demandez à un autre animateur d’importer le chronogramme."
        };
        return Err(Fault::new(StatusCode::FORBIDDEN, "read_only_role", sentence));
    }
    if shared.branch.is_some() || exercise.opened.is_some() {
        return refuse(
            "already_open",
            "L’exercice est ouvert : son chronogramme se conduit maintenant depuis la console d’animation.",
        );
    }
    if exercise.cancelled.is_some() {
        return refuse("cancelled", "Cet exercice est annulé : prévoyez-en un autre.");
    }
    Ok(exercise)
}

/// Injects of an exercise that were not taken out, whatever its level.
fn injects(exercise: &Exercise) -> BTreeMap<String, Inject> {
    let kept = exercise.injects.iter().filter(|(_, played)| !played.removed);
    kept.map(|(key, played)| (key.clone(), played.inject().clone())).collect()
}

/// What a file would change now.
fn planned(exercise: &Exercise, brought: &Brought) -> Result<Plan, String> {
    let known = injects(exercise);
    brought.book.plan(&brought.layout, Known { scenario: exercise.scenario(), injects: &known }, &brought.choices)
}

/// Names what would be written: what somebody agreed to is what is recorded.
fn digest(plan: &Plan) -> journal::Hash {
    sha256(&serde_json::to_vec(&(&plan.injects, &plan.teams, &plan.phases, &plan.objectives)).unwrap_or_default())
}

fn drawn(what: &str, token: RequestId) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&sha256(format!("{what} {token}").as_bytes()).0[..16]);
    half
}

/// What waits under that name about that exercise, if it is theirs.
fn kept(shared: &Inner, visitor: &Visitor, exercise: &SubjectId, token: &str) -> Result<Kept<Brought>, Fault> {
    let found = token.parse().ok().and_then(|token| shared.chronogrammes.find(token, visitor.actor, SLUG, shared.now()));
    found.filter(|kept| kept.content.exercise == *exercise).ok_or_else(gone)
}

fn gone() -> Fault {
    let sentence = "Ce fichier n’est plus gardé : il l’est trente minutes, un seul par personne. Choisissez-le de nouveau.";
    Fault::new(StatusCode::GONE, "not_kept", sentence).about("fichier")
}

/// Where a chronogramme is brought.
fn home_path(id: &SubjectId) -> String {
    format!("{}/import", super::path(*id))
}

/// Where the forms about it post.
fn form_path(shared: &Inner, id: &SubjectId) -> String {
    format!("/journaux/{}/exercices/{id}/import", shared.ledger.id())
}

/// A file to be kept.
fn file(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, bytes).into_response()
}
