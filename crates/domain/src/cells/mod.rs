//! The cells of a crisis: who sits together, where, how often, and when next.

pub mod apply;
pub mod check;
pub mod event;
pub mod facts;

use crate::versions::Versions;
use event::{CellKind, CellSet, MemberSet, Rhythm};
use imbl::{OrdMap, Vector};
use journal::{ActorId, EntryId, SubjectId};
use serde::Serialize;

const DAY_MINUTES: u32 = 24 * 60;

impl CellKind {
    /// All kinds, in the order of the screen.
    pub const ALL: [Self; 7] = [
        Self::Decisional,
        Self::Operational,
        Self::It,
        Self::Communication,
        Self::Coordination,
        Self::Investigation,
        Self::Other,
    ];

    /// The name in code and in the journal.
    pub fn name(self) -> &'static str {
        match self {
            Self::Decisional => "decisional",
            Self::Operational => "operational",
            Self::It => "it",
            Self::Communication => "communication",
            Self::Coordination => "coordination",
            Self::Investigation => "investigation",
            Self::Other => "other",
        }
    }

    /// From its name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The name a cell of this kind usually takes.
    pub fn label(self) -> &'static str {
        match self {
            Self::Decisional => "Cellule décisionnelle",
            Self::Operational => "Cellule opérationnelle",
            Self::It => "Cellule informatique",
            Self::Communication => "Cellule communication",
            Self::Coordination => "Coordination générale",
            Self::Investigation => "Cellule investigation",
            Self::Other => "Autre cellule",
        }
    }

    /// How often a cell of this kind usually meets (direction and IT twice a day at first, general coordination three
    /// times a week).
    pub fn usual_rhythm(self) -> Option<Rhythm> {
        match self {
            Self::Decisional | Self::Operational | Self::It => Some(Rhythm { times: 2, days: 1 }),
            Self::Communication | Self::Investigation => Some(Rhythm { times: 1, days: 1 }),
            Self::Coordination => Some(Rhythm { times: 3, days: 7 }),
            Self::Other => None,
        }
    }
}

/// How long between two meetings. Days are calendar days: the clock time stays the same across a clock change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// So many days later, at the same clock time.
    Days(u32),
    /// So many minutes later.
    Minutes(u32),
}

impl Rhythm {
    /// How long after one meeting the next one is proposed.
    pub fn gap(self) -> Gap {
        let (times, days) = (u32::from(self.times).max(1), u32::from(self.days).max(1));
        if times <= days { Gap::Days(days / times) } else { Gap::Minutes(days * DAY_MINUTES / times) }
    }
}

/// A meeting that was held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Meeting {
    /// The entry that says so.
    pub id: EntryId,
    /// Who wrote it.
    pub by: ActorId,
    /// When it began, milliseconds since 1970.
    pub at: i64,
    /// What came out of it.
    pub summary: String,
}

/// A cell has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ending {
    /// The entry that says so.
    pub id: EntryId,
    /// Who wrote it.
    pub by: ActorId,
    /// When, by their clock, milliseconds since 1970.
    pub wall: i64,
    /// Why.
    pub reason: String,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// Its id.
    pub id: SubjectId,
    /// Rank among the cells of its crisis, from 0.
    pub order: u64,
    /// What it is, where, how often.
    pub settings: Versions<CellSet>,
    /// Lines of its rota, each with its own history.
    pub rota: OrdMap<SubjectId, Versions<MemberSet>>,
    /// Meetings held, in the journal's order.
    pub meetings: Vector<Meeting>,
    /// When it meets next, as said last, milliseconds since 1970.
    pub next_at: Option<i64>,
    /// Set once it was stood down; setting it again ends that.
    pub ended: Option<Ending>,
}

impl Cell {
    /// Its settings to show now.
    pub fn set(&self) -> &CellSet {
        &self.settings.current().value
    }

    /// Its members, by beginning of their turn, then by name.
    pub fn members(&self) -> Vec<&MemberSet> {
        let mut present: Vec<&MemberSet> = self.rota.values().map(|v| &v.current().value).filter(|m| !m.left).collect();
        present.sort_by(|a, b| (a.from, a.until, &a.name).cmp(&(b.from, b.until, &b.name)));
        present
    }

    /// Members whose turn it is at a moment (milliseconds since 1970); those without times always are.
    pub fn on_turn(&self, now: i64) -> Vec<&MemberSet> {
        let mut members = self.members();
        members.retain(|m| m.from.is_none_or(|from| from <= now) && m.until.is_none_or(|until| until > now));
        members
    }
}

/// The cells of one crisis.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Cells {
    /// By id.
    pub all: OrdMap<SubjectId, Cell>,
}

impl Cells {
    /// Cells that sit, the next to meet first, those without a next meeting after, in the order they were set up.
    pub fn sitting(&self) -> Vec<&Cell> {
        let mut sitting: Vec<&Cell> = self.all.values().filter(|c| c.ended.is_none()).collect();
        sitting.sort_by_key(|c| (c.next_at.unwrap_or(i64::MAX), c.order, c.id));
        sitting
    }

    /// Cells stood down, in the order they were set up.
    pub fn stood_down(&self) -> Vec<&Cell> {
        let mut ended: Vec<&Cell> = self.all.values().filter(|c| c.ended.is_some()).collect();
        ended.sort_by_key(|c| (c.order, c.id));
        ended
    }
}
