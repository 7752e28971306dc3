//! The journal's tables. Migrations are append-only: version = number applied; each says why it exists.

use crate::error::StoreError;
use crate::platform;
use rusqlite::{Connection, OpenFlags};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a reader beside the writer waits for a lock.
const BUSY_WAIT: Duration = Duration::from_secs(5);

/// How long the writer waits for readers before it gives up emptying its log.
const LOG_WAIT: Duration = Duration::from_millis(200);

/// In order. Never edit one that was released; add another.
const MIGRATIONS: &[&str] = &[
    // 1: entries as signed, with columns to find them; bodies apart, so that one can be dropped.
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
     CREATE TABLE entry (
        n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, ord INTEGER NOT NULL, chain BLOB NOT NULL, seq INTEGER NOT NULL,
        kind TEXT NOT NULL, header BLOB NOT NULL, signature BLOB NOT NULL
     ) STRICT;
     CREATE INDEX entry_order ON entry (ord, chain, seq, id);
     CREATE TABLE body (n INTEGER PRIMARY KEY, salt BLOB NOT NULL, body BLOB NOT NULL) STRICT;
     CREATE TABLE parked (id BLOB PRIMARY KEY, header BLOB NOT NULL, signature BLOB NOT NULL, salt BLOB, body BLOB) STRICT;
     CREATE TRIGGER entry_never_updated BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'entries are never edited'); END;
     CREATE TRIGGER entry_never_deleted BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END;
     CREATE TRIGGER body_never_updated BEFORE UPDATE ON body BEGIN SELECT RAISE(ABORT, 'bodies are never edited'); END;",
];

/// Newest version this program knows.
pub const VERSION: i64 = MIGRATIONS.len() as i64;

/// Makes a new store with what `fill` puts in it, durably. It appears under its name whole or not at all.
///
/// # Errors
/// What SQLite or the file system says.
pub fn create(path: &Path, fill: impl FnOnce(&Connection) -> Result<(), StoreError>) -> Result<(), StoreError> {
    let mut partial = path.as_os_str().to_owned();
    partial.push(platform::PARTIAL_SUFFIX);
    let partial = PathBuf::from(partial);
    for leftover in ["", "-journal", "-wal", "-shm"] {
        let mut name = partial.as_os_str().to_owned();
        name.push(leftover);
        match std::fs::remove_file(&name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(StoreError::io(name)(error)),
            _ => {}
        }
    }
    let mut connection = Connection::open(&partial)?;
    migrate(&mut connection)?;
    let transaction = connection.transaction()?;
    fill(&transaction)?;
    transaction.commit()?;
    // Already now: a power cut while the mode of a journal in use is changed would leave a file that no reader opens.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.close().map_err(|(_, error)| error)?;
    // SQLite has synced the content; these make its name durable.
    std::fs::rename(&partial, path).map_err(StoreError::io(path))?;
    platform::sync_dir(platform::parent(path)).map_err(StoreError::io(path))
}

/// Opens a store for writing, migrating as needed.
///
/// # Errors
/// [`StoreError::Newer`] for a store made by a newer program, which is left untouched; [`StoreError::Damaged`] for a
/// file that is empty or is no database.
pub fn open_writer(path: &Path, synchronous: &str) -> Result<Connection, StoreError> {
    // By a reader first: closing a writer would already fold the write-ahead log into the file.
    match open_reader(path).and_then(|reader| version(&reader)) {
        Ok(0) => return Err(StoreError::Damaged("elle est vide".to_owned())),
        Err(error @ (StoreError::Newer { .. } | StoreError::Damaged(_))) => return Err(error),
        // A reader may be unable where a writer is, e.g. to undo what a crash interrupted.
        _ => {}
    }
    refuse_cut(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    prepare(Connection::open_with_flags(path, flags)?, synchronous)
}

fn prepare(mut connection: Connection, synchronous: &str) -> Result<Connection, StoreError> {
    connection.busy_timeout(BUSY_WAIT)?;
    refuse_newer(&connection)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.pragma_update(None, "secure_delete", "ON")?;
    migrate(&mut connection)?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(connection)
}

/// Opens for reading beside a live writer.
///
/// # Errors
/// [`StoreError::Newer`], or what SQLite says.
pub fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_WAIT)?;
    refuse_newer(&connection)?;
    Ok(connection)
}

/// Whether tables, indexes and triggers are those that this store's version has.
///
/// # Errors
/// What SQLite says.
pub fn is_intact(connection: &Connection) -> Result<bool, StoreError> {
    let mut model = Connection::open_in_memory()?;
    migrate_to(&mut model, version(connection)?)?;
    Ok(objects(connection)? == objects(&model)?)
}

/// Type, name, table and definition of everything in a store.
fn objects(connection: &Connection) -> Result<Vec<[Option<String>; 4]>, StoreError> {
    let mut statement = connection.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name")?;
    let rows = statement.query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Folds the write-ahead log into the file and empties it: what was deleted is then in neither.
///
/// # Errors
/// What SQLite says; a reader may be in the way.
pub fn empty_log(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(LOG_WAIT)?;
    let in_the_way = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
    connection.busy_timeout(BUSY_WAIT)?;
    let in_the_way: bool = in_the_way?;
    if in_the_way { Err(StoreError::Busy) } else { Ok(()) }
}

fn refuse_newer(connection: &Connection) -> Result<(), StoreError> {
    let found = version(connection)?;
    if found > VERSION { Err(StoreError::Newer { found, known: VERSION }) } else { Ok(()) }
}

/// A file that ends within a page was cut (SQLite would read zeroes), unless a crash left the rest in the log.
fn refuse_cut(path: &Path) -> Result<(), StoreError> {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let pending = std::fs::metadata(&log).is_ok_and(|log| log.len() > 0);
    let mut header = [0; 18];
    let mut file = std::fs::File::open(path).map_err(StoreError::io(path))?;
    file.read_exact(&mut header).map_err(StoreError::io(path))?;
    let len = file.metadata().map_err(StoreError::io(path))?.len();
    // The size of a page, where 1 stands for 65,536 (SQLite's file format, section 1.3.2).
    let page = match u64::from(u16::from_be_bytes([header[16], header[17]])) {
        1 => 65_536,
        page => page.max(1),
    };
    if pending || len.is_multiple_of(page) { Ok(()) } else { Err(StoreError::Damaged("la fin du fichier manque".to_owned())) }
}

fn version(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    migrate_to(connection, VERSION)
}

fn migrate_to(connection: &mut Connection, wanted: i64) -> Result<(), StoreError> {
    let found = version(connection)?;
    let steps = (1..=wanted).zip(MIGRATIONS).skip(usize::try_from(found).unwrap_or(0));
    for (version, migration) in steps {
        let transaction = connection.transaction()?;
        transaction.execute_batch(migration)?;
        transaction.pragma_update(None, "user_version", version)?;
        transaction.commit()?;
    }
    Ok(())
}
