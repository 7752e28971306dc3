//! What an import would do, and the entries that do it.

mod drafts;
mod fields;
mod index;
mod links;
mod needs;
mod records;

use crate::source::{Fault, Source, Spot};
use domain::cartography::check::batch::line;
use domain::cartography::event::batch::{Line, Record};
use domain::state::State;
use index::Index;
use journal::SubjectId;
use std::collections::{BTreeMap, BTreeSet};

/// What would happen to one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Not on the map yet.
    Created,
    /// On the map, something differs.
    Changed,
    /// On the map as it is.
    Same,
}

/// One record or interface of the file, and what would happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// Where in the file.
    pub spot: Spot,
    /// Its name.
    pub name: String,
    /// What it is, in words.
    pub kind: &'static str,
    /// What would happen.
    pub change: Change,
    /// What differs, in words: « DMIA 4 h → 2 h », « + a besoin de Serveur 3 ».
    pub differs: Vec<String>,
}

/// A link of the map of which the file says nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Whose link it is.
    pub id: SubjectId,
    /// Its name.
    pub name: String,
    /// The link, in words: « a besoin de Serveur 3 ».
    pub words: String,
}

/// What an import would do. Nothing is ever removed by an import: what this source brought before and no longer names is
/// only listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Records and interfaces, in the order of the file.
    pub planned: Vec<Planned>,
    /// What cannot be taken, in the order of the file.
    pub faults: Vec<Fault>,
    /// What is taken without a part of it: a unit or a provider that is not in the register.
    pub notes: Vec<Fault>,
    /// Links that the map has and the file lacks, of things of which the file says other links: they stay.
    pub kept: Vec<Kept>,
    /// On the map, brought before by the same system, and absent from this file.
    pub absent: Vec<SubjectId>,
    /// What would be written.
    pub lines: Vec<Line>,
}

/// Compares a file with the map. `fresh` answers a new id for a key that is stable within this import.
pub fn plan(state: &State, source: &Source, fresh: &dyn Fn(&str) -> SubjectId) -> Plan {
    let mut work = Work {
        state,
        source,
        fresh,
        index: Index::default(),
        items: Vec::new(),
        by_id: BTreeMap::new(),
        faults: source.faults.clone(),
        notes: Vec::new(),
        kept: Vec::new(),
        created: BTreeMap::new(),
    };
    work.records();
    work.links();
    work.done()
}

/// One record as it would be.
struct Item<'a> {
    spot: &'a Spot,
    id: SubjectId,
    /// Whether the file tells it; otherwise only a link names it.
    told: bool,
    /// As it is on the map.
    before: Option<Record>,
    /// As it would be.
    set: Record,
    differs: Vec<String>,
}

/// A plan being made.
struct Work<'a> {
    state: &'a State,
    source: &'a Source,
    fresh: &'a dyn Fn(&str) -> SubjectId,
    index: Index<'a>,
    items: Vec<Item<'a>>,
    by_id: BTreeMap<SubjectId, usize>,
    faults: Vec<Fault>,
    notes: Vec<Fault>,
    kept: Vec<Kept>,
    /// How many new ones of each table.
    created: BTreeMap<fields::Shelf, usize>,
}

impl<'a> Work<'a> {
    fn fault(&mut self, spot: &Spot, column: &str, sentence: impl Into<String>) {
        self.faults.push(Fault::of(spot, column, sentence));
    }

    /// Takes a record in when the map's own rules let it.
    fn gate(&mut self, item: Item<'a>) -> bool {
        if let Err(why) = self.allowed(&item) {
            self.fault(item.spot, why.0, why.1);
            return false;
        }
        if fields::is_new(self.state, &item) {
            *self.created.entry(fields::shelf(&item.set)).or_default() += 1;
        }
        self.by_id.insert(item.id, self.items.len());
        self.items.push(item);
        true
    }

