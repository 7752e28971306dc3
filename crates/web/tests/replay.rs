//! Any page at a chosen minute.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use axum::http::StatusCode;
use common::*;
use domain::crisis::event::{EntryCorrected, EntryType, Logged};
use domain::{Event, State};
use journal::write::{Author, Draft};
use journal::{Auth, AuthorityAct, Entry, EntryId, RequestId};
use std::path::Path;
use store::{Folder, Ledger, Options, Submission};

/// Local minute of an address, so many minutes after 14:32.
fn at(minutes: i64) -> String {
    let of_day = 14 * 60 + 32 + minutes;
    format!("2026-11-21T{:02}:{:02}", of_day / 60, of_day % 60)
}

/// A house with a fact, a correction of it, an action that is then done, one every ten minutes from 14:42 on; at 15:32.
fn lived_in() -> (House, EntryId, EntryId) {
    let house = House::new();
    house.later(10 * MINUTE);
    let fact = house.log(EntryType::Fact, "La paie est perdue");
    house.later(10 * MINUTE);
    let text = "La paie partira à temps".to_owned();
    house.write(LENOIR, vec![Event::EntryCorrected(EntryCorrected { entry: fact, text, supersedes: vec![fact] })]);
    house.later(10 * MINUTE);
    let due_at = Some(NOW + 35 * MINUTE);
    let task = Logged { owner: Some("N. Aubry".to_owned()), due_at, ..Logged::new(EntryType::Action, "Porter les bons") };
    let task = house.write(LENOIR, vec![task.into_event()])[0];
    house.later(10 * MINUTE);
    house.write(LENOIR, vec![Logged { closes: vec![task], ..Logged::new(EntryType::Fact, "Bons portés") }.into_event()]);
    house.later(20 * MINUTE);
    (house, fact, task)
}

/// Addresses in `href`, `action` or `formaction`, entities resolved.
fn references(page: &str, attribute: &str) -> Vec<String> {
    let mark = format!(" {attribute}=\"");
    page.split(&mark).skip(1).filter_map(|rest| rest.split('"').next()).map(|value| value.replace("&amp;", "&")).collect()
}

#[tokio::test]
async fn the_room_is_seen_again_as_it_was() {
    let (house, fact, _) = lived_in();
    let cookie = house.enter(LENOIR).await;
    let seen = async |minutes: i64| house.get(&format!("{}?a={}", house.room(), at(minutes)), &cookie).await;
    let before = seen(9).await;
    assert!(before.shows("Revu au 21/11 à 14:41") && before.shows("rien ne s’écrit ici"), "{}", before.text);
    assert!(!before.shows("La paie"));
    assert!(before.shows("T+09:09"), "the crisis counts to that moment");
    let noted = seen(10).await;
    assert!(noted.shows("La paie est perdue") && !noted.shows("partira à temps"));
    let corrected = seen(20).await;
    assert!(corrected.shows("La paie partira à temps") && corrected.shows("corrigé à 14:52"));
    let todo = seen(30).await;
    assert!(todo.shows("Porter les bons") && todo.shows("1 ouverte") && !todo.shows("dont 1 en retard"));
    let late = seen(36).await;
    assert!(late.shows("1 en retard") && !late.shows("Bons portés"));
    let done = seen(41).await;
    assert!(done.shows("Bons portés") && done.shows("fait à 15:12"));
    let now = house.get(&house.room(), &cookie).await;
    assert!(now.shows("Bons portés") && !now.shows("Revu au"), "the present is not mixed with the past");
    let detail = format!("{}/entrees/{fact}", house.room());
    assert!(!house.get(&format!("{detail}?a={}", at(15)), &cookie).await.shows("partira à temps"));
    assert!(house.get(&detail, &cookie).await.shows("partira à temps"));
    // To the millisecond, too.
    let wall = house.lines()[0].wall;
    assert!(house.get(&format!("{}?a={wall}", house.room()), &cookie).await.shows("La paie"));
    assert!(!house.get(&format!("{}?a={}", house.room(), wall - 1), &cookie).await.shows("La paie"));
}

#[tokio::test]
async fn every_page_of_a_person_can_be_seen_again_and_keeps_the_moment() {
    let (house, fact, _) = lived_in();
    let cookie = house.enter(MARCHAND).await;
    let room = house.room();
    let detail = format!("{room}/entrees/{fact}");
    for path in ["/", "/journal", "/crises/nouvelle", &room, &format!("{room}?type=fact"), &detail] {
        let and = if path.contains('?') { '&' } else { '?' };
        let page = house.get(&format!("{path}{and}a={}", at(25)), &cookie).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.shows("Revu au 21/11 à 14:57") && page.shows("EXERCICE"), "{path}");
        let body = page.text.split_once("<body").unwrap().1;
        let back = format!("href=\"{}\"", path.replace('&', "&amp;"));
        assert!(body.contains(&back), "{path}: no way back to now");
        let links = references(body, "href");
        let local = links.iter().filter(|link| link.starts_with('/') && !link.starts_with("/actifs/") && *link != path);
        for link in local {
            assert!(link.contains("?a=") || link.contains("&a="), "{path}: {link} leaves the moment");
        }
    }
}

