//! A small hospital in a temporary folder.

use domain::State;
use domain::crisis::event::{Attachment, CrisisOpened, EntryCorrected, EntryType, Level, Logged};
use domain::event::Event;
use domain::register::Role;
use domain::register::event::{EstablishmentNamed, PersonNamed};
use journal::certificate::Mode;
use journal::verify::Report;
use journal::write::{Author, Draft};
use journal::{ActorId, Auth, AuthorityAct, Entry, EntryId, Fold, RequestId, SubjectId};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::ledger::Founding;
use store::verify::Against;
use store::{Env, Folder, Ledger, Options, Receipt, StoreError, Submission, SubmitError};
use tempfile::TempDir;

pub(crate) const DIRECTOR: ActorId = ActorId([1; 16]);
pub(crate) const ADMINISTRATOR: ActorId = ActorId([2; 16]);
pub(crate) const SECRETARY: ActorId = ActorId([3; 16]);
pub(crate) const OBSERVER: ActorId = ActorId([4; 16]);
pub(crate) const CRISIS: SubjectId = SubjectId([9; 16]);

pub(crate) type Outcome = Result<Receipt, SubmitError<domain::Refusal>>;

/// A data folder, and the folder of this machine's witnesses beside it.
pub(crate) struct Hospital {
    pub(crate) dir: TempDir,
    pub(crate) folder: Folder,
    pub(crate) guards: PathBuf,
}

impl Hospital {
    /// Founded, with four people and one crisis; closed.
    pub(crate) fn founded() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (folder, guards) = (Folder::at(dir.path().join("data")), dir.path().join("guards"));
        let hospital = Self { dir, folder, guards };
        Ledger::<State>::found(&hospital.folder, founding(), &env(), &hospital.options()).unwrap();
        hospital.open().submit_wait(crisis_opened()).unwrap();
        hospital
    }

    /// After a crisis: facts, decisions, actions, corrections, requests of several entries, an attachment, an erasure,
    /// a laptop that came back, two entries that wait for a third. 300 entries; closed.
    pub(crate) fn after_a_crisis() -> Self {
        let hospital = Self::founded();
        let ledger = hospital.open();
        write_crisis(&ledger, &hospital.folder);
        drop(ledger);
        let laptop = hospital.replica();
        let there = laptop.open();
        for n in 0..40 {
            there.submit_wait(fact(&format!("du portable, n° {n}"))).unwrap();
        }
        drop(there);
        let mut brought = laptop.entries();
        let late = brought.split_off(brought.len() - 3);
        let ledger = hospital.open();
        ledger.merge(brought).unwrap();
        ledger.merge(late[1..].to_vec()).unwrap();
        while ledger.view().entries < 300 {
            ledger.submit_wait(fact("et la vie continue")).unwrap();
        }
        assert_eq!((ledger.view().entries, ledger.view().parked), (300, 2));
        drop(ledger);
        hospital
    }

    pub(crate) fn options(&self) -> Options {
        Options { guard_dir: Some(self.guards.clone()), ..Options::default() }
    }

    pub(crate) fn try_open(&self) -> Result<Ledger<State>, StoreError> {
        Ledger::open(&self.folder, env(), self.options())
    }

    pub(crate) fn open(&self) -> Ledger<State> {
        self.try_open().unwrap()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.folder.journal_db()).unwrap()
    }

    /// What `verify` finds with this machine's memory.
    pub(crate) fn verified(&self) -> Report {
        self.verified_against(&[])
    }

    pub(crate) fn verified_against(&self, against: &[(String, Against)]) -> Report {
        verify(&self.folder, Some(&self.guards), against).unwrap()
    }

    /// Another laptop of the establishment, enrolled with a key and a memory of its own.
    pub(crate) fn replica(&self) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (folder, guards) = (Folder::at(dir.path().join("data")), dir.path().join("guards"));
        copy_dir(self.folder.path(), folder.path());
        std::fs::remove_file(folder.keys().join("device.key")).unwrap();
        folder.key_or_new("device.key", &env().bytes()).unwrap();
        Self { dir, folder, guards }
    }

    /// All entries, in order of arrival.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        let reader = store::schema::open_reader(&self.folder.journal_db()).unwrap();
        let stored = store::rows::after(&reader, 0, 1_000_000).unwrap();
        stored.into_iter().map(|s| s.entry.unwrap()).collect()
    }

    /// The same folder under another name, as a person would copy it.
    pub(crate) fn copied(&self, name: &str) -> Folder {
        let to = self.path(name);
        copy_dir(self.folder.path(), &to);
        Folder::at(to)
    }
}

pub(crate) fn verify(folder: &Folder, guards: Option<&Path>, against: &[(String, Against)]) -> Result<Report, StoreError> {
    store::verify::verify(folder, State::NEVER_ERASED, guards, against, |_, _| {}).map(|verified| verified.report)
}

