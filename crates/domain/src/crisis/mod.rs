//! The crisis: its log, what the log asks people to do, and its course.

pub mod apply;
pub mod check;
pub mod course;
pub mod event;
pub mod facts;
pub mod line;
mod tally;

pub use course::{Frame, Handover, Step, Turn};
pub use line::{Approval, Assignment, ErasureAsk, LogEntry};

use crate::versions::Versions;
use event::{EntryType, Level};
use imbl::{OrdMap, Vector};
use journal::{ActorId, EntryId, SubjectId};
use serde::Serialize;
use tally::Tally;

/// A crisis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Crisis {
    /// Its id.
    pub id: SubjectId,
    /// The entry that opened it.
    pub opened_by: EntryId,
    /// When it was opened, by the clock of whoever did, milliseconds since 1970.
    pub opened_wall: i64,
    /// Rank among the crises of this journal, from 0.
    pub order: u64,
    /// What it is.
    pub title: String,
    /// How serious.
    pub level: Level,
    /// When it began (T0), milliseconds since 1970.
    pub occurred_at: i64,
    /// When a sign of it was first seen.
    pub detected_at: Option<i64>,
    /// When it was known.
    pub known_at: i64,
    /// How it was framed; what is above repeats the frame to show now.
    frames: Versions<Frame>,
    /// Liftings and reopenings.
    turns: Vec<Turn>,
    /// Hand-overs between shifts.
    handovers: Vec<Handover>,
    /// The log, in the journal's order.
    pub log: Vector<LogEntry>,
    /// Place of each entry in the log.
    index: OrdMap<EntryId, u64>,
    /// Places of entries that ask for something.
    tasks: Vector<u64>,
    /// Places of acts done before anybody approved them.
    unapproved: Vector<u64>,
    /// The first line that says that the data protection officer (DPO) was told or is there.
    dpo_told: Option<EntryId>,
    /// What is counted of the log.
    #[serde(skip)]
    tally: Tally,
}

impl Crisis {
    fn at(&self, place: u64) -> Option<&LogEntry> {
        usize::try_from(place).ok().and_then(|p| self.log.get(p))
    }

    /// An entry of the log.
    pub fn entry(&self, id: &EntryId) -> Option<&LogEntry> {
        self.at(*self.index.get(id)?)
    }

    /// Place of an entry in the log, from 0.
    pub fn place(&self, id: &EntryId) -> Option<u64> {
        self.index.get(id).copied()
    }

    /// The line that an entry wrote or corrected.
    pub fn line_of(&self, id: &EntryId) -> Option<&LogEntry> {
        self.entry(id).or_else(|| self.log.iter().find(|l| l.text.as_ref().is_some_and(|t| t.all().any(|w| w.id == *id))))
    }

    fn open(&self) -> impl Iterator<Item = &LogEntry> {
        self.tally.open.iter().filter_map(|place| self.at(*place))
    }

    /// How many lines of a type.
    pub fn count(&self, entry_type: EntryType) -> u64 {
        self.tally.of_type(entry_type)
    }

    /// Who typed lines.
    pub fn typists(&self) -> impl Iterator<Item = &ActorId> {
        self.tally.typists.iter()
    }

    /// What is still to be done or answered: late first, then by due time, then what has no due time, in log order.
    pub fn open_tasks(&self) -> Vec<&LogEntry> {
        let mut open: Vec<&LogEntry> = self.open().collect();
        open.sort_by_key(|e| (e.assigned().due_at.unwrap_or(i64::MAX), e.wall));
        open
    }

    /// Decisions, in log order.
    pub fn decisions(&self) -> impl Iterator<Item = &LogEntry> {
        self.tasks.iter().filter_map(|p| self.at(*p)).filter(|e| e.entry_type == EntryType::Decision)
    }

    /// The last decisions still to be carried out, newest first, so many at most.
    pub fn open_decisions(&self, most: usize) -> Vec<&LogEntry> {
        let newest = self.tally.open.iter().rev().filter_map(|place| self.at(*place));
        newest.filter(|e| e.entry_type == EntryType::Decision).take(most).collect()
    }

    /// Acts done before anybody approved them and still to be approved, in log order.
    pub fn awaiting_approval(&self) -> Vec<&LogEntry> {
        self.unapproved.iter().filter_map(|p| self.at(*p)).filter(|e| e.awaits_approval()).collect()
    }

    /// Decisions to be looked at again by then (milliseconds since 1970), the longest due first.
    pub fn to_review(&self, now: i64) -> Vec<&LogEntry> {
        let mut due: Vec<&LogEntry> =
            self.open().filter(|e| e.entry_type == EntryType::Decision && e.is_to_review(now)).collect();
        due.sort_by_key(|e| e.assigned().review_at);
        due
    }

    /// The first line that says that the data protection officer was told or is there.
    pub fn dpo_told(&self) -> Option<&LogEntry> {
        self.entry(self.dpo_told.as_ref()?)
    }

    /// Which entries of the log, from a place on, claim a time that the others contradict (see
    /// [`journal::clock::contradicted`]); empty when clocks never went back.
    pub fn contradicted_since(&self, place: usize) -> Vec<bool> {
        self.tally.contradicted_since(place)
    }
}
