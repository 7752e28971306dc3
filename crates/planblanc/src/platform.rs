//! What differs from one system to another: how a program is asked to stop, and where its data live.

use std::path::PathBuf;

/// Ends when the program is asked to stop (Ctrl+C, or the service manager's signal).
#[cfg(unix)]
pub(crate) async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return interrupted().await;
    };
    tokio::select! {
        () = interrupted() => {}
        _ = terminate.recv() => {}
    }
}

/// Ends when the program is asked to stop.
#[cfg(not(unix))]
pub(crate) async fn asked_to_stop() {
    interrupted().await;
}

async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Where the demonstration lives when no folder is named.
pub(crate) fn demo_dir() -> PathBuf {
    let var = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let data = var("XDG_DATA_HOME").or_else(|| var("LOCALAPPDATA")).or_else(|| var("HOME").map(|h| h.join(".local/share")));
    data.unwrap_or_else(|| PathBuf::from(".")).join("planblanc").join("demonstration")
}
