//! What an acknowledgement means, and who may have one.

use crate::hospital::{
    CRISIS, DIRECTOR, Hospital, OBSERVER, Outcome, SECRETARY, by, crisis_opened, env, fact, fill, founding, logged, opening_of,
    texts, verify,
};
use domain::State;
use domain::crisis::event::{EntryCorrected, EntryType};
use domain::event::Event;
use journal::{EntryId, Fold, SubjectId};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Barrier, Mutex};
use store::ledger::QUEUE_MAX;
use store::{Folder, Ledger, Options, StoreError, SubmitError};

#[test]
fn an_acknowledged_entry_is_there_after_reopening() {
    let hospital = Hospital::founded();
    let ledger = hospital.open();
    let ids = fill(&ledger, 5);
    let (before, root) = (texts(&ledger), ledger.view().state.root());
    drop(ledger);
    let ledger = hospital.open();
    assert_eq!(texts(&ledger), before);
    assert_eq!(ledger.view().state.root(), root);
    assert_eq!(ledger.view().head, ids.last().copied(), "the same chain goes on");
    assert_eq!(hospital.verified().findings, []);
}

#[test]
fn a_copy_taken_at_any_moment_of_an_open_folder_holds_all_that_was_acknowledged() {
    // What a killed process leaves: database and write-ahead log, never closed.
    let hospital = Hospital::founded();
    let ledger = hospital.open();
    let ids = fill(&ledger, 5);
    let folder = hospital.copied("après la panne");
    let found = verify(&folder, None, &[]).unwrap();
    assert_eq!(found.findings, []);
    assert!(ids.iter().all(|id| found.ids.contains(id)));
    drop(ledger);
}

#[test]
fn a_request_is_recorded_whole_or_not_at_all() {
    let hospital = Hospital::founded();
    let ledger = hospital.open();
    let before = ledger.view().entries;
    let unknown = EntryCorrected { entry: EntryId([7; 32]), text: "autre".to_owned(), supersedes: vec![EntryId([7; 32])] };
    let drafts = vec![logged(EntryType::Fact, "premier"), Event::EntryCorrected(unknown).draft(CRISIS)];
    let outcome = ledger.submit_wait(by(SECRETARY, drafts));
    assert!(matches!(outcome, Err(SubmitError::Refused(ref why)) if why.code == "unknown_entry"), "{outcome:?}");
    assert_eq!(ledger.view().entries, before);
    let both = ledger.submit_wait(by(SECRETARY, vec![logged(EntryType::Fact, "un"), logged(EntryType::Action, "deux")])).unwrap();
    assert_eq!(both.entries.len(), 2);
    assert_eq!(texts(&ledger), ["un", "deux"]);
    drop(ledger);
    assert_eq!(texts(&hospital.open()), ["un", "deux"]);
}

#[test]
fn the_second_draft_of_a_request_is_checked_on_top_of_the_first() {
    let hospital = Hospital::founded();
    let ledger = hospital.open();
    let crisis = SubjectId([8; 16]);
    let mut line = logged(EntryType::Fact, "dans la crise ouverte par la même saisie");
    line.subject = crisis;
    assert_eq!(ledger.submit_wait(by(DIRECTOR, vec![opening_of(crisis), line])).unwrap().entries.len(), 2);
    let twice = ledger.submit_wait(by(DIRECTOR, vec![opening_of(SubjectId([7; 16])), opening_of(SubjectId([7; 16]))]));
    assert!(matches!(twice, Err(SubmitError::Refused(ref why)) if why.code == "already_open"), "{twice:?}");
    assert!(!ledger.view().state.crises.contains_key(&SubjectId([7; 16])));
}

#[test]
fn a_retry_finds_what_was_recorded_even_after_reopening() {
    let hospital = Hospital::founded();
    let ledger = hospital.open();
    let submission = fact("une seule fois");
    let first = ledger.submit_wait(submission.clone()).unwrap();
    assert!(!first.replayed);
    let again = ledger.submit_wait(submission.clone()).unwrap();
    assert_eq!((again.entries.clone(), again.replayed), (first.entries.clone(), true));
    drop(ledger);
    let ledger = hospital.open();
    let again = ledger.submit_wait(submission).unwrap();
    assert_eq!((again.entries, again.replayed), (first.entries, true));
    assert_eq!(texts(&ledger), ["une seule fois"]);
}

