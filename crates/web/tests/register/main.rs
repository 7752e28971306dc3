//! The register as people use it: pages without script, sheets in and out, and what goes wrong.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "../common/mod.rs"]
mod common;
mod sheets;

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use calamine::{Reader, Xlsx};
use common::*;
use domain::Event;
use domain::register::event::{Card, Function, Partner, Place, PlaceLevel, Provider, Set, Turn, Unit};
use domain::register::{Register, function_id};
use journal::write::Author;
use journal::{ActorId, Auth, RequestId, SubjectId};
use rust_xlsxwriter::Workbook;
use std::io::{Cursor, Write};
use store::Submission;

const SCRIPT: &str = "<script>alert(1)</script>\"><img src=x onerror=alert(2)>";
const SLUGS: [&str; 7] = ["lieux", "unites", "personnes", "fonctions", "astreintes", "partenaires", "prestataires"];

fn register(house: &House) -> Register {
    house.ledger.view().state.register.clone()
}

fn write_path(house: &House, below: &str) -> String {
    format!("/journaux/{}/annuaire/{below}", house.journal)
}

fn id(n: u8) -> SubjectId {
    SubjectId([n; 16])
}

/// Records events, each about its subject, in one request.
fn put(house: &House, events: &[(Event, SubjectId)]) {
    let author = Author { actor: MARCHAND, auth: Auth::None };
    let drafts = events.iter().map(|(event, id)| event.draft(*id)).collect();
    house.ledger.submit_wait(Submission { request: RequestId(house.env().bytes()), author, drafts }).unwrap();
}

fn units(register: &Register) -> Vec<String> {
    let mut names: Vec<String> = register.units.iter().map(|(_, unit)| unit.name.clone()).collect();
    names.sort();
    names
}

/// Sends a sheet, as the page does.
async fn upload(house: &House, cookie: &str, slug: &str, name: &str, file: &[u8]) -> Answer {
    let mut body = format!(
        "--XX\r\nContent-Disposition: form-data; name=\"fichier\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--XX--\r\n");
    let path = write_path(house, &format!("{slug}/import"));
    let request = request(Method::POST, &path, cookie).header(header::CONTENT_TYPE, "multipart/form-data; boundary=XX");
    house.send(request.body(Body::from(body)).unwrap()).await
}

/// Says yes to what a page offers.
async fn confirm(house: &House, cookie: &str, offered: &Answer) -> Answer {
    let path = offered.text.split("action=\"").find(|rest| rest.contains("/import/")).unwrap().split('"').next().unwrap();
    let mut fields =
        vec![("request", offered.field("request")), ("author", offered.field("author")), ("digest", offered.field("digest"))];
    if offered.text.contains("name=\"bonnes\"") {
        fields.push(("bonnes", "1".to_owned()));
    }
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    house.form(path, cookie, &fields).await
}

