//! Durable entries over HTTP from closed-loop writers, beside one bare SQLite commit.

use crate::Problem;
use crate::figure::percentile;
use crate::server::{Client, request_id};
use rusqlite::Connection;
use std::path::Path;
use std::time::{Duration, Instant};

/// Writers, each waiting for its answer before the next entry.
const WRITERS: usize = 32;
/// How long they write.
const WRITING: Duration = Duration::from_secs(8);
/// Bare commits measured before and after.
const BARE_COMMITS: usize = 400;
/// Bytes in a bare commit: about those of a stored entry.
const BARE_BYTES: usize = 760;

/// What was measured.
pub(crate) struct Written {
    pub(crate) per_s: f64,
    pub(crate) p99_ms: f64,
    pub(crate) bare_p99_ms: f64,
}

pub(crate) async fn run(client: &Client, dir: &Path) -> Result<Written, Problem> {
    let mut bare = bare_commits(&dir.join("bare-before.db"))?;
    let begun = Instant::now();
    let until = begun + WRITING;
    let writers: Vec<_> = (0..WRITERS).map(|nth| tokio::spawn(write(client.clone(), nth, until))).collect();
    let mut samples = Vec::new();
    for writer in writers {
        samples.extend(writer.await??);
    }
    let seconds = begun.elapsed().as_secs_f64();
    bare.extend(bare_commits(&dir.join("bare-after.db"))?);
    let per_s = samples.len() as f64 / seconds;
    Ok(Written { per_s, p99_ms: percentile(&mut samples, 0.99), bare_p99_ms: percentile(&mut bare, 0.99) })
}

async fn write(client: Client, nth: usize, until: Instant) -> Result<Vec<f64>, Problem> {
    let mut samples = Vec::new();
    while Instant::now() < until {
        let text = vec![format!("Écrivain {nth}, entrée {} : relève faite, registre signé.", samples.len())];
        samples.push(client.log(&request_id(), &text).await?.as_secs_f64() * 1e3);
    }
    Ok(samples)
}

/// Milliseconds of single-row commits in WAL with `synchronous=FULL`, one after the other.
fn bare_commits(path: &Path) -> Result<Vec<f64>, Problem> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.execute_batch("CREATE TABLE row (n INTEGER PRIMARY KEY, content BLOB NOT NULL) STRICT")?;
    let content = vec![7u8; BARE_BYTES];
    let commit = |_| {
        let begun = Instant::now();
        connection.execute("INSERT INTO row (content) VALUES (?1)", [&content])?;
        Ok(begun.elapsed().as_secs_f64() * 1e3)
    };
    (0..BARE_COMMITS).map(commit).collect()
}
