//! Impact analysis through its pages: the grid, one activity's levels, who validated them, and the DMIA they bound.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test stops at the first surprise")]

mod common;

use axum::http::StatusCode;
use common::{House, LENOIR, MARCHAND, MOREAU};
use domain::Event;
use domain::cartography::event::review::{BiaSet, Criterion, Harm, Horizon};
use domain::cartography::event::{ActivitySet, AssetSet};
use domain::cartography::need::Need;
use journal::write::{Author, Draft};
use journal::{ActorId, Auth, RequestId, SubjectId};
use store::Submission;

const CARE: SubjectId = SubjectId([21; 16]);
const PAY: SubjectId = SubjectId([22; 16]);
const RECORD: SubjectId = SubjectId([31; 16]);

fn write(house: &House, actor: ActorId, drafts: Vec<Draft>) {
    let author = Author { actor, auth: Auth::None };
    house.ledger.submit_wait(Submission { request: RequestId(house.env().bytes()), author, drafts }).unwrap();
}

/// Two activities, one of which needs something for which it holds two hours.
fn mapped() -> House {
    let house = House::founded(true);
    let record = AssetSet { name: "Dossier patient".to_owned(), ..AssetSet::default() };
    let need = Need { holds_minutes: Some(120), why: "prescriptions".to_owned(), ..Need::of(RECORD) };
    let care = ActivitySet {
        name: "Urgences <adultes>".to_owned(),
        priority: 1,
        mtpd_minutes: Some(1_440),
        rto_minutes: Some(720),
        needs: vec![need],
        external: vec!["mercator:processes/5".to_owned()],
        ..ActivitySet::default()
    };
    let pay = ActivitySet { name: "Paie".to_owned(), priority: 4, ..ActivitySet::default() };
    write(
        &house,
        MARCHAND,
        vec![Event::AssetSet(record).draft(RECORD), Event::ActivitySet(care).draft(CARE), Event::ActivitySet(pay).draft(PAY)],
    );
    house
}

fn base(house: &House) -> String {
    format!("/journaux/{}/carte/bia", house.journal)
}

