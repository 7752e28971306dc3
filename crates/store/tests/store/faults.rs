//! The disk fails at every operation in turn: no room left, or an error on write or on sync. Never a false
//! acknowledgement, never a folder that cannot be used again.

use crate::child::{MARK, told};
use crate::hospital::{Hospital, Outcome, SECRETARY, by, copy_dir, crisis_opened, env, fact, founding, logged, verify};
use crate::trace::{quick_dir, watch};
use domain::State;
use domain::crisis::event::{Attachment, EntryType, Logged};
use journal::{EntryId, Fold};
use std::path::Path;
use std::sync::Arc;
use store::blobs::Blobs;
use store::{Folder, Ledger, Options, StoreError, SubmitError, backup, exchange};

/// What fails: no room, or an error on write or on sync; once, or from then on.
const FAULTS: [(&str, bool); 5] = [("full", false), ("write", false), ("write", true), ("sync", false), ("sync", true)];

fn options(dir: &Path) -> Options {
    Options { guard_dir: Some(dir.join("watched/guards")), ..Options::default() }
}

fn folder(dir: &Path) -> Folder {
    Folder::at(dir.join("watched/data"))
}

/// The name of an error, then its sentence.
fn name(error: &StoreError) -> String {
    let kind = match error {
        StoreError::Full => "full",
        StoreError::Failed(_) => "failed",
        StoreError::ReadOnly(_) => "read-only",
        StoreError::Io { .. } => "io",
        _ => "other",
    };
    format!("{kind} {error}")
}

fn tell(label: &str, outcome: Result<Vec<EntryId>, Arc<StoreError>>) {
    match outcome {
        Ok(ids) => println!("\n{MARK}ok {label} {}", ids.iter().map(EntryId::to_string).collect::<Vec<_>>().join(" ")),
        Err(error) => println!("\n{MARK}no {label} {}", name(&error)),
    }
}

fn entries(outcome: Outcome) -> Result<Vec<EntryId>, Arc<StoreError>> {
    outcome.map(|receipt| receipt.entries).map_err(|error| match error {
        SubmitError::Store(error) => error,
        other => panic!("{other}"),
    })
}

/// What the child does while its disk fails.
pub(crate) fn act(scenario: &str, dir: &Path) {
    let done = match scenario {
        "found" => Ledger::<State>::found(&folder(dir), founding(), &env(), &options(dir)).map(|_| ()),
        "back up" => backup::backup(&folder(dir), &dir.join("other/backup"), 0, |_, _| {}).map(|_| ()),
        "restore" => backup::restore(&dir.join("backup"), &Folder::at(dir.join("other/restored")), |_, _| {}).map(|_| ()),
        _ => write(dir),
    };
    tell(scenario, done.map(|()| Vec::new()).map_err(Arc::new));
}

fn write(dir: &Path) -> Result<(), StoreError> {
    let folder = folder(dir);
    let ledger = Ledger::<State>::open(&folder, env(), options(dir))?;
    let submit = |label: &str, text: &str| tell(label, entries(ledger.submit_wait(fact(text))));
    submit("first", "premier");
    match Blobs::of(&folder).keep(&[7; 9_000]) {
        Ok(hash) => {
            let mut line = Logged::new(EntryType::Fact, "avec une pièce");
            line.attachments = vec![Attachment { hash, len: 9_000, name: "pièce".to_owned() }];
            let draft = line.into_event().draft(crate::hospital::CRISIS);
            tell("attached", entries(ledger.submit_wait(by(SECRETARY, vec![draft]))));
        }
        Err(error) => tell("attached", Err(Arc::new(error))),
    }
    let brought = exchange::read(&std::fs::read(dir.join("bundle")).unwrap(), None).unwrap().entries;
    tell("merged", ledger.merge(brought).map(|_| Vec::new()));
    submit("second", "second");
    // While the disk still fails: reading goes on, and so does a backup elsewhere.
    let view = ledger.view();
    let log: Vec<EntryId> = view.state.crises[&crate::hospital::CRISIS].log.iter().map(|e| e.id).collect();
    tell("shown", Ok(log));
    tell("backed-up", backup::backup(&folder, &dir.join("elsewhere"), 0, |_, _| {}).map(|_| Vec::new()).map_err(Arc::new));
    std::fs::write(dir.join("room"), "").unwrap();
    submit("third", "troisième");
    Ok(())
}

