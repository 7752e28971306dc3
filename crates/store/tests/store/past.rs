//! What was known at a moment: exactly what was shown then, less what was erased since.

use crate::hospital::{ADMINISTRATOR, CRISIS, DIRECTOR, Hospital, SECRETARY, by, env, fact, logged, texts};
use domain::crisis::event::{EntryCorrected, EntryType};
use domain::{Event, State};
use journal::write::Draft;
use journal::{AuthorityAct, Entry, EntryId, Fold, Hash};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use store::past::PAST_VIEWS_MAX;
use store::{Env, Ledger, StoreError, View};

const MINUTE: i64 = 60_000;

/// A hospital founded now, whose clock then goes on as the test says.
struct Day {
    hospital: Hospital,
    clock: Arc<AtomicI64>,
    dawn: i64,
}

impl Day {
    fn begin() -> Self {
        let hospital = Hospital::founded();
        let dawn = (env().now_ms)() + MINUTE;
        Self { hospital, clock: Arc::new(AtomicI64::new(dawn)), dawn }
    }

    fn env(&self) -> Env {
        let clock = self.clock.clone();
        Env { now_ms: Arc::new(move || clock.load(Ordering::SeqCst)), random: env().random }
    }

    fn open(&self) -> Ledger<State> {
        self.open_another(&self.hospital)
    }

    fn open_another(&self, hospital: &Hospital) -> Ledger<State> {
        Ledger::open(&hospital.folder, self.env(), hospital.options()).unwrap()
    }

    fn at(&self, minutes: i64) -> i64 {
        self.dawn + minutes * MINUTE
    }

    fn set(&self, minutes: i64) {
        self.clock.store(self.at(minutes), Ordering::SeqCst);
    }

    fn note(&self, ledger: &Ledger<State>, minutes: i64, text: &str) -> EntryId {
        self.set(minutes);
        ledger.submit_wait(fact(text)).unwrap().entries[0]
    }
}

fn words(view: &View<State>) -> Vec<String> {
    let log = view.state.crises.get(&CRISIS).map(|crisis| crisis.log.clone()).unwrap_or_default();
    log.iter().map(|line| line.words().unwrap_or("(effacé)").to_owned()).collect()
}

fn correction(entry: EntryId, text: &str) -> Draft {
    Event::EntryCorrected(EntryCorrected { entry, text: text.to_owned(), supersedes: vec![entry] }).draft(CRISIS)
}

#[test]
fn each_moment_is_seen_again_as_it_was() {
    let day = Day::begin();
    let ledger = day.open();
    let mut shown: Vec<(i64, Hash, u64)> = Vec::new();
    let mut remember = |minutes: i64| shown.push((minutes, ledger.view().state.root(), ledger.view().entries));
    let first = day.note(&ledger, 1, "un");
    remember(1);
    day.note(&ledger, 2, "deux");
    remember(2);
    day.set(4);
    ledger.submit_wait(by(SECRETARY, vec![correction(first, "un, corrigé"), logged(EntryType::Action, "à faire")])).unwrap();
    remember(4);
    // A role is withdrawn: what its holder wrote before keeps its worth, then and now.
    let withdrawn = AuthorityAct::RoleWithdrawn { actor: SECRETARY, reason: "congé".to_owned() };
    day.set(6);
    ledger.submit_wait(by(DIRECTOR, vec![Draft::of_act(&withdrawn)])).unwrap();
    remember(6);
    for (minutes, root, entries) in shown {
        for late_ms in [0, 30_000] {
            let past = ledger.past(day.at(minutes) + late_ms).unwrap();
            assert_eq!((past.view.state.root(), past.view.entries), (root, entries), "minute {minutes}");
        }
    }
    let past = ledger.past(day.at(3)).unwrap();
    assert_eq!(words(&past.view), ["un", "deux"]);
    assert_eq!((past.before, past.after), (Some(day.at(1)), Some(day.at(4))));
    assert!(past.first < day.dawn && past.view.head_wall == Some(day.at(2)));
    assert_eq!(past.view.chains.iter().filter(|chain| chain.ours).count(), 1);
    assert!(Arc::ptr_eq(&ledger.past(day.at(60)).unwrap().view, &ledger.view()), "now is not folded again");
}

#[test]
fn before_the_first_entry_there_is_nothing_to_see() {
    let day = Day::begin();
    let ledger = day.open();
    assert!(matches!(ledger.past(0), Err(StoreError::BeforeAll)));
    assert!(matches!(ledger.past(i64::MIN), Err(StoreError::BeforeAll)));
    let first = ledger.past(i64::MAX).unwrap().first;
    assert!(matches!(ledger.past(first - 1), Err(StoreError::BeforeAll)));
    assert!(ledger.past(first).is_ok());
}

