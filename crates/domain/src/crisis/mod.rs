//! The crisis: its log, and what the log asks people to do.

pub mod apply;
pub mod check;
pub mod event;
pub mod facts;

use crate::versions::Versions;
use event::{Attachment, EntryType, Level};
use imbl::{OrdMap, Vector};
use journal::{ActorId, EntryId, Standing, SubjectId};
use serde::{Serialize, Serializer};
use std::sync::Arc;

/// Who is to do something and by when.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Assignment {
    /// Who.
    pub owner: Option<String>,
    /// By when, milliseconds since 1970.
    pub due_at: Option<i64>,
}

/// A first signer asked that a wording be dropped everywhere; a second one may grant it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErasureAsk {
    /// The entry that asks.
    pub id: EntryId,
    /// The entry whose words it is about: the line, or one of its corrections.
    pub entry: EntryId,
    /// Who asked.
    pub by: ActorId,
    /// When, by their clock, milliseconds since 1970.
    pub wall: i64,
    /// Why.
    pub reason: String,
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogEntry {
    /// The journal entry.
    pub id: EntryId,
    /// Its type.
    pub entry_type: EntryType,
    /// Its words, corrections included; `None` once erased.
    pub text: Option<Versions<Arc<str>>>,
    /// Who typed it.
    pub typist: ActorId,
    /// Who said it, when somebody else.
    pub speaker: Option<String>,
    /// When it was typed, by the typist's clock, milliseconds since 1970.
    pub wall: i64,
    /// When it happened, when that differs.
    pub occurred_at: Option<i64>,
    /// Owner and due time.
    pub assignment: Option<Versions<Assignment>>,
    /// The entry that says it is done or answered.
    pub closed_by: Option<EntryId>,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// What it is worth.
    #[serde(serialize_with = "standing_name")]
    pub standing: Standing,
    /// Requests, by a first signer, that these words be dropped.
    pub erasure_asks: Vec<ErasureAsk>,
    /// Corrections by people without authority: shown, they strike nothing.
    pub remarks: Vec<(EntryId, String)>,
}

fn standing_name<S: Serializer>(standing: &Standing, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{standing:?}"))
}

impl LogEntry {
    /// When it happened: the time told, else the time typed.
    pub fn happened_at(&self) -> i64 {
        self.occurred_at.unwrap_or(self.wall)
    }

    /// The words to show now.
    pub fn words(&self) -> Option<&str> {
        self.text.as_ref().map(|t| &*t.current().value)
    }

    /// Owner and due time to show now.
    pub fn assigned(&self) -> Assignment {
        self.assignment.as_ref().map(|a| a.current().value.clone()).unwrap_or_default()
    }

    /// Whether it is still to be done or answered.
    pub fn is_open_task(&self) -> bool {
        let asks = match self.entry_type {
            EntryType::Action | EntryType::Question => true,
            // A decision with nobody to carry it out is a task only while it is incomplete.
            EntryType::Decision => true,
            _ => false,
        };
        asks && self.closed_by.is_none() && self.standing.has_authority() && self.text.is_some()
    }

    /// An action or a decision without an owner or a due time: recorded, badged « à compléter » and asked for.
    pub fn is_incomplete(&self) -> bool {
        let needs = matches!(self.entry_type, EntryType::Action | EntryType::Decision);
        let assigned = self.assigned();
        needs && self.is_open_task() && (assigned.owner.is_none() || assigned.due_at.is_none())
    }

    /// Whether it should have been done by then (milliseconds since 1970).
    pub fn is_late(&self, now: i64) -> bool {
        self.is_open_task() && self.assigned().due_at.is_some_and(|due| due < now)
    }
}

/// A crisis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Crisis {
    /// Its id.
    pub id: SubjectId,
    /// The entry that opened it.
    pub opened_by: EntryId,
    /// Rank among the crises of this journal, from 0.
    pub order: u64,
    /// What it is.
    pub title: String,
    /// How serious.
    pub level: Level,
    /// When it began (T0), milliseconds since 1970.
    pub occurred_at: i64,
    /// When it was known.
    pub known_at: i64,
    /// The log, in the journal's order.
    pub log: Vector<LogEntry>,
    /// Place of each entry in the log.
    index: OrdMap<EntryId, u64>,
    /// Places of entries that ask for something.
    tasks: Vector<u64>,
    /// Whether wall times went backwards somewhere: then, and only then, badges must be worked out.
    walls_disordered: bool,
    /// Latest wall time so far.
    wall_max: i64,
}

impl Crisis {
    /// An entry of the log.
    pub fn entry(&self, id: &EntryId) -> Option<&LogEntry> {
        self.log.get(usize::try_from(*self.index.get(id)?).ok()?)
    }

    /// The line that an entry wrote or corrected.
    pub fn line_of(&self, id: &EntryId) -> Option<&LogEntry> {
        self.entry(id).or_else(|| self.log.iter().find(|l| l.text.as_ref().is_some_and(|t| t.all().any(|w| w.id == *id))))
    }

    /// What is still to be done or answered: late first, then by due time, then what has no due time, in log order.
    pub fn open_tasks(&self) -> Vec<&LogEntry> {
        let at = |place: &u64| usize::try_from(*place).ok().and_then(|p| self.log.get(p));
        let mut open: Vec<&LogEntry> = self.tasks.iter().filter_map(at).filter(|e| e.is_open_task()).collect();
        open.sort_by_key(|e| (e.assigned().due_at.unwrap_or(i64::MAX), e.wall));
        open
    }

    /// Which entries of the log claim a time that the others contradict, by place; empty when none does.
    pub fn contradicted_walls(&self) -> Vec<bool> {
        if !self.walls_disordered {
            return Vec::new();
        }
        let walls: Vec<i64> = self.log.iter().map(|e| e.wall).collect();
        journal::clock::contradicted(&walls)
    }
}
