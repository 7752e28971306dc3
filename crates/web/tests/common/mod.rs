//! A served establishment in a temporary folder, on a clock that tests set.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test program uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

pub mod exercise;
pub mod play;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use axum::response::Response;
use domain::crisis::event::{CrisisOpened, EntryType, Level, Logged};
use domain::register::Role;
use domain::register::event::{EstablishmentNamed, PersonNamed};
use domain::{Event, State};
use journal::certificate::Mode;
use journal::write::{Author, Draft};
use journal::{ActorId, Auth, AuthorityAct, EntryId, JournalId, RequestId, SubjectId};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use store::access::Access;
use store::ledger::Founding;
use store::{Env, Folder, Ledger, Options, Submission};
use tower::ServiceExt;
use web::{App, Settings};

/// Saturday 21 November 2026, 14:32 in Paris.
pub const NOW: i64 = 1_795_267_920_000;
pub const MINUTE: i64 = 60_000;
pub const HOST: &str = "127.0.0.1:8080";
pub const LENOIR: ActorId = ActorId([1; 16]);
pub const MARCHAND: ActorId = ActorId([2; 16]);
pub const MOREAU: ActorId = ActorId([3; 16]);
pub const CRISIS: SubjectId = SubjectId([9; 16]);

pub struct House {
    pub dir: tempfile::TempDir,
    pub ledger: Arc<Ledger<State>>,
    pub app: App,
    pub clock: Arc<AtomicI64>,
    pub journal: JournalId,
    env: Env,
}

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// Value of a hidden field, or of any other.
    pub fn field(&self, name: &str) -> String {
        let at = self.text.find(&format!("name=\"{name}\"")).unwrap_or_else(|| panic!("no field {name}"));
        let rest = &self.text[at..];
        let value = rest.find("value=\"").unwrap() + 7;
        rest[value..].split('"').next().unwrap().to_owned()
    }

    /// Whether a person reads this, whatever the kinds of spaces.
    pub fn shows(&self, words: &str) -> bool {
        let page = self.words().replace(['\u{a0}', '\u{202f}'], " ").replace('\u{1}', "");
        page.contains(words)
    }

    /// What a person reads: no tags, no script, no form values, entities resolved.
    pub fn words(&self) -> String {
        let mut out = String::new();
        let mut rest = self.text.as_str();
        while let Some(open) = rest.find('<') {
            out.push_str(&rest[..open]);
            rest = &rest[open..];
            let hidden = ["<textarea", "<script", "<title", "<code", "<pre"].iter().find(|tag| rest.starts_with(**tag));
            let end = match hidden {
                Some(tag) => rest.find(&format!("</{}>", &tag[1..])).unwrap(),
                None => 0,
            };
            let close = end + rest[end..].find('>').unwrap();
            rest = &rest[close + 1..];
            out.push('\u{1}');
        }
        out.push_str(rest);
        out.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"")
    }
}

fn draft_role(actor: ActorId, role: Role) -> Draft {
    Draft::of_act(&AuthorityAct::RoleGranted { actor, role: role.name().to_owned(), rank: role.rank() })
}

fn draft_person(actor: ActorId, name: &str, function: &str) -> Draft {
    Event::PersonNamed(PersonNamed { name: name.to_owned(), function: function.to_owned() }).draft(SubjectId(actor.0))
}

fn founding(mode: Mode) -> Founding {
    let named = EstablishmentNamed {
        name: "CH d’Essai".to_owned(),
        time_zone: "Europe/Paris".to_owned(),
        ..EstablishmentNamed::default()
    };
    let drafts = vec![
        draft_role(LENOIR, Role::Secretary),
        draft_role(MARCHAND, Role::Direction),
        draft_role(MOREAU, Role::Observer),
        Event::EstablishmentNamed(named).draft(SubjectId([0; 16])),
        draft_person(LENOIR, "C. Lenoir", "secrétaire de cellule"),
        draft_person(MARCHAND, "J. Marchand", "directeur de crise"),
        draft_person(MOREAU, "A. Moreau", "observatrice"),
    ];
    Founding { mode, device: "poste d’essai".to_owned(), drafts }
}

/// The crisis of the tests.
pub fn opening() -> CrisisOpened {
    CrisisOpened {
        title: "Rançongiciel".to_owned(),
        level: Level::Crisis,
        occurred_at: Some(NOW - 9 * 60 * MINUTE),
        known_at: Some(NOW - 8 * 60 * MINUTE),
        ..CrisisOpened::default()
    }
}

impl House {
    /// A demonstration with three people and a crisis open.
    pub fn new() -> Self {
        let house = Self::founded(true);
        house.write(MARCHAND, vec![Event::CrisisOpened(opening())]);
        house
    }

