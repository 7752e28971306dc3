//! State of the cells after an event. Total: anything may come, in any order, from anybody.

use super::event::{CellSet, MemberSet, Met, StoodDown};
use super::{Cell, Cells, Ending, Meeting};
use crate::capability::Applies;
use crate::crisis::apply::crisis_of;
use crate::register::Role;
use crate::state::State;
use crate::versions::Versions;
use imbl::{OrdMap, Vector};
use journal::{Seen, SubjectId};

/// The cells of the crisis an entry is about, when its author may change them. The crisis is made if nobody opened it.
fn cells<'a>(state: &'a mut State, entry: &Seen<'_>) -> Option<&'a mut Cells> {
    if !entry.standing.has_rank(Role::Member.rank()) {
        return None;
    }
    crisis_of(state, entry);
    Some(state.cells.entry(entry.header.subject).or_default())
}

fn cell<'a>(state: &'a mut State, entry: &Seen<'_>, id: &SubjectId) -> Option<&'a mut Cell> {
    cells(state, entry)?.all.get_mut(id)
}

impl Applies for CellSet {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        let Some(cells) = cells(state, entry) else { return };
        let (id, next_at) = (self.cell, self.next_at);
        if let Some(cell) = cells.all.get_mut(&id) {
            let supersedes = self.supersedes.clone();
            cell.settings.write(entry, self, supersedes);
            (cell.next_at, cell.ended) = (next_at, None);
            return;
        }
        let order = cells.all.len() as u64;
        let settings = Versions::new(entry, self);
        let made = Cell { id, order, settings, rota: OrdMap::new(), meetings: Vector::new(), next_at, ended: None };
        cells.all.insert(id, made);
    }
}

impl Applies for MemberSet {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        let Some(cell) = cell(state, entry, &self.cell) else { return };
        let line = self.member;
        if let Some(versions) = cell.rota.get_mut(&line) {
            let supersedes = self.supersedes.clone();
            versions.write(entry, self, supersedes);
        } else {
            cell.rota.insert(line, Versions::new(entry, self));
        }
    }
}

impl Applies for Met {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        let Some(cell) = cell(state, entry, &self.cell) else { return };
        if cell.meetings.iter().any(|m| m.id == entry.id) {
            return;
        }
        cell.meetings.push_back(Meeting { id: entry.id, by: entry.header.author, at: self.at, summary: self.summary });
        cell.next_at = self.next_at;
    }
}

impl Applies for StoodDown {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        let Some(cell) = cell(state, entry, &self.cell) else { return };
        let (by, wall) = (entry.header.author, entry.header.wall);
        cell.ended = Some(Ending { id: entry.id, by, wall, reason: self.reason });
    }
}
