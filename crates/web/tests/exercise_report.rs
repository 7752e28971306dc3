//! The report of an exercise: its facts are those of the journal, its findings lead back to the minute, its sheets read back.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use calamine::Reader;
use common::exercise::{EXERCISE, branch_of, clock, close, conduct, conduct_about, open, plan, takes_part, wait_for};
use common::{CRISIS, House, LENOIR, MARCHAND, MINUTE, MOREAU, NOW, request};
use domain::Event;
use domain::crisis::event::{CrisisOpened, EntryType, Level, Logged};
use domain::exercise::event::Part;
use domain::exercise::event::conduct::{ClockAct, Debriefed, Grade, Observed, Remarked, Tone};

/// An exercise played for an hour: the crisis was opened after 12 minutes, nobody told the CERT.
async fn played(house: &House) -> (String, String) {
    plan(house);
    takes_part(house, MOREAU, Part::Observer);
    let cookie = house.enter(MARCHAND).await;
    let below = open(house, &cookie).await;
    conduct(house, &below, &cookie, &clock(ClockAct::Start, NOW)).await;
    wait_for(house, &below, &cookie, 1).await;
    house.later(12 * MINUTE);
    let crisis = CrisisOpened { title: "Rançongiciel".to_owned(), level: Level::Crisis, ..CrisisOpened::default() };
    conduct_about(house, &below, &cookie, CRISIS, &Event::CrisisOpened(crisis)).await;
    house.later(8 * MINUTE);
    conduct_about(house, &below, &cookie, CRISIS, &Logged::new(EntryType::Fact, "Deux cahiers tenus en parallèle").into_event())
        .await;
    let remark = Remarked {
        tone: Tone::Negative,
        text: "Deux cahiers <b>tenus</b>".to_owned(),
        inject: String::new(),
        line: None,
        at: Some(NOW + 20 * MINUTE),
    };
    conduct(house, &below, &cookie, &Event::Remarked(remark)).await;
    let judged = Observed { criterion: "crise_ouverte".to_owned(), grade: Grade::Unmet, remark: "Trop long".to_owned() };
    conduct(house, &below, &cookie, &Event::CriterionObserved(judged)).await;
    house.later(40 * MINUTE);
    let cookie = house.enter(MARCHAND).await;
    conduct(house, &below, &cookie, &clock(ClockAct::Finish, NOW + 60 * MINUTE)).await;
    let answers = vec![("utile".to_owned(), "L’annuaire".to_owned())];
    conduct(house, &below, &cookie, &Event::Debriefed(Debriefed { answers })).await;
    (below, cookie)
}

fn retex() -> String {
    format!("/exercices/{EXERCISE}/retex")
}

fn findings(house: &House) -> String {
    format!("/journaux/{}/exercices/{EXERCISE}/constats", house.journal)
}

#[tokio::test]
async fn the_report_says_what_the_journal_says() {
    let house = House::founded(true);
    let (below, cookie) = played(&house).await;
    assert_eq!(house.get(&retex(), &cookie).await.status, StatusCode::NOT_FOUND, "not before it is closed");
    close(&house, &cookie).await;
    let report = house.get(&retex(), &cookie).await;
    assert_eq!(report.status, StatusCode::OK, "{}", report.text);
    for words in [
        "Crise ouverte : 12 min, trop tard. CERT Santé prévenu : manqué.",
        "Crise ouverte : 12 min, trop tard.",
        "CERT Santé prévenu : manqué.",
        "0 critère tenu sur 2 lus au journal, 1 en retard ou partiel, 1 manqué.",
        "jamais",
        "M : J. Marchand",
        "brouillon",
        "RTX-04",
    ] {
        assert!(report.shows(words), "{words} : {}", report.words());
    }
    assert!(!report.text.contains("<b>tenus</b>"), "what people write is words");
    // The minute leads to the room as it was, in the branch.
    let room = format!("{below}/journaux/{}/crises/{CRISIS}?a=", branch_of(&house));
    let link = report.text.split(&format!("href=\"{room}")).nth(1).unwrap().split('"').next().unwrap().to_owned();
    let replay = house.get(&format!("{room}{link}"), &cookie).await;
    assert_eq!(replay.status, StatusCode::OK);
    assert!(replay.text.contains("data-replay"));
    // A player reads it, somebody who took no part and may plan nothing does not.
    assert_eq!(house.get(&retex(), &house.enter(LENOIR).await).await.status, StatusCode::OK);
    assert!(
        !house.get(&retex(), &house.enter(MOREAU).await).await.text.contains("Retenir"),
        "an observer of the establishment writes nothing"
    );
    assert_eq!(
        house.get(&format!("{below}{}", retex()), &cookie).await.status,
        StatusCode::NOT_FOUND,
        "no report inside the exercise"
    );
}

