//! Who tried in vain: a bounded memory of logins and addresses.

use super::{Access, held};
use crate::error::StoreError;
use rusqlite::{OptionalExtension, params};

/// Most logins and addresses whose failures are remembered.
pub const FAILURE_KEYS_MAX: i64 = 10_000;
/// Failures are forgotten after this long without another (milliseconds).
pub const FAILURES_FORGOTTEN_MS: i64 = 3_600_000;

/// Vain attempts under one key (a login, an address).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Failures {
    /// How many in a row.
    pub count: u32,
    /// The last one, milliseconds since 1970.
    pub last_at: i64,
}

impl Access {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folder::Folder;

    const HOUR: i64 = 3_600_000;

    #[test]
    fn failures_add_up_and_are_forgotten() {
        let dir = tempfile::tempdir().unwrap();
        let access = Access::open(&Folder::at(dir.path())).unwrap();
        for at in 0..3 {
            access.record_failure("login:x", at).unwrap();
        }
        assert_eq!(access.failures("login:x", 10).unwrap(), Failures { count: 3, last_at: 2 });
        assert_eq!(access.failures("login:x", 3 * HOUR).unwrap(), Failures::default());
        access.clear_failures("login:x").unwrap();
        assert_eq!(access.failures("login:x", 10).unwrap().count, 0);
    }

    #[test]
    fn a_flood_of_keys_takes_a_bounded_place() {
        let dir = tempfile::tempdir().unwrap();
        let access = Access::open(&Folder::at(dir.path())).unwrap();
        held(&access.connection).pragma_update(None, "synchronous", "OFF").unwrap();
        for at in 0..FAILURE_KEYS_MAX + 50 {
            access.record_failure(&format!("account:{at}"), at).unwrap();
        }
        let kept: i64 = held(&access.connection).query_row("SELECT count(*) FROM failure", [], |row| row.get(0)).unwrap();
        assert_eq!(kept, FAILURE_KEYS_MAX);
    }
}
