//! Emergency codes, recovery by two people, and the audit.

use super::*;

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
