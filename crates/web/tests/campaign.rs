//! Campaigns: targets, days, results by signed files, comparison; and what is refused.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use common::exercise::{EXERCISE, clock, close, conduct, open, plan, wait_for};
use common::{House, LENOIR, MARCHAND, MINUTE, MOREAU, NOW, multipart, request};
use domain::Event;
use domain::exercise::event::conduct::ClockAct;
use domain::register::event::EstablishmentNamed;
use journal::SubjectId;

const FINESS: &str = "990000012";

async fn campaign(house: &House, cookie: &str) -> String {
    let author = MARCHAND.to_string();
    let fields = [
        ("author", author.as_str()),
        ("request", "ab12ab12ab12ab12ab12ab12ab12ab12"),
        ("title", "Campagne cyber"),
        ("from", "2026-11-01"),
        ("until", "2027-03-31"),
        ("level", "beginner"),
        ("kit", "rancongiciel_ehpad"),
        ("questions", "Qui anime ?\nQuel jour ?"),
    ];
    let path = format!("/journaux/{}/campagnes", house.journal);
    let first = house.form(&path, cookie, &fields).await;
    let again = house.form(&path, cookie, &fields).await;
    assert_eq!((first.status, first.location()), (StatusCode::SEE_OTHER, again.location()), "{}", first.text);
    assert_eq!(house.ledger.view().state.campaigns.all.len(), 1, "sent twice, it is one");
    first.location().to_owned()
}

async fn act(house: &House, at: &str, cookie: &str, act: &str, fields: &[(&str, &str)]) -> common::Answer {
    let id = at.rsplit('/').next().unwrap();
    let author = MARCHAND.to_string();
    let mut all = vec![("author", author.as_str())];
    all.extend(fields);
    house.form(&format!("/journaux/{}/campagnes/{id}/{act}", house.journal), cookie, &all).await
}

/// The bytes of a file that a page gives.
async fn file(house: &House, path: &str, cookie: &str) -> (StatusCode, Vec<u8>) {
    let response = house.raw(request(Method::GET, path, cookie).body(Body::empty()).unwrap()).await;
    let status = response.status();
    (status, axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec())
}

async fn receive(house: &House, at: &str, cookie: &str, content: &[u8]) -> common::Answer {
    let id = at.rsplit('/').next().unwrap();
    let path = format!("/journaux/{}/campagnes/{id}/resultats", house.journal);
    let author = MARCHAND.to_string();
    house.multipart(&path, cookie, &[("author", &author)], &[("r.planblanc-resultats", content)]).await
}

#[tokio::test]
async fn establishments_are_pasted_planned_and_followed() {
    let house = House::founded(true);
    let cookie = house.enter(MARCHAND).await;
    assert!(house.get("/campagnes", &cookie).await.shows("Aucune campagne encore."));
    let at = campaign(&house, &cookie).await;
    let bad = act(&house, &at, &cookie, "etablissements", &[("targets", "12;Trop court\n990000012;CH de Valmont")]).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.shows("Ligne 1 : « 12 » n’est pas un numéro FINESS") && bad.text.contains("12;Trop court"), "{}", bad.text);
    assert!(house.ledger.view().state.campaigns.all.values().all(|c| c.targets.is_empty()), "nothing half-done");
    let lines = "FINESS;Nom;Type\n990000012;CH <b>Valmont</b>;ch;M. Tessier\n2A0000012;EHPAD du Cap;ehpad";
    assert_eq!(act(&house, &at, &cookie, "etablissements", &[("targets", lines)]).await.location(), at);
    let page = house.get(&at, &cookie).await;
    assert!(page.shows("0 établissement sur 2 a joué") && page.shows("CH <b>Valmont</b>"), "{}", page.text);
    let wrong = act(&house, &at, &cookie, "date", &[("finess", FINESS), ("at", "un mardi")]).await;
    assert!(wrong.shows("Cette date n’est pas comprise"), "{}", wrong.text);
    let dated =
        act(&house, &at, &cookie, "date", &[("finess", FINESS), ("at", "2027-01-12T09:30"), ("place", "Salle, B12")]).await;
    assert_eq!(dated.location(), format!("{at}/etablissements/{FINESS}"));
    let (_, calendar) = file(&house, &format!("{at}/agenda.ics"), &cookie).await;
    let calendar = String::from_utf8(calendar).unwrap();
    assert!(calendar.contains("DTSTART:20270112T083000Z\r\n") && calendar.contains("LOCATION:Salle\\, B12\r\n"), "{calendar}");
    assert!(calendar.split("\r\n").all(|line| line.len() <= 75), "{calendar}");
    assert_eq!(
        act(&house, &at, &cookie, "dispense", &[("finess", "2A0000012"), ("reason", "fusion")]).await.status,
        StatusCode::SEE_OTHER
    );
    let answered = act(&house, &at, &cookie, "reponses", &[("finess", FINESS), ("q-q1", "N. Simon")]).await;
    assert!(house.get(answered.location(), &cookie).await.text.contains("N. Simon"));
    assert!(house.get(&format!("{at}?etat=dispense"), &cookie).await.shows("EHPAD du Cap"));
    assert!(!house.get(&format!("{at}?etat=prevu"), &cookie).await.shows("EHPAD du Cap"));
}

