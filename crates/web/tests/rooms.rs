//! The pages, as a browser without script uses them.

mod common;

use axum::http::StatusCode;
use common::*;
use domain::Event;
use domain::crisis::event::{EntryCorrected, EntryType, Logged};

#[tokio::test]
async fn nobody_comes_in_without_signing_in() {
    let house = House::new();
    let room = house.room();
    for path in ["/", "/journal", "/crises/nouvelle", room.as_str()] {
        let answer = house.get(path, "").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(answer.location().starts_with("/connexion?vers=%2F"), "{}", answer.location());
    }
    for path in ["/direct", &format!("{room}?fragment=log"), &house.api(""), &house.api("/crises")] {
        let answer = house.get(path, "").await;
        assert_eq!(
            (answer.status, answer.json()["error"]["code"].as_str()),
            (StatusCode::UNAUTHORIZED, Some("signed_out")),
            "{path}"
        );
    }
    let forged = format!("pb-demo-8080={}", "0".repeat(64));
    assert_eq!(house.get("/", &forged).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn signing_in_leads_back_to_the_page_asked_for_and_out_again() {
    let house = House::new();
    let door = house.get("/connexion?vers=%2Fjournal", "").await;
    assert!(door.shows("C. Lenoir") && door.shows("lit sans écrire"));
    let answer = house.form("/connexion", "", &[("vers", "/journal"), ("compte", &LENOIR.to_string())]).await;
    assert_eq!(answer.location(), "/journal");
    let set = answer.headers["set-cookie"].to_str().unwrap();
    assert!(set.starts_with("pb-demo-8080=") && set.ends_with("; HttpOnly; SameSite=Strict; Path=/"), "{set}");
    let cookie = cookie(&answer);
    assert_eq!(house.get("/journal", &cookie).await.status, StatusCode::OK);
    let elsewhere = house.form("/connexion", "", &[("vers", "//evil.example"), ("compte", &LENOIR.to_string())]).await;
    assert_eq!(elsewhere.location(), "/");
    house.form("/deconnexion", &cookie, &[]).await;
    assert_eq!(house.get("/journal", &cookie).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn outside_a_demonstration_only_a_password_opens() {
    let house = House::founded(false);
    let refused = house.form("/connexion", "", &[("compte", &LENOIR.to_string())]).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert!(!refused.text.contains("C. Lenoir"), "accounts are not listed");
    let access = store::access::Access::open(house.ledger.folder()).unwrap();
    access.set_password("lenoir", &web::password::hash("cheval de trait", &[5; 16]).unwrap()).unwrap();
    let wrong = [("login", "lenoir"), ("password", "cheval de course")];
    for _ in 0..5 {
        assert_eq!(house.form("/connexion", "", &wrong).await.status, StatusCode::UNAUTHORIZED);
    }
    let right = [("login", "LENOIR"), ("password", "cheval de trait")];
    let slowed = house.form("/connexion", "", &right).await;
    assert_eq!(slowed.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(slowed.text.contains("attendez 5 secondes"), "{}", slowed.text);
    house.later(6_000);
    let entered = house.form("/connexion", "", &right).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER);
    assert_eq!(house.get("/", &cookie(&entered)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_crisis_is_opened_and_its_log_written_without_script() {
    let house = House::founded(true);
    let cookie = house.enter(MARCHAND).await;
    assert!(house.get("/", &cookie).await.text.contains("Aucune crise n’est ouverte."));
    let form = house.get("/crises/nouvelle", &cookie).await;
    let (request, journal) = (form.field("request"), form.field("journal"));
    let fields = [
        ("request", request.as_str()),
        ("journal", &journal),
        ("level", "alert"),
        ("title", "Écrans noirs"),
        ("occurred_at", "13:10"),
    ];
    let opened = house.form("/crises/nouvelle", &cookie, &fields).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text);
    let again = house.form("/crises/nouvelle", &cookie, &fields).await;
    assert_eq!((again.status, again.location()), (StatusCode::SEE_OTHER, opened.location()), "the same form opens one crisis");
    assert_eq!(house.ledger.view().state.crises.len(), 1);
    let room = house.get(opened.location(), &cookie).await;
    for words in ["EXERCICE", "T+01:22", "Écrans noirs (alerte), début le 21/11 à 13:10", "La main courante est vide."] {
        assert!(room.shows(words), "{words}");
    }
    let entrees = format!("{}/entrees", opened.location());
    let line = [("request", &*room.field("request")), ("text", "/a Coursiers @lenoir +2h")];
    assert_eq!(house.form(&entrees, &cookie, &line).await.status, StatusCode::SEE_OTHER);
    let room = house.get(opened.location(), &cookie).await;
    for words in ["1 entrée", "Coursiers", "→ action : C. Lenoir, avant 16:32", "1 ouverte"] {
        assert!(room.shows(words), "{words}\n{}", room.words());
    }
}

#[tokio::test]
async fn a_second_crisis_asks_to_be_confirmed() {
    let house = House::new();
    let cookie = house.enter(MARCHAND).await;
    let form = house.get("/crises/nouvelle", &cookie).await;
    let (request, journal) = (form.field("request"), form.field("journal"));
    let mut fields = vec![("request", request.as_str()), ("journal", &journal), ("level", "doubt"), ("title", "Une autre")];
    let asked = house.form("/crises/nouvelle", &cookie, &fields).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked.text.contains("cochez la case") && asked.text.contains("value=\"Une autre\""));
    fields.push(("confirm", "1"));
    assert_eq!(house.form("/crises/nouvelle", &cookie, &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.ledger.view().state.crises.len(), 2);
}

#[tokio::test]
async fn an_observer_reads_and_does_not_write() {
    let house = House::new();
    house.log(EntryType::Action, "Couper le VPN");
    let cookie = house.enter(MOREAU).await;
    let room = house.get(&house.room(), &cookie).await;
    assert!(room.text.contains("Couper le VPN") && room.text.contains("sans y écrire"));
    assert!(!room.text.contains("<textarea") && !room.text.contains("/clore"));
    let refused = house.form(&format!("{}/entrees", house.room()), &cookie, &[("text", "moi aussi")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("Un observateur") || refused.text.contains("sans y écrire"), "{}", refused.text);
    let blob = house.post_json(&house.api("/blobs"), &cookie, "contenu").await;
    assert_eq!(blob.status, StatusCode::FORBIDDEN);
    assert_eq!(house.lines().len(), 1);
}

#[tokio::test]
async fn the_same_form_twice_is_one_entry_even_when_its_delay_was_reckoned_anew() {
    let house = House::new();
    let cookie = house.enter(LENOIR).await;
    let entrees = format!("{}/entrees", house.room());
    let request = house.get(&house.room(), &cookie).await.field("request");
    let fields = [("request", request.as_str()), ("text", "/a Rappeler le SAMU +2h")];
    for _ in 0..2 {
        assert_eq!(house.form(&entrees, &cookie, &fields).await.status, StatusCode::SEE_OTHER);
        house.later(10 * MINUTE);
    }
    assert_eq!(house.lines().len(), 1);
    let other = house.form(&entrees, &cookie, &[("request", &request), ("text", "autre chose")]).await;
    assert_eq!(other.status, StatusCode::CONFLICT);
    assert!(other.text.contains(">autre chose</textarea>"), "the words come back");
    assert_eq!(house.lines().len(), 1);
}

#[tokio::test]
async fn an_action_is_completed_then_done_from_the_room() {
    let house = House::new();
    let cookie = house.enter(LENOIR).await;
    let id = house.log(EntryType::Action, "Couper le VPN des éditeurs");
    let room = house.get(&house.room(), &cookie).await;
    assert!(room.text.contains("à compléter"));
    let path = format!("{}/entrees/{id}", house.room());
    let fields = [("from", "room"), ("supersedes", &*room.field("supersedes")), ("owner", "M. Tessier"), ("due_at", "14:00")];
    // 14:00 is past: it is tomorrow's.
    let assigned = house.form(&format!("{path}/attribuer"), &cookie, &fields).await;
    assert_eq!((assigned.status, assigned.location()), (StatusCode::SEE_OTHER, house.room().as_str()));
    assert_eq!(house.lines()[0].assigned().due_at, Some(NOW + (24 * 60 - 32) * MINUTE));
    house.later(25 * 60 * MINUTE);
    let cookie = house.enter(LENOIR).await;
    let room = house.get(&house.room(), &cookie).await;
    assert!(room.text.contains("−1:32") && room.text.contains("1 en retard"), "{}", room.words());
    for _ in 0..2 {
        assert_eq!(house.form(&format!("{path}/clore"), &cookie, &[("from", "room")]).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(house.lines().len(), 2, "done once, however often it is clicked");
    assert_eq!(house.lines()[0].closed_by, Some(house.lines()[1].id));
    assert!(house.get(&house.room(), &cookie).await.text.contains("fait à"));
}

#[tokio::test]
async fn a_question_is_answered_with_words() {
    let house = House::new();
    let cookie = house.enter(LENOIR).await;
    let id = house.log(EntryType::Question, "Jusqu’à quand ?");
    let clore = format!("{}/entrees/{id}/clore", house.room());
    let empty = house.form(&clore, &cookie, &[("text", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text.contains("Écrivez la réponse"));
    assert_eq!(house.form(&clore, &cookie, &[("text", "Jusqu’à lundi.")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.lines()[1].words(), Some("Jusqu’à lundi."));
}

#[tokio::test]
async fn a_correction_strikes_through_and_a_conflict_shows_both() {
    let house = House::new();
    let cookie = house.enter(LENOIR).await;
    let id = house.log(EntryType::Fact, "La paie est perdue.");
    let path = format!("{}/entrees/{id}", house.room());
    let page = house.get(&path, &cookie).await;
    let fields = [("supersedes", &*page.field("supersedes")), ("text", "La paie est possible.")];
    house.later(MINUTE);
    assert_eq!(house.form(&format!("{path}/corriger"), &cookie, &fields).await.status, StatusCode::SEE_OTHER);
    let room = house.get(&house.room(), &cookie).await;
    assert!(room.text.contains("<del class=\"x\">La paie est perdue.</del>"));
    assert!(room.shows("corrigé à 14:33 par C. Lenoir"), "{}", room.words());
    // Somebody who had not seen that correction made another one.
    let unseen = EntryCorrected { entry: id, text: "La paie est incertaine.".to_owned(), supersedes: vec![id] };
    house.write(MARCHAND, vec![Event::EntryCorrected(unseen)]);
    let room = house.get(&house.room(), &cookie).await;
    for words in ["conflit (2)", "La paie est possible.", "La paie est incertaine."] {
        assert!(room.text.contains(words), "{words}");
    }
    let unchanged = house.form(&format!("{path}/corriger"), &cookie, &[("supersedes", "aucune"), ("text", "Autre")]).await;
    assert_eq!(unchanged.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unchanged.text.contains(">Autre</textarea>"));
}

#[tokio::test]
async fn a_field_that_is_not_understood_comes_back_with_a_sentence() {
    let house = House::new();
    let cookie = house.enter(LENOIR).await;
    let entrees = format!("{}/entrees", house.room());
    let fields = [("text", "Relancer"), ("entry_type", "action"), ("due_at", "bientôt"), ("speaker", "Dr A. Roche")];
    let refused = house.form(&entrees, &cookie, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in ["« bientôt »", "value=\"bientôt\"", "value=\"Dr A. Roche\"", ">Relancer</textarea>", "value=\"action\" checked"]
    {
        assert!(refused.text.replace('\u{a0}', " ").contains(words), "{words}");
    }
    let owner = house.form(&entrees, &cookie, &[("text", "Bien reçu"), ("owner", "N. Aubry")]).await;
    assert!(owner.text.contains("ont un responsable"), "an owner is not dropped in silence");
    assert_eq!(house.lines().len(), 0);
}

#[tokio::test]
async fn the_log_is_shown_by_windows_and_filtered() {
    let house = House::new();
    let cookie = house.enter(LENOIR).await;
    for chunk in 0..5 {
        let entries = (0..100).map(|n| Logged::new(EntryType::Fact, format!("fait numéro {}.", chunk * 100 + n)).into_event());
        house.write(MARCHAND, entries.collect());
    }
    house.log(EntryType::Decision, "On coupe.");
    let count = |answer: &Answer| answer.text.matches("<li class=\"e").count();
    let newest = house.get(&house.room(), &cookie).await;
    assert_eq!(count(&newest), 200);
    assert!(
        newest.text.contains("On coupe.")
            && newest.text.contains("fait numéro 301.")
            && !newest.text.contains("fait numéro 300.")
    );
    let older = newest.text.split("href=\"").find(|s| s.contains("?avant=")).unwrap().split('"').next().unwrap().to_owned();
    let older = house.get(&older, &cookie).await;
    assert_eq!(count(&older), 200);
    assert!(
        older.text.contains("fait numéro 300.")
            && older.text.contains("fait numéro 101.")
            && !older.text.contains("fait numéro 301.")
    );
    let decisions = house.get(&format!("{}?type=decision", house.room()), &cookie).await;
    assert_eq!(count(&decisions), 1);
    let nobody = house.get(&format!("{}?auteur={MOREAU}", house.room()), &cookie).await;
    assert!(nobody.text.contains("Aucune entrée ne répond à ce filtre."));
    let nonsense = house.get(&format!("{}?type=x&auteur=y&avant=z", house.room()), &cookie).await;
    assert_eq!(count(&nonsense), 200);
}

#[tokio::test]
async fn times_told_and_times_typed_are_both_shown() {
    let house = House::new();
    let cookie = house.enter(LENOIR).await;
    let fields = [("text", "Repris du papier"), ("occurred_at", "13:05"), ("speaker", "L. Perrin")];
    house.form(&format!("{}/entrees", house.room()), &cookie, &fields).await;
    let room = house.get(&house.room(), &cookie).await;
    assert!(room.shows("13:05") && room.shows("L. Perrin, noté à 14:32"), "{}", room.words());
    let deferred = [("text", "Tapé hors ligne"), ("deferred", "1"), ("typed_at", &*(NOW - 20 * MINUTE).to_string())];
    house.form(&format!("{}/entrees", house.room()), &cookie, &deferred).await;
    assert_eq!(house.lines()[1].occurred_at, Some(NOW - 20 * MINUTE));
    let absurd = [("text", "Horloge folle"), ("deferred", "1"), ("typed_at", "99999999999999")];
    house.form(&format!("{}/entrees", house.room()), &cookie, &absurd).await;
    assert_eq!(house.lines()[2].occurred_at, None);
}

#[tokio::test]
async fn every_page_keeps_the_house_rules() {
    let house = House::new();
    let cookie = house.enter(LENOIR).await;
    house.log(EntryType::Question, "Bloc : stérilisation tracée, « jusqu’à quand » ? Vite !");
    let id = house.log(EntryType::Decision, "On coupe : tout ; sauf 40 % du réseau.");
    let room = house.room();
    let entry = format!("{room}/entrees/{id}");
    for path in ["/", "/journal", "/crises/nouvelle", &room, &entry, "/connexion", "/nulle-part"] {
        let answer = house.get(path, &cookie).await;
        assert!(!answer.text.contains(" style="), "{path}: strict CSP");
        assert!(!answer.text.contains(" onclick=") && !answer.text.contains("javascript:"), "{path}");
        let words = answer.words();
        for bad in [" :", " ;", " !", " ?", " %", " »", "« ", "'"] {
            let at = words.find(bad);
            assert!(
                at.is_none(),
                "{path}: {bad:?} in {:?}",
                at.map(|a| words[..a + 2].chars().rev().take(40).collect::<String>())
            );
        }
        assert!(answer.text.contains("<html lang=\"fr\">"), "{path}");
        for header in ["content-security-policy", "x-content-type-options", "referrer-policy"] {
            assert!(answer.headers.contains_key(header), "{path}: {header}");
        }
        assert_eq!(answer.headers["cache-control"], "no-store", "{path}");
    }
    assert_eq!(house.get("/nulle-part", &cookie).await.status, StatusCode::NOT_FOUND);
}
