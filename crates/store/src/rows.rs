//! Rows in and out of the journal's tables.

use crate::error::StoreError;
use journal::dag::Key;
use journal::{Body, ChainId, Entry, EntryId, Header, JournalId, Signature};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// The journal this store holds.
///
/// # Errors
/// What SQLite says; `None` when the store is empty.
pub fn journal_id(connection: &Connection) -> Result<Option<JournalId>, StoreError> {
    let text = meta(connection, "journal")?;
    Ok(text.and_then(|t| t.parse().ok()))
}

/// The journal this store holds.
///
/// # Errors
/// What SQLite says, or [`StoreError::Damaged`]: a store is made with its journal's id.
pub fn known_journal_id(connection: &Connection) -> Result<JournalId, StoreError> {
    journal_id(connection)?.ok_or_else(|| StoreError::Damaged("elle ne dit plus quel journal elle contient".to_owned()))
}

/// A value of the `meta` table.
///
/// # Errors
/// What SQLite says.
pub fn meta(connection: &Connection, key: &str) -> Result<Option<String>, StoreError> {
    Ok(connection.query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0)).optional()?)
}

/// Sets a value of the `meta` table; `None` removes it.
///
/// # Errors
/// What SQLite says.
pub fn set_meta(connection: &Connection, key: &str, value: Option<&str>) -> Result<(), StoreError> {
    match value {
        Some(value) => connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)", [key, value])?,
        None => connection.execute("DELETE FROM meta WHERE key = ?1", [key])?,
    };
    Ok(())
}

/// Appends an entry at its place in the total order.
///
/// # Errors
/// What SQLite says.
pub fn insert(connection: &Connection, entry: &Entry, key: Key) -> Result<(), StoreError> {
    let (ord, chain, seq, id) = key;
    let mut statement = connection
        .prepare_cached("INSERT INTO entry (id, ord, chain, seq, kind, header, signature) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
    statement.execute(params![
        id.as_bytes(),
        ord.cast_signed(),
        chain.as_bytes(),
        seq.cast_signed(),
        entry.header.kind,
        entry.header_bytes,
        entry.signature.as_bytes()
    ])?;
    let Some(body) = &entry.body else { return set_meta(connection, &bare_key(&id), Some("1")) };
    let n = connection.last_insert_rowid();
    let mut statement = connection.prepare_cached("INSERT INTO body (n, salt, body) VALUES (?1, ?2, ?3)")?;
    statement.execute(params![n, body.salt.as_slice(), body.bytes])?;
    Ok(())
}

/// The row of an entry.
///
/// # Errors
/// What SQLite says.
pub fn number_of(connection: &Connection, id: &EntryId) -> Result<Option<i64>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT n FROM entry WHERE id = ?1")?;
    Ok(statement.query_row([id.as_bytes()], |row| row.get(0)).optional()?)
}

/// Adds the body of an entry that had come without it. `known_from`: the first row at which it is known here.
///
/// # Errors
/// What SQLite says.
pub fn add_body(connection: &Connection, entry: &Entry, known_from: i64) -> Result<(), StoreError> {
    let Some(body) = &entry.body else { return Ok(()) };
    let mut statement =
        connection.prepare_cached("INSERT OR IGNORE INTO body (n, salt, body) SELECT n, ?2, ?3 FROM entry WHERE id = ?1")?;
    statement.execute(params![entry.id.as_bytes(), body.salt.as_slice(), body.bytes])?;
    set_meta(connection, &format!("{LATE}{}", entry.id), Some(&known_from.to_string()))?;
    set_meta(connection, &bare_key(&entry.id), None)
}

/// Before the id of an entry whose body came after it, in `meta`.
const LATE: &str = "late:";
/// Before the first row that a merge brought, in `meta`.
const MERGED: &str = "merged:";

/// Pairs of `meta` whose key begins with a word, without that word.
fn metas(connection: &Connection, prefix: &str) -> Result<Vec<(String, i64)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT substr(key, length(?1) + 1), CAST(value AS INTEGER) FROM meta WHERE substr(key, 1, length(?1)) = ?1",
    )?;
    let pairs = statement.query_map([prefix], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(pairs.collect::<Result<_, _>>()?)
}

