//! The branch of an exercise: opened beside the establishment, served below its own address, conducted on time.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use axum::http::StatusCode;
use common::exercise::{EXERCISE, branch_of, clock, close, conduct, fired, open, opening, plan, wait_for};
use common::{House, LENOIR, MARCHAND, MINUTE, MOREAU, NOW};
use domain::exercise::event::conduct::ClockAct;
use journal::JournalId;
use std::time::Duration;
use store::Folder;

#[tokio::test]
async fn a_real_crisis_runs_on_untouched() {
    let house = House::new();
    plan(&house);
    let cookie = house.enter(MARCHAND).await;
    let refused = house.form(&opening(&house), &cookie, &[("author", &MARCHAND.to_string())]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.shows("Une crise réelle est en cours"), "{}", refused.text);
    let below = open(&house, &cookie).await;
    assert_eq!(open(&house, &cookie).await, below, "sent twice, it is one branch");
    let inside = house.get(&format!("{below}/"), &cookie).await;
    assert_eq!(inside.status, StatusCode::OK, "{}", inside.text);
    assert!(inside.text.contains("EXERCICE – "), "every page says so");
    assert!(inside.text.contains(&format!("data-base=\"{below}\"")));
    assert!(!inside.text.contains(&format!("{below}{}", house.room())), "the real crisis is not there, only the way out to it");
    assert!(inside.text.contains(&format!("href=\"{below}/annuaire\"")), "links stay in the exercise");
    assert!(!inside.text.contains("href=\"/annuaire\""));
    assert!(inside.text.contains("href=\"/actifs/"), "files are the program's");
    // What is done there does not show here.
    let opened = [
        ("author", MARCHAND.to_string()),
        ("title", "Crise jouée".to_owned()),
        ("level", "crisis".to_owned()),
        ("journal", branch_of(&house).to_string()),
    ];
    let opened: Vec<(&str, &str)> = opened.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let before = house.ledger.view().entries;
    let answer = house.form(&format!("{below}/crises/nouvelle"), &cookie, &opened).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert!(answer.location().starts_with(&below), "{}", answer.location());
    assert_eq!(house.ledger.view().entries, before, "the establishment's journal is untouched");
    // Nothing crosses: the establishment's own journal is unknown in the branch.
    assert_eq!(house.get(&format!("{below}{}", house.room()), &cookie).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn only_those_who_take_part_enter_and_players_read_no_chronogramme() {
    let house = House::founded(true);
    plan(&house);
    let below = open(&house, &house.enter(MARCHAND).await).await;
    let branch = branch_of(&house);
    let stranger = house.enter(MOREAU).await;
    for path in ["/", "/annuaire", "/console", "/boite"] {
        assert_eq!(house.get(&format!("{below}{path}"), &stranger).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let player = house.enter(LENOIR).await;
    assert_eq!(house.get(&format!("{below}/annuaire"), &player).await.status, StatusCode::OK);
    let raw = [
        "/journal".to_owned(),
        format!("/api/v1/journals/{branch}/entries"),
        format!("/api/v1/journals/{branch}/state/exercises"),
    ];
    for path in &raw {
        assert_eq!(house.get(&format!("{below}{path}"), &player).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    // In the establishment, a player may read the journal, but not the words of an exercise to come.
    let entries = house.get(&house.api("/entries"), &player).await;
    assert!(!entries.text.contains("Stimulus 2"), "{}", entries.text);
    let known = house.get(&house.api("/entries"), &house.enter(MARCHAND).await).await;
    assert!(known.text.contains("Stimulus 2"));
    // Nobody is in: to the door of the same place.
    let answer = house.get(&format!("{below}/annuaire"), "").await;
    assert_eq!(answer.location(), format!("{below}/connexion?vers=%2Fannuaire"));
    // Accounts are of real life.
    assert_eq!(house.get(&format!("{below}/compte"), &player).await.location(), "/compte");
    let created =
        house.form(&format!("{below}/journaux/{branch}/comptes"), &house.enter(MARCHAND).await, &[("name", "Intrus")]).await;
    assert_eq!(created.status, StatusCode::NOT_FOUND);
    for wrong in
        [format!("/exercice/{}/", house.journal), format!("/exercice/{}/", JournalId([3; 16])), "/exercice/7/".to_owned()]
    {
        assert_eq!(house.get(&wrong, &player).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
}

#[tokio::test]
async fn injects_are_played_on_time_and_a_restart_loses_none() {
    let house = House::founded(true);
    plan(&house);
    let cookie = house.enter(MARCHAND).await;
    let below = open(&house, &cookie).await;
    conduct(&house, &below, &cookie, &clock(ClockAct::Start, NOW)).await;
    wait_for(&house, &below, &cookie, 1).await;
    house.later(9 * MINUTE);
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(fired(&house, &below, &cookie).await, 1, "not before its time");
    house.later(MINUTE);
    wait_for(&house, &below, &cookie, 2).await;
    // Killed in the middle, and back after the time of the next.
    let House { dir, ledger, app, clock: time, .. } = house;
    drop((ledger, app));
    tokio::time::sleep(Duration::from_millis(300)).await;
    time.fetch_add(25 * MINUTE, std::sync::atomic::Ordering::SeqCst);
    let house = House::open(dir, time, true);
    let cookie = house.enter(MARCHAND).await;
    wait_for(&house, &below, &cookie, 3).await;
    conduct(&house, &below, &cookie, &clock(ClockAct::Finish, NOW + 40 * MINUTE)).await;
    // Closed: its results are in the establishment's journal; its room is read, not written.
    close(&house, &cookie).await;
    let view = house.ledger.view();
    let what = view.state.exercises.all.get(&EXERCISE).unwrap().closed.clone().unwrap().what;
    assert_eq!((what.results.fired, what.results.minutes), (3, 40));
    assert_eq!(house.get(&format!("{below}/annuaire"), &cookie).await.status, StatusCode::OK);
    let late = house.form(&format!("{below}/crises/nouvelle"), &cookie, &[("title", "Trop tard")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.shows("Cet exercice est clos"), "{}", late.text);
}

#[tokio::test]
async fn a_backup_takes_the_branches_along() {
    let house = House::founded(true);
    plan(&house);
    let cookie = house.enter(MARCHAND).await;
    let below = open(&house, &cookie).await;
    conduct(&house, &below, &cookie, &clock(ClockAct::Start, NOW)).await;
    wait_for(&house, &below, &cookie, 1).await;
    let copies = tempfile::tempdir().unwrap();
    let (copy, restored) = (copies.path().join("copie"), copies.path().join("restauree"));
    store::backup::backup(&Folder::at(house.dir.path()), &copy, NOW, |_, _| ()).unwrap();
    store::backup::restore(&copy, &Folder::at(&restored), |_, _| ()).unwrap();
    let branches = Folder::at(&restored).branches().unwrap();
    assert_eq!(branches.len(), 1);
    let verified = store::verify::verify(&branches[0].1, &[], None, &[], |_, _| ()).unwrap();
    assert!(verified.report.findings.is_empty());
    assert_eq!(verified.journal, branch_of(&house));
}
