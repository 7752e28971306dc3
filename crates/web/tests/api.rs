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