    /// The same without a crisis.
    pub fn founded(demo: bool) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(AtomicI64::new(NOW));
        let env = env(&clock);
        Ledger::<State>::found(&Folder::at(dir.path()), founding(Mode::Exercise), &env, &Options::default()).unwrap();
        let access = Access::open(&Folder::at(dir.path())).unwrap();
        for (actor, login) in [(LENOIR, "lenoir"), (MARCHAND, "marchand"), (MOREAU, "moreau")] {
            access.create_account(actor, login, None).unwrap();
        }
        drop(access);
        Self::open(dir, clock, demo)
    }

    /// Serves a folder that exists.
    pub fn open(dir: tempfile::TempDir, clock: Arc<AtomicI64>, demo: bool) -> Self {
        let env = env(&clock);
        let folder = Folder::at(dir.path());
        let ledger = Arc::new(Ledger::<State>::open(&folder, env.clone(), Options::default()).unwrap());
        let access = Access::open(&folder).unwrap();
        let app =
            App::new(ledger.clone(), access, Settings { demo, port: 8080, trust: None, neighbours: Vec::new() }, env.clone());
        let journal = ledger.id();
        Self { dir, ledger, app, clock, journal, env }
    }

    pub fn env(&self) -> Env {
        self.env.clone()
    }

    pub fn later(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::SeqCst);
    }

    /// Records events about the crisis as one request.
    pub fn write(&self, actor: ActorId, events: Vec<Event>) -> Vec<EntryId> {
        let author = Author { actor, auth: Auth::None };
        let drafts = events.iter().map(|e| e.draft(CRISIS)).collect();
        self.ledger.submit_wait(Submission { request: RequestId(self.env.bytes()), author, drafts }).unwrap().entries
    }

    pub fn log(&self, entry_type: EntryType, text: &str) -> EntryId {
        self.write(LENOIR, vec![Logged::new(entry_type, text).into_event()])[0]
    }

    /// Lines of the log now.
    pub fn lines(&self) -> Vec<domain::crisis::LogEntry> {
        self.ledger.view().state.crises.get(&CRISIS).map(|c| c.log.iter().cloned().collect()).unwrap_or_default()
    }

    pub fn room(&self) -> String {
        format!("/journaux/{}/crises/{CRISIS}", self.journal)
    }

    pub fn api(&self, path: &str) -> String {
        format!("/api/v1/journals/{}{path}", self.journal)
    }

    pub async fn raw(&self, request: Request<Body>) -> Response {
        web::router(self.app.clone()).oneshot(request).await.unwrap()
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        read(self.raw(request).await).await
    }

    pub async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.send(request(Method::GET, path, cookie).body(Body::empty()).unwrap()).await
    }

    /// A form as a browser without script sends it.
    pub async fn form(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
        self.multipart(path, cookie, fields, &[]).await
    }

    pub async fn multipart(&self, path: &str, cookie: &str, fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Answer {
        let request = request(Method::POST, path, cookie).header(header::CONTENT_TYPE, "multipart/form-data; boundary=XX");
        self.send(request.body(Body::from(multipart(fields, files))).unwrap()).await
    }

    pub async fn post_json(&self, path: &str, cookie: &str, body: impl Into<Body>) -> Answer {
        let request = request(Method::POST, path, cookie).header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(body.into()).unwrap()).await
    }

    /// Enters by one click; returns the cookie.
    pub async fn enter(&self, actor: ActorId) -> String {
        let answer = self.form("/connexion", "", &[("compte", &actor.to_string())]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        cookie(&answer)
    }
}

/// An answer, read to its end.
pub async fn read(response: Response) -> Answer {
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Answer { status: parts.status, headers: parts.headers, text }
}

/// The cookie an answer sets.
pub fn cookie(answer: &Answer) -> String {
    answer.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned()
}

pub fn request(method: Method, path: &str, cookie: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path).header(header::HOST, HOST).header(header::COOKIE, cookie)
}

pub fn multipart(fields: &[(&str, &str)], files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    for (name, content) in files {
        let head = format!(
            "--XX\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\nContent-Type: image/svg+xml\r\n\r\n"
        );
        body.extend(head.bytes());
        body.extend(*content);
        body.extend(b"\r\n");
    }
    body.extend(b"--XX--\r\n");
    body
}

/// The tests' clock, and bytes that never repeat.
pub fn env(clock: &Arc<AtomicI64>) -> Env {
    static DRAWN: AtomicU64 = AtomicU64::new(1);
    let clock = clock.clone();
    let random = |bytes: &mut [u8]| {
        for chunk in bytes.chunks_mut(32) {
            let seed = DRAWN.fetch_add(1, Ordering::Relaxed).to_be_bytes();
            chunk.copy_from_slice(&journal::entry::sha256(&seed).0[..chunk.len()]);
        }
    };
    Env { now_ms: Arc::new(move || clock.load(Ordering::SeqCst)), random: Arc::new(random) }
}
