//! Reading: the journal, its entries as they are, crises as folded.

use super::{Answer, JsonFault};
use crate::answer::Fault;
use crate::app::Shared;
use crate::attachments;
use crate::limits::API_ENTRIES_MAX;
use crate::session::{Visitor, on_disk};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use journal::{Entry, SubjectId};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use store::ledger::ChainView;
use store::rows::{self, StoredEntry};

/// Entries in one answer when the client does not say.
pub(super) const ENTRIES_USUAL: usize = 200;
const WINDOW: &str = "« after » et « limit » sont des nombres entiers.";

pub(super) async fn journal(State(shared): State<Shared>, visitor: Visitor, Path(named): Path<String>) -> Answer {
    let id = visitor.journal(&shared, &named)?;
    let view = &visitor.view;
    let chain = |chain: &ChainView| {
        json!({
            "id": chain.id, "device": chain.device, "key": chain.key, "reason": chain.reason, "lost": chain.lost,
            "seq": chain.seq, "tip": chain.tip, "forked_at": chain.forked_at, "ours": chain.ours,
        })
    };
    let body = json!({
        "journal": id,
        "mode": view.mode,
        "establishment": view.state.register.establishment,
        "time_zone": view.state.register.time_zone,
        "version": view.version,
        "entries": view.entries,
        "heads": view.heads,
        "head": view.head,
        "head_words": view.head.as_ref().map(journal::words::words),
        "chains": view.chains.iter().map(chain).collect::<Vec<Value>>(),
        "parked": view.parked,
        "read_only": view.read_only,
    });
    Ok(Json(body).into_response())
}

#[derive(Deserialize)]
pub(super) struct Window {
    #[serde(default)]
    after: i64,
    limit: Option<usize>,
}

impl Window {
    fn limit(&self) -> usize {
        self.limit.unwrap_or(ENTRIES_USUAL).clamp(1, API_ENTRIES_MAX)
    }
}

/// Entries as they are, in order of arrival.
pub(super) async fn entries(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path(named): Path<String>,
    window: Result<Query<Window>, axum::extract::rejection::QueryRejection>,
) -> Answer {
    visitor.journal(&shared, &named)?;
    let Query(window) = window.map_err(|_| Fault::malformed(WINDOW))?;
    let limit = window.limit();
    let stored = on_disk(&shared, move |shared| rows::after(&shared.ledger.reader()?, window.after, limit)).await;
    let stored = stored.map_err(|error| Fault::from(&error))?;
    let next = stored.last().map_or(window.after, |last| last.n);
    let entries: Vec<Value> = stored.iter().map(|one| stored_entry(one, &visitor)).collect();
    Ok(Json(json!({ "entries": entries, "next": next })).into_response())
}

fn stored_entry(stored: &StoredEntry, visitor: &Visitor) -> Value {
    match &stored.entry {
        Ok(entry) if visitor.present().state.exercises.keeps_from(&visitor.actor, &entry.header.kind, &entry.header.subject) => {
            json!({ "n": stored.n, "id": entry.id, "ord": stored.ord,
                "header": header(entry), "signature": entry.signature, "body": null, "withheld": true })
        }
        Ok(entry) => {
            json!({ "n": stored.n, "id": entry.id, "ord": stored.ord,
                "header": header(entry), "signature": entry.signature, "body": body(entry) })
        }
        Err(damage) => json!({ "n": stored.n, "damaged": damage.to_string() }),
    }
}

fn header(entry: &Entry) -> Value {
    let h = &entry.header;
    let blobs: Vec<Value> = h.blobs.iter().map(|b| json!({ "hash": b.hash, "len": b.len })).collect();
    json!({
        "journal": h.journal, "chain": h.chain, "seq": h.seq, "prev": h.prev, "deps": h.deps, "auth_head": h.auth_head,
        "hlc": h.hlc, "wall": h.wall, "author": h.author, "auth": h.auth as u8, "kind": h.kind, "kind_version": h.kind_version,
        "subject": h.subject, "request": h.request, "part": { "index": h.part.index, "count": h.part.count },
        "body_hash": h.body_hash, "body_len": h.body_len, "blobs": blobs,
    })
}

