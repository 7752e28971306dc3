//! The map of the information system as care sees it: activities, what they need, and so on down to power and providers.

pub mod apply;
pub mod check;
pub mod event;
pub mod facts;
pub mod kind;
pub mod names;
pub mod need;
pub mod network;
pub mod review;

use crate::versions::Versions;
use event::batch::ImportSource;
use event::review::BiaSet;
use event::{ActivitySet, AssetSet, ExchangeSet, Origin, ScenarioSet};
use imbl::{OrdMap, Vector};
use journal::{ActorId, EntryId, SubjectId};
use kind::AssetKind;
use names::Names;
use need::Need;
use review::{Asking, Review};
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
/// An element of the information system.
pub type Asset = Node<AssetSet>;
/// An interface.
pub type Exchange = Node<ExchangeSet>;
/// Things lost together, kept to be asked again.
pub type Scenario = Node<ScenarioSet>;

impl<T> Node<T> {
    /// Its description to show now.
    pub fn now(&self) -> &T {
        &self.described.current().value
    }
}

/// An import, and whether it was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Import {
    /// Its id.
    pub id: SubjectId,
    /// What brought the records.
    pub source: ImportSource,
    /// Who.
    pub by: ActorId,
    /// When, by their clock, milliseconds since 1970.
    pub wall: i64,
    /// Its entries.
    pub entries: Vector<EntryId>,
    /// What it described.
    pub described: Vector<SubjectId>,
    /// How many of them were not on the map before.
    pub created: u32,
    /// Set once it was taken back.
    pub undone: Option<Removal>,
}

/// A proposal that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Declined {
    /// Who.
    pub by: ActorId,
    /// When, by their clock, milliseconds since 1970.
    pub wall: i64,
    /// Why, or empty.
    pub reason: String,
}

/// An activity or an element of the map.
#[derive(Debug, Clone, Copy)]
pub enum Thing<'a> {
    /// An activity.
    Activity(&'a Activity),
    /// An element.
    Asset(&'a Asset),
}

impl<'a> Thing<'a> {
    /// Its id.
    pub fn id(self) -> SubjectId {
        match self {
            Self::Activity(activity) => activity.id,
            Self::Asset(asset) => asset.id,
        }
    }

    /// Its name.
    pub fn name(self) -> &'a str {
        match self {
            Self::Activity(activity) => &activity.now().name,
            Self::Asset(asset) => &asset.now().name,
        }
    }

    /// What it needs.
    pub fn needs(self) -> &'a [Need] {
        match self {
            Self::Activity(activity) => &activity.now().needs,
            Self::Asset(asset) => &asset.now().needs,
        }
    }

    /// Who keeps its record true.
    pub fn owner(self) -> Option<&'a str> {
        match self {
            Self::Activity(activity) => activity.now().owner.as_deref(),
            Self::Asset(asset) => asset.now().owner.as_deref(),
        }
    }

    /// The view it is drawn in.
    pub fn view(self) -> kind::View {
        match self {
            Self::Activity(_) => kind::View::Business,
            Self::Asset(asset) => asset.now().kind.view(),
        }
    }

    /// What it is, in words.
    pub fn kind_label(self) -> &'static str {
        match self {
            Self::Activity(_) => "activité",
            Self::Asset(asset) => asset.now().kind.label(),
        }
    }

    /// The unit it belongs to.
    pub fn unit(self) -> Option<SubjectId> {
        match self {
            Self::Activity(activity) => activity.now().unit,
            Self::Asset(asset) => asset.now().unit,
        }
    }

    /// When it was last described, by the writer's clock, milliseconds since 1970.
    pub fn described_at(self) -> i64 {
        match self {
            Self::Activity(activity) => activity.described.current().wall,
            Self::Asset(asset) => asset.described.current().wall,
        }
    }
}

/// The map.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Cartography {
    /// Activities by id, those taken off included.
    pub activities: OrdMap<SubjectId, Arc<Activity>>,
    /// Elements by id, those taken off included.
    pub assets: OrdMap<SubjectId, Arc<Asset>>,
    /// Interfaces by id, those taken off included.
    pub exchanges: OrdMap<SubjectId, Arc<Exchange>>,
    /// Impact analyses, by activity.
    pub analyses: OrdMap<SubjectId, Arc<Versions<BiaSet>>>,
    /// Scenarios by id, those taken off included.
    pub scenarios: OrdMap<SubjectId, Arc<Scenario>>,
    /// Imports by id.
    pub imports: OrdMap<SubjectId, Arc<Import>>,
    /// Proposals refused, by source and key, e.g. `archetype:ch/dpi`.
    pub declined: OrdMap<String, Declined>,
    /// The last review of each record.
    pub reviews: OrdMap<SubjectId, Review>,
    /// The last time somebody was asked to review each record.
    pub asked: OrdMap<SubjectId, Asking>,
    /// The order in which the drawing was fixed, if ever.
    pub order: Arc<Vec<SubjectId>>,
    /// How many entries changed the map: two states of one journal with the same number have the same map, unless a
    /// merge brought entries in between.
    pub revision: u64,
    /// Names and external ids in use.
    #[serde(skip)]
    pub names: Names,
}

