//! The map of the information system as care sees it: activities, and the applications they need.

pub mod apply;
pub mod check;
pub mod event;
pub mod facts;

use crate::versions::Versions;
use event::{ActivitySet, ApplicationSet};
use imbl::OrdMap;
use journal::{ActorId, EntryId, SubjectId};
use serde::Serialize;
use std::sync::Arc;

/// Care priorities, 1 (vital) to 5 (can wait), with what each means.
pub const PRIORITIES: [(u8, &str); 5] = [
    (1, "vital, dans l’heure"),
    (2, "urgent, dans la journée"),
    (3, "à assurer sous quelques jours"),
    (4, "à assurer sous une semaine"),
    (5, "peut attendre"),
];

/// It was taken off the map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Removal {
    /// The entry that says so.
    pub id: EntryId,
    /// Who.
    pub by: ActorId,
    /// When, by their clock, milliseconds since 1970.
    pub wall: i64,
    /// Why.
    pub reason: String,
}

/// Something on the map, with all its descriptions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Node<T> {
    /// Its id.
    pub id: SubjectId,
    /// Its descriptions.
    pub described: Versions<T>,
    /// Set once it was taken off; describing it again puts it back.
    pub removed: Option<Removal>,
}

/// What care or support does.
pub type Activity = Node<ActivitySet>;
/// An application.
pub type Application = Node<ApplicationSet>;

impl<T> Node<T> {
    /// Its description to show now.
    pub fn now(&self) -> &T {
        &self.described.current().value
    }
}

/// The map.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Cartography {
    /// Activities by id, those taken off included.
    pub activities: OrdMap<SubjectId, Arc<Activity>>,
    /// Applications by id, those taken off included.
    pub applications: OrdMap<SubjectId, Arc<Application>>,
}

impl Cartography {
    /// An activity that is on the map.
    pub fn activity(&self, id: &SubjectId) -> Option<&Activity> {
        self.activities.get(id).map(|a| &**a).filter(|a| a.removed.is_none())
    }

    /// An application that is on the map.
    pub fn application(&self, id: &SubjectId) -> Option<&Application> {
        self.applications.get(id).map(|a| &**a).filter(|a| a.removed.is_none())
    }

    /// Activities on the map by care priority, then by the shortest time they can be interrupted, then by name.
    pub fn by_priority(&self) -> Vec<&Activity> {
        let mut all: Vec<&Activity> = self.activities.values().map(|a| &**a).filter(|a| a.removed.is_none()).collect();
        let key = |a: &Activity| (a.now().priority, a.now().mtpd_minutes.unwrap_or(u32::MAX));
        all.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| a.now().name.cmp(&b.now().name)).then_with(|| a.id.cmp(&b.id)));
        all
    }

    /// Applications on the map, by name.
    pub fn by_name(&self) -> Vec<&Application> {
        let mut all: Vec<&Application> = self.applications.values().map(|a| &**a).filter(|a| a.removed.is_none()).collect();
        all.sort_by(|a, b| a.now().name.cmp(&b.now().name).then_with(|| a.id.cmp(&b.id)));
        all
    }

    /// Activities that need an application, by priority.
    pub fn needing(&self, application: &SubjectId) -> Vec<&Activity> {
        let mut all = self.by_priority();
        all.retain(|a| a.now().needs.contains(application));
        all
    }
}
