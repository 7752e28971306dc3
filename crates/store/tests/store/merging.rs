//! Two laptops that were apart: everything is kept, nothing forged comes in, and both end with the same state.

use crate::hospital::{CRISIS, DIRECTOR, Hospital, SECRETARY, by, env, fact, fill, logged, texts};
use domain::State;
use domain::crisis::event::EntryType;
use journal::certificate::OpeningReason;
use journal::verify::Flaw;
use journal::write::{Author, Circumstances, Draft, Pen};
use journal::{Auth, Entry, Fold, Journal, PublicKey, Signature, Standing};
use std::collections::BTreeSet;
use store::ledger::MergeReport;
use store::{Ledger, Options};

/// Entries of `from` that `to` lacks, in order of arrival.
fn news(from: &Hospital, to: &Hospital) -> Vec<Entry> {
    let known: BTreeSet<_> = to.entries().iter().map(|e| e.id).collect();
    from.entries().into_iter().filter(|e| !known.contains(&e.id)).collect()
}

/// A hospital and a laptop that left it, each with entries of its own since; both closed.
fn apart() -> (Hospital, Hospital) {
    let hospital = Hospital::founded();
    fill(&hospital.open(), 2);
    let laptop = hospital.replica();
    let ledger = laptop.open();
    for text in ["du portable", "encore du portable"] {
        ledger.submit_wait(fact(text)).unwrap();
    }
    drop(ledger);
    hospital.open().submit_wait(fact("du poste de garde")).unwrap();
    (hospital, laptop)
}

#[test]
fn laptops_that_meet_end_with_the_same_state() {
    let (hospital, laptop) = apart();
    let (here, there) = (hospital.open(), laptop.open());
    let brought = news(&laptop, &hospital);
    let report = here.merge(brought.clone()).unwrap();
    assert_eq!(report, MergeReport { accepted: 3, known: 0, parked: 0, refused: Vec::new() });
    assert_eq!(texts(&here).len(), 5);
    there.merge(hospital.entries()).unwrap();
    assert_eq!(texts(&there), texts(&here));
    assert_eq!(there.view().state.root(), here.view().state.root());
    let roots = (here.view().state.root(), there.view().state.root());
    drop((here, there));
    assert_eq!(roots, (hospital.open().view().state.root(), laptop.open().view().state.root()), "the same after reopening");
    assert_eq!(hospital.verified().findings, []);
    assert_eq!(laptop.verified().findings, []);
}

#[test]
fn merging_again_changes_nothing() {
    let (hospital, laptop) = apart();
    let ledger = hospital.open();
    ledger.merge(laptop.entries()).unwrap();
    let (entries, version) = (ledger.view().entries, ledger.view().version);
    let again = ledger.merge(laptop.entries()).unwrap();
    assert_eq!(again, MergeReport { accepted: 0, known: laptop.entries().len(), parked: 0, refused: Vec::new() });
    assert_eq!(ledger.view().entries, entries);
    assert_eq!(ledger.view().version, version + 1);
}

#[test]
fn entries_that_come_before_those_they_follow_wait_durably() {
    let (hospital, laptop) = apart();
    let mut brought = news(&laptop, &hospital);
    let opening = brought.remove(0);
    let ledger = hospital.open();
    let report = ledger.merge(brought).unwrap();
    assert_eq!((report.accepted, report.parked), (0, 2));
    assert_eq!(texts(&ledger).len(), 3);
    drop(ledger);
    assert_eq!(hospital.verified().findings, [], "waiting is not a flaw");
    let ledger = hospital.open();
    assert_eq!((ledger.view().parked, ledger.view().read_only.clone()), (2, None));
    let report = ledger.merge(vec![opening]).unwrap();
    assert_eq!((report.accepted, report.parked), (3, 0));
    assert_eq!(texts(&ledger).len(), 5);
    drop(ledger);
    assert_eq!(hospital.verified().findings, []);
    assert_eq!(hospital.open().view().parked, 0);
}

