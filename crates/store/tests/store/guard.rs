//! The memory kept outside the folder: a restored, copied or rolled back folder never continues a chain it forgot.

use crate::hospital::{Hospital, copy_dir, env, fact, fill, texts, verify};
use domain::State;
use journal::certificate::OpeningReason;
use journal::verify::Flaw;
use journal::{EntryId, Fold};
use std::path::Path;
use store::backup;
use store::ledger::ChainView;
use store::{Folder, Ledger, Options};

fn ours(ledger: &Ledger<State>) -> ChainView {
    let ours: Vec<_> = ledger.view().chains.iter().filter(|c| c.ours).cloned().collect();
    assert_eq!(ours.len(), 1);
    ours[0].clone()
}

/// Entries that `verify` says this machine remembers and the folder lacks.
fn remembered_losses(folder: &Folder, guards: &Path) -> Vec<Option<EntryId>> {
    let report = verify(folder, Some(guards), &[]).unwrap();
    assert!(report.findings.iter().all(|f| matches!(f.flaw, Flaw::Witness(_))), "{:?}", report.findings);
    report.findings.iter().map(|f| f.entry).collect()
}

fn put_back(from: &Path, folder: &Folder) {
    std::fs::remove_dir_all(folder.path()).unwrap();
    copy_dir(from, folder.path());
}

fn chains_fork(folder: &Folder) -> bool {
    !verify(folder, None, &[]).unwrap().forks.is_empty()
}

#[test]
fn a_folder_that_was_only_closed_continues_its_chain() {
    let hospital = Hospital::founded();
    let first = ours(&hospital.open()).id;
    for _ in 0..3 {
        let ledger = hospital.open();
        assert_eq!((ours(&ledger).id, ledger.view().chains.len()), (first, 1));
        fill(&ledger, 1);
    }
}

#[test]
fn a_restored_backup_opens_a_new_chain_and_says_what_is_lost() {
    let hospital = Hospital::founded();
    fill(&hospital.open(), 2);
    let saved = hospital.path("sauvegarde");
    backup::backup(&hospital.folder, &saved, 0, |_, _| {}).unwrap();
    let ledger = hospital.open();
    let last = *fill(&ledger, 3).last().unwrap();
    let before = ours(&ledger);
    drop(ledger);
    assert_eq!(remembered_losses(&Folder::at(&saved), &hospital.guards), [], "a backup is older, not tampered with");
    std::fs::remove_dir_all(hospital.folder.path()).unwrap();
    backup::restore(&saved, &hospital.folder, |_, _| {}).unwrap();
    assert_eq!(remembered_losses(&hospital.folder, &hospital.guards), [Some(last)]);
    let ledger = hospital.open();
    let chain = ours(&ledger);
    assert_ne!(chain.id, before.id);
    assert_eq!((chain.reason, chain.lost), (OpeningReason::Restored, Some(before.seq)));
    assert_eq!(texts(&ledger).len(), 2);
    fill(&ledger, 1);
    drop(ledger);
    assert_eq!(hospital.verified().findings, [], "the loss is declared in the journal itself");
    let ledger = hospital.open();
    assert_eq!((ours(&ledger).id, ledger.view().chains.len()), (chain.id, 2), "restored once, one new chain");
    assert!(!chains_fork(&hospital.folder));
}

#[test]
fn a_backup_restored_whole_on_another_machine_opens_a_new_chain_without_a_loss() {
    let hospital = Hospital::founded();
    backup::backup(&hospital.folder, &hospital.path("sauvegarde"), 0, |_, _| {}).unwrap();
    let elsewhere = Hospital {
        folder: Folder::at(hospital.path("ailleurs")),
        dir: tempfile::tempdir().unwrap(),
        guards: hospital.path("autres"),
    };
    backup::restore(&hospital.path("sauvegarde"), &elsewhere.folder, |_, _| {}).unwrap();
    let ledger = elsewhere.open();
    assert_eq!((ours(&ledger).reason, ours(&ledger).lost), (OpeningReason::Restored, None));
}

#[test]
fn a_copy_run_beside_the_original_writes_a_chain_of_its_own() {
    let hospital = Hospital::founded();
    let ledger = hospital.open();
    fill(&ledger, 2);
    let copy = hospital.copied("copie");
    let beside = Ledger::<State>::open(&copy, env(), hospital.options()).unwrap();
    let (one, other) = (ours(&ledger), ours(&beside));
    assert_ne!(one.id, other.id);
    assert_eq!(other.reason, OpeningReason::WitnessMismatch);
    fill(&ledger, 2);
    fill(&beside, 2);
    let copied = Hospital { folder: copy.clone(), dir: tempfile::tempdir().unwrap(), guards: hospital.guards.clone() };
    ledger.merge(copied.entries()).unwrap();
    beside.merge(hospital.entries()).unwrap();
    assert_eq!(ledger.view().state.root(), beside.view().state.root());
    fill(&ledger, 1);
    fill(&beside, 1);
    drop((ledger, beside));
    for folder in [&hospital.folder, &copy] {
        assert!(!chains_fork(folder));
        assert_eq!(remembered_losses(folder, &hospital.guards), [], "what the other wrote since is no loss here");
    }
    // Each goes on with its own.
    let ledger = hospital.open();
    assert_eq!(ours(&ledger).id, one.id);
    let beside = Ledger::<State>::open(&copy, env(), hospital.options()).unwrap();
    assert_eq!(ours(&beside).id, other.id);
}

