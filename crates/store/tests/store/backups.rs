//! Copies taken beside a live server, and folders made from them.

use crate::hospital::{Hospital, below, by, env, fact, fill, logged, texts, verify};
use domain::State;
use domain::crisis::event::EntryType;
use journal::BlobRef;
use journal::certificate::OpeningReason;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use store::backup::{self, Manifest};
use store::blobs::Blobs;
use store::{Folder, Ledger, Options, StoreError};

/// Ends the threads that write, whatever happens meanwhile.
struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn names_in(dir: &Path) -> BTreeSet<String> {
    std::fs::read_dir(dir).unwrap().map(|item| item.unwrap().file_name().into_string().unwrap()).collect()
}

fn back_up(hospital: &Hospital, name: &str) -> Manifest {
    backup::backup(&hospital.folder, &hospital.path(name), 42, |_, _| {}).unwrap()
}

/// Rewrites the manifest of a backup.
fn edit(backup: &Path, change: impl FnOnce(&mut Manifest)) {
    let path = backup.join("manifest.json");
    let mut manifest: Manifest = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    change(&mut manifest);
    std::fs::write(path, serde_json::to_vec(&manifest).unwrap()).unwrap();
}

#[test]
fn a_backup_taken_under_load_ends_and_holds_all_that_was_acknowledged_before_it() {
    let hospital = Hospital::founded();
    let ledger = hospital.open();
    // Several steps of copying: more than one megabyte.
    let page = "a".repeat(3_900);
    for _ in 0..40 {
        let lines = (0..16).map(|_| logged(EntryType::Fact, &page)).collect();
        ledger.submit_wait(by(crate::hospital::SECRETARY, lines)).unwrap();
    }
    let (stop, acknowledged) = (AtomicBool::new(false), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let id = ledger.submit_wait(fact(&page)).unwrap().entries[0];
                    acknowledged.lock().unwrap().push(id);
                }
            });
        }
        let stopping = Stop(&stop);
        for round in 0..4 {
            let before = acknowledged.lock().unwrap().clone();
            let (started, out) = (Instant::now(), hospital.path(&format!("sauvegarde {round}")));
            let slow = |_, _| {
                assert!(started.elapsed() < Duration::from_secs(20), "it starts again for ever");
                std::thread::sleep(Duration::from_millis(2));
            };
            let manifest = backup::backup(&hospital.folder, &out, 42, slow).unwrap();
            let report = verify(&Folder::at(&out), None, &[]).unwrap();
            assert_eq!(report.findings, []);
            assert_eq!(report.entries as u64, manifest.entries);
            assert!(before.iter().all(|id| report.ids.contains(id)), "round {round}");
        }
        drop(stopping);
    });
}

#[test]
fn a_restored_backup_is_whole_with_its_attachments_and_opens_a_new_chain() {
    let hospital = Hospital::after_a_crisis();
    let ledger = hospital.open();
    let manifest = back_up(&hospital, "sauvegarde");
    assert_eq!((manifest.entries, manifest.taken_at, manifest.journal), (300, 42, ledger.id().to_string()));
    let expected = texts(&ledger);
    let again = Folder::at(hospital.path("restauré"));
    let mut told = Vec::new();
    backup::restore(&hospital.path("sauvegarde"), &again, |done, total| told.push((done, total))).unwrap();
    assert!(told.is_sorted() && told.last().is_some_and(|(done, total)| done == total));
    assert_eq!(verify(&again, None, &[]).unwrap().findings, [], "attachments included");
    let restored = Ledger::<State>::open(&again, env(), Options::default()).unwrap();
    let view = restored.view();
    let ours = view.chains.iter().find(|c| c.ours).unwrap();
    assert_eq!((ours.reason, texts(&restored)), (OpeningReason::Restored, expected));
    restored.submit_wait(fact("la suite")).unwrap();
    drop(restored);
    assert_eq!(verify(&again, None, &[]).unwrap().findings, []);
    assert_eq!(names_in(&again.keys()), names_in(&hospital.folder.keys()));
}

