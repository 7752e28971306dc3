//! The first start: an empty folder, one page, an establishment.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use common::{Answer, HOST, NOW, cookie, env, request};
use domain::State;
use domain::register::Role;
use domain::register::event::EstablishmentKind;
use journal::certificate::Mode;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use store::access::Access;
use store::{Folder, Ledger, Options};
use tokio::sync::watch;
use tower::ServiceExt;
use web::{Names, SETUP_PATH, Settings, Setup, Stage, TRUST_PATH, Trust};

const PASSWORD: &str = "cheval agrafe pile correct";
const FIELDS: &[(&str, &str)] = &[
    ("name", "CH d’Essai"),
    ("kind", "ch"),
    ("finess", "990 000 002"),
    ("time_zone", "Indian/Reunion"),
    ("device", "portable de crise"),
    ("person", "J. Marchand"),
    ("function", "directeur de garde"),
    ("login", "Marchand"),
    ("password", PASSWORD),
    ("again", PASSWORD),
];

/// A folder at its first start.
struct Start {
    dir: tempfile::TempDir,
    clock: Arc<AtomicI64>,
    code: String,
    stage: Stage,
}

impl Start {
    fn new() -> Self {
        Self::inside(tempfile::tempdir().unwrap(), None)
    }

    fn inside(dir: tempfile::TempDir, trust: Option<Trust>) -> Self {
        let clock = Arc::new(AtomicI64::new(NOW));
        let setup = Setup::begin(&Folder::at(dir.path()), Options::default(), env(&clock), "poste-dsi").unwrap();
        let code = setup.code();
        Self { dir, clock, code, stage: setup.stage(Settings { demo: false, port: 8080, trust, neighbours: Vec::new() }) }
    }

    fn folder(&self) -> Folder {
        Folder::at(self.dir.path())
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        common::read(self.stage.router().oneshot(request).await.unwrap()).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(request(Method::GET, path, "").body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = request(Method::POST, path, "").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(encoded(fields))).unwrap()).await
    }

    /// The form with the right code, one field changed.
    async fn with(&self, name: &str, value: &str) -> Answer {
        let code = self.code.clone();
        let mut fields = vec![("code", code.as_str())];
        fields.extend_from_slice(FIELDS);
        fields.iter_mut().filter(|(field, _)| *field == name).for_each(|field| field.1 = value);
        self.post(SETUP_PATH, &fields).await
    }
}

fn encoded(fields: &[(&str, &str)]) -> String {
    let percent = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
    fields.iter().map(|(name, value)| format!("{name}={}", percent(value))).collect::<Vec<_>>().join("&")
}

#[tokio::test]
async fn an_empty_folder_leads_to_one_page_and_nothing_else() {
    let start = Start::new();
    for path in ["/", "/journal", "/connexion", "/nulle-part"] {
        let answer = start.get(path).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, SETUP_PATH), "{path}");
    }
    let page = start.get(SETUP_PATH).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.field("device"), "poste-dsi");
    assert!(!page.text.contains(&start.code) && !page.text.contains(&start.code.replace(' ', "")));
    assert!(page.headers.contains_key(header::CONTENT_SECURITY_POLICY));
    assert_eq!(start.get("/api/v1/session").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(start.post("/connexion", FIELDS).await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!start.folder().has_journal());
}

#[tokio::test]
async fn the_page_founds_a_real_establishment_and_the_same_server_goes_on_with_it() {
    let start = Start::new();
    let answer = start.with("none", "").await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/connexion"), "{}", answer.text);
    assert!(start.get("/connexion").await.text.contains("name=\"password\""));
    let entered = start.post("/connexion", &[("login", "marchand"), ("password", PASSWORD)]).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.text);
    let home = start.send(request(Method::GET, "/", &cookie(&entered)).body(Body::empty()).unwrap()).await;
    assert_eq!(home.status, StatusCode::OK);
    assert!(home.shows("CH d’Essai"));
    // A second press, or a page left open, does no harm.
    for answer in [start.with("name", "Un autre").await, start.get(SETUP_PATH).await] {
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/connexion"));
    }
    let dir = start.dir;
    drop(start.stage);
    let ledger = Ledger::<State>::open(&Folder::at(dir.path()), env(&start.clock), Options::default()).unwrap();
    let view = ledger.view();
    assert_eq!(view.mode, Mode::Real);
    assert!(view.chains.iter().all(|chain| chain.device == "portable de crise"));
    let register = &view.state.register;
    assert_eq!((register.establishment.as_str(), register.time_zone.as_str()), ("CH d’Essai", "Indian/Reunion"));
    let accounts = Access::open(ledger.folder()).unwrap().accounts().unwrap();
    assert_eq!(accounts.len(), 1);
    assert_eq!((accounts[0].login.as_str(), register.role(&accounts[0].actor)), ("marchand", Some(Role::Direction)));
    assert_eq!(register.name(&accounts[0].actor), "J. Marchand");
    assert!(!dir.path().join("premier-demarrage").exists());
}

