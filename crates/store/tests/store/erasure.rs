//! A body that two people had erased is gone, from the state, the database and its log; the rest stays whole.

use crate::hospital::{ADMINISTRATOR, CRISIS, DIRECTOR, Hospital, SECRETARY, by, copy_dir, fact, logged, texts};
use domain::State;
use domain::crisis::event::{Attachment, EntryType, Logged};
use journal::verify::Flaw;
use journal::write::Draft;
use journal::{ActorId, AuthorityAct, EntryId, Fold};
use store::blobs::Blobs;
use store::{Ledger, SubmitError};

const SECRET: &str = "Mme Dupont-Lajoie, chambre 12";

fn ask(ledger: &Ledger<State>, actor: ActorId, entry: EntryId) -> EntryId {
    let asked = AuthorityAct::ErasureAsked { entry, reason: "identité d’une patiente".to_owned() };
    ledger.submit_wait(by(actor, vec![Draft::of_act(&asked)])).unwrap().entries[0]
}

fn grant(ledger: &Ledger<State>, actor: ActorId, entry: EntryId, asked: EntryId) {
    ledger.submit_wait(by(actor, vec![Draft::of_act(&AuthorityAct::Erased { entry, asked })])).unwrap();
}

/// Whether the words are anywhere in the database or its write-ahead log.
fn on_disk(hospital: &Hospital) -> bool {
    let files = ["journal.db", "journal.db-wal"].map(|name| std::fs::read(hospital.folder.path().join(name)).unwrap_or_default());
    files.iter().any(|bytes| bytes.windows(SECRET.len()).any(|window| window == SECRET.as_bytes()))
}

#[test]
fn what_two_people_erase_is_gone_and_the_journal_stays_whole() {
    let hospital = Hospital::founded();
    let ledger = hospital.open();
    let entry = ledger.submit_wait(fact(SECRET)).unwrap().entries[0];
    ledger.submit_wait(fact("autre chose")).unwrap();
    assert!(on_disk(&hospital));
    let asked = ask(&ledger, DIRECTOR, entry);
    assert_eq!(texts(&ledger), [SECRET, "autre chose"], "one signer is not enough");
    grant(&ledger, ADMINISTRATOR, entry, asked);
    assert_eq!(texts(&ledger), ["(effacé)", "autre chose"]);
    assert!(!on_disk(&hospital), "at once, while the journal is open");
    let report = hospital.verified();
    assert_eq!((report.findings, report.erased), (Vec::new(), 1));
    let root = ledger.view().state.root();
    drop(ledger);
    assert!(!on_disk(&hospital));
    let ledger = hospital.open();
    assert_eq!(ledger.view().read_only, None);
    assert_eq!(ledger.view().state.root(), root);
    ledger.submit_wait(fact("la suite")).unwrap();
}

