//! What leaves an exercise: its chronogramme for a spreadsheet, the whole of it as a kit for another establishment.

use super::{file, injects, run_by};
use crate::answer::Fault;
use crate::app::{Inner, Shared};
use crate::local::Local;
use crate::session::{Visitor, on_disk};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::exercise::event::scenario::Inject;
use domain::exercise::{Exercise, natural};
use formats::chronogramme;
use formats::kit::Kit;
use journal::certificate::Certificate;

const CSV: &str = "text/csv; charset=utf-8";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const KIT: &str = "application/octet-stream";
/// Who signs for an establishment that has no name yet.
const NAMELESS: &str = "établissement sans nom";

/// All injects by due time, those in reserve last, then by number: those of other levels too, for the file to be whole.
fn in_order(exercise: &Exercise) -> Vec<Inject> {
    let mut all: Vec<Inject> = injects(exercise).into_values().collect();
    all.sort_by_key(|inject| (inject.at.unwrap_or(u32::MAX), natural(&inject.key)));
    all
}

/// Minute of the day at which it is planned.
fn start(visitor: &Visitor, exercise: &Exercise) -> Option<u32> {
    let local = Local::of(&visitor.view.state.register.time_zone);
    let time = local.time(exercise.scenario().planned_at?);
    let (hour, minute) = time.split_once(':')?;
    Some(hour.parse::<u32>().ok()? * 60 + minute.parse::<u32>().ok()?)
}

fn failed(sentence: impl Into<String>) -> Fault {
    Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", sentence)
}

/// `GET /exercices/{id}/chronogramme.xlsx`.
pub(super) async fn xlsx(visitor: Visitor, Path(id): Path<String>) -> Result<Response, Fault> {
    let exercise = run_by(&visitor, &id)?;
    let all = in_order(exercise);
    let bytes = chronogramme::xlsx(exercise.scenario(), &all.iter().collect::<Vec<_>>(), start(&visitor, exercise));
    Ok(file(XLSX, "chronogramme.xlsx", bytes.map_err(failed)?))
}

/// `GET /exercices/{id}/chronogramme.csv`.
pub(super) async fn csv(visitor: Visitor, Path(id): Path<String>) -> Result<Response, Fault> {
    let exercise = run_by(&visitor, &id)?;
    let all = in_order(exercise);
    let bytes = chronogramme::csv(exercise.scenario(), &all.iter().collect::<Vec<_>>(), start(&visitor, exercise));
    Ok(file(CSV, "chronogramme.csv", bytes))
}

/// `GET /exercices/{id}/kit.planblanc-kit`: signed by this device in the name of the establishment.
pub(super) async fn kit(State(shared): State<Shared>, visitor: Visitor, Path(id): Path<String>) -> Result<Response, Fault> {
    // The branch of an exercise is no establishment: kits leave from the real journal.
    let exercise = if shared.branch.is_some() { Err(Fault::not_found()) } else { run_by(&visitor, &id) }?;
    let all = in_order(exercise);
    let kit = Kit::of(exercise.scenario(), &all.iter().collect::<Vec<_>>(), kinds(&visitor, exercise));
    let certificate = certificate(&shared).ok_or_else(|| failed("Ce poste n’est pas enrôlé : il ne peut rien signer."))?.clone();
    let key =
        on_disk(&shared, |shared| shared.ledger.folder().read_key("device.key")).await.map_err(|error| Fault::from(&error))?;
    let name = visitor.view.state.register.establishment.trim();
    let bytes = kit.seal(if name.is_empty() { NAMELESS } else { name }, &certificate, &key);
    Ok(file(KIT, &kit.file_name(), bytes))
}

/// The enrolment of this device.
pub(super) fn certificate(shared: &Inner) -> Option<Certificate> {
    let view = shared.ledger.view();
    view.chains.iter().find(|chain| chain.ours).map(|chain| chain.certificate.clone())
}

/// Kinds of establishment it suits: those of the kit it comes from, else this one's.
fn kinds(visitor: &Visitor, exercise: &Exercise) -> Vec<String> {
    let state = &visitor.view.state;
    if let Some(kit) = content::kits::get(&exercise.scenario().origin.kit) {
        return kit.kinds.clone();
    }
    state.register.kind.map(|kind| kind.content_kind().to_owned()).into_iter().collect()
}