#[test]
fn an_attachment_still_being_received_is_left_out() {
    let hospital = Hospital::founded();
    let blobs = Blobs::of(&hospital.folder);
    let hash = blobs.keep(b"entier").unwrap();
    let half = blobs.path(&hash).with_extension("1-1.partiel");
    std::fs::write(&half, b"ent").unwrap();
    let manifest = back_up(&hospital, "sauvegarde");
    let blobs: Vec<_> = manifest.files.keys().filter(|name| name.starts_with("blobs/")).collect();
    assert_eq!(blobs, [&format!("blobs/{}/{hash}", &hash.to_string()[..2])]);
}

#[test]
fn attachments_come_and_go_on_coming_during_a_backup() {
    let hospital = Hospital::founded();
    let ledger = hospital.open();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut n = 0u64;
            while !stop.load(Ordering::Relaxed) {
                n += 1;
                let content = vec![u8::try_from(n % 251).unwrap(); 20_000 + usize::try_from(n).unwrap()];
                let hash = Blobs::of(&hospital.folder).keep(&content).unwrap();
                let mut line = logged(EntryType::Fact, "avec une pièce");
                line.blobs = vec![BlobRef { hash, len: content.len() as u64 }];
                ledger.submit_wait(by(crate::hospital::SECRETARY, vec![line])).unwrap();
            }
        });
        let stopping = Stop(&stop);
        for round in 0..8 {
            let out = hospital.path(&format!("sauvegarde {round}"));
            backup::backup(&hospital.folder, &out, 42, |_, _| {}).unwrap();
            assert_eq!(verify(&Folder::at(out), None, &[]).unwrap().findings, []);
        }
        drop(stopping);
    });
}

#[test]
fn a_backup_never_overwrites_and_cleans_up_after_one_that_was_cut_short() {
    let hospital = Hospital::founded();
    back_up(&hospital, "sauvegarde");
    let again = backup::backup(&hospital.folder, &hospital.path("sauvegarde"), 43, |_, _| {});
    assert!(matches!(again, Err(StoreError::AlreadyThere(_))));
    std::fs::create_dir_all(hospital.path("autre.partiel/blobs")).unwrap();
    std::fs::write(hospital.path("autre.partiel/journal.db"), "à moitié").unwrap();
    back_up(&hospital, "autre");
    assert_eq!(verify(&Folder::at(hospital.path("autre")), None, &[]).unwrap().findings, []);
    assert!(!hospital.path("autre.partiel").exists());
    let nothing = backup::backup(&Folder::at(hospital.path("vide")), &hospital.path("x"), 0, |_, _| {});
    assert!(matches!(nothing, Err(StoreError::NoJournal(_))));
}

#[test]
fn a_backup_that_fails_leaves_nothing() {
    let hospital = Hospital::founded();
    std::fs::write(hospital.folder.access_db(), vec![7; 5_000]).unwrap();
    let before = names_in(hospital.dir.path());
    let failed = backup::backup(&hospital.folder, &hospital.path("sauvegarde"), 0, |_, _| {});
    assert!(failed.is_err());
    assert_eq!(names_in(hospital.dir.path()), before);
}

#[test]
fn an_altered_backup_is_refused_and_nothing_is_restored() {
    let hospital = Hospital::after_a_crisis();
    let manifest = back_up(&hospital, "sauvegarde");
    let to = Folder::at(hospital.path("restauré"));
    let mut seed = 5;
    for name in manifest.files.keys() {
        let path = hospital.path("sauvegarde").join(name);
        let sound = std::fs::read(&path).unwrap();
        let mut altered = sound.clone();
        let at = usize::try_from(below(&mut seed, sound.len() as u64)).unwrap();
        altered[at] ^= 4;
        std::fs::write(&path, altered).unwrap();
        let why = backup::restore(&hospital.path("sauvegarde"), &to, |_, _| {}).unwrap_err().to_string();
        assert!(why.contains("a été modifié : rien n’a été restauré"), "{name}: {why}");
        std::fs::remove_file(&path).unwrap();
        assert!(backup::restore(&hospital.path("sauvegarde"), &to, |_, _| {}).is_err());
        assert!(!to.path().exists());
        std::fs::write(&path, sound).unwrap();
    }
    backup::restore(&hospital.path("sauvegarde"), &to, |_, _| {}).unwrap();
}