#[tokio::test]
async fn what_is_not_allowed_is_refused() {
    let house = House::founded(true);
    let cookie = house.enter(MARCHAND).await;
    let at = campaign(&house, &cookie).await;
    let observer = house.enter(MOREAU).await;
    let id = at.rsplit('/').next().unwrap();
    let fields = [("author", MOREAU.to_string()), ("targets", "990000012;CH".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let refused = house.form(&format!("/journaux/{}/campagnes/{id}/etablissements", house.journal), &observer, &fields).await;
    assert!(refused.status.is_client_error());
    assert_eq!(house.get(&format!("{at}/etablissements"), &observer).await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.get(&format!("/campagnes/{}", SubjectId([3; 16])), &cookie).await.status, StatusCode::NOT_FOUND);
    let elsewhere = house
        .form(
            &format!("/journaux/{}/campagnes/{id}/etablissements", journal::JournalId([4; 16])),
            &cookie,
            &[("author", &MARCHAND.to_string()), ("targets", "990000012;CH")],
        )
        .await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
    let long = "990000012;CH\n".repeat(800_000);
    assert!(act(&house, &at, &cookie, "etablissements", &[("targets", &long)]).await.status.is_client_error());
    let unknown = act(&house, &at, &cookie, "date", &[("finess", "990000999"), ("at", "2027-01-12T09:30")]).await;
    assert!(unknown.shows("n’est pas dans cette campagne"), "{}", unknown.text);
    let backwards = [
        ("author", MARCHAND.to_string()),
        ("title", "X".to_owned()),
        ("from", "2027-01-01".to_owned()),
        ("until", "2026-01-01".to_owned()),
        ("level", "beginner".to_owned()),
    ];
    let backwards: Vec<(&str, &str)> = backwards.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let said = house.form(&format!("/journaux/{}/campagnes", house.journal), &cookie, &backwards).await;
    assert!(said.shows("La campagne doit finir après son début."), "{}", said.text);
}

#[tokio::test]
async fn results_travel_signed_and_nothing_else() {
    let house = House::founded(true);
    let named = EstablishmentNamed {
        name: "CH d’Essai".to_owned(),
        time_zone: "Europe/Paris".to_owned(),
        finess: FINESS.to_owned(),
        ..EstablishmentNamed::default()
    };
    house
        .ledger
        .submit_wait(store::Submission {
            request: journal::RequestId([9; 16]),
            author: journal::write::Author { actor: MARCHAND, auth: journal::Auth::None },
            drafts: vec![Event::EstablishmentNamed(named).draft(SubjectId([0; 16]))],
        })
        .unwrap();
    plan(&house);
    let cookie = house.enter(MARCHAND).await;
    let below = open(&house, &cookie).await;
    conduct(&house, &below, &cookie, &clock(ClockAct::Start, NOW)).await;
    wait_for(&house, &below, &cookie, 1).await;
    house.later(20 * MINUTE);
    conduct(&house, &below, &cookie, &clock(ClockAct::Finish, NOW + 20 * MINUTE)).await;
    let results = format!("/exercices/{EXERCISE}/resultats.planblanc-resultats");
    assert_eq!(file(&house, &results, &cookie).await.0, StatusCode::NOT_FOUND, "not before it is closed");
    close(&house, &cookie).await;
    assert_eq!(file(&house, &results, &house.enter(MOREAU).await).await.0, StatusCode::NOT_FOUND);
    let (status, bytes) = file(&house, &results, &cookie).await;
    assert_eq!(status, StatusCode::OK);
    let text = String::from_utf8_lossy(&bytes);
    assert!(!text.contains("Stimulus") && !text.contains("Lenoir"), "results only: {text}");

    let at = campaign(&house, &cookie).await;
    let stranger = receive(&house, &at, &cookie, &bytes).await;
    assert!(stranger.shows("n’est pas dans cette campagne"), "{}", stranger.text);
    act(&house, &at, &cookie, "etablissements", &[("targets", "990000012;CH d’Essai;ch")]).await;
    let mut spoilt = bytes.clone();
    let last = spoilt.len() - 20;
    spoilt[last] ^= 1;
    let refused = receive(&house, &at, &cookie, &spoilt).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.shows("Rien n’a été pris."), "{}", refused.text);
    assert!(receive(&house, &at, &cookie, b"bonjour").await.status.is_client_error());
    assert_eq!(receive(&house, &at, &cookie, &bytes).await.location(), at);
    let again = receive(&house, &at, &cookie, &bytes).await;
    assert_eq!(again.location(), at, "sent twice, it is one: {}", again.text);
    assert!(house.get(&at, &cookie).await.shows("1 établissement sur 1 a joué"));
    // Alone in its group, it is not shown.
    let compared = house.get(&format!("{at}/comparaison"), &cookie).await;
    assert!(compared.shows("ce groupe n’est pas montré") && !compared.shows("Crise ouverte"), "{}", compared.text);
    assert_eq!(file(&house, &format!("{at}/comparaison.xlsx"), &cookie).await.0, StatusCode::OK);

    // The invitation plans an exercise of the campaign.
    let (_, invitation) = file(&house, &format!("{at}/campagne.planblanc-campagne"), &cookie).await;
    let path = format!("/journaux/{}/invitations", house.journal);
    let author = LENOIR.to_string();
    let player = house.enter(LENOIR).await;
    let sent = request(Method::POST, &path, &player).header(header::CONTENT_TYPE, "multipart/form-data; boundary=XX");
    let body = multipart(&[("author", &author)], &[("c.planblanc-campagne", &invitation)]);
    let planned = house.send(sent.body(Body::from(body)).unwrap()).await;
    assert!(planned.location().starts_with("/exercices/"), "{} {} {}", planned.status, planned.location(), planned.text);
    assert!(house.get(planned.location(), &player).await.shows("Ouvrir l’exercice"));
    let wrong = house.multipart(&path, &player, &[("author", &author)], &[("c", &bytes)]).await;
    assert!(wrong.status.is_client_error(), "results are no invitation");
}
