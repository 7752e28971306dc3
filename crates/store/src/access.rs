//! Accounts and sessions: secrets live outside the journal, in `DIR/access.db`.
//!
//! Only fingerprints are kept: a password's as a PHC string, a session token's as its SHA-256. Sessions are read from
//! memory (every request asks for one) and written through; accounts are read from the database, where a command
//! beside a live server may change them.

use crate::error::StoreError;
use crate::folder::Folder;
use crate::platform;
use journal::{ActorId, Hash};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Most sessions kept; beyond it the one seen least recently is closed.
pub const SESSIONS_MAX: usize = 10_000;
/// Most logins and addresses whose failures are remembered.
pub const FAILURE_KEYS_MAX: i64 = 10_000;
/// Failures are forgotten after this long without another (milliseconds).
pub const FAILURES_FORGOTTEN_MS: i64 = 3_600_000;
const BUSY_WAIT: Duration = Duration::from_secs(5);

/// In order. Never edit one that was released; add another.
const MIGRATIONS: &[&str] = &[
    // 1: who may enter, who is in, and who tried in vain.
    "CREATE TABLE account (actor BLOB PRIMARY KEY, login TEXT NOT NULL UNIQUE, phc TEXT) STRICT;
     CREATE TABLE session (
        token_hash BLOB PRIMARY KEY, actor BLOB NOT NULL, seen_at INTEGER NOT NULL, expires_at INTEGER NOT NULL
     ) STRICT;
     CREATE TABLE failure (key TEXT PRIMARY KEY, count INTEGER NOT NULL, last_at INTEGER NOT NULL) STRICT;",
];

/// Somebody who may enter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Their pseudonym in the journal.
    pub actor: ActorId,
    /// What they type to enter.
    pub login: String,
    /// Whether they have a password.
    pub has_password: bool,
}

/// What a sign-in is checked against.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// Who.
    pub actor: ActorId,
    /// PHC string of the password; nobody enters by password without one.
    pub phc: Option<String>,
}

/// Somebody who is in. Times are milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// Who.
    pub actor: ActorId,
    /// Last sign of life written down.
    pub seen_at: i64,
    /// When it ends unless seen again.
    pub expires_at: i64,
}

/// Vain attempts under one key (a login, an address).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Failures {
    /// How many in a row.
    pub count: u32,
    /// The last one, milliseconds since 1970.
    pub last_at: i64,
}

/// Accounts and sessions of a data folder.
pub struct Access {
    connection: Mutex<Connection>,
    sessions: Mutex<BTreeMap<Hash, Session>>,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Each change is one step: a panic elsewhere leaves nothing half-done.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A login as compared: without surrounding blanks, in lower case.
fn plain(login: &str) -> String {
    login.trim().to_lowercase()
}

impl Access {
    /// Opens or creates the accounts of a folder.
    ///
    /// # Errors
    /// [`StoreError::Newer`] for a file made by a newer program, or what the system says.
    pub fn open(folder: &Folder) -> Result<Self, StoreError> {
        let connection = connect(&folder.access_db())?;
        let sessions = Mutex::new(read_sessions(&connection)?);
        Ok(Self { connection: Mutex::new(connection), sessions })
    }

    /// Adds an account, with or without a password (PHC string).
    ///
    /// # Errors
    /// [`StoreError::AccountExists`] for a login or a pseudonym already taken, or what SQLite says.
    pub fn create_account(&self, actor: ActorId, login: &str, phc: Option<&str>) -> Result<(), StoreError> {
        let login = plain(login);
        let sql = "INSERT INTO account (actor, login, phc) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        match held(&self.connection).execute(sql, params![actor.as_bytes(), login, phc])? {
            0 => Err(StoreError::AccountExists(login)),
            _ => Ok(()),
        }
    }

