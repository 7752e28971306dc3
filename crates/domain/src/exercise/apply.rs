//! State of the exercises after an event. Total: anything may come, in any order, from anybody.

use super::event::conduct::{
    ClockSet, Debriefed, InjectFired, InjectRead, InjectShifted, InjectSkipped, Observed, Reached, ReactionNoted, Remarked,
};
use super::event::kit::KitAdopted;
use super::event::outcome::{Closed, FindingSet, ReportSet};
use super::event::scenario::Inject;
use super::event::{
    Cancelled, InjectRemoved, InjectSet, InjectsImported, Opened, Part, ParticipantSet, Planned, Prepared, ScenarioSet,
};
use super::{Exercise, Participant, Played, Said, check};
use crate::capability::Applies;
use crate::register::Role;
use crate::state::State;
use crate::versions::Versions;
use imbl::{OrdMap, Vector};
use journal::engine::PROGRAM;
use journal::{EntryId, Seen, Standing};
use std::sync::Arc;

fn said<T>(entry: &Seen<'_>, what: T) -> Said<T> {
    Said { id: entry.id, by: entry.header.author, wall: entry.header.wall, what }
}

/// The exercise an entry is about, when its author takes part in it as one of these.
fn of<'a>(state: &'a mut State, entry: &Seen<'_>, parts: &[Part]) -> Option<&'a mut Exercise> {
    if !entry.standing.has_authority() {
        return None;
    }
    let exercise = state.exercises.all.get_mut(&entry.header.subject)?;
    let part = exercise.part(&entry.header.author)?;
    parts.contains(&part).then_some(exercise)
}

const RUNS: &[Part] = &[Part::Facilitator];
const WATCHES: &[Part] = &[Part::Facilitator, Part::Observer];
const ANY: &[Part] = &Part::ALL;

fn played(entry: &Seen<'_>, inject: Inject) -> Arc<Played> {
    Arc::new(Played {
        written: Versions::new(entry, Arc::new(inject)),
        removed: false,
        fired: None,
        skipped: None,
        moved_to: None,
        reactions: Vector::new(),
        read_by: OrdMap::new(),
    })
}

impl Participant {
    fn new(set: ParticipantSet) -> Self {
        Self { set, reached: None, whereabouts: String::new() }
    }
}

impl Exercise {
    fn write(&mut self, entry: &Seen<'_>, inject: Inject, supersedes: Vec<EntryId>) {
        if let Some(known) = self.injects.get_mut(&inject.key) {
            let known = Arc::make_mut(known);
            known.removed = false;
            known.written.write(entry, Arc::new(inject), supersedes);
        } else if self.injects.len() < check::INJECTS_MAX {
            self.injects.insert(inject.key.clone(), played(entry, inject));
        }
    }

    fn inject(&mut self, key: &str) -> Option<&mut Played> {
        self.injects.get_mut(key).map(Arc::make_mut)
    }
}

impl Applies for Planned {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        let (id, order) = (entry.header.subject, state.exercises.all.len() as u64);
        if !entry.standing.has_rank(Role::Secretary.rank()) || state.exercises.all.contains_key(&id) {
            return;
        }
        let author = entry.header.author;
        let set = ParticipantSet { actor: author, part: Part::Facilitator, team: String::new(), left: false };
        let mut exercise = Exercise {
            id,
            order,
            planned_by: author,
            planned_wall: entry.header.wall,
            campaign: self.campaign,
            frames: Versions::new(entry, Arc::new(self.scenario)),
            injects: OrdMap::new(),
            people: OrdMap::unit(author, Participant::new(set)),
            prepared: OrdMap::new(),
            opened: None,
            cancelled: None,
            clock: super::clock::Clock::default(),
            observed: OrdMap::new(),
            remarks: Vector::new(),
            debriefs: OrdMap::new(),
            closed: None,
            findings: OrdMap::new(),
            report: None,
        };
        self.injects.into_iter().for_each(|inject| exercise.write(entry, inject, Vec::new()));
        state.exercises.all.insert(id, exercise);
    }
}

impl Applies for KitAdopted {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if entry.standing.has_rank(Role::Secretary.rank()) {
            state.exercises.kits.entry(entry.header.subject).or_insert_with(|| Arc::new(self));
        }
    }
}

impl Applies for ScenarioSet {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if let Some(exercise) = of(state, entry, RUNS) {
            exercise.frames.write(entry, Arc::new(self.scenario), self.supersedes);
        }
    }
}

impl Applies for InjectSet {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if let Some(exercise) = of(state, entry, RUNS) {
            exercise.write(entry, self.inject, self.supersedes);
        }
    }
}

impl Applies for InjectsImported {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        let Some(exercise) = of(state, entry, RUNS) else { return };
        for inject in self.injects {
            let seen = exercise.injects.get(&inject.key).map(|p| p.written.seen()).unwrap_or_default();
            exercise.write(entry, inject, seen);
        }
    }
}

impl Applies for InjectRemoved {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if let Some(inject) = of(state, entry, RUNS).and_then(|e| e.inject(&self.key)) {
            inject.removed = true;
        }
    }
}

