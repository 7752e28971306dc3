//! What was decided of each proposal: read off the map, so that nothing else has to remember it.

use content::archetypes::{Archetype, Item};
use domain::cartography::event::batch::Record;
use domain::cartography::event::{ActivitySet, AssetSet, ExchangeSet};
use domain::cartography::names::folded;
use domain::cartography::{Cartography, Declined, Node, Removal};
use journal::entry::sha256;
use journal::{ActorId, EntryId, JournalId, SubjectId};
use std::collections::BTreeMap;

/// Where a proposal stands.
#[derive(Clone, Copy)]
pub(super) enum Standing<'a> {
    /// Nobody decided.
    Open,
    /// It is on the map.
    Taken(Taken),
    /// Somebody refused it.
    Refused(&'a Declined),
    /// It was taken, then taken off the map.
    Removed(&'a Removal),
}

/// How it came to the map.
#[derive(Clone, Copy)]
pub(super) struct Taken {
    /// The record.
    pub(super) id: SubjectId,
    /// Who described it first.
    pub(super) by: ActorId,
    /// When, by their clock.
    pub(super) wall: i64,
    /// Whether it was taken from here; else it was on the map under the same name.
    pub(super) from_here: bool,
    /// Whether a person changed it before taking it.
    pub(super) adapted: bool,
}

/// An archetype beside the map.
pub(super) struct Desk<'a> {
    pub(super) archetype: &'static Archetype,
    pub(super) map: &'a Cartography,
    journal: JournalId,
    /// Every proposal, in the archetype's order.
    pub(super) all: Vec<(Item<'static>, Standing<'a>)>,
}

/// A record of the map, whatever it is.
trait Sourced {
    fn name(&self) -> &str;
    /// Its key in that source, and whether it was adapted.
    fn key<'a>(&'a self, system: &str) -> Option<(&'a str, bool)>;
}

impl Sourced for ActivitySet {
    fn name(&self) -> &str {
        &self.name
    }

    fn key<'a>(&'a self, system: &str) -> Option<(&'a str, bool)> {
        self.origin.as_ref().filter(|o| o.source == system).map(|o| (o.key.as_str(), o.adapted))
    }
}

impl Sourced for AssetSet {
    fn name(&self) -> &str {
        &self.name
    }

    fn key<'a>(&'a self, system: &str) -> Option<(&'a str, bool)> {
        self.origin.as_ref().filter(|o| o.source == system).map(|o| (o.key.as_str(), o.adapted))
    }
}

impl Sourced for ExchangeSet {
    fn name(&self) -> &str {
        &self.name
    }

    fn key<'a>(&'a self, system: &str) -> Option<(&'a str, bool)> {
        self.external.iter().find_map(|name| name.strip_prefix(system)?.strip_prefix('/')).map(|key| (key, false))
    }
}

/// The records of one sort, by the key under which they came from here, and by name.
struct Shelf<'a> {
    by_key: BTreeMap<String, Standing<'a>>,
    by_name: BTreeMap<String, Taken>,
}

impl<'a> Shelf<'a> {
    fn of<T: Sourced + 'a>(nodes: impl Iterator<Item = &'a Node<T>>, system: &str) -> Self {
        let mut shelf = Self { by_key: BTreeMap::new(), by_name: BTreeMap::new() };
        for node in nodes {
            let (first, now) = (node.described.first(), node.now());
            // The first description says where it comes from, even when a later one forgot.
            let key = first.value.key(system).or_else(|| now.key(system));
            let adapted = key.is_some_and(|(_, adapted)| adapted);
            let taken = Taken { id: node.id, by: first.by, wall: first.wall, from_here: key.is_some(), adapted };
            match (&node.removed, key) {
                (None, Some((key, _))) => {
                    shelf.by_key.insert(key.to_owned(), Standing::Taken(taken));
                }
                (Some(removal), Some((key, _))) => {
                    shelf.by_key.entry(key.to_owned()).or_insert(Standing::Removed(removal));
                }
                (None, None) => {
                    shelf.by_name.insert(folded(now.name()), taken);
                }
                (Some(_), None) => {}
            }
        }
        shelf
    }

    fn standing(&self, key: &str, name: &str, declined: Option<&'a Declined>) -> Standing<'a> {
        let known = self.by_key.get(key).copied();
        let known = known.filter(|known| matches!(known, Standing::Taken(_)) || declined.is_none());
        let named = || self.by_name.get(&folded(name)).copied().map(Standing::Taken);
        known.or_else(named).or_else(|| declined.map(Standing::Refused)).unwrap_or(Standing::Open)
    }
}

impl<'a> Desk<'a> {
    pub(super) fn of(map: &'a Cartography, archetype: &'static Archetype, journal: JournalId) -> Self {
        let system = archetype.system();
        let activities = Shelf::of(map.activities.values().map(|node| &**node), &system);
        let assets = Shelf::of(map.assets.values().map(|node| &**node), &system);
        let exchanges = Shelf::of(map.exchanges.values().map(|node| &**node), &system);
        let standing = |item: Item<'static>| {
            let shelf = match item {
                Item::Activity(_) => &activities,
                Item::Asset(_) => &assets,
                Item::Exchange(_) => &exchanges,
            };
            (item, shelf.standing(item.key(), item.name(), map.declined(&system, item.key())))
        };
        Self { archetype, map, journal, all: archetype.items().map(standing).collect() }
    }

    /// Where one proposal stands.
    pub(super) fn standing(&self, key: &str) -> Standing<'a> {
        self.all.iter().find(|(item, _)| item.key() == key).map_or(Standing::Open, |(_, standing)| *standing)
    }

    /// The record on the map that a key names.
    pub(super) fn on_map(&self, key: &str) -> Option<SubjectId> {
        match self.standing(key) {
            Standing::Taken(taken) => Some(taken.id),
            _ => None,
        }
    }

    /// The id under which a proposal enters the map, named by both: taken on two laptops that were apart, it is one.
    pub(super) fn id(&self, key: &str) -> SubjectId {
        let hash = sha256(format!("{} {} {key}", self.archetype.system(), self.journal).as_bytes());
        SubjectId(std::array::from_fn(|at| hash.as_bytes()[at]))
    }

    /// The descriptions that a record of that id replaces, when there was one.
    pub(super) fn seen(&self, id: &SubjectId, record: &Record) -> Vec<EntryId> {
        match record {
            Record::Activity(_) => self.map.activities.get(id).map(|node| node.described.seen()),
            Record::Asset(_) => self.map.assets.get(id).map(|node| node.described.seen()),
            Record::Exchange(_) => self.map.exchanges.get(id).map(|node| node.described.seen()),
        }
        .unwrap_or_default()
    }

    fn count(&self, such: impl Fn(Standing<'_>) -> bool) -> usize {
        self.all.iter().filter(|(_, standing)| such(*standing)).count()
    }

    pub(super) fn open(&self) -> usize {
        self.count(|standing| matches!(standing, Standing::Open))
    }

    pub(super) fn taken(&self) -> usize {
        self.count(|standing| matches!(standing, Standing::Taken(_)))
    }

    pub(super) fn refused(&self) -> usize {
        self.count(|standing| matches!(standing, Standing::Refused(_)))
    }

    /// Whether something refused or taken off could be taken again.
    pub(super) fn redeemable(&self) -> bool {
        self.count(|standing| matches!(standing, Standing::Refused(_) | Standing::Removed(_))) > 0
    }
}