#[test]
fn any_order_of_arrival_gives_the_same_state() {
    let (hospital, laptop) = apart();
    let brought = news(&laptop, &hospital);
    let mut roots = BTreeSet::new();
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [1, 0, 2]] {
        let copy = hospital.replica();
        let ledger = copy.open();
        for at in order {
            ledger.merge(vec![brought[at].clone()]).unwrap();
        }
        assert_eq!((texts(&ledger).len(), ledger.view().parked), (5, 0));
        roots.insert(ledger.view().state.root());
    }
    assert_eq!(roots.len(), 1);
}

#[test]
fn a_forged_entry_is_refused_and_named() {
    let (hospital, laptop) = apart();
    let brought = news(&laptop, &hospital);
    let mut forged = brought[1].clone();
    forged.signature = Signature([7; 64]);
    let mut spoilt = brought[2].clone();
    spoilt.body.as_mut().unwrap().bytes[0] ^= 1;
    let ledger = hospital.open();
    let report = ledger.merge(vec![brought[0].clone(), forged.clone(), spoilt]).unwrap();
    assert_eq!(report.accepted, 1);
    let named: Vec<_> = report.refused.iter().map(|(id, _)| *id).collect();
    assert_eq!(named, [brought[1].id, brought[2].id]);
    assert!(report.refused[0].1.contains("signature fausse"), "{:?}", report.refused);
    // The forged copy does not keep the true one out, even when it came first.
    let report = ledger.merge(brought).unwrap();
    assert_eq!((report.accepted, report.refused.len(), report.parked), (2, 0, 0));
    assert_eq!(texts(&ledger).len(), 5);
    drop(ledger);
    assert_eq!(hospital.verified().findings, []);
}

#[test]
fn a_forged_entry_that_had_to_wait_never_comes_in() {
    let (hospital, laptop) = apart();
    let brought = news(&laptop, &hospital);
    let mut forged = brought[2].clone();
    forged.signature = Signature([7; 64]);
    let ledger = hospital.open();
    assert_eq!(ledger.merge(vec![forged]).unwrap().parked, 1);
    let report = ledger.merge(brought).unwrap();
    assert_eq!((report.accepted, report.parked), (3, 0));
    drop(ledger);
    assert_eq!(hospital.verified().findings, []);
}

#[test]
fn entries_of_another_journal_are_refused() {
    let (hospital, stranger) = (Hospital::founded(), Hospital::founded());
    let ledger = hospital.open();
    let before = ledger.view().entries;
    let report = ledger.merge(stranger.entries()).unwrap();
    assert_eq!((report.accepted, report.refused.len()), (0, stranger.entries().len()));
    assert!(report.refused.iter().all(|(_, why)| why.contains("autre journal")));
    assert_eq!(ledger.view().entries, before);
}

#[test]
fn a_device_without_a_certificate_is_refused() {
    let (hospital, stranger) = (Hospital::founded(), Hospital::founded());
    // The stranger signs entries that claim to be of this journal.
    let key = stranger.folder.read_key("device.key").unwrap();
    let journal_id = hospital.open().id();
    let forged = stranger.entries().into_iter().map(|entry| {
        let mut header = entry.header;
        header.journal = journal_id;
        Entry::sign(header, entry.body.unwrap(), &key)
    });
    let forged: Vec<Entry> = forged.take(1).collect();
    let report = hospital.open().merge(forged).unwrap();
    assert_eq!((report.accepted, report.refused.len()), (0, 1));
    assert!(report.refused[0].1.contains("signataire inconnu"), "{:?}", report.refused);
}

#[test]
fn a_body_that_comes_late_completes_its_entry() {
    let (hospital, laptop) = apart();
    let brought = news(&laptop, &hospital);
    let mut stripped = brought.clone();
    stripped.last_mut().unwrap().body = None;
    let ledger = hospital.open();
    ledger.merge(stripped).unwrap();
    let missing: Vec<_> = hospital.verified().findings.into_iter().map(|f| (f.entry, f.flaw)).collect();
    assert_eq!(missing, [(Some(brought[2].id), Flaw::BodyMissing)]);
    ledger.merge(brought).unwrap();
    assert!(texts(&ledger).iter().any(|text| text == "encore du portable"));
    let root = ledger.view().state.root();
    drop(ledger);
    assert_eq!(hospital.verified().findings, []);
    assert_eq!(hospital.open().view().state.root(), root);
}

