//! `verify` beside a live server: reads every row, and hands it to the journal's own verification.

use crate::blobs::Blobs;
use crate::error::StoreError;
use crate::folder::Folder;
use crate::{guard, rows, schema};
use journal::verify::{Flaw, Report, Stored, Verifier};
use journal::witness::Testimony;
use journal::{EntryId, JournalId};
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::path::Path;

/// What somebody else remembers of the journal.
pub enum Against {
    /// A signed statement or words.
    Testimony(Testimony),
    /// Another copy: every entry it has must be here.
    Entries(JournalId, BTreeSet<EntryId>),
}

/// What was verified.
pub struct Verified {
    /// Which journal.
    pub journal: JournalId,
    /// What was found.
    pub report: Report,
}

/// Verifies a data folder. `progress` is told how many rows were examined, of how many.
///
/// # Errors
/// The folder cannot be read at all, or the witness speaks of another journal.
pub fn verify(
    folder: &Folder,
    never_erased: &'static [&'static str],
    guard_dir: Option<&Path>,
    against: &[(String, Against)],
    mut progress: impl FnMut(u64, u64),
) -> Result<Verified, StoreError> {
    if !folder.has_journal() {
        return Err(StoreError::NoJournal(folder.path().to_owned()));
    }
    let connection = schema::open_reader(&folder.journal_db())?;
    // One snapshot for the whole examination, whatever a live server writes meanwhile.
    connection.execute_batch("BEGIN")?;
    let journal = rows::known_journal_id(&connection)?;
    let mut verifier = Verifier::new(journal, never_erased);
    let numbers = numbers(&connection)?;
    let total = numbers.len() as u64;
    for (done, n) in (1..).zip(&numbers) {
        row(&connection, *n, &mut verifier);
        progress(done, total);
    }
    parked(&connection, &mut verifier);
    structure(&connection, &mut verifier);
    order(&connection, &mut verifier);
    let mut report = verifier.finish();
    check_guards(guard_dir, folder, journal, &connection, &mut report);
    check_blobs(&Blobs::of(folder), &mut report);
    for (name, witness) in against {
        check_against(journal, name, witness, &mut report)?;
    }
    Ok(Verified { journal, report })
}

/// Numbers of all rows of both tables, read without their contents.
fn numbers(connection: &Connection) -> Result<Vec<i64>, StoreError> {
    let mut found = BTreeSet::new();
    for table in ["entry", "body"] {
        let mut statement = connection.prepare(&format!("SELECT n FROM {table} NOT INDEXED"))?;
        let mut rows = statement.query([])?;
        while let Ok(Some(row)) = rows.next() {
            found.insert(row.get::<_, i64>(0)?);
        }
    }
    Ok(found.into_iter().collect())
}

fn row(connection: &Connection, n: i64, verifier: &mut Verifier) {
    type Columns = (Vec<u8>, i64, Vec<u8>, i64, String, Vec<u8>, Vec<u8>);
    let entry =
        connection.prepare_cached("SELECT id, ord, chain, seq, kind, header, signature FROM entry NOT INDEXED WHERE n = ?1");
    let read: rusqlite::Result<Columns> = entry.and_then(|mut s| {
        s.query_row([n], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?, r.get(6)?)))
    });
    let (id, _ord, chain, seq, kind, header, signature) = match read {
        Ok(columns) => columns,
        Err(rusqlite::Error::QueryReturnedNoRows) => {
            return verifier.note(Some(n), None, Flaw::Unreadable("un texte est là, son entrée a disparu".to_owned()));
        }
        Err(error) => return verifier.note(Some(n), None, Flaw::Unreadable(error.to_string())),
    };
    let body = connection.prepare_cached("SELECT salt, body FROM body WHERE n = ?1");
    let body = body.and_then(|mut s| s.query_row([n], |r| Ok((r.get(0)?, r.get(1)?))));
    let claimed = EntryId::from_slice(&id);
    let body = match body {
        Ok(body) => Some(body),
        Err(rusqlite::Error::QueryReturnedNoRows) => None,
        Err(error) => return verifier.note(Some(n), claimed, Flaw::Unreadable(error.to_string())),
    };
    if let Ok(signed) = journal::Header::decode(&header) {
        let columns = [
            ("chain", signed.chain.as_bytes() == chain),
            ("seq", signed.seq.cast_signed() == seq),
            ("kind", signed.kind == kind),
        ];
        for (column, _) in columns.iter().filter(|(_, same)| !same) {
            verifier.note(Some(n), claimed, Flaw::Column(column));
        }
    }
    verifier.row(Stored { row: n, id, header, signature, body });
}

/// Entries that wait for one they follow.
fn parked(connection: &Connection, verifier: &mut Verifier) {
    let mut read = || -> rusqlite::Result<()> {
        let mut statement = connection.prepare("SELECT id, header, signature, salt, body FROM parked")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let body = row.get::<_, Option<_>>(3)?.zip(row.get(4)?);
            verifier.parked(Stored { row: 0, id: row.get(0)?, header: row.get(1)?, signature: row.get(2)?, body });
        }
        Ok(())
    };
    if let Err(error) = read() {
        verifier.note(None, None, Flaw::Unreadable(error.to_string()));
    }
}

