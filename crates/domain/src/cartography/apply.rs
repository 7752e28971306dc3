//! The map after an event. Total: anything may come, in any order, from anybody.

use super::event::{ActivitySet, ApplicationSet, Removed};
use super::{Node, Removal};
use crate::capability::Applies;
use crate::register::Role;
use crate::state::State;
use crate::versions::Versions;
use imbl::OrdMap;
use journal::{EntryId, Seen, SubjectId};
use std::sync::Arc;

type Nodes<T> = OrdMap<SubjectId, Arc<Node<T>>>;

fn describe<T: Clone>(nodes: &mut Nodes<T>, entry: &Seen<'_>, value: T, supersedes: Vec<EntryId>) {
    let id = entry.header.subject;
    if !entry.standing.has_rank(Role::Member.rank()) {
        return;
    }
    if let Some(node) = nodes.get_mut(&id) {
        let node = Arc::make_mut(node);
        node.described.write(entry, value, supersedes);
        // Whoever describes it wants it there, even when somebody took it off without their knowing.
        node.removed = None;
    } else {
        nodes.insert(id, Arc::new(Node { id, described: Versions::new(entry, value), removed: None }));
    }
}

fn remove<T: Clone>(nodes: &mut Nodes<T>, entry: &Seen<'_>, reason: &str) {
    if let Some(node) = nodes.get_mut(&entry.header.subject) {
        let (id, by, wall) = (entry.id, entry.header.author, entry.header.wall);
        Arc::make_mut(node).removed = Some(Removal { id, by, wall, reason: reason.to_owned() });
    }
}

impl Applies for ActivitySet {
    fn apply(mut self, state: &mut State, entry: &Seen<'_>) {
        self.priority = self.priority.clamp(1, 5);
        let supersedes = self.supersedes.clone();
        describe(&mut state.cartography.activities, entry, self, supersedes);
    }
}

impl Applies for ApplicationSet {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        let supersedes = self.supersedes.clone();
        describe(&mut state.cartography.applications, entry, self, supersedes);
    }
}

impl Applies for Removed {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if entry.standing.has_rank(Role::Member.rank()) {
            remove(&mut state.cartography.activities, entry, &self.reason);
            remove(&mut state.cartography.applications, entry, &self.reason);
        }
    }
}
