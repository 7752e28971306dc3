//! One carer alone at night: one tap, whom to call, what to do, what to write down.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use axum::http::StatusCode;
use common::{House, LENOIR, MARCHAND, MOREAU, NOW};
use domain::Event;
use domain::crisis::event::{EntryCorrected, EntryType, Level};
use domain::register::Role;
use domain::register::event::{Set, Turn};
use journal::write::{Author, Draft};
use journal::{Auth, AuthorityAct, RequestId, SubjectId};
use store::Submission;

fn record(house: &House, request: u8, drafts: Vec<Draft>) {
    let author = Author { actor: MARCHAND, auth: Auth::None };
    house.ledger.submit_wait(Submission { request: RequestId([request; 16]), author, drafts }).unwrap();
}

/// A house at rest, where Lenoir is alone on duty.
fn at_night() -> House {
    let house = House::founded(true);
    let alone = AuthorityAct::RoleGranted { actor: LENOIR, role: Role::Solo.name().to_owned(), rank: Role::Solo.rank() };
    let turn = Turn {
        list: "Directeur d’astreinte".to_owned(),
        name: "P. Garnier".to_owned(),
        phone: "06 11 22 33 44".to_owned(),
        from: NOW - 3_600_000,
        until: NOW + 3_600_000,
        ..Turn::default()
    };
    record(&house, 1, vec![Draft::of_act(&alone), Event::TurnSet(Set::new(turn)).draft(SubjectId([40; 16]))]);
    house
}

fn crises(house: &House) -> usize {
    house.ledger.view().state.crises.len()
}

async fn opened(house: &House) -> String {
    let cookie = house.enter(LENOIR).await;
    let page = house.get("/urgence", &cookie).await;
    let path = format!("/journaux/{}/urgence", house.journal);
    let fields = [("request", page.field("request")), ("author", page.field("author"))];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    for _ in 0..2 {
        let answer = house.form(&path, &cookie, &fields).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/urgence"), "{}", answer.words());
    }
    cookie
}

#[tokio::test]
async fn one_tap_opens_one_doubt_and_the_page_follows() {
    let house = at_night();
    let cookie = house.enter(LENOIR).await;
    let before = house.get("/urgence", &cookie).await;
    assert!(before.shows("Ça ne marche plus : ouvrir"), "{}", before.words());
    assert!(before.shows("P. Garnier") && before.text.contains("href=\"tel:0611223344\""));
    assert!(before.text.contains("href=\"tel:15\""), "the SAMU answers everywhere");
    let cookie = opened(&house).await;
    assert_eq!(crises(&house), 1, "the same tap twice");
    let view = house.ledger.view();
    assert_eq!(view.state.latest_crisis().unwrap().level, Level::Doubt);
    let page = house.get("/urgence", &cookie).await;
    assert!(!page.shows("Ça ne marche plus : ouvrir") && page.text.contains("name=\"note\""));
    // Whoever is alone lands there at once.
    let answer = house.form("/connexion", "", &[("compte", &LENOIR.to_string())]).await;
    assert_eq!(answer.location(), "/urgence");
    let answer = house.form("/connexion", "", &[("compte", &MARCHAND.to_string())]).await;
    assert_eq!(answer.location(), "/");
}

#[tokio::test]
async fn ticks_and_notes_are_lines_of_the_log_and_correcting_one_unticks() {
    let house = at_night();
    let cookie = opened(&house).await;
    let view = house.ledger.view();
    let crisis = view.state.latest_crisis().unwrap().id;
    let path = format!("/journaux/{}/crises/{crisis}/urgence", house.journal);
    let page = house.get("/urgence", &cookie).await;
    let call = page.text.split("name=\"text\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(call, "Appelé : P. Garnier, Directeur d’astreinte");
    let answer = house.form(&path, &cookie, &[("type", "call"), ("text", &call), ("place", "qui-0")]).await;
    assert_eq!(answer.location(), "/urgence#qui-0");
    let gesture = page.text.split("value=\"Fait : ").nth(1).unwrap().split('"').next().unwrap().to_owned();
    house.form(&path, &cookie, &[("type", "fact"), ("text", &format!("Fait : {gesture}"))]).await;
    house.form(&path, &cookie, &[("note", "1"), ("text", "Écran rouge à l’infirmerie")]).await;
    let view = house.ledger.view();
    let log = &view.state.latest_crisis().unwrap().log;
    let kinds: Vec<_> = log.iter().map(|line| line.entry_type).collect();
    assert!(kinds.ends_with(&[EntryType::Call, EntryType::Fact, EntryType::Fact]), "{kinds:?}");
    let page = house.get("/urgence", &cookie).await;
    assert!(page.shows("Appelé à 14:32") && page.shows("Fait à 14:32") && page.shows("Écran rouge à l’infirmerie"));
    let tick = log.iter().find(|line| line.entry_type == EntryType::Call).unwrap().id;
    let corrected = EntryCorrected { entry: tick, text: "Personne n’a répondu".to_owned(), supersedes: vec![tick] };
    let drafts = vec![Event::EntryCorrected(corrected).draft(crisis)];
    record(&house, 2, drafts);
    let page = house.get("/urgence", &cookie).await;
    assert!(!page.shows("Appelé à 14:32") && page.shows("Personne n’a répondu"), "{}", page.words());
}

#[tokio::test]
async fn what_cannot_be_done_is_said() {
    let house = at_night();
    let observer = house.enter(MOREAU).await;
    let page = house.get("/urgence", &observer).await;
    assert!(page.shows("Vous lisez sans écrire") && !page.text.contains("/urgence\"><input"));
    let open = format!("/journaux/{}/urgence", house.journal);
    assert_eq!(house.form(&open, &observer, &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(crises(&house), 0);
    let cookie = opened(&house).await;
    let crisis = house.ledger.view().state.latest_crisis().unwrap().id;
    let path = format!("/journaux/{}/crises/{crisis}/urgence", house.journal);
    let empty = house.form(&path, &cookie, &[("note", "1"), ("text", "  ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.shows("Écrivez ce que vous voyez"));
    let long = "x".repeat(100_000);
    let refused = house.form(&path, &cookie, &[("note", "1"), ("text", &long)]).await;
    assert!(refused.status.is_client_error() && refused.text.contains(&long), "the text comes back");
    assert_eq!(house.form(&path, &observer, &[("text", "x")]).await.status, StatusCode::FORBIDDEN);
    let other = "/journaux/00000000000000000000000000000000/urgence";
    assert_eq!(house.form(other, &cookie, &[]).await.status, StatusCode::NOT_FOUND);
    let nowhere = format!("/journaux/{}/crises/{}/urgence", house.journal, SubjectId([77; 16]));
    assert_eq!(house.form(&nowhere, &cookie, &[("text", "x")]).await.status, StatusCode::NOT_FOUND);
    let place = house.form(&path, &cookie, &[("text", "x"), ("place", "//evil.example")]).await;
    assert_eq!(place.location(), "/urgence");
    let stolen = [("text", "x"), ("author", &*MARCHAND.to_string())];
    assert_eq!(house.form(&path, &cookie, &stolen).await.status, StatusCode::CONFLICT);
}