    /// Gives an account a password (PHC string); false when there is no such account.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn set_password(&self, login: &str, phc: &str) -> Result<bool, StoreError> {
        let changed =
            held(&self.connection).execute("UPDATE account SET phc = ?2 WHERE login = ?1", params![plain(login), phc])?;
        Ok(changed > 0)
    }

    /// What a login is checked against.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn find(&self, login: &str) -> Result<Option<Credential>, StoreError> {
        let connection = held(&self.connection);
        let mut statement = connection.prepare_cached("SELECT actor, phc FROM account WHERE login = ?1")?;
        let found = statement.query_row([plain(login)], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?))).optional()?;
        Ok(found.and_then(|(actor, phc)| Some(Credential { actor: ActorId::from_slice(&actor)?, phc })))
    }

    /// All accounts, in the order they were made.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let connection = held(&self.connection);
        let mut statement = connection.prepare_cached("SELECT actor, login, phc IS NOT NULL FROM account ORDER BY rowid")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?, row.get(2)?)))?;
        let account = |(actor, login, has_password): (Vec<u8>, String, bool)| {
            Some(Account { actor: ActorId::from_slice(&actor)?, login, has_password })
        };
        Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().filter_map(account).collect())
    }

    /// Lets somebody in; only the token's SHA-256 is kept.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn open_session(&self, token_hash: Hash, actor: ActorId, now: i64, expires_at: i64) -> Result<(), StoreError> {
        let session = Session { actor, seen_at: now, expires_at };
        let ended = {
            let mut sessions = held(&self.sessions);
            let mut ended = Vec::new();
            sessions.retain(|hash, s| {
                let lives = s.expires_at > now;
                if !lives {
                    ended.push(*hash);
                }
                lives
            });
            if sessions.len() >= SESSIONS_MAX
                && let Some(hash) = sessions.iter().min_by_key(|(_, s)| s.seen_at).map(|(hash, _)| *hash)
            {
                sessions.remove(&hash);
                ended.push(hash);
            }
            sessions.insert(token_hash, session);
            ended
        };
        let connection = held(&self.connection);
        for hash in ended {
            connection.execute("DELETE FROM session WHERE token_hash = ?1", [hash.as_bytes()])?;
        }
        let sql = "INSERT OR REPLACE INTO session (token_hash, actor, seen_at, expires_at) VALUES (?1, ?2, ?3, ?4)";
        connection.execute(sql, params![token_hash.as_bytes(), actor.as_bytes(), now, expires_at])?;
        Ok(())
    }

    /// The session of a token, unless it has ended. Reads memory only.
    pub fn session(&self, token_hash: &Hash, now: i64) -> Option<Session> {
        held(&self.sessions).get(token_hash).copied().filter(|s| s.expires_at > now)
    }

    /// A sign of life: puts the end of a session off. Waits for the disk: not on every request.
    ///
    /// # Errors
    /// What SQLite says; the session goes on in memory all the same.
    pub fn touch(&self, token_hash: &Hash, now: i64, expires_at: i64) -> Result<(), StoreError> {
        if let Some(session) = held(&self.sessions).get_mut(token_hash) {
            session.seen_at = now;
            session.expires_at = expires_at;
        }
        let sql = "UPDATE session SET seen_at = ?2, expires_at = ?3 WHERE token_hash = ?1";
        held(&self.connection).execute(sql, params![token_hash.as_bytes(), now, expires_at])?;
        Ok(())
    }

    /// Shows somebody out.
    ///
    /// # Errors
    /// What SQLite says; the session has ended in memory all the same.
    pub fn close_session(&self, token_hash: &Hash) -> Result<(), StoreError> {
        held(&self.sessions).remove(token_hash);
        held(&self.connection).execute("DELETE FROM session WHERE token_hash = ?1", [token_hash.as_bytes()])?;
        Ok(())
    }

    /// Vain attempts under a key, those long past apart.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn failures(&self, key: &str, now: i64) -> Result<Failures, StoreError> {
        let connection = held(&self.connection);
        let mut statement = connection.prepare_cached("SELECT count, last_at FROM failure WHERE key = ?1 AND last_at > ?2")?;
        let read = |row: &rusqlite::Row<'_>| Ok(Failures { count: row.get(0)?, last_at: row.get(1)? });
        Ok(statement.query_row(params![key, now - FAILURES_FORGOTTEN_MS], read).optional()?.unwrap_or_default())
    }

    /// One more vain attempt under a key.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn record_failure(&self, key: &str, now: i64) -> Result<(), StoreError> {
        let connection = held(&self.connection);
        connection.execute("DELETE FROM failure WHERE last_at <= ?1", [now - FAILURES_FORGOTTEN_MS])?;
        let sql = "INSERT INTO failure (key, count, last_at) VALUES (?1, 1, ?2)
                   ON CONFLICT (key) DO UPDATE SET count = count + 1, last_at = ?2";
        connection.execute(sql, params![key, now])?;
        let oldest = "DELETE FROM failure WHERE rowid IN (SELECT rowid FROM failure ORDER BY last_at DESC LIMIT -1 OFFSET ?1)";
        connection.execute(oldest, [FAILURE_KEYS_MAX])?;
        Ok(())
    }

    /// Somebody succeeded: the vain attempts under this key no longer count.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn clear_failures(&self, key: &str) -> Result<(), StoreError> {
        held(&self.connection).execute("DELETE FROM failure WHERE key = ?1", [key])?;
        Ok(())
    }
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    if !path.exists() {
        // Made before SQLite does, so that nobody else may read it.
        platform::write_private(path, b"").map_err(StoreError::io(path))?;
    }
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_WAIT)?;
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = MIGRATIONS.len() as i64;
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    for (version, migration) in (1..).zip(MIGRATIONS).skip(usize::try_from(found).unwrap_or(0)) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(migration)?;
        transaction.pragma_update(None, "user_version", version)?;
        transaction.commit()?;
    }
    Ok(connection)
}