#[tokio::test]
async fn what_the_establishment_is_stands_in_its_journal() {
    let start = Start::new();
    start.with("none", "").await;
    let second = Ledger::<State>::open(&start.folder(), env(&start.clock), Options::default());
    assert!(second.is_err(), "the server holds the folder");
    let (dir, clock) = (start.dir, start.clock);
    drop(start.stage);
    let ledger = Ledger::<State>::open(&Folder::at(dir.path()), env(&clock), Options::default()).unwrap();
    let connection = ledger.reader().unwrap();
    let mut bodies = Vec::new();
    let kind = "register.establishment_named";
    let mut statement = connection.prepare("SELECT e.kind, b.body FROM entry e JOIN body b ON b.n = e.n").unwrap();
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let (found, body): (String, Vec<u8>) = (row.get(0).unwrap(), row.get(1).unwrap());
        bodies.extend((found == kind).then_some(body));
    }
    let named: domain::register::event::EstablishmentNamed = serde_json::from_slice(&bodies[0]).unwrap();
    assert_eq!((named.kind, named.finess.as_str()), (Some(EstablishmentKind::Ch), "990000002"));
}

#[tokio::test]
async fn each_wrong_field_is_named_beside_it_and_the_rest_comes_back() {
    let start = Start::new();
    let long = "x".repeat(200);
    let twelve = "deux mots !";
    for (field, value, told, sentence) in [
        ("name", "  ", "name", "vide"),
        ("name", long.as_str(), "name", "200 caractères"),
        ("name", "CH\u{7}", "name", "invisible"),
        ("kind", "", "kind", "Choisissez"),
        ("kind", "palace", "kind", "Choisissez"),
        ("finess", "12", "finess", "neuf chiffres"),
        ("finess", "990000005", "finess", "erreur de frappe"),
        ("time_zone", "Mars/Olympus", "time_zone", "Choisissez"),
        ("device", "", "device", "vide"),
        ("person", "", "person", "vide"),
        ("function", "", "function", "vide"),
        ("login", "j marchand", "login", "espace"),
        ("password", twelve, "password", "12 caractères"),
        ("again", "autre chose", "again", "diffèrent"),
    ] {
        let answer = start.with(field, value).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}={value}");
        let at = answer.text.find(&format!("id=\"e-{told}\"")).unwrap_or_else(|| panic!("nothing beside {told}"));
        let beside = answer.text[at..].split("</span>").next().unwrap();
        assert!(beside.contains(sentence), "{beside}");
        assert!(!answer.text.contains(PASSWORD), "a page never holds a password");
        assert_eq!(answer.text.matches("aria-invalid").count(), 1, "{field}={value}");
    }
    let answer = start.with("name", "").await;
    assert_eq!((answer.field("person").as_str(), answer.field("code")), ("J. Marchand", start.code.clone()));
    assert!(answer.text.contains("value=\"Indian/Reunion\" selected"));
    assert!(!start.folder().has_journal() && !start.folder().access_db().exists());
    // Markup that somebody types is text.
    let answer = start.with("kind", "\"><script>alert(1)</script>").await;
    assert!(!answer.text.contains("<script>alert"));
    let all = [("name", "<script>x</script>"), ("code", "\"><img>")];
    let answer = start.post(SETUP_PATH, &all).await;
    assert!(!answer.text.contains("<script>x") && !answer.text.contains("<img>"));
}

#[tokio::test]
async fn a_wrong_code_founds_nothing_waits_and_in_the_end_stops_the_server() {
    let start = Start::new();
    let answer = start.with("code", "").await;
    assert!(answer.shows("Recopiez le code"));
    for left in [9, 8, 7] {
        let answer = start.with("code", "0000 000x").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.shows(&format!("Encore {left} essais")), "{}", answer.words());
    }
    let early = start.with("none", "").await;
    assert_eq!(early.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(early.shows("attendez 5 secondes"));
    let mut last = early;
    for _ in 0..7 {
        start.clock.fetch_add(60_000, Ordering::SeqCst);
        last = start.with("code", "1").await;
    }
    assert_eq!(last.status, StatusCode::FORBIDDEN);
    assert!(last.shows("Trop de codes faux"));
    start.clock.fetch_add(60_000, Ordering::SeqCst);
    assert_eq!(start.with("none", "").await.status, StatusCode::FORBIDDEN);
    assert!(!start.folder().has_journal());
}