fn there<'a, T>(nodes: &'a OrdMap<SubjectId, Arc<Node<T>>>, id: &SubjectId) -> Option<&'a Node<T>> {
    nodes.get(id).map(|node| &**node).filter(|node| node.removed.is_none())
}

fn all_there<T>(nodes: &OrdMap<SubjectId, Arc<Node<T>>>) -> impl Iterator<Item = &Node<T>> {
    nodes.values().map(|node| &**node).filter(|node| node.removed.is_none())
}

impl Cartography {
    /// An activity that is on the map.
    pub fn activity(&self, id: &SubjectId) -> Option<&Activity> {
        there(&self.activities, id)
    }

    /// An element that is on the map.
    pub fn asset(&self, id: &SubjectId) -> Option<&Asset> {
        there(&self.assets, id)
    }

    /// An element that is on the map and is an application.
    pub fn application(&self, id: &SubjectId) -> Option<&Asset> {
        self.asset(id).filter(|asset| asset.now().kind.is_application())
    }

    /// An interface that is on the map.
    pub fn exchange(&self, id: &SubjectId) -> Option<&Exchange> {
        there(&self.exchanges, id)
    }

    /// A scenario that was not taken off.
    pub fn scenario(&self, id: &SubjectId) -> Option<&Scenario> {
        there(&self.scenarios, id)
    }

    /// An activity or an element that is on the map.
    pub fn thing(&self, id: &SubjectId) -> Option<Thing<'_>> {
        self.activity(id).map(Thing::Activity).or_else(|| self.asset(id).map(Thing::Asset))
    }

    /// All activities and elements on the map: activities by priority, then elements by view, kind and name.
    pub fn things(&self) -> Vec<Thing<'_>> {
        let activities = self.by_priority().into_iter().map(Thing::Activity);
        activities.chain(self.assets().into_iter().map(Thing::Asset)).collect()
    }

    /// Activities on the map by care priority, then by the shortest time they can be interrupted, then by name.
    pub fn by_priority(&self) -> Vec<&Activity> {
        let mut all: Vec<&Activity> = all_there(&self.activities).collect();
        let key = |a: &Activity| (a.now().priority, a.now().mtpd_minutes.unwrap_or(u32::MAX));
        all.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| a.now().name.cmp(&b.now().name)).then_with(|| a.id.cmp(&b.id)));
        all
    }

    /// Elements on the map, by view, kind and name.
    pub fn assets(&self) -> Vec<&Asset> {
        let mut all: Vec<&Asset> = all_there(&self.assets).collect();
        let key = |a: &Asset| (a.now().kind.view(), a.now().kind);
        all.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| a.now().name.cmp(&b.now().name)).then_with(|| a.id.cmp(&b.id)));
        all
    }

    /// Elements of some kinds, by name.
    pub fn of_kind(&self, wanted: impl Fn(AssetKind) -> bool) -> Vec<&Asset> {
        let mut all: Vec<&Asset> = all_there(&self.assets).filter(|a| wanted(a.now().kind)).collect();
        all.sort_by(|a, b| a.now().name.cmp(&b.now().name).then_with(|| a.id.cmp(&b.id)));
        all
    }

    /// Applications on the map, by name.
    pub fn applications(&self) -> Vec<&Asset> {
        self.of_kind(AssetKind::is_application)
    }

    /// Interfaces on the map, by name.
    pub fn exchanges(&self) -> Vec<&Exchange> {
        let mut all: Vec<&Exchange> = all_there(&self.exchanges).collect();
        all.sort_by(|a, b| a.now().name.cmp(&b.now().name).then_with(|| a.id.cmp(&b.id)));
        all
    }

    /// Scenarios that were not taken off, by name.
    pub fn scenarios(&self) -> Vec<&Scenario> {
        let mut all: Vec<&Scenario> = all_there(&self.scenarios).collect();
        all.sort_by(|a, b| a.now().name.cmp(&b.now().name).then_with(|| a.id.cmp(&b.id)));
        all
    }

    /// Activities that say they need something, by priority.
    pub fn needing(&self, id: &SubjectId) -> Vec<&Activity> {
        let mut all = self.by_priority();
        all.retain(|a| a.now().needs.iter().any(|need| need.any.contains(id)));
        all
    }

    /// Activities and elements that say they need something, in the order of [`Cartography::things`].
    pub fn dependants(&self, id: &SubjectId) -> Vec<Thing<'_>> {
        let mut all = self.things();
        all.retain(|thing| thing.needs().iter().any(|need| need.any.contains(id)));
        all
    }

    /// Where a record comes from, when nobody typed it.
    pub fn origin(&self, id: &SubjectId) -> Option<&Origin> {
        match self.thing(id)? {
            Thing::Activity(activity) => activity.now().origin.as_ref(),
            Thing::Asset(asset) => asset.now().origin.as_ref(),
        }
    }
}
