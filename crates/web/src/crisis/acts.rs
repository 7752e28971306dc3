//! What forms do: each becomes one event, handed to the writer; a refused form comes back filled in.

use super::scene::Outcome;
use super::{crisis, detail, elsewhere, entry, entry_form, room, room_path};
use crate::answer::{Fault, see_other, wants_json};
use crate::app::{Inner, Shared};
use crate::form::{Fields, Files};
use crate::local::Local;
use crate::record::{record, request_id};
use crate::session::{Visitor, visitor};
use crate::sign_in::turned_away;
use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::Event;
use domain::crisis::event::{Confirmed, EntryCorrected, EntryType, Logged, TaskAssigned};
use domain::crisis::{Crisis, LogEntry};
use journal::write::Draft;
use journal::{EntryId, SubjectId};
use serde_json::json;
use store::Receipt;

/// Most characters of an action's words repeated by the entry that closes it.
const REPEATED_CHARS_MAX: usize = 200;
/// How many of the last lines are looked at to recognise a retry.
const RETRY_LINES: usize = 500;

/// A form, who sent it and how the answer is wanted.
pub(crate) struct Sent {
    pub(crate) visitor: Visitor,
    pub(crate) fields: Fields,
    pub(crate) json: bool,
}

/// Reads a form. Without a session, what was typed is given back with the sign-in page.
pub(crate) async fn sent(shared: &Shared, request: Request) -> Result<Sent, Response> {
    let json = wants_json(request.headers());
    let fault = |fault: Fault| if json { fault.json() } else { fault.into_response() };
    let visitor = match visitor(shared, request.headers()) {
        Ok(visitor) => visitor,
        Err(closed) => return Err(turned_away(shared, closed, request, json).await),
    };
    let files = if visitor.may_write() { Files::Keep } else { Files::Drop };
    let fields = Fields::read(shared, request, files).await.map_err(fault)?;
    Ok(Sent { visitor, fields, json })
}

impl Sent {
    /// A text is sent in the name of whoever began it.
    pub(crate) fn same_author(&self) -> Result<(), Fault> {
        let begun_by = self.fields.get("author").parse().unwrap_or(self.visitor.actor);
        if begun_by == self.visitor.actor {
            return Ok(());
        }
        let register = &self.visitor.view.state.register;
        let sentence = format!(
            "Ce texte a été commencé par {} et vous êtes {} : rien n’a été enregistré.",
            register.name(&begun_by),
            register.name(&self.visitor.actor)
        );
        Err(Fault::new(StatusCode::CONFLICT, "other_author", sentence))
    }

    async fn record(&self, shared: &Inner, subject: SubjectId, event: &Event) -> Result<Receipt, Fault> {
        self.record_all(shared, vec![event.draft(subject)]).await
    }

    /// Records several events as one request: all of them, or none.
    pub(crate) async fn record_all(&self, shared: &Inner, drafts: Vec<Draft>) -> Result<Receipt, Fault> {
        let author = self.visitor.author();
        let Some(first) = drafts.first() else {
            return Err(Fault::malformed("Rien n’est choisi : rien n’a été enregistré."));
        };
        let request = request_id(self.fields.get("request"), &author, first);
        record(shared, &self.visitor.view, author, request, drafts).await
    }

    /// Done: JSON for the script, else another page.
    pub(crate) fn done(&self, receipt: &Receipt, next: &str) -> Response {
        if !self.json {
            return see_other(next);
        }
        let status = if receipt.replayed { StatusCode::OK } else { StatusCode::CREATED };
        (status, Json(json!({ "entries": receipt.entries, "replayed": receipt.replayed }))).into_response()
    }
}

