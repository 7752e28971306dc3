//! What goes wrong, and what is kept all the same.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use common::*;
use domain::Event;
use domain::crisis::event::{EntryType, Logged};
use domain::register::event::PersonNamed;
use journal::write::{Author, Draft};
use journal::{Auth, RequestId, SubjectId};
use store::Submission;

const SCRIPT: &str = "<script>alert(1)</script>\"><img src=x onerror=alert(2)>";

#[tokio::test]
async fn another_journal_is_not_found_and_nothing_is_recorded() {
    let house = House::new();
    let cookie = house.enter(LENOIR).await;
    let id = house.log(EntryType::Action, "Couper");
    let other = "00".repeat(16);
    let room = format!("/journaux/{other}/crises/{CRISIS}");
    assert_eq!(house.get(&room, &cookie).await.status, StatusCode::NOT_FOUND);
    for path in [format!("{room}/entrees"), format!("{room}/entrees/{id}/clore"), format!("{room}/entrees/{id}/corriger")] {
        let answer = house.form(&path, &cookie, &[("text", "égaré"), ("supersedes", &id.to_string())]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.shows("Rien n’a été enregistré."), "{}", answer.text);
    }
    let opened = house.form("/crises/nouvelle", &cookie, &[("journal", &other), ("level", "crisis"), ("title", "égarée")]).await;
    assert_eq!(opened.status, StatusCode::NOT_FOUND);
    let body = format!(r#"{{"request":"{other}","events":[]}}"#);
    assert_eq!(house.post_json(&format!("/api/v1/journals/{other}/requests"), &cookie, body).await.status, StatusCode::NOT_FOUND);
    for path in ["/journaux/x/crises/y", &format!("{}/entrees/{}", house.room(), "0".repeat(64)), "/journaux"] {
        assert_eq!(house.get(path, &cookie).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(house.lines().len(), 1);
}

#[tokio::test]
async fn a_huge_paste_is_refused_and_given_back() {
    let house = House::new();
    let cookie = house.enter(LENOIR).await;
    let paste = "é".repeat(5 * 1024 * 1024);
    let entrees = format!("{}/entrees", house.room());
    let refused = house.form(&entrees, &cookie, &[("text", &paste)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains(&paste), "the whole text is in the box");
    assert!(refused.text.contains("Ce texte compte 5242880 caractères"), "and the sentence beside it");
    let beyond = house.form(&entrees, &cookie, &[("text", &"x".repeat(17 * 1024 * 1024))]).await;
    assert_eq!(beyond.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(beyond.shows("Cet envoi est trop gros"));
    assert_eq!(house.lines().len(), 0);
}

#[tokio::test]
async fn markup_typed_anywhere_is_shown_as_words() {
    let house = House::new();
    let named = Event::PersonNamed(PersonNamed { name: SCRIPT.to_owned(), function: SCRIPT.to_owned() });
    let author = Author { actor: MARCHAND, auth: Auth::None };
    let drafts = vec![named.draft(SubjectId(MARCHAND.0))];
    house.ledger.submit_wait(Submission { request: RequestId([1; 16]), author, drafts }).unwrap();
    let cookie = house.enter(MARCHAND).await;
    let fields = [("text", SCRIPT), ("entry_type", "action"), ("speaker", SCRIPT), ("owner", SCRIPT), ("due_at", SCRIPT)];
    let refused = house.form(&format!("{}/entrees", house.room()), &cookie, &fields).await;
    let sent = [&fields[..4], &[("due_at", "+2h")]].concat();
    let files: [(&str, &[u8]); 1] = [("<img src=x onerror=alert(2)>.png", b"x")];
    let room = format!("{}/entrees", house.room());
    assert_eq!(house.multipart(&room, &cookie, &sent, &files).await.status, StatusCode::SEE_OTHER);
    let id = house.lines()[0].id;
    house
        .form(
            &format!("{}/entrees/{id}/corriger", house.room()),
            &cookie,
            &[("supersedes", &id.to_string()), ("text", &SCRIPT[..25])],
        )
        .await;
    let journal = house.get("/crises/nouvelle", &cookie).await.field("journal");
    let crisis = [("journal", &*journal), ("level", "doubt"), ("title", SCRIPT), ("confirm", "1"), ("request", "x")];
    let opened = house.form("/crises/nouvelle", &cookie, &crisis).await;
    let mut pages = vec![refused];
    let entry = format!("{}/entrees/{id}", house.room());
    let door = format!("/connexion?vers={}", "%22%3E%3Cscript%3Ealert(1)");
    for path in ["/", "/journal", &house.room(), &entry, opened.location(), &door, "/%3Cscript%3Ealert(1)"] {
        pages.push(house.get(path, &cookie).await);
    }
    for (at, page) in pages.iter().enumerate() {
        assert!(!page.text.contains("<script>alert") && !page.text.contains("<img"), "page {at}");
    }
    assert!(pages[3].text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
}

#[tokio::test]
async fn an_attachment_is_kept_by_its_hash_and_never_run() {
    let house = House::new();
    let cookie = house.enter(LENOIR).await;
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    let entrees = format!("{}/entrees", house.room());
    let sent = house.multipart(&entrees, &cookie, &[("text", "Capture")], &[("../../x.svg", svg)]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let piece = house.lines()[0].attachments[0].clone();
    assert_eq!((piece.name.as_str(), piece.len), ("x.svg", svg.len() as u64));
    let stored = house.dir.path().join("blobs").join(&piece.hash.to_string()[..2]).join(piece.hash.to_string());
    assert_eq!(std::fs::read(stored).unwrap(), svg);
    assert!(!house.dir.path().join("x.svg").exists());
    let link = format!("/pieces/{}/x.svg", piece.hash);
    assert!(house.get(&house.room(), &cookie).await.text.contains(&link));
    let served = house.get(&link, &cookie).await;
    assert_eq!(served.text.as_bytes(), svg);
    let header = |name: &str| served.headers[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "application/octet-stream");
    assert!(header("content-disposition").starts_with("attachment; filename=\"x.svg\""));
    assert!(header("content-security-policy").contains("sandbox") && header("x-content-type-options") == "nosniff");
    assert_eq!(house.get(&link, "").await.status, StatusCode::SEE_OTHER);
    // Content that no entry names is nobody's to read.
    let orphan = house.post_json(&house.api("/blobs"), &cookie, "secret").await;
    let hash = orphan.json()["hash"].as_str().unwrap().to_owned();
    assert_eq!(house.get(&format!("/pieces/{hash}/x"), &cookie).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_file_too_large_leaves_the_text_in_the_box() {
    let house = House::new();
    let cookie = house.enter(LENOIR).await;
    let large = vec![0; web::limits::ATTACHMENT_BYTES_MAX + 1];
    let entrees = format!("{}/entrees", house.room());
    let refused = house.multipart(&entrees, &cookie, &[("text", "Image disque")], &[("disque.img", &large)]).await;
    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(refused.shows("« disque.img » dépasse 25 Mio") && refused.text.contains(">Image disque</textarea>"));
    assert_eq!(house.lines().len(), 0);
}

#[tokio::test]
async fn a_session_that_ends_mid_typing_gives_the_text_back_to_its_author() {
    let house = House::new();
    let cookie = house.enter(LENOIR).await;
    let room = house.get(&house.room(), &cookie).await;
    let (request, author) = (room.field("request"), room.field("author"));
    let entrees = format!("{}/entrees", house.room());
    let typed =
        [("request", &*request), ("author", &*author), ("entry_type", "decision"), ("text", "\nOn coupe <tout>\nmaintenant.")];
    house.later(13 * 60 * MINUTE);
    let door = house.form(&entrees, &cookie, &typed).await;
    assert_eq!(door.status, StatusCode::UNAUTHORIZED);
    assert!(door.shows("Le texte que vous avez tapé est gardé"));
    let json = request_json(&house, &entrees, &cookie, &typed).await;
    assert_eq!((json.status, json.json()["error"]["code"].as_str()), (StatusCode::UNAUTHORIZED, Some("signed_out")));
    assert_eq!(house.lines().len(), 0);

    let vers = door.field("vers");
    let text = door.text.split("name=\"garde.text\" hidden>").nth(1).unwrap().split("</textarea>").next().unwrap();
    assert!(text.contains("On coupe &lt;tout&gt;"));
    let kept: Vec<(String, &str)> = typed.iter().map(|(name, value)| (format!("garde.{name}"), *value)).collect();
    let through = |actor: String| {
        let mut fields = vec![("vers".to_owned(), vers.clone()), ("compte".to_owned(), actor)];
        fields.extend(kept.iter().map(|(name, value)| (name.clone(), (*value).to_owned())));
        fields
    };
    let send = async |actor: String| {
        let fields = through(actor);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        house.form("/connexion", "", &fields).await
    };
    let stranger = send(MARCHAND.to_string()).await;
    assert_eq!(stranger.status, StatusCode::OK);
    assert!(stranger.shows("Ce texte a été tapé par C. Lenoir") && !stranger.text.contains("maintenant.</textarea>"));
    let back = send(LENOIR.to_string()).await;
    assert!(
        back.text.contains("On coupe &lt;tout&gt;\nmaintenant.</textarea>") && back.text.contains("value=\"decision\" checked")
    );
    assert_eq!(house.lines().len(), 0, "only its author sends it");
    let cookie = common::cookie(&back);
    assert_eq!(house.form(&entrees, &cookie, &typed).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.lines().len(), 1);
}

/// The same form, as the script sends it.
async fn request_json(house: &House, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
    let request = request(Method::POST, path, cookie)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=XX")
        .header(header::ACCEPT, "application/json");
    house.send(request.body(Body::from(multipart(fields, &[]))).unwrap()).await
}

#[tokio::test]
async fn a_text_is_not_sent_in_another_name() {
    let house = House::new();
    let cookie = house.enter(MARCHAND).await;
    let entrees = format!("{}/entrees", house.room());
    let refused = house.form(&entrees, &cookie, &[("author", &LENOIR.to_string()), ("text", "Bonjour")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.shows("Ce texte a été commencé par C. Lenoir et vous êtes J. Marchand"));
    assert_eq!(house.lines().len(), 0);
}

#[tokio::test]
async fn the_script_is_answered_in_json() {
    let house = House::new();
    let cookie = house.enter(LENOIR).await;
    let entrees = format!("{}/entrees", house.room());
    let typed = [("request", "11".repeat(16)), ("text", "/d On coupe".to_owned())];
    let typed: Vec<(&str, &str)> = typed.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let sent = request_json(&house, &entrees, &cookie, &typed).await;
    assert_eq!((sent.status, sent.json()["replayed"].as_bool()), (StatusCode::CREATED, Some(false)));
    let again = request_json(&house, &entrees, &cookie, &typed).await;
    assert_eq!((again.status, &again.json()["entries"]), (StatusCode::OK, &sent.json()["entries"]));
    let empty = request_json(&house, &entrees, &cookie, &[("text", " ")]).await;
    assert_eq!((empty.status, empty.json()["error"]["field"].as_str()), (StatusCode::UNPROCESSABLE_ENTITY, Some("text")));
}

#[tokio::test]
async fn acts_asked_by_another_site_or_under_another_name_are_refused() {
    let house = House::new();
    let cookie = house.enter(LENOIR).await;
    let entrees = format!("{}/entrees", house.room());
    for (name, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site"), ("origin", "null")] {
        let request = request(Method::POST, &entrees, &cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(name, value);
        let refused = house.send(request.body(Body::from("text=pirate")).unwrap()).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{name}: {value}");
        assert!(refused.shows("vient d’un autre site"));
    }
    let rebound = axum::http::Request::get("/").header(header::HOST, "evil.example:8080").header(header::COOKIE, &cookie);
    assert_eq!(house.send(rebound.body(Body::empty()).unwrap()).await.status, StatusCode::MISDIRECTED_REQUEST);
    assert_eq!(house.lines().len(), 0);
    let plain = request(Method::POST, &entrees, &cookie).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let sent = house.send(plain.body(Body::from("text=par+un+programme")).unwrap()).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    assert_eq!(house.lines()[0].words(), Some("par un programme"));
}

#[tokio::test]
async fn broken_forms_are_refused_with_a_sentence() {
    let house = House::new();
    let cookie = house.enter(LENOIR).await;
    let entrees = format!("{}/entrees", house.room());
    for (kind, body) in [
        ("multipart/form-data", "--XX"),
        ("multipart/form-data; boundary=XX", "--XX\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\ncoupé au mi"),
        ("text/plain", "text=x"),
        ("application/json", "{}"),
    ] {
        let request = request(Method::POST, &entrees, &cookie).header(header::CONTENT_TYPE, kind);
        let answer = house.send(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{kind}");
        assert!(answer.shows("illisible"), "{kind}: {}", answer.text);
    }
    let many: Vec<(&str, &str)> = (0..=web::limits::FIELDS_MAX).map(|_| ("text", "x")).collect();
    assert_eq!(house.form(&entrees, &cookie, &many).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(house.lines().len(), 0);
}

#[tokio::test]
async fn a_damaged_journal_is_read_only_and_says_so() {
    let house = House::new();
    house.log(EntryType::Fact, "Réanimation : 11 patients.");
    let House { dir, ledger, app, clock, .. } = house;
    drop((app, ledger));
    let path = dir.path().join("journal.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes.windows(11).position(|w| w == b"11 patients").expect("bodies are stored as text");
    bytes[at + 1] = b'2';
    std::fs::write(&path, bytes).unwrap();

    let house = House::open(dir, clock, true);
    let health = house.get("/healthz", "").await;
    assert_eq!((health.status, health.json()["read_only"].as_bool()), (StatusCode::SERVICE_UNAVAILABLE, Some(true)));
    let cookie = house.enter(LENOIR).await;
    let room = house.get(&house.room(), &cookie).await;
    assert!(room.shows("Lecture seule :") && room.shows("est abîmée ou a été modifiée"));
    let refused = house.form(&format!("{}/entrees", house.room()), &cookie, &[("text", "Noter quand même")]).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.text.contains(">Noter quand même</textarea>") && refused.shows("lecture seule"));
}

#[tokio::test]
async fn entries_of_unknown_kinds_are_shown_raw() {
    let house = House::new();
    let cookie = house.enter(MARCHAND).await;
    // A newer program wrote it elsewhere: it comes in by a merge, not by a request.
    let other = newer_entry(&house);
    house.ledger.merge(vec![other]).unwrap();
    let page = house.get("/journal", &cookie).await;
    assert!(page.shows("crisis.weather_seen (version 1)") && page.shows("{\"rain\":true}"), "{}", page.words());
}

/// An entry of a kind this version does not know, from another device of this establishment.
fn newer_entry(house: &House) -> journal::Entry {
    use journal::certificate::{Certificate, ChainOpened, OpeningReason, Origin, chain_id, secret_from_text};
    use journal::{Circumstances, Journal, Pen, PublicKey, SigningKey};
    let key = |name: &str| secret_from_text(&std::fs::read_to_string(house.dir.path().join("keys").join(name)).unwrap()).unwrap();
    let (root, device) = (key("root.key"), SigningKey::from_bytes(&[77; 32]));
    let rows = store::rows::after(&house.ledger.reader().unwrap(), 0, 1).unwrap();
    let first = rows.into_iter().next().unwrap().entry.unwrap();
    let founded: ChainOpened = serde_json::from_slice(&first.body.unwrap().bytes).unwrap();
    let public = PublicKey(device.verifying_key().to_bytes());
    let certificate = Certificate::issue(&root, public, "autre poste", NOW, false);
    let origin: Origin = founded.origin;
    let opened = ChainOpened { origin, branch_of: Vec::new(), certificate, reason: OpeningReason::NewDevice, lost: None };
    let mut elsewhere = Journal::new(house.journal, &[]);
    let opening = RequestId([55; 16]);
    let pen = Pen { device, chain: chain_id(&public, &opening) };
    let mut random = |bytes: &mut [u8]| bytes.fill(8);
    let mut now = Circumstances { wall_ms: NOW, random: &mut random };
    let drafts = vec![Draft::of_opening(&opened)];
    let mut taken = pen.write(&mut elsewhere, Author::PROGRAM, opening, drafts, &mut now);
    let report = house.ledger.merge(vec![taken.remove(0).entry]).unwrap();
    assert_eq!(report.refused, []);
    let drafts = vec![Draft::json("crisis.weather_seen", CRISIS, &serde_json::json!({ "rain": true }))];
    let author = Author { actor: MARCHAND, auth: Auth::None };
    pen.write(&mut elsewhere, author, RequestId([56; 16]), drafts, &mut now).remove(0).entry
}

#[tokio::test]
async fn more_lines_than_one_request_holds_are_refused() {
    let house = House::new();
    let cookie = house.enter(LENOIR).await;
    let event = |n: usize| {
        let logged = Logged::new(EntryType::Fact, format!("{n}"));
        serde_json::json!({ "kind": "crisis.entry_logged", "subject": CRISIS, "body": logged })
    };
    let body = serde_json::json!({ "request": "44".repeat(16), "events": (0..4_097).map(event).collect::<Vec<_>>() });
    let refused = house.post_json(&house.api("/requests"), &cookie, body.to_string()).await;
    assert_eq!((refused.status, refused.json()["error"]["field"].as_str()), (StatusCode::BAD_REQUEST, Some("events")));
    assert_eq!(house.lines().len(), 0);
}
