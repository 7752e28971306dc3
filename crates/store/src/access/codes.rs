//! Emergency codes and the one-time words of a recovery: fingerprints only, whether they served, until when they hold.

use super::{Access, held};
use crate::error::StoreError;
use journal::{ActorId, EntryId, Hash};
use rusqlite::{OptionalExtension, params};

/// A sealed code, found by its fingerprint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// Serial of the sheet it was printed on.
    pub series: String,
    /// Its rank on that sheet, from 1.
    pub number: u8,
    /// Who enters with it.
    pub actor: ActorId,
    /// When it served, milliseconds since 1970.
    pub used_at: Option<i64>,
}

/// What lets somebody choose a new password, once.
#[derive(Clone, PartialEq, Eq)]
pub struct Recovery {
    /// PHC string of the words read to them.
    pub phc: String,
    /// The entry of the journal by which it was asked for; another granted it.
    pub asked: EntryId,
}

impl Access {
    /// Keeps a sheet of codes: their SHA-256, numbered from 1. All or none.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn keep_codes(&self, series: &str, actor: &ActorId, hashes: &[Hash]) -> Result<(), StoreError> {
        let mut connection = held(&self.connection);
        let transaction = connection.transaction()?;
        for (number, hash) in (1_i64..).zip(hashes) {
            let sql = "INSERT INTO code (hash, series, number, actor) VALUES (?1, ?2, ?3, ?4)";
            transaction.execute(sql, params![hash.as_bytes(), series, number, actor.as_bytes()])?;
        }
        Ok(transaction.commit()?)
    }

    /// The code behind a fingerprint.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn code(&self, hash: &Hash) -> Result<Option<Code>, StoreError> {
        let connection = held(&self.connection);
        let sql = "SELECT series, number, actor, used_at FROM code WHERE hash = ?1";
        let read = |row: &rusqlite::Row<'_>| {
            let actor = ActorId::from_slice(&row.get::<_, Vec<u8>>(2)?);
            let (series, number, used_at) = (row.get(0)?, row.get(1)?, row.get(3)?);
            Ok(actor.map(|actor| Code { series, number, actor, used_at }))
        };
        Ok(connection.query_row(sql, [hash.as_bytes()], read).optional()?.flatten())
    }

    /// A code served; false when it had served before, or is none.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn use_code(&self, hash: &Hash, now: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE code SET used_at = ?2 WHERE hash = ?1 AND used_at IS NULL";
        Ok(held(&self.connection).execute(sql, params![hash.as_bytes(), now])? > 0)
    }

    /// Forgets the codes of a sheet that have not served.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn drop_codes(&self, series: &str) -> Result<(), StoreError> {
        held(&self.connection).execute("DELETE FROM code WHERE series = ?1 AND used_at IS NULL", [series])?;
        Ok(())
    }

    /// Keeps the words that let somebody choose a new password until `expires_at`; those before are void.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn keep_recovery(&self, actor: &ActorId, recovery: &Recovery, expires_at: i64) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO recovery (actor, phc, asked, expires_at) VALUES (?1, ?2, ?3, ?4)";
        let asked = recovery.asked.as_bytes();
        held(&self.connection).execute(sql, params![actor.as_bytes(), recovery.phc, asked, expires_at])?;
        Ok(())
    }

    /// What lets somebody choose a new password now.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn recovery(&self, actor: &ActorId, now: i64) -> Result<Option<Recovery>, StoreError> {
        let connection = held(&self.connection);
        let sql = "SELECT phc, asked FROM recovery WHERE actor = ?1 AND expires_at > ?2";
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, EntryId::from_slice(&row.get::<_, Vec<u8>>(1)?)));
        let found = connection.query_row(sql, params![actor.as_bytes(), now], read).optional()?;
        Ok(found.and_then(|(phc, asked)| Some(Recovery { phc, asked: asked? })))
    }

    /// The words served, or must not any more.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn drop_recovery(&self, actor: &ActorId) -> Result<(), StoreError> {
        held(&self.connection).execute("DELETE FROM recovery WHERE actor = ?1", [actor.as_bytes()])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folder::Folder;

    #[test]
    fn a_code_serves_once_and_a_withdrawn_sheet_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let access = Access::open(&Folder::at(dir.path())).unwrap();
        let (actor, hashes) = (ActorId([1; 16]), [Hash([1; 32]), Hash([2; 32])]);
        access.keep_codes("K7Q2", &actor, &hashes).unwrap();
        assert!(access.keep_codes("AAAA", &actor, &hashes).is_err());
        let code = access.code(&hashes[1]).unwrap().unwrap();
        assert_eq!((code.series.as_str(), code.number, code.actor, code.used_at), ("K7Q2", 2, actor, None));
        assert!(access.use_code(&hashes[1], 5).unwrap());
        assert!(!access.use_code(&hashes[1], 6).unwrap());
        access.drop_codes("K7Q2").unwrap();
        assert_eq!(access.code(&hashes[0]).unwrap(), None);
        assert_eq!(access.code(&hashes[1]).unwrap().and_then(|c| c.used_at), Some(5), "what served is remembered");
    }

    #[test]
    fn the_words_of_a_recovery_hold_until_they_expire() {
        let dir = tempfile::tempdir().unwrap();
        let access = Access::open(&Folder::at(dir.path())).unwrap();
        let actor = ActorId([1; 16]);
        let recovery = Recovery { phc: "$argon2id$…".to_owned(), asked: EntryId([3; 32]) };
        access.keep_recovery(&actor, &recovery, 10).unwrap();
        assert!(access.recovery(&actor, 9).unwrap().is_some_and(|found| found == recovery));
        assert!(access.recovery(&actor, 10).unwrap().is_none());
        access.drop_recovery(&actor).unwrap();
        assert!(access.recovery(&actor, 0).unwrap().is_none());
    }
}
