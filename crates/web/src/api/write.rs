//! Writing: sessions, requests of events, attachments.

use super::{Answer, JsonFault};
use crate::answer::Fault;
use crate::app::Shared;
use crate::form::{keep, label};
use crate::record::record;
use crate::session::{self, Closed, Visitor};
use crate::sign_in::{address, authenticate, set_cookie};
use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use domain::Event;
use journal::write::Draft;
use journal::{RequestId, SubjectId};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use serde_json::value::RawValue;
use store::ledger::REQUEST_ENTRIES_MAX;

/// A JSON body, or a sentence that says what is wrong with it.
async fn read<T: DeserializeOwned>(request: Request) -> Result<T, JsonFault> {
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !content_type.starts_with("application/json") {
        let sentence = "Cette adresse reçoit du JSON : annoncez « Content-Type: application/json ».";
        return Err(Fault::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", sentence).into());
    }
    let bytes = whole(Bytes::from_request(request, &()).await)?;
    serde_json::from_slice(&bytes).map_err(|error| Fault::malformed(format!("Ce JSON n’est pas celui attendu ({error}).")).into())
}

fn whole(bytes: Result<Bytes, BytesRejection>) -> Result<Bytes, Fault> {
    bytes.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            let sentence = "Cet envoi est trop gros : 1 Mio de JSON, 25 Mio par pièce au plus. Rien n’a été enregistré.";
            Fault::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", sentence)
        }
        _ => Fault::malformed("Cet envoi s’est interrompu : recommencez. Rien n’a été enregistré."),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignIn {
    login: String,
    password: String,
}

pub(super) async fn sign_in(State(shared): State<Shared>, request: Request) -> Answer {
    let address = address(&request);
    let SignIn { login, password } = read(request).await?;
    let entered = authenticate(&shared, &login, &password, &address).await?;
    if entered.must_change {
        return Err(Closed::MustChange.fault().into());
    }
    let actor = entered.actor;
    let (_, cookie) = session::open(&shared, entered).await.map_err(|error| Fault::from(&error))?;
    let name = shared.ledger.view().state.register.name(&actor);
    let mut response = (StatusCode::CREATED, Json(json!({ "actor": actor, "name": name }))).into_response();
    set_cookie(&mut response, &cookie);
    Ok(response)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    request: RequestId,
    events: Vec<SentEvent>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SentEvent {
    kind: String,
    /// The newest known when absent.
    kind_version: Option<u16>,
    subject: SubjectId,
    body: Box<RawValue>,
}

impl SentEvent {
    /// Read as an event and written again: one place stamps, one form is signed.
    fn draft(&self, at: usize) -> Result<Draft, Fault> {
        if super::document::page_only(&self.kind) {
            // Each goes with what only the pages make: a password, a code, words, a branch.
            let sentence =
                "Ceci se fait par les pages : les comptes sous /comptes, l’ouverture et la clôture d’un exercice à sa page.";
            return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "page_only", sentence).about(&format!("events[{at}].kind")));
        }
        let known = Event::KINDS.iter().find(|(kind, _)| *kind == self.kind).map(|(_, version)| *version);
        let Some(newest) = known.filter(|newest| self.kind_version.is_none_or(|v| v <= *newest)) else {
            let sentence = format!("Le type « {} » n’est pas connu de cette version.", label(&self.kind));
            return Err(
                Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "unknown_kind", sentence).about(&format!("events[{at}].kind"))
            );
        };
        let event = Event::decode(&self.kind, self.kind_version.unwrap_or(newest), self.body.get().as_bytes());
        let unread =
            || Fault::malformed("Les champs de cet événement ne sont pas ceux de son type.").about(&format!("events[{at}].body"));
        Ok(event.ok_or_else(unread)?.draft(self.subject))
    }
}

pub(super) async fn requests(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path(named): Path<String>,
    request: Request,
) -> Answer {
    visitor.journal(&shared, &named)?;
    let sent: Sent = read(request).await?;
    if sent.events.is_empty() || sent.events.len() > REQUEST_ENTRIES_MAX {
        return Err(Fault::malformed(format!("Une demande porte de 1 à {REQUEST_ENTRIES_MAX} événements."))
            .about("events")
            .into());
    }
    let drafts = sent.events.iter().enumerate().map(|(at, event)| event.draft(at)).collect::<Result<_, _>>()?;
    let receipt = record(&shared, &visitor.view, visitor.author(), sent.request, drafts).await?;
    let status = if receipt.replayed { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(json!({ "entries": receipt.entries, "replayed": receipt.replayed }))).into_response())
}

/// Keeps an attachment; an entry names it afterwards.
pub(super) async fn blob(State(shared): State<Shared>, visitor: Visitor, Path(named): Path<String>, request: Request) -> Answer {
    visitor.journal(&shared, &named)?;
    if !visitor.may_write() {
        return Err(Fault::new(StatusCode::FORBIDDEN, "observer", "Un observateur lit sans écrire.").into());
    }
    let content = whole(Bytes::from_request(request, &()).await)?;
    if content.is_empty() {
        return Err(Fault::malformed("Cette pièce est vide.").into());
    }
    let kept = keep(&shared, content, String::new()).await?;
    Ok((StatusCode::CREATED, Json(json!({ "hash": kept.hash, "len": kept.len }))).into_response())
}
