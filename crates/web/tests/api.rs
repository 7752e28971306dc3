//! The JSON API.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use common::*;
use domain::crisis::event::EntryType;
use serde_json::{Value, json};

fn logged(request: &str, kind: &str, body: Value) -> String {
    json!({ "request": request, "events": [{ "kind": kind, "subject": CRISIS, "body": body }] }).to_string()
}

fn error(answer: &Answer) -> (u16, String) {
    let code = answer.json()["error"]["code"].as_str().unwrap_or_default().to_owned();
    assert!(answer.json()["error"]["sentence"].as_str().is_some_and(|s| s.ends_with('.')), "{}", answer.text);
    (answer.status.as_u16(), code)
}

#[tokio::test]
async fn events_are_recorded_once_and_read_back() {
    let house = House::new();
    let cookie = house.enter(LENOIR).await;
    let request = "ab".repeat(16);
    let body =
        logged(&request, "crisis.entry_logged", json!({ "entry_type": "action", "text": "Couper", "owner": "M. Tessier" }));
    let first = house.post_json(&house.api("/requests"), &cookie, body.clone()).await;
    assert_eq!((first.status, first.json()["replayed"].as_bool()), (StatusCode::CREATED, Some(false)), "{}", first.text);
    let again = house.post_json(&house.api("/requests"), &cookie, body).await;
    assert_eq!((again.status, again.json()["replayed"].as_bool()), (StatusCode::OK, Some(true)));
    assert_eq!(first.json()["entries"], again.json()["entries"]);
    let other = logged(&request, "crisis.entry_logged", json!({ "entry_type": "fact", "text": "autre" }));
    assert_eq!(error(&house.post_json(&house.api("/requests"), &cookie, other).await), (409, "request_reused".to_owned()));

    let journal = house.get(&house.api(""), &cookie).await.json();
    assert_eq!(journal["mode"], "exercise");
    assert_eq!(journal["head"], first.json()["entries"][0]);
    assert_eq!(journal["head_words"].as_array().map(Vec::len), Some(8));
    let entries = house.get(&house.api("/entries?after=0&limit=1000"), &cookie).await.json();
    let all = entries["entries"].as_array().unwrap();
    assert_eq!(all.len() as u64, journal["entries"].as_u64().unwrap());
    let last = all.last().unwrap();
    assert_eq!((&last["id"], &last["header"]["request"]), (&journal["head"], &Value::String(request)));
    assert_eq!(last["body"]["text"], "Couper");
    let tail = house.get(&house.api(&format!("/entries?after={}&limit=1", all.len() - 1)), &cookie).await.json();
    assert_eq!((tail["entries"].as_array().map(Vec::len), &tail["next"]), (Some(1), &last["n"]));
    let crises = house.get(&house.api("/crises"), &cookie).await.json();
    assert_eq!(crises["crises"][0]["entries"], 1);
    let crisis = house.get(&house.api(&format!("/crises/{CRISIS}")), &cookie).await.json();
    assert_eq!(crisis["log"][0]["entry_type"], "action");
}

