//! State of the situation after an event. Total: anything may come, in any order, from anybody.

use super::event::{FlowsCounted, OfferDeclared, PointSent, StatusDeclared};
use super::{Flow, Sent, Situation};
use crate::capability::Applies;
use crate::crisis::apply::crisis_of;
use crate::register::Role;
use crate::state::State;
use crate::versions::Versions;
use imbl::OrdMap;
use journal::{EntryId, Seen, SubjectId};
use std::sync::Arc;

/// The situation of the crisis an entry is about, when its author may change it. The crisis is made if nobody opened it.
fn situation<'a>(state: &'a mut State, entry: &Seen<'_>) -> Option<&'a mut Situation> {
    if !entry.standing.has_rank(Role::Member.rank()) {
        return None;
    }
    crisis_of(state, entry);
    Some(state.situations.entry(entry.header.subject).or_default())
}

fn write<T: Clone>(
    fields: &mut OrdMap<SubjectId, Arc<Versions<T>>>,
    about: SubjectId,
    entry: &Seen<'_>,
    (value, supersedes): (T, Vec<EntryId>),
) {
    if let Some(versions) = fields.get_mut(&about) {
        Arc::make_mut(versions).write(entry, value, supersedes);
    } else {
        fields.insert(about, Arc::new(Versions::new(entry, value)));
    }
}

impl Applies for StatusDeclared {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if let Some(situation) = situation(state, entry) {
            let (about, supersedes) = (self.about, self.supersedes.clone());
            write(&mut situation.declared, about, entry, (self, supersedes));
        }
    }
}

impl Applies for OfferDeclared {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if let Some(situation) = situation(state, entry) {
            let (unit, supersedes) = (self.unit, self.supersedes.clone());
            write(&mut situation.offers, unit, entry, (self, supersedes));
        }
    }
}

impl Applies for FlowsCounted {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if let Some(situation) = situation(state, entry)
            && situation.flows.iter().all(|f| f.id != entry.id)
        {
            let (by, wall) = (entry.header.author, entry.header.wall);
            situation.flows.push_back(Flow { id: entry.id, by, wall, counted: self });
        }
    }
}

impl Applies for PointSent {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if let Some(situation) = situation(state, entry)
            && situation.points.iter().all(|p| p.id != entry.id)
        {
            situation.points.push_back(Sent { id: entry.id, by: entry.header.author, point: Arc::new(self) });
        }
    }
}
