//! The action plan after an event. Total: anything may come, in any order, from anybody.

use super::event::{ActionRemoved, ActionSet, ActionsAdopted, BoardSet, Presented, Status};
use super::{Action, Actions, Board, LEVEL_MAX, Presentation, Removal};
use crate::capability::Applies;
use crate::register::Role;
use crate::state::State;
use crate::versions::Versions;
use imbl::Vector;
use journal::{EntryId, Seen, SubjectId};
use std::sync::Arc;

/// Whether the entry counts for the plan: its author could write when they wrote it.
fn counts(entry: &Seen<'_>) -> bool {
    entry.standing.has_rank(Role::Member.rank())
}

/// Values no check lets through are brought back to the nearest that is.
fn tamed(set: ActionSet) -> ActionSet {
    ActionSet {
        priority: set.priority.clamp(1, LEVEL_MAX),
        complexity: set.complexity.clamp(1, LEVEL_MAX),
        progress: if set.status == Status::Done { 100 } else { set.progress.min(100) },
        ..set
    }
}

impl ActionSet {
    /// What it says, whatever its author had seen.
    fn said(&self) -> Self {
        Self { supersedes: Vec::new(), ..self.clone() }
    }

    fn seen(&self) -> Vec<EntryId> {
        self.supersedes.clone()
    }
}

impl Actions {
    fn describe(&mut self, entry: &Seen<'_>, id: SubjectId, set: ActionSet) {
        let set = tamed(set);
        let Some(action) = self.all.get_mut(&id) else {
            let number = self.all.len() as u64 + 1;
            let described = Versions::new(entry, set);
            self.all.insert(id, Arc::new(Action { id, number, described, removed: None }));
            return;
        };
        let action = Arc::make_mut(action);
        // Whoever describes it wants it there, even when somebody took it off without their knowing.
        action.removed = None;
        // Taken on two laptops from the same place, with the same words: nothing for people to settle.
        let same = |write: &&crate::versions::Write<ActionSet>| write.value.said() == set.said();
        if set.supersedes.is_empty() && action.described.survivors().iter().any(same) {
            return;
        }
        let seen = set.seen();
        action.described.write(entry, set, seen);
    }
}

impl Applies for ActionSet {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if counts(entry) {
            state.actions.describe(entry, entry.header.subject, self);
        }
    }
}

impl Applies for ActionsAdopted {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if counts(entry) {
            for one in self.actions {
                state.actions.describe(entry, one.id, one.action);
            }
        }
    }
}

impl Applies for ActionRemoved {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if let Some(action) = state.actions.all.get_mut(&entry.header.subject).filter(|_| counts(entry)) {
            let (by, wall) = (entry.header.author, entry.header.wall);
            Arc::make_mut(action).removed = Some(Removal { id: entry.id, by, wall, reason: self.reason });
        }
    }
}

impl Applies for BoardSet {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if !counts(entry) {
            return;
        }
        let (id, boards) = (entry.header.subject, &mut state.actions.boards);
        if let Some(board) = boards.get_mut(&id) {
            let supersedes = self.supersedes.clone();
            Arc::make_mut(board).described.write(entry, self, supersedes);
            return;
        }
        let order = boards.len() as u64;
        boards.insert(id, Arc::new(Board { id, order, described: Versions::new(entry, self), presented: Vector::new() }));
    }
}

impl Applies for Presented {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        let Some(board) = state.actions.boards.get_mut(&entry.header.subject).filter(|_| counts(entry)) else { return };
        if board.presented.iter().any(|one| one.id == entry.id) {
            return;
        }
        let Self { on, counts, note } = self;
        let (by, wall) = (entry.header.author, entry.header.wall);
        Arc::make_mut(board).presented.push_back(Presentation { id: entry.id, by, wall, on, counts, note });
    }
}
