//! What somebody with access to the database, and perhaps to the key, can do to a journal: `verify` names it.

use crate::hospital::{ADMINISTRATOR, DIRECTOR, Hospital, SECRETARY, below, env, fact, logged, request, texts, verify};
use domain::State;
use domain::crisis::event::EntryType;
use journal::certificate::{Certificate, ChainOpened, Mode, OpeningReason, Origin};
use journal::verify::{Finding, Flaw, Report};
use journal::write::{Author, Circumstances, Draft, Pen};
use journal::{Auth, AuthorityAct, Body, Entry, EntryId, Fold, Journal, Nonce, PublicKey, Signature, SigningKey};
use rusqlite::{Connection, params};
use std::cell::Cell;
use std::path::PathBuf;
use store::{Folder, Ledger, Options};

/// A journal of 300 entries, and copies of it to tamper with.
struct Scene {
    hospital: Hospital,
    entries: Vec<Entry>,
    copies: Cell<usize>,
}

const TRIGGERS: &str = "SELECT sql FROM sqlite_schema WHERE type = 'trigger'";

impl Scene {
    fn new() -> Self {
        let hospital = Hospital::after_a_crisis();
        assert_eq!(hospital.verified().findings, [], "whole before");
        let entries = hospital.entries();
        Self { hospital, entries, copies: Cell::new(0) }
    }

    fn copy(&self) -> Folder {
        self.copies.set(self.copies.get() + 1);
        self.hospital.copied(&format!("copie {}", self.copies.get()))
    }

    /// What `verify` finds after the database was changed, its locks taken off and put back.
    fn after(&self, change: impl FnOnce(&Connection)) -> Report {
        let folder = self.copy();
        let connection = Connection::open(folder.journal_db()).unwrap();
        without_triggers(&connection, || change(&connection));
        drop(connection);
        let report = verify(&folder, None, &[]).unwrap();
        std::fs::remove_dir_all(folder.path()).unwrap();
        report
    }

    fn entry(&self, n: i64) -> &Entry {
        &self.entries[usize::try_from(n).unwrap() - 1]
    }

    fn id(&self, n: i64) -> EntryId {
        self.entry(n).id
    }

    /// Numbers of some entries, by chance.
    fn some(&self, count: usize, mut seed: u64) -> Vec<i64> {
        (0..count).map(|_| 1 + i64::try_from(below(&mut seed, self.entries.len() as u64)).unwrap()).collect()
    }
}

