//! The power goes at a thousand moments: writes that were not synced are dropped, torn, reordered or spoilt, and nothing
//! acknowledged is lost. The same test finds losses as soon as the database does not sync.

use crate::hospital::{ADMINISTRATOR, CRISIS, DIRECTOR, SECRETARY, by, crisis_opened, env, fact, founding, logged, verify};
use crate::trace::{ACKNOWLEDGED, Cut, Disk, Op, quick_dir, read_log, watch};
use domain::State;
use domain::crisis::event::{Attachment, EntryType, Logged};
use journal::write::Draft;
use journal::{AuthorityAct, EntryId, Hash};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::blobs::Blobs;
use store::{Folder, Ledger, Options, backup};

const POINTS: usize = 1_000;
const SYNCHRONOUS: &str = "PLANBLANC_TEST_SYNCHRONOUS";

/// Tells, in a file that survives everything, what was acknowledged.
struct Told(Mutex<std::fs::File>);

impl Told {
    fn tell(&self, what: &str, ids: &[EntryId]) {
        let lines: String = ids.iter().map(|id| format!("{what} {id}\n")).collect();
        self.0.lock().unwrap().write_all(lines.as_bytes()).unwrap();
    }

    fn say(&self, what: &str) {
        self.0.lock().unwrap().write_all(format!("{what}\n").as_bytes()).unwrap();
    }
}

fn options(dir: &Path) -> Options {
    let synchronous = match std::env::var(SYNCHRONOUS).as_deref() {
        Ok("OFF") => Some("OFF"),
        Ok("NORMAL") => Some("NORMAL"),
        _ => None,
    };
    Options { guard_dir: Some(dir.join("guards")), synchronous }
}

/// A short life of a data folder: founding, entries by several people at once, closing, attachments, an erasure, a
/// backup, and enough entries for the database to fold its log in while it runs.
pub(crate) fn live(dir: &Path) {
    let dir = &dir.join("watched");
    let told = Told(Mutex::new(std::fs::File::create(dir.join(ACKNOWLEDGED)).unwrap()));
    let folder = Folder::at(dir.join("data"));
    Ledger::<State>::found(&folder, founding(), &env(), &options(dir)).unwrap();
    told.say("founded");
    let ledger = Ledger::<State>::open(&folder, env(), options(dir)).unwrap();
    let submit = |submission| {
        let receipt = ledger.submit_wait(submission).unwrap();
        told.tell("entry", &receipt.entries);
        receipt.entries[0]
    };
    submit(crisis_opened());
    std::thread::scope(|scope| {
        for writer in 0..3 {
            let submit = &submit;
            scope.spawn(move || (0..10).for_each(|n| _ = submit(fact(&format!("écrivain {writer}, n° {n}")))));
        }
    });
    for n in 0..130 {
        submit(by(SECRETARY, vec![logged(EntryType::Fact, &format!("n° {n}"))]));
    }
    drop(ledger);
    more(dir, &folder, &told);
}

fn more(dir: &Path, folder: &Folder, told: &Told) {
    let ledger = Ledger::<State>::open(folder, env(), options(dir)).unwrap();
    let submit = |submission| {
        let receipt = ledger.submit_wait(submission).unwrap();
        told.tell("entry", &receipt.entries);
        receipt.entries[0]
    };
    for n in 0u8..4 {
        let content = vec![n; 9_000];
        let hash = Blobs::of(folder).keep(&content).unwrap();
        let mut line = Logged::new(EntryType::Fact, "pièce jointe");
        line.attachments = vec![Attachment { hash, len: 9_000, name: "pièce".to_owned() }];
        submit(by(SECRETARY, vec![line.into_event().draft(CRISIS)]));
        told.say(&format!("blob {hash}"));
    }
    backup::backup(folder, &dir.join("backup"), 0, |_, _| {}).unwrap();
    told.say("backup");
    let erased = submit(fact("à effacer"));
    let asked = AuthorityAct::ErasureAsked { entry: erased, reason: "identité".to_owned() };
    let asked = submit(by(DIRECTOR, vec![Draft::of_act(&asked)]));
    submit(by(ADMINISTRATOR, vec![Draft::of_act(&AuthorityAct::Erased { entry: erased, asked })]));
    for n in 0..10 {
        submit(fact(&format!("la fin, n° {n}")));
    }
}

/// Records one life under a setting of `synchronous`.
fn record(dir: &Path, synchronous: &str) -> Vec<Op> {
    let (watched, log) = (dir.join("watched"), dir.join("log"));
    std::fs::create_dir(&watched).unwrap();
    let variables = [("SHIM_LOG", log.to_str().unwrap()), (SYNCHRONOUS, synchronous)];
    let output = watch("live", dir, &watched, &variables);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    read_log(&std::fs::read(log).unwrap())
}