/// Entries whose body came after them, each with the first row at which it is known here.
///
/// # Errors
/// What SQLite says.
pub fn late_bodies(connection: &Connection) -> Result<BTreeMap<EntryId, i64>, StoreError> {
    let pairs = metas(connection, LATE)?;
    Ok(pairs.into_iter().filter_map(|(id, from)| Some((id.parse().ok()?, from))).collect())
}

/// Notes that rows came from another replica.
///
/// # Errors
/// What SQLite says.
pub fn note_merged(connection: &Connection, rows: &RangeInclusive<i64>) -> Result<(), StoreError> {
    set_meta(connection, &format!("{MERGED}{}", rows.start()), Some(&rows.end().to_string()))
}

/// Rows that came from other replicas, in no order.
///
/// # Errors
/// What SQLite says.
pub fn merged(connection: &Connection) -> Result<Vec<RangeInclusive<i64>>, StoreError> {
    let pairs = metas(connection, MERGED)?;
    Ok(pairs.into_iter().filter_map(|(first, last)| Some(first.parse().ok()?..=last)).collect())
}

/// Number and header of each entry that came after a number, in order of arrival; no header when it is damaged.
///
/// # Errors
/// What SQLite says.
pub fn headers_after(connection: &Connection, after: i64, mut each: impl FnMut(i64, Option<Header>)) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached("SELECT n, header FROM entry WHERE n > ?1 ORDER BY n")?;
    let mut rows = statement.query([after])?;
    while let Some(row) = rows.next()? {
        each(row.get(0)?, Header::decode(row.get_ref(1)?.as_blob().unwrap_or_default()).ok());
    }
    Ok(())
}

/// The chain of the entry of a row.
///
/// # Errors
/// What SQLite says.
pub fn chain_of(connection: &Connection, n: i64) -> Result<Option<ChainId>, StoreError> {
    let chain: Option<Vec<u8>> =
        connection.query_row("SELECT chain FROM entry WHERE n = ?1", [n], |row| row.get(0)).optional()?;
    Ok(chain.and_then(|bytes| ChainId::from_slice(&bytes)))
}

/// Whether an entry came without its body, which then did not disappear here.
///
/// # Errors
/// What SQLite says.
pub fn came_bare(connection: &Connection, id: &EntryId) -> Result<bool, StoreError> {
    Ok(meta(connection, &bare_key(id))?.is_some())
}

fn bare_key(id: &EntryId) -> String {
    format!("bare:{id}")
}

/// A stored entry with the columns beside it.
pub struct StoredEntry {
    /// Its number: order of arrival in this store.
    pub n: i64,
    /// Column `ord`.
    pub ord: u64,
    /// Column `id`.
    pub id: Vec<u8>,
    /// Header, signature and body, parsed and checked.
    pub entry: Result<Entry, journal::entry::BadEntry>,
}

const COLUMNS: &str = "e.n, e.ord, e.id, e.header, e.signature, b.salt, b.body";

fn read(row: &Row<'_>) -> rusqlite::Result<StoredEntry> {
    let signature: Vec<u8> = row.get(4)?;
    let salt: Option<Vec<u8>> = row.get(5)?;
    let body: Option<Vec<u8>> = row.get(6)?;
    let body = salt.zip(body).map(|(salt, bytes)| Body { salt: salt.try_into().unwrap_or_default(), bytes });
    let signature = Signature::from_slice(&signature).ok_or(journal::entry::BadEntry::Signature);
    let header: Vec<u8> = row.get(3)?;
    Ok(StoredEntry {
        n: row.get(0)?,
        ord: row.get::<_, i64>(1)?.cast_unsigned(),
        id: row.get(2)?,
        entry: signature.and_then(|signature| Entry::from_parts(header, signature, body)),
    })
}

/// All entries in the total order.
///
/// # Errors
/// What SQLite says, or what `each` returns.
pub fn in_order<E: From<StoreError>>(connection: &Connection, each: impl FnMut(StoredEntry) -> Result<(), E>) -> Result<(), E> {
    in_order_to(connection, i64::MAX, each)
}

