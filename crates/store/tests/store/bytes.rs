//! The database file itself changed: a byte here, the end there. Nothing changes silently, nothing panics.

use crate::hospital::{Hospital, below, copy_dir, env, fact, fill, verify};
use domain::State;
use journal::verify::Report;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::{Folder, Ledger, Options, StoreError};

/// Everything the tables hold, in order; `None` when they cannot be read.
fn contents(database: &Path) -> Option<Vec<Vec<Value>>> {
    let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?;
    let sound: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).ok()?;
    let mut all = vec![vec![Value::Text(sound)]];
    for table in ["meta", "entry", "body", "parked", "sqlite_schema"] {
        let mut statement = connection.prepare(&format!("SELECT * FROM {table} ORDER BY rowid")).ok()?;
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| (0..columns).map(|at| row.get(at)).collect()).ok()?;
        all.extend(rows.collect::<Result<Vec<Vec<Value>>, _>>().ok()?);
    }
    Some(all)
}

/// A sentence, not the words of a library alone.
fn is_sentence(why: &StoreError) -> bool {
    let text = why.to_string();
    text.contains("abîmée") || text.contains("version plus récente") || text.contains("ne contient pas de journal")
}

/// What opening a folder for writing gives: a sentence, a reason to read only, or nothing to say.
fn opening(folder: &Folder, guards: Option<&Path>) -> Result<Option<String>, StoreError> {
    let options = Options { guard_dir: guards.map(Path::to_owned), ..Options::default() };
    Ok(Ledger::<State>::open(folder, env(), options)?.view().read_only.clone())
}

#[derive(Default)]
struct Tally {
    named: AtomicUsize,
    unreadable: AtomicUsize,
    unused: AtomicUsize,
}

impl Tally {
    /// One byte changed: named, unreadable, or of no consequence whatever.
    fn count(&self, at: usize, found: Result<Report, StoreError>, database: &Path, sound: &[Vec<Value>]) {
        match found {
            Ok(report) if !report.findings.is_empty() => self.named.fetch_add(1, Ordering::Relaxed),
            Ok(_) => {
                assert_eq!(contents(database).as_deref(), Some(sound), "the byte at {at} matters, and nobody says so");
                self.unused.fetch_add(1, Ordering::Relaxed)
            }
            Err(why) => {
                assert!(is_sentence(&why), "byte {at}: {why}");
                self.unreadable.fetch_add(1, Ordering::Relaxed)
            }
        };
    }
}

/// Offsets to change: the file's header and first page more often than chance would.
fn offsets(len: u64, count: usize) -> Vec<usize> {
    let mut seed = 11;
    (0..count).map(|n| usize::try_from(below(&mut seed, if n % 10 == 0 { 200 } else { len })).unwrap()).collect()
}

#[test]
fn one_byte_of_the_file_changed_is_named_or_of_no_consequence() {
    let hospital = Hospital::after_a_crisis();
    assert!(!hospital.folder.path().join("journal.db-wal").exists(), "folded into the file");
    let bytes = std::fs::read(hospital.folder.journal_db()).unwrap();
    let sound = contents(&hospital.folder.journal_db()).unwrap();
    let offsets = offsets(bytes.len() as u64, 500);
    let (tally, next) = (Tally::default(), AtomicUsize::new(0));
    let work = |worker: usize| {
        let folder = hospital.copied(&format!("copie {worker}"));
        while let Some(at) = offsets.get(next.fetch_add(1, Ordering::Relaxed)) {
            let mut changed = bytes.clone();
            changed[*at] ^= u8::try_from(1 + at % 255).unwrap();
            std::fs::write(folder.journal_db(), &changed).unwrap();
            tally.count(*at, verify(&folder, None, &[]), &folder.journal_db(), &sound);
            if at % 4 == 0 {
                // Opening it may go on, read only, or be refused, never panic nor answer wrongly.
                let outcome = opening(&folder, None);
                assert!(outcome.as_ref().map_or_else(is_sentence, |_| true), "byte {at}: {outcome:?}");
                for name in ["journal.db-wal", "journal.db-shm"] {
                    _ = std::fs::remove_file(folder.path().join(name));
                }
            }
        }
    };
    std::thread::scope(|scope| (0..2).for_each(|worker| _ = scope.spawn(move || work(worker))));
    let [named, unreadable, unused] = [tally.named, tally.unreadable, tally.unused].map(AtomicUsize::into_inner);
    println!("500 bytes changed: {named} named, {unreadable} unreadable, {unused} of no consequence");
    assert!(named > 300, "{named}");
}

#[test]
fn a_file_cut_anywhere_is_named_and_never_passes_for_a_shorter_journal() {
    let hospital = Hospital::after_a_crisis();
    copy_dir(hospital.folder.path(), &hospital.path("entier"));
    let bytes = std::fs::read(hospital.folder.journal_db()).unwrap();
    let mut lengths = vec![0, 1, 15, 16, 99, 100, 101, 511, 512, 4095, 4096, 4097, bytes.len() - 4096, bytes.len() - 1];
    lengths.extend(offsets(bytes.len() as u64, 50));
    for len in lengths {
        std::fs::write(hospital.folder.journal_db(), &bytes[..len]).unwrap();
        match verify(&hospital.folder, None, &[]) {
            Ok(report) => assert!(!report.findings.is_empty(), "cut at {len}"),
            Err(why) => assert!(is_sentence(&why), "cut at {len}: {why}"),
        }
        match opening(&hospital.folder, Some(&hospital.guards)) {
            Ok(read_only) => assert!(read_only.is_some_and(|why| why.contains("planblanc verify")), "cut at {len}"),
            Err(why) => assert!(is_sentence(&why), "cut at {len}: {why}"),
        }
        assert_eq!(std::fs::read(hospital.folder.journal_db()).unwrap(), &bytes[..len], "left as it is");
    }
}

#[test]
fn a_write_ahead_log_cut_anywhere_is_noticed_by_the_memory_of_this_machine() {
    let hospital = Hospital::founded();
    let ledger = hospital.open();
    fill(&ledger, 30);
    let killed = hospital.copied("tué");
    drop(ledger);
    let log = std::fs::read(killed.path().join("journal.db-wal")).unwrap();
    let mut lengths = vec![0, 1, 31, 32, 33, log.len() - 1];
    lengths.extend(offsets(log.len() as u64, 40));
    for (at, len) in (0..).zip(lengths) {
        std::fs::remove_dir_all(hospital.folder.path()).unwrap();
        copy_dir(killed.path(), hospital.folder.path());
        let path = hospital.folder.path().join("journal.db-wal");
        if at % 2 == 0 {
            std::fs::write(path, &log[..len]).unwrap();
        } else {
            let mut changed = log.clone();
            changed[len] ^= 0x10;
            std::fs::write(path, changed).unwrap();
        }
        let found = verify(&hospital.folder, Some(&hospital.guards), &[]);
        let whole = found.as_ref().is_ok_and(|report| report.findings.is_empty());
        let outcome = opening(&hospital.folder, Some(&hospital.guards));
        if let Ok(None) = outcome {
            let ledger = hospital.open();
            let lost = ledger.view().chains.iter().any(|c| c.lost.is_some());
            assert!(whole || lost, "at {len}");
            ledger.submit_wait(fact("la suite")).unwrap();
        }
        assert!(whole || found.is_err() || !found.unwrap().findings.is_empty());
    }
}
