//! The real program, as people use it: started, watched, written to over HTTP.

use crate::figure::Figure;
use crate::{Problem, cpu, live, writers};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Entries in the crisis when its page is measured.
const PAGE_ENTRIES: usize = 1_000;
/// Pages asked for.
const PAGES: usize = 400;
pub(crate) const LOGIN: &str = "lenoir";
const PASSWORD: &str = "mesure-mesure-mesure";

/// A running `planblanc`, stopped when dropped.
pub(crate) struct Running {
    child: Child,
    /// Where it answers, without a final slash.
    pub(crate) address: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        // Already stopped, perhaps.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running {
    pub(crate) fn start(binary: &Path, data: &Path, guard: &Path) -> Result<Self, Problem> {
        let mut child = Command::new(binary)
            .args(["demo", "--port", "0", "--data"])
            .arg(data)
            .env("PLANBLANC_GUARD_DIR", guard)
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut line)?;
        let address = line.split_whitespace().find(|w| w.starts_with("http://")).ok_or("no address")?;
        Ok(Self { child, address: address.trim_end_matches('/').to_owned() })
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }
}

/// Somebody signed in.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) http: reqwest::Client,
    pub(crate) address: String,
    pub(crate) cookie: String,
    pub(crate) journal: String,
    pub(crate) crisis: String,
}

impl Client {
    pub(crate) async fn sign_in(address: &str) -> Result<Self, Problem> {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
        let answer =
            http.post(format!("{address}/api/v1/sessions")).json(&json!({"login": LOGIN, "password": PASSWORD})).send().await?;
        let cookie = answer.headers().get("set-cookie").and_then(|c| c.to_str().ok()).ok_or("no session")?;
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let home = http.get(format!("{address}/")).header("cookie", &cookie).send().await?.text().await?;
        let (journal, crisis) = room(&home).ok_or("no crisis on the home page")?;
        Ok(Self { http, address: address.to_owned(), cookie, journal, crisis })
    }

    /// Records entries as one request; returns how long it took.
    pub(crate) async fn log(&self, request: &str, texts: &[String]) -> Result<Duration, Problem> {
        let event = |text: &String| json!({"kind": "crisis.entry_logged", "subject": self.crisis, "body": {"entry_type": "fact", "text": text}});
        let events: Vec<Value> = texts.iter().map(event).collect();
        let begun = Instant::now();
        let post = self.http.post(format!("{}/api/v1/journals/{}/requests", self.address, self.journal));
        let answer = post.header("cookie", &self.cookie).json(&json!({"request": request, "events": events})).send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        if !status.is_success() {
            return Err(format!("{status}: {text}").into());
        }
        Ok(begun.elapsed())
    }

    /// Gets a page.
    pub(crate) async fn page(&self, path: &str) -> Result<String, Problem> {
        let answer = self.http.get(format!("{}{path}", self.address)).header("cookie", &self.cookie).send().await?;
        Ok(answer.error_for_status()?.text().await?)
    }

    /// Path of the crisis room.
    pub(crate) fn room(&self) -> String {
        format!("/journaux/{}/crises/{}", self.journal, self.crisis)
    }
}

fn room(home: &str) -> Option<(String, String)> {
    let (_, rest) = home.split_once("/journaux/")?;
    let (journal, rest) = rest.split_once("/crises/")?;
    Some((journal.to_owned(), rest.get(..32)?.to_owned()))
}

/// A fresh request id.
pub(crate) fn request_id() -> String {
    journal::RequestId(crate::floor::environment().bytes()).to_string()
}

/// The program beside this one, built in the same profile.
pub(crate) fn binary() -> Result<PathBuf, Problem> {
    let path = std::env::current_exe()?.with_file_name(format!("planblanc{}", std::env::consts::EXE_SUFFIX));
    if path.is_file() { Ok(path) } else { Err(format!("{} is missing: cargo build --release first", path.display()).into()) }
}

pub(crate) fn set_password(binary: &Path, data: &Path) -> Result<(), Problem> {
    let mut child = Command::new(binary)
        .args(["account", "password", LOGIN, "--data"])
        .arg(data)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()?;
    child.stdin.take().ok_or("no input")?.write_all(PASSWORD.as_bytes())?;
    if child.wait()?.success() { Ok(()) } else { Err("no password could be set".into()) }
}

pub(crate) async fn run(print: impl Fn(Figure)) -> Result<(), Problem> {
    let dir = tempfile::tempdir()?;
    let (data, guard) = (dir.path().join("data"), dir.path().join("guard"));
    let binary = binary()?;
    let figure = |figure, value, unit, peer, peer_value| Figure { bench: "journal", figure, value, unit, peer, peer_value };
    drop(Running::start(&binary, &data, &guard)?);
    let begun = Instant::now();
    let running = Running::start(&binary, &data, &guard)?;
    reqwest::get(format!("{}/connexion", running.address)).await?.error_for_status()?.text().await?;
    print(figure("start_ms", begun.elapsed().as_secs_f64() * 1e3, "ms", "DFIR-IRIS, second start (published measure)", 13_500.0));
    tokio::time::sleep(Duration::from_secs(2)).await;
    print(figure("idle_mb", cpu::resident_mb(running.child.id())?, "MB", "DFIR-IRIS, web and worker (published measure)", 246.0));
    set_password(&binary, &data)?;
    let client = Client::sign_in(&running.address).await?;
    let texts = texts();
    for _ in 0..PAGE_ENTRIES.saturating_sub(150).div_ceil(texts.len()) {
        client.log(&request_id(), &texts).await?;
    }
    print(figure(
        "page_cpu_ms",
        page_cpu_ms(&running, &client).await?,
        "ms",
        "CISO Assistant, 20 rows (published measure)",
        96.0,
    ));
    print(figure("live_p99_ms", live::run(&client).await?, "ms", "bound asked", 500.0));
    let written = writers::run(&client, dir.path()).await?;
    print(figure("entries_per_s", written.per_s, "/s", "DFIR-IRIS (published measure)", 12.0));
    print(figure("entry_p99_ms", written.p99_ms, "ms", "p99 of one bare SQLite FULL commit, this run", written.bare_p99_ms));
    print(figure("entry_p99_ratio", written.p99_ms / written.bare_p99_ms, "x", "bound asked", 4.0));
    Ok(())
}

fn texts() -> Vec<String> {
    let text = |n| format!("Entrée de mesure n° {n} : courrier porté aux services, accusé de réception au retour.");
    (0..50).map(text).collect()
}

/// CPU of one page rendered anew: an entry comes before each page, and what the entries cost alone is taken off.
pub(crate) async fn page_cpu_ms(running: &Running, client: &Client) -> Result<f64, Problem> {
    let (texts, room, pid) = (texts(), client.room(), running.child.id());
    client.page(&room).await?;
    let start = cpu::seconds(pid)?;
    for _ in 0..PAGES {
        client.log(&request_id(), &texts[..1]).await?;
        client.page(&room).await?;
    }
    let both = cpu::seconds(pid)?;
    for _ in 0..PAGES {
        client.log(&request_id(), &texts[..1]).await?;
    }
    let alone = cpu::seconds(pid)? - both;
    Ok((both - start - alone) * 1e3 / PAGES as f64)
}
