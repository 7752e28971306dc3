//! The map through its pages: a typical list, then one activity at a time.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test stops at the first surprise")]

mod common;

use axum::http::StatusCode;
use common::{CRISIS, House, LENOIR, MARCHAND};
use domain::Event;
use domain::cartography::event::{ActivitySet, ApplicationSet};
use domain::situation::board::Board;
use journal::write::Author;
use journal::{Auth, RequestId, SubjectId};
use store::Submission;

const BIOLOGY: SubjectId = SubjectId([21; 16]);
const LABORATORY: SubjectId = SubjectId([31; 16]);
const LONG: &str = "Unité de surveillance continue polyvalente et de soins intensifs de pneumologie du site Nord";
const SCRIPT: &str = "<script>alert(1)</script>";

#[tokio::test]
async fn the_map_starts_from_a_typical_list_accepted_adapted_or_refused_at_once() {
    let house = House::new();
    let cookie = house.enter(MARCHAND).await;
    let empty = house.get("/carte/activites", &cookie).await;
    assert!(empty.shows("Aucune activité n’est décrite."));
    let base = format!("/journaux/{}/carte", house.journal);
    let list = content::starter::of("ehpad").unwrap();
    let page = house.get(&format!("{base}/liste-type?genre=ehpad"), &cookie).await;
    assert!(list.activities.iter().all(|a| page.text.contains(&format!("name=\"a-{}\"", a.key))));
    let (first, second) = (&list.activities[0], &list.activities[1]);
    let request = page.field("request");
    let mut fields: Vec<(String, String)> = vec![("request".to_owned(), request), ("genre".to_owned(), "ehpad".to_owned())];
    for app in &list.applications {
        fields.extend([(format!("p-{}", app.key), "1".to_owned()), (format!("app-{}", app.key), app.name.clone())]);
    }
    for (item, name, mtpd) in [(first, first.name.as_str(), "4 h"), (second, LONG, "longtemps")] {
        fields.extend([
            (format!("a-{}", item.key), "1".to_owned()),
            (format!("nom-{}", item.key), name.to_owned()),
            (format!("priorite-{}", item.key), "1".to_owned()),
            (format!("dmia-{}", item.key), mtpd.to_owned()),
        ]);
    }
    let send = |fields: &[(String, String)]| fields.iter().map(|(k, v)| (k.clone(), v.clone())).collect::<Vec<_>>();
    let post = |fields: Vec<(String, String)>| {
        let (house, cookie, base) = (&house, &cookie, &base);
        async move {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            house.form(&format!("{base}/liste-type"), cookie, &fields).await
        }
    };
    let refused = post(send(&fields)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.shows("« longtemps » n’est pas une durée comprise ici") && refused.text.contains(LONG));
    assert!(house.ledger.view().state.cartography.by_priority().is_empty(), "all of it or nothing");
    fields.last_mut().unwrap().1 = "2 h".to_owned();
    assert_eq!(post(send(&fields)).await.status, StatusCode::SEE_OTHER);
    let map = house.ledger.view().state.cartography.clone();
    assert_eq!((map.by_priority().len(), map.by_name().len()), (2, list.applications.len()));
    let kept = map.by_priority().into_iter().find(|a| a.now().name == first.name).unwrap().now().clone();
    assert_eq!(kept.needs.len(), first.needs.len());
    // The same form sent twice changes nothing.
    post(send(&fields)).await;
    assert_eq!(house.ledger.view().state.cartography.by_priority().len(), 2);
    let board = Board::of(&house.ledger.view().state, &CRISIS).activities.len();
    assert_eq!(board, 2);
}

#[tokio::test]
async fn an_activity_is_described_changed_and_taken_off_the_map() {
    let house = House::new();
    let author = Author { actor: MARCHAND, auth: Auth::None };
    let application = ApplicationSet { name: "Système du laboratoire".to_owned(), ..ApplicationSet::default() };
    let biology = ActivitySet {
        name: "Biologie".to_owned(),
        priority: 1,
        mtpd_minutes: Some(240),
        needs: vec![LABORATORY],
        ..ActivitySet::default()
    };
    let drafts = vec![Event::ApplicationSet(application).draft(LABORATORY), Event::ActivitySet(biology).draft(BIOLOGY)];
    house.ledger.submit_wait(Submission { request: RequestId([7; 16]), author, drafts }).unwrap();
    let cookie = house.enter(LENOIR).await;
    let base = format!("/journaux/{}/carte", house.journal);
    let laboratory = LABORATORY.to_string();
    let fields = [("name", SCRIPT), ("priority", "3"), ("mtpd", "3 j"), ("owner", "=cmd"), ("needs", laboratory.as_str())];
    assert_eq!(house.form(&format!("{base}/activites"), &cookie, &fields).await.location(), "/carte/activites");
    let page = house.get("/carte/activites", &cookie).await;
    assert!(!page.text.contains(SCRIPT) && page.shows("=cmd") && page.shows("3 j"));
    let taken = house.form(&format!("{base}/activites"), &cookie, &[("name", "biologie"), ("priority", "1")]).await;
    assert!(taken.status == StatusCode::UNPROCESSABLE_ENTITY && taken.shows("Ce nom est déjà sur la carte"));
    let edit = house.get(&format!("{base}/activites/{BIOLOGY}"), &cookie).await;
    assert_eq!((edit.field("name"), edit.field("mtpd")), ("Biologie".to_owned(), "4 h".to_owned()));
    let seen = edit.field("supersedes");
    let changed = [("supersedes", seen.as_str()), ("name", "Biologie médicale"), ("priority", "2"), ("mtpd", "90 min")];
    house.form(&format!("{base}/activites/{BIOLOGY}"), &cookie, &changed).await;
    let now = house.ledger.view().state.cartography.activity(&BIOLOGY).unwrap().now().clone();
    assert_eq!((now.name.as_str(), now.mtpd_minutes, now.needs.len()), ("Biologie médicale", Some(90), 0));
    let remove = format!("{base}/elements/{BIOLOGY}/retirer");
    assert_eq!(house.form(&remove, &cookie, &[("reason", " ")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(house.form(&remove, &cookie, &[("reason", "sous-traitée")]).await.status, StatusCode::SEE_OTHER);
    assert!(!house.get("/carte/activites", &cookie).await.shows("Biologie médicale"));
}
