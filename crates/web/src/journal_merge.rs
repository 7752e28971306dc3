//! Taking in the journal of another laptop, by file: looked at first, then merged; and handing ours over.

use crate::answer::{Fault, sentence_case};
use crate::app::Shared;
use crate::journal_page;
use crate::limits::MERGE_BYTES_MAX;
use crate::session::Visitor;
use axum::body::Bytes;
use axum::extract::{Multipart, State as AxumState};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::State;
use store::exchange::{self, Received};
use store::ledger::MergeReport;

/// What came of a file.
pub(crate) struct Outcome {
    /// Whether it was only looked at.
    pub(crate) rehearsed: bool,
    /// What was, or would be, taken.
    pub(crate) report: MergeReport,
    /// What is damaged in the file, in words.
    pub(crate) damage: Vec<String>,
}

/// `GET /journal/entrees.planblanc`: everything, for another laptop of the establishment.
pub(crate) async fn export(AxumState(shared): AxumState<Shared>, visitor: Visitor) -> Result<Response, Fault> {
    may_exchange(&visitor)?;
    let folder = shared.ledger.folder().clone();
    let bytes = tokio::task::spawn_blocking(move || exchange::export(&folder)).await.map_err(|_| failed())?;
    let bytes = bytes.map_err(|error| Fault::from(&error))?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"entrees.planblanc\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, bytes).into_response())
}

/// `POST /journal/fusion`: a file from another laptop, and whether to take it or only look.
pub(crate) async fn merge(AxumState(shared): AxumState<Shared>, visitor: Visitor, mut form: Multipart) -> Response {
    let outcome = match may_exchange(&visitor) {
        Ok(()) => read(&mut form).await,
        Err(fault) => Err(fault),
    };
    let outcome = match outcome {
        Ok((take, file)) => apply(&shared, take, file).await,
        Err(fault) => Err(fault),
    };
    // As it is after the merge.
    let visitor = Visitor { view: shared.ledger.view(), ..visitor };
    journal_page::page(&shared, &visitor, Some(outcome))
}

fn may_exchange(visitor: &Visitor) -> Result<(), Fault> {
    if visitor.may_write() {
        return Ok(());
    }
    let sentence = "Un observateur ne prend ni ne donne d’entrées : demandez à un membre de la cellule.";
    Err(Fault::new(StatusCode::FORBIDDEN, "observer", sentence))
}

async fn read(form: &mut Multipart) -> Result<(bool, Bytes), Fault> {
    let broken = |_| Fault::malformed("Le fichier n’est pas arrivé entier : recommencez. Rien n’a été pris.");
    let (mut take, mut file) = (false, Bytes::new());
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("fichier") => file = field.bytes().await.map_err(broken)?,
            Some("prendre") => take = true,
            _ => {}
        }
    }
    if file.is_empty() {
        return Err(Fault::malformed("Choisissez d’abord un fichier écrit par un autre poste.").about("fichier"));
    }
    if file.len() > MERGE_BYTES_MAX {
        let sentence = format!(
            "Ce fichier dépasse {} Mio : arrêtez le serveur et prenez-le avec « planblanc import journal ».",
            MERGE_BYTES_MAX / (1024 * 1024)
        );
        return Err(Fault::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", sentence).about("fichier"));
    }
    Ok((take, file))
}

async fn apply(shared: &Shared, take: bool, file: Bytes) -> Result<Outcome, Fault> {
    let shared = shared.clone();
    let work = tokio::task::spawn_blocking(move || {
        let id = shared.ledger.id();
        let refused = |why: String| Fault::malformed(sentence_case(&why)).about("fichier");
        let Received { entries, blobs, damage } = exchange::read(&file, Some(id)).map_err(refused)?;
        let report = if take {
            for content in &blobs {
                shared.blobs.keep(content).map_err(|error| Fault::from(&error))?;
            }
            shared.ledger.merge(entries).map_err(|error| Fault::from(error.as_ref()))?
        } else {
            exchange::rehearse::<State>(shared.ledger.folder(), entries).map_err(|error| Fault::from(&error))?
        };
        Ok(Outcome { rehearsed: !take, report, damage })
    });
    work.await.unwrap_or_else(|_| Err(failed()))
}

fn failed() -> Fault {
    Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Le fichier n’a pas pu être examiné : rien n’a été pris.")
}
