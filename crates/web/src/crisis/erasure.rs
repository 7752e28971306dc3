//! Erasing the words of an entry: one person asks, another grants, the entry's place and print stay.

use super::acts::{EntryPath, Sent, sent};
use super::{crisis, detail, entry, room_path};
use crate::answer::{Fault, see_other};
use crate::app::{Inner, Shared};
use crate::record::{record, request_id};
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use domain::crisis::LogEntry;
use journal::AuthorityAct;
use journal::write::Draft;

/// `POST …/effacer`: asks, or grants what another person asked.
pub(super) async fn erase(State(shared): State<Shared>, Path((journal, id, line)): EntryPath, request: Request) -> Response {
    let sent = match sent(&shared, request).await {
        Ok(sent) => sent,
        Err(response) => return response,
    };
    let view = sent.visitor.view.clone();
    let found = crisis(&shared, &sent.visitor, &view.state, &journal, &id).and_then(|c| Ok((c, entry(c, &line)?)));
    let (crisis, target) = match found {
        Ok(found) => found,
        Err(fault) => return fault.into_response(),
    };
    match act(&shared, &sent, target).await {
        Ok(()) => see_other(&format!("{}/entrees/{}", room_path(&shared, crisis), target.id)),
        Err(fault) => detail::page(&shared, &sent.visitor, crisis, target, Some(("effacer", &sent.fields, Some(&fault)))),
    }
}

async fn act(shared: &Inner, sent: &Sent, target: &LogEntry) -> Result<(), Fault> {
    sent.same_author()?;
    let drafts: Vec<Draft> = acts(target, sent.fields.get("reason").trim()).iter().map(Draft::of_act).collect();
    let author = sent.visitor.author();
    let Some(first) = drafts.first() else { return Ok(()) };
    let request = request_id(sent.fields.get("request"), &author, first);
    record(shared, &sent.visitor.view, author, request, drafts).await.map(|_| ())
}

/// Every wording of the line, corrections included: what is left of one would give the others away.
fn acts(target: &LogEntry, reason: &str) -> Vec<AuthorityAct> {
    let Some(text) = &target.text else { return Vec::new() };
    if target.erasure_asks.is_empty() {
        let ask = |entry| AuthorityAct::ErasureAsked { entry, reason: reason.to_owned() };
        return text.all().map(|write| ask(write.id)).collect();
    }
    target.erasure_asks.iter().map(|ask| AuthorityAct::Erased { entry: ask.entry, asked: ask.id }).collect()
}