    /// Whether the map's own rules let it be written.
    fn allowed(&self, item: &Item<'_>) -> Result<(), (&'static str, String)> {
        let allowed = line(self.state, &self.line(item)).map_err(|why| (why.field.map_or("", fields::head), why.sentence));
        let already = self.created.get(&fields::shelf(&item.set)).copied().unwrap_or_default();
        allowed.and_then(|()| fields::room(self.state, item, already)).and_then(|()| drafts::short_enough(item))
    }

    fn line(&self, item: &Item<'_>) -> Line {
        let map = &self.state.cartography;
        let mut set = item.set.clone();
        // Whoever imports sees what there is: the new description replaces it.
        match &mut set {
            Record::Activity(set) => {
                set.supersedes = map.activities.get(&item.id).map(|n| n.described.seen()).unwrap_or_default()
            }
            Record::Asset(set) => set.supersedes = map.assets.get(&item.id).map(|n| n.described.seen()).unwrap_or_default(),
            Record::Exchange(set) => set.supersedes = map.exchanges.get(&item.id).map(|n| n.described.seen()).unwrap_or_default(),
        }
        Line { id: item.id, set }
    }

    fn done(mut self) -> Plan {
        let items = std::mem::take(&mut self.items);
        let mut plan = Plan { absent: self.absent(&items), ..Plan::default() };
        for mut item in items {
            let change = match &item.before {
                None => Change::Created,
                Some(before) if *before == item.set => Change::Same,
                Some(_) => Change::Changed,
            };
            if change == Change::Same && !item.told {
                continue;
            }
            let (name, kind) = fields::name_and_kind(&item.set);
            let (name, differs) = (name.to_owned(), std::mem::take(&mut item.differs));
            plan.planned.push(Planned { spot: item.spot.clone(), name, kind, change, differs });
            if change != Change::Same {
                plan.lines.push(self.line(&item));
            }
        }
        plan.faults = in_order(self.faults);
        plan.notes = gathered(self.notes);
        plan.kept = self.kept;
        plan
    }

    /// What the same tables of the same tool brought before, and the file no longer names.
    fn absent(&self, items: &[Item<'_>]) -> Vec<SubjectId> {
        let covered = |external: &String| {
            let table = external.rsplit_once('/').map_or(external.as_str(), |(table, _)| table);
            self.source.covers.iter().any(|covers| covers == table)
        };
        let named: BTreeSet<SubjectId> = items.iter().filter(|item| item.told).map(|item| item.id).collect();
        // What the file names and a fault keeps out is not absent.
        let told: BTreeSet<&str> = self.source.records.iter().map(|record| record.external.as_str()).collect();
        let gone = |id: &SubjectId, external: &[String]| {
            !named.contains(id) && external.iter().any(covered) && !external.iter().any(|one| told.contains(one.as_str()))
        };
        let map = &self.state.cartography;
        let things =
            map.things().into_iter().filter(|thing| gone(&thing.id(), fields::externals(*thing))).map(|thing| thing.id());
        let exchanges = map.exchanges().into_iter().filter(|one| gone(&one.id, &one.now().external)).map(|one| one.id);
        if self.source.covers.is_empty() { Vec::new() } else { things.chain(exchanges).collect() }
    }
}

/// Faults by table, in the order the tables first came, then by row.
fn in_order(mut faults: Vec<Fault>) -> Vec<Fault> {
    let mut tables: Vec<String> = Vec::new();
    for fault in &faults {
        if !tables.contains(&fault.spot.table) {
            tables.push(fault.spot.table.clone());
        }
    }
    faults.sort_by_key(|fault| (tables.iter().position(|table| *table == fault.spot.table), fault.spot.row));
    faults
}

/// Notes that say the same of several rows are told once, where they are first met, with how many there are.
fn gathered(notes: Vec<Fault>) -> Vec<Fault> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for note in &notes {
        *counts.entry(note.sentence.clone()).or_default() += 1;
    }
    let mut told: Vec<Fault> = Vec::new();
    for mut note in notes {
        // Absent once told.
        if let Some(count) = counts.remove(&note.sentence) {
            if count > 1 {
                note.sentence.push_str(&format!(" ({count} fiches)"));
            }
            told.push(note);
        }
    }
    told
}
