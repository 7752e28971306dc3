//! Entries out to a file, and what a file or another folder knows of a journal.

use crate::blobs::Blobs;
use crate::error::StoreError;
use crate::folder::Folder;
use crate::ledger::MergeReport;
use crate::{rows, schema};
use journal::bundle;
use journal::entry::sha256;
use journal::{Entry, EntryId, Fold, Hash, Journal, JournalId, Offer};
use std::collections::BTreeSet;
use std::path::Path;

/// Most bytes of a file of entries.
pub const BUNDLE_BYTES_MAX: u64 = 1 << 30;

/// All entries of a folder, in causal order (order of arrival), as one file.
///
/// # Errors
/// What the system says, or a damaged entry.
pub fn export(folder: &Folder) -> Result<Vec<u8>, StoreError> {
    let connection = schema::open_reader(&folder.journal_db())?;
    let journal = rows::journal_id(&connection)?.ok_or_else(|| StoreError::NoJournal(folder.path().to_owned()))?;
    let stored = rows::after(&connection, 0, usize::MAX >> 1)?;
    let damaged = |why: journal::entry::BadEntry| StoreError::ReadOnly(why.to_string());
    let entries: Vec<Entry> = stored.into_iter().map(|s| s.entry.map_err(damaged)).collect::<Result<_, _>>()?;
    let mut bytes = bundle::encode(journal, entries.iter());
    let blobs = Blobs::of(folder);
    let named: BTreeSet<Hash> = entries.iter().flat_map(|e| &e.header.blobs).map(|b| b.hash).collect();
    for hash in named {
        // One that is not here yet travels from the replica that has it.
        if let Some(content) = blobs.read(&hash)? {
            bundle::append_blob(&mut bytes, &content);
        }
    }
    Ok(bytes)
}

/// What a file of entries holds, as far as it is sound.
#[derive(Debug, Default)]
pub struct Received {
    /// Sound entries, in the order of the file.
    pub entries: Vec<Entry>,
    /// Attachments that these entries name, unaltered.
    pub blobs: Vec<Vec<u8>>,
    /// What is damaged, in words.
    pub damage: Vec<String>,
}

/// Reads a file of entries; what is damaged is listed, what is sound is kept.
///
/// # Errors
/// Not such a file, or one of another journal than `wanted`.
pub fn read(bytes: &[u8], wanted: Option<JournalId>) -> Result<Received, String> {
    let mut reader = bundle::Reader::new(bytes).map_err(|bad| bad.to_string())?;
    if wanted.is_some_and(|id| id != reader.journal) {
        return Err("ce fichier vient d’un autre établissement : rien n’a été pris".to_owned());
    }
    let mut received = Received::default();
    for entry in reader.by_ref() {
        match entry {
            Ok(entry) => received.entries.push(entry),
            Err(bad) => received.damage.push(bad.to_string()),
        }
    }
    let named: BTreeSet<Hash> = received.entries.iter().flat_map(|e| &e.header.blobs).map(|b| b.hash).collect();
    let wanted = |blob: &&&[u8]| named.contains(&sha256(blob));
    received.blobs = reader.blobs().iter().filter(wanted).map(|blob| blob.to_vec()).collect();
    Ok(received)
}

/// What merging these entries would do, tried on a copy in memory.
///
/// # Errors
/// What the system says.
pub fn rehearse<F: Fold>(folder: &Folder, entries: Vec<Entry>) -> Result<MergeReport, StoreError> {
    let connection = schema::open_reader(&folder.journal_db())?;
    let id = rows::journal_id(&connection)?.ok_or_else(|| StoreError::NoJournal(folder.path().to_owned()))?;
    let mut journal = Journal::new(id, F::NEVER_ERASED);
    rows::in_order(&connection, |stored| {
        if let Ok(entry) = stored.entry {
            let _: Offer = journal.restore(entry);
        }
        Ok::<(), StoreError>(())
    })?;
    let mut report = MergeReport::default();
    for entry in entries {
        let id: EntryId = entry.id;
        match journal.offer(entry) {
            Offer::Accepted(taken) => report.accepted += taken.len(),
            Offer::Completed(_) => report.accepted += 1,
            Offer::Known => report.known += 1,
            Offer::Parked(_) => {}
            Offer::Refused(why) => report.refused.push((id, why.to_string())),
        }
    }
    report.parked = journal.parked().count();
    Ok(report)
}

/// Which journal a database file holds, and its entries.
///
/// # Errors
/// What SQLite says.
pub fn known_by(database: &Path) -> Result<(JournalId, BTreeSet<EntryId>), StoreError> {
    let connection = schema::open_reader(database)?;
    let journal = rows::journal_id(&connection)?.ok_or_else(|| StoreError::NoJournal(database.to_owned()))?;
    let mut statement = connection.prepare("SELECT header FROM entry")?;
    let headers = statement.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
    let ids = headers.map(|h| h.map(|h| journal::entry::entry_id(&h))).collect::<Result<_, _>>()?;
    Ok((journal, ids))
}