#[tokio::test]
async fn nothing_is_written_from_the_past() {
    let (house, _, task) = lived_in();
    let cookie = house.enter(MARCHAND).await;
    let entries = house.ledger.view().entries;
    let (room, mut tried) = (house.room(), 0);
    let pages =
        ["/".to_owned(), "/journal".to_owned(), "/crises/nouvelle".to_owned(), format!("{room}/entrees/{task}"), room.clone()];
    for path in pages {
        let page = house.get(&format!("{path}?a={}", at(35)), &cookie).await;
        assert!(!page.text.contains("data-live=") && page.text.contains("data-replay"), "{path}: the past follows nothing");
        for form in page.text.split("<form").skip(1).filter(|form| form.contains("method=\"post\"")) {
            let tag = form.split('>').next().unwrap();
            let action = references(tag, "action").pop().unwrap_or_else(|| format!("{path}?a={}", at(35)));
            if ["/deconnexion", "/verrouiller"].contains(&action.as_str()) {
                continue;
            }
            let refused = house.form(&action, &cookie, &[("text", "intrus"), ("title", "intrus"), ("level", "crisis")]).await;
            assert_eq!(refused.status, StatusCode::CONFLICT, "{action}");
            assert!(
                refused.shows("rien ne s’y écrit") && refused.text.contains("Voir cette page maintenant"),
                "{}",
                refused.text
            );
            tried += 1;
        }
    }
    let by_hand = house.form(&format!("{room}/entrees?a={}", at(1)), &cookie, &[("text", "intrus")]).await;
    assert_eq!(by_hand.status, StatusCode::CONFLICT);
    let body = r#"{"request":"00","events":[]}"#;
    let by_program = house.post_json(&format!("{}?a=1", house.api("/requests")), &cookie, body).await;
    assert_eq!((by_program.status, by_program.json()["error"]["code"].as_str()), (StatusCode::CONFLICT, Some("replayed")));
    assert_eq!(house.ledger.view().entries, entries);
    assert!(tried <= 2, "the past offers forms that write: {tried}");
}

fn copy_dir(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for item in std::fs::read_dir(from).unwrap() {
        let path = item.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() { copy_dir(&path, &target) } else { _ = std::fs::copy(&path, &target).unwrap() }
    }
}

/// What another laptop writes now on a copy of this house: its entries, in order of arrival.
fn written_elsewhere(house: &House, text: &str) -> Vec<Entry> {
    let dir = tempfile::tempdir().unwrap();
    copy_dir(house.dir.path(), dir.path());
    let folder = Folder::at(dir.path());
    std::fs::remove_file(folder.keys().join("device.key")).unwrap();
    folder.key_or_new("device.key", &[77; 32]).unwrap();
    let ledger = Ledger::<State>::open(&folder, house.env(), Options::default()).unwrap();
    let drafts = vec![Logged::new(EntryType::Fact, text).into_event().draft(CRISIS)];
    let author = Author { actor: LENOIR, auth: Auth::None };
    ledger.submit_wait(Submission { request: RequestId([78; 16]), author, drafts }).unwrap();
    let stored = store::rows::after(&ledger.reader().unwrap(), 0, 10_000).unwrap();
    stored.into_iter().map(|stored| stored.entry.unwrap()).collect()
}

#[tokio::test]
async fn late_news_does_not_sneak_into_the_past() {
    let house = House::new();
    house.later(10 * MINUTE);
    let news = written_elsewhere(&house, "Vu depuis l’annexe");
    house.later(10 * MINUTE);
    house.log(EntryType::Fact, "Vu d’ici");
    house.later(10 * MINUTE);
    house.ledger.merge(news).unwrap();
    house.later(10 * MINUTE);
    // Nobody acted for longer than a session stays open.
    let cookie = house.enter(LENOIR).await;
    let room = house.room();
    assert!(house.get(&room, &cookie).await.shows("Vu depuis l’annexe"));
    let before = house.get(&format!("{room}?a={}", at(25)), &cookie).await;
    assert!(before.shows("Vu d’ici") && !before.shows("Vu depuis l’annexe"));
    assert!(house.get(&format!("{room}?a={}", at(30)), &cookie).await.shows("Vu depuis l’annexe"));
}

