//! Exercises: kits, the chronogramme, its conduct in a branch, what is read off it, and what remains.
//!
//! An exercise is planned in the establishment's journal. When it opens, a branch starts from the real state (see
//! [`crate::State::branch`]); everything that is played is recorded there. The establishment's journal keeps the opening, the
//! closing with its results, the findings and the report.

pub mod apply;
pub mod check;
pub mod clock;
pub mod event;
pub mod facts;
pub mod fill;
mod readings;
pub mod results;

use crate::register::Role;
use crate::versions::Versions;
use clock::{Clock, Run};
use event::conduct::{Debriefed, Grade, Observed, Remarked};
use event::outcome::{Closed, FindingSet, ReportSet};
use event::scenario::{Inject, Scenario};
use event::{Opened, Part, ParticipantSet};
use imbl::{OrdMap, Vector};
use journal::{ActorId, EntryId, SubjectId};
use serde::Serialize;
use std::sync::Arc;

/// Kinds whose words are for those who run the exercise, until it is closed.
pub const SECRET_KINDS: [&str; 4] =
    ["exercise.planned", "exercise.scenario_set", "exercise.inject_set", "exercise.injects_imported"];
/// Milliseconds of a minute.
pub const MINUTE_MS: i64 = 60_000;

/// Exercises and kits of an establishment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Exercises {
    /// Exercises by id.
    pub all: OrdMap<SubjectId, Exercise>,
    /// Kits that came by file, by id.
    pub kits: OrdMap<SubjectId, Arc<event::kit::KitAdopted>>,
    /// In the branch of an exercise: which one is played here.
    pub branch: Option<SubjectId>,
}

/// A word of somebody, with when and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said<T> {
    /// The entry.
    pub id: EntryId,
    /// Who.
    pub by: ActorId,
    /// When, by their clock, milliseconds since 1970.
    pub wall: i64,
    /// What.
    pub what: T,
}

/// How an inject went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Played {
    /// Its wordings.
    pub written: Versions<Arc<Inject>>,
    /// It was taken out.
    pub removed: bool,
    /// When it was played, milliseconds since 1970, and whether by hand.
    pub fired: Option<Said<(i64, bool)>>,
    /// Why it will not be played.
    pub skipped: Option<Said<String>>,
    /// Its new minute, when it was moved.
    pub moved_to: Option<u32>,
    /// How the players reacted, as facilitators saw it, in order.
    pub reactions: Vector<Said<(Grade, String)>>,
    /// Players who opened it, and when (milliseconds since 1970).
    pub read_by: OrdMap<ActorId, i64>,
}

impl Played {
    /// The inject as it is now.
    pub fn inject(&self) -> &Inject {
        &self.written.current().value
    }

    /// Minute after DEBEX at which it is due; none: in reserve.
    pub fn due_minute(&self) -> Option<u32> {
        self.moved_to.or(self.inject().at)
    }

    /// Exercise time at which it is due, milliseconds after DEBEX.
    pub fn due_offset(&self) -> Option<i64> {
        self.due_minute().map(|minute| i64::from(minute) * MINUTE_MS)
    }

    /// Whether it is still to be played.
    pub fn is_pending(&self) -> bool {
        !self.removed && self.fired.is_none() && self.skipped.is_none()
    }

    /// The last word on the players' reaction.
    pub fn reaction(&self) -> Option<&Said<(Grade, String)>> {
        self.reactions.last()
    }
}

/// Somebody takes part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Participant {
    /// As what, in which team.
    pub set: ParticipantSet,
    /// When they answered the comms check, milliseconds since 1970.
    pub reached: Option<i64>,
    /// Where they sit or how they are reached, in their words.
    pub whereabouts: String,
}

