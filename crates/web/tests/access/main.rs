//! Accounts: who may enter, with what, and what becomes of those who may not.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "../common/mod.rs"]
mod common;
mod secrets;

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use common::*;
use domain::Event;
use domain::access::{Did, RECOVERY_MS};
use domain::crisis::event::{EntryType, Logged};
use domain::register::event::PersonNamed;
use journal::write::{Author, Draft};
use journal::{ActorId, Auth, AuthorityAct, RequestId, SubjectId};
use store::Submission;

/// Somebody of the register without an account.
const PETIT: ActorId = ActorId([4; 16]);
const HOUR: i64 = 60 * MINUTE;
const PASSWORD: &str = "cheval de trait";
const SCRIPT: &str = "<script>alert(1)</script>";

/// A served establishment where people have passwords.
fn house() -> House {
    let house = House::founded(false);
    let access = store::access::Access::open(house.ledger.folder()).unwrap();
    let phc = web::password::hash(PASSWORD, &[5; 16]).unwrap();
    for login in ["lenoir", "marchand", "moreau"] {
        access.set_password(login, &phc).unwrap();
    }
    named(&house, PETIT, "D. Petit");
    house
}

fn named(house: &House, actor: ActorId, name: &str) {
    let event = Event::PersonNamed(PersonNamed { name: name.to_owned(), function: "cadre de garde".to_owned() });
    act(house, MARCHAND, vec![event.draft(SubjectId(actor.0))]);
}

fn act(house: &House, actor: ActorId, drafts: Vec<Draft>) {
    static SENT: std::sync::atomic::AtomicU8 = std::sync::atomic::AtomicU8::new(1);
    let request = RequestId([SENT.fetch_add(1, std::sync::atomic::Ordering::Relaxed); 16]);
    let author = Author { actor, auth: Auth::None };
    house.ledger.submit_wait(Submission { request, author, drafts }).unwrap();
}

async fn sign_in(house: &House, login: &str, password: &str) -> Answer {
    house.form("/connexion", "", &[("login", login), ("password", password)]).await
}

async fn entered(house: &House, login: &str) -> String {
    let answer = sign_in(house, login, PASSWORD).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    cookie(&answer)
}

fn comptes(house: &House, below: &str) -> String {
    format!("/journaux/{}/comptes{below}", house.journal)
}

/// What the audit remembers, oldest first, the founding apart.
fn deeds(house: &House) -> Vec<Did> {
    let view = house.ledger.view();
    view.state.access.acts.iter().filter(|a| !matches!(a.did, Did::RoleGranted(_))).map(|a| a.did.clone()).collect()
}