/// The body as written when it is JSON, as a string otherwise, `null` once erased.
fn body(entry: &Entry) -> Value {
    let Some(body) = &entry.body else { return Value::Null };
    serde_json::from_slice(&body.bytes).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&body.bytes).into_owned()))
}

pub(super) async fn crises(State(shared): State<Shared>, visitor: Visitor, Path(named): Path<String>) -> Answer {
    visitor.journal(&shared, &named)?;
    let crises = visitor.view.state.crises.values().map(|c| {
        json!({ "id": c.id, "title": c.title, "level": c.level, "occurred_at": c.occurred_at, "known_at": c.known_at,
            "order": c.order, "entries": c.log.len(), "open_tasks": c.open_tasks().len() })
    });
    Ok(Json(json!({ "crises": crises.collect::<Vec<Value>>() })).into_response())
}

pub(super) async fn crisis(State(shared): State<Shared>, visitor: Visitor, Path((named, id)): Path<(String, String)>) -> Answer {
    visitor.journal(&shared, &named)?;
    let id: SubjectId = id.parse().map_err(|_| Fault::not_found())?;
    let crisis = visitor.view.state.crises.get(&id).ok_or_else(Fault::not_found)?;
    // Straight to text: a long log would make a tree several times its size.
    let text = serde_json::to_string(crisis).and_then(RawValue::from_string);
    let text = text.map_err(|error| JsonFault(Fault::malformed(error.to_string())))?;
    Ok(Json(text).into_response())
}

/// Lines of a log in one answer when the client does not say; `after`: how many to pass over.
pub(super) async fn log(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path((named, id)): Path<(String, String)>,
    window: Result<Query<Window>, axum::extract::rejection::QueryRejection>,
) -> Answer {
    visitor.journal(&shared, &named)?;
    let Query(window) = window.map_err(|_| Fault::malformed(WINDOW))?;
    let id: SubjectId = id.parse().map_err(|_| Fault::not_found())?;
    let log = &visitor.view.state.crises.get(&id).ok_or_else(Fault::not_found)?.log;
    let first = usize::try_from(window.after).unwrap_or(0).min(log.len());
    let last = first.saturating_add(window.limit()).min(log.len());
    let lines: Vec<_> = (first..last).filter_map(|place| log.get(place)).collect();
    Ok(Json(json!({ "entries": lines, "next": last, "total": log.len() })).into_response())
}

/// Who this session is.
pub(super) async fn session(State(shared): State<Shared>, visitor: Visitor) -> Answer {
    let name = visitor.present().state.register.name(&visitor.actor);
    let (role, journal) = (visitor.role.name(), shared.ledger.id());
    let body =
        json!({ "actor": visitor.actor, "name": name, "role": role, "may_write": visitor.may_write(), "journal": journal });
    Ok(Json(body).into_response())
}

/// The content of an attachment that an entry names.
pub(super) async fn blob(State(shared): State<Shared>, visitor: Visitor, Path((named, hash)): Path<(String, String)>) -> Answer {
    visitor.journal(&shared, &named)?;
    Ok(attachments::file(&shared, &visitor, &hash).await?)
}

#[derive(Deserialize)]
pub(super) struct Sought {
    q: String,
}

/// What the search page finds.
pub(super) async fn search(
    State(shared): State<Shared>,
    visitor: Visitor,
    Path(named): Path<String>,
    sought: Result<Query<Sought>, axum::extract::rejection::QueryRejection>,
) -> Answer {
    visitor.journal(&shared, &named)?;
    let Query(Sought { q }) = sought.map_err(|_| Fault::malformed("« q » dit ce qui est cherché.").about("q"))?;
    Ok(Json(crate::search::as_json(&shared, &visitor, &q)).into_response())
}