#[test]
fn a_request_id_never_stands_for_two_contents() {
    let hospital = Hospital::founded();
    let ledger = hospital.open();
    let first = fact("premier contenu");
    ledger.submit_wait(first.clone()).unwrap();
    let mut other_words = fact("second contenu");
    other_words.request = first.request;
    let mut other_author = first.clone();
    other_author.author.actor = DIRECTOR;
    let mut longer = first.clone();
    longer.drafts.push(logged(EntryType::Fact, "et un de plus"));
    let mut other_kind = first.clone();
    other_kind.drafts = vec![logged(EntryType::Decision, "premier contenu")];
    for submission in [other_words, other_author, longer, other_kind] {
        let outcome = ledger.submit_wait(submission);
        assert!(matches!(outcome, Err(SubmitError::RequestReused)), "{outcome:?}");
    }
    assert_eq!(texts(&ledger), ["premier contenu"]);
}

#[test]
fn thirty_two_threads_sending_one_request_record_it_once() {
    let hospital = Hospital::founded();
    let ledger = hospital.open();
    let submission = fact("double clic");
    let start = Barrier::new(32);
    let receipts: Vec<_> = std::thread::scope(|scope| {
        let send = || {
            start.wait();
            ledger.submit_wait(submission.clone()).unwrap()
        };
        let threads: Vec<_> = (0..32).map(|_| scope.spawn(send)).collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert_eq!(receipts.iter().filter(|r| !r.replayed).count(), 1);
    assert!(receipts.iter().all(|r| r.entries == receipts[0].entries));
    assert_eq!(texts(&ledger), ["double clic"]);
}

/// Blocks the writer's thread until the sender returned is dropped, so that what is submitted meanwhile waits together.
fn hold_writer(ledger: &Ledger<State>) -> Sender<()> {
    let (release, held) = channel::<()>();
    let (tell, told) = channel();
    let once = Mutex::new(Some(held));
    ledger.on_publish(move |_| {
        if let Some(held) = once.lock().unwrap().take() {
            tell.send(()).unwrap();
            // Returns when the other end is dropped.
            let _ = held.recv();
        }
    });
    ledger.submit(fact("retient l’écrivain"), |outcome| assert!(outcome.is_ok()));
    told.recv().unwrap();
    release
}

#[test]
fn what_waits_together_is_checked_one_upon_the_other_and_committed_together() {
    let hospital = Hospital::founded();
    let ledger = hospital.open();
    let held = hold_writer(&ledger);
    let crisis = SubjectId([8; 16]);
    let (tell, told) = channel::<(usize, Outcome)>();
    let mut lines = vec![by(DIRECTOR, vec![opening_of(crisis)]), by(DIRECTOR, vec![opening_of(crisis)])];
    lines.extend((0..20).map(|n| fact(&format!("groupé {n}"))));
    lines.push(lines[5].clone());
    for (at, submission) in lines.into_iter().enumerate() {
        let tell = tell.clone();
        ledger.submit(submission, move |outcome| tell.send((at, outcome)).unwrap());
    }
    let version = ledger.view().version;
    drop(held);
    let mut outcomes: Vec<_> = told.iter().take(23).collect();
    outcomes.sort_by_key(|(at, _)| *at);
    assert!(outcomes[0].1.is_ok());
    assert!(matches!(&outcomes[1].1, Err(SubmitError::Refused(why)) if why.code == "already_open"));
    assert!(outcomes[2..].iter().all(|(_, outcome)| outcome.is_ok()));
    let (first, retry) = (outcomes[5].1.as_ref().unwrap(), outcomes[22].1.as_ref().unwrap());
    assert_eq!((&first.entries, retry.replayed), (&retry.entries, true), "a retry beside its first try is one entry");
    assert_eq!(ledger.view().version, version + 1, "one publication: one commit for all");
    assert_eq!(texts(&ledger).len(), 21);
    drop(ledger);
    assert_eq!(hospital.verified().findings, []);
}

#[test]
fn a_full_queue_refuses_with_a_sentence_and_loses_nothing_it_took() {
    let hospital = Hospital::founded();
    let ledger = hospital.open();
    let held = hold_writer(&ledger);
    let (tell, told) = channel::<Outcome>();
    for _ in 0..QUEUE_MAX + 10 {
        let tell = tell.clone();
        ledger.submit(by(OBSERVER, vec![logged(EntryType::Fact, "sans droit")]), move |outcome| tell.send(outcome).unwrap());
    }
    let busy: Vec<Outcome> = told.try_iter().collect();
    assert_eq!(busy.len(), 10);
    for outcome in busy {
        let Err(SubmitError::Store(why)) = outcome else { panic!("{outcome:?}") };
        assert!(matches!(*why, StoreError::Busy));
        assert!(why.to_string().contains("réessayez"));
    }
    drop(held);
    assert!(told.iter().take(QUEUE_MAX).all(|outcome| matches!(outcome, Err(SubmitError::Refused(_)))));
    ledger.submit_wait(fact("après")).unwrap();
}

#[test]
fn the_view_is_published_before_the_answer() {
    let hospital = Hospital::founded();
    let ledger = hospital.open();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let listener = seen.clone();
    ledger.on_publish(move |view| listener.lock().unwrap().push((view.version, view.entries)));
    for text in ["un", "deux", "trois"] {
        let before = ledger.view();
        let receipt = ledger.submit_wait(fact(text)).unwrap();
        let view = ledger.view();
        assert_eq!((view.version, view.entries), (before.version + 1, before.entries + 1));
        assert_eq!(view.head, receipt.entries.first().copied());
        assert_eq!(view.state.crises[&CRISIS].log.last().map(|e| e.id), receipt.entries.first().copied());
        assert_eq!(seen.lock().unwrap().last(), Some(&(view.version, view.entries)));
    }
}

#[test]
fn sizes_are_bounded_and_attachments_must_be_here() {
    let hospital = Hospital::founded();
    let ledger = hospital.open();
    let empty = ledger.submit_wait(by(SECRETARY, Vec::new()));
    assert!(matches!(empty, Err(SubmitError::Size(_))), "{empty:?}");
    let many = vec![logged(EntryType::Fact, "x"); 4_097];
    assert!(matches!(ledger.submit_wait(by(SECRETARY, many)), Err(SubmitError::Size(_))));
    let mut long = logged(EntryType::Fact, "x");
    long.body.resize(300 * 1024, b' ');
    assert!(matches!(ledger.submit_wait(by(SECRETARY, vec![long])), Err(SubmitError::Size(_))));
    let mut missing = logged(EntryType::Fact, "x");
    missing.blobs = vec![journal::BlobRef { hash: journal::Hash([1; 32]), len: 5 }];
    assert!(matches!(ledger.submit_wait(by(SECRETARY, vec![missing.clone()])), Err(SubmitError::BlobMissing)));
    let kept = store::blobs::Blobs::of(&hospital.folder).keep(b"contenu").unwrap();
    missing.blobs = vec![journal::BlobRef { hash: kept, len: 7 }; journal::header::BLOBS_MAX + 1];
    let too_many = ledger.submit_wait(by(SECRETARY, vec![missing]));
    assert!(matches!(too_many, Err(SubmitError::Size(_))), "a header nobody could read back: {too_many:?}");
    assert_eq!(texts(&ledger).len(), 0);
}

#[test]
fn one_folder_has_one_writer() {
    let hospital = Hospital::founded();
    let ledger = hospital.open();
    let second = hospital.try_open().err().unwrap();
    assert!(matches!(second, StoreError::Locked(_)));
    assert!(second.to_string().contains("déjà ouvert par un autre programme"));
    let founding_again = Ledger::<State>::found(&hospital.folder, founding(), &env(), &hospital.options());
    assert!(matches!(founding_again, Err(StoreError::Locked(_))));
    drop(ledger);
    hospital.open().submit_wait(fact("libre de nouveau")).unwrap();
}

#[test]
fn a_journal_is_founded_once() {
    let hospital = Hospital::founded();
    let before = std::fs::read(hospital.folder.journal_db()).unwrap();
    let again = Ledger::<State>::found(&hospital.folder, founding(), &env(), &hospital.options());
    assert!(matches!(again, Err(StoreError::AlreadyThere(_))));
    assert_eq!(std::fs::read(hospital.folder.journal_db()).unwrap(), before);
    let nowhere = Folder::at(hospital.path("vide"));
    let opened = Ledger::<State>::open(&nowhere, env(), Options::default()).err().unwrap();
    assert!(matches!(opened, StoreError::NoJournal(_)));
    assert!(!nowhere.path().exists(), "opening creates nothing");
}

#[test]
fn a_founding_cut_short_can_be_done_again() {
    for cut in ["keys/root.key", "keys/device.key", "journal.db"] {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::at(dir.path().join("data"));
        let done = Hospital::founded();
        folder.create().unwrap();
        for name in ["keys/root.key", "keys/device.key"] {
            std::fs::copy(done.folder.path().join(name), folder.path().join(name)).unwrap();
            if name == cut {
                break;
            }
        }
        if cut == "journal.db" {
            // Made under its provisional name, its founding not committed.
            std::fs::write(folder.path().join("journal.db.partiel"), [7; 5_000]).unwrap();
            std::fs::write(folder.path().join("journal.db.partiel-journal"), [7; 5_000]).unwrap();
        }
        Ledger::<State>::found(&folder, founding(), &env(), &Options::default()).unwrap();
        let ledger = Ledger::<State>::open(&folder, env(), Options::default()).unwrap();
        ledger.submit_wait(crisis_opened()).unwrap();
        assert_eq!(verify(&folder, None, &[]).unwrap().findings, [], "cut at {cut}");
    }
}

#[test]
fn a_newer_store_is_refused_and_left_as_it_is() {
    let hospital = Hospital::founded();
    hospital.database().pragma_update(None, "user_version", store::schema::VERSION + 1).unwrap();
    let files =
        || ["journal.db", "journal.db-wal"].map(|name| std::fs::read(hospital.folder.path().join(name)).unwrap_or_default());
    let before = files();
    let why = hospital.try_open().err().unwrap();
    assert!(matches!(why, StoreError::Newer { .. }));
    assert!(why.to_string().contains("installez la version récente"));
    assert!(matches!(verify(&hospital.folder, None, &[]), Err(StoreError::Newer { .. })));
    assert_eq!(files(), before);
}

#[test]
fn a_newer_store_that_was_not_closed_keeps_its_write_ahead_log() {
    let hospital = Hospital::founded();
    let open = hospital.database();
    open.pragma_update(None, "user_version", store::schema::VERSION + 1).unwrap();
    let copy = Hospital { folder: hospital.copied("copie"), dir: tempfile::tempdir().unwrap(), guards: hospital.guards.clone() };
    let files = || ["journal.db", "journal.db-wal"].map(|name| std::fs::read(copy.folder.path().join(name)).unwrap());
    let before = files();
    assert!(!before[1].is_empty());
    assert!(matches!(copy.try_open(), Err(StoreError::Newer { .. })));
    assert_eq!(files(), before);
    drop(open);
}

#[test]
fn another_process_cannot_write_beside_this_one() {
    let hospital = Hospital::founded();
    let ledger = hospital.open();
    let said = crate::child::run("open", hospital.folder.path());
    assert!(said.contains("déjà ouvert par un autre programme"), "{said}");
    drop(ledger);
    let said = crate::child::run("open", hospital.folder.path());
    assert!(said.contains("opened"), "{said}");
}

#[test]
fn when_the_writer_has_died_nobody_is_told_to_try_again() {
    let hospital = Hospital::founded();
    let ledger = hospital.open();
    ledger.on_publish(|_| panic!("a listener's fault"));
    let during = ledger.submit_wait(fact("écrite, mais personne ne le dit"));
    let after = ledger.submit_wait(fact("jamais écrite"));
    for outcome in [during, after] {
        let Err(SubmitError::Store(why)) = outcome else { panic!("{outcome:?}") };
        assert!(matches!(&*why, StoreError::Failed(what) if what.contains("s’est arrêté")), "{why}");
    }
    drop(ledger);
    assert_eq!(texts(&hospital.open()), ["écrite, mais personne ne le dit"]);
    assert_eq!(hospital.verified().findings, []);
}