/// What of the acknowledged is not found back in what a power cut left.
fn losses(image: &Path, told: &str) -> Result<(), String> {
    let (folder, guards) = (Folder::at(image.join("data")), image.join("guards"));
    let options = || Options { guard_dir: Some(guards.clone()), ..Options::default() };
    let entries: BTreeSet<EntryId> = told.lines().filter_map(|l| l.strip_prefix("entry ")?.parse().ok()).collect();
    if !folder.has_journal() {
        let again = Ledger::<State>::found(&folder, founding(), &env(), &options());
        return match told.contains("founded") {
            true => Err("the journal is gone".to_owned()),
            false => again.map(|_| ()).map_err(|why| format!("cannot be founded again: {why}")),
        };
    }
    let report = verify(&folder, Some(&guards), &[]).map_err(|why| format!("cannot be verified: {why}"))?;
    if let Some(id) = entries.iter().find(|id| !report.ids.contains(id)) {
        return Err(format!("acknowledged and lost: {id}"));
    }
    if let Some(finding) = report.findings.first() {
        return Err(format!("not whole: {finding:?}"));
    }
    let blobs = Blobs::of(&folder);
    let hashes = told.lines().filter_map(|line| line.strip_prefix("blob ")?.parse::<Hash>().ok());
    for hash in hashes {
        blobs.read(&hash).ok().flatten().ok_or_else(|| format!("attachment lost: {hash}"))?;
    }
    let ledger = Ledger::<State>::open(&folder, env(), options()).map_err(|why| format!("cannot be opened: {why}"))?;
    ledger.view().read_only.clone().map_or(Ok(()), |why| Err(format!("opens for reading only: {why}")))?;
    let subject_known = ledger.view().state.crises.contains_key(&CRISIS);
    let next = if subject_known { fact("la suite") } else { crisis_opened() };
    ledger.submit_wait(next).map_err(|why| format!("does not go on: {why}"))?;
    if told.contains("backup") {
        let restored = Folder::at(image.join("restored"));
        backup::restore(&image.join("backup"), &restored, |_, _| {}).map_err(|why| format!("backup lost: {why}"))?;
    }
    Ok(())
}

/// Cuts the power at `points` moments of a life; returns what was lost, and where.
fn cut_everywhere(ops: &[Op], dir: &Path, points: usize) -> Vec<String> {
    let (next, lost) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for worker in 0..2 {
            let (next, lost) = (&next, &lost);
            scope.spawn(move || {
                let (mut disk, mut done) = (Disk::new(&dir.join("watched")), 0);
                let image = dir.join(format!("image {worker}"));
                loop {
                    let point = next.fetch_add(1, Ordering::Relaxed);
                    if point >= points {
                        return;
                    }
                    // Evenly through the life, each time with another treatment and another seed.
                    let upto = (point + 1) * ops.len() / points;
                    ops[done..upto].iter().for_each(|op| disk.apply(op));
                    done = upto;
                    let cut = Cut::ALL[point % Cut::ALL.len()];
                    disk.cut(cut, &mut (point as u64), &image);
                    if let Err(what) = losses(&image, &disk.acknowledged) {
                        lost.lock().unwrap().push(format!("point {point}, operation {upto}, {cut:?}: {what}"));
                    }
                    std::fs::remove_dir_all(&image).unwrap();
                }
            });
        }
    });
    lost.into_inner().unwrap()
}

#[test]
fn nothing_acknowledged_is_lost_when_the_power_goes() {
    let dir = quick_dir();
    let ops = record(dir.path(), "FULL");
    let syncs = ops.iter().filter(|op| matches!(op, Op::Sync { .. })).count();
    assert!(ops.len() > 2_000 && syncs > 180, "{} operations, {syncs} syncs", ops.len());
    let lost = cut_everywhere(&ops, dir.path(), POINTS);
    println!("{} operations, {syncs} syncs, {POINTS} power cuts, {} losses", ops.len(), lost.len());
    assert!(lost.is_empty(), "{} losses:\n{}", lost.len(), lost[..lost.len().min(12)].join("\n"));
}

#[test]
fn the_test_above_finds_the_losses_of_a_database_that_does_not_sync() {
    for synchronous in ["OFF", "NORMAL"] {
        let dir = quick_dir();
        let ops = record(dir.path(), synchronous);
        let lost = cut_everywhere(&ops, dir.path(), 60);
        println!("synchronous={synchronous}: {} of 60 power cuts lose something", lost.len());
        assert!(lost.iter().any(|what| what.contains("acknowledged and lost")), "{synchronous}: {lost:?}");
    }
}
