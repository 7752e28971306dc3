//! What the end-to-end tests share: the real program in a temporary folder, and real browsers.
#![allow(dead_code, reason = "each test binary uses its part")]

pub(crate) mod axe;
pub(crate) mod browser;

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use tempfile::TempDir;

/// A data folder of its own, with its outside witnesses beside it.
pub(crate) struct Place {
    dir: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().expect("temporary folder") }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// The program with arguments, not started.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_planblanc"));
        command.args(args).env("PLANBLANC_GUARD_DIR", self.path("guard"));
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.command(args).stdin(Stdio::null()).output().expect("the program runs")
    }

    /// Runs it on this place's data folder.
    pub(crate) fn on_data(&self, args: &[&str]) -> Output {
        let data = self.data();
        let mut all = args.to_vec();
        let data = data.to_str().expect("plain path").to_owned();
        all.extend(["--data", &data]);
        self.run(&all)
    }

    /// A demonstration on a port (0: any).
    pub(crate) fn demo(&self, port: u16) -> Server {
        Server::start(self, &self.data(), port)
    }
}

/// How many establishments a demonstration serves.
const ESTABLISHMENTS: usize = 3;

/// A running `planblanc demo`, killed when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    /// Addresses of the other establishments of the demonstration, in the order they are told.
    pub(crate) others: Vec<String>,
}

/// The address a line of the program tells.
fn address(line: &str) -> String {
    line.split_whitespace().find(|w| w.starts_with("http://")).expect("an address").trim_end_matches('/').to_owned()
}

impl Server {
    pub(crate) fn start(place: &Place, data: &Path, port: u16) -> Self {
        let mut command = place.command(&["demo", "--port", &port.to_string(), "--data", data.to_str().expect("plain path")]);
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the server starts");
        let lines = BufReader::new(child.stdout.take().expect("output")).lines();
        let mut told = lines.take(ESTABLISHMENTS).map(|line| address(&line.expect("a line")));
        let address = told.next().expect("one line");
        let others = told.collect();
        Self { child, address, others }
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.rsplit_once(':').and_then(|(_, port)| port.parse().ok()).expect("a port")
    }

    /// SIGKILL, as a power cut would.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("gone");
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port nobody uses now.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).and_then(|l| l.local_addr()).expect("a free port").port()
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