/// The entries that had come when number `last` came, in the total order.
///
/// # Errors
/// What SQLite says, or what `each` returns.
pub fn in_order_to<E: From<StoreError>>(
    connection: &Connection,
    last: i64,
    mut each: impl FnMut(StoredEntry) -> Result<(), E>,
) -> Result<(), E> {
    let sql = format!(
        "SELECT {COLUMNS} FROM entry e LEFT JOIN body b ON b.n = e.n WHERE e.n <= ?1 ORDER BY e.ord, e.chain, e.seq, e.id"
    );
    let mut statement = connection.prepare(&sql).map_err(StoreError::from)?;
    let mut rows = statement.query([last]).map_err(StoreError::from)?;
    while let Some(row) = rows.next().map_err(StoreError::from)? {
        each(read(row).map_err(StoreError::from)?)?;
    }
    Ok(())
}

/// Up to `limit` entries that came after number `after`, in order of arrival.
///
/// # Errors
/// What SQLite says.
pub fn after(connection: &Connection, after: i64, limit: usize) -> Result<Vec<StoredEntry>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM entry e LEFT JOIN body b ON b.n = e.n WHERE e.n > ?1 ORDER BY e.n LIMIT ?2");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params![after, i64::try_from(limit).unwrap_or(i64::MAX)], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The first entry of every chain.
///
/// # Errors
/// What SQLite says.
pub fn openings(connection: &Connection) -> Result<Vec<StoredEntry>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM entry e LEFT JOIN body b ON b.n = e.n WHERE e.seq = 0 ORDER BY e.n");
    let mut statement = connection.prepare(&sql)?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Number of the last entry that came, 0 when there is none. Numbers have no gaps: entries are never deleted.
///
/// # Errors
/// What SQLite says.
pub fn last_number(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.query_row("SELECT coalesce(max(n), 0) FROM entry", [], |row| row.get(0))?)
}

/// One entry.
///
/// # Errors
/// What SQLite says.
pub fn by_id(connection: &Connection, id: &EntryId) -> Result<Option<StoredEntry>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM entry e LEFT JOIN body b ON b.n = e.n WHERE e.id = ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    Ok(statement.query_row([id.as_bytes()], read).optional()?)
}

/// Drops the body of an entry, for ever; returns how many there were (0 or 1).
///
/// # Errors
/// What SQLite says.
pub fn drop_body(connection: &Connection, id: &EntryId) -> Result<usize, StoreError> {
    Ok(connection.execute("DELETE FROM body WHERE n = (SELECT n FROM entry WHERE id = ?1)", [id.as_bytes()])?)
}

/// Replaces the entries that wait for a missing one.
///
/// # Errors
/// What SQLite says.
pub fn set_parked<'a>(connection: &Connection, parked: impl Iterator<Item = &'a Entry>) -> Result<(), StoreError> {
    connection.execute("DELETE FROM parked", [])?;
    let mut statement = connection
        .prepare_cached("INSERT OR IGNORE INTO parked (id, header, signature, salt, body) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for entry in parked {
        let body = entry.body.as_ref();
        statement.execute(params![
            entry.id.as_bytes(),
            entry.header_bytes,
            entry.signature.as_bytes(),
            body.map(|b| b.salt.as_slice()),
            body.map(|b| b.bytes.as_slice())
        ])?;
    }
    Ok(())
}

/// Entries that wait for a missing one; unreadable ones are skipped (they can be imported again).
///
/// # Errors
/// What SQLite says.
pub fn parked(connection: &Connection) -> Result<Vec<Entry>, StoreError> {
    let mut statement = connection.prepare("SELECT header, signature, salt, body FROM parked ORDER BY rowid")?;
    let rows = statement.query_map([], |row| {
        let signature = Signature::from_slice(&row.get::<_, Vec<u8>>(1)?);
        let salt: Option<Vec<u8>> = row.get(2)?;
        let body = salt.and_then(|s| s.try_into().ok()).zip(row.get(3)?).map(|(salt, bytes)| Body { salt, bytes });
        let header = row.get(0)?;
        Ok(signature.and_then(|signature| Entry::from_parts(header, signature, body).ok()))
    })?;
    Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}