#[tokio::test]
async fn who_may_look_is_judged_now() {
    let (house, ..) = lived_in();
    let cookie = house.enter(MOREAU).await;
    let seen = format!("{}?a={}", house.room(), at(25));
    assert_eq!(house.get(&seen, &cookie).await.status, StatusCode::OK, "an observer looks at the past too");
    let act = AuthorityAct::RoleWithdrawn { actor: MOREAU, reason: "départ".to_owned() };
    let author = Author { actor: MARCHAND, auth: Auth::None };
    let drafts = vec![Draft::of_act(&act)];
    house.ledger.submit_wait(Submission { request: RequestId([7; 16]), author, drafts }).unwrap();
    let refused = house.get(&seen, &cookie).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(!refused.shows("La paie"));
    let refused = house.get(&format!("{}?a={}", house.api("/crises"), at(25)), &cookie).await;
    assert_eq!(refused.json()["error"]["code"], "no_role");
    assert_eq!(house.get(&seen, "").await.status, StatusCode::SEE_OTHER, "nobody looks without signing in");
}

#[tokio::test]
async fn a_moment_that_cannot_be_seen_gets_a_sentence() {
    let (house, ..) = lived_in();
    let cookie = house.enter(LENOIR).await;
    let cases = [
        ("", "n’est pas compris"),
        ("hier", "n’est pas compris"),
        ("2026-13-40T25:61", "n’est pas compris"),
        ("%3Cscript%3E", "n’est pas compris"),
        ("99999999999999999999999", "n’est pas compris"),
        ("2026-11-21T15:33", "encore à venir"),
        ("2020-01-01T00:00", "Rien n’était encore écrit"),
        ("0", "Rien n’était encore écrit"),
    ];
    for (moment, sentence) in cases {
        let answer = house.get(&format!("/journal?a={moment}"), &cookie).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{moment}");
        assert!(answer.shows(sentence) && answer.text.contains("href=\"/journal\""), "{moment}: {}", answer.text);
        let answer = house.get(&format!("{}?a={moment}", house.api("/crises")), &cookie).await;
        assert_eq!(
            (answer.status, answer.json()["error"]["code"].as_str()),
            (StatusCode::BAD_REQUEST, Some("bad_moment")),
            "{moment}"
        );
    }
    let early = House::founded(true);
    early.later(60 * MINUTE);
    early.write(MARCHAND, vec![Event::CrisisOpened(opening())]);
    let cookie = early.enter(LENOIR).await;
    let answer = early.get(&format!("{}?a={}", early.room(), at(30)), &cookie).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.shows("cette page n’existait pas encore"), "{}", answer.text);
}

#[tokio::test]
async fn the_bar_leads_from_moment_to_moment() {
    let (house, ..) = lived_in();
    let cookie = house.enter(LENOIR).await;
    let room = house.room();
    let page = house.get(&format!("{room}?type=fact&a={}", at(25)), &cookie).await;
    let links = references(&page.text, "href");
    let has = |moment: &str| links.contains(&format!("{room}?type=fact&a={moment}"));
    for minutes in [15, 24, 26, 35] {
        assert!(has(&at(minutes)), "{minutes}: {links:?}");
    }
    let walls: Vec<i64> = house.lines().iter().map(|line| line.wall).collect();
    assert!(has(&walls[0].to_string()) && has(&walls[1].to_string()), "the entries before the last one and after: {links:?}");
    let slider = page.text.split("<input type=\"range\"").nth(1).unwrap().split('>').next().unwrap();
    let end = |minutes: i64| NOW + minutes * MINUTE + MINUTE - 1;
    let value = |name: &str| references(slider, name).pop().unwrap().parse::<i64>().unwrap();
    // The crisis began before the journal: nothing can be seen before the first entry.
    assert_eq!((value("min"), value("value"), value("max"), value("step")), (end(0), end(25), end(60), MINUTE));
    assert!(page.text.contains("<input type=\"hidden\" name=\"type\" value=\"fact\">"));
    let by_slider = house.get(&format!("{room}?type=fact&a={}", end(25)), &cookie).await;
    assert!(by_slider.shows("Revu au 21/11 à 14:57"));
    // At the ends nothing leads further.
    let last = house.get(&format!("{room}?a={}", at(60)), &cookie).await;
    assert!(last.shows("Revu au 21/11 à 15:32") && last.shows("Bons portés"));
    assert!(!references(&last.text, "href").iter().any(|link| link.contains("T15:33") || link.contains("T15:42")));
    let now = house.get(&room, &cookie).await;
    assert!(references(&now.text, "href").contains(&format!("{room}?a={}", at(60))), "the way in");
}

#[tokio::test]
async fn the_api_answers_about_a_moment_too() {
    let (house, ..) = lived_in();
    let cookie = house.enter(LENOIR).await;
    let crises = house.get(&format!("{}?a={}", house.api("/crises"), at(15)), &cookie).await.json();
    assert_eq!(crises["crises"][0]["entries"], 1);
    let crises = house.get(&house.api("/crises"), &cookie).await.json();
    assert_eq!(crises["crises"][0]["entries"], 3);
}