/// SQLite's own examination of the file, and the tables and triggers it should have.
fn structure(connection: &Connection, verifier: &mut Verifier) {
    let check = || -> rusqlite::Result<Vec<String>> {
        let mut statement = connection.prepare("PRAGMA integrity_check(20)")?;
        let rows = statement.query_map([], |row| row.get(0))?;
        rows.collect()
    };
    match check() {
        Ok(lines) if lines.len() == 1 && lines[0] == "ok" => {}
        Ok(lines) => lines.into_iter().for_each(|line| verifier.note(None, None, Flaw::Unreadable(line))),
        Err(error) => verifier.note(None, None, Flaw::Unreadable(error.to_string())),
    }
    match schema::is_intact(connection) {
        Ok(true) => {}
        Ok(false) => verifier.note(None, None, Flaw::Unreadable("les tables ou leurs verrous ont été modifiés".to_owned())),
        Err(error) => verifier.note(None, None, Flaw::Unreadable(error.to_string())),
    }
}

/// The order column, which follows from what was signed.
fn order(connection: &Connection, verifier: &mut Verifier) {
    let ords = || -> rusqlite::Result<Vec<(i64, Vec<u8>, i64)>> {
        let mut statement = connection.prepare("SELECT n, id, ord FROM entry NOT INDEXED ORDER BY n")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        rows.collect()
    };
    for (n, id, ord) in ords().unwrap_or_default() {
        let id = EntryId::from_slice(&id);
        let signed = id.and_then(|id| verifier.ord(&id));
        if signed.is_some_and(|signed| signed != ord.cast_unsigned()) {
            verifier.note(Some(n), id, Flaw::Column("ord"));
        }
    }
}

/// Entries whose loss a later chain of this device has already declared in the journal itself.
fn declared_losses(connection: &Connection) -> BTreeSet<EntryId> {
    let openings = rows::openings(connection).unwrap_or_default();
    let bodies = openings.into_iter().filter_map(|stored| stored.entry.ok()?.body);
    let opened = bodies.filter_map(|body| serde_json::from_slice::<journal::certificate::ChainOpened>(&body.bytes).ok());
    opened.filter_map(|opened| opened.lost).map(|lost| lost.id).collect()
}

/// This machine's own memory of what was written in this very folder.
fn check_guards(dir: Option<&Path>, folder: &Folder, journal: JournalId, connection: &Connection, report: &mut Report) {
    let Some(dir) = dir else { return };
    let (place, declared) = (guard::place(folder.path()), declared_losses(connection));
    for memory in guard::memories(dir, &journal).into_iter().filter(|memory| memory.place == place && memory.is_worth_keeping()) {
        // A live server may have written after our snapshot: what it acknowledged since is not a loss.
        let here = report.ids.contains(&memory.id) || declared.contains(&memory.id) || written_since(connection, &memory.id);
        if !here {
            report.findings.push(journal::verify::Finding {
                row: None,
                entry: Some(memory.id),
                place: Some((memory.chain, memory.seq)),
                flaw: Flaw::Witness("la mémoire de ce poste".to_owned()),
            });
        }
    }
}

fn written_since(connection: &Connection, id: &EntryId) -> bool {
    // Leaves the snapshot, once; a failure only means that the entry is not found.
    let _ = connection.execute_batch("COMMIT");
    rows::by_id(connection, id).ok().flatten().is_some_and(|stored| stored.entry.is_ok_and(|e| e.id == *id))
}

fn check_blobs(blobs: &Blobs, report: &mut Report) {
    for (hash, (len, entry)) in &report.blobs {
        let whole = blobs.has(hash, *len) && matches!(blobs.read(hash), Ok(Some(_)));
        if !whole {
            report.findings.push(journal::verify::Finding {
                row: None,
                entry: Some(*entry),
                place: None,
                flaw: Flaw::Blob(hash.to_string()),
            });
        }
    }
}

fn check_against(journal: JournalId, name: &str, witness: &Against, report: &mut Report) -> Result<(), StoreError> {
    let wrong = |why: String| StoreError::io(name)(std::io::Error::new(std::io::ErrorKind::InvalidInput, why));
    let missing: Vec<Option<EntryId>> = match witness {
        Against::Testimony(testimony) => testimony.missing_from(journal, &report.ids).map_err(wrong)?,
        Against::Entries(other, _) if *other != journal => return Err(wrong("ce témoin parle d’un autre journal".to_owned())),
        Against::Entries(_, ids) => ids.difference(&report.ids).copied().map(Some).collect(),
    };
    for entry in missing {
        let flaw = Flaw::Witness(name.to_owned());
        report.findings.push(journal::verify::Finding { row: None, entry, place: None, flaw });
    }
    Ok(())
}
