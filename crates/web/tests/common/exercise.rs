//! An exercise of the tests: planned, opened, conducted through the branch's API.

use super::{House, LENOIR, MARCHAND, NOW};
use axum::http::StatusCode;
use domain::Event;
use domain::exercise::event::conduct::{ClockAct, ClockSet};
use domain::exercise::event::scenario::{Criterion, Inject, Scenario, Target, Team};
use domain::exercise::event::{Part, ParticipantSet, Planned};
use journal::write::Author;
use journal::{ActorId, Auth, JournalId, RequestId, SubjectId};
use std::time::Duration;
use store::Submission;

pub const EXERCISE: SubjectId = SubjectId([7; 16]);

/// Records an event about the exercise in the establishment's journal.
pub fn record(house: &House, actor: ActorId, event: &Event) {
    let author = Author { actor, auth: Auth::None };
    let submission = Submission { request: RequestId(house.env().bytes()), author, drafts: vec![event.draft(EXERCISE)] };
    house.ledger.submit_wait(submission).unwrap();
}

pub fn inject(key: &str, at: u32) -> Inject {
    Inject {
        key: key.to_owned(),
        at: Some(at),
        from: "SAMU".to_owned(),
        title: format!("Stimulus {key}"),
        text: "Bonjour.".to_owned(),
        ..Inject::default()
    }
}

pub fn criterion(key: &str, title: &str, fact: &str, target: Target) -> Criterion {
    Criterion {
        key: key.to_owned(),
        title: title.to_owned(),
        objective: String::new(),
        fact: fact.to_owned(),
        target: Some(target),
        look: "On regarde.".to_owned(),
        advice: format!("Répéter : {title}."),
        action: "rtx_04".to_owned(),
    }
}

/// An exercise that Marchand runs, Lenoir plays; nobody else takes part.
pub fn plan(house: &House) {
    let scenario = Scenario {
        title: "Nuit blanche".to_owned(),
        minutes: 60,
        teams: vec![Team { key: "direction".to_owned(), name: "Direction".to_owned(), who: String::new() }],
        criteria: vec![
            criterion("crise_ouverte", "Crise ouverte", "exercise.minutes_to_crisis_opened", Target::Within(10)),
            criterion("cert_declare", "CERT Santé prévenu", "exercise.minutes_to_cert_declared", Target::Within(60)),
        ],
        ..Scenario::default()
    };
    let injects = vec![inject("1", 0), inject("2", 10), inject("3", 30)];
    record(house, MARCHAND, &Event::ExercisePlanned(Planned { scenario, injects, campaign: String::new() }));
    takes_part(house, LENOIR, Part::Player);
}

pub fn takes_part(house: &House, actor: ActorId, part: Part) {
    let team = if part == Part::Player { "direction" } else { "" };
    let set = ParticipantSet { actor, part, team: team.to_owned(), left: false };
    record(house, MARCHAND, &Event::ParticipantSet(set));
}

pub fn opening(house: &House) -> String {
    format!("/journaux/{}/exercices/{EXERCISE}/ouvrir", house.journal)
}

/// Opens it as its facilitator; returns what the addresses of the branch begin with.
pub async fn open(house: &House, cookie: &str) -> String {
    let answer = house.form(&opening(house), cookie, &[("author", &MARCHAND.to_string()), ("during_crisis", "1")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.location().strip_suffix("/console").unwrap().to_owned()
}

/// Closes it as its facilitator.
pub async fn close(house: &House, cookie: &str) {
    let closing = format!("/journaux/{}/exercices/{EXERCISE}/clore", house.journal);
    let closed = house.form(&closing, cookie, &[("author", &MARCHAND.to_string())]).await;
    assert_eq!(closed.location(), format!("/exercices/{EXERCISE}/retex"), "{}", closed.text);
}

pub fn branch_of(house: &House) -> JournalId {
    house.ledger.view().state.exercises.all.get(&EXERCISE).unwrap().opened.as_ref().unwrap().what.branch
}

/// An event about the exercise, through the branch's API.
pub async fn conduct(house: &House, below: &str, cookie: &str, event: &Event) {
    conduct_about(house, below, cookie, EXERCISE, event).await;
}

/// An event through the branch's API.
pub async fn conduct_about(house: &House, below: &str, cookie: &str, subject: SubjectId, event: &Event) {
    let draft = event.draft(subject);
    let body: serde_json::Value = serde_json::from_slice(&draft.body).unwrap();
    let json = serde_json::json!({
        "request": RequestId(house.env().bytes()).to_string(),
        "events": [{ "kind": draft.kind, "subject": subject.to_string(), "body": body }],
    });
    let path = format!("{below}/api/v1/journals/{}/requests", branch_of(house));
    let answer = house.post_json(&path, cookie, json.to_string()).await;
    assert!(answer.status.is_success(), "{} {}", answer.status, answer.text);
}

pub fn clock(act: ClockAct, at: i64) -> Event {
    Event::ClockSet(ClockSet { act, at })
}

/// How many injects the branch says were played.
pub async fn fired(house: &House, below: &str, cookie: &str) -> usize {
    let path = format!("{below}/api/v1/journals/{}/state/exercises", branch_of(house));
    let all = house.get(&path, cookie).await.json();
    let injects = all["all"][EXERCISE.to_string()]["injects"].as_object().cloned().unwrap_or_default();
    injects.values().filter(|inject| !inject["fired"].is_null()).count()
}

/// Waits until the conductor has played so many.
pub async fn wait_for(house: &House, below: &str, cookie: &str, count: usize) {
    for _ in 0..100 {
        if fired(house, below, cookie).await == count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{} injects were played, not {count}", fired(house, below, cookie).await);
}

/// When the tests' exercise begins.
pub const DEBEX: i64 = NOW;
