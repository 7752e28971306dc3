//! An entry seen by everybody else: many live connections, each re-reading its log when told.

use crate::Problem;
use crate::figure::percentile;
use crate::server::{Client, request_id};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// Live connections.
const WATCHERS: usize = 200;
/// Entries written, five a second.
const ENTRIES: usize = 50;
const PACE: Duration = Duration::from_millis(200);

type Sent = Arc<Mutex<BTreeMap<String, Instant>>>;
type Seen = Arc<Mutex<Vec<f64>>>;

/// The p99 of the time from sending an entry to its being in a watcher's hands, in milliseconds.
pub(crate) async fn run(client: &Client) -> Result<f64, Problem> {
    let (sent, seen) = (Sent::default(), Seen::default());
    let watchers: Vec<JoinHandle<Result<(), Problem>>> =
        (0..WATCHERS).map(|_| tokio::spawn(watch(client.clone(), sent.clone(), seen.clone()))).collect();
    tokio::time::sleep(Duration::from_secs(2)).await;
    for nth in 0..ENTRIES {
        let mark = format!("vivant-{nth}-{}", &request_id()[..8]);
        if let Ok(mut sent) = sent.lock() {
            sent.insert(mark.clone(), Instant::now());
        }
        client.log(&request_id(), &[format!("Entrée {mark} pour tous les postes.")]).await?;
        tokio::time::sleep(PACE).await;
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    watchers.iter().for_each(JoinHandle::abort);
    let mut samples = seen.lock().map(|s| s.clone()).unwrap_or_default();
    let expected = WATCHERS * ENTRIES;
    if samples.len() < expected {
        return Err(format!("only {} of {expected} sightings", samples.len()).into());
    }
    Ok(percentile(&mut samples, 0.99))
}

/// One watcher: its own connections, its own reading.
async fn watch(client: Client, sent: Sent, seen: Seen) -> Result<(), Problem> {
    let client = Client { http: reqwest::Client::new(), ..client };
    let mut stream = client
        .http
        .get(format!("{}/direct", client.address))
        .header("cookie", &client.cookie)
        .send()
        .await?
        .error_for_status()?;
    let fragment = format!("{}?fragment=log", client.room());
    let mut known = std::collections::BTreeSet::new();
    while let Some(chunk) = stream.chunk().await? {
        if !String::from_utf8_lossy(&chunk).contains("change") {
            continue;
        }
        let page = client.page(&fragment).await?;
        let now = Instant::now();
        let fresh: Vec<(String, Instant)> =
            sent.lock().map(|s| s.iter().map(|(m, t)| (m.clone(), *t)).collect()).unwrap_or_default();
        for (mark, at) in fresh {
            if !known.contains(&mark) && page.contains(&mark) {
                if let Ok(mut seen) = seen.lock() {
                    seen.push(now.duration_since(at).as_secs_f64() * 1e3);
                }
                known.insert(mark);
            }
        }
    }
    Ok(())
}