#[tokio::test]
async fn what_is_malformed_too_large_unknown_or_refused_has_its_own_status() {
    let house = House::new();
    let cookie = house.enter(LENOIR).await;
    let path = house.api("/requests");
    let request = "cd".repeat(16);
    let fact = json!({ "entry_type": "fact", "text": "x" });
    let cases: Vec<(String, (u16, &str))> = vec![
        ("{".to_owned(), (400, "malformed")),
        ("[]".to_owned(), (400, "malformed")),
        (json!({ "request": "court", "events": [] }).to_string(), (400, "malformed")),
        (json!({ "request": request, "events": [] }).to_string(), (400, "malformed")),
        (json!({ "request": request, "events": [], "extra": 1 }).to_string(), (400, "malformed")),
        (logged(&request, "crisis.entry_logged", json!({ "text": "sans type" })), (400, "malformed")),
        (logged(&request, "crisis.entry_logged", json!({ "entry_type": "fact", "text": "x", "hash": "?" })), (400, "malformed")),
        (logged(&request, "crisis.weather_seen", json!({})), (422, "unknown_kind")),
        (logged(&request, "authority.role_granted", json!({})), (422, "unknown_kind")),
        (logged(&request, "crisis.decision_taken", fact.clone()), (422, "wrong_kind")),
        (
            logged(&request, "crisis.entry_logged", json!({ "entry_type": "fact", "text": "x".repeat(4001) })),
            (422, "text_too_long"),
        ),
        (
            logged(&request, "crisis.entry_logged", json!({ "entry_type": "fact", "text": "x".repeat(300_000) })),
            (422, "text_too_long"),
        ),
        (
            logged(
                &request,
                "crisis.entry_logged",
                json!({ "entry_type": "fact", "text": "x",
                "attachments": [{ "hash": "00".repeat(32), "len": 3, "name": "a" }] }),
            ),
            (422, "blob_missing"),
        ),
        (
            logged(&request, "crisis.entry_logged", json!({ "entry_type": "fact", "text": "x".repeat(1_100_000) })),
            (413, "too_large"),
        ),
    ];
    for (body, (status, code)) in cases {
        let shown: String = body.chars().take(120).collect();
        assert_eq!(error(&house.post_json(&path, &cookie, body).await), (status, code.to_owned()), "{shown}");
    }
    let plain = request_plain(&house, &path, &cookie).await;
    assert_eq!(error(&plain), (415, "not_json".to_owned()));
    let observer = house.enter(MOREAU).await;
    let refused = house.post_json(&path, &observer, logged(&request, "crisis.entry_logged", fact)).await;
    assert_eq!(error(&refused), (403, "observer".to_owned()));
    assert_eq!(error(&house.get("/api/v1/rien", &cookie).await), (404, "not_found".to_owned()));
    assert_eq!(error(&house.get(&house.api("/entries?after=x"), &cookie).await), (400, "malformed".to_owned()));
    assert_eq!(error(&house.get(&path, &cookie).await), (405, "method_not_allowed".to_owned()));
    assert_eq!(house.lines().len(), 0);
}

async fn request_plain(house: &House, path: &str, cookie: &str) -> Answer {
    let request = request(Method::POST, path, cookie).header(header::CONTENT_TYPE, "text/plain");
    house.send(request.body(Body::from("{}")).unwrap()).await
}

