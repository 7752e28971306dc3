//! A real server: TLS by its own authority, the first start, who is answered and who is not, and how it stops.

mod support;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use support::{Place, text};

const PASSWORD: &str = "cheval agrafe pile correct";

/// A running `planblanc serve`, killed when dropped.
struct Network {
    child: Child,
    /// What it said on the terminal before it answered.
    said: Vec<String>,
    port: u16,
    root: Vec<u8>,
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

impl Network {
    /// Starts on the place's folder and reads the terminal up to a line that begins so.
    fn start(place: &Place, last_line: &str, more: &[&str]) -> Self {
        let data = place.data();
        let mut args = vec!["serve", "--port", "0", "--data", data.to_str().expect("plain path")];
        args.extend(more);
        let mut child = place.command(&args).stdout(Stdio::piped()).spawn().expect("the server starts");
        let mut said = Vec::new();
        for line in BufReader::new(child.stdout.take().expect("output")).lines() {
            said.push(line.expect("a line"));
            if said.last().is_some_and(|line| line.starts_with(last_line)) {
                break;
            }
        }
        let address = said.iter().find_map(|line| line.trim().strip_prefix("https://localhost:")).expect("an address");
        let port = address.trim_end_matches('/').parse().expect("a port");
        Self { child, port, root: root(&data), said }
    }

    /// The same, where there is an establishment already.
    fn start_founded(place: &Place) -> Self {
        Self::start(place, "Les huit mots", &[])
    }

    /// The one-time code of a first start.
    fn code(&self) -> &str {
        self.said.iter().find_map(|line| line.strip_prefix("Code : ")).expect("a code")
    }

    /// A connection that trusts the folder's authority and nothing else.
    fn connect(&self) -> io::Result<StreamOwned<ClientConnection, TcpStream>> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from(self.root.clone())).expect("an authority");
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let config = config.with_safe_default_protocol_versions().expect("versions");
        let config = Arc::new(config.with_root_certificates(roots).with_no_client_auth());
        let name = ServerName::try_from("localhost").expect("a name");
        let mut stream = StreamOwned::new(ClientConnection::new(config, name).expect("a client"), self.plain());
        stream.flush().map(|()| stream)
    }

    fn plain(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).expect("connects");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
        stream
    }

    fn ask(&self, request: &str) -> Answer {
        read(self.connect().expect("trusted"), request)
    }

    fn get(&self, path: &str, cookie: &str) -> Answer {
        self.ask(&format!(
            "GET {path} HTTP/1.1\r\nHost: localhost:{}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n",
            self.port
        ))
    }

    fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let percent = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
        let body = fields.iter().map(|(name, value)| format!("{name}={}", percent(value))).collect::<Vec<_>>().join("&");
        let (port, len) = (self.port, body.len());
        self.ask(&format!(
            "POST {path} HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: https://localhost:{port}\r\nConnection: close\r\n\
            Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len}\r\n\r\n{body}"
        ))
    }

    fn set_up(&self) -> Answer {
        let code = self.code().to_owned();
        self.post(
            "/premier-demarrage",
            &[
                ("code", &code),
                ("name", "CH d’Essai"),
                ("kind", "ch"),
                ("time_zone", "Europe/Paris"),
                ("device", "portable"),
                ("person", "J. Marchand"),
                ("function", "directeur"),
                ("login", "marchand"),
                ("password", PASSWORD),
                ("again", PASSWORD),
            ],
        )
    }

    fn sign_in(&self) -> Answer {
        self.post("/connexion", &[("login", "marchand"), ("password", PASSWORD)])
    }

    fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The authority's certificate, as the folder keeps it.
fn root(data: &Path) -> Vec<u8> {
    let kept = std::fs::read(data.join("keys").join("authority.json")).expect("an authority");
    let kept: serde_json::Value = serde_json::from_slice(&kept).expect("readable");
    CertificateDer::from_pem_slice(kept["certificate"].as_str().expect("text").as_bytes()).expect("PEM").to_vec()
}

