//! What differs from one system to another: private files, durable folders, where outside witnesses live.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Variable that names the folder of the outside witnesses, instead of the user's state folder.
pub const GUARD_DIR_VARIABLE: &str = "PLANBLANC_GUARD_DIR";

/// Where witnesses of this machine live, outside any data folder and its backups.
pub fn guard_dir() -> Option<PathBuf> {
    let var = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    var(GUARD_DIR_VARIABLE)
        .or_else(|| var("XDG_STATE_HOME").map(|d| d.join("planblanc")))
        .or_else(|| var("LOCALAPPDATA").map(|d| d.join("PlanBlanc").join("temoins")))
        .or_else(|| var("HOME").map(|d| d.join(".local/state/planblanc")))
}

/// Writes a new file that only its owner reads, durably. It appears whole or not at all.
///
/// # Errors
/// What the system says; an existing file is never overwritten.
pub fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    if path.exists() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let mut partial = path.as_os_str().to_owned();
    partial.push(PARTIAL_SUFFIX);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    restrict(&mut options);
    let written = (|| {
        let mut file = options.open(&partial)?;
        file.write_all(content)?;
        file.sync_all()?;
        std::fs::rename(&partial, path)
    })();
    if written.is_err() {
        // Best effort: the next try overwrites it.
        let _ = std::fs::remove_file(&partial);
    }
    written?;
    sync_dir(parent(path))
}

/// Ends the name of what is not whole yet.
pub const PARTIAL_SUFFIX: &str = ".partiel";

/// The folder that holds a path.
pub fn parent(path: &Path) -> &Path {
    path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(unix)]
fn restrict(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600);
}

#[cfg(not(unix))]
fn restrict(_options: &mut OpenOptions) {}

/// Makes the names in a folder durable (a no-op where folders cannot be synced).
///
/// # Errors
/// What the system says.
#[cfg(unix)]
pub fn sync_dir(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Makes the names in a folder durable (a no-op where folders cannot be synced).
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub fn sync_dir(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Opens or creates a file and locks it for this process, or says who cannot.
///
/// # Errors
/// `WouldBlock` when another process holds it.
pub fn lock_file(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(io::ErrorKind::WouldBlock.into()),
        Err(std::fs::TryLockError::Error(error)) => Err(error),
    }
}
