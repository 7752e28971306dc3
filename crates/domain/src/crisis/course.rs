//! The course of a crisis: how it is framed, handed over from shift to shift, lifted and opened again.

use super::Crisis;
use super::event::{Closed, Level};
use crate::versions::{Versions, Write};
use journal::{ActorId, EntryId, SubjectId};
use serde::Serialize;

/// What a crisis is thought to be. Times are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Frame {
    /// What it is.
    pub title: String,
    /// Doubt, alert or crisis.
    pub level: Level,
    /// When it began: T0.
    pub occurred_at: i64,
    /// When a sign of it was first seen.
    pub detected_at: Option<i64>,
    /// When the establishment became aware of it: legal delays start here.
    pub known_at: i64,
    /// Sites and establishments that it concerns.
    pub sites: Vec<SubjectId>,
    /// Why it was set anew; empty at the opening.
    pub reason: String,
}

/// A shift handed over to the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Handover {
    /// The entry that says so.
    pub id: EntryId,
    /// Who hands over.
    pub by: ActorId,
    /// When, by their clock, milliseconds since 1970.
    pub wall: i64,
    /// Which cell, when not the whole room.
    pub cell: Option<SubjectId>,
    /// Who takes over.
    pub to: String,
    /// What they must know.
    pub summary: String,
    /// Words of the log's head, printed on paper.
    pub words: String,
    /// How many lines the log had.
    pub lines: u64,
}

/// The crisis was lifted, or opened again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Turn {
    /// The entry that says so.
    pub id: EntryId,
    /// Whose entry it is.
    pub by: ActorId,
    /// When, by their clock, milliseconds since 1970.
    pub wall: i64,
    /// Which of the two.
    pub step: Step,
}

/// Lifted, or opened again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Lifted: why, what remains, who decided.
    Lifted(Closed),
    /// Opened again: why.
    Reopened(String),
}

impl Turn {
    /// What was said when the crisis was lifted.
    pub fn lifting(&self) -> Option<&Closed> {
        match &self.step {
            Step::Lifted(closed) => Some(closed),
            Step::Reopened(_) => None,
        }
    }
}

impl Crisis {
    /// How the crisis was framed, oldest first.
    pub fn frames(&self) -> &Versions<Frame> {
        &self.frames
    }

    /// Frames that contradict each other: two people set the crisis anew without seeing each other. Empty when none does.
    pub fn frames_in_conflict(&self) -> Vec<&Write<Frame>> {
        let survivors = self.frames.survivors();
        let same = survivors.windows(2).all(|pair| pair[0].value == pair[1].value);
        if same { Vec::new() } else { survivors }
    }

    /// The frame to show now.
    pub fn frame(&self) -> &Frame {
        &self.frames.current().value
    }

    /// Liftings and reopenings, in the journal's order.
    pub fn turns(&self) -> &[Turn] {
        &self.turns
    }

    /// The lifting in force, if the crisis is lifted.
    pub fn lifted(&self) -> Option<&Turn> {
        self.turns.last().filter(|turn| turn.lifting().is_some())
    }

    /// Hand-overs, in the journal's order.
    pub fn handovers(&self) -> &[Handover] {
        &self.handovers
    }

    /// The hand-over since which somebody reads: the last in which they handed over or, by name, took over; else the last.
    pub fn last_handover_of(&self, actor: &ActorId, name: &str) -> Option<&Handover> {
        let concerns = |h: &&Handover| h.by == *actor || (!name.is_empty() && h.to.contains(name));
        self.handovers.iter().rev().find(concerns).or_else(|| self.handovers.last())
    }
}
