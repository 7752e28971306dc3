//! Backup and restore: a consistent copy of a data folder taken beside a live server.
//!
//! A backup is a folder: the same layout, plus `manifest.json` with the SHA-256 of every file. It holds the keys:
//! whoever holds it can write in the establishment's name, so it belongs in the safe.

use crate::error::StoreError;
use crate::folder::Folder;
use crate::{platform, rows, schema};
use journal::Hash;
use journal::entry::sha256;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Pages copied between two reports of progress.
const PAGES_PER_STEP: i32 = 256;

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Which journal.
    pub journal: String,
    /// Entries in it.
    pub entries: u64,
    /// When it was taken, milliseconds since 1970.
    pub taken_at: i64,
    /// SHA-256 of each file, by path inside the backup.
    pub files: BTreeMap<String, Hash>,
}

/// Copies a folder, server running or not, into `out`, which must not exist. Nothing half-made is left under that name.
///
/// # Errors
/// What the system says.
pub fn backup(folder: &Folder, out: &Path, now_ms: i64, mut progress: impl FnMut(u64, u64)) -> Result<Manifest, StoreError> {
    if !folder.has_journal() {
        return Err(StoreError::NoJournal(folder.path().to_owned()));
    }
    if out.exists() {
        return Err(StoreError::AlreadyThere(out.to_owned()));
    }
    let partial = PathBuf::from(format!("{}{}", out.display(), platform::PARTIAL_SUFFIX));
    if partial.exists() {
        std::fs::remove_dir_all(&partial).map_err(StoreError::io(&partial))?;
    }
    let made = fill(folder, &Folder::at(&partial), now_ms, &mut progress)
        .and_then(|manifest| std::fs::rename(&partial, out).map(|()| manifest).map_err(StoreError::io(out)));
    if made.is_err() {
        // Leaves no half-made copy; the first error is the one to tell.
        let _ = std::fs::remove_dir_all(&partial);
    }
    let manifest = made?;
    platform::sync_dir(platform::parent(out)).map_err(StoreError::io(out))?;
    Ok(manifest)
}

fn fill(from: &Folder, to: &Folder, now_ms: i64, progress: &mut impl FnMut(u64, u64)) -> Result<Manifest, StoreError> {
    to.create()?;
    copy_database(&from.journal_db(), &to.journal_db(), progress)?;
    if from.access_db().is_file() {
        copy_database(&from.access_db(), &to.access_db(), progress)?;
    }
    for (name, branch) in from.branches()? {
        to.branch(&name).create()?;
        copy_database(&branch.journal_db(), &to.branch(&name).journal_db(), progress)?;
    }
    // After the database: every attachment it names was stored before it.
    let whole = |path: &PathBuf| !path.to_string_lossy().ends_with(platform::PARTIAL_SUFFIX);
    for name in files_below(&from.blobs())?.into_iter().chain(files_below(&from.keys())?).filter(whole) {
        let relative = name.strip_prefix(from.path()).unwrap_or(&name).to_owned();
        copy_file(&name, &to.path().join(relative))?;
    }
    let connection = schema::open_reader(&to.journal_db())?;
    let journal = rows::journal_id(&connection)?.ok_or_else(|| StoreError::NoJournal(from.path().to_owned()))?;
    let entries: i64 = connection.query_row("SELECT count(*) FROM entry", [], |row| row.get(0))?;
    drop(connection);
    let mut files = BTreeMap::new();
    for path in files_below(to.path())? {
        let content = std::fs::read(&path).map_err(StoreError::io(&path))?;
        let name = path.strip_prefix(to.path()).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        files.insert(name, sha256(&content));
    }
    let manifest = Manifest { journal: journal.to_string(), entries: entries.cast_unsigned(), taken_at: now_ms, files };
    let text = serde_json::to_vec_pretty(&manifest).unwrap_or_default();
    let path = to.path().join("manifest.json");
    platform::write_private(&path, &text).map_err(StoreError::io(path))?;
    Ok(manifest)
}