/// A founded hospital on a disk that can fail, and what a laptop brings.
fn prepare(dir: &Path) {
    let hospital = Hospital::founded();
    let laptop = hospital.replica();
    laptop.open().submit_wait(fact("du portable")).unwrap();
    std::fs::write(dir.join("bundle"), exchange::export(&laptop.folder).unwrap()).unwrap();
    Blobs::of(&hospital.folder).keep(&[3; 5_000]).unwrap();
    copy_dir(hospital.folder.path(), &dir.join("founded"));
    backup::backup(&hospital.folder, &dir.join("backup"), 0, |_, _| {}).unwrap();
}

/// The folder as it was before the disk failed. Its guard is made again by a first opening.
fn reset(dir: &Path) {
    for name in ["watched", "other", "elsewhere", "room"] {
        let path = dir.join(name);
        if path.is_dir() {
            std::fs::remove_dir_all(path).unwrap();
        } else {
            _ = std::fs::remove_file(path);
        }
    }
    for name in ["watched", "other"] {
        std::fs::create_dir(dir.join(name)).unwrap();
    }
    copy_dir(&dir.join("founded"), folder(dir).path());
}

/// Runs a scenario with each operation failing in turn; `check` is given what it told.
fn every_fault(scenario: &str, failing: &str, prepare_each: impl Fn(&Path), check: impl Fn(&Path, &str, &str)) -> usize {
    let dir = quick_dir();
    let dir = dir.path();
    prepare(dir);
    let (count, room) = (dir.join("count"), dir.join("room"));
    let mut faults = 0;
    for (fault, once) in FAULTS {
        let run = |at: &str| {
            reset(dir);
            prepare_each(dir);
            let mut variables = vec![("SHIM_FAULT", fault), ("SHIM_AT", at)];
            variables.extend([("SHIM_COUNT", count.to_str().unwrap()), ("SHIM_ROOM", room.to_str().unwrap())]);
            variables.extend(once.then_some(("SHIM_ONCE", "1")));
            told(&watch(scenario, dir, &dir.join(failing), &variables))
        };
        let sound = run("0");
        assert!(!sound.contains("no ") && sound.contains("ok "), "without a fault: {sound}");
        let operations: usize = std::fs::read_to_string(&count).unwrap().parse().unwrap();
        assert!(operations > 3, "{scenario}, {fault}: {operations}");
        for at in 1..=operations {
            let told = run(&at.to_string());
            assert!(told.contains(&format!("ok {scenario}")) || told.contains(&format!("no {scenario}")), "it ended: {told}");
            check(dir, fault, &told);
        }
        faults += operations;
    }
    println!("{scenario}: {faults} faults");
    faults
}

/// Ids told under a label as done.
fn done<'a>(told: &'a str, label: &str) -> Option<Vec<&'a str>> {
    let start = format!("ok {label} ");
    told.lines().find_map(|line| {
        format!("{line} ").starts_with(&start).then(|| line.split(' ').skip(2).filter(|w| !w.is_empty()).collect())
    })
}

fn refused<'a>(told: &'a str, label: &str) -> Option<&'a str> {
    told.lines().find_map(|line| line.strip_prefix("no ")?.strip_prefix(label)?.strip_prefix(' '))
}