#[tokio::test]
async fn a_malformed_sending_founds_nothing() {
    let start = Start::new();
    for (kind, body) in [
        ("text/plain", "code=1".to_owned()),
        ("application/json", "{}".to_owned()),
        ("application/x-www-form-urlencoded", "x".repeat(2 * 1024 * 1024)),
    ] {
        let request = request(Method::POST, SETUP_PATH, "").header(header::CONTENT_TYPE, kind);
        assert!(start.send(request.body(Body::from(body)).unwrap()).await.status.is_client_error(), "{kind}");
    }
    let body = format!("code={}&name=%FF%FE", start.code.replace(' ', ""));
    let request = request(Method::POST, SETUP_PATH, "").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    assert!(start.send(request.body(Body::from(body)).unwrap()).await.status.is_client_error());
    assert!(!start.folder().has_journal());
}

#[tokio::test]
async fn two_presses_at_once_found_one_establishment() {
    let start = Start::new();
    let (one, two) = tokio::join!(start.with("none", ""), start.with("none", ""));
    for answer in [one, two] {
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/connexion"));
    }
    assert_eq!(Access::open(&start.folder()).unwrap().accounts().unwrap().len(), 1);
}

#[tokio::test]
async fn a_start_cut_short_is_begun_again() {
    let start = Start::new();
    // As if the program had died between the account and the journal.
    let left = Access::open(&start.folder()).unwrap();
    left.create_account(journal::ActorId([7; 16]), "marchand", Some("$argon2id$")).unwrap();
    std::fs::write(start.folder().keys().join("device.key.partiel"), b"half").unwrap();
    drop(left);
    let dir = start.dir;
    drop(start.stage);
    let start = Start::inside(dir, None);
    assert_eq!(start.with("none", "").await.status, StatusCode::SEE_OTHER);
    let accounts = Access::open(&start.folder()).unwrap().accounts().unwrap();
    assert_eq!(accounts.len(), 1);
    assert_ne!(accounts[0].actor, journal::ActorId([7; 16]));
}

#[test]
fn a_folder_that_holds_something_else_or_is_taken_is_left_alone() {
    let clock = Arc::new(AtomicI64::new(NOW));
    let begin = |folder: &Folder| Setup::begin(folder, Options::default(), env(&clock), "x").map(|_| ()).unwrap_err();
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("lettre.odt"), b"a letter").unwrap();
    assert!(begin(&Folder::at(dir.path())).contains("n’est pas vide"));
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    // A journal that went missing is not a first start.
    let lost = tempfile::tempdir().unwrap();
    let _accounts = Access::open(&Folder::at(lost.path())).unwrap();
    assert!(begin(&Folder::at(lost.path())).contains("restaurez une sauvegarde"));
    let taken = Start::new();
    assert!(begin(&taken.folder()).contains("déjà ouvert"));
}

#[tokio::test]
async fn the_trust_page_says_how_to_trust_and_gives_the_certificate() {
    let mut names = Names::loopback();
    names.insert("192.168.1.20");
    let (_sender, receiver) = watch::channel(names);
    let trust = Trust { certificate: Arc::from(*b"certificate"), names: receiver, port: 8443 };
    let words = trust.words();
    let start = Start::inside(tempfile::tempdir().unwrap(), Some(trust));
    let get =
        |path: &str, host: &str| start.send(Request::builder().uri(path).header(header::HOST, host).body(Body::empty()).unwrap());
    let page = get(TRUST_PATH, "192.168.1.20:8443").await;
    assert_eq!(page.status, StatusCode::OK);
    for part in [words.as_str(), "Android", "iPhone", "Windows", "Firefox", "https://192.168.1.20:8443/confiance"] {
        assert!(page.shows(part), "{part}");
    }
    assert!(page.text.contains("<svg") && !page.text.contains("style="));
    let certificate = get("/confiance/autorite.crt", "localhost:8443").await;
    assert_eq!(certificate.headers[header::CONTENT_TYPE], "application/x-x509-ca-cert");
    assert_eq!(certificate.text, "certificate");
    assert_eq!(get(TRUST_PATH, "192.168.1.21:8443").await.status, StatusCode::MISDIRECTED_REQUEST);
    // The same once the establishment is there.
    let code = start.code.clone();
    let mut fields = vec![("code", code.as_str())];
    fields.extend_from_slice(FIELDS);
    let post = Request::builder().method(Method::POST).uri(SETUP_PATH).header(header::HOST, "192.168.1.20:8443");
    let post = post.header(header::ORIGIN, "https://192.168.1.20:8443");
    let post = post.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(Body::from(encoded(&fields))).unwrap();
    assert_eq!(start.send(post).await.status, StatusCode::SEE_OTHER);
    assert!(get(TRUST_PATH, "192.168.1.20:8443").await.shows(&words));
    assert!(get("/connexion", "192.168.1.20:8443").await.text.contains(TRUST_PATH));
}

#[tokio::test]
async fn on_this_machine_alone_there_is_nothing_to_trust() {
    let start = Start::new();
    assert!(start.get(TRUST_PATH).await.shows("Il n’y a rien à installer"));
    assert_eq!(start.get("/confiance/autorite.crt").await.status, StatusCode::NOT_FOUND);
    assert!(HOST.starts_with("127.0.0.1"));
}