/// What the form that judges replaces.
fn seen(page: &common::Answer) -> String {
    let form = page.text.split("class=\"bia-form\"").nth(1).unwrap();
    form.split("name=\"supersedes\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

fn all(level: u8) -> Vec<Harm> {
    let cells = Criterion::ALL.into_iter().flat_map(|c| Horizon::ALL.into_iter().map(move |h| (c, h)));
    cells.map(|(criterion, horizon)| Harm { criterion, horizon, level }).collect()
}

#[tokio::test]
async fn an_empty_map_teaches_and_offers_a_beginning() {
    let house = House::founded(true);
    let page = house.get("/carte/bia", &house.enter(MARCHAND).await).await;
    assert!(page.shows("Partir d’une carte type"), "one name for one place");
    assert!(page.shows("Aucune activité n’est décrite") && page.text.contains("/carte/archetype"));
    assert!(!house.get("/carte/bia", &house.enter(MOREAU).await).await.text.contains("href=\"/carte/archetype\" class=\"btn\""));
}

#[tokio::test]
async fn levels_are_judged_then_validated_and_a_new_level_takes_the_validation_back() {
    let house = mapped();
    let cookie = house.enter(LENOIR).await;
    let path = format!("{}/{CARE}", base(&house));
    let fields = [("care-1h", "1"), ("care-4h", "3"), ("care-24h", "4"), ("note", "Nuit de garde <seule>")];
    let saved = house.form(&path, &cookie, &fields).await;
    assert_eq!(saved.location(), format!("/carte/bia/{CARE}"), "{}", saved.text);
    let page = house.get(&format!("/carte/bia/{CARE}"), &cookie).await;
    assert!(page.shows("DMIA déclarée 24 h, dommage grave à 4 h au plus tard"), "{}", page.words());
    assert!(page.shows("Personne ne l’a encore validé.") && page.shows("3 cases jugées sur 24"));
    assert!(page.text.contains("<title>Soins : grave dès 4 h</title>"), "the curve says its conclusion");
    assert!(page.shows("Nuit de garde <seule>") && !page.text.contains("<seule>"), "what is written is no markup");
    // Seen twice without what was seen: refused, and nothing is lost.
    let blind = house.form(&path, &cookie, &[("care-1h", "2"), ("note", "à garder")]).await;
    assert!(blind.status == StatusCode::UNPROCESSABLE_ENTITY && blind.text.contains("à garder"));
    assert!(blind.shows("rechargez la page"), "{}", blind.words());
    let validated = [
        ("supersedes", &*seen(&page)),
        ("care-1h", "1"),
        ("care-4h", "3"),
        ("care-24h", "4"),
        ("validated_by", "Dr Aubry, chef des urgences"),
        ("validated_on", "20/11/2026"),
    ];
    assert_eq!(house.form(&path, &cookie, &validated).await.status, StatusCode::SEE_OTHER);
    let page = house.get(&format!("/carte/bia/{CARE}"), &cookie).await;
    assert!(page.shows("Validé par Dr Aubry, chef des urgences le 20/11/2026."), "{}", page.words());
    assert!(house.get("/carte/bia", &cookie).await.shows("1 sur 2 validée, 1 jugée au moins en partie."));
    let judged = |page: &common::Answer, level: &'static str, note: &'static str| {
        [
            ("supersedes", seen(page)),
            ("care-1h", "1".to_owned()),
            ("care-4h", "3".to_owned()),
            ("care-24h", level.to_owned()),
            ("note", note.to_owned()),
        ]
    };
    let send = judged(&page, "4", "seule la note change");
    let send: Vec<(&str, &str)> = send.iter().map(|(name, value)| (*name, value.as_str())).collect();
    house.form(&path, &cookie, &send).await;
    let known = || house.ledger.view().state.cartography.analysis(&CARE).unwrap().clone();
    assert!(known().validated_on.is_some() && known().note == "seule la note change", "the same levels keep it");
    let page = house.get(&format!("/carte/bia/{CARE}"), &cookie).await;
    let send = judged(&page, "3", "");
    let send: Vec<(&str, &str)> = send.iter().map(|(name, value)| (*name, value.as_str())).collect();
    house.form(&path, &cookie, &send).await;
    assert_eq!((known().validated_on, known().validated_by.as_str()), (None, ""), "nobody has seen the new level");
    assert!(house.get(&format!("/carte/bia/{CARE}"), &cookie).await.shows("Historique"));
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_the_form_as_it_was() {
    let house = mapped();
    let cookie = house.enter(LENOIR).await;
    let path = format!("{}/{CARE}", base(&house));
    let refusals: [(&[(&str, &str)], &str); 7] = [
        (&[("care-1h", "3"), ("care-24h", "1"), ("note", "gardée")], "il ne diminue pas quand l’interruption dure"),
        (&[("care-1h", "9"), ("note", "gardée")], "Le niveau va de 0 (nul) à 4 (critique)."),
        (&[("care-1h", "grave"), ("note", "gardée")], "Choisissez chaque niveau dans la liste"),
        (&[("note", "gardée")], "Aucune case n’est jugée"),
        (&[("care-1h", "1"), ("validated_by", "Dr Aubry"), ("note", "gardée")], "Dites qui a validé, et quel jour."),
        (
            &[("care-1h", "1"), ("validated_by", "Dr Aubry"), ("validated_on", "31/02/2026"), ("note", "gardée")],
            "Ce jour n’existe pas",
        ),
        (
            &[("care-1h", "1"), ("validated_by", "Dr Aubry"), ("validated_on", "2026-11-22"), ("note", "gardée")],
            "pas encore venu",
        ),
    ];
    for (fields, words) in refusals {
        let refused = house.form(&path, &cookie, fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(refused.shows(words) && refused.text.contains("gardée"), "{words} in {}", refused.words());
    }
    let falling = house.form(&path, &cookie, &[("care-1h", "3"), ("care-24h", "1")]).await;
    assert!(falling.text.contains("<option value=\"3\" selected>"), "the levels come back");
    assert!(house.ledger.view().state.cartography.analyses.is_empty(), "nothing was recorded");
}

#[tokio::test]
async fn unknown_activities_other_journals_and_observers_are_turned_away() {
    let house = mapped();
    let cookie = house.enter(LENOIR).await;
    let nobody = SubjectId([99; 16]);
    for id in [nobody.to_string(), RECORD.to_string(), "rien".to_owned()] {
        assert_eq!(house.get(&format!("/carte/bia/{id}"), &cookie).await.status, StatusCode::NOT_FOUND);
        assert_eq!(
            house.form(&format!("{}/{id}", base(&house)), &cookie, &[("care-1h", "1")]).await.status,
            StatusCode::NOT_FOUND
        );
    }
    let other = format!("/journaux/{}/carte/bia/{CARE}", "ab".repeat(32));
    assert_eq!(house.form(&other, &cookie, &[("care-1h", "1")]).await.status, StatusCode::NOT_FOUND);
    let observer = house.enter(MOREAU).await;
    let page = house.get(&format!("/carte/bia/{CARE}"), &observer).await;
    assert!(
        page.status == StatusCode::OK && !page.text.contains("name=\"care-1h\"") && page.shows("Un observateur lit le bilan")
    );
    assert_eq!(
        house.form(&format!("{}/{CARE}", base(&house)), &observer, &[("care-1h", "1")]).await.status,
        StatusCode::FORBIDDEN
    );
    assert!(house.ledger.view().state.cartography.analyses.is_empty(), "nothing was recorded");
}

#[tokio::test]
async fn the_grid_shows_the_worst_level_the_bound_and_the_gap() {
    let house = mapped();
    let judged = |criterion, horizon, level| Harm { criterion, horizon, level };
    let mut harms = all(0);
    harms.retain(|harm| harm.criterion != Criterion::Care && harm.criterion != Criterion::Legal);
    for (horizon, care, legal) in [
        (Horizon::Hour, 1, 0),
        (Horizon::FourHours, 3, 0),
        (Horizon::Day, 3, 4),
        (Horizon::ThreeDays, 4, 4),
        (Horizon::Week, 4, 4),
        (Horizon::Month, 4, 4),
    ] {
        harms.extend([judged(Criterion::Care, horizon, care), judged(Criterion::Legal, horizon, legal)]);
    }
    write(&house, LENOIR, vec![Event::BiaSet(BiaSet { harms, ..BiaSet::default() }).draft(CARE)]);
    let cookie = house.enter(MOREAU).await;
    let page = house.get("/carte/bia", &cookie).await;
    assert!(page.shows("DMIA déclarée 24 h, dommage grave dès 4 h"), "{}", page.words());
    assert!(page.shows("1 DMIA est à revoir") && page.shows("à juger"), "{}", page.words());
    let cells = |page: &common::Answer| page.text.matches("<td class=\"c g").count();
    assert_eq!((cells(&page), page.text.matches("<td class=\"c na").count()), (6, 6));
    assert!(page.text.contains("<td class=\"c g4\""), "the worst of all criteria");
    let legal = house.get("/carte/bia?critere=legal", &cookie).await;
    assert_eq!((legal.text.matches("<td class=\"c g0").count(), legal.text.matches("<td class=\"c g4").count()), (2, 4));
    assert_eq!(cells(&house.get("/carte/bia?critere=detail", &cookie).await), 24);
    let open = house.get("/carte/bia?etat=ecart", &cookie).await;
    assert!(open.text.contains(&format!("/carte/bia/{CARE}")) && !open.text.contains(&format!("/carte/bia/{PAY}")));
    let none = house.get("/carte/bia?priorite=3", &cookie).await;
    assert!(none.shows("Aucune activité ne répond à ces choix."));
}

#[tokio::test]
async fn the_proposed_dmia_is_taken_and_the_rest_of_the_record_is_as_it_was() {
    let house = mapped();
    write(&house, LENOIR, vec![Event::BiaSet(BiaSet { harms: all(3), ..BiaSet::default() }).draft(CARE)]);
    let cookie = house.enter(LENOIR).await;
    let page = house.get(&format!("/carte/bia/{CARE}"), &cookie).await;
    assert!(
        page.shows("Reprendre la DMIA proposée : 1 h") && page.shows("Le RTO visé, 12 h, serait alors trop long"),
        "{}",
        page.words()
    );
    let before = house.ledger.view().state.cartography.activity(&CARE).unwrap().now().clone();
    let seen = house.ledger.view().state.cartography.activity(&CARE).unwrap().described.seen()[0].to_string();
    let path = format!("{}/{CARE}/dmia", base(&house));
    for fields in [[("supersedes", seen.as_str()), ("minutes", "240")], [("supersedes", ""), ("minutes", "60")]] {
        let refused = house.form(&path, &cookie, &fields).await;
        assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.shows("Rien n’a été enregistré."), "{fields:?}");
        assert!(refused.text.contains("name=\"care-1h\""), "the analysis is shown as it is");
    }
    let fields = [("supersedes", seen.as_str()), ("minutes", "60")];
    let observer = house.enter(MOREAU).await;
    assert_eq!(house.form(&path, &observer, &fields).await.status, StatusCode::FORBIDDEN);
    assert_eq!(house.form(&path, &cookie, &fields).await.location(), format!("/carte/bia/{CARE}"));
    let map = house.ledger.view().state.cartography.clone();
    let after = map.activity(&CARE).unwrap();
    let expected = ActivitySet { mtpd_minutes: Some(60), supersedes: after.now().supersedes.clone(), ..before };
    assert_eq!((after.now(), after.described.is_conflict()), (&expected, false), "needs and all the rest are intact");
    assert!(!house.get(&format!("/carte/bia/{CARE}"), &cookie).await.shows("Reprendre la DMIA"));
    assert_eq!(house.form(&path, &cookie, &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY, "another record by now");
}

#[tokio::test]
async fn two_analyses_written_apart_are_shown_as_a_conflict_and_settled() {
    let house = mapped();
    write(&house, LENOIR, vec![Event::BiaSet(BiaSet { harms: all(1), ..BiaSet::default() }).draft(CARE)]);
    let first = house.ledger.view().state.cartography.analyses[&CARE].seen();
    for level in [2, 3] {
        let set = BiaSet { harms: all(level), supersedes: first.clone(), ..BiaSet::default() };
        write(&house, MARCHAND, vec![Event::BiaSet(set).draft(CARE)]);
    }
    let cookie = house.enter(LENOIR).await;
    let page = house.get(&format!("/carte/bia/{CARE}"), &cookie).await;
    assert!(page.shows("conflit (2)") && page.shows("2 sensible") && page.shows("3 grave"), "{}", page.words());
    assert!(house.get("/carte/bia", &cookie).await.shows("conflit (2)"));
    let seen = seen(&page);
    assert_eq!(seen.split(',').count(), 2);
    house.form(&format!("{}/{CARE}", base(&house)), &cookie, &[("supersedes", &seen), ("care-1h", "2")]).await;
    assert!(!house.get(&format!("/carte/bia/{CARE}"), &cookie).await.shows("conflit (2)"));
}