/// An exercise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exercise {
    /// Its id.
    pub id: SubjectId,
    /// Rank among the exercises of this journal, from 0.
    pub order: u64,
    /// Who planned it.
    pub planned_by: ActorId,
    /// When it was planned, by their clock, milliseconds since 1970.
    pub planned_wall: i64,
    /// The campaign it answers; empty for none.
    pub campaign: String,
    /// What is played.
    pub frames: Versions<Arc<Scenario>>,
    /// The chronogramme, by inject key.
    pub injects: OrdMap<String, Arc<Played>>,
    /// Who takes part.
    pub people: OrdMap<ActorId, Participant>,
    /// Answers to the preparation questionnaire, by question.
    pub prepared: OrdMap<String, String>,
    /// Its branch, once open.
    pub opened: Option<Said<Opened>>,
    /// Why it will not be played.
    pub cancelled: Option<Said<String>>,
    /// Its clock. In the branch only.
    pub clock: Clock,
    /// What observers judged, by criterion then by observer: the last word of each. In the branch only.
    pub observed: OrdMap<String, OrdMap<ActorId, Said<Observed>>>,
    /// Remarks, in order. In the branch only.
    pub remarks: Vector<Said<Arc<Remarked>>>,
    /// Answers to the hot debrief, by participant. In the branch only.
    pub debriefs: OrdMap<ActorId, Said<Debriefed>>,
    /// What it came to. In the establishment's journal.
    pub closed: Option<Said<Arc<Closed>>>,
    /// Findings of the report.
    pub findings: OrdMap<SubjectId, Versions<FindingSet>>,
    /// Words of the report.
    pub report: Option<Versions<ReportSet>>,
}

impl Exercise {
    /// What is played.
    pub fn scenario(&self) -> &Scenario {
        &self.frames.current().value
    }

    /// What somebody does in it; `None` for who takes no part.
    pub fn part(&self, actor: &ActorId) -> Option<Part> {
        self.people.get(actor).filter(|p| !p.set.left).map(|p| p.set.part)
    }

    /// The team of a player.
    pub fn team(&self, actor: &ActorId) -> Option<&str> {
        self.people.get(actor).filter(|p| !p.set.left && p.set.part == Part::Player).map(|p| p.set.team.as_str())
    }

    /// Whether somebody runs it: knows the chronogramme.
    pub fn is_run_by(&self, actor: &ActorId) -> bool {
        self.part(actor) == Some(Part::Facilitator)
    }

    /// The role of somebody in the branch: those who play may write there, those who observe do not show, the others keep theirs.
    pub fn role_inside(&self, actor: &ActorId, held: Role) -> Role {
        match self.part(actor) {
            Some(Part::Player | Part::Facilitator) if held == Role::Observer => Role::Member,
            Some(Part::Observer) => Role::Observer,
            _ => held,
        }
    }

    /// Who takes part as that.
    pub fn taking_part(&self, part: Part) -> impl Iterator<Item = (&ActorId, &Participant)> {
        self.people.iter().filter(move |(_, p)| !p.set.left && p.set.part == part)
    }

    /// Injects of the level played that were not taken out: by due time, those in reserve last, then by key.
    pub fn chronogramme(&self) -> Vec<&Arc<Played>> {
        let level = self.scenario().level;
        let mut all: Vec<&Arc<Played>> =
            self.injects.values().filter(|p| !p.removed && (p.inject().level <= level || p.fired.is_some())).collect();
        all.sort_by_key(|p| (p.due_minute().unwrap_or(u32::MAX), natural(&p.inject().key)));
        all
    }

    /// Injects due by a moment (milliseconds since 1970) and not yet played, in the order they are to be played. None unless the
    /// clock runs.
    pub fn due(&self, now: i64) -> Vec<&Arc<Played>> {
        if self.clock.at(now).run != Run::Running {
            return Vec::new();
        }
        let offset = self.clock.offset_at(now);
        self.coming().into_iter().filter(|p| p.due_offset().is_some_and(|due| due <= offset)).collect()
    }

    /// Injects still to be played at their time, in order.
    pub fn coming(&self) -> Vec<&Arc<Played>> {
        self.chronogramme().into_iter().filter(|p| p.is_pending() && p.due_minute().is_some()).collect()
    }