#[tokio::test]
async fn findings_are_kept_once_changed_and_taken_back() {
    let house = House::founded(true);
    let (_, cookie) = played(&house).await;
    close(&house, &cookie).await;
    let report = house.get(&retex(), &cookie).await;
    let author = MARCHAND.to_string();
    assert!(report.shows("Constats proposés"), "{}", report.text);
    let proposal = [
        ("author", author.as_str()),
        ("tone", "negative"),
        ("text", "CERT Santé prévenu : jamais."),
        ("criterion", "cert_declare"),
    ];
    for request in ["a", "b"] {
        let request = request.repeat(32);
        let mut fields = proposal.to_vec();
        fields.push(("request", request.as_str()));
        house.form(&findings(&house), &cookie, &fields).await;
    }
    let kept = |house: &House| house.ledger.view().state.exercises.all.get(&EXERCISE).unwrap().findings.clone();
    assert_eq!(kept(&house).len(), 1, "pressed twice, kept once");
    let page = house.get(&retex(), &cookie).await;
    assert!(page.text.contains("/actions/nouvelle?titre=R%C3%A9p%C3%A9ter"), "an action is written from it: {}", page.text);
    let id = kept(&house).keys().next().unwrap().to_string();
    let edit = house.get(&format!("{}/constat?constat={id}", retex()), &cookie).await;
    let (seen, known) = (edit.field("supersedes"), edit.field("finding"));
    let changed = [
        ("author", author.as_str()),
        ("tone", "negative"),
        ("text", "Personne n’a prévenu le CERT."),
        ("at", "15:10"),
        ("finding", &known),
        ("supersedes", &seen),
    ];
    let answer = house.form(&findings(&house), &cookie, &changed).await;
    assert_eq!(answer.location(), retex(), "{}", answer.text);
    assert!(house.get(&retex(), &cookie).await.shows("Personne n’a prévenu le CERT."));
    for (at, words) in [("demain peut-être", "Cette heure n’est pas comprise"), ("15:10", "")] {
        let long = "x".repeat(if words.is_empty() { 10 * 1024 * 1024 } else { 3 });
        let refused = house
            .form(&findings(&house), &cookie, &[("author", &author), ("tone", "negative"), ("text", &long), ("at", at)])
            .await;
        assert!(refused.status.is_client_error(), "{}", refused.status);
        assert!(words.is_empty() || refused.shows(words), "{}", refused.text);
    }
    // A player does not write the report; an unknown exercise has none.
    let nobody = house
        .form(
            &findings(&house),
            &house.enter(MOREAU).await,
            &[("author", &MOREAU.to_string()), ("tone", "negative"), ("text", "x")],
        )
        .await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
    assert_eq!(house.get("/exercices/00000000000000000000000000000001/retex", &cookie).await.status, StatusCode::NOT_FOUND);
    let elsewhere = findings(&house).replace(&house.journal.to_string(), &branch_of(&house).to_string());
    assert_eq!(house.form(&elsewhere, &cookie, &proposal).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_words_are_edited_and_the_workbook_reads_back() {
    let house = House::founded(true);
    let (_, cookie) = played(&house).await;
    close(&house, &cookie).await;
    let author = MARCHAND.to_string();
    let path = format!("/journaux/{}/exercices/{EXERCISE}/retex", house.journal);
    let form = house.get(&format!("{}/texte", retex()), &cookie).await;
    assert!(form.shows("Texte du RETEX"), "{}", form.text);
    let words = [
        ("author", author.as_str()),
        ("headline", "Le CERT n’a jamais été prévenu."),
        ("summary", "=1+1"),
        ("validated_by", "J. Marchand"),
    ];
    assert_eq!(house.form(&path, &cookie, &words).await.location(), retex());
    // Written by two at once: the second is told.
    let again = house.form(&path, &cookie, &[("author", &author), ("headline", "Autre chose.")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", again.text);
    assert!(again.text.contains("Autre chose."), "what was typed is given back");
    let page = house.get(&retex(), &cookie).await;
    assert!(page.shows("Le CERT n’a jamais été prévenu.") && page.shows("Validé par J. Marchand") && !page.shows("brouillon"));
    let response = house.raw(request(Method::GET, &format!("{}.xlsx", retex()), &cookie).body(Body::empty()).unwrap()).await;
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
    assert_eq!(book.sheet_names(), ["Synthèse", "Critères", "Constats", "Préconisations"]);
    let criteria = book.worksheet_range("Critères").unwrap();
    let cells: Vec<Vec<String>> = criteria.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
    assert_eq!(cells[1][..4], ["Crise ouverte", "avant 10 min", "12 min", "En retard"]);
    assert_eq!(cells[1][6..], ["M", "Trop long"]);
    assert_eq!(cells[2][2], "jamais");
    let summary = book.worksheet_range("Synthèse").unwrap();
    assert!(summary.rows().all(|row| !row[1].to_string().starts_with('=')), "no cell computes");
}