pub(crate) fn copy_dir(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for item in std::fs::read_dir(from).unwrap() {
        let path = item.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_dir(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

/// The real clock and real chance.
pub(crate) fn env() -> Env {
    let now = || i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap();
    Env { now_ms: Arc::new(now), random: Arc::new(|bytes| getrandom::fill(bytes).unwrap()) }
}

/// A number below `bound` from a seed that moves on (splitmix64): chance that replays.
pub(crate) fn below(seed: &mut u64, bound: u64) -> u64 {
    *seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *seed;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (z ^ (z >> 31)) % bound
}

pub(crate) fn founding() -> Founding {
    let people = [
        (DIRECTOR, Role::Direction, "A. Morel"),
        (ADMINISTRATOR, Role::Administrator, "B. Petit"),
        (SECRETARY, Role::Secretary, "C. Lenoir"),
        (OBSERVER, Role::Observer, "D. Roux"),
    ];
    let named = EstablishmentNamed {
        name: "CH de Valmont".to_owned(),
        time_zone: "Europe/Paris".to_owned(),
        ..EstablishmentNamed::default()
    };
    let mut drafts = vec![Event::EstablishmentNamed(named).draft(SubjectId([0; 16]))];
    for (actor, role, name) in people {
        drafts.push(Draft::of_act(&AuthorityAct::RoleGranted { actor, role: role.name().to_owned(), rank: role.rank() }));
        let person = PersonNamed { name: name.to_owned(), function: role.label().to_owned() };
        drafts.push(Event::PersonNamed(person).draft(SubjectId(actor.0)));
    }
    Founding { mode: Mode::Exercise, device: "poste de garde".to_owned(), drafts }
}

pub(crate) fn request() -> RequestId {
    RequestId(env().bytes())
}

pub(crate) fn by(actor: ActorId, drafts: Vec<Draft>) -> Submission {
    Submission { request: request(), author: Author { actor, auth: Auth::Password }, drafts }
}

pub(crate) fn crisis_opened() -> Submission {
    by(DIRECTOR, vec![opening_of(CRISIS)])
}

pub(crate) fn opening_of(crisis: SubjectId) -> Draft {
    let opened = CrisisOpened {
        title: "Rançongiciel".to_owned(),
        level: Level::Alert,
        occurred_at: None,
        known_at: None,
        ..CrisisOpened::default()
    };
    Event::CrisisOpened(opened).draft(crisis)
}

pub(crate) fn logged(entry_type: EntryType, text: &str) -> Draft {
    Logged::new(entry_type, text).into_event().draft(CRISIS)
}

/// The secretary logs a fact.
pub(crate) fn fact(text: &str) -> Submission {
    by(SECRETARY, vec![logged(EntryType::Fact, text)])
}

/// Logs `count` facts and returns their ids.
pub(crate) fn fill(ledger: &Ledger<State>, count: usize) -> Vec<EntryId> {
    (0..count).map(|n| ledger.submit_wait(fact(&format!("fait n° {n}"))).unwrap().entries[0]).collect()
}

fn write_crisis(ledger: &Ledger<State>, folder: &Folder) {
    let content = b"capture d'\xc3\xa9cran";
    let hash = store::blobs::Blobs::of(folder).keep(content).unwrap();
    let mut line = Logged::new(EntryType::Fact, "voir la capture");
    line.attachments = vec![Attachment { hash, len: content.len() as u64, name: "écran.png".to_owned() }];
    let shot = ledger.submit_wait(by(SECRETARY, vec![line.into_event().draft(CRISIS)])).unwrap().entries[0];
    let correction = EntryCorrected { entry: shot, text: "voir la capture d’écran".to_owned(), supersedes: vec![shot] };
    ledger.submit_wait(by(SECRETARY, vec![Event::EntryCorrected(correction).draft(CRISIS)])).unwrap();
    for n in 0..60 {
        let text = format!("n° {n} : le service de garde signale une anomalie");
        ledger.submit_wait(fact(&text)).unwrap();
        ledger.submit_wait(by(DIRECTOR, vec![logged(EntryType::Decision, &text)])).unwrap();
        ledger.submit_wait(by(SECRETARY, vec![logged(EntryType::Action, &text), logged(EntryType::Call, &text)])).unwrap();
    }
    let erased = ledger.submit_wait(fact("identité d’un patient")).unwrap().entries[0];
    let asked = AuthorityAct::ErasureAsked { entry: erased, reason: "identité".to_owned() };
    let asked = ledger.submit_wait(by(DIRECTOR, vec![Draft::of_act(&asked)])).unwrap().entries[0];
    let granted = AuthorityAct::Erased { entry: erased, asked };
    ledger.submit_wait(by(ADMINISTRATOR, vec![Draft::of_act(&granted)])).unwrap();
}

/// Words of the log, in order.
pub(crate) fn texts(ledger: &Ledger<State>) -> Vec<String> {
    let view = ledger.view();
    view.state
        .crises
        .get(&CRISIS)
        .map_or(Vec::new(), |c| c.log.iter().map(|e| e.words().unwrap_or("(effacé)").to_owned()).collect())
}
