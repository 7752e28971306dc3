//! State of the checklists after an event. Total: anything may come, in any order, from anybody.

use super::event::{ListAdopted, Ticked};
use super::{List, Tick};
use crate::capability::Applies;
use crate::state::State;
use crate::versions::Versions;
use imbl::OrdMap;
use journal::Seen;

impl Applies for ListAdopted {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if !entry.standing.has_authority() {
            return;
        }
        let checklists = state.checklists.entry(entry.header.subject).or_default();
        let order = checklists.lists.len() as u64;
        match checklists.lists.get_mut(&self.list) {
            // Adopted on two laptops that were apart: the list is one.
            Some(list) => list.adopted.write(entry, self, Vec::new()),
            None => {
                let list = List { order, ticks: OrdMap::new(), adopted: Versions::new(entry, self) };
                checklists.lists.insert(list.id(), list);
            }
        }
    }
}

impl Applies for Ticked {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if !entry.standing.has_authority() {
            return;
        }
        let Some(checklists) = state.checklists.get_mut(&entry.header.subject) else { return };
        let Some(list) = checklists.lists.get_mut(&self.list) else { return };
        let tick = Tick { done: self.done, note: self.note };
        match list.ticks.get_mut(&self.gesture) {
            Some(ticks) => ticks.write(entry, tick, self.supersedes),
            None => {
                list.ticks.insert(self.gesture, Versions::new(entry, tick));
            }
        }
    }
}