fn copy_database(from: &Path, to: &Path, progress: &mut impl FnMut(u64, u64)) -> Result<(), StoreError> {
    let source = Connection::open_with_flags(from, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    source.busy_timeout(std::time::Duration::from_secs(5))?;
    // One snapshot for the whole copy: else each entry written meanwhile makes it start again.
    source.execute_batch("BEGIN")?;
    source.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    let mut target = Connection::open(to)?;
    {
        let backup = rusqlite::backup::Backup::new(&source, &mut target)?;
        loop {
            let step = backup.step(PAGES_PER_STEP)?;
            let now = backup.progress();
            let total = u64::try_from(now.pagecount).unwrap_or(0);
            progress(total - u64::try_from(now.remaining).unwrap_or(0).min(total), total);
            match step {
                rusqlite::backup::StepResult::Done => break,
                rusqlite::backup::StepResult::More => {}
                _ => std::thread::sleep(std::time::Duration::from_millis(20)),
            }
        }
    }
    target.pragma_update(None, "journal_mode", "DELETE")?;
    drop(target);
    let file = std::fs::File::open(to).map_err(StoreError::io(to))?;
    file.sync_all().map_err(StoreError::io(to))
}

fn copy_file(from: &Path, to: &Path) -> Result<(), StoreError> {
    let dir = platform::parent(to);
    if !dir.is_dir() {
        std::fs::create_dir_all(dir).map_err(StoreError::io(dir))?;
        platform::sync_dir(platform::parent(dir)).map_err(StoreError::io(dir))?;
    }
    let content = std::fs::read(from).map_err(StoreError::io(from))?;
    platform::write_private(to, &content).map_err(StoreError::io(to))
}

fn files_below(dir: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let mut found = Vec::new();
    let mut open = vec![dir.to_owned()];
    while let Some(dir) = open.pop() {
        if !dir.is_dir() {
            continue;
        }
        for item in std::fs::read_dir(&dir).map_err(StoreError::io(&dir))? {
            let path = item.map_err(StoreError::io(&dir))?.path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}

/// Restores a backup into an empty folder, after checking every file against its manifest. The next opening starts a
/// new chain. Nothing half-made is left under the folder's name.
///
/// # Errors
/// A file that is missing or altered, a folder that is not empty, or what the system says.
pub fn restore(from: &Path, folder: &Folder, mut progress: impl FnMut(u64, u64)) -> Result<Manifest, StoreError> {
    if std::fs::read_dir(folder.path()).is_ok_and(|mut items| items.next().is_some()) {
        return Err(StoreError::AlreadyThere(folder.path().to_owned()));
    }
    let manifest = checked_manifest(from, &mut progress)?;
    let partial = Folder::at(format!("{}{}", folder.path().display(), platform::PARTIAL_SUFFIX));
    if partial.path().exists() {
        std::fs::remove_dir_all(partial.path()).map_err(StoreError::io(partial.path()))?;
    }
    let made = refill(from, &manifest, &partial, &mut progress).and_then(|()| put_in_place(&partial, folder));
    if made.is_err() {
        // Leaves no half-made folder; the first error is the one to tell.
        let _ = std::fs::remove_dir_all(partial.path());
    }
    made?;
    platform::sync_dir(platform::parent(folder.path())).map_err(StoreError::io(folder.path()))?;
    Ok(manifest)
}

fn put_in_place(partial: &Folder, folder: &Folder) -> Result<(), StoreError> {
    if folder.path().is_dir() {
        // Only an empty folder gives way.
        std::fs::remove_dir(folder.path()).map_err(StoreError::io(folder.path()))?;
    }
    std::fs::rename(partial.path(), folder.path()).map_err(StoreError::io(folder.path()))
}

/// The manifest of a backup, every file of which is there and unaltered.
fn checked_manifest(from: &Path, progress: &mut impl FnMut(u64, u64)) -> Result<Manifest, StoreError> {
    let path = from.join("manifest.json");
    let text = std::fs::read(&path).map_err(StoreError::io(&path))?;
    let invalid =
        |path: &Path, why: &str| StoreError::io(path)(std::io::Error::new(std::io::ErrorKind::InvalidData, why.to_owned()));
    let manifest: Manifest =
        serde_json::from_slice(&text).map_err(|_| invalid(&path, "ce n’est pas une sauvegarde de Plan Blanc"))?;
    if !manifest.files.contains_key("journal.db") {
        return Err(invalid(&path, "la liste des fichiers n’a pas de journal"));
    }
    let total = manifest.files.len() as u64;
    for (done, (name, hash)) in (1..).zip(&manifest.files) {
        let source = contained(from, name).ok_or_else(|| invalid(&path, "la liste des fichiers sort de la sauvegarde"))?;
        let content = std::fs::read(&source).map_err(StoreError::io(&source))?;
        if sha256(&content) != *hash {
            return Err(invalid(
                &source,
                "ce fichier de la sauvegarde a été modifié : rien n’a été restauré, prenez-en une autre",
            ));
        }
        progress(done, total * 2);
    }
    Ok(manifest)
}

fn refill(from: &Path, manifest: &Manifest, to: &Folder, progress: &mut impl FnMut(u64, u64)) -> Result<(), StoreError> {
    to.create()?;
    let total = manifest.files.len() as u64;
    for (done, name) in (total + 1..).zip(manifest.files.keys()) {
        copy_file(&from.join(name), &to.path().join(name))?;
        progress(done, total * 2);
    }
    let branches = to.branches()?.into_iter().map(|(_, branch)| branch);
    for folder in std::iter::once(to.clone()).chain(branches) {
        let connection = schema::open_writer(&folder.journal_db(), "FULL")?;
        rows::set_meta(&connection, "restored", Some("1"))?;
    }
    Ok(())
}

/// A path inside a folder, or `None` when it would leave it.
fn contained(dir: &Path, name: &str) -> Option<PathBuf> {
    let inside = Path::new(name).components().all(|c| matches!(c, std::path::Component::Normal(_)));
    inside.then(|| dir.join(name))
}