fn read(mut stream: impl Read + Write, request: &str) -> Answer {
    stream.write_all(request.as_bytes()).expect("asked");
    let mut bytes = Vec::new();
    // A server that closes without a farewell has said all it had to.
    let _ = stream.read_to_end(&mut bytes);
    let all = text(&bytes);
    let (head, body) = all.split_once("\r\n\r\n").unwrap_or((&all, ""));
    let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or_else(|| panic!("no answer: {all}"));
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

#[test]
fn an_empty_folder_becomes_an_establishment_over_tls_without_a_restart() {
    let place = Place::new();
    let mut server = Network::start(&place, "Code : ", &[]);
    assert!(server.said.iter().any(|line| line.contains("/confiance")));
    let home = server.get("/", "");
    assert_eq!((home.status, home.header("location")), (303, Some("/premier-demarrage")));
    let refused = server.post("/premier-demarrage", &[("code", "0")]);
    assert_eq!(refused.status, 422);
    let founded = server.set_up();
    assert_eq!((founded.status, founded.header("location")), (303, Some("/connexion")), "{}", founded.body);
    let entered = server.sign_in();
    let cookie = entered.header("set-cookie").expect("a cookie").to_owned();
    let (name, attributes) = cookie.split_once('=').expect("name and value");
    let id = name.strip_prefix("__Host-pb-").expect("a cookie of this host alone");
    assert!(id.len() == 8 && id.bytes().all(|b| b.is_ascii_hexdigit()), "{cookie}");
    let attributes: Vec<&str> = attributes.split("; ").skip(1).collect();
    assert_eq!(attributes, ["HttpOnly", "SameSite=Strict", "Path=/", "Secure"]);
    let pair = cookie.split(';').next().expect("a pair").to_owned();
    assert_eq!(server.get("/", &pair).status, 200);
    assert!(entered.header("strict-transport-security").is_none());
    server.kill();
    // The next start finds the establishment, the same authority, and the session.
    let again = Network::start_founded(&place);
    assert_eq!(again.root, server.root);
    assert_eq!(again.get("/", &pair).status, 200);
    assert!(!again.said.iter().any(|line| line.contains("Code")));
}

#[test]
fn killed_while_founding_it_begins_again_or_is_whole() {
    let place = Place::new();
    for wait_ms in [0, 5, 20, 60] {
        let data = place.data();
        if data.exists() {
            std::fs::remove_dir_all(&data).expect("fresh");
        }
        let mut server = Network::start(&place, "Code : ", &[]);
        std::thread::scope(|scope| {
            // Whatever it answers, if it does.
            scope.spawn(|| std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| server.set_up())).is_ok());
            std::thread::sleep(Duration::from_millis(wait_ms));
            let id = server.child.id().to_string();
            assert!(Command::new("kill").args(["-9", &id]).status().expect("kill runs").success());
        });
        server.kill();
        if data.join("journal.db").exists() {
            assert_eq!(place.on_data(&["verify"]).status.code(), Some(0));
        } else {
            let server = Network::start(&place, "Code : ", &[]);
            assert_eq!(server.set_up().status, 303);
        }
        let server = Network::start_founded(&place);
        assert_eq!(server.sign_in().status, 303, "after {wait_ms} ms");
    }
}

#[test]
fn only_its_own_names_are_answered_and_never_without_encryption() {
    let place = Place::new();
    let server = Network::start(&place, "Code : ", &["--name", "crise.hopital.example"]);
    let host = |host: &str| server.ask(&format!("GET /confiance HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")).status;
    assert_eq!(host(&format!("crise.hopital.example:{}", server.port)), 200);
    assert_eq!(host("127.0.0.1"), 200);
    assert_eq!(host("evil.example"), 421);
    let plain = |request: &str| read(server.plain(), request);
    let sent_on = plain(&format!("GET /confiance HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", server.port));
    assert_eq!(sent_on.status, 307);
    assert_eq!(sent_on.header("location"), Some(format!("https://localhost:{}/confiance", server.port).as_str()));
    let refused = plain("POST /connexion HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
    assert_eq!(refused.status, 400);
    assert!(refused.body.contains("https"));
    let page = server.get("/confiance", "");
    let words = server.said.iter().find_map(|line| line.strip_prefix("Les huit mots de son empreinte, à comparer : "));
    assert!(page.body.contains(words.expect("words on the terminal")));
    let wrong = place.run(&["serve", "--data", "x", "--local", "--listen", "0.0.0.0"]);
    assert_eq!(wrong.status.code(), Some(2), "plain HTTP never leaves this machine");
    assert_eq!(place.run(&["serve", "--data", "x", "--name", "https://crise"]).status.code(), Some(1));
}

#[test]
fn silent_clients_keep_nobody_waiting() {
    let place = Place::new();
    let server = Network::start(&place, "Code : ", &[]);
    let silent: Vec<TcpStream> = (0..100).map(|_| server.plain()).collect();
    let half: Vec<TcpStream> = (0..20).map(|_| server.plain()).inspect(|mut s| s.write_all(&[22, 3, 1]).expect("sent")).collect();
    let start = Instant::now();
    assert_eq!(server.get("/premier-demarrage", "").status, 200);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    // They are shown out.
    let mut last = silent.last().expect("one");
    assert_eq!(last.read(&mut [0; 1]).expect("an end, not a limit"), 0);
    drop(half);
}

#[cfg(unix)]
#[test]
fn asked_to_stop_it_stops_within_two_seconds_whoever_is_connected() {
    let place = Place::new();
    let mut server = Network::start(&place, "Code : ", &[]);
    server.set_up();
    let entered = server.sign_in();
    let pair = entered.header("set-cookie").and_then(|c| c.split(';').next()).expect("a cookie").to_owned();
    let mut live = server.connect().expect("trusted");
    write!(live, "GET /direct HTTP/1.1\r\nHost: localhost\r\nCookie: {pair}\r\n\r\n").expect("asked");
    live.read_exact(&mut [0; 15]).expect("the stream begins");
    let _silent = server.plain();
    let start = Instant::now();
    let id = server.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().expect("kill runs").success());
    let status = server.child.wait().expect("it ends");
    assert!(status.success(), "{status}");
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

#[test]
fn a_folder_that_holds_something_else_is_left_alone() {
    let place = Place::new();
    let data = place.data();
    std::fs::create_dir_all(&data).expect("folder");
    std::fs::write(data.join("lettre.odt"), b"a letter").expect("file");
    let refused = place.on_data(&["serve", "--port", "0"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("n’est pas vide"), "{}", text(&refused.stderr));
    assert_eq!(std::fs::read_dir(&data).expect("folder").count(), 1);
}