fn xlsx(rows: &[Vec<String>]) -> Vec<u8> {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    for (line, row) in (0_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(row) {
            page.write_string(line, column, cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

async fn bytes(house: &House, path: &str, cookie: &str) -> Vec<u8> {
    let response = house.raw(request(Method::GET, path, cookie).body(Body::empty()).unwrap()).await;
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()
}

#[tokio::test]
async fn a_unit_is_added_changed_and_removed_without_a_script() {
    let house = House::founded(true);
    let cookie = house.enter(MARCHAND).await;
    let form = house.get("/annuaire/unites/nouveau", &cookie).await;
    assert_eq!(form.status, StatusCode::OK);
    let (request, author) = (form.field("request"), form.field("author"));
    let typed = [("request", &*request), ("author", &*author), ("name", "Réanimation"), ("beds", "douze"), ("phone", "01 02")];
    let refused = house.form(&write_path(&house, "unites"), &cookie, &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.shows("« douze » n’est pas un nombre entier") && refused.text.contains("value=\"Réanimation\""));
    let typed = [("request", &*request), ("author", &*author), ("name", "Réanimation"), ("beds", "12"), ("phone", "01 02")];
    let added = house.form(&write_path(&house, "unites"), &cookie, &typed).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
    let again = house.form(&write_path(&house, "unites"), &cookie, &typed).await;
    assert_eq!((again.status, again.location()), (StatusCode::SEE_OTHER, added.location()), "sent twice, recorded once");
    assert_eq!(units(&register(&house)), ["Réanimation"]);

    let page = house.get(added.location(), &cookie).await;
    assert!(page.shows("Réanimation") && page.text.contains("href=\"tel:0102\""), "{}", page.words());
    let edit = house.get(&format!("{}/modifier", added.location()), &cookie).await;
    let unit = added.location().rsplit('/').next().unwrap();
    let typed = [("supersedes", edit.field("supersedes")), ("name", "Réanimation adulte".to_owned()), ("beds", "14".to_owned())];
    let typed: Vec<(&str, &str)> = typed.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let changed = house.form(&write_path(&house, &format!("unites/{unit}")), &cookie, &typed).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER);
    let page = house.get(changed.location(), &cookie).await;
    assert!(page.shows("Réanimation adulte") && page.shows("Lits 12 → 14"), "{}", page.words());

    let gone = [("supersedes", &*page.field("supersedes"))];
    let removed = house.form(&write_path(&house, &format!("unites/{unit}/retirer")), &cookie, &gone).await;
    assert_eq!(removed.status, StatusCode::SEE_OTHER, "{}", removed.text);
    assert!(units(&register(&house)).is_empty());
    assert!(house.get(changed.location(), &cookie).await.shows("Son histoire reste"));
}

#[tokio::test]
async fn two_people_who_edit_a_record_at_once_see_the_conflict_and_settle_it() {
    let house = House::founded(true);
    put(&house, &[(Event::UnitSet(Set::new(Unit { name: "Urgences".into(), ..Unit::default() })), id(2))]);
    let cookie = house.enter(MARCHAND).await;
    let path = format!("/annuaire/unites/{}", id(2));
    let seen = house.get(&format!("{path}/modifier"), &cookie).await.field("supersedes");
    for (name, phone) in [("Urgences A", "11 11"), ("Urgences B", "22 22")] {
        let typed = [("supersedes", &*seen), ("name", name), ("phone", phone)];
        let sent = house.form(&write_path(&house, &format!("unites/{}", id(2))), &cookie, &typed).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
    }
    let page = house.get(&path, &cookie).await;
    assert!(page.shows("Conflit (2)") && page.shows("11 11") && page.shows("22 22"), "{}", page.words());
    assert!(house.get("/annuaire", &cookie).await.shows("1 fiche en conflit"));
    let from_first = page.text.split("modifier?version=").nth(1).unwrap().split('"').next().unwrap();
    let edit = house.get(&format!("{path}/modifier?version={from_first}"), &cookie).await;
    assert!(edit.text.contains("value=\"Urgences A\""));
    let typed = [("supersedes", edit.field("supersedes")), ("name", "Urgences".to_owned()), ("phone", "11 11".to_owned())];
    let typed: Vec<(&str, &str)> = typed.iter().map(|(n, v)| (*n, v.as_str())).collect();
    house.form(&write_path(&house, &format!("unites/{}", id(2))), &cookie, &typed).await;
    assert!(!house.get(&path, &cookie).await.shows("Conflit"));
    assert_eq!(register(&house).conflicts(), 0);
}

#[tokio::test]
async fn observers_read_and_nobody_writes_in_another_journal() {
    let house = House::founded(true);
    let (observer, direction) = (house.enter(MOREAU).await, house.enter(MARCHAND).await);
    let other = "00".repeat(16);
    for slug in SLUGS {
        assert_eq!(house.get(&format!("/annuaire/{slug}"), &observer).await.status, StatusCode::OK, "{slug}");
        assert_eq!(house.get(&format!("/annuaire/{slug}/nouveau"), &observer).await.status, StatusCode::FORBIDDEN, "{slug}");
        assert_eq!(house.get(&format!("/annuaire/{slug}/import"), &observer).await.status, StatusCode::FORBIDDEN, "{slug}");
        let fields = [
            ("name", "A"),
            ("label", "A"),
            ("list", "A"),
            ("level", "site"),
            ("from", "2026-11-22T08:00"),
            ("until", "2026-11-23T08:00"),
        ];
        let refused = house.form(&write_path(&house, slug), &observer, &fields).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{slug}: {}", refused.words());
        let stray = house.form(&format!("/journaux/{other}/annuaire/{slug}"), &direction, &fields).await;
        assert_eq!(stray.status, StatusCode::NOT_FOUND, "{slug}");
        let unknown = house.form(&write_path(&house, &format!("{slug}/{}", id(77))), &direction, &fields).await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND, "{slug}");
        let path = format!("/journaux/{other}/annuaire/{slug}/import/{other}");
        assert_eq!(house.form(&path, &direction, &[]).await.status, StatusCode::NOT_FOUND, "{slug}");
    }
    assert_eq!(upload(&house, &observer, "unites", "u.csv", b"Nom\nA\n").await.status, StatusCode::FORBIDDEN);
    for path in ["/annuaire/unites/x", &format!("/annuaire/unites/{}", id(7)), "/annuaire/autre", "/annuaire/unites/export/x.pdf"]
    {
        assert_eq!(house.get(path, &direction).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let now = register(&house);
    assert_eq!((now.units.ever(), now.places.ever(), now.turns.ever(), now.partners.ever()), (0, 0, 0, 0));
}

#[tokio::test]
async fn usual_functions_and_partners_are_adopted_once_and_the_chain_is_printed() {
    let house = House::founded(true);
    let cookie = house.enter(MARCHAND).await;
    assert!(house.get("/annuaire", &cookie).await.shows("ne dit pas encore qui appeler"));
    for what in ["fonctions", "partenaires"] {
        let page = house.get(&format!("/annuaire/{what}"), &cookie).await;
        let fields = [("request", &*page.field("request")), ("author", &*page.field("author"))];
        for _ in 0..2 {
            let adopted = house.form(&write_path(&house, &format!("usuels/{what}")), &cookie, &fields).await;
            assert_eq!(adopted.status, StatusCode::SEE_OTHER, "{}", adopted.words());
        }
    }
    let now = register(&house);
    assert!(now.functions.count() > 10 && now.partners.count() > 10);
    assert!(house.get("/annuaire", &cookie).await.shows("fonctions sans titulaire"));
    let card = Card { name: "D. Petit".into(), mobile: "+33 6 01 02 03 04".into(), ..Card::default() };
    put(&house, &[(Event::PersonSet(Set::new(card)), id(4))]);
    let edit = house.get(&format!("/annuaire/fonctions/{}/modifier", function_id("dpo")), &cookie).await;
    let dpo = now.function("dpo").unwrap();
    let seen = edit.field("supersedes");
    let typed = [
        ("supersedes", &*seen),
        ("label", &*dpo.label),
        ("holder", "d petit"),
        ("deputies", "J. Marchand"),
        ("deputies", "C. Lenoir"),
        ("mandatory", "oui"),
        ("in_alert_chain", "oui"),
        ("rank", "1"),
    ];
    let path = write_path(&house, &format!("fonctions/{}", function_id("dpo")));
    let sent = house.form(&path, &cookie, &typed).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.words());
    let now = register(&house);
    let dpo = now.function("dpo").unwrap();
    assert_eq!((dpo.holder, dpo.deputies.as_slice()), (Some(ActorId([4; 16])), &[MARCHAND, LENOIR][..]));
    let chain = house.get("/annuaire/chaine-alerte", &cookie).await;
    assert!(chain.text.contains("href=\"tel:+33601020304\"") && chain.shows("suppléant"), "{}", chain.words());
    let unknown = [("supersedes", &*seen), ("label", "DPO"), ("holder", "Z. Inconnu")];
    let refused = house.form(&path, &cookie, &unknown).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.shows("Personne ne s’appelle « Z. Inconnu »"));
    let again = house.form(&write_path(&house, "fonctions"), &cookie, &[("label", "Autre"), ("key", "dpo")]).await;
    assert!(again.status == StatusCode::UNPROCESSABLE_ENTITY && again.shows("y est déjà"), "{}", again.words());
}

#[tokio::test]
async fn a_number_is_verified_by_one_click_of_whoever_writes() {
    let house = House::founded(true);
    let partner = Partner { name: "CERT Santé".into(), phone: "09 72".into(), ..Partner::default() };
    put(&house, &[(Event::PartnerSet(Set::new(partner)), id(9))]);
    let (secretary, observer) = (house.enter(LENOIR).await, house.enter(MOREAU).await);
    let path = format!("/annuaire/partenaires/{}", id(9));
    let page = house.get(&path, &secretary).await;
    assert!(page.shows("jamais vérifié"));
    let fields = [("request", &*page.field("request")), ("phone", "09 72")];
    let verify = write_path(&house, &format!("partenaires/{}/verifier", id(9)));
    assert_eq!(house.form(&verify, &observer, &fields).await.status, StatusCode::FORBIDDEN);
    assert_eq!(house.form(&verify, &secretary, &fields).await.status, StatusCode::SEE_OTHER);
    assert!(house.get(&path, &secretary).await.shows("vérifié aujourd’hui"));
    house.later(400 * 24 * 60 * MINUTE);
    let late = house.enter(LENOIR).await;
    assert!(house.get("/annuaire/partenaires", &late).await.shows("vérifié il y a 13 mois"));
    let stray = write_path(&house, &format!("partenaires/{}/verifier", id(8)));
    assert_eq!(house.form(&stray, &late, &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_turn_repeats_each_week_by_the_calendar_in_one_request() {
    let house = House::founded(true);
    let cookie = house.enter(LENOIR).await;
    let before = house.ledger.view().entries;
    let typed = [
        ("list", "Astreinte informatique"),
        ("name", "C. Lenoir"),
        ("from", "2026-11-21T08:00"),
        ("until", "2026-11-28T08:00"),
        ("phone", "06 11"),
        ("weeks", "20"),
    ];
    let sent = house.form(&write_path(&house, "astreintes"), &cookie, &typed).await;
    assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, "/annuaire/astreintes"), "{}", sent.words());
    assert_eq!(house.ledger.view().entries, before + 20);
    let now = register(&house);
    assert!(now.turns.iter().all(|(_, turn)| turn.person == Some(LENOIR) && turn.until > turn.from));
    let page = house.get("/annuaire/astreintes?semaine=2027-03-31", &cookie).await;
    assert!(page.shows("dès 08:00"), "the clocks changed on 28 March: {}", page.words());
    assert!(house.get("/annuaire/astreintes", &cookie).await.shows("Astreinte informatique : C. Lenoir"));
    for (name, value, why) in
        [("weeks", "0", "de 1 à 53"), ("from", "demain", "n’est pas un moment"), ("until", "2026-11-20T08:00", "finit avant")]
    {
        let typed: Vec<(&str, &str)> = typed.iter().map(|(n, v)| (*n, if *n == name { value } else { *v })).collect();
        let refused = house.form(&write_path(&house, "astreintes"), &cookie, &typed).await;
        assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.shows(why), "{name}: {}", refused.words());
    }
    assert_eq!(house.ledger.view().entries, before + 20);
}