#[tokio::test]
async fn a_request_of_several_events_is_all_or_nothing() {
    let house = House::new();
    let cookie = house.enter(LENOIR).await;
    let event =
        |text: &str| json!({ "kind": "crisis.entry_logged", "subject": CRISIS, "body": { "entry_type": "fact", "text": text } });
    let body = |texts: [&str; 2]| json!({ "request": "ef".repeat(16), "events": texts.map(event) }).to_string();
    assert_eq!(error(&house.post_json(&house.api("/requests"), &cookie, body(["un", ""])).await).0, 422);
    assert_eq!(house.lines().len(), 0);
    let both = house.post_json(&house.api("/requests"), &cookie, body(["un", "deux"])).await;
    assert_eq!(both.json()["entries"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn an_attachment_is_sent_then_named() {
    let house = House::new();
    let cookie = house.enter(LENOIR).await;
    let kept = house.post_json(&house.api("/blobs"), &cookie, "contenu").await;
    assert_eq!(kept.status, StatusCode::CREATED);
    let blob = kept.json();
    let attachment = json!({ "hash": blob["hash"], "len": blob["len"], "name": "note.txt" });
    let body = logged(
        &"11".repeat(16),
        "crisis.entry_logged",
        json!({ "entry_type": "fact", "text": "Pièce", "attachments": [attachment] }),
    );
    assert_eq!(house.post_json(&house.api("/requests"), &cookie, body).await.status, StatusCode::CREATED);
    let link = format!("/pieces/{}/note.txt", blob["hash"].as_str().unwrap());
    assert_eq!(house.get(&link, &cookie).await.text, "contenu");
    let large = vec![0; web::limits::ATTACHMENT_BYTES_MAX + 1];
    assert_eq!(error(&house.post_json(&house.api("/blobs"), &cookie, large).await), (413, "too_large".to_owned()));
}

#[tokio::test]
async fn a_session_opens_with_a_password_only() {
    let house = House::new();
    let access = store::access::Access::open(house.ledger.folder()).unwrap();
    access.set_password("lenoir", &web::password::hash("cheval de trait", &[5; 16]).unwrap()).unwrap();
    let sign_in = |login: &str, password: &str| json!({ "login": login, "password": password }).to_string();
    let wrong = house.post_json("/api/v1/sessions", "", sign_in("lenoir", "non")).await;
    assert_eq!(error(&wrong), (401, "wrong_password".to_owned()));
    let unknown = house.post_json("/api/v1/sessions", "", sign_in("personne", "non")).await;
    assert_eq!(error(&unknown), (401, "wrong_password".to_owned()));
    let without = house.post_json("/api/v1/sessions", "", sign_in("marchand", "")).await;
    assert_eq!(error(&without), (401, "wrong_password".to_owned()));
    let entered = house.post_json("/api/v1/sessions", "", sign_in("lenoir", "cheval de trait")).await;
    assert_eq!((entered.status, entered.json()["name"].as_str()), (StatusCode::CREATED, Some("C. Lenoir")));
    house.log(EntryType::Fact, "vu");
    assert_eq!(house.get(&house.api("/crises"), &cookie(&entered)).await.status, StatusCode::OK);
}

/// Method, path and name of what the document describes.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    let each = |(path, methods): (&String, &Value)| {
        let methods = methods.as_object().unwrap().clone();
        methods.into_iter().map(|(method, operation)| (method, path.clone(), operation)).collect::<Vec<_>>()
    };
    paths.flat_map(each).collect()
}

#[tokio::test]
async fn the_document_describes_what_the_api_answers() {
    let house = House::new();
    let fact = house.log(EntryType::Fact, "Pharmacie ouverte");
    let cookie = house.enter(LENOIR).await;
    let document = house.get("/api/v1/openapi.json", "").await.json();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["components"]["securitySchemes"]["session"]["name"], "pb-demo-8080");
    let operations = operations(&document);
    assert!(operations.len() >= 14, "{operations:?}");
    for (method, path, operation) in &operations {
        let place = path
            .replace("{journal}", &house.journal.to_string())
            .replace("{crisis}", &CRISIS.to_string())
            .replace("{capability}", "register")
            .replace("{hash}", &"00".repeat(32));
        let query = if path.ends_with("/search") { "?q=pharmacie" } else { "" };
        let address = format!("/api/v1{place}{query}");
        if method == "get" {
            let answer = house.get(&address, &cookie).await;
            // Nothing named that content: the only address without an answer here.
            let expected = if path.contains("{hash}") { 404 } else { 200 };
            assert_eq!(answer.status.as_u16(), expected, "{path}: {}", answer.text);
            let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
            for field in schema["required"].as_array().into_iter().flatten().filter(|_| expected == 200) {
                assert!(answer.json().get(field.as_str().unwrap()).is_some(), "{path}: {field} is not in the answer");
            }
            if path.contains("{journal}") {
                assert_eq!(house.get(&address, "").await.status.as_u16(), 401, "{path}");
                assert_eq!(
                    house
                        .get(&address.replace(&house.journal.to_string(), &"00".repeat(house.journal.0.len())), &cookie)
                        .await
                        .status
                        .as_u16(),
                    404
                );
            }
        } else {
            assert_eq!(house.get(&address, &cookie).await.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
            assert_ne!(house.post_json(&address, &cookie, "{}").await.status.as_u16() / 100, 5, "{path}");
        }
        assert!(operation["responses"].get("default").is_some() && operation["operationId"].is_string(), "{path}");
    }
    let found = house.get(&format!("{}?q=pharmacie", house.api("/search")), &cookie).await.json();
    assert!(found.to_string().contains(&fact.to_string()), "{found}");
}

#[tokio::test]
async fn every_reference_of_the_document_leads_somewhere() {
    fn references(value: &Value, out: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                out.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
                fields.values().for_each(|value| references(value, out));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, out)),
            _ => {}
        }
    }
    let house = House::new();
    let document = house.get("/api/v1/openapi.json", "").await.json();
    let mut all = Vec::new();
    references(&document, &mut all);
    assert!(all.len() > 100);
    for reference in all {
        let place = reference.strip_prefix('#').unwrap_or_else(|| panic!("{reference}"));
        assert!(document.pointer(place).is_some(), "{reference}");
    }
}

