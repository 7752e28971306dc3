//! Accounts and sessions: secrets live outside the journal, in `DIR/access.db`.
//!
//! Only fingerprints are kept: a password's as a PHC string, a session token's as its SHA-256. Sessions are read from
//! memory (every request asks for one) and written through; accounts and emergency codes are read from the database,
//! where a command beside a live server may change them.

mod codes;
mod failures;

pub use codes::{Code, Recovery};
pub use failures::{FAILURE_KEYS_MAX, FAILURES_FORGOTTEN_MS, Failures};

use crate::error::StoreError;
use crate::folder::Folder;
use crate::platform;
use journal::{ActorId, Auth, Hash};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Most sessions kept; beyond it the one seen least recently is closed.
pub const SESSIONS_MAX: usize = 10_000;
const BUSY_WAIT: Duration = Duration::from_secs(5);

/// In order. Never edit one that was released; add another.
const MIGRATIONS: &[&str] = &[
    // 1: who may enter, who is in, and who tried in vain.
    "CREATE TABLE account (actor BLOB PRIMARY KEY, login TEXT NOT NULL UNIQUE, phc TEXT) STRICT;
     CREATE TABLE session (
        token_hash BLOB PRIMARY KEY, actor BLOB NOT NULL, seen_at INTEGER NOT NULL, expires_at INTEGER NOT NULL
     ) STRICT;
     CREATE TABLE failure (key TEXT PRIMARY KEY, count INTEGER NOT NULL, last_at INTEGER NOT NULL) STRICT;",
    // 2: first passwords to be changed, sessions that lock, emergency codes, one-time words of a recovery.
    "ALTER TABLE account ADD COLUMN must_change INTEGER NOT NULL DEFAULT 0;
     ALTER TABLE account ADD COLUMN seen_at INTEGER;
     ALTER TABLE session ADD COLUMN auth INTEGER NOT NULL DEFAULT 1;
     ALTER TABLE session ADD COLUMN acted_at INTEGER NOT NULL DEFAULT 0;
     ALTER TABLE session ADD COLUMN locked INTEGER NOT NULL DEFAULT 0;
     UPDATE session SET acted_at = seen_at;
     CREATE TABLE code (
        hash BLOB PRIMARY KEY, series TEXT NOT NULL, number INTEGER NOT NULL, actor BLOB NOT NULL, used_at INTEGER
     ) STRICT;
     CREATE TABLE recovery (
        actor BLOB PRIMARY KEY, phc TEXT NOT NULL, asked BLOB NOT NULL, expires_at INTEGER NOT NULL
     ) STRICT;",
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
    /// Whether that password is a first one, to be changed at the next entry.
    pub must_change: bool,
    /// Last sign of life written down, milliseconds since 1970.
    pub seen_at: Option<i64>,
}

/// What a sign-in is checked against.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// Who.
    pub actor: ActorId,
    /// PHC string of the password; nobody enters by password without one.
    pub phc: Option<String>,
    /// Whether that password must be changed once entered.
    pub must_change: bool,
}

/// How somebody came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entered {
    /// Who.
    pub actor: ActorId,
    /// By what.
    pub auth: Auth,
    /// Whether they must change their password before anything else.
    pub must_change: bool,
}