/// A form that was read, of a room that is not about a crisis: who sent it is checked, `decide` says what it records and where
/// one goes then, `give_back` is the form filled in when refused.
pub(crate) async fn concluded(
    shared: &Shared,
    journal: &str,
    sent: &Sent,
    decide: impl FnOnce(&Sent) -> Result<Outcome, Fault>,
    give_back: impl FnOnce(&Sent, &Fault) -> Response,
) -> Response {
    let decided = sent.visitor.journal(shared, journal).and_then(|_| sent.same_author()).and_then(|()| decide(sent));
    let outcome = match decided {
        Ok(Outcome { drafts, next }) => sent.record_all(shared, drafts).await.map(|receipt| sent.done(&receipt, &next)),
        Err(fault) => Err(fault),
    };
    match outcome {
        Ok(response) => response,
        Err(fault) if sent.json => fault.json(),
        Err(fault) if fault.code == "not_found" => fault.into_response(),
        Err(fault) => give_back(sent, &fault),
    }
}

/// `POST …/entrees`: a line of the log.
pub(super) async fn log(State(shared): State<Shared>, Path((journal, id)): Path<(String, String)>, request: Request) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let view = sent.visitor.view.clone();
    let crisis = match crisis(&shared, &sent.visitor, &view.state, &journal, &id) {
        Ok(crisis) => crisis,
        Err(fault) => return if sent.json { fault.json() } else { elsewhere(&sent.fields, &fault) },
    };
    match log_line(&shared, &sent, crisis).await {
        Ok(receipt) => sent.done(&receipt, &format!("{}#texte", room_path(&shared, crisis))),
        Err(fault) if sent.json => fault.json(),
        Err(mut fault) => {
            if !sent.fields.files.is_empty() {
                fault.sentence.push_str(" Choisissez de nouveau les pièces jointes.");
            }
            room::page(&shared, &sent.visitor, crisis, &sent.fields, Some(&fault))
        }
    }
}

async fn log_line(shared: &Inner, sent: &Sent, crisis: &Crisis) -> Result<Receipt, Fault> {
    sent.same_author()?;
    if let Some(fault) = &sent.fields.fault {
        return Err(fault.clone());
    }
    let register = &sent.visitor.view.state.register;
    let local = Local::of(&register.time_zone);
    let logged = entry_form::logged(&sent.fields, register, &local, shared.now())?;
    let outcome = sent.record(shared, crisis.id, &logged.clone().into_event()).await;
    match outcome {
        Err(fault) if fault.code == "request_reused" => already_there(shared, sent, crisis.id, &logged).ok_or(fault),
        outcome => outcome,
    }
}

/// A retry whose relative due time (`+2h`) was reckoned anew is the line already there, not another one.
fn already_there(shared: &Inner, sent: &Sent, crisis: SubjectId, logged: &Logged) -> Option<Receipt> {
    let view = shared.ledger.view();
    let same = |entry: &&LogEntry| {
        entry.typist == sent.visitor.actor
            && entry.entry_type == logged.entry_type
            && entry.text.as_ref().is_some_and(|text| *text.first().value == *logged.text)
            && entry.attachments == logged.attachments
    };
    let found = view.state.crises.get(&crisis)?.log.iter().rev().take(RETRY_LINES).find(same)?.id;
    Some(Receipt { entries: vec![found], replayed: true })
}

pub(super) type EntryPath = Path<(String, String, String)>;

/// `POST …/corriger`.
pub(super) async fn correct(State(shared): State<Shared>, path: EntryPath, request: Request) -> Response {
    act(&shared, path, request, "corriger", |fields, target, _| {
        let text = fields.get("text").trim().to_owned();
        Ok(Event::EntryCorrected(EntryCorrected { entry: target.id, text, supersedes: seen(fields) }))
    })
    .await
}