/// Whether a schema takes a value, for the words of JSON Schema (2020-12) that the document uses; any other stops the test.
fn takes(document: &Value, schema: &Value, value: &Value) -> bool {
    let is = |kind: &Value| match kind.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "null" => value.is_null(),
        other => panic!("type {other}"),
    };
    let taken = |schema: &Value| takes(document, schema, value);
    let fields = value.as_object();
    let Some(schema) = schema.as_object() else { return schema == &json!(true) };
    schema.iter().all(|(word, says)| match word.as_str() {
        "$ref" => taken(document.pointer(says.as_str().unwrap().strip_prefix('#').unwrap()).unwrap()),
        "type" => says.as_array().map_or_else(|| is(says), |kinds| kinds.iter().any(is)),
        "const" => says == value,
        "enum" => says.as_array().unwrap().contains(value),
        "anyOf" => says.as_array().unwrap().iter().any(taken),
        "oneOf" => says.as_array().unwrap().iter().filter(|schema| taken(schema)).count() == 1,
        "required" => fields.is_none_or(|f| says.as_array().unwrap().iter().all(|name| f.contains_key(name.as_str().unwrap()))),
        "properties" => fields.is_none_or(|f| f.iter().all(|(name, v)| says.get(name).is_none_or(|s| takes(document, s, v)))),
        "additionalProperties" => {
            fields.is_none_or(|f| says == true || f.keys().all(|name| schema["properties"].get(name).is_some()))
        }
        "items" => value.as_array().is_none_or(|items| items.iter().all(|v| takes(document, says, v))),
        "minItems" => value.as_array().is_none_or(|items| items.len() as u64 >= says.as_u64().unwrap()),
        "maxItems" => value.as_array().is_none_or(|items| items.len() as u64 <= says.as_u64().unwrap()),
        "minimum" => value.as_f64().is_none_or(|n| n >= says.as_f64().unwrap()),
        "maximum" => value.as_f64().is_none_or(|n| n <= says.as_f64().unwrap()),
        "pattern" => value.as_str().is_none_or(|text| {
            let digits = says.as_str().unwrap().strip_prefix("^[0-9a-f]{").and_then(|rest| rest.strip_suffix("}$")).unwrap();
            text.len() == digits.parse::<usize>().unwrap() && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        }),
        "description" | "title" | "format" | "default" => true,
        other => panic!("word {other}"),
    })
}