/// What stands in large on a page shown once.
fn secrets(answer: &Answer) -> Vec<String> {
    let parts = answer.text.split("<p class=\"secret mono\">").skip(1);
    parts.map(|part| part.split('<').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_account_is_opened_and_its_first_password_serves_once() {
    let house = house();
    let direction = entered(&house, "marchand").await;
    let page = house.get("/comptes", &direction).await;
    assert!(page.shows("D. Petit") && page.shows("Ouvrir un compte"), "{}", page.words());
    let request = page.field("request");
    let form = [("request", &*request), ("person", &PETIT.to_string()), ("role", "member"), ("login", "D.Petit")];
    let opened = house.form(&comptes(&house, ""), &direction, &form).await;
    assert_eq!(opened.status, StatusCode::OK, "{}", opened.words());
    // The same form again: one account, and the password that was lost with the first answer is made anew.
    let again = house.form(&comptes(&house, ""), &direction, &form).await;
    assert_eq!((deeds(&house).len(), house.ledger.view().state.access.opened.len()), (1, 1));
    let (lost, first) = (secrets(&opened).remove(0), secrets(&again).remove(0));
    assert_eq!(sign_in(&house, "d.petit", &lost).await.status, StatusCode::UNAUTHORIZED);
    let answer = sign_in(&house, "d.petit", &first).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/compte"));
    let petit = cookie(&answer);
    for path in ["/", "/journal", "/comptes"] {
        assert_eq!(house.get(path, &petit).await.location(), "/compte", "{path}");
    }
    let json = format!("{}?fragment=log", house.room());
    assert_eq!(house.get(&json, &petit).await.json()["error"]["code"], "password_change");
    let api = serde_json::json!({ "login": "d.petit", "password": first }).to_string();
    assert_eq!(house.post_json("/api/v1/sessions", "", api).await.json()["error"]["code"], "password_change");

    let change = format!("/journaux/{}/compte/mot-de-passe", house.journal);
    let tries = [
        (&*first, "court", "court", "il en faut de 12 à 1000"),
        (&first, "d.petit d.petit", "d.petit d.petit", "se devine trop vite"),
        (&first, "trois mots simples", "trois mots doubles", "Les deux saisies diffèrent"),
        ("autre chose ici", "trois mots simples", "trois mots simples", "Ce n’est pas votre mot de passe actuel"),
    ];
    for (old, new, again, sentence) in tries {
        let refused = house.form(&change, &petit, &[("old", old), ("new", new), ("again", again)]).await;
        assert!(refused.status.is_client_error() && refused.shows(sentence), "{sentence}: {}", refused.words());
    }
    let changed = [("old", &*first), ("new", "trois mots simples"), ("again", "trois mots simples")];
    assert_eq!(house.form(&change, &petit, &changed).await.location(), "/");
    assert_eq!(house.get("/", &petit).await.status, StatusCode::OK);
    assert_eq!(sign_in(&house, "d.petit", &first).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(sign_in(&house, "d.petit", "trois mots simples").await.location(), "/");
    assert_eq!(deeds(&house), [Did::AccountOpened("d.petit".to_owned()), Did::PasswordChanged]);
    let audit = house.get("/comptes/audit", &direction).await;
    assert!(audit.shows("a ouvert un compte à D. Petit, identifiant d.petit"), "{}", audit.words());
}

#[tokio::test]
async fn logins_and_names_are_words_and_nothing_else() {
    let house = house();
    let direction = entered(&house, "marchand").await;
    named(&house, PETIT, SCRIPT);
    for login in [SCRIPT, "nul\0octet", "", "avec espace", "lenoir", &"x".repeat(5_000)] {
        let form = [("person", &*PETIT.to_string()), ("role", "member"), ("login", login)];
        let refused = house.form(&comptes(&house, ""), &direction, &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{login:?}");
        assert!(refused.text.contains("e-login") && !refused.text.contains("<script>alert"), "{login:?}");
    }
    assert!(house.ledger.view().state.access.opened.is_empty());
    let form = [("person", &*PETIT.to_string()), ("role", "member"), ("login", "d.petit")];
    assert_eq!(house.form(&comptes(&house, ""), &direction, &form).await.status, StatusCode::OK);
    let person = format!("/comptes/{PETIT}");
    for path in ["/comptes", "/comptes/audit", "/comptes/codes", "/comptes/secours", &person] {
        let page = house.get(path, &direction).await;
        assert!(page.status == StatusCode::OK && !page.text.contains("<script>alert"), "{path}");
    }
    for (login, password) in [("nul\0", "x"), (SCRIPT, SCRIPT), ("", "")] {
        assert_eq!(sign_in(&house, login, password).await.status, StatusCode::UNAUTHORIZED);
    }
    let refused = house.form(&comptes(&house, &format!("/{PETIT}/bloquer")), &direction, &[("reason", "a\0b")]).await;
    assert!(refused.shows("caractères invisibles"));
}

#[tokio::test]
async fn a_password_of_ten_megabytes_is_refused_and_changes_nothing() {
    let house = house();
    let huge = "x".repeat(10 * 1024 * 1024);
    assert_eq!(sign_in(&house, "lenoir", &huge).await.status, StatusCode::UNAUTHORIZED);
    let lenoir = entered(&house, "lenoir").await;
    let change = format!("/journaux/{}/compte/mot-de-passe", house.journal);
    let refused = house.form(&change, &lenoir, &[("old", PASSWORD), ("new", &huge), ("again", PASSWORD)]).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.shows("Il compte 10485760 signes"));
    assert!(!refused.text.contains("xxxxx"), "a password is never given back");
    entered(&house, "lenoir").await;
}

#[tokio::test]
async fn somebody_dismissed_is_out_at_the_next_request_and_loses_no_word() {
    let house = House::new();
    let [direction, lenoir] = [house.enter(MARCHAND).await, house.enter(LENOIR).await];
    let person = house.get(&format!("/comptes/{LENOIR}"), &direction).await;
    assert!(person.shows("Retirer son rôle"));
    let dismiss = comptes(&house, &format!("/{LENOIR}/ecarter"));
    assert!(house.form(&dismiss, &direction, &[("reason", "")]).await.shows("Ce champ est vide"));
    let form = [("reason", "départ"), ("request", "11111111111111111111111111111111")];
    assert_eq!(house.form(&dismiss, &direction, &form).await.status, StatusCode::SEE_OTHER);
    let entrees = format!("{}/entrees", house.room());
    let out = house.form(&entrees, &lenoir, &[("text", "On coupe <tout>")]).await;
    assert_eq!(out.status, StatusCode::UNAUTHORIZED);
    assert!(out.shows("est gardé") && out.text.contains("On coupe &lt;tout&gt;"));
    let back = [("compte", &*LENOIR.to_string()), ("vers", &*entrees), ("garde.text", "On coupe <tout>"), ("garde.request", "x")];
    let back = house.form("/connexion", "", &back).await;
    assert_eq!(back.status, StatusCode::FORBIDDEN);
    assert!(back.shows("n’a pas de rôle") && back.text.contains("On coupe &lt;tout&gt;</textarea>"), "{}", back.text);
    assert_eq!(house.lines().len(), 0);

    // Dismissed from another laptop: nobody ended the session here, and it opens nothing all the same.
    act(&house, MARCHAND, vec![grant(LENOIR, domain::register::Role::Secretary)]);
    let lenoir = house.enter(LENOIR).await;
    act(&house, MARCHAND, vec![Draft::of_act(&AuthorityAct::RoleWithdrawn { actor: LENOIR, reason: "départ".to_owned() })]);
    let out = house.form(&entrees, &lenoir, &[("text", "Encore")]).await;
    assert!(out.status == StatusCode::FORBIDDEN && out.text.contains("Encore</textarea>"), "{}", out.text);
    assert_eq!(house.get("/direct", &lenoir).await.status, StatusCode::FORBIDDEN);
}

fn grant(actor: ActorId, role: domain::register::Role) -> Draft {
    Draft::of_act(&AuthorityAct::RoleGranted { actor, role: role.name().to_owned(), rank: role.rank() })
}

#[tokio::test]
async fn a_blocked_account_opens_nothing_until_it_is_reopened() {
    let house = house();
    let [direction, lenoir] = [entered(&house, "marchand").await, entered(&house, "lenoir").await];
    let block = comptes(&house, &format!("/{LENOIR}/bloquer"));
    assert_eq!(house.form(&block, &direction, &[("reason", "poste volé")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.get("/", &lenoir).await.status, StatusCode::SEE_OTHER);
    let refused = sign_in(&house, "lenoir", PASSWORD).await;
    assert!(refused.status == StatusCode::FORBIDDEN && refused.shows("Votre compte est bloqué"));
    assert_eq!(sign_in(&house, "lenoir", "autre chose ici").await.status, StatusCode::UNAUTHORIZED, "nobody else learns of it");
    let own = comptes(&house, &format!("/{MARCHAND}/bloquer"));
    assert!(house.form(&own, &direction, &[("reason", "x")]).await.shows("votre propre compte"));
    let reopen = comptes(&house, &format!("/{LENOIR}/rouvrir"));
    assert_eq!(house.form(&reopen, &direction, &[]).await.status, StatusCode::SEE_OTHER);
    entered(&house, "lenoir").await;
}

#[tokio::test]
async fn a_session_nobody_acts_in_locks_and_gives_back_what_was_typed() {
    let house = house();
    let crisis = Event::CrisisOpened(domain::crisis::event::CrisisOpened { title: "Panne".to_owned(), ..Default::default() });
    house.write(MARCHAND, vec![crisis]);
    let lenoir = entered(&house, "lenoir").await;
    house.later(20 * MINUTE);
    assert_eq!(house.get(&house.room(), &lenoir).await.status, StatusCode::OK, "a page asked for is an act");
    house.later(29 * MINUTE);
    assert_eq!(house.get(&format!("{}?fragment=log", house.room()), &lenoir).await.status, StatusCode::OK);
    let presence = json(&house, Method::GET, "/presence", &lenoir).await;
    assert_eq!(presence.json()["left_ms"], MINUTE, "what a page asks for by itself is none");
    house.later(MINUTE);
    let locked = house.get(&format!("{}?fragment=log", house.room()), &lenoir).await;
    assert_eq!((locked.status, locked.json()["error"]["code"].as_str()), (StatusCode::UNAUTHORIZED, Some("locked")));
    assert_eq!(json(&house, Method::POST, "/presence", &lenoir).await.json()["error"]["code"], "locked", "a key does not unlock");
    assert!(house.get("/journal", &lenoir).await.location().starts_with("/verrou?vers=%2Fjournal"));
    assert!(house.get("/connexion?vers=%2Fjournal", &lenoir).await.location().starts_with("/verrou"));
    assert_eq!(house.get("/direct", &lenoir).await.status, StatusCode::UNAUTHORIZED);

    let entrees = format!("{}/entrees", house.room());
    let kept = house.form(&entrees, &lenoir, &[("entry_type", "decision"), ("text", "On coupe")]).await;
    assert_eq!(kept.status, StatusCode::UNAUTHORIZED);
    assert!(kept.shows("Cette session est à C. Lenoir") && kept.text.contains("On coupe</textarea>"), "{}", kept.text);
    let through = |password: &'static str| {
        [
            ("vers", kept.field("vers")),
            ("password", password.to_owned()),
            ("garde.text", "On coupe".to_owned()),
            ("garde.entry_type", "decision".to_owned()),
        ]
    };
    let send = async |fields: [(&str, String); 4]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        house.form("/verrou", &lenoir, &fields).await
    };
    let wrong = send(through("cheval de course")).await;
    assert!(
        wrong.status == StatusCode::UNAUTHORIZED && wrong.shows("Rien n’est perdu") && wrong.text.contains("On coupe</textarea>")
    );
    let back = send(through(PASSWORD)).await;
    assert!(back.text.contains("On coupe</textarea>"), "{}", back.text);
    assert_eq!(house.get("/", &lenoir).await.status, StatusCode::OK);

    for path in ["/verrouiller"] {
        assert!(house.form(path, &lenoir, &[]).await.location().starts_with("/verrou"));
    }
    assert!(house.get("/", &lenoir).await.location().starts_with("/verrou"));
    // It stays locked after a restart.
    let House { dir, ledger, app, clock, .. } = house;
    drop((app, ledger));
    let house = House::open(dir, clock, false);
    assert!(house.get("/", &lenoir).await.location().starts_with("/verrou"));
}

async fn json(house: &House, method: Method, path: &str, cookie: &str) -> Answer {
    let request = request(method, path, cookie).header(header::ACCEPT, "application/json");
    house.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_wall_that_an_observer_opened_never_locks_while_it_follows() {
    let house = House::new();
    let moreau = house.enter(MOREAU).await;
    for _ in 0..30 {
        house.later(HOUR);
        assert_eq!(house.get(&format!("{}?fragment=log", house.room()), &moreau).await.status, StatusCode::OK);
    }
    let marchand = house.enter(MARCHAND).await;
    house.later(31 * MINUTE);
    assert!(house.get("/", &marchand).await.location().starts_with("/verrou"));
    let unlocked = house.form("/verrou", &marchand, &[("vers", "/journal")]).await;
    assert_eq!(unlocked.location(), "/journal", "in a demonstration, one click");
}

#[tokio::test]
async fn leaving_everywhere_ends_every_session_of_mine_and_no_other() {
    let house = House::new();
    let mine = [house.enter(LENOIR).await, house.enter(LENOIR).await];
    let other = house.enter(MARCHAND).await;
    let left = house.form(&format!("/journaux/{}/compte/sorties", house.journal), &mine[0], &[]).await;
    assert_eq!(left.location(), "/connexion");
    for cookie in &mine {
        assert!(house.get("/", cookie).await.location().starts_with("/connexion"));
    }
    assert_eq!(house.get("/", &other).await.status, StatusCode::OK);
    assert_eq!(deeds(&house), [Did::SessionsEnded]);
}
