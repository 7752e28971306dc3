//! The OpenAPI document: made from the table of addresses and from the events themselves.

mod operations;

use super::{BASE, OPERATIONS};
use crate::app::Shared;
use crate::limits::{API_ENTRIES_MAX, ATTACHMENT_BYTES_MAX, JSON_BYTES_MAX};
use crate::session::cookie_name;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::Event;
use journal::entry::BODY_BYTES_MAX;
use journal::{Hash, SubjectId};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};
use std::sync::LazyLock;
use store::ledger::REQUEST_ENTRIES_MAX;

const ABOUT: &str = "Reads and writes an establishment's journal. An intent is the event it would record: what is sent is what is \
    signed. Moments are milliseconds since 1970; identifiers are lower-case hexadecimal; words for people are French. Any read \
    takes `a`, a moment (milliseconds, or a minute of the establishment's clock such as `2026-11-21T14:30`): the answer is then \
    what this replica knew at that moment, and nothing can be written there. Observers read; an account without a role does not.";

static DOCUMENT: LazyLock<Value> = LazyLock::new(document);

/// `GET /api/v1/openapi.json`: the shape of the API, which tells nothing of the establishment.
pub(super) async fn show(State(shared): State<Shared>) -> Response {
    let mut document = DOCUMENT.clone();
    if let Some(name) = document.pointer_mut("/components/securitySchemes/session/name") {
        *name = json!(cookie_name(&shared));
    }
    Json(document).into_response()
}

fn document() -> Value {
    let (mut schemas, kinds) = events();
    schemas.insert("Fault".to_owned(), fault());
    let mut paths = Map::new();
    for (method, path, name) in OPERATIONS {
        let place = paths.entry((*path).to_owned()).or_insert_with(|| json!({}));
        place[*method] = operations::describe(method, path, name);
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Plan Blanc", "version": env!("CARGO_PKG_VERSION"), "description": ABOUT },
        "servers": [{ "url": BASE }],
        "security": [{ "session": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "session": { "type": "apiKey", "in": "cookie", "name": "session",
                "description": "Given by POST /sessions. Acts asked by another site are refused." } },
            "responses": { "Fault": { "description": "Why nothing was done.",
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Fault" } } } } },
        },
        "x-event-kinds": kinds,
        "x-limits": {
            "json_bytes_max": JSON_BYTES_MAX, "attachment_bytes_max": ATTACHMENT_BYTES_MAX, "request_events_max": REQUEST_ENTRIES_MAX,
            "event_body_bytes_max": BODY_BYTES_MAX, "answer_entries_max": API_ENTRIES_MAX,
        },
    })
}

/// Whether a kind goes with what only the pages make: a secret, or the branch of an exercise.
pub(super) fn page_only(kind: &str) -> bool {
    kind.starts_with("access.") || ["exercise.opened", "exercise.closed"].contains(&kind)
}

/// Schemas of all events and of what they hold, one for any event that may be sent; and where each kind's is.
fn events() -> (Map<String, Value>, Value) {
    let settings = SchemaSettings::draft2020_12().with(|s| s.definitions_path = "/components/schemas".into());
    let mut generator = settings.into_generator();
    let bodies = Event::schemas(&mut generator);
    let mut schemas = generator.take_definitions(true);
    let (mut kinds, mut sent) = (Map::new(), Vec::new());
    for (kind, version, body) in bodies {
        kinds.insert(kind.to_owned(), json!({ "version": version, "body": body, "sent": !page_only(kind) }));
        if !page_only(kind) {
            sent.push(json!({
                "title": kind, "type": "object", "additionalProperties": false, "required": ["kind", "subject", "body"],
                "properties": {
                    "kind": { "const": kind },
                    "kind_version": { "type": "integer", "minimum": 1, "maximum": version, "description": "The newest when absent." },
                    "subject": identifier(SubjectId::LEN, "What it is about: a crisis, a person, a record."),
                    "body": body,
                },
            }));
        }
    }
    schemas.insert("Event".to_owned(), json!({ "oneOf": sent }));
    (schemas, Value::Object(kinds))
}

fn fault() -> Value {
    let words = json!({ "type": "string" });
    json!({ "type": "object", "required": ["error"], "properties": { "error": {
        "type": "object", "required": ["code", "field", "sentence"],
        "properties": {
            "code": { "type": "string", "description": "Stable name of the reason." },
            "field": { "type": ["string", "null"], "description": "What it is about, e.g. `events[0].body`." },
            "sentence": words,
        },
    } } })
}

/// Bytes in hexadecimal.
fn identifier(len: usize, description: &str) -> Value {
    json!({ "type": "string", "pattern": format!("^[0-9a-f]{{{}}}$", len * 2), "description": description })
}

/// SHA-256 of a content.
fn hash() -> Value {
    identifier(Hash::LEN, "SHA-256 of the content.")
}
