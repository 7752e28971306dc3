//! The crisis room: a page at a thousand lines, and after twelve days of a large crisis.

use crate::crisis::{self, Story};
use crate::figure::Figure;
use crate::server::{self, Client, Running};
use crate::{Problem, cpu};
use std::path::Path;
use std::time::{Duration, Instant};
use store::Folder;

const DAY_MS: i64 = 24 * 3_600_000;
/// A first day: one cell, a thousand lines.
const FIRST_DAY: Story = Story { entries: 1_000, people: 12, cells: 3, lasts_ms: DAY_MS };
/// Fifty people in ten cells, twelve days.
const TWELVE_DAYS: Story = Story { entries: 40_000, people: 50, cells: 10, lasts_ms: 12 * DAY_MS };

/// What was measured of a story.
struct Measured {
    start_ms: f64,
    /// The same without waiting for other programs.
    start_cpu_ms: f64,
    page_cpu_ms: f64,
    memory_mb: f64,
    replay_ms: f64,
    client_bytes: f64,
}

pub(crate) async fn run(print: impl Fn(Figure)) -> Result<(), Problem> {
    let figure = |figure, value, unit, peer_value| Figure { bench: "room", figure, value, unit, peer: "bound asked", peer_value };
    let first = measure(&FIRST_DAY).await?.1;
    print(figure("room_cpu_ms", first.page_cpu_ms, "ms", 5.0));
    let (made_s, long) = measure(&TWELVE_DAYS).await?;
    print(figure("room_40k_seed_s", made_s, "s", 60.0));
    print(figure("room_40k_cpu_ms", long.page_cpu_ms, "ms", 8.0));
    print(figure("room_40k_mb", long.memory_mb, "MB", 150.0));
    print(figure("room_40k_start_ms", long.start_ms, "ms", 2_000.0));
    print(figure("room_40k_start_cpu_ms", long.start_cpu_ms, "ms", 2_000.0));
    print(Figure { peer: "start at that size, this run", ..figure("room_40k_replay_ms", long.replay_ms, "ms", long.start_ms) });
    print(Figure {
        peer: "the page at 1,000 lines, this run",
        ..figure("room_40k_page_kb", long.client_bytes / 1e3, "kB", first.client_bytes / 1e3)
    });
    Ok(())
}

/// Makes a story, serves it and measures it; also how many seconds it took to make.
async fn measure(story: &Story) -> Result<(f64, Measured), Problem> {
    let dir = tempfile::tempdir()?;
    let data = dir.path().join("data");
    let begun = Instant::now();
    crisis::make(&Folder::at(&data), story, server::LOGIN)?;
    let made_s = begun.elapsed().as_secs_f64();
    Ok((made_s, serve(&data, &dir.path().join("guard"), story).await?))
}

async fn serve(data: &Path, guard: &Path, story: &Story) -> Result<Measured, Problem> {
    let binary = server::binary()?;
    server::set_password(&binary, data)?;
    // The first start opens a chain of its own: the folder was made without a guard.
    drop(Running::start(&binary, data, guard)?);
    let begun = Instant::now();
    let running = Running::start(&binary, data, guard)?;
    reqwest::get(format!("{}/connexion", running.address)).await?.error_for_status()?.text().await?;
    let start_ms = begun.elapsed().as_secs_f64() * 1e3;
    let start_cpu_ms = cpu::seconds(running.pid())? * 1e3;
    let client = Client::sign_in(&running.address).await?;
    let page_cpu_ms = server::page_cpu_ms(&running, &client).await?;
    let client_bytes = client.page(&client.room()).await?.len() as f64;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let memory_mb = cpu::resident_mb(running.pid())?;
    let halfway = crate::floor::now_ms() - story.lasts_ms / 2;
    let begun = Instant::now();
    client.page(&format!("{}?a={halfway}", client.room())).await?;
    let replay_ms = begun.elapsed().as_secs_f64() * 1e3;
    Ok(Measured { start_ms, start_cpu_ms, page_cpu_ms, memory_mb, replay_ms, client_bytes })
}