#[test]
fn a_copy_opened_after_the_original_was_closed_and_went_on_does_not_fork() {
    let hospital = Hospital::founded();
    let copy = hospital.copied("copie");
    fill(&hospital.open(), 2);
    let later = Ledger::<State>::open(&copy, env(), hospital.options()).unwrap();
    assert_eq!(ours(&later).reason, OpeningReason::WitnessMismatch);
    fill(&later, 1);
    drop(later);
    fill(&hospital.open(), 1);
    let ledger = hospital.open();
    let copied = Hospital { folder: copy, dir: tempfile::tempdir().unwrap(), guards: hospital.guards.clone() };
    ledger.merge(copied.entries()).unwrap();
    drop(ledger);
    assert!(!chains_fork(&hospital.folder));
}

#[test]
fn a_database_rolled_back_by_hand_is_noticed_before_and_after_opening() {
    let hospital = Hospital::founded();
    fill(&hospital.open(), 2);
    copy_dir(hospital.folder.path(), &hospital.path("avant"));
    let ledger = hospital.open();
    let last = *fill(&ledger, 3).last().unwrap();
    let before = ours(&ledger);
    drop(ledger);
    std::fs::copy(hospital.path("avant/journal.db"), hospital.folder.journal_db()).unwrap();
    assert_eq!(remembered_losses(&hospital.folder, &hospital.guards), [Some(last)]);
    let ledger = hospital.open();
    assert_eq!((ours(&ledger).reason, ours(&ledger).lost), (OpeningReason::WitnessMismatch, Some(before.seq)));
    drop(ledger);
    assert_eq!(hospital.verified().findings, []);
}

#[test]
fn rolling_back_beyond_the_opening_of_a_chain_is_noticed_too() {
    let hospital = Hospital::founded();
    fill(&hospital.open(), 1);
    let saved = hospital.path("sauvegarde");
    backup::backup(&hospital.folder, &saved, 0, |_, _| {}).unwrap();
    let first = *fill(&hospital.open(), 1).last().unwrap();
    // Restored twice from one backup: the second time the chain opened by the first is lost as well.
    let mut lost = vec![first];
    for _ in 0..2 {
        std::fs::remove_dir_all(hospital.folder.path()).unwrap();
        backup::restore(&saved, &hospital.folder, |_, _| {}).unwrap();
        let mut named: Vec<EntryId> = remembered_losses(&hospital.folder, &hospital.guards).into_iter().flatten().collect();
        named.sort();
        lost.sort();
        assert_eq!(named, lost);
        lost.push(*fill(&hospital.open(), 1).last().unwrap());
        assert_eq!(hospital.verified().findings, [], "declared, one opening for each");
        let chains = hospital.open().view().chains.len();
        assert_eq!(hospital.open().view().chains.len(), chains, "and declared once");
    }
    // By hand, to a state that knows nothing of the chain in use: its own chain agrees with its guard.
    copy_dir(hospital.folder.path(), &hospital.path("avant"));
    let ledger = hospital.open();
    let chain = ours(&ledger).id;
    let last = *fill(&ledger, 1).last().unwrap();
    drop(ledger);
    put_back(&hospital.path("avant"), &hospital.folder);
    assert_eq!(remembered_losses(&hospital.folder, &hospital.guards), [Some(last)]);
    assert_ne!(ours(&hospital.open()).id, chain);
}

#[test]
fn a_log_removed_from_beside_the_database_is_noticed() {
    let hospital = Hospital::founded();
    let ledger = hospital.open();
    let last = *fill(&ledger, 4).last().unwrap();
    // As a killed process leaves it, then without its write-ahead log.
    let killed = hospital.copied("tué");
    drop(ledger);
    put_back(killed.path(), &hospital.folder);
    std::fs::remove_file(hospital.folder.path().join("journal.db-wal")).unwrap();
    assert_eq!(remembered_losses(&hospital.folder, &hospital.guards), [Some(last)]);
    let ledger = hospital.open();
    assert_eq!(ours(&ledger).reason, OpeningReason::WitnessMismatch);
}

#[test]
fn a_memory_that_is_gone_or_spoilt_makes_a_new_chain() {
    for spoil in [None, Some(""), Some("{\"chain\":"), Some("\0\0\0\0")] {
        let hospital = Hospital::founded();
        let before = ours(&hospital.open()).id;
        let file = hospital.guards.join(format!("{before}.json"));
        match spoil {
            None => std::fs::remove_file(&file).unwrap(),
            Some(text) => std::fs::write(&file, text).unwrap(),
        }
        let ledger = hospital.open();
        assert_ne!(ours(&ledger).id, before);
        assert_eq!((ours(&ledger).reason, ours(&ledger).lost), (OpeningReason::WitnessMismatch, None));
        drop(ledger);
        assert_eq!(hospital.verified().findings, []);
    }
}

#[test]
fn without_a_place_for_memories_the_journal_still_runs() {
    let hospital = Hospital::founded();
    let file = hospital.path("pas un dossier");
    std::fs::write(&file, "").unwrap();
    for guard_dir in [Some(file.clone()), None] {
        let options = Options { guard_dir, ..Options::default() };
        let ledger = Ledger::<State>::open(&hospital.folder, env(), options).unwrap();
        ledger.submit_wait(fact("sans mémoire")).unwrap();
        assert_eq!(ledger.view().read_only, None);
    }
    assert_eq!(verify(&hospital.folder, Some(&file), &[]).unwrap().findings, []);
}

#[test]
fn a_device_enrolled_here_opens_its_own_chain() {
    let hospital = Hospital::founded();
    let laptop = hospital.replica();
    let ledger = laptop.open();
    assert_eq!((ours(&ledger).reason, ours(&ledger).lost), (OpeningReason::NewDevice, None));
    assert_eq!(ledger.view().chains.len(), 2);
}