/// Somebody who is in. Times are milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// Who, and by what.
    pub entered: Entered,
    /// Last act of a person: a page asked for, a form sent, a key pressed. What a page asks for by itself is none.
    pub acted_at: i64,
    /// Whether it was locked by hand.
    pub locked: bool,
    /// Last sign of life written down.
    pub seen_at: i64,
    /// When it ends unless seen again.
    pub expires_at: i64,
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
        self.insert_account(actor, login, phc, false)
    }

    /// Adds an account with a first password (PHC string), to be changed at the first entry.
    ///
    /// # Errors
    /// As [`Self::create_account`].
    pub fn open_account(&self, actor: ActorId, login: &str, phc: &str) -> Result<(), StoreError> {
        self.insert_account(actor, login, Some(phc), true)
    }

    fn insert_account(&self, actor: ActorId, login: &str, phc: Option<&str>, must_change: bool) -> Result<(), StoreError> {
        let login = plain(login);
        let sql = "INSERT INTO account (actor, login, phc, must_change) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
        match held(&self.connection).execute(sql, params![actor.as_bytes(), login, phc, must_change])? {
            0 => Err(StoreError::AccountExists(login)),
            _ => Ok(()),
        }
    }

    /// Gives an account a password (PHC string); false when there is no such account.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn set_password(&self, login: &str, phc: &str) -> Result<bool, StoreError> {
        let sql = "UPDATE account SET phc = ?2, must_change = 0 WHERE login = ?1";
        Ok(held(&self.connection).execute(sql, params![plain(login), phc])? > 0)
    }

    /// The password somebody chose: nothing more to change. False when they have no account.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn choose_password(&self, actor: &ActorId, phc: &str) -> Result<bool, StoreError> {
        let sql = "UPDATE account SET phc = ?2, must_change = 0 WHERE actor = ?1";
        let changed = held(&self.connection).execute(sql, params![actor.as_bytes(), phc])?;
        held(&self.sessions).values_mut().filter(|s| s.entered.actor == *actor).for_each(|s| s.entered.must_change = false);
        Ok(changed > 0)
    }

    /// A first password, to be changed at the next entry. False when they have no account.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn give_password(&self, actor: &ActorId, phc: &str) -> Result<bool, StoreError> {
        let sql = "UPDATE account SET phc = ?2, must_change = 1 WHERE actor = ?1";
        Ok(held(&self.connection).execute(sql, params![actor.as_bytes(), phc])? > 0)
    }

    /// What a login is checked against.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn find(&self, login: &str) -> Result<Option<Credential>, StoreError> {
        let connection = held(&self.connection);
        let mut statement = connection.prepare_cached("SELECT actor, phc, must_change FROM account WHERE login = ?1")?;
        let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?, row.get(2)?));
        let found = statement.query_row([plain(login)], read).optional()?;
        Ok(found.and_then(|(actor, phc, must_change)| Some(Credential { actor: ActorId::from_slice(&actor)?, phc, must_change })))
    }

    /// All accounts, in the order they were made.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let connection = held(&self.connection);
        let sql = "SELECT actor, login, phc IS NOT NULL, must_change, seen_at FROM account ORDER BY rowid";
        let mut statement = connection.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| {
            let (login, has_password, must_change, seen_at) = (row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?);
            let actor = ActorId::from_slice(&row.get::<_, Vec<u8>>(0)?);
            Ok(actor.map(|actor| Account { actor, login, has_password, must_change, seen_at }))
        })?;
        Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    /// Somebody's account.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn account(&self, actor: &ActorId) -> Result<Option<Account>, StoreError> {
        Ok(self.accounts()?.into_iter().find(|account| account.actor == *actor))
    }

    /// Lets somebody in; only the token's SHA-256 is kept.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn open_session(&self, token_hash: Hash, entered: Entered, now: i64, expires_at: i64) -> Result<(), StoreError> {
        let session = Session { entered, acted_at: now, locked: false, seen_at: now, expires_at };
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
        let sql = "INSERT OR REPLACE INTO session (token_hash, actor, auth, seen_at, acted_at, expires_at)
                   VALUES (?1, ?2, ?3, ?4, ?4, ?5)";
        let actor = entered.actor;
        connection.execute(sql, params![token_hash.as_bytes(), actor.as_bytes(), entered.auth as u8, now, expires_at])?;
        connection.execute("UPDATE account SET seen_at = ?2 WHERE actor = ?1", params![actor.as_bytes(), now])?;
        Ok(())
    }

    /// The session of a token, unless it has ended. Reads memory only.
    pub fn session(&self, token_hash: &Hash, now: i64) -> Option<Session> {
        held(&self.sessions).get(token_hash).copied().filter(|s| s.expires_at > now)
    }

    /// Sessions that have not ended, by person. Reads memory only.
    pub fn sessions(&self, now: i64) -> BTreeMap<ActorId, Vec<Session>> {
        let mut all: BTreeMap<ActorId, Vec<Session>> = BTreeMap::new();
        for session in held(&self.sessions).values().filter(|s| s.expires_at > now) {
            all.entry(session.entered.actor).or_default().push(*session);
        }
        all
    }

    /// An act of a person: it puts the lock off. Writes memory only; [`Self::touch`] writes it down.
    pub fn acted(&self, token_hash: &Hash, now: i64) {
        if let Some(session) = held(&self.sessions).get_mut(token_hash) {
            session.acted_at = now;
        }
    }

    /// A sign of life: puts the end of a session off. Writes memory only; [`Self::touch`] writes it down.
    pub fn seen(&self, token_hash: &Hash, now: i64, expires_at: i64) {
        if let Some(session) = held(&self.sessions).get_mut(token_hash) {
            session.seen_at = now;
            session.expires_at = expires_at;
        }
    }

    /// Writes a sign of life down. Waits for the disk: not on every request.
    ///
    /// # Errors
    /// What SQLite says; the session goes on in memory all the same.
    pub fn touch(&self, token_hash: &Hash, now: i64, expires_at: i64) -> Result<(), StoreError> {
        self.seen(token_hash, now, expires_at);
        let Some(session) = held(&self.sessions).get(token_hash).copied() else { return Ok(()) };
        let connection = held(&self.connection);
        let sql = "UPDATE session SET seen_at = ?2, acted_at = ?3, expires_at = ?4 WHERE token_hash = ?1";
        connection.execute(sql, params![token_hash.as_bytes(), now, session.acted_at, expires_at])?;
        let actor = session.entered.actor;
        connection.execute("UPDATE account SET seen_at = ?2 WHERE actor = ?1", params![actor.as_bytes(), now])?;
        Ok(())
    }

    /// Locks a session, or opens it again.
    ///
    /// # Errors
    /// What SQLite says; it is so in memory all the same.
    pub fn lock(&self, token_hash: &Hash, locked: bool, now: i64) -> Result<(), StoreError> {
        if let Some(session) = held(&self.sessions).get_mut(token_hash) {
            session.locked = locked;
            session.acted_at = now;
        }
        let sql = "UPDATE session SET locked = ?2, acted_at = ?3 WHERE token_hash = ?1";
        held(&self.connection).execute(sql, params![token_hash.as_bytes(), locked, now])?;
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

    /// Ends every session of somebody, but the one spared.
    ///
    /// # Errors
    /// What SQLite says; they have ended in memory all the same.
    pub fn close_sessions_of(&self, actor: &ActorId, spared: Option<&Hash>) -> Result<(), StoreError> {
        held(&self.sessions).retain(|hash, session| session.entered.actor != *actor || Some(hash) == spared);
        let spared = spared.map_or(&[][..], |hash| hash.as_bytes());
        let sql = "DELETE FROM session WHERE actor = ?1 AND token_hash <> ?2";
        held(&self.connection).execute(sql, params![actor.as_bytes(), spared])?;
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
    let sql = "SELECT token_hash, session.actor, auth, coalesce(must_change, 0), acted_at, locked, session.seen_at, expires_at
               FROM session LEFT JOIN account ON account.actor = session.actor";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| {
        let (hash, actor): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
        let auth = auth(row.get(2)?);
        let (must_change, acted_at, locked) = (row.get(3)?, row.get(4)?, row.get(5)?);
        let (seen_at, expires_at) = (row.get(6)?, row.get(7)?);
        let session = |actor| {
            let entered = Entered { actor, auth, must_change };
            Session { entered, acted_at, locked, seen_at, expires_at }
        };
        Ok(Hash::from_slice(&hash).zip(ActorId::from_slice(&actor).map(session)))
    })?;
    Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// How somebody came in, as stored; what is not known is taken for the least.