/// The refusal that meets an act.
fn refused(ledger: &Ledger<State>, actor: ActorId, act: &AuthorityAct) -> &'static str {
    match ledger.submit_wait(by(actor, vec![Draft::of_act(act)])) {
        Err(SubmitError::Refused(refusal)) => refusal.code,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn one_person_alone_erases_nothing() {
    let hospital = Hospital::founded();
    let ledger = hospital.open();
    let entry = ledger.submit_wait(fact(SECRET)).unwrap().entries[0];
    assert_eq!(refused(&ledger, ADMINISTRATOR, &AuthorityAct::Erased { entry, asked: entry }), "not_asked");
    let asked = ask(&ledger, DIRECTOR, entry);
    assert_eq!(refused(&ledger, DIRECTOR, &AuthorityAct::Erased { entry, asked }), "same_signer");
    assert_eq!(texts(&ledger), [SECRET]);
    drop(ledger);
    assert_eq!(texts(&hospital.open()), [SECRET]);
    assert_eq!(hospital.verified().findings, []);
}

#[test]
fn a_decision_is_never_erased() {
    let hospital = Hospital::founded();
    let ledger = hospital.open();
    let decision = ledger.submit_wait(by(DIRECTOR, vec![logged(EntryType::Decision, "couper Internet")])).unwrap().entries[0];
    let ask = AuthorityAct::ErasureAsked { entry: decision, reason: "gênant".to_owned() };
    assert_eq!(refused(&ledger, DIRECTOR, &ask), "decision");
    // Dropping it by hand is tampering, whatever two people would sign.
    drop(ledger);
    hospital.database().execute("DELETE FROM body WHERE n = (SELECT n FROM entry WHERE id = ?1)", [decision.as_bytes()]).unwrap();
    let flaws: Vec<_> = hospital.verified().findings.into_iter().map(|f| (f.entry, f.flaw)).collect();
    assert_eq!(flaws, [(Some(decision), Flaw::BodyMissing)]);
    assert!(hospital.open().view().read_only.is_some());
}

#[test]
fn an_erasure_reaches_the_other_laptop_and_a_restored_backup() {
    let hospital = Hospital::founded();
    let ledger = hospital.open();
    let entry = ledger.submit_wait(fact(SECRET)).unwrap().entries[0];
    drop(ledger);
    let laptop = hospital.replica();
    let older = hospital.entries();
    copy_dir(hospital.folder.path(), &hospital.path("avant"));
    let ledger = hospital.open();
    let asked = ask(&ledger, DIRECTOR, entry);
    grant(&ledger, ADMINISTRATOR, entry, asked);
    let there = laptop.open();
    assert!(on_disk(&laptop));
    there.merge(hospital.entries()).unwrap();
    assert_eq!(texts(&there), ["(effacé)"]);
    assert!(!on_disk(&laptop));
    // An old copy brings the words along again: they do not come in.
    there.merge(older.clone()).unwrap();
    ledger.merge(older).unwrap();
    assert!(!on_disk(&laptop) && !on_disk(&hospital));
    assert_eq!(there.view().state.root(), ledger.view().state.root());
    drop((there, ledger));
    for place in [&laptop, &hospital] {
        let report = place.verified();
        assert_eq!((report.findings, report.erased), (Vec::new(), 1));
        assert!(!on_disk(place));
    }
    // The folder put back as it was before the erasure has the words, until it meets a replica that knows.
    std::fs::remove_dir_all(hospital.folder.path()).unwrap();
    copy_dir(&hospital.path("avant"), hospital.folder.path());
    let ledger = hospital.open();
    assert_eq!(texts(&ledger), [SECRET]);
    ledger.merge(laptop.entries()).unwrap();
    assert_eq!(texts(&ledger), ["(effacé)"]);
    assert!(!on_disk(&hospital));
}

#[test]
fn the_attachments_of_an_erased_entry_go_with_it_unless_another_names_them() {
    let hospital = Hospital::founded();
    let ledger = hospital.open();
    let blobs = store::blobs::Blobs::of(&hospital.folder);
    let hash = blobs.keep(b"photo d'un bracelet").unwrap();
    let piece = || Attachment { hash, len: 19, name: "bracelet.png".to_owned() };
    let line =
        |text: &str| Logged { attachments: vec![piece()], ..Logged::new(EntryType::Fact, text) }.into_event().draft(CRISIS);
    let first = ledger.submit_wait(by(DIRECTOR, vec![line("photo")])).unwrap().entries[0];
    let second = ledger.submit_wait(by(DIRECTOR, vec![line("la même")])).unwrap().entries[0];
    let asked = ask(&ledger, DIRECTOR, first);
    grant(&ledger, ADMINISTRATOR, first, asked);
    assert!(blobs.has(&hash, 19), "another entry names it");
    let asked = ask(&ledger, DIRECTOR, second);
    grant(&ledger, ADMINISTRATOR, second, asked);
    assert!(!blobs.has(&hash, 19));
    assert_eq!(hospital.verified().findings, []);
}

#[test]
fn an_attachment_that_a_power_cut_kept_from_going_goes_at_the_next_start() {
    let hospital = Hospital::founded();
    let ledger = hospital.open();
    let blobs = Blobs::of(&hospital.folder);
    let hash = blobs.keep(b"photo d'un patient").unwrap();
    let mut line = Logged::new(EntryType::Fact, "avec une photo");
    line.attachments = vec![Attachment { hash, len: 18, name: "photo".to_owned() }];
    let entry = ledger.submit_wait(by(SECRETARY, vec![line.into_event().draft(CRISIS)])).unwrap().entries[0];
    let asked = ask(&ledger, DIRECTOR, entry);
    grant(&ledger, ADMINISTRATOR, entry, asked);
    drop(ledger);
    // Between the erasure and the removal of the file.
    blobs.keep(b"photo d'un patient").unwrap();
    drop(hospital.open());
    assert_eq!(blobs.read(&hash).unwrap(), None);
    assert_eq!(hospital.verified().findings, []);
}
