//! A journal of each released version of the store, kept for ever: it opens, is whole, and folds to what it did.
//!
//! The database is never written again. Its root changes only when the fold itself is given something more to compute;
//! the words below never do.

use crate::hospital::{ADMINISTRATOR, CRISIS, DIRECTOR, SECRETARY, by, crisis_opened, founding, logged, verify};
use domain::State;
use domain::crisis::event::{EntryCorrected, EntryType, TaskAssigned};
use domain::event::Event;
use journal::write::Draft;
use journal::{ActorId, AuthorityAct, EntryId, Fold, RequestId};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use store::{Env, Folder, Ledger, Options, load, rows, schema};

const ROOT: &str = "c7530f86a6571a65df8e1869a6eb20123a22cd092a1ccbb063df41cd5dda1dd8";
const ENTRIES: usize = 21;

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/v1.db")
}

/// Clock and chance that are always the same.
fn fixed() -> Env {
    let (seed, clock) = (AtomicU64::new(1), AtomicI64::new(1_790_000_000_000));
    let random = move |bytes: &mut [u8]| {
        for byte in bytes {
            let mut seed = seed.fetch_add(1, Ordering::Relaxed);
            *byte = u8::try_from(crate::hospital::below(&mut seed, 256)).unwrap();
        }
    };
    Env { now_ms: Arc::new(move || clock.fetch_add(60_000, Ordering::Relaxed)), random: Arc::new(random) }
}

struct Scribe {
    ledger: Ledger<State>,
    written: std::cell::Cell<u8>,
}

impl Scribe {
    fn write(&self, actor: ActorId, drafts: Vec<Draft>) -> EntryId {
        self.written.set(self.written.get() + 1);
        let submission = store::Submission { request: RequestId([self.written.get(); 16]), ..by(actor, drafts) };
        self.ledger.submit_wait(submission).unwrap().entries[0]
    }
}

#[test]
#[ignore = "writes the golden journal of the present version, once, before it is released"]
fn write_the_golden_journal() {
    if std::env::var_os("PLANBLANC_WRITE_GOLDEN").is_none() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::at(dir.path().join("data"));
    let env = fixed();
    Ledger::<State>::found(&folder, founding(), &env, &Options::default()).unwrap();
    let scribe = Scribe { ledger: Ledger::open(&folder, env, Options::default()).unwrap(), written: 0.into() };
    scribe.write(DIRECTOR, crisis_opened().drafts);
    let fact = scribe.write(SECRETARY, vec![logged(EntryType::Fact, "Les postes du bloc affichent une demande de rançon.")]);
    scribe.write(DIRECTOR, vec![logged(EntryType::Decision, "Couper les liens avec l’extérieur.")]);
    let both =
        vec![logged(EntryType::Action, "Prévenir l’ARS."), logged(EntryType::Question, "Les sauvegardes sont-elles saines ?")];
    let action = scribe.write(SECRETARY, both);
    let correction = EntryCorrected { entry: fact, text: "Les postes des urgences aussi.".to_owned(), supersedes: vec![fact] };
    scribe.write(SECRETARY, vec![Event::EntryCorrected(correction).draft(CRISIS)]);
    let assigned = TaskAssigned {
        entry: action,
        owner: Some("A. Morel".to_owned()),
        due_at: Some(1_790_010_000_000),
        review_at: None,
        supersedes: vec![action],
    };
    scribe.write(SECRETARY, vec![Event::TaskAssigned(assigned).draft(CRISIS)]);
    let secret = scribe.write(SECRETARY, vec![logged(EntryType::Call, "Nom d’un patient, à effacer")]);
    let asked = AuthorityAct::ErasureAsked { entry: secret, reason: "identité".to_owned() };
    let asked = scribe.write(DIRECTOR, vec![Draft::of_act(&asked)]);
    scribe.write(ADMINISTRATOR, vec![Draft::of_act(&AuthorityAct::Erased { entry: secret, asked })]);
    let withdrawn = AuthorityAct::RoleWithdrawn { actor: SECRETARY, reason: "relève".to_owned() };
    scribe.write(DIRECTOR, vec![Draft::of_act(&withdrawn)]);
    println!("root {}, {} entries", scribe.ledger.view().state.root(), scribe.ledger.view().entries);
    drop(scribe);
    std::fs::copy(folder.journal_db(), golden()).unwrap();
}

/// The golden journal in a folder of its own, opened, migrated to the present version.
fn opened() -> (tempfile::TempDir, Folder, State) {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::at(dir.path());
    std::fs::copy(golden(), folder.journal_db()).unwrap();
    let connection = schema::open_writer(&folder.journal_db(), "FULL").unwrap();
    let id = rows::known_journal_id(&connection).unwrap();
    let loaded = load::load::<State>(&connection, id, &State::default()).unwrap();
    assert_eq!(loaded.damage, None);
    (dir, folder, loaded.state)
}

#[test]
fn the_golden_journal_folds_to_its_recorded_root() {
    assert!(std::fs::metadata(golden()).unwrap().len() <= 60 * 1024);
    let (_dir, folder, state) = opened();
    assert_eq!(state.root().to_string(), ROOT);
    let report = verify(&folder, None, &[]).unwrap();
    assert_eq!((report.findings, report.entries, report.erased), (Vec::new(), ENTRIES, 1));
}

#[test]
fn the_golden_journal_still_says_what_it_said() {
    let (_dir, _folder, state) = opened();
    assert_eq!((state.register.establishment.as_str(), state.register.people.len()), ("CH de Valmont", 4));
    assert_eq!(state.register.role(&SECRETARY), None);
    let words: Vec<_> = state.crises[&CRISIS].log.iter().map(|line| (line.entry_type, line.words())).collect();
    assert_eq!(
        words,
        [
            (EntryType::Fact, Some("Les postes des urgences aussi.")),
            (EntryType::Decision, Some("Couper les liens avec l’extérieur.")),
            (EntryType::Action, Some("Prévenir l’ARS.")),
            (EntryType::Question, Some("Les sauvegardes sont-elles saines ?")),
            (EntryType::Fact, None),
        ]
    );
    let task = &state.crises[&CRISIS].log[2];
    assert_eq!((task.assigned().owner.as_deref(), task.assigned().due_at), (Some("A. Morel"), Some(1_790_010_000_000)));
    assert_eq!(state.raw_count, 0);
}