fn auth(stored: u8) -> Auth {
    [Auth::Password, Auth::Mfa, Auth::Webauthn, Auth::BreakGlass].into_iter().find(|a| *a as u8 == stored).unwrap_or(Auth::None)
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
        let entered = Entered { actor, auth: Auth::BreakGlass, must_change: false };
        Access::open(&folder).unwrap().open_session(token, entered, 0, HOUR).unwrap();
        let access = Access::open(&folder).unwrap();
        assert_eq!(access.session(&token, HOUR - 1).map(|s| s.entered), Some(entered));
        assert_eq!(access.session(&token, HOUR), None);
        access.touch(&token, HOUR - 1, 2 * HOUR).unwrap();
        assert!(access.session(&token, HOUR).is_some());
        access.close_session(&token).unwrap();
        assert_eq!(access.session(&token, 1), None);
        assert_eq!(Access::open(&folder).unwrap().session(&token, 1), None);
    }

    #[test]
    fn a_lock_and_an_act_are_remembered_and_all_sessions_of_one_person_end() {
        let (_dir, folder) = fresh();
        let access = Access::open(&folder).unwrap();
        let [one, two] = [1, 2].map(|n| Entered { actor: ActorId([n; 16]), auth: Auth::Password, must_change: n == 1 });
        access.open_account(one.actor, "lenoir", "$argon2id$…").unwrap();
        for (token, entered) in [(Hash([1; 32]), one), (Hash([2; 32]), one), (Hash([3; 32]), two)] {
            access.open_session(token, entered, 0, HOUR).unwrap();
        }
        access.acted(&Hash([1; 32]), 7);
        access.touch(&Hash([1; 32]), 9, HOUR).unwrap();
        access.lock(&Hash([3; 32]), true, 8).unwrap();
        drop(access);
        let access = Access::open(&folder).unwrap();
        let kept = access.session(&Hash([1; 32]), 10).unwrap();
        assert_eq!((kept.acted_at, kept.seen_at, kept.entered.must_change), (7, 9, true));
        assert!(access.session(&Hash([3; 32]), 10).unwrap().locked);
        assert_eq!(access.account(&one.actor).unwrap().and_then(|a| a.seen_at), Some(9));
        access.close_sessions_of(&one.actor, Some(&Hash([2; 32]))).unwrap();
        assert_eq!(access.sessions(10).values().map(Vec::len).collect::<Vec<_>>(), [1, 1]);
        assert_eq!(Access::open(&folder).unwrap().session(&Hash([1; 32]), 10), None);
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
