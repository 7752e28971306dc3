//! The state of an establishment: a fold over its journal. Cheap to clone (persistent maps share their structure).

use crate::access::Access;
use crate::actions::Actions;
use crate::campaign::Campaigns;
use crate::cartography::Cartography;
use crate::cells::Cells;
use crate::checklist::Checklists;
use crate::crisis::Crisis;
use crate::event::Event;
use crate::exercise::Exercises;
use crate::legal::Legal;
use crate::refusal::Refusal;
use crate::register::Register;
use crate::situation::Situation;
use crate::{access, crisis, register};
use imbl::{OrdMap, Vector};
use journal::write::{Author, Draft};
use journal::{AuthorityAct, EntryId, Fold, Hash, Seen, Standing, SubjectId};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Most entries of unknown kinds shown raw; the others are kept in the journal and counted.
pub const RAW_SHOWN_MAX: usize = 1_000;

/// An entry this program cannot read, shown as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Raw {
    /// The entry.
    pub id: EntryId,
    /// Its kind.
    pub kind: String,
    /// Version of the kind.
    pub kind_version: u16,
    /// What it is about.
    pub subject: SubjectId,
    /// When its writer's clock said, milliseconds since 1970.
    pub wall: i64,
    /// Its body as text, `None` once erased.
    pub body: Option<String>,
}

/// Everything known.
#[derive(Debug, Clone, Default, Serialize)]
pub struct State {
    /// Establishment, people, roles.
    pub register: Register,
    /// Crises by id.
    pub crises: OrdMap<SubjectId, Crisis>,
    /// Activities and applications.
    pub cartography: Cartography,
    /// Cells by crisis.
    pub cells: OrdMap<SubjectId, Cells>,
    /// What works and what does not, by crisis.
    pub situations: OrdMap<SubjectId, Situation>,
    /// Legal clocks, complaint, evidence, claims, by crisis.
    pub legal: OrdMap<SubjectId, Legal>,
    /// Gestures to tick, by crisis.
    pub checklists: OrdMap<SubjectId, Checklists>,
    /// Exercises, kits, what remains of them.
    pub exercises: Exercises,
    /// Accounts, emergency codes, recoveries.
    pub access: Access,
    /// The action plan and the boards that follow it.
    pub actions: Actions,
    /// Campaigns of exercises.
    pub campaigns: Campaigns,
    /// Entries of unknown kinds.
    pub raw: Vector<Raw>,
    /// How many there are in all.
    pub raw_count: u64,
}

impl State {
    /// The crisis opened last, if any.
    pub fn latest_crisis(&self) -> Option<&Crisis> {
        self.crises.values().max_by_key(|c| (c.order, c.id))
    }

    /// What an exercise starts from: the establishment as it is, without its crises, and of its exercises this one alone.
    pub fn branch(&self, exercise: &SubjectId) -> Self {
        let mut all = OrdMap::new();
        if let Some(mine) = self.exercises.all.get(exercise) {
            all.insert(*exercise, mine.clone());
        }
        Self {
            register: self.register.clone(),
            cartography: self.cartography.clone(),
            access: self.access.clone(),
            exercises: Exercises { all, branch: Some(*exercise), ..Exercises::default() },
            ..Self::default()
        }
    }

    fn keep_raw(&mut self, entry: &Seen<'_>) {
        self.raw_count += 1;
        if self.raw.len() < RAW_SHOWN_MAX {
            let header = entry.header;
            self.raw.push_back(Raw {
                id: entry.id,
                kind: header.kind.clone(),
                kind_version: header.kind_version,
                subject: header.subject,
                wall: header.wall,
                body: entry.body.map(|b| String::from_utf8_lossy(b).into_owned()),
            });
        }
    }
}

impl Fold for State {
    const NEVER_ERASED: &'static [&'static str] = &[
        "crisis.decision_taken",
        "crisis.opened",
        "crisis.closed",
        "crisis.reopened",
        "exercise.opened",
        "exercise.closed",
        "exercise.clock_set",
    ];

    fn apply(&mut self, entry: &Seen<'_>) {
        if entry.standing == Standing::Partial {
            return;
        }
        let header = entry.header;
        if header.kind.starts_with("journal.") {
            return;
        }
        if let Some(act) = entry.body.and_then(|b| AuthorityAct::decode(&header.kind, header.kind_version, b)) {
            if let AuthorityAct::ErasureAsked { entry: about, reason } = &act {
                return crisis::apply::erasure_asked(self, entry, *about, reason);
            }
            access::apply::act(&mut self.access, entry, &act);
            return register::apply::act(&mut self.register, entry, &act);
        }
        let Some(body) = entry.body else { return crisis::apply::erased(self, entry) };
        match Event::decode(&header.kind, header.kind_version, body) {
            Some(event) => event.apply(self, entry),
            None => self.keep_raw(entry),
        }
    }

    fn root(&self) -> Hash {
        let mut hasher = Sha256::new();
        let sorted = serde_json::to_writer(HashWriter(&mut hasher), self);
        debug_assert!(sorted.is_ok(), "hashing cannot fail");
        Hash(hasher.finalize().into())
    }
}

struct HashWriter<'a>(&'a mut Sha256);

impl std::io::Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl store::Ruled for State {
    type Refusal = Refusal;

    fn check(&self, author: &Author, draft: &Draft) -> Result<(), Refusal> {
        if let Some(act) = AuthorityAct::decode(&draft.kind, draft.kind_version, &draft.body) {
            register::check::act(&self.register, author, &act)?;
            access::check::act(self, author, &act)?;
            return crisis::check::erasure(self, author, &act);
        }
        let unknown =
            || Refusal::new("unknown_kind", "Ce type d’événement n’est pas connu de cette version, ou il est mal rempli.");
        let event = Event::decode(&draft.kind, draft.kind_version, &draft.body).ok_or_else(unknown)?;
        event.check(self, author, draft.subject)
    }
}