    /// When the next inject is due (milliseconds since 1970), as things stand.
    pub fn next_due(&self) -> Option<i64> {
        self.coming().first().and_then(|p| self.clock.reaches(p.due_offset()?))
    }

    /// What a player reads: injects played to their team, in the order they were.
    pub fn inbox(&self, team: &str) -> Vec<&Arc<Played>> {
        let mut mine: Vec<&Arc<Played>> =
            self.injects.values().filter(|p| p.fired.is_some() && concerns(p.inject(), team)).collect();
        mine.sort_by_key(|p| p.fired.as_ref().map(|f| (f.what.0, f.wall, f.id)));
        mine
    }

    /// Findings that stand, by the minute they show.
    pub fn findings_kept(&self) -> Vec<&Versions<FindingSet>> {
        let mut kept: Vec<&Versions<FindingSet>> = self.findings.values().filter(|f| !f.current().value.removed).collect();
        kept.sort_by_key(|f| (f.current().value.at.unwrap_or(i64::MAX), f.first().wall, f.first().id));
        kept
    }
}

/// Whether an inject is for a team: named, or for all.
pub fn concerns(inject: &Inject, team: &str) -> bool {
    inject.to.is_empty() || inject.to.iter().any(|to| to == team)
}

/// Order of keys as people count: « 2 » before « 10 », « 12 » before « 12bis », numbers before letters.
pub fn natural(key: &str) -> (String, u64, String) {
    let letters: String = key.chars().take_while(|c| !c.is_ascii_digit()).collect();
    let digits: String = key.chars().skip(letters.chars().count()).take_while(char::is_ascii_digit).collect();
    let rest: String = key.chars().skip(letters.chars().count() + digits.len()).collect();
    (letters, digits.parse().unwrap_or(u64::MAX), rest)
}

impl Exercises {
    /// What somebody may read: the chronogramme of an exercise that is not over is for those who run it.
    #[must_use]
    pub fn as_seen_by(&self, reader: &ActorId) -> Self {
        let mut seen = self.clone();
        for exercise in self.all.values().filter(|e| e.closed.is_none() && !e.is_run_by(reader)) {
            let mut hidden = exercise.clone();
            hidden.injects = OrdMap::new();
            hidden.observed = OrdMap::new();
            hidden.remarks = Vector::new();
            seen.all.insert(hidden.id, hidden);
        }
        seen
    }

    /// All exercises, newest first.
    pub fn newest_first(&self) -> Vec<&Exercise> {
        let mut all: Vec<&Exercise> = self.all.values().collect();
        all.sort_by_key(|e| std::cmp::Reverse((e.order, e.id)));
        all
    }

    /// Whether the words of an entry about `subject` are kept from a reader: they tell players what is to come.
    pub fn keeps_from(&self, reader: &ActorId, kind: &str, subject: &SubjectId) -> bool {
        let secret = SECRET_KINDS.contains(&kind);
        secret && self.all.get(subject).is_some_and(|e| e.closed.is_none() && !e.is_run_by(reader))
    }

    /// The exercise this branch was opened for; `None` in an establishment's journal.
    pub fn played_here(&self) -> Option<&Exercise> {
        self.all.get(&self.branch?)
    }

    /// The exercise that is played in this journal: in a branch, the one it was opened for.
    pub fn played(&self) -> Option<&Exercise> {
        self.all.values().filter(|e| e.clock.began_at().is_some()).max_by_key(|e| (e.order, e.id))
    }

    /// Exercises whose branch is open and not closed, newest first.
    pub fn open(&self) -> Vec<&Exercise> {
        self.newest_first().into_iter().filter(|e| e.opened.is_some() && e.closed.is_none()).collect()
    }

    /// The last one that was played to its end, by when it began.
    pub fn last_done(&self) -> Option<&Exercise> {
        self.all.values().filter(|e| e.closed.is_some()).max_by_key(|e| e.closed.as_ref().map(|c| c.what.results.began_at))
    }
}