#[test]
fn a_manifest_that_leaves_the_backup_or_lacks_the_journal_is_refused() {
    let hospital = Hospital::founded();
    let manifest = back_up(&hospital, "sauvegarde");
    let to = Folder::at(hospital.path("restauré"));
    let outside = hospital.path("dehors");
    std::fs::write(&outside, "x").unwrap();
    let hash = journal::entry::sha256(b"x");
    for name in ["../dehors", "blobs/../../dehors", outside.to_str().unwrap(), "..", "", "manifest.json", "restored"] {
        edit(&hospital.path("sauvegarde"), |m| _ = m.files.insert(name.to_owned(), hash));
        let outcome = backup::restore(&hospital.path("sauvegarde"), &to, |_, _| {});
        assert!(outcome.is_err(), "{name:?}");
        assert!(!to.path().exists(), "{name:?}");
        edit(&hospital.path("sauvegarde"), |m| m.files = manifest.files.clone());
    }
    edit(&hospital.path("sauvegarde"), |m| _ = m.files.remove("journal.db"));
    assert!(backup::restore(&hospital.path("sauvegarde"), &to, |_, _| {}).is_err());
    for text in ["", "{}", "[1]", "\u{0}"] {
        std::fs::write(hospital.path("sauvegarde/manifest.json"), text).unwrap();
        let why = backup::restore(&hospital.path("sauvegarde"), &to, |_, _| {}).unwrap_err().to_string();
        assert!(why.contains("n’est pas une sauvegarde"), "{why}");
    }
    assert!(backup::restore(&hospital.path("nulle part"), &to, |_, _| {}).is_err());
    assert!(!to.path().exists());
}

#[test]
fn a_backup_is_restored_into_an_empty_place_only() {
    let hospital = Hospital::founded();
    back_up(&hospital, "sauvegarde");
    let saved = hospital.path("sauvegarde");
    let onto = backup::restore(&saved, &hospital.folder, |_, _| {});
    assert!(matches!(onto, Err(StoreError::AlreadyThere(_))));
    let other = Folder::at(hospital.path("occupé"));
    std::fs::create_dir(other.path()).unwrap();
    std::fs::write(other.path().join("photo.jpg"), "x").unwrap();
    let onto = backup::restore(&saved, &other, |_, _| {});
    assert!(matches!(onto, Err(StoreError::AlreadyThere(_))), "{onto:?}");
    assert_eq!(names_in(other.path()), BTreeSet::from(["photo.jpg".to_owned()]));
    // Into an empty folder, and again after a restoration cut short.
    let empty = Folder::at(hospital.path("vide"));
    std::fs::create_dir(empty.path()).unwrap();
    std::fs::create_dir_all(hospital.path("vide.partiel/keys")).unwrap();
    std::fs::write(hospital.path("vide.partiel/keys/device.key"), "à moitié").unwrap();
    backup::restore(&saved, &empty, |_, _| {}).unwrap();
    fill(&Ledger::<State>::open(&empty, env(), Options::default()).unwrap(), 1);
    assert!(!hospital.path("vide.partiel").exists() && !hospital.path("occupé.partiel").exists());
}

#[test]
fn one_attachment_sent_by_many_at_once_is_kept_whole() {
    let hospital = Hospital::founded();
    let blobs = Blobs::of(&hospital.folder);
    let content = vec![9; 600_000];
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    let hash = blobs.keep(&content).unwrap();
                    assert_eq!(blobs.read(&hash).unwrap().as_deref(), Some(content.as_slice()), "once acknowledged");
                })
            })
            .collect();
        threads.into_iter().for_each(|t| t.join().unwrap());
    });
    let hash = blobs.keep(&content).unwrap();
    assert_eq!(names_in(blobs.path(&hash).parent().unwrap()), BTreeSet::from([hash.to_string()]), "nothing else is left");
}

#[test]
fn an_attachment_that_was_spoilt_is_kept_again_when_it_is_sent_again() {
    let hospital = Hospital::founded();
    let blobs = Blobs::of(&hospital.folder);
    let hash = blobs.keep(b"contenu").unwrap();
    std::fs::write(blobs.path(&hash), b"CONTENU").unwrap();
    assert!(blobs.read(&hash).unwrap_err().to_string().contains("a été modifiée"));
    assert_eq!(blobs.keep(b"contenu").unwrap(), hash);
    assert_eq!(blobs.read(&hash).unwrap().as_deref(), Some(b"contenu".as_slice()));
}