/// `POST …/attribuer`.
pub(super) async fn assign(State(shared): State<Shared>, path: EntryPath, request: Request) -> Response {
    act(&shared, path, request, "attribuer", |fields, target, (local, now)| {
        let due_at = entry_form::moment(fields, "due_at", local, now, true)?;
        let owner = fields.filled("owner");
        let supersedes = seen(fields);
        // A form that shows no review leaves it as it is.
        let shown = fields.texts.iter().any(|(name, _)| name == "review_at");
        let typed = entry_form::moment(fields, "review_at", local, now, true)?;
        let review_at = if shown { typed } else { target.assigned().review_at };
        Ok(Event::TaskAssigned(TaskAssigned { entry: target.id, owner, due_at, review_at, supersedes }))
    })
    .await
}

/// `POST …/clore`: an entry that says it is done, or answers.
pub(super) async fn close(State(shared): State<Shared>, path: EntryPath, request: Request) -> Response {
    act(&shared, path, request, "clore", |fields, target, _| {
        let text = fields.filled("text").unwrap_or_else(|| done_words(target));
        let logged = Logged { closes: vec![target.id], ..Logged::new(EntryType::Fact, text) };
        if target.entry_type == EntryType::Question && fields.filled("text").is_none() {
            let sentence = "Écrivez la réponse : elle sera notée dans la main courante.";
            return Err(Fault::new(StatusCode::UNPROCESSABLE_ENTITY, "empty_text", sentence).about("text"));
        }
        Ok(logged.into_event())
    })
    .await
}

/// `POST …/confirmer`: an act done before anybody approved it is approved.
pub(super) async fn confirm(State(shared): State<Shared>, path: EntryPath, request: Request) -> Response {
    act(&shared, path, request, "confirmer", |_, target, _| Ok(Event::ActConfirmed(Confirmed { entry: target.id }))).await
}

/// « Fait : couper le VPN des éditeurs ».
fn done_words(target: &LogEntry) -> String {
    let words = target.words().unwrap_or_default();
    let mut repeated: String = words.chars().take(REPEATED_CHARS_MAX).collect();
    if repeated.len() < words.len() {
        repeated.push('…');
    }
    format!("Fait : {repeated}")
}

/// What is common to the acts on one entry.
async fn act(
    shared: &Shared,
    Path((journal, id, line)): EntryPath,
    request: Request,
    name: &'static str,
    event: impl FnOnce(&Fields, &LogEntry, (&Local, i64)) -> Result<Event, Fault>,
) -> Response {
    let sent = match sent(shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let view = sent.visitor.view.clone();
    let found = crisis(shared, &sent.visitor, &view.state, &journal, &id).and_then(|c| Ok((c, entry(c, &line)?)));
    let (crisis, target) = match found {
        Ok(found) => found,
        Err(fault) => return if sent.json { fault.json() } else { elsewhere(&sent.fields, &fault) },
    };
    let room = room_path(shared, crisis);
    let next = if sent.fields.get("from") == "room" { room } else { format!("{room}/entrees/{}", target.id) };
    let local = Local::of(&view.state.register.time_zone);
    let outcome = match sent.same_author().and_then(|()| event(&sent.fields, target, (&local, shared.now()))) {
        Ok(_) if name == "clore" && target.closed_by.is_some() => return see_other(&next),
        Ok(_) if name == "confirmer" && target.approval.is_some() => return see_other(&next),
        Ok(event) => sent.record(shared, crisis.id, &event).await,
        Err(fault) => Err(fault),
    };
    match outcome {
        Ok(receipt) => sent.done(&receipt, &next),
        Err(fault) if sent.json => fault.json(),
        Err(fault) => detail::page(shared, &sent.visitor, crisis, target, Some((name, &sent.fields, Some(&fault)))),
    }
}

/// Ids in a hidden field.
pub(crate) fn ids(ids: &[EntryId]) -> String {
    ids.iter().map(EntryId::to_string).collect::<Vec<_>>().join(",")
}

/// The versions the author of a form had before their eyes.
pub(crate) fn seen(fields: &Fields) -> Vec<EntryId> {
    fields.get("supersedes").split(',').filter_map(|id| id.parse().ok()).collect()
}