fn check_writing(dir: &Path, fault: &str, told: &str) {
    let labels = ["first", "attached", "merged", "second", "third"];
    let kinds: Vec<&str> = labels.iter().filter_map(|label| refused(told, label)?.split(' ').next()).collect();
    let context = format!("{fault}\n{told}");
    assert!(refused(told, "write").is_none_or(|why| why.starts_with("failed ") || why.starts_with("full ")), "{context}");
    if fault == "full" && done(told, "write").is_some() {
        assert!(kinds.iter().all(|kind| *kind == "full"), "{context}");
        assert!(refused(told, "attached").is_none_or(|why| why.contains("le disque est plein")), "{context}");
        assert!(done(told, "third").is_some(), "room is back: {context}");
    }
    if let Some(failed) = kinds.iter().position(|kind| *kind == "failed") {
        // An attachment is a file of its own.
        assert!(kinds[failed + 1..].iter().all(|kind| ["read-only", "io"].contains(kind)), "{context}");
        assert!(done(told, "third").is_none(), "nothing more is acknowledged: {context}");
    }
    assert!(kinds.iter().all(|kind| *kind != "other"), "{context}");
    if done(told, "write").is_some() {
        assert!(done(told, "backed-up").is_some() || fault == "sync" || fault == "write", "{context}");
    }
    // Everything acknowledged, and what was shown, is there once the disk is sound again.
    let folder = folder(dir);
    let report = verify(&folder, Some(&dir.join("watched/guards")), &[]).unwrap();
    assert_eq!(report.findings, [], "{context}");
    for label in ["first", "attached", "second", "third", "shown"] {
        for id in done(told, label).unwrap_or_default() {
            assert!(report.ids.contains(&id.parse().unwrap()), "{label} {id}: {context}");
        }
    }
    let ledger = Ledger::<State>::open(&folder, env(), options(dir)).unwrap();
    assert_eq!(ledger.view().read_only, None);
    ledger.submit_wait(by(SECRETARY, vec![logged(EntryType::Fact, "la suite")])).unwrap();
    let root = ledger.view().state.root();
    drop(ledger);
    assert_eq!(Ledger::<State>::open(&folder, env(), options(dir)).unwrap().view().state.root(), root);
}

#[test]
fn writing() {
    let faults = every_fault("write", "watched", |_| {}, check_writing);
    assert!(faults > 250, "{faults}");
}

#[test]
fn founding_can_be_done_again() {
    let empty = |dir: &Path| {
        std::fs::remove_dir_all(folder(dir).path()).unwrap();
    };
    every_fault("found", "watched", empty, |dir, fault, told| {
        // Told as failed when only its name may not be durable yet.
        if !folder(dir).has_journal() {
            assert!(done(told, "found").is_none(), "{fault}: {told}");
            Ledger::<State>::found(&folder(dir), founding(), &env(), &options(dir)).unwrap();
        }
        let ledger = Ledger::<State>::open(&folder(dir), env(), options(dir)).unwrap();
        ledger.submit_wait(crisis_opened()).unwrap();
        drop(ledger);
        assert_eq!(verify(&folder(dir), None, &[]).unwrap().findings, []);
    });
}

#[test]
fn a_backup_leaves_nothing_half_made() {
    every_fault(
        "back up",
        "other",
        |_| {},
        |dir, fault, told| {
            let out = dir.join("other/backup");
            if done(told, "back up").is_none() {
                let left: Vec<_> = std::fs::read_dir(dir.join("other")).unwrap().map(|item| item.unwrap().path()).collect();
                // Its name may not be durable yet, but it is then whole.
                assert!(left.is_empty() || left == [out.clone()], "{fault}: {left:?} {told}");
            }
            if out.exists() {
                backup::restore(&out, &Folder::at(dir.join("elsewhere")), |_, _| {}).unwrap();
            } else {
                backup::backup(&folder(dir), &out, 0, |_, _| {}).unwrap();
            }
        },
    );
}

#[test]
fn a_restoration_leaves_nothing_half_made() {
    every_fault(
        "restore",
        "other",
        |_| {},
        |dir, fault, told| {
            let to = Folder::at(dir.join("other/restored"));
            if !to.has_journal() {
                assert!(done(told, "restore").is_none(), "{fault}: {told}");
                backup::restore(&dir.join("backup"), &to, |_, _| {}).unwrap();
            }
            let ledger = Ledger::<State>::open(&to, env(), Options::default()).unwrap();
            assert_eq!(ledger.view().chains.iter().filter(|c| c.ours).count(), 1);
            assert_eq!(ledger.view().chains.len(), 2, "{fault}: a restored folder opens a new chain: {told}");
            drop(ledger);
            assert_eq!(verify(&to, None, &[]).unwrap().findings, []);
        },
    );
}