impl Applies for ParticipantSet {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        let Some(exercise) = of(state, entry, RUNS) else { return };
        if let Some(known) = exercise.people.get_mut(&self.actor) {
            known.set = self;
        } else if exercise.people.len() < check::PEOPLE_MAX {
            exercise.people.insert(self.actor, Participant::new(self));
        }
    }
}

impl Applies for Prepared {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if let Some(exercise) = of(state, entry, RUNS) {
            exercise.prepared.extend(self.answers.into_iter().take(check::ITEMS_MAX));
        }
    }
}

impl Applies for Opened {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if let Some(exercise) = of(state, entry, RUNS) {
            exercise.opened.get_or_insert(said(entry, self));
        }
    }
}

impl Applies for Cancelled {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if let Some(exercise) = of(state, entry, RUNS) {
            exercise.cancelled.get_or_insert(said(entry, self.reason));
        }
    }
}

impl Applies for Closed {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if let Some(exercise) = of(state, entry, RUNS) {
            exercise.closed.get_or_insert(said(entry, Arc::new(self)));
        }
    }
}

impl Applies for ClockSet {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        let stops = matches!(self.act, super::event::conduct::ClockAct::Stop(_));
        if let Some(exercise) = of(state, entry, if stops { ANY } else { RUNS }) {
            exercise.clock.push(self.act, self.at);
        }
    }
}

/// Whether the program itself wrote an entry, on a device that may still sign: it plays what is due.
fn by_program(entry: &Seen<'_>) -> bool {
    entry.header.author == PROGRAM && !matches!(entry.standing, Standing::DeviceRevoked | Standing::Forked)
}

impl Applies for InjectFired {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        let exercise = if by_program(entry) && !self.by_hand {
            state.exercises.all.get_mut(&entry.header.subject)
        } else {
            of(state, entry, RUNS)
        };
        if let Some(inject) = exercise.and_then(|e| e.inject(&self.key)).filter(|inject| inject.is_pending()) {
            inject.fired = Some(said(entry, (self.at, self.by_hand)));
        }
    }
}

impl Applies for InjectSkipped {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        let inject = of(state, entry, RUNS).and_then(|e| e.inject(&self.key));
        if let Some(inject) = inject.filter(|inject| inject.is_pending()) {
            inject.skipped = Some(said(entry, self.reason));
        }
    }
}

impl Applies for InjectShifted {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        let inject = of(state, entry, RUNS).and_then(|e| e.inject(&self.key));
        if let Some(inject) = inject.filter(|inject| inject.is_pending()) {
            inject.moved_to = Some(self.at);
        }
    }
}

impl Applies for ReactionNoted {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if let Some(inject) = of(state, entry, RUNS).and_then(|e| e.inject(&self.key)) {
            inject.reactions.push_back(said(entry, (self.grade, self.note)));
        }
    }
}

impl Applies for InjectRead {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        let (author, wall) = (entry.header.author, entry.header.wall);
        if let Some(inject) = of(state, entry, &[Part::Player]).and_then(|e| e.inject(&self.key)) {
            inject.read_by.entry(author).or_insert(wall);
        }
    }
}

impl Applies for Reached {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        let (author, wall) = (entry.header.author, entry.header.wall);
        let participant = of(state, entry, ANY).and_then(|e| e.people.get_mut(&author));
        if let Some(participant) = participant.filter(|p| p.reached.is_none()) {
            participant.reached = Some(wall);
            participant.whereabouts = self.note;
        }
    }
}

impl Applies for Observed {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if let Some(exercise) = of(state, entry, WATCHES) {
            let seen = exercise.observed.entry(self.criterion.clone()).or_default();
            seen.insert(entry.header.author, said(entry, self));
        }
    }
}

impl Applies for Remarked {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if let Some(exercise) = of(state, entry, WATCHES) {
            exercise.remarks.push_back(said(entry, Arc::new(self)));
        }
    }
}

impl Applies for Debriefed {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if let Some(exercise) = of(state, entry, ANY) {
            exercise.debriefs.insert(entry.header.author, said(entry, self));
        }
    }
}

/// The exercise an entry of the report is about.
fn reported<'a>(state: &'a mut State, entry: &Seen<'_>) -> Option<&'a mut Exercise> {
    let exercise = state.exercises.all.get_mut(&entry.header.subject)?;
    let runs = entry.standing.has_authority() && exercise.is_run_by(&entry.header.author);
    (runs || entry.standing.has_rank(Role::Secretary.rank())).then_some(exercise)
}

impl Applies for FindingSet {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        let Some(exercise) = reported(state, entry) else { return };
        if let Some(known) = exercise.findings.get_mut(&self.finding) {
            let supersedes = self.supersedes.clone();
            known.write(entry, self, supersedes);
        } else if exercise.findings.len() < check::FINDINGS_MAX {
            exercise.findings.insert(self.finding, Versions::new(entry, self));
        }
    }
}

impl Applies for ReportSet {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        let Some(exercise) = reported(state, entry) else { return };
        let supersedes = self.supersedes.clone();
        match &mut exercise.report {
            Some(known) => known.write(entry, self, supersedes),
            none => *none = Some(Versions::new(entry, self)),
        }
    }
}