#[test]
fn a_clock_set_back_hides_nothing_that_was_known() {
    let day = Day::begin();
    let ledger = day.open();
    day.note(&ledger, 1, "un");
    day.note(&ledger, 90, "horloge en avance");
    day.note(&ledger, 3, "horloge remise à l’heure");
    assert_eq!(words(&ledger.past(day.at(2)).unwrap().view), ["un"]);
    assert_eq!(words(&ledger.past(day.at(3)).unwrap().view).len(), 3);
    assert_eq!(words(&ledger.past(day.at(91)).unwrap().view).len(), 3, "the last entry, whatever the clock had said before");
}

/// A laptop that left before the first minute and wrote at minute 2.
fn laptop(day: &Day) -> (Hospital, Vec<Entry>) {
    let laptop = day.hospital.replica();
    let ledger = day.open_another(&laptop);
    day.note(&ledger, 2, "du portable");
    drop(ledger);
    let known = day.hospital.entries().len();
    let brought = laptop.entries().split_off(known);
    (laptop, brought)
}

#[test]
fn what_a_merge_brings_is_not_seen_before_it() {
    let day = Day::begin();
    let (_laptop, brought) = laptop(&day);
    let ledger = day.open();
    // Nothing was written here in between: the laptop's entries follow ours directly, and still count from the merge.
    day.set(8);
    ledger.merge(brought.clone()).unwrap();
    day.note(&ledger, 9, "d’ici");
    assert_eq!(texts(&ledger), ["du portable", "d’ici"]);
    assert_eq!(words(&ledger.past(day.at(5)).unwrap().view).len(), 0);
    assert_eq!(words(&ledger.past(day.at(8)).unwrap().view), ["du portable"]);
    drop(ledger);
    assert_eq!(words(&day.open().past(day.at(5)).unwrap().view).len(), 0, "the same after reopening");
    assert_eq!(day.hospital.verified().findings, []);
}

#[test]
fn entries_that_waited_are_seen_from_when_they_were_taken_in() {
    let day = Day::begin();
    let (_laptop, brought) = laptop(&day);
    let ledger = day.open();
    day.note(&ledger, 3, "d’ici");
    day.set(5);
    ledger.merge(brought[1..].to_vec()).unwrap();
    day.note(&ledger, 6, "encore d’ici");
    day.set(8);
    ledger.merge(brought[..1].to_vec()).unwrap();
    assert_eq!(words(&ledger.past(day.at(7)).unwrap().view), ["d’ici", "encore d’ici"]);
    assert_eq!(words(&ledger.past(day.at(8)).unwrap().view), ["du portable", "d’ici", "encore d’ici"]);
}

#[test]
fn words_that_came_after_their_entry_are_not_seen_before_they_came() {
    let day = Day::begin();
    let (_laptop, brought) = laptop(&day);
    let ledger = day.open();
    day.note(&ledger, 3, "d’ici");
    let strip = |entry: &Entry| Entry { body: None, ..entry.clone() };
    day.set(5);
    ledger.merge(vec![brought[0].clone(), strip(&brought[1])]).unwrap();
    day.set(7);
    ledger.merge(vec![brought[1].clone()]).unwrap();
    day.note(&ledger, 8, "encore d’ici");
    assert_eq!(words(&ledger.view())[0], "du portable");
    assert_eq!(words(&ledger.past(day.at(5)).unwrap().view), ["(effacé)", "d’ici"]);
    assert_eq!(words(&ledger.past(day.at(8)).unwrap().view)[0], "du portable");
}

#[test]
fn erased_words_are_erased_from_the_past_too() {
    let day = Day::begin();
    let ledger = day.open();
    let line = day.note(&ledger, 1, "identité d’un patient");
    day.note(&ledger, 2, "autre chose");
    assert_eq!(words(&ledger.past(day.at(1)).unwrap().view), ["identité d’un patient"]);
    day.set(4);
    let asked = AuthorityAct::ErasureAsked { entry: line, reason: "identité".to_owned() };
    let asked = ledger.submit_wait(by(DIRECTOR, vec![Draft::of_act(&asked)])).unwrap().entries[0];
    day.set(5);
    ledger.submit_wait(by(ADMINISTRATOR, vec![Draft::of_act(&AuthorityAct::Erased { entry: line, asked })])).unwrap();
    assert_eq!(words(&ledger.past(day.at(1)).unwrap().view), ["(effacé)"], "not even from what was kept in memory");
    assert_eq!(words(&ledger.past(day.at(2)).unwrap().view), ["(effacé)", "autre chose"]);
}

#[test]
fn a_past_asked_for_again_is_not_folded_again() {
    let day = Day::begin();
    let ledger = day.open();
    let last = i64::try_from(PAST_VIEWS_MAX).unwrap() + 2;
    for minute in 1..=last {
        day.note(&ledger, minute, "un fait");
    }
    let seen = ledger.past(day.at(1)).unwrap().view;
    assert!(Arc::ptr_eq(&seen, &ledger.past(day.at(1) + 1_000).unwrap().view));
    for minute in 2..last {
        ledger.past(day.at(minute)).unwrap();
    }
    assert!(!Arc::ptr_eq(&seen, &ledger.past(day.at(1)).unwrap().view), "only the last few are kept");
}
