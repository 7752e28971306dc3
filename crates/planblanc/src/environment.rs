//! The outside world, handed down: clock, chance, logs.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use store::Env;
use tracing_subscriber::EnvFilter;

/// The real clock and the system's randomness.
pub(crate) fn real() -> Env {
    Env { now_ms: Arc::new(now_ms), random: Arc::new(random) }
}

/// The same chance, with a clock that somebody else sets: for replaying a demonstration.
pub(crate) fn with_clock(clock: Arc<AtomicI64>) -> Env {
    Env { now_ms: Arc::new(move || clock.load(Ordering::Relaxed)), random: Arc::new(random) }
}

/// Milliseconds since 1970 by this machine's clock.
pub(crate) fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

fn random(bytes: &mut [u8]) {
    // Without randomness there are no keys: nothing can go on safely.
    assert!(getrandom::fill(bytes).is_ok(), "le système ne fournit pas d’aléa");
}

/// Structured logs on the standard error stream: JSON lines, level by `PLANBLANC_LOG` (default `warn`).
pub(crate) fn start_logs() {
    let filter = EnvFilter::try_from_env("PLANBLANC_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).init();
}