fn read_sessions(connection: &Connection) -> Result<BTreeMap<Hash, Session>, StoreError> {
    let mut statement = connection.prepare("SELECT token_hash, actor, seen_at, expires_at FROM session")?;
    let rows = statement.query_map([], |row| {
        let (hash, actor): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
        let (seen_at, expires_at) = (row.get(2)?, row.get(3)?);
        Ok(Hash::from_slice(&hash).zip(ActorId::from_slice(&actor)).map(|(h, actor)| (h, Session { actor, seen_at, expires_at })))
    })?;
    Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    fn fresh() -> (tempfile::TempDir, Folder) {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::at(dir.path());
        (dir, folder)
    }

    #[test]
    fn a_login_is_found_whatever_its_case_and_taken_once() {
        let (_dir, folder) = fresh();
        let access = Access::open(&folder).unwrap();
        access.create_account(ActorId([1; 16]), "Lenoir", None).unwrap();
        assert!(matches!(access.create_account(ActorId([2; 16]), " lenoir ", None), Err(StoreError::AccountExists(_))));
        assert!(access.find("LENOIR").unwrap().is_some_and(|c| c.actor == ActorId([1; 16]) && c.phc.is_none()));
        assert!(access.set_password("lenoir", "$argon2id$…").unwrap());
        assert!(!access.set_password("marchand", "$argon2id$…").unwrap());
        assert!(access.accounts().unwrap().iter().all(|a| a.has_password));
    }

    #[test]
    fn a_session_outlives_the_program_and_not_its_end() {
        let (_dir, folder) = fresh();
        let (token, actor) = (Hash([7; 32]), ActorId([1; 16]));
        Access::open(&folder).unwrap().open_session(token, actor, 0, HOUR).unwrap();
        let access = Access::open(&folder).unwrap();
        assert_eq!(access.session(&token, HOUR - 1).map(|s| s.actor), Some(actor));
        assert_eq!(access.session(&token, HOUR), None);
        access.touch(&token, HOUR - 1, 2 * HOUR).unwrap();
        assert!(access.session(&token, HOUR).is_some());
        access.close_session(&token).unwrap();
        assert_eq!(access.session(&token, 1), None);
        assert_eq!(Access::open(&folder).unwrap().session(&token, 1), None);
    }

    #[test]
    fn failures_add_up_and_are_forgotten() {
        let (_dir, folder) = fresh();
        let access = Access::open(&folder).unwrap();
        for at in 0..3 {
            access.record_failure("login:x", at).unwrap();
        }
        assert_eq!(access.failures("login:x", 10).unwrap(), Failures { count: 3, last_at: 2 });
        assert_eq!(access.failures("login:x", 3 * HOUR).unwrap(), Failures::default());
        access.clear_failures("login:x").unwrap();
        assert_eq!(access.failures("login:x", 10).unwrap().count, 0);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let (_dir, folder) = fresh();
        let _access = Access::open(&folder).unwrap();
        assert_eq!(std::fs::metadata(folder.access_db()).unwrap().permissions().mode() & 0o077, 0);
    }
}