#[test]
fn a_request_sent_to_both_laptops_is_answered_by_either_after_they_meet() {
    let (hospital, laptop) = apart();
    let submission = fact("envoyée deux fois, la première réponse s’est perdue");
    let (here, there) = (hospital.open(), laptop.open());
    let first = here.submit_wait(submission.clone()).unwrap();
    there.submit_wait(submission.clone()).unwrap();
    here.merge(laptop.entries()).unwrap();
    let again = here.submit_wait(submission).unwrap();
    assert_eq!((again.entries, again.replayed), (first.entries, true));
}

#[test]
fn an_entry_of_a_later_version_is_kept_and_shown_raw() {
    let (hospital, laptop) = apart();
    drop(laptop.open());
    let device = laptop.folder.read_key("device.key").unwrap();
    let key = PublicKey(device.verifying_key().to_bytes());
    let entries = laptop.entries();
    let mut journal = Journal::new(entries[0].header.journal, State::NEVER_ERASED);
    for entry in &entries {
        journal.restore(entry.clone());
    }
    let chain = *journal.chains().iter().find(|(_, c)| c.device == key).unwrap().0;
    let draft =
        Draft { kind: "future.thing".to_owned(), kind_version: 3, subject: CRISIS, body: b"[1,2]".to_vec(), blobs: Vec::new() };
    let mut circumstances = Circumstances { wall_ms: 0, random: &mut |bytes| bytes.fill(5) };
    let author = Author { actor: SECRETARY, auth: Auth::Mfa };
    let written = Pen { device, chain }.write(&mut journal, author, crate::hospital::request(), vec![draft], &mut circumstances);
    let ledger = hospital.open();
    ledger.merge(entries.into_iter().chain(written.into_iter().map(|taken| taken.entry)).collect()).unwrap();
    let view = ledger.view();
    let raw = view.state.raw.last().unwrap();
    assert_eq!((raw.kind.as_str(), raw.kind_version, raw.body.as_deref()), ("future.thing", 3, Some("[1,2]")));
    let refused = ledger.submit_wait(by(SECRETARY, vec![Draft::json("future.thing", CRISIS, &[1, 2])]));
    assert!(refused.is_err(), "kept when it comes, never made here");
}

#[test]
fn a_device_whose_chain_another_copy_continued_opens_a_new_one_at_once() {
    let hospital = Hospital::founded();
    fill(&hospital.open(), 1);
    // Without any guard a copied folder cannot know that it is one.
    let clone = Hospital { folder: hospital.copied("clone"), dir: tempfile::tempdir().unwrap(), guards: hospital.path("autres") };
    let bare = Options::default;
    let there = Ledger::<State>::open(&clone.folder, env(), bare()).unwrap();
    there.submit_wait(fact("sur le clone")).unwrap();
    let here = Ledger::<State>::open(&hospital.folder, env(), bare()).unwrap();
    here.submit_wait(fact("sur l’original")).unwrap();
    here.merge(clone.entries()).unwrap();
    let view = here.view();
    let ours: Vec<_> = view.chains.iter().filter(|c| c.ours).collect();
    assert_eq!((ours.len(), ours[0].reason, ours[0].forked_at), (1, OpeningReason::Forked, None));
    assert!(view.chains.iter().any(|c| c.forked_at.is_some()));
    let after = here.submit_wait(by(DIRECTOR, vec![logged(EntryType::Decision, "avec autorité")])).unwrap();
    let view = here.view();
    let log = &view.state.crises[&CRISIS];
    assert!(log.entry(&after.entries[0]).unwrap().standing.has_authority());
    let forked = log.log.iter().filter(|e| e.standing == Standing::Forked).count();
    assert_eq!(forked, 2, "both histories are kept, neither counts");
    let root = view.state.root();
    drop(here);
    let reopened = Ledger::<State>::open(&hospital.folder, env(), bare()).unwrap();
    assert_eq!(reopened.view().state.root(), root);
    assert_eq!(reopened.view().chains.len(), view.chains.len(), "and goes on with the new chain");
    drop(reopened);
    assert_eq!(hospital.verified().findings, []);
}
