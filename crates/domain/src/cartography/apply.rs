//! The map after an event. Total: anything may come, in any order, from anybody.

mod batch;
mod review;

use super::event::{ActivitySet, ApplicationSet, AssetSet, ExchangeSet, MapArranged, Removed, ScenarioSet};
use super::names::Bearer;
use super::{Cartography, Node, Removal};
use crate::capability::Applies;
use crate::register::Role;
use crate::state::State;
use crate::versions::Versions;
use imbl::OrdMap;
use journal::{EntryId, Seen, SubjectId};
use std::sync::Arc;

/// Most things in the order of a drawing; the others find their place.
pub const ARRANGED_MAX: usize = 5_000;

type Nodes<T> = OrdMap<SubjectId, Arc<Node<T>>>;

/// What the map keeps in tables of its own, each under its own name.
pub(super) trait Described: Clone {
    fn table(map: &mut Cartography) -> &mut Nodes<Self>;
    fn bearer(&self) -> Bearer;
    fn name(&self) -> &str;
    fn external(&self) -> &[String];
    fn supersedes(&self) -> &[EntryId];
    /// Values no check lets through are brought back to the nearest that is.
    fn tamed(self) -> Self;
}

macro_rules! described {
    ($set:ty, $table:ident, $bearer:expr, $external:expr, $tamed:expr) => {
        impl Described for $set {
            fn table(map: &mut Cartography) -> &mut Nodes<Self> {
                &mut map.$table
            }
            fn bearer(&self) -> Bearer {
                let bearer: fn(&$set) -> Bearer = $bearer;
                bearer(self)
            }
            fn name(&self) -> &str {
                &self.name
            }
            fn external(&self) -> &[String] {
                let external: fn(&$set) -> &[String] = $external;
                external(self)
            }
            fn supersedes(&self) -> &[EntryId] {
                &self.supersedes
            }
            fn tamed(self) -> Self {
                let tamed: fn($set) -> $set = $tamed;
                tamed(self)
            }
        }
    };
}

described!(ActivitySet, activities, |_| Bearer::Activity, |set| &set.external, |set| {
    let priority = set.priority.clamp(1, 5);
    ActivitySet { priority, ..set }
});
described!(AssetSet, assets, |set| Bearer::Asset(set.kind), |set| &set.external, |set| set);
described!(ExchangeSet, exchanges, |_| Bearer::Exchange, |set| &set.external, |set| set);
described!(ScenarioSet, scenarios, |_| Bearer::Scenario, |_| &[], |set| set);

impl Cartography {
    /// Describes something; whether it was not on the map before.
    pub(super) fn describe<T: Described>(&mut self, entry: &Seen<'_>, id: SubjectId, value: T) -> bool {
        let value = value.tamed();
        let mut names = std::mem::take(&mut self.names);
        let nodes = T::table(self);
        let supersedes = value.supersedes().to_vec();
        let new = if let Some(node) = nodes.get_mut(&id) {
            let node = Arc::make_mut(node);
            let old = node.now();
            names.leave(id, old.bearer(), old.name(), old.external());
            node.described.write(entry, value, supersedes);
            // Whoever describes it wants it there, even when somebody took it off without their knowing.
            let was_off = node.removed.take().is_some();
            let now = node.now();
            names.take(id, now.bearer(), now.name(), now.external());
            was_off
        } else {
            names.take(id, value.bearer(), value.name(), value.external());
            nodes.insert(id, Arc::new(Node { id, described: Versions::new(entry, value), removed: None }));
            true
        };
        self.names = names;
        new
    }

    fn remove<T: Described>(&mut self, id: SubjectId, removal: &Removal) {
        let mut names = std::mem::take(&mut self.names);
        if let Some(node) = T::table(self).get_mut(&id) {
            let node = Arc::make_mut(node);
            node.removed = Some(removal.clone());
            let old = node.now();
            names.leave(id, old.bearer(), old.name(), old.external());
        }
        self.names = names;
    }
}

/// Whether the entry counts for the map: its author could write when they wrote it.
fn counts(entry: &Seen<'_>) -> bool {
    entry.standing.has_rank(Role::Member.rank())
}

fn removal(entry: &Seen<'_>, reason: &str) -> Removal {
    Removal { id: entry.id, by: entry.header.author, wall: entry.header.wall, reason: reason.to_owned() }
}

fn describe<T: Described>(value: T, state: &mut State, entry: &Seen<'_>) {
    if counts(entry) {
        state.cartography.revision += 1;
        state.cartography.describe(entry, entry.header.subject, value);
    }
}

impl Applies for ActivitySet {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        describe(self, state, entry);
    }
}

impl Applies for AssetSet {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        describe(self, state, entry);
    }
}

impl Applies for ApplicationSet {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        describe(AssetSet::from(self), state, entry);
    }
}

impl Applies for ExchangeSet {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        describe(self, state, entry);
    }
}

impl Applies for ScenarioSet {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        describe(self, state, entry);
    }
}

impl Applies for Removed {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if counts(entry) {
            let (map, id, removal) = (&mut state.cartography, entry.header.subject, removal(entry, &self.reason));
            map.revision += 1;
            map.remove::<ActivitySet>(id, &removal);
            map.remove::<AssetSet>(id, &removal);
            map.remove::<ExchangeSet>(id, &removal);
            map.remove::<ScenarioSet>(id, &removal);
        }
    }
}

impl Applies for MapArranged {
    fn apply(self, state: &mut State, entry: &Seen<'_>) {
        if counts(entry) {
            let mut order = self.order;
            order.truncate(ARRANGED_MAX);
            state.cartography.revision += 1;
            state.cartography.order = std::sync::Arc::new(order);
        }
    }
}
