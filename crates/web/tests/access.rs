//! Accounts: who may enter, with what, and what becomes of those who may not.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

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

/// A sheet of codes for somebody, as printed.
async fn sheet(house: &House, cookie: &str, actor: ActorId, count: &str) -> Vec<String> {
    let request = house.get("/comptes/codes", cookie).await.field("request");
    let form = [("request", &*request), ("person", &actor.to_string()), ("count", count)];
    let made = house.form(&comptes(house, "/codes"), cookie, &form).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.words());
    let again = house.form(&comptes(house, "/codes"), cookie, &form).await;
    assert!(again.status == StatusCode::CONFLICT && secrets(&again).is_empty(), "shown once");
    secrets(&made)
}

async fn with_code(house: &House, code: &str) -> Answer {
    house.form("/connexion", "", &[("code", code)]).await
}

#[tokio::test]
async fn a_sealed_code_enters_once_and_everybody_is_told() {
    let house = house();
    let direction = entered(&house, "marchand").await;
    let codes = sheet(&house, &direction, LENOIR, "3").await;
    assert_eq!(codes.len(), 3);
    let folder = std::fs::read(house.dir.path().join("access.db")).unwrap();
    assert!(!folder.windows(19).any(|w| w == codes[0].as_bytes()), "only a print is kept");
    let answer = with_code(&house, &codes[0].to_lowercase().replace('-', " ")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.words());
    let lenoir = cookie(&answer);
    let crisis = Event::CrisisOpened(domain::crisis::event::CrisisOpened { title: "Panne".to_owned(), ..Default::default() });
    house.write(MARCHAND, vec![crisis]);
    house.form(&format!("{}/entrees", house.room()), &lenoir, &[("text", "Entré par code")]).await;
    let entries = house.get(&house.api("/entries?after=0&limit=1000"), &direction).await.json();
    let auths: Vec<_> = entries["entries"].as_array().unwrap().iter().map(|e| e["header"]["auth"].as_u64().unwrap()).collect();
    assert_eq!(auths.iter().filter(|a| **a == 4).count(), 2, "the entry by code, and what was written after it");
    for cookie in [&direction, &lenoir] {
        let home = house.get("/", cookie).await;
        assert!(home.shows("C. Lenoir est entré avec le code d’urgence"), "{}", home.words());
    }
    let second = with_code(&house, &codes[0]).await;
    assert!(second.status == StatusCode::UNAUTHORIZED && second.shows("Ce code a déjà servi"), "{}", second.words());
    assert!(house.get("/comptes/codes", &direction).await.shows("2 codes ouvrent"));
    // Another copy of the accounts, where it had not served yet: the journal knows.
    let access = rusqlite::Connection::open(house.dir.path().join("access.db")).unwrap();
    access.execute("UPDATE code SET used_at = NULL", []).unwrap();
    assert!(with_code(&house, &codes[0]).await.shows("Ce code a déjà servi"));
    house.later(25 * HOUR);
    let direction = entered(&house, "marchand").await;
    assert!(!house.get("/", &direction).await.shows("est entré avec le code"));
    let series = house.ledger.view().state.access.series.keys().next().unwrap().clone();
    let revoke = comptes(&house, &format!("/codes/{series}/annuler"));
    assert_eq!(house.form(&revoke, &direction, &[("reason", "mallette ouverte")]).await.status, StatusCode::SEE_OTHER);
    assert!(with_code(&house, &codes[1]).await.status.is_client_error());
    let nobody = comptes(&house, "/codes/ZZZZ/annuler");
    assert_eq!(house.form(&nobody, &direction, &[("reason", "x")]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn wrong_codes_wait_and_a_right_one_never_does() {
    let house = house();
    let direction = entered(&house, "marchand").await;
    let codes = sheet(&house, &direction, LENOIR, "1").await;
    for nth in 0..5 {
        let wrong = with_code(&house, &format!("0000-0000-0000-000{nth}")).await;
        assert!(wrong.status == StatusCode::UNAUTHORIZED && wrong.shows("Ce code n’existe pas"));
    }
    assert_eq!(with_code(&house, "0000-0000-0000-0009").await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(with_code(&house, SCRIPT).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(with_code(&house, &codes[0]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_flood_at_the_door_slows_honest_people_and_keeps_none_out() {
    let house = house();
    let direction = entered(&house, "marchand").await;
    let codes = sheet(&house, &direction, MARCHAND, "1").await;
    for nth in 0..40 {
        let login = if nth % 4 == 0 { "lenoir".to_owned() } else { format!("inconnu{nth}") };
        let answer = sign_in(&house, &login, "n’importe quoi").await;
        assert!(matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::TOO_MANY_REQUESTS), "{nth}");
    }
    // From the same address: somebody nobody attacks enters at once, the one under attack within a minute.
    assert_eq!(sign_in(&house, "moreau", PASSWORD).await.status, StatusCode::SEE_OTHER);
    let slowed = sign_in(&house, "lenoir", PASSWORD).await;
    assert_eq!(slowed.status, StatusCode::TOO_MANY_REQUESTS);
    let unknown = sign_in(&house, "inconnu99", PASSWORD).await;
    assert_eq!(unknown.status, StatusCode::TOO_MANY_REQUESTS, "nothing says which logins exist");
    assert_eq!(with_code(&house, &codes[0]).await.status, StatusCode::SEE_OTHER, "a code always enters");
    house.later(MINUTE);
    assert_eq!(sign_in(&house, "lenoir", PASSWORD).await.status, StatusCode::SEE_OTHER);
    let failures = rusqlite::Connection::open(house.dir.path().join("access.db")).unwrap();
    let kept: i64 = failures.query_row("SELECT count(*) FROM failure", [], |row| row.get(0)).unwrap();
    assert!(kept < 40, "unknown logins of a flood leave no trace: {kept}");
}

async fn ask(house: &House, cookie: &str, about: ActorId) -> Answer {
    let page = house.get("/comptes/secours", cookie).await;
    let request = if page.text.contains("name=\"request\"") { page.field("request") } else { String::new() };
    let form = [("request", &*request), ("person", &*about.to_string()), ("reason", "mot de passe perdu, badge vu")];
    house.form(&comptes(house, "/secours"), cookie, &form).await
}

fn last_asked(house: &House) -> String {
    let view = house.ledger.view();
    view.state.access.recoveries.values().max_by_key(|r| (r.asked_at, r.id)).unwrap().id.to_string()
}

async fn grant_it(house: &House, cookie: &str, id: &str) -> Answer {
    house.form(&comptes(house, &format!("/secours/{id}/accorder")), cookie, &[("request", "")]).await
}

#[tokio::test]
async fn two_people_let_a_third_back_in() {
    let house = house();
    named(&house, PETIT, "D. Petit");
    act(&house, MARCHAND, vec![grant(PETIT, domain::register::Role::Member)]);
    let access = store::access::Access::open(house.ledger.folder()).unwrap();
    access.create_account(PETIT, "petit", Some(&web::password::hash(PASSWORD, &[5; 16]).unwrap())).unwrap();
    let [lenoir, moreau, petit] =
        [entered(&house, "lenoir").await, entered(&house, "moreau").await, entered(&house, "petit").await];

    assert_eq!(ask(&house, &moreau, MARCHAND).await.status, StatusCode::FORBIDDEN);
    assert!(ask(&house, &lenoir, LENOIR).await.shows("Nul ne répond de soi-même"));
    assert_eq!(ask(&house, &petit, MARCHAND).await.status, StatusCode::SEE_OTHER);
    let id = last_asked(&house);
    assert!(grant_it(&house, &petit, &id).await.shows("une seconde personne doit l’accorder"));
    assert_eq!(grant_it(&house, &moreau, &id).await.status, StatusCode::FORBIDDEN);
    let marchand = entered(&house, "marchand").await;
    assert!(grant_it(&house, &marchand, &id).await.shows("Nul ne répond de soi-même"));
    house.later(RECOVERY_MS);
    assert!(grant_it(&house, &lenoir, &id).await.shows("plus d’un quart d’heure"));

    assert_eq!(ask(&house, &petit, MARCHAND).await.status, StatusCode::SEE_OTHER);
    let id = last_asked(&house);
    let granted = grant_it(&house, &lenoir, &id).await;
    assert_eq!(granted.status, StatusCode::OK, "{}", granted.words());
    assert!(granted.shows("marchand"));
    // Pressed twice: one grant, and the last words shown open.
    let (lost, words) = (secrets(&granted).remove(0), secrets(&grant_it(&house, &lenoir, &id).await).remove(0));
    let back = async |words: &str, new: &str| {
        let form = [("login", "marchand"), ("words", words), ("new", new), ("again", new)];
        house.form("/connexion", "", &form).await
    };
    assert!(back(&words, "court").await.shows("il en faut de 12"));
    assert_eq!(back(&lost, "trois mots simples").await.status, StatusCode::UNAUTHORIZED);
    let came = back(&words.to_uppercase(), "trois mots simples").await;
    assert_eq!(came.status, StatusCode::SEE_OTHER, "{}", came.words());
    assert_eq!(house.get("/", &marchand).await.status, StatusCode::SEE_OTHER, "whoever else was in under that name is out");
    assert_eq!(back(&words, "trois autres mots").await.status, StatusCode::UNAUTHORIZED, "once");
    let home = house.get("/", &lenoir).await;
    assert!(home.shows("J. Marchand") && home.shows("deux personnes"), "{}", home.words());
    assert_eq!(sign_in(&house, "marchand", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    let told: Vec<Did> = deeds(&house).into_iter().rev().take(3).collect();
    assert!(matches!(&told[..], [Did::RecoveryUsed, Did::RecoveryGranted, Did::RecoveryAsked(_)]));

    assert_eq!(ask(&house, &lenoir, PETIT).await.status, StatusCode::SEE_OTHER);
    let id = last_asked(&house);
    let marchand = cookie(&came);
    let words = secrets(&grant_it(&house, &marchand, &id).await).remove(0);
    house.later(RECOVERY_MS);
    let form = [("login", "petit"), ("words", &*words), ("new", "trois mots simples"), ("again", "trois mots simples")];
    assert!(house.form("/connexion", "", &form).await.shows("Ces mots n’ouvrent rien"), "they hold a quarter of an hour");
}

/// Attempts the audit holds.
fn attempts(house: &House) -> Vec<Did> {
    deeds(house).into_iter().filter(|did| matches!(did, Did::AttemptRefused(..))).collect()
}

/// The program writes by itself: the next request waits behind it.
async fn settled(house: &House) {
    let (lenoir, room) = (house.enter(LENOIR).await, house.room());
    house.form(&format!("{room}/entrees"), &lenoir, &[("text", "après")]).await;
}

#[tokio::test]
async fn what_a_role_forbids_is_refused_and_audited_a_few_times_an_hour() {
    let house = House::new();
    let moreau = house.enter(MOREAU).await;
    let entrees = format!("{}/entrees", house.room());
    let refused = house.form(&entrees, &moreau, &[("entry_type", "decision"), ("text", "On coupe tout")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    settled(&house).await;
    let decision = Did::AttemptRefused("crisis.decision_taken".to_owned(), "observer".to_owned());
    assert_eq!(attempts(&house), std::slice::from_ref(&decision));

    let body = Logged::new(EntryType::Decision, "On coupe tout");
    let event = serde_json::json!({ "kind": "crisis.decision_taken", "subject": CRISIS, "body": body });
    let call = serde_json::json!({ "request": "44".repeat(16), "events": [event] }).to_string();
    let refused = house.post_json(&house.api("/requests"), &moreau, call.clone()).await;
    assert_eq!((refused.status, refused.json()["error"]["code"].as_str()), (StatusCode::FORBIDDEN, Some("observer")));
    settled(&house).await;
    assert_eq!(attempts(&house), [decision.clone(), decision]);
    for _ in 0..20 {
        assert_eq!(house.post_json(&house.api("/requests"), &moreau, call.clone()).await.status, StatusCode::FORBIDDEN);
        settled(&house).await;
    }
    assert_eq!(attempts(&house).len(), domain::access::ATTEMPTS_HOURLY_MAX);
    house.later(HOUR);
    let moreau = house.enter(MOREAU).await;
    house.form(&comptes(&house, &format!("/{LENOIR}/role")), &moreau, &[("role", "observer")]).await;
    settled(&house).await;
    assert_eq!(
        attempts(&house).last(),
        Some(&Did::AttemptRefused("authority.role_granted".to_owned(), "not_administrator".to_owned()))
    );
    let last = house.ledger.view().state.access.acts.last().cloned().unwrap();
    assert_eq!((last.by, last.about, last.counts), (journal::engine::PROGRAM, Some(MOREAU), true));
    let direction = house.enter(MARCHAND).await;
    assert!(house.get("/comptes/audit", &direction).await.shows("a refusé à A. Moreau un acte que son rôle ne permet pas"));
}

#[tokio::test]
async fn the_api_neither_plays_the_program_nor_makes_accounts() {
    let house = House::new();
    let direction = house.enter(MARCHAND).await;
    let kinds = [
        ("access.attempt_refused", serde_json::json!({ "kind": "x", "code": "observer" })),
        ("access.account_opened", serde_json::json!({ "login": "d.petit" })),
        ("access.codes_issued", serde_json::json!({ "series": "AAAA", "count": 3 })),
    ];
    for (kind, body) in kinds {
        let event = serde_json::json!({ "kind": kind, "subject": MOREAU.to_string(), "body": body });
        let call = serde_json::json!({ "request": "55".repeat(16), "events": [event] }).to_string();
        let refused = house.post_json(&house.api("/requests"), &direction, call).await;
        assert_eq!(refused.json()["error"]["code"], "page_only", "{kind}");
    }
    assert!(deeds(&house).is_empty());
}

#[tokio::test]
async fn those_who_may_not_see_no_account_and_another_journal_is_not_found() {
    let house = House::new();
    let (lenoir, direction) = (house.enter(LENOIR).await, house.enter(MARCHAND).await);
    let person = format!("/comptes/{MARCHAND}");
    for path in ["/comptes", "/comptes/codes", "/comptes/audit", &person] {
        let page = house.get(path, &lenoir).await;
        assert!(page.status == StatusCode::FORBIDDEN && !page.text.contains("marchand"), "{path}");
    }
    assert_eq!(house.get("/comptes/secours", &lenoir).await.status, StatusCode::OK);
    let role = [("role", "direction"), ("reason", "x"), ("person", &*LENOIR.to_string()), ("count", "3"), ("login", "x.x")];
    let own = format!("/{LENOIR}/role");
    for below in [&*own, &format!("/{MARCHAND}/ecarter"), &format!("/{MARCHAND}/mot-de-passe"), "/codes"] {
        assert_eq!(house.form(&comptes(&house, below), &lenoir, &role).await.status, StatusCode::FORBIDDEN, "{below}");
    }
    let other = "00".repeat(16);
    for below in ["", &own, "/codes", "/codes/AAAA/annuler", "/secours", &format!("/secours/{}/accorder", "0".repeat(64))] {
        let path = format!("/journaux/{other}/comptes{below}");
        assert_eq!(house.form(&path, &direction, &role).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["compte/mot-de-passe", "compte/sorties", &format!("postes/{}/revoquer", "0".repeat(64))] {
        assert_eq!(house.form(&format!("/journaux/{other}/{path}"), &direction, &role).await.status, StatusCode::NOT_FOUND);
    }
    for path in ["/comptes/x", &format!("/comptes/{}", "0".repeat(32))] {
        assert_eq!(house.get(path, &direction).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(house.ledger.view().state.register.role(&LENOIR), Some(domain::register::Role::Secretary));
}

#[tokio::test]
async fn this_server_does_not_revoke_itself() {
    let house = House::new();
    let (lenoir, direction) = (house.enter(LENOIR).await, house.enter(MARCHAND).await);
    let key = house.ledger.view().chains[0].key;
    let path = format!("/journaux/{}/postes/{key}/revoquer", house.journal);
    let refused = house.form(&path, &direction, &[("reason", "volé")]).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.shows("Ce poste est celui qui vous répond"));
    let unknown = format!("/journaux/{}/postes/{}/revoquer", house.journal, "00".repeat(32));
    assert_eq!(house.form(&unknown, &lenoir, &[("reason", "volé")]).await.status, StatusCode::NOT_FOUND);
    assert!(house.ledger.view().state.access.devices_revoked.is_empty());
}