fn without_triggers(connection: &Connection, change: impl FnOnce()) {
    let mut statement = connection.prepare(TRIGGERS).unwrap();
    let triggers: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    drop(statement);
    for name in ["entry_never_updated", "entry_never_deleted", "body_never_updated"] {
        connection.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    change();
    triggers.iter().for_each(|sql| connection.execute_batch(sql).unwrap());
}

#[track_caller]
fn names(report: &Report, n: i64, id: EntryId, flaw: &Flaw) {
    let named = report.findings.iter().any(|f| (f.row, f.entry) == (Some(n), Some(id)) && f.flaw == *flaw);
    assert!(named, "row {n}, {id:?}, {flaw:?} among {:#?}", report.findings);
}

/// All findings, and nothing else.
#[track_caller]
fn names_only(report: &Report, n: i64, id: EntryId, flaw: &Flaw) {
    names(report, n, id, flaw);
    assert!(report.findings.iter().all(|f| f.entry == Some(id)), "{:#?}", report.findings);
}

#[test]
fn the_database_itself_resists_edits() {
    let scene = Scene::new();
    let connection = Connection::open(scene.copy().journal_db()).unwrap();
    for sql in ["UPDATE entry SET kind = 'x'", "DELETE FROM entry WHERE n = 5", "UPDATE body SET body = x'00'"] {
        assert!(connection.execute_batch(sql).unwrap_err().to_string().contains("never"), "{sql}");
    }
}

#[test]
fn columns_beside_the_signed_bytes() {
    let scene = Scene::new();
    for n in scene.some(6, 1) {
        let changes: [(&str, &str); 5] = [
            ("id", "UPDATE entry SET id = randomblob(32) WHERE n = ?1"),
            ("ord", "UPDATE entry SET ord = ord + 1 WHERE n = ?1"),
            ("chain", "UPDATE entry SET chain = randomblob(16) WHERE n = ?1"),
            ("seq", "UPDATE entry SET seq = seq + 1 WHERE n = ?1"),
            ("kind", "UPDATE entry SET kind = 'crisis.decision_taken_back' WHERE n = ?1"),
        ];
        for (column, sql) in changes {
            let report = scene.after(|c| assert_eq!(c.execute(sql, [n]).unwrap(), 1));
            names_only(&report, n, scene.id(n), &Flaw::Column(column));
        }
    }
}

#[test]
fn bits_through_the_whole_of_verify() {
    let scene = Scene::new();
    let mut seed = 2;
    for n in scene.some(40, 3) {
        let parts = [
            ("entry", "header", Flaw::Id),
            ("entry", "signature", Flaw::Signature),
            ("body", "salt", Flaw::Body),
            ("body", "body", Flaw::Body),
        ];
        let (table, column, flaw) = &parts[usize::try_from(below(&mut seed, 4)).unwrap()];
        if *table == "body" && scene.entry(n).body.is_none() {
            continue;
        }
        let report = scene.after(|c| {
            let read = format!("SELECT {column} FROM {table} WHERE n = ?1");
            let mut bytes: Vec<u8> = c.query_row(&read, [n], |row| row.get(0)).unwrap();
            let bit = usize::try_from(below(&mut seed, bytes.len() as u64 * 8)).unwrap();
            bytes[bit / 8] ^= 1 << (bit % 8);
            c.execute(&format!("UPDATE {table} SET {column} = ?2 WHERE n = ?1"), params![n, bytes]).unwrap();
        });
        let id = scene.id(n);
        let own: Vec<&Finding> = report.findings.iter().filter(|f| f.entry == Some(id)).collect();
        assert!(own.iter().any(|f| f.flaw == *flaw || matches!(f.flaw, Flaw::Header(_))), "{own:?}");
    }
}

#[test]
fn an_entry_removed() {
    let scene = Scene::new();
    for n in scene.some(12, 4).into_iter().filter(|n| *n < 300) {
        let id = scene.id(n);
        let with_body = scene.after(|c| {
            c.execute("DELETE FROM entry WHERE n = ?1", [n]).unwrap();
            c.execute("DELETE FROM body WHERE n = ?1", [n]).unwrap();
        });
        assert!(with_body.findings.iter().any(|f| f.flaw == Flaw::Missing(id)), "{:?}", with_body.findings);
        // Renumbered so that no gap is left.
        let renumbered = scene.after(|c| {
            c.execute("DELETE FROM entry WHERE n = ?1", [n]).unwrap();
            c.execute("DELETE FROM body WHERE n = ?1", [n]).unwrap();
            for table in ["entry", "body"] {
                c.execute(&format!("UPDATE {table} SET n = -n + 1 WHERE n > ?1"), [n]).unwrap();
                c.execute(&format!("UPDATE {table} SET n = -n WHERE n < 0"), []).unwrap();
            }
        });
        assert!(renumbered.findings.iter().any(|f| f.flaw == Flaw::Missing(id)), "{:?}", renumbered.findings);
    }
    let alone = scene.after(|c| assert_eq!(c.execute("DELETE FROM entry WHERE n = 300", []).unwrap(), 1));
    assert!(alone.findings.iter().any(|f| f.row == Some(300) && matches!(f.flaw, Flaw::Unreadable(_))), "its body betrays it");
}

#[test]
fn entries_swapped() {
    let scene = Scene::new();
    for n in scene.some(8, 5).into_iter().filter(|n| *n < 295) {
        let other = n + 1;
        for tables in [["entry", "body"].as_slice(), &["entry"], &["body"]] {
            let report = scene.after(|c| {
                for table in tables {
                    c.execute(&format!("UPDATE {table} SET n = -1 WHERE n = ?1"), [n]).unwrap();
                    c.execute(&format!("UPDATE {table} SET n = ?1 WHERE n = ?2"), [n, other]).unwrap();
                    c.execute(&format!("UPDATE {table} SET n = ?1 WHERE n = -1"), [other]).unwrap();
                }
            });
            let named: Vec<_> = report.findings.iter().map(|f| f.entry).collect();
            assert!(named.contains(&Some(scene.id(n))) || named.contains(&Some(scene.id(other))), "{:?}", report.findings);
        }
    }
}

/// Puts an entry at the end of the database as the program would.
fn append(connection: &Connection, entry: &Entry, ord: i64) -> i64 {
    let h = &entry.header;
    let sql = "INSERT INTO entry (id, ord, chain, seq, kind, header, signature) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let seq = i64::try_from(h.seq).unwrap();
    connection
        .execute(
            sql,
            params![entry.id.as_bytes(), ord, h.chain.as_bytes(), seq, h.kind, entry.header_bytes, entry.signature.as_bytes()],
        )
        .unwrap();
    let n = connection.last_insert_rowid();
    if let Some(Body { salt, bytes }) = &entry.body {
        connection.execute("INSERT INTO body (n, salt, body) VALUES (?1, ?2, ?3)", params![n, salt.as_slice(), bytes]).unwrap();
    }
    n
}

fn max_ord(connection: &Connection) -> i64 {
    connection.query_row("SELECT max(ord) FROM entry", [], |row| row.get(0)).unwrap()
}

/// The journal as rebuilt by somebody who read the database.
fn rebuilt(entries: &[Entry]) -> Journal {
    let mut journal = Journal::new(entries[0].header.journal, State::NEVER_ERASED);
    for entry in entries {
        journal.restore(entry.clone());
    }
    journal
}

/// What an intruder without the key would write after the last entry.
fn forged(scene: &Scene, author: journal::ActorId, drafts: Vec<Draft>) -> Vec<Entry> {
    let mut journal = rebuilt(&scene.entries);
    let chain = scene.entries[299].header.chain;
    let pen = Pen { device: SigningKey::from_bytes(&[7; 32]), chain };
    let mut circumstances = Circumstances { wall_ms: (env().now_ms)(), random: &mut |bytes| bytes.fill(5) };
    let author = Author { actor: author, auth: Auth::Password };
    pen.write(&mut journal, author, request(), drafts, &mut circumstances).into_iter().map(|taken| taken.entry).collect()
}

#[test]
fn an_entry_inserted_without_the_key() {
    let scene = Scene::new();
    let mut entry = forged(&scene, SECRETARY, vec![logged(EntryType::Fact, "jamais écrit")]).remove(0);
    for signature in [entry.signature, Signature([0; 64]), scene.entries[299].signature] {
        entry.signature = signature;
        let (id, n) = (entry.id, Cell::new(0));
        let report = scene.after(|c| n.set(append(c, &entry, max_ord(c) + (1 << 16))));
        names(&report, n.get(), id, &Flaw::Signature);
    }
    // In a chain of its own, under a certificate of its own.
    let (root, device) = (SigningKey::from_bytes(&[8; 32]), SigningKey::from_bytes(&[7; 32]));
    let origin = Origin { root: PublicKey(root.verifying_key().to_bytes()), mode: Mode::Exercise, nonce: Nonce([1; 16]) };
    let certificate = Certificate::issue(&root, PublicKey(device.verifying_key().to_bytes()), "intrus", 0, true);
    let opened = ChainOpened { origin, branch_of: Vec::new(), certificate, reason: OpeningReason::Founded, lost: None };
    let mut journal = rebuilt(&scene.entries);
    let request = request();
    let mut circumstances = Circumstances { wall_ms: 0, random: &mut |bytes| bytes.fill(5) };
    let drafts = vec![Draft::of_opening(&opened), logged(EntryType::Fact, "d’un intrus")];
    let taken = Pen::opening(device, &request).write(&mut journal, Author::PROGRAM, request, drafts, &mut circumstances);
    let report = scene.after(|c| taken.iter().for_each(|one| _ = append(c, &one.entry, max_ord(c) + 1)));
    for (n, one) in (301..).zip(&taken) {
        names(&report, n, one.entry.id, &Flaw::NoCertificate);
    }
}

#[test]
fn an_entry_signed_again_with_another_key() {
    let scene = Scene::new();
    let key = SigningKey::from_bytes(&[7; 32]);
    for n in scene.some(8, 6).into_iter().filter(|n| *n < 300 && scene.entry(*n).body.is_some()) {
        let sound = scene.entry(n);
        let same = Entry::sign(sound.header.clone(), sound.body.clone().unwrap(), &key);
        let set = "UPDATE entry SET signature = ?2 WHERE n = ?1";
        let report = scene.after(|c| _ = c.execute(set, params![n, same.signature.as_bytes()]).unwrap());
        names_only(&report, n, sound.id, &Flaw::Signature);
        // Rewritten whole: other words, new hash, new id, new signature.
        let body = Body { salt: [9; 16], bytes: sound.body.as_ref().unwrap().bytes.to_ascii_uppercase() };
        let mut header = sound.header.clone();
        (header.body_hash, header.wall) = (body.hash(), 0);
        let other = Entry::sign(header, body, &key);
        let report = scene.after(|c| {
            let set = "UPDATE entry SET id = ?2, header = ?3, signature = ?4 WHERE n = ?1";
            c.execute(set, params![n, other.id.as_bytes(), other.header_bytes, other.signature.as_bytes()]).unwrap();
            let (salt, bytes) = other.body.as_ref().map(|b| (b.salt, b.bytes.clone())).unwrap();
            c.execute("UPDATE body SET salt = ?2, body = ?3 WHERE n = ?1", params![n, salt, bytes]).unwrap();
        });
        let flaw = if sound.header.seq == 0 { Flaw::NoCertificate } else { Flaw::Signature };
        names(&report, n, other.id, &flaw);
        assert!(report.findings.iter().any(|f| f.flaw == Flaw::Missing(sound.id)), "the true one is missed");
    }
}

#[test]
fn words_replaced_dropped_or_moved() {
    let scene = Scene::new();
    for n in scene.some(10, 7).into_iter().filter(|n| scene.entry(*n).body.is_some()) {
        let id = scene.id(n);
        let replaced = scene.after(|c| _ = c.execute("UPDATE body SET body = CAST('{}' AS BLOB) WHERE n = ?1", [n]).unwrap());
        names(&replaced, n, id, &Flaw::Body);
        let dropped = scene.after(|c| _ = c.execute("DELETE FROM body WHERE n = ?1", [n]).unwrap());
        names(&dropped, n, id, &Flaw::BodyMissing);
        let hidden = scene.after(|c| {
            c.execute("DELETE FROM body WHERE n = ?1", [n]).unwrap();
            c.execute("INSERT INTO meta (key, value) VALUES (?1, '1')", [format!("bare:{id}")]).unwrap();
        });
        names(&hidden, n, id, &Flaw::BodyMissing);
        let moved = scene.after(|c| {
            c.execute("DELETE FROM body WHERE n = 3", []).unwrap();
            c.execute("UPDATE body SET n = 3 WHERE n = ?1", [n]).unwrap();
        });
        assert!(n == 3 || moved.findings.iter().any(|f| f.entry == Some(id) && f.flaw == Flaw::BodyMissing));
    }
}

#[test]
fn words_dropped_under_a_forged_erasure() {
    let scene = Scene::new();
    let (n, id) = (100, scene.id(100));
    let asked = AuthorityAct::ErasureAsked { entry: id, reason: "faux".to_owned() };
    let first = forged(&scene, DIRECTOR, vec![Draft::of_act(&asked)]).remove(0);
    let mut journal = rebuilt(&scene.entries);
    journal.restore(first.clone());
    let granted = Draft::of_act(&AuthorityAct::Erased { entry: id, asked: first.id });
    let pen = Pen { device: SigningKey::from_bytes(&[7; 32]), chain: first.header.chain };
    let mut circumstances = Circumstances { wall_ms: 0, random: &mut |bytes| bytes.fill(5) };
    let author = Author { actor: ADMINISTRATOR, auth: Auth::Password };
    let second = pen.write(&mut journal, author, request(), vec![granted], &mut circumstances).remove(0).entry;
    let report = scene.after(|c| {
        for entry in [&first, &second] {
            append(c, entry, max_ord(c) + (1 << 16));
        }
        c.execute("DELETE FROM body WHERE n = ?1", [n]).unwrap();
    });
    names(&report, n, id, &Flaw::BodyMissing);
    names(&report, 301, first.id, &Flaw::Signature);
    names(&report, 302, second.id, &Flaw::Signature);
}

#[test]
fn entries_that_wait_are_watched_too() {
    let scene = Scene::new();
    let waiting = |c: &Connection| -> Vec<u8> { c.query_row("SELECT id FROM parked LIMIT 1", [], |row| row.get(0)).unwrap() };
    let id = EntryId::from_slice(&waiting(&scene.hospital.database())).unwrap();
    let changes = [
        ("header = randomblob(300)", None),
        ("signature = randomblob(64)", Some(Flaw::Signature)),
        ("salt = randomblob(16)", Some(Flaw::Body)),
        ("body = CAST('{}' AS BLOB)", Some(Flaw::Body)),
    ];
    for (change, flaw) in changes {
        let report = scene.after(|c| {
            let changed = c.execute(&format!("UPDATE parked SET {change} WHERE id = ?1"), [waiting(c)]).unwrap();
            assert_eq!(changed, 1);
        });
        let of_it: Vec<_> = report.findings.iter().filter(|f| f.entry == Some(id)).collect();
        assert!(of_it.iter().any(|f| flaw.as_ref().is_none_or(|flaw| f.flaw == *flaw)), "{change}: {:?}", report.findings);
    }
    // The last entry hidden among those that wait.
    let last = &scene.entries[299];
    let report = scene.after(|c| {
        let (salt, bytes) = last.body.as_ref().map(|b| (b.salt, b.bytes.clone())).unwrap();
        let sql = "INSERT INTO parked (id, header, signature, salt, body) VALUES (?1, ?2, ?3, ?4, ?5)";
        c.execute(sql, params![last.id.as_bytes(), last.header_bytes, last.signature.as_bytes(), salt, bytes]).unwrap();
        c.execute("DELETE FROM entry WHERE n = 300", []).unwrap();
        c.execute("DELETE FROM body WHERE n = 300", []).unwrap();
    });
    assert!(report.findings.iter().any(|f| (f.entry, &f.flaw) == (Some(last.id), &Flaw::Waiting)), "{:?}", report.findings);
}

#[test]
fn attachments_changed_or_gone() {
    let scene = Scene::new();
    let entry = scene.entries.iter().find(|e| !e.header.blobs.is_empty()).unwrap();
    let hash = entry.header.blobs[0].hash;
    let changes: [fn(&PathBuf); 3] = [
        |path| std::fs::remove_file(path).unwrap(),
        |path| std::fs::write(path, b"").unwrap(),
        |path| {
            let mut content = std::fs::read(path).unwrap();
            content[3] ^= 1;
            std::fs::write(path, content).unwrap();
        },
    ];
    for change in changes {
        let folder = scene.copy();
        change(&store::blobs::Blobs::of(&folder).path(&hash));
        let findings = verify(&folder, None, &[]).unwrap().findings;
        let named: Vec<_> = findings.iter().map(|f| (f.entry, f.flaw.clone())).collect();
        assert_eq!(named, [(Some(entry.id), Flaw::Blob(hash.to_string()))]);
    }
}

#[test]
fn tables_and_locks_changed() {
    let scene = Scene::new();
    for sql in [
        "DROP TRIGGER entry_never_deleted",
        "DROP INDEX entry_order",
        "CREATE TABLE other (x)",
        "CREATE TRIGGER quiet AFTER INSERT ON entry BEGIN DELETE FROM body WHERE n = new.n; END",
        "PRAGMA user_version = 0",
    ] {
        let folder = scene.copy();
        Connection::open(folder.journal_db()).unwrap().execute_batch(sql).unwrap();
        let findings = verify(&folder, None, &[]).unwrap().findings;
        assert!(findings.iter().any(|f| f.flaw.to_string().contains("les tables ou leurs verrous")), "{sql}: {findings:?}");
    }
}

#[test]
fn the_name_of_the_journal_changed() {
    let scene = Scene::new();
    let other = journal::JournalId([1; 16]).to_string();
    let report = scene.after(|c| _ = c.execute("UPDATE meta SET value = ?1 WHERE key = 'journal'", [&other]).unwrap());
    assert_eq!(report.findings.iter().filter(|f| f.flaw == Flaw::OtherJournal).count(), 302, "300 and the 2 that wait");
    let folder = scene.copy();
    Connection::open(folder.journal_db()).unwrap().execute_batch("DELETE FROM meta").unwrap();
    let why = verify(&folder, None, &[]).err().unwrap().to_string();
    assert!(why.contains("abîmée"), "{why}");
    assert!(Ledger::<State>::open(&folder, env(), Options::default()).is_err());
}

#[test]
fn a_tampered_journal_opens_for_reading_only() {
    let scene = Scene::new();
    for (sql, told) in [
        ("UPDATE body SET body = CAST('{}' AS BLOB) WHERE n = 100", "ligne 100"),
        ("DELETE FROM body WHERE n = 100", "a disparu sans effacement"),
        ("DELETE FROM entry WHERE n = 100", "ont disparu"),
        ("UPDATE entry SET ord = ord + 70000000000 WHERE n = 100", "rang"),
        ("UPDATE entry SET id = randomblob(32) WHERE n = 100", "ligne 100"),
        ("UPDATE entry SET n = 1000 WHERE n = 300", "au lieu de 1000"),
    ] {
        let folder = scene.copy();
        let connection = Connection::open(folder.journal_db()).unwrap();
        without_triggers(&connection, || connection.execute_batch(sql).unwrap());
        drop(connection);
        let before = std::fs::read(folder.journal_db()).unwrap();
        let ledger = Ledger::<State>::open(&folder, env(), Options::default()).unwrap();
        let why = ledger.view().read_only.clone().unwrap_or_default();
        assert!(why.contains(told) && why.contains("planblanc verify"), "{sql}: {why}");
        assert!(ledger.submit_wait(fact("non")).is_err());
        assert!(ledger.merge(scene.entries.clone()).is_err());
        assert!(texts(&ledger).len() > 50, "what holds is shown");
        drop(ledger);
        assert_eq!(std::fs::read(folder.journal_db()).unwrap(), before, "and nothing is written");
    }
}

#[test]
fn verify_reads_beside_a_live_writer_without_a_false_alarm() {
    let hospital = Hospital::founded();
    let ledger = hospital.open();
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                ledger.submit_wait(fact("pendant la vérification")).unwrap();
            }
        });
        for _ in 0..15 {
            assert_eq!(hospital.verified().findings, []);
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}