#[tokio::test]
async fn every_kind_of_event_has_a_schema_that_takes_what_is_recorded() {
    let house = House::new();
    let document = house.get("/api/v1/openapi.json", "").await.json();
    let kinds = document["x-event-kinds"].as_object().unwrap();
    let known: Vec<&str> = domain::Event::KINDS.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds.keys().collect::<std::collections::BTreeSet<_>>().len(), known.len());
    assert!(known.iter().all(|kind| kinds[*kind]["body"].is_object()), "{kinds:?}");
    let any_event = &document["components"]["schemas"]["Event"];
    let event = |kind: &str, body: Value| json!({ "kind": kind, "subject": CRISIS, "body": body });
    let sound = [
        event("crisis.entry_logged", json!({ "entry_type": "fact", "text": "x" })),
        event(
            "crisis.entry_logged",
            json!({ "entry_type": "action", "text": "x", "owner": "A", "due_at": NOW, "closes": ["ab".repeat(32)] }),
        ),
        event("crisis.entry_corrected", json!({ "entry": "ab".repeat(32), "text": "y", "supersedes": [] })),
        event("crisis.opened", json!({ "title": "x", "level": "doubt", "occurred_at": null })),
        event("situation.status_declared", json!({ "about": CRISIS, "name": "Urgences", "status": "degraded" })),
    ];
    for event in sound {
        assert!(takes(&document, any_event, &event), "{event}");
        let body = event["body"].to_string();
        assert!(domain::Event::decode(event["kind"].as_str().unwrap(), 1, body.as_bytes()).is_some(), "{event}");
    }
    let unsound = [
        event("crisis.entry_logged", json!({ "entry_type": "rumeur", "text": "x" })),
        event("crisis.entry_logged", json!({ "entry_type": "fact" })),
        event("crisis.entry_logged", json!({ "entry_type": "fact", "text": "x", "inconnu": 1 })),
        event("crisis.entry_corrected", json!({ "entry": "ab", "text": "y", "supersedes": [] })),
        event("rumeur.courue", json!({})),
        event("access.password_changed", json!({})),
    ];
    for event in unsound {
        assert!(!takes(&document, any_event, &event), "{event}");
    }
}

#[tokio::test]
async fn what_pages_show_is_read_by_programs_too() {
    let house = House::new();
    for n in 0..5 {
        house.log(EntryType::Action, &format!("n° {n}"));
    }
    let cookie = house.enter(LENOIR).await;
    let me = house.get("/api/v1/sessions/current", &cookie).await.json();
    assert_eq!(
        (me["name"].as_str(), me["role"].as_str(), me["may_write"].as_bool()),
        (Some("C. Lenoir"), Some("secretary"), Some(true))
    );
    let window = house.get(&house.api(&format!("/crises/{CRISIS}/log?after=1&limit=2")), &cookie).await.json();
    assert_eq!(
        (window["next"].as_u64(), window["total"].as_u64(), window["entries"].as_array().unwrap().len()),
        (Some(3), Some(5), 2)
    );
    let past = house.get(&house.api(&format!("/crises/{CRISIS}/log?after=-3&limit=0")), &cookie).await.json();
    assert_eq!(past["next"], 1, "odd numbers are bounded");
    let facts = house.get(&house.api("/facts"), &cookie).await.json();
    let fact = |name: &str| facts["facts"].as_array().unwrap().iter().find(|fact| fact["name"] == name).unwrap().clone();
    assert_eq!(
        (fact("crisis.tasks_open")["value"].as_u64(), fact("crisis.tasks_open")["unit"].as_str()),
        (Some(5), Some("count"))
    );
    assert_eq!(error(&house.get(&house.api("/facts?at=demain"), &cookie).await), (400, "malformed".to_owned()));
    assert_eq!(error(&house.get(&house.api("/search"), &cookie).await), (400, "malformed".to_owned()));
    assert_eq!(error(&house.get(&house.api("/state/rien"), &cookie).await), (404, "not_found".to_owned()));
    assert_eq!(error(&house.get(&house.api("/state/access"), &cookie).await), (403, "not_administrator".to_owned()));
    let direction = house.enter(MARCHAND).await;
    assert_eq!(house.get(&house.api("/state/access"), &direction).await.status, StatusCode::OK);
    let observer = house.enter(MOREAU).await;
    assert_eq!(house.get(&house.api("/state/cells"), &observer).await.status, StatusCode::OK);
    let blob = house.post_json(&house.api("/blobs"), &cookie, vec![7_u8; 2_000_000]).await.json();
    let hash = blob["hash"].as_str().unwrap();
    let body =
        json!({ "entry_type": "fact", "text": "Pièce", "attachments": [{ "hash": hash, "len": blob["len"], "name": "note" }] });
    house.post_json(&house.api("/requests"), &cookie, logged(&"12".repeat(16), "crisis.entry_logged", body)).await;
    assert_eq!(house.get(&house.api(&format!("/blobs/{hash}")), &observer).await.text.len(), 2_000_000);
}
