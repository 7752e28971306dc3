//! What each operation takes and answers.

use super::{hash, identifier};
use crate::api::read::ENTRIES_USUAL;
use crate::api::state::CAPABILITIES;
use crate::limits::API_ENTRIES_MAX;
use journal::{ActorId, EntryId, JournalId, RequestId, SubjectId};
use serde_json::{Value, json};
use store::ledger::REQUEST_ENTRIES_MAX;

/// One operation of the document.
pub(super) fn describe(method: &str, path: &str, name: &str) -> Value {
    let (summary, answer) = answer(name);
    let status = if method == "post" { "201" } else { "200" };
    let mut operation = json!({
        "operationId": name, "summary": summary, "parameters": parameters(method, path, name),
        "responses": { status: answer, "default": { "$ref": "#/components/responses/Fault" } },
    });
    match name {
        "document" | "signIn" => operation["security"] = json!([]),
        "record" => {
            operation["responses"]["200"] = json!({ "description": "It had been recorded before: this was a retry.",
            "content": { "application/json": { "schema": receipt() } } })
        }
        _ => {}
    }
    if let Some(body) = body(name) {
        operation["requestBody"] = json!({ "required": true, "content": body });
    }
    operation
}

fn parameters(method: &str, path: &str, name: &str) -> Vec<Value> {
    let of_path = |name: &str| match name {
        "journal" => identifier(JournalId::LEN, "The journal served: nothing crosses."),
        "crisis" => identifier(SubjectId::LEN, "A crisis."),
        "hash" => hash(),
        _ => {
            json!({ "type": "string", "enum": CAPABILITIES, "description": "A part of the state; `access` for those who manage accounts." })
        }
    };
    let names = path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    let mut all: Vec<Value> =
        names.map(|name| json!({ "name": name, "in": "path", "required": true, "schema": of_path(name) })).collect();
    let mut query = |name: &str, required: bool, schema: Value| {
        all.push(json!({ "name": name, "in": "query", "required": required, "schema": schema }));
    };
    if matches!(name, "entries" | "log") {
        let after = "Pass over what came up to this number; `next` of the answer before.";
        query("after", false, json!({ "type": "integer", "format": "int64", "minimum": 0, "default": 0, "description": after }));
        query("limit", false, json!({ "type": "integer", "minimum": 1, "maximum": API_ENTRIES_MAX, "default": ENTRIES_USUAL }));
    }
    match name {
        "facts" => query(
            "at",
            false,
            json!({ "type": "integer", "format": "int64", "description": "The moment facts are computed for; now when absent." }),
        ),
        "search" => query("q", true, json!({ "type": "string", "description": "Beginnings of words, accents or not." })),
        _ => {}
    }
    if method == "get" && path.contains("{journal}") {
        query("a", false, json!({ "type": "string", "description": "A moment to be seen again." }));
    }
    all
}

/// What is sent, by type of content.
fn body(name: &str) -> Option<Value> {
    let words = json!({ "type": "string" });
    let schema = match name {
        "signIn" => json!({ "type": "object", "additionalProperties": false, "required": ["login", "password"],
            "properties": { "login": words, "password": words } }),
        "record" => json!({ "type": "object", "additionalProperties": false, "required": ["request", "events"], "properties": {
            "request": identifier(RequestId::LEN, "Made by the client; sent again, the request is recorded once."),
            "events": { "type": "array", "minItems": 1, "maxItems": REQUEST_ENTRIES_MAX, "items": { "$ref": "#/components/schemas/Event" } },
        } }),
        "keepBlob" => return Some(json!({ "application/octet-stream": {} })),
        _ => return None,
    };
    Some(json!({ "application/json": { "schema": schema } }))
}

/// What it does, and its answer.
fn answer(name: &str) -> (&'static str, Value) {
    let (summary, schema) = match name {
        "document" => ("This document.", json!({ "type": "object" })),
        "signIn" => ("Opens a session; its cookie comes with the answer.", object(&[("actor", actor()), ("name", words())])),
        "currentSession" => (
            "Who this session is.",
            object(&[
                ("actor", actor()),
                ("name", words()),
                ("role", words()),
                ("may_write", json!({ "type": "boolean" })),
                ("journal", journal()),
            ]),
        ),
        "journal" => (
            "The journal: establishment, heads, chains.",
            object(&[
                ("journal", journal()),
                ("mode", words()),
                ("entries", count()),
                ("version", count()),
                ("heads", list(entry())),
                ("chains", list(json!({ "type": "object" }))),
            ]),
        ),
        "entries" => (
            "Entries as they are, in order of arrival, a window at a time.",
            object(&[("entries", list(json!({ "type": "object" }))), ("next", count())]),
        ),
        "record" => ("Records events, all or nothing. Answers once they are on disk.", receipt()),
        "keepBlob" => ("Keeps an attachment, which an entry then names.", object(&[("hash", hash()), ("len", count())])),
        "blob" => {
            let content = json!({ "description": "The content.", "content": { "application/octet-stream": {} } });
            return ("The content of an attachment that an entry names.", content);
        }
        "crises" => ("Crises, without their logs.", object(&[("crises", list(json!({ "type": "object" })))])),
        "crisis" => (
            "A crisis with its whole log.",
            object(&[("id", json!({ "type": "string" })), ("title", words()), ("log", list(json!({ "type": "object" })))]),
        ),
        "log" => (
            "Lines of a log, oldest first, a window at a time.",
            object(&[("entries", list(json!({ "type": "object" }))), ("next", count()), ("total", count())]),
        ),
        "state" => {
            ("A part of the state, as folded; by crisis where there is one for each.", json!({ "type": ["object", "array"] }))
        }
        "facts" => {
            ("Every named fact, with its meaning.", object(&[("at", json!({ "type": "integer" })), ("facts", list(fact()))]))
        }
        _ => (
            "What the search page finds.",
            object(&[("sought", words()), ("groups", list(json!({ "type": "object" }))), ("cut", json!({ "type": "boolean" }))]),
        ),
    };
    (summary, json!({ "description": summary, "content": { "application/json": { "schema": schema } } }))
}

fn object(fields: &[(&str, Value)]) -> Value {
    let required: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let properties: serde_json::Map<String, Value> =
        fields.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    json!({ "type": "object", "required": required, "properties": properties })
}

fn list(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

fn words() -> Value {
    json!({ "type": "string" })
}

fn count() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}

fn actor() -> Value {
    identifier(ActorId::LEN, "An account.")
}

fn entry() -> Value {
    identifier(EntryId::LEN, "An entry.")
}

fn journal() -> Value {
    identifier(JournalId::LEN, "A journal.")
}

fn receipt() -> Value {
    object(&[("entries", list(entry())), ("replayed", json!({ "type": "boolean" }))])
}

fn fact() -> Value {
    let unit = json!({ "enum": ["count", "minutes", "truth", null] });
    object(&[
        ("name", words()),
        ("meaning", words()),
        ("value", json!({ "type": ["integer", "boolean", "null"] })),
        ("unit", unit),
    ])
}
